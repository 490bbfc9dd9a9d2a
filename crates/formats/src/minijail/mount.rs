//! Values that name mounts: `-b`, `-k`, `-t`.

use crate::launched::mounts::{Mounts, clean};
use casemate_model::facets::binds::Extra;
use casemate_model::facets::files::Access;
use casemate_model::lattice::Limit;
use std::path::Path;

/// The size of /tmp unless one is given.
const TMP: u64 = 64 << 20;

/// What a mount is that was carried over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mounted {
    Files,
    Proc,
    Sys {
        writable: bool,
    },
    /// A kind of file system that the model has no place for.
    Other,
}

/// `SOURCE[,PLACE[,WRITABLE]]`.
pub(super) fn bind(value: &str, mounts: &mut Mounts) -> Option<()> {
    let parts: Vec<&str> = value.split(',').collect();
    let source = parts.first().copied().filter(|source| !source.is_empty())?;
    let at = parts.get(1).copied().filter(|at| !at.is_empty());
    let access = match parts.get(2).copied() {
        None | Some("" | "0") => Access::RUN,
        Some("1") => Access::FULL,
        Some(_) => return None,
    };
    if parts.len() > 3 {
        return None;
    }
    mounts.bind(source, at.unwrap_or(source), access, Extra::ALL);
    Some(())
}

/// `SOURCE,PLACE,TYPE[,FLAGS[,DATA]]`.
pub(super) fn mount(value: &str, mounts: &mut Mounts) -> Option<Mounted> {
    let mut parts = value.splitn(5, ',');
    let (source, at, kind) = (parts.next()?, parts.next()?, parts.next()?);
    if source.is_empty() || at.is_empty() || kind.is_empty() {
        return None;
    }
    let flags = flags(parts.next().unwrap_or(""))?;
    let data = parts.next().unwrap_or("");
    let read_only = flags & 1 != 0;
    let access = match (read_only, flags & 8 != 0) {
        (true, true) => Access::READ,
        (true, false) => Access::RUN,
        (false, true) => Access::WRITE,
        (false, false) => Access::FULL,
    };
    if flags & 0x1000 != 0 {
        let mut extra = Extra::NONE;
        if flags & 4 == 0 {
            extra = extra.union(Extra::DEVICES);
        }
        if flags & 2 == 0 {
            extra = extra.union(Extra::SETUID);
        }
        mounts.bind(source, at, access, extra);
        return Some(Mounted::Files);
    }
    match kind {
        "tmpfs" => {
            let mut sizes = data
                .split(',')
                .filter_map(|item| item.strip_prefix("size="));
            let size = match sizes.next_back() {
                Some(text) => Limit::AtMost(bytes(text)?),
                None => Limit::Unlimited,
            };
            mounts.tmpfs(at, size);
            Some(Mounted::Files)
        }
        "proc" if clean(at) == Path::new("/proc") => Some(Mounted::Proc),
        "sysfs" if clean(at) == Path::new("/sys") => Some(Mounted::Sys {
            writable: !read_only,
        }),
        _ => Some(Mounted::Other),
    }
}

/// The tmpfs at /tmp, with a size or without.
pub(super) fn temporary(value: Option<&str>, mounts: &mut Mounts) -> Option<()> {
    let size = match value {
        Some(text) => bytes(text).filter(|size| *size > 0)?,
        None => TMP,
    };
    mounts.tmpfs("/tmp", Limit::AtMost(size));
    Some(())
}

/// A number of bytes with a letter of its unit.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let (digits, shift) = match text.as_bytes().last()? {
        b'k' | b'K' => (text.get(..text.len() - 1)?, 10),
        b'm' | b'M' => (text.get(..text.len() - 1)?, 20),
        b'g' | b'G' => (text.get(..text.len() - 1)?, 30),
        _ => (text, 0),
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// Flags of mount(2): names and numbers between bars.
fn flags(text: &str) -> Option<u64> {
    if text.is_empty() {
        return Some(0);
    }
    text.split('|').try_fold(0, |all, word| {
        let flag = match word.trim() {
            "MS_RDONLY" => 1,
            "MS_NOSUID" => 2,
            "MS_NODEV" => 4,
            "MS_NOEXEC" => 8,
            "MS_SYNCHRONOUS" => 16,
            "MS_REMOUNT" => 32,
            "MS_MANDLOCK" => 64,
            "MS_DIRSYNC" => 128,
            "MS_NOSYMFOLLOW" => 256,
            "MS_NOATIME" => 1024,
            "MS_NODIRATIME" => 2048,
            "MS_BIND" | "bind" => 4096,
            "MS_REC" => 16384,
            "MS_SILENT" => 32768,
            "MS_UNBINDABLE" => 1 << 17,
            "MS_PRIVATE" => 1 << 18,
            "MS_SLAVE" => 1 << 19,
            "MS_SHARED" => 1 << 20,
            "MS_RELATIME" => 1 << 21,
            "MS_STRICTATIME" => 1 << 24,
            "MS_LAZYTIME" => 1 << 25,
            number => casemate_seccomp::formats::c_number(number)?,
        };
        Some(all | flag)
    })
}
