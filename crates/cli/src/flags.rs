//! The one table of subcommands and flags. Help texts, man pages and completions are made of it.

use crate::failure::Failure;
use casemate_formats::profile::keys::{self, FlagForm, Form, KEYS, Key, Kind, Topic};
use casemate_formats::profile::{elsewhere, flags::Said};
use casemate_model::names::suggest::nearest;
use lexopt::Arg;
use std::ffi::OsString;

/// A subcommand.
#[derive(Debug)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// What stands after it, in the synopsis.
    pub synopsis: &'static str,
    /// One line.
    pub about: &'static str,
    /// Paragraphs.
    pub long: &'static [&'static str],
    /// Commands with what they do.
    pub examples: &'static [(&'static str, &'static str)],
    /// Exit codes with what they mean.
    pub exits: &'static [(&'static str, &'static str)],
    /// Its own flags.
    pub flags: &'static [Flag],
    /// Whether the keys of a profile are flags, too.
    pub keys: Keys,
}

/// Whether the keys of a profile are flags of a subcommand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keys {
    /// They are.
    Taken,
    /// They are not.
    NotTaken,
}

/// A flag that is no key of a profile.
#[derive(Debug)]
pub struct Flag {
    /// Its name, after `--`.
    pub name: &'static str,
    /// Its letter, after `-`.
    pub short: Option<char>,
    /// What its value is called; none when it takes none.
    pub value: Option<&'static str>,
    /// What the value can be, when that is known.
    pub words: Words,
    /// One line.
    pub help: &'static str,
    /// What else there is to know.
    pub long: &'static str,
}

/// What a value can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Words {
    /// Anything.
    Any,
    /// A file.
    File,
    /// One of these.
    Of(&'static [&'static str]),
}

const PROFILE: Flag = Flag {
    name: "profile",
    short: Some('p'),
    value: Some("FILE"),
    words: Words::File,
    help: "Take the command and its grants from this profile",
    long: "Flags count after the profile: they add grants to it and take the place of its single values.",
};

const COLOR: Flag = Flag {
    name: "color",
    short: None,
    value: Some("WHEN"),
    words: Words::Of(crate::color::Choice::WORDS),
    help: "Colour messages: auto, always or never",
    long: "With auto there are colours on a terminal, unless NO_COLOR is set.",
};

const HELP: Flag = Flag {
    name: "help",
    short: Some('h'),
    value: None,
    words: Words::Any,
    help: "Show help; -h is short, --help is long",
    long: "",
};

const RUN_FLAGS: &[Flag] = &[
    PROFILE,
    Flag {
        name: "dry-run",
        short: Some('n'),
        value: None,
        words: Words::Any,
        help: "Print the plan, step by step, and execute nothing",
        long: "",
    },
    Flag {
        name: "explain",
        short: None,
        value: None,
        words: Words::Any,
        help: "Tell at the end what was refused, why, and what would permit it",
        long: "The program runs as it would without this flag, somewhat slower; nothing is loosened.",
    },
    Flag {
        name: "report",
        short: None,
        value: Some("FILE"),
        words: Words::File,
        help: "Write what was asked for and what is in force to this file, as JSON",
        long: "For each facet: requested, actual, and the gap between them.",
    },
    Flag {
        name: "best-effort",
        short: None,
        value: Some("FACET"),
        words: Words::Of(&casemate_model::Confinement::FACETS),
        help: "Run even if this facet of the confinement cannot be enforced here",
        long: "Without it, what this host cannot enforce is an error. What is not enforced is told on standard error and in \
               the report. Can be given several times.",
    },
    Flag {
        name: "verbose",
        short: Some('v'),
        value: None,
        words: Words::Any,
        help: "Say more on standard error",
        long: "",
    },
    Flag {
        name: "quiet",
        short: Some('q'),
        value: None,
        words: Words::Any,
        help: "Say nothing on standard error but errors",
        long: "",
    },
    COLOR,
    HELP,
];

const FORMAT: Flag = Flag {
    name: "format",
    short: None,
    value: Some("FORMAT"),
    words: Words::Of(&["text", "json"]),
    help: "How to show it: text or json",
    long: "",
};

const SHOW_FLAGS: &[Flag] = &[PROFILE, FORMAT, COLOR, HELP];

