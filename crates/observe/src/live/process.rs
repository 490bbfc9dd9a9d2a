//! A process's files in /proc, all of the same process.

use casemate_sys::file::{self, OpenFlags};
use casemate_sys::{CWD, Errno, Fd};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The directory of a process in /proc, held open: should the process end and its number be given to another one, reads
/// fail instead of mixing two processes.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    directory: PathBuf,
    /// Keeps the path of `directory` valid.
    _held: Option<Fd>,
}

impl Process {
    pub(crate) fn open(pid: u32) -> Result<Self, Errno> {
        let path = CString::new(format!("/proc/{pid}")).map_err(|_| Errno::EINVAL)?;
        let flags = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
        let held = file::openat(CWD, &path, flags, 0)?;
        Ok(Self {
            pid,
            directory: PathBuf::from(format!("/proc/self/fd/{}", held.raw())),
            _held: Some(held),
        })
    }

    pub(crate) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.directory.join(name))
    }

    pub(crate) fn text(&self, name: &str) -> io::Result<String> {
        self.read(name)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(crate) fn link(&self, name: &str) -> io::Result<PathBuf> {
        fs::read_link(self.directory.join(name))
    }

    /// The names in a directory, sorted.
    pub(crate) fn list(&self, name: &str) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = fs::read_dir(self.directory.join(name))?
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_, _>>()?;
        names.sort();
        Ok(names)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// The name under which a person finds it: for origins.
    pub(crate) fn origin(&self, name: &str) -> casemate_model::Origin {
        casemate_model::Origin::Kernel(Path::new("/proc").join(self.pid.to_string()).join(name))
    }
}

/// The lines of `/proc/PID/status` by their names.
#[derive(Debug)]
pub(crate) struct Status(BTreeMap<String, String>);

impl Status {
    pub(crate) fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned(), value.trim().to_owned()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A number in hexadecimal, as capability sets are.
    pub(crate) fn hex(&self, name: &str) -> Option<u64> {
        u64::from_str_radix(self.get(name)?, 16).ok()
    }

    /// A list of decimal numbers.
    pub(crate) fn numbers(&self, name: &str) -> Option<Vec<u32>> {
        self.get(name)?
            .split_whitespace()
            .map(|word| word.parse().ok())
            .collect()
    }
}
