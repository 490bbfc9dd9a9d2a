//! Which namespaces the process is in, what they hide, and whether it can make more.

use crate::json::Json;
use crate::outcome::{self, in_child};
use casemate_sys::process::{self, Clone, CloneFlags, Forked};
use casemate_sys::signal::Signal;
use casemate_sys::time::{Clock, now};
use casemate_sys::{Errno, namespace};
use std::fs;

const KINDS: [(&str, CloneFlags); 8] = [
    ("user", CloneFlags::NEWUSER),
    ("mnt", CloneFlags::NEWNS),
    ("pid", CloneFlags::NEWPID),
    ("net", CloneFlags::NEWNET),
    ("ipc", CloneFlags::NEWIPC),
    ("uts", CloneFlags::NEWUTS),
    ("cgroup", CloneFlags::NEWCGROUP),
    ("time", CloneFlags::NEWTIME),
];

pub fn look() -> Json {
    let names = namespace::uname();
    let name = |field: fn(&namespace::Uname) -> &std::ffi::CStr| match &names {
        Ok(names) => Json::bytes(field(names).to_bytes()),
        Err(errno) => outcome::name(*errno).into(),
    };
    Json::object([
        ("own", links("/proc/self/ns")),
        ("of_pid_1", links("/proc/1/ns")),
        ("host_name", name(namespace::Uname::nodename)),
        ("domain_name", name(namespace::Uname::domainname)),
        (
            "seconds_since_boot",
            now(Clock::Boottime).ok().map(|time| time.as_secs()).into(),
        ),
        ("unshare", attempts(&KINDS, namespace::unshare)),
        // The flag of time namespaces does not fit into this call.
        (
            "clone",
            attempts(&KINDS[..7], |flags| {
                ended(process::fork(flags, Some(Signal::CHLD)))
            }),
        ),
        (
            "clone3",
            attempts(&KINDS, |flags| ended(process::clone3(&Clone::new(flags)))),
        ),
    ])
}

fn links(directory: &str) -> Json {
    let link = |(kind, _): (&'static str, CloneFlags)| {
        let target = fs::read_link(format!("{directory}/{kind}"));
        let text = match target {
            Ok(target) => target.to_string_lossy().into_owned(),
            Err(error) => outcome::name(outcome::errno(&error)),
        };
        (kind, text)
    };
    Json::object(KINDS.map(link))
}

/// Tries each kind alone, and together with a user namespace, which lets anybody make them.
fn attempts(kinds: &[(&str, CloneFlags)], make: impl Fn(CloneFlags) -> Result<(), Errno>) -> Json {
    let one = |(kind, flags): &(&str, CloneFlags)| {
        let (kind, flags) = (*kind, *flags);
        let alone = (kind.to_owned(), Json::from(in_child(|| make(flags))));
        let both = in_child(|| make(flags | CloneFlags::NEWUSER));
        [alone, (format!("user+{kind}"), Json::from(both))]
    };
    Json::object(kinds.iter().flat_map(one))
}

/// Ends the new process at once, and lets its parent wait for it.
fn ended(forked: Result<Forked, Errno>) -> Result<(), Errno> {
    match forked? {
        Forked::Child => process::exit(0),
        Forked::Parent(child) => {
            if outcome::exited_with(&child, 0) {
                Ok(())
            } else {
                Err(Errno::ECHILD)
            }
        }
    }
}
