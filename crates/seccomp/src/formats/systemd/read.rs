//! Reads a unit.

use std::collections::{BTreeMap, BTreeSet};

use casemate_model::names::{Arch, SyscallId, errno, suggest};
use casemate_model::syscalls::{Action, Call, Case, SyscallPolicy};

use super::groups::GROUPS;
use super::{KEYS, restrict};
use crate::formats::report::{Notes, Problem, ReadError, Remark, Source, What, shortened};
use crate::formats::stack::{permissive, together};
use crate::formats::{Context, Reading, Unknown};

/// A word of a value and its place.
pub(super) type Word<'a> = (usize, &'a str);

pub(super) struct Reader<'a> {
    pub(super) source: &'a Source<'a>,
    context: &'a Context<'a>,
    pub(super) notes: Notes,
    pub(super) served: Vec<Arch>,
    listed: usize,
}

// A word can be a group of all calls, and an input can hold a million words.
const MOST_LISTED: usize = 1_000_000;

// A list of calls: of those that are meant, what is answered where the list says so itself.
#[derive(Default)]
struct List {
    allow: bool,
    calls: BTreeMap<SyscallId, Option<Action>>,
}

#[derive(Default)]
struct Unit {
    filter: Option<List>,
    log: Option<List>,
    archs: Option<BTreeSet<Arch>>,
    errno: Option<Action>,
    layers: BTreeMap<&'static str, SyscallPolicy>,
}

impl Unit {
    // Whether a list of calls ends the process.
    fn kills(&self) -> bool {
        let listed = |list: &List| {
            let mut answers = list.calls.values();
            answers.any(|answer| *answer == Some(Action::KillProcess))
        };
        let refused = self
            .errno
            .is_none_or(|action| action == Action::KillProcess);
        self.filter
            .as_ref()
            .is_some_and(|list| refused || listed(list))
    }
}

pub(super) fn read(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let native = context.native().ok_or_else(|| {
        let expected = "an architecture to read it for";
        source.error(0, Problem::Nothing { expected })
    })?;
    let mut served = vec![native];
    served.extend(native.companions());
    let mut reader = Reader {
        source: &source,
        context,
        notes: Notes::default(),
        served,
        listed: 0,
    };
    let mut unit = Unit::default();
    for (key, words) in settings(&source)? {
        reader.setting(&mut unit, key, &words)?;
    }
    let policy = reader.policy(unit)?;
    Ok(Reading {
        policy,
        notes: reader.notes.finish(),
    })
}

// The settings of a unit: a key, and the words of its value.
fn settings<'a>(source: &'a Source<'a>) -> Result<Vec<(Word<'a>, Vec<Word<'a>>)>, ReadError> {
    let mut settings: Vec<(Word<'a>, Vec<Word<'a>>)> = Vec::new();
    let unit = source.text.contains('=');
    let mut start = 0;
    let mut continues = false;
    for line in source.text.split('\n') {
        let at = start;
        start += line.len() + 1;
        let text = line.trim_end();
        let lead = text.len() - text.trim_start().len();
        let text = text.trim_start();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        let (text, more) = match text.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let at = at + lead;
        if continues {
            if let Some((_, words)) = settings.last_mut() {
                words.extend(split(at, text));
            }
        } else if !unit {
            settings.push(((at, "SystemCallFilter"), split(at, text).collect()));
        } else if let Some((key, value)) = text.split_once('=') {
            let words = split(at + key.len() + 1, value).collect();
            settings.push(((at, key.trim_end()), words));
        } else if !text.starts_with('[') {
            return Err(source.expected(at, "a setting KEY=VALUE or a section"));
        }
        continues = more;
    }
    Ok(settings)
}

fn split(at: usize, text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut place = at;
    text.split([' ', '\t', '\r']).filter_map(move |word| {
        let here = place;
        place += word.len() + 1;
        (!word.is_empty()).then_some((here, word))
    })
}

