//! The steps that make a container's groups, and those that enter them.

use super::ancestors::{self, Write};
use super::devices::{self, Policy};
use super::hierarchy::{Hierarchies, Version};
use super::place::{self, Paths, UNIFIED};
use super::settings::{self, Absent, Refusal, Setting};
use super::{Record, reading};
use crate::failure::{Attempt, Failure};
use casemate_enforce::plan::Owned;
use casemate_enforce::step::{NO_SLOT, Slot, Step};
use casemate_formats::oci::schema::Resources;
use casemate_sys::CWD;
use casemate_sys::file::{Access, AtFlags, faccessat2};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Whether the caller has the rights of the host's root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caller {
    /// It has.
    Root,
    /// It has not: groups need not be had unless something is asked of them.
    Rootless,
}

/// What a configuration says of groups.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The container's id.
    pub id: &'a str,
    /// `linux.cgroupsPath`.
    pub path: Option<&'a str>,
    /// `linux.resources`.
    pub resources: Option<&'a Resources>,
    /// Who asks.
    pub caller: Caller,
    /// To whom the second version's group is given: the host's id of the container's user, where the container has a cgroup
    /// namespace of its own and a cgroup file system that it may write.
    pub owner: Option<u32>,
}

/// The steps of a container's groups.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Groups {
    /// In the launcher, before [`Step::Clone`].
    pub before: Vec<Step<Owned>>,
    /// For [`Step::Clone`]: the second version's group.
    pub entrance: Option<Slot>,
    /// In the launcher, between [`Step::Clone`] and [`Step::Release`].
    pub after: Vec<Step<Owned>>,
    /// In the init process, first of all and before [`Step::NewCgroupNamespace`].
    pub inside: Vec<Step<Owned>>,
    /// What the state keeps.
    pub record: Record,
    /// What is passed over, for the log.
    pub notes: Vec<String>,
}

impl Groups {
    /// The slot for [`Step::Clone`].
    pub fn clone_into(&self) -> Slot {
        self.entrance.unwrap_or(NO_SLOT)
    }
}

/// Plans a container's groups by the cgroupfs driver. `slot` reserves a place for a descriptor, for the whole launch.
///
/// # Errors
/// Something that is asked for cannot be enforced on this host.
pub fn plan(asked: &Asked<'_>, slot: &mut dyn FnMut() -> Slot) -> Result<Groups, Failure> {
    let hierarchies = Hierarchies::read()?;
    let mut paths = place::directories(&hierarchies, asked.id, asked.path)?;
    let mut dropped = BTreeMap::new();
    if asked.caller == Caller::Rootless {
        drop_unusable(asked, &mut paths, &mut dropped)?;
    }
    paths.values().try_for_each(|path| is_free(path))?;
    let none = Resources::default();
    let resources = asked.resources.unwrap_or(&none);
    let found = settings::settings(resources, &hierarchies, settings::Groups::New)
        .map_err(|refusal| Failure::new(refusal.to_string()))?;
    for setting in &found.settings {
        if let Some(why) = dropped.get(hierarchy_of(setting)) {
            return Err(refused(setting, why));
        }
    }
    let mut groups = Groups {
        notes: found.notes,
        ..Groups::default()
    };
    let mut builder = Builder {
        hierarchies: &hierarchies,
        paths: &paths,
        steps: Vec::new(),
    };
    builder.unified(&found.settings, asked.owner)?;
    builder.groups()?;
    builder.cpuset(&found.settings)?;
    builder.settings(&found.settings)?;
    let program = builder.devices(asked, resources, &mut groups.notes)?;
    groups.before = builder.steps;
    groups.record = Record::of(&paths, None);
    open(&paths, &mut groups, slot)?;
    if let (Some(program), Some(cgroup)) = (program, groups.entrance) {
        groups
            .before
            .push(Step::LoadDeviceProgram { cgroup, program });
    }
    Ok(groups)
}

/// Plans how a further process enters a container's groups. `below` are groups in these, by hierarchy, or for all of them
/// by [`UNIFIED`]; `pid` is the container's process.
///
/// # Errors
/// A group below is not there.
pub fn join(
    record: &Record,
    below: &BTreeMap<String, String>,
    pid: i32,
    slot: &mut dyn FnMut() -> Slot,
) -> Result<Groups, Failure> {
    let mut paths = record.paths.clone();
    for (name, path) in &mut paths {
        let wanted = below.get(name).or_else(|| below.get(UNIFIED));
        if let Some(wanted) = wanted {
            let inside = Path::new(wanted.trim_start_matches('/'));
            let plain = |part| matches!(part, std::path::Component::Normal(_));
            if !inside.components().all(plain) {
                return Err(Failure::new(format!(
                    "bad group `{wanted}`: it leads out of the container's"
                )));
            }
            path.push(inside);
            if !path.is_dir() {
                return Err(Failure::new(format!(
                    "the group {} does not exist",
                    path.display()
                )));
            }
        }
    }
    if below.is_empty() {
        follow(&mut paths, pid);
    }
    let mut groups = Groups {
        record: record.clone(),
        ..Groups::default()
    };
    open(&paths, &mut groups, slot)?;
    Ok(groups)
}

