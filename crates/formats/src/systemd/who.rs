//! Ids, capabilities and namespaces.

use super::read::Reader;
use super::values;
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, InsideId};
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Guard, Label, Permit};
use casemate_model::{Origin, Stated};
use std::path::PathBuf;

/// As whom the unit runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Identity {
    Root,
    Other,
}

impl Reader {
    fn identity(&self) -> Identity {
        match self.unit.text("User") {
            Some((user, _)) if user != "root" && user != "0" => Identity::Other,
            None if self.sandbox.dynamic.is_some() => Identity::Other,
            _ => Identity::Root,
        }
    }

    /// Takes users and groups.
    pub(super) fn who(&mut self) {
        for key in ["User", "Group"] {
            self.check_name(key);
        }
        let user = self.unit.text("User");
        let ids = &mut self.workload.confinement.ids;
        match &user {
            None if self.sandbox.dynamic.is_some() => {}
            None => ids.uid = Stated::default_of(self.of, InsideId(0)),
            Some((name, origin)) => match id(name) {
                Some(uid) => ids.uid = Stated::set(InsideId(uid), origin.clone()),
                None => ids.user_name = Stated::set(Label(name.clone()), origin.clone()),
            },
        }
        let group = self.unit.text("Group");
        match &group {
            None => {
                if self.identity() == Identity::Root {
                    self.workload.confinement.ids.gid = self.default(InsideId(0));
                }
            }
            Some((name, origin)) => match id(name) {
                Some(gid) => {
                    self.workload.confinement.ids.gid = Stated::set(InsideId(gid), origin.clone());
                }
                None => {
                    let what = format!("Group={name}");
                    self.losses.push(Loss::elsewhere(
                        what,
                        "the machine's groups",
                        origin.clone(),
                    ));
                }
            },
        }
        if let Some(origin) = self.sandbox.dynamic.clone() {
            let range = "a user that is made for the time that it runs";
            self.workload
                .set("systemd-setting", "DynamicUser", range, origin);
        }
        self.groups();
        self.maps(&user, &group);
        let rights = self.default(FileRights::Caller);
        let setgroups = self.default(Permit::Permitted);
        let ids = &mut self.workload.confinement.ids;
        ids.rights = rights;
        ids.setgroups = setgroups;
    }

    fn check_name(&mut self, key: &str) {
        let Some((name, origin)) = self.unit.text(key) else {
            return;
        };
        if !is_name(&name) {
            let what = format!("{key}={name} is no name, and systemd does not load such a unit");
            self.problems.push(Problem::new(what, origin));
        }
    }

    fn groups(&mut self) {
        let words = self.unit.words("SupplementaryGroups");
        let mut ids: Vec<u32> = words.iter().filter_map(|(word, _)| id(word)).collect();
        ids.sort_unstable();
        ids.dedup();
        let named: Vec<&(String, Origin)> = words
            .iter()
            .filter(|(word, _)| id(word).is_none())
            .collect();
        for (word, origin) in &named {
            let what = format!("SupplementaryGroups={word}");
            self.losses.push(Loss::elsewhere(
                what,
                "the machine's groups",
                origin.clone(),
            ));
        }
        // A user's own groups are those of the machine.
        let known = named.is_empty() && self.identity() == Identity::Root;
        if known {
            let origin = words.last().map(|(_, origin)| origin.clone());
            self.workload.confinement.ids.groups = self.at(origin, Groups::Only(ids));
        } else if let (true, Some((_, origin))) =
            (named.is_empty() && !ids.is_empty(), words.last())
        {
            self.workload.confinement.ids.groups = Stated::set(Groups::Only(ids), origin.clone());
        }
    }

