//! The verbs that change a container's state, and their refusals.

use crate::support::{Config, Findings, Ground, eventually, is_root, skip};
use std::fs;

#[test]
fn a_container_lives_from_create_to_delete() {
    if !is_root() {
        return skip(
            "life::verbs::a_container_lives_from_create_to_delete",
            "needs root",
        );
    }
    let ground = Ground::new("life");
    let bundle = ground.bundle(&Config::of(&["sleep", "1000"]));
    let pid_file = ground.text("pid");
    let created = ground.quiet(&["create", "-b", &bundle, "--pid-file", &pid_file, "a"]);
    assert_eq!(created.code, 0, "{created:?}");
    assert_eq!(ground.status("a"), "created");
    let pid = ground.pid("a");
    assert_eq!(fs::read_to_string(&pid_file).unwrap(), pid.to_string());

    let cases: [(&[&str], &str); 4] = [
        (
            &["create", "-b", &bundle, "a"],
            "container with id exists already",
        ),
        (&["start", "b"], "container b does not exist"),
        (&["kill", "b"], "container b does not exist"),
        (&["state", "../a"], "is no id of a container"),
    ];
    for (words, message) in cases {
        let refused = ground.quiet(words);
        assert!(
            refused.code == 1 && refused.err.contains(message),
            "{words:?}: {refused:?}"
        );
    }

    assert_eq!(ground.oci(&["start", "a"]).code, 0);
    assert_eq!(
        (ground.status("a"), ground.pid("a")),
        ("running".to_owned(), pid)
    );
    let again = ground.oci(&["start", "a"]);
    assert!(
        again.code == 1 && again.err.contains("running already"),
        "{again:?}"
    );
    let early = ground.oci(&["delete", "a"]);
    assert!(
        early.code == 1 && early.err.contains("not stopped"),
        "{early:?}"
    );

    assert_eq!(ground.oci(&["kill", "a", "SIGKILL"]).code, 0);
    assert!(eventually(|| ground.status("a") == "stopped"));
    let late = ground.oci(&["kill", "a", "9"]);
    assert!(
        late.code == 1 && late.err.contains("container not running"),
        "{late:?}"
    );
    let late = ground.oci(&["start", "a"]);
    assert!(
        late.code == 1 && late.err.contains("has stopped"),
        "{late:?}"
    );
    assert_eq!(ground.oci(&["delete", "a"]).code, 0);
    assert_eq!(ground.oci(&["delete", "a"]).code, 1);
    assert_eq!(ground.oci(&["delete", "--force", "a"]).code, 0);
    ground.expect_nothing("at the end", &mut Findings::default());
}

#[test]
fn a_container_that_was_only_created_takes_a_signal_and_can_be_deleted() {
    if !is_root() {
        return skip(
            "life::verbs::a_container_that_was_only_created_takes_a_signal_and_can_be_deleted",
            "needs root",
        );
    }
    let ground = Ground::new("created");
    let bundle = ground.bundle(&Config::of(&["true"]));
    for signal in ["TERM", "KILL"] {
        assert_eq!(ground.quiet(&["create", "-b", &bundle, "a"]).code, 0);
        assert_eq!(ground.oci(&["kill", "a", signal]).code, 0, "{signal}");
        assert!(eventually(|| ground.status("a") == "stopped"));
        assert_eq!(ground.oci(&["delete", "a"]).code, 0, "{signal}");
    }
    assert_eq!(ground.quiet(&["create", "-b", &bundle, "a"]).code, 0);
    assert_eq!(ground.oci(&["delete", "a"]).code, 0);
    ground.expect_nothing("at the end", &mut Findings::default());
}

/// A `run` in the foreground holds the container's lock until the end: to wait for it would be to wait for the program.
#[test]
fn delete_with_force_ends_what_run_waits_for() {
    if !is_root() {
        return skip(
            "life::verbs::delete_with_force_ends_what_run_waits_for",
            "needs root",
        );
    }
    let ground = Ground::new("forced");
    let bundle = ground.bundle(&Config::of(&["sleep", "600"]));
    let mut run = ground
        .command(&["run", "--bundle", &bundle, "a"])
        .spawn()
        .unwrap();
    let runs = eventually(|| ground.status("a") == "running");
    // The command is given up, and fails the test, long before the program ends.
    let deleted = ground.oci(&["delete", "--force", "a"]);
    let code = run.wait().unwrap().code();
    assert!(runs, "the container does not run");
    assert_eq!((deleted.code, code), (0, Some(137)), "{deleted:?}");
    ground.expect_nothing("at the end", &mut Findings::default());
}

