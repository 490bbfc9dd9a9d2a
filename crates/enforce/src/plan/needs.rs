//! What a plan wants to know of the host before it is made.

use casemate_model::Confinement;
use casemate_model::facets::files::{ProcView, SysView};
use casemate_model::facets::ids::IdMap;
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Limit, Restrictions, Selection};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Device nodes that every Linux has: looking at each would only cost a launch a system call.
const EVERYWHERE: [&str; 6] = [
    "/dev/full",
    "/dev/null",
    "/dev/random",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
];

/// Tells whether a path is a device node that every Linux has.
pub(super) fn is_everywhere(path: &Path) -> bool {
    EVERYWHERE.iter().any(|node| path == Path::new(node))
}

/// Where the kernel shows whether it has time namespaces.
pub(super) const TIME: &str = "/proc/self/ns/time";

/// What is to be looked at: everything else that a plan needs is cheap.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// Paths whose kind matters.
    pub paths: Vec<PathBuf>,
    /// Controllers of limits.
    pub controllers: BTreeSet<String>,
    /// Whether ids other than the caller's own are mapped.
    pub ranges: bool,
}

impl Needs {
    /// Says what a plan for a confinement needs.
    pub fn of(confinement: &Confinement) -> Self {
        let mut needs = Self::default();
        if confinement.namespaces.time.value() == Some(&Placement::New) {
            needs.paths.push(PathBuf::from(TIME));
        }
        let files = &confinement.files;
        if let Some(grants) = files.grants.value() {
            needs.paths.extend(grants.0.keys().cloned());
        }
        if let Some(temporary) = files.temporary.value() {
            needs.paths.extend(
                temporary
                    .0
                    .keys()
                    .filter(|path| !path.starts_with("/dev"))
                    .cloned(),
            );
        }
        let proc = !matches!(
            files.proc.value(),
            None | Some(ProcView::Absent | ProcView::Processes)
        );
        let sys = !matches!(files.sys.value(), None | Some(SysView::Absent));
        if let Some(Restrictions::These(masked)) = files.masked.value() {
            let shown = masked.iter().map(|path| &path.0);
            let shown = shown.filter(|path| if path.starts_with("/proc") { proc } else { sys });
            needs.paths.extend(shown.cloned());
        }
        if files.proc.value() == Some(&ProcView::Writable)
            && let Some(Restrictions::These(paths)) = files.read_only.value()
        {
            needs.paths.extend(paths.iter().map(|path| path.0.clone()));
        }
        if let Some(Selection::Only(nodes)) = confinement.devices.nodes.value() {
            let nodes = nodes.iter().map(|node| PathBuf::from("/dev").join(node));
            needs
                .paths
                .extend(nodes.filter(|path| !is_everywhere(path)));
        }
        let resources = &confinement.resources;
        let limited =
            |limit: &casemate_model::Stated<Limit>| matches!(limit.value(), Some(Limit::AtMost(_)));
        if limited(&resources.memory) {
            needs.controllers.insert("memory".to_owned());
        }
        if limited(&resources.cpu) {
            needs.controllers.insert("cpu".to_owned());
        }
        if limited(&resources.processes) && resources.processes.is_set() {
            needs.controllers.insert("pids".to_owned());
        }
        let several = |map: &casemate_model::Stated<IdMap>| match map.value() {
            Some(IdMap::Mapped(ranges)) => {
                ranges
                    .iter()
                    .map(|range| u64::from(range.count))
                    .sum::<u64>()
                    > 1
            }
            _ => false,
        };
        needs.ranges = several(&confinement.ids.uid_map) || several(&confinement.ids.gid_map);
        needs
    }
}
