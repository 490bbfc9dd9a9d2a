//! Writes a policy as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use casemate_model::names::arch::X32_SYSCALL_BIT;
use casemate_model::names::{Arch, SyscallId, arguments, constants, errno};
use casemate_model::syscalls::condition::{Shape, Sign, Size};
use casemate_model::syscalls::policy::shape;
use casemate_model::syscalls::{Action, Call, Case, Operator, SyscallPolicy, Test, Width};

const WIDTH: usize = 100;

/// Writes a policy so that reading it gives one that answers alike.
pub fn write(policy: &SyscallPolicy) -> String {
    let mut text = String::new();
    let archs: Vec<_> = policy.archs.iter().map(|arch| arch.name()).collect();
    let archs = if archs.is_empty() {
        "none".to_owned()
    } else {
        archs.join(", ")
    };
    push(&mut text, format_args!("arch {archs}\n"));
    let known: Vec<Arch> = policy.archs.iter().copied().collect();
    let say = |answer| action_on(answer, &known);
    push(&mut text, format_args!("kernel {}\n", policy.known_up_to));
    push(&mut text, format_args!("default {}\n", say(policy.default)));
    push(&mut text, format_args!("newer {}\n", say(policy.newer)));
    push(&mut text, format_args!("foreign {}\n", say(policy.foreign)));
    if !policy.flags.is_empty() {
        let flags: Vec<_> = policy.flags.iter().map(ToString::to_string).collect();
        push(&mut text, format_args!("flags {}\n", flags.join(", ")));
    }
    let mut plain: BTreeMap<Action, Vec<String>> = BTreeMap::new();
    let mut blocks = String::new();
    for (call, cases) in &policy.rules {
        match cases.as_slice() {
            [] => {}
            [Case { when, action }] if when.is_empty() => {
                plain.entry(*action).or_default().push(name(*call));
            }
            _ => block(&mut blocks, policy, *call, cases),
        }
    }
    for (answer, calls) in plain {
        text.push('\n');
        lines(&mut text, &say(answer), &calls);
    }
    text.push_str(&blocks);
    text
}

/// Adds words to a text.
pub(crate) fn push(text: &mut String, words: std::fmt::Arguments<'_>) {
    match text.write_fmt(words) {
        // Writing to a String cannot fail.
        Ok(()) | Err(std::fmt::Error) => {}
    }
}

/// An action as the language has it, errors by name where all architectures agree.
pub(crate) fn action(action: Action) -> String {
    action_on(action, &Arch::ALL)
}

/// An action as the language has it, errors by name where these architectures agree.
fn action_on(action: Action, archs: &[Arch]) -> String {
    match action {
        Action::Errno(number) => {
            let common = |name: &&str| {
                archs
                    .iter()
                    .all(|arch| errno::number(*arch, name) == Some(number))
            };
            let first = archs.first().copied().unwrap_or(Arch::X86_64);
            match errno::name(first, number).filter(common) {
                Some(name) => format!("errno({name})"),
                None => format!("errno({number})"),
            }
        }
        other => other.to_string(),
    }
}

/// Writes an action as the language has it for policies of these architectures.
pub fn action_text(answer: Action, archs: &[Arch]) -> String {
    action_on(answer, archs)
}

/// Writes a test of an argument as the language has it, for a call on these architectures where that is known.
pub fn test_text(call: Option<SyscallId>, archs: &[Arch], test: &Test) -> String {
    let words = Words {
        id: call,
        archs: archs.to_vec(),
    };
    words.test(test)
}

/// Writes numbers of an architecture, both ends included, by their names where they have one.
pub fn numbers_text(arch: Option<Arch>, low: u32, high: u32) -> String {
    crate::compare::Numbers(arch, low, high).to_string()
}

