//! The new root's place in the namespace, and going there.

use super::attach;
use crate::fault::Fault;
use crate::outside::{Slots, leave_open};
use crate::step::{ENTER_CHROOT, ENTER_MOVE, ENTER_PIVOT, ROOT};
use casemate_sys::file::{self, AtFlags, OpenFlags};
use casemate_sys::mount::{self, MountAttr, MoveMount, Propagation, SetAttr, UmountFlags};
use casemate_sys::{CWD, Errno, FdRef, process};
use core::ffi::CStr;

/// Changes the propagation of the mounts of this namespace.
pub(crate) fn propagate(propagation: u64, recursive: u8) -> Result<(), Fault> {
    let flags = if recursive == 1 {
        AtFlags::RECURSIVE
    } else {
        AtFlags::empty()
    };
    let propagation = Propagation::from_bits(propagation).ok_or(Fault::Plan)?;
    Ok(mount::mount_setattr(CWD, c"/", flags, only(propagation))?)
}

fn only(propagation: Propagation) -> SetAttr<'static> {
    SetAttr {
        propagation: Some(propagation),
        ..SetAttr::set(MountAttr::empty())
    }
}

/// Puts the new root over its directory, unless it stays in no namespace. Hooks of the container look for it there.
pub(crate) fn attach_root(slots: &mut Slots, path: &CStr, private: bool) -> Result<(), Fault> {
    // What is made in the root has the mode that the configuration says.
    process::umask(0)?;
    if path.is_empty() {
        return Ok(());
    }
    let root = slots.get(ROOT)?;
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC | OpenFlags::DIRECTORY;
    match file::openat(CWD, path, flags, 0) {
        Ok(place) => {
            if private {
                make_private(place.as_fd())?;
            }
            attach::attach(root, place.as_fd())?;
            leave_open(place);
            Ok(())
        }
        // The root of a user namespace need not be able to reach the directory that its root was copied from. Then the
        // root is put where it can be in any case: over `/`, from which absolute paths still start below it.
        Err(Errno::EACCES) if !private => Ok(mount::move_mount(
            (root, c""),
            (CWD, c"/"),
            MoveMount::F_EMPTY_PATH,
        )?),
        Err(errno) => Err(errno.into()),
    }
}

/// How far up the root of the mount is looked for.
const LEVELS: usize = 256;

/// Makes the mount in which a place lies private: what is attached there is then seen by nobody else.
fn make_private(place: FdRef<'_>) -> Result<(), Fault> {
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC | OpenFlags::DIRECTORY;
    let mut at = file::openat(place, c".", flags, 0)?;
    for _ in 0..LEVELS {
        let change = only(Propagation::Private);
        match mount::mount_setattr(at.as_fd(), c"", AtFlags::EMPTY_PATH, change) {
            Ok(()) => return Ok(()),
            // Not the root of a mount.
            Err(Errno::EINVAL) => at = file::openat(at.as_fd(), c"..", flags, 0)?,
            Err(errno) => return Err(errno.into()),
        }
    }
    Err(Fault::Call(Errno::EINVAL))
}

/// Makes the new root the root.
pub(crate) fn enter(slots: &Slots, how: u8, shared: bool) -> Result<(), Fault> {
    process::umask(0o022)?;
    process::fchdir(slots.get(ROOT)?)?;
    match how {
        ENTER_PIVOT => {
            // The old root ends up over the new one, and is taken off there.
            mount::pivot_root(c".", c".")?;
            if shared {
                // Else the host would lose its mounts, too.
                mount::mount_setattr(CWD, c".", AtFlags::RECURSIVE, only(Propagation::Slave))?;
            }
            mount::umount2(c".", UmountFlags::DETACH)?;
        }
        ENTER_MOVE => {
            mount::move_mount(
                (slots.get(ROOT)?, c""),
                (CWD, c"/"),
                MoveMount::F_EMPTY_PATH,
            )?;
            mount::chroot(c".")?;
        }
        ENTER_CHROOT => mount::chroot(c".")?,
        _ => return Err(Fault::Plan),
    }
    Ok(process::chdir(c"/")?)
}
