//! Processors: time, and which ones. A number of 0 means "not set", as engines write it.

use super::convert::shares_to_weight;
use super::{Collector, Refusal};
use crate::cgroup::hierarchy::Version;
use casemate_formats::oci::schema::Cpu;

/// Length of a period in microseconds, when none is given: the kernel's default.
pub const PERIOD: u64 = 100_000;

const CONTROLLER: &str = "cpu";

impl Collector<'_> {
    pub(super) fn cpu(&mut self, cpu: &Cpu) -> Result<(), Refusal> {
        let asks = cpu.shares.is_some_and(|shares| shares != 0)
            || cpu.quota.is_some_and(|quota| quota != 0)
            || cpu.period.is_some_and(|period| period != 0)
            || cpu.burst.is_some()
            || cpu.realtime_period.is_some_and(|period| period != 0)
            || cpu.realtime_runtime.is_some_and(|runtime| runtime != 0)
            || cpu.idle.is_some();
        if !asks {
            return Ok(());
        }
        match self.version("cpu", CONTROLLER)? {
            Version::V1 => self.cpu_v1(cpu),
            Version::V2 => self.cpu_v2(cpu),
        }
    }

    fn cpu_v1(&mut self, cpu: &Cpu) -> Result<(), Refusal> {
        let shares = cpu.shares.filter(|shares| *shares != 0);
        // The kernel takes any number and makes it one of these.
        if shares.is_some_and(|shares| !(2..=262_144).contains(&shares)) {
            return Err(Self::refuse("cpu.shares", "must be from 2 to 262144"));
        }
        let mut add = |field: &str, file: &str, value: String| {
            self.add(
                &format!("cpu.{field}"),
                CONTROLLER,
                Version::V1,
                file,
                value,
            );
        };
        // Before a process that has such scheduling enters.
        if let Some(period) = cpu.realtime_period.filter(|period| *period != 0) {
            add("realtimePeriod", "cpu.rt_period_us", period.to_string());
        }
        if let Some(runtime) = cpu.realtime_runtime.filter(|runtime| *runtime != 0) {
            add("realtimeRuntime", "cpu.rt_runtime_us", runtime.to_string());
        }
        // A group that is idle takes no shares.
        if cpu.idle == Some(0) {
            add("idle", "cpu.idle", "0".to_owned());
        }
        if let Some(shares) = shares {
            add("shares", "cpu.shares", shares.to_string());
        }
        if cpu.idle == Some(1) {
            add("idle", "cpu.idle", "1".to_owned());
        }
        if let Some(period) = cpu.period.filter(|period| *period != 0) {
            add("period", "cpu.cfs_period_us", period.to_string());
        }
        if let Some(quota) = cpu.quota.filter(|quota| *quota != 0) {
            add("quota", "cpu.cfs_quota_us", quota.max(-1).to_string());
        }
        if let Some(burst) = cpu.burst {
            add("burst", "cpu.cfs_burst_us", burst.to_string());
        }
        Ok(())
    }

    fn cpu_v2(&mut self, cpu: &Cpu) -> Result<(), Refusal> {
        for (field, set) in [
            (
                "cpu.realtimePeriod",
                cpu.realtime_period.is_some_and(|period| period != 0),
            ),
            (
                "cpu.realtimeRuntime",
                cpu.realtime_runtime.is_some_and(|runtime| runtime != 0),
            ),
        ] {
            if set {
                let why = "cgroup version 2 has no limit of real-time scheduling";
                return Err(Self::refuse(field, why));
            }
        }
        let mut add = |field: &str, file: &str, value: String| {
            self.add(
                &format!("cpu.{field}"),
                CONTROLLER,
                Version::V2,
                file,
                value,
            );
        };
        if cpu.idle == Some(0) {
            add("idle", "cpu.idle", "0".to_owned());
        }
        if let Some(weight) = cpu.shares.and_then(shares_to_weight) {
            add("shares", "cpu.weight", weight.to_string());
        }
        if cpu.idle == Some(1) {
            add("idle", "cpu.idle", "1".to_owned());
        }
        let quota = cpu.quota.filter(|quota| *quota != 0);
        let period = cpu.period.filter(|period| *period != 0);
        if quota.is_some() || period.is_some() {
            let most = match quota {
                Some(quota) if quota > 0 => quota.to_string(),
                _ => "max".to_owned(),
            };
            let field = if quota.is_some() { "quota" } else { "period" };
            add(
                field,
                "cpu.max",
                format!("{most} {}", period.unwrap_or(PERIOD)),
            );
        }
        if let Some(burst) = cpu.burst {
            add("burst", "cpu.max.burst", burst.to_string());
        }
        Ok(())
    }

    pub(super) fn cpuset(&mut self, cpu: &Cpu) -> Result<(), Refusal> {
        for (field, file, list) in [
            ("cpu.cpus", "cpuset.cpus", &cpu.cpus),
            ("cpu.mems", "cpuset.mems", &cpu.mems),
        ] {
            if !list.is_empty() {
                let version = self.version(field, "cpuset")?;
                self.add(field, "cpuset", version, file, list.clone());
            }
        }
        Ok(())
    }
}
