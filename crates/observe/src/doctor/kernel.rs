//! Judges what the kernel offers, and how it is set.

use super::{Deep, Finding, Step};
use casemate_model::host::Availability;
use casemate_model::names::version::KernelVersion;
use casemate_sys::Errno;
use casemate_sys::landlock::ABIS;

pub(super) fn calls(deep: &Deep) -> Finding {
    const NAME: &str = "kernel-calls";
    let needed = [
        Step::Openat2,
        Step::CloseRange,
        Step::Tmpfs,
        Step::MountSetattr,
        Step::OpenTree,
    ];
    let missing = |steps: &[Step]| -> Vec<&str> {
        let is_missing = |step: &&Step| deep.answers.error(**step) == Some(Errno::ENOSYS);
        steps
            .iter()
            .filter(is_missing)
            .map(|step| step.name())
            .collect()
    };
    let absent = missing(&needed);
    let kernel = deep.facts.kernel;
    if !absent.is_empty() {
        return Finding::blocks(NAME, format!("{}: function not implemented (ENOSYS); kernel {kernel}", absent.join(", ")))
            .consequence("compartments are built from detached mounts, by descriptor, which older kernels cannot do")
            .remedy(
                "use a kernel of version 5.12 or later; where it is one, let the outer container's filter permit these calls",
            );
    }
    let refused: Vec<String> = [Step::MountSetattr, Step::OpenTree]
        .into_iter()
        .filter_map(|step| {
            deep.answers
                .error(step)
                .map(|errno| format!("{}: {errno}", step.name()))
        })
        .collect();
    if !refused.is_empty() {
        return Finding::blocks(NAME, refused.join("; "))
            .consequence("the host's directories cannot be shown read-only inside")
            .remedy("look for a denial in the kernel's log: dmesg | grep -i -e apparmor -e avc -e denied");
    }
    if let Some(errno) = deep.answers.error(Step::Clone3) {
        return Finding::limits(NAME, "starting a program directly in its cgroup", format!("clone3: {errno}"))
            .consequence("the older clone is used, and the program is moved into its cgroup before it starts")
            .remedy("let the outer container's filter permit clone3, or use a kernel of version 5.7 or later");
    }
    if !deep.answers.works(Step::MountSetattr) {
        return Finding::not_tried(NAME, super::namespaces::USER);
    }
    Finding::fine(
        NAME,
        format!("kernel {kernel}: mount_setattr, openat2, close_range and clone3 answer"),
        "",
    )
}

pub(super) fn age(deep: &Deep) -> Finding {
    const NAME: &str = "kernel-age";
    let features = [
        (
            KernelVersion::new(5, 8),
            "a /proc that shows processes only (subset=pid)",
        ),
        (
            KernelVersion::new(5, 12),
            "directories of the host with ids mapped",
        ),
        (
            KernelVersion::new(5, 14),
            "mounts on which links are not followed (nosymfollow), killing a whole cgroup",
        ),
        (
            KernelVersion::new(6, 3),
            "private directories with ids mapped",
        ),
    ];
    let kernel = deep.facts.kernel;
    let missing: Vec<String> = features
        .into_iter()
        .filter(|(since, _)| kernel < *since)
        .map(|(since, what)| format!("{what} (since {since})"))
        .collect();
    if missing.is_empty() {
        return Finding::fine(
            NAME,
            format!("kernel {kernel}"),
            "every feature in use is there",
        );
    }
    Finding::limits(NAME, missing.join(", "), format!("kernel {kernel}"))
        .consequence("a profile that asks for one of these is refused with an error, never weakened in silence")
        .remedy("use a newer kernel")
}

/// What each version of Landlock's interface brought, in the words of a user.
const BROUGHT: [(u32, &str); 7] = [
    (2, "renaming and linking between directories"),
    (3, "truncating files"),
    (4, "TCP ports"),
    (5, "ioctl on devices"),
    (6, "abstract sockets and signals to processes outside"),
    (7, "which denials are logged"),
    (9, "sockets by their path"),
];

pub(super) fn landlock(deep: &Deep) -> Finding {
    const NAME: &str = "landlock";
    let refused = deep.answers.error(Step::Landlock);
    let Some(version) = deep.facts.landlock.filter(|_| refused.is_none()) else {
        let answer = refused.map_or_else(|| "no version".to_owned(), |errno| errno.to_string());
        let remedy = if refused == Some(Errno::EOPNOTSUPP) {
            "add landlock to the list of security modules on the kernel's command line: lsm=landlock,... (as /sys/kernel/security/lsm \
             has it)"
        } else {
            "use a kernel of version 5.13 or later built with CONFIG_SECURITY_LANDLOCK"
        };
        return Finding::limits(NAME, "the second wall behind the mounts", format!("landlock_restrict_self: {answer}"))
            .consequence(
                "files are confined by the mounts alone, TCP ports by the network namespace and the syscall filter alone",
            )
            .remedy(remedy);
    };
    let missing: Vec<&str> = BROUGHT
        .into_iter()
        .filter(|(since, _)| version < *since)
        .map(|(_, what)| what)
        .collect();
    let evidence = format!(
        "landlock_create_ruleset: version {version} of {}",
        ABIS.len()
    );
    // Versions from 6 on lack nothing that confines and that other walls do not.
    if version >= 6 {
        let consequence = match missing.as_slice() {
            [] => "everything is a wall of its own".to_owned(),
            missing => format!("not covered a second time: {}", missing.join(", ")),
        };
        return Finding::fine(NAME, evidence, consequence);
    }
    Finding::limits(NAME, missing.join(", "), evidence)
        .consequence("these are confined by namespaces, mounts and the syscall filter alone")
        .remedy("use a kernel of version 6.12 or later")
}

