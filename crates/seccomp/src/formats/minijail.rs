//! Minijail's `.policy` files.
//!
//! - A file is for one architecture: the machine's own. Calls of others kill the process; x32 numbers are numbers like
//!   any other to Minijail and get the default.
//! - Comparisons are of whole registers, unsigned. `arg & MASK` asks whether any bit of the mask is set, `arg in MASK`
//!   whether none outside of it is.
//! - Filters of one call are tried in the order of the input; after one without condition there must be none.
//! - `NAME: CONDITION; return ERRNO` permits the call if the condition holds and else answers the error, as the manual
//!   page and Minijail's parser have it. The compiler of policies (`compile_seccomp_policy`) answers the error if it
//!   holds. A note tells of each such line; braces (`{ CONDITION; return ERRNO }`), which only that compiler knows,
//!   say the latter. In a denylist the latter is what is read, as nothing else makes sense there.
//! - `kill` and the default kill the process; `@frequency` is a hint to the compiler and is passed over.
//! - Unknown calls are an error, as they are for Minijail: a file is for one architecture.

use std::collections::BTreeMap;

use casemate_model::names::{Arch, SyscallId, arch, constants, errno};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};

use super::report::{Notes, Problem, ReadError, Remark, Source, What, c_number, quoted, shortened};
use super::write::{Cube, Piece, Plain, WriteError, WriteOptions, Written, finish};
use super::{Context, Format, Reading, Unknown};

/// The format.
pub const FORMAT: Format = Format {
    name: "minijail",
    holds: "Minijail policy file",
    detect,
    read,
    write: Some(write),
    unknown: Unknown::Refuse,
};

// As Minijail's own limit.
const DEEPEST: usize = 10;
// Ten levels that include twice each would be a thousand.
const MOST_FILES: usize = 64;
const MOST_CASES: usize = 20_000;
const MOST_ATOMS: usize = 400;
const DEEPEST_VALUE: usize = 32;

fn detect(bytes: &[u8]) -> bool {
    let mut statements = 0;
    for line in bytes.split(|byte| *byte == b'\n').take(200) {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        if line.starts_with(b"@include") || line.starts_with(b"@default") || line == b"@denylist" {
            return true;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return false;
        };
        let name = line.get(..colon).unwrap_or_default();
        let good = |byte: &u8| byte.is_ascii_alphanumeric() || b"_ {},@[]=;-".contains(byte);
        if name.is_empty() || !name.iter().all(good) {
            return false;
        }
        statements += 1;
        if statements == 3 {
            break;
        }
    }
    statements > 0
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Word,
    Number,
    Argument,
    Sign,
}

#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    kind: Kind,
    text: &'a str,
    at: usize,
}

// The tokens of one statement, which may go on over several lines.
struct Statement<'a> {
    source: &'a Source<'a>,
    tokens: Vec<Token<'a>>,
    next: usize,
    end: usize,
}

impl<'a> Statement<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).copied()
    }

    fn is(&self, text: &str) -> bool {
        self.peek().is_some_and(|token| token.text == text)
    }

    fn take(&mut self, text: &str) -> bool {
        let taken = self.is(text);
        self.next += usize::from(taken);
        taken
    }

    fn token(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.next += usize::from(token.is_some());
        token
    }

    fn at(&self) -> usize {
        self.peek().map_or(self.end, |token| token.at)
    }

    fn expected(&self, expected: &str) -> ReadError {
        let found = self
            .peek()
            .map_or("the end of the line".to_owned(), |token| quoted(token.text));
        self.source.expected_not(self.at(), expected, found)
    }

    fn need(&mut self, text: &str) -> Result<(), ReadError> {
        if self.take(text) {
            return Ok(());
        }
        Err(self.expected(&format!("{text:?}")))
    }
}

