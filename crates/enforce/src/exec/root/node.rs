//! Device nodes, pipes and links of a container's /dev.

use super::attach::attach;
use super::place;
use crate::fault::{Fault, Obstacle};
use crate::outside::{Slots, leave_open};
use crate::step::{Borrowed, Step};
use casemate_sys::file::{self, AtFlags, Device, OpenFlags};
use casemate_sys::mount::{self, Tree};
use casemate_sys::stat::{self, FileType, Stat};
use casemate_sys::{CWD, Errno, FdRef};
use core::ffi::CStr;

/// Permission bits of a mode.
const BITS: u32 = 0o7777;

/// Makes a node in a directory, or puts the host's there.
pub(crate) fn make_node(slots: &Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::MakeNode {
        base,
        name,
        mode,
        major,
        minor,
        uid,
        gid,
        bind,
        path,
    } = step
    else {
        return Err(Fault::Plan);
    };
    let base = slots.get(*base)?;
    let wanted = Wanted {
        kind: FileType::from_mode((mode & !BITS) as u16).ok_or(Fault::Plan)?,
        device: Device {
            major: *major,
            minor: *minor,
        },
    };
    let is_pipe = wanted.kind == FileType::Fifo;
    if *bind == 1 && !is_pipe {
        return bind_node(base, name, wanted, path);
    }
    match file::mknodat(base, name, *mode, wanted.device) {
        Ok(()) => {}
        Err(Errno::EPERM) if !is_pipe => return bind_node(base, name, wanted, path),
        // The image's own. What it is decides, not its name.
        Err(Errno::EEXIST) => {
            let found = stat::fstatat(base, name, AtFlags::SYMLINK_NOFOLLOW)?;
            if !wanted.is(&found) {
                return Err(Fault::Obstacle(Obstacle::OtherFile));
            }
            file::fchmodat(base, name, mode & BITS)?;
        }
        Err(errno) => return Err(errno.into()),
    }
    if *uid != 0 || *gid != 0 {
        let flags = AtFlags::SYMLINK_NOFOLLOW;
        file::fchownat(base, name, Some(*uid), Some(*gid), flags)?;
    }
    Ok(())
}

/// What a node is to be.
#[derive(Clone, Copy)]
struct Wanted {
    kind: FileType,
    device: Device,
}

impl Wanted {
    fn is(self, found: &Stat) -> bool {
        found.kind == Some(self.kind)
            && (self.kind == FileType::Fifo || found.special == self.device)
    }
}

/// Puts the host's node there, if it is the device that was asked for.
fn bind_node(base: FdRef<'_>, name: &CStr, wanted: Wanted, path: &CStr) -> Result<(), Fault> {
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC;
    let node = file::openat(CWD, path, flags, 0)?;
    if !wanted.is(&stat::fstat(node.as_fd())?) {
        return Err(Fault::Obstacle(Obstacle::OtherDevice));
    }
    let copy = mount::open_tree(node.as_fd(), c"", Tree::Clone, AtFlags::EMPTY_PATH)?;
    match place::make_file(base, name) {
        Ok(()) | Err(Errno::EEXIST) => {}
        Err(errno) => return Err(errno.into()),
    }
    let target = place::open_name(base, name)?;
    attach(copy.as_fd(), target.as_fd())?;
    for fd in [node, copy, target] {
        leave_open(fd);
    }
    Ok(())
}

/// Makes a symbolic link.
pub(crate) fn make_link(
    base: FdRef<'_>,
    name: &CStr,
    target: &CStr,
    replace: bool,
) -> Result<(), Fault> {
    match file::symlinkat(target, base, name) {
        Err(Errno::EEXIST) if replace => {
            file::unlinkat(base, name, AtFlags::empty())?;
            Ok(file::symlinkat(target, base, name)?)
        }
        Ok(()) | Err(Errno::EEXIST) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}
