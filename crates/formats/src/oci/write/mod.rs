//! Writes a configuration, as a person who knows the format would.
//!
//! What is not stated is written tight: an own namespace, no capability, no_new_privs. What the format has no words for
//! is found by reading back ([`crate::convert()`]), so nothing here needs to know what that is.

mod limits;
mod mounts;
mod properties;

pub use limits::devices as device_rules;

use super::confine::{PROPERTY, plain};
use super::decode::encode;
use super::schema::{
    Capabilities, Hook, Hooks, IdMapping, Linux, Namespace, NamespaceKind, NetDevice, Personality,
    PersonalityDomain, Process, Root, Seccomp, Spec, User,
};
use crate::loss::{Loss, LossKind};
use crate::reader::{Context, WriteError, Written};
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::files;
use casemate_model::facets::ids::{Groups, IdMap};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Guard, Restrictions};
use casemate_model::order::FieldId;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::workload::setting;
use casemate_model::{Confinement, Stated, Workload};
use casemate_seccomp::formats as filters;
use std::path::Path;

/// The version that is written.
pub const VERSION: &str = "1.3.0";

pub(super) fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let [workload] = workloads else {
        return Err(WriteError::Several {
            names: workloads.iter().map(|w| w.name.clone()).collect(),
        });
    };
    let mut losses = Vec::new();
    let spec = spec(workload, context.archs, &mut losses)?;
    let spec = properties::apply(spec, workload)?;
    Ok(Written {
        text: encode(&spec),
        losses,
        ..Written::default()
    })
}

fn unwritable(facet: &'static str, name: &'static str, why: impl Into<String>) -> WriteError {
    WriteError::Unwritable {
        field: Some(FieldId { facet, name }),
        why: why.into(),
    }
}

fn spec(
    workload: &Workload,
    archs: &[casemate_model::names::Arch],
    losses: &mut Vec<Loss>,
) -> Result<Spec, WriteError> {
    let c = &workload.confinement;
    let mut spec = Spec {
        oci_version: VERSION.to_owned(),
        root: Some(root(workload)),
        process: Some(process(workload)?),
        hostname: name(&c.namespaces.hostname),
        domainname: name(&c.namespaces.domainname),
        mounts: mounts::mounts(c)?,
        linux: Some(linux(c, archs)?),
        ..Spec::default()
    };
    if c.namespaces.uts.value() == Some(&Placement::Host) {
        spec.hostname.clear();
        spec.domainname.clear();
    }
    settings(&mut spec, workload, losses)?;
    Ok(spec)
}

fn name(label: &Stated<casemate_model::lattice::Label>) -> String {
    label
        .value()
        .map_or_else(String::new, |label| label.0.clone())
}

fn root(workload: &Workload) -> Root {
    let kind = workload.confinement.files.root.value();
    // What names an image is no path; its tree is to be unpacked beside the configuration.
    let path = workload.image.value().filter(|path| path.starts_with('/'));
    Root {
        path: match (kind, path) {
            (Some(files::Root::Host), _) => "/".to_owned(),
            (_, Some(path)) => path.clone(),
            _ => "rootfs".to_owned(),
        },
        readonly: !matches!(kind, Some(files::Root::Writable | files::Root::Host)),
    }
}

fn process(workload: &Workload) -> Result<Process, WriteError> {
    let c = &workload.confinement;
    let command = workload.program.command.value();
    let command = command.filter(|command| !command.is_empty()).ok_or({
        WriteError::Missing {
            what: "the command",
        }
    })?;
    let args = command.iter().map(|word| {
        word.to_str()
            .map(str::to_owned)
            .ok_or_else(|| WriteError::Unwritable {
                field: None,
                why: format!("{} is not UTF-8", word.display()),
            })
    });
    let directory = workload.program.directory.value();
    let sets = &c.capabilities;
    let set = |stated: &Stated<casemate_model::names::CapabilitySet>| {
        stated
            .value()
            .copied()
            .unwrap_or(casemate_model::names::CapabilitySet::EMPTY)
    };
    let groups = match c.ids.groups.value() {
        Some(Groups::Only(groups)) => groups.clone(),
        _ => Vec::new(),
    };
    let uid = c.ids.uid.value().ok_or(WriteError::Missing {
        what: "the user id",
    })?;
    Ok(Process {
        terminal: matches!(
            c.devices.terminal.value(),
            Some(Terminal::Own | Terminal::Inherited)
        ),
        user: User {
            uid: uid.0,
            gid: c.ids.gid.value().map_or(uid.0, |gid| gid.0),
            umask: None,
            additional_gids: groups,
        },
        args: args.collect::<Result<_, _>>()?,
        env: environment(c.kernel.environment.value()),
        cwd: directory.map_or_else(
            || "/".to_owned(),
            |path| path.to_string_lossy().into_owned(),
        ),
        capabilities: Some(Capabilities {
            bounding: set(&sets.bounding),
            effective: set(&sets.effective),
            inheritable: set(&sets.inheritable),
            permitted: set(&sets.permitted),
            ambient: set(&sets.ambient),
        }),
        rlimits: limits::rlimits(c),
        no_new_privileges: sets.no_new_privs.value() != Some(&Guard::Off),
        apparmor_profile: label("apparmor", &c.mac.apparmor)?,
        selinux_label: label("selinux", &c.mac.selinux)?,
        oom_score_adj: match &c.resources.oom_score_adj {
            Stated::Set { value, .. } => Some(value.0),
            stated => stated
                .value()
                .map(|score| score.0)
                .filter(|score| *score != 0),
        },
        ..Process::default()
    })
}

