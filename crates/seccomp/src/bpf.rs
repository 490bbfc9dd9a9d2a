//! Classic BPF as the kernel accepts it for system calls: instructions, their bytes, and the kernel's checks.
//!
//! The checks are those of `bpf_check_classic()` (net/core/filter.c) followed by `seccomp_check_filter()`
//! (kernel/seccomp.c): what passes [`validate`] is what `seccomp(SECCOMP_SET_MODE_FILTER)` loads.

use std::fmt;

use casemate_model::names::arch::Endian;
use casemate_model::syscalls::diagram::{Half, Word};

/// The most instructions that a filter may have (`BPF_MAXINSNS`, linux/bpf_common.h).
pub const MAX_INSTRUCTIONS: usize = 4096;

/// The most that all filters of a process may weigh together, each counting [`converted_length`] and
/// [`FILTER_PENALTY`] (`MAX_INSNS_PER_PATH`, kernel/seccomp.c).
pub const MAX_PATH: usize = 32768;

/// What each filter of a process weighs beyond its instructions (kernel/seccomp.c, `seccomp_attach_filter`).
pub const FILTER_PENALTY: usize = 4;

/// The size of `struct seccomp_data` (linux/seccomp.h).
pub const DATA_SIZE: u32 = 64;

/// One instruction: `struct sock_filter` (linux/filter.h).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instruction {
    /// The operation.
    pub code: u16,
    /// How many instructions a conditional jump skips when the comparison holds.
    pub jt: u8,
    /// How many it skips when not.
    pub jf: u8,
    /// The constant.
    pub k: u32,
}

/// A filter and the byte order of the machine that it is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// The instructions, first to last.
    pub instructions: Vec<Instruction>,
    /// Where the halves of 64-bit words are found.
    pub endian: Endian,
}

/// An operation with its operands, as far as the kernel accepts it in a filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// Loads a word of `struct seccomp_data` at an offset into the accumulator.
    Load(u32),
    /// Loads the size of `struct seccomp_data` into a register.
    LoadSize(Register),
    /// Loads the constant into a register.
    LoadConstant(Register, u32),
    /// Loads a scratch word into a register.
    LoadScratch(Register, u8),
    /// Stores a register in a scratch word.
    Store(Register, u8),
    /// Computes with the accumulator.
    Compute(Arithmetic, Source),
    /// Negates the accumulator.
    Negate,
    /// Jumps ahead.
    Jump(u32),
    /// Jumps by a comparison of the accumulator.
    Branch(Comparison, Source, u8, u8),
    /// Copies the accumulator to the index register.
    ToIndex,
    /// Copies the index register to the accumulator.
    FromIndex,
    /// Ends with the constant as the answer.
    Return(u32),
    /// Ends with the accumulator as the answer.
    ReturnAccumulator,
}

/// A register of the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Register {
    /// The accumulator.
    A,
    /// The index register.
    X,
}

/// The second operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// The constant.
    K(u32),
    /// The index register.
    X,
}

/// Arithmetic that the kernel permits to filters (no modulo: `seccomp_check_filter`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arithmetic {
    /// Addition, wrapping.
    Add,
    /// Subtraction, wrapping.
    Subtract,
    /// Multiplication, wrapping.
    Multiply,
    /// Division, unsigned. By zero it ends the program with the answer 0.
    Divide,
    /// Bitwise and.
    And,
    /// Bitwise or.
    Or,
    /// Bitwise exclusive or.
    Xor,
    /// Shift to the left. By 32 or more the kernel's answer depends on the machine when the amount is in X.
    ShiftLeft,
    /// Shift to the right, logical.
    ShiftRight,
}

/// Comparisons, unsigned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Greater.
    Greater,
    /// Greater or equal.
    AtLeast,
    /// A common bit.
    AnyBit,
}

// linux/bpf_common.h
pub(crate) const LD_ABS: u16 = 0x20;
pub(crate) const ALU_AND_K: u16 = 0x54;
pub(crate) const JMP_JA: u16 = 0x05;
pub(crate) const JEQ_K: u16 = 0x15;
pub(crate) const JGT_K: u16 = 0x25;
pub(crate) const JGE_K: u16 = 0x35;
pub(crate) const JSET_K: u16 = 0x45;
pub(crate) const RET_K: u16 = 0x06;

