//! The arguments' table, from `arguments.tsv`, and its comparison with a running kernel's trace events.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{lines, variant};

struct Row<'a> {
    name: &'a str,
    arches: Vec<&'a str>,
    source: &'a str,
    arguments: Vec<(&'a str, &'a str)>,
}

/// Reads the tab-separated text and returns the table.
pub fn generate(text: &str) -> Result<String, String> {
    let rows = parse(text)?;
    let mut out = String::from(
        "use crate::names::arch::Arch::{Aarch64, Arm, I386, Mips64, Mips64el, Ppc64le, Riscv64, S390x};\n\
         use crate::names::arguments::Kind::{Descriptor, Pointer, Scalar};\n\
         use crate::names::arguments::Sign::{Signed, Unsigned};\n\
         use crate::names::arguments::Width::{Register, W16, W32, W64};\n\
         use crate::names::arguments::{Signature, argument, signature};\n\n",
    );
    render(&rows, &mut out)?;
    Ok(out)
}

fn parse(text: &str) -> Result<Vec<Row<'_>>, String> {
    let mut rows: Vec<Row> = Vec::new();
    for (at, line) in lines(text) {
        let mut cells = line.splitn(3, '\t');
        let (Some(key), Some(source @ ("t" | "h")), Some(arguments)) =
            (cells.next(), cells.next(), cells.next())
        else {
            return Err(format!("line {at}: not name, source and arguments"));
        };
        let (name, arches) = match key.split_once('@') {
            Some((name, arches)) => (name, arches.split(',').collect()),
            None => (key, Vec::new()),
        };
        let mut row = Row {
            name,
            arches,
            source,
            arguments: Vec::new(),
        };
        if arguments != "void" {
            for argument in arguments.split(", ") {
                let split = argument
                    .rfind([' ', '*'])
                    .map(|end| argument.split_at(end + 1));
                let (ctype, name) = split.ok_or_else(|| format!("line {at}: {argument:?}"))?;
                row.arguments.push((ctype.trim_end(), name));
            }
        }
        rows.push(row);
    }
    // The row for all other architectures goes last among those of its name.
    rows.sort_by_key(|row| (row.name, row.arches.is_empty()));
    Ok(rows)
}

fn render(rows: &[Row], out: &mut String) -> Result<(), String> {
    let mut line = |text: String| writeln!(out, "{text}").map_err(|e| e.to_string());
    line("#[rustfmt::skip]".to_owned())?;
    line(format!(
        "pub(in crate::names) static SIGNATURES: [Signature; {}] = [",
        rows.len()
    ))?;
    for row in rows {
        let arches: Vec<String> = row.arches.iter().map(|arch| variant(arch)).collect();
        line(format!(
            "    signature(\"{}\", &[{}], &[",
            row.name,
            arches.join(", ")
        ))?;
        for (ctype, name) in &row.arguments {
            let class = class(ctype, name).map_err(|e| format!("{}: {e}", row.name))?;
            line(format!(
                "        argument(\"{name}\", \"{ctype}\", {class}),"
            ))?;
        }
        line("    ]),".to_owned())?;
    }
    line("];".to_owned())
}

/// Width, sign and kind of a C type; the names are those of linux/types.h.
fn class(ctype: &str, name: &str) -> Result<String, String> {
    let (width, sign) = match ctype {
        "int" | "pid_t" | "clockid_t" | "timer_t" | "mqd_t" | "key_t" | "key_serial_t"
        | "rwf_t" | "__s32" => ("W32", "Signed"),
        "unsigned int"
        | "u32"
        | "__u32"
        | "uid_t"
        | "gid_t"
        | "qid_t"
        | "enum landlock_rule_type" => ("W32", "Unsigned"),
        "umode_t" | "old_uid_t" | "old_gid_t" => ("W16", "Unsigned"),
        "long" | "off_t" => ("Register", "Signed"),
        "unsigned long" | "size_t" | "aio_context_t" | "old_sigset_t" => ("Register", "Unsigned"),
        "loff_t" => ("W64", "Signed"),
        "u64" | "__u64" => ("W64", "Unsigned"),
        "cap_user_header_t" | "cap_user_data_t" | "__sighandler_t" => {
            return Ok("Register, Unsigned, Pointer".to_owned());
        }
        _ if ctype.ends_with('*') => return Ok("Register, Unsigned, Pointer".to_owned()),
        _ => return Err(format!("no width is known for type {ctype:?}")),
    };
    let kind = if is_descriptor(name) {
        "Descriptor"
    } else {
        "Scalar"
    };
    Ok(format!("{width}, {sign}, {kind}"))
}

fn is_descriptor(name: &str) -> bool {
    let exception = matches!(name, "max_fd" | "cmd_fd");
    let known = matches!(
        name,
        "fildes" | "mqdes" | "fdin" | "fdout" | "fd_in" | "fd_out"
    );
    known || (!exception && name.ends_with("fd"))
}

