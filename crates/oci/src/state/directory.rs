//! The directories of states. They are opened by descriptor, and no link in the place of one is followed.

use super::{CONFIG, START, STATE, State};
use crate::failure::{Attempt, Failure};
use casemate_sys::dir::getdents;
use casemate_sys::file::{self, AtFlags, OpenFlags, RenameFlags};
use casemate_sys::stat::{self, FileType};
use casemate_sys::{CWD, Errno, Fd, FdRef};
use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long another one's work on a container is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Longest id: that of a file's name.
const LONGEST: usize = 255;

/// Largest file of a state that is read: what engines write is a thousand times smaller.
const LARGEST: usize = 64 << 20;

/// The directory of all states.
#[derive(Clone, Debug)]
pub struct Root {
    path: PathBuf,
}

/// A container's directory.
#[derive(Debug)]
pub struct Directory {
    root: Fd,
    fd: Fd,
    /// The container's id.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Says that there is no such container, in words that engines look for.
fn missing(id: &str) -> Failure {
    Failure::new(format!("container {id} does not exist"))
}

impl Root {
    /// The directory with this path.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn open(&self) -> Result<Option<Fd>, Failure> {
        let path = CString::new(self.path.as_os_str().as_bytes())
            .map_err(|_| Failure::new("the path of `--root` has a zero byte"))?;
        let flags = OpenFlags::RDONLY | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
        match file::openat(CWD, &path, flags, 0) {
            Ok(fd) => Ok(Some(fd)),
            Err(Errno::ENOENT) => Ok(None),
            Err(errno) => Err(errno)
                .attempt(|| format!("open the directory of states {}", self.path.display())),
        }
    }

    /// Makes the directory of a new container, and takes its lock.
    ///
    /// # Errors
    /// There is one with that id, or the id is none.
    pub fn make(&self, id: &str) -> Result<Directory, Failure> {
        let name = checked(id)?;
        let root = if let Some(root) = self.open()? {
            root
        } else {
            std::fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&self.path)
                .attempt(|| format!("make the directory of states {}", self.path.display()))?;
            self.open()?
                .ok_or_else(|| Failure::new("the directory of states vanished"))?
        };
        match file::mkdirat(root.as_fd(), &name, 0o700) {
            Ok(()) => {}
            Err(Errno::EEXIST) => {
                return Err(Failure::with_hint(
                    format!("container with id exists already: {id}"),
                    "`delete` removes it",
                ));
            }
            Err(errno) => {
                return Err(errno)
                    .attempt(|| format!("make the directory {}", self.path.join(id).display()));
            }
        }
        self.lock(root, id, &name)?.ok_or_else(|| missing(id))
    }

    /// Opens a container's directory and takes its lock, waiting for who has it.
    ///
    /// # Errors
    /// There is none with that id, or the id is none.
    pub fn take(&self, id: &str) -> Result<Directory, Failure> {
        let name = checked(id)?;
        let root = self.open()?.ok_or_else(|| missing(id))?;
        self.lock(root, id, &name)?.ok_or_else(|| missing(id))
    }

    /// Opens a container's directory to read in it.
    ///
    /// # Errors
    /// There is none with that id, or the id is none.
    pub fn look(&self, id: &str) -> Result<Directory, Failure> {
        let name = checked(id)?;
        let root = self.open()?.ok_or_else(|| missing(id))?;
        self.directory(root, id, &name)?.ok_or_else(|| missing(id))
    }

    fn directory(&self, root: Fd, id: &str, name: &CStr) -> Result<Option<Directory>, Failure> {
        let flags =
            OpenFlags::RDONLY | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW;
        match file::openat(root.as_fd(), name, flags, 0) {
            Ok(fd) => Ok(Some(Directory {
                root,
                fd,
                id: id.to_owned(),
                path: self.path.join(id),
            })),
            Err(Errno::ENOENT) => Ok(None),
            Err(errno) => Err(errno)
                .attempt(|| format!("open the directory {}", self.path.join(id).display())),
        }
    }

    fn lock(&self, root: Fd, id: &str, name: &CStr) -> Result<Option<Directory>, Failure> {
        let Some(directory) = self.directory(root, id, name)? else {
            return Ok(None);
        };
        let until = Instant::now() + PATIENCE;
        let mut pause = Duration::from_micros(500);
        loop {
            match file::try_lock(directory.fd.as_fd()) {
                Ok(()) => break,
                Err(Errno::EAGAIN | Errno::EINTR) if Instant::now() < until => {
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(20));
                }
                Err(Errno::EAGAIN | Errno::EINTR) => {
                    return Err(Failure::new(format!(
                        "container {id} is being changed by another process, for more than {} seconds",
                        PATIENCE.as_secs()
                    )));
                }
                Err(errno) => return Err(errno).attempt(|| format!("lock container {id}")),
            }
        }
        // Whoever had the lock may have removed the directory.
        let links = stat::fstat(directory.fd.as_fd())
            .attempt(|| format!("look at the directory of container {id}"))?
            .links;
        Ok((links > 0).then_some(directory))
    }

    /// The ids of all directories that could be containers'.
    ///
    /// # Errors
    /// The directory of states cannot be read.
    pub fn ids(&self) -> Result<Vec<String>, Failure> {
        let Some(root) = self.open()? else {
            return Ok(Vec::new());
        };
        let mut ids: Vec<String> = names(root.as_fd())
            .attempt(|| format!("read the directory of states {}", self.path.display()))?
            .iter()
            .filter_map(|name| name.to_str().ok())
            .filter(|name| checked(name).is_ok())
            .map(str::to_owned)
            .collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

/// Checks an id.
fn checked(id: &str) -> Result<CString, Failure> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+.-".contains(&byte);
    let is_id = !id.is_empty()
        && id.len() <= LONGEST
        && id.bytes().all(is_allowed)
        && !matches!(id, "." | "..");
    let failure = || {
        Failure::with_hint(
            format!("`{id}` is no id of a container"),
            "an id is made of letters, digits, `_`, `+`, `.` and `-`",
        )
    };
    CString::new(id).ok().filter(|_| is_id).ok_or_else(failure)
}

