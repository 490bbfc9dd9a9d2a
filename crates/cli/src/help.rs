//! Help texts: one screen with -h, everything with --help.
#![expect(
    clippy::format_push_string,
    reason = "the texts are short, and the error of write! on a String cannot happen"
)]

use crate::commands::{self, COMMANDS, Command, Flag, Keys, keys_of};
use crate::failure::Failure;
use crate::flags::Help;
use crate::output;
use casemate_formats::profile::keys::{self, Key, Kind, Topic};
use casemate_model::names::suggest::nearest;
use std::ffi::{OsStr, OsString};

const ABOUT: &str = "Casemate runs programs in tight compartments, without root, daemon or image.";

/// The grants that most programs need: those that -h shows.
const COMMON: [&str; 12] = [
    "read",
    "write",
    "run",
    "hide",
    "temporary",
    "network",
    "listen",
    "connect",
    "memory",
    "processes",
    "time",
    "environment",
];

/// How wide the names of flags are at most before their text goes to the next line.
const COLUMN: usize = 24;

/// How wide help is.
const WIDTH: usize = 80;

/// Runs `casemate help`.
pub fn main(arguments: &[OsString]) -> Result<(), Failure> {
    match arguments {
        [] => output::say(&overview()),
        [name] => match name.to_str().and_then(commands::command) {
            Some(command) => output::say(&of(command, Help::Long)),
            None => Err(unknown_command(name)),
        },
        [name, verb] if name == "seccomp" => crate::seccomp::help(verb),
        [_, more, ..] => Err(Failure::usage(
            format!("one command, and not `{}`", more.to_string_lossy()),
            None,
        )),
    }
}

/// Says that there is no such command.
pub fn unknown_command(name: &OsStr) -> Failure {
    let text = name.to_string_lossy();
    let hint = match nearest(&text, COMMANDS.iter().map(|command| command.name)) {
        Some(near) => format!("did you mean `casemate {near}`?"),
        None if text.starts_with('-') => {
            "a flag goes after its command, as in `casemate run --verbose -- ls`".to_owned()
        }
        None => format!("to run a program: `casemate run -- {text}`"),
    };
    Failure::usage(format!("unknown command `{text}`"), hint)
}

/// The version.
pub fn version() -> String {
    format!("casemate {}\n", env!("CARGO_PKG_VERSION"))
}

/// What `casemate` and `casemate -h` say.
pub fn short_overview() -> String {
    let mut text = format!("{ABOUT}\n\nUsage: casemate COMMAND [FLAGS]\n\nCommands:\n");
    for command in COMMANDS {
        text.push_str(&format!("  {:10} {}\n", command.name, command.about));
    }
    text.push_str(
        "\nTry `casemate run -- sh -c 'id; ls /'`; `casemate run -h` shows the common grants.\n",
    );
    text
}

/// What `casemate --help` says.
pub fn overview() -> String {
    let mut text = short_overview();
    text.push_str("\nExamples:\n");
    for command in COMMANDS {
        text.push_str(&examples(command));
    }
    text.push_str("\n`casemate help COMMAND` shows the help of a command; `casemate --version` the version.\n");
    text
}

/// The help of a command.
pub fn of(command: &Command, help: Help) -> String {
    match help {
        Help::Short => short(command),
        Help::Long => long(command),
    }
}

fn head(command: &Command) -> String {
    format!(
        "{}\n\nUsage: casemate {} {}\n",
        sentence(command.about),
        command.name,
        command.synopsis
    )
}

fn sentence(about: &str) -> String {
    format!("{about}.")
}

fn short(command: &Command) -> String {
    let mut text = head(command);
    if command.keys == Keys::Taken {
        text.push_str("\nGrants and limits:\n");
        for key in COMMON.iter().filter_map(|name| keys::find(name)) {
            text.push_str(&row(&key_name(key), key.help));
        }
    }
    text.push_str(&verbs(command));
    if !command.flags.is_empty() {
        text.push_str("\nFlags:\n");
        for flag in command.flags {
            text.push_str(&row(&flag_name(flag), flag.help));
        }
    }
    if command.keys == Keys::Taken {
        let all = Topic::ALL.into_iter().flat_map(keys_of).count();
        let hidden = all - COMMON.len();
        text.push_str(&format!(
            "\n`casemate {} --help` shows {hidden} more grants, with examples.\n",
            command.name
        ));
    }
    text
}

