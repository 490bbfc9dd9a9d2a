//! Waiting for the end of a container's program in the foreground.

use super::say::{Level, Log};
use crate::fault::Fault;
use crate::outside::{Outside, wait_for};
use crate::supervise;
use crate::terminal::Bridge;
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::process::{Child, Pid};
use casemate_sys::wait::Event;
use casemate_sys::{CWD, Errno, Fd};
use core::ffi::CStr;

/// Waits until the program has ended, passing signals and the terminal on. Returns its code.
pub(crate) fn until_the_end(
    outside: &mut Outside<'_>,
    bridge: Option<Bridge>,
    log: Log<'_>,
) -> i32 {
    let Some(init) = outside.init.take() else {
        return crate::FAILED;
    };
    let attended = supervise::attend(outside, &init, bridge);
    if attended.is_err() {
        log.write(Level::Error, b"cannot wait for the end of the program");
        crate::outside::end(&init);
        return crate::FAILED;
    }
    match wait_for(&init) {
        Some(Event::Exited(code)) => i32::from(code),
        Some(Event::Killed(signal) | Event::Dumped(signal)) => 128 + signal.raw() as i32,
        _ => crate::FAILED,
    }
}

/// Init has started another process in its place, and ends.
pub(crate) fn replace_init(outside: &mut Outside<'_>, pidfd: Fd) -> Result<(), Fault> {
    let pid = number_of(&pidfd)?;
    if let Some(old) = outside.init.replace(Child { pid, pidfd }) {
        wait_for(&old);
    }
    Ok(())
}

/// The number of a process, from what the kernel says of its descriptor.
fn number_of(pidfd: &Fd) -> Result<Pid, Fault> {
    let mut path = super::say::Text::new();
    path.put(b"/proc/self/fdinfo/");
    path.number(u64::from(pidfd.raw().unsigned_abs()), 1);
    path.put(b"\0");
    let path = CStr::from_bytes_with_nul(path.as_bytes()).map_err(|_| Fault::Plan)?;
    let info = file::openat(CWD, path, OpenFlags::RDONLY | OpenFlags::CLOEXEC, 0)?;
    let mut buffer = [0; 512];
    let length = file::read_full(info.as_fd(), &mut buffer)?;
    buffer
        .get(..length)
        .unwrap_or(&[])
        .split(|byte| *byte == b'\n')
        .find_map(|line| line.strip_prefix(b"Pid:"))
        .and_then(|number| core::str::from_utf8(number).ok())
        .and_then(|number| number.trim().parse().ok())
        .and_then(Pid::new)
        .ok_or(Fault::Call(Errno::ESRCH))
}
