//! LXC's seccomp policies, versions 1 and 2.
//!
//! Version 1 lists numbers of the machine's own architecture that are permitted. Version 2 has a header (`allowlist` or
//! `denylist`, in older files `whitelist` and `blacklist`, with an answer for what no rule names), sections by
//! architecture, and rules `NAME [ACTION [ARGUMENTS]]` with arguments `[index,value,op]` or `[index,value,op,mask]`.
//!
//! - LXC filters what the machine serves: its own architecture and, on x86_64, i386 and x32, on aarch64, arm. Others
//!   kill the thread.
//! - A section is read as it is meant: for its architecture. LXC's code adds every rule of a section that the machine
//!   serves to all its architectures; a note tells, and the writer uses no section but `[all]`.
//! - Comparisons are of all 64 bits; several rules for one call are as libseccomp has them ([`super::rules`]).
//! - Unknown calls are left out with a note, as LXC does: shipped policies name calls of all architectures.

use casemate_model::names::{Arch, SyscallId, errno, syscalls};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};

use super::report::{Notes, Problem, ReadError, Remark, Source, What, c_number, quoted, shortened};
use super::rules::{Rules, Stated, collapse};
use super::write::{Cube, Piece, Plain, WriteError, WriteOptions, Written, finish};
use super::{Context, Format, Reading, Unknown};

/// The format.
pub const FORMAT: Format = Format {
    name: "lxc",
    holds: "LXC seccomp policy (lxc.seccomp.profile), version 1 or 2",
    detect,
    read,
    write: Some(write),
    unknown: Unknown::LeaveOut,
};

const ACTIONS: [&str; 5] = ["allow", "errno", "kill", "notify", "trap"];
const OPERATORS: [(&str, &str); 7] = [
    ("SCMP_CMP_NE", "!="),
    ("SCMP_CMP_LT", "<"),
    ("SCMP_CMP_LE", "<="),
    ("SCMP_CMP_EQ", "=="),
    ("SCMP_CMP_GE", ">="),
    ("SCMP_CMP_GT", ">"),
    ("SCMP_CMP_MASKED_EQ", "&="),
];
// linux/mount.h
const MNT_FORCE: u64 = 1;
const EACCES: u16 = 13;
// LXC keeps as many.
const MOST_CONDITIONS: usize = 6;
// No architecture has a thousand calls.
const MOST_NUMBERS: usize = 4096;

fn detect(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let version = lines.next();
    let style = lines.next().unwrap_or_default();
    matches!(version, Some(b"1" | b"2"))
        && STYLES
            .iter()
            .any(|(name, _)| style.starts_with(name.as_bytes()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Allow,
    Deny,
}

const STYLES: [(&str, Style); 4] = [
    ("allowlist", Style::Allow),
    ("whitelist", Style::Allow),
    ("denylist", Style::Deny),
    ("blacklist", Style::Deny),
];

// What the rules of a section are about.
enum Section {
    // These architectures of the machine.
    These(Vec<Arch>),
    // None that the machine serves.
    None,
}

struct Reader<'a> {
    source: &'a Source<'a>,
    context: &'a Context<'a>,
    notes: Notes,
    native: Arch,
    served: Vec<Arch>,
}

fn read(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let native = context.native().ok_or_else(|| {
        source.error(
            0,
            Problem::Nothing {
                expected: "an architecture to read it for",
            },
        )
    })?;
    let mut served = vec![native];
    served.extend(native.companions());
    let mut reader = Reader {
        source: &source,
        context,
        notes: Notes::default(),
        native,
        served,
    };
    let policy = reader.policy(native)?;
    Ok(Reading {
        policy,
        notes: reader.notes.finish(),
    })
}

// The lines of a text with their places, without space at either end.
fn lines<'a>(source: &Source<'a>) -> impl Iterator<Item = (usize, &'a str)> {
    let mut at = 0;
    source.text.split('\n').map(move |line| {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len() + 1;
        (start, line.trim())
    })
}

