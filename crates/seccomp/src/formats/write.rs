//! What writers share: rules that do not overlap, and the proof that nothing was loosened.
//!
//! A writer does its best and then hands its text to `finish`, which reads it back with the format's own reader and
//! compares the two policies exactly, for every number and argument. What differs is a [`Loss`]; whether losses are
//! errors is the caller's [`Tolerance`].

use std::collections::BTreeMap;
use std::fmt;

use casemate_model::names::{Arch, CapabilitySet, SyscallId, arch, syscalls};
use casemate_model::syscalls::diagram::{Combined, Compare, Diagrams, Half, Node, NodeMap, Word};
use casemate_model::syscalls::policy::numbers_of;
use casemate_model::syscalls::{Action, Flag, SyscallPolicy, order};

use super::report::ReadError;
use super::{Context, Format, NoFiles};

/// How a policy is to be written.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// The numberings that the machine serves, its own first. What the policy says of others is left out.
    pub archs: Vec<Arch>,
    /// What may be lost.
    pub tolerance: Tolerance,
}

/// What a writer may lose.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tolerance {
    /// Nothing: every call must be answered as the policy says.
    Exact,
    /// Calls may be refused in another way or be refused where the policy permits them; never the reverse.
    Tighter,
    /// Anything, as long as it is listed.
    Looser,
}

/// A written policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The text, or the bytes of a filter.
    pub bytes: Vec<u8>,
    /// What the format could not say.
    pub losses: Vec<Loss>,
}

/// Something that the format could not say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Loss {
    /// What is answered in another way.
    pub subject: Subject,
    /// Whether it is permitted more.
    pub effect: Effect,
    /// What the policy answers to one such call.
    pub wanted: Action,
    /// What the written policy answers to it.
    pub written: Action,
}

/// What a loss is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Subject {
    /// Calls of architectures that the policy does not cover.
    Foreign,
    /// A call, for some or all arguments.
    Call(Arch, SyscallId),
    /// Numbers that are no known call.
    Numbers(Arch),
    /// How the filter is loaded.
    Flag(Flag),
}

/// How a loss changes a policy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effect {
    /// It permits no more than before.
    Tighter,
    /// It permits more.
    Looser,
}

/// Why a policy was not written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteError {
    /// The policy covers none of the machine's architectures.
    NoArchitecture,
    /// The format cannot say some of it, and losing that was not permitted.
    Lossy(Vec<Loss>),
    /// Its conditions are too complex for the format.
    TooComplex(Option<SyscallId>),
    /// The format holds one architecture at a time.
    OneArchitecture(Arch, Arch),
    /// The reader of the format refuses what the writer wrote: a defect.
    Unreadable(Box<ReadError>),
    /// The policy has no filter.
    Compile(crate::CompileError),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("calls of other architectures"),
            Self::Call(arch, id) => write!(f, "{arch}:{id}"),
            Self::Numbers(arch) => write!(f, "unknown numbers of {arch}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Subject::Flag(_) = self.subject {
            return write!(f, "{} is lost", self.subject);
        }
        let looser = match self.effect {
            Effect::Tighter => "",
            Effect::Looser => ", which permits more",
        };
        write!(
            f,
            "{}: {} became {}{looser}",
            self.subject, self.wanted, self.written
        )
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot write the policy: ")?;
        match self {
            Self::NoArchitecture => f.write_str("it covers none of the machine's architectures"),
            Self::Lossy(losses) => {
                f.write_str("the format cannot say all of it")?;
                for loss in losses.iter().take(8) {
                    write!(f, "; {loss}")?;
                }
                match losses.len().saturating_sub(8) {
                    0 => Ok(()),
                    more => write!(f, "; and {more} more"),
                }
            }
            Self::TooComplex(Some(id)) => {
                write!(f, "the conditions of {id} are too complex for the format")
            }
            Self::TooComplex(None) => f.write_str("its conditions are too complex"),
            Self::OneArchitecture(one, other) => write!(
                f,
                "the format holds one architecture, and these are {one} and {other}; choose one"
            ),
            Self::Unreadable(error) => write!(f, "its text was refused: {error}"),
            Self::Compile(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(&**error),
            Self::Compile(error) => Some(error),
            _ => None,
        }
    }
}

