//! Docker, containerd and Podman of Debian drive the runtime, on private sockets and directories.
//!
//! `CASEMATE_ENGINE_RUNTIME=/usr/sbin/runc` has the same tests drive a peer: what fails there too is the engine's or the
//! machine's doing.

mod containerd;
mod docker;
mod enclosure;
pub mod image;
mod podman;
mod readings;

pub use enclosure::Enclosure;

use crate::support::{self, Ended, Findings, eventually, find, is_root, skip};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How long one command of an engine may take: a loaded machine makes a second of it ten.
const PATIENCE: Duration = Duration::from_secs(90);

/// The runtime under test: ours, or the peer that the caller named.
fn runtime() -> PathBuf {
    std::env::var_os("CASEMATE_ENGINE_RUNTIME")
        .map_or_else(|| support::built("casemate-oci"), PathBuf::from)
}

/// Whether the runtime is ours; a peer is not held to what only Casemate promises.
fn is_ours() -> bool {
    std::env::var_os("CASEMATE_ENGINE_RUNTIME").is_none()
}

/// Whether an engine's test can run, said aloud when it cannot.
fn able(test: &str, programs: &[&str]) -> bool {
    if !is_root() {
        skip(test, "an engine needs root");
        return false;
    }
    for program in programs {
        if find(program).is_none() {
            skip(test, &format!("{program} is not installed"));
            return false;
        }
    }
    true
}

/// Runs a command of an engine to its end.
#[track_caller]
fn run(mut command: Command) -> Ended {
    support::finish_within(&mut command, PATIENCE)
}

/// What a test of an engine looks at: a name, and what to do.
struct Case<E>(&'static str, fn(&E, &mut Findings));

/// Goes through the cases; `CASEMATE_ENGINE_CASE` picks those whose name contains it.
fn go_through<E>(engine: &E, cases: &[Case<E>], findings: &mut Findings) {
    let wanted = std::env::var("CASEMATE_ENGINE_CASE").unwrap_or_default();
    for Case(name, case) in cases.iter().filter(|case| case.0.contains(&wanted)) {
        let start = std::time::Instant::now();
        case(engine, findings);
        println!("  {name}: {:.1} s", start.elapsed().as_secs_f64());
    }
}

/// A fenced block of docs/install.md, by the words of the line before it, with the path of the runtime under test.
fn snippet(title: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/install.md");
    let document = std::fs::read_to_string(path).unwrap();
    let after = document
        .split_once(title)
        .unwrap_or_else(|| panic!("docs/install.md has no {title:?}"))
        .1;
    let block = after.split("```").nth(1).unwrap();
    let text = block.split_once('\n').unwrap().1;
    assert!(text.contains("/usr/local/bin/casemate-oci"), "{text}");
    text.replace("/usr/local/bin/casemate-oci", runtime().to_str().unwrap())
}
