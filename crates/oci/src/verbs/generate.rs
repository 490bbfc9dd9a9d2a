//! `generate`: the man page and the completions, which are made of the table of verbs and flags. Not for people.

use crate::cli::{Call, completions, man};
use crate::failure::{Attempt, Failure};
use std::fs;
use std::path::Path;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let directory = Path::new(call.word(0, "the directory")?);
    for (name, text) in [
        ("docs/man/casemate-oci.1", man::page()),
        ("completions/casemate-oci.bash", completions::bash()),
        ("completions/_casemate-oci", completions::zsh()),
        ("completions/casemate-oci.fish", completions::fish()),
    ] {
        let path = directory.join(name);
        let what = || format!("write {}", path.display());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).attempt(what)?;
        }
        fs::write(&path, text).attempt(what)?;
    }
    Ok(0)
}
