//! What a configuration permits.

use super::config::{Config, Given};
use super::mounts::NODES;
use super::read::OTHER;
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, Ids, InsideId};
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls, Variable};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::facets::network::{Network, Reach};
use casemate_model::facets::resources::{Limits, OomScore, Resources, RlimitPair, Rlimits};
use casemate_model::facets::syscalls::Syscalls;
use casemate_model::lattice::{Guard, Label, Limit, Permit, Selection};
use casemate_model::names::{Capability, CapabilitySet, capabilities, rlimits};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Makes fields of keys.
pub struct Maker<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// Whose defaults count.
    pub of: &'static str,
    /// The first line.
    pub start: Origin,
    /// What is wrong.
    pub problems: &'a mut Vec<Problem>,
    /// What is to be told.
    pub losses: &'a mut Vec<Loss>,
}

// Ids of accounts and of services end below; subordinate ranges begin at or above it.
const FIRST_OF_NOBODY: u32 = 65536;

impl Maker<'_> {
    fn default<T>(&self, value: T) -> Stated<T> {
        Stated::default_of(self.of, value)
    }

    /// A field of a key with one value; what cannot be read is a problem.
    fn one<T>(
        &mut self,
        key: &str,
        default: T,
        read: impl Fn(&str) -> Option<T>,
        expected: &str,
    ) -> Stated<T> {
        let Some(given) = self.config.one(key) else {
            return self.default(default);
        };
        if let Some(value) = read(&given.value) {
            Stated::set(value, given.origin.clone())
        } else {
            self.problem(key, given, expected);
            Stated::Unknown
        }
    }

    fn problem(&mut self, key: &str, given: &Given, expected: &str) {
        let what = format!("{key}: expected {expected}, found {:?}", given.value);
        self.problems.push(Problem::new(what, given.origin.clone()));
    }

    /// All facets but the files and the cgroups' limits, which are filled in afterwards.
    pub fn confinement(&mut self) -> Confinement {
        let mut confinement = Confinement::unknown();
        confinement.ids = self.ids();
        confinement.namespaces = self.namespaces();
        confinement.capabilities = self.capabilities(&confinement.ids.uid);
        confinement.syscalls = Syscalls {
            filter: self.default(SyscallPolicy::open()),
        };
        confinement.devices = Devices {
            nodes: Stated::Unknown,
            numbers: super::devices::numbers(self.config, self.of, self.problems, self.losses),
            terminal: self.one(
                "lxc.console.path",
                Terminal::Own,
                |path| {
                    Some(if path == "none" {
                        Terminal::None
                    } else {
                        Terminal::Own
                    })
                },
                "a path",
            ),
        };
        if self.config.one("lxc.console.path").is_none() {
            self.at_start(
                "without a terminal the container does not start unless lxc.console.path is none",
            );
        }
        confinement.resources = self.resources();
        confinement.network = self.network();
        confinement.mac = self.mac();
        confinement.kernel = self.kernel();
        // LXC mounts the root without MS_NOSUID; with no_new_privs the bits do nothing wherever they are.
        confinement.files.nosuid = match confinement.capabilities.no_new_privs.value() {
            Some(guard) => self.default(*guard),
            None => Stated::Unknown,
        };
        confinement.files.nodev = self.default(Guard::Off);
        confinement
    }

    fn ids(&mut self) -> Ids {
        let number = |text: &str| text.parse().ok().map(InsideId);
        let (uid_map, gid_map) = self.maps();
        let apart = |map: &IdMap| match map {
            IdMap::Mapped(ranges) => ranges.iter().all(|range| range.outside >= FIRST_OF_NOBODY),
            IdMap::Host => false,
        };
        let rights = if uid_map.value().is_some_and(apart) {
            FileRights::Nobody
        } else {
            FileRights::Caller
        };
        let mut groups = BTreeSet::new();
        let mut last = None;
        for given in self.config.list("lxc.init.groups") {
            for word in given
                .value
                .split([' ', ',', '\t'])
                .filter(|word| !word.is_empty())
            {
                match word.parse::<u32>() {
                    Ok(id) => drop(groups.insert(id)),
                    Err(_) => self.problem("lxc.init.groups", given, "group ids"),
                }
            }
            last = Some(given.origin.clone());
        }
        let groups = Groups::Only(groups.into_iter().collect());
        Ids {
            uid: self.one("lxc.init.uid", InsideId(0), number, "a user id"),
            user_name: self.default(Label(String::new())),
            gid: self.one("lxc.init.gid", InsideId(0), number, "a group id"),
            groups: set_or(last, self.of, groups),
            uid_map,
            gid_map,
            setgroups: self.default(Permit::Permitted),
            rights: self.default(rights),
        }
    }

    fn maps(&mut self) -> (Stated<IdMap>, Stated<IdMap>) {
        let mut maps: [(Vec<IdRange>, Option<Origin>); 2] =
            [(Vec::new(), None), (Vec::new(), None)];
        for given in self.config.list("lxc.idmap") {
            let words: Vec<&str> = given.value.split_whitespace().collect();
            let range = match words.as_slice() {
                [_, inside, outside, count] => inside
                    .parse()
                    .ok()
                    .zip(outside.parse().ok())
                    .zip(count.parse().ok())
                    .map(|((inside, outside), count)| IdRange {
                        inside,
                        outside,
                        count,
                    }),
                _ => None,
            };
            let kinds: &[usize] = match words.first().copied() {
                Some("u") => &[0],
                Some("g") => &[1],
                Some("b") => &[0, 1],
                _ => &[],
            };
            match range {
                Some(range) if !kinds.is_empty() => {
                    for kind in kinds {
                        if let Some((ranges, last)) = maps.get_mut(*kind) {
                            ranges.push(range);
                            *last = Some(given.origin.clone());
                        }
                    }
                }
                _ => self.problem("lxc.idmap", given, "`u|g INSIDE OUTSIDE COUNT`"),
            }
        }
        let [users, groups] = maps;
        // With a map of one kind there is a user namespace, and nothing of the other kind exists in it.
        let any = users.1.is_some() || groups.1.is_some();
        let place = users.1.clone().or_else(|| groups.1.clone());
        let map = |(ranges, last): (Vec<IdRange>, Option<Origin>)| match (
            any,
            last.or_else(|| place.clone()),
        ) {
            (true, Some(origin)) => Stated::set(IdMap::canonical(&ranges), origin),
            _ => Stated::default_of(self.of, IdMap::Host),
        };
        (map(users), map(groups))
    }

    fn namespaces(&mut self) -> Namespaces {
        let clone = self.names("lxc.namespace.clone");
        let keep = self.names("lxc.namespace.keep");
        if let (Some(_), Some((_, at))) = (&clone, &keep) {
            self.problems.push(
                Problem::new(
                    "lxc.namespace.keep and lxc.namespace.clone exclude each other",
                    at.clone(),
                )
                .hint("remove one"),
            );
        }
        let mapped = !self.config.list("lxc.idmap").is_empty();
        let host_network = self
            .types()
            .iter()
            .find(|(kind, _)| *kind == "none")
            .map(|(_, at)| at.clone());
        let offset = ["lxc.time.offset.boot", "lxc.time.offset.monotonic"]
            .into_iter()
            .find_map(|key| self.config.one(key));
        let place = |name: &str, own: Stated<Placement>| {
            if let Some(given) = self.config.at("lxc.namespace.share.", name).last() {
                return Stated::set(
                    Placement::Join(shared(&given.value, name)),
                    given.origin.clone(),
                );
            }
            match (&clone, &keep) {
                (Some((names, at)), _) => {
                    let new = names.contains(name);
                    Stated::set(
                        if new { Placement::New } else { Placement::Host },
                        at.clone(),
                    )
                }
                (None, Some((names, at))) => {
                    let kept = names.contains(name);
                    Stated::set(
                        if kept {
                            Placement::Host
                        } else {
                            Placement::New
                        },
                        at.clone(),
                    )
                }
                (None, None) => own,
            }
        };
        let new = || Stated::default_of(self.of, Placement::New);
        let host = || Stated::default_of(self.of, Placement::Host);
        let user = match self.config.list("lxc.idmap").last().filter(|_| mapped) {
            Some(given) => Stated::set(Placement::New, given.origin.clone()),
            None => host(),
        };
        let net = match host_network {
            Some(at) => Stated::set(Placement::Host, at),
            None => new(),
        };
        let time = match offset {
            Some(given) => Stated::set(Placement::New, given.origin.clone()),
            None => host(),
        };
        let namespaces = Namespaces {
            user: place("user", user),
            mount: place("mnt", new()),
            pid: place("pid", new()),
            net: place("net", net),
            ipc: place("ipc", new()),
            uts: place("uts", new()),
            cgroup: place("cgroup", new()),
            time: place("time", time),
            hostname: Stated::Unknown,
            domainname: self.default(Label(String::new())),
        };
        let hostname = match self.config.one("lxc.uts.name") {
            Some(given) => Stated::set(Label(given.value.clone()), given.origin.clone()),
            None => Stated::Unknown,
        };
        for (name, values) in self.config.below("lxc.namespace.share.") {
            if !NAMESPACES.contains(&name)
                && let Some(given) = values.last()
            {
                self.problems.push(Problem::new(
                    format!("lxc.namespace.share.{name}: no such namespace"),
                    given.origin.clone(),
                ));
            }
        }
        Namespaces {
            hostname,
            ..namespaces
        }
    }

    fn names(&mut self, key: &str) -> Option<(BTreeSet<String>, Origin)> {
        let given = self.config.one(key)?;
        let mut names = BTreeSet::new();
        for word in given.value.split_whitespace() {
            if NAMESPACES.contains(&word) {
                names.insert(word.to_owned());
            } else {
                self.problem(key, given, "names of mnt pid uts ipc user net cgroup time");
            }
        }
        Some((names, given.origin.clone()))
    }

    /// The kinds of the networks.
    fn types(&self) -> Vec<(&str, Origin)> {
        let networks = self
            .config
            .below("lxc.net.")
            .filter(|(rest, _)| rest.strip_suffix(".type").is_some());
        networks
            .filter_map(|(_, values)| values.last())
            .map(|given| (given.value.as_str(), given.origin.clone()))
            .collect()
    }

    fn network(&mut self) -> Network {
        const KINDS: [&str; 7] = ["empty", "none", "veth", "vlan", "macvlan", "ipvlan", "phys"];
        let types: Vec<(String, Origin)> = self
            .types()
            .into_iter()
            .map(|(kind, at)| (kind.to_owned(), at))
            .collect();
        if types.is_empty() {
            self.at_start("no network is configured: the container has one without interfaces, and before LXC 3.0 it had the host's");
        }
        // Without `empty` nobody puts the loopback interface up.
        let mut reach = (Reach::None, None);
        for (kind, at) in types {
            let one = match kind.as_str() {
                "none" => Reach::Host,
                "empty" => Reach::Loopback,
                kind if KINDS.contains(&kind) => Reach::Attached,
                other => {
                    let what = format!(
                        "lxc.net.N.type: expected one of {}, found {other:?}",
                        KINDS.join(" ")
                    );
                    self.problems.push(Problem::new(what, at));
                    continue;
                }
            };
            if one == Reach::Host {
                self.losses.push(Loss::caution(
                    "the network `none` is the host's, with its abstract sockets: what listens there can be reached, and on old hosts the init's be told to halt",
                    at.clone(),
                ));
            }
            if reach.1.is_none() || one > reach.0 {
                reach = (one, Some(at));
            }
        }
        // A namespace that is kept or shared decides, whatever interfaces are configured.
        if let Some(given) = self.config.at("lxc.namespace.share.", "net").last() {
            reach = (Reach::Attached, Some(given.origin.clone()));
        }
        for (key, kept) in [("lxc.namespace.keep", true), ("lxc.namespace.clone", false)] {
            if let Some(given) = self.config.one(key)
                && given.value.split_whitespace().any(|name| name == "net") == kept
            {
                reach = (Reach::Host, Some(given.origin.clone()));
            }
        }
        let ports = match reach.0 {
            Reach::None => Selection::none(),
            Reach::Loopback | Reach::Attached | Reach::Host => Selection::All,
        };
        Network {
            reach: set_or(reach.1, self.of, reach.0),
            published: self.default(Selection::none()),
            listen: self.default(ports.clone()),
            connect: self.default(ports),
        }
    }

    fn capabilities(&mut self, uid: &Stated<InsideId>) -> Capabilities {
        let (drop, dropped) = self.capability_list("lxc.cap.drop");
        let (keep, kept) = self.capability_list("lxc.cap.keep");
        if let (Some(first), Some(second)) = (&dropped, &kept) {
            self.problems.push(
                Problem::new(
                    format!("lxc.cap.keep excludes lxc.cap.drop, which is given at {first}"),
                    second.clone(),
                )
                .hint("take back what is included with `lxc.cap.drop =` before it"),
            );
        }
        let bounding = match (&kept, &dropped) {
            (Some(at), _) => Stated::set(keep, at.clone()),
            (None, Some(at)) => Stated::set(CapabilitySet::ALL.difference(drop), at.clone()),
            (None, None) => {
                if let Some(at) = self.config.cleared("lxc.cap.drop") {
                    self.cleared(at.clone());
                    Stated::set(CapabilitySet::ALL, at.clone())
                } else {
                    self.at_start(
                        "neither lxc.cap.keep nor lxc.cap.drop is given: all capabilities stay",
                    );
                    self.default(CapabilitySet::ALL)
                }
            }
        };
        if kept.is_none()
            && let Some(at) = &dropped
        {
            self.losses.push(Loss::caution(
                "lxc.cap.drop is a list of what is denied: all other capabilities stay, and those of newer kernels are added; lxc.cap.keep names what stays",
                at.clone(),
            ));
        }
        // A program of user 0 has what the bounding set has; of another user none, since none is ambient.
        let root = uid.value().is_none_or(|uid| uid.0 == 0);
        let effective = if root {
            bounding.clone()
        } else {
            self.default(CapabilitySet::EMPTY)
        };
        Capabilities {
            permitted: effective.clone(),
            effective,
            inheritable: self.default(CapabilitySet::EMPTY),
            bounding,
            ambient: self.default(CapabilitySet::EMPTY),
            no_new_privs: self.one(
                "lxc.no_new_privs",
                Guard::Off,
                |text| match text {
                    "0" => Some(Guard::Off),
                    "1" => Some(Guard::On),
                    _ => None,
                },
                "0 or 1",
            ),
            securebits: self.default(Guard::Off),
        }
    }

    /// Tells something about what is not there.
    fn at_start(&mut self, what: &str) {
        self.losses.push(Loss::caution(what, self.start.clone()));
    }

    fn cleared(&mut self, at: Origin) {
        if self.config.list("lxc.idmap").is_empty() {
            self.losses.push(Loss::caution(
                "the capabilities that are dropped are taken back, and without lxc.idmap all are those of the host",
                at,
            ));
        }
    }

    fn capability_list(&mut self, key: &'static str) -> (CapabilitySet, Option<Origin>) {
        let mut set = CapabilitySet::EMPTY;
        let mut last = None;
        for given in self.config.list(key) {
            last = Some(given.origin.clone());
            for word in given.value.split_whitespace() {
                if word == "none" && key == "lxc.cap.keep" {
                    set = CapabilitySet::EMPTY;
                    continue;
                }
                let number = word.parse().ok().and_then(Capability::from_number);
                let named = Capability::from_name(word).filter(|one| one.name() == word);
                if let Some(one) = number.or(named) {
                    set = set.with(one);
                } else {
                    let problem = Problem::new(
                        format!("{key}: unknown capability {word:?}"),
                        given.origin.clone(),
                    );
                    self.problems.push(match capabilities::suggest(word) {
                        Some(near) => problem.hint(format!("perhaps {near}")),
                        None => problem,
                    });
                }
            }
        }
        (set, last)
    }

    fn resources(&mut self) -> Resources {
        let mut limits = BTreeMap::new();
        let mut last = None;
        for (name, values) in self.config.below("lxc.prlimit.") {
            let Some(given) = values.last() else { continue };
            last = Some(given.origin.clone());
            match (rlimits::find(name), pair(&given.value)) {
                (Some(_), Some(pair)) => drop(limits.insert(name.to_owned(), pair)),
                (None, _) => {
                    let what = format!("lxc.prlimit.{name}: no such limit");
                    self.problems.push(Problem::new(what, given.origin.clone()));
                }
                (_, None) => self.problem("lxc.prlimit", given, "`LIMIT` or `SOFT:HARD`"),
            }
        }
        let score = self.config.at("lxc.proc.", "oom_score_adj").last();
        let oom_score_adj = match score.map(|given| (given, given.value.parse::<i32>())) {
            Some((given, Ok(score))) => Stated::set(OomScore(score), given.origin.clone()),
            Some((given, Err(_))) => {
                self.problem("lxc.proc.oom_score_adj", given, "-1000 to 1000");
                Stated::Unknown
            }
            None => self.default(OomScore(0)),
        };
        Resources {
            memory: self.default(Limit::Unlimited),
            memory_and_swap: self.default(Limit::Unlimited),
            oom_kill: self.default(Guard::On),
            oom_score_adj,
            processes: self.default(Limit::Unlimited),
            cpu: self.default(Limit::Unlimited),
            cpu_weight: self.default(Limit::AtMost(100)),
            cpus: self.default(Selection::All),
            memory_nodes: self.default(Selection::All),
            io: self.default(Limits(BTreeMap::new())),
            huge_pages: self.default(Limits(BTreeMap::new())),
            time: self.default(Limit::Unlimited),
            rlimits: set_or(last, self.of, Rlimits(limits)),
        }
    }

    fn mac(&mut self) -> Mac {
        let apparmor = match self.config.one("lxc.apparmor.profile") {
            None => self.default(SecurityLabel::Named(
                "lxc-container-default-cgns".to_owned(),
            )),
            Some(given) if given.value == "unconfined" => {
                Stated::set(SecurityLabel::Unconfined, given.origin.clone())
            }
            Some(given) if given.value == "unchanged" => {
                self.losses.push(Loss::elsewhere(
                    "lxc.apparmor.profile = unchanged",
                    "who starts the container",
                    given.origin.clone(),
                ));
                Stated::Unknown
            }
            Some(given) => {
                self.losses.push(Loss::caution(
                    "where the host has no AppArmor, LXC passes over the profile without a word and starts the container unconfined",
                    given.origin.clone(),
                ));
                Stated::set(
                    SecurityLabel::Named(given.value.clone()),
                    given.origin.clone(),
                )
            }
        };
        let selinux = self.one(
            "lxc.selinux.context",
            SecurityLabel::Unconfined,
            |text| {
                Some(match text {
                    "unconfined_t" => SecurityLabel::Unconfined,
                    name => SecurityLabel::Named(name.to_owned()),
                })
            },
            "a context",
        );
        Mac {
            landlock: self.default(Guard::Off),
            signal_scope: self.default(Guard::Off),
            abstract_unix_scope: self.default(Guard::Off),
            apparmor,
            selinux,
            smack: self.default(SecurityLabel::Unconfined),
        }
    }

    fn kernel(&mut self) -> Kernel {
        let mut variables =
            BTreeMap::from([("container".to_owned(), Variable::Text("lxc".to_owned()))]);
        let mut last = None;
        for key in ["lxc.environment", "lxc.environment.runtime"] {
            for given in self.config.list(key) {
                last = Some(given.origin.clone());
                match given.value.split_once('=') {
                    Some((name, value)) => {
                        variables.insert(name.to_owned(), Variable::Text(value.to_owned()));
                    }
                    None => drop(variables.insert(given.value.clone(), Variable::FromCaller)),
                }
            }
        }
        let mut sysctls = BTreeMap::new();
        let mut changed = None;
        for (name, values) in self.config.below("lxc.sysctl.") {
            if let Some(given) = values.last() {
                changed = Some(given.origin.clone());
                sysctls.insert(name.to_owned(), given.value.clone());
            }
        }
        let keyring = self.one(
            "lxc.keyring.session",
            Keyring::New,
            |text| match text {
                "0" => Some(Keyring::Inherited),
                "1" => Some(Keyring::New),
                _ => None,
            },
            "0 or 1",
        );
        if let Some(given) = self
            .config
            .one("lxc.keyring.session")
            .filter(|given| given.value == "0")
        {
            self.losses.push(Loss::caution(
                "the container has the session keyring of who starts it, with the keys in it",
                given.origin.clone(),
            ));
        }
        Kernel {
            environment: set_or(last, self.of, Environment::Only(variables)),
            descriptors: self.default(Selection::none()),
            keyring,
            session: self.default(Guard::On),
            parent_death: self.one(
                "lxc.monitor.signal.pdeath",
                Guard::On,
                |text| Some(if text == "0" { Guard::Off } else { Guard::On }),
                "a signal",
            ),
            sysctl: set_or(changed, self.of, Sysctls(sysctls)),
        }
    }
}

