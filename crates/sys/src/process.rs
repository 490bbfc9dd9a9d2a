//! Processes: making, ending and signalling them.

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef};
use crate::signal::Signal;
use core::num::NonZeroI32;

/// The number of a process, never 0.
pub type Pid = NonZeroI32;

flags! {
    /// What a new process does not share with its parent, linux/sched.h.
    pub struct CloneFlags: u64 {
        /// A time namespace of its own (for its children, with `unshare`); since 5.6. Not with [`fork`].
        NEWTIME = 0x80;
        /// The table of descriptors is the caller's: what one opens or closes, both have.
        FILES = 0x400;
        /// The child's parent is the caller's parent.
        PARENT = 0x8000;
        /// A mount namespace of its own.
        NEWNS = 0x2_0000;
        /// A cgroup namespace of its own; since 4.6.
        NEWCGROUP = 0x0200_0000;
        /// A namespace of its own for host and domain name.
        NEWUTS = 0x0400_0000;
        /// A namespace of its own for System V IPC and POSIX queues.
        NEWIPC = 0x0800_0000;
        /// A user namespace of its own; since 3.8 without privilege.
        NEWUSER = 0x1000_0000;
        /// A namespace of its own for process numbers.
        NEWPID = 0x2000_0000;
        /// A network namespace of its own.
        NEWNET = 0x4000_0000;
        /// Signals with handlers go back to their default; since 5.5. Not with [`fork`].
        CLEAR_SIGHAND = 0x1_0000_0000;
    }
}

const CLONE_PIDFD: u64 = 0x1000; // linux/sched.h, 5.2
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000; // 5.7
/// What these wrappers let through: never `CLONE_VM` or anything else by which two processes would share memory.
const ALLOWED: u64 = {
    let mut all = 0;
    let mut i = 0;
    while i < CloneFlags::NAMES.len() {
        all |= CloneFlags::NAMES[i].1.bits();
        i += 1;
    }
    all
};

/// `struct clone_args`, linux/sched.h, version 2 (`CLONE_ARGS_SIZE_VER2`, 5.7).
#[derive(Default, Debug)]
#[repr(C, align(8))]
pub(crate) struct CloneArgs {
    pub(crate) flags: u64,
    pub(crate) pidfd: u64,
    pub(crate) child_tid: u64,
    pub(crate) parent_tid: u64,
    pub(crate) exit_signal: u64,
    pub(crate) stack: u64,
    pub(crate) stack_size: u64,
    pub(crate) tls: u64,
    pub(crate) set_tid: u64,
    pub(crate) set_tid_size: u64,
    pub(crate) cgroup: u64,
}

/// What kind of child is made.
#[derive(Clone, Copy, Debug)]
pub struct Clone<'a> {
    /// The namespaces that are its own.
    pub flags: CloneFlags,
    /// The signal to the parent at its end; `None` for no signal (then `waitid` needs `WaitFlags::CLONE` or `ALL`).
    pub exit_signal: Option<Signal>,
    /// The version 2 cgroup in which it starts, a descriptor of its directory.
    pub cgroup: Option<FdRef<'a>>,
}

impl Clone<'_> {
    /// A plain fork that signals SIGCHLD.
    pub const fn new(flags: CloneFlags) -> Self {
        Self {
            flags,
            exit_signal: Some(Signal::CHLD),
            cgroup: None,
        }
    }
}

/// In which of the two processes the call returned.
#[derive(Debug)]
#[must_use]
pub enum Forked {
    /// In the new one.
    Child,
    /// In the caller.
    Parent(Child),
}

/// A child, as its parent holds it.
#[derive(Debug)]
pub struct Child {
    /// Its number in the caller's namespace.
    pub pid: Pid,
    /// Its descriptor: signals and waits through it cannot meet another process.
    pub pidfd: Fd,
}

/// Makes a process that runs on from here with a copy of all memory.
///
/// `long clone3(struct clone_args *args, size_t size)`, clone(2); since 5.3.
///
/// # Warning
/// Only the calling thread exists in the child. In a program with threads the child must make system calls only: a lock that
/// another thread held (the allocator's, standard output's) stays locked for good.
///
/// # Errors
/// `ENOSYS` before 5.3 and under the filters of many container engines (then use [`fork`]); `EPERM` without the right
/// to a namespace, or when user namespaces are refused; `ENOSPC` beyond the limit of namespaces; `EAGAIN` beyond that of
/// processes; `EBUSY`, `EOPNOTSUPP`, `EACCES` from the cgroup; `EINVAL` for flags that share memory.
pub fn clone3(options: &Clone<'_>) -> Result<Forked> {
    if options.flags.bits() & !ALLOWED != 0 {
        return Err(Errno::EINVAL);
    }
    let mut pidfd = -1i32;
    let mut args = CloneArgs {
        flags: options.flags.bits() | CLONE_PIDFD,
        pidfd: (&raw mut pidfd).expose_provenance() as u64,
        exit_signal: options
            .exit_signal
            .map_or(0, |signal| u64::from(signal.raw())),
        ..CloneArgs::default()
    };
    if let Some(cgroup) = options.cgroup {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = cgroup.raw().cast_unsigned().into();
    }
    // SAFETY: without CLONE_VM the child has its own copy of memory and stack (`ALLOWED`); the kernel reads `args` and
    // writes an int to `pidfd`, both of which live through the call.
    let pid = unsafe { call!(CLONE3; &raw const args, size_of::<CloneArgs>()) }?;
    Ok(forked(pid, pidfd))
}

