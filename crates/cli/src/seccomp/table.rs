//! The verbs of `casemate seccomp`, their flags and their help.

use crate::commands::{COLOR, Command, FORMAT, Flag, HELP, Keys, Words};
use crate::seccomp::target::TARGETS;

const ARCH: Flag = Flag {
    name: "arch",
    short: None,
    value: Some("ARCH,..."),
    words: Words::Of(&[
        "x86_64",
        "i386",
        "x32",
        "aarch64",
        "arm",
        "riscv64",
        "s390x",
        "ppc64le",
        "loongarch64",
        "mips64",
        "mips64el",
    ]),
    help: "The numberings that the machine serves, its own first",
    long: "By default those of this machine, as x86_64,i386,x32; where the policy is about none of them, those that it is \
           about.",
};

const FROM: Flag = Flag {
    name: "from",
    short: None,
    value: Some("FORMAT"),
    words: Words::Any,
    help: "What the input is, where that cannot be told from it",
    long: "bpf for instructions as the kernel takes them, asm for listings, text for Casemate's own language, or oci, lxc, \
           minijail, kafel, systemd, firejail or appc.",
};

const KERNEL: Flag = Flag {
    name: "kernel",
    short: None,
    value: Some("VERSION"),
    words: Words::Any,
    help: "The kernel that the policy is for, by default the running one",
    long: "",
};

const CAP: Flag = Flag {
    name: "cap",
    short: None,
    value: Some("CAP,..."),
    words: Words::Any,
    help: "Capabilities that the program keeps, for profiles that depend on them",
    long: "Names, or all, or docker for the 14 that Docker leaves by default. Without the flag there is none, for which Docker's \
           profile permits least. Can be given several times.",
};

const TO: Flag = Flag {
    name: "to",
    short: None,
    value: Some("FORM"),
    words: Words::Of(TARGETS),
    help: "What to write",
    long: "bpf is the instructions as the kernel takes them, asm their listing as of tcpdump -d, c as of -dd, decimal as of \
           -ddd, text Casemate's own language; the others are other programs' formats.",
};

const OUTPUT: Flag = Flag {
    name: "output",
    short: Some('o'),
    value: Some("FILE"),
    words: Words::File,
    help: "Write there, and not to standard output",
    long: "",
};

const LOSS: Flag = Flag {
    name: "loss",
    short: None,
    value: Some("WHICH"),
    words: Words::Of(&["exact", "tighter", "looser"]),
    help: "What may differ where the form cannot say all: exact, tighter or looser",
    long: "exact is nothing. tighter, the default, lets calls be refused in another way or be refused where the policy \
           permits them. looser lets anything differ, which permits more than the policy. What differs is told on standard \
           error.",
};

const INDEX: Flag = Flag {
    name: "index",
    short: None,
    value: Some("N"),
    words: Words::Any,
    help: "Only this filter; 0 is the one that was loaded last",
    long: "",
};

const SINCE: Flag = Flag {
    name: "since",
    short: None,
    value: Some("VERSION"),
    words: Words::Any,
    help: "Only calls that this kernel or a later one added",
    long: "",
};

const FIX_WIDTHS: Flag = Flag {
    name: "fix-widths",
    short: None,
    value: None,
    words: Words::Any,
    help: "Write the policy with comparisons as wide as the kernel's",
    long: "Comparisons of 64 bits of an argument of which the kernel drops the upper half become comparisons of what it \
           keeps. The form is that of --to, by default text; the result is checked again.",
};

const NAMES: Flag = Flag {
    name: "names",
    short: None,
    value: None,
    words: Words::Any,
    help: "Say beside each instruction what its numbers mean",
    long: "",
};

const INPUTS: &str = "FILTER and POLICY are a file, - for standard input, pid:N for all filters of a live process together, pid:N/I \
                      for one of them, or `ordinary` for the policy that `casemate run` has by default. What a file holds is \
                      seen from it: instructions in either byte order, listings of tcpdump -d, -dd, -ddd and bpf_asm, \
                      Casemate's own language, and other programs' policies. Where one is asked for and the other given, the \
                      policy is compiled, or the filter read back.";

const PROOF: &str = "What is written is read back and compared with the policy for every number, architecture and argument; \
                     nothing leaves that is not proved equal.";

