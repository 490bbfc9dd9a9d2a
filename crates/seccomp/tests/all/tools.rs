//! What the tools say of random filters, against the interpreter.

use casemate_model::names::Arch;
use casemate_model::names::arch::Endian;
use casemate_model::syscalls::diagram::{Diagrams, Point, Word};
use casemate_model::syscalls::{Action, SyscallPolicy};
use casemate_seccomp::bpf::validate;
use casemate_seccomp::compare::{Comparison, Inclusion};
use casemate_seccomp::explain::Explanation;
use casemate_seccomp::language;
use casemate_seccomp::lift::LiftError;
use casemate_seccomp::{
    Instruction, Program, compare, compile, compile_diagram, explain, fuse, included, interpret,
    lift, listing,
};

use crate::random::{Random, point, policy};

const X86: &[Arch] = &[Arch::X86_64, Arch::I386, Arch::X32];

fn answer(program: &Program, call: &Point) -> Action {
    Action::from_raw(interpret(program, call).expect("a valid program").answer)
}

#[test]
fn equal_filters_have_equal_explanations_and_the_text_reads_back() {
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let policy = policy(&mut random, X86);
        let program = compile(&policy, X86).expect("compiles");
        let explanation = explain(&program).expect("decided");
        let Explanation::Policy(explained) = &explanation else {
            panic!("seed {seed}: no policy");
        };
        let text = explanation.to_string();
        let read = language::read_alone(&text, "explained")
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
        let again = compile(&read, &Arch::ALL[..3]).expect("compiles");
        assert_eq!(
            compare(&program, &again),
            Ok(Comparison::Equal),
            "seed {seed}\n{text}"
        );
        assert_eq!(
            explain(&again).expect("decided").to_string(),
            text,
            "seed {seed}"
        );
        // Another filter for the same function: architectures asked for in another order.
        let other = compile(explained, &[Arch::I386, Arch::X32, Arch::X86_64]).expect("compiles");
        assert_eq!(
            explain(&other).expect("decided").to_string(),
            text,
            "seed {seed}"
        );
    }
}

#[test]
fn differences_have_true_witnesses_and_none_is_missed() {
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let one = policy(&mut random, X86);
        let mut other = one.clone();
        let changed = policy(&mut random, X86);
        other.rules.extend(changed.rules.into_iter().take(3));
        let left = compile(&one, X86).expect("compiles");
        let right = compile(&other, X86).expect("compiles");
        let comparison = compare(&left, &right).expect("valid");
        let Comparison::Differ(differences) = comparison else {
            for _ in 0..500 {
                let call = point(&mut random, &other);
                assert_eq!(answer(&left, &call), answer(&right, &call), "seed {seed}");
            }
            continue;
        };
        assert!(!differences.is_empty());
        for difference in &differences {
            let witness = &difference.witness;
            assert_ne!(witness.left, witness.right);
            assert_eq!(answer(&left, &witness.point), witness.left, "seed {seed}");
            assert_eq!(answer(&right, &witness.point), witness.right, "seed {seed}");
        }
        for _ in 0..500 {
            let call = point(&mut random, &other);
            let (before, after) = (answer(&left, &call), answer(&right, &call));
            let told = differences.iter().any(|difference| {
                difference.audit == call[0]
                    && difference
                        .numbers
                        .iter()
                        .any(|(low, high)| (low..=high).contains(&&call[1]))
                    && (difference.witness.left, difference.witness.right) == (before, after)
            });
            assert!(before == after || told, "seed {seed}: {call:x?}");
        }
        match included(&left, &right).expect("valid") {
            Inclusion::Included => {}
            Inclusion::Exceeds(witness) => {
                assert!(witness.left.passage() > witness.right.passage());
                assert_eq!(answer(&left, &witness.point), witness.left);
                assert_eq!(answer(&right, &witness.point), witness.right);
            }
            Inclusion::Undecided => panic!("seed {seed}: undecided"),
        }
    }
}

