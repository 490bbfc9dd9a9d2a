//! Control groups: where a container's are, what is written into them, and their removal.
//!
//! [`plan()`] and [`join()`] give the steps with which a container's and a further process's groups are made and entered.
//! [`settings`] and [`devices`] say what is written into them, [`hierarchy`] and [`place`] where they are. What happens to
//! groups of a container that is there goes by its [`Record`].

mod ancestors;
mod attach;
pub mod devices;
mod freeze;
pub mod hierarchy;
pub mod oom;
mod place;
mod plan;
mod processes;
pub mod settings;
pub mod stats;
pub mod systemd;
mod update;

pub use attach::attach;
pub use freeze::{freeze, freezer_group, is_frozen, thaw};
pub use place::UNIFIED;
pub use plan::{Asked, Caller, Groups, join, plan};
pub use processes::{processes, remove, signal_all};
pub use update::update;

use crate::json::Writer;
use casemate_observe::host::{Kernel, View};
use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::Value;
use place::Paths;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Where a container's groups are, as its state keeps it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Record {
    /// The directories by controller of the first version, and by [`UNIFIED`] for the second; removed with the container.
    pub paths: Paths,
    /// The unit, when systemd has made them.
    pub unit: Option<String>,
}

impl Record {
    /// From the directories.
    pub fn of(paths: &Paths, unit: Option<String>) -> Self {
        Self {
            paths: paths.clone(),
            unit,
        }
    }

    /// Reads it from a state.
    pub fn read(source: &Source<'_>, value: &Value) -> Option<Self> {
        let mut paths = Paths::new();
        for member in value.get("paths")?.members(source).ok()? {
            let path = member.value.text(source).ok()?;
            paths.insert(member.key.clone(), PathBuf::from(path));
        }
        let unit = match value.get("unit") {
            Some(unit) => Some(unit.text(source).ok()?.to_owned()),
            None => None,
        };
        Some(Self { paths, unit })
    }

    /// Writes it into a state.
    pub fn write(&self, writer: &mut Writer) {
        writer.open('{').key("paths").open('{');
        for (name, path) in &self.paths {
            writer.key(name).text(&path.to_string_lossy());
        }
        writer.close('}');
        if let Some(unit) = &self.unit {
            writer.key("unit").text(unit);
        }
        writer.close('}');
    }

    /// The directories, each once.
    fn directories(&self) -> BTreeSet<&Path> {
        self.paths.values().map(PathBuf::as_path).collect()
    }
}

/// Writes into a file of a group. It is not made: a cgroup file system answers that with EACCES instead of ENOENT.
fn put(file: &Path, value: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(file)?;
    io::Write::write_all(&mut file, value.as_bytes())
}

/// Reads a small file of the kernel's.
fn reading(path: &Path) -> Option<String> {
    let bytes = Kernel.read_attribute(path).ok()?;
    String::from_utf8(bytes).ok()
}