const EXITS: &[(&str, &str)] = &[
    ("0", "done"),
    (
        "2",
        "the input or the command line is wrong, or a file cannot be read or written",
    ),
    ("3", "undecided: the filter's arithmetic is out of reach"),
];

/// The command.
pub const SECCOMP: Command = Command {
    name: "seccomp",
    synopsis: "VERB [FLAGS] [FILTER|POLICY]...",
    about: "Compile, read back, compare and check syscall filters",
    long: &[
        INPUTS,
        "`casemate help seccomp VERB` shows the help of a verb.",
    ],
    examples: &[
        (
            "casemate seccomp explain pid:1",
            "say what a process may call",
        ),
        (
            "casemate seccomp compile --to asm ordinary",
            "see the filter of `casemate run`",
        ),
    ],
    exits: &[
        ("0", "done; of diff: equal; of check: no hole"),
        ("1", "of diff: different; of check: a hole"),
        ("2", "the input or the command line is wrong"),
        ("3", "undecided: a filter's arithmetic is out of reach"),
    ],
    flags: &[HELP],
    keys: Keys::NotTaken,
};

/// The verbs.
pub static VERBS: &[Command] = &[
    Command {
        name: "seccomp compile",
        synopsis: "[FLAGS] POLICY",
        about: "Make a filter of a policy, or write the policy in another form",
        long: &[PROOF, INPUTS],
        examples: &[
            (
                "casemate seccomp compile server.policy -o server.bpf",
                "compile a policy",
            ),
            (
                "casemate seccomp compile --cap docker --to asm default.json",
                "see what Docker's profile compiles to",
            ),
            (
                "casemate seccomp compile --to oci server.policy",
                "write a policy as an OCI profile",
            ),
        ],
        exits: EXITS,
        flags: &[TO, OUTPUT, LOSS, ARCH, FROM, KERNEL, CAP, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp explain",
        synopsis: "[FLAGS] FILTER",
        about: "Say what a filter permits, equal filters in equal words",
        long: &[
            "The text is a policy in Casemate's language, and compiling it gives an equal filter. Only where no policy says \
             what a filter does, because it looks at the instruction pointer or tells unknown architectures apart, it is a \
             list by number.",
            INPUTS,
        ],
        examples: &[
            (
                "casemate seccomp explain pid:1",
                "say what a process may call",
            ),
            (
                "casemate seccomp explain filter.bpf",
                "say what somebody's filter permits",
            ),
        ],
        exits: EXITS,
        flags: &[FORMAT, ARCH, FROM, KERNEL, CAP, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp list",
        synopsis: "[FLAGS] FILTER",
        about: "List a filter's instructions",
        long: &[
            "In the form of tcpdump -d; `--to c` and `--to decimal` are its -dd and -ddd.",
            INPUTS,
        ],
        examples: &[(
            "casemate seccomp list --names filter.bpf",
            "list a filter with the names of the calls",
        )],
        exits: EXITS,
        flags: &[
            Flag {
                words: Words::Of(&["asm", "c", "decimal"]),
                help: "The form of the listing: asm, c or decimal",
                long: "",
                ..TO
            },
            NAMES,
            ARCH,
            FROM,
            KERNEL,
            CAP,
            COLOR,
            HELP,
        ],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp eval",
        synopsis: "[FLAGS] FILTER CALL...",
        about: "Tell what happens to a call, and its path through the filter",
        long: &[
            "A CALL is a name or number with arguments in parentheses: numbers, constants by name, joined with |. Arguments \
             that are left out are 0; one can be named. Another architecture stands before the call, as in \
             i386:socketcall(1). Of a narrow argument a negative number sets the bits that the kernel looks at; other \
             numbers are taken with all of their 64 bits.",
            INPUTS,
        ],
        examples: &[
            (
                "casemate seccomp eval ordinary 'socket(AF_INET, SOCK_RAW, 0)'",
                "see whether a program may make raw sockets",
            ),
            (
                "casemate seccomp eval pid:1 'clone(flags=CLONE_NEWUSER)'",
                "see whether a process may make user namespaces",
            ),
        ],
        exits: EXITS,
        flags: &[FORMAT, ARCH, FROM, KERNEL, CAP, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp diff",
        synopsis: "[FLAGS] FILTER FILTER",
        about: "Tell whether two filters do the same, or for which calls they do not",
        long: &[
            "Decided exactly, for every number, architecture and argument that a kernel can show. For each difference there is the shortest \
             condition that leads to it, and one call as a witness, which `eval` understands.",
            INPUTS,
        ],
        examples: &[(
            "casemate seccomp diff old.json new.json",
            "see what a new version of a profile changes",
        )],
        exits: &[
            ("0", "the filters are equal"),
            ("1", "they are different"),
            ("2", "an input or the command line is wrong"),
            ("3", "undecided: a filter's arithmetic is out of reach"),
        ],
        flags: &[FORMAT, ARCH, FROM, KERNEL, CAP, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp check",
        synopsis: "[FLAGS] FILTER",
        about: "Find holes in a filter",
        long: &[
            "A hole: the architecture is not checked; what is refused passes by another numbering of the machine; a \
             comparison of 64 bits of an argument that the kernel truncates can be passed by setting a dropped bit. A risk: \
             calls that break out of confinements can pass. A cost: instructions that nothing reaches; calls that the \
             kernel could remember as permitted, and does not.",
            INPUTS,
        ],
        examples: &[
            ("casemate seccomp check pid:1", "look for holes"),
            (
                "casemate seccomp check --fix-widths -o fixed.policy profile.json",
                "repair comparisons that are too wide",
            ),
        ],
        exits: &[
            ("0", "there is no hole"),
            ("1", "there is a hole"),
            ("2", "the input or the command line is wrong"),
            ("3", "undecided: the filter's arithmetic is out of reach"),
        ],
        flags: &[
            FIX_WIDTHS, TO, OUTPUT, LOSS, FORMAT, ARCH, FROM, KERNEL, CAP, COLOR, HELP,
        ],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp dump",
        synopsis: "[FLAGS] PID",
        about: "Write the filters of a live process",
        long: &[
            "The process is stopped for a moment. It takes CAP_SYS_ADMIN in the first user namespace, as root has it on the \
             host, a caller without a filter of its own, and a process that nobody else traces.",
        ],
        examples: &[
            (
                "casemate seccomp dump 4711",
                "list the filters of a process",
            ),
            (
                "casemate seccomp dump 4711 --index 0 --to bpf -o last.bpf",
                "keep the filter that was loaded last",
            ),
        ],
        exits: EXITS,
        flags: &[INDEX, TO, OUTPUT, LOSS, ARCH, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp stats",
        synopsis: "[FLAGS] FILTER",
        about: "Count what a filter costs and what it lets through, by kernel version",
        long: &[
            "Permitted are calls that run whatever their arguments, conditional those that run with some, or if another \
             process lets them; cached are those that the kernel remembers as permitted, so that they run no filter (since \
             5.11).",
            INPUTS,
        ],
        examples: &[(
            "casemate seccomp stats ordinary",
            "see what `casemate run` leaves of the kernel",
        )],
        exits: EXITS,
        flags: &[FORMAT, ARCH, FROM, KERNEL, CAP, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp syscalls",
        synopsis: "[FLAGS] [CALL]...",
        about: "Show the tables of system calls",
        long: &["Number, first kernel, name and arguments, for each architecture."],
        examples: &[
            (
                "casemate seccomp syscalls --since 5.10",
                "show the calls that are new since a kernel",
            ),
            (
                "casemate seccomp syscalls --arch aarch64 socket",
                "show a call",
            ),
        ],
        exits: &[
            ("0", "done"),
            ("2", "there is no such call, or the command line is wrong"),
        ],
        flags: &[SINCE, ARCH, FORMAT, COLOR, HELP],
        keys: Keys::NotTaken,
    },
    Command {
        name: "seccomp fuse",
        synopsis: "[FLAGS] FILTER FILTER...",
        about: "Make one filter of several that are in force together",
        long: &[
            "The one that was loaded first comes first. The result answers as the kernel would with all of them, and costs a \
             call what one costs.",
            PROOF,
            INPUTS,
        ],
        examples: &[(
            "casemate seccomp fuse a.bpf b.bpf -o both.bpf",
            "fuse two filters",
        )],
        exits: EXITS,
        flags: &[TO, OUTPUT, LOSS, ARCH, FROM, KERNEL, CAP, COLOR, HELP],
        keys: Keys::NotTaken,
    },
];
