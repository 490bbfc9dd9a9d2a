//! Writes the lines of a unit.

use std::collections::BTreeSet;

use casemate_model::names::{Arch, SyscallId, errno};
use casemate_model::syscalls::{Action, Passage, SyscallPolicy};

use super::FORMAT;
use super::read::expand;
use crate::formats::write::{Plain, WriteError, WriteOptions, Written, finish};

/// Writes a policy as `SystemCallFilter=` and what belongs to it. Conditions cannot be said; calls that have some are
/// refused.
pub(super) fn write(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let mut plain = Plain::new(policy, &options.archs)?;
    let native = plain.archs[0];
    let calls = plain.flat();
    let mut text = String::from("[Service]\n");
    if plain.otherwise.passage() == Passage::Passed {
        let mut names = String::new();
        for (id, action) in &calls {
            match action {
                Action::Allow | Action::Log => {}
                Action::KillProcess => names.extend([" ", id.name()]),
                other => names.extend([" ", id.name(), ":", &answer(native, *other)]),
            }
        }
        // An empty deny list permits everything.
        let names = names.trim_start();
        text.extend(["SystemCallFilter=~", names, "\n"]);
    } else {
        let allowed: BTreeSet<SyscallId> = calls
            .iter()
            .filter(|(_, action)| action.passage() == Passage::Passed)
            .map(|(id, _)| *id)
            .collect();
        let mut granted = BTreeSet::new();
        expand("@default", 0, &mut granted);
        let line = |ids: &mut dyn Iterator<Item = &SyscallId>| -> String {
            ids.map(|id| id.name()).collect::<Vec<_>>().join(" ")
        };
        let more = line(&mut allowed.difference(&granted));
        // The line makes it an allow list, so it cannot be empty.
        let more = if more.is_empty() { "@default" } else { &more };
        text.extend(["SystemCallFilter=", more, "\n"]);
        let fewer = line(&mut granted.difference(&allowed));
        if !fewer.is_empty() {
            text.extend(["SystemCallFilter=~", &fewer, "\n"]);
        }
        let error = answer(native, plain.otherwise);
        if error != "kill" {
            text.extend(["SystemCallErrorNumber=", &error, "\n"]);
        }
    }
    let everywhere = policy.foreign.passage() == Passage::Passed
        && native
            .companions()
            .iter()
            .all(|arch| plain.archs.contains(arch));
    if !everywhere {
        let names: Vec<&str> = plain.archs.iter().map(|arch| name(*arch)).collect();
        text.extend(["SystemCallArchitectures=", &names.join(" "), "\n"]);
    }
    finish(&FORMAT, text, policy, options)
}

fn answer(native: Arch, action: Action) -> String {
    match action {
        Action::Errno(number) => match errno::name(native, number) {
            Some(name) => name.to_owned(),
            None => number.to_string(),
        },
        // What the caller gets where there is neither tracer nor supervisor.
        Action::Trace(_) | Action::Notify => "ENOSYS".to_owned(),
        _ => "kill".to_owned(),
    }
}

const fn name(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "x86-64",
        Arch::I386 => "x86",
        Arch::Aarch64 => "arm64",
        Arch::Ppc64le => "ppc64-le",
        Arch::Mips64el => "mips64-le",
        other => other.name(),
    }
}
