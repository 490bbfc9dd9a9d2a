//! The report: for each facet what was requested, what is in force, and the gap between.

use super::Subject;
use super::facts::{self, Status};
use super::heard::{Heard, How};
use crate::json::Json;
use casemate_enforce::plan::PlannedStep;
use casemate_enforce::step::Step;
use casemate_model::Confinement;
use casemate_model::facet::Standing;
use casemate_model::names::arch::Arch;
use casemate_model::names::signals;
use std::collections::BTreeMap;
use std::time::Duration;

/// Makes the report.
pub fn document(
    subject: &Subject<'_>,
    heard: &Heard,
    elapsed: Duration,
    explained: Option<Json>,
) -> Json {
    let program = &subject.request.document.program;
    let words = program.command.value().map_or(&[][..], Vec::as_slice);
    let command = words.iter().map(|word| Json::text(word.to_string_lossy()));
    let facets = Confinement::FACETS.map(|facet| {
        let parts = [
            ("requested", requested(subject, facet)),
            ("actual", actual(subject, heard, facet)),
            ("gap", Json::List(gaps(subject, heard, facet))),
        ];
        (facet, Json::object(parts))
    });
    let parts = [
        ("casemate", Json::text(env!("CARGO_PKG_VERSION"))),
        ("kernel", Json::text(subject.facts.kernel.to_string())),
        ("command", Json::List(command.collect())),
        ("outcome", outcome(heard, elapsed)),
        ("facets", Json::object(facets)),
    ];
    Json::object(
        parts
            .into_iter()
            .chain(explained.map(|found| ("explain", found))),
    )
}

fn outcome(heard: &Heard, elapsed: Duration) -> Json {
    let Some(end) = heard.end else {
        return Json::object([("how", Json::text("lost: the launcher was killed"))]);
    };
    let (how, value) = match end.how {
        How::Exited => ("exited", ("code", Json::Number(end.value.into()))),
        How::Killed => ("killed", signal(end.value)),
        How::Failed => ("not started: a step failed", ("code", Json::Null)),
        How::TimeOver => ("killed: the time was over", signal(end.value)),
        How::Interrupted => ("not started: interrupted", signal(end.value)),
        How::Lost => ("lost: init was killed", ("code", Json::Null)),
    };
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    Json::object([
        ("how", Json::text(how)),
        value,
        ("exit_code", Json::Number(end.code.into())),
        ("milliseconds", Json::Number(milliseconds)),
        ("user_microseconds", Json::Number(end.user)),
        ("system_microseconds", Json::Number(end.system)),
        ("peak_kibibytes", Json::Number(end.peak)),
    ])
}

fn signal(number: u8) -> (&'static str, Json) {
    let name = Arch::native().and_then(|arch| signals::name(arch, number));
    let text = name.map_or_else(|| number.to_string(), str::to_owned);
    ("signal", Json::text(text))
}

fn requested(subject: &Subject<'_>, facet: &str) -> Json {
    let entries = subject.request.document.confinement.entries();
    let fields = entries
        .into_iter()
        .filter(|entry| entry.field.facet == facet)
        .map(|entry| {
            let stated = match entry.stated {
                Standing::Unknown => "unknown",
                Standing::Default => "default",
                Standing::Set => "set",
            };
            let field = Json::object([
                ("value", Json::text(&entry.text)),
                ("stated", Json::text(stated)),
                ("origin", Json::text(&entry.provenance)),
            ]);
            (entry.field.name, field)
        });
    Json::object(fields)
}

/// What was read back, and how it is known.
fn actual(subject: &Subject<'_>, heard: &Heard, facet: &str) -> Json {
    let status = heard.text("self/status").map(Status);
    match facet {
        "ids" => ids(heard, status),
        "namespaces" => namespaces(heard),
        "capabilities" => capabilities(subject, heard, status),
        "syscalls" => filter(subject, heard),
        "files" => files(heard, |_| true),
        "devices" => files(heard, |point| point == "/dev" || point.starts_with("/dev/")),
        "resources" => resources(heard),
        "network" => network(subject, heard),
        "mac" => mac(subject, heard),
        _ => kernel(subject, heard),
    }
}

