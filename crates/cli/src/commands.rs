//! The one table of subcommands and flags. Help texts, man pages and completions are made of it.

use casemate_formats::profile::keys::{FlagForm, Form, KEYS, Key, Kind, Topic};

/// A subcommand.
#[derive(Debug)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// What stands after it, in the synopsis.
    pub synopsis: &'static str,
    /// One line.
    pub about: &'static str,
    /// Paragraphs.
    pub long: &'static [&'static str],
    /// Commands with what they do.
    pub examples: &'static [(&'static str, &'static str)],
    /// Exit codes with what they mean.
    pub exits: &'static [(&'static str, &'static str)],
    /// Its own flags.
    pub flags: &'static [Flag],
    /// Whether the keys of a profile are flags, too.
    pub keys: Keys,
}

/// Whether the keys of a profile are flags of a subcommand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keys {
    /// They are.
    Taken,
    /// They are not.
    NotTaken,
}

/// A flag that is no key of a profile.
#[derive(Debug)]
pub struct Flag {
    /// Its name, after `--`.
    pub name: &'static str,
    /// Its letter, after `-`.
    pub short: Option<char>,
    /// What its value is called; none when it takes none.
    pub value: Option<&'static str>,
    /// What the value can be, when that is known.
    pub words: Words,
    /// One line.
    pub help: &'static str,
    /// What else there is to know.
    pub long: &'static str,
}

/// What a value can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Words {
    /// Anything.
    Any,
    /// A file.
    File,
    /// One of these.
    Of(&'static [&'static str]),
}

const PROFILE: Flag = Flag {
    name: "profile",
    short: Some('p'),
    value: Some("FILE"),
    words: Words::File,
    help: "Take the command and its grants from this profile",
    long: "Flags count after the profile: they add grants to it and take the place of its single values.",
};

pub const COLOR: Flag = Flag {
    name: "color",
    short: None,
    value: Some("WHEN"),
    words: Words::Of(crate::color::Choice::WORDS),
    help: "Colour messages: auto, always or never",
    long: "With auto there are colours on a terminal, unless NO_COLOR is set.",
};

pub const HELP: Flag = Flag {
    name: "help",
    short: Some('h'),
    value: None,
    words: Words::Any,
    help: "Show help; -h is short, --help is long",
    long: "",
};

const RUN_FLAGS: &[Flag] = &[
    PROFILE,
    Flag {
        name: "dry-run",
        short: Some('n'),
        value: None,
        words: Words::Any,
        help: "Print the plan, step by step, and execute nothing",
        long: "",
    },
    Flag {
        name: "explain",
        short: None,
        value: None,
        words: Words::Any,
        help: "Tell at the end what was refused, why, and what would permit it",
        long: "The program runs as it would without this flag, somewhat slower; nothing is loosened.",
    },
    Flag {
        name: "report",
        short: None,
        value: Some("FILE"),
        words: Words::File,
        help: "Write what was asked for and what is in force to this file, as JSON",
        long: "For each facet: requested, actual, and the gap between them.",
    },
    Flag {
        name: "best-effort",
        short: None,
        value: Some("FACET"),
        words: Words::Of(&casemate_model::Confinement::FACETS),
        help: "Run even if this facet of the confinement cannot be enforced here",
        long: "Without it, what this host cannot enforce is an error. What is not enforced is told on standard error and in \
               the report. Can be given several times.",
    },
    Flag {
        name: "verbose",
        short: Some('v'),
        value: None,
        words: Words::Any,
        help: "Say more on standard error",
        long: "",
    },
    Flag {
        name: "quiet",
        short: Some('q'),
        value: None,
        words: Words::Any,
        help: "Say nothing on standard error but errors",
        long: "",
    },
    COLOR,
    HELP,
];

pub const FORMAT: Flag = Flag {
    name: "format",
    short: None,
    value: Some("FORMAT"),
    words: Words::Of(&["text", "json"]),
    help: "How to show it: text or json",
    long: "",
};

const SHOW_FLAGS: &[Flag] = &[
    PROFILE,
    crate::descriptions::table::FROM,
    crate::descriptions::table::ENGINE,
    crate::descriptions::table::ENGINE_CONFIG,
    FORMAT,
    COLOR,
    HELP,
];

