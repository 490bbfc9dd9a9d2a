//! `checkpoint` and `restore`. Debian 12 has no criu: one of the test's own records what it is told.

use crate::support::{Config, Findings, Ground, finish, is_root, skip};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

const BIND: &str = r#"{"destination":"/data/","source":"/usr","options":["rbind","ro"]}"#;

fn sleeper() -> Config {
    let mut config = Config::of(&["/bin/sleep", "1000"]);
    config.mounts = vec![BIND.to_owned()];
    config.linux = r#""maskedPaths":["/proc/timer_list","/proc/acpi","/no/such"]"#.to_owned();
    config
}

#[test]
fn criu_is_told_of_the_container() {
    const TEST: &str = "checkpoint::criu_is_told_of_the_container";
    if !is_root() {
        skip(TEST, "needs root");
        return;
    }
    let ground = Ground::new("checkpoint");
    let mut findings = Findings::default();
    let (programs, said) = (ground.text("programs"), ground.text("said"));
    fs::create_dir(&programs).unwrap();
    let criu = format!("{programs}/criu");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >{said}\ntest ! -e {said}.fail\n");
    fs::write(&criu, script).unwrap();
    fs::set_permissions(&criu, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{programs}:/usr/bin:/bin");
    let checkpoint = |flags: &[&str]| {
        let words = [&["checkpoint"], flags, &["c"]].concat();
        finish(ground.command(&words).env("PATH", &path))
    };
    let images = ground.text("images/one");
    ground.start("c", &sleeper());
    let pid = ground.pid("c").to_string();
    let cases: [(&[&str], &str, &str); 5] = [
        (
            &["--leave-running", "--shell-job"],
            "dump",
            "--leave-running --shell-job --manage-cgroups=soft",
        ),
        (
            &["--pre-dump"],
            "pre-dump",
            "--track-mem --manage-cgroups=soft",
        ),
        (
            &[
                "--leave-running",
                "--parent-path",
                "../zero",
                "--manage-cgroups-mode",
                "full",
            ],
            "dump",
            "--leave-running --prev-images-dir ../zero --track-mem --manage-cgroups=full",
        ),
        (
            &[
                "--leave-running",
                "--page-server",
                "127.0.0.1:99",
                "--empty-ns",
                "network",
            ],
            "dump",
            "--leave-running --page-server --address 127.0.0.1 --port 99 --manage-cgroups=soft --empty-ns net",
        ),
        (
            &[
                "--leave-running",
                "--lazy-pages",
                "--page-server",
                "127.0.0.1:99",
            ],
            "dump",
            "--leave-running --lazy-pages --address 127.0.0.1 --port 99 --manage-cgroups=soft",
        ),
    ];
    for (flags, verb, part) in cases {
        let ended = checkpoint(&[&["--image-path", &images], flags].concat());
        findings.same(format!("{flags:?}: {ended:?}"), ended.code, 0);
        let told = fs::read_to_string(&said).unwrap().replace('\n', " ");
        let begins = format!("{verb} -t {pid} -D {images} -o {verb}.log -v4 --root ");
        findings.contains("the beginning", &told, &begins);
        findings.contains("the flags", &told, &format!(" {part} --external"));
        findings.contains("a mount", &told, "--external mnt[/data]:/data ");
        findings.contains(
            "a file",
            &told,
            "--external mnt[/proc/timer_list]:/dev/null ",
        );
        findings.same("what is not there", told.contains("/no/such"), false);
        findings.same("it runs on", ground.status("c"), "running".to_owned());
    }
    let mode = fs::metadata(&images).unwrap().mode() & 0o777;
    findings.same("who can read the images", mode, 0o700);
    let wrong: [(&[&str], &str); 6] = [
        (&["--nope"], "unknown flag `--nope` of `checkpoint`"),
        (&["--lazy-pages"], "`--lazy-pages` needs `--page-server`"),
        (&["--page-server", "here"], "ADDRESS:PORT"),
        (&["--parent-path", "/abs"], "must be relative"),
        (
            &["--manage-cgroups-mode", "some"],
            "soft, full, strict or ignore",
        ),
        (&["--empty-ns", "pid"], "`--empty-ns` is `pid`"),
    ];
    for (flags, why) in wrong {
        let ended = checkpoint(flags);
        findings.same(format!("{flags:?}: {ended:?}"), ended.code, 1);
        findings.contains("why", &ended.err, why);
    }
    // One that fails leaves the container alone; one that does not has ended its processes.
    fs::write(format!("{said}.fail"), "").unwrap();
    let ended = checkpoint(&["--image-path", &images]);
    findings.same(format!("{ended:?}"), ended.code, 1);
    findings.contains(
        "where it is told",
        &ended.err,
        &format!("{images}/dump.log"),
    );
    findings.same("it runs on", ground.status("c"), "running".to_owned());
    fs::remove_file(format!("{said}.fail")).unwrap();
    let ended = checkpoint(&["--image-path", &images]);
    findings.same(format!("{ended:?}"), ended.code, 0);
    findings.same("it is gone", ground.status("c"), "absent".to_owned());
    let words = ["restore", "--image-path", &images, "--bundle", &images, "c"];
    let ended = finish(ground.command(&words).env("PATH", &path));
    findings.same(format!("{ended:?}"), ended.code, 1);
    findings.contains("why", &ended.err, "does not support it");
    ground.expect_nothing("afterwards", &mut findings);
}

#[test]
fn without_criu_it_is_said() {
    const TEST: &str = "checkpoint::without_criu_it_is_said";
    if !is_root() {
        skip(TEST, "needs root");
        return;
    }
    let ground = Ground::new("no-criu");
    let mut findings = Findings::default();
    ground.start("c", &sleeper());
    for verb in ["checkpoint", "restore"] {
        let nothing = ground.text("nothing");
        let ended = finish(ground.command(&[verb, "c"]).env("PATH", &nothing));
        findings.same(format!("{ended:?}"), ended.code, 1);
        findings.contains("why", &ended.err, "criu is not installed");
        findings.contains("what helps", &ended.err, "apt-get install criu");
        findings.same("no images", ground.path("checkpoint").exists(), false);
    }
    findings.same("it runs on", ground.status("c"), "running".to_owned());
    ground.delete_all();
    ground.expect_nothing("afterwards", &mut findings);
}
