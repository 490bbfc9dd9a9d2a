//! Where the bench keeps its programs: a directory that an unprivileged user, and a compartment, can see.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

use super::{Hyperfine, Options};
use crate::failure::Failure;
use crate::program;

/// Programs of the bench's own, in C so that they are small and show what the kernel's part is.
const IN_C: &[&str] = &["floor", "floor3", "openclose", "usage"];
/// Ours, from the release build; what is not built yet is not there, and its contender is left out aloud.
const OURS: &[&str] = &["casemate", "casemate-exec", "casemate-oci"];

/// The directory, removed at the end. Not in /tmp: compartments have one of their own.
pub struct Place {
    path: PathBuf,
}

impl Place {
    /// Builds every program and puts it there.
    pub fn new() -> Result<Self, Failure> {
        let path = PathBuf::from(format!("/var/tmp/casemate-bench-{}", process::id()));
        DirBuilder::new()
            .mode(0o755)
            .create(&path)
            .map_err(Failure::file(&path))?;
        let place = Self { path };
        for name in IN_C {
            let source = program::workspace().join(format!("bench/{name}.c"));
            let mut compiler = Command::new("cc");
            compiler.args(["-O2", "-static", "-o"]);
            program::run(compiler.arg(place.path.join(name)).arg(source))?;
        }
        program::run(program::cargo().args([
            "build",
            "--quiet",
            "--release",
            "--workspace",
            "--exclude=xtask",
            "--bins",
        ]))?;
        for name in OURS {
            let built = release_directory()?.join(name);
            if built.exists() {
                place.copy(&built, name)?;
            }
        }
        let this = std::env::current_exe().map_err(Failure::file(Path::new("xtask")))?;
        place.copy(&this, "xtask")?;
        Ok(place)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn copy(&self, from: &Path, name: &str) -> Result<(), Failure> {
        let to = self.path.join(name);
        fs::copy(from, &to).map_err(Failure::file(from))?;
        Ok(())
    }

    /// The command that measures as `user`, or as the caller: this program again, under another id.
    pub fn measurer(&self, user: Option<&User>, options: &Options) -> Command {
        let this = self.path.join("xtask");
        let mut command = match user {
            Some(user) => {
                let mut setpriv = Command::new("setpriv");
                setpriv
                    .arg(format!("--reuid={}", user.uid))
                    .arg(format!("--regid={}", user.gid))
                    .args(["--clear-groups", "--inh-caps=-all", "--"])
                    .arg(this)
                    .env("HOME", &user.home);
                setpriv
            }
            None => Command::new(this),
        };
        command
            .args(["bench", "measure"])
            .arg(&self.path)
            .arg(options.rounds.to_string())
            .arg(options.only.join(","))
            .arg(match options.hyperfine {
                Hyperfine::Asked => "hyperfine",
                Hyperfine::LeftOut => "no-hyperfine",
            })
            .args(&options.flags)
            // Casemate shows the working directory: an ordinary one, and not the root.
            .current_dir(&self.path)
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("bench: {} stays behind: {error}", self.path.display());
        }
    }
}

/// Where a release build of this workspace ends: beside the directory this program was built to.
fn release_directory() -> Result<PathBuf, Failure> {
    let this = std::env::current_exe().map_err(Failure::file(Path::new("xtask")))?;
    let built = this.ancestors().nth(2).map(|d| d.join("release"));
    built.ok_or_else(|| Failure::Wrong(format!("{} is not in a build", this.display())))
}

/// An unprivileged user for the run: firejail wants one with an entry and a home. A system user, which has no range of
/// subordinate ids: every contender then maps one id.
pub struct User {
    uid: u32,
    gid: u32,
    home: PathBuf,
}

const NAME: &str = "casemate-bench";

impl User {
    pub fn new(place: &Path) -> Result<Self, Failure> {
        let home = place.join("home");
        let mut add = Command::new("useradd");
        add.args(["--system", "--create-home", "--shell=/bin/sh", "--home-dir"]);
        program::run(add.arg(&home).arg(NAME))?;
        // A guard from here on: the user goes away even if the home cannot be looked at.
        let mut user = Self {
            uid: 65534,
            gid: 65534,
            home,
        };
        let metadata = fs::metadata(&user.home).map_err(Failure::file(&user.home))?;
        (user.uid, user.gid) = (metadata.uid(), metadata.gid());
        Ok(user)
    }
}

impl Drop for User {
    fn drop(&mut self) {
        if let Err(failure) = program::run(Command::new("userdel").arg(NAME)) {
            eprintln!("bench: the user {NAME} stays behind: {failure}");
        }
    }
}
