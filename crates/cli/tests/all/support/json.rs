//! A reader of JSON that Casemate's programs have written. A parser would be the only dependency of the tests.

use std::collections::BTreeMap;
use std::fmt;

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// `null`, a boolean or a number, as it is written.
    Word(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Reads a text.
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        let mut rest = text.trim();
        let value = value(&mut rest);
        assert!(
            value.is_some() && rest.is_empty(),
            "not JSON at {rest:?} of {text}"
        );
        value.unwrap()
    }

    /// Finds a value by the keys on the way to it.
    #[track_caller]
    pub fn at(&self, keys: &[&str]) -> &Self {
        keys.iter().fold(self, |value, key| match value {
            Self::Object(members) if members.contains_key(*key) => &members[*key],
            _ => panic!("no {key} of {keys:?} in {value}"),
        })
    }

    /// The keys of an object.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Self::Object(members) => members.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The members of an object.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = match self {
            Self::Object(members) => Some(members),
            _ => None,
        };
        members
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value))
    }
}

/// Text as it is, everything else as JSON without spaces.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Text(text) => f.write_str(text),
            Self::List(values) => {
                let values: Vec<String> = values.iter().map(Self::to_string).collect();
                write!(f, "[{}]", values.join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{key}:{value}"))
                    .collect();
                write!(f, "{{{}}}", members.join(","))
            }
        }
    }
}

fn value(rest: &mut &str) -> Option<Json> {
    *rest = rest.trim_start();
    match rest.chars().next()? {
        '"' => string(rest).map(Json::Text),
        '[' => {
            let mut values = Vec::new();
            items(rest, ']', |rest| {
                values.push(value(rest)?);
                Some(())
            })?;
            Some(Json::List(values))
        }
        '{' => {
            let mut members = BTreeMap::new();
            items(rest, '}', |rest| {
                *rest = rest.trim_start();
                let key = string(rest)?;
                *rest = rest.trim_start().strip_prefix(':')?;
                members.insert(key, value(rest)?);
                Some(())
            })?;
            Some(Json::Object(members))
        }
        _ => {
            let end = rest.find([',', ']', '}', '\n', ' ']).unwrap_or(rest.len());
            let word = rest[..end].to_owned();
            *rest = &rest[end..];
            (!word.is_empty()).then_some(Json::Word(word))
        }
    }
}

fn items<'t>(
    rest: &mut &'t str,
    end: char,
    mut item: impl FnMut(&mut &'t str) -> Option<()>,
) -> Option<()> {
    *rest = rest[1..].trim_start();
    if let Some(after) = rest.strip_prefix(end) {
        *rest = after;
        return Some(());
    }
    loop {
        item(rest)?;
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(end) {
            *rest = after;
            return Some(());
        }
        *rest = rest.strip_prefix(',')?;
    }
}

fn string(rest: &mut &str) -> Option<String> {
    let mut characters = rest.strip_prefix('"')?.chars();
    let mut text = String::new();
    loop {
        match characters.next()? {
            '"' => {
                *rest = characters.as_str();
                return Some(text);
            }
            '\\' => text.push(match characters.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    let digits: String = characters.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                other => other,
            }),
            other => text.push(other),
        }
    }
}
