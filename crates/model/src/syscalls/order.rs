//! The order of policies, exactly: for every number, architecture and argument.

use super::action::{Action, Passage};
use super::diagram::{Combined, Diagrams, Node};
use super::policy::{Flag, SyscallPolicy};
use crate::names::Arch;
use crate::order::Permission;

/// What one policy lets through and another does not.
///
/// A call that runs is more than one that another process decides about, which is more than one that does not run. How
/// a call is refused makes no difference: an error, a signal and death permit nothing alike.
pub fn permits_beyond(diagrams: &mut Diagrams, left: Node, right: Node) -> Node {
    diagrams.combine(left, right, &mut |left, right| {
        if Action::from_raw(left).passage() > Action::from_raw(right).passage() {
            Combined::Holds
        } else {
            Combined::Fails
        }
    })
}

/// The function that permits what both permit, with the answers of the left one where they permit the same.
pub fn meet(diagrams: &mut Diagrams, left: Node, right: Node) -> Node {
    diagrams.combine(left, right, &mut |left, right| {
        Combined::Answer(lesser(Action::from_raw(left), Action::from_raw(right)).to_raw())
    })
}

fn lesser(left: Action, right: Action) -> Action {
    if right.passage() < left.passage() {
        right
    } else {
        left
    }
}

impl SyscallPolicy {
    // Only by looking: a policy with rules that all permit is compared the long way.
    fn permits_everything(&self) -> bool {
        self.rules.is_empty()
            && [self.default, self.newer, self.foreign]
                .iter()
                .all(|action| action.passage() == Passage::Passed)
    }
}

impl Permission for SyscallPolicy {
    fn no_more_than(&self, other: &Self) -> bool {
        // Speculation past the filter's checks is something that a filter can permit, too.
        if self.flags.contains(&Flag::SpecAllow) && !other.flags.contains(&Flag::SpecAllow) {
            return false;
        }
        // Most comparisons are with these two, and need no diagram.
        if self == other || other.permits_everything() {
            return true;
        }
        // There is always an architecture that neither knows.
        if self.foreign.passage() > other.foreign.passage() {
            return false;
        }
        let mut diagrams = Diagrams::new();
        let left = self.diagram(&mut diagrams, &Arch::ALL);
        let right = other.diagram(&mut diagrams, &Arch::ALL);
        let beyond = permits_beyond(&mut diagrams, left, right);
        !diagrams.overflowed() && beyond == Node::NEVER
    }

    fn meet(&self, other: &Self) -> Self {
        if self.flags == other.flags {
            if self == other || other.permits_everything() {
                return self.clone();
            }
            if self.permits_everything() {
                return other.clone();
            }
        }
        let mut diagrams = Diagrams::new();
        let left = self.diagram(&mut diagrams, &Arch::ALL);
        let right = other.diagram(&mut diagrams, &Arch::ALL);
        let both = meet(&mut diagrams, left, right);
        let mut frame = Self::without_rules(
            self.archs.union(&other.archs).copied(),
            lesser(self.default, other.default),
        );
        frame.newer = lesser(self.newer, other.newer);
        frame.known_up_to = self.known_up_to.min(other.known_up_to);
        frame.foreign = lesser(self.foreign, other.foreign);
        let spec = Flag::SpecAllow;
        frame.flags = self.flags.union(&other.flags).copied().collect();
        if !(self.flags.contains(&spec) && other.flags.contains(&spec)) {
            frame.flags.remove(&spec);
        }
        let flags = frame.flags.clone();
        // Out of reach only for conditions that no person writes; then what permits least stands in.
        let mut met = Self::of_diagram(&mut diagrams, both, frame).unwrap_or_else(Self::strictest);
        met.flags = flags;
        met
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Passage {
    /// Whether a call can run at all.
    #[must_use]
    pub const fn may_run(self) -> bool {
        !matches!(self, Self::Refused)
    }
}
