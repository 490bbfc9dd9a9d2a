//! The Pod Security Standards: which of the three levels a pod keeps, by the version of the policy, and what keeps it
//! from a stricter one. Every control of the published standard, with the lists that each version has.
//!
//! It reads what is written and no defaults, as the standard does: what a container leaves out counts as such.

use super::objects::{self, Pod};
use crate::document::Node;
use crate::reader::{Problem, ReadError, Text};
use casemate_model::Origin;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

mod controls;

/// A level, the one that permits least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Hardened as far as current practice goes.
    Restricted,
    /// Known ways to more privileges are closed.
    Baseline,
    /// Everything.
    Privileged,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Restricted => "restricted",
            Self::Baseline => "baseline",
            Self::Privileged => "privileged",
        })
    }
}

/// A control of the standard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Control {
    /// `windowsOptions.hostProcess`.
    HostProcess,
    /// The host's network, process ids, IPC.
    HostNamespaces,
    /// `privileged`.
    Privileged,
    /// Capabilities beyond the common ones are added.
    Capabilities,
    /// `hostPath`.
    HostPathVolumes,
    /// `hostPort`.
    HostPorts,
    /// A host in a probe or a hook.
    HostProbes,
    /// AppArmor is switched off.
    AppArmor,
    /// SELinux with another type, or with a user or role.
    SeLinux,
    /// `procMount`.
    ProcMount,
    /// The system call filter is switched off.
    Seccomp,
    /// Kernel parameters that are not safe.
    Sysctls,
    /// Volumes that are not of the common kinds.
    VolumeTypes,
    /// `allowPrivilegeEscalation` is not refused.
    PrivilegeEscalation,
    /// `runAsNonRoot` is not demanded.
    RunAsNonRoot,
    /// `runAsUser` is 0.
    RunAsUser,
    /// No system call filter is demanded.
    SeccompRestricted,
    /// Not all capabilities are dropped.
    CapabilitiesRestricted,
    /// `procMount`, also with a user namespace.
    ProcMountRestricted,
}

impl Control {
    /// The level that demands it.
    pub fn level(self) -> Level {
        match self {
            Self::HostProcess
            | Self::HostNamespaces
            | Self::Privileged
            | Self::Capabilities
            | Self::HostPathVolumes
            | Self::HostPorts
            | Self::HostProbes
            | Self::AppArmor
            | Self::SeLinux
            | Self::ProcMount
            | Self::Seccomp
            | Self::Sysctls => Level::Baseline,
            Self::VolumeTypes
            | Self::PrivilegeEscalation
            | Self::RunAsNonRoot
            | Self::RunAsUser
            | Self::SeccompRestricted
            | Self::CapabilitiesRestricted
            | Self::ProcMountRestricted => Level::Restricted,
        }
    }

    /// Its name in the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::HostProcess => "HostProcess",
            Self::HostNamespaces => "Host Namespaces",
            Self::Privileged => "Privileged Containers",
            Self::Capabilities | Self::CapabilitiesRestricted => "Capabilities",
            Self::HostPathVolumes => "HostPath Volumes",
            Self::HostPorts => "Host Ports",
            Self::HostProbes => "Host Probes / Lifecycle Hooks",
            Self::AppArmor => "AppArmor",
            Self::SeLinux => "SELinux",
            Self::ProcMount | Self::ProcMountRestricted => "/proc Mount Type",
            Self::Seccomp | Self::SeccompRestricted => "Seccomp",
            Self::Sysctls => "Sysctls",
            Self::VolumeTypes => "Volume Types",
            Self::PrivilegeEscalation => "Privilege Escalation",
            Self::RunAsNonRoot => "Running as Non-root",
            Self::RunAsUser => "Running as Non-root user",
        }
    }
}

/// Something that a control forbids.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The control.
    pub control: Control,
    /// What stands there, or what is missing, with its path in the pod.
    pub what: String,
    /// Where: the value, or the object that lacks it.
    pub origin: Origin,
}

/// What the standard says of a pod.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assessment {
    /// The pod's name, or that of the object with its template.
    pub name: String,
    /// The strictest level that it keeps.
    pub level: Level,
    /// What keeps it from a stricter one, in the order of the standard.
    pub violations: Vec<Violation>,
}

