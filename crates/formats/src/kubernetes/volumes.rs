//! Volumes of a pod, and where a container mounts them.

use super::amounts;
use super::read::{Reader, Shared};
use super::tree::Tree;
use super::{MOUNT, VOLUME};
use crate::document::{Fields, Node};
use crate::reader::Problem;
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{Access, Temporary};
use casemate_model::lattice::Limit;
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where the token of the service account is mounted.
pub const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The size of `/dev/shm`, by default of every engine.
pub const SHARED_MEMORY: u64 = 64 << 20;

/// A volume of a pod.
pub struct Volume<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its definition.
    pub node: &'a Node,
}

/// The kinds of volumes.
pub const KINDS: [&str; 31] = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
    "cephFS",
];

impl Volume<'_> {
    /// The definition without the name.
    pub fn json(&self) -> String {
        match Tree::of(self.node) {
            Tree::Map(members) => Tree::Map(
                members
                    .into_iter()
                    .filter(|(key, _)| key != "name")
                    .collect(),
            )
            .json(),
            other => other.json(),
        }
    }
}

/// What a volume is made of.
pub enum Made {
    /// Files of the host's or of a store.
    Of(Source, Writable),
    /// Memory, with its size.
    Memory(Limit),
}

/// Whether a volume can be written at all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Writable {
    /// It can.
    Yes,
    /// It cannot, whatever its mount says.
    No,
}

/// What a definition makes, with the volume's name for those that have no other.
pub fn made(name: &str, definition: &Tree) -> Option<Made> {
    let Tree::Map(members) = definition else {
        return None;
    };
    let (kind, value) = members
        .iter()
        .find(|(kind, _)| KINDS.contains(&kind.as_str()))?;
    let text = |key: &str| match value {
        Tree::Map(members) => {
            members
                .iter()
                .find(|(other, _)| other == key)
                .and_then(|(_, value)| match value {
                    Tree::Text(text) | Tree::Number(text) => Some(text.as_str()),
                    _ => None,
                })
        }
        _ => None,
    };
    let volume = |name: String, writable| Some(Made::Of(Source::Volume(name), writable));
    match kind.as_str() {
        "hostPath" => Some(Made::Of(
            Source::Host(plain(Path::new(text("path")?))),
            Writable::Yes,
        )),
        "emptyDir" if text("medium") == Some("Memory") => {
            let size = text("sizeLimit").and_then(amounts::units);
            Some(Made::Memory(size.map_or(Limit::Unlimited, Limit::AtMost)))
        }
        "emptyDir" | "gitRepo" | "ephemeral" => Some(Made::Of(Source::Own, Writable::Yes)),
        "configMap" => volume(
            format!("configMap:{}", text("name").unwrap_or(name)),
            Writable::No,
        ),
        "secret" => volume(
            format!("secret:{}", text("secretName").unwrap_or(name)),
            Writable::No,
        ),
        "image" => volume(
            format!("image:{}", text("reference").unwrap_or(name)),
            Writable::No,
        ),
        "projected" | "downwardAPI" => volume(format!("{kind}:{name}"), Writable::No),
        "persistentVolumeClaim" => volume(
            format!("{kind}:{}", text("claimName").unwrap_or(name)),
            Writable::Yes,
        ),
        "nfs" => volume(
            format!(
                "nfs:{}:{}",
                text("server").unwrap_or_default(),
                text("path").unwrap_or_default()
            ),
            Writable::Yes,
        ),
        "csi" => volume(
            format!("csi:{}:{name}", text("driver").unwrap_or_default()),
            Writable::Yes,
        ),
        kind => volume(format!("{kind}:{name}"), Writable::Yes),
    }
}

/// The path without `.` and `..`, as text.
pub fn plain(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut result = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::ParentDir => drop(result.pop()),
            Component::Normal(name) => result.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    result
}

/// What a container's mounts add up to.
#[derive(Default)]
struct Seen {
    binds: BTreeSet<Bind>,
    temporary: BTreeMap<PathBuf, Limit>,
    places: [Option<Origin>; 2],
}

