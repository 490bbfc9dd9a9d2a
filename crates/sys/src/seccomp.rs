//! Filters of system calls, seccomp(2), and the supervisor's side of user notification, seccomp_unotify(2).

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef, owned};

/// One instruction of classic BPF, `struct sock_filter`, linux/filter.h.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
#[repr(C)]
pub struct SockFilter {
    /// The operation.
    pub code: u16,
    /// How many instructions to skip if true.
    pub jt: u8,
    /// How many instructions to skip if false.
    pub jf: u8,
    /// The operand.
    pub k: u32,
}

impl SockFilter {
    /// From the 8 bytes that the kernel would see on this machine.
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        let [c0, c1, jt, jf, k0, k1, k2, k3] = bytes;
        Self {
            code: u16::from_ne_bytes([c0, c1]),
            jt,
            jf,
            k: u32::from_ne_bytes([k0, k1, k2, k3]),
        }
    }

    /// The 8 bytes that the kernel sees on this machine.
    pub const fn to_bytes(self) -> [u8; 8] {
        let [c0, c1] = self.code.to_ne_bytes();
        let [k0, k1, k2, k3] = self.k.to_ne_bytes();
        [c0, c1, self.jt, self.jf, k0, k1, k2, k3]
    }
}

/// The instructions of a filter, in either of two equal forms.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    first: *const u8,
    len: u16,
    instructions: core::marker::PhantomData<&'a [SockFilter]>,
}

impl<'a> Program<'a> {
    /// From instructions.
    ///
    /// # Errors
    /// `EINVAL` for more than 65,535 (the kernel accepts 1 to 4096).
    pub fn new(instructions: &'a [SockFilter]) -> Result<Self> {
        let len = u16::try_from(instructions.len()).map_err(|_| Errno::EINVAL)?;
        Ok(Self {
            first: instructions.as_ptr().cast(),
            len,
            instructions: core::marker::PhantomData,
        })
    }

    /// From instructions as bytes in this machine's order, at any alignment (the kernel copies them).
    ///
    /// # Errors
    /// As [`Program::new`].
    pub fn from_bytes(instructions: &'a [[u8; 8]]) -> Result<Self> {
        let len = u16::try_from(instructions.len()).map_err(|_| Errno::EINVAL)?;
        Ok(Self {
            first: instructions.as_ptr().cast(),
            len,
            instructions: core::marker::PhantomData,
        })
    }
}

/// `struct sock_fprog`.
#[repr(C)]
pub(crate) struct SockFprog {
    pub(crate) len: u16,
    pub(crate) filter: *const u8,
}

flags! {
    /// Flags of [`load_filter`], linux/seccomp.h.
    pub struct FilterFlags: u32 {
        /// For all threads of the process; since 3.17.
        TSYNC = 1;
        /// Log all actions but allow; since 4.14.
        LOG = 2;
        /// Leave speculative store bypass on; since 4.17. Before 5.16 it was turned off without this.
        SPEC_ALLOW = 4;
        /// With `TSYNC`, an error instead of a thread's number; since 5.7.
        TSYNC_ESRCH = 0x10;
        /// A supervised call waits through signals that do not kill; since 5.19. Only with a listener.
        WAIT_KILLABLE_RECV = 0x20;
    }
}

const SET_MODE_FILTER: u32 = 1;
const NEW_LISTENER: u32 = 8;

/// Loads a filter on top of those in force.
///
/// `int seccomp(SECCOMP_SET_MODE_FILTER, unsigned int flags, const struct sock_fprog *prog)`, seccomp(2); since 3.17.
///
/// # Warning
/// Irreversible. For the calling thread, and the processes that it makes, without [`FilterFlags::TSYNC`].
///
/// # Errors
/// `EACCES` without no_new_privs and `CAP_SYS_ADMIN`, `EINVAL` for a program that the kernel refuses or an unknown flag,
/// `ENOMEM` beyond 32,768 instructions in all, `ESRCH` when a thread cannot be synchronised.
pub fn load_filter(program: Program<'_>, flags: FilterFlags) -> Result<()> {
    // Otherwise a thread that cannot be synchronised is reported as its number, which looks like a success.
    let flags = if flags.contains(FilterFlags::TSYNC) {
        flags.with(FilterFlags::TSYNC_ESRCH)
    } else {
        flags
    };
    set_filter(program, flags.bits()).map(drop)
}

