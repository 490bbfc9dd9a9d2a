//! Policies in every form that people have: readers and writers, one a format.
//!
//! - [`FORMATS`] lists them; no format knows another;
//! - [`Source`], [`ReadError`], [`Note`]: where a reader stopped and what it has to say;
//! - [`mod@write`]: what writers share, and the proof that a written policy permits no more than the one it was made from;
//! - [`json`]: JSON with positions, small, because the launcher's dependencies include this crate's.
//!
//! Readers do no I/O (a [`Loader`] brings what a policy includes), never panic, and keep bounded what they build:
//! inputs, notes, includes, nesting and expanded conditions all have limits that are errors when passed.

use casemate_model::names::{Arch, CapabilitySet, KernelVersion};
use casemate_model::syscalls::SyscallPolicy;

mod appc;
mod bpf;
mod firejail;
pub mod json;
mod kafel;
mod lxc;
mod minijail;
pub mod oci;
mod report;
mod rules;
mod stack;
pub mod systemd;
pub mod write;

pub use report::{Note, Position, Problem, ReadError, Remark, Source, What, c_number};
pub use write::{Loss, Tolerance, WriteError, WriteOptions, Written};

/// A format.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// Whether an input looks like it.
    pub detect: fn(&[u8]) -> bool,
    /// Reads a policy.
    pub read: Read,
    /// Writes a policy; `None` where nobody needs that.
    pub write: Option<Write>,
    /// What becomes of a system call that is in no table, unless the context says.
    pub unknown: Unknown,
}

/// A reader: the name of the input, the input, and what it is read for.
pub type Read = fn(&str, &[u8], &Context<'_>) -> Result<Reading, ReadError>;

/// A writer.
pub type Write = fn(&SyscallPolicy, &WriteOptions) -> Result<Written, WriteError>;

/// Every format, those that can be told for certain first.
pub static FORMATS: [Format; 9] = [
    appc::FORMAT,
    oci::FORMAT,
    bpf::BYTES,
    lxc::FORMAT,
    systemd::FORMAT,
    bpf::TEXT,
    firejail::FORMAT,
    kafel::FORMAT,
    minijail::FORMAT,
];

/// The format of a name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The first format that an input looks like.
pub fn detect(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.detect)(bytes))
}

/// What a policy is read for.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The numberings that the machine serves, its own first.
    pub archs: &'a [Arch],
    /// The kernel, for rules that depend on it.
    pub kernel: KernelVersion,
    /// The capabilities that the program keeps, for rules that depend on them.
    pub capabilities: CapabilitySet,
    /// What becomes of a call that is in no table; `None` is what the format says.
    pub unknown: Option<Unknown>,
    /// Brings what a policy includes.
    pub loader: &'a dyn Loader,
}

impl Context<'_> {
    // The machine's own numbering.
    fn native(&self) -> Option<Arch> {
        self.archs.first().copied()
    }
}

/// What becomes of a system call that is in no table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unknown {
    /// The policy is refused.
    Refuse,
    /// Its rule is left out, with a note.
    LeaveOut,
}

/// Brings the files that a policy includes.
pub trait Loader {
    /// The text of the file `name` that `from` includes, or why it cannot be had.
    fn load(&self, name: &str, from: &str) -> Result<String, String>;
}

/// A loader that has no file.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _name: &str, _from: &str) -> Result<String, String> {
        Err("files are not included here".to_owned())
    }
}

/// What a reader made of an input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The policy.
    pub policy: SyscallPolicy,
    /// What the policy does not say or its author may not have meant, in the order of the input.
    pub notes: Vec<Note>,
}
