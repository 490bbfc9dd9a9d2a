//! The programs whose formats these are, as witnesses: what they say of a file is compared with what is read.

mod firejail;
mod systemd;

use casemate_formats::profile;
use casemate_formats::reader::{Context, Files};
use casemate_model::host::Subordinate;
use casemate_model::names::{Arch, KernelVersion};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says that a test did not run here; `cargo xtask test` counts these lines.
fn skip(test: &str, reason: &str) {
    let line = format!("SKIP {test}: {reason}\n");
    print!("{line}");
    if let Some(log) = std::env::var_os("CASEMATE_SKIP_LOG") {
        use std::io::Write;
        let log = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(log);
        let written = log.and_then(|mut log| log.write_all(line.as_bytes()));
        written.expect("the log of skipped tests is written");
    }
}

/// Tells whether a program is there.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output();
    found.is_ok()
}

/// The machine's files.
struct Machine;

impl Files for Machine {
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&mut self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path)? {
            names.push(path.join(entry?.file_name()));
        }
        names.sort();
        Ok(names)
    }
}

/// Does something with a context whose files are the machine's.
fn on_machine<T>(then: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let caller = profile::Context {
        directory: Some(PathBuf::from("/")),
        home: Some(PathBuf::from("/root")),
        uid: 0,
        gid: 0,
        environment: BTreeSet::new(),
        subordinate: Subordinate::default(),
    };
    let environment = BTreeMap::new();
    let mut context = Context {
        engine: None,
        caller: &caller,
        files: &mut Machine,
        configuration: None,
        environment: &environment,
        archs: &[Arch::X86_64, Arch::I386, Arch::X32],
        kernel: KernelVersion::new(6, 18),
    };
    then(&mut context)
}
