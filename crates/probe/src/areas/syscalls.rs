//! Risky system calls, and the kernel's other entries.

use crate::json::Json;
use crate::outcome::in_child;
use casemate_sys::attempt::{self, Attempt};
use casemate_sys::{keyring, namespace};

pub fn look() -> Json {
    let calls = Attempt::all().map(|call| (call.name(), in_child(|| call.make().map(drop))));
    let others = [
        (
            "int 0x80 getpid",
            in_child(|| attempt::getpid_by_int80().map(drop)),
        ),
        (
            "x32 getpid",
            in_child(|| attempt::getpid_by_x32().map(drop)),
        ),
        (
            "keyctl join session",
            in_child(|| keyring::join_new_session().map(drop)),
        ),
        (
            "personality query",
            in_child(|| namespace::personality(u32::MAX).map(drop)),
        ),
    ];
    Json::object(calls.chain(others))
}
