//! What attackers do to a runtime, each attack done for real. Where one can be shown on this kernel, it first succeeds against
//! a launcher without protection. docs/cve.md lists them.

mod bait;
mod descriptors;
mod devices;
mod hooks;
mod inherited;
mod masks;
mod mounts;
mod names;
mod procfs;
mod program;
mod states;

use crate::support::{Config, Ground, built, finish, is_root, skip};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::OnceLock;

/// A place with the attacker in its root, or the word that it cannot be here.
fn ground(test: &str, name: &str) -> Option<Ground> {
    if !is_root() {
        skip(test, "needs root");
        return None;
    }
    let Some(attacker) = attacker() else {
        skip(test, "gcc is not there to compile the attacker");
        return None;
    };
    let ground = Ground::new(name);
    for name in ["root/bin/attacker", "attacker"] {
        fs::write(ground.path(name), attacker).unwrap();
        fs::set_permissions(ground.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    Some(ground)
}

/// The attacker, compiled once.
fn attacker() -> Option<&'static [u8]> {
    static COMPILED: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(|| {
        crate::support::find("gcc")?;
        let program =
            built("casemate-oci").with_file_name(format!("attacker-{}", std::process::id()));
        let source = program.with_extension("c");
        fs::write(&source, include_str!("attacker.c")).unwrap();
        let mut gcc = Command::new("gcc");
        gcc.args(["-O1", "-static", "-o"]).args([&program, &source]);
        let ended = finish(&mut gcc);
        assert_eq!(ended.code, 0, "{ended:?}");
        fs::remove_file(source).unwrap();
        let bytes = fs::read(&program).unwrap();
        fs::remove_file(program).unwrap();
        Some(bytes)
    });
    compiled.as_deref()
}

/// A container in which the attacker hunts for so many tenths of a second; what it says goes to a file.
fn hunter(way: &str, tenths: u32, capabilities: &[&str]) -> Config {
    let mut config = Config::sh(&format!(
        "/bin/attacker {way} {tenths} >/hunted; echo done >>/hunted; exec sleep 600"
    ));
    config.capabilities = Some(capabilities.iter().map(|name| (*name).to_owned()).collect());
    config
}

/// What the hunter has said in the end.
fn hunted(ground: &Ground) -> String {
    let file = ground.path("root/hunted");
    let is_done = || fs::read_to_string(&file).is_ok_and(|text| text.contains("done"));
    assert!(crate::support::eventually(is_done), "the hunt does not end");
    fs::read_to_string(&file).unwrap()
}

/// Waits until the hunt has begun.
fn is_hunting(ground: &Ground) -> bool {
    let file = ground.path("root/hunted");
    crate::support::eventually(|| {
        fs::read_to_string(&file).is_ok_and(|text| text.contains("hunting"))
    })
}
