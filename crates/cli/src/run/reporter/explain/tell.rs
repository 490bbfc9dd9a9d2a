//! The report for people: what was refused, what would permit it, what matters most first.
//!
//! Order: limits that were reached; then what the program wanted to do and could not, what came last first, since a
//! program that fails ends soon after what it failed at; then what it only asked about, which programs often do without
//! needing it.

use super::super::Subject;
use super::super::heard::{Heard, How};
use super::fold::{self, Folded};
use super::grant::Grant;
use super::limits;
use super::notes::{Kind, Notes, Record, Refused, Use, Weight};
use crate::json::Json;
use crate::run::Talk;
use casemate_formats::profile::error::printable;
use casemate_model::facets::ids::IdMap;
use casemate_model::facets::network::{Port, Reach, Transport};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug)]
pub struct Findings {
    found: Vec<Finding>,
    /// Files that were looked for in several places and found in another.
    searches: u64,
    /// What was refused beyond what is recorded.
    left_out: u64,
    ended: Option<(How, u8)>,
}

/// One thing that was refused.
#[derive(Clone, Debug)]
pub struct Finding {
    what: String,
    why: String,
    grant: Option<Grant>,
    count: u64,
    programs: BTreeSet<String>,
    weight: Weight,
    last: u64,
}

/// Puts together what was recorded.
pub fn findings(subject: &Subject<'_>, heard: &Heard, notes: Notes) -> Findings {
    let mut found = Vec::new();
    let mut searches = 0;
    let left_out = notes.left_out();
    for limit in limits::reached(subject, heard) {
        found.push(Finding {
            what: limit.what,
            why: String::new(),
            grant: limit.grant,
            count: limit.count,
            programs: BTreeSet::new(),
            weight: Weight::Limit,
            last: u64::MAX,
        });
    }
    let (mut missing, mut programs, mut changed, mut run) = (vec![], vec![], vec![], vec![]);
    for (refused, record) in notes.into_records() {
        if record.found_elsewhere {
            searches += record.count;
            continue;
        }
        match refused {
            Refused::Missing(path, Kind::Read) => missing.push((path, record)),
            Refused::Missing(path, Kind::Run) => programs.push((path, record)),
            Refused::ReadOnly(path) => changed.push((path, record)),
            Refused::NotExecutable(path) => run.push((path, record)),
            other => found.push(single(subject, other, record)),
        }
    }
    let confinement = &subject.request.document.confinement;
    found.extend(fold::missing(missing).into_iter().map(|folded| {
        let grant = missing_grant(&folded.suggestion);
        finding(
            folded,
            "it is on the host and not in the compartment",
            grant,
        )
    }));
    found.extend(
        fold::below(programs, fold::parent)
            .into_iter()
            .map(|folded| {
                let grant = Grant::path("run", &folded.suggestion);
                finding(
                    folded,
                    "it is on the host and not in the compartment",
                    grant,
                )
            }),
    );
    found.extend(
        fold::below(changed, fold::written)
            .into_iter()
            .map(|folded| {
                let grant = fold::write_grant(confinement, &folded.suggestion);
                finding(
                    folded,
                    "it is read-only in the compartment, or not there",
                    grant,
                )
            }),
    );
    let place = |path: &Path| fold::run_place(confinement, path);
    found.extend(fold::below(run, place).into_iter().map(|folded| {
        let grant = fold::run_grant(confinement, &folded.suggestion);
        finding(folded, "nothing can be executed there", grant)
    }));
    found.sort_by(|a, b| {
        (a.weight, std::cmp::Reverse(a.last), &a.what).cmp(&(
            b.weight,
            std::cmp::Reverse(b.last),
            &b.what,
        ))
    });
    Findings {
        found,
        searches,
        left_out,
        ended: heard.end.map(|end| (end.how, end.code)),
    }
}

fn finding(folded: Folded, why: &str, grant: Grant) -> Finding {
    let what = match folded.paths.as_slice() {
        [only] => format!("{} {}", folded.record.deed, only.display()),
        [first, ..] => format!(
            "{} {} and {} more below {}",
            folded.record.deed,
            first.display(),
            folded.paths.len() - 1,
            folded.suggestion.display()
        ),
        [] => folded.record.deed.to_owned(),
    };
    with_record(what, why, Some(grant), folded.record)
}

fn with_record(what: String, why: &str, grant: Option<Grant>, record: Record) -> Finding {
    Finding {
        what,
        why: why.to_owned(),
        grant,
        count: record.count,
        programs: record.programs,
        weight: record.weight,
        last: record.last,
    }
}

/// What is of /sys, /dev and /proc has keys of its own.
fn missing_grant(path: &Path) -> Grant {
    if path.starts_with("/sys") {
        return Grant::one("sys", "read-only");
    }
    if path.starts_with("/proc") {
        return Grant::one("proc", "own");
    }
    match path.strip_prefix("/dev") {
        Ok(name) if !name.as_os_str().is_empty() => Grant::path("devices", name),
        _ => Grant::path("read", path),
    }
}

