//! What a confinement may not ask for: fields that no step enforces are errors here, and never passed over.

use super::{Asked, Builder, Gap, PlanError, asked, identity, required};
use casemate_model::facets::binds::Binds;
use casemate_model::facets::device_numbers::DeviceNumbers;
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::files::{ProcView, Root, SysView};
use casemate_model::facets::ids::{FileRights, IdMap};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::resources::{Limits, OomScore};
use casemate_model::host::Stream;
use casemate_model::lattice::{Guard, Label, Limit, Permit, Restrictions, Selection};
use casemate_model::names::capabilities::Capability;
use casemate_model::{Confinement, Permission, Stated};
use std::collections::BTreeMap;
use std::path::Path;

/// Refuses what cannot be enforced, or records it where that is accepted.
pub(super) fn all(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    labels(builder)?;
    parent_death(builder)?;
    rights(builder)?;
    setgroups(builder)?;
    root_inside(builder)?;
    read_only(builder)?;
    container(builder)?;
    streams(builder)
}

/// What containers have and no step of a compartment gives: only the value that asks for nothing is accepted.
fn container(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let Confinement {
        ids,
        namespaces,
        files,
        devices,
        resources,
        network,
        ..
    } = builder.confinement;
    let none = Label(String::new());
    let unlimited = Limits(BTreeMap::new());
    let usual_weight = Limit::AtMost(100);
    neutral(builder, "ids.user_name", &ids.user_name, &none)?;
    neutral(
        builder,
        "namespaces.domainname",
        &namespaces.domainname,
        &none,
    )?;
    neutral(builder, "files.root", &files.root, &Root::None)?;
    neutral(builder, "files.binds", &files.binds, &Binds::none())?;
    neutral(
        builder,
        "devices.numbers",
        &devices.numbers,
        &DeviceNumbers::All,
    )?;
    let swap = &resources.memory_and_swap;
    neutral(
        builder,
        "resources.memory_and_swap",
        swap,
        &Limit::Unlimited,
    )?;
    neutral(
        builder,
        "resources.oom_kill",
        &resources.oom_kill,
        &Guard::On,
    )?;
    let score = &resources.oom_score_adj;
    neutral(builder, "resources.oom_score_adj", score, &OomScore(0))?;
    neutral(
        builder,
        "resources.cpu_weight",
        &resources.cpu_weight,
        &usual_weight,
    )?;
    neutral(builder, "resources.cpus", &resources.cpus, &Selection::All)?;
    let nodes = &resources.memory_nodes;
    neutral(builder, "resources.memory_nodes", nodes, &Selection::All)?;
    neutral(builder, "resources.io", &resources.io, &unlimited)?;
    neutral(
        builder,
        "resources.huge_pages",
        &resources.huge_pages,
        &unlimited,
    )?;
    neutral(
        builder,
        "network.published",
        &network.published,
        &Selection::none(),
    )
}

fn neutral<T: Permission>(
    builder: &mut Builder<'_>,
    field: &'static str,
    stated: &Stated<T>,
    neutral: &T,
) -> Result<(), PlanError> {
    let value = required(stated, field)?;
    let (facet, name) = field.split_once('.').unwrap_or((field, ""));
    if value == neutral {
        return Ok(());
    }
    let gap = Gap {
        facet,
        what: format!("{name} {}", value.text()),
        why: "this belongs to a container, and a compartment has no step for it".to_owned(),
    };
    builder.not_enforced(Asked::ByUser, gap)
}

/// Labels of security modules: no step sets one.
fn labels(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let mac = &builder.confinement.mac;
    let labels: [(&Stated<SecurityLabel>, &str, &str); 3] = [
        (&mac.apparmor, "mac.apparmor", "the AppArmor profile"),
        (&mac.selinux, "mac.selinux", "the SELinux context"),
        (&mac.smack, "mac.smack", "the SMACK label"),
    ];
    for (stated, field, what) in labels {
        let label = required(stated, field)?;
        if *label != SecurityLabel::Unconfined {
            let gap = Gap {
                facet: "mac",
                what: format!("{what} {}", casemate_model::Permission::text(label)),
                why: "run does not set labels of security modules".to_owned(),
            };
            // Whoever named one relies on it, also when it came as a default.
            builder.not_enforced(Asked::ByUser, gap)?;
        }
    }
    Ok(())
}

/// Init and all processes inside end with the launcher: nothing would reap them or remove their groups.
fn parent_death(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let stated = &builder.confinement.kernel.parent_death;
    if *required(stated, "kernel.parent_death")? == Guard::On {
        return Ok(());
    }
    let gap = Gap {
        facet: "kernel",
        what: "outliving casemate".to_owned(),
        why: "the compartment ends with its launcher".to_owned(),
    };
    builder.not_enforced(asked(stated), gap)
}

