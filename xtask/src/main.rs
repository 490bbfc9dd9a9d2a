//! Generators, checks and benches of the project.
#![forbid(unsafe_code)]

fn main() {}
