//! What several rules for one call mean to libseccomp, which most formats are loaded with.
//!
//! - A rule with the default action says nothing (libseccomp refuses it and engines pass over it).
//! - The first rule without conditions for a call decides it, whatever others say.
//! - Of conditional rules that answer the same arguments differently the stricter one counts. libseccomp's order there
//!   is that of its tree; a note tells.

use std::collections::BTreeMap;

use casemate_model::names::SyscallId;
use casemate_model::syscalls::diagram::{Diagrams, Node};
use casemate_model::syscalls::{Action, Call, Case, Operator, SyscallPolicy, Test, condition};

use super::report::{Notes, Remark, Source};

/// Rules in the order of the input.
#[derive(Debug, Default)]
pub(super) struct Rules {
    calls: BTreeMap<Call, Rule>,
}

#[derive(Debug, Default)]
struct Rule {
    always: Option<Action>,
    sometimes: Vec<(Case, usize)>,
}

/// A rule and its place.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    pub(super) when: Vec<Test>,
    pub(super) action: Action,
    pub(super) at: usize,
}

impl Rules {
    /// Adds a rule. Those with the default action are for the caller to leave out.
    pub(super) fn add(&mut self, call: Call, rule: Stated, source: &Source<'_>, notes: &mut Notes) {
        let known = self.calls.entry(call).or_default();
        let Stated {
            mut when,
            action,
            at,
        } = rule;
        // libseccomp makes no comparison of it, so that the rule may have no condition left.
        when.retain(|test| !matches!(test.operator, Operator::Masked { mask: 0, value: 0 }));
        if !when.is_empty() {
            known.sometimes.push((Case { when, action }, at));
        } else if known.always.is_none() {
            known.always = Some(action);
        } else if known.always != Some(action)
            && let Some(call) = id(call)
        {
            notes.add(source.position(at), Remark::Shadowed { call });
        }
    }

    /// Puts the rules into a policy.
    pub(super) fn resolve(
        self,
        policy: &mut SyscallPolicy,
        source: &Source<'_>,
        notes: &mut Notes,
    ) {
        let mut diagrams = Diagrams::bounded(4_000_000);
        for (call, rule) in self.calls {
            if let Some(action) = rule.always {
                policy.rules.insert(call, vec![Case::always(action)]);
                continue;
            }
            if let (Some(at), Some(call)) = (conflict(&mut diagrams, &rule.sometimes), id(call)) {
                notes.add(source.position(at), Remark::Conflict { call });
            }
            let mut cases: Vec<Case> = rule.sometimes.into_iter().map(|(case, _)| case).collect();
            cases.sort_by_key(|case| case.action.precedence());
            policy.rules.insert(call, cases);
        }
    }
}

const fn id(call: Call) -> Option<SyscallId> {
    match call {
        Call::Named(id) | Call::On(_, id) => Some(id),
        Call::Numbers(..) => None,
    }
}

// The place of the first rule that answers differently what an earlier one answers. Past the bound of the diagrams no
// conflict is found, which only saves a note.
fn conflict(diagrams: &mut Diagrams, cases: &[(Case, usize)]) -> Option<usize> {
    let first = cases.first()?.0.action;
    if cases.iter().all(|(case, _)| case.action == first) {
        return None;
    }
    let mut by_action: BTreeMap<Action, Node> = BTreeMap::new();
    for (case, at) in cases {
        if diagrams.overflowed() {
            return None;
        }
        let mut holds = Node::ALWAYS;
        for test in &case.when {
            let test = test.diagram(diagrams, condition::Shape::RAW);
            holds = diagrams.and(test, holds);
        }
        for (action, other) in &by_action {
            if *action != case.action && diagrams.and(holds, *other) != Node::NEVER {
                return (!diagrams.overflowed()).then_some(*at);
            }
        }
        let own = by_action.entry(case.action).or_insert(Node::NEVER);
        *own = diagrams.or(*own, holds);
    }
    None
}

/// Makes one rule of those that are the same on every architecture that has the call.
pub(super) fn collapse(policy: &mut SyscallPolicy) {
    let mut by_id: BTreeMap<SyscallId, Vec<Call>> = BTreeMap::new();
    for call in policy.rules.keys() {
        if let Call::On(_, id) = call {
            by_id.entry(*id).or_default().push(*call);
        }
    }
    for (id, calls) in by_id {
        let having = policy
            .archs
            .iter()
            .filter(|arch| id.number(**arch).is_some());
        let Some(cases) = calls.first().and_then(|call| policy.rules.get(call)) else {
            continue;
        };
        let same = calls
            .iter()
            .all(|call| policy.rules.get(call) == Some(cases));
        if same && having.count() == calls.len() && !policy.rules.contains_key(&Call::Named(id)) {
            let cases = cases.clone();
            for call in &calls {
                policy.rules.remove(call);
            }
            policy.rules.insert(Call::Named(id), cases);
        }
    }
}