// The statements of a file.
fn statements<'a>(source: &'a Source<'a>) -> Result<Vec<Statement<'a>>, ReadError> {
    let mut statements = Vec::new();
    let mut tokens = Vec::new();
    let mut start = 0;
    for line in source.text.split('\n') {
        let body = line.trim_end_matches('\r');
        let (body, continued) = match body.strip_suffix('\\') {
            // A comment goes on, too.
            Some(before) => (before, true),
            None => (body, false),
        };
        tokenize(source, start, body, &mut tokens)?;
        let end = start + body.len();
        start += line.len() + 1;
        if continued {
            continue;
        }
        if !tokens.is_empty() {
            statements.push(Statement {
                source,
                tokens: std::mem::take(&mut tokens),
                next: 0,
                end,
            });
        }
    }
    if let Some(last) = tokens.last() {
        let found = "the end of the file";
        return Err(source.expected_not(last.at, "a line after \"\\\"", found));
    }
    Ok(statements)
}

fn tokenize<'a>(
    source: &Source<'a>,
    start: usize,
    line: &'a str,
    tokens: &mut Vec<Token<'a>>,
) -> Result<(), ReadError> {
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.as_bytes().first().copied().unwrap_or(b' ');
        if first == b'#' {
            return Ok(());
        }
        if first.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let word = |more: &[u8]| {
            rest.bytes()
                .position(|byte| !(byte.is_ascii_alphanumeric() || more.contains(&byte)))
                .unwrap_or(rest.len())
        };
        let path_follows = tokens
            .last()
            .is_some_and(|token| token.text == "@include" || token.text == "@frequency");
        let (kind, length) = if path_follows {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            (Kind::Word, end)
        } else if first.is_ascii_digit()
            || first == b'-' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
        {
            (
                Kind::Number,
                1 + rest.get(1..).map_or(0, |_| word(b"-") - 1),
            )
        } else if first.is_ascii_alphabetic() || first == b'_' || first == b'@' {
            let length = word(b"_-@");
            let text = rest.get(..length).unwrap_or("");
            let digits = text.strip_prefix("arg").unwrap_or("");
            let argument = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            (if argument { Kind::Argument } else { Kind::Word }, length)
        } else {
            let two = ["||", "&&", "==", "!=", "<=", ">="];
            let long = two.iter().any(|sign| rest.starts_with(sign));
            if !long && !b"&|<>=:;,~(){}[]".contains(&first) {
                return Err(source.expected(start + at, "a name, a number or an operator"));
            }
            (Kind::Sign, if long { 2 } else { 1 })
        };
        tokens.push(Token {
            kind,
            text: rest.get(..length).unwrap_or(""),
            at: start + at,
        });
        at += length;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Allow,
    Deny,
}

struct Reader<'a> {
    context: &'a Context<'a>,
    native: Arch,
    notes: Notes,
    default: Action,
    style: Style,
    calls: BTreeMap<SyscallId, Vec<Case>>,
    files: usize,
    cases: usize,
}

fn read(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let native = context.native().ok_or_else(|| {
        let expected = "an architecture to read it for";
        source.error(0, Problem::Nothing { expected })
    })?;
    let mut reader = Reader {
        context,
        native,
        notes: Notes::default(),
        default: Action::KillProcess,
        style: Style::Allow,
        calls: BTreeMap::new(),
        files: 0,
        cases: 0,
    };
    reader.file(file, &source, 0)?;
    if reader.calls.is_empty() {
        let expected = "a line such as \"read: 1\"";
        return Err(source.error(0, Problem::Nothing { expected }));
    }
    // A call without a condition that always holds gets the default, which is what it would get without its rule.
    let mut policy = SyscallPolicy::without_rules([native], reader.default);
    policy.foreign = Action::KillProcess;
    let x32 = native == Arch::X86_64 && policy.default != policy.foreign;
    if x32 {
        policy.archs.insert(Arch::X32);
    }
    for (id, cases) in reader.calls {
        let call = if x32 {
            Call::On(native, id)
        } else {
            Call::Named(id)
        };
        policy.rules.insert(call, cases);
    }
    Ok(Reading {
        policy,
        notes: reader.notes.finish(),
    })
}

