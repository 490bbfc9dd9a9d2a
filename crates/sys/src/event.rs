//! Waiting for descriptors, counters and timers.

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef, owned};
use crate::signal::SigSet;
use crate::time::{Clock, Timespec};
use core::time::Duration;

flags! {
    /// Events of a descriptor, asm-generic/poll.h.
    pub struct Poll: u16 {
        /// Something can be read.
        IN = 1;
        /// Something urgent can be read.
        PRI = 2;
        /// Something can be written.
        OUT = 4;
        /// An error; always reported.
        ERR = 8;
        /// The other end is closed; always reported.
        HUP = 0x10;
        /// The descriptor is not open; always reported.
        NVAL = 0x20;
    }
}

/// A descriptor to wait for, `struct pollfd`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct PollFd<'a> {
    fd: FdRef<'a>,
    wanted: Poll,
    /// What has happened; the kernel sets it.
    pub happened: Poll,
}

impl<'a> PollFd<'a> {
    /// Waits for these events of a descriptor.
    pub const fn new(fd: FdRef<'a>, wanted: Poll) -> Self {
        Self {
            fd,
            wanted,
            happened: Poll::empty(),
        }
    }

    /// A place in the list that is skipped.
    pub const fn unused() -> Self {
        Self {
            fd: FdRef::from_raw(-1),
            wanted: Poll::empty(),
            happened: Poll::empty(),
        }
    }
}

/// Waits until something happens to one of the descriptors or the time is over; returns for how many something has.
///
/// `int ppoll(struct pollfd *fds, unsigned int nfds, struct timespec *timeout, const sigset_t *mask, size_t size)`, ppoll(2).
/// While it waits, exactly the signals of `mask` are blocked, if given.
///
/// # Errors
/// `EINTR` when a signal handler has run, `EINVAL` beyond `RLIMIT_NOFILE`.
pub fn ppoll(
    fds: &mut [PollFd<'_>],
    timeout: Option<Duration>,
    mask: Option<SigSet>,
) -> Result<usize> {
    let mut time = timeout.map(Timespec::from);
    let time = time
        .as_mut()
        .map_or(core::ptr::null_mut(), core::ptr::from_mut);
    let mask = mask.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
    // SAFETY: the kernel writes to `len` structures of an exclusive slice, and to `time` (the rest), which is ours; `mask`
    // is the kernel's 8 bytes; all live through the call, or are null.
    unsafe { call!(PPOLL; fds.as_mut_ptr(), fds.len(), time, mask, size_of::<SigSet>()) }
}

scalar_calls! {
    fn eventfd2(initial: u32, flags: u32) = EVENTFD2;
    fn timerfd_create(clock: u32, flags: u32) = TIMERFD_CREATE;
    fn inotify_init1(flags: u32) = INOTIFY_INIT1;
}

const CLOEXEC: u32 = 0o2_000_000; // EFD_CLOEXEC, TFD_CLOEXEC
const NONBLOCK: u32 = 0o4000; // EFD_NONBLOCK, TFD_NONBLOCK

/// Makes a counter of 64 bits, closed on exec, that waits when it is read at 0.
///
/// `int eventfd2(unsigned int initval, int flags)`, eventfd(2). Reading returns and clears it, writing adds: 8 bytes each.
///
/// # Errors
/// `EMFILE`, `ENOMEM`.
pub fn eventfd(initial: u32) -> Result<Fd> {
    eventfd2(initial, CLOEXEC).map(owned)
}

/// Makes a timer that does not wait when it is read, closed on exec.
///
/// `int timerfd_create(int clockid, int flags)`, timerfd_create(2).
///
/// # Errors
/// `EMFILE`, `ENOMEM`, `EINVAL` for a clock without timers.
pub fn timerfd(clock: Clock) -> Result<Fd> {
    timerfd_create(clock as u32, CLOEXEC | NONBLOCK).map(owned)
}

/// Sets a timer to expire once after so long; zero stops it.
///
/// `int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)`, timerfd_settime(2).
///
/// # Errors
/// `EINVAL` for a descriptor that is no timer.
pub fn set_timer(fd: FdRef<'_>, after: Duration) -> Result<()> {
    // struct itimerspec: interval, then value.
    let times = [Timespec::default(), Timespec::from(after)];
    // SAFETY: the kernel reads an `itimerspec`, which is two `timespec`; the old one is null.
    unsafe { call!(TIMERFD_SETTIME; fd, 0u32, times.as_ptr(), 0usize) }.map(drop)
}

/// Reads a counter or how often a timer has expired.
///
/// # Errors
/// `EAGAIN` when there is nothing to read and the descriptor does not wait, `EINTR`; `EIO` for a short answer.
pub fn read_count(fd: FdRef<'_>) -> Result<u64> {
    let mut bytes = [0; 8];
    match crate::file::read(fd, &mut bytes)? {
        8 => Ok(u64::from_ne_bytes(bytes)),
        _ => Err(Errno::EIO),
    }
}

/// Adds to a counter.
///
/// # Errors
/// `EAGAIN` when the counter would overflow and the descriptor does not wait, `EINTR`.
pub fn add_count(fd: FdRef<'_>, count: u64) -> Result<()> {
    crate::file::write(fd, &count.to_ne_bytes()).map(drop)
}

flags! {
    /// Events of a file, sys/inotify.h.
    pub struct Watch: u32 {
        /// It was written to; a file of the kernel tells so that its content has changed.
        MODIFY = 2;
        /// It was deleted.
        DELETE_SELF = 0x400;
    }
}

/// Makes a watcher of files that does not wait when it is read, closed on exec.
///
/// `int inotify_init1(int flags)`, inotify(7). What is read are structures of 16 bytes and a name.
///
/// # Errors
/// `EMFILE` beyond `max_user_instances`, `ENOMEM`.
pub fn inotify() -> Result<Fd> {
    // IN_CLOEXEC, IN_NONBLOCK
    inotify_init1(CLOEXEC | NONBLOCK).map(owned)
}

/// Watches a file.
///
/// `int inotify_add_watch(int fd, const char *pathname, uint32_t mask)`, inotify(7).
///
/// # Errors
/// `ENOENT`, `EACCES`, `ENOSPC` beyond `max_user_watches`.
pub fn watch(watcher: FdRef<'_>, path: &core::ffi::CStr, events: Watch) -> Result<()> {
    // SAFETY: the kernel reads the path, which lives through the call; nothing is written.
    unsafe { call!(INOTIFY_ADD_WATCH; watcher, path, events) }.map(drop)
}
