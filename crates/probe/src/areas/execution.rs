//! Whether programs can be run that did not come with the compartment: from memory, and from where files can be made.

use crate::EXECUTED;
use crate::json::Json;
use crate::outcome::{self, Outcome, in_child};
use casemate_sys::file::{self, AtFlags, OpenFlags, openat};
use casemate_sys::memory::{Executable, memfd};
use casemate_sys::process::{self, CloneFlags, Forked};
use casemate_sys::signal::Signal;
use casemate_sys::{CWD, Errno, FdRef, StrVec, exec};
use std::ffi::CString;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

pub fn look() -> Json {
    let own = std::env::current_exe().and_then(fs::read);
    let Ok(program) = own else {
        return Json::from("not tried: the probe cannot read itself");
    };
    let mut places: Vec<PathBuf> = ["/dev/shm", "/run", "/tmp", "/var/tmp"]
        .map(PathBuf::from)
        .to_vec();
    places.extend(std::env::current_dir());
    places.extend(std::env::var_os("HOME").map(PathBuf::from));
    let tried = places.iter().map(|place| {
        (
            place.to_string_lossy().into_owned(),
            from_directory(place, &program),
        )
    });
    Json::object(tried.chain([("memory".to_owned(), in_child(|| from_memory(&program)))]))
}

fn from_memory(program: &[u8]) -> Result<(), Errno> {
    let file = memfd(c"casemate-probe", Executable::Yes)?;
    file::write_all(file.as_fd(), program)?;
    run(file.as_fd())
}

/// Copies the probe into a directory and runs it there.
fn from_directory(directory: &Path, program: &[u8]) -> Outcome {
    let path = directory.join(format!(".casemate-probe-run-{}", std::process::id()));
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o700)
        .open(&path)
        .and_then(|mut file| file.write_all(program));
    let tried = match &written {
        Ok(()) => in_child(|| run_path(&path)),
        Err(_) => outcome::of(&written),
    };
    match fs::remove_file(&path) {
        // It may not have been made at all.
        Ok(()) | Err(_) => tried,
    }
}

/// Runs a program by path and tells whether it is the probe that ran.
pub fn run_path(path: &Path) -> Result<(), Errno> {
    let path = CString::new(path.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    let file = openat(CWD, &path, OpenFlags::PATH | OpenFlags::CLOEXEC, 0)?;
    run(file.as_fd())
}

fn run(program: FdRef<'_>) -> Result<(), Errno> {
    let marker = CString::new(EXECUTED.0).map_err(|_| Errno::EINVAL)?;
    let mut arguments = StrVec::with_capacity(2)?;
    arguments.push(c"casemate-probe")?;
    arguments.push(&marker)?;
    let (reader, writer) = file::pipe2(OpenFlags::CLOEXEC)?;
    match process::fork(CloneFlags::empty(), Some(Signal::CHLD))? {
        Forked::Child => {
            let list = arguments.as_list();
            let errno = exec::execveat(
                program,
                c"",
                list,
                casemate_sys::StrList::EMPTY,
                AtFlags::EMPTY_PATH,
            );
            // The parent takes an empty pipe for a success, and then looks at the exit code.
            let told = file::write_all(writer.as_fd(), &errno.raw().to_ne_bytes());
            process::exit(i32::from(told.is_err()))
        }
        Forked::Parent(child) => {
            drop(writer);
            let mut errno = [0; 2];
            let got = file::read_full(reader.as_fd(), &mut errno)?;
            let is_ours = outcome::exited_with(&child, EXECUTED.1);
            match (got, is_ours) {
                (2, _) => Err(Errno::from_raw(u16::from_ne_bytes(errno))),
                (_, true) => Ok(()),
                // Something ran, and ended otherwise.
                (_, false) => Err(Errno::ECHILD),
            }
        }
    }
}
