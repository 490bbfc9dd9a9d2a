//! What can be wrong with a profile or with flags, and how it is shown.
#![expect(
    clippy::format_push_string,
    reason = "the texts are short, and the error of write! on a String cannot happen"
)]

use casemate_model::Origin;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many problems are shown before the rest is only counted.
const SHOWN: usize = 20;

/// How many characters of a message are shown.
const CLIP: usize = 400;

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// The file is larger than a profile may be.
    TooLarge {
        /// The largest size in bytes.
        limit: usize,
    },
    /// The file is not UTF-8 text.
    NotText,
    /// The text is not TOML: the parser's reason.
    Syntax(String),
    /// No key has this name.
    UnknownKey(String),
    /// The key cannot stand in `[loosen]`.
    NotToLoosen(&'static str),
    /// `[loosen]` without `extends`.
    NothingToLoosen,
    /// The value has another type than the key's.
    WrongType {
        /// The key.
        key: &'static str,
        /// What it takes, such as `a list of paths`.
        expected: String,
        /// What stands there, such as `a number`.
        found: &'static str,
    },
    /// The value is none of those that the key takes.
    NotAChoice {
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
    },
    /// The value cannot be understood.
    NotA {
        /// What it should be, such as `a size`.
        what: &'static str,
        /// What stands there.
        found: String,
    },
    /// A path that cannot be used.
    Path {
        /// What stands there.
        found: String,
        /// Why.
        why: PathFault,
    },
    /// A namespace that is never shared.
    NotShared {
        /// Its kind.
        kind: &'static str,
        /// Why.
        why: &'static str,
    },
    /// A kernel parameter that belongs to the whole host.
    HostWide(String),
    /// Two settings that cannot both hold.
    Contradiction(String),
    /// The profile permits something that those that it extends do not.
    Looser {
        /// The key that does, or the field when no key of this profile does.
        what: String,
    },
    /// A profile extends itself, perhaps over others.
    Cycle(Vec<PathBuf>),
    /// Profiles extend each other too deeply, or there are too many.
    TooManyProfiles {
        /// The greatest number.
        limit: usize,
        /// What is limited.
        what: &'static str,
    },
    /// The host lacks what was asked for.
    NotOnHost(String),
}

/// Why a path cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathFault {
    /// It is empty.
    Empty,
    /// It has a NUL byte.
    Nul,
    /// It has `*` or `?`.
    Pattern,
    /// It has a backslash before something that needs none.
    Backslash,
    /// `..` after a name.
    DotDot,
    /// It begins with a variable other than `$HOME`.
    Variable,
    /// `~name`.
    OtherHome,
    /// There is no home directory to put in.
    NoHome,
    /// It is relative and there is no directory to start from.
    NoDirectory,
    /// It is below /proc, /sys or /dev.
    KernelTree,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, reason } => {
                write!(f, "cannot read profile `{}`: {reason}", path.display())
            }
            Self::TooLarge { limit } => {
                write!(f, "profile is larger than {} KiB", limit / 1024)
            }
            Self::NotText => f.write_str("profile is not UTF-8 text"),
            Self::Syntax(reason) => write!(f, "not valid TOML: {reason}"),
            Self::UnknownKey(name) => write!(f, "unknown key `{name}`"),
            Self::NotToLoosen(name) => write!(f, "`{name}` cannot loosen anything"),
            Self::NothingToLoosen => f.write_str("`[loosen]` in a profile that extends no other"),
            Self::WrongType {
                key,
                expected,
                found,
            } => write!(f, "`{key}` takes {expected}, not {found}"),
            Self::NotAChoice { key, found } => write!(f, "`{key}` cannot be {found}"),
            Self::NotA { what, found } => write!(f, "{found} is not {what}"),
            Self::Path {
                why: PathFault::Empty,
                ..
            } => f.write_str("a path cannot be empty"),
            Self::Path { found, why } => write!(f, "cannot use the path {found}: {why}"),
            Self::NotShared { kind, why } => {
                write!(
                    f,
                    "the {kind} namespace cannot be shared with the host: {why}"
                )
            }
            Self::HostWide(name) => {
                write!(
                    f,
                    "cannot set {name}: it is not a parameter of a namespace but of the whole host"
                )
            }
            Self::Looser { what } => {
                write!(
                    f,
                    "`{what}` permits something that the extended profile does not"
                )
            }
            Self::Cycle(chain) => {
                let names: Vec<String> = chain.iter().map(|p| p.display().to_string()).collect();
                write!(f, "the profile extends itself: {}", names.join(" extends "))
            }
            Self::TooManyProfiles { limit, what } => {
                write!(f, "more than {limit} {what}")
            }
            Self::Contradiction(what) | Self::NotOnHost(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "it is empty",
            Self::Nul => "it has a NUL byte",
            Self::Pattern => "patterns are not expanded",
            Self::Backslash => "a backslash stands before a character that needs none",
            Self::DotDot => "where `..` leads after a name depends on links",
            Self::Variable => "only `~`, `$HOME` and `$PWD` are replaced",
            Self::OtherHome => "only your own home directory can be written as `~`",
            Self::NoHome => "your home directory is not known",
            Self::NoDirectory => "it is relative, and the working directory has no path",
            Self::KernelTree => "/proc, /sys and /dev are not granted by path",
        })
    }
}

