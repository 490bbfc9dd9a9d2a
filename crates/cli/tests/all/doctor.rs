//! `casemate doctor` on this machine, and on the same with obstacles put up in namespaces.

use crate::skip;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A directory in which Casemate is installed: the doctor looks for casemate-exec beside casemate.
pub struct Installation(PathBuf);

impl Installation {
    /// Installs into a directory of that name.
    pub fn new(name: &str) -> Self {
        let directory =
            std::env::temp_dir().join(format!("casemate-doctor-{name}-{}", std::process::id()));
        fs::create_dir(&directory).unwrap();
        let installation = Self(directory);
        fs::copy(
            env!("CARGO_BIN_EXE_casemate"),
            installation.0.join("casemate"),
        )
        .unwrap();
        fs::write(installation.exec(), "").unwrap();
        for path in [
            installation.0.clone(),
            installation.exec(),
            installation.0.join("casemate"),
        ] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        installation
    }

    fn exec(&self) -> PathBuf {
        self.0.join("casemate-exec")
    }

    /// Runs the doctor through `wall`, at whose end its path is appended.
    pub fn run(&self, wall: &[&str]) -> Output {
        let mut command = Command::new(wall[0]);
        command
            .args(&wall[1..])
            .arg(self.0.join("casemate"))
            .args(["doctor", "--format", "json"]);
        command.output().unwrap()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// The verdict that the doctor gives for a name, and the whole finding.
pub fn finding(output: &Output, name: &str) -> (String, String) {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let start = text.find(&format!("\"name\": \"{name}\""));
    assert!(start.is_some(), "{name} is not in {output:?}");
    let start = start.unwrap();
    let finding = text[start..].split_once('}').unwrap().0.to_owned();
    let verdict = finding
        .split_once("\"verdict\": \"")
        .unwrap()
        .1
        .split_once('"')
        .unwrap()
        .0;
    (verdict.to_owned(), finding)
}

/// Checks that something stands in the way, and how that is known.
#[track_caller]
pub fn assert_blocked(output: &Output, name: &str, evidence: &str) {
    let (verdict, finding) = finding(output, name);
    assert_eq!(verdict, "blocks", "{finding}");
    assert!(finding.contains(evidence), "{evidence} is not in {finding}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn nothing_stands_in_the_way_here() {
    let installation = Installation::new("here");
    let output = installation.run(&["env"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    fs::remove_file(installation.exec()).unwrap();
    assert_blocked(
        &installation.run(&["env"]),
        "casemate-exec",
        "casemate-exec is not there",
    );
}

#[test]
fn nor_for_an_unprivileged_user() {
    if casemate_sys::ids::geteuid() != 0 {
        return skip(
            "doctor::nor_for_an_unprivileged_user",
            "only root can change to another user",
        );
    }
    let installation = Installation::new("user");
    let output = installation.run(&[
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
    ]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let (verdict, finding) = finding(&output, "subordinate-ids");
    assert_eq!(verdict, "limits", "{finding}");
    assert!(
        finding.contains("/etc/subuid has no line for nobody"),
        "{finding}"
    );
}

#[test]
fn no_user_namespaces_allowed() {
    let script = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\"";
    let output = Installation::new("limit").run(&[
        "unshare",
        "--user",
        "--map-root-user",
        "sh",
        "-c",
        script,
        "sh",
    ]);
    assert_blocked(
        &output,
        "user-namespaces",
        "/proc/sys/user/max_user_namespaces is 0",
    );
}

#[test]
fn unmapped_ids() {
    let output = Installation::new("unmapped").run(&["unshare", "--user"]);
    assert_blocked(
        &output,
        "user-namespaces",
        "/proc/self/uid_map does not have user id 65534",
    );
}

#[test]
fn a_covered_proc() {
    let script = "mount -t tmpfs none /proc/fs && exec \"$@\"";
    let wall = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "--pid",
        "--fork",
        "--mount-proc",
        "sh",
        "-c",
        script,
        "sh",
    ];
    assert_blocked(
        &Installation::new("proc").run(&wall),
        "proc",
        "mounted over parts of it: /proc/fs",
    );
}

#[test]
fn a_chroot() {
    let installation = Installation::new("chroot");
    fs::create_dir(installation.0.join("proc")).unwrap();
    // The program's path is appended, and is another one inside.
    let script = "mount -t proc none \"$0/proc\" && shift && exec chroot \"$0\" /casemate \"$@\"";
    let directory = installation.0.to_str().unwrap();
    let wall = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "--pid",
        "--fork",
        "sh",
        "-c",
        script,
        directory,
    ];
    assert_blocked(
        &installation.run(&wall),
        "user-namespaces",
        "/proc/self/mountinfo has no mount at /",
    );
}

#[test]
fn a_place_without_privilege() {
    let installation = Installation::new("nosuid");
    let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,nosuid \"$0\" && exec \"$@\"";
    let directory = installation.0.to_str().unwrap();
    let output = installation.run(&[
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        script,
        directory,
    ]);
    let (verdict, finding) = finding(&output, "program-mount");
    assert_eq!(verdict, "limits", "{finding}");
    assert!(finding.contains("is mounted nosuid"), "{finding}");
}

#[test]
fn text_is_for_people_and_without_colours_for_a_pipe() {
    let installation = Installation::new("text");
    let run = |arguments: &[&str]| {
        let output = Command::new(installation.0.join("casemate"))
            .arg("doctor")
            .args(arguments)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let (code, text) = run(&[]);
    assert_eq!(code, Some(0));
    assert!(
        text.contains("user-namespaces  ok") && text.contains("casemate run works here"),
        "{text}"
    );
    assert!(!text.contains('\x1b'), "{text}");
    assert!(run(&["--color", "always"]).1.contains("\x1b[32mok"));
    assert_eq!(run(&["--format", "xml"]).0, Some(2));
    assert_eq!(run(&["everything"]).0, Some(2));
    assert_eq!(run(&["--help"]).0, Some(0));
}

/// The doctor leaves nothing behind.
#[test]
fn no_process_remains() {
    let wall = [
        "unshare",
        "--user",
        "--map-root-user",
        "--pid",
        "--fork",
        "--mount-proc",
    ];
    let script = "\"$@\" > /dev/null; echo /proc/[0-9]*";
    let output =
        Installation::new("remains").run(&[&wall[..], &["sh", "-c", script, "sh"]].concat());
    // The shell itself.
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "/proc/1\n");
}
