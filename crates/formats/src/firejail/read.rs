//! Reads a profile.

use super::lines::{Collector, Line};
use crate::loss::Loss;
use crate::reader::{Context, Problem, ReadError, Reading};
use crate::{Format, Likeness};
use casemate_model::names::Arch;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Origin, Stated, Workload};
use casemate_seccomp::formats::{self, NoFiles};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The format.
pub const FORMAT: Format = Format {
    name: "firejail",
    about: "a profile of Firejail with what it includes",
    files: &[".profile", ".inc", ".local"],
    detect,
    read,
    write: None,
};

/// Whose defaults fill what is left out.
pub(super) const OF: &str = "firejail@0.9";

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let named = path.extension().is_some_and(|end| {
        ["profile", "inc", "local"]
            .iter()
            .any(|known| end == *known)
    });
    let mut marks = 0;
    for line in bytes.split(|byte| *byte == b'\n').take(200) {
        let line = line.trim_ascii();
        let word = line
            .split(u8::is_ascii_whitespace)
            .next()
            .unwrap_or_default();
        let known = [
            "caps.drop",
            "caps.keep",
            "nonewprivs",
            "noroot",
            "private-dev",
            "private-tmp",
            "blacklist",
            "whitelist",
            "noblacklist",
            "private-bin",
            "private-etc",
            "netfilter",
            "nogroups",
            "restrict-namespaces",
            "seccomp",
            "private",
            "dbus-user",
            "read-only",
        ];
        marks += usize::from(known.iter().any(|known| word == known.as_bytes()));
    }
    match (named, marks) {
        (true, 1..) => Likeness::Certain,
        (true, 0) => Likeness::Name,
        (false, 3..) => Likeness::Content,
        (false, _) => Likeness::No,
    }
}

/// A profile on its way into a workload.
pub(super) struct Reader {
    pub(super) lines: Vec<Line>,
    pub(super) losses: Vec<Loss>,
    pub(super) problems: Vec<Problem>,
    pub(super) workload: Workload,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) home: String,
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let mut collector = Collector::new(path, context);
    collector.file(path, bytes, 0);
    let Collector {
        lines,
        losses,
        problems,
        ..
    } = collector;
    if !problems.is_empty() {
        return Err(ReadError { problems });
    }
    let origin = Origin::File {
        path: path.to_owned(),
        start: 0,
        end: bytes.len(),
        line: 1,
    };
    let name = path
        .file_stem()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let caller = context.caller;
    let home = caller.home.clone().unwrap_or_else(|| "/root".into());
    let mut reader = Reader {
        lines,
        losses,
        problems: Vec::new(),
        workload: Workload::new(name, "profile", origin),
        uid: caller.uid,
        gid: caller.gid,
        home: home.to_string_lossy().into_owned(),
    };
    reader.confine();
    reader.files();
    reader.filter(context);
    if !reader.problems.is_empty() {
        return Err(ReadError {
            problems: reader.problems,
        });
    }
    Ok(Reading {
        workloads: vec![reader.workload],
        losses: reader.losses,
    })
}

/// Directives that become a filter.
fn filters(name: &str) -> bool {
    name.starts_with("seccomp")
        || matches!(
            name,
            "protocol" | "memory-deny-write-execute" | "restrict-namespaces" | "allow-debuggers"
        )
}

/// Policies that were read, by their lines and the machine's architectures: profiles have few different ones, and
/// a directory of them is read in the time of those.
static POLICIES: Mutex<BTreeMap<(String, Vec<Arch>), formats::Reading>> =
    Mutex::new(BTreeMap::new());
/// The most that are kept.
const MOST_KEPT: usize = 512;

fn cached(
    text: &str,
    context: &formats::Context<'_>,
    format: &formats::Format,
) -> Result<formats::Reading, formats::ReadError> {
    let key = (text.to_owned(), context.archs.to_vec());
    let lock = || POLICIES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(reading) = lock().get(&key) {
        return Ok(reading.clone());
    }
    let reading = (format.read)("profile", text.as_bytes(), context)?;
    let mut kept = lock();
    if kept.len() < MOST_KEPT {
        kept.insert(key, reading.clone());
    }
    Ok(reading)
}

impl Reader {
    /// The last line of a directive.
    pub(super) fn last(&self, name: &str) -> Option<&Line> {
        self.lines.iter().rev().find(|line| line.name == name)
    }

    /// Where a directive stands, when it does.
    pub(super) fn at(&self, name: &str) -> Option<Origin> {
        self.last(name).map(|line| line.origin.clone())
    }

    /// States a value when a directive stands there, or a default.
    pub(super) fn stated<T>(&self, name: &str, set: T, default: T) -> Stated<T> {
        match self.at(name) {
            Some(origin) => Stated::set(set, origin),
            None => Stated::default_of(OF, default),
        }
    }

    fn filter(&mut self, context: &Context<'_>) {
        let lines: Vec<&Line> = self
            .lines
            .iter()
            .filter(|line| filters(line.name))
            .collect();
        let only = lines
            .iter()
            .all(|line| line.name == "allow-debuggers" || line.name == "seccomp-error-action");
        let (Some(last), false) = (lines.last(), only) else {
            let open = Stated::default_of(OF, SyscallPolicy::open());
            self.workload.confinement.syscalls.filter = open;
            return;
        };
        let texts: Vec<String> = lines
            .iter()
            .map(|line| format!("{} {}", line.name, line.value))
            .collect();
        let text = texts.join("\n");
        let seccomp = formats::Context {
            archs: context.archs,
            kernel: context.kernel,
            capabilities: casemate_model::names::capabilities::CapabilitySet::EMPTY,
            unknown: None,
            loader: &NoFiles,
        };
        let place = |line: usize| {
            lines
                .get(line.saturating_sub(1))
                .unwrap_or(last)
                .origin
                .clone()
        };
        let Some(format) = formats::find("firejail") else {
            return;
        };
        match cached(&text, &seccomp, format) {
            Ok(reading) => {
                for note in &reading.notes {
                    let at = place(note.at.line);
                    self.losses
                        .push(Loss::not_understood(note.remark.to_string(), at));
                }
                self.workload.confinement.syscalls.filter =
                    Stated::set(reading.policy, last.origin.clone());
            }
            Err(error) => {
                let at = place(error.at.line);
                self.problems
                    .push(Problem::new(error.problem.to_string(), at));
            }
        }
    }
}
