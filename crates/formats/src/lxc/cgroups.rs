//! Limits of cgroups, of version 1 and 2, in one meaning.

use super::config::{Config, Given};
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::facets::resources::{Limits, Resources};
use casemate_model::lattice::{Guard, Limit, Selection};
use casemate_model::order::Permission;
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};

/// A limit with its place.
type Found<T> = Option<(T, Origin)>;

/// Reads what limits, and keeps what else is said of cgroups as settings.
pub struct Reader<'a> {
    config: &'a Config,
    problems: &'a mut Vec<Problem>,
    losses: &'a mut Vec<Loss>,
    used: BTreeSet<String>,
}

/// Fills in what the configuration limits.
pub fn read(
    config: &Config,
    workload: &mut Workload,
    problems: &mut Vec<Problem>,
    losses: &mut Vec<Loss>,
) {
    let mut reader = Reader {
        config,
        problems,
        losses,
        used: BTreeSet::new(),
    };
    reader.resources(&mut workload.confinement.resources);
    reader.settings(workload);
}

impl Reader<'_> {
    fn resources(&mut self, resources: &mut Resources) {
        let limit = self.last("lxc.cgroup.", "memory.limit_in_bytes", bytes);
        let max = self.last("lxc.cgroup2.", "memory.max", bytes);
        put(
            &mut resources.memory,
            self.either("memory", limit, max.clone()),
        );
        let both = self.last("lxc.cgroup.", "memory.memsw.limit_in_bytes", bytes);
        let swap = self.last("lxc.cgroup2.", "memory.swap.max", bytes);
        let sum = swap.map(|(swap, at)| {
            let memory = max.map_or(Limit::Unlimited, |(memory, _)| memory);
            let sum = match (memory, swap) {
                (Limit::AtMost(memory), Limit::AtMost(swap)) => {
                    Limit::AtMost(memory.saturating_add(swap))
                }
                _ => Limit::Unlimited,
            };
            (sum, at)
        });
        put(
            &mut resources.memory_and_swap,
            self.either("memory and swap", both, sum),
        );
        let v1 = self.last("lxc.cgroup.", "pids.max", count);
        let v2 = self.last("lxc.cgroup2.", "pids.max", count);
        put(&mut resources.processes, self.either("processes", v1, v2));
        let v1 = self.quota();
        let v2 = self.last("lxc.cgroup2.", "cpu.max", share);
        put(&mut resources.cpu, self.either("processor time", v1, v2));
        let v1 = self.last("lxc.cgroup.", "cpu.shares", |text| {
            let shares = text.parse().ok()?;
            Some(Limit::AtMost(weight(shares)))
        });
        let v2 = self.last("lxc.cgroup2.", "cpu.weight", |text| {
            let weight: u64 = text.parse().ok()?;
            (1..=10_000)
                .contains(&weight)
                .then_some(Limit::AtMost(weight))
        });
        put(
            &mut resources.cpu_weight,
            self.either("processor weight", v1, v2),
        );
        for (name, field) in [
            ("cpuset.cpus", &mut resources.cpus),
            ("cpuset.mems", &mut resources.memory_nodes),
        ] {
            let v1 = self.last("lxc.cgroup.", name, selection);
            let v2 = self.last("lxc.cgroup2.", name, selection);
            put(field, self.either(name, v1, v2));
        }
        let oom = self.last("lxc.cgroup.", "memory.oom_control", |text| match text {
            "0" => Some(Guard::On),
            "1" => Some(Guard::Off),
            _ => None,
        });
        put(&mut resources.oom_kill, oom);
        let (v1, v2) = (self.rates(), self.io_max());
        put(&mut resources.io, self.either("rates of devices", v1, v2));
        let v1 = self.huge("lxc.cgroup.", ".limit_in_bytes");
        let v2 = self.huge("lxc.cgroup2.", ".max");
        put(&mut resources.huge_pages, self.either("huge pages", v1, v2));
    }

    /// Which of the two counts depends on the host: the one that permits more is stated.
    fn either<T: Permission>(&mut self, what: &str, v1: Found<T>, v2: Found<T>) -> Found<T> {
        let (Some((one, one_at)), Some((two, two_at))) = (&v1, &v2) else {
            return v2.or(v1);
        };
        if one == two {
            return v2;
        }
        self.losses.push(Loss::caution(
            format!(
                "the limit of {what} is {} with cgroup version 1 and {} with version 2",
                one.text(),
                two.text()
            ),
            two_at.clone(),
        ));
        if two.no_more_than(one) {
            return Some((one.clone(), one_at.clone()));
        }
        v2
    }

    fn given(&mut self, name: &str, rest: &str) -> Option<Given> {
        let found = self.config.at(name, rest).last()?;
        self.used.insert(format!("{name}{rest}"));
        Some(found.clone())
    }

    fn last<T>(&mut self, name: &str, rest: &str, read: impl Fn(&str) -> Option<T>) -> Found<T> {
        let given = self.given(name, rest)?;
        let value = read(&given.value);
        if value.is_none() {
            let what = format!("{name}{rest} cannot be {:?}", given.value);
            self.problems.push(Problem::new(what, given.origin.clone()));
        }
        value.map(|value| (value, given.origin))
    }

    fn quota(&mut self) -> Found<Limit> {
        let period = self.last("lxc.cgroup.", "cpu.cfs_period_us", |text| {
            text.parse::<u64>().ok().filter(|period| *period > 0)
        });
        let (quota, at) = self.last("lxc.cgroup.", "cpu.cfs_quota_us", |text| {
            text.parse::<i64>().ok()
        })?;
        let period = period.map_or(100_000, |(period, _)| period);
        let limit = u64::try_from(quota).map_or(Limit::Unlimited, |quota| {
            Limit::AtMost(quota.saturating_mul(1000).div_ceil(period))
        });
        Some((limit, at))
    }

    fn rates(&mut self) -> Found<Limits> {
        let mut limits = BTreeMap::new();
        let mut last = None;
        for (rest, word) in [
            ("blkio.throttle.read_bps_device", "rbps"),
            ("blkio.throttle.write_bps_device", "wbps"),
            ("blkio.throttle.read_iops_device", "riops"),
            ("blkio.throttle.write_iops_device", "wiops"),
        ] {
            let lines = self.config.at("lxc.cgroup.", rest).to_vec();
            for given in lines {
                self.used.insert(format!("lxc.cgroup.{rest}"));
                let pair = given.value.split_once(char::is_whitespace);
                match pair.and_then(|(device, rate)| Some((device, bytes(rate.trim())?))) {
                    Some((device, rate)) => {
                        limits.insert(format!("{device} {word}"), rate);
                        last = Some(given.origin);
                    }
                    None => self.problems.push(Problem::new(
                        format!("expected MAJOR:MINOR RATE, found {:?}", given.value),
                        given.origin,
                    )),
                }
            }
        }
        last.map(|at| (Limits(limits), at))
    }

    fn io_max(&mut self) -> Found<Limits> {
        let mut limits = BTreeMap::new();
        let mut last = None;
        for given in self.config.at("lxc.cgroup2.", "io.max").to_vec() {
            self.used.insert("lxc.cgroup2.io.max".to_owned());
            let mut words = given.value.split_whitespace();
            let device = words.next().unwrap_or_default();
            for word in words {
                let rate = word
                    .split_once('=')
                    .and_then(|(name, rate)| Some((name, bytes(rate)?)));
                match rate {
                    Some((name @ ("rbps" | "wbps" | "riops" | "wiops"), rate)) => {
                        limits.insert(format!("{device} {name}"), rate);
                        last = Some(given.origin.clone());
                    }
                    _ => self.problems.push(Problem::new(
                        format!("expected rbps=, wbps=, riops= or wiops=, found {word:?}"),
                        given.origin.clone(),
                    )),
                }
            }
        }
        last.map(|at| (Limits(limits), at))
    }

    fn huge(&mut self, name: &str, end: &str) -> Found<Limits> {
        let names: Vec<String> = self
            .config
            .below(name)
            .filter_map(|(rest, _)| rest.strip_prefix("hugetlb.")?.strip_suffix(end))
            .map(str::to_owned)
            .collect();
        let mut limits = BTreeMap::new();
        let mut last = None;
        for size in names {
            if let Some((limit, at)) = self.last(name, &format!("hugetlb.{size}{end}"), bytes) {
                limits.insert(size, limit);
                last = Some(at);
            }
        }
        last.map(|at| (Limits(limits), at))
    }

    fn settings(&mut self, workload: &mut Workload) {
        for name in ["lxc.cgroup.", "lxc.cgroup2."] {
            for (rest, values) in self.config.below(name) {
                let full = format!("{name}{rest}");
                if rest.starts_with("devices.") || self.used.contains(&full) {
                    continue;
                }
                for given in values {
                    let reserved = matches!(
                        rest,
                        "memory.low" | "memory.min" | "memory.soft_limit_in_bytes"
                    );
                    match bytes(&given.value) {
                        Some(Limit::AtMost(bytes)) if reserved => {
                            workload.set(
                                setting::MEMORY_RESERVATION,
                                rest,
                                bytes.to_string(),
                                given.origin.clone(),
                            );
                        }
                        _ => workload.set(
                            super::read::OTHER,
                            &full,
                            given.value.clone(),
                            given.origin.clone(),
                        ),
                    }
                }
            }
        }
    }
}

