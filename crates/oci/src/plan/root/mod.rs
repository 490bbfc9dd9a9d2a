//! The container's root: from the configuration to the steps that make it.
//!
//! Everything is made by descriptor (see `exec/root` of the enforcing crate). The order: copies of the host's mounts, the
//! root itself, the mounts in the order of the configuration, devices; then, after the container's own hooks, kernel
//! parameters, read-only and hidden paths, the change of root, and the reading back of all mounts.
//!
//! What cannot be honoured is an error here, before anything is made.

mod cgroup;
mod cover;
mod devices;
mod interfaces;
mod mounts;
mod options;
mod path;
mod propagation;
mod rdt;
mod rules;
mod sysctl;

use crate::failure::Failure;
use casemate_enforce::plan::PlannedStep;
use casemate_enforce::step::{NO_SLOT, Policy, ROOT, SLOTS, Slot, Stage, Step};
use casemate_formats::oci::schema::{NamespaceKind, Spec};
use path::{Inside, text};
use rules::Rules;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use cgroup::{Hierarchy, Version};
#[cfg(test)]
pub use options::read as read_options;
pub use rdt::Rdt;

/// How the root is entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entering {
    /// By pivot_root(2).
    Pivot,
    /// By moving it over the old one, for hosts whose root is in an initramfs (`--no-pivot`).
    Move,
}

/// In which user namespace the container runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UserNamespace {
    /// The runtime's.
    Same,
    /// Its own, made or joined by a caller with the host's privileges.
    OfPrivileged,
    /// Its own, without which the caller may mount nothing.
    OfUnprivileged,
}

/// What the root depends on beside the configuration.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The bundle's directory, absolute.
    pub bundle: PathBuf,
    /// How the root is entered.
    pub entering: Entering,
    /// In which user namespace.
    pub user: UserNamespace,
    /// The host's hierarchies of cgroups, with the container's group in each.
    pub cgroups: Vec<Hierarchy>,
    /// The host's resource director, if it has one.
    pub rdt: Option<Rdt>,
    /// The container's id.
    pub id: String,
    /// Whether the host has /proc/kcore.
    pub has_kcore: bool,
    /// The first slot that is free.
    pub first_slot: Slot,
}

/// The steps of the root.
#[derive(Clone, PartialEq, Debug)]
pub struct RootPlan {
    /// In the launcher, before init is started.
    pub outside: Vec<PlannedStep>,
    /// In the launcher, once init is there and before it goes on.
    pub started: Vec<PlannedStep>,
    /// In init, after its ids are taken and its cgroup namespace is made.
    pub build: Vec<PlannedStep>,
    /// In init, after the hooks of the container's creation. At the end its root is the root.
    pub finish: Vec<PlannedStep>,
    /// Slot of a procfs that nothing can be mounted over; open from the start of `finish`.
    pub proc: Slot,
    /// Slot of the container's /dev.
    pub devices: Option<Slot>,
    /// Slot of the container's own pseudo-terminals.
    pub terminals: Option<Slot>,
    /// Directories of the host's that are removed with the container.
    pub left: Vec<PathBuf>,
    /// What does nothing although it was asked for.
    pub notes: Vec<String>,
    /// The next slot that is free.
    pub next_slot: Slot,
}

/// Collects the steps.
struct Builder<'a> {
    spec: &'a Spec,
    around: &'a Surroundings,
    outside: Vec<PlannedStep>,
    started: Vec<PlannedStep>,
    build: Vec<PlannedStep>,
    finish: Vec<PlannedStep>,
    rules: Rules,
    /// File systems of ours that nobody else has seen yet, by their path.
    fresh: BTreeMap<Inside, Slot>,
    /// File systems that become read-only once everything is made.
    closed_late: Vec<(Slot, Inside)>,
    /// Mappings of idmapped mounts that are made already.
    idmaps: BTreeMap<(String, String), Slot>,
    /// Destinations so far.
    used: BTreeSet<Inside>,
    /// Where in `build` copies go that must be made before the root is attached.
    early_at: usize,
    terminals: Option<Slot>,
    /// The container's procfs, if it is a whole one.
    plain_proc: Slot,
    /// What the engine should know.
    notes: Vec<String>,
    next_slot: Slot,
}

/// Slot of a mount that is made and attached at once.
const SCRATCH: Slot = 1;

/// Slots that stay free for others.
const RESERVE: Slot = 24;

impl Builder<'_> {
    fn outside(&mut self, facet: &'static str, step: Step<casemate_enforce::plan::Owned>) {
        self.outside.push(planned(Stage::Outside, facet, step));
    }

    fn started(&mut self, facet: &'static str, step: Step<casemate_enforce::plan::Owned>) {
        self.started.push(planned(Stage::Outside, facet, step));
    }

    fn build(&mut self, facet: &'static str, step: Step<casemate_enforce::plan::Owned>) {
        self.build.push(planned(Stage::Inside, facet, step));
    }

    /// Adds a step that has to run before the root is attached.
    fn build_early(&mut self, facet: &'static str, step: Step<casemate_enforce::plan::Owned>) {
        let step = planned(Stage::Inside, facet, step);
        self.build.insert(self.early_at, step);
        self.early_at += 1;
    }

    fn finish(&mut self, facet: &'static str, step: Step<casemate_enforce::plan::Owned>) {
        self.finish.push(planned(Stage::Inside, facet, step));
    }

    fn slot(&mut self) -> Result<Slot, Failure> {
        let slot = self.next_slot;
        if usize::from(slot) + usize::from(RESERVE) >= SLOTS {
            return Err(Failure::new(
                "mounts: there are more than can be made at once",
            ));
        }
        self.next_slot += 1;
        Ok(slot)
    }

    /// Whether the container has a namespace of its own.
    fn has_own(&self, kind: NamespaceKind) -> bool {
        self.spec.namespace(kind).is_some()
    }
}

