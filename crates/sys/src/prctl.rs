//! Attributes of a process and thread, prctl(2), linux/prctl.h.

use crate::errno::{Errno, Result};
use crate::signal::Signal;
use core::ffi::CStr;

/// Operations of which every argument is a number.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Op {
    SetPdeathsig = 1,
    GetDumpable = 3,
    SetDumpable = 4,
    GetKeepcaps = 7,
    SetKeepcaps = 8,
    GetSeccomp = 21,
    CapbsetRead = 23,
    CapbsetDrop = 24,
    GetSecurebits = 27,
    SetSecurebits = 28,
    SetChildSubreaper = 36,
    SetNoNewPrivs = 38,
    GetNoNewPrivs = 39,
    CapAmbient = 47,
    GetSpeculationCtrl = 52,
    SetSpeculationCtrl = 53,
    SetMdwe = 65,
    GetMdwe = 66,
}

fn prctl(op: Op, second: u64, third: u64) -> Result<usize> {
    // SAFETY: the operations of `Op` take no address and do not change memory, so any numbers are sound.
    unsafe { call!(PRCTL; op as u32, second, third, 0usize, 0usize) }
}

fn is_set(op: Op) -> Result<Switch> {
    prctl(op, 0, 0).map(|value| if value == 0 { Switch::Off } else { Switch::On })
}

/// A two-way setting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
    /// Not set.
    Off,
    /// Set.
    On,
}

/// Sends this process a signal when the thread that made it ends.
///
/// `prctl(PR_SET_PDEATHSIG, signal)`; since 2.1.57.
///
/// # Warning
/// Cleared for a child, by exec of a set-id program, and by a change of ids. The parent may be gone already: compare
/// [`getppid`](crate::process::getppid) after this call.
///
/// # Errors
/// None for valid signals.
pub fn set_parent_death_signal(signal: Option<Signal>) -> Result<()> {
    prctl(
        Op::SetPdeathsig,
        signal.map_or(0, |signal| signal.raw().into()),
        0,
    )
    .map(drop)
}

/// The signal that this process gets when its parent ends.
///
/// `prctl(PR_GET_PDEATHSIG, &signal)`; since 2.3.15.
///
/// # Errors
/// None but that of a filter.
pub fn parent_death_signal() -> Result<Option<Signal>> {
    let mut signal = 0u32;
    // SAFETY: PR_GET_PDEATHSIG (2) writes one int, exclusively borrowed.
    unsafe { call!(PRCTL; 2u32, &raw mut signal, 0usize, 0usize, 0usize) }?;
    Ok(Signal::from_raw(signal))
}

/// Who may trace the process and read its /proc files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dumpable {
    /// Root only; its /proc files belong to root.
    No,
    /// Whoever has its ids.
    Yes,
    /// As `No`, and dumps are readable by root; set by the kernel only (`fs.suid_dumpable`).
    Root,
}

/// Says who may trace the process.
///
/// `prctl(PR_GET_DUMPABLE)`.
///
/// # Errors
/// None but that of a filter.
pub fn dumpable() -> Result<Dumpable> {
    prctl(Op::GetDumpable, 0, 0).map(|value| match value {
        0 => Dumpable::No,
        1 => Dumpable::Yes,
        _ => Dumpable::Root,
    })
}

/// Sets who may trace the process.
///
/// `prctl(PR_SET_DUMPABLE, value)`. Reset to `Yes` by exec of an ordinary program.
///
/// # Errors
/// `EINVAL` for [`Dumpable::Root`].
pub fn set_dumpable(dumpable: Dumpable) -> Result<()> {
    let value = match dumpable {
        Dumpable::No => 0,
        Dumpable::Yes => 1,
        Dumpable::Root => 2,
    };
    prctl(Op::SetDumpable, value, 0).map(drop)
}

/// Gives up all privileges by exec, for good.
///
/// `prctl(PR_SET_NO_NEW_PRIVS, 1)`; since 3.5.
///
/// # Warning
/// Irreversible, for the calling thread, inherited by its children.
///
/// # Errors
/// `EINVAL` before 3.5.
pub fn seal_no_new_privs() -> Result<()> {
    prctl(Op::SetNoNewPrivs, 1, 0).map(drop)
}

