//! Capabilities: the pieces of root's power, and sets of them.
//!
//! Source: linux/capability.h and capabilities(7).

use std::fmt;
use std::str::FromStr;

use super::suggest::nearest;
use super::version::KernelVersion;

/// One capability; its value is the kernel's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Capability {
    /// Change the owner of any file.
    Chown = 0,
    /// Ignore the permission bits of files and directories.
    DacOverride = 1,
    /// Read any file and enter any directory, and open files by handle across mounts.
    DacReadSearch = 2,
    /// Do what only a file's owner may: chmod, utime, sticky directories.
    Fowner = 3,
    /// Keep or set the set-user-id and set-group-id bits of files of others.
    Fsetid = 4,
    /// Send signals to any process that it can see.
    Kill = 5,
    /// Become any group, and write the group map of a child user namespace.
    Setgid = 6,
    /// Become any user, and write the user map of a child user namespace.
    Setuid = 7,
    /// Drop from the bounding set, add from it to the inheritable set, change securebits.
    Setpcap = 8,
    /// Change the immutable and append-only flags of files.
    LinuxImmutable = 9,
    /// Bind ports below 1024.
    NetBindService = 10,
    /// Nothing: unused by the kernel.
    NetBroadcast = 11,
    /// Configure interfaces, routes, firewalls, and much else of the network.
    NetAdmin = 12,
    /// Open raw and packet sockets: read and forge traffic.
    NetRaw = 13,
    /// Lock memory beyond the limit, and allocate huge pages.
    IpcLock = 14,
    /// Ignore the permissions of System V queues, semaphores and shared memory.
    IpcOwner = 15,
    /// Load and unload kernel modules: run any code in the kernel.
    SysModule = 16,
    /// Reach I/O ports and raw devices: read and write physical memory.
    SysRawio = 17,
    /// Call chroot, and join mount namespaces.
    SysChroot = 18,
    /// Read, write and trace any process that it can see.
    SysPtrace = 19,
    /// Switch process accounting.
    SysPacct = 20,
    /// Mount, set quotas, join namespaces, and hundreds of other acts: nearly root.
    SysAdmin = 21,
    /// Reboot, and load a kernel to boot next.
    SysBoot = 22,
    /// Raise priorities and set real-time scheduling and affinity of any process.
    SysNice = 23,
    /// Exceed resource limits, disk quotas and reserved space.
    SysResource = 24,
    /// Set the clock.
    SysTime = 25,
    /// Configure and hang up terminals.
    SysTtyConfig = 26,
    /// Make device files.
    Mknod = 27,
    /// Take a lease on any file.
    Lease = 28,
    /// Write records to the audit log.
    AuditWrite = 29,
    /// Change the rules of the audit system and switch it off.
    AuditControl = 30,
    /// Give capabilities to files, and map user id 0 of the parent user namespace.
    Setfcap = 31,
    /// Ignore the policy of Smack.
    MacOverride = 32,
    /// Change the policy of Smack, and of other security modules.
    MacAdmin = 33,
    /// Read and clear the kernel's log, and see kernel addresses.
    Syslog = 34,
    /// Set alarms that wake the machine.
    WakeAlarm = 35,
    /// Keep the machine from suspending.
    BlockSuspend = 36,
    /// Read the audit log by its multicast socket.
    AuditRead = 37,
    /// Watch performance counters and traces of the whole machine.
    Perfmon = 38,
    /// Load powerful BPF programs and make BPF maps.
    Bpf = 39,
    /// Choose process ids, and read what checkpoint and restore needs of others.
    CheckpointRestore = 40,
}

struct Facts {
    capability: Capability,
    name: &'static str,
    since: (u8, u8, u8),
    meaning: &'static str,
}

const fn fact(
    capability: Capability,
    name: &'static str,
    since: (u8, u8, u8),
    meaning: &'static str,
) -> Facts {
    Facts {
        capability,
        name,
        since,
        meaning,
    }
}

