//! Hooks: when they run, where, with which state, and what becomes of their failure.

use crate::support::{Config, Findings, Ground, is_root, quoted, skip};
use std::fs;

/// A hook that notes its kind, its namespace of mounts and the state.
fn note(ground: &Ground, kind: &str) -> String {
    let script = format!(
        "printf '%s %s ' {kind} $(readlink /proc/self/ns/mnt) >> {log}; cat >> {log}; echo >> {log}",
        log = ground.text("hooks")
    );
    hook(&["/bin/sh", "-c", &script])
}

fn hook(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!(
        "{{\"path\":{},\"args\":[{}],\"env\":[\"PATH=/bin:/usr/bin\"],\"timeout\":10}}",
        words[0],
        words.join(",")
    )
}

#[test]
fn hooks_run_in_order_and_are_told_the_state() {
    if !is_root() {
        return skip(
            "life::hooks::hooks_run_in_order_and_are_told_the_state",
            "needs root",
        );
    }
    let ground = Ground::new("hooks");
    let kinds = [
        "prestart",
        "createRuntime",
        "createContainer",
        "poststart",
        "poststop",
    ];
    let noted: Vec<String> = kinds
        .iter()
        .map(|kind| format!("{}:[{}]", quoted(kind), note(&ground, kind)))
        .collect();
    let inside = hook(&["/bin/sh", "-c", "cat > /tmp/seen"]);
    let config = Config {
        top: format!(
            "\"hooks\":{{{},\"startContainer\":[{inside}]}}",
            noted.join(",")
        ),
        mounts: vec![
            "{\"destination\":\"/tmp\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"}".to_owned(),
        ],
        ..Config::sh("cat /tmp/seen")
    };
    let ended = ground.run(&config);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.out.contains("\"status\":\"created\",\"pid\":1,"),
        "{ended:?}"
    );
    let log = fs::read_to_string(ground.path("hooks")).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    let own = fs::read_link("/proc/self/ns/mnt").unwrap();
    for ((line, kind), status) in lines
        .iter()
        .zip(kinds)
        .zip(["created", "creating", "creating", "running", "stopped"])
    {
        assert!(line.starts_with(kind), "{log}");
        assert!(line.contains(&format!("\"status\":\"{status}\"")), "{log}");
        let outside = line.contains(own.to_str().unwrap());
        assert_eq!(outside, kind != "createContainer", "{log}");
    }
    assert_eq!(lines.len(), kinds.len(), "{log}");
    ground.expect_nothing("at the end", &mut Findings::default());
}

#[test]
fn a_hook_that_fails_fails_what_it_belongs_to() {
    if !is_root() {
        return skip(
            "life::hooks::a_hook_that_fails_fails_what_it_belongs_to",
            "needs root",
        );
    }
    let ground = Ground::new("bad-hooks");
    let cases = [
        ("prestart", hook(&["/bin/false"]), "it ended with 1"),
        (
            "createRuntime",
            hook(&["/nosuch"]),
            "no such file or directory",
        ),
        (
            "createContainer",
            hook(&["/bin/sh", "-c", "kill -9 $$"]),
            "it was ended by signal 9",
        ),
        (
            "startContainer",
            hook(&["/bin/sh", "-c", "exit 4"]),
            "it ended with 4",
        ),
        (
            "poststart",
            hook(&["/bin/sh", "-c", "exit 5"]),
            "it ended with 5",
        ),
        (
            "createRuntime",
            hook(&["/bin/sleep", "1000"]).replace("\"timeout\":10", "\"timeout\":1"),
            "it took longer than it may",
        ),
    ];
    for (kind, hook, message) in cases {
        let config = Config {
            top: format!("\"hooks\":{{\"{kind}\":[{hook}]}}"),
            ..Config::of(&["sleep", "1000"])
        };
        let ended = ground.run(&config);
        assert!(
            ended.code == 1 && ended.err.contains(message),
            "{kind}: {ended:?}"
        );
        assert!(ended.err.contains(kind), "{kind}: {ended:?}");
        ground.expect_nothing("at the end", &mut Findings::default());
    }
    // All of these run, whatever becomes of them.
    let log = ground.text("hooks");
    let second = format!("echo >> {log}");
    let config = Config {
        top: format!(
            "\"hooks\":{{\"poststop\":[{},{}]}}",
            hook(&["/bin/false"]),
            hook(&["/bin/sh", "-c", &second])
        ),
        ..Config::of(&["true"])
    };
    let ended = ground.run(&config);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.contains("poststop hook"), "{ended:?}");
    assert!(ground.path("hooks").exists());
    ground.expect_nothing("at the end", &mut Findings::default());
}
