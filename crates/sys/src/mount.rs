//! Mounts: detached trees, their attributes, and where they are attached.

use crate::errno::Result;
use crate::fd::{Fd, FdRef, owned};
use crate::file::AtFlags;
use core::ffi::CStr;

scalar_calls! {
    fn fsmount_raw(fd: FdRef<'_>, flags: u32, attributes: u64) = FSMOUNT;
}

const CLOEXEC: u32 = 1; // FSOPEN_CLOEXEC, FSPICK_CLOEXEC, FSMOUNT_CLOEXEC; linux/mount.h, 5.2

/// Opens a new file system of a type for configuration; closed on exec.
///
/// `int fsopen(const char *fsname, unsigned int flags)`, fsopen(2); since 5.2. What the kernel has to say about an error
/// is read from the descriptor, one message a read, such as "e tmpfs: Bad value for 'size'".
///
/// # Errors
/// `ENODEV` for a type that the kernel does not know, `EPERM` without `CAP_SYS_ADMIN` over the mount namespace, `ENOSYS`.
pub fn fsopen(kind: &CStr) -> Result<Fd> {
    // SAFETY: `kind` is a C string that lives through the call.
    unsafe { call!(FSOPEN; kind, CLOEXEC) }.map(owned)
}

flags! {
    /// Flags of [`fspick`], linux/mount.h.
    pub struct FspickFlags: u32 {
        /// Not through a symbolic link in the last component.
        SYMLINK_NOFOLLOW = 2;
        /// Do not mount automatically.
        NO_AUTOMOUNT = 4;
        /// The directory descriptor itself, with an empty path.
        EMPTY_PATH = 8;
    }
}

/// Opens an existing file system for reconfiguration; closed on exec.
///
/// `int fspick(int dirfd, const char *path, unsigned int flags)`, fspick(2); since 5.2.
///
/// # Errors
/// `EPERM`, `EINVAL` when the path is not the root of a mount, `ENOENT`.
pub fn fspick(dir: FdRef<'_>, path: &CStr, flags: FspickFlags) -> Result<Fd> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(FSPICK; dir, path, flags.bits() | CLOEXEC) }.map(owned)
}

/// One step of a configuration, `enum fsconfig_command`, linux/mount.h; since 5.2.
#[derive(Clone, Copy, Debug)]
pub enum Config<'a> {
    /// A parameter without a value.
    Flag(&'a CStr),
    /// A parameter and its value.
    String(&'a CStr, &'a CStr),
    /// A parameter whose value is an open file.
    File(&'a CStr, FdRef<'a>),
    /// Make the file system.
    Create,
    /// Make it, and fail when it exists already; since 6.6.
    CreateExclusive,
    /// Apply the parameters to the existing one.
    Reconfigure,
}

/// Makes one step of a configuration.
///
/// `int fsconfig(int fd, unsigned int cmd, const char *key, const void *value, int aux)`, fsconfig(2); since 5.2.
///
/// # Errors
/// `EINVAL` for an unknown parameter or bad value (the descriptor tells more, see [`fsopen`]), `EPERM`, `EBUSY` for a step at the wrong time.
pub fn fsconfig(fd: FdRef<'_>, step: Config<'_>) -> Result<()> {
    let none = core::ptr::null();
    let (command, key, value, extra) = match step {
        Config::Flag(key) => (0u32, key.as_ptr(), none, 0),
        Config::String(key, value) => (1, key.as_ptr(), value.as_ptr(), 0),
        Config::File(key, file) => (5, key.as_ptr(), none, file.raw()),
        Config::Create => (6, none, none, 0),
        Config::Reconfigure => (7, none, none, 0),
        Config::CreateExclusive => (8, none, none, 0),
    };
    // SAFETY: key and value are C strings that live through the call, or null where the command has none.
    unsafe { call!(FSCONFIG; fd, command, key, value, extra) }.map(drop)
}

flags! {
    /// Attributes of a mount, linux/mount.h; since 5.2 for [`fsmount`], 5.12 for [`mount_setattr`].
    pub struct MountAttr: u64 {
        /// Read-only.
        RDONLY = 1;
        /// No set-user-id programs, no file capabilities.
        NOSUID = 2;
        /// No devices.
        NODEV = 4;
        /// No programs.
        NOEXEC = 8;
        /// Access times are not kept.
        NOATIME = 0x10;
        /// Access times are kept at every access.
        STRICTATIME = 0x20;
        /// The mask of the two above; to clear when one of them, or relative access times, is to be set.
        ATIME_MASK = 0x70;
        /// Access times of directories are not kept.
        NODIRATIME = 0x80;
        /// Ids are mapped by a user namespace; since 5.12.
        IDMAP = 0x10_0000;
        /// Symbolic links are not followed; since 5.14.
        NOSYMFOLLOW = 0x20_0000;
    }
}

/// Makes a detached mount of a configured file system; closed on exec, and unmounted on the last close unless it is moved.
///
/// `int fsmount(int fsfd, unsigned int flags, unsigned int attr_flags)`, fsmount(2); since 5.2.
///
/// # Errors
/// `EPERM`, `EBUSY` before `Create`, `EINVAL`.
pub fn fsmount(fd: FdRef<'_>, attributes: MountAttr) -> Result<Fd> {
    fsmount_raw(fd, CLOEXEC, attributes.bits()).map(owned)
}

/// What [`open_tree`] opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tree {
    /// The place itself, as `O_PATH` does.
    Same,
    /// A detached copy of the mount there.
    Clone,
    /// A detached copy of the mount there and all mounts below.
    CloneRecursive,
}