impl PathFault {
    /// What to do about it.
    pub(crate) fn hint(self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::Nul | Self::NoHome => None,
            Self::Pattern => Some(
                "name the directory: everything below it is included; a `*` or `?` that is part of a name is written `\\*` or `\\?`",
            ),
            Self::Backslash => Some("write a backslash that is part of a name as `\\\\`"),
            Self::DotDot => Some(
                "write the path out without `..`; it may stand at the beginning of a relative path",
            ),
            Self::Variable => {
                Some("write the path out, or put `./` before a name that begins with `$`")
            }
            Self::OtherHome => {
                Some("write the path out, or put `./` before a name that begins with `~`")
            }
            Self::NoDirectory => Some("write the path out from `/`"),
            Self::KernelTree => Some("see the keys `proc`, `sys` and `devices`"),
        }
    }
}

/// One thing that is wrong, where, and what may help.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub fault: Fault,
    /// Where.
    pub origin: Origin,
    /// Another place that has to do with it, and how.
    pub related: Option<(Origin, &'static str)>,
    /// What may help.
    pub hint: Option<String>,
}

impl Problem {
    /// States a problem without a hint.
    pub fn new(fault: Fault, origin: Origin) -> Self {
        Self {
            fault,
            origin,
            related: None,
            hint: None,
        }
    }

    /// Adds a hint, if there is one.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Option<String>>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Adds the other place.
    #[must_use]
    pub fn related(mut self, origin: Origin, how: &'static str) -> Self {
        self.related = Some((origin, how));
        self
    }
}

/// The text of every file that was read, to show lines of it.
pub type Sources = BTreeMap<PathBuf, Arc<str>>;

/// Everything that is wrong, in the order of files and lines, flags last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Errors {
    problems: Vec<Problem>,
    sources: Sources,
}

/// Whether output is coloured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paint {
    /// No colour.
    Plain,
    /// ANSI colours.
    Ansi,
}

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

impl Errors {
    /// Sorts the problems and drops those that say the same of the same place. At least one must be given.
    pub fn new(mut problems: Vec<Problem>, sources: Sources) -> Self {
        problems.sort_by_cached_key(|p| (p.origin.clone(), p.fault.to_string()));
        problems.dedup();
        Self { problems, sources }
    }

    /// Returns the problems.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Renders all problems for people, with the lines that they are in.
    pub fn render(&self, paint: Paint) -> String {
        let mut text = String::new();
        for (index, problem) in self.problems.iter().take(SHOWN).enumerate() {
            if index > 0 {
                text.push('\n');
            }
            self.render_one(problem, paint, &mut text);
        }
        if self.problems.len() > SHOWN {
            let more = self.problems.len() - SHOWN;
            text.push_str(&format!(
                "\n{}: and {more} more\n",
                paint.wrap("1;31", "error")
            ));
        }
        text
    }

