//! A directory with a root file system of one program, and the search for that program once it runs.

use super::runtimes::{Runtime, Started};
use casemate_observe::live::{self, Live};
use casemate_sys::pidfd::{pidfd_open, pidfd_send_signal};
use casemate_sys::process::Pid;
use casemate_sys::signal::Signal;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How long a runtime may take until its program runs.
const PATIENCE: Duration = Duration::from_secs(20);

/// What runtimes are started with. Its directory is removed with it.
pub struct Bench {
    /// The directory; others may look into it, since some runtimes change their user.
    pub directory: PathBuf,
    /// The program, on the host.
    pub probe: PathBuf,
    /// The program's name is at the end of this path inside of `root`.
    pub root: PathBuf,
    /// What the program is found by.
    pub mark: String,
}

impl Bench {
    /// Makes the directory.
    pub fn new() -> Result<Self, String> {
        let own = std::env::current_exe()
            .map_err(|error| format!("cannot find casemate-probe: {error}"))?;
        let source = own.with_file_name("casemate-probe");
        let mark = format!("casemate-compare-{}", std::process::id());
        let directory = std::env::temp_dir().join(&mark);
        let failed = |what: &Path| {
            let what = what.display().to_string();
            move |error: std::io::Error| format!("cannot make {what}: {error}")
        };
        fs::DirBuilder::new()
            .mode(0o755)
            .create(&directory)
            .map_err(failed(&directory))?;
        let bench = Self {
            probe: directory.join("casemate-probe"),
            root: directory.join("root"),
            directory,
            mark,
        };
        for name in [
            "root",
            "root/proc",
            "root/sys",
            "root/dev",
            "root/tmp",
            "root/etc",
        ] {
            let path = bench.directory.join(name);
            fs::create_dir(&path).map_err(failed(&path))?;
        }
        for place in [&bench.probe, &bench.root.join("casemate-probe")] {
            fs::copy(&source, place)
                .and_then(|_| fs::set_permissions(place, fs::Permissions::from_mode(0o755)))
                .map_err(|error| format!("cannot copy {}: {error}", source.display()))?;
        }
        Ok(bench)
    }

    /// The arguments of the program.
    pub fn arguments(&self) -> [String; 2] {
        ["--wait=60".to_owned(), self.mark.clone()]
    }

    /// Starts a runtime, looks at what it started, and ends it.
    pub fn look(&self, runtime: &Runtime) -> (String, Result<Live, String>) {
        let Started {
            mut command,
            shown,
            after,
        } = match (runtime.start)(self) {
            Ok(started) => started,
            Err(why) => return (String::new(), Err(why)),
        };
        let spawned = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let result = match spawned {
            Ok(mut child) => {
                let result = self.wait(&mut child);
                stop(&mut child);
                result
            }
            Err(error) => Err(format!("{}: {error}", runtime.program)),
        };
        for mut command in after {
            let quiet = command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            // What was not started cannot be removed.
            match quiet.status() {
                Ok(_) | Err(_) => {}
            }
        }
        (shown, result)
    }

    fn wait(&self, child: &mut Child) -> Result<Live, String> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(pid) = self.find() {
                // It has only just been executed: a runtime may still be at its own last steps.
                std::thread::sleep(Duration::from_millis(100));
                let live = live::read(pid).map_err(|error| error.to_string());
                end(pid);
                return live;
            }
            if let Ok(Some(status)) = child.try_wait()
                && !status.success()
            {
                return Err(said(child).unwrap_or_else(|| status.to_string()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!(
            "nothing was started within {} s",
            PATIENCE.as_secs()
        ))
    }

    /// The process whose program is the probe and whose mark is ours.
    fn find(&self) -> Option<u32> {
        for entry in fs::read_dir("/proc").ok()?.flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
                continue;
            };
            let Ok(line) = fs::read(entry.path().join("cmdline")) else {
                continue;
            };
            let mut words = line.split(|byte| *byte == 0);
            let is_probe = words
                .next()
                .is_some_and(|first| first.ends_with(b"casemate-probe"));
            if is_probe && words.any(|word| word == self.mark.as_bytes()) {
                return Some(pid);
            }
        }
        None
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // Nothing else can be done about what cannot be removed, and there is nobody to tell.
        match fs::remove_dir_all(&self.directory) {
            Ok(()) | Err(_) => {}
        }
    }
}

/// What a runtime said last.
fn said(child: &mut Child) -> Option<String> {
    let mut text = Vec::new();
    let stderr = child.stderr.take()?;
    stderr.take(64 << 10).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text);
    let last = text.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(last.trim().to_owned())
}

/// Ends the probe by a descriptor of it, so that no other process can be hit.
fn end(pid: u32) {
    let pid = i32::try_from(pid).ok().and_then(Pid::new);
    if let Some(Ok(process)) = pid.map(pidfd_open) {
        match pidfd_send_signal(process.as_fd(), Some(Signal::KILL)) {
            // ESRCH: it has ended by itself.
            Ok(()) | Err(_) => {}
        }
    }
}

/// Waits for the runtime's own end, and ends it when it does not.
fn stop(child: &mut Child) {
    let until = Instant::now() + Duration::from_secs(3);
    while Instant::now() < until {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    match child.kill().and_then(|()| child.wait().map(drop)) {
        Ok(()) | Err(_) => {}
    }
}
