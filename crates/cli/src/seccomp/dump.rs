//! `casemate seccomp dump`: the filters of a live process.

use super::input::{Input, What};
use super::settings::Settings;
use super::{Outcome, done, live, target};
use crate::failure::Failure;
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let [word] = words else {
        return Err(Failure::usage(
            "the number of one process is needed",
            "for example `casemate seccomp dump 4711`".to_owned(),
        ));
    };
    let text = word.to_string_lossy();
    let pid = live::pid(text.strip_prefix("pid:").unwrap_or(&text))?;
    let mut inputs: Vec<Input> = live::filters(pid, settings.index)?
        .into_iter()
        .map(|program| Input {
            name: format!("process {pid}"),
            what: What::Program(program),
            machine: settings.machine(),
        })
        .collect();
    if inputs.len() == 1
        && let Some(input) = inputs.pop()
    {
        return done(target::write(settings, &input, "asm"));
    }
    let form = settings.to.as_deref().unwrap_or("asm");
    // Comments in these forms; the others hold one filter.
    let mark = match form {
        "asm" => ';',
        "text" => '#',
        _ => {
            return Err(Failure::usage(
                format!("process {pid} has {} filters", inputs.len()),
                format!(
                    "name one with `--index`, or all together as `casemate seccomp compile pid:{pid}`"
                ),
            ));
        }
    };
    let mut all = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        all.extend_from_slice(format!("{mark} filter {at}\n").as_bytes());
        all.extend(target::render(settings, input, form)?);
    }
    done(target::deliver(settings.output.as_deref(), form, &all))
}