/// Loads a filter and returns the descriptor from which its notifications are read, closed on exec; since 5.0.
///
/// # Warning
/// As for [`load_filter`].
///
/// # Errors
/// As [`load_filter`]; `EBUSY` when a filter in force has a listener already.
pub fn load_filter_with_listener(program: Program<'_>, flags: FilterFlags) -> Result<Fd> {
    set_filter(program, flags.bits() | NEW_LISTENER).map(owned)
}

fn set_filter(program: Program<'_>, flags: u32) -> Result<usize> {
    let fprog = SockFprog {
        len: program.len,
        filter: program.first,
    };
    // SAFETY: the kernel reads a `sock_fprog` and `len` instructions of 8 bytes, which `Program` borrows.
    unsafe { call!(SECCOMP; SET_MODE_FILTER, flags, &raw const fprog) }
}

/// Asks whether the kernel knows an action, such as 0x7fc00000 for user notification.
///
/// `int seccomp(SECCOMP_GET_ACTION_AVAIL, 0, const u32 *action)`, seccomp(2); since 4.14.
///
/// # Errors
/// `EOPNOTSUPP` for no, `EINVAL` before 4.14.
pub fn action_available(action: u32) -> Result<()> {
    // SAFETY: operation 2 reads a u32 that lives through the call.
    unsafe { call!(SECCOMP; 2u32, 0u32, &raw const action) }.map(drop)
}

/// The sizes of the kernel's structures for notification, `struct seccomp_notif_sizes`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[repr(C)]
pub struct NotifSizes {
    /// Of [`Notification`].
    pub notification: u16,
    /// Of [`Response`].
    pub response: u16,
    /// Of [`CallData`].
    pub data: u16,
}

/// Asks for the sizes of the kernel's structures.
///
/// `int seccomp(SECCOMP_GET_NOTIF_SIZES, 0, struct seccomp_notif_sizes *)`, seccomp(2); since 5.0.
///
/// # Errors
/// `EINVAL` before 5.0.
pub fn notif_sizes() -> Result<NotifSizes> {
    let mut sizes = NotifSizes::default();
    // SAFETY: operation 3 writes three u16, exclusively borrowed.
    unsafe { call!(SECCOMP; 3u32, 0u32, &raw mut sizes) }?;
    Ok(sizes)
}

/// What a filter sees of a call, `struct seccomp_data`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[repr(C)]
pub struct CallData {
    /// The number of the call.
    pub nr: i32,
    /// The architecture, `AUDIT_ARCH_*`.
    pub arch: u32,
    /// The address after the instruction.
    pub instruction_pointer: u64,
    /// The arguments.
    pub args: [u64; 6],
}

/// A call that waits for an answer, `struct seccomp_notif`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[repr(C)]
pub struct Notification {
    /// Names the call in the answer.
    pub id: u64,
    /// The thread, by its number in the reader's namespace; 0 when it is not visible there.
    pub pid: u32,
    /// None so far.
    pub flags: u32,
    /// The call.
    pub data: CallData,
}

/// An answer, `struct seccomp_notif_resp`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[repr(C)]
pub struct Response {
    id: u64,
    value: i64,
    error: i32,
    flags: u32,
}

impl Response {
    /// The call returns a value.
    pub const fn value(id: u64, value: i64) -> Self {
        Self {
            id,
            value,
            error: 0,
            flags: 0,
        }
    }

    /// The call fails.
    pub const fn error(id: u64, errno: Errno) -> Self {
        Self {
            id,
            value: 0,
            error: -(errno.raw() as i32),
            flags: 0,
        }
    }

    /// The call is made after all (`SECCOMP_USER_NOTIF_FLAG_CONTINUE`, since 5.5).
    ///
    /// # Warning
    /// Not a way to permit: what the arguments point at may change after it was looked at, seccomp_unotify(2).
    pub const fn proceed(id: u64) -> Self {
        Self {
            id,
            value: 0,
            error: 0,
            flags: 1,
        }
    }
}

