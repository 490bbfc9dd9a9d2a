//! Named cases from the history of filters that were got past, and of compilers that were wrong.

use casemate_model::names::arch::Endian;
use casemate_model::names::{Arch, SyscallId};
use casemate_model::syscalls::diagram::{Diagrams, Point, Word};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};
use casemate_seccomp::bpf::{FILTER_PENALTY, MAX_PATH, ProgramError, converted_length};
use casemate_seccomp::check::{Finding, Severity};
use casemate_seccomp::{
    Comparison, CompileError, Instruction, Program, cache, check, compare, compile, interpret,
    language, lift, listing, stats,
};

fn text(policy: &str) -> SyscallPolicy {
    language::read_alone(policy, "case").unwrap_or_else(|error| panic!("{error}"))
}

fn number(arch: Arch, name: &str) -> u32 {
    SyscallId::from_name(name)
        .and_then(|id| id.number(arch))
        .unwrap_or_else(|| panic!("{arch} has no {name}"))
}

fn point(arch: Arch, number: u32, args: &[u64]) -> Point {
    let mut point = [0; Word::COUNT];
    point[0] = arch.audit();
    point[1] = number;
    for (place, value) in (0..).zip(args) {
        point[Word::low(place).index()] = *value as u32;
        point[Word::high(place).index()] = (*value >> 32) as u32;
    }
    point
}

fn call(program: &Program, arch: Arch, name: &str, args: &[u64]) -> Action {
    let run = interpret(program, &point(arch, number(arch, name), args)).expect("valid");
    Action::from_raw(run.answer)
}

// CVE-2019-7303 (snapd), CVE-2019-10063 (flatpak): TIOCSTI compared in 64 bits.
#[test]
fn high_bits_of_a_32_bit_argument() {
    const TIOCSTI: u64 = 0x5412;
    let bare = compile(
        &text("arch x86_64\nallow ioctl(cmd raw64 != TIOCSTI)"),
        &[Arch::X86_64],
    )
    .expect("compiles");
    assert_eq!(
        call(&bare, Arch::X86_64, "ioctl", &[0, TIOCSTI]),
        Action::EPERM
    );
    assert_eq!(
        call(&bare, Arch::X86_64, "ioctl", &[0, TIOCSTI | 1 << 32]),
        Action::Allow
    );
    let findings = check(&bare, Arch::X86_64).expect("decided");
    let truncated = findings.iter().find_map(|finding| match finding {
        Finding::Truncated {
            call,
            arg,
            refused,
            passes,
            ..
        } => Some((call.name(), *arg, **refused, **passes)),
        _ => None,
    });
    let (name, arg, refused, passes) = truncated.expect("found");
    assert_eq!((name, arg), ("ioctl", 1));
    let answer = |point: &Point| Action::from_raw(interpret(&bare, point).expect("valid").answer);
    assert_eq!(answer(&refused), Action::EPERM);
    assert_eq!(answer(&passes), Action::Allow);
    assert_eq!(refused[Word::low(1).index()], passes[Word::low(1).index()]);

    let typed = compile(
        &text("arch x86_64\nallow ioctl(cmd != TIOCSTI)"),
        &[Arch::X86_64],
    )
    .expect("compiles");
    for high in [0, 1 << 32, 1 << 63, u64::MAX << 32] {
        assert_eq!(
            call(&typed, Arch::X86_64, "ioctl", &[0, TIOCSTI | high]),
            Action::EPERM
        );
    }
    let findings = check(&typed, Arch::X86_64).expect("decided");
    assert!(
        !findings
            .iter()
            .any(|finding| matches!(finding, Finding::Truncated { .. }))
    );
}