fn planned(
    stage: Stage,
    facet: &'static str,
    step: Step<casemate_enforce::plan::Owned>,
) -> PlannedStep {
    PlannedStep {
        stage,
        facet,
        policy: Policy::Required,
        step,
    }
}

/// Plans the root.
///
/// # Errors
/// Something that the configuration asks for cannot be honoured; the message names the property.
pub fn plan(spec: &Spec, around: &Surroundings) -> Result<RootPlan, Failure> {
    check_namespace(spec, around)?;
    let root = spec
        .root
        .as_ref()
        .ok_or_else(|| Failure::new("root: a container needs one"))?;
    let mut builder = Builder {
        spec,
        around,
        outside: Vec::new(),
        started: Vec::new(),
        build: Vec::new(),
        finish: Vec::new(),
        rules: Rules::new(root.readonly),
        fresh: BTreeMap::new(),
        closed_late: Vec::new(),
        idmaps: BTreeMap::new(),
        used: BTreeSet::new(),
        early_at: 0,
        terminals: None,
        plain_proc: NO_SLOT,
        notes: Vec::new(),
        next_slot: around.first_slot,
    };
    let directory = on_host(around, &root.path)?;
    propagation::begin(&mut builder);
    mounts::copy_root(&mut builder, &directory)?;
    propagation::attach_root(&mut builder, &directory);
    for (index, mount) in spec.mounts.iter().enumerate() {
        let add = mounts::add(&mut builder, mount);
        add.map_err(|failure| failure.within(&format!("mounts[{index}] ({})", mount.destination)))?;
    }
    let devices = devices::add(&mut builder)?;
    interfaces::add(&mut builder)?;
    let left = rdt::add(&mut builder, &around.id)?;
    let (of, proc) = (builder.plain_proc, builder.slot()?);
    builder.finish("files", Step::OpenProc { of, slot: proc });
    sysctl::add(&mut builder, proc)?;
    cover::close(&mut builder, root.readonly)?;
    cover::add(&mut builder)?;
    propagation::enter(&mut builder);
    if is_borrowed(spec) {
        builder.notes.push(
            "linux.namespaces: without a new mount namespace the mounts are not read back"
                .to_owned(),
        );
    } else {
        let rules = builder.rules.texts()?;
        builder.finish("files", Step::VerifyTree { proc, rules });
    }
    Ok(RootPlan {
        outside: builder.outside,
        started: builder.started,
        build: builder.build,
        finish: builder.finish,
        proc,
        devices,
        terminals: builder.terminals,
        left,
        notes: builder.notes,
        next_slot: builder.next_slot,
    })
}

/// Whose namespace of mounts it is. One that is joined, or the host's, is left as it is: the container gets a tree of
/// mounts that is in no namespace, and its root there. Kernels before 6.15 refuse to mount anything in such a tree.
fn is_borrowed(spec: &Spec) -> bool {
    spec.namespace(NamespaceKind::Mount)
        .is_none_or(|namespace| !namespace.path.is_empty())
}

/// In a tree that is in no namespace nothing can be shared with one, and nothing can be read back of it.
fn check_namespace(spec: &Spec, around: &Surroundings) -> Result<(), Failure> {
    use casemate_formats::oci::schema::RootfsPropagation as P;
    let propagation = spec
        .linux
        .as_ref()
        .and_then(|linux| linux.rootfs_propagation);
    let wants = match (propagation, around.entering, around.user) {
        (Some(P::Shared | P::RecursiveShared), ..) => "linux.rootfsPropagation: a shared root",
        (_, Entering::Move, _) => "--no-pivot",
        (_, _, UserNamespace::OfPrivileged | UserNamespace::OfUnprivileged) => "a user namespace",
        _ => return Ok(()),
    };
    if !is_borrowed(spec) {
        return Ok(());
    }
    Err(needs_namespace(wants))
}

fn needs_namespace(what: &str) -> Failure {
    Failure::with_hint(
        format!("linux.namespaces: {what} needs a new mount namespace"),
        "add {\"type\": \"mount\"}",
    )
}

/// A path on the host; a relative one is of the bundle.
fn on_host(around: &Surroundings, path: &str) -> Result<std::ffi::CString, Failure> {
    let path = around.bundle.join(Path::new(path));
    text(
        path.to_str()
            .ok_or_else(|| Failure::new(format!("{} is not UTF-8", path.display())))?,
    )
}

/// Mounts of the host are copied by the launcher when the container's own root may not reach them, or may not map ids.
fn copies_outside(builder: &Builder<'_>, idmap: Slot) -> bool {
    builder.around.user == UserNamespace::OfPrivileged || idmap != NO_SLOT
}

/// Slot of the root's directory.
const TOP: Slot = ROOT;
