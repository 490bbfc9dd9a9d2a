//! Words for what a key takes, for what stands there, and for keys that other programs call otherwise.

use super::error::{Fault, Problem};
use super::forms::one_of;
use super::keys::{self, Form, KEYS, Key, Kind, names};
use casemate_model::Origin;
use casemate_model::names::suggest::nearest;
use toml::de::DeValue;

/// Says that no key has this name, and which one may be meant.
pub(crate) fn unknown_key(name: &str, origin: Origin) -> Problem {
    let known = KEYS.iter().map(|key| key.name).chain([names::LOOSEN]);
    let hint = match elsewhere(name) {
        Some(key) => Some(format!("the key for that is `{key}`")),
        None => nearest(name, known)
            .filter(|key| *key != name)
            .map(|key| format!("did you mean `{key}`?")),
    };
    Problem::new(Fault::UnknownKey(name.to_owned()), origin).hint(hint)
}

/// Finds the key for a word that other programs use.
pub fn elsewhere(name: &str) -> Option<&'static str> {
    let words = [
        ("args", "command"),
        ("argv", "command"),
        ("bind", "write"),
        ("bind-ro", "read"),
        ("ro-bind", "read"),
        ("rw", "write"),
        ("ro", "read"),
        ("exec", "run"),
        ("blacklist", "hide"),
        ("whitelist", "read"),
        ("tmpfs", "temporary"),
        ("private-tmp", "temporary"),
        ("capabilities", "keep"),
        ("caps", "keep"),
        ("cap-add", "keep"),
        ("seccomp", "syscalls"),
        ("env", "environment"),
        ("setenv", "set"),
        ("fds", "descriptors"),
        ("pids", "processes"),
        ("pids-limit", "processes"),
        ("nproc", "processes"),
        ("nofile", "open-files"),
        ("ulimit", "limits"),
        ("rlimits", "limits"),
        ("timeout", "time"),
        ("cwd", "directory"),
        ("chdir", "directory"),
        ("workdir", "directory"),
        ("uid", "user"),
        ("net", "network"),
        ("publish", "listen"),
        ("ports", "listen"),
        ("dev", "devices"),
        ("tty", "terminal"),
        ("no-new-privs", "new-privileges"),
        ("include", "extends"),
        ("cpus", "cpu"),
    ];
    let dashed = name.replace('_', "-").to_ascii_lowercase();
    let found = words
        .iter()
        .find(|(word, _)| *word == dashed)
        .map(|(_, key)| *key);
    found.or_else(|| keys::find(&dashed).map(|key| key.name))
}

/// Describes what a key takes, after "takes".
pub(crate) fn takes(key: &Key) -> String {
    match key.kind {
        Kind::Switch { .. } => "true or false".to_owned(),
        Kind::One(form) => one(form),
        Kind::List(form) => format!("a list of {}", many(form)),
        Kind::OneOrList(form) => format!("{} or a list of {}", one(form), many(form)),
        Kind::Table { name, value } => {
            let by = if name == Form::Path { "path" } else { "name" };
            format!("a table with {} by {by}", many(value))
        }
    }
}

fn one(form: Form) -> String {
    match form {
        Form::Text => "a text".to_owned(),
        Form::Path => "a path".to_owned(),
        Form::Size => "a size such as \"512M\"".to_owned(),
        Form::Count => "a whole number".to_owned(),
        Form::Processors => "a number of processors".to_owned(),
        Form::Duration => "a duration such as \"30s\"".to_owned(),
        Form::LimitPair => "a limit such as \"1024:4096\"".to_owned(),
        Form::Choice(words) => one_of(
            &words
                .iter()
                .map(|word| format!("\"{word}\""))
                .collect::<Vec<_>>()
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>(),
        ),
        Form::User => "a user id".to_owned(),
        Form::Capability => "a capability".to_owned(),
        Form::SyscallRule => "a system call".to_owned(),
        Form::Device => "a device".to_owned(),
        Form::Port => "a port".to_owned(),
        Form::Variable => "a variable".to_owned(),
        Form::Descriptor => "a descriptor".to_owned(),
        Form::LimitName => "a limit's name".to_owned(),
        Form::Parameter => "a parameter's name".to_owned(),
        Form::HostName => "a host name".to_owned(),
    }
}

fn many(form: Form) -> &'static str {
    match form {
        Form::Text => "texts",
        Form::Path => "paths",
        Form::Size => "sizes",
        Form::Count | Form::Processors => "numbers",
        Form::Duration => "durations",
        Form::LimitPair => "limits",
        Form::Choice(_) => "words",
        Form::User => "user ids",
        Form::Capability => "capabilities",
        Form::SyscallRule => "system calls",
        Form::Device => "devices",
        Form::Port => "ports",
        Form::Variable => "variables",
        Form::Descriptor => "descriptors",
        Form::LimitName | Form::Parameter | Form::HostName => "names",
    }
}

pub(crate) fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Tells whether numbers without quotes are taken.
pub fn takes_numbers(form: Form) -> bool {
    matches!(
        form,
        Form::Size
            | Form::Count
            | Form::Processors
            | Form::LimitPair
            | Form::User
            | Form::Port
            | Form::Descriptor
    )
}
