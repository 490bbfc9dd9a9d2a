//! `casemate diff`: what one permits that the other does not, facet by facet.

use super::filter;
use super::input::{self, Input, Settings};
use super::table;
use crate::color::Choice;
use crate::failure::Failure;
use crate::flags::{self, Given};
use crate::json::Json;
use crate::{help, output, run, show};
use casemate_formats::profile::Paint;
use casemate_model::Workload;
use casemate_model::order::{Difference, Relation};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

/// The exit code when there is a difference that matters.
const DIFFERENT: u8 = 1;

/// What makes the exit code 1.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Matters {
    /// Every difference.
    Any,
    /// What the second permits and the first does not.
    More,
}

/// A field in which two differ.
struct Change<'a> {
    difference: &'a Difference,
    /// What only the second permits, where that can be said by words.
    added: Vec<String>,
    /// What only the first permits.
    removed: Vec<String>,
}

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let parsed = flags::parse(&table::DIFF, arguments)?;
    if let Some(wanted) = parsed.help {
        return output::say(&help::of(&table::DIFF, wanted)).map(|()| ExitCode::SUCCESS);
    }
    let (mut settings, mut matters) = (Settings::default(), Matters::Any);
    let (mut form, mut color) = (show::Form::Text, Choice::Auto);
    for flag in &parsed.given {
        let Given::Own { name, value } = flag else {
            continue;
        };
        match *name {
            "no-more" => matters = Matters::More,
            "format" => form = show::form(value)?,
            "color" => color = run::color(value)?,
            _ => {
                settings.take(name, value)?;
            }
        }
    }
    let [left, right] = &parsed.words[..] else {
        return Err(Failure::usage(
            "two inputs are needed",
            "for example `casemate diff config.json pid:1234`".to_owned(),
        ));
    };
    let left = input::read(left, &settings)?;
    let right = input::read(right, &settings)?;
    for input in [&left, &right] {
        input::tell_losses(input);
    }
    let (a, b) = (left.one()?, right.one()?);
    let mut differences = a.confinement.diff(&b.confinement);
    // A policy speaks of machines that a filter in force here does not.
    if let (Some(left), Some(right)) = (
        a.confinement.syscalls.filter.value(),
        b.confinement.syscalls.filter.value(),
    ) && filter::alike_here(left, right)
    {
        differences.retain(|one| (one.field.facet, one.field.name) != ("syscalls", "filter"));
    }
    let (unknown, known): (Vec<&Difference>, Vec<&Difference>) = differences
        .iter()
        .partition(|one| one.left == "unknown" || one.right == "unknown");
    let changes: Vec<Change<'_>> = known.iter().map(|one| change(one, a, b)).collect();
    let text = match form {
        show::Form::Text => text(&left, &right, &changes, &unknown, color.on(&io::stdout())),
        show::Form::Json => format!("{}\n", json(&changes, &unknown)),
    };
    output::say(&text)?;
    let counts = changes.iter().any(|change| match matters {
        Matters::Any => true,
        Matters::More => !change.difference.relation.reverse().is_no_more_than(),
    });
    Ok(if counts {
        ExitCode::from(DIFFERENT)
    } else {
        ExitCode::SUCCESS
    })
}

fn change<'a>(difference: &'a Difference, a: &Workload, b: &Workload) -> Change<'a> {
    let field = (difference.field.facet, difference.field.name);
    let filters = (
        a.confinement.syscalls.filter.value(),
        b.confinement.syscalls.filter.value(),
    );
    if let (("syscalls", "filter"), (Some(left), Some(right))) = (field, filters) {
        let (more, less) = filter::changes(left, right);
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        return Change {
            difference,
            added: owned(more),
            removed: owned(less),
        };
    }
    let words = |text: &str| -> BTreeSet<String> { text.split(' ').map(str::to_owned).collect() };
    let (left, right) = (words(&difference.left), words(&difference.right));
    let apart = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other)
            .filter(|word| *word != "none")
            .cloned()
            .collect()
    };
    // Only lists are told by their parts.
    if left.len() < 2 && right.len() < 2 {
        return Change {
            difference,
            added: Vec::new(),
            removed: Vec::new(),
        };
    }
    Change {
        difference,
        added: apart(&right, &left),
        removed: apart(&left, &right),
    }
}

