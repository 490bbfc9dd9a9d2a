//! Signals: name, number, what happens to a process that does not handle one.
//!
//! Source: asm-generic/signal.h and signal(7); MIPS has numbers of its own (asm/signal.h).

use super::arch::Arch;
use super::suggest::nearest;

/// What a signal does to a process that neither handles nor ignores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Ends the process.
    Terminate,
    /// Ends the process with a core dump.
    Core,
    /// Stops the process.
    Stop,
    /// Continues a stopped process.
    Continue,
    /// Nothing.
    Ignore,
}

/// One signal below the real-time ones.
#[derive(Debug, PartialEq, Eq)]
pub struct Signal {
    /// `SIGTERM`.
    pub name: &'static str,
    generic: u8,
    mips: u8,
    /// What happens by default.
    pub disposition: Disposition,
    /// When it is sent.
    pub text: &'static str,
}

const fn signal(
    name: &'static str,
    generic: u8,
    mips: u8,
    disposition: Disposition,
    text: &'static str,
) -> Signal {
    Signal {
        name,
        generic,
        mips,
        disposition,
        text,
    }
}

use Disposition::{Continue, Core, Ignore, Stop, Terminate};

/// By generic number; 0 is a signal that MIPS does not have. An alias follows the usual name.
#[rustfmt::skip]
static SIGNALS: [Signal; 34] = [
    signal("SIGHUP", 1, 1, Terminate, "the terminal is gone, or a daemon shall read its configuration again"),
    signal("SIGINT", 2, 2, Terminate, "interrupted from the keyboard"),
    signal("SIGQUIT", 3, 3, Core, "quit from the keyboard"),
    signal("SIGILL", 4, 4, Core, "illegal instruction"),
    signal("SIGTRAP", 5, 5, Core, "a debugger's breakpoint"),
    signal("SIGABRT", 6, 6, Core, "the program gave up"),
    signal("SIGIOT", 6, 6, Core, "the program gave up"),
    signal("SIGBUS", 7, 10, Core, "memory that is mapped but cannot be had"),
    signal("SIGFPE", 8, 8, Core, "arithmetic error"),
    signal("SIGKILL", 9, 9, Terminate, "killed; cannot be handled"),
    signal("SIGUSR1", 10, 16, Terminate, "the program's own use"),
    signal("SIGSEGV", 11, 11, Core, "memory that is not mapped or not permitted"),
    signal("SIGUSR2", 12, 17, Terminate, "the program's own use"),
    signal("SIGPIPE", 13, 13, Terminate, "wrote to a pipe without a reader"),
    signal("SIGALRM", 14, 14, Terminate, "a timer went off"),
    signal("SIGTERM", 15, 15, Terminate, "asked to end"),
    signal("SIGSTKFLT", 16, 0, Terminate, "unused"),
    signal("SIGCHLD", 17, 18, Ignore, "a child ended or stopped"),
    signal("SIGCLD", 17, 18, Ignore, "a child ended or stopped"),
    signal("SIGCONT", 18, 25, Continue, "continue"),
    signal("SIGSTOP", 19, 23, Stop, "stopped; cannot be handled"),
    signal("SIGTSTP", 20, 24, Stop, "stopped from the keyboard"),
    signal("SIGTTIN", 21, 26, Stop, "a background process read from the terminal"),
    signal("SIGTTOU", 22, 27, Stop, "a background process wrote to the terminal"),
    signal("SIGURG", 23, 21, Ignore, "urgent data on a socket"),
    signal("SIGXCPU", 24, 30, Core, "over the limit of processor time"),
    signal("SIGXFSZ", 25, 31, Core, "over the limit of a file's size"),
    signal("SIGVTALRM", 26, 28, Terminate, "a virtual timer went off"),
    signal("SIGPROF", 27, 29, Terminate, "a profiling timer went off"),
    signal("SIGWINCH", 28, 20, Ignore, "the terminal's size changed"),
    signal("SIGIO", 29, 22, Terminate, "input or output is possible"),
    signal("SIGPOLL", 29, 22, Terminate, "input or output is possible"),
    signal("SIGPWR", 30, 19, Terminate, "power failure"),
    signal("SIGSYS", 31, 12, Core, "a system call that a filter traps, or a bad one"),
];

/// The first real-time signal, as the kernel counts (asm-generic/signal.h). C libraries keep the first two or three
/// for themselves, and their `SIGRTMIN` is higher.
pub const RT_FIRST: u8 = 32;

impl Signal {
    /// The number on an architecture, `None` where it does not exist.
    pub fn number(&self, arch: Arch) -> Option<u8> {
        let number = match arch {
            Arch::Mips64 | Arch::Mips64el => self.mips,
            _ => self.generic,
        };
        (number != 0).then_some(number)
    }
}

/// Finds a signal by its name, with or without `SIG`, letter case aside.
pub fn find(name: &str) -> Option<&'static Signal> {
    SIGNALS.iter().find(|signal| {
        signal.name.eq_ignore_ascii_case(name)
            || signal
                .name
                .strip_prefix("SIG")
                .is_some_and(|short| short.eq_ignore_ascii_case(name))
    })
}

/// Finds a signal by its number on an architecture.
pub fn of(arch: Arch, number: u8) -> Option<&'static Signal> {
    SIGNALS
        .iter()
        .find(|signal| signal.number(arch) == Some(number))
}

/// The number of a name.
pub fn number(arch: Arch, name: &str) -> Option<u8> {
    find(name)?.number(arch)
}

/// The name of a number.
pub fn name(arch: Arch, number: u8) -> Option<&'static str> {
    of(arch, number).map(|signal| signal.name)
}

/// All signals below the real-time ones, by generic number, aliases included.
pub fn all() -> impl ExactSizeIterator<Item = &'static Signal> {
    SIGNALS.iter()
}

/// The known name nearest to one that is not known.
pub fn suggest(name: &str) -> Option<&'static str> {
    nearest(name, SIGNALS.iter().map(|signal| signal.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_from_1_to_31_has_one_signal() {
        for number in 1..RT_FIRST {
            let signal = of(Arch::X86_64, number).unwrap_or_else(|| panic!("no signal {number}"));
            assert_eq!(super::number(Arch::X86_64, signal.name), Some(number));
            assert_eq!(find(&signal.name[3..]), Some(signal));
            // MIPS has 7 (SIGEMT) for what no other architecture here has.
            assert_eq!(of(Arch::Mips64, number).is_none(), number == 7, "{number}");
        }
        assert!(SIGNALS.is_sorted_by_key(|signal| signal.generic));
        for (name, number) in [
            ("KILL", 9),
            ("sigterm", 15),
            ("SIGSYS", 31),
            ("SIGPOLL", 29),
        ] {
            assert_eq!(super::number(Arch::X86_64, name), Some(number), "{name}");
        }
        assert_eq!(name(Arch::X86_64, 6), Some("SIGABRT"));
        assert_eq!(number(Arch::Mips64, "SIGSTKFLT"), None);
        assert_eq!(name(Arch::X86_64, 32), None);
        assert_eq!(suggest("SIGTERN"), Some("SIGTERM"));
    }
}
