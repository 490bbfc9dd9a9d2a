//! Everything but files and the filter.

use super::lines::Line;
use super::read::{OF, Reader};
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::device_numbers::DeviceNumbers;
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, Ids, InsideId};
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::facets::network::{Network, Reach};
use casemate_model::facets::resources::{Limits, OomScore, Resources, RlimitPair, Rlimits};
use casemate_model::lattice::{Guard, Label, Limit, Permit, Selection};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::{Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What `caps` takes away.
const CAPS: [&str; 8] = [
    "sys_module",
    "sys_rawio",
    "sys_boot",
    "sys_nice",
    "sys_tty_config",
    "syslog",
    "mknod",
    "sys_admin",
];

/// Nodes of `private-dev`, and the directive that takes them away.
const NODES: [(&str, &str); 18] = [
    ("dri", "no3d"),
    ("dvb", "notv"),
    ("full", ""),
    ("hidraw0", "nou2f"),
    ("input", "noinput"),
    ("log", ""),
    ("null", ""),
    ("ptmx", ""),
    ("pts", ""),
    ("random", ""),
    ("shm", ""),
    ("snd", "nosound"),
    ("sr0", "nodvd"),
    ("tty", ""),
    ("urandom", ""),
    ("usb", "nou2f"),
    ("video0", "novideo"),
    ("zero", ""),
];

/// Directives that the reader takes elsewhere; the others are settings.
const TAKEN: [&str; 66] = [
    "allow-debuggers",
    "apparmor",
    "bind",
    "blacklist",
    "blacklist-nolog",
    "caps",
    "caps.drop",
    "caps.keep",
    "cpu",
    "disable-mnt",
    "hostname",
    "ipc-namespace",
    "keep-fd",
    "keep-var-tmp",
    "memory-deny-write-execute",
    "net",
    "netns",
    "no3d",
    "noblacklist",
    "nodvd",
    "noexec",
    "nogroups",
    "noinput",
    "nonewprivs",
    "noroot",
    "nosound",
    "notv",
    "nou2f",
    "novideo",
    "nowhitelist",
    "private",
    "private-bin",
    "private-cache",
    "private-dev",
    "private-etc",
    "private-home",
    "private-opt",
    "private-srv",
    "private-tmp",
    "protocol",
    "read-only",
    "read-write",
    "restrict-namespaces",
    "rlimit-as",
    "rlimit-cpu",
    "rlimit-fsize",
    "rlimit-nofile",
    "rlimit-nproc",
    "rlimit-sigpending",
    "seccomp",
    "seccomp-error-action",
    "seccomp.32",
    "seccomp.32.drop",
    "seccomp.32.keep",
    "seccomp.block-secondary",
    "seccomp.drop",
    "seccomp.keep",
    "timeout",
    "tmpfs",
    "whitelist",
    "whitelist-ro",
    "writable-etc",
    "writable-run-user",
    "writable-var",
    "writable-var-log",
    "apparmor-replace",
];

fn default<T>(value: T) -> Stated<T> {
    Stated::default_of(OF, value)
}

impl Reader {
    /// Takes everything but files and the filter.
    pub(super) fn confine(&mut self) {
        for line in &self.lines {
            if !TAKEN.contains(&line.name) {
                let value = line.value.clone();
                self.workload
                    .set("firejail-setting", line.name, value, line.origin.clone());
            }
        }
        self.workload.confinement.ids = self.ids();
        self.workload.confinement.namespaces = self.namespaces();
        self.workload.confinement.capabilities = self.capabilities();
        self.workload.confinement.devices = self.devices();
        self.workload.confinement.resources = self.resources();
        self.workload.confinement.network = self.network();
        let label = self.last("apparmor").map(|line| {
            let name = if line.value.is_empty() {
                "firejail-default"
            } else {
                &line.value
            };
            Stated::set(SecurityLabel::Named(name.to_owned()), line.origin.clone())
        });
        self.workload.confinement.mac = Mac {
            landlock: default(Guard::Off),
            signal_scope: default(Guard::Off),
            abstract_unix_scope: default(Guard::Off),
            apparmor: label.unwrap_or(Stated::Unknown),
            selinux: Stated::Unknown,
            smack: Stated::Unknown,
        };
        let descriptors = match self.last("keep-fd") {
            None => default(Selection::none()),
            Some(line) if line.value == "all" => Stated::set(Selection::All, line.origin.clone()),
            Some(line) => {
                let numbers = line
                    .value
                    .split(',')
                    .filter_map(|number| number.trim().parse().ok());
                Stated::set(Selection::Only(numbers.collect()), line.origin.clone())
            }
        };
        self.workload.confinement.kernel = Kernel {
            environment: default(Environment::Inherited),
            descriptors,
            keyring: default(Keyring::Inherited),
            session: default(Guard::Off),
            parent_death: default(Guard::Off),
            sysctl: default(Sysctls(BTreeMap::new())),
        };
    }

    fn ids(&self) -> Ids {
        let one = |id: u32| {
            IdMap::canonical(&[IdRange {
                inside: id,
                outside: id,
                count: 1,
            }])
        };
        // Root gets no user namespace.
        let noroot = self.at("noroot").filter(|_| self.uid != 0);
        let map = |map: IdMap| match &noroot {
            Some(origin) => Stated::set(map, origin.clone()),
            None => default(IdMap::Host),
        };
        let nogroups = self.at("nogroups");
        let gid_map = match (&noroot, &nogroups) {
            // Groups of devices are mapped, too, whose numbers are the machine's.
            (Some(_), None) => Stated::Unknown,
            _ => map(one(self.gid)),
        };
        Ids {
            uid: default(InsideId(self.uid)),
            user_name: Stated::Unknown,
            gid: default(InsideId(self.gid)),
            groups: self.stated("nogroups", Groups::Only(Vec::new()), Groups::Inherited),
            uid_map: map(one(self.uid)),
            gid_map,
            setgroups: default(Permit::Permitted),
            rights: default(FileRights::Caller),
        }
    }

    fn namespaces(&self) -> Namespaces {
        let user = match self.at("noroot").filter(|_| self.uid != 0) {
            Some(origin) => Stated::set(Placement::New, origin),
            None => default(Placement::Host),
        };
        let net = match (self.last("netns"), self.last("net")) {
            (Some(line), _) => {
                let path = PathBuf::from("/run/netns").join(&line.value);
                Stated::set(Placement::Join(path), line.origin.clone())
            }
            (None, Some(line)) => Stated::set(Placement::New, line.origin.clone()),
            (None, None) => default(Placement::Host),
        };
        let hostname = self.last("hostname");
        Namespaces {
            user,
            mount: default(Placement::New),
            pid: default(Placement::New),
            net,
            ipc: self.stated("ipc-namespace", Placement::New, Placement::Host),
            uts: default(Placement::New),
            cgroup: default(Placement::Host),
            time: default(Placement::Host),
            hostname: hostname.map_or(Stated::Unknown, |line| {
                Stated::set(Label(line.value.clone()), line.origin.clone())
            }),
            domainname: Stated::Unknown,
        }
    }

    fn set_of(&mut self, line: &Line) -> CapabilitySet {
        let mut set = CapabilitySet::EMPTY;
        for name in line
            .value
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match Capability::from_name(name) {
                Some(capability) => set = set.with(capability),
                None => {
                    let what = format!("{name:?} is no capability, and Firejail does not start");
                    self.problems.push(Problem::new(what, line.origin.clone()));
                }
            }
        }
        set
    }

    fn capabilities(&mut self) -> Capabilities {
        let (keep, drop) = (
            self.last("caps.keep").cloned(),
            self.last("caps.drop").cloned(),
        );
        let bounding = if let Some(line) = keep {
            Stated::set(self.set_of(&line), line.origin)
        } else if let Some(line) = drop {
            let set = match line.value.as_str() {
                "all" => CapabilitySet::EMPTY,
                _ => CapabilitySet::ALL.difference(self.set_of(&line)),
            };
            Stated::set(set, line.origin)
        } else {
            let taken = CAPS.iter().filter_map(|name| Capability::from_name(name));
            let fewer = taken.fold(CapabilitySet::ALL, CapabilitySet::without);
            self.stated("caps", fewer, CapabilitySet::ALL)
        };
        // A program of root's holds what the bounding set has, any other nothing.
        let held = if self.uid == 0 {
            bounding.clone()
        } else {
            default(CapabilitySet::EMPTY)
        };
        Capabilities {
            effective: held.clone(),
            permitted: held,
            inheritable: default(CapabilitySet::EMPTY),
            bounding,
            ambient: default(CapabilitySet::EMPTY),
            no_new_privs: self.stated("nonewprivs", Guard::On, Guard::Off),
            securebits: default(Guard::Off),
        }
    }

    fn devices(&mut self) -> Devices {
        let nodes = match self.at("private-dev") {
            Some(origin) => {
                let there = |without: &str| without.is_empty() || self.last(without).is_none();
                let names = NODES.iter().filter(|(_, without)| there(without));
                Stated::set(
                    Selection::Only(names.map(|(name, _)| (*name).to_owned()).collect()),
                    origin,
                )
            }
            None => {
                for (_, without) in NODES.iter().filter(|(_, without)| !without.is_empty()) {
                    if let Some(origin) = self.at(without) {
                        self.losses
                            .push(Loss::no_place(*without, "without private-dev", origin));
                    }
                }
                default(Selection::All)
            }
        };
        Devices {
            nodes,
            numbers: default(DeviceNumbers::All),
            terminal: default(Terminal::Inherited),
        }
    }

    fn wrong(&mut self, line: &Line) {
        let what = format!("{} has no value {:?}", line.name, line.value);
        self.problems.push(Problem::new(what, line.origin.clone()));
    }

    fn resources(&mut self) -> Resources {
        let mut limits = BTreeMap::new();
        let mut at: Option<Origin> = None;
        for name in ["as", "cpu", "fsize", "nofile", "nproc", "sigpending"] {
            let directive = format!("rlimit-{name}");
            let Some(line) = self.last(&directive).cloned() else {
                continue;
            };
            match amount(&line.value) {
                Some(limit) => {
                    limits.insert(name.to_owned(), RlimitPair::both(Limit::AtMost(limit)));
                    at = Some(line.origin);
                }
                None => self.wrong(&line),
            }
        }
        let rlimits = match at {
            Some(origin) => Stated::set(Rlimits(limits), origin),
            None => default(Rlimits(limits)),
        };
        let cpus = match self.last("cpu").cloned() {
            Some(line) => {
                let numbers: Option<BTreeSet<u32>> = line
                    .value
                    .split(',')
                    .map(|number| number.trim().parse().ok())
                    .collect();
                if numbers.is_none() {
                    self.wrong(&line);
                }
                Stated::set(Selection::Only(numbers.unwrap_or_default()), line.origin)
            }
            None => default(Selection::All),
        };
        let time = match self.last("timeout").cloned() {
            Some(line) => {
                let seconds = clock(&line.value);
                if seconds.is_none() {
                    self.wrong(&line);
                }
                Stated::set(
                    Limit::AtMost(seconds.unwrap_or(0).saturating_mul(1000)),
                    line.origin,
                )
            }
            None => default(Limit::Unlimited),
        };
        Resources {
            memory: default(Limit::Unlimited),
            memory_and_swap: default(Limit::Unlimited),
            oom_kill: default(Guard::On),
            oom_score_adj: default(OomScore(0)),
            processes: default(Limit::Unlimited),
            cpu: default(Limit::Unlimited),
            cpu_weight: default(Limit::AtMost(100)),
            cpus,
            memory_nodes: default(Selection::All),
            io: default(Limits(BTreeMap::new())),
            huge_pages: default(Limits(BTreeMap::new())),
            time,
            rlimits,
        }
    }

    fn network(&self) -> Network {
        let reach = match (self.last("netns"), self.last("net")) {
            (Some(line), _) => Stated::set(Reach::Attached, line.origin.clone()),
            (None, Some(line)) if line.value == "none" => {
                Stated::set(Reach::Loopback, line.origin.clone())
            }
            (None, Some(line)) => Stated::set(Reach::Attached, line.origin.clone()),
            (None, None) => default(Reach::Host),
        };
        Network {
            reach,
            published: default(Selection::none()),
            listen: default(Selection::All),
            connect: default(Selection::All),
        }
    }
}

// A number with an optional suffix, as rlimits have it.
fn amount(text: &str) -> Option<u64> {
    let (digits, factor) = match text.as_bytes().last()? {
        b'k' | b'K' => (text.get(..text.len() - 1)?, 1 << 10),
        b'm' | b'M' => (text.get(..text.len() - 1)?, 1 << 20),
        b'g' | b'G' => (text.get(..text.len() - 1)?, 1 << 30),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

// `hh:mm:ss` as seconds.
fn clock(text: &str) -> Option<u64> {
    let parts: Option<Vec<u64>> = text.split(':').map(|part| part.parse().ok()).collect();
    match parts?.as_slice() {
        [hours, minutes, seconds] => hours
            .checked_mul(3600)?
            .checked_add(minutes.checked_mul(60)?)?
            .checked_add(*seconds),
        _ => None,
    }
}
