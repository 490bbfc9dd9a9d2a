//! The root that the program sees: which mounts it has, and the steps that make them.

use super::{Builder, OwnedStep, PlanError, identity, required};
use crate::step::{NO_SLOT, ROOT, Slot, Step};
use casemate_model::facets::files::{Access, ProcView, SysView};
use casemate_model::facets::ids::FileRights;
use casemate_model::host::PathFact;
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use std::collections::{BTreeMap, BTreeSet};
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

/// The host's system directories that a compartment has by default: one that this host lacks is left out, as hosts
/// differ in them; any other granted path has to exist.
pub const SYSTEM: [&str; 8] = [
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc",
];

/// What is mounted at a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// The same path of the host, with what is mounted below it.
    Host,
    /// An empty, private directory of a size in bytes.
    Temporary(Limit),
    /// Device nodes: a directory of our own.
    Devices,
    /// A device node of the host.
    Device,
    /// Pseudo-terminals.
    Terminals,
    /// A procfs of its own.
    Proc,
    /// Nothing: it covers what a granted tree has there.
    Cover,
}

/// A mount of the program's root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// What is there.
    pub content: Content,
    /// What may be done with it.
    pub access: Access,
    /// Whether it is a directory.
    pub shape: Shape,
    /// Where a copy was kept that had to be made outside.
    kept: Option<Slot>,
}

/// Whether a path is a directory or a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A directory.
    Directory,
    /// Anything else.
    File,
}

/// Who made the directory in which a path lies.
enum Ground {
    /// Casemate: what is missing can be made.
    Ours,
    /// It is a tree of the host: what is missing cannot be made without changing the host.
    Tree(PathBuf),
}

/// All mounts of the program's root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// Mounts by absolute path.
    pub mounts: BTreeMap<PathBuf, Mount>,
    /// Links that are made in directories of our own, with their targets.
    pub links: BTreeMap<PathBuf, PathBuf>,
}

impl Layout {
    /// Decides what is mounted where.
    pub(super) fn new(builder: &Builder<'_>) -> Result<Self, PlanError> {
        let mut layout = Self {
            mounts: BTreeMap::new(),
            links: BTreeMap::new(),
        };
        layout.grant(builder)?;
        layout.kernel_views(builder)?;
        layout.devices(builder)?;
        let temporary = required(&builder.confinement.files.temporary, "files.temporary")?;
        for (path, size) in &temporary.0 {
            check_path(path)?;
            if path == Path::new("/") {
                // A mount there is taken for the host's tree.
                return Err(PlanError::BadPath {
                    path: path.clone(),
                    why: "the root cannot be a temporary directory",
                });
            }
            layout.put(
                path,
                Content::Temporary(*size),
                Access::WRITE,
                Shape::Directory,
            );
        }
        layout
            .links
            .retain(|path, _| !layout.mounts.contains_key(path));
        Ok(layout)
    }

    /// Tells whether the root is the host's tree, and not an empty directory of our own.
    pub fn has_host_root(&self) -> bool {
        self.mounts.contains_key(Path::new("/"))
    }

    /// Tells whether the program sees a directory at the path.
    pub fn shows(&self, path: &Path) -> bool {
        match path.ancestors().find_map(|above| self.mounts.get(above)) {
            Some(mount) => !matches!(mount.content, Content::Cover),
            None => self.mounts.keys().any(|mount| mount.starts_with(path)),
        }
    }

    fn put(&mut self, path: &Path, content: Content, access: Access, shape: Shape) {
        self.mounts.insert(
            path.to_owned(),
            Mount {
                content,
                access,
                shape,
                kept: None,
            },
        );
    }

