//! Names in the environment, never values, and what PID 1 shows of its own.

use crate::json::Json;
use crate::outcome;
use std::fs;
use std::os::unix::ffi::OsStrExt;

pub fn look() -> Json {
    let mut own: Vec<Json> = std::env::vars_os()
        .map(|(name, _)| Json::bytes(name.as_bytes()))
        .collect();
    own.sort_by_key(ToString::to_string);
    Json::object([
        ("own", Json::List(own)),
        ("of_pid_1", names("/proc/1/environ")),
        ("command_of_pid_1", words("/proc/1/cmdline")),
        ("program_of_pid_1", link("/proc/1/exe")),
        ("root_of_pid_1", link("/proc/1/root")),
        ("directory_of_pid_1", link("/proc/1/cwd")),
    ])
}

fn parts(path: &str, part: impl Fn(&[u8]) -> Json) -> Json {
    match fs::read(path) {
        Ok(text) => Json::List(
            text.split(|byte| *byte == 0)
                .filter(|text| !text.is_empty())
                .map(part)
                .collect(),
        ),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    }
}

fn names(path: &str) -> Json {
    parts(path, |variable| {
        Json::bytes(
            variable
                .split(|byte| *byte == b'=')
                .next()
                .unwrap_or_default(),
        )
    })
}

fn words(path: &str) -> Json {
    parts(path, Json::bytes)
}

fn link(path: &str) -> Json {
    match fs::read_link(path) {
        Ok(target) => Json::bytes(target.as_os_str().as_bytes()),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    }
}
