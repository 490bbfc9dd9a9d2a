//! `containers.conf`: what a container gets that asks for nothing.

use crate::engine::Family;
use crate::engine::ask::{Ask, Notes, beginning};
use crate::engine::asker::base_of;
use crate::engine::configuration::Configuration;
use crate::engine::defaults::Defaults;
use crate::engine::resolve::Resolver;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use std::path::Path;

/// The configuration.
pub const FORMAT: Format = Format {
    name: "containers-conf",
    about: "containers.conf of Podman: what a container gets unasked",
    files: &["containers.conf"],
    detect,
    read,
    write: None,
};

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let conf = path.extension().is_some_and(|end| end == "conf");
    let table = bytes
        .split(|byte| *byte == b'\n')
        .any(|line| line.starts_with(b"[containers]"));
    match (table, conf) {
        (true, true) => Likeness::Certain,
        (true, false) => Likeness::Content,
        (false, _) => match path.file_name() {
            Some(name) if name == "containers.conf" => Likeness::Name,
            _ => Likeness::No,
        },
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    if text.text.len() > crate::profile::MAX_SIZE {
        return Err(Problem::new("too large for a configuration", beginning(&text)).into());
    }
    let mut notes = Notes::default();
    let Some(engine) = context.engine_of(&["podman"]) else {
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
    .apply(Family::Podman, &mut defaults);
    let workload = Resolver::new(&defaults, context, &mut notes).workload(
        &Ask::default(),
        "container",
        beginning(&text),
    );
    notes.finish(vec![workload])
}
