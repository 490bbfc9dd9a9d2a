//! An independent witness: run inside of any compartment or container, it reports as JSON what it can reach.
//!
//! It shares no code with what builds compartments but the wrappers of system calls, knows no policy and judges nothing:
//! a test compares its report with what was promised. Each attempt is made in a child process where it could change or end
//! the process, with arguments that do no harm where it is permitted; files that it makes it removes. It sends nothing
//! over a network. Opening a socket of a rare family can make a host without a filter load the module for it.
//!
//! Read next: [`areas`], one file an area; [`targets`], what is tried on request.
#![forbid(unsafe_code)]

mod areas;
mod json;
mod outcome;
mod targets;

use json::Json;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

/// The argument with which the probe runs itself to show that it can, and the code with which that ends.
const EXECUTED: (&str, u8) = ("--executed", 42);

/// The argument with which the probe only waits, so that it can be looked at from outside.
const WAIT: &str = "--wait=";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|text| text.to_string_lossy().into_owned())
        .collect();
    if arguments.iter().any(|argument| argument == EXECUTED.0) {
        return ExitCode::from(EXECUTED.1);
    }
    if let Some(seconds) = arguments.first().and_then(|first| first.strip_prefix(WAIT)) {
        // Somebody looks from outside; what stands after it is a mark to be found by.
        std::thread::sleep(Duration::from_secs(seconds.parse().unwrap_or(0)));
        return ExitCode::SUCCESS;
    }
    if arguments
        .iter()
        .any(|argument| argument == "-h" || argument == "--help")
    {
        return say(&usage());
    }
    match report(&arguments) {
        Ok(report) => say(&format!("{report}\n")),
        Err(unknown) => {
            // With standard error closed there is nobody to tell; the exit code says it, too.
            drop(writeln!(
                std::io::stderr(),
                "casemate-probe: no area or target {unknown:?}\n{}",
                usage()
            ));
            ExitCode::from(2)
        }
    }
}

/// Looks at the areas and targets that are asked for, or at all areas.
fn report(arguments: &[String]) -> Result<Json, String> {
    let mut report = BTreeMap::new();
    for argument in arguments {
        let answer = match argument.split_once('=') {
            Some((kind, target)) => targets::find(kind).map(|attempt| attempt(target)),
            None => areas::find(argument).map(|look| look()),
        };
        report.insert(argument.clone(), answer.ok_or_else(|| argument.clone())?);
    }
    if arguments.is_empty() {
        report.extend(
            areas::AREAS
                .iter()
                .map(|(name, look)| ((*name).to_owned(), look())),
        );
    }
    Ok(Json::Object(report))
}

fn usage() -> String {
    let areas: Vec<&str> = areas::AREAS.iter().map(|(name, _)| *name).collect();
    let targets: Vec<String> = targets::TARGETS
        .iter()
        .map(|(name, _)| format!("{name}=..."))
        .collect();
    format!(
        "usage: casemate-probe [AREA | TARGET]...\n       casemate-probe --wait=SECONDS [MARK]\nareas: {}\ntargets: {}\n",
        areas.join(" "),
        targets.join(" ")
    )
}

fn say(text: &str) -> ExitCode {
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_arguments_are_named() {
        for argument in ["nothing", "nothing=x", "=", ""] {
            assert_eq!(report(&[argument.to_owned()]), Err(argument.to_owned()));
        }
    }

    #[test]
    fn names_are_in_order() {
        assert!(areas::AREAS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(targets::TARGETS.is_sorted_by(|a, b| a.0 < b.0));
        for (name, _) in areas::AREAS {
            assert!(usage().contains(name));
        }
    }
}
