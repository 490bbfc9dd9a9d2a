//! Writing with proof: what is written is read back and compared, field by field, so that nothing depends on a writer's
//! words being right.

use crate::Format;
use crate::loss::{Loss, LossKind};
use crate::reader::{Context, Reading, WriteError, Written};
use casemate_model::Workload;
use casemate_model::order::{Difference, FieldId, Relation};
use casemate_model::workload::Setting;
use std::path::Path;

/// What becomes of a value that the format can only say more loosely.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tolerance {
    /// Nothing is written.
    Refuse,
    /// It is written and listed.
    AllowLoss,
}

/// Writes workloads in a format and compares what was written with what was meant.
///
/// # Errors
/// The format cannot say it, or only more loosely.
pub fn convert(
    format: &Format,
    workloads: &[Workload],
    context: &mut Context<'_>,
    tolerance: Tolerance,
) -> Result<Written, WriteError> {
    let write = format.write.ok_or(WriteError::NoWriter)?;
    let read = format.read;
    let mut written = write(workloads, context)?;
    let mut files = WithWritten {
        written: &written.files,
        others: context.files,
    };
    let mut own = Context {
        engine: context.engine,
        caller: context.caller,
        files: &mut files,
        configuration: context.configuration,
        environment: context.environment,
        archs: context.archs,
        kernel: context.kernel,
    };
    let again = read(Path::new(""), written.text.as_bytes(), &mut own)
        .map_err(|error| WriteError::NotReadBack(error.to_string()))?;
    let losses = compare(workloads, &again)?;
    let looser: Vec<Loss> = losses
        .iter()
        .filter(|loss| matches!(loss.kind, LossKind::Looser { .. }))
        .cloned()
        .collect();
    if !looser.is_empty() && tolerance == Tolerance::Refuse {
        return Err(WriteError::Looser(looser));
    }
    written.losses.extend(losses);
    Ok(written)
}

fn compare(meant: &[Workload], again: &Reading) -> Result<Vec<Loss>, WriteError> {
    if meant.len() != again.workloads.len() {
        return Err(WriteError::NotReadBack(format!(
            "{} are there instead of {}",
            again.workloads.len(),
            meant.len()
        )));
    }
    let mut losses = Vec::new();
    for (meant, again) in meant.iter().zip(&again.workloads) {
        for difference in again.confinement.diff(&meant.confinement) {
            losses.push(loss(difference));
        }
        losses.extend(changed(meant, again));
    }
    Ok(losses)
}

/// What differs and permits as much: a name, a text, a setting.
fn changed(meant: &Workload, again: &Workload) -> Vec<Loss> {
    let mut losses = Vec::new();
    let ordered = again.confinement.diff(&meant.confinement);
    let (left, right) = (again.confinement.entries(), meant.confinement.entries());
    for (instead, value) in left.into_iter().zip(right) {
        let known = ordered.iter().any(|other| other.field == value.field);
        if instead.text != value.text && !known {
            losses.push(no_words(Some(value.field), value.text, instead.text));
        }
    }
    let beside = |workload: &Workload| {
        let Workload { program, image, .. } = workload;
        [
            (
                "command",
                program.command.value().map(|it| format!("{it:?}")),
            ),
            (
                "directory",
                program.directory.value().map(|it| it.display().to_string()),
            ),
            ("image", image.value().map(|it| format!("{it:?}"))),
        ]
    };
    for ((name, value), (_, instead)) in beside(meant).into_iter().zip(beside(again)) {
        if value != instead {
            let text = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
            losses.push(no_words(
                None,
                format!("{name} {}", text(value)),
                text(instead),
            ));
        }
    }
    for setting in &meant.settings {
        let same = |other: &&Setting| {
            (other.name, &other.key, &other.value) == (setting.name, &setting.key, &setting.value)
        };
        if !again.settings.iter().any(|other| same(&other)) {
            let Setting {
                name, key, value, ..
            } = setting;
            let key = if key.is_empty() {
                ""
            } else {
                &format!(" {key}")
            };
            losses.push(no_words(
                None,
                format!("{name}{key} {value:?}"),
                "nothing".to_owned(),
            ));
        }
    }
    losses
}

fn no_words(field: Option<FieldId>, value: String, instead: String) -> Loss {
    Loss {
        field,
        kind: LossKind::NoWords { value, instead },
        origin: None,
    }
}

/// The left side is what was written, the right one what was meant.
fn loss(difference: Difference) -> Loss {
    let Difference {
        field,
        left: instead,
        right: value,
        relation,
    } = difference;
    let kind = match relation {
        Relation::Equal | Relation::Tighter => LossKind::NoWords { value, instead },
        Relation::Looser | Relation::Incomparable => LossKind::Looser { value, instead },
    };
    Loss {
        field: Some(field),
        kind,
        origin: None,
    }
}

/// The files that were just written, before those of the caller.
struct WithWritten<'a> {
    written: &'a std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>,
    others: &'a mut dyn crate::reader::Files,
}

impl crate::reader::Files for WithWritten<'_> {
    fn read(&mut self, path: &Path) -> std::io::Result<Vec<u8>> {
        match self.written.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.others.read(path),
        }
    }

    fn list(&mut self, path: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
        self.others.list(path)
    }
}
