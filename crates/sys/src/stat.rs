//! What a file is, and on which file system it lies.

use crate::errno::Result;
use crate::fd::FdRef;
use crate::file::{AtFlags, Device};
use core::ffi::CStr;

/// The type of a file, the upper bits of its mode, linux/stat.h.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u16)]
pub enum FileType {
    /// A named pipe.
    Fifo = 0o10000,
    /// A device of characters.
    Character = 0o20000,
    /// A directory.
    Directory = 0o40000,
    /// A device of blocks.
    Block = 0o60000,
    /// A plain file.
    Regular = 0o100_000,
    /// A symbolic link.
    Symlink = 0o120_000,
    /// A socket.
    Socket = 0o140_000,
}

impl FileType {
    /// The bits of the mode.
    pub const fn bits(self) -> u32 {
        self as u32
    }

    /// From a mode; none for a mode without a known type, as descriptors of anonymous inodes have.
    pub const fn from_mode(mode: u16) -> Option<Self> {
        Some(match mode & 0o170_000 {
            0o10000 => Self::Fifo,
            0o20000 => Self::Character,
            0o40000 => Self::Directory,
            0o60000 => Self::Block,
            0o100_000 => Self::Regular,
            0o120_000 => Self::Symlink,
            0o140_000 => Self::Socket,
            _ => return None,
        })
    }

    /// From `d_type` of a directory, which is the mode shifted by 12 bits.
    pub(crate) const fn from_dirent(kind: u8) -> Option<Self> {
        Self::from_mode((kind as u16 & 0xf) << 12)
    }
}

/// A moment, `struct statx_timestamp`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
#[repr(C)]
pub struct Moment {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds, below 1,000,000,000.
    pub nanoseconds: u32,
    reserved: i32,
}

/// `struct statx`, linux/stat.h, as of 6.1; the fields added since lie in the spare words.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct Statx {
    pub(crate) mask: u32,
    pub(crate) blksize: u32,
    pub(crate) attributes: u64,
    pub(crate) nlink: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) mode: u16,
    pub(crate) spare0: u16,
    pub(crate) ino: u64,
    pub(crate) size: u64,
    pub(crate) blocks: u64,
    pub(crate) attributes_mask: u64,
    pub(crate) atime: Moment,
    pub(crate) btime: Moment,
    pub(crate) ctime: Moment,
    pub(crate) mtime: Moment,
    pub(crate) rdev_major: u32,
    pub(crate) rdev_minor: u32,
    pub(crate) dev_major: u32,
    pub(crate) dev_minor: u32,
    pub(crate) mnt_id: u64,
    pub(crate) spare2: [u64; 13],
}

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stat {
    /// The type.
    pub kind: Option<FileType>,
    /// Permission bits with set-user-id, set-group-id and sticky.
    pub mode: u16,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// The number of names.
    pub links: u32,
    /// The inode's number.
    pub inode: u64,
    /// Bytes.
    pub size: u64,
    /// Blocks of 512 bytes in use.
    pub blocks: u64,
    /// The device that holds the file.
    pub device: Device,
    /// The device that the file is.
    pub special: Device,
    /// The last change of the content.
    pub modified: Moment,
    /// The last change of the inode.
    pub changed: Moment,
    /// The mount, as in /proc/self/mountinfo; since 5.8.
    pub mount_id: Option<u64>,
    /// Whether it is the root of a mount; since 5.8.
    pub mount_root: Option<bool>,
}

const STATX_BASIC_STATS: u32 = 0x7ff; // linux/stat.h, 4.11
const STATX_MNT_ID: u32 = 0x1000; // 5.8
const STATX_MNT_ID_UNIQUE: u32 = 0x4000; // 6.8
const STATX_ATTR_MOUNT_ROOT: u64 = 0x2000; // 5.8

fn statx(dir: FdRef<'_>, path: &CStr, flags: AtFlags, mask: u32) -> Result<Statx> {
    let mut out = Statx::default();
    // SAFETY: `path` is a C string and `out` a `struct statx` of 256 bytes (checked below), exclusively borrowed.
    unsafe { call!(STATX; dir, path, flags, mask, &raw mut out) }?;
    Ok(out)
}

const _: () = assert!(size_of::<Statx>() == 256);

/// Says what a file is.
///
/// `int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *buf)`, statx(2); since 4.11.
///
/// # Errors
/// `ENOENT`, `EACCES`, `ELOOP`, `ENOTDIR`.
pub fn fstatat(dir: FdRef<'_>, path: &CStr, flags: AtFlags) -> Result<Stat> {
    let raw = statx(dir, path, flags, STATX_BASIC_STATS | STATX_MNT_ID)?;
    let known = raw.attributes_mask & STATX_ATTR_MOUNT_ROOT != 0;
    Ok(Stat {
        kind: FileType::from_mode(raw.mode),
        mode: raw.mode & 0o7777,
        uid: raw.uid,
        gid: raw.gid,
        links: raw.nlink,
        inode: raw.ino,
        size: raw.size,
        blocks: raw.blocks,
        device: Device {
            major: raw.dev_major,
            minor: raw.dev_minor,
        },
        special: Device {
            major: raw.rdev_major,
            minor: raw.rdev_minor,
        },
        modified: raw.mtime,
        changed: raw.ctime,
        mount_id: (raw.mask & STATX_MNT_ID != 0).then_some(raw.mnt_id),
        mount_root: known.then_some(raw.attributes & STATX_ATTR_MOUNT_ROOT != 0),
    })
}