impl Reader<'_> {
    fn file(&mut self, name: &str, source: &Source<'_>, depth: usize) -> Result<(), ReadError> {
        for mut statement in statements(source)? {
            let at = statement.at();
            if statement.take("@include") {
                let path = statement
                    .token()
                    .ok_or_else(|| statement.expected("a path"))?;
                self.include(name, source, (at, path.text), depth)?;
            } else if statement.take("@frequency") {
                let path = statement
                    .token()
                    .ok_or_else(|| statement.expected("a path"))?;
                let what = format!("frequency file {}", quoted(path.text));
                self.notes
                    .add(source.position(at), Remark::Ignored { what });
            } else if statement.take("@default") {
                let action = self.action(&mut statement)?;
                if action.passage() == casemate_model::syscalls::Passage::Passed {
                    return Err(source.expected(at, "a default that refuses"));
                }
                self.default = action;
            } else if statement.take("@denylist") {
                self.style = Style::Deny;
                self.default = Action::Allow;
            } else {
                self.rule(source, &mut statement)?;
            }
            if statement.peek().is_some() {
                return Err(statement.expected("the end of the line"));
            }
        }
        Ok(())
    }

    fn include(
        &mut self,
        from: &str,
        source: &Source<'_>,
        (at, name): (usize, &str),
        depth: usize,
    ) -> Result<(), ReadError> {
        self.files += 1;
        for (count, what, most) in [
            (depth + 1, "levels of included files", DEEPEST),
            (self.files, "included files", MOST_FILES),
        ] {
            if count > most {
                return Err(source.error(at, Problem::TooMany { what, most }));
            }
        }
        let text = self.context.loader.load(name, from).map_err(|reason| {
            let name = shortened(name);
            source.error(at, Problem::Include { name, reason })
        })?;
        let included = Source::new(name, text.as_bytes())?;
        self.file(name, &included, depth + 1)
    }

    fn rule(
        &mut self,
        source: &Source<'_>,
        statement: &mut Statement<'_>,
    ) -> Result<(), ReadError> {
        let start = statement.at();
        let mut calls = Vec::new();
        if statement.take("{") {
            loop {
                calls.extend(self.call(source, statement)?);
                if !statement.take(",") {
                    break;
                }
            }
            statement.need("}")?;
        } else {
            calls.extend(self.call(source, statement)?);
        }
        statement.need(":")?;
        let cases = self.filters(source, statement)?;
        for id in calls {
            self.cases += cases.len();
            if self.cases > MOST_CASES {
                let problem = Problem::TooMany {
                    what: "conditions",
                    most: MOST_CASES,
                };
                return Err(source.error(start, problem));
            }
            let known = self.calls.entry(id).or_default();
            if known.iter().any(|case| case.when.is_empty()) {
                let what = format!("an answer without condition to {id}");
                return Err(source.error(start, Problem::Twice { what }));
            }
            known.extend(cases.iter().cloned());
        }
        Ok(())
    }

    // A call, if it is one of this architecture.
    fn call(
        &mut self,
        source: &Source<'_>,
        statement: &mut Statement<'_>,
    ) -> Result<Option<SyscallId>, ReadError> {
        let Some(name) = statement.peek().filter(|token| token.kind == Kind::Word) else {
            return Err(statement.expected("a system call"));
        };
        statement.next += 1;
        let mut here = true;
        if statement.take("[") {
            here = self.metadata(statement)?;
        }
        if !here {
            return Ok(None);
        }
        if name.text.contains('@') {
            return Err(source.unknown(name.at, What::Group, name.text, []));
        }
        let id = SyscallId::from_name(name.text).filter(|id| id.number(self.native).is_some());
        if id.is_none() {
            if self.context.unknown != Some(Unknown::LeaveOut) {
                return Err(source.unknown_call(name.at, name.text));
            }
            self.notes.unknown_call(source.position(name.at), name.text);
        }
        Ok(id)
    }

    // `[arch=x86_64,arm]`: whether the call is meant for this architecture.
    fn metadata(&mut self, statement: &mut Statement<'_>) -> Result<bool, ReadError> {
        let mut here = true;
        loop {
            let key = statement.token().map_or("", |token| token.text);
            statement.need("=")?;
            let mut named = false;
            loop {
                let Some(value) = statement.token() else {
                    return Err(statement.expected("a name"));
                };
                named |= Arch::from_name(value.text) == Some(self.native);
                if !statement.take(",") {
                    break;
                }
            }
            if key == "arch" {
                here = named;
            }
            if !statement.take(";") {
                break;
            }
        }
        statement.need("]")?;
        Ok(here)
    }

    fn filters(
        &mut self,
        source: &Source<'_>,
        statement: &mut Statement<'_>,
    ) -> Result<Vec<Case>, ReadError> {
        let mut cases: Vec<Case> = Vec::new();
        if !statement.take("{") {
            let at = statement.at();
            let mut filter = self.filter(source, statement)?;
            let last = filter.last().filter(|case| !case.when.is_empty());
            if let Some(Action::Errno(errno)) = last.map(|case| case.action) {
                let becomes = if self.style == Style::Deny {
                    "the error is for calls of which the condition holds"
                } else {
                    for case in &mut filter {
                        case.action = Action::Allow;
                    }
                    filter.push(Case::always(Action::Errno(errno)));
                    "the error is for calls of which the condition does not hold"
                };
                self.notes
                    .add(source.position(at), Remark::Ambiguous { becomes });
            }
            return Ok(filter);
        }
        loop {
            if cases.iter().any(|case| case.when.is_empty()) {
                return Err(statement.expected("no filter after one without condition"));
            }
            cases.extend(self.filter(source, statement)?);
            if !statement.take(",") {
                break;
            }
        }
        statement.need("}")?;
        Ok(cases)
    }

    fn filter(
        &mut self,
        source: &Source<'_>,
        statement: &mut Statement<'_>,
    ) -> Result<Vec<Case>, ReadError> {
        if statement.peek().map(|token| token.kind) != Some(Kind::Argument) {
            let at = statement.at();
            let action = self.action(statement)?;
            if self.style == Style::Deny && !matches!(action, Action::Errno(_)) {
                return Err(source.expected(at, "\"return\" and an errno, as in every denylist"));
            }
            return Ok(vec![Case::always(action)]);
        }
        let mut clauses = Vec::new();
        loop {
            let mut clause = Vec::new();
            loop {
                clause.push(self.atom(source, statement)?);
                if clause.len() > MOST_ATOMS {
                    let problem = Problem::TooMany {
                        what: "conditions in a clause",
                        most: MOST_ATOMS,
                    };
                    return Err(source.error(statement.at(), problem));
                }
                if !statement.take("&&") {
                    break;
                }
            }
            clauses.push(clause);
            if !statement.take("||") {
                break;
            }
        }
        let action = if statement.take(";") {
            self.action(statement)?
        } else if self.style == Style::Deny {
            return Err(statement.expected("\";\", \"return\" and an errno"));
        } else {
            Action::Allow
        };
        Ok(clauses
            .into_iter()
            .map(|when| Case { when, action })
            .collect())
    }

    fn atom(&self, source: &Source<'_>, statement: &mut Statement<'_>) -> Result<Test, ReadError> {
        let token = statement
            .peek()
            .filter(|token| token.kind == Kind::Argument)
            .ok_or_else(|| statement.expected("an argument, arg0 to arg5"))?;
        statement.next += 1;
        let arg = token
            .text
            .get(3..)
            .and_then(|digits| digits.parse().ok())
            .and_then(Arg::new)
            .ok_or_else(|| source.expected(token.at, "an argument, arg0 to arg5"))?;
        let operator = statement.peek().map_or("", |token| token.text);
        if !["==", "!=", "<", "<=", ">", ">=", "&", "in"].contains(&operator) {
            return Err(statement.expected("one of == != < <= > >= & in"));
        }
        statement.next += 1;
        let value = self.value(source, statement, 0)?;
        let operator = match operator {
            "==" => Operator::Equal(value),
            "!=" => Operator::NotEqual(value),
            "<" => Operator::Less(value),
            "<=" => Operator::AtMost(value),
            ">" => Operator::Greater(value),
            ">=" => Operator::AtLeast(value),
            "&" => Operator::NotMasked {
                mask: value,
                value: 0,
            },
            _ => Operator::Masked {
                mask: !value,
                value: 0,
            },
        };
        Ok(Test {
            arg,
            width: Width::Raw64,
            operator,
        })
    }

    // Constants joined by `|`.
    fn value(
        &self,
        source: &Source<'_>,
        statement: &mut Statement<'_>,
        depth: usize,
    ) -> Result<u64, ReadError> {
        if depth > DEEPEST_VALUE {
            let problem = Problem::TooMany {
                what: "levels of parentheses",
                most: DEEPEST_VALUE,
            };
            return Err(source.error(statement.at(), problem));
        }
        let mut value = 0;
        loop {
            let complement = statement.take("~");
            let one = if statement.take("(") {
                let inside = self.value(source, statement, depth + 1)?;
                statement.need(")")?;
                inside
            } else {
                self.constant(source, statement)?
            };
            value |= self.cut(if complement { !one } else { one });
            if !statement.take("|") {
                return Ok(value);
            }
        }
    }

    fn cut(&self, value: u64) -> u64 {
        match self.native.register() {
            arch::Word::W32 => value & u64::from(u32::MAX),
            arch::Word::W64 => value,
        }
    }

    fn constant(
        &self,
        source: &Source<'_>,
        statement: &mut Statement<'_>,
    ) -> Result<u64, ReadError> {
        let Some(token) = statement.peek() else {
            return Err(statement.expected("a constant"));
        };
        statement.next += 1;
        match token.kind {
            Kind::Number => source.number(token.at, token.text),
            Kind::Word | Kind::Argument => {
                let value = constants::lookup(token.text, self.native);
                let value = value.or_else(|| errno::number(self.native, token.text).map(u64::from));
                value.ok_or_else(|| {
                    let near = constants::suggest(token.text);
                    source.unknown(token.at, What::Constant, token.text, near)
                })
            }
            Kind::Sign => {
                statement.next -= 1;
                Err(statement.expected("a constant"))
            }
        }
    }

    fn action(&self, statement: &mut Statement<'_>) -> Result<Action, ReadError> {
        let Some(token) = statement.peek() else {
            return Err(statement.expected("an action"));
        };
        statement.next += 1;
        Ok(match token.text {
            "allow" => Action::Allow,
            "kill" | "kill-process" => Action::KillProcess,
            "kill-thread" => Action::KillThread,
            "trap" => Action::Trap(0),
            "trace" => Action::Trace(0),
            "log" => Action::Log,
            "user-notify" => Action::Notify,
            "return" => {
                let at = statement.at();
                let number = self.constant(statement.source, statement)?;
                let number = u16::try_from(number).ok();
                let number = number.filter(|number| *number <= Action::MAX_ERRNO);
                Action::Errno(
                    number
                        .ok_or_else(|| statement.source.expected(at, "an errno of at most 4095"))?,
                )
            }
            text if token.kind == Kind::Number && c_number(text) == Some(1) => Action::Allow,
            text if token.kind == Kind::Word => {
                let names = [
                    "allow",
                    "kill",
                    "kill-process",
                    "kill-thread",
                    "trap",
                    "trace",
                    "log",
                    "user-notify",
                    "return",
                ];
                return Err(statement
                    .source
                    .unknown(token.at, What::Action, text, names));
            }
            _ => {
                statement.next -= 1;
                return Err(statement.expected("an action or a condition"));
            }
        })
    }
}

