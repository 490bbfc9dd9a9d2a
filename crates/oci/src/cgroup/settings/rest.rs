//! Processes, huge pages, network, RDMA, and files of the second version by name.

use super::{Absent, Collector, Refusal};
use crate::cgroup::hierarchy::Version;
use casemate_formats::oci::schema::{HugepageLimit, Network, Rdma};
use std::collections::BTreeMap;

impl Collector<'_> {
    /// A limit of 0 holds, as the specification has it: no process can be made. The container's own is there by then, so
    /// that 1 means the same, which systemd takes, and under which the second version lets it start.
    pub(super) fn pids(&mut self, limit: i64) -> Result<(), Refusal> {
        let version = self.version("pids.limit", "pids")?;
        let most = match limit {
            ..0 => "max".to_owned(),
            0 => "1".to_owned(),
            _ => limit.to_string(),
        };
        self.add("pids.limit", "pids", version, "pids.max", most);
        Ok(())
    }

    /// Reservations are limited where the kernel can (5.7), and use always.
    pub(super) fn hugepages(&mut self, limits: &[HugepageLimit]) -> Result<(), Refusal> {
        for (index, limit) in limits.iter().enumerate() {
            let field = format!("hugepageLimits[{index}]");
            let version = self.version(&field, "hugetlb")?;
            let suffix = match version {
                Version::V1 => "limit_in_bytes",
                Version::V2 => "max",
            };
            let (size, most) = (&limit.page_size, limit.limit.to_string());
            let file = format!("hugetlb.{size}.{suffix}");
            self.add(&field, "hugetlb", version, &file, most.clone());
            let file = format!("hugetlb.{size}.rsvd.{suffix}");
            self.add_or(&field, "hugetlb", version, &file, most, Absent::Fine);
        }
        Ok(())
    }

    pub(super) fn network(&mut self, network: &Network) -> Result<(), Refusal> {
        let only_v1 = |field: &str, controller: &str| match self.version(field, controller)? {
            Version::V1 => Ok(()),
            Version::V2 => Err(Self::refuse(
                field,
                "cgroup version 2 has no such controller",
            )),
        };
        let class = network.class_id.filter(|class| *class != 0);
        if class.is_some() {
            only_v1("network.classID", "net_cls")?;
        }
        if !network.priorities.is_empty() {
            only_v1("network.priorities", "net_prio")?;
        }
        if let Some(class) = class {
            let field = "network.classID";
            self.add(
                field,
                "net_cls",
                Version::V1,
                "net_cls.classid",
                class.to_string(),
            );
        }
        for (index, one) in network.priorities.iter().enumerate() {
            let field = format!("network.priorities[{index}]");
            let value = format!("{} {}", one.name, one.priority);
            self.add(&field, "net_prio", Version::V1, "net_prio.ifpriomap", value);
        }
        Ok(())
    }

    pub(super) fn rdma(&mut self, devices: &BTreeMap<String, Rdma>) -> Result<(), Refusal> {
        for (device, limits) in devices {
            let field = format!("rdma.{device}");
            let version = self.version(&field, "rdma")?;
            let mut value = device.clone();
            for (key, limit) in [
                ("hca_handle", limits.hca_handles),
                ("hca_object", limits.hca_objects),
            ] {
                if let Some(limit) = limit {
                    value.push_str(&format!(" {key}={limit}"));
                }
            }
            self.add(&field, "rdma", version, "rdma.max", value);
        }
        Ok(())
    }

    pub(super) fn unified(&mut self, files: &BTreeMap<String, String>) -> Result<(), Refusal> {
        for (file, text) in files {
            let field = format!("unified.{file}");
            let controller = file.split('.').next().unwrap_or_default();
            // Files of every group, whatever its controllers.
            let of_all = controller == "cgroup";
            let there = if of_all {
                self.hierarchies.v2.is_some()
            } else {
                self.hierarchies.version_of(controller) == Some(Version::V2)
            };
            if !there {
                let why = "it is of cgroup version 2, and no hierarchy of that version here has its controller";
                return Err(Self::refuse(&field, why));
            }
            for value in text.lines().filter(|line| !line.is_empty()) {
                let controller = if of_all { "" } else { controller };
                self.add(&field, controller, Version::V2, file, value.to_owned());
            }
        }
        Ok(())
    }
}
