//! Policies and where they come from.
//!
//! ```toml
//! level = "baseline"            # or "restricted", or the path of a profile
//! mode = "tighten"              # or "refuse"
//!
//! [[exceptions]]                # the first that fits counts
//! id = "buildkit*"
//! annotations = { "org.example.role" = "builder" }
//! level = "none"
//! ```

use super::level::Level;
use crate::failure::Failure;
use casemate_formats::profile;
use casemate_model::Confinement;
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A bound on containers.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// Its name, for messages.
    pub name: String,
    /// What becomes of a container that asks for more.
    pub mode: Mode,
    /// What is permitted at most.
    pub bound: Confinement,
    /// Whether the rules of the levels hold, too.
    pub rules: Rules,
}

/// What becomes of a container that asks for more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// It gets less.
    Tighten,
    /// It is not started.
    Refuse,
}

/// Whether the rules of the levels hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rules {
    /// They do.
    Levels,
    /// Only what the owner's profile says.
    Profile,
}

/// What `level` says.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Chosen {
    None,
    Level(Level),
    Profile(PathBuf),
}

impl Policy {
    fn of_level(level: Level, mode: Mode) -> Self {
        Self {
            name: level.name().to_owned(),
            mode,
            bound: level.bound(),
            rules: Rules::Levels,
        }
    }
}

/// The policy of `--harden`: a level, or the path of a profile.
pub fn of_option(text: &str) -> Result<Policy, Failure> {
    match chosen(text, "--harden")? {
        Chosen::Level(level) => Ok(Policy::of_level(level, Mode::Tighten)),
        Chosen::Profile(path) => of_profile(&path, Mode::Tighten),
        Chosen::None => Err(Failure::with_hint(
            "`--harden` is `none`",
            "leave it out; what the node's policy says holds all the same",
        )),
    }
}

/// The policy of the annotation. A path in it would have the runtime read what the container's maker names.
pub fn of_annotation(text: &str) -> Result<Policy, Failure> {
    match Level::from_name(text) {
        Some(level) => Ok(Policy::of_level(level, Mode::Tighten)),
        None => Err(Failure::with_hint(
            format!(
                "the annotation {} is `{}`",
                super::ANNOTATION,
                crate::log::printable(text)
            ),
            "it can be baseline or restricted",
        )),
    }
}

fn chosen(text: &str, place: &str) -> Result<Chosen, Failure> {
    if text == "none" {
        return Ok(Chosen::None);
    }
    if let Some(level) = Level::from_name(text) {
        return Ok(Chosen::Level(level));
    }
    if text.starts_with('/') {
        return Ok(Chosen::Profile(PathBuf::from(text)));
    }
    Err(Failure::with_hint(
        format!("the level of {place} is `{}`", crate::log::printable(text)),
        "it can be baseline, restricted, or the absolute path of a profile",
    ))
}

/// The bound of a profile is what it says: what it leaves at a default bounds nothing.
fn of_profile(path: &Path, mode: Mode) -> Result<Policy, Failure> {
    let text = owners(path)?;
    let source = profile::Source {
        path: path.to_owned(),
        directory: path.parent().unwrap_or(path).to_owned(),
        text,
    };
    let context = profile::Context {
        directory: None,
        home: None,
        uid: 0,
        gid: 0,
        environment: std::collections::BTreeSet::default(),
        subordinate: casemate_model::host::Subordinate::default(),
    };
    let read = profile::read(&source, &context, &mut Extended);
    let document = read.map_err(|errors| {
        let text = errors.to_string();
        let text = text.lines().collect::<Vec<_>>().join("; ");
        Failure::new(format!(
            "cannot read the profile {}: {text}",
            path.display()
        ))
    })?;
    Ok(Policy {
        name: path.display().to_string(),
        mode,
        bound: document.confinement.asked(),
        rules: Rules::Profile,
    })
}

/// Profiles that a profile extends must be the owner's, too.
struct Extended;

impl profile::Loader for Extended {
    fn load(&mut self, path: &Path) -> std::io::Result<profile::Source> {
        let text = owners(path).map_err(|failure| std::io::Error::other(failure.to_string()))?;
        Ok(profile::Source {
            path: path.to_owned(),
            directory: path.parent().unwrap_or(path).to_owned(),
            text,
        })
    }
}

/// Reads a file that nobody but root, or who runs this, can have written.
fn owners(path: &Path) -> Result<Vec<u8>, Failure> {
    use std::io::Read;
    let cannot = |why: String| Failure::new(format!("cannot use {}: {why}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| cannot(error.to_string()))?;
    let facts = file.metadata().map_err(|error| cannot(error.to_string()))?;
    if !facts.is_file() {
        return Err(cannot("it is no file".to_owned()));
    }
    let trusted = [0, casemate_sys::ids::geteuid()];
    if !trusted.contains(&facts.uid()) || facts.mode() & 0o022 != 0 {
        return Err(cannot(
            "others than its owner, root, can write it".to_owned(),
        ));
    }
    let mut bytes = Vec::new();
    let most = profile::MAX_SIZE as u64 + 1;
    let read = file.take(most).read_to_end(&mut bytes);
    read.map_err(|error| cannot(error.to_string()))?;
    if bytes.len() > profile::MAX_SIZE {
        return Err(cannot(format!(
            "it is larger than {} bytes",
            profile::MAX_SIZE
        )));
    }
    Ok(bytes)
}

/// The node's policy for a container; none when there is no file, or an exception says so.
pub fn node(
    path: &Path,
    id: &str,
    annotations: &BTreeMap<String, String>,
) -> Result<Option<Policy>, Failure> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        // What else keeps it from being seen is said when it is opened.
        Ok(_) | Err(_) => {}
    }
    let bytes = owners(path)?;
    let wrong = |why: String| Failure::new(format!("cannot use {}: {why}", path.display()));
    let text = String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let file = File::parse(&text).map_err(wrong)?;
    let place = path.display().to_string();
    let exception = file
        .exceptions
        .iter()
        .find(|exception| exception.fits(id, annotations));
    let level = exception.map_or(&file.level, |exception| &exception.level);
    Ok(match chosen(level, &place)? {
        Chosen::None => None,
        Chosen::Level(level) => Some(Policy::of_level(level, file.mode)),
        Chosen::Profile(path) => Some(of_profile(&path, file.mode)?),
    })
}

