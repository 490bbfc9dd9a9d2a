//! Running a hook: a program of the engine's, with the state on its standard input.

use super::program;
use super::say::Text;
use crate::fault::Fault;
use crate::step::{Borrowed, Step};
use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::file::{self, OpenFlags, Seek};
use casemate_sys::memory::{Executable, memfd};
use casemate_sys::pidfd::{CloseRange, close_range};
use casemate_sys::process::{self, Child, Clone, CloneFlags, Forked, Target, clone3, exit, kill};
use casemate_sys::signal::{self, Disposition, SigSet, Signal};
use casemate_sys::time::{self, Clock};
use casemate_sys::wait::Event;
use casemate_sys::{CWD, Errno, Fd, StrVec, exec, prctl};
use core::ffi::CStr;
use core::time::Duration;

/// How much of what a hook writes to its standard error is kept.
const MOST_SAID: usize = 400;

/// What a child that could not become the hook ends with.
const NOT_EXECUTED: i32 = 127;

/// Runs a hook; `pid` is the container's process as the hook sees it. What it writes to its standard error is added to
/// `said`: as it stands, it could be taken for the runtime's own words.
pub(crate) fn run(
    step: &Step<Borrowed<'_>>,
    pid: i32,
    inherited: SigSet,
    said: &mut Text,
) -> Result<(), Fault> {
    let Step::RunHook {
        path,
        arguments,
        environment,
        timeout,
        directory,
        before,
        after,
        ..
    } = step
    else {
        return Err(Fault::Plan);
    };
    let input = state(before, pid, after)?;
    let errors = memfd(c"errors", Executable::No)?;
    let words = program::list(*arguments)?;
    let variables = program::list(*environment)?;
    // Says why it could not be executed; closed when it was.
    let (told, tell) = file::pipe2(OpenFlags::CLOEXEC)?;
    let child = match clone3(&Clone::new(CloneFlags::empty()))? {
        Forked::Child => {
            let errno = become_hook(
                [&input, &errors],
                directory,
                path,
                &words,
                &variables,
                inherited,
            );
            match file::write(tell.as_fd(), &errno.raw().to_le_bytes()) {
                Ok(_) | Err(_) => exit(NOT_EXECUTED),
            }
        }
        Forked::Parent(child) => child,
    };
    drop(tell);
    let mut errno = [0; 2];
    let refused = file::read_full(told.as_fd(), &mut errno) == Ok(2);
    let ended = wait(&child, *timeout);
    let mut beginning = [0; MOST_SAID];
    if let Ok(length) = file::pread(errors.as_fd(), &mut beginning, 0) {
        said.put(beginning.get(..length).unwrap_or(&[]));
    }
    if refused {
        return Err(Fault::Call(Errno::from_raw(u16::from_le_bytes(errno))));
    }
    match ended? {
        Event::Exited(0) => Ok(()),
        Event::Exited(code) => Err(Fault::Ended(code)),
        Event::Killed(signal) | Event::Dumped(signal) => Err(Fault::Killed(signal.raw() as u8)),
        _ => Err(Fault::Plan),
    }
}

/// A file with the state: the hook can read it or leave it.
fn state(before: &CStr, pid: i32, after: &CStr) -> Result<Fd, Errno> {
    let mut digits = [0; 12];
    let file = memfd(c"state", Executable::No)?;
    for part in [
        before.to_bytes(),
        crate::outside::decimal(pid, &mut digits),
        after.to_bytes(),
    ] {
        file::write_all(file.as_fd(), part)?;
    }
    file::seek(file.as_fd(), Seek::Start(0))?;
    Ok(file)
}

fn become_hook(
    [input, errors]: [&Fd; 2],
    directory: &CStr,
    path: &CStr,
    words: &StrVec<'_>,
    variables: &StrVec<'_>,
    inherited: SigSet,
) -> Errno {
    let prepare = || {
        prctl::set_parent_death_signal(Some(Signal::KILL))?;
        process::setpgid(None, None)?;
        file::dup3(input.as_fd(), 0, OpenFlags::empty())?.into_raw();
        // What it writes must not be taken for the runtime's answer or for the container's output.
        let output = file::openat(CWD, c"/dev/null", OpenFlags::WRONLY | OpenFlags::CLOEXEC, 0);
        let to = output.as_ref().unwrap_or(errors);
        file::dup3(to.as_fd(), 1, OpenFlags::empty())?.into_raw();
        file::dup3(errors.as_fd(), 2, OpenFlags::empty())?.into_raw();
        // Nothing of the runtime's or the caller's is the hook's.
        close_range(3, u32::MAX, CloseRange::CLOEXEC)?;
        if !directory.is_empty() {
            process::chdir(directory)?;
        }
        signal::set_disposition(Signal::PIPE, Disposition::Default)?;
        signal::mask(signal::Mask::Set, inherited)
    };
    match prepare() {
        Ok(_) => exec::execve(path, words.as_list(), variables.as_list()),
        Err(errno) => errno,
    }
}

/// Waits for the hook's end; after so many milliseconds it is killed with all of its group.
fn wait(child: &Child, timeout: u64) -> Result<Event, Fault> {
    if timeout != 0 {
        let until = time::now(Clock::Monotonic)? + Duration::from_millis(timeout);
        loop {
            let left = until.saturating_sub(time::now(Clock::Monotonic)?);
            if left.is_zero() {
                match kill(Target::Group(child.pid), Some(Signal::KILL)) {
                    // ESRCH: it has just ended, or has made no group yet.
                    Ok(()) | Err(_) => crate::outside::end(child),
                }
                return Err(Fault::TimeOver);
            }
            let mut polls = [PollFd::new(child.pidfd.as_fd(), Poll::IN)];
            match ppoll(&mut polls, Some(left), None) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => break,
                Err(errno) => return Err(errno.into()),
            }
        }
    }
    crate::outside::wait_for(child).ok_or(Fault::Call(Errno::ECHILD))
}
