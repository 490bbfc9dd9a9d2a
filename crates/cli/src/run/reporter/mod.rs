//! The reporter: a child process that hears what the launcher reads back, supervises when asked to, and reports at the end.
//!
//! It is started before its parent becomes the launcher and ends before the launcher does. It has one end of a socket;
//! the messages are listed in the launcher's `report` module. Nothing that it does can loosen anything: what is refused
//! is refused by the kernel whether it lives or not.

mod document;
mod explain;
mod facts;
mod heard;
mod target;

use super::{Mode, RunRequest};
use crate::failure::{Failure, tell};
use casemate_enforce::Plan;
use casemate_model::host::HostFacts;
use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::net::{SocketType, recv_fds, socketpair};
use casemate_sys::pidfd::{CloseRange, close_range};
use casemate_sys::process::{Clone, CloneFlags, Forked, clone3, exit, setsid};
use casemate_sys::{CWD, Errno, Fd, prctl};
use explain::Explainer;
use heard::Heard;
use std::path::Path;
use std::time::Instant;
use target::Target;

/// What a report is about.
pub struct Subject<'a> {
    /// What was asked for.
    pub request: &'a RunRequest,
    /// What was planned.
    pub plan: &'a Plan,
    /// The host.
    pub facts: &'a HostFacts,
}

/// Starts the reporter. Returns the launcher's end of the socket.
///
/// # Errors
/// The report's file cannot be written, or there is no other process to be had.
pub fn start(subject: &Subject<'_>, keep: &[u32]) -> Result<Fd, Failure> {
    let target = match &subject.request.report {
        Some(path) => Some(Target::open(path).map_err(|error| {
            Failure::not_started(format!(
                "cannot write the report {}: {error}",
                path.display()
            ))
        })?),
        None => None,
    };
    let failed = |errno: Errno| Failure::not_started(format!("cannot start the reporter: {errno}"));
    let (ours, theirs) = socketpair(SocketType::SEQPACKET | SocketType::CLOEXEC).map_err(failed)?;
    // The numbers that the program keeps must not be taken: they are passed on to it.
    let above = keep.iter().max().map_or(3, |highest| highest + 1).max(3);
    let moved = file::dup_cloexec(theirs.as_fd(), above).map_err(failed)?;
    // Before there is another process: a copy that the reporter holds would keep it waiting for itself.
    drop(theirs);
    match clone3(&Clone::new(CloneFlags::empty())).map_err(failed)? {
        Forked::Child => {
            drop(moved);
            run(subject, &ours, target, keep);
            exit(0)
        }
        // Its end is seen at the socket.
        Forked::Parent(_) => Ok(moved),
    }
}

/// Hears until the end, then reports.
fn run(subject: &Subject<'_>, socket: &Fd, target: Option<Target>, keep: &[u32]) {
    step_aside(socket, keep);
    let started = Instant::now();
    let mut heard = Heard::default();
    let mut explainer = Explainer::new(subject);
    if let Err(errno) = listen(socket, &mut heard, &mut explainer) {
        tell(&format!("casemate: the reporter cannot hear: {errno}\n"));
    }
    if heard.is_empty() {
        // The launcher has not come to life, which is said elsewhere.
        if let Some(target) = target {
            target.discard();
        }
        return;
    }
    let elapsed = started.elapsed();
    let findings = (subject.request.mode == Mode::Explain).then(|| explainer.findings(&heard));
    let found = findings.as_ref().map(explain::Findings::json);
    let document = document::document(subject, &heard, elapsed, found);
    if let Some(target) = target
        && let Err(error) = target.write(&document.to_string())
    {
        let path = subject.request.report.as_deref().unwrap_or(Path::new(""));
        tell(&format!(
            "casemate: cannot write the report {}: {error}\n",
            path.display()
        ));
    }
    if let Some(findings) = findings
        && heard.started()
    {
        tell(&findings.text(subject.request.talk));
    }
}

/// Leaves the terminal's session, whose signals are the program's, and lets go of what the caller has open.
fn step_aside(socket: &Fd, keep: &[u32]) {
    match prctl::set_name(c"casemate-report") {
        Ok(()) | Err(_) => {}
    }
    match setsid() {
        // EPERM cannot be: a new process leads no group.
        Ok(_) | Err(_) => {}
    }
    if let Ok(null) = file::openat(CWD, c"/dev/null", OpenFlags::RDWR | OpenFlags::CLOEXEC, 0) {
        for stream in 0..2 {
            if let Ok(fd) = file::dup3(null.as_fd(), stream, OpenFlags::empty()) {
                // Open for good.
                fd.into_raw();
            }
        }
    }
    for number in keep.iter().copied().filter(|number| *number > 2) {
        if number != socket.raw().cast_unsigned() {
            match close_range(number, number, CloseRange::empty()) {
                Ok(()) | Err(_) => {}
            }
        }
    }
}

fn listen(socket: &Fd, heard: &mut Heard, explainer: &mut Explainer<'_>) -> Result<(), Errno> {
    let mut message = vec![0; 8192];
    let mut listener: Option<Fd> = None;
    while heard.end.is_none() {
        let calls = listener
            .as_ref()
            .map_or(PollFd::unused(), |fd| PollFd::new(fd.as_fd(), Poll::IN));
        let mut polls = [PollFd::new(socket.as_fd(), Poll::IN), calls];
        match ppoll(&mut polls, None, None) {
            Err(Errno::EINTR) => continue,
            other => other?,
        };
        let [said, called] = polls.map(|poll| poll.happened);
        if let Some(fd) = &listener {
            if called.contains(Poll::IN) {
                explainer.serve(fd);
            } else if !called.is_empty() {
                // The last process with the filter has ended.
                listener = None;
            }
        }
        if said.is_empty() {
            continue;
        }
        let mut fds = [None];
        let received = recv_fds(socket.as_fd(), &mut message, &mut fds)?;
        if received.len == 0 {
            break;
        }
        if let [Some(fd)] = fds {
            explain::prepare(&fd);
            listener = Some(fd);
        }
        heard.message(message.get(..received.len).unwrap_or(&[]));
    }
    Ok(())
}
