//! The cgroup hierarchies, and where in each the caller may make a group with limits (cgroups(7), cgroup-v2.rst).

use super::membership::Membership;
use super::mountinfo::{Mount, Mounts};
use super::view::View;
use casemate_model::host::{CgroupV1, CgroupV2, Cgroups};
use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Finds the hierarchies that have the wanted controllers. Without /proc, none are found. Where version 1 has all of
/// them, the unified hierarchy is of no use and not looked at.
pub(crate) fn cgroups(view: &impl View, wanted: &BTreeSet<String>) -> Cgroups {
    let (Ok(membership), Ok(mountinfo)) = (
        view.read_attribute(Path::new("/proc/self/cgroup")),
        view.read(Path::new("/proc/self/mountinfo")),
    ) else {
        return Cgroups::default();
    };
    let membership = Membership::parse(&membership);
    let mounts = Mounts::parse(&mountinfo);
    let mut found = Cgroups::default();
    for controller in wanted {
        let Some(own) = membership.v1.get(controller) else {
            continue;
        };
        let holds = |mount: &Mount| {
            mount.kind == "cgroup"
                && mount
                    .super_options
                    .split(',')
                    .any(|option| option == controller)
        };
        if let Some(place) = place(&mounts, holds, own) {
            found.v1.insert(
                controller.clone(),
                CgroupV1 {
                    mount: place.mount.clone(),
                    parent: parent_v1(view, place),
                },
            );
        }
    }
    // A controller is in one hierarchy only, so what version 1 has cannot be had from version 2.
    let rest: BTreeSet<String> = wanted
        .iter()
        .filter(|name| !found.v1.contains_key(*name))
        .cloned()
        .collect();
    if let Some(own) = membership.v2.filter(|_| !rest.is_empty()) {
        let place = place(&mounts, |mount| mount.kind == "cgroup2", &own);
        found.v2 = place.map(|place| unified(view, place, &rest));
    }
    found
}

/// Where a hierarchy is mounted, and the caller's own group there.
struct Place {
    mount: PathBuf,
    /// Whether the mount shows the hierarchy (or cgroup namespace) from its root.
    shows_root: bool,
    own: Result<PathBuf, String>,
}

/// Chooses among the mounts of a hierarchy: one in which the caller's own group is seen, writable rather than not.
fn place(mounts: &Mounts, holds: impl Fn(&Mount) -> bool, own: &Path) -> Option<Place> {
    let places = mounts.0.iter().filter(|mount| holds(mount) && mounts.is_visible(mount)).map(|mount| {
        let own = below(&mount.root, own)
            .map(|rest| if rest.as_os_str().is_empty() { mount.point.clone() } else { mount.point.join(rest) })
            .ok_or_else(|| {
                let shown = own.display();
                let (point, root) = (mount.point.display(), mount.root.display());
                format!("our own group {shown} is outside of what is mounted at {point}, which is {root}")
            });
        let unfit = (own.is_err(), mount.has_option("ro"));
        (unfit, Place { mount: mount.point.clone(), shows_root: mount.root == Path::new("/"), own })
    });
    places
        .min_by_key(|(unfit, _)| *unfit)
        .map(|(_, place)| place)
}

/// Takes the root of a mount away from the path of a group. Both are relative to the cgroup namespace, above which the
/// kernel writes `..`: what is reached through further `..` is not below the mount's root, or cannot be named.
fn below(root: &Path, group: &Path) -> Option<PathBuf> {
    let rest = group.strip_prefix(root).ok()?;
    let is_named = rest
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    // cgroup_show_path and proc_cgroup_show: the group of a process may be gone when it was moved away from under it.
    let is_gone = group
        .as_os_str()
        .as_encoded_bytes()
        .ends_with(b" (deleted)");
    (is_named && !is_gone).then(|| rest.to_owned())
}