/// Makes a process as [`clone3`] does, by the older call, which filters of container engines can look into and permit.
///
/// `long clone(unsigned long flags, void *stack, int *parent_tid, …)`, clone(2); the descriptor needs 5.2.
///
/// # Warning
/// As for [`clone3`].
///
/// # Errors
/// As [`clone3`]; `EINVAL` for `NEWTIME` and `CLEAR_SIGHAND`, which do not fit into this call.
pub fn fork(flags: CloneFlags, exit_signal: Option<Signal>) -> Result<Forked> {
    let bits = flags.bits();
    if bits & !ALLOWED != 0
        || flags.bits() & (CloneFlags::NEWTIME | CloneFlags::CLEAR_SIGHAND).bits() != 0
    {
        return Err(Errno::EINVAL);
    }
    let mut pidfd = -1i32;
    let bits = bits | CLONE_PIDFD | exit_signal.map_or(0, |signal| u64::from(signal.raw()));
    // SAFETY: without CLONE_VM the child has its own copy of memory and stack (`ALLOWED`); the kernel writes an int to
    // `pidfd`, which lives through the call (with CLONE_PIDFD that is what the third argument is for).
    let pid = unsafe { call!(CLONE; bits, 0usize, &raw mut pidfd) }?;
    Ok(forked(pid, pidfd))
}

fn forked(pid: usize, pidfd: i32) -> Forked {
    match Pid::new(pid as i32) {
        None => Forked::Child,
        Some(pid) => Forked::Parent(Child {
            pid,
            pidfd: Fd::from_raw(pidfd),
        }),
    }
}

/// Ends the process, every thread of it, with an exit code of which the lowest 8 bits count.
///
/// `void exit_group(int status)`, exit_group(2). Nothing is run or written out before.
pub fn exit(code: i32) -> ! {
    loop {
        // The call does not return; a tracer could make it look as if it did.
        match exit_group(code) {
            Ok(_) | Err(_) => {}
        }
    }
}

scalar_calls! {
    fn exit_group(code: i32) = EXIT_GROUP;
    fn kill_raw(pid: i32, signal: u32) = KILL;
    fn tgkill_raw(group: i32, thread: i32, signal: u32) = TGKILL;
    fn getpid_raw() = GETPID;
    fn getppid_raw() = GETPPID;
    fn gettid_raw() = GETTID;
    fn getpgid_raw(pid: i32) = GETPGID;
    fn setpgid_raw(pid: i32, group: i32) = SETPGID;
    fn getsid_raw(pid: i32) = GETSID;
    fn setsid_raw() = SETSID;
    fn umask_raw(mask: u32) = UMASK;
    fn fchdir_raw(fd: FdRef<'_>) = FCHDIR;
    fn sched_yield_raw() = SCHED_YIELD;
}

/// To whom [`kill`] sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A process.
    Process(Pid),
    /// Every process of a group.
    Group(Pid),
    /// Every process of the caller's group.
    OwnGroup,
    /// Every process that the caller may signal, but itself and PID 1.
    Everybody,
}

/// Sends a signal; `None` only asks whether it could be sent.
///
/// `int kill(pid_t pid, int sig)`, kill(2).
///
/// # Errors
/// `ESRCH` when nobody is there, `EPERM`.
pub fn kill(target: Target, signal: Option<Signal>) -> Result<()> {
    let pid = match target {
        Target::Process(pid) => pid.get(),
        Target::Group(group) => group.get().wrapping_neg(),
        Target::OwnGroup => 0,
        Target::Everybody => -1,
    };
    kill_raw(pid, signal.map_or(0, Signal::raw)).map(drop)
}

/// Sends a signal to one thread of a process.
///
/// `int tgkill(pid_t tgid, pid_t tid, int sig)`, tgkill(2).
///
/// # Errors
/// `ESRCH`, `EPERM`.
pub fn tgkill(process: Pid, thread: Pid, signal: Signal) -> Result<()> {
    tgkill_raw(process.get(), thread.get(), signal.raw()).map(drop)
}

/// The caller's number in its own namespace.
pub fn getpid() -> i32 {
    // The call cannot fail; a filter that refuses it is answered with 0, which is no process.
    getpid_raw().map_or(0, |pid| pid as i32)
}

