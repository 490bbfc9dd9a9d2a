//! Gathers the facts.

use super::view::{Kernel, View};
use super::{caller, cgroup, kernel, subordinate};
use casemate_model::facets::files::Access;
use casemate_model::host::{Availability, Caller, HostFacts, Stream, Subordinate};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_sys::{
    Errno, FdRef, STDERR, STDIN, STDOUT, caps, file, ids, landlock, namespace, seccomp, stat,
    terminal,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// What a plan needs to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Controllers that limits are wanted of, such as `memory`. When empty, cgroups are not looked at.
    pub controllers: BTreeSet<String>,
    /// Whether more ids than the caller's own are to be mapped.
    pub ranges: Ranges,
    /// Whether the caller's name matters.
    pub identity: Identity,
    /// Paths to look at. Should be absolute; others are taken from the working directory.
    pub paths: Vec<PathBuf>,
}

/// Whether ranges of subordinate ids are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ranges {
    /// They are not.
    NotNeeded,
    /// They are; that needs the caller's name, too.
    Needed,
}

/// How much is found out about the caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identity {
    /// Ids; the home directory is what HOME says.
    Numbers,
    /// The name and home directory of /etc/passwd, too.
    Name,
}

/// Why the facts could not be gathered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GatherError {
    /// The kernel refuses a call that never fails, so a filter is in the way.
    Call {
        /// The system call.
        call: &'static str,
        /// The kernel's answer.
        errno: Errno,
    },
    /// The kernel's release does not begin with a version.
    Release(String),
}

impl fmt::Display for GatherError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { call, errno } => write!(f, "cannot look at the host: {call}: {errno}"),
            Self::Release(release) => {
                write!(f, "cannot read the kernel's version from {release:?}")
            }
        }
    }
}

impl std::error::Error for GatherError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call { errno, .. } => Some(errno),
            Self::Release(_) => None,
        }
    }
}

/// Gathers what is asked for. User namespaces are taken for available: only trying tells.
///
/// # Errors
/// When the kernel does not say even who calls. What is merely absent (no /proc, no Landlock, no cgroups) is a fact.
pub fn gather(request: &Request) -> Result<HostFacts, GatherError> {
    gather_from(&Kernel, request)
}

pub(crate) fn gather_from(view: &impl View, request: &Request) -> Result<HostFacts, GatherError> {
    let caller = who_calls(view, request)?;
    let subordinate = match request.ranges {
        Ranges::Needed => subordinate::subordinate(view, &caller),
        Ranges::NotNeeded => Subordinate::default(),
    };
    let cgroups = if request.controllers.is_empty() {
        <_>::default()
    } else {
        cgroup::cgroups(view, &request.controllers)
    };
    Ok(HostFacts {
        kernel: running_kernel()?,
        caller,
        user_namespaces: Availability::Available,
        landlock: landlock::version().ok(),
        seccomp: filters(),
        cgroups,
        subordinate,
        tree: request
            .paths
            .iter()
            .map(|path| (path.clone(), view.look(path)))
            .collect(),
        streams: [STDIN, STDOUT, STDERR].map(stream),
        // A removed or unreachable directory has no path.
        directory: std::env::current_dir()
            .ok()
            .filter(|directory| directory.is_absolute()),
        environment: environment(),
    })
}

/// Tells what a standard stream is.
fn stream(fd: FdRef<'_>) -> Stream {
    let Ok(stat) = stat::fstat(fd) else {
        return Stream::Closed;
    };
    match stat.kind {
        Some(stat::FileType::Character) if terminal::is_terminal(fd) => Stream::Terminal,
        Some(stat::FileType::Regular) => file::status_flags(fd).map_or(Stream::Other, |flags| {
            // O_ACCMODE: 0 reads, 1 writes, 2 does both.
            Stream::File(match flags.bits() & 3 {
                0 => Access::READ,
                _ => Access::WRITE,
            })
        }),
        Some(stat::FileType::Directory) => Stream::Directory,
        _ => Stream::Other,
    }
}

fn who_calls(view: &impl View, request: &Request) -> Result<Caller, GatherError> {
    let uid = ids::geteuid();
    let needs_name = request.identity == Identity::Name || request.ranges == Ranges::Needed;
    let entry = if needs_name {
        // Without the file nobody has a name.
        view.read(Path::new("/etc/passwd"))
            .ok()
            .and_then(|passwd| caller::entry(&passwd, uid))
    } else {
        None
    };
    let (name, home) = entry.map(|entry| (entry.name, entry.home)).unzip();
    let home = home
        .or_else(|| std::env::var_os("HOME").map(PathBuf::from))
        .filter(|home| home.is_absolute());
    let sets = caps::capget(0).map_err(|errno| GatherError::Call {
        call: "capget",
        errno,
    })?;
    Ok(Caller {
        uid,
        gid: ids::getegid(),
        groups: groups().map_err(|errno| GatherError::Call {
            call: "getgroups",
            errno,
        })?,
        name,
        home,
        capabilities: CapabilitySet::from_bits(sets.effective),
    })
}