/// By number.
#[rustfmt::skip]
static FACTS: [Facts; 41] = [
    fact(Capability::Chown, "chown", (2, 2, 0), "change the owner of any file"),
    fact(Capability::DacOverride, "dac_override", (2, 2, 0), "ignore the permission bits of files and directories"),
    fact(Capability::DacReadSearch, "dac_read_search", (2, 2, 0), "read any file and enter any directory, and open files by handle across mounts"),
    fact(Capability::Fowner, "fowner", (2, 2, 0), "do what only a file's owner may: chmod, utime, sticky directories"),
    fact(Capability::Fsetid, "fsetid", (2, 2, 0), "keep or set the set-user-id and set-group-id bits of files of others"),
    fact(Capability::Kill, "kill", (2, 2, 0), "send signals to any process that it can see"),
    fact(Capability::Setgid, "setgid", (2, 2, 0), "become any group, and write the group map of a child user namespace"),
    fact(Capability::Setuid, "setuid", (2, 2, 0), "become any user, and write the user map of a child user namespace"),
    fact(Capability::Setpcap, "setpcap", (2, 2, 0), "drop from the bounding set, add from it to the inheritable set, change securebits"),
    fact(Capability::LinuxImmutable, "linux_immutable", (2, 2, 0), "change the immutable and append-only flags of files"),
    fact(Capability::NetBindService, "net_bind_service", (2, 2, 0), "bind ports below 1024"),
    fact(Capability::NetBroadcast, "net_broadcast", (2, 2, 0), "nothing: unused by the kernel"),
    fact(Capability::NetAdmin, "net_admin", (2, 2, 0), "configure interfaces, routes, firewalls, and much else of the network"),
    fact(Capability::NetRaw, "net_raw", (2, 2, 0), "open raw and packet sockets: read and forge traffic"),
    fact(Capability::IpcLock, "ipc_lock", (2, 2, 0), "lock memory beyond the limit, and allocate huge pages"),
    fact(Capability::IpcOwner, "ipc_owner", (2, 2, 0), "ignore the permissions of System V queues, semaphores and shared memory"),
    fact(Capability::SysModule, "sys_module", (2, 2, 0), "load and unload kernel modules: run any code in the kernel"),
    fact(Capability::SysRawio, "sys_rawio", (2, 2, 0), "reach I/O ports and raw devices: read and write physical memory"),
    fact(Capability::SysChroot, "sys_chroot", (2, 2, 0), "call chroot, and join mount namespaces"),
    fact(Capability::SysPtrace, "sys_ptrace", (2, 2, 0), "read, write and trace any process that it can see"),
    fact(Capability::SysPacct, "sys_pacct", (2, 2, 0), "switch process accounting"),
    fact(Capability::SysAdmin, "sys_admin", (2, 2, 0), "mount, set quotas, join namespaces, and hundreds of other acts: nearly root"),
    fact(Capability::SysBoot, "sys_boot", (2, 2, 0), "reboot, and load a kernel to boot next"),
    fact(Capability::SysNice, "sys_nice", (2, 2, 0), "raise priorities and set real-time scheduling and affinity of any process"),
    fact(Capability::SysResource, "sys_resource", (2, 2, 0), "exceed resource limits, disk quotas and reserved space"),
    fact(Capability::SysTime, "sys_time", (2, 2, 0), "set the clock"),
    fact(Capability::SysTtyConfig, "sys_tty_config", (2, 2, 0), "configure and hang up terminals"),
    fact(Capability::Mknod, "mknod", (2, 4, 0), "make device files"),
    fact(Capability::Lease, "lease", (2, 4, 0), "take a lease on any file"),
    fact(Capability::AuditWrite, "audit_write", (2, 6, 11), "write records to the audit log"),
    fact(Capability::AuditControl, "audit_control", (2, 6, 11), "change the rules of the audit system and switch it off"),
    fact(Capability::Setfcap, "setfcap", (2, 6, 24), "give capabilities to files, and map user id 0 of the parent user namespace"),
    fact(Capability::MacOverride, "mac_override", (2, 6, 25), "ignore the policy of Smack"),
    fact(Capability::MacAdmin, "mac_admin", (2, 6, 25), "change the policy of Smack, and of other security modules"),
    fact(Capability::Syslog, "syslog", (2, 6, 37), "read and clear the kernel's log, and see kernel addresses"),
    fact(Capability::WakeAlarm, "wake_alarm", (3, 0, 0), "set alarms that wake the machine"),
    fact(Capability::BlockSuspend, "block_suspend", (3, 5, 0), "keep the machine from suspending"),
    fact(Capability::AuditRead, "audit_read", (3, 16, 0), "read the audit log by its multicast socket"),
    fact(Capability::Perfmon, "perfmon", (5, 8, 0), "watch performance counters and traces of the whole machine"),
    fact(Capability::Bpf, "bpf", (5, 8, 0), "load powerful BPF programs and make BPF maps"),
    fact(Capability::CheckpointRestore, "checkpoint_restore", (5, 9, 0), "choose process ids, and read what checkpoint and restore needs of others"),
];

