//! As whom the program runs, and what it may do.

use crate::fault::{Fault, Reading};
use crate::outside::Slots;
use crate::step::{Borrowed, Step};
use casemate_sys::caps::{CapSets, capget, capset};
use casemate_sys::{Errno, ids, prctl, process};

/// Most supplementary groups; the kernel takes more, and no configuration has them.
const GROUPS: usize = 1024;

/// Becomes root of the user namespace.
pub(crate) fn become_root(clear_groups: bool) -> Result<(), Fault> {
    if clear_groups {
        ids::setgroups(&[])?;
    }
    ids::setresgid(ids::Ids::all(0))?;
    ids::setresuid(ids::Ids::all(0))?;
    Ok(())
}

/// Takes the user's ids. Capabilities stay, so that what comes after can be done; the kernel would drop them.
pub(crate) fn take(step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::TakeIdentity {
        uid,
        gid,
        set_groups,
        groups,
        umask,
    } = step
    else {
        return Err(Fault::Plan);
    };
    let held = capget(0)?;
    prctl::set_keep_caps(prctl::Switch::On)?;
    if *set_groups == 1 {
        let mut list = [0; GROUPS];
        let mut count = 0;
        for bytes in groups.as_chunks::<4>().0 {
            let place = list.get_mut(count).ok_or(Fault::Plan)?;
            *place = u32::from_le_bytes(*bytes);
            count += 1;
        }
        ids::setgroups(list.get(..count).ok_or(Fault::Plan)?)?;
    }
    ids::setresgid(ids::Ids::all(*gid))?;
    ids::setresuid(ids::Ids::all(*uid))?;
    prctl::set_keep_caps(prctl::Switch::Off)?;
    capset(CapSets {
        effective: held.permitted,
        permitted: held.permitted,
        inheritable: held.inheritable,
    })?;
    // Nothing inside may trace this process or read what it has open. The change of ids has set this to
    // fs.suid_dumpable.
    prctl::set_dumpable(prctl::Dumpable::No)?;
    if ids::getresuid()? != ids::Ids::all(*uid) || ids::getresgid()? != ids::Ids::all(*gid) {
        return Err(Fault::NotInForce(Reading::Identity));
    }
    if *umask != u32::MAX {
        process::umask(*umask)?;
    }
    Ok(())
}

/// Sets the capability sets exactly.
pub(crate) fn set_capabilities(step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::SetCapabilitySets {
        effective,
        permitted,
        inheritable,
        ambient,
    } = step
    else {
        return Err(Fault::Plan);
    };
    prctl::clear_ambient()?;
    let now = capget(0)?;
    capset(CapSets {
        inheritable: *inheritable,
        ..now
    })?;
    // One that is not both permitted and inheritable cannot be ambient: the planner has left those out.
    for capability in (0..64u8).filter(|number| ambient & (1 << number) != 0) {
        match prctl::raise_ambient(capability) {
            Ok(()) => {}
            // A kernel older than the list does not know the last ones, and then nobody has them.
            Err(Errno::EINVAL) if capability > 40 => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(capset(CapSets {
        effective: *effective,
        permitted: *permitted,
        inheritable: *inheritable,
    })?)
}

/// Compares the capability sets that the kernel shows with what was asked.
pub(crate) fn verify(slots: &Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::VerifyCapabilitySets {
        proc,
        effective,
        permitted,
        inheritable,
        bounding,
        ambient,
    } = step
    else {
        return Err(Fault::Plan);
    };
    let sets = [
        (b"CapInh:".as_slice(), *inheritable),
        (b"CapPrm:", *permitted),
        (b"CapEff:", *effective),
        (b"CapBnd:", *bounding),
        (b"CapAmb:", *ambient),
    ];
    crate::verify::capabilities(slots, *proc, &sets)
}
