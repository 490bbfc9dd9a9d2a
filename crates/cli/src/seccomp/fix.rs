//! `casemate seccomp check --fix-widths`: comparisons as wide as the kernel's.

use super::input::{Input, What};
use super::settings::Settings;
use super::{check, target};
use crate::failure::{Failure, tell};
use casemate_model::names::{Arch, SyscallId};
use casemate_model::syscalls::condition::Size;
use casemate_model::syscalls::policy::shape;
use casemate_model::syscalls::{Call, Case, Operator, SyscallPolicy, Test, Width};
use casemate_seccomp::check::Finding;

/// Repairs, checks the result, and writes it.
pub fn run(settings: &Settings, input: Input) -> Result<(), Failure> {
    let mut policy = input.rules()?;
    let fixed = widths(&mut policy);
    let input = Input {
        what: What::Policy(Box::new(policy)),
        ..input
    };
    let native = input.machine.first().copied().unwrap_or(Arch::X86_64);
    let left = check::found(&input, native)?
        .into_iter()
        .find(|finding| matches!(finding, Finding::Truncated { .. }));
    if let Some(left) = left {
        return Err(Failure::usage(
            format!(
                "{}: one hole has to be repaired by hand: {left}",
                input.name
            ),
            None,
        ));
    }
    tell(&format!("note: {fixed} comparisons changed\n"));
    target::write(settings, &input, "text")
}

/// Makes comparisons of truncated arguments as wide as the kernel's, and counts them.
fn widths(policy: &mut SyscallPolicy) -> usize {
    let archs: Vec<Arch> = policy.archs.iter().copied().collect();
    let mut count = 0;
    for (call, cases) in &mut policy.rules {
        let (id, archs) = match *call {
            Call::Named(id) => (id, archs.clone()),
            Call::On(arch, id) => (id, vec![arch]),
            // Of an unknown call nothing is known to be truncated.
            Call::Numbers(..) => continue,
        };
        cases.retain_mut(|case| {
            let (changed, possible) = narrowed(case, id, &archs);
            count += changed;
            possible
        });
    }
    count
}

// How many tests changed, and whether the case can hold: with the dropped half taken as 0, a test of it is decided.
fn narrowed(case: &mut Case, id: SyscallId, archs: &[Arch]) -> (usize, bool) {
    let mut changed = 0;
    let mut possible = true;
    case.when.retain_mut(|test| {
        let place = test.arg.index();
        let mut having = archs.iter().filter(|arch| id.number(**arch).is_some());
        let truncated = having.any(|arch| shape(*arch, id, place).size != Size::Bits64);
        match test.width {
            Width::Raw64 if truncated && fits(&test.operator) => {
                test.width = kept(test, id, archs);
                changed += 1;
                true
            }
            Width::High32 if truncated => {
                changed += 1;
                possible &= holds_at_zero(test);
                false
            }
            Width::Raw64 | Width::High32 | Width::Low32 | Width::Kernel => true,
        }
    });
    (changed, possible)
}

// Raw comparisons have no sign, so those by order keep having none where the kernel's would have one.
fn kept(test: &mut Test, id: SyscallId, archs: &[Arch]) -> Width {
    let place = test.arg.index();
    let half = archs
        .iter()
        .filter(|arch| id.number(**arch).is_some())
        .all(|arch| shape(*arch, id, place).size == Size::Bits32);
    if !half {
        return Width::Kernel;
    }
    match &mut test.operator {
        Operator::Equal(_)
        | Operator::NotEqual(_)
        | Operator::Masked { .. }
        | Operator::NotMasked { .. } => Width::Kernel,
        Operator::Less(k) | Operator::AtMost(k) | Operator::Greater(k) | Operator::AtLeast(k) => {
            *k &= u64::from(u32::MAX);
            Width::Low32
        }
        Operator::In(ranges) | Operator::NotIn(ranges) => {
            for (low, high) in ranges {
                *low &= u64::from(u32::MAX);
                *high &= u64::from(u32::MAX);
            }
            Width::Low32
        }
    }
}

// Whether all constants are numbers that a 32-bit argument can have.
fn fits(operator: &Operator) -> bool {
    let one = |k: &u64| u32::try_from(*k).is_ok() || *k >= 0xffff_ffff_8000_0000;
    match operator {
        Operator::Equal(k)
        | Operator::NotEqual(k)
        | Operator::Less(k)
        | Operator::AtMost(k)
        | Operator::Greater(k)
        | Operator::AtLeast(k) => one(k),
        Operator::Masked { value, .. } | Operator::NotMasked { value, .. } => one(value),
        // A range up to the greatest number is one without an upper end.
        Operator::In(ranges) | Operator::NotIn(ranges) => {
            ranges.iter().all(|(low, high)| one(low) && one(high))
        }
    }
}

fn holds_at_zero(test: &Test) -> bool {
    match &test.operator {
        Operator::Equal(k) | Operator::AtLeast(k) => *k == 0,
        Operator::NotEqual(k) | Operator::Less(k) => *k != 0,
        Operator::AtMost(_) => true,
        Operator::Greater(_) => false,
        Operator::Masked { value, .. } => *value == 0,
        Operator::NotMasked { value, .. } => *value != 0,
        Operator::In(ranges) => ranges.iter().any(|(low, _)| *low == 0),
        Operator::NotIn(ranges) => ranges.iter().all(|(low, _)| *low != 0),
    }
}
