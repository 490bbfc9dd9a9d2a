//! Search trees over one word: thresholds between runs of equal values, and single exceptions.

use std::rc::Rc;

use casemate_model::syscalls::diagram::{Compare, Node};

/// More runs than this are not looked for; the largest policies have about 150.
pub(super) const MOST_RUNS: usize = 8192;

// The search is cubic: longer lines are halved until they are this short.
const MOST_AT_ONCE: usize = 160;

// A cost is the number of comparisons, above the length of the longest way: size comes first.
const COMPARISON: u32 = 1 << 12;
const LENGTH: u32 = COMPARISON - 1;
// Two of these still add up.
const IMPOSSIBLE: u32 = 1 << 30;

/// Comparisons of one word with constants, down to what follows.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Leaf(Node),
    Branch(Compare, u32, Rc<Tree>, Rc<Tree>),
}

impl Tree {
    pub(super) fn comparisons(&self) -> usize {
        match self {
            Self::Leaf(_) => 0,
            Self::Branch(_, _, yes, no) => 1 + yes.comparisons() + no.comparisons(),
        }
    }

    fn branch(compare: Compare, constant: u32, yes: Self, no: Self) -> Self {
        Self::Branch(compare, constant, Rc::new(yes), Rc::new(no))
    }
}

#[derive(Clone, Copy)]
struct Run {
    start: u32,
    node: Node,
    single: bool,
    // How many instructions the longest way from there executes.
    below: u32,
}

/// A chain of equalities, those asked for first at the top. `None` where the word is not so simple.
pub(super) fn by_preference(runs: &[(u32, Node)], first: &[u32]) -> Option<Tree> {
    let runs = measure(runs, &|_| 0);
    let base = runs.iter().find(|run| !run.single)?.node;
    if runs.iter().any(|run| !run.single && run.node != base) {
        return None;
    }
    let mut exceptions: Vec<Run> = runs.into_iter().filter(|run| run.node != base).collect();
    let rank = |run: &Run| {
        first
            .iter()
            .position(|value| *value == run.start)
            .unwrap_or(first.len())
    };
    exceptions.sort_by_key(rank);
    let mut tree = Tree::Leaf(base);
    for run in exceptions.into_iter().rev() {
        tree = Tree::branch(Compare::Equal, run.start, Tree::Leaf(run.node), tree);
    }
    Some(tree)
}

/// The smallest tree, and among the smallest ones the shallowest.
pub(super) fn search(runs: &[(u32, Node)], below: &dyn Fn(Node) -> u32) -> Tree {
    halve(&measure(runs, below))
}

fn measure(runs: &[(u32, Node)], below: &dyn Fn(Node) -> u32) -> Vec<Run> {
    let next = runs
        .iter()
        .skip(1)
        .map(|(start, _)| u64::from(*start))
        .chain([1 << 32]);
    runs.iter()
        .zip(next)
        .map(|((start, node), next)| Run {
            start: *start,
            node: *node,
            single: next - u64::from(*start) == 1,
            below: below(*node).min(LENGTH / 2),
        })
        .collect()
}

fn halve(runs: &[Run]) -> Tree {
    // Most words of arguments are this simple.
    if let [low, high] = runs {
        let (compare, start) = if low.single {
            (Compare::Equal, low.start)
        } else if high.single {
            (Compare::Equal, high.start)
        } else {
            (Compare::AtLeast, high.start)
        };
        let (yes, no) = if low.single { (low, high) } else { (high, low) };
        return Tree::branch(compare, start, Tree::Leaf(yes.node), Tree::Leaf(no.node));
    }
    if runs.len() <= MOST_AT_ONCE {
        return Search::new(runs).solve();
    }
    let middle = runs.len() / 2;
    Tree::branch(
        Compare::AtLeast,
        runs[middle].start,
        halve(&runs[middle..]),
        halve(&runs[..middle]),
    )
}

// Dynamic programming over intervals of runs. An interval is decided either by exceptions (all runs but single values
// lead to one place) or by a threshold between two of its runs.
struct Search<'a> {
    runs: &'a [Run],
    cost: Vec<u32>,
    // 0 is exceptions; else the first run of the upper part.
    cut: Vec<u16>,
}

impl<'a> Search<'a> {
    fn new(runs: &'a [Run]) -> Self {
        let count = runs.len();
        let mut search = Self {
            runs,
            cost: vec![IMPOSSIBLE; count * count],
            cut: vec![0; count * count],
        };
        search.exceptions();
        search.thresholds();
        search
    }

    const fn at(&self, first: usize, last: usize) -> usize {
        first * self.runs.len() + last
    }

    fn exceptions(&mut self) {
        for first in 0..self.runs.len() {
            let mut chain = Chain::default();
            for last in first..self.runs.len() {
                if !chain.extend(&self.runs[first..=last]) {
                    break;
                }
                let place = self.at(first, last);
                self.cost[place] = chain.cost();
            }
        }
    }

