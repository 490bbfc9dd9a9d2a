//! The policy: which calls of which architectures get which answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::action::Action;
use super::condition::{Shape, Sign, Size, Test};
use super::diagram::{Diagrams, Node, Word};
use crate::names::arch::{self, Arch, X32_SYSCALL_BIT};
use crate::names::arguments;
use crate::names::syscalls::{self, SyscallId};
use crate::names::version::KernelVersion;

/// Which calls a program may make.
///
/// What is answered to a call, in this order: a rule for its name on its architecture; a rule for its name; a rule for
/// its number; [`newer`](Self::newer) if the tables do not have it, or have it as later than
/// [`known_up_to`](Self::known_up_to); else [`default`](Self::default).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyscallPolicy {
    /// The architectures that the rules are about.
    pub archs: BTreeSet<Arch>,
    /// The answer to calls that no rule names.
    pub default: Action,
    /// The answer to calls that are newer than the policy, so that programs fall back as on an older kernel.
    pub newer: Action,
    /// The last kernel whose calls the author of the policy knew.
    pub known_up_to: KernelVersion,
    /// The answer to calls of all other architectures.
    pub foreign: Action,
    /// The rules. The first case whose tests all hold decides; if none does, the call is treated as without a rule.
    pub rules: BTreeMap<Call, Vec<Case>>,
    /// How the kernel is asked to load the filter.
    pub flags: BTreeSet<Flag>,
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Call {
    /// A call on every architecture that has it.
    Named(SyscallId),
    /// A call on one architecture.
    On(Arch, SyscallId),
    /// Numbers of one architecture, both ends included, as a filter sees them (on x32 with bit 30). Of two rules the
    /// one that begins lower counts.
    Numbers(Arch, u32, u32),
}

/// An answer and when it is given.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Case {
    /// What must hold, all of it.
    pub when: Vec<Test>,
    /// The answer.
    pub action: Action,
}

impl Case {
    /// A case that always holds.
    pub const fn always(action: Action) -> Self {
        Self {
            when: Vec::new(),
            action,
        }
    }
}

/// How the kernel is asked to load a filter (`SECCOMP_FILTER_FLAG_*`, linux/seccomp.h).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Flag {
    /// All answers but allow are logged, errors too (since 4.14).
    Log,
    /// All threads get the filter (since 3.17).
    ThreadSync,
    /// Speculation is not restricted for the sake of the filter (since 4.17; no effect since 5.16 by default).
    SpecAllow,
    /// A call that waits for a supervisor is interrupted only by a deadly signal (since 5.19).
    WaitKillable,
}

impl SyscallPolicy {
    /// A policy for these architectures without rules.
    pub fn without_rules(archs: impl IntoIterator<Item = Arch>, default: Action) -> Self {
        Self {
            archs: archs.into_iter().collect(),
            default,
            newer: default,
            known_up_to: syscalls::COVERED,
            foreign: default,
            rules: BTreeMap::new(),
            flags: BTreeSet::new(),
        }
    }

    /// Permits nothing at all, so that every policy permits as much: a process dies at its first call, be it `exit`.
    ///
    /// What the kernel's own strict mode permits is no policy to start from, since it reaches whatever is open.
    pub fn strictest() -> Self {
        Self::without_rules(Arch::ALL, Action::KillProcess)
    }

    /// Permits everything, on every architecture.
    pub fn open() -> Self {
        Self::without_rules(Arch::ALL, Action::Allow)
    }

    /// Adds a case to the rule for a call, after those that are there.
    pub fn add(&mut self, call: Call, case: Case) {
        self.rules.entry(call).or_default().push(case);
    }

    /// The policy as a function of the words that a filter sees, for a machine with these architectures.
    ///
    /// Architectures that the policy does not cover, or that are not in the list, are foreign.
    pub fn diagram(&self, diagrams: &mut Diagrams, archs: &[Arch]) -> Node {
        let foreign = diagrams.answer(self.foreign.to_raw());
        let covered = |arch| self.archs.contains(&arch) && archs.contains(&arch);
        let mut audits: BTreeMap<u32, Vec<Arch>> = BTreeMap::new();
        for arch in archs.iter().copied().filter(|arch| covered(*arch)) {
            let of = audits.entry(arch.audit()).or_default();
            if !of.contains(&arch) {
                of.push(arch);
            }
        }
        let mut by_arch = vec![(0, foreign)];
        for (audit, of) in audits {
            let mut lines: Vec<(u32, Node)> = Vec::new();
            // Without the one architecture the numbers of the other are still there, and foreign.
            if of == [Arch::X32] {
                lines.push((0, foreign));
            }
            let mut of = of;
            of.sort_unstable();
            for arch in &of {
                lines.extend(self.line(diagrams, *arch));
            }
            if of.contains(&Arch::X86_64) || of.contains(&Arch::X32) {
                if !of.contains(&Arch::X32) {
                    lines.push((X32_SYSCALL_BIT, foreign));
                }
                // -1 is what a tracer writes to skip a call: no x32 call although bit 30 is set.
                let skipped = if of.contains(&Arch::X86_64) {
                    self.skipped(diagrams)
                } else {
                    foreign
                };
                lines.push((u32::MAX, skipped));
            }
            let node = diagrams.from_runs(Word::NR, &merge(lines));
            by_arch.push((audit, node));
            by_arch.push((audit + 1, foreign));
        }
        let by_arch = merge(by_arch);
        diagrams.from_runs(Word::ARCH, &by_arch)
    }

