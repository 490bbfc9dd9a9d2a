//! Resources and devices.

use super::read::Reader;
use super::values;
use crate::loss::Loss;
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::facets::resources::{Limits, OomScore, Resources, RlimitPair, Rlimits};
use casemate_model::lattice::{Guard, Limit, Selection};
use casemate_model::names::rlimits::{self, Unit};
use casemate_model::{Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};

/// Devices that `DevicePolicy=closed` permits: name, major and minor number, access.
pub(super) const STANDARD: [(&str, u32, Option<u32>, &str); 8] = [
    ("/dev/null", 1, Some(3), "rwm"),
    ("/dev/zero", 1, Some(5), "rwm"),
    ("/dev/full", 1, Some(7), "rwm"),
    ("/dev/random", 1, Some(8), "rwm"),
    ("/dev/urandom", 1, Some(9), "rwm"),
    ("/dev/tty", 5, Some(0), "rwm"),
    ("/dev/ptmx", 5, Some(2), "rwm"),
    ("char-pts", 136, None, "rw"),
];

/// Other devices whose numbers are the same everywhere (the kernel's admin-guide/devices.txt).
pub(super) const KNOWN: [(&str, DeviceKind, u32, Option<u32>); 10] = [
    ("/dev/kmsg", DeviceKind::Char, 1, Some(11)),
    ("/dev/mem", DeviceKind::Char, 1, Some(1)),
    ("/dev/console", DeviceKind::Char, 5, Some(1)),
    ("/dev/fuse", DeviceKind::Char, 10, Some(229)),
    ("/dev/net/tun", DeviceKind::Char, 10, Some(200)),
    ("/dev/kvm", DeviceKind::Char, 10, Some(232)),
    ("/dev/loop-control", DeviceKind::Char, 10, Some(237)),
    ("block-loop", DeviceKind::Block, 7, None),
    ("char-input", DeviceKind::Char, 13, None),
    ("char-alsa", DeviceKind::Char, 116, None),
];

/// Nodes of a private /dev.
pub(super) const NODES: [&str; 13] = [
    "full",
    "hugepages",
    "log",
    "mqueue",
    "null",
    "ptmx",
    "pts",
    "random",
    "shm",
    "stderr",
    "tty",
    "urandom",
    "zero",
];

impl Reader {
    /// Takes devices.
    pub(super) fn devices(&mut self) {
        let nodes = match self.sandbox.at("PrivateDevices") {
            Some(origin) => {
                let names = NODES.iter().map(ToString::to_string).collect();
                Stated::set(Selection::Only(names), origin.clone())
            }
            None => self.default(Selection::All),
        };
        let input = self.unit.text("StandardInput");
        let terminal = match input.filter(|(word, _)| word.starts_with("tty")) {
            Some((_, origin)) => Stated::set(Terminal::Inherited, origin),
            None => self.default(Terminal::None),
        };
        let numbers = self.numbers();
        self.workload.confinement.devices = Devices {
            nodes,
            numbers,
            terminal,
        };
    }

    fn numbers(&mut self) -> Stated<DeviceNumbers> {
        let policy = self.sandbox.device_policy.clone();
        if !["auto", "closed", "strict"].contains(&policy.as_str()) {
            let origin = self.sandbox.device_policy_at.clone();
            if let Some(origin) = origin {
                self.invalid("DevicePolicy", &policy, origin);
            }
        }
        let mut rules = BTreeSet::new();
        let mut at = self.sandbox.device_policy_at.clone();
        let lines: Vec<(String, Origin)> = self
            .unit
            .all("DeviceAllow")
            .map(|one| (one.value.clone(), one.origin.clone()))
            .collect();
        for (value, origin) in lines {
            at = Some(origin.clone());
            self.allow(&value, &origin, &mut rules);
        }
        if let Some(origin) = self.sandbox.at("ProtectClock") {
            // The real-time clocks, whose number is given out when the kernel starts.
            rules.insert(any(DeviceKind::Char, DeviceAccess::READ));
            at.get_or_insert(origin.clone());
        }
        if policy == "auto" && rules.is_empty() {
            return self.default(DeviceNumbers::All);
        }
        if policy != "strict" {
            for (_, major, minor, access) in STANDARD {
                rules.extend(rule(DeviceKind::Char, Some(major), minor, access));
            }
        }
        self.at(at, DeviceNumbers::Only(rules))
    }

