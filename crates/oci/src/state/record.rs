//! `state.json`.

use crate::cgroup::Record;
use crate::failure::{Attempt, Failure};
use crate::json::Writer;
use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::{self, Kind, Value};
use std::collections::BTreeMap;

/// The file of the state.
pub const STATE: &str = "state.json";
/// The copy of the configuration.
pub const CONFIG: &str = "config.json";
/// The file with the names of the host's policies that it was tightened with; only when there are any.
pub const POLICIES: &str = "policies";
/// The socket that a created container listens at; gone once it is started.
pub const START: &str = "start";

/// What is kept of a container.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// The version of the specification that the configuration was written for.
    pub oci_version: String,
    /// The container's id.
    pub id: String,
    /// The bundle.
    pub bundle: String,
    /// The root, on the host.
    pub rootfs: String,
    /// When it was created.
    pub created: String,
    /// Who created it.
    pub owner: u32,
    /// The configuration's annotations.
    pub annotations: BTreeMap<String, String>,
    /// The control groups.
    pub cgroup: Record,
    /// The groups of Intel's resource director that were made.
    pub rdt: Vec<String>,
    /// Whether there are poststart hooks.
    pub poststart: bool,
    /// Whether there are poststop hooks.
    pub poststop: bool,
    /// The process, outside; 0 while it is being created.
    pub pid: i32,
    /// When the process started, in ticks since the machine did.
    pub start_time: u64,
}

/// A state without the two numbers that are known last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Texts {
    /// What stands before the process id.
    pub before: String,
    /// Between that and the time at which the process started.
    pub between: String,
    /// After it.
    pub after: String,
}

impl State {
    /// Writes everything but the process's numbers, which the launcher fills in.
    pub fn texts(&self) -> Texts {
        let mut writer = Writer::new();
        writer.open('{');
        for (name, value) in [
            ("ociVersion", &self.oci_version),
            ("id", &self.id),
            ("bundle", &self.bundle),
            ("rootfs", &self.rootfs),
            ("created", &self.created),
        ] {
            writer.key(name).text(value);
        }
        writer.key("owner").plain(self.owner);
        write_annotations(&mut writer, &self.annotations);
        writer.key("cgroup");
        self.cgroup.write(&mut writer);
        writer.key("rdt").open('[');
        for path in &self.rdt {
            writer.text(path);
        }
        writer.close(']');
        writer.key("poststart").plain(self.poststart);
        writer.key("poststop").plain(self.poststop);
        writer.key("pid");
        Texts {
            before: writer.finish(),
            between: ",\"startTime\":".to_owned(),
            after: "}\n".to_owned(),
        }
    }

    /// Writes the state.
    pub fn write(&self) -> String {
        let texts = self.texts();
        format!(
            "{}{}{}{}{}",
            texts.before, self.pid, texts.between, self.start_time, texts.after
        )
    }

    /// Reads a state.
    ///
    /// # Errors
    /// It is not one that this version has written.
    pub fn read(id: &str, bytes: &[u8]) -> Result<Self, Failure> {
        let what = || format!("read the state of container {id}");
        let source = Source::new(STATE, bytes).attempt(what)?;
        let root = json::parse(&source).attempt(what)?;
        let text = |name: &str| -> Result<String, Failure> {
            root.get(name)
                .and_then(|value| value.text(&source).ok())
                .map(str::to_owned)
                .ok_or_else(|| broken(id, name))
        };
        let number = |name: &str| -> Result<u64, Failure> {
            root.get(name)
                .and_then(|value| value.number(&source).ok())
                .ok_or_else(|| broken(id, name))
        };
        let truth = |name: &str| matches!(root.get(name), Some(value) if is_true(value));
        let cgroup = root.get("cgroup").ok_or_else(|| broken(id, "cgroup"))?;
        Ok(Self {
            oci_version: text("ociVersion")?,
            id: text("id")?,
            bundle: text("bundle")?,
            rootfs: text("rootfs")?,
            created: text("created")?,
            owner: u32::try_from(number("owner")?).map_err(|_| broken(id, "owner"))?,
            annotations: annotations(&source, &root).ok_or_else(|| broken(id, "annotations"))?,
            cgroup: Record::read(&source, cgroup).ok_or_else(|| broken(id, "cgroup"))?,
            rdt: texts_of(&source, root.get("rdt")).ok_or_else(|| broken(id, "rdt"))?,
            poststart: truth("poststart"),
            poststop: truth("poststop"),
            pid: i32::try_from(number("pid")?).map_err(|_| broken(id, "pid"))?,
            start_time: number("startTime")?,
        })
    }
}

fn broken(id: &str, name: &str) -> Failure {
    Failure::with_hint(
        format!("the state of container {id} has no valid `{name}`"),
        "`delete --force` removes what is left of it",
    )
}

fn is_true(value: &Value) -> bool {
    matches!(value.kind, Kind::Bool(true))
}

/// A list of texts.
pub fn texts_of(source: &Source<'_>, value: Option<&Value>) -> Option<Vec<String>> {
    value?
        .list(source)
        .ok()?
        .iter()
        .map(|text| text.text(source).ok().map(str::to_owned))
        .collect()
}

fn annotations(source: &Source<'_>, root: &Value) -> Option<BTreeMap<String, String>> {
    root.get("annotations")
        .map_or(Some(BTreeMap::new()), |all| {
            all.members(source)
                .ok()?
                .iter()
                .map(|member| {
                    let text = member.value.text(source).ok()?;
                    Some((member.key.clone(), text.to_owned()))
                })
                .collect()
        })
}

/// Writes annotations, when there are any.
pub fn write_annotations(writer: &mut Writer, annotations: &BTreeMap<String, String>) {
    if annotations.is_empty() {
        return;
    }
    writer.key("annotations").open('{');
    for (name, value) in annotations {
        writer.key(name).text(value);
    }
    writer.close('}');
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn what_is_written_is_read() {
        let state = State {
            oci_version: "1.3.0".to_owned(),
            id: "a+b".to_owned(),
            bundle: "/b\"\n".to_owned(),
            rootfs: "/r".to_owned(),
            created: "2026-01-01T00:00:00Z".to_owned(),
            annotations: [("x".to_owned(), "\u{1}y".to_owned())].into(),
            poststop: true,
            pid: 42,
            start_time: 1 << 40,
            ..State::default()
        };
        assert_eq!(
            State::read("a+b", state.write().as_bytes()),
            Ok(state.clone())
        );
        let cut = state.write();
        assert!(State::read("a+b", &cut.as_bytes()[..cut.len() / 2]).is_err());
    }
}
