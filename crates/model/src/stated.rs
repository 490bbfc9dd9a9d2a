//! Whether a value was asked for, left at a default, or is not known, and where that stands.

use std::path::PathBuf;

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Origin {
    /// A place in a file: byte offsets, and the line (from 1) that the first byte is in.
    File {
        /// The file, as the user named it.
        path: PathBuf,
        /// First byte.
        start: usize,
        /// Byte after the last one.
        end: usize,
        /// Line, counted from 1.
        line: usize,
    },
    /// A flag of the command line, such as `--read`.
    Flag(String),
    /// A file of the kernel that was read, such as `/proc/1/status`.
    Kernel(PathBuf),
    /// A rule of Casemate: the text says which and why.
    Rule(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { path, line, .. } => write!(f, "{}:{line}", path.display()),
            Self::Flag(flag) => f.write_str(flag),
            Self::Kernel(path) => write!(f, "{}", path.display()),
            Self::Rule(rule) => f.write_str(rule),
        }
    }
}

/// A field's value with what is known of how it came to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stated<T> {
    /// Nothing is known of it.
    Unknown,
    /// Left at a default.
    Default {
        /// What the default is.
        value: T,
        /// Whose default it is, such as `casemate` or `docker@20.10`.
        of: &'static str,
    },
    /// Asked for.
    Set {
        /// What was asked for.
        value: T,
        /// Where it was asked for; the last place when there were several.
        origin: Origin,
    },
}

impl<T> Stated<T> {
    /// States a value that was asked for.
    pub fn set(value: T, origin: Origin) -> Self {
        Self::Set { value, origin }
    }

    /// States a default.
    pub fn default_of(of: &'static str, value: T) -> Self {
        Self::Default { value, of }
    }

    /// Returns the value, set or defaulted.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Unknown => None,
            Self::Default { value, .. } | Self::Set { value, .. } => Some(value),
        }
    }

    /// Returns the value to change it, set or defaulted; the origin stays.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Unknown => None,
            Self::Default { value, .. } | Self::Set { value, .. } => Some(value),
        }
    }

    /// Tells whether the value was asked for.
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Set { .. })
    }

    /// Returns where it was asked for, or whose default it is, for people.
    pub fn provenance(&self) -> String {
        match self {
            Self::Unknown => "unknown".to_owned(),
            Self::Default { of, .. } => format!("default of {of}"),
            Self::Set { origin, .. } => origin.to_string(),
        }
    }
}
