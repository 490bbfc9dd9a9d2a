//! A container from its start to its end.

use super::Docker;
use crate::engines::{eventually, run};
use crate::support::{Findings, Pty};
use std::fs;
use std::time::Duration;

pub fn plain_run(docker: &Docker, findings: &mut Findings) {
    let ended = docker.run(&["info", "-f", "{{.DefaultRuntime}}"]);
    findings.same("the default runtime", ended.out.trim(), "casemate");
    let flags = ["-e", "A=b c", "-w", "/tmp", "-h", "fort"];
    let ended = docker.sh(
        &flags,
        "echo \"$A\" $(pwd) $(hostname) $$; echo wrong >&2; exit 7",
    );
    findings.same(
        "run",
        (ended.code, ended.out.as_str()),
        (7, "b c /tmp fort 1\n"),
    );
    findings.same("its standard error", ended.err.as_str(), "wrong\n");
    let ended = docker.sh(
        &[],
        "kill -9 $$; kill -TERM $$; sleep 0.1; sh -c 'kill -9 $$'; exit $?",
    );
    findings.same("a signal inside", ended.code, 137);
    let mut command = docker.command(&["run", "--rm", "-i", "--network", "none", "bb", "cat"]);
    let input = docker.host.file("input", "line\n");
    command.stdin(fs::File::open(input).unwrap());
    let ended = run(command);
    findings.same("input", (ended.code, ended.out.as_str()), (0, "line\n"));
}

pub fn failing(docker: &Docker, findings: &mut Findings) {
    for (program, code) in [
        ("nosuch", 127),
        ("/bin/nosuch", 127),
        ("/etc/passwd", 126),
        ("/etc", 126),
    ] {
        let ended = docker.run(&["run", "--rm", "--network", "none", "bb", program]);
        findings.same(format!("run {program}: {}", ended.err), ended.code, code);
        findings.contains("its message", &ended.err, program);
    }
    let gone = docker.sh(&["-w", "/etc/passwd"], "true");
    findings.same(format!("a file to work in: {gone:?}"), gone.code != 0, true);
    let running = docker.background("failing", &[], "exec sleep 600");
    for program in ["nosuch", "/etc/passwd"] {
        let ended = docker.run(&["exec", "failing", program]);
        let said = format!("{}{}", ended.err, ended.out);
        // Docker 20.10 says 126 of both.
        findings.same(
            format!("exec {program}: {said}"),
            [126, 127].contains(&ended.code),
            true,
        );
        findings.contains("its message", &said, program);
    }
    findings.same(
        "still running",
        running.inspect(".State.Running").as_str(),
        "true",
    );
}

pub fn exec(docker: &Docker, findings: &mut Findings) {
    let running = docker.background(
        "exec",
        &["--user", "1000"],
        "trap 'exit 0' TERM; while :; do sleep 0.1; done",
    );
    findings.same(format!("{:?}", running.started), running.started.code, 0);
    let ended = docker.run(&[
        "exec",
        "-e",
        "A=b",
        "-w",
        "/tmp",
        "-u",
        "1:1",
        "exec",
        "sh",
        "-c",
        "echo $A $(pwd) $(id -u):$(id -g) $(tr '\\0' ' ' </proc/1/cmdline | cut -c1-5); exit 3",
    ]);
    findings.same(
        "exec",
        (ended.code, ended.out.as_str()),
        (3, "b /tmp 1:1 sh -c\n"),
    );
    let ended = docker.run(&["exec", "exec", "id", "-u"]);
    findings.same("the user that was asked for", ended.out.as_str(), "1000\n");
    let same = docker.run(&["exec", "exec", "sh", "-c",
        "for n in mnt pid net ipc uts; do [ $(readlink /proc/1/ns/$n) = $(readlink /proc/self/ns/$n) ] || echo $n; done"]);
    findings.same(
        format!("namespaces of its own: {}", same.err),
        same.out.as_str(),
        "",
    );
    let ended = docker.run(&[
        "exec",
        "-d",
        "exec",
        "sh",
        "-c",
        "echo x >/tmp/made; exec sleep 601",
    ]);
    findings.same("exec -d", ended.code, 0);
    let made = || docker.run(&["exec", "exec", "cat", "/tmp/made"]).out == "x\n";
    findings.same("what it made", eventually(made), true);
    let mut command = docker.command(&["exec", "-i", "exec", "cat"]);
    command.stdin(fs::File::open(docker.host.file("input", "line\n")).unwrap());
    findings.same("input to exec", run(command).out.as_str(), "line\n");
    let ended = docker.run(&[
        "exec",
        "--privileged",
        "-u",
        "0",
        "exec",
        "grep",
        "NoNewPrivs",
        "/proc/self/status",
    ]);
    println!(
        "    exec --privileged: {} {:?}",
        ended.code,
        ended.err.trim()
    );
}

pub fn terminal(docker: &Docker, findings: &mut Findings) {
    let mut pty = Pty::new();
    let command = docker.command(&["run", "--rm", "-it", "--network", "none", "bb", "sh"]);
    let session = pty.spawn(&command, [true; 3]);
    pty.expect("# ");
    pty.resize(100, 30);
    // The size comes a moment later, with a signal.
    pty.write("while [ \"$(stty size)\" != '30 100' ]; do sleep 0.1; done; tty; echo is$((1+1))\n");
    let shown = pty.expect("is2");
    findings.contains("the terminal", &shown, "/dev/pts/0");
    pty.write("sleep 100\n");
    std::thread::sleep(Duration::from_millis(500));
    pty.write("\u{3}");
    pty.write("echo after=$?\n");
    pty.expect("after=130");
    pty.write("ls -l /dev/console; exit 4\n");
    let rest = pty.rest();
    findings.contains("the console", &rest, "/dev/console");
    findings.same("the code", session.code(), 4);

    let _running = docker.background("terminal", &[], "exec sleep 600");
    let mut pty = Pty::new();
    let session = pty.spawn(
        &docker.command(&["exec", "-it", "terminal", "sh"]),
        [true; 3],
    );
    pty.expect("# ");
    pty.write("stty size; [ -t 0 ] && echo a-\"\"terminal; exit 5\n");
    let rest = pty.rest();
    findings.contains("exec -it", &rest, "24 80");
    findings.contains("exec -it", &rest, "a-terminal");
    findings.same("the code of exec -it", session.code(), 5);
}

