//! The root of a container, made of an image and of what its configuration mounts there.
//!
//! Whoever made the image, and whoever shares a volume with this container and changes it meanwhile, is an adversary. So
//! every path inside is resolved by openat2(2) from the root's own descriptor, which it cannot leave, and what is found
//! is used by its descriptor and never again by its name. When a step by descriptor fails, the launch ends: nothing is
//! tried again by a path. The steps of each subject are in a file; this one hands them out.

mod attach;
mod copy;
mod copyup;
mod cover;
mod enter;
mod node;
mod place;
mod procfs;
pub(crate) mod verify;

pub(crate) use copy::copy_tree;

use crate::fault::Fault;
use crate::outside::Slots;
use crate::step::{Borrowed, Step};

/// Executes a step inside.
pub(crate) fn step(slots: &mut Slots, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    match step {
        Step::Propagate {
            propagation,
            recursive,
        } => enter::propagate(*propagation, *recursive),
        Step::CopyTree { .. } => copy::copy_tree(slots, step),
        Step::MakeMount { .. } => attach::make_mount(slots, step),
        Step::ChangeMount {
            slot,
            change,
            recursive,
            ..
        } => attach::change(slots.get(*slot)?, *change, *recursive == 1),
        Step::AttachRootAt { path, private } => enter::attach_root(slots, path, *private == 1),
        Step::AttachIn { .. } => attach::attach_in(slots, step),
        Step::AttachFresh {
            slot, base, name, ..
        } => attach::attach_fresh(slots, *slot, *base, name),
        Step::CopyUp { slot, path } => copyup::copy_up(slots, *slot, path),
        Step::OpenDirectory { path, slot } => attach::open_directory(slots, path, *slot),
        Step::MakeNode { .. } => node::make_node(slots, step),
        Step::MakeLinkIn {
            base,
            name,
            target,
            replace,
        } => node::make_link(slots.get(*base)?, name, target, *replace == 1),
        Step::OpenNull { slot } => cover::open_null(slots, *slot),
        Step::Cover { path, null, empty } => cover::cover(slots, path, *null, *empty),
        Step::ProtectIn { path } => cover::protect(slots, path),
        Step::OpenProc { of, slot } => procfs::open(slots, *of, *slot),
        Step::WriteSysctl { proc, path, value } => {
            procfs::write(slots.get(*proc)?, path, value.to_bytes())
        }
        Step::EnterRoot { how, shared } => enter::enter(slots, *how, *shared == 1),
        Step::VerifyTree { proc, rules } => verify::tree(slots, *proc, *rules),
        _ => Err(Fault::Plan),
    }
}
