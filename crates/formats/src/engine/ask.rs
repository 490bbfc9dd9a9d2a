//! What an engine is asked for a container, whatever the format it is asked in.

use crate::loss::Loss;
use crate::reader::{Problem, ReadError, Reading, Text};
use casemate_model::Origin;
use casemate_model::facets::binds::Propagation;
use casemate_model::facets::device_numbers::DeviceRule;
use casemate_model::facets::network::Published;
use casemate_model::facets::resources::RlimitPair;
use casemate_model::workload::Setting;
use casemate_model::{Stated, workload};
use std::path::PathBuf;

/// A value and where it was said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said<T> {
    /// What.
    pub value: T,
    /// Where.
    pub origin: Origin,
}

impl<T> Said<T> {
    /// Says a value.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

/// What may be said once.
pub type Maybe<T> = Option<Said<T>>;

/// What an engine is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    /// The container's name.
    pub name: String,
    /// The image.
    pub image: Maybe<String>,
    /// The program that gets the command as arguments; empty takes away the image's.
    pub entrypoint: Maybe<Vec<String>>,
    /// The command, or the arguments of the entry point.
    pub command: Maybe<Vec<String>>,
    /// The directory it starts in.
    pub directory: Maybe<String>,
    /// `USER[:GROUP]`, names or numbers.
    pub user: Maybe<String>,
    /// More groups, names or numbers.
    pub groups: Vec<Said<String>>,
    /// Environment variables; without a value, the caller's.
    pub environment: Vec<Said<(String, Option<String>)>>,
    /// All of the caller's variables (Podman).
    pub environment_host: Maybe<bool>,
    /// The host name.
    pub hostname: Maybe<String>,
    /// The NIS domain name.
    pub domainname: Maybe<String>,
    /// Everything at once.
    pub privileged: Maybe<bool>,
    /// Capabilities that are added.
    pub cap_add: Vec<Said<String>>,
    /// Capabilities that are taken away.
    pub cap_drop: Vec<Said<String>>,
    /// Whether execve(2) gives nothing.
    pub no_new_privileges: Maybe<bool>,
    /// The filter.
    pub filter: Maybe<Filter>,
    /// AppArmor's profile.
    pub apparmor: Maybe<String>,
    /// Parts of SELinux's label, such as `type:container_t`, or `disable`.
    pub selinux: Vec<Said<String>>,
    /// What of /proc and /sys is covered, in place of the default.
    pub masked: Maybe<Vec<String>>,
    /// What of /proc and /sys is read-only, in place of the default.
    pub read_only_paths: Maybe<Vec<String>>,
    /// Paths that are covered beside the default (Podman).
    pub mask: Vec<Said<String>>,
    /// Paths that are neither covered nor read-only (Podman).
    pub unmask: Vec<Said<String>>,
    /// Whose processes it sees.
    pub pid: Maybe<String>,
    /// Whose IPC objects.
    pub ipc: Maybe<String>,
    /// Whose host name.
    pub uts: Maybe<String>,
    /// Whose ids.
    pub userns: Maybe<String>,
    /// Which part of the cgroup tree.
    pub cgroupns: Maybe<String>,
    /// The networks.
    pub networks: Vec<Said<String>>,
    /// Lines of the maps of ids, `INSIDE:OUTSIDE:COUNT` (Podman).
    pub uid_map: Vec<Said<String>>,
    /// The same for groups.
    pub gid_map: Vec<Said<String>>,
    /// Whether `/` is read-only.
    pub read_only: Maybe<bool>,
    /// Whether /run, /tmp and /var/tmp are writable all the same (Podman).
    pub read_only_tmpfs: Maybe<bool>,
    /// Mounts.
    pub mounts: Vec<Said<Mount>>,
    /// The size of /dev/shm.
    pub shm_size: Maybe<u64>,
    /// Devices of the host.
    pub devices: Vec<Said<Device>>,
    /// Rules of device control.
    pub device_rules: Vec<Said<DeviceRule>>,
    /// Kernel parameters.
    pub sysctls: Vec<Said<(String, String)>>,
    /// Limits of each process.
    pub ulimits: Vec<Said<(String, RlimitPair)>>,
    /// Memory in bytes; 0 is no limit.
    pub memory: Maybe<i64>,
    /// Memory and swap in bytes; 0 is the default, -1 no limit.
    pub memory_swap: Maybe<i64>,
    /// Whether nothing is ended when memory is short.
    pub oom_kill_disable: Maybe<bool>,
    /// What the badness is changed by.
    pub oom_score_adj: Maybe<i32>,
    /// Processes; 0 or less is no limit.
    pub pids_limit: Maybe<i64>,
    /// Thousandths of a processor.
    pub cpus: Maybe<u64>,
    /// Microseconds of a period.
    pub cpu_quota: Maybe<i64>,
    /// Microseconds.
    pub cpu_period: Maybe<u64>,
    /// The share beside others; 0 is the default.
    pub cpu_shares: Maybe<u64>,
    /// Which processors.
    pub cpuset_cpus: Maybe<String>,
    /// Which memory nodes.
    pub cpuset_mems: Maybe<String>,
    /// Rates of devices: the name and the rate.
    pub rates: Vec<Said<(String, u64)>>,
    /// Ports.
    pub published: Vec<Said<Published>>,
    /// Whether all ports that the image names are published.
    pub publish_all: Maybe<bool>,
    /// Whether it gets a terminal.
    pub tty: Maybe<bool>,
    /// Descriptors that are kept (Podman).
    pub preserve_fds: Maybe<u32>,
    /// What confines nothing.
    pub settings: Vec<Setting>,
}

