//! User and group ids.

use crate::errno::{Errno, Result};

/// Real, effective and saved id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ids {
    /// Who started the process.
    pub real: u32,
    /// Whose rights it has.
    pub effective: u32,
    /// To whom it can return.
    pub saved: u32,
}

impl Ids {
    /// The same id three times.
    pub const fn all(id: u32) -> Self {
        Self {
            real: id,
            effective: id,
            saved: id,
        }
    }
}

scalar_calls! {
    fn getuid_raw() = GETUID;
    fn geteuid_raw() = GETEUID;
    fn getgid_raw() = GETGID;
    fn getegid_raw() = GETEGID;
    fn setresuid_raw(real: u32, effective: u32, saved: u32) = SETRESUID;
    fn setresgid_raw(real: u32, effective: u32, saved: u32) = SETRESGID;
}

macro_rules! get_id {
    ($($(#[$doc:meta])* $name:ident $raw:ident)*) => {
        $(
            $(#[$doc])*
            ///
            /// The call cannot fail; a filter that refuses it is answered with the id that means "none".
            pub fn $name() -> u32 {
                $raw().map_or(u32::MAX, |id| id as u32)
            }
        )*
    };
}

get_id! {
    /// The real user id. `uid_t getuid(void)`, getuid(2).
    getuid getuid_raw
    /// The effective user id. `uid_t geteuid(void)`, geteuid(2).
    geteuid geteuid_raw
    /// The real group id. `gid_t getgid(void)`, getgid(2).
    getgid getgid_raw
    /// The effective group id. `gid_t getegid(void)`, getegid(2).
    getegid getegid_raw
}

/// All three user ids.
///
/// `int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)`, getresuid(2).
///
/// # Errors
/// None but that of a filter.
pub fn getresuid() -> Result<Ids> {
    let mut ids = [0u32; 3];
    let [real, effective, saved] = &mut ids;
    // SAFETY: the kernel writes one id through each of three exclusive borrows.
    unsafe {
        call!(GETRESUID; core::ptr::from_mut(real), core::ptr::from_mut(effective), core::ptr::from_mut(saved))
    }?;
    Ok(Ids {
        real: ids[0],
        effective: ids[1],
        saved: ids[2],
    })
}

/// All three group ids.
///
/// `int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)`, getresgid(2).
///
/// # Errors
/// None but that of a filter.
pub fn getresgid() -> Result<Ids> {
    let mut ids = [0u32; 3];
    let [real, effective, saved] = &mut ids;
    // SAFETY: the kernel writes one id through each of three exclusive borrows.
    unsafe {
        call!(GETRESGID; core::ptr::from_mut(real), core::ptr::from_mut(effective), core::ptr::from_mut(saved))
    }?;
    Ok(Ids {
        real: ids[0],
        effective: ids[1],
        saved: ids[2],
    })
}

/// Sets all three user ids.
///
/// `int setresuid(uid_t ruid, uid_t euid, uid_t suid)`, setresuid(2). Without keepcaps, leaving id 0 clears capabilities.
///
/// # Warning
/// For the calling thread only. Cannot be undone without `CAP_SETUID`. Makes the process undumpable.
///
/// # Errors
/// `EPERM` without `CAP_SETUID`, `EINVAL` for an id that the user namespace does not map, `EAGAIN`.
pub fn setresuid(ids: Ids) -> Result<()> {
    setresuid_raw(ids.real, ids.effective, ids.saved).map(drop)
}

/// Sets all three group ids.
///
/// `int setresgid(gid_t rgid, gid_t egid, gid_t sgid)`, setresgid(2).
///
/// # Warning
/// For the calling thread only. Cannot be undone without `CAP_SETGID`.
///
/// # Errors
/// `EPERM` without `CAP_SETGID`, `EINVAL` for an id that the user namespace does not map.
pub fn setresgid(ids: Ids) -> Result<()> {
    setresgid_raw(ids.real, ids.effective, ids.saved).map(drop)
}

/// Sets the supplementary groups.
///
/// `int setgroups(size_t size, const gid_t *list)`, setgroups(2).
///
/// # Warning
/// For the calling thread only.
///
/// # Errors
/// `EPERM` without `CAP_SETGID` or where /proc/PID/setgroups says "deny", `EINVAL` for more than 65,536 groups or an unmapped one.
pub fn setgroups(groups: &[u32]) -> Result<()> {
    // SAFETY: the kernel reads `len` ids of a borrowed slice.
    unsafe { call!(SETGROUPS; groups.len(), groups.as_ptr()) }.map(drop)
}

/// Reads the supplementary groups into the buffer.
///
/// `int getgroups(int size, gid_t *list)`, getgroups(2).
///
/// # Errors
/// `EINVAL` when the buffer is too small; [`group_count`] says what is needed.
pub fn getgroups(buffer: &mut [u32]) -> Result<&[u32]> {
    // With size 0 the kernel would return the count and write nothing.
    if buffer.is_empty() {
        return if group_count()? == 0 {
            Ok(&[])
        } else {
            Err(Errno::EINVAL)
        };
    }
    // SAFETY: the kernel writes at most `len` ids to an exclusively borrowed buffer.
    let count = unsafe { call!(GETGROUPS; buffer.len(), buffer.as_mut_ptr()) }?;
    buffer.get(..count).ok_or(Errno::EOVERFLOW)
}

/// How many supplementary groups there are.
///
/// # Errors
/// None but that of a filter.
pub fn group_count() -> Result<usize> {
    // SAFETY: with size 0 the kernel writes nothing.
    unsafe { call!(GETGROUPS; 0usize, 0usize) }
}
