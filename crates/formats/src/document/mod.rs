//! A document of values, each with its place: what YAML and JSON descriptions are read from.
//!
//! Limits keep bounded what an input can make of itself: its size, its nesting, and the number of values after aliases
//! are resolved (a "billion laughs" is an error, not an allocation).

mod fields;
mod json;
mod strangers;
mod yaml;

pub use fields::Fields;
pub use json::parse as parse_json;
pub use strangers::{Keys, report_strangers};
pub use yaml::parse as parse_yaml;

use crate::reader::{Problem, Text};

/// The largest input, in bytes.
pub const MAX_SIZE: usize = 16 << 20;
/// The deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// The most values of a document, with those that aliases repeat.
pub const MAX_VALUES: usize = 1_000_000;

/// A value and its place in the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// The place of its first byte.
    pub start: usize,
    /// The place after its last byte.
    pub end: usize,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object.
    Object(Vec<Entry>),
}

/// A member of an object. Keys that are not texts are written as texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The place of the key's first byte.
    pub start: usize,
    /// The place after the key's last byte.
    pub end: usize,
    /// The value.
    pub value: Node,
}

impl Node {
    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        }
    }

    /// The value of a key of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The members of an object; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The values of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a text, or a number or truth value as it is written.
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null | Value::List(_) | Value::Object(_) => None,
        }
    }

    /// The text of a text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A truth value.
    pub fn bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(&self) -> Option<i64> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Tells whether it is nothing.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// Says that another kind of value is expected here.
    pub fn expected(&self, text: &Text<'_>, what: &str) -> Problem {
        Problem::new(
            format!("expected {what}, found {}", self.kind()),
            text.origin(self.start, self.end),
        )
    }
}

/// Reads a text that is JSON when it begins like JSON, else YAML: all documents of it.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(text: &Text<'_>) -> Result<Vec<Node>, Problem> {
    let first = text.text.trim_start_matches('\u{feff}').trim_start();
    if first.starts_with(['{', '[']) && !text.names_yaml() {
        // What is no JSON may still be YAML's flow style, whose reader then says what is wrong.
        if let Ok(node) = parse_json(text) {
            return Ok(vec![node]);
        }
    }
    parse_yaml(text)
}
