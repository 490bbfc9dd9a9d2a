//! Resource limits of a process: name, number, unit.
//!
//! Source: asm-generic/resource.h and getrlimit(2); MIPS has some numbers of its own (asm/resource.h).

use super::arch::Arch;
use super::suggest::nearest;
use super::version::KernelVersion;

/// What a limit's number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Seconds of processor time.
    Seconds,
    /// Microseconds of processor time.
    Microseconds,
    /// Things: processes, descriptors, locks, signals.
    Count,
    /// A real-time priority, or 20 minus a nice value.
    Priority,
}

/// One limit.
#[derive(Debug, PartialEq, Eq)]
pub struct Rlimit {
    /// `nofile`, the lower-case name without `RLIMIT_`.
    pub name: &'static str,
    generic: u8,
    mips: u8,
    /// What the number counts.
    pub unit: Unit,
    /// The first kernel that has it.
    pub since: KernelVersion,
    /// What it limits.
    pub text: &'static str,
}

const OLD: KernelVersion = KernelVersion::new(1, 0);

const fn rlimit(
    name: &'static str,
    numbers: (u8, u8),
    unit: Unit,
    since: KernelVersion,
    text: &'static str,
) -> Rlimit {
    Rlimit {
        name,
        generic: numbers.0,
        mips: numbers.1,
        unit,
        since,
        text,
    }
}

const fn since(major: u8, minor: u8, patch: u8) -> KernelVersion {
    KernelVersion::with_patch(major, minor, patch)
}

/// By generic number.
#[rustfmt::skip]
static RLIMITS: [Rlimit; 16] = [
    rlimit("cpu", (0, 0), Unit::Seconds, OLD, "processor time, after which SIGXCPU is sent"),
    rlimit("fsize", (1, 1), Unit::Bytes, OLD, "size of a file that is written"),
    rlimit("data", (2, 2), Unit::Bytes, OLD, "data segment and, since 4.7, private writable mappings"),
    rlimit("stack", (3, 3), Unit::Bytes, OLD, "stack of the first thread"),
    rlimit("core", (4, 4), Unit::Bytes, OLD, "size of a core dump; does not bind a pipe that core_pattern names"),
    rlimit("rss", (5, 7), Unit::Bytes, OLD, "nothing since 2.6; once resident memory"),
    rlimit("nproc", (6, 8), Unit::Count, OLD, "threads of the real user id, over all containers that share it"),
    rlimit("nofile", (7, 5), Unit::Count, OLD, "one more than the highest descriptor"),
    rlimit("memlock", (8, 9), Unit::Bytes, OLD, "memory locked against swapping"),
    rlimit("as", (9, 6), Unit::Bytes, OLD, "address space"),
    rlimit("locks", (10, 10), Unit::Count, since(2, 4, 0), "nothing since 2.4.25; once file locks"),
    rlimit("sigpending", (11, 11), Unit::Count, since(2, 6, 8), "signals queued for the real user id"),
    rlimit("msgqueue", (12, 12), Unit::Bytes, since(2, 6, 8), "POSIX message queues of the real user id"),
    rlimit("nice", (13, 13), Unit::Priority, since(2, 6, 12), "20 minus the lowest nice value that may be set"),
    rlimit("rtprio", (14, 14), Unit::Priority, since(2, 6, 12), "highest real-time priority that may be set"),
    rlimit("rttime", (15, 15), Unit::Microseconds, since(2, 6, 25), "processor time of a real-time thread between two waits"),
];

impl Rlimit {
    /// The number on an architecture.
    pub fn number(&self, arch: Arch) -> u8 {
        match arch {
            Arch::Mips64 | Arch::Mips64el => self.mips,
            _ => self.generic,
        }
    }
}

/// Finds a limit by its name, with or without `RLIMIT_`, letter case aside.
pub fn find(name: &str) -> Option<&'static Rlimit> {
    const PREFIX: &str = "RLIMIT_";
    let short = match name.get(..PREFIX.len()) {
        Some(prefix) if prefix.eq_ignore_ascii_case(PREFIX) => &name[PREFIX.len()..],
        _ => name,
    };
    RLIMITS
        .iter()
        .find(|rlimit| rlimit.name.eq_ignore_ascii_case(short))
}

/// Finds a limit by its number on an architecture.
pub fn of(arch: Arch, number: u8) -> Option<&'static Rlimit> {
    RLIMITS.iter().find(|rlimit| rlimit.number(arch) == number)
}

/// All limits, by generic number.
pub fn all() -> impl ExactSizeIterator<Item = &'static Rlimit> {
    RLIMITS.iter()
}

/// The known name nearest to one that is not known.
pub fn suggest(name: &str) -> Option<&'static str> {
    nearest(name, RLIMITS.iter().map(|rlimit| rlimit.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_names_round_trip() {
        for (index, rlimit) in RLIMITS.iter().enumerate() {
            assert_eq!(usize::from(rlimit.generic), index);
            for arch in Arch::ALL {
                assert_eq!(of(arch, rlimit.number(arch)), Some(rlimit));
            }
            let long = format!("RLIMIT_{}", rlimit.name.to_uppercase());
            assert_eq!(find(&long), Some(rlimit));
            assert_eq!(find(rlimit.name), Some(rlimit));
        }
        let number = |arch, name| find(name).map(|rlimit| rlimit.number(arch));
        assert_eq!(number(Arch::X86_64, "NOFILE"), Some(7));
        assert_eq!(number(Arch::Mips64, "NOFILE"), Some(5));
        assert_eq!(find("RLIMIT_"), None);
        assert_eq!(find("éèéèé"), None);
        assert_eq!(suggest("nofiles"), Some("nofile"));
    }
}
