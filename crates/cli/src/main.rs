//! The `casemate` program.
#![forbid(unsafe_code)]

fn main() {}
