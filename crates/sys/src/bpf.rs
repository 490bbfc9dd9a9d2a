//! Programs that decide about devices of a cgroup, bpf(2).
//!
//! Only what the control of devices in version 2 groups needs: loading, attaching, and asking what is attached.

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef, owned};

/// `BPF_PROG_TYPE_CGROUP_DEVICE`, linux/bpf.h; since 4.15.
pub(crate) const CGROUP_DEVICE_PROGRAM: u32 = 15;
/// `BPF_CGROUP_DEVICE`, a kind of attachment.
pub(crate) const CGROUP_DEVICE: u32 = 6;
/// `BPF_F_ALLOW_MULTI`: programs of groups above and below are asked, too; all must permit.
pub(crate) const ALLOW_MULTI: u32 = 2;
/// `BPF_F_REPLACE`: in the place of another; since 5.6.
pub(crate) const REPLACE: u32 = 4;

pub(crate) const PROG_LOAD: u32 = 5;
pub(crate) const PROG_ATTACH: u32 = 8;
pub(crate) const PROG_DETACH: u32 = 9;
pub(crate) const PROG_GET_FD_BY_ID: u32 = 13;
pub(crate) const PROG_QUERY: u32 = 16;

/// The beginning of `union bpf_attr` for `BPF_PROG_LOAD`, up to the name.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Load {
    pub(crate) prog_type: u32,
    pub(crate) insn_cnt: u32,
    pub(crate) insns: u64,
    pub(crate) license: u64,
    pub(crate) log_level: u32,
    pub(crate) log_size: u32,
    pub(crate) log_buf: u64,
    pub(crate) kern_version: u32,
    pub(crate) prog_flags: u32,
    pub(crate) prog_name: [u8; 16],
}

/// The same for `BPF_PROG_ATTACH` and `BPF_PROG_DETACH`.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Attachment {
    pub(crate) target_fd: u32,
    pub(crate) attach_bpf_fd: u32,
    pub(crate) attach_type: u32,
    pub(crate) attach_flags: u32,
    pub(crate) replace_bpf_fd: u32,
}

/// The same for `BPF_PROG_QUERY`, with all that newer kernels have: since 6.17 they write `revision` whatever the size.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Asked {
    pub(crate) target_fd: u32,
    pub(crate) attach_type: u32,
    pub(crate) query_flags: u32,
    pub(crate) attach_flags: u32,
    pub(crate) prog_ids: u64,
    pub(crate) prog_cnt: u32,
    padding: u32,
    pub(crate) prog_attach_flags: u64,
    link_ids: u64,
    link_attach_flags: u64,
    revision: u64,
}

/// Loads a program that decides about devices, under a name, closed on exec.
///
/// `int bpf(BPF_PROG_LOAD, union bpf_attr *attr, unsigned int size)`, bpf(2), `BPF_PROG_TYPE_CGROUP_DEVICE`; since 4.15. An
/// instruction is eight bytes in the machine's order, at any alignment.
///
/// # Errors
/// `EACCES` and `EINVAL` for a program that the verifier refuses, `EPERM` without `CAP_SYS_ADMIN` (since 5.8: `CAP_BPF` and
/// `CAP_NET_ADMIN`) or, before 5.11, beyond `RLIMIT_MEMLOCK`; `E2BIG` for one that is too long; `EAGAIN` when a signal has
/// interrupted the verifier.
pub fn load_device_program(instructions: &[u8], name: &[u8; 16]) -> Result<Fd> {
    let count = u32::try_from(instructions.len() / 8).map_err(|_| Errno::E2BIG)?;
    if !instructions.len().is_multiple_of(8) {
        return Err(Errno::EINVAL);
    }
    let license = c"";
    let attr = Load {
        prog_type: CGROUP_DEVICE_PROGRAM,
        insn_cnt: count,
        insns: instructions.as_ptr().expose_provenance() as u64,
        license: license.as_ptr().expose_provenance() as u64,
        prog_name: *name,
        ..Load::default()
    };
    // SAFETY: the kernel reads `size` bytes of `attr`, `count` instructions of 8 bytes and the text of the licence, which
    // all live through the call; without a log it writes nothing.
    unsafe { call!(BPF; PROG_LOAD, &raw const attr, size_of::<Load>()) }.map(owned)
}