fn told(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "permits the same",
        Relation::Tighter => "the second permits more",
        Relation::Looser => "the second permits less",
        Relation::Incomparable => "each permits what the other does not",
    }
}

fn text(
    left: &Input,
    right: &Input,
    changes: &[Change<'_>],
    unknown: &[&Difference],
    paint: Paint,
) -> String {
    let (bold, red, green, end) = match paint {
        Paint::Plain => ("", "", "", ""),
        Paint::Ansi => ("\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[0m"),
    };
    let mut text = format!("{green}-{end} {}\n{red}+{end} {}\n", left.name, right.name);
    let mut facet = "";
    let (mut more, mut less) = (0, 0);
    for change in changes {
        let Difference {
            field,
            left,
            right,
            relation,
        } = change.difference;
        if field.facet != facet {
            facet = field.facet;
            text.extend([bold, facet, end, "\n"]);
        }
        more += usize::from(!relation.is_no_more_than() || *relation == Relation::Tighter)
            .min(usize::from(*relation != Relation::Looser));
        less += usize::from(*relation != Relation::Tighter);
        text.extend(["  ", field.name, ": ", told(*relation), "\n"]);
        let is_filter = (field.facet, field.name) == ("syscalls", "filter");
        let by_parts = is_filter || !change.added.is_empty() || !change.removed.is_empty();
        if by_parts {
            for (sign, color, words) in [("-", green, &change.removed), ("+", red, &change.added)] {
                if !words.is_empty() {
                    let list = show::wrapped(&words.join(" "));
                    text.extend(["    ", color, sign, end, " ", &list, "\n"]);
                }
            }
            if is_filter && change.added.is_empty() && change.removed.is_empty() {
                text.push_str("    the same calls with other conditions or answers; see `casemate seccomp diff`\n");
            }
        } else {
            text.extend(["    ", green, "-", end, " ", &show::wrapped(left), "\n"]);
            text.extend(["    ", red, "+", end, " ", &show::wrapped(right), "\n"]);
        }
    }
    if !unknown.is_empty() {
        let names: Vec<String> = unknown.iter().map(|one| one.field.to_string()).collect();
        text.extend([
            "not known of one of them: ",
            &show::wrapped(&names.join(" ")),
            "\n",
        ]);
    }
    text.push_str(&conclusion(changes.len(), more, less));
    text
}

fn conclusion(all: usize, more: usize, less: usize) -> String {
    match (all, more, less) {
        (0, ..) => "no difference in what is known of both\n".to_owned(),
        (_, 0, _) => format!("the second permits no more than the first, and less in {less}\n"),
        (_, _, 0) => format!("the second permits all of the first, and more in {more}\n"),
        _ => format!("the second permits more in {more} and less in {less}\n"),
    }
}

fn json(changes: &[Change<'_>], unknown: &[&Difference]) -> Json {
    let list = |words: &[String]| Json::List(words.iter().map(Json::text).collect());
    let differences = changes
        .iter()
        .map(|change| {
            let relation = match change.difference.relation {
                Relation::Equal => "equal",
                Relation::Tighter => "second-permits-more",
                Relation::Looser => "second-permits-less",
                Relation::Incomparable => "incomparable",
            };
            Json::object([
                ("field", Json::text(change.difference.field.to_string())),
                ("relation", Json::text(relation)),
                ("left", Json::text(&change.difference.left)),
                ("right", Json::text(&change.difference.right)),
                ("added", list(&change.added)),
                ("removed", list(&change.removed)),
            ])
        })
        .collect();
    let unknown = unknown
        .iter()
        .map(|one| Json::text(one.field.to_string()))
        .collect();
    Json::object([
        ("differences", Json::List(differences)),
        ("unknown", Json::List(unknown)),
    ])
}
