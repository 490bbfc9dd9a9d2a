//! What the settings of a unit amount to, with those that others imply.

use super::unit::{Given, Unit};
use super::values;
use casemate_model::Origin;
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use std::collections::{BTreeMap, BTreeSet};

/// Settings in force.
#[derive(Clone, Debug)]
pub(super) struct Sandbox {
    /// Truth values that are on, and where that was said.
    pub(super) on: BTreeMap<&'static str, Origin>,
    /// `DynamicUser=`.
    pub(super) dynamic: Option<Origin>,
    /// `ProtectHome=`: `yes`, `read-only` or `tmpfs`.
    pub(super) home: Option<Given<&'static str>>,
    /// `ProtectSystem=`: `yes`, `full` or `strict`.
    pub(super) system: Option<Given<&'static str>>,
    /// `CapabilityBoundingSet=`, without what other settings take away.
    pub(super) bounding: CapabilitySet,
    /// Where it was said, the last place.
    pub(super) bounding_at: Option<Origin>,
    /// `AmbientCapabilities=`.
    pub(super) ambient: CapabilitySet,
    /// Where it was said.
    pub(super) ambient_at: Option<Origin>,
    /// Kinds of namespaces that may be made.
    pub(super) namespaces: BTreeSet<&'static str>,
    /// Whether a part of the cgroup tree is handed over.
    pub(super) delegate: bool,
    /// `DevicePolicy=`.
    pub(super) device_policy: String,
    /// Where that was said or implied.
    pub(super) device_policy_at: Option<Origin>,
    /// Whether `DeviceAllow=` names a device.
    pub(super) devices_allowed: bool,
}

/// Truth values that confine.
pub(super) const FLAGS: [&str; 22] = [
    "LockPersonality",
    "MemoryDenyWriteExecute",
    "MountAPIVFS",
    "NoNewPrivileges",
    "PrivateDevices",
    "PrivateIPC",
    "PrivateMounts",
    "PrivateNetwork",
    "PrivatePIDs",
    "PrivateTmp",
    "PrivateUsers",
    "ProtectClock",
    "ProtectControlGroups",
    "ProtectHostname",
    "ProtectKernelLogs",
    "ProtectKernelModules",
    "ProtectKernelTunables",
    "RemoveIPC",
    "RestrictRealtime",
    "RestrictSUIDSGID",
    "RootEphemeral",
    "DynamicUser",
];

/// Reads a truth value, or one of the words that some settings have beside.
pub(super) fn flag(key: &str, value: &str) -> Option<bool> {
    let words: &[&str] = match key {
        "PrivateTmp" => &["disconnected", "connected"],
        "PrivateUsers" => &["self", "identity"],
        "ProtectControlGroups" => &["private", "strict"],
        _ => &[],
    };
    if words.contains(&value) {
        return Some(true);
    }
    values::boolean(value)
}

/// Reads `ProtectHome=`.
pub(super) fn home(value: &str) -> Option<&'static str> {
    word(value, &["read-only", "tmpfs"])
}

/// Reads `ProtectSystem=`.
pub(super) fn system(value: &str) -> Option<&'static str> {
    word(value, &["full", "strict"])
}

