//! `--explain`: what was refused is told with its grant, and nothing is loosened.

use super::support::{Caller, Findings, Json, Place, finish, is_root, skip};
use casemate_sys::process::{Pid, Target, kill};
use casemate_sys::signal::Signal;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A script with the parts of the report that it must lead to.
struct Case {
    flags: &'static [&'static str],
    script: &'static str,
    told: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        flags: &[],
        script: "echo x >/etc/casemate-test",
        told: &[
            "write to /etc/casemate-test",
            "--write /etc",
            "write = [\"/etc\"]",
        ],
    },
    Case {
        flags: &[],
        script: "unshare -U true",
        told: &[
            "unshare(CLONE_NEWUSER)",
            "EPERM",
            "--syscalls unshare",
            "(unshare)",
        ],
    },
    Case {
        flags: &[],
        script: "cp /bin/true /tmp/t; /tmp/t",
        told: &["execute /tmp/t", "--write /tmp --run /tmp"],
    },
    Case {
        flags: &[],
        script: "mkdir /casemate-test",
        told: &["make /casemate-test", "--temporary /casemate-test=64M"],
    },
    Case {
        flags: &[],
        script: "mount -t tmpfs x /tmp",
        told: &["--syscalls", "--keep sys_admin"],
    },
    Case {
        flags: &[],
        script: "perl -e 'use Socket; socket(S, PF_INET, SOCK_STREAM, 0); connect(S, sockaddr_in(443, inet_aton(\"192.0.2.1\"))) or exit 1'",
        told: &[
            "connect to port 443/tcp",
            "--network host --connect 443",
            "(perl)",
        ],
    },
    Case {
        flags: &["--network", "loopback"],
        script: "perl -e 'use Socket; socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(80, INADDR_LOOPBACK)) or exit 1'",
        told: &["listen on port 80", "--keep net_bind_service"],
    },
    Case {
        flags: &[],
        script: "perl -e '$x = \"x\"; exit(!ioctl(STDIN, 0x5412, $x))'",
        told: &["ioctl(TIOCSTI)", "no flag permits this"],
    },
    Case {
        flags: &[],
        script: "perl -e 'chown 7, 7, \"/tmp\" or exit 1'",
        told: &["give a file to user 7", "--keep chown --ids range"],
    },
    Case {
        flags: &["--file-size", "1M"],
        script: "dd if=/dev/zero of=/tmp/x bs=1M count=2",
        told: &["SIGXFSZ", "--file-size 2M"],
    },
    Case {
        flags: &["--open-files", "4:4"],
        script: "echo x >/etc/casemate-test",
        told: &["--write /etc"],
    },
    Case {
        flags: &["--syscalls", "all"],
        script: "echo x >/etc/casemate-test || exit 3",
        told: &["--write /etc"],
    },
    Case {
        flags: &["--time", "300ms"],
        script: "sleep 20",
        told: &["its time of 300ms was over", "--time 600ms"],
    },
];

#[test]
fn tells_what_was_refused_and_what_would_permit_it() {
    let place = Place::new("explain-cases");
    let mut findings = Findings::default();
    for caller in Caller::all("explain::tells_what_was_refused_and_what_would_permit_it") {
        for case in CASES {
            let name = format!("{caller:?} {}", case.script);
            let plain = place.sh(caller, case.flags, case.script);
            let flags: Vec<&str> = case.flags.iter().copied().chain(["--explain"]).collect();
            let explained = place.sh(caller, &flags, case.script);
            findings.same(&name, (plain.code != 0, explained.code), (true, plain.code));
            findings.same(&name, explained.out.as_str(), plain.out.as_str());
            for part in case.told {
                findings.contains(&name, &explained.err, part);
            }
            findings.contains(
                &name,
                &explained.err,
                &format!("the program ended with {}", plain.code),
            );
        }
    }
}

