//! Changing the resources of a container that is there.
//!
//! Its groups have values already, and the kernel checks each new one against those: what is written first decides whether
//! it is taken.

use super::devices::{self, Default, Devices, Kind, Policy};
use super::hierarchy::{Hierarchies, Version};
use super::settings::{self, Absent, Groups, Setting};
use super::{Record, UNIFIED, put, reading};
use crate::failure::{Attempt, Failure};
use casemate_formats::oci::schema::{DeviceCgroup, Memory, Resources};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::{CWD, Errno, FdRef, bpf};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Changes what resources name, and leaves the rest. Returns what was passed over, for the log.
///
/// # Errors
/// A field cannot be enforced, or the kernel refuses its value; what stands before it is changed then.
pub fn update(record: &Record, resources: &Resources) -> Result<Vec<String>, Failure> {
    let mut hierarchies = Hierarchies::read()?;
    // Only where the container has a group.
    hierarchies
        .v1
        .retain(|name, _| record.paths.contains_key(name));
    match record.paths.get(UNIFIED) {
        Some(path) => {
            let list = reading(&path.join("cgroup.controllers")).unwrap_or_default();
            hierarchies.controllers = list.split_whitespace().map(str::to_owned).collect();
        }
        None => {
            hierarchies.v2 = None;
            hierarchies.controllers.clear();
        }
    }
    let mut resources = resources.clone();
    complete(record, &hierarchies, &mut resources);
    if let Some(memory) = &resources.memory {
        check_usage(record, memory)?;
    }
    let found = settings::settings(&resources, &hierarchies, Groups::Used)
        .map_err(|refusal| Failure::new(refusal.to_string()))?;
    if let Some(unit) = &record.unit {
        super::systemd::update(unit, record, &resources)?;
    }
    let ordered = in_order(record, found.settings);
    write(record, &ordered)?;
    if !resources.devices.is_empty() {
        change_devices(record, &resources.devices)?;
    }
    Ok(found.notes)
}

/// Fills in what the second version writes together, from what the group has.
fn complete(record: &Record, hierarchies: &Hierarchies, resources: &mut Resources) {
    let Some(path) = record.paths.get(UNIFIED) else {
        return;
    };
    if let Some(cpu) = &mut resources.cpu
        && hierarchies.version_of("cpu") == Some(Version::V2)
        && let Some(text) = reading(&path.join("cpu.max"))
    {
        let mut words = text.split_whitespace();
        let quota = words.next().and_then(|word| word.parse().ok());
        let period = words.next().and_then(|word| word.parse().ok());
        let has_quota = cpu.quota.is_some_and(|quota| quota != 0);
        let has_period = cpu.period.is_some_and(|period| period != 0);
        if has_quota && !has_period {
            cpu.period = period;
        } else if has_period && !has_quota {
            cpu.quota = quota;
        }
    }
    if let Some(memory) = &mut resources.memory
        && hierarchies.version_of("memory") == Some(Version::V2)
        && memory.limit.is_none_or(|limit| limit == 0)
        && memory.swap.is_some_and(|swap| swap > 0)
        && let Some(text) = reading(&path.join("memory.max"))
    {
        memory.limit = Some(text.trim().parse().unwrap_or(-1));
    }
}

/// The second version takes a limit below what is used, and kills. With `checkBeforeUpdate` it is refused.
fn check_usage(record: &Record, memory: &Memory) -> Result<(), Failure> {
    if memory.check_before_update != Some(true) {
        return Ok(());
    }
    let current = record
        .paths
        .get(UNIFIED)
        .and_then(|path| reading(&path.join("memory.current")));
    let Some(used) = current.and_then(|text| text.trim().parse::<i64>().ok()) else {
        return Ok(());
    };
    for (name, limit) in [("limit", memory.limit), ("swap", memory.swap)] {
        if let Some(limit) = limit.filter(|limit| *limit > 0 && *limit <= used) {
            return Err(Failure::new(format!(
                "linux.resources.memory.{name}: {limit} is not above what is used, {used}"
            )));
        }
    }
    Ok(())
}

