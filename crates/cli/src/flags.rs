//! Takes a command line apart by the table of [`commands`](crate::commands).

use crate::commands::{Command, HELP, Keys};
use crate::failure::Failure;
use casemate_formats::profile::keys::{self, FlagForm, KEYS, Key, Kind};
use casemate_formats::profile::{elsewhere, flags::Said};
use casemate_model::names::suggest::nearest;
use lexopt::Arg;
use std::ffi::OsString;

/// A flag as it was given.
#[derive(Debug)]
pub enum Given {
    /// One of the subcommand's own.
    Own {
        /// Its name.
        name: &'static str,
        /// Its value; empty when it takes none.
        value: OsString,
    },
    /// A key of a profile.
    Key {
        /// The key.
        key: &'static Key,
        /// What is said of it.
        said: Said,
    },
}

/// How much help was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Help {
    /// `-h`.
    Short,
    /// `--help`.
    Long,
}

/// A command line, taken apart.
#[derive(Debug)]
pub struct Parsed {
    /// The flags, in order.
    pub given: Vec<Given>,
    /// The words from the first that is no flag.
    pub words: Vec<OsString>,
    /// Whether help was asked for.
    pub help: Option<Help>,
}

/// Takes a command line apart. Flags end at `--`; before a command that is to run, at the first word that is no flag.
pub fn parse(command: &'static Command, arguments: Vec<OsString>) -> Result<Parsed, Failure> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut parsed = Parsed {
        given: Vec::new(),
        words: Vec::new(),
        help: None,
    };
    while let Some(argument) = parser.next().map_err(|error| wrong(command, &error))? {
        let name = match argument {
            Arg::Value(word) if command.keys == Keys::NotTaken => {
                parsed.words.push(word);
                continue;
            }
            Arg::Value(first) => {
                parsed.words.push(first);
                parsed
                    .words
                    .extend(parser.raw_args().map_err(|error| wrong(command, &error))?);
                break;
            }
            Arg::Long(name) => name.to_owned(),
            Arg::Short(letter) => {
                match command.flags.iter().find(|flag| flag.short == Some(letter)) {
                    Some(flag) if flag.name == HELP.name => {
                        parsed.help = Some(Help::Short);
                        return Ok(parsed);
                    }
                    Some(flag) => flag.name.to_owned(),
                    None => return Err(unknown(command, &format!("-{letter}"), None)),
                }
            }
        };
        if name == HELP.name && !command.flags.is_empty() {
            parsed.help = Some(Help::Long);
            return Ok(parsed);
        }
        parsed.given.push(given(command, &name, &mut parser)?);
    }
    Ok(parsed)
}

fn given(
    command: &'static Command,
    name: &str,
    parser: &mut lexopt::Parser,
) -> Result<Given, Failure> {
    let value =
        |parser: &mut lexopt::Parser| parser.value().map_err(|error| wrong(command, &error));
    if let Some(flag) = command.flags.iter().find(|flag| flag.name == name) {
        let value = if flag.value.is_some() {
            value(parser)?
        } else {
            OsString::new()
        };
        return Ok(Given::Own {
            name: flag.name,
            value,
        });
    }
    if command.keys == Keys::Taken {
        let positive = keys::find(name).filter(|key| key.flag == FlagForm::Flag);
        let negative = name.strip_prefix("no-").and_then(keys::find);
        match (positive, negative) {
            (Some(key), _) if matches!(key.kind, Kind::Switch { .. }) => {
                return Ok(Given::Key {
                    key,
                    said: Said::On,
                });
            }
            (Some(key), _) => {
                return Ok(Given::Key {
                    key,
                    said: Said::Value(value(parser)?),
                });
            }
            (None, Some(key)) if matches!(key.kind, Kind::Switch { .. }) => {
                return Ok(Given::Key {
                    key,
                    said: Said::Off,
                });
            }
            _ => {}
        }
    }
    let long = format!("--{name}");
    let hint = file_only(command, name).or_else(|| suggestion(command, name));
    Err(unknown(command, &long, hint))
}

fn file_only(command: &Command, name: &str) -> Option<String> {
    let key = keys::find(name).filter(|_| command.keys == Keys::Taken)?;
    Some(format!("`{}` is a key of profiles only", key.name))
}

fn suggestion(command: &Command, name: &str) -> Option<String> {
    let opposite = name.strip_prefix("no-").and_then(keys::find);
    if let Some(key) = opposite.filter(|_| command.keys == Keys::Taken) {
        return Some(format!("`--{}` has no opposite: leave it away", key.name));
    }
    let of_keys = KEYS
        .iter()
        .filter(|key| command.keys == Keys::Taken && key.flag == FlagForm::Flag)
        .map(|key| key.name);
    let names: Vec<&str> = command
        .flags
        .iter()
        .map(|flag| flag.name)
        .chain(of_keys)
        .collect();
    if let Some(key) = elsewhere(name).filter(|key| names.contains(key)) {
        return Some(format!("the flag for that is `--{key}`"));
    }
    nearest(name, names).map(|name| format!("did you mean `--{name}`?"))
}

