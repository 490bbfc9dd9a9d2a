//! The arguments of system calls as the kernel declares them: name, C type, width, sign.
//!
//! Why it matters: a filter sees each argument as 64 bits, and the kernel then uses only the declared type's low bits.
//! A filter that compares all 64 bits of a 32-bit argument is passed by setting a high bit, so comparisons must be made
//! at the declared width ([`Argument::bits`]).
//!
//! Sources, written down row by row in `xtask/data/names/arguments.tsv`, which the table is generated from: the trace
//! events of a 6.18 kernel for what it has, the kernel's `SYSCALL_DEFINE` lines for what it has not.

use super::arch::{Arch, Word};
use super::suggest::nearest;
use super::syscalls::SyscallId;
use super::tables::arguments_table::SIGNATURES;

/// How many of an argument's bits the kernel uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 16: file modes, and the ids of the oldest calls of 32-bit architectures.
    W16,
    /// 32: `int` and its like.
    W32,
    /// A whole register: `long`, `size_t`, pointers.
    Register,
    /// 64 bits in one register; only 64-bit architectures have such an argument.
    W64,
}

/// Whether the type has negative values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It has.
    Signed,
    /// It has not.
    Unsigned,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number, a set of flags, an id.
    Scalar,
    /// A file descriptor, or a special value such as `AT_FDCWD`. Told from scalars by the argument's name.
    Descriptor,
    /// An address; a filter cannot see what is there.
    Pointer,
}

/// One argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The kernel's name for it; the manual page may have another, see [`index`].
    pub name: &'static str,
    /// The C type: `unsigned int`, `const char *`.
    pub ctype: &'static str,
    /// How much of the register counts.
    pub width: Width,
    /// Whether the type has negative values.
    pub sign: Sign,
    /// What it is.
    pub kind: Kind,
}

impl Argument {
    /// How many low bits of the 64 that a filter sees reach the kernel: 16, 32 or 64. Where registers have 32 bits,
    /// the others are always 0.
    pub const fn bits(&self, arch: Arch) -> u32 {
        match (self.width, arch.register()) {
            (Width::W16, _) => 16,
            (Width::W32, _) | (Width::Register | Width::W64, Word::W32) => 32,
            (Width::Register | Width::W64, Word::W64) => 64,
        }
    }

    /// The bits that reach the kernel.
    pub const fn mask(&self, arch: Arch) -> u64 {
        u64::MAX >> (64 - self.bits(arch))
    }
}

/// The arguments of one call on some architectures.
pub(super) struct Signature {
    pub(super) name: &'static str,
    /// None at all is all of them that have no row of their own.
    pub(super) arches: &'static [Arch],
    pub(super) arguments: &'static [Argument],
}

/// Writes a row of the generated table.
pub(super) const fn signature(
    name: &'static str,
    arches: &'static [Arch],
    arguments: &'static [Argument],
) -> Signature {
    Signature {
        name,
        arches,
        arguments,
    }
}

/// Writes an argument of the generated table.
pub(super) const fn argument(
    name: &'static str,
    ctype: &'static str,
    width: Width,
    sign: Sign,
    kind: Kind,
) -> Argument {
    Argument {
        name,
        ctype,
        width,
        sign,
        kind,
    }
}

