//! The reader: pods and what all their containers share.

use super::objects::{self, Pod};
use super::tree::Tree;
use super::volumes::Volume;
use super::{OTHER, container};
use crate::document::{Entry, Fields, Node, Value};
use crate::loss::Loss;
use crate::reader::{Context, Engine, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated, Workload};
use std::collections::BTreeMap;
use std::path::Path;

/// Manifests.
pub const FORMAT: Format = Format {
    name: "kubernetes",
    about: "Kubernetes manifests: pods and what holds templates of them, in YAML or JSON",
    files: &[".yaml", ".yml", ".json"],
    detect,
    read,
    write: Some(super::write::write),
};

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let head = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
    let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    // The version is `v1` or `group/v1`; docker-compose has none, and config.json has `ociVersion`.
    let marked = has(b"apiVersion") && has(b"kind");
    let known = objects::KINDS.iter().any(|(kind, _)| has(kind.as_bytes())) || has(b"List");
    let named = matches!(
        path.extension().and_then(|end| end.to_str()),
        Some("yaml" | "yml" | "json")
    );
    match (marked, known, named) {
        (true, true, true) => Likeness::Certain,
        (true, _, _) => Likeness::Content,
        _ => Likeness::No,
    }
}

/// What reading needs.
pub struct Reader<'a, 'b, 'c> {
    /// The input.
    pub text: &'a Text<'a>,
    /// What it is read for.
    pub context: &'b mut Context<'c>,
    /// Whose defaults count.
    pub engine: Engine,
    /// What is passed over.
    pub losses: Vec<Loss>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Reader<'_, '_, '_> {
    /// The place of a value.
    pub fn at(&self, node: &Node) -> Origin {
        self.text.origin(node.start, node.end)
    }

    /// A default of the engine's.
    pub fn default<T>(&self, value: T) -> Stated<T> {
        Stated::default_of(self.engine.label, value)
    }

    /// Says that another value belongs here.
    pub fn expected(&mut self, node: &Node, what: &str) {
        self.problems.push(node.expected(self.text, what));
    }

    /// A truth value, or nothing and a problem.
    pub fn bool(&mut self, node: Option<&Node>) -> Option<(bool, Origin)> {
        let node = node?;
        if let Some(value) = node.bool() {
            Some((value, self.at(node)))
        } else {
            self.expected(node, "true or false");
            None
        }
    }

    /// A whole number that is not negative.
    pub fn number(&mut self, node: Option<&Node>) -> Option<(u64, Origin)> {
        let node = node?;
        if let Some(value) = node.integer().and_then(|value| u64::try_from(value).ok()) {
            Some((value, self.at(node)))
        } else {
            self.expected(node, "a whole number that is not negative");
            None
        }
    }

    /// An id of a user or a group.
    pub fn id(&mut self, node: Option<&Node>) -> Option<(u32, Origin)> {
        let (value, at) = self.number(node)?;
        if let Ok(value) = u32::try_from(value) {
            Some((value, at))
        } else {
            self.problems
                .push(Problem::new(format!("{value} is no id"), at));
            None
        }
    }

    /// A text.
    pub fn text<'n>(&mut self, node: Option<&'n Node>) -> Option<(&'n str, Origin)> {
        let node = node?;
        if let Some(value) = node.text() {
            Some((value, self.at(node)))
        } else {
            self.expected(node, "a text");
            None
        }
    }

    /// The items of a list.
    pub fn list<'n>(&mut self, node: Option<&'n Node>) -> &'n [Node] {
        match node {
            Some(node) if matches!(node.value, Value::List(_)) => node.items(),
            Some(node) => {
                self.expected(node, "a list");
                &[]
            }
            None => &[],
        }
    }

    /// An object's members.
    pub fn object<'n>(&mut self, node: Option<&'n Node>) -> Option<Fields<'n>> {
        let node = node?;
        if matches!(node.value, Value::Object(_)) {
            return Some(Fields::of(node));
        }
        self.expected(node, "an object");
        None
    }

    /// Reports what nobody took.
    pub fn rest(&mut self, fields: &Fields<'_>, of: &str) {
        fields.report_rest(self.text, of, &mut self.losses);
    }

    /// Keeps a field that confines nothing by itself.
    pub fn keep(&mut self, workload: &mut Workload, key: &str, entry: &Entry) {
        let at = self
            .text
            .origin(entry.start, entry.value.end.max(entry.end));
        workload.set(OTHER, key, Tree::of(&entry.value).json(), at);
    }
}

