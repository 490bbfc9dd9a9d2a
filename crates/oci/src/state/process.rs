//! A process that is remembered over time: its number with the moment it started, as numbers are used again.

use casemate_observe::host::{Kernel, View};
use casemate_sys::process::Pid;
use casemate_sys::signal::Signal;
use casemate_sys::{Errno, Fd, pidfd};
use std::path::Path;

/// A process that lives.
#[derive(Debug)]
pub struct Process {
    pidfd: Fd,
    /// Its number.
    pub pid: i32,
}

impl Process {
    /// Finds the process with this number that started at this moment, when it has not ended.
    pub fn find(pid: i32, start_time: u64) -> Option<Self> {
        let pidfd = pidfd::pidfd_open(Pid::new(pid)?).ok()?;
        // Read after the descriptor was opened: it is of the process that the descriptor is of, or that has ended.
        let now = Stat::read(pid)?;
        (now.start_time == start_time && !now.has_ended).then_some(Self { pidfd, pid })
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Option<Signal>) -> Result<(), Errno> {
        pidfd::pidfd_send_signal(self.pidfd.as_fd(), signal)
    }

    /// The process's descriptor.
    pub fn fd(&self) -> casemate_sys::FdRef<'_> {
        self.pidfd.as_fd()
    }

    /// Waits until it has ended, at most this many milliseconds.
    pub fn wait(&self, milliseconds: u64) -> bool {
        use casemate_sys::event::{Poll, PollFd, ppoll};
        let mut polls = [PollFd::new(self.pidfd.as_fd(), Poll::IN)];
        let time = std::time::Duration::from_millis(milliseconds);
        matches!(ppoll(&mut polls, Some(time), None), Ok(1..))
    }
}

/// What /proc/PID/stat says.
struct Stat {
    start_time: u64,
    has_ended: bool,
}

impl Stat {
    fn read(pid: i32) -> Option<Self> {
        let text = Kernel
            .read_attribute(Path::new(&format!("/proc/{pid}/stat")))
            .ok()?;
        Self::parse(&String::from_utf8_lossy(&text))
    }

    /// The name of the program, in parentheses, can hold blanks and parentheses.
    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.get(text.rfind(')')? + 1..)?.split_ascii_whitespace();
        let state = fields.next()?;
        Some(Self {
            has_ended: matches!(state, "Z" | "X" | "x"),
            start_time: fields.nth(18)?.parse().ok()?,
        })
    }
}

#[cfg(test)]
/// When a process started, in ticks since the machine did.
pub fn start_time(pid: i32) -> Option<u64> {
    Stat::read(pid).map(|stat| stat.start_time)
}

#[cfg(test)]
mod tests {
    use super::{Process, Stat, start_time};

    #[test]
    fn the_start_is_found_behind_any_name() {
        let line = "7 (a) b (c) Z 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4242 0 0";
        let stat = Stat::parse(line).unwrap();
        assert_eq!((stat.start_time, stat.has_ended), (4242, true));
    }

    #[test]
    fn a_number_is_not_enough() {
        let own = std::process::id().cast_signed();
        let start = start_time(own).unwrap();
        assert!(Process::find(own, start).is_some());
        assert!(Process::find(own, start + 1).is_none());
    }
}
