//! What a reader is given instead of doing I/O: the text, facts of the caller, and a loader for extended profiles.

use casemate_model::host::Subordinate;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// The largest profile that is read, in bytes.
pub const MAX_SIZE: usize = 1 << 20;

/// A profile's text and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The file as the user named it, for messages.
    pub path: PathBuf,
    /// The absolute directory of the file, without links: relative paths start here.
    pub directory: PathBuf,
    /// The bytes of the file. Of a larger file than [`MAX_SIZE`] one byte more is enough.
    pub text: Vec<u8>,
}

/// Facts of the caller that defaults and paths depend on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Context {
    /// The working directory, without links, when it has a path.
    pub directory: Option<PathBuf>,
    /// The home directory.
    pub home: Option<PathBuf>,
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Names of the environment variables that are set.
    pub environment: BTreeSet<String>,
    /// Ranges of ids that belong to the caller; needed only when [`Settings::wants_range`] says so.
    ///
    /// [`Settings::wants_range`]: super::Settings::wants_range
    pub subordinate: Subordinate,
}

impl Context {
    /// Tells whether the caller is root.
    pub(crate) fn is_root(&self) -> bool {
        self.uid == 0
    }
}

/// Reads the profiles that a profile extends.
pub trait Loader {
    /// Reads a file, at most one byte more than [`MAX_SIZE`], and tells the directory that it is in.
    fn load(&mut self, path: &Path) -> io::Result<Source>;
}

/// Finds no file: for profiles that extend none.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&mut self, _: &Path) -> io::Result<Source> {
        Err(io::ErrorKind::NotFound.into())
    }
}

impl Loader for std::collections::BTreeMap<PathBuf, Vec<u8>> {
    fn load(&mut self, path: &Path) -> io::Result<Source> {
        let text = self.get(path).ok_or(io::ErrorKind::NotFound)?.clone();
        let directory = path.parent().unwrap_or(path).to_owned();
        Ok(Source {
            path: path.to_owned(),
            directory,
            text,
        })
    }
}
