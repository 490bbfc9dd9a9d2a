//! Casemate's own text form of a policy.
//!
//! ```text
//! # What a web server may do.
//! arch x86_64, aarch64              # the architectures that the rules are about
//! kernel 6.18                       # calls that are newer get the answer of `newer`
//! default errno(EPERM)              # known calls that no rule names
//! newer errno(ENOSYS)
//! foreign kill                      # calls of other architectures
//! flags log, spec-allow
//! include "base.policy"             # its rules, as if they stood here
//! const PORTS = 3|4                 # a name for a number
//! group @files = openat, read, write, close
//!
//! allow @files, futex               # one action, any number of calls
//! allow socket(family in {AF_UNIX, AF_INET, AF_INET6}, type & ~SOCK_FLAGS == SOCK_STREAM)
//! errno(EAFNOSUPPORT) socket(otherwise)
//! allow ioctl(cmd not in {TIOCSTI, TIOCLINUX})
//! allow personality(0..8)           # without a name: the arguments in their order, `_` for any value
//! allow i386:modify_ldt             # on one architecture
//! errno(ENOSYS) x86_64:1024..2047   # by number
//!
//! prctl {                           # in braces the first case that holds decides
//!     option == PR_SET_NAME: allow
//!     option raw64 == 15: allow     # all 64 bits, whatever the kernel makes of them; also low32, high32
//!     otherwise: errno(EINVAL)
//! }
//! ```
//!
//! Arguments have their kernel names, or `arg0` to `arg5`; `reg0` to `reg5` where the kernel itself calls another one
//! so. Actions are `allow`, `log`, `errno(NAME)`, `notify`, `trace(n)`, `trap(n)`, `kill-thread` and `kill`. An argument is
//! compared with the width and the sign that the kernel gives it. Two rules that answer differently to the same call are
//! an error. `@debug` and the other names of `casemate_model::syscalls::ordinary::GRANTS` are groups, too.

use std::fmt;

use casemate_model::syscalls::SyscallPolicy;

mod lexer;
mod lower;
mod parse;
mod write;

pub(crate) use write::{Words, action, push};
pub use write::{action_text, numbers_text, test_text, write};

/// Where something stands in a policy's text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The file's name, as given.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why a text is no policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LanguageError {
    /// Where.
    pub at: Position,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Something else was expected.
    Expected {
        /// What.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A character that means nothing.
    Character(char),
    /// A text in quotes that does not end on its line.
    Unclosed,
    /// A name that is not known.
    Unknown {
        /// What it should name.
        kind: &'static str,
        /// The name.
        name: String,
        /// The nearest that is known.
        nearest: Option<String>,
    },
    /// A constant or call that the architecture lacks.
    Lacking {
        /// The name.
        name: String,
        /// The architecture.
        arch: &'static str,
    },
    /// A number that is too large.
    Number(String),
    /// Something that was already said.
    Twice {
        /// What.
        what: String,
        /// Where it was said first.
        first: Position,
    },
    /// A call to which another rule answers differently.
    Conflict {
        /// The call.
        call: String,
        /// The other rule.
        other: Position,
    },
    /// More conditions than the call has arguments.
    Arguments {
        /// The call.
        call: String,
        /// How many it has.
        has: usize,
    },
    /// Conditions that are out of reach of the diagrams.
    TooComplex(String),
    /// A file that cannot be included.
    Include {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// Files that include each other, or nest too deeply.
    Recursion(String),
}

impl fmt::Display for LanguageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Character(c) => write!(f, "the character {c:?} means nothing here"),
            Self::Unclosed => f.write_str("the text in quotes does not end on its line"),
            Self::Unknown {
                kind,
                name,
                nearest,
            } => {
                write!(f, "unknown {kind} {name:?}")?;
                match nearest {
                    Some(nearest) => write!(f, ", did you mean {nearest:?}?"),
                    None => Ok(()),
                }
            }
            Self::Lacking { name, arch } => write!(f, "{arch} has no {name}"),
            Self::Number(text) => write!(f, "the number {text} does not fit in 64 bits"),
            Self::Twice { what, first } => write!(f, "{what} was already given at {first}"),
            Self::Conflict { call, other } => write!(
                f,
                "the rule at {other} answers some of these calls of {call} differently; \
                 order cases in braces, or say {call}(otherwise)"
            ),
            Self::Arguments { call, has } => write!(f, "{call} has {has} arguments"),
            Self::TooComplex(call) => write!(f, "the conditions on {call} are too complex"),
            Self::Include { path, reason } => write!(f, "cannot include {path:?}: {reason}"),
            Self::Recursion(path) => {
                write!(f, "{path:?} includes itself, or files nest too deeply")
            }
        }
    }
}

impl std::error::Error for LanguageError {}

/// Gives the text of an included file: from the name of the file that includes, and the path as written there.
pub type Loader<'a> = dyn FnMut(&str, &str) -> Result<String, String> + 'a;

/// Reads a policy. `file` is the name that errors show; a policy without `include` needs no loader that works.
pub fn read(
    text: &str,
    file: &str,
    loader: &mut Loader<'_>,
) -> Result<SyscallPolicy, LanguageError> {
    let document = parse::parse(text, file, loader)?;
    lower::lower(&document)
}

/// Reads a policy that stands alone.
pub fn read_alone(text: &str, file: &str) -> Result<SyscallPolicy, LanguageError> {
    read(text, file, &mut |_, _| {
        Err("nothing can be included here".to_owned())
    })
}

#[cfg(test)]
mod tests;