/// All subcommands.
pub static COMMANDS: &[Command] = &[
    Command {
        name: "run",
        synopsis: "[FLAGS] [--] COMMAND [ARG]...",
        about: "Run a program in a tight compartment",
        long: &[
            "With no flag the program sees the system's directories and the directory that you are in, and can change \
             neither; it has a /tmp of its own, no network, no capability, none of your other files and little of your \
             environment. Each grant is one flag, and one line of a profile with the same name.",
            "Flags end at `--` or at the first word that is no flag: what follows is the command.",
        ],
        examples: &[
            (
                "casemate run -- sh -c 'id; ls /'",
                "look around in the compartment by default",
            ),
            (
                "casemate run --read ~/src --write ./target -- cargo build",
                "let a build read your sources and write its results",
            ),
            (
                "casemate run --network host --connect 443,53/udp -- curl https://example.org",
                "let a program fetch over HTTPS",
            ),
            (
                "casemate run --profile redis.toml",
                "take the command and its grants from a profile",
            ),
            (
                "casemate run --explain -- ./program",
                "find out which grants a program needs",
            ),
        ],
        exits: &[
            (
                "0-124",
                "the program's own exit code (which can be a larger one, too)",
            ),
            ("125", "Casemate failed before the program started"),
            ("126", "the command was found and cannot be executed"),
            ("127", "the command was not found"),
            ("128+N", "the program was ended by signal N"),
        ],
        flags: RUN_FLAGS,
        keys: Keys::Taken,
    },
    Command {
        name: "show",
        synopsis: "[FLAGS] [[--] COMMAND [ARG]...]",
        about: "Show the confinement that `run` would enforce, and where each value comes from",
        long: &["Takes the same profile and grants as `casemate run`, and executes nothing."],
        examples: &[
            ("casemate show", "show the compartment by default"),
            (
                "casemate show --profile redis.toml --format json",
                "show what a profile asks for, for a program to read",
            ),
        ],
        exits: &[
            ("0", "done"),
            ("2", "the profile or the command line is wrong"),
        ],
        flags: SHOW_FLAGS,
        keys: Keys::Taken,
    },
    Command {
        name: "doctor",
        synopsis: "[FLAGS]",
        about: "Tell what stands in the way of `run` on this host, and the smallest remedy",
        long: &[
            "Looks at the kernel's settings and tries the steps of a launch in a process that leaves nothing behind. For \
             each thing it says whether it is as it should be, limits what a compartment can do, or stands in the way; \
             what it was told by; what follows; and a command or a line for a file that changes it.",
            "Run it as the user who is to use `casemate run`: the answers differ between users.",
        ],
        examples: &[
            ("casemate doctor", "look at this host"),
            (
                "casemate doctor --format json",
                "the same for a program to read",
            ),
        ],
        exits: &[
            ("0", "`casemate run` works, maybe with limits"),
            ("1", "something stands in the way"),
            ("2", "the command line is wrong"),
        ],
        flags: &[FORMAT, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "help",
        synopsis: "[COMMAND]",
        about: "Show the help of a command",
        long: &[],
        examples: &[("casemate help run", "show the help of `casemate run`")],
        exits: &[("0", "done"), ("2", "there is no such command")],
        flags: &[],
        keys: Keys::NotTaken,
    },
];

/// Finds a subcommand.
pub fn command(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// The keys that are flags, of a topic.
pub fn keys_of(topic: Topic) -> impl Iterator<Item = &'static Key> {
    KEYS.iter()
        .filter(move |key| key.topic == topic && key.flag == FlagForm::Flag)
}

/// What a key's value can be.
pub fn words_of(key: &Key) -> Words {
    match key.kind {
        Kind::One(Form::Choice(words)) | Kind::List(Form::Choice(words)) => Words::Of(words),
        Kind::One(Form::Path) | Kind::List(Form::Path) | Kind::OneOrList(Form::Path) => Words::File,
        _ => Words::Any,
    }
}

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

/// Takes a command line apart. Flags end at `--` or at the first word that is no flag.
pub fn parse(command: &'static Command, arguments: Vec<OsString>) -> Result<Parsed, Failure> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut parsed = Parsed {
        given: Vec::new(),
        words: Vec::new(),
        help: None,
    };
    while let Some(argument) = parser.next().map_err(|error| wrong(command, &error))? {
        let name = match argument {
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
        for command in COMMANDS {
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
