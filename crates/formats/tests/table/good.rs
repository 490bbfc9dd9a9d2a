//! Files that are read: what they say, where it stands, and that it is written back as it was.

use super::{Corpus, formats, report, show, with_context};
use casemate_formats::reader::{Reading, WriteError};
use casemate_formats::{FORMATS, Format, Tolerance, convert, detect};
use casemate_model::{Origin, Workload};
use std::path::Path;

fn read(format: &Format, corpus: &mut Corpus, name: &str, bytes: &[u8]) -> Result<Reading, String> {
    with_context(corpus, |context| {
        (format.read)(Path::new(name), bytes, context).map_err(|error| error.to_string())
    })
}

#[test]
fn good_files_say_what_is_expected() {
    let mut failures = Vec::new();
    for (format, mut corpus) in formats() {
        for (name, bytes) in corpus.files("good-") {
            match read(format, &mut corpus, &name, &bytes) {
                Ok(reading) => {
                    let text = show::reading(&reading);
                    corpus.expect(&format!("{name}.show"), &text, &mut failures);
                }
                Err(error) => failures.push(format!("{}/{name}: {error}", format.name)),
            }
        }
    }
    report(&failures);
}

#[test]
fn bad_files_are_refused_with_the_place() {
    let mut failures = Vec::new();
    for (format, mut corpus) in formats() {
        for (name, bytes) in corpus.files("bad-") {
            match read(format, &mut corpus, &name, &bytes) {
                Ok(_) => failures.push(format!("{}/{name} is read", format.name)),
                Err(error) => {
                    corpus.expect(&format!("{name}.txt"), &format!("{error}\n"), &mut failures);
                }
            }
        }
    }
    report(&failures);
}

#[test]
fn files_are_detected() {
    let mut failures = Vec::new();
    for (format, corpus) in formats() {
        for (name, bytes) in corpus.files("good-") {
            let found = detect(Path::new(&name), &bytes).map_or("nothing", |found| found.name);
            if found != format.name {
                failures.push(format!("{}/{name} is taken for {found}", format.name));
            }
        }
    }
    report(&failures);
}

/// Tells what is wrong with a place, if anything is.
fn outside(origin: &Origin, corpus: &mut Corpus) -> Option<String> {
    use casemate_formats::reader::Files;
    let Origin::File {
        path,
        start,
        end,
        line,
    } = origin
    else {
        return None;
    };
    let Ok(text) = corpus.read(path) else {
        return Some(format!("{} is no file", path.display()));
    };
    let (Some(before), Some(_)) = (text.get(..*start), text.get(*start..*end)) else {
        return Some(format!("{start}..{end} is not in {}", path.display()));
    };
    let counted = before.split(|byte| *byte == b'\n').count();
    (counted != *line).then(|| format!("{}: line {line} is {counted}", path.display()))
}

#[test]
fn every_place_is_in_the_input() {
    let mut failures = Vec::new();
    for (format, mut corpus) in formats() {
        for (name, bytes) in corpus.files("good-") {
            let Ok(reading) = read(format, &mut corpus, &name, &bytes) else {
                continue;
            };
            for origin in show::origins(&reading) {
                if let Some(wrong) = outside(&origin, &mut corpus) {
                    failures.push(format!("{}/{name}: {wrong}", format.name));
                }
            }
        }
    }
    report(&failures);
}

/// Workloads as a format takes them: together, or each alone where it holds one.
fn portions(format: &Format, corpus: &mut Corpus, workloads: &[Workload]) -> Vec<Vec<Workload>> {
    let together = with_context(corpus, |context| {
        convert(format, workloads, context, Tolerance::AllowLoss)
    });
    match together {
        Err(WriteError::Several { .. }) => workloads.iter().map(|one| vec![one.clone()]).collect(),
        _ => vec![workloads.to_vec()],
    }
}

/// Writes and reads again; `convert` compares all that the order and the texts of the model tell apart.
fn round_trip(
    format: &Format,
    corpus: &mut Corpus,
    workloads: &[Workload],
) -> Result<String, String> {
    let written = with_context(corpus, |context| {
        convert(format, workloads, context, Tolerance::Refuse)
    })
    .map_err(|error| format!("is not written: {error}"))?;
    let mut files = written.files.clone();
    let again = with_context(&mut files, |context| {
        (format.read)(Path::new(""), written.text.as_bytes(), context)
            .map_err(|error| error.to_string())
    })?;
    let second = with_context(&mut files, |context| {
        convert(format, &again.workloads, context, Tolerance::Refuse)
            .map_err(|error| error.to_string())
    })?;
    if second.text != written.text {
        let (a, b) = (&written.text, &second.text);
        return Err(format!("is written in two ways:\n{a}\nand\n{b}"));
    }
    let mut text = written.text;
    for (path, bytes) in &written.files {
        text.push_str(&format!("== {} ({} bytes)\n", path.display(), bytes.len()));
    }
    for loss in &written.losses {
        text.push_str(&format!("== loss {loss}\n"));
    }
    Ok(text)
}

#[test]
fn what_is_read_is_written_back() {
    let mut failures = Vec::new();
    for (format, mut corpus) in formats().filter(|(format, _)| format.write.is_some()) {
        for (name, bytes) in corpus.files("good-") {
            let Ok(reading) = read(format, &mut corpus, &name, &bytes) else {
                continue;
            };
            let mut text = String::new();
            for portion in portions(format, &mut corpus, &reading.workloads) {
                match round_trip(format, &mut corpus, &portion) {
                    Ok(written) => text.push_str(&written),
                    Err(error) => failures.push(format!("{}/{name} {error}", format.name)),
                }
            }
            corpus.expect(&format!("{name}.written.show"), &text, &mut failures);
        }
    }
    report(&failures);
}

#[test]
fn what_is_written_in_other_formats_is_read_back_and_permits_no_more() {
    let mut failures = Vec::new();
    for (format, mut corpus) in formats() {
        for (name, bytes) in corpus.files("good-") {
            let Ok(reading) = read(format, &mut corpus, &name, &bytes) else {
                continue;
            };
            for other in FORMATS.iter().filter(|other| other.write.is_some()) {
                for portion in portions(other, &mut corpus, &reading.workloads) {
                    for tolerance in [Tolerance::Refuse, Tolerance::AllowLoss] {
                        let result = with_context(&mut corpus, |context| {
                            convert(other, &portion, context, tolerance)
                        });
                        if let Err(error @ WriteError::NotReadBack(_)) = result {
                            failures
                                .push(format!("{}/{name} to {}: {error}", format.name, other.name));
                        }
                    }
                }
            }
        }
    }
    report(&failures);
}
