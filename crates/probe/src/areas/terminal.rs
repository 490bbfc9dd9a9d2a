//! The terminal, and whether the program can type for its user.

use crate::json::Json;
use crate::outcome::{self, Outcome, in_child};
use casemate_sys::attempt::{self, Typing};
use casemate_sys::file::{OpenFlags, openat};
use casemate_sys::{CWD, FdRef, STDERR, STDIN, STDOUT, process, terminal};

pub fn look() -> Json {
    let streams = [("stdin", STDIN), ("stdout", STDOUT), ("stderr", STDERR)];
    let controlling = openat(CWD, c"/dev/tty", OpenFlags::RDWR | OpenFlags::CLOEXEC, 0);
    let mut found = vec![
        (
            "controlling".to_owned(),
            Outcome::from(controlling.as_ref().map(drop).map_err(|errno| *errno)).into(),
        ),
        (
            "is_session_leader".to_owned(),
            (process::getsid(None) == Ok(process::getpid())).into(),
        ),
        (
            "legacy_tiocsti".to_owned(),
            setting("/proc/sys/dev/tty/legacy_tiocsti"),
        ),
    ];
    found.extend(streams.map(|(name, stream)| (name.to_owned(), judge(stream))));
    if let Ok(controlling) = &controlling {
        found.push(("tty".to_owned(), judge(controlling.as_fd())));
    }
    Json::object(found)
}

fn judge(stream: FdRef<'_>) -> Json {
    let tried = |typing| Json::from(in_child(|| attempt::terminal(stream, typing)));
    Json::object([
        ("is_terminal", terminal::is_terminal(stream).into()),
        ("tiocsti", tried(Typing::Push)),
        ("tiocsti_high_bit", tried(Typing::PushWithHighBit)),
        ("tioclinux", tried(Typing::Linux)),
    ])
}

fn setting(path: &str) -> Json {
    match std::fs::read_to_string(path) {
        Ok(text) => text.trim().into(),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    }
}
