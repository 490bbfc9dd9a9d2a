//! Intel's resource director, `linux.intelRdt`: the share of caches and of memory bandwidth.

use super::path::text;
use super::{Builder, Surroundings};
use crate::failure::Failure;
use casemate_enforce::step::Step;
use casemate_formats::oci::schema::IntelRdt;
use std::path::PathBuf;

/// The host's resource director.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rdt {
    /// Where the file system `resctrl` is mounted.
    pub mount: PathBuf,
    /// The lines of `schemata` of the class that the configuration names, when it exists.
    pub class: Option<String>,
}

/// Adds the step, which runs in the launcher once init is there. Returns the directories that the container leaves.
pub(super) fn add(builder: &mut Builder<'_>, id: &str) -> Result<Vec<PathBuf>, Failure> {
    let Some(asked) = builder
        .spec
        .linux
        .as_ref()
        .and_then(|linux| linux.intel_rdt.as_ref())
    else {
        return Ok(Vec::new());
    };
    let Surroundings {
        rdt: Some(host), ..
    } = builder.around
    else {
        return Err(Failure::with_hint(
            "linux.intelRdt: the host has no resource director",
            "it needs a processor that has one and the file system resctrl mounted, usually at /sys/fs/resctrl",
        ));
    };
    let name = if asked.clos_id.is_empty() {
        id
    } else {
        &asked.clos_id
    };
    // The root class, `/`, is the one that all processes are in at first.
    if name != "/" && (name.contains(['/', '\0']) || matches!(name, "" | "." | "..")) {
        return Err(Failure::new(format!(
            "linux.intelRdt.closID: {name:?} is not a name"
        )));
    }
    let lines = lines(asked);
    let (directory, make) = match (&host.class, name) {
        (_, "/") => (host.mount.clone(), false),
        (Some(_), _) => (host.mount.join(name), false),
        (None, _) if lines.is_empty() && !asked.clos_id.is_empty() => {
            return Err(Failure::new(format!(
                "linux.intelRdt.closID: the class {name} does not exist"
            )));
        }
        (None, _) => (host.mount.join(name), true),
    };
    if let (Some(present), false) = (&host.class, make)
        && let Some(line) = lines.iter().find(|line| !says(present, line))
    {
        return Err(Failure::new(format!(
            "linux.intelRdt: the class {name} exists and its schemata is not {line}"
        )));
    }
    let path = |path: &PathBuf| {
        let path = path
            .to_str()
            .ok_or_else(|| Failure::new("linux.intelRdt: a path is not UTF-8"))?;
        text(path)
    };
    let mut left = Vec::new();
    let monitor = if asked.enable_monitoring {
        let monitor = directory.join("mon_groups").join(id);
        left.push(monitor.clone());
        path(&monitor)?
    } else {
        text("")?
    };
    if make {
        left.push(directory.clone());
    }
    let schemata = if make {
        lines.join("\n") + "\n"
    } else {
        String::new()
    };
    builder.started(
        "resources",
        Step::EnterRdt {
            directory: path(&directory)?,
            make: u8::from(make),
            schemata: text(if lines.is_empty() { "" } else { &schemata })?,
            monitor,
        },
    );
    Ok(left)
}

/// The lines of all three properties. `schemata` is written last and so has the last word.
fn lines(asked: &IntelRdt) -> Vec<String> {
    [&asked.l3_cache_schema, &asked.mem_bw_schema]
        .into_iter()
        .chain(&asked.schemata)
        .flat_map(|text| text.lines())
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether a file of schemata says what a line asks for, in whatever order and with whatever zeros before.
fn says(present: &str, line: &str) -> bool {
    let parse = |line: &str| -> Option<(String, Vec<(String, String)>)> {
        let (resource, parts) = line.trim().split_once(':')?;
        let tidy = |text: &str| text.trim().trim_start_matches('0').to_ascii_lowercase();
        let mut parts: Vec<_> = parts
            .split(';')
            .map(|part| {
                part.split_once('=')
                    .map(|(id, value)| (tidy(id), tidy(value)))
            })
            .collect::<Option<_>>()?;
        parts.sort();
        Some((resource.trim().to_owned(), parts))
    };
    let Some((resource, wanted)) = parse(line) else {
        return false;
    };
    present
        .lines()
        .filter_map(parse)
        .any(|(name, parts)| name == resource && wanted.iter().all(|part| parts.contains(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemata_are_compared_by_what_they_say() {
        let present = "    L3:0=00fff;1=fffff\n    MB:0=100;1= 70\n";
        for line in ["L3:0=fff", "L3:1=FFFFF;0=0fff", "MB:1=70"] {
            assert!(says(present, line), "{line}");
        }
        for line in ["L3:0=ff", "L2:0=fff", "MB:2=100", "nonsense"] {
            assert!(!says(present, line), "{line}");
        }
    }
}
