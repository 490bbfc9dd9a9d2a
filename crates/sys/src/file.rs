//! Opening, reading, writing and naming files.

use crate::errno::{Errno, Result, retry};
use crate::fd::{Fd, FdRef, owned};
use core::ffi::CStr;

flags! {
    /// How a file is opened, asm-generic/fcntl.h (aarch64 has its own asm/fcntl.h).
    pub struct OpenFlags: u32 {
        /// For reading.
        RDONLY = 0;
        /// For writing.
        WRONLY = 1;
        /// For both.
        RDWR = 2;
        /// Create it if it does not exist.
        CREAT = 0o100;
        /// Fail if it exists.
        EXCL = 0o200;
        /// A terminal does not become the controlling one.
        NOCTTY = 0o400;
        /// Cut to length 0.
        TRUNC = 0o1000;
        /// Write at the end.
        APPEND = 0o2000;
        /// Do not wait.
        NONBLOCK = 0o4000;
        /// A directory only.
        DIRECTORY = if cfg!(target_arch = "aarch64") { 0o40000 } else { 0o200_000 };
        /// Not through a symbolic link in the last component.
        NOFOLLOW = if cfg!(target_arch = "aarch64") { 0o100_000 } else { 0o400_000 };
        /// Do not update the access time.
        NOATIME = 0o1_000_000;
        /// Close on exec.
        CLOEXEC = 0o2_000_000;
        /// A place in the tree, neither readable nor writable; since 2.6.39.
        PATH = 0o10_000_000;
        /// A file without a name in a directory; since 3.11.
        TMPFILE = 0o20_000_000 | Self::DIRECTORY.0;
    }
}

flags! {
    /// What a path may pass through, `struct open_how`, linux/openat2.h; since 5.6.
    pub struct Resolve: u64 {
        /// No other mount.
        NO_XDEV = 1;
        /// No magic link of /proc.
        NO_MAGICLINKS = 2;
        /// No symbolic link at all.
        NO_SYMLINKS = 4;
        /// Nothing above the directory; no absolute path or link.
        BENEATH = 8;
        /// The directory is the root.
        IN_ROOT = 0x10;
        /// Only what is in the name cache; since 5.12.
        CACHED = 0x20;
    }
}

flags! {
    /// The `AT_` flags, linux/fcntl.h.
    pub struct AtFlags: u32 {
        /// Not through a symbolic link in the last component.
        SYMLINK_NOFOLLOW = 0x100;
        /// `unlinkat`: a directory.
        REMOVEDIR = 0x200;
        /// `linkat`: through a symbolic link.
        SYMLINK_FOLLOW = 0x400;
        /// Do not mount automatically.
        NO_AUTOMOUNT = 0x800;
        /// The descriptor itself, with an empty path.
        EMPTY_PATH = 0x1000;
        /// The whole tree of mounts.
        RECURSIVE = 0x8000;
        /// `faccessat`: with the effective ids.
        EACCESS = 0x200;
    }
}

/// Opens a file.
///
/// `int openat(int dirfd, const char *path, int flags, mode_t mode)`, openat(2).
///
/// # Errors
/// `ENOENT`, `EACCES`, `ELOOP` with [`OpenFlags::NOFOLLOW`] on a link, `EEXIST`, `ENOTDIR`, `EMFILE`.
pub fn openat(dir: FdRef<'_>, path: &CStr, flags: OpenFlags, mode: u32) -> Result<Fd> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(OPENAT; dir, path, flags, mode) }.map(owned)
}

#[repr(C)]
pub(crate) struct OpenHow {
    pub(crate) flags: u64,
    pub(crate) mode: u64,
    pub(crate) resolve: u64,
}

/// Opens a file by a path of which the way is limited.
///
/// `long openat2(int dirfd, const char *path, struct open_how *how, size_t size)`, openat2(2); since 5.6.
///
/// # Errors
/// As [`openat`]; `EXDEV` for a path that leaves the directory or mount, `ELOOP` for a refused link, `EAGAIN` when the
/// tree changed meanwhile (try again), `EINVAL` for an unknown flag, `ENOSYS` before 5.6.
pub fn openat2(
    dir: FdRef<'_>,
    path: &CStr,
    flags: OpenFlags,
    mode: u32,
    resolve: Resolve,
) -> Result<Fd> {
    let how = OpenHow {
        flags: u64::from(flags.bits()),
        mode: u64::from(mode),
        resolve: resolve.bits(),
    };
    // SAFETY: `path` is a C string and `how` an `open_how` of the size given; both live through the call.
    unsafe { call!(OPENAT2; dir, path, &raw const how, size_of::<OpenHow>()) }.map(owned)
}

