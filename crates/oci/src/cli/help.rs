//! Help texts.
#![expect(
    clippy::format_push_string,
    reason = "the texts are short, and the error of write! on a String cannot happen"
)]

use super::examples;
use super::table::{Flag, GLOBAL, VERBS, Verb};

/// The newest version of the specification that is understood.
pub const SPECIFICATION: &str = "1.3.0";

/// Verbs that the launcher and the build use, not people.
const HIDDEN: &[&str] = &["attach-unit", "generate"];

/// The verbs for people.
pub fn shown() -> impl Iterator<Item = &'static Verb> {
    VERBS.iter().filter(|verb| !HIDDEN.contains(&verb.name))
}

/// What `--help` says.
pub fn overview() -> String {
    let mut text = String::from(
        "casemate-oci runs containers by the OCI runtime specification.\n\n\
         Usage: casemate-oci [FLAGS] COMMAND [FLAGS] [WORDS]\n\nCommands:\n",
    );
    for verb in shown() {
        text.push_str(&format!("  {:11} {}\n", verb.name, verb.about));
    }
    text.push_str("\nFlags of all commands:\n");
    for flag in GLOBAL {
        text.push_str(&line(flag));
    }
    text
}

/// What `VERB --help` says.
pub fn of(verb: &Verb) -> String {
    let mut text = format!(
        "{}\n\nUsage: casemate-oci {} [FLAGS] {}\n",
        verb.about, verb.name, verb.synopsis
    );
    if !verb.flags.is_empty() {
        text.push_str("\nFlags:\n");
        for flag in verb.flags {
            text.push_str(&line(flag));
        }
    }
    let examples = examples::of(verb.name);
    if !examples.is_empty() {
        text.push_str("\nExamples:\n");
        for (line, what) in examples {
            text.push_str(&format!("  To {what}:\n    {line}\n"));
        }
    }
    text
}

/// What `--version` says, in the form that engines take apart.
pub fn version() -> String {
    format!(
        "casemate-oci version {}\nspec: {SPECIFICATION}\n",
        env!("CARGO_PKG_VERSION")
    )
}

fn line(flag: &Flag) -> String {
    let letter = flag
        .short
        .map_or("    ".to_owned(), |letter| format!("-{letter}, "));
    let name = match flag.value {
        Some(value) if value.starts_with('[') => {
            let value = value.trim_matches(['[', ']']);
            format!("{letter}--{}[={value}]", flag.name)
        }
        Some(value) => format!("{letter}--{} {value}", flag.name),
        None => format!("{letter}--{}", flag.name),
    };
    format!("  {name:32} {}\n", flag.help)
}