#[test]
fn a_fused_filter_answers_as_the_kernel_would_with_all() {
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let policies: Vec<SyscallPolicy> = (0..3).map(|_| policy(&mut random, X86)).collect();
        let programs: Vec<Program> = policies
            .iter()
            .map(|policy| compile(policy, X86).expect("compiles"))
            .collect();
        let fused = fuse(&programs, X86).expect("fuses");
        for _ in 0..300 {
            let chosen = random.pick(&[0, 1, 2]);
            let call = point(&mut random, &policies[chosen]);
            // kernel/seccomp.c, seccomp_run_filters: newest first, a later one counts only if it is stronger.
            let mut strongest = Action::Allow;
            for program in programs.iter().rev() {
                let one = answer(program, &call);
                if one.precedence() < strongest.precedence() {
                    strongest = one;
                }
            }
            assert_eq!(answer(&fused, &call), strongest, "seed {seed}: {call:x?}");
        }
        let copies = vec![programs[0].clone(); 16];
        assert_eq!(fuse(&copies, X86).as_ref(), Ok(&programs[0]), "seed {seed}");
    }
}

// Any program that the kernel takes, arithmetic and scratch words included.
fn program(random: &mut Random) -> Program {
    loop {
        let count = 3 + random.below(20) as usize;
        let instructions: Vec<Instruction> = (0..count)
            .map(|at| {
                let left = (count - at - 1) as u64;
                instruction(random, left)
            })
            .collect();
        if validate(&instructions).is_ok() {
            return Program {
                instructions,
                endian: random.pick(&[Endian::Little, Endian::Big]),
            };
        }
    }
}

fn instruction(random: &mut Random, left: u64) -> Instruction {
    const CODES: [u16; 34] = [
        0x20, 0x20, 0x20, 0x20, 0x20, 0x80, 0x00, 0x01, 0x60, 0x61, 0x02, 0x03, 0x04, 0x14, 0x24,
        0x34, 0x44, 0x54, 0x64, 0x74, 0xa4, 0x0c, 0x1c, 0x5c, 0x4c, 0xac, 0x84, 0x05, 0x07, 0x87,
        0x1d, 0x2d, 0x3d, 0x4d,
    ];
    if left == 0 || random.below(12) == 0 {
        let answers = [
            0x7fff_0000,
            0x0005_0001,
            0x8000_0000,
            0x7fff_1234,
            0x0005_ffff,
            0x1234_5678,
        ];
        return Instruction::plain(0x06, random.pick(&answers));
    }
    if random.below(3) == 0 && left > 1 {
        return Instruction {
            code: random.pick(&[0x15, 0x25, 0x35, 0x45]),
            jt: random.below(left.min(255)) as u8,
            jf: random.below(left.min(255)) as u8,
            k: random.pick(&[0, 1, 5, 0xc000_003e, 0x4000_0000, 0xffff_ffff, 0x7e02_0000]),
        };
    }
    let code = random.pick(&CODES);
    let k = match code {
        0x20 => random.below(16) as u32 * 4,
        0x60 | 0x61 | 0x02 | 0x03 => random.below(2) as u32,
        0x24 => random.pick(&[2, 3, 8]),
        0x34 => random.pick(&[1, 2, 3, 16]),
        0x64 | 0x74 => random.below(32) as u32,
        0x05 => random.below(left) as u32,
        0x1d | 0x2d | 0x3d | 0x4d | 0x0c | 0x1c | 0x5c | 0x4c | 0xac | 0x84 | 0x07 | 0x87
        | 0x80 => 0,
        _ => random.pick(&[0, 1, 0xff, 0xffff_0000, 0x8000_0000]),
    };
    let near = |random: &mut Random| random.below(left.min(4)) as u8;
    let (jt, jf) = match code {
        0x1d | 0x2d | 0x3d | 0x4d => (near(random), near(random)),
        _ => (0, 0),
    };
    Instruction { code, jt, jf, k }
}

