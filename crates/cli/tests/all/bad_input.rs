//! What people and machines get wrong: each ends at once, with a code of Casemate's own and a word on what and how to go on.

use crate::support::{Caller, Ended, Findings, Place, finish, open_to_all};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

/// Judges a run that must not have started the program.
fn refused(findings: &mut Findings, what: &str, ended: &Ended, code: i32, parts: &[&str]) {
    findings.same(format!("{what}: {ended:?}"), ended.code, code);
    findings.same(format!("{what}: the program ran"), ended.out.as_str(), "");
    findings.lacks(what, &ended.err, "panicked");
    for part in parts {
        findings.contains(what, &ended.err, part);
    }
}

/// Flags and a command, the exit code, and what the message has to name.
type Case = (&'static [&'static str], i32, &'static [&'static str]);

#[test]
fn commands_and_flags() {
    let place = Place::new("bad-flags");
    place.file("desk/data", "no program at all");
    place.file("desk/script", "#!/nowhere/interpreter\n");
    place.file("desk/plain", "");
    fs::set_permissions(place.path("desk/plain"), fs::Permissions::from_mode(0o644)).unwrap();
    place.directory("desk/directory");
    place.directory("desk/hidden");
    symlink("loop", place.path("desk/loop")).unwrap();
    symlink("nowhere", place.path("desk/dangling")).unwrap();
    let cases: &[Case] = &[
        (&[], 125, &["no command to run", "casemate run -- ls"]),
        (&["--"], 125, &["no command to run"]),
        (&["--", ""], 125, &["names no program"]),
        (
            &["--", "no-such-program"],
            127,
            &["no-such-program", "PATH (", "--environment PATH"],
        ),
        (
            &["--", "./no-such-program"],
            127,
            &["/desk/no-such-program", "no such file"],
        ),
        (
            &["--", "/etc/hostname/program"],
            127,
            &["/etc/hostname/program"],
        ),
        (
            &["--", "./plain"],
            126,
            &["/desk/plain", "its mode has no x"],
        ),
        (&["--", "./directory"], 126, &["is a directory"]),
        (&["--", "/dev/null"], 126, &["not a regular file"]),
        (&["--", "./data"], 126, &["/desk/data", "ENOEXEC"]),
        (
            &["--", "./script"],
            127,
            &["/desk/script", "ENOENT", "interpreter"],
        ),
        (&["--", "./loop"], 126, &["/desk/loop"]),
        (
            &["--read", "/no/such/path", "--", "true"],
            125,
            &["/no/such/path does not exist", "--read"],
        ),
        (
            &["--read", "./dangling", "--", "true"],
            125,
            &["desk/dangling"],
        ),
        (&["--write", "./loop", "--", "true"], 125, &["desk/loop"]),
        (&["--read", "", "--", "true"], 125, &["--read"]),
        (
            &["--directory", "/no/such", "--", "true"],
            125,
            &["/no/such"],
        ),
        (
            &["--reed", "/usr", "--", "true"],
            125,
            &["--reed", "--read"],
        ),
        (&["--read"], 125, &["--read"]),
        (
            &["--memory", "much", "--", "true"],
            125,
            &["--memory", "much"],
        ),
        (
            &["--memory", "99999999999999999999G", "--", "true"],
            125,
            &["--memory"],
        ),
        (&["--memory", "-1", "--", "true"], 125, &["--memory"]),
        (&["--processes", "1.5", "--", "true"], 125, &["--processes"]),
        (&["--time", "soon", "--", "true"], 125, &["--time"]),
        (
            &["--open-files", "9:5", "--", "true"],
            125,
            &["--open-files"],
        ),
        (
            &["--keep", "cap_everything", "--", "true"],
            125,
            &["cap_everything"],
        ),
        (
            &["--syscalls", "opne", "--", "true"],
            125,
            &["opne", "open"],
        ),
        (&["--limits", "nosuch=1", "--", "true"], 125, &["nosuch"]),
        (
            &["--network", "internet", "--", "true"],
            125,
            &["internet", "loopback"],
        ),
        (&["--listen", "80", "--", "true"], 125, &["network"]),
        (
            &["--network", "host", "--connect", "70000", "--", "true"],
            125,
            &["70000"],
        ),
        (&["--descriptors", "7", "--", "true"], 125, &["descriptor"]),
        (
            &["--descriptors", "all", "--", "true"],
            125,
            &["descriptors", "name them"],
        ),
        (
            &["--sysctl", "kernel.core_pattern=x", "--", "true"],
            125,
            &["kernel.core_pattern"],
        ),
        (
            &["--best-effort", "everything", "--", "true"],
            125,
            &["everything"],
        ),
        (&["--user", "-1", "--", "true"], 125, &["--user"]),
        (
            &[
                "--hostname",
                "a.name.that.is.far.too.long.for.a.host.as.the.kernel.has.room.for.64.only",
                "--",
                "true",
            ],
            125,
            &["hostname"],
        ),
        (&["--set", "NOVALUE", "--", "true"], 125, &["NOVALUE"]),
        (
            &["--dry-run", "--explain", "--", "true"],
            125,
            &["exclude each other"],
        ),
        (
            &["--profile", "no-such.toml", "--", "true"],
            125,
            &["no-such.toml"],
        ),
        (
            &["--profile", "directory", "--", "true"],
            125,
            &["directory"],
        ),
        (
            &[
                "--profile",
                "/dev/null",
                "--profile",
                "/dev/null",
                "--",
                "true",
            ],
            125,
            &["once"],
        ),
    ];
    for caller in Caller::all("bad_input::commands_and_flags") {
        let mut findings = Findings::default();
        for (words, code, parts) in cases {
            let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
            let ended = finish(&mut place.raw(&caller.wall(), words.iter().copied()));
            refused(
                &mut findings,
                &format!("{caller:?}: {words:?}"),
                &ended,
                *code,
                parts,
            );
        }
    }
}

