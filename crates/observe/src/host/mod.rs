//! Facts of the host that a launch depends on.
//!
//! [`gather()`] fills the model's `HostFacts` with what a [`Request`] asks for and nothing else: a launch pays for each
//! system call. It does not try anything: [`userns::explain`] tells afterwards why a user namespace was refused, since
//! trying is cheaper than reading every file that might forbid it. Everything is read through a [`View`], so tests
//! bring hosts of their own.

mod caller;
pub(crate) mod cgroup;
pub(crate) mod gather;
mod kernel;
pub(crate) mod membership;
pub mod mountinfo;
pub(crate) mod subordinate;
mod tree;
pub mod userns;
pub(crate) mod view;

pub use gather::{GatherError, Identity, Ranges, Request, gather};
pub use view::{Kernel, View};
