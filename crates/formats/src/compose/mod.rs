//! Compose files, as the compose specification has them.
//!
//! - `interpolate`: variables in values;
//! - `project`: files that include and extend each other, and the services in them;
//! - `service`: the keys of a service; `parts`: their long forms;
//! - `write`: a file that a person would have written.

mod interpolate;
mod parts;
mod project;
mod service;
mod write;

use crate::reader::{Context, ReadError, Reading};
use crate::{Format, Likeness};
use std::path::Path;

/// Compose files.
pub const FORMAT: Format = Format {
    name: "compose",
    about: "compose files (docker compose, podman compose)",
    files: &[
        "compose.yaml",
        "compose.yml",
        "docker-compose.yaml",
        "docker-compose.yml",
    ],
    detect,
    read,
    write: Some(write::write),
};

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let yaml = matches!(
        path.extension().and_then(|end| end.to_str()),
        Some("yaml" | "yml")
    );
    let named = yaml && name.contains("compose");
    let begins = |key: &[u8]| {
        bytes
            .split(|byte| *byte == b'\n')
            .any(|line| line.starts_with(key))
    };
    let services = begins(b"services:") || begins(b"\"services\":");
    let objects = begins(b"apiVersion:");
    match (services && !objects, named) {
        (true, true) => Likeness::Certain,
        (true, false) => Likeness::Content,
        (false, true) => Likeness::Name,
        (false, false) => Likeness::No,
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    project::read(path, bytes, context)
}
