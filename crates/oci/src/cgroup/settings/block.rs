//! Block devices.

use super::convert::io_weight;
use super::{Absent, Collector, Refusal};
use crate::cgroup::hierarchy::Version;
use casemate_formats::oci::schema::{BlockIo, ThrottleDevice};

impl Collector<'_> {
    pub(super) fn block(&mut self, block: &BlockIo) -> Result<(), Refusal> {
        let (v1, v2) = ("blkio", "io");
        let asks = block.weight.is_some_and(|weight| weight != 0)
            || block.leaf_weight.is_some_and(|weight| weight != 0)
            || !block.weight_device.is_empty()
            || self::throttles(block)
                .iter()
                .any(|(.., devices)| !devices.is_empty());
        if !asks {
            return Ok(());
        }
        if self.hierarchies.version_of(v1) == Some(Version::V1) {
            self.weights_v1(block);
            for (field, file, _, devices) in throttles(block) {
                let file = format!("blkio.throttle.{file}_device");
                for (index, device) in devices.iter().enumerate() {
                    let value = format!("{}:{} {}", device.major, device.minor, device.rate);
                    let field = format!("blockIO.{field}[{index}]");
                    self.add(&field, v1, Version::V1, &file, value);
                }
            }
            return Ok(());
        }
        self.version("blockIO", v2)?;
        self.weights_v2(block)?;
        for (field, _, key, devices) in throttles(block) {
            for (index, device) in devices.iter().enumerate() {
                // 0 takes a limit away in the first version.
                let rate = match device.rate {
                    0 => "max".to_owned(),
                    rate => rate.to_string(),
                };
                let value = format!("{}:{} {key}={rate}", device.major, device.minor);
                let field = format!("blockIO.{field}[{index}]");
                self.add(&field, v2, Version::V2, "io.max", value);
            }
        }
        Ok(())
    }

    /// CFQ had its files until 5.0; with BFQ they have its name.
    fn weights_v1(&mut self, block: &BlockIo) {
        let mut add = |field: &str, files: &[&str], value: String| {
            for (place, file) in files.iter().enumerate() {
                let absent = if place + 1 < files.len() {
                    Absent::Next
                } else {
                    Absent::Error
                };
                let field = format!("blockIO.{field}");
                self.add_or(&field, "blkio", Version::V1, file, value.clone(), absent);
            }
        };
        if let Some(weight) = block.weight.filter(|weight| *weight != 0) {
            add(
                "weight",
                &["blkio.weight", "blkio.bfq.weight"],
                weight.to_string(),
            );
        }
        if let Some(weight) = block.leaf_weight.filter(|weight| *weight != 0) {
            add("leafWeight", &["blkio.leaf_weight"], weight.to_string());
        }
        for (index, device) in block.weight_device.iter().enumerate() {
            let field = format!("weightDevice[{index}]");
            let numbers = format!("{}:{}", device.major, device.minor);
            if let Some(weight) = device.weight.filter(|weight| *weight != 0) {
                let files = ["blkio.weight_device", "blkio.bfq.weight_device"];
                add(
                    &format!("{field}.weight"),
                    &files,
                    format!("{numbers} {weight}"),
                );
            }
            if let Some(weight) = device.leaf_weight.filter(|weight| *weight != 0) {
                let files = ["blkio.leaf_weight_device"];
                add(
                    &format!("{field}.leafWeight"),
                    &files,
                    format!("{numbers} {weight}"),
                );
            }
        }
    }

    /// BFQ takes weights as they are, the kernel's own control of costs takes others.
    fn weights_v2(&mut self, block: &BlockIo) -> Result<(), Refusal> {
        let why = "cgroup version 2 has no weight against children";
        if block.leaf_weight.is_some_and(|weight| weight != 0) {
            return Err(Self::refuse("blockIO.leafWeight", why));
        }
        let mut weights = Vec::new();
        if let Some(weight) = block.weight.filter(|weight| *weight != 0) {
            weights.push(("blockIO.weight".to_owned(), String::new(), weight));
        }
        for (index, device) in block.weight_device.iter().enumerate() {
            let field = format!("blockIO.weightDevice[{index}]");
            if device.leaf_weight.is_some_and(|weight| weight != 0) {
                return Err(Self::refuse(&format!("{field}.leafWeight"), why));
            }
            if let Some(weight) = device.weight.filter(|weight| *weight != 0) {
                let numbers = format!("{}:{} ", device.major, device.minor);
                weights.push((format!("{field}.weight"), numbers, weight));
            }
        }
        for (field, numbers, weight) in weights {
            let own = format!("{numbers}{weight}");
            self.add_or(
                &field,
                "io",
                Version::V2,
                "io.bfq.weight",
                own,
                Absent::Next,
            );
            let other = format!("{numbers}{}", io_weight(weight));
            self.add(&field, "io", Version::V2, "io.weight", other);
        }
        Ok(())
    }
}

/// Field, file of the first version, key of the second, devices.
type Throttle<'a> = (
    &'static str,
    &'static str,
    &'static str,
    &'a [ThrottleDevice],
);

fn throttles(block: &BlockIo) -> [Throttle<'_>; 4] {
    [
        (
            "throttleReadBpsDevice",
            "read_bps",
            "rbps",
            &block.throttle_read_bps_device,
        ),
        (
            "throttleWriteBpsDevice",
            "write_bps",
            "wbps",
            &block.throttle_write_bps_device,
        ),
        (
            "throttleReadIOPSDevice",
            "read_iops",
            "riops",
            &block.throttle_read_iops_device,
        ),
        (
            "throttleWriteIOPSDevice",
            "write_iops",
            "wiops",
            &block.throttle_write_iops_device,
        ),
    ]
}
