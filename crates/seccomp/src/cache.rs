//! The kernel's cache of calls that a filter permits whatever their arguments (since 5.11).
//!
//! When a filter is attached, the kernel walks it once for each number of the machine's own ABI and its 32-bit one, with
//! the arguments unknown, and remembers the numbers for which it reaches "allow": those calls never run the filter
//! again. This is the same walk (`seccomp_is_const_allow`, kernel/seccomp.c): it gives up at anything but loads of
//! number and architecture, jumps, comparisons with constants, and masks.

use std::collections::BTreeSet;

use casemate_model::names::arch::Arch;
use casemate_model::names::syscalls;

use crate::bpf::{Arithmetic, Comparison, Operation, Program, Source};

/// Tells whether the kernel remembers that a call is permitted.
#[must_use]
pub fn is_cached(program: &Program, arch: Arch, number: u32) -> bool {
    has_cache(arch) && number < table_size(arch) && is_constant_allow(program, arch, number)
}

/// All numbers of an architecture that the kernel remembers as permitted.
pub fn cached(program: &Program, arch: Arch) -> BTreeSet<u32> {
    syscalls::all(arch)
        .map(|call| call.nr)
        .filter(|number| is_cached(program, arch, *number))
        .collect()
}

// x32 numbers are beyond the table of x86_64, and MIPS's own numbering begins past it: never remembered.
const fn has_cache(arch: Arch) -> bool {
    !matches!(arch, Arch::X32)
}

// NR_syscalls: one more than the last number.
fn table_size(arch: Arch) -> u32 {
    syscalls::all(arch)
        .map(|call| call.nr)
        .max()
        .map_or(0, |last| last + 1)
}

/// The kernel's walk, without its limit of numbers.
#[must_use]
pub fn is_constant_allow(program: &Program, arch: Arch, number: u32) -> bool {
    let mut accumulator = 0u32;
    let mut at = 0usize;
    loop {
        let Some(operation) = program
            .instructions
            .get(at)
            .and_then(|instruction| instruction.operation())
        else {
            return false;
        };
        at += 1;
        match operation {
            // Offsets of struct seccomp_data, linux/seccomp.h.
            Operation::Load(0) => accumulator = number,
            Operation::Load(4) => accumulator = arch.audit(),
            // "Reached return": only SECCOMP_RET_ALLOW with no data counts.
            Operation::Return(answer) => return answer == 0x7fff_0000,
            Operation::Jump(skip) => at = at.saturating_add(skip as usize),
            Operation::Branch(comparison, Source::K(k), yes, no) => {
                let holds = match comparison {
                    Comparison::Equal => accumulator == k,
                    Comparison::AtLeast => accumulator >= k,
                    Comparison::Greater => accumulator > k,
                    Comparison::AnyBit => accumulator & k != 0,
                };
                at += usize::from(if holds { yes } else { no });
            }
            Operation::Compute(Arithmetic::And, Source::K(k)) => accumulator &= k,
            _ => return false,
        }
    }
}