impl Reader<'_> {
    fn policy(&mut self, native: Arch) -> Result<SyscallPolicy, ReadError> {
        let mut lines = lines(self.source);
        let (at, version) = lines.next().unwrap_or((0, ""));
        let version = match version {
            "1" => 1,
            "2" => 2,
            _ => return Err(self.source.expected(at, "a version, 1 or 2")),
        };
        let (at, header) = lines.next().unwrap_or((self.source.text.len(), ""));
        let found = STYLES.iter().find(|(name, _)| header.starts_with(name));
        let Some((name, style)) = found.copied() else {
            let name = header.split_whitespace().next().unwrap_or("");
            if name.is_empty() {
                return Err(self.source.expected(at, "allowlist or denylist"));
            }
            let names = STYLES.iter().map(|(name, _)| *name);
            return Err(self.source.unknown(at, What::Policy, name, names));
        };
        if version == 1 {
            if style == Style::Deny {
                return Err(self
                    .source
                    .expected(at, "allowlist, the only style of version 1"));
            }
            return self.numbers(native, lines);
        }
        let rest = header.get(name.len()..).unwrap_or("");
        let action = self
            .action(at + name.len(), rest)?
            .map(|(action, _)| action);
        let (default, usual) = match style {
            Style::Allow => (Action::KillThread, Action::Allow),
            Style::Deny => (Action::Allow, Action::KillThread),
        };
        let default = action.unwrap_or(default);
        let mut policy = SyscallPolicy::without_rules(self.served.iter().copied(), default);
        policy.foreign = Action::KillThread;
        self.rules(&mut policy, usual, lines)?;
        Ok(policy)
    }

    fn numbers<'a>(
        &mut self,
        native: Arch,
        lines: impl Iterator<Item = (usize, &'a str)>,
    ) -> Result<SyscallPolicy, ReadError> {
        let mut policy = SyscallPolicy::without_rules([native], Action::KillThread);
        for (at, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let number: u32 = line
                .parse()
                .ok()
                .filter(|number| *number < 1 << 30)
                .ok_or_else(|| self.source.expected(at, "the number of a system call"))?;
            let call = match syscalls::find(native, number) {
                Some(call) => Call::Named(call.id),
                None => Call::Numbers(native, number, number),
            };
            policy.rules.insert(call, vec![Case::always(Action::Allow)]);
            if policy.rules.len() > MOST_NUMBERS {
                let problem = Problem::TooMany {
                    what: "numbers",
                    most: MOST_NUMBERS,
                };
                return Err(self.source.error(at, problem));
            }
        }
        Ok(policy)
    }

    fn rules<'a>(
        &mut self,
        policy: &mut SyscallPolicy,
        usual: Action,
        lines: impl Iterator<Item = (usize, &'a str)>,
    ) -> Result<(), ReadError> {
        let mut rules = Rules::default();
        let mut section = Section::These(self.served.clone());
        for (at, line) in lines {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('[') {
                section = self.section(at, line)?;
                continue;
            }
            let name = line.split([' ', '\t', '[']).next().unwrap_or("");
            let rest = line.get(name.len()..).unwrap_or("");
            let Section::These(archs) = &section else {
                continue;
            };
            let (id, stated) = if name == "reject_force_umount" {
                let operator = Operator::Masked {
                    mask: MNT_FORCE,
                    value: MNT_FORCE,
                };
                let test = Test {
                    width: Width::Raw64,
                    ..Test::kernel(1, operator)
                };
                let action = Action::Errno(EACCES);
                (SyscallId::from_name("umount2"), (vec![test], action))
            } else {
                let stated = self.rule(at + name.len(), rest, usual)?;
                (SyscallId::from_name(name), stated)
            };
            let Some(id) = id else {
                if self.context.unknown == Some(Unknown::Refuse) {
                    return Err(self.source.unknown_call(at, name));
                }
                self.notes.unknown_call(self.source.position(at), name);
                continue;
            };
            let (when, action) = stated;
            if action == policy.default {
                continue;
            }
            for arch in archs.iter().filter(|arch| id.number(**arch).is_some()) {
                let stated = Stated {
                    when: when.clone(),
                    action,
                    at,
                };
                rules.add(Call::On(*arch, id), stated, self.source, &mut self.notes);
            }
        }
        rules.resolve(policy, self.source, &mut self.notes);
        collapse(policy);
        Ok(())
    }

    fn section(&mut self, at: usize, line: &str) -> Result<Section, ReadError> {
        let name = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or_else(|| self.source.expected(at, "an architecture in brackets"))?;
        let lower = name.to_ascii_lowercase();
        let arch = match lower.as_str() {
            "all" => return Ok(Section::These(self.served.clone())),
            "ppc64" | "ppc" | "mips64n32" | "mips" | "mipsel64n32" | "mipsel" | "s390" => None,
            "mipsel64" => Some(Arch::Mips64el),
            other => Some(Arch::from_name(other).ok_or_else(|| {
                let names = Arch::ALL.into_iter().map(Arch::name);
                self.source.unknown(at + 1, What::Arch, name, names)
            })?),
        };
        match arch.filter(|arch| self.served.contains(arch)) {
            None => Ok(Section::None),
            Some(arch) => {
                if self.served.len() > 1 {
                    let what = format!("a section for {arch} alone");
                    self.notes
                        .add(self.source.position(at), Remark::Unkept { what });
                }
                Ok(Section::These(vec![arch]))
            }
        }
    }

    // What follows the name of a call.
    fn rule(
        &mut self,
        at: usize,
        rest: &str,
        usual: Action,
    ) -> Result<(Vec<Test>, Action), ReadError> {
        let Some((action, used)) = self.action(at, rest)? else {
            return Ok((Vec::new(), usual));
        };
        let mut tests: Vec<Test> = Vec::new();
        let mut place = at + used;
        let mut rest = rest.get(used..).unwrap_or("");
        loop {
            let trimmed = rest.trim_start();
            place += rest.len() - trimmed.len();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                return Ok((tests, action));
            }
            let end = trimmed.find(']');
            let (Some(inside), Some(end)) = (
                end.and_then(|end| trimmed.get(..end))
                    .and_then(|text| text.strip_prefix('[')),
                end,
            ) else {
                return Err(self
                    .source
                    .expected(place, "a condition [index,value,op] or the end of the line"));
            };
            if tests.len() == MOST_CONDITIONS {
                let problem = Problem::TooMany {
                    what: "conditions in a rule",
                    most: MOST_CONDITIONS,
                };
                return Err(self.source.error(place, problem));
            }
            let test = self.condition(place + 1, inside)?;
            if tests.iter().any(|other| other.arg == test.arg) {
                let argument = test.arg.index();
                self.notes.add(
                    self.source.position(place),
                    Remark::SameArgument { argument },
                );
            }
            tests.push(test);
            place += end + 1;
            rest = trimmed.get(end + 1..).unwrap_or("");
        }
    }

    // An action at the beginning of a text, and how much of the text it is.
    fn action(&self, at: usize, text: &str) -> Result<Option<(Action, usize)>, ReadError> {
        let trimmed = text.trim_start();
        let skipped = text.len() - trimmed.len();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return Ok(None);
        }
        let word = trimmed
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or("");
        let action = match word {
            "kill" => Action::KillThread,
            "allow" => Action::Allow,
            "trap" => Action::Trap(0),
            "notify" => Action::Notify,
            "errno" => {
                let rest = trimmed.get(word.len()..).unwrap_or("");
                let digits = rest.trim_start();
                let place = skipped + word.len() + (rest.len() - digits.len());
                let end = digits
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(digits.len());
                let number = digits.get(..end).unwrap_or("");
                let number: Option<u16> = number.parse().ok();
                let number = number.filter(|number| *number <= Action::MAX_ERRNO);
                let Some(number) = number else {
                    let name = digits.split_whitespace().next().unwrap_or("");
                    let hint = errno::find(name).map_or(String::new(), |errno| {
                        format!(" ({name} is {})", errno.number(self.native))
                    });
                    let expected = format!("an errno as a number of at most 4095{hint}");
                    return Err(self.source.expected(at + place, expected));
                };
                return Ok(Some((Action::Errno(number), place + end)));
            }
            "" => return Err(self.source.expected(at + skipped, "an action")),
            other => {
                return Err(self
                    .source
                    .unknown(at + skipped, What::Action, other, ACTIONS));
            }
        };
        Ok(Some((action, skipped + word.len())))
    }

    fn condition(&self, at: usize, text: &str) -> Result<Test, ReadError> {
        let parts: Vec<&str> = text.splitn(5, ',').map(str::trim).collect();
        let (index, value, name, mask) = match parts.as_slice() {
            [index, value, op] => (index, value, op, None),
            [index, value, op, mask] => (index, value, op, Some(mask)),
            _ => {
                return Err(self.source.expected_not(
                    at,
                    "index,value,op or index,value,op,mask",
                    quoted(text),
                ));
            }
        };
        let arg = c_number(index)
            .and_then(|index| u8::try_from(index).ok())
            .and_then(Arg::new)
            .ok_or_else(|| {
                self.source
                    .expected_not(at, "an argument from 0 to 5", quoted(index))
            })?;
        let value = self.source.number(at, value)?;
        let mask = mask.map(|mask| self.source.number(at, mask)).transpose()?;
        let found = OPERATORS
            .iter()
            .find(|(long, short)| long == name || short == name);
        let operator = match found.map(|(_, short)| *short) {
            Some("!=") => Operator::NotEqual(value),
            Some("<") => Operator::Less(value),
            Some("<=") => Operator::AtMost(value),
            Some("==") => Operator::Equal(value),
            Some(">=") => Operator::AtLeast(value),
            Some(">") => Operator::Greater(value),
            Some(_) => {
                let mask = mask.ok_or_else(|| {
                    self.source
                        .expected_not(at, "a mask after the operator", shortened(text))
                })?;
                Operator::Masked {
                    mask,
                    value: value & mask,
                }
            }
            None => {
                let names = OPERATORS.iter().map(|(long, _)| *long);
                return Err(self.source.unknown(at, What::Operator, name, names));
            }
        };
        Ok(Test {
            arg,
            width: Width::Raw64,
            operator,
        })
    }
}