/// Whether privileges by exec are given up.
///
/// `prctl(PR_GET_NO_NEW_PRIVS)`; since 3.5.
///
/// # Errors
/// `EINVAL` before 3.5.
pub fn no_new_privs() -> Result<Switch> {
    is_set(Op::GetNoNewPrivs)
}

/// Whether permitted capabilities survive when all ids leave 0; reset by exec.
///
/// `prctl(PR_SET_KEEPCAPS, value)`; since 2.2.18. For the calling thread.
///
/// # Errors
/// `EPERM` when the securebit is locked.
pub fn set_keep_caps(keep: Switch) -> Result<()> {
    prctl(Op::SetKeepcaps, u64::from(keep == Switch::On), 0).map(drop)
}

/// Says whether permitted capabilities survive when all ids leave 0.
///
/// # Errors
/// None but that of a filter.
pub fn keep_caps() -> Result<Switch> {
    is_set(Op::GetKeepcaps)
}

flags! {
    /// How ids and capabilities go together, linux/securebits.h.
    pub struct Securebits: u32 {
        /// Id 0 gives no capabilities by exec.
        NOROOT = 1;
        /// `NOROOT` cannot change any more.
        NOROOT_LOCKED = 2;
        /// A change of ids changes no capabilities.
        NO_SETUID_FIXUP = 4;
        /// `NO_SETUID_FIXUP` cannot change any more.
        NO_SETUID_FIXUP_LOCKED = 8;
        /// Permitted capabilities survive when all ids leave 0.
        KEEP_CAPS = 0x10;
        /// `KEEP_CAPS` cannot change any more.
        KEEP_CAPS_LOCKED = 0x20;
        /// Ambient capabilities cannot be raised; since 4.3.
        NO_CAP_AMBIENT_RAISE = 0x40;
        /// `NO_CAP_AMBIENT_RAISE` cannot change any more.
        NO_CAP_AMBIENT_RAISE_LOCKED = 0x80;
    }
}

/// The securebits of the calling thread.
///
/// `prctl(PR_GET_SECUREBITS)`; since 2.6.26.
///
/// # Errors
/// None but that of a filter.
pub fn securebits() -> Result<Securebits> {
    prctl(Op::GetSecurebits, 0, 0).map(|bits| Securebits::from_bits(bits as u32))
}

/// Sets the securebits.
///
/// `prctl(PR_SET_SECUREBITS, bits)`; since 2.6.26.
///
/// # Warning
/// For the calling thread. Locked bits are irreversible.
///
/// # Errors
/// `EPERM` without `CAP_SETPCAP`, or when a locked bit would change.
pub fn set_securebits(bits: Securebits) -> Result<()> {
    prctl(Op::SetSecurebits, u64::from(bits.bits()), 0).map(drop)
}

/// Whether a capability is in the bounding set.
///
/// `prctl(PR_CAPBSET_READ, cap)`; since 2.6.25.
///
/// # Errors
/// `EINVAL` for a capability that the kernel does not know.
pub fn bounding_contains(capability: u8) -> Result<Switch> {
    prctl(Op::CapbsetRead, capability.into(), 0)
        .map(|value| if value == 0 { Switch::Off } else { Switch::On })
}

/// Removes a capability from the bounding set.
///
/// `prctl(PR_CAPBSET_DROP, cap)`; since 2.6.25.
///
/// # Warning
/// Irreversible, for the calling thread, inherited.
///
/// # Errors
/// `EPERM` without `CAP_SETPCAP`, `EINVAL` for a capability that the kernel does not know.
pub fn drop_bounding(capability: u8) -> Result<()> {
    prctl(Op::CapbsetDrop, capability.into(), 0).map(drop)
}

/// Whether a capability is in the ambient set.
///
/// `prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap)`; since 4.3.
///
/// # Errors
/// `EINVAL` for a capability that the kernel does not know.
pub fn ambient_contains(capability: u8) -> Result<Switch> {
    prctl(Op::CapAmbient, 1, capability.into())
        .map(|value| if value == 0 { Switch::Off } else { Switch::On })
}