const LIMIT: &str = "memory.limit_in_bytes";
const BOTH: &str = "memory.memsw.limit_in_bytes";

/// In the first version the limit of memory must never be above that of memory and swap: which of them is written first
/// depends on whether they are raised or lowered.
fn in_order(record: &Record, mut settings: Vec<Setting>) -> Vec<Setting> {
    let place = |file: &str| settings.iter().position(|one| one.file == file);
    let (Some(limit), Some(both)) = (place(LIMIT), place(BOTH)) else {
        return settings;
    };
    let value = |place: usize| -> Option<i64> { settings.get(place)?.values.first()?.parse().ok() };
    let current: Option<u64> = record
        .paths
        .get("memory")
        .and_then(|path| reading(&path.join(BOTH)))
        .and_then(|text| text.trim().parse().ok());
    let raises = match value(both) {
        Some(wanted) if wanted >= 0 => {
            current.is_none_or(|current| current < wanted.unsigned_abs())
        }
        _ => true,
    };
    if raises != (both < limit) {
        settings.swap(limit, both);
    }
    settings
}

/// Writes values. One that the kernel finds unfit beside another that is still to be written is tried again at the end.
pub(super) fn write(record: &Record, settings: &[Setting]) -> Result<(), Failure> {
    let mut later = Vec::new();
    let mut settled = false;
    for setting in settings {
        if std::mem::take(&mut settled) {
            continue;
        }
        match write_one(record, setting) {
            Ok(()) => settled = setting.absent == Absent::Next,
            Err(error)
                if error.kind() == io::ErrorKind::NotFound && setting.absent != Absent::Error => {}
            Err(error)
                if error.kind() == io::ErrorKind::InvalidInput && setting.controller == "cpu" =>
            {
                later.push(setting);
            }
            Err(error) => return Err(failed(record, setting, &error)),
        }
    }
    for setting in later {
        write_one(record, setting).map_err(|error| failed(record, setting, &error))?;
    }
    Ok(())
}

fn group<'r>(record: &'r Record, setting: &Setting) -> Option<&'r PathBuf> {
    record.paths.get(match setting.version {
        Version::V1 => setting.controller.as_str(),
        Version::V2 => UNIFIED,
    })
}

fn write_one(record: &Record, setting: &Setting) -> io::Result<()> {
    let group = group(record, setting).ok_or(io::ErrorKind::NotFound)?;
    for value in &setting.values {
        put(&group.join(&setting.file), value)?;
    }
    Ok(())
}

fn failed(record: &Record, setting: &Setting, error: &io::Error) -> Failure {
    let value = setting.values.join(" ");
    let (field, file) = (&setting.field, &setting.file);
    if error.kind() == io::ErrorKind::ResourceBusy && file == LIMIT {
        let group = group(record, setting);
        let figure = |name: &str| {
            let text = group.and_then(|group| reading(&group.join(name)));
            text.map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned())
        };
        let (used, most) = (
            figure("memory.usage_in_bytes"),
            figure("memory.max_usage_in_bytes"),
        );
        return Failure::new(format!(
            "{field}: unable to set memory limit to {value} (current usage: {used}, peak usage: {most})"
        ));
    }
    Failure::new(format!("{field}: cannot write {value} to {file}: {error}"))
}

fn change_devices(record: &Record, rules: &[DeviceCgroup]) -> Result<(), Failure> {
    let policy = Policy::of(rules).map_err(|hole| Failure::new(hole.to_string()))?;
    if let Some(group) = record.paths.get("devices") {
        return change_lines(group, &policy);
    }
    match record.paths.get(UNIFIED) {
        Some(group) => replace_program(group, &policy),
        None => Err(Failure::new(
            "linux.resources.devices: the container has no group that controls devices",
        )),
    }
}

