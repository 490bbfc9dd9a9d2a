//! The graph of comparisons that a diagram becomes.

use casemate_model::names::arch::Arch;
use casemate_model::syscalls::diagram::{Compare, Diagrams, Node, NodeMap, Word};

use super::tree::{self, Tree};
use super::word::{Known, Plan, Planner};

/// A place in a [`Graph`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct BlockId(u32);

impl BlockId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is in the accumulator: a word, and which of its bits were kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Operand {
    pub(super) word: Word,
    pub(super) mask: u32,
}

impl Operand {
    pub(super) const fn whole(word: Word) -> Self {
        Self {
            word,
            mask: u32::MAX,
        }
    }
}

/// A step of the filter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Block {
    /// The end.
    Return(u32),
    /// A comparison and both ways on.
    Branch {
        operand: Operand,
        compare: Compare,
        constant: u32,
        yes: BlockId,
        no: BlockId,
    },
}

/// Steps that share all that they have in common.
pub(super) struct Graph {
    blocks: Vec<Block>,
    unique: NodeMap<Block, BlockId>,
    root: BlockId,
}

impl Graph {
    pub(super) fn of(diagrams: &mut Diagrams, root: Node, prefer: &[Arch]) -> Self {
        let mut builder = Builder {
            diagrams,
            graph: Self {
                blocks: Vec::new(),
                unique: NodeMap::default(),
                root: BlockId(0),
            },
            built: NodeMap::default(),
            heights: NodeMap::default(),
            known: Known::default(),
            prefer,
        };
        let root = builder.node(root);
        builder.graph.root = root;
        builder.graph
    }

    pub(super) const fn root(&self) -> BlockId {
        self.root
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    // PANIC: a BlockId is only made by `add`, and blocks are never removed.
    pub(super) fn block(&self, id: BlockId) -> Block {
        self.blocks[id.index()]
    }

    fn add(&mut self, block: Block) -> BlockId {
        if let Block::Branch { yes, no, .. } = block
            && yes == no
        {
            return yes;
        }
        let next = BlockId(self.blocks.len() as u32);
        let blocks = &mut self.blocks;
        *self.unique.entry(block).or_insert_with(|| {
            blocks.push(block);
            next
        })
    }
}

struct Builder<'a> {
    diagrams: &'a mut Diagrams,
    graph: Graph,
    built: NodeMap<Node, BlockId>,
    heights: NodeMap<BlockId, u32>,
    known: Known,
    prefer: &'a [Arch],
}

impl Builder<'_> {
    fn node(&mut self, node: Node) -> BlockId {
        if let Some(done) = self.built.get(&node) {
            return *done;
        }
        let id = if let Some(word) = self.diagrams.word(node) {
            self.decide(word, node)
        } else {
            let raw = self.diagrams.as_answer(node).unwrap_or(0);
            self.graph.add(Block::Return(raw))
        };
        self.built.insert(node, id);
        id
    }

    fn decide(&mut self, word: Word, node: Node) -> BlockId {
        if (word == Word::ARCH || word == Word::NR)
            && let Some(runs) = self.diagrams.runs(word, node, 0, tree::MOST_RUNS)
        {
            let preferred = if word == Word::ARCH {
                tree::by_preference(&runs, &self.preferred())
            } else {
                None
            };
            let tree = preferred.unwrap_or_else(|| self.search(&runs));
            return self.tree(Operand::whole(word), &tree);
        }
        let plan = Planner::new(self.diagrams, word, &mut self.known).plan(node);
        self.plan(word, &plan)
    }

    // The deeper what follows is, the higher in the tree it should be.
    fn search(&mut self, runs: &[(u32, Node)]) -> Tree {
        let mut below: NodeMap<Node, u32> = NodeMap::default();
        for (_, node) in runs {
            if !below.contains_key(node) {
                let id = self.node(*node);
                below.insert(*node, self.height(id));
            }
        }
        tree::search(runs, &|node| below.get(&node).copied().unwrap_or(0))
    }

    // How many instructions the longest way from a block executes, its load included.
    fn height(&mut self, id: BlockId) -> u32 {
        if let Some(known) = self.heights.get(&id) {
            return *known;
        }
        let height = match self.graph.block(id) {
            Block::Return(_) => 1,
            Block::Branch {
                operand, yes, no, ..
            } => {
                let masked = u32::from(operand.mask != u32::MAX);
                let way = |this: &mut Self, next| {
                    let reuses = match this.graph.block(next) {
                        Block::Branch { operand: other, .. } if other == operand => 1 + masked,
                        Block::Branch { operand: other, .. }
                            if Operand::whole(other.word) == operand =>
                        {
                            1
                        }
                        Block::Return(_) | Block::Branch { .. } => 0,
                    };
                    this.height(next) - reuses
                };
                2 + masked + way(self, yes).max(way(self, no))
            }
        };
        self.heights.insert(id, height);
        height
    }

    fn preferred(&self) -> Vec<u32> {
        self.prefer.iter().map(|arch| arch.audit()).collect()
    }

    fn tree(&mut self, operand: Operand, tree: &Tree) -> BlockId {
        match tree {
            Tree::Leaf(node) => self.node(*node),
            Tree::Branch(compare, constant, yes, no) => {
                let no = self.tree(operand, no);
                let yes = self.tree(operand, yes);
                self.graph.add(Block::Branch {
                    operand,
                    compare: *compare,
                    constant: *constant,
                    yes,
                    no,
                })
            }
        }
    }

    fn plan(&mut self, word: Word, plan: &Plan) -> BlockId {
        match plan {
            Plan::Tree(mask, tree) => self.tree(Operand { word, mask: *mask }, tree),
            Plan::Branch {
                mask,
                compare,
                constant,
                yes,
                no,
            } => {
                let yes = self.plan(word, yes);
                let no = self.plan(word, no);
                self.graph.add(Block::Branch {
                    operand: Operand { word, mask: *mask },
                    compare: *compare,
                    constant: *constant,
                    yes,
                    no,
                })
            }
        }
    }
}