#[test]
fn says_so_when_nothing_was_refused() {
    let place = Place::new("explain-nothing");
    let mut findings = Findings::default();
    for caller in Caller::all("explain::says_so_when_nothing_was_refused") {
        for script in [
            "true",
            "ls /usr /etc | head -3 | sort >/tmp/x",
            "cat /etc/absent-everywhere; true",
            "sh -c 'id & wait'",
        ] {
            let ended = place.sh(caller, &["--explain"], script);
            findings.same(script, ended.code, 0);
            findings.contains(script, &ended.err, "casemate: nothing was refused\n");
        }
    }
}

#[test]
fn a_missing_file_is_one_of_the_host() {
    let place = Place::new("explain-missing");
    let mut findings = Findings::default();
    let files = place.directory("files");
    for name in ["a", "b", "c"] {
        place.file(&format!("files/{name}"), "secret");
    }
    let files = files.to_str().unwrap();
    for caller in Caller::all("explain::a_missing_file_is_one_of_the_host") {
        let one = place.sh(
            caller,
            &["--explain"],
            &format!("cat {files}/a; cat {files}/absent"),
        );
        findings.contains("one", &one.err, &format!("--read {files}/a "));
        findings.contains("one", &one.err, "(cat)");
        findings.lacks("one", &one.err, &format!("--read {files}/absent"));
        findings.lacks("one", &one.out, "secret");
        let many = place.sh(
            caller,
            &["--explain"],
            &format!("cat {files}/a {files}/b {files}/c"),
        );
        findings.contains("many", &many.err, &format!("--read {files} "));
        let search = format!(
            "PATH={files}:/usr/bin; cp /bin/true /tmp/a; stat {files}/true; stat /usr/bin/true >/tmp/x"
        );
        place.file("files/true", "");
        let found = place.sh(caller, &["--explain", "--verbose"], &search);
        findings.lacks("search", &found.err, "--read");
        findings.contains("search", &found.err, "found elsewhere");
    }
}

#[test]
fn the_grant_that_is_told_works() {
    let place = Place::new("explain-grant");
    let secret = place.file("secret", "open sesame");
    let script = format!("cat {}", secret.display());
    let mut findings = Findings::default();
    for caller in Caller::all("explain::the_grant_that_is_told_works") {
        let refused = place.sh(caller, &["--explain"], &script);
        let told = refused
            .err
            .lines()
            .find_map(|line| line.trim().strip_prefix("--read "));
        let path = told
            .and_then(|line| line.split_whitespace().next())
            .unwrap_or_default();
        let granted = place.sh(caller, &["--explain", "--read", path], &script);
        findings.same(
            "granted",
            (granted.code, granted.out.as_str()),
            (0, "open sesame"),
        );
        findings.contains("granted", &granted.err, "nothing was refused");
    }
}

/// The witness tries what it can, and prints what came of it: the same with and without a supervisor.
#[test]
fn every_call_fails_as_without_it() {
    let place = Place::new("explain-same");
    let mut findings = Findings::default();
    let probe = place.text("casemate-probe");
    for caller in Caller::all("explain::every_call_fails_as_without_it") {
        let run = |flags: &[&str]| {
            let ended = place.run(caller, flags, &[&probe]);
            assert_eq!(ended.code, 0, "{ended:?}");
            Json::parse(&ended.out)
        };
        let (plain, explained) = (run(&[]), run(&["--explain"]));
        assert!(!plain.keys().is_empty());
        compare(&mut findings, "", &plain, &explained);
    }
}

fn compare(findings: &mut Findings, at: &str, plain: &Json, explained: &Json) {
    // These are numbers of the run itself.
    let of_the_run = [
        "/namespaces/own/",
        "/descriptors/open/",
        "/namespaces/seconds_since_boot",
    ];
    if of_the_run.iter().any(|of| at.starts_with(of)) {
        return;
    }
    if plain.keys().is_empty() {
        findings.same(at, explained.to_string(), plain.to_string());
    }
    findings.same(at, explained.keys(), plain.keys());
    for (name, value) in plain.members() {
        if explained.keys().contains(&name) {
            compare(
                findings,
                &format!("{at}/{name}"),
                value,
                explained.at(&[name]),
            );
        }
    }
}