    fn render_one(&self, problem: &Problem, paint: Paint, text: &mut String) {
        let fault = clipped(&printable(&problem.fault.to_string()));
        text.push_str(&format!(
            "{}: {}\n",
            paint.wrap("1;31", "error"),
            paint.wrap("1", &fault)
        ));
        self.render_place(&problem.origin, ("^", "1;31"), "", paint, text);
        if let Some((origin, how)) = &problem.related {
            self.render_place(origin, ("-", "1;34"), how, paint, text);
        }
        if let Some(hint) = &problem.hint {
            text.push_str(&format!(
                "   {} {}: {}\n",
                paint.wrap("1;34", "="),
                paint.wrap("1", "help"),
                clipped(&printable(hint))
            ));
        }
    }

    fn render_place(
        &self,
        origin: &Origin,
        mark: (&str, &str),
        label: &str,
        paint: Paint,
        text: &mut String,
    ) {
        let arrow = paint.wrap("1;34", "-->");
        let label_after = if label.is_empty() {
            String::new()
        } else {
            format!(" {label}")
        };
        let Origin::File {
            path,
            start,
            end,
            line,
        } = origin
        else {
            text.push_str(&format!(
                "  {arrow} {}{label_after}\n",
                printable(&origin.to_string())
            ));
            return;
        };
        let Some(excerpt) = self
            .sources
            .get(path)
            .and_then(|source| Excerpt::of(source, *start, *end))
        else {
            let line = if *start > 0 {
                format!(":{line}")
            } else {
                String::new()
            };
            text.push_str(&format!(
                "  {arrow} {}{line}{label_after}
",
                shown_path(path)
            ));
            return;
        };
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let bar = paint.wrap("1;34", "|");
        let carets = paint.wrap(
            mark.1,
            &format!("{}{label_after}", mark.0.repeat(excerpt.width)),
        );
        text.push_str(&format!(
            "  {arrow} {}:{line}:{}\n",
            shown_path(path),
            excerpt.column
        ));
        text.push_str(&format!(" {gutter} {bar}\n"));
        text.push_str(&format!(
            " {} {bar} {}\n",
            paint.wrap("1;34", &number),
            excerpt.line
        ));
        text.push_str(&format!(
            " {gutter} {bar} {}{carets}\n",
            " ".repeat(excerpt.indent)
        ));
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Paint::Plain))
    }
}

impl std::error::Error for Errors {}

/// Cuts a text that is too long for a message: what stands in a file can be of any length.
fn clipped(text: &str) -> String {
    match text.char_indices().nth(CLIP) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn shown_path(path: &Path) -> String {
    printable(&path.display().to_string())
}

/// Replaces what could act on the reader's terminal: a profile may come from anywhere.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() || is_invisible(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

// Marks that turn the direction of text make a line show something else than it says (CVE-2021-42574).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// One line of a source with a marked part, cut to a width that fits a terminal.
struct Excerpt {
    line: String,
    column: usize,
    indent: usize,
    width: usize,
}

impl Excerpt {
    const BEFORE: usize = 60;
    const LENGTH: usize = 110;

    fn of(source: &str, start: usize, end: usize) -> Option<Self> {
        let before = source.get(..start)?;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = source
            .get(line_start..)?
            .split('\n')
            .next()?
            .trim_end_matches('\r');
        let column = source.get(line_start..start)?.chars().count();
        let marked = source.get(start..end.min(line_start + line.len()).max(start))?;
        let cut = column.saturating_sub(Self::BEFORE);
        let shown: String = line.chars().skip(cut).take(Self::LENGTH).collect();
        let indent = column - cut;
        let room = shown.chars().count().saturating_sub(indent).max(1);
        Some(Self {
            line: printable(&shown),
            column: column + 1,
            indent,
            width: marked.chars().count().clamp(1, room),
        })
    }
}