impl Instruction {
    /// An instruction that is no conditional jump.
    pub const fn plain(code: u16, k: u32) -> Self {
        Self {
            code,
            jt: 0,
            jf: 0,
            k,
        }
    }

    /// Reads the operation. `None` is one that the kernel refuses.
    pub const fn operation(self) -> Option<Operation> {
        use Operation as O;
        let k = self.k;
        let source = if self.code & 0x08 == 0 {
            Source::K(k)
        } else {
            Source::X
        };
        Some(match self.code {
            LD_ABS => O::Load(k),
            0x80 => O::LoadSize(Register::A),
            0x81 => O::LoadSize(Register::X),
            0x00 => O::LoadConstant(Register::A, k),
            0x01 => O::LoadConstant(Register::X, k),
            0x60 => O::LoadScratch(Register::A, k as u8),
            0x61 => O::LoadScratch(Register::X, k as u8),
            0x02 => O::Store(Register::A, k as u8),
            0x03 => O::Store(Register::X, k as u8),
            0x04 | 0x0c => O::Compute(Arithmetic::Add, source),
            0x14 | 0x1c => O::Compute(Arithmetic::Subtract, source),
            0x24 | 0x2c => O::Compute(Arithmetic::Multiply, source),
            0x34 | 0x3c => O::Compute(Arithmetic::Divide, source),
            0x44 | 0x4c => O::Compute(Arithmetic::Or, source),
            0x54 | 0x5c => O::Compute(Arithmetic::And, source),
            0x64 | 0x6c => O::Compute(Arithmetic::ShiftLeft, source),
            0x74 | 0x7c => O::Compute(Arithmetic::ShiftRight, source),
            0xa4 | 0xac => O::Compute(Arithmetic::Xor, source),
            0x84 => O::Negate,
            JMP_JA => O::Jump(k),
            0x15 | 0x1d => O::Branch(Comparison::Equal, source, self.jt, self.jf),
            0x25 | 0x2d => O::Branch(Comparison::Greater, source, self.jt, self.jf),
            0x35 | 0x3d => O::Branch(Comparison::AtLeast, source, self.jt, self.jf),
            0x45 | 0x4d => O::Branch(Comparison::AnyBit, source, self.jt, self.jf),
            0x07 => O::ToIndex,
            0x87 => O::FromIndex,
            RET_K => O::Return(k),
            0x16 => O::ReturnAccumulator,
            _ => return None,
        })
    }

    /// Writes the eight bytes that the kernel reads.
    pub const fn to_bytes(self, endian: Endian) -> [u8; 8] {
        let (code, k) = match endian {
            Endian::Little => (self.code.to_le_bytes(), self.k.to_le_bytes()),
            Endian::Big => (self.code.to_be_bytes(), self.k.to_be_bytes()),
        };
        [code[0], code[1], self.jt, self.jf, k[0], k[1], k[2], k[3]]
    }

    /// Reads eight bytes.
    pub const fn from_bytes(bytes: [u8; 8], endian: Endian) -> Self {
        let [c0, c1, jt, jf, k0, k1, k2, k3] = bytes;
        let (code, k) = match endian {
            Endian::Little => (
                u16::from_le_bytes([c0, c1]),
                u32::from_le_bytes([k0, k1, k2, k3]),
            ),
            Endian::Big => (
                u16::from_be_bytes([c0, c1]),
                u32::from_be_bytes([k0, k1, k2, k3]),
            ),
        };
        Self { code, jt, jf, k }
    }
}

impl Program {
    /// Writes the bytes that `struct sock_fprog` points at.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.instructions
            .iter()
            .flat_map(|instruction| instruction.to_bytes(self.endian))
            .collect()
    }

    /// Reads raw bytes in a known byte order and checks them as the kernel would.
    pub fn from_bytes(bytes: &[u8], endian: Endian) -> Result<Self, BytesError> {
        let (whole, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(BytesError::Length(bytes.len()));
        }
        let instructions = whole
            .iter()
            .map(|bytes| Instruction::from_bytes(*bytes, endian))
            .collect::<Vec<_>>();
        validate(&instructions).map_err(BytesError::Program)?;
        Ok(Self {
            instructions,
            endian,
        })
    }

    /// Reads raw bytes in the byte order in which they make a filter that the kernel takes.
    pub fn from_bytes_either(bytes: &[u8]) -> Result<Self, BytesError> {
        Self::from_bytes(bytes, Endian::Little).or_else(|little| {
            // No filter reads the same both ways: the first byte of its last instruction's code is 0x06 or 0x16.
            Self::from_bytes(bytes, Endian::Big).map_err(|_| little)
        })
    }

    /// The word of `struct seccomp_data` that an offset names on this program's machine.
    pub const fn word_at(&self, offset: u32) -> Option<Word> {
        word_at(offset, self.endian)
    }
}

