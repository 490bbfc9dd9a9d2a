//! What a container gets of the runtime's descriptors and working directory: CVE-2024-21626.

use super::ground;
use crate::support::{Config, Findings, finish};
use std::fs;
use std::process::Command;

#[test]
fn no_descriptor_leads_out() {
    const TEST: &str = "attacks::descriptors::no_descriptor_leads_out";
    let Some(ground) = ground(TEST, "leaks") else {
        return;
    };
    let mut findings = Findings::default();
    fs::write(ground.path("secret"), "hunter2").unwrap();
    // A launcher that passes on what it has: chroot(8), with the directory of the secret open.
    let open = format!("exec 7<{}; exec \"$@\"", ground.text(""));
    let wall = ["sh", "-c", &open, "sh"];
    let mut chroot = Command::new("unshare");
    chroot.args(["--mount", "sh", "-c"]).arg(format!(
        "exec 7<{0}; mount -t proc proc {0}/root/proc && exec chroot {0}/root /bin/cat /proc/self/fd/7/secret",
        ground.path("").to_str().unwrap().trim_end_matches('/')
    ));
    let ended = finish(&mut chroot);
    findings.same(
        format!("without protection: {ended:?}"),
        ended.out.as_str(),
        "hunter2",
    );

    let list = "ls /proc/self/fd | tr '\\n' ' '; for n in 3 4 5 6 7 8 9 10 11 12; do cat /proc/1/fd/$n/secret; done 2>/dev/null; pwd -P";
    for config in [
        Config::sh(list),
        Config {
            process: "\"cwd\":\"/proc/self/fd/7\"".to_owned(),
            ..Config::sh("cat secret; pwd -P")
        },
        Config {
            process: "\"cwd\":\"/proc/self/fd/7/../..\"".to_owned(),
            ..Config::sh("cat secret etc/shadow; pwd -P")
        },
        Config {
            process: "\"cwd\":\"/proc/1/cwd\"".to_owned(),
            ..Config::sh("cat secret ../secret; pwd -P")
        },
    ] {
        let bundle = ground.bundle(&config);
        let ended = finish(&mut ground.behind(&wall, &["run", "--bundle", &bundle, "leak"]));
        findings.lacks(format!("{config:?}"), &ended.out, "hunter2");
        findings.lacks(format!("{config:?}"), &ended.out, "root:");
        if config.process.is_empty() {
            // 3 is ls's own.
            findings.same(
                "descriptors",
                ended.out.lines().next().unwrap_or_default(),
                "0 1 2 3 /",
            );
        } else {
            let inside = ended.code != 0
                || ended
                    .out
                    .lines()
                    .last()
                    .is_some_and(|last| last.starts_with('/'));
            findings.same(format!("where it works: {ended:?}"), inside, true);
        }
    }
    exec(&ground, &wall, &mut findings);
    ground.delete_all();
    ground.expect_nothing("at the end", &mut findings);
}

fn exec(ground: &crate::support::Ground, wall: &[&str], findings: &mut Findings) {
    ground.start("long", &Config::of(&["/bin/sleep", "600"]));
    for (cwd, script) in [
        (
            "/",
            "ls /proc/self/fd | tr '\\n' ' '; cat /proc/self/fd/*/secret 2>/dev/null",
        ),
        ("/proc/self/fd/7", "cat secret; pwd -P"),
        ("/proc/self/fd/8", "cat secret; pwd -P"),
        ("/proc/1/fd/7", "cat secret; pwd -P"),
    ] {
        let words = ["exec", "--cwd", cwd, "long", "/bin/sh", "-c", script];
        let ended = finish(&mut ground.behind(wall, &words));
        findings.lacks(format!("exec in {cwd}"), &ended.out, "hunter2");
        if cwd == "/" {
            findings.same(format!("exec: {ended:?}"), ended.out.trim(), "0 1 2 3");
        } else {
            let inside = ended.code != 0
                || ended
                    .out
                    .lines()
                    .last()
                    .is_some_and(|last| last.starts_with('/'));
            findings.same(format!("exec in {cwd}: {ended:?}"), inside, true);
        }
    }
    // What is asked for is passed on, and nothing else.
    fs::write(ground.path("given"), "given\n").unwrap();
    let open = format!(
        "exec 3<{0}/given 4<{0}/secret; exec \"$@\"",
        ground.text("")
    );
    let bundle = ground.bundle(&Config::sh("cat <&3; ls /proc/self/fd | tr '\\n' ' '"));
    let words = ["run", "--preserve-fds", "1", "--bundle", &bundle, "given"];
    let ended = finish(&mut ground.behind(&["sh", "-c", &open, "sh"], &words));
    findings.same(
        format!("--preserve-fds: {ended:?}"),
        ended.out.trim(),
        "given\n0 1 2 3 4",
    );
}
