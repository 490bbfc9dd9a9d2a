//! Tracing, as far as reading the filters of a live process needs it.

use crate::errno::{Errno, Result};
use crate::process::Pid;
use crate::seccomp::SockFilter;

/// Requests of which the arguments are numbers.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Request {
    Detach = 17,
    Seize = 0x4206,
    Interrupt = 0x4207,
}

fn ptrace(request: Request, pid: Pid) -> Result<()> {
    // SAFETY: with these requests and zero arguments the kernel touches no memory of the caller.
    unsafe { call!(PTRACE; request as u32, pid.get(), 0usize, 0usize) }.map(drop)
}

/// Becomes the tracer of a thread without stopping it.
///
/// `long ptrace(PTRACE_SEIZE, pid, 0, options)`, ptrace(2); since 3.4.
///
/// # Errors
/// `EPERM` when it may not be traced or already is, `ESRCH`.
pub fn seize(pid: Pid) -> Result<()> {
    ptrace(Request::Seize, pid)
}

/// Stops a seized thread; wait for the stop with [`waitid`](crate::wait::waitid).
///
/// `long ptrace(PTRACE_INTERRUPT, pid, 0, 0)`, ptrace(2); since 3.4.
///
/// # Errors
/// `ESRCH`.
pub fn interrupt(pid: Pid) -> Result<()> {
    ptrace(Request::Interrupt, pid)
}

/// Lets a stopped thread go on without a tracer.
///
/// `long ptrace(PTRACE_DETACH, pid, 0, 0)`, ptrace(2).
///
/// # Errors
/// `ESRCH` when it is not stopped.
pub fn detach(pid: Pid) -> Result<()> {
    ptrace(Request::Detach, pid)
}

const SECCOMP_GET_FILTER: u32 = 0x420c; // linux/ptrace.h, 4.4

/// How many instructions a filter of a stopped thread has; index 0 is the one that was loaded last.
///
/// `long ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, NULL)`, ptrace(2); since 4.4.
///
/// # Errors
/// `ENOENT` beyond the last filter, `EINVAL` when there is none, `EACCES` without `CAP_SYS_ADMIN` in the first user namespace
/// or under a filter of one's own, `EMEDIUMTYPE` for a filter that is not classic BPF, `EIO` in a kernel without the option.
pub fn filter_len(pid: Pid, index: usize) -> Result<usize> {
    // SAFETY: with a null buffer the kernel writes nothing.
    unsafe { call!(PTRACE; SECCOMP_GET_FILTER, pid.get(), index, 0usize) }
}

/// Reads a filter of a stopped thread into the buffer.
///
/// # Errors
/// As [`filter_len`]; `ENOSPC` when the buffer is too small.
pub fn filter(pid: Pid, index: usize, buffer: &mut [SockFilter]) -> Result<&[SockFilter]> {
    // The kernel is told no size and writes the whole filter. The thread is stopped and traced by us, so the length that
    // it has now is the length that will be written: a stopped thread loads no filter, and those in force never change.
    // Another thread of the target may load one with TSYNC between the two calls, which would shift the index, so the
    // buffer must hold the longest filter that there can be.
    let len = filter_len(pid, index)?;
    if buffer.len() < MAX_INSTRUCTIONS || len > MAX_INSTRUCTIONS {
        return Err(Errno::ENOSPC);
    }
    // SAFETY: the kernel writes at most BPF_MAXINSNS instructions, and the buffer holds as many; it is exclusive.
    let written =
        unsafe { call!(PTRACE; SECCOMP_GET_FILTER, pid.get(), index, buffer.as_mut_ptr()) }?;
    buffer.get(..written).ok_or(Errno::ENOSPC)
}

/// The longest filter, `BPF_MAXINSNS`, linux/bpf_common.h: what the buffer of [`filter`] must hold.
pub const MAX_INSTRUCTIONS: usize = 4096;

/// `struct seccomp_metadata`, linux/ptrace.h.
#[repr(C)]
struct Metadata {
    filter_off: u64,
    flags: u64,
}

/// The flags with which a filter was loaded; `FilterFlags::LOG` is the only one that the kernel tells.
///
/// `long ptrace(PTRACE_SECCOMP_GET_METADATA, pid, size, struct seccomp_metadata *)`, ptrace(2); since 4.16.
///
/// # Errors
/// As [`filter_len`].
pub fn filter_flags(pid: Pid, index: u64) -> Result<crate::seccomp::FilterFlags> {
    let mut metadata = Metadata {
        filter_off: index,
        flags: 0,
    };
    // SAFETY: the kernel reads and writes at most `size` bytes of the structure, exclusively borrowed.
    unsafe { call!(PTRACE; 0x420du32, pid.get(), size_of::<Metadata>(), &raw mut metadata) }?;
    Ok(crate::seccomp::FilterFlags::from_bits(
        metadata.flags as u32,
    ))
}
