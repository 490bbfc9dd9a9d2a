//! Namespaces, and what they isolate by name.

use crate::errno::Result;
use crate::fd::FdRef;
use crate::process::CloneFlags;
use core::ffi::CStr;

scalar_calls! {
    fn unshare_raw(flags: u64) = UNSHARE;
    fn setns_raw(fd: FdRef<'_>, flags: u32) = SETNS;
    fn personality_raw(persona: u32) = PERSONALITY;
}

/// Moves the caller into new namespaces (for process numbers and time: its children to come).
///
/// `int unshare(int flags)`, unshare(2).
///
/// # Warning
/// For the calling thread. The old namespaces are lost unless a descriptor of them is kept.
///
/// # Errors
/// `EPERM` without the right, `ENOSPC` beyond the limit, `EINVAL` for a user namespace in a program with threads.
pub fn unshare(flags: CloneFlags) -> Result<()> {
    unshare_raw(flags.bits()).map(drop)
}

/// Moves the caller into a namespace, or with a process descriptor into several of that process (since 5.8).
///
/// `int setns(int fd, int nstype)`, setns(2). Empty flags accept whatever namespace a descriptor names.
///
/// # Warning
/// For the calling thread.
///
/// # Errors
/// `EPERM` without `CAP_SYS_ADMIN` in that user namespace, `EINVAL` when it is of another kind, `ESRCH`.
pub fn setns(fd: FdRef<'_>, kinds: CloneFlags) -> Result<()> {
    setns_raw(fd, kinds.bits() as u32).map(drop)
}

/// Sets the execution domain and returns the old one; 0xffffffff only asks.
///
/// `int personality(unsigned long persona)`, personality(2). For the calling thread, inherited.
///
/// # Errors
/// None but that of a filter.
pub fn personality(persona: u32) -> Result<u32> {
    personality_raw(persona).map(|old| old as u32)
}

/// Sets the host name of the namespace, at most 64 bytes.
///
/// `int sethostname(const char *name, size_t len)`, sethostname(2).
///
/// # Errors
/// `EPERM` without `CAP_SYS_ADMIN` over the namespace, `EINVAL` when it is too long.
pub fn sethostname(name: &[u8]) -> Result<()> {
    // SAFETY: the kernel reads `len` bytes of a borrowed slice.
    unsafe { call!(SETHOSTNAME; name.as_ptr(), name.len()) }.map(drop)
}

/// Sets the NIS domain name of the namespace, at most 64 bytes.
///
/// `int setdomainname(const char *name, size_t len)`, setdomainname(2).
///
/// # Errors
/// As [`sethostname`].
pub fn setdomainname(name: &[u8]) -> Result<()> {
    // SAFETY: the kernel reads `len` bytes of a borrowed slice.
    unsafe { call!(SETDOMAINNAME; name.as_ptr(), name.len()) }.map(drop)
}

/// `struct new_utsname`, linux/utsname.h.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Uname {
    sysname: [u8; 65],
    nodename: [u8; 65],
    release: [u8; 65],
    version: [u8; 65],
    machine: [u8; 65],
    domainname: [u8; 65],
}

fn field(bytes: &[u8; 65]) -> &CStr {
    CStr::from_bytes_until_nul(bytes).unwrap_or_default()
}

impl Uname {
    /// "Linux".
    pub fn sysname(&self) -> &CStr {
        field(&self.sysname)
    }
    /// The host name.
    pub fn nodename(&self) -> &CStr {
        field(&self.nodename)
    }
    /// The kernel's version, such as "6.18.44".
    pub fn release(&self) -> &CStr {
        field(&self.release)
    }
    /// The kernel's build.
    pub fn version(&self) -> &CStr {
        field(&self.version)
    }
    /// The machine, such as "`x86_64`".
    pub fn machine(&self) -> &CStr {
        field(&self.machine)
    }
    /// The NIS domain name.
    pub fn domainname(&self) -> &CStr {
        field(&self.domainname)
    }
}

/// Says the names of the kernel and host.
///
/// `int newuname(struct new_utsname *name)`, uname(2).
///
/// # Errors
/// None but that of a filter.
pub fn uname() -> Result<Uname> {
    let empty = [0; 65];
    let mut name = Uname {
        sysname: empty,
        nodename: empty,
        release: empty,
        version: empty,
        machine: empty,
        domainname: empty,
    };
    // SAFETY: the kernel writes a `struct new_utsname` of six times 65 bytes, exclusively borrowed.
    unsafe { call!(UNAME; &raw mut name) }?;
    Ok(name)
}
