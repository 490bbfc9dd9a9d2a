//! The command line: one table of verbs and flags, of which parsing, help, man page and completions are made.

pub mod completions;
mod examples;
mod help;
pub mod man;
mod parse;
mod table;

#[cfg(test)]
pub use parse::Rootless;
pub use parse::{Call, CgroupManager, Globals, absolute};

use crate::log::{Format, Level, Log};
use crate::state::Root;
use std::ffi::OsString;
use std::process::ExitCode;

/// Exit code of a failure of the runtime itself.
pub const FAILED: u8 = 1;

/// Runs the verb that the command line names.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let parsed = match parse::parse(arguments.collect()) {
        Ok(parsed) => parsed,
        Err(wrong) => {
            let log = wrong.log.unwrap_or(Log {
                file: None,
                format: Format::Text,
                debug: false,
            });
            return report(&log, &wrong.failure);
        }
    };
    let (verb, call) = match parsed {
        parse::Parsed::Say(text) => return say(&text),
        parse::Parsed::Verb(verb, call) => (verb, call),
    };
    match (verb.run)(&call) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => report(&call.globals.log, &failure),
    }
}

/// Logs why it failed.
fn report(log: &Log, failure: &crate::failure::Failure) -> ExitCode {
    if let Some(hint) = failure.hint() {
        log.write(Level::Error, &format!("{failure}; {hint}"));
    } else {
        log.write(Level::Error, &failure.to_string());
    }
    ExitCode::from(FAILED)
}

/// Prints to standard output.
pub fn print(text: &str) -> Result<(), crate::failure::Failure> {
    use std::io::Write;
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Ok(()),
        // Nobody wants to read more.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(crate::failure::Failure::new(format!(
            "cannot write to standard output: {error}"
        ))),
    }
}

fn say(text: &str) -> ExitCode {
    match print(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(FAILED),
    }
}

impl Globals {
    /// The directory of states.
    pub fn states(&self) -> Root {
        Root::new(self.root.clone())
    }
}
