//! Which registers still matter.

use crate::bpf::{Arithmetic, Operation, Program, Register, Source};

/// Returns, for each instruction, the registers that some path from it reads before it writes them.
pub(super) fn of(program: &Program) -> Vec<u32> {
    const A: u32 = 1;
    const X: u32 = 2;
    let count = program.instructions.len();
    let mut live = vec![0u32; count + 1];
    for (at, instruction) in program.instructions.iter().enumerate().rev() {
        let after = |skip: usize| live.get(at + 1 + skip).copied().unwrap_or(0);
        let of = |register| match register {
            Register::A => A,
            Register::X => X,
        };
        let reads = |source| if source == Source::X { X } else { 0 };
        let scratch = |index: u8| 4 << (index & 15);
        live[at] = match instruction.operation() {
            None | Some(Operation::Return(_)) => 0,
            Some(Operation::Load(_)) => after(0) & !A,
            Some(Operation::LoadSize(register) | Operation::LoadConstant(register, _)) => {
                after(0) & !of(register)
            }
            Some(Operation::LoadScratch(register, index)) => {
                if after(0) & of(register) == 0 {
                    after(0)
                } else {
                    after(0) & !of(register) | scratch(index)
                }
            }
            Some(Operation::Store(register, index)) => {
                if after(0) & scratch(index) == 0 {
                    after(0)
                } else {
                    after(0) & !scratch(index) | of(register)
                }
            }
            // A division by X reads X even when its result is not used: it can end the program.
            Some(Operation::Compute(Arithmetic::Divide, source)) => after(0) | A | reads(source),
            Some(Operation::Compute(_, source)) => {
                if after(0) & A == 0 {
                    after(0)
                } else {
                    after(0) | reads(source)
                }
            }
            Some(Operation::Negate) => after(0),
            Some(Operation::Jump(skip)) => after(skip as usize),
            Some(Operation::Branch(_, source, yes, no)) => {
                after(usize::from(yes)) | after(usize::from(no)) | A | reads(source)
            }
            Some(Operation::ToIndex) => {
                if after(0) & X == 0 {
                    after(0)
                } else {
                    after(0) & !X | A
                }
            }
            Some(Operation::FromIndex) => {
                if after(0) & A == 0 {
                    after(0)
                } else {
                    after(0) & !A | X
                }
            }
            Some(Operation::ReturnAccumulator) => A,
        };
    }
    live
}
