//! A key that no format knows, put in at every place: it is an error, a loss, or part of what was read. Nothing vanishes.

use super::{Corpus, formats, report, with_context};
use casemate_formats::Format;
use casemate_formats::document::{self, Node};
use casemate_formats::reader::Text;
use std::path::Path;

/// The name that is looked for in what comes out.
const NAME: &str = "zzunknown";

/// How something unknown is put into a text.
#[derive(Clone, Copy)]
enum Style {
    /// A member at the beginning of each object.
    Members,
    /// A line before each line.
    Line(&'static str),
    /// A word after each blank outside quotes.
    Word,
}

fn style(name: &str) -> Style {
    match Path::new(name).extension().and_then(|end| end.to_str()) {
        Some("json" | "yaml" | "yml") => Style::Members,
        Some("sh" | "args") => Style::Word,
        Some("profile" | "inc" | "local") => Style::Line("zzunknown 1\n"),
        Some("cfg" | "textproto") => Style::Line("zzunknown: 1\n"),
        None if name.contains("Procfile") => Style::Line("zzunknown: run me\n"),
        _ => Style::Line("zzunknown = 1\n"),
    }
}

fn objects(node: &Node, found: &mut Vec<usize>) {
    if let Some(first) = node.entries().first() {
        found.push(first.start);
    }
    for entry in node.entries() {
        objects(&entry.value, found);
    }
    for item in node.items() {
        objects(item, found);
    }
}

fn with_member(text: &str, at: usize) -> String {
    let (before, after) = text.split_at(at);
    let line = before.rsplit('\n').next().unwrap_or("");
    let block = !after.starts_with('"') && line.bytes().all(|byte| matches!(byte, b' ' | b'-'));
    if block {
        format!("{before}{NAME}: 1\n{}{after}", " ".repeat(line.len()))
    } else {
        format!("{before}\"{NAME}\": 1, {after}")
    }
}

fn inputs(name: &str, text: &str) -> Vec<String> {
    match style(name) {
        Style::Members => {
            let documents = document::parse(&Text::of(Path::new(name), text)).unwrap_or_default();
            let mut places = Vec::new();
            for document in &documents {
                objects(document, &mut places);
            }
            // What an anchor repeats stands at one place.
            places.sort_unstable();
            places.dedup();
            places.into_iter().map(|at| with_member(text, at)).collect()
        }
        Style::Line(line) => {
            let mut before = String::new();
            let mut inputs = Vec::new();
            for each in text.split_inclusive('\n') {
                if !before.trim_end_matches('\n').ends_with('\\') {
                    inputs.push(format!("{before}{line}{}", &text[before.len()..]));
                }
                before.push_str(each);
            }
            inputs
        }
        Style::Word => {
            let mut inputs = Vec::new();
            let (mut quote, mut comment) = (None, false);
            for (at, byte) in text.bytes().enumerate() {
                match (byte, quote) {
                    (b'\n', _) if comment => comment = false,
                    _ if comment => {}
                    (b'#', None) => comment = true,
                    (b'\'' | b'"', None) => quote = Some(byte),
                    (byte, Some(open)) if byte == open => quote = None,
                    (b' ', None) => {
                        let (before, after) = text.split_at(at);
                        inputs.push(format!("{before} --{NAME}=1{after}"));
                    }
                    _ => {}
                }
            }
            inputs
        }
    }
}

fn vanished(format: &Format, corpus: &mut Corpus, name: &str, text: &str) -> bool {
    with_context(corpus, |context| {
        (format.read)(Path::new(name), text.as_bytes(), context)
            .is_ok_and(|reading| !format!("{reading:?}").contains(NAME))
    })
}

#[test]
fn nothing_unknown_vanishes() {
    let mut failures = Vec::new();
    let mut tried = 0;
    for (format, mut corpus) in formats() {
        for (name, bytes) in corpus.files("good-") {
            let Ok(text) = std::str::from_utf8(&bytes) else {
                continue;
            };
            for input in inputs(&name, text) {
                tried += 1;
                if vanished(format, &mut corpus, &name, &input) {
                    let line = input.lines().position(|line| line.contains(NAME));
                    let line = line.map_or(0, |line| line + 1);
                    failures.push(format!(
                        "{}/{name}: what is put in line {line} vanishes",
                        format.name
                    ));
                }
            }
        }
    }
    println!("{tried} inputs with something unknown");
    report(&failures);
}
