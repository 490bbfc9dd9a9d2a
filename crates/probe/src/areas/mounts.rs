//! The mounts with their flags, as /proc lists them.

use crate::json::Json;
use crate::outcome;
use std::fs;

/// One line of /proc/self/mountinfo, paths with the kernel's escapes taken back.
pub struct Mount {
    /// Where it is.
    pub point: String,
    /// Its own options.
    options: String,
    /// Type of the file system.
    pub kind: String,
    /// The file system's options.
    super_options: String,
    /// Which part of the file system it is.
    root: String,
}

pub fn look() -> Json {
    match read() {
        Ok(mounts) => Json::list(mounts.into_iter().map(|mount| {
            Json::object([
                ("point", mount.point),
                ("options", mount.options),
                ("type", mount.kind),
                ("file_system_options", mount.super_options),
                ("root", mount.root),
            ])
        })),
        Err(outcome) => outcome.into(),
    }
}

/// Reads the list.
pub fn read() -> Result<Vec<Mount>, String> {
    let text =
        fs::read("/proc/self/mountinfo").map_err(|error| outcome::name(outcome::errno(&error)))?;
    Ok(String::from_utf8_lossy(&text)
        .lines()
        .filter_map(line)
        .collect())
}

fn line(line: &str) -> Option<Mount> {
    let (first, second) = line.split_once(" - ")?;
    let mut first = first.split(' ').skip(3);
    let mut second = second.split(' ');
    Some(Mount {
        root: unescape(first.next()?),
        point: unescape(first.next()?),
        options: first.next()?.to_owned(),
        kind: second.next()?.to_owned(),
        super_options: second.nth(1).unwrap_or_default().to_owned(),
    })
}

fn unescape(field: &str) -> String {
    let escapes = [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\043", "#"),
        ("\\134", "\\"),
    ];
    escapes
        .iter()
        .fold(field.to_owned(), |text, (escape, letter)| {
            text.replace(escape, letter)
        })
}
