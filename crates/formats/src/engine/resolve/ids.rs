//! Ids and namespaces.

use super::Resolver;
use crate::engine::Family;
use crate::engine::ask::{Ask, Maybe, Said};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, Ids, InsideId};
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::lattice::{Label, Permit};
use casemate_model::{Origin, Stated};
use std::path::PathBuf;

/// Ids of accounts and services end below; subordinate ranges begin at or above it.
const FIRST_OF_NOBODY: u32 = 65536;

impl Resolver<'_> {
    pub(super) fn ids(&mut self, ask: &Ask) -> Ids {
        let (mut uid, mut gid) = (Stated::Unknown, Stated::Unknown);
        let mut name = self.default(Label(String::new()));
        let mut explicit = false;
        if let Some(Said { value, origin }) = &ask.user {
            let (user, group) = value.split_once(':').unwrap_or((value, ""));
            match user.parse() {
                Ok(id) => uid = Stated::set(InsideId(id), origin.clone()),
                Err(_) if user == "root" => uid = Stated::set(InsideId(0), origin.clone()),
                Err(_) if user.is_empty() => {}
                Err(_) => name = Stated::set(Label(user.to_owned()), origin.clone()),
            }
            match group.parse() {
                Ok(id) => gid = Stated::set(InsideId(id), origin.clone()),
                Err(_) if group == "root" => gid = Stated::set(InsideId(0), origin.clone()),
                Err(_) if group.is_empty() => {}
                Err(_) => self
                    .notes
                    .elsewhere(format!("group {group}"), "the image", origin),
            }
            explicit = !group.is_empty();
        }
        let groups = self.groups(ask, &gid, explicit);
        let (uid_map, gid_map) = self.maps(ask);
        let rights = match uid_map.value() {
            Some(IdMap::Mapped(ranges)) if ranges.iter().all(|r| r.outside >= FIRST_OF_NOBODY) => {
                FileRights::Nobody
            }
            _ => FileRights::Caller,
        };
        Ids {
            uid,
            user_name: name,
            gid,
            groups,
            uid_map,
            gid_map,
            setgroups: self.default(Permit::Permitted),
            rights: self.default(rights),
        }
    }

    /// Only an explicit group keeps the groups of the image's accounts out.
    fn groups(&mut self, ask: &Ask, gid: &Stated<InsideId>, explicit: bool) -> Stated<Groups> {
        let mut ids = Vec::new();
        for said in &ask.groups {
            match said.value.parse::<u32>() {
                Ok(id) => ids.push(id),
                Err(_) if said.value == "keep-groups" => {
                    return Stated::set(Groups::Inherited, said.origin.clone());
                }
                Err(_) => {
                    let what = format!("group {}", said.value);
                    self.notes.elsewhere(what, "the image", &said.origin);
                    return Stated::Unknown;
                }
            }
        }
        let Some(user) = ask.user.as_ref().filter(|_| explicit) else {
            if let Some(last) = ask.groups.last() {
                let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
                let what = format!("whether there are groups beside {}", list.join(" "));
                self.notes.elsewhere(what, "the image", &last.origin);
            }
            return Stated::Unknown;
        };
        // Engines list the group itself, too, which permits nothing more.
        ids.retain(|id| gid.value().is_none_or(|gid| gid.0 != *id));
        ids.sort_unstable();
        ids.dedup();
        let origin = ask.groups.last().unwrap_or(user).origin.clone();
        Stated::set(Groups::Only(ids), origin)
    }

    fn maps(&mut self, ask: &Ask) -> (Stated<IdMap>, Stated<IdMap>) {
        if let Some(said) = &ask.userns {
            let origin = said.origin.clone();
            return match said.value.split(':').next().unwrap_or("") {
                "host" | "" => (
                    Stated::set(IdMap::Host, origin.clone()),
                    Stated::set(IdMap::Host, origin),
                ),
                _ => (Stated::Unknown, Stated::Unknown),
            };
        }
        let uid = self.map(&ask.uid_map);
        let gid = self.map(&ask.gid_map);
        match (uid, gid) {
            (None, None) => (self.defaults.id_map.clone(), self.defaults.id_map.clone()),
            // One stands for both.
            (Some(one), None) | (None, Some(one)) => (one.clone(), one),
            (Some(uid), Some(gid)) => (uid, gid),
        }
    }

    fn map(&mut self, list: &[Said<String>]) -> Option<Stated<IdMap>> {
        let origin: Origin = list.last()?.origin.clone();
        let mut ranges = Vec::new();
        for said in list {
            let parts: Vec<&str> = said.value.split(':').collect();
            let number = |at: usize| parts.get(at).and_then(|text| text.parse::<u32>().ok());
            match (number(0), number(1), number(2), parts.len()) {
                (Some(inside), Some(outside), Some(count), 3) => ranges.push(IdRange {
                    inside,
                    outside,
                    count,
                }),
                // `@100`, `+u100`: of the subordinate ids of who starts it.
                _ if parts.len() == 3 => {
                    let what = format!("the map {}", said.value);
                    self.notes.elsewhere(what, "who starts it", &said.origin);
                    return Some(Stated::Unknown);
                }
                _ => {
                    let what = format!("{:?} is no map such as `0:100000:65536`", said.value);
                    self.notes.wrong(what, &said.origin);
                }
            }
        }
        Some(Stated::set(IdMap::canonical(&ranges), origin))
    }

    pub(super) fn namespaces(&mut self, ask: &Ask) -> Namespaces {
        let user = match (&ask.userns, ask.uid_map.last().or(ask.gid_map.last())) {
            (Some(_), _) => self.place(&ask.userns, self.defaults.user.clone(), "userns"),
            (None, Some(map)) => Stated::set(Placement::New, map.origin.clone()),
            (None, None) => self.defaults.user.clone(),
        };
        let net = match ask.networks.first() {
            Some(said) => self.place(&Some(said.clone()), self.default(Placement::New), "network"),
            None => self.default(Placement::New),
        };
        Namespaces {
            user,
            mount: self.default(Placement::New),
            pid: self.place(&ask.pid, self.default(Placement::New), "pid"),
            net,
            ipc: self.place(&ask.ipc, self.defaults.ipc.clone(), "ipc"),
            uts: self.place(&ask.uts, self.default(Placement::New), "uts"),
            cgroup: self.place(&ask.cgroupns, self.defaults.cgroup.clone(), "cgroupns"),
            time: self.default(Placement::Host),
            hostname: label(&ask.hostname),
            domainname: label(&ask.domainname),
        }
    }

    fn place(
        &mut self,
        said: &Maybe<String>,
        default: Stated<Placement>,
        of: &str,
    ) -> Stated<Placement> {
        let Some(said) = said else {
            return default;
        };
        let (mode, rest) = said.value.split_once(':').unwrap_or((&said.value, ""));
        let place = match (of, mode) {
            (_, "") => return default,
            (_, "host") => Placement::Host,
            (_, "container" | "service" | "ns") if rest.is_empty() => {
                self.notes
                    .wrong(format!("{:?} names no container", said.value), &said.origin);
                return default;
            }
            (_, "container" | "service") => Placement::Join(PathBuf::from(&said.value)),
            (_, "ns") => Placement::Join(PathBuf::from(rest)),
            (_, "private" | "pod") | ("ipc", "none" | "shareable") => Placement::New,
            ("userns", "auto" | "keep-id" | "nomap") => Placement::New,
            // Any other name is a network's.
            ("network", _) => Placement::New,
            _ => {
                let what = format!("{:?} is no mode of {of}", said.value);
                self.notes.wrong(what, &said.origin);
                return default;
            }
        };
        if self.defaults.family == Family::Docker
            && matches!((of, mode), ("userns", "auto" | "keep-id" | "nomap"))
        {
            self.notes
                .wrong(format!("{mode:?} is Podman's"), &said.origin);
        }
        Stated::set(place, said.origin.clone())
    }
}

fn label(said: &Maybe<String>) -> Stated<Label> {
    match said {
        Some(said) => Stated::set(Label(said.value.clone()), said.origin.clone()),
        None => Stated::Unknown,
    }
}
