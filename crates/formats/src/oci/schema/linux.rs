//! What only Linux has.

use super::resources::Resources;
use crate::oci::decode::{Decoder, Encoder, Json, Shape, names, object};
use crate::oci::error::Problem;
use casemate_model::names::NamespaceKind;
use casemate_seccomp::formats::json::{Value, quote};
use std::collections::BTreeMap;

object! {
    /// What only Linux has.
    #[derive(Default)]
    pub struct Linux {
        /// Ids of users of the user namespace.
        uid_mappings: Vec<IdMapping> = "uidMappings" optional;
        /// Ids of groups of the user namespace.
        gid_mappings: Vec<IdMapping> = "gidMappings" optional;
        /// Kernel parameters.
        sysctl: BTreeMap<String, String> = "sysctl" optional;
        /// Limits of the cgroup.
        resources: Option<Resources> = "resources" optional;
        /// The cgroup; chosen by the runtime when empty.
        cgroups_path: String = "cgroupsPath" optional;
        /// Namespaces; one that is not listed is the runtime's.
        namespaces: Vec<Namespace> = "namespaces" optional;
        /// Device nodes beyond the default ones.
        devices: Vec<Device> = "devices" optional;
        /// Network devices that are moved into the container, by their name outside.
        net_devices: BTreeMap<String, NetDevice> = "netDevices" optional;
        /// The system call filter.
        seccomp: Option<Seccomp> = "seccomp" optional;
        /// Propagation of the root mount.
        rootfs_propagation: Option<RootfsPropagation> = "rootfsPropagation" optional;
        /// Paths that are hidden.
        masked_paths: Vec<String> = "maskedPaths" optional;
        /// Paths that are read-only.
        readonly_paths: Vec<String> = "readonlyPaths" optional;
        /// SELinux context of the mounts.
        mount_label: String = "mountLabel" optional;
        /// Intel's resource director.
        intel_rdt: Option<IntelRdt> = "intelRdt" optional;
        /// Policy of memory nodes.
        memory_policy: Option<MemoryPolicy> = "memoryPolicy" optional;
        /// The execution domain.
        personality: Option<Personality> = "personality" optional;
        /// Offsets of the clocks of the time namespace, by clock.
        time_offsets: BTreeMap<String, TimeOffset> = "timeOffsets" optional;
    }

    /// A namespace.
    pub struct Namespace {
        /// Its kind.
        kind: NamespaceKind = "type" required;
        /// The file of the one to join; a new one when empty.
        path: String = "path" optional;
    }

    /// A range of ids.
    #[derive(Default, Copy)]
    pub struct IdMapping {
        /// The first one inside.
        container_id: u32 = "containerID" required;
        /// The first one outside.
        host_id: u32 = "hostID" required;
        /// How many.
        size: u32 = "size" required;
    }

    /// A clock's offset.
    #[derive(Default, Copy)]
    pub struct TimeOffset {
        /// Seconds.
        secs: i64 = "secs" optional;
        /// Nanoseconds to be added.
        nanosecs: u32 = "nanosecs" optional;
    }

    /// A device node.
    pub struct Device {
        /// Where, inside.
        path: String = "path" required;
        /// Its kind.
        kind: DeviceType = "type" required;
        /// Major number; not for a pipe.
        major: Option<i64> = "major" optional;
        /// Minor number; not for a pipe.
        minor: Option<i64> = "minor" optional;
        /// Permission bits; 0666 when absent.
        file_mode: Option<u32> = "fileMode" optional;
        /// Owner, as an id inside.
        uid: Option<u32> = "uid" optional;
        /// Group, as an id inside.
        gid: Option<u32> = "gid" optional;
    }

    /// A network device that is moved into the container.
    #[derive(Default)]
    pub struct NetDevice {
        /// Its name inside; the one outside when empty.
        name: String = "name" optional;
    }

    /// The system call filter, in the words of the specification; [`Reading::filter`](crate::oci::Reading::filter)
    /// makes a policy of it.
    #[derive(Default)]
    pub struct Seccomp {
        /// What becomes of a call that no rule names.
        default_action: String = "defaultAction" required;
        /// The error number of the default action.
        default_errno_ret: Option<u32> = "defaultErrnoRet" optional;
        /// Architectures.
        architectures: Vec<String> = "architectures" optional;
        /// Flags of seccomp(2).
        flags: Vec<String> = "flags" optional;
        /// The socket of the agent that calls are passed to.
        listener_path: String = "listenerPath" optional;
        /// What the agent is told.
        listener_metadata: String = "listenerMetadata" optional;
        /// The rules.
        syscalls: Vec<SeccompSyscall> = "syscalls" optional;
    }

