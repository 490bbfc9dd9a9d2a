//! Debian packages: which are there, and installing those that are not.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{self, Caller};

/// The one list of what the tests need.
const FOR_TESTS: &str = include_str!("../test-packages.txt");

/// Installs what the tests use. Tests skip aloud what they miss, so nothing here is fatal.
pub fn ensure_for_tests() {
    let wanted: Vec<&str> = FOR_TESTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    if let Err(reason) = ensure(&wanted) {
        eprintln!("packages: {reason}; going on: tests that need them are skipped and counted");
    }
}

/// Installs those of `wanted` that are missing, or says why it cannot.
pub fn ensure(wanted: &[&str]) -> Result<(), String> {
    if !Path::new("/usr/bin/dpkg-query").exists() {
        return Err(format!(
            "this is not Debian; wanted are its packages {}",
            wanted.join(" ")
        ));
    }
    let missing: Vec<&str> = wanted.iter().copied().filter(|p| !installed(p)).collect();
    if missing.is_empty() {
        eprintln!("packages: all {} are there", wanted.len());
        return Ok(());
    }
    let names = missing.join(" ");
    if program::caller() != Caller::Root {
        return Err(format!("missing, and only root can install them: {names}"));
    }
    eprintln!("packages: installing {names}");
    if apt(&["install"], &missing) {
        return Ok(());
    }
    // The lists of a fresh image are absent or old; fetching them costs seconds, so only after a failure.
    eprintln!("packages: apt-get install failed; fetching the package lists and trying once more");
    if apt(&["update"], &[]) && apt(&["install"], &missing) {
        return Ok(());
    }
    // One that this release of Debian does not have must not keep the others away.
    let failed: Vec<&str> = missing
        .into_iter()
        .filter(|package| !apt(&["install"], &[package]))
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("apt-get could not install {}", failed.join(" ")))
}

fn apt(verb: &[&str], packages: &[&str]) -> bool {
    let mut command = Command::new("apt-get");
    command
        .args([
            "--quiet=2",
            "--yes",
            "--no-install-recommends",
            "--option=Dpkg::Use-Pty=0",
        ])
        .args(verb)
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null());
    match program::run(&mut command) {
        Ok(()) => true,
        Err(failure) => {
            eprintln!("packages: {failure}");
            false
        }
    }
}

/// Whether dpkg has the package fully installed.
fn installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${Status}", package]);
    // An unknown package is an error of dpkg-query, and means "not installed" all the same.
    query
        .output()
        .is_ok_and(|output| output.stdout == b"install ok installed")
}