/// Reads up to the length of the buffer.
///
/// `ssize_t read(int fd, void *buf, size_t count)`, read(2).
///
/// # Errors
/// `EINTR`, `EAGAIN`, `EIO`, `EISDIR`.
pub fn read(fd: FdRef<'_>, buffer: &mut [u8]) -> Result<usize> {
    // SAFETY: the kernel writes at most `len` bytes to a buffer that is borrowed exclusively.
    unsafe { call!(READ; fd, buffer.as_mut_ptr(), buffer.len()) }
}

/// Reads at an offset; the position of the descriptor stays.
///
/// `ssize_t pread64(int fd, void *buf, size_t count, off_t offset)`, pread(2).
///
/// # Errors
/// As [`read`]; `ESPIPE` for a pipe.
pub fn pread(fd: FdRef<'_>, buffer: &mut [u8], offset: u64) -> Result<usize> {
    // SAFETY: the kernel writes at most `len` bytes to a buffer that is borrowed exclusively.
    unsafe { call!(PREAD64; fd, buffer.as_mut_ptr(), buffer.len(), offset) }
}

/// Reads until the buffer is full or the file ends, through interruptions, and returns the count.
///
/// # Errors
/// As [`read`], without `EINTR`.
pub fn read_full(fd: FdRef<'_>, buffer: &mut [u8]) -> Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match retry(|| read(fd, rest))? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}

/// Writes up to all of the bytes.
///
/// `ssize_t write(int fd, const void *buf, size_t count)`, write(2).
///
/// # Errors
/// `EINTR`, `EAGAIN`, `EPIPE` (with SIGPIPE), `ENOSPC`, `EPERM` for a sealed file.
pub fn write(fd: FdRef<'_>, bytes: &[u8]) -> Result<usize> {
    // SAFETY: the kernel reads at most `len` bytes of a borrowed slice.
    unsafe { call!(WRITE; fd, bytes.as_ptr(), bytes.len()) }
}

/// Writes at an offset; the position of the descriptor stays.
///
/// `ssize_t pwrite64(int fd, const void *buf, size_t count, off_t offset)`, pwrite(2).
///
/// # Errors
/// As [`write()`]; `ESPIPE` for a pipe.
pub fn pwrite(fd: FdRef<'_>, bytes: &[u8], offset: u64) -> Result<usize> {
    // SAFETY: the kernel reads at most `len` bytes of a borrowed slice.
    unsafe { call!(PWRITE64; fd, bytes.as_ptr(), bytes.len(), offset) }
}

/// Writes all of the bytes, through interruptions and partial writes.
///
/// # Errors
/// As [`write()`], without `EINTR`; `EIO` when the kernel accepts nothing.
pub fn write_all(fd: FdRef<'_>, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        match retry(|| write(fd, bytes))? {
            0 => return Err(Errno::EIO),
            count => bytes = bytes.get(count..).unwrap_or_default(),
        }
    }
    Ok(())
}

/// One piece of a gathered write, `struct iovec`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Piece<'a> {
    base: *const u8,
    len: usize,
    bytes: core::marker::PhantomData<&'a [u8]>,
}

impl<'a> Piece<'a> {
    /// A piece of these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            base: bytes.as_ptr(),
            len: bytes.len(),
            bytes: core::marker::PhantomData,
        }
    }
}

/// Writes several pieces in one call, so that a line of a log stays whole.
///
/// `ssize_t writev(int fd, const struct iovec *iov, int iovcnt)`, writev(2).
///
/// # Errors
/// As [`write()`]; `EINVAL` for more than 1024 pieces.
pub fn writev(fd: FdRef<'_>, pieces: &[Piece<'_>]) -> Result<usize> {
    // SAFETY: `Piece` is an `iovec` whose bytes are borrowed; the kernel reads `len` of them.
    unsafe { call!(WRITEV; fd, pieces.as_ptr(), pieces.len()) }
}