/// Assesses the pods of an input by the standard of a version of Kubernetes, such as `(1, 35)`.
///
/// # Errors
/// The input is no manifest.
pub fn pod_security(
    path: &Path,
    bytes: &[u8],
    version: (u16, u16),
) -> Result<Vec<Assessment>, ReadError> {
    let text = Text::new(path, bytes)?;
    let documents = objects::documents(&text)?;
    let (mut losses, mut problems): (Vec<crate::Loss>, Vec<Problem>) = (Vec::new(), Vec::new());
    let pods = objects::pods(&text, &documents, &mut losses, &mut problems);
    if !problems.is_empty() {
        return Err(ReadError { problems });
    }
    Ok(pods.iter().map(|pod| assess(&text, pod, version)).collect())
}

fn assess(text: &Text<'_>, pod: &Pod<'_>, version: (u16, u16)) -> Assessment {
    let mut checker = Checker {
        text,
        pod,
        version,
        violations: Vec::new(),
    };
    checker.baseline();
    checker.restricted();
    let mut violations = checker.violations;
    violations.sort_by_key(|violation| violation.control);
    let level = violations
        .iter()
        .map(|violation| violation.control.level())
        .max();
    Assessment {
        name: pod.name.clone(),
        level: match level {
            None => Level::Restricted,
            Some(Level::Restricted) => Level::Baseline,
            Some(Level::Baseline | Level::Privileged) => Level::Privileged,
        },
        violations,
    }
}

/// A container and how messages name it.
struct One<'a> {
    node: &'a Node,
    path: String,
}

impl<'a> One<'a> {
    fn security(&self, keys: &[&str]) -> Option<&'a Node> {
        let context = self.node.get("securityContext")?;
        context.at(keys).filter(|node| !node.is_null())
    }
}

struct Checker<'a> {
    text: &'a Text<'a>,
    pod: &'a Pod<'a>,
    version: (u16, u16),
    violations: Vec<Violation>,
}

impl<'a> Checker<'a> {
    fn since(&self, minor: u16) -> bool {
        self.version >= (1, minor)
    }

    fn found(&mut self, control: Control, what: String, node: &Node) {
        let origin = self.text.origin(node.start, node.end);
        self.violations.push(Violation {
            control,
            what,
            origin,
        });
    }

    fn pod_security(&self, keys: &[&str]) -> Option<&'a Node> {
        let context = self.pod.spec.get("securityContext")?;
        context.at(keys).filter(|node| !node.is_null())
    }

    /// All containers: init ones, ordinary ones, and ephemeral ones.
    fn containers(&self) -> Vec<One<'a>> {
        let lists = ["initContainers", "containers", "ephemeralContainers"];
        let items = lists.iter().flat_map(|list| {
            let nodes = self.pod.spec.get(list).map_or(&[][..], Node::items);
            nodes.iter().map(move |node| (list, node))
        });
        items
            .map(|(list, node)| {
                let name = node.get("name").and_then(Node::text).unwrap_or("?");
                One {
                    node,
                    path: format!("{list}[{name}]"),
                }
            })
            .collect()
    }

    /// Windows' pods are exempt of what only Linux has, since 1.25.
    fn windows(&self) -> bool {
        self.since(25) && self.pod.spec.at(&["os", "name"]).and_then(Node::text) == Some("windows")
    }

    /// With a user namespace, root of the container is nobody on the host.
    fn own_users(&self) -> bool {
        self.since(35) && self.pod.spec.get("hostUsers").and_then(Node::bool) == Some(false)
    }

    fn annotations(&self) -> &'a [crate::document::Entry] {
        let annotations = self
            .pod
            .metadata
            .and_then(|metadata| metadata.get("annotations"));
        annotations.map_or(&[], Node::entries)
    }

    fn names(&self) -> BTreeSet<&'a str> {
        let containers = self.containers();
        containers
            .iter()
            .filter_map(|one| one.node.get("name").and_then(Node::text))
            .collect()
    }
}
