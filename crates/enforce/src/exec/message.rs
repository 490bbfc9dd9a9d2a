//! Messages to the person at standard error.

use crate::fault::Fault;
use crate::step::{FACETS, Policy, Record, Stage, Step};
use casemate_sys::file::{Piece, writev};
use casemate_sys::{Errno, STDERR};

/// Writes one line, in one call, so that lines of several processes do not mix.
pub(crate) fn line(parts: &[&[u8]]) {
    let mut pieces = [Piece::new(b"\n"); 16];
    let mut count = 0;
    for (piece, part) in pieces.iter_mut().zip(parts) {
        *piece = Piece::new(part);
        count += 1;
    }
    // Without standard error nobody can be told; the exit code still says that it failed.
    match writev(STDERR, &pieces[..=count.min(15)]) {
        Ok(_) | Err(_) => {}
    }
}

/// Says that something outside of the plan's steps failed.
pub(crate) fn failed(what: &[u8], errno: Errno) {
    line(&[
        b"casemate: cannot ",
        what,
        b": ",
        description(errno),
        b" (",
        name(errno),
        b")",
    ]);
}

fn description(errno: Errno) -> &'static [u8] {
    errno.description().unwrap_or("unknown error").as_bytes()
}

fn name(errno: Errno) -> &'static [u8] {
    errno.name().unwrap_or("errno without a name").as_bytes()
}

/// Says which step failed and why.
pub(crate) fn step_failed(record: &Record<'_>, fault: Fault) {
    let facet = FACETS
        .get(usize::from(record.facet))
        .copied()
        .unwrap_or("?")
        .as_bytes();
    let (lead, tail): (&[u8], &[u8]) = match record.policy {
        Policy::Required => (b"casemate: ", b""),
        Policy::BestEffort => (b"casemate: not enforced: ", b""),
    };
    // Executing the program enforces nothing: naming a facet would only puzzle.
    if let (Step::Execute { .. }, Fault::Call(errno)) = (&record.step, fault) {
        line(&[
            lead,
            b"cannot ",
            record.label,
            b": ",
            description(errno),
            b" (",
            name(errno),
            b")",
        ]);
        hint(&record.step, fault, facet);
        return;
    }
    match fault {
        Fault::Call(errno) => line(&[
            lead,
            facet,
            b": cannot ",
            record.label,
            b": ",
            description(errno),
            b" (",
            name(errno),
            b")",
            tail,
        ]),
        Fault::NotInForce(reading) => {
            line(&[lead, facet, b": ", record.label, b": ", reading.text()]);
        }
        Fault::Obstacle(obstacle) => {
            line(&[
                lead,
                facet,
                b": cannot ",
                record.label,
                b": ",
                obstacle.text(),
            ]);
        }
        Fault::Option(index, errno) => line(&[
            lead,
            facet,
            b": cannot ",
            record.label,
            b": option ",
            option(&record.step, index),
            b": ",
            description(errno),
            b" (",
            name(errno),
            b")",
            tail,
        ]),
        Fault::Helper => line(&[
            lead,
            facet,
            b": cannot ",
            record.label,
            b": the helper failed, see its message above",
        ]),
        Fault::Occupied => line(&[
            lead,
            facet,
            b": cannot ",
            record.label,
            b": it is there already and has processes, which are not this launch's",
        ]),
        Fault::Frozen => line(&[
            lead,
            facet,
            b": cannot ",
            record.label,
            b": it is there already and is frozen",
        ]),
        Fault::Ended(_) | Fault::Killed(_) | Fault::TimeOver => {
            line(&[lead, facet, b": ", record.label, b": it failed"]);
        }
        Fault::Plan => line(&[
            lead,
            facet,
            b": cannot ",
            record.label,
            b": the plan is broken, please report this",
        ]),
    }
    if record.policy == Policy::Required {
        hint(&record.step, fault, facet);
    }
}

/// The option of a mount that the kernel refused.
pub(crate) fn option<'a>(step: &Step<crate::step::Borrowed<'a>>, index: u8) -> &'a [u8] {
    match step {
        Step::NewMount { options, .. } | Step::MakeMount { options, .. } => options
            .iter()
            .nth(usize::from(index))
            .map_or(b"?", core::ffi::CStr::to_bytes),
        _ => b"?",
    }
}

fn hint(step: &Step<crate::step::Borrowed<'_>>, fault: Fault, facet: &[u8]) {
    match (step, fault) {
        (Step::Clone { .. } | Step::MapIds { .. }, Fault::Call(_)) => {
            line(&[b"  casemate doctor tells what stands in the way of namespaces on this host"]);
        }
        (Step::Execute { .. }, Fault::Call(Errno::ENOENT)) => {
            line(&[b"  it, or the interpreter that its first line or its ELF header names, is not in the compartment"]);
        }
        (Step::Execute { .. }, Fault::Call(Errno::EACCES)) => {
            line(&[b"  it may not be executed: grant its directory with --run, or see its mode"]);
        }
        (Step::Execute { .. } | Step::ChangeDirectory { .. }, _) => {}
        _ => line(&[
            b"  to run without what this step enforces: --best-effort ",
            facet,
        ]),
    }
}

/// Returns the exit code for a failed step.
pub(crate) fn exit_code(stage: Stage, step: &Step<crate::step::Borrowed<'_>>, fault: Fault) -> i32 {
    match (stage, step, fault) {
        (Stage::Payload, Step::Execute { .. }, Fault::Call(Errno::ENOENT | Errno::ENOTDIR)) => 127,
        (Stage::Payload, Step::Execute { .. }, Fault::Call(_)) => 126,
        _ => crate::FAILED,
    }
}
