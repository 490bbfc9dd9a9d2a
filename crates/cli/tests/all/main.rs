//! The `casemate` program as its users run it.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bad_input;
mod descriptions;
mod doctor;
mod explain;
mod faults;
mod front;
mod in_lab;
mod kills;
mod lab;
mod lxc;
mod privileges;
mod probe;
mod processes;
mod report;
mod seccomp;
mod seccomp_docs;
mod support;
mod terminals;

use support::skip;
