//! What is run: the command and where it starts.

use crate::stated::Stated;
use std::ffi::OsString;
use std::path::PathBuf;

/// The command and where it starts. Not part of the confinement: it permits nothing by itself.
#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    /// The command and its arguments.
    pub command: Stated<Vec<OsString>>,
    /// The directory it starts in.
    pub directory: Stated<PathBuf>,
}

impl Program {
    /// Returns a program of which nothing is said.
    pub fn unknown() -> Self {
        Self {
            command: Stated::Unknown,
            directory: Stated::Unknown,
        }
    }
}