/// Rights below the caller's need another id on the host than the caller's.
fn rights(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let ids = &builder.confinement.ids;
    let rights = *required(&ids.rights, "ids.rights")?;
    let inside = required(&ids.uid, "ids.uid")?.0;
    let outside = identity::outside(required(&ids.uid_map, "ids.uid_map")?, inside);
    if rights == FileRights::Caller || outside != Some(builder.facts.caller.uid) {
        return Ok(());
    }
    let gap = Gap {
        facet: "ids",
        what: "using files as somebody else than the caller".to_owned(),
        why: format!("id {inside} is the caller's own on the host"),
    };
    builder.not_enforced(asked(&ids.rights), gap)
}

/// A helper that maps ranges leaves setgroups(2) possible for who has the capability.
fn setgroups(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let ids = &builder.confinement.ids;
    let denied = *required(&ids.setgroups, "ids.setgroups")? == Permit::Denied;
    let single = matches!(
        required(&ids.gid_map, "ids.gid_map")?,
        IdMap::Mapped(ranges) if matches!(&ranges[..], [one] if one.count == 1)
    );
    let bounding = required(
        &builder.confinement.capabilities.bounding,
        "capabilities.bounding",
    )?;
    if !denied
        || single
        || builder.facts.caller.is_privileged()
        || !bounding.contains(Capability::Setgid)
    {
        return Ok(());
    }
    let gap = Gap {
        facet: "ids",
        what: "denying setgroups(2)".to_owned(),
        why: "newgidmap(1) permits it, and the program keeps CAP_SETGID".to_owned(),
    };
    builder.not_enforced(asked(&ids.setgroups), gap)
}

/// Id 0 gets all of the bounding set at execve(2), unless the securebits or no_new_privs say otherwise.
fn root_inside(builder: &Builder<'_>) -> Result<(), PlanError> {
    let capabilities = &builder.confinement.capabilities;
    let root = required(&builder.confinement.ids.uid, "ids.uid")?.0 == 0;
    let off = |guard: &Guard| *guard == Guard::Off;
    let free = off(required(
        &capabilities.securebits,
        "capabilities.securebits",
    )?) && off(required(
        &capabilities.no_new_privs,
        "capabilities.no_new_privs",
    )?);
    let bounding = required(&capabilities.bounding, "capabilities.bounding")?;
    let permitted = required(&capabilities.permitted, "capabilities.permitted")?;
    if root && free && bounding != permitted {
        return Err(PlanError::NotEnforceable {
            facet: "capabilities",
            what: "a permitted set below the bounding one".to_owned(),
            why:
                "execve(2) gives id 0 the bounding set while neither securebits nor no_new_privs are on"
                    .to_owned(),
        });
    }
    Ok(())
}

/// Paths of /sys stay as /sys is: only those of a writable /proc are made read-only one by one.
fn read_only(builder: &Builder<'_>) -> Result<(), PlanError> {
    let files = &builder.confinement.files;
    if *required(&files.sys, "files.sys")? != SysView::Writable
        || *required(&files.proc, "files.proc")? == ProcView::Writable
    {
        return Ok(());
    }
    let path = match required(&files.read_only, "files.read_only")? {
        Restrictions::Everything => Some(Path::new("/sys").to_owned()),
        Restrictions::These(paths) => paths
            .iter()
            .map(|path| path.0.clone())
            .find(|path| path.starts_with("/sys")),
    };
    match path {
        None => Ok(()),
        Some(path) => Err(PlanError::BadPath {
            path,
            why: "it is to be read-only, and /sys is writable: sys = \"read-only\"",
        }),
    }
}

/// Standard streams are passed on as they are, so what they are must not be more than was granted.
fn streams(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let names = ["standard input", "standard output", "standard error"];
    let terminal = &builder.confinement.devices.terminal;
    let none = *required(terminal, "devices.terminal")? == Terminal::None;
    let who = asked(terminal);
    for (stream, name) in builder.facts.streams.into_iter().zip(names) {
        let (who, facet, what, why) = match stream {
            Stream::Terminal if none => (
                who,
                "devices",
                "a program without a terminal",
                format!(
                    "{name} is one: redirect it, as in: casemate run ... </dev/null 2>&1 | cat"
                ),
            ),
            // A directory's descriptor leads to everything around it, past the new root (CVE-2024-21626).
            Stream::Directory => (
                Asked::ByUser,
                "files",
                "keeping the program to its files",
                format!(
                    "{name} is a directory, and what is in it and around it is reached from there: redirect {name}"
                ),
            ),
            Stream::Terminal | Stream::File(_) | Stream::Other | Stream::Closed => continue,
        };
        let gap = Gap {
            facet,
            what: what.to_owned(),
            why,
        };
        builder.not_enforced(who, gap)?;
    }
    Ok(())
}
