//! `casemate generate`: files that are made of the tables of commands and keys.

mod completions;
mod formats;
mod man;
mod profile;

use crate::commands;
use crate::failure::Failure;
use crate::{flags, help, output};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// A file: its path below the directory, and what is in it.
type File = (PathBuf, String);

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> Result<(), Failure> {
    let command = commands::command("generate")
        .ok_or_else(|| help::unknown_command(OsStr::new("generate")))?;
    let parsed = flags::parse(command, arguments)?;
    if let Some(help) = parsed.help {
        return output::say(&help::of(command, help));
    }
    let [directory] = parsed.words.as_slice() else {
        return Err(Failure::usage(
            "one directory is needed",
            "for example `casemate generate /tmp/casemate`".to_owned(),
        ));
    };
    for (path, contents) in files() {
        write(&Path::new(directory).join(path), &contents)?;
    }
    Ok(())
}

fn write(path: &Path, contents: &str) -> Result<(), Failure> {
    let failed = |error| Failure::File {
        doing: "write",
        path: path.to_owned(),
        error,
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::write(path, contents).map_err(failed)
}

fn files() -> Vec<File> {
    let mut files = man::pages();
    files.extend(completions::scripts());
    files.push((PathBuf::from("docs/profile.md"), profile::markdown()));
    files.push((PathBuf::from("docs/profile.schema.json"), profile::schema()));
    files.push((PathBuf::from("docs/formats.md"), formats::markdown()));
    files.push((
        PathBuf::from("docs/oci.md"),
        casemate_formats::oci::fields::markdown(),
    ));
    files
}
