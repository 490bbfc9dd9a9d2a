//! The program at a terminal: it has one of its own, on which everything works and from which nothing reaches the caller's.

use crate::support::{Caller, Findings, Json, Place, Pty};

const ALL: [bool; 3] = [true; 3];

#[test]
fn nothing_can_be_typed_for_the_caller() {
    let place = Place::new("typing");
    let probe = place.text("casemate-probe");
    for caller in Caller::all("terminals::nothing_can_be_typed_for_the_caller") {
        let mut findings = Findings::default();
        // The compartment by default, and with the caller's terminal.
        let cases: [(&[&str], &str); 2] = [(&[], "ok"), (&["--terminal", "inherited"], "ENXIO")];
        for (flags, controlling) in cases {
            let mut pty = Pty::new();
            let session = pty.spawn(
                &place.command(
                    caller,
                    &[&["--quiet"], flags].concat(),
                    &[&probe, "terminal"],
                ),
                ALL,
            );
            let code = session.code();
            let shown = pty.rest();
            findings.same(format!("{caller:?}: {flags:?}: {shown}"), code, 0);
            let report = Json::parse(&shown);
            let found = report.at(&["terminal", "controlling"]).to_string();
            findings.same(
                format!("{caller:?}: {flags:?}: a controlling terminal"),
                found.as_str(),
                controlling,
            );
            for stream in ["stdin", "stdout", "stderr"] {
                let judged = report.at(&["terminal", stream]);
                findings.same(
                    format!("{flags:?}"),
                    judged.at(&["is_terminal"]).to_string().as_str(),
                    "true",
                );
                for kind in ["tiocsti", "tiocsti_high_bit", "tioclinux"] {
                    let found = judged.at(&[kind]).to_string();
                    findings.same(
                        format!("{caller:?}: {flags:?}: {kind} on {stream}"),
                        found.as_str(),
                        "EPERM",
                    );
                }
            }
        }
    }
}

/// A program that is to have no terminal does not get the caller's as a standard stream.
#[test]
fn no_terminal_is_none_at_all() {
    let place = Place::new("no-terminal");
    for caller in Caller::all("terminals::no_terminal_is_none_at_all") {
        let mut findings = Findings::default();
        let mut pty = Pty::new();
        let session = pty.spawn(
            &place.command(caller, &["--terminal", "none"], &["/bin/echo", "started"]),
            ALL,
        );
        let code = session.code();
        let shown = pty.rest();
        findings.same(format!("{caller:?}: {shown}"), code, 125);
        findings.same(
            format!("{caller:?}: {shown}"),
            shown.contains("standard input is one") && !shown.contains("started\r"),
            true,
        );
    }
}

/// Without the filter a program can type into its own terminal, and what it types does not reach the caller's.
#[test]
fn what_is_typed_into_the_own_terminal_stays_there() {
    let place = Place::new("own-typing");
    for caller in Caller::all("terminals::what_is_typed_into_the_own_terminal_stays_there") {
        let mut pty = Pty::new();
        let probe = place.text("casemate-probe");
        // The shell is the caller's: were something typed for it, it would execute that.
        let shell = format!(
            "{} {} run --syscalls all -- {probe} terminal >/dev/null; echo ended; \
             head -n 1 | od -An -c",
            caller.wall().join(" "),
            place.text("casemate"),
        );
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", &shell])
            .env("PATH", "/usr/bin:/bin")
            .current_dir(place.path("desk"));
        let session = pty.spawn(&command, ALL);
        pty.expect("ended");
        pty.write("mine\n");
        pty.expect("   m   i   n   e  \\n");
        let mut findings = Findings::default();
        findings.same(format!("{caller:?}"), session.code(), 0);
    }
}

#[test]
fn size_and_its_changes_are_passed_on() {
    let place = Place::new("size");
    for caller in Caller::all("terminals::size_and_its_changes_are_passed_on") {
        let mut pty = Pty::new();
        pty.resize(91, 33);
        let script = "trap 'stty size; exit 4' WINCH; stty size; sleep 60 & echo ready; while :; do wait; done";
        let session = pty.spawn(&place.command(caller, &[], &["sh", "-c", script]), ALL);
        pty.expect("33 91");
        pty.expect("ready");
        pty.resize(120, 50);
        pty.expect("50 120");
        let mut findings = Findings::default();
        findings.same(format!("{caller:?}"), session.code(), 4);
    }
}

