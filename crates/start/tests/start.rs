//! Builds a program that starts without a C library, in each way it may be linked, and looks at it from outside.
#![forbid(unsafe_code)]
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of a test fail by panics as the test does"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Builds the program: `name` is its own target directory, so that no way of building disturbs another.
fn build(name: &str, cargo_args: &[&str], rustc_args: &[&str]) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let output = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--quiet",
            "--bin",
            "selftest",
            "--message-format",
            "json",
        ])
        .args(cargo_args)
        .arg("--target-dir")
        .arg(&target)
        .arg("--")
        .args(rustc_args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let messages = String::from_utf8_lossy(&output.stdout);
    let path = messages
        .split("\"executable\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.ends_with("selftest"))
        .unwrap_or_else(|| panic!("{name}: no program in {messages}"));
    PathBuf::from(path)
}

fn run(program: &Path, args: &[&str]) -> Output {
    Command::new(program)
        .args(args)
        .env_clear()
        .env("A", "1")
        .env("B", "two")
        .output()
        .expect("the program runs")
}

/// What matters of an ELF file, read by hand: the types of its segments and relocations, and its undefined symbols.
#[derive(Debug, Default)]
struct Elf {
    segments: Vec<u32>,
    rela: Vec<u32>,
    relr_bytes: u64,
    undefined: usize,
}

fn read_elf(path: &Path) -> Elf {
    let file = std::fs::read(path).expect("the program is readable");
    let word = |at: u64, len: usize| {
        let at = usize::try_from(at).unwrap();
        file[at..at + len]
            .iter()
            .rev()
            .fold(0u64, |value, byte| value << 8 | u64::from(*byte))
    };
    let mut elf = Elf::default();
    let (segments, count) = (word(32, 8), word(56, 2));
    for i in 0..count {
        elf.segments
            .push(u32::try_from(word(segments + i * 56, 4)).unwrap());
    }
    let (sections, count) = (word(40, 8), word(60, 2));
    for i in 0..count {
        let header = sections + i * 64;
        let (kind, offset, size) = (
            word(header + 4, 4),
            word(header + 24, 8),
            word(header + 32, 8),
        );
        match kind {
            4 => elf.rela.extend(
                (0..size / 24).map(|i| u32::try_from(word(offset + i * 24 + 8, 4)).unwrap()),
            ),
            19 => elf.relr_bytes += size,
            // Symbols, without the empty first one.
            2 | 11 => {
                elf.undefined += (1..size / 24)
                    .filter(|i| word(offset + i * 24 + 6, 2) == 0)
                    .count();
            }
            _ => {}
        }
    }
    elf
}

#[test]
fn starts_however_it_is_built() {
    const PT_INTERP: u32 = 3;
    const PT_GNU_STACK: u32 = 0x6474_e551;
    let relative = if cfg!(target_arch = "aarch64") {
        1027
    } else {
        8
    };
    let packed = ["-C", "link-arg=-Wl,-z,pack-relative-relocs"];
    let cases: [(&str, &[&str], &[&str]); 4] = [
        ("debug", &[], &[]),
        ("release", &["--release"], &[]),
        ("debug-relr", &[], &packed),
        ("release-relr", &["--release"], &packed),
    ];
    let mut wrong = Vec::new();
    for (name, cargo_args, rustc_args) in cases {
        let program = build(name, cargo_args, rustc_args);
        let mut expect = |what: &str, is: bool, seen: &dyn std::fmt::Debug| {
            if !is {
                wrong.push(format!("{name}: {what}: {seen:?}"));
            }
        };
        let elf = read_elf(&program);
        expect(
            "no interpreter",
            !elf.segments.contains(&PT_INTERP),
            &elf.segments,
        );
        expect(
            "a stack header",
            elf.segments.contains(&PT_GNU_STACK),
            &elf.segments,
        );
        expect("no undefined symbol", elf.undefined == 0, &elf.undefined);
        let others = elf.rela.iter().filter(|kind| **kind != relative).count();
        expect("relative relocations only", others == 0, &elf.rela);
        if name.ends_with("relr") {
            expect("packed relocations", elf.relr_bytes > 8, &elf);
        } else {
            expect(
                "plain relocations",
                !elf.rela.is_empty() && elf.relr_bytes == 0,
                &elf,
            );
        }

        let out = run(&program, &["data"]);
        let wanted = "alpha beta gamma 9 12 double=14 square=49 \n";
        expect(
            "data",
            out.stdout == wanted.as_bytes() && out.status.success(),
            &out,
        );

        let out = run(&program, &["memory"]);
        expect("memory", out.stdout == b"memory functions agree\n", &out);

        let out = run(&program, &["args", "one", "", "x y"]);
        let wanted =
            "\"one\" \"\" \"x y\" \"A=1\" \"B=two\" Some(3) Some(16) 4096 false Some(true)\n";
        expect("args", out.stdout == wanted.as_bytes(), &out);

        let out = run(&program, &["panic"]);
        let message = String::from_utf8_lossy(&out.stderr).into_owned();
        let said = message.starts_with("selftest: internal error at ")
            && message.contains("selftest/main.rs:");
        expect(
            "panic",
            said && message.lines().count() == 1 && out.status.code() == Some(125),
            &out,
        );

        let addresses: std::collections::BTreeSet<_> =
            (0..8).map(|_| run(&program, &["address"]).stdout).collect();
        expect("addresses differ", addresses.len() > 4, &addresses);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
