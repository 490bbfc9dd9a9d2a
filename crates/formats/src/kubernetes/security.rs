//! Security contexts: of the pod, of the container, and what follows of both.

use super::FILTER;
use super::read::{Reader, Shared};
use super::tree::Tree;
use crate::document::{Fields, Node};
use crate::loss::Loss;
use crate::reader::{Engine, Problem};
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::ids::{FileRights, Groups, IdMap, Ids, InsideId};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::syscalls::Syscalls;
use casemate_model::lattice::{Guard, Label, Permit};
use casemate_model::names::{Capability, CapabilitySet, capabilities};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Origin, Stated, Workload};
use casemate_seccomp::formats as filters;
use std::path::Path;

/// What containerd and Docker give.
const COMMON: [&str; 14] = [
    "audit_write",
    "chown",
    "dac_override",
    "fowner",
    "fsetid",
    "kill",
    "mknod",
    "net_bind_service",
    "net_raw",
    "setfcap",
    "setgid",
    "setpcap",
    "setuid",
    "sys_chroot",
];
/// What CRI-O gives.
const CRIO: [&str; 9] = [
    "chown",
    "dac_override",
    "fowner",
    "fsetid",
    "kill",
    "net_bind_service",
    "setgid",
    "setpcap",
    "setuid",
];

/// A container's context with that of its pod.
pub struct Contexts<'a, 's> {
    /// The pod's.
    pub shared: &'s Shared<'a>,
    /// The container's own.
    pub own: Option<&'s Fields<'a>>,
    /// The container's name.
    pub name: &'s str,
}

impl<'a> Contexts<'a, '_> {
    /// A field of the container's, else of the pod's.
    pub fn merged(&self, key: &str) -> Option<&'a Node> {
        let pod = self
            .shared
            .security
            .as_ref()
            .and_then(|security| security.take(key));
        self.own.and_then(|own| own.take(key)).or(pod)
    }

    /// A field that only containers have.
    pub fn own(&self, key: &str) -> Option<&'a Node> {
        self.own.and_then(|own| own.take(key))
    }

    /// A field that only pods have.
    pub fn pod(&self, key: &str) -> Option<&'a Node> {
        self.shared
            .security
            .as_ref()
            .and_then(|security| security.take(key))
    }

    /// An annotation of the pod's.
    fn annotation(&self, prefix: &str, key: &str) -> Option<&'a Node> {
        let name = format!("{prefix}{key}");
        self.shared
            .annotations
            .get(name.as_str())
            .map(|entry| &entry.value)
    }
}

