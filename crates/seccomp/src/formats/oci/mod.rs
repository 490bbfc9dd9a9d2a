//! OCI and Docker seccomp profiles, in JSON.
//!
//! Read are the `LinuxSeccomp` object of the OCI runtime specification, alone or as `linux.seccomp` of a config.json,
//! and Docker's profile, whose rules depend on capabilities, architecture and kernel (`includes`, `excludes`,
//! `archMap`, `minKernel`) and are resolved for the context.
//!
//! What a profile means here:
//! - Comparisons are of all 64 bits ([`Width::Raw64`](casemate_model::syscalls::Width::Raw64)), as engines load them,
//!   though the kernel drops the upper half of many arguments.
//! - The conditions of one rule must all hold, also two on one argument, as the specification says. runc and crun turn
//!   such a rule into several of which one must hold; a note tells of each.
//! - A rule with the default action says nothing (libseccomp refuses it and engines pass over it).
//! - The first rule without conditions for a call decides it, whatever others say (libseccomp).
//! - Of conditional rules that answer the same arguments differently the stricter one counts. libseccomp's order there
//!   is that of its tree; a note tells.
//! - Numbers that no rule names get the default action. The answer ENOSYS to newer calls that runc adds by itself is
//!   not part of the profile.
//! - Other architectures' calls kill the thread, which is libseccomp's default that no profile can change.
//! - System calls that the tables lack are left out with a note: profiles name calls of many architectures and of
//!   libseccomp's own invention, and engines pass over them.

mod read;
mod write;

pub use read::read_profile;

use super::{Format, Unknown};

/// The format.
pub const FORMAT: Format = Format {
    name: "oci",
    holds: "OCI or Docker seccomp profile, or an OCI config.json",
    detect,
    read: read::read,
    write: Some(write::write),
    unknown: Unknown::LeaveOut,
};

fn detect(bytes: &[u8]) -> bool {
    let has = |key: &[u8]| bytes.windows(key.len()).any(|window| window == key);
    bytes.trim_ascii_start().starts_with(b"{")
        && (has(b"\"defaultAction\"") || has(b"\"seccomp\"") || has(b"\"ociVersion\""))
}

// Our flags and their names in the specification.
const FLAGS: [(&str, casemate_model::syscalls::Flag); 4] = {
    use casemate_model::syscalls::Flag;
    [
        ("SECCOMP_FILTER_FLAG_LOG", Flag::Log),
        ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", Flag::SpecAllow),
        ("SECCOMP_FILTER_FLAG_TSYNC", Flag::ThreadSync),
        ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", Flag::WaitKillable),
    ]
};
