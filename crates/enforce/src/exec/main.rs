//! The launcher: takes a plan and executes it, in order, nothing else.
//!
//! `casemate-exec PLAN [REPORTER]`: two descriptor numbers. The plan is a sealed memfd (see `step.rs` for its form). The
//! launcher has one thread, allocates nothing, parses no format of a user, and reads the kernel's view back after what
//! cannot be undone. Its processes:
//!
//! * outside (`outside`, `supervise`): makes cgroups, starts init, writes its id maps, then waits; passes signals and the
//!   terminal on; ends with the program's code.
//! * init (`init`): process 1 of the new namespaces. Builds the root, gives up privileges, starts the program, reaps.
//! * the program's process (`payload`): session, limits, filter, execve(2).
//! * the janitor (`janitor`), only when there are cgroups: removes them when the launcher is killed.
#![no_std]
#![no_main]
#![deny(unsafe_code)]

mod channel;
mod container;
mod fault;
mod groups;
mod init;
mod interface;
mod janitor;
mod job;
mod landlock;
#[path = "../listener.rs"]
mod listener;
mod message;
mod mounts;
mod outside;
mod payload;
mod privileges;
mod rdt;
mod report;
mod root;
#[path = "../step.rs"]
#[expect(dead_code, reason = "the launcher decodes, the planner encodes")]
mod step;
mod supervise;
mod terminal;
mod verify;

use casemate_start::Args;
use casemate_sys::memory::Mapping;
use casemate_sys::pidfd::{CloseRange, close_range};
use casemate_sys::{Fd, signal};
use core::ffi::CStr;

casemate_start::entry!("casemate-exec", main);

/// What the launcher ends with when it failed before the program started.
pub(crate) const FAILED: i32 = 125;

fn main(args: Args) -> i32 {
    let mut words = args.argv().iter().skip(1).map(number);
    let (Some(Some(plan)), reporter) = (words.next(), words.next()) else {
        message::line(&[b"casemate-exec is started by casemate, not by hand"]);
        return FAILED;
    };
    let reporter = match reporter {
        Some(None) => return FAILED,
        Some(Some(fd)) => Some(Fd::from_raw(fd)),
        None => None,
    };
    // The two descriptors are the highest that are open on purpose.
    let highest = reporter.as_ref().map_or(plan, |fd| fd.raw().max(plan));
    if let Err(errno) = close_range(highest.cast_unsigned() + 1, u32::MAX, CloseRange::empty()) {
        message::failed(b"close descriptors", errno);
        return FAILED;
    }
    let mapping = match Mapping::sealed(Fd::from_raw(plan).as_fd()) {
        Ok(mapping) => mapping,
        Err(errno) => {
            message::failed(b"map the plan, a sealed memfd", errno);
            return FAILED;
        }
    };
    let Some(job) = job::Job::decode(&mapping) else {
        message::line(&[b"casemate-exec: the plan is not one of this version: casemate and casemate-exec must be of one build"]);
        return FAILED;
    };
    // Before anything is started: a signal must find either nothing done or the loop that passes it on.
    let inherited = match signal::mask(signal::Mask::Set, signal::SigSet::ALL) {
        Ok(inherited) => inherited,
        Err(errno) => {
            message::failed(b"block signals", errno);
            return FAILED;
        }
    };
    // A caller that ignores SIGCHLD passes that on over execve(2), and then no end of a child could be waited for.
    if let Err(errno) = signal::set_disposition(signal::Signal::CHLD, signal::Disposition::Default)
    {
        message::failed(b"take signals of children", errno);
        return FAILED;
    }
    outside::launch(&job, reporter, inherited)
}

/// Reads a descriptor's number.
fn number(word: &CStr) -> Option<i32> {
    core::str::from_utf8(word.to_bytes())
        .ok()?
        .parse()
        .ok()
        .filter(|number| *number > 2)
}