/// The names in manual pages, where they are not the kernel's: call, kernel's name, manual's name.
#[rustfmt::skip]
static MANUAL: [(&str, &str, &str); 52] = [
    ("accept", "upeer_addrlen", "addrlen"),
    ("accept", "upeer_sockaddr", "addr"),
    ("accept4", "upeer_addrlen", "addrlen"),
    ("accept4", "upeer_sockaddr", "addr"),
    ("arch_prctl", "arg2", "addr"),
    ("arch_prctl", "option", "op"),
    ("bind", "umyaddr", "addr"),
    ("bpf", "uattr", "attr"),
    ("chmod", "filename", "pathname"),
    ("clone", "child_tidptr", "child_tid"),
    ("clone", "clone_flags", "flags"),
    ("clone", "newsp", "stack"),
    ("clone", "parent_tidptr", "parent_tid"),
    ("clone3", "uargs", "cl_args"),
    ("connect", "uservaddr", "addr"),
    ("execve", "filename", "pathname"),
    ("execveat", "fd", "dirfd"),
    ("execveat", "filename", "pathname"),
    ("fchmodat", "dfd", "dirfd"),
    ("fchmodat", "filename", "pathname"),
    ("futex", "op", "futex_op"),
    ("futex", "utime", "timeout"),
    ("ioctl", "cmd", "op"),
    ("ioctl", "cmd", "request"),
    ("keyctl", "option", "op"),
    ("keyctl", "option", "operation"),
    ("madvise", "behavior", "advice"),
    ("madvise", "len_in", "length"),
    ("mmap", "len", "length"),
    ("mmap", "off", "offset"),
    ("mount", "dev_name", "source"),
    ("mount", "dir_name", "target"),
    ("mount", "flags", "mountflags"),
    ("mount", "type", "filesystemtype"),
    ("mprotect", "start", "addr"),
    ("open", "filename", "pathname"),
    ("openat", "dfd", "dirfd"),
    ("openat", "filename", "pathname"),
    ("openat2", "dfd", "dirfd"),
    ("openat2", "filename", "pathname"),
    ("openat2", "usize", "size"),
    ("perf_event_open", "attr_uptr", "attr"),
    ("perf_event_open", "group_fd", "group"),
    ("personality", "personality", "persona"),
    ("prctl", "option", "op"),
    ("ptrace", "request", "op"),
    ("seccomp", "op", "operation"),
    ("seccomp", "uargs", "args"),
    ("setns", "flags", "nstype"),
    ("socket", "family", "domain"),
    ("socketpair", "family", "domain"),
    ("unshare", "unshare_flags", "flags"),
];

/// The arguments of a call on an architecture, first one first. `None` is a call whose arguments are not known: one
/// that no kernel implements.
pub fn signature_of(id: SyscallId, arch: Arch) -> Option<&'static [Argument]> {
    let name = id.name();
    let first = SIGNATURES.partition_point(|row| row.name < name);
    SIGNATURES[first..] // PANIC: a partition point is at most the length.
        .iter()
        .take_while(|row| row.name == name)
        // Rows for some architectures come before the one for the others.
        .find(|row| row.arches.is_empty() || row.arches.contains(&arch))
        .map(|row| row.arguments)
}

/// One argument, counted from 0.
pub fn argument_of(id: SyscallId, arch: Arch, index: usize) -> Option<&'static Argument> {
    signature_of(id, arch)?.get(index)
}

/// The position of an argument on an architecture: by the kernel's name, by the manual page's, or as `arg0` to `arg5`.
///
/// The order is the architecture's own: the flags of clone are the second argument on [`Arch::S390x`].
pub fn index(id: SyscallId, arch: Arch, name: &str) -> Option<usize> {
    let arguments = signature_of(id, arch)?;
    let at = |name: &str| arguments.iter().position(|argument| argument.name == name);
    at(name)
        .or_else(|| {
            let (_, kernel, _) = MANUAL
                .iter()
                .find(|(call, _, manual)| *call == id.name() && *manual == name)?;
            at(kernel)
        })
        .or_else(|| {
            let place = name.strip_prefix("arg")?.parse().ok()?;
            (place < arguments.len()).then_some(place)
        })
}

