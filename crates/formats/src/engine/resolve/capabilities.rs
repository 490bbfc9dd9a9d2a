//! Capabilities.

use super::Resolver;
use crate::engine::Family;
use crate::engine::ask::{Ask, Said};
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::lattice::Guard;
use casemate_model::names::{Capability, CapabilitySet, capabilities};
use casemate_model::{Origin, Stated};

/// One of the lists that are asked for.
struct List {
    all: bool,
    set: CapabilitySet,
}

impl Resolver<'_> {
    pub(super) fn capabilities(&mut self, ask: &Ask) -> Capabilities {
        let bounding = self.bounding(ask);
        let none = self.default(CapabilitySet::EMPTY);
        let root = ask.user.as_ref().is_none_or(|said| is_root(&said.value));
        let held = if root { bounding.clone() } else { none.clone() };
        let mut sets = Capabilities {
            effective: held.clone(),
            permitted: held,
            inheritable: none.clone(),
            bounding,
            ambient: none,
            no_new_privs: match &ask.no_new_privileges {
                Some(said) if said.value => Stated::set(Guard::On, said.origin.clone()),
                Some(said) => Stated::set(Guard::Off, said.origin.clone()),
                None => self.defaults.no_new_privs.clone(),
            },
            securebits: self.default(Guard::Off),
        };
        // Podman gives a user who is not root what was added by name.
        if let (Family::Podman, false, Some(last)) =
            (self.defaults.family, root, ask.cap_add.last())
        {
            let added = self.list(&ask.cap_add);
            let set = if added.all {
                sets.bounding
                    .value()
                    .copied()
                    .unwrap_or(CapabilitySet::EMPTY)
            } else {
                added.set
            };
            let stated = Stated::set(set, last.origin.clone());
            sets.effective = stated.clone();
            sets.permitted = stated.clone();
            sets.inheritable = stated.clone();
            sets.ambient = stated;
        }
        sets
    }

    fn bounding(&mut self, ask: &Ask) -> Stated<CapabilitySet> {
        if let Some(origin) = Self::privileged(ask) {
            return Stated::set(CapabilitySet::ALL, origin.clone());
        }
        let (add, drop) = (self.list(&ask.cap_add), self.list(&ask.cap_drop));
        let last: Option<&Origin> = ask
            .cap_add
            .last()
            .or(ask.cap_drop.last())
            .map(|said| &said.origin);
        let Some(origin) = last else {
            return self.defaults.capabilities.clone();
        };
        let basic = self.defaults.capabilities.value().copied();
        let basic = basic.unwrap_or(CapabilitySet::EMPTY);
        let set = match (add.all, drop.all) {
            (true, true) if self.defaults.family == Family::Podman => {
                self.notes
                    .wrong("all capabilities are both added and dropped", origin);
                basic
            }
            // Docker: what is added wins over what is dropped, all over some.
            (true, _) => CapabilitySet::ALL.difference(drop.set),
            (false, true) => add.set,
            (false, false) => basic.difference(drop.set).union(add.set),
        };
        Stated::set(set, origin.clone())
    }

    fn list(&mut self, list: &[Said<String>]) -> List {
        let mut found = List {
            all: false,
            set: CapabilitySet::EMPTY,
        };
        for said in list {
            let upper = said.value.trim().to_ascii_uppercase();
            if upper == "ALL" || upper == "CAP_ALL" {
                found.all = true;
                continue;
            }
            let name = if upper.starts_with("CAP_") {
                upper
            } else {
                format!("CAP_{upper}")
            };
            match Capability::from_name(&name) {
                Some(capability) => found.set = found.set.with(capability),
                None => {
                    let near = capabilities::suggest(&name);
                    let hint = near.map_or_else(String::new, |near| format!(", {near} is"));
                    let what = format!("{:?} is no capability{hint}", said.value);
                    let already = self
                        .notes
                        .problems
                        .iter()
                        .any(|problem| problem.what == what);
                    if !already {
                        self.notes.wrong(what, &said.origin);
                    }
                }
            }
        }
        found
    }
}

/// Whether a `USER[:GROUP]` is root.
pub(in crate::engine) fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or("");
    matches!(name, "" | "root") || name.parse() == Ok(0_u32)
}
