//! Kernel keyrings.

use crate::errno::Result;

/// Replaces the session keyring by a new one without a name, so that no key of the old session is in reach.
///
/// `key_serial_t keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)`, keyctl(2).
///
/// # Warning
/// For the calling thread, inherited. The old session keyring is out of reach afterwards.
///
/// # Errors
/// `ENOSYS` in a kernel without keys, `EDQUOT` beyond the quota, `EPERM` from the filters of many container engines.
pub fn join_new_session() -> Result<i32> {
    // SAFETY: operation 1 with a null name reads no memory.
    unsafe { call!(KEYCTL; 1u32, 0usize) }.map(|serial| serial as i32)
}
