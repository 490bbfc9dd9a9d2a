//! What a filter costs and what it lets through, in numbers.

use crate::bpf::{Operation, Program, ProgramError, converted_length, validate};

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

/// Counts.
pub fn of(program: &Program) -> Result<Stats, ProgramError> {
    validate(&program.instructions)?;
    Ok(Stats {
        instructions: program.instructions.len(),
        converted: converted_length(&program.instructions),
        longest_path: longest_path(program),
    })
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
