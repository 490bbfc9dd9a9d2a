//! Every system call of a launch fails once: the launch must end with a word on it, or be as tight as ever.

use crate::privileges::groups_of;
use crate::skip;
use crate::support::{Caller, Ended, Findings, Json, Place, finish_or_kill};
use casemate_model::names::arch::Arch;
use casemate_model::names::syscalls;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Calls whose failure may go unnoticed, by stage, with the reason why nothing depends on them.
const HARMLESS: &[(&str, &str, &str)] = &[
    ("*", "close", "Linux closes whatever it answers"),
    (
        "*",
        "munmap",
        "the memory is given back at the end of the process",
    ),
    (
        "launcher",
        "recvmsg",
        "the last look for messages, after all of them have come",
    ),
    ("launcher", "wait4", "collects a child that has ended"),
    ("launcher", "waitid", "collects a child that has ended"),
    (
        "launcher",
        "unlinkat",
        "the janitor removes the group as well",
    ),
    ("launcher", "sendmsg", "a gap that a reporter is told of"),
    (
        "child",
        "unlinkat",
        "the launcher removes the group as well",
    ),
    (
        "child",
        "read",
        "the janitor ends early, as does the keeper of a namespace that is held already",
    ),
    (
        "child",
        "setsid",
        "the janitor then ends with the launcher's group",
    ),
    ("child", "prctl", "the janitor's name"),
    (
        "child",
        "close_range",
        "the janitor holds what the launcher holds",
    ),
    (
        "program",
        "prlimit64",
        "a limit above the caller's becomes the caller's",
    ),
    (
        "program",
        "prctl",
        "a filter that refuses to be asked for is in force",
    ),
];

/// Calls of the C library and of Rust's runtime before `main`: without them there is no process that could say anything.
const BEFORE_MAIN: &[&str] = &[
    "arch_prctl",
    "brk",
    "mmap",
    "mprotect",
    "poll",
    "rt_sigaction",
];

/// One system call of a launch.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Call {
    /// The process, by how it came to be.
    process: String,
    /// How many programs it has been.
    programs: u32,
    number: u32,
    occurrence: u32,
}

impl Call {
    /// Who makes the call.
    fn stage(&self) -> &'static str {
        match (self.process.matches('.').count(), self.programs) {
            (0, 0..=2) => "front",
            (0, _) => "launcher",
            (1, _) => "child",
            _ => "program",
        }
    }

    fn name(&self) -> String {
        let number = u16::try_from(self.number).ok();
        let name = number.and_then(|number| syscalls::name(Arch::X86_64, number.into()));
        name.map_or_else(|| self.number.to_string(), str::to_owned)
    }
}

/// The launch that is tried.
struct Launch<'p> {
    place: &'p Place,
    caller: Caller,
    flags: Vec<String>,
    script: String,
    /// How many faults came too late.
    missed: AtomicUsize,
}

impl Launch<'_> {
    /// Runs it, with one call failing if there is one, and returns what was called, too.
    fn run(&self, fault: Option<&Call>, worker: usize) -> Option<(Ended, String)> {
        let report = self.place.text(&format!("report-{worker}"));
        let fault = match fault {
            Some(call) => [
                call.process.clone(),
                call.number.to_string(),
                call.occurrence.to_string(),
            ],
            None => ["none", "0", "0"].map(str::to_owned),
        };
        let inject = self.place.text("inject");
        let open = format!("exec 7<{}; exec \"$@\"", self.place.text("outside"));
        let mut wall = vec!["sh", "-c", &open, "sh", &inject, &report, "2"];
        wall.extend(fault.iter().map(String::as_str));
        wall.push("1");
        wall.extend(self.caller.wall());
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        let mut command = self
            .place
            .behind(&wall, &flags, &["sh", "-c", &self.script]);
        let ended = finish_or_kill(&mut command, Duration::from_secs(10))?;
        Some((ended, fs::read_to_string(&report).unwrap()))
    }

    /// Judges a run with a fault. Returns what is wrong.
    fn judge(&self, call: &Call, reference: &BTreeSet<String>, worker: usize) -> Option<String> {
        let what = format!(
            "{:?}: {} of {}, the {}th ({})",
            self.caller,
            call.name(),
            call.stage(),
            call.occurrence,
            call.process
        );
        let Some((ended, report)) = self.run(Some(call), worker) else {
            return Some(format!("{what}: no end"));
        };
        let wrong = |wrong: &str| {
            Some(format!(
                "{what}: {wrong}: {} {:.300}",
                ended.code, ended.err
            ))
        };
        if !report.contains(" hit") {
            // How often the launcher waits differs from run to run.
            self.missed.fetch_add(1, Ordering::Relaxed);
            return (ended.code != 0).then(|| format!("{what}: was not called: {ended:?}"));
        }
        let left = groups_of(launcher_of(&report));
        if !left.is_empty() {
            return wrong(&format!("{left:?} is left"));
        }
        let told = ended.err.contains("casemate: ") || ended.err.contains("error: ");
        let (stage, name) = (call.stage(), call.name());
        let harmless = HARMLESS
            .iter()
            .any(|(at, call, _)| [stage, "*"].contains(at) && *call == name);
        if ended.out.contains("\"identity\"") {
            let mut expected = reference.clone();
            if name == "getcwd" {
                // Without a working directory it is not granted, and the program starts in another.
                expected.retain(|line| !line.contains("/desk"));
            }
            let found = confined(&ended.out);
            let less: Vec<_> = found.symmetric_difference(&expected).collect();
            return match ended.code {
                _ if !less.is_empty() && name != "getcwd" => {
                    wrong(&format!("confined otherwise: {less:?}"))
                }
                _ if !expected.is_subset(&found) => wrong(&format!("less confined: {less:?}")),
                // What the front learns of the host has its effect on the plan, which has just been compared.
                0 if harmless || stage == "front" => None,
                0 => wrong("nobody noticed"),
                125 if told => None,
                _ => wrong("the program ran"),
            };
        }
        match ended.code {
            125 if told => None,
            // Its last steps are those of execve(2).
            126 if told && (name == "execve" || stage == "program") => None,
            127 | 200.. if stage == "front" && BEFORE_MAIN.contains(&name.as_str()) => None,
            _ => wrong("no program, and not told so"),
        }
    }
}