#[test]
fn the_ordinary_policy_is_not_got_past_by_high_bits_or_another_numbering() {
    let machine = [Arch::X86_64, Arch::I386, Arch::X32];
    let filter = compile(&SyscallPolicy::ordinary(), &machine).expect("compiles");
    let findings = check(&filter, Arch::X86_64).expect("decided");
    assert_eq!(findings, []);
    let refused = [
        ("ioctl", vec![0, 0x5412 | 1 << 40]),
        ("ioctl", vec![0, 0x541c]),
        ("clone", vec![0x1000_0000]),
        ("clone", vec![0x1000_0000 | 1 << 50]),
        ("unshare", vec![0x80]),
        ("personality", vec![0x4_0000]),
        ("setns", vec![]),
        ("ptrace", vec![]),
        ("keyctl", vec![]),
        ("io_uring_setup", vec![]),
        ("userfaultfd", vec![]),
        ("bpf", vec![]),
        ("mount", vec![]),
    ];
    for (name, args) in refused {
        assert_eq!(
            call(&filter, Arch::X86_64, name, &args),
            Action::EPERM,
            "{name} {args:x?}"
        );
    }
    let families = [
        (1, 0),
        (2, 0),
        (10, 0),
        (16, 0),
        (16, 15),
        (17, 0),
        (38, 0),
        (40, 0),
    ];
    for (family, protocol) in families {
        let permitted = matches!((family, protocol), (1 | 2 | 10, _) | (16, 0));
        let expected = if permitted {
            Action::Allow
        } else {
            Action::Errno(97)
        };
        for high in [0, 1 << 32] {
            let args = [family | high, 0, protocol | high];
            assert_eq!(
                call(&filter, Arch::X86_64, "socket", &args),
                expected,
                "{family}"
            );
        }
    }
    for persona in [0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff] {
        assert_eq!(
            call(&filter, Arch::X86_64, "personality", &[persona]),
            Action::Allow
        );
    }
    assert_eq!(call(&filter, Arch::X86_64, "clone3", &[]), Action::ENOSYS);
    assert_eq!(call(&filter, Arch::X86_64, "clone", &[0x11]), Action::Allow);
    for (arch, nr) in [
        (Arch::I386, 20),
        (Arch::X32, 0x4000_0027),
        (Arch::X86_64, 9999),
    ] {
        let run = interpret(&filter, &point(arch, nr, &[])).expect("valid");
        assert_eq!(Action::from_raw(run.answer), Action::ENOSYS, "{arch} {nr}");
    }
}

// CVE-2021-41133 (flatpak): a list of refused calls that knows one numbering, or not the newest calls.
#[test]
fn a_way_round_by_another_numbering_is_found() {
    let policy =
        text("arch x86_64\ndefault allow\nnewer allow\nforeign allow\nerrno(EPERM) mount, ptrace");
    let filter = compile(&policy, &[Arch::X86_64]).expect("compiles");
    let findings = check(&filter, Arch::X86_64).expect("decided");
    for by in [Arch::I386, Arch::X32] {
        let calls = findings.iter().find_map(|finding| match finding {
            Finding::WayRound {
                by: other, calls, ..
            } if *other == by => Some(calls.clone()),
            _ => None,
        });
        let names: Vec<&str> = calls.expect("found").iter().map(|id| id.name()).collect();
        assert_eq!(names, ["ptrace", "mount"], "{by}");
    }
    assert!(
        findings
            .iter()
            .any(|finding| matches!(finding, Finding::ArchitectureUnchecked { .. }))
    );
    assert!(
        findings
            .iter()
            .any(|finding| finding.severity() == Severity::Hole)
    );
}

// -1 is written by a tracer to skip a call: it has bit 30, but is no x32 call, and must not kill.
#[test]
fn the_skipped_call_is_no_x32_call() {
    let policy = text("arch x86_64\nforeign kill\nnewer errno(ENOSYS)\nallow read");
    let filter = compile(&policy, &[Arch::X86_64]).expect("compiles");
    let answer = |nr| {
        let run = interpret(&filter, &point(Arch::X86_64, nr, &[])).expect("valid");
        Action::from_raw(run.answer)
    };
    assert_eq!(answer(u32::MAX), Action::ENOSYS);
    assert_eq!(answer(0x4000_0000), Action::KillProcess);
    assert_eq!(answer(0xffff_fffe), Action::KillProcess);
}

// libseccomp before 2.4 (CVE-2019-9893): 64-bit order comparisons that looked at one half only.
#[test]
fn order_comparisons_of_64_bits() {
    let bound = 0x2_0000_0005;
    let cases = [
        (
            Operator::Less(bound),
            [true, true, false, false, false, false],
        ),
        (
            Operator::AtMost(bound),
            [true, true, true, false, false, false],
        ),
        (
            Operator::Greater(bound),
            [false, false, false, true, true, true],
        ),
        (
            Operator::AtLeast(bound),
            [false, false, true, true, true, true],
        ),
    ];
    let values = [
        0x1_ffff_ffff,
        0x2_0000_0004,
        bound,
        0x2_0000_0006,
        0x3_0000_0000,
        u64::MAX,
    ];
    for (operator, expected) in cases {
        let mut policy = SyscallPolicy::without_rules([Arch::X86_64], Action::EPERM);
        let test = Test {
            arg: Arg::new(2).expect("place"),
            width: Width::Raw64,
            operator: operator.clone(),
        };
        policy.add(
            Call::Named(SyscallId::from_name("read").expect("known")),
            Case {
                when: vec![test],
                action: Action::Allow,
            },
        );
        let filter = compile(&policy, &[Arch::X86_64]).expect("compiles");
        let found = values
            .map(|value| call(&filter, Arch::X86_64, "read", &[0, 0, value]) == Action::Allow);
        assert_eq!(found, expected, "{operator:?}");
    }
}

