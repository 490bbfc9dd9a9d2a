//! The programs of this build and of the machine, and waiting for what they do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Whether the tests run as root.
pub fn is_root() -> bool {
    casemate_sys::ids::geteuid() == 0
}

/// Finds a program of this build. Cargo builds the programs of other packages only when it is asked for them.
pub fn built(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    let own = Path::new(env!("CARGO_BIN_EXE_casemate-oci"));
    let path = own.with_file_name(name);
    // In the lab there is no cargo; who runs the tests there has built everything.
    if std::env::var_os("CASEMATE_LAB").is_none() {
        BUILT.get_or_init(|| {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut build = Command::new(cargo);
            build.args(["build", "--quiet", "--bins"]);
            build.args(["-p", "casemate-enforce", "-p", "casemate-probe"]);
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

/// Finds a program of the machine.
pub fn find(program: &str) -> Option<PathBuf> {
    ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"]
        .iter()
        .map(|directory| Path::new(directory).join(program))
        .find(|path| path.exists())
}

/// Waits for something that goes on in the background.
pub fn eventually(mut done: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if done() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    done()
}
