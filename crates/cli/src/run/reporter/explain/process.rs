//! The calling process, seen from outside: its name, its memory, its files.
//!
//! All of it can change while it is looked at. It is recorded, and nothing is decided by it.

use casemate_sys::file::{self, OpenFlags, Resolve};
use casemate_sys::pidfd::{pidfd_getfd, pidfd_open};
use casemate_sys::process::Pid;
use casemate_sys::stat::{FileType, StatfsFlags, fstat, fstatfs};
use casemate_sys::{CWD, Errno, Fd};
use std::ffi::{CString, OsStr};
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::{Component, Path, PathBuf};

/// `PATH_MAX` of <linux/limits.h>.
const LONGEST_PATH: usize = 4096;
/// A string may end at the end of the last page that is mapped.
const PAGE: u64 = 4096;

/// A process, by the number of one of its threads.
#[derive(Clone, Copy, Debug)]
pub struct Process(pub u32);

/// What stands at a path inside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct There {
    /// What it is.
    pub kind: Option<FileType>,
    /// Whether its mount is read-only.
    pub read_only: bool,
    /// Whether nothing on its mount can be executed.
    pub no_exec: bool,
}

/// What a look inside has shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Look {
    /// Nothing is there. The path is that without the links that lead to it.
    Absent(PathBuf),
    /// Something is there.
    There(There),
    /// It cannot be told.
    Unknown,
}

/// Whether the last part of a path may be a link to something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Last {
    /// Then what it leads to counts.
    Followed,
    /// Then the link itself counts.
    Itself,
}

impl Process {
    fn path(self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.0))
    }

    /// Returns its name, which it chooses itself.
    pub fn name(self) -> String {
        fs::read(self.path("comm")).map_or_else(
            |_| "?".to_owned(),
            |name| String::from_utf8_lossy(&name).trim_end().to_owned(),
        )
    }

    /// Reads bytes of its memory.
    pub fn bytes(self, address: u64, length: usize) -> Option<Vec<u8>> {
        let memory = File::open(self.path("mem")).ok()?;
        let mut bytes = vec![0; length];
        memory.read_exact_at(&mut bytes, address).ok()?;
        Some(bytes)
    }

    /// Reads a path of its memory.
    pub fn text(self, address: u64) -> Option<PathBuf> {
        let memory = File::open(self.path("mem")).ok()?;
        let mut text = Vec::new();
        let mut at = address;
        while text.len() < LONGEST_PATH {
            let mut piece = [0; 256];
            let room = (PAGE - at % PAGE).min(piece.len() as u64) as usize;
            let count = memory.read_at(piece.get_mut(..room)?, at).ok()?;
            let piece = piece.get(..count)?;
            if let Some(end) = piece.iter().position(|byte| *byte == 0) {
                text.extend_from_slice(piece.get(..end)?);
                return Some(PathBuf::from(OsStr::from_bytes(&text)));
            }
            text.extend_from_slice(piece);
            at = at.checked_add(count as u64)?;
            if count == 0 {
                return None;
            }
        }
        None
    }

    /// Makes a path absolute: from a directory of the process, or from where it is.
    pub fn absolute(self, directory: i32, path: &Path) -> Option<PathBuf> {
        if path.is_absolute() {
            return Some(plain(path));
        }
        let link = if directory == CWD.raw() {
            self.path("cwd")
        } else {
            self.path(&format!("fd/{directory}"))
        };
        let from = fs::read_link(link).ok()?;
        from.is_absolute().then(|| plain(&from.join(path)))
    }

    /// Looks at an absolute path as the process would.
    pub fn look(self, path: &Path, last: Last) -> Look {
        let Some(root) = open_root(&self.path("root")) else {
            return Look::Unknown;
        };
        let mut path = path.to_owned();
        // As many links as the kernel follows.
        for _ in 0..40 {
            let link = match open_inside(&root, &path, last) {
                Ok(fd) => return there(&fd).map_or(Look::Unknown, Look::There),
                Err(Errno::ENOENT | Errno::ENOTDIR) if last == Last::Followed => {
                    open_inside(&root, &path, Last::Itself)
                }
                Err(Errno::ENOENT | Errno::ENOTDIR) => return Look::Absent(path),
                Err(_) => return Look::Unknown,
            };
            // It is a link to something that is not there, or there is nothing.
            let Ok(link) = link else {
                return Look::Absent(path);
            };
            let mut buffer = [0; LONGEST_PATH];
            let Ok(target) = file::readlinkat(link.as_fd(), c"", &mut buffer) else {
                return Look::Unknown;
            };
            let target = Path::new(OsStr::from_bytes(target));
            path = plain(&path.parent().unwrap_or(Path::new("/")).join(target));
            if path.starts_with("/proc") {
                // /proc/self is another one for who looks from outside.
                return Look::Unknown;
            }
        }
        Look::Unknown
    }

    /// Says which protocol a socket speaks: `TCP`, `UDP`, `UNIX`, …
    pub fn protocol(self, socket: i32) -> Option<String> {
        let status = fs::read_to_string(self.path("status")).ok()?;
        let group = super::super::facts::Status(&status)
            .value("Tgid")?
            .parse()
            .ok()?;
        let process = pidfd_open(Pid::new(group)?).ok()?;
        let socket = pidfd_getfd(process.as_fd(), socket).ok()?;
        let mut name = [0; 32];
        let name = file::fgetxattr(socket.as_fd(), c"system.sockprotoname", &mut name).ok()?;
        let name = String::from_utf8_lossy(name);
        Some(name.trim_end_matches('\0').to_owned())
    }
}

