//! Reading directories.

use crate::errno::Result;
use crate::fd::FdRef;
use crate::stat::FileType;
use core::ffi::CStr;

/// One name in a directory.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'b> {
    /// The inode's number.
    pub inode: u64,
    /// The type, if the file system says it.
    pub kind: Option<FileType>,
    /// The name; `.` and `..` are delivered like any other.
    pub name: &'b CStr,
}

/// The names that one call has delivered.
#[derive(Clone, Debug)]
pub struct Entries<'b>(&'b [u8]);

/// Reads the next names of an open directory into the buffer; no more names when the iterator is empty from the start.
///
/// `ssize_t getdents64(int fd, void *dirp, size_t count)`, getdents(2). The position of the descriptor moves on.
///
/// # Errors
/// `EINVAL` when the buffer is too small for one name (280 bytes suffice), `ENOTDIR`, `ENOENT` for a removed directory.
pub fn getdents<'b>(fd: FdRef<'_>, buffer: &'b mut [u8]) -> Result<Entries<'b>> {
    // SAFETY: the kernel writes at most `len` bytes to an exclusively borrowed buffer.
    let count = unsafe { call!(GETDENTS64; fd, buffer.as_mut_ptr(), buffer.len()) }?;
    Ok(Entries(buffer.get(..count).unwrap_or_default()))
}

impl Entries<'_> {
    /// Whether the directory has no more names.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'b> Iterator for Entries<'b> {
    type Item = Entry<'b>;

    fn next(&mut self) -> Option<Entry<'b>> {
        // struct linux_dirent64: u64 d_ino, s64 d_off, u16 d_reclen, u8 d_type, char d_name[].
        let inode = u64::from_ne_bytes(*self.0.first_chunk()?);
        let length = u16::from_ne_bytes(*self.0.get(16..)?.first_chunk()?);
        let record = self.0.get(..usize::from(length))?;
        let name = CStr::from_bytes_until_nul(record.get(19..)?).ok()?;
        let kind = FileType::from_dirent(*record.get(18)?);
        self.0 = self.0.get(usize::from(length)..)?;
        Some(Entry { inode, kind, name })
    }
}
