//! Ids, namespaces, capabilities.

use super::{Apply, text};
use crate::loss::{Loss, LossKind};
use crate::profile::defaults;
use crate::profile::error::{Fault, Problem};
use crate::profile::forms;
use crate::profile::settings::Settings;
use casemate_model::Origin;
use casemate_model::facets::ids::{Groups, IdMap, IdRange, InsideId};
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Guard, Label, Permit};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::order::FieldId;
use casemate_model::stated::Stated;

impl Settings {
    /// Returns the capabilities that are kept.
    pub(crate) fn kept(&self) -> CapabilitySet {
        self.words("keep")
            .fold(CapabilitySet::EMPTY, |set, (word, _)| match text(word) {
                forms::ALL => CapabilitySet::ALL,
                name => Capability::from_name(name).map_or(set, |capability| set.with(capability)),
            })
    }

    /// Tells whether the ranges of ids that belong to the caller matter.
    pub fn wants_range(&self) -> bool {
        match self.text("ids").map(text) {
            Some("range") => true,
            Some("single") => false,
            _ => {
                let kept = self.kept();
                kept.contains(Capability::Setuid) || kept.contains(Capability::Setgid)
            }
        }
    }
}

impl Apply<'_> {
    pub(super) fn ids(&mut self) {
        let (user, ids) = (self.settings.text("user"), self.settings.text("ids"));
        let wants_range = self.settings.wants_range();
        if let Some(word) = user {
            let id = forms::user(text(word)).unwrap_or(InsideId::NOBODY);
            let gid = if id == self.context.uid {
                self.context.gid
            } else {
                id
            };
            self.confinement.ids.uid = Stated::set(InsideId(id), word.origin.clone());
            self.confinement.ids.gid = Stated::set(InsideId(gid), word.origin.clone());
        }
        let keep = self
            .settings
            .last("keep")
            .filter(|_| wants_range)
            .map(|setting| &setting.origin);
        let Some(origin) = ids.or(user).map(|word| &word.origin).or(keep) else {
            return;
        };
        let subordinate = &self.context.subordinate;
        let has_range = !subordinate.uids.is_empty() && !subordinate.gids.is_empty();
        if ids.is_some_and(|word| text(word) == "range") && !has_range {
            let hint = "have the administrator run `usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER`";
            let fault =
                Fault::NotOnHost("/etc/subuid and /etc/subgid give you no range of ids".to_owned());
            self.problems
                .push(Problem::new(fault, origin.clone()).hint(hint.to_owned()));
            return;
        }
        if wants_range && !has_range {
            let grant = "a range of user and group ids".to_owned();
            let why = "/etc/subuid and /etc/subgid give you none, so the program has one id to change to: its own";
            let field = FieldId {
                facet: "ids",
                name: "uid_map",
            };
            self.losses.push(Loss {
                field: Some(field),
                kind: LossKind::Withheld { grant, why },
                origin: Some(origin.clone()),
            });
        }
        self.map(origin, wants_range && has_range);
    }

    fn map(&mut self, origin: &Origin, ranges: bool) {
        let (uid, gid) = defaults::outside(self.context);
        let ids = &mut self.confinement.ids;
        let inside = |id: &Stated<InsideId>| id.value().map_or(InsideId::NOBODY, |id| id.0);
        let subordinate = &self.context.subordinate;
        let (uids, gids) = if ranges {
            (&subordinate.uids[..], &subordinate.gids[..])
        } else {
            (&[][..], &[][..])
        };
        let users = keep_id(inside(&ids.uid), uid, uids);
        let groups = keep_id(inside(&ids.gid), gid, gids);
        ids.uid_map = Stated::set(users, origin.clone());
        ids.gid_map = Stated::set(groups, origin.clone());
        if ranges {
            ids.groups = Stated::set(Groups::Only(Vec::new()), origin.clone());
        }
        if self.settings.kept().contains(Capability::Setgid) && (ranges || self.context.is_root()) {
            ids.setgroups = Stated::set(Permit::Permitted, origin.clone());
        }
    }

    pub(super) fn capabilities(&mut self) {
        let capabilities = &mut self.confinement.capabilities;
        if let Some(setting) = self.settings.last("keep") {
            let kept = Stated::set(self.settings.kept(), setting.origin.clone());
            capabilities.effective = kept.clone();
            capabilities.permitted = kept.clone();
            capabilities.inheritable = kept.clone();
            capabilities.bounding = kept.clone();
            capabilities.ambient = kept;
        }
        if let Some((on, origin)) = self.settings.switch("new-privileges") {
            let guard = if on { Guard::Off } else { Guard::On };
            capabilities.no_new_privs = Stated::set(guard, origin.clone());
            self.confinement.files.nosuid = Stated::set(guard, origin.clone());
        }
    }

    pub(super) fn namespaces(&mut self) {
        for (word, _) in self.settings.words("share") {
            let namespaces = &mut self.confinement.namespaces;
            let field = match text(word) {
                "net" => &mut namespaces.net,
                "ipc" => &mut namespaces.ipc,
                "uts" => &mut namespaces.uts,
                "cgroup" => &mut namespaces.cgroup,
                "time" => &mut namespaces.time,
                // Others have been refused by the check of the form.
                _ => continue,
            };
            *field = Stated::set(Placement::Host, word.origin.clone());
        }
        let Some(word) = self.settings.text("hostname") else {
            return;
        };
        if self.confinement.namespaces.uts.value() == Some(&Placement::Host) {
            let hint = "take `uts` out of `share`, or take `hostname` away".to_owned();
            self.contradiction(
                "a host name of its own, but the uts namespace is the host's",
                &word.origin,
                Some(hint),
            );
        } else {
            self.confinement.namespaces.hostname =
                Stated::set(Label(text(word).to_owned()), word.origin.clone());
        }
    }
}