/// Version 1 lets a group have both processes and groups: the own group is the place that escapes no limit.
fn parent_v1(view: &impl View, place: Place) -> Result<PathBuf, String> {
    let own = place.own?;
    let Err(error) = view.may_write(&own) else {
        return Ok(own);
    };
    // The own group may have been made by somebody who keeps it to himself while the root is writable.
    let may_use_root =
        own != place.mount && place.shows_root && view.may_write(&place.mount).is_ok();
    if may_use_root {
        Ok(place.mount)
    } else {
        Err(refused(&own, &error))
    }
}

fn unified(view: &impl View, place: Place, wanted: &BTreeSet<String>) -> CgroupV2 {
    let mount = place.mount.clone();
    let found = candidate(view, place).and_then(|parent| {
        let (controllers, to_enable) = controllers(view, &parent, wanted)?;
        Ok((parent, controllers, to_enable))
    });
    match found {
        Ok((parent, controllers, to_enable)) => CgroupV2 {
            mount,
            parent: Ok(parent),
            controllers,
            to_enable,
        },
        Err(reason) => CgroupV2 {
            mount,
            parent: Err(reason),
            controllers: BTreeSet::new(),
            to_enable: BTreeSet::new(),
        },
    }
}

/// Chooses the group to make ours in.
///
/// A group that gives controllers to its children must not have processes itself ("no internal process"), and our own
/// has us. So it is the own group only where that is the root of the hierarchy, which is exempt, and else its parent.
/// Limits of the own group itself then do not hold for the new one; those of the parent and above do.
fn candidate(view: &impl View, place: Place) -> Result<PathBuf, String> {
    let own = place.own?;
    let candidate = if own != place.mount {
        own.parent().unwrap_or(&place.mount).to_owned()
    } else if place.shows_root && is_root(view, &own) {
        own
    } else {
        view.may_write(&own)
            .map_err(|error| refused(&own, &error))?;
        return Err(format!(
            "{} is the topmost group in sight and has processes, so that it cannot give limits to groups in it",
            own.display()
        ));
    };
    // To move a process, the kernel wants cgroup.procs of the common ancestor to be writable, too.
    for path in [candidate.clone(), candidate.join("cgroup.procs")] {
        view.may_write(&path)
            .map_err(|error| refused(&path, &error))?;
    }
    Ok(candidate)
}

/// Returns the controllers that a group in `parent` can have, and which of these must be given to it first.
fn controllers(
    view: &impl View,
    parent: &Path,
    wanted: &BTreeSet<String>,
) -> Result<(BTreeSet<String>, BTreeSet<String>), String> {
    let words = |file: &str| {
        let path = parent.join(file);
        match view.read_attribute(&path) {
            Ok(text) => Ok(String::from_utf8_lossy(&text)
                .split_whitespace()
                .map(str::to_owned)
                .collect()),
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    };
    let mut given: BTreeSet<String> = words("cgroup.subtree_control")?;
    if wanted.is_subset(&given) {
        return Ok((given, BTreeSet::new()));
    }
    let there = words("cgroup.controllers")?;
    let missing: BTreeSet<String> = wanted
        .difference(&given)
        .filter(|name| there.contains(*name))
        .cloned()
        .collect();
    if missing.is_empty() || !may_enable(view, parent) {
        return Ok((given, BTreeSet::new()));
    }
    given.extend(missing.iter().cloned());
    Ok((given, missing))
}

/// Tells whether a group can be made to give more controllers to its children.
fn may_enable(view: &impl View, group: &Path) -> bool {
    let has_processes = || {
        view.read_attribute(&group.join("cgroup.procs"))
            .is_ok_and(|text| !text.is_empty())
    };
    view.may_write(&group.join("cgroup.subtree_control"))
        .is_ok()
        && (!has_processes() || is_root(view, group))
}

/// Tells the root of the hierarchy from that of a cgroup namespace: only the real one has no cgroup.events.
fn is_root(view: &impl View, group: &Path) -> bool {
    let events = view.read_attribute(&group.join("cgroup.events"));
    events.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn refused(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!("no right to write {path}"),
        io::ErrorKind::ReadOnlyFilesystem => format!("{path} is mounted read-only"),
        _ => format!("cannot write {path}: {error}"),
    }
}

#[cfg(test)]
mod tests;
