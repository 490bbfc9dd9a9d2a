//! `cargo xtask test`: everything the tests need, then all of them, here and in the lab, then what was skipped.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::lab::{self, Machine, SecurityModule};
use crate::packages;
use crate::program;

/// Tests in a module of this name run under the lab's kernel, with the security module that belongs to it.
const IN_LAB: &[(&str, SecurityModule)] = &[
    ("in_lab::", SecurityModule::AppArmor),
    ("in_lab_selinux::", SecurityModule::SeLinux),
    ("in_lab_smack::", SecurityModule::Smack),
];

/// The subcommand. Arguments go to `cargo test`, and the lab is left out then: they name a part of the tests.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    packages::ensure_for_tests();
    let log = program::workspace().join("target/skipped.log");
    if let Some(directory) = log.parent() {
        fs::create_dir_all(directory).map_err(Failure::file(directory))?;
    }
    fs::write(&log, "").map_err(Failure::file(&log))?;

    // The programs first: tests of one package run the programs of another, which `cargo test` would not build.
    program::run(program::cargo().args(["build", "--quiet", "--workspace", "--bins"]))?;
    let mut failures = Vec::new();
    if let Err(failure) = on_this_kernel(arguments, &log) {
        failures.push(failure);
    }
    if arguments.is_empty() {
        for (module, security) in IN_LAB {
            if let Err(failure) = in_lab(module, *security, &log) {
                failures.push(failure);
            }
        }
    }
    print_skipped(&log)?;
    match failures.pop() {
        None => Ok(ExitCode::SUCCESS),
        Some(last) => {
            for failure in failures {
                eprintln!("xtask: {failure}");
            }
            Err(last)
        }
    }
}

fn on_this_kernel(arguments: &[String], log: &Path) -> Result<(), Failure> {
    let split = arguments.iter().position(|a| a == "--");
    let (for_cargo, for_tests) = match split {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[][..]),
    };
    let mut test = program::cargo();
    test.args(["test", "--no-fail-fast"]).args(for_cargo);
    // Beside --workspace, cargo would overlook a package that is named.
    let named = |word: &String| word == "-p" || word.starts_with("--package");
    if !for_cargo.iter().any(named) {
        test.arg("--workspace");
    }
    test.arg("--").args(for_tests).env("CASEMATE_SKIP_LOG", log);
    for (module, _) in IN_LAB {
        test.args(["--skip", module]);
    }
    program::run(&mut test)
}

fn in_lab(module: &str, security: SecurityModule, log: &Path) -> Result<(), Failure> {
    let selected = lab::select(module)?;
    if selected.is_empty() {
        return Ok(());
    }
    println!("lab: the tests in {module} under a second kernel with {security:?}");
    if let Err(failure) = lab::ensure_kernel() {
        let names = selected.iter().flat_map(|s| &s.names);
        let lines: Vec<String> = names.map(|n| format!("SKIP {n}: {failure}\n")).collect();
        let before = fs::read_to_string(log).map_err(Failure::file(log))?;
        return fs::write(log, before + &lines.concat()).map_err(Failure::file(log));
    }
    let mut machine = Machine {
        module: security,
        seconds: 600,
        shared: log.parent().map(Path::to_owned).into_iter().collect(),
        ..Machine::default()
    };
    machine.environment.insert(
        "CASEMATE_SKIP_LOG".to_owned(),
        log.to_string_lossy().into_owned(),
    );
    match lab::run_selected(&machine, module, &selected)? {
        0 => Ok(()),
        code => Err(Failure::Wrong(format!(
            "tests in {module} failed in the lab, code {code}"
        ))),
    }
}

fn print_skipped(log: &Path) -> Result<(), Failure> {
    let text = fs::read_to_string(log).map_err(Failure::file(log))?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    println!("\nskipped on this machine: {}", lines.len());
    for line in lines {
        println!("  {line}");
    }
    Ok(())
}
