//! Who the process is, and what it may: ids and their maps, capabilities, and what keeps it from gaining more.

use crate::json::Json;
use crate::outcome;
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_sys::prctl::{self, SeccompMode, Switch};
use casemate_sys::{Errno, caps, ids, process};
use std::fs;

pub fn look() -> Json {
    let mut groups = [0; 4096];
    Json::object([
        ("uids", three(ids::getresuid())),
        ("gids", three(ids::getresgid())),
        (
            "groups",
            answer(ids::getgroups(&mut groups), |groups| {
                Json::list(groups.iter().map(|id| u64::from(*id)))
            }),
        ),
        ("uid_map", map("/proc/self/uid_map")),
        ("gid_map", map("/proc/self/gid_map")),
        ("setgroups", text("/proc/self/setgroups")),
        ("capabilities", capabilities()),
        (
            "securebits",
            answer(prctl::securebits(), |bits| u64::from(bits.bits()).into()),
        ),
        (
            "no_new_privs",
            answer(prctl::no_new_privs(), |switch| {
                (switch == Switch::On).into()
            }),
        ),
        (
            "seccomp",
            answer(prctl::seccomp_mode(), |mode| {
                (mode == SeccompMode::Filter).into()
            }),
        ),
        ("seccomp_filters", status("Seccomp_filters:").into()),
        (
            "dumpable",
            answer(prctl::dumpable(), |dumpable| {
                (dumpable == prctl::Dumpable::Yes).into()
            }),
        ),
        (
            "memory_deny_write_execute",
            answer(prctl::memory_write_execute(), |bits| (bits != 0).into()),
        ),
        ("pid", number(process::getpid())),
        ("parent", number(process::getppid())),
        ("group", answer(process::getpgid(None), number)),
        ("session", answer(process::getsid(None), number)),
        ("label", text("/proc/self/attr/current")),
    ])
}

fn answer<T>(result: Result<T, Errno>, value: impl FnOnce(T) -> Json) -> Json {
    result.map_or_else(|errno| outcome::name(errno).into(), value)
}

fn number(number: i32) -> Json {
    u64::try_from(number).ok().into()
}

fn three(ids: Result<ids::Ids, Errno>) -> Json {
    answer(ids, |ids| {
        Json::list([ids.real, ids.effective, ids.saved].map(u64::from))
    })
}

/// Lines of three numbers: first inside, first outside, count.
fn map(path: &str) -> Json {
    match fs::read_to_string(path) {
        Ok(text) => Json::list(text.lines().map(|line| {
            Json::list(
                line.split_whitespace()
                    .filter_map(|field| field.parse::<u64>().ok()),
            )
        })),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    }
}

fn text(path: &str) -> Json {
    match fs::read(path) {
        Ok(text) => Json::bytes(text.trim_ascii_end()),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    }
}

fn status(key: &str) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix(key))
        .map(|value| value.trim().to_owned())
}

fn capabilities() -> Json {
    let names = |bits: u64| Json::list(CapabilitySet::from_bits(bits).names());
    // Asked one by one from the kernel, not from /proc, which may be absent or another's.
    let ask = |contains: fn(u8) -> Result<Switch, Errno>| {
        Capability::all()
            .map(Capability::number)
            .filter(|number| contains(*number) == Ok(Switch::On))
            .fold(0, |bits, number| bits | 1u64 << number)
    };
    let sets = caps::capget(0);
    Json::object([
        ("effective", answer(sets, |sets| names(sets.effective))),
        ("permitted", answer(sets, |sets| names(sets.permitted))),
        ("inheritable", answer(sets, |sets| names(sets.inheritable))),
        ("bounding", names(ask(prctl::bounding_contains))),
        ("ambient", names(ask(prctl::ambient_contains))),
    ])
}
