//! Attacks on hidden and read-only paths: CVE-2025-31133, CVE-2023-25809, CVE-2022-0492.

use super::bait::{Bait, is_able};
use crate::support::{Config, Findings, finish};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

#[test]
fn what_hides_a_path_is_not_the_images() {
    const TEST: &str = "attacks::masks::what_hides_a_path_is_not_the_images";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("fakenull");
    let mut findings = Findings::default();
    // The engine mounts a /dev of its own, in which somebody has put another null device.
    let volume = bait.path("volume");
    fs::create_dir(&volume).unwrap();
    let secret = bait.path("victim/file");
    for what in ["a link to what is hidden", "a file"] {
        let fake = volume.join("null");
        match what {
            "a file" => fs::write(&fake, "not hidden").unwrap(),
            _ => symlink("/proc/cpuinfo", &fake).unwrap(),
        }
        // Without protection: what is at the path is bound over the path, and shows it.
        let script = format!(
            "mount --bind {} {} && wc -c <{}",
            fake.display(),
            secret.display(),
            secret.display()
        );
        let mut naive = Command::new("unshare");
        let ended = finish(naive.args(["--mount", "sh", "-c", &script]));
        findings.same(
            format!("{what}: without protection: {ended:?}"),
            ended.out.trim() == "0",
            false,
        );

        let mut config = Config::sh(
            "stat -c '%F %t:%T' /proc/keys /hidden/file; wc -c </proc/keys; wc -c </hidden/file; ls -a /hidden/dir",
        );
        config.linux = r#""maskedPaths":["/proc/keys","/hidden/file","/hidden/dir","/not/there","/hidden/file/not"]"#.to_owned();
        fs::create_dir_all(bait.path("root/hidden/dir/below")).unwrap();
        fs::write(bait.path("root/hidden/file"), "secret").unwrap();
        let source = volume.to_str().unwrap();
        config.mounts = vec![format!(
            r#"{{"destination":"/dev","source":"{source}","options":["rbind"]}}"#
        )];
        let ended = bait.run(&config);
        let null = "character special file 1:3\n";
        let expected = format!("{null}{null}0\n0\n.\n..\n");
        findings.same(
            format!("{what}: {ended:?}"),
            ended.out.as_str(),
            expected.as_str(),
        );
        fs::remove_file(&fake).unwrap();
    }
    bait.expect_nothing(&mut findings);
}

#[test]
fn hidden_and_read_only_paths_are_of_the_root() {
    const TEST: &str = "attacks::masks::hidden_and_read_only_paths_are_of_the_root";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("maskpath");
    let mut findings = Findings::default();
    // By links, the paths of the image lead to other paths of the image, never out of it.
    fs::create_dir_all(bait.path("root/real/dir")).unwrap();
    fs::write(bait.path("root/real/file"), "secret").unwrap();
    symlink("../../../../real", bait.path("root/by")).unwrap();
    let mut config = Config::sh(
        "cat /real/file; touch /real/dir/x; touch /by/dir/x; mount -o remount,rw,bind /real/dir; touch /real/dir/x; ls /real/dir; umount /real/file; cat /real/file",
    );
    config.linux =
        r#""maskedPaths":["/by/file"],"readonlyPaths":["/by/dir","/missing"]"#.to_owned();
    let ended = bait.run(&config);
    findings.same(format!("{ended:?}"), ended.out.as_str(), "");
    findings.contains("read-only", &ended.err, "Read-only file system");
    findings.same("made", bait.path("root/real/dir/x").exists(), false);
    bait.expect_nothing(&mut findings);
}

#[test]
fn hierarchies_of_groups_cannot_be_written_to() {
    const TEST: &str = "attacks::masks::hierarchies_of_groups_cannot_be_written_to";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("groups");
    let mut findings = Findings::default();
    let script = "find /sys/fs/cgroup -name release_agent | head -1
        for f in $(find /sys/fs/cgroup -name 'cgroup.procs' | head -20); do echo 1 2>/dev/null >$f && echo written $f; done
        for d in /sys/fs/cgroup $(ls -d /sys/fs/cgroup/*/); do mkdir $d/made 2>/dev/null && echo made $d; done
        ls /sys/fs/cgroup | wc -l";
    let usual = r#"{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}"#;
    let mapped = r#""uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]"#;
    let cases = [
        (
            "an own namespace of groups",
            format!(r#"{usual},{{"type":"cgroup"}}"#),
            "",
            r#","options":["ro"]"#,
        ),
        ("the host's", usual.to_owned(), "", r#","options":["ro"]"#),
        // Whoever is root outside owns the group: it is read-only although nobody has asked for that.
        (
            "a user namespace",
            format!(r#"{usual},{{"type":"user"}}"#),
            mapped,
            "",
        ),
    ];
    for (what, namespaces, linux, options) in cases {
        let mut config = Config::sh(script);
        config.namespaces = Some(namespaces);
        linux.clone_into(&mut config.linux);
        config.mounts = vec![
            r#"{"destination":"/sys","type":"sysfs","source":"sysfs","options":["ro"]}"#.to_owned(),
            format!(
                r#"{{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup"{options}}}"#
            ),
        ];
        if what == "a user namespace" {
            // A sysfs needs a network namespace of the same owner.
            config.mounts.remove(0);
            fs::create_dir_all(Path::new(&bait.text("root")).join("sys/fs/cgroup")).unwrap();
        }
        let ended = bait.run(&config);
        findings.same(format!("{what}: {ended:?}"), ended.code, 0);
        let lines: Vec<&str> = ended.out.lines().collect();
        findings.same(format!("{what}: {ended:?}"), lines.len(), 1);
        findings.same(
            format!("{what}: no hierarchy"),
            lines.first() == Some(&"0"),
            false,
        );
    }
    bait.expect_nothing(&mut findings);
}
