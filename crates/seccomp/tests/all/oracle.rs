//! The kernel as the witness: filters are loaded, and every number and every argument rule tried.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use casemate_model::names::{Arch, SyscallId, syscalls};
use casemate_model::syscalls::diagram::{Point, Word};
use casemate_model::syscalls::{Action, Call, Operator, SyscallPolicy};
use casemate_seccomp::{Program, compile};

use crate::random::{Random, answer, policy};
use crate::skip;

const X86: &[Arch] = &[Arch::X86_64, Arch::I386, Arch::X32];

struct Oracle {
    program: std::path::PathBuf,
}

impl Oracle {
    // `None` and a word where it cannot be built.
    fn build(test: &str) -> Option<Self> {
        if !cfg!(target_arch = "x86_64") {
            skip(test, "the calls are made in x86 assembly");
            return None;
        }
        // A name for each test: they run at the same time, and one must not execute what the other still writes.
        let program = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("seccomp-oracle-{test}"));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/oracle.c");
        let built = Command::new("gcc")
            .args(["-O1", "-Wall", "-o"])
            .arg(&program)
            .arg(source)
            .output();
        match built {
            Ok(output) => {
                let error = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{error}");
                Some(Self { program })
            }
            Err(error) => {
                skip(test, &format!("no gcc: {error}"));
                None
            }
        }
    }

    fn ask(&self, filter: &Program, calls: &[Point]) -> Vec<i64> {
        let mut input = Vec::new();
        input.extend((filter.instructions.len() as u32).to_ne_bytes());
        input.extend((calls.len() as u32).to_ne_bytes());
        input.extend(filter.to_bytes());
        for call in calls {
            let entry = u32::from(call[0] == Arch::I386.audit());
            input.extend(entry.to_ne_bytes());
            input.extend(call[1].to_ne_bytes());
            for arg in 0..6 {
                input.extend(call[Word::low(arg).index()].to_ne_bytes());
                input.extend(call[Word::high(arg).index()].to_ne_bytes());
            }
        }
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(&input).expect("reads all");
        drop(stdin);
        let output = child.wait_with_output().expect("ends");
        assert!(output.status.success(), "{:?}", output.status);
        output
            .stdout
            .as_chunks::<8>()
            .0
            .iter()
            .map(|bytes| i64::from_ne_bytes(*bytes))
            .collect()
    }
}

// Every answer becomes an errno that says which it was, so that no call is executed.
fn labelled(policy: &SyscallPolicy, labels: &mut BTreeMap<Action, u16>) -> SyscallPolicy {
    let mut label = |action: Action| {
        let next = 2000 + labels.len() as u16;
        Action::Errno(*labels.entry(action).or_insert(next))
    };
    let mut policy = policy.clone();
    policy.default = label(policy.default);
    policy.newer = label(policy.newer);
    policy.foreign = label(policy.foreign);
    for case in policy.rules.values_mut().flatten() {
        case.action = label(case.action);
    }
    policy
}

// Values around every constant of a rule, with and without bits above the lower half.
fn values(operator: &Operator) -> Vec<u64> {
    let constants: Vec<u64> = match operator {
        Operator::Equal(k)
        | Operator::NotEqual(k)
        | Operator::Less(k)
        | Operator::AtMost(k)
        | Operator::Greater(k)
        | Operator::AtLeast(k) => vec![*k],
        Operator::Masked { mask, value } | Operator::NotMasked { mask, value } => {
            let lowest = mask & mask.wrapping_neg();
            vec![*value, value | !mask, value ^ lowest, *mask]
        }
        Operator::In(ranges) | Operator::NotIn(ranges) => ranges
            .iter()
            .flat_map(|(low, high)| [*low, *high])
            .collect(),
    };
    constants
        .into_iter()
        .flat_map(|k| [k, k.wrapping_add(1), k.wrapping_sub(1)])
        .flat_map(|k| [k, k | 1 << 32, k ^ 1 << 63, k & 0xffff_ffff])
        .collect()
}