/// A condition on one argument, as every format with arguments can say it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Piece {
    /// All 64 bits are this.
    Equal(u64),
    /// They are not.
    NotEqual(u64),
    /// They are at most this.
    AtMost(u64),
    /// They are at least this.
    AtLeast(u64),
    /// The bits of a mask have a value.
    Masked(u64, u64),
}

/// A rule: at most one condition on each argument. Those of one call exclude each other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Cube {
    /// The conditions.
    pub(super) pieces: BTreeMap<u8, Piece>,
    /// The answer.
    pub(super) action: Action,
}

/// A policy as writers need it: what is answered to each known call.
#[derive(Debug)]
pub(super) struct Plain {
    /// The architectures, the machine's own first.
    pub(super) archs: Vec<Arch>,
    /// The answer to what is no known call.
    pub(super) otherwise: Action,
    /// The store of the nodes.
    pub(super) diagrams: Diagrams,
    root: Node,
}

// A rule that takes more conditions than this in a format is no rule that a person could read.
const MOST_CUBES: usize = 1024;
const MOST_RUNS: usize = 32;

impl Plain {
    /// Looks at a policy for a machine.
    pub(super) fn new(policy: &SyscallPolicy, archs: &[Arch]) -> Result<Self, WriteError> {
        let archs: Vec<Arch> = archs
            .iter()
            .copied()
            .filter(|arch| policy.archs.contains(arch))
            .collect();
        if archs.is_empty() {
            return Err(WriteError::NoArchitecture);
        }
        let mut diagrams = Diagrams::new();
        let root = policy.diagram(&mut diagrams, &archs);
        if diagrams.overflowed() {
            return Err(WriteError::TooComplex(None));
        }
        Ok(Self {
            archs,
            otherwise: policy.newer,
            diagrams,
            root,
        })
    }

    /// Changes every answer to one that the format can say.
    pub(super) fn say_only(&mut self, sayable: &mut impl FnMut(Action) -> Action) {
        self.otherwise = sayable(self.otherwise);
        let root = self.root;
        self.root = self.diagrams.combine(root, root, &mut |raw, _| {
            Combined::Answer(sayable(Action::from_raw(raw)).to_raw())
        });
    }

    /// What is answered to every call that one of the architectures has.
    pub(super) fn calls(&mut self) -> BTreeMap<SyscallId, Vec<(Arch, Node)>> {
        let mut calls: BTreeMap<SyscallId, Vec<(Arch, Node)>> = BTreeMap::new();
        for arch in self.archs.clone() {
            let line = self.diagrams.at(self.root, Word::ARCH, arch.audit());
            for call in syscalls::all(arch) {
                let node = self.diagrams.at(line, Word::NR, call.nr);
                let node = self.in_registers(arch, node);
                calls.entry(call.id).or_default().push((arch, node));
            }
        }
        calls
    }

    // Where registers have 32 bits the high half of an argument is 0.
    fn in_registers(&mut self, arch: Arch, node: Node) -> Node {
        match arch.register() {
            arch::Word::W64 => node,
            arch::Word::W32 => without_high(&mut self.diagrams, node, &mut NodeMap::default()),
        }
    }

    /// One answer to each call for all architectures: the strictest, where they differ.
    pub(super) fn merged(&mut self) -> BTreeMap<SyscallId, Node> {
        let calls = self.calls();
        calls
            .into_iter()
            .map(|(id, places)| (id, self.merge(&places)))
            .collect()
    }

