//! The root that the program sees. Everything goes by descriptor: a mount is made where nothing can reach it, and then
//! attached.

use crate::fault::Fault;
use crate::outside::{Slots, leave_open};
use crate::root;
use crate::step::{Borrowed, NO_SLOT, ROOT, Step, Texts};
use casemate_sys::file::{self, AtFlags, OpenFlags, Resolve};
use casemate_sys::mount::{
    self, Config, MountAttr, MoveMount, Propagation, SetAttr, Tree, UmountFlags,
};
use casemate_sys::{CWD, Errno, Fd, FdRef, process};
use core::ffi::CStr;

/// Executes a step of the root.
pub(crate) fn step(slots: &mut Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    match step {
        Step::CutPropagation {} => {
            let change = SetAttr {
                propagation: Some(Propagation::Private),
                ..SetAttr::set(MountAttr::empty())
            };
            Ok(mount::mount_setattr(CWD, c"/", AtFlags::RECURSIVE, change)?)
        }
        Step::NewMount {
            kind,
            options,
            attributes,
            slot,
        } => {
            slots.empty(*slot);
            let made = new_mount(kind, *options, MountAttr::from_bits(*attributes))?;
            slots.put(*slot, made)
        }
        Step::CloneTree { .. } => clone_tree(slots, step),
        Step::AttachRoot {} => {
            let root = slots.get(ROOT)?;
            // Over the old root: a place that always exists. Paths from `/` still start below it.
            mount::move_mount((root, c""), (CWD, c"/"), MoveMount::F_EMPTY_PATH)?;
            Ok(process::fchdir(root)?)
        }
        Step::MakeDirectory { path, mode } => Ok(file::mkdirat(slots.get(ROOT)?, path, *mode)?),
        Step::MakeFile { path, content } => make_file(slots.get(ROOT)?, path, content),
        Step::MakeLink { path, target } => Ok(file::symlinkat(target, slots.get(ROOT)?, path)?),
        Step::Attach { slot, path } => {
            let from = (slots.get(*slot)?, c"");
            Ok(mount::move_mount(
                from,
                (slots.get(ROOT)?, path),
                MoveMount::F_EMPTY_PATH,
            )?)
        }
        Step::AttachChecked { slot, path } => {
            let target = open_below(slots.get(ROOT)?, path)?;
            attach(slots.get(*slot)?, target.as_fd())
        }
        Step::Mask { cover, path } => mask(slots, cover, path),
        Step::Protect { path } => {
            let root = slots.get(ROOT)?;
            let copy =
                mount::open_tree(root, path, Tree::CloneRecursive, AtFlags::SYMLINK_NOFOLLOW)?;
            let below = AtFlags::EMPTY_PATH | AtFlags::RECURSIVE;
            mount::mount_setattr(copy.as_fd(), c"", below, SetAttr::set(MountAttr::RDONLY))?;
            mount::move_mount((copy.as_fd(), c""), (root, path), MoveMount::F_EMPTY_PATH)?;
            leave_open(copy);
            Ok(())
        }
        Step::SetMount {
            path,
            recursive,
            attributes,
        } => {
            let mut flags = if path.is_empty() {
                AtFlags::EMPTY_PATH
            } else {
                AtFlags::SYMLINK_NOFOLLOW
            };
            if *recursive == 1 {
                flags |= AtFlags::RECURSIVE;
            }
            Ok(mount::mount_setattr(
                slots.get(ROOT)?,
                path,
                flags,
                SetAttr::set(MountAttr::from_bits(*attributes)),
            )?)
        }
        Step::SetSysctl { path, value } => {
            let fd = file::openat2(
                slots.get(ROOT)?,
                path,
                OpenFlags::WRONLY | OpenFlags::CLOEXEC,
                0,
                Resolve::NO_SYMLINKS,
            )?;
            let written = file::write(fd.as_fd(), value.to_bytes())?;
            if written == value.to_bytes().len() {
                Ok(())
            } else {
                Err(Fault::Call(Errno::EIO))
            }
        }
        Step::PivotRoot {} => pivot_root(slots.get(ROOT)?),
        _ => root::step(slots, step),
    }
}

