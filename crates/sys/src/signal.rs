//! Signals without handlers: masks, dispositions and descriptors.

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef, owned};
use core::fmt;

/// The number of a signal, 1 to 64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(u8);

impl Signal {
    /// The highest number, `_NSIG`.
    pub const MAX: u32 = 64;

    /// From its number; none when it is not 1 to 64.
    pub const fn from_raw(number: u32) -> Option<Self> {
        if number >= 1 && number <= Self::MAX {
            Some(Self(number as u8))
        } else {
            None
        }
    }

    /// The number.
    pub const fn raw(self) -> u32 {
        self.0 as u32
    }

    /// Every signal.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=Self::MAX as u8).map(Self)
    }
}

macro_rules! signals {
    ($($name:ident $number:literal)*) => {
        impl Signal {
            $(#[doc = concat!("SIG", stringify!($name))] pub const $name: Self = Self($number);)*

            /// The name, such as `SIGTERM`; none for a real-time signal.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some(concat!("SIG", stringify!($name))),)*
                    _ => None,
                }
            }
        }
    };
}

// asm-generic/signal.h; x86_64 has the same numbers.
signals! {
    HUP 1 INT 2 QUIT 3 ILL 4 TRAP 5 ABRT 6 BUS 7 FPE 8 KILL 9 USR1 10 SEGV 11 USR2 12 PIPE 13 ALRM 14 TERM 15 STKFLT 16
    CHLD 17 CONT 18 STOP 19 TSTP 20 TTIN 21 TTOU 22 URG 23 XCPU 24 XFSZ 25 VTALRM 26 PROF 27 WINCH 28 IO 29 PWR 30 SYS 31
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "signal {}", self.0),
        }
    }
}

/// A set of signals, the kernel's `sigset_t` of 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(transparent)]
pub struct SigSet(u64);

impl SigSet {
    /// No signal.
    pub const EMPTY: Self = Self(0);
    /// Every signal; the kernel leaves SIGKILL and SIGSTOP out.
    pub const ALL: Self = Self(u64::MAX);

    /// From the bits: bit n - 1 is signal n, as in /proc/PID/status.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// With one more signal.
    #[must_use]
    pub const fn with(self, signal: Signal) -> Self {
        Self(self.0 | 1 << (signal.0 - 1))
    }

    /// Without a signal.
    #[must_use]
    pub const fn without(self, signal: Signal) -> Self {
        Self(self.0 & !(1 << (signal.0 - 1)))
    }

    /// Whether a signal is in it.
    pub const fn contains(self, signal: Signal) -> bool {
        self.0 & 1 << (signal.0 - 1) != 0
    }
}

impl fmt::Debug for SigSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(Signal::all().filter(|signal| self.contains(*signal)))
            .finish()
    }
}

/// How [`mask`] changes the set of blocked signals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Mask {
    /// Block these too.
    Block = 0,
    /// No longer block these.
    Unblock = 1,
    /// Block exactly these.
    Set = 2,
}

/// Changes which signals are blocked and returns the set of before.
///
/// `int rt_sigprocmask(int how, sigset_t *set, sigset_t *oldset, size_t size)`, sigprocmask(2).
///
/// # Warning
/// For the calling thread only; inherited over fork and exec.
///
/// # Errors
/// None but that of a filter.
pub fn mask(how: Mask, set: SigSet) -> Result<SigSet> {
    let mut old = SigSet::EMPTY;
    // SAFETY: both sets are the kernel's 8 bytes and live through the call.
    unsafe {
        call!(RT_SIGPROCMASK; how as u32, &raw const set, &raw mut old, size_of::<SigSet>())
    }?;
    Ok(old)
}

/// The signals that are blocked in the calling thread.
///
/// # Errors
/// None but that of a filter.
pub fn blocked() -> Result<SigSet> {
    mask(Mask::Block, SigSet::EMPTY)
}

/// `struct sigaction` of the kernel, asm-generic/signal.h; both architectures have a restorer.
#[repr(C)]
#[derive(Default)]
struct Action {
    handler: usize,
    flags: u64,
    restorer: usize,
    mask: u64,
}

/// What a signal does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    /// What signal(7) says.
    Default,
    /// Nothing.
    Ignore,
}

