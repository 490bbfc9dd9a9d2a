//! What is wrong with a configuration, and what is passed over, each with its place.

use casemate_model::names::suggest;
use casemate_seccomp::formats::Position;
use std::fmt;

/// Something that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// The place, when the configuration is a text.
    pub at: Option<Position>,
    /// The path of the property, such as `linux.namespaces[2].type`; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        prefix(f, self.at.as_ref(), &self.path)?;
        self.problem.fmt(f)
    }
}

impl std::error::Error for Error {}

fn prefix(f: &mut fmt::Formatter<'_>, at: Option<&Position>, path: &str) -> fmt::Result {
    if let Some(at) = at {
        write!(f, "{at}: ")?;
    }
    if path.is_empty() {
        return Ok(());
    }
    write!(f, "{path}: ")
}

/// All that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Errors(pub Vec<Error>);

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// The text is no JSON.
    Syntax(String),
    /// A property that must be there is not.
    Missing,
    /// Something else belongs here.
    Expected {
        /// What belongs here.
        expected: &'static str,
        /// What is here.
        found: String,
    },
    /// A name that is not known.
    UnknownName {
        /// What it should name.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest one that is known.
        suggestion: Option<&'static str>,
    },
    /// A key that some runtimes would take for another one.
    Miscased {
        /// How it is spelt.
        right: &'static str,
    },
    /// A text with a zero byte, which the kernel would cut there.
    ZeroByte,
    /// The same thing twice.
    Twice {
        /// What.
        what: &'static str,
        /// Which.
        name: String,
    },
    /// A demand of the specification or of the kernel that is not met.
    Demand {
        /// The demand, as in "must be an absolute path".
        demand: &'static str,
        /// What is here instead, when that says more.
        found: Option<String>,
    },
    /// A property that Casemate refuses, with the reason.
    Refused {
        /// The reason.
        why: &'static str,
    },
    /// The system call filter cannot be read.
    Filter(String),
}

impl Problem {
    pub(super) fn unknown_name(
        what: &'static str,
        name: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        Self::UnknownName {
            what,
            name: super::decode::short(name),
            suggestion: suggest::nearest(name, known),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) | Self::Filter(message) => f.write_str(message),
            Self::Missing => f.write_str("must be given"),
            Self::Expected { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::UnknownName {
                what,
                name,
                suggestion,
            } => {
                write!(f, "unknown {what} {name}")?;
                match suggestion {
                    Some(suggestion) => write!(f, ", perhaps {suggestion}?"),
                    None => Ok(()),
                }
            }
            Self::Miscased { right } => {
                write!(
                    f,
                    "is spelt {right}. Some runtimes take it for that, so it is not passed over"
                )
            }
            Self::ZeroByte => f.write_str("holds a zero byte"),
            Self::Twice { what, name } => write!(f, "{what} {name} is given twice"),
            Self::Demand { demand, found } => match found {
                Some(found) => write!(f, "{demand}, found {found}"),
                None => f.write_str(demand),
            },
            Self::Refused { why } => write!(f, "refused: {why}"),
        }
    }
}

/// Something that is passed over, as the specification demands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// The place, when the configuration is a text.
    pub at: Option<Position>,
    /// The path of the property.
    pub path: String,
    /// What there is to say.
    pub remark: Remark,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        prefix(f, self.at.as_ref(), &self.path)?;
        self.remark.fmt(f)
    }
}

/// What a warning says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remark {
    /// A property that is in no version of the specification up to 1.3.
    UnknownProperty,
    /// A capability that is in no kernel known here.
    UnknownCapability {
        /// Its name.
        name: String,
    },
    /// A property without effect, with the reason.
    WithoutEffect {
        /// The reason.
        why: &'static str,
    },
    /// Something that the filter's reader has to say.
    Filter(String),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownProperty => f.write_str("unknown property passed over"),
            Self::UnknownCapability { name } => write!(f, "unknown capability {name} left out"),
            Self::WithoutEffect { why } => write!(f, "has no effect: {why}"),
            Self::Filter(note) => f.write_str(note),
        }
    }
}