fn open_root(path: &Path) -> Option<Fd> {
    let path = CString::new(path.as_os_str().as_bytes()).ok()?;
    let flags = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
    file::openat(CWD, &path, flags, 0).ok()
}

fn open_inside(root: &Fd, path: &Path, last: Last) -> Result<Fd, Errno> {
    let relative = path.strip_prefix("/").unwrap_or(path);
    let relative = if relative.as_os_str().is_empty() {
        Path::new(".")
    } else {
        relative
    };
    let relative = CString::new(relative.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    let flags = OpenFlags::PATH | OpenFlags::CLOEXEC;
    let flags = match last {
        Last::Followed => flags,
        Last::Itself => flags | OpenFlags::NOFOLLOW,
    };
    let resolve = Resolve::IN_ROOT | Resolve::NO_MAGICLINKS;
    file::openat2(root.as_fd(), &relative, flags, 0, resolve)
}

fn there(fd: &Fd) -> Option<There> {
    let flags = fstatfs(fd.as_fd()).ok()?.flags;
    Some(There {
        kind: fstat(fd.as_fd()).ok()?.kind,
        read_only: flags.contains(StatfsFlags::RDONLY),
        no_exec: flags.contains(StatfsFlags::NOEXEC),
    })
}

/// Takes out `.` and `..` by their names: what they lead to through links is not worth a mistake in a report.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd;

    #[test]
    fn looks_at_this_process() {
        let own = Process(std::process::id());
        assert_eq!(
            own.absolute(0, Path::new("/a/./b/../c")),
            Some("/a/c".into())
        );
        let here = std::env::current_dir().unwrap();
        assert_eq!(own.absolute(-100, Path::new("x")), Some(here.join("x")));
        assert!(matches!(
            own.look(Path::new("/"), Last::Followed),
            Look::There(_)
        ));
        let absent = Path::new("/absent-for-sure/x");
        assert_eq!(
            own.look(absent, Last::Followed),
            Look::Absent(absent.into())
        );
        let text = b"/some/path\0";
        assert_eq!(
            own.text(text.as_ptr().addr() as u64),
            Some("/some/path".into())
        );
        assert_eq!(own.text(8), None);
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        assert_eq!(own.protocol(socket.as_raw_fd()).as_deref(), Some("UDP"));
        assert_eq!(own.protocol(-1), None);
    }
}