/// Says what an open file is.
///
/// # Errors
/// `EBADF`.
pub fn fstat(fd: FdRef<'_>) -> Result<Stat> {
    fstatat(fd, c"", AtFlags::EMPTY_PATH)
}

/// The number of the mount that is never used again.
///
/// # Errors
/// `ENOSYS` when the kernel is older than 6.8; else as [`fstatat`].
pub fn unique_mount_id(dir: FdRef<'_>, path: &CStr, flags: AtFlags) -> Result<u64> {
    let raw = statx(dir, path, flags, STATX_MNT_ID_UNIQUE)?;
    if raw.mask & STATX_MNT_ID_UNIQUE == 0 {
        Err(crate::Errno::ENOSYS)
    } else {
        Ok(raw.mnt_id)
    }
}

flags! {
    /// Flags of a mounted file system, linux/statfs.h.
    pub struct StatfsFlags: u64 {
        /// Read-only.
        RDONLY = 1;
        /// No set-user-id programs.
        NOSUID = 2;
        /// No devices.
        NODEV = 4;
        /// No programs.
        NOEXEC = 8;
        /// Written at once.
        SYNCHRONOUS = 0x10;
        /// The flags are valid.
        VALID = 0x20;
        /// Access times are not kept.
        NOATIME = 0x400;
        /// Nor those of directories.
        NODIRATIME = 0x800;
        /// Access times are kept relative to changes.
        RELATIME = 0x1000;
        /// Symbolic links are not followed; since 5.10.
        NOSYMFOLLOW = 0x2000;
    }
}

/// `struct statfs`, asm-generic/statfs.h; the same on x86_64 and aarch64.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct RawStatfs {
    pub(crate) kind: i64,
    pub(crate) bsize: i64,
    pub(crate) blocks: i64,
    pub(crate) bfree: i64,
    pub(crate) bavail: i64,
    pub(crate) files: i64,
    pub(crate) ffree: i64,
    pub(crate) fsid: [i32; 2],
    pub(crate) namelen: i64,
    pub(crate) frsize: i64,
    pub(crate) flags: i64,
    pub(crate) spare: [i64; 4],
}

/// A mounted file system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statfs {
    /// The magic number of the type, linux/magic.h.
    pub magic: u64,
    /// How it is mounted.
    pub flags: StatfsFlags,
    /// Bytes in a block.
    pub block_size: u64,
    /// Blocks in all.
    pub blocks: u64,
    /// Blocks that the caller could use.
    pub available: u64,
    /// Inodes in all.
    pub inodes: u64,
    /// Inodes that are free.
    pub inodes_free: u64,
}

/// Magic numbers of file systems, linux/magic.h.
pub mod magic {
    /// /proc.
    pub const PROC: u64 = 0x9fa0;
    /// /sys.
    pub const SYSFS: u64 = 0x6265_6572;
    /// tmpfs.
    pub const TMPFS: u64 = 0x0102_1994;
    /// cgroup v1.
    pub const CGROUP: u64 = 0x0027_e0eb;
    /// cgroup v2.
    pub const CGROUP2: u64 = 0x6367_7270;
    /// devpts.
    pub const DEVPTS: u64 = 0x1cd1;
    /// overlayfs.
    pub const OVERLAY: u64 = 0x794c_7630;
    /// Namespaces.
    pub const NSFS: u64 = 0x6e73_6673;
    /// Process descriptors; since 6.9.
    pub const PIDFS: u64 = 0x5049_4446;
}

impl From<RawStatfs> for Statfs {
    fn from(raw: RawStatfs) -> Self {
        Self {
            magic: raw.kind.cast_unsigned(),
            flags: StatfsFlags::from_bits(raw.flags.cast_unsigned()),
            block_size: raw.bsize.cast_unsigned(),
            blocks: raw.blocks.cast_unsigned(),
            available: raw.bavail.cast_unsigned(),
            inodes: raw.files.cast_unsigned(),
            inodes_free: raw.ffree.cast_unsigned(),
        }
    }
}

/// Says on which file system an open file lies and how it is mounted.
///
/// `int fstatfs(int fd, struct statfs *buf)`, statfs(2).
///
/// # Errors
/// `EBADF`, `EIO`.
pub fn fstatfs(fd: FdRef<'_>) -> Result<Statfs> {
    let mut out = RawStatfs::default();
    // SAFETY: `out` is a `struct statfs` of the kernel, exclusively borrowed.
    unsafe { call!(FSTATFS; fd, &raw mut out) }?;
    Ok(out.into())
}

/// Says on which file system a path lies and how it is mounted.
///
/// `int statfs(const char *path, struct statfs *buf)`, statfs(2).
///
/// # Errors
/// `ENOENT`, `EACCES`, `ENOTDIR`.
pub fn statfs(path: &CStr) -> Result<Statfs> {
    let mut out = RawStatfs::default();
    // SAFETY: `path` is a C string and `out` a `struct statfs` of the kernel, exclusively borrowed.
    unsafe { call!(STATFS; path, &raw mut out) }?;
    Ok(out.into())
}
