//! Judges namespaces and the new /proc that one of them needs.

use super::{Answers, Deep, Finding, Step};
use casemate_sys::Errno;

pub(super) const USER: &str = "user-namespaces";

/// Returns the first step up to a usable user namespace that was refused.
pub(super) fn refusal(answers: &Answers) -> Option<(Step, Errno)> {
    let steps = [
        Step::Fork,
        Step::User,
        Step::Setgroups,
        Step::UidMap,
        Step::GidMap,
        Step::Mount,
        Step::Tmpfs,
    ];
    steps
        .into_iter()
        .find_map(|step| answers.error(step).map(|errno| (step, errno)))
}

pub(super) fn user(deep: &Deep) -> Finding {
    let Some((step, errno)) = refusal(&deep.answers) else {
        return Finding::fine(
            USER,
            "tried: a user namespace with a mount of its own",
            "no privilege is needed",
        );
    };
    let mut evidence = format!("{}: {errno}", step.name());
    let finding = |evidence| {
        Finding::blocks(USER, evidence).consequence(
            "every compartment begins with a user namespace, so casemate run fails at its first step; without one there \
             is only what Landlock and the syscall filter can do",
        )
    };
    match &deep.explanation {
        Some(explanation) => {
            evidence = format!("{evidence}; {}", explanation.evidence);
            finding(evidence).remedy(explanation.cause.remedy())
        }
        None => finding(evidence),
    }
}

pub(super) fn others(deep: &Deep) -> Finding {
    const NAME: &str = "namespaces";
    let steps = [Step::Pid, Step::Net, Step::Ipc, Step::Uts, Step::Cgroup];
    let refused: Vec<String> = steps
        .into_iter()
        .filter_map(|step| {
            deep.answers
                .error(step)
                .map(|errno| format!("{}: {errno}", step.name()))
        })
        .collect();
    if !refused.is_empty() {
        return Finding::blocks(NAME, refused.join("; "))
            .consequence("a compartment has all of them by default")
            .remedy("compare the limits in /proc/sys/user/max_*_namespaces with what is in use; raise one with sysctl -w");
    }
    if !deep.answers.works(Step::Pid) {
        return Finding::not_tried(NAME, USER);
    }
    Finding::fine(
        NAME,
        "tried: pid, net, ipc, uts and cgroup",
        "all of them are the compartment's own",
    )
}

pub(super) fn time(deep: &Deep) -> Finding {
    const NAME: &str = "time-namespaces";
    match deep.answers.0.get(&Step::Time) {
        Some(Ok(())) => Finding::fine(NAME, "tried", "the time since boot can be hidden"),
        Some(Err(errno)) => {
            let evidence = format!("{}: {errno}", Step::Time.name());
            Finding::limits(NAME, "hiding the time since boot", evidence)
                .consequence("programs inside see how long the host has been running")
                .remedy("use a kernel of version 5.6 or later built with CONFIG_TIME_NS")
        }
        None => Finding::not_tried(NAME, USER),
    }
}

pub(super) fn proc(deep: &Deep) -> Finding {
    const NAME: &str = "proc";
    if !deep.has_proc {
        return Finding::blocks(NAME, "/proc/self/status cannot be read")
            .consequence("maps of ids are written in /proc, and a new one can be mounted only where one is visible")
            .remedy("mount -t proc proc /proc");
    }
    match deep.answers.0.get(&Step::Proc) {
        Some(Ok(())) => Finding::fine(
            NAME,
            "tried: a new /proc",
            "the compartment sees its own processes only",
        ),
        Some(Err(errno)) => {
            let covered: Vec<String> = deep
                .over_proc
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            let mut evidence = format!("{}: {errno}", Step::Proc.name());
            if !covered.is_empty() {
                evidence = format!(
                    "{evidence}; mounted over parts of it: {}",
                    covered.join(" ")
                );
            }
            Finding::blocks(NAME, evidence)
                .consequence(
                    "the kernel lets nobody mount a /proc that shows what the visible one hides, as the masked paths of a \
                     container engine do",
                )
                .remedy(
                    "start the outer container with its /proc unmasked: --security-opt systempaths=unconfined for Docker, \
                     --security-opt unmask=ALL for Podman, procMount: Unmasked in a Kubernetes securityContext",
                )
        }
        None => Finding::not_tried(NAME, USER),
    }
}