/// Sets what a signal does.
///
/// `int rt_sigaction(int signum, struct sigaction *act, struct sigaction *oldact, size_t size)`, sigaction(2).
///
/// # Warning
/// For all threads. An ignored signal stays ignored over exec; ignored SIGCHLD means that children leave no status.
///
/// # Errors
/// `EINVAL` for SIGKILL and SIGSTOP.
pub fn set_disposition(signal: Signal, disposition: Disposition) -> Result<()> {
    let handler = match disposition {
        Disposition::Default => 0,
        Disposition::Ignore => 1,
    };
    let action = Action {
        handler,
        ..Action::default()
    };
    // SAFETY: `action` is the kernel's structure and names no handler, so no code of ours is ever run by it.
    unsafe { call!(RT_SIGACTION; signal.raw(), &raw const action, 0usize, size_of::<u64>()) }
        .map(drop)
}

/// What a signal does; `None` when a handler is set.
///
/// # Errors
/// None for valid signals.
pub fn disposition(signal: Signal) -> Result<Option<Disposition>> {
    let mut action = Action::default();
    // SAFETY: `action` is the kernel's structure, exclusively borrowed; nothing is set.
    unsafe { call!(RT_SIGACTION; signal.raw(), 0usize, &raw mut action, size_of::<u64>()) }?;
    Ok(match action.handler {
        0 => Some(Disposition::Default),
        1 => Some(Disposition::Ignore),
        _ => None,
    })
}

/// Sets every signal to its default, as a program expects to be started.
///
/// # Errors
/// As [`set_disposition`]; SIGKILL and SIGSTOP are left out.
pub fn reset_all() -> Result<()> {
    Signal::all()
        .filter(|signal| ![Signal::KILL, Signal::STOP].contains(signal))
        .try_for_each(|signal| set_disposition(signal, Disposition::Default))
}

/// `struct signalfd_siginfo`, linux/signalfd.h.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct SignalInfo {
    /// The signal.
    pub signo: u32,
    /// An error number; hardly ever used.
    pub errno: i32,
    /// Where it comes from: `SI_USER` 0, `SI_KERNEL` 128, negative for other calls.
    pub code: i32,
    /// The sender.
    pub pid: u32,
    /// The sender's real user id.
    pub uid: u32,
    reserved: [u32; 27],
}

const _: () = assert!(size_of::<SignalInfo>() == 128);

impl SignalInfo {
    /// The signal; none for a number that this kernel has added.
    pub const fn signal(&self) -> Option<Signal> {
        Signal::from_raw(self.signo)
    }
}

flags! {
    /// Flags of [`signalfd`], linux/signalfd.h.
    pub struct SignalfdFlags: u32 {
        /// Close on exec.
        CLOEXEC = 0o2_000_000;
        /// Do not wait.
        NONBLOCK = 0o4000;
    }
}

/// Makes a descriptor from which blocked signals are read.
///
/// `int signalfd4(int fd, const sigset_t *mask, size_t size, int flags)`, signalfd(2). The signals must be blocked too.
///
/// # Errors
/// `EMFILE`, `ENOMEM`.
pub fn signalfd(set: SigSet, flags: SignalfdFlags) -> Result<Fd> {
    // SAFETY: `set` is the kernel's 8 bytes and lives through the call.
    unsafe { call!(SIGNALFD4; -1, &raw const set, size_of::<SigSet>(), flags) }.map(owned)
}

/// Reads one signal from a [`signalfd`].
///
/// # Errors
/// `EAGAIN` when there is none and the descriptor does not wait, `EINTR`; `EIO` when the answer is cut off.
pub fn read_signal(fd: FdRef<'_>) -> Result<SignalInfo> {
    let mut info = SignalInfo {
        signo: 0,
        errno: 0,
        code: 0,
        pid: 0,
        uid: 0,
        reserved: [0; 27],
    };
    // SAFETY: the kernel writes at most the 128 bytes of `info`, which is exclusively borrowed and integers only.
    let count = unsafe { call!(READ; fd, &raw mut info, size_of::<SignalInfo>()) }?;
    if count == size_of::<SignalInfo>() {
        Ok(info)
    } else {
        Err(Errno::EIO)
    }
}

/// Takes one pending signal of the set, waiting at most so long; `None` when none came.
///
/// `int rt_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout, size_t size)`,
/// sigtimedwait(2). The signals must be blocked.
///
/// # Errors
/// `EINTR` when another signal was handled.
pub fn timed_wait(set: SigSet, timeout: core::time::Duration) -> Result<Option<Signal>> {
    let timeout = crate::time::Timespec::from(timeout);
    // SAFETY: `set` and `timeout` live through the call; the information is null.
    match unsafe {
        call!(RT_SIGTIMEDWAIT; &raw const set, 0usize, &raw const timeout, size_of::<SigSet>())
    } {
        Ok(number) => Ok(Signal::from_raw(number as u32)),
        Err(Errno::EAGAIN) => Ok(None),
        Err(error) => Err(error),
    }
}
