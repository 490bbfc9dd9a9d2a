//! Heroku's Procfile: a line `TYPE: COMMAND` for each type of process.
//!
//! What confines a process there is the platform's affair and nothing that the file says: it stays unknown, so that a
//! comparison takes it for anything.

use crate::loss::Loss;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::workload::setting;
use casemate_model::{Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The format.
pub const FORMAT: Format = Format {
    name: "procfile",
    about: "Heroku's Procfile: a command for each type of process",
    files: &["Procfile"],
    detect,
    read,
    write: None,
};

fn detect(path: &Path, _: &[u8]) -> Likeness {
    let named = path.file_name().and_then(|name| name.to_str());
    match named {
        Some(name)
            if name == "Procfile"
                || name.ends_with(".Procfile")
                || name.starts_with("Procfile.") =>
        {
            Likeness::Certain
        }
        _ => Likeness::No,
    }
}

fn read(path: &Path, bytes: &[u8], _: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let mut reading = Reading::default();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (start, line) in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let from = start + (line.len() - line.trim_start().len());
        let origin = text.origin(from, from + trimmed.len());
        if trimmed.starts_with('#') {
            let why = "a Procfile has no comments, and such a line names no type";
            reading.losses.push(Loss::ignored(trimmed, why, origin));
            continue;
        }
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let parts = trimmed
            .split_once(':')
            .map(|(kind, command)| (kind, command.trim()));
        match parts {
            Some((kind, command))
                if !kind.is_empty() && kind.chars().all(name) && !command.is_empty() =>
            {
                if !seen.insert(kind.to_owned()) {
                    problems.push(Problem::new(
                        format!("the type {kind} is there twice"),
                        origin,
                    ));
                    continue;
                }
                reading.workloads.push(workload(kind, command, &origin));
            }
            _ => problems.push(Problem::new("a line is no `TYPE: COMMAND`", origin)),
        }
    }
    if problems.is_empty() && reading.workloads.is_empty() {
        problems.push(Problem::new(
            "no type of process is there",
            text.origin(0, 0),
        ));
    }
    if !problems.is_empty() {
        return Err(ReadError { problems });
    }
    Ok(reading)
}

fn workload(kind: &str, command: &str, origin: &casemate_model::Origin) -> Workload {
    let mut workload = Workload::new(kind, "process type", origin.clone());
    // The platform hands the line to a shell.
    let words = ["bash", "-c", command].map(OsString::from);
    workload.program.command = Stated::set(words.to_vec(), origin.clone());
    workload.program.directory = Stated::default_of("heroku", PathBuf::from("/app"));
    if kind == "web" {
        // Only this type is reached from outside, at the port that it is told.
        let variables = BTreeMap::from([("PORT".to_owned(), Variable::FromCaller)]);
        workload.set(
            "heroku-router",
            "",
            "requests are routed to $PORT",
            origin.clone(),
        );
        workload.confinement.kernel.environment =
            Stated::default_of("heroku", Environment::Only(variables));
    }
    if kind == "release" {
        workload.set(setting::HOOK, "release", command, origin.clone());
    }
    workload
}
