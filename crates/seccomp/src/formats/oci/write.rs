//! Writes a profile as the OCI runtime specification has it.

use std::collections::BTreeMap;

use casemate_model::names::SyscallId;
use casemate_model::syscalls::{Action, SyscallPolicy};

use super::{FLAGS, FORMAT};
use crate::formats::json::quote;
use crate::formats::write::{Cube, Piece, Plain, WriteError, WriteOptions, Written, finish};

/// Writes a policy.
pub fn write(policy: &SyscallPolicy, options: &WriteOptions) -> Result<Written, WriteError> {
    let mut plain = Plain::new(policy, &options.archs)?;
    let rules = plain.common()?;
    let mut text = String::from("{\n");
    action(
        &mut text,
        "  ",
        "defaultAction",
        "defaultErrnoRet",
        plain.otherwise,
    );
    text.push_str(",\n  \"architectures\": [");
    let archs: Vec<String> = plain.archs.iter().map(|arch| quote(arch.oci())).collect();
    text.push_str(&archs.join(", "));
    text.push(']');
    let flags: Vec<String> = FLAGS
        .iter()
        .filter(|(_, flag)| policy.flags.contains(flag))
        .map(|(name, _)| quote(name))
        .collect();
    if !flags.is_empty() {
        text.push_str(",\n  \"flags\": [");
        text.push_str(&flags.join(", "));
        text.push(']');
    }
    text.push_str(",\n  \"syscalls\": [");
    let mut by_rule: BTreeMap<Vec<Cube>, Vec<SyscallId>> = BTreeMap::new();
    for (id, cubes) in rules {
        by_rule.entry(cubes).or_default().push(id);
    }
    let mut comma = "";
    for (cubes, ids) in &by_rule {
        for cube in cubes {
            text.push_str(comma);
            rule(&mut text, ids, cube);
            comma = ",";
        }
    }
    text.push_str("\n  ]\n}\n");
    finish(&FORMAT, text, policy, options)
}

fn rule(text: &mut String, ids: &[SyscallId], cube: &Cube) {
    text.push_str("\n    {\n      \"names\": [");
    let names: Vec<String> = ids
        .iter()
        .map(|id| format!("\n        {}", quote(id.name())))
        .collect();
    text.push_str(&names.join(","));
    text.push_str("\n      ],\n");
    action(text, "      ", "action", "errnoRet", cube.action);
    if !cube.pieces.is_empty() {
        let args: Vec<String> = cube
            .pieces
            .iter()
            .map(|(arg, piece)| {
                let (op, one, two) = match piece {
                    Piece::Equal(value) => ("EQ", value, None),
                    Piece::NotEqual(value) => ("NE", value, None),
                    Piece::AtMost(value) => ("LE", value, None),
                    Piece::AtLeast(value) => ("GE", value, None),
                    Piece::Masked(mask, value) => ("MASKED_EQ", mask, Some(value)),
                };
                let two = two.map_or(String::new(), |two| format!(", \"valueTwo\": {two}"));
                format!(
                    "\n        {{ \"index\": {arg}, \"value\": {one}{two}, \"op\": \"SCMP_CMP_{op}\" }}"
                )
            })
            .collect();
        text.push_str(",\n      \"args\": [");
        text.push_str(&args.join(","));
        text.push_str("\n      ]");
    }
    text.push_str("\n    }");
}

fn action(text: &mut String, indent: &str, key: &str, errno_key: &str, action: Action) {
    let (name, errno) = match action {
        Action::Allow => ("ALLOW", None),
        Action::Log => ("LOG", None),
        Action::Errno(errno) => ("ERRNO", Some(errno)),
        Action::Notify => ("NOTIFY", None),
        Action::Trace(data) => ("TRACE", Some(data)),
        Action::Trap(_) => ("TRAP", None),
        Action::KillThread => ("KILL_THREAD", None),
        Action::KillProcess => ("KILL_PROCESS", None),
    };
    text.push_str(indent);
    text.push_str(&quote(key));
    text.push_str(": ");
    text.push_str(&quote(&format!("SCMP_ACT_{name}")));
    if let Some(errno) = errno {
        text.extend([",\n", indent, &quote(errno_key), ": ", &errno.to_string()]);
    }
}