fn write(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let archs: Vec<Arch> = options.archs.iter().copied().take(1).collect();
    let mut plain = Plain::new(policy, &archs)?;
    let mut text = String::new();
    // A denylist can refuse by an error only; other defaults than these permit what is not listed.
    let deny = plain.otherwise == Action::Allow;
    plain.say_only(&mut |action| match action {
        Action::Trap(_) => Action::Trap(0),
        Action::Trace(_) => Action::Trace(0),
        Action::Log if deny => Action::Allow,
        Action::Allow | Action::Log | Action::Errno(_) => action,
        _ if deny => Action::EPERM,
        other => other,
    });
    plain.otherwise = match plain.otherwise {
        Action::Errno(_) | Action::Log | Action::Trace(_) => Action::KillProcess,
        other => other,
    };
    match plain.otherwise {
        Action::Allow => text.push_str("@denylist\n"),
        Action::KillProcess => {}
        other => text.extend(["@default ", &name(other), "\n"]),
    }
    for (id, cubes) in plain.common()? {
        text.extend([id.name(), ": ", &filters(&cubes), "\n"]);
    }
    if text.is_empty() {
        // A policy needs a line; this one says nothing.
        text.push_str("exit: kill-process\n");
    }
    finish(&FORMAT, text, policy, options)
}

