//! Namespaces: new ones, joined ones, and the ids of a user namespace.

use super::{Caller, facet, slot, text};
use crate::failure::{Attempt, Failure};
use casemate_enforce::plan::Steps;
use casemate_enforce::step::{Slot, Step};
use casemate_formats::oci::schema::{IdMapping, NamespaceKind, Spec};
use std::ffi::CString;
use std::fs;
use std::path::Path;

/// What becomes of namespaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Namespaces {
    /// `CLONE_NEW*` of those that start with the init process.
    pub at_clone: u64,
    /// `CLONE_NEW*` of those that are made after a user namespace was joined.
    pub after_joining: u64,
    /// Slots and `CLONE_NEW*` of those that are joined by init, the user namespace first.
    pub joined: Vec<(Slot, u64)>,
    /// Whether the cgroup namespace is new.
    pub new_cgroup: bool,
    /// Whether the network namespace is new.
    pub new_network: bool,
    /// The new time namespace's offsets, when there is one.
    pub time: Option<String>,
    /// The user namespace.
    pub user: User,
}

/// The user namespace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum User {
    /// The runtime's.
    Same,
    /// A new one.
    New,
    /// Another one.
    Joined,
}

impl Namespaces {
    /// Plans them, and adds the steps that open those that are joined.
    ///
    /// # Errors
    /// They contradict each other.
    pub fn of(spec: &Spec, steps: &mut Steps) -> Result<Self, Failure> {
        let mut all = Self {
            at_clone: 0,
            after_joining: 0,
            joined: Vec::new(),
            new_cgroup: false,
            new_network: false,
            time: None,
            user: User::Same,
        };
        let list = spec
            .linux
            .as_ref()
            .map_or(&[][..], |linux| &linux.namespaces);
        for namespace in list {
            let kind = namespace.kind;
            if namespace.path.is_empty() {
                all.add_new(kind, spec)?;
                continue;
            }
            let slot = slot(steps)?;
            steps.outside(
                facet::NAMESPACES,
                Step::OpenNamespace {
                    path: text(namespace.path.as_str())?,
                    pid: 0,
                    start_time: 0,
                    kind: kind.flag(),
                    slot,
                },
            );
            match kind {
                NamespaceKind::User => {
                    all.user = User::Joined;
                    all.joined.insert(0, (slot, kind.flag()));
                }
                // For children only.
                NamespaceKind::Pid => {
                    steps.outside(facet::NAMESPACES, Step::EnterPidNamespace { slot });
                }
                _ => all.joined.push((slot, kind.flag())),
            }
        }
        if all.user == User::Joined {
            all.after_joining = std::mem::take(&mut all.at_clone);
        }
        Ok(all)
    }

    fn add_new(&mut self, kind: NamespaceKind, spec: &Spec) -> Result<(), Failure> {
        match kind {
            // Made later, in the container's groups.
            NamespaceKind::Cgroup => self.new_cgroup = true,
            NamespaceKind::Time => self.time = Some(offsets(spec)?),
            NamespaceKind::User => {
                self.user = User::New;
                self.at_clone |= kind.flag();
            }
            NamespaceKind::Net => {
                self.new_network = true;
                self.at_clone |= kind.flag();
            }
            _ => self.at_clone |= kind.flag(),
        }
        Ok(())
    }

    /// Adds init's first steps: into the namespaces that were opened, and into those that are owned by a user namespace
    /// that was.
    pub fn enter(&self, steps: &mut Steps) {
        let user = NamespaceKind::User.flag();
        for (slot, kinds) in self.joined.iter().filter(|(_, kinds)| *kinds == user) {
            let (slot, kinds) = (*slot, *kinds);
            steps.inside(facet::NAMESPACES, Step::JoinNamespace { slot, kinds });
        }
        if self.after_joining != 0 {
            let flags = self.after_joining;
            steps.inside(facet::NAMESPACES, Step::Unshare { flags });
            if flags & NamespaceKind::Pid.flag() != 0 {
                steps.inside(facet::NAMESPACES, Step::Spawn {});
            }
        }
        for (slot, kinds) in self.joined.iter().filter(|(_, kinds)| *kinds != user) {
            let (slot, kinds) = (*slot, *kinds);
            steps.inside(facet::NAMESPACES, Step::JoinNamespace { slot, kinds });
        }
    }
}