pub fn signals(docker: &Docker, findings: &mut Findings) {
    let script = "trap 'echo term; exit 9' TERM; trap 'echo usr1' USR1; echo ready; while :; do sleep 0.1; done";
    let running = docker.background("signals", &[], script);
    findings.same("ready", eventually(|| running.logs() == "ready\n"), true);
    let ended = docker.run(&["kill", "-s", "USR1", "signals"]);
    findings.same(format!("kill: {ended:?}"), ended.code, 0);
    findings.same(
        "USR1",
        eventually(|| running.logs() == "ready\nusr1\n"),
        true,
    );
    let ended = docker.run(&["stop", "signals"]);
    findings.same(format!("stop: {ended:?}"), ended.code, 0);
    findings.same("TERM", running.logs().as_str(), "ready\nusr1\nterm\n");
    findings.same("the code", running.inspect(".State.ExitCode").as_str(), "9");
    let ended = docker.run(&["kill", "signals"]);
    findings.same("kill of a stopped one", ended.code != 0, true);
    findings.contains("its message", &ended.err, "is not running");
    drop(running);

    let running = docker.background(
        "signals",
        &[],
        "sleep 600 & trap '' TERM; echo ready; while :; do sleep 1; done",
    );
    findings.same("ready", eventually(|| running.logs() == "ready\n"), true);
    let ended = docker.run(&["stop", "-t", "1", "signals"]);
    findings.same(format!("stop of a deaf one: {ended:?}"), ended.code, 0);
    findings.same(
        "the code",
        running.inspect(".State.ExitCode").as_str(),
        "137",
    );
}

pub fn pause(docker: &Docker, findings: &mut Findings) {
    let running = docker.background("pause", &[], "while :; do echo x; sleep 0.05; done");
    let ended = docker.run(&["pause", "pause"]);
    findings.same(format!("pause: {ended:?}"), ended.code, 0);
    findings.same(
        "its state",
        running.inspect(".State.Status").as_str(),
        "paused",
    );
    let before = running.logs().len();
    std::thread::sleep(Duration::from_millis(300));
    findings.same("paused", running.logs().len(), before);
    let ended = docker.run(&["exec", "pause", "true"]);
    findings.same("exec in a paused one", ended.code != 0, true);
    let ended = docker.run(&["unpause", "pause"]);
    findings.same(format!("unpause: {ended:?}"), ended.code, 0);
    findings.same(
        "goes on",
        eventually(|| running.logs().len() > before),
        true,
    );
    docker.run(&["pause", "pause"]);
    // Removed while it is paused.
    drop(running);
}

pub fn watching(docker: &Docker, findings: &mut Findings) {
    let running = docker.background(
        "watching",
        &["--memory", "64m"],
        "sleep 612 & while :; do :; done",
    );
    let ended = docker.run(&["top", "watching", "-o", "pid,args"]);
    findings.contains(format!("top: {ended:?}"), &ended.out, "sleep 612");
    let ended = docker.run(&[
        "stats",
        "--no-stream",
        "--format",
        "{{.MemUsage}} {{.PIDs}}",
        "watching",
    ]);
    findings.contains(format!("stats: {ended:?}"), &ended.out, "64MiB 2");
    findings.lacks("stats", &ended.out, "0B / ");
    let ended = docker.run(&["ps", "--format", "{{.Names}} {{.Status}}"]);
    findings.contains("ps", &ended.out, "watching Up");
    let ended = docker.run(&["cp", "watching:/etc/passwd", &docker.host.text("copy")]);
    findings.same(format!("cp: {ended:?}"), ended.code, 0);
    drop(running);
}

pub fn restart(docker: &Docker, findings: &mut Findings) {
    let running = docker.background("restart", &[], "echo started; exec sleep 600");
    let ended = docker.run(&["restart", "-t", "1", "restart"]);
    findings.same(format!("restart: {ended:?}"), ended.code, 0);
    findings.same(
        "started twice",
        eventually(|| running.logs() == "started\nstarted\n"),
        true,
    );
    drop(running);
    let running = docker.background(
        "restart",
        &["--restart", "on-failure:2"],
        "echo started; exit 1",
    );
    findings.same(
        "three starts",
        eventually(|| {
            running.inspect(".RestartCount") == "2" && running.inspect(".State.Status") == "exited"
        }),
        true,
    );
    findings.same(
        "the lines",
        running.logs().as_str(),
        "started\nstarted\nstarted\n",
    );
    let ended = docker.run(&["start", "-a", "restart"]);
    findings.same("started again by hand", ended.out.as_str(), "started\n");
}

pub fn fast_ends(docker: &Docker, findings: &mut Findings) {
    for turn in 0..20 {
        let ended = docker.run(&["run", "--rm", "--network", "none", "bb", "true"]);
        findings.same(format!("fast end {turn}: {}", ended.err), ended.code, 0);
    }
}