/// An interactive shell inside: background jobs, stopping, going on, interrupting.
#[test]
fn job_control_works_inside() {
    let place = Place::new("jobs");
    for caller in Caller::all("terminals::job_control_works_inside") {
        let mut pty = Pty::new();
        let shell = ["bash", "--norc", "--noprofile", "--noediting", "-i"];
        let session = pty.spawn(
            &place.command(caller, &["--set", "PS1=prompt> "], &shell),
            ALL,
        );
        let first = pty.expect("prompt> ");
        let mut findings = Findings::default();
        findings.lacks(format!("{caller:?}"), &first, "no job control");
        for (keys, shown) in [
            ("sleep 300 &\n", "prompt> "),
            ("jobs\n", "Running"),
            ("", "prompt> "),
            (
                "kill %1; wait; clear 2>/dev/null; echo done-$((1+1))\n",
                "done-2",
            ),
            ("", "prompt> "),
            ("cat\n", "cat\r\n"),
            ("ping\n", "ping\r\nping"),
            ("\u{1a}", "Stopped"),
            ("", "prompt> "),
            ("fg\n", "fg\r\ncat\r\n"),
            ("pong\n", "pong\r\npong"),
            ("\u{3}", "prompt> "),
            ("echo code-$?\n", "code-130"),
            ("", "prompt> "),
            ("tty\n", "/dev/pts/0"),
            ("", "prompt> "),
            ("exit 5\n", "exit"),
        ] {
            pty.write(keys);
            pty.expect(shown);
        }
        findings.same(format!("{caller:?}"), session.code(), 5);
    }
}

/// Ctrl-C at the caller's terminal ends the program, and the terminal is as it was.
#[test]
fn the_callers_terminal_is_put_back() {
    let place = Place::new("put-back");
    for caller in Caller::all("terminals::the_callers_terminal_is_put_back") {
        let mut findings = Findings::default();
        for script in [
            "exec sleep 300",
            "stty raw -echo; kill -KILL $$",
            "exit 3",
            "echo",
        ] {
            let mut pty = Pty::new();
            let shell = format!(
                "before=$(stty -g); {} {} run -- sh -c 'echo started; {script}'; code=$?; after=$(stty -g); [ \"$before\" = \"$after\" ] && echo as before || echo \"$code $before $after\"",
                caller.wall().join(" "),
                place.text("casemate"),
            );
            let mut command = std::process::Command::new("bash");
            command
                .args(["--norc", "-ic", &shell])
                .env("PATH", "/usr/bin:/bin")
                .current_dir(place.path("desk"));
            let session = pty.spawn(&command, ALL);
            pty.expect("started");
            if script.starts_with("exec") {
                pty.write("\u{3}");
            }
            pty.expect("as before");
            findings.same(format!("{caller:?}: {script}"), session.code(), 0);
        }
    }
}

/// Standard streams of which some are the terminal and some are not.
#[test]
fn streams_may_be_a_terminal_or_not() {
    let place = Place::new("streams");
    for caller in Caller::all("terminals::streams_may_be_a_terminal_or_not") {
        let mut findings = Findings::default();
        for streams in [
            [false, true, true],
            [false, true, false],
            [true, false, true],
            [true, true, false],
            [false, false, true],
            [true, false, false],
        ] {
            let mut pty = Pty::new();
            let script = "seen=; for fd in 0 1 2; do if [ -t $fd ]; then seen=${seen}y; else seen=${seen}n; fi; done; \
                          echo $seen >/dev/tty; exit 6";
            let session = pty.spawn(&place.command(caller, &[], &["sh", "-c", script]), streams);
            let expected: String = streams
                .map(|is| if is { 'y' } else { 'n' })
                .iter()
                .collect();
            pty.expect(&expected);
            findings.same(format!("{caller:?}: {streams:?}"), session.code(), 6);
        }
    }
}
