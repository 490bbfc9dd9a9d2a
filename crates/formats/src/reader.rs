//! What all readers and writers share: the text with its places, the files that it names, problems, and what comes out.
//!
//! A reader does no I/O: [`Files`] brings what an input includes. It reports everything that is wrong at once where it
//! can, and whatever it does not understand as a [`Loss`] with its place.

use crate::loss::Loss;
use casemate_model::names::{Arch, KernelVersion};
use casemate_model::order::FieldId;
use casemate_model::{Origin, Workload};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// An input's text and its name.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// The file, as the user named it.
    pub path: &'a Path,
    /// What is in it.
    pub text: &'a str,
    lines: Vec<usize>,
}

impl<'a> Text<'a> {
    /// Takes an input.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn new(path: &'a Path, bytes: &'a [u8]) -> Result<Self, Problem> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::of(path, text)),
            Err(error) => {
                let valid = error.valid_up_to();
                let before = bytes.get(..valid).unwrap_or_default();
                let line = before.split(|byte| *byte == b'\n').count();
                Err(Problem::new(
                    "not UTF-8",
                    Origin::File {
                        path: path.to_owned(),
                        start: valid,
                        end: valid + 1,
                        line,
                    },
                ))
            }
        }
    }

    /// Takes a text.
    pub fn of(path: &'a Path, text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0)
            .chain(ends.map(|(at, _)| at + 1))
            .collect();
        Self { path, text, lines }
    }

    /// The place of some bytes.
    pub fn origin(&self, start: usize, end: usize) -> Origin {
        Origin::File {
            path: self.path.to_owned(),
            start: start.min(self.text.len()),
            end: end.min(self.text.len()),
            line: self.line(start),
        }
    }

    /// The line, from 1, of a byte.
    pub fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).max(1)
    }

    /// The place of a line and a byte in it, both from 1.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied();
        start.unwrap_or(self.text.len()) + column.saturating_sub(1)
    }

    /// The lines with the place of their first byte.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &'a str)> + '_ {
        let text = self.text;
        self.lines.iter().map(move |start| {
            let rest = text.get(*start..).unwrap_or("");
            let line = rest.split('\n').next().unwrap_or("");
            (*start, line.strip_suffix('\r').unwrap_or(line))
        })
    }

    /// Tells whether the file's name is that of a YAML file.
    pub fn names_yaml(&self) -> bool {
        let extension = self.path.extension().and_then(|end| end.to_str());
        matches!(extension, Some("yaml" | "yml"))
    }
}

/// Something that keeps an input from being read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// Where.
    pub origin: Origin,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    /// States a problem.
    pub fn new(what: impl Into<String>, origin: Origin) -> Self {
        Self {
            what: what.into(),
            origin,
            hint: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\n   = help: {hint}"),
            None => Ok(()),
        }
    }
}

/// Everything that keeps an input from being read; at least one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError {
    /// The problems in the order of the input.
    pub problems: Vec<Problem>,
}

impl From<Problem> for ReadError {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}

/// Brings the files that an input includes. Relative paths are those of the input's directory: the reader joins them.
pub trait Files {
    /// The bytes of a file, at most one more than [`crate::document::MAX_SIZE`].
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>>;
    /// The names of a directory's entries, sorted.
    fn list(&mut self, path: &Path) -> io::Result<Vec<PathBuf>>;
}

/// Has no file.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&mut self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&mut self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

impl Files for BTreeMap<PathBuf, Vec<u8>> {
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        self.get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&mut self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let children = self.keys().filter(|file| file.parent() == Some(path));
        let names: Vec<PathBuf> = children.cloned().collect();
        if names.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(names)
    }
}

/// An engine whose defaults fill what an input leaves out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Engine {
    /// Its name and version, as `Stated::Default` tells it: `docker@20.10`.
    pub label: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its version, major and minor.
    pub version: (u16, u16),
}