/// Which filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// None.
    Unconfined,
    /// The engine's own.
    Builtin,
    /// A profile: its name and its text.
    Profile {
        /// The file, or what stands for it.
        name: String,
        /// JSON.
        text: Vec<u8>,
    },
    /// A file that is not at hand.
    Absent(String),
}

/// A mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// What is mounted.
    pub kind: MountKind,
    /// The path on the host, or the volume's name.
    pub source: Option<String>,
    /// Where.
    pub target: PathBuf,
    /// Whether it is read-only.
    pub access: Writing,
    /// How mounts pass.
    pub propagation: Option<Propagation>,
    /// Whether programs in it run.
    pub noexec: bool,
    /// Whether set-user-id bits do nothing there.
    pub nosuid: bool,
    /// Whether device nodes do nothing there.
    pub nodev: bool,
    /// The size of a tmpfs.
    pub size: Option<u64>,
    /// Words that confine nothing, such as `z`.
    pub words: Vec<String>,
}

/// Whether a mount can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// It can.
    Permitted,
    /// It cannot.
    Refused,
}

/// What is mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountKind {
    /// A path of the host.
    Bind,
    /// A volume, with a name or without.
    Volume,
    /// Memory.
    Tmpfs,
}

/// A device of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The path on the host.
    pub host: String,
    /// The path inside.
    pub inside: String,
    /// Letters of `rwm`.
    pub access: String,
}

impl Ask {
    /// Adds a setting.
    pub fn setting(
        &mut self,
        name: &'static str,
        key: impl Into<String>,
        value: impl Into<String>,
        origin: Origin,
    ) {
        self.settings.push(Setting {
            name,
            key: key.into(),
            value: value.into(),
            origin: Stated::set((), origin),
        });
    }

    /// The value of the first setting of a name.
    pub fn setting_of(&self, name: &str) -> Option<&str> {
        let mut found = self.settings.iter().filter(|setting| setting.name == name);
        found.next().map(|setting| setting.value.as_str())
    }
}