    fn grant(&mut self, builder: &Builder<'_>) -> Result<(), PlanError> {
        let stated = &builder.confinement.files.grants;
        let grants = required(stated, "files.grants")?;
        for (path, access) in &grants.0 {
            check_path(path)?;
            if access.is_none() {
                continue;
            }
            let shape = match builder.facts.tree.get(path) {
                Some(PathFact::Directory) => Shape::Directory,
                Some(PathFact::File | PathFact::RootOnly | PathFact::Special) => Shape::File,
                Some(PathFact::Link(target)) => {
                    self.links.insert(path.clone(), target.clone());
                    continue;
                }
                Some(PathFact::Hidden) => {
                    return Err(PlanError::BadPath {
                        path: path.clone(),
                        why: "it cannot be looked at",
                    });
                }
                Some(PathFact::Absent) | None
                    if SYSTEM.iter().any(|system| path == Path::new(system)) =>
                {
                    continue;
                }
                Some(PathFact::Absent) | None => {
                    return Err(PlanError::MissingPath {
                        path: path.clone(),
                        asked_by: stated.provenance(),
                    });
                }
            };
            let above = path
                .parent()
                .map_or(Access::NONE, |parent| grants.access(parent));
            if above != *access {
                self.put(path, Content::Host, *access, shape);
            }
        }
        // A covered path needs a mount only where a granted tree would show it.
        for (path, access) in &grants.0 {
            let shown = path
                .parent()
                .is_some_and(|parent| !grants.access(parent).is_none());
            if !access.is_none() || !shown {
                continue;
            }
            match builder.facts.tree.get(path) {
                Some(PathFact::Directory) => {
                    self.put(path, Content::Cover, Access::NONE, Shape::Directory);
                }
                Some(PathFact::File | PathFact::RootOnly | PathFact::Special) => {
                    self.put(path, Content::Cover, Access::NONE, Shape::File);
                }
                Some(PathFact::Absent) => {}
                Some(PathFact::Link(_)) => {
                    return Err(PlanError::BadPath {
                        path: path.clone(),
                        why: "it is a link: hide what it points to",
                    });
                }
                Some(PathFact::Hidden) | None => {
                    return Err(PlanError::BadPath {
                        path: path.clone(),
                        why: "it cannot be looked at, so it cannot be hidden",
                    });
                }
            }
        }
        Ok(())
    }

    fn kernel_views(&mut self, builder: &Builder<'_>) -> Result<(), PlanError> {
        let files = &builder.confinement.files;
        let root = self.has_host_root();
        let (proc, sys) = (Path::new("/proc"), Path::new("/sys"));
        match required(&files.proc, "files.proc")? {
            ProcView::Absent if root => {
                self.put(proc, Content::Cover, Access::NONE, Shape::Directory);
            }
            ProcView::Absent => {}
            ProcView::Processes | ProcView::Own => {
                self.put(proc, Content::Proc, Access::READ, Shape::Directory);
            }
            ProcView::Writable => self.put(proc, Content::Proc, Access::WRITE, Shape::Directory),
            ProcView::Host => {
                return Err(PlanError::Namespaces {
                    why: "the host's /proc cannot be shown in an own pid namespace".to_owned(),
                });
            }
        }
        match required(&files.sys, "files.sys")? {
            SysView::Absent if root => {
                self.put(sys, Content::Cover, Access::NONE, Shape::Directory);
            }
            SysView::Absent => {}
            SysView::ReadOnly => self.put(sys, Content::Host, Access::READ, Shape::Directory),
            SysView::Writable => self.put(sys, Content::Host, Access::WRITE, Shape::Directory),
        }
        Ok(())
    }

