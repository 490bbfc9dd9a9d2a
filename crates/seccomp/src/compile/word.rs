//! The cheapest comparisons that decide one word of an argument.
//!
//! Ranges are found as for numbers. Where bits matter, masks are tried: bits that decide alone when set, bits that
//! must all be set, single values that stand out, and the bits that matter at all. What is left is decided bit by bit,
//! which always works.

use std::rc::Rc;

use casemate_model::syscalls::diagram::{Compare, Diagrams, Node, NodeMap, Word};

use super::tree::{self, Tree};

// A word with more runs than this is a matter of masks; if masks make it no cheaper than the second number says, ranges
// are tried for up to the third number of runs.
const MOST_RUNS: usize = 24;
const CHEAP: usize = 4;
const MOST_RUNS_AT_LAST: usize = 512;

// So many ways are tried for a word before the first that works is taken.
const MOST_TRIES: usize = 60;

/// Comparisons of a word, some of them after a mask.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// A search tree over the masked word.
    Tree(u32, Tree),
    /// A comparison of the masked word.
    Branch {
        mask: u32,
        compare: Compare,
        constant: u32,
        yes: Rc<Plan>,
        no: Rc<Plan>,
    },
}

// What is known when a part of the word's function is to be decided.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    node: Node,
    // Bits known to be clear.
    zero: u32,
}

struct Facts {
    support: u32,
    // A place, the bits that lead there when set, and those that lead there when clear, whatever the others are.
    deciding: Vec<(Node, u32, u32)>,
}

impl Facts {
    fn decided(node: Node) -> Self {
        Self {
            support: 0,
            deciding: vec![(node, u32::MAX, u32::MAX)],
        }
    }

    fn above(bit: u32, (low, below_low): (Node, &Self), (high, below_high): (Node, &Self)) -> Self {
        // A bit below decides if it does so on both sides; this one does for the side that is decided.
        let mut deciding = Vec::new();
        for (node, set, clear) in &below_low.deciding {
            let other = below_high
                .deciding
                .iter()
                .find(|(other, _, _)| other == node);
            let (other_set, other_clear) = other.map_or((0, 0), |(_, set, clear)| (*set, *clear));
            let set = set & other_set & (bit - 1);
            let clear = clear & other_clear & (bit - 1) | if low == *node { bit } else { 0 };
            deciding.push((*node, set, clear));
        }
        if !below_low.deciding.iter().any(|(node, _, _)| *node == high) {
            deciding.push((high, 0, 0));
        }
        for (node, set, _) in &mut deciding {
            if *node == high && below_high.support == 0 {
                *set |= bit;
            }
        }
        deciding.retain(|(_, set, clear)| set | clear != 0);
        Self {
            support: bit | below_low.support | below_high.support,
            deciding,
        }
    }
}

/// What was found out about parts of words, for all words of a policy.
#[derive(Default)]
pub(super) struct Known {
    plans: NodeMap<State, (usize, Rc<Plan>)>,
    facts: NodeMap<Node, Rc<Facts>>,
}

pub(super) struct Planner<'a> {
    diagrams: &'a mut Diagrams,
    word: Word,
    known: &'a mut Known,
    tries: usize,
}

impl<'a> Planner<'a> {
    pub(super) fn new(diagrams: &'a mut Diagrams, word: Word, known: &'a mut Known) -> Self {
        Self {
            diagrams,
            word,
            known,
            tries: 0,
        }
    }

    pub(super) fn plan(&mut self, node: Node) -> Rc<Plan> {
        let state = State { node, zero: 0 };
        self.best(state).1
    }

