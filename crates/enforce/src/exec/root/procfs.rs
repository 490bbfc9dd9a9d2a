//! A procfs of the launcher's own. Writes with privilege go through it and never through the container's /proc, which a
//! configuration or a volume can make lead anywhere (CVE-2019-16884, CVE-2019-19921, CVE-2025-52881).

use crate::fault::{Fault, Obstacle};
use crate::outside::{Slots, leave_open};
use crate::step::{NO_SLOT, Slot, Texts};
use casemate_sys::file::{self, AtFlags, OpenFlags, Resolve};
use casemate_sys::mount::{self, MountAttr, Tree};
use casemate_sys::stat::{self, magic};
use casemate_sys::{CWD, Errno, Fd, FdRef};
use core::ffi::CStr;

/// Inode number of the root of a procfs, `PROC_ROOT_INO` of linux/proc_ns.h.
const ROOT_INODE: u64 = 1;

/// Opens a procfs. A copy of the container's has nothing of what is mounted over that one.
pub(crate) fn open(slots: &mut Slots, of: Slot, slot: Slot) -> Result<(), Fault> {
    if of != NO_SLOT {
        let copy = mount::open_tree(slots.get(of)?, c"", Tree::Clone, AtFlags::EMPTY_PATH)?;
        return slots.put(slot, copy);
    }
    let attributes = MountAttr::NOSUID | MountAttr::NODEV | MountAttr::NOEXEC;
    let made = super::attach::new_mount(c"proc", c"", Texts::default(), attributes);
    let proc = match made {
        // A user namespace without its own pid namespace, or below covered mounts, may not have a new one. The host's
        // own is at hand: it is taken for one only if it is.
        Err(Fault::Call(Errno::EPERM)) => of_host()?,
        made => made?,
    };
    slots.put(slot, proc)
}

/// Opens the host's procfs, and looks that it is one.
fn of_host() -> Result<Fd, Fault> {
    let flags = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW;
    let proc = file::openat(CWD, c"/proc", flags, 0)?;
    if is_root(proc.as_fd())? {
        Ok(proc)
    } else {
        Err(Fault::Obstacle(Obstacle::NotProc))
    }
}

/// Whether a place is the root of a procfs.
pub(crate) fn is_root(place: FdRef<'_>) -> Result<bool, Errno> {
    let is_proc = stat::fstatfs(place)?.magic == magic::PROC;
    Ok(is_proc && stat::fstat(place)?.inode == ROOT_INODE)
}

/// Whether a place is in a procfs, below its root.
pub(crate) fn is_below(place: FdRef<'_>) -> Result<bool, Errno> {
    let is_proc = stat::fstatfs(place)?.magic == magic::PROC;
    Ok(is_proc && stat::fstat(place)?.inode != ROOT_INODE)
}

/// Opens a file of the procfs, which nothing may be mounted over.
pub(crate) fn open_file(proc: FdRef<'_>, path: &CStr, flags: OpenFlags) -> Result<Fd, Fault> {
    let how = Resolve::BENEATH | Resolve::NO_XDEV | Resolve::NO_MAGICLINKS;
    match file::openat2(proc, path, flags | OpenFlags::CLOEXEC, 0, how) {
        Err(Errno::EXDEV) => Err(Fault::Obstacle(Obstacle::Overmounted)),
        result => Ok(result?),
    }
}

/// Writes a whole value in one call.
pub(crate) fn write(proc: FdRef<'_>, path: &CStr, value: &[u8]) -> Result<(), Fault> {
    let file = open_file(proc, path, OpenFlags::WRONLY)?;
    let written = file::write(file.as_fd(), value)?;
    leave_open(file);
    if written == value.len() {
        Ok(())
    } else {
        Err(Fault::Call(Errno::EIO))
    }
}
