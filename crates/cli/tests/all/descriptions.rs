//! `show`, `convert`, `diff` and `compare` on files and live processes.

use crate::support::Directory;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn casemate(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_casemate"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A program in a compartment; both are gone when the test ends.
struct Running {
    launcher: Child,
    pid: u32,
}

impl Running {
    fn new(flags: &[&str], mark: &str) -> Self {
        let mut running = Self {
            launcher: Command::new(env!("CARGO_BIN_EXE_casemate"))
                .arg("run")
                .args(flags)
                .args(["--", "sh", "-c", "read line", mark])
                .stdin(Stdio::piped())
                .spawn()
                .unwrap(),
            pid: 0,
        };
        let until = Instant::now() + Duration::from_secs(20);
        while running.pid == 0 {
            assert!(Instant::now() < until, "the program does not start");
            running.pid = find(mark).unwrap_or(0);
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The shell ends with its input.
        drop(self.launcher.stdin.take());
        self.launcher.wait().unwrap();
    }
}

fn find(mark: &str) -> Option<u32> {
    let program = |line: &[u8]| {
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        words.first() == Some(&b"sh".as_slice()) && words.get(3) == Some(&mark.as_bytes())
    };
    fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let pid = entry.file_name().to_str()?.parse().ok()?;
        program(&line).then_some(pid)
    })
}

#[test]
fn a_live_compartment_is_as_its_profile_says() {
    let directory = Directory::new("live");
    let profile = directory.0.join("quiet.toml");
    let text =
        "command = [\"sh\"]\nnetwork = \"loopback\"\nmemory = \"64M\"\nkeep = [\"net_raw\"]\n";
    fs::write(&profile, text).unwrap();
    let mark = format!("casemate-live-{}", std::process::id());
    let running = Running::new(
        &[
            "--network",
            "loopback",
            "--memory",
            "64M",
            "--keep",
            "net_raw",
        ],
        &mark,
    );
    let pid = format!("pid:{}", running.pid);
    let (exit, shown, stderr) = casemate(&["show", &pid]);
    assert_eq!((exit, stderr.as_str()), (Some(0), ""), "{shown}");
    for (name, value) in [
        ("pid", "new"),
        ("bounding", "net_raw"),
        ("no_new_privs", "on"),
        ("reach", "loopback"),
        ("root", "none"),
        ("proc", "own"),
    ] {
        let expected = format!("  {name:20} {value}  (/proc/");
        assert!(shown.contains(&expected), "{name} is not {value}:\n{shown}");
    }
    // What the host's cgroups do not enforce for this caller is told when it is launched.
    let profile = profile.to_str().unwrap();
    let (_, told, stderr) = casemate(&["diff", profile, &pid, "--format", "json"]);
    assert_eq!(stderr, "");
    for equal in [
        "ids.uid",
        "namespaces.net",
        "capabilities.bounding",
        "capabilities.effective",
        "syscalls.filter",
        "files.temporary",
        "files.proc",
        "devices.nodes",
        "network.reach",
    ] {
        assert!(!told.contains(&format!("\"{equal}\"")), "{equal}: {told}");
    }
    // The other way round nothing of what is enforced is looser.
    let (exit, json, _) = casemate(&["show", &pid, "--format", "json"]);
    assert_eq!(exit, Some(0));
    assert!(json.contains("\"workloads\""), "{json}");
}

