//! Puts a profile together with those that it extends, which it may only tighten outside of `[loosen]`.

use super::apply;
use super::error::{Errors, Fault, Problem, Sources};
use super::keys::Combine;
use super::read::{self, Parsed};
use super::settings::{Setting, Settings, Word};
use super::source::{Context, Loader, Source};
use casemate_model::Origin;
use casemate_model::order::FieldId;
use std::path::{Path, PathBuf};

/// How deep profiles may extend each other.
pub const MAX_DEPTH: usize = 16;

/// How many profiles may be read for one.
pub const MAX_FILES: usize = 64;

/// Reads a profile and those that it extends, and puts their settings together.
///
/// # Errors
/// Everything that is wrong in any of the files.
pub fn settings(
    source: &Source,
    context: &Context,
    loader: &mut dyn Loader,
) -> Result<(Settings, Sources), Errors> {
    let mut merge = Merge {
        context,
        loader,
        sources: Sources::new(),
        problems: Vec::new(),
        chain: Vec::new(),
        files: 0,
    };
    let settings = merge.file(source);
    if merge.problems.is_empty() {
        Ok((settings, merge.sources))
    } else {
        Err(Errors::new(merge.problems, merge.sources))
    }
}

struct Merge<'a> {
    context: &'a Context,
    loader: &'a mut dyn Loader,
    sources: Sources,
    problems: Vec<Problem>,
    chain: Vec<PathBuf>,
    files: usize,
}

impl Merge<'_> {
    fn file(&mut self, source: &Source) -> Settings {
        self.files += 1;
        let Some(parsed) = read::parse(source, self.context, &mut self.problems) else {
            return Settings::none();
        };
        self.sources
            .insert(source.path.clone(), parsed.text.clone());
        let name = source
            .path
            .file_name()
            .map_or_else(|| source.path.clone(), |name| source.directory.join(name));
        self.chain.push(name);
        let mut base = Settings::none();
        for extended in &parsed.extends {
            let mut more = self.extended(extended);
            more.shift(base.next_rank());
            base.extend(more.all().iter().cloned());
        }
        self.chain.pop();
        if parsed.extends.is_empty() {
            return ranked(parsed.settings, 0);
        }
        self.tighten(&base, parsed)
    }

    fn extended(&mut self, word: &Word) -> Settings {
        let path = Path::new(&word.text);
        let mut refuse = |fault| self.problems.push(Problem::new(fault, word.origin.clone()));
        if let Some(first) = self.chain.iter().position(|file| file == path) {
            let mut cycle: Vec<PathBuf> = self.chain.iter().skip(first).cloned().collect();
            cycle.push(path.to_owned());
            refuse(Fault::Cycle(cycle));
            return Settings::none();
        }
        if self.chain.len() > MAX_DEPTH {
            refuse(Fault::TooManyProfiles {
                limit: MAX_DEPTH,
                what: "profiles extend each other",
            });
            return Settings::none();
        }
        if self.files >= MAX_FILES {
            refuse(Fault::TooManyProfiles {
                limit: MAX_FILES,
                what: "profiles are extended",
            });
            return Settings::none();
        }
        match self.loader.load(path) {
            Ok(source) => self.file(&source),
            Err(error) => {
                refuse(Fault::Unreadable {
                    path: path.to_owned(),
                    reason: reason(&error),
                });
                Settings::none()
            }
        }
    }

    fn tighten(&mut self, base: &Settings, parsed: Parsed) -> Settings {
        let mut settings = base.clone();
        for setting in &parsed.settings {
            if setting.key.combine == Combine::Grant {
                settings.forget(setting.key.name);
            }
        }
        settings.extend(
            ranked(parsed.settings, base.next_rank())
                .all()
                .iter()
                .cloned(),
        );
        self.check(base, &settings);
        let rank = settings.next_rank();
        settings.extend(ranked(parsed.loosen, rank).all().iter().cloned());
        settings
    }

    /// Compares what the settings permit with what the extended ones permit.
    fn check(&mut self, base: &Settings, tightened: &Settings) {
        // What is contradictory is reported when the whole is applied; until then there is nothing to compare.
        let (Ok(before), Ok(after)) = (
            apply::apply(base, self.context),
            apply::apply(tightened, self.context),
        ) else {
            return;
        };
        let rank = base.next_rank();
        let mut reported: Vec<&Origin> = Vec::new();
        for difference in after.confinement.diff(&before.confinement) {
            let of_field = |setting: &&Setting| setting.key.fields.contains(&difference.field);
            let own = tightened
                .all()
                .iter()
                .rev()
                .filter(|setting| setting.rank >= rank)
                .find(of_field);
            // One key can state several fields; it is one mistake.
            let again = own.is_some_and(|setting| reported.contains(&&setting.origin));
            if difference.relation.is_no_more_than() || again {
                continue;
            }
            reported.extend(own.map(|setting| &setting.origin));
            self.problems.push(looser(difference.field, own, base));
        }
    }
}

fn looser(field: FieldId, own: Option<&Setting>, base: &Settings) -> Problem {
    let Some(own) = own else {
        return Problem::new(
            Fault::Looser {
                what: field.to_string(),
            },
            Origin::Rule("extends"),
        );
    };
    let name = own.key.name;
    let hint = format!("to permit it all the same, write `{name}` below `[loosen]`");
    let problem = Problem::new(
        Fault::Looser {
            what: name.to_owned(),
        },
        own.origin.clone(),
    )
    .hint(hint);
    match base.of(name).next_back() {
        Some(theirs) => problem.related(theirs.origin.clone(), "the extended profile says this"),
        None => problem,
    }
}

fn ranked(settings: Vec<Setting>, rank: u32) -> Settings {
    let mut ranked = Settings::none();
    ranked.extend(
        settings
            .into_iter()
            .map(|setting| Setting { rank, ..setting }),
    );
    ranked
}

/// The system's reason without its number.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.to_lowercase()
}
