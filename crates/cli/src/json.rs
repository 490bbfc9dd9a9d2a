//! Writes JSON (RFC 8259). Objects keep the order in which their members are given.

use std::fmt::{self, Write};

/// A JSON value.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Number(u64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Makes a string.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().to_owned())
    }

    /// Makes an object.
    pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    fn write(&self, out: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Number(number) => write!(out, "{number}"),
            Self::Text(text) => quoted(text, out),
            Self::List(items) => {
                let items = items.iter().map(|item| (None, item));
                block(out, ('[', ']'), depth, items)
            }
            Self::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (Some(name.as_str()), value));
                block(out, ('{', '}'), depth, members)
            }
        }
    }
}

fn block<'a>(
    out: &mut fmt::Formatter<'_>,
    (open, close): (char, char),
    depth: usize,
    items: impl ExactSizeIterator<Item = (Option<&'a str>, &'a Json)>,
) -> fmt::Result {
    out.write_char(open)?;
    let empty = items.len() == 0;
    for (index, (name, value)) in items.enumerate() {
        out.write_str(if index == 0 { "\n" } else { ",\n" })?;
        write!(out, "{:1$}", "", 2 * (depth + 1))?;
        if let Some(name) = name {
            quoted(name, out)?;
            out.write_str(": ")?;
        }
        value.write(out, depth + 1)?;
    }
    if !empty {
        write!(out, "\n{:1$}", "", 2 * depth)?;
    }
    out.write_char(close)
}

fn quoted(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            // The last two end a line in JavaScript, where JSON is often pasted.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                write!(out, "\\u{:04x}", u32::from(c))?;
            }
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_parsers_read() {
        let value = Json::object([
            ("a\"b\\", Json::text("line\nbell\u{7}\u{2028}ä")),
            ("empty", Json::List(vec![])),
            ("no", Json::Bool(false)),
            (
                "list",
                Json::List(vec![Json::Null, Json::text(""), Json::Number(7)]),
            ),
        ]);
        let expected = "{\n  \"a\\\"b\\\\\": \"line\\nbell\\u0007\\u2028ä\",\n  \"empty\": [],\n  \"no\": false,\n  \"list\": [\n    null,\n    \"\",\n    7\n  ]\n}";
        assert_eq!(value.to_string(), expected);
    }
}