    /// A rule of the filter.
    #[derive(Default)]
    pub struct SeccompSyscall {
        /// System calls.
        names: Vec<String> = "names" required;
        /// What becomes of them.
        action: String = "action" required;
        /// The error number of the action.
        errno_ret: Option<u32> = "errnoRet" optional;
        /// Conditions, all of which must hold.
        args: Vec<SeccompArg> = "args" optional;
    }

    /// A condition of a rule.
    #[derive(Default)]
    pub struct SeccompArg {
        /// The argument, from 0.
        index: u32 = "index" required;
        /// What it is compared with.
        value: u64 = "value" required;
        /// The second operand.
        value_two: u64 = "valueTwo" optional;
        /// How.
        op: String = "op" required;
    }

    /// Intel's resource director.
    #[derive(Default)]
    pub struct IntelRdt {
        /// The class of service; one of the container's own when empty.
        clos_id: String = "closID" optional;
        /// Lines of the schemata file.
        schemata: Vec<String> = "schemata" optional;
        /// The line for the third cache.
        l3_cache_schema: String = "l3CacheSchema" optional;
        /// The line for memory bandwidth.
        mem_bw_schema: String = "memBwSchema" optional;
        /// Whether the container has a monitoring group.
        enable_monitoring: bool = "enableMonitoring" optional;
    }

    /// Policy of memory nodes, set_mempolicy(2).
    pub struct MemoryPolicy {
        /// The mode.
        mode: MemoryPolicyMode = "mode" required;
        /// The nodes, such as `0-3,7`.
        nodes: String = "nodes" optional;
        /// Flags.
        flags: Vec<MemoryPolicyFlag> = "flags" optional;
    }

    /// The execution domain, personality(2).
    pub struct Personality {
        /// The domain.
        domain: PersonalityDomain = "domain" required;
        /// Flags; the specification has none.
        flags: Vec<String> = "flags" optional;
    }
}

names! {
    /// A kind of device node.
    pub enum DeviceType("device type") {
        /// A block device.
        Block = "b",
        /// A character device.
        Character = "c",
        /// A character device without a buffer, which is the same.
        Unbuffered = "u",
        /// A named pipe.
        Pipe = "p",
    }

    /// Propagation of the root mount. The forms with `r` are those that engines write; here both go into all mounts below.
    pub enum RootfsPropagation("propagation") {
        /// In a peer group of its own.
        Shared = "shared",
        /// The same with all below.
        RecursiveShared = "rshared",
        /// Receives what happens outside.
        Slave = "slave",
        /// The same with all below.
        RecursiveSlave = "rslave",
        /// Neither receives nor sends.
        Private = "private",
        /// The same with all below.
        RecursivePrivate = "rprivate",
        /// Private, and cannot be bound elsewhere.
        Unbindable = "unbindable",
        /// The same with all below.
        RecursiveUnbindable = "runbindable",
    }

    /// An execution domain.
    pub enum PersonalityDomain("execution domain") {
        /// The machine's own.
        Linux = "LINUX",
        /// Says that it is a 32-bit machine.
        Linux32 = "LINUX32",
    }

    /// A mode of memory policy.
    pub enum MemoryPolicyMode("memory policy") {
        /// The system's.
        Default = "MPOL_DEFAULT",
        /// Only these nodes.
        Bind = "MPOL_BIND",
        /// These in turn.
        Interleave = "MPOL_INTERLEAVE",
        /// These in turn by weight.
        WeightedInterleave = "MPOL_WEIGHTED_INTERLEAVE",
        /// This one first.
        Preferred = "MPOL_PREFERRED",
        /// These first.
        PreferredMany = "MPOL_PREFERRED_MANY",
        /// The nearest.
        Local = "MPOL_LOCAL",
    }

    /// A flag of memory policy.
    pub enum MemoryPolicyFlag("flag of memory policy") {
        /// The kernel moves pages.
        NumaBalancing = "MPOL_F_NUMA_BALANCING",
        /// Node numbers count within what is allowed.
        RelativeNodes = "MPOL_F_RELATIVE_NODES",
        /// Node numbers are physical.
        StaticNodes = "MPOL_F_STATIC_NODES",
    }
}

impl Json for NamespaceKind {
    const SHAPE: Shape = Shape::Leaf;

    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
        let name = decoder.text(value)?;
        let found = Self::ALL.into_iter().find(|kind| kind.oci() == name);
        if found.is_none() {
            let known = Self::ALL.into_iter().map(Self::oci);
            decoder.error(
                value.at,
                Problem::unknown_name("namespace type", name, known),
            );
        }
        found
    }

    fn encode(&self, encoder: &mut Encoder) {
        encoder.plain(&quote(self.oci()));
    }
}
