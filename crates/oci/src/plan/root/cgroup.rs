//! The container's view of cgroups.
//!
//! With a cgroup namespace of its own a container gets hierarchies that begin at its group; without one, copies of its
//! group's directories. It never gets the host's whole tree.

use super::mounts::attach;
use super::options::{Options, attribute, propagation};
use super::path::{Inside, text};
use super::rules::{Presence, Rule};
use super::{Builder, SCRATCH, UserNamespace, is_borrowed, needs_namespace};
use crate::failure::Failure;
use casemate_enforce::step::{Change, NO_SLOT, Slot, Step};
use casemate_formats::oci::schema::{Mount, NamespaceKind};
use std::path::PathBuf;

/// Which kind of hierarchy it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Version {
    /// One of version 1.
    V1 {
        /// Its controllers, or `name=NAME` for one without.
        controllers: Vec<String>,
    },
    /// The one of version 2.
    V2,
}

/// A hierarchy of the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hierarchy {
    /// Its kind.
    pub version: Version,
    /// Name of the directory at which it is mounted on the host, such as `cpu,cpuacct`.
    pub name: String,
    /// The container's group, as a path on the host; none when it has none of its own there.
    pub group: Option<PathBuf>,
}

/// Adds a mount of type `cgroup` or `cgroup2`.
pub(super) fn add(
    builder: &mut Builder<'_>,
    mount: &Mount,
    path: &Inside,
    options: &Options,
) -> Result<(), Failure> {
    let mut attributes = options.attributes();
    let own_namespace = builder.has_own(NamespaceKind::Cgroup);
    if !own_namespace && builder.around.user != UserNamespace::Same {
        // The group belongs to whoever is root outside: CVE-2023-25809.
        attributes |= attribute::RDONLY;
    }
    let view = View {
        own_namespace,
        attributes,
    };
    let v1: Vec<Hierarchy> = builder
        .around
        .cgroups
        .iter()
        .filter(|hierarchy| matches!(hierarchy.version, Version::V1 { .. }))
        .cloned()
        .collect();
    if mount.kind == "cgroup2" || v1.is_empty() {
        return unified(builder, mount, path, options, view);
    }
    if let Some(option) = options.data.first() {
        return Err(Failure::new(format!(
            "option {option} is not one of a tree of cgroup hierarchies"
        )));
    }
    if is_borrowed(builder.spec) {
        return Err(needs_namespace("a tree of cgroup hierarchies"));
    }
    let base = builder.slot()?;
    builder.build(
        "files",
        Step::MakeMount {
            kind: text("tmpfs")?,
            source: text("tmpfs")?,
            options: vec![text("mode=755")?],
            attributes: attributes & !attribute::RDONLY,
            slot: base,
            at: path.text()?,
        },
    );
    attach(
        builder,
        (base, path),
        &options.propagation,
        0,
        rule(attributes),
    )?;
    for hierarchy in &v1 {
        one(builder, hierarchy, (base, path), view)?;
    }
    // Of all of them in one call.
    builder.build(
        "files",
        Step::ChangeMount {
            slot: base,
            change: Change {
                set: attributes,
                clear: 0,
                propagation: propagation::PRIVATE,
            },
            recursive: 1,
            at: path.text()?,
        },
    );
    Ok(())
}

/// How the hierarchies are shown.
#[derive(Clone, Copy)]
struct View {
    own_namespace: bool,
    attributes: u64,
}

fn rule(attributes: u64) -> Rule {
    Rule {
        there: attributes,
        below: 0,
        presence: Presence::Certain,
    }
}

/// Adds a hierarchy of version 1 with the links to it, one a controller.
fn one(
    builder: &mut Builder<'_>,
    hierarchy: &Hierarchy,
    (base, above): (Slot, &Inside),
    view: View,
) -> Result<(), Failure> {
    let Version::V1 { controllers } = &hierarchy.version else {
        return Ok(());
    };
    let path = Inside::new(&format!("{}/{}", above.absolute(), hierarchy.name))?;
    // In a namespace that begins at the group, a copy of the group's directory is what a new mount would be.
    let has_copy = hierarchy.group.is_some() && builder.around.user == UserNamespace::Same;
    let slot = if view.own_namespace && !has_copy {
        let words = controllers.iter().map(|word| text(word));
        builder.build(
            "files",
            Step::MakeMount {
                kind: text("cgroup")?,
                source: text(if hierarchy.name == "systemd" {
                    "systemd"
                } else {
                    "cgroup"
                })?,
                options: words.collect::<Result<_, _>>()?,
                attributes: view.attributes,
                slot: SCRATCH,
                at: path.text()?,
            },
        );
        SCRATCH
    } else {
        copy_group(builder, hierarchy, &path, Change::default())?
    };
    builder.build(
        "files",
        Step::AttachFresh {
            slot,
            base,
            name: text(&hierarchy.name)?,
            at: path.text()?,
        },
    );
    builder.rules.add(&path, rule(view.attributes))?;
    if controllers.len() > 1 {
        for controller in controllers {
            builder.build(
                "files",
                Step::MakeLinkIn {
                    base,
                    name: text(controller)?,
                    target: text(&hierarchy.name)?,
                    replace: 0,
                },
            );
        }
    }
    Ok(())
}

/// Copies the mount of the container's group, and nothing above it.
fn copy_group(
    builder: &mut Builder<'_>,
    hierarchy: &Hierarchy,
    path: &Inside,
    change: Change,
) -> Result<Slot, Failure> {
    let group = hierarchy.group.as_ref().and_then(|group| group.to_str());
    let group = group.ok_or_else(|| {
        Failure::with_hint(
            format!(
                "the container has no group of its own in {}",
                hierarchy.name
            ),
            "add {\"type\": \"cgroup\"} to linux.namespaces, or leave the mount out",
        )
    })?;
    // Inside and not in the launcher: the group is made after the launcher's copies.
    builder.build(
        "files",
        Step::CopyTree {
            source: text(group)?,
            recursive: 0,
            top: change,
            all: Change::default(),
            idmap: NO_SLOT,
            idmap_all: 0,
            slot: SCRATCH,
            at: path.text()?,
        },
    );
    Ok(SCRATCH)
}

/// Adds the unified hierarchy.
fn unified(
    builder: &mut Builder<'_>,
    mount: &Mount,
    path: &Inside,
    options: &Options,
    view: View,
) -> Result<(), Failure> {
    let hierarchy = builder
        .around
        .cgroups
        .iter()
        .find(|hierarchy| hierarchy.version == Version::V2)
        .cloned();
    let hierarchy = hierarchy.ok_or_else(|| Failure::new("the host has no unified hierarchy"))?;
    let slot = if view.own_namespace {
        let mut words = options.data.clone();
        words.extend(options.flags.iter().map(|flag| (*flag).to_owned()));
        builder.build(
            "files",
            Step::MakeMount {
                kind: text("cgroup2")?,
                source: text(&mount.source)?,
                options: words
                    .iter()
                    .map(|word| text(word))
                    .collect::<Result<_, _>>()?,
                attributes: view.attributes,
                slot: SCRATCH,
                at: path.text()?,
            },
        );
        SCRATCH
    } else {
        let change = Change {
            set: view.attributes,
            clear: 0,
            propagation: propagation::PRIVATE,
        };
        copy_group(builder, &hierarchy, path, change)?
    };
    attach(
        builder,
        (slot, path),
        &options.propagation,
        0,
        rule(view.attributes),
    )
}
