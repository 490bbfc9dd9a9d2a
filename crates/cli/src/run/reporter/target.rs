//! The file of a report: it is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// `O_TMPFILE` of <asm-generic/fcntl.h> without `O_DIRECTORY`: a file without a name; since 3.11.
const TEMPORARY: i32 = 0o20_000_000;
/// `O_DIRECTORY` of <asm-generic/fcntl.h>; arm has another number.
const DIRECTORY: i32 = if cfg!(any(target_arch = "arm", target_arch = "aarch64")) {
    0o40_000
} else {
    0o200_000
};

/// Where a report goes.
#[derive(Debug)]
pub struct Target {
    file: File,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// A pipe, a terminal, a device: it is written to.
    Stream,
    /// A file without a name until it is complete.
    Nameless(PathBuf),
    /// A file with another name until it is complete, where the file system knows no files without.
    Named { temporary: PathBuf, path: PathBuf },
}

impl Target {
    /// Finds out whether the report can be written, and leaves nothing behind.
    pub fn open(path: &Path) -> io::Result<Self> {
        let path = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(io::Error::new(ErrorKind::IsADirectory, "it is a directory"));
            }
            Ok(metadata) if !metadata.is_file() => {
                let file = OpenOptions::new().write(true).open(path)?;
                return Ok(Self {
                    file,
                    place: Place::Stream,
                });
            }
            // Through links: the file is replaced and not the link.
            Ok(_) => path.canonicalize()?,
            Err(error) if error.kind() == ErrorKind::NotFound => std::path::absolute(path)?,
            Err(error) => return Err(error),
        };
        let directory = path.parent().unwrap_or(Path::new("/"));
        if path.file_name().is_none() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it has no name"));
        }
        let nameless = OpenOptions::new()
            .write(true)
            .mode(0o666)
            .custom_flags(TEMPORARY | DIRECTORY)
            .open(directory);
        match nameless {
            Ok(file) => Ok(Self {
                file,
                place: Place::Nameless(path),
            }),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Unsupported | ErrorKind::IsADirectory
                ) =>
            {
                let temporary = beside(&path);
                let file = OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o666)
                    .open(&temporary)?;
                Ok(Self {
                    file,
                    place: Place::Named { temporary, path },
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Writes the report.
    pub fn write(mut self, text: &str) -> io::Result<()> {
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.write_all(b"\n"));
        match (&self.place, written) {
            (Place::Stream | Place::Nameless(_), Err(error)) => Err(error),
            (Place::Stream, Ok(())) => Ok(()),
            (Place::Nameless(path), Ok(())) => {
                let temporary = beside(path);
                link(&self.file, &temporary)?;
                rename(&temporary, path)
            }
            (Place::Named { temporary, .. }, Err(error)) => {
                remove(temporary);
                Err(error)
            }
            (Place::Named { temporary, path }, Ok(())) => rename(temporary, path),
        }
    }

    /// Gives up, and leaves nothing.
    pub fn discard(self) {
        if let Place::Named { temporary, .. } = &self.place {
            remove(temporary);
        }
    }
}

/// Gives a file without a name one (open(2): by its link in /proc, which needs no privilege).
fn link(file: &File, path: &Path) -> io::Result<()> {
    use casemate_sys::{CWD, file::AtFlags};
    use std::os::unix::ffi::OsStrExt;
    let own = std::ffi::CString::new(format!("/proc/self/fd/{}", file.as_raw_fd()))?;
    let name = std::ffi::CString::new(path.as_os_str().as_bytes())?;
    casemate_sys::file::linkat((CWD, &own), (CWD, &name), AtFlags::SYMLINK_FOLLOW)
        .map_err(|errno| io::Error::from_raw_os_error(i32::from(errno.raw())))
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to).inspect_err(|_| remove(from))
}

fn remove(path: &Path) {
    match fs::remove_file(path) {
        // The error that led here is the one that is told.
        Ok(()) | Err(_) => {}
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(name: &str) -> PathBuf {
        let path =
            std::env::temp_dir().join(format!("casemate-target-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn names(path: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_there_until_all_is() {
        let directory = directory("whole");
        let path = directory.join("report.json");
        let target = Target::open(&path).unwrap();
        assert!(names(&directory).is_empty());
        target.write("{}").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{}\n");
        Target::open(&path).unwrap().discard();
        Target::open(&path).unwrap().write("[]").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "[]\n");
        assert_eq!(names(&directory), ["report.json"]);
        fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn says_early_what_cannot_be() {
        let directory = directory("early");
        assert!(Target::open(&directory).is_err());
        assert!(Target::open(&directory.join("absent/report.json")).is_err());
        assert!(Target::open(Path::new("/proc/self/report.json")).is_err());
        Target::open(Path::new("/dev/null"))
            .unwrap()
            .write("x")
            .unwrap();
        fs::remove_dir_all(&directory).unwrap();
    }
}
