//! Says each field of a document as well as the keys can.

use super::filter;
use super::toml::Toml;
use crate::profile::amounts::{UNLIMITED, duration_text, processors_text, size_text};
use crate::profile::apply::{Document, GRANTING, NAMED};
use crate::profile::defaults;
use crate::profile::forms::{ALL, NONE};
use crate::profile::keys::KEYS;
use crate::profile::paths;
use casemate_model::Confinement;
use casemate_model::facets::files::{Access, Grants, ProcView};
use casemate_model::facets::ids::IdMap;
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Port, Reach};
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::{Guard, Limit, Selection};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::stated::Stated;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is said, by key.
pub(super) struct Words<'a> {
    said: BTreeMap<&'static str, Toml>,
    confinement: &'a Confinement,
    default: &'a Confinement,
}

/// Returns a value that must be said: it was asked for, or it is not what a profile has by default.
fn to_say<'v, T: PartialEq>(stated: &'v Stated<T>, default: &Stated<T>) -> Option<&'v T> {
    stated
        .value()
        .filter(|value| stated.is_set() || Some(*value) != default.value())
}

impl<'a> Words<'a> {
    pub(super) fn of(document: &'a Document, default: &'a Confinement) -> Self {
        let mut words = Words {
            said: BTreeMap::new(),
            confinement: &document.confinement,
            default,
        };
        words.program(document);
        words.ids();
        words.namespaces();
        words.capabilities();
        words.filter();
        words.files();
        words.resources();
        words.network();
        words.modules();
        words.environment();
        words.rest();
        words
    }

    fn say(&mut self, key: &'static str, value: Toml) {
        self.said.insert(key, value);
    }

    fn program(&mut self, document: &Document) {
        if let Some(command) = document.program.command.value() {
            let words: Option<Vec<String>> = command
                .iter()
                .map(|word| word.to_str().map(str::to_owned))
                .collect();
            if let Some(words) = words {
                self.say("command", Toml::List(words));
            }
        }
        if let Stated::Set { value, .. } = &document.program.directory
            && let Some(path) = path_text(value)
        {
            self.say("directory", Toml::Text(path));
        }
    }

    fn ids(&mut self) {
        let ids = &self.confinement.ids;
        let user = to_say(&ids.uid, &self.default.ids.uid).map(|id| id.0.to_string());
        let map = to_say(&ids.uid_map, &self.default.ids.uid_map);
        if let Some(IdMap::Mapped(ranges)) = map {
            let is_range = ranges.len() > 1 || ranges.iter().any(|range| range.count > 1);
            let changes_ids = ids_change(self.confinement);
            if is_range || changes_ids || user.is_none() {
                self.say(
                    "ids",
                    Toml::Text(if is_range { "range" } else { "single" }.to_owned()),
                );
            }
        }
        if let Some(user) = user {
            self.say("user", Toml::Text(user));
        }
    }

    fn namespaces(&mut self) {
        let namespaces = &self.confinement.namespaces;
        let kinds = [
            ("ipc", &namespaces.ipc),
            ("uts", &namespaces.uts),
            ("cgroup", &namespaces.cgroup),
            ("time", &namespaces.time),
        ];
        let shared = kinds
            .iter()
            .filter(|(_, placement)| placement.value() == Some(&Placement::Host));
        let shared: Vec<String> = shared.map(|(kind, _)| (*kind).to_owned()).collect();
        let name = to_say(&namespaces.hostname, &self.default.namespaces.hostname)
            .map(|label| label.0.clone());
        if let Some(name) = name.filter(|_| !shared.iter().any(|kind| kind == "uts")) {
            self.say("hostname", Toml::Text(name));
        }
        if !shared.is_empty() {
            self.say("share", Toml::List(shared));
        }
    }

