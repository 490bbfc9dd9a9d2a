//! The exposure level that `systemd-analyze security` prints for a unit, as of systemd 252.
//!
//! Each row of [`TABLE`] gives a unit a badness between 0 and the row's range, and has a weight. The level is the mean
//! of the badnesses as parts of their ranges, by weight, in hundredths rounded up, shown as a number from 0 to 10 with
//! one place. Rows that do not apply to a unit count neither way.

use super::sandbox::Sandbox;
use super::schema::CONFINING;
use super::unit::Unit;
use super::values;
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::names::{Arch, SyscallId};
use std::collections::BTreeSet;
use std::fmt;

pub use super::exposure_table::{Check, Rule, TABLE};

/// A row of the table for one unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// The row.
    pub rule: &'static Rule,
    /// How bad, of the row's range; nothing where it does not apply.
    pub badness: Option<u64>,
}

/// What a unit is exposed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exposure {
    /// The rows in the order of the table.
    pub rows: Vec<Row>,
    /// The level in tenths, 0 to 100.
    pub level: u64,
}

impl Exposure {
    /// systemd's word for the level.
    pub fn word(&self) -> &'static str {
        const WORDS: [(u64, &str); 6] = [
            (100, "DANGEROUS"),
            (90, "UNSAFE"),
            (75, "EXPOSED"),
            (50, "MEDIUM"),
            (10, "OK"),
            (1, "SAFE"),
        ];
        let found = WORDS.iter().find(|(least, _)| self.level >= *least);
        found.map_or("PERFECT", |(_, word)| word)
    }

    /// What a row adds to the level, in tenths rounded up, as systemd shows it.
    pub fn share(&self, row: &Row) -> u64 {
        let weights = self.weights();
        let part = row.badness.unwrap_or(0) * row.rule.weight * 100;
        part.div_ceil(row.rule.range).div_ceil(weights)
    }

    fn weights(&self) -> u64 {
        let applies = self.rows.iter().filter(|row| row.badness.is_some());
        applies.map(|row| row.rule.weight).sum::<u64>().max(1)
    }
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {}", self.level / 10, self.level % 10, self.word())
    }
}

/// Rates a unit; `archs` are the machine's, its own first.
pub(super) fn rate(unit: &Unit, archs: &[Arch]) -> Exposure {
    let facts = Facts::of(unit, archs);
    let rows: Vec<Row> = TABLE
        .iter()
        .map(|rule| Row {
            rule,
            badness: facts.badness(rule),
        })
        .collect();
    let sum: u64 = rows
        .iter()
        .filter_map(|row| Some((row.badness? * row.rule.weight).div_ceil(row.rule.range)))
        .sum();
    let mut exposure = Exposure { rows, level: 0 };
    exposure.level = (sum * 100).div_ceil(exposure.weights());
    exposure
}

struct Facts<'a> {
    unit: &'a Unit,
    sandbox: Sandbox,
    user: String,
    dynamic: bool,
    filter: Filter,
    families: Families,
    native: Arch,
    early: bool,
}

// SystemCallFilter= as systemd keeps it: whether it is an allow list, and the names in it.
struct Filter {
    allow: bool,
    calls: BTreeSet<SyscallId>,
    set: bool,
}

struct Families {
    allow: bool,
    named: BTreeSet<String>,
}

impl<'a> Facts<'a> {
    fn of(unit: &'a Unit, archs: &[Arch]) -> Self {
        let sandbox = Sandbox::of(unit);
        let user = unit.text("User").map_or_else(String::new, |(user, _)| user);
        let early = unit
            .of_unit("DefaultDependencies")
            .and_then(|one| values::boolean(&one.value))
            == Some(false);
        Self {
            unit,
            user,
            dynamic: sandbox.dynamic.is_some(),
            sandbox,
            filter: filter(unit),
            families: families(unit),
            native: archs.first().copied().unwrap_or(Arch::X86_64),
            early,
        }
    }

    fn privileged(&self) -> bool {
        match self.user.as_str() {
            "0" | "root" => true,
            "" => !self.dynamic,
            _ => false,
        }
    }

    fn badness(&self, rule: &Rule) -> Option<u64> {
        let bad = u64::from;
        Some(match rule.check {
            Check::Early(_) | Check::EarlyHome | Check::EarlySystem | Check::EarlyRoot
                if self.early =>
            {
                return None;
            }
            Check::On(key) | Check::Early(key) => bad(!self.on(key)),
            Check::User => self.user_badness(),
            Check::Groups | Check::RemoveIpc if self.privileged() => return None,
            Check::Groups => bad(!self.unit.words("SupplementaryGroups").is_empty()),
            Check::RemoveIpc => bad(!self.on("RemoveIPC")),
            Check::EarlyHome => match self.sandbox.home_word() {
                "yes" => 0,
                "tmpfs" => 1,
                "read-only" => 5,
                _ => 10,
            },
            Check::EarlySystem => match self.sandbox.system_word() {
                "strict" => 0,
                "full" => 3,
                "yes" => 5,
                _ => 10,
            },
            Check::EarlyRoot => {
                let own = |key| self.unit.text(key).is_some_and(|(path, _)| path != "/");
                bad(!own("RootDirectory") && !own("RootImage"))
            }
            Check::Bounding(names) => {
                let set = self.sandbox.bounding;
                let has =
                    |name: &&str| Capability::from_name(name).is_some_and(|c| set.contains(c));
                bad(names.iter().any(has))
            }
            Check::Ambient => bad(self.sandbox.ambient != CapabilitySet::EMPTY),
            Check::Umask => self.umask(),
            Check::Keyring => bad(match self.word("KeyringMode").as_deref() {
                Some(mode) => mode != "private",
                // Services have their own by default, others do not.
                None => self.unit.kind != "Service",
            }),
            Check::ProtectProc => match self.word("ProtectProc").as_deref() {
                Some("noaccess") => 1,
                Some("invisible" | "ptraceable") => 0,
                _ => 3,
            },
            Check::ProcSubset => bad(self.word("ProcSubset").as_deref() != Some("pid")),
            Check::Notify => bad(self.word("NotifyAccess").as_deref() == Some("all")),
            Check::Delegate => bad(self.sandbox.delegate),
            Check::Namespace(name) => bad(self.sandbox.namespaces.contains(name)),
            Check::Family(names) => bad(self.family(names)),
            Check::Architectures => {
                let archs = self.unit.words("SystemCallArchitectures");
                let native = archs.iter().any(|(arch, _)| arch == "native");
                match (archs.is_empty(), native) {
                    (true, _) => 10,
                    (false, true) => 0,
                    (false, false) => 8,
                }
            }
            Check::Calls(group) => self.calls(group),
            Check::Addresses => self.addresses(),
            Check::Devices => self.devices(),
        })
    }

