//! What the levels demand and the model's order has no words for.

use super::binds::{Host, Shown, shown};
use super::level::SYSCTLS;
use super::policy::{Policy, Rules};
use super::tighten::Change;
use casemate_formats::oci::dotted;
use casemate_formats::oci::schema::{Mount, NamespaceKind, RootfsPropagation, Spec};
use casemate_model::Confinement;
use casemate_model::Stated;
use casemate_model::facets::binds::{Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{Access, Grants};
use casemate_model::facets::namespaces::Placement;
use std::path::Path;

/// What the runtime itself can mount without touching a device or a network of the host.
const FILE_SYSTEMS: [&str; 7] = [
    "cgroup", "cgroup2", "devpts", "mqueue", "proc", "sysfs", "tmpfs",
];

/// The bound of a policy for a container that asks for this: what it demands of binds and of namespaces depends on them.
pub fn bound(policy: &Policy, asked: &Confinement, host: &dyn Host) -> Confinement {
    let mut bound = policy.bound.clone();
    if policy.rules == Rules::Profile {
        return bound;
    }
    let asked_spaces = &asked.namespaces;
    let spaces = &mut bound.namespaces;
    for (kind, asked, bound) in [
        (NamespaceKind::Mount, &asked_spaces.mount, &mut spaces.mount),
        (NamespaceKind::Pid, &asked_spaces.pid, &mut spaces.pid),
        (NamespaceKind::Net, &asked_spaces.net, &mut spaces.net),
        (NamespaceKind::Ipc, &asked_spaces.ipc, &mut spaces.ipc),
        (NamespaceKind::Uts, &asked_spaces.uts, &mut spaces.uts),
        (
            NamespaceKind::Cgroup,
            &asked_spaces.cgroup,
            &mut spaces.cgroup,
        ),
    ] {
        // The namespace of another container, as those of a pod share; the host's is none.
        if let Some(Placement::Join(path)) = asked.value()
            && bound.value() == Some(&Placement::New)
            && !host.is_own_namespace(path, kind.proc())
        {
            *bound = Stated::default_of("harden", Placement::Join(path.clone()));
        }
    }
    if let Some(binds) = asked.files.binds.value() {
        let permitted = binds.0.iter().filter_map(|bind| {
            let Source::Host(path) = &bind.source else {
                return (bind.source == Source::Own).then(|| bind.clone());
            };
            let mut bind = bind.clone();
            bind.access = bind.access.intersection(access(path, host)?);
            bind.extra = bind.extra.without(Extra::DEVICES);
            bind.propagation = bind.propagation.min(Propagation::Slave);
            Some(bind)
        });
        bound.files.binds = Stated::default_of("harden", Binds(permitted.collect()));
    }
    if let Some(grants) = asked.files.grants.value() {
        let permitted = grants.0.iter().map(|(path, asked)| {
            let most = access(path, host).unwrap_or(Access::NONE);
            (path.clone(), asked.intersection(most))
        });
        bound.files.grants = Stated::default_of("harden", Grants(permitted.collect()));
    }
    bound
}

/// What may be done with a path of the host; nothing when it is not shown.
fn access(path: &Path, host: &dyn Host) -> Option<Access> {
    let real = host.resolve(path);
    let worst = [shown(path), shown(&real)];
    if worst.contains(&Shown::Not) {
        return None;
    }
    Some(if worst.contains(&Shown::ReadOnly) {
        Access::RUN
    } else {
        Access::FULL
    })
}

fn writable(mount: &Mount) -> bool {
    let last = mount
        .options
        .iter()
        .rfind(|option| matches!(option.as_str(), "ro" | "rro" | "rw" | "rrw"));
    !last.is_some_and(|option| matches!(option.as_str(), "ro" | "rro"))
}

/// Changes a configuration to what the rules demand, and says what was changed.
pub fn apply(policy: &Policy, spec: &mut Spec) -> Vec<Change> {
    let mut changes = Vec::new();
    if policy.rules == Rules::Profile {
        return changes;
    }
    mounts(spec, &mut changes);
    let Some(linux) = &mut spec.linux else {
        return changes;
    };
    linux.sysctl.retain(|name, value| {
        let permitted = SYSCTLS.contains(&dotted(name).as_str());
        if !permitted {
            changes.push(Change::new(
                format!("sysctl {name}"),
                value.as_str(),
                "left out",
            ));
        }
        permitted
    });
    if let Some(shared @ (RootfsPropagation::Shared | RootfsPropagation::RecursiveShared)) =
        linux.rootfs_propagation
    {
        changes.push(Change::new("rootfsPropagation", shared.name(), "rslave"));
        linux.rootfs_propagation = Some(RootfsPropagation::RecursiveSlave);
    }
    if let Some(resources) = &mut linux.resources {
        // What is written to this file last would undo what the limit says.
        if let Some(value) = resources.unified.remove("pids.max") {
            changes.push(Change::new("unified pids.max", value, "left out"));
        }
    }
    changes
}

fn mounts(spec: &mut Spec, changes: &mut Vec<Change>) {
    spec.mounts.retain(|mount| {
        if mount.is_bind() {
            return true;
        }
        let kind = mount.kind.as_str();
        // Another instance of /proc or /sys would have neither masks nor read-only paths.
        let place = match kind {
            "proc" => mount.destination == "/proc",
            "sysfs" => mount.destination == "/sys",
            other => FILE_SYSTEMS.contains(&other),
        };
        if !place {
            let what = format!("{kind} of {}", mount.source);
            let field = format!("mount {}", mount.destination);
            changes.push(Change::new(field, what, "left out"));
        }
        place
    });
    for mount in &mut spec.mounts {
        if matches!(mount.kind.as_str(), "cgroup" | "cgroup2")
            && !mount.is_bind()
            && writable(mount)
        {
            let field = format!("mount {}", mount.destination);
            changes.push(Change::new(field, "a writable cgroup tree", "read-only"));
            mount
                .options
                .retain(|option| option != "rw" && option != "rrw");
            mount.options.push("ro".to_owned());
        }
    }
}