fn name(call: Call) -> String {
    match call {
        Call::Named(id) => id.name().to_owned(),
        Call::On(arch, id) => format!("{arch}:{}", id.name()),
        Call::Numbers(arch, low, high) => {
            let bare = |number: u32| match arch {
                Arch::X32 => number & !X32_SYSCALL_BIT,
                _ => number,
            };
            if low == high {
                format!("{arch}:{:#x}", bare(low))
            } else {
                format!("{arch}:{:#x}..{:#x}", bare(low), bare(high))
            }
        }
    }
}

fn lines(text: &mut String, action: &str, calls: &[String]) {
    let mut line = action.to_owned();
    let mut first = true;
    for call in calls {
        if !first && line.len() + call.len() + 2 > WIDTH {
            text.push_str(&line);
            text.push('\n');
            action.clone_into(&mut line);
            first = true;
        }
        line.push_str(if first { " " } else { ", " });
        line.push_str(call);
        first = false;
    }
    text.push_str(&line);
    text.push('\n');
}

fn block(text: &mut String, policy: &SyscallPolicy, call: Call, cases: &[Case]) {
    let (id, archs) = match call {
        Call::Named(id) => {
            let having = policy
                .archs
                .iter()
                .filter(|arch| id.number(**arch).is_some());
            (Some(id), having.copied().collect())
        }
        Call::On(arch, id) => (Some(id), vec![arch]),
        Call::Numbers(arch, _, _) => (None, vec![arch]),
    };
    let words = Words { id, archs };
    push(text, format_args!("\n{} {{\n", name(call)));
    for case in cases {
        let tests: Vec<_> = case.when.iter().map(|test| words.test(test)).collect();
        let condition = if tests.is_empty() {
            "otherwise".to_owned()
        } else {
            tests.join(", ")
        };
        push(
            text,
            format_args!(
                "    {condition}: {}\n",
                action_on(case.action, &words.archs)
            ),
        );
    }
    text.push_str("}\n");
}

/// How the arguments of a call are written.
pub(crate) struct Words {
    pub(crate) id: Option<SyscallId>,
    pub(crate) archs: Vec<Arch>,
}

impl Words {
    /// Writes a test.
    pub(crate) fn test(&self, test: &Test) -> String {
        let test = self.typed(test);
        let place = usize::from(test.arg.index());
        let width = match test.width {
            Width::Kernel => "",
            Width::Low32 => " low32",
            Width::High32 => " high32",
            Width::Raw64 => " raw64",
        };
        let name = format!("{}{width}", self.argument(place));
        let value = |k: u64| self.value(place, k);
        match &test.operator {
            Operator::Equal(k) => format!("{name} == {}", value(*k)),
            Operator::NotEqual(k) => format!("{name} != {}", value(*k)),
            Operator::Less(k) => format!("{name} < {}", value(*k)),
            Operator::AtMost(k) => format!("{name} <= {}", value(*k)),
            Operator::Greater(k) => format!("{name} > {}", value(*k)),
            Operator::AtLeast(k) => format!("{name} >= {}", value(*k)),
            Operator::Masked { mask, value: k } => {
                format!("{name} & {} == {}", value(*mask), number(*k))
            }
            Operator::NotMasked { mask, value: k } => {
                format!("{name} & {} != {}", value(*mask), number(*k))
            }
            Operator::In(ranges) => format!("{name} in {}", self.ranges(place, ranges)),
            Operator::NotIn(ranges) => format!("{name} not in {}", self.ranges(place, ranges)),
        }
    }

    fn ranges(&self, place: usize, ranges: &[(u64, u64)]) -> String {
        let parts: Vec<_> = ranges
            .iter()
            .map(|(low, high)| {
                if low == high {
                    self.value(place, *low)
                } else {
                    format!("{}..{}", number(*low), number(*high))
                }
            })
            .collect();
        format!("{{{}}}", parts.join(", "))
    }

