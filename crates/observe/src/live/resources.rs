//! Limits: cgroups of both versions, and getrlimit(2).

use super::Reader;
use crate::host::membership::Membership;
use crate::host::mountinfo::{Mount, Mounts};
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::resources::{Limits, OomScore, RlimitPair, Rlimits};
use casemate_model::lattice::{Guard, Limit, Selection};
use casemate_model::stated::Stated;
use casemate_model::{Origin, names};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The process's directories in the cgroup hierarchies.
struct Groups {
    v1: BTreeMap<String, PathBuf>,
    v2: Option<PathBuf>,
}

impl Groups {
    fn of(membership: &Membership, mounts: &Mounts) -> Self {
        let place = |mount: &Mount, group: &Path| {
            let rest = group.strip_prefix(&mount.root).ok()?;
            Some(mount.point.join(rest))
        };
        let mut v1 = BTreeMap::new();
        for (controller, group) in &membership.v1 {
            let holds = |mount: &&Mount| {
                mount.kind == "cgroup"
                    && mount.super_options.split(',').any(|one| one == controller)
            };
            let found = mounts
                .0
                .iter()
                .filter(holds)
                .find_map(|mount| place(mount, group));
            if let Some(path) = found {
                v1.insert(controller.clone(), path);
            }
        }
        let v2 = membership.v2.as_ref().and_then(|group| {
            let mut unified = mounts.0.iter().filter(|mount| mount.kind == "cgroup2");
            unified.find_map(|mount| place(mount, group))
        });
        Self { v1, v2 }
    }

    /// The value of a file of a controller: of version 1, else of version 2.
    fn read(&self, controller: &str, v1: &str, v2: &str) -> Option<(String, PathBuf)> {
        let path = match self.v1.get(controller) {
            Some(group) if !v1.is_empty() => group.join(v1),
            Some(_) => return None,
            None if v2.is_empty() => return None,
            None => self.v2.as_ref()?.join(v2),
        };
        let text = fs::read_to_string(&path).ok()?;
        Some((text.trim().to_owned(), path))
    }
}

/// Reads a limit; what version 1 has for none is more than any machine has.
fn limit(text: &str) -> Option<Limit> {
    if text == "max" || text == "-1" {
        return Some(Limit::Unlimited);
    }
    let number: u64 = text.parse().ok()?;
    // PAGE_COUNTER_MAX: LONG_MAX rounded down to pages.
    Some(if number >= (i64::MAX as u64) & !0xffff {
        Limit::Unlimited
    } else {
        Limit::AtMost(number)
    })
}

/// Reads a list such as `0-3,7`; all of those that there are is no restriction.
fn numbers(text: &str, all: Option<&str>) -> Option<Selection<u32>> {
    if text.is_empty() || all == Some(text) {
        return Some(Selection::All);
    }
    let mut set = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        if last.checked_sub(first)? > 8192 {
            return None;
        }
        set.extend(first..=last);
    }
    Some(Selection::Only(set))
}

/// Reads `devices.list` of version 1.
fn device_numbers(text: &str) -> Option<DeviceNumbers> {
    let mut rules = BTreeSet::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let kind = match words.next()? {
            "a" => return Some(DeviceNumbers::All),
            "b" => DeviceKind::Block,
            "c" => DeviceKind::Char,
            _ => return None,
        };
        let (major, minor) = words.next()?.split_once(':')?;
        let number = |text: &str| match text {
            "*" => Some(None),
            text => text.parse().ok().map(Some),
        };
        rules.insert(DeviceRule {
            kind,
            major: number(major)?,
            minor: number(minor)?,
            access: DeviceAccess::parse(words.next()?)?,
        });
    }
    Some(DeviceNumbers::Only(rules))
}

/// The quota as thousandths of one processor.
fn processors(quota: &str, period: &str) -> Option<Limit> {
    match limit(quota)? {
        Limit::Unlimited => Some(Limit::Unlimited),
        Limit::AtMost(quota) => {
            let period: u64 = period.parse().ok().filter(|period| *period > 0)?;
            Some(Limit::AtMost(quota.checked_mul(1000)? / period))
        }
    }
}

