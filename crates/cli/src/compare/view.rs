//! The table.

use super::Seen;
use crate::descriptions::summary;
use crate::json::Json;
use crate::show;
use casemate_formats::profile::Paint;
use casemate_model::facets::ids::IdMap;
use casemate_model::facets::kernel::Environment;
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use casemate_model::{Confinement, Permission, Stated};

/// A row of the table: what is asked of each runtime.
struct Row {
    name: &'static str,
    answer: fn(&Confinement) -> String,
}

fn text_of<T: Permission>(stated: &Stated<T>) -> String {
    stated
        .value()
        .map_or_else(|| "?".to_owned(), Permission::text)
}

fn limit(stated: &Stated<Limit>) -> String {
    match stated.value() {
        Some(Limit::Unlimited) => "-".to_owned(),
        Some(Limit::AtMost(bytes)) if *bytes >= 1 << 20 => format!("{}M", bytes >> 20),
        Some(limit) => limit.to_string(),
        None => "?".to_owned(),
    }
}

const ROWS: &[Row] = &[
    Row {
        name: "user inside",
        answer: |c| text_of(&c.ids.uid),
    },
    Row {
        name: "user on the host",
        answer: |c| match (c.ids.uid.value(), c.ids.uid_map.value()) {
            (Some(uid), Some(IdMap::Host)) => uid.0.to_string(),
            (Some(uid), Some(IdMap::Mapped(ranges))) => ranges
                .iter()
                .find_map(|range| {
                    let at = uid.0.checked_sub(range.inside)?;
                    (at < range.count).then(|| (range.outside + at).to_string())
                })
                .unwrap_or_else(|| "none".to_owned()),
            _ => "?".to_owned(),
        },
    },
    Row {
        name: "shared with the host",
        answer: |c| {
            let spaces = &c.namespaces;
            let shared: Vec<&str> = [
                ("user", &spaces.user),
                ("mount", &spaces.mount),
                ("pid", &spaces.pid),
                ("net", &spaces.net),
                ("ipc", &spaces.ipc),
                ("uts", &spaces.uts),
                ("cgroup", &spaces.cgroup),
                ("time", &spaces.time),
            ]
            .into_iter()
            .filter(|(_, placement)| placement.value() == Some(&Placement::Host))
            .map(|(name, _)| name)
            .collect();
            if shared.is_empty() {
                "nothing".to_owned()
            } else {
                shared.join(" ")
            }
        },
    },
    Row {
        name: "capabilities in force",
        answer: |c| count(c.capabilities.effective.value()),
    },
    Row {
        name: "capabilities to be had",
        answer: |c| count(c.capabilities.bounding.value()),
    },
    Row {
        name: "no_new_privs",
        answer: |c| text_of(&c.capabilities.no_new_privs),
    },
    Row {
        name: "system calls",
        answer: |c| {
            c.syscalls
                .filter
                .value()
                .map_or_else(|| "?".to_owned(), summary)
        },
    },
    Row {
        name: "root",
        answer: |c| text_of(&c.files.root),
    },
    Row {
        name: "files of the host",
        answer: |c| {
            let grants = c.files.grants.value().map_or(0, |grants| grants.0.len());
            let binds = c.files.binds.value().map_or(0, |binds| binds.0.len());
            match grants + binds {
                0 => "none".to_owned(),
                places if places > 3 => format!("{places} places"),
                _ => {
                    let binds = text_of(&c.files.binds);
                    let grants = text_of(&c.files.grants);
                    let parts = [grants, binds];
                    let parts: Vec<String> =
                        parts.into_iter().filter(|part| part != "none").collect();
                    parts.join(" ")
                }
            }
        },
    },
    Row {
        name: "/proc, /sys",
        answer: |c| format!("{}, {}", text_of(&c.files.proc), text_of(&c.files.sys)),
    },
    Row {
        name: "covered paths",
        answer: |c| match c.files.masked.value() {
            Some(Restrictions::These(paths)) => paths.len().to_string(),
            Some(Restrictions::Everything) => "all".to_owned(),
            None => "?".to_owned(),
        },
    },
    Row {
        name: "set-user-id programs",
        answer: |c| works(c.files.nosuid.value()),
    },
    Row {
        name: "device nodes",
        answer: |c| match c.devices.nodes.value() {
            Some(Selection::All) => "all".to_owned(),
            Some(Selection::Only(nodes)) => nodes.len().to_string(),
            None => "?".to_owned(),
        },
    },
    Row {
        name: "network",
        answer: |c| text_of(&c.network.reach),
    },
    Row {
        name: "memory",
        answer: |c| limit(&c.resources.memory),
    },
    Row {
        name: "processes",
        answer: |c| match (c.resources.processes.value(), c.resources.rlimits.value()) {
            (Some(Limit::Unlimited), Some(rlimits)) => rlimits.0.get("nproc").map_or_else(
                || "-".to_owned(),
                |RlimitPair { soft, .. }| format!("{soft} of the user's"),
            ),
            _ => limit(&c.resources.processes),
        },
    },
    Row {
        name: "security module",
        answer: |c| {
            let named = [&c.mac.apparmor, &c.mac.selinux, &c.mac.smack]
                .into_iter()
                .find_map(|stated| match stated.value() {
                    Some(SecurityLabel::Named(name)) => Some(name.clone()),
                    _ => None,
                });
            named.unwrap_or_else(|| "-".to_owned())
        },
    },
    Row {
        name: "environment",
        answer: |c| match c.kernel.environment.value() {
            Some(Environment::Only(set)) => format!("{} variables", set.len()),
            Some(Environment::Inherited) => "inherited".to_owned(),
            None => "?".to_owned(),
        },
    },
];