    fn merge(&mut self, places: &[(Arch, Node)]) -> Node {
        for (_, candidate) in places {
            let mut fits = true;
            for (arch, node) in places {
                fits = fits && self.in_registers(*arch, *candidate) == *node;
            }
            if fits {
                return *candidate;
            }
        }
        let mut merged: Option<Node> = None;
        for (_, node) in places {
            merged = Some(match merged {
                None => *node,
                Some(other) => order::meet(&mut self.diagrams, other, *node),
            });
        }
        merged.unwrap_or(Node::NEVER)
    }

    /// One answer to each call whatever its arguments are: the strictest of what it can get.
    pub(super) fn flat(&mut self) -> BTreeMap<SyscallId, Action> {
        let merged = self.merged();
        merged
            .into_iter()
            .filter_map(|(id, node)| {
                let image = self.diagrams.image(node);
                let actions = image.into_iter().map(Action::from_raw);
                Some((id, actions.min_by_key(|action| action.precedence())?))
            })
            .collect()
    }

    /// The same for one architecture.
    pub(super) fn flat_on(&mut self, arch: Arch) -> BTreeMap<SyscallId, Action> {
        let calls = self.calls();
        let own = calls.into_iter().filter_map(|(id, places)| {
            let (_, node) = places.into_iter().find(|(of, _)| *of == arch)?;
            let image = self.diagrams.image(node);
            let actions = image.into_iter().map(Action::from_raw);
            Some((id, actions.min_by_key(|action| action.precedence())?))
        });
        own.collect()
    }

    /// The rules of each call that does not get what unknown calls get, the same for all architectures.
    pub(super) fn common(&mut self) -> Result<BTreeMap<SyscallId, Vec<Cube>>, WriteError> {
        let mut rules = BTreeMap::new();
        let mut known: BTreeMap<Node, Vec<Cube>> = BTreeMap::new();
        for (id, node) in self.merged() {
            let cubes = match known.get(&node) {
                Some(cubes) => cubes.clone(),
                None => self.cubes(id, node)?,
            };
            known.insert(node, cubes.clone());
            if !cubes.is_empty() {
                rules.insert(id, cubes);
            }
        }
        Ok(rules)
    }

    /// The rules that make a call's answer, without those that give what unknown calls get.
    pub(super) fn cubes(&self, id: SyscallId, node: Node) -> Result<Vec<Cube>, WriteError> {
        let mut cubes = Vec::new();
        self.collect(node, &mut BTreeMap::new(), &mut cubes)
            .ok_or(WriteError::TooComplex(Some(id)))?;
        Ok(cubes)
    }

    fn collect(
        &self,
        node: Node,
        path: &mut BTreeMap<u8, Piece>,
        cubes: &mut Vec<Cube>,
    ) -> Option<()> {
        if let Some(raw) = self.diagrams.as_answer(node) {
            let action = Action::from_raw(raw);
            if action != self.otherwise {
                cubes.push(Cube {
                    pieces: path.clone(),
                    action,
                });
            }
            return (cubes.len() <= MOST_CUBES).then_some(());
        }
        let (arg, _) = self.diagrams.word(node)?.argument()?;
        for (piece, target) in self.split(node, arg)? {
            path.insert(arg, piece);
            self.collect(target, path, cubes)?;
            path.remove(&arg);
        }
        Some(())
    }

    // The conditions on one argument that lead to another node than the one that unknown calls get.
    fn split(&self, node: Node, arg: u8) -> Option<Vec<(Piece, Node)>> {
        let mut masks = Vec::new();
        let mut left = 8 * MOST_CUBES;
        let by_mask = self.by_mask(node, arg, (0, 0), &mut left, &mut masks);
        let by_range = self.by_range(node, arg);
        match (by_mask, by_range) {
            (Some(()), Some(ranges)) if ranges.len() > masks.len() => Some(masks),
            (_, Some(ranges)) => Some(ranges),
            (Some(()), None) => Some(masks),
            (None, None) => None,
        }
    }

    fn is_otherwise(&self, node: Node) -> bool {
        self.diagrams.as_answer(node) == Some(self.otherwise.to_raw())
    }

