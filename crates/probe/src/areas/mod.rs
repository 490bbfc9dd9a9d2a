//! What is looked at, one file an area.

mod cgroups;
mod descriptors;
mod environment;
pub mod execution;
pub mod files;
mod identity;
mod limits;
mod mounts;
mod namespaces;
mod processes;
mod sockets;
mod syscalls;
mod terminal;
pub mod writable;

use crate::json::Json;

/// Looks at one area.
pub type Look = fn() -> Json;

/// Every area.
pub const AREAS: &[(&str, Look)] = &[
    ("cgroups", cgroups::look),
    ("descriptors", descriptors::look),
    ("environment", environment::look),
    ("execution", execution::look),
    ("files", files::look),
    ("identity", identity::look),
    ("limits", limits::look),
    ("mounts", mounts::look),
    ("namespaces", namespaces::look),
    ("processes", processes::look),
    ("sockets", sockets::look),
    ("syscalls", syscalls::look),
    ("terminal", terminal::look),
    ("writable", writable::look),
];

/// Finds an area.
pub fn find(name: &str) -> Option<Look> {
    AREAS
        .iter()
        .find(|(area, _)| *area == name)
        .map(|(_, look)| *look)
}
