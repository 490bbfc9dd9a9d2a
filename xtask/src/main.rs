//! Generators, checks and benches of the project.
#![forbid(unsafe_code)]

use std::process::ExitCode;

mod names;

const USAGE: &str = "\
usage: cargo xtask COMMAND
  names [--check]    write the kernel's name tables, or tell whether they are fresh";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[][..]),
    };
    match command {
        "names" => names::run(rest),
        "help" | "--help" => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
