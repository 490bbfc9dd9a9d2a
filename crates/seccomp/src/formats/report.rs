//! Where a reader stopped, and what it has to say about what it read.

use std::fmt;
use std::sync::Arc;

use casemate_model::names::{SyscallId, suggest, syscalls};

/// A place in an input.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The name of the file, as the caller gave it.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The byte in the line, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why an input has no policy, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError {
    /// The place.
    pub at: Position,
    /// The reason.
    pub problem: Problem,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.problem)
    }
}

impl std::error::Error for ReadError {}

/// A kind of name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A system call.
    Call,
    /// An action.
    Action,
    /// An error number.
    Errno,
    /// An architecture.
    Arch,
    /// A constant.
    Constant,
    /// A capability.
    Capability,
    /// A group of system calls.
    Group,
    /// A key of an object, or the name of a setting.
    Key,
    /// A comparison.
    Operator,
    /// An argument of a system call.
    Argument,
    /// A policy that another one uses.
    Policy,
    /// A socket address family.
    Family,
    /// A kind of namespace.
    Namespace,
    /// How the filter is loaded.
    Flag,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Call => "system call",
            Self::Action => "action",
            Self::Errno => "errno",
            Self::Arch => "architecture",
            Self::Constant => "constant",
            Self::Capability => "capability",
            Self::Group => "group",
            Self::Key => "key",
            Self::Operator => "operator",
            Self::Argument => "argument",
            Self::Policy => "policy",
            Self::Family => "address family",
            Self::Namespace => "namespace",
            Self::Flag => "flag",
        })
    }
}

/// What is wrong with an input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Something else belongs here.
    Expected {
        /// What belongs here.
        expected: String,
        /// What is here.
        found: String,
    },
    /// A name that is not known.
    Unknown {
        /// What it should name.
        what: What,
        /// The name.
        name: String,
        /// The nearest one that is known.
        suggestion: Option<String>,
    },
    /// The same thing twice, where engines disagree about which one counts.
    Twice {
        /// What is twice.
        what: String,
    },
    /// More of something than a reader keeps.
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// A file that is included cannot be had.
    Include {
        /// The name.
        name: String,
        /// Why.
        reason: String,
    },
    /// Nothing in the input is a policy.
    Nothing {
        /// What would be one.
        expected: &'static str,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Unknown {
                what,
                name,
                suggestion,
            } => {
                write!(f, "unknown {what} {name:?}")?;
                match suggestion {
                    Some(suggestion) => write!(f, ", perhaps {suggestion}?"),
                    None => Ok(()),
                }
            }
            Self::Twice { what } => write!(f, "{what} is given twice, remove one"),
            Self::TooMany { what, most } => write!(f, "more than {most} {what}"),
            Self::Include { name, reason } => write!(f, "cannot include {name:?}: {reason}"),
            Self::Nothing { expected } => write!(f, "no policy here, expected {expected}"),
        }
    }
}

/// Something that the policy does not say or that its author may not have meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The place.
    pub at: Position,
    /// What there is to say.
    pub remark: Remark,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.remark)
    }
}

/// What a note says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remark {
    /// A call that no table has; the rule for it is left out.
    UnknownCall {
        /// The name.
        name: String,
        /// The nearest known one.
        suggestion: Option<&'static str>,
    },
    /// Another name that is not known and was passed over.
    Unknown {
        /// What it should name.
        what: What,
        /// The name.
        name: String,
    },
    /// An architecture that the tables lack: its calls are answered as foreign ones.
    UnknownArch {
        /// The name.
        name: String,
    },
    /// Something that is no part of the filter.
    Ignored {
        /// What.
        what: String,
    },
    /// Two conditions on one argument in one rule. Both must hold, as the specification says; runc and crun make two
    /// rules of them, of which one must hold.
    SameArgument {
        /// The argument, from 0.
        argument: u8,
    },
    /// Conditional rules for one call give different answers to the same arguments. The stricter one counts here;
    /// engines differ.
    Conflict {
        /// The call.
        call: SyscallId,
    },
    /// A rule that an earlier one makes void.
    Shadowed {
        /// The call.
        call: SyscallId,
    },
    /// A comparison under a mask with bits that the mask lacks: they do not count.
    OutsideMask,
    /// An action that the kernel's filter cannot say, with what stands in for it.
    StandsIn {
        /// What the input says.
        said: String,
        /// What it became.
        became: &'static str,
    },
    /// A spelling that programs read in two ways.
    Ambiguous {
        /// How it is read here.
        becomes: &'static str,
    },
    /// Something that the program whose format this is does not do as its files say.
    Unkept {
        /// What it does not keep to.
        what: String,
    },
    /// More notes than are kept.
    More {
        /// How many were left out.
        count: usize,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCall { name, suggestion } => {
                write!(f, "unknown system call {name:?} left out")?;
                match suggestion {
                    Some(suggestion) => write!(f, ", perhaps {suggestion}?"),
                    None => Ok(()),
                }
            }
            Self::Unknown { what, name } => write!(f, "unknown {what} {name:?} passed over"),
            Self::UnknownArch { name } => write!(
                f,
                "architecture {name:?} is in no table, its calls are answered as foreign"
            ),
            Self::Ignored { what } => write!(f, "{what} is no part of the filter"),
            Self::SameArgument { argument } => write!(
                f,
                "two conditions on argument {argument} in one rule: both must hold here, some engines take either"
            ),
            Self::Conflict { call } => write!(
                f,
                "conditional rules for {call} answer the same arguments differently: the stricter one counts"
            ),
            Self::Shadowed { call } => write!(f, "an earlier rule for {call} decides alone"),
            Self::OutsideMask => {
                f.write_str("the value has bits outside of the mask, which do not count")
            }
            Self::StandsIn { said, became } => write!(f, "{said} became {became}"),
            Self::Ambiguous { becomes } => {
                write!(f, "programs read this in two ways; here {becomes}")
            }
            Self::Unkept { what } => write!(f, "the engine does not keep to this: {what}"),
            Self::More { count } => write!(f, "{count} more notes"),
        }
    }
}