const STATUS: &str = "/proc/self/status of the program's process, before it became the program";

fn known(how: &str) -> (&'static str, Json) {
    ("known_by", Json::text(how))
}

fn ids(heard: &Heard, status: Option<Status<'_>>) -> Json {
    let numbers = |name: &str| {
        status
            .and_then(|status| status.numbers(name))
            .map_or(Json::Null, |numbers| {
                Json::List(numbers.into_iter().map(Json::Number).collect())
            })
    };
    let map = |name: &str| heard.text(name).map_or(Json::Null, facts::id_map);
    Json::object([
        ("uid", numbers("Uid")),
        ("gid", numbers("Gid")),
        ("groups", numbers("Groups")),
        ("uid_map", map("self/uid_map")),
        ("gid_map", map("self/gid_map")),
        known(STATUS),
    ])
}

fn namespaces(heard: &Heard) -> Json {
    let mut kinds: Vec<(&str, Json)> = Vec::new();
    for kind in ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"] {
        let inside = heard.text(&format!("self/ns/{kind}"));
        let host = std::fs::read_link(format!("/proc/self/ns/{kind}")).ok();
        let host = host.as_deref().and_then(|path| path.to_str());
        let value = match (inside, host) {
            (Some(inside), Some(host)) => Json::object([
                ("namespace", Json::text(inside)),
                ("new", Json::Bool(inside != host)),
            ]),
            (Some(inside), None) => Json::object([("namespace", Json::text(inside))]),
            (None, _) => Json::Null,
        };
        kinds.push((kind, value));
    }
    let name = heard.text("sys/kernel/hostname").map(str::trim);
    kinds.push(("hostname", name.map_or(Json::Null, Json::text)));
    kinds.push(known(
        "/proc/self/ns of the program's process, compared with the caller's",
    ));
    Json::object(kinds)
}

fn capabilities(subject: &Subject<'_>, heard: &Heard, status: Option<Status<'_>>) -> Json {
    let set = |name: &str| {
        status
            .and_then(|status| status.capabilities(name))
            .map_or(Json::Null, |set| {
                Json::List(set.names().iter().map(Json::text).collect())
            })
    };
    let no_new_privs = status.and_then(|status| status.value("NoNewPrivs"));
    let securebits = subject.plan.steps.iter().find_map(|step| match step.step {
        Step::SetCapabilities { securebits, .. } if heard.started() => Some(securebits),
        _ => None,
    });
    Json::object([
        ("inheritable", set("CapInh")),
        ("permitted", set("CapPrm")),
        ("effective", set("CapEff")),
        ("bounding", set("CapBnd")),
        ("ambient", set("CapAmb")),
        (
            "no_new_privs",
            no_new_privs.map_or(Json::Null, |value| Json::Bool(value == "1")),
        ),
        (
            "securebits",
            securebits.map_or(Json::Null, |bits| Json::text(format!("{bits:#x}"))),
        ),
        known(STATUS),
    ])
}

fn filter(subject: &Subject<'_>, heard: &Heard) -> Json {
    let installed = subject.plan.steps.iter().find_map(|step| match &step.step {
        Step::InstallFilter { program, .. } => Some(program.len() / 8),
        _ => None,
    });
    let Some(instructions) = installed.filter(|_| heard.started()) else {
        return Json::object([("mode", Json::Null)]);
    };
    let supervised = subject.plan.answers.is_some();
    Json::object([
        ("mode", Json::text("filter")),
        ("instructions", Json::Number(instructions as u64)),
        ("supervised", Json::Bool(supervised)),
        known(if supervised {
            "seccomp(2) has returned a listener"
        } else {
            "prctl(PR_GET_SECCOMP) after it was installed"
        }),
    ])
}