    fn allow(&mut self, value: &str, origin: &Origin, rules: &mut BTreeSet<DeviceRule>) {
        let mut words = value.split_whitespace();
        let device = words.next().unwrap_or("");
        let letters = words.next().unwrap_or("rwm");
        let Some(access) = DeviceAccess::parse(letters).filter(|_| words.next().is_none()) else {
            self.invalid("DeviceAllow", value, origin.clone());
            return;
        };
        let numbered = |kind: &str| {
            let (major, minor) = device.strip_prefix(kind)?.split_once(':')?;
            Some((major.parse().ok()?, minor.parse().ok()?))
        };
        let standard = STANDARD.iter().find(|(name, ..)| *name == device);
        let known = KNOWN.iter().find(|(name, ..)| *name == device);
        let exact = standard
            .map(|(_, major, minor, _)| (DeviceKind::Char, Some(*major), *minor))
            .or_else(|| known.map(|(_, kind, major, minor)| (*kind, Some(*major), *minor)))
            .or_else(|| {
                numbered("/dev/char/")
                    .map(|(major, minor)| (DeviceKind::Char, Some(major), Some(minor)))
            })
            .or_else(|| {
                numbered("/dev/block/")
                    .map(|(major, minor)| (DeviceKind::Block, Some(major), Some(minor)))
            })
            .or(match device {
                "char-*" => Some((DeviceKind::Char, None, None)),
                "block-*" => Some((DeviceKind::Block, None, None)),
                _ => None,
            });
        if let Some((kind, major, minor)) = exact {
            rules.insert(DeviceRule {
                kind,
                major,
                minor,
                access,
            });
            return;
        }
        let kinds: &[DeviceKind] = if device.starts_with("char-") {
            &[DeviceKind::Char]
        } else if device.starts_with("block-") {
            &[DeviceKind::Block]
        } else if device.starts_with(['/', '%']) {
            &[DeviceKind::Char, DeviceKind::Block]
        } else {
            self.invalid("DeviceAllow", value, origin.clone());
            return;
        };
        rules.extend(kinds.iter().map(|kind| any(*kind, access)));
        let what = format!("DeviceAllow={device}: the number");
        let on = "the machine; any number is taken for it";
        self.losses.push(Loss::elsewhere(what, on, origin.clone()));
    }

    /// Takes limits.
    pub(super) fn resources(&mut self) {
        let memory = self.amount("MemoryMax", values::bytes);
        let swap = self.amount("MemorySwapMax", values::bytes);
        let memory_and_swap = self.memory_and_swap(&memory, swap);
        let processes = self.amount("TasksMax", |text| match text {
            "infinity" => Some(Limit::Unlimited),
            _ => values::number(text).map(Limit::AtMost),
        });
        let cpu = self.value("CPUQuota", |text| {
            if text == "infinity" {
                return Some(Limit::Unlimited);
            }
            values::percent(text).map(|hundredths| Limit::AtMost(hundredths.div_ceil(10)))
        });
        let weight = self.weight();
        let score = self.value("OOMScoreAdjust", |text| {
            text.parse()
                .ok()
                .filter(|score| (-1000..=1000).contains(score))
        });
        let time = self.value("RuntimeMaxSec", |text| values::span(text, 1_000_000));
        let milliseconds = |limit: Limit| match limit {
            Limit::AtMost(micros) => Limit::AtMost(micros.div_ceil(1000)),
            Limit::Unlimited => Limit::Unlimited,
        };
        let resources = Resources {
            memory: self.or_default(memory, Limit::Unlimited),
            memory_and_swap,
            oom_kill: self.default(Guard::On),
            oom_score_adj: self.or_default(score.map(|(n, at)| (OomScore(n), at)), OomScore(0)),
            // The default is 15 % of what the machine can have.
            processes: processes.map_or(Stated::Unknown, |(limit, at)| Stated::set(limit, at)),
            cpu: self.or_default(cpu, Limit::Unlimited),
            cpu_weight: self.or_default(weight, Limit::AtMost(100)),
            cpus: self.selection(&["AllowedCPUs", "CPUAffinity"]),
            memory_nodes: self.selection(&["AllowedMemoryNodes"]),
            io: self.rates(),
            huge_pages: self.default(Limits(BTreeMap::new())),
            time: self.or_default(
                time.map(|(limit, at)| (milliseconds(limit), at)),
                Limit::Unlimited,
            ),
            rlimits: self.rlimits(),
        };
        self.workload.confinement.resources = resources;
    }

