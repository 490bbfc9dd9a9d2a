//! The rows that a unit is rated by.

/// A row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The setting that it is about, as systemd shows it.
    pub name: &'static str,
    /// What is asked.
    pub check: Check,
    /// How much it counts.
    pub weight: u64,
    /// The worst badness.
    pub range: u64,
}

/// What a row asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// The setting should be on.
    On(&'static str),
    /// The setting should be on; does not apply to units of the early boot.
    Early(&'static str),
    /// It should not be root, and not `nobody`.
    User,
    /// There should be no supplementary groups; does not apply to root.
    Groups,
    /// IPC objects should be removed; does not apply to root.
    RemoveIpc,
    /// Home directories should be hidden; does not apply to units of the early boot.
    EarlyHome,
    /// The system should be read-only; does not apply to units of the early boot.
    EarlySystem,
    /// There should be an own root; does not apply to units of the early boot.
    EarlyRoot,
    /// None of these capabilities should be in the bounding set.
    Bounding(&'static [&'static str]),
    /// There should be no ambient capability.
    Ambient,
    /// Files should be made for their owner only.
    Umask,
    /// Keys should be private.
    Keyring,
    /// Other users' processes should be hidden.
    ProtectProc,
    /// /proc should have processes only.
    ProcSubset,
    /// Not every process should be able to speak for the unit.
    Notify,
    /// No part of the cgroup tree should be handed over.
    Delegate,
    /// Namespaces of this kind should be refused.
    Namespace(&'static str),
    /// Sockets of these families should be refused; of all that no other row names when empty.
    Family(&'static [&'static str]),
    /// System calls should be those of the machine itself.
    Architectures,
    /// The group of system calls should be refused.
    Calls(&'static str),
    /// Addresses should be refused.
    Addresses,
    /// Devices should be refused.
    Devices,
}

const fn rule(name: &'static str, check: Check, weight: u64, range: u64) -> Rule {
    Rule {
        name,
        check,
        weight,
        range,
    }
}

/// The rows of systemd 252.
#[rustfmt::skip]
pub static TABLE: [Rule; 81] = [
    rule("PrivateNetwork=", Check::On("PrivateNetwork"), 2500, 1),
    rule("User=/DynamicUser=", Check::User, 2000, 10),
    rule("CapabilityBoundingSet=~CAP_SET(UID|GID|PCAP)", Check::Bounding(&["setuid", "setgid", "setpcap"]), 1500, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_ADMIN", Check::Bounding(&["sys_admin"]), 1500, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_PTRACE", Check::Bounding(&["sys_ptrace"]), 1500, 1),
    rule("RestrictAddressFamilies=~AF_(INET|INET6)", Check::Family(&["AF_INET", "AF_INET6"]), 1500, 1),
    rule("RestrictNamespaces=~user", Check::Namespace("user"), 1500, 1),
    rule("RestrictAddressFamilies=~…", Check::Family(&[]), 1250, 1),
    rule("CapabilityBoundingSet=~CAP_(CHOWN|FSETID|SETFCAP)", Check::Bounding(&["chown", "fsetid", "setfcap"]), 1000, 1),
    rule("CapabilityBoundingSet=~CAP_(DAC_*|FOWNER|IPC_OWNER)", Check::Bounding(&["dac_override", "dac_read_search", "fowner", "ipc_owner"]), 1000, 1),
    rule("CapabilityBoundingSet=~CAP_NET_ADMIN", Check::Bounding(&["net_admin"]), 1000, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_MODULE", Check::Bounding(&["sys_module"]), 1000, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_RAWIO", Check::Bounding(&["sys_rawio"]), 1000, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_TIME", Check::Bounding(&["sys_time"]), 1000, 1),
    rule("DeviceAllow=", Check::Devices, 1000, 10),
    rule("IPAddressDeny=", Check::Addresses, 1000, 10),
    rule("KeyringMode=", Check::Keyring, 1000, 1),
    rule("NoNewPrivileges=", Check::On("NoNewPrivileges"), 1000, 1),
    rule("NotifyAccess=", Check::Notify, 1000, 1),
    rule("PrivateDevices=", Check::On("PrivateDevices"), 1000, 1),
    rule("PrivateMounts=", Check::On("PrivateMounts"), 1000, 1),
    rule("PrivateTmp=", Check::Early("PrivateTmp"), 1000, 1),
    rule("PrivateUsers=", Check::On("PrivateUsers"), 1000, 1),
    rule("ProtectClock=", Check::On("ProtectClock"), 1000, 1),
    rule("ProtectControlGroups=", Check::On("ProtectControlGroups"), 1000, 1),
    rule("ProtectHome=", Check::EarlyHome, 1000, 10),
    rule("ProtectKernelLogs=", Check::On("ProtectKernelLogs"), 1000, 1),
    rule("ProtectKernelModules=", Check::On("ProtectKernelModules"), 1000, 1),
    rule("ProtectKernelTunables=", Check::On("ProtectKernelTunables"), 1000, 1),
    rule("ProtectProc=", Check::ProtectProc, 1000, 3),
    rule("ProtectSystem=", Check::EarlySystem, 1000, 10),
    rule("RestrictAddressFamilies=~AF_PACKET", Check::Family(&["AF_PACKET"]), 1000, 1),
    rule("RestrictSUIDSGID=", Check::On("RestrictSUIDSGID"), 1000, 1),
    rule("SystemCallArchitectures=", Check::Architectures, 1000, 10),
    rule("SystemCallFilter=~@clock", Check::Calls("@clock"), 1000, 10),
    rule("SystemCallFilter=~@debug", Check::Calls("@debug"), 1000, 10),
    rule("SystemCallFilter=~@module", Check::Calls("@module"), 1000, 10),
    rule("SystemCallFilter=~@mount", Check::Calls("@mount"), 1000, 10),
    rule("SystemCallFilter=~@raw-io", Check::Calls("@raw-io"), 1000, 10),
    rule("SystemCallFilter=~@reboot", Check::Calls("@reboot"), 1000, 10),
    rule("SystemCallFilter=~@swap", Check::Calls("@swap"), 1000, 10),
    rule("SystemCallFilter=~@privileged", Check::Calls("@privileged"), 700, 10),
    rule("SystemCallFilter=~@resources", Check::Calls("@resources"), 700, 10),
    rule("AmbientCapabilities=", Check::Ambient, 500, 1),
    rule("CapabilityBoundingSet=~CAP_AUDIT_*", Check::Bounding(&["audit_control", "audit_read", "audit_write"]), 500, 1),
    rule("CapabilityBoundingSet=~CAP_KILL", Check::Bounding(&["kill"]), 500, 1),
    rule("CapabilityBoundingSet=~CAP_MKNOD", Check::Bounding(&["mknod"]), 500, 1),
    rule("CapabilityBoundingSet=~CAP_NET_(BIND_SERVICE|BROADCAST|RAW)", Check::Bounding(&["net_bind_service", "net_broadcast", "net_raw"]), 500, 1),
    rule("CapabilityBoundingSet=~CAP_SYSLOG", Check::Bounding(&["syslog"]), 500, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_(NICE|RESOURCE)", Check::Bounding(&["sys_nice", "sys_resource"]), 500, 1),
    rule("RestrictNamespaces=~cgroup", Check::Namespace("cgroup"), 500, 1),
    rule("RestrictNamespaces=~ipc", Check::Namespace("ipc"), 500, 1),
    rule("RestrictNamespaces=~mnt", Check::Namespace("mnt"), 500, 1),
    rule("RestrictNamespaces=~net", Check::Namespace("net"), 500, 1),
    rule("RestrictNamespaces=~pid", Check::Namespace("pid"), 500, 1),
    rule("RestrictRealtime=", Check::On("RestrictRealtime"), 500, 1),
    rule("SystemCallFilter=~@cpu-emulation", Check::Calls("@cpu-emulation"), 250, 10),
    rule("SystemCallFilter=~@obsolete", Check::Calls("@obsolete"), 250, 10),
    rule("RestrictAddressFamilies=~AF_NETLINK", Check::Family(&["AF_NETLINK"]), 200, 1),
    rule("RootDirectory=/RootImage=", Check::EarlyRoot, 200, 1),
    rule("SupplementaryGroups=", Check::Groups, 200, 1),
    rule("CapabilityBoundingSet=~CAP_MAC_*", Check::Bounding(&["mac_admin", "mac_override"]), 100, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_BOOT", Check::Bounding(&["sys_boot"]), 100, 1),
    rule("Delegate=", Check::Delegate, 100, 1),
    rule("LockPersonality=", Check::On("LockPersonality"), 100, 1),
    rule("MemoryDenyWriteExecute=", Check::On("MemoryDenyWriteExecute"), 100, 1),
    rule("RemoveIPC=", Check::RemoveIpc, 100, 1),
    rule("RestrictNamespaces=~uts", Check::Namespace("uts"), 100, 1),
    rule("UMask=", Check::Umask, 100, 10),
    rule("CapabilityBoundingSet=~CAP_LINUX_IMMUTABLE", Check::Bounding(&["linux_immutable"]), 75, 1),
    rule("CapabilityBoundingSet=~CAP_IPC_LOCK", Check::Bounding(&["ipc_lock"]), 50, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_CHROOT", Check::Bounding(&["sys_chroot"]), 50, 1),
    rule("ProtectHostname=", Check::On("ProtectHostname"), 50, 1),
    rule("CapabilityBoundingSet=~CAP_BLOCK_SUSPEND", Check::Bounding(&["block_suspend"]), 25, 1),
    rule("CapabilityBoundingSet=~CAP_BPF", Check::Bounding(&["bpf"]), 25, 1),
    rule("CapabilityBoundingSet=~CAP_LEASE", Check::Bounding(&["lease"]), 25, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_PACCT", Check::Bounding(&["sys_pacct"]), 25, 1),
    rule("CapabilityBoundingSet=~CAP_SYS_TTY_CONFIG", Check::Bounding(&["sys_tty_config"]), 25, 1),
    rule("CapabilityBoundingSet=~CAP_WAKE_ALARM", Check::Bounding(&["wake_alarm"]), 25, 1),
    rule("RestrictAddressFamilies=~AF_UNIX", Check::Family(&["AF_UNIX"]), 25, 1),
    rule("ProcSubset=", Check::ProcSubset, 10, 1),
];
