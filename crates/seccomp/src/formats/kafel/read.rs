//! Reads a policy.

use std::collections::BTreeMap;

use casemate_model::names::arch::X32_SYSCALL_BIT;
use casemate_model::names::{Arch, SyscallId, arguments, syscalls};
use casemate_model::syscalls::policy::shape;
use casemate_model::syscalls::{Action, Arg, Call, Case, SyscallPolicy, Width, condition};

use super::expression::{Alternatives, Argument, Meaning, condition as read_condition};
use super::lexer::{Kind, Token, Tokens};
use crate::formats::report::{Notes, Problem, ReadError, Remark, Source, What, shortened};
use crate::formats::rules::collapse;
use crate::formats::{Context, Reading, Unknown};

// As Kafel's own limit.
const DEEPEST: usize = 10;
const DEEPEST_USE: usize = 64;
const MOST_FILES: usize = 64;
// Policies that use each other grow like powers of two.
const MOST_RULES: usize = 20_000;

#[derive(Clone)]
struct Rule {
    call: Call,
    when: Alternatives,
    action: Action,
}

enum Item {
    Use(usize),
    Rule(Rule),
}

struct Reader<'a> {
    context: &'a Context<'a>,
    native: Arch,
    notes: Notes,
    constants: BTreeMap<String, u64>,
    names: BTreeMap<String, usize>,
    // What each policy holds; the first one is that of the file itself.
    policies: Vec<Vec<Item>>,
    default: Option<Action>,
    files: usize,
    // How much the whole policy is when all uses are put in.
    sizes: Vec<usize>,
    // How deep its uses go.
    depths: Vec<usize>,
}

pub(super) fn read(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let native = context.native().ok_or_else(|| {
        let expected = "an architecture to read it for";
        source.error(0, Problem::Nothing { expected })
    })?;
    let mut reader = Reader {
        context,
        native,
        notes: Notes::default(),
        constants: BTreeMap::new(),
        names: BTreeMap::new(),
        policies: vec![Vec::new()],
        default: None,
        files: 0,
        sizes: vec![0],
        depths: vec![0],
    };
    reader.file(file, &source, 0)?;
    if reader.default.is_none() && reader.policies[0].is_empty() {
        let expected = "a rule, USE or DEFAULT outside of POLICY";
        return Err(source.error(0, Problem::Nothing { expected }));
    }
    let policy = reader.policy();
    Ok(Reading {
        policy,
        notes: reader.notes.finish(),
    })
}

