//! The configuration as one of the formats.

use super::confine::{DEFAULTS, confinement, settings};
use super::error::{Errors, Remark, Warning};
use crate::loss::Loss;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::names::CapabilitySet;
use casemate_model::{Origin, Stated, Workload};
use casemate_seccomp::formats as filters;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The configuration.
pub const FORMAT: Format = Format {
    name: "oci",
    about: "config.json of the OCI runtime specification 1.3",
    files: &["config.json"],
    detect,
    read,
    write: Some(super::write::write),
};

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let mark = b"\"ociVersion\"";
    let marked = bytes.windows(mark.len()).any(|window| window == mark);
    let object = bytes.trim_ascii_start().starts_with(b"{");
    let named = path.file_name().is_some_and(|name| name == "config.json");
    match (object && marked, named) {
        (true, true) => Likeness::Certain,
        (true, false) => Likeness::Content,
        _ => Likeness::No,
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let name = path.to_string_lossy();
    let reading = super::read(&name, bytes).map_err(|errors| problems(&text, &errors))?;
    let origin = |property: &str| {
        let (start, end) = reading.span(property)?;
        Some(text.origin(start, end))
    };
    let process = reading.spec.process.as_ref();
    let capabilities = process
        .and_then(|process| process.capabilities)
        .map_or(CapabilitySet::EMPTY, |sets| sets.bounding);
    let own = filters::Context {
        archs: context.archs,
        kernel: context.kernel,
        capabilities,
        unknown: None,
        loader: &filters::NoFiles,
    };
    let filter = reading
        .filter(&own)
        .map_err(|errors| problems(&text, &errors))?;
    let mut losses: Vec<Loss> = reading.warnings.iter().map(|w| loss(&text, w)).collect();
    let policy = filter.map(|(policy, warnings)| {
        losses.extend(warnings.iter().map(|warning| loss(&text, warning)));
        policy
    });
    let (start, end) = reading.extent();
    let mut workload = Workload::new("", "container", text.origin(start, end));
    let bundle = path.parent().unwrap_or(Path::new(""));
    workload.confinement = confinement(&reading.spec, policy, bundle, &origin);
    workload.settings = settings(&reading.spec, &origin);
    if let (Some(process), Some(at)) = (process, origin("process.args")) {
        let args = process.args.iter().map(OsString::from).collect();
        workload.program.command = Stated::set(args, at);
    }
    if let (Some(process), Some(at)) = (process, origin("process.cwd")) {
        workload.program.directory = Stated::set(PathBuf::from(&process.cwd), at);
    }
    if let (Some(root), Some(at)) = (&reading.spec.root, origin("root.path")) {
        workload.image = Stated::set(root.path.clone(), at);
    }
    Ok(Reading {
        workloads: vec![workload],
        losses,
    })
}

fn place(text: &Text<'_>, at: Option<&casemate_seccomp::formats::Position>) -> Origin {
    match at {
        Some(at) => {
            let start = text.offset(at.line, at.column);
            text.origin(start, start + 1)
        }
        None => Origin::Rule(DEFAULTS),
    }
}

fn problems(text: &Text<'_>, errors: &Errors) -> ReadError {
    let problem = |error: &super::Error| {
        let what = if error.path.is_empty() {
            error.problem.to_string()
        } else {
            format!("{}: {}", error.path, error.problem)
        };
        Problem::new(what, place(text, error.at.as_ref()))
    };
    ReadError {
        problems: errors.0.iter().map(problem).collect(),
    }
}

fn loss(text: &Text<'_>, warning: &Warning) -> Loss {
    let origin = place(text, warning.at.as_ref());
    match &warning.remark {
        Remark::UnknownProperty => Loss::not_understood(&warning.path, origin),
        Remark::UnknownCapability { name } => {
            Loss::not_understood(format!("capability {name} of {}", warning.path), origin)
        }
        Remark::WithoutEffect { why } => Loss::ignored(&warning.path, *why, origin),
        Remark::Filter(note) => Loss::not_understood(format!("{}: {note}", warning.path), origin),
    }
}
