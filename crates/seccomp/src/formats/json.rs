//! JSON in which every value knows its place.
//!
//! Written here because the launcher depends on this crate and its dependencies are fixed: no JSON crate may come in
//! with it. The well-kept ones have no positions, too, which an error in a profile needs.
//!
//! Stricter than most: a key given twice is an error, because readers disagree about which one counts.

use std::collections::BTreeSet;

use super::report::{Problem, ReadError, Source, quoted, shortened};

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The place of its first byte.
    pub at: usize,
    /// The place after its last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, in the order of the input.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The place of the key.
    pub at: usize,
    /// The place after the key.
    pub key_end: usize,
    /// The key.
    pub key: String,
    /// The value.
    pub value: Value,
}

// A profile nests 6 deep, a whole container configuration 8.
const DEEPEST: usize = 64;
const MOST_VALUES: usize = 400_000;

/// Reads one value and nothing after it.
pub fn parse(source: &Source<'_>) -> Result<Value, ReadError> {
    let mut parser = Parser {
        source,
        at: 0,
        left: MOST_VALUES,
    };
    // Windows editors begin a file with this mark.
    if source.text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    let value = parser.value(0)?;
    parser.space();
    if parser.at < source.text.len() {
        return Err(source.expected(parser.at, "the end"));
    }
    Ok(value)
}

struct Parser<'a> {
    source: &'a Source<'a>,
    at: usize,
    left: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.space();
        let at = self.at;
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            let problem = Problem::TooMany {
                what: "values",
                most: MOST_VALUES,
            };
            self.source.error(at, problem)
        })?;
        if depth > DEEPEST {
            let problem = Problem::TooMany {
                what: "levels of nesting",
                most: DEEPEST,
            };
            return Err(self.source.error(at, problem));
        }
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Kind::Text(self.text()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Value {
            at,
            end: self.at,
            kind,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Kind, ReadError> {
        self.at += 1;
        let mut members = Vec::new();
        let mut keys = BTreeSet::new();
        if self.take(b'}') {
            return Ok(Kind::Object(members));
        }
        loop {
            self.space();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.source.expected(at, "a key in quotes"));
            }
            let key = self.text()?;
            if !keys.insert(key.clone()) {
                let what = format!("key {}", quoted(&key));
                return Err(self.source.error(at, Problem::Twice { what }));
            }
            let key_end = self.at;
            if !self.take(b':') {
                return Err(self.source.expected(self.at, "\":\" after a key"));
            }
            let value = self.value(depth + 1)?;
            members.push(Member {
                at,
                key_end,
                key,
                value,
            });
            if self.take(b'}') {
                return Ok(Kind::Object(members));
            }
            if !self.take(b',') {
                return Err(self.source.expected(self.at, "\",\" or \"}\""));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Kind, ReadError> {
        self.at += 1;
        let mut values = Vec::new();
        if self.take(b']') {
            return Ok(Kind::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.take(b']') {
                return Ok(Kind::List(values));
            }
            if !self.take(b',') {
                return Err(self.source.expected(self.at, "\",\" or \"]\""));
            }
        }
    }

    fn word(&mut self) -> Result<Kind, ReadError> {
        let rest = self.source.text.get(self.at..).unwrap_or("");
        for (word, kind) in [
            ("null", Kind::Null),
            ("true", Kind::Bool(true)),
            ("false", Kind::Bool(false)),
        ] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.source.expected(self.at, "a value"))
    }

    fn number(&mut self) -> Result<Kind, ReadError> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.at += 1;
        }
        let text = self.source.text.get(start..self.at).unwrap_or("");
        let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
        let leading = matches!(digits, [b'0', b'0'..=b'9', ..]);
        if leading
            || text.parse::<f64>().is_err()
            || !digits.first().is_some_and(u8::is_ascii_digit)
        {
            let found = quoted(text);
            return Err(self.source.expected_not(start, "a number", found));
        }
        Ok(Kind::Number(shortened(text)))
    }

    fn text(&mut self) -> Result<String, ReadError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.source.text.get(self.at..).unwrap_or("");
            let plain = rest
                .find(|c: char| c == '"' || c == '\\' || c < ' ')
                .unwrap_or(rest.len());
            text.push_str(rest.get(..plain).unwrap_or(""));
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                None => {
                    return Err(self
                        .source
                        .expected_not(start, "a closing quote", "the end"));
                }
                Some(_) => return Err(self.source.expected(self.at, "a closing quote")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let start = self.at;
        self.at += 1;
        let byte = self.peek();
        self.at += 1;
        let plain = match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(start),
            _ => {
                self.at = start;
                return Err(self.source.expected(start, "an escape of JSON"));
            }
        };
        Ok(plain)
    }

    fn unicode(&mut self, start: usize) -> Result<char, ReadError> {
        let bad = |source: &Source<'_>| source.expected(start, "four hexadecimal digits");
        let mut unit = || {
            let digits = self.source.text.get(self.at..self.at + 4)?;
            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            self.at += 4;
            u32::from_str_radix(digits, 16).ok()
        };
        let first = unit().ok_or_else(|| bad(self.source))?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| bad(self.source));
        }
        // The second half of a character beyond the 16-bit plane.
        if self.source.text.get(self.at..self.at + 2) != Some("\\u") {
            return Err(bad(self.source));
        }
        self.at += 2;
        let mut unit = || {
            let digits = self.source.text.get(self.at..self.at + 4)?;
            self.at += 4;
            u32::from_str_radix(digits, 16).ok()
        };
        let second = unit()
            .filter(|second| (0xdc00..0xe000).contains(second))
            .ok_or_else(|| bad(self.source))?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            .ok_or_else(|| bad(self.source))
    }
}

