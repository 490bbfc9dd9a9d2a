//! `casemate show` of a description or a live process.

use super::filter;
use super::input::{self, Input, Settings};
use crate::color::Choice;
use crate::failure::Failure;
use crate::json::Json;
use crate::output;
use crate::show::{self, Form, Shown};
use casemate_formats::profile::Paint;
use casemate_model::Workload;
use casemate_model::facet::Entry;
use casemate_model::stated::Stated;
use std::ffi::OsStr;
use std::io;

/// Shows an input.
pub fn show(word: &OsStr, settings: &Settings, form: Form, color: Choice) -> Result<(), Failure> {
    let input = input::read(word, settings)?;
    output::say(&match form {
        Form::Text => text(&input, color.on(&io::stdout())),
        Form::Json => format!("{}\n", json(&input)),
    })
}

fn notes(input: &Input) -> Vec<String> {
    let losses = input.losses.iter().map(|loss| match &loss.origin {
        Some(origin) => format!("{origin}: {loss}"),
        None => loss.to_string(),
    });
    let unseen = input
        .unseen
        .iter()
        .map(|unseen| format!("{} is not known: {}", unseen.field, unseen.why));
    losses.chain(unseen).collect()
}

/// A field's value as a person wants it.
fn brief(workload: &Workload, entry: &Entry) -> String {
    let policy = workload.confinement.syscalls.filter.value();
    match policy.filter(|_| (entry.field.facet, entry.field.name) == ("syscalls", "filter")) {
        Some(policy) => filter::summary(policy),
        None => entry.text.clone(),
    }
}

fn text(input: &Input, paint: Paint) -> String {
    let mut text = String::new();
    for (at, workload) in input.workloads.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let title = if workload.name.is_empty() {
            workload.kind.to_owned()
        } else {
            format!("{} {}", workload.kind, workload.name)
        };
        let mut rows = show::program_rows(&workload.program);
        if let Stated::Set { value, .. } | Stated::Default { value, .. } = &workload.image {
            rows.push(("image", value.clone(), workload.image.provenance()));
        }
        let settings = workload.settings.iter().map(|setting| {
            let key = if setting.key.is_empty() {
                String::new()
            } else {
                format!("{}: ", setting.key)
            };
            (
                setting.name,
                format!("{key}{}", setting.value),
                setting.origin.provenance(),
            )
        });
        let entries = workload.confinement.entries();
        text.push_str(&show::text(
            &Shown {
                title: &title,
                rows,
                entries: &entries,
                brief: &|entry| brief(workload, entry),
                settings: settings.collect(),
            },
            paint,
        ));
    }
    if input.workloads.is_empty() {
        text.push_str("nothing in it runs confined\n");
    }
    for note in notes(input) {
        text.push_str("note: ");
        text.push_str(&note);
        text.push('\n');
    }
    text
}

fn json(input: &Input) -> Json {
    let workloads = input
        .workloads
        .iter()
        .map(|workload| {
            let settings = workload
                .settings
                .iter()
                .map(|setting| {
                    Json::object([
                        ("name", Json::text(setting.name)),
                        ("key", Json::text(&setting.key)),
                        ("value", Json::text(&setting.value)),
                        ("origin", Json::text(setting.origin.provenance())),
                    ])
                })
                .collect();
            let image = workload.image.value().map_or(Json::Null, Json::text);
            Json::object([
                ("name", Json::text(&workload.name)),
                ("kind", Json::text(workload.kind)),
                ("origin", Json::text(workload.origin.to_string())),
                ("image", image),
                ("program", show::program_json(&workload.program)),
                (
                    "confinement",
                    show::facets_json(&workload.confinement.entries()),
                ),
                ("settings", Json::List(settings)),
            ])
        })
        .collect();
    let notes = notes(input).iter().map(Json::text).collect();
    Json::object([
        ("workloads", Json::List(workloads)),
        ("notes", Json::List(notes)),
    ])
}
