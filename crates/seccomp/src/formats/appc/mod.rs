//! appc's isolators `os/linux/seccomp-retain-set` and `os/linux/seccomp-remove-set`, as rkt read them.
//!
//! Read are an isolator, a list of them, and app, image and pod manifests that hold one. A retain set permits its
//! calls and refuses all others, a remove set the reverse; what is refused gets `errno`, or kills the process. It is
//! read for the machine's own architecture and those that it serves beside.
//!
//! Sets may hold wildcards: `@appc.io/all`, `@appc.io/empty`, `@docker/default-whitelist`,
//! `@docker/default-blacklist`, `@rkt/default-whitelist` and `@rkt/default-blacklist`, with what the last rkt has for
//! them; others are an error, as leaving one out could permit more. Names that no table has are left out with a note:
//! the sets are for all architectures. rkt took an empty remove set for its default retain set; here it removes
//! nothing, which a note tells.

mod sets;

use std::collections::BTreeSet;

use casemate_model::names::{Arch, SyscallId, errno};
use casemate_model::syscalls::{Action, Call, Case, Passage, SyscallPolicy};

use super::json::{self, Value, quote};
use super::report::{Notes, Problem, ReadError, Remark, Source, What};
use super::write::{Plain, WriteError, WriteOptions, Written, finish};
use super::{Context, Format, Reading, Unknown};

/// The format.
pub const FORMAT: Format = Format {
    name: "appc",
    holds: "appc (rkt) seccomp isolator, or a manifest with one",
    detect,
    read,
    write: Some(write),
    unknown: Unknown::LeaveOut,
};

const RETAIN: &str = "os/linux/seccomp-retain-set";
const REMOVE: &str = "os/linux/seccomp-remove-set";

fn detect(bytes: &[u8]) -> bool {
    let name = b"os/linux/seccomp-re";
    bytes.windows(name.len()).any(|window| window == name)
}

fn read(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let root = json::parse(&source)?;
    let mut isolators = Vec::new();
    find(&root, 0, &mut isolators);
    let Some((isolator, rest)) = isolators.split_first() else {
        let expected = "an isolator os/linux/seccomp-retain-set or -remove-set";
        return Err(source.error(root.at, Problem::Nothing { expected }));
    };
    if let Some(other) = rest.first() {
        let what = "the set of system calls".to_owned();
        return Err(source.error(other.at, Problem::Twice { what }));
    }
    let mut notes = Notes::default();
    let policy = isolator_policy(&source, isolator, context, &mut notes)?;
    Ok(Reading {
        policy,
        notes: notes.finish(),
    })
}

