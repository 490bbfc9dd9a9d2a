//! The writer: one pod for workloads of one name before `/`, in the order in which people write manifests.

use super::container::{MASKED, READ_ONLY};
use super::tree::Tree;
use super::volumes::{self, Made, SHARED_MEMORY, TOKEN, VOLUME_OF};
use super::{FILTER, MOUNT, OTHER, amounts};
use crate::engine::Family;
use crate::engine::filter::default_filter;
use crate::reader::{Context, Engine, WriteError, Written};
use casemate_model::facets::binds::{Bind, Propagation, Source};
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::files::{Access, Root};
use casemate_model::facets::ids::Groups;
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Reach, Transport};
use casemate_model::facets::resources::Limits;
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use casemate_model::names::{Arch, CapabilitySet};
use casemate_model::order::Permission;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::workload::setting;
use casemate_model::{Stated, Workload};
use casemate_seccomp::formats::{self as filters, WriteOptions};
use std::path::{Path, PathBuf};

/// The default filter of an engine, for a container with these capabilities.
///
/// containerd keeps its list in step with Docker's of the same time, and CRI-O takes that of Podman.
pub fn runtime_default(
    engine: Engine,
    capabilities: CapabilitySet,
    archs: &[Arch],
) -> Option<SyscallPolicy> {
    let (family, version) = match (engine.name, engine.version) {
        ("docker", version) => (Family::Docker, version),
        ("containerd", (1, 0..=6)) => (Family::Docker, (20, 10)),
        ("containerd", (1, _)) => (Family::Docker, (26, 1)),
        ("containerd", _) => (Family::Docker, (28, 5)),
        ("cri-o", _) => (Family::Podman, (5, 4)),
        _ => return None,
    };
    Some(default_filter(family, version, capabilities, archs))
}

/// Writes pods.
pub fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let mut rest = workloads;
    while let Some(first) = rest.first() {
        let name = pod_name(first);
        let own = |workload: &&Workload| workload.name.contains('/') && pod_name(workload) == name;
        let count = if first.name.contains('/') {
            rest.iter().take_while(own).count().max(1)
        } else {
            1
        };
        let (pod, others) = rest.split_at(count);
        rest = others;
        if !written.text.is_empty() {
            written.text.push_str("---\n");
        }
        Writer {
            context,
            written: &mut written,
        }
        .pod(&name, pod)?;
    }
    Ok(written)
}

fn pod_name(workload: &Workload) -> String {
    let name = workload.name.split('/').next().unwrap_or_default();
    named(name)
}