    fn or_default<T>(&self, given: Option<(T, Origin)>, default: T) -> Stated<T> {
        match given {
            Some((value, origin)) => Stated::set(value, origin),
            None => self.default(default),
        }
    }

    // A share of the machine's has no number that holds everywhere.
    fn amount(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Option<Limit>,
    ) -> Option<(Limit, Origin)> {
        let share = self.unit.last(key, values::percent);
        self.report(key, |text| {
            parse(text).is_some() || values::percent(text).is_some()
        });
        let last = self.unit.all(key).last()?;
        if let (true, Some((_, origin))) = (last.value.ends_with('%'), share) {
            let what = format!("{key}={}", last.value);
            self.losses
                .push(Loss::elsewhere(what, "the machine's size", origin));
            return None;
        }
        self.unit.last(key, parse)
    }

    fn memory_and_swap(
        &mut self,
        memory: &Option<(Limit, Origin)>,
        swap: Option<(Limit, Origin)>,
    ) -> Stated<Limit> {
        let Some((swap, origin)) = swap else {
            return self.default(Limit::Unlimited);
        };
        match (memory, swap) {
            (_, Limit::Unlimited) => Stated::set(Limit::Unlimited, origin),
            (Some((Limit::AtMost(memory), _)), Limit::AtMost(swap)) => {
                Stated::set(Limit::AtMost(memory.saturating_add(swap)), origin)
            }
            (_, Limit::AtMost(swap)) => {
                let what = "MemorySwapMax= without MemoryMax=";
                self.losses
                    .push(Loss::no_place(what, swap.to_string(), origin));
                self.default(Limit::Unlimited)
            }
        }
    }

    fn weight(&mut self) -> Option<(Limit, Origin)> {
        let weight = self.value("CPUWeight", |text| match text {
            "idle" => Some(Limit::AtMost(1)),
            _ => values::number(text)
                .filter(|n| (1..=10_000).contains(n))
                .map(Limit::AtMost),
        });
        let shares = self.value("CPUShares", |text| {
            let shares = values::number(text).filter(|n| (2..=262_144).contains(n))?;
            Some(Limit::AtMost((shares * 100 / 1024).clamp(1, 10_000)))
        });
        weight.or(shares)
    }

    fn selection(&mut self, keys: &[&str]) -> Stated<Selection<u32>> {
        let mut found: Option<(BTreeSet<u32>, Origin)> = None;
        for key in keys {
            let mut own: Option<(BTreeSet<u32>, Origin)> = None;
            let lines: Vec<(String, Origin)> = self
                .unit
                .all(key)
                .map(|one| (one.value.clone(), one.origin.clone()))
                .collect();
            for (value, origin) in lines {
                let Some(numbers) = values::numbers(&value) else {
                    if value == "numa" {
                        let what = format!("{key}={value}");
                        self.losses
                            .push(Loss::elsewhere(what, "the machine's nodes", origin));
                    } else {
                        self.invalid(key, &value, origin);
                    }
                    continue;
                };
                let set = own.take().map(|(set, _)| set).unwrap_or_default();
                own = Some((set.into_iter().chain(numbers).collect(), origin));
            }
            found = match (found, own) {
                (Some((a, _)), Some((b, origin))) => Some((&a & &b, origin)),
                (a, b) => b.or(a),
            };
        }
        match found {
            Some((set, origin)) => Stated::set(Selection::Only(set), origin),
            None => self.default(Selection::All),
        }
    }

