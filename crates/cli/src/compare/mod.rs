//! `casemate compare`: what each runtime that is installed here gives by default, seen from outside.
//!
//! Each starts the probe, which only waits; the live reader looks at it. Nothing is taken from documentation.

mod bench;
mod runtimes;
mod view;

use crate::color::Choice;
use crate::commands::{COLOR, Command, FORMAT, HELP, Keys};
use crate::failure::{Failure, tell};
use crate::flags::{self, Given};
use crate::{help, output, run, show};
use bench::Bench;
use casemate_observe::live::Live;
use runtimes::{RUNTIMES, Runtime};
use std::ffi::OsString;
use std::io::{self, IsTerminal};

/// What came of a runtime.
pub struct Seen {
    /// Which.
    pub runtime: &'static Runtime,
    /// How it was called, for people.
    pub called: String,
    /// What it gave, or why it did not start.
    pub result: Result<Live, String>,
}

/// The entry of the table of subcommands.
pub const COMMAND: Command = Command {
    name: "compare",
    synopsis: "[FLAGS] [RUNTIME]...",
    about: "Show what each runtime installed here gives by default, probed live",
    long: &[
        "Starts a program that only waits in each runtime, as its manual's simplest example does, looks at it from outside, and ends it. \
         What a runtime cannot do here is told with its own words. Engines are used only when their daemon answers.",
        "Without names, all that are installed. As root more of them can be looked at.",
    ],
    examples: &[
        ("casemate compare", "a table of all that are installed"),
        (
            "casemate compare bubblewrap runc --format json",
            "two of them, with all fields, for a program to read",
        ),
    ],
    exits: &[
        ("0", "done"),
        ("1", "one that was named could not be started"),
        ("2", "the command line is wrong"),
    ],
    flags: &[FORMAT, COLOR, HELP],
    keys: Keys::NotTaken,
};

static TABLE: Command = COMMAND;

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> Result<(), Failure> {
    let parsed = flags::parse(&TABLE, arguments)?;
    if let Some(wanted) = parsed.help {
        return output::say(&help::of(&TABLE, wanted));
    }
    let (mut form, mut color) = (show::Form::Text, Choice::Auto);
    for flag in &parsed.given {
        let Given::Own { name, value } = flag else {
            continue;
        };
        match *name {
            "format" => form = show::form(value)?,
            "color" => color = run::color(value)?,
            _ => {}
        }
    }
    let wanted: Vec<&'static Runtime> = parsed
        .words
        .iter()
        .map(|word| runtimes::find(word))
        .collect::<Result<_, _>>()?;
    let all = RUNTIMES.iter().filter(|runtime| runtime.is_installed());
    let runtimes: Vec<&'static Runtime> = if wanted.is_empty() {
        all.collect()
    } else {
        wanted
    };
    let bench = Bench::new().map_err(|error| Failure::usage(error, None))?;
    let mut seen = Vec::new();
    for runtime in runtimes {
        if io::stderr().is_terminal() {
            tell(&format!("\r\x1b[Klooking at {}", runtime.name));
        }
        let (called, result) = bench.look(runtime);
        seen.push(Seen {
            runtime,
            called,
            result,
        });
    }
    if io::stderr().is_terminal() {
        tell("\r\x1b[K");
    }
    output::say(&match form {
        show::Form::Text => view::text(&seen, color.on(&io::stdout())),
        show::Form::Json => format!("{}\n", view::json(&seen)),
    })
}
