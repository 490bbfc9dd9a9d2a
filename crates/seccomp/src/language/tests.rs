use super::*;
use casemate_model::names::Arch;
use casemate_model::order::{Permission, Relation};
use casemate_model::syscalls::diagram::Diagrams;

fn same(left: &SyscallPolicy, right: &SyscallPolicy) -> bool {
    let mut diagrams = Diagrams::new();
    left.diagram(&mut diagrams, &Arch::ALL) == right.diagram(&mut diagrams, &Arch::ALL)
        && left.flags == right.flags
}

const EXAMPLE: &str = r#"
arch x86_64, aarch64
kernel 6.18
default errno(EPERM)
newer errno(ENOSYS)
foreign kill
flags log, spec-allow
include "base.policy"
const MINE = AF_UNIX
group @files = openat, read, write, close
allow @files, futex
allow socket(family in {MINE, AF_INET, AF_INET6}, type & ~SOCK_FLAGS == SOCK_STREAM)
errno(EAFNOSUPPORT) socket(otherwise)
allow ioctl(cmd not in {TIOCSTI, TIOCLINUX})
allow personality(0..8)
allow x86_64:arch_prctl
errno(ENOSYS) x86_64:1024..2047
prctl {
    option == PR_SET_NAME: allow
    option raw64 == 15: log; option < -1: trap(3)
    otherwise: errno(EINVAL)
}
"#;

fn example() -> SyscallPolicy {
    read(EXAMPLE, "example", &mut |from, path| {
        assert_eq!((from, path), ("example", "base.policy"));
        Ok("allow exit_group # from the included file\n".to_owned())
    })
    .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn reads_what_it_writes() {
    for policy in [
        example(),
        SyscallPolicy::ordinary(),
        SyscallPolicy::strictest(),
        SyscallPolicy::open(),
    ] {
        let text = write(&policy);
        let again = read_alone(&text, "again").unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(same(&policy, &again), "{text}");
        let canonical = policy.canonical().expect("in reach");
        assert!(same(&policy, &canonical));
        let text = write(&canonical);
        let again = read_alone(&text, "again").unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(same(&policy, &again), "{text}");
        assert_eq!(write(&again.canonical().expect("in reach")), text);
    }
}

#[test]
fn arguments_have_the_kernels_width_and_sign() {
    let policy = read_alone("allow socket(family == AF_UNIX)", "x").expect("reads");
    let raw = read_alone("allow socket(family raw64 == AF_UNIX)", "x").expect("reads");
    assert_eq!(Relation::between(&raw, &policy), Relation::Tighter);
    let low = read_alone("allow socket(family low32 == 1)", "x").expect("reads");
    assert!(same(&policy, &low));
    let below = read_alone("allow close(fd < 3)", "x").expect("reads");
    let unsigned = read_alone("allow close(fd low32 < 3)", "x").expect("reads");
    assert!(unsigned.no_more_than(&below));
}

#[test]
fn every_error_says_where_and_what() {
    let cases = [
        (
            "alow read",
            "x:1:1: unknown action \"alow\", did you mean \"allow\"?",
        ),
        (
            "allow raed",
            "x:1:7: unknown system call \"raed\", did you mean \"read\"?",
        ),
        (
            "\nallow read)",
            "x:2:11: expected the name of a call, or @ and a group's, found \")\"",
        ),
        (
            "allow socket(famly == 1)",
            "x:1:14: unknown argument \"famly\", did you mean \"family\"?",
        ),
        (
            "allow socket(family == AF_UNX)",
            "x:1:24: unknown constant \"AF_UNX\", did you mean \"AF_UNIX\"?",
        ),
        ("allow read(1, 2, 3, 4)", "x:1:21: read has 3 arguments"),
        (
            "allow read(fd",
            "x:1:14: expected \",\" or \")\", found the end of the file",
        ),
        (
            "allow read(fd & 3 < 4)",
            "x:1:19: expected \"==\" or \"!=\" after a mask, found \"<\"",
        ),
        (
            "errno(EPRM) read",
            "x:1:7: unknown error \"EPRM\", did you mean \"EPERM\"?",
        ),
        (
            "errno(5000) read",
            "x:1:7: expected an error's number up to 4095, found \"5000\"",
        ),
        (
            "allow read $",
            "x:1:12: the character '$' means nothing here",
        ),
        (
            "include \"a",
            "x:1:9: the text in quotes does not end on its line",
        ),
        (
            "include \"a\"",
            "x:1:9: cannot include \"a\": nothing can be included here",
        ),
        ("arch x86", ""),
        (
            "arch aarch65",
            "x:1:6: unknown architecture \"aarch65\", did you mean \"aarch64\"?",
        ),
        (
            "arch i386\narch arm",
            "x:2:1: arch was already given at x:1:1",
        ),
        (
            "allow read(fd == 1)\nerrno(1) read(fd < 5)",
            "x:2:10: the rule at x:1:7 answers some of these calls of read differently; order cases in \
             braces, or say read(otherwise)",
        ),
        ("allow read(fd == 1)\nerrno(1) read(fd > 5)", ""),
        ("allow read(fd == 1)\nerrno(1) read(otherwise)", ""),
        (
            "allow read\nread { otherwise: kill }",
            "x:2:1: a rule for read was already given at x:1:7",
        ),
        (
            "allow @debgu",
            "x:1:7: unknown group \"debgu\", did you mean \"debug\"?",
        ),
        (
            "const A = B\nconst B = A\nallow read(A)",
            "x:2:7: \"B\" includes itself, or files nest too deeply",
        ),
        (
            "allow read(99999999999999999999)",
            "x:1:12: the number 99999999999999999999 does not fit in 64 bits",
        ),
        (
            "allow i386:arch_prctl, x86_64:chown32",
            "x:1:31: x86_64 has no chown32",
        ),
        (
            "kernel six",
            "x:1:8: expected a kernel's version such as 6.18, found \"six\"",
        ),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, message)| {
            let found =
                read_alone(text, "x").map_or_else(|error| error.to_string(), |_| String::new());
            (found != *message).then(|| format!("{text}\n  expected {message}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_includes_itself_is_an_error() {
    let error = read("include \"a\"", "a", &mut |_, _| {
        Ok("include \"a\"".to_owned())
    });
    assert!(matches!(
        error,
        Err(LanguageError {
            problem: Problem::Recursion(_),
            ..
        })
    ));
    let mut deeper = 0;
    let error = read("include \"0\"", "x", &mut |_, _| {
        deeper += 1;
        Ok(format!("include \"{deeper}\""))
    });
    assert!(error.is_err());
}
