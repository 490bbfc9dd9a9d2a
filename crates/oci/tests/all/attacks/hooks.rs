//! Hooks that hang, and words that want to be lines of the log.

use super::ground;
use crate::support::{Config, Findings, Json};
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn a_hook_that_hangs_is_ended() {
    const TEST: &str = "attacks::hooks::a_hook_that_hangs_is_ended";
    let Some(ground) = ground(TEST, "hooks") else {
        return;
    };
    let mut findings = Findings::default();
    // It has children, which hold what it holds.
    let hook = r#"{"path":"/bin/sh","args":["sh","-c","sleep 613 & sleep 613"],"timeout":1}"#;
    for (kind, is_failure) in [
        ("prestart", true),
        ("createRuntime", true),
        ("createContainer", true),
        ("startContainer", true),
        ("poststart", true),
        ("poststop", false),
    ] {
        let config = Config {
            top: format!("\"hooks\":{{\"{kind}\":[{hook}]}}"),
            ..Config::of(&["/bin/true"])
        };
        let start = Instant::now();
        let ended = ground.run(&config);
        findings.same(format!("{kind}: {ended:?}"), ended.code != 0, is_failure);
        findings.same(
            format!("{kind}: in time"),
            start.elapsed() < Duration::from_secs(15),
            true,
        );
        ground.delete_all();
        ground.expect_nothing(kind, &mut findings);
        findings.same(format!("{kind}: its children"), sleepers(), 0);
    }
}

/// How many children of hooks are left. In the container's own process namespace they end with it.
fn sleepers() -> usize {
    let lines = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| line == b"sleep\x00613\x00").count()
}

/// The words of a container are quoted in the log, whatever they are.
#[test]
fn no_word_becomes_a_line_of_the_log() {
    const TEST: &str = "attacks::hooks::no_word_becomes_a_line_of_the_log";
    let Some(ground) = ground(TEST, "log") else {
        return;
    };
    let mut findings = Findings::default();
    let evil = "no\n{\"level\":\"info\",\"msg\":\"all is well\",\"time\":\"x\"}\nsuch\u{1b}[2J";
    let hook = |script: &str| {
        let script = crate::support::quoted(script);
        format!(
            "\"hooks\":{{\"createRuntime\":[{{\"path\":\"/bin/sh\",\"args\":[\"sh\",\"-c\",{script}]}}]}}"
        )
    };
    let cases = [
        ("args", Config::of(&[evil])),
        (
            "cwd",
            Config {
                process: format!("\"cwd\":{}", crate::support::quoted(&format!("/{evil}"))),
                ..Config::of(&["/bin/true"])
            },
        ),
        (
            "hook",
            Config {
                top: hook(&format!("printf '%s' '{evil}' >&2; exit 3")),
                ..Config::of(&["/bin/true"])
            },
        ),
    ];
    for (name, config) in cases {
        let log = ground.text(&format!("log-{name}"));
        let bundle = ground.bundle(&config);
        let ended = ground.oci(&[
            "--log",
            &log,
            "--log-format",
            "json",
            "run",
            "--bundle",
            &bundle,
            "evil",
        ]);
        // A directory of that name can be made, so the second works.
        findings.same(
            format!("{name}: {ended:?}"),
            ended.code != 0 || name == "cwd",
            true,
        );
        let text = fs::read_to_string(&log).unwrap_or_default();
        findings.same(
            format!("{name}: something is logged"),
            text.is_empty(),
            ended.code == 0,
        );
        for line in text.lines() {
            let entry = Json::parse(line);
            findings.lacks(
                format!("{name}: {line}"),
                &entry.at(&["msg"]).to_string(),
                "\nall is well",
            );
            findings.same(
                format!("{name}: {line}"),
                entry.at(&["level"]).to_string() == "info"
                    && entry.at(&["msg"]).to_string() == "all is well",
                false,
            );
        }
        // What a hook writes to standard error is the hook's.
        if name != "hook" {
            findings.lacks(format!("{name}: standard error"), &ended.err, "\u{1b}");
        }
        ground.delete_all();
    }
    ground.expect_nothing("at the end", &mut findings);
}