// GHSA-4q85-33p6-j5g6 (libseccomp before 2.6.1): 64-bit comparisons of one argument with several constants that share an
// upper half were merged wrongly, and let more through.
#[test]
fn comparisons_that_share_an_upper_half() {
    let rules = "arch x86_64
        allow read(count raw64 == 0x100000001)
        allow read(count raw64 == 0x100000002, fd == 3)
        allow read(count raw64 > 0x1000000f0)
        allow read(count raw64 <= 0xff)
        allow read(buf raw64 & 0xff00000001 == 0x100000001, count raw64 == 0x100000003)";
    let policy = text(rules);
    let filter = compile(&policy, &[Arch::X86_64]).expect("compiles");
    for count in [
        0,
        0xff,
        0x100,
        0x1_0000_0000,
        0x1_0000_0001,
        0x1_0000_0002,
        0x1_0000_0003,
        0x1_0000_00f1,
        1 << 40,
    ] {
        for fd in [0, 3] {
            for buf in [0, 0x1_0000_0001, 0x1_0000_0000] {
                let permitted = count == 0x1_0000_0001
                    || count == 0x1_0000_0002 && fd == 3
                    || count > 0x1_0000_00f0
                    || count <= 0xff
                    || buf & 0xff_0000_0001 == 0x1_0000_0001 && count == 0x1_0000_0003;
                let found = call(&filter, Arch::X86_64, "read", &[fd, buf, count]);
                assert_eq!(
                    found == Action::Allow,
                    permitted,
                    "{fd} {buf:#x} {count:#x}"
                );
            }
        }
    }
}

// libseccomp cannot compare one argument twice in a rule (its issue 118), nor with negative numbers (69).
#[test]
fn one_argument_twice_and_negative_numbers() {
    let policy = text("arch x86_64\nallow openat(dfd == AT_FDCWD)\nallow read(fd >= 3, fd < 10)");
    let filter = compile(&policy, &[Arch::X86_64]).expect("compiles");
    for (fd, permitted) in [
        (2, false),
        (3, true),
        (9, true),
        (10, false),
        (u64::MAX, false),
    ] {
        assert_eq!(
            call(&filter, Arch::X86_64, "read", &[fd]) == Action::Allow,
            permitted,
            "{fd}"
        );
    }
    // A 32-bit -100 arrives with its upper half clear or set, as the C library likes.
    for dfd in [0xffff_ff9c, 0xffff_ffff_ffff_ff9c] {
        assert_eq!(call(&filter, Arch::X86_64, "openat", &[dfd]), Action::Allow);
    }
}

// Kafel until 2026 and others: on a big-endian machine the upper half of an argument comes first.
#[test]
fn the_halves_on_a_big_endian_machine() {
    let policy = text(
        "arch s390x\nallow read(count raw64 == 0x100000002)\nallow clone(clone_flags & CLONE_NEWUSER == 0)",
    );
    let filter = compile(&policy, &[Arch::S390x]).expect("compiles");
    assert_eq!(filter.endian, Endian::Big);
    // Offsets of arguments 2 and 1: seccomp_data.args begins at 16 (linux/seccomp.h).
    let text = listing::write(&filter);
    assert!(text.contains("[32]") && text.contains("[36]"), "{text}");
    // clone's flags are the second argument there, and only their lower half, at 28, is looked at.
    assert!(text.contains("[28]") && !text.contains("[24]"), "{text}");
    assert_eq!(
        call(&filter, Arch::S390x, "read", &[0, 0, 0x1_0000_0002]),
        Action::Allow
    );
    assert_eq!(
        call(&filter, Arch::S390x, "read", &[0, 0, 0x2_0000_0001]),
        Action::EPERM
    );
    assert_eq!(
        call(&filter, Arch::S390x, "clone", &[0x1000_0000, 0]),
        Action::Allow
    );
    assert_eq!(
        call(&filter, Arch::S390x, "clone", &[0, 0x1000_0000]),
        Action::EPERM
    );
    let mixed = compile(&SyscallPolicy::open(), &[Arch::S390x, Arch::X86_64]);
    assert_eq!(
        mixed,
        Err(CompileError::ByteOrder(Arch::S390x, Arch::X86_64))
    );
    let again = Program::from_bytes_either(&filter.to_bytes()).expect("valid");
    assert_eq!(again, filter);
}

