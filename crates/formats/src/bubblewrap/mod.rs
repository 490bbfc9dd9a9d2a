//! Bubblewrap's command line, `bwrap OPTION… COMMAND`, as of 0.8.
//!
//! Read is one command of a shell, with variables of the environment; mounts are made in their order, so that a later
//! one covers what lies below it. What comes by descriptor (`--args`, `--seccomp`, `--file`, …) is not here and is
//! reported. Written is a command on several lines.

mod read;
mod schema;
mod write;

pub use read::FORMAT;
