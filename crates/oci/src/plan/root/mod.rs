//! The container's root: mounts, devices, masks.
