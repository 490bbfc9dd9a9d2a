//! Capabilities.

use crate::fault::Fault;
use casemate_sys::caps::{CapSets, capget, capset};
use casemate_sys::{Errno, prctl};

/// Drops capabilities from the bounding set.
pub(crate) fn drop_bounding(drop: u64) -> Result<(), Fault> {
    for capability in (0..64u8).filter(|number| drop & (1 << number) != 0) {
        match prctl::drop_bounding(capability) {
            // A kernel older than the list does not know the last ones.
            Ok(()) | Err(Errno::EINVAL) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

/// Sets the sets of the process and locks the securebits.
pub(crate) fn set_capabilities(
    permitted: u64,
    inheritable: u64,
    ambient: u64,
    securebits: u32,
) -> Result<(), Fault> {
    if ambient != 0 {
        let now = capget(0)?;
        capset(CapSets { inheritable, ..now })?;
        for capability in (0..64u8).filter(|number| ambient & (1 << number) != 0) {
            prctl::raise_ambient(capability)?;
        }
    }
    if securebits != 0 {
        prctl::set_securebits(prctl::Securebits::from_bits(securebits))?;
    }
    Ok(capset(CapSets {
        effective: permitted,
        permitted,
        inheritable,
    })?)
}
