//! Files that a program writes: the one table of generators.

use std::process::ExitCode;

use crate::failure::Failure;
use crate::{docs, names, ready};

/// A generator is a subcommand that writes its files, or with `--check` writes nothing and fails if one is not fresh.
type Generator = (&'static str, fn(&[String]) -> ExitCode);

/// Every generator, explicit: what is not in this table is not checked.
const GENERATORS: &[Generator] = &[
    ("names", names::run),
    ("ready-filters", ready::run),
    ("man", docs::man),
    ("profile-docs", docs::profile),
    ("oci-docs", docs::oci),
    ("format-docs", docs::formats),
];

/// Writes every generated file.
pub fn write() -> Result<ExitCode, Failure> {
    run_all(&[])
}

/// Fails when a generated file is missing or differs.
pub fn check() -> Result<ExitCode, Failure> {
    run_all(&["--check".to_owned()])
}

fn run_all(arguments: &[String]) -> Result<ExitCode, Failure> {
    let failed: Vec<&str> = GENERATORS
        .iter()
        .filter(|(_, run)| run(arguments) != ExitCode::SUCCESS)
        .map(|(name, _)| *name)
        .collect();
    if failed.is_empty() {
        println!("generated files: {} generators, all well", GENERATORS.len());
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::Wrong(format!(
        "generated files are not as they should be ({}): run `cargo xtask generate` and commit the result",
        failed.join(", ")
    )))
}
