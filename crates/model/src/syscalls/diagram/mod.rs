//! Exact algebra of syscall filters: shared, reduced, ordered decision diagrams over the bits of `struct seccomp_data`.
//!
//! A filter is a function from the 512 bits that the kernel shows it (architecture, number, six arguments, instruction
//! pointer) to an answer. Here such a function is one node; two filters are the same function if and only if they are
//! the same node. Words come in the order in which a good filter asks for them, most significant bit first, so that
//! equality, order and mask tests against constants stay linear in the number of bits.
//!
//! Arithmetic on loaded words can make a diagram explode. Work is therefore bounded: past the bound every operation
//! returns at once and [`Diagrams::overflowed`] says that no result may be believed.

use std::collections::BTreeSet;

mod map;
mod word;

pub use map::{NodeHasher, NodeMap, NodeSet};
pub use word::{Half, Point, Word};

/// A function of the bits of `struct seccomp_data`: a name for a node of one [`Diagrams`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Node(u32);

impl Node {
    /// The condition that never holds.
    pub const NEVER: Self = Self(0);
    /// The condition that always holds.
    pub const ALWAYS: Self = Self(1);

    /// The name as a number, for tables indexed by node.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a word is compared with a constant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Compare {
    /// The word is the constant.
    Equal,
    /// The word is at least the constant, unsigned.
    AtLeast,
    /// The word is greater than the constant, unsigned.
    Above,
    /// The word has a bit of the constant.
    AnyBit,
}

const LEAF: u16 = u16::MAX;
const TRUTH: u32 = 1;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Inner {
    var: u16,
    low: Node,
    high: Node,
}

/// A store of decision diagrams.
#[derive(Debug)]
pub struct Diagrams {
    nodes: Vec<Inner>,
    unique: Vec<u32>,
    choices: Vec<(Node, Node, Node, Node)>,
    steps: u64,
    bound: u64,
}

impl Diagrams {
    /// Makes an empty store whose work is bounded generously (about a second).
    pub fn new() -> Self {
        Self::bounded(20_000_000)
    }

    /// Makes an empty store that gives up after about this many steps.
    pub fn bounded(steps: u64) -> Self {
        let nobody = Node(u32::MAX);
        let mut store = Self {
            nodes: Vec::with_capacity(2048),
            unique: vec![u32::MAX; 8192],
            choices: vec![(nobody, nobody, nobody, nobody); 1024],
            steps: 0,
            bound: steps,
        };
        store.make(LEAF, Node(0), Node(TRUTH));
        store.make(LEAF, Node(1), Node(TRUTH));
        store
    }

    /// Whether the bound was passed, so that no node made since means anything.
    #[must_use]
    pub const fn overflowed(&self) -> bool {
        self.steps > self.bound
    }

