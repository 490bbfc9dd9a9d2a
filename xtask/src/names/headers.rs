//! `cargo xtask names --headers`: compares numbers and values with the headers that each architecture's kernel exports.
//!
//! Needs clang and Debian's `linux-libc-dev-*-cross` packages; an architecture without headers is skipped aloud. The
//! headers may be older than the texts: what they lack is counted, what they say otherwise is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, process, thread};

use super::lines;

/// A column of the texts, clang's name for it, and the folder of its headers under /usr.
const TARGETS: [(&str, &str, &str); 9] = [
    ("x86_64", "x86_64-linux-gnu", "x86_64-linux-gnu"),
    ("i386", "i686-linux-gnu", "i686-linux-gnu"),
    ("x32", "x86_64-linux-gnux32", "x86_64-linux-gnux32"),
    ("aarch64", "aarch64-linux-gnu", "aarch64-linux-gnu"),
    ("arm", "arm-linux-gnueabihf", "arm-linux-gnueabihf"),
    ("riscv64", "riscv64-linux-gnu", "riscv64-linux-gnu"),
    ("s390x", "s390x-linux-gnu", "s390x-linux-gnu"),
    ("ppc64le", "powerpc64le-linux-gnu", "powerpc64le-linux-gnu"),
    ("mips64", "mips64-linux-gnuabi64", "mips64-linux-gnuabi64"),
];

/// The order of a constant's values.
const COLUMNS: [&str; 10] = [
    "x86_64",
    "i386",
    "x32",
    "aarch64",
    "arm",
    "riscv64",
    "s390x",
    "ppc64le",
    "loongarch64",
    "mips64",
];

/// What some kernel headers include or use without defining it: parts of a C library, as little as they need.
const STUBS: [(&str, &str); 10] = [
    ("stddef.h", "typedef __SIZE_TYPE__ size_t;\n"),
    (
        "stdint.h",
        "typedef unsigned char uint8_t; typedef unsigned short uint16_t; typedef unsigned int uint32_t;\n\
         typedef unsigned long long uint64_t; typedef signed char int8_t; typedef short int16_t;\n\
         typedef int int32_t; typedef long long int64_t; typedef __UINTPTR_TYPE__ uintptr_t;\n",
    ),
    (
        "sys/socket.h",
        "struct sockaddr { unsigned short family; char data[14]; };\n",
    ),
    ("sys/time.h", "#include <linux/time.h>\n"),
    ("sys/ioctl.h", ""),
    ("sys/types.h", ""),
    ("limits.h", ""),
    ("string.h", ""),
    ("time.h", ""),
    ("unistd.h", ""),
];

/// Headers before the one that is looked into: what it uses in macros without including it.
const BEFORE: &str = "#include <linux/types.h>\n#include <linux/ioctl.h>\n#include <stddef.h>\n#include <stdint.h>\n";

fn companions(header: &str) -> &'static [&'static str] {
    match header {
        "asm/ioctls.h" => &["asm/termbits.h", "asm/termios.h", "linux/serial.h"],
        "asm/ptrace.h" => &["linux/ptrace.h"],
        "linux/fs.h" => &["linux/fiemap.h"],
        "linux/ppp-ioctl.h" => &["linux/ppp_defs.h"],
        "linux/sockios.h" => &["asm/sockios.h", "asm/ioctls.h", "asm/termbits.h"],
        "linux/eventpoll.h" | "linux/inotify.h" | "linux/mount.h" | "linux/signalfd.h"
        | "linux/timerfd.h" => &["asm/fcntl.h"],
        _ => &[],
    }
}

/// An expression with the value that the text gives it on one architecture.
struct Claim {
    name: String,
    /// `None` where the text says that the architecture lacks it.
    value: Option<u64>,
}

/// Runs the comparison over both texts.
pub fn compare(syscalls: &str, constants: &str) -> Result<(), String> {
    let Some(clang) = clang() else {
        eprintln!("names: skipped the comparison with exported headers: no clang is installed");
        return Ok(());
    };
    let stubs = env::temp_dir().join(format!("casemate-headers-{}", process::id()));
    for (name, text) in STUBS {
        let path = stubs.join(name);
        let folder = path.parent().unwrap_or(&stubs);
        fs::create_dir_all(folder).map_err(|e| format!("create {}: {e}", folder.display()))?;
        fs::write(&path, text).map_err(|e| format!("write {}: {e}", path.display()))?;
    }
    let wrong = all(&clang, &stubs, syscalls, constants);
    fs::remove_dir_all(&stubs).map_err(|e| format!("remove {}: {e}", stubs.display()))?;
    let wrong = wrong?;
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("headers say otherwise:\n  {}", wrong.join("\n  ")))
    }
}