/// Maps one id of the host to the one inside, and ranges around it: inside they follow each other from 0.
fn keep_id(inside: u32, outside: u32, ranges: &[(u32, u32)]) -> IdMap {
    let mut map = vec![IdRange {
        inside,
        outside,
        count: 1,
    }];
    let mut next = 0_u32;
    for (first, count) in ranges {
        let (mut first, mut left) = (*first, *count);
        while left > 0 {
            if next == inside {
                next = next.saturating_add(1);
            }
            let room = if next < inside {
                left.min(inside - next)
            } else {
                left.min(u32::MAX - next)
            };
            if room == 0 {
                break;
            }
            map.push(IdRange {
                inside: next,
                outside: first,
                count: room,
            });
            next = next.saturating_add(room);
            first = first.saturating_add(room);
            left -= room;
        }
    }
    IdMap::canonical(&map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(inside: u32, outside: u32, count: u32) -> IdRange {
        IdRange {
            inside,
            outside,
            count,
        }
    }

    type Ranges = &'static [(u32, u32)];

    #[test]
    fn the_own_id_is_kept_and_ranges_lie_around_it() {
        let cases: [(u32, u32, Ranges, Vec<IdRange>); 5] = [
            (1000, 1000, &[], vec![range(1000, 1000, 1)]),
            (
                0,
                1000,
                &[(100_000, 65_536)],
                vec![range(0, 1000, 1), range(1, 100_000, 65_536)],
            ),
            (
                1000,
                1000,
                &[(100_000, 65_536)],
                vec![
                    range(0, 100_000, 1000),
                    range(1000, 1000, 1),
                    range(1001, 101_000, 64_536),
                ],
            ),
            (
                1000,
                1000,
                &[(100_000, 10)],
                vec![range(0, 100_000, 10), range(1000, 1000, 1)],
            ),
            (
                5,
                1000,
                &[(100, 4), (200, 4)],
                vec![
                    range(0, 100, 4),
                    range(4, 200, 1),
                    range(5, 1000, 1),
                    range(6, 201, 3),
                ],
            ),
        ];
        for (inside, outside, ranges, expected) in cases {
            assert_eq!(
                keep_id(inside, outside, ranges),
                IdMap::Mapped(expected),
                "{inside} {ranges:?}"
            );
        }
        // However large the ranges are, it ends.
        keep_id(65_534, 1000, &[(0, u32::MAX), (5, u32::MAX)]);
    }
}