fn new_mount(kind: &CStr, options: Texts<'_>, attributes: MountAttr) -> Result<Fd, Fault> {
    let context = mount::fsopen(kind)?;
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

/// Passes `key=value` or `key`.
pub(crate) fn set_option(context: FdRef<'_>, option: &CStr) -> Result<(), Fault> {
    let bytes = option.to_bytes_with_nul();
    let Some(at) = bytes.iter().position(|byte| *byte == b'=') else {
        return Ok(mount::fsconfig(context, Config::Flag(option))?);
    };
    let mut key = [0; 32];
    key.get_mut(..at)
        .ok_or(Fault::Plan)?
        .copy_from_slice(bytes.get(..at).ok_or(Fault::Plan)?);
    let key = CStr::from_bytes_until_nul(&key).map_err(|_| Fault::Plan)?;
    let value = CStr::from_bytes_with_nul(bytes.get(at + 1..).ok_or(Fault::Plan)?)
        .map_err(|_| Fault::Plan)?;
    Ok(mount::fsconfig(context, Config::String(key, value))?)
}

/// Copies mounts of the host.
pub(crate) fn clone_tree(slots: &mut Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::CloneTree {
        source,
        checked,
        recursive,
        attributes,
        idmap,
        slot,
    } = step
    else {
        return Err(Fault::Plan);
    };
    slots.empty(*slot);
    let tree = if *recursive == 1 {
        Tree::CloneRecursive
    } else {
        Tree::Clone
    };
    let copy = if *checked == 1 {
        let flags = OpenFlags::PATH | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW;
        let place = file::openat2(CWD, source, flags, 0, Resolve::NO_SYMLINKS)?;
        mount::open_tree(place.as_fd(), c"", tree, AtFlags::EMPTY_PATH)?
    } else {
        mount::open_tree(CWD, source, tree, AtFlags::empty())?
    };
    let below = if *recursive == 1 {
        AtFlags::EMPTY_PATH | AtFlags::RECURSIVE
    } else {
        AtFlags::EMPTY_PATH
    };
    if *attributes != 0 {
        mount::mount_setattr(
            copy.as_fd(),
            c"",
            below,
            SetAttr::set(MountAttr::from_bits(*attributes)),
        )?;
    }
    if *idmap != NO_SLOT {
        map_ids(copy.as_fd(), slots.get(*idmap)?)?;
    }
    slots.put(*slot, copy)
}

/// Has the ids on disk seen as the program's own.
///
/// A file system that cannot do that is no failure: the program then has less access than was granted, never more.
fn map_ids(copy: FdRef<'_>, namespace: FdRef<'_>) -> Result<(), Fault> {
    let change = SetAttr {
        userns: Some(namespace),
        ..SetAttr::set(MountAttr::IDMAP)
    };
    match mount::mount_setattr(copy, c"", AtFlags::EMPTY_PATH, change) {
        Ok(()) | Err(Errno::EINVAL | Errno::EOPNOTSUPP) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

/// Opens a path in a tree that the host or the program's own files make up: no link is followed, nothing outside reached.
fn open_below(root: FdRef<'_>, path: &CStr) -> Result<Fd, Fault> {
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW;
    Ok(file::openat2(
        root,
        path,
        flags,
        0,
        Resolve::BENEATH | Resolve::NO_SYMLINKS | Resolve::NO_MAGICLINKS,
    )?)
}

fn attach(mount: FdRef<'_>, target: FdRef<'_>) -> Result<(), Fault> {
    Ok(mount::move_mount(
        (mount, c""),
        (target, c""),
        MoveMount::F_EMPTY_PATH | MoveMount::T_EMPTY_PATH,
    )?)
}

fn make_file(root: FdRef<'_>, path: &CStr, content: &[u8]) -> Result<(), Fault> {
    if content.is_empty() {
        return Ok(file::mknodat(
            root,
            path,
            REGULAR | 0o644,
            file::Device { major: 0, minor: 0 },
        )?);
    }
    let flags = OpenFlags::WRONLY | OpenFlags::CREAT | OpenFlags::EXCL | OpenFlags::CLOEXEC;
    let made = file::openat(root, path, flags, 0o644)?;
    Ok(file::write_all(made.as_fd(), content)?)
}

/// `S_IFREG`.
const REGULAR: u32 = 0o100_000;

/// Covers a file with a device that is empty, and a directory with one that is.
fn mask(slots: &mut Slots, cover: &CStr, path: &CStr) -> Result<(), Fault> {
    let root = slots.get(ROOT)?;
    let copy = if cover.is_empty() {
        let attributes =
            MountAttr::RDONLY | MountAttr::NOSUID | MountAttr::NODEV | MountAttr::NOEXEC;
        new_mount(c"tmpfs", Texts::default(), attributes)?
    } else {
        mount::open_tree(root, cover, Tree::Clone, AtFlags::SYMLINK_NOFOLLOW)?
    };
    if cover.to_bytes().starts_with(b"/") {
        let attributes = MountAttr::NOSUID | MountAttr::NOEXEC;
        mount::mount_setattr(
            copy.as_fd(),
            c"",
            AtFlags::EMPTY_PATH,
            SetAttr::set(attributes),
        )?;
    }
    mount::move_mount((copy.as_fd(), c""), (root, path), MoveMount::F_EMPTY_PATH)?;
    leave_open(copy);
    Ok(())
}

fn pivot_root(root: FdRef<'_>) -> Result<(), Fault> {
    process::fchdir(root)?;
    // The old root ends up over the new one, and is taken off there.
    mount::pivot_root(c".", c".")?;
    mount::umount2(c".", UmountFlags::DETACH)?;
    Ok(process::chdir(c"/")?)
}