    fn rates(&mut self) -> Stated<Limits> {
        let mut limits = BTreeMap::new();
        let mut at = None;
        for (key, name) in [
            ("IOReadBandwidthMax", "rbps"),
            ("IOWriteBandwidthMax", "wbps"),
            ("IOReadIOPSMax", "riops"),
            ("IOWriteIOPSMax", "wiops"),
        ] {
            let lines: Vec<(String, Origin)> = self
                .unit
                .all(key)
                .map(|one| (one.value.clone(), one.origin.clone()))
                .collect();
            for (value, origin) in lines {
                let (device, rate) = value
                    .split_once(char::is_whitespace)
                    .unwrap_or((&value, ""));
                let Some(rate) = thousands(rate.trim()) else {
                    self.invalid(key, &value, origin);
                    continue;
                };
                match device.strip_prefix("/dev/block/") {
                    Some(number) if number.split(':').all(|n| values::number(n).is_some()) => {
                        limits.insert(format!("{number} {name}"), rate);
                        at = Some(origin);
                    }
                    _ => {
                        let what = format!("{key}={value}");
                        self.losses
                            .push(Loss::elsewhere(what, "the number of the device", origin));
                    }
                }
            }
        }
        self.at(at, Limits(limits))
    }

    fn rlimits(&mut self) -> Stated<Rlimits> {
        let mut limits = BTreeMap::from([
            (
                "nofile".to_owned(),
                RlimitPair {
                    soft: Limit::AtMost(1024),
                    hard: Limit::AtMost(524_288),
                },
            ),
            (
                "memlock".to_owned(),
                RlimitPair::both(Limit::AtMost(8 << 20)),
            ),
        ]);
        let mut at = None;
        for rlimit in rlimits::all() {
            let key = format!("Limit{}", rlimit.name.to_ascii_uppercase());
            let Some((pair, origin)) = self.value(&key, |text| pair(text, rlimit.unit)) else {
                continue;
            };
            limits.insert(rlimit.name.to_owned(), pair);
            at = Some(origin);
        }
        self.at(at, Rlimits(limits))
    }
}

fn any(kind: DeviceKind, access: DeviceAccess) -> DeviceRule {
    DeviceRule {
        kind,
        major: None,
        minor: None,
        access,
    }
}

fn rule(
    kind: DeviceKind,
    major: Option<u32>,
    minor: Option<u32>,
    access: &str,
) -> Option<DeviceRule> {
    let access = DeviceAccess::parse(access)?;
    Some(DeviceRule {
        kind,
        major,
        minor,
        access,
    })
}

// Rates of devices have suffixes of 1000.
fn thousands(text: &str) -> Option<Limit> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..)? {
        "" => 1,
        "K" => 1000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        "infinity" if digits.is_empty() => return Some(Limit::Unlimited),
        _ => return None,
    };
    values::number(digits)?
        .checked_mul(factor)
        .map(Limit::AtMost)
}

fn pair(text: &str, unit: Unit) -> Option<RlimitPair> {
    let one = |text: &str| -> Option<Limit> {
        if text == "infinity" {
            return Some(Limit::Unlimited);
        }
        match unit {
            Unit::Bytes => values::bytes(text),
            // Rounded up to what the kernel counts in.
            Unit::Seconds => match values::span(text, 1_000_000)? {
                Limit::AtMost(micros) => Some(Limit::AtMost(micros.div_ceil(1_000_000))),
                Limit::Unlimited => Some(Limit::Unlimited),
            },
            Unit::Microseconds => values::span(text, 1),
            Unit::Priority => match text.strip_prefix(['+', '-']) {
                Some(nice) => {
                    let nice = i64::try_from(values::number(nice)?).ok()?;
                    let nice = if text.starts_with('-') { -nice } else { nice };
                    u64::try_from(20 - nice)
                        .ok()
                        .filter(|n| *n <= 40)
                        .map(Limit::AtMost)
                }
                None => values::number(text).map(Limit::AtMost),
            },
            Unit::Count => values::number(text).map(Limit::AtMost),
        }
    };
    let (soft, hard) = text.split_once(':').unwrap_or((text, text));
    Some(RlimitPair {
        soft: one(soft)?,
        hard: one(hard)?,
    })
}