/// Attaches a program to a group, in the place of another or beside those that are there.
///
/// `int bpf(BPF_PROG_ATTACH, union bpf_attr *attr, unsigned int size)`, bpf(2). It stays when the descriptor is closed.
///
/// # Errors
/// `EPERM` also when a group above has a program that permits none below; `EBADF` for no version 2 group; `EINVAL` before
/// 5.6 with a program to replace; `ENOENT` when that one is not attached; `E2BIG` beyond 64 programs.
pub fn attach_device_program(
    group: FdRef<'_>,
    program: FdRef<'_>,
    replaced: Option<FdRef<'_>>,
) -> Result<()> {
    let mut attr = Attachment {
        target_fd: group.raw().cast_unsigned(),
        attach_bpf_fd: program.raw().cast_unsigned(),
        attach_type: CGROUP_DEVICE,
        attach_flags: ALLOW_MULTI,
        replace_bpf_fd: 0,
    };
    // Before 5.6 the kernel has no last field, and accepts it as 0.
    if let Some(replaced) = replaced {
        attr.attach_flags |= REPLACE;
        attr.replace_bpf_fd = replaced.raw().cast_unsigned();
    }
    // SAFETY: the kernel reads `size` bytes of `attr`, which lives through the call.
    unsafe { call!(BPF; PROG_ATTACH, &raw const attr, size_of::<Attachment>()) }.map(drop)
}

/// Takes a program away from a group.
///
/// `int bpf(BPF_PROG_DETACH, union bpf_attr *attr, unsigned int size)`, bpf(2).
///
/// # Errors
/// `ENOENT` when it is not attached, `EPERM`, `EBADF`.
pub fn detach_device_program(group: FdRef<'_>, program: FdRef<'_>) -> Result<()> {
    let attr = Attachment {
        target_fd: group.raw().cast_unsigned(),
        attach_bpf_fd: program.raw().cast_unsigned(),
        attach_type: CGROUP_DEVICE,
        ..Attachment::default()
    };
    // SAFETY: the kernel reads `size` bytes of `attr`, which lives through the call.
    unsafe { call!(BPF; PROG_DETACH, &raw const attr, size_of::<Attachment>()) }.map(drop)
}

/// Asks for the ids of the programs that are attached to a group itself.
///
/// `int bpf(BPF_PROG_QUERY, union bpf_attr *attr, unsigned int size)`, bpf(2); since 4.15.
///
/// # Errors
/// `ENOSPC` when there are more than `ids` holds (a group has 64 at most), `EPERM`, `EBADF`.
pub fn device_programs<'b>(group: FdRef<'_>, ids: &'b mut [u32]) -> Result<&'b [u32]> {
    let mut attr = Asked {
        target_fd: group.raw().cast_unsigned(),
        attach_type: CGROUP_DEVICE,
        prog_ids: ids.as_mut_ptr().expose_provenance() as u64,
        prog_cnt: u32::try_from(ids.len()).map_err(|_| Errno::EINVAL)?,
        ..Asked::default()
    };
    // SAFETY: the kernel reads and writes `attr`, and writes at most `prog_cnt` ids; both are exclusively borrowed.
    unsafe { call!(BPF; PROG_QUERY, &raw mut attr, size_of::<Asked>()) }?;
    ids.get(..attr.prog_cnt as usize).ok_or(Errno::ENOSPC)
}

/// Opens a program by its id, closed on exec.
///
/// `int bpf(BPF_PROG_GET_FD_BY_ID, union bpf_attr *attr, unsigned int size)`, bpf(2); since 4.13.
///
/// # Errors
/// `ENOENT` when it is gone, `EPERM`, `EACCES` by a security module.
pub fn program(id: u32) -> Result<Fd> {
    // SAFETY: the kernel reads four bytes, which live through the call.
    unsafe { call!(BPF; PROG_GET_FD_BY_ID, &raw const id, size_of::<u32>()) }.map(owned)
}
