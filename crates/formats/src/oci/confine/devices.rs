//! Device nodes and device control.

use super::Maker;
use crate::oci::schema::{DeviceCgroup, DeviceType, Process};
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::lattice::Selection;
use std::collections::BTreeSet;
use std::path::Path;

/// What is in /dev without being asked for, by the specification.
pub(in crate::oci) const NODES: [&str; 6] = ["full", "null", "random", "tty", "urandom", "zero"];

/// What device control permits without being asked for: nodes can be made, the default devices used. Runtimes add these
/// rules after all others, because a container cannot do without.
pub const RULES: [(char, Option<u32>, Option<u32>, &str); 11] = [
    ('c', None, None, "m"),
    ('b', None, None, "m"),
    ('c', Some(1), Some(3), "rwm"),
    ('c', Some(1), Some(5), "rwm"),
    ('c', Some(1), Some(7), "rwm"),
    ('c', Some(1), Some(8), "rwm"),
    ('c', Some(1), Some(9), "rwm"),
    ('c', Some(5), Some(0), "rwm"),
    ('c', Some(5), Some(2), "rwm"),
    // Tunnels.
    ('c', Some(10), Some(200), "rwm"),
    ('c', Some(136), None, "rwm"),
];

impl Maker<'_> {
    pub(super) fn devices(&self, process: &Process) -> Devices {
        let linux = self.spec.linux.as_ref();
        let host =
            self.spec.mounts.iter().any(|mount| {
                mount.is_bind() && mount.source == "/dev" && mount.destination == "/dev"
            });
        let mut nodes: BTreeSet<String> = NODES.iter().map(|name| (*name).to_owned()).collect();
        if process.terminal {
            nodes.insert("console".to_owned());
        }
        for device in linux.map_or(&[][..], |linux| &linux.devices) {
            if device.kind != DeviceType::Pipe {
                let below = Path::new(&device.path).strip_prefix("/dev");
                let name = below.unwrap_or(Path::new(&device.path));
                nodes.insert(name.to_string_lossy().into_owned());
            }
        }
        let nodes = if host {
            Selection::All
        } else {
            Selection::Only(nodes)
        };
        let rules = linux
            .and_then(|linux| linux.resources.as_ref())
            .map_or(&[][..], |resources| &resources.devices);
        Devices {
            nodes: self.field("linux.devices", nodes),
            numbers: self.field("linux.resources.devices", numbers(rules)),
            terminal: self.field(
                "process.terminal",
                if process.terminal {
                    Terminal::Own
                } else {
                    Terminal::None
                },
            ),
        }
    }
}

/// What device control permits after these rules, in order, and the default ones.
///
/// What a later rule takes away of a wider one stays where the two are not the same, so that the answer is never too
/// small.
pub fn numbers(rules: &[DeviceCgroup]) -> DeviceNumbers {
    let mut permitted: BTreeSet<DeviceRule> = BTreeSet::new();
    let mut everything = false;
    for rule in rules {
        let access = access(&rule.access);
        let all = matches!(rule.kind.as_str(), "" | "a")
            && number(rule.major).is_none()
            && number(rule.minor).is_none()
            && access == DeviceAccess::ALL;
        if all {
            everything = rule.allow;
            permitted.clear();
            continue;
        }
        for kind in kinds(&rule.kind) {
            let one = DeviceRule {
                kind,
                major: number(rule.major),
                minor: number(rule.minor),
                access,
            };
            if rule.allow {
                permitted.insert(one);
            } else {
                permitted = permitted.into_iter().filter_map(|p| less(p, one)).collect();
            }
        }
    }
    if everything {
        return DeviceNumbers::All;
    }
    permitted.extend(
        RULES
            .iter()
            .map(|(kind, major, minor, letters)| DeviceRule {
                kind: if *kind == 'b' {
                    DeviceKind::Block
                } else {
                    DeviceKind::Char
                },
                major: *major,
                minor: *minor,
                access: access(letters),
            }),
    );
    DeviceNumbers::Only(permitted)
}

fn less(permitted: DeviceRule, denied: DeviceRule) -> Option<DeviceRule> {
    let wide = |denied: Option<u32>, own: Option<u32>| denied.is_none() || denied == own;
    let covered = permitted.kind == denied.kind
        && wide(denied.major, permitted.major)
        && wide(denied.minor, permitted.minor);
    if !covered {
        return Some(permitted);
    }
    let access = permitted.access.without(denied.access);
    (access != DeviceAccess::NONE).then_some(DeviceRule {
        access,
        ..permitted
    })
}

fn kinds(kind: &str) -> Vec<DeviceKind> {
    match kind {
        "b" => vec![DeviceKind::Block],
        "c" => vec![DeviceKind::Char],
        _ => vec![DeviceKind::Block, DeviceKind::Char],
    }
}

fn number(number: Option<i64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

fn access(letters: &str) -> DeviceAccess {
    match letters {
        "" => DeviceAccess::ALL,
        // PANIC: none; what is no letter was refused by validation, and nothing is the least it can permit.
        letters => DeviceAccess::parse(letters).unwrap_or(DeviceAccess::NONE),
    }
}