/// All subcommands.
pub static COMMANDS: &[Command] = &[
    Command {
        name: "run",
        synopsis: "[FLAGS] [--] COMMAND [ARG]...",
        about: "Run a program in a tight compartment",
        long: &[
            "With no flag the program sees the system's directories and the directory that you are in, and can change \
             neither; it has a /tmp of its own, no network, no capability, none of your other files and little of your \
             environment. Each grant is one flag, and one line of a profile with the same name.",
            "Flags end at `--` or at the first word that is no flag: what follows is the command.",
        ],
        examples: &[
            (
                "casemate run -- sh -c 'id; ls /'",
                "look around in the compartment by default",
            ),
            (
                "casemate run --read ~/src --write ./target -- cargo build",
                "let a build read your sources and write its results",
            ),
            (
                "casemate run --network host --connect 443,53/udp -- curl https://example.org",
                "let a program fetch over HTTPS",
            ),
            (
                "casemate run --profile redis.toml",
                "take the command and its grants from a profile",
            ),
            (
                "casemate run --explain -- ./program",
                "find out which grants a program needs",
            ),
        ],
        exits: &[
            ("CODE", "the program's own exit code"),
            ("125", "Casemate failed before the program started"),
            ("126", "the command was found and cannot be executed"),
            ("127", "the command was not found"),
            ("128+N", "the program was ended by signal N"),
        ],
        flags: RUN_FLAGS,
        keys: Keys::Taken,
    },
    Command {
        name: "show",
        synopsis: "[FLAGS] [INPUT | [--] COMMAND [ARG]...]",
        about: "Show a confinement, and where each value comes from",
        long: &[
            "Without an input it shows the confinement that `casemate run` would enforce: it takes the same profile and grants, and executes \
             nothing.",
            "An input is a file in a known format, FILE#NAME for one of several in a file, pid:N for a live process, or a running container by \
             name, such as docker:web or lxc:web. A word that is none of these, and what stands after --, is the command of a compartment.",
        ],
        examples: &[
            ("casemate show", "show the compartment by default"),
            (
                "casemate show --profile redis.toml --format json",
                "show what a profile asks for, for a program to read",
            ),
            (
                "casemate show compose.yaml#web",
                "show how a service is confined, with Docker's defaults",
            ),
            (
                "casemate show pid:1234",
                "show what confines a live process",
            ),
        ],
        exits: &[
            ("0", "done"),
            ("2", "the profile or the command line is wrong"),
        ],
        flags: SHOW_FLAGS,
        keys: Keys::Taken,
    },
    crate::descriptions::table::CONVERT_ENTRY,
    crate::descriptions::table::DIFF_ENTRY,
    crate::compare::COMMAND,
    Command {
        name: "doctor",
        synopsis: "[FLAGS]",
        about: "Tell what stands in the way of `run` on this host, and the smallest remedy",
        long: &[
            "Looks at the kernel's settings and tries the steps of a launch in a process that leaves nothing behind. For \
             each thing it says whether it is as it should be, limits what a compartment can do, or stands in the way; \
             what it was told by; what follows; and a command or a line for a file that changes it.",
            "Run it as the user who is to use `casemate run`: the answers differ between users.",
        ],
        examples: &[
            ("casemate doctor", "look at this host"),
            (
                "casemate doctor --format json",
                "the same for a program to read",
            ),
        ],
        exits: &[
            ("0", "`casemate run` works, maybe with limits"),
            ("1", "something stands in the way"),
            ("2", "the command line is wrong"),
        ],
        flags: &[FORMAT, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    crate::seccomp::table::SECCOMP,
    Command {
        name: "generate",
        synopsis: "DIRECTORY",
        about: "Write man pages, completions, and the documentation of profiles",
        long: &[
            "Files are written below the directory, at the places that they have in Casemate's repository: docs/man, \
             docs/profile.md, docs/profile.schema.json and completions.",
        ],
        examples: &[(
            "casemate generate /tmp/casemate",
            "write everything below /tmp/casemate",
        )],
        exits: &[
            ("0", "done"),
            (
                "2",
                "a file cannot be written, or the command line is wrong",
            ),
        ],
        flags: &[HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "help",
        synopsis: "[COMMAND]",
        about: "Show the help of a command",
        long: &[],
        examples: &[("casemate help run", "show the help of `casemate run`")],
        exits: &[("0", "done"), ("2", "there is no such command")],
        flags: &[],
        keys: Keys::NotTaken,
    },
];

/// Finds a subcommand.
pub fn command(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// The verbs of a subcommand that has some.
pub fn verbs_of(command: &Command) -> &'static [Command] {
    if command.name == crate::seccomp::table::SECCOMP.name {
        crate::seccomp::table::VERBS
    } else {
        &[]
    }
}

/// All subcommands, and after each its verbs.
pub fn all() -> impl Iterator<Item = &'static Command> {
    COMMANDS
        .iter()
        .flat_map(|command| std::iter::once(command).chain(verbs_of(command)))
}

/// The keys that are flags, of a topic.
pub fn keys_of(topic: Topic) -> impl Iterator<Item = &'static Key> {
    KEYS.iter()
        .filter(move |key| key.topic == topic && key.flag == FlagForm::Flag)
}

/// What a key's value can be.
pub fn words_of(key: &Key) -> Words {
    match key.kind {
        Kind::One(Form::Choice(words)) | Kind::List(Form::Choice(words)) => Words::Of(words),
        Kind::One(Form::Path) | Kind::List(Form::Path) | Kind::OneOrList(Form::Path) => Words::File,
        _ => Words::Any,
    }
}