fn name(action: Action) -> String {
    match action {
        Action::Allow => "allow".to_owned(),
        Action::Log => "log".to_owned(),
        Action::Errno(errno) => format!("return {errno}"),
        Action::Notify => "user-notify".to_owned(),
        Action::Trace(_) => "trace".to_owned(),
        Action::Trap(_) => "trap".to_owned(),
        Action::KillThread => "kill-thread".to_owned(),
        Action::KillProcess => "kill-process".to_owned(),
    }
}

fn filters(cubes: &[Cube]) -> String {
    let mut by_action: BTreeMap<Action, Vec<String>> = BTreeMap::new();
    for cube in cubes {
        if cube.pieces.is_empty() {
            return match cube.action {
                Action::Allow => "1".to_owned(),
                other => name(other),
            };
        }
        let atoms: Vec<String> = cube
            .pieces
            .iter()
            .map(|(arg, piece)| atoms(*arg, *piece))
            .collect();
        let clauses = by_action.entry(cube.action).or_default();
        clauses.push(atoms.join(" && "));
    }
    if let (1, Some(clauses)) = (by_action.len(), by_action.get(&Action::Allow)) {
        return clauses.join(" || ");
    }
    let filters: Vec<String> = by_action
        .into_iter()
        .map(|(action, clauses)| format!("{}; {}", clauses.join(" || "), name(action)))
        .collect();
    format!("{{ {} }}", filters.join(", "))
}

fn atoms(arg: u8, piece: Piece) -> String {
    match piece {
        Piece::Equal(value) => format!("arg{arg} == {value:#x}"),
        Piece::NotEqual(value) => format!("arg{arg} != {value:#x}"),
        Piece::AtMost(value) => format!("arg{arg} <= {value:#x}"),
        Piece::AtLeast(value) => format!("arg{arg} >= {value:#x}"),
        Piece::Masked(mask, value) => {
            let mut atoms: Vec<String> = (0..64)
                .map(|bit| 1u64 << bit)
                .filter(|bit| value & bit != 0)
                .map(|bit| format!("arg{arg} & {bit:#x}"))
                .collect();
            if mask & !value != 0 {
                atoms.push(format!("arg{arg} in ~{:#x}", mask & !value));
            }
            atoms.join(" && ")
        }
    }
}
