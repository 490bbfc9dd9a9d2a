//! Where a container's groups are.

use super::hierarchy::{Hierarchies, Hierarchy};
use super::systemd::Unit;
use crate::failure::Failure;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The name of the second version's hierarchy in a [`Record`](super::Record); those of the first have their controllers'.
pub const UNIFIED: &str = "";

/// Directories by hierarchy.
pub type Paths = BTreeMap<String, PathBuf>;

/// Finds the directories for `cgroupsPath` by the cgroupfs driver.
///
/// An absolute path is below each hierarchy's mount. A relative one, or the id when there is none, is below the group of
/// this process; in the second version below the parent of that group, since a group with processes cannot give
/// controllers to others.
///
/// # Errors
/// The path is the root of the hierarchies, or this process's own groups are needed and not to be seen.
pub fn directories(
    hierarchies: &Hierarchies,
    id: &str,
    path: Option<&str>,
) -> Result<Paths, Failure> {
    let path = path.filter(|path| !path.is_empty());
    let wanted = Path::new(path.unwrap_or(id));
    let inner = lexical(wanted);
    if inner.as_os_str().is_empty() {
        return Err(Failure::new(format!(
            "linux.cgroupsPath: `{}` is the root of all groups, which cannot be a container's",
            wanted.display()
        )));
    }
    let place = |hierarchy: &Hierarchy, version: &str| -> Result<PathBuf, Failure> {
        if wanted.is_absolute() {
            return Ok(hierarchy.mount.join(&inner));
        }
        let own = hierarchy.own.as_ref().ok_or_else(|| {
            Failure::with_hint(
                format!(
                    "linux.cgroupsPath: our own group in {} cannot be seen there, and a relative path is below it",
                    hierarchy.mount.display()
                ),
                "an absolute path is below the mount",
            )
        })?;
        let above = if version == UNIFIED && *own != hierarchy.mount {
            own.parent().unwrap_or(&hierarchy.mount)
        } else {
            own
        };
        Ok(above.join(&inner))
    };
    let mut paths = Paths::new();
    for (name, hierarchy) in &hierarchies.v1 {
        paths.insert(name.clone(), place(hierarchy, name)?);
    }
    if let Some(hierarchy) = &hierarchies.v2 {
        paths.insert(UNIFIED.to_owned(), place(hierarchy, UNIFIED)?);
    }
    Ok(paths)
}

/// Finds the directories that systemd makes for a unit, and where the rest goes. `manager` is the manager's own group:
/// empty for the system's.
pub fn directories_of_unit(hierarchies: &Hierarchies, unit: &Unit, manager: &Path) -> Paths {
    let below = |hierarchy: &Hierarchy| {
        let manager = manager.strip_prefix("/").unwrap_or(manager);
        hierarchy.mount.join(manager).join(unit.path())
    };
    let mut paths: Paths = hierarchies
        .v1
        .iter()
        .map(|(name, hierarchy)| (name.clone(), below(hierarchy)))
        .collect();
    if let Some(hierarchy) = &hierarchies.v2 {
        paths.insert(UNIFIED.to_owned(), below(hierarchy));
    }
    paths
}

/// Takes `.` and `..` out of a path, by its words alone, and the slash at its beginning.
fn lexical(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => clean.push(name),
            Component::ParentDir => {
                clean.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::{Hierarchies, Hierarchy, UNIFIED, directories};
    use std::path::{Path, PathBuf};

    fn hierarchies() -> Hierarchies {
        let hierarchy = |name: &str, own: &str| Hierarchy {
            mount: Path::new("/g").join(name),
            own: Some(PathBuf::from(own)),
        };
        Hierarchies {
            v1: [("pids".to_owned(), hierarchy("pids", "/g/pids/me"))].into(),
            v2: Some(hierarchy("unified", "/g/unified/slice/me")),
            ..Hierarchies::default()
        }
    }

    #[test]
    fn paths_are_below_the_mount_or_the_own_group() {
        let cases = [
            (None, "/g/pids/me/id", "/g/unified/slice/id"),
            (Some(""), "/g/pids/me/id", "/g/unified/slice/id"),
            (Some("a/b"), "/g/pids/me/a/b", "/g/unified/slice/a/b"),
            (Some("/a//b/"), "/g/pids/a/b", "/g/unified/a/b"),
            // Nothing leads out.
            (Some("../../x"), "/g/pids/me/x", "/g/unified/slice/x"),
            (Some("/a/../../x"), "/g/pids/x", "/g/unified/x"),
        ];
        for (path, v1, v2) in cases {
            let found = directories(&hierarchies(), "id", path).unwrap();
            assert_eq!(found["pids"], Path::new(v1), "{path:?}");
            assert_eq!(found[UNIFIED], Path::new(v2), "{path:?}");
        }
        for path in ["/", "/a/..", "..", "."] {
            assert!(
                directories(&hierarchies(), "id", Some(path)).is_err(),
                "{path}"
            );
        }
    }
}
