//! The one table of verbs and flags.

use super::Call;
use crate::failure::Failure;
use crate::verbs;

/// A verb.
#[derive(Debug)]
pub struct Verb {
    /// Its name.
    pub name: &'static str,
    /// Its words, in the synopsis.
    pub synopsis: &'static str,
    /// One line.
    pub about: &'static str,
    /// Least and most words.
    pub words: (usize, usize),
    /// From which word on they are a command's own, flags and all.
    pub command_from: Option<usize>,
    /// Its flags.
    pub flags: &'static [Flag],
    /// What it does; returns the exit code.
    pub run: fn(&Call) -> Result<u8, Failure>,
}

/// A flag.
#[derive(Debug)]
pub struct Flag {
    /// Its name, after `--`.
    pub name: &'static str,
    /// Its letter, after `-`.
    pub short: Option<char>,
    /// What its value is called; none when it takes none.
    pub value: Option<&'static str>,
    /// One line.
    pub help: &'static str,
}

/// A flag without a value.
const fn switch(name: &'static str, short: Option<char>, help: &'static str) -> Flag {
    Flag {
        name,
        short,
        value: None,
        help,
    }
}

/// A flag with a value.
const fn valued(
    name: &'static str,
    short: Option<char>,
    value: &'static str,
    help: &'static str,
) -> Flag {
    Flag {
        name,
        short,
        value: Some(value),
        help,
    }
}

/// The flags of all verbs.
pub const GLOBAL: &[Flag] = &[
    valued(
        "root",
        None,
        "DIRECTORY",
        "Keep states here (default: /run/casemate-oci)",
    ),
    valued("log", None, "FILE", "Append messages to this file"),
    valued("log-format", None, "FORMAT", "text or json (default: text)"),
    valued("log-level", None, "LEVEL", "debug, info, warning or error"),
    switch("debug", None, "Log more"),
    switch("systemd-cgroup", None, "Have systemd make cgroups"),
    valued(
        "cgroup-manager",
        None,
        "MANAGER",
        "cgroupfs or systemd (default: cgroupfs)",
    ),
    valued(
        "rootless",
        None,
        "WHETHER",
        "true, false or auto (default: auto)",
    ),
    valued(
        "harden",
        None,
        "[LEVEL]",
        "Tighten containers: baseline, restricted, or a profile's path (default: baseline)",
    ),
    switch("version", Some('v'), "Print the version"),
    switch("help", Some('h'), "Print this help"),
];

const BUNDLE: Flag = valued("bundle", Some('b'), "DIRECTORY", "The bundle (default: .)");
const CONFIG: Flag = valued(
    "config",
    Some('f'),
    "FILE",
    "The configuration (default: config.json of the bundle)",
);
const PID_FILE: Flag = valued(
    "pid-file",
    None,
    "FILE",
    "Write the process id to this file",
);
const CONSOLE: Flag = valued(
    "console-socket",
    None,
    "SOCKET",
    "Send the terminal's master to this socket",
);
const PIDFD: Flag = valued(
    "pidfd-socket",
    None,
    "SOCKET",
    "Send a descriptor of the process to this socket",
);
const PRESERVE: Flag = valued(
    "preserve-fds",
    None,
    "NUMBER",
    "Pass on this many descriptors beyond the standard ones",
);
const NO_PIVOT: Flag = switch(
    "no-pivot",
    None,
    "Move the root instead of pivot_root(2), for a host that runs from initramfs",
);
const NO_KEYRING: Flag = switch("no-new-keyring", None, "Keep the caller's session keyring");
const NO_SUBREAPER: Flag = switch(
    "no-subreaper",
    None,
    "Accepted for compatibility: the runtime never is a subreaper",
);
const DETACH: Flag = switch(
    "detach",
    Some('d'),
    "Do not wait for the end of the process",
);

