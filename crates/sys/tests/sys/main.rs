//! Every effect that is per thread or cannot be undone, in a child of its own; and the round trips of the rest.
//!
//! The child is forked from a program with threads, so it makes system calls only: nothing in a case may allocate, print
//! or panic. It tells where it failed through its exit and a pipe.
#![expect(
    clippy::unwrap_used,
    reason = "the helpers of a test fail by panics as the test does"
)]

use casemate_sys::file::OpenFlags;
use casemate_sys::process::{self, CloneFlags, Forked};
use casemate_sys::signal::Signal;
use casemate_sys::wait::{self, Event, WaitFlags, WaitFor};
use casemate_sys::{Errno, file, ids};

mod enforcement;
mod mounts;
mod processes;
mod round_trips;

/// Where a case failed: its line, and the error if there was one.
struct Fault {
    line: u32,
    errno: u16,
}

type Outcome = Result<(), Fault>;

/// The value of a call, or the fault.
macro_rules! get {
    ($call:expr) => {
        match $call {
            Ok(value) => value,
            Err(error) => {
                return Err(crate::Fault {
                    line: line!(),
                    errno: error.raw(),
                })
            }
        }
    };
}
pub(crate) use get;

/// A condition, or the fault.
macro_rules! must {
    ($condition:expr) => {
        if !$condition {
            return Err(crate::Fault {
                line: line!(),
                errno: 0,
            });
        }
    };
}
pub(crate) use must;

/// What a case needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Root,
    UserNamespace,
}

struct Case {
    name: &'static str,
    needs: Needs,
    namespaces: CloneFlags,
    run: fn() -> Outcome,
}

const fn case(name: &'static str, run: fn() -> Outcome) -> Case {
    Case {
        name,
        needs: Needs::Nothing,
        namespaces: CloneFlags::empty(),
        run,
    }
}

const fn as_root(name: &'static str, run: fn() -> Outcome) -> Case {
    Case {
        name,
        needs: Needs::Root,
        namespaces: CloneFlags::empty(),
        run,
    }
}

/// A case that runs as root of a user namespace of its own, and in further namespaces.
const fn isolated(name: &'static str, others: CloneFlags, run: fn() -> Outcome) -> Case {
    Case {
        name,
        needs: Needs::UserNamespace,
        namespaces: CloneFlags::NEWUSER.with(others),
        run,
    }
}

/// Writes id maps that make the caller root of its namespace.
fn become_root_inside(uid_map: &[u8], gid_map: &[u8]) -> Outcome {
    for (path, content) in [
        (c"/proc/self/setgroups", &b"deny"[..]),
        (c"/proc/self/uid_map", uid_map),
        (c"/proc/self/gid_map", gid_map),
    ] {
        let fd = get!(file::openat(casemate_sys::CWD, path, OpenFlags::WRONLY, 0));
        get!(file::write_all(fd.as_fd(), content));
    }
    Ok(())
}

fn user_namespaces_work() -> bool {
    match process::fork(CloneFlags::NEWUSER, Some(Signal::CHLD)) {
        Ok(Forked::Child) => process::exit(0),
        Ok(Forked::Parent(child)) => {
            wait::waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED).unwrap();
            true
        }
        Err(_) => false,
    }
}

/// Runs a case in a child; what it says is empty when all is well.
fn run(case: &Case) -> String {
    let uid_map = format!("0 {} 1", ids::geteuid());
    let gid_map = format!("0 {} 1", ids::getegid());
    let (reader, writer) = file::pipe2(OpenFlags::CLOEXEC).unwrap();
    let child = match process::fork(case.namespaces, Some(Signal::CHLD)) {
        Err(error) => return format!("{}: fork: {error}", case.name),
        Ok(Forked::Parent(child)) => child,
        Ok(Forked::Child) => {
            let mut outcome = Ok(());
            if case.needs == Needs::UserNamespace {
                outcome = become_root_inside(uid_map.as_bytes(), gid_map.as_bytes());
            }
            let code = match outcome.and_then(|()| (case.run)()) {
                Ok(()) => 0,
                Err(fault) => {
                    let word = u64::from(fault.line) << 16 | u64::from(fault.errno);
                    // If even that fails, the code is all that the parent learns.
                    match file::write_all(writer.as_fd(), &word.to_ne_bytes()) {
                        Ok(()) => 1,
                        Err(_) => 2,
                    }
                }
            };
            process::exit(code)
        }
    };
    drop(writer);
    let mut word = [0; 8];
    let count = file::read_full(reader.as_fd(), &mut word).unwrap();
    let waited = wait::waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED)
        .unwrap()
        .unwrap();
    match (waited.event, count) {
        (Event::Exited(0), 0) => String::new(),
        (_, 8) => {
            let word = u64::from_ne_bytes(word);
            let errno = Errno::from_raw((word & 0xffff) as u16);
            format!("{}: line {}: {errno:?}", case.name, word >> 16)
        }
        (event, _) => format!("{}: {event:?}", case.name),
    }
}

/// Runs all cases of a table, reports every failure, and says what was left out.
fn run_all(cases: &[Case]) {
    let root = ids::geteuid() == 0;
    let namespaces = user_namespaces_work();
    let mut failures = Vec::new();
    let mut skipped = Vec::new();
    for case in cases {
        match case.needs {
            Needs::Root if !root => skipped.push((case.name, "needs root")),
            Needs::UserNamespace if !namespaces => {
                skipped.push((case.name, "needs user namespaces"));
            }
            _ => failures.push(run(case)),
        }
    }
    let ran = failures.len();
    failures.retain(|failure| !failure.is_empty());
    for (name, why) in &skipped {
        eprintln!("SKIPPED: {name}: {why}");
    }
    eprintln!("{ran} ran, {} skipped", skipped.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The runner must see a failure, a signal and a wrong exit; otherwise no case here could fail.
#[test]
fn the_runner_notices() {
    let failing: [(Case, &str); 4] = [
        (
            case("false", || Err(Fault { line: 7, errno: 1 })),
            "false: line 7: EPERM",
        ),
        (case("killed", kill_self), "killed: Killed(SIGKILL)"),
        (case("exit", || process::exit(3)), "exit: Exited(3)"),
        (case("fine", || Ok(())), ""),
    ];
    for (case, wanted) in failing {
        let said = run(&case);
        assert!(
            said.contains(wanted) && said.is_empty() == wanted.is_empty(),
            "{said} instead of {wanted}"
        );
    }
}

fn kill_self() -> Outcome {
    let own = get!(process::Pid::new(process::getpid()).ok_or(Errno::ESRCH));
    get!(process::kill(
        process::Target::Process(own),
        Some(Signal::KILL)
    ));
    Ok(())
}
