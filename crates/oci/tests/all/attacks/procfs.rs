//! Attacks on /proc and /sys: CVE-2019-16884, CVE-2019-19921, CVE-2023-27561, CVE-2023-28642, CVE-2025-52881.

use super::bait::{Bait, is_able};
use crate::support::{Config, Findings, finish};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

#[test]
fn proc_and_sys_of_the_image_are_directories() {
    const TEST: &str = "attacks::procfs::proc_and_sys_of_the_image_are_directories";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("proc");
    let mut findings = Findings::default();
    for (name, kind) in [("proc", "proc"), ("sys", "sysfs")] {
        let place = bait.path("root").join(name);
        let victim = bait.text("victim");
        let targets = [
            ("a link to the host", Some(victim.as_str())),
            ("a link in the image", Some("/tmp")),
            ("a relative link", Some("../tmp")),
            ("a file", None),
        ];
        for (what, target) in targets {
            fs::remove_dir(&place).unwrap();
            match target {
                Some(target) => symlink(target, &place).unwrap(),
                None => fs::write(&place, "").unwrap(),
            }
            if what == "a link to the host" {
                // Without protection: mounted by its path, which is where the link leads.
                let script = format!(
                    "mount -t {kind} x {} && grep {} /proc/self/mountinfo",
                    place.display(),
                    bait.text("victim")
                );
                let mut naive = Command::new("unshare");
                let ended = finish(naive.args(["--mount", "sh", "-c", &script]));
                findings.same(
                    format!("{name}: without protection: {ended:?}"),
                    ended.code,
                    0,
                );
            }
            let config = Config::sh("cat /proc/self/mountinfo");
            let bundle = bait.bundle(&config);
            let path = Path::new(&bundle).join("config.json");
            let text = fs::read_to_string(&path).unwrap();
            let mount = format!(
                r#""mounts":[{{"destination":"/{name}","type":"{kind}","source":"{kind}"}},"#
            );
            let text = text.replace(r#""mounts":["#, &mount);
            fs::write(&path, text).unwrap();
            let ended = bait.oci(&["run", "--bundle", &bundle, "refused"]);
            findings.same(format!("{name}, {what}: {ended:?}"), ended.code == 0, false);
            findings.contains(format!("{name}, {what}"), &ended.err, &format!("/{name}: "));
            findings.same(format!("{name}, {what}: output"), ended.out.as_str(), "");
            fs::remove_file(&place).unwrap();
            fs::create_dir(&place).unwrap();
        }
    }
    bait.expect_nothing(&mut findings);
}

#[test]
fn nothing_is_mounted_over_the_kernels_files() {
    const TEST: &str = "attacks::procfs::nothing_is_mounted_over_the_kernels_files";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("overproc");
    let mut findings = Findings::default();
    symlink("/proc/sys", bait.path("root/by")).unwrap();
    symlink("/proc", bait.path("root/way")).unwrap();
    let victim = bait.text("victim");
    // A bind mount of what is no procfs at /proc, and mounts below it, by their names and by links.
    for destination in [
        "/proc",
        "/proc/sys",
        "/proc/self",
        "/proc/../proc/attr",
        "/by",
        "/by/kernel",
        "/way/self/attr",
        "//proc//sys/",
    ] {
        let mut config = Config::sh("cat /proc/self/mountinfo");
        config.mounts = vec![format!(
            r#"{{"destination":"{destination}","source":"{victim}","options":["rbind"]}}"#
        )];
        let ended = bait.run(&config);
        findings.same(format!("{destination}: {ended:?}"), ended.code == 0, false);
        findings.contains(destination, &ended.err, "proc");
        findings.same(format!("{destination}: output"), ended.out.as_str(), "");
    }
    // What engines show of their own is still possible.
    fs::write(bait.path("uptime"), "1.0 1.0\n").unwrap();
    let mut config = Config::sh("cat /proc/uptime");
    let source = bait.text("uptime");
    config.mounts = vec![format!(
        r#"{{"destination":"/proc/uptime","source":"{source}","options":["bind"]}}"#
    )];
    let ended = bait.run(&config);
    findings.same(format!("{ended:?}"), ended.out.as_str(), "1.0 1.0\n");
    bait.expect_nothing(&mut findings);
}

/// A configuration without a /proc of its own: what is there is the image's.
fn without_proc(bait: &Bait, config: &Config) -> String {
    let bundle = bait.bundle(config);
    let path = Path::new(&bundle).join("config.json");
    let text = fs::read_to_string(&path).unwrap();
    let proc = r#"{"destination":"/proc","type":"proc","source":"proc"},"#;
    assert!(text.contains(proc));
    fs::write(&path, text.replace(proc, "")).unwrap();
    bundle
}

#[test]
fn kernel_parameters_are_not_written_to_the_images_files() {
    const TEST: &str = "attacks::procfs::kernel_parameters_are_not_written_to_the_images_files";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("sysctl");
    let mut findings = Findings::default();
    // The image brings what looks like a /proc, in which a parameter is a link to somebody's file.
    fs::create_dir_all(bait.path("root/proc/sys/kernel")).unwrap();
    let (fake, victim) = (
        bait.path("root/proc/sys/kernel/shmmni"),
        bait.path("victim/file"),
    );
    symlink(&victim, &fake).unwrap();
    // Without protection: written by its path.
    fs::write(&fake, "1234").unwrap();
    findings.same("without protection", bait.is_touched(), true);
    bait.restore();
    for fake_is_link in [true, false] {
        let mut config = Config::sh("ipcs -m -l | grep -i segments");
        config.linux = r#""sysctl":{"kernel.shmmni":"1234"}"#.to_owned();
        let bundle = without_proc(&bait, &config);
        let ended = bait.oci(&["run", "--bundle", &bundle, "param"]);
        findings.same(
            format!("link {fake_is_link}: {ended:?}"),
            bait.is_touched(),
            false,
        );
        if fake_is_link {
            fs::remove_file(&fake).unwrap();
            fs::write(&fake, "4096").unwrap();
        } else {
            findings.same(
                "the image's file",
                fs::read_to_string(&fake).unwrap().as_str(),
                "4096",
            );
        }
    }
    // With its /proc: the parameter is in force, inside only.
    let before = fs::read_to_string("/proc/sys/kernel/shmmni").unwrap();
    let mut config = Config::sh("cat /proc/sys/kernel/shmmni");
    config.linux = r#""sysctl":{"kernel.shmmni":"1234"}"#.to_owned();
    let ended = bait.run(&config);
    findings.same(format!("{ended:?}"), ended.out.as_str(), "1234\n");
    findings.same(
        "the host's",
        fs::read_to_string("/proc/sys/kernel/shmmni").unwrap(),
        before,
    );
    bait.expect_nothing(&mut findings);
}

#[test]
fn the_hosts_parameters_are_refused() {
    const TEST: &str = "attacks::procfs::the_hosts_parameters_are_refused";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("hostparam");
    let mut findings = Findings::default();
    let before = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    for name in [
        "kernel.core_pattern",
        "kernel/core_pattern",
        "kernel.modprobe",
        "net/../kernel/core_pattern",
        "net.//.kernel.core_pattern",
        "fs.mqueue/../../kernel/core_pattern",
        // Of a network namespace, which is the host's here.
        "net.ipv4.ip_forward",
    ] {
        let mut config = Config::of(&["/bin/true"]);
        config.linux = format!(r#""sysctl":{{"{name}":"|/bin/false"}}"#);
        let ended = bait.run(&config);
        findings.same(format!("{name}: {ended:?}"), ended.code == 0, false);
        findings.contains(name, &ended.err, "sysctl");
    }
    findings.same(
        "core_pattern",
        fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap(),
        before,
    );
    bait.expect_nothing(&mut findings);
}