    fn capabilities(&mut self) {
        let (is, default) = (&self.confinement.capabilities, &self.default.capabilities);
        let sets = [
            (&is.effective, &default.effective),
            (&is.permitted, &default.permitted),
            (&is.inheritable, &default.inheritable),
            (&is.bounding, &default.bounding),
            (&is.ambient, &default.ambient),
        ];
        if sets
            .iter()
            .any(|(set, default)| to_say(set, default).is_some())
        {
            let of =
                |set: &Stated<CapabilitySet>| set.value().copied().unwrap_or(CapabilitySet::EMPTY);
            let kept = sets.iter().fold(CapabilitySet::ALL, |all, (set, _)| {
                all.intersection(of(set))
            });
            let names = kept
                .iter()
                .map(|capability| capability.name().to_owned())
                .collect();
            let all = kept == CapabilitySet::ALL;
            self.say(
                "keep",
                Toml::List(if all { vec![ALL.to_owned()] } else { names }),
            );
        }
        if let Some(guard) = to_say(&is.no_new_privs, &default.no_new_privs) {
            self.say("new-privileges", Toml::Switch(*guard == Guard::Off));
        }
    }

    fn filter(&mut self) {
        let is = to_say(
            &self.confinement.syscalls.filter,
            &self.default.syscalls.filter,
        );
        let Some(policy) = is else { return };
        let (added, refused) = filter::changes(policy);
        if !added.is_empty() || refused.is_empty() {
            self.say("syscalls", Toml::List(added));
        }
        if !refused.is_empty() {
            self.say("refuse", Toml::List(refused));
        }
    }

    fn files(&mut self) {
        let is = &self.confinement.files;
        if let Some(view) = to_say(&is.proc, &self.default.files.proc) {
            // The host's /proc goes with its pid namespace, for which there are no words.
            let view = if *view == ProcView::Host {
                ProcView::Writable
            } else {
                *view
            };
            self.say("proc", Toml::Text(view.to_string()));
        }
        if let Some(view) = to_say(&is.sys, &self.default.files.sys) {
            self.say("sys", Toml::Text(view.to_string()));
        }
        if let Some(temporary) = to_say(&is.temporary, &self.default.files.temporary) {
            let mut entries: BTreeMap<String, String> = defaults::temporary()
                .keys()
                .filter_map(|path| Some((path_text(path)?, NONE.to_owned())))
                .collect();
            entries.extend(
                temporary
                    .0
                    .iter()
                    .filter_map(|(path, size)| Some((path_text(path)?, size_text(*size)))),
            );
            self.say("temporary", Toml::Table(entries.into_iter().collect()));
        }
        if let Some(grants) = is.grants.value() {
            self.grants(grants, is.grants.is_set());
        }
    }

    fn grants(&mut self, grants: &Grants, is_set: bool) {
        let system: BTreeMap<PathBuf, Access> = defaults::system_grants().collect();
        let covers = |path: &Path, access: Access| {
            access.is_none() || access.includes(defaults::system_access(path))
        };
        let with_system = system.keys().all(|path| grants.0.contains_key(path))
            && grants.0.iter().all(|(path, access)| covers(path, *access));
        let given =
            |path: &PathBuf, access: &Access| with_system && system.get(path) == Some(access);
        let mut lists: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut said = grants.0.clone();
        said.retain(|path, access| !given(path, access));
        // What is granted by default and not here is covered, and what is the same needs no word.
        let by_default = self.default.files.grants.value();
        for (path, access) in by_default
            .iter()
            .flat_map(|grants| &grants.0)
            .filter(|(path, _)| !system.contains_key(*path))
        {
            match grants.0.get(path) {
                Some(same) if same == access && Self::is_start(path, &said) => {
                    said.remove(path);
                }
                None if Self::is_start(path, &said) => {
                    said.insert(path.clone(), grants.access(path));
                }
                Some(_) | None => {}
            }
        }
        for (path, access) in &said {
            let Some(text) = path_text(path) else {
                continue;
            };
            for (key, gives) in GRANTING {
                let says = match key {
                    "hide" => access.is_none(),
                    // What can be written or run can be read; it need not be said.
                    "read" => *access == Access::READ,
                    _ => !access.is_none() && access.includes(gives),
                };
                if says {
                    lists.entry(key).or_default().push(text.clone());
                }
            }
        }
        if !with_system {
            self.say("system", Toml::Switch(false));
        } else if is_set && lists.is_empty() {
            self.say("system", Toml::Switch(true));
        }
        for (key, paths) in lists {
            self.say(key, Toml::List(paths));
        }
    }

