//! `casemate seccomp syscalls`: the tables themselves.

use super::settings::{Format, Settings};
use super::{Outcome, done};
use crate::failure::Failure;
use crate::json::Json;
use crate::output;
use casemate_model::names::syscalls::{Fate, Syscall};
use casemate_model::names::{Arch, SyscallId, arguments, syscalls};
use std::collections::BTreeSet;
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let asked = words
        .iter()
        .map(|word| named(&word.to_string_lossy()))
        .collect::<Result<BTreeSet<SyscallId>, _>>()?;
    // Without --arch, that of this machine; the companions would say the same in other numbers.
    let archs = settings
        .archs
        .clone()
        .unwrap_or_else(|| settings.machine().into_iter().take(1).collect());
    let tables: Vec<(Arch, Vec<Syscall>)> = archs
        .into_iter()
        .map(|arch| {
            let calls = syscalls::all(arch)
                .filter(|call| settings.since.is_none_or(|since| call.since >= since))
                .filter(|call| asked.is_empty() || asked.contains(&call.id));
            (arch, calls.collect())
        })
        .collect();
    let text = match settings.format {
        Format::Text => told(&tables),
        Format::Json => {
            let all = tables
                .iter()
                .flat_map(|(arch, calls)| calls.iter().map(|call| json(*arch, call)));
            format!("{}\n", Json::List(all.collect()))
        }
    };
    done(output::say(&text))
}

fn named(name: &str) -> Result<SyscallId, Failure> {
    SyscallId::from_name(name).ok_or_else(|| {
        let hint = syscalls::suggest(name).map(|near| format!("did you mean `{near}`?"));
        Failure::usage(format!("unknown system call `{name}`"), hint)
    })
}

fn told(tables: &[(Arch, Vec<Syscall>)]) -> String {
    let mut text = String::new();
    for (arch, calls) in tables {
        if tables.len() > 1 {
            text.push_str(&format!("{arch}\n"));
        }
        for call in calls {
            let fate = match call.id.fate(*arch) {
                Fate::Alive => String::new(),
                Fate::NeverImplemented => "  never implemented".to_owned(),
                Fate::Removed(version) => format!("  gone since {version}"),
            };
            let number = call.nr & !arch.number_bit();
            let words: Vec<&str> = signature(*arch, call)
                .map(|argument| argument.name)
                .collect();
            text.push_str(&format!(
                "{number:>5}  {:<8} {}({}){fate}\n",
                call.since.to_string(),
                call.name,
                words.join(", ")
            ));
        }
    }
    text
}

fn signature(arch: Arch, call: &Syscall) -> impl Iterator<Item = &'static arguments::Argument> {
    arguments::signature_of(call.id, arch)
        .unwrap_or_default()
        .iter()
}

fn json(arch: Arch, call: &Syscall) -> Json {
    let arguments = signature(arch, call).map(|argument| {
        Json::object([
            ("name", Json::text(argument.name)),
            ("type", Json::text(argument.ctype)),
            ("bits", Json::Number(u64::from(argument.bits(arch)))),
        ])
    });
    let fate = match call.id.fate(arch) {
        Fate::Alive => "alive".to_owned(),
        Fate::NeverImplemented => "never implemented".to_owned(),
        Fate::Removed(version) => format!("gone since {version}"),
    };
    Json::object([
        ("arch", Json::text(arch.name())),
        ("number", Json::Number(u64::from(call.nr))),
        ("name", Json::text(call.name)),
        ("since", Json::text(call.since.to_string())),
        ("fate", Json::text(fate)),
        ("arguments", Json::List(arguments.collect())),
    ])
}
