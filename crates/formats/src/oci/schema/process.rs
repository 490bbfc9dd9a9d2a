//! What runs in the container, and as whom.

use crate::oci::decode::{Decoder, Encoder, Json, Shape, names, object};
use crate::oci::error::Remark;
use casemate_model::names::{Capability, CapabilitySet};
use casemate_seccomp::formats::json::{Kind, Value, quote};

object! {
    /// What runs.
    #[derive(Default)]
    pub struct Process {
        /// Whether it gets a terminal.
        terminal: bool = "terminal" optional;
        /// The terminal's size; nothing without a terminal.
        console_size: Option<ConsoleSize> = "consoleSize" optional;
        /// As whom.
        user: User = "user" required;
        /// The command, beginning with the program.
        args: Vec<String> = "args" optional;
        /// The environment.
        env: Vec<String> = "env" optional;
        /// The working directory.
        cwd: String = "cwd" required;
        /// The capability sets; all are empty when this is absent.
        capabilities: Option<Capabilities> = "capabilities" optional;
        /// Limits of the process.
        rlimits: Vec<Rlimit> = "rlimits" optional;
        /// Whether no_new_privs is set.
        no_new_privileges: bool = "noNewPrivileges" optional;
        /// AppArmor profile.
        apparmor_profile: String = "apparmorProfile" optional;
        /// Out-of-memory score adjustment; unchanged when absent.
        oom_score_adj: Option<i32> = "oomScoreAdj" optional;
        /// The scheduler.
        scheduler: Option<Scheduler> = "scheduler" optional;
        /// SELinux context.
        selinux_label: String = "selinuxLabel" optional;
        /// Priority of input and output.
        io_priority: Option<IoPriority> = "ioPriority" optional;
        /// Processors for programs that join later; not for the first one.
        exec_cpu_affinity: Option<CpuAffinity> = "execCPUAffinity" optional;
    }

    /// A terminal's size in characters.
    #[derive(Default)]
    pub struct ConsoleSize {
        /// Lines.
        height: u64 = "height" required;
        /// Columns.
        width: u64 = "width" required;
    }

    /// As whom something runs; ids are those of the container.
    #[derive(Default)]
    pub struct User {
        /// User.
        uid: u32 = "uid" required;
        /// Group.
        gid: u32 = "gid" required;
        /// File mode mask; that of the caller when absent.
        umask: Option<u32> = "umask" optional;
        /// Further groups.
        additional_gids: Vec<u32> = "additionalGids" optional;
    }

    /// Capability sets.
    #[derive(Copy)]
    pub struct Capabilities {
        /// What can be gained at all.
        bounding: CapabilitySet = "bounding" optional;
        /// What is in force.
        effective: CapabilitySet = "effective" optional;
        /// What programs with inheritable file capabilities keep.
        inheritable: CapabilitySet = "inheritable" optional;
        /// What can be put in force.
        permitted: CapabilitySet = "permitted" optional;
        /// What plain programs keep.
        ambient: CapabilitySet = "ambient" optional;
    }

    /// A limit of the process.
    pub struct Rlimit {
        /// Its name, such as `RLIMIT_NOFILE`.
        kind: String = "type" required;
        /// The limit in force.
        soft: u64 = "soft" required;
        /// The ceiling.
        hard: u64 = "hard" required;
    }

    /// How the process is scheduled.
    pub struct Scheduler {
        /// The policy.
        policy: SchedulerPolicy = "policy" required;
        /// The nice value.
        nice: i32 = "nice" optional;
        /// The static priority.
        priority: i32 = "priority" optional;
        /// Flags of sched_setattr(2).
        flags: Vec<SchedulerFlag> = "flags" optional;
        /// Nanoseconds of run time in a period.
        runtime: u64 = "runtime" optional;
        /// Nanoseconds until it is done.
        deadline: u64 = "deadline" optional;
        /// Nanoseconds of a period.
        period: u64 = "period" optional;
    }

