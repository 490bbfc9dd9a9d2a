//! The ten facets, one file each.

pub mod binds;
pub mod capabilities;
pub mod device_numbers;
pub mod devices;
pub mod files;
pub mod ids;
pub mod kernel;
pub mod mac;
pub mod namespaces;
pub mod network;
pub mod resources;
pub mod syscalls;
