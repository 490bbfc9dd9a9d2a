//! Ids and namespaces.

use super::{Builder, Gap, PlanError, asked, required};
use crate::step::{NO_SLOT, Step};
use casemate_model::facets::ids::{Groups, IdMap, IdRange};
use casemate_model::facets::namespaces::Placement;
use casemate_model::host::PathFact;
use casemate_model::lattice::Permit;
use std::ffi::CString;
use std::path::Path;

/// `CLONE_NEW*` of <linux/sched.h>; NEWTIME since 5.6, NEWCGROUP since 4.6.
mod flag {
    pub(super) const TIME: u64 = 0x80;
    pub(super) const MOUNT: u64 = 0x0002_0000;
    pub(super) const CGROUP: u64 = 0x0200_0000;
    pub(super) const UTS: u64 = 0x0400_0000;
    pub(super) const IPC: u64 = 0x0800_0000;
    pub(super) const USER: u64 = 0x1000_0000;
    pub(super) const PID: u64 = 0x2000_0000;
    pub(super) const NET: u64 = 0x4000_0000;
}

/// Starts the init process in its namespaces.
pub(super) fn clone(
    builder: &mut Builder<'_>,
    groups: &super::limits::Entrances,
) -> Result<(), PlanError> {
    let namespaces = &builder.confinement.namespaces;
    let kinds = [
        ("user", &namespaces.user, flag::USER),
        ("mount", &namespaces.mount, flag::MOUNT),
        ("pid", &namespaces.pid, flag::PID),
        ("net", &namespaces.net, flag::NET),
        ("ipc", &namespaces.ipc, flag::IPC),
        ("uts", &namespaces.uts, flag::UTS),
        ("cgroup", &namespaces.cgroup, flag::CGROUP),
        ("time", &namespaces.time, flag::TIME),
    ];
    let (mut flags, mut lacking) = (0, None);
    for (kind, placement, flag) in kinds {
        match required(placement, "namespaces")? {
            Placement::New if kind == "time" && !has_time_namespaces(builder) => {
                lacking = Some(asked(placement));
            }
            Placement::New => flags |= flag,
            Placement::Host if matches!(kind, "user" | "mount" | "pid") => {
                return Err(PlanError::Namespaces {
                    why: format!(
                        "the {kind} namespace cannot be shared: without its own the program could not be kept from the host's {}",
                        match kind {
                            "user" => "ids and capabilities",
                            "mount" => "files",
                            _ => "processes",
                        }
                    ),
                });
            }
            Placement::Host => {}
            Placement::Join(path) => {
                return Err(PlanError::Namespaces {
                    why: format!(
                        "joining the {kind} namespace {} is not possible with run",
                        path.display()
                    ),
                });
            }
        }
    }
    if let Some(asked) = lacking {
        let gap = Gap {
            facet: "namespaces",
            what: "a time namespace".to_owned(),
            why: "this kernel has none (CONFIG_TIME_NS, since 5.6)".to_owned(),
        };
        builder.not_enforced(asked, gap)?;
    }
    if groups.v2 != NO_SLOT || !groups.v1.is_empty() {
        // Made once init is in its groups: the group that it is in then is the root of what it sees.
        flags &= !flag::CGROUP;
    }
    builder.outside(
        "namespaces",
        Step::Clone {
            flags,
            cgroup: groups.v2,
        },
    );
    Ok(())
}

/// Alone of all kinds it is missing on kernels that are otherwise complete: user-mode-linux, and some of Arm.
fn has_time_namespaces(builder: &Builder<'_>) -> bool {
    let fact = builder.facts.tree.get(Path::new(super::needs::TIME));
    !matches!(fact, Some(PathFact::Absent))
}

/// Makes the cgroup namespace of a process that is in its groups.
pub(super) fn cgroup_namespace(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    if *required(&builder.confinement.namespaces.cgroup, "namespaces.cgroup")? == Placement::New {
        builder.inside("namespaces", Step::NewCgroupNamespace {});
    }
    Ok(())
}

/// Maps the ids.
pub(super) fn map(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let ids = &builder.confinement.ids;
    let caller = &builder.facts.caller;
    let uids = ranges(required(&ids.uid_map, "ids.uid_map")?)?;
    let gids = ranges(required(&ids.gid_map, "ids.gid_map")?)?;
    let inside = required(&ids.uid, "ids.uid")?.0;
    if !uids.iter().any(|range| contains(range, inside)) {
        return Err(PlanError::IdMap {
            why: format!("user id {inside} is not in the map {}", lines(&uids, ", ")),
        });
    }
    let group = required(&ids.gid, "ids.gid")?.0;
    if !gids.iter().any(|range| contains(range, group)) {
        return Err(PlanError::IdMap {
            why: format!("group id {group} is not in the map {}", lines(&gids, ", ")),
        });
    }
    // user_namespaces(7): without privilege over the parent namespace only the caller's own id can be mapped, and the
    // group map only once setgroups(2) is denied (CVE-2014-8989).
    let deny = *required(&ids.setgroups, "ids.setgroups")? == Permit::Denied;
    if caller.is_privileged() || (maps_only(&uids, caller.uid) && maps_only(&gids, caller.gid)) {
        builder.outside(
            "ids",
            Step::MapIds {
                deny_setgroups: u8::from(deny || !caller.is_privileged()),
                uid_map: text(lines(&uids, "\n"))?,
                gid_map: text(lines(&gids, "\n"))?,
            },
        );
        return Ok(());
    }
    let helpers = &builder.facts.subordinate;
    let (Some(for_users), Some(for_groups)) =
        (helpers.newuidmap.clone(), helpers.newgidmap.clone())
    else {
        return Err(PlanError::IdMap {
            why: "a range of ids needs newuidmap and newgidmap (Debian: apt install uidmap), or: ids = \"single\"".to_owned(),
        });
    };
    for (helper, map) in [(for_users, &uids), (for_groups, &gids)] {
        let arguments = map
            .iter()
            .flat_map(|range| [range.inside, range.outside, range.count])
            .map(|number| text(number.to_string()))
            .collect::<Result<_, _>>()?;
        builder.outside(
            "ids",
            Step::MapIdsBy {
                helper: super::filesystem::c_path(&helper)?,
                arguments,
            },
        );
    }
    Ok(())
}