    /// Tells whether a reader grants this path by itself: it does when nothing is said of it or of a path above it.
    fn is_start(path: &Path, said: &BTreeMap<PathBuf, Access>) -> bool {
        !path
            .ancestors()
            .skip(1)
            .any(|above| said.contains_key(above))
    }

    fn resources(&mut self) {
        let (is, default) = (&self.confinement.resources, &self.default.resources);
        let amounts: [Amount<'_>; 4] = [
            ("memory", &is.memory, &default.memory, size_text),
            ("processes", &is.processes, &default.processes, |limit| {
                limit.to_string()
            }),
            ("cpu", &is.cpu, &default.cpu, processors_text),
            ("time", &is.time, &default.time, duration_text),
        ];
        for (key, stated, default, text) in amounts {
            if let Some(limit) = to_say(stated, default) {
                self.say(key, Toml::Text(text(*limit)));
            }
        }
        let Some(rlimits) = to_say(&is.rlimits, &default.rlimits) else {
            return;
        };
        let mut pairs = rlimits.0.clone();
        for name in defaults::rlimits().into_keys() {
            pairs
                .entry(name)
                .or_insert(RlimitPair::both(Limit::Unlimited));
        }
        for (key, name) in NAMED {
            let one = key == "file-size";
            if let Some(pair) = pairs
                .get(name)
                .copied()
                .filter(|pair| !one || pair.soft == pair.hard)
            {
                pairs.remove(name);
                self.say(
                    key,
                    Toml::Text(pair_text(pair, if one { size_text } else { count_text })),
                );
            }
        }
        let others = pairs
            .into_iter()
            .map(|(name, pair)| (name, pair_text(pair, size_text)));
        self.say("limits", Toml::Table(others.collect()));
    }

    fn network(&mut self) {
        let (is, default) = (&self.confinement.network, &self.default.network);
        let reach = is.reach.value().copied().unwrap_or(Reach::None);
        if let Some(reach) = to_say(&is.reach, &default.reach) {
            self.say("network", Toml::Text(reach.to_string()));
        }
        for (key, stated) in [("listen", &is.listen), ("connect", &is.connect)] {
            let usual = if reach == Reach::Loopback {
                Selection::All
            } else {
                Selection::none()
            };
            let said = reach == Reach::Host;
            if let Some(ports) = stated
                .value()
                .filter(|ports| stated.is_set() || said || **ports != usual)
            {
                let list = match ports {
                    Selection::All => vec![ALL.to_owned()],
                    Selection::Only(ports) => ports.iter().copied().map(port_text).collect(),
                };
                // Without a network there is nothing to reach, so ports can be left away.
                let list = if reach == Reach::None {
                    Vec::new()
                } else {
                    list
                };
                self.say(key, Toml::List(list));
            }
        }
    }

    fn modules(&mut self) {
        let (is, default) = (&self.confinement.mac, &self.default.mac);
        let guards = [
            (&is.landlock, &default.landlock),
            (&is.signal_scope, &default.signal_scope),
            (&is.abstract_unix_scope, &default.abstract_unix_scope),
        ];
        if guards
            .iter()
            .any(|(guard, default)| to_say(guard, default).is_some())
        {
            let on = guards
                .iter()
                .any(|(guard, _)| guard.value() == Some(&Guard::On));
            self.say("landlock", Toml::Switch(on));
        }
        let labels = [
            ("apparmor", &is.apparmor, &default.apparmor),
            ("selinux", &is.selinux, &default.selinux),
            ("smack", &is.smack, &default.smack),
        ];
        for (key, label, default) in labels {
            if let Some(SecurityLabel::Named(name)) = to_say(label, default) {
                self.say(key, Toml::Text(name.clone()));
            }
        }
    }