impl<'a> Reader<'a> {
    fn setting(
        &mut self,
        unit: &mut Unit,
        (at, key): Word<'a>,
        words: &[Word<'a>],
    ) -> Result<(), ReadError> {
        let here = words.first().map_or(at, |(at, _)| *at);
        let (name, layer) = match key {
            "SystemCallFilter" => return self.list(&mut unit.filter, words),
            "SystemCallLog" => return self.list(&mut unit.log, words),
            "SystemCallErrorNumber" => {
                unit.errno = match words {
                    [] => None,
                    [(at, word), ..] => Some(self.errno(*at, word)?),
                };
                return Ok(());
            }
            "SystemCallArchitectures" => {
                if words.is_empty() {
                    unit.archs = None;
                }
                for (at, word) in words {
                    let arch = self.arch(*at, word)?;
                    unit.archs.get_or_insert_default().extend(arch);
                }
                return Ok(());
            }
            "RestrictAddressFamilies" => ("families", self.families(words)?),
            "RestrictNamespaces" => ("namespaces", self.namespaces(here, words)?),
            "MemoryDenyWriteExecute" => {
                let on = self.truth(here, words)?;
                ("mdwe", on.then(|| restrict::memory(self)))
            }
            "RestrictRealtime" => {
                let on = self.truth(here, words)?;
                ("realtime", on.then(|| restrict::realtime(self)))
            }
            "RestrictSUIDSGID" => {
                let on = self.truth(here, words)?;
                ("suid", on.then(|| restrict::set_id(self)))
            }
            "LockPersonality" => {
                let on = self.truth(here, words)?;
                ("personality", on.then(|| restrict::personality(self)))
            }
            "ProtectKernelModules" => {
                let on = self.truth(here, words)?;
                ("modules", on.then(|| self.forbidden(&["@module"])))
            }
            "PrivateDevices" => {
                let on = self.truth(here, words)?;
                ("devices", on.then(|| self.forbidden(&["@raw-io"])))
            }
            "ProtectKernelLogs" => {
                let on = self.truth(here, words)?;
                ("logs", on.then(|| self.forbidden(&["syslog"])))
            }
            "ProtectClock" => {
                let on = self.truth(here, words)?;
                ("clock", on.then(|| self.forbidden(&["@clock"])))
            }
            "ProtectHostname" => {
                let on = self.truth(here, words)?;
                let names = ["sethostname", "setdomainname"];
                ("hostname", on.then(|| self.forbidden(&names)))
            }
            other => {
                // systemd passes over what it does not know, with a warning.
                let ours = other.starts_with("SystemCall") || other.starts_with("Restrict");
                if ours && suggest::nearest(other, KEYS).is_some() {
                    let what = What::Key;
                    let name = shortened(other);
                    self.notes
                        .add(self.source.position(at), Remark::Unknown { what, name });
                }
                return Ok(());
            }
        };
        match layer {
            Some(layer) => unit.layers.insert(name, layer),
            None => unit.layers.remove(name),
        };
        Ok(())
    }

    fn truth(&self, at: usize, words: &[Word<'_>]) -> Result<bool, ReadError> {
        let word = match words {
            [(_, word)] => word,
            _ => "",
        };
        match word.to_ascii_lowercase().as_str() {
            "1" | "yes" | "y" | "true" | "t" | "on" => Ok(true),
            "0" | "no" | "n" | "false" | "f" | "off" | "" => Ok(false),
            _ => Err(self.source.expected(at, "yes or no")),
        }
    }

    fn forbidden(&self, names: &[&str]) -> SyscallPolicy {
        let mut policy = permissive(&self.served);
        let mut calls = BTreeSet::new();
        for name in names {
            expand(name, 0, &mut calls);
        }
        for id in calls {
            policy.add(Call::Named(id), Case::always(Action::EPERM));
        }
        policy
    }

    fn errno(&self, at: usize, word: &str) -> Result<Action, ReadError> {
        if word == "kill" {
            return Ok(Action::KillProcess);
        }
        // The number is the one of the machine's own architecture.
        let native = self.served.first().copied().unwrap_or(Arch::X86_64);
        let number = match word.parse::<u16>() {
            Ok(number) => Some(number).filter(|number| *number <= Action::MAX_ERRNO),
            Err(_) => errno::number(native, word),
        };
        number.map(Action::Errno).ok_or_else(|| {
            let near = errno::suggest(word);
            self.source.unknown(at, What::Errno, word, near)
        })
    }

    fn arch(&mut self, at: usize, word: &str) -> Result<Vec<Arch>, ReadError> {
        let arch = match word {
            "native" => self.served.first().copied(),
            "mips64-le" => Some(Arch::Mips64el),
            "ppc64-le" => Some(Arch::Ppc64le),
            // The vDSO of x32 makes calls of x86-64.
            "x32" => return Ok(vec![Arch::X32, Arch::X86_64]),
            "alpha" | "arc" | "arc-be" | "cris" | "ia64" | "m68k" | "mips" | "mips-le"
            | "mips64-n32" | "mips64-le-n32" | "nios2" | "parisc" | "parisc64" | "ppc"
            | "ppc64" | "riscv32" | "s390" | "sh" | "sh64" | "sparc" | "sparc64" | "tilegx" => {
                let name = word.to_owned();
                self.notes
                    .add(self.source.position(at), Remark::UnknownArch { name });
                None
            }
            other => Some(Arch::from_name(other).ok_or_else(|| {
                let names = Arch::ALL
                    .into_iter()
                    .map(Arch::name)
                    .chain(["native", "x86-64"]);
                self.source.unknown(at, What::Arch, other, names)
            })?),
        };
        Ok(arch.into_iter().collect())
    }

    fn list(&mut self, list: &mut Option<List>, words: &[Word<'a>]) -> Result<(), ReadError> {
        let Some(((at, first), rest)) = words.split_first() else {
            *list = None;
            return Ok(());
        };
        let (inverted, first) = match first.strip_prefix('~') {
            Some(word) => (true, (at + 1, word)),
            None => (false, (*at, *first)),
        };
        let list = list.get_or_insert_with(|| {
            let mut fresh = List {
                allow: !inverted,
                ..List::default()
            };
            if fresh.allow {
                let mut calls = BTreeSet::new();
                expand("@default", 0, &mut calls);
                fresh.calls.extend(calls.into_iter().map(|id| (id, None)));
            }
            fresh
        });
        let adds = inverted != list.allow;
        for (at, word) in std::iter::once(first).chain(rest.iter().copied()) {
            if word.is_empty() {
                continue;
            }
            let (name, answer) = match word.split_once(':') {
                Some((name, errno)) => (name, Some(self.errno(at + name.len() + 1, errno)?)),
                None => (word, None),
            };
            let mut calls = BTreeSet::new();
            if !expand(name, 0, &mut calls) {
                self.unknown(at, name)?;
            }
            if let (true, Some(Action::Errno(_))) = (list.allow, answer) {
                let what = format!("the errno of {name:?} in an allow list");
                self.notes
                    .add(self.source.position(at), Remark::Ignored { what });
            }
            self.listed += calls.len();
            if self.listed > MOST_LISTED {
                let problem = Problem::TooMany {
                    what: "calls in all lists together",
                    most: MOST_LISTED,
                };
                return Err(self.source.error(at, problem));
            }
            for id in calls {
                if adds {
                    list.calls.insert(id, answer);
                } else {
                    list.calls.remove(&id);
                }
            }
        }
        Ok(())
    }

    fn unknown(&mut self, at: usize, name: &str) -> Result<(), ReadError> {
        let refuse = self.context.unknown == Some(Unknown::Refuse);
        if name.starts_with('@') {
            let groups = GROUPS.iter().map(|(group, _)| *group).chain(["@known"]);
            if refuse {
                return Err(self.source.unknown(at, What::Group, name, groups));
            }
            let what = What::Group;
            let name = shortened(name);
            self.notes
                .add(self.source.position(at), Remark::Unknown { what, name });
        } else if refuse {
            return Err(self.source.unknown_call(at, name));
        } else {
            self.notes.unknown_call(self.source.position(at), name);
        }
        Ok(())
    }

    fn policy(&mut self, unit: Unit) -> Result<SyscallPolicy, ReadError> {
        let mut layers = Vec::new();
        if let Some(archs) = unit.archs.clone() {
            let native = self.served.first().copied();
            let mut policy =
                SyscallPolicy::without_rules(archs.into_iter().chain(native), Action::Allow);
            // A foreign call ends the thread, or the process where the list ends it: which of them is no matter here,
            // and a policy has one answer for all foreign calls.
            let kills = unit.kills();
            policy.foreign = if kills {
                Action::KillProcess
            } else {
                Action::KillThread
            };
            layers.push(policy);
        }
        layers.extend(unit.layers.into_values());
        if let Some(log) = unit.log {
            let (named, others) = if log.allow {
                (Action::Log, Action::Allow)
            } else {
                (Action::Allow, Action::Log)
            };
            layers.push(self.list_policy(log.calls, named, others));
        }
        if let Some(filter) = unit.filter {
            let refused = unit.errno.unwrap_or(Action::KillProcess);
            let (named, others) = if filter.allow {
                (Action::Allow, refused)
            } else {
                (refused, Action::Allow)
            };
            layers.push(self.list_policy(filter.calls, named, others));
        }
        if layers.is_empty() {
            let expected = "SystemCallFilter= or another setting that is a filter";
            return Err(self.source.error(0, Problem::Nothing { expected }));
        }
        together(layers).ok_or_else(|| {
            let problem = Problem::TooMany {
                what: "conditions in all settings together",
                most: 4096,
            };
            self.source.error(0, problem)
        })
    }

    fn list_policy(
        &self,
        calls: BTreeMap<SyscallId, Option<Action>>,
        named: Action,
        others: Action,
    ) -> SyscallPolicy {
        let mut policy = permissive(&self.served);
        policy.default = others;
        policy.newer = others;
        for (id, answer) in calls {
            let action = match (named, answer) {
                // An allow list knows no errno, but it kills where it says so.
                (_, Some(Action::KillProcess)) if named != Action::Log => Action::KillProcess,
                (Action::Allow | Action::Log, _) | (_, None) => named,
                (_, Some(answer)) => answer,
            };
            policy.add(Call::Named(id), Case::always(action));
        }
        policy
    }
}

/// Adds the calls of a name or a group. False if it is not known.
pub(super) fn expand(name: &str, depth: usize, calls: &mut BTreeSet<SyscallId>) -> bool {
    // Our own table is not deeper than three.
    if depth > 4 {
        return false;
    }
    if name == "@known" {
        calls.extend(SyscallId::all());
        return true;
    }
    if name.starts_with('@') {
        let Some((_, members)) = GROUPS.iter().find(|(group, _)| *group == name) else {
            return false;
        };
        for member in *members {
            // Members that no table has are calls of architectures that Casemate does not know.
            let known = expand(member, depth + 1, calls);
            debug_assert!(known || !member.starts_with('@'));
        }
        return true;
    }
    let id = SyscallId::from_name(name);
    calls.extend(id);
    id.is_some()
}
