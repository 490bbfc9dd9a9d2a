//! Control groups: where a container's are, what is written into them, and their removal.
//!
//! [`plan()`] and [`join()`] give the steps with which a container's and a further process's groups are made and entered.
//! [`settings`] and [`devices`] say what is written into them, [`hierarchy`] and [`place`] where they are. What happens to
//! groups of a container that is there goes by its [`Record`].

mod ancestors;
pub mod devices;
pub mod hierarchy;
mod place;
mod plan;
pub mod settings;
pub mod systemd;

pub use place::UNIFIED;
pub use plan::{Asked, Caller, Groups, join, plan};

use crate::failure::{Attempt, Failure};
use crate::json::Writer;
use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::Value;
use casemate_sys::Errno;
use casemate_sys::process::{Pid, Target, kill};
use casemate_sys::signal::Signal;
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

/// Reads a small file of the kernel's.
fn reading(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// Whether the processes are frozen.
pub fn is_frozen(record: &Record) -> bool {
    record.directories().iter().any(|path| {
        let says = |file: &str, word: &str| {
            fs::read_to_string(path.join(file)).is_ok_and(|text| text.trim() == word)
        };
        says("cgroup.freeze", "1") || says("freezer.state", "FROZEN")
    })
}

/// Lets frozen processes go on.
pub fn thaw(record: &Record) -> Result<(), Failure> {
    for path in record.directories() {
        for (file, word) in [("cgroup.freeze", "0"), ("freezer.state", "THAWED")] {
            match fs::write(path.join(file), word) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).attempt(|| format!("thaw {}", path.display())),
            }
        }
    }
    Ok(())
}

/// Sends a signal to every process of the groups and of those below them.
pub fn signal_all(record: &Record, signal: Signal) -> Result<(), Failure> {
    for path in record.directories() {
        signal_below(path, signal)?;
    }
    Ok(())
}

fn signal_below(directory: &Path, signal: Signal) -> Result<(), Failure> {
    for below in directories(directory)? {
        signal_below(&below, signal)?;
    }
    let Ok(list) = fs::read_to_string(directory.join("cgroup.procs")) else {
        return Ok(());
    };
    for pid in list.lines().filter_map(|line| line.parse().ok()) {
        match Pid::new(pid).map(|pid| kill(Target::Process(pid), Some(signal))) {
            None | Some(Ok(()) | Err(Errno::ESRCH)) => {}
            Some(Err(errno)) => return Err(errno).attempt(|| format!("signal process {pid}")),
        }
    }
    Ok(())
}

fn directories(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).attempt(|| format!("read {}", directory.display())),
    };
    let is_directory = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    Ok(entries
        .flatten()
        .filter(is_directory)
        .map(|entry| entry.path())
        .collect())
}

/// Ends what runs in the groups, and removes them.
pub fn remove(record: &Record) -> Result<(), Failure> {
    for path in record.directories() {
        remove_below(path)?;
    }
    Ok(())
}

fn remove_below(directory: &Path) -> Result<(), Failure> {
    for below in directories(directory)? {
        remove_below(&below)?;
    }
    for attempt in 0..2000 {
        match fs::remove_dir(directory) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {}
            Err(error) => return Err(error).attempt(|| format!("remove {}", directory.display())),
        }
        if attempt % 64 == 1 {
            signal_below(directory, Signal::KILL)?;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    Err(Failure::new(format!(
        "cannot remove {}: it stays busy",
        directory.display()
    )))
}
