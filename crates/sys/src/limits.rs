//! Resource limits and priorities.

use crate::errno::Result;

/// A soft and a hard limit, `struct rlimit64`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(C)]
pub struct Limit {
    /// What the kernel enforces; [`Limit::INFINITY`] for none.
    pub soft: u64,
    /// How far the soft one may be raised.
    pub hard: u64,
}

impl Limit {
    /// No limit.
    pub const INFINITY: u64 = u64::MAX;
}

/// A limited resource, asm-generic/resource.h (x86_64 and aarch64 use the same numbers).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u32)]
pub enum Resource {
    /// Processor time, seconds.
    Cpu = 0,
    /// The size of a file, bytes.
    FileSize = 1,
    /// Data segments, bytes.
    Data = 2,
    /// The stack, bytes.
    Stack = 3,
    /// A core dump, bytes.
    Core = 4,
    /// Resident memory; without effect.
    Rss = 5,
    /// Processes of the user.
    Processes = 6,
    /// The highest number of a descriptor, plus one.
    OpenFiles = 7,
    /// Locked memory, bytes.
    LockedMemory = 8,
    /// Address space, bytes.
    AddressSpace = 9,
    /// File locks; without effect.
    Locks = 10,
    /// Queued signals.
    PendingSignals = 11,
    /// POSIX message queues, bytes.
    MessageQueues = 12,
    /// 20 minus the lowest nice value.
    Nice = 13,
    /// The highest real-time priority.
    RealtimePriority = 14,
    /// Processor time between sleeps of a real-time thread, microseconds.
    RealtimeTime = 15,
}

impl Resource {
    /// Every resource, in the order of its number.
    pub const ALL: [Self; 16] = [
        Self::Cpu,
        Self::FileSize,
        Self::Data,
        Self::Stack,
        Self::Core,
        Self::Rss,
        Self::Processes,
        Self::OpenFiles,
        Self::LockedMemory,
        Self::AddressSpace,
        Self::Locks,
        Self::PendingSignals,
        Self::MessageQueues,
        Self::Nice,
        Self::RealtimePriority,
        Self::RealtimeTime,
    ];

    /// From its number.
    pub const fn from_raw(number: u32) -> Option<Self> {
        // PANIC: never; the table has 16 rows.
        if number < 16 {
            Some(Self::ALL[number as usize])
        } else {
            None
        }
    }
}

/// Reads a limit of a process (0 is the caller).
///
/// `int prlimit64(pid_t pid, unsigned int resource, const struct rlimit64 *new, struct rlimit64 *old)`, prlimit(2).
///
/// # Errors
/// `ESRCH`, `EPERM` for a process of other ids.
pub fn limit(pid: i32, resource: Resource) -> Result<Limit> {
    let mut old = Limit { soft: 0, hard: 0 };
    // SAFETY: the kernel writes a `struct rlimit64`, exclusively borrowed; the new one is null.
    unsafe { call!(PRLIMIT64; pid, resource as u32, 0usize, &raw mut old) }?;
    Ok(old)
}

/// Sets a limit of a process (0 is the caller); for all its threads, inherited.
///
/// `int prlimit64(pid_t pid, unsigned int resource, const struct rlimit64 *new, struct rlimit64 *old)`, prlimit(2).
///
/// # Warning
/// A hard limit can be raised only with `CAP_SYS_RESOURCE` in the first user namespace.
///
/// # Errors
/// `EPERM` when the hard limit would be raised, `EINVAL` when soft is above hard.
pub fn set_limit(pid: i32, resource: Resource, limit: Limit) -> Result<()> {
    // SAFETY: the kernel reads a `struct rlimit64` that lives through the call; the old one is null.
    unsafe { call!(PRLIMIT64; pid, resource as u32, &raw const limit, 0usize) }.map(drop)
}

scalar_calls! {
    fn setpriority_raw(which: u32, who: i32, nice: i32) = SETPRIORITY;
    fn getpriority_raw(which: u32, who: i32) = GETPRIORITY;
    fn ioprio_set_raw(which: u32, who: i32, priority: u32) = IOPRIO_SET;
}

/// Sets the nice value of the calling thread, -20 to 19; inherited.
///
/// `int setpriority(int which, id_t who, int prio)`, setpriority(2).
///
/// # Errors
/// `EACCES` when it would be lowered below what `RLIMIT_NICE` permits.
pub fn set_nice(nice: i32) -> Result<()> {
    setpriority_raw(0, 0, nice).map(drop)
}

/// The nice value of the calling thread.
///
/// # Errors
/// None but that of a filter.
pub fn nice() -> Result<i32> {
    // The kernel answers with 20 minus the value, so that no answer looks like an error.
    getpriority_raw(0, 0).map(|value| 20 - value as i32)
}

/// The class of input and output, linux/ioprio.h.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum IoClass {
    /// As the nice value says.
    None = 0,
    /// Before all others.
    Realtime = 1,
    /// The usual.
    BestEffort = 2,
    /// When nobody else needs the disk.
    Idle = 3,
}

/// Sets the input and output priority of the calling thread; level 0 (first) to 7.
///
/// `int ioprio_set(int which, int who, int ioprio)`, ioprio_set(2).
///
/// # Errors
/// `EPERM` for `Realtime` without `CAP_SYS_NICE` or `CAP_SYS_ADMIN`, `EINVAL` for a level above 7.
pub fn set_io_priority(class: IoClass, level: u8) -> Result<()> {
    // Since 6.5 the kernel takes higher bits for a hint, and would accept them silently.
    if level > 7 {
        return Err(crate::Errno::EINVAL);
    }
    // IOPRIO_WHO_PROCESS is 1; the class is in the bits from 13.
    ioprio_set_raw(1, 0, (class as u32) << 13 | u32::from(level)).map(drop)
}