/// Reads `/proc/PID/limits`; what is unlimited is left out.
fn rlimits(text: &str) -> Rlimits {
    let mut limits = BTreeMap::new();
    for rlimit in names::rlimits::all() {
        // proc_pid_limits(5) has its own names for them.
        let Some(shown) = shown_name(rlimit.name) else {
            continue;
        };
        let Some(rest) = text.lines().find_map(|line| line.strip_prefix(shown)) else {
            continue;
        };
        let mut words = rest.split_whitespace().map(|word| match word {
            "unlimited" => Some(Limit::Unlimited),
            number => number.parse().ok().map(Limit::AtMost),
        });
        if let (Some(Some(soft)), Some(Some(hard))) = (words.next(), words.next())
            && (soft, hard) != (Limit::Unlimited, Limit::Unlimited)
        {
            limits.insert(rlimit.name.to_owned(), RlimitPair { soft, hard });
        }
    }
    Rlimits(limits)
}

fn shown_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "cpu" => "Max cpu time",
        "fsize" => "Max file size",
        "data" => "Max data size",
        "stack" => "Max stack size",
        "core" => "Max core file size",
        "rss" => "Max resident set",
        "nproc" => "Max processes",
        "nofile" => "Max open files",
        "memlock" => "Max locked memory",
        "as" => "Max address space",
        "locks" => "Max file locks",
        "sigpending" => "Max pending signals",
        "msgqueue" => "Max msgqueue size",
        "nice" => "Max nice priority",
        "rtprio" => "Max realtime priority",
        "rttime" => "Max realtime timeout",
        _ => return None,
    })
}

/// Shares of version 1 as a weight of version 2: what runc and crun compute since 2020, rounded (opencontainers/cgroups
/// `ConvertCPUSharesToCgroupV2Value` in its first form).
fn weight_of_shares(shares: u64) -> u64 {
    1 + (shares.clamp(2, 262_144) - 2) * 9999 / 262_142
}

impl Reader {
    pub(super) fn resources(&mut self) {
        match self.process.text("limits") {
            Ok(text) => self.confinement.resources.rlimits = self.set(rlimits(&text), "limits"),
            Err(error) => self.unreadable("resources", &["rlimits"], "limits", &error),
        }
        match self
            .process
            .text("oom_score_adj")
            .map(|text| text.trim().parse())
        {
            Ok(Ok(score)) => {
                self.confinement.resources.oom_score_adj =
                    self.set(OomScore(score), "oom_score_adj");
            }
            Ok(Err(_)) => self.unseen("resources", "oom_score_adj", "not a number"),
            Err(error) => {
                self.unreadable("resources", &["oom_score_adj"], "oom_score_adj", &error);
            }
        }
        let groups = self
            .process
            .read("cgroup")
            .map(|text| Membership::parse(&text));
        let mounts = fs::read("/proc/self/mountinfo").map(|text| Mounts::parse(&text));
        match (groups, mounts) {
            (Ok(membership), Ok(mounts)) => self.groups(&Groups::of(&membership, &mounts)),
            (Err(error), _) | (_, Err(error)) => {
                let names = ["memory", "processes", "cpu", "cpus"];
                self.unreadable("resources", &names, "cgroup", &error);
            }
        }
    }