/// Settings of containers that have no name in the model.
pub mod setting {
    pub use super::workload::setting::*;
    /// The parent of its cgroup.
    pub const CGROUP_PARENT: &str = "cgroup-parent";
    /// How it uses swap, 0 to 100.
    pub const SWAPPINESS: &str = "memory-swappiness";
    /// The share of block devices beside others; the key is a device.
    pub const IO_WEIGHT: &str = "io-weight";
    /// A name server, search domain or option of the resolver; the key tells which.
    pub const DNS: &str = "dns";
    /// A line of /etc/hosts.
    pub const EXTRA_HOST: &str = "extra-host";
    /// A port that is named and not published.
    pub const EXPOSE: &str = "expose";
    /// An option of a mount that confines nothing; the key is where it is mounted.
    pub const MOUNT_OPTION: &str = "mount-option";
    /// An option of the logging driver; the key is its name.
    pub const LOG_OPTION: &str = "log-option";
    /// How long it has to end, in seconds.
    pub const STOP_TIMEOUT: &str = "stop-timeout";
    /// Whether standard input stays open.
    pub const STDIN: &str = "stdin";
    /// Whether it is removed when it ends.
    pub const REMOVE: &str = "remove";
    /// Whether the caller does not wait.
    pub const DETACH: &str = "detach";
    /// When the image is fetched.
    pub const PULL: &str = "pull";
    /// The platform of the image.
    pub const PLATFORM: &str = "platform";
    /// An annotation for the runtime; the key is its name.
    pub const ANNOTATION: &str = "annotation";
    /// An option of a kind that confines nothing; the key is its name in the format.
    pub const OPTION: &str = "option";
    /// What it depends on.
    pub const DEPENDS_ON: &str = "depends-on";
    /// When it is part of what is started.
    pub const PROFILE: &str = "profile";
    /// The file of its system call filter, when that is not at hand.
    pub const SECCOMP_PROFILE: &str = "seccomp-profile";
    /// A group that it is in beside those of the image.
    pub const GROUP: &str = "group";
    /// How its user namespace is made.
    pub const USERNS: &str = "userns";
    /// Graphics and other processors that are asked for.
    pub const GPU: &str = "gpu";
}

/// What a reader has to say beside what it read.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// What keeps the input from being read.
    pub problems: Vec<Problem>,
    /// What is not carried over.
    pub losses: Vec<Loss>,
}

impl Notes {
    /// Says that something is wrong.
    pub fn wrong(&mut self, what: impl Into<String>, origin: &Origin) {
        self.problems.push(Problem::new(what, origin.clone()));
    }

    /// Keeps what is right and says what is wrong.
    pub fn keep<T>(&mut self, result: Result<T, String>, origin: &Origin) -> Maybe<T> {
        match result {
            Ok(value) => Some(Said::new(value, origin.clone())),
            Err(what) => {
                self.wrong(what, origin);
                None
            }
        }
    }

    /// Says that something is not understood.
    pub fn unknown(&mut self, what: impl Into<String>, origin: &Origin) {
        self.losses.push(Loss::not_understood(what, origin.clone()));
    }

    /// Says that something has no place in the model.
    pub fn no_place(&mut self, what: impl Into<String>, value: impl Into<String>, origin: &Origin) {
        self.losses
            .push(Loss::no_place(what, value, origin.clone()));
    }

    /// Says that something depends on what is not here.
    pub fn elsewhere(&mut self, what: impl Into<String>, on: impl Into<String>, origin: &Origin) {
        self.losses.push(Loss::elsewhere(what, on, origin.clone()));
    }

    /// Says that something has no effect.
    pub fn ignored(&mut self, what: impl Into<String>, why: impl Into<String>, origin: &Origin) {
        self.losses.push(Loss::ignored(what, why, origin.clone()));
    }
}

/// The place of a text's first bytes, for what has no other.
pub(crate) fn beginning(text: &Text<'_>) -> Origin {
    text.origin(0, text.text.len().min(1))
}

impl Notes {
    /// What was read, or what is wrong in the order of the input.
    pub(crate) fn finish(
        self,
        workloads: Vec<casemate_model::Workload>,
    ) -> Result<Reading, ReadError> {
        let Self {
            mut problems,
            losses,
        } = self;
        if problems.is_empty() {
            return Ok(Reading { workloads, losses });
        }
        problems.sort_by(|a, b| a.origin.cmp(&b.origin));
        problems.dedup();
        // Every element of a long list can be wrong in the same way.
        problems.truncate(MOST_PROBLEMS);
        Err(ReadError { problems })
    }
}

const MOST_PROBLEMS: usize = 100;