    /// Priority of input and output.
    pub struct IoPriority {
        /// The class.
        class: IoClass = "class" required;
        /// From 0, the highest, to 7.
        priority: i32 = "priority" required;
    }

    /// Lists of processors, such as `0-3,7`.
    #[derive(Default)]
    pub struct CpuAffinity {
        /// Before the container's cgroup is joined.
        initial: String = "initial" optional;
        /// After it.
        after: String = "final" optional;
    }
}

names! {
    /// A scheduling policy.
    pub enum SchedulerPolicy("scheduling policy") {
        /// The ordinary one.
        Other = "SCHED_OTHER",
        /// First in, first out.
        Fifo = "SCHED_FIFO",
        /// Round robin.
        RoundRobin = "SCHED_RR",
        /// For computations.
        Batch = "SCHED_BATCH",
        /// In no kernel.
        Iso = "SCHED_ISO",
        /// When nothing else runs.
        Idle = "SCHED_IDLE",
        /// By deadline.
        Deadline = "SCHED_DEADLINE",
    }

    /// A flag of sched_setattr(2).
    pub enum SchedulerFlag("scheduling flag") {
        /// Children are scheduled as usual.
        ResetOnFork = "SCHED_FLAG_RESET_ON_FORK",
        /// Takes what others leave.
        Reclaim = "SCHED_FLAG_RECLAIM",
        /// A signal when the deadline is missed.
        DeadlineOverrun = "SCHED_FLAG_DL_OVERRUN",
        /// Leaves the policy.
        KeepPolicy = "SCHED_FLAG_KEEP_POLICY",
        /// Leaves the parameters.
        KeepParams = "SCHED_FLAG_KEEP_PARAMS",
        /// Lower clamp of utilisation.
        ClampMin = "SCHED_FLAG_UTIL_CLAMP_MIN",
        /// Upper clamp of utilisation.
        ClampMax = "SCHED_FLAG_UTIL_CLAMP_MAX",
    }

    /// A class of priority of input and output.
    pub enum IoClass("class of I/O priority") {
        /// Before all others.
        RealTime = "IOPRIO_CLASS_RT",
        /// The ordinary one.
        BestEffort = "IOPRIO_CLASS_BE",
        /// When nothing else does.
        Idle = "IOPRIO_CLASS_IDLE",
    }
}

impl Capabilities {
    /// No capability in any set, which is also what an absent property says.
    pub const NONE: Self = Self {
        bounding: CapabilitySet::EMPTY,
        effective: CapabilitySet::EMPTY,
        inheritable: CapabilitySet::EMPTY,
        permitted: CapabilitySet::EMPTY,
        ambient: CapabilitySet::EMPTY,
    };
}

// Names that no kernel known here has are left out with a warning, as the specification demands.
impl Json for CapabilitySet {
    const SHAPE: Shape = Shape::List(&Shape::Leaf);

    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
        let names = Vec::<String>::decode(value, decoder)?;
        let places: &[Value] = match &value.kind {
            Kind::List(values) => values,
            _ => &[],
        };
        let mut set = Self::EMPTY;
        for (name, place) in names.iter().zip(places) {
            // Engines write names in full and in capitals; another spelling is no capability of the specification.
            let known = name
                .strip_prefix("CAP_")
                .filter(|rest| !rest.contains(|c: char| c.is_ascii_lowercase()))
                .and_then(Capability::from_name);
            match known {
                Some(capability) => set = set.with(capability),
                None => decoder.warn(
                    place.at,
                    Remark::UnknownCapability {
                        name: crate::oci::decode::short(name),
                    },
                ),
            }
        }
        Some(set)
    }

    fn encode(&self, encoder: &mut Encoder) {
        encoder.group(['[', ']'], |encoder| {
            for capability in self.iter() {
                encoder.next();
                let name = capability.name().to_ascii_uppercase();
                encoder.plain(&quote(&format!("CAP_{name}")));
            }
        });
    }

    fn absent() -> Option<Self> {
        Some(Self::EMPTY)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
