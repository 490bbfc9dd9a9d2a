//! Finding and making places in a root that an adversary may change meanwhile.

use crate::fault::{Fault, Obstacle};
use casemate_sys::file::{self, Device, OpenFlags, Resolve};
use casemate_sys::stat::FileType;
use casemate_sys::{Errno, Fd, FdRef};
use core::ffi::CStr;

/// A place in the root.
pub(crate) struct Place {
    /// Opened with `O_PATH`.
    pub(crate) fd: Fd,
    /// Whether a symbolic link was on the way: then mountinfo shows another path.
    pub(crate) linked: bool,
    /// Whether it was made just now.
    pub(crate) made: bool,
}

/// Whether symbolic links are followed, inside of the root.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    /// As if the root were `/`.
    Followed,
    /// They are refused.
    Refused,
}

/// How often a resolution is tried again that renames elsewhere have disturbed.
const TRIES: usize = 128;

/// Longest path, `PATH_MAX`.
const PATH: usize = 4096;

/// openat2(2), again when a rename has made the kernel unsure whether the root was left.
fn resolve(root: FdRef<'_>, path: &CStr, flags: OpenFlags, how: Resolve) -> Result<Fd, Errno> {
    let path = if path.is_empty() { c"." } else { path };
    for _ in 1..TRIES {
        match file::openat2(root, path, flags, 0, how) {
            Err(Errno::EAGAIN) => {}
            result => return result,
        }
    }
    file::openat2(root, path, flags, 0, how)
}

/// Opens what is at a path of the root.
pub(crate) fn open(root: FdRef<'_>, path: &CStr, links: Links) -> Result<Place, Fault> {
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC;
    let place = |fd, linked| Place {
        fd,
        linked,
        made: false,
    };
    match resolve(root, path, flags, Resolve::IN_ROOT | Resolve::NO_SYMLINKS) {
        Ok(fd) => Ok(place(fd, false)),
        Err(Errno::ELOOP) if links == Links::Refused => Err(Fault::Obstacle(Obstacle::Link)),
        Err(Errno::ELOOP) => {
            let how = Resolve::IN_ROOT | Resolve::NO_MAGICLINKS;
            Ok(place(resolve(root, path, flags, how)?, true))
        }
        Err(errno) => Err(errno.into()),
    }
}

/// Opens what is at a path of the root, if there is something.
pub(crate) fn open_if_there(root: FdRef<'_>, path: &CStr) -> Result<Option<Place>, Fault> {
    match open(root, path, Links::Followed) {
        Ok(place) => Ok(Some(place)),
        Err(Fault::Call(Errno::ENOENT | Errno::ENOTDIR)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What is made where nothing is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A directory.
    Directory,
    /// An empty file.
    File,
}

/// Opens a place of the root, and makes what is missing of it.
pub(crate) fn open_or_make(
    root: FdRef<'_>,
    path: &CStr,
    links: Links,
    shape: impl FnOnce() -> Result<Shape, Fault>,
) -> Result<Place, Fault> {
    match open(root, path, links) {
        Err(Fault::Call(Errno::ENOENT)) => make(root, path, links, shape()?),
        result => result,
    }
}

/// Makes a path: what exists is opened in the root, and what is missing is made below what was opened last.
///
/// A name that turns up meanwhile, or a link to nothing, is refused: making what a link names is how directories came to
/// be made on the host (CVE-2024-45310).
fn make(root: FdRef<'_>, path: &CStr, links: Links, shape: Shape) -> Result<Place, Fault> {
    let bytes = path.to_bytes();
    let mut parent: Option<Place> = None;
    let mut missing = false;
    let mut start = 0;
    while start < bytes.len() {
        let rest = bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| *byte == b'/')
            .unwrap_or(rest.len());
        let end = start + length;
        let name = rest.get(..length).unwrap_or_default();
        start = end + 1;
        if name.is_empty() {
            continue;
        }
        if !missing {
            match open(root, &text(bytes.get(..end).unwrap_or_default())?, links) {
                Ok(place) => {
                    parent = Some(place);
                    continue;
                }
                Err(Fault::Call(Errno::ENOENT)) => missing = true,
                Err(fault) => return Err(fault),
            }
        }
        let last = bytes
            .get(end..)
            .unwrap_or_default()
            .iter()
            .all(|byte| *byte == b'/');
        let shape = if last { shape } else { Shape::Directory };
        let (above, linked) = match &parent {
            Some(place) => (place.fd.as_fd(), place.linked),
            None => (root, false),
        };
        let fd = make_one(above, &text(name)?, shape)?;
        parent = Some(Place {
            fd,
            linked,
            made: true,
        });
    }
    parent.ok_or(Fault::Plan)
}

/// Makes one name in a directory and opens it.
fn make_one(above: FdRef<'_>, name: &CStr, shape: Shape) -> Result<Fd, Fault> {
    let made = match shape {
        Shape::Directory => file::mkdirat(above, name, 0o755),
        Shape::File => make_file(above, name),
    };
    match made {
        Ok(()) => {}
        Err(Errno::EEXIST) => return Err(Fault::Obstacle(Obstacle::Dangling)),
        Err(errno) => return Err(errno.into()),
    }
    open_name(above, name)
}

/// Makes an empty file.
pub(crate) fn make_file(above: FdRef<'_>, name: &CStr) -> Result<(), Errno> {
    let none = Device { major: 0, minor: 0 };
    file::mknodat(above, name, FileType::Regular.bits() | 0o644, none)
}

/// Opens a name of a directory, which must not be a link.
pub(crate) fn open_name(above: FdRef<'_>, name: &CStr) -> Result<Fd, Fault> {
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW;
    match resolve(above, name, flags, Resolve::BENEATH | Resolve::NO_SYMLINKS) {
        Err(Errno::ELOOP) => Err(Fault::Obstacle(Obstacle::Link)),
        result => Ok(result?),
    }
}

/// Text with a NUL at its end.
struct Text([u8; PATH]);

impl core::ops::Deref for Text {
    type Target = CStr;

    fn deref(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }
}

fn text(bytes: &[u8]) -> Result<Text, Fault> {
    let mut text = [0; PATH];
    let room = text.get_mut(..bytes.len()).filter(|room| room.len() < PATH);
    room.ok_or(Fault::Call(Errno::ENAMETOOLONG))?
        .copy_from_slice(bytes);
    Ok(Text(text))
}
