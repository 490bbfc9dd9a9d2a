//! What a container has of its caller beside descriptors: keys, capabilities, a terminal, control groups.

use super::ground;
use crate::support::{Config, Findings, Pty, finish};
use std::fs;
use std::process::Command;

#[test]
fn no_key_of_the_caller_is_found() {
    const TEST: &str = "attacks::inherited::no_key_of_the_caller_is_found";
    let Some(ground) = ground(TEST, "keys") else {
        return;
    };
    let mut findings = Findings::default();
    let attacker = ground.text("attacker");
    let wall = [attacker.as_str(), "keyring-put", "casemate-key"];
    let find = ["/bin/attacker", "keyring-find", "casemate-key"];
    let root = ground.text("root");
    let mut chroot = Command::new(&attacker);
    chroot
        .args(["keyring-put", "casemate-key", "chroot", &root])
        .args(find);
    let ended = finish(&mut chroot);
    findings.same(
        format!("without protection: {ended:?}"),
        ended.out.as_str(),
        "found\n",
    );
    let bundle = ground.bundle(&Config::of(&find));
    let ended = finish(&mut ground.behind(&wall, &["run", "--bundle", &bundle, "keys"]));
    findings.same(
        format!("run: {ended:?}"),
        (ended.code, ended.out.as_str()),
        (0, "ENOKEY\n"),
    );
    ground.start("long", &Config::of(&["/bin/sleep", "600"]));
    let words: Vec<&str> = ["exec", "long"].into_iter().chain(find).collect();
    let ended = finish(&mut ground.behind(&wall, &words));
    findings.same(
        format!("exec: {ended:?}"),
        (ended.code, ended.out.as_str()),
        (0, "ENOKEY\n"),
    );
    ground.delete_all();
    ground.expect_nothing("at the end", &mut findings);
}

/// The capabilities of a process, in one line.
const STATUS: &str = "grep -E '^Cap(Inh|Amb|Eff|Bnd)' /proc/self/status | tr -d '\\n\\t'";

/// CVE-2022-24769, CVE-2022-29162: inheritable capabilities that nobody asked for.
#[test]
fn no_capability_is_inheritable() {
    const TEST: &str = "attacks::inherited::no_capability_is_inheritable";
    let Some(ground) = ground(TEST, "inheritable") else {
        return;
    };
    let mut findings = Findings::default();
    let held = "CapInh:0000000000000000CapEff:0000000000000023CapBnd:0000000000000023CapAmb:0000000000000000";
    // Whoever calls has them inheritable.
    let wall = ["setpriv", "--inh-caps", "+chown,+kill,+net_raw", "--"];
    let none = "CapInh:0000000000000000CapEff:0000000000000000CapBnd:0000000000000023CapAmb:0000000000000000";
    let user = Config {
        process: "\"user\":{\"uid\":1000,\"gid\":1000}".to_owned(),
        ..Config::sh(STATUS)
    };
    for (config, expected) in [(Config::sh(STATUS), held), (user, none)] {
        let bundle = ground.bundle(&config);
        let ended = finish(&mut ground.behind(&wall, &["run", "--bundle", &bundle, "caps"]));
        findings.same(format!("run: {ended:?}"), ended.out.as_str(), expected);
    }
    ground.start("long", &Config::of(&["/bin/sleep", "600"]));
    for (flags, expected) in [(&[][..], held), (&["--user", "1000:1000"], none)] {
        let words: Vec<&str> = [&["exec"][..], flags, &["long", "/bin/sh", "-c", STATUS]].concat();
        let ended = finish(&mut ground.behind(&wall, &words));
        findings.same(
            format!("exec {flags:?}: {ended:?}"),
            ended.out.as_str(),
            expected,
        );
    }
    // CVE-2026-30892: a user is what was said, with nothing else of root's.
    let words = [
        "exec",
        "--user",
        "1",
        "long",
        "/bin/sh",
        "-c",
        "id -u; id -g; id -G",
    ];
    let ended = ground.oci(&words);
    findings.same(
        format!("--user 1: {ended:?}"),
        ended.out.lines().next().unwrap_or_default(),
        "1",
    );
    for wrong in ["x", "1:", "-1", "4294967295", "1:x", "0x1", " 1"] {
        let ended = ground.oci(&["exec", "--user", wrong, "long", "/bin/id"]);
        findings.same(
            format!("--user {wrong:?}: {ended:?}"),
            ended.out.contains("uid=0"),
            false,
        );
    }
    ground.delete_all();
    ground.expect_nothing("at the end", &mut findings);
}

