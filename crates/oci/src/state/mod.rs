//! States of containers: `ROOT/ID/state.json`, a copy of the configuration, and the socket that a created container
//! listens at.
//!
//! A state is written before anything else of a container is made, so that whatever is left after a crash is named there
//! and `delete --force` finds it. Everything goes by the directory's descriptor; who changes a container holds its lock.

mod container;
mod directory;
mod process;
mod record;

pub use container::{Container, describe, describe_around};
pub use directory::{Directory, Root};
pub use process::Process;
pub use record::{CONFIG, POLICIES, START, STATE, State, write_annotations};

/// Where a container is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It is being created.
    Creating,
    /// Its init waits for `start`.
    Created,
    /// Its program runs.
    Running,
    /// Its processes are frozen.
    Paused,
    /// Its program has ended.
    Stopped,
}

impl Status {
    /// Its name in the specification.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
}
