//! What runs in the container.

use super::{Check, is_number_list};
use crate::oci::decode::short;
use crate::oci::error::{Error, Problem};
use crate::oci::schema::{Process, Rlimit, Scheduler, SchedulerFlag, SchedulerPolicy};
use casemate_model::names::rlimits;

/// Checks a process alone; the errors have no places, only paths.
pub fn validate_process(process: &Process) -> Vec<Error> {
    let mut check = Check::default();
    self::process(&mut check, process);
    check.errors
}

pub(super) fn process(check: &mut Check, process: &Process) {
    check.demand("args", !process.args.is_empty(), "must name a program");
    if let Some(program) = process.args.first() {
        check.text("args", program, !program.is_empty(), "must name a program");
    }
    check.absolute("cwd", &process.cwd);
    check.environment(&process.env);
    check.within("user", |check| {
        // The kernel takes this id for "leave as it is".
        let real = |id: u32| id != u32::MAX;
        check.demand("uid", real(process.user.uid), "must be below 4294967295");
        check.demand("gid", real(process.user.gid), "must be below 4294967295");
        let groups = &process.user.additional_gids;
        check.demand(
            "additionalGids",
            groups.iter().all(|gid| real(*gid)) && groups.len() <= 65536,
            "must be at most 65536 ids below 4294967295",
        );
        check.demand(
            "umask",
            process.user.umask.is_none_or(|umask| umask <= 0o777),
            "must be at most 511, which is 0777",
        );
    });
    check.within("rlimits", |check| {
        check.once("limit", process.rlimits.iter().map(|one| one.kind.as_str()));
    });
    check.each("rlimits", &process.rlimits, rlimit);
    check.demand(
        "oomScoreAdj",
        process
            .oom_score_adj
            .is_none_or(|score| (-1000..=1000).contains(&score)),
        "must be from -1000 to 1000",
    );
    if let Some(own) = &process.scheduler {
        check.within("scheduler", |check| scheduler(check, own));
    }
    if let Some(own) = &process.io_priority {
        check.within("ioPriority", |check| {
            let fits = (0..=7).contains(&own.priority);
            check.demand("priority", fits, "must be from 0 to 7");
        });
    }
    if let Some(own) = &process.exec_cpu_affinity {
        check.within("execCPUAffinity", |check| {
            for (key, list) in [("initial", &own.initial), ("final", &own.after)] {
                let fits = list.is_empty() || is_number_list(list, 65535);
                check.text(
                    key,
                    list,
                    fits,
                    "must be a list of processors such as 0-3,7",
                );
            }
        });
    }
}

fn rlimit(check: &mut Check, limit: &Rlimit) {
    let known = limit
        .kind
        .strip_prefix("RLIMIT_")
        .filter(|name| !name.contains(|c: char| c.is_ascii_lowercase()))
        .and_then(rlimits::find);
    if known.is_none() {
        check.within("type", |check| {
            check.error(Problem::UnknownName {
                what: "limit",
                name: short(&limit.kind),
                suggestion: rlimits::suggest(&limit.kind),
            });
        });
    }
    check.demand("soft", limit.soft <= limit.hard, "must not be above hard");
}

fn scheduler(check: &mut Check, own: &Scheduler) {
    use SchedulerPolicy as Policy;
    check.demand(
        "policy",
        own.policy != Policy::Iso,
        "must not be SCHED_ISO, which no kernel has",
    );
    check.demand(
        "nice",
        (-20..=19).contains(&own.nice),
        "must be from -20 to 19",
    );
    let real_time = matches!(own.policy, Policy::Fifo | Policy::RoundRobin);
    check.demand(
        "priority",
        if real_time {
            (1..=99).contains(&own.priority)
        } else {
            own.priority == 0
        },
        "must be from 1 to 99 for SCHED_FIFO and SCHED_RR, and 0 for others",
    );
    let deadline = own.policy == Policy::Deadline;
    for (key, value) in [
        ("runtime", own.runtime),
        ("deadline", own.deadline),
        ("period", own.period),
    ] {
        check.demand(
            key,
            deadline || value == 0,
            "must not be set without SCHED_DEADLINE",
        );
    }
    if deadline {
        let period = if own.period == 0 {
            own.deadline
        } else {
            own.period
        };
        check.demand(
            "runtime",
            own.runtime >= 1024 && own.runtime <= own.deadline && own.deadline <= period,
            "must be at least 1024 and at most deadline, which must be at most period",
        );
    }
    check.demand(
        "flags",
        !own.flags
            .iter()
            .any(|flag| matches!(flag, SchedulerFlag::ClampMin | SchedulerFlag::ClampMax)),
        "must not clamp utilisation, there is no property for the clamp",
    );
}