    fn by_mask(
        &self,
        node: Node,
        arg: u8,
        path: (u64, u64),
        left: &mut usize,
        found: &mut Vec<(Piece, Node)>,
    ) -> Option<()> {
        // Paths that lead nowhere cost as much as the others.
        *left = left.checked_sub(1)?;
        let (mask, value) = path;
        let tested = self.diagrams.test(node).and_then(|(word, bit, low, high)| {
            let shift = if word == Word::high(arg) {
                32
            } else if word == Word::low(arg) {
                0
            } else {
                return None;
            };
            Some((1u64 << (shift + u32::from(bit)), low, high))
        });
        let Some((bit, low, high)) = tested else {
            if !self.is_otherwise(node) {
                found.push((Piece::Masked(mask, value), node));
            }
            return (found.len() <= MOST_CUBES).then_some(());
        };
        self.by_mask(low, arg, (mask | bit, value), left, found)?;
        self.by_mask(high, arg, (mask | bit, value | bit), left, found)
    }

    // By ranges of the whole argument, if it is tested so.
    fn by_range(&self, node: Node, arg: u8) -> Option<Vec<(Piece, Node)>> {
        if self.diagrams.word(node) != Some(Word::high(arg)) {
            return None;
        }
        let mut runs: Vec<(u64, Node)> = Vec::new();
        let mut push = |start: u64, node: Node| {
            if runs.last().is_none_or(|(_, last)| *last != node) {
                runs.push((start, node));
            }
        };
        let highs = self.diagrams.runs(Word::high(arg), node, 0, MOST_RUNS)?;
        let ends = highs.iter().skip(1).map(|(start, _)| start - 1);
        for ((start, below), end) in highs.iter().zip(ends.chain([u32::MAX])) {
            let base = u64::from(*start) << 32;
            if self.diagrams.word(*below) != Some(Word::low(arg)) {
                push(base, *below);
            } else if *start == end {
                for (low, target) in self.diagrams.runs(Word::low(arg), *below, 0, MOST_RUNS)? {
                    push(base | u64::from(low), target);
                }
            } else {
                return None;
            }
        }
        let mut by_target: Vec<(Node, Vec<(u64, u64)>)> = Vec::new();
        let ends: Vec<u64> = runs.iter().skip(1).map(|(start, _)| start - 1).collect();
        for ((start, target), end) in runs.iter().zip(ends.into_iter().chain([u64::MAX])) {
            match by_target.iter_mut().find(|(other, _)| other == target) {
                Some((_, ranges)) => ranges.push((*start, end)),
                None => by_target.push((*target, vec![(*start, end)])),
            }
        }
        let mut pieces = Vec::new();
        for (target, ranges) in by_target {
            if self.is_otherwise(target) {
                continue;
            }
            if let [(0, before), (after, u64::MAX)] = ranges.as_slice()
                && after - before == 2
            {
                pieces.push((Piece::NotEqual(before + 1), target));
                continue;
            }
            for (low, high) in ranges {
                match (low, high) {
                    (low, high) if low == high => pieces.push((Piece::Equal(low), target)),
                    (0, high) => pieces.push((Piece::AtMost(high), target)),
                    (low, u64::MAX) => pieces.push((Piece::AtLeast(low), target)),
                    (low, high) => pieces.extend(
                        blocks(low, high).map(|(mask, value)| (Piece::Masked(mask, value), target)),
                    ),
                }
            }
        }
        (pieces.len() <= MOST_CUBES).then_some(pieces)
    }
}

/// A range as aligned blocks, each the values of which the bits of a mask are known.
pub(super) fn blocks(low: u64, high: u64) -> impl Iterator<Item = (u64, u64)> {
    let mut next = Some(low);
    std::iter::from_fn(move || {
        let start = next.filter(|start| *start <= high)?;
        let mut size = start.trailing_zeros().min(63);
        while size > 0 && start + ((1u64 << size) - 1) > high {
            size -= 1;
        }
        let within = (1u64 << size) - 1;
        next = (start + within).checked_add(1);
        Some((!within, start))
    })
}