impl Reader<'_, '_, '_> {
    /// Who a container is.
    pub fn ids(&mut self, contexts: &Contexts<'_, '_>, workload: &mut Workload) -> Ids {
        let uid = self.id(contexts.merged("runAsUser"));
        let gid = self.id(contexts.merged("runAsGroup"));
        let non_root = self.bool(contexts.merged("runAsNonRoot"));
        if let Some((value, at)) = &non_root {
            workload.set(
                super::OTHER,
                "container.securityContext.runAsNonRoot",
                value.to_string(),
                at.clone(),
            );
            if *value && uid.as_ref().is_some_and(|(uid, _)| *uid == 0) {
                let what =
                    "runAsNonRoot and runAsUser 0 exclude each other: the container does not start";
                self.losses.push(Loss::caution(what, at.clone()));
            }
        }
        if uid.is_none() {
            let what = format!("the user of {}", contexts.name);
            self.losses
                .push(Loss::elsewhere(what, "the image", workload.origin.clone()));
        }
        let groups = self.groups(contexts, workload);
        let users = contexts.shared.users.as_ref();
        let map = || match users {
            Some(_) => Stated::Unknown,
            None => self.default(IdMap::Host),
        };
        let rights = match users {
            Some(at) => Stated::set(FileRights::Nobody, at.clone()),
            None => self.default(FileRights::Caller),
        };
        let id = |found: Option<(u32, Origin)>| found.map(|(id, at)| Stated::set(InsideId(id), at));
        Ids {
            uid: id(uid).unwrap_or(Stated::Unknown),
            user_name: self.default(Label(String::new())),
            gid: id(gid).unwrap_or(Stated::Unknown),
            groups,
            uid_map: map(),
            gid_map: map(),
            setgroups: self.default(Permit::Permitted),
            rights,
        }
    }

    fn groups(&mut self, contexts: &Contexts<'_, '_>, workload: &mut Workload) -> Stated<Groups> {
        let mut groups = Vec::new();
        let mut last = None;
        for node in self.list(contexts.pod("supplementalGroups")) {
            if let Some((id, at)) = self.id(Some(node)) {
                groups.push(id);
                last = Some(at);
            }
        }
        if let Some((id, at)) = self.id(contexts.pod("fsGroup")) {
            groups.push(id);
            workload.set(
                super::OTHER,
                "spec.securityContext.fsGroup",
                id.to_string(),
                at.clone(),
            );
            last = Some(at);
        }
        for key in [
            "fsGroupChangePolicy",
            "supplementalGroupsPolicy",
            "seLinuxChangePolicy",
        ] {
            if let Some((value, at)) = self.text(contexts.pod(key)) {
                let path = format!("spec.securityContext.{key}");
                workload.set(super::OTHER, &path, Tree::text(value).json(), at);
            }
        }
        let strict = contexts
            .pod("supplementalGroupsPolicy")
            .and_then(Node::text)
            == Some("Strict");
        groups.sort_unstable();
        groups.dedup();
        let Some(at) = last else {
            return self.default(Groups::Only(groups));
        };
        if !strict {
            let what = format!(
                "the groups of {}, beside those that are given,",
                contexts.name
            );
            self.losses
                .push(Loss::elsewhere(what, "the image", at.clone()));
        }
        Stated::set(Groups::Only(groups), at)
    }

    /// What the container may do beyond an ordinary user.
    pub fn capabilities(
        &mut self,
        contexts: &Contexts<'_, '_>,
        privileged: Option<&Origin>,
        uid: &Stated<InsideId>,
    ) -> Capabilities {
        let given = given(self.engine);
        let fields = self.object(contexts.own("capabilities"));
        let mut lists = [(Vec::new(), None), (Vec::new(), None)];
        if let Some(fields) = &fields {
            for (key, list) in ["add", "drop"].into_iter().zip(&mut lists) {
                for node in self.list(fields.take(key)) {
                    if let Some((name, at)) = self.text(Some(node)) {
                        list.0.push(name.to_owned());
                        list.1 = Some(at);
                    }
                }
            }
            self.rest(fields, "capabilities");
        }
        let [(add, added), (drop, dropped)] = lists;
        let place = added.or(dropped);
        let mut set = given;
        let all = |list: &[String]| list.iter().any(|name| name.eq_ignore_ascii_case("ALL"));
        if all(&add) {
            set = CapabilitySet::ALL;
        }
        if all(&drop) {
            set = CapabilitySet::EMPTY;
        }
        for (list, adds) in [(&add, true), (&drop, false)] {
            for name in list.iter().filter(|name| !name.eq_ignore_ascii_case("ALL")) {
                match Capability::from_name(name) {
                    Some(one) if adds => set = set.with(one),
                    Some(one) => set = set.without(one),
                    None => self.unknown_capability(name, place.as_ref()),
                }
            }
        }
        let bounding = match (privileged, place) {
            (Some(at), _) => Stated::set(CapabilitySet::ALL, at.clone()),
            (None, Some(at)) => Stated::set(set, at),
            (None, None) => self.default(set),
        };
        self.sets(contexts, privileged, uid, bounding)
    }

    fn unknown_capability(&mut self, name: &str, at: Option<&Origin>) {
        let Some(at) = at else { return };
        let problem = Problem::new(format!("unknown capability {name:?}"), at.clone());
        self.problems.push(match capabilities::suggest(name) {
            Some(near) => problem.hint(format!("perhaps {}", near.to_ascii_uppercase())),
            None => problem,
        });
    }

    fn sets(
        &mut self,
        contexts: &Contexts<'_, '_>,
        privileged: Option<&Origin>,
        uid: &Stated<InsideId>,
        bounding: Stated<CapabilitySet>,
    ) -> Capabilities {
        let escalation = self.bool(contexts.own("allowPrivilegeEscalation"));
        let set = bounding.value().copied().unwrap_or(CapabilitySet::ALL);
        if let Some((false, at)) = &escalation
            && (privileged.is_some() || set.contains(Capability::SysAdmin))
        {
            let what =
                "allowPrivilegeEscalation false is refused beside privileged and CAP_SYS_ADMIN";
            self.losses.push(Loss::caution(what, at.clone()));
        }
        let no_new_privs = match escalation {
            Some((allowed, at)) => Stated::set(if allowed { Guard::Off } else { Guard::On }, at),
            None => self.default(Guard::Off),
        };
        // A program of another user than 0 has none in force: none is ambient.
        let root = uid.value().is_none_or(|uid| uid.0 == 0);
        let effective = if root {
            bounding.clone()
        } else {
            self.default(CapabilitySet::EMPTY)
        };
        Capabilities {
            permitted: effective.clone(),
            effective,
            inheritable: self.default(CapabilitySet::EMPTY),
            bounding,
            ambient: self.default(CapabilitySet::EMPTY),
            no_new_privs,
            securebits: self.default(Guard::Off),
        }
    }

    /// The system call filter.
    pub fn filter(
        &mut self,
        contexts: &Contexts<'_, '_>,
        privileged: Option<&Origin>,
        capabilities: CapabilitySet,
        workload: &mut Workload,
    ) -> Syscalls {
        let Some((profile, at)) = self.profile(contexts) else {
            return Syscalls {
                filter: self.default(SyscallPolicy::open()),
            };
        };
        let open = || Stated::set(SyscallPolicy::open(), at.clone());
        workload.set(FILTER, "", profile.clone(), at.clone());
        if let Some(origin) = privileged {
            if profile != "Unconfined" {
                let what = format!("the filter {profile}");
                self.losses.push(Loss::ignored(
                    what,
                    "a privileged container has none",
                    at.clone(),
                ));
            }
            return Syscalls {
                filter: Stated::set(SyscallPolicy::open(), origin.clone()),
            };
        }
        let filter = match profile.as_str() {
            "Unconfined" => open(),
            "RuntimeDefault" => {
                if let Some(policy) =
                    super::write::runtime_default(self.engine, capabilities, self.context.archs)
                {
                    Stated::set(policy, at)
                } else {
                    let what = format!("the default filter of {}", self.engine.label);
                    self.losses.push(Loss::elsewhere(what, "the engine", at));
                    Stated::Unknown
                }
            }
            path => self.local(path, capabilities, at),
        };
        Syscalls { filter }
    }

    /// The name of the profile: `RuntimeDefault`, `Unconfined`, or a path.
    fn profile(&mut self, contexts: &Contexts<'_, '_>) -> Option<(String, Origin)> {
        if let Some(node) = contexts.merged("seccompProfile") {
            let fields = self.object(Some(node))?;
            let kind = self.text(fields.take("type"));
            let local = self.text(fields.take("localhostProfile"));
            self.rest(&fields, "seccompProfile");
            let (kind, at) = kind?;
            return match (kind, local) {
                ("RuntimeDefault" | "Unconfined", _) => Some((kind.to_owned(), at)),
                ("Localhost", Some((path, at))) => Some((path.to_owned(), at)),
                ("Localhost", None) => {
                    self.problems
                        .push(Problem::new("Localhost needs a localhostProfile", at));
                    None
                }
                (other, _) => {
                    self.problems.push(Problem::new(
                        format!("no profile type is named {other}"),
                        at,
                    ));
                    None
                }
            };
        }
        // Annotations of before 1.19, which 1.27 and later pass over.
        let own = contexts.annotation(
            "container.seccomp.security.alpha.kubernetes.io/",
            contexts.name,
        );
        let pod = contexts.annotation("seccomp.security.alpha.kubernetes.io/", "pod");
        let (_, at) = self.text(own.or(pod))?;
        let what = "the annotation for the system call filter";
        self.losses.push(Loss::ignored(
            what,
            "Kubernetes 1.27 and later read only seccompProfile",
            at,
        ));
        None
    }

    fn local(
        &mut self,
        path: &str,
        capabilities: CapabilitySet,
        at: Origin,
    ) -> Stated<SyscallPolicy> {
        let beside = self.text.path.parent().unwrap_or(Path::new(""));
        let Ok(bytes) = self.context.files.read(&beside.join(path)) else {
            let what = format!("the profile {path}");
            self.losses
                .push(Loss::elsewhere(what, "a file of the node", at));
            return Stated::Unknown;
        };
        let own = filters::Context {
            archs: self.context.archs,
            kernel: self.context.kernel,
            capabilities,
            unknown: None,
            loader: &filters::NoFiles,
        };
        let Some(format) = filters::find("oci") else {
            return Stated::Unknown;
        };
        match (format.read)(path, &bytes, &own) {
            Ok(reading) => {
                for note in reading.notes {
                    self.losses
                        .push(Loss::caution(note.to_string(), at.clone()));
                }
                Stated::set(reading.policy, at)
            }
            Err(error) => {
                self.problems.push(Problem::new(error.to_string(), at));
                Stated::Unknown
            }
        }
    }

    /// Labels of security modules.
    pub fn mac(&mut self, contexts: &Contexts<'_, '_>, privileged: Option<&Origin>) -> Mac {
        let name = match self.engine.name {
            "cri-o" => "crio-default",
            "docker" => "docker-default",
            _ => "cri-containerd.apparmor.d",
        };
        let given = self.apparmor(contexts, name);
        let apparmor = match (given, privileged) {
            (Some(given), _) => given,
            (None, Some(at)) => Stated::set(SecurityLabel::Unconfined, at.clone()),
            (None, None) => self.default(SecurityLabel::Named(name.to_owned())),
        };
        Mac {
            landlock: self.default(Guard::Off),
            signal_scope: self.default(Guard::Off),
            abstract_unix_scope: self.default(Guard::Off),
            apparmor,
            selinux: self.selinux(contexts),
            smack: self.default(SecurityLabel::Unconfined),
        }
    }

    fn apparmor(
        &mut self,
        contexts: &Contexts<'_, '_>,
        default: &str,
    ) -> Option<Stated<SecurityLabel>> {
        let named = |name: &str, at| Some(Stated::set(SecurityLabel::Named(name.to_owned()), at));
        if let Some(node) = contexts.merged("appArmorProfile") {
            let fields = self.object(Some(node))?;
            let kind = self.text(fields.take("type"));
            let local = self.text(fields.take("localhostProfile"));
            self.rest(&fields, "appArmorProfile");
            let (kind, at) = kind?;
            return match (kind, local) {
                ("Unconfined", _) => Some(Stated::set(SecurityLabel::Unconfined, at)),
                ("RuntimeDefault", _) => named(default, at),
                ("Localhost", Some((name, at))) => named(name, at),
                (other, _) => {
                    self.problems.push(Problem::new(
                        format!("no profile is named by the type {other}"),
                        at,
                    ));
                    None
                }
            };
        }
        let prefix = "container.apparmor.security.beta.kubernetes.io/";
        let (value, at) = self.text(contexts.annotation(prefix, contexts.name))?;
        match value {
            "unconfined" => Some(Stated::set(SecurityLabel::Unconfined, at)),
            "runtime/default" | "" => named(default, at),
            other => named(other.strip_prefix("localhost/").unwrap_or(other), at),
        }
    }

    fn selinux(&mut self, contexts: &Contexts<'_, '_>) -> Stated<SecurityLabel> {
        let Some(node) = contexts.merged("seLinuxOptions") else {
            return self.default(SecurityLabel::Unconfined);
        };
        let at = self.at(node);
        let Some(fields) = self.object(Some(node)) else {
            return Stated::Unknown;
        };
        let parts = ["user", "role", "type", "level"].map(|key| {
            let part = self.text(fields.take(key));
            part.map(|(part, _)| part.to_owned()).unwrap_or_default()
        });
        self.rest(&fields, "seLinuxOptions");
        Stated::set(SecurityLabel::Named(parts.join(":")), at)
    }
}

/// What an engine gives a container that asks for nothing.
pub fn given(engine: Engine) -> CapabilitySet {
    match engine.name {
        "cri-o" => set_of(&CRIO),
        _ => set_of(&COMMON),
    }
}

fn set_of(names: &[&str]) -> CapabilitySet {
    let known = names.iter().filter_map(|name| Capability::from_name(name));
    known.fold(CapabilitySet::EMPTY, CapabilitySet::with)
}