/// The launcher's number, from a report of the tracer.
fn launcher_of(report: &str) -> i32 {
    let line = report.lines().next().unwrap();
    line.trim_start_matches("pid ").parse().unwrap()
}

/// What the program says of its compartment, in lines, without what differs from run to run.
fn confined(out: &str) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let plain = |value: &Json| {
        let text = value.to_string();
        let parts = text.split("pipe:[");
        parts
            .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()))
            .collect::<String>()
    };
    for line in out.lines() {
        if line.starts_with('{') {
            for (area, seen) in Json::parse(line).members() {
                if let Json::List(mounts) = seen {
                    lines.extend(mounts.iter().map(|mount| format!("{area} {mount}")));
                }
                lines.extend(
                    seen.members()
                        .map(|(key, value)| format!("{area} {key} {}", plain(value))),
                );
            }
        } else if let Some((kind, _)) = line.split_once(":[") {
            let host = fs::read_link(format!(
                "/proc/self/ns/{}",
                kind.trim_end_matches("_for_children")
            ));
            let is_own = host.is_ok_and(|host| host.to_string_lossy() != line);
            lines.insert(format!("namespace {kind} {is_own}"));
        } else {
            lines.insert(line.to_owned());
        }
    }
    lines
}

#[test]
fn every_call_fails_once() {
    const TEST: &str = "faults::every_call_fails_once";
    if Arch::native() != Some(Arch::X86_64) {
        return skip(TEST, "the tracer knows the registers of x86_64 only");
    }
    let place = Place::new("faults");
    let source = place.file("inject.c", include_str!("inject.c"));
    let compiled = Command::new("gcc")
        .arg("-O1")
        .arg("-o")
        .args([&place.path("inject"), &source])
        .output();
    match compiled {
        Err(error) => return skip(TEST, &format!("gcc: {error}")),
        Ok(output) => assert!(output.status.success(), "{output:?}"),
    }
    place.directory("outside");
    place.file("outside/file", "hunter2");
    let writable = place.directory("writable");
    let probe = place.text("casemate-probe");
    let script = format!(
        "cat /proc/self/fd/7/file; readlink /proc/self/ns/*; echo x >{}/made; exec {probe} identity descriptors limits mounts",
        writable.display()
    );
    for caller in Caller::all(TEST) {
        if caller == Caller::User {
            std::os::unix::fs::chown(&writable, Some(caller.id()), None).unwrap();
            fs::remove_file(writable.join("made")).unwrap_or_default();
        }
        let mut flags = vec![
            "--quiet",
            "--run",
            &probe,
            "--write",
            writable.to_str().unwrap(),
            "--descriptors",
            "7",
        ];
        flags.extend(["--time", "1m", "--keep", "chown", "--network", "loopback"]);
        if caller == Caller::Root {
            flags.extend(["--memory", "64M", "--processes", "20"]);
        }
        let launch = Launch {
            place: &place,
            caller,
            flags: flags.into_iter().map(str::to_owned).collect(),
            script: script.clone(),
            missed: AtomicUsize::new(0),
        };
        every_call_of(&launch);
    }
}

fn every_call_of(launch: &Launch<'_>) {
    let (ended, report) = launch.run(None, 0).unwrap();
    assert_eq!(ended.code, 0, "{ended:?}");
    let reference = confined(&ended.out);
    let shared = |line: &String| line.starts_with("namespace") && line.ends_with(" false");
    assert!(!ended.out.contains("hunter2"), "{ended:?}");
    assert!(!reference.iter().any(shared), "{reference:?}");
    let calls: BTreeSet<Call> = report
        .lines()
        .skip(1)
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let [programs, number, occurrence] = [1, 2, 3].map(|at| words[at].parse().unwrap());
            Call {
                process: words[0].to_owned(),
                programs,
                number,
                occurrence,
            }
        })
        .collect();
    let calls: Vec<Call> = calls.into_iter().collect();
    let (next, findings) = (AtomicUsize::new(0), Mutex::new(Findings::default()));
    thread::scope(|scope| {
        for worker in 0..2 {
            let (next, findings, calls, reference) = (&next, &findings, &calls, &reference);
            scope.spawn(move || {
                while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(wrong) = launch.judge(call, reference, worker) {
                        findings.lock().unwrap().add(wrong);
                    }
                }
            });
        }
    });
    let by_stage = calls.iter().fold(BTreeMap::new(), |mut counts, call| {
        *counts.entry(call.stage()).or_insert(0) += 1;
        counts
    });
    let missed = launch.missed.load(Ordering::Relaxed);
    println!(
        "{:?}: failed once each: {by_stage:?}, but {missed}",
        launch.caller
    );
    assert!(missed * 20 < calls.len(), "{missed} of {}", calls.len());
}
