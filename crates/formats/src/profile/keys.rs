//! The one table of a profile's keys. Flags of the command line, the documentation and the JSON Schema are made of it.

use casemate_model::order::FieldId;

/// What a value must look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Any text.
    Text,
    /// A path of the host.
    Path,
    /// A size in bytes, with a unit.
    Size,
    /// A number of things.
    Count,
    /// A number of processors.
    Processors,
    /// A duration, with a unit.
    Duration,
    /// A soft and a hard limit, or one for both.
    LimitPair,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A user id or `nobody`.
    User,
    /// A capability's name.
    Capability,
    /// A rule about system calls.
    SyscallRule,
    /// A device node's name below /dev.
    Device,
    /// A port, with `/udp` unless it is TCP.
    Port,
    /// The name of an environment variable, perhaps ending in `*`.
    Variable,
    /// The number of a descriptor.
    Descriptor,
    /// The name of a process limit.
    LimitName,
    /// The name of a kernel parameter.
    Parameter,
    /// A host name.
    HostName,
}

/// How many values a key takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// True or false.
    Switch {
        /// What holds by default.
        default: bool,
    },
    /// One value.
    One(Form),
    /// A list.
    List(Form),
    /// One value, or a list.
    OneOrList(Form),
    /// Values by name.
    Table {
        /// What the names are.
        name: Form,
        /// What the values are.
        value: Form,
    },
}

/// What a setting does with those of earlier layers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Combine {
    /// Takes their place.
    Replace,
    /// Adds grants to them; where only tightening is allowed, takes their place.
    Grant,
    /// Adds restrictions to them.
    Restrict,
    /// Adds entries to them; one with the same name takes its place.
    Entries,
}

/// What a key is about: a chapter of the documentation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Topic {
    /// What is run.
    Program,
    /// Which files it sees.
    Files,
    /// What it reaches over the network.
    Network,
    /// How much it may use.
    Limits,
    /// What it may ask of the kernel.
    Rights,
    /// What it gets from the caller.
    Surroundings,
}

impl Topic {
    /// All topics, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Program,
        Self::Files,
        Self::Network,
        Self::Limits,
        Self::Rights,
        Self::Surroundings,
    ];

    /// Returns the heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Program => "Program",
            Self::Files => "Files",
            Self::Network => "Network",
            Self::Limits => "Limits",
            Self::Rights => "Rights",
            Self::Surroundings => "Surroundings",
        }
    }
}

/// Whether a key is a flag too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagForm {
    /// It has a flag of the same name.
    Flag,
    /// It stands in files only.
    FileOnly,
}

/// A key of a profile.
#[derive(PartialEq, Eq, Debug)]
pub struct Key {
    /// The name, in the file and, after `--`, on the command line.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// How it goes together with earlier layers.
    pub combine: Combine,
    /// What it is about.
    pub topic: Topic,
    /// The fields of the confinement that it states; none for what is run.
    pub fields: &'static [FieldId],
    /// What the value is called in help texts.
    pub value: &'static str,
    /// One line.
    pub help: &'static str,
    /// What else there is to know.
    pub long: &'static str,
    /// An example, as a line of a profile.
    pub example: &'static str,
    /// Whether it is a flag too.
    pub flag: FlagForm,
}

/// Finds a key by its name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

const fn field(facet: &'static str, name: &'static str) -> FieldId {
    FieldId { facet, name }
}

/// Names the key of a row, for code that handles one key.
pub(crate) mod names {
    pub const COMMAND: &str = "command";
    pub const DIRECTORY: &str = "directory";
    pub const EXTENDS: &str = "extends";
    pub const LOOSEN: &str = "loosen";
}

const GRANTS: FieldId = field("files", "grants");

/// The kinds of namespaces that can be shared with the host.
pub const SHARED_KINDS: &[&str] = &["net", "ipc", "uts", "cgroup", "time"];