/// Supplementary groups, in one call for nearly everybody: NGROUPS_MAX is 65536, but few have more than 32.
fn groups() -> Result<Vec<u32>, Errno> {
    let mut few = [0; 64];
    match ids::getgroups(&mut few) {
        Ok(groups) => Ok(groups.to_vec()),
        Err(Errno::EINVAL) => {
            let mut many = vec![0; 65536];
            Ok(ids::getgroups(&mut many)?.to_vec())
        }
        Err(errno) => Err(errno),
    }
}

pub(crate) fn running_kernel() -> Result<casemate_model::names::version::KernelVersion, GatherError>
{
    let name = namespace::uname().map_err(|errno| GatherError::Call {
        call: "uname",
        errno,
    })?;
    let release = name.release().to_string_lossy();
    kernel::version(&release, &name.version().to_string_lossy())
        .ok_or_else(|| GatherError::Release(release.into_owned()))
}

/// Whether the kernel has filters, told by its most basic action.
pub(crate) fn filters() -> Availability {
    const KILL_PROCESS: u32 = 0x8000_0000; // SECCOMP_RET_KILL_PROCESS, linux/seccomp.h, 4.14
    match seccomp::action_available(KILL_PROCESS) {
        Ok(()) => Availability::Available,
        Err(errno) => Availability::Refused {
            obstacle: format!("seccomp(2): {errno}"),
            remedy: "use a kernel of version 4.14 or later built with CONFIG_SECCOMP_FILTER"
                .to_owned(),
        },
    }
}

/// Variables whose names are text: no other name can be written in a profile.
fn environment() -> BTreeMap<String, OsString> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use casemate_model::host::PathFact;

    fn request(controllers: &[&str]) -> Request {
        Request {
            controllers: controllers.iter().map(|name| (*name).to_owned()).collect(),
            ranges: Ranges::Needed,
            identity: Identity::Name,
            paths: vec!["/usr".into(), "/no such thing".into(), "/dev/null".into()],
        }
    }

    /// Compares with what the kernel says elsewhere.
    #[test]
    fn this_machine() {
        let facts = gather(&request(&["memory", "pids", "cpu"])).unwrap();
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let field = |key: &str| {
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix(key))
                .unwrap();
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(facts.caller.uid.to_string(), field("Uid:")[1]);
        assert_eq!(facts.caller.gid.to_string(), field("Gid:")[1]);
        let groups: Vec<String> = facts.caller.groups.iter().map(u32::to_string).collect();
        assert_eq!(groups, field("Groups:"));
        assert_eq!(
            u64::from_str_radix(&field("CapEff:")[0], 16).ok(),
            Some(facts.caller.capabilities.bits())
        );
        let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
        assert!(
            release.starts_with(&format!("{}.{}", facts.kernel.major, facts.kernel.minor)),
            "{release}"
        );
        assert_eq!(facts.directory, std::env::current_dir().ok());
        assert_eq!(
            facts.environment.get("PATH"),
            std::env::var_os("PATH").as_ref()
        );
        assert_eq!(facts.tree[Path::new("/usr")], PathFact::Directory);
        assert_eq!(facts.tree[Path::new("/no such thing")], PathFact::Absent);
        assert_eq!(facts.tree[Path::new("/dev/null")], PathFact::Special);
        for (controller, hierarchy) in &facts.cgroups.v1 {
            let procs = hierarchy
                .parent
                .as_ref()
                .unwrap_or(&hierarchy.mount)
                .join("cgroup.procs");
            assert!(procs.exists(), "{controller}: {}", procs.display());
        }
        if let Some(v2) = &facts.cgroups.v2 {
            assert!(v2.mount.join("cgroup.controllers").exists());
        }
    }

    #[test]
    fn nothing_is_read_that_nobody_asked_for() {
        let nothing = Request {
            controllers: BTreeSet::new(),
            ranges: Ranges::NotNeeded,
            identity: Identity::Numbers,
            paths: Vec::new(),
        };
        let facts = gather_from(&super::super::view::fixture::Forbidden, &nothing).unwrap();
        assert_eq!(facts.caller.name, None);
        assert!(
            facts.tree.is_empty()
                && facts.cgroups == <_>::default()
                && facts.subordinate == <_>::default()
        );
    }

    #[test]
    fn errors_name_the_call() {
        let error = GatherError::Call {
            call: "capget",
            errno: Errno::EPERM,
        };
        assert_eq!(
            error.to_string(),
            "cannot look at the host: capget: operation not permitted (EPERM)"
        );
        assert_eq!(
            GatherError::Release("x".to_owned()).to_string(),
            "cannot read the kernel's version from \"x\""
        );
    }
}