// The function where the high half of every argument is 0.
fn without_high(diagrams: &mut Diagrams, node: Node, done: &mut NodeMap<Node, Node>) -> Node {
    let Some((word, bit, low, high)) = diagrams.test(node) else {
        return node;
    };
    if let Some(known) = done.get(&node) {
        return *known;
    }
    let result = if let Some((_, Half::High)) = word.argument() {
        without_high(diagrams, low, done)
    } else {
        let low = without_high(diagrams, low, done);
        let high = without_high(diagrams, high, done);
        let set = diagrams.bit(word, bit);
        diagrams.choose(set, high, low)
    };
    done.insert(node, result);
    result
}

/// Proves what was written, and lists what it lacks.
pub(super) fn finish(
    format: &Format,
    bytes: impl Into<Vec<u8>>,
    policy: &SyscallPolicy,
    options: &WriteOptions,
) -> Result<Written, WriteError> {
    let bytes = bytes.into();
    let context = Context {
        archs: &options.archs,
        kernel: syscalls::COVERED,
        capabilities: CapabilitySet::from_bits(0),
        unknown: None,
        loader: &NoFiles,
    };
    let reading = (format.read)("written", &bytes, &context)
        .map_err(|error| WriteError::Unreadable(Box::new(error)))?;
    let losses = losses(policy, &reading.policy, &options.archs)?;
    let worst = match options.tolerance {
        Tolerance::Exact => !losses.is_empty(),
        Tolerance::Tighter => losses.iter().any(|loss| loss.effect == Effect::Looser),
        Tolerance::Looser => false,
    };
    if worst {
        let mut losses = losses;
        // What is wrong first.
        losses
            .retain(|loss| options.tolerance == Tolerance::Exact || loss.effect == Effect::Looser);
        return Err(WriteError::Lossy(losses));
    }
    Ok(Written { bytes, losses })
}

/// What one policy answers in another way than another, on a machine.
pub fn losses(
    wanted: &SyscallPolicy,
    written: &SyscallPolicy,
    archs: &[Arch],
) -> Result<Vec<Loss>, WriteError> {
    let mut diagrams = Diagrams::new();
    let left = wanted.diagram(&mut diagrams, archs);
    let right = written.diagram(&mut diagrams, archs);
    let differ = diagrams.disagreement(left, right);
    let looser = order::permits_beyond(&mut diagrams, right, left);
    let possible = possible(&mut diagrams);
    let mut comparison = Comparison {
        differ: diagrams.and(differ, possible),
        looser: diagrams.and(looser, possible),
        left,
        right,
        diagrams,
    };
    if comparison.diagrams.overflowed() {
        return Err(WriteError::TooComplex(None));
    }
    let mut losses = Vec::new();
    for arch in archs {
        comparison.line(*arch, &mut losses);
    }
    // No architecture has the audit number 0; those between are as it is, or are in the list.
    let foreign = comparison.diagrams.at(comparison.differ, Word::ARCH, 0);
    if foreign != Node::NEVER {
        comparison.loss(Subject::Foreign, 0, 0, &mut losses);
    }
    if losses.is_empty() && comparison.differ != Node::NEVER {
        let audit = comparison
            .diagrams
            .witness(comparison.differ)
            .unwrap_or_default()[0];
        comparison.loss(Subject::Foreign, audit, 0, &mut losses);
    }
    for flag in [
        Flag::Log,
        Flag::ThreadSync,
        Flag::SpecAllow,
        Flag::WaitKillable,
    ] {
        if wanted.flags.contains(&flag) != written.flags.contains(&flag) {
            let gained = written.flags.contains(&flag) && flag == Flag::SpecAllow;
            losses.push(Loss {
                subject: Subject::Flag(flag),
                effect: if gained {
                    Effect::Looser
                } else {
                    Effect::Tighter
                },
                wanted: wanted.default,
                written: written.default,
            });
        }
    }
    Ok(losses)
}

