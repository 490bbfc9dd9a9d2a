//! What only a child process may do, and the simplest round trips.
use casemate_sys::process::{self, CloneFlags, Forked};
use casemate_sys::wait::{self, Event, WaitFlags, WaitFor};

#[test]
fn child_exits_with_its_code() {
    for code in [0u8, 7, 255] {
        match process::fork(
            CloneFlags::empty(),
            Some(casemate_sys::signal::Signal::CHLD),
        )
        .unwrap()
        {
            Forked::Child => process::exit(code.into()),
            Forked::Parent(child) => {
                let waited = wait::waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED)
                    .unwrap()
                    .unwrap();
                assert_eq!(
                    (waited.pid, waited.event),
                    (child.pid.get(), Event::Exited(code))
                );
            }
        }
    }
}