/// TIOCSTI: a word typed at the caller's terminal is a command of the caller's.
#[test]
fn nothing_is_typed_at_the_callers_terminal() {
    const TEST: &str = "attacks::inherited::nothing_is_typed_at_the_callers_terminal";
    let Some(ground) = ground(TEST, "typing") else {
        return;
    };
    let mut findings = Findings::default();
    let mut pty = Pty::new();
    let mut unprotected = Command::new(ground.path("attacker"));
    unprotected.args(["inject", "typed"]);
    let session = pty.spawn(&unprotected, [true; 3]);
    let shown = pty.rest();
    if shown.contains("typed\r\n") {
        findings.contains("without protection", &shown, "typed");
    } else {
        // dev.tty.legacy_tiocsti, since 6.2: the kernel refuses it to everybody.
        println!("without protection: {shown:?}");
    }
    session.code();

    let mut with_its_own = Config::of(&["/bin/attacker", "inject", "typed"]);
    with_its_own.process = "\"terminal\":true".to_owned();
    // Its own terminal is its own business: what counts is what the caller's has been given.
    for (name, config, is_own) in [
        (
            "callers",
            Config::of(&["/bin/attacker", "inject", "typed"]),
            false,
        ),
        ("own", with_its_own, true),
    ] {
        let mut pty = Pty::new();
        let bundle = ground.bundle(&config);
        let command = ground.behind(
            &[
                "sh",
                "-c",
                "\"$@\"; stty -icanon min 0 time 5; echo [$(cat)]",
                "sh",
            ],
            &["run", "--bundle", &bundle, name],
        );
        let session = pty.spawn(&command, [true; 3]);
        let shown = pty.rest();
        session.code();
        findings.contains(format!("{name}: {shown:?}"), &shown, "[]");
        if !is_own {
            let is_refused = shown.contains("EPERM") || shown.contains("ENOTTY");
            findings.same(format!("{name}: {shown:?}"), is_refused, true);
        }
    }
    ground.expect_nothing("at the end", &mut findings);
}

/// CVE-2022-0492: a program of the container's that the host runs when a group becomes empty.
#[test]
fn no_release_agent_is_set() {
    const TEST: &str = "attacks::inherited::no_release_agent_is_set";
    let Some(ground) = ground(TEST, "release") else {
        return;
    };
    let mut findings = Findings::default();
    let mount = r#"{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup","options":["nosuid","noexec","nodev","ro"]}"#;
    let script = "set=0; for f in /sys/fs/cgroup/*/release_agent /sys/fs/cgroup/*/notify_on_release /sys/fs/cgroup/*/cgroup.procs /sys/fs/cgroup/cgroup.procs; do \
        [ -e $f ] || continue; echo 0 2>/dev/null >$f && echo written $f; done; \
        mkdir /m; for t in memory pids rdma; do mount -t cgroup -o $t x /m && echo mounted $t; \
        unshare -UrmC sh -c \"mount -t cgroup -o $t x /m && echo x >/m/release_agent && echo set $t\"; done; echo tried";
    let agents = || -> Vec<String> {
        let hierarchies = fs::read_dir("/sys/fs/cgroup").unwrap().flatten();
        hierarchies
            .filter_map(|entry| fs::read_to_string(entry.path().join("release_agent")).ok())
            .collect()
    };
    let before = agents();
    let ended = ground.run(&Config {
        mounts: vec![mount.to_owned()],
        ..Config::sh(script)
    });
    findings.same(format!("run: {ended:?}"), ended.out.as_str(), "tried\n");
    findings.same("the host's agents", agents(), before);
    ground.expect_nothing("at the end", &mut findings);
}