/// What a pod says for all its containers.
pub struct Shared<'a> {
    /// The pod.
    pub pod: &'a Pod<'a>,
    /// Its specification.
    pub spec: Fields<'a>,
    /// Its security context.
    pub security: Option<Fields<'a>>,
    /// Its annotations.
    pub annotations: BTreeMap<&'a str, &'a Entry>,
    /// Its volumes.
    pub volumes: Vec<Volume<'a>>,
    /// `hostNetwork`, `hostPID`, `hostIPC`.
    pub host: [Option<Origin>; 3],
    /// Whether there is a user namespace.
    pub users: Option<Origin>,
    /// The class by which memory is taken away first.
    pub quality: Quality,
}

/// The classes of `status.qosClass`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// All limits are stated and requested.
    Guaranteed,
    /// Some are.
    Burstable,
    /// None is.
    BestEffort,
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let documents = objects::documents(&text)?;
    let Some(engine) = context.engine_of(&["containerd", "cri-o", "docker"]) else {
        return Err(Problem::new("no engine's defaults are known", text.origin(0, 1)).into());
    };
    let mut reader = Reader {
        text: &text,
        context,
        engine,
        losses: Vec::new(),
        problems: Vec::new(),
    };
    let pods = objects::pods(&text, &documents, &mut reader.losses, &mut reader.problems);
    if pods.is_empty() && reader.problems.is_empty() {
        let what = "no pod, and nothing that holds one";
        reader.problems.push(Problem::new(what, text.origin(0, 1)));
    }
    let mut workloads = Vec::new();
    for pod in &pods {
        reader.pod(pod, &mut workloads);
    }
    if !reader.problems.is_empty() {
        return Err(ReadError {
            problems: reader.problems,
        });
    }
    Ok(Reading {
        workloads,
        losses: reader.losses,
    })
}

/// Fields of a pod that are read elsewhere.
const OWN: [&str; 14] = [
    "activeDeadlineSeconds",
    "automountServiceAccountToken",
    "containers",
    "ephemeralContainers",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "hostname",
    "initContainers",
    "restartPolicy",
    "runtimeClassName",
    "securityContext",
    "volumes",
];

/// Fields of a pod that confine nothing by themselves.
const KEPT: [&str; 27] = [
    "affinity",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostnameOverride",
    "imagePullSecrets",
    "nodeName",
    "nodeSelector",
    "os",
    "overhead",
    "preemptionPolicy",
    "priority",
    "priorityClassName",
    "readinessGates",
    "resourceClaims",
    "resources",
    "schedulerName",
    "schedulingGates",
    "serviceAccount",
    "serviceAccountName",
    "setHostnameAsFQDN",
    "shareProcessNamespace",
    "subdomain",
    "terminationGracePeriodSeconds",
    "tolerations",
    "topologySpreadConstraints",
];

