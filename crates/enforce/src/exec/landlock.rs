//! Landlock rules.

use crate::fault::Fault;
use crate::outside::{Slots, leave_open};
use crate::step::{Borrowed, NO_SLOT, Step};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::landlock::{
    FsRights, Handled, NetRights, RestrictFlags, Scopes, allow_path, allow_port, create_ruleset,
    restrict_self,
};
use casemate_sys::{CWD, Errno, FdRef};

/// Executes a Landlock step.
pub(crate) fn step(slots: &mut Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    match step {
        Step::LandlockCreate {
            fs,
            net,
            scoped,
            slot,
        } => {
            let handled = Handled {
                fs: FsRights::from_bits(*fs),
                net: NetRights::from_bits(*net),
                scopes: Scopes::from_bits(*scoped),
            };
            slots.put(*slot, create_ruleset(&handled)?)
        }
        Step::LandlockPath {
            slot,
            mount,
            access,
            ..
        } if *mount != NO_SLOT => Ok(allow_path(
            slots.get(*slot)?,
            slots.get(*mount)?,
            FsRights::from_bits(*access),
        )?),
        Step::LandlockPath {
            slot, path, access, ..
        } => {
            let place = file::openat(CWD, path, OpenFlags::PATH | OpenFlags::CLOEXEC, 0)?;
            allow_path(
                slots.get(*slot)?,
                place.as_fd(),
                FsRights::from_bits(*access),
            )?;
            leave_open(place);
            Ok(())
        }
        Step::LandlockPort { slot, port, access } => Ok(allow_port(
            slots.get(*slot)?,
            *port,
            NetRights::from_bits(*access),
        )?),
        Step::LandlockStream {
            slot,
            stream,
            access,
        } => {
            let stream = FdRef::from_raw(i32::from(*stream));
            match allow_path(slots.get(*slot)?, stream, FsRights::from_bits(*access)) {
                // EBADFD: what has no path needs no rule.
                Ok(()) | Err(Errno::EBADFD) => Ok(()),
                Err(errno) => Err(errno.into()),
            }
        }
        Step::LandlockRestrict { slot } => {
            Ok(restrict_self(slots.get(*slot)?, RestrictFlags::empty())?)
        }
        _ => Err(Fault::Plan),
    }
}