fn files(heard: &Heard, wanted: impl Fn(&str) -> bool) -> Json {
    let Some(text) = heard.text("self/mountinfo") else {
        return Json::object([("mounts", Json::Null)]);
    };
    let mounts = facts::mounts(text)
        .into_iter()
        .filter(|mount| wanted(&mount.point))
        .map(|mount| {
            Json::object([
                ("path", Json::text(&mount.point)),
                ("type", Json::text(&mount.kind)),
                (
                    "options",
                    Json::List(mount.options.iter().map(Json::text).collect()),
                ),
            ])
        });
    Json::object([
        ("mounts", Json::List(mounts.collect())),
        known("/proc/self/mountinfo of init, after the host's root was detached"),
    ])
}

fn resources(heard: &Heard) -> Json {
    let bound = |value: Option<u64>| value.map_or(Json::text("unlimited"), Json::Number);
    let mut limits: BTreeMap<&str, (Option<u64>, Option<u64>)> = heard
        .text("self/limits")
        .map(facts::limits)
        .unwrap_or_default()
        .into_iter()
        .map(|(name, soft, hard)| (name, (soft, hard)))
        .collect();
    for (resource, soft, hard) in &heard.limits {
        let finite = |value: u64| (value != u64::MAX).then_some(value);
        if let Some(name) = facts::limit_name(*resource) {
            limits.insert(name, (finite(*soft), finite(*hard)));
        }
    }
    let limits = limits
        .into_iter()
        .map(|(name, (soft, hard))| (name, Json::List(vec![bound(soft), bound(hard)])));
    let groups = heard
        .texts
        .iter()
        .filter(|(name, _)| name.starts_with('/'))
        .map(|(name, text)| (name.as_str(), Json::text(text.trim())));
    Json::object([
        ("limits", Json::object(limits)),
        ("control_groups", Json::object(groups)),
        (
            "member_of",
            heard.text("self/cgroup").map_or(Json::Null, |text| {
                Json::List(text.lines().map(Json::text).collect())
            }),
        ),
        known(
            "getrlimit(2) and /proc/self/limits in the program's process, and the files of its control groups at the end",
        ),
    ])
}

fn network(subject: &Subject<'_>, heard: &Heard) -> Json {
    let interfaces = heard.text("self/net/dev").map_or(Json::Null, |text| {
        Json::List(facts::interfaces(text).iter().map(Json::text).collect())
    });
    let ports = subject
        .plan
        .steps
        .iter()
        .filter_map(|step| match step.step {
            Step::LandlockPort { port, access, .. } if heard.started() => {
                let may = match access {
                    1 => "listen",
                    2 => "connect",
                    _ => "listen, connect",
                };
                Some(Json::text(format!("{port}/tcp: {may}")))
            }
            _ => None,
        });
    Json::object([
        ("interfaces", interfaces),
        ("ports", Json::List(ports.collect())),
        known("/proc/self/net/dev of the program's process; ports by successful Landlock calls"),
    ])
}

fn mac(subject: &Subject<'_>, heard: &Heard) -> Json {
    let failed: Vec<&PlannedStep> = heard
        .failed
        .iter()
        .filter_map(|failed| failed.step(subject.plan))
        .collect();
    let done = |step: &&PlannedStep| heard.started() && !failed.contains(step);
    let steps = || subject.plan.steps.iter().filter(done);
    let restricted = steps().any(|step| matches!(step.step, Step::LandlockRestrict { .. }));
    let ruleset = steps().find_map(|step| match step.step {
        Step::LandlockCreate {
            fs, net, scoped, ..
        } if restricted => Some(Json::object([
            ("files", Json::text(format!("{fs:#x}"))),
            ("ports", Json::text(format!("{net:#x}"))),
            ("scopes", Json::text(format!("{scoped:#x}"))),
            (
                "rules",
                Json::Number(steps().filter(|step| is_rule(step)).count() as u64),
            ),
        ])),
        _ => None,
    });
    let label = heard.text("self/attr/current").map(str::trim);
    Json::object([
        ("landlock", ruleset.unwrap_or(Json::Null)),
        ("label", label.map_or(Json::Null, Json::text)),
        known(
            "landlock_restrict_self(2) has succeeded; the kernel has no way to read a ruleset back",
        ),
    ])
}

