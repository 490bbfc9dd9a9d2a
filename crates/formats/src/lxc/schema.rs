//! LXC's keys, with the versions that have each, and the names that they had before LXC 2.1.

/// How a key takes values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// The last value counts; an empty one takes it back.
    One,
    /// Values add up; an empty one takes all back.
    List,
    /// More follows the name, as in `lxc.net.0.type`; each full name is a key of its own whose last value counts.
    Below,
    /// More follows the name, and the values of a full name add up.
    ListBelow,
    /// Nothing but an empty value, which takes back all that follows the name.
    Clear,
}

/// A version of LXC.
pub type Version = (u16, u16);

/// A key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its name, or how it begins.
    pub name: &'static str,
    /// How it takes values.
    pub shape: Shape,
    /// The first version that has it.
    pub since: Version,
    /// The first version that has it no longer.
    pub gone: Option<Version>,
}

const fn key(name: &'static str, shape: Shape, since: Version) -> Key {
    Key {
        name,
        shape,
        since,
        gone: None,
    }
}

const fn until(name: &'static str, shape: Shape, since: Version, gone: Version) -> Key {
    Key {
        name,
        shape,
        since,
        gone: Some(gone),
    }
}

use Shape::{Below, Clear, List, ListBelow, One};

/// The current keys, sorted by name.
pub const KEYS: &[Key] = &[
    key("lxc.apparmor.allow_incomplete", One, (2, 1)),
    key("lxc.apparmor.allow_nesting", One, (3, 2)),
    key("lxc.apparmor.profile", One, (2, 1)),
    key("lxc.apparmor.raw", List, (3, 2)),
    key("lxc.arch", One, (0, 7)),
    key("lxc.autodev", One, (0, 8)),
    key("lxc.autodev.tmpfs.size", One, (4, 0)),
    key("lxc.cap.drop", List, (0, 7)),
    key("lxc.cap.keep", List, (0, 9)),
    until("lxc.cgroup", Clear, (0, 6), (7, 0)),
    until("lxc.cgroup.", ListBelow, (0, 6), (7, 0)),
    key("lxc.cgroup.dir", One, (3, 0)),
    key("lxc.cgroup.dir.container", One, (4, 0)),
    key("lxc.cgroup.dir.container.inner", One, (4, 0)),
    key("lxc.cgroup.dir.monitor", One, (4, 0)),
    key("lxc.cgroup.dir.monitor.pivot", One, (4, 0)),
    key("lxc.cgroup.relative", One, (4, 0)),
    key("lxc.cgroup2", Clear, (3, 0)),
    key("lxc.cgroup2.", ListBelow, (3, 0)),
    key("lxc.console.buffer.size", One, (3, 0)),
    key("lxc.console.logfile", One, (1, 1)),
    key("lxc.console.path", One, (2, 1)),
    key("lxc.console.rotate", One, (3, 0)),
    key("lxc.console.size", One, (3, 0)),
    key("lxc.environment", List, (1, 1)),
    key("lxc.environment.hooks", List, (6, 0)),
    key("lxc.environment.runtime", List, (6, 0)),
    key("lxc.ephemeral", One, (1, 1)),
    key("lxc.execute.cmd", One, (3, 0)),
    key("lxc.group", List, (0, 9)),
    key("lxc.hook", Clear, (0, 8)),
    key("lxc.hook.autodev", List, (0, 9)),
    key("lxc.hook.clone", List, (0, 9)),
    key("lxc.hook.destroy", List, (1, 1)),
    key("lxc.hook.mount", List, (0, 8)),
    key("lxc.hook.post-stop", List, (0, 8)),
    key("lxc.hook.pre-mount", List, (0, 8)),
    key("lxc.hook.pre-start", List, (0, 8)),
    key("lxc.hook.start", List, (0, 8)),
    key("lxc.hook.start-host", List, (3, 0)),
    key("lxc.hook.stop", List, (2, 1)),
    key("lxc.hook.version", One, (3, 0)),
    key("lxc.idmap", List, (2, 1)),
    key("lxc.include", List, (0, 9)),
    key("lxc.init.cmd", One, (2, 1)),
    key("lxc.init.cwd", One, (3, 0)),
    key("lxc.init.gid", One, (2, 1)),
    key("lxc.init.groups", List, (5, 0)),
    key("lxc.init.uid", One, (2, 1)),
    key("lxc.keyring.session", One, (4, 0)),
    key("lxc.log.file", One, (2, 1)),
    key("lxc.log.level", One, (2, 1)),
    key("lxc.log.syslog", One, (2, 1)),
    key("lxc.monitor.signal.pdeath", One, (4, 0)),
    key("lxc.monitor.unshare", One, (1, 1)),
    key("lxc.mount.auto", List, (1, 0)),
    key("lxc.mount.entry", List, (0, 6)),
    key("lxc.mount.fstab", One, (2, 1)),
    key("lxc.namespace.clone", One, (3, 0)),
    key("lxc.namespace.keep", One, (3, 0)),
    key("lxc.namespace.share.", Below, (3, 0)),
    key("lxc.net", Clear, (2, 1)),
    key("lxc.net.", ListBelow, (2, 1)),
    key("lxc.no_new_privs", One, (2, 0)),
    key("lxc.prlimit", Clear, (2, 1)),
    key("lxc.prlimit.", Below, (2, 1)),
    key("lxc.proc", Clear, (3, 0)),
    key("lxc.proc.", Below, (3, 0)),
    key("lxc.pty.max", One, (2, 1)),
    key("lxc.rootfs.managed", One, (4, 0)),
    key("lxc.rootfs.mount", One, (0, 7)),
    key("lxc.rootfs.options", One, (1, 0)),
    key("lxc.rootfs.path", One, (2, 1)),
    key("lxc.sched.core", One, (5, 0)),
    key("lxc.seccomp.allow_nesting", One, (4, 0)),
    key("lxc.seccomp.notify.cookie", One, (4, 0)),
    key("lxc.seccomp.notify.proxy", One, (4, 0)),
    key("lxc.seccomp.profile", One, (2, 1)),
    key("lxc.selinux.context", One, (2, 1)),
    key("lxc.selinux.context.keyring", One, (4, 0)),
    key("lxc.signal.halt", One, (2, 1)),
    key("lxc.signal.reboot", One, (2, 1)),
    key("lxc.signal.stop", One, (2, 1)),
    key("lxc.start.auto", One, (0, 9)),
    key("lxc.start.delay", One, (0, 9)),
    key("lxc.start.order", One, (0, 9)),
    key("lxc.sysctl", Clear, (3, 0)),
    key("lxc.sysctl.", Below, (3, 0)),
    key("lxc.time.offset.boot", One, (4, 0)),
    key("lxc.time.offset.monotonic", One, (4, 0)),
    key("lxc.tty.dir", One, (2, 1)),
    key("lxc.tty.max", One, (2, 1)),
    key("lxc.uts.name", One, (2, 1)),
];

