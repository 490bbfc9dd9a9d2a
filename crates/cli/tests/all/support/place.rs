//! An installation that everybody can read, and who calls it.

use super::{Ended, Json, finish, skip};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Who runs Casemate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caller {
    /// The superuser.
    Root,
    /// Somebody else, with no right beyond the ordinary.
    User,
}

/// The user that root becomes; it has no line in any file.
const USER: &str = "65533";

impl Caller {
    /// Those that this process can be. The test is named where it is not root, and so cannot run in full.
    pub fn all(test: &str) -> Vec<Self> {
        if is_root() {
            return vec![Self::Root, Self::User];
        }
        skip(test, "as root, which this is not");
        vec![Self::User]
    }

    /// The id that the program has on the host.
    pub fn id(self) -> u32 {
        match self {
            Self::Root => 65534,
            Self::User if is_root() => USER.parse().unwrap(),
            Self::User => casemate_sys::ids::geteuid(),
        }
    }

    /// A program that goes on as the caller, with its arguments.
    pub fn wall(self) -> Vec<&'static str> {
        if self == Self::User && is_root() {
            vec![
                "setpriv",
                "--reuid",
                USER,
                "--regid",
                USER,
                "--clear-groups",
            ]
        } else {
            vec!["env"]
        }
    }
}

/// Whether the tests run as root.
pub fn is_root() -> bool {
    casemate_sys::ids::geteuid() == 0
}

/// A directory with the programs, and `work`, an empty directory to start in. It is gone at the end.
pub struct Place(PathBuf);

impl Place {
    /// Installs. The name is part of the directory's.
    pub fn new(name: &str) -> Self {
        let place =
            Self(std::env::temp_dir().join(format!("casemate-{name}-{}", std::process::id())));
        fs::create_dir(&place.0).unwrap();
        open_to_all(&place.0);
        for program in ["casemate", "casemate-exec", "casemate-probe"] {
            fs::copy(built(program), place.path(program)).unwrap();
            open_to_all(&place.path(program));
        }
        place.directory("desk");
        place
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The same as text.
    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Makes a directory that everybody can read.
    pub fn directory(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(&path).unwrap();
        open_to_all(&path);
        path
    }

    /// Makes a file that everybody can read, and execute.
    pub fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        open_to_all(&path);
        path
    }

    /// `casemate run` behind a wall: a program with arguments that goes on as what follows it.
    pub fn behind(&self, wall: &[&str], flags: &[&str], command: &[&str]) -> Command {
        let words = flags.iter().chain(&["--"]).chain(command);
        self.raw(wall, words.map(OsStr::new))
    }

    /// The same with words that need not be text.
    pub fn raw<'w>(&self, wall: &[&str], words: impl IntoIterator<Item = &'w OsStr>) -> Command {
        let mut casemate = Command::new(wall[0]);
        casemate
            .args(&wall[1..])
            .arg(self.path("casemate"))
            .arg("run")
            .args(words)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", self.path("home"))
            .current_dir(self.path("desk"))
            .stdin(Stdio::null());
        casemate
    }

    /// `casemate run` as a caller.
    pub fn command(&self, caller: Caller, flags: &[&str], command: &[&str]) -> Command {
        self.behind(&caller.wall(), flags, command)
    }

    /// Runs a program to its end.
    pub fn run(&self, caller: Caller, flags: &[&str], command: &[&str]) -> Ended {
        finish(&mut self.command(caller, flags, command))
    }

    /// Runs a shell to its end.
    pub fn sh(&self, caller: Caller, flags: &[&str], script: &str) -> Ended {
        self.run(caller, flags, &["sh", "-c", script])
    }

    /// Runs the probe, and reads what it has seen.
    #[track_caller]
    pub fn probe(&self, caller: Caller, flags: &[&str], asked: &[&str]) -> Json {
        let probe = self.text("casemate-probe");
        let command: Vec<&str> = std::iter::once(probe.as_str())
            .chain(asked.iter().copied())
            .collect();
        self.run(caller, flags, &command).json()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let removed = fs::remove_dir_all(&self.0);
        assert!(
            removed.is_ok() || std::thread::panicking(),
            "{}: {removed:?}",
            self.0.display()
        );
    }
}

/// Lets everybody read and search.
pub fn open_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Finds a program of this build. Cargo builds the programs of other packages only when it is asked for them.
fn built(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    let own = Path::new(env!("CARGO_BIN_EXE_casemate"));
    let path = own.with_file_name(name);
    // In the lab there is no cargo; who runs the tests there has built everything.
    if std::env::var_os("CASEMATE_LAB").is_none() {
        BUILT.get_or_init(|| {
            let mut build =
                Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            build.args([
                "build",
                "--quiet",
                "-p",
                "casemate-enforce",
                "-p",
                "casemate-probe",
                "--bins",
            ]);
            if own.components().any(|part| part.as_os_str() == "release") {
                build.arg("--release");
            }
            build.current_dir(env!("CARGO_MANIFEST_DIR"));
            assert!(build.status().unwrap().success(), "{build:?}");
        });
    }
    assert!(path.exists(), "{} is not built", path.display());
    path
}
