//! Many paths below one directory become one grant.

use super::grant::Grant;
use super::notes::Record;
use super::tell::Noted;
use casemate_model::Confinement;
use casemate_model::facets::files::Access;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Paths with what they have in common.
#[derive(Debug)]
pub struct Folded {
    /// The path to grant.
    pub suggestion: PathBuf,
    /// The paths that were wanted.
    pub paths: Vec<PathBuf>,
    /// All their records together.
    pub record: Record,
}

/// So many neighbours are one directory.
const NEIGHBOURS: usize = 3;

/// Tells whether a directory holds so much that it is never suggested for what is below it.
fn is_broad(path: &Path) -> bool {
    let depth = path.components().count();
    // The root, its directories, and homes.
    let home = std::env::var_os("HOME").is_some_and(|home| Path::new(&home) == path);
    depth <= 2
        || home
        || (path.starts_with("/home") && depth == 3)
        || path == Path::new("/var/lib")
        || path == Path::new("/usr/lib")
}

/// Returns the directory of a path.
pub fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !is_broad(parent) => parent.to_owned(),
        _ => path.to_owned(),
    }
}

/// Returns what has to be writable for a path to be: its directory, since programs write a new file and rename it.
pub fn written(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent == Path::new("/") => path.to_owned(),
        Some(parent) if is_broad(parent) && path.exists() => path.to_owned(),
        Some(parent) => existing(parent),
        None => path.to_owned(),
    }
}

/// Only what is there can be granted.
fn existing(path: &Path) -> PathBuf {
    path.ancestors()
        .find(|above| above.is_dir())
        .unwrap_or(path)
        .to_owned()
}

/// Folds paths that were not there. A directory that was only looked at on the way to them is not a wish.
pub fn missing(mut noted: Vec<Noted>) -> Vec<Folded> {
    let paths: BTreeSet<PathBuf> = noted.iter().map(|(path, _)| path.clone()).collect();
    let on_the_way = |path: &Path| {
        is_broad(path)
            && paths
                .iter()
                .any(|other| other != path && other.starts_with(path))
    };
    noted.retain(|(path, _)| !on_the_way(path));
    let whole = |path: &Path| {
        // What is below another missing directory is granted with it.
        let above = path
            .ancestors()
            .skip(1)
            .filter(|above| paths.contains(*above) && !is_broad(above));
        above.last().unwrap_or(path).to_owned()
    };
    below(noted, whole)
}

/// Groups paths by what to grant for each, and groups neighbours.
pub fn below(noted: Vec<Noted>, suggest: impl Fn(&Path) -> PathBuf) -> Vec<Folded> {
    let mut groups: BTreeMap<PathBuf, Vec<Noted>> = BTreeMap::new();
    for (path, record) in noted {
        groups
            .entry(suggest(&path))
            .or_default()
            .push((path, record));
    }
    loop {
        let mut parents: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for suggestion in groups.keys() {
            if let Some(parent) = suggestion.parent().filter(|parent| !is_broad(parent)) {
                *parents.entry(parent.to_owned()).or_default() += 1;
            }
        }
        let Some((parent, _)) = parents.into_iter().find(|(_, count)| *count >= NEIGHBOURS) else {
            break;
        };
        let children: Vec<PathBuf> = groups
            .keys()
            .filter(|path| path.starts_with(&parent))
            .cloned()
            .collect();
        let merged: Vec<Noted> = children
            .iter()
            .filter_map(|child| groups.remove(child))
            .flatten()
            .collect();
        groups.insert(parent, merged);
    }
    groups
        .into_iter()
        .filter_map(|(suggestion, noted)| together(suggestion, noted))
        .collect()
}

fn together(suggestion: PathBuf, noted: Vec<Noted>) -> Option<Folded> {
    let mut noted = noted.into_iter();
    let (path, mut record) = noted.next()?;
    let mut paths = vec![path];
    for (path, other) in noted {
        record.count += other.count;
        record.programs.extend(other.programs);
        record.last = record.last.max(other.last);
        if other.weight < record.weight {
            (record.weight, record.deed) = (other.weight, other.deed);
        }
        paths.push(path);
    }
    Some(Folded {
        suggestion,
        paths,
        record,
    })
}

