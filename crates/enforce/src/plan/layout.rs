//! Which mounts the program's root has: the decision, before any step is made.

use super::{Builder, PlanError, required};
use crate::step::Slot;
use casemate_model::facets::files::{Access, ProcView, SysView};
use casemate_model::host::PathFact;
use casemate_model::lattice::{Limit, Selection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    pub(super) kept: Option<Slot>,
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
pub(super) enum Ground {
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
            // A mount of our own between a granted tree and a path in it would hide what is granted anew.
            let hidden = |own: &Path| path.starts_with(own) && grants.access(own) == above;
            let between = own_mounts(builder)?.iter().any(|own| hidden(own));
            if above != *access || between {
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
    pub(super) fn ground(&self, path: &Path) -> Ground {
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

/// Lists where something of our own is mounted.
fn own_mounts(builder: &Builder<'_>) -> Result<Vec<PathBuf>, PlanError> {
    let temporary = required(&builder.confinement.files.temporary, "files.temporary")?;
    let fixed = ["/dev", "/proc"].map(PathBuf::from);
    Ok(temporary.0.keys().cloned().chain(fixed).collect())
}

/// Refuses paths that are not absolute and plain: the launcher follows no link and no `..`.
pub(super) fn check_path(path: &Path) -> Result<(), PlanError> {
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
