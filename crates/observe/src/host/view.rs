//! How files of the host are looked at.

use casemate_model::host::PathFact;
use casemate_sys::file::{Access, AtFlags, faccessat2, fgetxattr};
use casemate_sys::{CWD, Errno, FdRef};
use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Larger than what /proc and /sys give at once: most files are there after one read.
const CHUNK: usize = 16 * 1024;
/// No file that is looked at here is anywhere near this large; a user's or a container's might be made so.
const LARGEST: usize = 16 * 1024 * 1024;

/// Read access to the host's files. The kernel's own is [`Kernel`]; tests have others.
pub trait View {
    /// Returns the whole content of a file.
    ///
    /// # Errors
    /// Those of open(2) and read(2); `InvalidData` for a file that is absurdly large.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Returns the content of a file that the kernel hands over in one read when the buffer is large enough, as it does
    /// for attributes of cgroups and for files of /proc that are not lists. Saves the read that finds the end.
    ///
    /// # Errors
    /// As [`View::read`].
    fn read_attribute(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Asks whether the caller's effective ids may write a file, or make entries in a directory.
    ///
    /// # Errors
    /// Those of access(2): the reason why not.
    fn may_write(&self, path: &Path) -> io::Result<()>;

    /// Returns what stands at a path, without following a link at its end.
    fn look(&self, path: &Path) -> PathFact;

    /// Tells whether executing a file gives privilege: it belongs to root and has the set-user-id bit, or it has
    /// capabilities (`security.capability`).
    fn gives_privilege(&self, path: &Path) -> bool;
}

/// The files as the kernel shows them to this process.
#[derive(Clone, Copy, Debug)]
pub struct Kernel;

impl View for Kernel {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let mut content = Vec::new();
        let mut length = 0;
        loop {
            if length > LARGEST {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "file too large"));
            }
            content.resize(length + CHUNK, 0);
            match file.read(&mut content[length..]) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        content.truncate(length);
        Ok(content)
    }

    fn read_attribute(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let mut content = vec![0; CHUNK];
        let count = file.read(&mut content)?;
        if count == CHUNK {
            return self.read(path);
        }
        content.truncate(count);
        Ok(content)
    }

    fn may_write(&self, path: &Path) -> io::Result<()> {
        let path = c_path(path)?;
        faccessat2(CWD, &path, Access::WRITE, AtFlags::EACCESS).map_err(from_errno)
    }

    fn look(&self, path: &Path) -> PathFact {
        super::tree::look(path)
    }

    fn gives_privilege(&self, path: &Path) -> bool {
        super::subordinate::gives_privilege(path)
    }
}

/// Tells whether a file has an extended attribute, xattr(7).
pub(super) fn has_attribute(file: &File, name: &CStr) -> bool {
    // VFS_CAP revision 3 has 24 bytes.
    fgetxattr(FdRef::from_raw(file.as_raw_fd()), name, &mut [0; 256]).is_ok()
}

fn c_path(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

fn from_errno(errno: Errno) -> io::Error {
    io::Error::from_raw_os_error(errno.raw().into())
}

/// Made-up hosts.
#[cfg(test)]
pub(crate) mod fixture {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// A host of text files. Nothing may be written unless it is said.
    #[derive(Clone, Default)]
    pub(crate) struct Fixture {
        files: BTreeMap<String, String>,
        writable: BTreeSet<String>,
        read_only: bool,
        privileged: BTreeSet<String>,
    }

    impl Fixture {
        pub(crate) fn new(files: &[(&str, &str)]) -> Self {
            Self::default().with(files)
        }

        pub(crate) fn with(mut self, files: &[(&str, &str)]) -> Self {
            self.files.extend(
                files
                    .iter()
                    .map(|(path, text)| ((*path).to_owned(), (*text).to_owned())),
            );
            self
        }

        pub(crate) fn without(mut self, path: &str) -> Self {
            assert!(self.files.remove(path).is_some(), "{path}");
            self
        }

        pub(crate) fn writable(mut self, paths: &[&str]) -> Self {
            self.writable
                .extend(paths.iter().map(|path| (*path).to_owned()));
            self
        }

        pub(crate) fn read_only(mut self) -> Self {
            self.read_only = true;
            self
        }

        pub(crate) fn privileged(mut self, path: &str) -> Self {
            self.privileged.insert(path.to_owned());
            self
        }
    }

    impl View for Fixture {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            let text = self.files.get(path.to_str().unwrap());
            text.map(|text| text.clone().into_bytes())
                .ok_or_else(|| io::ErrorKind::NotFound.into())
        }

        fn read_attribute(&self, path: &Path) -> io::Result<Vec<u8>> {
            self.read(path)
        }

        fn may_write(&self, path: &Path) -> io::Result<()> {
            match self.writable.contains(path.to_str().unwrap()) {
                true => Ok(()),
                false if self.read_only => Err(io::ErrorKind::ReadOnlyFilesystem.into()),
                false => Err(io::ErrorKind::PermissionDenied.into()),
            }
        }

        fn look(&self, path: &Path) -> PathFact {
            if self.files.contains_key(path.to_str().unwrap()) {
                PathFact::File
            } else {
                PathFact::Absent
            }
        }

        fn gives_privilege(&self, path: &Path) -> bool {
            self.privileged.contains(path.to_str().unwrap())
        }
    }

    /// A host that must not be looked at.
    pub(crate) struct Forbidden;

    impl View for Forbidden {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            panic!("read {}", path.display())
        }

        fn read_attribute(&self, path: &Path) -> io::Result<Vec<u8>> {
            panic!("read {}", path.display())
        }

        fn may_write(&self, path: &Path) -> io::Result<()> {
            panic!("may_write {}", path.display())
        }

        fn look(&self, path: &Path) -> PathFact {
            panic!("look {}", path.display())
        }

        fn gives_privilege(&self, path: &Path) -> bool {
            panic!("gives_privilege {}", path.display())
        }
    }
}
