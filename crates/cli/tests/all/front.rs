//! The front of the program: the command line, help, profiles, and what is shown of them.

use crate::support::Directory;
use std::ffi::OsStr;
use std::fs;
use std::io::pipe;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn casemate<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casemate"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .env_remove("NO_COLOR");
    command
}

fn output(command: &mut Command) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_command_line_that_is_not_understood_says_so_with_its_exit_code() {
    let cases: &[(&[&str], i32, &str)] = &[
        (
            &["run", "--raed", "/x", "--", "true"],
            125,
            "error: unknown flag `--raed`\n   = help: did you mean `--read`?\n",
        ),
        (
            &["run", "--memory", "12Q", "--", "true"],
            125,
            "error: `12Q` is not a size\n  --> --memory\n   = help: write bytes, or a number with K, M, G or T, such as 512M\n",
        ),
        (
            &["run"],
            125,
            "error: no command to run\n   = help: for example `casemate run -- ls`\n",
        ),
        (
            &["run", "--"],
            125,
            "error: no command to run\n   = help: for example `casemate run -- ls`\n",
        ),
        (
            &["run", "--best-effort", "network!", "--", "true"],
            125,
            "error: `--best-effort` cannot be `network!`\n   = help: did you mean `network`?\n",
        ),
        (
            &["run", "--dry-run", "--explain", "--", "true"],
            125,
            "error: `--dry-run` and `--explain` exclude each other\n   = help: keep one of the two\n",
        ),
        (
            &["run", "--listen", "80", "--", "true"],
            125,
            "error: `listen` names ports, but there is no network\n  --> --listen\n   = help: add `--network host`, or `loopback` for a network that nobody else is on\n",
        ),
        (
            &["run", "--profile", "/nonexistent.toml"],
            125,
            "error: cannot read the profile `/nonexistent.toml`: no such file or directory\n",
        ),
        (
            &["run", "--profile", "/"],
            125,
            "error: cannot read the profile `/`: not a regular file\n",
        ),
        (
            &["run", "-p", "/a", "-p", "/b"],
            125,
            "error: `--profile` can be given once\n   = help: write a profile whose `extends` names both\n",
        ),
        (
            &["show", "--explain"],
            2,
            "error: unknown flag `--explain`\n   = help: `casemate show -h` lists the flags; those of the command itself go after `--`\n",
        ),
        (
            &["show", "--format", "yaml"],
            2,
            "error: `--format` cannot be `yaml`\n   = help: write text or json\n",
        ),
        (
            &["rnu"],
            2,
            "error: unknown command `rnu`\n   = help: did you mean `casemate run`?\n",
        ),
        (
            &["ls"],
            2,
            "error: unknown command `ls`\n   = help: to run a program: `casemate run -- ls`\n",
        ),
        (
            &["--read", "/x"],
            2,
            "error: unknown command `--read`\n   = help: a flag goes after its command, as in `casemate run --verbose -- ls`\n",
        ),
        (
            &["help", "rum"],
            2,
            "error: unknown command `rum`\n   = help: did you mean `casemate run`?\n",
        ),
    ];
    for (line, code, message) in cases {
        let (exit, stdout, stderr) = output(&mut casemate(*line));
        assert_eq!(
            (exit, stdout.as_str(), stderr.as_str()),
            (Some(*code), "", *message),
            "{line:?}"
        );
    }
}

#[test]
fn help_and_version_are_data() {
    let cases: &[(&[&str], &str)] = &[
        (&[], "Usage: casemate COMMAND"),
        (&["-h"], "Usage: casemate COMMAND"),
        (&["--help"], "Examples:"),
        (&["help"], "Examples:"),
        (
            &["--version"],
            concat!("casemate ", env!("CARGO_PKG_VERSION"), "\n"),
        ),
        (&["run", "-h"], "Usage: casemate run"),
        (&["run", "--help"], "Exit codes:"),
        (&["help", "run"], "Exit codes:"),
        (&["show", "--read", "/x", "-h"], "Usage: casemate show"),
        (&["generate", "--help"], "Usage: casemate generate"),
    ];
    for (line, contents) in cases {
        let (exit, stdout, stderr) = output(&mut casemate(*line));
        assert_eq!((exit, stderr.as_str()), (Some(0), ""), "{line:?}");
        assert!(stdout.contains(contents), "{line:?}: {stdout}");
    }
}

