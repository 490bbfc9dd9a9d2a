//! SIGKILL before any system call of the runtime: what is left, `delete --force` removes.

use crate::support::{Config, Findings, Ground, find, finish, finish_or_kill, is_root, skip};
use casemate_model::names::arch::Arch;
use casemate_model::names::syscalls;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// A call of a process: the process's name, how many programs it had been, the call's number, and how often it had been made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Call {
    process: String,
    programs: u32,
    number: u32,
    occurrence: u32,
}

/// Runs a verb under the tracer of crates/cli/tests/all/faults, with the process of a call killed in its place.
fn trace(ground: &Ground, call: Option<&Call>, words: &[&str]) -> (Option<i32>, String) {
    let (inject, report) = (ground.text("inject"), ground.text("report"));
    let at = call.map_or_else(
        || ["none".to_owned(), "0".to_owned(), "0".to_owned()],
        |call| {
            [
                call.process.clone(),
                call.number.to_string(),
                call.occurrence.to_string(),
            ]
        },
    );
    let wall = [&inject, &report, "1", &at[0], &at[1], &at[2], "0"].map(AsRef::<str>::as_ref);
    // A container in the background would hold a pipe open.
    let mut line = vec!["sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh"];
    line.extend(wall);
    let mut command = ground.behind(&line, words);
    let ended = finish_or_kill(&mut command, Duration::from_secs(20));
    (
        ended.map(|ended| ended.code),
        fs::read_to_string(&report).unwrap_or_default(),
    )
}

fn calls(report: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = report
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
    calls.sort();
    calls.dedup();
    calls
}

#[test]
fn delete_removes_what_any_kill_leaves() {
    const TEST: &str = "robust::kills::delete_removes_what_any_kill_leaves";
    if !is_root() {
        return skip(TEST, "needs root");
    }
    if Arch::native() != Some(Arch::X86_64) {
        return skip(TEST, "the tracer knows the registers of x86_64 only");
    }
    if find("gcc").is_none() {
        return skip(TEST, "gcc is not there to compile the tracer");
    }
    let ground = Ground::new("kills");
    let source = ground.path("inject.c");
    fs::write(
        &source,
        include_str!("../../../../cli/tests/all/faults/inject.c"),
    )
    .unwrap();
    let mut gcc = Command::new("gcc");
    gcc.args(["-O1", "-o"])
        .args([&ground.path("inject"), &source]);
    let compiled = finish(&mut gcc);
    assert_eq!(compiled.code, 0, "{compiled:?}");
    let mut findings = Findings::default();
    let config = Config {
        linux: "\"resources\":{\"pids\":{\"limit\":20},\"memory\":{\"limit\":67108864}}".to_owned(),
        ..Config::of(&["/bin/sleep", "600"])
    };
    let bundle = ground.bundle(&config);
    let pid_file = ground.text("pid");
    let create = [
        "create",
        "--bundle",
        &bundle,
        "--pid-file",
        &pid_file,
        "killed",
    ];
    let run = ["run", "--detach", "--bundle", &bundle, "killed"];
    let nothing: fn(&Ground, &[&str]) = |_, _| ();
    let created: fn(&Ground, &[&str]) = |ground, create| {
        let ended = ground.quiet(create);
        assert_eq!(ended.code, 0, "{ended:?}");
    };
    let started: fn(&Ground, &[&str]) = |ground, create| {
        let ended = ground.quiet(create);
        assert_eq!(ended.code, 0, "{ended:?}");
        let ended = ground.quiet(&["start", "killed"]);
        assert_eq!(ended.code, 0, "{ended:?}");
    };
    for (name, before, verb) in [
        ("create", nothing, &create[..]),
        ("run", nothing, &run),
        ("start", created, &["start", "killed"]),
        ("exec", started, &["exec", "killed", "/bin/true"]),
        ("delete", started, &["delete", "--force", "killed"]),
    ] {
        before(&ground, &create);
        let (code, report) = trace(&ground, None, verb);
        assert_eq!(code, Some(0), "{name}: {report}");
        ground.oci(&["delete", "--force", "killed"]);
        ground.expect_nothing(&format!("{name}, without a kill"), &mut findings);
        let calls = calls(&report);
        let mut by_process = BTreeMap::new();
        for call in &calls {
            *by_process
                .entry((call.process.clone(), call.programs))
                .or_insert(0) += 1;
            before(&ground, &create);
            let (code, report) = trace(&ground, Some(call), verb);
            let what = format!(
                "{name}: {} {} before {} of {} ({})",
                report.contains(" hit"),
                call.process,
                call.occurrence,
                u16::try_from(call.number)
                    .ok()
                    .and_then(|number| syscalls::name(Arch::X86_64, number.into()))
                    .unwrap_or("?"),
                call.programs
            );
            if code.is_none() {
                findings.add(format!("{what}: no end"));
            }
            let deleted = ground.oci(&["delete", "--force", "killed"]);
            findings.same(
                format!("{what}: delete --force: {}", deleted.err),
                deleted.code,
                0,
            );
            ground.expect_nothing(&what, &mut findings);
        }
        println!("{name}: killed at {} calls: {by_process:?}", calls.len());
    }
}
