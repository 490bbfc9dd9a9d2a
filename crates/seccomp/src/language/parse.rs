//! From words to the lines of a policy.

use std::collections::BTreeMap;

use casemate_model::names::errno;
use casemate_model::names::suggest::nearest;
use casemate_model::names::{Arch, KernelVersion, SyscallId, syscalls};
use casemate_model::syscalls::ordinary::{GRANTS, Grants};
use casemate_model::syscalls::{Action, Flag, Width};

use super::lexer::{Placed, Token, tokens};
use super::{LanguageError, Loader, Position, Problem};

/// A policy's lines, in order, those of included files in their place.
#[derive(Default)]
pub(super) struct Document {
    pub(super) archs: Option<(Vec<Arch>, Position)>,
    pub(super) kernel: Option<(KernelVersion, Position)>,
    pub(super) default: Option<(Answer, Position)>,
    pub(super) newer: Option<(Answer, Position)>,
    pub(super) foreign: Option<(Answer, Position)>,
    pub(super) flags: Vec<Flag>,
    pub(super) constants: BTreeMap<String, (Value, Position)>,
    pub(super) rules: Vec<Rule>,
}

/// An action whose errno may have a name that stands for other numbers on other architectures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Plain(Action),
    Errno(String),
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) at: Position,
    pub(super) target: Target,
    pub(super) cases: Cases,
}

#[derive(Clone, Debug)]
pub(super) enum Cases {
    // A rule on a line of its own: its place among others must not matter.
    One(Conditions, Answer),
    // In braces: the first that holds.
    Ordered(Vec<(Conditions, Answer)>),
}

#[derive(Clone, Debug)]
pub(super) enum Conditions {
    All(Vec<Condition>),
    Otherwise,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Named(SyscallId),
    On(Arch, SyscallId),
    Numbers(Arch, u32, u32),
}

#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) at: Position,
    pub(super) argument: Argument,
    pub(super) width: Width,
    pub(super) mask: Option<Value>,
    pub(super) comparison: Comparison,
}

#[derive(Clone, Debug)]
pub(super) enum Argument {
    Named(String),
    Place(usize),
}

#[derive(Clone, Debug)]
pub(super) enum Comparison {
    Equal(Value),
    NotEqual(Value),
    Less(Value),
    AtMost(Value),
    Greater(Value),
    AtLeast(Value),
    In(Vec<(Value, Value)>),
    NotIn(Vec<(Value, Value)>),
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Number(u64),
    Name(String, Position),
    Or(Box<Value>, Box<Value>),
    Not(Box<Value>),
    Negative(Box<Value>),
}

// Files nested deeper than this include each other.
const DEEPEST: usize = 16;

// Values nested deeper than this are no values that a person writes.
const DEEPEST_VALUE: usize = 32;

pub(super) fn parse(
    text: &str,
    file: &str,
    loader: &mut Loader<'_>,
) -> Result<Document, LanguageError> {
    let mut document = Document::default();
    let mut groups = BTreeMap::new();
    Parser::file(
        text,
        file,
        &mut document,
        &mut groups,
        (loader, &mut Vec::new()),
    )?;
    Ok(document)
}

struct Parser<'a> {
    tokens: Vec<Placed>,
    next: usize,
    document: &'a mut Document,
    groups: &'a mut BTreeMap<String, (Vec<Target>, Position)>,
}