// GHSA-46fr, GHSA-2hqh (libseccomp): filters too large for the kernel corrupted its memory.
#[test]
fn a_policy_too_large_for_the_kernel_is_an_error() {
    let mut policy = SyscallPolicy::without_rules([Arch::X86_64], Action::EPERM);
    for call in casemate_model::names::syscalls::all(Arch::X86_64) {
        for step in 0..20u64 {
            let test = Test::kernel(0, Operator::Equal(step * 1000 + u64::from(call.nr)));
            let action = Action::Errno((step * 7 + u64::from(call.nr) % 90) as u16 + 2);
            policy.add(
                Call::Named(call.id),
                Case {
                    when: vec![test],
                    action,
                },
            );
        }
    }
    let result = compile(&policy, &[Arch::X86_64]);
    assert!(
        matches!(result, Err(CompileError::Refused(ProgramError::TooLong(_)))),
        "{result:?}"
    );
}

#[test]
fn the_length_after_translation_counts_against_the_limit_of_all_filters() {
    // Measured on 6.18: three filters of 4096 returns load, a fourth does not; 3641 filters of one return load.
    let returns = vec![Instruction::plain(0x06, 0x7fff_0000); 4096];
    let weight = converted_length(&returns) + FILTER_PENALTY;
    assert_eq!(MAX_PATH / weight, 3);
    let weight = converted_length(&returns[..1]) + FILTER_PENALTY;
    assert_eq!(MAX_PATH / weight, 3640);
}

#[test]
fn calls_permitted_without_conditions_are_remembered_by_the_kernel() {
    let machine = [Arch::X86_64, Arch::I386, Arch::X32];
    let mut policy = SyscallPolicy::ordinary();
    policy.grant("@i386").expect("known");
    let filter = compile(&policy, &machine).expect("compiles");
    let mut diagrams = Diagrams::new();
    let root = lift(&mut diagrams, &filter).expect("decided");
    for arch in [Arch::X86_64, Arch::I386] {
        let version = casemate_model::names::syscalls::COVERED;
        let surface = stats::surface(&diagrams, root, &filter, (arch, version));
        assert!(surface.permitted > 250);
        assert_eq!(surface.cached, surface.permitted, "{arch}");
    }
    // An argument loaded before the number is decided spoils it, and check says so.
    let text = "ld [16]\nld [0]\njeq #39, a, b\na: ret #0x7fff0000\nb: ret #0x50001";
    let slow = listing::read(text, Endian::Little).expect("reads");
    assert!(!cache::is_cached(&slow, Arch::X86_64, 39));
    let findings = check(&slow, Arch::X86_64).expect("decided");
    let uncached = findings.iter().any(|finding| {
        matches!(finding, Finding::Uncached { calls, .. } if calls.iter().any(|id| id.name() == "getpid"))
    });
    assert!(uncached);
    // x32 numbers are past the end of the kernel's table.
    assert!(!cache::is_cached(&filter, Arch::X32, 0x4000_0000));
}

#[test]
fn dead_instructions_are_found() {
    let text =
        "ld [0]\njeq #39, a, b\na: jeq #39, c, b\nb: ret #0x50001\nc: ret #0x7fff0000\nret #0";
    let filter = listing::read(text, Endian::Little).expect("reads");
    let findings = check(&filter, Arch::X86_64).expect("decided");
    assert!(findings.contains(&Finding::Dead(vec![5])), "{findings:?}");
}

// Arithmetic on loaded words is decided too, and what is out of reach is said to be.
#[test]
fn arithmetic_is_decided_or_said_to_be_out_of_reach() {
    let filter = |text| listing::read(text, Endian::Little).expect("reads");
    let plain = filter("ld [16]\njeq #6, a, b\na: ret #0\nb: ret #0x7fff0000");
    let added = filter("ld [16]\nadd #4\nxor #8\njeq #2, a, b\na: ret #0\nb: ret #0x7fff0000");
    assert_eq!(compare(&plain, &added), Ok(Comparison::Equal));
    let product = filter(
        "ld [16]\ntax\nld [24]\nmul x\ntax\nld [32]\nmul x\ntax\nld [40]\njeq x, a, b\na: ret #0\nb: ret #0x7fff0000",
    );
    assert_eq!(compare(&plain, &product), Ok(Comparison::Undecided));
}
