//! Two filters: equal, or where they differ, with a condition and a witness for each difference.

use std::collections::BTreeMap;
use std::fmt;

use casemate_model::names::arch::{self, Arch};
use casemate_model::names::syscalls;
use casemate_model::syscalls::diagram::{Combined, Compare, Diagrams, Node, Point, Word};
use casemate_model::syscalls::order::permits_beyond;
use casemate_model::syscalls::policy::numbers_of;
use casemate_model::syscalls::{Action, Arg, Operator, Test, Width};

use crate::bpf::Program;
use crate::lift::{LiftError, lift};

/// How two filters compare.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
pub enum Comparison {
    /// They answer every call alike.
    Equal,
    /// They do not, in these ways; there is at least one.
    Differ(Vec<Difference>),
    /// It is not known, because the arithmetic of one is out of reach.
    Undecided,
}

/// Whether one filter lets through only what another does.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
pub enum Inclusion {
    /// It does.
    Included,
    /// It lets this call through, and the other does not, or leaves it to another process.
    Exceeds(Box<Witness>),
    /// It is not known.
    Undecided,
}

/// A call and what two filters answer to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// The call.
    pub point: Point,
    /// The first filter's answer.
    pub left: Action,
    /// The second filter's answer.
    pub right: Action,
}

/// Calls to which two filters answer differently, all in the same way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The architecture, `None` for an audit number that is nobody's.
    pub arch: Option<Arch>,
    /// The audit number that the witness has.
    pub audit: u32,
    /// The numbers, both ends included, in ranges.
    pub numbers: Vec<(u32, u32)>,
    /// A condition on the arguments under which they differ so: the shortest that there is, counted in bits. Empty is
    /// always.
    pub condition: Vec<Test>,
    /// Whether the condition is all there is, or there are other arguments with this difference.
    pub extent: Extent,
    /// One such call.
    pub witness: Witness,
}

/// Whether a condition covers a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// Nothing else differs in this way.
    Whole,
    /// There is more.
    Part,
}

/// Why filters cannot be compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CompareError {
    /// One of them is no filter; 0 is the first one.
    Program(usize, crate::bpf::ProgramError),
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(0, error) => {
                write!(f, "cannot compare the filters: the first one: {error}")
            }
            Self::Program(_, error) => {
                write!(f, "cannot compare the filters: the second one: {error}")
            }
        }
    }
}

impl std::error::Error for CompareError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Program(_, error) => Some(error),
        }
    }
}

/// Compares two programs for every number, architecture and argument. They may have different byte orders.
pub fn compare(left: &Program, right: &Program) -> Result<Comparison, CompareError> {
    let mut diagrams = Diagrams::new();
    match both(&mut diagrams, left, right)? {
        Some((left, right)) => Ok(compare_diagrams(&mut diagrams, left, right)),
        None => Ok(Comparison::Undecided),
    }
}

/// Compares two programs for the calls that can occur: those of an architecture with 32-bit registers have no upper
/// halves of arguments, so that filters which look at them and filters which do not are equal there.
pub fn compare_possible(left: &Program, right: &Program) -> Result<Comparison, CompareError> {
    let mut diagrams = Diagrams::new();
    let Some((left, right)) = both(&mut diagrams, left, right)? else {
        return Ok(Comparison::Undecided);
    };
    let left = possible(&mut diagrams, left);
    let right = possible(&mut diagrams, right);
    Ok(compare_diagrams(&mut diagrams, left, right))
}

// The function with the upper halves that cannot occur taken as 0.
fn possible(diagrams: &mut Diagrams, root: Node) -> Node {
    Arch::ALL
        .into_iter()
        .filter(|arch| arch.register() == arch::Word::W32)
        .fold(root, |root, arch| {
            let line = diagrams.at(root, Word::ARCH, arch.audit());
            let low = (0..6).fold(line, |line, place| {
                diagrams.restrict(line, Word::high(place), 0, u32::MAX)
            });
            if low == line {
                return root;
            }
            let here = diagrams.compare(Word::ARCH, Compare::Equal, arch.audit());
            diagrams.choose(here, low, root)
        })
}

/// Tells whether the first program lets through only what the second one does.
pub fn included(left: &Program, right: &Program) -> Result<Inclusion, CompareError> {
    let mut diagrams = Diagrams::new();
    let Some((left, right)) = both(&mut diagrams, left, right)? else {
        return Ok(Inclusion::Undecided);
    };
    let beyond = permits_beyond(&mut diagrams, left, right);
    if diagrams.overflowed() {
        return Ok(Inclusion::Undecided);
    }
    Ok(match witness(&diagrams, beyond, left, right) {
        None => Inclusion::Included,
        Some(witness) => Inclusion::Exceeds(Box::new(witness)),
    })
}

