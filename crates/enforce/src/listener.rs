//! Fetching the listener of a filter out of the process that has installed it.
//!
//! This file is compiled twice: into the library, for the runtime, and into `casemate-exec`. Once such a filter is in
//! force, its process may make no call but execve(2): the agent, who would answer, does not know of it yet. So it tells
//! beforehand which number the listener will have, and where in its memory it looks whether it may go on; who let it go on
//! takes the listener, passes it to the agent, and writes there.

use casemate_sys::file;
use casemate_sys::net::send_fds;
use casemate_sys::process::{Pid, write_memory_of};
use casemate_sys::{CWD, Errno, Fd, FdRef, pidfd, time};
use core::ffi::CStr;
use core::time::Duration;

/// What a process says before it installs its filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Announcement {
    /// The number that the listener will have.
    pub number: u8,
    /// Where it looks whether it may go on.
    pub address: u64,
}

/// First byte of an announcement. No message of a failure begins so.
pub const TAG: u8 = 8;

impl Announcement {
    /// Writes it: addresses of a program have 47 bits.
    pub fn to_bytes(self) -> [u8; 8] {
        let [a, b, c, d, e, f, ..] = self.address.to_le_bytes();
        [TAG, self.number, a, b, c, d, e, f]
    }

    /// Reads it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [TAG, number, a, b, c, d, e, f] = *<&[u8; 8]>::try_from(bytes).ok()? else {
            return None;
        };
        Some(Self {
            number,
            address: u64::from_le_bytes([a, b, c, d, e, f, 0, 0]),
        })
    }
}

/// How often it is looked whether the filter is installed, a millisecond apart.
const TRIES: u32 = 5000;

/// What the kernel calls a listener.
const LISTENER: &[u8] = b"anon_inode:seccomp notify";

/// Fetches the listener, passes it to the agent with what it is told, and lets the process go on.
///
/// # Errors
/// `ESRCH` when the process has ended, `ETIMEDOUT` when no listener comes, `EPERM` without the right to trace it.
pub fn pass_on(
    process: (Pid, FdRef<'_>),
    announcement: Announcement,
    agent: FdRef<'_>,
    told: &[u8],
) -> Result<(), Errno> {
    let (pid, descriptor) = process;
    let listener = fetch(descriptor, announcement.number)?;
    if send_fds(agent, told, &[listener.as_fd()])? != told.len() {
        return Err(Errno::EIO);
    }
    let written = write_memory_of(pid, announcement.address, &1u64.to_ne_bytes())?;
    if written == size_of::<u64>() {
        Ok(())
    } else {
        Err(Errno::EIO)
    }
}

fn fetch(process: FdRef<'_>, number: u8) -> Result<Fd, Errno> {
    for _ in 0..TRIES {
        match pidfd::pidfd_getfd(process, i32::from(number)) {
            Ok(fd) if is_listener(fd.as_fd()) => return Ok(fd),
            // Not there yet.
            Ok(_) | Err(Errno::EBADF) => {}
            Err(errno) => return Err(errno),
        }
        time::sleep(Duration::from_millis(1))?;
    }
    Err(Errno::ETIMEDOUT)
}

fn is_listener(fd: FdRef<'_>) -> bool {
    let mut path = *b"/proc/self/fd/\0\0\0\0\0\0\0\0\0\0\0";
    let mut rest = fd.raw().unsigned_abs();
    let mut digits = [0; 10];
    let mut count = 0;
    while (rest > 0 || count == 0) && count < digits.len() {
        digits[count] = b'0' + (rest % 10) as u8;
        rest /= 10;
        count += 1;
    }
    for (place, digit) in path
        .iter_mut()
        .skip(14)
        .zip(digits.iter().take(count).rev())
    {
        *place = *digit;
    }
    let mut target = [0; 64];
    CStr::from_bytes_until_nul(&path)
        .ok()
        .and_then(|path| file::readlinkat(CWD, path, &mut target).ok())
        == Some(LISTENER)
}

#[cfg(test)]
mod tests {
    use super::Announcement;

    #[test]
    fn what_is_written_is_read() {
        let own = Announcement {
            number: 7,
            address: 0x7fff_1234_5678,
        };
        assert_eq!(Announcement::from_bytes(&own.to_bytes()), Some(own));
        assert_eq!(Announcement::from_bytes(b"cannot r"), None);
        assert_eq!(Announcement::from_bytes(&[8]), None);
    }
}