/// What the file says.
#[derive(Debug)]
struct File {
    level: String,
    mode: Mode,
    exceptions: Vec<Exception>,
}

/// Containers that another level holds for.
#[derive(Debug)]
struct Exception {
    id: Option<String>,
    annotations: BTreeMap<String, String>,
    level: String,
}

impl Exception {
    fn fits(&self, id: &str, annotations: &BTreeMap<String, String>) -> bool {
        self.id.as_ref().is_none_or(|pattern| matches(pattern, id))
            && self
                .annotations
                .iter()
                .all(|(key, pattern)| annotations.get(key).is_some_and(|v| matches(pattern, v)))
    }
}

/// Whether a text fits a pattern, in which `*` is any text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    rest.ends_with(last)
}

type Table<'t> = DeTable<'t>;

impl File {
    fn parse(text: &str) -> Result<Self, String> {
        let table = DeTable::parse(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = 1 + before.unwrap_or("").matches('\n').count();
            format!("line {line}: {}", error.message())
        })?;
        let table = table.get_ref();
        known(table, &["level", "mode", "exceptions"])?;
        let mode = match text_of(table, "mode")?.unwrap_or("tighten") {
            "tighten" => Mode::Tighten,
            "refuse" => Mode::Refuse,
            other => return Err(format!("mode is {other:?}, it can be tighten or refuse")),
        };
        let exceptions = match table.get("exceptions").map(Spanned::get_ref) {
            None => Vec::new(),
            Some(DeValue::Array(list)) => {
                let each = list.iter().map(|value| Exception::parse(value.get_ref()));
                each.collect::<Result<_, _>>()?
            }
            Some(_) => return Err("exceptions is no list of tables".to_owned()),
        };
        Ok(Self {
            level: text_of(table, "level")?
                .ok_or("level is missing")?
                .to_owned(),
            mode,
            exceptions,
        })
    }
}

impl Exception {
    fn parse(value: &DeValue<'_>) -> Result<Self, String> {
        let table = value.as_table().ok_or("an exception is no table")?;
        known(table, &["id", "annotations", "level"])?;
        let mut annotations = BTreeMap::new();
        if let Some(value) = table.get("annotations") {
            let own = value
                .get_ref()
                .as_table()
                .ok_or("annotations is no table")?;
            for key in own.keys() {
                let key = key.get_ref();
                if let Some(text) = text_of(own, key)? {
                    annotations.insert(key.to_string(), text.to_owned());
                }
            }
        }
        let id = text_of(table, "id")?.map(str::to_owned);
        if id.is_none() && annotations.is_empty() {
            return Err("an exception has neither id nor annotations".to_owned());
        }
        Ok(Self {
            id,
            annotations,
            level: text_of(table, "level")?
                .ok_or("an exception has no level")?
                .to_owned(),
        })
    }
}

fn known(table: &Table<'_>, keys: &[&str]) -> Result<(), String> {
    let unknown = table
        .keys()
        .find(|key| !keys.contains(&key.get_ref().as_ref()));
    match unknown {
        Some(key) => Err(format!(
            "unknown key {:?}, known are {}",
            key.get_ref(),
            keys.join(", ")
        )),
        None => Ok(()),
    }
}

fn text_of<'t>(table: &'t Table<'_>, key: &str) -> Result<Option<&'t str>, String> {
    match table.get(key).map(Spanned::get_ref) {
        None => Ok(None),
        Some(DeValue::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{key} is no text")),
    }
}

#[cfg(test)]
mod tests {
    use super::{File, matches};

    #[test]
    fn patterns_fit_whole_texts() {
        for (pattern, text, fits) in [
            ("", "", true),
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*b", "ab", true),
            ("a*c*e", "abcde", true),
            ("a*a", "a", false),
            ("*", "", true),
            ("a*b*b", "ab", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for (text, says) in [
            ("", "level is missing"),
            ("level = 1", "level is no text"),
            (
                "level = \"baseline\"\nmod = \"refuse\"",
                "unknown key \"mod\"",
            ),
            ("level = \"baseline\"\nmode = \"warn\"", "mode is \"warn\""),
            ("level = ", "line 1"),
            (
                "level = \"baseline\"\n[[exceptions]]\nlevel = \"none\"",
                "neither id",
            ),
            (
                "level = \"baseline\"\n[[exceptions]]\nid = \"x\"",
                "no level",
            ),
            ("level = \"baseline\"\nexceptions = 1", "no list"),
        ] {
            let error = File::parse(text).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
