//! File descriptors: owned and borrowed.

use crate::errno::Result;
use crate::nr;
use crate::syscall::{self, Arg};
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;

/// The current directory, where a directory descriptor is asked for (`AT_FDCWD`).
pub const CWD: FdRef<'static> = FdRef::from_raw(-100);
/// Standard input, borrowed for good.
pub const STDIN: FdRef<'static> = FdRef::from_raw(0);
/// Standard output, borrowed for good.
pub const STDOUT: FdRef<'static> = FdRef::from_raw(1);
/// Standard error, borrowed for good.
pub const STDERR: FdRef<'static> = FdRef::from_raw(2);

/// A descriptor that is closed when it is dropped.
#[derive(PartialEq, Eq)]
#[repr(transparent)]
pub struct Fd(i32);

/// A descriptor that something else owns and keeps open for `'a`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct FdRef<'a>(i32, PhantomData<&'a Fd>);

impl Fd {
    /// Takes ownership of an open descriptor, for instance one that was inherited at a number agreed upon.
    ///
    /// It will be closed on drop. Owning a number that something else owns too is a bug (that other owner may then close a
    /// descriptor that has been opened since), though never one of memory: mappings do not depend on their descriptor.
    pub const fn from_raw(raw: i32) -> Self {
        Self(raw)
    }

    /// The number, still owned by `self`.
    pub const fn raw(&self) -> i32 {
        self.0
    }

    /// Gives up ownership; the caller must see to it that the descriptor is closed.
    pub fn into_raw(self) -> i32 {
        ManuallyDrop::new(self).0
    }

    /// Borrows the descriptor.
    pub const fn as_fd(&self) -> FdRef<'_> {
        FdRef(self.0, PhantomData)
    }

    /// Gives the descriptor to a type of the standard library: `fd.into_std(OwnedFd::from_raw_fd)`.
    ///
    /// # Warning
    /// `adopt` must be a function that needs nothing but the ownership of an open descriptor, as every implementation of
    /// `FromRawFd::from_raw_fd` is. It is called with one, so its safety contract is met.
    pub fn into_std<T>(self, adopt: unsafe fn(i32) -> T) -> T {
        let raw = self.into_raw();
        // SAFETY: `raw` is open and owned (the invariant of `Fd`), ownership was given up in the line above, and the
        // contract of this function says that `adopt` asks for nothing else.
        unsafe { adopt(raw) }
    }

    /// Closes the descriptor and tells what the kernel said, which `drop` cannot.
    ///
    /// `int close(unsigned int fd)`, close(2).
    ///
    /// # Errors
    /// `EIO`, `ENOSPC`, `EDQUOT` from a late write. The descriptor is closed in any case, so it must not be tried again.
    pub fn close(self) -> Result<()> {
        close(self.into_raw()).map(drop)
    }
}

impl Drop for Fd {
    fn drop(&mut self) {
        // An error here is one of a late write (see `close`); who cares for that calls `close` or fsync.
        match close(self.0) {
            Ok(_) | Err(_) => {}
        }
    }
}

impl FdRef<'_> {
    /// Borrows an open descriptor by its number, for instance one that was inherited at a number agreed upon.
    pub const fn from_raw(raw: i32) -> Self {
        Self(raw, PhantomData)
    }

    /// The number.
    pub const fn raw(self) -> i32 {
        self.0
    }
}

impl<'a> From<&'a Fd> for FdRef<'a> {
    fn from(fd: &'a Fd) -> Self {
        fd.as_fd()
    }
}

impl fmt::Debug for Fd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fd({})", self.0)
    }
}

impl fmt::Debug for FdRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FdRef({})", self.0)
    }
}

impl Arg for FdRef<'_> {
    fn arg(self) -> usize {
        self.0.arg()
    }
}

/// Owns a descriptor that the kernel has just returned.
pub(crate) const fn owned(returned: usize) -> Fd {
    Fd(returned as i32)
}

fn close(raw: i32) -> Result<usize> {
    // SAFETY: close takes no address. That the number is ours to close is the invariant of `Fd`.
    syscall::result(unsafe { syscall::syscall6(nr::CLOSE, syscall::pad([raw.arg()])) })
}