fn single(subject: &Subject<'_>, refused: Refused, record: Record) -> Finding {
    let reach = subject
        .request
        .document
        .confinement
        .network
        .reach
        .value()
        .copied();
    match refused {
        Refused::Call { text, errno, grant } => {
            let why = format!("the syscall filter answers {errno}");
            with_record(text, &why, grant, record)
        }
        Refused::LoopbackPort(Use::Listen, port) if reach == Some(Reach::None) => {
            let what = format!("listen on loopback port {port}");
            let grant = Grant::one("network", "loopback");
            with_record(what, "there is no network", Some(grant), record)
        }
        Refused::Port(used, port) | Refused::LoopbackPort(used, port) => {
            port_finding(used, port, reach, record)
        }
        Refused::AbstractSocket(name) => {
            let grant = Grant::one("network", "host").and(Grant::off("landlock"));
            let what = format!("connect to the abstract socket @{name}");
            with_record(what, "it belongs to a process outside", Some(grant), record)
        }
        Refused::Capability(name, what) => {
            let mut grant = Grant::list("keep", name);
            let map = subject.request.document.confinement.ids.uid_map.value();
            let single = matches!(map, Some(IdMap::Mapped(ranges)) if ranges.iter().all(|range| range.count == 1));
            if name == "chown" && single {
                grant = grant.and(Grant::one("ids", "range"));
            }
            with_record(
                what,
                "it takes a capability that the program does not have",
                Some(grant),
                record,
            )
        }
        Refused::Never(what) => with_record(what, "", None, record),
        // These are folded, or come from the control groups.
        Refused::Missing(path, _) | Refused::ReadOnly(path) | Refused::NotExecutable(path) => {
            with_record(path.display().to_string(), "", None, record)
        }
    }
}

fn port_finding(used: Use, port: Port, reach: Option<Reach>, record: Record) -> Finding {
    let number = match port.transport {
        Transport::Tcp => port.number.to_string(),
        Transport::Udp => port.to_string(),
    };
    let (deed, key) = match used {
        Use::Listen => ("listen on", "listen"),
        Use::Connect => ("connect to", "connect"),
    };
    let listed = Grant::list(key, number);
    let (grant, why) = if reach == Some(Reach::Host) {
        (listed, "the port is not granted")
    } else {
        (
            Grant::one("network", "host").and(listed),
            "there is no network that has it",
        )
    };
    with_record(format!("{deed} port {port}"), why, Some(grant), record)
}

/// How many are shown on one screen.
const SCREEN: usize = 9;

impl Findings {
    /// Writes the report.
    pub fn text(&self, talk: Talk) -> String {
        let mut text = if self.found.is_empty() {
            "casemate: nothing was refused\n".to_owned()
        } else {
            self.listed(talk)
        };
        if self.left_out > 0 {
            let times = many(self.left_out, "time");
            text.extend(["  not recorded: other things, refused ", &times, "\n"]);
        }
        if talk == Talk::Verbose && self.searches > 0 {
            let searches = many(self.searches, "search");
            text.extend([
                "  not shown: ",
                &searches,
                " for files that were then found elsewhere\n",
            ]);
        }
        text
    }

    fn listed(&self, talk: Talk) -> String {
        let end = match self.ended {
            Some((How::Exited | How::Killed | How::TimeOver, 0)) => {
                "; the program ended well".to_owned()
            }
            Some((How::Exited | How::Killed | How::TimeOver, code)) => {
                format!("; the program ended with {code}")
            }
            _ => String::new(),
        };
        let calls: u64 = self.found.iter().map(|finding| finding.count).sum();
        let mut text = format!(
            "casemate: refused: {}, {}{end}\n",
            many(self.found.len() as u64, "thing"),
            many(calls, "time")
        );
        let shown = match talk {
            Talk::Verbose => self.found.len(),
            Talk::Normal | Talk::Quiet => self.found.len().min(SCREEN),
        };
        for finding in self.found.iter().take(shown) {
            text.push_str(&finding.text());
        }
        if shown < self.found.len() {
            let more = (self.found.len() - shown).to_string();
            text.extend(["  and ", &more, " more: --verbose shows all\n"]);
        }
        text
    }

    /// The same for the report's file.
    pub fn json(&self) -> Json {
        let found = self.found.iter().map(|finding| {
            let grant = finding.grant.as_ref();
            let lines = grant.map_or(Json::Null, |grant| {
                Json::List(grant.lines().iter().map(Json::text).collect())
            });
            Json::object([
                ("what", Json::text(&finding.what)),
                ("why", Json::text(&finding.why)),
                ("count", Json::Number(finding.count)),
                (
                    "programs",
                    Json::List(finding.programs.iter().map(Json::text).collect()),
                ),
                (
                    "flag",
                    grant.map_or(Json::Null, |grant| Json::text(grant.flags())),
                ),
                ("profile", lines),
            ])
        });
        Json::List(found.collect())
    }
}

fn many(count: u64, what: &str) -> String {
    match (count, what) {
        (1, _) => format!("1 {what}"),
        (_, "search") => format!("{count} searches"),
        _ => format!("{count} {what}s"),
    }
}

impl Finding {
    fn text(&self) -> String {
        let programs: Vec<&str> = self.programs.iter().map(String::as_str).collect();
        let mut who = programs.join(", ");
        if self.count > 1 {
            if !who.is_empty() {
                who.push_str(", ");
            }
            who.push_str(&many(self.count, "time"));
        }
        let who = if who.is_empty() {
            who
        } else {
            format!(" ({who})")
        };
        let grant = self.grant.as_ref().map_or_else(
            || "no flag permits this".to_owned(),
            |grant| {
                format!(
                    "{:34}  # profile: {}",
                    grant.flags(),
                    grant.lines().join("; ")
                )
            },
        );
        let why = match self.why.as_str() {
            "" => String::new(),
            why => format!(": {why}"),
        };
        let what = printable(&format!("{}{why}{who}", self.what));
        format!("  {what}\n      {}\n", printable(&grant))
    }
}

/// Paths that a person would write.
pub type Noted = (PathBuf, Record);
