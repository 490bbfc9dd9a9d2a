//! Device nodes, device control and the terminal.

use super::Resolver;
use crate::engine::Family;
use crate::engine::ask::{Ask, Said};
use casemate_model::Stated;
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::lattice::Selection;
use std::collections::BTreeSet;

/// What is in /dev unasked.
const NODES: [&str; 6] = ["full", "null", "random", "tty", "urandom", "zero"];

/// What device control permits unasked: any node can be made, the usual ones used.
const RULES: [(char, Option<u32>, Option<u32>); 8] = [
    ('c', Some(1), Some(3)),
    ('c', Some(1), Some(5)),
    ('c', Some(1), Some(7)),
    ('c', Some(1), Some(8)),
    ('c', Some(1), Some(9)),
    ('c', Some(5), Some(0)),
    ('c', Some(5), Some(2)),
    ('c', Some(136), None),
];

/// Numbers of devices that are the same on every host (the kernel's admin-guide/devices.txt).
const NUMBERS: [(&str, char, u32, u32); 14] = [
    ("/dev/mem", 'c', 1, 1),
    ("/dev/null", 'c', 1, 3),
    ("/dev/port", 'c', 1, 4),
    ("/dev/zero", 'c', 1, 5),
    ("/dev/full", 'c', 1, 7),
    ("/dev/random", 'c', 1, 8),
    ("/dev/urandom", 'c', 1, 9),
    ("/dev/kmsg", 'c', 1, 11),
    ("/dev/tty", 'c', 5, 0),
    ("/dev/console", 'c', 5, 1),
    ("/dev/net/tun", 'c', 10, 200),
    ("/dev/fuse", 'c', 10, 229),
    ("/dev/kvm", 'c', 10, 232),
    ("/dev/loop-control", 'c', 10, 237),
];

/// The number of a device that every host has at this path.
fn known_number(path: &str) -> Option<DeviceRule> {
    let (_, kind, major, minor) = NUMBERS.iter().find(|(name, ..)| *name == path)?;
    Some(rule(*kind, Some(*major), Some(*minor), DeviceAccess::ALL))
}

fn rule(kind: char, major: Option<u32>, minor: Option<u32>, access: DeviceAccess) -> DeviceRule {
    DeviceRule {
        kind: if kind == 'b' {
            DeviceKind::Block
        } else {
            DeviceKind::Char
        },
        major,
        minor,
        access,
    }
}

impl Resolver<'_> {
    pub(super) fn devices(&mut self, ask: &Ask) -> Devices {
        let terminal = match ask.tty.as_ref() {
            Some(Said {
                value: true,
                origin,
            }) => Stated::set(Terminal::Own, origin.clone()),
            Some(Said { origin, .. }) => Stated::set(Terminal::None, origin.clone()),
            None => self.default(Terminal::None),
        };
        if let Some(origin) = Self::privileged(ask) {
            return Devices {
                nodes: Stated::set(Selection::All, origin.clone()),
                numbers: Stated::set(DeviceNumbers::All, origin.clone()),
                terminal,
            };
        }
        let mut nodes: BTreeSet<String> = NODES.map(str::to_owned).into();
        let whole = ask.mounts.iter().find(|said| {
            let mount = &said.value;
            mount.source.as_deref() == Some("/dev") && mount.target == std::path::Path::new("/dev")
        });
        if terminal.value() == Some(&Terminal::Own) {
            nodes.insert("console".to_owned());
        }
        for said in &ask.devices {
            let inside = &said.value.inside;
            nodes.insert(inside.strip_prefix("/dev/").unwrap_or(inside).to_owned());
        }
        let nodes = match (whole, ask.devices.last()) {
            (Some(said), _) => Stated::set(Selection::All, said.origin.clone()),
            (None, Some(last)) => Stated::set(Selection::Only(nodes), last.origin.clone()),
            (None, None) => self.default(Selection::Only(nodes)),
        };
        Devices {
            nodes,
            numbers: self.numbers(ask),
            terminal,
        }
    }

    /// What device control permits when nothing is asked.
    fn usual_rules(&self) -> BTreeSet<DeviceRule> {
        let mut rules: BTreeSet<DeviceRule> = RULES
            .iter()
            .map(|(kind, major, minor)| rule(*kind, *major, *minor, DeviceAccess::ALL))
            .collect();
        for kind in ['b', 'c'] {
            rules.insert(rule(kind, None, None, DeviceAccess::MKNOD));
        }
        rules.insert(rule('c', Some(5), Some(1), DeviceAccess::ALL));
        // runc had /dev/net/tun among its defaults until 1.2, crun has not.
        if self.defaults.family == Family::Docker && self.defaults.version < (28, 0) {
            rules.insert(rule('c', Some(10), Some(200), DeviceAccess::ALL));
        }
        rules
    }

    fn numbers(&mut self, ask: &Ask) -> Stated<DeviceNumbers> {
        let mut rules = self.usual_rules();
        let mut unknown = false;
        for said in &ask.devices {
            let access = DeviceAccess::parse(&said.value.access).unwrap_or(DeviceAccess::ALL);
            match known_number(&said.value.host) {
                Some(number) => {
                    rules.insert(DeviceRule { access, ..number });
                }
                None => {
                    let what = format!("the number of {}", said.value.host);
                    self.notes.elsewhere(what, "the host", &said.origin);
                    unknown = true;
                }
            }
        }
        rules.extend(ask.device_rules.iter().map(|said| said.value));
        let origin = ask.device_rules.last().map(|said| &said.origin);
        let origin = origin.or(ask.devices.last().map(|said| &said.origin));
        match origin {
            _ if unknown => Stated::Unknown,
            Some(origin) => Stated::set(DeviceNumbers::Only(rules), origin.clone()),
            None => self.default(DeviceNumbers::Only(rules)),
        }
    }
}