fn is_rule(step: &PlannedStep) -> bool {
    matches!(
        step.step,
        Step::LandlockPath { .. } | Step::LandlockPort { .. } | Step::LandlockStream { .. }
    )
}

fn kernel(subject: &Subject<'_>, heard: &Heard) -> Json {
    let steps = || subject.plan.steps.iter().filter(|_| heard.started());
    let done = |wanted: fn(&PlannedStep) -> bool| Json::Bool(steps().any(wanted));
    let variables = steps().find_map(|step| match &step.step {
        Step::Execute { environment, .. } => Some(environment),
        _ => None,
    });
    let names = variables.into_iter().flatten().map(|variable| {
        let name = variable.to_bytes().split(|byte| *byte == b'=').next();
        Json::text(String::from_utf8_lossy(name.unwrap_or_default()))
    });
    let sysctls = steps().filter_map(|step| match &step.step {
        Step::SetSysctl { path, value } => Some(Json::text(format!(
            "{} = {}",
            String::from_utf8_lossy(path.as_bytes()),
            String::from_utf8_lossy(value.as_bytes())
        ))),
        _ => None,
    });
    let descriptors = steps().find_map(|step| match &step.step {
        Step::CloseDescriptors { keep } => Some(keep.iter().map(|fd| Json::Number((*fd).into()))),
        _ => None,
    });
    Json::object([
        ("environment", Json::List(names.collect())),
        (
            "descriptors",
            Json::List(descriptors.into_iter().flatten().collect()),
        ),
        (
            "new_keyring",
            done(|step| matches!(step.step, Step::NewKeyring {})),
        ),
        (
            "new_session",
            done(|step| matches!(step.step, Step::NewSession { .. })),
        ),
        (
            "dies_with_parent",
            done(|step| matches!(step.step, Step::DieWithParent {})),
        ),
        ("sysctl", Json::List(sysctls.collect())),
        known("each call has succeeded"),
    ])
}

/// What is not in force as it was asked for.
fn gaps(subject: &Subject<'_>, heard: &Heard, facet: &str) -> Vec<Json> {
    let gap = |what: String, why: String| {
        Json::object([("what", Json::text(what)), ("why", Json::text(why))])
    };
    let planned = subject.plan.gaps.iter().filter(|gap| gap.facet == facet);
    let mut gaps: Vec<Json> = planned
        .map(|found| gap(found.what.clone(), found.why.clone()))
        .collect();
    for failed in &heard.failed {
        if let Some(step) = failed.step(subject.plan)
            && step.facet == facet
        {
            gaps.push(gap(step.step.to_string(), failed.why()));
        }
    }
    if facet == "resources" {
        gaps.extend(
            limit_differences(subject, heard)
                .into_iter()
                .map(|(what, why)| gap(what, why)),
        );
    }
    gaps
}

/// Compares limits that were set with those that were read back: the launcher takes the caller's own hard limit where
/// that is lower, and the kernel rounds sizes of memory to pages.
fn limit_differences(subject: &Subject<'_>, heard: &Heard) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for step in &subject.plan.steps {
        match &step.step {
            Step::SetRlimit {
                resource,
                soft,
                hard,
            } => {
                let read = heard.limits.iter().find(|(read, ..)| read == resource);
                if let Some((_, read_soft, read_hard)) = read
                    && (read_soft, read_hard) != (soft, hard)
                {
                    let name = facts::limit_name(*resource).unwrap_or("unknown");
                    let shown = |value: &u64| match *value {
                        u64::MAX => "unlimited".to_owned(),
                        value => value.to_string(),
                    };
                    found.push((
                        format!("the limit {name} as asked for"),
                        format!("it is {}, at most {}", shown(read_soft), shown(read_hard)),
                    ));
                }
            }
            Step::SetCgroup { path, values, .. } => {
                let path = String::from_utf8_lossy(path.as_bytes());
                if let Some(read) = heard.text(&path)
                    && let Some(value) = values.last()
                    && read.trim().as_bytes() != value.as_bytes()
                {
                    found.push((path.into_owned(), format!("it is {}", read.trim())));
                }
            }
            _ => {}
        }
    }
    found
}