/// The argument's name nearest to one that is not known.
pub fn suggest(id: SyscallId, arch: Arch, name: &str) -> Option<&'static str> {
    let known = signature_of(id, arch)?.iter().map(|argument| argument.name);
    let manual = MANUAL
        .iter()
        .filter(|(call, _, _)| *call == id.name())
        .map(|&(_, _, manual)| manual);
    nearest(name, known.chain(manual))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> SyscallId {
        SyscallId::from_name(name).expect(name)
    }

    #[test]
    fn the_table_is_sorted_and_its_names_exist() {
        for (index, row) in SIGNATURES.iter().enumerate() {
            let call = SyscallId::from_name(row.name).expect(row.name);
            assert!(row.arguments.len() <= 6, "{call}");
            for arch in row.arches {
                assert!(call.number(*arch).is_some(), "{call} {arch}");
            }
            for (place, argument) in row.arguments.iter().enumerate() {
                let same = |other: &Argument| other.name == argument.name;
                assert!(
                    !row.arguments[..place].iter().any(same),
                    "{call} {}",
                    argument.name
                );
            }
            let Some(next) = SIGNATURES.get(index + 1) else {
                continue;
            };
            assert!(row.name <= next.name, "{call}");
            if row.name == next.name {
                assert!(!row.arches.is_empty(), "{call}: hides the row after it");
            }
        }
    }

    #[test]
    fn every_live_call_has_arguments_that_fit_its_registers() {
        for arch in Arch::ALL {
            for call in super::super::syscalls::all(arch) {
                let Some(arguments) = signature_of(call.id, arch) else {
                    let fate = call.id.fate(arch);
                    assert_ne!(
                        fate,
                        super::super::syscalls::Fate::Alive,
                        "{arch} {}",
                        call.name
                    );
                    continue;
                };
                if arch.register() == Word::W32 {
                    let wide = arguments
                        .iter()
                        .find(|argument| argument.width == Width::W64);
                    assert_eq!(wide, None, "{arch} {}", call.name);
                }
            }
        }
    }

    #[test]
    fn known_arguments() {
        let cases = [
            (
                Arch::X86_64,
                "ioctl",
                "cmd",
                1,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "ioctl",
                "request",
                1,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "ioctl",
                "arg",
                2,
                64,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "socket",
                "domain",
                0,
                32,
                Sign::Signed,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "socket",
                "arg2",
                2,
                32,
                Sign::Signed,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "clone",
                "flags",
                0,
                64,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::S390x,
                "clone",
                "flags",
                1,
                64,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "clone",
                "tls",
                4,
                64,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::Aarch64,
                "clone",
                "tls",
                3,
                64,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::I386,
                "clone",
                "flags",
                0,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "personality",
                "persona",
                0,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "chmod",
                "mode",
                1,
                16,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "kill",
                "pid",
                0,
                32,
                Sign::Signed,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "openat",
                "dirfd",
                0,
                32,
                Sign::Signed,
                Kind::Descriptor,
            ),
            (
                Arch::X86_64,
                "openat",
                "filename",
                1,
                64,
                Sign::Unsigned,
                Kind::Pointer,
            ),
            (
                Arch::I386,
                "openat",
                "filename",
                1,
                32,
                Sign::Unsigned,
                Kind::Pointer,
            ),
            (
                Arch::X32,
                "openat",
                "filename",
                1,
                64,
                Sign::Unsigned,
                Kind::Pointer,
            ),
            (
                Arch::X86_64,
                "lseek",
                "offset",
                1,
                64,
                Sign::Signed,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "pread64",
                "pos",
                3,
                64,
                Sign::Signed,
                Kind::Scalar,
            ),
            (
                Arch::I386,
                "pread64",
                "pos_hi",
                4,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::Arm,
                "pread64",
                "pos_hi",
                5,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::I386,
                "setuid",
                "uid",
                0,
                16,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::I386,
                "setuid32",
                "uid",
                0,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "setuid",
                "uid",
                0,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::I386,
                "socketcall",
                "call",
                0,
                32,
                Sign::Signed,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "unshare",
                "flags",
                0,
                64,
                Sign::Unsigned,
                Kind::Scalar,
            ),
            (
                Arch::X86_64,
                "landlock_add_rule",
                "rule_type",
                1,
                32,
                Sign::Unsigned,
                Kind::Scalar,
            ),
        ];
        for (arch, call, name, place, bits, sign, kind) in cases {
            let what = format!("{arch} {call} {name}");
            assert_eq!(index(id(call), arch, name), Some(place), "{what}");
            let argument = argument_of(id(call), arch, place).expect(&what);
            assert_eq!(argument.bits(arch), bits, "{what}");
            assert_eq!((argument.sign, argument.kind), (sign, kind), "{what}");
            assert_eq!(argument.mask(arch).count_ones(), bits, "{what}");
        }
        assert_eq!(index(id("socket"), Arch::X86_64, "arg3"), None);
        assert_eq!(index(id("socket"), Arch::X86_64, "flags"), None);
        assert_eq!(
            index(id("socket"), Arch::X86_64, "arg99999999999999999999"),
            None
        );
        assert_eq!(signature_of(id("getpid"), Arch::X86_64), Some(&[][..]));
        assert_eq!(signature_of(id("vserver"), Arch::X86_64), None);
        assert_eq!(suggest(id("socket"), Arch::X86_64, "famly"), Some("family"));
        assert_eq!(
            suggest(id("socket"), Arch::X86_64, "domian"),
            Some("domain")
        );
    }

    #[test]
    fn manual_names_stand_for_arguments_that_exist() {
        assert!(MANUAL.is_sorted());
        for (call, kernel, manual) in MANUAL {
            let place = index(id(call), Arch::X86_64, kernel);
            assert!(place.is_some(), "{call} {kernel}");
            assert_eq!(
                index(id(call), Arch::X86_64, manual),
                place,
                "{call} {manual}"
            );
        }
    }
}
