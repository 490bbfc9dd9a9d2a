//! Which devices the device control of cgroups permits.

use crate::lattice::join;
use crate::order::Permission;
use std::collections::BTreeSet;
use std::fmt;

/// Devices that can be opened or made. Manual page: the kernel's admin-guide/cgroup-v1/devices.rst.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum DeviceNumbers {
    /// Only these.
    Only(BTreeSet<DeviceRule>),
    /// No device control: all that permissions and capabilities permit.
    All,
}

/// Device numbers and what may be done with them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct DeviceRule {
    /// Character or block.
    pub kind: DeviceKind,
    /// Major number, or any.
    pub major: Option<u32>,
    /// Minor number, or any.
    pub minor: Option<u32>,
    /// What.
    pub access: DeviceAccess,
}

/// The kind of a device.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum DeviceKind {
    /// Block device.
    Block,
    /// Character device.
    Char,
}

/// What may be done with a device.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct DeviceAccess(u8);

impl DeviceAccess {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Opened to be read.
    pub const READ: Self = Self(1);
    /// Opened to be written.
    pub const WRITE: Self = Self(2);
    /// Made by mknod(2).
    pub const MKNOD: Self = Self(4);
    /// All of it.
    pub const ALL: Self = Self(7);

    /// Reads letters of `rwm`, each at most once.
    pub fn parse(letters: &str) -> Option<Self> {
        letters.chars().try_fold(Self::NONE, |all, letter| {
            let one = match letter {
                'r' => Self::READ,
                'w' => Self::WRITE,
                'm' => Self::MKNOD,
                _ => return None,
            };
            (!all.includes(one)).then(|| all.union(one))
        })
    }

    /// Returns what either permits.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns what both permit.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns what is here and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Tells whether everything of `other` is permitted.
    pub fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl fmt::Display for DeviceAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (access, letter) in [(Self::READ, "r"), (Self::WRITE, "w"), (Self::MKNOD, "m")] {
            if self.includes(access) {
                f.write_str(letter)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for DeviceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            DeviceKind::Block => 'b',
            DeviceKind::Char => 'c',
        };
        let number = |n: Option<u32>| n.map_or_else(|| "*".to_owned(), |n| n.to_string());
        let (major, minor) = (number(self.major), number(self.minor));
        write!(f, "{kind}:{major}:{minor}:{}", self.access)
    }
}

impl DeviceRule {
    // Whether all numbers of `other` are among these.
    fn covers(self, other: Self) -> bool {
        let wide = |mine: Option<u32>, theirs| mine.is_none() || mine == theirs;
        self.kind == other.kind && wide(self.major, other.major) && wide(self.minor, other.minor)
    }

    // The numbers that are in both.
    fn common(self, other: Self) -> Option<Self> {
        let both = |a: Option<u32>, b: Option<u32>| match (a, b) {
            (Some(a), Some(b)) => (a == b).then_some(Some(a)),
            (a, b) => Some(a.or(b)),
        };
        let access = self.access.intersection(other.access);
        (self.kind == other.kind && access != DeviceAccess::NONE).then_some(())?;
        Some(Self {
            kind: self.kind,
            major: both(self.major, other.major)?,
            minor: both(self.minor, other.minor)?,
            access,
        })
    }
}

impl DeviceNumbers {
    /// No device.
    pub fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Tells whether all devices of a rule are permitted.
    ///
    /// A wildcard is held only by a wildcard: no list of numbers is taken for all of them.
    pub fn permits(&self, rule: DeviceRule) -> bool {
        match self {
            Self::All => true,
            Self::Only(rules) => {
                let permitted = rules
                    .iter()
                    .filter(|mine| mine.covers(rule))
                    .fold(DeviceAccess::NONE, |all, mine| all.union(mine.access));
                permitted.includes(rule.access)
            }
        }
    }
}

impl Permission for DeviceNumbers {
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::All) => true,
            (Self::All, Self::Only(_)) => false,
            (Self::Only(rules), _) => rules.iter().all(|rule| other.permits(*rule)),
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, rules) | (rules, Self::All) => rules.clone(),
            (Self::Only(a), Self::Only(b)) => Self::Only(
                a.iter()
                    .flat_map(|mine| b.iter().filter_map(|theirs| mine.common(*theirs)))
                    .collect(),
            ),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Only(rules) if rules.is_empty() => "none".to_owned(),
            Self::Only(rules) => join(rules),
        }
    }
}
