//! Memory from the kernel: anonymous, and sealed files.

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef, owned};
use crate::file::{self, Seals};
use crate::stat;
use core::ffi::CStr;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

const PROT_READ: u32 = 1; // asm-generic/mman-common.h
const PROT_WRITE: u32 = 2;
const MAP_SHARED: u32 = 1; // linux/mman.h
const MAP_PRIVATE: u32 = 2;
const MAP_ANONYMOUS: u32 = 0x20; // asm-generic/mman-common.h

/// A range of pages that is unmapped when it is dropped.
#[derive(Debug)]
struct Pages {
    start: NonNull<u8>,
    len: usize,
}

impl Pages {
    fn map(len: usize, protection: u32, flags: u32, fd: i32) -> Result<Self> {
        if len == 0 {
            return Ok(Self {
                start: NonNull::dangling(),
                len: 0,
            });
        }
        // SAFETY: address 0 without MAP_FIXED: the kernel chooses a range that nothing occupies.
        let address = unsafe { call!(MMAP; 0usize, len, protection, flags, fd, 0usize) }?;
        let start =
            NonNull::new(core::ptr::with_exposed_provenance_mut(address)).ok_or(Errno::ENOMEM)?;
        Ok(Self { start, len })
    }

    fn as_slice(&self) -> &[u8] {
        // SAFETY: `map` mapped `len` readable bytes at `start` (or len is 0); they stay mapped until drop, and nothing
        // else changes them: the memory is private and anonymous, or a file sealed against writing and shrinking.
        unsafe { core::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if self.len > 0 {
            // SAFETY: exactly the range that `map` made, and every reference into it borrows `self`.
            // The only error, ENOMEM for a split of mappings, cannot occur for a whole range and would only leak it.
            match unsafe { call!(MUNMAP; self.start.as_ptr(), self.len) } {
                Ok(_) | Err(_) => {}
            }
        }
    }
}

/// Zeroed memory, as much as is asked for.
#[derive(Debug)]
pub struct Memory(Pages);

impl Memory {
    /// Maps `len` zeroed bytes.
    ///
    /// `void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)`, mmap(2).
    ///
    /// # Errors
    /// `ENOMEM` when the address space or `RLIMIT_AS` is used up.
    pub fn anonymous(len: usize) -> Result<Self> {
        Pages::map(len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1).map(Self)
    }

    /// Memory that forked processes share: what one writes the others see.
    ///
    /// It is handed out as atomics only, since a plain reference must not change under its reader.
    ///
    /// # Errors
    /// `ENOMEM` when the address space or `RLIMIT_AS` is used up.
    pub fn shared_words(count: usize) -> Result<SharedWords> {
        let len = count
            .checked_mul(size_of::<u64>())
            .ok_or(Errno::EOVERFLOW)?;
        Pages::map(len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1).map(SharedWords)
    }

    pub(crate) const fn as_ptr(&self) -> *const u8 {
        self.0.start.as_ptr()
    }

    pub(crate) const fn as_mut_ptr(&mut self) -> *mut u8 {
        self.0.start.as_ptr()
    }
}

impl Deref for Memory {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl DerefMut for Memory {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: the range is mapped readable and writable for `len` bytes, private, and borrowed exclusively.
        unsafe { core::slice::from_raw_parts_mut(self.0.start.as_ptr(), self.0.len) }
    }
}

/// 64-bit words that processes share after a fork.
#[derive(Debug)]
pub struct SharedWords(Pages);

impl Deref for SharedWords {
    type Target = [core::sync::atomic::AtomicU64];
    fn deref(&self) -> &Self::Target {
        // SAFETY: the pages are mapped readable and writable, aligned to a page, and every holder sees them as atomics.
        unsafe {
            core::slice::from_raw_parts(self.0.start.as_ptr().cast(), self.0.len / size_of::<u64>())
        }
    }
}

/// The whole content of a sealed memfd, mapped read-only.
#[derive(Debug)]
pub struct Mapping(Pages);

impl Mapping {
    /// Maps a file that carries [`Seals::WRITE`] and [`Seals::SHRINK`], so that nobody can change it or cut it off.
    ///
    /// Other files are refused: their content could change under a shared reference, and a truncated file kills its readers
    /// with SIGBUS. Read those into a [`Memory`].
    ///
    /// # Errors
    /// `EPERM` when a seal is missing, `EINVAL` when the file cannot carry seals, `ENOMEM`.
    pub fn sealed(fd: FdRef<'_>) -> Result<Self> {
        if !file::seals(fd)?.contains(Seals::WRITE | Seals::SHRINK) {
            return Err(Errno::EPERM);
        }
        let len = stat::fstat(fd)?.size;
        let len = usize::try_from(len).map_err(|_| Errno::EFBIG)?;
        // Private, since kernels before 6.7 refuse a shared mapping of a file that is sealed against writing.
        Pages::map(len, PROT_READ, MAP_PRIVATE, fd.raw()).map(Self)
    }
}

impl Deref for Mapping {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.0.as_slice()
    }
}

flags! {
    /// Flags of [`memfd_create`], linux/memfd.h.
    pub struct MemfdFlags: u32 {
        /// Close on exec.
        CLOEXEC = 1;
        /// Seals can be added.
        ALLOW_SEALING = 2;
        /// Not executable, and sealed so; since 6.3.
        NOEXEC_SEAL = 8;
        /// Executable; since 6.3. Without either flag, `vm.memfd_noexec` decides (and a warning is logged once).
        EXEC = 0x10;
    }
}

/// Makes a file in memory without a name in any file system.
///
/// `int memfd_create(const char *name, unsigned int flags)`, memfd_create(2); since 3.17.
///
/// # Errors
/// `EINVAL` when the kernel is older than a flag ([`memfd`] falls back), `EACCES` when `vm.memfd_noexec` is 2 and
/// `EXEC` was asked for.
pub fn memfd_create(name: &CStr, flags: MemfdFlags) -> Result<Fd> {
    // SAFETY: `name` is a C string that lives through the call.
    unsafe { call!(MEMFD_CREATE; name, flags) }.map(owned)
}

/// Whether a file in memory may be executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Executable {
    /// It holds a program.
    Yes,
    /// It holds data.
    No,
}

/// Makes a sealable file in memory that is closed on exec, and says whether it may be executed where the kernel can.
///
/// Kernels before 6.3 know neither `EXEC` nor `NOEXEC_SEAL` and refuse them with `EINVAL`; there, every such file is executable.
///
/// # Errors
/// As [`memfd_create`], without the `EINVAL` of old kernels.
pub fn memfd(name: &CStr, executable: Executable) -> Result<Fd> {
    let base = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let modern = match executable {
        Executable::Yes => MemfdFlags::EXEC,
        Executable::No => MemfdFlags::NOEXEC_SEAL,
    };
    match memfd_create(name, base | modern) {
        Err(Errno::EINVAL) => memfd_create(name, base),
        done => done,
    }
}
