//! `cargo xtask bench`: what a launch costs, beside its peers and beside the least it can cost.
//!
//! The numbers are for people: no test asserts a time. Contenders run interleaved and in alternating order, so that a change
//! of the machine's load falls on all of them; the spread of plain `/bin/true` is the machine's noise. The floor is
//! bench/floor.c. See docs/bench.md for how to read the output.

mod contender;
mod formats;
mod isolation;
mod launch;
mod measure;
mod oci;
mod place;
mod report;
mod resident;
mod seccomp;
mod usage;

use std::process::ExitCode;

use crate::failure::Failure;
use crate::packages;
use crate::program::{self, Caller};

pub use place::Place;

const USAGE: &str = "usage: cargo xtask bench run [OPTIONS]

  --rounds N            each round starts every contender twice, there and back (60)
  --flags \"FLAGS\"       for `casemate run`, instead of none
  --only NAME,NAME      these contenders; plain, floor and bwrap are needed for the ratios
  --hyperfine           hyperfine's opinion too, as a cross-check: sequential, and in no ratio
  --json                on standard output, instead of the tables

Installs bubblewrap, firejail, hyperfine and strace from Debian when it is root. As root it measures as root, then as an
unprivileged user that it makes for the run and removes.";

/// What to measure.
#[derive(Clone, Debug)]
pub struct Options {
    pub rounds: usize,
    pub flags: Vec<String>,
    pub only: Vec<String>,
    pub hyperfine: Hyperfine,
    pub output: Output,
}

/// Whether hyperfine is asked too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hyperfine {
    Asked,
    LeftOut,
}

/// What standard output is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Tables,
    Json,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let usage = |message: String| Failure::Usage(format!("bench: {message}\n\n{USAGE}"));
        let mut options = Self {
            rounds: 60,
            flags: Vec::new(),
            only: Vec::new(),
            hyperfine: Hyperfine::LeftOut,
            output: Output::Tables,
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .ok_or_else(|| usage(format!("{word} needs a value")))
            };
            match word.as_str() {
                "--rounds" => {
                    let text = value()?;
                    options.rounds = text
                        .parse()
                        .ok()
                        .filter(|rounds| *rounds > 0)
                        .ok_or_else(|| usage(format!("--rounds {text:?} is not a count")))?;
                }
                "--flags" => {
                    options.flags = value()?.split_whitespace().map(str::to_owned).collect();
                }
                "--only" => options.only = value()?.split(',').map(str::to_owned).collect(),
                "--hyperfine" => options.hyperfine = Hyperfine::Asked,
                "--json" => options.output = Output::Json,
                other => return Err(usage(format!("unknown option {other:?}"))),
            }
        }
        Ok(options)
    }
}

/// The subcommand.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    match arguments.split_first() {
        Some((verb, rest)) if verb == "run" => whole(&Options::parse(rest)?),
        Some((verb, rest)) if verb == "seccomp" => seccomp::run(rest),
        Some((verb, rest)) if verb == "formats" => formats::run(rest),
        Some((verb, rest)) if verb == "oci" => oci::run(rest),
        Some((verb, rest)) if verb == "measure-oci" => oci::measure(rest),
        // The inner half, as one user, in a place that is already there; see `measure`.
        Some((verb, rest)) if verb == "measure" => measure::run(rest),
        _ => Err(Failure::Usage(USAGE.to_owned())),
    }
}

fn whole(options: &Options) -> Result<ExitCode, Failure> {
    if let Err(reason) = packages::ensure(&["bubblewrap", "firejail", "hyperfine", "strace"]) {
        eprintln!("packages: {reason}; going on without");
    }
    let place = Place::new()?;
    let mut users = vec![("user", None)];
    let made;
    if program::caller() == Caller::Root {
        made = place::User::new(place.path())?;
        users = vec![("root", None), ("unprivileged", Some(&made))];
    }
    let mut results = Vec::new();
    for (name, user) in users {
        eprintln!("bench: measuring as {name}");
        let text = program::read(&mut place.measurer(user, options))?;
        results.push(report::Results::parse(name, &text));
    }
    match options.output {
        Output::Tables => report::print_tables(&results),
        Output::Json => report::print_json(&results),
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::{Hyperfine, Options, Output};

    #[test]
    fn options_are_read() {
        let words = [
            "--rounds",
            "3",
            "--flags",
            "--a b",
            "--only",
            "floor,bwrap",
            "--json",
        ];
        let options = Options::parse(&words.map(str::to_owned)).unwrap();
        assert_eq!(options.rounds, 3);
        assert_eq!(options.flags, ["--a", "b"]);
        assert_eq!(options.only, ["floor", "bwrap"]);
        assert_eq!(options.output, Output::Json);
        assert_eq!(options.hyperfine, Hyperfine::LeftOut);
        for bad in [&["--rounds", "0"][..], &["--rounds"], &["--nosuch"]] {
            let words: Vec<String> = bad.iter().map(|w| (*w).to_owned()).collect();
            assert!(Options::parse(&words).is_err(), "{bad:?}");
        }
    }
}
