//! Lays a graph out as instructions.
//!
//! Built from the end: when a comparison is placed, both its targets are, so that their distances are known. A target
//! farther than the 255 instructions that a comparison can skip gets a copy (a return) or a jump nearby.

use casemate_model::names::arch::Endian;
use casemate_model::syscalls::diagram::{Compare, NodeMap};

use super::graph::{Block, BlockId, Graph, Operand};
use crate::bpf::{
    ALU_AND_K, Instruction, JEQ_K, JGE_K, JGT_K, JMP_JA, JSET_K, LD_ABS, RET_K, offset_of,
};

// How many instructions a comparison can skip (`jt` and `jf` are bytes).
const FARTHEST: usize = 255;

pub(super) fn lay_out(graph: &Graph, endian: Endian) -> Vec<Instruction> {
    let mut layout = Layout {
        graph,
        endian,
        backwards: Vec::new(),
        entries: vec![Entries::default(); graph.len()],
        copies: NodeMap::default(),
    };
    let order = order(graph);
    let needs = needs(graph, &order);
    for id in order {
        layout.place(id, needs[id.index()]);
    }
    layout.backwards.reverse();
    layout.backwards
}

// Where a block can be entered, counted from the end of the program: distance in instructions.
#[derive(Clone, Copy, Default)]
struct Entries {
    compare: usize,
    mask: usize,
    load: usize,
}

// What the ways into a block need.
#[derive(Clone, Copy, Default)]
struct Needs {
    mask: bool,
    load: bool,
}

struct Layout<'a> {
    graph: &'a Graph,
    endian: Endian,
    backwards: Vec<Instruction>,
    entries: Vec<Entries>,
    copies: NodeMap<BlockId, usize>,
}

// Every block after the blocks that it leads to.
fn order(graph: &Graph) -> Vec<BlockId> {
    let mut order = Vec::with_capacity(graph.len());
    let mut seen = vec![false; graph.len()];
    let mut todo = vec![(graph.root(), false)];
    while let Some((id, done)) = todo.pop() {
        if done {
            order.push(id);
            continue;
        }
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        todo.push((id, true));
        if let Block::Branch { yes, no, .. } = graph.block(id) {
            todo.push((yes, false));
            todo.push((no, false));
        }
    }
    order
}

fn needs(graph: &Graph, order: &[BlockId]) -> Vec<Needs> {
    let mut needs = vec![Needs::default(); graph.len()];
    let mut enter = |id: BlockId, holds: Option<Operand>| {
        let Block::Branch { operand, .. } = graph.block(id) else {
            return;
        };
        let needs = &mut needs[id.index()];
        if holds == Some(operand) {
            return;
        }
        needs.mask |= operand.mask != u32::MAX;
        needs.load |= holds != Some(Operand::whole(operand.word));
    };
    enter(graph.root(), None);
    for id in order {
        if let Block::Branch {
            operand, yes, no, ..
        } = graph.block(*id)
        {
            enter(yes, Some(operand));
            enter(no, Some(operand));
        }
    }
    needs
}

impl Layout<'_> {
    fn place(&mut self, id: BlockId, needs: Needs) {
        match self.graph.block(id) {
            Block::Return(raw) => {
                self.backwards.push(Instruction::plain(RET_K, raw));
                let here = self.backwards.len();
                self.entries[id.index()] = Entries {
                    compare: here,
                    mask: here,
                    load: here,
                };
            }
            Block::Branch {
                operand,
                compare,
                constant,
                yes,
                no,
            } => {
                self.reach(yes, no, operand);
                let here = self.backwards.len();
                let skip = |target: usize| (here - target).min(255) as u8;
                let code = match compare {
                    Compare::Equal => JEQ_K,
                    Compare::AtLeast => JGE_K,
                    Compare::Above => JGT_K,
                    Compare::AnyBit => JSET_K,
                };
                let jt = skip(self.target(yes, operand));
                let jf = skip(self.target(no, operand));
                self.backwards.push(Instruction {
                    code,
                    jt,
                    jf,
                    k: constant,
                });
                self.prepare(id, operand, needs);
            }
        }
    }

    // The load and the mask before a comparison.
    fn prepare(&mut self, id: BlockId, operand: Operand, needs: Needs) {
        let compare = self.backwards.len();
        if needs.mask {
            self.backwards
                .push(Instruction::plain(ALU_AND_K, operand.mask));
        }
        let mask = self.backwards.len();
        if needs.load {
            let offset = offset_of(operand.word, self.endian);
            self.backwards.push(Instruction::plain(LD_ABS, offset));
        }
        self.entries[id.index()] = Entries {
            compare,
            mask,
            load: self.backwards.len(),
        };
    }

    fn entry(&self, id: BlockId, holds: Operand) -> usize {
        let entries = self.entries[id.index()];
        match self.graph.block(id) {
            Block::Return(_) => entries.compare,
            Block::Branch { operand, .. } if operand == holds => entries.compare,
            Block::Branch { operand, .. } if Operand::whole(operand.word) == holds => entries.mask,
            Block::Branch { .. } => entries.load,
        }
    }

    // The place to jump to: the block itself if a comparison reaches it, else the nearest copy of it or jump to it.
    fn target(&self, id: BlockId, holds: Operand) -> usize {
        let entry = self.entry(id, holds);
        if self.backwards.len() - entry <= FARTHEST {
            return entry;
        }
        match (self.copies.get(&id), self.graph.block(id)) {
            (Some(copy), Block::Return(_)) => *copy,
            _ => self.jump_to(entry).unwrap_or(entry),
        }
    }

    fn jump_to(&self, entry: usize) -> Option<usize> {
        let start = self.backwards.len().saturating_sub(FARTHEST);
        (start..self.backwards.len()).rev().find_map(|index| {
            let instruction = self.backwards[index];
            (instruction.code == JMP_JA && index - instruction.k as usize == entry)
                .then_some(index + 1)
        })
    }

    // Makes both targets reachable from a comparison placed next.
    fn reach(&mut self, yes: BlockId, no: BlockId, holds: Operand) {
        // A helper for one target can push the other one out of reach.
        for id in [yes, no, yes] {
            if self.backwards.len() - self.target(id, holds) > FARTHEST {
                self.come_nearer(id, holds);
            }
        }
    }

    fn come_nearer(&mut self, id: BlockId, holds: Operand) {
        if let Block::Return(raw) = self.graph.block(id) {
            self.backwards.push(Instruction::plain(RET_K, raw));
            self.copies.insert(id, self.backwards.len());
        } else {
            let entry = self.entry(id, holds);
            let skip = self.backwards.len() - entry;
            self.backwards.push(Instruction::plain(JMP_JA, skip as u32));
        }
    }
}
