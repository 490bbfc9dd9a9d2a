//! The compartment by default: what a program gets when nothing is said.

use super::source::Context;
use casemate_model::Confinement;
use casemate_model::facets::binds::Binds;
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::device_numbers::DeviceNumbers;
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::facets::files::{
    Access, Files, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, Ids, InsideId};
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls, Variable};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::facets::network::{Network, Reach};
use casemate_model::facets::resources::{Limits, OomScore, Resources, RlimitPair, Rlimits};
use casemate_model::facets::syscalls::Syscalls;
use casemate_model::lattice::{Guard, Label, Limit, Permit, Restrictions, Selection};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::stated::Stated;
use casemate_model::syscalls::SyscallPolicy;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Whose defaults these are.
pub(crate) const OF: &str = "casemate";

/// Directories of the host from which programs and libraries are run, and which hold no user's data.
pub const SYSTEM_RUN: [&str; 7] = [
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
];

/// Directories of the host that hold its configuration.
pub const SYSTEM_READ: [&str; 1] = ["/etc"];

/// Private directories and their sizes in bytes.
pub const TEMPORARY: [(&str, u64); 2] = [("/tmp", 256 << 20), ("/dev/shm", 64 << 20)];

/// Device nodes that every program may expect (Linux Standard Base; the OCI runtime specification has the same list
/// with the terminal's).
pub const DEVICES: [&str; 6] = ["full", "null", "random", "tty", "urandom", "zero"];

/// Variables that are passed on: they tell how to talk to the user, and hold no path and no secret.
pub const ENVIRONMENT: [&str; 19] = [
    "COLORTERM",
    "LANG",
    "LANGUAGE",
    "LC_ADDRESS",
    "LC_ALL",
    "LC_COLLATE",
    "LC_CTYPE",
    "LC_IDENTIFICATION",
    "LC_MEASUREMENT",
    "LC_MESSAGES",
    "LC_MONETARY",
    "LC_NAME",
    "LC_NUMERIC",
    "LC_PAPER",
    "LC_TELEPHONE",
    "LC_TIME",
    "NO_COLOR",
    "TERM",
    "TZ",
];

/// Variables that are set.
pub const SET: [(&str, &str); 2] = [
    ("HOME", "/tmp"),
    (
        "PATH",
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ),
];

/// What of /proc and /sys is covered: it tells of the host, not of the program. The list of the OCI runtimes, and what
/// shows addresses, pages or messages of the kernel. Most are readable by root alone, but a program that keeps
/// capabilities or runs on a kernel with other modes must not see them either.
pub const MASKED: [&str; 21] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/interrupts",
    "/proc/iomem",
    "/proc/ioports",
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/key-users",
    "/proc/keys",
    "/proc/kmsg",
    "/proc/kpagecgroup",
    "/proc/kpagecount",
    "/proc/kpageflags",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/sysrq-trigger",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
];

/// What of /proc stays read-only when /proc is writable: settings of the host. The list of the OCI runtimes.
pub const READ_ONLY: [&str; 5] = [
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/mtrr",
    "/proc/sys",
];

/// The name of the host inside.
pub const HOSTNAME: &str = "casemate";

/// Memory of all processes together, in bytes.
pub const MEMORY: u64 = 4 << 30;

/// Number of processes and threads.
pub const PROCESSES: u64 = 512;

/// Size of a file that is written, in bytes.
pub const FILE_SIZE: u64 = 4 << 30;

/// Number of open descriptors of a process, soft and hard.
pub const OPEN_FILES: (u64, u64) = (1024, 4096);

/// Share of the processors: what every cgroup has unless somebody sets it.
pub const CPU_WEIGHT: u64 = 100;

fn default<T>(value: T) -> Stated<T> {
    Stated::default_of(OF, value)
}

/// Returns the confinement by default, but for the grant of the working directory.
pub fn confinement(context: &Context) -> Confinement {
    Confinement {
        ids: ids(context),
        namespaces: namespaces(),
        capabilities: capabilities(),
        syscalls: Syscalls {
            filter: default(SyscallPolicy::ordinary()),
        },
        files: files(),
        devices: Devices {
            nodes: default(Selection::Only(DEVICES.map(str::to_owned).into())),
            // No node can be made, and none is there but these.
            numbers: default(DeviceNumbers::All),
            terminal: default(Terminal::Own),
        },
        resources: resources(),
        network: Network {
            reach: default(Reach::None),
            published: default(Selection::none()),
            listen: default(Selection::none()),
            connect: default(Selection::none()),
        },
        mac: mac(),
        kernel: kernel(),
    }
}

/// The id of the host that a program has: the caller's, but never root's.
pub(crate) fn outside(context: &Context) -> (u32, u32) {
    if context.is_root() {
        (InsideId::NOBODY, InsideId::NOBODY)
    } else {
        (context.uid, context.gid)
    }
}

fn ids(context: &Context) -> Ids {
    let (uid, gid) = outside(context);
    let map = |id| {
        IdMap::Mapped(vec![IdRange {
            inside: id,
            outside: id,
            count: 1,
        }])
    };
    Ids {
        uid: default(InsideId(uid)),
        user_name: default(Label(String::new())),
        gid: default(InsideId(gid)),
        groups: default(groups(context)),
        uid_map: default(map(uid)),
        gid_map: default(map(gid)),
        setgroups: default(Permit::Denied),
        // Root's own rights are never handed on; what root grants is seen as root's all the same.
        rights: default(if context.is_root() {
            FileRights::Granted
        } else {
            FileRights::Caller
        }),
    }
}

