//! The options of minijail0(1).

/// Whether an option has a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Takes {
    Nothing,
    Value,
    /// Attached to the option, or none.
    Maybe,
}
use Takes::{Maybe, Nothing, Value};

/// The letter or name that stands for the option, another name, and what it takes.
#[rustfmt::skip]
static OPTIONS: [(&str, &str, Takes); 59] = [
    ("a", "", Value), ("b", "bind-mount", Value), ("B", "", Value), ("c", "", Value), ("C", "", Value),
    ("d", "mount-dev", Nothing), ("e", "", Maybe), ("f", "", Value), ("g", "", Value), ("G", "", Nothing),
    ("h", "help", Nothing), ("H", "", Nothing), ("i", "", Nothing), ("I", "", Nothing), ("k", "mount", Value),
    ("K", "", Maybe), ("l", "", Nothing), ("L", "", Nothing), ("m", "", Maybe), ("M", "", Maybe),
    ("n", "", Nothing), ("N", "", Nothing), ("p", "", Nothing), ("P", "", Value), ("r", "", Nothing),
    ("R", "", Value), ("s", "", Nothing), ("S", "", Value), ("t", "", Maybe), ("T", "", Value),
    ("u", "", Value), ("U", "", Nothing), ("v", "ns-mount", Nothing), ("V", "", Value), ("w", "", Nothing),
    ("y", "", Nothing), ("Y", "", Nothing), ("z", "", Nothing), ("add-suppl-group", "", Value),
    ("allow-speculative-execution", "", Nothing), ("ambient", "", Nothing), ("config", "", Value),
    ("enable-profile-fs-restrictions", "", Nothing), ("env-add", "", Value), ("env-reset", "", Nothing),
    ("fs-default-paths", "", Nothing), ("fs-path-advanced-rw", "", Value), ("fs-path-ro", "", Value),
    ("fs-path-rw", "", Value), ("fs-path-rx", "", Value), ("logging", "", Value), ("no-default-runtime-environment", "", Nothing),
    ("no-fs-restrictions", "", Nothing), ("no-new-sessions", "", Nothing), ("preload-library", "", Value),
    ("preserve-fd", "", Value), ("profile", "", Value), ("seccomp-bpf-binary", "", Value), ("uts", "", Maybe),
];

fn all() -> impl Iterator<Item = (&'static str, &'static str, Takes)> {
    OPTIONS.iter().copied()
}

/// Finds a letter.
pub(super) fn letter(name: &str) -> Option<(&'static str, Takes)> {
    let mut letters = all().filter(|(short, _, _)| short.len() == 1);
    let found = letters.find(|(short, _, _)| *short == name);
    found.map(|(short, _, takes)| (short, takes))
}

/// Finds a long name.
pub(super) fn long(name: &str) -> Option<(&'static str, Takes)> {
    let named = |(short, long, _): &(&str, &str, Takes)| {
        *long == name && !name.is_empty() || short.len() > 1 && *short == name
    };
    let found = all().find(named);
    found.map(|(short, _, takes)| (short, takes))
}

/// All long names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(short, long, _)| if long.is_empty() { short } else { long })
}