#[test]
fn what_is_shown_has_its_origin() {
    let directory = Directory::new("origin");
    let profile = directory.file(
        "p.toml",
        b"command = ['a b', 'c']\nmemory = '1G'\n\nread = ['data']\n",
    );
    let profile = profile.to_str().unwrap();
    let line = [
        "show",
        "--profile",
        profile,
        "--processes",
        "5",
        "--no-landlock",
    ];
    let (exit, stdout, stderr) = output(&mut casemate(line));
    assert_eq!((exit, stderr.as_str()), (Some(0), ""));
    let here = directory.0.canonicalize().unwrap();
    let expected = [
        format!("'a b' c  ({profile}:1)"),
        format!("1073741824  ({profile}:2)"),
        format!("read:{}/data", here.display()),
        "5  (--processes)".to_owned(),
        "off  (--no-landlock)".to_owned(),
        "casemate  (default of casemate)".to_owned(),
    ];
    for part in &expected {
        assert!(stdout.contains(part), "{part} is missing in\n{stdout}");
    }
    let (exit, json, _) = output(casemate(line).args(["--format", "json", "--", "true"]));
    assert_eq!(exit, Some(0));
    let parts = [
        "{\n  \"program\": {\n    \"command\": {\n      \"value\": [\n        \"true\"\n      ],\n      \"origin\": \"the command line\"".to_owned(),
        format!("\"memory\": {{\n        \"value\": \"1073741824\",\n        \"stated\": \"set\",\n        \"origin\": \"{profile}:2\"\n      }}"),
    ];
    for part in &parts {
        assert!(json.contains(part), "{part} is missing in\n{json}");
    }
}

#[test]
fn every_facet_is_shown() {
    let (_, stdout, _) = output(&mut casemate(["show"]));
    for facet in casemate_model::Confinement::FACETS {
        assert!(
            stdout.lines().any(|line| line == facet),
            "{facet} is missing in\n{stdout}"
        );
    }
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let bad = ["show", "--read", "*"];
    let cases: &[(&[&str], Option<&str>, bool)] = &[
        (&[], None, false),
        (&["--color", "always"], None, false),
        (&["--color=never"], None, false),
        (&["--color", "always"], Some("1"), false),
    ];
    for (flags, no_color, _) in cases {
        let mut command = casemate(["show"]);
        command.args(*flags);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        let (_, stdout, _) = output(&mut command);
        assert_eq!(
            stdout.contains('\x1b'),
            flags.contains(&"always"),
            "{flags:?} {no_color:?}"
        );
    }
    let (_, _, stderr) = output(&mut casemate(bad));
    assert!(!stderr.contains('\x1b'), "{stderr}");
    let (_, _, stderr) = output(
        casemate(["run", "--color", "always", "--read", "*", "--", "true"]).env("NO_COLOR", "1"),
    );
    assert!(stderr.contains("\x1b[1;31merror\x1b[0m"), "{stderr}");
}