// The seccomp isolators of a manifest. The JSON reader bounds the depth.
fn find<'a>(value: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
    // Deeper than any manifest has them.
    if depth > 8 {
        return;
    }
    match &value.kind {
        json::Kind::List(values) => {
            for value in values {
                find(value, depth + 1, found);
            }
        }
        json::Kind::Object(members) => {
            let name = value.get("name").map(|name| &name.kind);
            if let Some(json::Kind::Text(name)) = name
                && (name == RETAIN || name == REMOVE)
            {
                found.push(value);
                return;
            }
            for member in members {
                if ["app", "apps", "isolators", "image"].contains(&member.key.as_str()) {
                    find(&member.value, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

fn isolator_policy(
    source: &Source<'_>,
    isolator: &Value,
    context: &Context<'_>,
    notes: &mut Notes,
) -> Result<SyscallPolicy, ReadError> {
    let native = context.native().ok_or_else(|| {
        let expected = "an architecture to read it for";
        source.error(0, Problem::Nothing { expected })
    })?;
    let value = isolator
        .get("value")
        .ok_or_else(|| source.expected_not(isolator.at, "\"value\"", "an isolator without it"))?;
    for member in value.members(source)? {
        if !["set", "errno"].contains(&member.key.as_str()) {
            return Err(source.unknown(member.at, What::Key, &member.key, ["set", "errno"]));
        }
    }
    let refused = match value
        .get("errno")
        .filter(|errno| errno.kind != json::Kind::Null)
    {
        None => Action::KillProcess,
        Some(errno) => {
            let name = errno.text(source)?;
            let number = errno::number(native, name);
            let near = errno::suggest(name);
            Action::Errno(number.ok_or_else(|| source.unknown(errno.at, What::Errno, name, near))?)
        }
    };
    let set = value
        .get("set")
        .ok_or_else(|| source.expected_not(value.at, "\"set\"", "an object without it"))?;
    let mut calls = BTreeSet::new();
    let mut all = false;
    let mut wildcards = BTreeSet::new();
    for item in set.list(source)? {
        let name = item.text(source)?;
        match name {
            "@appc.io/all" => all = true,
            "@appc.io/empty" => {}
            _ if name.starts_with('@') => {
                if wildcards.insert(name) {
                    calls.extend(wildcard(source, item.at, name, native)?);
                }
            }
            _ => match SyscallId::from_name(name) {
                Some(id) => {
                    calls.insert(id);
                }
                None if context.unknown == Some(Unknown::Refuse) => {
                    return Err(source.unknown_call(item.at, name));
                }
                None => notes.unknown_call(source.position(item.at), name),
            },
        }
    }
    let retain =
        isolator.get("name").map(|name| &name.kind) == Some(&json::Kind::Text(RETAIN.to_owned()));
    if !retain && !all && calls.is_empty() {
        let what = "a remove set without calls".to_owned();
        notes.add(source.position(set.at), Remark::Unkept { what });
    }
    let (named, others) = if retain {
        (Action::Allow, refused)
    } else {
        (refused, Action::Allow)
    };
    let archs = std::iter::once(native).chain(native.companions().iter().copied());
    let mut policy = SyscallPolicy::without_rules(archs, if all { named } else { others });
    if !all {
        for id in calls {
            policy.add(Call::Named(id), Case::always(named));
        }
    }
    Ok(policy)
}

fn wildcard(
    source: &Source<'_>,
    at: usize,
    name: &str,
    native: Arch,
) -> Result<BTreeSet<SyscallId>, ReadError> {
    const NAMES: [&str; 6] = [
        "@appc.io/all",
        "@appc.io/empty",
        "@docker/default-blacklist",
        "@docker/default-whitelist",
        "@rkt/default-blacklist",
        "@rkt/default-whitelist",
    ];
    // rkt's own sets are Docker's, but for Arm.
    let docker = name.replace("@rkt/", "@docker/");
    let members = |name: &str| {
        let set = sets::GROUPS.iter().find(|(known, _)| *known == name);
        set.map(|(_, members)| members.iter().filter_map(|name| SyscallId::from_name(name)))
    };
    let found = if docker.starts_with("@docker/") {
        members(&docker)
    } else {
        None
    };
    let found = found.ok_or_else(|| source.unknown(at, What::Group, name, NAMES))?;
    let mut calls: BTreeSet<SyscallId> = found.collect();
    if name == "@rkt/default-whitelist" && matches!(native, Arch::Arm | Arch::Aarch64) {
        calls.extend(members("arm").into_iter().flatten());
    }
    Ok(calls)
}

fn write(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let mut plain = Plain::new(policy, &options.archs)?;
    let native = plain.archs[0];
    let calls = plain.flat();
    let retain = plain.otherwise.passage() != Passage::Passed;
    let named: Vec<(&SyscallId, &Action)> = calls
        .iter()
        .filter(|(_, action)| (action.passage() == Passage::Passed) == retain)
        .collect();
    let error = |action: &Action| match action {
        Action::Errno(number) => errno::name(native, *number),
        Action::Notify | Action::Trace(_) => Some("ENOSYS"),
        _ => None,
    };
    // One error for all: that of most calls would be as good, the first one is simpler to tell.
    let refused = if retain {
        error(&plain.otherwise)
    } else {
        named.first().and_then(|(_, action)| error(action))
    };
    let mut text = String::from("{\n  \"name\": ");
    text.push_str(&quote(if retain { RETAIN } else { REMOVE }));
    text.push_str(",\n  \"value\": {\n    \"set\": [");
    let items: Vec<String> = named
        .iter()
        .map(|(id, _)| format!("\n      {}", quote(id.name())))
        .collect();
    let items = if items.is_empty() {
        format!("\n      {}", quote("@appc.io/empty"))
    } else {
        items.join(",")
    };
    text.extend([items.as_str(), "\n    ]"]);
    if let Some(error) = refused {
        text.extend([",\n    \"errno\": ", &quote(error)]);
    }
    text.push_str("\n  }\n}\n");
    finish(&FORMAT, text, policy, options)
}
