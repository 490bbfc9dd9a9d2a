//! Limits.

use super::Maker;
use crate::oci::schema::{BlockIo, Cpu, Process, Resources as Given};
use casemate_model::facets::resources::{Limits, OomScore, Resources, RlimitPair, Rlimits};
use casemate_model::lattice::{Guard, Limit, Selection};
use std::collections::{BTreeMap, BTreeSet};

impl Maker<'_> {
    pub(super) fn resources(&self, process: &Process) -> Resources {
        let none = Given::default();
        let linux = self.spec.linux.as_ref();
        let given = linux
            .and_then(|linux| linux.resources.as_ref())
            .unwrap_or(&none);
        let memory = given.memory.clone().unwrap_or_default();
        let cpu = given.cpu.clone().unwrap_or_default();
        let field = |path: &str, value| self.field(&format!("linux.resources.{path}"), value);
        let killed = memory.disable_oom_killer != Some(true);
        let pids = given.pids.as_ref().and_then(|pids| pids.limit);
        // What is written to a file by its name may come last: the wider of the two is what is permitted.
        let wider = |file: &str, own: Option<i64>| {
            let Some(text) = given.unified.get(file) else {
                return limit(own);
            };
            let other = text.trim().parse().map_or(Limit::Unlimited, Limit::AtMost);
            match (other, own.map(|own| limit(Some(own)))) {
                (other, None) => other,
                (Limit::AtMost(other), Some(Limit::AtMost(own))) => Limit::AtMost(other.max(own)),
                _ => Limit::Unlimited,
            }
        };
        let bytes = |value: Option<i64>| value.filter(|bytes| *bytes != 0);
        Resources {
            memory: field("memory.limit", wider("memory.max", bytes(memory.limit))),
            memory_and_swap: field("memory.swap", limit(bytes(memory.swap))),
            oom_kill: self.field(
                "linux.resources.memory.disableOOMKiller",
                if killed { Guard::On } else { Guard::Off },
            ),
            oom_score_adj: self.field(
                "process.oomScoreAdj",
                OomScore(process.oom_score_adj.unwrap_or(0)),
            ),
            processes: field("pids.limit", wider("pids.max", pids)),
            cpu: field("cpu.quota", share(&cpu)),
            cpu_weight: field(
                "cpu.shares",
                Limit::AtMost(
                    cpu.shares
                        .filter(|shares| *shares > 0)
                        .map_or(100, weight_of_shares),
                ),
            ),
            cpus: self.field("linux.resources.cpu.cpus", selection(&cpu.cpus)),
            memory_nodes: self.field("linux.resources.cpu.mems", selection(&cpu.mems)),
            io: self.field("linux.resources.blockIO", rates(given.block_io.as_ref())),
            huge_pages: self.field(
                "linux.resources.hugepageLimits",
                Limits(
                    given
                        .hugepage_limits
                        .iter()
                        .map(|one| (one.page_size.clone(), Limit::AtMost(one.limit)))
                        .collect(),
                ),
            ),
            time: Self::default(Limit::Unlimited),
            rlimits: self.field("process.rlimits", rlimits(process)),
        }
    }
}

// -1 is unlimited. So is 0 for memory, by the custom of engines and runtimes, but not for pids.
fn limit(value: Option<i64>) -> Limit {
    value
        .and_then(|value| u64::try_from(value).ok())
        .map_or(Limit::Unlimited, Limit::AtMost)
}

/// Thousandths of a processor. A part of one counts as one: the limit is not stated smaller than it is.
fn share(cpu: &Cpu) -> Limit {
    // The kernel's period, when only the quota is given.
    let period = cpu.period.filter(|period| *period > 0).unwrap_or(100_000);
    let quota = cpu.quota.and_then(|quota| u64::try_from(quota).ok());
    match quota.filter(|quota| *quota > 0) {
        Some(quota) => Limit::AtMost(quota.saturating_mul(1000).div_ceil(period)),
        None => Limit::Unlimited,
    }
}

/// The weight of cgroup version 2, 1 to 10000, of the shares of version 1, 2 to 262144: 1024 is 100, the ends are the
/// ends, and between the logarithm of one is a parabola of that of the other.
pub fn weight_of_shares(shares: u64) -> u64 {
    match shares {
        0..=2 => return 1,
        262_144.. => return 10_000,
        _ => {}
    }
    #[allow(clippy::cast_precision_loss, reason = "at most 18 bits")]
    let log = (shares as f64).log2();
    let exponent = (log * log + 125.0 * log) / 612.0 - 7.0 / 34.0;
    let weight = 10_f64.powf(exponent).ceil();
    // Rounding can land a hair above a whole number.
    let near = 10_f64.powf(exponent).round();
    let weight = if (10_f64.powf(exponent) - near).abs() < 1e-9 {
        near
    } else {
        weight
    };
    (weight as u64).clamp(1, 10_000)
}

/// The largest shares that have no more than a weight.
pub fn shares_of_weight(weight: u64) -> u64 {
    let (mut low, mut high) = (2_u64, 262_144_u64);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if weight_of_shares(middle) <= weight {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

fn selection(text: &str) -> Selection<u32> {
    if text.trim().is_empty() {
        return Selection::All;
    }
    let mut set = BTreeSet::new();
    for range in text.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        if let (Ok(first), Ok(last)) = (first.trim().parse::<u32>(), last.trim().parse::<u32>()) {
            set.extend(first..=last);
        }
    }
    Selection::Only(set)
}

fn rates(given: Option<&BlockIo>) -> Limits {
    let mut limits = BTreeMap::new();
    let Some(given) = given else {
        return Limits(limits);
    };
    for (word, devices) in [
        ("rbps", &given.throttle_read_bps_device),
        ("wbps", &given.throttle_write_bps_device),
        ("riops", &given.throttle_read_iops_device),
        ("wiops", &given.throttle_write_iops_device),
    ] {
        for device in devices {
            let name = format!("{}:{} {word}", device.major, device.minor);
            limits.insert(name, Limit::AtMost(device.rate));
        }
    }
    Limits(limits)
}

fn rlimits(process: &Process) -> Rlimits {
    // RLIM_INFINITY
    let value = |value: u64| match value {
        u64::MAX => Limit::Unlimited,
        value => Limit::AtMost(value),
    };
    let one = |limit: &crate::oci::schema::Rlimit| {
        let name = limit.kind.strip_prefix("RLIMIT_").unwrap_or(&limit.kind);
        let pair = RlimitPair {
            soft: value(limit.soft),
            hard: value(limit.hard),
        };
        (name.to_ascii_lowercase(), pair)
    };
    Rlimits(process.rlimits.iter().map(one).collect())
}