#[test]
fn any_program_is_lifted_to_what_it_computes() {
    let mut undecided = 0;
    let count = 1500;
    for seed in 0..count {
        let mut random = Random::new(seed);
        let program = program(&mut random);
        let mut diagrams = Diagrams::bounded(300_000);
        let root = match lift(&mut diagrams, &program) {
            Ok(root) => root,
            Err(LiftError::Undecided) => {
                undecided += 1;
                continue;
            }
            Err(error) => panic!("seed {seed}: {error}"),
        };
        let again = compile_diagram(&mut diagrams, root, &[], program.endian);
        for _ in 0..60 {
            let call: Point = std::array::from_fn(|_| {
                random.pick(&[
                    0,
                    1,
                    2,
                    5,
                    0xff,
                    0xc000_003e,
                    0x4000_0000,
                    u32::MAX,
                    0x1234_5678,
                ]) ^ if random.below(4) == 0 {
                    random.next() as u32
                } else {
                    0
                }
            });
            let run = answer(&program, &call);
            let lifted = diagrams.evaluate(root, &call).expect("an answer");
            assert_eq!(
                Action::from_raw(lifted),
                run,
                "seed {seed}: {call:x?}\n{}",
                listing::write(&program)
            );
            if let Ok(again) = &again {
                assert_eq!(answer(again, &call), run, "seed {seed}: {call:x?}");
            }
        }
    }
    assert!(undecided * 10 < count, "{undecided} of {count} undecided");
}

#[test]
fn listings_read_back() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let program = program(&mut random);
        for text in [
            listing::write(&program),
            listing::write_c(&program),
            listing::write_decimal(&program),
        ] {
            let read = listing::read(&text, program.endian)
                .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
            assert_eq!(read, program, "seed {seed}\n{text}");
        }
        let bytes = program.to_bytes();
        assert_eq!(
            Program::from_bytes_either(&bytes),
            Ok(program),
            "seed {seed}"
        );
    }
}

