//! `cargo xtask names`: writes the name tables of `casemate-model` from the text files in `xtask/data/names`.
//!
//! `--check` writes nothing and fails if a table is not what would be written, or if this machine's kernel says
//! otherwise than the text. `--headers` compares with the headers that each architecture's kernel exports.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod arguments;
mod constants;
mod headers;
mod syscalls;

type Compare = fn(&str) -> Result<(), String>;

/// A generator reads its text file and returns the Rust source of its table.
struct Generator {
    input: &'static str,
    output: &'static str,
    generate: fn(&str) -> Result<String, String>,
    /// Compares the text with what this machine says, where it says anything.
    compare: Option<Compare>,
}

const GENERATORS: &[Generator] = &[
    Generator {
        input: "syscalls.tsv",
        output: "syscalls_table.rs",
        generate: syscalls::generate,
        // A test of the model compares with the installed headers.
        compare: None,
    },
    Generator {
        input: "arguments.tsv",
        output: "arguments_table.rs",
        generate: arguments::generate,
        compare: Some(arguments::compare),
    },
    Generator {
        input: "constants.txt",
        output: "constants_table.rs",
        generate: constants::generate,
        compare: None,
    },
];

enum Mode {
    Write,
    Check,
}

/// Runs the subcommand.
pub fn run(arguments: &[String]) -> ExitCode {
    let mode = match arguments {
        [] => Mode::Write,
        [flag] if flag == "--check" => Mode::Check,
        [flag] if flag == "--headers" => return told("headers", compare_headers()),
        _ => {
            eprintln!("usage: cargo xtask names [--check | --headers]");
            return ExitCode::from(2);
        }
    };
    let mut code = ExitCode::SUCCESS;
    for generator in GENERATORS {
        let done = told(generator.output, one(generator, &mode));
        if done != ExitCode::SUCCESS {
            code = done;
        }
    }
    code
}

fn told(what: &str, done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("names: {what}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn compare_headers() -> Result<(), String> {
    let folder = root()?.join("xtask/data/names");
    let read =
        |name| fs::read_to_string(folder.join(name)).map_err(|e| format!("read {name}: {e}"));
    headers::compare(&read("syscalls.tsv")?, &read("constants.txt")?)
}

fn one(generator: &Generator, mode: &Mode) -> Result<(), String> {
    let root = root()?;
    let input = root.join("xtask/data/names").join(generator.input);
    let output = root
        .join("crates/model/src/names/tables")
        .join(generator.output);
    let text = fs::read_to_string(&input).map_err(|e| format!("read {}: {e}", input.display()))?;
    let mut source = String::new();
    writeln!(
        source,
        "// Written by `cargo xtask names` from xtask/data/names/{}: change that, not this.\n",
        generator.input
    )
    .map_err(|e| e.to_string())?;
    source.push_str(&(generator.generate)(&text)?);
    match mode {
        Mode::Write => fs::write(&output, source).map_err(|e| format!("write: {e}")),
        Mode::Check => match fs::read_to_string(&output) {
            Ok(old) if old == source => generator.compare.map_or(Ok(()), |compare| compare(&text)),
            Ok(_) => Err("not fresh: run `cargo xtask names`".to_owned()),
            Err(e) => Err(format!("read: {e}")),
        },
    }
}

/// The folder of the workspace.
fn root() -> Result<PathBuf, String> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .ok_or_else(|| "no workspace around xtask".to_owned())
}

/// The lines of a table: comments and empty ones left out, each with its number for messages.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The variant of `Arch` for an architecture's name. Both byte orders of MIPS have one table.
fn variant(arch: &str) -> String {
    if arch == "mips64" {
        return "Mips64, Mips64el".to_owned();
    }
    let mut letters = arch.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