    fn on(&self, key: &str) -> bool {
        self.sandbox.on.contains_key(key)
    }

    fn word(&self, key: &str) -> Option<String> {
        debug_assert!(CONFINING.contains(&key) || key == "NotifyAccess");
        self.unit.text(key).map(|(word, _)| word)
    }

    fn user_badness(&self) -> u64 {
        match self.user.as_str() {
            "nobody" => 9,
            "0" | "root" => 10,
            "" if !self.dynamic => 10,
            _ => 0,
        }
    }

    fn umask(&self) -> u64 {
        let mask = self.unit.last("UMask", values::mode);
        let mask = mask.map_or(0o022, |(mask, _)| mask);
        let steps = [(0o002, 10), (0o004, 5), (0o020, 2), (0o040, 1)];
        let open = steps.iter().find(|(bit, _)| mask & bit == 0);
        open.map_or(0, |(_, badness)| *badness)
    }

    fn family(&self, names: &[&str]) -> bool {
        // Without a list everything is permitted. A name in a list turns what holds for those without one. The row of
        // all others has no names.
        let listed = if names.is_empty() {
            const NAMED: [&str; 5] = ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"];
            let mut all = self.families.named.iter();
            all.any(|name| !NAMED.contains(&name.as_str()))
        } else {
            names.iter().any(|name| self.families.named.contains(*name))
        };
        self.families.allow == listed
    }

    fn calls(&self, group: &str) -> u64 {
        if !self.filter.allow && self.filter.calls.is_empty() {
            return 10;
        }
        let calls = casemate_seccomp::formats::systemd::calls(group).unwrap_or_default();
        let here = |id: &&SyscallId| id.number(self.native).is_some();
        let bad = calls
            .iter()
            .filter(here)
            .any(|id| self.filter.calls.contains(id) == self.filter.allow);
        match (bad, self.filter.allow) {
            (false, _) => 0,
            (true, true) => 9,
            (true, false) => 10,
        }
    }

    fn addresses(&self) -> u64 {
        let filter = |key| self.unit.all(key).next().is_some();
        if filter("IPIngressFilterPath") || filter("IPEgressFilterPath") {
            return 0;
        }
        let denied = self.unit.words("IPAddressDeny");
        let all = |word: &str| denied.iter().any(|(one, _)| one == word || one == "any");
        if !(all("0.0.0.0/0") && all("::/0")) {
            return 10;
        }
        let allowed = self.unit.words("IPAddressAllow");
        let local = |(word, _): &(String, _)| {
            word == "localhost" || word.starts_with("127.") || word == "::1" || word == "::1/128"
        };
        match (allowed.is_empty(), allowed.iter().all(local)) {
            (true, _) => 0,
            (false, true) => 2,
            (false, false) => 5,
        }
    }

    fn devices(&self) -> u64 {
        match self.sandbox.device_policy.as_str() {
            "strict" | "closed" if self.sandbox.devices_allowed => 5,
            "strict" | "closed" => 0,
            _ => 10,
        }
    }
}

fn filter(unit: &Unit) -> Filter {
    let mut filter = Filter {
        allow: false,
        calls: BTreeSet::new(),
        set: false,
    };
    for one in unit.all("SystemCallFilter") {
        let (inverted, words) = match one.value.strip_prefix('~') {
            Some(rest) => (true, rest),
            None => (false, one.value.as_str()),
        };
        if !filter.set {
            filter.set = true;
            filter.allow = !inverted;
            if filter.allow {
                filter.calls =
                    casemate_seccomp::formats::systemd::calls("@default").unwrap_or_default();
            }
        }
        for word in words.split_whitespace() {
            let name = word.split(':').next().unwrap_or(word);
            let calls = casemate_seccomp::formats::systemd::calls(name).unwrap_or_default();
            if inverted == filter.allow {
                filter.calls.retain(|id| !calls.contains(id));
            } else {
                filter.calls.extend(calls);
            }
        }
    }
    filter
}

fn families(unit: &Unit) -> Families {
    let mut families = Families {
        allow: false,
        named: BTreeSet::new(),
    };
    let mut set = false;
    for one in unit.all("RestrictAddressFamilies") {
        let (inverted, words) = match one.value.strip_prefix('~') {
            Some(rest) => (true, rest),
            None => (false, one.value.as_str()),
        };
        if words == "none" {
            families.allow = true;
            families.named.clear();
            set = true;
            continue;
        }
        if !set {
            set = true;
            families.allow = !inverted;
        }
        for word in words.split_whitespace() {
            let name = if word == "AF_LOCAL" { "AF_UNIX" } else { word };
            if inverted == families.allow {
                families.named.remove(name);
            } else {
                families.named.insert(name.to_owned());
            }
        }
    }
    families
}
