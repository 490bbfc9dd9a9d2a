//! Docker: the command line of `docker run`, what `docker inspect` prints, and `daemon.json`.
//!
//! What they share with compose and Podman is in [`crate::engine`].

mod daemon;
mod inspect;
mod run;

pub use daemon::FORMAT as DAEMON;
pub use inspect::FORMAT as INSPECT;
pub use run::FORMAT as RUN;
