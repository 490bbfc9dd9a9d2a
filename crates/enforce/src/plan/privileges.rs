//! Capabilities, no_new_privs, the keyring.

use super::{Builder, PlanError, required};
use crate::step::Step;
use casemate_model::facets::kernel::Keyring;
use casemate_model::lattice::Guard;
use casemate_model::names::capabilities::CapabilitySet;

/// `SECBIT_*` of <linux/securebits.h>: NOROOT, NO_SETUID_FIXUP and NO_CAP_AMBIENT_RAISE on, KEEP_CAPS off, each locked.
const LOCKED: u32 = 0b1110_1111;

/// Leaves the caller's keyring.
pub(super) fn keyring(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    if *required(&builder.confinement.kernel.keyring, "kernel.keyring")? == Keyring::New {
        builder.inside("kernel", Step::NewKeyring {});
    }
    Ok(())
}

/// Gives up privileges. The bounding set first: dropping from it needs a capability (CAP_SETPCAP).
pub(super) fn drop(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let capabilities = &builder.confinement.capabilities;
    let set = |field, name| required(field, name).map(|set: &CapabilitySet| set.bits());
    let bounding = set(&capabilities.bounding, "capabilities.bounding")?;
    let permitted = set(&capabilities.permitted, "capabilities.permitted")?;
    let effective = set(&capabilities.effective, "capabilities.effective")?;
    let inheritable = set(&capabilities.inheritable, "capabilities.inheritable")?;
    let ambient = set(&capabilities.ambient, "capabilities.ambient")?;
    let contradiction = |why: &str| PlanError::NotEnforceable {
        facet: "capabilities",
        what: "these sets together".to_owned(),
        why: why.to_owned(),
    };
    if effective != permitted {
        return Err(contradiction(
            "execve(2) makes the effective set equal to the permitted one",
        ));
    }
    if permitted != ambient {
        return Err(contradiction(
            "a program that is not root keeps over execve(2) exactly its ambient capabilities",
        ));
    }
    if ambient & !inheritable != 0 || ambient & !bounding != 0 {
        return Err(contradiction(
            "ambient capabilities must be inheritable and in the bounding set",
        ));
    }
    builder.inside(
        "capabilities",
        Step::DropBounding {
            drop: CapabilitySet::ALL.bits() & !bounding,
        },
    );
    let locked = *required(&capabilities.securebits, "capabilities.securebits")? == Guard::On;
    let securebits = if locked { LOCKED } else { 0 };
    let later = needs_admin(builder)?;
    builder.inside(
        "capabilities",
        Step::SetCapabilities {
            permitted: if later { permitted | ADMIN } else { permitted },
            inheritable,
            ambient,
            securebits,
        },
    );
    if !later {
        builder.inside("capabilities", Step::SetNoNewPrivs {});
    }
    Ok(())
}

/// Gives up the capability that Landlock and the filter needed. Its system call is one that every ordinary filter permits.
pub(super) fn drop_last(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let capabilities = &builder.confinement.capabilities;
    let set = |field, name| required(field, name).map(|set: &CapabilitySet| set.bits());
    let step = Step::SetCapabilities {
        permitted: set(&capabilities.permitted, "capabilities.permitted")?,
        inheritable: set(&capabilities.inheritable, "capabilities.inheritable")?,
        ambient: 0,
        securebits: 0,
    };
    builder.payload("capabilities", step);
    Ok(())
}

/// CAP_SYS_ADMIN of <linux/capability.h>.
const ADMIN: u64 = 1 << 21;

/// Landlock and seccomp(2) want no_new_privs or CAP_SYS_ADMIN in the process's user namespace: without the former that
/// capability is given up last.
pub(super) fn needs_admin(builder: &Builder<'_>) -> Result<bool, PlanError> {
    let no_new_privs = &builder.confinement.capabilities.no_new_privs;
    Ok(*required(no_new_privs, "capabilities.no_new_privs")? == Guard::Off)
}
