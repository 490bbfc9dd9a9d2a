//! What is tried on request: `read=/etc/shadow`, `tcp=127.0.0.1:80`.

use crate::areas::{execution, files, writable};
use crate::json::Json;
use crate::outcome::{self, in_child};
use casemate_sys::Errno;
use casemate_sys::process::{self, Pid, Target};
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixStream};
use std::path::Path;
use std::time::Duration;

/// Tries something with what stands after the `=`.
pub type Attempt = fn(&str) -> Json;

/// Every kind of target.
pub const TARGETS: &[(&str, Attempt)] = &[
    ("abstract", |name| {
        outcome::of(
            &UnixAddr::from_abstract_name(name).and_then(|name| UnixStream::connect_addr(&name)),
        )
        .into()
    }),
    ("execute", |path| {
        in_child(|| execution::run_path(Path::new(path))).into()
    }),
    ("listen", |address| {
        with_address(address, |address| TcpListener::bind(address).map(drop))
    }),
    ("make_in", |path| writable::attempt(Path::new(path)).into()),
    ("read", |path| files::read(Path::new(path))),
    ("signal", |pid| in_child(|| signal(pid)).into()),
    ("stat", |path| {
        outcome::of(&fs::symlink_metadata(path)).into()
    }),
    ("tcp", |address| {
        with_address(address, |address| {
            TcpStream::connect_timeout(&address, Duration::from_secs(2)).map(drop)
        })
    }),
    ("unix", |path| {
        outcome::of(&UnixStream::connect(path)).into()
    }),
    ("write", |path| files::write(Path::new(path)).into()),
];

/// Finds a kind of target.
pub fn find(kind: &str) -> Option<Attempt> {
    TARGETS
        .iter()
        .find(|(name, _)| *name == kind)
        .map(|(_, attempt)| *attempt)
}

fn with_address(text: &str, attempt: impl Fn(SocketAddr) -> std::io::Result<()>) -> Json {
    match text.parse() {
        Ok(address) => outcome::of(&attempt(address)).into(),
        Err(_) => "not an address".into(),
    }
}

/// Asks whether a process could be signalled.
fn signal(pid: &str) -> Result<(), Errno> {
    let pid = pid.parse().ok().and_then(Pid::new).ok_or(Errno::EINVAL)?;
    process::kill(Target::Process(pid), None)
}