impl Capability {
    /// Every capability, by number.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        FACTS.iter().map(|facts| facts.capability)
    }

    fn facts(self) -> &'static Facts {
        &FACTS[usize::from(self as u8)] // PANIC: the table has one row a variant, in their order, which a test shows.
    }

    /// The kernel's number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The lower-case name without `CAP_`: `sys_admin`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The first kernel that has it.
    pub fn since(self) -> KernelVersion {
        let (major, minor, patch) = self.facts().since;
        KernelVersion::with_patch(major, minor, patch)
    }

    /// What it permits, in a few plain words that follow "may".
    pub fn meaning(self) -> &'static str {
        self.facts().meaning
    }

    /// The capability of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        FACTS.get(usize::from(number)).map(|facts| facts.capability)
    }

    /// Reads a name with or without `CAP_`, letter case aside.
    pub fn from_name(text: &str) -> Option<Self> {
        let short = match text.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("CAP_") => &text[4..],
            _ => text,
        };
        FACTS
            .iter()
            .find(|facts| facts.name.eq_ignore_ascii_case(short))
            .map(|facts| facts.capability)
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no capability's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapabilityError {
    /// The name.
    pub name: String,
    /// The nearest one that is.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for CapabilityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown capability {:?}", self.name)?;
        if let Some(suggestion) = self.suggestion {
            write!(f, ", perhaps {suggestion}?")?;
        }
        Ok(())
    }
}

impl std::error::Error for CapabilityError {}

impl FromStr for Capability {
    type Err = CapabilityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_name(text).ok_or_else(|| CapabilityError {
            name: text.chars().take(64).collect(),
            suggestion: suggest(text),
        })
    }
}

/// The known name nearest to one that is not known.
pub fn suggest(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let short = lower.strip_prefix("cap_").unwrap_or(&lower);
    nearest(short, FACTS.iter().map(|facts| facts.name))
}

/// A set of capabilities, as the kernel's 64 bits. Bits of capabilities that are newer than the table are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CapabilitySet(u64);

impl CapabilitySet {
    /// None.
    pub const EMPTY: Self = Self(0);

    /// All that the table knows (`CAP_LAST_CAP` 40).
    pub const ALL: Self = Self((1 << FACTS.len()) - 1);

    /// The set of these bits, as `CapEff` in /proc/self/status has them.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The kernel's bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Tells whether it has none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many it has, unknown ones included.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Tells whether it has this one.
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & (1 << capability.number()) != 0
    }

    /// Tells whether every one of these is in the other set too.
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, capability: Capability) -> Self {
        Self(self.0 | 1 << capability.number())
    }

    /// Without one.
    #[must_use]
    pub const fn without(self, capability: Capability) -> Self {
        Self(self.0 & !(1 << capability.number()))
    }

    /// In either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// In both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// In this one and not in the other.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The known ones, by number.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::all().filter(move |&capability| self.contains(capability))
    }

    /// The numbers of those that are newer than the table.
    pub fn unknown(self) -> impl Iterator<Item = u8> {
        (0..64).filter(move |number| self.difference(Self::ALL).0 & 1 << number != 0)
    }

    /// The names, sorted; one that is newer than the table is `cap_41`.
    pub fn names(self) -> Vec<String> {
        let mut names: Vec<String> = self.iter().map(|one| one.name().to_owned()).collect();
        names.extend(self.unknown().map(|number| format!("cap_{number}")));
        names.sort_unstable();
        names
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<T: IntoIterator<Item = Capability>>(capabilities: T) -> Self {
        capabilities
            .into_iter()
            .fold(Self::EMPTY, CapabilitySet::with)
    }
}

impl FromStr for CapabilitySet {
    type Err = CapabilityError;