fn put<T>(field: &mut Stated<T>, found: Found<T>) {
    if let Some((value, origin)) = found {
        *field = Stated::set(value, origin);
    }
}

/// A number of bytes as cgroups take it: with a unit, `max` or -1.
pub fn bytes(text: &str) -> Option<Limit> {
    if matches!(text, "max" | "-1") {
        return Some(Limit::Unlimited);
    }
    let (digits, shift) = match text.char_indices().next_back()? {
        (at, 'k' | 'K') => (text.get(..at)?, 10),
        (at, 'm' | 'M') => (text.get(..at)?, 20),
        (at, 'g' | 'G') => (text.get(..at)?, 30),
        (at, 't' | 'T') => (text.get(..at)?, 40),
        _ => (text, 0),
    };
    let number: u64 = digits.parse().ok()?;
    number.checked_mul(1 << shift).map(Limit::AtMost)
}

fn count(text: &str) -> Option<Limit> {
    match text {
        "max" | "-1" => Some(Limit::Unlimited),
        text => text.parse().ok().map(Limit::AtMost),
    }
}

fn share(text: &str) -> Option<Limit> {
    let mut words = text.split_whitespace();
    let quota = words.next()?;
    let period: u64 = words
        .next()
        .map_or(Some(100_000), |text| text.parse().ok())?;
    if quota == "max" {
        return Some(Limit::Unlimited);
    }
    let quota: u64 = quota.parse().ok()?;
    (period > 0).then(|| Limit::AtMost(quota.saturating_mul(1000).div_ceil(period)))
}

/// Version 1's shares as version 2's weight, as the kernel's tools convert them; what every group has is 100.
fn weight(shares: u64) -> u64 {
    if shares == 1024 {
        return 100;
    }
    1 + (shares.clamp(2, 262_144) - 2) * 9999 / 262_142
}

/// Numbers such as `0-2,7`.
pub fn selection(text: &str) -> Option<Selection<u32>> {
    // More processors than any machine has.
    const MOST: u32 = 8192;
    let mut set = BTreeSet::new();
    for range in text.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if last >= MOST || first > last {
            return None;
        }
        set.extend(first..=last);
    }
    Some(Selection::Only(set))
}
