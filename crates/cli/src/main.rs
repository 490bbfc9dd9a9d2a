//! The `casemate` program: a thin module a subcommand, and one table of flags for all of them.
//!
//! What a launch does not need is not done on its way: no thread, no big table, no file beside the profile.
#![forbid(unsafe_code)]

mod caller;
mod color;
mod commands;
mod compare;
mod descriptions;
mod doctor;
mod failure;
mod flags;
mod generate;
mod help;
mod json;
mod output;
mod run;
mod seccomp;
mod show;

use failure::Failure;
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(command) = arguments.next() else {
        return finish(output::say(&help::short_overview()), failure::USAGE);
    };
    let rest = || arguments.collect::<Vec<OsString>>();
    match command.to_str() {
        Some("run") => run::main(rest()),
        Some("show") => finish(show::main(rest()), failure::USAGE),
        Some("convert") => finish(descriptions::convert(rest()), failure::USAGE),
        Some("compare") => finish(compare::main(rest()), failure::USAGE),
        Some("diff") => match descriptions::diff(rest()) {
            Ok(code) => code,
            Err(failure) => finish(Err(failure), failure::USAGE),
        },
        Some("seccomp") => seccomp::main(rest()),
        Some("doctor") => doctor::main(rest()),
        Some("generate") => finish(generate::main(rest()), failure::USAGE),
        Some("help") => finish(help::main(&rest()), failure::USAGE),
        Some("-h") => finish(output::say(&help::short_overview()), failure::USAGE),
        Some("--help") => finish(output::say(&help::overview()), failure::USAGE),
        Some("--version" | "-V" | "version") => {
            finish(output::say(&help::version()), failure::USAGE)
        }
        _ => finish(Err(help::unknown_command(&command)), failure::USAGE),
    }
}

/// Reports a failure, and exits with the code of its kind.
fn finish(result: Result<(), Failure>, usage: u8) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(usage, color::Choice::Auto),
    }
}