fn word(value: &str, words: &[&'static str]) -> Option<&'static str> {
    let found = words.iter().copied().find(|word| *word == value);
    found.or_else(|| values::boolean(value).map(|on| if on { "yes" } else { "no" }))
}

impl Sandbox {
    /// Resolves the settings of a unit.
    pub(super) fn of(unit: &Unit) -> Self {
        let mut on = BTreeMap::new();
        for key in FLAGS {
            if let Some((true, origin)) = unit.last(key, |value| flag(key, value)) {
                on.insert(key, origin);
            }
        }
        let (bounding, bounding_at) =
            capabilities(unit, "CapabilityBoundingSet", CapabilitySet::ALL);
        let (ambient, ambient_at) = capabilities(unit, "AmbientCapabilities", CapabilitySet::EMPTY);
        let policy = unit.text("DevicePolicy");
        let mut sandbox = Self {
            dynamic: on.remove("DynamicUser"),
            on,
            home: unit
                .last("ProtectHome", home)
                .filter(|(word, _)| *word != "no"),
            system: unit
                .last("ProtectSystem", system)
                .filter(|(word, _)| *word != "no"),
            bounding,
            bounding_at,
            ambient,
            ambient_at,
            namespaces: namespaces(unit),
            delegate: delegate(unit),
            device_policy: policy
                .as_ref()
                .map_or_else(|| "auto".to_owned(), |(word, _)| word.clone()),
            device_policy_at: policy.map(|(_, origin)| origin),
            devices_allowed: unit.all("DeviceAllow").next().is_some(),
        };
        sandbox.imply();
        sandbox
    }

    fn imply(&mut self) {
        if let Some(origin) = self.dynamic.clone() {
            for key in [
                "PrivateTmp",
                "RemoveIPC",
                "NoNewPrivileges",
                "RestrictSUIDSGID",
            ] {
                self.on.entry(key).or_insert_with(|| origin.clone());
            }
            if self
                .system
                .as_ref()
                .is_none_or(|(word, _)| *word != "strict")
            {
                self.system = Some(("strict", origin.clone()));
            }
            self.home.get_or_insert(("read-only", origin));
        }
        let taken = [
            ("PrivateDevices", &["mknod", "sys_rawio"][..]),
            ("ProtectKernelModules", &["sys_module"]),
            ("ProtectKernelLogs", &["syslog"]),
            ("ProtectClock", &["sys_time", "wake_alarm"]),
        ];
        for (key, names) in taken {
            if let Some(origin) = self.on.get(key) {
                for capability in names.iter().filter_map(|name| Capability::from_name(name)) {
                    self.bounding = self.bounding.without(capability);
                    self.ambient = self.ambient.without(capability);
                }
                self.bounding_at.get_or_insert(origin.clone());
            }
        }
        if let Some(origin) = self.on.get("PrivateDevices")
            && self.device_policy == "auto"
        {
            "closed".clone_into(&mut self.device_policy);
            self.device_policy_at = Some(origin.clone());
        }
        // The real-time clock may then be read, which makes the list of devices one that is not empty.
        self.devices_allowed |= self.on.contains_key("ProtectClock");
    }

    /// Why it has mounts of its own, if it has: said, or implied by a setting that is made of mounts.
    ///
    /// `systemd-analyze security --offline` looks only at what is said.
    pub(super) fn own_mounts(&self) -> Option<Origin> {
        const MADE_OF_MOUNTS: [&str; 8] = [
            "PrivateMounts",
            "PrivateDevices",
            "PrivateTmp",
            "PrivatePIDs",
            "ProtectControlGroups",
            "ProtectKernelTunables",
            "ProtectKernelModules",
            "ProtectKernelLogs",
        ];
        let on = MADE_OF_MOUNTS
            .iter()
            .find_map(|key| self.on.get(*key).cloned());
        on.or_else(|| self.home.as_ref().map(|(_, origin)| origin.clone()))
            .or_else(|| self.system.as_ref().map(|(_, origin)| origin.clone()))
    }

    /// The word of `ProtectHome=`.
    pub(super) fn home_word(&self) -> &'static str {
        self.home.as_ref().map_or("no", |(word, _)| word)
    }

    /// The word of `ProtectSystem=`.
    pub(super) fn system_word(&self) -> &'static str {
        self.system.as_ref().map_or("no", |(word, _)| word)
    }

    /// Where a truth value was set to be on.
    pub(super) fn at(&self, key: &str) -> Option<&Origin> {
        self.on.get(key)
    }
}

/// Reads a list of capabilities with a possible `~`; names that nobody knows are left out.
pub(super) fn capability_words(value: &str) -> (bool, CapabilitySet, Vec<String>) {
    let (inverted, names) = match value.strip_prefix('~') {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    let mut set = CapabilitySet::EMPTY;
    let mut unknown = Vec::new();
    for name in values::words(names) {
        match Capability::from_name(&name) {
            Some(capability) => set = set.with(capability),
            None => unknown.push(name),
        }
    }
    (inverted, set, unknown)
}

fn capabilities(unit: &Unit, key: &str, initial: CapabilitySet) -> (CapabilitySet, Option<Origin>) {
    let mut set = initial;
    let mut at = None;
    for one in unit.assignments.iter().filter(|one| one.key == key) {
        at = Some(one.origin.clone());
        if one.value.is_empty() {
            set = CapabilitySet::EMPTY;
            continue;
        }
        let (inverted, named, unknown) = capability_words(&one.value);
        // What has no name that is known changes nothing, but an empty `~` does.
        if named.is_empty() && !unknown.is_empty() {
            continue;
        }
        set = match (inverted, set == initial || set.is_empty()) {
            (true, _) if named.is_empty() => CapabilitySet::ALL,
            (true, true) => CapabilitySet::ALL.difference(named),
            (false, true) => named,
            (true, false) => set.difference(named),
            (false, false) => set.union(named),
        };
    }
    (set, at)
}

/// The kinds of namespaces that `RestrictNamespaces=` knows.
pub(super) const NAMESPACES: [&str; 7] = ["cgroup", "ipc", "net", "mnt", "pid", "user", "uts"];

fn namespaces(unit: &Unit) -> BTreeSet<&'static str> {
    let all = || NAMESPACES.into_iter().collect::<BTreeSet<_>>();
    let mut permitted: Option<BTreeSet<&'static str>> = None;
    for one in unit.all("RestrictNamespaces") {
        if let Some(on) = values::boolean(&one.value) {
            permitted = Some(if on { BTreeSet::new() } else { all() });
            continue;
        }
        let (inverted, words) = match one.value.strip_prefix('~') {
            Some(rest) => (true, rest),
            None => (false, one.value.as_str()),
        };
        let named = NAMESPACES
            .into_iter()
            .filter(|name| words.split_whitespace().any(|word| word == *name))
            .collect::<BTreeSet<_>>();
        permitted = Some(match (permitted, inverted) {
            (None, false) => named,
            (None, true) => all().difference(&named).copied().collect(),
            (Some(set), false) => set.union(&named).copied().collect(),
            (Some(set), true) => set.difference(&named).copied().collect(),
        });
    }
    permitted.unwrap_or_else(all)
}

fn delegate(unit: &Unit) -> bool {
    let last = unit.assignments.iter().rfind(|one| one.key == "Delegate");
    last.is_some_and(|one| values::boolean(&one.value).unwrap_or(true))
}