impl Reader<'_, '_, '_> {
    fn pod<'a>(&mut self, pod: &'a Pod<'a>, workloads: &mut Vec<Workload>) {
        let spec = Fields::of(pod.spec);
        for key in OWN {
            let _known = spec.entry(key);
        }
        let security = self.object(spec.take("securityContext"));
        let host = ["hostNetwork", "hostPID", "hostIPC"].map(|key| {
            let value = self.bool(spec.take(key));
            value.filter(|(value, _)| *value).map(|(_, at)| at)
        });
        let users = self.bool(spec.take("hostUsers"));
        let annotations = pod
            .metadata
            .and_then(|metadata| metadata.get("annotations"));
        let annotations = annotations.map_or(&[][..], Node::entries);
        let mut shared = Shared {
            pod,
            security,
            annotations: annotations
                .iter()
                .map(|entry| (entry.key.as_str(), entry))
                .collect(),
            volumes: self.volumes(spec.take("volumes")),
            host,
            users: users.filter(|(value, _)| !*value).map(|(_, at)| at),
            quality: Quality::BestEffort,
            spec,
        };
        let mut containers = Vec::new();
        for (key, kind) in [
            ("initContainers", "init container"),
            ("containers", "container"),
            ("ephemeralContainers", "ephemeral container"),
        ] {
            for node in self.list(shared.spec.take(key)) {
                let always = node.get("restartPolicy").and_then(Node::text) == Some("Always");
                let kind = if kind == "init container" && always {
                    "sidecar"
                } else {
                    kind
                };
                containers.push((node, kind));
            }
        }
        if !containers.iter().any(|(_, kind)| *kind == "container") {
            let what = format!("the {} {} has no containers", pod.kind, pod.name);
            self.problems.push(Problem::new(what, self.at(pod.spec)));
        }
        shared.quality = quality(&containers);
        let first = workloads.len();
        for (node, kind) in containers {
            if let Some(workload) = container::read(self, &shared, node, kind) {
                workloads.push(workload);
            }
        }
        if let Some(security) = &shared.security {
            self.rest(security, "securityContext of the pod");
        }
        self.settings(&shared, workloads.get_mut(first..).unwrap_or_default());
    }

    /// Keeps what the pod says beside, with its first container: it is of all.
    fn settings(&mut self, shared: &Shared<'_>, workloads: &mut [Workload]) {
        let Some(workload) = workloads.first_mut() else {
            return;
        };
        if shared.pod.kind != "Pod" {
            let at = self.at(shared.pod.spec);
            workload.set(OTHER, "object.kind", Tree::text(shared.pod.kind).json(), at);
        }
        for (key, entry) in &shared.pod.beside {
            if key == "object.status" {
                let what = format!("`status`: {}", Tree::of(&entry.value).json());
                self.losses.push(Loss::ignored(
                    what,
                    "the cluster writes it",
                    self.at(&entry.value),
                ));
                continue;
            }
            self.keep(workload, key, entry);
        }
        self.metadata(shared, workload);
        if let Some((policy, at)) = self.text(shared.spec.take("restartPolicy")) {
            workload.set(setting::RESTART, "", policy, at);
        }
        if let Some((class, at)) = self.text(shared.spec.take("runtimeClassName")) {
            self.losses.push(Loss::elsewhere(
                format!("the runtime class {class}"),
                "the cluster",
                at.clone(),
            ));
            workload.set(setting::RUNTIME, "", class, at);
        }
        for key in KEPT {
            if let Some(entry) = shared
                .spec
                .entry(key)
                .filter(|entry| !entry.value.is_null())
            {
                self.keep(workload, &format!("spec.{key}"), entry);
            }
        }
        for volume in &shared.volumes {
            if super::volumes::definition(workload, volume.name).is_none() {
                let at = self.at(volume.node);
                workload.set(super::VOLUME, volume.name, volume.json(), at);
            }
        }
        self.rest(&shared.spec, "the pod's spec");
    }

    fn metadata(&mut self, shared: &Shared<'_>, workload: &mut Workload) {
        let Some(metadata) = self.object(shared.pod.metadata) else {
            return;
        };
        let _named = (metadata.entry("name"), metadata.entry("generateName"));
        for entry in metadata.take("labels").map_or(&[][..], Node::entries) {
            let at = self
                .text
                .origin(entry.start, entry.value.end.max(entry.end));
            if let Some(value) = entry.value.text() {
                workload.set(setting::LABEL, &entry.key, value, at);
            } else {
                let what = format!("the label {}: a text", entry.key);
                self.expected(&entry.value, &what);
            }
        }
        if let Some(entry) = metadata.entry("annotations") {
            self.keep(workload, "metadata.annotations", entry);
        }
        for entry in metadata.rest() {
            self.keep(workload, &format!("metadata.{}", entry.key), entry);
        }
    }
}

/// The class of a pod. Ephemeral containers have no resources.
fn quality(containers: &[(&Node, &str)]) -> Quality {
    let mut any = false;
    let mut all = true;
    for (node, kind) in containers {
        if *kind == "ephemeral container" {
            continue;
        }
        for name in ["cpu", "memory"] {
            let amount = |list: &str| {
                let node = node.at(&["resources", list, name])?;
                super::amounts::thousandths(node.scalar()?)
            };
            let (limit, request) = (amount("limits"), amount("requests"));
            any |= limit.or(request).is_some_and(|amount| amount > 0);
            all &= limit.is_some() && request.is_none_or(|request| Some(request) == limit);
        }
    }
    match (any, all) {
        (true, true) => Quality::Guaranteed,
        (true, false) => Quality::Burstable,
        (false, _) => Quality::BestEffort,
    }
}