#[test]
fn profiles() {
    let place = Place::new("bad-profiles");
    let mut findings = Findings::default();
    let noise: Vec<u8> = (0u64..10 << 20)
        .map(|at| (at.wrapping_mul(6_364_136_223_846_793_005) >> 33) as u8)
        .collect();
    let letters: Vec<u8> = noise
        .iter()
        .map(|byte| b"abc[]={}\"'#\n "[usize::from(*byte) % 13])
        .collect();
    let cases: &[(&str, Vec<u8>, &[&str])] = &[
        ("noise", noise, &[]),
        ("letters", letters, &[]),
        ("zeros", vec![0; 10 << 20], &[]),
        ("brackets", vec![b'['; 10 << 20], &[]),
        (
            "one-line",
            [&b"read = [\""[..], &vec![b'x'; 10 << 20], b"\"]"].concat(),
            &[],
        ),
        (
            "itself",
            b"extends = \"itself\"\n".to_vec(),
            &["itself", "extends"],
        ),
        (
            "circle-a",
            b"extends = \"circle-b\"\n".to_vec(),
            &["circle-"],
        ),
        (
            "circle-b",
            b"extends = \"circle-a\"\n".to_vec(),
            &["circle-"],
        ),
        (
            "lost",
            b"extends = \"not-there\"\n".to_vec(),
            &["not-there"],
        ),
        (
            "unknown",
            b"raed = [\"/usr\"]\n".to_vec(),
            &["raed", "read", "unknown:1"],
        ),
        ("type", b"\n\nmemory = []\n".to_vec(), &["memory", "type:3"]),
        (
            "twice",
            b"memory = \"1M\"\nmemory = \"2M\"\n".to_vec(),
            &["twice:2"],
        ),
    ];
    for (name, content, parts) in cases {
        let path = place.path(&format!("desk/{name}"));
        fs::write(&path, content).unwrap();
        open_to_all(&path);
        assert!(!parts.is_empty() || content.len() >= 10 << 20);
    }
    for (name, _, parts) in cases {
        let begun = std::time::Instant::now();
        let ended = place.run(Caller::User, &["--profile", name], &["true"]);
        refused(
            &mut findings,
            name,
            &ended,
            125,
            &[parts, &[*name][..]].concat(),
        );
        // Unoptimised, on a busy machine; what it must not be is quadratic.
        findings.same(
            format!("{name}: quick: {:?}", begun.elapsed()),
            begun.elapsed().as_secs() < 5,
            true,
        );
        findings.same(
            format!("{name}: a short message"),
            ended.err.len() < 4096,
            true,
        );
    }
    // A line on standard input is a profile, too.
    let mut command = place.command(Caller::User, &["--profile", "/dev/stdin"], &["true"]);
    let ended = finish(command.stdin(fs::File::open(place.path("desk/unknown")).unwrap()));
    refused(&mut findings, "standard input", &ended, 125, &["raed"]);
}

