//! `casemate seccomp check`: holes of a filter.

use super::call::Call;
use super::input::{Input, lifting};
use super::settings::{Format, Settings, Widths};
use super::{FOUND, Outcome, concluding, fix, one};
use crate::failure::Failure;
use crate::json::Json;
use crate::output;
use casemate_model::names::Arch;
use casemate_seccomp::check::{Finding, Severity, check};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let input = Input::read(settings, one(words, "a filter")?)?;
    let native = input.machine.first().copied().unwrap_or(Arch::X86_64);
    if settings.widths == Widths::Fixed {
        return fix::run(settings, input).map(|()| ExitCode::SUCCESS);
    }
    let mut findings = found(&input, native)?;
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
    let hole = findings
        .iter()
        .any(|finding| finding.severity() == Severity::Hole);
    let text = match settings.format {
        Format::Text => told(&findings, native),
        Format::Json => {
            let list = findings
                .iter()
                .map(|finding| json(finding, native))
                .collect();
            format!("{}\n", Json::List(list))
        }
    };
    concluding(if hole { FOUND } else { 0 }, output::say(&text))
}

/// Checks an input.
pub fn found(input: &Input, native: Arch) -> Result<Vec<Finding>, Failure> {
    check(&input.program()?, native).map_err(|error| lifting(&input.name, &error))
}

fn severity(finding: &Finding) -> &'static str {
    match finding.severity() {
        Severity::Hole => "hole",
        Severity::Risk => "risk",
        Severity::Cost => "cost",
    }
}

fn told(findings: &[Finding], native: Arch) -> String {
    if findings.is_empty() {
        return "nothing found\n".to_owned();
    }
    let mut text = String::new();
    for finding in findings {
        text.push_str(&format!("{}: {finding}\n", severity(finding)));
        for (what, call) in witnesses(finding, native) {
            text.push_str(&format!("    {what} {call}\n"));
        }
    }
    if findings
        .iter()
        .any(|one| matches!(one, Finding::Truncated { .. }))
    {
        text.push_str("`casemate seccomp check --fix-widths` compares what the kernel keeps\n");
    }
    text
}

// Calls that `eval` understands.
fn witnesses(finding: &Finding, native: Arch) -> Vec<(&'static str, String)> {
    let Finding::Truncated {
        refused, passes, ..
    } = finding
    else {
        return Vec::new();
    };
    [("refused", refused), ("passes ", passes)]
        .into_iter()
        .filter_map(|(what, point)| Some((what, Call::of_point(point)?.write(native))))
        .collect()
}

fn json(finding: &Finding, native: Arch) -> Json {
    let kind = match finding {
        Finding::ArchitectureUnchecked { .. } => "architecture-unchecked",
        Finding::WayRound { .. } => "way-round",
        Finding::Truncated { .. } => "truncated",
        Finding::Dead(_) => "dead",
        Finding::Uncached { .. } => "uncached",
        Finding::Dangerous { .. } => "dangerous",
    };
    let witnesses = witnesses(finding, native)
        .into_iter()
        .map(|(what, call)| (what.trim(), Json::text(call)));
    Json::object([
        ("kind", Json::text(kind)),
        ("severity", Json::text(severity(finding))),
        ("text", Json::text(finding.to_string())),
        ("witnesses", Json::object(witnesses)),
    ])
}
