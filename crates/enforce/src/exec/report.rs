//! What the reporter is told, one record a message. The confinement does not depend on it: a reporter that is gone
//! reports nothing, and calls that it should have answered fail.
//!
//! * `r`, a name and NUL, a piece of text: what was read back.
//! * `m`, which (u32), soft and hard (u64): a limit of the program's process, read back after it was set.
//! * `g`, stage, index (u16), fault (u32): a step of a best-effort facet failed.
//! * `l` with a descriptor: the listener of the filter.
//! * `e`, how, value, exit code, user and system time (u64, microseconds), peak memory (u64, KiB): the end.

use crate::fault::Fault;
use crate::job::Job;
use crate::step::{Stage, Step};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::limits::{self, Resource};
use casemate_sys::net::{send_fds, shutdown_write};
use casemate_sys::wait::Usage;
use casemate_sys::{CWD, Errno, Fd, FdRef};
use core::ffi::CStr;

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum How {
    /// With a code of the program's.
    Exited,
    /// By a signal to the program.
    Killed,
    /// A step failed.
    Failed,
    /// The time was over.
    TimeOver,
    /// By a signal to the launcher, before the program was started.
    Interrupted,
    /// By the end of init.
    Lost,
}

/// The end of a launch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    pub(crate) how: How,
    /// The code or the signal.
    pub(crate) value: u8,
    pub(crate) usage: Option<Usage>,
}

impl End {
    pub(crate) const FAILED: Self = Self {
        how: How::Failed,
        value: crate::FAILED as u8,
        usage: None,
    };
}

fn send(reporter: FdRef<'_>, bytes: &[u8], fds: &[FdRef<'_>]) {
    match send_fds(reporter, bytes, fds) {
        // It is gone.
        Ok(_) | Err(_) => {}
    }
}

/// Sends a text in pieces.
pub(crate) fn text(reporter: FdRef<'_>, name: &CStr, text: &[u8]) {
    let mut message = [0; 4096];
    let name = name.to_bytes_with_nul();
    let header = 1 + name.len();
    let Some(place) = message.get_mut(1..header) else {
        return;
    };
    place.copy_from_slice(name);
    message[0] = b'r';
    for piece in text.chunks(message.len() - header) {
        let Some(place) = message.get_mut(header..header + piece.len()) else {
            return;
        };
        place.copy_from_slice(piece);
        send(
            reporter,
            message.get(..header + piece.len()).unwrap_or(&[]),
            &[],
        );
    }
}

/// Reads a file and sends what is in it. One that is not there is left out.
pub(crate) fn file(reporter: FdRef<'_>, directory: FdRef<'_>, name: &CStr) {
    let mut buffer = [0; 4096];
    let flags = OpenFlags::RDONLY | OpenFlags::CLOEXEC;
    if let Ok(file) = file::openat(directory, name, flags, 0)
        && let Ok(length) = file::read_full(file.as_fd(), &mut buffer)
    {
        text(reporter, name, buffer.get(..length).unwrap_or(&[]));
    }
}

/// Sends what tells of a process beside its status: limits, control groups, namespaces.
pub(crate) fn surroundings(reporter: FdRef<'_>, proc: FdRef<'_>) {
    for name in [
        c"self/limits",
        c"self/cgroup",
        c"self/attr/current",
        c"self/net/dev",
        c"sys/kernel/hostname",
    ] {
        file(reporter, proc, name);
    }
    for name in [
        c"self/ns/cgroup",
        c"self/ns/ipc",
        c"self/ns/mnt",
        c"self/ns/net",
        c"self/ns/pid",
        c"self/ns/time",
        c"self/ns/user",
        c"self/ns/uts",
    ] {
        let mut buffer = [0; 64];
        if let Ok(target) = file::readlinkat(proc, name, &mut buffer) {
            text(reporter, name, target);
        }
    }
}

/// Reads a limit and sends it.
pub(crate) fn limit(reporter: FdRef<'_>, resource: Resource) {
    let Ok(limit) = limits::limit(0, resource) else {
        return;
    };
    let mut message = [0; 1 + 4 + 8 + 8];
    message[0] = b'm';
    message[1..5].copy_from_slice(&(resource as u32).to_le_bytes());
    message[5..13].copy_from_slice(&limit.soft.to_le_bytes());
    message[13..].copy_from_slice(&limit.hard.to_le_bytes());
    send(reporter, &message, &[]);
}

/// Sends the limits and counters of the control groups, which are about to be removed.
pub(crate) fn groups(reporter: FdRef<'_>, job: &Job<'_>) {
    for (_, record) in job.records(Stage::Outside) {
        let Step::MakeCgroup { path, .. } = record.step else {
            continue;
        };
        for name in [
            b"memory.limit_in_bytes\0".as_slice(),
            b"memory.failcnt\0",
            b"memory.max_usage_in_bytes\0",
            b"memory.oom_control\0",
            b"memory.max\0",
            b"memory.events\0",
            b"memory.peak\0",
            b"pids.max\0",
            b"pids.events\0",
            b"pids.peak\0",
            b"cpu.cfs_quota_us\0",
            b"cpu.cfs_period_us\0",
            b"cpu.max\0",
            b"cpu.stat\0",
        ] {
            let mut buffer = [0; 1024];
            if let Some(path) = join(path, name, &mut buffer) {
                file(reporter, CWD, path);
            }
        }
    }
}

fn join<'b>(directory: &CStr, name: &[u8], buffer: &'b mut [u8; 1024]) -> Option<&'b CStr> {
    let mut at = 0;
    for part in [directory.to_bytes(), b"/", name] {
        buffer.get_mut(at..at + part.len())?.copy_from_slice(part);
        at += part.len();
    }
    CStr::from_bytes_until_nul(buffer).ok()
}

/// Sends that a step failed.
pub(crate) fn gap(reporter: FdRef<'_>, stage: Stage, index: u16, fault: Fault) {
    let [low, high] = index.to_le_bytes();
    let [a, b, c, d] = fault.to_code().to_le_bytes();
    send(reporter, &[b'g', stage as u8, low, high, a, b, c, d], &[]);
}

/// Hands over the listener of the filter.
pub(crate) fn listener(reporter: FdRef<'_>, listener: FdRef<'_>) {
    send(reporter, b"l", &[listener]);
}

/// Sends the end, and waits until the reporter has told it to whoever wants to know.
pub(crate) fn end(reporter: &Fd, end: End, code: i32) {
    let mut message = [0; 4 + 3 * 8];
    // Codes of a process have eight bits.
    message[..4].copy_from_slice(&[b'e', end.how as u8, end.value, code as u8]);
    let usage = end.usage.map_or([0; 3], |usage| {
        [
            usage.user_microseconds,
            usage.system_microseconds,
            usage.peak_kibibytes,
        ]
    });
    let (places, _) = message[4..].as_chunks_mut::<8>();
    for (place, number) in places.iter_mut().zip(usage) {
        *place = number.to_le_bytes();
    }
    send(reporter.as_fd(), &message, &[]);
    match shutdown_write(reporter.as_fd()) {
        Ok(()) | Err(_) => {}
    }
    // It sends nothing: its end of the socket closes when it ends.
    while matches!(
        file::read(reporter.as_fd(), &mut [0]),
        Ok(1..) | Err(Errno::EINTR)
    ) {}
}
