//! Putting a process into groups that systemd has made, and what systemd has not made beside them.

use super::devices::{self, Policy};
use super::hierarchy::Hierarchies;
use super::{Record, UNIFIED, ancestors, put, reading, settings, update};
use crate::failure::{Attempt, Failure};
use casemate_formats::oci::schema::Resources;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Puts a process into all groups of a record, and writes what resources say. Returns what was passed over.
///
/// # Errors
/// A group cannot be made or entered, or a value cannot be enforced.
pub fn attach(record: &Record, resources: &Resources, pid: u32) -> Result<Vec<String>, Failure> {
    let hierarchies = Hierarchies::read()?;
    let found = settings::settings(resources, &hierarchies, settings::Groups::New)
        .map_err(|refusal| Failure::new(refusal.to_string()))?;
    for path in record.directories() {
        fs::create_dir_all(path).attempt(|| format!("make cgroup {}", path.display()))?;
    }
    controllers(record, &hierarchies, &found.settings)?;
    if let (Some(path), Some(cpuset)) = (record.paths.get("cpuset"), hierarchies.v1.get("cpuset")) {
        for write in ancestors::cpuset(&cpuset.mount, path, &found.settings, &reading) {
            let file = write.file.display();
            put(&write.file, &write.value)
                .attempt(|| format!("write {} to {file}", write.value))?;
        }
    }
    update::write(record, &found.settings)?;
    let policy = Policy::of(&resources.devices).map_err(|hole| Failure::new(hole.to_string()))?;
    if let Some(group) = record.paths.get("devices") {
        update::change_lines(group, &policy)?;
    } else if let Some(group) = record.paths.get(UNIFIED)
        && casemate_sys::ids::geteuid() == 0
        && !policy.is_open()
    {
        let code = devices::program::bytes(&devices::program::compile(&policy));
        update::add_program(group, &code)?;
    }
    enter(record, pid)?;
    Ok(found.notes)
}

/// Gives controllers to the unit's group that systemd has not given, such as hugetlb.
fn controllers(
    record: &Record,
    hierarchies: &Hierarchies,
    settings: &[settings::Setting],
) -> Result<(), Failure> {
    let (Some(path), Some(v2)) = (record.paths.get(UNIFIED), &hierarchies.v2) else {
        return Ok(());
    };
    let none = BTreeSet::new();
    let wanted = if hierarchies.is_unified() {
        &hierarchies.controllers
    } else {
        &none
    };
    let enabling = ancestors::controllers(&v2.mount, path, settings, wanted, &reading)
        .map_err(|refusal| Failure::new(refusal.to_string()))?;
    for write in enabling.writes {
        let written = put(&write.file, &write.value);
        if write.required {
            let file = write.file.display();
            written.attempt(|| format!("write {} to {file}", write.value))?;
        }
    }
    Ok(())
}

/// Enters the groups in which the process is not yet.
fn enter(record: &Record, pid: u32) -> Result<(), Failure> {
    let is_in = |path: &Path| {
        let list = reading(&path.join("cgroup.procs")).unwrap_or_default();
        list.lines().any(|line| line == pid.to_string())
    };
    for path in record.directories() {
        if !is_in(path) {
            let file = path.join("cgroup.procs");
            put(&file, &pid.to_string()).attempt(|| format!("enter {}", path.display()))?;
        }
    }
    let outside = record.directories().into_iter().find(|path| !is_in(path));
    match outside {
        None => Ok(()),
        Some(path) => Err(Failure::new(format!(
            "the process is not in {}, though it was put there",
            path.display()
        ))),
    }
}