    /// How many nodes the store holds.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the store holds nothing but the two truth values.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 2
    }

    /// The function that answers the same to everything.
    pub fn answer(&mut self, value: u32) -> Node {
        self.make(LEAF, Node(value), Node(0))
    }

    /// The answer, if the node is one.
    pub fn as_answer(&self, node: Node) -> Option<u32> {
        let inner = self.inner(node);
        (inner.var == LEAF && inner.high.0 != TRUTH).then_some(inner.low.0)
    }

    /// The word that the topmost test of the function looks at.
    pub fn word(&self, node: Node) -> Option<Word> {
        let var = self.inner(node).var;
        (var != LEAF).then_some(Word((var / 32) as u8))
    }

    /// The bit of its word (31 is the most significant) that the topmost test looks at, and both outcomes, 0 first.
    pub fn test(&self, node: Node) -> Option<(Word, u8, Node, Node)> {
        let inner = self.inner(node);
        (inner.var != LEAF).then(|| {
            (
                Word((inner.var / 32) as u8),
                31 - (inner.var % 32) as u8,
                inner.low,
                inner.high,
            )
        })
    }

    /// The condition that one bit of a word is set (31 is the most significant).
    pub fn bit(&mut self, word: Word, bit: u8) -> Node {
        self.make(
            word.first_bit() + 31 - u16::from(bit.min(31)),
            Node::NEVER,
            Node::ALWAYS,
        )
    }

    /// `yes` where the word compares so with the constant, `no` elsewhere.
    pub fn branch(
        &mut self,
        word: Word,
        compare: Compare,
        constant: u32,
        yes: Node,
        no: Node,
    ) -> Node {
        if yes == no {
            return yes;
        }
        let first = word.first_bit();
        let above = self.inner(yes).var.min(self.inner(no).var);
        if compare == Compare::AnyBit {
            if above >= first + 32 {
                return self.any_bit(word, constant, yes, no);
            }
            let condition = self.any_bit(word, constant, Node::ALWAYS, Node::NEVER);
            return self.choose(condition, yes, no);
        }
        if above >= first {
            return self.branch_at(first, compare, (constant, 32), yes, no);
        }
        let condition = self.branch_at(first, compare, (constant, 32), Node::ALWAYS, Node::NEVER);
        self.choose(condition, yes, no)
    }

    // Both ways may look only at later words.
    fn any_bit(&mut self, word: Word, mask: u32, yes: Node, no: Node) -> Node {
        let mut node = no;
        for bit in (0..32).filter(|bit| mask >> bit & 1 == 1) {
            node = self.make(word.first_bit() + 31 - bit, node, yes);
        }
        node
    }

    // `left` counts the bits of the constant that are still to be compared.
    fn branch_at(
        &mut self,
        var: u16,
        compare: Compare,
        (constant, left): (u32, u32),
        yes: Node,
        no: Node,
    ) -> Node {
        if left == 0 {
            return match compare {
                Compare::Equal | Compare::AtLeast => yes,
                Compare::Above | Compare::AnyBit => no,
            };
        }
        if yes == no {
            return yes;
        }
        self.steps += 1;
        let rest = constant & (u32::MAX >> (32 - left));
        if compare == Compare::AtLeast && rest == 0 {
            return yes;
        }
        let set = constant >> (left - 1) & 1 == 1;
        let (yes_low, yes_high) = self.split(yes, var);
        let (no_low, no_high) = self.split(no, var);
        let next = (constant, left - 1);
        let (low, high) = match (compare, set) {
            (Compare::Equal, false) => (
                self.branch_at(var + 1, compare, next, yes_low, no_low),
                no_high,
            ),
            (Compare::Equal | Compare::AtLeast | Compare::Above, true) => (
                no_low,
                self.branch_at(var + 1, compare, next, yes_high, no_high),
            ),
            (Compare::AtLeast | Compare::Above, false) => (
                self.branch_at(var + 1, compare, next, yes_low, no_low),
                yes_high,
            ),
            // Decided by the caller: bits outside the mask would be walked both ways.
            (Compare::AnyBit, _) => (no_low, no_high),
        };
        self.make(var, low, high)
    }

    /// `yes` where the bits of the mask have the value, never elsewhere. `yes` may look only at later words.
    pub fn masked(&mut self, word: Word, mask: u32, value: u32, yes: Node) -> Node {
        let mut node = yes;
        for bit in 0..32u8 {
            let var = word.first_bit() + 31 - u16::from(bit);
            node = match (mask >> bit & 1, value >> bit & 1) {
                (0, _) => node,
                (_, 0) => self.make(var, node, Node::NEVER),
                _ => self.make(var, Node::NEVER, node),
            };
        }
        node
    }

    /// The condition that the word compares so with the constant.
    pub fn compare(&mut self, word: Word, compare: Compare, constant: u32) -> Node {
        self.branch(word, compare, constant, Node::ALWAYS, Node::NEVER)
    }

    /// `yes` where the condition holds, `no` elsewhere.
    pub fn choose(&mut self, condition: Node, yes: Node, no: Node) -> Node {
        if condition == Node::ALWAYS || yes == no {
            return yes;
        }
        if condition == Node::NEVER {
            return no;
        }
        if yes == Node::ALWAYS && no == Node::NEVER {
            return condition;
        }
        if self.overflowed() {
            return Node::NEVER;
        }
        self.steps += 1;
        let slot = mix(condition.0, yes.0, no.0) as usize & (self.choices.len() - 1);
        let (a, b, c, result) = self.choices[slot];
        if (a, b, c) == (condition, yes, no) {
            return result;
        }
        let var = self
            .inner(condition)
            .var
            .min(self.inner(yes).var)
            .min(self.inner(no).var);
        let (if_low, if_high) = self.split(condition, var);
        let (yes_low, yes_high) = self.split(yes, var);
        let (no_low, no_high) = self.split(no, var);
        let low = self.choose(if_low, yes_low, no_low);
        let high = self.choose(if_high, yes_high, no_high);
        let result = self.make(var, low, high);
        // The store may have grown meanwhile, and the cache with it.
        let slot = mix(condition.0, yes.0, no.0) as usize & (self.choices.len() - 1);
        self.choices[slot] = (condition, yes, no, result);
        result
    }

    /// The condition that both hold.
    pub fn and(&mut self, a: Node, b: Node) -> Node {
        self.choose(a, b, Node::NEVER)
    }

    /// The condition that one of them holds.
    pub fn or(&mut self, a: Node, b: Node) -> Node {
        self.choose(a, Node::ALWAYS, b)
    }

    /// The condition that it does not hold.
    pub fn not(&mut self, a: Node) -> Node {
        self.choose(a, Node::NEVER, Node::ALWAYS)
    }

    /// The condition that exactly one of them holds.
    pub fn differ(&mut self, a: Node, b: Node) -> Node {
        let not = self.not(b);
        self.choose(a, not, b)
    }

    /// A function of one word: from each start, in rising order, up to the next, the value is the node beside it.
    ///
    /// The first start counts as 0. The nodes may look only at words that come later in diagram order.
    pub fn from_runs(&mut self, word: Word, runs: &[(u32, Node)]) -> Node {
        match runs {
            [] => Node::NEVER,
            [(_, only)] => *only,
            _ => self.runs_below(word.first_bit(), (0, 32), runs),
        }
    }

    fn runs_below(&mut self, var: u16, (base, width): (u32, u32), runs: &[(u32, Node)]) -> Node {
        if let [(_, only)] = runs {
            return *only;
        }
        let middle = base | 1 << (width - 1);
        let cut = runs.partition_point(|(start, _)| *start < middle);
        // The upper half begins inside the run before the cut unless a run begins exactly there.
        let low = &runs[..cut.max(1)];
        let high = if runs.get(cut).is_some_and(|(start, _)| *start == middle) {
            &runs[cut..]
        } else {
            &runs[cut.saturating_sub(1)..]
        };
        let low = self.runs_below(var + 1, (base, width - 1), low);
        let high = self.runs_below(var + 1, (middle, width - 1), high);
        self.make(var, low, high)
    }

    /// The function read along one word: where each run of equal values begins, with its value.
    ///
    /// Only values without a bit of `zero` are looked at; values between belong to the run before them. `None` if
    /// there are more than `most` runs.
    pub fn runs(&self, word: Word, node: Node, zero: u32, most: usize) -> Option<Vec<(u32, Node)>> {
        let mut runs: Vec<(u32, Node)> = Vec::new();
        self.runs_into(
            word.first_bit(),
            node,
            (0, 32),
            zero,
            &mut |start, value| {
                if runs.last().is_none_or(|(_, last)| *last != value) {
                    runs.push((start, value));
                }
                runs.len() <= most
            },
        )
        .then_some(runs)
    }

    // False when the visitor had enough.
    fn runs_into(
        &self,
        first: u16,
        node: Node,
        (base, width): (u32, u32),
        zero: u32,
        visit: &mut impl FnMut(u32, Node) -> bool,
    ) -> bool {
        let inner = self.inner(node);
        if inner.var >= first + 32 {
            return visit(base, node);
        }
        let bit = 1 << (width - 1);
        let at = first + 32 - width as u16;
        let (low, high) = if inner.var == at {
            (inner.low, inner.high)
        } else {
            (node, node)
        };
        self.runs_into(first, low, (base, width - 1), zero, visit)
            && (zero & bit != 0
                || self.runs_into(first, high, (base | bit, width - 1), zero, visit))
    }

    /// The function where these bits of the word are known: `ones` are set, `zeros` are not. The topmost test must not
    /// be of an earlier word.
    pub fn given(&mut self, node: Node, word: Word, ones: u32, zeros: u32) -> Node {
        let mut known = NodeMap::default();
        self.given_known(node, (word.first_bit(), ones, zeros), &mut known)
    }

    fn given_known(
        &mut self,
        node: Node,
        facts: (u16, u32, u32),
        known: &mut NodeMap<Node, Node>,
    ) -> Node {
        let (first, ones, zeros) = facts;
        let inner = self.inner(node);
        if inner.var < first || inner.var >= first + 32 || self.overflowed() {
            return node;
        }
        if let Some(done) = known.get(&node) {
            return *done;
        }
        self.steps += 1;
        let bit = 1u32 << (31 - (inner.var - first));
        let result = if ones & bit != 0 {
            self.given_known(inner.high, facts, known)
        } else if zeros & bit != 0 {
            self.given_known(inner.low, facts, known)
        } else {
            let low = self.given_known(inner.low, facts, known);
            let high = self.given_known(inner.high, facts, known);
            self.make(inner.var, low, high)
        };
        known.insert(node, result);
        result
    }

    /// The function where these bits of the word are known, wherever the word is tested.
    pub fn restrict(&mut self, node: Node, word: Word, ones: u32, zeros: u32) -> Node {
        let mut known = NodeMap::default();
        self.restrict_known(node, (word.first_bit(), ones, zeros), &mut known)
    }

    fn restrict_known(
        &mut self,
        node: Node,
        facts: (u16, u32, u32),
        known: &mut NodeMap<Node, Node>,
    ) -> Node {
        let inner = self.inner(node);
        if inner.var >= facts.0 {
            return self.given_known(node, facts, known);
        }
        if let Some(done) = known.get(&node) {
            return *done;
        }
        if self.overflowed() {
            return node;
        }
        self.steps += 1;
        let low = self.restrict_known(inner.low, facts, known);
        let high = self.restrict_known(inner.high, facts, known);
        let result = self.make(inner.var, low, high);
        known.insert(node, result);
        result
    }

    /// Combines two functions answer by answer.
    pub fn combine(
        &mut self,
        a: Node,
        b: Node,
        with: &mut impl FnMut(u32, u32) -> Combined,
    ) -> Node {
        let mut known = NodeMap::default();
        self.combine_known(a, b, with, &mut known)
    }

    fn combine_known(
        &mut self,
        a: Node,
        b: Node,
        with: &mut impl FnMut(u32, u32) -> Combined,
        known: &mut NodeMap<(Node, Node), Node>,
    ) -> Node {
        if let (Some(x), Some(y)) = (self.as_answer(a), self.as_answer(b)) {
            return match with(x, y) {
                Combined::Answer(value) => self.answer(value),
                Combined::Holds => Node::ALWAYS,
                Combined::Fails => Node::NEVER,
            };
        }
        if let Some(done) = known.get(&(a, b)) {
            return *done;
        }
        if self.overflowed() {
            return Node::NEVER;
        }
        self.steps += 1;
        let var = self.inner(a).var.min(self.inner(b).var);
        if var == LEAF {
            // A truth value has no answer to combine: the caller mixed conditions and filters.
            return Node::NEVER;
        }
        let (a_low, a_high) = self.split(a, var);
        let (b_low, b_high) = self.split(b, var);
        let low = self.combine_known(a_low, b_low, with, known);
        let high = self.combine_known(a_high, b_high, with, known);
        let result = self.make(var, low, high);
        known.insert((a, b), result);
        result
    }

    /// The condition under which two functions answer differently.
    pub fn disagreement(&mut self, a: Node, b: Node) -> Node {
        self.combine(a, b, &mut |x, y| {
            if x == y {
                Combined::Fails
            } else {
                Combined::Holds
            }
        })
    }

    /// The condition under which the answer is one that the test accepts.
    pub fn answers(&mut self, node: Node, accept: &mut impl FnMut(u32) -> bool) -> Node {
        self.combine(node, node, &mut |value, _| {
            if accept(value) {
                Combined::Holds
            } else {
                Combined::Fails
            }
        })
    }

    /// The answer to one system call, or, of a condition, `None`.
    pub fn evaluate(&self, node: Node, point: &Point) -> Option<u32> {
        self.as_answer(self.leaf(node, point))
    }

    /// Whether a condition holds for one system call.
    #[must_use]
    pub fn holds(&self, node: Node, point: &Point) -> bool {
        self.leaf(node, point) == Node::ALWAYS
    }

    fn leaf(&self, mut node: Node, point: &Point) -> Node {
        while let Some((word, bit, low, high)) = self.test(node) {
            node = if point[word.index()] >> bit & 1 == 1 {
                high
            } else {
                low
            };
        }
        node
    }

    /// The smallest system call, in diagram order, for which a condition holds.
    pub fn witness(&self, condition: Node) -> Option<Point> {
        if condition == Node::NEVER {
            return None;
        }
        let mut point = [0; Word::COUNT];
        let mut node = condition;
        // In a reduced diagram every node but NEVER itself leads to some other leaf.
        while let Some((word, bit, low, high)) = self.test(node) {
            node = if low == Node::NEVER {
                point[word.index()] |= 1 << bit;
                high
            } else {
                low
            };
        }
        (node == Node::ALWAYS).then_some(point)
    }

    /// Every answer that the function can give, in rising order.
    pub fn image(&self, node: Node) -> BTreeSet<u32> {
        let mut seen = NodeSet::default();
        let mut todo = vec![node];
        let mut image = BTreeSet::new();
        while let Some(node) = todo.pop() {
            if !seen.insert(node) {
                continue;
            }
            if let Some((_, _, low, high)) = self.test(node) {
                todo.extend([low, high]);
            } else if let Some(value) = self.as_answer(node) {
                image.insert(value);
            }
        }
        image
    }

    /// How many nodes the function has.
    pub fn size(&self, node: Node) -> usize {
        let mut seen = NodeSet::default();
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            if seen.insert(node)
                && let Some((_, _, low, high)) = self.test(node)
            {
                todo.extend([low, high]);
            }
        }
        seen.len()
    }

    /// The function where a word is a constant. Words that come earlier in diagram order must not be tested.
    pub fn at(&self, node: Node, word: Word, value: u32) -> Node {
        let mut node = node;
        while let Some((tested, bit, low, high)) = self.test(node) {
            if tested != word {
                break;
            }
            node = if value >> bit & 1 == 1 { high } else { low };
        }
        node
    }

    // PANIC: a Node is only made by `make`, and nodes are never removed.
    fn inner(&self, node: Node) -> Inner {
        self.nodes[node.index()]
    }

    fn split(&self, node: Node, var: u16) -> (Node, Node) {
        let inner = self.inner(node);
        if inner.var == var {
            (inner.low, inner.high)
        } else {
            (node, node)
        }
    }

    fn make(&mut self, var: u16, low: Node, high: Node) -> Node {
        if low == high && var != LEAF {
            return low;
        }
        let inner = Inner { var, low, high };
        let mask = self.unique.len() - 1;
        let mut slot = mix(u32::from(var), low.0, high.0) as usize & mask;
        loop {
            match self.unique[slot] {
                u32::MAX => break,
                found if self.nodes[found as usize] == inner => return Node(found),
                _ => slot = (slot + 1) & mask,
            }
        }
        let node = Node(self.nodes.len() as u32);
        self.nodes.push(inner);
        self.unique[slot] = node.0;
        if self.nodes.len() * 2 > self.unique.len() {
            self.grow();
        }
        node
    }

    fn grow(&mut self) {
        let size = self.unique.len() * 4;
        self.unique = vec![u32::MAX; size];
        for (index, inner) in self.nodes.iter().enumerate() {
            let mut slot =
                mix(u32::from(inner.var), inner.low.0, inner.high.0) as usize & (size - 1);
            while self.unique[slot] != u32::MAX {
                slot = (slot + 1) & (size - 1);
            }
            self.unique[slot] = index as u32;
        }
        let nobody = Node(u32::MAX);
        self.choices = vec![(nobody, nobody, nobody, nobody); (size / 4).min(1 << 20)];
    }
}

impl Default for Diagrams {
    fn default() -> Self {
        Self::new()
    }
}

/// What two answers make together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Combined {
    /// Another answer.
    Answer(u32),
    /// A condition that holds here.
    Holds,
    /// A condition that fails here.
    Fails,
}

fn mix(a: u32, b: u32, c: u32) -> u64 {
    let mut hash = u64::from(a) << 32 | u64::from(b);
    hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(c);
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ hash >> 29
}
