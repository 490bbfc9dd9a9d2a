//! Control groups: making them, and what is written into them.

use crate::fault::Fault;
use crate::outside::{leave_open, write_whole};
use crate::step::Texts;
use casemate_sys::file::{self, AtFlags, OpenFlags};
use casemate_sys::limits::{self, Limit, Resource};
use casemate_sys::{CWD, Errno, Fd, FdRef, bpf};
use core::ffi::CStr;

/// What became of a group.
pub(crate) enum Made {
    /// It is new.
    New,
    /// It was there, and nobody is in it.
    Taken,
}

/// Makes a group. With `shared` 1 also those on the way to it; with 2 it is such a one itself.
pub(crate) fn make(path: &CStr, shared: u8) -> Result<Made, Fault> {
    match file::mkdirat(CWD, path, 0o755) {
        // Others may have begun to use it.
        Ok(()) | Err(Errno::EEXIST) if shared == 2 => Ok(Made::Taken),
        Ok(()) => Ok(Made::New),
        Err(Errno::ENOENT) if shared == 1 => {
            make_above(path)?;
            // Somebody else may make it at the same time.
            match file::mkdirat(CWD, path, 0o755) {
                Ok(()) => Ok(Made::New),
                Err(Errno::EEXIST) => take(path),
                Err(errno) => Err(errno.into()),
            }
        }
        Err(Errno::EEXIST) if shared == 1 => take(path),
        Err(errno) => Err(errno.into()),
    }
}

/// Makes the groups on the way to one. Others may use them, too, so they stay.
fn make_above(path: &CStr) -> Result<(), Fault> {
    let bytes = path.to_bytes();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        let mut buffer = [0; 4096];
        let above = join(bytes.get(..at).unwrap_or(&[]), b"", &mut buffer)?;
        if above.is_empty() {
            continue;
        }
        match file::mkdirat(CWD, above, 0o755) {
            // On the way there are directories of other file systems, some of them read-only.
            Ok(()) | Err(Errno::EEXIST | Errno::EROFS | Errno::EACCES | Errno::EPERM) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

/// Takes a group that is there: nobody may be in it, and it must not stop who enters.
fn take(path: &CStr) -> Result<Made, Fault> {
    let bytes = path.to_bytes();
    let mut buffer = [0; 4096];
    let processes = open(join(bytes, b"/cgroup.procs", &mut buffer)?)?;
    let mut first = [0; 16];
    if file::read(processes.as_fd(), &mut first)? != 0 {
        return Err(Fault::Occupied);
    }
    for (name, frozen) in [
        (b"/freezer.state".as_slice(), b'F'),
        (b"/cgroup.freeze", b'1'),
    ] {
        let mut buffer = [0; 4096];
        let state = match open(join(bytes, name, &mut buffer)?) {
            Ok(state) => state,
            Err(Errno::ENOENT) => continue,
            Err(errno) => return Err(errno.into()),
        };
        if file::read(state.as_fd(), &mut first)? > 0 && first[0] == frozen {
            return Err(Fault::Frozen);
        }
    }
    Ok(Made::Taken)
}

fn open(path: &CStr) -> Result<Fd, Errno> {
    file::openat(CWD, path, OpenFlags::RDONLY | OpenFlags::CLOEXEC, 0)
}

fn join<'b>(path: &[u8], name: &[u8], buffer: &'b mut [u8; 4096]) -> Result<&'b CStr, Fault> {
    let mut at = 0;
    for part in [path, name, b"\0"] {
        let place = buffer
            .get_mut(at..at + part.len())
            .ok_or(Fault::Call(Errno::ENAMETOOLONG))?;
        place.copy_from_slice(part);
        at += part.len();
    }
    CStr::from_bytes_until_nul(buffer).map_err(|_| Fault::Plan)
}

/// Gives a group to a user.
pub(crate) fn give(paths: Texts<'_>, uid: u32) -> Result<(), Fault> {
    for path in paths.iter() {
        match file::fchownat(CWD, path, Some(uid), None, AtFlags::SYMLINK_NOFOLLOW) {
            // Not every group has every file.
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

/// Writes values into a file. `settled` tells from one step to the next that the former has done it.
pub(crate) fn set(
    path: &CStr,
    values: Texts<'_>,
    absent: u8,
    settled: &mut bool,
) -> Result<(), Fault> {
    if core::mem::take(settled) {
        return Ok(());
    }
    let file = match file::openat(CWD, path, OpenFlags::WRONLY | OpenFlags::CLOEXEC, 0) {
        Ok(file) => file,
        Err(Errno::ENOENT) if absent != 0 => return Ok(()),
        Err(_) if absent == 3 => return Ok(()),
        Err(errno) => return Err(errno.into()),
    };
    for value in values.iter() {
        let written = write_whole(file.as_fd(), value.to_bytes());
        if absent != 3 {
            written?;
        }
    }
    // One system call less for each: all are closed at once when the program starts.
    leave_open(file);
    *settled = absent == 2;
    Ok(())
}

/// How often a program is loaded again when a signal has interrupted the kernel's check of it.
const TRIES: u32 = 30;

/// Loads a program that decides about the devices of a group, and attaches it.
pub(crate) fn control_devices(group: FdRef<'_>, program: &[u8]) -> Result<(), Fault> {
    let program = match load(program) {
        // Before 5.11 programs count as locked memory, of which other programs' may be most.
        Err(Errno::EPERM) => {
            let own = limits::limit(0, Resource::LockedMemory)?;
            let raised = Limit {
                soft: u64::MAX,
                hard: u64::MAX,
            };
            let raised = limits::set_limit(0, Resource::LockedMemory, raised).or_else(|_| {
                limits::set_limit(
                    0,
                    Resource::LockedMemory,
                    Limit {
                        soft: own.hard,
                        ..own
                    },
                )
            });
            if raised.is_err() {
                return Err(Fault::Call(Errno::EPERM));
            }
            let program = load(program);
            limits::set_limit(0, Resource::LockedMemory, own)?;
            program?
        }
        other => other?,
    };
    bpf::attach_device_program(group, program.as_fd(), None)?;
    leave_open(program);
    Ok(())
}

fn load(program: &[u8]) -> Result<Fd, Errno> {
    for _ in 1..TRIES {
        match bpf::load_device_program(program, b"casemate_device\0") {
            Err(Errno::EAGAIN) => {}
            other => return other,
        }
    }
    bpf::load_device_program(program, b"casemate_device\0")
}
