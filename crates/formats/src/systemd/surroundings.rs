//! Network, environment, keys, labels, and what the model has no place for.

use super::read::Reader;
use super::values;
use crate::loss::Loss;
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls, Variable};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::network::{Network, Port, Reach, Transport};
use casemate_model::lattice::{Guard, Selection};
use casemate_model::{Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};

/// Settings that restrict and that the model has no place for.
const NO_PLACE: [&str; 16] = [
    "BPFProgram",
    "IPAddressAllow",
    "IPAddressDeny",
    "IPEgressFilterPath",
    "IPIngressFilterPath",
    "MountImages",
    "ExtensionImages",
    "ExtensionDirectories",
    "NFTSet",
    "RestrictFileSystems",
    "RestrictNetworkInterfaces",
    "MemoryZSwapMax",
    "MemoryHigh",
    "NUMAMask",
    "EnvironmentFile",
    "UnsetEnvironment",
];

/// The search path that services get.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl Reader {
    /// Takes what is reached over the network.
    pub(super) fn network(&mut self) {
        let private = self.sandbox.at("PrivateNetwork").cloned();
        let joined = self
            .unit
            .text("NetworkNamespacePath")
            .map(|(_, origin)| origin);
        let reach = match (joined, private) {
            (Some(origin), _) => Stated::set(Reach::Attached, origin),
            (None, Some(origin)) => Stated::set(Reach::Loopback, origin),
            (None, None) => self.default(Reach::Host),
        };
        let listen = self.listen();
        self.workload.confinement.network = Network {
            reach,
            published: self.default(Selection::none()),
            listen,
            connect: self.default(Selection::All),
        };
    }

    fn listen(&mut self) -> Stated<Selection<Port>> {
        let denied = self.unit.words("SocketBindDeny");
        let allowed = self.unit.words("SocketBindAllow");
        let Some((_, origin)) = denied.iter().find(|(word, _)| word == "any").cloned() else {
            for (word, origin) in denied {
                self.losses
                    .push(Loss::no_place("SocketBindDeny=", word, origin));
            }
            for (word, origin) in allowed {
                let why = "nothing else is denied";
                let what = format!("SocketBindAllow={word}");
                self.losses.push(Loss::ignored(what, why, origin));
            }
            return self.default(Selection::All);
        };
        let mut ports = BTreeSet::new();
        let mut at = origin;
        for (word, origin) in allowed {
            match bind_rule(&word) {
                Some(Selection::All) => return Stated::set(Selection::All, origin),
                Some(Selection::Only(more)) => {
                    ports.extend(more);
                    at = origin;
                }
                None => self.invalid("SocketBindAllow", &word, origin),
            }
        }
        Stated::set(Selection::Only(ports), at)
    }

    /// Takes environment, keys, labels, and reports what has no place.
    pub(super) fn surroundings(&mut self) {
        let environment = self.environment();
        let keyring = self.keyring();
        self.workload.confinement.kernel = Kernel {
            environment,
            descriptors: self.default(Selection::none()),
            keyring,
            session: self.default(Guard::On),
            parent_death: self.default(Guard::Off),
            sysctl: self.default(Sysctls(BTreeMap::new())),
        };
        let label = |reader: &mut Self, key: &str| match reader.unit.text(key) {
            Some((name, origin)) => {
                if let Some(name) = name.strip_prefix('-') {
                    let why = "where it is missing, it runs without";
                    let what = format!("{key}=-{name}");
                    reader
                        .losses
                        .push(Loss::elsewhere(what, why, origin.clone()));
                }
                let name = name.trim_start_matches('-').to_owned();
                let named = match name.as_str() {
                    "unconfined" => SecurityLabel::Unconfined,
                    _ => SecurityLabel::Named(name),
                };
                Stated::set(named, origin)
            }
            None => Stated::Unknown,
        };
        let mac = Mac {
            landlock: self.default(Guard::Off),
            signal_scope: self.default(Guard::Off),
            abstract_unix_scope: self.default(Guard::Off),
            apparmor: label(self, "AppArmorProfile"),
            selinux: label(self, "SELinuxContext"),
            smack: label(self, "SmackProcessLabel"),
        };
        self.workload.confinement.mac = mac;
        self.leftovers();
    }

    fn environment(&mut self) -> Stated<Environment> {
        let mut variables = BTreeMap::new();
        let mut at = None;
        variables.insert("PATH".to_owned(), Variable::Text(PATH.to_owned()));
        for (word, origin) in self.unit.words("PassEnvironment") {
            variables.insert(word, Variable::FromCaller);
            at = Some(origin);
        }
        for (word, origin) in self.unit.words("Environment") {
            let Some((name, value)) = word.split_once('=') else {
                self.invalid("Environment", &word, origin);
                continue;
            };
            variables.insert(name.to_owned(), Variable::Text(value.to_owned()));
            at = Some(origin);
        }
        for (word, _) in self.unit.words("UnsetEnvironment") {
            match word.split_once('=') {
                Some((name, value)) => {
                    if variables.get(name) == Some(&Variable::Text(value.to_owned())) {
                        variables.remove(name);
                    }
                }
                None => {
                    variables.remove(&word);
                }
            }
        }
        for (word, origin) in self.unit.words("EnvironmentFile") {
            let what = format!("EnvironmentFile={word}");
            self.losses.push(Loss::elsewhere(what, "that file", origin));
        }
        self.at(at, Environment::Only(variables))
    }

    fn keyring(&mut self) -> Stated<Keyring> {
        let mode = self.value("KeyringMode", |word| match word {
            "private" => Some(Keyring::New),
            "inherit" | "shared" => Some(Keyring::Inherited),
            _ => None,
        });
        match mode {
            Some((mode, origin)) => Stated::set(mode, origin),
            None if self.unit.kind == "Service" => self.default(Keyring::New),
            None => self.default(Keyring::Inherited),
        }
    }

    fn leftovers(&mut self) {
        let settings: Vec<(&'static str, String, Origin)> = self
            .unit
            .assignments
            .iter()
            .filter(|one| NO_PLACE.contains(&one.key) && !one.value.is_empty())
            .map(|one| (one.key, one.value.clone(), one.origin.clone()))
            .collect();
        for (key, value, origin) in settings {
            if !matches!(key, "EnvironmentFile" | "UnsetEnvironment") {
                self.losses
                    .push(Loss::no_place(format!("{key}="), value, origin));
            }
        }
        // What changes the filter or the mounts in ways that other settings say, and delegation.
        for key in [
            "Delegate",
            "RemoveIPC",
            "MountAPIVFS",
            "RootEphemeral",
            "TTYPath",
        ] {
            if let Some((value, origin)) = self.unit.text(key) {
                self.workload.set("systemd-setting", key, value, origin);
            }
        }
        for key in super::sandbox::FLAGS {
            self.report(key, |value| super::sandbox::flag(key, value).is_some());
        }
    }
}

/// Reads `tcp:80`, `ipv4:udp:53`, `8000-8010`, `any`.
fn bind_rule(word: &str) -> Option<Selection<Port>> {
    if word == "any" {
        return Some(Selection::All);
    }
    let mut parts: Vec<&str> = word.split(':').collect();
    // The address family is no part of a port.
    if matches!(parts.first(), Some(&"ipv4" | &"ipv6")) {
        parts.remove(0);
    }
    let transports: &[Transport] = match parts.first() {
        Some(&"tcp") => &[Transport::Tcp],
        Some(&"udp") => &[Transport::Udp],
        _ => &[Transport::Tcp, Transport::Udp],
    };
    if matches!(parts.first(), Some(&"tcp" | &"udp")) {
        parts.remove(0);
    }
    let [range] = parts.as_slice() else {
        return None;
    };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let first = values::number(first).and_then(|n| u16::try_from(n).ok())?;
    let last = values::number(last).and_then(|n| u16::try_from(n).ok())?;
    let all = (first..=last).flat_map(|number| {
        transports.iter().map(move |transport| Port {
            transport: *transport,
            number,
        })
    });
    (first <= last).then(|| Selection::Only(all.collect()))
}