pub(super) fn seccomp(deep: &Deep) -> Finding {
    const NAME: &str = "seccomp";
    let refused = deep.answers.error(Step::Seccomp);
    match (&deep.facts.seccomp, refused) {
        (Availability::Available, None) => Finding::fine(
            NAME,
            "tried: a filter that permits everything",
            "system calls can be filtered",
        ),
        (Availability::Refused { obstacle, remedy }, _) => Finding::blocks(NAME, obstacle.clone())
            .consequence("there is no syscall filter, which every compartment has by default")
            .remedy(remedy.clone()),
        (Availability::Available, Some(errno)) => Finding::blocks(
            NAME,
            format!("{}: {errno}", Step::Seccomp.name()),
        )
        .consequence("there is no syscall filter, which every compartment has by default")
        .remedy("let the outer container's filter permit seccomp and prctl(PR_SET_NO_NEW_PRIVS)"),
    }
}

pub(super) fn memfd(deep: &Deep) -> Finding {
    const NAME: &str = "memfd-noexec";
    const FILE: &str = "/proc/sys/vm/memfd_noexec";
    match deep.memfd_noexec.as_deref() {
        Some("2") => Finding::limits(NAME, "running programs from memory", format!("{FILE} is 2"))
            .consequence("casemate-exec is run from its file, which must not be writable for the compartment's user")
            .remedy("sysctl -w vm.memfd_noexec=1"),
        Some(value) => Finding::fine(NAME, format!("{FILE} is {value}"), "sealed files in memory can be used"),
        None => Finding::fine(NAME, format!("{FILE} does not exist"), "sealed files in memory can be used"),
    }
}

pub(super) fn core_dumps(deep: &Deep) -> Finding {
    const NAME: &str = "core-dumps";
    const FILE: &str = "/proc/sys/kernel/core_pattern";
    let Some(pattern) = deep.core_pattern.as_deref() else {
        return Finding::fine(NAME, format!("{FILE} cannot be read"), "unknown");
    };
    let evidence = format!("{FILE} is {pattern}");
    // Since 6.16, @ and @@ name a socket.
    if pattern.starts_with('|') || pattern.starts_with('@') {
        return Finding::limits(NAME, "keeping memory of crashed programs inside", evidence)
            .consequence(
                "when a program inside crashes, the kernel hands its memory to this handler, which runs as root outside of \
                 the compartment; a core limit of 0 does not prevent it",
            )
            .remedy("sysctl -w kernel.core_pattern=core");
    }
    Finding::fine(
        NAME,
        evidence,
        "dumps are files, and the limit on core files is 0",
    )
}

pub(super) fn ptrace(deep: &Deep) -> Finding {
    const NAME: &str = "ptrace-scope";
    const FILE: &str = "/proc/sys/kernel/yama/ptrace_scope";
    match deep.ptrace_scope.as_deref() {
        None => Finding::fine(
            NAME,
            format!("{FILE} does not exist"),
            "programs of the same user outside may trace the compartment's; never the other way round",
        ),
        Some(value @ ("2" | "3")) => {
            Finding::limits(NAME, "debuggers inside", format!("{FILE} is {value}"))
                .consequence(
                    "programs inside cannot trace each other even where a profile permits ptrace",
                )
                .remedy(
                    "sysctl -w kernel.yama.ptrace_scope=1; a value of 3 lasts until the next boot",
                )
        }
        Some(value) => Finding::fine(
            NAME,
            format!("{FILE} is {value}"),
            "programs inside may trace their children",
        ),
    }
}

pub(super) fn audit(deep: &Deep) -> Finding {
    const NAME: &str = "audit";
    match deep.audit {
        Ok(true) => Finding::fine(
            NAME,
            "the audit system is on",
            "Landlock's denials are in the kernel's log",
        ),
        Ok(false) => Finding::limits(
            NAME,
            "denials in the kernel's log",
            "the audit system is off",
        )
        .consequence(
            "Landlock refuses without a trace; casemate run --explain does not need the log",
        )
        .remedy("auditctl -e 1"),
        Err(Errno::EPROTONOSUPPORT) => Finding::limits(
            NAME,
            "denials in the kernel's log",
            "the kernel has no audit system",
        )
        .consequence(
            "Landlock refuses without a trace; casemate run --explain does not need the log",
        ),
        Err(errno) => Finding::fine(
            NAME,
            format!("unknown; AUDIT_GET: {errno}"),
            "only root can ask; casemate run --explain does not need the log",
        ),
    }
}
