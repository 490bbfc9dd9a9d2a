//! The kinds of namespace: flag, name in /proc, first kernel.
//!
//! Source: linux/sched.h (`CLONE_NEW*`) and namespaces(7).

use super::version::KernelVersion;

/// A kind of namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NamespaceKind {
    /// Control groups: the root of what /proc/self/cgroup shows.
    Cgroup,
    /// System V and POSIX message queues, semaphores, shared memory.
    Ipc,
    /// Mounts.
    Mount,
    /// Network devices, addresses, routes, ports, filters, abstract sockets.
    Net,
    /// Process ids.
    Pid,
    /// Offsets of the boot and monotonic clocks.
    Time,
    /// User and group ids, and all capabilities over what they own.
    User,
    /// Host name and NIS domain name.
    Uts,
}

struct Facts {
    name: &'static str,
    oci: &'static str,
    proc: &'static str,
    flag: u64,
    since: KernelVersion,
}

impl NamespaceKind {
    /// Every kind, by name.
    pub const ALL: [Self; 8] = [
        Self::Cgroup,
        Self::Ipc,
        Self::Mount,
        Self::Net,
        Self::Pid,
        Self::Time,
        Self::User,
        Self::Uts,
    ];

    const fn facts(self) -> Facts {
        let (name, oci, proc, flag, since) = match self {
            Self::Cgroup => ("cgroup", "cgroup", "cgroup", 0x0200_0000, (4, 6, 0)),
            Self::Ipc => ("ipc", "ipc", "ipc", 0x0800_0000, (2, 6, 19)),
            Self::Mount => ("mount", "mount", "mnt", 0x0002_0000, (2, 4, 19)),
            Self::Net => ("net", "network", "net", 0x4000_0000, (2, 6, 24)),
            Self::Pid => ("pid", "pid", "pid", 0x2000_0000, (2, 6, 24)),
            Self::Time => ("time", "time", "time", 0x0000_0080, (5, 6, 0)),
            // The flag is from 2.6.23; only since 3.8 does it give anything to a process without privilege.
            Self::User => ("user", "user", "user", 0x1000_0000, (3, 8, 0)),
            Self::Uts => ("uts", "uts", "uts", 0x0400_0000, (2, 6, 19)),
        };
        Facts {
            name,
            oci,
            proc,
            flag,
            since: KernelVersion::with_patch(since.0, since.1, since.2),
        }
    }

    /// The name in Casemate's own texts: `mount`, `net`, `pid`.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The name in an OCI configuration: as [`NamespaceKind::name`], but `network`.
    pub const fn oci(self) -> &'static str {
        self.facts().oci
    }

    /// The name of the link under /proc/self/ns: `mnt`, `net`, `pid`.
    pub const fn proc(self) -> &'static str {
        self.facts().proc
    }

    /// The flag of clone, unshare and setns. That of [`NamespaceKind::Time`] lies in what clone(2) takes as the exit
    /// signal, so only unshare, setns and clone3 accept it.
    pub const fn flag(self) -> u64 {
        self.facts().flag
    }

    /// The first kernel that has it.
    pub const fn since(self) -> KernelVersion {
        self.facts().since
    }

    /// Reads any of the three names.
    pub fn from_name(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| [kind.name(), kind.oci(), kind.proc()].contains(&text))
    }

    /// Reads one flag.
    pub fn from_flag(flag: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.flag() == flag)
    }
}

impl std::fmt::Display for NamespaceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_flags_round_trip() {
        for kind in NamespaceKind::ALL {
            assert_eq!(kind.flag().count_ones(), 1);
            assert_eq!(NamespaceKind::from_flag(kind.flag()), Some(kind));
            for name in [kind.name(), kind.oci(), kind.proc()] {
                assert_eq!(NamespaceKind::from_name(name), Some(kind));
            }
        }
        assert!(NamespaceKind::ALL.is_sorted_by_key(|kind| kind.name()));
        assert_eq!(NamespaceKind::from_flag(0x2002_0000), None);
        assert_eq!(NamespaceKind::from_name("mnt"), Some(NamespaceKind::Mount));
    }

    #[test]
    fn this_kernel_has_a_link_for_each_kind() {
        let Ok(links) = std::fs::read_dir("/proc/self/ns") else {
            eprintln!("skipped: no /proc/self/ns");
            return;
        };
        for link in links {
            let link = link.expect("an entry of /proc/self/ns").file_name();
            let link = link.to_string_lossy();
            let kind = link.strip_suffix("_for_children").unwrap_or(&link);
            assert!(NamespaceKind::from_name(kind).is_some(), "{link}");
        }
    }
}
