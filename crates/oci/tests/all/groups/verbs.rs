//! What verbs do to a container's groups, on whatever versions of cgroups this machine has.

use super::adopted::Adopted;
use crate::support::{Findings, Ground, eventually, find, is_root, skip};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// A place, when the test can run here.
fn ground(test: &str, name: &str) -> Option<Ground> {
    if !is_root() {
        skip(test, "making groups needs root");
        return None;
    }
    // Two tests may do the same at once.
    let thread = std::thread::current();
    let lab = thread.name().is_some_and(|name| name.contains("in_lab"));
    Some(Ground::new(&format!(
        "{name}{}",
        if lab { "-lab" } else { "" }
    )))
}

fn pauses() {
    let Some(ground) = ground("groups::pauses_and_resumes", "groups-pause") else {
        return;
    };
    let mut findings = Findings::default();
    let mut container = Adopted::new(&ground, "pause");
    findings.same("before", ground.status("pause"), "running".to_owned());
    let refused = ground.oci(&["resume", "pause"]);
    findings.contains("resume", &refused.err, "container not paused");
    findings.same("pause", ground.oci(&["pause", "pause"]).code, 0);
    findings.same("paused", ground.status("pause"), "paused".to_owned());
    let again = ground.oci(&["pause", "pause"]);
    findings.contains("again", &again.err, "already paused");
    // It does nothing meanwhile.
    container.tell("touch witness");
    std::thread::sleep(std::time::Duration::from_millis(100));
    findings.same("while paused", ground.path("witness").exists(), false);
    findings.same("resume", ground.oci(&["resume", "pause"]).code, 0);
    findings.same(
        "goes on",
        eventually(|| ground.path("witness").exists()),
        true,
    );
    // A paused one dies at once.
    findings.same("pause", ground.oci(&["pause", "pause"]).code, 0);
    findings.same(
        "kill",
        ground.oci(&["kill", "--all", "pause", "KILL"]).code,
        0,
    );
    let died = eventually(|| container.shell.try_wait().unwrap().is_some());
    findings.same("killed while paused", died, true);
}

#[test]
fn pauses_and_resumes() {
    pauses();
}

fn lists() {
    let Some(ground) = ground("groups::lists_processes", "groups-ps") else {
        return;
    };
    let mut findings = Findings::default();
    let mut container = Adopted::new(&ground, "ps");
    container.tell("sleep 1000 & mkdir -p nothing");
    let pid = container.shell.id().to_string();
    let two = eventually(|| {
        ground
            .oci(&["ps", "--format", "json", "ps"])
            .out
            .contains(',')
    });
    findings.same("two processes", two, true);
    let json = ground.oci(&["ps", "--format", "json", "ps"]).out;
    let numbers = json.trim().trim_matches(['[', ']']);
    findings.same(json.clone(), numbers.split(',').count(), 2);
    findings.same("its own", numbers.split(',').any(|one| one == pid), true);
    let works = find("ps").is_some()
        && Command::new("ps")
            .arg("-ef")
            .output()
            .is_ok_and(|ended| ended.status.success());
    if !works {
        skip(
            "groups::verbs::lists_processes (table)",
            "ps does not work here",
        );
    }
    if works {
        let table = ground.oci(&["ps", "ps"]).out;
        findings.same(table.clone(), table.lines().count(), 3);
        findings.contains("heading", &table, "PID");
        findings.contains("sleeper", &table, "sleep 1000");
        let own = ground.oci(&["ps", "ps", "-o", "pid,comm", "-e"]).out;
        findings.same(own.clone(), own.lines().count(), 3);
        let refused = ground.oci(&["ps", "ps", "-o", "comm", "-e"]);
        findings.contains("no column", &refused.err, "no column PID");
    }
    // Those in groups below are its own, too; and all goes with it.
    let below = container.group("pids").join("below");
    fs::create_dir(&below).unwrap();
    let all = ground.oci(&["kill", "--all", "ps", "TERM"]);
    findings.same(format!("{all:?}"), all.code, 0);
    let deleted = ground.oci(&["delete", "--force", "ps"]);
    findings.same(format!("{deleted:?}"), deleted.code, 0);
    findings.same("groups", ground.groups().len(), 0);
    container.shell.wait().unwrap();
}

#[test]
fn lists_processes() {
    lists();
}

