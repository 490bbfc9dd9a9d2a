//! Reads a filter back: any program becomes the function that it computes.
//!
//! Classic BPF jumps only ahead, so a program is a finite expression over the words that it loads. Each register is
//! a vector of 32 functions, one a bit. One pass ahead finds in which states (registers by their symbolic values) each
//! instruction is reached; one pass back composes the answers. Registers that nothing reads any more are left out
//! of the state, which keeps it to one or two per instruction for all filters seen in the wild.

use std::collections::BTreeMap;
use std::fmt;

use casemate_model::syscalls::Action;
use casemate_model::syscalls::diagram::{Compare, Diagrams, Node, NodeMap, Word};

mod arithmetic;
mod liveness;

use crate::bpf::{
    Arithmetic, Comparison, Operation, Program, ProgramError, Register, Source, validate,
};

/// Why a program's function is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LiftError {
    /// The kernel would refuse the program.
    Program(ProgramError),
    /// Its arithmetic on loaded words is out of reach: undecided, neither safe nor unsafe.
    Undecided,
}

impl fmt::Display for LiftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program(error) => error.fmt(f),
            Self::Undecided => {
                f.write_str("undecided: the filter's arithmetic on loaded words is out of reach")
            }
        }
    }
}

impl std::error::Error for LiftError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Program(error) => Some(error),
            Self::Undecided => None,
        }
    }
}

/// Returns the function of a program; each answer is the raw value of an [`Action`].
pub fn lift(diagrams: &mut Diagrams, program: &Program) -> Result<Node, LiftError> {
    validate(&program.instructions).map_err(LiftError::Program)?;
    let mut lifter = Lifter::new(diagrams, program);
    let states = lifter.explore()?;
    let root = lifter.compose(&states);
    if diagrams.overflowed() {
        return Err(LiftError::Undecided);
    }
    root.ok_or(LiftError::Undecided)
}

/// Returns, for each instruction, the condition under which it is executed.
pub fn coverage(diagrams: &mut Diagrams, program: &Program) -> Result<Vec<Node>, LiftError> {
    validate(&program.instructions).map_err(LiftError::Program)?;
    let mut lifter = Lifter::new(diagrams, program);
    let states = lifter.explore()?;
    let mut reached: Vec<BTreeMap<usize, Node>> = states
        .iter()
        .map(|states| (0..states.len()).map(|at| (at, Node::NEVER)).collect())
        .collect();
    if let Some(start) = reached.first_mut() {
        start.insert(0, Node::ALWAYS);
    }
    for at in 0..states.len() {
        for (place, state) in states[at].iter().enumerate() {
            let condition = reached[at][&place];
            let ends = lifter.successors(at, *state);
            for (guard, target, next) in ends {
                let Some(place) = states
                    .get(target)
                    .and_then(|states| states.iter().position(|other| *other == next))
                else {
                    continue;
                };
                let both = lifter.diagrams.and(condition, guard);
                if let Some(known) = reached[target].get(&place).copied() {
                    let sum = lifter.diagrams.or(known, both);
                    reached[target].insert(place, sum);
                }
            }
        }
    }
    let result = reached
        .into_iter()
        .map(|by_state| {
            by_state
                .into_values()
                .fold(Node::NEVER, |sum, one| lifter.diagrams.or(sum, one))
        })
        .collect();
    if diagrams.overflowed() {
        return Err(LiftError::Undecided);
    }
    Ok(result)
}

// More states than this per program means that something symbolic multiplies: give up.
const MOST_STATES: usize = 1 << 16;

type Value = u16;
type Bits = [Node; 32];

// Registers in the order A, X, M[0] to M[15].
const REGISTERS: usize = 18;
const DEAD: Value = u16::MAX;
type State = [Value; REGISTERS];

struct Lifter<'a> {
    diagrams: &'a mut Diagrams,
    program: &'a Program,
    live: Vec<u32>,
    values: Vec<Symbol>,
    known: NodeMap<Bits, Value>,
    plain: [Option<Value>; Word::COUNT],
}

#[derive(Clone, Copy)]
struct Symbol {
    bits: Bits,
    // A whole loaded word compares much faster than a vector of functions.
    word: Option<Word>,
}

impl<'a> Lifter<'a> {
    fn new(diagrams: &'a mut Diagrams, program: &'a Program) -> Self {
        let live = liveness::of(program);
        Self {
            diagrams,
            program,
            live,
            values: Vec::new(),
            known: NodeMap::default(),
            plain: [None; Word::COUNT],
        }
    }

