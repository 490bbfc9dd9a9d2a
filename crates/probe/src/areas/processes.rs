//! Which processes are seen, and which can be signalled.

use crate::json::Json;
use crate::outcome::{Outcome, in_child};
use casemate_sys::process::{self, Pid, Target};
use casemate_sys::ptrace;
use std::fs;

pub fn look() -> Json {
    let own = [process::getpid(), process::getppid()];
    let first = Pid::new(1).map(Target::Process);
    let signals = [
        ("pid_1", first),
        ("own_group", Some(Target::OwnGroup)),
        ("everybody", Some(Target::Everybody)),
    ];
    let asked = |(name, target): (&'static str, Option<Target>)| {
        // Asks whether a signal could be sent, and sends none.
        (
            name,
            target.map(|target| in_child(|| process::kill(target, None))),
        )
    };
    Json::object([
        ("foreign", foreign(own)),
        ("signals", Json::object(signals.map(asked))),
        (
            "seize_pid_1",
            Pid::new(1)
                .map(|pid| in_child(|| ptrace::seize(pid)))
                .into(),
        ),
        (
            "seize_parent",
            Pid::new(process::getpid()).map(seize).into(),
        ),
    ])
}

/// A child traces this process for a moment; at the child's end it is let go.
fn seize(own: Pid) -> Outcome {
    in_child(|| ptrace::seize(own))
}

/// Processes in sight that are neither this one nor its parent, with their names.
fn foreign(own: [i32; 2]) -> Json {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Json::Null;
    };
    let numbers = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let others = numbers.filter(|number| !own.contains(number));
    Json::object(others.map(|number| {
        let name = fs::read(format!("/proc/{number}/comm"));
        (
            number.to_string(),
            name.map_or(Json::Null, |name| Json::bytes(name.trim_ascii_end())),
        )
    }))
}
