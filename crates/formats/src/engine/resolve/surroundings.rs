//! The network, security modules, kernel settings and the environment.

use super::Resolver;
use crate::engine::ask::Ask;
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls, Variable};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::network::{Network, Published, Reach};
use casemate_model::lattice::{Guard, Selection};
use casemate_model::{Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};

impl Resolver<'_> {
    pub(super) fn network(&mut self, ask: &Ask) -> Network {
        let first = ask.networks.first();
        let mode = first.map_or("", |said| said.value.as_str());
        let reach = match mode {
            "host" => Reach::Host,
            "none" => Reach::Loopback,
            _ => Reach::Attached,
        };
        let reach = match first {
            Some(said) => Stated::set(reach, said.origin.clone()),
            None => self.default(reach),
        };
        let address = self.defaults.address.value().copied().flatten();
        let with_address = |port: &Published| Published {
            address: port.address.or(address),
            ..port.clone()
        };
        let published: BTreeSet<Published> = ask
            .published
            .iter()
            .map(|said| with_address(&said.value))
            .collect();
        let last = ask.published.last().map(|said| &said.origin);
        let published = match (ask.publish_all.as_ref().filter(|said| said.value), last) {
            (Some(all), _) => {
                self.notes
                    .elsewhere("which ports are published", "the image", &all.origin);
                Stated::Unknown
            }
            // The host's network has no door of its own.
            (None, Some(origin))
                if matches!(reach.value(), Some(Reach::Host | Reach::Loopback)) =>
            {
                let why = format!("the network is {mode}");
                self.notes.ignored("the published ports", why, origin);
                self.default(Selection::none())
            }
            (None, Some(origin)) => Stated::set(Selection::Only(published), origin.clone()),
            (None, None) => self.default(Selection::none()),
        };
        Network {
            reach,
            published,
            listen: self.default(Selection::All),
            connect: self.default(Selection::All),
        }
    }

    pub(super) fn mac(&mut self, ask: &Ask) -> Mac {
        let privileged = Self::privileged(ask);
        let apparmor = match (&ask.apparmor, privileged) {
            (Some(said), _) => Stated::set(label(&said.value), said.origin.clone()),
            (None, Some(origin)) => Stated::set(SecurityLabel::Unconfined, origin.clone()),
            (None, None) => match &self.defaults.apparmor {
                Stated::Unknown => Stated::Unknown,
                Stated::Default { value, of } => Stated::default_of(of, label(value)),
                Stated::Set { value, origin } => Stated::set(label(value), origin.clone()),
            },
        };
        Mac {
            landlock: self.default(Guard::Off),
            signal_scope: self.default(Guard::Off),
            abstract_unix_scope: self.default(Guard::Off),
            apparmor,
            selinux: self.selinux(ask, privileged),
            smack: self.default(SecurityLabel::Unconfined),
        }
    }

    fn selinux(&mut self, ask: &Ask, privileged: Option<&Origin>) -> Stated<SecurityLabel> {
        if let Some(said) = ask.selinux.iter().find(|said| said.value == "disable") {
            return Stated::set(SecurityLabel::Unconfined, said.origin.clone());
        }
        if let Some(origin) = privileged {
            return Stated::set(SecurityLabel::Unconfined, origin.clone());
        }
        let own: BTreeMap<&str, &str> = ask
            .selinux
            .iter()
            .filter_map(|said| said.value.split_once(':'))
            .collect();
        for said in &ask.selinux {
            let key = said.value.split(':').next().unwrap_or("");
            if !["user", "role", "type", "level", "filetype", "nested"].contains(&key) {
                self.notes.wrong(
                    format!("{:?} is no part of a label", said.value),
                    &said.origin,
                );
            }
        }
        let Some(last) = ask.selinux.last() else {
            return match &self.defaults.selinux {
                Stated::Unknown => Stated::Unknown,
                Stated::Default {
                    value: Guard::Off, ..
                } => self.default(SecurityLabel::Unconfined),
                Stated::Default { .. } => self.default(SecurityLabel::Named(context(&own))),
                Stated::Set {
                    value: Guard::Off,
                    origin,
                } => Stated::set(SecurityLabel::Unconfined, origin.clone()),
                Stated::Set { origin, .. } => {
                    Stated::set(SecurityLabel::Named(context(&own)), origin.clone())
                }
            };
        };
        Stated::set(SecurityLabel::Named(context(&own)), last.origin.clone())
    }

    pub(super) fn kernel(&mut self, ask: &Ask) -> Kernel {
        Kernel {
            environment: self.environment(ask),
            descriptors: match &ask.preserve_fds {
                Some(said) => {
                    // The standard three come first.
                    let kept = (3..said.value.min(1024).saturating_add(3)).collect();
                    Stated::set(Selection::Only(kept), said.origin.clone())
                }
                None => self.default(Selection::none()),
            },
            keyring: self.default(Keyring::New),
            session: self.default(Guard::On),
            parent_death: self.default(Guard::Off),
            sysctl: self.sysctl(ask),
        }
    }

    fn environment(&self, ask: &Ask) -> Stated<Environment> {
        if let Some(all) = ask.environment_host.as_ref().filter(|said| said.value) {
            return Stated::set(Environment::Inherited, all.origin.clone());
        }
        let mut variables = BTreeMap::new();
        let mut place: Option<&Origin> = None;
        for said in &self.defaults.environment {
            let (name, value) = &said.value;
            variables.insert(name.clone(), Variable::Text(value.clone()));
            place = Some(&said.origin);
        }
        for said in &ask.environment {
            let (name, value) = &said.value;
            let value = value.clone().map_or(Variable::FromCaller, Variable::Text);
            variables.insert(name.clone(), value);
            place = Some(&said.origin);
        }
        let environment = Environment::Only(variables);
        match place {
            Some(origin) => Stated::set(environment, origin.clone()),
            None => self.default(environment),
        }
    }

    fn sysctl(&self, ask: &Ask) -> Stated<Sysctls> {
        let host = ask.networks.iter().any(|said| said.value == "host");
        let given = self.defaults.sysctls.value().cloned().unwrap_or_default();
        let own_network = |name: &str| !name.starts_with("net.");
        let mut all: BTreeMap<String, String> = given
            .into_iter()
            .filter(|(name, _)| !host || own_network(name))
            .collect();
        for said in &ask.sysctls {
            all.insert(said.value.0.clone(), said.value.1.clone());
        }
        match (ask.sysctls.last(), &self.defaults.sysctls) {
            (Some(last), _) => Stated::set(Sysctls(all), last.origin.clone()),
            (None, Stated::Set { origin, .. }) => Stated::set(Sysctls(all), origin.clone()),
            (None, _) => self.default(Sysctls(all)),
        }
    }
}

fn label(text: &str) -> SecurityLabel {
    match text {
        "unconfined" | "" => SecurityLabel::Unconfined,
        name => SecurityLabel::Named(name.to_owned()),
    }
}

/// The context with what engines put where nothing is said.
fn context(own: &BTreeMap<&str, &str>) -> String {
    let part =
        |key: &str, default: &'static str| own.get(key).copied().unwrap_or(default).to_owned();
    [
        part("user", "system_u"),
        part("role", "system_r"),
        part("type", "container_t"),
        part("level", "s0"),
    ]
    .join(":")
}