    fn groups(&mut self, groups: &Groups) {
        // A hierarchy without the controller limits nothing.
        let nothing = |file: &str| Origin::Kernel(PathBuf::from(file));
        let amount = |controller: &str, v1: &str, v2: &str| match groups.read(controller, v1, v2) {
            Some((text, path)) => limit(&text).map_or(Stated::Unknown, |limit| {
                Stated::set(limit, Origin::Kernel(path))
            }),
            None => Stated::set(Limit::Unlimited, nothing("/proc/self/mountinfo")),
        };
        let memory = amount("memory", "memory.limit_in_bytes", "memory.max");
        let processes = amount("pids", "pids.max", "pids.max");
        let swap = swap(groups, &memory);
        let oom_kill = match groups.read("memory", "memory.oom_control", "") {
            Some((text, path)) => {
                let off = text.lines().any(|line| line == "oom_kill_disable 1");
                let guard = if off { Guard::Off } else { Guard::On };
                Stated::set(guard, Origin::Kernel(path))
            }
            None => Stated::set(Guard::On, nothing("/proc/self/mountinfo")),
        };
        let own = &mut self.confinement.resources;
        own.memory = memory;
        own.processes = processes;
        own.memory_and_swap = swap;
        own.oom_kill = oom_kill;
        own.cpu = cpu(groups);
        own.cpu_weight = weight(groups);
        own.cpus = set_of(groups, "cpuset.cpus", "/sys/devices/system/cpu/online");
        own.memory_nodes = set_of(groups, "cpuset.mems", "/sys/devices/system/node/online");
        own.io = io(groups);
        own.huge_pages = huge_pages(groups);
        match groups.read("devices", "devices.list", "") {
            Some((text, path)) => {
                self.confinement.devices.numbers = device_numbers(&text)
                    .map_or(Stated::Unknown, |numbers| {
                        Stated::set(numbers, Origin::Kernel(path))
                    });
            }
            None => self.unseen(
                "devices",
                "numbers",
                "version 2 cgroups have a program for it, which is not shown with its meaning",
            ),
        }
    }
}

fn swap(groups: &Groups, memory: &Stated<Limit>) -> Stated<Limit> {
    if let Some((text, path)) = groups.read("memory", "memory.memsw.limit_in_bytes", "") {
        return limit(&text).map_or(Stated::Unknown, |limit| {
            Stated::set(limit, Origin::Kernel(path))
        });
    }
    // Version 2 counts swap apart.
    match groups.read("memory", "", "memory.swap.max") {
        Some((text, path)) => match (limit(&text), memory.value()) {
            (Some(Limit::AtMost(swap)), Some(Limit::AtMost(memory))) => Stated::set(
                Limit::AtMost(memory.saturating_add(swap)),
                Origin::Kernel(path),
            ),
            (Some(_), Some(_)) => Stated::set(Limit::Unlimited, Origin::Kernel(path)),
            _ => Stated::Unknown,
        },
        None => Stated::set(
            Limit::Unlimited,
            Origin::Kernel("/proc/self/mountinfo".into()),
        ),
    }
}

fn cpu(groups: &Groups) -> Stated<Limit> {
    if let Some((quota, path)) = groups.read("cpu", "cpu.cfs_quota_us", "") {
        let period = groups.read("cpu", "cpu.cfs_period_us", "");
        let period = period.map_or_else(|| "100000".to_owned(), |(period, _)| period);
        return processors(&quota, &period).map_or(Stated::Unknown, |limit| {
            Stated::set(limit, Origin::Kernel(path))
        });
    }
    match groups.read("cpu", "", "cpu.max") {
        Some((text, path)) => {
            let (quota, period) = text.split_once(' ').unwrap_or((&text, "100000"));
            processors(quota, period).map_or(Stated::Unknown, |limit| {
                Stated::set(limit, Origin::Kernel(path))
            })
        }
        None => Stated::set(
            Limit::Unlimited,
            Origin::Kernel("/proc/self/mountinfo".into()),
        ),
    }
}

fn weight(groups: &Groups) -> Stated<Limit> {
    let v1 = groups.read("cpu", "cpu.shares", "");
    let found = v1.and_then(|(text, path)| {
        let shares: u64 = text.parse().ok()?;
        // 1024 is what every group has; the formula's 39 would be a lower weight than others have.
        let weight = if shares == 1024 {
            100
        } else {
            weight_of_shares(shares)
        };
        Some((weight, path))
    });
    let v2 = || {
        let (text, path) = groups.read("cpu", "", "cpu.weight")?;
        Some((text.parse().ok()?, path))
    };
    match found.or_else(v2) {
        Some((weight, path)) => Stated::set(Limit::AtMost(weight), Origin::Kernel(path)),
        None => Stated::set(
            Limit::AtMost(100),
            Origin::Kernel("/proc/self/mountinfo".into()),
        ),
    }
}