/// Drops the supplementary groups where that has to be done before the namespaces are made.
pub(super) fn drop_groups(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let Groups::Only(list) = required(&builder.confinement.ids.groups, "ids.groups")? else {
        return Ok(());
    };
    if !list.is_empty() {
        return Err(PlanError::IdMap {
            why: "supplementary groups of one's own choice are not possible with run".to_owned(),
        });
    }
    if builder.facts.caller.groups.is_empty() {
        return Ok(());
    }
    if builder.facts.caller.is_privileged() {
        builder.outside("ids", Step::DropGroups {});
    } else if setgroups_denied(builder)? {
        let gap = Gap {
            facet: "ids",
            what: "dropping the caller's supplementary groups".to_owned(),
            why: "with a single mapped id the kernel denies setgroups(2); a range of ids (ids = \"range\") allows it".to_owned(),
        };
        builder.not_enforced(asked(&builder.confinement.ids.groups), gap)?;
    }
    Ok(())
}

/// Takes the ids inside.
pub(super) fn become_ids(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let ids = &builder.confinement.ids;
    let uid = required(&ids.uid, "ids.uid")?.0;
    let gid = required(&ids.gid, "ids.gid")?.0;
    let caller = &builder.facts.caller;
    let clear = matches!(required(&ids.groups, "ids.groups")?, Groups::Only(_))
        && !caller.groups.is_empty()
        && !caller.is_privileged()
        && !setgroups_denied(builder)?;
    builder.inside(
        "ids",
        Step::BecomeIds {
            uid,
            gid,
            clear_groups: u8::from(clear),
        },
    );
    Ok(())
}

/// Names the host.
pub(super) fn hostname(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let namespaces = &builder.confinement.namespaces;
    let name = &required(&namespaces.hostname, "namespaces.hostname")?.0;
    if *required(&namespaces.uts, "namespaces.uts")? == Placement::New && !name.is_empty() {
        builder.inside(
            "namespaces",
            Step::SetHostname {
                name: text(name.as_str())?,
            },
        );
    }
    Ok(())
}

/// Tells whether the map is written without privilege, or setgroups(2) is to be denied.
fn setgroups_denied(builder: &Builder<'_>) -> Result<bool, PlanError> {
    let ids = &builder.confinement.ids;
    let caller = &builder.facts.caller;
    let single = maps_only(&ranges(required(&ids.gid_map, "ids.gid_map")?)?, caller.gid);
    Ok(
        *required(&ids.setgroups, "ids.setgroups")? == Permit::Denied
            && (single || caller.is_privileged()),
    )
}

fn maps_only(ranges: &[IdRange], id: u32) -> bool {
    matches!(ranges, [one] if one.count == 1 && one.outside == id)
}

fn ranges(map: &IdMap) -> Result<Vec<IdRange>, PlanError> {
    match map {
        IdMap::Mapped(ranges) if ranges.is_empty() => Err(PlanError::IdMap {
            why: "no id is mapped, so the program could be nobody".to_owned(),
        }),
        IdMap::Mapped(ranges) => Ok(ranges.clone()),
        IdMap::Host => Err(PlanError::IdMap {
            why: "all ids of the host cannot be mapped with run".to_owned(),
        }),
    }
}

/// Returns what an id inside is on the host.
pub(super) fn outside(map: &IdMap, inside: u32) -> Option<u32> {
    match map {
        IdMap::Mapped(ranges) => {
            let range = ranges.iter().find(|range| contains(range, inside))?;
            range.outside.checked_add(inside - range.inside)
        }
        IdMap::Host => Some(inside),
    }
}

/// Tells whether id 0 of the host exists inside.
pub(super) fn maps_root(map: &IdMap) -> bool {
    match map {
        IdMap::Mapped(ranges) => ranges
            .iter()
            .any(|range| range.outside == 0 && range.count > 0),
        IdMap::Host => true,
    }
}

fn contains(range: &IdRange, id: u32) -> bool {
    id.checked_sub(range.inside)
        .is_some_and(|offset| offset < range.count)
}

/// Writes ranges as `/proc/PID/uid_map` takes them.
pub(super) fn lines(ranges: &[IdRange], separator: &str) -> String {
    let one = |range: &IdRange| format!("{} {} {}", range.inside, range.outside, range.count);
    ranges.iter().map(one).collect::<Vec<_>>().join(separator)
}

pub(super) fn text(text: impl Into<Vec<u8>>) -> Result<CString, PlanError> {
    CString::new(text).map_err(|_| PlanError::Nul {
        what: "a text of the confinement",
    })
}
