//! Several filters that are loaded one after the other, as one policy.

use std::collections::BTreeSet;

use casemate_model::names::{Arch, SyscallId};
use casemate_model::syscalls::diagram::Diagrams;
use casemate_model::syscalls::{Action, Call, Case, Operator, SyscallPolicy, Test, Width};

use crate::fuse::fuse_diagrams;

/// A filter that permits what it does not name, on these architectures and all others.
pub(super) fn permissive(archs: &[Arch]) -> SyscallPolicy {
    SyscallPolicy::without_rules(archs.iter().copied(), Action::Allow)
}

/// Adds a case for a call, if there is such a call.
pub(super) fn add(policy: &mut SyscallPolicy, name: &str, when: Vec<Test>, action: Action) {
    if let Some(id) = SyscallId::from_name(name) {
        policy.add(Call::Named(id), Case { when, action });
    }
}

/// A test of a whole register.
pub(super) fn raw(place: u8, operator: Operator) -> Test {
    Test {
        width: Width::Raw64,
        ..Test::kernel(place, operator)
    }
}

/// A test of the lower half.
pub(super) fn low(place: u8, operator: Operator) -> Test {
    Test {
        width: Width::Low32,
        ..Test::kernel(place, operator)
    }
}

/// What all of them together answer, the one that is loaded first at the front. `None` if they are too complex.
pub(super) fn together(mut layers: Vec<SyscallPolicy>) -> Option<SyscallPolicy> {
    if layers.len() < 2 {
        return layers.pop();
    }
    let mut diagrams = Diagrams::new();
    let mut roots = Vec::new();
    for layer in &layers {
        roots.push(layer.diagram(&mut diagrams, &Arch::ALL));
    }
    let root = fuse_diagrams(&mut diagrams, &roots)?;
    let strictest = |of: fn(&SyscallPolicy) -> Action| {
        let actions = layers.iter().map(of);
        actions.min_by_key(|action| action.precedence())
    };
    let mut archs: BTreeSet<Arch> = Arch::ALL.into();
    for layer in layers.iter().filter(|layer| layer.foreign != Action::Allow) {
        archs.retain(|arch| layer.archs.contains(arch));
    }
    if layers.iter().all(|layer| layer.foreign == Action::Allow) {
        archs.retain(|arch| layers.iter().any(|layer| layer.archs.contains(arch)));
    }
    let mut frame = SyscallPolicy::without_rules(archs, strictest(|layer| layer.default)?);
    frame.newer = strictest(|layer| layer.newer)?;
    frame.foreign = strictest(|layer| layer.foreign)?;
    frame.flags = layers
        .iter()
        .flat_map(|layer| layer.flags.clone())
        .collect();
    let flags = frame.flags.clone();
    let mut policy = SyscallPolicy::of_diagram(&mut diagrams, root, frame)?;
    policy.flags = flags;
    Some(policy)
}