/// From where [`seek`] counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seek {
    /// From the start.
    Start(u64),
    /// From the current position.
    Current(i64),
    /// From the end.
    End(i64),
}

/// Moves the position and returns the new one.
///
/// `off_t lseek(int fd, off_t offset, int whence)`, lseek(2).
///
/// # Errors
/// `ESPIPE` for a pipe or socket, `EINVAL` before the start.
pub fn seek(fd: FdRef<'_>, to: Seek) -> Result<u64> {
    let (offset, whence) = match to {
        Seek::Start(offset) => (offset.cast_signed(), 0),
        Seek::Current(offset) => (offset, 1),
        Seek::End(offset) => (offset, 2),
    };
    lseek(fd, offset, whence).map(|position| position as u64)
}

/// Makes a directory.
///
/// `int mkdirat(int dirfd, const char *path, mode_t mode)`, mkdirat(2).
///
/// # Errors
/// `EEXIST`, `ENOENT`, `EACCES`, `EROFS`.
pub fn mkdirat(dir: FdRef<'_>, path: &CStr, mode: u32) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(MKDIRAT; dir, path, mode) }.map(drop)
}

/// The number of a device.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Device {
    /// The driver.
    pub major: u32,
    /// The unit.
    pub minor: u32,
}

impl Device {
    /// In the form of the kernel's `new_encode_dev` (linux/kdev_t.h): 12 bits of major, 20 of minor.
    const fn encode(self) -> u32 {
        (self.minor & 0xff) | ((self.major & 0xfff) << 8) | ((self.minor & 0xf_ff00) << 12)
    }
}

/// Makes a device, pipe, socket or plain file; the type is in the mode (see [`FileType`](crate::stat::FileType)).
///
/// `int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)`, mknodat(2).
///
/// # Errors
/// `EPERM` for a device without `CAP_MKNOD` in the first user namespace, `EEXIST`, `EROFS`.
pub fn mknodat(dir: FdRef<'_>, path: &CStr, mode: u32, device: Device) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(MKNODAT; dir, path, mode, device.encode()) }.map(drop)
}

/// Makes a symbolic link at `path` that says `target`.
///
/// `int symlinkat(const char *target, int newdirfd, const char *linkpath)`, symlinkat(2).
///
/// # Errors
/// `EEXIST`, `ENOENT`, `EACCES`, `EROFS`.
pub fn symlinkat(target: &CStr, dir: FdRef<'_>, path: &CStr) -> Result<()> {
    // SAFETY: both are C strings that live through the call.
    unsafe { call!(SYMLINKAT; target, dir, path) }.map(drop)
}

/// Gives a file one more name.
///
/// `int linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int flags)`, linkat(2).
///
/// # Errors
/// `EEXIST`, `EXDEV`, `EPERM` for a directory, `ENOENT` for an empty path without `CAP_DAC_READ_SEARCH`.
pub fn linkat(old: (FdRef<'_>, &CStr), new: (FdRef<'_>, &CStr), flags: AtFlags) -> Result<()> {
    // SAFETY: both paths are C strings that live through the call.
    unsafe { call!(LINKAT; old.0, old.1, new.0, new.1, flags) }.map(drop)
}

/// Removes a name; a directory with [`AtFlags::REMOVEDIR`].
///
/// `int unlinkat(int dirfd, const char *path, int flags)`, unlinkat(2).
///
/// # Errors
/// `ENOENT`, `EISDIR`, `ENOTEMPTY`, `EBUSY` for a mount point, `EACCES`, `EPERM`.
pub fn unlinkat(dir: FdRef<'_>, path: &CStr, flags: AtFlags) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(UNLINKAT; dir, path, flags) }.map(drop)
}

flags! {
    /// Flags of [`renameat2`], linux/fs.h; since 3.15.
    pub struct RenameFlags: u32 {
        /// Fail if the new name exists.
        NOREPLACE = 1;
        /// Exchange the two.
        EXCHANGE = 2;
        /// Leave a whiteout; since 3.18.
        WHITEOUT = 4;
    }
}

