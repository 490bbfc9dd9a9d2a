//! `casemate seccomp`, every verb, on good and bad input.

use super::support::{Caller, Ended, Findings, Json, Place, finish, is_root, skip};
use std::fs;
use std::io::{BufRead, BufReader, Write, pipe};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A directory that is gone at the end.
struct Desk(PathBuf);

impl Desk {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("casemate-seccomp-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let removed = fs::remove_dir_all(&self.0);
        assert!(removed.is_ok() || std::thread::panicking(), "{removed:?}");
    }
}

fn seccomp(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casemate"));
    command
        .arg("seccomp")
        .args(arguments)
        .stdin(Stdio::null())
        .env_remove("NO_COLOR");
    command
}

fn run(arguments: &[&str]) -> Ended {
    finish(&mut seccomp(arguments))
}

/// The output of a run that went well.
#[track_caller]
fn out(arguments: &[&str]) -> String {
    let ended = run(arguments);
    assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
    ended.out
}

/// What is at the end of a path of keys and places in lists.
#[track_caller]
fn pick(json: &Json, path: &str) -> String {
    let end = path.split(' ').fold(json, |value, step| match value {
        Json::List(items) => &items[step.parse::<usize>().unwrap()],
        value => value.at(&[step]),
    });
    end.to_string()
}

// Permits read, and sockets of one family; what an OCI profile means by it is 64 bits wide.
const OCI: &str = r#"{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    { "names": ["read", "exit_group"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["ioctl"], "action": "SCMP_ACT_ALLOW",
      "args": [{ "index": 1, "value": 21522, "op": "SCMP_CMP_NE" }] }
  ]
}"#;

const POLICY: &str = "\
# A comment.
arch x86_64
kernel 6.18
default errno(EPERM)
newer errno(ENOSYS)
foreign kill
allow read, write(fd in {1, 2}), exit_group
allow socket(family == AF_UNIX)
";

