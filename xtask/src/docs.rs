//! Man pages, completions and the documentation of profiles, which `casemate generate` makes of its tables.

use crate::failure::Failure;
use crate::program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes or checks docs/profile.md and docs/profile.schema.json.
pub fn profile(arguments: &[String]) -> ExitCode {
    run(arguments, &["docs/profile.md", "docs/profile.schema.json"])
}

/// Writes or checks docs/oci.md.
pub fn oci(arguments: &[String]) -> ExitCode {
    run(arguments, &["docs/oci.md"])
}

/// Writes or checks docs/formats.md.
pub fn formats(arguments: &[String]) -> ExitCode {
    run(arguments, &["docs/formats.md"])
}

/// Writes or checks docs/man and completions.
pub fn man(arguments: &[String]) -> ExitCode {
    run(arguments, &["docs/man", "completions"])
}

fn run(arguments: &[String], places: &[&str]) -> ExitCode {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => {
            return Failure::Usage("only --check can be given".to_owned()).report();
        }
    };
    let outcome = generated(places).and_then(|files| {
        let stale = files.into_iter().filter(|(path, contents)| {
            // A file that cannot be read is as stale as one that differs: writing it will tell why.
            fs::read_to_string(program::workspace().join(path))
                .ok()
                .as_ref()
                != Some(contents)
        });
        let mut code = ExitCode::SUCCESS;
        for (path, contents) in stale {
            if check {
                eprintln!("{} is not fresh", path.display());
                code = ExitCode::FAILURE;
            } else {
                write(&program::workspace().join(&path), &contents)?;
                println!("wrote {}", path.display());
            }
        }
        Ok(code)
    });
    outcome.unwrap_or_else(|failure| failure.report())
}

/// Has the program write everything below target/, and reads the files at these places.
fn generated(places: &[&str]) -> Result<Vec<(PathBuf, String)>, Failure> {
    let fresh = program::workspace().join("target/generated");
    // The runtime has a table of its own.
    for package in ["casemate-cli", "casemate-oci"] {
        let mut command = program::cargo();
        command.args(["run", "--quiet", "--package", package, "--", "generate"]);
        program::run(command.arg(&fresh))?;
    }
    let mut files = Vec::new();
    for place in places {
        collect(&fresh, Path::new(place), &mut files)?;
    }
    Ok(files)
}

fn collect(root: &Path, place: &Path, files: &mut Vec<(PathBuf, String)>) -> Result<(), Failure> {
    let path = root.join(place);
    if !path.is_dir() {
        let contents = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        files.push((place.to_owned(), contents));
        return Ok(());
    }
    for entry in fs::read_dir(&path).map_err(Failure::file(&path))? {
        let entry = entry.map_err(Failure::file(&path))?;
        collect(root, &place.join(entry.file_name()), files)?;
    }
    Ok(())
}

fn write(path: &Path, contents: &str) -> Result<(), Failure> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(Failure::file(directory))?;
    }
    fs::write(path, contents).map_err(Failure::file(path))
}
