//! Facts of the machine that a plan depends on. Data only: the observe crate gathers them, tests make them up.

use crate::facets::files::Access;
use crate::names::capabilities::CapabilitySet;
use crate::names::version::KernelVersion;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;

/// Facts of the machine and of the caller.
#[derive(Clone, PartialEq, Debug)]
pub struct HostFacts {
    /// The running kernel.
    pub kernel: KernelVersion,
    /// Who calls.
    pub caller: Caller,
    /// Whether the caller may make user namespaces; unknown until tried when nothing speaks against it.
    pub user_namespaces: Availability,
    /// Version of Landlock's interface, when it is on.
    pub landlock: Option<u32>,
    /// Whether the kernel has seccomp filters.
    pub seccomp: Availability,
    /// The cgroup hierarchies.
    pub cgroups: Cgroups,
    /// Ranges of ids that belong to the caller.
    pub subordinate: Subordinate,
    /// What stands at the paths that a plan asks about. A path that is not in here was not looked at.
    pub tree: BTreeMap<PathBuf, PathFact>,
    /// What the standard streams are.
    pub streams: [Stream; 3],
    /// The working directory, when it has a path.
    pub directory: Option<PathBuf>,
    /// The caller's environment, for the variables that a confinement passes on.
    pub environment: BTreeMap<String, OsString>,
}

/// What a standard stream is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    /// A terminal.
    Terminal,
    /// A regular file, opened to be read or written.
    File(Access),
    /// A directory.
    Directory,
    /// A pipe, a socket, a device.
    Other,
    /// Not open.
    Closed,
}

/// Who calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// User name of /etc/passwd.
    pub name: Option<String>,
    /// Home directory of /etc/passwd.
    pub home: Option<PathBuf>,
    /// Effective capabilities.
    pub capabilities: CapabilitySet,
}

impl Caller {
    /// Tells whether ids other than the caller's own can be mapped without a helper.
    pub fn is_privileged(&self) -> bool {
        self.uid == 0
    }
}

/// Whether the kernel offers something to this caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Availability {
    /// It does, as far as can be told without trying.
    Available,
    /// It does not.
    Refused {
        /// What stands in the way, such as `kernel.apparmor_restrict_unprivileged_userns is 1`.
        obstacle: String,
        /// The smallest change that would help.
        remedy: String,
    },
}

/// What stands at a path, links not followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PathFact {
    /// Nothing.
    Absent,
    /// A directory.
    Directory,
    /// A regular file.
    File,
    /// A regular file that only the host's root may open, by its owner and mode.
    RootOnly,
    /// A symbolic link, with its target as it stands there.
    Link(PathBuf),
    /// A device, socket or pipe.
    Special,
    /// It cannot be looked at.
    Hidden,
}

/// The cgroup hierarchies as the caller sees them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cgroups {
    /// The unified hierarchy.
    pub v2: Option<CgroupV2>,
    /// Version 1 hierarchies by controller.
    pub v1: BTreeMap<String, CgroupV1>,
}

/// The unified hierarchy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CgroupV2 {
    /// Where it is mounted.
    pub mount: PathBuf,
    /// A directory in which the caller may make a group with limits.
    pub parent: Result<PathBuf, String>,
    /// Controllers that a group made there can have.
    pub controllers: BTreeSet<String>,
    /// Controllers that `parent` has but does not yet give to its children (`cgroup.subtree_control`).
    pub to_enable: BTreeSet<String>,
}

/// A version 1 hierarchy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CgroupV1 {
    /// Where it is mounted.
    pub mount: PathBuf,
    /// A directory in which the caller may make a group, or why there is none.
    pub parent: Result<PathBuf, String>,
}

/// Ranges of ids that belong to the caller (subuid(5), subgid(5)), and the programs that map them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subordinate {
    /// User ids: first and count.
    pub uids: Vec<(u32, u32)>,
    /// Group ids: first and count.
    pub gids: Vec<(u32, u32)>,
    /// Path of newuidmap(1).
    pub newuidmap: Option<PathBuf>,
    /// Path of newgidmap(1).
    pub newgidmap: Option<PathBuf>,
}
