//! Memory. A limit of 0 means "not set", as engines write it.

use super::convert::bytes;
use super::{Absent, Collector, Groups, Refusal};
use crate::cgroup::hierarchy::Version;
use casemate_formats::oci::schema::Memory;

const CONTROLLER: &str = "memory";

fn given(limit: Option<i64>) -> Option<i64> {
    limit.filter(|limit| *limit != 0)
}

impl Collector<'_> {
    pub(super) fn memory(&mut self, memory: &Memory) -> Result<(), Refusal> {
        // The kernel has not limited its own memory apart since 5.16, and the file of the first version takes every value
        // without effect; runc passes the field over, too.
        if given(memory.kernel).is_some_and(|limit| limit > 0) {
            self.notes.push(
                "linux.resources.memory.kernel is passed over: kernels limit their own memory with memory.limit only"
                    .to_owned(),
            );
        }
        let asks = given(memory.limit).is_some()
            || given(memory.swap).is_some()
            || given(memory.reservation).is_some()
            || given(memory.kernel_tcp).is_some()
            || memory.swappiness.is_some()
            || memory.disable_oom_killer == Some(true)
            || memory.use_hierarchy.is_some();
        if !asks {
            return Ok(());
        }
        match self.version("memory", CONTROLLER)? {
            Version::V1 => {
                self.memory_v1(memory);
                Ok(())
            }
            Version::V2 => self.memory_v2(memory),
        }
    }

    fn memory_v1(&mut self, memory: &Memory) {
        // No limit at all is asked for, and in a group in use there may be one with swap, which must go first.
        if self.groups == Groups::Used && memory.limit == Some(-1) && given(memory.swap).is_none() {
            let file = "memory.memsw.limit_in_bytes";
            let value = "-1".to_owned();
            self.add_or(
                "memory.limit",
                CONTROLLER,
                Version::V1,
                file,
                value,
                Absent::Fine,
            );
        }
        let mut add = |field: &str, file: &str, value: String| {
            self.add(
                &format!("memory.{field}"),
                CONTROLLER,
                Version::V1,
                file,
                value,
            );
        };
        // Since 5.11 the kernel takes 1 only.
        if let Some(whether) = memory.use_hierarchy {
            add(
                "useHierarchy",
                "memory.use_hierarchy",
                u8::from(whether).to_string(),
            );
        }
        if let Some(limit) = given(memory.limit) {
            add("limit", "memory.limit_in_bytes", limit.to_string());
        }
        if let Some(swap) = given(memory.swap) {
            add("swap", "memory.memsw.limit_in_bytes", swap.to_string());
        }
        if let Some(limit) = given(memory.reservation) {
            add(
                "reservation",
                "memory.soft_limit_in_bytes",
                limit.to_string(),
            );
        }
        if let Some(limit) = given(memory.kernel_tcp) {
            add(
                "kernelTCP",
                "memory.kmem.tcp.limit_in_bytes",
                limit.to_string(),
            );
        }
        if let Some(swappiness) = memory.swappiness {
            add("swappiness", "memory.swappiness", swappiness.to_string());
        }
        if memory.disable_oom_killer == Some(true) {
            add("disableOOMKiller", "memory.oom_control", "1".to_owned());
        }
    }

    fn memory_v2(&mut self, memory: &Memory) -> Result<(), Refusal> {
        let refused = |field: &str, why: &str| Err(Self::refuse(&format!("memory.{field}"), why));
        if memory.swappiness.is_some() {
            return refused(
                "swappiness",
                "cgroup version 2 has no swappiness of a group",
            );
        }
        if memory.disable_oom_killer == Some(true) {
            return refused(
                "disableOOMKiller",
                "cgroup version 2 cannot turn it off for a group",
            );
        }
        if memory.use_hierarchy == Some(false) {
            return refused("useHierarchy", "in cgroup version 2 children always count");
        }
        if given(memory.kernel_tcp).is_some_and(|limit| limit > 0) {
            return refused(
                "kernelTCP",
                "cgroup version 2 has no limit of TCP buffers alone",
            );
        }
        self.swap_v2(memory)?;
        let mut add = |field: &str, file: &str, limit: i64| {
            let value = bytes(limit);
            self.add(
                &format!("memory.{field}"),
                CONTROLLER,
                Version::V2,
                file,
                value,
            );
        };
        if let Some(limit) = given(memory.limit) {
            add("limit", "memory.max", limit);
        }
        if let Some(limit) = given(memory.reservation) {
            add("reservation", "memory.low", limit);
        }
        Ok(())
    }

    /// The second version limits swap alone: what the field has beyond `limit`.
    fn swap_v2(&mut self, memory: &Memory) -> Result<(), Refusal> {
        let limit = given(memory.limit);
        let swap = match (limit, given(memory.swap)) {
            // With the first version no limit of memory is none of both.
            (Some(-1), None) | (_, Some(-1)) => -1,
            (_, None) => return Ok(()),
            (Some(-1), Some(swap)) => swap,
            (Some(limit), Some(swap)) if swap >= limit => swap - limit,
            (Some(_), Some(_)) => {
                return Err(Self::refuse("memory.swap", "must not be below limit"));
            }
            (None, Some(_)) => {
                let why = "cgroup version 2 limits swap alone, which needs limit to be known";
                return Err(Self::refuse("memory.swap", why));
            }
        };
        // A kernel that does not count swap has the file not, and then none or any amount of it are out of its hands.
        let absent = if swap <= 0 {
            Absent::Fine
        } else {
            Absent::Error
        };
        let file = "memory.swap.max";
        self.add_or(
            "memory.swap",
            CONTROLLER,
            Version::V2,
            file,
            bytes(swap),
            absent,
        );
        Ok(())
    }
}
