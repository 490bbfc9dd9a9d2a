//! Mounts, in the order in which they must be made.

use super::{text, unwritable};
use crate::oci::schema::{IdMapping, Mount};
use crate::reader::WriteError;
use casemate_model::Confinement;
use casemate_model::facets::binds::{Bind, Extra, Propagation, Source};
use casemate_model::facets::files::{Access, ProcView, SysView};
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::Limit;
use casemate_model::workload::Setting;
use std::path::Path;

fn mount(destination: &str, kind: &str, source: &str, options: &[&str]) -> Mount {
    Mount {
        destination: destination.to_owned(),
        kind: kind.to_owned(),
        source: source.to_owned(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        ..Mount::default()
    }
}

/// What every container has, and then what this one has, the paths nearest to the root first.
pub(super) fn mounts(c: &Confinement) -> Result<Vec<Mount>, WriteError> {
    let mut list = kernel(c);
    let mut own = Vec::new();
    if let Some(temporary) = c.files.temporary.value() {
        for (path, size) in &temporary.0 {
            if path == Path::new("/dev/shm") {
                continue;
            }
            let mut one = mount(
                &text("files", "temporary", path)?,
                "tmpfs",
                "tmpfs",
                &["nosuid", "nodev"],
            );
            if let Limit::AtMost(bytes) = size {
                one.options.push(format!("size={bytes}"));
            }
            own.push(one);
        }
    }
    if let Some(grants) = c.files.grants.value() {
        for (path, access) in grants.0.iter().filter(|(_, access)| !access.is_none()) {
            let at = text("files", "grants", path)?;
            let mut one = mount(&at, "bind", &at, &["rbind", "rprivate", "nosuid", "nodev"]);
            one.options.extend(flags(*access));
            own.push(one);
        }
    }
    if let Some(binds) = c.files.binds.value() {
        for bind in &binds.0 {
            own.push(of_bind(bind)?);
        }
    }
    own.sort_by(|one, other| one.destination.cmp(&other.destination));
    list.extend(own);
    Ok(list)
}

fn kernel(c: &Confinement) -> Vec<Mount> {
    let own_pids = c.namespaces.pid.value() != Some(&Placement::Host);
    let mut list = Vec::new();
    let flags = ["nosuid", "noexec", "nodev"];
    let proc = |more: &[&str]| mount("/proc", "proc", "proc", &[&flags[..], more].concat());
    match c.files.proc.value() {
        Some(ProcView::Absent) => {}
        Some(ProcView::Processes) => list.push(proc(&["subset=pid"])),
        Some(ProcView::Own) => list.push(proc(&["hidepid=2", "ro"])),
        Some(ProcView::Host) if own_pids => {
            list.push(mount("/proc", "bind", "/proc", &["rbind", "rprivate"]));
        }
        Some(ProcView::Writable | ProcView::Host) | None => list.push(proc(&[])),
    }
    list.push(mount(
        "/dev",
        "tmpfs",
        "tmpfs",
        &["nosuid", "strictatime", "mode=755", "size=65536k"],
    ));
    list.push(mount(
        "/dev/pts",
        "devpts",
        "devpts",
        &[
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620",
        ],
    ));
    let size = c
        .files
        .temporary
        .value()
        .and_then(|t| t.0.get(Path::new("/dev/shm")));
    let size = match size {
        Some(Limit::AtMost(bytes)) => format!("size={bytes}"),
        _ => "size=67108864".to_owned(),
    };
    list.push(mount(
        "/dev/shm",
        "tmpfs",
        "shm",
        &["nosuid", "noexec", "nodev", "mode=1777", &size],
    ));
    list.push(mount("/dev/mqueue", "mqueue", "mqueue", &flags));
    let sys = |more: &[&str]| mount("/sys", "sysfs", "sysfs", &[&flags[..], more].concat());
    match c.files.sys.value() {
        Some(SysView::Absent) => return list,
        Some(SysView::Writable) => list.push(sys(&[])),
        Some(SysView::ReadOnly) | None => list.push(sys(&["ro"])),
    }
    let groups = [&flags[..], &["relatime", "ro"]].concat();
    list.push(mount("/sys/fs/cgroup", "cgroup", "cgroup", &groups));
    list
}

fn flags(access: Access) -> Vec<String> {
    let mut flags = Vec::new();
    if !access.includes(Access::WRITE) {
        flags.push("ro".to_owned());
    }
    if !access.includes(Access::RUN) {
        flags.push("noexec".to_owned());
    }
    flags
}

fn of_bind(bind: &Bind) -> Result<Mount, WriteError> {
    let at = text("files", "binds", &bind.at)?;
    let mut one = match &bind.source {
        Source::Host(path) => mount(&at, "bind", &text("files", "binds", path)?, &["rbind"]),
        Source::Volume(name) => match name.split_once(':') {
            // As the reader of this format has it; volumes of engines have no place in it.
            Some((kind, source)) if !kind.contains('/') => mount(&at, kind, source, &[]),
            _ => {
                let why = format!("volume {name:?} has no path here");
                return Err(unwritable("files", "binds", why));
            }
        },
        Source::Own => mount(&at, "tmpfs", "tmpfs", &[]),
    };
    if one.is_bind() {
        one.options.push(format!("r{}", bind.propagation.as_str()));
    } else if bind.propagation != Propagation::Private {
        one.options.push(bind.propagation.as_str().to_owned());
    }
    for (extra, word) in [(Extra::SETUID, "nosuid"), (Extra::DEVICES, "nodev")] {
        if !bind.extra.includes(extra) {
            one.options.push(word.to_owned());
        }
    }
    one.options.extend(flags(bind.access));
    Ok(one)
}

/// What is hidden below a granted path.
pub(super) fn hidden(c: &Confinement) -> Vec<String> {
    let grants = c.files.grants.value();
    let none = grants.into_iter().flat_map(|grants| {
        let hidden = grants.0.iter().filter(|(_, access)| access.is_none());
        hidden.map(|(path, _)| path.to_string_lossy().into_owned())
    });
    none.collect()
}

/// Gives a mount the maps that were read for it.
pub(super) fn idmapped(mounts: &mut [Mount], setting: &Setting) -> Result<(), WriteError> {
    let part = crate::oci::read::part::<Vec<IdMapping>>(
        "idmapped mount",
        setting.value.as_bytes(),
        |_| Vec::new(),
    );
    let maps = part.map_err(|errors| unwritable("files", "binds", errors.to_string()))?;
    let found = mounts
        .iter_mut()
        .find(|mount| mount.destination == setting.key);
    let mount = found
        .ok_or_else(|| unwritable("files", "binds", format!("no mount at {:?}", setting.key)))?;
    mount.options.push("ridmap".to_owned());
    mount.uid_mappings.clone_from(&maps.value);
    mount.gid_mappings = maps.value;
    Ok(())
}
