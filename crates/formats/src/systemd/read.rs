//! Reads a unit.

use super::exposure::{Exposure, rate};
use super::sandbox::Sandbox;
use super::unit::Unit;
use crate::document::MAX_SIZE;
use crate::loss::Loss;
use crate::reader::{Context, Engine, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::{Origin, Stated, Workload};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The format.
pub const FORMAT: Format = Format {
    name: "systemd",
    about: "a unit of systemd with its drop-ins",
    files: &[
        ".service", ".socket", ".mount", ".swap", ".slice", ".scope", ".conf",
    ],
    detect,
    read,
    write: Some(super::write::write),
};

/// Kinds of units: how the name ends, the section, what the workload is called.
const KINDS: [(&str, &str, &str); 6] = [
    ("service", "Service", "service"),
    ("socket", "Socket", "socket"),
    ("mount", "Mount", "mount"),
    ("swap", "Swap", "swap"),
    ("slice", "Slice", "slice"),
    ("scope", "Scope", "scope"),
];

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let extension = path.extension().and_then(|end| end.to_str()).unwrap_or("");
    let named = KINDS.iter().any(|(end, ..)| *end == extension);
    let section = |name: &str| {
        bytes
            .split(|byte| *byte == b'\n')
            .any(|line| line.trim_ascii() == name.as_bytes())
    };
    let has = KINDS
        .iter()
        .any(|(_, name, _)| section(&format!("[{name}]")));
    match (named, has) {
        (true, true) => Likeness::Certain,
        (false, true) => Likeness::Content,
        (true, false) if section("[Unit]") || bytes.is_empty() => Likeness::Name,
        _ => Likeness::No,
    }
}

/// A unit that was read, and what it is read for.
struct Loaded {
    unit: Unit,
    losses: Vec<Loss>,
    name: String,
    of: &'static str,
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let loaded = load(path, bytes, context)?;
    let mut reader = Reader {
        sandbox: Sandbox::of(&loaded.unit),
        unit: loaded.unit,
        losses: loaded.losses,
        problems: Vec::new(),
        of: loaded.of,
        workload: workload(loaded.name, path, bytes),
    };
    let kind = KINDS
        .iter()
        .find(|(_, section, _)| *section == reader.unit.kind);
    reader.workload.kind = kind.map_or("unit", |(_, _, word)| word);
    reader.settings();
    if reader.command() == Privileges::Full {
        reader.release();
    }
    reader.who();
    reader.rights();
    reader.placements();
    reader.files();
    reader.devices();
    reader.resources();
    reader.network();
    reader.surroundings();
    reader.filter(context);
    if !reader.problems.is_empty() {
        return Err(ReadError {
            problems: reader.problems,
        });
    }
    Ok(Reading {
        workloads: vec![reader.workload],
        losses: reader.losses,
    })
}

fn workload(name: String, path: &Path, bytes: &[u8]) -> Workload {
    let origin = Origin::File {
        path: path.to_owned(),
        start: 0,
        end: bytes.len(),
        line: 1,
    };
    Workload::new(name, "unit", origin)
}

/// With what the command runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Privileges {
    /// As the unit says.
    Unit,
    /// With everything, whatever the unit says.
    Full,
}

/// A unit on its way into a workload.
pub(super) struct Reader {
    pub(super) unit: Unit,
    pub(super) sandbox: Sandbox,
    pub(super) losses: Vec<Loss>,
    pub(super) problems: Vec<Problem>,
    /// Whose defaults fill what is left out.
    pub(super) of: &'static str,
    pub(super) workload: Workload,
}

impl Reader {
    /// States a default.
    pub(super) fn default<T>(&self, value: T) -> Stated<T> {
        Stated::default_of(self.of, value)
    }

    /// States a value at a place, or a default.
    pub(super) fn at<T>(&self, origin: Option<Origin>, value: T) -> Stated<T> {
        match origin {
            Some(origin) => Stated::set(value, origin),
            None => self.default(value),
        }
    }

    /// Says that systemd passes over a value.
    pub(super) fn invalid(&mut self, key: &str, value: &str, origin: Origin) {
        self.losses
            .push(Loss::not_understood(format!("{key}={value}"), origin));
    }

