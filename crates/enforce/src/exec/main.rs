//! The launcher: takes a plan and executes it, in order, nothing else.
#![no_std]
#![no_main]
#![deny(unsafe_code)]

use casemate_start::Args;
use casemate_sys::{STDERR, file};

casemate_start::entry!("casemate-exec", main);

fn main(_args: Args) -> i32 {
    // Without standard error, the exit code must say it all.
    match file::write_all(STDERR, b"casemate-exec: usage: casemate-exec PLAN-FD\n") {
        Ok(()) | Err(_) => 125,
    }
}