/// A wall that puts up an obstacle, and goes on as the caller.
fn obstacle(caller: Caller, script: &str) -> Vec<String> {
    let map: &[&str] = if crate::support::is_root() {
        &[]
    } else {
        &["--map-root-user"]
    };
    let script = format!("{script}; exec \"$@\"");
    let unshare = ["unshare", "--mount", "--propagation", "private"];
    let shell = ["sh", "-ec", &script, "sh"];
    [&unshare[..], map, &shell, &caller.wall()]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[test]
fn hosts_that_lack_something() {
    let place = Place::new("bad-hosts");
    let id = Caller::User.id();
    let ranges = place.file("ranges", &format!("{id}:100000:65536\nroot:100000:65536\n"));
    let ranges = format!(
        "for f in subuid subgid; do mount --bind {} /etc/$f; done",
        ranges.display()
    );
    let tools = "for f in newuidmap newgidmap; do mount --bind /dev/null /usr/bin/$f; done";
    let cases: [(&str, &[&str], &[&str]); 5] = [
        (
            "mount -t tmpfs none /proc",
            &[],
            &["/proc has to be mounted"],
        ),
        ("mount -t tmpfs none /dev", &[], &["/dev/"]),
        (
            "mount -t tmpfs none /sys",
            &["--memory", "64M"],
            &["memory", "--best-effort resources"],
        ),
        (
            "mount --bind /dev/null /etc/subuid",
            &["--ids", "range"],
            &["/etc/subuid", "ids"],
        ),
        ("", &["--ids", "range"], &["newuidmap"]),
    ];
    for caller in Caller::all("bad_input::hosts_that_lack_something") {
        let mut findings = Findings::default();
        for (script, flags, parts) in &cases {
            let script = if script.is_empty() {
                format!("{ranges}; {tools}")
            } else {
                (*script).to_owned()
            };
            // Root maps ids without help.
            if caller == Caller::Root && parts.contains(&"newuidmap") {
                continue;
            }
            let wall = obstacle(caller, &script);
            let wall: Vec<&str> = wall.iter().map(String::as_str).collect();
            let ended = finish(&mut place.behind(&wall, flags, &["true"]));
            refused(
                &mut findings,
                &format!("{caller:?}: {script}"),
                &ended,
                125,
                parts,
            );
        }
        // No user namespaces: as a limit of the namespace that this one is in.
        let script = "echo 0 >/proc/sys/user/max_user_namespaces; exec \"$@\"";
        let wall = [
            &caller.wall()[..],
            &["unshare", "--map-root-user", "sh", "-ec", script, "sh"],
        ]
        .concat();
        let ended = finish(&mut place.behind(&wall, &[], &["true"]));
        refused(
            &mut findings,
            "no user namespaces",
            &ended,
            125,
            &["namespaces", "ENOSPC", "casemate doctor"],
        );
        // The working directory is gone.
        let script = "mkdir $0 && cd $0 && rmdir $0 && exec \"$@\"";
        let gone = format!("/tmp/casemate-gone-{}", std::process::id());
        let wall = [&["sh", "-ec", script, &gone][..], &caller.wall()].concat();
        let ended = finish(&mut place.behind(&wall, &[], &["pwd"]));
        findings.same(
            format!("{caller:?}: {ended:?}"),
            (ended.code, ended.out.as_str()),
            (0, "/\n"),
        );
        let ended = finish(&mut place.behind(&wall, &[], &["./program"]));
        refused(
            &mut findings,
            "a program of it",
            &ended,
            125,
            &["the working directory is gone"],
        );
    }
}

/// The disk is full when the report is written: the program has run, its code counts, and nothing half is left.
#[test]
fn no_room_for_the_report() {
    let place = Place::new("full");
    let tiny = place.directory("desk/tiny");
    let tiny = tiny.to_str().unwrap();
    for caller in Caller::all("bad_input::no_room_for_the_report") {
        let mut findings = Findings::default();
        let script = format!(
            "mount -t tmpfs -o size=4k,mode=777 none {tiny}; echo x >{tiny}/fill; \"$@\"; code=$?; ls {tiny}; exit $code"
        );
        let mut wall = vec!["unshare", "--mount", "--propagation", "private"];
        if !crate::support::is_root() {
            wall.push("--map-root-user");
        }
        wall.extend(["sh", "-c", &script, "sh"]);
        wall.extend(caller.wall());
        for report in ["tiny/report", "/dev/full"] {
            let flags = ["--quiet", "--report", report];
            let ended = finish(&mut place.behind(&wall, &flags, &["sh", "-c", "exit 3"]));
            findings.same(format!("{caller:?}: {ended:?}"), ended.code, 3);
            findings.same(
                format!("{caller:?}: {report}"),
                ended.out.as_str(),
                "fill\n",
            );
            let message = format!("cannot write the report {report}: No space left on device");
            findings.contains(format!("{caller:?}"), &ended.err, &message);
        }
        let flags = ["--report", "/no/such/directory/report"];
        let ended = place.run(caller, &flags, &["echo"]);
        let parts = ["cannot write the report /no/such/directory/report"];
        refused(&mut findings, "no directory", &ended, 125, &parts);
    }
}

/// Any of the three may be closed: the program has nothing else in their places, and its code is passed on.
#[test]
fn closed_streams() {
    let place = Place::new("closed");
    let seen = place.directory("seen");
    fs::set_permissions(&seen, fs::Permissions::from_mode(0o777)).unwrap();
    let seen = seen.to_str().unwrap();
    for caller in Caller::all("bad_input::closed_streams") {
        let mut findings = Findings::default();
        for closed in 0..8 {
            let close: Vec<&str> = [" 0>&-", " 1>&-", " 2>&-"]
                .into_iter()
                .enumerate()
                .filter_map(|(fd, close)| (closed & 1 << fd != 0).then_some(close))
                .collect();
            let close = close.concat();
            let script = format!("exec \"$@\"{close}");
            let wall = [&["sh", "-c", &script, "sh"][..], &caller.wall()].concat();
            let file = format!("{seen}/{caller:?}-{closed}");
            let inside = format!(
                "seen=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo \"$seen\" >{file}; exit 5"
            );
            let ended =
                finish(&mut place.behind(&wall, &["--write", seen], &["sh", "-c", &inside]));
            findings.same(format!("{caller:?}:{close}: {ended:?}"), ended.code, 5);
            let links = fs::read_to_string(&file).unwrap_or_default();
            let links: Vec<&str> = links
                .lines()
                .map(|link| link.split(':').next().unwrap())
                .collect();
            let expected: Vec<&str> = (0..3)
                .map(|fd| {
                    if closed & 1 << fd != 0 || fd == 0 {
                        "/dev/null"
                    } else {
                        "pipe"
                    }
                })
                .collect();
            findings.same(format!("{caller:?}:{close}"), links, expected);
            // A failure has a code even where nobody can be told.
            let ended = finish(&mut place.behind(&wall, &["--read", "/no/such"], &["true"]));
            findings.same(format!("{caller:?}:{close}: {ended:?}"), ended.code, 125);
        }
    }
}

#[test]
fn large_inputs() {
    let place = Place::new("large");
    for caller in Caller::all("bad_input::large_inputs") {
        let mut findings = Findings::default();
        let many: Vec<String> = (0..2000).map(|at| format!("{at:0>100}")).collect();
        let long = "x".repeat(127 << 10);
        let count = ["sh", "-c", "echo $# ${#1}", "sh"];
        for (words, expected) in [
            (
                many.iter().map(String::as_str).collect::<Vec<_>>(),
                "2000 100\n",
            ),
            (vec![long.as_str()], "1 130048\n"),
            (vec!["", "", ""], "3 0\n"),
        ] {
            let ended = place.run(caller, &[], &[&count[..], &words].concat());
            findings.same(
                format!("{caller:?}: {} {}", ended.code, ended.err),
                ended.out.as_str(),
                expected,
            );
        }
        // Arguments may take a quarter of the stack.
        let words: Vec<&str> = many.iter().chain(&many).map(String::as_str).collect();
        let ended = place.run(
            caller,
            &["--limits", "stack=1M"],
            &[&["echo"][..], &words].concat(),
        );
        refused(&mut findings, "E2BIG", &ended, 126, &["E2BIG", "/echo"]);
        // The kernel takes at most 6 MiB, and that only with an unlimited stack.
        let script = "ulimit -s unlimited; x=$(head -c 130000 /dev/zero | tr '\\0' x); i=0
            while [ $i -lt 40 ]; do export BIG_$i=$x; i=$((i+1)); done; exec \"$@\"";
        let wall = [&["sh", "-ec", script, "sh"][..], &caller.wall()].concat();
        for (flags, expected) in [(&[][..], "0\n"), (&["--environment", "all"], "40\n")] {
            let ended =
                finish(&mut place.behind(&wall, flags, &["sh", "-c", "env | grep -c ^BIG"]));
            findings.same(
                format!("{caller:?}: {flags:?}: {}", ended.err),
                ended.out.as_str(),
                expected,
            );
        }
    }
}

#[test]
fn names_that_are_no_words() {
    let place = Place::new("names");
    let names: [&[u8]; 7] = [
        b"with space",
        b"new\nline",
        b"\xff\xfe",
        b"-dash",
        b"$HOME;`id`",
        b"tab\tquote'\"\\",
        b"%n%s",
    ];
    for name in names {
        let directory = place.path("desk").join(OsStr::from_bytes(name));
        fs::create_dir(&directory).unwrap();
        open_to_all(&directory);
        fs::write(directory.join("file"), "content").unwrap();
    }
    for caller in Caller::all("bad_input::names_that_are_no_words") {
        let mut findings = Findings::default();
        for name in names {
            let path: OsString = place.path("desk").join(OsStr::from_bytes(name)).into();
            let mut file = path.clone();
            file.push("/file");
            // The one letter with a meaning in a path: it lets a name begin with ~ or $.
            let escaped = path
                .as_bytes()
                .split(|byte| *byte == b'\\')
                .collect::<Vec<_>>()
                .join(&b"\\\\"[..]);
            let escaped = OsString::from_vec(escaped);
            for flag in ["--read", "--run", "--directory"] {
                let words = [
                    OsStr::new(flag),
                    &escaped,
                    OsStr::new("--"),
                    OsStr::new("cat"),
                    &file,
                ];
                let ended = finish(&mut place.raw(&caller.wall(), words));
                findings.same(
                    format!("{caller:?}: {flag} {}: {ended:?}", name.escape_ascii()),
                    (ended.code, ended.out.as_str()),
                    (0, "content"),
                );
            }
            // In the plan, in arguments, in the environment.
            let words = ["--hide"]
                .map(OsStr::new)
                .into_iter()
                .chain([escaped.as_os_str()]);
            let command = [
                "--",
                "sh",
                "-c",
                "ls \"$0\"; printf %s \"$1\" | cmp - /dev/fd/3 3<<E\n$1\nE\n",
            ];
            let words = words
                .chain(command.map(OsStr::new))
                .chain([path.as_os_str(), OsStr::from_bytes(name)]);
            let ended = finish(&mut place.raw(&caller.wall(), words));
            findings.same(
                format!("{caller:?}: hidden {}: {ended:?}", name.escape_ascii()),
                ended.out.as_str(),
                "",
            );
        }
        let ended = finish(
            place
                .command(
                    caller,
                    &["--environment", "ODD"],
                    &["sh", "-c", "printf %s \"$ODD\" | wc -c"],
                )
                .env("ODD", OsStr::from_bytes(b"\xff\n ")),
        );
        findings.same(format!("{caller:?}: {ended:?}"), ended.out.trim(), "3");
    }
}

#[test]
fn grants_within_grants_and_through_links() {
    let place = Place::new("links");
    place.directory("desk/tree/below/deep");
    place.directory("desk/tree/secret");
    place.file("desk/tree/secret/file", "hunter2");
    place.file("desk/tree/below/file", "below");
    for name in ["desk/tree", "desk/tree/below", "desk/tree/below/deep"] {
        fs::set_permissions(place.path(name), fs::Permissions::from_mode(0o777)).unwrap();
    }
    symlink("tree", place.path("desk/link")).unwrap();
    symlink(place.path("desk/link"), place.path("desk/second")).unwrap();
    let path = |name: &str| place.text(&format!("desk/{name}"));
    let [tree, below, deep, secret, link, second] = [
        "tree",
        "tree/below",
        "tree/below/deep",
        "tree/secret",
        "link",
        "second",
    ]
    .map(path);
    for caller in Caller::all("bad_input::grants_within_grants_and_through_links") {
        let mut findings = Findings::default();
        let cases: &[(&[&str], &str, i32)] = &[
            (
                &["--write", &tree, "--read", &below],
                "touch $0/tree/x && ! touch $0/tree/below/x 2>/dev/null",
                0,
            ),
            (
                &["--read", &tree, "--write", &below],
                "touch $0/tree/below/x && ! touch $0/tree/x 2>/dev/null",
                0,
            ),
            (
                &["--write", &tree, "--read", &below, "--write", &deep],
                "touch $0/tree/below/deep/x && ! touch $0/tree/below/x 2>/dev/null",
                0,
            ),
            (
                &["--write", &tree, "--hide", &secret],
                "touch $0/tree/x && [ -z \"$(ls $0/tree/secret)\" ] && ! cat $0/tree/secret/file 2>/dev/null",
                0,
            ),
            (
                &["--read", &link],
                "cat $0/link/below/file && cat $0/tree/below/file",
                0,
            ),
            (
                &["--write", &second],
                "touch $0/second/x && touch $0/tree/x",
                0,
            ),
            (
                &["--read", &tree, "--read", &tree, "--read", &link],
                "cat $0/link/below/file",
                0,
            ),
            (
                &["--read", "/", "--temporary", "/tmp=none", "--hide", &secret],
                "ls /proc/self >/dev/null && ls $0/tree/below && ! cat $0/tree/secret/file 2>/dev/null",
                0,
            ),
            (
                &["--directory", &below],
                "[ \"$(pwd)\" = $0/tree/below ] && cat file",
                0,
            ),
        ];
        for (flags, script, code) in cases {
            // A file of the other caller cannot be touched.
            let script = script.replace("/x", &format!("/{caller:?}"));
            let command = ["sh", "-c", &script, &place.text("desk")];
            let mut run = place.command(caller, flags, &command);
            // Not the directory of the grants, which would be granted too.
            let ended = finish(run.current_dir("/"));
            findings.same(
                format!("{caller:?}: {flags:?}: {script}: {ended:?}"),
                ended.code,
                *code,
            );
            findings.lacks(format!("{caller:?}: {flags:?}"), &ended.out, "hunter2");
        }
        let flags = ["--write", &tree, "--hide", &below, "--write", &deep];
        let ended = place.run(caller, &flags, &["true"]);
        refused(
            &mut findings,
            "a grant below what is hidden",
            &ended,
            125,
            &[&deep, "hidden"],
        );
        // The directory that one is in is granted, unless it would say too much.
        for (directory, home, script, code) in [
            ("/", "home", "ls / && ! ls /var 2>/dev/null", 0),
            ("desk", "desk", "! cat tree/below/file 2>/dev/null", 0),
            ("desk", "desk/tree", "! cat tree/below/file 2>/dev/null", 0),
            ("desk", "home", "cat tree/below/file", 0),
        ] {
            let mut run = place.command(caller, &["--quiet"], &["sh", "-c", script]);
            let ended = finish(
                run.current_dir(place.path(directory))
                    .env("HOME", place.path(home)),
            );
            findings.same(
                format!("{caller:?}: in {directory}, home {home}: {ended:?}"),
                ended.code,
                code,
            );
        }
    }
}

/// Whoever takes the output stops reading.
#[test]
fn broken_pipes() {
    let place = Place::new("pipes");
    let mut findings = Findings::default();
    for command in [
        "run --help",
        "run --dry-run -- true",
        "show",
        "doctor",
        "run -- yes",
    ] {
        let script = format!(
            "{{ {} {command}; echo code $? >&2; }} | true",
            place.text("casemate")
        );
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &script])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir(place.path("desk"));
        let ended = finish(&mut shell);
        findings.lacks(command, &ended.err, "panicked");
        findings.contains(command, &ended.err, "code ");
    }
}
