//! The cgroup hierarchies of this host, as this process sees them (cgroups(7)).

use crate::failure::{Attempt, Failure};
use casemate_observe::host::mountinfo::{Mount, Mounts};
use casemate_observe::host::{Kernel, View};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// A version of cgroups.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Version {
    /// The first, with a hierarchy for each controller.
    V1,
    /// The second, with one for all.
    V2,
}

/// A mounted hierarchy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hierarchy {
    /// Where it is mounted.
    pub mount: PathBuf,
    /// The group that this process is in, below the mount; none when it is not to be seen there.
    pub own: Option<PathBuf>,
}

/// All hierarchies.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hierarchies {
    /// Of the first version by controller; named ones as `name=systemd`.
    pub v1: BTreeMap<String, Hierarchy>,
    /// The one of the second version.
    pub v2: Option<Hierarchy>,
    /// The controllers that the second version's has.
    pub controllers: BTreeSet<String>,
}

impl Hierarchies {
    /// Reads them from the kernel, once: a runtime lives too short for them to change.
    ///
    /// # Errors
    /// `/proc` cannot be read.
    pub fn read() -> Result<Self, Failure> {
        static SEEN: OnceLock<Hierarchies> = OnceLock::new();
        if let Some(seen) = SEEN.get() {
            return Ok(seen.clone());
        }
        let list = "/proc/self/mountinfo";
        let mountinfo = Kernel
            .read(Path::new(list))
            .attempt(|| format!("read {list}"))?;
        let own = "/proc/self/cgroup";
        let membership = Kernel
            .read_attribute(Path::new(own))
            .attempt(|| format!("read {own}"))?;
        let mut found = Self::of(&mountinfo, &membership);
        if let Some(v2) = &found.v2 {
            let file = v2.mount.join("cgroup.controllers");
            let bytes = Kernel
                .read_attribute(&file)
                .attempt(|| format!("read {}", file.display()))?;
            let text = String::from_utf8_lossy(&bytes);
            found.controllers = text.split_whitespace().map(str::to_owned).collect();
        }
        Ok(SEEN.get_or_init(|| found).clone())
    }

    /// Finds them in what the kernel says of mounts and of this process.
    fn of(mountinfo: &[u8], membership: &[u8]) -> Self {
        let mounts = Mounts::parse(mountinfo);
        let mut found = Self::default();
        for line in membership.split(|byte| *byte == b'\n') {
            // The path is the last field and may have colons itself.
            let mut fields = line.splitn(3, |byte| *byte == b':');
            let (Some(_), Some(Ok(names)), Some(Ok(own))) = (
                fields.next(),
                fields.next().map(str::from_utf8),
                fields.next().map(str::from_utf8),
            ) else {
                continue;
            };
            if names.is_empty() {
                found.v2 = hierarchy(&mounts, |mount| mount.kind == "cgroup2", own);
                continue;
            }
            let first = names.split(',').next().unwrap_or(names);
            let holds = |mount: &Mount| {
                mount.kind == "cgroup" && mount.super_options.split(',').any(|one| one == first)
            };
            if let Some(hierarchy) = hierarchy(&mounts, holds, own) {
                let names = names.split(',');
                found
                    .v1
                    .extend(names.map(|name| (name.to_owned(), hierarchy.clone())));
            }
        }
        found
    }

    /// The version of the hierarchy that has a controller.
    pub fn version_of(&self, controller: &str) -> Option<Version> {
        if self.v1.contains_key(controller) {
            Some(Version::V1)
        } else if self.controllers.contains(controller) {
            Some(Version::V2)
        } else {
            None
        }
    }

    /// Whether the second version is the only one.
    pub fn is_unified(&self) -> bool {
        self.v2.is_some() && self.v1.is_empty()
    }
}

/// Chooses the mount of a hierarchy: one in which the own group is seen, from the root of the hierarchy rather than not.
fn hierarchy(mounts: &Mounts, holds: impl Fn(&Mount) -> bool, own: &str) -> Option<Hierarchy> {
    let candidates = mounts
        .0
        .iter()
        .filter(|mount| holds(mount) && mounts.is_visible(mount));
    candidates
        .map(|mount| {
            let below = Path::new(own).strip_prefix(&mount.root).ok();
            let named = below.filter(|path| {
                path.components()
                    .all(|part| matches!(part, Component::Normal(_)))
            });
            Hierarchy {
                mount: mount.point.clone(),
                own: named.map(|path| clean(&mount.point.join(path))),
            }
        })
        .min_by_key(|hierarchy| hierarchy.own.is_none())
}

/// Without a slash at the end.
fn clean(path: &Path) -> PathBuf {
    path.components().collect()
}

#[cfg(test)]
mod tests {
    use super::{Hierarchies, Version};
    use std::path::Path;

    const HYBRID: &str = "\
31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
";

    #[test]
    fn both_versions_are_found_with_the_own_groups() {
        let own = "9:name=systemd:/a\n4:memory:/x:y\n2:cpu,cpuacct:/\n1:pids:/\n0::/u\n";
        let mut found = Hierarchies::of(HYBRID.as_bytes(), own.as_bytes());
        found.controllers = ["hugetlb".to_owned()].into();
        let names: Vec<&str> = found.v1.keys().map(String::as_str).collect();
        assert_eq!(names, ["cpu", "cpuacct", "memory", "name=systemd"]);
        let own = |name: &str| found.v1[name].own.clone().unwrap();
        assert_eq!(own("memory"), Path::new("/sys/fs/cgroup/memory/x:y"));
        assert_eq!(own("cpuacct"), Path::new("/sys/fs/cgroup/cpu,cpuacct"));
        assert_eq!(found.version_of("memory"), Some(Version::V1));
        assert_eq!(found.version_of("hugetlb"), Some(Version::V2));
        assert_eq!(found.version_of("pids"), None);
        assert!(!found.is_unified());
    }

    #[test]
    fn a_group_outside_of_the_mount_has_no_path() {
        let mounts = "41 31 0:38 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        for (own, path) in [
            ("0::/docker/1/x", Some("/sys/fs/cgroup/x")),
            ("0::/docker/2", None),
            ("0::/../2", None),
        ] {
            let found = Hierarchies::of(mounts.as_bytes(), own.as_bytes());
            assert!(found.is_unified());
            assert_eq!(
                found.v2.unwrap().own.as_deref(),
                path.map(Path::new),
                "{own}"
            );
        }
    }
}