/// All verbs.
pub static VERBS: &[Verb] = &[
    Verb {
        name: "create",
        synopsis: "ID",
        about: "Create a container",
        words: (1, 1),
        command_from: None,
        flags: &[
            BUNDLE, CONFIG, PID_FILE, CONSOLE, PIDFD, PRESERVE, NO_PIVOT, NO_KEYRING,
        ],
        run: verbs::create::run,
    },
    Verb {
        name: "start",
        synopsis: "ID",
        about: "Run the command of a created container",
        words: (1, 1),
        command_from: None,
        flags: &[],
        run: verbs::start::run,
    },
    Verb {
        name: "run",
        synopsis: "ID",
        about: "Create and start a container, wait for its end, and delete it",
        words: (1, 1),
        command_from: None,
        flags: &[
            BUNDLE,
            CONFIG,
            PID_FILE,
            CONSOLE,
            PIDFD,
            PRESERVE,
            NO_PIVOT,
            NO_KEYRING,
            NO_SUBREAPER,
            DETACH,
            switch("keep", None, "Do not delete the container at its end"),
        ],
        run: verbs::run::run,
    },
    Verb {
        name: "state",
        synopsis: "ID",
        about: "Print a container's state as JSON",
        words: (1, 1),
        command_from: None,
        flags: &[],
        run: verbs::state::run,
    },
    Verb {
        name: "exec",
        synopsis: "ID [COMMAND [ARG]...]",
        about: "Run a further process in a container",
        words: (1, usize::MAX),
        command_from: Some(1),
        flags: &[
            valued(
                "process",
                Some('p'),
                "FILE",
                "Take the process from this file",
            ),
            valued("cwd", None, "DIRECTORY", "Where it starts"),
            valued(
                "env",
                Some('e'),
                "NAME=VALUE",
                "A variable of its environment; can be given several times",
            ),
            switch("tty", Some('t'), "Give it a terminal"),
            valued("user", Some('u'), "UID[:GID]", "As whom it runs"),
            valued(
                "additional-gids",
                Some('g'),
                "GID",
                "A further group; can be given several times",
            ),
            valued(
                "cap",
                Some('c'),
                "CAPABILITY",
                "A further capability; can be given several times",
            ),
            valued("apparmor", None, "PROFILE", "AppArmor profile"),
            valued("process-label", None, "LABEL", "SELinux context"),
            switch("no-new-privs", None, "Set no_new_privs"),
            switch("ignore-paused", None, "Do it in a paused container, too"),
            valued(
                "cgroup",
                None,
                "PATH",
                "A group below the container's; as CONTROLLER:PATH for one controller",
            ),
            DETACH,
            PID_FILE,
            CONSOLE,
            PIDFD,
            PRESERVE,
            NO_SUBREAPER,
        ],
        run: verbs::exec::run,
    },
    Verb {
        name: "kill",
        synopsis: "ID [SIGNAL]",
        about: "Send a signal to a container",
        words: (1, 2),
        command_from: None,
        flags: &[switch("all", Some('a'), "To all of its processes")],
        run: verbs::kill::run,
    },
    Verb {
        name: "delete",
        synopsis: "ID",
        about: "Delete a stopped container",
        words: (1, 1),
        command_from: None,
        flags: &[switch(
            "force",
            Some('f'),
            "Kill it if it runs; it is no error that it does not exist",
        )],
        run: verbs::delete::run,
    },
    Verb {
        name: "list",
        synopsis: "",
        about: "List containers",
        words: (0, 0),
        command_from: None,
        flags: &[
            valued(
                "format",
                Some('f'),
                "FORMAT",
                "table or json (default: table)",
            ),
            switch("quiet", Some('q'), "Print ids only"),
        ],
        run: verbs::list::run,
    },
    Verb {
        name: "spec",
        synopsis: "",
        about: "Write a configuration to begin with",
        words: (0, 0),
        command_from: None,
        flags: &[
            BUNDLE,
            switch("rootless", None, "For a container without root"),
        ],
        run: verbs::spec::run,
    },
    Verb {
        name: "features",
        synopsis: "",
        about: "Print what the runtime can do",
        words: (0, 0),
        command_from: None,
        flags: &[],
        run: verbs::features::run,
    },
    Verb {
        name: "attach-unit",
        synopsis: "ID PID",
        about: "Put a process into a unit of systemd's (for the launcher)",
        words: (2, 2),
        command_from: None,
        flags: &[valued("bus", None, "ADDRESS", "Where the bus is")],
        run: verbs::attach_unit::run,
    },
    Verb {
        name: "generate",
        synopsis: "DIRECTORY",
        about: "Write the man page and completions (for the build)",
        words: (1, 1),
        command_from: None,
        flags: &[],
        run: verbs::generate::run,
    },
    Verb {
        name: "pause",
        synopsis: "ID",
        about: "Stop all processes of a container",
        words: (1, 1),
        command_from: None,
        flags: &[],
        run: verbs::pause::run,
    },
    Verb {
        name: "resume",
        synopsis: "ID",
        about: "Let the processes of a paused container go on",
        words: (1, 1),
        command_from: None,
        flags: &[],
        run: verbs::pause::resume,
    },
    Verb {
        name: "ps",
        synopsis: "ID [OPTION OF PS]...",
        about: "List the processes of a container",
        words: (1, usize::MAX),
        command_from: Some(0),
        flags: &[valued(
            "format",
            Some('f'),
            "FORMAT",
            "table or json (default: table)",
        )],
        run: verbs::ps::run,
    },
    Verb {
        name: "events",
        synopsis: "ID",
        about: "Print what a container uses, and when it has not enough memory",
        words: (1, 1),
        command_from: None,
        flags: &[
            valued("interval", None, "TIME", "How often (default: 5s)"),
            switch("stats", None, "Once"),
        ],
        run: verbs::events::run,
    },
    Verb {
        name: "update",
        synopsis: "ID",
        about: "Change the limits of a container",
        words: (1, 1),
        command_from: None,
        flags: UPDATE,
        run: verbs::update::run,
    },
    Verb {
        name: "checkpoint",
        synopsis: "ID",
        about: "Write the processes of a container to files, by criu, and delete it",
        words: (1, 1),
        command_from: None,
        flags: CHECKPOINT,
        run: verbs::checkpoint::run,
    },
    Verb {
        name: "restore",
        synopsis: "ID",
        about: "Not supported: says why what was checkpointed cannot run again",
        words: (1, 1),
        command_from: None,
        flags: RESTORE,
        run: verbs::checkpoint::restore,
    },
];

