//! Waiting for children.

use crate::errno::Result;
use crate::fd::FdRef;
use crate::process::Pid;
use crate::signal::Signal;
use core::mem::MaybeUninit;

/// For which children to wait.
#[derive(Clone, Copy, Debug)]
pub enum WaitFor<'a> {
    /// Any child.
    Any,
    /// The child of this number.
    Pid(Pid),
    /// The child of this descriptor; since 5.4.
    Fd(FdRef<'a>),
    /// Any child in this group.
    Group(Pid),
}

flags! {
    /// For which events to wait, linux/wait.h.
    pub struct WaitFlags: u32 {
        /// Return at once when there is none.
        NOHANG = 1;
        /// Stopped by a signal.
        STOPPED = 2;
        /// Ended.
        EXITED = 4;
        /// Continued after a stop.
        CONTINUED = 8;
        /// Leave the child to be waited for again.
        NOWAIT = 0x0100_0000;
        /// Children of all kinds, whatever signal they end with.
        ALL = 0x4000_0000;
        /// Only children whose end gives no signal or another one than SIGCHLD.
        CLONE = 0x8000_0000;
    }
}

/// What happened to a child.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Event {
    /// It exited with this code, 0 to 255.
    Exited(u8),
    /// A signal killed it.
    Killed(Signal),
    /// A signal killed it and a core was dumped.
    Dumped(Signal),
    /// A signal stopped it.
    Stopped(Signal),
    /// A traced child stopped; the number is as ptrace(2) says: a signal, and above 8 bits an event.
    Trapped(u32),
    /// It continues.
    Continued,
}

/// An event of one child.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waited {
    /// Which child; 0 when its number is not visible in this namespace.
    pub pid: i32,
    /// Its real user id.
    pub uid: u32,
    /// What happened.
    pub event: Event,
}

/// `siginfo_t` for SIGCHLD, asm-generic/siginfo.h: 128 bytes on both architectures.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct ChildInfo {
    pub(crate) signo: i32,
    pub(crate) errno: i32,
    pub(crate) code: i32,
    pub(crate) align: i32,
    pub(crate) pid: i32,
    pub(crate) uid: u32,
    pub(crate) status: i32,
    pub(crate) rest: [u32; 25],
}

const _: () = assert!(size_of::<ChildInfo>() == 128);

fn event(code: i32, status: i32) -> Option<Event> {
    let signal = || Signal::from_raw(status.cast_unsigned());
    // CLD_EXITED 1, CLD_KILLED 2, CLD_DUMPED 3, CLD_TRAPPED 4, CLD_STOPPED 5, CLD_CONTINUED 6.
    match code {
        1 => Some(Event::Exited(status as u8)),
        2 => signal().map(Event::Killed),
        3 => signal().map(Event::Dumped),
        4 => Some(Event::Trapped(status.cast_unsigned())),
        5 => signal().map(Event::Stopped),
        6 => Some(Event::Continued),
        _ => None,
    }
}

/// Waits for an event of a child; `None` when there is none and [`WaitFlags::NOHANG`] was given.
///
/// `int waitid(int which, pid_t pid, siginfo_t *info, int options, struct rusage *usage)`, waitid(2).
///
/// # Errors
/// `ECHILD` when there is no such child, `EINTR`, `EINVAL` for flags without an event.
pub fn waitid(which: WaitFor<'_>, flags: WaitFlags) -> Result<Option<Waited>> {
    // P_ALL 0, P_PID 1, P_PGID 2, P_PIDFD 3, linux/wait.h.
    let (kind, id) = match which {
        WaitFor::Any => (0u32, 0),
        WaitFor::Pid(pid) => (1, pid.get()),
        WaitFor::Group(group) => (2, group.get()),
        WaitFor::Fd(fd) => (3, fd.raw()),
    };
    let mut info = MaybeUninit::<ChildInfo>::zeroed();
    // SAFETY: the kernel writes at most a `siginfo_t` of 128 bytes, which is the size of `info`; the usage is null.
    unsafe { call!(WAITID; kind, id, info.as_mut_ptr(), flags, 0usize) }?;
    // SAFETY: all bytes were zeroed, and every bit pattern is a valid `ChildInfo` (integers only).
    let info = unsafe { info.assume_init() };
    // Without an event, the kernel leaves the signal number at 0.
    if info.signo == 0 {
        return Ok(None);
    }
    Ok(event(info.code, info.status).map(|event| Waited {
        pid: info.pid,
        uid: info.uid,
        event,
    }))
}

/// `struct rusage`, linux/resource.h.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct RawUsage {
    pub(crate) utime: [i64; 2],
    pub(crate) stime: [i64; 2],
    pub(crate) maxrss: i64,
    pub(crate) rest: [i64; 13],
}

/// What a child and its own children that were waited for have used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usage {
    /// Processor time in the program, microseconds.
    pub user_microseconds: u64,
    /// Processor time in the kernel, microseconds.
    pub system_microseconds: u64,
    /// The largest memory of one process, KiB.
    pub peak_kibibytes: u64,
}

/// Waits for the end of a child and says what it used; `None` when there is none and [`WaitFlags::NOHANG`] was given.
///
/// `pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)`, wait4(2).
///
/// # Errors
/// `ECHILD`, `EINTR`.
pub fn wait4(pid: Option<Pid>, flags: WaitFlags) -> Result<Option<(Waited, Usage)>> {
    let mut status = 0u32;
    let mut usage = RawUsage::default();
    let which = pid.map_or(-1, Pid::get);
    // `WEXITED` is implied and refused here.
    let flags = flags.without(WaitFlags::EXITED);
    // SAFETY: the kernel writes an int and a `struct rusage`, both exclusively borrowed.
    let pid = unsafe { call!(WAIT4; which, &raw mut status, flags, &raw mut usage) }?;
    let (code, value) = match status & 0x7f {
        0 => (1, status >> 8 & 0xff),
        0x7f if status == 0xffff => (6, 0),
        0x7f => (5, status >> 8 & 0xff),
        signal if status & 0x80 != 0 => (3, signal),
        signal => (2, signal),
    };
    if pid == 0 {
        return Ok(None);
    }
    let microseconds = |time: [i64; 2]| (time[0] * 1_000_000 + time[1]).cast_unsigned();
    let usage = Usage {
        user_microseconds: microseconds(usage.utime),
        system_microseconds: microseconds(usage.stime),
        peak_kibibytes: usage.maxrss.cast_unsigned(),
    };
    Ok(event(code, value.cast_signed()).map(|event| {
        (
            Waited {
                pid: pid as i32,
                uid: 0,
                event,
            },
            usage,
        )
    }))
}