    /// Reads names separated by commas or blanks. An empty text is the empty set, `all` is [`CapabilitySet::ALL`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut set = Self::EMPTY;
        for name in text
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|name| !name.is_empty())
        {
            set = if name.eq_ignore_ascii_case("all") {
                set.union(Self::ALL)
            } else {
                set.with(name.parse()?)
            };
        }
        Ok(set)
    }
}

impl fmt::Display for CapabilitySet {
    /// The names, sorted, separated by a comma and a blank; nothing for the empty set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(", "))
    }
}

impl fmt::Debug for CapabilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_each_capability_at_its_number() {
        assert_eq!(FACTS.len(), 41);
        for (index, facts) in FACTS.iter().enumerate() {
            let capability = facts.capability;
            assert_eq!(usize::from(capability.number()), index);
            assert_eq!(
                Capability::from_number(capability.number()),
                Some(capability)
            );
            let spelling = format!("{capability:?}").to_lowercase();
            assert_eq!(facts.name.replace('_', ""), spelling);
            assert!(!facts.meaning.ends_with('.'));
        }
        assert!(FACTS.is_sorted_by_key(|facts| facts.since));
        assert_eq!(Capability::from_number(41), None);
        assert_eq!(Capability::SysAdmin.number(), 21);
        assert_eq!(Capability::CheckpointRestore.number(), 40);
        assert_eq!(Capability::Bpf.since(), KernelVersion::new(5, 8));
    }

    #[test]
    fn numbers_agree_with_the_installed_header() {
        let Ok(text) = std::fs::read_to_string("/usr/include/linux/capability.h") else {
            eprintln!("skipped: no linux/capability.h");
            return;
        };
        let mut seen = 0;
        for line in text.lines() {
            let mut words = line.split_whitespace();
            if words.next() != Some("#define") {
                continue;
            }
            let (Some(name), Some(number)) = (words.next(), words.next()) else {
                continue;
            };
            let (true, Ok(number)) = (name.starts_with("CAP_"), number.parse()) else {
                continue;
            };
            assert_eq!(
                Capability::from_name(name).map(Capability::number),
                Some(number),
                "{name}"
            );
            seen += 1;
        }
        assert!(seen >= 41, "{seen}");
    }

    #[test]
    fn reads_every_spelling() {
        for text in ["CAP_SYS_ADMIN", "cap_sys_admin", "sys_admin", "Sys_Admin"] {
            assert_eq!(text.parse(), Ok(Capability::SysAdmin), "{text}");
        }
        for text in ["", "CAP_", "sysadmin2", "ééé", "21"] {
            assert!(text.parse::<Capability>().is_err(), "{text}");
        }
        let error = "CAP_SYS_ADMIM".parse::<Capability>().expect_err("misspelt");
        assert_eq!(
            error.to_string(),
            "unknown capability \"CAP_SYS_ADMIM\", perhaps sys_admin?"
        );
    }

    #[test]
    fn sets() {
        let set: CapabilitySet = "CAP_SYS_ADMIN, chown\tnet_raw,".parse().expect("a set");
        assert_eq!(set.to_string(), "chown, net_raw, sys_admin");
        assert_eq!(set.bits(), 1 | 1 << 13 | 1 << 21);
        assert_eq!(set.len(), 3);
        assert_eq!(set.iter().collect::<CapabilitySet>(), set);
        assert!(set.is_subset(CapabilitySet::ALL) && !CapabilitySet::ALL.is_subset(set));
        let less = set.without(Capability::Chown);
        assert_eq!(set.difference(less).to_string(), "chown");
        assert_eq!(set.intersection(less), less);
        assert_eq!(less.with(Capability::Chown), set);
        assert_eq!("all".parse(), Ok(CapabilitySet::ALL));
        assert_eq!("".parse(), Ok(CapabilitySet::EMPTY));
        assert_eq!(CapabilitySet::ALL.bits(), 0x1ff_ffff_ffff);
        let newer = CapabilitySet::from_bits(1 << 63 | 1 << 41 | 1);
        assert_eq!(newer.to_string(), "cap_41, cap_63, chown");
        assert_eq!(newer.iter().count(), 1);
        assert!(!newer.is_subset(CapabilitySet::ALL));
    }
}