impl Reader<'_> {
    fn file(&mut self, name: &str, source: &Source<'_>, depth: usize) -> Result<(), ReadError> {
        let mut tokens = Tokens::of(source)?;
        while let Some(token) = tokens.peek() {
            match token.text {
                "#" => self.directive(name, &mut tokens, depth)?,
                "POLICY" => self.definition(&mut tokens)?,
                "DEFAULT" => {
                    tokens.take("DEFAULT");
                    let action = self.action(&mut tokens)?;
                    if self.default.is_some() {
                        let what = "DEFAULT".to_owned();
                        return Err(source.error(token.at, Problem::Twice { what }));
                    }
                    self.default = Some(action);
                }
                "," | ";" => {
                    tokens.take(token.text);
                }
                _ => self.statement(&mut tokens, 0)?,
            }
        }
        Ok(())
    }

    fn directive(
        &mut self,
        from: &str,
        tokens: &mut Tokens<'_>,
        depth: usize,
    ) -> Result<(), ReadError> {
        tokens.need("#")?;
        let source = tokens.source;
        let word = tokens.word("define or include")?;
        if word.text == "define" {
            let name = tokens.word("a name")?;
            let value = tokens.number()?;
            let known = self.constants.insert(name.text.to_owned(), value);
            if known.is_some_and(|known| known != value) {
                let what = format!("the constant {} with another value", shortened(name.text));
                return Err(source.error(name.at, Problem::Twice { what }));
            }
            return Ok(());
        }
        if word.text != "include" {
            let known = ["define", "include"];
            return Err(source.unknown(word.at, What::Key, word.text, known));
        }
        if !tokens.peek().is_some_and(|token| token.kind == Kind::Text) {
            return Err(tokens.expected("a file name in quotes"));
        }
        while let Some(token) = tokens.token(Kind::Text) {
            self.include(from, source, token, depth)?;
        }
        Ok(())
    }

    fn include(
        &mut self,
        from: &str,
        source: &Source<'_>,
        token: Token<'_>,
        depth: usize,
    ) -> Result<(), ReadError> {
        self.files += 1;
        for (count, what, most) in [
            (depth + 1, "levels of included files", DEEPEST),
            (self.files, "included files", MOST_FILES),
        ] {
            if count > most {
                return Err(source.error(token.at, Problem::TooMany { what, most }));
            }
        }
        let name = token.text.trim_matches('"');
        let text = self.context.loader.load(name, from).map_err(|reason| {
            let name = shortened(name);
            source.error(token.at, Problem::Include { name, reason })
        })?;
        let included = Source::new(name, text.as_bytes())?;
        self.file(name, &included, depth + 1)
    }

    fn definition(&mut self, tokens: &mut Tokens<'_>) -> Result<(), ReadError> {
        tokens.need("POLICY")?;
        let name = tokens.word("the name of the policy")?;
        if self.names.contains_key(name.text) {
            let what = format!("policy {}", shortened(name.text));
            return Err(tokens.source.error(name.at, Problem::Twice { what }));
        }
        let place = self.policies.len();
        self.policies.push(Vec::new());
        self.sizes.push(0);
        self.depths.push(0);
        tokens.need("{")?;
        while !tokens.take("}") {
            if !tokens.take(",") {
                self.statement(tokens, place)?;
            }
        }
        // Only now, so that it cannot use itself.
        self.names.insert(name.text.to_owned(), place);
        Ok(())
    }

    // USE, or an action with its rules, for a policy.
    fn statement(&mut self, tokens: &mut Tokens<'_>, into: usize) -> Result<(), ReadError> {
        let at = tokens.at();
        if tokens.take("USE") {
            let name = tokens.word("the name of a policy")?;
            let Some(used) = self.names.get(name.text).copied() else {
                let problem = Problem::Unknown {
                    what: What::Policy,
                    name: shortened(name.text),
                    suggestion: None,
                };
                return Err(tokens.source.error(name.at, problem));
            };
            let depth = self.depths.get(used).copied().unwrap_or(0) + 1;
            if depth > DEEPEST_USE {
                let problem = Problem::TooMany {
                    what: "levels of USE",
                    most: DEEPEST_USE,
                };
                return Err(tokens.source.error(at, problem));
            }
            if let Some(known) = self.depths.get_mut(into) {
                *known = depth.max(*known);
            }
            let size = self.sizes.get(used).copied().unwrap_or(0);
            return self.push(tokens.source, at, into, (Item::Use(used), size + 1));
        }
        let action = self.action(tokens)?;
        tokens.need("{")?;
        while !tokens.take("}") {
            if tokens.take(",") {
                continue;
            }
            let at = tokens.at();
            if let Some((call, when)) = self.filter(tokens)? {
                // An alternative is a case of its own.
                let size = when.len() + 1;
                let rule = Rule { call, when, action };
                self.push(tokens.source, at, into, (Item::Rule(rule), size))?;
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        source: &Source<'_>,
        at: usize,
        into: usize,
        (item, size): (Item, usize),
    ) -> Result<(), ReadError> {
        if let (Some(items), Some(total)) = (self.policies.get_mut(into), self.sizes.get_mut(into))
        {
            *total += size;
            if *total > MOST_RULES {
                let problem = Problem::TooMany {
                    what: "conditions in a policy",
                    most: MOST_RULES,
                };
                return Err(source.error(at, problem));
            }
            items.push(item);
        }
        Ok(())
    }

    fn action(&mut self, tokens: &mut Tokens<'_>) -> Result<Action, ReadError> {
        const NAMES: [&str; 10] = [
            "ALLOW",
            "DENY",
            "ERRNO",
            "KILL",
            "KILL_PROCESS",
            "KILL_THREAD",
            "LOG",
            "TRACE",
            "TRAP",
            "USER_NOTIF",
        ];
        let word = tokens.word("an action, USE, POLICY or DEFAULT")?;
        Ok(match word.text {
            "ALLOW" => Action::Allow,
            "LOG" => Action::Log,
            "DENY" | "KILL" | "KILL_THREAD" => Action::KillThread,
            "KILL_PROCESS" => Action::KillProcess,
            "USER_NOTIF" => Action::Notify,
            "ERRNO" | "TRAP" | "TRACE" => {
                tokens.need("(")?;
                let at = tokens.at();
                let number = match tokens.token(Kind::Word) {
                    Some(name) => *self
                        .constants
                        .get(name.text)
                        .ok_or_else(|| tokens.source.expected_not(at, "a number", name.text))?,
                    None => tokens.number()?,
                };
                tokens.need(")")?;
                let number = u16::try_from(number)
                    .map_err(|_| tokens.source.expected(at, "a number of at most 65535"))?;
                match word.text {
                    // The kernel cuts greater ones to this.
                    "ERRNO" => Action::Errno(number.min(Action::MAX_ERRNO)),
                    "TRAP" => Action::Trap(number),
                    _ => Action::Trace(number),
                }
            }
            other => return Err(tokens.source.unknown(word.at, What::Action, other, NAMES)),
        })
    }

    // A call and its condition, if it is one of this architecture.
    fn filter(
        &mut self,
        tokens: &mut Tokens<'_>,
    ) -> Result<Option<(Call, Alternatives)>, ReadError> {
        let name = tokens.word("a system call")?;
        let number = if name.text == "SYSCALL" {
            tokens.need("[")?;
            let number = tokens.number()?;
            tokens.need("]")?;
            Some(number)
        } else {
            self.constants.get(name.text).copied()
        };
        let declared = declared(tokens)?;
        let here = self.guard(tokens)?;
        let call = match number {
            Some(number) => self.numbered(tokens.source, name.at, number),
            None if here => self.named(tokens.source, name)?,
            None => None,
        };
        let mut when = vec![Vec::new()];
        if tokens.take("{") && !tokens.take("}") {
            let constants = &self.constants;
            let native = self.native;
            let source = tokens.source;
            let known = here && call.is_some();
            let names = |word: &str, at: usize| {
                if let Some(value) = constants.get(word) {
                    return Ok(Meaning::Number(*value));
                }
                if let Some(declared) = &declared {
                    let place = declared.iter().position(|name| *name == word);
                    return whole(place).ok_or_else(|| {
                        let problem = Problem::Unknown {
                            what: What::Argument,
                            name: shortened(word),
                            suggestion: None,
                        };
                        source.error(at, problem)
                    });
                }
                match call {
                    Some(Call::On(_, id)) => argument(source, at, word, (id, native)),
                    // The rule is left out, so its arguments may be called anything.
                    _ if !known => Ok(Meaning::Number(0)),
                    _ => Err(source.expected_not(at, "a declared argument", word)),
                }
            };
            when = read_condition(tokens, &names)?;
            tokens.need("}")?;
        }
        Ok(call.filter(|_| here).map(|call| (call, when)))
    }

    fn guard(&mut self, tokens: &mut Tokens<'_>) -> Result<bool, ReadError> {
        if !tokens.take("ON") {
            return Ok(true);
        }
        let mut here = false;
        let braces = tokens.take("{");
        loop {
            let name = tokens.word("an architecture")?;
            let arch = Arch::from_name(name.text);
            let others = ["mips64", "mipso32", "m68k"];
            if arch.is_none() && !others.contains(&name.text) {
                let names = Arch::ALL.into_iter().map(Arch::name);
                return Err(tokens.source.unknown(name.at, What::Arch, name.text, names));
            }
            here |= arch == Some(self.native);
            if !braces || !tokens.take(",") {
                break;
            }
        }
        if braces {
            tokens.need("}")?;
        }
        Ok(here)
    }

    fn named(&mut self, source: &Source<'_>, name: Token<'_>) -> Result<Option<Call>, ReadError> {
        let id = SyscallId::from_name(name.text).or_else(|| old_name(name.text));
        match id {
            Some(id) if id.number(self.native).is_some() => Ok(Some(Call::On(self.native, id))),
            _ if self.context.unknown == Some(Unknown::LeaveOut) => {
                let at = source.position(name.at);
                self.notes.unknown_call(at, name.text);
                Ok(None)
            }
            Some(_) => {
                let expected = format!("a system call of {}, or ON after it", self.native);
                Err(source.expected_not(name.at, expected, shortened(name.text)))
            }
            None => Err(source.unknown_call(name.at, name.text)),
        }
    }

    fn numbered(&mut self, source: &Source<'_>, at: usize, number: u64) -> Option<Call> {
        // Kafel compares the lower half.
        let number = number as u32;
        if let Some(call) = syscalls::find(self.native, number) {
            return Some(Call::On(self.native, call.id));
        }
        if self.native != Arch::X86_64 || number < X32_SYSCALL_BIT {
            return Some(Call::Numbers(self.native, number, number));
        }
        if number == u32::MAX {
            let what = "a rule for number -1, which a tracer writes to skip a call,".to_owned();
            self.notes
                .add(source.position(at), Remark::Ignored { what });
            return None;
        }
        match syscalls::find(Arch::X32, number) {
            Some(call) => Some(Call::On(Arch::X32, call.id)),
            None => Some(Call::Numbers(Arch::X32, number, number)),
        }
    }

    fn policy(&mut self) -> SyscallPolicy {
        let default = self.default.unwrap_or(Action::KillThread);
        let mut policy = SyscallPolicy::without_rules([self.native], default);
        policy.foreign = Action::KillThread;
        let mut calls = BTreeMap::new();
        collect(&self.policies, 0, &mut calls);
        let x32 =
            |call: &Call| matches!(call, Call::On(Arch::X32, _) | Call::Numbers(Arch::X32, ..));
        if self.native == Arch::X86_64 && (default != policy.foreign || calls.keys().any(x32)) {
            policy.archs.insert(Arch::X32);
        }
        policy.rules = calls;
        collapse(&mut policy);
        policy
    }
}

// The rules of a policy in their order. What follows a rule without condition for a call never decides.
fn collect(policies: &[Vec<Item>], place: usize, calls: &mut BTreeMap<Call, Vec<Case>>) {
    for item in policies.get(place).into_iter().flatten() {
        match item {
            // A policy uses only what was defined before it, so this ends.
            Item::Use(used) => collect(policies, *used, calls),
            Item::Rule(rule) => {
                let cases = calls.entry(rule.call).or_default();
                if cases.last().is_none_or(|case| !case.when.is_empty()) {
                    cases.extend(rule.when.iter().map(|when| Case {
                        when: when.clone(),
                        action: rule.action,
                    }));
                }
            }
        }
    }
}

// The names that a policy gives the arguments of a call.
fn declared<'a>(tokens: &mut Tokens<'a>) -> Result<Option<Vec<&'a str>>, ReadError> {
    if !tokens.take("(") {
        return Ok(None);
    }
    let mut names: Vec<&str> = Vec::new();
    if tokens.take(")") {
        return Ok(Some(names));
    }
    loop {
        let name = tokens.word("the name of an argument")?;
        if names.contains(&name.text) {
            let what = format!("argument {}", shortened(name.text));
            return Err(tokens.source.error(name.at, Problem::Twice { what }));
        }
        if names.len() == 6 {
            let problem = Problem::TooMany {
                what: "arguments",
                most: 6,
            };
            return Err(tokens.source.error(name.at, problem));
        }
        names.push(name.text);
        if !tokens.take(",") {
            tokens.need(")")?;
            return Ok(Some(names));
        }
    }
}

