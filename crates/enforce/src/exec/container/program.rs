//! The program: where it starts, which file it is, its limits.

use crate::fault::{Fault, Obstacle};
use crate::step::Texts;
use casemate_sys::file::{self, Access, AtFlags};
use casemate_sys::limits::{Limit, Resource, limit, set_limit};
use casemate_sys::seccomp::{FilterFlags, Program, load_filter};
use casemate_sys::signal::{self, Disposition, SigSet, Signal};
use casemate_sys::stat::{self, FileType};
use casemate_sys::{CWD, Errno, StrVec, exec, process};
use core::ffi::CStr;

/// Longest path that the kernel takes, with its end.
const PATH_MAX: usize = 4096;

/// Goes to the directory in which the program starts. It must be below the root: a descriptor of the host's that leaked
/// is a way out (CVE-2024-21626).
pub(crate) fn enter_directory(path: &CStr) -> Result<(), Fault> {
    process::chdir(path)?;
    let mut buffer = [0; PATH_MAX];
    match process::getcwd(&mut buffer) {
        Ok(path) if path.starts_with(b"/") => Ok(()),
        // ENOENT: the directory was removed; else what is not below the root begins with "(unreachable)".
        Ok(_) | Err(Errno::ENOENT) => Err(Fault::Obstacle(Obstacle::NotBelowRoot)),
        Err(errno) => Err(errno.into()),
    }
}

/// The program's file.
pub(crate) struct Found {
    path: [u8; PATH_MAX],
    length: usize,
}

impl Found {
    pub(crate) const fn new() -> Self {
        Self {
            path: [0; PATH_MAX],
            length: 0,
        }
    }

    /// The path, once it is found.
    pub(crate) fn path(&self) -> Option<&CStr> {
        CStr::from_bytes_with_nul(self.path.get(..self.length)?).ok()
    }

    /// Finds the program as a shell does, with the program's own ids and capabilities.
    pub(crate) fn find(&mut self, name: &CStr, directories: Texts<'_>) -> Result<(), Fault> {
        if name.to_bytes().contains(&b'/') {
            return self.take(b"", name);
        }
        let mut refused = None;
        for directory in directories.iter() {
            match self.take(directory.to_bytes(), name) {
                Ok(()) => return Ok(()),
                Err(Fault::Call(Errno::EACCES)) => refused = Some(Errno::EACCES),
                // Not there.
                Err(_) => {}
            }
        }
        self.length = 0;
        Err(refused.map_or(Fault::Obstacle(Obstacle::NotInPath), Fault::Call))
    }

    /// Takes a file, when it can be executed.
    fn take(&mut self, directory: &[u8], name: &CStr) -> Result<(), Fault> {
        let separator: &[u8] = if directory.is_empty() || directory.ends_with(b"/") {
            b""
        } else {
            b"/"
        };
        let mut at = 0;
        for part in [directory, separator, name.to_bytes_with_nul()] {
            let place = self
                .path
                .get_mut(at..at + part.len())
                .ok_or(Fault::Call(Errno::ENAMETOOLONG))?;
            place.copy_from_slice(part);
            at += part.len();
        }
        self.length = at;
        let path = self.path().ok_or(Fault::Plan)?;
        file::faccessat2(CWD, path, Access::EXEC, AtFlags::EACCESS)?;
        match stat::fstatat(CWD, path, AtFlags::empty())?.kind {
            Some(FileType::Directory) => Err(Fault::Call(Errno::EACCES)),
            _ => Ok(()),
        }
    }
}

/// Arguments and environment, where execve(2) takes them from.
pub(crate) struct Ready<'a> {
    words: StrVec<'a>,
    variables: StrVec<'a>,
}

impl<'a> Ready<'a> {
    /// Collects them, and gives signals the form that a program expects.
    pub(crate) fn new(
        arguments: Texts<'a>,
        environment: Texts<'a>,
        inherited: SigSet,
    ) -> Result<Self, Fault> {
        let ready = Self {
            words: list(arguments)?,
            variables: list(environment)?,
        };
        // The standard library of the front program ignores SIGPIPE, which execve(2) would keep.
        signal::set_disposition(Signal::PIPE, Disposition::Default)?;
        signal::mask(signal::Mask::Set, inherited)?;
        Ok(ready)
    }

    /// Becomes the program. Returns only when that failed.
    pub(crate) fn execute(&self, path: &CStr) -> Fault {
        exec::execve(path, self.words.as_list(), self.variables.as_list()).into()
    }
}

/// Collects texts.
pub(crate) fn list(texts: Texts<'_>) -> Result<StrVec<'_>, Errno> {
    let mut list = StrVec::with_capacity(texts.iter().count())?;
    for text in texts.iter() {
        list.push(text)?;
    }
    Ok(list)
}

/// Installs a filter. Nothing is read back: it may end whoever asks.
pub(crate) fn install_filter(flags: u64, program: &[u8]) -> Result<(), Fault> {
    let (instructions, rest) = program.as_chunks::<8>();
    if !rest.is_empty() || instructions.is_empty() {
        return Err(Fault::Plan);
    }
    let program = Program::from_bytes(instructions)?;
    let flags = FilterFlags::from_bits(u32::try_from(flags).map_err(|_| Fault::Plan)?);
    Ok(load_filter(program, flags)?)
}

/// Sets a limit to exactly what was asked for.
pub(crate) fn set_rlimit(resource: u32, soft: u64, hard: u64) -> Result<(), Fault> {
    let resource = Resource::from_raw(resource).ok_or(Fault::Plan)?;
    let wanted = Limit { soft, hard };
    set_limit(0, resource, wanted)?;
    let now = limit(0, resource)?;
    if (now.soft, now.hard) == (soft, hard) {
        Ok(())
    } else {
        Err(Fault::NotInForce(crate::fault::Reading::Limit))
    }
}
