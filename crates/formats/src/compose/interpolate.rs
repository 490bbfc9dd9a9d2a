//! Variables in values: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?error}`, `${NAME:+instead}`, `$$`.

use crate::document::{Node, Value};
use std::collections::BTreeMap;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Variables that are not set, with the places of the values.
    pub unset: Vec<(String, usize, usize)>,
    /// What is wrong, with the places.
    pub wrong: Vec<(String, usize, usize)>,
}

/// How deep defaults may nest.
const MOST_DEPTH: usize = 16;
/// The longest value that comes of it.
const LONGEST: usize = 1 << 20;

/// Puts values in everywhere.
pub(super) fn interpolate(
    node: &mut Node,
    variables: &BTreeMap<String, String>,
    found: &mut Found,
) {
    match &mut node.value {
        Value::Text(text) if text.contains('$') => {
            let mut unset = Vec::new();
            match expand(text, variables, &mut unset, 0) {
                Ok(value) => *text = value,
                Err(what) => found.wrong.push((what, node.start, node.end)),
            }
            let places = unset.into_iter().map(|name| (name, node.start, node.end));
            found.unset.extend(places);
        }
        Value::List(items) => {
            for item in items {
                interpolate(item, variables, found);
            }
        }
        Value::Object(entries) => {
            for entry in entries {
                interpolate(&mut entry.value, variables, found);
            }
        }
        Value::Text(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn expand(
    text: &str,
    variables: &BTreeMap<String, String>,
    unset: &mut Vec<String>,
    depth: usize,
) -> Result<String, String> {
    if depth > MOST_DEPTH {
        return Err("defaults are nested too deeply".to_owned());
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        if let Some(next) = after.strip_prefix('$') {
            out.push('$');
            rest = next;
        } else if let Some(braced) = after.strip_prefix('{') {
            let end =
                closing(braced).ok_or_else(|| format!("a brace is not closed in {text:?}"))?;
            out.push_str(&braces(
                braced.get(..end).unwrap_or(""),
                variables,
                unset,
                depth,
            )?);
            rest = braced.get(end + 1..).unwrap_or("");
        } else {
            let length = name_length(after);
            if length == 0 {
                return Err(format!(
                    "`$` names no variable in {text:?}; `$$` is a plain one"
                ));
            }
            let name = after.get(..length).unwrap_or("");
            out.push_str(&value(name, variables, unset));
            rest = after.get(length..).unwrap_or("");
        }
        if out.len() > LONGEST {
            return Err("the value is too long".to_owned());
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn name_length(text: &str) -> usize {
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    if first { end.unwrap_or(text.len()) } else { 0 }
}

/// The place of the brace that closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '{' if before == '$' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        before = c;
    }
    None
}

fn value(name: &str, variables: &BTreeMap<String, String>, unset: &mut Vec<String>) -> String {
    variables.get(name).cloned().unwrap_or_else(|| {
        unset.push(name.to_owned());
        String::new()
    })
}

fn braces(
    text: &str,
    variables: &BTreeMap<String, String>,
    unset: &mut Vec<String>,
    depth: usize,
) -> Result<String, String> {
    let length = name_length(text);
    let (name, rest) = text.split_at(length);
    if name.is_empty() {
        return Err(format!("${{{text}}} names no variable"));
    }
    if rest.is_empty() {
        return Ok(value(name, variables, unset));
    }
    let (full, rest) = match rest.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let own = variables
        .get(name)
        .filter(|value| !full || !value.is_empty());
    let mut chars = rest.chars();
    let operator = chars.next();
    let word = chars.as_str();
    match (operator, own) {
        (Some('-' | '?'), Some(value)) => Ok(value.clone()),
        (Some('-'), None) | (Some('+'), Some(_)) => expand(word, variables, unset, depth + 1),
        (Some('+'), None) => Ok(String::new()),
        (Some('?'), None) => {
            let why = expand(word, variables, unset, depth + 1)?;
            Err(format!("{name} is not set: {why}"))
        }
        _ => Err(format!("${{{text}}} is no expansion that compose knows")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_put_in() {
        let variables: BTreeMap<String, String> = [("A", "a"), ("E", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        for (text, expected) in [
            ("$A-${A}", "a-a"),
            ("$$A", "$A"),
            ("${N:-x}${E:-y}${E-z}", "xy"),
            ("${A:+yes}${N:+no}", "yes"),
            ("${N:-${A:-b}}", "a"),
            ("${A?needed}", "a"),
            ("$N", ""),
        ] {
            let mut unset = Vec::new();
            assert_eq!(
                expand(text, &variables, &mut unset, 0).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
        for wrong in ["${A", "$ ", "${}", "${N:?why}", "${A!}", "$1"] {
            assert!(
                expand(wrong, &variables, &mut Vec::new(), 0).is_err(),
                "{wrong}"
            );
        }
        let deep = "${A:+".repeat(100) + &"}".repeat(100);
        assert!(expand(&deep, &variables, &mut Vec::new(), 0).is_err());
    }
}