/// Opens a place in the tree of mounts, or a detached copy of it; closed on exec.
///
/// `int open_tree(int dirfd, const char *path, unsigned int flags)`, open_tree(2); since 5.2. Of `flags`, `EMPTY_PATH`,
/// `SYMLINK_NOFOLLOW` and `NO_AUTOMOUNT` count.
///
/// # Errors
/// `EPERM` for a copy without `CAP_SYS_ADMIN` over the mount namespace; `EINVAL` for a copy of an unbindable mount, of one
/// of another namespace, or without `CloneRecursive` where mounts below are locked; `ENOENT`.
pub fn open_tree(dir: FdRef<'_>, path: &CStr, tree: Tree, flags: AtFlags) -> Result<Fd> {
    const OPEN_TREE_CLONE: u32 = 1;
    const OPEN_TREE_CLOEXEC: u32 = 0o2_000_000;
    let tree = match tree {
        Tree::Same => 0,
        Tree::Clone => OPEN_TREE_CLONE,
        Tree::CloneRecursive => OPEN_TREE_CLONE | AtFlags::RECURSIVE.bits(),
    };
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(OPEN_TREE; dir, path, flags.bits() | tree | OPEN_TREE_CLOEXEC) }.map(owned)
}

flags! {
    /// Flags of [`move_mount`], linux/mount.h; since 5.2.
    pub struct MoveMount: u32 {
        /// The source: through symbolic links.
        F_SYMLINKS = 1;
        /// The source: mount automatically.
        F_AUTOMOUNTS = 2;
        /// The source is the descriptor itself, with an empty path.
        F_EMPTY_PATH = 4;
        /// The target: through symbolic links.
        T_SYMLINKS = 0x10;
        /// The target: mount automatically.
        T_AUTOMOUNTS = 0x20;
        /// The target is the descriptor itself, with an empty path.
        T_EMPTY_PATH = 0x40;
        /// Set the propagation group instead of moving; since 5.15.
        SET_GROUP = 0x100;
        /// Beneath the topmost mount of the target; since 6.5.
        BENEATH = 0x200;
    }
}

