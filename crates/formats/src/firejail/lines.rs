//! The lines of a profile with those of the files that it includes, as far as they are in force.

use super::schema::{self, Takes};
use crate::document::MAX_SIZE;
use crate::loss::Loss;
use crate::reader::{Context, Problem, Text};
use casemate_model::Origin;
use casemate_model::names::suggest;
use std::path::{Path, PathBuf};

/// As Firejail's own limit.
const DEEPEST: usize = 16;
/// Sixteen levels that include twice each would be many.
const MOST_FILES: usize = 512;
/// More than all of Debian's profiles together have.
const MOST_LINES: usize = 200_000;

/// A directive in force.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// Collects lines.
pub(super) struct Collector<'a, 'b> {
    pub(super) lines: Vec<Line>,
    pub(super) losses: Vec<Loss>,
    pub(super) problems: Vec<Problem>,
    ignored: Vec<String>,
    files: usize,
    beside: PathBuf,
    context: &'a mut Context<'b>,
}

impl<'a, 'b> Collector<'a, 'b> {
    pub(super) fn new(path: &Path, context: &'a mut Context<'b>) -> Self {
        Self {
            lines: Vec::new(),
            losses: Vec::new(),
            problems: Vec::new(),
            ignored: Vec::new(),
            files: 0,
            beside: path.parent().unwrap_or(Path::new("")).to_owned(),
            context,
        }
    }

    /// Adds the lines of a file.
    pub(super) fn file(&mut self, path: &Path, bytes: &[u8], depth: usize) {
        let text = match Text::new(path, bytes) {
            Ok(text) => text,
            Err(problem) => return self.problems.push(problem),
        };
        self.files += 1;
        if self.files > MOST_FILES || bytes.len() > MAX_SIZE {
            let what = if self.files > MOST_FILES {
                format!("more than {MOST_FILES} files are included")
            } else {
                format!("larger than {MAX_SIZE} bytes")
            };
            return self.problems.push(Problem::new(what, text.origin(0, 0)));
        }
        for (start, raw) in text.lines() {
            if self.lines.len() > MOST_LINES
                || !self.problems.is_empty() && self.problems.len() > 100
            {
                return;
            }
            let body = raw.split('#').next().unwrap_or("");
            let line = body.trim();
            if line.is_empty() {
                continue;
            }
            let from = start + (body.len() - body.trim_start().len());
            let origin = text.origin(from, from + line.len());
            self.line(line, origin, depth);
        }
    }

    fn line(&mut self, line: &str, origin: Origin, depth: usize) {
        let Some(line) = self.condition(line, &origin) else {
            return;
        };
        let name = line.split([' ', '\t']).next().unwrap_or("");
        let value = line.get(name.len()..).unwrap_or("").trim();
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = format!("{name} {value}");
        if let Some(ignored) = self
            .ignored
            .iter()
            .find(|ignored| plain.starts_with(ignored.as_str()))
        {
            let why = format!("it is ignored by `ignore {ignored}`");
            return self
                .losses
                .push(Loss::ignored(plain.trim_end(), why, origin));
        }
        let Some((name, takes)) = schema::find(name) else {
            return self.unknown(name, &plain, origin);
        };
        let wrong = match takes {
            Takes::Nothing => !value.is_empty(),
            Takes::Value => value.is_empty(),
            Takes::Either => false,
        };
        if wrong {
            let what = match takes {
                Takes::Nothing => format!("{name} takes nothing, and there is {value:?}"),
                _ => format!("{name} needs a value"),
            };
            return self.problems.push(Problem::new(what, origin));
        }
        match name {
            "ignore" => self.ignored.push(value),
            "include" => self.include(&value, &origin, depth),
            _ => self.lines.push(Line {
                name,
                value,
                origin,
            }),
        }
    }

    fn unknown(&mut self, name: &str, line: &str, origin: Origin) {
        let names = schema::DIRECTIVES.iter().map(|(name, _)| *name);
        let mut problem = Problem::new(format!("{name:?} is no directive of Firejail's"), origin);
        if let Some(near) = suggest::nearest(name, names) {
            problem = problem.hint(format!("perhaps {near}?"));
        }
        debug_assert!(line.starts_with(name));
        self.problems.push(problem);
    }

    // The line behind a condition that holds.
    fn condition<'l>(&mut self, line: &'l str, origin: &Origin) -> Option<&'l str> {
        let Some(rest) = line.strip_prefix('?') else {
            return Some(line);
        };
        let Some((name, line)) = rest.split_once(':') else {
            self.problems
                .push(Problem::new("a condition without `:`", origin.clone()));
            return None;
        };
        let (name, line) = (name.trim(), line.trim());
        let has = |directive: &str, none: bool| {
            self.lines
                .iter()
                .any(|one| one.name == directive && (one.value == "none") == none)
        };
        let holds = match name {
            "HAS_APPIMAGE" | "BROWSER_ALLOW_DRM" | "ALLOW_TRAY" => false,
            // As firejail.config is shipped.
            "BROWSER_DISABLE_U2F" => true,
            "HAS_NET" => has("net", false),
            "HAS_NODBUS" => has("dbus-user", true) || has("dbus-system", true),
            "HAS_NOSOUND" => has("nosound", false),
            "HAS_PRIVATE" => has("private", false),
            "HAS_X11" => has("x11", false),
            _ => {
                let what = format!("{name:?} is no condition of Firejail's");
                self.problems.push(Problem::new(what, origin.clone()));
                return None;
            }
        };
        if !holds {
            let why = format!("{name} does not hold");
            self.losses.push(Loss::ignored(line, why, origin.clone()));
        }
        holds.then_some(line)
    }

    fn include(&mut self, name: &str, origin: &Origin, depth: usize) {
        if depth >= DEEPEST {
            let what = format!("{name:?} is included on level {DEEPEST}, which Firejail refuses");
            return self.problems.push(Problem::new(what, origin.clone()));
        }
        let name = name.trim_matches('"');
        for place in self.places(name) {
            if let Ok(bytes) = self.context.files.read(&place) {
                return self.file(&place, &bytes, depth + 1);
            }
        }
        // Files of the user's own are there or not.
        if !name.ends_with(".local") {
            let what = format!("{name:?} is included and cannot be found");
            self.problems.push(Problem::new(what, origin.clone()));
        }
    }

    fn places(&self, name: &str) -> Vec<PathBuf> {
        let home = self.context.caller.home.clone();
        let user = home.map(|home| home.join(".config/firejail"));
        let system = PathBuf::from("/etc/firejail");
        if let Some(rest) = name.strip_prefix("${CFG}/") {
            return vec![system.join(rest)];
        }
        if let Some(rest) = name
            .strip_prefix("${HOME}/")
            .or_else(|| name.strip_prefix("~/"))
        {
            return self
                .context
                .caller
                .home
                .iter()
                .map(|home| home.join(rest))
                .collect();
        }
        if name.starts_with('/') {
            return vec![PathBuf::from(name)];
        }
        user.into_iter()
            .chain([self.beside.clone(), system])
            .map(|directory| directory.join(name))
            .collect()
    }
}
