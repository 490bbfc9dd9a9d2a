//! Words of a command line as a shell splits them, with their places.

use crate::reader::{Context, Problem, Text};
use std::fmt::Write;

/// A word and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What the program gets.
    pub text: String,
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

/// What a shell would put in for a variable or a command.
pub(crate) struct Surroundings<'a> {
    variables: &'a std::collections::BTreeMap<String, String>,
    directory: Option<String>,
    home: Option<String>,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn of(context: &Context<'a>) -> Self {
        let text = |path: &Option<std::path::PathBuf>| {
            path.as_ref()
                .map(|path| path.to_string_lossy().into_owned())
        };
        Self {
            variables: context.environment,
            directory: text(&context.caller.directory),
            home: text(&context.caller.home),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        let own = self.variables.get(name).cloned();
        match name {
            "PWD" => own.or_else(|| self.directory.clone()),
            "HOME" => own.or_else(|| self.home.clone()),
            _ => own,
        }
    }
}

/// Commands: lists of words, ended by a line's end, `;`, `&` or `&&`.
pub(crate) fn commands(
    text: &Text<'_>,
    around: &Surroundings<'_>,
) -> Result<Vec<Vec<Word>>, Problem> {
    Splitter {
        text,
        around,
        at: 0,
        commands: vec![Vec::new()],
        word: None,
    }
    .run()
}

struct Splitter<'a> {
    text: &'a Text<'a>,
    around: &'a Surroundings<'a>,
    at: usize,
    commands: Vec<Vec<Word>>,
    word: Option<Word>,
}

impl Splitter<'_> {
    fn run(mut self) -> Result<Vec<Vec<Word>>, Problem> {
        while let Some(c) = self.peek() {
            let start = self.at;
            self.at += c.len_utf8();
            match c {
                ' ' | '\t' | '\r' => self.end_word(start),
                '\n' | ';' | '&' => {
                    self.end_word(start);
                    if self
                        .commands
                        .last()
                        .is_some_and(|command| !command.is_empty())
                    {
                        self.commands.push(Vec::new());
                    }
                }
                '#' if self.word.is_none() => self.skip_line(),
                '\\' => match self.peek() {
                    Some('\r') if self.rest().starts_with("\r\n") => self.at += 2,
                    Some('\n') => self.at += 1,
                    Some(next) => {
                        self.at += next.len_utf8();
                        self.push(start, next);
                    }
                    None => self.push(start, '\\'),
                },
                '\'' => self.single(start)?,
                '"' => self.double(start)?,
                '$' | '`' => self.expand(start, c)?,
                '~' if self.word.is_none() => self.home(start),
                '|' | '<' | '>' | '(' | ')' => {
                    let what = format!("`{c}` is for a shell, and no part of the command");
                    return Err(self.problem(&what, start));
                }
                c => self.push(start, c),
            }
        }
        self.end_word(self.at);
        self.commands.retain(|command| !command.is_empty());
        Ok(self.commands)
    }

    fn rest(&self) -> &str {
        self.text.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn problem(&self, what: &str, start: usize) -> Problem {
        Problem::new(what, self.text.origin(start, self.at.max(start)))
    }

    fn word(&mut self, start: usize) -> &mut Word {
        self.word.get_or_insert_with(|| Word {
            text: String::new(),
            start,
            end: start,
        })
    }

    fn push(&mut self, start: usize, c: char) {
        self.word(start).text.push(c);
    }

    fn end_word(&mut self, end: usize) {
        if let (Some(mut word), Some(command)) = (self.word.take(), self.commands.last_mut()) {
            word.end = end;
            command.push(word);
        }
    }

    fn skip_line(&mut self) {
        let length = self.rest().find('\n').unwrap_or(self.rest().len());
        self.at += length;
    }

    fn home(&mut self, start: usize) {
        let ends = self
            .peek()
            .is_none_or(|next| next == '/' || next.is_whitespace());
        let text = match self.around.variable("HOME") {
            Some(home) if ends => home,
            _ => "~".to_owned(),
        };
        self.word(start).text.push_str(&text);
    }

    fn single(&mut self, start: usize) -> Result<(), Problem> {
        let Some(length) = self.rest().find('\'') else {
            return Err(self.problem("a quote is not closed", start));
        };
        let text = self.rest().get(..length).unwrap_or("").to_owned();
        self.word(start).text.push_str(&text);
        self.at += length + 1;
        Ok(())
    }

    fn double(&mut self, start: usize) -> Result<(), Problem> {
        self.word(start);
        while let Some(c) = self.peek() {
            let at = self.at;
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(()),
                '\\' => match self.peek() {
                    Some('\n') => self.at += 1,
                    Some(next @ ('"' | '\\' | '$' | '`')) => {
                        self.at += 1;
                        self.push(start, next);
                    }
                    _ => self.push(start, '\\'),
                },
                '$' | '`' => self.expand(at, c)?,
                c => self.push(start, c),
            }
        }
        Err(self.problem("a quote is not closed", start))
    }

    /// A variable, or the one command that tells where one is.
    fn expand(&mut self, start: usize, c: char) -> Result<(), Problem> {
        for directory in ["$(pwd)", "`pwd`"] {
            if self
                .text
                .text
                .get(start..)
                .is_some_and(|rest| rest.starts_with(directory))
            {
                self.at = start + directory.len();
                let text = self
                    .around
                    .variable("PWD")
                    .unwrap_or_else(|| ".".to_owned());
                self.word(start).text.push_str(&text);
                return Ok(());
            }
        }
        if c == '`' || self.peek() == Some('(') {
            return Err(self.problem("what this command prints is not known", start));
        }
        let braced = self.peek() == Some('{');
        let rest = self.rest().get(usize::from(braced)..).unwrap_or("");
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or("").to_owned();
        if name.is_empty() && !braced {
            self.push(start, '$');
            return Ok(());
        }
        self.at += usize::from(braced) + length;
        if braced {
            if self.peek() != Some('}') {
                return Err(self.problem("only `${NAME}` is read, no other expansion", start));
            }
            self.at += 1;
        }
        match self.around.variable(&name) {
            Some(value) => self.word(start).text.push_str(&value),
            None => {
                let what = format!("the variable {name} is not set");
                return Err(self.problem(&what, start));
            }
        }
        Ok(())
    }
}

