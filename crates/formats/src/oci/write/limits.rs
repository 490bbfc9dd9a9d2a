//! Limits of the process and of its cgroup.

use crate::oci::confine::{RULES, shares_of_weight};
use crate::oci::schema::{
    BlockIo, Cpu, DeviceCgroup, HugepageLimit, Memory, Pids, Resources, Rlimit, ThrottleDevice,
};
use casemate_model::facets::device_numbers::{DeviceKind, DeviceNumbers};
use casemate_model::lattice::{Guard, Limit, Selection};
use casemate_model::{Confinement, Stated};
use std::collections::BTreeSet;

pub(super) fn rlimits(c: &Confinement) -> Vec<Rlimit> {
    let value = |limit: Limit| limit.bound().unwrap_or(u64::MAX);
    let stated = c.resources.rlimits.value();
    let one = |(name, pair): (&String, &casemate_model::facets::resources::RlimitPair)| Rlimit {
        kind: format!("RLIMIT_{}", name.to_ascii_uppercase()),
        soft: value(pair.soft),
        hard: value(pair.hard),
    };
    stated.map_or_else(Vec::new, |limits| limits.0.iter().map(one).collect())
}

fn signed(stated: &Stated<Limit>) -> Option<i64> {
    let bound = stated.value()?.bound()?;
    // No amount of anything is larger.
    Some(i64::try_from(bound).unwrap_or(i64::MAX))
}

pub(super) fn resources(c: &Confinement) -> Resources {
    let r = &c.resources;
    let memory = Memory {
        limit: signed(&r.memory),
        swap: signed(&r.memory_and_swap).filter(|_| signed(&r.memory).is_some()),
        disable_oom_killer: (r.oom_kill.value() == Some(&Guard::Off)).then_some(true),
        ..Memory::default()
    };
    let weight = r.cpu_weight.value().and_then(|weight| weight.bound());
    let cpu = Cpu {
        shares: weight.filter(|weight| *weight != 100).map(shares_of_weight),
        quota: signed(&r.cpu).map(|thousandths| thousandths.saturating_mul(100)),
        period: signed(&r.cpu).map(|_| 100_000),
        cpus: list(r.cpus.value()),
        mems: list(r.memory_nodes.value()),
        ..Cpu::default()
    };
    let pids = signed(&r.processes).map(|limit| Pids { limit: Some(limit) });
    let pages = r
        .huge_pages
        .value()
        .into_iter()
        .flat_map(|limits| &limits.0);
    let page = |(size, limit): (&String, &Limit)| {
        Some(HugepageLimit {
            page_size: size.clone(),
            limit: limit.bound()?,
        })
    };
    Resources {
        devices: devices(c.devices.numbers.value()),
        memory: Some(memory).filter(|memory| *memory != Memory::default()),
        cpu: Some(cpu).filter(|cpu| *cpu != Cpu::default()),
        pids,
        block_io: rates(c),
        // The limit for sizes that have no name has no words here.
        hugepage_limits: pages
            .filter(|(size, _)| *size != "default")
            .filter_map(page)
            .collect(),
        ..Resources::default()
    }
}

/// A list such as `0-3,7`.
fn list(stated: Option<&Selection<u32>>) -> String {
    let Some(Selection::Only(set)) = stated else {
        return String::new();
    };
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in set {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let one = |(first, last): &(u32, u32)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(",")
}

/// All is denied and then permitted one by one; what a runtime permits by itself is not said.
pub fn devices(stated: Option<&DeviceNumbers>) -> Vec<DeviceCgroup> {
    let everything = |allow| DeviceCgroup {
        allow,
        access: "rwm".to_owned(),
        ..DeviceCgroup::default()
    };
    let rules: BTreeSet<_> = match stated {
        Some(DeviceNumbers::All) => return vec![everything(true)],
        Some(DeviceNumbers::Only(rules)) => rules.clone(),
        None => BTreeSet::new(),
    };
    let mut list = vec![everything(false)];
    for rule in rules {
        let kind = match rule.kind {
            DeviceKind::Block => 'b',
            DeviceKind::Char => 'c',
        };
        let access = rule.access.to_string();
        if RULES.contains(&(kind, rule.major, rule.minor, access.as_str())) {
            continue;
        }
        list.push(DeviceCgroup {
            allow: true,
            kind: kind.to_string(),
            major: rule.major.map(i64::from),
            minor: rule.minor.map(i64::from),
            access,
        });
    }
    list
}

fn rates(c: &Confinement) -> Option<BlockIo> {
    let limits = c.resources.io.value()?;
    let mut block = BlockIo::default();
    for (name, limit) in &limits.0 {
        let Some(rate) = limit.bound() else { continue };
        let Some(((major, minor), word)) = name
            .split_once(' ')
            .and_then(|(numbers, word)| Some((numbers.split_once(':')?, word)))
        else {
            continue;
        };
        let (Ok(major), Ok(minor)) = (major.parse(), minor.parse()) else {
            continue;
        };
        let devices = match word {
            "rbps" => &mut block.throttle_read_bps_device,
            "wbps" => &mut block.throttle_write_bps_device,
            "riops" => &mut block.throttle_read_iops_device,
            "wiops" => &mut block.throttle_write_iops_device,
            _ => continue,
        };
        devices.push(ThrottleDevice { major, minor, rate });
    }
    Some(block).filter(|block| *block != BlockIo::default())
}
