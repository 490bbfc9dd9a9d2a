//! The host owner's policy that every container is tightened with.
