//! From a function back to a policy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::action::Action;
use super::condition::{Arg, Operator, Test, Width};
use super::diagram::{Diagrams, Half, Node, NodeMap, Word};
use super::policy::{Call, Case, SyscallPolicy, numbers_of};
use crate::names::arch::{Arch, X32_SYSCALL_BIT};
use crate::names::syscalls;

// A rule with more cases than this is no rule that a person could read.
const MOST_CASES: usize = 4096;

// A word with more runs than this is described by bits.
const MOST_RUNS: usize = 24;

impl SyscallPolicy {
    /// The policy in its canonical form: policies that answer alike have the same one. `None` if its conditions are
    /// out of reach.
    ///
    /// Canonical is: the architectures that are not wholly foreign; what most named calls get as the default, if that
    /// is a refusal; every other call by its name, on each architecture where the answer is not common to all.
    pub fn canonical(&self) -> Option<Self> {
        let mut diagrams = Diagrams::new();
        let root = self.diagram(&mut diagrams, &Arch::ALL);
        let mut policy = Self::canonical_of(&mut diagrams, root)?;
        policy.flags.clone_from(&self.flags);
        Some(policy)
    }

    /// The canonical policy of a function; `None` if no policy says it exactly, which is so when the answers to
    /// unknown architectures depend on more than the architecture, or conditions are out of reach.
    pub fn canonical_of(diagrams: &mut Diagrams, root: Node) -> Option<Self> {
        // No architecture has the audit number 0.
        let foreign = diagrams.at(root, Word::ARCH, 0);
        let foreign = Action::from_raw(diagrams.as_answer(foreign)?);
        let constant = diagrams.answer(foreign.to_raw());
        let archs: Vec<Arch> = Arch::ALL
            .into_iter()
            .filter(|arch| {
                let (first, last) = numbers_of(*arch);
                let line = diagrams.at(root, Word::ARCH, arch.audit());
                lines(diagrams, line, first, last)
                    .is_none_or(|runs| runs.iter().any(|(_, _, node)| *node != constant))
            })
            .collect();
        let mut counts: BTreeMap<Action, usize> = BTreeMap::new();
        let mut unknown: BTreeMap<Action, usize> = BTreeMap::new();
        for arch in &archs {
            let line = diagrams.at(root, Word::ARCH, arch.audit());
            for call in syscalls::all(*arch) {
                let node = diagrams.at(line, Word::NR, call.nr);
                if let Some(raw) = diagrams.as_answer(node) {
                    *counts.entry(Action::from_raw(raw)).or_default() += 1;
                }
            }
            // Far above every number in use.
            let node = diagrams.at(line, Word::NR, numbers_of(*arch).0 + 0xff_ffff);
            if let Some(raw) = diagrams.as_answer(node) {
                *unknown.entry(Action::from_raw(raw)).or_default() += 1;
            }
        }
        let most = |counts: &BTreeMap<Action, usize>| {
            counts
                .iter()
                .max_by_key(|(_, count)| **count)
                .map(|(action, _)| *action)
        };
        let newer = most(&unknown).unwrap_or(foreign);
        counts.remove(&Action::Allow);
        let default = most(&counts).unwrap_or(newer);
        let mut frame = Self::without_rules(archs, default);
        frame.newer = newer;
        frame.foreign = foreign;
        Self::of_diagram(diagrams, root, frame)
    }

    /// The cases of a function of the arguments, in order; the last one always holds. `None` if they are out of reach.
    pub fn cases_of(diagrams: &mut Diagrams, node: Node) -> Option<Vec<Case>> {
        Describer::new(diagrams).cases(node)
    }

