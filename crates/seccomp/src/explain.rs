//! What a filter permits, as text that is the same for all filters that do the same.

use std::fmt;

use casemate_model::names::arch::Arch;
use casemate_model::syscalls::diagram::{Diagrams, Node, Word};
use casemate_model::syscalls::policy::numbers_of;
use casemate_model::syscalls::{Action, Case, SyscallPolicy};

use crate::bpf::Program;
use crate::compare::Numbers;
use crate::language::{self, Words, push};
use crate::lift::{LiftError, lift};

/// A filter in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Explanation {
    /// A policy says exactly what the filter does.
    Policy(SyscallPolicy),
    /// No policy does, because the filter treats architectures that nobody knows as more than one kind, or asks for
    /// what is no argument. This text says it by numbers; it cannot be read back.
    Numbers(String),
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(policy) => f.write_str(&language::write(policy)),
            Self::Numbers(text) => f.write_str(text),
        }
    }
}

/// Explains a program.
pub fn explain(program: &Program) -> Result<Explanation, LiftError> {
    let mut diagrams = Diagrams::new();
    let root = lift(&mut diagrams, program)?;
    explain_diagram(&mut diagrams, root)
}

/// Explains a function.
pub fn explain_diagram(diagrams: &mut Diagrams, root: Node) -> Result<Explanation, LiftError> {
    if let Some(policy) = SyscallPolicy::canonical_of(diagrams, root) {
        return Ok(Explanation::Policy(policy));
    }
    by_numbers(diagrams, root)
        .filter(|_| !diagrams.overflowed())
        .map(Explanation::Numbers)
        .ok_or(LiftError::Undecided)
}

// More parts than this are not listed.
const MOST: usize = 1 << 14;

fn by_numbers(diagrams: &mut Diagrams, root: Node) -> Option<String> {
    let mut text = String::new();
    let runs = diagrams.runs(Word::ARCH, root, 0, MOST)?;
    let ends = runs
        .iter()
        .skip(1)
        .map(|(start, _)| start - 1)
        .chain([u32::MAX]);
    for ((start, line), end) in runs.iter().zip(ends.collect::<Vec<_>>()) {
        let known: Vec<Arch> = Arch::ALL
            .into_iter()
            .filter(|arch| *start == end && arch.audit() == *start)
            .collect();
        if known.is_empty() {
            push(
                &mut text,
                format_args!("architectures {start:#x}..{end:#x}\n"),
            );
            lines(diagrams, *line, None, &mut text)?;
        }
        for arch in known {
            push(&mut text, format_args!("architecture {arch}\n"));
            lines(diagrams, *line, Some(arch), &mut text)?;
        }
    }
    Some(text)
}

fn lines(diagrams: &mut Diagrams, line: Node, arch: Option<Arch>, text: &mut String) -> Option<()> {
    let (first, last) = arch.map_or((0, u32::MAX), numbers_of);
    let runs = diagrams.runs(Word::NR, line, 0, MOST)?;
    let ends = runs
        .iter()
        .skip(1)
        .map(|(start, _)| start - 1)
        .chain([u32::MAX]);
    for ((start, node), end) in runs.iter().zip(ends.collect::<Vec<_>>()) {
        if end < first || *start > last {
            continue;
        }
        let numbers = Numbers(arch, (*start).max(first), end.min(last));
        push(
            text,
            format_args!("    {numbers}: {}\n", answer(diagrams, *node)?),
        );
    }
    Some(())
}

fn answer(diagrams: &mut Diagrams, node: Node) -> Option<String> {
    if let Some(raw) = diagrams.as_answer(node) {
        return Some(language::action(Action::from_raw(raw)));
    }
    let words = Words {
        id: None,
        archs: Vec::new(),
    };
    let one = |case: &Case| {
        let tests: Vec<_> = case.when.iter().map(|test| words.test(test)).collect();
        let answer = language::action(case.action);
        if tests.is_empty() {
            answer
        } else {
            format!("{answer} if {}", tests.join(" and "))
        }
    };
    if let Some(cases) = SyscallPolicy::cases_of(diagrams, node) {
        return Some(cases.iter().map(one).collect::<Vec<_>>().join(", else "));
    }
    // What looks at the instruction pointer has no words.
    let answers: Vec<_> = diagrams
        .image(node)
        .into_iter()
        .map(|raw| language::action(Action::from_raw(raw)))
        .collect();
    let (one, other) = extremes(diagrams, node)?;
    Some(format!(
        "{} by the instruction pointer or bits of arguments, as at {one:x?} and {other:x?}",
        answers.join(" or ")
    ))
}

fn extremes(diagrams: &mut Diagrams, node: Node) -> Option<([u32; 16], [u32; 16])> {
    let mut image = diagrams.image(node).into_iter();
    let (first, last) = (image.next()?, image.next_back()?);
    let low = diagrams.answers(node, &mut |answer| answer == first);
    let high = diagrams.answers(node, &mut |answer| answer == last);
    Some((diagrams.witness(low)?, diagrams.witness(high)?))
}
