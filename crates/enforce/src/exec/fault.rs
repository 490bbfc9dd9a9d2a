//! Why a step failed.

use casemate_sys::Errno;

/// Why a step failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// The kernel refused a call.
    Call(Errno),
    /// The kernel took everything, and what it says afterwards is not what was asked for.
    NotInForce(Reading),
    /// A helper program failed.
    Helper,
    /// The plan is not one that this step can be part of.
    Plan,
}

/// What was read back and is not as it was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Reading {
    /// A capability set.
    Capabilities,
    /// no_new_privs.
    NoNewPrivs,
    /// An id map.
    IdMap,
    /// A mount can be written to.
    Writable,
    /// Programs on a mount can be executed.
    Executable,
    /// Device nodes on a mount can be opened.
    Devices,
    /// Set-user-id programs on a mount take effect.
    SetUserId,
    /// A mount is missing.
    Missing,
    /// The filter's mode.
    Filter,
    /// The user or group id.
    Identity,
    /// What was read cannot be understood.
    Unreadable,
}

impl Reading {
    const ALL: [Self; 11] = [
        Self::Capabilities,
        Self::NoNewPrivs,
        Self::IdMap,
        Self::Writable,
        Self::Executable,
        Self::Devices,
        Self::SetUserId,
        Self::Missing,
        Self::Filter,
        Self::Identity,
        Self::Unreadable,
    ];

    /// Says what the kernel shows instead.
    pub(crate) fn text(self) -> &'static [u8] {
        match self {
            Self::Capabilities => b"the kernel shows other capabilities",
            Self::NoNewPrivs => b"the kernel shows no_new_privs off",
            Self::IdMap => b"the kernel shows another id map",
            Self::Writable => b"the kernel shows a mount that can be written to",
            Self::Executable => b"the kernel shows a mount on which programs can be executed",
            Self::Devices => b"the kernel shows a mount on which device nodes can be opened",
            Self::SetUserId => {
                b"the kernel shows a mount on which set-user-id programs take effect"
            }
            Self::Missing => b"the kernel does not show one of the mounts",
            Self::Filter => b"the kernel shows no filter",
            Self::Identity => b"the kernel shows another id",
            Self::Unreadable => b"what the kernel shows cannot be understood",
        }
    }
}

impl From<Errno> for Fault {
    fn from(errno: Errno) -> Self {
        Self::Call(errno)
    }
}

impl Fault {
    /// Returns the fault as a number for the channel.
    pub(crate) fn to_code(self) -> u32 {
        match self {
            Self::Call(errno) => u32::from(errno.raw()),
            Self::NotInForce(reading) => 1 << 16 | reading as u32,
            Self::Helper => 2 << 16,
            Self::Plan => 3 << 16,
        }
    }

    /// Reads a number of the channel.
    pub(crate) fn from_code(code: u32) -> Self {
        let low = code & 0xffff;
        match code >> 16 {
            0 => Self::Call(Errno::from_raw(low as u16)),
            1 => Reading::ALL
                .iter()
                .find(|reading| **reading as u32 == low)
                .map_or(Self::Plan, |reading| Self::NotInForce(*reading)),
            2 => Self::Helper,
            _ => Self::Plan,
        }
    }
}