/// In the second version nobody can enter a group that gives controllers to others. A container's own manager has moved
/// its process further down by then, and a new one is put where that is.
fn follow(paths: &mut Paths, pid: i32) {
    let Some(path) = paths.get_mut(UNIFIED) else {
        return;
    };
    let gives = |path: &Path| {
        reading(&path.join("cgroup.subtree_control")).is_some_and(|text| !text.trim().is_empty())
    };
    if !gives(path) {
        return;
    }
    let own = reading(Path::new(&format!("/proc/{pid}/cgroup"))).and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("0::/"))?;
        Some(PathBuf::from(line))
    });
    // The last parts of both paths have to agree, whatever is above the mount.
    let depth = path.components().count();
    for skipped in 0..depth {
        let tail: PathBuf = path.components().skip(skipped).collect();
        if let Some(rest) = own.as_ref().and_then(|own| own.strip_prefix(&tail).ok()) {
            *path = path.join(rest);
            return;
        }
    }
}

/// Refuses a group in which somebody is, or whose processes are stopped, as runc does and the specification permits. It is
/// looked at before the state names the group, since what a state names is removed with all that is in it. The launcher
/// looks again.
pub(super) fn is_free(path: &Path) -> Result<(), Failure> {
    let Some(list) = reading(&path.join("cgroup.procs")) else {
        return Ok(());
    };
    let count = list.lines().count();
    if count != 0 {
        return Err(Failure::new(format!(
            "container's cgroup is not empty: {} has {count} process(es), which are not this container's",
            path.display()
        )));
    }
    let says =
        |file: &str, word: &str| reading(&path.join(file)).is_some_and(|text| text.trim() == word);
    if says("freezer.state", "FROZEN") || says("cgroup.freeze", "1") {
        return Err(Failure::new(format!(
            "container's cgroup unexpectedly frozen: {}",
            path.display()
        )));
    }
    Ok(())
}

/// The name under which a record has a setting's hierarchy.
fn hierarchy_of(setting: &Setting) -> &str {
    match setting.version {
        Version::V1 => &setting.controller,
        Version::V2 => UNIFIED,
    }
}

fn refused(setting: &Setting, why: &str) -> Failure {
    let field = setting.field.clone();
    let refusal = Refusal {
        field,
        why: why.to_owned(),
    };
    Failure::new(refusal.to_string())
}

/// Leaves out the hierarchies in which the caller can make no group, unless a path says that it must.
fn drop_unusable(
    asked: &Asked<'_>,
    paths: &mut Paths,
    dropped: &mut BTreeMap<String, String>,
) -> Result<(), Failure> {
    for (name, path) in paths.iter() {
        let there = path.ancestors().find(|path| path.exists());
        let Some(there) = there else {
            continue;
        };
        let mut needed = vec![there.to_owned()];
        // To move a process, the second version wants the common ancestor's list to be writable, too.
        if name == UNIFIED {
            needed.push(there.join("cgroup.procs"));
        }
        let refused = needed.iter().find(|path| !may_write(path));
        if let Some(refused) = refused {
            let why = format!(
                "no right to write {}: nothing is delegated to this user there",
                refused.display()
            );
            dropped.insert(name.clone(), why);
        }
    }
    if asked.path.is_some_and(|path| !path.is_empty())
        && let Some(why) = dropped.values().next()
    {
        return Err(Failure::with_hint(
            format!("linux.cgroupsPath: {why}"),
            "without cgroupsPath and without limits a container runs in its caller's groups",
        ));
    }
    paths.retain(|name, _| !dropped.contains_key(name));
    Ok(())
}

fn may_write(path: &Path) -> bool {
    c_path(path).is_ok_and(|path| faccessat2(CWD, &path, Access::WRITE, AtFlags::empty()).is_ok())
}

fn c_path(path: &Path) -> Result<CString, Failure> {
    CString::new(path.as_os_str().as_bytes()).attempt(|| format!("use {}", path.display()))
}

fn c_text(text: &str) -> Result<CString, Failure> {
    CString::new(text).attempt(|| format!("use {text:?}"))
}

/// Opens what lets a process in.
fn open(paths: &Paths, groups: &mut Groups, slot: &mut dyn FnMut() -> Slot) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for (name, path) in paths {
        if !seen.insert(path) {
            continue;
        }
        let slot = slot();
        if name == UNIFIED {
            groups.entrance = Some(slot);
            groups.before.push(Step::OpenCgroup {
                path: c_path(path)?,
                slot,
            });
        } else {
            groups.before.push(Step::OpenCgroup {
                path: c_path(&path.join("tasks"))?,
                slot,
            });
            groups.inside.push(Step::EnterCgroup { slot });
        }
    }
    Ok(())
}

struct Builder<'a> {
    hierarchies: &'a Hierarchies,
    paths: &'a Paths,
    steps: Vec<Step<Owned>>,
}