fn updates() {
    let Some(ground) = ground("groups::updates_limits", "groups-update") else {
        return;
    };
    let mut findings = Findings::default();
    let container = Adopted::new(&ground, "up");
    let mut set = |flags: &[&str], read: &dyn Fn() -> Vec<String>, expected: &[&str]| {
        let mut words = vec!["update"];
        words.extend(flags);
        words.push("up");
        let ended = ground.oci(&words);
        findings.same(format!("{flags:?}: {ended:?}"), ended.code, 0);
        findings.same(
            format!("{flags:?}"),
            read(),
            expected.iter().map(|text| (*text).to_owned()).collect(),
        );
    };
    let pids = || vec![container.read("pids", "pids.max", "pids.max")];
    set(&["--pids-limit", "20"], &pids, &["20"]);
    set(&["--pids-limit", "0"], &pids, &["1"]);
    set(&["--pids-limit", "-1"], &pids, &["max"]);
    if container.is_v1("memory") {
        let memory = || {
            ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"]
                .map(|file| container.read("memory", file, ""))
                .to_vec()
        };
        // Raised, raised again, lowered, taken away: each in the order that the kernel takes.
        set(
            &["--memory", "32m", "--memory-swap", "64m"],
            &memory,
            &["33554432", "67108864"],
        );
        set(
            &["--memory", "100m", "--memory-swap", "200m"],
            &memory,
            &["104857600", "209715200"],
        );
        set(
            &["--memory", "32m", "--memory-swap", "32m"],
            &memory,
            &["33554432", "33554432"],
        );
        set(
            &["--memory", "-1"],
            &memory,
            &["9223372036854771712", "9223372036854771712"],
        );
        let cpu = || {
            ["cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.shares"]
                .map(|file| container.read("cpu", file, ""))
                .to_vec()
        };
        set(
            &["--cpu-quota", "50000", "--cpu-share", "512"],
            &cpu,
            &["50000", "100000", "512"],
        );
        set(
            &["--cpu-period", "200000"],
            &cpu,
            &["50000", "200000", "512"],
        );
        set(
            &["--cpu-quota", "-1", "--cpu-share", "2"],
            &cpu,
            &["-1", "200000", "2"],
        );
    } else {
        let memory = || vec![container.read("memory", "", "memory.max")];
        set(&["--memory", "32m"], &memory, &["33554432"]);
        set(&["--memory", "-1"], &memory, &["max"]);
        let cpu = || {
            ["cpu.max", "cpu.weight"]
                .map(|file| container.read("cpu", "", file))
                .to_vec()
        };
        set(
            &["--cpu-quota", "50000", "--cpu-share", "512"],
            &cpu,
            &["50000 100000", "59"],
        );
        set(&["--cpu-period", "200000"], &cpu, &["50000 200000", "59"]);
        set(
            &["--cpu-quota", "-1", "--cpu-share", "2"],
            &cpu,
            &["max 200000", "1"],
        );
    }
    let fed = container.fed(
        &["update", "--resources", "-", "up"],
        r#"{"memory":{"limit":0,"swap":0},"cpu":{"shares":1024,"quota":0},"pids":{"limit":33}}"#,
    );
    findings.same(format!("{fed:?}"), fed.code, 0);
    findings.same("by a file", pids(), vec!["33".to_owned()]);
    for (flags, part) in [
        (&["--memory", "x"][..], "invalid value for memory"),
        (&["--cpu-quota", "1.5"], "invalid value for cpu-quota"),
        (&["--cpuset-cpus", "4000"], "linux.resources.cpu.cpus"),
        (&["--cpu-period", "7"], "linux.resources.cpu."),
        (&["--l3-cache-schema", "L3:0=f"], "linux.intelRdt"),
        (&["--unknown", "1"], "unknown"),
    ] {
        let mut words = vec!["update"];
        words.extend(flags);
        words.push("up");
        let ended = ground.oci(&words);
        findings.same(format!("{flags:?}: {ended:?}"), ended.code == 0, false);
        findings.contains(format!("{flags:?}"), &ended.err, part);
    }
}

#[test]
fn updates_limits() {
    updates();
}

/// A device that no default permits: the kernel's log.
const DEVICE: &str = "c 1 11";

