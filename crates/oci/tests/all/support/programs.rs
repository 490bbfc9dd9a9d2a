//! The programs of this build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

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
