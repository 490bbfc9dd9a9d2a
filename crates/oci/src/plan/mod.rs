//! From a `config.json` and the facts of a host to the steps of `casemate-exec`.
//!
//! [`create()`] plans a container, [`join()`] a further process of one. The order of steps is in these two; what the steps
//! of a part are is in that part's file.

mod caller;
mod create;
mod hooks;
mod join;
mod namespaces;
mod process;
pub mod root;
mod seccomp;
mod terminal;
#[cfg(test)]
mod tests;

pub use caller::Caller;
pub use create::{Created, Purpose, Request, create, told};
pub use join::{Joining, join};
pub use process::Granted;
pub use seccomp::{compile, policy};

use crate::failure::{Attempt, Failure};
use casemate_enforce::plan::{Plan, Reporter, Steps};
use casemate_enforce::step::Slot;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Names of facets, for the steps.
mod facet {
    pub(super) const IDS: &str = "ids";
    pub(super) const NAMESPACES: &str = "namespaces";
    pub(super) const CAPABILITIES: &str = "capabilities";
    pub(super) const SYSCALLS: &str = "syscalls";
    pub(super) const FILES: &str = "files";
    pub(super) const DEVICES: &str = "devices";
    pub(super) const RESOURCES: &str = "resources";
    pub(super) const NETWORK: &str = "network";
    pub(super) const MAC: &str = "mac";
    pub(super) const KERNEL: &str = "kernel";
}

/// Text for a step.
fn text(text: impl Into<Vec<u8>>) -> Result<CString, Failure> {
    CString::new(text).attempt(|| "use a text with a zero byte".to_owned())
}

/// A path for a step.
fn path_text(path: &Path) -> Result<CString, Failure> {
    text(path.as_os_str().as_bytes())
}

/// Texts for a step.
fn texts<'t>(list: impl IntoIterator<Item = &'t String>) -> Result<Vec<CString>, Failure> {
    list.into_iter().map(|word| text(word.as_str())).collect()
}

/// Reserves a slot.
fn slot(steps: &mut Steps) -> Result<Slot, Failure> {
    steps.reserve_slot().ok_or_else(|| {
        Failure::new("there are more mounts and namespaces than can be made at once")
    })
}

/// Makes a plan of steps.
fn plan_of(steps: Steps, terminal_streams: u8) -> Plan {
    Plan {
        steps: steps.in_order(),
        gaps: Vec::new(),
        deadline: None,
        terminal_streams,
        reporter: Reporter::Absent,
        answers: None,
    }
}
