//! When and where a process runs: scheduling, processors, memory nodes, priority of input and output.

use crate::errno::Result;
use crate::process::Pid;

scalar_calls! {
    fn ioprio_set_raw(which: u32, who: i32, priority: u32) = IOPRIO_SET;
}

/// Number of a process; the caller is 0.
fn number(pid: Option<Pid>) -> i32 {
    pid.map_or(0, Pid::get)
}

/// Sets the scheduling of a process's first thread; `attributes` is a `struct sched_attr` (linux/sched/types.h, 3.14),
/// whose first number is its size.
///
/// `int sched_setattr(pid_t pid, struct sched_attr *attr, unsigned int flags)`, sched_setattr(2).
///
/// # Errors
/// `EINVAL` for attributes that contradict each other or are shorter than 48 bytes, `EPERM` without `CAP_SYS_NICE`,
/// `EBUSY` when a deadline cannot be kept, `ESRCH`.
pub fn set_scheduler(pid: Option<Pid>, attributes: &[u8]) -> Result<()> {
    let announced = attributes
        .first_chunk()
        .map(|size| u32::from_ne_bytes(*size) as usize);
    // The kernel reads as many bytes as the first number says.
    if announced != Some(attributes.len()) || attributes.len() < 48 {
        return Err(crate::Errno::EINVAL);
    }
    // On failure with E2BIG the kernel writes its own size into the first four bytes.
    let mut copy = [0u8; 128];
    let place = copy
        .get_mut(..attributes.len())
        .ok_or(crate::Errno::E2BIG)?;
    place.copy_from_slice(attributes);
    // SAFETY: the kernel reads and writes at most the announced size, which fits into `copy`, exclusively borrowed.
    unsafe { call!(SCHED_SETATTR; number(pid), copy.as_mut_ptr(), 0u32) }.map(drop)
}

/// Binds a process's first thread to processors, a bit each.
///
/// `int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *mask)`, sched_setaffinity(2).
///
/// # Errors
/// `EINVAL` when no processor that is there is in the mask, `EPERM` for a process of other ids, `ESRCH`.
pub fn set_affinity(pid: Option<Pid>, mask: &[u8]) -> Result<()> {
    // SAFETY: the kernel reads `len` bytes.
    unsafe { call!(SCHED_SETAFFINITY; number(pid), mask.len(), mask.as_ptr()) }.map(drop)
}

/// Sets the memory policy of the calling thread; `nodes` has a bit for each node and is a multiple of eight bytes long.
///
/// `long set_mempolicy(int mode, const unsigned long *nodemask, unsigned long maxnode)`, set_mempolicy(2).
///
/// # Errors
/// `EINVAL` for a mode that does not go with the nodes, or nodes that are not there.
pub fn set_memory_policy(mode: u32, nodes: &[u8]) -> Result<()> {
    if !nodes.len().is_multiple_of(8) {
        return Err(crate::Errno::EINVAL);
    }
    if nodes.is_empty() {
        // SAFETY: without nodes the kernel reads nothing.
        return unsafe { call!(SET_MEMPOLICY; mode, 0usize, 0usize) }.map(drop);
    }
    // SAFETY: the kernel reads `maxnode - 1` bits (the count is one too high by tradition), which are all there.
    unsafe { call!(SET_MEMPOLICY; mode, nodes.as_ptr(), nodes.len() * 8 + 1) }.map(drop)
}

/// Sets the input and output priority of a process's first thread: a class from bit 13 on, and a level.
///
/// `int ioprio_set(int which, int who, int ioprio)`, ioprio_set(2).
///
/// # Errors
/// `EPERM` for the real-time class without `CAP_SYS_NICE` or `CAP_SYS_ADMIN`, `EINVAL`, `ESRCH`.
pub fn set_io_priority_of(pid: Option<Pid>, priority: u32) -> Result<()> {
    // IOPRIO_WHO_PROCESS is 1.
    ioprio_set_raw(1, number(pid), priority).map(drop)
}
