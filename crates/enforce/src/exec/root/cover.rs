//! Paths that are hidden or made read-only.

use super::attach::{attach, new_mount};
use super::place;
use crate::fault::{Fault, Obstacle};
use crate::outside::{Slots, leave_open};
use crate::step::{ROOT, Slot, Texts};
use casemate_sys::file::{self, AtFlags, Device, OpenFlags};
use casemate_sys::mount::{self, MountAttr, SetAttr, Tree};
use casemate_sys::stat::{self, FileType};
use casemate_sys::{CWD, Errno, FdRef};
use core::ffi::CStr;

/// `/dev/null`, linux/major.h and drivers/char/mem.c.
const NULL: Device = Device { major: 1, minor: 3 };

/// Opens the host's null device. The image's is never used: it may be a link to anything (CVE-2025-31133).
pub(crate) fn open_null(slots: &mut Slots, slot: Slot) -> Result<(), Fault> {
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW;
    let null = file::openat(CWD, c"/dev/null", flags, 0)?;
    let found = stat::fstat(null.as_fd())?;
    if found.kind != Some(FileType::Character) || found.special != NULL {
        return Err(Fault::Obstacle(Obstacle::NotNull));
    }
    slots.put(slot, null)
}

/// Covers a path with the null device, or, if it is a directory, with an empty one.
///
/// What it is need not be asked: the kernel refuses to cover a directory with a file, and the copy serves the next file.
pub(crate) fn cover(slots: &mut Slots, path: &CStr, null: Slot, empty: Slot) -> Result<(), Fault> {
    let Some(target) = place::open_if_there(slots.get(ROOT)?, path)? else {
        return Ok(());
    };
    let spare = null + 1;
    if slots.get(spare).is_err() {
        let copy = copy(slots.get(null)?, Tree::Clone)?;
        slots.put(spare, copy)?;
    }
    match attach(slots.get(spare)?, target.fd.as_fd()) {
        Ok(()) => slots.empty(spare),
        // What the kernel says to a file over a directory; whatever else it may mean fails again.
        Err(Errno::EINVAL) => cover_directory(slots, target.fd.as_fd(), empty)?,
        Err(errno) => return Err(errno.into()),
    }
    leave_open(target.fd);
    Ok(())
}

/// All covered directories are one and the same: a file system is made once.
fn cover_directory(slots: &mut Slots, target: FdRef<'_>, empty: Slot) -> Result<(), Fault> {
    if let Ok(first) = slots.get(empty) {
        let copy = copy(first, Tree::Clone)?;
        attach(copy.as_fd(), target)?;
        leave_open(copy);
        return Ok(());
    }
    let closed = MountAttr::RDONLY | MountAttr::NOSUID | MountAttr::NODEV | MountAttr::NOEXEC;
    let made = new_mount(c"tmpfs", c"tmpfs", Texts::default(), closed)?;
    attach(made.as_fd(), target)?;
    slots.put(empty, made)
}

fn copy(of: FdRef<'_>, tree: Tree) -> Result<casemate_sys::Fd, Errno> {
    mount::open_tree(of, c"", tree, AtFlags::EMPTY_PATH)
}

/// Mounts a path over itself, read-only with all mounts below.
pub(crate) fn protect(slots: &Slots, path: &CStr) -> Result<(), Fault> {
    let Some(target) = place::open_if_there(slots.get(ROOT)?, path)? else {
        return Ok(());
    };
    let copy = copy(target.fd.as_fd(), Tree::CloneRecursive)?;
    let below = AtFlags::EMPTY_PATH | AtFlags::RECURSIVE;
    mount::mount_setattr(copy.as_fd(), c"", below, SetAttr::set(MountAttr::RDONLY))?;
    attach(copy.as_fd(), target.fd.as_fd())?;
    leave_open(copy);
    leave_open(target.fd);
    Ok(())
}
