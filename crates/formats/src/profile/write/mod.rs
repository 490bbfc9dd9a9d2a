//! From a document to the text of a profile.
//!
//! Each field is said as well as the keys can; then the text is read back and compared, field by field. What came out
//! tighter is a loss, and what came out looser makes the writer refuse, so that nothing depends on the words being right.

mod filter;
mod toml;
mod words;

use super::apply::{Document, apply};
use super::forms::ALL;
use super::settings::Settings;
use super::source::{Context, NoFiles, Source};
use crate::loss::{Loss, LossKind};
use casemate_model::Confinement;
use casemate_model::order::{Difference, FieldId};
use casemate_model::stated::Stated;
use casemate_model::syscalls::SyscallPolicy;
use std::fmt;
use std::path::PathBuf;
use words::Words;

/// A profile's text, and what it does not say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The text.
    pub text: String,
    /// What is written tighter than it was, because there are no words for it.
    pub losses: Vec<Loss>,
}

/// Why no profile is written: it would permit what the document does not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// These fields cannot be said as tightly as they are.
    Looser(Vec<Difference>),
    /// Something cannot be written at all, such as a text with a NUL byte.
    Unwritable(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Looser(fields) => {
                f.write_str("a profile cannot be as tight as this")?;
                for difference in fields {
                    let Difference {
                        field, left, right, ..
                    } = difference;
                    write!(f, "; {field} would be {left} instead of {right}")?;
                }
                Ok(())
            }
            Self::Unwritable(reason) => write!(f, "cannot be written as a profile: {reason}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Writes a document for callers like the one of `context`.
///
/// # Errors
/// The document is tighter than a profile can say.
pub fn write(document: &Document, context: &Context) -> Result<Written, Refusal> {
    let default = by_default(document, context)?;
    let text = Words::of(document, &default).text();
    let directory = context
        .directory
        .clone()
        .unwrap_or_else(|| PathBuf::from("/"));
    let source = Source {
        path: PathBuf::from("profile"),
        directory,
        text: text.clone().into_bytes(),
    };
    let again = super::read(&source, context, &mut NoFiles).map_err(|errors| {
        let faults: Vec<String> = errors
            .problems()
            .iter()
            .map(|problem| problem.fault.to_string())
            .collect();
        Refusal::Unwritable(faults.join("; "))
    })?;
    let looser: Vec<Difference> = again
        .confinement
        .diff(&document.confinement)
        .into_iter()
        .filter(|d| !d.relation.is_no_more_than())
        .collect();
    if !looser.is_empty() {
        return Err(Refusal::Looser(looser));
    }
    Ok(Written {
        text,
        losses: losses(document, &again),
    })
}

/// Says a policy by what it adds to the ordinary one and what it takes away, if that says all of it.
pub fn filter_text(policy: &SyscallPolicy) -> Option<String> {
    let (added, refused) = filter::changes(policy);
    if added == [ALL] {
        return Some("everything".to_owned());
    }
    let mut again = SyscallPolicy::ordinary();
    for name in &added {
        again.grant(name).ok()?;
    }
    for name in &refused {
        again.refuse(name).ok()?;
    }
    let list = |word: &str, names: &[String]| {
        if names.is_empty() {
            String::new()
        } else {
            format!(" {word} {}", names.join(" "))
        }
    };
    (again == *policy).then(|| {
        format!(
            "ordinary{}{}",
            list("and", &added),
            list("without", &refused)
        )
    })
}

/// Returns what is written when nothing is said, which depends on where the program starts.
fn by_default(document: &Document, context: &Context) -> Result<Confinement, Refusal> {
    let start = match &document.program.directory {
        Stated::Set { value, .. } => Some(value.clone()),
        _ => context.directory.clone(),
    };
    let context = Context {
        directory: start,
        ..context.clone()
    };
    apply(&Settings::none(), &context)
        .map(|document| document.confinement)
        .map_err(|_| {
            Refusal::Unwritable("the compartment by default is not possible here".to_owned())
        })
}

/// Lists the fields that came out otherwise than they were.
fn losses(document: &Document, again: &Document) -> Vec<Loss> {
    let mut losses = Vec::new();
    let entries = document
        .confinement
        .entries()
        .into_iter()
        .zip(again.confinement.entries());
    let differences = document.confinement.diff(&again.confinement);
    for (before, after) in entries {
        // Grants that permit the same on every path can be written in several ways.
        let same = before.field.to_string() == "files.grants"
            && differences.iter().all(|d| d.field != before.field);
        if before.text != after.text && !same {
            let kind = LossKind::NoWords {
                value: before.text,
                instead: after.text,
            };
            losses.push(Loss {
                field: Some(before.field),
                kind,
                origin: None,
            });
        }
    }
    let program = [
        (
            "command",
            shown(&document.program.command),
            shown(&again.program.command),
        ),
        (
            "directory",
            shown(&document.program.directory),
            shown(&again.program.directory),
        ),
    ];
    for (name, before, after) in program {
        if let Some(value) = before.filter(|before| Some(before) != after.as_ref()) {
            let instead = after.unwrap_or_else(|| "nothing".to_owned());
            let field = FieldId {
                facet: "program",
                name,
            };
            losses.push(Loss {
                field: Some(field),
                kind: LossKind::NoWords { value, instead },
                origin: None,
            });
        }
    }
    losses
}

fn shown<T: fmt::Debug>(stated: &Stated<T>) -> Option<String> {
    stated.value().map(|value| format!("{value:?}"))
}
