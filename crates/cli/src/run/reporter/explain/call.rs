//! What a call would do: the table of observed calls.

use super::process::{Last, Process};
use casemate_sys::CWD;
use casemate_sys::seccomp::CallData;
use std::path::PathBuf;

/// What is done with a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Asked whether it is there, and what it is.
    Look,
    /// Opened to read, or gone to.
    Open,
    /// Opened to write.
    Write,
    /// Opened to write, and made when it is not there.
    WriteOrMake,
    /// Opened to read, and made when it is not there.
    OpenOrMake,
    /// Made.
    Make,
    /// Removed, or renamed.
    Remove,
    /// Its mode, owner or length changed.
    Change,
    /// Executed.
    Execute,
}

/// One path of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathUse {
    /// The absolute path.
    pub path: PathBuf,
    /// What is done with it.
    pub deed: Deed,
    /// Whether the last part is followed.
    pub last: Last,
}

/// `O_*` of <asm-generic/fcntl.h>, the same on x86 and ARM.
mod open {
    pub const WRITING: u64 = 3;
    pub const CREATE: u64 = 0o100;
    pub const TRUNCATE: u64 = 0o1000;
    pub const PATH: u64 = 0o10_000_000;
}
/// `AT_SYMLINK_NOFOLLOW` of <linux/fcntl.h>.
const NO_FOLLOW: u64 = 0x100;
/// `W_OK` of <unistd.h>.
const WRITABLE: u64 = 2;

/// Where an argument stands: a descriptor of a directory, if there is one, then the path.
#[derive(Clone, Copy)]
enum At {
    Here(usize),
    From(usize, usize),
}

/// Returns the paths that a call names.
pub fn paths(name: &str, data: &CallData, process: Process) -> Vec<PathUse> {
    use At::{From, Here};
    let argument = |index: usize| data.args.get(index).copied().unwrap_or(0);
    let at_flags = |index: usize| {
        if argument(index) & NO_FOLLOW == 0 {
            Last::Followed
        } else {
            Last::Itself
        }
    };
    let access = |index: usize| {
        if argument(index) & WRITABLE == 0 {
            Deed::Look
        } else {
            Deed::Change
        }
    };
    let followed = |at, deed| vec![(at, deed, Last::Followed)];
    let itself = |at, deed| vec![(at, deed, Last::Itself)];
    let found = match name {
        "access" => followed(Here(0), access(1)),
        "faccessat" => followed(From(0, 1), access(2)),
        "faccessat2" => vec![(From(0, 1), access(2), at_flags(3))],
        "chdir" => followed(Here(0), Deed::Open),
        "stat" => followed(Here(0), Deed::Look),
        "lstat" | "readlink" => itself(Here(0), Deed::Look),
        "newfstatat" => vec![(From(0, 1), Deed::Look, at_flags(3))],
        "statx" => vec![(From(0, 1), Deed::Look, at_flags(2))],
        "readlinkat" => itself(From(0, 1), Deed::Look),
        "open" => followed(Here(0), opened(argument(1))),
        "openat" => followed(From(0, 1), opened(argument(2))),
        "openat2" => {
            let how = process.bytes(argument(2), 8);
            let flags = how
                .and_then(|how| how.try_into().ok())
                .map(u64::from_ne_bytes);
            followed(From(0, 1), opened(flags.unwrap_or(0)))
        }
        "creat" => followed(Here(0), Deed::WriteOrMake),
        "execve" => followed(Here(0), Deed::Execute),
        "execveat" => followed(From(0, 1), Deed::Execute),
        "chmod" | "chown" | "truncate" => followed(Here(0), Deed::Change),
        "lchown" => itself(Here(0), Deed::Change),
        "fchmodat" => followed(From(0, 1), Deed::Change),
        "fchmodat2" => vec![(From(0, 1), Deed::Change, at_flags(3))],
        "fchownat" => vec![(From(0, 1), Deed::Change, at_flags(4))],
        "mkdir" | "mknod" => itself(Here(0), Deed::Make),
        "mkdirat" | "mknodat" => itself(From(0, 1), Deed::Make),
        "symlink" => itself(Here(1), Deed::Make),
        "symlinkat" => itself(From(1, 2), Deed::Make),
        "link" => vec![
            (Here(0), Deed::Look, Last::Itself),
            (Here(1), Deed::Make, Last::Itself),
        ],
        "linkat" => vec![
            (From(0, 1), Deed::Look, Last::Itself),
            (From(2, 3), Deed::Make, Last::Itself),
        ],
        "rename" => vec![
            (Here(0), Deed::Remove, Last::Itself),
            (Here(1), Deed::Make, Last::Itself),
        ],
        "renameat" | "renameat2" => vec![
            (From(0, 1), Deed::Remove, Last::Itself),
            (From(2, 3), Deed::Make, Last::Itself),
        ],
        "rmdir" | "unlink" => itself(Here(0), Deed::Remove),
        "unlinkat" => itself(From(0, 1), Deed::Remove),
        _ => Vec::new(),
    };
    found
        .into_iter()
        .filter_map(|(at, deed, last)| {
            let (directory, path) = match at {
                Here(path) => (CWD.raw(), argument(path)),
                // The kernel reads an int.
                From(directory, path) => (argument(directory) as i32, argument(path)),
            };
            let text = process.text(path)?;
            // An empty path is an open file, which was looked at when it was opened.
            if text.as_os_str().is_empty() {
                return None;
            }
            let path = process.absolute(directory, &text)?;
            Some(PathUse { path, deed, last })
        })
        .collect()
}