    fn maps(&mut self, user: &Option<(String, Origin)>, group: &Option<(String, Origin)>) {
        let users = self.unit.last("PrivateUsers", |word| match word {
            "identity" => Some("identity"),
            "self" => Some("self"),
            _ => values::boolean(word).map(|on| if on { "self" } else { "no" }),
        });
        let Some((word, origin)) = users.filter(|(word, _)| *word != "no") else {
            let (uids, gids) = (self.default(IdMap::Host), self.default(IdMap::Host));
            let ids = &mut self.workload.confinement.ids;
            (ids.uid_map, ids.gid_map) = (uids, gids);
            return;
        };
        let map = |name: &Option<(String, Origin)>| {
            let own = match name {
                None => Some(0),
                Some((name, _)) => id(name),
            };
            if word == "identity" {
                return Some(IdMap::canonical(&[range(0, 65536)]));
            }
            own.map(|own| IdMap::canonical(&[range(0, 1), range(own, 1)]))
        };
        let user_map = map(user);
        let group_map = match group {
            None if user.is_some() => None,
            group => map(group),
        };
        let ids = &mut self.workload.confinement.ids;
        if let Some(map) = user_map {
            ids.uid_map = Stated::set(map, origin.clone());
        }
        if let Some(map) = group_map {
            ids.gid_map = Stated::set(map, origin.clone());
        }
        if ids.uid_map == Stated::Unknown || ids.gid_map == Stated::Unknown {
            let on = "the ids that the names have on the machine";
            self.losses
                .push(Loss::elsewhere("PrivateUsers=yes", on, origin));
        }
    }

    /// Takes capabilities.
    pub(super) fn rights(&mut self) {
        for key in ["CapabilityBoundingSet", "AmbientCapabilities"] {
            self.check_capabilities(key);
        }
        let (bounding, ambient) = (self.sandbox.bounding, self.sandbox.ambient);
        let ambient = ambient.intersection(bounding);
        let bounding_at = self.sandbox.bounding_at.clone();
        let ambient_at = self.sandbox.ambient_at.clone();
        let user_at = self.unit.text("User").map(|(_, origin)| origin);
        let user_at = user_at.or_else(|| self.sandbox.dynamic.clone());
        let (held, held_at) = match self.identity() {
            Identity::Root => (bounding, bounding_at.clone()),
            Identity::Other => (ambient, ambient_at.clone().or(user_at)),
        };
        let no_new_privs = self.no_new_privs();
        let securebits = self.securebits();
        let capabilities = casemate_model::facets::capabilities::Capabilities {
            effective: self.at(held_at.clone(), held),
            permitted: self.at(held_at, held),
            inheritable: self.at(ambient_at.clone(), ambient),
            bounding: self.at(bounding_at, bounding),
            ambient: self.at(ambient_at, ambient),
            no_new_privs,
            securebits,
        };
        self.workload.confinement.capabilities = capabilities;
    }

    fn check_capabilities(&mut self, key: &str) {
        let lines: Vec<(String, Origin)> = self
            .unit
            .assignments
            .iter()
            .filter(|one| one.key == key)
            .map(|one| (one.value.clone(), one.origin.clone()))
            .collect();
        for (value, origin) in lines {
            for name in super::sandbox::capability_words(&value).2 {
                self.invalid(key, &name, origin.clone());
            }
        }
    }

    fn no_new_privs(&self) -> Stated<Guard> {
        // Without CAP_SYS_ADMIN a filter can only be loaded with no_new_privs.
        const FILTERS: [&str; 10] = [
            "LockPersonality",
            "MemoryDenyWriteExecute",
            "PrivateDevices",
            "ProtectClock",
            "ProtectHostname",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "RestrictRealtime",
            "RestrictSUIDSGID",
        ];
        const LISTS: [&str; 5] = [
            "SystemCallFilter",
            "SystemCallArchitectures",
            "SystemCallLog",
            "RestrictAddressFamilies",
            "RestrictNamespaces",
        ];
        let own = self.sandbox.at("NoNewPrivileges").cloned();
        let implied = || {
            if self.identity() == Identity::Root {
                return None;
            }
            let flag = FILTERS.iter().find_map(|key| self.sandbox.at(key).cloned());
            let list = |key: &&str| self.unit.all(key).next().map(|one| one.origin.clone());
            flag.or_else(|| LISTS.iter().find_map(list))
        };
        match own.or_else(implied) {
            Some(origin) => Stated::set(Guard::On, origin),
            None => self.default(Guard::Off),
        }
    }

