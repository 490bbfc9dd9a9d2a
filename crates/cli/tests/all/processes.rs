//! Processes: exit codes, signals, orphans, the end of the launcher.

use crate::support::{Caller, Ended, Findings, Place, Running, finish, finish_within};
use std::time::Duration;

#[test]
fn every_exit_code_is_passed_on() {
    let place = Place::new("codes");
    for caller in Caller::all("processes::every_exit_code_is_passed_on") {
        let mut findings = Findings::default();
        // All of them once; the user's launches differ in nothing that could change a code.
        let codes: Vec<i32> = match caller {
            Caller::Root => (0..256).collect(),
            Caller::User => vec![0, 1, 2, 124, 125, 126, 127, 128, 129, 143, 255],
        };
        for code in codes {
            let ended = place.sh(caller, &[], &format!("exit {code}"));
            findings.same(
                format!("{caller:?}"),
                (ended.code, ended.err.as_str()),
                (code, ""),
            );
        }
    }
}

/// The program is not process 1, so that its signals do what they do everywhere.
#[test]
fn a_program_that_a_signal_ends() {
    // What a person wants to know of is told: not the ends that somebody asked for.
    let cases = [
        ("HUP", 1, "signal 1 (SIGHUP)"),
        ("INT", 2, ""),
        ("QUIT", 3, "signal 3 (SIGQUIT)"),
        ("ABRT", 6, "signal 6 (SIGABRT)"),
        ("KILL", 9, "signal 9 (SIGKILL)"),
        ("USR1", 10, "signal 10 (SIGUSR1)"),
        ("SEGV", 11, "signal 11 (SIGSEGV)"),
        ("PIPE", 13, ""),
        ("ALRM", 14, "signal 14 (SIGALRM)"),
        ("TERM", 15, ""),
        ("SYS", 31, "signal 31 (SIGSYS)"),
    ];
    let place = Place::new("ends");
    for caller in Caller::all("processes::a_program_that_a_signal_ends") {
        let mut findings = Findings::default();
        for (name, number, told) in cases {
            let ended = place.sh(caller, &[], &format!("kill -{name} $$; sleep 20"));
            findings.same(
                format!("{caller:?}: {name}: {ended:?}"),
                ended.code,
                128 + number,
            );
            let expected = if told.is_empty() {
                String::new()
            } else {
                format!("casemate: the program was ended by {told}\n")
            };
            findings.same(format!("{caller:?}: {name}"), ended.err, expected);
        }
    }
}

const SIGNALS: [&str; 9] = [
    "HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "TERM", "WINCH", "CONT",
];

#[test]
fn signals_to_casemate_reach_the_program() {
    let place = Place::new("signals");
    let traps: String = SIGNALS
        .map(|name| format!("trap 'echo {name}' {name}; "))
        .concat();
    // wait is interrupted by a signal that is trapped; what it waits for holds no end of the pipe.
    let script = format!(
        "{traps} trap 'exit 7' XCPU; sleep 60 >/dev/null 2>&1 & echo ready; while :; do wait; done"
    );
    for caller in Caller::all("processes::signals_to_casemate_reach_the_program") {
        let mut findings = Findings::default();
        let mut running = Running::start(place.command(caller, &[], &["sh", "-c", &script]));
        for name in SIGNALS {
            running.signal(&format!("SIG{name}"));
            findings.same(format!("{caller:?}"), running.line().as_str(), name);
        }
        running.signal("SIGXCPU");
        findings.same(
            format!("{caller:?}: the program's own end"),
            running.code(),
            Some(7),
        );
        // A program that does not care for them ends by them, and everything that it has started.
        for (name, code) in [("SIGTERM", 143), ("SIGINT", 130), ("SIGHUP", 129)] {
            let running = Running::start(place.command(
                caller,
                &[],
                &["sh", "-c", "sleep 60 & echo ready; wait"],
            ));
            running.signal(name);
            findings.same(format!("{caller:?}: {name}"), running.code(), Some(code));
        }
    }
}

/// Nothing survives the launcher.
#[test]
fn nothing_survives_the_launcher() {
    let place = Place::new("survivors");
    for caller in Caller::all("processes::nothing_survives_the_launcher") {
        let mut findings = Findings::default();
        let mut running = Running::start(place.command(
            caller,
            &[],
            &["sh", "-c", "setsid sleep 600 & echo ready; wait"],
        ));
        running.signal("SIGKILL");
        // Every process of the compartment holds the pipe: it ends with the last of them.
        findings.same(format!("{caller:?}"), running.line().as_str(), "");
        findings.same(format!("{caller:?}"), running.code(), Some(1009));
    }
}

#[test]
fn orphans_are_reaped() {
    let place = Place::new("orphans");
    // The inner shell leaves a process behind that ends by itself. As long as nobody has waited for it, it is there.
    let script = "orphan=$(sh -c 'true >/dev/null & echo $!'); while kill -0 $orphan; do sleep 0.01; done 2>/dev/null; echo gone";
    for caller in Caller::all("processes::orphans_are_reaped") {
        let mut findings = Findings::default();
        let ended = place.sh(caller, &[], script);
        findings.same(
            format!("{caller:?}: {ended:?}"),
            (ended.code, ended.out.as_str()),
            (0, "gone\n"),
        );
        // Orphans that do not end by themselves end with the program.
        let ended = place.sh(caller, &[], "setsid sleep 600 & exit 3");
        findings.same(format!("{caller:?}: {ended:?}"), ended.code, 3);
    }
}

#[test]
fn time_is_limited() {
    let place = Place::new("time");
    for caller in Caller::all("processes::time_is_limited") {
        let mut findings = Findings::default();
        let mut command = place.command(caller, &["--time", "100ms"], &["sleep", "600"]);
        let Ended { code, err, .. } = finish_within(&mut command, Duration::from_secs(20));
        findings.same(format!("{caller:?}"), code, 137);
        findings.contains(format!("{caller:?}"), &err, "its time was over");
        let ended = place.run(caller, &["--time", "10m"], &["true"]);
        findings.same(format!("{caller:?}"), ended.code, 0);
    }
}

/// Signals that the caller blocks or ignores are the program's as they would be without Casemate.
#[test]
fn dispositions_are_inherited() {
    let place = Place::new("dispositions");
    for caller in Caller::all("processes::dispositions_are_inherited") {
        let mut findings = Findings::default();
        let wall = ["sh", "-c", "trap '' HUP USR2; exec \"$@\"", "sh"];
        let wall = [&wall[..], &caller.wall()].concat();
        let masks = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"];
        let ended = finish(&mut place.behind(&wall, &[], &masks));
        let lines: Vec<&str> = ended.out.lines().collect();
        findings.same(format!("{caller:?}"), lines[0], "SigBlk:\t0000000000000000");
        // The highest bits are the C library's own signals, which may come from whoever started the tests.
        let last = &lines[1][lines[1].len() - 8..];
        let ignored = u32::from_str_radix(last, 16).unwrap() & 0x7fff_ffff;
        findings.same(format!("{caller:?}: {lines:?}"), ignored, 1 | 1 << 11);
    }
}
