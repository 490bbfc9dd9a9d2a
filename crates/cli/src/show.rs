//! `casemate show`: a confinement, and where each value comes from.
#![expect(
    clippy::format_push_string,
    reason = "the texts are short, and the error of write! on a String cannot happen"
)]

use crate::color::Choice;
use crate::descriptions::{self, input};
use crate::failure::Failure;
use crate::flags::{self, Given};
use crate::json::Json;
use crate::{commands, help, output, run};
use casemate_formats::profile::{Document, Paint, filter_text};
use casemate_model::facet::{Entry, Standing};
use casemate_model::program::Program;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

/// How a confinement is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> Result<(), Failure> {
    let command =
        commands::command("show").ok_or_else(|| help::unknown_command(OsStr::new("show")))?;
    let ends_flags = arguments.iter().any(|word| word == "--");
    let mut parsed = flags::parse(command, arguments)?;
    // Flags may stand after an input, but not after a command, whose own they are.
    if !ends_flags
        && let [first, second, ..] = &parsed.words[..]
        && second.as_encoded_bytes().starts_with(b"-")
        && input::is_input(first)
    {
        let mut rest: Vec<OsString> = parsed.words.split_off(1);
        rest.append(&mut parsed.words);
        let more = flags::parse(command, rest)?;
        parsed.given.extend(more.given);
        parsed.words = more.words;
        parsed.help = parsed.help.or(more.help);
    }
    if let Some(help) = parsed.help {
        return output::say(&help::of(command, help));
    }
    let (mut profile, mut form, mut color) = (None::<&Path>, Form::Text, Choice::Auto);
    let mut settings = input::Settings::default();
    for flag in &parsed.given {
        let Given::Own { name, value } = flag else {
            continue;
        };
        match *name {
            "profile" => profile = Some(run::once(profile, "--profile", value)?),
            "format" => form = self::form(value)?,
            "color" => color = run::color(value)?,
            _ => {
                settings.take(name, value)?;
            }
        }
    }
    let grants = parsed
        .given
        .iter()
        .any(|flag| matches!(flag, Given::Key { .. }));
    let named = settings.is_given();
    match &parsed.words[..] {
        [word]
            if named || (!ends_flags && !grants && profile.is_none() && input::is_input(word)) =>
        {
            return descriptions::show(word, &settings, form, color);
        }
        _ if named => {
            return Err(Failure::usage(
                "`--from` and `--engine` are about one input",
                "as in `casemate show --engine docker@20.10 compose.yaml#web`".to_owned(),
            ));
        }
        _ => {}
    }
    let document = run::document(profile, &parsed.given, &parsed.words)?;
    output::say(&match form {
        Form::Text => document_text(&document, color.on(&io::stdout())),
        Form::Json => format!("{}\n", json(&document)),
    })
}

/// Reads the value of `--format`.
pub fn form(value: &OsStr) -> Result<Form, Failure> {
    match value.to_str() {
        Some("text") => Ok(Form::Text),
        Some("json") => Ok(Form::Json),
        _ => Err(Failure::usage(
            run::not_a("--format", value),
            "write text or json".to_owned(),
        )),
    }
}

/// What is shown: a name, a value, and where the value comes from.
pub type Row<'a> = (&'a str, String, String);

/// A program with its confinement.
pub struct Shown<'a> {
    /// What it is.
    pub title: &'a str,
    /// What is known of the program.
    pub rows: Vec<Row<'a>>,
    /// The fields of the confinement.
    pub entries: &'a [Entry],
    /// A field's value as a person wants it.
    pub brief: &'a dyn Fn(&Entry) -> String,
    /// What is said beside the confinement.
    pub settings: Vec<Row<'a>>,
}

/// What is known of a program.
pub fn program_rows(program: &Program) -> Vec<Row<'static>> {
    let mut rows = Vec::new();
    if let Some(command) = program.command.value() {
        let provenance = program.command.provenance();
        rows.push(("command", shell_words(command), provenance));
    }
    if let Some(directory) = program.directory.value() {
        let provenance = program.directory.provenance();
        rows.push(("directory", directory.display().to_string(), provenance));
    }
    rows
}

/// Shows a confinement, facet by facet.
pub fn text(shown: &Shown<'_>, paint: Paint) -> String {
    let (bold, dim, end) = match paint {
        Paint::Plain => ("", "", ""),
        Paint::Ansi => ("\x1b[1m", "\x1b[2m", "\x1b[0m"),
    };
    let line = |(name, value, provenance): &Row<'_>| {
        format!("  {name:20} {}  {dim}({provenance}){end}\n", wrapped(value))
    };
    let mut text = format!("{bold}{}{end}\n", shown.title);
    text.extend(shown.rows.iter().map(line));
    let mut facet = "";
    for entry in shown.entries {
        if entry.field.facet != facet {
            facet = entry.field.facet;
            text.push_str(&format!("{bold}{facet}{end}\n"));
        }
        let value = (shown.brief)(entry);
        text.push_str(&line(&(entry.field.name, value, entry.provenance.clone())));
    }
    if !shown.settings.is_empty() {
        text.push_str(&format!("{bold}beside{end}\n"));
        text.extend(shown.settings.iter().map(line));
    }
    text
}

fn document_text(document: &Document, paint: Paint) -> String {
    let entries = document.confinement.entries();
    let mut shown = text(
        &Shown {
            title: "program",
            rows: program_rows(&document.program),
            entries: &entries,
            brief: &|entry| brief(document, entry),
            settings: Vec::new(),
        },
        paint,
    );
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
pub fn wrapped(value: &str) -> String {
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

/// A program as JSON.
pub fn program_json(program: &Program) -> Json {
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
    Json::object([("command", command), ("directory", directory)])
}

/// The fields of a confinement as JSON, by facet.
pub fn facets_json(entries: &[Entry]) -> Json {
    let mut facets: Vec<(&'static str, Vec<(&'static str, Json)>)> = Vec::new();
    for entry in entries {
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
    Json::object(
        facets
            .into_iter()
            .map(|(facet, fields)| (facet, Json::object(fields))),
    )
}

fn json(document: &Document) -> Json {
    let losses = document
        .losses
        .iter()
        .map(|loss| Json::text(loss.to_string()))
        .collect();
    Json::object([
        ("program", program_json(&document.program)),
        ("confinement", facets_json(&document.confinement.entries())),
        ("notes", Json::List(losses)),
    ])
}
