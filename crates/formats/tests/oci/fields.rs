//! Every property is in the table, and does something.

use super::{confine::read_bytes, corpus};
use casemate_formats::oci::fields::{FIELDS, Fate, properties};
use casemate_formats::oci::{FOREIGN, Special, read};
use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::{self, Kind, Value, quote};
use std::collections::BTreeSet;

#[test]
fn the_table_has_every_property_and_no_other() {
    let known: BTreeSet<String> = properties().into_keys().collect();
    let listed: BTreeSet<String> = FIELDS.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(listed.len(), FIELDS.len(), "a property is listed twice");
    let missing: Vec<_> = known.difference(&listed).collect();
    let strange: Vec<_> = listed.difference(&known).collect();
    assert!(
        missing.is_empty() && strange.is_empty(),
        "{missing:?} {strange:?}"
    );
}

#[test]
fn the_page_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/oci.md");
    let page = std::fs::read_to_string(path).expect("docs/oci.md");
    let fresh = casemate_formats::oci::fields::markdown();
    assert!(
        page == fresh,
        "docs/oci.md is not fresh: cargo xtask generate"
    );
}

fn text(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(truth) => out.push_str(&truth.to_string()),
        Kind::Number(number) => out.push_str(number),
        Kind::Text(text) => out.push_str(&quote(text)),
        Kind::List(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                text(value, out);
            }
            out.push(']');
        }
        Kind::Object(members) => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                out.push_str(&quote(&member.key));
                out.push(':');
                text(&member.value, out);
            }
            out.push('}');
        }
    }
}

/// Takes away the first value that a path of the table names; tells whether there was one.
fn remove(value: &mut Value, path: &str) -> bool {
    if let Some(rest) = path.strip_prefix("[]") {
        let Kind::List(values) = &mut value.kind else {
            return false;
        };
        return values.iter_mut().any(|value| remove(value, rest));
    }
    let Kind::Object(members) = &mut value.kind else {
        return false;
    };
    if let Some(rest) = path.strip_prefix("{}") {
        if rest.is_empty() {
            return members.pop().is_some();
        }
        return members
            .iter_mut()
            .any(|member| remove(&mut member.value, rest));
    }
    let path = path.strip_prefix('.').unwrap_or(path);
    let end = path.find(['.', '[', '{']).unwrap_or(path.len());
    let (key, rest) = path.split_at(end);
    if rest.is_empty() {
        let before = members.len();
        members.retain(|member| member.key != key);
        return members.len() < before;
    }
    members
        .iter_mut()
        .filter(|member| member.key == key || key == "*")
        .any(|member| remove(&mut member.value, rest))
}

fn root(bytes: &[u8]) -> Value {
    let source = Source::new("every-field.json", bytes).expect("a text");
    json::parse(&source).expect("JSON")
}

// What is there for `exec`, or to be refused, and what only says again what is the default.
const WITHOUT_TRACE: [&str; 1] = ["linux.personality.flags"];

#[test]
fn every_property_makes_a_difference() {
    let bytes = corpus("good-every-field.json");
    let whole = root(&bytes);
    let spec = read("whole", &bytes).expect("it is good").spec;
    let workload = read_bytes("whole", &bytes);
    let mut silent = Vec::new();
    for (path, fate) in FIELDS {
        if WITHOUT_TRACE.contains(path) {
            assert!(matches!(fate, Fate::Refused(_)));
            continue;
        }
        let mut less = whole.clone();
        // The first mount is a bind, whose type is a dummy.
        if *path == "mounts[].type" {
            reverse(&mut less, "mounts");
        }
        assert!(remove(&mut less, path), "{path} is not in every-field.json");
        let mut without = String::new();
        text(&less, &mut without);
        // What must be there is missed by name.
        let Ok(reading) = read("less", without.as_bytes()) else {
            continue;
        };
        if reading.spec == spec && !is_default(&whole, path) {
            silent.push(format!("{path} is not read"));
        }
        let other = read_bytes("less", without.as_bytes());
        let same = other.confinement.diff(&workload.confinement).is_empty()
            && texts(&other) == texts(&workload)
            && other.program.command.value() == workload.program.command.value()
            && other.image.value() == workload.image.value();
        if same && !is_default(&whole, path) {
            silent.push(format!("{path} makes no difference to the workload"));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

fn reverse(value: &mut Value, key: &str) {
    let Kind::Object(members) = &mut value.kind else {
        return;
    };
    for member in members.iter_mut().filter(|member| member.key == key) {
        if let Kind::List(values) = &mut member.value.kind {
            values.reverse();
        }
    }
}

fn texts(workload: &casemate_model::Workload) -> Vec<String> {
    let fields = workload.confinement.entries();
    let fields = fields
        .into_iter()
        .map(|e| format!("{} {}", e.field, e.text));
    let settings = workload.settings.iter();
    fields
        .chain(settings.map(|one| format!("{} {} {}", one.name, one.key, one.value)))
        .collect()
}

/// Whether the value of a path is what its absence means, too.
fn is_default(root: &Value, path: &str) -> bool {
    let mut value = root;
    for part in path.split('.') {
        let (key, list) = match part.strip_suffix("[]") {
            Some(key) => (key, true),
            None => (part, false),
        };
        let Some(next) = value.get(key) else {
            return false;
        };
        value = match &next.kind {
            Kind::List(values) if list => &values[0],
            _ => next,
        };
    }
    matches!(&value.kind, Kind::Bool(false))
        || matches!(&value.kind, Kind::Number(number) if number == "0")
}

#[test]
fn foreign_properties_are_refused_or_warned_of_by_name() {
    for (path, special) in FOREIGN {
        let mut parts = path.rsplit('.');
        let last = parts.next().expect("a name");
        let mut member = format!("{}:{{}}", quote(last));
        for part in parts {
            let rest = match part {
                "process" => ",\"user\":{\"uid\":0,\"gid\":0},\"args\":[\"a\"],\"cwd\":\"/\"",
                _ => ",\"uid\":0,\"gid\":0",
            };
            let rest = if member.starts_with("\"user\"") {
                ",\"args\":[\"a\"],\"cwd\":\"/\""
            } else {
                rest
            };
            member = format!("{}:{{{member}{rest}}}", quote(part));
        }
        let config = format!("{{\"ociVersion\":\"1.0.0\",\"root\":{{\"path\":\"r\"}},{member}}}");
        match (read("config", config.as_bytes()), special) {
            (Err(errors), Special::Refused(why)) => {
                assert!(
                    errors
                        .to_string()
                        .contains(&format!("{path}: refused: {why}")),
                    "{errors}"
                );
            }
            (Ok(reading), Special::WithoutEffect(_)) => {
                assert_eq!(reading.warnings.len(), 1, "{path}");
                assert_eq!(reading.warnings[0].path, *path);
            }
            (result, _) => panic!("{path}: {:?}", result.map(|reading| reading.warnings)),
        }
    }
}