/// Renames a file.
///
/// `int renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, unsigned int flags)`, renameat2(2).
///
/// # Errors
/// `ENOENT`, `EEXIST` with `NOREPLACE`, `EXDEV`, `EBUSY` for a mount point.
pub fn renameat2(
    old: (FdRef<'_>, &CStr),
    new: (FdRef<'_>, &CStr),
    flags: RenameFlags,
) -> Result<()> {
    // SAFETY: both paths are C strings that live through the call.
    unsafe { call!(RENAMEAT2; old.0, old.1, new.0, new.1, flags) }.map(drop)
}

/// Reads what a symbolic link says; an answer as long as the buffer may be cut off.
///
/// `ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t bufsiz)`, readlinkat(2).
///
/// # Errors
/// `EINVAL` when it is not a link, `ENOENT`, `EACCES`.
pub fn readlinkat<'b>(dir: FdRef<'_>, path: &CStr, buffer: &'b mut [u8]) -> Result<&'b [u8]> {
    // SAFETY: `path` is a C string; the kernel writes at most `len` bytes to an exclusively borrowed buffer.
    let count = unsafe { call!(READLINKAT; dir, path, buffer.as_mut_ptr(), buffer.len()) }?;
    buffer.get(..count).ok_or(Errno::EOVERFLOW)
}

/// Changes the mode of a file by its path; a symbolic link in the last component is followed.
///
/// `int fchmodat(int dirfd, const char *path, mode_t mode)`, fchmodat(2); the kernel's call has no flags.
///
/// # Errors
/// `EPERM` when the caller does not own the file, `ENOENT`, `EROFS`.
pub fn fchmodat(dir: FdRef<'_>, path: &CStr, mode: u32) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(FCHMODAT; dir, path, mode) }.map(drop)
}

/// Changes owner and group of a file by its path; `None` keeps.
///
/// `int fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)`, fchownat(2).
///
/// # Errors
/// `EPERM` without `CAP_CHOWN`, `EINVAL` for an id that the user namespace does not map, `EROFS`.
pub fn fchownat(
    dir: FdRef<'_>,
    path: &CStr,
    uid: Option<u32>,
    gid: Option<u32>,
    flags: AtFlags,
) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(FCHOWNAT; dir, path, uid.unwrap_or(u32::MAX), gid.unwrap_or(u32::MAX), flags) }
        .map(drop)
}

flags! {
    /// What [`faccessat2`] asks for, unistd.h.
    pub struct Access: u32 {
        /// It exists.
        EXISTS = 0;
        /// It can be executed, or a directory passed through.
        EXEC = 1;
        /// It can be written to.
        WRITE = 2;
        /// It can be read.
        READ = 4;
    }
}

/// Asks whether the caller could use a file so.
///
/// `int faccessat2(int dirfd, const char *path, int mode, int flags)`, faccessat2(2); since 5.8.
///
/// # Errors
/// `EACCES` for no, `EROFS` for writing to a read-only mount, `ENOENT`, `ENOSYS` before 5.8.
pub fn faccessat2(dir: FdRef<'_>, path: &CStr, access: Access, flags: AtFlags) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(FACCESSAT2; dir, path, access, flags) }.map(drop)
}

