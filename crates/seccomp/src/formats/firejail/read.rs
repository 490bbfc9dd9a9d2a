//! Reads a profile.

use std::collections::BTreeSet;

use casemate_model::names::{Arch, SyscallId, errno};
use casemate_model::syscalls::{Action, Call, SyscallPolicy};

use super::filter;
use super::groups::GROUPS;
use crate::formats::report::{Notes, Problem, ReadError, Remark, Source, What, c_number, quoted};
use crate::formats::stack::together;
use crate::formats::{Context, Reading, Unknown};

/// A word of the profile and its place.
type Word<'a> = (usize, &'a str);

#[derive(Default)]
struct Lists<'a> {
    plain: Option<Word<'a>>,
    drop: Option<Word<'a>>,
    keep: Option<Word<'a>>,
}

#[derive(Default)]
struct Profile<'a> {
    native: Lists<'a>,
    narrow: Lists<'a>,
    error: Option<Action>,
    protocols: Option<Word<'a>>,
    namespaces: Option<Word<'a>>,
    no_secondary: bool,
    no_executable: bool,
    debuggers: bool,
    ignored: Vec<&'a str>,
}

/// An entry of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// What it is about.
    pub(super) call: Call,
    /// What is answered, if the entry says so.
    pub(super) action: Option<Action>,
    /// Whether it is an exception.
    pub(super) excepted: bool,
}

struct Reader<'a> {
    source: &'a Source<'a>,
    context: &'a Context<'a>,
    notes: Notes,
    native: Arch,
}

const MOST_ENTRIES: usize = 10_000;

pub(super) fn read(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let native = context.native().ok_or_else(|| {
        let expected = "an architecture to read it for";
        source.error(0, Problem::Nothing { expected })
    })?;
    let mut reader = Reader {
        source: &source,
        context,
        notes: Notes::default(),
        native,
    };
    let mut profile = Profile::default();
    let mut at = 0;
    for line in source.text.split('\n') {
        let body = line.split('#').next().unwrap_or("");
        let start = at + (body.len() - body.trim_start().len());
        reader.line(&mut profile, start, body.trim())?;
        at += line.len() + 1;
    }
    let policy = reader.policy(&profile)?;
    Ok(Reading {
        policy,
        notes: reader.notes.finish(),
    })
}

impl<'a> Reader<'a> {
    fn line(
        &mut self,
        profile: &mut Profile<'a>,
        at: usize,
        line: &'a str,
    ) -> Result<(), ReadError> {
        let key = line.split([' ', '\t']).next().unwrap_or("");
        let rest = line.get(key.len()..).unwrap_or("");
        let value = rest.trim();
        let value = (
            at + key.len() + (rest.len() - rest.trim_start().len()),
            value,
        );
        if key == "ignore" {
            profile.ignored.push(value.1);
            return Ok(());
        }
        // As Firejail has it: the line begins with what is ignored.
        if profile
            .ignored
            .iter()
            .any(|ignored| !ignored.is_empty() && line.starts_with(ignored))
        {
            return Ok(());
        }
        match key {
            "seccomp" => profile.native.plain = Some(value),
            "seccomp.drop" => profile.native.drop = Some(self.some(value)?),
            "seccomp.keep" => profile.native.keep = Some(self.some(value)?),
            "seccomp.32" => profile.narrow.plain = Some(value),
            "seccomp.32.drop" => profile.narrow.drop = Some(self.some(value)?),
            "seccomp.32.keep" => profile.narrow.keep = Some(self.some(value)?),
            "seccomp.block-secondary" => profile.no_secondary = true,
            "seccomp-error-action" => profile.error = Some(self.error_action(value)?),
            "protocol" => profile.protocols = Some(self.some(value)?),
            "memory-deny-write-execute" => profile.no_executable = true,
            "restrict-namespaces" => profile.namespaces = Some(value),
            "allow-debuggers" => profile.debuggers = true,
            "include" => {
                let what = format!(
                    "the included file {}, which is not looked at: it",
                    quoted(value.1)
                );
                self.notes
                    .add(self.source.position(at), Remark::Ignored { what });
            }
            other if other.starts_with("seccomp") => {
                const KEYS: [&str; 8] = [
                    "seccomp",
                    "seccomp.drop",
                    "seccomp.keep",
                    "seccomp.32",
                    "seccomp.32.drop",
                    "seccomp.32.keep",
                    "seccomp.block-secondary",
                    "seccomp-error-action",
                ];
                return Err(self.source.unknown(at, What::Key, other, KEYS));
            }
            _ => {}
        }
        Ok(())
    }

