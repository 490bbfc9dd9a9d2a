//! The profile as one of the formats.

use super::apply::Document;
use super::source::{Loader, Source};
use super::write::Refusal;
use crate::loss::{Loss, LossKind};
use crate::reader::{Context, Files, Problem, ReadError, Reading, WriteError, Written};
use crate::{Format, Likeness};
use casemate_model::{Origin, Workload};
use std::io;
use std::path::Path;

/// The profile.
pub const FORMAT: Format = Format {
    name: "profile",
    about: "Casemate's own profile: a command and its grants, in TOML",
    files: &[".toml"],
    detect,
    read,
    write: Some(write),
};

fn detect(path: &Path, _: &[u8]) -> Likeness {
    match path.extension().and_then(|end| end.to_str()) {
        Some("toml") => Likeness::Name,
        _ => Likeness::No,
    }
}

struct Extended<'a>(&'a mut dyn Files);

impl Loader for Extended<'_> {
    fn load(&mut self, path: &Path) -> io::Result<Source> {
        Ok(Source {
            path: path.to_owned(),
            directory: path.parent().unwrap_or(path).to_owned(),
            text: self.0.read(path)?,
        })
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let source = Source {
        path: path.to_owned(),
        directory: parent.map_or_else(
            || context.caller.directory.clone().unwrap_or_default(),
            Path::to_owned,
        ),
        text: bytes.to_vec(),
    };
    let origin = Origin::File {
        path: path.to_owned(),
        start: 0,
        end: bytes.len(),
        line: 1,
    };
    let document =
        super::read(&source, context.caller, &mut Extended(context.files)).map_err(|errors| {
            let text = errors.to_string();
            ReadError::from(Problem::new(text, origin.clone()))
        })?;
    let mut workload = Workload::new("", "profile", origin);
    workload.confinement = document.confinement;
    workload.program = document.program;
    Ok(Reading {
        workloads: vec![workload],
        losses: document.losses,
    })
}

fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let [workload] = workloads else {
        return Err(WriteError::Several {
            names: workloads.iter().map(|w| w.name.clone()).collect(),
        });
    };
    let document = Document {
        confinement: workload.confinement.clone(),
        program: workload.program.clone(),
        losses: Vec::new(),
    };
    match super::write(&document, context.caller) {
        Ok(written) => Ok(Written {
            text: written.text,
            ..Written::default()
        }),
        Err(Refusal::Looser(fields)) => Err(WriteError::Looser(
            fields
                .into_iter()
                .map(|difference| Loss {
                    field: Some(difference.field),
                    kind: LossKind::Looser {
                        value: difference.right,
                        instead: difference.left,
                    },
                    origin: None,
                })
                .collect(),
        )),
        Err(Refusal::Unwritable(why)) => Err(WriteError::Unwritable { field: None, why }),
    }
}
