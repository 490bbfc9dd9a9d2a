//! Tests of the profile format.

mod bad;
mod good;
mod hostile;
mod round_trip;
mod shipped;

use casemate_formats::profile::{self, Context, Document, Errors, Source};
use casemate_model::Origin;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An ordinary user in a project's directory.
fn user() -> Context {
    Context {
        directory: Some(PathBuf::from("/home/ada/project")),
        home: Some(PathBuf::from("/home/ada")),
        uid: 1000,
        gid: 1000,
        environment: ["HOME", "LANG", "PATH", "RUST_BACKTRACE", "RUST_LOG"]
            .map(str::to_owned)
            .into(),
        subordinate: casemate_model::host::Subordinate::default(),
    }
}

fn source(text: &[u8]) -> Source {
    Source {
        path: PathBuf::from("test.toml"),
        directory: PathBuf::from("/profiles"),
        text: text.to_vec(),
    }
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn files(list: &[(&str, &str)]) -> Files {
    list.iter()
        .map(|(name, text)| (Path::new("/profiles").join(name), text.as_bytes().to_vec()))
        .collect()
}

fn read(text: &str) -> Result<Document, Errors> {
    profile::read(&source(text.as_bytes()), &user(), &mut Files::new())
}

/// Returns a field's text, as `facet.field`.
fn field(document: &Document, name: &str) -> String {
    let entries = document.confinement.entries();
    let entry = entries.iter().find(|entry| entry.field.to_string() == name);
    entry
        .unwrap_or_else(|| panic!("there is no field {name}"))
        .text
        .clone()
}

/// Tells what is wrong with a place, if anything is.
fn outside(origin: &Origin, sources: &BTreeMap<PathBuf, String>) -> Option<String> {
    let Origin::File {
        path,
        start,
        end,
        line,
    } = origin
    else {
        return None;
    };
    let Some(text) = sources.get(path) else {
        return Some(format!("{} is not a source", path.display()));
    };
    let Some(before) = text.get(..*start) else {
        return Some(format!("{start} is not in the text"));
    };
    if text.get(*start..*end).is_none() {
        return Some(format!("{start}..{end} is not in the text"));
    }
    let counted = 1 + before.matches('\n').count();
    (counted != *line).then(|| format!("line {line} is {counted}"))
}
