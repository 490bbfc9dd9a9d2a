//! Why a verb fails.

use std::fmt;

/// What failed, in the words that are printed and logged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    what: String,
    hint: Option<String>,
}

impl Failure {
    /// Something failed.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: None,
        }
    }

    /// Something failed, with what may help.
    pub fn with_hint(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: Some(hint.into()),
        }
    }

    /// The same with the property, or the part of one, that it is about.
    #[must_use]
    pub fn within(self, property: &str) -> Self {
        Self {
            what: format!("{property}: {}", self.what),
            hint: self.hint,
        }
    }

    /// What may help.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

/// What was attempted, for the message of a failed call.
pub trait Attempt<T> {
    /// Says `cannot WHAT: ERROR`.
    fn attempt(self, what: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> Attempt<T> for Result<T, E> {
    fn attempt(self, what: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("cannot {}: {error}", what())))
    }
}