/// The engines whose defaults are known; of each name, the newest stands last.
pub const ENGINES: &[Engine] = &[
    engine("docker@20.10", "docker", (20, 10)),
    engine("docker@26.1", "docker", (26, 1)),
    engine("docker@28.5", "docker", (28, 5)),
    engine("podman@4.3", "podman", (4, 3)),
    engine("podman@5.4", "podman", (5, 4)),
    engine("containerd@1.6", "containerd", (1, 6)),
    engine("containerd@2.1", "containerd", (2, 1)),
    engine("cri-o@1.33", "cri-o", (1, 33)),
    engine("lxc@5.0", "lxc", (5, 0)),
    engine("lxc@6.0", "lxc", (6, 0)),
    engine("systemd@252", "systemd", (252, 0)),
    engine("systemd@257", "systemd", (257, 0)),
    engine("rkt@1.30", "rkt", (1, 30)),
    engine("firejail@0.9", "firejail", (0, 9)),
    engine("bubblewrap@0.8", "bubblewrap", (0, 8)),
    engine("minijail@18", "minijail", (18, 0)),
    engine("nsjail@3.4", "nsjail", (3, 4)),
    engine("runtime-spec@1.3", "runtime-spec", (1, 3)),
];

const fn engine(label: &'static str, name: &'static str, version: (u16, u16)) -> Engine {
    Engine {
        label,
        name,
        version,
    }
}

impl Engine {
    /// Finds `docker@20.10`, or the newest known `docker`.
    pub fn find(text: &str) -> Option<Self> {
        let exact = ENGINES.iter().find(|engine| engine.label == text);
        let newest = || ENGINES.iter().rfind(|engine| engine.name == text);
        exact.or_else(newest).copied()
    }
}

/// What an input is read for.
pub struct Context<'a> {
    /// The engine that was named; without one a format takes its own usual one.
    pub engine: Option<Engine>,
    /// Who calls: paths and defaults of some formats depend on it.
    pub caller: &'a crate::profile::Context,
    /// Brings files that are included.
    pub files: &'a mut dyn Files,
    /// The engine's own configuration (`daemon.json`, `containers.conf`): its name and contents. It changes defaults.
    pub configuration: Option<(&'a Path, &'a [u8])>,
    /// Environment variables that an input may refer to.
    pub environment: &'a BTreeMap<String, String>,
    /// The numberings of system calls that the machine serves, its own first.
    pub archs: &'a [Arch],
    /// The kernel, for rules that depend on it.
    pub kernel: KernelVersion,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl Context<'_> {
    /// The engine that was named when it is one of these, else the newest of the first.
    pub fn engine_of(&self, names: &[&str]) -> Option<Engine> {
        self.engine
            .filter(|engine| names.contains(&engine.name))
            .or_else(|| names.first().and_then(|name| Engine::find(name)))
    }
}

/// What was read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reading {
    /// What runs confined, in the order of the input.
    pub workloads: Vec<Workload>,
    /// What is not carried over, or not understood.
    pub losses: Vec<Loss>,
}

/// What was written.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Files that the text names, such as a syscall profile: their names and contents.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// What is not said as it was. [`crate::convert()`] adds what it finds by reading the text back.
    pub losses: Vec<Loss>,
}

/// Why nothing is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WriteError {
    /// What would be written permits more, in these ways.
    Looser(Vec<Loss>),
    /// The format holds one, and there are several.
    Several {
        /// Their names.
        names: Vec<String>,
    },
    /// Something that the format needs is not stated.
    Missing {
        /// What.
        what: &'static str,
    },
    /// A value that cannot be written at all, such as a text with a line break in a format of lines.
    Unwritable {
        /// The field, when it is one.
        field: Option<FieldId>,
        /// What is wrong.
        why: String,
    },
    /// The format has no writer.
    NoWriter,
    /// What was written cannot be read back: a defect of Casemate's.
    NotReadBack(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Looser(losses) => {
                f.write_str("what would be written permits more than what was read")?;
                for loss in losses {
                    write!(f, "\n  {loss}")?;
                }
                f.write_str("\n   = help: --allow-loss writes it all the same, and lists this")
            }
            Self::Several { names } => write!(
                f,
                "the format holds one, and there are {}: {}\n   = help: name one, as FILE#{}",
                names.len(),
                names.join(", "),
                names.first().map_or("NAME", String::as_str)
            ),
            Self::Missing { what } => {
                write!(f, "nothing is said about {what}, which the format needs")
            }
            Self::Unwritable {
                field: Some(field),
                why,
            } => write!(f, "{field} cannot be written: {why}"),
            Self::Unwritable { field: None, why } => write!(f, "cannot be written: {why}"),
            Self::NoWriter => f.write_str("the format is only read"),
            Self::NotReadBack(why) => write!(f, "what was written cannot be read back: {why}"),
        }
    }
}

impl std::error::Error for WriteError {}