impl<'a> Parser<'a> {
    fn file(
        text: &str,
        file: &str,
        document: &'a mut Document,
        groups: &'a mut BTreeMap<String, (Vec<Target>, Position)>,
        (loader, open): (&mut Loader<'_>, &mut Vec<String>),
    ) -> Result<(), LanguageError> {
        open.push(file.to_owned());
        let mut parser = Parser {
            tokens: tokens(text, file)?,
            next: 0,
            document,
            groups,
        };
        loop {
            match parser.peek() {
                Token::End => break,
                Token::EndOfLine => parser.skip(),
                Token::Word(word) if word == "include" => {
                    parser.skip();
                    parser.include(file, (&mut *loader, &mut *open))?;
                }
                _ => parser.line()?,
            }
        }
        open.pop();
        Ok(())
    }

    fn include(
        &mut self,
        file: &str,
        (loader, open): (&mut Loader<'_>, &mut Vec<String>),
    ) -> Result<(), LanguageError> {
        let at = self.at();
        let Token::Text(path) = self.peek() else {
            return Err(self.expected("a path in quotes"));
        };
        self.skip();
        self.end_of_line()?;
        if open.len() >= DEEPEST || open.contains(&path) {
            return Err(error(at, Problem::Recursion(path)));
        }
        let text = loader(file, &path).map_err(|reason| {
            error(
                at.clone(),
                Problem::Include {
                    path: path.clone(),
                    reason,
                },
            )
        })?;
        Parser::file(&text, &path, self.document, self.groups, (loader, open))
    }

    fn line(&mut self) -> Result<(), LanguageError> {
        let at = self.at();
        let Token::Word(word) = self.peek() else {
            return Err(self.expected("an action, a call or a setting"));
        };
        match word.as_str() {
            "arch" => {
                self.skip();
                let archs = if self.peek() == Token::Word("none".to_owned()) {
                    self.skip();
                    Vec::new()
                } else {
                    self.list(Self::arch)?
                };
                once(&at, "arch", self.document.archs.as_ref().map(|(_, at)| at))?;
                self.document.archs = Some((archs, at));
            }
            "kernel" => {
                self.skip();
                let version = self.version()?;
                once(
                    &at,
                    "kernel",
                    self.document.kernel.as_ref().map(|(_, at)| at),
                )?;
                self.document.kernel = Some((version, at));
            }
            "default" | "newer" | "foreign" => {
                self.skip();
                let answer = self.action()?;
                let place = match word.as_str() {
                    "default" => &mut self.document.default,
                    "newer" => &mut self.document.newer,
                    _ => &mut self.document.foreign,
                };
                once(&at, &word, place.as_ref().map(|(_, at)| at))?;
                *place = Some((answer, at));
            }
            "flags" => {
                self.skip();
                let flags = self.list(Self::flag)?;
                self.document.flags.extend(flags);
            }
            "const" => {
                self.skip();
                self.constant()?;
            }
            "group" => {
                self.skip();
                self.group()?;
            }
            // There is a call named kill, too.
            word if is_action(word) && self.peek_after() != Token::Mark("{") => self.rule()?,
            _ => return self.block(),
        }
        self.end_of_line()
    }

    fn constant(&mut self) -> Result<(), LanguageError> {
        let at = self.at();
        let Token::Word(name) = self.peek() else {
            return Err(self.expected("a name"));
        };
        self.skip();
        self.mark("=", "\"=\"")?;
        let value = self.value(0)?;
        once(
            &at,
            &name,
            self.document.constants.get(&name).map(|(_, at)| at),
        )?;
        self.document.constants.insert(name, (value, at));
        Ok(())
    }

    fn group(&mut self) -> Result<(), LanguageError> {
        let at = self.at();
        self.mark("@", "the group's name, such as @files")?;
        let name = self.word("the group's name")?;
        self.mark("=", "\"=\"")?;
        let mut members = Vec::new();
        for part in self.list(Self::targets)? {
            members.extend(part);
        }
        once(
            &at,
            &format!("@{name}"),
            self.groups.get(&name).map(|(_, at)| at),
        )?;
        self.groups.insert(name, (members, at));
        Ok(())
    }

    fn rule(&mut self) -> Result<(), LanguageError> {
        let answer = self.action()?;
        loop {
            let at = self.at();
            let targets = self.targets()?;
            let conditions = if self.is_mark("(") {
                self.skip();
                self.skip_lines();
                let conditions = self.conditions(")")?;
                self.mark(")", "\",\" or \")\"")?;
                conditions
            } else {
                Conditions::All(Vec::new())
            };
            for target in targets {
                self.document.rules.push(Rule {
                    at: at.clone(),
                    target,
                    cases: Cases::One(conditions.clone(), answer.clone()),
                });
            }
            if self.is_mark(",") {
                self.skip();
            } else if matches!(self.peek(), Token::EndOfLine | Token::End) {
                return Ok(());
            }
        }
    }

    fn block(&mut self) -> Result<(), LanguageError> {
        let at = self.at();
        if let (Token::Word(word), Token::Word(_) | Token::Mark("@")) =
            (self.peek(), self.peek_after())
            && let Some(near) = nearest(&word, ACTIONS)
        {
            return Err(unknown("action", &word, at, Some(near)));
        }
        let targets = self.targets()?;
        self.mark("{", "\"{\", or an action before the call")?;
        let mut cases = Vec::new();
        loop {
            self.skip_lines();
            if self.is_mark("}") {
                self.skip();
                break;
            }
            let conditions = self.conditions(":")?;
            self.mark(":", "\",\" or \":\"")?;
            let answer = self.action()?;
            cases.push((conditions, answer));
            if self.is_mark(";") {
                self.skip();
            } else if !self.is_mark("}") {
                self.end_of_line()?;
            }
        }
        for target in targets {
            self.document.rules.push(Rule {
                at: at.clone(),
                target,
                cases: Cases::Ordered(cases.clone()),
            });
        }
        self.end_of_line()
    }

    fn conditions(&mut self, end: &'static str) -> Result<Conditions, LanguageError> {
        if let Token::Word(word) = self.peek()
            && word == "otherwise"
        {
            self.skip();
            self.skip_lines();
            return Ok(Conditions::Otherwise);
        }
        let mut conditions = Vec::new();
        let mut place = 0;
        while !self.is_mark(end) {
            if self.is_mark("_") {
                self.skip();
            } else {
                conditions.push(self.condition(place)?);
            }
            place += 1;
            self.skip_lines();
            if !self.is_mark(",") {
                break;
            }
            self.skip();
            self.skip_lines();
        }
        Ok(Conditions::All(conditions))
    }

    fn condition(&mut self, place: usize) -> Result<Condition, LanguageError> {
        let at = self.at();
        // A constant alone has a value's place; an argument is followed by what it is compared with.
        let named = match (self.peek(), self.peek_after()) {
            (Token::Word(word), Token::Mark("==" | "!=" | "<" | "<=" | ">" | ">=" | "&")) => {
                Some(word)
            }
            (Token::Word(word), Token::Word(after))
                if matches!(after.as_str(), "in" | "not" | "raw64" | "low32" | "high32") =>
            {
                Some(word)
            }
            _ => None,
        };
        let Some(name) = named else {
            let ranges = if self.is_mark("{") {
                self.set()?
            } else {
                vec![self.range()?]
            };
            return Ok(Condition {
                at,
                argument: Argument::Place(place),
                width: Width::Kernel,
                mask: None,
                comparison: Comparison::In(ranges),
            });
        };
        self.skip();
        let width = match self.peek() {
            Token::Word(word) => match word.as_str() {
                "raw64" => Width::Raw64,
                "low32" => Width::Low32,
                "high32" => Width::High32,
                _ => Width::Kernel,
            },
            _ => Width::Kernel,
        };
        if width != Width::Kernel {
            self.skip();
        }
        let mask = if self.is_mark("&") {
            self.skip();
            Some(self.value(0)?)
        } else {
            None
        };
        let comparison = self.comparison(mask.is_some())?;
        Ok(Condition {
            at,
            argument: Argument::Named(name),
            width,
            mask,
            comparison,
        })
    }

    fn comparison(&mut self, masked: bool) -> Result<Comparison, LanguageError> {
        let token = self.peek();
        let expected = if masked {
            "\"==\" or \"!=\" after a mask"
        } else {
            "a comparison (== != < <= > >= in, not in)"
        };
        let make: fn(Value) -> Comparison = match token {
            Token::Mark("==") => Comparison::Equal,
            Token::Mark("!=") => Comparison::NotEqual,
            Token::Mark("<") if !masked => Comparison::Less,
            Token::Mark("<=") if !masked => Comparison::AtMost,
            Token::Mark(">") if !masked => Comparison::Greater,
            Token::Mark(">=") if !masked => Comparison::AtLeast,
            Token::Word(word) if word == "in" && !masked => {
                self.skip();
                return Ok(Comparison::In(self.ranges()?));
            }
            Token::Word(word) if word == "not" && !masked => {
                self.skip();
                if self.peek() != Token::Word("in".to_owned()) {
                    return Err(self.expected("\"in\" after \"not\""));
                }
                self.skip();
                return Ok(Comparison::NotIn(self.ranges()?));
            }
            _ => return Err(self.expected(expected)),
        };
        self.skip();
        Ok(make(self.value(0)?))
    }

    fn ranges(&mut self) -> Result<Vec<(Value, Value)>, LanguageError> {
        if self.is_mark("{") {
            self.set()
        } else {
            Ok(vec![self.range()?])
        }
    }

    fn set(&mut self) -> Result<Vec<(Value, Value)>, LanguageError> {
        self.mark("{", "\"{\"")?;
        let mut ranges = Vec::new();
        loop {
            self.skip_lines();
            if self.is_mark("}") {
                break;
            }
            ranges.push(self.range()?);
            self.skip_lines();
            if !self.is_mark(",") {
                break;
            }
            self.skip();
        }
        self.mark("}", "\",\" or \"}\"")?;
        Ok(ranges)
    }

    fn range(&mut self) -> Result<(Value, Value), LanguageError> {
        let low = self.value(0)?;
        if !self.is_mark("..") {
            return Ok((low.clone(), low));
        }
        self.skip();
        Ok((low, self.value(0)?))
    }

    fn value(&mut self, depth: usize) -> Result<Value, LanguageError> {
        let mut value = self.term(depth)?;
        while self.is_mark("|") {
            self.skip();
            value = Value::Or(Box::new(value), Box::new(self.term(depth)?));
        }
        Ok(value)
    }

    fn term(&mut self, depth: usize) -> Result<Value, LanguageError> {
        let at = self.at();
        if depth > DEEPEST_VALUE {
            return Err(self.expected("a simpler value"));
        }
        let value = match self.peek() {
            Token::Number(text) => {
                Value::Number(number(&text).ok_or_else(|| error(at, Problem::Number(text)))?)
            }
            Token::Word(name) => Value::Name(name, at),
            Token::Mark("~") => {
                self.skip();
                return Ok(Value::Not(Box::new(self.term(depth + 1)?)));
            }
            Token::Mark("-") => {
                self.skip();
                return Ok(Value::Negative(Box::new(self.term(depth + 1)?)));
            }
            Token::Mark("(") => {
                self.skip();
                let value = self.value(depth + 1)?;
                self.mark(")", "\")\"")?;
                return Ok(value);
            }
            _ => return Err(self.expected("a number or the name of a constant")),
        };
        self.skip();
        Ok(value)
    }

    // A call, a call on one architecture, numbers, or a group.
    fn targets(&mut self) -> Result<Vec<Target>, LanguageError> {
        let at = self.at();
        if self.is_mark("@") {
            self.skip();
            let name = self.word("the group's name")?;
            return self.members(&name, at);
        }
        let word = self.word("the name of a call, or @ and a group's")?;
        if !self.is_mark(":") {
            return Ok(vec![Target::Named(call(&word, at)?)]);
        }
        let arch = arch(&word, at)?;
        self.skip();
        let at = self.at();
        match self.peek() {
            Token::Word(name) => {
                self.skip();
                let id = call(&name, at.clone())?;
                if id.number(arch).is_none() {
                    return Err(error(
                        at,
                        Problem::Lacking {
                            name,
                            arch: arch.name(),
                        },
                    ));
                }
                Ok(vec![Target::On(arch, id)])
            }
            Token::Number(_) => {
                let low = self.nr(arch)?;
                let high = if self.is_mark("..") {
                    self.skip();
                    self.nr(arch)?
                } else {
                    low
                };
                Ok(vec![Target::Numbers(arch, low, high)])
            }
            _ => Err(self.expected("a call's name or number")),
        }
    }

    fn nr(&mut self, arch: Arch) -> Result<u32, LanguageError> {
        let at = self.at();
        let Token::Number(text) = self.peek() else {
            return Err(self.expected("a call's number"));
        };
        self.skip();
        number(&text)
            .and_then(|number| u32::try_from(number).ok())
            .map(|number| number | arch.number_bit())
            .ok_or_else(|| error(at, Problem::Number(text)))
    }

    fn members(&self, name: &str, at: Position) -> Result<Vec<Target>, LanguageError> {
        if let Some((members, _)) = self.groups.get(name) {
            return Ok(members.clone());
        }
        let built_in = GRANTS.iter().find_map(|grant| match grant.grants {
            Grants::Calls(calls) if grant.name == name => Some(calls),
            _ => None,
        });
        if let Some(calls) = built_in {
            let ids = calls.iter().filter_map(|call| SyscallId::from_name(call));
            return Ok(ids.map(Target::Named).collect());
        }
        let known = self.groups.keys().map(String::as_str);
        let known = known.chain(GRANTS.iter().filter_map(|grant| match grant.grants {
            Grants::Calls(_) => Some(grant.name),
            Grants::Families(_) | Grants::Architecture(..) => None,
        }));
        Err(unknown("group", name, at, nearest(name, known)))
    }

    fn action(&mut self) -> Result<Answer, LanguageError> {
        let at = self.at();
        let word = self.word("an action")?;
        Ok(match word.as_str() {
            "allow" => Answer::Plain(Action::Allow),
            "log" => Answer::Plain(Action::Log),
            "notify" => Answer::Plain(Action::Notify),
            "kill" | "kill-process" => Answer::Plain(Action::KillProcess),
            "kill-thread" => Answer::Plain(Action::KillThread),
            "trap" => Answer::Plain(Action::Trap(self.data()?.unwrap_or(0))),
            "trace" => Answer::Plain(Action::Trace(self.data()?.unwrap_or(0))),
            "errno" => self.errno()?,
            _ => {
                let near = nearest(&word, ACTIONS);
                return Err(unknown("action", &word, at, near));
            }
        })
    }

    fn data(&mut self) -> Result<Option<u16>, LanguageError> {
        if !self.is_mark("(") {
            return Ok(None);
        }
        self.skip();
        let Token::Number(text) = self.peek() else {
            return Err(self.expected("a number up to 65535"));
        };
        let data = number(&text)
            .and_then(|number| u16::try_from(number).ok())
            .ok_or_else(|| self.expected("a number up to 65535"))?;
        self.skip();
        self.mark(")", "\")\"")?;
        Ok(Some(data))
    }

    fn errno(&mut self) -> Result<Answer, LanguageError> {
        self.mark("(", "\"(\" and an error's name")?;
        let at = self.at();
        let answer = match self.peek() {
            Token::Number(text) => number(&text)
                .and_then(|number| u16::try_from(number).ok())
                .filter(|number| *number <= Action::MAX_ERRNO)
                .map(|number| Answer::Plain(Action::Errno(number)))
                .ok_or_else(|| self.expected("an error's number up to 4095"))?,
            Token::Word(name) => {
                if errno::find(&name).is_none() {
                    let near = errno::suggest(&name).map(str::to_owned);
                    return Err(unknown("error", &name, at, near.as_deref()));
                }
                Answer::Errno(name)
            }
            _ => return Err(self.expected("an error's name or number")),
        };
        self.skip();
        self.mark(")", "\")\"")?;
        Ok(answer)
    }

    fn version(&mut self) -> Result<KernelVersion, LanguageError> {
        let Token::Number(text) = self.peek() else {
            return Err(self.expected("a kernel's version such as 6.18"));
        };
        let version = text
            .parse()
            .map_err(|_| self.expected("a kernel's version such as 6.18"))?;
        self.skip();
        Ok(version)
    }

    fn arch(&mut self) -> Result<Arch, LanguageError> {
        let at = self.at();
        let word = self.word("the name of an architecture")?;
        arch(&word, at)
    }

    fn flag(&mut self) -> Result<Flag, LanguageError> {
        let at = self.at();
        let word = self.word("a flag")?;
        let flags = [
            Flag::Log,
            Flag::ThreadSync,
            Flag::SpecAllow,
            Flag::WaitKillable,
        ];
        flags
            .into_iter()
            .find(|flag| flag.to_string() == word)
            .ok_or_else(|| {
                let near = nearest(&word, ["log", "tsync", "spec-allow", "wait-killable"]);
                unknown("flag", &word, at, near)
            })
    }

    fn list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, LanguageError>,
    ) -> Result<Vec<T>, LanguageError> {
        let mut all = vec![one(self)?];
        loop {
            if self.is_mark(",") {
                self.skip();
            } else if matches!(self.peek(), Token::EndOfLine | Token::End) {
                return Ok(all);
            }
            all.push(one(self)?);
        }
    }

    fn word(&mut self, expected: &'static str) -> Result<String, LanguageError> {
        let Token::Word(word) = self.peek() else {
            return Err(self.expected(expected));
        };
        self.skip();
        Ok(word)
    }

    fn peek(&self) -> Token {
        self.token(self.next)
    }

    fn peek_after(&self) -> Token {
        self.token(self.next + 1)
    }

    fn token(&self, index: usize) -> Token {
        self.tokens
            .get(index)
            .map_or(Token::End, |placed| placed.token.clone())
    }

    fn at(&self) -> Position {
        let placed = self.tokens.get(self.next).or(self.tokens.last());
        placed.map_or_else(
            || Position {
                file: String::new(),
                line: 1,
                column: 1,
            },
            |placed| placed.at.clone(),
        )
    }

    fn skip(&mut self) {
        self.next += 1;
    }

    fn skip_lines(&mut self) {
        while self.peek() == Token::EndOfLine {
            self.skip();
        }
    }

    fn is_mark(&self, mark: &'static str) -> bool {
        self.peek() == Token::Mark(mark)
    }

    fn mark(&mut self, mark: &'static str, expected: &'static str) -> Result<(), LanguageError> {
        if !self.is_mark(mark) {
            return Err(self.expected(expected));
        }
        self.skip();
        Ok(())
    }

    fn end_of_line(&mut self) -> Result<(), LanguageError> {
        match self.peek() {
            Token::End => Ok(()),
            Token::EndOfLine => {
                self.skip();
                Ok(())
            }
            _ => Err(self.expected("the end of the line")),
        }
    }

    fn expected(&self, expected: &'static str) -> LanguageError {
        error(
            self.at(),
            Problem::Expected {
                expected,
                found: self.peek().describe(),
            },
        )
    }
}

const ACTIONS: [&str; 9] = [
    "allow",
    "errno",
    "kill",
    "kill-process",
    "kill-thread",
    "log",
    "notify",
    "trace",
    "trap",
];

fn is_action(word: &str) -> bool {
    ACTIONS.contains(&word)
}

pub(super) const fn error(at: Position, problem: Problem) -> LanguageError {
    LanguageError { at, problem }
}

pub(super) fn unknown(
    kind: &'static str,
    name: &str,
    at: Position,
    nearest: Option<&str>,
) -> LanguageError {
    error(
        at,
        Problem::Unknown {
            kind,
            name: name.to_owned(),
            nearest: nearest.map(str::to_owned),
        },
    )
}

fn once(at: &Position, what: &str, first: Option<&Position>) -> Result<(), LanguageError> {
    match first {
        None => Ok(()),
        Some(first) => Err(error(
            at.clone(),
            Problem::Twice {
                what: what.to_owned(),
                first: first.clone(),
            },
        )),
    }
}

fn call(name: &str, at: Position) -> Result<SyscallId, LanguageError> {
    SyscallId::from_name(name)
        .ok_or_else(|| unknown("system call", name, at, syscalls::suggest(name)))
}

fn arch(name: &str, at: Position) -> Result<Arch, LanguageError> {
    Arch::from_name(name).ok_or_else(|| {
        let near = nearest(name, Arch::ALL.iter().map(|arch| arch.name()));
        unknown("architecture", name, at, near)
    })
}

fn number(text: &str) -> Option<u64> {
    let text = text.replace('_', "");
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    if let Some(digits) = hexadecimal {
        return u64::from_str_radix(digits, 16).ok();
    }
    match text.strip_prefix("0o") {
        Some(digits) => u64::from_str_radix(digits, 8).ok(),
        None => text.parse().ok(),
    }
}