/// Names before LXC 2.1, with the current ones. LXC 3.0 and later refuse the old ones.
pub const LEGACY: &[(&str, &str)] = &[
    ("lxc.aa_allow_incomplete", "lxc.apparmor.allow_incomplete"),
    ("lxc.aa_profile", "lxc.apparmor.profile"),
    ("lxc.console", "lxc.console.path"),
    ("lxc.devttydir", "lxc.tty.dir"),
    ("lxc.haltsignal", "lxc.signal.halt"),
    ("lxc.id_map", "lxc.idmap"),
    ("lxc.init_cmd", "lxc.init.cmd"),
    ("lxc.init_gid", "lxc.init.gid"),
    ("lxc.init_uid", "lxc.init.uid"),
    ("lxc.limit", "lxc.prlimit"),
    ("lxc.logfile", "lxc.log.file"),
    ("lxc.loglevel", "lxc.log.level"),
    ("lxc.mount", "lxc.mount.fstab"),
    ("lxc.pts", "lxc.pty.max"),
    ("lxc.rebootsignal", "lxc.signal.reboot"),
    ("lxc.rootfs", "lxc.rootfs.path"),
    ("lxc.se_context", "lxc.selinux.context"),
    ("lxc.seccomp", "lxc.seccomp.profile"),
    ("lxc.stopsignal", "lxc.signal.stop"),
    ("lxc.syslog", "lxc.log.syslog"),
    ("lxc.tty", "lxc.tty.max"),
    ("lxc.utsname", "lxc.uts.name"),
];

/// Keys that are gone without another in their place.
pub const GONE: &[(&str, &str)] = &[
    ("lxc.kmsg", "LXC 2.1 and later make no /dev/kmsg"),
    ("lxc.pivotdir", "LXC 1.1 and later need no such directory"),
    (
        "lxc.rootfs.backend",
        "since LXC 2.1 the path begins with the kind of storage",
    ),
];

/// What follows `lxc.net.N.`, and whether values add up.
pub const NET: &[(&str, Shape)] = &[
    ("flags", One),
    ("hwaddr", One),
    ("ipv4.address", List),
    ("ipv4.gateway", One),
    ("ipv6.address", List),
    ("ipv6.gateway", One),
    ("ipvlan.isolation", One),
    ("ipvlan.mode", One),
    ("l2proxy", One),
    ("link", One),
    ("macvlan.mode", One),
    ("mtu", One),
    ("name", One),
    ("script.down", One),
    ("script.up", One),
    ("type", One),
    ("veth.ipv4.route", List),
    ("veth.ipv6.route", List),
    ("veth.mode", One),
    ("veth.n_rxqueues", One),
    ("veth.n_txqueues", One),
    ("veth.pair", One),
    ("veth.vlan.id", One),
    ("veth.vlan.tagged.id", List),
    ("vlan.id", One),
];

/// The key of a name: an exact one, else the longest that it begins with.
pub fn find(name: &str) -> Option<&'static Key> {
    let exact = KEYS
        .iter()
        .find(|key| key.name == name && !name.ends_with('.'));
    exact.or_else(|| {
        KEYS.iter()
            .filter(|key| matches!(key.shape, Below | ListBelow))
            .filter(|key| name.len() > key.name.len() && name.starts_with(key.name))
            .max_by_key(|key| key.name.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_legacy_names_lead_to_them() {
        assert!(KEYS.is_sorted_by_key(|key| key.name));
        assert!(NET.is_sorted_by_key(|(name, _)| *name));
        for (old, new) in LEGACY {
            let below = format!("{new}.x");
            assert!(find(new).or(find(&below)).is_some(), "{old} to {new}");
            assert!(find(old).is_none_or(|key| key.shape == Clear), "{old}");
        }
    }

    #[test]
    fn the_longest_name_wins() {
        for (name, key) in [
            ("lxc.cgroup.dir", "lxc.cgroup.dir"),
            ("lxc.cgroup.devices.allow", "lxc.cgroup."),
            ("lxc.cgroup2.memory.max", "lxc.cgroup2."),
            ("lxc.net", "lxc.net"),
            ("lxc.net.0.type", "lxc.net."),
        ] {
            assert_eq!(find(name).map(|key| key.name), Some(key), "{name}");
        }
        assert_eq!(find("lxc.net."), None);
        assert_eq!(find("lxc.aa_profile"), None);
    }
}