fn all(clang: &str, stubs: &Path, syscalls: &str, constants: &str) -> Result<Vec<String>, String> {
    eprintln!("names: loongarch64 is not compared: there are no headers of it in Debian 12");
    let mut wrong = Vec::new();
    for (arch, target, folder) in TARGETS {
        let include = PathBuf::from("/usr").join(folder).join("include");
        if !include.join("asm/unistd.h").exists() {
            eprintln!(
                "names: skipped the comparison with headers of {arch}: none in {}",
                include.display()
            );
            continue;
        }
        let mut compiler = Command::new(clang);
        compiler.arg(format!("--target={target}"));
        compiler.args([
            "-nostdinc",
            "-w",
            "-ferror-limit=0",
            "-S",
            "-emit-llvm",
            "-x",
            "c",
            "-o",
            "-",
            "-",
        ]);
        compiler
            .arg("-isystem")
            .arg(stubs)
            .arg("-isystem")
            .arg(&include);
        let (mut same, mut lacking) = (0, 0);
        let mut judge = |claims: &[Claim], found: &BTreeMap<String, u64>| {
            for claim in claims {
                match (claim.value, found.get(&claim.name)) {
                    (Some(ours), Some(theirs)) if ours == *theirs => same += 1,
                    (None, None) => same += 1,
                    (Some(_), None) => lacking += 1,
                    (ours, Some(theirs)) => wrong.push(format!(
                        "{arch} {}: {ours:x?}, header {theirs:#x}",
                        claim.name
                    )),
                }
            }
        };
        let claims = numbers(syscalls, arch)?;
        let names = claims.iter().map(|claim| claim.name.as_str());
        judge(
            &claims,
            &values(&mut compiler, "#include <asm/unistd.h>\n", names, "__NR_")?,
        );
        for (header, claims) in by_header(constants, arch)? {
            let mut text = BEFORE.to_owned();
            for header in companions(&header).iter().copied().chain([header.as_str()]) {
                writeln!(text, "#include <{header}>").map_err(|e| e.to_string())?;
            }
            let names = claims.iter().map(|claim| claim.name.as_str());
            judge(&claims, &values(&mut compiler, &text, names, "")?);
        }
        eprintln!("names: {arch}: {same} as in its headers, {lacking} not in them");
    }
    Ok(wrong)
}

fn clang() -> Option<String> {
    let versions = (14..=22).rev().map(|version| format!("clang-{version}"));
    versions.chain(["clang".to_owned()]).find(|name| {
        let run = Command::new(name)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        run.is_ok_and(|status| status.success())
    })
}

/// The numbers of calls on one architecture.
fn numbers(text: &str, arch: &str) -> Result<Vec<Claim>, String> {
    let mut rows = lines(text);
    let (_, heading) = rows.next().ok_or("empty")?;
    let column = heading
        .split('\t')
        .position(|cell| cell == arch)
        .ok_or_else(|| format!("no column {arch}"))?;
    let bit = if arch == "x32" { 0x4000_0000 } else { 0 };
    let claim = |line: &str| {
        let name = line.split('\t').next()?.to_owned();
        let cell = line.split('\t').nth(column)?;
        let nr = cell.split('@').next()?.parse::<u64>().ok();
        Some(Claim {
            name,
            value: nr.map(|nr| nr | bit),
        })
    };
    Ok(rows.skip(1).filter_map(|(_, line)| claim(line)).collect())
}

/// The constants of each header on one architecture. Those that are written by hand are left out.
fn by_header(text: &str, arch: &str) -> Result<BTreeMap<String, Vec<Claim>>, String> {
    let column = COLUMNS
        .iter()
        .position(|name| *name == arch)
        .ok_or_else(|| format!("no column {arch}"))?;
    let mut headers: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
    for (_, line) in lines(text).take_while(|(_, line)| *line != "[groups]") {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, header, value] = cells[..] else {
            continue;
        };
        if header.starts_with('~') {
            continue;
        }
        let value = value
            .split(' ')
            .nth(if value.contains(' ') { column } else { 0 })
            .unwrap_or("-");
        let value = match value.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => value.parse().ok(),
        };
        headers.entry(header.to_owned()).or_default().push(Claim {
            name: name.to_owned(),
            value,
        });
    }
    Ok(headers)
}

