//! Ids, capabilities, namespaces.

use super::Reader;
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, InsideId};
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Guard, Label, Permit};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::stated::Stated;
use std::fs;
use std::path::PathBuf;

/// Reads `uid_map` or `gid_map` (user_namespaces(7)). All ids as they are is the first namespace's map.
pub(super) fn id_map(text: &str) -> Option<IdMap> {
    let mut ranges = Vec::new();
    for line in text.lines() {
        let mut numbers = line.split_whitespace().map(str::parse);
        let mut next = || numbers.next()?.ok();
        ranges.push(IdRange {
            inside: next()?,
            outside: next()?,
            count: next()?,
        });
    }
    let whole = IdRange {
        inside: 0,
        outside: 0,
        count: u32::MAX,
    };
    Some(if ranges == [whole] {
        IdMap::Host
    } else {
        IdMap::canonical(&ranges)
    })
}

fn inside(map: &IdMap, outside: u32) -> u32 {
    match map {
        IdMap::Host => outside,
        IdMap::Mapped(ranges) => ranges
            .iter()
            .find(|range| {
                outside
                    .checked_sub(range.outside)
                    .is_some_and(|at| at < range.count)
            })
            .map_or(InsideId::NOBODY, |range| {
                range.inside + (outside - range.outside)
            }),
    }
}

impl Reader {
    pub(super) fn identity(&mut self) {
        let mut maps = Vec::new();
        for (file, name) in [("uid_map", "uid_map"), ("gid_map", "gid_map")] {
            maps.push(match self.process.text(file) {
                Ok(text) => id_map(&text),
                Err(error) => {
                    self.unreadable("ids", &[name], file, &error);
                    None
                }
            });
        }
        let gid_map = maps.pop().flatten();
        let uid_map = maps.pop().flatten();
        // Real, effective, saved, file system: the effective one is what counts.
        let effective = |name: &str| self.status.numbers(name)?.get(1).copied();
        let (uid, gid) = (effective("Uid"), effective("Gid"));
        let groups = self.status.numbers("Groups");
        if let (Some(map), Some(uid)) = (&uid_map, uid) {
            self.confinement.ids.uid = self.set(InsideId(inside(map, uid)), "status");
        }
        if let (Some(map), Some(gid)) = (&gid_map, gid) {
            self.confinement.ids.gid = self.set(InsideId(inside(map, gid)), "status");
            if let Some(groups) = groups {
                let mut groups: Vec<u32> = groups.iter().map(|id| inside(map, *id)).collect();
                groups.sort_unstable();
                groups.dedup();
                self.confinement.ids.groups = self.set(Groups::Only(groups), "status");
            }
        }
        self.confinement.ids.user_name = self.set(Label(String::new()), "status");
        if let Some(map) = uid_map {
            let rights = if map == IdMap::Host {
                FileRights::Caller
            } else {
                FileRights::Nobody
            };
            self.confinement.ids.rights = self.set(rights, "uid_map");
            self.confinement.ids.uid_map = self.set(map, "uid_map");
        }
        if let Some(map) = gid_map {
            self.confinement.ids.gid_map = self.set(map, "gid_map");
        }
        match self.process.text("setgroups") {
            Ok(text) => {
                let permit = if text.trim() == "deny" {
                    Permit::Denied
                } else {
                    Permit::Permitted
                };
                self.confinement.ids.setgroups = self.set(permit, "setgroups");
            }
            Err(error) => self.unreadable("ids", &["setgroups"], "setgroups", &error),
        }
    }

    pub(super) fn capabilities(&mut self) {
        let set = |name: &str| match self.status.hex(name) {
            Some(bits) => self.set(CapabilitySet::from_bits(bits), "status"),
            None => Stated::Unknown,
        };
        let (effective, permitted) = (set("CapEff"), set("CapPrm"));
        let (inheritable, bounding, ambient) = (set("CapInh"), set("CapBnd"), set("CapAmb"));
        let no_new_privs = match self.status.get("NoNewPrivs") {
            Some("1") => self.set(Guard::On, "status"),
            Some(_) => self.set(Guard::Off, "status"),
            None => Stated::Unknown,
        };
        let own = &mut self.confinement.capabilities;
        own.effective = effective;
        own.permitted = permitted;
        own.inheritable = inheritable;
        own.bounding = bounding;
        own.ambient = ambient;
        own.no_new_privs = no_new_privs;
    }

    pub(super) fn namespaces(&mut self) {
        for (kind, field) in [
            ("user", "user"),
            ("mnt", "mount"),
            ("pid", "pid"),
            ("net", "net"),
            ("ipc", "ipc"),
            ("uts", "uts"),
            ("cgroup", "cgroup"),
            ("time", "time"),
        ] {
            let file = format!("ns/{kind}");
            let placement = match self.process.link(&file) {
                Ok(link) if host(kind).is_some_and(|host| host == link) => {
                    self.set(Placement::Host, &file)
                }
                Ok(_) => self.set(Placement::New, &file),
                // A kernel without time namespaces has one for all.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    self.set(Placement::Host, &file)
                }
                Err(error) => {
                    self.unreadable("namespaces", &[field], &file, &error);
                    continue;
                }
            };
            let own = &mut self.confinement.namespaces;
            match field {
                "user" => own.user = placement,
                "mount" => own.mount = placement,
                "pid" => own.pid = placement,
                "net" => own.net = placement,
                "ipc" => own.ipc = placement,
                "uts" => own.uts = placement,
                "cgroup" => own.cgroup = placement,
                _ => own.time = placement,
            }
        }
        for name in ["hostname", "domainname"] {
            self.unseen(
                "namespaces",
                name,
                "another namespace's names are not shown here",
            );
        }
    }
}

/// Tells whether a namespace is the host's.
pub(super) fn is_host(placement: &Stated<Placement>) -> bool {
    placement.value() == Some(&Placement::Host)
}

/// The host's namespace: that of process 1, or this process's own where that cannot be read.
fn host(kind: &str) -> Option<PathBuf> {
    fs::read_link(format!("/proc/1/ns/{kind}"))
        .or_else(|_| fs::read_link(format!("/proc/self/ns/{kind}")))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_read_and_applied() {
        assert_eq!(
            id_map("         0          0 4294967295\n"),
            Some(IdMap::Host)
        );
        let map = id_map("0 100000 1000\n1000 1000 1\n").expect("a map");
        for (outside, expected) in [(100_000, 0), (100_999, 999), (1000, 1000), (0, 65534)] {
            assert_eq!(inside(&map, outside), expected);
        }
        assert_eq!(id_map("0 0"), None);
    }
}
