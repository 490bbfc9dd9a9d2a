//! Writes what both permit into the configuration, a field at a time.

use super::tighten::Tightened;
use crate::failure::Failure;
use casemate_formats::oci::schema::{
    Capabilities, IdMapping, Linux, Memory, Mount, Namespace, NamespaceKind, Pids, Process,
    Resources, Spec,
};
use casemate_model::Confinement;
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{Access, Root};
use casemate_model::facets::ids::IdMap;
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use casemate_model::names::CapabilitySet;
use casemate_model::order::FieldId;
use std::path::Path;

/// Writes one field of `met` into the configuration.
///
/// # Errors
/// A configuration has no words for it.
pub fn write(field: FieldId, met: &Confinement, state: &mut Tightened<'_>) -> Result<(), Failure> {
    let done = match field.facet {
        "namespaces" => namespace(field.name, met, linux(state.spec)),
        "capabilities" => capability(field.name, met, process(state.spec)),
        "files" => files(field.name, met, state),
        "devices" => devices(field.name, met, state.spec),
        "resources" => resources(field.name, met, state.spec),
        "mac" => label(field.name, met, process(state.spec)),
        "ids" => ids(field.name, met, linux(state.spec)),
        _ => false,
    };
    if done {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the policy bounds {field}, which a container's configuration cannot say"
    )))
}

fn process(spec: &mut Spec) -> &mut Process {
    spec.process.get_or_insert_default()
}

fn linux(spec: &mut Spec) -> &mut Linux {
    spec.linux.get_or_insert_default()
}

fn namespace(name: &str, met: &Confinement, linux: &mut Linux) -> bool {
    let spaces = &met.namespaces;
    let (kind, placement) = match name {
        "mount" => (NamespaceKind::Mount, &spaces.mount),
        "pid" => (NamespaceKind::Pid, &spaces.pid),
        "net" => (NamespaceKind::Net, &spaces.net),
        "ipc" => (NamespaceKind::Ipc, &spaces.ipc),
        "uts" => (NamespaceKind::Uts, &spaces.uts),
        "cgroup" => (NamespaceKind::Cgroup, &spaces.cgroup),
        // A new one needs maps, a new clock needs offsets: the owner's to decide.
        _ => return false,
    };
    let path = match placement.value() {
        Some(Placement::New) => String::new(),
        Some(Placement::Join(path)) => path.to_string_lossy().into_owned(),
        _ => return false,
    };
    linux.namespaces.retain(|namespace| namespace.kind != kind);
    linux.namespaces.push(Namespace { kind, path });
    true
}

fn capability(name: &str, met: &Confinement, process: &mut Process) -> bool {
    let sets = &met.capabilities;
    if name == "no_new_privs" {
        process.no_new_privileges = sets.no_new_privs.value() == Some(&Guard::On);
        return process.no_new_privileges;
    }
    let own = process.capabilities.get_or_insert(Capabilities::NONE);
    let (own, met): (&mut CapabilitySet, _) = match name {
        "bounding" => (&mut own.bounding, &sets.bounding),
        "effective" => (&mut own.effective, &sets.effective),
        "permitted" => (&mut own.permitted, &sets.permitted),
        "inheritable" => (&mut own.inheritable, &sets.inheritable),
        "ambient" => (&mut own.ambient, &sets.ambient),
        _ => return false,
    };
    let Some(met) = met.value() else { return false };
    *own = *met;
    true
}