    /// Fills a policy without rules so that it is this function. `None` if no rules can do that.
    pub fn of_diagram(diagrams: &mut Diagrams, root: Node, frame: Self) -> Option<Self> {
        let mut policy = frame;
        let bare = policy.diagram(diagrams, &Arch::ALL);
        let mut named: BTreeMap<syscalls::SyscallId, Vec<(Arch, Node)>> = BTreeMap::new();
        let mut described = Describer::new(diagrams);
        for arch in policy.archs.clone() {
            let (first, last) = numbers_of(arch);
            let line = described.diagrams.at(root, Word::ARCH, arch.audit());
            let plain = described.diagrams.at(bare, Word::ARCH, arch.audit());
            let mut known = BTreeSet::new();
            for call in syscalls::all(arch) {
                known.insert(call.nr);
                let node = described.diagrams.at(line, Word::NR, call.nr);
                if node != described.diagrams.at(plain, Word::NR, call.nr) {
                    named.entry(call.id).or_default().push((arch, node));
                }
            }
            for (low, high, node) in lines(described.diagrams, line, first, last)? {
                for (low, high) in between(&known, low, high) {
                    if node != described.diagrams.at(plain, Word::NR, low) {
                        let cases = described.cases(node)?;
                        policy.rules.insert(Call::Numbers(arch, low, high), cases);
                    }
                }
            }
        }
        // -1 is within x86_64's line, but past the numbers of both that share it.
        if policy.archs.contains(&Arch::X86_64) {
            let last = |diagrams: &Diagrams, root| {
                let line = diagrams.at(root, Word::ARCH, Arch::X86_64.audit());
                diagrams.at(line, Word::NR, u32::MAX)
            };
            let node = last(described.diagrams, root);
            if node != last(described.diagrams, bare) {
                let call = Call::Numbers(Arch::X86_64, u32::MAX, u32::MAX);
                policy.rules.insert(call, described.cases(node)?);
            }
        }
        for (id, places) in named {
            let having = policy
                .archs
                .iter()
                .filter(|arch| id.number(**arch).is_some());
            let (_, node) = *places.first()?;
            let same = places.iter().all(|(_, other)| *other == node);
            if same && having.count() == places.len() {
                policy.rules.insert(Call::Named(id), described.cases(node)?);
            } else {
                for (arch, node) in places {
                    policy
                        .rules
                        .insert(Call::On(arch, id), described.cases(node)?);
                }
            }
        }
        // What the frame cannot say, such as rules for architectures that nobody knows, shows here.
        let again = policy.diagram(diagrams, &Arch::ALL);
        (again == root && !diagrams.overflowed()).then_some(policy)
    }
}

// The runs of a line of numbers, cut to those of one architecture.
fn lines(diagrams: &Diagrams, line: Node, first: u32, last: u32) -> Option<Vec<(u32, u32, Node)>> {
    let runs = diagrams.runs(Word::NR, line, 0, 1 << 16)?;
    let ends = runs
        .iter()
        .skip(1)
        .map(|(start, _)| start - 1)
        .chain([u32::MAX]);
    Some(
        runs.iter()
            .zip(ends)
            .filter(|((start, _), end)| *end >= first && *start <= last)
            .map(|((start, node), end)| ((*start).max(first), end.min(last), *node))
            .collect(),
    )
}

// The parts of a range that hold no known number.
fn between(known: &BTreeSet<u32>, low: u32, high: u32) -> Vec<(u32, u32)> {
    let mut parts = Vec::new();
    let mut start = Some(low);
    for number in known.range(low..=high) {
        if let Some(from) = start
            && from < *number
        {
            parts.push((from, number - 1));
        }
        start = number.checked_add(1);
    }
    parts.extend(
        start
            .filter(|start| *start <= high)
            .map(|start| (start, high)),
    );
    parts
}

struct Describer<'a> {
    diagrams: &'a mut Diagrams,
    known: NodeMap<Node, Option<Vec<Case>>>,
}

impl<'a> Describer<'a> {
    fn new(diagrams: &'a mut Diagrams) -> Self {
        Self {
            diagrams,
            known: NodeMap::default(),
        }
    }

    // Cases of which the last one always holds. `None` if there are too many.
    fn cases(&mut self, node: Node) -> Option<Vec<Case>> {
        if let Some(known) = self.known.get(&node) {
            return known.clone();
        }
        let cases = self
            .find(node)
            .filter(|cases| cases.len() <= MOST_CASES)
            .map(without_needless);
        self.known.insert(node, cases.clone());
        cases
    }

