//! What can go wrong in a task, and the exit code that says so.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};

/// Why a task did not come to its end.
#[derive(Debug)]
pub enum Failure {
    /// The command line makes no sense.
    Usage(String),
    /// A program could not be started.
    Start { program: String, source: io::Error },
    /// A program ended without success.
    Ended { program: String, status: ExitStatus },
    /// A file or directory could not be read or written.
    File { path: PathBuf, source: io::Error },
    /// A tool is not on this machine; `hint` says how to get it.
    Missing { tool: String, hint: String },
    /// Something was checked and found wrong.
    Wrong(String),
}

impl Failure {
    /// Names the file in an I/O error: `fs::read(path).map_err(Failure::file(path))`.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// Prints the failure and gives the exit code that belongs to it.
    pub fn report(&self) -> ExitCode {
        eprintln!("xtask: {self}");
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Missing { .. } => ExitCode::from(125),
            Self::Start { .. } | Self::Ended { .. } | Self::File { .. } | Self::Wrong(_) => {
                ExitCode::FAILURE
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Wrong(message) => f.write_str(message),
            Self::Start { program, source } => write!(f, "cannot start {program}: {source}"),
            Self::Ended { program, status } => write!(f, "{program} ended with {status}"),
            Self::File { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Missing { tool, hint } => write!(f, "{tool} is missing: {hint}"),
        }
    }
}
