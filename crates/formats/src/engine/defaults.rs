//! What engines give a container that asks for nothing, by version.
//!
//! Measured on the engines of Debian 12, 13 and sid. An engine's own configuration (`daemon.json`, `containers.conf`)
//! changes defaults; what it states is set, with its place there.

use super::Family;
use super::ask::{Filter, Said};
use crate::reader::Engine;
use casemate_model::facets::ids::IdMap;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::{Guard, Limit};
use casemate_model::names::{Capability, CapabilitySet};
use casemate_model::workload::Setting;
use casemate_model::{Origin, Stated};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What is given unasked.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// Which engine.
    pub family: Family,
    /// Its version.
    pub version: (u16, u16),
    /// Whose defaults these are: `docker@20.10`.
    pub of: &'static str,
    /// Capabilities of a container's root.
    pub capabilities: Stated<CapabilitySet>,
    /// Whether execve(2) gives nothing.
    pub no_new_privs: Stated<Guard>,
    /// The filter, where the configuration names one.
    pub filter: Option<Said<Filter>>,
    /// AppArmor's profile, where the host has AppArmor.
    pub apparmor: Stated<String>,
    /// Whether SELinux labels are given; `None` where that is the host's.
    pub selinux: Stated<Guard>,
    /// The user namespace.
    pub user: Stated<Placement>,
    /// Which ids are inside, where that is known.
    pub id_map: Stated<IdMap>,
    /// The cgroup namespace.
    pub cgroup: Stated<Placement>,
    /// The IPC namespace.
    pub ipc: Stated<Placement>,
    /// Processes.
    pub processes: Stated<Limit>,
    /// Bytes of /dev/shm.
    pub shm: Stated<u64>,
    /// Limits of each process.
    pub ulimits: Stated<BTreeMap<String, RlimitPair>>,
    /// Kernel parameters of an own network namespace.
    pub sysctls: Stated<BTreeMap<String, String>>,
    /// The address that ports are published on.
    pub address: Stated<Option<IpAddr>>,
    /// Whether `/` is read-only.
    pub read_only: Stated<bool>,
    /// Environment variables.
    pub environment: Vec<Said<(String, String)>>,
    /// What else the configuration gives each container.
    pub settings: Vec<Setting>,
}

/// What of /proc and /sys both engines cover.
const MASKED: [&str; 9] = [
    "/proc/acpi",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/firmware",
];

/// What both make read-only.
const READ_ONLY: [&str; 5] = [
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/sysrq-trigger",
];

/// Energy counters tell of what others compute (PLATYPUS, CVE-2020-8694).
const POWERCAP: &str = "/sys/devices/virtual/powercap";

const DOCKER_CAPABILITIES: [&str; 14] = [
    "CAP_AUDIT_WRITE",
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_MKNOD",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
];

const PODMAN_CAPABILITIES: [&str; 11] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_NET_BIND_SERVICE",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
];

fn set_of(names: &[&str]) -> CapabilitySet {
    let known = names.iter().filter_map(|name| Capability::from_name(name));
    known.fold(CapabilitySet::EMPTY, CapabilitySet::with)
}

fn texts(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    let one = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    list.iter().map(one).collect()
}

impl Defaults {
    /// The defaults of an engine's version.
    pub fn of(engine: Engine) -> Self {
        let family = if engine.name == "podman" {
            Family::Podman
        } else {
            Family::Docker
        };
        let of = engine.label;
        match family {
            Family::Docker => Self::docker(of, engine.version),
            Family::Podman => Self::podman(of, engine.version),
        }
    }

    fn docker(of: &'static str, version: (u16, u16)) -> Self {
        Self {
            family: Family::Docker,
            version,
            of,
            capabilities: Stated::default_of(of, set_of(&DOCKER_CAPABILITIES)),
            no_new_privs: Stated::default_of(of, Guard::Off),
            filter: None,
            apparmor: Stated::default_of(of, "docker-default".to_owned()),
            selinux: Stated::default_of(of, Guard::Off),
            user: Stated::default_of(of, Placement::Host),
            id_map: Stated::default_of(of, IdMap::Host),
            // On hosts of cgroup version 2; on those of version 1 it is the host's.
            cgroup: Stated::default_of(of, Placement::New),
            ipc: Stated::default_of(of, Placement::New),
            processes: Stated::default_of(of, Limit::Unlimited),
            shm: Stated::default_of(of, 64 << 20),
            ulimits: Stated::default_of(of, BTreeMap::new()),
            sysctls: Stated::default_of(
                of,
                texts(&[
                    ("net.ipv4.ip_unprivileged_port_start", "0"),
                    ("net.ipv4.ping_group_range", "0 2147483647"),
                ]),
            ),
            address: Stated::default_of(of, None),
            read_only: Stated::default_of(of, false),
            environment: Vec::new(),
            settings: Vec::new(),
        }
    }

    fn podman(of: &'static str, version: (u16, u16)) -> Self {
        let profile = if version < (5, 0) {
            "containers-default-0.50.1"
        } else {
            "containers-default-0.62.2"
        };
        let most = RlimitPair::both(Limit::AtMost(1 << 20));
        Self {
            family: Family::Podman,
            version,
            of,
            capabilities: Stated::default_of(of, set_of(&PODMAN_CAPABILITIES)),
            no_new_privs: Stated::default_of(of, Guard::Off),
            filter: None,
            apparmor: Stated::default_of(of, profile.to_owned()),
            // Labels are given where the host has SELinux.
            selinux: Stated::Unknown,
            user: Stated::default_of(of, Placement::Host),
            id_map: Stated::default_of(of, IdMap::Host),
            cgroup: Stated::default_of(of, Placement::New),
            ipc: Stated::default_of(of, Placement::New),
            processes: Stated::default_of(of, Limit::AtMost(2048)),
            shm: Stated::default_of(of, 65_536_000),
            ulimits: Stated::default_of(
                of,
                [("nofile", most), ("nproc", most)]
                    .map(|(name, pair)| (name.to_owned(), pair))
                    .into(),
            ),
            sysctls: Stated::default_of(of, texts(&[("net.ipv4.ping_group_range", "0 0")])),
            address: Stated::default_of(of, None),
            read_only: Stated::default_of(of, false),
            environment: Vec::new(),
            settings: Vec::new(),
        }
    }

    /// What of /proc and /sys is covered.
    pub(crate) fn masked(&self) -> Vec<&'static str> {
        let mut paths = MASKED.to_vec();
        match self.family {
            Family::Docker => {
                paths.push("/proc/asound");
                if self.version >= (23, 0) {
                    paths.push(POWERCAP);
                }
                if self.version >= (28, 0) {
                    paths.push("/proc/interrupts");
                }
            }
            Family::Podman => {
                paths.extend(["/sys/dev/block", "/sys/fs/selinux"]);
                if self.version >= (5, 0) {
                    paths.push(POWERCAP);
                }
            }
        }
        paths
    }

    /// What is read-only.
    pub(crate) fn read_only_paths(&self) -> Vec<&'static str> {
        let mut paths = READ_ONLY.to_vec();
        if self.family == Family::Podman {
            paths.push("/proc/asound");
        }
        paths
    }

    /// States a user namespace whose ids are not known here.
    pub(crate) fn remap(&mut self, origin: &Origin) {
        self.user = Stated::set(Placement::New, origin.clone());
        self.id_map = Stated::Unknown;
    }
}
