//! The laboratory itself: that its machine is what the tests that run in it rely on.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as expected, helpers included"
)]

use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

/// Says that a test did not run here; `cargo xtask test` counts these lines.
fn skip(test: &str, reason: &str) {
    let line = format!("SKIP {test}: {reason}\n");
    print!("{line}");
    if let Some(log) = env::var_os("CASEMATE_SKIP_LOG") {
        let mut log = OpenOptions::new()
            .append(true)
            .create(true)
            .open(log)
            .unwrap();
        log.write_all(line.as_bytes()).unwrap();
    }
}

fn lab(arguments: &[&str]) -> Option<Output> {
    if !Path::new("/usr/bin/linux.uml").exists() {
        skip("lab", "Debian's user-mode-linux is not installed");
        return None;
    }
    let xtask = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("lab")
        .args(arguments)
        .output()
        .unwrap();
    Some(xtask)
}

#[test]
fn a_command_comes_back_with_its_output_and_code() {
    let script = "cat /sys/kernel/security/lsm; echo \"$A\" >&2; exit 7";
    let Some(run) = lab(&[
        "--lsm", "apparmor", "--env", "A=it's", "--", "sh", "-c", script,
    ]) else {
        return;
    };
    let (out, err) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert_eq!(run.status.code(), Some(7), "{out}{err}");
    assert_eq!(
        (out.as_ref(), err.as_ref()),
        ("capability,yama,apparmor", "it's\n")
    );
}

#[test]
fn a_machine_that_hangs_is_ended() {
    let Some(run) = lab(&["--timeout", "6", "--", "sleep", "1000"]) else {
        return;
    };
    let err = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(125), "{err}");
    assert!(err.contains("longer than 6 s"), "{err}");
}

/// Runs under the lab's kernel: see docs/testing.md.
mod in_lab {
    use std::fs;

    use super::{env, skip};

    #[test]
    fn cgroup_v2_has_the_controllers() {
        if env::var_os("CASEMATE_LAB").is_none() {
            skip(
                "in_lab::cgroup_v2_has_the_controllers",
                "needs the lab's kernel",
            );
            return;
        }
        let controllers = fs::read_to_string("/sys/fs/cgroup/cgroup.controllers").unwrap();
        assert_eq!(controllers, "cpu io memory pids\n");
        let modules = fs::read_to_string("/sys/kernel/security/lsm").unwrap();
        assert!(modules.ends_with("apparmor"), "{modules}");
    }
}
