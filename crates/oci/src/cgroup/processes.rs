//! The processes of a container's groups, and its end.

use super::{Record, UNIFIED, freeze, put};
use crate::failure::{Attempt, Failure};
use casemate_sys::Errno;
use casemate_sys::process::{Pid, Target, kill};
use casemate_sys::signal::Signal;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The processes of a container, with those of groups below.
///
/// # Errors
/// The container has no group, or it cannot be read.
pub fn processes(record: &Record) -> Result<Vec<i32>, Failure> {
    let mut pids = Vec::new();
    if let Some(path) = listing(record) {
        collect(path, &mut pids)?;
        Ok(pids)
    } else {
        Err(Failure::new(
            "the container has no cgroup, by which its processes could be told",
        ))
    }
}

/// One group in which all of them are: the second version's, else any.
fn listing(record: &Record) -> Option<&Path> {
    let path = record
        .paths
        .get(UNIFIED)
        .or_else(|| record.paths.values().next());
    path.map(PathBuf::as_path)
}

fn collect(directory: &Path, pids: &mut Vec<i32>) -> Result<(), Failure> {
    let list = match read_list(directory) {
        Ok(list) => list,
        // Removed meanwhile.
        Err(error) if is_gone(&error) => return Ok(()),
        Err(error) => {
            return Err(error).attempt(|| format!("read the processes of {}", directory.display()));
        }
    };
    pids.extend(list.lines().filter_map(|line| line.parse::<i32>().ok()));
    for below in directories(directory)? {
        collect(&below, pids)?;
    }
    Ok(())
}

/// A threaded group of the second version lists threads only.
fn read_list(directory: &Path) -> io::Result<String> {
    match fs::read_to_string(directory.join("cgroup.procs")) {
        Err(error) if error.raw_os_error() == Some(i32::from(Errno::EOPNOTSUPP.raw())) => {
            fs::read_to_string(directory.join("cgroup.threads"))
        }
        other => other,
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == ErrorKind::NotFound
        || error.raw_os_error() == Some(i32::from(Errno::ENODEV.raw()))
}

fn directories(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if is_gone(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error).attempt(|| format!("read {}", directory.display())),
    };
    let is_directory = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    Ok(entries
        .flatten()
        .filter(is_directory)
        .map(|entry| entry.path())
        .collect())
}

/// Sends a signal to every process of the groups and of those below them.
///
/// The second version kills all at once (kernel 5.14). Else they are stopped meanwhile, so that none escapes by making
/// another.
///
/// # Errors
/// A process cannot be signalled.
pub fn signal_all(record: &Record, signal: Signal) -> Result<(), Failure> {
    if signal == Signal::KILL
        && let Some(path) = record.paths.get(UNIFIED)
        && put(&path.join("cgroup.kill"), "1").is_ok()
    {
        // The first version's freezer holds even what is killed.
        return match record.paths.get("freezer") {
            Some(_) if freeze::is_frozen(record) => freeze::thaw(record),
            _ => Ok(()),
        };
    }
    let frozen = freeze::is_frozen(record);
    // Without a freezer there may be some that are missed; killed again they are when groups are removed.
    let held = !frozen && freeze::freeze(record).is_ok();
    let sent = signal_each(record, signal);
    if held || (frozen && signal == Signal::KILL) {
        freeze::thaw(record)?;
    }
    sent
}

fn signal_each(record: &Record, signal: Signal) -> Result<(), Failure> {
    let Some(path) = listing(record) else {
        return Ok(());
    };
    let mut pids = Vec::new();
    collect(path, &mut pids)?;
    for pid in pids {
        match Pid::new(pid).map(|pid| kill(Target::Process(pid), Some(signal))) {
            None | Some(Ok(()) | Err(Errno::ESRCH)) => {}
            Some(Err(errno)) => return Err(errno).attempt(|| format!("signal process {pid}")),
        }
    }
    Ok(())
}

/// How often a busy group is tried again, a millisecond apart: the kernel lets go of it some time after its last process.
const TRIES: u32 = 2000;

/// Ends what runs in the groups, and removes them.
///
/// # Errors
/// A group stays busy, or the kernel refuses it.
pub fn remove(record: &Record) -> Result<(), Failure> {
    if let Some(unit) = &record.unit {
        super::systemd::stop(unit)?;
    }
    for path in record.directories() {
        remove_below(path)?;
    }
    Ok(())
}

fn remove_below(directory: &Path) -> Result<(), Failure> {
    // Mostly there is none below, and nobody in it.
    if fs::remove_dir(directory).is_ok() {
        return Ok(());
    }
    for below in directories(directory)? {
        remove_below(&below)?;
    }
    for attempt in 0..TRIES {
        match fs::remove_dir(directory) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == ErrorKind::ResourceBusy => {}
            Err(error) => return Err(error).attempt(|| format!("remove {}", directory.display())),
        }
        if attempt % 64 == 1 {
            let mut pids = Vec::new();
            collect(directory, &mut pids)?;
            for pid in pids.into_iter().filter_map(Pid::new) {
                match kill(Target::Process(pid), Some(Signal::KILL)) {
                    // ESRCH: it has just ended.
                    Ok(()) | Err(_) => {}
                }
            }
            for below in directories(directory)? {
                remove_below(&below)?;
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    Err(Failure::new(format!(
        "cannot remove {}: it stays busy",
        directory.display()
    )))
}
