//! What holds of every format, tested on `corpus/FORMAT/`.
//!
//! A file `good-NAME` is read without an error; `good-NAME.EXT.show` beside it tells what was read. A file `bad-NAME` is
//! refused; `bad-NAME.EXT.txt` tells why. Other files are there to be included. `CASEMATE_BLESS=1` writes what tells.

mod good;
mod hostile;
mod inject;
mod show;

use casemate_formats::profile;
use casemate_formats::reader::{Context, Files};
use casemate_formats::{FORMATS, Format};
use casemate_model::host::Subordinate;
use casemate_model::names::{Arch, KernelVersion};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Formats whose files stand elsewhere, with tests of their own.
const ELSEWHERE: [&str; 1] = ["profile"];

/// The fewest files of a format.
const FEWEST: usize = 8;

/// A format's directory of the corpus, and nothing outside of it.
pub(crate) struct Corpus {
    directory: PathBuf,
}

impl Corpus {
    fn of(format: &Format) -> Self {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
        Self {
            directory: corpus.join(format.name),
        }
    }

    fn inside(&self, path: &Path) -> io::Result<PathBuf> {
        let plain = |part| matches!(part, std::path::Component::Normal(_));
        let mut clean = PathBuf::new();
        for part in path.components() {
            match part {
                std::path::Component::CurDir => {}
                part if plain(part) => clean.push(part),
                _ => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        Ok(self.directory.join(clean))
    }

    /// The files whose names begin so, with their contents.
    fn files(&self, prefix: &str) -> Vec<(String, Vec<u8>)> {
        let Ok(entries) = std::fs::read_dir(&self.directory) else {
            return Vec::new();
        };
        let mut files: Vec<(String, Vec<u8>)> = entries
            .map(|entry| entry.expect("an entry"))
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().into_string().expect("UTF-8"))
            .filter(|name| name.starts_with(prefix))
            .filter(|name| {
                let end = Path::new(name).extension().and_then(|end| end.to_str());
                !matches!(end, Some("show" | "txt"))
            })
            .map(|name| {
                let bytes = std::fs::read(self.directory.join(&name)).expect("a file");
                (name, bytes)
            })
            .collect();
        files.sort();
        files
    }

    /// Compares with a file of the corpus, or writes it when the test is told to.
    fn expect(&self, name: &str, found: &str, failures: &mut Vec<String>) {
        let path = self.directory.join(name);
        if std::env::var_os("CASEMATE_BLESS").is_some() {
            std::fs::write(&path, found).expect("written");
            return;
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some(difference) = difference(&expected, found) {
            failures.push(format!("{}: {difference}", path.display()));
        }
    }
}

fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let mut lines = expected.lines().zip(found.lines()).enumerate();
    let (number, expected_line, found_line) = lines.find(|(_, (a, b))| a != b).map_or_else(
        || (expected.lines().count().min(found.lines().count()), "", ""),
        |(number, (a, b))| (number, a, b),
    );
    Some(format!(
        "line {}: expected {expected_line:?}, found {found_line:?} (CASEMATE_BLESS=1 writes what is found)",
        number + 1
    ))
}

impl Files for Corpus {
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(self.inside(path)?)
    }

    fn list(&mut self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.inside(path)?)? {
            names.push(path.join(entry?.file_name()));
        }
        names.sort();
        Ok(names)
    }
}

/// Who reads: an ordinary user on `x86_64`.
pub(crate) fn caller() -> profile::Context {
    profile::Context {
        directory: Some(PathBuf::from("/home/ada/project")),
        home: Some(PathBuf::from("/home/ada")),
        uid: 1000,
        gid: 1000,
        environment: ["HOME", "LANG", "PATH"].map(str::to_owned).into(),
        subordinate: Subordinate::default(),
    }
}

/// Does something with a context.
pub(crate) fn with_context<T>(
    files: &mut dyn Files,
    then: impl FnOnce(&mut Context<'_>) -> T,
) -> T {
    let caller = caller();
    let environment: BTreeMap<String, String> = [("HOME", "/home/ada"), ("TAG", "1.27")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let mut context = Context {
        engine: None,
        caller: &caller,
        files,
        configuration: None,
        environment: &environment,
        archs: &[Arch::X86_64, Arch::I386],
        kernel: KernelVersion::new(6, 12),
    };
    then(&mut context)
}

/// Each format with its corpus.
fn formats() -> impl Iterator<Item = (&'static Format, Corpus)> {
    FORMATS
        .iter()
        .filter(|format| !ELSEWHERE.contains(&format.name))
        .map(|format| (format, Corpus::of(format)))
}

fn report(failures: &[String]) {
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_format_has_files_good_and_bad() {
    let mut failures = Vec::new();
    for (format, corpus) in formats() {
        let (good, bad) = (corpus.files("good-").len(), corpus.files("bad-").len());
        if good + bad < FEWEST || good == 0 || bad == 0 {
            failures.push(format!(
                "{}: {good} good files and {bad} bad ones",
                format.name
            ));
        }
    }
    report(&failures);
}