    fn find(&mut self, node: Node) -> Option<Vec<Case>> {
        if let Some(raw) = self.diagrams.as_answer(node) {
            return Some(vec![Case::always(Action::from_raw(raw))]);
        }
        let word = self.diagrams.word(node)?;
        let (place, half) = word.argument()?;
        let arg = Arg::new(place)?;
        if half == Half::High
            && let Some(runs) = self.long_runs(node, place)
        {
            return self.by_runs(arg, Width::Raw64, &runs, u64::MAX);
        }
        let width = match half {
            Half::High => Width::High32,
            Half::Low => Width::Low32,
        };
        if let Some(runs) = self.diagrams.runs(word, node, 0, MOST_RUNS) {
            let runs: Vec<_> = runs
                .into_iter()
                .map(|(start, node)| (u64::from(start), node))
                .collect();
            return self.by_runs(arg, width, &runs, u64::from(u32::MAX));
        }
        self.by_bits(node, word, arg, width)
    }

    // The runs of a whole argument, where its halves make ranges of the whole.
    fn long_runs(&self, node: Node, place: u8) -> Option<Vec<(u64, Node)>> {
        let low = Word::low(place);
        let high_runs = self.diagrams.runs(Word::high(place), node, 0, MOST_RUNS)?;
        let mut runs: Vec<(u64, Node)> = Vec::new();
        let ends = high_runs
            .iter()
            .skip(1)
            .map(|(start, _)| start - 1)
            .chain([u32::MAX]);
        for ((start, below), end) in high_runs.iter().zip(ends) {
            let base = u64::from(*start) << 32;
            if self.diagrams.word(*below) != Some(low) {
                push(&mut runs, base, *below);
                continue;
            }
            if *start != end {
                return None;
            }
            for (start, below) in self.diagrams.runs(low, *below, 0, MOST_RUNS)? {
                push(&mut runs, base | u64::from(start), below);
            }
        }
        (runs.len() <= MOST_RUNS).then_some(runs)
    }

    fn by_runs(
        &mut self,
        arg: Arg,
        width: Width,
        runs: &[(u64, Node)],
        greatest: u64,
    ) -> Option<Vec<Case>> {
        let ends = runs
            .iter()
            .skip(1)
            .map(|(start, _)| start - 1)
            .chain([greatest]);
        let mut targets: Vec<(Node, Vec<(u64, u64)>)> = Vec::new();
        for ((start, node), end) in runs.iter().zip(ends) {
            match targets.iter_mut().find(|(other, _)| other == node) {
                Some((_, ranges)) => ranges.push((*start, end)),
                None => targets.push((*node, vec![(*start, end)])),
            }
        }
        // What has most ranges is the rest; of equals, what comes last.
        let rest = targets
            .iter()
            .enumerate()
            .max_by_key(|(_, (_, ranges))| ranges.len())
            .map(|(place, _)| place)?;
        let (rest, _) = targets.remove(rest);
        let mut cases = Vec::new();
        for (node, ranges) in targets {
            let test = Test {
                arg,
                width,
                operator: by_ranges(ranges, greatest),
            };
            self.append(&mut cases, &test, node)?;
        }
        cases.extend(self.cases(rest)?);
        Some(cases)
    }

    fn append(&mut self, cases: &mut Vec<Case>, test: &Test, node: Node) -> Option<()> {
        for case in self.cases(node)? {
            let mut when = vec![test.clone()];
            when.extend(case.when);
            cases.push(Case {
                when,
                action: case.action,
            });
        }
        (cases.len() <= MOST_CASES).then_some(())
    }

    // Bits that decide alone, all at once; else the topmost bit.
    fn by_bits(&mut self, node: Node, word: Word, arg: Arg, width: Width) -> Option<Vec<Case>> {
        let mut set: Vec<(Node, u32)> = Vec::new();
        for bit in (0..32).rev() {
            let target = self.diagrams.given(node, word, 1 << bit, 0);
            if target != node && self.diagrams.word(target) != Some(word) {
                match set.iter_mut().find(|(other, _)| *other == target) {
                    Some((_, bits)) => *bits |= 1 << bit,
                    None => set.push((target, 1 << bit)),
                }
            }
        }
        let (mask, value, then, rest) = if let Some((target, bits)) = set.first().copied() {
            let rest = self.diagrams.given(node, word, 0, bits);
            (bits, 0, target, rest)
        } else {
            let (_, bit, low, high) = self.diagrams.test(node)?;
            let bit = 1u32 << bit;
            (bit, 0, high, low)
        };
        let mut cases = Vec::new();
        let test = Test {
            arg,
            width,
            operator: Operator::NotMasked {
                mask: u64::from(mask),
                value,
            },
        };
        self.append(&mut cases, &test, then)?;
        cases.extend(self.cases(rest)?);
        (cases.len() <= MOST_CASES).then_some(cases)
    }
}