#[test]
fn a_reader_that_leaves_is_no_failure_and_a_full_disk_is_one() {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let gone = casemate(["run", "--help"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(
        (gone.status.code(), gone.stderr.as_slice()),
        (Some(0), &b""[..])
    );
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let full = casemate(["show"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(full.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(full.stderr).unwrap(),
        "error: cannot write to standard output: no space left on device\n"
    );
}

#[test]
fn strange_files_are_refused_quickly() {
    let directory = Directory::new("strange");
    let garbage: Vec<u8> = (0..10 << 20)
        .map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let itself = directory.file("itself.toml", b"extends = 'itself.toml'\n");
    let fifo = directory.0.join("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let link = directory.0.join("link.toml");
    std::os::unix::fs::symlink("itself.toml", &link).unwrap();
    let cases: [(&Path, &str); 6] = [
        (
            &directory.file("garbage.toml", &garbage),
            "profile is larger than 1024 KiB",
        ),
        (&itself, "the profile extends itself"),
        (&link, "the profile extends itself"),
        (&fifo, "not a regular file"),
        (Path::new("/dev/zero"), "not a regular file"),
        (
            &directory.file("missing.toml", b"extends = 'none.toml'\n"),
            "cannot read profile",
        ),
    ];
    for (path, message) in cases {
        let start = Instant::now();
        let (exit, stdout, stderr) = output(
            casemate(["run", "--profile"])
                .arg(path)
                .args(["--", "true"]),
        );
        assert_eq!(
            (exit, stdout.as_str()),
            (Some(125), ""),
            "{}",
            path.display()
        );
        assert!(stderr.contains(message), "{}: {stderr}", path.display());
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{} took {:?}",
            path.display(),
            start.elapsed()
        );
    }
}

#[test]
fn a_deleted_working_directory_is_no_obstacle() {
    let directory = Directory::new("deleted");
    let inside = directory.0.join("inside");
    fs::create_dir(&inside).unwrap();
    let script = format!(
        "cd {0} && rmdir {0} && exec {1} show",
        inside.display(),
        env!("CARGO_BIN_EXE_casemate")
    );
    let (exit, stdout, stderr) = output(Command::new("sh").arg("-c").arg(script));
    assert_eq!((exit, stderr.as_str()), (Some(0), ""));
    assert!(
        stdout.contains("  directory            /  (default of casemate)"),
        "{stdout}"
    );
    let (_, _, stderr) = output(casemate(["show", "--read", "x"]).env_remove("HOME"));
    assert_eq!(stderr, "");
    let (_, _, stderr) = output(casemate(["show", "--read", "~/x"]).env_remove("HOME"));
    assert!(
        stderr.contains("your home directory is not known"),
        "{stderr}"
    );
}

#[test]
fn paths_that_are_not_text_are_kept() {
    use std::os::unix::ffi::OsStrExt;
    let strange = OsStr::from_bytes(b"/srv/\xff*");
    let (exit, _, stderr) = output(casemate(["show", "--read"]).arg(strange));
    assert_eq!(exit, Some(2), "a pattern is refused: {stderr}");
    let (exit, stdout, _) =
        output(casemate(["show", "--read"]).arg(OsStr::from_bytes(b"/srv/\xff")));
    assert_eq!(exit, Some(0));
    assert!(stdout.contains("read:/srv/\u{fffd}"), "{stdout}");
}

#[test]
fn completions_and_pages_are_understood() {
    let directory = Directory::new("generate");
    assert!(
        casemate(["generate"])
            .arg(&directory.0)
            .status()
            .unwrap()
            .success()
    );
    let bash = directory.0.join("completions/casemate.bash");
    let complete = |words: &[&str]| -> Vec<String> {
        let list = words
            .iter()
            .map(|word| format!("'{word}'"))
            .collect::<Vec<_>>()
            .join(" ");
        let script = format!(
            "source {}; COMP_WORDS=({list}); COMP_CWORD={}; _casemate; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            bash.display(),
            words.len() - 1
        );
        let (exit, stdout, stderr) = output(Command::new("bash").args(["--norc", "-c", &script]));
        assert_eq!((exit, stderr.as_str()), (Some(0), ""), "{words:?}");
        stdout.split_whitespace().map(str::to_owned).collect()
    };
    let cases: &[(&[&str], &[&str])] = &[
        (&["casemate", "ru"], &["run"]),
        (&["casemate", "run", "--rea"], &["--read"]),
        (&["casemate", "run", "--no-l"], &["--no-landlock"]),
        (
            &["casemate", "run", "--network", ""],
            &["none", "loopback", "host"],
        ),
        (&["casemate", "run", "--share", "t"], &["time"]),
        (
            &["casemate", "run", "--memory", "1G", "--best-effort", "net"],
            &["network"],
        ),
        (&["casemate", "help", "sh"], &["show"]),
        (&["casemate", "seccomp", "comp"], &["compile"]),
        (
            &["casemate", "seccomp", "check", "--fix"],
            &["--fix-widths"],
        ),
        (
            &["casemate", "seccomp", "compile", "--to", "mini"],
            &["minijail"],
        ),
    ];
    for (words, expected) in cases {
        assert_eq!(complete(words), *expected, "{words:?}");
    }
    assert!(complete(&["casemate", "run", "--", "tru"]).contains(&"true".to_owned()));
    assert!(complete(&["casemate", "run", "--read", "/", "tru"]).contains(&"true".to_owned()));
    for page in fs::read_dir(directory.0.join("docs/man")).unwrap() {
        let page = fs::read_to_string(page.unwrap().path()).unwrap();
        assert!(page.starts_with(".TH CASEMATE"), "{page}");
        // A line that begins with a dot is a request, so each must be one that is known.
        let known = [
            ".TH", ".SH", ".SS", ".TP", ".PP", ".B ", ".BR", ".I ", ".RI", ".RS", ".RE", ".nf",
            ".fi",
        ];
        for line in page.lines().filter(|line| line.starts_with(['.', '\''])) {
            assert!(
                known.iter().any(|request| line.starts_with(request)),
                "{line}"
            );
        }
    }
}
