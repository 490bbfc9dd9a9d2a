//! `cargo xtask bench oci`: what a container costs under `casemate-oci`, Debian's crun and runc, and at least.
//!
//! All run the same bundles. Rounds go there and back over every contender; numbers are medians with their 10th and 90th
//! percentiles. The floor is bench/floor3.c. See docs/bench.md.

mod bundle;
mod contender;
mod measure;
mod profile;
mod report;

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use super::{Output, Place};
use crate::failure::Failure;
use crate::packages;
use crate::program::{self, Caller};

const USAGE: &str = "usage: cargo xtask bench oci [OPTIONS]

  --rounds N            each round runs every contender twice, there and back (30)
  --profile FILE        Docker's default.json; by default Podman's /usr/share/containers/seccomp.json, which is made of it
  --only NAME,NAME      these contenders; floor, casemate, crun and runc are needed for the ratios
  --at-once N           containers that are started at once (200)
  --json                on standard output, instead of the tables

Needs root. Installs crun, runc, strace and busybox-static from Debian. Where the machine has control groups of both versions, it
measures in mounts of its own without version 2: crun refuses a machine that has both.";

/// What Debian's golang-github-containers-common brings.
const PROFILE: &str = "/usr/share/containers/seccomp.json";

struct Options {
    rounds: usize,
    profile: PathBuf,
    only: Vec<String>,
    at_once: usize,
    output: Output,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let usage = |message: String| Failure::Usage(format!("bench: {message}\n\n{USAGE}"));
        let mut options = Self {
            rounds: 30,
            profile: PROFILE.into(),
            only: Vec::new(),
            at_once: 200,
            output: Output::Tables,
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .ok_or_else(|| usage(format!("{word} needs a value")))
            };
            let count = |text: &str| {
                let number = text.parse().ok().filter(|count| *count > 0);
                number.ok_or_else(|| usage(format!("{text:?} is not a count")))
            };
            match word.as_str() {
                "--rounds" => options.rounds = count(value()?)?,
                "--at-once" => options.at_once = count(value()?)?,
                "--profile" => options.profile = value()?.into(),
                "--only" => options.only = value()?.split(',').map(str::to_owned).collect(),
                "--json" => options.output = Output::Json,
                other => return Err(usage(format!("unknown option {other:?}"))),
            }
        }
        Ok(options)
    }
}

/// The subcommand.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options = Options::parse(arguments)?;
    if program::caller() != Caller::Root {
        return Err(Failure::Wrong("containers are measured as root".to_owned()));
    }
    let wanted = [
        "crun",
        "runc",
        "strace",
        "busybox-static",
        "golang-github-containers-common",
    ];
    if let Err(reason) = packages::ensure(&wanted) {
        eprintln!("packages: {reason}; going on without");
    }
    let place = Place::new()?;
    bundle::write_all(place.path(), &options.profile)?;
    let records = program::read(&mut inside(&place, &options))?;
    let results = report::Results::parse(&records);
    match options.output {
        Output::Tables => results.print_tables(options.at_once),
        Output::Json => results.print_json(),
    }
    Ok(ExitCode::SUCCESS)
}

/// The command that measures, in mounts of its own.
fn inside(place: &Place, options: &Options) -> Command {
    let script = "if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi; exec \"$@\"";
    let mut command = Command::new("unshare");
    command
        .args([
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(place.path().join("xtask"))
        .args(["bench", "measure-oci"])
        .arg(place.path())
        .arg(options.rounds.to_string())
        .arg(options.at_once.to_string())
        .arg(options.only.join(","))
        .stdin(Stdio::null());
    command
}

/// The inner half; see `inside`.
pub fn measure(arguments: &[String]) -> Result<ExitCode, Failure> {
    measure::run(arguments)
}

#[cfg(test)]
mod tests {
    use super::{Options, Output};

    #[test]
    fn options_are_read() {
        let words = [
            "--rounds",
            "3",
            "--only",
            "floor,crun",
            "--at-once",
            "9",
            "--json",
        ];
        let options = Options::parse(&words.map(str::to_owned)).unwrap();
        assert_eq!((options.rounds, options.at_once), (3, 9));
        assert_eq!(options.only, ["floor", "crun"]);
        assert_eq!(options.output, Output::Json);
        for bad in [&["--rounds", "0"][..], &["--profile"], &["--nosuch"]] {
            let words: Vec<String> = bad.iter().map(|w| (*w).to_owned()).collect();
            assert!(Options::parse(&words).is_err(), "{bad:?}");
        }
    }
}