/// The offsets of clocks, as the kernel reads them.
fn offsets(spec: &Spec) -> Result<String, Failure> {
    let mut text = String::new();
    let offsets = spec.linux.as_ref().map(|linux| &linux.time_offsets);
    for (clock, offset) in offsets.into_iter().flatten() {
        if !matches!(clock.as_str(), "monotonic" | "boottime") {
            return Err(Failure::new(format!(
                "linux.timeOffsets: `{clock}` is no clock of a time namespace"
            )));
        }
        text.push_str(&format_line(clock, offset.secs, offset.nanosecs));
    }
    Ok(text)
}

fn format_line(clock: &str, seconds: i64, nanoseconds: u32) -> String {
    format!("{clock} {seconds} {nanoseconds}\n")
}

/// Adds the steps that map ids.
///
/// # Errors
/// A helper is needed and not there.
pub fn map_ids(steps: &mut Steps, spec: &Spec, caller: &Caller) -> Result<(), Failure> {
    let Some(linux) = &spec.linux else {
        return Ok(());
    };
    let (uids, gids) = (&linux.uid_mappings, &linux.gid_mappings);
    let needs_helper =
        !(caller.is_root() || is_only(uids, caller.uid) && is_only(gids, caller.gid));
    if needs_helper {
        for (name, mappings) in [("newuidmap", uids), ("newgidmap", gids)] {
            let step = Step::MapIdsBy {
                helper: helper(name)?,
                arguments: arguments(mappings)?,
            };
            steps.outside(facet::IDS, step);
        }
        return Ok(());
    }
    let step = Step::MapIds {
        deny_setgroups: u8::from(!caller.is_root()),
        uid_map: text(lines(uids))?,
        gid_map: text(lines(gids))?,
    };
    steps.outside(facet::IDS, step);
    Ok(())
}

/// Whether only the caller's own id is mapped, which needs no right.
fn is_only(mappings: &[IdMapping], id: u32) -> bool {
    matches!(mappings, [one] if one.size == 1 && one.host_id == id)
}

/// Whether setgroups(2) is refused in the container's user namespace.
pub fn refuses_groups(spec: &Spec, caller: &Caller) -> bool {
    let gids = spec
        .linux
        .as_ref()
        .map_or(&[][..], |linux| &linux.gid_mappings);
    !caller.is_root() && is_only(gids, caller.gid)
}

/// Mappings as the kernel reads them.
pub fn lines(mappings: &[IdMapping]) -> String {
    let mut lines = String::new();
    for one in mappings {
        lines.extend([format!(
            "{} {} {}\n",
            one.container_id, one.host_id, one.size
        )]);
    }
    lines
}

fn arguments(mappings: &[IdMapping]) -> Result<Vec<CString>, Failure> {
    mappings
        .iter()
        .flat_map(|one| [one.container_id, one.host_id, one.size])
        .map(|number| text(number.to_string()))
        .collect()
}

fn helper(name: &str) -> Result<CString, Failure> {
    let found = ["/usr/bin", "/bin", "/usr/local/bin"]
        .iter()
        .map(|directory| Path::new(directory).join(name))
        .find(|path| fs::metadata(path).is_ok());
    let path = found.ok_or_else(|| {
        Failure::with_hint(
            format!(
                "linux.uidMappings: ranges of ids are mapped by {name}, which is not installed"
            ),
            "install it: apt-get install uidmap",
        )
    })?;
    super::path_text(&path)
}

/// The host's id of an id of the container.
pub fn on_host(mappings: &[IdMapping], id: u32) -> Option<u32> {
    mappings.iter().find_map(|one| {
        let offset = id.checked_sub(one.container_id)?;
        (offset < one.size).then(|| one.host_id.checked_add(offset))?
    })
}

/// The namespaces of a process that differ from the caller's.
///
/// # Errors
/// /proc cannot be read.
pub fn differing(pid: i32) -> Result<u64, Failure> {
    let mut kinds = 0;
    for kind in NamespaceKind::ALL {
        let name = kind.proc();
        let theirs = fs::read_link(format!("/proc/{pid}/ns/{name}"));
        let ours = fs::read_link(format!("/proc/self/ns/{name}"));
        match (theirs, ours) {
            (Ok(theirs), Ok(ours)) if theirs == ours => {}
            (Ok(_), Ok(_)) => kinds |= kind.flag(),
            // A kernel without that kind.
            (_, Err(_)) => {}
            (Err(error), Ok(_)) => {
                return Err(error).attempt(|| format!("read the namespaces of process {pid}"));
            }
        }
    }
    Ok(kinds)
}