#[test]
fn a_policy_goes_through_every_form_of_a_filter_and_back() {
    let desk = Desk::new("forms");
    let policy = desk.file("mine.policy", POLICY);
    let mut findings = Findings::default();
    for form in ["bpf", "asm", "c", "decimal", "text"] {
        let written = desk.path(&format!("mine.{form}"));
        let made = run(&["compile", &policy, "--to", form, "-o", &written]);
        findings.same(form, (made.code, made.err.as_str()), (0, ""));
        let diff = run(&["diff", &policy, &written]);
        findings.same(format!("diff of {form}"), diff.code, 0);
        findings.contains(form, &diff.out, "equal: ");
        let explained = run(&["explain", &written]);
        findings.same(
            format!("explain of {form}"),
            explained.out,
            out(&["explain", &policy]),
        );
    }
    // Through a pipe, in both byte orders.
    let bytes = fs::read(desk.path("mine.bpf")).unwrap();
    let mut swapped = bytes.clone();
    for instruction in swapped.chunks_mut(8) {
        instruction[..2].reverse();
        instruction[4..].reverse();
    }
    for (name, bytes) in [("little", bytes), ("big", swapped)] {
        let mut child = seccomp(&["list", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        let listed = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        findings.same(
            name,
            listed,
            fs::read_to_string(desk.path("mine.asm")).unwrap(),
        );
    }
    // A filter that somebody made too long becomes short.
    let long = desk.file(
        "long.asm",
        "ld [4]\njeq #0xc000003e, a, b\na: ld [4]\njeq #0xc000003e, c, b\nc: ret #0x7fff0000\nb: ret #0\n",
    );
    findings.same(
        "a long filter",
        out(&["compile", &long, "--to", "asm"]).lines().count(),
        4,
    );
}

#[test]
fn other_programs_policies_are_read_and_written() {
    let desk = Desk::new("foreign");
    let oci = desk.file("profile.json", OCI);
    let mut findings = Findings::default();
    // What each can say of it is told, and never permits more.
    for form in ["oci", "lxc", "minijail", "systemd", "firejail", "appc"] {
        let written = desk.path(&format!("profile.{form}"));
        let made = run(&[
            "compile", &oci, "--arch", "x86_64", "--to", form, "-o", &written,
        ]);
        if made.code == 0 {
            let diff = run(&[
                "diff", "--arch", "x86_64", "--from", form, &written, &written,
            ]);
            findings.same(format!("{form} is read"), diff.code, 0);
            let diff = finish(&mut seccomp(&["diff", "--arch", "x86_64", &oci, &written]));
            findings.lacks(form, &diff.out, "\n+ x86_64");
        } else {
            findings.same(form, made.code, 2);
            findings.contains(form, &made.err, "permits more");
        }
    }
    findings.same(
        "an OCI profile says an OCI profile",
        run(&["diff", "--arch", "x86_64", &oci, &desk.path("profile.oci")]).code,
        0,
    );
    // Capabilities, kernel and architecture of the context.
    let rules = desk.file(
        "rules.json",
        r#"{ "defaultAction": "SCMP_ACT_ERRNO", "archMap": [
              { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"] }],
            "syscalls": [
              { "names": ["chroot"], "action": "SCMP_ACT_ALLOW", "includes": { "caps": ["CAP_SYS_CHROOT"] } },
              { "names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "4.8" } } ] }"#,
    );
    let cases: &[(&[&str], &str, &str)] = &[
        (&[], "chroot(0)", "errno(EPERM)"),
        (&["--cap", "docker"], "chroot(0)", "allow"),
        (&["--cap", "sys_chroot,CAP_KILL"], "chroot(0)", "allow"),
        (&["--cap", "all"], "i386:chroot(0)", "allow"),
        (&["--kernel", "4.4"], "ptrace(0)", "errno(EPERM)"),
        (&["--kernel", "4.8"], "ptrace(0)", "allow"),
    ];
    for (flags, call, answer) in cases {
        let mut line = vec!["eval", rules.as_str(), *call, "--arch", "x86_64,i386"];
        line.extend(*flags);
        findings.contains(
            format!("{flags:?} {call}"),
            &out(&line),
            &format!("): {answer}\n"),
        );
    }
    // Includes count from the file that includes.
    fs::create_dir(desk.0.join("sub")).unwrap();
    desk.file("sub/base.policy", "allow read\n");
    let main = desk.file(
        "sub/main.policy",
        "arch x86_64\ninclude \"base.policy\"\nallow write\n",
    );
    findings.contains("include", &out(&["explain", &main]), "allow read, write\n");
}

#[test]
fn calls_are_evaluated_with_their_path() {
    let desk = Desk::new("eval");
    let policy = desk.file("mine.policy", POLICY);
    let mut findings = Findings::default();
    let cases = [
        ("read(0)", "read(0, 0, 0): allow\n"),
        ("write(2)", "write(2, 0, 0): allow\n"),
        ("write(fd=3)", "write(3, 0, 0): errno(EPERM)\n"),
        (
            "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0)",
            "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0): allow\n",
        ),
        ("socket(AF_INET)", "socket(AF_INET, 0, 0): errno(EPERM)\n"),
        // The kernel drops the upper half, and a policy in Casemate's language means what the kernel reads.
        ("socket(0x100000001)", "socket(0x100000001, 0, 0): allow\n"),
        ("i386:read(0)", "i386:read(0, 0, 0): kill\n"),
        ("x32:read(0)", "x32:read(0, 0, 0): kill\n"),
        ("1023()", "0x3ff(): errno(ENOSYS)\n"),
    ];
    for (call, first) in cases {
        let text = out(&["eval", &policy, call]);
        findings.same(call, text.starts_with(first), true);
        findings.contains(call, &text, "(000) ld       [4]");
        let last = text.trim_end().lines().last().unwrap_or_default();
        findings.contains(call, last, "ret ");
    }
    let both = out(&["eval", &policy, "getpid", "--arch", "x86_64,i386"]);
    findings.contains("both", &both, "\ni386:getpid(): kill\n");
    let json = run(&["eval", &policy, "write(fd=3)", "--format", "json"]).json();
    findings.same("json", pick(&json, "0 answer"), "errno(EPERM)".to_owned());
    findings.same("json", pick(&json, "0 path 0 at"), "0".to_owned());
}

#[test]
fn differences_come_with_witnesses_and_exit_codes() {
    let desk = Desk::new("diff");
    let one = desk.file("one", POLICY);
    let other = desk.file(
        "other",
        POLICY
            .replace("fd in {1, 2}", "fd in {1, 2, 7}")
            .replace("allow socket", "errno(EPERM) write(fd == 9)\n#"),
    );
    let ended = run(&["diff", &one, &other]);
    let mut findings = Findings::default();
    findings.same("differ", ended.code, 1);
    findings.contains(
        "more",
        &ended.out,
        "+ x86_64: write if fd == 7: errno(EPERM) becomes allow\n    for example write(7, 0, 0)\n",
    );
    findings.contains("less", &ended.out, "- x86_64: socket if family == AF_UNIX: allow becomes errno(EPERM)\n    for example socket(AF_UNIX, 0, 0)\n");
    findings.contains(
        "sum",
        &ended.out,
        "more in 1, less in 1, refuses otherwise in 0 ways\n",
    );
    let json = finish(&mut seccomp(&["diff", &one, &other, "--format", "json"]));
    findings.same("json", json.code, 1);
    let json = Json::parse(&json.out);
    findings.same("json", pick(&json, "equal"), "false".to_owned());
    // Each witness is a call to which `eval` gives what the difference says.
    for at in 0..2 {
        let of = |key: &str| pick(&json, &format!("differences {at} {key}"));
        for (file, side) in [(&one, "before"), (&other, "after")] {
            let text = out(&["eval", file, &of("witness")]);
            let answer = of(&format!("{side} answer"));
            findings.contains(format!("witness {at}"), &text, &format!("): {answer}\n"));
        }
    }
    findings.same("equal", run(&["diff", &one, &one]).code, 0);
    findings.same("usage", run(&["diff", &one]).code, 2);
    // The product of two loaded words is out of reach.
    let product = "ld [16]\ntax\nld [24]\nmul x\ntax\nld [32]\nmul x\njeq #12345, a, b\na: ret #0\nb: ret #0x7fff0000\n";
    let hard = desk.file("hard.asm", product);
    let ended = run(&["diff", &hard, &one]);
    findings.same("undecided", ended.code, 3);
    findings.contains("undecided", &ended.err, "undecided");
    // What cannot be decided can still be listed, and tried.
    findings.same("list", run(&["list", &hard]).code, 0);
    findings.contains(
        "eval",
        &out(&["eval", &hard, "read(5, 823, 3)"]),
        ": kill-thread\n",
    );
}

#[test]
fn holes_are_found_and_widths_repaired() {
    let desk = Desk::new("check");
    let oci = desk.file("profile.json", OCI);
    let mut findings = Findings::default();
    let ended = run(&["check", &oci]);
    findings.same("a hole", ended.code, 1);
    findings.contains("wide", &ended.out, "hole: x86_64: ioctl with argument 1");
    findings.contains("refused", &ended.out, "refused ioctl(0, TIOCSTI, 0)\n");
    findings.contains("passes", &ended.out, "passes  ioctl(0, 0x100005412, 0)\n");
    let fixed = desk.path("fixed.policy");
    let ended = run(&["check", "--fix-widths", &oci, "-o", &fixed]);
    findings.same("fixes", ended.code, 0);
    findings.same("is fixed", run(&["check", &fixed]).code, 0);
    findings.contains(
        "the witness no longer passes",
        &out(&["eval", &fixed, "ioctl(0, 0x100005412, 0)"]),
        ": errno(EPERM)\n",
    );
    findings.contains(
        "others still do",
        &out(&["eval", &fixed, "ioctl(0, TCGETS, 0)"]),
        ": allow\n",
    );
    // The same from instructions, and back into a profile.
    let bytes = desk.path("profile.bpf");
    out(&["compile", &oci, "-o", &bytes]);
    let again = desk.path("again.policy");
    findings.same(
        "fixes bytes",
        run(&["check", "--fix-widths", &bytes, "-o", &again]).code,
        0,
    );
    findings.same("are fixed", run(&["check", &again]).code, 0);
    let holes = [
        (
            "ld [0]\njeq #101, a, b\na: ret #0x00050001\nb: ret #0x7fff0000\n",
            "architecture is not checked",
        ),
        (
            "ld [4]\njeq #0xc000003e, x, n\nn: jeq #0x40000003, k, d\nx: ld [0]\njge #0x40000000, d, e\n\
             e: jeq #101, d, k\nk: ret #0x7fff0000\nd: ret #0\n",
            "refused on x86_64, but not by the i386 numbers",
        ),
        (
            "ld [4]\njeq #0xc000003e, a, b\na: ret #0x7fff0000\nret #0x7fff0000\nb: ret #0\n",
            "instructions that no call reaches: 3",
        ),
        (
            "ld [4]\njeq #0xc000003e, a, b\na: ld [16]\nret #0x7fff0000\nb: ret #0\n",
            "not remembered by the kernel",
        ),
        (
            "ld [4]\njeq #0xc000003e, a, b\na: ret #0x7fff0000\nb: ret #0\n",
            "dangerous calls can pass",
        ),
    ];
    for (at, (text, told)) in holes.into_iter().enumerate() {
        let file = desk.file(&format!("{at}.asm"), text);
        findings.contains(format!("hole {at}"), &run(&["check", &file]).out, told);
    }
    findings.same(
        "ordinary",
        out(&["check", "ordinary"]),
        "nothing found\n".to_owned(),
    );
}

#[test]
fn filters_fuse_and_are_counted() {
    let desk = Desk::new("fuse");
    let one = desk.file(
        "one",
        "arch x86_64\ndefault errno(EPERM)\nforeign kill\nallow read, write\n",
    );
    let other = desk.file(
        "other",
        "arch x86_64\ndefault errno(EACCES)\nforeign kill\nallow write, close\n",
    );
    let fused = desk.path("fused.bpf");
    out(&["fuse", &one, &other, "-o", &fused]);
    let mut findings = Findings::default();
    for (call, answer) in [
        ("write", "allow"),
        ("read", "errno(EACCES)"),
        ("close", "errno(EPERM)"),
        // Of two errors that of the filter that was loaded last.
        ("open", "errno(EACCES)"),
        ("i386:write", "kill"),
    ] {
        let text = out(&["eval", &fused, call]);
        findings.same(call, text.contains(&format!("): {answer}\n")), true);
    }
    let same = out(&["fuse", &one, &one, &one, "--to", "asm"]);
    findings.same("copies", same, out(&["compile", &one, "--to", "asm"]));
    let json = run(&[
        "stats", "ordinary", "--arch", "x86_64", "--kernel", "6.18", "--format", "json",
    ])
    .json();
    let number = |key: &str| -> u32 { pick(&json, &format!("surface 0 {key}")).parse().unwrap() };
    findings.same("calls", number("calls"), 383);
    findings.same(
        "all are counted",
        number("permitted") + number("conditional") + number("refused"),
        383,
    );
    findings.same(
        "all that is permitted is remembered",
        number("cached"),
        number("permitted"),
    );
    findings.contains("text", &out(&["stats", &fused]), "instructions (");
}

#[test]
fn the_tables_are_shown() {
    let mut findings = Findings::default();
    let since = out(&["syscalls", "--since", "6.8", "--arch", "x86_64"]);
    findings.contains(
        "mseal",
        &since,
        "  462  6.10     mseal(start, len, flags)\n",
    );
    findings.lacks("read", &since, " read(");
    let json = run(&["syscalls", "ioctl", "--arch", "i386", "--format", "json"]).json();
    findings.same("number", pick(&json, "0 number"), "54".to_owned());
    findings.same(
        "argument",
        pick(&json, "0 arguments 1 name"),
        "cmd".to_owned(),
    );
    let unknown = run(&["syscalls", "opnat"]);
    findings.same("unknown", unknown.code, 2);
    findings.contains("unknown", &unknown.err, "did you mean `openat`?");
}

#[test]
fn bad_input_is_told_with_place_and_suggestion() {
    let desk = Desk::new("bad");
    let long = "ld [4]\n".repeat(4999) + "ret #0\n";
    let cases: Vec<(&str, Vec<u8>, Vec<&str>)> = vec![
        (
            "long.asm",
            long.into(),
            vec!["5000 instructions", "at most 4096"],
        ),
        (
            "jump.asm",
            "ld [4]\njeq #1, 7, 8\nret #0\n".into(),
            vec!["jump.asm: "],
        ),
        (
            "jump.c",
            "{ 0x15, 9, 9, 0x1 },\n{ 0x6, 0, 0, 0 },\n".into(),
            vec!["instruction 0: a jump over 9 instructions leaves the filter"],
        ),
        (
            "end.asm",
            "ld [4]\n".into(),
            vec!["the last instruction is no return"],
        ),
        (
            "code.c",
            "{ 0x28, 0, 0, 0x0 },\n{ 0x6, 0, 0, 0 },\n".into(),
            vec!["instruction 0: the kernel permits no operation 0x0028"],
        ),
        ("offset.asm", "ld [64]\nret #0\n".into(), vec!["offset 64"]),
        ("count.d", "3\n32 0 0 4\n6 0 0 0\n".into(), vec!["3"]),
        (
            "mnemonic.asm",
            "ld [4]\nfrobnicate #1\nret #0\n".into(),
            vec!["mnemonic.asm:2:1: expected an operation"],
        ),
        (
            "odd.bpf",
            vec![0x20, 0, 0, 0, 4, 0, 0, 0, 6],
            vec!["9 bytes are no whole number"],
        ),
        ("garbage.bpf", vec![0xff; 64], vec!["garbage.bpf: "]),
        ("empty", vec![], vec!["the input is empty"]),
        (
            "call.policy",
            "arch x86_64\nallow sokcet\n".into(),
            vec!["call.policy:2:7: ", "did you mean \"socket\"?"],
        ),
        (
            "constant.policy",
            "arch x86_64\nallow socket(family == AF_UNIXX)\n".into(),
            vec!["constant.policy:2:", "did you mean \"AF_UNIX\"?"],
        ),
        (
            "argument.policy",
            "arch x86_64\nallow socket(famly == 1)\n".into(),
            vec!["argument.policy:2:", "did you mean \"family\"?"],
        ),
        (
            "arch.policy",
            "arch x86_46\nallow read\n".into(),
            vec!["arch.policy:1:6: ", "did you mean \"x86_64\"?"],
        ),
        (
            "conflict.policy",
            "arch x86_64\nallow read(fd < 5)\nerrno(EPERM) read(fd < 3)\n".into(),
            vec!["conflict.policy:3:"],
        ),
        (
            "include.policy",
            "arch x86_64\ninclude \"absent\"\n".into(),
            vec!["include.policy:2:", "absent"],
        ),
        (
            "key.json",
            OCI.replace("SCMP_CMP_NE", "SCMP_CMP_NEE").into(),
            vec!["key.json:7:", "SCMP_CMP_NE"],
        ),
        (
            "brace.json",
            OCI.replace("]\n}", "\n").into(),
            vec!["brace.json:"],
        ),
        (
            "bad.lxc",
            "2\nallowlist\nread\nwrite if 1\n".into(),
            vec!["bad.lxc:"],
        ),
    ];
    let mut findings = Findings::default();
    for (name, contents, told) in cases {
        let file = desk.file(name, contents);
        let ended = run(&["explain", &file]);
        findings.same(name, (ended.code, ended.out.as_str()), (2, ""));
        for part in told {
            findings.contains(name, &ended.err, part);
        }
        findings.same(
            format!("{name}: lines"),
            ended.err.lines().count() <= 2,
            true,
        );
    }
    // The kernel would refuse a policy of this size.
    let many: Vec<String> = (0..2500u32)
        .map(|at| {
            let (one, other) = (2000 + 2 * at, 2001 + 2 * at);
            format!("allow x86_64:{one}\nerrno({}) x86_64:{other}\n", at + 1)
        })
        .collect();
    let many = many.concat();
    let file = desk.file("many.policy", format!("arch x86_64\n{many}"));
    let ended = run(&["compile", &file, "-o", "/dev/null"]);
    findings.same("many", ended.code, 2);
    findings.contains("many", &ended.err, "at most 4096");
    let absent = run(&["explain", &desk.path("absent")]);
    findings.same("absent", absent.code, 2);
    findings.contains("absent", &absent.err, "no such file or directory");
    let huge = run(&["explain", "/dev/zero"]);
    findings.same("endless", huge.code, 2);
    findings.contains("endless", &huge.err, "longer than");
}

#[test]
fn the_command_line_is_told_what_is_wrong_with_it() {
    let cases: &[(&[&str], &str)] = &[
        (&[], "a verb is needed"),
        (&["complie"], "did you mean `casemate seccomp compile`?"),
        (&["compile"], "a policy is needed"),
        (
            &["compile", "ordinary", "--to", "systemdd", "-o", "/dev/null"],
            "did you mean `systemd`?",
        ),
        (
            &["compile", "ordinary", "--to", "kafel"],
            "`--to` cannot be `kafel`",
        ),
        (&["compile", "ordinary", "--too"], "did you mean `--to`?"),
        (
            &["explain", "ordinary", "--arch", "x86_46"],
            "did you mean `x86_64`?",
        ),
        (&["explain", "ordinary", "--loss"], "unknown flag `--loss`"),
        (&["eval", "ordinary"], "a filter and a call are needed"),
        (&["eval", "ordinary", "sokcet(1)"], "did you mean `socket`?"),
        (
            &["list", "ordinary", "--to", "oci"],
            "write asm, c or decimal",
        ),
        (
            &["stats", "ordinary", "--kernel", "six"],
            "write a kernel version",
        ),
        (
            &["check", "ordinary", "--cap", "CAP_SYS_ADMN"],
            "did you mean",
        ),
        (&["dump", "nobody"], "no number of a process"),
        (&["dump", "0"], "no number of a process"),
        (&["fuse"], "filters are needed"),
        (&["explain", "ordinary", "more"], "one thing at a time"),
        (&["explain", "pid:0"], "no number of a process"),
    ];
    let mut findings = Findings::default();
    for (line, told) in cases {
        let ended = run(line);
        findings.same(
            format!("{line:?}"),
            (ended.code, ended.out.as_str()),
            (2, ""),
        );
        findings.contains(format!("{line:?}"), &ended.err, told);
    }
    for verb in [
        "compile", "explain", "list", "eval", "diff", "check", "dump", "stats", "syscalls", "fuse",
    ] {
        let help = out(&[verb, "--help"]);
        findings.contains(verb, &help, "Exit codes:\n");
        findings.contains(verb, &help, "Examples:\n");
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure_and_hides_no_answer() {
    let desk = Desk::new("pipe");
    let one = desk.file("one", POLICY);
    let mut findings = Findings::default();
    for (line, code) in [
        (vec!["explain", "ordinary"], 0),
        (vec!["syscalls"], 0),
        (vec!["diff", "ordinary", one.as_str()], 1),
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let output = seccomp(&line)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        findings.same(format!("{line:?}"), output.status.code(), Some(code));
        findings.same(format!("{line:?}"), output.stderr, vec![]);
    }
}

/// Ends and reaps a child that was started here.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        match (self.0.kill(), self.0.wait()) {
            (Ok(()), Ok(_)) => {}
            failed => eprintln!("{failed:?}"),
        }
    }
}

#[test]
fn the_filter_of_a_live_compartment_is_the_ordinary_one() {
    const TEST: &str = "the_filter_of_a_live_compartment_is_the_ordinary_one";
    if !is_root() {
        skip(TEST, "as root, which this is not");
        return;
    }
    let place = Place::new("dumped");
    let mut command = place.command(Caller::Root, &[], &["sh", "-c", "echo ready; read line"]);
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut started = Started(child);
    let mut said = String::new();
    BufReader::new(started.0.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert_eq!(said, "ready\n");
    let inside = filtered(started.0.id()).unwrap();
    let live = format!("pid:{inside}");
    let diff = run(&["diff", &live, "ordinary"]);
    assert_eq!((diff.code, diff.err.as_str()), (0, ""), "{diff:?}");
    assert!(diff.out.starts_with("equal: "), "{diff:?}");
    let desk = Desk::new("live");
    let mut findings = Findings::default();
    for form in ["asm", "bpf", "text", "c"] {
        let file = desk.path(form);
        let dump = run(&[
            "dump",
            &inside.to_string(),
            "--to",
            form,
            "--index",
            "0",
            "-o",
            &file,
        ]);
        findings.same(form, (dump.code, dump.err.as_str()), (0, ""));
        findings.same(
            format!("{form} is equal"),
            run(&["diff", &file, "ordinary"]).code,
            0,
        );
    }
    let beyond = run(&["dump", &inside.to_string(), "--index", "9"]);
    findings.same("beyond", beyond.code, 2);
    findings.contains("beyond", &beyond.err, "has no filter 9");
    findings.contains("no process", &run(&["dump", "2147483647"]).err, "ESRCH");
    // The program goes on.
    findings.same("runs", Path::new(&format!("/proc/{inside}")).exists(), true);
    drop(started);
    let own = run(&["dump", &std::process::id().to_string()]);
    findings.same("without a filter", own.code, 2);
}

// The one below a process that is under a filter: the program itself.
fn filtered(parent: u32) -> Option<u32> {
    let line = format!("PPid:\t{parent}");
    fs::read_dir("/proc").unwrap().find_map(|entry| {
        let process = entry.unwrap().file_name().to_str()?.parse().ok()?;
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        if !status.lines().any(|one| one == line) {
            return None;
        }
        let own = status.contains("\nSeccomp:\t2\n") && status.starts_with("Name:\tsh\n");
        if own {
            Some(process)
        } else {
            filtered(process)
        }
    })
}

#[test]
fn without_privilege_a_dump_says_what_it_takes() {
    const TEST: &str = "without_privilege_a_dump_says_what_it_takes";
    if !is_root() {
        skip(TEST, "as root, which this is not");
        return;
    }
    let place = Place::new("undumped");
    let wall = Caller::User.wall();
    let mut command = Command::new(wall[0]);
    command
        .args(&wall[1..])
        .arg(place.path("casemate"))
        .args(["seccomp", "dump", &std::process::id().to_string()])
        .stdin(Stdio::null());
    let ended = finish(&mut command);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("it takes root on the host"), "{ended:?}");
}
