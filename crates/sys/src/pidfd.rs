//! Process descriptors, and closing whole ranges of descriptors.

use crate::errno::Result;
use crate::fd::{Fd, FdRef, owned};
use crate::process::Pid;
use crate::signal::Signal;

scalar_calls! {
    fn pidfd_open_raw(pid: i32, flags: u32) = PIDFD_OPEN;
    /// The information, an address, is always null.
    fn pidfd_send_signal_raw(fd: FdRef<'_>, signal: u32, info: u32, flags: u32) = PIDFD_SEND_SIGNAL;
    fn pidfd_getfd_raw(fd: FdRef<'_>, number: i32, flags: u32) = PIDFD_GETFD;
    fn close_range_raw(first: u32, last: u32, flags: u32) = CLOSE_RANGE;
}

/// Opens a process; the descriptor is closed on exec and becomes readable when the process ends.
///
/// `int pidfd_open(pid_t pid, unsigned int flags)`, pidfd_open(2); since 5.3.
///
/// # Errors
/// `ESRCH`, `EINVAL` (since 6.17 `ENOENT`) for a number that is a thread only, `ENOSYS` before 5.3.
pub fn pidfd_open(pid: Pid) -> Result<Fd> {
    pidfd_open_raw(pid.get(), 0).map(owned)
}

/// Sends a signal to exactly this process; `None` only asks whether it could be sent.
///
/// `int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags)`, pidfd_send_signal(2); since 5.1.
///
/// # Errors
/// `ESRCH` when it has ended and been waited for, `EPERM`, `EINVAL` for a process outside the namespace.
pub fn pidfd_send_signal(fd: FdRef<'_>, signal: Option<Signal>) -> Result<()> {
    pidfd_send_signal_raw(fd, signal.map_or(0, Signal::raw), 0, 0).map(drop)
}

/// Duplicates a descriptor of another process, closed on exec.
///
/// `int pidfd_getfd(int pidfd, int targetfd, unsigned int flags)`, pidfd_getfd(2); since 5.6.
///
/// # Errors
/// `EPERM` when the caller may not trace it, `EBADF`, `ESRCH`.
pub fn pidfd_getfd(fd: FdRef<'_>, number: i32) -> Result<Fd> {
    pidfd_getfd_raw(fd, number, 0).map(owned)
}

flags! {
    /// Flags of [`close_range`], linux/close_range.h.
    pub struct CloseRange: u32 {
        /// Leave a descriptor table that is shared with another process first.
        UNSHARE = 2;
        /// Do not close now, but on exec; since 5.11.
        CLOEXEC = 4;
    }
}

/// Closes every descriptor from `first` to `last`, or has exec close them.
///
/// `int close_range(unsigned int first, unsigned int last, int flags)`, close_range(2); since 5.9.
///
/// # Warning
/// For all threads. Without `CLOEXEC`, owners of those descriptors then hold numbers that are closed.
///
/// # Errors
/// `EINVAL` when `first` is above `last`, `ENOSYS` before 5.9, `ENOMEM`.
pub fn close_range(first: u32, last: u32, flags: CloseRange) -> Result<()> {
    close_range_raw(first, last, flags.bits()).map(drop)
}