    fn explore(&mut self) -> Result<Vec<Vec<State>>, LiftError> {
        let count = self.program.instructions.len();
        let zero = self.constant(0);
        let mut states: Vec<Vec<State>> = vec![Vec::new(); count];
        let mut start = [DEAD; REGISTERS];
        for (register, value) in start.iter_mut().enumerate() {
            if self.live[0] >> register & 1 == 1 {
                *value = zero;
            }
        }
        states[0].push(start);
        let mut total = 1;
        for at in 0..count {
            for place in 0..states[at].len() {
                let state = states[at][place];
                for (target, next) in self.steps(at, state) {
                    // `validate` has shown that every target exists.
                    let Some(there) = states.get_mut(target) else {
                        continue;
                    };
                    if !there.contains(&next) {
                        there.push(next);
                        total += 1;
                    }
                }
                if total > MOST_STATES
                    || self.values.len() >= usize::from(DEAD) - 1
                    || self.diagrams.overflowed()
                {
                    return Err(LiftError::Undecided);
                }
            }
        }
        Ok(states)
    }

    // Where an instruction leads from a state, and with which registers, without asking when.
    fn steps(&mut self, at: usize, state: State) -> Vec<(usize, State)> {
        match self.program.instructions[at].operation() {
            Some(Operation::Branch(_, _, yes, no)) => [yes, no]
                .into_iter()
                .map(|skip| {
                    let target = at + 1 + usize::from(skip);
                    (target, self.only_live(target, state))
                })
                .collect(),
            Some(Operation::Jump(skip)) => {
                let target = at + 1 + skip as usize;
                vec![(target, self.only_live(target, state))]
            }
            Some(Operation::Return(_) | Operation::ReturnAccumulator) | None => Vec::new(),
            Some(operation) => {
                let next = self.execute(operation, state);
                vec![(at + 1, self.only_live(at + 1, next))]
            }
        }
    }

    fn successors(&mut self, at: usize, state: State) -> Vec<(Node, usize, State)> {
        let steps = self.steps(at, state);
        match (self.program.instructions[at].operation(), steps.as_slice()) {
            (Some(Operation::Branch(comparison, source, _, _)), [yes, no]) => {
                let (yes, no) = (*yes, *no);
                let condition = self.branch(comparison, source, state, Node::ALWAYS, Node::NEVER);
                let otherwise = self.diagrams.not(condition);
                vec![(condition, yes.0, yes.1), (otherwise, no.0, no.1)]
            }
            (Some(Operation::Compute(Arithmetic::Divide, Source::X)), [next]) => {
                let next = *next;
                let zero = self.is_zero(state[1]);
                let goes_on = self.diagrams.not(zero);
                vec![(goes_on, next.0, next.1)]
            }
            (_, steps) => steps
                .iter()
                .map(|(target, next)| (Node::ALWAYS, *target, *next))
                .collect(),
        }
    }

    fn compose(&mut self, states: &[Vec<State>]) -> Option<Node> {
        let mut answers: Vec<Vec<Node>> = states
            .iter()
            .map(|states| vec![Node::NEVER; states.len()])
            .collect();
        for at in (0..states.len()).rev() {
            for (place, state) in states[at].iter().enumerate() {
                answers[at][place] = self.answer(at, *state, states, &answers)?;
                if self.diagrams.overflowed() {
                    return None;
                }
            }
        }
        answers.first()?.first().copied()
    }

    fn answer(
        &mut self,
        at: usize,
        state: State,
        states: &[Vec<State>],
        answers: &[Vec<Node>],
    ) -> Option<Node> {
        let find = |target: usize, next: &State| {
            let there = states.get(target)?;
            let place = match there.as_slice() {
                [_] => 0,
                many => many.iter().position(|other| other == next)?,
            };
            answers.get(target)?.get(place).copied()
        };
        match self.program.instructions[at].operation()? {
            Operation::Return(raw) => Some(self.diagrams.answer(Action::from_raw(raw).to_raw())),
            Operation::ReturnAccumulator => self.return_value(state[0]),
            Operation::Branch(comparison, source, yes, no) => {
                let target = |skip: u8| at + 1 + usize::from(skip);
                let yes = find(target(yes), &self.only_live(target(yes), state))?;
                let no = find(target(no), &self.only_live(target(no), state))?;
                Some(self.branch(comparison, source, state, yes, no))
            }
            operation => {
                let steps = self.steps(at, state);
                let (target, next) = steps.first()?;
                let after = find(*target, next)?;
                if operation == Operation::Compute(Arithmetic::Divide, Source::X) {
                    let zero = self.is_zero(state[1]);
                    let kill = self.diagrams.answer(0);
                    return Some(self.diagrams.choose(zero, kill, after));
                }
                Some(after)
            }
        }
    }

    fn only_live(&self, at: usize, mut state: State) -> State {
        let live = self.live.get(at).copied().unwrap_or(0);
        for (register, value) in state.iter_mut().enumerate() {
            if live >> register & 1 == 0 {
                *value = DEAD;
            }
        }
        state
    }

