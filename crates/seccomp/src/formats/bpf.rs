//! Filters themselves: bytes in either order, and the texts of `tcpdump -ddd`, `-dd` and `bpf_asm`.
//!
//! A filter is read as the policy that answers alike, which is exact: a filter that no policy says (one that asks for
//! the instruction pointer, or whose answers to unknown architectures differ) is refused. The byte order is told from
//! the architectures that a text is for, and tried out for bytes.

use casemate_model::names::arch::{Arch, Endian};
use casemate_model::syscalls::diagram::{Diagrams, Node, Word};
use casemate_model::syscalls::{Passage, SyscallPolicy};

use super::report::{Problem, ReadError, Source};
use super::write::{WriteError, WriteOptions, Written, finish};
use super::{Context, Format, Reading, Unknown};
use crate::bpf::Program;
use crate::{CompileError, compile, lift, listing};

// Real filters have a few hundred; one that looks at single bits of the number can have any count, and a policy lists
// each.
const MOST_RUNS: usize = 2048;

/// The format of bytes.
pub const BYTES: Format = Format {
    name: "bpf",
    holds: "filter, as the bytes that the kernel takes",
    detect: detect_bytes,
    read: read_bytes,
    write: Some(write_bytes),
    unknown: Unknown::Refuse,
};

/// The format of texts.
pub const TEXT: Format = Format {
    name: "asm",
    holds: "filter, as tcpdump -ddd, -dd, -d or bpf_asm write it",
    detect: detect_text,
    read: read_text,
    write: Some(write_text),
    unknown: Unknown::Refuse,
};

fn detect_bytes(bytes: &[u8]) -> bool {
    // An opcode has a byte of zero, and text has none.
    !bytes.is_empty()
        && bytes.len().is_multiple_of(8)
        && bytes.contains(&0)
        && Program::from_bytes_either(bytes).is_ok()
}

fn detect_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.trim().is_empty()
            && text.len() < super::report::LONGEST
            && listing::read(text, Endian::Little).is_ok()
    })
}

fn read_bytes(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let nowhere = Source::new(file, b"")?;
    let program = Program::from_bytes_either(bytes)
        .map_err(|error| nowhere.expected_not(0, "a filter", error.to_string()))?;
    policy(&nowhere, &program, context)
}

fn read_text(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let endian = context.native().map_or(Endian::Little, Arch::endian);
    let program = listing::read(source.text, endian)
        .map_err(|error| source.expected_not(0, "a filter", error.to_string()))?;
    policy(&source, &program, context)
}

fn policy(
    source: &Source<'_>,
    program: &Program,
    context: &Context<'_>,
) -> Result<Reading, ReadError> {
    let mut diagrams = Diagrams::bounded(2_000_000);
    let root = lift(&mut diagrams, program).map_err(|error| {
        source.expected_not(0, "a filter that the kernel takes", error.to_string())
    })?;
    for arch in Arch::ALL {
        let line = diagrams.at(root, Word::ARCH, arch.audit());
        if diagrams.runs(Word::NR, line, 0, MOST_RUNS).is_none() {
            let problem = Problem::TooMany {
                what: "runs of numbers that are answered alike",
                most: MOST_RUNS,
            };
            return Err(source.error(0, problem));
        }
    }
    let canonical = SyscallPolicy::canonical_of(&mut diagrams, root).ok_or_else(|| {
        let expected =
            "a filter that checks the architecture and depends on calls and arguments alone";
        source.error(0, Problem::Nothing { expected })
    })?;
    let policy = shorter(&mut diagrams, root, canonical, context);
    Ok(Reading {
        policy,
        notes: Vec::new(),
    })
}

// The canonical policy lists what is permitted; of a filter that refuses some calls, those are the shorter list.
fn shorter(
    diagrams: &mut Diagrams,
    root: Node,
    canonical: SyscallPolicy,
    context: &Context<'_>,
) -> SyscallPolicy {
    let mut archs = canonical.archs.clone();
    // A filter that answers everything alike names no architecture; it is about those of the machine, too.
    if archs.is_empty() {
        archs.extend(context.archs);
    } else if canonical.newer.passage() != Passage::Passed {
        return canonical;
    }
    let mut frame = SyscallPolicy::without_rules(archs, canonical.newer);
    frame.foreign = canonical.foreign;
    SyscallPolicy::of_diagram(diagrams, root, frame).unwrap_or(canonical)
}

fn compiled(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Program, WriteError> {
    compile(policy, &options.archs).map_err(|error| match error {
        CompileError::NoArchitecture => WriteError::NoArchitecture,
        other => WriteError::Compile(other),
    })
}

fn write_bytes(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let program = compiled(policy, options)?;
    finish(&BYTES, program.to_bytes(), policy, options)
}

fn write_text(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let program = compiled(policy, options)?;
    finish(&TEXT, listing::write(&program), policy, options)
}