    /// The last valid value of a key; those that are not are reported.
    pub(super) fn value<T>(
        &mut self,
        key: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<(T, Origin)> {
        self.report(key, |value| parse(value).is_some());
        self.unit.last(key, parse)
    }

    /// Reports the values of a key that are not valid.
    pub(super) fn report(&mut self, key: &str, valid: impl Fn(&str) -> bool) {
        let wrong: Vec<(String, Origin)> = self
            .unit
            .all(key)
            .filter(|one| !valid(&one.value))
            .map(|one| (one.value.clone(), one.origin.clone()))
            .collect();
        for (value, origin) in wrong {
            self.invalid(key, &value, origin);
        }
    }
}

/// Rates a unit as `systemd-analyze security` does.
///
/// # Errors
/// What keeps the unit from being read.
pub fn exposure(
    path: &Path,
    bytes: &[u8],
    context: &mut Context<'_>,
) -> Result<Exposure, ReadError> {
    let loaded = load(path, bytes, context)?;
    Ok(rate(&loaded.unit, context.archs))
}

fn load(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Loaded, ReadError> {
    // The version that Debian 12 has, unless another one is asked for.
    let named = context.engine.filter(|engine| engine.name == "systemd");
    let engine = named.or_else(|| Engine::find("systemd@252"));
    let version = engine.map_or(252, |engine| engine.version.0);
    let mut loaded = Loaded {
        unit: Unit::default(),
        losses: Vec::new(),
        name: unit_name(path),
        of: engine.map_or("systemd", |engine| engine.label),
    };
    loaded.file(path, bytes, version)?;
    for dropin in drop_ins(path, &loaded.name, context) {
        match context.files.read(&dropin) {
            Ok(bytes) => loaded.file(&dropin, &bytes, version)?,
            Err(error) => {
                let origin = Origin::File {
                    path: dropin.clone(),
                    start: 0,
                    end: 0,
                    line: 1,
                };
                return Err(Problem::new(format!("cannot be read: {error}"), origin).into());
            }
        }
    }
    let end = loaded
        .name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    let by_name = KINDS.iter().find(|(kind, ..)| *kind == end);
    let by_section = || {
        KINDS
            .iter()
            .find(|(_, section, _)| loaded.unit.sections.contains(section))
    };
    let kind = by_name
        .or_else(by_section)
        .map_or("Service", |(_, section, _)| section);
    loaded.unit.kind = kind;
    Ok(loaded)
}

impl Loaded {
    fn file(&mut self, path: &Path, bytes: &[u8], version: u16) -> Result<(), Problem> {
        let text = Text::new(path, bytes)?;
        if bytes.len() > MAX_SIZE {
            return Err(Problem::new(
                format!("larger than {MAX_SIZE} bytes"),
                text.origin(0, 1),
            ));
        }
        self.unit.add(&text, version, &mut self.losses);
        Ok(())
    }
}

/// The unit's name: that of the file, or of the directory that a drop-in is in.
fn unit_name(path: &Path) -> String {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let own = name(path).unwrap_or_default();
    let parent = path.parent().and_then(name).unwrap_or_default();
    match parent.strip_suffix(".d") {
        Some(unit) if own.ends_with(".conf") => unit.to_owned(),
        _ => own,
    }
}

/// Where units are, the directory that counts most first.
const DIRECTORIES: [&str; 4] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// The drop-ins of a unit, in the order in which they are read: by name, whatever directory they are in.
fn drop_ins(path: &Path, name: &str, context: &mut Context<'_>) -> Vec<PathBuf> {
    // A drop-in that is read by itself has none.
    if path.extension().is_some_and(|end| end == "conf") || path.as_os_str().is_empty() {
        return Vec::new();
    }
    let Some(parent) = path.parent() else {
        return Vec::new();
    };
    let mut directories: Vec<PathBuf> = Vec::new();
    if DIRECTORIES.iter().any(|known| Path::new(known) == parent) {
        directories.extend(DIRECTORIES.iter().map(PathBuf::from));
    } else {
        directories.push(parent.to_owned());
    }
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    // What is more particular counts more, and then what is in the directory that counts more.
    for stem in stems(name) {
        for directory in &directories {
            let Ok(files) = context.files.list(&directory.join(format!("{stem}.d"))) else {
                continue;
            };
            for file in files {
                let name = file
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                if let Some(name) = name.filter(|name| name.ends_with(".conf")) {
                    let place = directory.join(format!("{stem}.d")).join(&name);
                    found.entry(name).or_insert(place);
                }
            }
        }
    }
    found.into_values().collect()
}

/// The names whose `.d` directories count for a unit: its own, its template's, those of its prefixes, its kind's.
fn stems(name: &str) -> Vec<String> {
    let mut stems = vec![name.to_owned()];
    let Some((base, kind)) = name.rsplit_once('.') else {
        return stems;
    };
    let prefix = match base.split_once('@') {
        Some((prefix, _)) => {
            stems.push(format!("{prefix}@.{kind}"));
            prefix
        }
        None => base,
    };
    let dashes: Vec<usize> = prefix.match_indices('-').map(|(at, _)| at).collect();
    for at in dashes.into_iter().rev() {
        if let Some(part) = prefix.get(..=at).filter(|part| part.len() < prefix.len()) {
            stems.push(format!("{part}.{kind}"));
        }
    }
    stems.push(kind.to_owned());
    stems.dedup();
    stems
}