    fn execute(&mut self, operation: Operation, mut state: State) -> State {
        let place = |register| match register {
            Register::A => 0,
            Register::X => 1,
        };
        match operation {
            Operation::Load(offset) => {
                if let Some(word) = self.program.word_at(offset) {
                    state[0] = self.word(word);
                }
            }
            Operation::LoadSize(register) => {
                state[place(register)] = self.constant(crate::bpf::DATA_SIZE);
            }
            Operation::LoadConstant(register, k) => state[place(register)] = self.constant(k),
            Operation::LoadScratch(register, index) => {
                state[place(register)] = state[2 + usize::from(index & 15)];
            }
            Operation::Store(register, index) => {
                state[2 + usize::from(index & 15)] = state[place(register)];
            }
            Operation::ToIndex => state[1] = state[0],
            Operation::FromIndex => state[0] = state[1],
            Operation::Negate => {
                let zero = self.constant(0);
                state[0] = self.compute(Arithmetic::Subtract, zero, state[0]);
            }
            Operation::Compute(arithmetic, source) => {
                let operand = self.source(source, state);
                state[0] = self.compute(arithmetic, state[0], operand);
            }
            Operation::Jump(_)
            | Operation::Branch(..)
            | Operation::Return(_)
            | Operation::ReturnAccumulator => {}
        }
        state
    }

    fn source(&mut self, source: Source, state: State) -> Value {
        match source {
            Source::K(k) => self.constant(k),
            Source::X => state[1],
        }
    }

    fn bits(&self, value: Value) -> Bits {
        self.values
            .get(usize::from(value))
            .map_or([Node::NEVER; 32], |symbol| symbol.bits)
    }

    fn constant(&mut self, k: u32) -> Value {
        let bits = std::array::from_fn(|bit| {
            if k >> bit & 1 == 1 {
                Node::ALWAYS
            } else {
                Node::NEVER
            }
        });
        self.intern(bits, None)
    }

    fn word(&mut self, word: Word) -> Value {
        if let Some(value) = self.plain[word.index()] {
            return value;
        }
        let bits = std::array::from_fn(|bit| self.diagrams.bit(word, bit as u8));
        let value = self.intern(bits, Some(word));
        self.plain[word.index()] = Some(value);
        value
    }

    fn intern(&mut self, bits: Bits, word: Option<Word>) -> Value {
        if let Some(value) = self.known.get(&bits) {
            return *value;
        }
        // The caller stops long before the numbers run out.
        let value = self.values.len().min(usize::from(DEAD) - 1) as Value;
        self.values.push(Symbol { bits, word });
        self.known.insert(bits, value);
        value
    }

    fn as_constant(&self, value: Value) -> Option<u32> {
        let mut k = 0;
        for (bit, node) in self.bits(value).into_iter().enumerate() {
            match node {
                Node::ALWAYS => k |= 1 << bit,
                Node::NEVER => {}
                _ => return None,
            }
        }
        Some(k)
    }

    fn is_zero(&mut self, value: Value) -> Node {
        let mut any = Node::NEVER;
        for bit in self.bits(value).into_iter().rev() {
            any = self.diagrams.or(any, bit);
        }
        self.diagrams.not(any)
    }

    fn branch(
        &mut self,
        comparison: Comparison,
        source: Source,
        state: State,
        yes: Node,
        no: Node,
    ) -> Node {
        let left = state[0];
        if let (Some(symbol), Source::K(k)) = (self.values.get(usize::from(left)), source)
            && let Some(word) = symbol.word
        {
            let compare = match comparison {
                Comparison::Equal => Compare::Equal,
                Comparison::Greater => Compare::Above,
                Comparison::AtLeast => Compare::AtLeast,
                Comparison::AnyBit => Compare::AnyBit,
            };
            return self.diagrams.branch(word, compare, k, yes, no);
        }
        let a = self.bits(left);
        let operand = self.source(source, state);
        let b = self.bits(operand);
        let condition = match comparison {
            Comparison::Equal => {
                let mut equal = Node::ALWAYS;
                for bit in 0..32 {
                    let differ = self.diagrams.differ(a[bit], b[bit]);
                    equal = self.diagrams.choose(differ, Node::NEVER, equal);
                }
                equal
            }
            Comparison::AnyBit => {
                let mut any = Node::NEVER;
                for bit in 0..32 {
                    let both = self.diagrams.and(a[bit], b[bit]);
                    any = self.diagrams.or(any, both);
                }
                any
            }
            Comparison::Greater | Comparison::AtLeast => {
                // From the least significant bit up: the last bit that differs decides.
                let mut above = if comparison == Comparison::AtLeast {
                    Node::ALWAYS
                } else {
                    Node::NEVER
                };
                for bit in 0..32 {
                    let differ = self.diagrams.differ(a[bit], b[bit]);
                    above = self.diagrams.choose(differ, a[bit], above);
                }
                above
            }
        };
        self.diagrams.choose(condition, yes, no)
    }
}