/// The word of `struct seccomp_data` (linux/seccomp.h) at an offset.
pub const fn word_at(offset: u32, endian: Endian) -> Option<Word> {
    if !offset.is_multiple_of(4) {
        return None;
    }
    let second = offset % 8 == 4;
    let high = match endian {
        Endian::Little => second,
        Endian::Big => !second,
    };
    match offset {
        0 => Some(Word::NR),
        4 => Some(Word::ARCH),
        8 | 12 => Some(if high { Word::IP_HIGH } else { Word::IP_LOW }),
        16..64 => {
            let arg = ((offset - 16) / 8) as u8;
            Some(if high {
                Word::high(arg)
            } else {
                Word::low(arg)
            })
        }
        _ => None,
    }
}

/// The offset of a word in `struct seccomp_data`.
pub const fn offset_of(word: Word, endian: Endian) -> u32 {
    let (base, half) = match word.argument() {
        Some((arg, half)) => (16 + 8 * arg as u32, half),
        None if word.index() == Word::ARCH.index() => return 4,
        None if word.index() == Word::NR.index() => return 0,
        None if word.index() == Word::IP_HIGH.index() => (8, Half::High),
        None => (8, Half::Low),
    };
    match (half, endian) {
        (Half::Low, Endian::Little) | (Half::High, Endian::Big) => base,
        (Half::High, Endian::Little) | (Half::Low, Endian::Big) => base + 4,
    }
}

/// Checks instructions as the kernel does before it loads them.
pub fn validate(instructions: &[Instruction]) -> Result<(), ProgramError> {
    let count = instructions.len();
    if count == 0 {
        return Err(ProgramError::Empty);
    }
    if count > MAX_INSTRUCTIONS {
        return Err(ProgramError::TooLong(count));
    }
    for (at, instruction) in instructions.iter().enumerate() {
        let operation = instruction.operation().ok_or(ProgramError::Opcode {
            at,
            code: instruction.code,
        })?;
        let after = count - at - 1;
        match operation {
            Operation::Load(offset) if offset >= DATA_SIZE || !offset.is_multiple_of(4) => {
                return Err(ProgramError::Offset { at, offset });
            }
            Operation::LoadScratch(..) | Operation::Store(..) if instruction.k >= 16 => {
                return Err(ProgramError::Scratch {
                    at,
                    index: instruction.k,
                });
            }
            Operation::Compute(Arithmetic::Divide, Source::K(0)) => {
                return Err(ProgramError::DivideByZero { at });
            }
            Operation::Compute(
                Arithmetic::ShiftLeft | Arithmetic::ShiftRight,
                Source::K(amount),
            ) if amount >= 32 => {
                return Err(ProgramError::Shift { at, amount });
            }
            Operation::Jump(skip) if skip as usize >= after => {
                return Err(ProgramError::Jump { at, skip });
            }
            Operation::Branch(_, _, yes, no)
                if usize::from(yes) >= after || usize::from(no) >= after =>
            {
                return Err(ProgramError::Jump {
                    at,
                    skip: u32::from(yes.max(no)),
                });
            }
            _ => {}
        }
    }
    if !matches!(
        instructions.last().and_then(|last| last.operation()),
        Some(Operation::Return(_) | Operation::ReturnAccumulator)
    ) {
        return Err(ProgramError::NoReturn);
    }
    check_scratch(instructions)
}

