//! The syscall filter of a launch.

use super::PlanError;
use super::network::Bounded;
use casemate_model::lattice::Permit;
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

/// Filters of containers, which are installed as they are asked for.
pub mod container_filter {
    use super::{Arch, PlanError, SyscallPolicy};

    /// Architectures whose calls this machine's kernel can serve, its own first.
    pub fn served() -> Vec<Arch> {
        super::served()
    }

    /// Whether a policy asks an agent.
    pub fn asks(policy: &SyscallPolicy) -> bool {
        super::uses_notify(policy)
    }

    /// Compiles a policy. Returns the flags with which it is installed, and its instructions of eight bytes each.
    ///
    /// # Errors
    /// There is no filter for it.
    pub fn compile(policy: &SyscallPolicy) -> Result<(u64, Vec<u8>), PlanError> {
        let flags = super::flags(policy);
        // An agent's listener and thread synchronisation go together with a third flag only, and there is one thread.
        let flags = if super::uses_notify(policy) {
            (flags & !super::flag::TSYNC) | super::flag::NEW_LISTENER
        } else {
            flags
        };
        Ok((flags, super::compile(policy)?))
    }
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

/// Tells whether a policy permits a call whatever its arguments are.
pub(super) fn permits(policy: &SyscallPolicy, name: &str) -> bool {
    let Some(id) = SyscallId::from_name(name) else {
        return false;
    };
    let own = Arch::native().and_then(|arch| policy.rules.get(&Call::On(arch, id)));
    match own.or_else(|| policy.rules.get(&Call::Named(id))) {
        Some(cases) => cases
            .first()
            .is_some_and(|case| case.when.is_empty() && case.action == Action::Allow),
        None => policy.default == Action::Allow,
    }
}

/// Puts a refusal before all other answers to a call.
fn refuse(policy: &mut SyscallPolicy, name: &str, when: &[(u8, Operator)], errno: u16) {
    let Some(id) = SyscallId::from_name(name) else {
        return;
    };
    let when = when
        .iter()
        .filter_map(|(place, operator)| {
            Some(Test {
                arg: Arg::new(*place)?,
                width: Width::Kernel,
                operator: operator.clone(),
            })
        })
        .collect();
    let action = Action::Errno(errno);
    let refused = Case { when, action };
    let calls: Vec<Call> = policy
        .rules
        .keys()
        .copied()
        .filter(|call| matches!(call, Call::On(_, other) if *other == id))
        .collect();
    for call in calls.into_iter().chain([Call::Named(id)]) {
        policy
            .rules
            .entry(call)
            .or_default()
            .insert(0, refused.clone());
    }
}

/// Errors of <asm-generic/errno.h>, the same on all architectures here.
mod errno {
    pub(super) const EPERM: u16 = 1;
    /// What a firewall's refusal looks like.
    pub(super) const EACCES: u16 = 13;
    pub(super) const ENOSYS: u16 = 38;
    /// What a kernel without a protocol says, after which programs take TCP.
    pub(super) const EPROTONOSUPPORT: u16 = 93;
    /// What a kernel without TCP Fast Open says.
    pub(super) const EOPNOTSUPP: u16 = 95;
}

/// Refuses what gets past Landlock's rules for ports: with the host's network nothing else bounds it.
pub(super) fn refuse_unbounded(policy: &mut SyscallPolicy, bounded: Bounded) {
    /// AF_INET and AF_INET6 of <linux/socket.h>.
    const INTERNET: [(u64, u64); 2] = [(2, 2), (10, 10)];
    /// IPPROTO_IP, IPPROTO_TCP, IPPROTO_UDP of <linux/in.h>. Of streams, MPTCP has its connections taken for TCP by
    /// others, and Landlock looks at TCP itself only (since 6.14; before, at all streams).
    const PROTOCOLS: [(u64, u64); 3] = [(0, 0), (6, 6), (17, 17)];
    /// SOCK_TYPE_MASK and SOCK_STREAM of <linux/net.h>.
    const STREAM: Operator = Operator::NotMasked {
        mask: 0xf,
        value: 1,
    };
    /// MSG_FASTOPEN of <linux/socket.h>: connects without connect(2), which no security module sees.
    const FAST_OPEN: Operator = Operator::NotMasked {
        mask: 0x2000_0000,
        value: 0,
    };
    let internet = (0, Operator::In(INTERNET.to_vec()));
    let other = (2, Operator::NotIn(PROTOCOLS.to_vec()));
    refuse(
        policy,
        "socket",
        &[internet.clone(), other],
        errno::EPROTONOSUPPORT,
    );
    if bounded.datagrams == Permit::Denied {
        refuse(policy, "socket", &[internet, (1, STREAM)], errno::EACCES);
    }
    if bounded.connect == Permit::Denied {
        for (name, place) in [("sendto", 3), ("sendmsg", 2), ("sendmmsg", 3)] {
            refuse(policy, name, &[(place, FAST_OPEN)], errno::EOPNOTSUPP);
        }
    }
    if bounded.listen == Permit::Denied {
        // Without bind(2) the kernel chooses a port, and Landlock looks at bind(2) only.
        refuse(policy, "listen", &[], errno::EACCES);
    }
    // One call of i386 for all of these, whose arguments are out of a filter's sight.
    refuse(policy, "socketcall", &[], errno::ENOSYS);
}

/// Refuses to make set-user-id and set-group-id files: on a mount with mapped ids they would be the caller's, who has
/// rights that the program lacks, and everybody who reaches the directory on the host could run them.
pub(super) fn refuse_set_id(policy: &mut SyscallPolicy) {
    /// S_ISUID and S_ISGID of <linux/stat.h>.
    const SET_ID: Operator = Operator::NotMasked {
        mask: 0o6000,
        value: 0,
    };
    /// O_CREAT and __O_TMPFILE of <asm-generic/fcntl.h>: there is no mode without.
    const CREATE: Operator = Operator::NotMasked {
        mask: 0o2000_0100,
        value: 0,
    };
    for (name, place) in [
        ("chmod", 1),
        ("creat", 1),
        ("fchmod", 1),
        ("fchmodat", 2),
        ("fchmodat2", 2),
        ("mknod", 1),
        ("mknodat", 2),
    ] {
        refuse(policy, name, &[(place, SET_ID)], errno::EPERM);
    }
    refuse(policy, "open", &[(1, CREATE), (2, SET_ID)], errno::EPERM);
    refuse(policy, "openat", &[(2, CREATE), (3, SET_ID)], errno::EPERM);
    // Its mode is out of a filter's sight.
    refuse(policy, "openat2", &[], errno::ENOSYS);
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
