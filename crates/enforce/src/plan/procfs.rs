//! What the program sees of /proc and /sys beyond processes: parameters are set, the rest is covered or read-only.

use super::filesystem::{attribute, relative};
use super::layout::{Content, Layout, check_path};
use super::{Builder, PlanError, identity, required};
use crate::step::Step;
use casemate_model::facets::files::ProcView;
use casemate_model::host::PathFact;
use casemate_model::lattice::Restrictions;
use std::path::{Path, PathBuf};

/// Writes kernel parameters, and makes the procfs read-only after that.
pub(super) fn sysctls(builder: &mut Builder<'_>, layout: &Layout) -> Result<(), PlanError> {
    let parameters = &required(&builder.confinement.kernel.sysctl, "kernel.sysctl")?.0;
    if parameters.is_empty() {
        return Ok(());
    }
    let view = *required(&builder.confinement.files.proc, "files.proc")?;
    if !matches!(view, ProcView::Own | ProcView::Writable)
        || !layout.mounts.contains_key(Path::new("/proc"))
    {
        let (facet, what, why) = (
            "kernel",
            "setting kernel parameters".to_owned(),
            "it needs proc = \"own\"".to_owned(),
        );
        return Err(PlanError::NotEnforceable { facet, what, why });
    }
    for (name, value) in parameters {
        // sysctl(8) writes dots where the files have directories.
        let path = identity::text(format!("proc/sys/{}", name.replace('.', "/")))?;
        builder.inside(
            "kernel",
            Step::SetSysctl {
                path,
                value: identity::text(value.as_str())?,
            },
        );
    }
    if view == ProcView::Own {
        builder.inside(
            "files",
            Step::SetMount {
                path: c"proc".to_owned(),
                recursive: 0,
                attributes: attribute::RDONLY,
            },
        );
    }
    Ok(())
}

/// Covers what a procfs or the host's sysfs show beyond processes.
pub(super) fn mask(builder: &mut Builder<'_>, layout: &Layout) -> Result<(), PlanError> {
    let files = &builder.confinement.files;
    let Restrictions::These(masked) = required(&files.masked, "files.masked")? else {
        return Err(PlanError::BadPath {
            path: PathBuf::from("/proc"),
            why: "covering everything is said by: proc = \"absent\"",
        });
    };
    // The program's own null device has the attributes that a cover needs; without one the host's gets them.
    let null = if layout.mounts.contains_key(Path::new("/dev/null")) {
        c"dev/null"
    } else {
        c"/dev/null"
    };
    let whole = matches!(
        required(&files.proc, "files.proc")?,
        ProcView::Own | ProcView::Writable
    );
    let ids = &builder.confinement.ids;
    let maps_root = identity::maps_root(required(&ids.uid_map, "ids.uid_map")?)
        || identity::maps_root(required(&ids.gid_map, "ids.gid_map")?);
    for shown in masked {
        let path = &shown.0;
        check_path(path)?;
        let (proc, sys) = (path.starts_with("/proc"), path.starts_with("/sys"));
        if !proc && !sys {
            return Err(PlanError::BadPath {
                path: path.clone(),
                why: "only what is below /proc and /sys is covered here; hide it instead",
            });
        }
        let there = if proc {
            whole
        } else {
            layout
                .mounts
                .get(Path::new("/sys"))
                .is_some_and(|sys| sys.content == Content::Host)
        };
        let cover = match builder.facts.tree.get(path) {
            _ if !there => continue,
            Some(PathFact::Directory) => c"".to_owned(),
            // Nobody inside is the host's root, so nothing is gained by a cover, and each costs a launch a mount.
            Some(PathFact::RootOnly) if !maps_root => continue,
            Some(PathFact::File | PathFact::RootOnly | PathFact::Special) => null.to_owned(),
            Some(PathFact::Absent) => continue,
            Some(PathFact::Link(_) | PathFact::Hidden) | None => {
                return Err(PlanError::BadPath {
                    path: path.clone(),
                    why: "it cannot be looked at, so it cannot be covered",
                });
            }
        };
        builder.inside(
            "files",
            Step::Mask {
                cover,
                path: relative(path)?,
            },
        );
    }
    Ok(())
}

/// Makes settings of the host read-only where /proc as a whole is not.
pub(super) fn protect(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let files = &builder.confinement.files;
    if *required(&files.proc, "files.proc")? != ProcView::Writable {
        return Ok(());
    }
    let Restrictions::These(paths) = required(&files.read_only, "files.read_only")? else {
        return Err(PlanError::BadPath {
            path: PathBuf::from("/proc"),
            why: "all of it read-only is said by: proc = \"own\"",
        });
    };
    for shown in paths {
        check_path(&shown.0)?;
        match builder.facts.tree.get(&shown.0) {
            Some(PathFact::Absent) => {}
            _ if shown.0.starts_with("/proc") => {
                builder.inside(
                    "files",
                    Step::Protect {
                        path: relative(&shown.0)?,
                    },
                );
            }
            _ => {
                return Err(PlanError::BadPath {
                    path: shown.0.clone(),
                    why: "only what is below /proc is made read-only here; grant it with read instead",
                });
            }
        }
    }
    Ok(())
}
