//! `casemate show`: the confinement that would be enforced, and where each value comes from.
#![expect(
    clippy::format_push_string,
    reason = "the texts are short, and the error of write! on a String cannot happen"
)]

use crate::color::Choice;
use crate::failure::Failure;
use crate::flags::{self, Given};
use crate::json::Json;
use crate::{commands, help, output, run};
use casemate_formats::profile::{Document, Paint, filter_text};
use casemate_model::facet::{Entry, Standing};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> Result<(), Failure> {
    let command =
        commands::command("show").ok_or_else(|| help::unknown_command(OsStr::new("show")))?;
    let parsed = flags::parse(command, arguments)?;
    if let Some(help) = parsed.help {
        return output::say(&help::of(command, help));
    }
    let (mut profile, mut format, mut color) = (None::<&Path>, Format::Text, Choice::Auto);
    for flag in &parsed.given {
        let Given::Own { name, value } = flag else {
            continue;
        };
        match *name {
            "profile" => profile = Some(run::once(profile, "--profile", value)?),
            "format" => format = parse_format(value)?,
            "color" => color = run::color(value)?,
            _ => {}
        }
    }
    let document = run::document(profile, &parsed.given, &parsed.words)?;
    output::say(&match format {
        Format::Text => text(&document, color.on(&io::stdout())),
        Format::Json => format!("{}\n", json(&document)),
    })
}

fn parse_format(value: &OsStr) -> Result<Format, Failure> {
    match value.to_str() {
        Some("text") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        _ => Err(Failure::usage(
            run::not_a("--format", value),
            "write text or json".to_owned(),
        )),
    }
}

fn text(document: &Document, paint: Paint) -> String {
    let (bold, dim, end) = match paint {
        Paint::Plain => ("", "", ""),
        Paint::Ansi => ("\x1b[1m", "\x1b[2m", "\x1b[0m"),
    };
    let mut text = String::new();
    let mut line = |name: &str, value: &str, provenance: &str| {
        text.push_str(&format!("  {name:20} {value}  {dim}({provenance}){end}\n"));
    };
    let program = &document.program;
    let mut rows: Vec<(&str, String, String)> = Vec::new();
    if let Some(command) = program.command.value() {
        rows.push((
            "command",
            shell_words(command),
            program.command.provenance(),
        ));
    }
    if let Some(directory) = program.directory.value() {
        rows.push((
            "directory",
            directory.display().to_string(),
            program.directory.provenance(),
        ));
    }
    for (name, value, provenance) in rows {
        line(name, &value, &provenance);
    }
    let mut shown = format!("{bold}program{end}\n{text}");
    let mut facet = "";
    for entry in document.confinement.entries() {
        if entry.field.facet != facet {
            facet = entry.field.facet;
            shown.push_str(&format!("{bold}{facet}{end}\n"));
        }
        let (name, value) = (entry.field.name, wrapped(&brief(document, &entry)));
        shown.push_str(&format!(
            "  {name:20} {value}  {dim}({}){end}\n",
            entry.provenance
        ));
    }
    for loss in &document.losses {
        shown.push_str(&format!("note: {loss}\n"));
    }
    shown
}

/// The value as a person wants it: of the filter, what is not ordinary.
fn brief(document: &Document, entry: &Entry) -> String {
    let filter = document.confinement.syscalls.filter.value();
    let is_filter = (entry.field.facet, entry.field.name) == ("syscalls", "filter");
    let text = filter.filter(|_| is_filter).and_then(filter_text);
    text.unwrap_or_else(|| entry.text.clone())
}

/// Breaks a value of several words into lines below each other.
fn wrapped(value: &str) -> String {
    const WIDTH: usize = 90;
    let mut lines = String::new();
    let mut length = 0;
    for word in value.split(' ') {
        if length > 0 && length + word.len() + 1 > WIDTH {
            lines.push_str(&format!("\n  {:20}", ""));
            length = 0;
        } else if length > 0 {
            length += 1;
        }
        if !lines.is_empty() {
            lines.push(' ');
        }
        lines.push_str(word);
        length += word.len();
    }
    lines
}

/// Writes a command so that a shell reads the same words.
fn shell_words(command: &[OsString]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    let word = |word: &OsString| {
        let word = word.to_string_lossy();
        if !word.is_empty() && word.chars().all(plain) {
            word.into_owned()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    };
    command.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn json(document: &Document) -> Json {
    let program = &document.program;
    let words = |command: &Vec<OsString>| {
        Json::List(
            command
                .iter()
                .map(|word| Json::text(word.to_string_lossy()))
                .collect(),
        )
    };
    let command = Json::object([
        ("value", program.command.value().map_or(Json::Null, words)),
        ("origin", Json::text(program.command.provenance())),
    ]);
    let directory = Json::object([
        (
            "value",
            program
                .directory
                .value()
                .map_or(Json::Null, |path| Json::text(path.to_string_lossy())),
        ),
        ("origin", Json::text(program.directory.provenance())),
    ]);
    let mut facets: Vec<(&'static str, Vec<(&'static str, Json)>)> = Vec::new();
    for entry in document.confinement.entries() {
        let standing = match entry.stated {
            Standing::Unknown => "unknown",
            Standing::Default => "default",
            Standing::Set => "set",
        };
        let value = if entry.stated == Standing::Unknown {
            Json::Null
        } else {
            Json::text(&entry.text)
        };
        let field = Json::object([
            ("value", value),
            ("stated", Json::text(standing)),
            ("origin", Json::text(&entry.provenance)),
        ]);
        match facets.last_mut() {
            Some((facet, fields)) if *facet == entry.field.facet => {
                fields.push((entry.field.name, field));
            }
            _ => facets.push((entry.field.facet, vec![(entry.field.name, field)])),
        }
    }
    let facets = Json::object(
        facets
            .into_iter()
            .map(|(facet, fields)| (facet, Json::object(fields))),
    );
    let losses = document
        .losses
        .iter()
        .map(|loss| Json::text(loss.to_string()))
        .collect();
    Json::object([
        (
            "program",
            Json::object([("command", command), ("directory", directory)]),
        ),
        ("confinement", facets),
        ("notes", Json::List(losses)),
    ])
}
