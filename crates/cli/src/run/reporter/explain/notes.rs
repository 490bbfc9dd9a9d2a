//! What was refused, counted.

use super::call::Deed;
use super::grant::Grant;
use super::process::Process;
use casemate_model::facets::network::Port;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What was refused, and for which reason.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Refused {
    /// The filter refused a call.
    Call {
        /// The call with the argument that decided.
        text: String,
        /// The error's name.
        errno: String,
        /// What would permit it.
        grant: Option<Grant>,
    },
    /// A file of the host is not in the compartment.
    Missing(PathBuf, Kind),
    /// It is there, and read-only.
    ReadOnly(PathBuf),
    /// It is there, and not to be executed.
    NotExecutable(PathBuf),
    /// A port cannot be used.
    Port(Use, Port),
    /// A port of this machine's loopback interface cannot be used.
    LoopbackPort(Use, Port),
    /// A socket without a path belongs to somebody outside.
    AbstractSocket(String),
    /// A capability is missing.
    Capability(&'static str, String),
    /// Nothing permits it.
    Never(String),
}

/// For what a file was wanted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// To be read.
    Read,
    /// To be executed.
    Run,
}

/// What is done with a port.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Use {
    /// Others connect to it.
    Listen,
    /// It is connected to.
    Connect,
}

/// How likely it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// A limit that ends or stops a program.
    Limit,
    /// A refusal of what the program wanted to do.
    Sure,
    /// A refusal that programs often expect: a look at a file, a call that not all kernels have.
    Perhaps,
}

/// How often, by whom, and when.
#[derive(Clone, Debug)]
pub struct Record {
    /// How often.
    pub count: u64,
    /// Names of programs.
    pub programs: BTreeSet<String>,
    /// When it came last, counted in calls.
    pub last: u64,
    /// How likely it matters.
    pub weight: Weight,
    /// What was tried.
    pub deed: &'static str,
    /// The same file was found elsewhere afterwards.
    pub found_elsewhere: bool,
}

/// So many different things are recorded. The program decides how many there are, and the reporter is outside of its limit
/// of memory.
const MOST: usize = 4096;
/// So many names of programs are recorded for each: a process can take any.
const MOST_PROGRAMS: usize = 8;

/// All that was refused.
#[derive(Debug, Default)]
pub struct Notes {
    records: BTreeMap<Refused, Record>,
    clock: u64,
    left_out: u64,
    undo: Vec<(Refused, Option<Record>)>,
    sought: BTreeMap<OsString, BTreeSet<Refused>>,
}

impl Notes {
    /// Adds one.
    pub fn add(&mut self, refused: Refused, process: Process, deed: &'static str, weight: Weight) {
        if self.records.len() >= MOST && !self.records.contains_key(&refused) {
            self.left_out += 1;
            return;
        }
        self.clock += 1;
        self.undo
            .push((refused.clone(), self.records.get(&refused).cloned()));
        let record = self.records.entry(refused).or_insert_with(|| Record {
            count: 0,
            programs: BTreeSet::new(),
            last: 0,
            weight,
            deed,
            found_elsewhere: false,
        });
        record.count += 1;
        if record.programs.len() < MOST_PROGRAMS {
            record.programs.insert(process.name());
        }
        record.last = self.clock;
        if weight < record.weight {
            (record.weight, record.deed) = (weight, deed);
        }
    }

    /// Notes that a file is missing, of which there may be another elsewhere.
    pub fn missing(&mut self, path: &Path, kind: Kind, process: Process, deed: Deed) {
        let refused = Refused::Missing(path.to_owned(), kind);
        if self.records.len() >= MOST && !self.records.contains_key(&refused) {
            self.left_out += 1;
            return;
        }
        let weight = if deed == Deed::Look {
            Weight::Perhaps
        } else {
            Weight::Sure
        };
        if let Some(name) = path.file_name() {
            let sought = self.sought.entry(name.to_owned()).or_default();
            sought.insert(refused.clone());
        }
        self.add(refused, process, deed.verb(), weight);
    }

    /// Notes that a file is there: whoever looked for one of its name along a search path has found it.
    pub fn found(&mut self, path: &Path) {
        let Some(sought) = path.file_name().and_then(|name| self.sought.remove(name)) else {
            return;
        };
        for refused in sought {
            if let Some(record) = self.records.get_mut(&refused) {
                record.found_elsewhere = true;
            }
        }
    }

    /// Begins what may have to be forgotten.
    pub fn begin(&mut self) {
        self.undo.clear();
    }

    /// Forgets what was added since.
    pub fn forget(&mut self) {
        for (refused, before) in self.undo.drain(..).rev() {
            match before {
                Some(record) => self.records.insert(refused, record),
                None => self.records.remove(&refused),
            };
        }
    }

    /// How often something was refused that is not recorded.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Hands all of it over.
    pub fn into_records(self) -> BTreeMap<Refused, Record> {
        self.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_cannot_fill_the_memory_outside() {
        let own = Process(std::process::id());
        let mut notes = Notes::default();
        for number in 0..MOST + 3 {
            notes.begin();
            let path = PathBuf::from(format!("/x/{number}"));
            notes.missing(&path, Kind::Read, own, Deed::Open);
        }
        assert_eq!(notes.left_out(), 3);
        assert_eq!(notes.sought.len(), MOST);
        assert_eq!(notes.into_records().len(), MOST);
    }

    #[test]
    fn counts_forgets_and_finds() {
        let own = Process(std::process::id());
        let mut notes = Notes::default();
        notes.add(
            Refused::ReadOnly("/etc".into()),
            own,
            "write to",
            Weight::Perhaps,
        );
        notes.begin();
        notes.add(
            Refused::ReadOnly("/etc".into()),
            own,
            "write to",
            Weight::Sure,
        );
        notes.missing(Path::new("/opt/bin/tool"), Kind::Run, own, Deed::Execute);
        notes.forget();
        notes.missing(Path::new("/srv/bin/tool"), Kind::Run, own, Deed::Execute);
        notes.found(Path::new("/usr/bin/tool"));
        let records = notes.into_records();
        let etc = &records[&Refused::ReadOnly("/etc".into())];
        assert_eq!((etc.count, etc.weight), (1, Weight::Perhaps));
        let tool = &records[&Refused::Missing("/srv/bin/tool".into(), Kind::Run)];
        assert!(tool.found_elsewhere);
        assert_eq!(records.len(), 2);
    }
}