/// The entry of the grants that decides about a path.
fn entry<'c>(confinement: &'c Confinement, path: &Path) -> Option<(&'c PathBuf, Access)> {
    let grants = confinement.files.grants.value()?;
    let found = path
        .ancestors()
        .find_map(|above| grants.0.get_key_value(above));
    found.map(|(path, access)| (path, *access))
}

/// Says what permits to write below a directory, and keeps what may be done there already.
pub fn write_grant(confinement: &Confinement, path: &Path) -> Grant {
    // Nothing can be made in the compartment's root, and the host's is too much to give for it.
    if !path.exists() {
        return Grant::entry("temporary", path.to_string_lossy(), "64M");
    }
    let grant = Grant::path("write", path);
    match entry(confinement, path) {
        Some((_, access)) if access.includes(Access::RUN) => grant.and(Grant::path("run", path)),
        _ => grant,
    }
}

/// Returns the directory that has to be executable for a program to be.
pub fn run_place(confinement: &Confinement, path: &Path) -> PathBuf {
    if let Some(private) = private(confinement, path) {
        return private.to_owned();
    }
    match entry(confinement, path) {
        // A grant deeper down would take the right to write from there.
        Some((entry, access)) if access.includes(Access::WRITE) => entry.clone(),
        _ => parent(path),
    }
}

/// The private directory that a path is in, unless a grant stands deeper.
fn private<'c>(confinement: &'c Confinement, path: &Path) -> Option<&'c PathBuf> {
    let temporary = confinement.files.temporary.value()?;
    let private = path
        .ancestors()
        .find_map(|above| temporary.0.get_key_value(above))?
        .0;
    match entry(confinement, path) {
        Some((granted, _)) if granted.starts_with(private) && granted != private => None,
        _ => Some(private),
    }
}

/// Says what permits to execute below a directory. A private directory is never executable: the host's takes its place.
pub fn run_grant(confinement: &Confinement, path: &Path) -> Grant {
    let grant = Grant::path("run", path);
    if private(confinement, path).is_some() {
        return Grant::path("write", path).and(grant);
    }
    grant
}

#[cfg(test)]
mod tests {
    use super::super::notes::Weight;
    use super::*;

    fn noted(paths: &[&str]) -> Vec<Noted> {
        let record = Record {
            count: 1,
            programs: BTreeSet::new(),
            last: 1,
            weight: Weight::Sure,
            deed: "open",
            found_elsewhere: false,
        };
        paths
            .iter()
            .map(|path| (PathBuf::from(path), record.clone()))
            .collect()
    }

    #[test]
    fn folds_neighbours_and_no_more() {
        let cases: [(&[&str], &[&str]); 6] = [
            (&["/srv/x/a", "/srv/x/b"], &["/srv/x/a", "/srv/x/b"]),
            (&["/srv/x/a", "/srv/x/b", "/srv/x/c"], &["/srv/x"]),
            (
                &["/srv/a", "/srv/b", "/srv/c"],
                &["/srv/a", "/srv/b", "/srv/c"],
            ),
            (&["/root", "/root/.x"], &["/root/.x"]),
            (&["/root"], &["/root"]),
            (&["/root/.x", "/root/.x/a", "/root/.x/a/b"], &["/root/.x"]),
        ];
        for (paths, expected) in cases {
            let folded = missing(noted(paths));
            let suggestions: Vec<&Path> = folded
                .iter()
                .map(|folded| folded.suggestion.as_path())
                .collect();
            let expected: Vec<&Path> = expected.iter().map(Path::new).collect();
            assert_eq!(suggestions, expected, "{paths:?}");
            let kept: usize = folded.iter().map(|folded| folded.paths.len()).sum();
            assert_eq!(
                kept as u64,
                folded.iter().map(|folded| folded.record.count).sum::<u64>()
            );
        }
    }
}