/// Attaches a detached mount, or moves an attached one.
///
/// `int move_mount(int from_dirfd, const char *from, int to_dirfd, const char *to, unsigned int flags)`, move_mount(2);
/// since 5.2.
///
/// # Errors
/// `EPERM`, `EINVAL` when source or target are of another namespace or shared, `ELOOP`, `ENOTDIR` for a directory on a file.
pub fn move_mount(
    from: (FdRef<'_>, &CStr),
    to: (FdRef<'_>, &CStr),
    flags: MoveMount,
) -> Result<()> {
    // SAFETY: both paths are C strings that live through the call.
    unsafe { call!(MOVE_MOUNT; from.0, from.1, to.0, to.1, flags) }.map(drop)
}

/// How mounts below other copies of a mount appear here, linux/mount.h.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub enum Propagation {
    /// Not at all, and it cannot be copied.
    Unbindable = 1 << 17,
    /// Not at all.
    Private = 1 << 18,
    /// From the others to here.
    Slave = 1 << 19,
    /// In both directions.
    Shared = 1 << 20,
}

impl Propagation {
    /// From the kernel's number, `MS_UNBINDABLE` to `MS_SHARED`.
    pub const fn from_bits(bits: u64) -> Option<Self> {
        Some(match bits {
            0x2_0000 => Self::Unbindable,
            0x4_0000 => Self::Private,
            0x8_0000 => Self::Slave,
            0x10_0000 => Self::Shared,
            _ => return None,
        })
    }
}

/// What [`mount_setattr`] changes.
#[derive(Clone, Copy, Debug)]
pub struct SetAttr<'a> {
    /// Attributes to set.
    pub set: MountAttr,
    /// Attributes to clear, before the others are set.
    pub clear: MountAttr,
    /// The propagation, if it changes.
    pub propagation: Option<Propagation>,
    /// The user namespace that maps the ids; needs [`MountAttr::IDMAP`] in `set` and a detached mount.
    pub userns: Option<FdRef<'a>>,
}

impl SetAttr<'_> {
    /// Sets attributes and changes nothing else.
    pub const fn set(set: MountAttr) -> Self {
        Self {
            set,
            clear: MountAttr::empty(),
            propagation: None,
            userns: None,
        }
    }
}

/// `struct mount_attr`, linux/mount.h, `MOUNT_ATTR_SIZE_VER0`.
#[repr(C)]
pub(crate) struct RawAttr {
    pub(crate) attr_set: u64,
    pub(crate) attr_clr: u64,
    pub(crate) propagation: u64,
    pub(crate) userns_fd: u64,
}

/// Changes the attributes of a mount, and with [`AtFlags::RECURSIVE`] of all below: of all or, on an error, of none.
///
/// `int mount_setattr(int dirfd, const char *path, unsigned int flags, struct mount_attr *attr, size_t size)`,
/// mount_setattr(2); since 5.12.
///
/// # Errors
/// `EPERM` when a locked attribute would be cleared, or ids be mapped twice or by the first user namespace; `EBUSY` when a
/// file is open for writing and it is to be read-only; `EINVAL`; `ENOSYS` before 5.12.
pub fn mount_setattr(
    dir: FdRef<'_>,
    path: &CStr,
    flags: AtFlags,
    change: SetAttr<'_>,
) -> Result<()> {
    let attr = RawAttr {
        attr_set: change.set.bits(),
        attr_clr: change.clear.bits(),
        propagation: change
            .propagation
            .map_or(0, |propagation| propagation as u64),
        userns_fd: change
            .userns
            .map_or(0, |fd| fd.raw().cast_unsigned().into()),
    };
    // SAFETY: `path` is a C string and `attr` a `struct mount_attr` of the size given; both live through the call.
    unsafe { call!(MOUNT_SETATTR; dir, path, flags, &raw const attr, size_of::<RawAttr>()) }
        .map(drop)
}

/// Makes `new` the root of the mount namespace and puts the old one at `old`; `.` twice stacks the old one on the new.
///
/// `int pivot_root(const char *new_root, const char *put_old)`, pivot_root(2).
///
/// # Warning
/// For every process of the mount namespace whose root is the old one. The way back is the mount at `old`: detach it.
///
/// # Errors
/// `EINVAL` when `new` is not a mount point, either is on a shared mount, or `old` is not below `new`; `EBUSY`; `EPERM`.
pub fn pivot_root(new: &CStr, old: &CStr) -> Result<()> {
    // SAFETY: both are C strings that live through the call.
    unsafe { call!(PIVOT_ROOT; new, old) }.map(drop)
}

