//! Facts of the caller that a profile is read with, and the files that it names.

use crate::failure::Failure;
use casemate_formats::profile::{Context, Loader, MAX_SIZE, Source};
use casemate_model::host::Subordinate;
use casemate_model::names::{Arch, KernelVersion, syscalls};
use casemate_sys::file::OpenFlags;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Gathers the facts: three system calls and a look at the environment.
pub fn context() -> Context {
    let absolute = |path: &PathBuf| path.is_absolute();
    Context {
        // When the directory has been deleted or is outside of the root there is none.
        directory: std::env::current_dir().ok().filter(absolute),
        home: std::env::var_os("HOME").map(PathBuf::from).filter(absolute),
        uid: casemate_sys::ids::geteuid(),
        gid: casemate_sys::ids::getegid(),
        environment: std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect(),
        subordinate: Subordinate::default(),
    }
}

/// The numberings of system calls that this machine serves, its own first.
pub fn numberings() -> Vec<Arch> {
    let native = Arch::native().unwrap_or(Arch::X86_64);
    std::iter::once(native)
        .chain(native.companions().iter().copied())
        .collect()
}

/// The running kernel. Without /proc the newest one that the tables know stands in.
pub fn kernel() -> KernelVersion {
    std::fs::read_to_string("/proc/sys/kernel/osrelease")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(syscalls::COVERED)
}

/// Reads profiles from the file system.
#[derive(Debug)]
pub struct Files;

impl Loader for Files {
    fn load(&mut self, path: &Path) -> io::Result<Source> {
        // Opening a pipe would wait for a writer.
        let flags = OpenFlags::NONBLOCK.bits().cast_signed();
        let file = File::options().read(true).custom_flags(flags).open(path)?;
        // A device may never end, and its directory means nothing.
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            ));
        }
        let size = usize::try_from(metadata.len()).unwrap_or(MAX_SIZE);
        let mut text = Vec::with_capacity(size.min(MAX_SIZE) + 1);
        file.take(MAX_SIZE as u64 + 1).read_to_end(&mut text)?;
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        Ok(Source {
            path: path.to_owned(),
            directory: parent.canonicalize()?,
            text,
        })
    }
}

/// Reads the profile that the command line names.
pub fn profile(path: &Path) -> Result<Source, Failure> {
    let failed = |error| Failure::File {
        doing: "read the profile",
        path: path.to_owned(),
        error,
    };
    Files.load(path).map_err(failed)
}