// The nearest action that the format has, and never one that permits more.
const fn sayable(action: Action) -> Action {
    match action {
        Action::Log => Action::Allow,
        Action::KillProcess => Action::KillThread,
        Action::Trap(_) => Action::Trap(0),
        // What the caller gets where there is no tracer.
        Action::Trace(_) => Action::ENOSYS,
        other => other,
    }
}

fn name(action: Action) -> String {
    match action {
        Action::Allow | Action::Log => "allow".to_owned(),
        Action::Errno(errno) => format!("errno {errno}"),
        Action::Notify => "notify".to_owned(),
        Action::Trap(_) => "trap".to_owned(),
        Action::Trace(_) => "errno 38".to_owned(),
        Action::KillThread | Action::KillProcess => "kill".to_owned(),
    }
}

fn write(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let mut plain = Plain::new(policy, &options.archs)?;
    plain.say_only(&mut sayable);
    if let Some(text) = first_version(policy, &mut plain) {
        return finish(&FORMAT, text, policy, options);
    }
    let mut text = String::from("2\n");
    let usual = match plain.otherwise {
        Action::Allow => {
            text.push_str("denylist\n");
            Action::KillThread
        }
        Action::KillThread => {
            text.push_str("allowlist\n");
            Action::Allow
        }
        other => {
            text.extend(["allowlist ", &name(other), "\n"]);
            Action::Allow
        }
    };
    text.push_str("[all]\n");
    for (id, cubes) in plain.common()? {
        for cube in cubes {
            text.push_str(id.name());
            if cube.action != usual || !cube.pieces.is_empty() {
                text.extend([" ", &name(cube.action)]);
            }
            text.push_str(&conditions(&cube));
            text.push('\n');
        }
    }
    finish(&FORMAT, text, policy, options)
}