/// Makes a directory the root of this process alone; its working directory stays.
///
/// `int chroot(const char *path)`, chroot(2).
///
/// # Warning
/// A process with `CAP_SYS_CHROOT` gets out again: what lies outside is still mounted. [`pivot_root`] is the safe way.
///
/// # Errors
/// `EPERM`, `ENOENT`, `ENOTDIR`.
pub fn chroot(path: &CStr) -> Result<()> {
    // SAFETY: `path` is a C string that lives through the call.
    unsafe { call!(CHROOT; path) }.map(drop)
}

flags! {
    /// Flags of [`umount2`], linux/fs.h.
    pub struct UmountFlags: u32 {
        /// Even if busy (network file systems).
        FORCE = 1;
        /// Out of sight at once, for good when no longer used.
        DETACH = 2;
        /// Mark as unused, or unmount if marked.
        EXPIRE = 4;
        /// Not through a symbolic link in the last component.
        NOFOLLOW = 8;
    }
}

/// Unmounts.
///
/// `int umount2(const char *target, int flags)`, umount(2).
///
/// # Errors
/// `EBUSY`, `EINVAL` when it is no mount point or locked, `EPERM`.
pub fn umount2(target: &CStr, flags: UmountFlags) -> Result<()> {
    // SAFETY: `target` is a C string that lives through the call.
    unsafe { call!(UMOUNT2; target, flags) }.map(drop)
}

flags! {
    /// Flags of [`mount`], linux/mount.h.
    pub struct MsFlags: u64 {
        /// Read-only.
        RDONLY = 1;
        /// No set-user-id programs.
        NOSUID = 2;
        /// No devices.
        NODEV = 4;
        /// No programs.
        NOEXEC = 8;
        /// Write at once.
        SYNCHRONOUS = 16;
        /// Change flags of a mount.
        REMOUNT = 32;
        /// Write directories at once.
        DIRSYNC = 128;
        /// Do not follow symbolic links; since 5.10.
        NOSYMFOLLOW = 256;
        /// Access times are not kept.
        NOATIME = 1024;
        /// Access times of directories are not kept.
        NODIRATIME = 2048;
        /// Copy a mount to another place.
        BIND = 4096;
        /// Move a mount.
        MOVE = 8192;
        /// With all mounts below.
        REC = 16384;
        /// Unbindable propagation.
        UNBINDABLE = 1 << 17;
        /// Private propagation.
        PRIVATE = 1 << 18;
        /// Slave propagation.
        SLAVE = 1 << 19;
        /// Shared propagation.
        SHARED = 1 << 20;
        /// Access times are kept relative to changes.
        RELATIME = 1 << 21;
        /// Access times are kept at every access.
        STRICTATIME = 1 << 24;
    }
}

/// What [`mount`] is told; a missing string is a null pointer.
#[derive(Clone, Copy, Debug)]
pub struct Mount<'a> {
    /// The device or source.
    pub source: Option<&'a CStr>,
    /// Where.
    pub target: &'a CStr,
    /// The type of file system.
    pub kind: Option<&'a CStr>,
    /// How.
    pub flags: MsFlags,
    /// Parameters of the file system, separated by commas.
    pub data: Option<&'a CStr>,
}

/// Mounts by the old call, for kernels and file systems that lack the new ones.
///
/// `int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)`, mount(2).
///
/// # Errors
/// `EPERM`, `EINVAL`, `ENODEV`, `EBUSY`, `ENOENT`.
pub fn mount(mount: &Mount<'_>) -> Result<()> {
    let pointer = |string: Option<&CStr>| string.map_or(core::ptr::null(), CStr::as_ptr);
    let (source, kind, data) = (
        pointer(mount.source),
        pointer(mount.kind),
        pointer(mount.data),
    );
    // SAFETY: all are C strings that live through the call, or null. The kernel copies up to a page of `data`, stops at
    // what it cannot read, and takes it as a string for every file system but NFS and old SMB.
    unsafe { call!(MOUNT; source, mount.target, kind, mount.flags, data) }.map(drop)
}