    fn argument(&self, place: usize) -> String {
        let bare = format!("arg{place}");
        let (Some(id), Some(first)) = (self.id, self.archs.first()) else {
            return bare;
        };
        // The kernel counts prctl's from 1.
        let taken =
            |arch: &Arch| arguments::index(id, *arch, &bare).is_some_and(|other| other != place);
        if self.archs.iter().any(taken) {
            return format!("reg{place}");
        }
        let Some(argument) = arguments::argument_of(id, *first, place) else {
            return bare;
        };
        let common = self
            .archs
            .iter()
            .all(|arch| arguments::index(id, *arch, argument.name) == Some(place));
        // A name that is a word of the language would be read as that.
        if common && !matches!(argument.name, "in" | "not" | "otherwise") {
            argument.name.to_owned()
        } else {
            bare
        }
    }

    // By name where that reads back as the same number on every architecture.
    fn value(&self, place: usize, value: u64) -> String {
        let (Some(id), Some(first)) = (self.id, self.archs.first()) else {
            return number(value);
        };
        let Some(name) = constants::name_of(id, place, value, *first) else {
            return number(value);
        };
        let same = |arch: &Arch| {
            name.split('|').try_fold(0, |sum, part| {
                let part = match part.strip_prefix("0x") {
                    Some(digits) => u64::from_str_radix(digits, 16).ok()?,
                    None => part
                        .parse()
                        .ok()
                        .or_else(|| constants::lookup(part, *arch))?,
                };
                Some(sum | part)
            }) == Some(value)
        };
        if self.archs.iter().all(same) {
            name
        } else {
            number(value)
        }
    }

    // As a comparison of what the kernel reads, where it is one.
    fn typed(&self, test: &Test) -> Test {
        let Some(id) = self.id else {
            return test.clone();
        };
        let place = test.arg.index();
        let mut shapes = self.archs.iter().map(|arch| shape(*arch, id, place));
        let Some(first) = shapes.next() else {
            return test.clone();
        };
        if !shapes.all(|shape| shape == first) {
            return test.clone();
        }
        let known = arguments::argument_of(id, self.archs[0], usize::from(place)).is_some();
        let operator = match (test.width, first.size) {
            (Width::Low32, Size::Bits32) | (Width::Raw64, Size::Bits64) if known => {
                signed(&test.operator, first)
            }
            _ => None,
        };
        match operator {
            Some(operator) => Test {
                arg: test.arg,
                width: Width::Kernel,
                operator,
            },
            None => test.clone(),
        }
    }
}

// The same set of bit patterns, compared with the sign. `None` where that would need other ranges.
fn signed(operator: &Operator, shape: Shape) -> Option<Operator> {
    if shape.sign == Sign::Unsigned {
        return Some(operator.clone());
    }
    let half = match shape.size {
        Size::Bits16 => 1 << 15,
        Size::Bits32 => 1 << 31,
        Size::Bits64 => 1 << 63,
    };
    let ranges = |ranges: &[(u64, u64)]| -> Vec<(u64, u64)> {
        ranges
            .iter()
            .flat_map(|(low, high)| {
                if *low < half && *high >= half {
                    vec![(*low, half - 1), (half, *high)]
                } else {
                    vec![(*low, *high)]
                }
            })
            .collect()
    };
    let greatest = half - 1 + half;
    Some(match operator {
        Operator::Less(k) => Operator::In(ranges(&[(0, k.checked_sub(1)?)])),
        Operator::AtMost(k) => Operator::In(ranges(&[(0, *k)])),
        Operator::Greater(k) => Operator::In(ranges(&[(k.checked_add(1)?, greatest)])),
        Operator::AtLeast(k) => Operator::In(ranges(&[(*k, greatest)])),
        Operator::In(list) => Operator::In(ranges(list)),
        Operator::NotIn(list) => Operator::NotIn(ranges(list)),
        other => other.clone(),
    })
}

fn number(value: u64) -> String {
    if value < 1024 {
        value.to_string()
    } else {
        format!("{value:#x}")
    }
}
