//! Landlock: rules by which a thread restricts itself, landlock(7).

use crate::errno::Result;
use crate::fd::{Fd, FdRef, owned};

flags! {
    /// Rights to files, linux/landlock.h. With each, the version of the interface (ABI) that brought it.
    pub struct FsRights: u64 {
        /// Run a file; 1 (5.13).
        EXECUTE = 1;
        /// Open for writing; 1.
        WRITE_FILE = 1 << 1;
        /// Open for reading; 1.
        READ_FILE = 1 << 2;
        /// Open or list a directory; 1.
        READ_DIR = 1 << 3;
        /// Remove or rename a directory; 1.
        REMOVE_DIR = 1 << 4;
        /// Remove or rename a file; 1.
        REMOVE_FILE = 1 << 5;
        /// Make a device of characters; 1.
        MAKE_CHAR = 1 << 6;
        /// Make a directory; 1.
        MAKE_DIR = 1 << 7;
        /// Make a plain file; 1.
        MAKE_REG = 1 << 8;
        /// Make a socket; 1.
        MAKE_SOCK = 1 << 9;
        /// Make a named pipe; 1.
        MAKE_FIFO = 1 << 10;
        /// Make a device of blocks; 1.
        MAKE_BLOCK = 1 << 11;
        /// Make a symbolic link; 1.
        MAKE_SYM = 1 << 12;
        /// Rename or link to another directory; 2 (5.19). Before, always refused.
        REFER = 1 << 13;
        /// Truncate; 3 (6.2). Before, never refused.
        TRUNCATE = 1 << 14;
        /// ioctl on a device; 5 (6.10).
        IOCTL_DEV = 1 << 15;
        /// Connect to a socket by its path; 9 (7.1).
        RESOLVE_UNIX = 1 << 16;
    }
}

flags! {
    /// Rights to the network, linux/landlock.h.
    pub struct NetRights: u64 {
        /// Bind a TCP socket; 4 (6.7).
        BIND_TCP = 1;
        /// Connect a TCP socket; 4.
        CONNECT_TCP = 2;
    }
}

flags! {
    /// What ends at the border of the domain, linux/landlock.h.
    pub struct Scopes: u64 {
        /// Connecting to abstract sockets made outside; 6 (6.12).
        ABSTRACT_UNIX_SOCKET = 1;
        /// Signals to processes outside; 6.
        SIGNAL = 2;
    }
}

flags! {
    /// Flags of [`restrict_self`], linux/landlock.h.
    pub struct RestrictFlags: u32 {
        /// Do not log denials of this program; 7 (6.15).
        LOG_SAME_EXEC_OFF = 1;
        /// Log denials of programs that are run later; 7.
        LOG_NEW_EXEC_ON = 2;
        /// Do not log denials of nested domains; 7.
        LOG_SUBDOMAINS_OFF = 4;
        /// For all threads of the process at once; 8 (7.0).
        TSYNC = 8;
    }
}

/// What a version of the interface knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Abi {
    /// The version.
    pub version: u32,
    /// The kernel that brought it.
    pub kernel: (u8, u8),
    /// Rights to files.
    pub fs: FsRights,
    /// Rights to the network.
    pub net: NetRights,
    /// Scopes.
    pub scopes: Scopes,
    /// Flags of [`restrict_self`].
    pub restrict: RestrictFlags,
}

/// Every version in turn; what a newer kernel answers with is used as the last one here.
pub const ABIS: [Abi; 9] = {
    let net = NetRights::BIND_TCP.with(NetRights::CONNECT_TCP);
    let scopes = Scopes::ABSTRACT_UNIX_SOCKET.with(Scopes::SIGNAL);
    let log = RestrictFlags::from_bits(7);
    [
        abi(1, (5, 13), 13),
        abi(2, (5, 19), 14),
        abi(3, (6, 2), 15),
        Abi {
            net,
            ..abi(4, (6, 7), 15)
        },
        Abi {
            net,
            ..abi(5, (6, 10), 16)
        },
        Abi {
            net,
            scopes,
            ..abi(6, (6, 12), 16)
        },
        Abi {
            net,
            scopes,
            restrict: log,
            ..abi(7, (6, 15), 16)
        },
        Abi {
            net,
            scopes,
            restrict: log.with(RestrictFlags::TSYNC),
            ..abi(8, (7, 0), 16)
        },
        Abi {
            net,
            scopes,
            restrict: log.with(RestrictFlags::TSYNC),
            ..abi(9, (7, 1), 17)
        },
    ]
};

/// A version with the first `fs_rights` rights to files and nothing else.
const fn abi(version: u32, kernel: (u8, u8), fs_rights: u32) -> Abi {
    Abi {
        version,
        kernel,
        fs: FsRights::from_bits((1 << fs_rights) - 1),
        net: NetRights::empty(),
        scopes: Scopes::empty(),
        restrict: RestrictFlags::empty(),
    }
}

impl Abi {
    /// The newest known version that a kernel with version `version` offers; none for 0.
    pub fn known(version: u32) -> Option<&'static Self> {
        ABIS.iter().rev().find(|abi| abi.version <= version)
    }
}