/// The names in a directory, without `.` and `..`.
fn names(directory: FdRef<'_>) -> Result<Vec<CString>, Errno> {
    let mut buffer = vec![0; 32 << 10];
    let mut names = Vec::new();
    loop {
        let before = names.len();
        let mut any = false;
        for entry in getdents(directory, &mut buffer)? {
            any = true;
            if entry.name != c"." && entry.name != c".." {
                names.push(entry.name.to_owned());
            }
        }
        if !any && before == names.len() {
            return Ok(names);
        }
    }
}

impl Directory {
    /// The directory's descriptor, which holds the lock.
    pub fn fd(&self) -> FdRef<'_> {
        self.fd.as_fd()
    }

    /// Reads the state; none when creating has not come that far.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn state(&self) -> Result<Option<State>, Failure> {
        match self.read(STATE)? {
            Some(bytes) => State::read(&self.id, &bytes).map(Some),
            None => Ok(None),
        }
    }

    /// Reads a file; none when it is not there.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let what = || format!("read {}", self.path.join(name).display());
        let text = c_name(name)?;
        // Without waiting: somebody may have put a pipe there.
        let flags =
            OpenFlags::RDONLY | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW | OpenFlags::NONBLOCK;
        let file = match file::openat(self.fd.as_fd(), &text, flags, 0) {
            Ok(file) => file,
            Err(Errno::ENOENT) => return Ok(None),
            Err(errno) => return Err(errno).attempt(what),
        };
        let wrong = |how: &str| {
            let path = self.path.join(name);
            Err(Failure::new(format!(
                "cannot read {}: {how}",
                path.display()
            )))
        };
        let stat = stat::fstat(file.as_fd()).attempt(what)?;
        if stat.kind != Some(FileType::Regular) {
            return wrong("it is no plain file");
        }
        let Some(size) = usize::try_from(stat.size)
            .ok()
            .filter(|size| *size <= LARGEST)
        else {
            return wrong("it is too large");
        };
        let mut bytes = vec![0; size + 1];
        let length = file::read_full(file.as_fd(), &mut bytes).attempt(what)?;
        if length == bytes.len() {
            return wrong("it is being changed");
        }
        bytes.truncate(length);
        Ok(Some(bytes))
    }

    /// Writes a file as a whole: who reads it finds the old one or the new one.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let what = || format!("write {}", self.path.join(name).display());
        let (text, new) = (c_name(name)?, c_name(&format!("{name}.new"))?);
        let flags = OpenFlags::WRONLY
            | OpenFlags::CREAT
            | OpenFlags::TRUNC
            | OpenFlags::CLOEXEC
            | OpenFlags::NOFOLLOW;
        let file = file::openat(self.fd.as_fd(), &new, flags, 0o600).attempt(what)?;
        file::write_all(file.as_fd(), bytes).attempt(what)?;
        file::renameat2(
            (self.fd.as_fd(), &new),
            (self.fd.as_fd(), &text),
            RenameFlags::empty(),
        )
        .attempt(what)
    }

    /// Whether the container waits for `start`.
    pub fn waits(&self) -> bool {
        c_name(START).is_ok_and(|name| {
            stat::fstatat(self.fd.as_fd(), &name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
        })
    }

    /// Removes a file, when it is there.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn unlink(&self, name: &str) -> Result<(), Failure> {
        match file::unlinkat(self.fd.as_fd(), &c_name(name)?, AtFlags::empty()) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(errno) => {
                Err(errno).attempt(|| format!("remove {}", self.path.join(name).display()))
            }
        }
    }

    /// Removes the directory with all that is in it, the state last.
    ///
    /// # Errors
    /// Something cannot be removed.
    pub fn remove(self) -> Result<(), Failure> {
        let what = || format!("remove {}", self.path.display());
        let all = names(self.fd.as_fd()).attempt(what)?;
        let state = c_name(STATE)?;
        let others = all.iter().filter(|name| **name != state);
        for name in others.chain(std::iter::once(&state)) {
            match file::unlinkat(self.fd.as_fd(), name, AtFlags::empty()) {
                Ok(()) | Err(Errno::ENOENT) => {}
                // Not of ours; somebody has put it there.
                Err(Errno::EISDIR) => {
                    file::unlinkat(self.fd.as_fd(), name, AtFlags::REMOVEDIR).attempt(what)?;
                }
                Err(errno) => return Err(errno).attempt(what),
            }
        }
        let id = c_name(&self.id)?;
        match file::unlinkat(self.root.as_fd(), &id, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(errno) => Err(errno).attempt(what),
        }
    }

    /// Reads the copy of the configuration.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub fn config(&self) -> Result<Vec<u8>, Failure> {
        self.read(CONFIG)?.ok_or_else(|| {
            Failure::new(format!(
                "container {} has no configuration: it was not created to the end",
                self.id
            ))
        })
    }
}

