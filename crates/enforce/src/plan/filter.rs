//! The syscall filter of a launch.

use super::PlanError;
use casemate_model::names::arch::Arch;
use casemate_model::names::syscalls::SyscallId;
use casemate_model::names::version::KernelVersion;
use casemate_model::syscalls::{
    Action, Arg, Call, Case, Flag, Operator, SyscallPolicy, Test, Width,
};

/// `SECCOMP_FILTER_FLAG_*` of <linux/seccomp.h>; NEW_LISTENER since 5.0.
mod flag {
    pub(super) const TSYNC: u64 = 1;
    pub(super) const LOG: u64 = 2;
    pub(super) const SPEC_ALLOW: u64 = 4;
    pub(super) const NEW_LISTENER: u64 = 8;
    pub(super) const WAIT_KILLABLE: u64 = 32;
}

/// Architectures whose calls this machine's kernel can serve: a filter must have an answer for each.
fn served() -> Vec<Arch> {
    match Arch::native() {
        Some(Arch::X86_64) => vec![Arch::X86_64, Arch::X32, Arch::I386],
        Some(Arch::Aarch64) => vec![Arch::Aarch64, Arch::Arm],
        Some(other) => vec![other],
        None => Vec::new(),
    }
}

/// Refuses a policy that wants a supervisor of its own.
pub(super) fn refuse_notify(policy: &SyscallPolicy) -> Result<(), PlanError> {
    if uses_notify(policy) {
        return Err(PlanError::Filter {
            why: "it asks a supervisor (notify), and run has none".to_owned(),
        });
    }
    Ok(())
}

/// Compiles a policy.
pub(super) fn compile(policy: &SyscallPolicy) -> Result<Vec<u8>, PlanError> {
    let served = served();
    match casemate_seccomp::ready::ready(policy, &served) {
        Some(ready) => Ok(ready.to_vec()),
        None => casemate_seccomp::compile(policy, &served)
            .map(|program| program.to_bytes())
            .map_err(|error| PlanError::Filter {
                why: error.to_string(),
            }),
    }
}

/// Returns the flags with which a policy is installed.
pub(super) fn flags(policy: &SyscallPolicy) -> u64 {
    policy.flags.iter().fold(0, |flags, flag| {
        flags
            | match flag {
                Flag::Log => flag::LOG,
                Flag::ThreadSync => flag::TSYNC,
                Flag::SpecAllow => flag::SPEC_ALLOW,
                Flag::WaitKillable => flag::WAIT_KILLABLE,
            }
    })
}

/// Adds a listener. A call that the supervisor has seen is not begun again because of a signal, where the kernel can do
/// that: a program that is signalled all the time (Go's scheduler does) would never get past it, and be counted twice.
pub(super) fn with_supervisor(flags: u64, kernel: KernelVersion) -> u64 {
    let patient = if kernel >= KernelVersion::new(5, 19) {
        flag::WAIT_KILLABLE
    } else {
        0
    };
    // There is one thread yet, and both flags together need a third.
    (flags & !flag::TSYNC) | flag::NEW_LISTENER | patient
}

fn uses_notify(policy: &SyscallPolicy) -> bool {
    let answers = [policy.default, policy.newer, policy.foreign];
    let cases = policy.rules.values().flatten().map(|case| case.action);
    answers
        .into_iter()
        .chain(cases)
        .any(|action| action == Action::Notify)
}

/// Refuses datagram and raw sockets of the internet families: with the host's network nothing else bounds them.
pub(super) fn refuse_datagrams(policy: &mut SyscallPolicy) {
    /// AF_INET and AF_INET6 of <linux/socket.h>.
    const INTERNET: [(u64, u64); 2] = [(2, 2), (10, 10)];
    /// SOCK_TYPE_MASK and SOCK_STREAM of <linux/net.h>.
    const STREAM: Operator = Operator::NotMasked {
        mask: 0xf,
        value: 1,
    };
    let (Some(socket), Some(family), Some(kind)) =
        (SyscallId::from_name("socket"), Arg::new(0), Arg::new(1))
    else {
        return;
    };
    let internet = Test {
        arg: family,
        width: Width::Kernel,
        operator: Operator::In(INTERNET.to_vec()),
    };
    let other = Test {
        arg: kind,
        width: Width::Kernel,
        operator: STREAM,
    };
    // EACCES is what a firewall's refusal looks like.
    let refused = Case {
        when: vec![internet, other],
        action: Action::Errno(13),
    };
    let calls: Vec<Call> = policy
        .rules
        .keys()
        .copied()
        .filter(|call| matches!(call, Call::Named(id) | Call::On(_, id) if *id == socket))
        .collect();
    for call in calls.into_iter().chain([Call::Named(socket)]) {
        policy
            .rules
            .entry(call)
            .or_default()
            .insert(0, refused.clone());
    }
}

/// Calls that are permitted and can fail for a reason that a person wants to know: a path that is not there, a file that
/// may not be changed, a port, a right. The supervisor looks and lets the kernel decide.
pub const OBSERVED: [&str; 41] = [
    "access",
    "bind",
    "chdir",
    "chmod",
    "chown",
    "connect",
    "creat",
    "execve",
    "execveat",
    "faccessat",
    "faccessat2",
    "fchmodat",
    "fchmodat2",
    "fchown",
    "fchownat",
    "lchown",
    "link",
    "linkat",
    "lstat",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "newfstatat",
    "open",
    "openat",
    "openat2",
    "readlink",
    "readlinkat",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "setpriority",
    "stat",
    "statx",
    "symlink",
    "symlinkat",
    "truncate",
    "unlink",
    "unlinkat",
];

/// Hands what would be refused with an error to the supervisor, which answers with the same error.
pub(super) fn supervise(policy: &mut SyscallPolicy) {
    let supervised = |action: &mut Action| {
        if matches!(action, Action::Errno(_)) {
            *action = Action::Notify;
        }
    };
    supervised(&mut policy.default);
    supervised(&mut policy.newer);
    if policy.default == Action::Allow {
        for id in OBSERVED
            .iter()
            .filter_map(|name| SyscallId::from_name(name))
        {
            policy.rules.entry(Call::Named(id)).or_default();
        }
    }
    for (call, cases) in &mut policy.rules {
        let observed =
            matches!(call, Call::Named(id) | Call::On(_, id) if OBSERVED.contains(&id.name()));
        if observed && policy.default == Action::Allow {
            cases.push(Case {
                when: Vec::new(),
                action: Action::Notify,
            });
        }
        for case in cases {
            if observed && case.action == Action::Allow {
                case.action = Action::Notify;
            }
            supervised(&mut case.action);
        }
    }
}
