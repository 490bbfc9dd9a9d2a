//! Granted paths as the launcher takes them: without links.
//!
//! The launcher follows no link on the way to a granted path, so that nobody can exchange one between planning and
//! mounting. A grant that goes through links is turned into a grant of what it leads to, and a link of the same name
//! inside.

use crate::failure::Failure;
use casemate_enforce::plan::SYSTEM;
use casemate_model::Confinement;
use casemate_model::host::PathFact;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Resolves the grants. Returns the links to make inside.
pub fn resolve(confinement: &mut Confinement) -> Result<BTreeMap<PathBuf, PathFact>, Failure> {
    let mut links = BTreeMap::new();
    let provenance = confinement.files.grants.provenance();
    let Some(grants) = confinement.files.grants.value_mut() else {
        return Ok(links);
    };
    let given: Vec<PathBuf> = grants
        .0
        .keys()
        .filter(|path| !is_system(path))
        .cloned()
        .collect();
    for path in given {
        let real = match path.canonicalize() {
            Ok(real) if real == path => continue,
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound && path.is_symlink() => {
                return Err(Failure::not_started(format!(
                    "the granted path {} is a link to something that does not exist ({provenance})",
                    path.display()
                )));
            }
            // What is not there is the planner's to report, with who asked for it.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(Failure::not_started(format!(
                    "cannot resolve the granted path {} ({provenance}): {error}",
                    path.display()
                )));
            }
        };
        let Some(access) = grants.0.remove(&path) else {
            continue;
        };
        let both = grants
            .0
            .get(&real)
            .map_or(access, |there| there.union(access));
        grants.0.insert(real.clone(), both);
        grants.0.insert(path.clone(), access);
        links.insert(path, PathFact::Link(real));
    }
    Ok(links)
}

fn is_system(path: &Path) -> bool {
    SYSTEM.iter().any(|system| path == Path::new(system)) || path == Path::new("/")
}