/// The longest input that is read, in bytes: a hundred times the largest profile in use.
pub const LONGEST: usize = 4 << 20;

/// A text with its name, and where its lines begin.
#[derive(Debug)]
pub struct Source<'a> {
    file: Arc<str>,
    /// The text.
    pub text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Takes bytes that should be a text.
    pub fn new(file: &str, bytes: &'a [u8]) -> Result<Self, ReadError> {
        let file: Arc<str> = Arc::from(file);
        let first = |problem| ReadError {
            at: Position {
                file: Arc::clone(&file),
                line: 1,
                column: 1,
            },
            problem,
        };
        if bytes.len() > LONGEST {
            return Err(first(Problem::TooMany {
                what: "bytes",
                most: LONGEST,
            }));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let ends = text.match_indices('\n').map(|(at, _)| at + 1);
                let starts = std::iter::once(0).chain(ends).collect();
                Ok(Self { file, text, starts })
            }
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = before.split(|byte| *byte == b'\n').count();
                let start = before.iter().rposition(|byte| *byte == b'\n');
                Err(ReadError {
                    at: Position {
                        file: Arc::clone(&file),
                        line,
                        column: before.len() - start.map_or(0, |at| at + 1) + 1,
                    },
                    problem: Problem::Expected {
                        expected: "text in UTF-8".to_owned(),
                        found: "another byte".to_owned(),
                    },
                })
            }
        }
    }

    /// The place of a byte.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        Position {
            file: Arc::clone(&self.file),
            line,
            column: offset.saturating_sub(start) + 1,
        }
    }

    /// An error at a byte.
    pub fn error(&self, offset: usize, problem: Problem) -> ReadError {
        ReadError {
            at: self.position(offset),
            problem,
        }
    }

    /// The error that something else belongs at a byte.
    pub fn expected(&self, offset: usize, expected: impl Into<String>) -> ReadError {
        let rest = self.text.get(offset..).unwrap_or("");
        let found = if rest.is_empty() {
            "the end".to_owned()
        } else if rest.starts_with('\n') {
            "the end of the line".to_owned()
        } else {
            let line = rest.split('\n').next().unwrap_or("");
            quoted(line.split_whitespace().next().unwrap_or(" "))
        };
        self.expected_not(offset, expected, found)
    }

    /// The error that something else than this belongs at a byte.
    pub fn expected_not(
        &self,
        offset: usize,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> ReadError {
        let problem = Problem::Expected {
            expected: expected.into(),
            found: found.into(),
        };
        self.error(offset, problem)
    }

    /// The error that a name is not one of these.
    pub fn unknown(
        &self,
        offset: usize,
        what: What,
        name: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> ReadError {
        let problem = Problem::Unknown {
            what,
            name: shortened(name),
            suggestion: suggest::nearest(name, known).map(str::to_owned),
        };
        self.error(offset, problem)
    }

    /// The error that a system call is in no table.
    pub fn unknown_call(&self, offset: usize, name: &str) -> ReadError {
        let problem = Problem::Unknown {
            what: What::Call,
            name: shortened(name),
            suggestion: syscalls::suggest(name).map(str::to_owned),
        };
        self.error(offset, problem)
    }

    /// A number in C's spelling: decimal, hexadecimal with `0x`, octal with `0` or `0o`, negative as two's complement.
    pub fn number(&self, offset: usize, text: &str) -> Result<u64, ReadError> {
        c_number(text).ok_or_else(|| self.expected_not(offset, "a number of 64 bits", quoted(text)))
    }
}

/// A number in C's spelling.
pub fn c_number(text: &str) -> Option<u64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // `from_str_radix` would take a sign here.
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    let number = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        (number <= 1 << 63).then(|| number.wrapping_neg())
    } else {
        Some(number)
    }
}

/// A piece of the input, for a message.
pub fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

/// A name of the input, cut to what a message can hold.
pub fn shortened(text: &str) -> String {
    text.chars().take(64).collect()
}

/// What a reader collects beside the policy.
#[derive(Debug, Default)]
pub struct Notes {
    list: Vec<Note>,
    left_out: usize,
    searched: usize,
}

// Enough to see what is wrong; a hostile input could have a million.
const MOST_NOTES: usize = 1000;
// Looking for a near name costs a tenth of a millisecond.
const MOST_SUGGESTIONS: usize = 100;

impl Notes {
    /// Adds one.
    pub fn add(&mut self, at: Position, remark: Remark) {
        if self.list.len() < MOST_NOTES {
            self.list.push(Note { at, remark });
        } else {
            self.left_out += 1;
        }
    }

    /// Adds that a call is unknown.
    pub fn unknown_call(&mut self, at: Position, name: &str) {
        self.searched += 1;
        let suggestion = if self.searched <= MOST_SUGGESTIONS {
            syscalls::suggest(name)
        } else {
            None
        };
        let name = shortened(name);
        self.add(at, Remark::UnknownCall { name, suggestion });
    }

    /// All of them, in the order of the input.
    pub fn finish(mut self) -> Vec<Note> {
        self.list.sort_by(|one, other| one.at.cmp(&other.at));
        if self.left_out > 0
            && let Some(last) = self.list.last()
        {
            let at = last.at.clone();
            self.list.push(Note {
                at,
                remark: Remark::More {
                    count: self.left_out,
                },
            });
        }
        self.list
    }
}