// Version 1 is the only one that leaves the companions of the machine's architecture foreign.
fn first_version(policy: &SyscallPolicy, plain: &mut Plain) -> Option<String> {
    let [native] = plain.archs.as_slice() else {
        return None;
    };
    let native = *native;
    if native.companions().is_empty() || !policy.archs.contains(&native) {
        return None;
    }
    let mut text = String::from("1\nallowlist\n");
    for (id, places) in plain.calls() {
        let node = places.first().map(|(_, node)| *node)?;
        let raw = plain.diagrams.as_answer(node)?;
        match Action::from_raw(raw) {
            Action::Allow => text.extend([id.number(native)?.to_string().as_str(), "\n"]),
            Action::KillThread => {}
            _ => return None,
        }
    }
    (plain.otherwise == Action::KillThread).then_some(text)
}

fn conditions(cube: &Cube) -> String {
    let mut text = String::new();
    for (arg, piece) in &cube.pieces {
        let condition = match piece {
            Piece::Equal(value) => format!("{value:#x},SCMP_CMP_EQ"),
            Piece::NotEqual(value) => format!("{value:#x},SCMP_CMP_NE"),
            Piece::AtMost(value) => format!("{value:#x},SCMP_CMP_LE"),
            Piece::AtLeast(value) => format!("{value:#x},SCMP_CMP_GE"),
            Piece::Masked(mask, value) => format!("{value:#x},SCMP_CMP_MASKED_EQ,{mask:#x}"),
        };
        text.extend([" [", &arg.to_string(), ",", &condition, "]"]);
    }
    text
}
