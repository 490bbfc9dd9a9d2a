//! Why a plan cannot be made.

use std::path::PathBuf;

/// Why a plan cannot be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlanError {
    /// A field has no value.
    Unstated {
        /// `facet.field`.
        field: &'static str,
    },
    /// What was asked for cannot be enforced here.
    NotEnforceable {
        /// The facet.
        facet: &'static str,
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// A granted path is not there.
    MissingPath {
        /// The path.
        path: PathBuf,
        /// Who asked for it: a flag, or file and line.
        asked_by: String,
    },
    /// A mount inside would have to be made at a path that does not exist in a granted tree.
    NoMountPoint {
        /// The path.
        path: PathBuf,
        /// The granted tree.
        below: PathBuf,
    },
    /// A path cannot be used.
    BadPath {
        /// The path.
        path: PathBuf,
        /// Why.
        why: &'static str,
    },
    /// The namespaces asked for cannot be.
    Namespaces {
        /// What is wrong.
        why: String,
    },
    /// The id map asked for cannot be made.
    IdMap {
        /// What is wrong.
        why: String,
    },
    /// The syscall filter cannot be compiled.
    Filter {
        /// What the compiler says.
        why: String,
    },
    /// No command.
    NoCommand,
    /// Text with a NUL byte.
    Nul {
        /// Where it stands.
        what: &'static str,
    },
    /// A limit of the encoding.
    TooLarge {
        /// What is too large.
        what: &'static str,
    },
}

impl std::fmt::Display for PlanError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unstated { field } => write!(f, "nothing is said about {field}, so it cannot be enforced"),
            Self::NotEnforceable { facet, what, why } => write!(
                f,
                "{facet}: {what} cannot be enforced here: {why}\n  to run without it: --best-effort {facet}"
            ),
            Self::MissingPath { path, asked_by } => write!(
                f,
                "files: {} does not exist (asked for by {asked_by})\n  only what exists can be granted: create it first, or leave it out",
                path.display()
            ),
            Self::NoMountPoint { path, below } => write!(
                f,
                "files: {} must exist to be mounted on, and does not, in the granted tree {}\n  create it on the host, or grant less than the whole tree",
                path.display(),
                below.display()
            ),
            Self::BadPath { path, why } => write!(f, "files: {}: {why}", path.display()),
            Self::Namespaces { why } => write!(f, "namespaces: {why}"),
            Self::IdMap { why } => write!(f, "ids: {why}"),
            Self::Filter { why } => write!(f, "syscalls: {why}"),
            Self::NoCommand => {
                f.write_str("no command\n  name one after --, as in: casemate run -- ls /, or in a profile: command = [\"ls\", \"/\"]")
            }
            Self::Nul { what } => write!(f, "{what} has a NUL byte in it"),
            Self::TooLarge { what } => write!(f, "{what} is larger than a plan can hold"),
        }
    }
}

impl std::error::Error for PlanError {}