impl Value {
    /// What kind of value it is, for messages.
    pub const fn kind(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a truth value",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Object(_) => "an object",
        }
    }

    /// The member of a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Object(members) => members
                .iter()
                .find(|member| member.key == key)
                .map(|member| &member.value),
            _ => None,
        }
    }

    fn wrong(&self, source: &Source<'_>, expected: &str) -> ReadError {
        source.expected_not(self.at, expected, self.kind())
    }

    /// The members of an object; none of null.
    pub fn members(&self, source: &Source<'_>) -> Result<&[Member], ReadError> {
        match &self.kind {
            Kind::Object(members) => Ok(members),
            Kind::Null => Ok(&[]),
            _ => Err(self.wrong(source, "an object")),
        }
    }

    /// The values of a list; none of null.
    pub fn list(&self, source: &Source<'_>) -> Result<&[Self], ReadError> {
        match &self.kind {
            Kind::List(values) => Ok(values),
            Kind::Null => Ok(&[]),
            _ => Err(self.wrong(source, "a list")),
        }
    }

    /// A text.
    pub fn text(&self, source: &Source<'_>) -> Result<&str, ReadError> {
        match &self.kind {
            Kind::Text(text) => Ok(text),
            _ => Err(self.wrong(source, "a text")),
        }
    }

    /// A whole number that is not negative.
    pub fn number(&self, source: &Source<'_>) -> Result<u64, ReadError> {
        match &self.kind {
            Kind::Number(text) => text.parse().map_err(|_| {
                source.expected_not(self.at, "a whole number below 2^64", quoted(text))
            }),
            _ => Err(self.wrong(source, "a number")),
        }
    }
}

/// A text as JSON writes it.
pub fn quote(text: &str) -> String {
    use std::fmt::Write;
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c < ' ' => {
                // PANIC: writing to a String does not fail, so there is nothing to report.
                if write!(quoted, "\\u{:04x}", u32::from(c)).is_err() {
                    return quoted;
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_values_with_places() {
        let text = "{\"a\": [1, -2.5e3, \"x\\u00e9\\ud83d\\ude00\\n\"],\n \"b\": null}";
        let source = Source::new("t", text.as_bytes()).expect("text");
        let value = parse(&source).expect("JSON");
        let list = value.get("a").expect("a").list(&source).expect("list");
        assert_eq!(list[0].number(&source), Ok(1));
        assert!(list[1].number(&source).is_err());
        assert_eq!(list[2].text(&source), Ok("xé😀\n"));
        assert_eq!(source.position(value.get("b").expect("b").at).line, 2);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let deep = "[".repeat(100);
        for (text, message) in [
            ("", "t:1:1: expected a value, found the end"),
            (
                "{\"a\":1,\n\"a\":2}",
                "t:2:1: key \"\\\"a\\\"\" is given twice, remove one",
            ),
            ("[1 2]", "t:1:4: expected \",\" or \"]\", found \"2]\""),
            ("{a:1}", "t:1:2: expected a key in quotes, found \"a:1}\""),
            ("[01]", "t:1:2: expected a number, found \"01\""),
            ("\"a", "t:1:1: expected a closing quote, found the end"),
            (
                "\"\\ud800x\"",
                "t:1:2: expected four hexadecimal digits, found \"\\\\ud800x\\\"\"",
            ),
            ("[] x", "t:1:4: expected the end, found \"x\""),
            (deep.as_str(), "t:1:66: more than 64 levels of nesting"),
        ] {
            let source = Source::new("t", text.as_bytes()).expect("text");
            let error = parse(&source).expect_err(text).to_string();
            let message = message.replace("\"\\\"a\\\"\"", "\"a\"");
            assert_eq!(error, message, "{text}");
        }
    }
}
