//! Open descriptors and the working directory.

use crate::json::Json;
use crate::outcome;
use casemate_sys::FdRef;
use casemate_sys::file::on_exec;
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// Higher numbers than this are not tried without /proc to list them.
const TRIED: i32 = 65_536;

pub fn look() -> Json {
    // Without opening anything first: what is open now, others have opened. Standard streams that were closed are
    // /dev/null here: the standard library opens them before anything else.
    let open = (0..TRIED).filter(|number| on_exec(FdRef::from_raw(*number)).is_ok());
    let open: Vec<i32> = open.collect();
    let target = |number: i32| match fs::read_link(format!("/proc/self/fd/{number}")) {
        Ok(target) => Json::bytes(target.as_os_str().as_bytes()),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    };
    let directory = match std::env::current_dir() {
        Ok(directory) => Json::bytes(directory.as_os_str().as_bytes()),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    };
    Json::object([
        (
            "open",
            Json::object(
                open.into_iter()
                    .map(|number| (number.to_string(), target(number))),
            ),
        ),
        ("directory", directory),
    ])
}
