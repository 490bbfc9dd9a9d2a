//! The forms that filters and policies are written in.

use super::input::{Input, What};
use super::settings::Settings;
use crate::failure::{Failure, tell};
use crate::output;
use casemate_formats::profile::error::printable;
use casemate_model::names::suggest::nearest;
use casemate_model::syscalls::diagram::Diagrams;
use casemate_seccomp::formats::{self, WriteOptions};
use casemate_seccomp::{Program, compile_diagram, language, lift, listing};
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
    for loss in &written.losses {
        tell(&format!("note: {}\n", printable(&loss.to_string())));
    }
    Ok(written.bytes)
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
