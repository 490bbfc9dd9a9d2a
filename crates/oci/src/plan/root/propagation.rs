//! How mounts propagate between the container and the host.

use super::options::propagation::{PRIVATE, SHARED, SLAVE, UNBINDABLE};
use super::path::Inside;
use super::{Builder, Entering, TOP, UserNamespace, is_borrowed};
use casemate_enforce::step::{Change, ENTER_CHROOT, ENTER_MOVE, ENTER_PIVOT, Step};
use casemate_formats::oci::schema::RootfsPropagation;
use std::ffi::CString;

/// `rootfsPropagation`; what comes from the host goes into the container unless it says otherwise.
fn asked(builder: &Builder<'_>) -> Option<RootfsPropagation> {
    builder.spec.linux.as_ref()?.rootfs_propagation
}

/// Whether mounts may be in a peer group with the host's.
pub(super) fn is_shared(builder: &Builder<'_>) -> bool {
    use RootfsPropagation as P;
    let asked = matches!(asked(builder), Some(P::Shared | P::RecursiveShared));
    // The kernel makes all mounts of a namespace in a new user namespace followers.
    asked && builder.around.user == UserNamespace::Same
}

/// What a copy of the host's mounts starts with, when the launcher makes it.
pub(super) fn of_copies(builder: &Builder<'_>) -> u64 {
    use RootfsPropagation as P;
    match asked(builder) {
        Some(P::Private | P::RecursivePrivate | P::Unbindable | P::RecursiveUnbindable) => PRIVATE,
        _ if is_shared(builder) => 0,
        _ => SLAVE,
    }
}

/// Sets the propagation of the namespace, before anything is made in it.
pub(super) fn begin(builder: &mut Builder<'_>) {
    let propagation = of_copies(builder);
    if propagation != 0 && !is_borrowed(builder.spec) {
        builder.build(
            "namespaces",
            Step::Propagate {
                propagation,
                recursive: 1,
            },
        );
    }
}

/// Puts the root into the namespace.
pub(super) fn attach_root(builder: &mut Builder<'_>, directory: &CString) {
    let private = u8::from(is_shared(builder));
    let path = if is_borrowed(builder.spec) {
        CString::default()
    } else {
        directory.clone()
    };
    builder.build("files", Step::AttachRootAt { path, private });
}

/// Makes the root the root, and gives it the propagation that was asked for: before, it would reach the host.
pub(super) fn enter(builder: &mut Builder<'_>) {
    use RootfsPropagation as P;
    let how = match builder.around.entering {
        _ if is_borrowed(builder.spec) => ENTER_CHROOT,
        Entering::Pivot => ENTER_PIVOT,
        Entering::Move => ENTER_MOVE,
    };
    let shared = u8::from(is_shared(builder));
    builder.finish("files", Step::EnterRoot { how, shared });
    let (propagation, recursive) = match asked(builder) {
        Some(P::Shared) => (SHARED, 0),
        Some(P::RecursiveShared) => (SHARED, 1),
        Some(P::Unbindable) => (UNBINDABLE, 0),
        Some(P::RecursiveUnbindable) => (UNBINDABLE, 1),
        // The root is private already, and has no master that it could follow.
        Some(P::Private | P::RecursivePrivate | P::Slave | P::RecursiveSlave) | None => return,
    };
    if let Ok(at) = Inside::new("/").and_then(|path| path.text()) {
        let change = Change {
            propagation,
            ..Change::default()
        };
        builder.finish(
            "files",
            Step::ChangeMount {
                slot: TOP,
                change,
                recursive,
                at,
            },
        );
    }
}