fn count(set: Option<&casemate_model::names::CapabilitySet>) -> String {
    set.map_or_else(
        || "?".to_owned(),
        |set| match set.iter().count() {
            0 => "none".to_owned(),
            count => count.to_string(),
        },
    )
}

fn works(nosuid: Option<&Guard>) -> String {
    match nosuid {
        Some(Guard::On) => "do nothing".to_owned(),
        Some(Guard::Off) => "work".to_owned(),
        None => "?".to_owned(),
    }
}

/// The table for people: a runtime a block, since the answers are longer than columns are.
pub fn text(seen: &[Seen], paint: Paint) -> String {
    let (bold, dim, end) = match paint {
        Paint::Plain => ("", "", ""),
        Paint::Ansi => ("\x1b[1m", "\x1b[2m", "\x1b[0m"),
    };
    let mut text = String::new();
    let columns: Vec<(&Seen, &Confinement)> = seen
        .iter()
        .filter_map(|one| Some((one, &one.result.as_ref().ok()?.workload.confinement)))
        .collect();
    for row in ROWS {
        text.extend([bold, row.name, end, "\n"]);
        // Runtimes that answer alike stand in one line.
        let mut answers: Vec<(String, Vec<&str>)> = Vec::new();
        for (one, confinement) in &columns {
            let answer = (row.answer)(confinement);
            match answers.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, names)) => names.push(one.runtime.name),
                None => answers.push((answer, vec![one.runtime.name])),
            }
        }
        for (answer, names) in answers {
            text.extend([
                "  ",
                &format!("{answer:28}"),
                " ",
                dim,
                &names.join(", "),
                end,
                "\n",
            ]);
        }
    }
    text.push('\n');
    for one in seen {
        match &one.result {
            Ok(_) => text.extend([one.runtime.name, ": ", &one.called, "\n"]),
            Err(why) => text.extend([one.runtime.name, ": not started: ", why, "\n"]),
        }
    }
    text
}

/// All fields for programs.
pub fn json(seen: &[Seen]) -> Json {
    let one = |seen: &Seen| {
        let (confinement, error) = match &seen.result {
            Ok(live) => (
                show::facets_json(&live.workload.confinement.entries()),
                Json::Null,
            ),
            Err(why) => (Json::Null, Json::text(why)),
        };
        Json::object([
            ("runtime", Json::text(seen.runtime.name)),
            ("called", Json::text(&seen.called)),
            ("confinement", confinement),
            ("error", error),
        ])
    };
    Json::List(seen.iter().map(one).collect())
}