#[test]
fn a_difference_has_its_direction_and_its_exit_code() {
    let directory = Directory::new("differences");
    let write = |name: &str, text: &str| {
        let path = directory.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let tight = write("tight.toml", "command = [\"true\"]\n");
    let loose = write(
        "loose.toml",
        "command = [\"true\"]\nnetwork = \"host\"\nconnect = [443]\n",
    );
    let (exit, text, _) = casemate(&["diff", &tight, &tight]);
    assert_eq!(exit, Some(0));
    assert!(
        text.ends_with("no difference in what is known of both\n"),
        "{text}"
    );
    let (exit, text, _) = casemate(&["diff", &tight, &loose]);
    assert_eq!(exit, Some(1));
    assert!(
        text.contains("  reach: the second permits more\n"),
        "{text}"
    );
    assert!(
        text.contains("the second permits all of the first"),
        "{text}"
    );
    let (exit, text, _) = casemate(&["diff", "--no-more", &loose, &tight]);
    assert_eq!(exit, Some(0), "{text}");
    assert!(text.contains("permits no more than the first"), "{text}");
    let (exit, _, _) = casemate(&["diff", "--no-more", &tight, &loose]);
    assert_eq!(exit, Some(1));
}

#[test]
fn nothing_is_written_looser_unless_that_is_asked_for() {
    let directory = Directory::new("written");
    let profile = directory.0.join("a.toml");
    fs::write(&profile, "command = [\"true\"]\n").unwrap();
    let profile = profile.to_str().unwrap();
    let (exit, out, stderr) = casemate(&["convert", profile, "--to", "oci"]);
    assert_eq!((exit, out.as_str()), (Some(2), ""));
    assert!(
        stderr.contains("mac.landlock: on cannot be said"),
        "{stderr}"
    );
    assert!(stderr.contains("= help: --allow-loss"), "{stderr}");
    // Each loss stands on a line of its own.
    assert!(
        stderr
            .lines()
            .any(|line| line.starts_with("  mac.landlock: on cannot be said")),
        "{stderr}"
    );
    let target = directory.0.join("config.json");
    let (exit, _, stderr) = casemate(&[
        "convert",
        profile,
        "--to",
        "oci",
        "--allow-loss",
        "--output",
        target.to_str().unwrap(),
    ]);
    assert_eq!(exit, Some(0), "{stderr}");
    assert!(stderr.contains("LOOSER: mac.landlock"), "{stderr}");
    assert!(
        fs::read_to_string(&target)
            .unwrap()
            .contains("\"ociVersion\"")
    );
    let (exit, text, _) = casemate(&["convert", profile, "--to", "profile"]);
    assert_eq!(exit, Some(0));
    assert!(text.contains("command = [\"true\"]"), "{text}");
}

#[test]
fn inputs_that_are_not_there_or_not_understood_say_so() {
    let directory = Directory::new("inputs");
    let strange = directory.0.join("strange.txt");
    fs::write(&strange, "nothing that anybody reads\n").unwrap();
    let strange = strange.to_str().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["show", "pid:0"], "`0` is no number of a process"),
        (&["show", "pid:4194999"], "there is no process 4194999"),
        (
            &["show", "docker:no-such-container"],
            "docker has no container no-such-container",
        ),
        (&["show", strange], "looks like no format that is read here"),
        (&["convert", strange, "--to", "ocii"], "did you mean `oci`?"),
        (&["convert", strange], "`--to` is needed"),
        (&["diff", strange], "two inputs are needed"),
        (
            &["show", "--engine", "dokcer", strange],
            "did you mean `docker",
        ),
        (&["compare", "bubblwrap"], "did you mean `bubblewrap`?"),
    ];
    for (arguments, expected) in cases {
        let (exit, _, stderr) = casemate(arguments);
        assert_eq!(exit, Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
}

#[test]
fn runtimes_are_compared_live() {
    let (exit, text, stderr) = casemate(&["compare", "casemate", "unshare"]);
    assert_eq!((exit, stderr.as_str()), (Some(0), ""), "{text}");
    let first = Path::new("/proc/self/ns/user");
    assert!(first.exists());
    assert!(text.contains("casemate: casemate run PROGRAM\n"), "{text}");
    let calls = text.split("system calls\n").nth(1).unwrap_or("");
    let calls = calls.lines().find(|line| line.contains("casemate"));
    let permitted = calls.unwrap_or("").trim().split(' ').next().unwrap_or("");
    assert!(
        permitted.parse::<u32>().is_ok_and(|count| count > 200),
        "{text}"
    );
}
