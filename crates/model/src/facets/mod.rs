//! The ten facets, one file each.

pub mod capabilities;
pub mod devices;
pub mod files;
pub mod ids;
pub mod kernel;
pub mod mac;
pub mod namespaces;
pub mod network;
pub mod resources;
pub mod syscalls;
