//! Plans: what a launch does, step by step.
//!
//! [`plan`] is a function of its arguments. The order of steps is data: [`Plan::steps`] can be printed, compared and
//! asserted. The builders of the parts are one module each; [`plan`] puts them in the order that the kernel needs.

mod check;
mod collect;
mod devices;
mod encode;
mod error;
mod filesystem;
mod filter;
mod identity;
mod landlock;
mod layout;
mod limits;
mod needs;
mod network;
mod payload;
mod print;
mod privileges;
mod procfs;
mod verify;

pub use collect::{SCRATCH, Steps};
pub use encode::Owned;
pub use error::PlanError;
pub use filter::{OBSERVED, container_filter};
pub use layout::{Layout, SYSTEM};
pub use needs::Needs;

use crate::step::{NO_SLOT, Policy, Stage, Step};
use casemate_model::Confinement;
use casemate_model::host::HostFacts;
use casemate_model::program::Program;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What the caller adds to a confinement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Facets whose steps may fail: the gap is reported.
    pub best_effort: BTreeSet<String>,
    /// A name for cgroups, unique on this host while the launcher lives.
    pub name: String,
    /// The program's file, as it is called inside.
    pub executable: PathBuf,
    /// Whether a reporter listens.
    pub reporter: Reporter,
}

/// Who receives what the launcher reads back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reporter {
    /// Nobody.
    Absent,
    /// A process that writes the report at the end.
    Report,
    /// The same, and it supervises refused system calls.
    Explain,
}

/// A step with what it belongs to.
#[derive(Clone, PartialEq, Debug)]
pub struct PlannedStep {
    /// Where it runs.
    pub stage: Stage,
    /// The facet that it enforces, a name of `Confinement::FACETS`.
    pub facet: &'static str,
    /// What happens when it fails.
    pub policy: Policy,
    /// The step.
    pub step: Step<Owned>,
}

/// Something that was asked for by default and that this host cannot enforce.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Gap {
    /// The facet.
    pub facet: &'static str,
    /// What is not enforced.
    pub what: String,
    /// Why, in the kernel's or the host's terms.
    pub why: String,
}

/// A launch.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// The steps in the order of execution: all of one stage, then the next.
    pub steps: Vec<PlannedStep>,
    /// What is not enforced, known beforehand.
    pub gaps: Vec<Gap>,
    /// Milliseconds after which the program is ended.
    pub deadline: Option<u64>,
    /// Which standard streams are replaced by an own terminal, by bit.
    pub terminal_streams: u8,
    /// Who receives what is read back.
    pub reporter: Reporter,
    /// What a supervisor answers: the filter as it would be without one, instructions of eight bytes each.
    pub answers: Option<Vec<u8>>,
}

/// Collects steps; the parts of a plan write into it.
pub(crate) struct Builder<'a> {
    pub(crate) confinement: &'a Confinement,
    pub(crate) facts: &'a HostFacts,
    pub(crate) options: &'a Options,
    pub(crate) steps: Steps,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) answers: Option<Vec<u8>>,
    /// Where mounts are kept, by path inside.
    pub(crate) kept: BTreeMap<PathBuf, u8>,
}

impl Builder<'_> {
    /// Adds a step.
    pub(crate) fn step(&mut self, stage: Stage, facet: &'static str, step: Step<Owned>) {
        let policy = if self.options.best_effort.contains(facet) {
            Policy::BestEffort
        } else {
            Policy::Required
        };
        self.steps.add(stage, facet, policy, step);
    }

    pub(crate) fn outside(&mut self, facet: &'static str, step: Step<Owned>) {
        self.step(Stage::Outside, facet, step);
    }

    pub(crate) fn inside(&mut self, facet: &'static str, step: Step<Owned>) {
        self.step(Stage::Inside, facet, step);
    }

    pub(crate) fn payload(&mut self, facet: &'static str, step: Step<Owned>) {
        self.step(Stage::Payload, facet, step);
    }

    /// Reserves a slot for the whole launch: there are enough for all but the mounts that are kept.
    pub(crate) fn reserve_slot(&mut self) -> u8 {
        self.steps.reserve_slot().unwrap_or(NO_SLOT)
    }

    /// Returns a slot in which a mount stays, while there are enough for what cannot do without.
    pub(crate) fn slot_to_keep(&mut self, path: &Path) -> u8 {
        if usize::from(self.steps.slots_in_use()) >= KEPT {
            return SCRATCH;
        }
        let slot = self.reserve_slot();
        self.kept.insert(path.to_owned(), slot);
        slot
    }

    /// Records that something asked for by default is not enforced, or refuses when the user asked for it.
    ///
    /// # Errors
    /// The value was set and the facet is not best-effort.
    pub(crate) fn not_enforced(&mut self, asked: Asked, gap: Gap) -> Result<(), PlanError> {
        if asked == Asked::ByUser && !self.options.best_effort.contains(gap.facet) {
            return Err(PlanError::NotEnforceable {
                facet: gap.facet,
                what: gap.what,
                why: gap.why,
            });
        }
        self.gaps.push(gap);
        Ok(())
    }
}