/// A name as Kubernetes takes it: of lower case letters, digits and hyphens.
fn named(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '.' {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() {
        "workload".to_owned()
    } else {
        name.to_owned()
    }
}

struct Writer<'a, 'b> {
    context: &'a Context<'b>,
    written: &'a mut Written,
}

/// What a pod is made of.
#[derive(Default)]
struct Parts {
    volumes: Vec<(String, Tree)>,
}

impl Parts {
    /// The name of a volume with this definition.
    fn volume(&mut self, wanted: &str, definition: Tree) -> String {
        if let Some((name, _)) = self
            .volumes
            .iter()
            .find(|(name, other)| name == wanted && *other == definition)
        {
            return name.clone();
        }
        let mut name = named(wanted).replace('.', "-");
        let taken = |name: &str| self.volumes.iter().any(|(other, _)| other == name);
        if self.volumes.iter().all(|(other, _)| other != wanted) {
            wanted.clone_into(&mut name);
        }
        let mut number = 1;
        let mut free = name.clone();
        while taken(&free) {
            number += 1;
            free = format!("{name}-{number}");
        }
        self.volumes.push((free.clone(), definition));
        free
    }
}

fn map(members: Vec<(&str, Tree)>) -> Tree {
    Tree::Map(
        members
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

fn setting(workload: &Workload, name: &'static str, key: &str) -> Option<String> {
    let mut found = workload
        .settings_of(name)
        .filter(|setting| setting.key == key);
    found.next().map(|setting| setting.value.clone())
}

impl Writer<'_, '_> {
    fn pod(&mut self, name: &str, workloads: &[Workload]) -> Result<(), WriteError> {
        let Some(first) = workloads.first() else {
            return Ok(());
        };
        let mut parts = Parts::default();
        let mut lists: [(&str, Vec<Tree>); 3] = [
            ("initContainers", Vec::new()),
            ("containers", Vec::new()),
            ("ephemeralContainers", Vec::new()),
        ];
        for workload in workloads {
            let container = self.container(workload, &mut parts)?;
            let list = match workload.kind {
                "init container" | "sidecar" => &mut lists[0],
                "ephemeral container" => &mut lists[2],
                _ => &mut lists[1],
            };
            list.1.push(container);
        }
        let mut spec = Tree::Map(Vec::new());
        host(first, &mut spec);
        let mut security = Tree::Map(Vec::new());
        shared_security(first, &mut security);
        for one in first.settings_of(OTHER) {
            if let Some(path) = one.key.strip_prefix("spec.securityContext.") {
                security.put(&[path], Tree::parse(&one.value));
            }
        }
        if security != Tree::Map(Vec::new()) {
            spec.put(&["securityContext"], security);
        }
        for (key, list) in lists {
            if !list.is_empty() {
                spec.put(&[key], Tree::List(list));
            }
        }
        if !parts.volumes.is_empty() {
            let one = |(name, definition): (String, Tree)| {
                let mut members = vec![("name".to_owned(), Tree::Text(name))];
                if let Tree::Map(rest) = definition {
                    members.extend(rest);
                }
                Tree::Map(members)
            };
            spec.put(
                &["volumes"],
                Tree::List(parts.volumes.into_iter().map(one).collect()),
            );
        }
        for one in first.settings_of(OTHER) {
            if let Some(path) = one
                .key
                .strip_prefix("spec.")
                .filter(|path| !path.contains('.'))
            {
                spec.put(&[path], Tree::parse(&one.value));
            }
        }
        let document = map(vec![
            ("apiVersion", Tree::text("v1")),
            ("kind", Tree::text("Pod")),
            ("metadata", metadata(name, first)),
            ("spec", spec),
        ]);
        document.yaml(&mut self.written.text, 0);
        Ok(())
    }

    fn container(&mut self, workload: &Workload, parts: &mut Parts) -> Result<Tree, WriteError> {
        let name = workload.name.rsplit('/').next().unwrap_or_default();
        let mut tree = map(vec![("name", Tree::text(named(name)))]);
        if let Some(image) = workload.image.value() {
            tree.put(&["image"], Tree::text(image));
        }
        if let Some(command) = workload.program.command.value() {
            let words = command
                .iter()
                .map(|word| Tree::text(word.to_string_lossy()));
            tree.put(&["command"], Tree::List(words.collect()));
        }
        if let Some(directory) = workload.program.directory.value() {
            tree.put(&["workingDir"], Tree::text(directory.to_string_lossy()));
        }
        ports(workload, &mut tree);
        environment(workload, &mut tree);
        resources(workload, &mut tree);
        let security = self.security(workload)?;
        if security != Tree::Map(Vec::new()) {
            tree.put(&["securityContext"], security);
        }
        mounts(workload, &mut tree, parts);
        if workload.confinement.devices.terminal.value() == Some(&Terminal::Own) {
            tree.put(&["tty"], Tree::Bool(true));
        }
        for one in workload
            .settings_of(setting::HEALTH_CHECK)
            .filter(|one| one.key.contains("Probe"))
        {
            tree.put(&[&one.key], Tree::parse(&one.value));
        }
        for one in workload.settings_of(setting::HOOK) {
            if matches!(one.key.as_str(), "postStart" | "preStop" | "stopSignal") {
                tree.put(&["lifecycle", &one.key], Tree::parse(&one.value));
            }
        }
        let mut devices = Vec::new();
        for one in workload.settings_of(OTHER) {
            let Some(path) = one.key.strip_prefix("container.") else {
                continue;
            };
            match path {
                "ports" => {}
                "volumeDevices" => devices.push(Tree::parse(&one.value)),
                path if path.starts_with("env.") || path.starts_with("securityContext.") => {}
                // Names of resources have dots.
                path if path.starts_with("resources.") => {
                    let keys: Vec<&str> = path.splitn(3, '.').collect();
                    tree.put(&keys, Tree::parse(&one.value));
                }
                path => tree.put(&[path], Tree::parse(&one.value)),
            }
        }
        if !devices.is_empty() {
            tree.put(&["volumeDevices"], Tree::List(devices));
        }
        Ok(tree)
    }

    fn security(&mut self, workload: &Workload) -> Result<Tree, WriteError> {
        let confinement = &workload.confinement;
        let mut tree = Tree::Map(Vec::new());
        let privileged = workload.settings_of(setting::PRIVILEGED).next().is_some()
            && confinement.devices.numbers.value()
                == Some(&casemate_model::facets::device_numbers::DeviceNumbers::All);
        if privileged {
            tree.put(&["privileged"], Tree::Bool(true));
        }
        for (key, id) in [
            ("runAsUser", &confinement.ids.uid),
            ("runAsGroup", &confinement.ids.gid),
        ] {
            if let Some(id) = id.value() {
                tree.put(&[key], Tree::number(id.0));
            }
        }
        if let Some(value) = setting(workload, OTHER, "container.securityContext.runAsNonRoot") {
            tree.put(&["runAsNonRoot"], Tree::parse(&value));
        } else if confinement.ids.uid.value().is_some_and(|uid| uid.0 != 0) {
            tree.put(&["runAsNonRoot"], Tree::Bool(true));
        }
        match &confinement.capabilities.no_new_privs {
            Stated::Default {
                value: Guard::On, ..
            }
            | Stated::Set {
                value: Guard::On, ..
            } => {
                tree.put(&["allowPrivilegeEscalation"], Tree::Bool(false));
            }
            Stated::Set { .. } => tree.put(&["allowPrivilegeEscalation"], Tree::Bool(true)),
            _ => {}
        }
        match confinement.files.root.value() {
            Some(Root::ReadOnly | Root::None) => {
                tree.put(&["readOnlyRootFilesystem"], Tree::Bool(true));
            }
            _ if confinement.files.root.is_set() => {
                tree.put(&["readOnlyRootFilesystem"], Tree::Bool(false));
            }
            _ => {}
        }
        let engine = self.context.engine_of(&["containerd", "cri-o", "docker"]);
        let given = engine.map(super::security::given);
        let asked = |set: &&CapabilitySet| {
            !privileged && (confinement.capabilities.bounding.is_set() || Some(**set) != given)
        };
        if let Some(set) = confinement.capabilities.bounding.value().filter(asked) {
            tree.put(&["capabilities"], capabilities(*set));
        }
        self.filter(workload, privileged, &mut tree)?;
        labels(workload, privileged, &mut tree);
        let masked = match confinement.files.masked.value() {
            Some(Restrictions::These(paths)) => !MASKED
                .iter()
                .all(|path| paths.iter().any(|p| p.0 == Path::new(path))),
            _ => false,
        };
        let read_only = match confinement.files.read_only.value() {
            Some(Restrictions::These(paths)) => !READ_ONLY
                .iter()
                .all(|path| paths.iter().any(|p| p.0 == Path::new(path))),
            _ => false,
        };
        // Only what was said is said again: a container of another origin gets what engines cover.
        let asked = setting(workload, OTHER, "container.securityContext.procMount").is_some();
        if asked && (masked || read_only) {
            tree.put(&["procMount"], Tree::text("Unmasked"));
        }
        Ok(tree)
    }

    fn filter(
        &mut self,
        workload: &Workload,
        privileged: bool,
        tree: &mut Tree,
    ) -> Result<(), WriteError> {
        let said = setting(workload, FILTER, "");
        let profile = |kind: &str| map(vec![("type", Tree::text(kind))]);
        let local = |path: &str| {
            map(vec![
                ("type", Tree::text("Localhost")),
                ("localhostProfile", Tree::text(path)),
            ])
        };
        let Some(policy) = workload.confinement.syscalls.filter.value() else {
            match said.as_deref() {
                Some("RuntimeDefault") => tree.put(&["seccompProfile"], profile("RuntimeDefault")),
                Some(path) if path != "Unconfined" => tree.put(&["seccompProfile"], local(path)),
                _ => {}
            }
            return Ok(());
        };
        if SyscallPolicy::open().no_more_than(policy) || privileged {
            match said.as_deref() {
                Some("Unconfined") => tree.put(&["seccompProfile"], profile("Unconfined")),
                Some("RuntimeDefault") if privileged => {
                    tree.put(&["seccompProfile"], profile("RuntimeDefault"));
                }
                Some(path) if privileged => tree.put(&["seccompProfile"], local(path)),
                _ => {}
            }
            return Ok(());
        }
        let set = workload.confinement.capabilities.bounding.value().copied();
        let engine = self.context.engine_of(&["containerd", "cri-o", "docker"]);
        let default = engine
            .zip(set)
            .and_then(|(engine, set)| runtime_default(engine, set, self.context.archs));
        if default.as_ref() == Some(policy) {
            tree.put(&["seccompProfile"], profile("RuntimeDefault"));
            return Ok(());
        }
        let options = WriteOptions {
            archs: self.context.archs.to_vec(),
            tolerance: filters::Tolerance::Tighter,
        };
        let Some(write) = filters::find("oci").and_then(|format| format.write) else {
            return Ok(());
        };
        let file = write(policy, &options).map_err(|error| WriteError::Unwritable {
            field: None,
            why: format!("the system call filter: {error}"),
        })?;
        let name = workload.name.rsplit('/').next().unwrap_or_default();
        let mut path = format!("profiles/{}.json", named(name));
        let mut number = 1;
        while self
            .written
            .files
            .get(Path::new(&path))
            .is_some_and(|other| *other != file.bytes)
        {
            number += 1;
            path = format!("profiles/{}-{number}.json", named(name));
        }
        tree.put(&["seccompProfile"], local(&path));
        self.written.files.insert(PathBuf::from(path), file.bytes);
        Ok(())
    }
}

/// A path as the name of a volume; the name of one stays.
fn name_of(text: &str) -> String {
    if text.contains('/') {
        named(text).replace('.', "-")
    } else {
        text.to_owned()
    }
}

fn beside(workload: &Workload, path: &Path, entry: &mut Tree) {
    if let Some(Tree::Map(members)) =
        setting(workload, MOUNT, &path.to_string_lossy()).map(|json| Tree::parse(&json))
    {
        for (key, value) in members {
            entry.put(&[&key], value);
        }
    }
}

fn mount(workload: &Workload, bind: &Bind, parts: &mut Parts) -> Tree {
    let place = bind.at.to_string_lossy().into_owned();
    let own = setting(workload, VOLUME_OF, &place);
    let said = own
        .as_ref()
        .and_then(|name| Some((name.clone(), volumes::definition(workload, name)?)));
    let same = said.filter(|(name, definition)| {
        matches!(volumes::made(name, definition), Some(Made::Of(source, _)) if source == bind.source)
    });
    let (name, definition) = same.unwrap_or_else(|| {
        let name = own.unwrap_or_else(|| name_of(&place));
        let definition = fresh(&bind.source, &name);
        (name, definition)
    });
    let name = parts.volume(&name, definition);
    let mut entry = map(vec![
        ("name", Tree::Text(name)),
        ("mountPath", Tree::Text(place)),
    ]);
    if !bind.access.includes(Access::WRITE) {
        entry.put(&["readOnly"], Tree::Bool(true));
    }
    match bind.propagation {
        Propagation::Private => {}
        Propagation::Slave => entry.put(&["mountPropagation"], Tree::text("HostToContainer")),
        Propagation::Shared => entry.put(&["mountPropagation"], Tree::text("Bidirectional")),
    }
    beside(workload, &bind.at, &mut entry);
    entry
}

/// A definition of a volume for a source.
fn fresh(source: &Source, name: &str) -> Tree {
    match source {
        Source::Host(path) => map(vec![(
            "hostPath",
            map(vec![("path", Tree::text(path.to_string_lossy()))]),
        )]),
        Source::Own => map(vec![("emptyDir", Tree::Map(Vec::new()))]),
        Source::Volume(volume) => {
            let (kind, rest) = volume
                .split_once(':')
                .unwrap_or(("persistentVolumeClaim", volume));
            let text = |key: &str| map(vec![(key, Tree::text(rest))]);
            match kind {
                "configMap" => map(vec![(kind, text("name"))]),
                "secret" => map(vec![(kind, text("secretName"))]),
                "image" => map(vec![(kind, text("reference"))]),
                "nfs" => {
                    let (server, path) = rest.split_once(':').unwrap_or((rest, "/"));
                    map(vec![(
                        kind,
                        map(vec![
                            ("server", Tree::text(server)),
                            ("path", Tree::text(path)),
                        ]),
                    )])
                }
                "csi" => {
                    let driver = rest.strip_suffix(&format!(":{name}")).unwrap_or(rest);
                    map(vec![(kind, map(vec![("driver", Tree::text(driver))]))])
                }
                "projected" | "downwardAPI" => map(vec![(kind, map(vec![]))]),
                "persistentVolumeClaim" => map(vec![(kind, text("claimName"))]),
                // A volume of another engine's: a claim by its name.
                _ => map(vec![(
                    "persistentVolumeClaim",
                    map(vec![("claimName", Tree::text(named(volume)))]),
                )]),
            }
        }
    }
}

fn metadata(name: &str, workload: &Workload) -> Tree {
    let mut tree = map(vec![("name", Tree::text(name))]);
    let labels: Vec<(String, Tree)> = workload
        .settings_of(setting::LABEL)
        .map(|one| (one.key.clone(), Tree::text(&one.value)))
        .collect();
    if !labels.is_empty() {
        tree.put(&["labels"], Tree::Map(labels));
    }
    for one in workload.settings_of(OTHER) {
        if let Some(path) = one.key.strip_prefix("metadata.") {
            tree.put(&[path], Tree::parse(&one.value));
        }
    }
    tree
}

/// What a pod takes of the host's, and its deadline.
fn host(workload: &Workload, spec: &mut Tree) {
    let namespaces = &workload.confinement.namespaces;
    if let Some(name) = namespaces
        .hostname
        .value()
        .filter(|name| !name.0.is_empty())
    {
        spec.put(&["hostname"], Tree::text(&name.0));
    }
    let network = workload.confinement.network.reach.value() == Some(&Reach::Host);
    for (key, given) in [
        (
            "hostNetwork",
            network || namespaces.net.value() == Some(&Placement::Host),
        ),
        ("hostPID", namespaces.pid.value() == Some(&Placement::Host)),
        ("hostIPC", namespaces.ipc.value() == Some(&Placement::Host)),
    ] {
        if given {
            spec.put(&[key], Tree::Bool(true));
        }
    }
    if namespaces.user.value() == Some(&Placement::New) {
        spec.put(&["hostUsers"], Tree::Bool(false));
    }
    let token = workload
        .confinement
        .files
        .binds
        .value()
        .is_some_and(|binds| binds.0.iter().any(|bind| bind.at == Path::new(TOKEN)));
    if !token {
        spec.put(&["automountServiceAccountToken"], Tree::Bool(false));
    }
    if let Some(milliseconds) = workload
        .confinement
        .resources
        .time
        .value()
        .and_then(|limit| limit.bound())
    {
        spec.put(
            &["activeDeadlineSeconds"],
            Tree::number(milliseconds / 1000),
        );
    }
    if let Some(policy) = setting(workload, setting::RESTART, "")
        .filter(|policy| matches!(policy.as_str(), "Always" | "OnFailure" | "Never"))
    {
        spec.put(&["restartPolicy"], Tree::Text(policy));
    }
    if let Some(class) = setting(workload, setting::RUNTIME, "") {
        spec.put(&["runtimeClassName"], Tree::Text(class));
    }
}

fn shared_security(workload: &Workload, tree: &mut Tree) {
    let fs_group = setting(workload, OTHER, "spec.securityContext.fsGroup");
    if let Some(Groups::Only(groups)) = workload.confinement.ids.groups.value() {
        let others = groups
            .iter()
            .map(ToString::to_string)
            .filter(|id| Some(id) != fs_group.as_ref());
        let others: Vec<Tree> = others.map(Tree::Number).collect();
        if !others.is_empty() {
            tree.put(&["supplementalGroups"], Tree::List(others));
        }
    }
    if let Some(sysctls) = workload
        .confinement
        .kernel
        .sysctl
        .value()
        .filter(|sysctls| !sysctls.0.is_empty())
    {
        let one = |(name, value): (&String, &String)| {
            map(vec![
                ("name", Tree::text(name)),
                ("value", Tree::text(value)),
            ])
        };
        tree.put(
            &["sysctls"],
            Tree::List(sysctls.0.iter().map(one).collect()),
        );
    }
}

fn capabilities(set: CapabilitySet) -> Tree {
    let names = |set: CapabilitySet| {
        Tree::List(
            set.iter()
                .map(|one| Tree::text(one.name().to_ascii_uppercase()))
                .collect(),
        )
    };
    let all = || Tree::List(vec![Tree::text("ALL")]);
    if set == CapabilitySet::ALL {
        return map(vec![("add", all())]);
    }
    if set.is_empty() {
        return map(vec![("drop", all())]);
    }
    map(vec![("drop", all()), ("add", names(set))])
}

fn labels(workload: &Workload, privileged: bool, tree: &mut Tree) {
    let mac = &workload.confinement.mac;
    let default = |name: &str| {
        matches!(
            name,
            "cri-containerd.apparmor.d" | "crio-default" | "docker-default"
        )
    };
    match &mac.apparmor {
        Stated::Set {
            value: SecurityLabel::Named(name),
            ..
        } if default(name) => {
            tree.put(
                &["appArmorProfile"],
                map(vec![("type", Tree::text("RuntimeDefault"))]),
            );
        }
        Stated::Set {
            value: SecurityLabel::Named(name),
            ..
        } => {
            let local = vec![
                ("type", Tree::text("Localhost")),
                ("localhostProfile", Tree::text(name)),
            ];
            tree.put(&["appArmorProfile"], map(local));
        }
        Stated::Set {
            value: SecurityLabel::Unconfined,
            ..
        } if !privileged => {
            tree.put(
                &["appArmorProfile"],
                map(vec![("type", Tree::text("Unconfined"))]),
            );
        }
        _ => {}
    }
    if let Some(SecurityLabel::Named(label)) = mac.selinux.value() {
        for (key, part) in ["user", "role", "type", "level"]
            .into_iter()
            .zip(label.splitn(4, ':'))
        {
            if !part.is_empty() {
                tree.put(&["seLinuxOptions", key], Tree::text(part));
            }
        }
    }
}

fn ports(workload: &Workload, tree: &mut Tree) {
    let Some(Selection::Only(published)) = workload.confinement.network.published.value() else {
        return;
    };
    let mut list: Vec<Tree> = Vec::new();
    let mut left = published.clone();
    for one in workload
        .settings_of(OTHER)
        .filter(|one| one.key == "container.ports")
    {
        let mut port = Tree::parse(&one.value);
        if let Tree::Map(members) = &mut port {
            let text = |key: &str| {
                members
                    .iter()
                    .find(|(other, _)| other == key)
                    .map(|(_, value)| value.json())
            };
            let host = text("hostPort").and_then(|text| text.parse::<u16>().ok());
            let number = text("containerPort").and_then(|text| text.parse::<u16>().ok());
            let found = left
                .iter()
                .find(|one| one.host == host && Some(one.inside.number) == number)
                .cloned();
            match found {
                Some(found) => drop(left.remove(&found)),
                // A port of the host's that is open no longer.
                None if text("protocol").is_none_or(|protocol| protocol != "\"SCTP\"") => {
                    members.retain(|(key, _)| key != "hostPort" && key != "hostIP");
                }
                None => {}
            }
        }
        list.push(port);
    }
    for one in left {
        let mut port = map(vec![("containerPort", Tree::number(one.inside.number))]);
        if let Some(host) = one.host {
            port.put(&["hostPort"], Tree::number(host));
        }
        if let Some(address) = one.address {
            port.put(&["hostIP"], Tree::text(address.to_string()));
        }
        if one.inside.transport == Transport::Udp {
            port.put(&["protocol"], Tree::text("UDP"));
        }
        list.push(port);
    }
    if !list.is_empty() {
        tree.put(&["ports"], Tree::List(list));
    }
}

fn environment(workload: &Workload, tree: &mut Tree) {
    let mut list = Vec::new();
    if let Some(Environment::Only(variables)) = workload.confinement.kernel.environment.value() {
        for (name, value) in variables {
            if let Variable::Text(value) = value {
                list.push(map(vec![
                    ("name", Tree::text(name)),
                    ("value", Tree::text(value)),
                ]));
            }
        }
    }
    for one in workload.settings_of(OTHER) {
        if let Some(name) = one.key.strip_prefix("container.env.") {
            list.push(map(vec![
                ("name", Tree::text(name)),
                ("valueFrom", Tree::parse(&one.value)),
            ]));
        }
    }
    if !list.is_empty() {
        tree.put(&["env"], Tree::List(list));
    }
}

fn resources(workload: &Workload, tree: &mut Tree) {
    let resources = &workload.confinement.resources;
    let bound = |limit: &Stated<Limit>| limit.value().and_then(|limit| limit.bound());
    if let Some(bytes) = bound(&resources.memory) {
        tree.put(
            &["resources", "limits", "memory"],
            Tree::text(amounts::bytes_text(bytes)),
        );
    }
    if let Some(share) = bound(&resources.cpu) {
        tree.put(
            &["resources", "limits", "cpu"],
            Tree::text(amounts::cpu_text(share)),
        );
    }
    // What follows from the limit here followed from it where it was read, too.
    let follows = workload.name.contains('/') && !resources.cpu_weight.is_set();
    let said = follows || setting(workload, OTHER, "container.resources.requests.cpu").is_some();
    if let (Some(weight), Some(share), false) =
        (bound(&resources.cpu_weight), bound(&resources.cpu), said)
    {
        // The request would be the limit: no more than the weight asks for.
        let shares = weight.saturating_sub(1).saturating_mul(262_142) / 9999 + 2;
        let request = (shares.saturating_mul(1000) / 1024).min(share);
        if request < share {
            tree.put(
                &["resources", "requests", "cpu"],
                Tree::text(amounts::cpu_text(request)),
            );
        }
    }
    if let Some(Limits(limits)) = resources.huge_pages.value() {
        for (size, limit) in limits {
            if let Some(bytes) = limit.bound().filter(|_| size != "default") {
                let name = format!("hugepages-{}", size.replace("MB", "Mi").replace("GB", "Gi"));
                tree.put(
                    &["resources", "limits", &name],
                    Tree::text(amounts::bytes_text(bytes)),
                );
            }
        }
    }
    if let Some(bytes) =
        setting(workload, setting::MEMORY_RESERVATION, "").and_then(|text| text.parse().ok())
    {
        tree.put(
            &["resources", "requests", "memory"],
            Tree::text(amounts::bytes_text(bytes)),
        );
    }
}

fn mounts(workload: &Workload, tree: &mut Tree, parts: &mut Parts) {
    let files = &workload.confinement.files;
    let mut mounts = Vec::new();
    for bind in files.binds.value().into_iter().flat_map(|binds| &binds.0) {
        if bind.at == Path::new(TOKEN)
            && bind.source == Source::Volume("serviceAccount:token".to_owned())
        {
            continue;
        }
        mounts.push((bind.at.clone(), mount(workload, bind, parts)));
    }
    for (path, access) in files
        .grants
        .value()
        .into_iter()
        .flat_map(|grants| &grants.0)
    {
        if !access.is_none() {
            let bind = Bind {
                at: path.clone(),
                source: Source::Host(path.clone()),
                access: *access,
                extra: casemate_model::facets::binds::Extra::NONE,
                propagation: Propagation::Private,
            };
            mounts.push((path.clone(), mount(workload, &bind, parts)));
        }
    }
    for (path, size) in files
        .temporary
        .value()
        .into_iter()
        .flat_map(|temporary| &temporary.0)
    {
        let own = setting(workload, VOLUME_OF, &path.to_string_lossy());
        if own.is_none() && path == Path::new("/dev/shm") && *size == Limit::AtMost(SHARED_MEMORY) {
            continue;
        }
        let mut empty = map(vec![("medium", Tree::text("Memory"))]);
        if let Some(bytes) = size.bound() {
            empty.put(&["sizeLimit"], Tree::text(amounts::bytes_text(bytes)));
        }
        let definition = map(vec![("emptyDir", empty)]);
        let name = own.unwrap_or_else(|| path.to_string_lossy().into_owned());
        let said = volumes::definition(workload, &name);
        let same = said.filter(|said| {
            matches!(volumes::made(&name, said), Some(Made::Memory(other)) if other == *size)
        });
        let name = parts.volume(&name_of(&name), same.unwrap_or(definition));
        let mut entry = map(vec![
            ("name", Tree::Text(name)),
            ("mountPath", Tree::text(path.to_string_lossy())),
        ]);
        beside(workload, path, &mut entry);
        mounts.push((path.clone(), entry));
    }
    mounts.sort_by(|(a, _), (b, _)| a.cmp(b));
    if !mounts.is_empty() {
        tree.put(
            &["volumeMounts"],
            Tree::List(mounts.into_iter().map(|(_, entry)| entry).collect()),
        );
    }
}
