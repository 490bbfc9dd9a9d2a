//! Lines of a configuration, with the files that it includes put in their places.

use super::schema;
use crate::loss::Loss;
use crate::reader::{Files, Problem, Text};
use casemate_model::Origin;
use std::io;
use std::path::{Path, PathBuf};

/// The most files that one configuration includes.
const MOST_FILES: usize = 256;
/// The deepest chain of includes.
const DEEPEST: usize = 16;

/// A line that sets something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The key, by its current name.
    pub key: String,
    /// The value without blanks around it and without one pair of quotes.
    pub value: String,
    /// Where the line stands.
    pub origin: Origin,
    /// The name that stands there, when it is an old one.
    pub old: Option<String>,
}

/// A line of a text, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parts<'a> {
    /// Nothing, or a comment.
    Empty,
    /// No key of LXC's: it is passed over in silence.
    Martian,
    /// A key of LXC's without `=`.
    NoValue,
    /// A key and its value.
    Set(&'a str, &'a str),
}

/// Takes a line apart as LXC does: `#` begins a comment only at the start.
pub fn parts(line: &str) -> Parts<'_> {
    let line = line.trim_matches([' ', '\t', '\r', '\x0b', '\x0c']);
    if line.is_empty() || line.starts_with('#') {
        return Parts::Empty;
    }
    if !line.starts_with("lxc.") {
        return Parts::Martian;
    }
    let Some((key, value)) = line.split_once('=') else {
        return Parts::NoValue;
    };
    Parts::Set(key.trim(), unquoted(value.trim()))
}

fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

/// Collects lines.
pub struct Collector<'a> {
    /// Brings files.
    pub files: &'a mut dyn Files,
    /// The lines so far.
    pub lines: Vec<Line>,
    /// What is passed over.
    pub losses: Vec<Loss>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// The number of the next network of the legacy form, which has none.
    network: Option<u32>,
    chain: Vec<PathBuf>,
    read: usize,
}

impl<'a> Collector<'a> {
    /// Starts without a line.
    pub fn new(files: &'a mut dyn Files) -> Self {
        Self {
            files,
            lines: Vec::new(),
            losses: Vec::new(),
            problems: Vec::new(),
            network: None,
            chain: Vec::new(),
            read: 0,
        }
    }

    /// Takes the lines of a text, and of what it includes.
    pub fn text(&mut self, text: &Text<'_>) {
        self.chain.push(text.path.to_owned());
        for (start, line) in text.lines() {
            let origin = || text.origin(start, start + line.len());
            match parts(line) {
                Parts::Empty => {}
                Parts::Martian => self.martian(line, origin()),
                Parts::NoValue => self.problems.push(
                    Problem::new(format!("no `=` in {:?}", short(line)), origin())
                        .hint("a key without a value is written `key =`"),
                ),
                Parts::Set(key, value) => self.set(key, value, origin()),
            }
        }
        self.chain.pop();
    }

    fn martian(&mut self, line: &str, origin: Origin) {
        let first = line.trim().split(['=', ' ', '\t']).next().unwrap_or("");
        let known = schema::KEYS.iter().map(|key| key.name);
        let near = casemate_model::names::suggest::nearest(first, known);
        let why = match near {
            Some(near) => {
                format!("LXC passes over lines that do not begin with lxc., perhaps {near}?")
            }
            None => "LXC passes over lines that do not begin with lxc.".to_owned(),
        };
        let what = format!("{:?}", short(line.trim()));
        self.losses.push(Loss::ignored(what, why, origin));
    }

    fn set(&mut self, key: &str, value: &str, origin: Origin) {
        if key == "lxc.include" {
            self.include(value, &origin);
            return;
        }
        if let Some(at) = value.find(" #") {
            let comment = short(value.get(at + 1..).unwrap_or(""));
            self.losses.push(Loss::caution(
                format!("{comment:?} is part of the value of {key}: comments stand in lines of their own"),
                origin.clone(),
            ));
        }
        if let Some((_, why)) = schema::GONE.iter().find(|(gone, _)| *gone == key) {
            self.losses
                .push(Loss::ignored(format!("{key} = {value}"), *why, origin));
            return;
        }
        let current = self.current(key, value);
        let old = (current != key).then(|| key.to_owned());
        self.lines.push(Line {
            key: current,
            value: value.to_owned(),
            origin,
            old,
        });
    }

    /// The current name of a key.
    fn current(&mut self, key: &str, value: &str) -> String {
        if let Some(rest) = key.strip_prefix("lxc.network") {
            return self.network(rest, value);
        }
        renamed(key).unwrap_or_else(|| key.to_owned())
    }

