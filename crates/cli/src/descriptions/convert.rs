//! `casemate convert`: from one format to another, never looser.

use super::input::{self, Settings};
use super::table;
use crate::color::Choice;
use crate::failure::{Failure, tell};
use crate::flags::{self, Given};
use crate::{help, output, run};
use casemate_formats::profile::error::printable;
use casemate_formats::reader::{WriteError, Written};
use casemate_formats::{Format, LossKind, Tolerance};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

struct Asked {
    settings: Settings,
    to: Option<&'static Format>,
    tolerance: Tolerance,
    output: Option<PathBuf>,
    color: Choice,
}

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> Result<(), Failure> {
    let parsed = flags::parse(&table::CONVERT, arguments)?;
    if let Some(wanted) = parsed.help {
        return output::say(&help::of(&table::CONVERT, wanted));
    }
    let mut asked = asked(&parsed.given)?;
    let [word] = &parsed.words[..] else {
        return Err(Failure::usage(
            "one input is needed",
            "for example `casemate convert compose.yaml#web --to oci`".to_owned(),
        ));
    };
    // The format may stand before the input, as LXC's tools have it: `lxc:web.conf`.
    let (from, word) = prefixed(word);
    asked.settings.from = asked.settings.from.or(from);
    let Some(to) = asked.to else {
        return Err(Failure::usage(
            "`--to` is needed",
            format!("one of {}", casemate_formats::WRITTEN.join(", ")),
        ));
    };
    let input = input::read(&word, &asked.settings)?;
    input::tell_losses(&input);
    let written = input::with_context(&asked.settings, |context| {
        casemate_formats::convert(to, &input.workloads, context, asked.tolerance)
    });
    let written = written.map_err(|error| refused(&error))?;
    for loss in &written.losses {
        let word = match loss.kind {
            LossKind::Looser { .. } => "LOOSER",
            _ => "note",
        };
        tell(&format!("{word}: {}\n", printable(&loss.to_string())));
    }
    put(&written, asked.output.as_deref())
}

fn asked(given: &[Given]) -> Result<Asked, Failure> {
    let mut asked = Asked {
        settings: Settings::default(),
        to: None,
        tolerance: Tolerance::Refuse,
        output: None,
        color: Choice::Auto,
    };
    for flag in given {
        let Given::Own { name, value } = flag else {
            continue;
        };
        match *name {
            "to" => asked.to = Some(input::format("--to", value)?),
            "allow-loss" => asked.tolerance = Tolerance::AllowLoss,
            "output" => asked.output = Some(PathBuf::from(value)),
            "color" => asked.color = run::color(value)?,
            _ => {
                asked.settings.take(name, value)?;
            }
        }
    }
    Ok(asked)
}

/// Takes `FORMAT:` off an input, unless that is a container of an engine or a file's name.
fn prefixed(word: &OsStr) -> (Option<&'static Format>, OsString) {
    let parts = word.to_str().and_then(|text| text.split_once(':'));
    if let Some((name, rest)) = parts
        && let Some(format) = casemate_formats::find(name)
        && !Path::new(word).exists()
        && (Path::new(rest.split('#').next().unwrap_or(rest)).exists() || rest == "-")
    {
        return (Some(format), rest.into());
    }
    (None, word.to_owned())
}

fn refused(error: &WriteError) -> Failure {
    if let WriteError::Looser(losses) = error {
        let what = "what would be written permits more than what was read";
        let hint = "--allow-loss writes it all the same, and lists this";
        return Failure::Input {
            reasons: vec![(what.to_owned(), Some(hint.to_owned()))],
            details: losses.iter().map(ToString::to_string).collect(),
        };
    }
    let text = error.to_string();
    match text.split_once("\n   = help: ") {
        Some((what, hint)) => Failure::usage(what.to_owned(), hint.to_owned()),
        None => Failure::usage(text, None),
    }
}

/// Writes the text and the files that belong to it.
fn put(written: &Written, output: Option<&Path>) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| Failure::File {
            doing: "write",
            path,
            error,
        }
    };
    let Some(path) = output else {
        output::say(&written.text)?;
        for (name, bytes) in &written.files {
            tell(&format!(
                "note: it needs the file {} beside it ({} bytes): write both with `--output FILE`\n",
                name.display(),
                bytes.len()
            ));
        }
        return Ok(());
    };
    fs::write(path, &written.text).map_err(failed(path))?;
    let directory = path.parent().unwrap_or(Path::new(""));
    for (name, bytes) in &written.files {
        let path = directory.join(name.file_name().unwrap_or(name.as_os_str()));
        fs::write(&path, bytes).map_err(failed(&path))?;
        tell(&format!("wrote {}\n", path.display()));
    }
    Ok(())
}