fn both(
    diagrams: &mut Diagrams,
    left: &Program,
    right: &Program,
) -> Result<Option<(Node, Node)>, CompareError> {
    let mut roots = Vec::new();
    for (at, program) in [left, right].into_iter().enumerate() {
        match lift(diagrams, program) {
            Ok(root) => roots.push(root),
            Err(LiftError::Undecided) => {}
            Err(LiftError::Program(error)) => return Err(CompareError::Program(at, error)),
        }
    }
    Ok(match roots.as_slice() {
        [left, right] => Some((*left, *right)),
        _ => None,
    })
}

fn witness(diagrams: &Diagrams, condition: Node, left: Node, right: Node) -> Option<Witness> {
    let point = diagrams.witness(condition)?;
    let answer = |node| Action::from_raw(diagrams.evaluate(node, &point).unwrap_or(0));
    Some(Witness {
        point,
        left: answer(left),
        right: answer(right),
    })
}

// More parts of the space of numbers than this are not listed.
const MOST_PARTS: usize = 1 << 14;

/// Compares two functions of one store.
pub fn compare_diagrams(diagrams: &mut Diagrams, left: Node, right: Node) -> Comparison {
    if left == right {
        return Comparison::Equal;
    }
    let pairs = Pairs::of(diagrams, left, right);
    if diagrams.overflowed() {
        return Comparison::Undecided;
    }
    let Some(by_arch) = diagrams.runs(Word::ARCH, pairs.root, 0, MOST_PARTS) else {
        return Comparison::Undecided;
    };
    let mut differences = Vec::new();
    for (audit, line) in by_arch {
        if line == pairs.same {
            continue;
        }
        let known: Vec<Arch> = Arch::ALL
            .into_iter()
            .filter(|arch| arch.audit() == audit)
            .collect();
        let Some(runs) = diagrams.runs(Word::NR, line, 0, MOST_PARTS) else {
            return Comparison::Undecided;
        };
        let parts: Vec<(Option<Arch>, (u32, u32))> = if known.is_empty() {
            vec![(None, (0, u32::MAX))]
        } else {
            known
                .into_iter()
                .map(|arch| (Some(arch), numbers(arch)))
                .collect()
        };
        for (arch, bounds) in parts {
            let groups = group(&runs, bounds, pairs.same);
            for (node, numbers) in groups {
                let place = Place {
                    audit,
                    arch,
                    numbers,
                };
                pairs.describe(diagrams, &place, node, &mut differences);
            }
        }
    }
    if diagrams.overflowed() {
        return Comparison::Undecided;
    }
    Comparison::Differ(differences)
}

// -1 counts with x86_64, so that every number is somebody's.
fn numbers(arch: Arch) -> (u32, u32) {
    numbers_of(arch)
}

// Numbers with the same answers, in the order in which they first appear.
fn group(
    runs: &[(u32, Node)],
    (first, last): (u32, u32),
    same: Node,
) -> Vec<(Node, Vec<(u32, u32)>)> {
    let ends = runs
        .iter()
        .skip(1)
        .map(|(start, _)| start - 1)
        .chain([u32::MAX]);
    let mut groups: Vec<(Node, Vec<(u32, u32)>)> = Vec::new();
    for ((start, node), end) in runs.iter().zip(ends) {
        if *node == same || end < first || *start > last {
            continue;
        }
        let range = ((*start).max(first), end.min(last));
        match groups.iter_mut().find(|(other, _)| other == node) {
            Some((_, ranges)) => ranges.push(range),
            None => groups.push((*node, vec![range])),
        }
    }
    groups
}

struct Place {
    audit: u32,
    arch: Option<Arch>,
    numbers: Vec<(u32, u32)>,
}

// One function whose answers are pairs of answers, numbered; pair 0 is "the same".
struct Pairs {
    root: Node,
    same: Node,
    answers: Vec<(Action, Action)>,
}

impl Pairs {
    fn of(diagrams: &mut Diagrams, left: Node, right: Node) -> Self {
        let mut known: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let root = diagrams.combine(left, right, &mut |left, right| {
            let next = known.len() as u32 + 1;
            Combined::Answer(if left == right {
                0
            } else {
                *known.entry((left, right)).or_insert(next)
            })
        });
        let mut answers = vec![(Action::KillThread, Action::KillThread); known.len() + 1];
        for ((left, right), number) in known {
            answers[number as usize] = (Action::from_raw(left), Action::from_raw(right));
        }
        Self {
            root,
            same: diagrams.answer(0),
            answers,
        }
    }

