//! Writes the lines of a profile.

use casemate_model::names::{Arch, errno};
use casemate_model::syscalls::{Action, Passage, SyscallPolicy};

use super::FORMAT;
use super::read::kept;
use crate::formats::write::{Plain, WriteError, WriteOptions, Written, finish};

/// Writes a policy as drop lists, or as keep lists if it refuses what is not known. Conditions cannot be said; calls
/// that have some are refused.
pub(super) fn write(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let mut plain = Plain::new(policy, &options.archs)?;
    let native = plain.archs[0];
    let error = error_action(&plain);
    let mut text = String::new();
    if error != Action::EPERM {
        text.extend(["seccomp-error-action ", &name(native, error), "\n"]);
    }
    text.push_str(&list(&mut plain, native, "seccomp", error));
    let narrow = match native {
        Arch::X86_64 => Arch::I386,
        _ => Arch::Arm,
    };
    // Other architectures pass unless they are blocked altogether.
    if policy.foreign.passage() != Passage::Passed {
        text.push_str("seccomp.block-secondary\n");
    } else if plain.archs.contains(&narrow) && native.companions().contains(&narrow) {
        text.push_str(&list(&mut plain, narrow, "seccomp.32", error));
    }
    if text.is_empty() {
        // Firejail has no filter that says nothing.
        text.push_str("seccomp.drop $1073741823\n");
    }
    finish(&FORMAT, text, policy, options)
}

// The action of what is refused: that of calls that no list names, or of x32, which always gets it.
fn error_action(plain: &Plain) -> Action {
    match plain.otherwise {
        Action::Errno(_) => plain.otherwise,
        Action::KillThread | Action::KillProcess | Action::Trap(_) => Action::KillThread,
        Action::Notify | Action::Trace(_) => Action::ENOSYS,
        Action::Allow | Action::Log => Action::EPERM,
    }
}

fn list(plain: &mut Plain, arch: Arch, key: &str, error: Action) -> String {
    let calls = plain.flat_on(arch);
    let mut items = Vec::new();
    let keeps = plain.otherwise.passage() != Passage::Passed;
    if keeps {
        let forced = kept();
        for (id, action) in &calls {
            let permitted = action.passage() == Passage::Passed;
            if permitted && !forced.contains(id) {
                items.push(id.name().to_owned());
            } else if !permitted && forced.contains(id) {
                items.push(format!("!{}", id.name()));
            }
        }
        if items.is_empty() {
            // A list must not be empty, and these are permitted in any case.
            items.push("@default-keep".to_owned());
        }
    } else {
        for (id, action) in &calls {
            if action.passage() == Passage::Passed {
                continue;
            }
            let answer = name(arch, *action);
            if answer == name(arch, error) {
                items.push(id.name().to_owned());
            } else {
                items.push(format!("{}:{answer}", id.name()));
            }
        }
        if items.is_empty() {
            return String::new();
        }
    }
    let kind = if keeps { "keep" } else { "drop" };
    format!("{key}.{kind} {}\n", items.join(","))
}

fn name(arch: Arch, action: Action) -> String {
    match action {
        // Errors without a name cannot be said; any other refuses as well.
        Action::Errno(number) => errno::name(arch, number).unwrap_or("EPERM").to_owned(),
        Action::Notify | Action::Trace(_) => "ENOSYS".to_owned(),
        _ => "kill".to_owned(),
    }
}