/// Without privilege the kernel lets nobody give up groups before a map of one id is written (user_namespaces(7),
/// CVE-2014-8989), so the caller's stay.
pub(crate) fn groups(context: &Context) -> Groups {
    if context.is_root() {
        Groups::Only(Vec::new())
    } else {
        Groups::Inherited
    }
}

fn namespaces() -> Namespaces {
    Namespaces {
        user: default(Placement::New),
        mount: default(Placement::New),
        pid: default(Placement::New),
        net: default(Placement::New),
        ipc: default(Placement::New),
        uts: default(Placement::New),
        cgroup: default(Placement::New),
        time: default(Placement::New),
        hostname: default(Label(HOSTNAME.to_owned())),
        domainname: default(Label(String::new())),
    }
}

fn capabilities() -> Capabilities {
    let none = || default(CapabilitySet::EMPTY);
    Capabilities {
        effective: none(),
        permitted: none(),
        inheritable: none(),
        bounding: none(),
        ambient: none(),
        no_new_privs: default(Guard::On),
        securebits: default(Guard::On),
    }
}

fn files() -> Files {
    let shown = |paths: &[&str]| {
        Restrictions::These(
            paths
                .iter()
                .map(|path| ShownPath(PathBuf::from(path)))
                .collect(),
        )
    };
    Files {
        grants: default(Grants(system_grants().collect())),
        root: default(Root::None),
        binds: default(Binds::none()),
        temporary: default(Temporary(temporary())),
        proc: default(ProcView::Own),
        sys: default(SysView::Absent),
        masked: default(shown(&MASKED)),
        read_only: default(shown(&READ_ONLY)),
        nosuid: default(Guard::On),
        nodev: default(Guard::On),
    }
}

/// The system's directories with what may be done there.
pub(crate) fn system_grants() -> impl Iterator<Item = (PathBuf, Access)> {
    let run = SYSTEM_RUN
        .iter()
        .map(|path| (PathBuf::from(path), Access::RUN));
    run.chain(
        SYSTEM_READ
            .iter()
            .map(|path| (PathBuf::from(path), Access::READ)),
    )
}

/// What may be done with a path because it is the system's.
pub(crate) fn system_access(path: &Path) -> Access {
    let below = |directories: &[&str]| {
        directories
            .iter()
            .any(|directory| path.starts_with(directory))
    };
    if below(&SYSTEM_RUN) {
        Access::RUN
    } else if below(&SYSTEM_READ) {
        Access::READ
    } else {
        Access::NONE
    }
}

/// The private directories by default.
pub(crate) fn temporary() -> BTreeMap<PathBuf, Limit> {
    TEMPORARY
        .iter()
        .map(|(path, size)| (PathBuf::from(path), Limit::AtMost(*size)))
        .collect()
}

/// The limits of each process by default.
pub(crate) fn rlimits() -> BTreeMap<String, RlimitPair> {
    let (soft, hard) = OPEN_FILES;
    BTreeMap::from([
        ("core".to_owned(), RlimitPair::both(Limit::AtMost(0))),
        (
            "fsize".to_owned(),
            RlimitPair::both(Limit::AtMost(FILE_SIZE)),
        ),
        (
            "nofile".to_owned(),
            RlimitPair {
                soft: Limit::AtMost(soft),
                hard: Limit::AtMost(hard),
            },
        ),
    ])
}

fn resources() -> Resources {
    Resources {
        memory: default(Limit::AtMost(MEMORY)),
        memory_and_swap: default(Limit::Unlimited),
        oom_kill: default(Guard::On),
        oom_score_adj: default(OomScore(0)),
        processes: default(Limit::AtMost(PROCESSES)),
        cpu: default(Limit::Unlimited),
        cpu_weight: default(Limit::AtMost(CPU_WEIGHT)),
        cpus: default(Selection::All),
        memory_nodes: default(Selection::All),
        io: default(Limits(BTreeMap::new())),
        huge_pages: default(Limits(BTreeMap::new())),
        time: default(Limit::Unlimited),
        rlimits: default(Rlimits(rlimits())),
    }
}

fn mac() -> Mac {
    Mac {
        landlock: default(Guard::On),
        signal_scope: default(Guard::On),
        abstract_unix_scope: default(Guard::On),
        apparmor: default(SecurityLabel::Unconfined),
        selinux: default(SecurityLabel::Unconfined),
        smack: default(SecurityLabel::Unconfined),
    }
}

/// The variables by default.
pub(crate) fn environment() -> BTreeMap<String, Variable> {
    let passed = ENVIRONMENT
        .iter()
        .map(|name| ((*name).to_owned(), Variable::FromCaller));
    let set = SET
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Variable::Text((*text).to_owned())));
    passed.chain(set).collect()
}

fn kernel() -> Kernel {
    Kernel {
        environment: default(Environment::Only(environment())),
        descriptors: default(Selection::none()),
        keyring: default(Keyring::New),
        session: default(Guard::On),
        parent_death: default(Guard::On),
        sysctl: default(Sysctls(BTreeMap::new())),
    }
}
