//! The forms that filters and policies are written in.

use super::input::{Input, What};
use super::settings::Settings;
use crate::failure::{Failure, tell};
use crate::output;
use casemate_formats::profile::error::printable;
use casemate_model::names::suggest::nearest;
use casemate_model::syscalls::diagram::Diagrams;
use casemate_seccomp::formats::write::{Effect, Subject};
use casemate_seccomp::formats::{self, Loss, WriteOptions};
use casemate_seccomp::{Program, compile_diagram, language, lift, listing};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

/// The words of `--to`.
pub const TARGETS: &[&str] = &[
    "bpf", "asm", "c", "decimal", "text", "oci", "lxc", "minijail", "systemd", "firejail", "appc",
];

/// Writes an input in a form.
pub fn write(settings: &Settings, input: &Input, default: &str) -> Result<(), Failure> {
    let form = settings.to.as_deref().unwrap_or(default);
    let bytes = render(settings, input, form)?;
    deliver(settings.output.as_deref(), form, &bytes)
}

/// Makes the bytes of a form.
pub fn render(settings: &Settings, input: &Input, form: &str) -> Result<Vec<u8>, Failure> {
    match form {
        "bpf" => Ok(input.program()?.to_bytes()),
        "asm" => Ok(listing::write(&input.program()?).into_bytes()),
        "c" => Ok(listing::write_c(&input.program()?).into_bytes()),
        "decimal" => Ok(listing::write_decimal(&input.program()?).into_bytes()),
        "text" => Ok(language::write(&input.rules()?).into_bytes()),
        other => foreign(settings, input, other),
    }
}

fn foreign(settings: &Settings, input: &Input, form: &str) -> Result<Vec<u8>, Failure> {
    let Some(write) = formats::find(form).and_then(|format| format.write) else {
        let hint = match nearest(form, TARGETS.iter().copied()).filter(|near| *near != form) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}", TARGETS.join(", ")),
        };
        return Err(Failure::usage(format!("`--to` cannot be `{form}`"), hint));
    };
    let options = WriteOptions {
        archs: input.machine.clone(),
        tolerance: settings.tolerance,
    };
    let written = write(&input.rules()?, &options).map_err(|error| {
        Failure::usage(
            format!("{}: {error}", input.name),
            matches!(error, formats::WriteError::Lossy(_)).then(|| {
                "`--loss tighter` lets calls be refused, `--loss looser` anything".to_owned()
            }),
        )
    })?;
    for note in summed(&written.losses) {
        tell(&format!("note: {}\n", printable(&note)));
    }
    Ok(written.bytes)
}

/// One line for each way in which calls are answered otherwise, with the first few of them.
fn summed(losses: &[Loss]) -> Vec<String> {
    const SHOWN: usize = 6;
    let mut kinds: BTreeMap<_, Vec<&Loss>> = BTreeMap::new();
    for loss in losses {
        // A lost flag is a line of its own.
        let flag = match loss.subject {
            Subject::Flag(flag) => Some(flag),
            _ => None,
        };
        let kind = (loss.effect, loss.wanted, loss.written, flag);
        kinds.entry(kind).or_default().push(loss);
    }
    let line = |losses: &Vec<&Loss>| {
        let (first, rest) = losses.split_first()?;
        if rest.is_empty() {
            return Some(first.to_string());
        }
        let names: Vec<String> = losses
            .iter()
            .take(SHOWN)
            .map(|loss| loss.subject.to_string())
            .collect();
        let more = match losses.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let looser = match first.effect {
            Effect::Tighter => "",
            Effect::Looser => ", which permits more",
        };
        Some(format!(
            "{}{more}: {} became {}{looser}",
            names.join(", "),
            first.wanted,
            first.written
        ))
    };
    kinds.values().filter_map(line).collect()
}

/// Writes bytes to a file, or to standard output.
pub fn deliver(path: Option<&Path>, form: &str, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(path) = path {
        return fs::write(path, bytes).map_err(|error| Failure::File {
            doing: "write",
            path: path.to_owned(),
            error,
        });
    }
    if form == "bpf" && io::stdout().is_terminal() {
        return Err(Failure::usage(
            "instructions in binary form are nothing for a terminal",
            "write them with `-o FILE`, or see them with `--to asm`".to_owned(),
        ));
    }
    output::send(bytes)
}

/// Makes a filter smaller and shorter: it is read back, compiled again, and proved equal.
pub fn recompiled(input: &Input, program: &Program) -> Result<Program, Failure> {
    let mut diagrams = Diagrams::new();
    let root =
        lift(&mut diagrams, program).map_err(|error| super::input::lifting(&input.name, &error))?;
    compile_diagram(&mut diagrams, root, &input.machine, program.endian)
        .map_err(|error| Failure::usage(format!("{}: {error}", input.name), None))
}

/// An input that holds this filter.
pub fn holding(input: Input, program: Program) -> Input {
    Input {
        what: What::Program(program),
        ..input
    }
}