fn unknown(command: &Command, flag: &str, hint: Option<String>) -> Failure {
    let all = format!(
        "`casemate {} -h` lists the flags; those of the command itself go after `--`",
        command.name
    );
    Failure::usage(format!("unknown flag `{flag}`"), hint.unwrap_or(all))
}

fn wrong(command: &Command, error: &lexopt::Error) -> Failure {
    let hint = format!("see `casemate {} -h`", command.name);
    match error {
        lexopt::Error::MissingValue { option } => Failure::usage(
            format!(
                "`{}` needs a value",
                option.as_deref().unwrap_or("the flag")
            ),
            hint,
        ),
        lexopt::Error::UnexpectedValue { option, value } => Failure::usage(
            format!(
                "`{option}` takes no value, and has `{}`",
                value.to_string_lossy()
            ),
            hint,
        ),
        other => Failure::usage(other.to_string(), hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{self, command};

    fn run(words: &[&str]) -> Result<Parsed, String> {
        let command = command("run").expect("there is `run`");
        parse(command, words.iter().map(OsString::from).collect()).map_err(
            |failure| match failure {
                Failure::Usage { what, hint } => format!("{what}; {}", hint.unwrap_or_default()),
                other => format!("{other:?}"),
            },
        )
    }

    #[test]
    fn flags_end_at_the_command() {
        let cases: [(&[&str], usize, &[&str]); 7] = [
            (
                &["--read", "/a", "--", "ls", "--", "-l"],
                1,
                &["ls", "--", "-l"],
            ),
            (
                &["--read=/a", "ls", "--read", "/b"],
                1,
                &["ls", "--read", "/b"],
            ),
            (&["ls", "--help"], 0, &["ls", "--help"]),
            (&["--", "--help"], 0, &["--help"]),
            (&["--no-system", "--landlock"], 2, &[]),
            (&["-qn", "-p", "f", "--", "x"], 3, &["x"]),
            (&["--", "a", "--", "b"], 0, &["a", "--", "b"]),
        ];
        for (line, flags, words) in cases {
            let parsed = run(line).expect("is understood");
            assert_eq!((parsed.given.len(), parsed.help), (flags, None), "{line:?}");
            assert_eq!(
                parsed.words,
                words.iter().map(OsString::from).collect::<Vec<_>>(),
                "{line:?}"
            );
        }
        assert_eq!(
            run(&["--read", "/a", "-h"]).map(|p| p.help),
            Ok(Some(Help::Short))
        );
        assert_eq!(run(&["--help"]).map(|p| p.help), Ok(Some(Help::Long)));
    }

    #[test]
    fn what_is_not_understood_is_told_with_what_may_help() {
        let cases: [(&[&str], &str); 8] = [
            (
                &["--raed", "/a"],
                "unknown flag `--raed`; did you mean `--read`?",
            ),
            (
                &["--ro-bind", "/a"],
                "unknown flag `--ro-bind`; the flag for that is `--read`",
            ),
            (
                &["--extends", "a"],
                "unknown flag `--extends`; `extends` is a key of profiles only",
            ),
            (
                &["--no-read"],
                "unknown flag `--no-read`; `--read` has no opposite: leave it away",
            ),
            (
                &["-z"],
                "unknown flag `-z`; `casemate run -h` lists the flags; those of the command itself go after `--`",
            ),
            (&["--read"], "`--read` needs a value; see `casemate run -h`"),
            (
                &["--dry-run=yes"],
                "`--dry-run` takes no value, and has `yes`; see `casemate run -h`",
            ),
            (
                &["--system=no"],
                "`--system` takes no value, and has `no`; see `casemate run -h`",
            ),
        ];
        for (line, message) in cases {
            assert_eq!(run(line).err().as_deref(), Some(message), "{line:?}");
        }
    }

    #[test]
    fn names_and_letters_are_taken_once() {
        for command in commands::all() {
            let of_keys = KEYS
                .iter()
                .filter(|_| command.keys == Keys::Taken)
                .map(|key| key.name);
            let mut names: Vec<&str> = command
                .flags
                .iter()
                .map(|flag| flag.name)
                .chain(of_keys)
                .collect();
            let mut letters: Vec<char> =
                command.flags.iter().filter_map(|flag| flag.short).collect();
            names.sort_unstable();
            letters.sort_unstable();
            assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
            assert!(
                letters.windows(2).all(|pair| pair[0] != pair[1]),
                "{letters:?}"
            );
        }
    }
}