/// What `checkpoint` and `restore` take both.
const IMAGES: Flag = valued(
    "image-path",
    None,
    "DIRECTORY",
    "Where the images are (default: checkpoint)",
);
const WORK: Flag = valued("work-path", None, "DIRECTORY", "Where criu's log goes");
const TCP: Flag = switch(
    "tcp-established",
    None,
    "With TCP connections that are open",
);
const UNIX: Flag = switch("ext-unix-sk", None, "With Unix sockets to outside");
const SHELL_JOB: Flag = switch("shell-job", None, "With a terminal of the caller's");
const LAZY: Flag = switch("lazy-pages", None, "Pages of memory later, when asked for");
const LOCKS: Flag = switch("file-locks", None, "With locks of files");
const GROUPS: Flag = valued(
    "manage-cgroups-mode",
    None,
    "MODE",
    "soft, full, strict or ignore (default: soft)",
);
const EMPTY: Flag = valued("empty-ns", None, "KIND", "Leave a namespace empty: network");
const DEDUP: Flag = switch("auto-dedup", None, "Keep no page of memory twice");

const CHECKPOINT: &[Flag] = &[
    IMAGES,
    WORK,
    valued(
        "parent-path",
        None,
        "DIRECTORY",
        "Images of an earlier pre-dump, relative to those that are written",
    ),
    valued(
        "page-server",
        None,
        "ADDRESS:PORT",
        "Send memory there; with --lazy-pages, wait there until it is asked for",
    ),
    switch("leave-running", None, "Let the container run on"),
    switch(
        "pre-dump",
        None,
        "Memory only, and let the container run on",
    ),
    TCP,
    UNIX,
    SHELL_JOB,
    LAZY,
    LOCKS,
    GROUPS,
    EMPTY,
    DEDUP,
];

const RESTORE: &[Flag] = &[
    IMAGES,
    WORK,
    BUNDLE,
    DETACH,
    PID_FILE,
    CONSOLE,
    NO_SUBREAPER,
    NO_PIVOT,
    TCP,
    UNIX,
    SHELL_JOB,
    LAZY,
    LOCKS,
    GROUPS,
    EMPTY,
    DEDUP,
];

const UPDATE: &[Flag] = &[
    valued(
        "resources",
        Some('r'),
        "FILE",
        "Take `linux.resources` from this file, or from standard input for -; then no other flag counts",
    ),
    valued(
        "blkio-weight",
        None,
        "WEIGHT",
        "Weight for block devices, 10 to 1000",
    ),
    valued(
        "cpu-period",
        None,
        "MICROSECONDS",
        "Period of processor time",
    ),
    valued(
        "cpu-quota",
        None,
        "MICROSECONDS",
        "Processor time in a period; -1 is no limit",
    ),
    valued(
        "cpu-burst",
        None,
        "MICROSECONDS",
        "Processor time that can be saved up",
    ),
    valued(
        "cpu-share",
        None,
        "SHARES",
        "Share of processor time, 1024 being the ordinary one",
    ),
    valued(
        "cpu-rt-period",
        None,
        "MICROSECONDS",
        "Period of real-time scheduling",
    ),
    valued(
        "cpu-rt-runtime",
        None,
        "MICROSECONDS",
        "Real-time scheduling in a period",
    ),
    valued("cpuset-cpus", None, "LIST", "Processors, such as 0-3,7"),
    valued("cpuset-mems", None, "LIST", "Memory nodes"),
    valued(
        "cpu-idle",
        None,
        "WHETHER",
        "1: only when nothing else runs",
    ),
    valued("memory", None, "BYTES", "Limit of memory; -1 is no limit"),
    valued(
        "memory-reservation",
        None,
        "BYTES",
        "Limit when memory is short",
    ),
    valued(
        "memory-swap",
        None,
        "BYTES",
        "Limit of memory and swap; -1 is no limit",
    ),
    valued(
        "kernel-memory",
        None,
        "BYTES",
        "Passed over: kernels have no such limit",
    ),
    valued("kernel-memory-tcp", None, "BYTES", "Limit of TCP buffers"),
    valued(
        "pids-limit",
        None,
        "NUMBER",
        "Limit of processes and threads; -1 is no limit",
    ),
    valued(
        "l3-cache-schema",
        None,
        "SCHEMA",
        "Line for the resource director's cache",
    ),
    valued(
        "mem-bw-schema",
        None,
        "SCHEMA",
        "Line for the resource director's bandwidth",
    ),
];