    // The answers along the numbers of one architecture, from where its numbers begin.
    fn line(&self, diagrams: &mut Diagrams, arch: Arch) -> Vec<(u32, Node)> {
        let default = diagrams.answer(self.default.to_raw());
        let newer = diagrams.answer(self.newer.to_raw());
        let (first, end) = numbers_of(arch);
        let mut line = vec![(first, newer)];
        let mut next = first;
        for call in syscalls::all(arch) {
            let plain = if call.since > self.known_up_to {
                newer
            } else {
                default
            };
            let ruled = self
                .rules
                .get(&Call::On(arch, call.id))
                .or_else(|| self.rules.get(&Call::Named(call.id)));
            if call.nr > next {
                line.push((next, newer));
            }
            let node = match ruled {
                Some(cases) => decide(diagrams, cases, plain, &|arg| shape(arch, call.id, arg)),
                None => plain,
            };
            line.push((call.nr, node));
            next = call.nr + 1;
        }
        line.push((next, newer));
        let mut line = self.numbered(diagrams, arch, line);
        line.retain(|(start, _)| (first..=end).contains(start));
        line
    }

    // The number -1 on x86_64.
    fn skipped(&self, diagrams: &mut Diagrams) -> Node {
        let newer = diagrams.answer(self.newer.to_raw());
        let ruled = self.rules.iter().find_map(|(call, cases)| match call {
            Call::Numbers(Arch::X86_64, _, u32::MAX) => Some(cases),
            _ => None,
        });
        match ruled {
            Some(cases) => decide(diagrams, cases, newer, &|_| register(Arch::X86_64)),
            None => newer,
        }
    }

    // Rules by number, laid under the rules by name.
    fn numbered(
        &self,
        diagrams: &mut Diagrams,
        arch: Arch,
        line: Vec<(u32, Node)>,
    ) -> Vec<(u32, Node)> {
        let numbers = |call: &Call| match call {
            Call::Numbers(of, low, high) if *of == arch => Some((*low, *high)),
            _ => None,
        };
        let ranges: Vec<_> = self
            .rules
            .iter()
            .filter_map(|(call, cases)| numbers(call).map(|(low, high)| (low, high, cases)))
            .collect();
        if ranges.is_empty() {
            return line;
        }
        let mut cuts: BTreeSet<u32> = line.iter().map(|(start, _)| *start).collect();
        for (low, high, _) in &ranges {
            cuts.insert(*low);
            cuts.extend(high.checked_add(1));
        }
        cuts.into_iter()
            .map(|start| {
                let at = line.partition_point(|(other, _)| *other <= start);
                let under = line[..at].last().map_or(Node::NEVER, |(_, node)| *node);
                let named = syscalls::find(arch, start).is_some_and(|call| {
                    self.rules.contains_key(&Call::Named(call.id))
                        || self.rules.contains_key(&Call::On(arch, call.id))
                });
                let range = ranges
                    .iter()
                    .find(|(low, high, _)| (low..=high).contains(&&start));
                match range {
                    Some((_, _, cases)) if !named => {
                        (start, decide(diagrams, cases, under, &|_| register(arch)))
                    }
                    _ => (start, under),
                }
            })
            .collect()
    }
}

// The first case that holds, else what is beneath.
fn decide(
    diagrams: &mut Diagrams,
    cases: &[Case],
    beneath: Node,
    shape: &impl Fn(u8) -> Shape,
) -> Node {
    let mut node = beneath;
    for case in cases.iter().rev() {
        let mut all = Node::ALWAYS;
        for test in case.when.iter().rev() {
            let holds = test.diagram(diagrams, shape(test.arg.index()));
            all = diagrams.and(holds, all);
        }
        let answer = diagrams.answer(case.action.to_raw());
        node = diagrams.choose(all, answer, node);
    }
    node
}

fn merge(mut runs: Vec<(u32, Node)>) -> Vec<(u32, Node)> {
    // Of two runs that begin at one place the later one in the list counts.
    runs.sort_by_key(|(start, _)| *start);
    let mut merged: Vec<(u32, Node)> = Vec::with_capacity(runs.len());
    for (start, node) in runs {
        if merged.last().is_some_and(|(last, _)| *last == start) {
            merged.pop();
        }
        if merged.last().is_none_or(|(_, last)| *last != node) {
            merged.push((start, node));
        }
    }
    merged
}

/// The numbers of an architecture's calls, both ends included.
///
/// x32 shares its audit number with `x86_64` and has the numbers from bit 30 on, but not -1, which a tracer writes to
/// skip a call.
pub const fn numbers_of(arch: Arch) -> (u32, u32) {
    match arch {
        Arch::X86_64 => (0, X32_SYSCALL_BIT - 1),
        Arch::X32 => (X32_SYSCALL_BIT, u32::MAX - 1),
        _ => (0, u32::MAX),
    }
}

/// What the kernel reads of an argument of a call.
pub fn shape(arch: Arch, call: SyscallId, arg: u8) -> Shape {
    let Some(argument) = arguments::argument_of(call, arch, usize::from(arg)) else {
        return register(arch);
    };
    Shape {
        size: match argument.bits(arch) {
            16 => Size::Bits16,
            32 => Size::Bits32,
            _ => Size::Bits64,
        },
        sign: match argument.sign {
            arguments::Sign::Signed => Sign::Signed,
            arguments::Sign::Unsigned => Sign::Unsigned,
        },
    }
}

/// What an argument is when nothing is known of its call: a whole register.
pub fn register(arch: Arch) -> Shape {
    Shape {
        size: match arch.register() {
            arch::Word::W32 => Size::Bits32,
            arch::Word::W64 => Size::Bits64,
        },
        sign: Sign::Unsigned,
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Log => "log",
            Self::ThreadSync => "tsync",
            Self::SpecAllow => "spec-allow",
            Self::WaitKillable => "wait-killable",
        })
    }
}