// Points that a kernel can show: registers of 32 bits have no high half.
fn possible(diagrams: &mut Diagrams) -> Node {
    let mut zeros = Node::ALWAYS;
    for place in (0..6).rev() {
        let zero = diagrams.compare(Word::high(place), Compare::Equal, 0);
        zeros = diagrams.and(zero, zeros);
    }
    let mut possible = Node::ALWAYS;
    for arch in Arch::ALL {
        if arch.register() == arch::Word::W32 {
            let is = diagrams.compare(Word::ARCH, Compare::Equal, arch.audit());
            let sane = diagrams.choose(is, zeros, Node::ALWAYS);
            possible = diagrams.and(possible, sane);
        }
    }
    possible
}

struct Comparison {
    diagrams: Diagrams,
    left: Node,
    right: Node,
    differ: Node,
    looser: Node,
}

impl Comparison {
    fn line(&mut self, arch: Arch, losses: &mut Vec<Loss>) {
        let line = self.diagrams.at(self.differ, Word::ARCH, arch.audit());
        if line == Node::NEVER {
            return;
        }
        let (first, last) = numbers_of(arch);
        let mut next = first;
        let mut gap = None;
        for call in syscalls::all(arch) {
            let between = (next < call.nr).then_some(next);
            next = call.nr + 1;
            if self.diagrams.at(line, Word::NR, call.nr) != Node::NEVER {
                let subject = Subject::Call(arch, call.id);
                self.loss(subject, arch.audit(), call.nr, losses);
            }
            gap = gap.or(between.filter(|nr| self.diagrams.at(line, Word::NR, *nr) != Node::NEVER));
        }
        // Rules for numbers can begin anywhere, so look at each run.
        let runs = self.diagrams.runs(Word::NR, line, 0, 4096);
        for (start, node) in runs.unwrap_or_default() {
            let nr = start.max(first);
            if node != Node::NEVER && (first..=last).contains(&nr) {
                let unknown = (nr..=last).take(1024).find(|nr| {
                    syscalls::find(arch, *nr).is_none()
                        && self.diagrams.at(line, Word::NR, *nr) != Node::NEVER
                });
                gap = gap.or(unknown);
            }
        }
        if let Some(nr) = gap {
            self.loss(Subject::Numbers(arch), arch.audit(), nr, losses);
        }
    }

    fn loss(&mut self, subject: Subject, audit: u32, nr: u32, losses: &mut Vec<Loss>) {
        let point = |diagrams: &Diagrams, condition: Node| {
            let node = diagrams.at(condition, Word::ARCH, audit);
            let node = diagrams.at(node, Word::NR, nr);
            let mut point = diagrams.witness(node)?;
            point[0] = audit;
            point[1] = nr;
            Some(point)
        };
        let looser = point(&self.diagrams, self.looser);
        let Some(witness) = looser.or_else(|| point(&self.diagrams, self.differ)) else {
            return;
        };
        let answer = |node| self.diagrams.evaluate(node, &witness).map(Action::from_raw);
        if let (Some(wanted), Some(written)) = (answer(self.left), answer(self.right)) {
            losses.push(Loss {
                subject,
                effect: if looser.is_some() {
                    Effect::Looser
                } else {
                    Effect::Tighter
                },
                wanted,
                written,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_cover_a_range_once() {
        for (low, high) in [(0, 0), (3, 17), (0, 255), (1, 254), (7, 8)] {
            let mut seen = vec![0; 300];
            for (mask, value) in blocks(low, high) {
                for (number, seen) in (0..300u64).zip(&mut seen) {
                    *seen += usize::from(number & mask == value);
                }
            }
            for (number, seen) in (0..300u64).zip(seen) {
                let inside = usize::from((low..=high).contains(&number));
                assert_eq!(seen, inside, "{low}..{high}: {number}");
            }
        }
        assert_eq!(blocks(0, u64::MAX).count(), 2);
        assert_eq!(blocks(u64::MAX, u64::MAX).count(), 1);
    }
}
