//! Limits: what the control groups have counted, and what the end tells.

use super::super::Subject;
use super::super::facts;
use super::super::heard::{Heard, How};
use super::grant::Grant;
use casemate_formats::profile;
use casemate_model::lattice::Limit;

/// A limit that was reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    /// What happened.
    pub what: String,
    /// How often, when that was counted.
    pub count: u64,
    /// What would permit it.
    pub grant: Option<Grant>,
}

/// Finds the limits that were reached.
pub fn reached(subject: &Subject<'_>, heard: &Heard) -> Vec<Reached> {
    let resources = &subject.request.document.confinement.resources;
    let mut found = Vec::new();
    let mut add =
        |what: String, count: u64, grant: Option<Grant>| found.push(Reached { what, count, grant });
    let bound = |limit: &casemate_model::Stated<casemate_model::lattice::Limit>| {
        limit.value().and_then(|limit| limit.bound())
    };
    let memory = bound(&resources.memory);
    let killed = counter(heard, "memory.oom_control", "oom_kill").max(counter(
        heard,
        "memory.events",
        "oom_kill",
    ));
    if let Some(bytes) = memory
        && killed > 0
    {
        let grant = Grant::one("memory", size_text(bytes.saturating_mul(2)));
        add(
            format!(
                "processes killed: the memory limit of {} was reached",
                size_text(bytes)
            ),
            killed,
            Some(grant),
        );
    }
    let refused = counter(heard, "pids.events", "max");
    if let Some(count) = bound(&resources.processes)
        && refused > 0
    {
        let grant = Grant::one("processes", count.saturating_mul(2).to_string());
        add(
            format!("processes not started: there were {count}"),
            refused,
            Some(grant),
        );
    }
    let Some(end) = heard.end else {
        return found;
    };
    if end.how == How::TimeOver
        && let Some(time) = bound(&resources.time)
    {
        let grant = Grant::one("time", duration_text(time.saturating_mul(2)));
        add(
            format!(
                "the program was ended: its time of {} was over",
                duration_text(time)
            ),
            1,
            Some(grant),
        );
    }
    // A shell tells the signal that ended its last command by a code above 128.
    let signal = match end.how {
        How::Killed => end.value,
        How::Exited => end.value.saturating_sub(128),
        How::Failed | How::TimeOver | How::Interrupted | How::Lost => 0,
    };
    let limit = |name: &str| {
        let pair = resources
            .rlimits
            .value()
            .and_then(|limits| limits.0.get(name));
        pair.and_then(|pair| pair.soft.bound())
    };
    match signal {
        XFSZ => {
            if let Some(bytes) = limit("fsize") {
                let grant = Grant::one("file-size", size_text(bytes.saturating_mul(2)));
                add(
                    format!("SIGXFSZ: a file grew to the limit of {}", size_text(bytes)),
                    1,
                    Some(grant),
                );
            }
        }
        XCPU => {
            if let Some(seconds) = limit("cpu") {
                let grant = Grant::entry("limits", "cpu", seconds.saturating_mul(2).to_string());
                add(
                    format!("SIGXCPU: {seconds} seconds of processor time were used"),
                    1,
                    Some(grant),
                );
            }
        }
        SYS => add(
            "SIGSYS: a filter ended the program because of a system call".to_owned(),
            1,
            None,
        ),
        _ => {}
    }
    found
}

/// `SIGXFSZ`, `SIGXCPU` and `SIGSYS` of <asm-generic/signal.h>, the same on x86 and ARM.
const XFSZ: u8 = 25;
const XCPU: u8 = 24;
const SYS: u8 = 31;

/// Reads a counter of the control groups.
fn counter(heard: &Heard, file: &str, name: &str) -> u64 {
    let texts = heard
        .texts
        .iter()
        .filter(|(path, _)| path.starts_with('/') && path.ends_with(&format!("/{file}")));
    texts
        .filter_map(|(_, text)| facts::counter(text, name))
        .max()
        .unwrap_or(0)
}

fn size_text(bytes: u64) -> String {
    profile::size_text(Limit::AtMost(bytes))
}

fn duration_text(milliseconds: u64) -> String {
    profile::duration_text(Limit::AtMost(milliseconds))
}