scalar_calls! {
    fn fchmod_raw(fd: FdRef<'_>, mode: u32) = FCHMOD;
    fn fchown_raw(fd: FdRef<'_>, uid: u32, gid: u32) = FCHOWN;
    fn ftruncate_raw(fd: FdRef<'_>, len: u64) = FTRUNCATE;
    fn fcntl(fd: FdRef<'_>, command: u32, value: u64) = FCNTL;
    fn dup_raw(fd: FdRef<'_>) = DUP;
    fn dup3_raw(fd: FdRef<'_>, number: i32, flags: OpenFlags) = DUP3;
    fn lseek(fd: FdRef<'_>, offset: i64, whence: u32) = LSEEK;
    fn flock_raw(fd: FdRef<'_>, operation: u32) = FLOCK;
    fn fsync_raw(fd: FdRef<'_>) = FSYNC;
}

/// Changes the mode of an open file (not of one opened with [`OpenFlags::PATH`]).
///
/// `int fchmod(int fd, mode_t mode)`, fchmod(2).
///
/// # Errors
/// `EPERM` when the caller does not own the file, `EBADF`, `EROFS`.
pub fn fchmod(fd: FdRef<'_>, mode: u32) -> Result<()> {
    fchmod_raw(fd, mode).map(drop)
}

/// Changes owner and group of an open file; `None` keeps.
///
/// `int fchown(int fd, uid_t uid, gid_t gid)`, fchown(2).
///
/// # Errors
/// `EPERM` without `CAP_CHOWN`, `EINVAL` for an id that the user namespace does not map.
pub fn fchown(fd: FdRef<'_>, uid: Option<u32>, gid: Option<u32>) -> Result<()> {
    fchown_raw(fd, uid.unwrap_or(u32::MAX), gid.unwrap_or(u32::MAX)).map(drop)
}

/// Sets the length of an open file.
///
/// `int ftruncate(int fd, off_t length)`, ftruncate(2).
///
/// # Errors
/// `EINVAL` for what is no plain file, `EPERM` for a sealed one, `EFBIG`.
pub fn ftruncate(fd: FdRef<'_>, len: u64) -> Result<()> {
    ftruncate_raw(fd, len).map(drop)
}

/// Writes a file's data to its device.
///
/// `int fsync(int fd)`, fsync(2).
///
/// # Errors
/// `EIO`, `ENOSPC`, `EINVAL` for what cannot be synchronised.
pub fn fsync(fd: FdRef<'_>) -> Result<()> {
    fsync_raw(fd).map(drop)
}

/// Locks an open file for this open description alone, without waiting.
///
/// `int flock(int fd, LOCK_EX | LOCK_NB)`, flock(2). Closing the last descriptor unlocks.
///
/// # Errors
/// `EAGAIN` when somebody else holds it.
pub fn try_lock(fd: FdRef<'_>) -> Result<()> {
    flock_raw(fd, 2 | 4).map(drop)
}

/// Duplicates a descriptor to the lowest free number that is at least `minimum`, closed on exec.
///
/// `fcntl(fd, F_DUPFD_CLOEXEC, minimum)`, fcntl(2).
///
/// # Errors
/// `EMFILE`, `EBADF`, `EINVAL` when `minimum` is beyond `RLIMIT_NOFILE`.
pub fn dup_cloexec(fd: FdRef<'_>, minimum: u32) -> Result<Fd> {
    fcntl(fd, 1030, u64::from(minimum)).map(owned)
}

/// Duplicates a descriptor; the new one is inherited over exec.
///
/// `int dup(int fd)`, dup(2).
///
/// # Errors
/// `EMFILE`, `EBADF`.
pub fn dup(fd: FdRef<'_>) -> Result<Fd> {
    dup_raw(fd).map(owned)
}

/// Duplicates a descriptor to a given number, closing what was there.
///
/// `int dup3(int oldfd, int newfd, int flags)`, dup3(2). The only flag is [`OpenFlags::CLOEXEC`].
///
/// # Errors
/// `EINVAL` when both are the same number, `EBADF`.
pub fn dup3(fd: FdRef<'_>, number: i32, flags: OpenFlags) -> Result<Fd> {
    dup3_raw(fd, number, flags).map(owned)
}

/// Whether a descriptor survives exec.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnExec {
    /// It is closed.
    Close,
    /// It stays open.
    Keep,
}

/// Says what exec does with a descriptor.
///
/// `fcntl(fd, F_GETFD)`, fcntl(2).
///
/// # Errors
/// `EBADF` when it is not open.
pub fn on_exec(fd: FdRef<'_>) -> Result<OnExec> {
    fcntl(fd, 1, 0).map(|flags| {
        if flags & 1 == 0 {
            OnExec::Keep
        } else {
            OnExec::Close
        }
    })
}

/// Sets what exec does with a descriptor.
///
/// `fcntl(fd, F_SETFD, flags)`, fcntl(2).
///
/// # Errors
/// `EBADF` when it is not open.
pub fn set_on_exec(fd: FdRef<'_>, on_exec: OnExec) -> Result<()> {
    let flag = match on_exec {
        OnExec::Close => 1,
        OnExec::Keep => 0,
    };
    fcntl(fd, 2, flag).map(drop)
}

/// The flags of an open file.
///
/// `fcntl(fd, F_GETFL)`, fcntl(2).
///
/// # Errors
/// `EBADF`.
pub fn status_flags(fd: FdRef<'_>) -> Result<OpenFlags> {
    fcntl(fd, 3, 0).map(|flags| OpenFlags::from_bits(flags as u32))
}

/// Sets the flags of an open file, such as [`OpenFlags::NONBLOCK`]; they are shared by all duplicates.
///
/// `fcntl(fd, F_SETFL, flags)`, fcntl(2).
///
/// # Errors
/// `EBADF`, `EPERM`.
pub fn set_status_flags(fd: FdRef<'_>, flags: OpenFlags) -> Result<()> {
    fcntl(fd, 4, u64::from(flags.bits())).map(drop)
}

flags! {
    /// What can no longer be done to a file in memory, linux/fcntl.h.
    pub struct Seals: u32 {
        /// Adding seals.
        SEAL = 1;
        /// Shrinking.
        SHRINK = 2;
        /// Growing.
        GROW = 4;
        /// Writing.
        WRITE = 8;
        /// Writing, except through mappings that exist; since 5.1.
        FUTURE_WRITE = 0x10;
        /// Changing the execute bits; since 6.3.
        EXEC = 0x20;
    }
}

/// The seals of a file.
///
/// `fcntl(fd, F_GET_SEALS)`, fcntl(2).
///
/// # Errors
/// `EINVAL` for a file that cannot carry seals.
pub fn seals(fd: FdRef<'_>) -> Result<Seals> {
    fcntl(fd, 1034, 0).map(|seals| Seals::from_bits(seals as u32))
}

/// Adds seals to a file in memory.
///
/// `fcntl(fd, F_ADD_SEALS, seals)`, fcntl(2).
///
/// # Warning
/// A seal cannot be removed.
///
/// # Errors
/// `EPERM` when [`Seals::SEAL`] is there or the descriptor is not writable, `EBUSY` while a writable mapping exists.
pub fn seal(fd: FdRef<'_>, seals: Seals) -> Result<()> {
    fcntl(fd, 1033, u64::from(seals.bits())).map(drop)
}

/// Makes a pipe: (reading end, writing end).
///
/// `int pipe2(int fds[2], int flags)`, pipe2(2).
///
/// # Errors
/// `EMFILE`, `ENFILE`.
pub fn pipe2(flags: OpenFlags) -> Result<(Fd, Fd)> {
    let mut fds = [-1i32; 2];
    // SAFETY: the kernel writes two ints to an array of two.
    unsafe { call!(PIPE2; fds.as_mut_ptr(), flags) }?;
    Ok((Fd::from_raw(fds[0]), Fd::from_raw(fds[1])))
}

/// Copies up to `count` bytes from one descriptor to another in the kernel, at both positions.
///
/// `ssize_t sendfile(int out, int in, off_t *offset, size_t count)`, sendfile(2).
///
/// # Errors
/// `EINVAL` when the source cannot be mapped (a pipe), `EAGAIN`, `EPIPE`.
pub fn sendfile(to: FdRef<'_>, from: FdRef<'_>, count: usize) -> Result<usize> {
    sendfile_raw(to, from, 0, count)
}

scalar_calls! {
    /// The offset, an address, is always null.
    fn sendfile_raw(to: FdRef<'_>, from: FdRef<'_>, offset: u32, count: usize) = SENDFILE;
}

/// Reads the value of an extended attribute of an open file.
///
/// `ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)`, getxattr(2).
///
/// # Errors
/// `ENODATA` when there is none, `ERANGE` when the buffer is too small, `EOPNOTSUPP`.
pub fn fgetxattr<'b>(fd: FdRef<'_>, name: &CStr, value: &'b mut [u8]) -> Result<&'b [u8]> {
    // SAFETY: `name` is a C string; the kernel writes at most `len` bytes to an exclusively borrowed buffer.
    let count = unsafe { call!(FGETXATTR; fd, name, value.as_mut_ptr(), value.len()) }?;
    value.get(..count).ok_or(Errno::EOVERFLOW)
}

/// Writes formatted text to a descriptor, for `write!`: each piece is written at once, errors end the formatting.
#[derive(Debug)]
pub struct Writer<'a>(pub FdRef<'a>);

impl core::fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        write_all(self.0, text.as_bytes()).map_err(|_| core::fmt::Error)
    }
}
