//! What the launcher writes of the container's process: the file of its number, and the state.

use crate::container::say::Text;
use crate::fault::{Fault, Obstacle};
use casemate_sys::file::{self, OpenFlags, RenameFlags};
use casemate_sys::process::Pid;
use casemate_sys::{CWD, Errno, FdRef};
use core::ffi::CStr;

/// Writes a file as a whole: who reads it finds the old one or the new one.
pub(crate) fn replace(
    directory: FdRef<'_>,
    new: &CStr,
    name: &CStr,
    mode: u32,
    parts: &[&[u8]],
) -> Result<(), Fault> {
    let flags = OpenFlags::WRONLY
        | OpenFlags::CREAT
        | OpenFlags::TRUNC
        | OpenFlags::CLOEXEC
        | OpenFlags::NOFOLLOW;
    let file = file::openat(directory, new, flags, mode)?;
    for part in parts {
        file::write_all(file.as_fd(), part)?;
    }
    Ok(file::renameat2(
        (directory, new),
        (directory, name),
        RenameFlags::empty(),
    )?)
}

/// When a process started, in ticks since the machine did.
pub(crate) fn start_time(pid: Pid) -> Result<u64, Fault> {
    let mut path = Text::new();
    path.put(b"/proc/");
    path.number(u64::from(pid.get().unsigned_abs()), 1);
    path.put(b"/stat\0");
    let path = CStr::from_bytes_with_nul(path.as_bytes()).map_err(|_| Fault::Plan)?;
    let stat = file::openat(CWD, path, OpenFlags::RDONLY | OpenFlags::CLOEXEC, 0)?;
    let mut buffer = [0; 1024];
    let length = file::read_full(stat.as_fd(), &mut buffer)?;
    let text = buffer.get(..length).unwrap_or(&[]);
    parse(text).ok_or(Fault::Call(Errno::EIO))
}

/// The name of the program, in parentheses, can hold blanks and parentheses.
fn parse(text: &[u8]) -> Option<u64> {
    let end = text.iter().rposition(|byte| *byte == b')')?;
    let mut fields = text
        .get(end + 1..)?
        .split(|byte| *byte == b' ')
        .filter(|field| !field.is_empty());
    core::str::from_utf8(fields.nth(19)?).ok()?.parse().ok()
}

/// Checks that a process is the one that was meant.
pub(crate) fn check_start(pid: Pid, expected: u64) -> Result<(), Fault> {
    match start_time(pid) {
        Ok(started) if started == expected => Ok(()),
        Ok(_) | Err(Fault::Call(Errno::ENOENT | Errno::ESRCH)) => {
            Err(Fault::Obstacle(Obstacle::OtherProcess))
        }
        Err(fault) => Err(fault),
    }
}

/// Removes a container's directory, in which there is nothing but what the runtime has put there.
pub(crate) fn remove(directory: Option<&casemate_sys::Fd>, path: &CStr) -> Result<(), Errno> {
    use casemate_sys::file::AtFlags;
    let Some(directory) = directory else {
        return Err(Errno::EBADF);
    };
    for name in [
        c"config.json",
        c"start",
        c"policies",
        c"state.json.new",
        c"state.json",
    ] {
        match file::unlinkat(directory.as_fd(), name, AtFlags::empty()) {
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(errno) => return Err(errno),
        }
    }
    file::unlinkat(CWD, path, AtFlags::REMOVEDIR)
}
