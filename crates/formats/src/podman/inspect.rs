//! What `podman inspect` prints of containers.

use crate::engine::{Family, inspect};
use crate::reader::{Context, ReadError, Reading};
use crate::{Format, Likeness};
use std::path::Path;

/// What `podman inspect` prints.
pub const FORMAT: Format = Format {
    name: "podman-inspect",
    about: "JSON that podman inspect prints of containers",
    files: &[".inspect.json"],
    detect,
    read,
    write: None,
};

fn detect(_: &Path, bytes: &[u8]) -> Likeness {
    let has = |mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    let start = bytes.trim_ascii_start();
    let json = start.starts_with(b"[") || start.starts_with(b"{");
    let podman = has(b"\"OCIRuntime\"") || has(b"\"BoundingCaps\"") || has(b"\"ConmonPidFile\"");
    if json && has(b"\"HostConfig\"") && podman {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    inspect::read(Family::Podman, path, bytes, context)
}
