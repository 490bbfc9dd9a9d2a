//! `daemon.json`, or the command line of dockerd: what a container gets that asks for nothing.

use crate::engine::Family;
use crate::engine::ask::{Ask, Notes, beginning};
use crate::engine::asker::base_of;
use crate::engine::configuration::Configuration;
use crate::engine::defaults::Defaults;
use crate::engine::resolve::Resolver;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use std::path::Path;

/// The daemon's configuration.
pub const FORMAT: Format = Format {
    name: "docker-daemon",
    about: "Docker's daemon.json, or the command line of dockerd: what a container gets unasked",
    files: &["daemon.json"],
    detect,
    read,
    write: None,
};

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let start = bytes.trim_ascii_start();
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let first = start
        .split(u8::is_ascii_whitespace)
        .next()
        .unwrap_or_default();
    if first.ends_with(b"dockerd") {
        return Likeness::Content;
    }
    let keys: [&[u8]; 8] = [
        b"\"data-root\"",
        b"\"userns-remap\"",
        b"\"default-runtime\"",
        b"\"storage-driver\"",
        b"\"log-driver\"",
        b"\"no-new-privileges\"",
        b"\"live-restore\"",
        b"\"registry-mirrors\"",
    ];
    let has = |key: &&[u8]| bytes.windows(key.len()).any(|window| window == *key);
    match (
        start.starts_with(b"{"),
        name.ends_with("daemon.json"),
        keys.iter().any(has),
    ) {
        (true, true, true) => Likeness::Certain,
        (true, false, true) => Likeness::Content,
        (true, true, false) => Likeness::Name,
        _ => Likeness::No,
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let mut notes = Notes::default();
    let Some(engine) = context.engine_of(&["docker"]) else {
        return Err(Problem::new("no engine of this name is known", beginning(&text)).into());
    };
    let mut defaults = Defaults::of(engine);
    let base = base_of(path, context);
    Configuration {
        text: &text,
        base: &base,
        files: context.files,
        notes: &mut notes,
    }
    .apply(Family::Docker, &mut defaults);
    let ask = Ask::default();
    let workload =
        Resolver::new(&defaults, context, &mut notes).workload(&ask, "container", beginning(&text));
    notes.finish(vec![workload])
}
