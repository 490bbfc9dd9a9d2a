//! Tests of config.json.

mod confine;
mod corpus;
mod fields;
mod parts;

use std::path::PathBuf;

/// A file of the corpus.
fn corpus(name: &str) -> Vec<u8> {
    let path = directory().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/oci")
}