    fn best(&mut self, mut state: State) -> (usize, Rc<Plan>) {
        if self.tries > MOST_TRIES {
            // What is known differs from path to path: forgetting it leaves one state for each node.
            state.zero = 0;
        }
        if self.diagrams.word(state.node) != Some(self.word) {
            let plan = Plan::Tree(u32::MAX, Tree::Leaf(state.node));
            return (0, Rc::new(plan));
        }
        // Only now: a later word's node is a leaf here, but has a plan of its own.
        if let Some(done) = self.known.plans.get(&state) {
            return done.clone();
        }
        self.tries += 1;
        let first = self.tries == 1;
        let mut best = self.by_ranges(state, MOST_RUNS);
        // One comparison cannot be bettered.
        if best.as_ref().is_none_or(|(cost, _)| *cost > 1) && self.tries <= MOST_TRIES {
            let ways = self.ways(state);
            for way in ways {
                // Nothing is cheaper than one comparison, and taking a value out is worth it only where it makes a mask
                // possible, which makes two.
                let enough = if matches!(way, Way::Value(..)) { 2 } else { 1 };
                if best.as_ref().is_some_and(|(cost, _)| *cost <= enough) {
                    break;
                }
                let (cost, plan) = self.follow(state, way);
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, plan));
                }
            }
        }
        if first && best.as_ref().is_none_or(|(cost, _)| *cost > CHEAP) {
            let ranges = self.by_ranges(state, MOST_RUNS_AT_LAST);
            best = [ranges, best]
                .into_iter()
                .flatten()
                .min_by_key(|(cost, _)| *cost);
        }
        let best = best.unwrap_or_else(|| self.by_bit(state));
        self.known.plans.insert(state, best.clone());
        best
    }

    // Which bits of the word the function looks at, and which decide it alone.
    fn facts(&mut self, node: Node) -> Rc<Facts> {
        let Some((word, bit, low, high)) = self.diagrams.test(node) else {
            return Rc::new(Facts::decided(node));
        };
        if word != self.word {
            return Rc::new(Facts::decided(node));
        }
        if let Some(known) = self.known.facts.get(&node) {
            return Rc::clone(known);
        }
        let low_facts = self.facts(low);
        let high_facts = self.facts(high);
        let facts = Facts::above(1 << bit, (low, &low_facts), (high, &high_facts));
        let facts = Rc::new(facts);
        self.known.facts.insert(node, Rc::clone(&facts));
        facts
    }

    fn by_ranges(&mut self, state: State, most: usize) -> Option<(usize, Rc<Plan>)> {
        let direct = self
            .tree(state.node, state.zero, most)
            .map(|tree| (tree.comparisons(), u32::MAX, tree));
        if let Some((1, mask, tree)) = direct {
            return Some((1, Rc::new(Plan::Tree(mask, tree))));
        }
        let support = self.facts(state.node).support;
        let masked = (!(support | state.zero) != 0)
            .then(|| self.tree(state.node, !support, most))
            .flatten()
            .map(|tree| (tree.comparisons() + 1, support, tree));
        [direct, masked]
            .into_iter()
            .flatten()
            .min_by_key(|(cost, _, _)| *cost)
            .map(|(cost, mask, tree)| (cost, Rc::new(Plan::Tree(mask, tree))))
    }

    fn tree(&self, node: Node, zero: u32, most: usize) -> Option<Tree> {
        let runs = self.diagrams.runs(self.word, node, zero, most)?;
        Some(tree::search(&runs, &|_| 0))
    }

    fn ways(&mut self, state: State) -> Vec<Way> {
        let facts = self.facts(state.node);
        let mut ways = Vec::new();
        for (node, set, clear) in &facts.deciding {
            if *set != 0 {
                ways.push(Way::AnySet(*set, *node));
            }
            if *clear != 0 {
                ways.push(Way::Cube {
                    ones: *clear,
                    zeros: 0,
                    otherwise: *node,
                });
            }
            if *set != 0 && *clear != 0 {
                ways.push(Way::Cube {
                    ones: *clear,
                    zeros: *set,
                    otherwise: *node,
                });
            }
        }
        self.exceptions(state, &mut ways);
        ways
    }

    // Single values between runs that lead to the same place.
    fn exceptions(&self, state: State, ways: &mut Vec<Way>) {
        let Some(runs) = self
            .diagrams
            .runs(self.word, state.node, state.zero, MOST_RUNS)
        else {
            let all = self.diagrams.at(state.node, self.word, u32::MAX);
            let below = self.diagrams.at(state.node, self.word, u32::MAX - 1);
            if all != below && state.zero == 0 {
                ways.push(Way::Value(u32::MAX, all, below));
            }
            return;
        };
        let node_at = |place: Option<usize>| {
            place
                .and_then(|place| runs.get(place))
                .map(|(_, node)| *node)
        };
        for (place, (start, node)) in runs.iter().enumerate().rev() {
            let next = runs.get(place + 1).map(|(start, _)| *start);
            let single = next.map_or(*start == u32::MAX, |next| next == start + 1);
            let before = node_at(place.checked_sub(1));
            let after = node_at(Some(place + 1));
            if let (true, Some(around)) = (single, before.or(after))
                && after.is_none_or(|after| after == around)
            {
                ways.push(Way::Value(*start, *node, around));
            }
        }
    }

    fn follow(&mut self, state: State, way: Way) -> (usize, Rc<Plan>) {
        let leaf = |node| Rc::new(Plan::Tree(u32::MAX, Tree::Leaf(node)));
        match way {
            Way::AnySet(bits, then) => {
                let node = self.diagrams.given(state.node, self.word, 0, bits);
                let (cost, no) = self.best(State {
                    node,
                    zero: state.zero | bits,
                });
                let plan = Plan::Branch {
                    mask: u32::MAX,
                    compare: Compare::AnyBit,
                    constant: bits,
                    yes: leaf(then),
                    no,
                };
                (cost + 1, Rc::new(plan))
            }
            Way::Cube {
                ones,
                zeros,
                otherwise,
            } => {
                let node = self.diagrams.given(state.node, self.word, ones, zeros);
                if ones.is_power_of_two() && zeros == 0 {
                    let (cost, yes) = self.best(State { node, ..state });
                    let plan = Plan::Branch {
                        mask: u32::MAX,
                        compare: Compare::AnyBit,
                        constant: ones,
                        yes,
                        no: leaf(otherwise),
                    };
                    return (cost + 1, Rc::new(plan));
                }
                // The mask spoils the accumulator: what follows loads the word again.
                let (cost, yes) = self.best(State {
                    node,
                    zero: state.zero | zeros,
                });
                let whole = ones | zeros | state.zero == u32::MAX;
                let again = usize::from(cost > 0 && !whole);
                let plan = Plan::Branch {
                    mask: if whole { u32::MAX } else { ones | zeros },
                    compare: Compare::Equal,
                    constant: ones,
                    yes,
                    no: leaf(otherwise),
                };
                (cost + again + 1 + usize::from(!whole), Rc::new(plan))
            }
            Way::Value(value, then, around) => {
                let around =
                    self.diagrams
                        .branch(self.word, Compare::Equal, value, around, state.node);
                let (cost, no) = self.best(State {
                    node: around,
                    ..state
                });
                let plan = Plan::Branch {
                    mask: u32::MAX,
                    compare: Compare::Equal,
                    constant: value,
                    yes: leaf(then),
                    no,
                };
                (cost + 1, Rc::new(plan))
            }
        }
    }

    fn by_bit(&mut self, state: State) -> (usize, Rc<Plan>) {
        let Some((_, bit, low, high)) = self.diagrams.test(state.node) else {
            let plan = Plan::Tree(u32::MAX, Tree::Leaf(state.node));
            return (0, Rc::new(plan));
        };
        let bit = 1u32 << bit;
        let (cost_high, yes) = self.best(State {
            node: high,
            zero: state.zero,
        });
        let (cost_low, no) = self.best(State {
            node: low,
            zero: state.zero | bit,
        });
        let plan = Plan::Branch {
            mask: u32::MAX,
            compare: Compare::AnyBit,
            constant: bit,
            yes,
            no,
        };
        (cost_high + cost_low + 1, Rc::new(plan))
    }
}

#[derive(Clone, Copy, Debug)]
enum Way {
    // Any of the bits leads there.
    AnySet(u32, Node),
    // Only with all of these bits and none of those does it matter what the others are.
    Cube {
        ones: u32,
        zeros: u32,
        otherwise: Node,
    },
    // One value leads there, and may otherwise be taken to lead where its neighbours do.
    Value(u32, Node, Node),
}
