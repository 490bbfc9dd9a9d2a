//! Why a subcommand fails, and with which exit code.

use crate::color::Choice;
use casemate_formats::profile::{Errors, Paint, error::printable};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// The exit code of a command line or a profile that cannot be understood.
pub const USAGE: u8 = 2;

/// The exit code of a question about filters that has no answer.
pub const UNDECIDED: u8 = 3;

/// Why a subcommand fails.
#[derive(Debug)]
pub enum Failure {
    /// The command line cannot be understood.
    Usage {
        /// What is wrong.
        what: String,
        /// What may help.
        hint: Option<String>,
    },
    /// An input cannot be understood or written, for several reasons.
    Input {
        /// What is wrong, each with what may help.
        reasons: Vec<(String, Option<String>)>,
        /// What belongs to the first of them, a line each.
        details: Vec<String>,
    },
    /// The profile or the flags are wrong.
    Profile(Errors),
    /// A file cannot be read or written.
    File {
        /// What was attempted, such as `read profile`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        error: io::Error,
    },
    /// The program of `run` was not started.
    Launch {
        /// Why, with hints on lines of their own.
        what: String,
        /// The exit code: 125, 126 or 127.
        code: u8,
    },
    /// A question that is out of reach: neither yes nor no.
    Undecided(String),
    /// Standard output takes nothing.
    Output(io::Error),
}

impl Failure {
    /// Makes a usage failure.
    pub fn usage(what: impl Into<String>, hint: impl Into<Option<String>>) -> Self {
        Self::Usage {
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// Casemate failed before the program was started.
    pub fn not_started(what: impl Into<String>) -> Self {
        Self::Launch {
            what: what.into(),
            code: 125,
        }
    }

    /// The program is there and cannot be executed.
    pub fn not_executable(what: impl Into<String>) -> Self {
        Self::Launch {
            what: what.into(),
            code: 126,
        }
    }

    /// The program is not there.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::Launch {
            what: what.into(),
            code: 127,
        }
    }

    /// Tells what is wrong on standard error, and returns the exit code.
    pub fn report(&self, usage: u8, color: Choice) -> ExitCode {
        let paint = color.on(&io::stderr());
        match self {
            // The reader has left and wants no more: that is no failure to talk about.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::SUCCESS;
            }
            Self::Usage { what, hint } => {
                let mut text = headed(what, paint);
                if let Some(hint) = hint {
                    text.extend(["   = help: ", &printable(hint), "\n"]);
                }
                tell(&text);
            }
            Self::Input { reasons, details } => {
                let mut text = String::new();
                for (at, (what, hint)) in reasons.iter().enumerate() {
                    text.push_str(&headed(what, paint));
                    for detail in details.iter().filter(|_| at == 0) {
                        text.extend(["  ", &printable(detail), "\n"]);
                    }
                    if let Some(hint) = hint {
                        text.extend(["   = help: ", &printable(hint), "\n"]);
                    }
                }
                tell(&text);
            }
            Self::Launch { what, .. } => {
                let (first, rest) = what.split_once('\n').unwrap_or((what, ""));
                let mut text = headed(first, paint);
                if !rest.is_empty() {
                    text.push_str(rest);
                    text.push('\n');
                }
                tell(&text);
            }
            Self::Profile(errors) => tell(&errors.render(paint)),
            Self::File { doing, path, error } => {
                tell(&headed(
                    &format!("cannot {doing} `{}`: {}", path.display(), reason(error)),
                    paint,
                ));
            }
            Self::Undecided(what) => tell(&headed(what, paint)),
            Self::Output(error) => tell(&headed(
                &format!("cannot write to standard output: {}", reason(error)),
                paint,
            )),
        }
        match self {
            Self::Usage { .. } | Self::Input { .. } | Self::Profile(_) => ExitCode::from(usage),
            Self::Launch { code, .. } => ExitCode::from(*code),
            Self::Undecided(_) => ExitCode::from(UNDECIDED),
            Self::File { .. } | Self::Output(_) => ExitCode::from(usage.max(1)),
        }
    }
}

impl From<casemate_enforce::PlanError> for Failure {
    fn from(error: casemate_enforce::PlanError) -> Self {
        Self::not_started(error.to_string())
    }
}

impl From<casemate_enforce::start::StartError> for Failure {
    fn from(error: casemate_enforce::start::StartError) -> Self {
        Self::not_started(error.to_string())
    }
}

fn headed(what: &str, paint: Paint) -> String {
    match paint {
        Paint::Plain => format!("error: {}\n", printable(what)),
        Paint::Ansi => format!(
            "\x1b[1;31merror\x1b[0m: \x1b[1m{}\x1b[0m\n",
            printable(what)
        ),
    }
}

/// Writes to standard error. When nobody reads that, there is nobody to tell, so a failure changes nothing.
pub fn tell(text: &str) {
    match io::stderr().lock().write_all(text.as_bytes()) {
        Ok(()) | Err(_) => {}
    }
}

/// The system's reason without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or(&text)
        .to_lowercase()
}