fn opened(flags: u64) -> Deed {
    let writing = flags & open::WRITING != 0 || flags & open::TRUNCATE != 0;
    if flags & open::PATH != 0 {
        return Deed::Look;
    }
    match (writing, flags & open::CREATE != 0) {
        (true, true) => Deed::WriteOrMake,
        (true, false) => Deed::Write,
        (false, true) => Deed::OpenOrMake,
        (false, false) => Deed::Open,
    }
}

impl Deed {
    /// Says it, before a path.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Look => "look at",
            Self::Open | Self::OpenOrMake => "open",
            Self::Write | Self::WriteOrMake => "write to",
            Self::Make => "make",
            Self::Remove => "remove or rename",
            Self::Change => "change",
            Self::Execute => "execute",
        }
    }
}

/// An address of a socket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Address {
    /// Of the internet: the port, and whether it is one of the loopback interface.
    Internet(u16, Reachable),
    /// A path.
    Path(PathBuf),
    /// A name without a path.
    Abstract(Vec<u8>),
}

/// Whose address it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reachable {
    /// This machine's loopback interface.
    Loopback,
    /// Any other.
    Elsewhere,
}

/// Reads `struct sockaddr`.
pub fn address(bytes: &[u8]) -> Option<Address> {
    let (family, rest) = bytes.split_first_chunk::<2>()?;
    match u16::from_ne_bytes(*family) {
        1 => match rest.split_first() {
            Some((0, name)) => Some(Address::Abstract(name.to_vec())),
            Some(_) => {
                use std::os::unix::ffi::OsStrExt;
                let end = rest
                    .iter()
                    .position(|byte| *byte == 0)
                    .unwrap_or(rest.len());
                let path = std::ffi::OsStr::from_bytes(rest.get(..end)?);
                Some(Address::Path(PathBuf::from(path)))
            }
            None => None,
        },
        2 => {
            let (port, rest) = rest.split_first_chunk::<2>()?;
            let host = std::net::Ipv4Addr::from(*rest.first_chunk::<4>()?);
            Some(Address::Internet(
                u16::from_be_bytes(*port),
                reachable(host.is_loopback()),
            ))
        }
        10 => {
            let (port, rest) = rest.split_first_chunk::<2>()?;
            let host = std::net::Ipv6Addr::from(*rest.get(4..)?.first_chunk::<16>()?);
            let loopback =
                host.is_loopback() || host.to_ipv4_mapped().is_some_and(|host| host.is_loopback());
            Some(Address::Internet(
                u16::from_be_bytes(*port),
                reachable(loopback),
            ))
        }
        _ => None,
    }
}

fn reachable(loopback: bool) -> Reachable {
    if loopback {
        Reachable::Loopback
    } else {
        Reachable::Elsewhere
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casemate_enforce::plan::OBSERVED;

    #[test]
    fn every_observed_call_is_in_the_table() {
        let own = Process(std::process::id());
        let text = b"/some/path\0";
        let address = text.as_ptr().addr() as u64;
        let data = CallData {
            args: [address; 6],
            ..CallData::default()
        };
        for name in OBSERVED {
            let found = paths(name, &data, own);
            let other = ["bind", "connect", "fchown", "setpriority"].contains(&name);
            assert_eq!(found.is_empty(), other, "{name}: {found:?}");
        }
    }

    #[test]
    fn reads_addresses() {
        let four = [&2u16.to_ne_bytes()[..], &[0, 80, 127, 0, 0, 1, 0, 0]].concat();
        assert_eq!(
            address(&four),
            Some(Address::Internet(80, Reachable::Loopback))
        );
        let mut six = [&10u16.to_ne_bytes()[..], &[1, 187, 0, 0, 0, 0]].concat();
        six.extend([0x20; 20]);
        assert_eq!(
            address(&six),
            Some(Address::Internet(443, Reachable::Elsewhere))
        );
        let unix = [&1u16.to_ne_bytes()[..], b"/run/x\0junk"].concat();
        assert_eq!(address(&unix), Some(Address::Path("/run/x".into())));
        let unnamed = [&1u16.to_ne_bytes()[..], b"\0name"].concat();
        assert_eq!(address(&unnamed), Some(Address::Abstract(b"name".to_vec())));
        for short in [
            &b""[..],
            &[2],
            &2u16.to_ne_bytes(),
            &1u16.to_ne_bytes(),
            &[10, 0, 1, 1, 0],
        ] {
            assert_eq!(address(short), None, "{short:?}");
        }
    }
}