fn changes_devices() {
    let Some(ground) = ground("groups::changes_devices", "groups-devices") else {
        return;
    };
    let mut findings = Findings::default();
    let mut container = Adopted::new(&ground, "devices");
    let node = ground.text("node");
    let made = Command::new("mknod")
        .arg(&node)
        .args(DEVICE.split(' '))
        .status();
    assert!(made.unwrap().success());
    let read = format!("exec 2>&- 3<{node}");
    let null = "exec 2>&- 3<>/dev/null";
    findings.same("before", container.run(&read), 0);
    let deny = r#"{"allow":false,"access":"rwm"}"#;
    let allow = r#"{"allow":true,"type":"c","major":1,"minor":11,"access":"r"}"#;
    for (rules, permitted) in [
        (deny.to_owned(), false),
        (format!("{deny},{allow}"), true),
        (deny.to_owned(), false),
        (r#"{"allow":true,"access":"rwm"}"#.to_owned(), true),
        (
            format!(
                "{{\"allow\":true,\"access\":\"rwm\"}},{}",
                allow.replace("true", "false")
            ),
            false,
        ),
        (format!("{deny},{allow}"), true),
    ] {
        let json = format!("{{\"devices\":[{rules}]}}");
        let ended = container.fed(&["update", "--resources", "-", "devices"], &json);
        findings.same(format!("{rules}: {ended:?}"), ended.code, 0);
        findings.same(rules.clone(), container.run(&read) == 0, permitted);
        findings.same(format!("{rules}: /dev/null"), container.run(null), 0);
    }
    let hole = format!(
        "{{\"devices\":[{deny},{},{}]}}",
        r#"{"allow":true,"type":"c","major":1,"access":"r"}"#,
        allow.replace("true", "false")
    );
    let ended = container.fed(&["update", "--resources", "-", "devices"], &hole);
    findings.contains("a hole", &ended.err, "linux.resources.devices[2]");
}

#[test]
fn devices_change() {
    changes_devices();
}

fn measures() {
    let Some(ground) = ground("groups::measures", "groups-events") else {
        return;
    };
    let mut findings = Findings::default();
    let mut container = Adopted::new(&ground, "events");
    container.run("true");
    let ended = ground.oci(&["events", "--stats", "events"]);
    findings.same(format!("{ended:?}"), ended.code, 0);
    let json = ended.json();
    findings.same("type", json.at(&["type"]).to_string(), "stats".to_owned());
    let figure = |path: &[&str]| json.at(path).to_string().parse::<u64>().unwrap_or(0);
    findings.same(
        "processor time",
        figure(&["data", "cpu", "usage", "total"]) > 0,
        true,
    );
    findings.same(
        "memory",
        figure(&["data", "memory", "usage", "usage"]) > 0,
        true,
    );
    findings.same("processes", figure(&["data", "pids", "current"]), 1);
    let wrong = ground.oci(&["events", "--interval", "0s", "events"]);
    findings.contains("interval", &wrong.err, "invalid interval");
    let limited = ground.oci(&["update", "--memory", "16m", "events"]);
    findings.same(format!("{limited:?}"), limited.code, 0);
    let mut watching = ground
        .command(&["events", "--interval", "50ms", "events"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    findings.contains("first", &first, "\"type\":\"stats\"");
    let code = container.run("exec 2>&-; head -c 200000000 /dev/zero | tail -c 199999999");
    findings.same("the hog was killed", code, 137);
    let told = lines
        .by_ref()
        .map_while(Result::ok)
        .take(400)
        .any(|line| line == r#"{"type":"oom","id":"events"}"#);
    findings.same("told of it", told, true);
    // With the container ends what watches it.
    container.shell.kill().unwrap();
    container.shell.wait().unwrap();
    let ended = eventually(|| watching.try_wait().unwrap().is_some());
    if !ended {
        watching.kill().unwrap();
    }
    findings.same("the watcher ends", ended, true);
    findings.same("well", watching.wait().unwrap().code(), Some(0));
    let stopped = ground.oci(&["events", "--stats", "events"]);
    findings.contains("stopped", &stopped.err, "is not running");
}

#[test]
fn measures_and_tells_of_want_of_memory() {
    measures();
}

/// The same under cgroup version 2 alone.
mod in_lab {
    use crate::support::skip;

    #[test]
    fn groups_of_version_2() {
        if std::env::var_os("CASEMATE_LAB").is_none() {
            skip(
                "groups::verbs::in_lab::groups_of_version_2",
                "needs the lab's kernel",
            );
            return;
        }
        super::pauses();
        super::lists();
        super::updates();
        super::changes_devices();
        super::measures();
    }
}
