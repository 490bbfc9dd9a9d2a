//! Writing JSON: the state, lists, the log.

use casemate_seccomp::formats::json::quote;

/// Collects an object or a list, without blanks.
#[derive(Debug)]
pub struct Writer {
    text: String,
    first: bool,
}

impl Writer {
    /// Starts.
    pub fn new() -> Self {
        Self {
            text: String::new(),
            first: true,
        }
    }

    fn next(&mut self) {
        if !self.first {
            self.text.push(',');
        }
        self.first = false;
    }

    /// Opens an object or a list.
    pub fn open(&mut self, bracket: char) -> &mut Self {
        self.next();
        self.text.push(bracket);
        self.first = true;
        self
    }

    /// Closes it.
    pub fn close(&mut self, bracket: char) -> &mut Self {
        self.text.push(bracket);
        self.first = false;
        self
    }

    /// Writes the name of a member, whose value is written next.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.next();
        self.text.push_str(&quote(name));
        self.text.push(':');
        self.first = true;
        self
    }

    /// Writes a text.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.next();
        self.text.push_str(&quote(value));
        self
    }

    /// Writes a number, a truth value, or JSON that is written already.
    pub fn plain(&mut self, value: impl std::fmt::Display) -> &mut Self {
        self.next();
        self.text.push_str(&value.to_string());
        self
    }

    /// Returns what was written.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Spreads JSON that was written without blanks over lines: scripts look for `"status": "running"`.
pub fn spread(json: &str) -> String {
    let mut spread = String::with_capacity(json.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if quoted {
            spread.push(letter);
            quoted = escaped || letter != '"';
            escaped = letter == '\\' && !escaped;
            continue;
        }
        let line = |spread: &mut String, depth: usize| {
            spread.push('\n');
            spread.push_str(&"  ".repeat(depth));
        };
        match letter {
            '{' | '[' if letters.peek().is_some_and(|next| matches!(next, '}' | ']')) => {
                spread.push(letter);
                spread.extend(letters.next());
            }
            '{' | '[' => {
                depth += 1;
                spread.push(letter);
                line(&mut spread, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut spread, depth);
                spread.push(letter);
            }
            ',' => {
                spread.push(letter);
                line(&mut spread, depth);
            }
            ':' => spread.push_str(": "),
            _ => {
                quoted = letter == '"';
                spread.push(letter);
            }
        }
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::Writer;

    #[test]
    fn members_are_separated_and_text_is_quoted() {
        let mut writer = Writer::new();
        writer.open('{').key("a\n").text("b\"\n").key("c").plain(1);
        writer.key("d").open('[').plain(true).text("e").close(']');
        writer
            .key("f")
            .open('{')
            .close('}')
            .key("g")
            .plain(2)
            .close('}');
        assert_eq!(
            writer.finish(),
            r#"{"a\n":"b\"\n","c":1,"d":[true,"e"],"f":{},"g":2}"#
        );
    }
}