#[test]
fn run_ends_as_the_program_does_and_leaves_nothing() {
    if !is_root() {
        return skip(
            "life::verbs::run_ends_as_the_program_does_and_leaves_nothing",
            "needs root",
        );
    }
    let ground = Ground::new("run");
    let cases = [
        (Config::of(&["true"]), 0, ""),
        (Config::sh("exit 7"), 7, ""),
        (Config::sh("kill -9 $$; sleep 1; exit 3"), 3, ""),
        (
            Config::of(&["nosuch"]),
            127,
            "cannot run \"nosuch\": executable file not found in $PATH",
        ),
        (
            Config::of(&["/nosuch"]),
            127,
            "cannot run \"/nosuch\": no such file or directory",
        ),
        (
            Config::of(&["/etc"]),
            126,
            "cannot run \"/etc\": permission denied",
        ),
    ];
    for (config, code, message) in cases {
        let ended = ground.run(&config);
        assert!(
            ended.code == code && ended.err.contains(message),
            "{config:?}: {ended:?}"
        );
    }
    // Ten in a row that end at once: an end that comes early must not be missed.
    for _ in 0..10 {
        assert_eq!(ground.run(&Config::of(&["true"])).code, 0);
    }
    ground.expect_nothing("at the end", &mut Findings::default());
}

#[test]
fn the_last_line_of_the_log_is_the_reason() {
    if !is_root() {
        return skip(
            "life::verbs::the_last_line_of_the_log_is_the_reason",
            "needs root",
        );
    }
    let ground = Ground::new("log");
    let log = ground.text("log.json");
    let bundle = ground.bundle(&Config::of(&["/no\nlevel\"such"]));
    let words = [
        "--log",
        &log,
        "--log-format",
        "json",
        "create",
        "-b",
        &bundle,
        "a",
    ];
    assert_eq!(ground.quiet(&words).code, 127);
    let text = fs::read_to_string(&log).unwrap();
    let last = text.lines().last().unwrap();
    assert!(
        last.starts_with("{\"level\":\"error\",\"msg\":\"cannot run "),
        "{text}"
    );
    assert!(last.ends_with("\"}"), "{text}");
    assert!(
        text.lines().all(|line| line.starts_with("{\"level\":")),
        "{text}"
    );
    ground.expect_nothing("at the end", &mut Findings::default());
}

#[test]
fn programs_that_join_are_as_the_container_is() {
    if !is_root() {
        return skip(
            "life::verbs::programs_that_join_are_as_the_container_is",
            "needs root",
        );
    }
    let ground = Ground::new("exec");
    ground.start("a", &Config::of(&["sleep", "1000"]));
    let shown = |words: &[&str]| {
        let ended = ground.exec("a", words);
        assert_eq!(ended.code, 0, "{words:?}: {ended:?}");
        ended.out
    };
    let own = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", ground.pid("a"))).unwrap();
    for kind in ["mnt", "pid", "ipc", "uts", "cgroup"] {
        let theirs = fs::read_link(format!("/proc/{}/ns/{kind}", ground.pid("a"))).unwrap();
        let link = format!("/proc/self/ns/{kind}");
        assert_eq!(shown(&["readlink", &link]).trim(), theirs.to_str().unwrap());
    }
    let sets = |text: &str| -> Vec<String> {
        let own = |line: &&str| line.starts_with("Cap") || line.starts_with("NoNewPrivs");
        text.lines().filter(own).map(str::to_owned).collect()
    };
    assert_eq!(
        sets(&shown(&["cat", "/proc/self/status"])),
        sets(&own("status"))
    );
    let ended = ground.oci(&[
        "exec",
        "-u",
        "5:6",
        "--cwd",
        "/tmp",
        "-e",
        "A=b",
        "a",
        "sh",
        "-c",
        "id -u; id -g; pwd; echo $A; exit 9",
    ]);
    assert_eq!(
        (ended.code, ended.out.as_str()),
        (9, "5\n6\n/tmp\nb\n"),
        "{ended:?}"
    );
    let ended = ground.exec("a", &["nosuch"]);
    assert_eq!(ended.code, 127, "{ended:?}");

    let pid_file = ground.text("pid");
    let ended = ground.quiet(&["exec", "-d", "--pid-file", &pid_file, "a", "sleep", "1001"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let pid = fs::read_to_string(&pid_file).unwrap();
    let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap();
    assert_eq!(command, b"sleep\x001001\0");
    let same = |file: &str| fs::read(format!("/proc/{pid}/{file}")).unwrap();
    assert_eq!(same("cgroup"), own("cgroup").into_bytes());
    ground.delete_all();
    ground.expect_nothing("at the end", &mut Findings::default());
}