/// The keys, by topic.
pub static KEYS: &[Key] = &[
    Key {
        name: names::COMMAND,
        kind: Kind::List(Form::Text),
        combine: Combine::Replace,
        topic: Topic::Program,
        fields: &[],
        value: "ARG",
        help: "The program and its arguments",
        long: "A name without a slash is looked for in the directories of PATH inside. A command on the command line takes \
               the place of this one.",
        example: "command = [\"redis-server\", \"--port\", \"6379\"]",
        flag: FlagForm::FileOnly,
    },
    Key {
        name: names::DIRECTORY,
        kind: Kind::One(Form::Path),
        combine: Combine::Replace,
        topic: Topic::Program,
        fields: &[],
        value: "PATH",
        help: "The directory in which the program starts",
        long: "By default the directory that you are in, or / when that one is not visible inside. The directory is \
               readable by default, unless it is /, your home directory or one above it, or private inside.",
        example: "directory = \"/srv/app\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: names::EXTENDS,
        kind: Kind::OneOrList(Form::Path),
        combine: Combine::Replace,
        topic: Topic::Program,
        fields: &[],
        value: "FILE",
        help: "Profiles that this one starts from",
        long: "A relative path starts from this profile's directory. Several are put together in order: lists add up, and \
               of single values the last one counts. After that this profile may only tighten: a list that grants takes the \
               place of the extended one and may hold no more; `hide` and `refuse` add up. What permits more than the \
               extended profiles is an error, unless it stands in the table `[loosen]`, whose keys add to what they grant.",
        example: "extends = \"base.toml\"",
        flag: FlagForm::FileOnly,
    },
    Key {
        name: "read",
        kind: Kind::List(Form::Path),
        combine: Combine::Grant,
        topic: Topic::Files,
        fields: &[GRANTS],
        value: "PATH",
        help: "Let the program read this file, or everything below this directory",
        long: "Paths are those of the host, and the program sees them at the same place. `~` and `$HOME` are your home \
               directory, `$PWD` is the one that you are in; a relative path starts from the profile's directory, or for a \
               flag from the one that you are in. There are no patterns. Of several entries that hold a path the deepest \
               one counts.",
        example: "read = [\"~/src\", \"/srv/data\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "write",
        kind: Kind::List(Form::Path),
        combine: Combine::Grant,
        topic: Topic::Files,
        fields: &[GRANTS],
        value: "PATH",
        help: "Let the program read, create, change and remove files here",
        long: "Files here cannot be executed; name the path in `run` too when they must be.",
        example: "write = [\"./target\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "run",
        kind: Kind::List(Form::Path),
        combine: Combine::Grant,
        topic: Topic::Files,
        fields: &[GRANTS],
        value: "PATH",
        help: "Let the program read and execute files here",
        long: "Needed for programs and shared libraries outside the system's directories. The command itself needs no grant.",
        example: "run = [\"~/.cargo/bin\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "hide",
        kind: Kind::List(Form::Path),
        combine: Combine::Restrict,
        topic: Topic::Files,
        fields: &[GRANTS],
        value: "PATH",
        help: "Cover this file or directory although it is below a granted one",
        long: "The program finds an empty file or directory there.",
        example: "hide = [\"/etc/ssl/private\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "temporary",
        kind: Kind::Table {
            name: Form::Path,
            value: Form::Size,
        },
        combine: Combine::Entries,
        topic: Topic::Files,
        fields: &[field("files", "temporary")],
        value: "PATH=SIZE",
        help: "Give the program a private, empty, writable directory of this size",
        long: "It is in memory and is gone when the program ends. By default there are /tmp with 256M and /dev/shm with 64M. \
               The size `none` takes one away. Sizes are in bytes or with K, M, G, T in units of 1024.",
        example: "temporary = { \"/tmp\" = \"1G\", \"/var/cache\" = \"64M\" }",
        flag: FlagForm::Flag,
    },
    Key {
        name: "system",
        kind: Kind::Switch { default: true },
        combine: Combine::Replace,
        topic: Topic::Files,
        fields: &[GRANTS],
        value: "",
        help: "Show the host's system directories",
        long: "/usr, /bin, /sbin, /lib, /lib32, /lib64 and /libx32 can be read and executed, /etc can be read.",
        example: "system = false",
        flag: FlagForm::Flag,
    },
    Key {
        name: "proc",
        kind: Kind::One(Form::Choice(&["absent", "processes", "own", "writable"])),
        combine: Combine::Replace,
        topic: Topic::Files,
        fields: &[field("files", "proc")],
        value: "VIEW",
        help: "What /proc shows: absent, processes, own or writable",
        long: "`own` (the default) is a read-only /proc of the program's own processes, with what tells of the host's kernel \
               and hardware covered. `processes` has the processes and nothing else of the kernel. `writable` is `own` that \
               can be written as far as the kernel permits.",
        example: "proc = \"processes\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "sys",
        kind: Kind::One(Form::Choice(&["absent", "read-only", "writable"])),
        combine: Combine::Replace,
        topic: Topic::Files,
        fields: &[field("files", "sys")],
        value: "VIEW",
        help: "What /sys shows: absent, read-only or writable",
        long: "By default there is none. Programs that count processors or memory may want it read-only.",
        example: "sys = \"read-only\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "network",
        kind: Kind::One(Form::Choice(&["none", "loopback", "host"])),
        combine: Combine::Replace,
        topic: Topic::Network,
        fields: &[field("network", "reach"), field("namespaces", "net")],
        value: "REACH",
        help: "Which network the program sees: none, loopback or host",
        long: "`none` (the default) has no interface that works. `loopback` is one of the program's own, on which nobody else \
               is; all its ports can be used unless `listen` or `connect` name some. `host` is the network of the host, and \
               only the ports that `listen` and `connect` name can be used.",
        example: "network = \"host\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "listen",
        kind: Kind::List(Form::Port),
        combine: Combine::Grant,
        topic: Topic::Network,
        fields: &[field("network", "listen")],
        value: "PORT",
        help: "Let the program accept connections on this port",
        long: "A number is a TCP port; write 53/udp for UDP and `all` for every port. Needs a network.",
        example: "listen = [\"8080\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "connect",
        kind: Kind::List(Form::Port),
        combine: Combine::Grant,
        topic: Topic::Network,
        fields: &[field("network", "connect")],
        value: "PORT",
        help: "Let the program connect to this port, on any host",
        long: "A number is a TCP port; write 53/udp for UDP and `all` for every port. Needs a network. Names are looked up \
               over 53/udp and 53 unless /etc/hosts has them.",
        example: "connect = [\"443\", \"53/udp\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "memory",
        kind: Kind::One(Form::Size),
        combine: Combine::Replace,
        topic: Topic::Limits,
        fields: &[field("resources", "memory")],
        value: "SIZE",
        help: "Memory of all processes of the program together",
        long: "In bytes or with K, M, G, T in units of 1024, or `unlimited`; 4G by default. The kernel enforces it by a cgroup.",
        example: "memory = \"512M\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "processes",
        kind: Kind::One(Form::Count),
        combine: Combine::Replace,
        topic: Topic::Limits,
        fields: &[field("resources", "processes")],
        value: "COUNT",
        help: "Number of processes and threads of the program",
        long: "512 by default, or `unlimited`. The kernel enforces it by a cgroup.",
        example: "processes = 64",
        flag: FlagForm::Flag,
    },
    Key {
        name: "cpu",
        kind: Kind::One(Form::Processors),
        combine: Combine::Replace,
        topic: Topic::Limits,
        fields: &[field("resources", "cpu")],
        value: "SHARE",
        help: "Processor time, in processors (1.5) or percent of one (150%)",
        long: "Unlimited by default. The kernel enforces it by a cgroup.",
        example: "cpu = \"1.5\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "time",
        kind: Kind::One(Form::Duration),
        combine: Combine::Replace,
        topic: Topic::Limits,
        fields: &[field("resources", "time")],
        value: "DURATION",
        help: "End the program after this time",
        long: "A number with ms, s, m or h. Unlimited by default.",
        example: "time = \"30s\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "file-size",
        kind: Kind::One(Form::Size),
        combine: Combine::Replace,
        topic: Topic::Limits,
        fields: &[field("resources", "rlimits")],
        value: "SIZE",
        help: "Size of a file that the program writes",
        long: "4G by default, or `unlimited`. A program that writes more gets SIGXFSZ.",
        example: "file-size = \"100M\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "open-files",
        kind: Kind::One(Form::LimitPair),
        combine: Combine::Replace,
        topic: Topic::Limits,
        fields: &[field("resources", "rlimits")],
        value: "COUNT",
        help: "Number of descriptors that a process has open",
        long: "One number, or a soft and a hard one with a colon between; 1024:4096 by default.",
        example: "open-files = \"1024:8192\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "limits",
        kind: Kind::Table {
            name: Form::LimitName,
            value: Form::LimitPair,
        },
        combine: Combine::Entries,
        topic: Topic::Limits,
        fields: &[field("resources", "rlimits")],
        value: "NAME=LIMIT",
        help: "Other limits of each process, by the names of getrlimit(2)",
        long: "Names are in lower case without RLIMIT_, such as stack or memlock. The value is one number, or a soft and a hard \
               one with a colon between; sizes may have units. `core` is 0 by default.",
        example: "limits = { stack = \"8M\", memlock = \"64K:128K\" }",
        flag: FlagForm::Flag,
    },
    Key {
        name: "user",
        kind: Kind::One(Form::User),
        combine: Combine::Replace,
        topic: Topic::Rights,
        fields: &[
            field("ids", "uid"),
            field("ids", "gid"),
            field("ids", "uid_map"),
            field("ids", "gid_map"),
        ],
        value: "ID",
        help: "The user id that the program sees itself as, or nobody",
        long: "It changes what the program believes, not what it may do with your files. By default it is your own id, and \
               nobody (65534) when root starts the program. The group has the same number, or is your own group when the id \
               is your own. 0 is for programs that insist on being root.",
        example: "user = 0",
        flag: FlagForm::Flag,
    },
    Key {
        name: "ids",
        kind: Kind::One(Form::Choice(&["auto", "single", "range"])),
        combine: Combine::Replace,
        topic: Topic::Rights,
        fields: &[
            field("ids", "uid_map"),
            field("ids", "gid_map"),
            field("ids", "groups"),
            field("ids", "setgroups"),
        ],
        value: "MAP",
        help: "How many user and group ids exist inside: auto, single or range",
        long: "`single` has one. `range` has those that /etc/subuid and /etc/subgid give you as well, for programs that start \
               as one user and go on as another. `auto` (the default) takes the range when the program keeps setuid or setgid \
               and there is one.",
        example: "ids = \"range\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "keep",
        kind: Kind::List(Form::Capability),
        combine: Combine::Grant,
        topic: Topic::Rights,
        fields: &[
            field("capabilities", "effective"),
            field("capabilities", "permitted"),
            field("capabilities", "inheritable"),
            field("capabilities", "bounding"),
            field("capabilities", "ambient"),
        ],
        value: "CAP",
        help: "A capability that the program keeps",
        long: "By name, with or without `cap_`, or `all`. Capabilities count inside the compartment only: net_bind_service does \
               not open low ports of the host's network. By default there are none.",
        example: "keep = [\"chown\", \"setuid\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "new-privileges",
        kind: Kind::Switch { default: false },
        combine: Combine::Replace,
        topic: Topic::Rights,
        fields: &[
            field("capabilities", "no_new_privs"),
            field("files", "nosuid"),
        ],
        value: "",
        help: "Let set-user-id programs and file capabilities have effect",
        long: "Within the compartment's ids: never more than the compartment has.",
        example: "new-privileges = true",
        flag: FlagForm::Flag,
    },
    Key {
        name: "syscalls",
        kind: Kind::List(Form::SyscallRule),
        combine: Combine::Grant,
        topic: Topic::Rights,
        fields: &[field("syscalls", "filter")],
        value: "NAME",
        help: "System calls that the program may make beside the ordinary ones",
        long: "By name, such as ptrace, or by group, such as @debug; docs/profile.md lists the groups. `all` switches the \
               filter off.",
        example: "syscalls = [\"@debug\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "refuse",
        kind: Kind::List(Form::SyscallRule),
        combine: Combine::Restrict,
        topic: Topic::Rights,
        fields: &[field("syscalls", "filter")],
        value: "NAME",
        help: "System calls that the program may not make although they are ordinary",
        long: "By name, or by group for what that group adds to the ordinary ones. The program gets EPERM, as if it had no \
               right to.",
        example: "refuse = [\"socket\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "share",
        kind: Kind::List(Form::Choice(SHARED_KINDS)),
        combine: Combine::Grant,
        topic: Topic::Rights,
        fields: &[
            field("namespaces", "net"),
            field("namespaces", "ipc"),
            field("namespaces", "uts"),
            field("namespaces", "cgroup"),
            field("namespaces", "time"),
        ],
        value: "KIND",
        help: "A namespace that the program shares with the host: net, ipc, uts, cgroup or time",
        long: "By default it shares none. `net` goes with network = \"host\". The pid, user and mount namespaces are never \
               shared.",
        example: "share = [\"ipc\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "landlock",
        kind: Kind::Switch { default: true },
        combine: Combine::Replace,
        topic: Topic::Rights,
        fields: &[
            field("mac", "landlock"),
            field("mac", "signal_scope"),
            field("mac", "abstract_unix_scope"),
        ],
        value: "",
        help: "Put Landlock's rules behind the mounts and the network as a second wall",
        long: "They are made of the same grants. Switch them off only for programs that must mount inside.",
        example: "landlock = false",
        flag: FlagForm::Flag,
    },
    Key {
        name: "apparmor",
        kind: Kind::One(Form::Text),
        combine: Combine::Replace,
        topic: Topic::Rights,
        fields: &[field("mac", "apparmor")],
        value: "PROFILE",
        help: "The AppArmor profile that the program gets",
        long: "It must be loaded on the host.",
        example: "apparmor = \"redis\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "selinux",
        kind: Kind::One(Form::Text),
        combine: Combine::Replace,
        topic: Topic::Rights,
        fields: &[field("mac", "selinux")],
        value: "CONTEXT",
        help: "The SELinux context that the program gets",
        long: "The policy of the host must permit the transition.",
        example: "selinux = \"system_u:system_r:container_t:s0\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "smack",
        kind: Kind::One(Form::Text),
        combine: Combine::Replace,
        topic: Topic::Rights,
        fields: &[field("mac", "smack")],
        value: "LABEL",
        help: "The SMACK label that the program gets",
        long: "The policy of the host must permit the transition.",
        example: "smack = \"Guest\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "environment",
        kind: Kind::List(Form::Variable),
        combine: Combine::Grant,
        topic: Topic::Surroundings,
        fields: &[field("kernel", "environment")],
        value: "NAME",
        help: "An environment variable that is passed on",
        long: "By default these are: COLORTERM, LANG, LANGUAGE, LC_ALL and the other LC_ variables, NO_COLOR, TERM and TZ. PATH \
               and HOME are not passed on but set, to the system's directories and to /tmp. A name may end in `*`; `all` passes \
               everything on; `none`, written first, passes on none of these.",
        example: "environment = [\"CARGO_HOME\", \"RUST_*\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "set",
        kind: Kind::Table {
            name: Form::Variable,
            value: Form::Text,
        },
        combine: Combine::Entries,
        topic: Topic::Surroundings,
        fields: &[field("kernel", "environment")],
        value: "NAME=TEXT",
        help: "An environment variable with the text that it gets",
        long: "Texts of flags can be seen by everyone on the host who lists processes; put secrets into a file.",
        example: "set = { RUST_BACKTRACE = \"1\" }",
        flag: FlagForm::Flag,
    },
    Key {
        name: "hostname",
        kind: Kind::One(Form::HostName),
        combine: Combine::Replace,
        topic: Topic::Surroundings,
        fields: &[field("namespaces", "hostname")],
        value: "NAME",
        help: "The host name that the program sees",
        long: "`casemate` by default.",
        example: "hostname = \"builder\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "devices",
        kind: Kind::List(Form::Device),
        combine: Combine::Grant,
        topic: Topic::Surroundings,
        fields: &[field("devices", "nodes")],
        value: "NAME",
        help: "A device node that the program can open",
        long: "By name below /dev, beside null, zero, full, random, urandom and tty, which are always there; or \
               `all`. `none`, written first, takes those away too.",
        example: "devices = [\"dri/renderD128\"]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "terminal",
        kind: Kind::One(Form::Choice(&["none", "own", "inherited"])),
        combine: Combine::Replace,
        topic: Topic::Surroundings,
        fields: &[field("devices", "terminal")],
        value: "WHICH",
        help: "The terminal that the program has: own, none or inherited",
        long: "`own` (the default) is one of its own when you are at one. `inherited` is yours: a program can then type into it \
               (CVE-2017-5226).",
        example: "terminal = \"none\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "descriptors",
        kind: Kind::List(Form::Descriptor),
        combine: Combine::Grant,
        topic: Topic::Surroundings,
        fields: &[field("kernel", "descriptors")],
        value: "NUMBER",
        help: "An open descriptor that is passed on",
        long: "Beside 0, 1 and 2, which always are; or `all`.",
        example: "descriptors = [3]",
        flag: FlagForm::Flag,
    },
    Key {
        name: "keyring",
        kind: Kind::One(Form::Choice(&["new", "inherited"])),
        combine: Combine::Replace,
        topic: Topic::Surroundings,
        fields: &[field("kernel", "keyring")],
        value: "WHICH",
        help: "The session keyring that the program has: new or inherited",
        long: "`new` (the default) is empty. `inherited` is yours, with the keys in it.",
        example: "keyring = \"inherited\"",
        flag: FlagForm::Flag,
    },
    Key {
        name: "sysctl",
        kind: Kind::Table {
            name: Form::Parameter,
            value: Form::Text,
        },
        combine: Combine::Entries,
        topic: Topic::Surroundings,
        fields: &[field("kernel", "sysctl")],
        value: "NAME=TEXT",
        help: "A kernel parameter of the program's own namespaces",
        long: "Those of the network (net.), of System V IPC (kernel.msg, kernel.sem, kernel.shm) and of message queues \
               (fs.mqueue.) exist per namespace; others belong to the whole host and are refused.",
        example: "sysctl = { \"net.ipv4.ip_unprivileged_port_start\" = \"80\" }",
        flag: FlagForm::Flag,
    },
];
