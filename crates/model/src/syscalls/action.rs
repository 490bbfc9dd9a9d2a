//! What a filter answers to a system call.

use std::fmt;

/// The answer to a system call: `SECCOMP_RET_*`, linux/seccomp.h.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// The call runs.
    Allow,
    /// The call runs and the kernel logs it (since 4.14).
    Log,
    /// The caller gets this errno, at most [`Action::MAX_ERRNO`].
    Errno(u16),
    /// A supervisor decides (since 5.0); without one the caller gets ENOSYS.
    Notify,
    /// A tracer decides, and reads this number; without one the caller gets ENOSYS.
    Trace(u16),
    /// The thread gets SIGSYS with this number in `si_errno`.
    Trap(u16),
    /// The thread dies.
    KillThread,
    /// The process dies (since 4.14).
    KillProcess,
}

/// Whether a call runs, as far as the filter decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Passage {
    /// It never runs.
    Refused,
    /// It runs if another process, a tracer or a supervisor, lets it.
    Referred,
    /// It runs.
    Passed,
}

// linux/errno.h and asm-generic/errno-base.h; ENOSYS has other numbers on MIPS, which readers of policies know.
const EPERM: u16 = 1;
const ENOSYS: u16 = 38;

impl Action {
    /// The greatest errno that the kernel passes on (`MAX_ERRNO`, linux/err.h): greater ones are cut to it.
    pub const MAX_ERRNO: u16 = 4095;
    /// Refusal with EPERM.
    pub const EPERM: Self = Self::Errno(EPERM);
    /// Refusal with ENOSYS, as if the kernel were older.
    pub const ENOSYS: Self = Self::Errno(ENOSYS);

    /// The value that a filter returns for it.
    pub const fn to_raw(self) -> u32 {
        match self {
            Self::Allow => 0x7fff_0000,
            Self::Log => 0x7ffc_0000,
            Self::Errno(errno) => 0x0005_0000 | errno as u32,
            Self::Notify => 0x7fc0_0000,
            Self::Trace(data) => 0x7ff0_0000 | data as u32,
            Self::Trap(data) => 0x0003_0000 | data as u32,
            Self::KillThread => 0,
            Self::KillProcess => 0x8000_0000,
        }
    }

    /// What the kernel does when a filter returns a value. Values that name no action kill the process.
    pub const fn from_raw(raw: u32) -> Self {
        let data = raw as u16;
        match raw & 0xffff_0000 {
            0x7fff_0000 => Self::Allow,
            0x7ffc_0000 => Self::Log,
            0x0005_0000 => Self::Errno(if data > Self::MAX_ERRNO {
                Self::MAX_ERRNO
            } else {
                data
            }),
            0x7fc0_0000 => Self::Notify,
            0x7ff0_0000 => Self::Trace(data),
            0x0003_0000 => Self::Trap(data),
            0 => Self::KillThread,
            _ => Self::KillProcess,
        }
    }

    /// Whether the call runs.
    pub const fn passage(self) -> Passage {
        match self {
            Self::Allow | Self::Log => Passage::Passed,
            Self::Notify | Self::Trace(_) => Passage::Referred,
            Self::Errno(_) | Self::Trap(_) | Self::KillThread | Self::KillProcess => {
                Passage::Refused
            }
        }
    }

    /// The strength among stacked filters: the lowest wins (kernel/seccomp.c, `seccomp_run_filters`).
    pub const fn precedence(self) -> i32 {
        (self.to_raw() & 0xffff_0000) as i32
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allow => f.write_str("allow"),
            Self::Log => f.write_str("log"),
            Self::Errno(EPERM) => f.write_str("errno(EPERM)"),
            Self::Errno(ENOSYS) => f.write_str("errno(ENOSYS)"),
            Self::Errno(errno) => write!(f, "errno({errno})"),
            Self::Notify => f.write_str("notify"),
            Self::Trace(data) => write!(f, "trace({data})"),
            Self::Trap(0) => f.write_str("trap"),
            Self::Trap(data) => write!(f, "trap({data})"),
            Self::KillThread => f.write_str("kill-thread"),
            Self::KillProcess => f.write_str("kill"),
        }
    }
}
