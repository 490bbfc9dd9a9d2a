//! YAML as people write it: a tree of values with comments.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A text, quoted where it would be read as something else.
    Text(String),
    /// A number or truth value as it is written.
    Plain(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Value,
    /// What is said of it, in the line before.
    pub comment: Option<String>,
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Plain(value.to_string())
    }
}

/// An object that is built member by member.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object(pub(crate) Vec<Member>);

impl Object {
    /// Adds a member.
    pub(crate) fn put(&mut self, key: &str, value: Value) {
        self.0.push(Member {
            key: key.to_owned(),
            value,
            comment: None,
        });
    }

    /// Adds a list unless it is empty.
    pub(crate) fn put_list(&mut self, key: &str, list: Vec<Value>) {
        if !list.is_empty() {
            self.put(key, Value::List(list));
        }
    }

    /// Adds an object unless it is empty.
    pub(crate) fn put_object(&mut self, key: &str, object: Object) {
        if !object.0.is_empty() {
            self.put(key, Value::Object(object.0));
        }
    }

    /// Says something of the last member.
    pub(crate) fn comment(&mut self, text: &str) {
        if let Some(last) = self.0.last_mut() {
            last.comment = Some(text.to_owned());
        }
    }
}

/// The text of a document.
pub(crate) fn write(object: &Object) -> String {
    let mut out = String::new();
    members(&mut out, &object.0, 0);
    out
}

fn members(out: &mut String, list: &[Member], depth: usize) {
    for member in list {
        let indent = "  ".repeat(depth);
        if let Some(comment) = &member.comment {
            out.push_str(&format!("{indent}# {comment}\n"));
        }
        out.push_str(&format!("{indent}{}:", scalar(&member.key)));
        value(out, &member.value, depth);
    }
}

fn value(out: &mut String, of: &Value, depth: usize) {
    match of {
        Value::Text(text) => out.push_str(&format!(" {}\n", scalar(text))),
        Value::Plain(text) => out.push_str(&format!(" {text}\n")),
        Value::List(items) if items.is_empty() => out.push_str(" []\n"),
        Value::Object(list) if list.is_empty() => out.push_str(" {}\n"),
        Value::List(items) => {
            out.push('\n');
            for item in items {
                entry(out, item, depth + 1);
            }
        }
        Value::Object(list) => {
            out.push('\n');
            members(out, list, depth + 1);
        }
    }
}

fn entry(out: &mut String, item: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match item {
        Value::Object(list) if !list.is_empty() => {
            let mut inner = String::new();
            members(&mut inner, list, depth + 1);
            let rest = inner.get(indent.len() + 2..).unwrap_or("");
            out.push_str(&format!("{indent}- {rest}"));
        }
        item => {
            out.push_str(&format!("{indent}-"));
            value(out, item, depth);
        }
    }
}

/// A text that is read back as the same text by YAML 1.1 and 1.2.
fn scalar(text: &str) -> String {
    let first = text.chars().next();
    let plain_first = first.is_some_and(|c| c.is_ascii_alphabetic() || "/._".contains(c));
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@=, ".contains(c);
    let lower = text.to_ascii_lowercase();
    const WORDS: [&str; 11] = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", ".inf", ".nan",
    ];
    let word = WORDS.contains(&lower.as_str());
    let number =
        first.is_some_and(|c| c == '.') && text.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    let colon = |text: &str| {
        // `a:b` is a text, `a: b` and a trailing colon are not; digits on both sides are a number of base 60.
        text.char_indices().all(|(at, c)| {
            c != ':'
                || text
                    .as_bytes()
                    .get(at + 1)
                    .is_some_and(|next| !next.is_ascii_whitespace())
        })
    };
    let body = text.chars().all(|c| plain(c) || c == ':');
    if plain_first && body && !word && !number && colon(text) && !text.ends_with(' ') {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || c == '\u{feff}' || matches!(c, '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse_yaml;
    use crate::reader::Text;
    use std::path::Path;

    #[test]
    fn texts_are_read_back() {
        for text in [
            "a",
            "",
            "yes",
            "1",
            "1:2",
            "127.0.0.1:80:80",
            "a: b",
            "a:",
            "~",
            "- x",
            "#",
            "é",
            "a\nb\t\"\\",
            "0x1",
            ".5",
            " a",
            "a ",
            "{x}",
            "*a",
            "&a",
            "!x",
            "%",
            "@x",
            "`",
            "null",
            "/srv:/data:ro",
            "\u{1}",
            "a #b",
            "1e3",
        ] {
            let mut object = Object::default();
            object.put(text, Value::text(text));
            object.put(
                "list",
                Value::List(vec![Value::text(text), Value::Object(object.0.clone())]),
            );
            let written = write(&object);
            let read = parse_yaml(&Text::of(Path::new("t.yaml"), &written)).expect(&written);
            let entry = &read[0].entries()[0];
            assert_eq!(
                (entry.key.as_str(), entry.value.text()),
                (text, Some(text)),
                "{written}"
            );
            let items = read[0].get("list").expect("list").items();
            assert_eq!(items[0].text(), Some(text), "{written}");
            assert_eq!(items[1].entries().len(), 1, "{written}");
        }
    }
}
