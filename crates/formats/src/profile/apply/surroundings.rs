//! Environment, descriptors, devices, terminal, keyring, kernel parameters, security modules.

use super::{Apply, text};
use crate::profile::defaults;
use crate::profile::error::{Fault, Problem};
use crate::profile::forms;
use crate::profile::settings::Value;
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::kernel::{Environment, Keyring, Sysctls, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::Reach;
use casemate_model::lattice::{Guard, Selection};
use casemate_model::stated::Stated;
use std::collections::{BTreeMap, BTreeSet};

impl Apply<'_> {
    pub(super) fn surroundings(&mut self) {
        self.environment();
        self.devices();
        self.descriptors();
        if let Some(word) = self.settings.text("keyring")
            && let Some(keyring) = Keyring::parse(text(word))
        {
            self.confinement.kernel.keyring = Stated::set(keyring, word.origin.clone());
        }
        self.sysctl();
    }

    fn environment(&mut self) {
        let mut variables = defaults::environment();
        let mut last = None;
        let mut everything = false;
        for setting in self.settings.all() {
            match (&setting.value, setting.key.name) {
                (Value::List(names), "environment") => {
                    for word in names {
                        everything |= text(word) == forms::ALL;
                        if text(word) == forms::NONE {
                            variables.retain(|_, variable| *variable != Variable::FromCaller);
                        }
                        variables.extend(
                            self.expanded(text(word))
                                .map(|name| (name, Variable::FromCaller)),
                        );
                    }
                }
                (Value::Table(entries), "set") => {
                    let set = |value| Variable::Text(text(value).to_owned());
                    variables.extend(
                        entries
                            .iter()
                            .map(|(name, value)| (text(name).to_owned(), set(value))),
                    );
                }
                _ => continue,
            }
            last = Some(&setting.origin);
        }
        if let Some(origin) = last {
            let environment = if everything {
                Environment::Inherited
            } else {
                Environment::Only(variables)
            };
            self.confinement.kernel.environment = Stated::set(environment, origin.clone());
        }
        self.set_and_passed(everything);
    }

    fn expanded<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let (exact, prefix) = match name.strip_suffix('*') {
            _ if name == forms::ALL || name == forms::NONE => (None, None),
            None => (Some(name.to_owned()), None),
            Some(prefix) => (None, Some(prefix)),
        };
        let there = self.context.environment.iter();
        let matching = there
            .filter(move |name| prefix.is_some_and(|prefix| name.starts_with(prefix)))
            .cloned();
        exact.into_iter().chain(matching)
    }

    fn set_and_passed(&mut self, everything: bool) {
        let settings = self.settings;
        for (name, _, rank) in settings.entries("set") {
            let passed = settings
                .words("environment")
                .find(|(word, other)| *other == rank && word.text == name.text);
            if let Some((word, _)) = passed {
                let fault =
                    Fault::Contradiction(format!("{} is passed on, and it is set", name.shown()));
                let problem =
                    Problem::new(fault, name.origin.clone()).hint("keep one of the two".to_owned());
                self.problems
                    .push(problem.related(word.origin.clone(), "it is passed on here"));
            } else if everything {
                let hint = "name the variables that are passed on instead of `all`".to_owned();
                self.contradiction(
                    "everything is passed on, and a variable is set",
                    &name.origin,
                    Some(hint),
                );
            }
        }
    }

    fn devices(&mut self) {
        if let Some(setting) = self.settings.last("devices") {
            let mut nodes: BTreeSet<String> = defaults::DEVICES.map(str::to_owned).into();
            let words = || self.settings.words("devices").map(|(word, _)| text(word));
            for word in words() {
                match forms::device_name(word) {
                    _ if word == forms::NONE => nodes.clear(),
                    Some(name) => {
                        nodes.insert(name.to_owned());
                    }
                    None => {}
                }
            }
            let all = words().any(|word| word == forms::ALL);
            let nodes = if all {
                Selection::All
            } else {
                Selection::Only(nodes)
            };
            self.confinement.devices.nodes = Stated::set(nodes, setting.origin.clone());
        }
        if let Some(word) = self.settings.text("terminal")
            && let Some(terminal) = Terminal::parse(text(word))
        {
            self.confinement.devices.terminal = Stated::set(terminal, word.origin.clone());
        }
    }

    fn descriptors(&mut self) {
        let Some(setting) = self.settings.last("descriptors") else {
            return;
        };
        let words = || {
            self.settings
                .words("descriptors")
                .map(|(word, _)| text(word))
        };
        let numbers = if words().any(|word| word == forms::ALL) {
            Selection::All
        } else {
            Selection::Only(words().filter_map(forms::descriptor_number).collect())
        };
        self.confinement.kernel.descriptors = Stated::set(numbers, setting.origin.clone());
    }

    fn sysctl(&mut self) {
        let settings = self.settings;
        let Some(setting) = settings.last("sysctl") else {
            return;
        };
        let mut parameters = BTreeMap::new();
        for (name, value, _) in settings.entries("sysctl") {
            let shared = match forms::parameter_namespace(text(name)) {
                Some("net") => self.confinement.network.reach.value() == Some(&Reach::Host),
                Some(_) => self.confinement.namespaces.ipc.value() == Some(&Placement::Host),
                None => false,
            };
            if shared {
                let what = format!(
                    "{} would be set for the whole host, whose namespace is shared",
                    name.shown()
                );
                self.contradiction(what, &name.origin, None);
            }
            parameters.insert(text(name).to_owned(), text(value).to_owned());
        }
        self.confinement.kernel.sysctl = Stated::set(Sysctls(parameters), setting.origin.clone());
    }

    pub(super) fn modules(&mut self) {
        let mac = &mut self.confinement.mac;
        if let Some((on, origin)) = self.settings.switch("landlock") {
            let guard = || Stated::set(if on { Guard::On } else { Guard::Off }, origin.clone());
            (mac.landlock, mac.signal_scope, mac.abstract_unix_scope) = (guard(), guard(), guard());
        }
        let labels = [
            ("apparmor", &mut mac.apparmor),
            ("selinux", &mut mac.selinux),
            ("smack", &mut mac.smack),
        ];
        for (key, field) in labels {
            if let Some(word) = self.settings.text(key) {
                *field = Stated::set(
                    SecurityLabel::Named(text(word).to_owned()),
                    word.origin.clone(),
                );
            }
        }
    }
}