/// Asks for the version of the interface.
///
/// `landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION)`, landlock_create_ruleset(2); since 5.13.
///
/// # Errors
/// `ENOSYS` without Landlock in the kernel, `EOPNOTSUPP` when it is turned off at boot.
pub fn version() -> Result<u32> {
    query(1)
}

/// Asks which errors of the interface this kernel has corrected, a mask; since 6.15.
///
/// `landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_ERRATA)`.
///
/// # Errors
/// As [`version`]; `EINVAL` before 6.15.
pub fn errata() -> Result<u32> {
    query(2)
}

fn query(flag: u32) -> Result<u32> {
    // SAFETY: with a query flag, attributes and size are null and 0, and nothing is read.
    unsafe { call!(LANDLOCK_CREATE_RULESET; 0usize, 0usize, flag) }.map(|answer| answer as u32)
}

/// What a ruleset refuses unless a rule permits it, `struct landlock_ruleset_attr`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Handled {
    /// Rights to files.
    pub fs: FsRights,
    /// Rights to the network; ABI 4.
    pub net: NetRights,
    /// Scopes, which know no rules; ABI 6.
    pub scopes: Scopes,
}

/// Makes a ruleset, closed on exec.
///
/// `int landlock_create_ruleset(const struct landlock_ruleset_attr *attr, size_t size, u32 flags)`,
/// landlock_create_ruleset(2); since 5.13.
///
/// # Errors
/// `EINVAL` for a right that the kernel does not know, `E2BIG` for a field that it does not know and that is not 0,
/// `ENOMSG` when nothing is handled, `ENOSYS`, `EOPNOTSUPP`.
pub fn create_ruleset(handled: &Handled) -> Result<Fd> {
    // A kernel that knows fewer fields accepts the longer structure as long as the rest of it is 0.
    // SAFETY: the kernel reads `size` bytes of a borrowed `landlock_ruleset_attr`.
    unsafe {
        call!(LANDLOCK_CREATE_RULESET; core::ptr::from_ref(handled), size_of::<Handled>(), 0u32)
    }
    .map(owned)
}

/// `struct landlock_path_beneath_attr`, which is packed.
#[repr(C, packed)]
pub(crate) struct PathBeneath {
    pub(crate) allowed_access: u64,
    pub(crate) parent_fd: i32,
}

/// `struct landlock_net_port_attr`; ABI 4.
#[repr(C)]
pub(crate) struct NetPort {
    pub(crate) allowed_access: u64,
    pub(crate) port: u64,
}

/// Permits rights to a file, or to a directory and all below.
///
/// `int landlock_add_rule(int ruleset_fd, LANDLOCK_RULE_PATH_BENEATH, const void *attr, u32 flags)`, landlock_add_rule(2).
///
/// # Errors
/// `EINVAL` for a right that the ruleset does not handle, or one of directories for a file; `ENOMSG` for none; `EBADFD` for
/// a descriptor of a pipe or other thing without a path.
pub fn allow_path(ruleset: FdRef<'_>, beneath: FdRef<'_>, rights: FsRights) -> Result<()> {
    let attr = PathBeneath {
        allowed_access: rights.bits(),
        parent_fd: beneath.raw(),
    };
    // SAFETY: for rule type 1 the kernel reads a `landlock_path_beneath_attr`, which lives through the call.
    unsafe { call!(LANDLOCK_ADD_RULE; ruleset, 1u32, &raw const attr, 0u32) }.map(drop)
}

/// Permits rights to a TCP port; port 0 for binding means "any that the kernel chooses".
///
/// `int landlock_add_rule(int ruleset_fd, LANDLOCK_RULE_NET_PORT, const void *attr, u32 flags)`, landlock_add_rule(2).
///
/// # Errors
/// `EINVAL` for a right that the ruleset does not handle, `ENOMSG` for none, `EAFNOSUPPORT` without TCP in the kernel.
pub fn allow_port(ruleset: FdRef<'_>, port: u16, rights: NetRights) -> Result<()> {
    let attr = NetPort {
        allowed_access: rights.bits(),
        port: port.into(),
    };
    // SAFETY: for rule type 2 the kernel reads a `landlock_net_port_attr`, which lives through the call.
    unsafe { call!(LANDLOCK_ADD_RULE; ruleset, 2u32, &raw const attr, 0u32) }.map(drop)
}

scalar_calls! {
    fn restrict_self_raw(ruleset: FdRef<'_>, flags: u32) = LANDLOCK_RESTRICT_SELF;
}

/// Restricts the calling thread, and the processes that it makes, by a ruleset on top of those in force.
///
/// `int landlock_restrict_self(int ruleset_fd, u32 flags)`, landlock_restrict_self(2); since 5.13.
///
/// # Warning
/// Irreversible. For the calling thread only, without [`RestrictFlags::TSYNC`].
///
/// # Errors
/// `EPERM` without no_new_privs and `CAP_SYS_ADMIN`, `E2BIG` beyond 16 layers, `EINVAL` for an unknown flag.
pub fn restrict_self(ruleset: FdRef<'_>, flags: RestrictFlags) -> Result<()> {
    restrict_self_raw(ruleset, flags.bits()).map(drop)
}
