//! Runs a filter on one system call, instruction by instruction, as the kernel does.
//!
//! Kept apart from the diagrams on purpose: it is the witness against which they are tested.

use crate::bpf::{Arithmetic, Comparison, Operation, Program, Register, Source};
use casemate_model::syscalls::diagram::Point;

/// What running a filter gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The raw answer.
    pub answer: u32,
    /// The positions of the instructions that were executed, in order.
    pub path: Vec<usize>,
}

/// Runs a program on a system call. `None` is a program that runs off its end or holds an operation that the kernel
/// refuses, which [`crate::bpf::validate`] finds beforehand.
#[must_use]
pub fn interpret(program: &Program, call: &Point) -> Option<Run> {
    let mut accumulator = 0u32;
    let mut index = 0u32;
    let mut scratch = [0u32; 16];
    let mut path = Vec::new();
    let mut at = 0usize;
    loop {
        let operation = program.instructions.get(at)?.operation()?;
        path.push(at);
        at += 1;
        match operation {
            Operation::Load(offset) => accumulator = call[program.word_at(offset)?.index()],
            Operation::LoadSize(register) => {
                *pick(register, &mut accumulator, &mut index) = crate::bpf::DATA_SIZE;
            }
            Operation::LoadConstant(register, k) => {
                *pick(register, &mut accumulator, &mut index) = k;
            }
            Operation::LoadScratch(register, word) => {
                *pick(register, &mut accumulator, &mut index) = *scratch.get(usize::from(word))?;
            }
            Operation::Store(register, word) => {
                *scratch.get_mut(usize::from(word))? =
                    *pick(register, &mut accumulator, &mut index);
            }
            Operation::Compute(arithmetic, source) => {
                let operand = value(source, index);
                match compute(arithmetic, accumulator, operand) {
                    Some(result) => accumulator = result,
                    // Division by zero ends the program; 0 is SECCOMP_RET_KILL_THREAD.
                    None => return Some(Run { answer: 0, path }),
                }
            }
            Operation::Negate => accumulator = accumulator.wrapping_neg(),
            Operation::Jump(skip) => at = at.checked_add(skip as usize)?,
            Operation::Branch(comparison, source, yes, no) => {
                let taken = compare(comparison, accumulator, value(source, index));
                at += usize::from(if taken { yes } else { no });
            }
            Operation::ToIndex => index = accumulator,
            Operation::FromIndex => accumulator = index,
            Operation::Return(answer) => return Some(Run { answer, path }),
            Operation::ReturnAccumulator => {
                return Some(Run {
                    answer: accumulator,
                    path,
                });
            }
        }
    }
}

fn pick<'a>(register: Register, a: &'a mut u32, x: &'a mut u32) -> &'a mut u32 {
    match register {
        Register::A => a,
        Register::X => x,
    }
}

fn value(source: Source, index: u32) -> u32 {
    match source {
        Source::K(k) => k,
        Source::X => index,
    }
}

fn compute(arithmetic: Arithmetic, a: u32, b: u32) -> Option<u32> {
    Some(match arithmetic {
        Arithmetic::Add => a.wrapping_add(b),
        Arithmetic::Subtract => a.wrapping_sub(b),
        Arithmetic::Multiply => a.wrapping_mul(b),
        Arithmetic::Divide => return a.checked_div(b),
        Arithmetic::And => a & b,
        Arithmetic::Or => a | b,
        Arithmetic::Xor => a ^ b,
        // Amounts in X are taken modulo 32: ___bpf_prog_run() masks them, and so does every JIT (since 5.13).
        Arithmetic::ShiftLeft => a.wrapping_shl(b),
        Arithmetic::ShiftRight => a.wrapping_shr(b),
    })
}

fn compare(comparison: Comparison, a: u32, b: u32) -> bool {
    match comparison {
        Comparison::Equal => a == b,
        Comparison::Greater => a > b,
        Comparison::AtLeast => a >= b,
        Comparison::AnyBit => a & b != 0,
    }
}
