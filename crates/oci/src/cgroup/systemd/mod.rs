//! The driver that has systemd make the groups.
//!
//! The launcher speaks no D-Bus. Once it has made the container's process, it starts the runtime again with that process's
//! id ([`attach`]): systemd makes a transient unit with the process in it, and the rest is as without systemd. Every call
//! has a time limit.

mod bus;
mod properties;
mod unit;
mod wire;

pub use unit::Unit;

use super::plan::{Asked, Caller, Groups, is_free};
use super::{Record, place};
use crate::failure::{Attempt, Failure};
use bus::{Bus, Whose};
use casemate_enforce::step::Step;
use casemate_formats::oci::schema::{Resources, Spec};
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use wire::Value;

/// The hidden verb by which the launcher has a process put into its unit.
pub const ATTACH: &str = "attach-unit";

/// Whose systemd is asked: root's containers are the system's.
fn whose() -> Whose {
    if casemate_sys::ids::geteuid() == 0 {
        Whose::System
    } else {
        Whose::User
    }
}

/// Plans a container's groups. `again` are the words that start the runtime with the same global flags.
///
/// # Errors
/// Something that is asked for cannot be enforced, or systemd cannot be asked where its groups are.
pub fn plan(asked: &Asked<'_>, again: &[String]) -> Result<Groups, Failure> {
    let hierarchies = super::hierarchy::Hierarchies::read()?;
    if asked.caller == Caller::Rootless && !hierarchies.is_unified() {
        return Err(Failure::new(
            "--systemd-cgroup: without root it needs cgroup version 2 alone, which this host has not",
        ));
    }
    let (default_slice, manager) = match whose() {
        Whose::System => ("system.slice", PathBuf::new()),
        Whose::User => {
            let group = Bus::connect(Whose::User, None)?.property("ControlGroup")?;
            ("user.slice", PathBuf::from(group))
        }
    };
    let unit = Unit::of(asked.id, asked.path, default_slice)?;
    let paths = place::directories_of_unit(&hierarchies, &unit, &manager);
    paths.values().try_for_each(|path| is_free(path))?;
    let none = Resources::default();
    let resources = asked.resources.unwrap_or(&none);
    // What no hierarchy has is told now, not when half is done.
    let found = super::settings::settings(resources, &hierarchies, super::settings::Groups::New)
        .map_err(|refusal| Failure::new(refusal.to_string()))?;
    super::devices::Policy::of(&resources.devices)
        .map_err(|hole| Failure::new(hole.to_string()))?;
    let helper = std::env::current_exe().attempt(|| "find our own program".to_owned())?;
    let text = |bytes: &[u8]| CString::new(bytes).attempt(|| "start our own program".to_owned());
    let mut arguments = Vec::new();
    for word in again.iter().map(String::as_str).chain([ATTACH]) {
        arguments.push(text(word.as_bytes())?);
    }
    // It has no environment.
    if let Some(address) = std::env::var_os(whose().variable()) {
        arguments.push(text(b"--bus")?);
        arguments.push(text(address.as_bytes())?);
    }
    arguments.push(text(asked.id.as_bytes())?);
    Ok(Groups {
        after: vec![Step::PlaceBy {
            helper: text(helper.as_os_str().as_bytes())?,
            arguments,
        }],
        record: Record::of(&paths, Some(unit.name)),
        notes: found.notes,
        ..Groups::default()
    })
}

/// Puts a process into the unit of a container that is being made, and makes the unit.
///
/// # Errors
/// systemd refuses it, or a value cannot be written.
pub fn attach(
    id: &str,
    record: &Record,
    spec: &Spec,
    pid: u32,
    bus: Option<&str>,
) -> Result<Vec<String>, Failure> {
    let linux = spec.linux.as_ref();
    let path = linux.map(|linux| linux.cgroups_path.as_str());
    let none = Resources::default();
    let resources = linux
        .and_then(|linux| linux.resources.as_ref())
        .unwrap_or(&none);
    let whose = whose();
    let slice = match whose {
        Whose::System => "system.slice",
        Whose::User => "user.slice",
    };
    let unit = Unit::of(id, path, slice)?;
    let mut bus = Bus::connect(whose, bus)?;
    let version = version(&mut bus);
    let mut all = properties::of_unit(&unit, id, pid);
    all.extend(properties::of_resources(record, resources, version)?);
    all.extend(properties::of_annotations(&spec.annotations)?);
    start(&mut bus, &unit.name, &all)?;
    super::attach(record, resources, pid)
}

/// Makes a unit. One of the same name that has failed is forgotten first.
fn start(bus: &mut Bus, name: &str, all: &[(String, Value)]) -> Result<(), Failure> {
    // Without it systemd tells nobody of jobs.
    bus.manager("Subscribe", &[])?;
    let arguments = [
        Value::Text(name.to_owned()),
        Value::Text("replace".to_owned()),
        Value::Properties(all.to_vec()),
        Value::NoUnits,
    ];
    let started = bus.manager("StartTransientUnit", &arguments);
    let answer = match started {
        Err(failure) if failure.to_string().contains("UnitExists") => {
            bus.manager("ResetFailedUnit", &[Value::Text(name.to_owned())])?;
            bus.manager("StartTransientUnit", &arguments)?
        }
        other => other?,
    };
    let job = answer.first().map_or("", String::as_str);
    match bus.wait(job)?.as_str() {
        "done" => Ok(()),
        other => Err(Failure::new(format!(
            "systemd did not make the unit {name}: the job ended with `{other}`"
        ))),
    }
}

/// systemd's version, of which the names of properties depend; 0 when it does not say.
fn version(bus: &mut Bus) -> u32 {
    let text = bus.property("Version").unwrap_or_default();
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(0)
}

/// Tells systemd of changed resources, so that it does not write others later.
///
/// # Errors
/// systemd refuses it.
pub fn update(unit: &str, record: &Record, resources: &Resources) -> Result<(), Failure> {
    let mut bus = Bus::connect(whose(), None)?;
    let version = version(&mut bus);
    let changed = Resources {
        devices: Vec::new(),
        ..resources.clone()
    };
    let all = properties::of_limits(record, &changed, version)?;
    if all.is_empty() {
        return Ok(());
    }
    let arguments = [
        Value::Text(unit.to_owned()),
        // For as long as the machine runs.
        Value::Bool(true),
        Value::Properties(all),
    ];
    bus.manager("SetUnitProperties", &arguments).map(drop)
}

/// Has systemd end and forget a unit.
///
/// # Errors
/// systemd cannot be asked, or does not do it in time.
pub fn stop(unit: &str) -> Result<(), Failure> {
    let mut bus = Bus::connect(whose(), None)?;
    bus.manager("Subscribe", &[])?;
    let name = Value::Text(unit.to_owned());
    match bus.manager(
        "StopUnit",
        &[name.clone(), Value::Text("replace".to_owned())],
    ) {
        Ok(answer) => {
            let job = answer.first().map_or("", String::as_str);
            // Whatever its result, what is left of the groups is removed by us.
            bus.wait(job)?;
        }
        // Mostly it has gone with its last process.
        Err(failure) if failure.to_string().contains("NoSuchUnit") => return Ok(()),
        Err(failure) => return Err(failure),
    }
    match bus.manager("ResetFailedUnit", &[name]) {
        // It is not loaded: nothing has failed.
        Ok(_) | Err(_) => Ok(()),
    }
}
