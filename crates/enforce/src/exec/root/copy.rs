//! Copies of the host's mounts, with what the configuration changes on them.

use crate::fault::Fault;
use crate::outside::Slots;
use crate::step::{Borrowed, Change, NO_SLOT, Step};
use casemate_sys::file::AtFlags;
use casemate_sys::mount::{self, MountAttr, Propagation, SetAttr, Tree};
use casemate_sys::{CWD, FdRef};

/// Copies mounts. The copy can be reached by nobody until it is attached, so what it may do is settled before.
pub(crate) fn copy_tree(slots: &mut Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::CopyTree {
        source,
        recursive,
        top,
        all,
        idmap,
        idmap_all,
        slot,
        ..
    } = step
    else {
        return Err(Fault::Plan);
    };
    slots.empty(*slot);
    let tree = if *recursive == 1 {
        Tree::CloneRecursive
    } else {
        Tree::Clone
    };
    let copy = mount::open_tree(CWD, source, tree, AtFlags::empty())?;
    let namespace = match *idmap {
        NO_SLOT => None,
        slot => Some(slots.get(slot)?),
    };
    let (on_top, on_all) = if *idmap_all == 1 {
        (None, namespace)
    } else {
        (namespace, None)
    };
    set(copy.as_fd(), *top, on_top, AtFlags::EMPTY_PATH)?;
    let below = AtFlags::EMPTY_PATH | AtFlags::RECURSIVE;
    set(copy.as_fd(), *all, on_all, below)?;
    slots.put(*slot, copy)
}

/// Changes a mount, if anything is to change.
pub(crate) fn set(
    mount: FdRef<'_>,
    change: Change,
    userns: Option<FdRef<'_>>,
    flags: AtFlags,
) -> Result<(), Fault> {
    if change.is_none() && userns.is_none() {
        return Ok(());
    }
    let mut set = MountAttr::from_bits(change.set);
    if userns.is_some() {
        set |= MountAttr::IDMAP;
    }
    let propagation = match change.propagation {
        0 => None,
        bits => Some(Propagation::from_bits(bits).ok_or(Fault::Plan)?),
    };
    let change = SetAttr {
        set,
        clear: MountAttr::from_bits(change.clear),
        propagation,
        userns,
    };
    Ok(mount::mount_setattr(mount, c"", flags, change)?)
}
