//! In which directories something can be made, and which mounted files can be written.

use crate::areas::mounts;
use crate::json::Json;
use crate::outcome::{self, Outcome};
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const PLACES: &[&str] = &[
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/dev/mqueue",
    "/dev/pts",
    "/dev/shm",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/proc/self",
    "/proc/sys",
    "/proc/sys/kernel",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/sys/fs/cgroup",
    "/sys/kernel",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/local",
    "/var",
    "/var/lib",
    "/var/tmp",
];

pub fn look() -> Json {
    let mut places: BTreeSet<PathBuf> = PLACES.iter().map(PathBuf::from).collect();
    places.extend(
        mounts::read()
            .into_iter()
            .flatten()
            .map(|mount| PathBuf::from(mount.point)),
    );
    places.extend(std::env::current_dir());
    places.extend(std::env::var_os("HOME").map(PathBuf::from));
    Json::object(
        places
            .iter()
            .map(|place| (place.to_string_lossy().into_owned(), attempt(place))),
    )
}

/// Tries to make something in a directory, or to open a file for writing; nothing remains.
pub fn attempt(place: &Path) -> Outcome {
    match fs::metadata(place) {
        Ok(metadata) if metadata.is_dir() => make_in(place),
        // Neither truncated nor written to, and no terminal becomes ours.
        Ok(_) => outcome::of(
            &OpenOptions::new()
                .write(true)
                .custom_flags(NONBLOCK | NOCTTY)
                .open(place),
        ),
        Err(error) => Outcome::Refused(outcome::errno(&error)),
    }
}

const NONBLOCK: i32 = 0o4000; // asm-generic/fcntl.h
const NOCTTY: i32 = 0o400;

fn make_in(directory: &Path) -> Outcome {
    let name = directory.join(format!(".casemate-probe-{}", std::process::id()));
    // A directory rather than a file: file systems of the kernel, such as cgroup2, have these only.
    let made = fs::create_dir(&name);
    if made.is_ok() && fs::remove_dir(&name).is_err() {
        // What cannot be removed can be made, all the same; the name says whose it is.
        return Outcome::Done;
    }
    outcome::of(&made)
}
