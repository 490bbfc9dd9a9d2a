//! Random bytes.

use crate::errno::{Result, retry};

/// Fills a buffer with random bytes, waiting for the generator at boot.
///
/// `ssize_t getrandom(void *buf, size_t buflen, unsigned int flags)`, getrandom(2); since 3.17.
///
/// # Errors
/// `ENOSYS` before 3.17.
pub fn fill(buffer: &mut [u8]) -> Result<()> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        // SAFETY: the kernel writes at most `len` bytes to an exclusively borrowed buffer.
        done += retry(|| unsafe { call!(GETRANDOM; rest.as_mut_ptr(), rest.len(), 0u32) })?;
    }
    Ok(())
}
