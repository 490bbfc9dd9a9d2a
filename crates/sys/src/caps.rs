//! The capability sets of a thread.

use crate::errno::Result;

/// The three sets that `capset` sets, as bits (bit n is capability n).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct CapSets {
    /// What the kernel checks.
    pub effective: u64,
    /// What may become effective.
    pub permitted: u64,
    /// What an executed file may pass on.
    pub inheritable: u64,
}

const VERSION_3: u32 = 0x2008_0522; // linux/capability.h, 2.6.26

#[repr(C)]
pub(crate) struct Header {
    pub(crate) version: u32,
    pub(crate) pid: i32,
}

#[derive(Clone, Copy, Default)]
#[repr(C)]
pub(crate) struct Data {
    pub(crate) effective: u32,
    pub(crate) permitted: u32,
    pub(crate) inheritable: u32,
}

/// Reads the sets of a thread; 0 is the calling one.
///
/// `int capget(cap_user_header_t header, cap_user_data_t data)`, capget(2).
///
/// # Errors
/// `ESRCH`.
pub fn capget(pid: i32) -> Result<CapSets> {
    let mut header = Header {
        version: VERSION_3,
        pid,
    };
    let mut data = [Data::default(); 2];
    // SAFETY: version 3 writes two data structures, and the header only for an unknown version; both are exclusive.
    unsafe { call!(CAPGET; &raw mut header, data.as_mut_ptr()) }?;
    let join =
        |field: fn(&Data) -> u32| u64::from(field(&data[0])) | u64::from(field(&data[1])) << 32;
    Ok(CapSets {
        effective: join(|data| data.effective),
        permitted: join(|data| data.permitted),
        inheritable: join(|data| data.inheritable),
    })
}

/// Sets the sets of the calling thread.
///
/// `int capset(cap_user_header_t header, const cap_user_data_t data)`, capset(2).
///
/// # Warning
/// For the calling thread only. What leaves the permitted set does not come back.
///
/// # Errors
/// `EPERM` when something would be added to permitted, or effective would not be within permitted.
pub fn capset(sets: CapSets) -> Result<()> {
    let mut header = Header {
        version: VERSION_3,
        pid: 0,
    };
    let half = |shift: u32| Data {
        effective: (sets.effective >> shift) as u32,
        permitted: (sets.permitted >> shift) as u32,
        inheritable: (sets.inheritable >> shift) as u32,
    };
    let data = [half(0), half(32)];
    // SAFETY: version 3 reads two data structures, and writes the header only for an unknown version.
    unsafe { call!(CAPSET; &raw mut header, data.as_ptr()) }.map(drop)
}