impl Reader<'_, '_, '_> {
    /// The volumes of a pod.
    pub fn volumes<'a>(&mut self, node: Option<&'a Node>) -> Vec<Volume<'a>> {
        let mut volumes = Vec::new();
        for node in self.list(node) {
            let Some(name) = node.get("name").and_then(Node::text) else {
                self.expected(node, "a volume with a name");
                continue;
            };
            for entry in node.entries() {
                if entry.key != "name" && !KINDS.contains(&entry.key.as_str()) {
                    let what = format!("`{}` of the volume {name}", entry.key);
                    let at = self
                        .text
                        .origin(entry.start, entry.value.end.max(entry.end));
                    self.losses.push(crate::Loss::not_understood(what, at));
                }
            }
            volumes.push(Volume { name, node });
        }
        volumes
    }

    /// Fills in what a container mounts.
    pub fn mounts(&mut self, shared: &Shared<'_>, container: &Fields<'_>, workload: &mut Workload) {
        let mut seen = Seen::default();
        for node in self.list(container.take("volumeMounts")) {
            self.mount(shared, node, workload, &mut seen);
        }
        self.token(shared, &mut seen);
        let shm = PathBuf::from("/dev/shm");
        let taken = seen.binds.iter().any(|bind| bind.at == shm);
        if !taken {
            seen.temporary
                .entry(shm)
                .or_insert(Limit::AtMost(SHARED_MEMORY));
        }
        let [binds, temporary] = seen.places;
        let files = &mut workload.confinement.files;
        files.binds = stated(binds, self.engine.label, Binds(seen.binds));
        files.temporary = stated(temporary, self.engine.label, Temporary(seen.temporary));
    }

    fn mount(
        &mut self,
        shared: &Shared<'_>,
        node: &Node,
        workload: &mut Workload,
        seen: &mut Seen,
    ) {
        let at = self.at(node);
        let Some(fields) = self.object(Some(node)) else {
            return;
        };
        let (Some((name, _)), Some((place, _))) = (
            self.text(fields.take("name")),
            self.text(fields.take("mountPath")),
        ) else {
            self.problems
                .push(Problem::new("a mount needs a name and a mountPath", at));
            return;
        };
        let Some(volume) = shared.volumes.iter().find(|volume| volume.name == name) else {
            self.problems
                .push(Problem::new(format!("no volume is named {name}"), at));
            return;
        };
        let read_only = self
            .bool(fields.take("readOnly"))
            .is_some_and(|(value, _)| value);
        let propagation = match self.text(fields.take("mountPropagation")) {
            None | Some(("None", _)) => Propagation::Private,
            Some(("HostToContainer", _)) => Propagation::Slave,
            Some(("Bidirectional", _)) => Propagation::Shared,
            Some((other, at)) => {
                self.problems
                    .push(Problem::new(format!("no propagation is named {other}"), at));
                Propagation::Private
            }
        };
        let sub = self
            .text(fields.take("subPath"))
            .map(|(sub, _)| sub.to_owned());
        let mut beside = Vec::new();
        for key in ["recursiveReadOnly", "subPathExpr"] {
            if let Some(entry) = fields.entry(key) {
                beside.push((key.to_owned(), Tree::of(&entry.value)));
            }
        }
        self.rest(&fields, "a volumeMount");
        let inside = plain(Path::new(place));
        match made(name, &Tree::parse(&volume.json())) {
            Some(Made::Memory(size)) => {
                if read_only {
                    beside.push(("readOnly".to_owned(), Tree::Bool(true)));
                }
                seen.temporary.insert(inside.clone(), size);
                seen.places[1] = Some(at.clone());
            }
            Some(Made::Of(source, writable)) => {
                let source = match (source, &sub) {
                    (Source::Host(path), Some(sub)) => Source::Host(plain(&path.join(sub))),
                    (source, Some(sub)) => {
                        beside.push(("subPath".to_owned(), Tree::text(sub)));
                        source
                    }
                    (source, None) => source,
                };
                let read_only = read_only || writable == Writable::No;
                seen.binds.insert(Bind {
                    at: inside.clone(),
                    source,
                    access: if read_only { Access::RUN } else { Access::FULL },
                    extra: Extra::ALL,
                    propagation,
                });
                seen.places[0] = Some(at.clone());
            }
            None => {
                let what = format!("the volume {name} is of no kind that is known");
                self.problems.push(Problem::new(what, self.at(volume.node)));
            }
        }
        if definition(workload, name).is_none() {
            workload.set(VOLUME, name, volume.json(), self.at(volume.node));
        }
        workload.set(VOLUME_OF, &inside.to_string_lossy(), name, at.clone());
        if !beside.is_empty() {
            workload.set(
                MOUNT,
                &inside.to_string_lossy(),
                Tree::Map(beside).json(),
                at.clone(),
            );
        }
        let kind = |key: &str| volume.node.at(&[key]);
        if let Some(secret) = kind("secret") {
            let secret = secret
                .get("secretName")
                .and_then(Node::text)
                .unwrap_or(name);
            workload.set(setting::SECRET, secret, inside.to_string_lossy(), at);
        }
    }

    /// The token of the service account is mounted unless that is refused.
    fn token(&mut self, shared: &Shared<'_>, seen: &mut Seen) {
        let wanted = self.bool(shared.spec.take("automountServiceAccountToken"));
        let place = PathBuf::from(TOKEN);
        if wanted.is_some_and(|(value, _)| !value) || seen.binds.iter().any(|bind| bind.at == place)
        {
            return;
        }
        seen.binds.insert(Bind {
            at: place,
            source: Source::Volume("serviceAccount:token".to_owned()),
            access: Access::RUN,
            extra: Extra::ALL,
            propagation: Propagation::Private,
        });
    }
}

/// The setting that names the volume of a mount; the key is the place inside.
pub const VOLUME_OF: &str = "kubernetes-mounted";

fn stated<T>(origin: Option<Origin>, of: &'static str, value: T) -> Stated<T> {
    match origin {
        Some(origin) => Stated::set(value, origin),
        None => Stated::default_of(of, value),
    }
}

/// The definition of a volume that has this source.
pub fn definition(workload: &Workload, name: &str) -> Option<Tree> {
    let mut found = workload
        .settings_of(VOLUME)
        .filter(|setting| setting.key == name);
    found.next().map(|setting| Tree::parse(&setting.value))
}
