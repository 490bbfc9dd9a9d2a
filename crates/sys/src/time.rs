//! Clocks and sleep.

use crate::errno::{Errno, Result};
use core::time::Duration;

/// `struct timespec` of 64 bits, linux/time_types.h.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct Timespec {
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: i64,
}

impl From<Duration> for Timespec {
    fn from(duration: Duration) -> Self {
        Self {
            seconds: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
            nanoseconds: i64::from(duration.subsec_nanos()),
        }
    }
}

/// A clock, linux/time.h.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Clock {
    /// The time of day; it can jump.
    Realtime = 0,
    /// Since some moment, without the time of suspension; a time namespace shifts it.
    Monotonic = 1,
    /// Processor time of this process.
    Process = 2,
    /// Since the machine started; a time namespace shifts it.
    Boottime = 7,
}

/// Reads a clock.
///
/// `int clock_gettime(clockid_t clock, struct timespec *time)`, clock_gettime(2).
///
/// # Errors
/// None but that of a filter; `EOVERFLOW` for a time before 1970.
pub fn now(clock: Clock) -> Result<Duration> {
    let mut time = Timespec::default();
    // SAFETY: the kernel writes a `struct timespec`, exclusively borrowed.
    unsafe { call!(CLOCK_GETTIME; clock as u32, &raw mut time) }?;
    let seconds = u64::try_from(time.seconds).map_err(|_| Errno::EOVERFLOW)?;
    let nanoseconds = u32::try_from(time.nanoseconds).map_err(|_| Errno::EOVERFLOW)?;
    Ok(Duration::new(seconds, nanoseconds))
}

/// Sleeps for so long, or until a signal handler has run.
///
/// `int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *rest)`, clock_nanosleep(2).
///
/// # Errors
/// `EINTR`.
pub fn sleep(duration: Duration) -> Result<()> {
    let time = Timespec::from(duration);
    // SAFETY: `time` lives through the call; the rest is null.
    unsafe { call!(CLOCK_NANOSLEEP; Clock::Monotonic as u32, 0u32, &raw const time, 0usize) }
        .map(drop)
}

/// Sleeps until a clock shows a time, through interruptions.
///
/// # Errors
/// None but that of a filter.
pub fn sleep_until(clock: Clock, deadline: Duration) -> Result<()> {
    let time = Timespec::from(deadline);
    // TIMER_ABSTIME is 1, linux/time.h.
    // SAFETY: `time` lives through each call; the rest is null.
    crate::retry(|| unsafe { call!(CLOCK_NANOSLEEP; clock as u32, 1u32, &raw const time, 0usize) })
        .map(drop)
}
