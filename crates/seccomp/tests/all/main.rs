//! Integration tests of the syscall filters.
#![forbid(unsafe_code)]
#![expect(
    clippy::similar_names,
    reason = "`arch` and `args` are the kernel's words"
)]

#[cfg(test)]
mod docker;
#[cfg(test)]
mod engines;
#[cfg(test)]
mod firejail;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod json;
#[cfg(test)]
mod libseccomp;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod random;
#[cfg(test)]
mod regressions;
#[cfg(test)]
mod tools;

/// Says that a test did not run, and has it counted.
#[cfg(test)]
fn skip(test: &str, reason: &str) {
    use std::io::Write;
    let line = format!("SKIP {test}: {reason}\n");
    eprint!("{line}");
    if let Some(log) = std::env::var_os("CASEMATE_SKIP_LOG") {
        let written = std::fs::OpenOptions::new()
            .append(true)
            .open(log)
            .and_then(|mut log| log.write_all(line.as_bytes()));
        written.expect("the log of skipped tests");
    }
}