fn calls(policy: &SyscallPolicy, random: &mut Random) -> Vec<Point> {
    let mut calls = Vec::new();
    let mut call = |arch: Arch, number: u32, args: &[(u8, u64)]| {
        // The kernel asks no filter about these two (kernel/seccomp.c, since 6.14 and 6.18).
        if syscalls::is_exempt(arch, number) {
            return;
        }
        let mut point = [0; Word::COUNT];
        point[0] = arch.audit();
        point[1] = number;
        for (arg, value) in args {
            point[Word::low(*arg).index()] = *value as u32;
            // int 0x80 takes the lower halves of the registers.
            if arch != Arch::I386 {
                point[Word::high(*arg).index()] = (*value >> 32) as u32;
            }
        }
        calls.push(point);
    };
    for arch in X86 {
        for number in (0..640).chain([1023, 1024, 4096, 0x3fff_ffff]) {
            call(*arch, number | arch.number_bit(), &[]);
        }
    }
    for number in [0x4000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, u32::MAX] {
        call(Arch::X86_64, number, &[]);
        call(Arch::I386, number, &[]);
    }
    for (ruled, cases) in &policy.rules {
        let places: Vec<(Arch, u32)> = match ruled {
            Call::Named(id) => X86
                .iter()
                .filter_map(|arch| Some((*arch, id.number(*arch)?)))
                .collect(),
            Call::On(arch, id) => id
                .number(*arch)
                .map(|number| (*arch, number))
                .into_iter()
                .collect(),
            Call::Numbers(arch, low, _) => vec![(*arch, *low)],
        };
        let places = places.into_iter().filter(|(arch, _)| X86.contains(arch));
        let tried: Vec<(u8, u64)> = cases
            .iter()
            .flat_map(|case| &case.when)
            .flat_map(|test| {
                values(&test.operator)
                    .into_iter()
                    .map(|v| (test.arg.index(), v))
            })
            .collect();
        for (arch, number) in places {
            for one in &tried {
                call(arch, number, &[*one]);
                let other = random.pick(&tried);
                call(arch, number, &[other, *one]);
            }
        }
    }
    calls
}

fn agree(oracle: &Oracle, name: &str, policy: &SyscallPolicy) -> usize {
    let mut labels = BTreeMap::new();
    let labelled = labelled(policy, &mut labels);
    let filter = compile(&labelled, X86).expect("compiles");
    let calls = calls(policy, &mut Random::new(1));
    let results = oracle.ask(&filter, &calls);
    assert_eq!(results.len(), calls.len());
    for (call, result) in calls.iter().zip(results) {
        let expected = answer(policy, call);
        let found = labels
            .iter()
            .find(|(_, label)| -i64::from(**label) == result)
            .map(|(action, _)| *action);
        assert_eq!(found, Some(expected), "{name}: {call:x?}: {result}");
    }
    calls.len()
}

#[test]
fn the_kernel_answers_every_number_and_argument_as_the_policy_says() {
    let Some(oracle) =
        Oracle::build("the_kernel_answers_every_number_and_argument_as_the_policy_says")
    else {
        return;
    };
    let mut count = agree(&oracle, "ordinary", &SyscallPolicy::ordinary());
    count += agree(&oracle, "strictest", &SyscallPolicy::strictest());
    let mut all = SyscallPolicy::ordinary();
    for grant in casemate_model::syscalls::ordinary::GRANTS {
        all.grant(&format!("@{}", grant.name)).expect("known");
    }
    count += agree(&oracle, "all grants", &all);
    for seed in 0..20 {
        let policy = policy(&mut Random::new(seed), X86);
        count += agree(&oracle, &format!("seed {seed}"), &policy);
    }
    assert!(count > 40_000, "{count} calls");
}

#[test]
fn the_kernel_takes_what_is_valid_and_refuses_the_rest() {
    let Some(oracle) = Oracle::build("the_kernel_takes_what_is_valid_and_refuses_the_rest") else {
        return;
    };
    let getpid = SyscallId::from_name("getpid").and_then(|id| id.number(Arch::X86_64));
    let mut point = [0; Word::COUNT];
    point[0] = Arch::X86_64.audit();
    point[1] = getpid.expect("known");
    // Far jumps: conditions on many arguments, so that comparisons cannot reach the returns.
    let mut policy = SyscallPolicy::without_rules(X86.iter().copied(), Action::Errno(3000));
    for (number, call) in (0u16..).zip(syscalls::all(Arch::X86_64)) {
        policy.add(
            Call::Named(call.id),
            casemate_model::syscalls::Case {
                when: vec![casemate_model::syscalls::Test::kernel(
                    (number % 6) as u8,
                    Operator::Equal(u64::from(number) * 7 + 1),
                )],
                action: Action::Errno(2000 + number),
            },
        );
    }
    let filter = compile(&policy, X86).expect("compiles");
    assert!(
        filter.instructions.len() > 1000,
        "{}",
        filter.instructions.len()
    );
    assert_eq!(oracle.ask(&filter, &[point]), [-3000]);
    agree(&oracle, "far jumps", &policy);
}
