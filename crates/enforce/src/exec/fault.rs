//! Why a step failed.

use casemate_sys::Errno;

/// Why a step failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// The kernel refused a call.
    Call(Errno),
    /// The kernel took everything, and what it says afterwards is not what was asked for.
    NotInForce(Reading),
    /// The kernel refused an option of a mount: its place in the list.
    Option(u8, Errno),
    /// What is there is not what this step may act on.
    Obstacle(Obstacle),
    /// A helper program failed.
    Helper,
    /// A group that is there already has processes.
    Occupied,
    /// A group that is there already is frozen.
    Frozen,
    /// A hook ended with this code.
    Ended(u8),
    /// A hook was ended by this signal.
    Killed(u8),
    /// A hook took longer than it may.
    TimeOver,
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
    /// A label of mandatory access control.
    Label,
    /// A resource limit.
    Limit,
    /// What was read cannot be understood.
    Unreadable,
}

impl Reading {
    const ALL: [Self; 13] = [
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
        Self::Label,
        Self::Limit,
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
            Self::Label => b"the kernel shows another label",
            Self::Limit => b"the kernel shows another limit",
            Self::Unreadable => b"what the kernel shows cannot be understood",
        }
    }
}

/// What stands in the way of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Obstacle {
    /// A symbolic link where none may be.
    Link,
    /// A symbolic link to nothing, where a mount point would be made.
    Dangling,
    /// A file that is no directory.
    NotDirectory,
    /// A directory where a file is to be.
    NotFile,
    /// The null device of the host is another file.
    NotNull,
    /// The host has another device under that name.
    OtherDevice,
    /// The image has another file under that name.
    OtherFile,
    /// What is at /proc is no procfs.
    NotProc,
    /// A mount point below /proc.
    InProc,
    /// Something is mounted over a file of /proc.
    Overmounted,
    /// Directories lie too deep in one another.
    TooDeep,
    /// There are too many mounts behind symbolic links.
    TooManyLinks,
    /// The working directory is not below the root.
    NotBelowRoot,
    /// No directory of PATH has the program.
    NotInPath,
    /// Another process has got the number.
    OtherProcess,
}

impl Obstacle {
    const ALL: [Self; 15] = [
        Self::Link,
        Self::Dangling,
        Self::NotDirectory,
        Self::NotFile,
        Self::NotNull,
        Self::OtherDevice,
        Self::OtherFile,
        Self::NotProc,
        Self::InProc,
        Self::Overmounted,
        Self::TooDeep,
        Self::TooManyLinks,
        Self::NotBelowRoot,
        Self::NotInPath,
        Self::OtherProcess,
    ];

    /// Says what is there instead.
    pub(crate) fn text(self) -> &'static [u8] {
        match self {
            Self::Link => b"a symbolic link leads there, which may not be for this file system",
            Self::Dangling => b"a symbolic link to nothing is on the way, or somebody changes the directory meanwhile",
            Self::NotDirectory => b"what is there is not a directory",
            Self::NotFile => b"what is there is a directory, and a file is mounted on it",
            Self::NotNull => b"the host's /dev/null is not the null device",
            Self::OtherDevice => b"the host's file of that name is not this device",
            Self::OtherFile => b"the image has another file of that name",
            Self::NotProc => b"what is mounted at /proc is not a procfs",
            Self::InProc => b"a symbolic link leads below /proc",
            Self::Overmounted => b"something is mounted over it",
            Self::TooDeep => b"directories lie too deep in one another",
            Self::TooManyLinks => b"too many mount points lie behind symbolic links",
            Self::NotBelowRoot => b"it is outside of the container's root",
            Self::NotInPath => b"executable file not found in $PATH",
            Self::OtherProcess => b"the process has ended, and another one has got its number",
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
            Self::Obstacle(obstacle) => 4 << 16 | obstacle as u32,
            Self::Option(index, errno) => 1 << 24 | u32::from(index) << 16 | u32::from(errno.raw()),
            Self::Occupied => 5 << 16,
            Self::Frozen => 6 << 16,
            Self::Ended(code) => 7 << 16 | u32::from(code),
            Self::Killed(signal) => 8 << 16 | u32::from(signal),
            Self::TimeOver => 9 << 16,
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
            4 => Obstacle::ALL
                .iter()
                .find(|obstacle| **obstacle as u32 == low)
                .map_or(Self::Plan, |obstacle| Self::Obstacle(*obstacle)),
            high @ 0x100..=0x1ff => Self::Option((high & 0xff) as u8, Errno::from_raw(low as u16)),
            5 => Self::Occupied,
            6 => Self::Frozen,
            7 => Self::Ended(low as u8),
            8 => Self::Killed(low as u8),
            9 => Self::TimeOver,
            _ => Self::Plan,
        }
    }
}