/// Adds a capability to the ambient set.
///
/// `prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap)`; since 4.3. For the calling thread.
///
/// # Errors
/// `EPERM` when it is not both permitted and inheritable, or the securebits refuse.
pub fn raise_ambient(capability: u8) -> Result<()> {
    prctl(Op::CapAmbient, 2, capability.into()).map(drop)
}

/// Empties the ambient set.
///
/// `prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)`; since 4.3. For the calling thread.
///
/// # Errors
/// `EINVAL` before 4.3.
pub fn clear_ambient() -> Result<()> {
    prctl(Op::CapAmbient, 4, 0).map(drop)
}

/// Names the calling thread; at most 15 bytes are kept.
///
/// `prctl(PR_SET_NAME, name)`; since 2.6.9.
///
/// # Errors
/// None but that of a filter.
pub fn set_name(name: &CStr) -> Result<()> {
    // SAFETY: PR_SET_NAME (15) reads a C string of which at most 16 bytes count; it lives through the call.
    unsafe { call!(PRCTL; 15u32, name, 0usize, 0usize, 0usize) }.map(drop)
}

/// Lets orphans among the descendants become children of this process.
///
/// `prctl(PR_SET_CHILD_SUBREAPER, value)`; since 3.4. Not inherited by children.
///
/// # Errors
/// None but that of a filter.
pub fn set_child_subreaper(subreaper: Switch) -> Result<()> {
    prctl(Op::SetChildSubreaper, u64::from(subreaper == Switch::On), 0).map(drop)
}

/// How the calling thread's system calls are filtered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SeccompMode {
    /// They are not.
    Disabled,
    /// By one or more filters.
    Filter,
}

/// Says whether system calls are filtered (a process in strict mode cannot ask).
///
/// `prctl(PR_GET_SECCOMP)`; since 2.6.23.
///
/// # Errors
/// `EINVAL` when the kernel has no seccomp; the error of the filter when it refuses this call.
pub fn seccomp_mode() -> Result<SeccompMode> {
    match prctl(Op::GetSeccomp, 0, 0)? {
        0 => Ok(SeccompMode::Disabled),
        2 => Ok(SeccompMode::Filter),
        _ => Err(Errno::EPROTO),
    }
}

/// Refuses memory that is writable and executable, or becomes executable later.
///
/// `prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN)`; since 6.3.
///
/// # Warning
/// Irreversible; inherited over fork and exec.
///
/// # Errors
/// `EINVAL` before 6.3.
pub fn seal_memory_write_execute() -> Result<()> {
    prctl(Op::SetMdwe, 1, 0).map(drop)
}

/// The flags of memory-deny-write-execute: 1 refuses, 2 is not inherited.
///
/// `prctl(PR_GET_MDWE)`; since 6.3.
///
/// # Errors
/// `EINVAL` before 6.3.
pub fn memory_write_execute() -> Result<u32> {
    prctl(Op::GetMdwe, 0, 0).map(|flags| flags as u32)
}

/// A feature of speculation, linux/prctl.h; since 4.17.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Speculation {
    /// Of stores that are passed over.
    StoreBypass = 0,
    /// Of indirect branches; since 4.20.
    IndirectBranch = 1,
    /// Of the data cache at a switch of tasks; since 5.16.
    L1dFlush = 2,
}

/// The state of a speculation feature: a mask of `PR_SPEC_*`.
///
/// `prctl(PR_GET_SPECULATION_CTRL, feature)`; since 4.17.
///
/// # Errors
/// `ENODEV` for a feature that the kernel does not know.
pub fn speculation(feature: Speculation) -> Result<u32> {
    prctl(Op::GetSpeculationCtrl, feature as u64, 0).map(|state| state as u32)
}

/// Turns a speculation feature off for good (`PR_SPEC_FORCE_DISABLE`).
///
/// `prctl(PR_SET_SPECULATION_CTRL, feature, PR_SPEC_FORCE_DISABLE)`; since 4.17.
///
/// # Warning
/// Irreversible, for the calling thread, inherited.
///
/// # Errors
/// `ENXIO` when the processor gives no choice, `EPERM` when it was forced otherwise.
pub fn seal_speculation(feature: Speculation) -> Result<()> {
    prctl(Op::SetSpeculationCtrl, feature as u64, 8).map(drop)
}
