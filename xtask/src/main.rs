//! Generators, checks, the laboratory and benches of the project: `cargo xtask SUBCOMMAND`.
//!
//! Nothing here is shipped, and nothing here depends on a crate from outside the workspace, so that the first
//! `cargo xtask` of a fresh clone starts in seconds.
#![forbid(unsafe_code)]

mod bench;
mod docs;
mod failure;
mod generated;
mod lab;
mod names;
mod packages;
mod program;
mod ready;
mod suite;

use std::process::ExitCode;

use failure::Failure;

const USAGE: &str = "usage: cargo xtask SUBCOMMAND

  test [ARGS of cargo test]   install what the tests need, run them all, here and in the lab, and count what was skipped
  lab [OPTIONS] -- COMMAND    run a command under a second kernel with cgroup v2 and a security module of your choice
  lab --tests FILTER          run the tests whose name contains FILTER there
  bench run [OPTIONS]         what a launch costs, beside its peers and the least it can cost
  bench oci [OPTIONS]         what a container costs, beside crun and runc and the least it can cost
  bench formats [--rounds N]  what reading and comparing descriptions costs
  bench seccomp --profile F   what a syscall filter costs to compile, load and pass, beside libseccomp's
  generate                    write every generated file
  check-generated             fail when a generated file is not what its generator writes
  man [--check]               write man pages and completions, or tell whether they are fresh
  profile-docs [--check]      the same for the documentation and the schema of profiles
  names [--check]             write the kernel's name tables, or tell whether they are fresh
  names --headers             compare them with the headers of every architecture
  ready-filters [--check]     write the ordinary policy's filter, or tell whether it is fresh";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((subcommand, rest)) = arguments.split_first() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = match subcommand.as_str() {
        "test" => suite::run(rest),
        "lab" => lab::run(rest),
        "bench" => bench::run(rest),
        "generate" => generated::write(),
        "check-generated" => generated::check(),
        "man" => Ok(docs::man(rest)),
        "profile-docs" => Ok(docs::profile(rest)),
        "names" => Ok(names::run(rest)),
        "ready-filters" => Ok(ready::run(rest)),
        "help" | "-h" | "--help" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(Failure::Usage(format!(
            "unknown subcommand {other:?}\n\n{USAGE}"
        ))),
    };
    done.unwrap_or_else(|failure| failure.report())
}
