//! From a policy to instructions, with proof.
//!
//! 1. The policy becomes one decision diagram (`casemate_model::syscalls::diagram`), in which everything that is the
//!    same, between calls and between architectures, is the same node.
//! 2. Word by word, the diagram becomes a graph of comparisons: numbers by an optimal search tree (`tree`), arguments
//!    by the cheapest mix of ranges, masks and exceptions (`word`).
//! 3. The graph is laid out as instructions (`layout`).
//! 4. The instructions are lifted back and must be the very node that they were made from. A difference is an error:
//!    no filter leaves here that is not proved equal to its policy for every number, architecture and argument.

use std::fmt;

use casemate_model::names::arch::{Arch, Endian};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::syscalls::diagram::{Diagrams, Node, Point};

use crate::bpf::{Program, ProgramError, validate};
use crate::lift::{LiftError, lift};

mod graph;
mod layout;
mod tree;
mod word;

/// Why a policy has no filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CompileError {
    /// None of the machine's architectures is covered by the policy.
    NoArchitecture,
    /// A filter runs on one machine, and these have different byte orders.
    ByteOrder(Arch, Arch),
    /// The policy is too large for the kernel.
    Refused(ProgramError),
    /// The policy's conditions are out of reach of the diagrams.
    TooComplex,
    /// The filter is not equal to its policy, at least for this call: a defect of the compiler.
    Unproved(Box<Point>),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoArchitecture => f.write_str(
                "cannot compile the policy: it covers none of the machine's architectures",
            ),
            Self::ByteOrder(one, other) => write!(
                f,
                "cannot compile the policy: {one} and {other} have different byte orders"
            ),
            Self::Refused(error) => write!(f, "cannot compile the policy: {error}"),
            Self::TooComplex => {
                f.write_str("cannot compile the policy: its conditions are too complex")
            }
            Self::Unproved(point) => write!(
                f,
                "cannot compile the policy: the filter differs from it for architecture {:#x}, number {}",
                point[0], point[1]
            ),
        }
    }
}

impl std::error::Error for CompileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) => Some(error),
            _ => None,
        }
    }
}

/// Compiles a policy for a machine that serves these architectures; the first one is asked for first.
///
/// What the policy covers but the machine has not is left out, and what the machine has but the policy does not cover
/// gets the policy's answer to foreign architectures.
pub fn compile(policy: &SyscallPolicy, archs: &[Arch]) -> Result<Program, CompileError> {
    let covered: Vec<Arch> = archs
        .iter()
        .copied()
        .filter(|arch| policy.archs.contains(arch))
        .collect();
    let first = *covered.first().ok_or(CompileError::NoArchitecture)?;
    if let Some(other) = covered.iter().find(|arch| arch.endian() != first.endian()) {
        return Err(CompileError::ByteOrder(first, *other));
    }
    let mut diagrams = Diagrams::new();
    let root = policy.diagram(&mut diagrams, &covered);
    compile_diagram(&mut diagrams, root, &covered, first.endian())
}

/// Compiles any function of a call, such as a lifted filter or the fusion of several.
///
/// Architectures in `prefer` are asked for first, in this order.
pub fn compile_diagram(
    diagrams: &mut Diagrams,
    root: Node,
    prefer: &[Arch],
    endian: Endian,
) -> Result<Program, CompileError> {
    let graph = graph::Graph::of(diagrams, root, prefer);
    if diagrams.overflowed() {
        return Err(CompileError::TooComplex);
    }
    let program = Program {
        instructions: layout::lay_out(&graph, endian),
        endian,
    };
    validate(&program.instructions).map_err(CompileError::Refused)?;
    prove(diagrams, root, &program)?;
    Ok(program)
}

fn prove(diagrams: &mut Diagrams, root: Node, program: &Program) -> Result<(), CompileError> {
    let lifted = lift(diagrams, program).map_err(|error| match error {
        LiftError::Program(error) => CompileError::Refused(error),
        LiftError::Undecided => CompileError::TooComplex,
    })?;
    if lifted == root {
        return Ok(());
    }
    let differ = diagrams.disagreement(lifted, root);
    let witness = diagrams.witness(differ).unwrap_or_default();
    Err(CompileError::Unproved(Box::new(witness)))
}
