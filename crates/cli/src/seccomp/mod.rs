//! `casemate seccomp`: syscall filters, one module a verb.
#![expect(
    clippy::format_push_string,
    reason = "the texts are short, and the error of write! on a String cannot happen"
)]

mod call;
mod check;
mod compile;
mod diff;
mod dump;
mod eval;
mod explain;
mod fix;
mod fuse;
mod input;
mod list;
mod live;
mod settings;
mod stats;
mod syscalls;
pub mod table;
mod target;

use crate::commands::Command;
use crate::failure::{Failure, USAGE};
use crate::{color, flags, help, output};
use casemate_model::names::suggest::nearest;
use settings::Settings;
use std::ffi::{OsStr, OsString};
use std::process::ExitCode;
use table::{SECCOMP, VERBS};

/// What a verb came to: its exit code.
type Outcome = Result<ExitCode, Failure>;

/// The exit code of filters that differ, or have a hole.
const FOUND: u8 = 1;

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    match run(arguments) {
        Ok(code) => code,
        Err((failure, color)) => failure.report(USAGE, color),
    }
}

fn run(arguments: Vec<OsString>) -> Result<ExitCode, (Failure, color::Choice)> {
    let plain = |failure| (failure, color::Choice::Auto);
    let mut arguments = arguments.into_iter();
    let Some(name) = arguments.next() else {
        let hint = "`casemate seccomp -h` lists them".to_owned();
        return Err(plain(Failure::usage("a verb is needed", hint)));
    };
    let shown = match name.to_str() {
        Some("-h") => Some(flags::Help::Short),
        Some("--help") => Some(flags::Help::Long),
        _ => None,
    };
    if let Some(much) = shown {
        return done(output::say(&help::of(&SECCOMP, much))).map_err(plain);
    }
    let verb = find(&name).map_err(plain)?;
    let parsed = flags::parse(verb, arguments.collect()).map_err(plain)?;
    if let Some(much) = parsed.help {
        return done(output::say(&help::of(verb, much))).map_err(plain);
    }
    let settings = Settings::of(&parsed.given).map_err(plain)?;
    act(verb, &settings, &parsed.words).map_err(|failure| (failure, settings.color))
}

fn act(verb: &Command, settings: &Settings, words: &[OsString]) -> Outcome {
    match verb.name {
        "seccomp compile" => compile::run(settings, words),
        "seccomp explain" => explain::run(settings, words),
        "seccomp list" => list::run(settings, words),
        "seccomp eval" => eval::run(settings, words),
        "seccomp diff" => diff::run(settings, words),
        "seccomp check" => check::run(settings, words),
        "seccomp dump" => dump::run(settings, words),
        "seccomp stats" => stats::run(settings, words),
        "seccomp syscalls" => syscalls::run(settings, words),
        "seccomp fuse" => fuse::run(settings, words),
        other => Err(unknown(OsStr::new(other))),
    }
}

/// Shows the help of a verb.
pub fn help(name: &OsStr) -> Result<(), Failure> {
    output::say(&help::of(find(name)?, flags::Help::Long))
}

fn find(name: &OsStr) -> Result<&'static Command, Failure> {
    let of = |verb: &'static Command| verb.name.rsplit(' ').next();
    VERBS
        .iter()
        .find(|verb| of(verb) == name.to_str())
        .ok_or_else(|| unknown(name))
}

fn unknown(name: &OsStr) -> Failure {
    let text = name.to_string_lossy();
    let verbs = || VERBS.iter().filter_map(|verb| verb.name.rsplit(' ').next());
    let hint = match nearest(&text, verbs()) {
        Some(near) => format!("did you mean `casemate seccomp {near}`?"),
        None => format!("one of {}", verbs().collect::<Vec<_>>().join(", ")),
    };
    Failure::usage(format!("unknown verb `{text}`"), hint)
}

fn done(result: Result<(), Failure>) -> Outcome {
    result.map(|()| ExitCode::SUCCESS)
}

/// Ends with a code that says something: also when nobody reads the text to its end.
fn concluding(code: u8, said: Result<(), Failure>) -> Outcome {
    match said {
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            Ok(ExitCode::from(code))
        }
        said => said.map(|()| ExitCode::from(code)),
    }
}

/// Takes the one word of a verb.
fn one<'a>(words: &'a [OsString], what: &'static str) -> Result<&'a OsStr, Failure> {
    match words {
        [word] => Ok(word),
        [] => Err(Failure::usage(
            format!("{what} is needed"),
            "a file, - for standard input, pid:N or `ordinary`".to_owned(),
        )),
        [_, more, ..] => Err(Failure::usage(
            format!(
                "one thing at a time, and not `{}` too",
                more.to_string_lossy()
            ),
            None,
        )),
    }
}
