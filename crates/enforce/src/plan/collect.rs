//! Collecting steps, for the planners of all kinds of launches.

use super::{Owned, PlannedStep};
use crate::step::{Policy, SLOTS, Slot, Stage, Step};

/// Slot of a mount that is made and attached at once.
pub const SCRATCH: Slot = 1;

/// First slot that is reserved on demand.
const FIRST_RESERVED: Slot = 2;

/// The steps of a plan, in the order in which they were added, and the slots that they use.
#[derive(Clone, PartialEq, Debug)]
pub struct Steps {
    list: Vec<PlannedStep>,
    next_slot: Slot,
}

impl Steps {
    /// None yet.
    #[expect(
        clippy::new_without_default,
        reason = "nothing about a confinement has a default"
    )]
    pub fn new() -> Self {
        Self {
            list: Vec::new(),
            next_slot: FIRST_RESERVED,
        }
    }

    /// Adds a step with what happens when it fails.
    pub fn add(&mut self, stage: Stage, facet: &'static str, policy: Policy, step: Step<Owned>) {
        self.list.push(PlannedStep {
            stage,
            facet,
            policy,
            step,
        });
    }

    /// Adds a step of the launcher's own stage, which must succeed.
    pub fn outside(&mut self, facet: &'static str, step: Step<Owned>) {
        self.add(Stage::Outside, facet, Policy::Required, step);
    }

    /// Adds a step of the init process, which must succeed.
    pub fn inside(&mut self, facet: &'static str, step: Step<Owned>) {
        self.add(Stage::Inside, facet, Policy::Required, step);
    }

    /// Adds a step of the program's process, which must succeed.
    pub fn payload(&mut self, facet: &'static str, step: Step<Owned>) {
        self.add(Stage::Payload, facet, Policy::Required, step);
    }

    /// The number of slots that are in use.
    pub fn slots_in_use(&self) -> Slot {
        self.next_slot
    }

    /// Reserves a slot for the whole launch; none when all are in use.
    pub fn reserve_slot(&mut self) -> Option<Slot> {
        let slot = self.next_slot;
        (usize::from(slot) < SLOTS).then(|| {
            self.next_slot += 1;
            slot
        })
    }

    /// Leaves slots below this one to others.
    pub fn reserve_below(&mut self, next: Slot) {
        self.next_slot = self.next_slot.max(next);
    }

    /// Adds steps that were planned elsewhere.
    pub fn extend(&mut self, steps: Vec<PlannedStep>) {
        self.list.extend(steps);
    }

    /// Returns the steps.
    pub fn iter(&self) -> impl Iterator<Item = &PlannedStep> {
        self.list.iter()
    }

    /// Returns the steps, those of one stage after those of the one before.
    pub fn in_order(mut self) -> Vec<PlannedStep> {
        self.list.sort_by_key(|step| step.stage);
        self.list
    }
}
