//! Intel's resource director: a class of service is a directory of resctrl, linux/Documentation/filesystems/resctrl.rst.

use crate::fault::Fault;
use crate::outside::{decimal, write_whole};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::process::Pid;
use casemate_sys::{CWD, Errno, FdRef};
use core::ffi::CStr;

/// Makes the class if it is the container's own, and moves a process into it.
pub(crate) fn enter(
    pid: Pid,
    directory: &CStr,
    make: bool,
    schemata: &CStr,
    monitor: &CStr,
) -> Result<(), Fault> {
    if make {
        file::mkdirat(CWD, directory, 0o755)?;
    }
    let class = open(directory)?;
    if !schemata.is_empty() {
        write(class.as_fd(), c"schemata", schemata.to_bytes())?;
    }
    join(class.as_fd(), pid)?;
    if monitor.is_empty() {
        return Ok(());
    }
    match file::mkdirat(CWD, monitor, 0o755) {
        Ok(()) | Err(Errno::EEXIST) => {}
        Err(errno) => return Err(errno.into()),
    }
    join(open(monitor)?.as_fd(), pid)
}

fn open(directory: &CStr) -> Result<casemate_sys::Fd, Errno> {
    let flags = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
    file::openat(CWD, directory, flags, 0)
}

fn join(group: FdRef<'_>, pid: Pid) -> Result<(), Fault> {
    let mut digits = [0; 12];
    write(group, c"tasks", decimal(pid.get(), &mut digits))
}

fn write(group: FdRef<'_>, name: &CStr, value: &[u8]) -> Result<(), Fault> {
    let flags = OpenFlags::WRONLY | OpenFlags::CLOEXEC;
    write_whole(file::openat(group, name, flags, 0)?.as_fd(), value)
}
