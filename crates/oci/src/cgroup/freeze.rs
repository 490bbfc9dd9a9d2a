//! Stopping all processes of a container, and letting them go on.

use super::{Record, UNIFIED, put, reading};
use crate::failure::{Attempt, Failure};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long is waited for processes to stop. One that waits for a device cannot before it is answered.
const PATIENCE: Duration = Duration::from_secs(10);

/// What stops a container's processes.
enum Freezer {
    /// The first version's controller.
    V1(PathBuf),
    /// The second version's group.
    V2(PathBuf),
}

fn freezer(record: &Record) -> Result<Freezer, Failure> {
    if let Some(path) = record.paths.get("freezer") {
        return Ok(Freezer::V1(path.clone()));
    }
    let path = record.paths.get(UNIFIED);
    path.cloned().map(Freezer::V2).ok_or_else(|| {
        Failure::new("cannot stop the container's processes: it has no cgroup that could (freezer)")
    })
}

/// The group by which the processes can be stopped, when there is one.
pub fn freezer_group(record: &Record) -> Option<PathBuf> {
    match freezer(record).ok()? {
        Freezer::V1(path) | Freezer::V2(path) => Some(path),
    }
}

/// Whether the processes are stopped by us. Those of a group above are not ours to let go on.
pub fn is_frozen(record: &Record) -> bool {
    let says = |path: &Path, file: &str, word: &str| {
        reading(&path.join(file)).is_some_and(|text| text.trim() == word)
    };
    match freezer(record) {
        Ok(Freezer::V1(path)) => {
            says(&path, "freezer.state", "FROZEN") && !says(&path, "freezer.self_freezing", "0")
        }
        Ok(Freezer::V2(path)) => says(&path, "cgroup.freeze", "1"),
        Err(_) => false,
    }
}

/// Stops the processes, and waits until they are.
///
/// # Errors
/// There is nothing that could, or they do not stop in time; they go on then.
pub fn freeze(record: &Record) -> Result<(), Failure> {
    let stopped = match freezer(record)? {
        Freezer::V1(path) => freeze_v1(&path),
        Freezer::V2(path) => freeze_v2(&path),
    };
    if stopped.is_err() {
        match thaw(record) {
            // It is the first failure that is told.
            Ok(()) | Err(_) => {}
        }
    }
    stopped
}

fn write(path: &Path, file: &str, word: &str) -> Result<(), Failure> {
    let file = path.join(file);
    put(&file, word).attempt(|| format!("write {word} to {}", file.display()))
}

fn too_late(path: &Path) -> Failure {
    Failure::new(format!(
        "the processes of {} do not stop within {} seconds",
        path.display(),
        PATIENCE.as_secs()
    ))
}

/// While processes appear, the kernel may miss some: it says FREEZING then, and has to be told again.
fn freeze_v1(path: &Path) -> Result<(), Failure> {
    let end = Instant::now() + PATIENCE;
    for attempt in 1u64.. {
        write(path, "freezer.state", "FROZEN")?;
        let state = reading(&path.join("freezer.state")).unwrap_or_default();
        match state.trim() {
            "FROZEN" => return Ok(()),
            "FREEZING" if Instant::now() < end => {}
            "FREEZING" => break,
            other => {
                return Err(Failure::new(format!(
                    "{} says `{other}` while it is to freeze",
                    path.display()
                )));
            }
        }
        // To let all go for a moment helps where new ones keep appearing.
        if attempt.is_multiple_of(50) {
            write(path, "freezer.state", "THAWED")?;
        }
        std::thread::sleep(Duration::from_millis(u64::from(attempt >= 20)));
    }
    Err(too_late(path))
}

fn freeze_v2(path: &Path) -> Result<(), Failure> {
    write(path, "cgroup.freeze", "1")?;
    let end = Instant::now() + PATIENCE;
    let events = path.join("cgroup.events");
    loop {
        let text = fs::read_to_string(&events).attempt(|| format!("read {}", events.display()))?;
        if text.lines().any(|line| line == "frozen 1") {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(too_late(path));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Lets stopped processes go on.
///
/// # Errors
/// The kernel refuses it.
pub fn thaw(record: &Record) -> Result<(), Failure> {
    for path in record.directories() {
        for (file, word) in [("cgroup.freeze", "0"), ("freezer.state", "THAWED")] {
            match put(&path.join(file), word) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error).attempt(|| format!("thaw {}", path.display())),
            }
        }
    }
    Ok(())
}