/// Compares the rows that come from trace events with this kernel's. Says so where there are none.
pub fn compare(text: &str) -> Result<(), String> {
    let folders = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
    let events = folders.map(|folder| Path::new(folder).join("events/syscalls"));
    let Some(events) = events.iter().find(|folder| folder.is_dir()) else {
        eprintln!(
            "names: skipped the comparison with this kernel's trace events: no tracefs is mounted"
        );
        return Ok(());
    };
    if !cfg!(target_arch = "x86_64") {
        eprintln!(
            "names: skipped the comparison with this kernel's trace events: they are another architecture's"
        );
        return Ok(());
    }
    let rows = parse(text)?;
    let ours: BTreeMap<&str, &Row> = rows
        .iter()
        .filter(|row| row.arches.is_empty() && row.source == "t")
        .map(|row| (row.name, row))
        .collect();
    let mut wrong = Vec::new();
    let mut compared = 0;
    let entries = fs::read_dir(events).map_err(|e| format!("read {}: {e}", events.display()))?;
    for entry in entries {
        let entry = entry.map_err(|e| e.to_string())?;
        let file_name = entry.file_name();
        let Some(event) = file_name
            .to_str()
            .and_then(|name| name.strip_prefix("sys_enter_"))
        else {
            continue;
        };
        let path = entry.path().join("format");
        let format =
            fs::read_to_string(&path).map_err(|e| format!("read {}: {e}", path.display()))?;
        let Some(row) = ours.get(renamed(event)) else {
            continue;
        };
        compared += 1;
        let theirs = fields(&format);
        let same = theirs.len() == row.arguments.len()
            && theirs
                .iter()
                .zip(&row.arguments)
                .all(|(their, (ctype, name))| {
                    // Qualifiers and blanks aside: `const clockid_t which_clock`, `void *const ptr`.
                    letters(their) == letters(&format!("{ctype} {name}"))
                });
        if !same {
            wrong.push(format!("{event}: {}", theirs.join(", ")));
        }
    }
    eprintln!("names: {compared} calls compared with this kernel's trace events");
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "this kernel says otherwise:\n  {}",
            wrong.join("\n  ")
        ))
    }
}

/// Trace events are named after the kernel's functions, which differ from the calls' names here.
fn renamed(event: &str) -> &str {
    match event {
        "newstat" => "stat",
        "newlstat" => "lstat",
        "newfstat" => "fstat",
        "newuname" => "uname",
        "umount" => "umount2",
        "sendfile64" => "sendfile",
        other => other,
    }
}

/// The arguments of a trace event's format, after the fields that all events have.
fn fields(format: &str) -> Vec<&str> {
    format
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("field:")?.split(';').next())
        .skip_while(|field| *field != "int __syscall_nr")
        .skip(1)
        .filter(|field| !field.starts_with("__data_loc"))
        .collect()
}

fn letters(declaration: &str) -> String {
    let text = declaration.replace('*', " * ");
    let words = text.split_whitespace().filter(|word| *word != "const");
    let joined = words.collect::<Vec<_>>().join(" ");
    // The kernel's own two spellings of one type.
    match joined.strip_prefix("unsigned ") {
        Some(rest) if !rest.contains('*') && rest.split(' ').count() == 1 => {
            format!("unsigned int {rest}")
        }
        _ => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_the_c_type() {
        for (ctype, name, expected) in [
            ("int", "dfd", "W32, Signed, Descriptor"),
            ("unsigned int", "cmd", "W32, Unsigned, Scalar"),
            ("unsigned long", "nfds", "Register, Unsigned, Scalar"),
            ("const char *", "fd", "Register, Unsigned, Pointer"),
            ("umode_t", "mode", "W16, Unsigned, Scalar"),
        ] {
            assert_eq!(class(ctype, name).as_deref(), Ok(expected));
        }
        assert!(class("struct x", "y").is_err());
    }

    #[test]
    fn rows_of_some_architectures_come_first() {
        let text = "a\tt\tvoid\na@i386,arm\th\tchar **x, int y\n";
        let rows = parse(text).expect("two rows");
        assert_eq!(rows[0].arches, ["i386", "arm"]);
        assert_eq!(rows[0].arguments, [("char **", "x"), ("int", "y")]);
        assert!(rows[1].arguments.is_empty());
        for wrong in ["a\tx\tvoid\n", "a\tt\n", "a\tt\tint\n"] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn reads_a_trace_event() {
        let format = "\tfield:int common_pid;\toffset:4;\n\n\tfield:int __syscall_nr;\toffset:8;\n\
                      \tfield:const char * filename;\toffset:16;\n\tfield:umode_t mode;\toffset:24;\n\
                      \tfield:__data_loc char[] __filename_val;\toffset:32;\n";
        assert_eq!(fields(format), ["const char * filename", "umode_t mode"]);
        assert_eq!(
            letters("const char * filename"),
            letters("const char *filename")
        );
        assert_eq!(letters("unsigned flags"), letters("unsigned int flags"));
    }
}
