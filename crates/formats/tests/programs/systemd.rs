//! `systemd-analyze security` rates every unit of this machine as Casemate does, row by row.

use super::{has, on_machine, skip};
use casemate_formats::systemd::{Exposure, exposure};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What systemd says of a unit: the badness of each row, and the level.
struct Theirs {
    rows: BTreeMap<String, Option<u64>>,
    level: String,
}

fn analyze(unit: &Path, json: &[&str]) -> Option<String> {
    let output = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager"])
        .args(json)
        .arg(unit)
        .env("SYSTEMD_ANALYZE_DEBUG", "1")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("systemd-analyze runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    (!text.is_empty()).then_some(text)
}

fn theirs(unit: &Path) -> Option<Theirs> {
    use casemate_formats::document::parse_json;
    use casemate_formats::reader::Text;
    let json = analyze(unit, &["--json=short"])?;
    let node = parse_json(&Text::of(Path::new("json"), json.trim())).expect("JSON");
    let rows = node.items().iter().map(|row| {
        let name = row
            .get("name")
            .and_then(|name| name.text())
            .expect("a name");
        let badness = row.get("badness").and_then(|value| value.scalar());
        let badness: u64 = badness.and_then(|text| text.parse().ok()).expect("badness");
        (name.to_owned(), (badness != u64::MAX).then_some(badness))
    });
    let text = analyze(unit, &[])?;
    let level = text
        .split("exposure level for")
        .nth(1)?
        .split(": ")
        .nth(1)?;
    let level = level.split(' ').take(2).collect::<Vec<_>>().join(" ");
    Some(Theirs {
        rows: rows.collect(),
        level,
    })
}

fn differences(unit: &Path, ours: &Exposure, theirs: &Theirs) -> Vec<String> {
    let mut found = Vec::new();
    for row in &ours.rows {
        let their = theirs.rows.get(row.rule.name);
        if their != Some(&row.badness) {
            let (name, our) = (row.rule.name, row.badness);
            found.push(format!(
                "{}: {name} is {our:?}, they say {their:?}",
                unit.display()
            ));
        }
    }
    if ours.rows.len() != theirs.rows.len() {
        found.push(format!("{}: {} rows", unit.display(), theirs.rows.len()));
    }
    if ours.to_string() != theirs.level {
        found.push(format!(
            "{}: {ours}, they say {}",
            unit.display(),
            theirs.level
        ));
    }
    found
}

fn compare(units: &[PathBuf]) -> (usize, Vec<String>) {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for unit in units {
        let Some(theirs) = theirs(unit) else {
            continue;
        };
        let bytes = fs::read(unit).expect("a unit");
        match on_machine(|context| exposure(unit, &bytes, context)) {
            Ok(ours) => wrong.extend(differences(unit, &ours, &theirs)),
            Err(error) => wrong.push(error.to_string()),
        }
        compared += 1;
    }
    (compared, wrong)
}

#[test]
fn every_unit_of_this_machine_is_rated_alike() {
    const TEST: &str = "every_unit_of_this_machine_is_rated_alike";
    if !has("systemd-analyze") {
        return skip(TEST, "systemd is not installed");
    }
    let directory = Path::new("/lib/systemd/system");
    let mut units: Vec<PathBuf> = fs::read_dir(directory)
        .expect("the directory of units")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "service" || end == "socket")
        })
        .filter(|path| fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() > 0))
        .collect();
    units.sort();
    let halves = units.split_at(units.len() / 2);
    let results = std::thread::scope(|scope| {
        let one = scope.spawn(|| compare(halves.0));
        let other = compare(halves.1);
        [one.join().expect("compared"), other]
    });
    let compared: usize = results.iter().map(|(compared, _)| compared).sum();
    let wrong: Vec<String> = results.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(
        wrong.is_empty(),
        "{} of {compared}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        compared >= units.len() / 2 && compared > 20,
        "{compared} of {}",
        units.len()
    );
}