fn set_of(groups: &Groups, file: &str, online: &str) -> Stated<Selection<u32>> {
    let all = fs::read_to_string(online).ok();
    match groups.read("cpuset", file, file) {
        Some((text, path)) => numbers(&text, all.as_deref().map(str::trim))
            .map_or(Stated::Unknown, |set| {
                Stated::set(set, Origin::Kernel(path))
            }),
        None => Stated::set(
            Selection::All,
            Origin::Kernel("/proc/self/mountinfo".into()),
        ),
    }
}

fn io(groups: &Groups) -> Stated<Limits> {
    let mut limits = BTreeMap::new();
    let mut origin = PathBuf::from("/proc/self/mountinfo");
    for (file, name) in [
        ("blkio.throttle.read_bps_device", "rbps"),
        ("blkio.throttle.write_bps_device", "wbps"),
        ("blkio.throttle.read_iops_device", "riops"),
        ("blkio.throttle.write_iops_device", "wiops"),
    ] {
        if let Some((text, path)) = groups.read("blkio", file, "") {
            for line in text.lines() {
                if let Some((device, Some(limit))) = line
                    .split_once(' ')
                    .map(|(device, value)| (device, limit(value)))
                {
                    limits.insert(format!("{device} {name}"), limit);
                }
            }
            origin = path;
        }
    }
    if let Some((text, path)) = groups.read("io", "", "io.max") {
        for line in text.lines() {
            let mut words = line.split(' ');
            let device = words.next().unwrap_or("");
            for (name, value) in words.filter_map(|word| word.split_once('=')) {
                if let Some(limit @ Limit::AtMost(_)) = limit(value) {
                    limits.insert(format!("{device} {name}"), limit);
                }
            }
        }
        origin = path;
    }
    Stated::set(Limits(limits), Origin::Kernel(origin))
}

fn huge_pages(groups: &Groups) -> Stated<Limits> {
    let (group, end) = match (groups.v1.get("hugetlb"), &groups.v2) {
        (Some(group), _) => (group, ".limit_in_bytes"),
        (None, Some(group)) => (group, ".max"),
        (None, None) => {
            let origin = Origin::Kernel("/proc/self/mountinfo".into());
            return Stated::set(Limits(BTreeMap::new()), origin);
        }
    };
    let mut limits = BTreeMap::new();
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let size = name
            .strip_prefix("hugetlb.")
            .and_then(|rest| rest.strip_suffix(end));
        if let Some(size) = size.filter(|size| !size.contains('.'))
            && let Ok(text) = fs::read_to_string(entry.path())
            && let Some(limit @ Limit::AtMost(_)) = limit(text.trim())
        {
            limits.insert(size.to_owned(), limit);
        }
    }
    Stated::set(Limits(limits), Origin::Kernel(group.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_kernel_are_read() {
        assert_eq!(limit("9223372036854771712"), Some(Limit::Unlimited));
        assert_eq!(limit("max"), Some(Limit::Unlimited));
        assert_eq!(limit("1048576"), Some(Limit::AtMost(1_048_576)));
        assert_eq!(processors("150000", "100000"), Some(Limit::AtMost(1500)));
        assert_eq!(processors("-1", "100000"), Some(Limit::Unlimited));
        assert_eq!(numbers("0-1", Some("0-1")), Some(Selection::All));
        assert_eq!(
            numbers("0,2-3", Some("0-7")),
            Some(Selection::Only(BTreeSet::from([0, 2, 3])))
        );
        assert_eq!(numbers("0-4294967295", None), None);
        assert_eq!(device_numbers("a *:* rwm\n"), Some(DeviceNumbers::All));
        let text = "c 1:3 rwm\nb *:* m\n";
        let DeviceNumbers::Only(rules) = device_numbers(text).expect("rules") else {
            panic!("all");
        };
        let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(rules, ["b:*:*:m", "c:1:3:rwm"]);
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
            Max open files            1024                 4096                 files     \n\
            Max cpu time              unlimited            unlimited            seconds   \n";
        let limits = rlimits(text);
        assert_eq!(limits.0.len(), 1);
        assert_eq!(limits.0["nofile"].hard, Limit::AtMost(4096));
    }
}
