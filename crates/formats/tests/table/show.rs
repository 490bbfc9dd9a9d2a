//! What was read, as text.

use casemate_formats::reader::Reading;
use casemate_model::stated::Stated;
use casemate_model::{Origin, Workload};
use std::fmt::Write;

/// A text with every field, setting and loss of a reading.
pub(crate) fn reading(reading: &Reading) -> String {
    let mut out = String::new();
    for workload in &reading.workloads {
        one(&mut out, workload);
    }
    for loss in &reading.losses {
        let place = loss
            .origin
            .as_ref()
            .map_or_else(String::new, |at| format!("{at}: "));
        line(&mut out, format_args!("loss {place}{loss}"));
    }
    out
}

fn one(out: &mut String, workload: &Workload) {
    let Workload {
        name,
        kind,
        origin,
        program,
        image,
        confinement,
        settings,
    } = workload;
    line(out, format_args!("{kind} {name:?} at {origin}"));
    field(out, "image", image, &|image| format!("{image:?}"));
    field(out, "command", &program.command, &|command| {
        format!("{command:?}")
    });
    field(out, "directory", &program.directory, &|path| {
        path.display().to_string()
    });
    for entry in confinement.entries() {
        let text = shortened(&entry.text);
        line(
            out,
            format_args!("  {}  {text}  ({})", entry.field, entry.provenance),
        );
    }
    for setting in settings {
        let key = if setting.key.is_empty() {
            String::new()
        } else {
            format!(" {}", setting.key)
        };
        let (name, value) = (setting.name, &setting.value);
        let from = setting.origin.provenance();
        line(
            out,
            format_args!("  setting {name}{key} = {value}  ({from})"),
        );
    }
}

fn field<T>(out: &mut String, name: &str, value: &Stated<T>, text: &dyn Fn(&T) -> String) {
    let from = value.provenance();
    let value = value.value().map_or_else(|| "unknown".to_owned(), text);
    line(out, format_args!("  {name}  {value}  ({from})"));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a string takes all");
}

/// Long texts (a filter) by their beginning, their length and a number that changes with any part of them.
fn shortened(text: &str) -> String {
    const MOST: usize = 400;
    if text.len() <= MOST {
        return text.to_owned();
    }
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let beginning: String = text.chars().take(160).collect();
    format!("{beginning}… {} bytes, {hash:016x}", text.len())
}

/// All places that a reading names.
pub(crate) fn origins(reading: &Reading) -> Vec<Origin> {
    let mut found: Vec<Origin> = reading
        .losses
        .iter()
        .filter_map(|loss| loss.origin.clone())
        .collect();
    for workload in &reading.workloads {
        found.push(workload.origin.clone());
        found.extend(of(&workload.image));
        found.extend(of(&workload.program.command));
        found.extend(of(&workload.program.directory));
        let entries = workload.confinement.entries();
        found.extend(entries.into_iter().filter_map(|entry| entry.origin));
        found.extend(
            workload
                .settings
                .iter()
                .filter_map(|setting| of(&setting.origin)),
        );
    }
    found
}

fn of<T>(stated: &Stated<T>) -> Option<Origin> {
    match stated {
        Stated::Set { origin, .. } => Some(origin.clone()),
        Stated::Unknown | Stated::Default { .. } => None,
    }
}
