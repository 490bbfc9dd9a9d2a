//! Ends at any moment, many containers at once, and callers that do not wait for each other.

mod kills;
mod stress;