// Drops each case that a later one with fewer tests answers alike, if nothing between them answers otherwise.
fn without_needless(cases: Vec<Case>) -> Vec<Case> {
    let mut kept: Vec<Case> = Vec::with_capacity(cases.len());
    for case in cases.into_iter().rev() {
        let needless = kept
            .iter()
            .rev()
            .take_while(|later| later.action == case.action)
            .any(|later| later.when.iter().all(|test| case.when.contains(test)));
        if !needless {
            kept.push(case);
        }
    }
    kept.reverse();
    kept
}

fn push(runs: &mut Vec<(u64, Node)>, start: u64, node: Node) {
    if runs.last().is_none_or(|(_, last)| *last != node) {
        runs.push((start, node));
    }
}

fn by_ranges(ranges: Vec<(u64, u64)>, greatest: u64) -> Operator {
    match ranges.as_slice() {
        [(low, high)] if low == high => Operator::Equal(*low),
        [(0, high)] => Operator::AtMost(*high),
        [(low, high)] if *high == greatest => Operator::AtLeast(*low),
        [(0, before), (after, high)] if *high == greatest && after - before == 2 => {
            Operator::NotEqual(before + 1)
        }
        _ => Operator::In(ranges),
    }
}

impl fmt::Display for SyscallPolicy {
    /// Writes the policy as it stands, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let archs: Vec<_> = self.archs.iter().map(|arch| arch.name()).collect();
        write!(
            f,
            "{}: default {}, after {} {}, foreign {}",
            archs.join(" "),
            self.default,
            self.known_up_to,
            self.newer,
            self.foreign
        )?;
        for flag in &self.flags {
            write!(f, ", {flag}")?;
        }
        for (call, cases) in &self.rules {
            write!(f, "; {call} ")?;
            for (at, case) in cases.iter().enumerate() {
                if at > 0 {
                    f.write_str(" else ")?;
                }
                for (at, test) in case.when.iter().enumerate() {
                    write!(f, "{}{test}", if at == 0 { "if " } else { " and " })?;
                }
                write!(
                    f,
                    "{}{}",
                    if case.when.is_empty() { "" } else { " " },
                    case.action
                )?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(id) => f.write_str(id.name()),
            Self::On(arch, id) => write!(f, "{arch}:{}", id.name()),
            Self::Numbers(arch, low, high) if low == high => {
                write!(f, "{arch}:{}", bare(*arch, *low))
            }
            Self::Numbers(arch, low, high) => {
                write!(f, "{arch}:{}..{}", bare(*arch, *low), bare(*arch, *high))
            }
        }
    }
}

fn bare(arch: Arch, number: u32) -> u32 {
    match arch {
        Arch::X32 => number & !X32_SYSCALL_BIT,
        _ => number,
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = match self.width {
            Width::Kernel => String::new(),
            other => format!(" {other}"),
        };
        let name = format!("arg{}{width}", self.arg.index());
        match &self.operator {
            Operator::Equal(k) => write!(f, "{name} == {k:#x}"),
            Operator::NotEqual(k) => write!(f, "{name} != {k:#x}"),
            Operator::Less(k) => write!(f, "{name} < {k:#x}"),
            Operator::AtMost(k) => write!(f, "{name} <= {k:#x}"),
            Operator::Greater(k) => write!(f, "{name} > {k:#x}"),
            Operator::AtLeast(k) => write!(f, "{name} >= {k:#x}"),
            Operator::Masked { mask, value } => write!(f, "{name} & {mask:#x} == {value:#x}"),
            Operator::NotMasked { mask, value } => write!(f, "{name} & {mask:#x} != {value:#x}"),
            Operator::In(ranges) => write!(f, "{name} in {}", Ranges(ranges)),
            Operator::NotIn(ranges) => write!(f, "{name} not in {}", Ranges(ranges)),
        }
    }
}

struct Ranges<'a>(&'a [(u64, u64)]);

impl fmt::Display for Ranges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, (low, high)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            if low == high {
                write!(f, "{comma}{low:#x}")?;
            } else {
                write!(f, "{comma}{low:#x}..{high:#x}")?;
            }
        }
        f.write_str("}")
    }
}