/// The number of the caller's parent; 0 when the parent is outside the namespace.
pub fn getppid() -> i32 {
    // As for `getpid`.
    getppid_raw().map_or(0, |pid| pid as i32)
}

/// The number of the calling thread.
pub fn gettid() -> i32 {
    // As for `getpid`.
    gettid_raw().map_or(0, |pid| pid as i32)
}

/// The group of a process; `None` asks for the caller's.
///
/// `pid_t getpgid(pid_t pid)`, getpgid(2).
///
/// # Errors
/// `ESRCH`.
pub fn getpgid(pid: Option<Pid>) -> Result<i32> {
    getpgid_raw(pid.map_or(0, Pid::get)).map(|group| group as i32)
}

/// Puts a process into a group; `None` is the caller, or a group with the number of the process.
///
/// `int setpgid(pid_t pid, pid_t pgid)`, setpgid(2).
///
/// # Errors
/// `EPERM` across sessions or for a session leader, `EACCES` for a child after its exec, `ESRCH`.
pub fn setpgid(pid: Option<Pid>, group: Option<Pid>) -> Result<()> {
    setpgid_raw(pid.map_or(0, Pid::get), group.map_or(0, Pid::get)).map(drop)
}

/// The session of a process; `None` asks for the caller's.
///
/// `pid_t getsid(pid_t pid)`, getsid(2).
///
/// # Errors
/// `ESRCH`.
pub fn getsid(pid: Option<Pid>) -> Result<i32> {
    getsid_raw(pid.map_or(0, Pid::get)).map(|session| session as i32)
}

/// Starts a session and a group with the caller as leader and without a controlling terminal.
///
/// `pid_t setsid(void)`, setsid(2).
///
/// # Errors
/// `EPERM` when the caller leads a group already.
pub fn setsid() -> Result<i32> {
    setsid_raw().map(|session| session as i32)
}

/// Sets the mask of permissions that new files do not get, and returns the old one.
///
/// `mode_t umask(mode_t mask)`, umask(2). The mask is that of all threads.
///
/// # Errors
/// None but that of a filter.
pub fn umask(mask: u32) -> Result<u32> {
    umask_raw(mask).map(|old| old as u32)
}

/// Makes an open directory the current one.
///
/// `int fchdir(int fd)`, chdir(2). For all threads.
///
/// # Errors
/// `ENOTDIR`, `EACCES`.
pub fn fchdir(dir: FdRef<'_>) -> Result<()> {
    fchdir_raw(dir).map(drop)
}

/// Makes a directory the current one.
///
/// `int chdir(const char *path)`, chdir(2). For all threads.
///
/// # Errors
/// `ENOENT`, `ENOTDIR`, `EACCES`.
pub fn chdir(path: &core::ffi::CStr) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(CHDIR; path) }.map(drop)
}

/// Tells the path of the working directory; one that is not below the root begins with `(unreachable)`.
///
/// `int getcwd(char *buf, unsigned long size)`, getcwd(2).
///
/// # Errors
/// `ENOENT` when it was removed, `ERANGE` when the buffer is too small.
pub fn getcwd(buffer: &mut [u8]) -> Result<&[u8]> {
    // SAFETY: the kernel writes at most `len` bytes to an exclusively borrowed buffer.
    let length = unsafe { call!(GETCWD; buffer.as_mut_ptr(), buffer.len()) }?;
    // The length counts the end of the text.
    Ok(buffer.get(..length.saturating_sub(1)).unwrap_or_default())
}

/// Writes into the memory of another process. Returns how many bytes were written.
///
/// `ssize_t process_vm_writev(pid_t pid, const struct iovec *local, unsigned long liovcnt, const struct iovec *remote,
/// unsigned long riovcnt, unsigned long flags)`, process_vm_writev(2).
///
/// # Errors
/// `EPERM` without the right to trace it, `EFAULT` for an address that is not its own, `ESRCH`, `EINVAL` for the caller.
pub fn write_memory_of(process: Pid, address: u64, bytes: &[u8]) -> Result<usize> {
    if process.get() == getpid() {
        return Err(Errno::EINVAL);
    }
    let local = crate::net::IoVec {
        base: bytes.as_ptr().cast_mut(),
        len: bytes.len(),
    };
    let remote = [address, bytes.len() as u64];
    // SAFETY: the kernel reads `local`'s borrowed bytes and the two descriptions, and writes to another process's memory
    // only: it is not the caller (just checked), and without `CLONE_VM` nobody shares the caller's.
    unsafe {
        call!(PROCESS_VM_WRITEV; process.get(), &raw const local, 1usize, remote.as_ptr(), 1usize, 0usize)
    }
}

/// Lets other threads run first.
///
/// `int sched_yield(void)`, sched_yield(2).
pub fn yield_now() {
    // The call has no errors; one that a filter made up changes nothing here.
    match sched_yield_raw() {
        Ok(_) | Err(_) => {}
    }
}