/// Who asked for something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Asked {
    /// The user, by a flag or a key.
    ByUser,
    /// Nobody: it is a default that the host may lack the means for.
    ByDefault,
}

/// Number of slots up to which mounts are kept for Landlock: more would only spare the opening of a path.
const KEPT: usize = 32;

/// Makes a plan.
///
/// # Errors
/// Something that was asked for cannot be enforced on this host, or contradicts itself.
pub fn plan(
    confinement: &Confinement,
    program: &Program,
    facts: &HostFacts,
    options: &Options,
) -> Result<Plan, PlanError> {
    let mut builder = Builder {
        confinement,
        facts,
        options,
        steps: Steps::new(),
        gaps: Vec::new(),
        answers: None,
        kept: BTreeMap::new(),
    };
    check::all(&mut builder)?;
    let mut layout = Layout::new(&builder)?;
    let terminal_streams = devices::terminal_streams(&builder)?;

    identity::drop_groups(&mut builder)?;
    filesystem::prepare(&mut builder, &mut layout)?;
    let groups = limits::cgroups(&mut builder)?;
    identity::clone(&mut builder, &groups)?;
    identity::map(&mut builder)?;
    builder.outside("namespaces", Step::Release {});

    let grouped = groups.v2 != NO_SLOT || !groups.v1.is_empty();
    for slot in groups.v1 {
        builder.inside("resources", Step::EnterCgroup { slot });
    }
    if grouped {
        identity::cgroup_namespace(&mut builder)?;
    }
    identity::become_ids(&mut builder)?;
    builder.inside("kernel", Step::DieWithParent {});
    let proc = filesystem::build(&mut builder, &layout)?;
    devices::terminal(&mut builder, terminal_streams);
    network::build(&mut builder)?;
    identity::hostname(&mut builder)?;
    procfs::sysctls(&mut builder, &layout)?;
    filesystem::finish(&mut builder, &layout);
    privileges::keyring(&mut builder)?;
    verify::mounts(&mut builder, &layout, proc);
    privileges::drop(&mut builder)?;
    landlock::build(&mut builder, &layout, proc)?;
    builder.inside("namespaces", Step::Spawn {});

    builder.payload("kernel", Step::DieWithParent {});
    payload::session(&mut builder, terminal_streams)?;
    payload::directory(&mut builder, program, &layout)?;
    payload::descriptors(&mut builder)?;
    // Reading back takes descriptors and memory, which the limits of the process may leave too little of.
    if privileges::needs_admin(&builder)? {
        payload::filter(&mut builder)?;
        privileges::drop_last(&mut builder)?;
        verify::status(&mut builder, proc)?;
        limits::rlimits(&mut builder)?;
    } else if payload::sets_limits_last(&builder)? {
        verify::status(&mut builder, proc)?;
        payload::filter(&mut builder)?;
        limits::rlimits(&mut builder)?;
    } else {
        verify::status(&mut builder, proc)?;
        limits::rlimits(&mut builder)?;
        payload::filter(&mut builder)?;
    }
    payload::execute(&mut builder, program)?;

    let deadline = required(&confinement.resources.time, "resources.time")?.bound();
    Ok(Plan {
        steps: builder.steps.in_order(),
        gaps: builder.gaps,
        deadline,
        terminal_streams,
        reporter: options.reporter,
        answers: builder.answers,
    })
}

/// Returns a field's value, which a plan cannot do without.
pub(crate) fn required<'v, T>(
    stated: &'v casemate_model::Stated<T>,
    field: &'static str,
) -> Result<&'v T, PlanError> {
    stated.value().ok_or(PlanError::Unstated { field })
}

/// Tells who asked for a field's value.
pub(crate) fn asked<T>(stated: &casemate_model::Stated<T>) -> Asked {
    if stated.is_set() {
        Asked::ByUser
    } else {
        Asked::ByDefault
    }
}

/// A step as the planner holds it.
pub(crate) type OwnedStep = Step<Owned>;
