//! Every property of a configuration reaches the plan, or is refused by name.

use super::{Caller, Granted, Purpose, Request, create};
use crate::cli::{CgroupManager, Globals, Rootless};
use crate::log::{Format, Log};
use crate::plan::root::Entering;
use crate::state::State;
use casemate_formats::oci::fields::FIELDS;
use casemate_formats::oci::read;
use casemate_model::names::CapabilitySet;
use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::{self, Kind, Member, Value, quote};
use std::path::PathBuf;

fn text(value: &Value) -> String {
    let list = |parts: Vec<String>| parts.join(",");
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(truth) => truth.to_string(),
        Kind::Number(number) => number.clone(),
        Kind::Text(text) => quote(text),
        Kind::List(values) => format!("[{}]", list(values.iter().map(text).collect())),
        Kind::Object(members) => {
            let one = |member: &Member| format!("{}:{}", quote(&member.key), text(&member.value));
            format!("{{{}}}", list(members.iter().map(one).collect()))
        }
    }
}

/// Keeps of an object the members that are wanted.
fn keep(value: &mut Value, keys: &[&str]) {
    if let Kind::Object(members) = &mut value.kind {
        members.retain(|member| keys.contains(&member.key.as_str()));
    }
}

fn member<'v>(value: &'v mut Value, key: &str) -> &'v mut Value {
    let Kind::Object(members) = &mut value.kind else {
        panic!("{key} is of no object");
    };
    let found = members.iter_mut().find(|member| member.key == key);
    &mut found.unwrap_or_else(|| panic!("no {key}")).value
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

/// The plan, the state and what is to be said, as text, or why there is none.
fn planned(config: &str) -> Result<String, String> {
    let reading = read("config.json", config.as_bytes()).map_err(|errors| errors.to_string())?;
    let globals = Globals {
        root: PathBuf::from("/run/casemate-oci"),
        log: Log {
            file: None,
            format: Format::Text,
            debug: false,
        },
        cgroup_manager: CgroupManager::Cgroupfs,
        rootless: Rootless::No,
        harden: None,
    };
    let caller = Caller {
        uid: 0,
        gid: 0,
        permitted: CapabilitySet::ALL,
        bounding: CapabilitySet::ALL,
        known: CapabilitySet::ALL,
    };
    let said = |failure: crate::failure::Failure| failure.to_string();
    let policy = super::policy(&reading, CapabilitySet::ALL).map_err(said)?;
    let filter = policy
        .map(|(policy, _)| super::compile(&policy, &reading.spec))
        .transpose()
        .map_err(said)?;
    let process = reading.spec.process.clone().unwrap_or_default();
    let created = create(Request {
        globals: &globals,
        spec: &reading.spec,
        filter,
        granted: &Granted::of(&process, &caller, true),
        caller: &caller,
        state: State {
            oci_version: reading.spec.oci_version.clone(),
            id: "c".to_owned(),
            bundle: "/bundle".to_owned(),
            annotations: reading.spec.annotations.clone(),
            ..State::default()
        },
        purpose: Purpose::Create,
        directory: PathBuf::from("/run/casemate-oci/c"),
        directory_fd: 5,
        log_fd: None,
        pid_file: None,
        console_socket: Some(PathBuf::from("/run/console.sock")),
        pidfd_socket: None,
        preserved: 0,
        entering: Entering::Pivot,
        keeps_keyring: false,
    })
    .map_err(said)?;
    Ok(format!(
        "{:?} {:?} {:?}",
        created.plan, created.state, created.notes
    ))
}

/// What every container here has.
const OF_ALL: [&str; 4] = ["ociVersion", "root", "process", "mounts"];
const OF_PROCESS: [&str; 6] = ["terminal", "user", "args", "env", "cwd", "capabilities"];
const OF_LINUX: [&str; 3] = ["namespaces", "uidMappings", "gidMappings"];

/// The property under test, of which all others of its kind are taken away: `linux.resources.memory`, `hostname`.
fn unit(path: &str) -> String {
    let plain = path.split(['[', '{']).next().unwrap_or(path);
    let depth = if plain.starts_with("linux.resources.") {
        3
    } else if plain.starts_with("linux.") || plain.starts_with("process.") {
        2
    } else {
        1
    };
    plain.split('.').take(depth).collect::<Vec<_>>().join(".")
}

/// The configuration that has one unit beside what all have.
fn with(whole: &Value, unit: &str) -> Value {
    let mut config = whole.clone();
    let steps: Vec<&str> = unit.split('.').collect();
    let mut top = OF_ALL.to_vec();
    top.extend([steps[0], "linux"]);
    // What only tells with another one.
    top.extend((steps[0] == "domainname").then_some("hostname"));
    keep(&mut config, &top);
    for (name, usual) in [("process", &OF_PROCESS[..]), ("linux", &OF_LINUX[..])] {
        let mut keys = usual.to_vec();
        keys.extend(steps.get(1).filter(|_| steps[0] == name));
        keep(member(&mut config, name), &keys);
    }
    if let Some(name) = steps.get(2) {
        keep(member(member(&mut config, "linux"), "resources"), &[name]);
    }
    config
}

/// Properties that do what they do elsewhere, with the place.
const ELSEWHERE: [(&str, &str); 5] = [
    ("process.execCPUAffinity", "for `exec`"),
    ("process.execCPUAffinity.initial", "for `exec`"),
    ("process.execCPUAffinity.final", "for `exec`"),
    ("linux.resources.memory.checkBeforeUpdate", "for `update`"),
    ("linux.personality.flags", "refused by the reader"),
];

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
    match &value.kind {
        Kind::Bool(truth) => !truth,
        Kind::Number(number) => number == "0",
        _ => false,
    }
}

#[test]
fn every_property_reaches_the_plan_or_is_refused_by_name() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../corpus/oci/good-every-field.json"
    );
    let bytes = std::fs::read(path).expect("the corpus");
    let source = Source::new("every-field", &bytes).expect("a text");
    let whole = json::parse(&source).expect("JSON");
    let mut silent = Vec::new();
    for (path, _) in FIELDS {
        if ELSEWHERE.iter().any(|(known, _)| known == path) {
            continue;
        }
        let unit = unit(path);
        let mut config = with(&whole, &unit);
        // The first mount is a bind, whose type is a dummy.
        if *path == "mounts[].type"
            && let Kind::List(mounts) = &mut member(&mut config, "mounts").kind
        {
            mounts.reverse();
        }
        let plan = planned(&text(&config));
        if let Err(refusal) = &plan {
            let name = unit.rsplit('.').next().unwrap_or("");
            if !refusal.contains(name) {
                silent.push(format!("{path}: refused without its name: {refusal}"));
            }
            continue;
        }
        let mut less = config.clone();
        if !remove(&mut less, path) {
            silent.push(format!("{path} is not in the configuration"));
            continue;
        }
        if planned(&text(&less)) == plan && !is_default(&config, path) {
            silent.push(format!("{path} does not reach the plan"));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}
