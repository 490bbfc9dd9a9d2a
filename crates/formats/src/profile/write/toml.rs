//! TOML text.

use std::fmt;

/// A value as TOML has it.
pub(super) enum Toml {
    Text(String),
    Switch(bool),
    List(Vec<String>),
    Table(Vec<(String, String)>),
}

impl fmt::Display for Toml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WIDTH: usize = 80;
        let items: Vec<String> = match self {
            Self::Text(text) => return f.write_str(&quoted(text)),
            Self::Switch(on) => return write!(f, "{on}"),
            Self::List(words) => words.iter().map(|word| quoted(word)).collect(),
            Self::Table(entries) => entries
                .iter()
                .map(|(name, value)| format!("{} = {}", quoted(name), quoted(value)))
                .collect(),
        };
        let (open, close, blank) = if matches!(self, Self::List(_)) {
            ("[", "]", "")
        } else {
            ("{", "}", " ")
        };
        let length: usize = items.iter().map(|item| item.len() + 2).sum();
        if items.is_empty() {
            write!(f, "{open}{close}")
        } else if length <= WIDTH {
            write!(f, "{open}{blank}{}{blank}{close}", items.join(", "))
        } else {
            // TOML 1.1 has line breaks in inline tables, too.
            write!(f, "{open}\n    {},\n{close}", items.join(",\n    "))
        }
    }
}

/// Writes a TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.extend([format!("\\u{:04X}", u32::from(c))]),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