fn environment(stated: Option<&Environment>) -> Vec<String> {
    let Some(Environment::Only(variables)) = stated else {
        return Vec::new();
    };
    // The caller of a runtime is the engine: its variables are nobody's business.
    let one = |(name, value): (&String, &Variable)| match value {
        Variable::Text(text) => Some(format!("{name}={text}")),
        Variable::FromCaller => None,
    };
    variables.iter().filter_map(one).collect()
}

fn label(field: &'static str, stated: &Stated<SecurityLabel>) -> Result<String, WriteError> {
    match stated.value() {
        None | Some(SecurityLabel::Unconfined) => Ok(String::new()),
        Some(SecurityLabel::Named(name)) => Ok(name.clone()),
        Some(SecurityLabel::Strictest) => Err(unwritable("mac", field, "no label says nothing")),
    }
}

fn linux(c: &Confinement, archs: &[casemate_model::names::Arch]) -> Result<Linux, WriteError> {
    let spaces = &c.namespaces;
    let namespaces = [
        (NamespaceKind::Mount, &spaces.mount),
        (NamespaceKind::Pid, &spaces.pid),
        (NamespaceKind::Net, &spaces.net),
        (NamespaceKind::Ipc, &spaces.ipc),
        (NamespaceKind::Uts, &spaces.uts),
        (NamespaceKind::Cgroup, &spaces.cgroup),
        (NamespaceKind::User, &spaces.user),
        (NamespaceKind::Time, &spaces.time),
    ];
    let one = |(kind, stated): (NamespaceKind, &Stated<Placement>)| {
        let path = match stated.value() {
            Some(Placement::Host) => return None,
            // An own user namespace needs maps, and clocks are hardly ever meant.
            None if kind == NamespaceKind::User || kind == NamespaceKind::Time => return None,
            Some(Placement::Join(path)) => path.to_string_lossy().into_owned(),
            Some(Placement::New) | None => String::new(),
        };
        Some(Namespace { kind, path })
    };
    let maps = |stated: &Stated<IdMap>| match stated.value() {
        Some(IdMap::Mapped(ranges)) => ranges
            .iter()
            .map(|range| IdMapping {
                container_id: range.inside,
                host_id: range.outside,
                size: range.count,
            })
            .collect(),
        _ => Vec::new(),
    };
    let sysctl = c.kernel.sysctl.value();
    Ok(Linux {
        uid_mappings: maps(&c.ids.uid_map),
        gid_mappings: maps(&c.ids.gid_map),
        sysctl: sysctl.map(|sysctls| sysctls.0.clone()).unwrap_or_default(),
        resources: Some(limits::resources(c)).filter(|r| *r != super::schema::Resources::default()),
        namespaces: namespaces.into_iter().filter_map(one).collect(),
        seccomp: filter_of(c.syscalls.filter.value(), archs)?,
        masked_paths: covered(&c.files.masked, mounts::hidden(c)),
        readonly_paths: covered(&c.files.read_only, Vec::new()),
        ..Linux::default()
    })
}

fn covered(stated: &Stated<Restrictions<files::ShownPath>>, mut paths: Vec<String>) -> Vec<String> {
    if let Some(Restrictions::These(shown)) = stated.value() {
        paths.extend(
            shown
                .iter()
                .map(|path| path.0.to_string_lossy().into_owned()),
        );
    }
    paths
}

