//! Mounts of a container: made where nothing can reach them, attached at a place that was resolved in the root.

use super::place::{self, Links, Shape};
use super::{copy, procfs};
use crate::fault::{Fault, Obstacle};
use crate::mounts::set_option;
use crate::outside::{Slots, leave_open};
use crate::step::{
    ATTACH_IS_PROC, ATTACH_KEEP_MODE, ATTACH_NO_LINKS, Borrowed, Change, ROOT, Slot, Step, Texts,
};
use casemate_sys::file::{self, AtFlags};
use casemate_sys::mount::{self, Config, MountAttr, MoveMount};
use casemate_sys::stat::{self, FileType};
use casemate_sys::{Errno, Fd, FdRef};
use core::ffi::CStr;

/// Makes a file system.
pub(crate) fn make_mount(slots: &mut Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::MakeMount {
        kind,
        source,
        options,
        attributes,
        slot,
        ..
    } = step
    else {
        return Err(Fault::Plan);
    };
    slots.empty(*slot);
    let made = new_mount(kind, source, *options, MountAttr::from_bits(*attributes))?;
    slots.put(*slot, made)
}

pub(crate) fn new_mount(
    kind: &CStr,
    source: &CStr,
    options: Texts<'_>,
    attributes: MountAttr,
) -> Result<Fd, Fault> {
    let context = mount::fsopen(kind)?;
    if !source.is_empty() {
        mount::fsconfig(context.as_fd(), Config::String(c"source", source))?;
    }
    for (index, option) in (0u8..).zip(options.iter()) {
        match set_option(context.as_fd(), option) {
            Err(Fault::Call(errno)) => return Err(Fault::Option(index, errno)),
            result => result?,
        }
    }
    mount::fsconfig(context.as_fd(), Config::Create)?;
    let made = mount::fsmount(context.as_fd(), attributes)?;
    leave_open(context);
    Ok(made)
}

/// Changes a mount that is made, and those below.
pub(crate) fn change(mount: FdRef<'_>, change: Change, recursive: bool) -> Result<(), Fault> {
    let flags = if recursive {
        AtFlags::EMPTY_PATH | AtFlags::RECURSIVE
    } else {
        AtFlags::EMPTY_PATH
    };
    copy::set(mount, change, None, flags)
}

/// Attaches a mount in the root.
pub(crate) fn attach_in(slots: &mut Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::AttachIn {
        slot,
        path,
        flags,
        rule,
    } = step
    else {
        return Err(Fault::Plan);
    };
    let root = slots.get(ROOT)?;
    let mount = slots.get(*slot)?;
    let links = if flags & ATTACH_NO_LINKS == 0 {
        Links::Followed
    } else {
        Links::Refused
    };
    if flags & ATTACH_IS_PROC != 0 && !procfs::is_root(mount)? {
        return Err(Fault::Obstacle(Obstacle::NotProc));
    }
    let target = place::open_or_make(root, path, links, || shape(mount))?;
    // The planner has looked at the path, and a link leads around it.
    if target.linked && procfs::is_below(target.fd.as_fd())? {
        return Err(Fault::Obstacle(Obstacle::InProc));
    }
    if flags & ATTACH_KEEP_MODE != 0 && !target.made {
        let mode = stat::fstat(target.fd.as_fd())?.mode;
        file::fchmodat(mount, c".", u32::from(mode))?;
    }
    if let Err(errno) = attach(mount, target.fd.as_fd()) {
        return Err(mismatch(mount, target.fd.as_fd(), errno));
    }
    if target.linked {
        let id = stat::fstat(mount)?.mount_id.ok_or(Fault::Plan)?;
        slots.note_linked(*rule, id)?;
    }
    leave_open(target.fd);
    Ok(())
}

/// Says why the kernel refused to attach: among others, a directory can only cover a directory.
fn mismatch(mount: FdRef<'_>, target: FdRef<'_>, errno: Errno) -> Fault {
    match (shape(mount), shape(target)) {
        (Ok(Shape::Directory), Ok(Shape::File)) => Fault::Obstacle(Obstacle::NotDirectory),
        (Ok(Shape::File), Ok(Shape::Directory)) => Fault::Obstacle(Obstacle::NotFile),
        _ => errno.into(),
    }
}

/// What a mount covers.
fn shape(mount: FdRef<'_>) -> Result<Shape, Fault> {
    Ok(match stat::fstat(mount)?.kind {
        Some(FileType::Directory) => Shape::Directory,
        _ => Shape::File,
    })
}

/// Attaches a mount to a place, both by descriptor.
pub(crate) fn attach(mount: FdRef<'_>, target: FdRef<'_>) -> Result<(), Errno> {
    mount::move_mount(
        (mount, c""),
        (target, c""),
        MoveMount::F_EMPTY_PATH | MoveMount::T_EMPTY_PATH,
    )
}

/// Attaches a mount to a name in a file system that this process made and that nobody else can change yet.
pub(crate) fn attach_fresh(
    slots: &Slots,
    slot: Slot,
    base: Slot,
    name: &CStr,
) -> Result<(), Fault> {
    let (mount, base) = (slots.get(slot)?, slots.get(base)?);
    let made = match shape(mount)? {
        Shape::Directory => file::mkdirat(base, name, 0o755),
        Shape::File => place::make_file(base, name),
    };
    match made {
        Ok(()) | Err(Errno::EEXIST) => {}
        Err(errno) => return Err(errno.into()),
    }
    Ok(mount::move_mount(
        (mount, c""),
        (base, name),
        MoveMount::F_EMPTY_PATH,
    )?)
}

/// Opens a directory of the root, making what is missing.
pub(crate) fn open_directory(slots: &mut Slots, path: &CStr, slot: Slot) -> Result<(), Fault> {
    let root = slots.get(ROOT)?;
    let place = place::open_or_make(root, path, Links::Followed, || Ok(Shape::Directory))?;
    slots.put(slot, place.fd)
}