    fn describe(
        &self,
        diagrams: &mut Diagrams,
        place: &Place,
        node: Node,
        differences: &mut Vec<Difference>,
    ) {
        for number in diagrams.image(node) {
            let Some((left, right)) = self.answers.get(number as usize).filter(|_| number != 0)
            else {
                continue;
            };
            let here = diagrams.answers(node, &mut |answer| answer == number);
            let Some((mut point, care)) = shortest(diagrams, here) else {
                continue;
            };
            point[Word::ARCH.index()] = place.audit;
            point[Word::NR.index()] = place.numbers.first().map_or(0, |(low, _)| *low);
            let mut whole = Node::ALWAYS;
            for index in (0..Word::COUNT).rev() {
                if let Some(word) = Word::from_index(index) {
                    whole = diagrams.masked(word, care[index], point[index], whole);
                }
            }
            differences.push(Difference {
                arch: place.arch,
                audit: place.audit,
                numbers: place.numbers.clone(),
                condition: tests(&point, &care),
                extent: if whole == here {
                    Extent::Whole
                } else {
                    Extent::Part
                },
                witness: Witness {
                    point,
                    left: *left,
                    right: *right,
                },
            });
        }
    }
}

// The shortest way to "holds": values, and which of their bits were asked for.
fn shortest(diagrams: &Diagrams, condition: Node) -> Option<(Point, Point)> {
    let mut known: BTreeMap<Node, Option<u32>> = BTreeMap::new();
    length(diagrams, condition, &mut known)?;
    let mut point = [0; Word::COUNT];
    let mut care = [0; Word::COUNT];
    let mut node = condition;
    while let Some((word, bit, low, high)) = diagrams.test(node) {
        care[word.index()] |= 1 << bit;
        let of = |node| known.get(&node).copied().flatten().unwrap_or(u32::MAX);
        node = if of(high) < of(low) {
            point[word.index()] |= 1 << bit;
            high
        } else {
            low
        };
    }
    Some((point, care))
}

fn length(diagrams: &Diagrams, node: Node, known: &mut BTreeMap<Node, Option<u32>>) -> Option<u32> {
    if let Some(done) = known.get(&node) {
        return *done;
    }
    let result = match diagrams.test(node) {
        None => (node == Node::ALWAYS).then_some(0),
        Some((_, _, low, high)) => {
            let low = length(diagrams, low, known);
            let high = length(diagrams, high, known);
            match (low, high) {
                (Some(low), Some(high)) => Some(low.min(high) + 1),
                (one, other) => one.or(other).map(|length| length + 1),
            }
        }
    };
    known.insert(node, result);
    result
}

fn tests(point: &Point, care: &Point) -> Vec<Test> {
    let mut tests = Vec::new();
    for place in 0..6 {
        let Some(arg) = Arg::new(place) else { continue };
        let both = |words: &Point| {
            u64::from(words[Word::high(place).index()]) << 32
                | u64::from(words[Word::low(place).index()])
        };
        let (value, mask) = (both(point), both(care));
        let operator = match mask {
            0 => continue,
            u64::MAX => Operator::Equal(value),
            _ => Operator::Masked { mask, value },
        };
        tests.push(Test {
            arg,
            width: Width::Raw64,
            operator,
        });
    }
    tests
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.arch {
            Some(arch) => write!(f, "{arch}: ")?,
            None => write!(f, "architecture {:#x} and others: ", self.audit)?,
        }
        for (at, (low, high)) in self.numbers.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{}", Numbers(self.arch, *low, *high))?;
        }
        for (at, test) in self.condition.iter().enumerate() {
            write!(f, "{}{test}", if at == 0 { " if " } else { " and " })?;
        }
        write!(f, ": {} becomes {}", self.witness.left, self.witness.right)?;
        if self.extent == Extent::Part {
            f.write_str(" (and other arguments)")?;
        }
        Ok(())
    }
}

/// Numbers of an architecture, by their names where they have one.
pub(crate) struct Numbers(pub(crate) Option<Arch>, pub(crate) u32, pub(crate) u32);

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(arch, low, high) = *self;
        let few = u64::from(high) - u64::from(low) < 1024;
        let names: Option<Vec<&str>> = arch.filter(|_| few).and_then(|arch| {
            (low..=high)
                .map(|number| syscalls::name(arch, number))
                .collect()
        });
        match names {
            Some(names) => f.write_str(&names.join(", ")),
            None if low == high => write!(f, "{low:#x}"),
            None => write!(f, "{low:#x}..{high:#x}"),
        }
    }
}
