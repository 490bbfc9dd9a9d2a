//! Bad profiles, each with the exact message. `UPDATE=1 cargo test -p casemate-formats` writes the messages anew.

use super::{outside, user};
use casemate_formats::profile::{self, Source};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn profiles(name: &str) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = fs::read_dir(folder(name))
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|path| {
            let name = path
                .file_name()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(&path).expect("the file can be read"))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_bad_profile_has_its_message() {
    let bad = profiles("bad");
    assert!(bad.len() >= 35, "only {} bad profiles are there", bad.len());
    let all = bad
        .iter()
        .chain(&profiles("base"))
        .cloned()
        .collect::<Vec<_>>();
    let mut loader: BTreeMap<PathBuf, Vec<u8>> = all
        .iter()
        .map(|(name, text)| (Path::new("/profiles").join(name), text.clone()))
        .collect();
    let mut failures = Vec::new();
    for (name, text) in &bad {
        let source = Source {
            path: PathBuf::from(name),
            directory: PathBuf::from("/profiles"),
            text: text.clone(),
        };
        let Err(errors) = profile::read(&source, &user(), &mut loader) else {
            failures.push(format!("{name} is taken for good"));
            continue;
        };
        let mut sources: BTreeMap<PathBuf, String> = loader
            .iter()
            .map(|(path, text)| (path.clone(), String::from_utf8_lossy(text).into_owned()))
            .collect();
        sources.insert(
            source.path.clone(),
            String::from_utf8_lossy(text).into_owned(),
        );
        for problem in errors.problems() {
            let places = [
                Some(&problem.origin),
                problem.related.as_ref().map(|(origin, _)| origin),
            ];
            let wrong = places
                .into_iter()
                .flatten()
                .filter_map(|origin| outside(origin, &sources));
            failures.extend(wrong.map(|what| format!("{name}: {}: {what}", problem.fault)));
        }
        let message = folder("bad").join(name).with_extension("txt");
        let rendered = errors.to_string();
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&message, &rendered).expect("the message can be written");
        }
        let expected = fs::read_to_string(&message).unwrap_or_default();
        if rendered != expected {
            failures.push(format!(
                "{name}: the message is\n{rendered}instead of\n{expected}"
            ));
        }
        if rendered.chars().any(|c| c.is_control() && c != '\n') {
            failures.push(format!("{name}: the message has control characters"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn messages_are_lower_case_without_a_final_stop() {
    for (name, text) in profiles("bad") {
        let source = Source {
            path: PathBuf::from(&name),
            directory: PathBuf::from("/profiles"),
            text,
        };
        let Err(errors) = profile::read(&source, &user(), &mut profile::NoFiles) else {
            continue;
        };
        for problem in errors.problems() {
            let texts = [Some(problem.fault.to_string()), problem.hint.clone()];
            for text in texts.into_iter().flatten() {
                assert!(!text.ends_with('.'), "{name}: {text}");
                assert!(!text.starts_with(char::is_uppercase), "{name}: {text}");
            }
        }
    }
}