    fn devices(&mut self, builder: &Builder<'_>) -> Result<(), PlanError> {
        let devices = &builder.confinement.devices;
        let dev = Path::new("/dev");
        match required(&devices.nodes, "devices.nodes")? {
            Selection::All => {
                self.put(dev, Content::Device, Access::WRITE, Shape::Directory);
                return Ok(());
            }
            Selection::Only(nodes) => {
                self.put(dev, Content::Devices, Access::WRITE, Shape::Directory);
                for node in nodes {
                    self.device(builder, &dev.join(node))?;
                }
            }
        }
        for (link, target) in [
            ("/dev/fd", "/proc/self/fd"),
            ("/dev/stdin", "/proc/self/fd/0"),
            ("/dev/stdout", "/proc/self/fd/1"),
            ("/dev/stderr", "/proc/self/fd/2"),
        ] {
            self.links
                .insert(PathBuf::from(link), PathBuf::from(target));
        }
        if super::devices::has_terminals(builder)? {
            self.put(
                Path::new("/dev/pts"),
                Content::Terminals,
                Access::WRITE,
                Shape::Directory,
            );
            self.links
                .insert(PathBuf::from("/dev/ptmx"), PathBuf::from("pts/ptmx"));
        }
        Ok(())
    }

    fn device(&mut self, builder: &Builder<'_>, path: &Path) -> Result<(), PlanError> {
        check_path(path)?;
        if !path.starts_with("/dev/") {
            return Err(PlanError::BadPath {
                path: path.to_owned(),
                why: "it is to be a device and is not below /dev",
            });
        }
        match builder.facts.tree.get(path) {
            Some(PathFact::Special | PathFact::File) => {
                self.put(path, Content::Device, Access::WRITE, Shape::File);
            }
            Some(PathFact::Directory) => {
                self.put(path, Content::Device, Access::WRITE, Shape::Directory);
            }
            // Not looked at: the kernel makes these itself (drivers/char/mem.c, tty_io.c).
            None if super::needs::is_everywhere(path) => {
                self.put(path, Content::Device, Access::WRITE, Shape::File);
            }
            _ if !builder.confinement.devices.nodes.is_set() => {}
            _ => {
                let asked_by = builder.confinement.devices.nodes.provenance();
                return Err(PlanError::MissingPath {
                    path: path.to_owned(),
                    asked_by,
                });
            }
        }
        Ok(())
    }

    /// Tells on what a path stands.
    fn ground(&self, path: &Path) -> Ground {
        let above = path
            .ancestors()
            .skip(1)
            .find_map(|above| Some((above, self.mounts.get(above)?)));
        match above {
            Some((above, mount))
                if matches!(
                    mount.content,
                    Content::Host | Content::Device | Content::Proc | Content::Cover
                ) =>
            {
                Ground::Tree(above.to_owned())
            }
            _ => Ground::Ours,
        }
    }
}

/// Refuses paths that are not absolute and plain: the launcher follows no link and no `..`.
fn check_path(path: &Path) -> Result<(), PlanError> {
    use std::path::Component;
    let bad = |why| {
        Err(PlanError::BadPath {
            path: path.to_owned(),
            why,
        })
    };
    if !path.is_absolute() {
        return bad("it is not absolute");
    }
    if path
        .components()
        .any(|part| !matches!(part, Component::RootDir | Component::Normal(_)))
    {
        return bad("it has . or .. in it");
    }
    Ok(())
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
        if matches!(layout.ground(path), Ground::Ours) {
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
        builder.inside("files", procfs(builder, proc)?);
    }
    protect(builder)?;
    mask(builder, layout)?;
    Ok(proc)
}