/// Compiles each name as a constant and reads its value; a name that does not compile has none.
fn values<'a>(
    compiler: &mut Command,
    before: &str,
    names: impl Iterator<Item = &'a str>,
    prefix: &str,
) -> Result<BTreeMap<String, u64>, String> {
    let mut names: Vec<&str> = names.collect();
    loop {
        let mut source = before.to_owned();
        let first = before.lines().count() + 1;
        for name in &names {
            writeln!(
                source,
                "const unsigned long long V_{name} = (unsigned long long)({prefix}{name});"
            )
            .map_err(|e| e.to_string())?;
        }
        let (ok, out, errors) = run(compiler, source)?;
        if ok {
            return Ok(out.lines().filter_map(constant).collect());
        }
        let bad: BTreeSet<usize> = errors
            .lines()
            .filter_map(|line| error_line(line)?.checked_sub(first))
            .collect();
        let before_count = names.len();
        let mut place = 0;
        names.retain(|_| {
            place += 1;
            !bad.contains(&(place - 1))
        });
        if names.len() == before_count {
            // The header itself is not there, or wants more of a C library than the stubs have.
            return Ok(BTreeMap::new());
        }
    }
}

fn run(compiler: &mut Command, source: String) -> Result<(bool, String, String), String> {
    let what = |e: std::io::Error| format!("run clang: {e}");
    let mut child = compiler
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(what)?;
    let mut input = child.stdin.take().ok_or("no standard input")?;
    let writer = thread::spawn(move || input.write_all(source.as_bytes()));
    let done = child.wait_with_output().map_err(what)?;
    writer
        .join()
        .map_err(|_| "the writer failed".to_owned())?
        .map_err(what)?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    Ok((
        done.status.success(),
        text(&done.stdout),
        text(&done.stderr),
    ))
}

/// `@V_NAME = constant i64 5, align 8`.
fn constant(line: &str) -> Option<(String, u64)> {
    let (name, rest) = line.strip_prefix("@V_")?.split_once(" = ")?;
    let number = rest.split("constant i64 ").nth(1)?.split(',').next()?;
    Some((name.to_owned(), number.parse::<i64>().ok()?.cast_unsigned()))
}

/// `<stdin>:12:3: error: …` is 12.
fn error_line(line: &str) -> Option<usize> {
    let (place, _) = line.split_once(": error")?;
    place
        .strip_prefix("<stdin>:")?
        .split(':')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_clang_prints() {
        let line = "@V_AT_FDCWD = dso_local constant i64 -100, align 8";
        assert_eq!(constant(line), Some(("AT_FDCWD".to_owned(), u64::MAX - 99)));
        assert_eq!(constant("@x = global i32 0"), None);
        assert_eq!(error_line("<stdin>:12:3: error: no"), Some(12));
        assert_eq!(error_line("/usr/x.h:12:3: error: no"), None);
        assert_eq!(error_line("<stdin>:12:3: note: x"), None);
    }

    #[test]
    fn takes_the_column_of_an_architecture() {
        let text =
            "# c\nname\tsince\tx86_64\tx32\n.floor\t\t2.4\t3.4\na\t1.0\t7@2.6\t-\nb\t1.0\t-\t8\n";
        let of = |arch| -> Vec<(String, Option<u64>)> {
            let claims = numbers(text, arch).expect(arch);
            claims
                .into_iter()
                .map(|claim| (claim.name, claim.value))
                .collect()
        };
        assert_eq!(
            of("x86_64"),
            [("a".to_owned(), Some(7)), ("b".to_owned(), None)]
        );
        assert_eq!(
            of("x32"),
            [("a".to_owned(), None), ("b".to_owned(), Some(0x4000_0008))]
        );
        let text = "[f] flags\nX\tlinux/x.h\t0x10\nY\tlinux/x.h\t1 2 3 4 5 6 7 8 9 -\nZ\t~linux/x.h\t1\n[groups]\nG\tX|Y\ty\n";
        let found = by_header(text, "mips64").expect("columns");
        let claims: Vec<Option<u64>> = found["linux/x.h"].iter().map(|claim| claim.value).collect();
        assert_eq!(claims, [Some(0x10), None]);
    }
}
