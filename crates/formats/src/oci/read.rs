//! Reads a configuration.

use super::decode::{Decoder, Json, place};
use super::error::{Error, Errors, Problem, Remark, Warning};
use super::schema::{Process, Resources, Spec};
use super::validate;
use casemate_model::syscalls::SyscallPolicy;
use casemate_seccomp::formats::json::{self, Kind, Value};
use casemate_seccomp::formats::{Context, Position, Source, oci};

/// A configuration that has been read, with the text that it was read from.
#[derive(Debug)]
pub struct Reading<'a> {
    /// What it says.
    pub spec: Spec,
    /// What is passed over.
    pub warnings: Vec<Warning>,
    source: Source<'a>,
    root: Value,
}

/// A part of a configuration that has been read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part<T> {
    /// What it says.
    pub value: T,
    /// What is passed over.
    pub warnings: Vec<Warning>,
}

/// Reads a `config.json`; `file` is its name for messages.
///
/// # Errors
/// All that is wrong, in the order of the text.
pub fn read<'a>(file: &str, bytes: &'a [u8]) -> Result<Reading<'a>, Errors> {
    let source = Source::new(file, bytes).map_err(syntax)?;
    let root = json::parse(&source).map_err(syntax)?;
    let mut decoder = Decoder::new(&source);
    let spec = Spec::decode(&root, &mut decoder);
    let (mut errors, warnings) = (decoder.errors, decoder.warnings);
    if let Some(spec) = &spec {
        let mut wrong = validate::validate(spec);
        for error in &mut wrong {
            error.at = Some(place(&source, &root, &error.path));
        }
        errors.extend(wrong);
    }
    match spec {
        Some(spec) if errors.is_empty() => Ok(Reading {
            spec,
            warnings,
            source,
            root,
        }),
        _ => Err(sorted(errors)),
    }
}

/// Reads a `process`, as `exec --process` is given.
///
/// # Errors
/// All that is wrong, in the order of the text.
pub fn read_process(file: &str, bytes: &[u8]) -> Result<Part<Process>, Errors> {
    part(file, bytes, validate::validate_process)
}

/// Reads `resources`, as `update --resources` is given.
///
/// # Errors
/// All that is wrong, in the order of the text.
pub fn read_resources(file: &str, bytes: &[u8]) -> Result<Part<Resources>, Errors> {
    part(file, bytes, validate::validate_resources)
}

pub(super) fn part<T: Json>(
    file: &str,
    bytes: &[u8],
    check: fn(&T) -> Vec<Error>,
) -> Result<Part<T>, Errors> {
    let source = Source::new(file, bytes).map_err(syntax)?;
    let root = json::parse(&source).map_err(syntax)?;
    let mut decoder = Decoder::new(&source);
    let value = T::decode(&root, &mut decoder);
    let (mut errors, warnings) = (decoder.errors, decoder.warnings);
    if let Some(value) = &value {
        let mut wrong = check(value);
        for error in &mut wrong {
            error.at = Some(place(&source, &root, &error.path));
        }
        errors.extend(wrong);
    }
    match value {
        Some(value) if errors.is_empty() => Ok(Part { value, warnings }),
        _ => Err(sorted(errors)),
    }
}

fn syntax(error: casemate_seccomp::formats::ReadError) -> Errors {
    Errors(vec![Error {
        at: Some(error.at),
        path: String::new(),
        problem: Problem::Syntax(error.problem.to_string()),
    }])
}

fn sorted(mut errors: Vec<Error>) -> Errors {
    errors.sort_by(|one, other| (&one.at, &one.path).cmp(&(&other.at, &other.path)));
    Errors(errors)
}

impl Reading<'_> {
    /// The place of a property, or of the nearest one around it: `linux.namespaces[2].path`.
    pub fn place(&self, path: &str) -> Position {
        place(&self.source, &self.root, path)
    }

    /// The bytes of a property that is given, from the first to the one after the last.
    pub fn span(&self, path: &str) -> Option<(usize, usize)> {
        super::decode::locate(&self.root, path)
            .filter(|value| value.kind != Kind::Null)
            .map(|value| (value.at, value.end))
    }

    /// The bytes of the whole configuration.
    pub fn extent(&self) -> (usize, usize) {
        (self.root.at, self.root.end)
    }

    /// The policy of the system call filter, with what its reader has to say; `None` without a filter.
    ///
    /// # Errors
    /// What is wrong with the filter.
    pub fn filter(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<(SyscallPolicy, Vec<Warning>)>, Errors> {
        const PATH: &str = "linux.seccomp";
        let Some(profile) = self
            .root
            .get("linux")
            .and_then(|linux| linux.get("seccomp"))
        else {
            return Ok(None);
        };
        if profile.kind == Kind::Null {
            return Ok(None);
        }
        let reading = oci::read_profile(&self.source, profile, context).map_err(|error| {
            Errors(vec![Error {
                at: Some(error.at),
                path: PATH.to_owned(),
                problem: Problem::Filter(error.problem.to_string()),
            }])
        })?;
        let warning = |note: casemate_seccomp::formats::Note| Warning {
            at: Some(note.at),
            path: PATH.to_owned(),
            remark: Remark::Filter(note.remark.to_string()),
        };
        let warnings = reading.notes.into_iter().map(warning).collect();
        Ok(Some((reading.policy, warnings)))
    }
}
