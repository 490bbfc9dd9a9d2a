//! The levels: bounds that are written here, in the spirit of Kubernetes' Pod Security levels, and stricter where the
//! kernel's attack surface demands it. docs/harden.md is their description.

use casemate_formats::oci::confine::numbers;
use casemate_formats::oci::schema::DeviceCgroup;
use casemate_model::facets::files::{ProcView, Root, ShownPath, SysView};
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use casemate_model::names::{Arch, Capability, CapabilitySet};
use casemate_model::syscalls::{Action, SyscallPolicy};
use casemate_model::{Confinement, Stated};

/// A level of hardening.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// No known way from a container to its host.
    Baseline,
    /// What a program that was made for containers needs.
    Restricted,
}

impl Level {
    /// All, the loosest first.
    pub const ALL: [Self; 2] = [Self::Baseline, Self::Restricted];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }

    /// The one of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// What it permits at most.
    pub fn bound(self) -> Confinement {
        let mut bound = match self {
            Self::Baseline => baseline(),
            Self::Restricted => restricted(),
        };
        // Calls of other machines cannot be made here, and comparing them would take twenty times as long.
        if let (Some(native), Some(filter)) = (Arch::native(), bound.syscalls.filter.value_mut()) {
            filter
                .archs
                .retain(|arch| *arch == native || native.companions().contains(arch));
        }
        bound
    }
}

/// What leaks from /proc and /sys, or leads to the host.
pub const MASKED: &[&str] = &[
    "/proc/acpi",
    "/proc/asound",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
    "/sys/kernel/debug",
    "/sys/kernel/security",
    "/sys/kernel/tracing",
];

/// What of /proc changes the host when it is written.
pub const READ_ONLY: &[&str] = &[
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/sysrq-trigger",
];

/// Kernel parameters that concern nobody but the container.
pub const SYSCTLS: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

const BASELINE: [Capability; 13] = [
    Capability::AuditWrite,
    Capability::Chown,
    Capability::DacOverride,
    Capability::Fowner,
    Capability::Fsetid,
    Capability::Kill,
    Capability::Mknod,
    Capability::NetBindService,
    Capability::Setfcap,
    Capability::Setgid,
    Capability::Setpcap,
    Capability::Setuid,
    Capability::SysChroot,
];

/// Grants of system calls that no container needs by these levels.
const REFUSED: [&str; 17] = [
    // A multiplexer of 32-bit machines: the kind of a socket cannot be seen in it.
    "socketcall",
    "@accounting",
    "@bpf",
    "@crypto",
    "@fanotify",
    "@handles",
    "@io_uring",
    "@kernel",
    "@keyring",
    "@log",
    "@perf",
    "@quota",
    "@raw-io",
    "@swap",
    "@time",
    "@userfaultfd",
    "@vsock",
];

fn says<T>(value: T) -> Stated<T> {
    Stated::default_of("harden", value)
}

fn all_sets(bound: &mut Confinement, capabilities: &[Capability]) {
    let set = capabilities
        .iter()
        .fold(CapabilitySet::EMPTY, |set, capability| {
            set.with(*capability)
        });
    let sets = &mut bound.capabilities;
    for field in [
        &mut sets.bounding,
        &mut sets.effective,
        &mut sets.permitted,
        &mut sets.inheritable,
        &mut sets.ambient,
    ] {
        *field = says(set);
    }
}

fn covered(paths: &[&str]) -> Stated<Restrictions<ShownPath>> {
    let shown = paths.iter().map(|path| ShownPath((*path).into()));
    says(Restrictions::These(shown.collect()))
}

fn calls() -> SyscallPolicy {
    let mut policy = SyscallPolicy::open();
    // A numbering of which nothing is known could have the refused calls, too.
    policy.foreign = Action::ENOSYS;
    for name in REFUSED {
        // A name that is not known would refuse nothing; a test shows that all are.
        if policy.refuse(name).is_err() {
            return SyscallPolicy::strictest();
        }
    }
    policy
}

fn baseline() -> Confinement {
    let mut bound = Confinement::open();
    for field in [
        &mut bound.namespaces.mount,
        &mut bound.namespaces.pid,
        &mut bound.namespaces.ipc,
        &mut bound.namespaces.net,
    ] {
        *field = says(Placement::New);
    }
    all_sets(&mut bound, &BASELINE);
    bound.capabilities.no_new_privs = says(Guard::On);
    bound.syscalls.filter = says(calls());
    bound.files.root = says(Root::Writable);
    bound.files.proc = says(ProcView::Writable);
    bound.files.sys = says(SysView::ReadOnly);
    bound.files.masked = covered(MASKED);
    bound.files.read_only = covered(READ_ONLY);
    let nodes = [
        "console", "full", "null", "ptmx", "pts", "random", "shm", "tty", "urandom", "zero",
    ];
    bound.devices.nodes = says(Selection::Only(
        nodes.iter().map(|name| (*name).to_owned()).collect(),
    ));
    // /dev/console, which is the terminal's own.
    let console = DeviceCgroup {
        allow: true,
        kind: "c".to_owned(),
        major: Some(5),
        minor: Some(1),
        access: "rwm".to_owned(),
    };
    bound.devices.numbers = says(numbers(&[console]));
    bound.resources.processes = says(Limit::AtMost(4096));
    bound.resources.oom_kill = says(Guard::On);
    bound
}

fn restricted() -> Confinement {
    let mut bound = baseline();
    bound.namespaces.uts = says(Placement::New);
    bound.namespaces.cgroup = says(Placement::New);
    all_sets(&mut bound, &[Capability::NetBindService]);
    bound.syscalls.filter = says(SyscallPolicy::ordinary());
    bound.files.root = says(Root::ReadOnly);
    bound.resources.processes = says(Limit::AtMost(1024));
    bound
}

#[cfg(test)]
mod tests {
    use super::{Level, REFUSED};
    use casemate_model::syscalls::SyscallPolicy;

    #[test]
    fn restricted_is_below_baseline() {
        let [baseline, restricted] = Level::ALL.map(Level::bound);
        let looser: Vec<_> = restricted
            .diff(&baseline)
            .into_iter()
            .filter(|difference| !difference.relation.is_no_more_than())
            .collect();
        assert_eq!(looser, []);
        assert!(!baseline.no_more_than(&restricted));
    }

    #[test]
    fn all_refused_names_are_known() {
        for name in REFUSED {
            let mut policy = SyscallPolicy::open();
            policy
                .refuse(name)
                .unwrap_or_else(|error| panic!("{error}"));
            assert_ne!(policy, SyscallPolicy::open(), "{name}");
        }
    }
}