fn files(name: &str, met: &Confinement, state: &mut Tightened<'_>) -> bool {
    let files = &met.files;
    match name {
        "root" => match (&mut state.spec.root, files.root.value()) {
            (Some(root), Some(Root::ReadOnly)) if Path::new(&root.path) != Path::new("/") => {
                root.readonly = true;
                true
            }
            _ => false,
        },
        "proc" => {
            own_proc(state.spec);
            true
        }
        "sys" => {
            let at_sys = |mount: &&mut Mount| mount.destination == "/sys";
            for mount in state.spec.mounts.iter_mut().filter(at_sys) {
                read_only(mount);
            }
            true
        }
        "binds" | "grants" => {
            binds(met, state);
            true
        }
        "masked" => {
            let linux = linux(state.spec);
            add(&mut linux.masked_paths, files.masked.value())
        }
        "read_only" => {
            let linux = linux(state.spec);
            add(&mut linux.readonly_paths, files.read_only.value())
        }
        _ => false,
    }
}

fn add(
    paths: &mut Vec<String>,
    met: Option<&Restrictions<casemate_model::facets::files::ShownPath>>,
) -> bool {
    let Some(Restrictions::These(shown)) = met else {
        return false;
    };
    for path in shown {
        let path = path.0.to_string_lossy().into_owned();
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    true
}

/// Puts an own instance in the place of the host's.
fn own_proc(spec: &mut Spec) {
    spec.mounts
        .retain(|mount| !(mount.is_bind() && Path::new(&mount.source) == Path::new("/proc")));
    let there = |mount: &Mount| mount.kind == "proc" && mount.destination == "/proc";
    if !spec.mounts.iter().any(there) {
        let options = ["nosuid", "noexec", "nodev"].map(str::to_owned).to_vec();
        let proc = Mount {
            destination: "/proc".to_owned(),
            kind: "proc".to_owned(),
            source: "proc".to_owned(),
            options,
            ..Mount::default()
        };
        spec.mounts.insert(0, proc);
    }
}

fn read_only(mount: &mut Mount) {
    mount
        .options
        .retain(|option| !matches!(option.as_str(), "rw" | "rrw" | "ro"));
    mount.options.push("ro".to_owned());
}

/// Keeps of each bind what `met` permits, and leaves out those of which nothing is left.
fn binds(met: &Confinement, state: &mut Tightened<'_>) {
    let none = Binds::none();
    let permitted = met.files.binds.value().unwrap_or(&none);
    let grants = met.files.grants.value();
    let bundle = state.bundle;
    state.spec.mounts.retain_mut(|mount| {
        let Some(one) = casemate_formats::oci::confine::bind_of(mount, bundle) else {
            return true;
        };
        let found = permitted
            .0
            .iter()
            .filter(|bind| bind.at == one.at && bind.source == one.source)
            .cloned()
            .reduce(|a, b| narrower(&a, &b));
        let granted = match (&one.source, grants) {
            (Source::Host(path), Some(grants)) if *path == one.at => Some(grants.access(path)),
            _ => None,
        };
        let bind = match (found, granted) {
            (Some(bind), _) => bind,
            (None, Some(access)) if !access.is_none() => Bind {
                access: access.intersection(one.access),
                extra: Extra::NONE,
                propagation: Propagation::Private,
                ..one.clone()
            },
            _ => return false,
        };
        narrow(mount, &one, &bind);
        true
    });
    // A base of device nodes takes the place of the host's.
    if !state
        .spec
        .mounts
        .iter()
        .any(|mount| mount.destination == "/dev")
    {
        let options = ["nosuid", "strictatime", "mode=755", "size=65536k"];
        let dev = Mount {
            destination: "/dev".to_owned(),
            kind: "tmpfs".to_owned(),
            source: "tmpfs".to_owned(),
            options: options.map(str::to_owned).to_vec(),
            ..Mount::default()
        };
        let after_proc = state
            .spec
            .mounts
            .iter()
            .position(|mount| Path::new(&mount.destination).starts_with("/dev"));
        let at = after_proc.unwrap_or(state.spec.mounts.len());
        state.spec.mounts.insert(at, dev);
    }
}

fn narrower(a: &Bind, b: &Bind) -> Bind {
    Bind {
        access: a.access.intersection(b.access),
        propagation: a.propagation.min(b.propagation),
        extra: a.extra.without(a.extra.without(b.extra)),
        ..a.clone()
    }
}

fn narrow(mount: &mut Mount, asked: &Bind, given: &Bind) {
    if !given.access.includes(Access::WRITE) && asked.access.includes(Access::WRITE) {
        read_only(mount);
    }
    let mut add = |word: &str| mount.options.push(word.to_owned());
    if !given.access.includes(Access::RUN) && asked.access.includes(Access::RUN) {
        add("noexec");
    }
    for (extra, word) in [(Extra::DEVICES, "nodev"), (Extra::SETUID, "nosuid")] {
        if !given.extra.includes(extra) && asked.extra.includes(extra) {
            add(word);
        }
    }
    if given.propagation < asked.propagation {
        let word = format!("r{}", given.propagation.as_str());
        add(&word);
    }
}

fn devices(name: &str, met: &Confinement, spec: &mut Spec) -> bool {
    match name {
        "nodes" => {
            let Some(Selection::Only(nodes)) = met.devices.nodes.value() else {
                return false;
            };
            if let Some(linux) = &mut spec.linux {
                linux.devices.retain(|device| {
                    let path = Path::new(&device.path);
                    let name = path.strip_prefix("/dev").unwrap_or(path);
                    let pipe = device.kind == casemate_formats::oci::schema::DeviceType::Pipe;
                    pipe || nodes.contains(&*name.to_string_lossy())
                });
            }
            true
        }
        "numbers" => {
            let resources = linux(spec).resources.get_or_insert_default();
            resources.devices = casemate_formats::oci::device_rules(met.devices.numbers.value());
            true
        }
        "terminal" => {
            process(spec).terminal = false;
            true
        }
        _ => false,
    }
}

fn resources(name: &str, met: &Confinement, spec: &mut Spec) -> bool {
    let number = |limit: Option<&Limit>| {
        let bound = limit?.bound()?;
        Some(i64::try_from(bound).unwrap_or(i64::MAX))
    };
    let bounds = &met.resources;
    let own: &mut Resources = linux(spec).resources.get_or_insert_default();
    match name {
        "processes" => {
            let Some(limit) = number(bounds.processes.value()) else {
                return false;
            };
            own.pids = Some(Pids { limit: Some(limit) });
        }
        "memory" => {
            let Some(limit) = number(bounds.memory.value()) else {
                return false;
            };
            let memory: &mut Memory = own.memory.get_or_insert_default();
            memory.limit = Some(limit);
            memory.swap = memory.swap.map(|swap| swap.max(limit));
        }
        "oom_kill" => own.memory.get_or_insert_default().disable_oom_killer = None,
        "cpu" => {
            let Some(thousandths) = number(bounds.cpu.value()) else {
                return false;
            };
            let cpu = own.cpu.get_or_insert_default();
            cpu.period = Some(100_000);
            cpu.quota = Some(thousandths.saturating_mul(100));
        }
        _ => return false,
    }
    true
}

fn label(name: &str, met: &Confinement, process: &mut Process) -> bool {
    let (stated, own) = match name {
        "apparmor" => (&met.mac.apparmor, &mut process.apparmor_profile),
        "selinux" => (&met.mac.selinux, &mut process.selinux_label),
        _ => return false,
    };
    let Some(SecurityLabel::Named(name)) = stated.value() else {
        return false;
    };
    own.clone_from(name);
    true
}

fn ids(name: &str, met: &Confinement, linux: &mut Linux) -> bool {
    let (stated, own) = match name {
        "uid_map" => (&met.ids.uid_map, &mut linux.uid_mappings),
        "gid_map" => (&met.ids.gid_map, &mut linux.gid_mappings),
        _ => return false,
    };
    let Some(IdMap::Mapped(ranges)) = stated.value() else {
        return false;
    };
    *own = ranges
        .iter()
        .map(|range| IdMapping {
            container_id: range.inside,
            host_id: range.outside,
            size: range.count,
        })
        .collect();
    true
}