    fn environment(&mut self) {
        let stated = &self.confinement.kernel.environment;
        match to_say(stated, &self.default.kernel.environment) {
            None => {}
            Some(Environment::Inherited) => {
                self.say("environment", Toml::List(vec![ALL.to_owned()]));
            }
            Some(Environment::Only(variables)) => {
                let usual = defaults::environment();
                let passed = |variables: &BTreeMap<String, Variable>| -> Vec<String> {
                    let from_caller = variables
                        .iter()
                        .filter(|(_, variable)| **variable == Variable::FromCaller);
                    from_caller.map(|(name, _)| name.clone()).collect()
                };
                let (is, by_default) = (passed(variables), passed(&usual));
                let mut names: Vec<String> = is
                    .iter()
                    .filter(|name| !by_default.contains(name))
                    .cloned()
                    .collect();
                let replaced =
                    |name: &String| matches!(variables.get(name), Some(Variable::Text(_)));
                if by_default
                    .iter()
                    .any(|name| !is.contains(name) && !replaced(name))
                {
                    names = std::iter::once(NONE.to_owned()).chain(is).collect();
                }
                let set: Vec<(String, String)> = variables
                    .iter()
                    .filter_map(|(name, variable)| match variable {
                        Variable::Text(text) if usual.get(name) != Some(variable) => {
                            Some((name.clone(), text.clone()))
                        }
                        _ => None,
                    })
                    .collect();
                if !set.is_empty() {
                    self.say("set", Toml::Table(set));
                }
                self.say("environment", Toml::List(names));
            }
        }
    }

    fn rest(&mut self) {
        let (devices, kernel) = (&self.confinement.devices, &self.confinement.kernel);
        if let Some(nodes) = to_say(&devices.nodes, &self.default.devices.nodes) {
            let list = match nodes {
                Selection::All => vec![ALL.to_owned()],
                Selection::Only(names) => {
                    let usual = defaults::DEVICES;
                    if usual.iter().all(|name| names.contains(*name)) {
                        names
                            .iter()
                            .filter(|name| !usual.contains(&name.as_str()))
                            .cloned()
                            .collect()
                    } else {
                        std::iter::once(NONE.to_owned())
                            .chain(names.iter().cloned())
                            .collect()
                    }
                }
            };
            self.say("devices", Toml::List(list));
        }
        if let Some(terminal) = to_say(&devices.terminal, &self.default.devices.terminal) {
            self.say("terminal", Toml::Text(terminal.to_string()));
        }
        if let Some(descriptors) = to_say(&kernel.descriptors, &self.default.kernel.descriptors) {
            let list = match descriptors {
                Selection::All => vec![ALL.to_owned()],
                // The standard three are always passed on and cannot be named.
                Selection::Only(numbers) => numbers
                    .iter()
                    .filter(|n| **n > 2)
                    .map(u32::to_string)
                    .collect(),
            };
            self.say("descriptors", Toml::List(list));
        }
        if let Some(keyring) = to_say(&kernel.keyring, &self.default.kernel.keyring) {
            self.say("keyring", Toml::Text(keyring.to_string()));
        }
        if let Some(parameters) = to_say(&kernel.sysctl, &self.default.kernel.sysctl) {
            let entries = parameters
                .0
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()));
            self.say("sysctl", Toml::Table(entries.collect()));
        }
    }

    /// Prints in the order of the table of keys.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for key in KEYS {
            if let Some(value) = self.said.get(key.name) {
                text.extend([format!("{} = {value}\n", key.name)]);
            }
        }
        text
    }
}

/// A key with a limit, what it is by default, and how it is written.
type Amount<'a> = (
    &'static str,
    &'a Stated<Limit>,
    &'a Stated<Limit>,
    fn(Limit) -> String,
);

fn ids_change(confinement: &Confinement) -> bool {
    let kept = confinement
        .capabilities
        .bounding
        .value()
        .copied()
        .unwrap_or(CapabilitySet::EMPTY);
    kept.contains(Capability::Setuid) || kept.contains(Capability::Setgid)
}

fn path_text(path: &Path) -> Option<String> {
    paths::escape(path).into_string().ok()
}

fn port_text(port: Port) -> String {
    port.to_string().trim_end_matches("/tcp").to_owned()
}

fn count_text(limit: Limit) -> String {
    limit.to_string()
}

fn pair_text(pair: RlimitPair, text: fn(Limit) -> String) -> String {
    let one = |limit| {
        if limit == Limit::Unlimited {
            UNLIMITED.to_owned()
        } else {
            text(limit)
        }
    };
    if pair.soft == pair.hard {
        one(pair.hard)
    } else {
        format!("{}:{}", one(pair.soft), one(pair.hard))
    }
}
