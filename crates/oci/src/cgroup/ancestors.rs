//! What the groups above a container's need: processors and memory nodes in the first version, controllers that are given
//! to children in the second.

use super::hierarchy::Version;
use super::settings::{Refusal, Setting};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Reads a small file of the kernel's; none when there is none.
pub type Reader<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// What is written into a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// The file.
    pub file: PathBuf,
    /// What.
    pub value: String,
    /// Whether a failure matters.
    pub required: bool,
}

/// Says what is written so that a new group of the first version's cpuset has processors and memory nodes: without, nobody
/// can enter. They are those of the next group above that has some, which are copied all the way down.
pub fn cpuset(mount: &Path, group: &Path, own: &[Setting], read: Reader<'_>) -> Vec<Write> {
    let mut writes = Vec::new();
    for name in ["cpuset.cpus", "cpuset.mems"] {
        // Upwards to the first that has some.
        let mut without = Vec::new();
        let mut inherited = None;
        for directory in group.ancestors().take_while(|path| path.starts_with(mount)) {
            let text = read(&directory.join(name));
            match text.as_deref().map(str::trim) {
                Some(list) if !list.is_empty() => {
                    inherited = Some(list.to_owned());
                    break;
                }
                _ => without.push(directory),
            }
        }
        let Some(value) = inherited else {
            continue;
        };
        let asked = own
            .iter()
            .any(|setting| setting.controller == "cpuset" && setting.file == name);
        for directory in without.into_iter().rev() {
            if asked && directory == group {
                continue;
            }
            writes.push(Write {
                file: directory.join(name),
                value: value.clone(),
                required: true,
            });
        }
    }
    writes
}

/// What is done so that a group of the second version has its controllers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Enabling {
    /// Groups that are made before, from the top.
    pub groups: Vec<PathBuf>,
    /// What is written, from the top.
    pub writes: Vec<Write>,
}

/// Finds out which groups between the mount and a group must give which controllers to their children.
///
/// `wanted` are all controllers that the group is to have if it can; those of settings it must have.
///
/// # Errors
/// A setting's controller cannot be had.
pub fn controllers(
    mount: &Path,
    group: &Path,
    settings: &[Setting],
    wanted: &BTreeSet<String>,
    read: Reader<'_>,
) -> Result<Enabling, Refusal> {
    let needed = |name: &str| {
        settings
            .iter()
            .find(|setting| setting.version == Version::V2 && setting.controller == name)
    };
    let all: BTreeSet<String> = settings
        .iter()
        .filter(|setting| setting.version == Version::V2 && !setting.controller.is_empty())
        .map(|setting| setting.controller.clone())
        .chain(wanted.iter().cloned())
        .collect();
    let words = |path: &Path| -> Option<BTreeSet<String>> {
        Some(read(path)?.split_whitespace().map(str::to_owned).collect())
    };
    let mut enabling = Enabling::default();
    let Some(parent) = group.parent() else {
        return Ok(enabling);
    };
    // Mostly an engine's own group is there, with all of them.
    if words(&parent.join("cgroup.subtree_control")).is_some_and(|given| all.is_subset(&given)) {
        return Ok(enabling);
    }
    let mut way: Vec<&Path> = parent
        .ancestors()
        .take_while(|path| path.starts_with(mount))
        .collect();
    way.reverse();
    let mut available = BTreeSet::new();
    for directory in way {
        let given = words(&directory.join("cgroup.subtree_control"));
        let exists = given.is_some();
        let given = given.unwrap_or_default();
        if exists {
            available = words(&directory.join("cgroup.controllers")).unwrap_or_default();
            is_domain(directory, settings, read)?;
        } else {
            enabling.groups.push(directory.to_owned());
        }
        let mut after = given.clone();
        for name in all.difference(&given) {
            let setting = needed(name);
            if !available.contains(name) {
                if let Some(setting) = setting {
                    return Err(Refusal {
                        field: setting.field.clone(),
                        why: format!(
                            "{} does not have the controller {name} (cgroup.controllers there)",
                            directory.display()
                        ),
                    });
                }
                continue;
            }
            let busy = exists && directory != mount && has_processes(directory, read);
            if let Some(setting) = setting.filter(|_| busy) {
                return Err(Refusal {
                    field: setting.field.clone(),
                    why: format!(
                        "{} has processes, so that it cannot give the controller {name} to groups in it",
                        directory.display()
                    ),
                });
            }
            if !busy {
                enabling.writes.push(Write {
                    file: directory.join("cgroup.subtree_control"),
                    value: format!("+{name}"),
                    required: setting.is_some(),
                });
                after.insert(name.clone());
            }
        }
        available = after;
    }
    Ok(enabling)
}

fn has_processes(directory: &Path, read: Reader<'_>) -> bool {
    read(&directory.join("cgroup.procs")).is_some_and(|text| !text.is_empty())
}

