//! Other programs: where they are, and running them with a result that cannot be overlooked.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::failure::Failure;

/// The directory of the workspace.
pub fn workspace() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// Whether this process may install packages and become other users.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Root,
    User,
}

/// Who calls, by the owner of this process as /proc shows it.
pub fn caller() -> Caller {
    match fs::metadata("/proc/self") {
        Ok(metadata) if metadata.uid() == 0 => Caller::Root,
        Ok(_) | Err(_) => Caller::User,
    }
}

/// Finds an executable file as execvp(3) would, and in the administrator's directories, which users often lack in PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(name))
        .find(|file| {
            fs::metadata(file).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
        })
}

/// The cargo that runs this task.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace()).stdin(Stdio::null());
    command
}

/// Runs a program to its end, with its output on ours; anything but success is a failure.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(start_failure(command))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Ended {
        program: printable(command),
        status,
    })
}

/// Runs a program to its end and keeps its standard output; its errors appear on ours.
pub fn read(command: &mut Command) -> Result<String, Failure> {
    command.stderr(Stdio::inherit());
    let Output { status, stdout, .. } = command.output().map_err(start_failure(command))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).into_owned());
    }
    Err(Failure::Ended {
        program: printable(command),
        status,
    })
}

/// Names the program in an error of starting it.
pub fn start_failure(command: &Command) -> impl FnOnce(std::io::Error) -> Failure + use<> {
    let program = printable(command);
    move |source| Failure::Start { program, source }
}

/// The first words of a command, enough to recognise it in a message.
fn printable(command: &Command) -> String {
    let mut words: Vec<_> = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().take(3).map(OsStr::to_string_lossy));
    words.join(" ")
}