#[test]
fn assembler_text_is_read_and_errors_say_where() {
    let text = "
        /* of the kernel's documentation */
        ld [4]                  ; the architecture
        jne #0xc000003e, bad
        ld [0]
        jeq #15, good
        jlt #60, good, next
        next: jmp bad
        good: ret #0x7fff0000
        bad: ret #0";
    let program = listing::read(text, Endian::Little).expect("reads");
    let mut call = [0; Word::COUNT];
    call[0] = 0xc000_003e;
    for (number, expected) in [
        (15, Action::Allow),
        (59, Action::Allow),
        (60, Action::KillThread),
    ] {
        call[1] = number;
        assert_eq!(answer(&program, &call), expected, "{number}");
    }
    let cases = [
        (
            "ld [4]\nldq [0]\nret #0",
            "line 2, column 1: expected an operation such as ld, jeq or ret",
        ),
        (
            "ld 4\nret #0",
            "line 1, column 4: expected an operand such as [4], #0x1, M[0] or x",
        ),
        ("ld [4x]\nret #0", "line 1, column 4: expected a number"),
        (
            "  jeq #1\nret #0",
            "line 1, column 7: expected a label or a line to jump to",
        ),
        ("jeq #1, away\nret #0", "line 1: no label \"away\""),
        (
            "a: ret #0\nja a\nret #0",
            "line 2: \"a\" is behind the jump or farther than a comparison reaches (255 instructions)",
        ),
        (
            "2\n6 0 0 0",
            "line 1: 2 instructions are announced, 1 follow",
        ),
        (
            "{ 6, 0, 0 },",
            "line 1, column 1: expected four numbers: code, jt, jf, k",
        ),
        ("", "the filter has no instruction"),
        ("ld [4]", "the last instruction is no return"),
        (
            "ld [64]\nret #0",
            "instruction 0: no word of struct seccomp_data is at offset 64 (0 to 60, in fours)",
        ),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, message)| {
            let found = listing::read(text, Endian::Little)
                .map_or_else(|error| error.to_string(), |_| String::new());
            (found != *message).then(|| format!("{text}\n  expected {message}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_kernel_would_refuse_is_refused_with_a_reason() {
    let ret = Instruction::plain(0x06, 0);
    let jump = |jt, jf| Instruction {
        code: 0x15,
        jt,
        jf,
        k: 0,
    };
    let cases: Vec<(Vec<Instruction>, &str)> = vec![
        (vec![], "the filter has no instruction"),
        (
            vec![ret; 5000],
            "the filter has 5000 instructions, and the kernel takes at most 4096",
        ),
        (vec![ret; 4096], ""),
        (
            vec![jump(1, 0), ret],
            "instruction 0: a jump over 1 instructions leaves the filter",
        ),
        (
            vec![Instruction::plain(0x05, u32::MAX), ret],
            "instruction 0: a jump over 4294967295 instructions leaves the filter",
        ),
        (
            vec![Instruction::plain(0x94, 3), ret],
            "instruction 0: the kernel permits no operation 0x0094 in a filter",
        ),
        (
            vec![Instruction::plain(0x28, 12), ret],
            "instruction 0: the kernel permits no operation 0x0028 in a filter",
        ),
        (
            vec![Instruction::plain(0x20, 2), ret],
            "instruction 0: no word of struct seccomp_data is at offset 2 (0 to 60, in fours)",
        ),
        (
            vec![Instruction::plain(0x60, 3), ret],
            "instruction 0: scratch word 3 is read, but not written on every path",
        ),
        (
            vec![Instruction::plain(0x02, 16), ret],
            "instruction 0: there is no scratch word 16 (0 to 15)",
        ),
        (
            vec![Instruction::plain(0x34, 0), ret],
            "instruction 0: division by 0",
        ),
        (
            vec![Instruction::plain(0x64, 32), ret],
            "instruction 0: shift by 32 of a 32-bit word",
        ),
        (
            vec![ret, Instruction::plain(0x20, 0)],
            "the last instruction is no return",
        ),
    ];
    for (instructions, message) in cases {
        let found =
            validate(&instructions).map_or_else(|error| error.to_string(), |()| String::new());
        assert_eq!(found, message);
    }
}

// What a fuzzer would do, as far as a test has time: valid texts and programs with some bytes changed.
#[test]
fn no_reader_panics_on_what_is_nearly_right() {
    let policy = language::write(&SyscallPolicy::ordinary());
    let filter = compile(&SyscallPolicy::ordinary(), X86).expect("compiles");
    let texts = [
        policy,
        listing::write(&filter),
        listing::write_c(&filter),
        listing::write_decimal(&filter),
        "a: ld [4]\njne #1, b, a\nb: ret a".to_owned(),
    ];
    for seed in 0..4000 {
        let mut random = Random::new(seed);
        let mut bytes = random.pick(&[0, 1, 2, 3, 4]);
        let text = &texts[bytes];
        bytes = text.len().min(600);
        let start = random.below((text.len() - bytes) as u64 + 1) as usize;
        let mut part = text.as_bytes()[start..start + bytes].to_vec();
        for _ in 0..=random.below(6) {
            let at = random.below(part.len() as u64) as usize;
            match random.below(3) {
                0 => part[at] = random.next() as u8,
                1 => part[at] = random.pick(b"(){}[]#@|&~.,:;=<>!-_\"\n\t 09xX"),
                _ => {
                    part.remove(at);
                }
            }
        }
        let changed = String::from_utf8_lossy(&part);
        // Whatever comes out, an error or not, came out.
        let _read = language::read_alone(&changed, "changed").map_err(|error| error.to_string());
        let _read = listing::read(&changed, Endian::Little).map_err(|error| error.to_string());
        let mut raw = filter.to_bytes();
        for _ in 0..=random.below(8) {
            let at = random.below(raw.len() as u64) as usize;
            raw[at] = random.next() as u8;
        }
        if let Ok(program) = Program::from_bytes(&raw, Endian::Little) {
            let mut diagrams = Diagrams::bounded(200_000);
            if let Ok(root) = lift(&mut diagrams, &program) {
                let call = [0; Word::COUNT];
                let lifted = diagrams.evaluate(root, &call).expect("an answer");
                assert_eq!(
                    Action::from_raw(lifted),
                    answer(&program, &call),
                    "seed {seed}"
                );
            }
        }
    }
    for text in [
        "(".repeat(100_000),
        "allow read(".to_owned() + &"(".repeat(100_000),
        "allow read(fd == ".to_owned() + &"~".repeat(100_000),
    ] {
        assert!(language::read_alone(&text, "deep").is_err());
    }
}