/// Below a threaded group there are threaded groups only, and no container fits into one.
fn is_domain(directory: &Path, settings: &[Setting], read: Reader<'_>) -> Result<(), Refusal> {
    let kind = read(&directory.join("cgroup.type")).unwrap_or_default();
    match kind.trim() {
        "" | "domain" => Ok(()),
        other => Err(Refusal {
            field: settings
                .first()
                .map_or_else(|| "linux.cgroupsPath".to_owned(), |one| one.field.clone()),
            why: format!(
                "{} is in `{other}` mode: a container needs a domain of its own",
                directory.display()
            ),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{controllers, cpuset};
    use crate::cgroup::hierarchy::Version;
    use crate::cgroup::settings::{Absent, Setting};
    use std::collections::BTreeMap;
    use std::path::Path;

    fn setting(controller: &str, file: &str, version: Version) -> Setting {
        Setting {
            field: format!("linux.resources.{controller}"),
            controller: controller.to_owned(),
            version,
            file: file.to_owned(),
            values: vec!["1".to_owned()],
            absent: Absent::Error,
        }
    }

    fn reader(files: &[(&str, &str)]) -> impl Fn(&Path) -> Option<String> + use<> {
        let files: BTreeMap<String, String> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        move |path| files.get(path.to_str().unwrap()).cloned()
    }

    #[test]
    fn processors_are_copied_from_the_next_group_that_has_some() {
        let read = reader(&[
            ("/m/cpuset.cpus", "0-3\n"),
            ("/m/cpuset.mems", "0\n"),
            ("/m/a/cpuset.cpus", "1\n"),
            ("/m/a/cpuset.mems", "\n"),
        ]);
        let written = |own: &[Setting]| -> Vec<String> {
            cpuset(Path::new("/m"), Path::new("/m/a/b/c"), own, &read)
                .iter()
                .map(|one| format!("{} {}", one.file.display(), one.value))
                .collect()
        };
        let all = [
            "/m/a/b/cpuset.cpus 1",
            "/m/a/b/c/cpuset.cpus 1",
            "/m/a/cpuset.mems 0",
            "/m/a/b/cpuset.mems 0",
            "/m/a/b/c/cpuset.mems 0",
        ];
        assert_eq!(written(&[]), all);
        // What is asked for is written by itself.
        let own = [setting("cpuset", "cpuset.cpus", Version::V1)];
        assert!(!written(&own).contains(&all[1].to_owned()));
    }

    #[test]
    fn controllers_are_given_on_the_way() {
        let files = [
            ("/m/cgroup.subtree_control", "pids\n"),
            ("/m/cgroup.controllers", "cpu memory pids\n"),
            ("/m/a/cgroup.subtree_control", ""),
            ("/m/a/cgroup.controllers", "pids\n"),
            ("/m/a/cgroup.type", "domain\n"),
        ];
        let settings = [setting("pids", "pids.max", Version::V2)];
        let wanted = ["cpu", "memory", "pids"].map(str::to_owned).into();
        let found = controllers(
            Path::new("/m"),
            Path::new("/m/b/c"),
            &settings,
            &wanted,
            &reader(&files),
        )
        .unwrap();
        assert_eq!(found.groups, [Path::new("/m/b")]);
        let written: Vec<String> = found
            .writes
            .iter()
            .map(|one| format!("{} {} {}", one.file.display(), one.value, one.required))
            .collect();
        assert_eq!(
            written,
            [
                "/m/cgroup.subtree_control +cpu false",
                "/m/cgroup.subtree_control +memory false",
                "/m/b/cgroup.subtree_control +cpu false",
                "/m/b/cgroup.subtree_control +memory false",
                "/m/b/cgroup.subtree_control +pids true",
            ]
        );
        // One that gives all that is wanted needs nothing.
        let given = [("/m/cgroup.subtree_control", "cpu memory pids io\n")];
        let found = controllers(
            Path::new("/m"),
            Path::new("/m/b"),
            &settings,
            &wanted,
            &reader(&given),
        )
        .unwrap();
        assert_eq!((found.groups.len(), found.writes.len()), (0, 0));
    }

    #[test]
    fn a_controller_that_cannot_be_had_is_an_error_with_the_field() {
        let root = [
            ("/m/cgroup.subtree_control", "memory\n"),
            ("/m/cgroup.controllers", "memory\n"),
            ("/m/a/cgroup.subtree_control", ""),
            ("/m/a/cgroup.controllers", "memory\n"),
        ];
        let with = |more: &[(&str, &str)]| reader(&[&root[..], more].concat());
        let none = std::collections::BTreeSet::default();
        let ask = |controller: &str, files: &dyn Fn(&Path) -> Option<String>| {
            let settings = [setting(controller, "x", Version::V2)];
            controllers(
                Path::new("/m"),
                Path::new("/m/a/c"),
                &settings,
                &none,
                files,
            )
            .unwrap_err()
            .to_string()
        };
        let cases = [
            (
                ask("io", &with(&[])),
                "linux.resources.io: /m does not have the controller io",
            ),
            (
                ask("memory", &with(&[("/m/a/cgroup.procs", "1\n")])),
                "linux.resources.memory: /m/a has processes",
            ),
            (
                ask(
                    "memory",
                    &with(&[("/m/a/cgroup.type", "domain threaded\n")]),
                ),
                "`domain threaded` mode",
            ),
        ];
        for (message, part) in cases {
            assert!(message.contains(part), "{message}");
        }
    }
}