/// Writes kernel parameters, and makes the procfs read-only after that.
pub(super) fn sysctls(builder: &mut Builder<'_>, layout: &Layout) -> Result<(), PlanError> {
    let parameters = &required(&builder.confinement.kernel.sysctl, "kernel.sysctl")?.0;
    if parameters.is_empty() {
        return Ok(());
    }
    let view = *required(&builder.confinement.files.proc, "files.proc")?;
    if !matches!(view, ProcView::Own | ProcView::Writable)
        || !layout.mounts.contains_key(Path::new("/proc"))
    {
        let (facet, what, why) = (
            "kernel",
            "setting kernel parameters".to_owned(),
            "it needs proc = \"own\"".to_owned(),
        );
        return Err(PlanError::NotEnforceable { facet, what, why });
    }
    for (name, value) in parameters {
        // sysctl(8) writes dots where the files have directories.
        let path = identity::text(format!("proc/sys/{}", name.replace('.', "/")))?;
        builder.inside(
            "kernel",
            Step::SetSysctl {
                path,
                value: identity::text(value.as_str())?,
            },
        );
    }
    if view == ProcView::Own {
        builder.inside(
            "files",
            Step::SetMount {
                path: c"proc".to_owned(),
                recursive: 0,
                attributes: attribute::RDONLY,
            },
        );
    }
    Ok(())
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
            builder.inside("files", procfs(builder, slot)?);
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

fn procfs(builder: &Builder<'_>, slot: Slot) -> Result<OwnedStep, PlanError> {
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

/// Covers what a procfs or the host's sysfs show beyond processes.
fn mask(builder: &mut Builder<'_>, layout: &Layout) -> Result<(), PlanError> {
    let files = &builder.confinement.files;
    let Restrictions::These(masked) = required(&files.masked, "files.masked")? else {
        return Err(PlanError::BadPath {
            path: PathBuf::from("/proc"),
            why: "covering everything is said by: proc = \"absent\"",
        });
    };
    // The program's own null device has the attributes that a cover needs; without one the host's gets them.
    let null = if layout.mounts.contains_key(Path::new("/dev/null")) {
        c"dev/null"
    } else {
        c"/dev/null"
    };
    let whole = matches!(
        required(&files.proc, "files.proc")?,
        ProcView::Own | ProcView::Writable
    );
    let ids = &builder.confinement.ids;
    let maps_root = identity::maps_root(required(&ids.uid_map, "ids.uid_map")?)
        || identity::maps_root(required(&ids.gid_map, "ids.gid_map")?);
    for shown in masked {
        let path = &shown.0;
        check_path(path)?;
        let (proc, sys) = (path.starts_with("/proc"), path.starts_with("/sys"));
        if !proc && !sys {
            return Err(PlanError::BadPath {
                path: path.clone(),
                why: "only what is below /proc and /sys is covered here; hide it instead",
            });
        }
        let there = if proc {
            whole
        } else {
            layout
                .mounts
                .get(Path::new("/sys"))
                .is_some_and(|sys| sys.content == Content::Host)
        };
        let cover = match builder.facts.tree.get(path) {
            _ if !there => continue,
            Some(PathFact::Directory) => c"".to_owned(),
            // Nobody inside is the host's root, so nothing is gained by a cover, and each costs a launch a mount.
            Some(PathFact::RootOnly) if !maps_root => continue,
            Some(PathFact::File | PathFact::RootOnly | PathFact::Special) => null.to_owned(),
            Some(PathFact::Absent) => continue,
            Some(PathFact::Link(_) | PathFact::Hidden) | None => {
                return Err(PlanError::BadPath {
                    path: path.clone(),
                    why: "it cannot be looked at, so it cannot be covered",
                });
            }
        };
        builder.inside(
            "files",
            Step::Mask {
                cover,
                path: relative(path)?,
            },
        );
    }
    Ok(())
}

/// Makes settings of the host read-only where /proc as a whole is not.
fn protect(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let files = &builder.confinement.files;
    if *required(&files.proc, "files.proc")? != ProcView::Writable {
        return Ok(());
    }
    let Restrictions::These(paths) = required(&files.read_only, "files.read_only")? else {
        return Err(PlanError::BadPath {
            path: PathBuf::from("/proc"),
            why: "all of it read-only is said by: proc = \"own\"",
        });
    };
    for shown in paths {
        check_path(&shown.0)?;
        match builder.facts.tree.get(&shown.0) {
            Some(PathFact::Absent) => {}
            _ if shown.0.starts_with("/proc") => {
                builder.inside(
                    "files",
                    Step::Protect {
                        path: relative(&shown.0)?,
                    },
                );
            }
            _ => {
                return Err(PlanError::BadPath {
                    path: shown.0.clone(),
                    why: "only what is below /proc is made read-only here; grant it with read instead",
                });
            }
        }
    }
    Ok(())
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
