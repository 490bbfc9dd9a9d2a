//! libseccomp as the second witness: random policies compiled by both must be proved equal.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use casemate_model::names::arch::Endian;
use casemate_model::names::{Arch, syscalls};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};
use casemate_seccomp::{Comparison, Program, compare, compile};

use crate::random::{Random, answer};
use crate::skip;

// What libseccomp can say: permitted calls, each rule a conjunction with at most one test an argument.
fn rules(random: &mut Random) -> Vec<(syscalls::Syscall, Vec<Test>)> {
    let all: Vec<syscalls::Syscall> = syscalls::all(Arch::X86_64)
        .filter(|call| call.nr < 300)
        .collect();
    let mut rules = Vec::new();
    for _ in 0..=random.below(12) {
        let call = random.pick(&all);
        for _ in 0..=random.below(2) {
            let mut tests: Vec<Test> = Vec::new();
            for _ in 0..random.below(3) {
                let arg = Arg::new(random.below(6) as u8).expect("place");
                if tests.iter().any(|test| test.arg == arg) {
                    continue;
                }
                let k = match random.below(3) {
                    0 => random.below(4),
                    1 => random.pick(&[0xffff_ffff, 1 << 32, (1 << 32) + 2, 0x7e02_0000, u64::MAX]),
                    _ => random.next(),
                };
                let operator = match random.below(7) {
                    0 => Operator::NotEqual(k),
                    1 => Operator::Less(k),
                    2 => Operator::AtMost(k),
                    3 => Operator::Equal(k),
                    4 => Operator::AtLeast(k),
                    5 => Operator::Greater(k),
                    _ => Operator::Masked {
                        mask: k,
                        value: random.next() & k,
                    },
                };
                tests.push(Test {
                    arg,
                    width: Width::Raw64,
                    operator,
                });
            }
            rules.push((call, tests));
        }
    }
    rules
}

fn json(rules: &[(syscalls::Syscall, Vec<Test>)], optimize: u8) -> String {
    let mut text = format!("{{\"optimize\": {optimize}, \"rules\": [");
    for (at, (call, tests)) in rules.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let tests: Vec<String> = tests
            .iter()
            .map(|test| {
                let (op, a, b) = match test.operator {
                    Operator::NotEqual(k) => ("ne", k, 0),
                    Operator::Less(k) => ("lt", k, 0),
                    Operator::AtMost(k) => ("le", k, 0),
                    Operator::Equal(k) => ("eq", k, 0),
                    Operator::AtLeast(k) => ("ge", k, 0),
                    Operator::Greater(k) => ("gt", k, 0),
                    Operator::Masked { mask, value } => ("masked", mask, value),
                    _ => unreachable!("not made above"),
                };
                format!("[{}, \"{op}\", {a}, {b}]", test.arg.index())
            })
            .collect();
        write!(text, "{comma}[{}, [{}], 0]", call.nr, tests.join(", ")).expect("a string");
    }
    text.push_str("]}\n");
    text
}

fn ours(rules: &[(syscalls::Syscall, Vec<Test>)]) -> SyscallPolicy {
    let mut policy = SyscallPolicy::without_rules([Arch::X86_64], Action::EPERM);
    // libseccomp's answer to foreign architectures, unless asked otherwise (SCMP_FLTATR_ACT_BADARCH).
    policy.foreign = Action::KillThread;
    for (call, tests) in rules {
        policy.add(
            Call::Named(call.id),
            Case {
                when: tests.clone(),
                action: Action::Allow,
            },
        );
    }
    policy
}

// Whether rules for a number compare one argument more than once, which is where libseccomp merges.
fn compares_twice(rules: &[(syscalls::Syscall, Vec<Test>)], number: u32) -> bool {
    let mut seen = [0; 6];
    for test in rules
        .iter()
        .filter(|(call, _)| call.nr == number)
        .flat_map(|(_, tests)| tests)
    {
        seen[usize::from(test.arg.index())] += 1;
    }
    seen.iter().any(|count| *count > 1)
}

/// Has libseccomp compile policies, one a line: milliseconds and filter, or `None` where it refuses. `None` and a word
/// where there is no libseccomp.
pub fn compile_all(test: &str, input: String) -> Option<Vec<Option<(f64, Program)>>> {
    // Debian's module is for Debian's Python.
    let python = "/usr/bin/python3";
    let there = Command::new(python)
        .args(["-c", "import seccomp"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        skip(test, "no python3-seccomp");
        return None;
    }
    let mut child = Command::new(python)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/all/libseccomp.py"
        ))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("ends");
    writer.join().expect("joins").expect("reads all");
    let text = String::from_utf8(output.stdout).expect("text");
    let read = |line: &str| {
        let (took, digits) = line.split_once(' ').expect("two words");
        let took = took.parse().ok()?;
        let bytes: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits"))
            .collect();
        let program = Program::from_bytes(&bytes, Endian::Little).expect("a valid filter");
        Some((took, program))
    };
    Some(text.lines().map(read).collect())
}

#[test]
fn filters_of_libseccomp_are_proved_equal() {
    const TEST: &str = "filters_of_libseccomp_are_proved_equal";
    if !cfg!(target_arch = "x86_64") {
        return skip(TEST, "the policies are for x86_64");
    }
    let count: u64 = 2000;
    let policies: Vec<_> = (0..count)
        .map(|seed| rules(&mut Random::new(seed)))
        .collect();
    let input: String = (0u64..)
        .zip(&policies)
        .map(|(at, rules)| json(rules, 1 + (at % 2) as u8))
        .collect();
    let Some(compiled) = compile_all(TEST, input) else {
        return;
    };
    let mut equal = 0;
    let mut refused = 0;
    let mut differ = 0;
    let mut wrong = Vec::new();
    for (seed, (rules, compiled)) in policies.iter().zip(compiled).enumerate() {
        let Some((_, theirs)) = compiled else {
            refused += 1;
            continue;
        };
        let policy = ours(rules);
        let ours = compile(&policy, &[Arch::X86_64]).expect("compiles");
        match compare(&ours, &theirs).expect("valid") {
            Comparison::Equal => equal += 1,
            // Releases before 2.6.1 merge 64-bit comparisons of one argument wrongly (GHSA-4q85-33p6-j5g6). The policy
            // itself, evaluated without any filter, says who is right.
            Comparison::Differ(differences) => {
                differ += 1;
                for difference in differences {
                    let witness = &difference.witness;
                    let right = answer(&policy, &witness.point) == witness.left;
                    if !right || !compares_twice(rules, witness.point[1]) {
                        wrong.push(format!("seed {seed}: {difference}"));
                    }
                }
            }
            Comparison::Undecided => wrong.push(format!("seed {seed}: undecided")),
        }
    }
    println!("{equal} equal, {refused} refused by libseccomp, {differ} differ by its known defect");
    assert_eq!(equal + refused + differ, count);
    assert!(differ * 10 < count, "{differ} of {count} differ");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