    fn thresholds(&mut self) {
        let count = self.runs.len();
        // The upper parts, by column, so that the inner loop reads both rows in order.
        let mut column = vec![IMPOSSIBLE; count * count];
        for first in 0..count {
            column[self.at(first, first)] = self.cost[self.at(first, first)];
        }
        for length in 1..count {
            for first in 0..count - length {
                let last = first + length;
                let lower = &self.cost[self.at(first, first)..self.at(first, last)];
                let upper = &column[self.at(last, first + 1)..=self.at(last, last)];
                let sum = |(low, high): (&u32, &u32)| {
                    ((low & !LENGTH) + (high & !LENGTH)) | (low & LENGTH).max(high & LENGTH)
                };
                // Once for the least and once for its place: the first loop is one of vector instructions.
                let cheapest = lower.iter().zip(upper).map(sum).min().unwrap_or(IMPOSSIBLE);
                let place = self.at(first, last);
                if cheapest + COMPARISON < self.cost[place] {
                    let cut = lower
                        .iter()
                        .zip(upper)
                        .position(|pair| sum(pair) == cheapest)
                        .unwrap_or(0);
                    self.cost[place] = cheapest + COMPARISON + 1;
                    self.cut[place] = (first + cut + 1) as u16;
                }
                column[last * count + first] = self.cost[place];
            }
        }
    }

    fn solve(&self) -> Tree {
        match self.runs.len() {
            0 => Tree::Leaf(Node::NEVER),
            count => self.tree(0, count - 1),
        }
    }

    fn tree(&self, first: usize, last: usize) -> Tree {
        let cut = usize::from(self.cut[self.at(first, last)]);
        let runs = &self.runs[first..=last];
        if cut != 0 {
            return Tree::branch(
                Compare::AtLeast,
                self.runs[cut].start,
                self.tree(cut, last),
                self.tree(first, cut - 1),
            );
        }
        // Where the cut is 0 exceptions were found to do, so there is a base.
        let base = base(runs).unwrap_or(runs[0].node);
        let mut tree = Tree::Leaf(base);
        for run in exceptions(runs, base).into_iter().rev() {
            tree = Tree::branch(Compare::Equal, run.start, Tree::Leaf(run.node), tree);
        }
        tree
    }
}

// The exceptions in the order in which they are asked for: where most is to follow, first.
fn exceptions(runs: &[Run], base: Node) -> Vec<Run> {
    let mut exceptions: Vec<Run> = runs
        .iter()
        .filter(|run| run.node != base)
        .copied()
        .collect();
    exceptions.sort_by_key(|run| std::cmp::Reverse(run.below));
    exceptions
}

// A chain longer than this is never better than a threshold somewhere in it.
const LONGEST_CHAIN: usize = 12;

// The cost of deciding runs by exceptions, while they become more.
#[derive(Default)]
struct Chain {
    base: Option<(Node, u32)>,
    // Whether a run of several values made the base what it is.
    forced: bool,
    // What follows each exception, most first.
    below: Vec<u32>,
}

impl Chain {
    // Takes the last of these runs in. False when exceptions no longer do.
    fn extend(&mut self, runs: &[Run]) -> bool {
        let Some(run) = runs.last() else {
            return false;
        };
        match self.base {
            Some((base, _)) if self.forced => {
                if run.node != base {
                    if !run.single {
                        return false;
                    }
                    self.insert(run.below);
                }
            }
            _ => {
                let Some(base) = base(runs) else {
                    return false;
                };
                self.forced = runs.iter().any(|run| !run.single);
                self.below.clear();
                for run in runs {
                    if run.node == base {
                        self.base = Some((base, run.below));
                    } else {
                        self.insert(run.below);
                    }
                }
            }
        }
        self.below.len() <= LONGEST_CHAIN
    }

    fn insert(&mut self, below: u32) {
        let at = self.below.partition_point(|other| *other >= below);
        self.below.insert(at, below);
    }

    fn cost(&self) -> u32 {
        let depth = self.below.len() as u32;
        let longest = (1..)
            .zip(&self.below)
            .map(|(at, below)| at + below)
            .chain(self.base.map(|(_, below)| depth + below))
            .max();
        (depth * COMPARISON) | longest.unwrap_or(0).min(LENGTH)
    }
}

// Where all but single values lead, if that is one place; of single values only, where most of them lead.
fn base(runs: &[Run]) -> Option<Node> {
    let mut base = None;
    for run in runs.iter().filter(|run| !run.single) {
        if base.is_some_and(|base| base != run.node) {
            return None;
        }
        base = Some(run.node);
    }
    base.or_else(|| {
        let often = |node| runs.iter().filter(|run| run.node == node).count();
        runs.iter()
            .map(|run| run.node)
            .max_by_key(|node| (often(*node), *node))
    })
}
