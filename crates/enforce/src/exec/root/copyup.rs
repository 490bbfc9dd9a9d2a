//! `tmpcopyup`: a temporary file system starts with what is below it.

use super::place;
use crate::fault::{Fault, Obstacle};
use crate::outside::Slots;
use crate::step::{ROOT, Slot};
use casemate_sys::file::{self, AtFlags, OpenFlags};
use casemate_sys::stat::{self, FileType, Stat};
use casemate_sys::{Errno, Fd, FdRef, dir};
use core::ffi::CStr;

/// How deep directories may lie in one another: each takes two descriptors and a buffer of the stack.
const DEPTH: usize = 40;

/// Most bytes that one call copies; the kernel's own bound is 2 GiB less a page.
const PIECE: usize = 1 << 30;

/// Copies what is at a path of the root, if there is something, into the root of a mount.
pub(crate) fn copy_up(slots: &Slots, slot: Slot, path: &CStr) -> Result<(), Fault> {
    let Some(place) = place::open_if_there(slots.get(ROOT)?, path)? else {
        return Ok(());
    };
    let from = directory(place.fd.as_fd(), c".")?;
    let to = directory(slots.get(slot)?, c".")?;
    let found = stat::fstat(from.as_fd())?;
    entries(from.as_fd(), to.as_fd(), DEPTH)?;
    Ok(file::fchown(to.as_fd(), Some(found.uid), Some(found.gid))?)
}

fn directory(at: FdRef<'_>, name: &CStr) -> Result<Fd, Errno> {
    let flags = OpenFlags::RDONLY | OpenFlags::DIRECTORY | OpenFlags::NOFOLLOW | OpenFlags::CLOEXEC;
    file::openat(at, name, flags, 0)
}

fn entries(from: FdRef<'_>, to: FdRef<'_>, depth: usize) -> Result<(), Fault> {
    let deeper = depth
        .checked_sub(1)
        .ok_or(Fault::Obstacle(Obstacle::TooDeep))?;
    let mut buffer = [0; 2048];
    loop {
        let names = dir::getdents(from, &mut buffer)?;
        if names.is_empty() {
            return Ok(());
        }
        for entry in names {
            if entry.name != c"." && entry.name != c".." {
                one(from, to, entry.name, deeper)?;
            }
        }
    }
}

fn one(from: FdRef<'_>, to: FdRef<'_>, name: &CStr, depth: usize) -> Result<(), Fault> {
    let found = stat::fstatat(from, name, AtFlags::SYMLINK_NOFOLLOW)?;
    match found.kind {
        Some(FileType::Directory) => {
            file::mkdirat(to, name, 0o700)?;
            let (below, copy) = (directory(from, name)?, directory(to, name)?);
            entries(below.as_fd(), copy.as_fd(), depth)?;
        }
        Some(FileType::Regular) => regular(from, to, name)?,
        Some(FileType::Symlink) => {
            let mut target = [0; 4096];
            let length = file::readlinkat(from, name, &mut target)?.len();
            if length == target.len() {
                return Err(Fault::Call(Errno::ENAMETOOLONG));
            }
            let target = CStr::from_bytes_until_nul(&target).map_err(|_| Fault::Plan)?;
            file::symlinkat(target, to, name)?;
        }
        Some(kind) => {
            let mode = kind.bits() | u32::from(found.mode);
            file::mknodat(to, name, mode, found.special)?;
        }
        None => return Err(Fault::Call(Errno::EINVAL)),
    }
    settle(to, name, &found)
}

/// Copies the content of a file, which must still be one.
fn regular(from: FdRef<'_>, to: FdRef<'_>, name: &CStr) -> Result<(), Fault> {
    let flags = OpenFlags::NOFOLLOW | OpenFlags::CLOEXEC | OpenFlags::NONBLOCK;
    let source = file::openat(from, name, flags | OpenFlags::RDONLY, 0)?;
    if stat::fstat(source.as_fd())?.kind != Some(FileType::Regular) {
        return Err(Fault::Obstacle(Obstacle::OtherFile));
    }
    let new = flags | OpenFlags::WRONLY | OpenFlags::CREAT | OpenFlags::EXCL;
    let copy = file::openat(to, name, new, 0o600)?;
    while file::sendfile(copy.as_fd(), source.as_fd(), PIECE)? > 0 {}
    Ok(())
}

/// Owner first: its change takes set-user-id bits away.
fn settle(to: FdRef<'_>, name: &CStr, found: &Stat) -> Result<(), Fault> {
    let flags = AtFlags::SYMLINK_NOFOLLOW;
    file::fchownat(to, name, Some(found.uid), Some(found.gid), flags)?;
    if found.kind != Some(FileType::Symlink) {
        file::fchmodat(to, name, u32::from(found.mode))?;
    }
    Ok(())
}
