//! Words of a policy's text.

use super::{LanguageError, Position, Problem};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    Word(String),
    Number(String),
    Text(String),
    // Any of the marks of the language.
    Mark(&'static str),
    EndOfLine,
    End,
}

impl Token {
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) => format!("{text:?}"),
            Self::Text(text) => format!("the text {text:?}"),
            Self::Mark(mark) => format!("{mark:?}"),
            Self::EndOfLine => "the end of the line".to_owned(),
            Self::End => "the end of the file".to_owned(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) at: Position,
}

// Longer ones first.
const MARKS: [&str; 21] = [
    "==", "!=", "<=", ">=", "..", "(", ")", "{", "}", ",", ":", "=", "<", ">", "&", "|", "~", "@",
    "-", ";", "_",
];

pub(super) fn tokens(text: &str, file: &str) -> Result<Vec<Placed>, LanguageError> {
    let mut found = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        Line {
            file,
            number: line,
            rest: content,
            whole: content,
        }
        .tokens(&mut found)?;
    }
    let at = found.last().map_or_else(
        || Position {
            file: file.to_owned(),
            line: 1,
            column: 1,
        },
        |placed| placed.at.clone(),
    );
    found.push(Placed {
        token: Token::End,
        at,
    });
    Ok(found)
}

struct Line<'a> {
    file: &'a str,
    number: usize,
    rest: &'a str,
    whole: &'a str,
}

impl<'a> Line<'a> {
    fn at(&self) -> Position {
        let before = self.whole.len() - self.rest.len();
        Position {
            file: self.file.to_owned(),
            line: self.number,
            column: 1 + self
                .whole
                .get(..before)
                .map_or(0, |text| text.chars().count()),
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn tokens(mut self, found: &mut Vec<Placed>) -> Result<(), LanguageError> {
        loop {
            self.rest = self.rest.trim_start();
            let at = self.at();
            let Some(first) = self.rest.chars().next() else {
                break;
            };
            let token = match first {
                '#' => break,
                '"' => self.quoted(&at)?,
                '0'..='9' => self.number(),
                'a'..='z' | 'A'..='Z' | '_' => self.word(),
                _ => self.mark(&at, first)?,
            };
            found.push(Placed { token, at });
        }
        found.push(Placed {
            token: Token::EndOfLine,
            at: self.at(),
        });
        Ok(())
    }

    fn quoted(&mut self, at: &Position) -> Result<Token, LanguageError> {
        let inside = self.rest.get(1..).unwrap_or("");
        let end = inside.find('"').ok_or_else(|| LanguageError {
            at: at.clone(),
            problem: Problem::Unclosed,
        })?;
        let text = inside.get(..end).unwrap_or("").to_owned();
        self.take(end + 2);
        Ok(Token::Text(text))
    }

    // A version such as 6.18 is one word; in 0..8 the dots are a mark.
    fn number(&mut self) -> Token {
        let bytes = self.rest.as_bytes();
        let mut length = 0;
        while let Some(byte) = bytes.get(length) {
            let dot = *byte == b'.'
                && bytes.get(length + 1).is_some_and(u8::is_ascii_digit)
                && bytes.get(length.wrapping_sub(1)) != Some(&b'.');
            if !(byte.is_ascii_alphanumeric() || *byte == b'_' || dot) {
                break;
            }
            length += 1;
        }
        Token::Number(self.take(length).to_owned())
    }

    // Words have hyphens inside: kill-thread.
    fn word(&mut self) -> Token {
        let bytes = self.rest.as_bytes();
        let mut length = 0;
        while let Some(byte) = bytes.get(length) {
            let hyphen =
                *byte == b'-' && bytes.get(length + 1).is_some_and(u8::is_ascii_alphabetic);
            if !(byte.is_ascii_alphanumeric() || *byte == b'_' || hyphen) {
                break;
            }
            length += 1;
        }
        match self.take(length) {
            "_" => Token::Mark("_"),
            word => Token::Word(word.to_owned()),
        }
    }

    fn mark(&mut self, at: &Position, first: char) -> Result<Token, LanguageError> {
        let mark = MARKS
            .into_iter()
            .find(|mark| self.rest.starts_with(mark))
            .ok_or_else(|| LanguageError {
                at: at.clone(),
                problem: Problem::Character(first),
            })?;
        self.take(mark.len());
        Ok(Token::Mark(mark))
    }
}
