//! The root that the program sees: the steps that make it.

use super::layout::{Content, Ground, Layout, Mount, SYSTEM, Shape};
use super::{Builder, OwnedStep, PlanError, identity, procfs, required};
use crate::step::{NO_SLOT, ROOT, Slot, Step};
use casemate_model::facets::files::{Access, ProcView};
use casemate_model::facets::ids::FileRights;
use casemate_model::host::PathFact;
use casemate_model::lattice::{Guard, Limit};
use std::collections::BTreeSet;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// `MOUNT_ATTR_*` of <linux/mount.h>, since 5.2; NOSYMFOLLOW since 5.14.
pub(super) mod attribute {
    pub(in super::super) const RDONLY: u64 = 0x1;
    pub(in super::super) const NOSUID: u64 = 0x2;
    pub(in super::super) const NODEV: u64 = 0x4;
    pub(in super::super) const NOEXEC: u64 = 0x8;
    pub(in super::super) const NOSYMFOLLOW: u64 = 0x0020_0000;
}

/// Slots that a launch needs beside those of granted paths: a procfs, a ruleset, a group a controller.
const RESERVE: usize = 8;

/// Makes copies that need the caller's privilege: trees in which ids on disk are mapped to the program's.
pub(super) fn prepare(builder: &mut Builder<'_>, layout: &mut Layout) -> Result<(), PlanError> {
    let ids = &builder.confinement.ids;
    if *required(&ids.rights, "ids.rights")? != FileRights::Granted
        || !builder.facts.caller.is_privileged()
    {
        return Ok(());
    }
    let own_directory = builder.facts.directory.as_deref();
    let wanted: Vec<PathBuf> = layout
        .mounts
        .iter()
        .filter(|(path, mount)| {
            let plain =
                SYSTEM.iter().any(|system| path.starts_with(system)) || **path == *Path::new("/");
            let by_default =
                Some(path.as_path()) == own_directory && !mount.access.includes(Access::WRITE);
            mount.content == Content::Host
                && !plain
                && !by_default
                && !path.starts_with("/sys")
                && !path.starts_with("/dev")
        })
        .map(|(path, _)| path.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let none = || PlanError::IdMap {
        why: "the program's own id is not mapped".to_owned(),
    };
    let uid = identity::outside(
        required(&ids.uid_map, "ids.uid_map")?,
        required(&ids.uid, "ids.uid")?.0,
    )
    .ok_or_else(none)?;
    let gid = identity::outside(
        required(&ids.gid_map, "ids.gid_map")?,
        required(&ids.gid, "ids.gid")?.0,
    )
    .ok_or_else(none)?;
    let idmap = builder.reserve_slot();
    let caller = &builder.facts.caller;
    let uid_map = identity::text(format!("{} {uid} 1", caller.uid))?;
    let gid_map = identity::text(format!("{} {gid} 1", caller.gid))?;
    builder.outside(
        "files",
        Step::MakeIdmap {
            uid_map,
            gid_map,
            slot: idmap,
        },
    );
    for path in wanted {
        let Some(mount) = layout.mounts.get_mut(&path) else {
            continue;
        };
        let slot = builder.reserve_slot();
        // Some are left for what every launch needs.
        if usize::from(slot) >= crate::step::SLOTS - RESERVE {
            return Err(PlanError::TooLarge {
                what: "the list of granted paths",
            });
        }
        mount.kept = Some(slot);
        let step = clone_tree(builder, &path, mount, idmap, slot)?;
        builder.outside("files", step);
    }
    Ok(())
}

/// Adds the steps that make the root. Returns the slot of a procfs for reading back.
pub(super) fn build(builder: &mut Builder<'_>, layout: &Layout) -> Result<Slot, PlanError> {
    let proc = builder.reserve_slot();
    builder.inside("files", Step::CutPropagation {});
    if let Some(root) = layout.mounts.get(Path::new("/")) {
        let step = clone_tree(builder, Path::new("/"), root, NO_SLOT, ROOT)?;
        builder.inside("files", step);
    } else {
        let attributes = attribute::NOSUID | attribute::NODEV | attribute::NOEXEC;
        builder.inside(
            "files",
            new_mount("tmpfs", &["mode=0755"], attributes, ROOT)?,
        );
    }
    builder.inside("files", Step::AttachRoot {});
    let mut made = BTreeSet::from([PathBuf::from("/")]);
    // Devices first: their attributes are set in one call for all, before anything is there that may be executed.
    let is_device = |mount: &Mount| matches!(mount.content, Content::Device | Content::Devices);
    for (path, mount) in layout.mounts.iter().filter(|(_, mount)| is_device(mount)) {
        attach(builder, layout, &mut made, (path, mount), proc)?;
    }
    if layout
        .mounts
        .values()
        .any(|mount| mount.content == Content::Device)
    {
        let path = if layout.has_host_root() { c"dev" } else { c"" };
        let attributes = attribute::NOSUID | attribute::NOEXEC;
        builder.inside(
            "files",
            Step::SetMount {
                path: path.to_owned(),
                recursive: 1,
                attributes,
            },
        );
    }
    for (path, mount) in layout.mounts.iter().filter(|(_, mount)| !is_device(mount)) {
        if path != Path::new("/") {
            attach(builder, layout, &mut made, (path, mount), proc)?;
        }
    }
    for (path, target) in &layout.links {
        // A link below a link is there already, through the other one: /bin/ls where /bin leads to /usr/bin.
        let through_link = path
            .ancestors()
            .skip(1)
            .any(|above| layout.links.contains_key(above));
        if matches!(layout.ground(path), Ground::Ours) && !through_link {
            make_parents(builder, layout, &mut made, path)?;
            builder.inside(
                "files",
                Step::MakeLink {
                    path: relative(path)?,
                    target: c_path(target)?,
                },
            );
        }
    }
    if !layout
        .mounts
        .values()
        .any(|mount| mount.content == Content::Proc)
    {
        builder.inside("files", new_procfs(builder, proc)?);
    }
    procfs::protect(builder)?;
    procfs::mask(builder, layout)?;
    Ok(proc)
}

/// Makes the new root the root and closes what was open for building.
pub(super) fn finish(builder: &mut Builder<'_>, layout: &Layout) {
    let closed = attribute::RDONLY | attribute::NOSUID | attribute::NODEV | attribute::NOEXEC;
    if layout.has_host_root() {
        if layout
            .mounts
            .get(Path::new("/dev"))
            .is_some_and(|dev| dev.content == Content::Devices)
        {
            builder.inside(
                "files",
                Step::SetMount {
                    path: c"dev".to_owned(),
                    recursive: 0,
                    attributes: closed,
                },
            );
        }
    } else {
        builder.inside(
            "files",
            Step::SetMount {
                path: c"".to_owned(),
                recursive: 0,
                attributes: closed,
            },
        );
    }
    builder.inside("files", Step::PivotRoot {});
}

fn attach(
    builder: &mut Builder<'_>,
    layout: &Layout,
    made: &mut BTreeSet<PathBuf>,
    (path, mount): (&Path, &Mount),
    proc: Slot,
) -> Result<(), PlanError> {
    let ground = layout.ground(path);
    let checked = match &ground {
        Ground::Ours => {
            make_parents(builder, layout, made, path)?;
            // The directory of devices needs no mount of its own where the root is ours too.
            make(builder, made, path, mount.shape)?;
            if mount.content == Content::Devices {
                return Ok(());
            }
            false
        }
        Ground::Tree(below) => {
            let hidden = layout
                .mounts
                .get(below)
                .is_some_and(|above| above.content == Content::Cover);
            if hidden {
                return Err(PlanError::BadPath {
                    path: path.to_owned(),
                    why: "it is below what is hidden from a granted tree, where nothing can be mounted: hide what is beside it instead",
                });
            }
            if matches!(builder.facts.tree.get(path), Some(PathFact::Absent)) {
                return Err(PlanError::NoMountPoint {
                    path: path.to_owned(),
                    below: below.clone(),
                });
            }
            true
        }
    };
    let mut slot = match mount.content {
        // Landlock takes the mount's own descriptor later, which saves opening the path.
        Content::Host | Content::Temporary(_) | Content::Terminals => builder.slot_to_keep(path),
        _ => super::SCRATCH,
    };
    match (&mount.content, mount.kept) {
        (_, Some(kept)) => {
            slot = kept;
            builder.kept.insert(path.to_owned(), kept);
        }
        (Content::Host | Content::Device, None) => {
            let step = clone_tree(builder, path, mount, NO_SLOT, slot)?;
            builder.inside("files", step);
        }
        (Content::Proc, None) => {
            slot = proc;
            builder.kept.insert(path.to_owned(), proc);
            builder.inside("files", new_procfs(builder, slot)?);
        }
        (content, None) => builder.inside("files", own_mount(builder, content, mount.shape, slot)?),
    }
    let path = relative(path)?;
    builder.inside(
        "files",
        if checked {
            Step::AttachChecked { slot, path }
        } else {
            Step::Attach { slot, path }
        },
    );
    Ok(())
}

/// Makes a mount with nothing of the host in it.
fn own_mount(
    builder: &Builder<'_>,
    content: &Content,
    shape: Shape,
    slot: Slot,
) -> Result<OwnedStep, PlanError> {
    let fixed = attribute::NOSUID | attribute::NODEV | attribute::NOEXEC;
    match content {
        Content::Temporary(Limit::AtMost(size)) => new_mount(
            "tmpfs",
            &[&format!("size={size}")],
            guards(builder)? | attribute::NOEXEC,
            slot,
        ),
        Content::Temporary(Limit::Unlimited) => {
            new_mount("tmpfs", &[], guards(builder)? | attribute::NOEXEC, slot)
        }
        Content::Terminals => {
            // Device nodes are its purpose. A terminal's link is not followed: CVE-2025-52565.
            let attributes = attribute::NOSUID | attribute::NOEXEC | attribute::NOSYMFOLLOW;
            new_mount("devpts", &["ptmxmode=0666", "mode=0620"], attributes, slot)
        }
        Content::Cover if shape == Shape::File => {
            let attributes = fixed | attribute::RDONLY;
            Ok(Step::CloneTree {
                source: c"/dev/null".to_owned(),
                checked: 0,
                recursive: 0,
                attributes,
                idmap: NO_SLOT,
                slot,
            })
        }
        Content::Cover => new_mount(
            "tmpfs",
            &["mode=0555", "size=4k"],
            fixed | attribute::RDONLY,
            slot,
        ),
        _ => new_mount("tmpfs", &["mode=0755"], fixed, slot),
    }
}

fn guards(builder: &Builder<'_>) -> Result<u64, PlanError> {
    let files = &builder.confinement.files;
    let mut attributes = 0;
    if *required(&files.nosuid, "files.nosuid")? == Guard::On {
        attributes |= attribute::NOSUID;
    }
    if *required(&files.nodev, "files.nodev")? == Guard::On {
        attributes |= attribute::NODEV;
    }
    Ok(attributes)
}

fn clone_tree(
    builder: &Builder<'_>,
    path: &Path,
    mount: &Mount,
    idmap: Slot,
    slot: Slot,
) -> Result<OwnedStep, PlanError> {
    let attributes = if mount.content == Content::Device {
        0
    } else {
        let mut attributes = guards(builder)?;
        if !mount.access.includes(Access::WRITE) {
            attributes |= attribute::RDONLY;
        }
        if !mount.access.includes(Access::RUN) {
            attributes |= attribute::NOEXEC;
        }
        attributes
    };
    let recursive = u8::from(mount.shape == Shape::Directory);
    let system = SYSTEM.iter().any(|system| path == Path::new(system));
    let checked =
        u8::from(!system && !matches!(mount.content, Content::Device) && path != Path::new("/"));
    Ok(Step::CloneTree {
        source: c_path(path)?,
        checked,
        recursive,
        attributes,
        idmap,
        slot,
    })
}

fn new_procfs(builder: &Builder<'_>, slot: Slot) -> Result<OwnedStep, PlanError> {
    let mut attributes = attribute::NOSUID | attribute::NODEV | attribute::NOEXEC;
    let view = *required(&builder.confinement.files.proc, "files.proc")?;
    let sysctl = required(&builder.confinement.kernel.sysctl, "kernel.sysctl")?;
    if view != ProcView::Writable && sysctl.0.is_empty() {
        attributes |= attribute::RDONLY;
    }
    let options: &[&str] = if view == ProcView::Processes {
        &["hidepid=invisible", "subset=pid"]
    } else {
        &["hidepid=invisible"]
    };
    new_mount("proc", options, attributes, slot)
}

fn new_mount(
    kind: &str,
    options: &[&str],
    attributes: u64,
    slot: Slot,
) -> Result<OwnedStep, PlanError> {
    let options = options
        .iter()
        .map(|option| identity::text(*option))
        .collect::<Result<_, _>>()?;
    Ok(Step::NewMount {
        kind: identity::text(kind)?,
        options,
        attributes,
        slot,
    })
}

fn make_parents(
    builder: &mut Builder<'_>,
    layout: &Layout,
    made: &mut BTreeSet<PathBuf>,
    path: &Path,
) -> Result<(), PlanError> {
    let mut missing: Vec<&Path> = path
        .ancestors()
        .skip(1)
        .filter(|above| !made.contains(*above))
        .collect();
    missing.reverse();
    for above in missing {
        if !layout.mounts.contains_key(above) {
            make(builder, made, above, Shape::Directory)?;
        }
    }
    Ok(())
}

fn make(
    builder: &mut Builder<'_>,
    made: &mut BTreeSet<PathBuf>,
    path: &Path,
    shape: Shape,
) -> Result<(), PlanError> {
    if made.insert(path.to_owned()) {
        let path = relative(path)?;
        builder.inside(
            "files",
            match shape {
                Shape::Directory => Step::MakeDirectory { path, mode: 0o755 },
                Shape::File => Step::MakeFile {
                    path,
                    content: Vec::new(),
                },
            },
        );
    }
    Ok(())
}

/// Returns a path relative to the new root.
pub(super) fn relative(path: &Path) -> Result<CString, PlanError> {
    c_path(path.strip_prefix("/").unwrap_or(path))
}

pub(super) fn c_path(path: &Path) -> Result<CString, PlanError> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| PlanError::Nul { what: "a path" })
}
