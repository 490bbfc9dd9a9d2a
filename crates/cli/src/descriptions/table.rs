//! The table of the subcommands for descriptions.

use crate::commands::{COLOR, Command, FORMAT, Flag, HELP, Keys, Words};

const INPUTS: &str = "An input is a file, FILE#NAME for one of several in a file, - for standard input, pid:N for a live process, or a running \
    container by name: docker:NAME, podman:NAME, containerd:ID, lxc:NAME, runc:ID, crun:ID, casemate:ID. The format of a file is told from \
    its name and content; --from names it.";

/// Names the format of an input.
pub const FROM: Flag = Flag {
    name: "from",
    short: Some('f'),
    value: Some("FORMAT"),
    words: Words::Of(&casemate_formats::NAMES),
    help: "The format of the input, when it cannot be told",
    long: "",
};

/// Names the engine whose defaults fill gaps.
pub const ENGINE: Flag = Flag {
    name: "engine",
    short: None,
    value: Some("ENGINE"),
    words: Words::Any,
    help: "Whose defaults fill what the input leaves out, as docker@20.10",
    long: "Without a version, the newest that is known. Each format has its own usual engine.",
};

/// Names the engine's own configuration.
pub const ENGINE_CONFIG: Flag = Flag {
    name: "engine-config",
    short: None,
    value: Some("FILE"),
    words: Words::File,
    help: "The engine's own configuration, which changes its defaults",
    long: "Docker's daemon.json, Podman's containers.conf.",
};

/// `casemate convert`.
pub static CONVERT: Command = CONVERT_ENTRY;

/// `casemate diff`.
pub static DIFF: Command = DIFF_ENTRY;

/// The entry of the table of subcommands.
pub const CONVERT_ENTRY: Command = Command {
    name: "convert",
    synopsis: "[FLAGS] INPUT --to FORMAT",
    about: "Write a description of a container in another format, never looser",
    long: &[
        "What the other format cannot say as tightly is an error, unless --allow-loss is given; then it is listed on standard error. The text \
         is read back and compared with what was read, field by field, before it is written.",
        INPUTS,
    ],
    examples: &[
        (
            "casemate convert lxc:web.conf --to oci",
            "a config.json of an LXC container's configuration",
        ),
        (
            "casemate convert compose.yaml#web --to kubernetes",
            "a pod that permits no more than the service",
        ),
        (
            "casemate convert pid:1234 --to docker-run --allow-loss",
            "flags for what is already confined, with what they cannot say",
        ),
    ],
    exits: &[
        ("0", "done"),
        (
            "2",
            "an input is wrong, or would be written looser than it is",
        ),
    ],
    flags: &[
        FROM,
        Flag {
            name: "to",
            short: Some('t'),
            value: Some("FORMAT"),
            words: Words::Of(&casemate_formats::WRITTEN),
            help: "The format to write",
            long: "",
        },
        ENGINE,
        ENGINE_CONFIG,
        Flag {
            name: "allow-loss",
            short: None,
            value: None,
            words: Words::Any,
            help: "Write what is looser than the input, and list it",
            long: "",
        },
        Flag {
            name: "output",
            short: Some('o'),
            value: Some("FILE"),
            words: Words::File,
            help: "Write to this file, and what belongs to it beside it",
            long: "",
        },
        COLOR,
        HELP,
    ],
    keys: Keys::NotTaken,
};

/// The entry of the table of subcommands.
pub const DIFF_ENTRY: Command = Command {
    name: "diff",
    synopsis: "[FLAGS] INPUT INPUT",
    about: "Tell what one confinement permits that another does not",
    long: &[
        "Compares any two inputs facet by facet: a configuration with a live process, two configurations in different formats, two \
         containers. What is not known of one of them is listed apart and is no difference.",
        INPUTS,
    ],
    examples: &[
        (
            "casemate diff config.json pid:1234",
            "is the container as tight as its configuration says?",
        ),
        (
            "casemate diff docker:old docker:new",
            "what does the new container permit that the old one does not?",
        ),
        (
            "casemate diff --no-more baseline.toml compose.yaml#web",
            "fail only when the service permits more than the baseline",
        ),
    ],
    exits: &[
        ("0", "no difference that matters"),
        ("1", "there are differences"),
        ("2", "an input is wrong"),
    ],
    flags: &[
        FROM,
        ENGINE,
        ENGINE_CONFIG,
        Flag {
            name: "no-more",
            short: None,
            value: None,
            words: Words::Any,
            help: "Only what the second permits and the first does not makes the exit code 1",
            long: "",
        },
        FORMAT,
        COLOR,
        HELP,
    ],
    keys: Keys::NotTaken,
};
