//! Reading back: what the kernel says is compared with what was asked.

use super::layout::Content;
use super::{Builder, Layout, PlanError, identity, required};
use crate::step::{Slot, Step};
use casemate_model::facets::files::Access;
use casemate_model::facets::ids::IdMap;
use casemate_model::lattice::Guard;
use casemate_model::names::capabilities::CapabilitySet;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Compares all mounts.
pub(super) fn mounts(builder: &mut Builder<'_>, layout: &Layout, proc: Slot) {
    let mut rules = Vec::new();
    if !layout.has_host_root() {
        rules.push(rule(Path::new("/"), "----m"));
    }
    // With the host's devices come the mounts below them, which lie under those of our own.
    let dev = Path::new("/dev");
    let host_devices = layout
        .mounts
        .get(dev)
        .is_some_and(|mount| mount.content == Content::Device);
    for (path, mount) in &layout.mounts {
        let is_mount = mount.content != Content::Devices || layout.has_host_root();
        if !is_mount {
            continue;
        }
        let guarded = |guard: &casemate_model::Stated<Guard>| guard.value() == Some(&Guard::On);
        let files = &builder.confinement.files;
        let own = !matches!(mount.content, Content::Host | Content::Temporary(_));
        let text: String = [
            ('w', mount.access.includes(Access::WRITE)),
            ('x', mount.access.includes(Access::RUN)),
            (
                'd',
                matches!(mount.content, Content::Device | Content::Terminals)
                    || (host_devices && path.starts_with(dev))
                    || (!own && !guarded(&files.nodev)),
            ),
            ('s', !own && !guarded(&files.nosuid)),
            ('m', true),
        ]
        .into_iter()
        .map(|(letter, holds)| if holds { letter } else { '-' })
        .collect();
        rules.push(rule(path, &text));
    }
    for step in builder.steps.iter() {
        if let Step::Protect { path } = &step.step {
            let absolute = [b"/", path.as_bytes()].concat();
            rules.push(rule(
                Path::new(std::ffi::OsStr::from_bytes(&absolute)),
                "----m",
            ));
        }
        if let Step::Mask { path, .. } = &step.step {
            let absolute = [b"/", path.as_bytes()].concat();
            rules.push(rule(
                Path::new(std::ffi::OsStr::from_bytes(&absolute)),
                "w-d-m",
            ));
        }
    }
    let rules = rules.into_iter().flatten().collect();
    builder.inside("files", Step::VerifyMounts { proc, rules });
}

/// Compares capabilities, no_new_privs and the id maps, in the program's process.
pub(super) fn status(builder: &mut Builder<'_>, proc: Slot) -> Result<(), PlanError> {
    let capabilities = &builder.confinement.capabilities;
    let set = |field, name| required(field, name).map(|set: &CapabilitySet| set.bits());
    let step = Step::VerifyStatus {
        proc,
        inheritable: set(&capabilities.inheritable, "capabilities.inheritable")?,
        permitted: set(&capabilities.permitted, "capabilities.permitted")?,
        bounding: set(&capabilities.bounding, "capabilities.bounding")?,
        ambient: set(&capabilities.ambient, "capabilities.ambient")?,
        no_new_privs: u8::from(
            *required(&capabilities.no_new_privs, "capabilities.no_new_privs")? == Guard::On,
        ),
    };
    builder.payload("capabilities", step);
    for (field, name, path) in [
        (
            &builder.confinement.ids.uid_map,
            "ids.uid_map",
            c"self/uid_map",
        ),
        (
            &builder.confinement.ids.gid_map,
            "ids.gid_map",
            c"self/gid_map",
        ),
    ] {
        if let IdMap::Mapped(ranges) = required(field, name)? {
            let map = identity::text(identity::lines(ranges, "\n"))?;
            builder.payload(
                "ids",
                Step::VerifyIdMap {
                    proc,
                    path: path.to_owned(),
                    map,
                },
            );
        }
    }
    Ok(())
}

fn rule(path: &Path, letters: &str) -> Option<CString> {
    CString::new([letters.as_bytes(), b" ", path.as_os_str().as_bytes()].concat()).ok()
}