    // Without a number, `lxc.network.type` begins the next network, and all else belongs to the last one.
    fn network(&mut self, rest: &str, value: &str) -> String {
        let Some(rest) = rest.strip_prefix('.') else {
            if value.is_empty() {
                self.network = None;
            }
            return format!("lxc.net{rest}");
        };
        if rest == "type" {
            self.network = Some(self.network.map_or(0, |number| number.saturating_add(1)));
        }
        let (number, sub) = match rest.split_once('.') {
            Some((number, sub)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                (number.to_owned(), sub)
            }
            _ => (self.network.unwrap_or(0).to_string(), rest),
        };
        let sub = match sub {
            "ipv4" => "ipv4.address",
            "ipv6" => "ipv6.address",
            other => other,
        };
        format!("lxc.net.{number}.{sub}")
    }

    fn include(&mut self, value: &str, origin: &Origin) {
        if value.is_empty() {
            return;
        }
        let beside = self.chain.last().and_then(|path| path.parent());
        let path = beside.map_or_else(|| PathBuf::from(value), |parent| parent.join(value));
        if self.chain.contains(&path) {
            let chain: Vec<String> = self.chain.iter().map(|p| p.display().to_string()).collect();
            self.fail(
                format!("{value} includes itself, by {}", chain.join(", ")),
                origin,
            );
            return;
        }
        if self.chain.len() > DEEPEST {
            self.fail(
                format!("more than {DEEPEST} includes within each other"),
                origin,
            );
            return;
        }
        if value.ends_with('/') {
            self.directory(&path, value, origin);
            return;
        }
        match self.files.read(&path) {
            Ok(bytes) => self.file(&path, &bytes, origin),
            Err(error) => match self.files.list(&path) {
                Ok(_) => self.directory(&path, value, origin),
                Err(_) => self.fail(
                    format!("cannot include {value}: {}", reason(&error)),
                    origin,
                ),
            },
        }
    }

    fn directory(&mut self, path: &Path, value: &str, origin: &Origin) {
        let mut names = match self.files.list(path) {
            Ok(names) => names,
            Err(error) => {
                let why = format!(
                    "the directory cannot be read ({}), and LXC goes on",
                    reason(&error)
                );
                self.losses.push(Loss::ignored(
                    format!("lxc.include = {value}"),
                    why,
                    origin.clone(),
                ));
                return;
            }
        };
        names.retain(|name| name.extension().is_some_and(|end| end == "conf"));
        if names.len() > 1 {
            self.losses.push(Loss::caution(
                format!(
                    "the {} files of {value} are included in the order of the file system; here it is that of their names",
                    names.len()
                ),
                origin.clone(),
            ));
        }
        for name in names {
            let file = path.join(name.file_name().unwrap_or_default());
            if self.chain.contains(&file) {
                self.fail(format!("{} includes itself", file.display()), origin);
                continue;
            }
            match self.files.read(&file) {
                Ok(bytes) => self.file(&file, &bytes, origin),
                Err(error) => {
                    self.fail(
                        format!("cannot include {}: {}", file.display(), reason(&error)),
                        origin,
                    );
                }
            }
        }
    }

    fn file(&mut self, path: &Path, bytes: &[u8], origin: &Origin) {
        self.read += 1;
        if self.read > MOST_FILES {
            self.fail(format!("more than {MOST_FILES} files are included"), origin);
            return;
        }
        match Text::new(path, bytes) {
            Ok(text) => self.text(&text),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn fail(&mut self, what: String, origin: &Origin) {
        // One chain of includes can fail in as many ways as there are files.
        if self.problems.len() < MOST_FILES {
            self.problems.push(Problem::new(what, origin.clone()));
        }
    }
}

/// The current name of a key that had another one.
pub fn renamed(key: &str) -> Option<String> {
    let exact = schema::LEGACY.iter().find(|(old, _)| *old == key);
    let below = || {
        let limit = key.strip_prefix("lxc.limit.")?;
        Some(format!("lxc.prlimit.{limit}"))
    };
    exact.map(|(_, new)| (*new).to_owned()).or_else(below)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        kind => kind.to_string(),
    }
}

/// A piece of the input that a message can hold.
pub fn short(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain("…".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart_as_lxc_does() {
        for (line, found) in [
            ("", Parts::Empty),
            ("  # lxc.arch = x", Parts::Empty),
            ("lcx.cap.drop = sys_admin", Parts::Martian),
            ("lxc.arch", Parts::NoValue),
            ("\t lxc.arch=x86_64  ", Parts::Set("lxc.arch", "x86_64")),
            ("lxc.arch = \"a b\"", Parts::Set("lxc.arch", "a b")),
            ("lxc.arch = ''a''", Parts::Set("lxc.arch", "'a'")),
            ("lxc.arch = 'a\"", Parts::Set("lxc.arch", "'a\"")),
            ("lxc.arch = x # y", Parts::Set("lxc.arch", "x # y")),
            ("lxc.cap.drop =", Parts::Set("lxc.cap.drop", "")),
            (
                "lxc.environment = A=B=C",
                Parts::Set("lxc.environment", "A=B=C"),
            ),
        ] {
            assert_eq!(parts(line), found, "{line}");
        }
    }
}
