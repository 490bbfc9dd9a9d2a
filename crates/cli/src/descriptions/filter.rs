//! A syscall policy in a few words, and what two of them answer differently.

use casemate_model::names::{Arch, syscalls};
use casemate_model::syscalls::diagram::{Diagrams, Word};
use casemate_model::syscalls::{Action, SyscallPolicy};
use std::collections::BTreeMap;

/// What a policy answers to a call of the machine's own numbering.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Always(Action),
    Depends,
}

fn answers(policy: &SyscallPolicy) -> BTreeMap<&'static str, Answer> {
    let native = Arch::native().unwrap_or(Arch::X86_64);
    let mut diagrams = Diagrams::new();
    let root = policy.diagram(&mut diagrams, &[native]);
    let line = diagrams.at(root, Word::ARCH, native.audit());
    syscalls::all(native)
        .map(|call| {
            let node = diagrams.at(line, Word::NR, call.nr);
            let answer = diagrams
                .as_answer(node)
                .map_or(Answer::Depends, |raw| Answer::Always(Action::from_raw(raw)));
            (call.id.name(), answer)
        })
        .collect()
}

/// How much a policy permits.
pub fn summary(policy: &SyscallPolicy) -> String {
    if *policy == SyscallPolicy::open() {
        return "no filter: every call is permitted".to_owned();
    }
    let answers = answers(policy);
    let count = |wanted: fn(&Answer) -> bool| answers.values().filter(|one| wanted(one)).count();
    let permitted = count(|one| *one == Answer::Always(Action::Allow));
    let depends = count(|one| *one == Answer::Depends);
    let refused = answers.len() - permitted - depends;
    format!(
        "{permitted} of {} calls permitted, {depends} with conditions, {refused} refused",
        answers.len()
    )
}

/// Tells whether two policies answer alike on the numberings that this machine serves.
pub fn alike_here(left: &SyscallPolicy, right: &SyscallPolicy) -> bool {
    let machine = crate::caller::numberings();
    let mut diagrams = Diagrams::new();
    let (left, right) = (
        left.diagram(&mut diagrams, &machine),
        right.diagram(&mut diagrams, &machine),
    );
    !diagrams.overflowed()
        && machine.iter().all(|arch| {
            diagrams.at(left, Word::ARCH, arch.audit())
                == diagrams.at(right, Word::ARCH, arch.audit())
        })
}

/// The calls of which the second policy permits more, and those of which it permits less.
pub fn changes(
    left: &SyscallPolicy,
    right: &SyscallPolicy,
) -> (Vec<&'static str>, Vec<&'static str>) {
    let rank = |answer: &Answer| match answer {
        Answer::Always(Action::Allow | Action::Log) => 2,
        Answer::Depends => 1,
        Answer::Always(_) => 0,
    };
    let (left, right) = (answers(left), answers(right));
    let (mut more, mut less) = (Vec::new(), Vec::new());
    for (name, after) in &right {
        let Some(before) = left.get(name) else {
            continue;
        };
        match rank(after).cmp(&rank(before)) {
            std::cmp::Ordering::Greater => more.push(*name),
            std::cmp::Ordering::Less => less.push(*name),
            std::cmp::Ordering::Equal => {}
        }
    }
    (more, less)
}
