//! News of processes that were killed for want of memory.

use super::{Record, UNIFIED, put, reading};
use crate::failure::{Attempt, Failure};
use casemate_sys::event::{self, Poll, PollFd, Watch};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::{CWD, Errno, Fd, FdRef};
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What tells of them.
pub struct Watcher {
    group: PathBuf,
    source: Source,
}

enum Source {
    /// The first version adds to a counter; the file is kept open as long as it shall.
    Counter(
        Fd,
        #[expect(dead_code, reason = "the kernel counts while it is open")] Fd,
    ),
    /// The second version changes a file, which has the number.
    File(Fd, u64),
}

/// What has happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum News {
    /// A process was killed for want of memory.
    Killed,
    /// The group is gone or empty: there is nothing more to tell.
    Over,
    /// Nothing.
    None,
}

impl Watcher {
    /// Watches a container.
    ///
    /// # Errors
    /// It has no group that limits memory, or the kernel refuses it.
    pub fn new(record: &Record) -> Result<Self, Failure> {
        if let Some(group) = record.paths.get("memory") {
            return Self::counter(group);
        }
        let group = record.paths.get(UNIFIED).ok_or_else(|| {
            Failure::new("the container has no cgroup, by which it could be told when it has not enough memory")
        })?;
        let watcher = event::inotify().attempt(|| "watch files".to_owned())?;
        for name in ["memory.events", "cgroup.events"] {
            let file = group.join(name);
            match event::watch(watcher.as_fd(), &c_path(&file)?, Watch::MODIFY) {
                Ok(()) => {}
                // Without the controller there is no limit.
                Err(Errno::ENOENT) if name == "memory.events" => {}
                Err(errno) => return Err(errno).attempt(|| format!("watch {}", file.display())),
            }
        }
        Ok(Self {
            group: group.clone(),
            source: Source::File(watcher, killed(group)),
        })
    }

    /// cgroups(7) of the first version: a counter is told to the group beside the file that it counts for.
    fn counter(group: &Path) -> Result<Self, Failure> {
        let what = || format!("watch the memory of {}", group.display());
        let path = group.join("memory.oom_control");
        let control = file::openat(CWD, &c_path(&path)?, OpenFlags::CLOEXEC, 0).attempt(what)?;
        let counter = event::eventfd(0).attempt(what)?;
        let line = format!("{} {}", counter.raw(), control.raw());
        put(&group.join("cgroup.event_control"), &line).attempt(what)?;
        Ok(Self {
            group: group.to_owned(),
            source: Source::Counter(counter, control),
        })
    }

    /// Waits for news, at most so long.
    ///
    /// # Errors
    /// Waiting fails.
    pub fn wait(&mut self, patience: Duration) -> Result<News, Failure> {
        let what = || "wait for events".to_owned();
        let mut fds = [PollFd::new(self.descriptor(), Poll::IN)];
        let happened = match event::ppoll(&mut fds, Some(patience), None) {
            Ok(count) => count != 0,
            Err(Errno::EINTR) => false,
            Err(errno) => return Err(errno).attempt(what),
        };
        if happened && self.is_killed()? {
            return Ok(News::Killed);
        }
        Ok(if self.is_over() {
            News::Over
        } else {
            News::None
        })
    }

    fn descriptor(&self) -> FdRef<'_> {
        match &self.source {
            Source::Counter(fd, _) | Source::File(fd, _) => fd.as_fd(),
        }
    }

    /// Reads what the descriptor says, and tells whether it is about killing.
    fn is_killed(&mut self) -> Result<bool, Failure> {
        match &mut self.source {
            Source::Counter(counter, _) => {
                event::read_count(counter.as_fd()).attempt(|| "read a counter".to_owned())?;
                // It also counts the removal of the group.
                Ok(self.group.join("memory.oom_control").exists())
            }
            Source::File(watcher, before) => {
                let mut buffer = [0; 1024];
                while matches!(file::read(watcher.as_fd(), &mut buffer), Ok(length) if length > 0) {
                }
                let now = killed(&self.group);
                let more = now > *before;
                *before = now.max(*before);
                Ok(more)
            }
        }
    }

    /// The second version says when a group is empty; the first is looked at.
    fn is_over(&self) -> bool {
        let file = match self.source {
            Source::Counter(..) => "cgroup.procs",
            Source::File(..) => "cgroup.events",
        };
        match reading(&self.group.join(file)) {
            None => true,
            Some(text) => match self.source {
                Source::Counter(..) => false,
                Source::File(..) => text.lines().any(|line| line == "populated 0"),
            },
        }
    }
}

/// How many processes were killed.
fn killed(group: &Path) -> u64 {
    let text = reading(&group.join("memory.events")).unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("oom_kill "))
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

fn c_path(path: &Path) -> Result<CString, Failure> {
    CString::new(path.as_os_str().as_bytes()).attempt(|| format!("use {}", path.display()))
}
