//! Values without places: to keep them as text, and to write them.

use crate::document::{Node, Value, parse_json};
use crate::reader::Text;
use casemate_seccomp::formats::json::quote;
use std::path::Path;

/// A value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tree {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// An object.
    Map(Vec<(String, Self)>),
}

impl Tree {
    /// Takes a node.
    pub fn of(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(text) => Self::Number(decimal(text)),
            Value::Text(text) => Self::Text(text.clone()),
            Value::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Object(entries) => {
                let members = entries
                    .iter()
                    .map(|entry| (entry.key.clone(), Self::of(&entry.value)));
                Self::Map(members.collect())
            }
        }
    }

    /// Reads JSON; what is none is a text.
    pub fn parse(json: &str) -> Self {
        match parse_json(&Text::of(Path::new(""), json)) {
            Ok(node) => Self::of(&node),
            Err(_) => Self::Text(json.to_owned()),
        }
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number.
    pub fn number(number: impl std::fmt::Display) -> Self {
        Self::Number(format!("{number}"))
    }

    /// As JSON on one line.
    pub fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(text) if is_number(text) => text.clone(),
            Self::Number(text) | Self::Text(text) => quote(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Map(members) => {
                let one =
                    |(key, value): &(String, Self)| format!("{}:{}", quote(key), value.json());
                let members: Vec<String> = members.iter().map(one).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    /// Puts a value at a path of keys, which makes objects as needed. Something else in the way stays.
    pub fn put(&mut self, path: &[&str], value: Self) {
        let (Self::Map(members), Some((first, rest))) = (self, path.split_first()) else {
            return;
        };
        let found = members.iter_mut().find(|(key, _)| key == first);
        match (found, rest.is_empty()) {
            (Some((_, old)), true) => *old = value,
            (Some((_, inner)), false) => inner.put(rest, value),
            (None, true) => members.push(((*first).to_owned(), value)),
            (None, false) => {
                let mut inner = Self::Map(Vec::new());
                inner.put(rest, value);
                members.push(((*first).to_owned(), inner));
            }
        }
    }

    /// Tells whether it is an object or a list without anything in it.
    fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(members) => members.is_empty(),
            _ => false,
        }
    }

    /// As YAML in block style.
    pub fn yaml(&self, out: &mut String, indent: usize) {
        match self {
            Self::Map(members) if !members.is_empty() => {
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push_str(&" ".repeat(indent));
                    }
                    out.push_str(&scalar(key));
                    out.push(':');
                    value.below(out, indent);
                }
            }
            Self::List(items) if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push_str(&" ".repeat(indent));
                    }
                    out.push_str("- ");
                    item.yaml(out, indent + 2);
                }
            }
            value => {
                out.push_str(&value.flat());
                out.push('\n');
            }
        }
    }

    fn below(&self, out: &mut String, indent: usize) {
        let block = !self.is_empty();
        match self {
            Self::Map(_) if block => {
                out.push('\n');
                out.push_str(&" ".repeat(indent + 2));
                self.yaml(out, indent + 2);
            }
            // Kubernetes' own manifests do not indent lists.
            Self::List(_) if block => {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                self.yaml(out, indent);
            }
            value => {
                out.push(' ');
                out.push_str(&value.flat());
                out.push('\n');
            }
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Text(text) => scalar(text),
            other => other.json(),
        }
    }
}

/// A number with a leading zero is octal to the YAML 1.1 that Kubernetes reads.
fn decimal(text: &str) -> String {
    let octal = text.len() > 1 && text.starts_with('0');
    match u64::from_str_radix(text, 8) {
        Ok(value) if octal => value.to_string(),
        _ => text.to_owned(),
    }
}

/// Tells whether it is an amount such as `128Mi` or `500m`, which no reader takes for a number.
fn is_amount(text: &str) -> bool {
    let units = ["Ki", "Mi", "Gi", "Ti", "m"];
    let digits = units.iter().find_map(|unit| text.strip_suffix(unit));
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_number(text: &str) -> bool {
    let parsed = parse_json(&Text::of(Path::new(""), text));
    parsed.is_ok_and(|node| matches!(node.value, Value::Number(_)))
}

/// A text as YAML: plain where no reader, of YAML 1.1 or 1.2, takes it for something else.
fn scalar(text: &str) -> String {
    const TAKEN: [&str; 11] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "~", "",
    ];
    let mut bytes = text.bytes();
    let plain = bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'/' | b'_'))
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"/_-.@=+,".contains(&byte))
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str());
    // `image: nginx:1.27` has a colon that no blank follows.
    let image = !plain && text.len() > 1 && {
        let parts: Vec<&str> = text.split(':').collect();
        parts.len() > 1
            && parts.iter().all(|part| {
                part.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"/_-.@".contains(&b))
                    && !part.is_empty()
            })
            && text
                .bytes()
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic())
    };
    if plain || image || is_amount(text) {
        text.to_owned()
    } else {
        quote(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse_yaml;

    #[test]
    fn what_is_written_is_read_back() {
        let text = r#"{"a":[{"b":1,"c":[[],{},["x: y","- z","yes","1.0","0x1f","~","é","line\nbreak"]]},[["n"]]],"image":"nginx:1.27","d":{"e":{"f":true,"g":null}},"8080":"a:"}"#;
        let tree = Tree::parse(text);
        assert_eq!(tree.json(), text);
        let mut yaml = String::new();
        tree.yaml(&mut yaml, 0);
        let again = parse_yaml(&Text::of(Path::new("x.yaml"), &yaml)).expect(&yaml);
        assert_eq!(again.first().map(Tree::of), Some(tree), "{yaml}");
        assert!(yaml.contains("image: nginx:1.27\n"), "{yaml}");
    }
}