/// Brings a group of the first version from what it permits to what it shall, without a moment in which it permits less
/// than both. What a group that permits by default denies cannot be read: it starts anew.
pub(super) fn change_lines(group: &Path, policy: &Policy) -> Result<(), Failure> {
    let list = reading(&group.join("devices.list")).unwrap_or_default();
    let current: BTreeMap<Devices, String> = list.lines().filter_map(listed).collect();
    let anew = policy.default == Default::Allow || current.len() != list.lines().count();
    let ([reset, exceptions], lines) = policy.lines();
    let tell = |file: &str, line: &str| {
        put(&group.join(file), line)
            .attempt(|| format!("enforce linux.resources.devices: write {line} to {file}"))
    };
    if anew {
        tell(reset, "a")?;
    }
    for line in lines {
        tell(exceptions, &line)?;
    }
    if !anew {
        for (devices, access) in current {
            let kept = policy
                .exceptions
                .get(&devices)
                .map(ToString::to_string)
                .unwrap_or_default();
            let gone: String = access.chars().filter(|way| !kept.contains(*way)).collect();
            if !gone.is_empty() {
                tell("devices.deny", &format!("{devices} {gone}"))?;
            }
        }
    }
    Ok(())
}

/// A line of `devices.list`, such as `c 1:3 rwm`.
fn listed(line: &str) -> Option<(Devices, String)> {
    let mut words = line.split([' ', ':']);
    let kind = match words.next()? {
        "b" => Kind::Block,
        "c" => Kind::Character,
        _ => return None,
    };
    let mut number = || match words.next()? {
        "*" => Some(None),
        digits => digits.parse().ok().map(Some),
    };
    let (major, minor) = (number()?, number()?);
    Some((Devices { major, minor, kind }, words.next()?.to_owned()))
}

/// Attaches a program beside those that are there.
pub(super) fn add_program(group: &Path, code: &[u8]) -> Result<(), Failure> {
    let what = || format!("enforce linux.resources.devices in {}", group.display());
    let path = CString::new(group.as_os_str().as_bytes()).attempt(what)?;
    let flags = OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
    let directory = file::openat(CWD, &path, flags, 0).attempt(what)?;
    let program = load(code).attempt(what)?;
    bpf::attach_device_program(directory.as_fd(), program.as_fd(), None).attempt(what)
}

/// Puts a program in the place of the one that is there; or beside, and takes those away afterwards: in between all must
/// permit.
fn replace_program(group: &Path, policy: &Policy) -> Result<(), Failure> {
    let what = || format!("enforce linux.resources.devices in {}", group.display());
    let path = CString::new(group.as_os_str().as_bytes()).attempt(what)?;
    let flags = OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
    let directory = file::openat(CWD, &path, flags, 0).attempt(what)?;
    let directory = directory.as_fd();
    let code = devices::program::bytes(&devices::program::compile(policy));
    let program = load(&code).attempt(what)?;
    let mut ids = [0; 64];
    let old = bpf::device_programs(directory, &mut ids).attempt(what)?;
    let old: Vec<_> = old
        .iter()
        .map(|id| bpf::program(*id))
        .collect::<Result<_, _>>()
        .attempt(what)?;
    if let [one] = &old[..] {
        let replaced = bpf::attach_device_program(directory, program.as_fd(), Some(one.as_fd()));
        match replaced {
            Ok(()) => return Ok(()),
            // Kernels before 5.6 cannot.
            Err(Errno::EINVAL) => {}
            Err(errno) => return Err(errno).attempt(what),
        }
    }
    attach_beside(directory, program.as_fd(), &old).attempt(what)
}

fn load(code: &[u8]) -> Result<casemate_sys::Fd, Errno> {
    for _ in 0..30 {
        match bpf::load_device_program(code, b"casemate_device\0") {
            // A signal has interrupted the kernel's check.
            Err(Errno::EAGAIN) => {}
            other => return other,
        }
    }
    Err(Errno::EAGAIN)
}

fn attach_beside(
    group: FdRef<'_>,
    program: FdRef<'_>,
    old: &[casemate_sys::Fd],
) -> Result<(), Errno> {
    bpf::attach_device_program(group, program, None)?;
    for one in old {
        bpf::detach_device_program(group, one.as_fd())?;
    }
    Ok(())
}