/// Reads the next call that waits, and waits for one.
///
/// `ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, struct seccomp_notif *)`; since 5.0.
///
/// # Errors
/// `ENOENT` when the call was interrupted meanwhile, `EINTR`; after the end of the last process of the filter, ppoll reports HUP.
pub fn receive(listener: FdRef<'_>) -> Result<Notification> {
    // The kernel refuses a structure that is not zeroed (EINVAL, since 5.5).
    let mut notification = Notification::default();
    // SAFETY: the request carries its size, 80 bytes, which is that of `Notification` (checked below); exclusive.
    unsafe { call!(IOCTL; listener, 0xc050_2100u32, &raw mut notification) }?;
    Ok(notification)
}

const _: () = assert!(
    size_of::<Notification>() == 80 && size_of::<Response>() == 24 && size_of::<AddFd>() == 24
);

/// Answers a call.
///
/// `ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, struct seccomp_notif_resp *)`; since 5.0.
///
/// # Errors
/// `ENOENT` when the call no longer waits, `EINPROGRESS` when it is answered already.
pub fn respond(listener: FdRef<'_>, response: &Response) -> Result<()> {
    // SAFETY: the request reads 24 bytes, the size of `Response`; it writes none.
    unsafe { call!(IOCTL; listener, 0xc018_2101u32, core::ptr::from_ref(response)) }.map(drop)
}

/// Asks whether a call still waits: only then does its thread's number still mean that thread.
///
/// `ioctl(fd, SECCOMP_IOCTL_NOTIF_ID_VALID, const u64 *)`; since 5.0 (with another number before 5.17, accepted still).
///
/// # Errors
/// `ENOENT` for no.
pub fn still_waits(listener: FdRef<'_>, id: u64) -> Result<()> {
    // SAFETY: the request reads a u64 that lives through the call.
    unsafe { call!(IOCTL; listener, 0x4008_2102u32, &raw const id) }.map(drop)
}

/// `struct seccomp_notif_addfd`; since 5.9.
#[repr(C)]
pub(crate) struct AddFd {
    pub(crate) id: u64,
    pub(crate) flags: u32,
    pub(crate) srcfd: u32,
    pub(crate) newfd: u32,
    pub(crate) newfd_flags: u32,
}

/// Gives a descriptor to the calling process and answers its call with the number, in one step; since 5.14.
///
/// `ioctl(fd, SECCOMP_IOCTL_NOTIF_ADDFD, struct seccomp_notif_addfd *)` with `SECCOMP_ADDFD_FLAG_SEND`.
///
/// # Errors
/// `ENOENT` when the call no longer waits, `EMFILE` beyond the limit of the other process, `EINVAL` before 5.14.
pub fn respond_with_fd(
    listener: FdRef<'_>,
    id: u64,
    fd: FdRef<'_>,
    on_exec: crate::file::OnExec,
) -> Result<i32> {
    const SEND: u32 = 2;
    let newfd_flags = match on_exec {
        crate::file::OnExec::Close => 0o2_000_000,
        crate::file::OnExec::Keep => 0,
    };
    let add = AddFd {
        id,
        flags: SEND,
        srcfd: fd.raw().cast_unsigned(),
        newfd: 0,
        newfd_flags,
    };
    // SAFETY: the request carries its size, 24 bytes, which is that of `AddFd`; it lives through the call.
    unsafe { call!(IOCTL; listener, 0x4018_2103u32, &raw const add) }.map(|number| number as i32)
}

scalar_calls! {
    fn ioctl(fd: FdRef<'_>, request: u32, argument: u64) = IOCTL;
}

/// Wakes the supervisor on the same processor as the caller, which halves the time of a notification; since 6.6.
///
/// `ioctl(fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP)`: the argument is a number.
///
/// # Errors
/// `EINVAL` before 6.6.
pub fn set_sync_wake_up(listener: FdRef<'_>) -> Result<()> {
    ioctl(listener, 0x4008_2104, 1).map(drop)
}
