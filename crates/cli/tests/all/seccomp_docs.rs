//! The sessions in docs/seccomp.md are what the program says, and its table of forms is complete.

use super::support::{Findings, finish};
use casemate_seccomp::formats::FORMATS;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The document.
fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/seccomp.md");
    fs::read_to_string(path).unwrap()
}

/// A directory that is gone at the end.
struct Desk(PathBuf);

impl Drop for Desk {
    fn drop(&mut self) {
        let removed = fs::remove_dir_all(&self.0);
        assert!(removed.is_ok() || std::thread::panicking(), "{removed:?}");
    }
}

/// The fenced blocks: the language, the file that the line before names, and the text.
fn blocks(text: &str) -> Vec<(String, Option<String>, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    let mut before = "";
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let inner: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let file = before
                .strip_prefix("<!-- file: ")
                .and_then(|rest| rest.strip_suffix(" -->"));
            blocks.push((
                language.to_owned(),
                file.map(str::to_owned),
                inner.join("\n") + "\n",
            ));
        }
        before = line;
    }
    blocks
}

#[test]
fn sessions_are_what_the_program_says() {
    let desk = Desk(std::env::temp_dir().join(format!("casemate-docs-{}", std::process::id())));
    fs::create_dir(&desk.0).unwrap();
    let mut findings = Findings::default();
    let mut commands = 0;
    for (language, file, text) in blocks(&document()) {
        if let Some(file) = file {
            fs::write(desk.0.join(file), &text).unwrap();
        }
        if language != "console" {
            continue;
        }
        for session in text.split("$ casemate ").skip(1) {
            let (line, expected) = session.split_once('\n').unwrap();
            let mut shell = Command::new("sh");
            shell
                .args(["-c", &format!("\"$0\" {line} 2>&1")])
                .arg(env!("CARGO_BIN_EXE_casemate"))
                .current_dir(&desk.0)
                .stdin(Stdio::null());
            let trimmed = |text: &str| -> Vec<String> {
                text.lines()
                    .map(|line| line.trim_end().to_owned())
                    .collect()
            };
            findings.same(line, trimmed(&finish(&mut shell).out), trimmed(expected));
            commands += 1;
        }
    }
    findings.same("there are sessions", commands >= 7, true);
}

#[test]
fn the_table_of_forms_is_complete() {
    let text = document();
    let mut findings = Findings::default();
    for format in &FORMATS {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", format.name)))
            .unwrap_or_default();
        findings.same(format!("{} is there", format.name), row.is_empty(), false);
        let written = !row.ends_with("| no |");
        findings.same(format.name, written, format.write.is_some());
    }
}
