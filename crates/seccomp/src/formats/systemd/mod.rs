//! The seccomp filters of a systemd unit.
//!
//! Read are a unit (its `[Service]` lines, other settings are passed over) or the bare value of one
//! `SystemCallFilter=`. systemd loads a filter a setting; they are read as one policy.
//!
//! - `SystemCallFilter=`: the first line decides between allow list and deny list (`~`); an allow list begins with
//!   `@default`; later lines of the other kind take away; an empty one starts afresh. The answer is
//!   `SystemCallErrorNumber=`, or the process is killed; a name may have its own (`:EPERM`, `:kill`), which an allow
//!   list has no use for.
//! - `SystemCallLog=`, `SystemCallArchitectures=`, `RestrictAddressFamilies=`, `RestrictNamespaces=`,
//!   `MemoryDenyWriteExecute=`, `RestrictRealtime=`, `RestrictSUIDSGID=`, `LockPersonality=`, `ProtectKernelModules=`,
//!   `ProtectKernelLogs=`, `ProtectClock=`, `ProtectHostname=`
//!   and `PrivateDevices=`, as far as they are filters, with systemd's own
//!   comparisons (all 64 bits, so that an upper bit passes them: `check` tells).
//! - Without `SystemCallArchitectures=` calls of architectures that the machine cannot run are permitted.
//! - The groups are those of systemd 252. Names and groups that the tables lack are left out with a note, as systemd
//!   does.

mod groups;
mod read;
mod restrict;
mod write;

use super::{Format, Unknown};
use casemate_model::names::SyscallId;
use std::collections::BTreeSet;

/// The system calls of a group such as `@swap`, or of a name; `None` if neither is known.
pub fn calls(name: &str) -> Option<BTreeSet<SyscallId>> {
    let mut calls = BTreeSet::new();
    read::expand(name, 0, &mut calls).then_some(calls)
}

/// The format.
pub const FORMAT: Format = Format {
    name: "systemd",
    holds: "systemd unit, or the value of SystemCallFilter=",
    detect,
    read: read::read,
    write: Some(write::write),
    unknown: Unknown::LeaveOut,
};

// The settings that are filters, and those that change them.
const KEYS: [&str; 13] = [
    "SystemCallFilter",
    "SystemCallErrorNumber",
    "SystemCallLog",
    "SystemCallArchitectures",
    "RestrictAddressFamilies",
    "RestrictNamespaces",
    "RestrictRealtime",
    "RestrictSUIDSGID",
    "MemoryDenyWriteExecute",
    "LockPersonality",
    "ProtectKernelModules",
    "ProtectKernelLogs",
    "ProtectClock",
];

fn detect(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| {
        let line = line.trim_ascii();
        line == b"[Service]" || KEYS.iter().any(|key| line.starts_with(key.as_bytes()))
    })
}
