//! `docker run`, as it stands in a script or is typed: quotes, continued lines, variables.

use crate::engine::Family;
use crate::engine::ask::{Ask, Notes, beginning};
use crate::engine::asker::{Asker, base_of};
use crate::engine::resolve::Resolver;
use crate::engine::shell::{Surroundings, Word, commands, quote};
use crate::engine::{command, configuration, request, written};
use crate::reader::{Context, Problem, ReadError, Reading, Text, WriteError, Written};
use crate::{Format, Likeness};
use casemate_model::Workload;
use std::path::{Path, PathBuf};

/// The command line.
pub const FORMAT: Format = Format {
    name: "docker-run",
    about: "command lines of docker run and docker create, alone or in a script",
    files: &[".sh"],
    detect,
    read,
    write: Some(write),
};

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let marks: [&[u8]; 4] = [
        b"docker run ",
        b"docker container run ",
        b"docker create ",
        b"docker container create ",
    ];
    let has = |mark: &&[u8]| bytes.windows(mark.len()).any(|window| window == *mark);
    let script = path.extension().is_some_and(|end| end == "sh");
    let first = bytes.trim_ascii_start().starts_with(b"docker ");
    match (marks.iter().any(has), script || first) {
        (true, true) => Likeness::Certain,
        // A text that only mentions it is something else.
        (true, false) if bytes.starts_with(b"#!") => Likeness::Content,
        _ => Likeness::No,
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    if text.text.len() > crate::document::MAX_SIZE {
        return Err(Problem::new("too large for a command line", beginning(&text)).into());
    }
    let mut notes = Notes::default();
    let Some(defaults) = configuration::defaults(Family::Docker, context, &mut notes) else {
        return Err(Problem::new("no engine of this name is known", beginning(&text)).into());
    };
    let base = base_of(path, context);
    let lines = commands(&text, &Surroundings::of(context))?;
    let mut workloads = Vec::new();
    for words in &lines {
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            continue;
        };
        let origin = text.origin(first.start, last.end);
        let Some(rest) = arguments(words) else {
            let line: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            notes.unknown(
                format!("the command `{}`", shortened(&line.join(" "))),
                &origin,
            );
            continue;
        };
        let mut asker = Asker {
            ask: Ask::default(),
            notes: &mut notes,
            files: context.files,
            base: &base,
        };
        let rest = command::flags(&mut asker, &text, Family::Docker, rest);
        if rest.is_empty() {
            asker.notes.wrong("the command names no image", &origin);
        }
        command::image(&mut asker, &text, rest);
        let ask = asker.ask;
        workloads.push(Resolver::new(&defaults, context, &mut notes).workload(
            &ask,
            "container",
            origin,
        ));
    }
    if workloads.is_empty() && notes.problems.is_empty() {
        notes.wrong("no docker run here", &beginning(&text));
    }
    notes.finish(workloads)
}

/// The words after `docker run`; `None` for another command.
fn arguments(words: &[Word]) -> Option<&[Word]> {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        match first.text.as_str() {
            "sudo" | "exec" => rest = after,
            _ => break,
        }
    }
    let (first, after) = rest.split_first()?;
    if first.text != "docker" && !first.text.ends_with("/docker") {
        return None;
    }
    let (verb, after) = after.split_first()?;
    let (verb, after) = match verb.text.as_str() {
        "container" => after.split_first()?,
        _ => (verb, after),
    };
    matches!(verb.text.as_str(), "run" | "create").then_some(after)
}

fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}

fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let engine = context.engine_of(&["docker"]).ok_or(WriteError::NoWriter)?;
    let defaults = crate::engine::defaults::Defaults::of(engine);
    let mut out = Written::default();
    for workload in workloads {
        let file = if workloads.len() > 1 && !workload.name.is_empty() {
            PathBuf::from(format!("{}-seccomp.json", workload.name.replace('/', "-")))
        } else {
            PathBuf::from("seccomp.json")
        };
        let request = request::request(workload, &defaults, context, &file)?;
        if !out.text.is_empty() {
            out.text.push('\n');
        }
        out.text.push_str(&line(&request.ask)?);
        out.files.extend(request.files);
    }
    Ok(out)
}

fn line(ask: &Ask) -> Result<String, WriteError> {
    let Some(image) = &ask.image else {
        return Err(WriteError::Missing { what: "the image" });
    };
    let mut lines = vec!["docker run".to_owned()];
    lines.extend(
        written::flags(ask, Family::Docker)
            .iter()
            .map(written::Written::text),
    );
    let mut last = quote(&image.value);
    if image.value.starts_with('-') {
        return Err(WriteError::Unwritable {
            field: None,
            why: format!("the image {:?} would be read as a flag", image.value),
        });
    }
    // What follows the program of an entry point comes before the command.
    let entry = ask
        .entrypoint
        .as_ref()
        .and_then(|entry| entry.value.get(1..));
    let words = entry.unwrap_or_default().iter();
    for word in words.chain(ask.command.iter().flat_map(|command| &command.value)) {
        last.push(' ');
        last.push_str(&quote(word));
    }
    lines.push(last);
    Ok(format!("{}\n", lines.join(" \\\n  ")))
}