#[test]
fn a_memory_limit_that_was_reached() {
    let test = "explain::a_memory_limit_that_was_reached";
    if !is_root() {
        return skip(test, "the cgroup of the tests belongs to root");
    }
    let place = Place::new("explain-memory");
    let script = "perl -e '$x = \"x\" x 200_000_000; exit 0'";
    let ended = place.sh(Caller::Root, &["--explain", "--memory", "40M"], script);
    if ended.code == 125 && ended.err.contains("resources") {
        return skip(test, "there is no memory controller to be had");
    }
    assert_eq!(ended.code, 137, "{ended:?}");
    assert!(
        ended.err.contains("the memory limit of 40M was reached"),
        "{ended:?}"
    );
    assert!(ended.err.contains("--memory 80M"), "{ended:?}");
}

#[test]
fn many_threads_forks_and_killed_callers() {
    let place = Place::new("explain-many");
    let mut findings = Findings::default();
    let script = "for i in $(seq 20); do (for j in $(seq 20); do true </etc/hostname; true 2>/dev/null >/etc/x$i; done) & done; wait; \
                  for i in $(seq 10); do sh -c 'while :; do cat /etc/passwd >/dev/null; done' & p=$!; sleep 0.01; kill -KILL $p; done; echo done";
    for caller in Caller::all("explain::many_threads_forks_and_killed_callers") {
        let ended = place.sh(caller, &["--explain"], script);
        findings.same("end", (ended.code, ended.out.as_str()), (0, "done\n"));
        findings.contains("count", &ended.err, "--write /etc");
        findings.contains("count", &ended.err, "400 times");
    }
}

#[test]
fn without_its_supervisor_a_program_is_not_loosened() {
    let place = Place::new("explain-killed");
    let script =
        "echo ready; read line; /usr/bin/id; cat /etc/hostname; unshare -U true; echo over";
    for caller in Caller::all("explain::without_its_supervisor_a_program_is_not_loosened") {
        let mut command = place.command(caller, &["--explain"], &["sh", "-c", script]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let reporter = reporter_of(child.id());
        kill(Target::Process(reporter), Some(Signal::KILL)).unwrap();
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!(rest, "over\n");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(
            said.matches("Function not implemented").count(),
            3,
            "{said}"
        );
        assert_eq!(ended.status.code(), Some(0));
    }
}

/// Finds the reporter among the children of a launcher, which the caller's wall has become.
fn reporter_of(launcher: u32) -> Pid {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        let children = fs::read_to_string(format!("/proc/{launcher}/task/{launcher}/children"));
        for child in children.unwrap_or_default().split_whitespace() {
            let name = fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
            if name.trim() == "casemate-report" {
                return Pid::new(child.parse().unwrap()).unwrap();
            }
        }
    }
    panic!("no reporter below {launcher}");
}

#[test]
fn the_report_holds_what_was_found() {
    let place = Place::new("explain-report");
    let file = place.text("report.json");
    if !is_root() {
        return skip(
            "explain::the_report_holds_what_was_found",
            "the place of the report belongs to root",
        );
    }
    let mut command = place.command(
        Caller::Root,
        &["--explain", "--report", &file],
        &["sh", "-c", ": >/etc/x"],
    );
    let ended = finish(&mut command);
    assert_ne!(ended.code, 0);
    let report = Json::parse(&fs::read_to_string(&file).unwrap());
    let Json::List(found) = report.at(&["explain"]) else {
        panic!("{report}");
    };
    assert_eq!(found.len(), 1, "{report}");
    assert_eq!(found[0].at(&["flag"]).to_string(), "--write /etc");
    assert_eq!(found[0].at(&["programs"]).to_string(), "[sh]");
    assert_eq!(
        report
            .at(&["facets", "syscalls", "actual", "supervised"])
            .to_string(),
        "true"
    );
}
