//! Finding the program's file: as a shell inside would, before anything is started.

use crate::failure::Failure;
use casemate_formats::profile::Document;
use casemate_model::facets::files::Access;
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::{Origin, Stated};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

/// Where the program's file is.
#[derive(Debug)]
pub struct Resolved {
    /// Its path inside.
    pub executable: PathBuf,
    /// The same, when nothing grants to run it yet: who names a program wants it run.
    pub own_file: Option<PathBuf>,
}

/// Finds the file of the command.
pub fn resolve(document: &mut Document) -> Result<Resolved, Failure> {
    let command = document
        .program
        .command
        .value()
        .and_then(|words| words.first());
    let Some(name) = command.cloned() else {
        return Err(Failure::not_started("no command to run"));
    };
    let executable = if name.as_encoded_bytes().contains(&b'/') {
        named(document, &name)?
    } else {
        searched(document, &name)?
    };
    let grants = document.confinement.files.grants.value();
    let granted = grants.is_some_and(|grants| grants.access(&executable).includes(Access::RUN));
    let own_file = (!granted).then(|| executable.clone());
    Ok(Resolved {
        executable,
        own_file,
    })
}

/// Grants to run the program's own file.
pub fn grant(document: &mut Document, file: PathBuf) {
    let stated = &mut document.confinement.files.grants;
    if let Some(grants) = stated.value_mut() {
        let access = grants.access(&file).union(Access::RUN);
        grants.0.insert(file, access);
    } else {
        let grants = casemate_model::facets::files::Grants([(file, Access::RUN)].into());
        *stated = Stated::set(grants, Origin::Rule("the command's own file"));
    }
}

/// A path is taken from where the program starts.
fn named(document: &Document, name: &OsStr) -> Result<PathBuf, Failure> {
    let path = Path::new(name);
    let path = if path.is_absolute() {
        path.to_owned()
    } else {
        // By default it is the caller's, which may be gone; the program starts elsewhere then, where it was not meant.
        let directory = &document.program.directory;
        let there = directory.is_set() || std::env::current_dir().is_ok();
        match directory.value().filter(|_| there) {
            Some(directory) => directory.join(path),
            None => {
                return Err(Failure::not_started(format!(
                    "cannot find {}: the working directory is gone",
                    path.display()
                )));
            }
        }
    };
    let path = lexical(&path);
    match examine(&path) {
        Found::Program => Ok(path),
        Found::Absent => Err(Failure::not_found(format!(
            "{}: no such file",
            path.display()
        ))),
        Found::NotExecutable(why) => Err(Failure::not_executable(format!(
            "{}: {why}",
            path.display()
        ))),
    }
}

fn searched(document: &Document, name: &OsStr) -> Result<PathBuf, Failure> {
    let path = search_path(document);
    let mut refused = None;
    for directory in std::env::split_paths(&path).filter(|directory| directory.is_absolute()) {
        let candidate = directory.join(name);
        match examine(&candidate) {
            Found::Program => return Ok(candidate),
            Found::Absent => {}
            Found::NotExecutable(why) => refused = refused.or(Some((candidate, why))),
        }
    }
    match refused {
        Some((candidate, why)) => Err(Failure::not_executable(format!(
            "{}: {why}",
            candidate.display()
        ))),
        None => Err(Failure::not_found(format!(
            "{}: not found in the compartment's PATH ({})\n   = help: name it by its path, or pass on your own PATH: --environment PATH",
            name.to_string_lossy(),
            path.to_string_lossy()
        ))),
    }
}

/// The PATH that the program will have.
fn search_path(document: &Document) -> OsString {
    let own = || std::env::var_os("PATH").unwrap_or_default();
    match document.confinement.kernel.environment.value() {
        Some(Environment::Only(variables)) => match variables.get("PATH") {
            Some(Variable::Text(text)) => text.into(),
            Some(Variable::FromCaller) => own(),
            None => "/usr/bin:/bin".into(),
        },
        _ => own(),
    }
}

enum Found {
    Program,
    Absent,
    NotExecutable(Cow<'static, str>),
}

fn examine(path: &Path) -> Found {
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => Found::NotExecutable("is a directory".into()),
        Ok(metadata) if !metadata.is_file() => Found::NotExecutable("is not a regular file".into()),
        Ok(metadata) if metadata.permissions().mode() & 0o111 == 0 => {
            Found::NotExecutable("is not executable: its mode has no x".into())
        }
        Ok(_) => Found::Program,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Found::Absent
        }
        Err(error) => Found::NotExecutable(format!("cannot be looked at: {error}").into()),
    }
}

/// Takes out `.` and, as a shell's cd does, `..` with the name before it.
fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
