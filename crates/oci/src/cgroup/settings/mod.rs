//! From the resources of a configuration to what is written into the files of control groups.
//!
//! A resource goes to the first version's file where a hierarchy of that version has the controller, else to the second's
//! where it has; both can be on one host, each with its controllers. What neither has is an error that names the field.

mod block;
mod convert;
mod cpu;
mod memory;
mod rest;

pub use convert::shares_to_weight;

use crate::cgroup::hierarchy::{Hierarchies, Version};
use casemate_formats::oci::schema::Resources;
use std::fmt;

/// What is written for a part of a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The field, such as `linux.resources.memory.limit`.
    pub field: String,
    /// The controller.
    pub controller: String,
    /// The version of the hierarchy that it goes to.
    pub version: Version,
    /// The file's name.
    pub file: String,
    /// What is written, each in one call.
    pub values: Vec<String>,
    /// What a kernel without the file means.
    pub absent: Absent,
}

/// What a kernel without a file means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Absent {
    /// The field cannot be enforced.
    Error = 0,
    /// There is nothing to enforce.
    Fine = 1,
    /// The next setting is in its place.
    Next = 2,
}

/// Why a field cannot be enforced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The field.
    pub field: String,
    /// Why.
    pub why: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.why)
    }
}

/// Whether groups are new, or have been set before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Groups {
    /// New.
    New,
    /// In use.
    Used,
}

/// Collects settings.
pub struct Collector<'a> {
    hierarchies: &'a Hierarchies,
    groups: Groups,
    settings: Vec<Setting>,
    notes: Vec<String>,
}

/// What resources amount to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    /// What is written, in order.
    pub settings: Vec<Setting>,
    /// What is passed over, for the log.
    pub notes: Vec<String>,
}

impl Collector<'_> {
    /// The version of the hierarchy that has a controller.
    fn version(&self, field: &str, controller: &str) -> Result<Version, Refusal> {
        self.hierarchies
            .version_of(controller)
            .ok_or_else(|| Refusal {
                field: format!("linux.resources.{field}"),
                why: format!("no mounted cgroup hierarchy has the controller {controller}"),
            })
    }

    fn add(&mut self, field: &str, controller: &str, version: Version, file: &str, value: String) {
        self.add_or(field, controller, version, file, value, Absent::Error);
    }

    fn add_or(
        &mut self,
        field: &str,
        controller: &str,
        version: Version,
        file: &str,
        value: String,
        absent: Absent,
    ) {
        self.settings.push(Setting {
            field: format!("linux.resources.{field}"),
            controller: controller.to_owned(),
            version,
            file: file.to_owned(),
            values: vec![value],
            absent,
        });
    }

    fn refuse(field: &str, why: impl Into<String>) -> Refusal {
        Refusal {
            field: format!("linux.resources.{field}"),
            why: why.into(),
        }
    }
}

/// Says what is to be written for resources, but for devices.
///
/// # Errors
/// A field that this host's hierarchies cannot enforce.
pub fn settings(
    resources: &Resources,
    hierarchies: &Hierarchies,
    groups: Groups,
) -> Result<Settings, Refusal> {
    let mut collector = Collector {
        hierarchies,
        groups,
        settings: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(memory) = &resources.memory {
        collector.memory(memory)?;
    }
    if let Some(cpu) = &resources.cpu {
        collector.cpu(cpu)?;
        collector.cpuset(cpu)?;
    }
    if let Some(limit) = resources.pids.as_ref().and_then(|pids| pids.limit) {
        collector.pids(limit)?;
    }
    if let Some(block) = &resources.block_io {
        collector.block(block)?;
    }
    collector.hugepages(&resources.hugepage_limits)?;
    if let Some(network) = &resources.network {
        collector.network(network)?;
    }
    collector.rdma(&resources.rdma)?;
    collector.unified(&resources.unified)?;
    Ok(Settings {
        settings: collector.settings,
        notes: collector.notes,
    })
}

#[cfg(test)]
mod tests;