impl Builder<'_> {
    /// The second version's group, with what is above it.
    fn unified(&mut self, settings: &[Setting], owner: Option<u32>) -> Result<(), Failure> {
        let (Some(path), Some(v2)) = (self.paths.get(UNIFIED), &self.hierarchies.v2) else {
            return Ok(());
        };
        // Beside hierarchies of the first version most controllers are not here, and none is needed but for settings.
        let none = BTreeSet::new();
        let wanted = if self.hierarchies.is_unified() {
            &self.hierarchies.controllers
        } else {
            &none
        };
        let enabling = ancestors::controllers(&v2.mount, path, settings, wanted, &reading)
            .map_err(|refusal| Failure::new(refusal.to_string()))?;
        for group in enabling.groups {
            self.steps.push(Step::MakeCgroup {
                path: c_path(&group)?,
                shared: 2,
            });
        }
        for write in &enabling.writes {
            self.write(write, "the controllers of groups below")?;
        }
        self.steps.push(Step::MakeCgroup {
            path: c_path(path)?,
            shared: 1,
        });
        if let Some(uid) = owner {
            self.give(path, uid)?;
        }
        Ok(())
    }

    /// The files that the kernel says may be given away, cgroups(7).
    fn give(&mut self, path: &Path, uid: u32) -> Result<(), Failure> {
        let list = reading(Path::new("/sys/kernel/cgroup/delegate"))
            .unwrap_or_else(|| "cgroup.procs cgroup.subtree_control cgroup.threads".to_owned());
        let mut paths = vec![c_path(path)?];
        for name in list.split_whitespace() {
            paths.push(c_path(&path.join(name))?);
        }
        self.steps.push(Step::GiveCgroup { paths, uid });
        Ok(())
    }

    fn groups(&mut self) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        for (name, path) in self.paths {
            if name != UNIFIED && seen.insert(path) {
                self.steps.push(Step::MakeCgroup {
                    path: c_path(path)?,
                    shared: 1,
                });
            }
        }
        Ok(())
    }

    fn cpuset(&mut self, settings: &[Setting]) -> Result<(), Failure> {
        let hierarchy = self.hierarchies.v1.get("cpuset");
        let (Some(path), Some(hierarchy)) = (self.paths.get("cpuset"), hierarchy) else {
            return Ok(());
        };
        for write in ancestors::cpuset(&hierarchy.mount, path, settings, &reading) {
            self.write(&write, "the processors of groups below")?;
        }
        Ok(())
    }

    fn write(&mut self, write: &Write, field: &str) -> Result<(), Failure> {
        self.steps.push(Step::SetCgroup {
            path: c_path(&write.file)?,
            values: vec![c_text(&write.value)?],
            field: c_text(field)?,
            absent: if write.required { 0 } else { 3 },
        });
        Ok(())
    }

    fn settings(&mut self, settings: &[Setting]) -> Result<(), Failure> {
        for setting in settings {
            let Some(group) = self.paths.get(hierarchy_of(setting)) else {
                return Err(refused(setting, "no group could be made for it"));
            };
            let values = setting.values.iter().map(|value| c_text(value));
            self.steps.push(Step::SetCgroup {
                path: c_path(&group.join(&setting.file))?,
                values: values.collect::<Result<_, _>>()?,
                field: c_text(&setting.field)?,
                absent: setting.absent as u8,
            });
        }
        Ok(())
    }

    /// Tells the first version of devices, or returns the program for the second.
    fn devices(
        &mut self,
        asked: &Asked<'_>,
        resources: &Resources,
        notes: &mut Vec<String>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let policy =
            Policy::of(&resources.devices).map_err(|hole| Failure::new(hole.to_string()))?;
        if asked.caller == Caller::Rootless {
            // Who has no rights over devices makes no nodes either; what the host's files permit is all that there is.
            if !resources.devices.is_empty() {
                notes.push("linux.resources.devices is passed over: an unprivileged container makes no devices".to_owned());
            }
            return Ok(None);
        }
        if let Some(group) = self.paths.get("devices") {
            let (files, lines) = policy.lines();
            let whole = vec!["a".to_owned()];
            for (file, lines) in files.into_iter().zip([whole, lines]) {
                if lines.is_empty() {
                    continue;
                }
                let values = lines.iter().map(|line| c_text(line));
                self.steps.push(Step::SetCgroup {
                    path: c_path(&group.join(file))?,
                    values: values.collect::<Result<_, _>>()?,
                    field: c_text("linux.resources.devices")?,
                    absent: Absent::Error as u8,
                });
            }
            return Ok(None);
        }
        if !self.paths.contains_key(UNIFIED) {
            return Err(Failure::new(
                "linux.resources.devices: no mounted cgroup hierarchy controls devices",
            ));
        }
        // Groups above decide, too.
        let program = (!policy.is_open()).then(|| devices::program::compile(&policy));
        Ok(program.map(|program| devices::program::bytes(&program)))
    }
}
