//! The types of the OCI runtime specification 1.3 for Linux, in its words.
//!
//! An absent list, map, text, truth value or number is the same as an empty one, false or zero where the specification
//! makes no difference; where it does, the field is an `Option`. Names of a fixed set are enums. Foreign platforms are
//! not here: the reader refuses them by name.

mod linux;
mod process;
mod resources;

pub use linux::{
    Device, DeviceType, IdMapping, IntelRdt, Linux, MemoryPolicy, MemoryPolicyFlag,
    MemoryPolicyMode, Namespace, NetDevice, Personality, PersonalityDomain, RootfsPropagation,
    Seccomp, SeccompArg, SeccompSyscall, TimeOffset,
};
pub use process::{
    Capabilities, ConsoleSize, CpuAffinity, IoClass, IoPriority, Process, Rlimit, Scheduler,
    SchedulerFlag, SchedulerPolicy, User,
};
pub use resources::{
    BlockIo, Cpu, DeviceCgroup, HugepageLimit, InterfacePriority, Memory, Network, Pids, Rdma,
    Resources, ThrottleDevice, WeightDevice,
};

pub use casemate_model::names::NamespaceKind;

use super::decode::object;
use std::collections::BTreeMap;

object! {
    /// A container's configuration, `config.json`.
    #[derive(Default)]
    pub struct Spec {
        /// The version of the specification that it was written for.
        oci_version: String = "ociVersion" required;
        /// The container's root.
        root: Option<Root> = "root" required;
        /// What runs.
        process: Option<Process> = "process" optional;
        /// Host name.
        hostname: String = "hostname" optional;
        /// NIS domain name.
        domainname: String = "domainname" optional;
        /// Mounts beyond the root, in order.
        mounts: Vec<Mount> = "mounts" optional;
        /// Programs that run at the container's changes of state.
        hooks: Option<Hooks> = "hooks" optional;
        /// The user's own words about the container.
        annotations: BTreeMap<String, String> = "annotations" optional;
        /// What only Linux has.
        linux: Option<Linux> = "linux" optional;
    }

    /// The container's root.
    #[derive(Default)]
    pub struct Root {
        /// The directory; a relative one is of the bundle.
        path: String = "path" required;
        /// Whether it is read-only inside.
        readonly: bool = "readonly" optional;
    }

    /// A mount.
    #[derive(Default)]
    pub struct Mount {
        /// Where, inside; a relative path is of `/`.
        destination: String = "destination" required;
        /// The file system's type; a dummy for bind mounts.
        kind: String = "type" optional;
        /// What is mounted; for bind mounts a path, a relative one of the bundle.
        source: String = "source" optional;
        /// Options in the words of fstab(5).
        options: Vec<String> = "options" optional;
        /// Ids of users for an idmapped mount.
        uid_mappings: Vec<IdMapping> = "uidMappings" optional;
        /// Ids of groups for an idmapped mount.
        gid_mappings: Vec<IdMapping> = "gidMappings" optional;
    }

    /// Programs that run at the container's changes of state.
    #[derive(Default)]
    pub struct Hooks {
        /// While creating, in the runtime's namespaces (deprecated).
        prestart: Vec<Hook> = "prestart" optional;
        /// While creating, in the runtime's namespaces.
        create_runtime: Vec<Hook> = "createRuntime" optional;
        /// While creating, in the container's namespaces.
        create_container: Vec<Hook> = "createContainer" optional;
        /// While starting, in the container's namespaces.
        start_container: Vec<Hook> = "startContainer" optional;
        /// After the start, in the runtime's namespaces.
        poststart: Vec<Hook> = "poststart" optional;
        /// After the end, in the runtime's namespaces.
        poststop: Vec<Hook> = "poststop" optional;
    }

    /// A program that runs at a change of state; it gets the state on its standard input.
    #[derive(Default)]
    pub struct Hook {
        /// The program.
        path: String = "path" required;
        /// Its arguments, beginning with its name.
        args: Vec<String> = "args" optional;
        /// Its environment.
        env: Vec<String> = "env" optional;
        /// After how many seconds it is ended.
        timeout: Option<i64> = "timeout" optional;
    }
}

impl Mount {
    /// Whether it has an option.
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|own| own == option)
    }

    /// Whether it shows something of the host rather than a file system of its own. Only the options decide by the
    /// specification; engines take the type too.
    pub fn is_bind(&self) -> bool {
        self.has("bind") || self.has("rbind") || self.kind == "bind"
    }
}

impl Linux {
    /// The namespace of a kind, when there is one.
    pub fn namespace(&self, kind: NamespaceKind) -> Option<&Namespace> {
        self.namespaces
            .iter()
            .find(|namespace| namespace.kind == kind)
    }
}

impl Spec {
    /// The namespace of a kind, when there is one.
    pub fn namespace(&self, kind: NamespaceKind) -> Option<&Namespace> {
        self.linux.as_ref()?.namespace(kind)
    }
}
