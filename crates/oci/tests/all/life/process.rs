//! What the process is: ids, limits, environment, terminal, time.

use crate::support::{Config, Findings, Ground, is_root, skip};

#[test]
fn the_process_is_as_it_was_asked_for() {
    if !is_root() {
        return skip(
            "life::process::the_process_is_as_it_was_asked_for",
            "needs root",
        );
    }
    let ground = Ground::new("process");
    let user = "\"cwd\":\"/\",\"user\":{\"uid\":5,\"gid\":6,\"additionalGids\":[7,8],\"umask\":63}";
    let cases: [(&str, &str, &str, &str); 9] = [
        (
            user,
            "",
            "id -u; id -g; id -G; umask",
            "5\n6\n6 7 8\n0077\n",
        ),
        (
            "\"cwd\":\"/made/for/it\",\"user\":{\"uid\":0,\"gid\":0}",
            "",
            "pwd",
            "/made/for/it\n",
        ),
        (
            "\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"soft\":3,\"hard\":50},{\"type\":\"RLIMIT_CORE\",\"soft\":0,\"hard\":0}]",
            "",
            "ulimit -n; ulimit -Hn; ulimit -c",
            "3\n50\n0\n",
        ),
        (
            "\"oomScoreAdj\":500",
            "",
            "cat /proc/self/oom_score_adj",
            "500\n",
        ),
        (
            "\"noNewPrivileges\":true",
            "",
            "grep -c 'NoNewPrivs:.1' /proc/self/status",
            "1\n",
        ),
        (
            "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_IDLE\",\"priority\":0}",
            "",
            "ionice | cut -d: -f1",
            "idle\n",
        ),
        (
            "\"scheduler\":{\"policy\":\"SCHED_BATCH\",\"nice\":5}",
            "",
            "awk '/^policy/ {print $3}' /proc/self/sched 2>/dev/null || chrt -p $$ | head -1 | sed 's/.*SCHED/SCHED/'",
            "",
        ),
        (
            "",
            "\"personality\":{\"domain\":\"LINUX32\"}",
            "uname -m | sed 's/armv8l/i686/'",
            "i686\n",
        ),
        (
            "",
            "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\",\"mkdirat\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":28}]}",
            "mkdir /tmp/x 2>&1 | grep -c 'No space'",
            "1\n",
        ),
    ];
    for (process, linux, script, expected) in cases {
        let config = Config {
            process: process.to_owned(),
            linux: linux.to_owned(),
            ..Config::sh(script)
        };
        let ended = ground.run(&config);
        if expected.is_empty() {
            assert_eq!(ended.code, 0, "{process}{linux}: {ended:?}");
        } else {
            assert_eq!(ended.out, expected, "{process}{linux}: {ended:?}");
        }
    }
    ground.expect_nothing("at the end", &mut Findings::default());
}

#[test]
fn what_cannot_be_is_refused_by_its_name() {
    if !is_root() {
        return skip(
            "life::process::what_cannot_be_is_refused_by_its_name",
            "needs root",
        );
    }
    let ground = Ground::new("refused");
    let limit = "\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"soft\":3,\"hard\":9999999999999}]";
    let cases = [
        (limit, "", "cannot raise the hard limit nofile"),
        ("\"terminal\":true", "", ""),
        (
            "\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":9}",
            "",
            "ioPriority",
        ),
        (
            "",
            "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"1000\"}",
            "set the memory policy",
        ),
    ];
    for (process, linux, message) in cases {
        let config = Config {
            process: process.to_owned(),
            linux: linux.to_owned(),
            ..Config::of(&["true"])
        };
        let bundle = ground.bundle(&config);
        let ended = ground.quiet(&["create", "-b", &bundle, "a"]);
        assert!(
            ended.code == 1 && ended.err.contains(message),
            "{process}{linux}: {ended:?}"
        );
        ground.expect_nothing("at the end", &mut Findings::default());
    }
}

#[test]
fn a_user_namespace_has_its_ids_and_can_be_joined() {
    if !is_root() {
        return skip(
            "life::process::a_user_namespace_has_its_ids_and_can_be_joined",
            "needs root",
        );
    }
    let ground = Ground::new("users");
    let kinds = |path: &str| {
        let user = if path.is_empty() {
            "{\"type\":\"user\"}".to_owned()
        } else {
            format!("{{\"type\":\"user\",\"path\":\"{path}\"}}")
        };
        let others = ["pid", "ipc", "uts", "mount", "network"];
        let others = others.map(|kind| format!("{{\"type\":\"{kind}\"}}"));
        Some(format!("{},{user}", others.join(",")))
    };
    let map = "[{\"containerID\":0,\"hostID\":100000,\"size\":65536}]";
    let config = |path: &str, words: Config| Config {
        namespaces: kinds(path),
        linux: format!("\"uidMappings\":{map},\"gidMappings\":{map}"),
        ..words
    };
    ground.start("a", &config("", Config::of(&["sleep", "1000"])));
    let seen = ground.exec("a", &["sh", "-c", "id -u; cat /proc/self/uid_map"]);
    let words: Vec<&str> = seen.out.split_whitespace().collect();
    assert_eq!(words, ["0", "0", "100000", "65536"], "{seen:?}");
    let path = format!("/proc/{}/ns/user", ground.pid("a"));
    let script = "id -u; readlink /proc/self/ns/user; echo $$";
    let ended = ground.run(&config(&path, Config::sh(script)));
    let theirs = std::fs::read_link(&path).unwrap();
    assert_eq!(
        ended.out,
        format!("0\n{}\n1\n", theirs.display()),
        "{ended:?}"
    );
    ground.delete_all();
    ground.expect_nothing("at the end", &mut Findings::default());
}

#[test]
fn clocks_have_their_offsets() {
    if !is_root() {
        return skip("life::process::clocks_have_their_offsets", "needs root");
    }
    let ground = Ground::new("clocks");
    let kinds =
        ["pid", "ipc", "uts", "mount", "time"].map(|kind| format!("{{\"type\":\"{kind}\"}}"));
    let config = Config {
        namespaces: Some(kinds.join(",")),
        linux: "\"timeOffsets\":{\"boottime\":{\"secs\":1000000},\"monotonic\":{\"secs\":5,\"nanosecs\":6}}".to_owned(),
        ..Config::sh("cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime")
    };
    let ended = ground.run(&config);
    let words: Vec<&str> = ended.out.split_whitespace().collect();
    assert_eq!(
        words.get(..6),
        Some(&["monotonic", "5", "6", "boottime", "1000000", "0"][..]),
        "{ended:?}"
    );
    let uptime: u64 = words[6].parse().unwrap();
    assert!(uptime >= 1_000_000, "{ended:?}");
}
