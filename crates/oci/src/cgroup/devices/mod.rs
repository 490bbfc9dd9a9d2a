//! Which devices a container may use.
//!
//! Rules come as a list, in the order in which the first version of cgroups would be told them. [`Policy`] is what they
//! amount to: a default, and exceptions from it. It is told to the kernel as lines of `devices.allow` and `devices.deny`
//! ([`Policy::lines`]) or as a program ([`program::compile`]).

pub mod program;

use casemate_formats::oci::schema::DeviceCgroup;
use std::collections::BTreeMap;
use std::fmt;

/// Block devices or character devices.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// Block devices.
    Block,
    /// Character devices.
    Character,
}

/// Ways of access, by bit: as the kernel's programs for devices have them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Access(u8);

impl Access {
    /// `BPF_DEVCG_ACC_MKNOD`.
    const MAKE: u8 = 1;
    /// `BPF_DEVCG_ACC_READ`.
    const READ: u8 = 2;
    /// `BPF_DEVCG_ACC_WRITE`.
    const WRITE: u8 = 4;
    /// All ways.
    pub const ALL: Self = Self(7);

    /// From letters; none are all.
    fn of(letters: &str) -> Self {
        let bits = letters.bytes().fold(0, |bits, letter| {
            bits | match letter {
                b'r' => Self::READ,
                b'w' => Self::WRITE,
                b'm' => Self::MAKE,
                _ => 0,
            }
        });
        if bits == 0 { Self::ALL } else { Self(bits) }
    }

    /// As the kernel's programs see it.
    pub const fn bits(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (bit, letter) in [(Self::READ, 'r'), (Self::WRITE, 'w'), (Self::MAKE, 'm')] {
            if self.0 & bit != 0 {
                write!(f, "{letter}")?;
            }
        }
        Ok(())
    }
}

/// Devices: one, or all of a number. In the order in which the kernel is told of them, which is that of runc.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Devices {
    /// The major number; none is all.
    pub major: Option<u32>,
    /// The minor number; none is all.
    pub minor: Option<u32>,
    /// Of which kind.
    pub kind: Kind,
}

impl Devices {
    /// Whether all of `other` are among these.
    fn holds(self, other: Self) -> bool {
        let covers = |own: Option<u32>, other: Option<u32>| own.is_none() || own == other;
        self.kind == other.kind
            && covers(self.major, other.major)
            && covers(self.minor, other.minor)
    }

    /// Whether there is a device that is among both.
    fn meets(self, other: Self) -> bool {
        let common =
            |own: Option<u32>, other: Option<u32>| own.is_none() || other.is_none() || own == other;
        self.kind == other.kind
            && common(self.major, other.major)
            && common(self.minor, other.minor)
    }
}

impl fmt::Display for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |number: Option<u32>| number.map_or("*".to_owned(), |n| n.to_string());
        let kind = match self.kind {
            Kind::Block => 'b',
            Kind::Character => 'c',
        };
        write!(f, "{kind} {}:{}", number(self.major), number(self.minor))
    }
}

/// Whether devices without an exception can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Default {
    /// They cannot.
    Deny,
    /// They can.
    Allow,
}

/// What rules amount to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// What holds without an exception.
    pub default: Default,
    /// The exceptions: what is permitted where the default denies, and denied where it permits.
    pub exceptions: BTreeMap<Devices, Access>,
    /// In which order they were made, which is the order in which the kernel is told of them and lists them.
    order: Vec<Devices>,
}

/// Why rules cannot be told to the kernel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hole {
    /// The rule's place in the list.
    pub index: usize,
    /// What it is about.
    pub rule: Devices,
    /// The exception of which it would take a part.
    pub exception: Devices,
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "linux.resources.devices[{}]: `{}` would take a part of `{}`, of an earlier rule, which the kernel cannot do",
            self.index, self.rule, self.exception
        )
    }
}