    fn securebits(&mut self) -> Stated<Guard> {
        const ALL: [&str; 4] = [
            "noroot",
            "noroot-locked",
            "no-setuid-fixup",
            "no-setuid-fixup-locked",
        ];
        let words = self.unit.words("SecureBits");
        let Some((_, origin)) = words.last().cloned() else {
            return self.default(Guard::Off);
        };
        let has = |name: &&str| words.iter().any(|(word, _)| word == *name);
        if ALL.iter().all(has) && has(&"keep-caps-locked") {
            return Stated::set(Guard::On, origin);
        }
        let text: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        self.losses.push(Loss::no_place(
            "SecureBits=",
            text.join(" "),
            origin.clone(),
        ));
        Stated::set(Guard::Off, origin)
    }

    /// Takes namespaces.
    pub(super) fn placements(&mut self) {
        let place = |origin: Option<Origin>| match origin {
            Some(origin) => Stated::set(Placement::New, origin),
            None => Stated::default_of(self.of, Placement::Host),
        };
        let on = |key: &str| self.sandbox.at(key).cloned();
        let cgroup = self
            .unit
            .text("ProtectControlGroups")
            .filter(|(word, _)| word == "private" || word == "strict")
            .map(|(_, origin)| origin);
        let mut namespaces = casemate_model::facets::namespaces::Namespaces {
            user: place(on("PrivateUsers")),
            mount: place(self.sandbox.own_mounts().or_else(|| self.path_settings())),
            pid: place(on("PrivatePIDs")),
            net: place(on("PrivateNetwork")),
            ipc: place(on("PrivateIPC")),
            uts: place(on("ProtectHostname")),
            cgroup: place(cgroup),
            time: place(None),
            hostname: Stated::Unknown,
            domainname: Stated::Unknown,
        };
        for (key, field) in [
            ("NetworkNamespacePath", &mut namespaces.net),
            ("IPCNamespacePath", &mut namespaces.ipc),
        ] {
            if let Some((path, origin)) = self.unit.text(key) {
                *field = Stated::set(Placement::Join(PathBuf::from(path)), origin);
            }
        }
        self.workload.confinement.namespaces = namespaces;
    }

    // Settings that need mounts of their own.
    fn path_settings(&self) -> Option<Origin> {
        const KEYS: [&str; 14] = [
            "ReadWritePaths",
            "ReadOnlyPaths",
            "InaccessiblePaths",
            "ExecPaths",
            "NoExecPaths",
            "BindPaths",
            "BindReadOnlyPaths",
            "TemporaryFileSystem",
            "RootDirectory",
            "RootImage",
            "ProtectProc",
            "ProcSubset",
            "MountImages",
            "ExtensionImages",
        ];
        KEYS.iter().find_map(|key| {
            let mut all = self.unit.all(key);
            all.find(|one| one.value != "default" && one.value != "all")
                .map(|one| one.origin.clone())
        })
    }
}

/// Reads a number that is an id; names are the machine's.
fn id(text: &str) -> Option<u32> {
    match text {
        "root" => Some(0),
        _ => values::number(text).and_then(|number| u32::try_from(number).ok()),
    }
}

fn range(first: u32, count: u32) -> IdRange {
    IdRange {
        inside: first,
        outside: first,
        count,
    }
}

/// Whether systemd takes it for a user or a group; specifiers are put in later.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.$%{}@".contains(c);
    !name.is_empty() && name.len() <= 256 && !name.starts_with('-') && name.chars().all(plain)
}
