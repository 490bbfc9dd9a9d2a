//! Several filters become one.
//!
//! The kernel runs every filter of a process, the newest first, and takes the strongest answer; of equally strong ones
//! that of the newest filter (kernel/seccomp.c, `seccomp_run_filters`). So does the fused filter, in one run.

use std::fmt;

use casemate_model::names::Arch;
use casemate_model::syscalls::Action;
use casemate_model::syscalls::diagram::{Combined, Diagrams, Node};

use crate::bpf::Program;
use crate::compile::{CompileError, compile_diagram};
use crate::lift::{LiftError, lift};

/// Why filters cannot be fused. Filters are counted from 0, the oldest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FuseError {
    /// There is none.
    Empty,
    /// Two filters are for machines of different byte order.
    ByteOrder(usize),
    /// A filter's function is not known.
    Lift(usize, LiftError),
    /// What they do together cannot be compiled.
    Compile(CompileError),
}

impl fmt::Display for FuseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("cannot fuse no filters"),
            Self::ByteOrder(at) => {
                write!(
                    f,
                    "cannot fuse: filter {at} has another byte order than the first"
                )
            }
            Self::Lift(at, error) => write!(f, "cannot fuse: filter {at}: {error}"),
            Self::Compile(error) => write!(f, "cannot fuse: {error}"),
        }
    }
}

impl std::error::Error for FuseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Lift(_, error) => Some(error),
            Self::Compile(error) => Some(error),
            Self::Empty | Self::ByteOrder(_) => None,
        }
    }
}

/// Fuses filters, the one that was attached first at the front, and proves the result.
pub fn fuse(filters: &[Program], prefer: &[Arch]) -> Result<Program, FuseError> {
    let mut diagrams = Diagrams::new();
    let first = filters.first().ok_or(FuseError::Empty)?;
    let mut roots = Vec::with_capacity(filters.len());
    for (at, filter) in filters.iter().enumerate() {
        if filter.endian != first.endian {
            return Err(FuseError::ByteOrder(at));
        }
        roots.push(lift(&mut diagrams, filter).map_err(|error| FuseError::Lift(at, error))?);
    }
    let root = fuse_diagrams(&mut diagrams, &roots).ok_or(FuseError::Empty)?;
    compile_diagram(&mut diagrams, root, prefer, first.endian).map_err(FuseError::Compile)
}

/// Combines functions, the one that was attached first at the front. `None` if there is none.
pub fn fuse_diagrams(diagrams: &mut Diagrams, filters: &[Node]) -> Option<Node> {
    let (first, rest) = filters.split_first()?;
    Some(rest.iter().fold(*first, |older, newer| {
        if older == *newer {
            return older;
        }
        diagrams.combine(older, *newer, &mut |older, newer| {
            let strength = |raw| Action::from_raw(raw).precedence();
            Combined::Answer(if strength(newer) <= strength(older) {
                newer
            } else {
                older
            })
        })
    }))
}