    fn some(&self, (at, value): Word<'a>) -> Result<Word<'a>, ReadError> {
        if value.is_empty() {
            return Err(self.source.expected(at, "a list"));
        }
        Ok((at, value))
    }

    fn error_action(&self, (at, value): Word<'_>) -> Result<Action, ReadError> {
        match value {
            "kill" => Ok(Action::KillThread),
            "log" => Ok(Action::Log),
            _ => self.errno(at, value),
        }
    }

    fn errno(&self, at: usize, name: &str) -> Result<Action, ReadError> {
        let near = errno::suggest(name);
        let number = errno::number(self.native, name);
        number
            .map(Action::Errno)
            .ok_or_else(|| self.source.unknown(at, What::Errno, name, near))
    }

    fn policy(&mut self, profile: &Profile<'a>) -> Result<SyscallPolicy, ReadError> {
        let error = profile.error.unwrap_or(Action::EPERM);
        let mut layers = Vec::new();
        if let Some((at, list)) = profile.protocols {
            let mut families = Vec::new();
            for (at, name) in items(at, list) {
                families.push(filter::family(name).ok_or_else(|| {
                    let names = filter::PROTOCOLS.iter().map(|(name, _)| *name);
                    self.source.unknown(at, What::Family, name, names)
                })?);
            }
            layers.push(filter::protocols(self.native, families, error));
        }
        if let Some((at, list)) = profile.namespaces {
            let mut flags = 0;
            for (at, name) in items(at, list) {
                flags |= filter::namespace(name).ok_or_else(|| {
                    let names = filter::NAMESPACES.iter().map(|(name, _)| *name);
                    self.source.unknown(at, What::Namespace, name, names)
                })?;
            }
            layers.push(filter::namespaces(self.native, flags, error));
        }
        if profile.no_executable {
            layers.push(filter::memory(self.native, error));
        }
        if profile.no_secondary {
            layers.push(filter::no_secondary(self.native, error));
        }
        let plain = profile.native.plain.is_some();
        if let Some(rules) = self.rules(&profile.native, self.native, profile.debuggers)? {
            let lists = &profile.native;
            if lists.keep.is_none()
                && lists.drop.is_none()
                && plain
                && !profile.no_secondary
                && self.native == Arch::X86_64
            {
                layers.push(filter::fixed_narrow(error));
            }
            layers.push(filter::of_rules(self.native, rules, error));
        }
        let narrow = match self.native {
            Arch::X86_64 => Some(Arch::I386),
            Arch::Aarch64 => Some(Arch::Arm),
            _ => None,
        };
        if let Some(narrow) = narrow
            && let Some(rules) = self.rules(&profile.narrow, narrow, profile.debuggers)?
        {
            layers.push(filter::of_rules(narrow, rules, error));
        }
        if layers.is_empty() {
            let expected = "a line such as \"seccomp\" or \"seccomp.drop LIST\"";
            return Err(self.source.error(0, Problem::Nothing { expected }));
        }
        together(layers).ok_or_else(|| {
            let problem = Problem::TooMany {
                what: "conditions in all lines together",
                most: 4096,
            };
            self.source.error(0, problem)
        })
    }

    // The list that counts of an architecture, as rules in their order.
    fn rules(
        &mut self,
        lists: &Lists<'a>,
        arch: Arch,
        debuggers: bool,
    ) -> Result<Option<filter::Rules>, ReadError> {
        let default = if debuggers {
            "@default"
        } else {
            "@default-nodebuggers"
        };
        let mut rules = if lists.keep.is_some() {
            filter::Rules::keep()
        } else {
            filter::Rules::drop()
        };
        let list = match (lists.keep, lists.drop, lists.plain) {
            (None, None, None) => return Ok(None),
            (Some(list), _, _) => {
                let entries = self.entries(list, arch)?;
                rules.exceptions(&entries);
                rules.add(&self.entries((list.0, "@default-keep"), arch)?);
                entries
            }
            (None, Some(list), _) => {
                let entries = self.entries(list, arch)?;
                rules.exceptions(&entries);
                entries
            }
            (None, None, Some(list)) => {
                let entries = self.entries(list, arch)?;
                rules.exceptions(&entries);
                rules.add(&self.entries((list.0, default), arch)?);
                entries
            }
        };
        rules.add(&list);
        Ok(Some(rules))
    }

    fn entries(&mut self, (at, list): Word<'_>, arch: Arch) -> Result<Vec<Entry>, ReadError> {
        let mut entries = Vec::new();
        for (at, item) in items(at, list) {
            if item.starts_with('@') {
                let mut calls = Vec::new();
                if !expand(item, 0, &mut calls) {
                    let groups = GROUPS.iter().map(|(group, _)| *group);
                    return Err(self.source.unknown(at, What::Group, item, groups));
                }
                entries.extend(calls.into_iter().filter_map(|id| {
                    Some(Entry {
                        call: Call::On(arch, id.on(arch)?.id),
                        action: None,
                        excepted: false,
                    })
                }));
            } else {
                entries.extend(self.entry(at, item, arch)?);
            }
            if entries.len() > MOST_ENTRIES {
                let problem = Problem::TooMany {
                    what: "calls in a list",
                    most: MOST_ENTRIES,
                };
                return Err(self.source.error(at, problem));
            }
        }
        Ok(entries)
    }

    fn entry(&mut self, at: usize, item: &str, arch: Arch) -> Result<Option<Entry>, ReadError> {
        let (excepted, rest) = match item.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, item),
        };
        let (name, action) = match rest.split_once(':') {
            Some((name, "kill")) => (name, Some(Action::KillThread)),
            Some((name, error)) => {
                let place = at + item.len() - error.len();
                (name, Some(self.errno(place, error)?))
            }
            None => (rest, None),
        };
        let call = if let Some(number) = name.strip_prefix('$') {
            let number = c_number(number).and_then(|number| u32::try_from(number).ok());
            let number = number
                .filter(|number| *number < 1 << 30)
                .ok_or_else(|| self.source.expected(at, "the number of a system call"))?;
            match casemate_model::names::syscalls::find(arch, number) {
                Some(call) => Call::On(arch, call.id),
                None => Call::Numbers(arch, number, number),
            }
        } else {
            let Some(id) = SyscallId::from_name(name) else {
                if self.context.unknown == Some(Unknown::Refuse) {
                    return Err(self.source.unknown_call(at, name));
                }
                self.notes.unknown_call(self.source.position(at), name);
                return Ok(None);
            };
            if id.number(arch).is_none() {
                return Ok(None);
            }
            Call::On(arch, id)
        };
        Ok(Some(Entry {
            call,
            action,
            excepted,
        }))
    }
}

fn items(at: usize, list: &str) -> impl Iterator<Item = Word<'_>> {
    let mut place = at;
    list.split(',').filter_map(move |item| {
        let here = place + (item.len() - item.trim_start().len());
        place += item.len() + 1;
        let item = item.trim();
        (!item.is_empty()).then_some((here, item))
    })
}

/// Adds the calls of a group, in its order. False if it is not known.
pub(super) fn expand(name: &str, depth: usize, calls: &mut Vec<SyscallId>) -> bool {
    // Our own table is not deeper than three.
    if depth > 5 {
        return false;
    }
    let Some((_, members)) = GROUPS.iter().find(|(group, _)| *group == name) else {
        return false;
    };
    for member in *members {
        if member.starts_with('@') {
            let known = expand(member, depth + 1, calls);
            debug_assert!(known, "{member}");
        } else {
            calls.extend(SyscallId::from_name(member));
        }
    }
    true
}

/// What Firejail's own work needs, for the writer.
pub(super) fn kept() -> BTreeSet<SyscallId> {
    let mut calls = Vec::new();
    expand("@default-keep", 0, &mut calls);
    calls.into_iter().collect()
}
