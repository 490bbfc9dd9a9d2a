//! `casemate doctor` under another kernel, Debian's: its switch for user namespaces, and cgroups of version 2 alone.

use crate::doctor::{Installation, assert_blocked, finding};
use crate::skip;
use std::fs;
use std::process::{Command, Output};

const NOBODY: [&str; 4] = [
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
];

fn is_lab(test: &str) -> bool {
    let is_lab = std::env::var_os("CASEMATE_LAB").is_some();
    if !is_lab {
        skip(test, "needs the lab's kernel");
    }
    is_lab
}

/// Runs a script, and the doctor as nobody where it says `"$@"`.
fn scripted(installation: &Installation, script: &str) -> Output {
    installation.run(&[&["sh", "-ec", script, "sh"], &NOBODY[..]].concat())
}

#[test]
fn debians_switch() {
    if !is_lab("in_lab::debians_switch") {
        return;
    }
    let installation = Installation::new("switch");
    let file = "/proc/sys/kernel/unprivileged_userns_clone";
    let output = scripted(&installation, &format!("echo 0 > {file}; \"$@\""));
    assert_blocked(&output, "user-namespaces", &format!("{file} is 0"));
    let output = scripted(
        &installation,
        "sysctl -qw kernel.unprivileged_userns_clone=1; \"$@\"",
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// The advice for a user without systemd is a command that works.
#[test]
fn delegation_of_cgroups() {
    if !is_lab("in_lab::delegation_of_cgroups") {
        return;
    }
    let installation = Installation::new("delegation");
    let before = scripted(&installation, "\"$@\"");
    let (verdict, found) = finding(&before, "cgroups");
    assert_eq!(verdict, "limits", "{found}");
    let remedy = found
        .split_once("for PID: ")
        .unwrap()
        .1
        .rsplit_once('"')
        .unwrap()
        .0;
    let script = format!("{}; \"$@\"", remedy.replace("PID", "$$"));
    let after = scripted(&installation, &script);
    let (verdict, found) = finding(&after, "cgroups");
    assert_eq!(verdict, "ok", "{found} after {script}");
    assert!(
        found.contains("memory, pids, cpu: in /sys/fs/cgroup/user-65534"),
        "{found}"
    );
    // And the user can do there what is promised.
    let make = "g=/sys/fs/cgroup/user-65534/one; mkdir $g; echo 100M > $g/memory.max; echo 10 > $g/pids.max; \
                echo $$ > $g/cgroup.procs; grep -q user-65534/one /proc/self/cgroup";
    let entering = format!(
        "echo $$ > /sys/fs/cgroup/user-65534/shell/cgroup.procs; {} sh -ec '{make}'",
        NOBODY.join(" ")
    );
    let done = Command::new("sh")
        .args(["-ec", &entering])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    fs::remove_dir("/sys/fs/cgroup/user-65534/one").unwrap();
    fs::remove_dir("/sys/fs/cgroup/user-65534/shell").unwrap();
    fs::remove_dir("/sys/fs/cgroup/user-65534").unwrap();
}

/// In a container's cgroup namespace the topmost group has processes; the advice is to move them.
#[test]
fn topmost_group_of_a_container() {
    if !is_lab("in_lab::topmost_group_of_a_container") {
        return;
    }
    let installation = Installation::new("container");
    let group = "/sys/fs/cgroup/container";
    let enter = format!(
        "mkdir -p {group}; echo '+cpu +memory +pids' > /sys/fs/cgroup/cgroup.subtree_control; \
         echo $$ > {group}/cgroup.procs; exec unshare --mount --cgroup sh -ec \"$0\" sh \"$@\""
    );
    let inside = "umount /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; ";
    let run = |script: &str| installation.run(&["sh", "-ec", &enter, &format!("{inside}{script}")]);
    let (verdict, found) = finding(&run("\"$@\""), "cgroups");
    assert_eq!(verdict, "limits", "{found}");
    assert!(found.contains("is the topmost group in sight"), "{found}");
    let remedy = found
        .split_once("of their own: ")
        .unwrap()
        .1
        .rsplit_once('"')
        .unwrap()
        .0;
    let (verdict, found) = finding(&run(&format!("{remedy}; \"$@\"")), "cgroups");
    assert_eq!(verdict, "ok", "{found}");
    fs::remove_dir(format!("{group}/init")).unwrap();
    fs::remove_dir(group).unwrap();
}

#[test]
fn settings_that_only_a_whole_kernel_has() {
    if !is_lab("in_lab::settings_that_only_a_whole_kernel_has") {
        return;
    }
    let installation = Installation::new("settings");
    let cases = [
        (
            "kernel.core_pattern='|/bin/true %p'",
            "kernel.core_pattern=core",
            "core-dumps",
        ),
        (
            "kernel.yama.ptrace_scope=2",
            "kernel.yama.ptrace_scope=0",
            "ptrace-scope",
        ),
    ];
    for (setting, normal, name) in cases {
        let output = scripted(
            &installation,
            &format!("sysctl -qw {setting}; \"$@\"; sysctl -qw {normal}"),
        );
        assert_eq!(finding(&output, name).0, "limits", "{setting}");
        assert_eq!(
            finding(&scripted(&installation, "\"$@\""), name).0,
            "ok",
            "{normal}"
        );
    }
}