/// What every container may use, whatever its rules say, as in runc: making any node, and the devices that the
/// specification has in every /dev, with terminals; and /dev/net/tun, which is of use only with `CAP_NET_ADMIN`.
const ALWAYS: [(Kind, Option<u32>, Option<u32>, &str); 11] = [
    (Kind::Character, None, None, "m"),
    (Kind::Block, None, None, "m"),
    (Kind::Character, Some(1), Some(3), "rwm"),
    (Kind::Character, Some(1), Some(8), "rwm"),
    (Kind::Character, Some(1), Some(7), "rwm"),
    (Kind::Character, Some(5), Some(0), "rwm"),
    (Kind::Character, Some(1), Some(5), "rwm"),
    (Kind::Character, Some(1), Some(9), "rwm"),
    (Kind::Character, Some(136), None, "rwm"),
    (Kind::Character, Some(5), Some(2), "rwm"),
    (Kind::Character, Some(10), Some(200), "rwm"),
];

impl Policy {
    /// What the rules of a configuration amount to, with what is always permitted.
    ///
    /// # Errors
    /// A rule that takes a part of an earlier exception: the kernel has no order of rules, and would pass over it.
    pub fn of(rules: &[DeviceCgroup]) -> Result<Self, Hole> {
        let mut policy = Self {
            default: Default::Deny,
            exceptions: BTreeMap::new(),
            order: Vec::new(),
        };
        for (index, rule) in rules.iter().enumerate() {
            policy.apply(rule).map_err(|(rule, exception)| Hole {
                index,
                rule,
                exception,
            })?;
        }
        for (offset, (kind, major, minor, access)) in ALWAYS.into_iter().enumerate() {
            let devices = Devices { major, minor, kind };
            let change = policy.change(devices, Access::of(access), Default::Allow);
            change.map_err(|exception| Hole {
                index: rules.len() + offset,
                rule: devices,
                exception,
            })?;
        }
        Ok(policy)
    }

    /// Whether everything can be used.
    pub fn is_open(&self) -> bool {
        self.default == Default::Allow && self.exceptions.is_empty()
    }

    fn apply(&mut self, rule: &DeviceCgroup) -> Result<(), (Devices, Devices)> {
        let verdict = if rule.allow {
            Default::Allow
        } else {
            Default::Deny
        };
        let access = Access::of(&rule.access);
        // -1 is what engines write for all.
        let number = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
        let (major, minor) = (number(rule.major), number(rule.minor));
        let kinds: &[Kind] = match rule.kind.as_str() {
            "b" => &[Kind::Block],
            "c" => &[Kind::Character],
            // Such a rule with numbers, or with less than all access, is about all kinds; the kernel's own `a` would be about
            // all devices, which is more than it says.
            _ if major.is_some() || minor.is_some() || access != Access::ALL => {
                &[Kind::Block, Kind::Character]
            }
            _ => {
                self.default = verdict;
                self.exceptions.clear();
                self.order.clear();
                return Ok(());
            }
        };
        for kind in kinds {
            let devices = Devices {
                major,
                minor,
                kind: *kind,
            };
            self.change(devices, access, verdict)
                .map_err(|exception| (devices, exception))?;
        }
        Ok(())
    }

    /// Makes or takes away exceptions.
    fn change(
        &mut self,
        devices: Devices,
        access: Access,
        verdict: Default,
    ) -> Result<(), Devices> {
        if verdict != self.default {
            let all = self.exceptions.entry(devices).or_insert(Access(0));
            all.0 |= access.0;
            if !self.order.contains(&devices) {
                self.order.push(devices);
            }
            return Ok(());
        }
        let cut = |(known, ways): (&Devices, &Access)| {
            known.meets(devices) && !devices.holds(*known) && ways.0 & access.0 != 0
        };
        if let Some((exception, _)) = self.exceptions.iter().find(|one| cut(*one)) {
            return Err(*exception);
        }
        self.exceptions.retain(|known, ways| {
            if devices.holds(*known) {
                ways.0 &= !access.0;
            }
            ways.0 != 0
        });
        Ok(())
    }

    /// The lines that are written to a new group of the first version: all to the first file, then each to the second.
    pub fn lines(&self) -> ([&'static str; 2], Vec<String>) {
        let files = match self.default {
            Default::Deny => ["devices.deny", "devices.allow"],
            Default::Allow => ["devices.allow", "devices.deny"],
        };
        let lines = self.order.iter().filter_map(|devices| {
            let access = self.exceptions.get(devices)?;
            Some(format!("{devices} {access}"))
        });
        (files, lines.collect())
    }
}

#[cfg(test)]
mod tests;