const NAMESPACES: [&str; 8] = ["mnt", "pid", "uts", "ipc", "user", "net", "cgroup", "time"];

fn set_or<T>(origin: Option<Origin>, of: &'static str, value: T) -> Stated<T> {
    match origin {
        Some(origin) => Stated::set(value, origin),
        None => Stated::default_of(of, value),
    }
}

/// The namespace of a process, or of a container by its name or path.
fn shared(text: &str, name: &str) -> PathBuf {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return PathBuf::from(format!("/proc/{text}/ns/{name}"));
    }
    PathBuf::from(format!("lxc:{text}"))
}

fn pair(text: &str) -> Option<RlimitPair> {
    let limit = |text: &str| match text.trim() {
        "unlimited" => Some(Limit::Unlimited),
        text => text.parse().ok().map(Limit::AtMost),
    };
    match text.split_once(':') {
        Some((soft, hard)) => Some(RlimitPair {
            soft: limit(soft)?,
            hard: limit(hard)?,
        }),
        None => limit(text).map(RlimitPair::both),
    }
}

/// Fills in the device nodes: those of `lxc.autodev`, those that are mounted, and what else says so.
pub fn nodes(
    config: &Config,
    workload: &mut Workload,
    mounted: BTreeSet<String>,
    place: Option<&Origin>,
    of: &'static str,
) {
    let field = &mut workload.confinement.devices.nodes;
    if workload.image.value().is_none() {
        *field = Stated::default_of(of, Selection::All);
        return;
    }
    let autodev = config.one("lxc.autodev");
    if let Some(given) = autodev.filter(|given| given.value == "0") {
        // The root's own /dev, whatever is in it.
        workload.set(OTHER, "lxc.autodev", "0", given.origin.clone());
        return;
    }
    let mut nodes: BTreeSet<String> = NODES.map(str::to_owned).into();
    let changed = !mounted.is_empty();
    nodes.extend(mounted);
    let console = workload.confinement.devices.terminal.value();
    if console == Some(&Terminal::Own) {
        nodes.insert("console".to_owned());
    }
    let origin = place.filter(|_| changed).cloned();
    *field = set_or(origin, of, Selection::Only(nodes));
}