// `check_load_and_stores()`, net/core/filter.c: no scratch word is read that some path has not written.
fn check_scratch(instructions: &[Instruction]) -> Result<(), ProgramError> {
    let mut incoming = vec![u16::MAX; instructions.len()];
    let mut valid = 0u16;
    for (at, instruction) in instructions.iter().enumerate() {
        valid &= incoming[at];
        let mut mark = |skip: usize, valid: u16| {
            if let Some(target) = incoming.get_mut(at + 1 + skip) {
                *target &= valid;
            }
        };
        match instruction.operation() {
            Some(Operation::Store(_, index)) => valid |= 1 << (index & 15),
            Some(Operation::LoadScratch(_, index)) if valid >> (index & 15) & 1 == 0 => {
                return Err(ProgramError::Uninitialised {
                    at,
                    index: u32::from(index),
                });
            }
            Some(Operation::Jump(skip)) => {
                mark(skip as usize, valid);
                valid = u16::MAX;
            }
            Some(Operation::Branch(_, _, yes, no)) => {
                mark(usize::from(yes), valid);
                mark(usize::from(no), valid);
                valid = u16::MAX;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Estimates the length after the kernel's translation to extended BPF (`bpf_convert_filter`), which is what counts
/// against [`MAX_PATH`]: three instructions before the first, two for each return, three for a division by X.
pub fn converted_length(instructions: &[Instruction]) -> usize {
    3 + instructions
        .iter()
        .map(|instruction| match instruction.operation() {
            Some(Operation::Return(_) | Operation::ReturnAccumulator) => 2,
            Some(Operation::Branch(comparison, source, yes, no)) => {
                // One jump does when a side falls through; a constant with its top bit set is moved to a register
                // first, since extended BPF would extend its sign.
                let constant = matches!(source, Source::K(k) if k > i32::MAX as u32);
                let both = yes != 0 && no != 0;
                let inverted = yes == 0 && comparison == Comparison::AnyBit && no != 0;
                1 + usize::from(constant) + usize::from(both || inverted)
            }
            Some(Operation::Compute(Arithmetic::Divide, Source::X)) => 4,
            _ => 1,
        })
        .sum::<usize>()
}

/// Why bytes are no filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BytesError {
    /// The length is no multiple of eight.
    Length(usize),
    /// The kernel would refuse the program.
    Program(ProgramError),
}

impl fmt::Display for BytesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => {
                write!(
                    f,
                    "{length} bytes are no whole number of 8-byte instructions"
                )
            }
            Self::Program(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BytesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Length(_) => None,
            Self::Program(error) => Some(error),
        }
    }
}

/// Why the kernel would refuse a program. Positions count instructions from 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProgramError {
    /// No instruction.
    Empty,
    /// More than [`MAX_INSTRUCTIONS`].
    TooLong(usize),
    /// An operation that filters may not use.
    Opcode {
        /// Where.
        at: usize,
        /// The operation.
        code: u16,
    },
    /// A load outside `struct seccomp_data`, or not of a whole word.
    Offset {
        /// Where.
        at: usize,
        /// The offset.
        offset: u32,
    },
    /// A scratch word past the sixteenth.
    Scratch {
        /// Where.
        at: usize,
        /// The scratch word.
        index: u32,
    },
    /// A scratch word that not every path has written.
    Uninitialised {
        /// Where.
        at: usize,
        /// The scratch word.
        index: u32,
    },
    /// A division by the constant 0.
    DivideByZero {
        /// Where.
        at: usize,
    },
    /// A shift by 32 or more.
    Shift {
        /// Where.
        at: usize,
        /// By how much.
        amount: u32,
    },
    /// A jump past the end.
    Jump {
        /// Where.
        at: usize,
        /// How many instructions it skips.
        skip: u32,
    },
    /// The last instruction is no return.
    NoReturn,
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the filter has no instruction"),
            Self::TooLong(count) => write!(
                f,
                "the filter has {count} instructions, and the kernel takes at most {MAX_INSTRUCTIONS}"
            ),
            Self::Opcode { at, code } => write!(
                f,
                "instruction {at}: the kernel permits no operation {code:#06x} in a filter"
            ),
            Self::Offset { at, offset } => write!(
                f,
                "instruction {at}: no word of struct seccomp_data is at offset {offset} (0 to 60, in fours)"
            ),
            Self::Scratch { at, index } => write!(
                f,
                "instruction {at}: there is no scratch word {index} (0 to 15)"
            ),
            Self::Uninitialised { at, index } => write!(
                f,
                "instruction {at}: scratch word {index} is read, but not written on every path"
            ),
            Self::DivideByZero { at } => write!(f, "instruction {at}: division by 0"),
            Self::Shift { at, amount } => {
                write!(f, "instruction {at}: shift by {amount} of a 32-bit word")
            }
            Self::Jump { at, skip } => write!(
                f,
                "instruction {at}: a jump over {skip} instructions leaves the filter"
            ),
            Self::NoReturn => f.write_str("the last instruction is no return"),
        }
    }
}

impl std::error::Error for ProgramError {}