/// A word as a shell takes it.
pub(crate) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('~') {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Words as a shell takes them.
pub(crate) fn join(words: &[String]) -> String {
    let mut out = String::new();
    for (at, word) in words.iter().enumerate() {
        let blank = if at == 0 { "" } else { " " };
        // A string takes everything.
        if write!(out, "{blank}{}", quote(word)).is_err() {
            return out;
        }
    }
    out
}

/// The words of a text without variables or commands, such as a setting that was joined.
pub(crate) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => word.push(chars.next()?),
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::Path;

    #[test]
    fn words_come_as_a_shell_gives_them() {
        let variables: BTreeMap<String, String> = [("TAG".to_owned(), "1 2".to_owned())].into();
        let around = Surroundings {
            variables: &variables,
            directory: Some("/w".to_owned()),
            home: Some("/home/ada".to_owned()),
        };
        let read = |text: &str| {
            commands(&Text::of(Path::new("t.sh"), text), &around).map(|commands| {
                let words =
                    |command: &Vec<Word>| command.iter().map(|word| word.text.clone()).collect();
                commands.iter().map(words).collect::<Vec<Vec<String>>>()
            })
        };
        for (text, expected) in [
            (
                "a 'b c' \"d\\\"e\" f\\ g",
                vec![vec!["a", "b c", "d\"e", "f g"]],
            ),
            (
                "a \\\n  b # no\n\nc; d && e",
                vec![vec!["a", "b"], vec!["c"], vec!["d"], vec!["e"]],
            ),
            (
                "$(pwd)/x `pwd` $PWD ${TAG} \"$TAG\" ~/y ''",
                vec![vec!["/w/x", "/w", "/w", "1 2", "1 2", "/home/ada/y", ""]],
            ),
        ] {
            assert_eq!(read(text).expect(text), expected);
        }
        for wrong in [
            "a 'b", "a \"b", "$(id)", "a > b", "$NONE", "${A:-b}", "a | b",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let words = ["a b", "it's", "", "~", "x=1"].map(str::to_owned);
        assert_eq!(split(&join(&words)), Some(words.to_vec()));
    }
}