/// A policy in the words of the specification; none when everything is permitted.
///
/// # Errors
/// The specification has no words for it. What is written permits no more than the policy, which is proven.
pub fn filter_of(
    policy: Option<&SyscallPolicy>,
    archs: &[casemate_model::names::Arch],
) -> Result<Option<Seccomp>, WriteError> {
    let Some(policy) = policy.filter(|policy| **policy != SyscallPolicy::open()) else {
        return Ok(None);
    };
    let options = filters::WriteOptions {
        archs: archs.to_vec(),
        tolerance: filters::Tolerance::Tighter,
    };
    let why = |why: String| unwritable("syscalls", "filter", why);
    let write = filters::oci::FORMAT.write.ok_or(WriteError::NoWriter)?;
    let written = write(policy, &options).map_err(|error| why(error.to_string()))?;
    let part = super::read::part::<Seccomp>("filter", &written.bytes, |_| Vec::new());
    let part = part.map_err(|errors| why(errors.to_string()))?;
    Ok(Some(part.value))
}

fn settings(
    spec: &mut Spec,
    workload: &Workload,
    losses: &mut Vec<Loss>,
) -> Result<(), WriteError> {
    let bad = |what: &str, text: &str| WriteError::Unwritable {
        field: None,
        why: format!("{what} {text:?} is not understood"),
    };
    for one in &workload.settings {
        let process = spec.process.get_or_insert_with(Process::default);
        let linux = spec.linux.get_or_insert_with(Linux::default);
        match one.name {
            setting::LABEL => {
                spec.annotations.insert(one.key.clone(), one.value.clone());
            }
            setting::UMASK => {
                let umask = u32::from_str_radix(&one.value, 8);
                process.user.umask = Some(umask.map_err(|_| bad("umask", &one.value))?);
            }
            setting::PERSONALITY => {
                let domain = PersonalityDomain::from_name(&one.value);
                linux.personality = Some(Personality {
                    domain: domain.ok_or_else(|| bad("personality", &one.value))?,
                    flags: Vec::new(),
                });
            }
            setting::INTERFACE => {
                let device = NetDevice {
                    name: one.value.clone(),
                };
                linux.net_devices.insert(one.key.clone(), device);
            }
            setting::HOOK => {
                let hook = super::read::part::<Hook>("hook", one.value.as_bytes(), |_| Vec::new());
                let hooks = spec.hooks.get_or_insert_with(Hooks::default);
                let slot = hooks.slot(&one.key);
                match (hook, slot) {
                    (Ok(hook), Some(slot)) => slot.push(hook.value),
                    _ => losses.push(lost(one)),
                }
            }
            setting::MEMORY_RESERVATION => {
                let bytes = one
                    .value
                    .parse()
                    .map_err(|_| bad("reservation", &one.value))?;
                let resources = linux.resources.get_or_insert_with(Default::default);
                let memory = resources.memory.get_or_insert_with(Default::default);
                memory.reservation = Some(bytes);
            }
            "oci-idmapped-mount" => mounts::idmapped(&mut spec.mounts, one)?,
            // Put in at the end, as JSON.
            PROPERTY => {}
            _ => losses.push(lost(one)),
        }
    }
    if spec
        .hooks
        .as_ref()
        .is_some_and(|hooks| hooks.all().iter().all(|(_, h)| h.is_empty()))
    {
        spec.hooks = None;
    }
    Ok(())
}

fn lost(one: &casemate_model::workload::Setting) -> Loss {
    let what = if one.key.is_empty() {
        one.name.to_owned()
    } else {
        format!("{} {}", one.name, one.key)
    };
    Loss {
        field: None,
        kind: LossKind::NoPlace {
            what,
            value: one.value.clone(),
        },
        origin: match &one.origin {
            Stated::Set { origin, .. } => Some(origin.clone()),
            _ => None,
        },
    }
}

impl Hooks {
    fn slot(&mut self, name: &str) -> Option<&mut Vec<Hook>> {
        Some(match name {
            "prestart" => &mut self.prestart,
            "createRuntime" => &mut self.create_runtime,
            "createContainer" => &mut self.create_container,
            "startContainer" => &mut self.start_container,
            "poststart" => &mut self.poststart,
            "poststop" => &mut self.poststop,
            _ => return None,
        })
    }
}

/// A path as a text of the configuration.
fn text(facet: &'static str, name: &'static str, path: &Path) -> Result<String, WriteError> {
    match plain(path).to_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(unwritable(
            facet,
            name,
            format!("{} is not UTF-8", path.display()),
        )),
    }
}
