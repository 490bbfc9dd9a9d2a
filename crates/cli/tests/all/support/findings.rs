//! What a test says: that it did not run, and everything that it found to be wrong.

use std::fmt::Debug;
use std::io::Write;

/// Says that a test did not run here; `cargo xtask test` counts these lines.
pub fn skip(test: &str, reason: &str) {
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

/// What was found to be wrong: a table of cases is gone through to its end.
#[derive(Default)]
pub struct Findings(Vec<String>);

impl Findings {
    /// Compares.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "values are made for the comparison"
    )]
    pub fn same<T: PartialEq + Debug>(&mut self, what: impl Into<String>, found: T, expected: T) {
        if found != expected {
            self.0
                .push(format!("{}: {found:?}, expected {expected:?}", what.into()));
        }
    }

    /// Looks for a part of a text.
    pub fn contains(&mut self, what: impl Into<String>, text: &str, part: &str) {
        if !text.contains(part) {
            self.0
                .push(format!("{}: {part:?} is not in {text:?}", what.into()));
        }
    }

    /// Makes sure that a part of a text is not there.
    pub fn lacks(&mut self, what: impl Into<String>, text: &str, part: &str) {
        if text.contains(part) {
            self.0
                .push(format!("{}: {part:?} is in {text:?}", what.into()));
        }
    }

    /// Notes something that is wrong.
    pub fn add(&mut self, finding: impl Into<String>) {
        self.0.push(finding.into());
    }
}

impl Drop for Findings {
    /// Fails the test with all of them.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.0.is_empty(), "\n  {}", self.0.join("\n  "));
        }
    }
}
