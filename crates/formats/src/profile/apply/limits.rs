//! Amounts.

use super::{Apply, text};
use crate::profile::amounts;
use crate::profile::defaults;
use crate::profile::forms;
use crate::profile::settings::{Value, Word};
use casemate_model::facets::resources::{RlimitPair, Rlimits};
use casemate_model::lattice::Limit;
use casemate_model::stated::Stated;

/// The keys that are limits of processes under a name of their own, and the kernel's name.
pub(crate) const NAMED: [(&str, &str); 2] = [("file-size", "fsize"), ("open-files", "nofile")];

type Reader = fn(&str) -> Option<Limit>;

impl Apply<'_> {
    pub(super) fn resources(&mut self) {
        let resources = &mut self.confinement.resources;
        let amounts: [(&str, Reader, &mut Stated<Limit>); 4] = [
            ("memory", amounts::size, &mut resources.memory),
            ("processes", amounts::count, &mut resources.processes),
            ("cpu", amounts::processors, &mut resources.cpu),
            ("time", amounts::duration, &mut resources.time),
        ];
        for (key, read, field) in amounts {
            let Some(word) = self.settings.text(key) else {
                continue;
            };
            if let Some(limit) = read(text(word)) {
                *field = Stated::set(limit, word.origin.clone());
            }
        }
        self.rlimits();
        self.twice();
    }

    fn rlimits(&mut self) {
        let mut limits = defaults::rlimits();
        let mut last = None;
        // Settings count in their order, whichever of the keys they are.
        for setting in self.settings.all() {
            let named = NAMED.iter().find(|(key, _)| *key == setting.key.name);
            let entries: Vec<(&str, &Word)> = match (&setting.value, named) {
                (Value::Text(word), Some((_, limit))) => vec![(limit, word)],
                (Value::Table(entries), None) if setting.key.name == "limits" => entries
                    .iter()
                    .map(|(name, value)| (text(name), value))
                    .collect(),
                _ => continue,
            };
            for (name, value) in entries {
                if let Some(pair) = forms::pair(text(value)) {
                    limits.insert(name.to_owned(), pair);
                }
            }
            last = Some(&setting.origin);
        }
        // A limit that is not named is unlimited, so that both have one form.
        limits.retain(|_, pair| *pair != RlimitPair::both(Limit::Unlimited));
        if let Some(origin) = last {
            self.confinement.resources.rlimits = Stated::set(Rlimits(limits), origin.clone());
        }
    }

    /// Finds a limit that one layer states by both of its names.
    fn twice(&mut self) {
        let settings = self.settings;
        for (name, _, rank) in settings.entries("limits") {
            let Some((key, _)) = NAMED.iter().find(|(_, limit)| *limit == text(name)) else {
                continue;
            };
            if settings.of(key).any(|setting| setting.rank == rank) {
                let what = format!(
                    "`limits` has {}, and `{key}` is the same limit",
                    name.shown()
                );
                self.contradiction(what, &name.origin, Some("keep one of the two".to_owned()));
            }
        }
    }
}