fn whole(place: Option<usize>) -> Option<Meaning> {
    let place = Arg::new(u8::try_from(place?).ok()?)?;
    Some(Meaning::Argument(Argument {
        place,
        width: Width::Raw64,
    }))
}

fn argument(
    source: &Source<'_>,
    at: usize,
    word: &str,
    (id, arch): (SyscallId, Arch),
) -> Result<Meaning, ReadError> {
    let place = arguments::index(id, arch, word)
        .and_then(|place| u8::try_from(place).ok())
        .and_then(Arg::new);
    let Some(place) = place else {
        let problem = Problem::Unknown {
            what: What::Argument,
            name: shortened(word),
            suggestion: arguments::suggest(id, arch, word).map(str::to_owned),
        };
        return Err(source.error(at, problem));
    };
    let width = match shape(arch, id, place.index()).size {
        condition::Size::Bits64 => Width::Raw64,
        condition::Size::Bits16 | condition::Size::Bits32 => Width::Low32,
    };
    Ok(Meaning::Argument(Argument { place, width }))
}

// The kernel's names for the functions behind a few calls, which Kafel's tables have.
fn old_name(name: &str) -> Option<SyscallId> {
    let name = match name {
        "newstat" => "stat",
        "newfstat" => "fstat",
        "newlstat" => "lstat",
        "newuname" => "uname",
        "sendfile64" => "sendfile",
        _ => return None,
    };
    SyscallId::from_name(name)
}