fn c_name(name: &str) -> Result<CString, Failure> {
    CString::new(name).map_err(|_| Failure::new(format!("`{name}` has a zero byte")))
}

#[cfg(test)]
mod tests {
    use super::{Root, checked};

    #[test]
    fn ids_are_names_and_nothing_more() {
        for id in ["a", "A_1+2.3-4", "...", "-x"] {
            assert!(checked(id).is_ok(), "{id}");
        }
        let long = "x".repeat(256);
        for id in [
            "", ".", "..", "a/b", "../x", "a b", "ä", "a\n", "a\0", &long,
        ] {
            assert!(checked(id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn a_link_in_the_place_of_a_state_is_not_followed() {
        let place = std::env::temp_dir().join(format!("casemate-oci-state-{}", std::process::id()));
        let root = Root::new(place.join("states"));
        let directory = root.make("a").unwrap();
        assert!(root.make("a").is_err());
        directory.write("state.json", b"{}").unwrap();
        assert_eq!(directory.read("state.json").unwrap().unwrap(), b"{}");
        std::os::unix::fs::symlink(place.join("states/a"), place.join("states/b")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", place.join("states/a/config.json")).unwrap();
        assert!(root.take("b").is_err());
        assert!(directory.read("config.json").is_err());
        assert_eq!(root.ids().unwrap(), ["a", "b"]);
        directory.remove().unwrap();
        assert!(root.take("a").is_err());
        std::fs::remove_dir_all(place).unwrap();
    }
}
