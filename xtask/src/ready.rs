//! `cargo xtask ready-filters`: writes the ordinary policy's filter as a table, so that a launch need not compile it.

use casemate_model::syscalls::SyscallPolicy;
use casemate_seccomp::ready::MACHINES;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

const OUTPUT: &str = "crates/seccomp/src/ready_table.rs";

/// Runs the subcommand.
pub fn run(arguments: &[String]) -> ExitCode {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => {
            eprintln!("usage: cargo xtask ready-filters [--check]");
            return ExitCode::from(2);
        }
    };
    match generate().and_then(|text| if check { compare(&text) } else { write(&text) }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ready-filters: {error}");
            ExitCode::FAILURE
        }
    }
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(OUTPUT)
}

fn write(text: &str) -> Result<(), String> {
    std::fs::write(path(), text).map_err(|error| format!("cannot write {OUTPUT}: {error}"))
}

fn compare(text: &str) -> Result<(), String> {
    match std::fs::read_to_string(path()) {
        Ok(there) if there == text => Ok(()),
        Ok(_) => Err(format!("{OUTPUT} is not what the compiler gives now")),
        Err(error) => Err(format!("cannot read {OUTPUT}: {error}")),
    }
}

fn generate() -> Result<String, String> {
    let mut text = String::from(
        "//! The filter of the ordinary policy for each machine of `MACHINES`. Written by `cargo xtask ready-filters`.\n\n\
         #[rustfmt::skip]\npub(super) const FILTERS: [&[[u8; 8]]; 2] = [\n",
    );
    for machine in MACHINES {
        let program = casemate_seccomp::compile(&SyscallPolicy::ordinary(), machine)
            .map_err(|error| error.to_string())?;
        text.push_str("    &[\n");
        for instruction in program.to_bytes().chunks(8) {
            let line = instruction
                .iter()
                .map(|byte| format!("0x{byte:02x}"))
                .collect::<Vec<_>>()
                .join(", ");
            writeln!(text, "        [{line}],").map_err(|error| error.to_string())?;
        }
        text.push_str("    ],\n");
    }
    text.push_str("];\n");
    Ok(text)
}
