//! The `casemate` program as its users run it.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod doctor;
mod in_lab;

use std::io::Write;

/// Says that a test did not run here; `cargo xtask test` counts these lines.
fn skip(test: &str, reason: &str) {
    let line = format!("SKIP {test}: {reason}\n");
    print!("{line}");
    if let Some(log) = std::env::var_os("CASEMATE_SKIP_LOG") {
        let mut log = std::fs::File::options()
            .append(true)
            .create(true)
            .open(log)
            .unwrap();
        log.write_all(line.as_bytes()).unwrap();
    }
}
