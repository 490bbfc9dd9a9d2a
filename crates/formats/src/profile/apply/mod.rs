//! From settings to a confinement: the defaults, changed by each setting.

mod files;
mod filter;
mod limits;
mod network;
mod surroundings;
mod who;

pub(crate) use files::GRANTING;
pub(crate) use limits::NAMED;

use super::defaults;
use super::error::{Fault, Problem};
use super::keys::names;
use super::settings::{Settings, Value, Word};
use super::source::Context;
use crate::loss::Loss;
use casemate_model::program::Program;
use casemate_model::stated::Stated;
use casemate_model::{Confinement, Origin};
use std::ffi::OsString;
use std::path::PathBuf;

/// What a profile says, as one value.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// How the program is confined.
    pub confinement: Confinement,
    /// What is run, and where.
    pub program: Program,
    /// What is not as one might expect.
    pub losses: Vec<Loss>,
}

/// Applies settings to the compartment by default.
///
/// # Errors
/// Settings that contradict each other, or that this caller cannot have.
pub fn apply(settings: &Settings, context: &Context) -> Result<Document, Vec<Problem>> {
    let mut apply = Apply {
        settings,
        context,
        confinement: defaults::confinement(context),
        program: Program::unknown(),
        losses: Vec::new(),
        problems: Vec::new(),
    };
    apply.command();
    apply.ids();
    apply.capabilities();
    apply.namespaces();
    apply.filter();
    apply.files();
    apply.resources();
    apply.network();
    apply.modules();
    apply.surroundings();
    if apply.problems.is_empty() {
        Ok(Document {
            confinement: apply.confinement,
            program: apply.program,
            losses: apply.losses,
        })
    } else {
        Err(apply.problems)
    }
}

struct Apply<'a> {
    settings: &'a Settings,
    context: &'a Context,
    confinement: Confinement,
    program: Program,
    losses: Vec<Loss>,
    problems: Vec<Problem>,
}

impl Apply<'_> {
    fn command(&mut self) {
        let Some(setting) = self.settings.last(names::COMMAND) else {
            return;
        };
        let Value::List(words) = &setting.value else {
            return;
        };
        let command: Vec<OsString> = words.iter().map(|word| word.text.clone()).collect();
        if command.first().is_none_or(|name| name.is_empty()) {
            let what = "`command` names no program";
            self.contradiction(
                what,
                &setting.origin,
                Some("its first text is the program".to_owned()),
            );
            return;
        }
        self.program.command = Stated::set(command, setting.origin.clone());
    }

    fn contradiction(&mut self, what: impl Into<String>, origin: &Origin, hint: Option<String>) {
        self.problems
            .push(Problem::new(Fault::Contradiction(what.into()), origin.clone()).hint(hint));
    }
}

/// Says what to write, as a flag to whoever wrote a flag and as a line of a profile to others.
fn write(origin: &Origin, key: &str, value: &str) -> String {
    match origin {
        Origin::Flag(_) => format!("add `--{key} {value}`"),
        _ => format!("write `{key} = \"{value}\"`"),
    }
}

/// The text of a word whose form is UTF-8; the forms have been checked, so nothing is lost.
fn text(word: &Word) -> &str {
    word.text.to_str().unwrap_or("")
}

fn path(word: &Word) -> PathBuf {
    PathBuf::from(&word.text)
}