fn long(command: &Command) -> String {
    let mut text = head(command);
    for paragraph in command.long {
        text.push('\n');
        text.push_str(&wrap(paragraph, 0));
    }
    text.push_str(&verbs(command));
    if !command.examples.is_empty() {
        text.push_str("\nExamples:\n");
        text.push_str(&examples(command));
    }
    if !command.flags.is_empty() {
        text.push_str("\nFlags:\n");
        for flag in command.flags {
            text.push_str(&entry(&flag_name(flag), flag.help, flag.long, None));
        }
    }
    if command.keys == Keys::Taken {
        for topic in Topic::ALL {
            text.push_str(&format!("\n{}:\n", topic.title()));
            for key in keys_of(topic) {
                text.push_str(&entry(
                    &key_name(key),
                    key.help,
                    key.long,
                    Some(key.example),
                ));
            }
        }
    }
    if !command.exits.is_empty() {
        text.push_str("\nExit codes:\n");
        for (code, meaning) in command.exits {
            text.push_str(&format!("  {code:8} {meaning}\n"));
        }
    }
    text
}

/// What a command with verbs can do.
fn verbs(command: &Command) -> String {
    let mut text = String::new();
    for verb in commands::verbs_of(command) {
        if text.is_empty() {
            text.push_str("\nVerbs:\n");
        }
        let name = verb.name.rsplit(' ').next().unwrap_or(verb.name);
        text.push_str(&row(name, verb.about));
    }
    text
}

fn examples(command: &Command) -> String {
    let mut text = String::new();
    for (line, what) in command.examples {
        text.push_str(&format!("  # {what}\n  {line}\n"));
    }
    text
}

fn row(name: &str, help: &str) -> String {
    if name.len() < COLUMN {
        format!("  {name:COLUMN$}{help}\n")
    } else {
        format!("  {name}\n  {:COLUMN$}{help}\n", "")
    }
}

fn entry(name: &str, help: &str, long: &str, example: Option<&str>) -> String {
    let mut text = format!("  {}\n{}", name.trim_start(), wrap(&sentence(help), 6));
    if !long.is_empty() {
        text.push_str(&wrap(long, 6));
    }
    if let Some(example) = example {
        text.push_str(&format!("      In a profile: {example}\n"));
    }
    text
}

/// The flag as help shows it.
pub fn flag_name(flag: &Flag) -> String {
    let short = flag
        .short
        .map_or("    ".to_owned(), |letter| format!("-{letter}, "));
    let value = flag
        .value
        .map_or(String::new(), |value| format!(" {value}"));
    format!("{short}--{}{value}", flag.name)
}

/// The flag of a key as help shows it: a switch with the word that changes the default first.
pub fn key_name(key: &Key) -> String {
    match key.kind {
        Kind::Switch { default: true } => format!("    --no-{}, --{}", key.name, key.name),
        Kind::Switch { default: false } => format!("    --{}, --no-{}", key.name, key.name),
        _ => format!("    --{} {}", key.name, key.value),
    }
}

/// Breaks a paragraph into lines.
pub fn wrap(paragraph: &str, indent: usize) -> String {
    let mut text = String::new();
    let mut line = String::new();
    for word in paragraph.split_whitespace() {
        if !line.is_empty() && indent + line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&format!("{:indent$}{line}\n", ""));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    text.push_str(&format!("{:indent$}{line}\n", ""));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_help_fits_a_screen() {
        for command in commands::all() {
            let text = short(command);
            let longest = text.lines().map(|line| line.chars().count()).max();
            assert!(
                text.lines().count() <= 40,
                "{} has {} lines",
                command.name,
                text.lines().count()
            );
            assert!(longest <= Some(100), "{text}");
        }
        assert!(short_overview().lines().count() <= 24);
    }

    #[test]
    fn long_help_names_every_flag() {
        for command in commands::all() {
            let text = long(command);
            for flag in command.flags {
                assert!(
                    text.contains(&format!("--{}", flag.name)),
                    "{} --{}",
                    command.name,
                    flag.name
                );
            }
            for key in Topic::ALL
                .into_iter()
                .flat_map(keys_of)
                .filter(|_| command.keys == Keys::Taken)
            {
                assert!(
                    text.contains(key_name(key).trim_start()),
                    "{} {}",
                    command.name,
                    key.name
                );
            }
        }
    }
}
