//! What an attempt came to.

use crate::json::Json;
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::process::{self, CloneFlags, Forked};
use casemate_sys::signal::Signal;
use casemate_sys::wait::{Event, WaitFlags, WaitFor, waitid};
use casemate_sys::{Errno, retry};
use std::io;

/// What an attempt came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was permitted.
    Done,
    /// The kernel answered with an error.
    Refused(Errno),
    /// The process that tried was killed.
    Killed(Signal),
    /// No process could be made to try it.
    NotTried(Errno),
    /// The process that tried ended in a way that says nothing.
    Lost,
}

impl From<Result<(), Errno>> for Outcome {
    fn from(result: Result<(), Errno>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(errno) => Self::Refused(errno),
        }
    }
}

impl From<Outcome> for Json {
    fn from(outcome: Outcome) -> Self {
        Self::Text(match outcome {
            Outcome::Done => "ok".to_owned(),
            Outcome::Refused(errno) => name(errno),
            Outcome::Killed(signal) => {
                format!(
                    "killed by {}",
                    signal
                        .name()
                        .map_or_else(|| format!("signal {}", signal.raw()), str::to_owned)
                )
            }
            Outcome::NotTried(errno) => format!("not tried: {}", name(errno)),
            Outcome::Lost => "lost".to_owned(),
        })
    }
}

/// Makes an outcome of what the standard library answers.
pub fn of<T>(result: &io::Result<T>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(error) => Outcome::Refused(errno(error)),
    }
}

/// The number within an error of the standard library.
pub fn errno(error: &io::Error) -> Errno {
    let number = error
        .raw_os_error()
        .and_then(|number| u16::try_from(number).ok());
    number.map_or(Errno::EPROTO, Errno::from_raw)
}

/// The name of an error, such as `EPERM`.
pub fn name(errno: Errno) -> String {
    errno
        .name()
        .map_or_else(|| format!("errno {}", errno.raw()), str::to_owned)
}

/// Tries something in a child, which it may change or end.
pub fn in_child(attempt: impl FnOnce() -> Result<(), Errno>) -> Outcome {
    let (reader, writer) = match file::pipe2(OpenFlags::CLOEXEC) {
        Ok(pipe) => pipe,
        Err(errno) => return Outcome::NotTried(errno),
    };
    let child = match process::fork(CloneFlags::empty(), Some(Signal::CHLD)) {
        Ok(Forked::Child) => {
            let number = attempt().err().map_or(0, Errno::raw);
            // When the answer is lost, so says the exit code.
            let told = file::write_all(writer.as_fd(), &number.to_ne_bytes());
            process::exit(i32::from(told.is_err()))
        }
        Ok(Forked::Parent(child)) => child,
        Err(errno) => return Outcome::NotTried(errno),
    };
    drop(writer);
    let mut answer = [0u8; 2];
    let got = retry(|| file::read_full(reader.as_fd(), &mut answer));
    let ended = retry(|| waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED));
    match (
        ended.ok().flatten().map(|waited| waited.event),
        got,
        u16::from_ne_bytes(answer),
    ) {
        (Some(Event::Killed(signal) | Event::Dumped(signal)), _, _) => Outcome::Killed(signal),
        (_, Ok(2), 0) => Outcome::Done,
        (_, Ok(2), number) => Outcome::Refused(Errno::from_raw(number)),
        _ => Outcome::Lost,
    }
}

/// Waits for a child and tells whether it exited with `code`.
pub fn exited_with(child: &process::Child, code: u8) -> bool {
    let ended = retry(|| waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED));
    ended
        .ok()
        .flatten()
        .is_some_and(|waited| waited.event == Event::Exited(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_tell_how_they_fared() {
        assert_eq!(in_child(|| Ok(())), Outcome::Done);
        assert_eq!(
            in_child(|| Err(Errno::EXDEV)),
            Outcome::Refused(Errno::EXDEV)
        );
        assert_eq!(in_child(|| process::exit(3)), Outcome::Lost);
        let killed = in_child(|| {
            let own = process::Pid::new(process::getpid()).ok_or(Errno::ESRCH)?;
            process::kill(process::Target::Process(own), Some(Signal::KILL))
        });
        assert_eq!(killed, Outcome::Killed(Signal::KILL));
        assert_eq!(Json::from(killed), Json::from("killed by SIGKILL"));
    }
}
