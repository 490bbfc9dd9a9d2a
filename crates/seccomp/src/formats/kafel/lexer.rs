//! The words of a policy.

use crate::formats::report::{Problem, ReadError, Source, quoted};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Word,
    Number,
    Text,
    Sign,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// The words of a file and the place in them.
pub(super) struct Tokens<'a> {
    pub(super) source: &'a Source<'a>,
    list: Vec<Token<'a>>,
    next: usize,
}

const MOST_TOKENS: usize = 400_000;

impl<'a> Tokens<'a> {
    pub(super) fn of(source: &'a Source<'a>) -> Result<Self, ReadError> {
        let text = source.text;
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let first = rest.as_bytes().first().copied().unwrap_or(b' ');
            if first.is_ascii_whitespace() {
                at += 1;
                continue;
            }
            if rest.starts_with("//") {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            if rest.starts_with("/*") {
                let end = rest.get(2..).and_then(|inside| inside.find("*/"));
                let end = end.ok_or_else(|| {
                    source.expected_not(at, "\"*/\" after this comment", "the end")
                })?;
                at += end + 4;
                continue;
            }
            let (kind, length) = token(source, at, rest, first)?;
            if tokens.len() == MOST_TOKENS {
                let problem = Problem::TooMany {
                    what: "words",
                    most: MOST_TOKENS,
                };
                return Err(source.error(at, problem));
            }
            tokens.push(Token {
                kind,
                text: rest.get(..length).unwrap_or(""),
                at,
            });
            at += length;
        }
        Ok(Self {
            source,
            list: tokens,
            next: 0,
        })
    }

    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.list.get(self.next).copied()
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.text == text)
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let taken = self.is(text);
        self.next += usize::from(taken);
        taken
    }

    pub(super) fn token(&mut self, kind: Kind) -> Option<Token<'a>> {
        let token = self.peek().filter(|token| token.kind == kind);
        self.next += usize::from(token.is_some());
        token
    }

    pub(super) fn at(&self) -> usize {
        let token = self.peek();
        token.map_or(self.source.text.len(), |token| token.at)
    }

    pub(super) fn expected(&self, expected: &str) -> ReadError {
        let found = match self.peek() {
            Some(token) => quoted(token.text),
            None => "the end".to_owned(),
        };
        self.source.expected_not(self.at(), expected, found)
    }

    pub(super) fn need(&mut self, text: &str) -> Result<(), ReadError> {
        if self.take(text) {
            return Ok(());
        }
        Err(self.expected(&format!("{text:?}")))
    }

    pub(super) fn word(&mut self, expected: &str) -> Result<Token<'a>, ReadError> {
        self.token(Kind::Word)
            .ok_or_else(|| self.expected(expected))
    }

    pub(super) fn number(&mut self) -> Result<u64, ReadError> {
        let token = self
            .token(Kind::Number)
            .ok_or_else(|| self.expected("a number"))?;
        self.source.number(token.at, token.text)
    }
}

fn token(
    source: &Source<'_>,
    at: usize,
    rest: &str,
    first: u8,
) -> Result<(Kind, usize), ReadError> {
    let run = |rest: &str| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        end.unwrap_or(rest.len())
    };
    let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
    if first.is_ascii_digit() {
        return Ok((Kind::Number, run(rest)));
    }
    if first == b'-' && second.is_ascii_digit() {
        return Ok((Kind::Number, 1 + run(rest.get(1..).unwrap_or(""))));
    }
    if first.is_ascii_alphabetic() || first == b'_' {
        return Ok((Kind::Word, run(rest)));
    }
    if first == b'"' {
        let line = rest.get(1..).unwrap_or("").split('\n').next().unwrap_or("");
        let end = line
            .find('"')
            .ok_or_else(|| source.expected_not(at, "a closing quote", "the end of the line"))?;
        return Ok((Kind::Text, end + 2));
    }
    let long = ["||", "&&", "==", "!=", "<=", ">="];
    if long.iter().any(|sign| rest.starts_with(sign)) {
        return Ok((Kind::Sign, 2));
    }
    if b"{}()[],;!<>|&#".contains(&first) {
        return Ok((Kind::Sign, 1));
    }
    Err(source.expected(at, "a name, a number or an operator"))
}
