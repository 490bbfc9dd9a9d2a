//! What a filter costs and what it lets through, in numbers.

use casemate_model::names::arch::Arch;
use casemate_model::names::syscalls;
use casemate_model::names::version::KernelVersion;
use casemate_model::syscalls::diagram::{Diagrams, Node, Word};
use casemate_model::syscalls::{Action, Passage};

use crate::bpf::{Operation, Program, ProgramError, converted_length, validate};
use crate::cache;

/// The numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stats {
    /// How many instructions.
    pub instructions: usize,
    /// How many after the kernel's translation, as counted against the limit of all filters.
    pub converted: usize,
    /// The most instructions that a call can execute.
    pub longest_path: usize,
}

/// What a filter does with the calls of one architecture and kernel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Surface {
    /// Calls that run whatever their arguments.
    pub permitted: usize,
    /// Calls that run with some arguments, or if another process lets them.
    pub conditional: usize,
    /// Calls that never run.
    pub refused: usize,
    /// Calls that the kernel remembers as permitted, so that they cost no run of the filter.
    pub cached: usize,
}

/// Counts instructions.
pub fn of(program: &Program) -> Result<Stats, ProgramError> {
    validate(&program.instructions)?;
    Ok(Stats {
        instructions: program.instructions.len(),
        converted: converted_length(&program.instructions),
        longest_path: longest_path(program),
    })
}

/// Counts the calls of an architecture that kernels have up to a version, by what a lifted filter does with them.
pub fn surface(
    diagrams: &Diagrams,
    root: Node,
    program: &Program,
    (arch, version): (Arch, KernelVersion),
) -> Surface {
    let mut surface = Surface::default();
    let line = diagrams.at(root, Word::ARCH, arch.audit());
    for call in syscalls::all(arch).filter(|call| call.since <= version) {
        let node = diagrams.at(line, Word::NR, call.nr);
        let passages: Vec<Passage> = diagrams
            .image(node)
            .into_iter()
            .map(|raw| Action::from_raw(raw).passage())
            .collect();
        if passages.iter().all(|passage| *passage == Passage::Passed) {
            surface.permitted += 1;
        } else if passages.iter().all(|passage| *passage == Passage::Refused) {
            surface.refused += 1;
        } else {
            surface.conditional += 1;
        }
        if cache::is_cached(program, arch, call.nr) {
            surface.cached += 1;
        }
    }
    surface
}

fn longest_path(program: &Program) -> usize {
    let mut longest = vec![0usize; program.instructions.len() + 1];
    for (at, instruction) in program.instructions.iter().enumerate().rev() {
        let after = |skip: usize| longest.get(at + 1 + skip).copied().unwrap_or(0);
        longest[at] = 1 + match instruction.operation() {
            Some(Operation::Return(_) | Operation::ReturnAccumulator) | None => 0,
            Some(Operation::Jump(skip)) => after(skip as usize),
            Some(Operation::Branch(_, _, yes, no)) => {
                after(usize::from(yes)).max(after(usize::from(no)))
            }
            Some(_) => after(0),
        };
    }
    longest.first().copied().unwrap_or(0)
}
