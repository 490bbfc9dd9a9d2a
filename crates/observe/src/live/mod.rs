//! What confines a live process, read from the kernel.
//!
//! - [`read()`]: a process to a [`Workload`] whose values name the file of /proc they come from;
//! - [`find()`]: the process of a container by its name, from state on disk: no engine is asked;
//! - [`filters()`]: its syscall filters.
//!
//! What the kernel does not show (securebits, Landlock rulesets, device programs of cgroup version 2, the session
//! keyring) stays unknown and is listed as [`Unseen`]; so is what this caller may not read. Read next: the modules.

mod files;
mod filters;
mod find;
mod identity;
mod process;
mod resources;
mod surroundings;

pub use filters::{FilterError, filters};
pub use find::{ENGINES, FindError, find};

use casemate_model::names::Arch;
use casemate_model::order::FieldId;
use casemate_model::stated::Stated;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Origin, Workload};
use casemate_seccomp::explain::Explanation;
use casemate_seccomp::{explain, fuse};
use casemate_sys::Errno;
use casemate_sys::process::Pid;
use process::{Process, Status};
use std::fmt;
use std::io;

/// A live process.
#[derive(Clone, PartialEq, Debug)]
pub struct Live {
    /// What confines it.
    pub workload: Workload,
    /// What is not known, and why.
    pub unseen: Vec<Unseen>,
}

/// A field that is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unseen {
    /// The field.
    pub field: FieldId,
    /// Why.
    pub why: String,
}

/// Why a process cannot be read at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LiveError {
    /// There is no such process, or /proc hides it.
    NoProcess(u32, Errno),
    /// A file that everybody may read cannot be read.
    Unreadable(u32, &'static str, String),
}

impl fmt::Display for LiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProcess(pid, Errno::ENOENT) => write!(f, "there is no process {pid}"),
            Self::NoProcess(pid, errno) => write!(f, "cannot look at process {pid}: {errno}"),
            Self::Unreadable(pid, file, why) => write!(f, "cannot read /proc/{pid}/{file}: {why}"),
        }
    }
}

impl std::error::Error for LiveError {}

/// Collects what is read.
struct Reader {
    process: Process,
    status: Status,
    confinement: Confinement,
    unseen: Vec<Unseen>,
}

/// Reads what confines a process.
///
/// # Warning
/// A process with syscall filters is stopped for a moment while they are read, when the caller may do that.
///
/// # Errors
/// There is no such process.
pub fn read(pid: u32) -> Result<Live, LiveError> {
    let process = Process::open(pid).map_err(|errno| LiveError::NoProcess(pid, errno))?;
    let status = process
        .text("status")
        .map_err(|error| LiveError::Unreadable(pid, "status", error.to_string()))?;
    let mut reader = Reader {
        status: Status::parse(&status),
        confinement: Confinement::unknown(),
        unseen: Vec::new(),
        process,
    };
    let mut workload = Workload::new(format!("pid:{pid}"), "process", reader.origin("status"));
    reader.identity();
    reader.capabilities();
    reader.namespaces();
    reader.syscalls();
    reader.files(&mut workload);
    reader.resources();
    reader.surroundings(&mut workload);
    reader.hidden();
    workload.confinement = reader.confinement;
    Ok(Live {
        workload,
        unseen: reader.unseen,
    })
}

impl Reader {
    fn origin(&self, file: &str) -> Origin {
        self.process.origin(file)
    }

    fn set<T>(&self, value: T, file: &str) -> Stated<T> {
        Stated::set(value, self.origin(file))
    }

    fn unseen(&mut self, facet: &'static str, name: &'static str, why: impl Into<String>) {
        self.unseen.push(Unseen {
            field: FieldId { facet, name },
            why: why.into(),
        });
    }

    /// Notes that a file could not be read.
    fn unreadable(
        &mut self,
        facet: &'static str,
        names: &[&'static str],
        file: &str,
        error: &io::Error,
    ) {
        for name in names {
            self.unseen(facet, name, format!("{}: {error}", self.origin(file)));
        }
    }

    /// What no file of the kernel tells.
    fn hidden(&mut self) {
        for (facet, name, why) in [
            (
                "capabilities",
                "securebits",
                "the kernel shows securebits to the process itself only",
            ),
            (
                "mac",
                "landlock",
                "the kernel does not show Landlock rulesets",
            ),
            (
                "mac",
                "signal_scope",
                "the kernel does not show Landlock rulesets",
            ),
            (
                "mac",
                "abstract_unix_scope",
                "the kernel does not show Landlock rulesets",
            ),
            (
                "kernel",
                "descriptors",
                "what was passed on and what was opened later look alike",
            ),
            (
                "kernel",
                "keyring",
                "a session keyring is shown to the process itself only",
            ),
            (
                "kernel",
                "parent_death",
                "the kernel shows PR_SET_PDEATHSIG to the process itself only",
            ),
            (
                "kernel",
                "sysctl",
                "parameters of another namespace are not shown here",
            ),
            (
                "network",
                "published",
                "the host's packet filter holds the ports, not the process",
            ),
            (
                "resources",
                "time",
                "only who started the process knows when it will be ended",
            ),
        ] {
            self.unseen(facet, name, why);
        }
    }

    fn syscalls(&mut self) {
        let mode = self.status.get("Seccomp");
        self.confinement.syscalls.filter = match mode {
            Some("0") => self.set(SyscallPolicy::open(), "status"),
            Some("1") => self.set(strict(), "status"),
            Some(_) => match self.filter() {
                Ok(policy) => self.set(policy, "status"),
                Err(why) => {
                    self.unseen("syscalls", "filter", why);
                    Stated::Unknown
                }
            },
            None => {
                self.unseen("syscalls", "filter", "this kernel has no seccomp");
                Stated::Unknown
            }
        };
    }

    fn filter(&self) -> Result<SyscallPolicy, String> {
        let pid = i32::try_from(self.process.pid)
            .ok()
            .and_then(Pid::new)
            .ok_or("the process's number is out of range")?;
        let mut programs = filters(pid, None).map_err(|error| error.to_string())?;
        // The kernel counts from the one that was loaded last.
        programs.reverse();
        let native = Arch::native().unwrap_or(Arch::X86_64);
        let machine: Vec<Arch> = std::iter::once(native)
            .chain(native.companions().iter().copied())
            .collect();
        let program = match programs.len() {
            0 => return Ok(SyscallPolicy::open()),
            1 => programs.remove(0),
            _ => fuse(&programs, &machine).map_err(|error| error.to_string())?,
        };
        match explain(&program) {
            Ok(Explanation::Policy(policy)) => Ok(policy),
            Ok(Explanation::Numbers(_)) => Err("no policy says what the filter does".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// SECCOMP_MODE_STRICT: read, write, exit and rt_sigreturn (seccomp(2)).
fn strict() -> SyscallPolicy {
    use casemate_model::names::syscalls::SyscallId;
    use casemate_model::syscalls::{Action, Call, Case};
    let mut policy = SyscallPolicy::strictest();
    for name in ["read", "write", "exit", "rt_sigreturn"] {
        if let Some(id) = SyscallId::from_name(name) {
            policy
                .rules
                .insert(Call::Named(id), vec![Case::always(Action::Allow)]);
        }
    }
    policy
}
