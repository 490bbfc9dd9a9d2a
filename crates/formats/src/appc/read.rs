//! Reads manifests.

use crate::document::{Entry, Fields, Keys, Node, parse_json, report_strangers};
use crate::launched;
use crate::loss::Loss;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{Access, Grants, Root};
use casemate_model::facets::ids::{Groups, InsideId};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Port, Published, Reach, Transport};
use casemate_model::lattice::{Label, Selection};
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Every key of a manifest.
const KEYS: Keys = Keys {
    known: &[
        "acKind",
        "acVersion",
        "annotations",
        "app",
        "appVolume",
        "apps",
        "count",
        "default",
        "dependencies",
        "environment",
        "errno",
        "eventHandlers",
        "exec",
        "gid",
        "group",
        "hostIP",
        "hostPort",
        "id",
        "image",
        "imageID",
        "imageName",
        "isolators",
        "kind",
        "labels",
        "limit",
        "mode",
        "mountPoints",
        "mounts",
        "name",
        "path",
        "pathWhitelist",
        "podPort",
        "port",
        "ports",
        "protocol",
        "readOnly",
        "role",
        "type",
        "level",
        "readOnlyRootFS",
        "recursive",
        "request",
        "set",
        "size",
        "socketActivated",
        "source",
        "supplementaryGIDs",
        "uid",
        "user",
        "userAnnotations",
        "userLabels",
        "value",
        "volume",
        "volumes",
        "workingDirectory",
    ],
    free: &[],
};

/// The format.
pub const FORMAT: Format = Format {
    name: "appc",
    about: "appc's image manifest or pod manifest (rkt)",
    files: &["manifest"],
    detect,
    read,
    write: None,
};

/// Whose defaults fill what is left out.
pub(super) const OF: &str = "rkt@1.30";

fn detect(_: &Path, bytes: &[u8]) -> Likeness {
    let start = bytes.get(..bytes.len().min(65_536)).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    let kind = text.contains("\"ImageManifest\"") || text.contains("\"PodManifest\"");
    if kind && text.contains("\"acKind\"") {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

/// A manifest on its way into workloads.
pub(super) struct Reader<'a> {
    pub(super) text: &'a Text<'a>,
    pub(super) losses: Vec<Loss>,
    pub(super) problems: Vec<Problem>,
    volumes: BTreeMap<String, (Source, Access)>,
    ports: BTreeMap<String, (u16, Option<std::net::IpAddr>, Origin)>,
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let root = parse_json(&text)?;
    let mut reader = Reader {
        text: &text,
        losses: Vec::new(),
        problems: Vec::new(),
        volumes: BTreeMap::new(),
        ports: BTreeMap::new(),
    };
    let workloads = reader.manifest(&root, context);
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

impl Reader<'_> {
    pub(super) fn place(&self, node: &Node) -> Origin {
        self.text.origin(node.start, node.end)
    }

    pub(super) fn wrong(&mut self, node: &Node, expected: &str) {
        self.problems.push(node.expected(self.text, expected));
    }

    fn text_of(&mut self, node: Option<&Node>) -> Option<(String, Origin)> {
        let node = node?;
        match node.text() {
            Some(text) => Some((text.to_owned(), self.place(node))),
            None => {
                self.wrong(node, "a text");
                None
            }
        }
    }

    fn manifest(&mut self, root: &Node, context: &Context<'_>) -> Vec<Workload> {
        let fields = Fields::of(root);
        let kind = self.text_of(fields.take("acKind"));
        fields.take("acVersion");
        let image = match kind.as_ref().map(|(kind, _)| kind.as_str()) {
            Some("ImageManifest") => true,
            Some("PodManifest") => false,
            _ => {
                let what = "\"acKind\" is neither ImageManifest nor PodManifest";
                self.problems.push(Problem::new(what, self.place(root)));
                return Vec::new();
            }
        };
        let workloads = if image {
            self.image(root, &fields, context)
        } else {
            self.pod(&fields, context)
        };
        fields.report_rest(self.text, "", &mut self.losses);
        report_strangers(root, self.text, KEYS, &mut self.losses);
        workloads
    }

    fn image(&mut self, root: &Node, fields: &Fields<'_>, context: &Context<'_>) -> Vec<Workload> {
        let name = self.text_of(fields.take("name"));
        let Some((name, at)) = name else {
            self.problems
                .push(Problem::new("an image has no name", self.place(root)));
            return Vec::new();
        };
        let mut workload = Self::workload(name.clone(), self.place(root), context);
        workload.image = Stated::set(name, at);
        self.labels(&mut workload, fields);
        for key in ["dependencies", "pathWhitelist"] {
            if let Some(node) = fields.take(key) {
                self.losses.push(Loss::elsewhere(
                    key,
                    "the images that it is made of",
                    self.place(node),
                ));
            }
        }
        match fields.take("app") {
            Some(app) => self.app(app, &mut workload, context),
            None => {
                let on = "the pod, as the image has no app";
                self.losses
                    .push(Loss::elsewhere("what is run", on, self.place(root)));
            }
        }
        vec![workload]
    }

    fn labels(&mut self, workload: &mut Workload, fields: &Fields<'_>) {
        for key in ["labels", "annotations"] {
            for item in fields.take(key).map(Node::items).unwrap_or_default() {
                let (name, value) = (item.get("name"), item.get("value"));
                if let (Some(name), Some(value)) =
                    (name.and_then(Node::text), value.and_then(Node::scalar))
                {
                    workload.set(setting::LABEL, name, value, self.place(item));
                } else {
                    self.wrong(item, "an object with \"name\" and \"value\"");
                }
            }
        }
    }

    fn workload(name: String, origin: Origin, context: &Context<'_>) -> Workload {
        let mut workload = Workload::new(name, "app", origin);
        let mut c = launched::confinement(OF, context.caller);
        c.ids.groups = Stated::default_of(OF, Groups::Only(Vec::new()));
        let new = || Stated::default_of(OF, Placement::New);
        let n = &mut c.namespaces;
        (n.mount, n.pid, n.ipc, n.uts, n.net) = (new(), new(), new(), new(), new());
        c.network.reach = Stated::default_of(OF, Reach::Attached);
        c.files.root = Stated::default_of(OF, Root::Writable);
        c.files.grants = Stated::default_of(OF, Grants(BTreeMap::new()));
        c.kernel.environment = Stated::default_of(OF, Environment::Only(BTreeMap::new()));
        c.kernel.descriptors = Stated::default_of(OF, Selection::none());
        workload.confinement = c;
        super::isolators::defaults(&mut workload, context);
        workload
    }

    fn pod(&mut self, fields: &Fields<'_>, context: &Context<'_>) -> Vec<Workload> {
        for volume in fields.take("volumes").map(Node::items).unwrap_or_default() {
            self.volume(volume);
        }
        for port in fields.take("ports").map(Node::items).unwrap_or_default() {
            self.pod_port(port);
        }
        let isolators = fields.take("isolators");
        let mut own = Vec::new();
        let annotations = fields.take("annotations");
        let apps = fields.take("apps");
        for item in apps.map(Node::items).unwrap_or_default() {
            let app = Fields::of(item);
            let Some((name, origin)) = self.text_of(app.take("name")) else {
                self.wrong(item, "an app with a name");
                continue;
            };
            let mut workload = Self::workload(name, origin, context);
            self.image_of(app.take("image"), &mut workload);
            if let Some(node) = app.take("app") {
                self.app(node, &mut workload, context);
            } else {
                let on = "the image's own app";
                self.losses
                    .push(Loss::elsewhere("what is run", on, self.place(item)));
            }
            if let Some(node) = app.take("readOnlyRootFS") {
                match node.bool() {
                    Some(true) => {
                        workload.confinement.files.root =
                            Stated::set(Root::ReadOnly, self.place(node));
                    }
                    Some(false) => {
                        workload.confinement.files.root =
                            Stated::set(Root::Writable, self.place(node));
                    }
                    None => self.wrong(node, "true or false"),
                }
            }
            self.mounts(app.take("mounts"), &mut workload);
            self.labels(&mut workload, &app);
            app.report_rest(self.text, "an app", &mut self.losses);
            // What the pod is limited to holds for each of its apps.
            if let Some(list) = isolators {
                self.isolators(list, &mut workload, context);
            }
            for note in annotations.map(Node::items).unwrap_or_default() {
                if let (Some(name), Some(value)) = (
                    note.get("name").and_then(Node::text),
                    note.get("value").and_then(Node::scalar),
                ) {
                    workload.set(setting::LABEL, name, value, self.place(note));
                }
            }
            own.push(workload);
        }
        own
    }

    fn image_of(&mut self, node: Option<&Node>, workload: &mut Workload) {
        let Some(node) = node else {
            return;
        };
        let fields = Fields::of(node);
        let id = self.text_of(fields.take("id"));
        let name = self.text_of(fields.take("name"));
        if let Some((image, at)) = name.or(id) {
            workload.image = Stated::set(image, at);
        }
        self.labels(workload, &fields);
        fields.report_rest(self.text, "an image", &mut self.losses);
    }

    fn volume(&mut self, node: &Node) {
        let fields = Fields::of(node);
        let name = self.text_of(fields.take("name"));
        let kind = self.text_of(fields.take("kind"));
        let source = self.text_of(fields.take("source"));
        let read_only = fields
            .take("readOnly")
            .and_then(Node::bool)
            .unwrap_or(false);
        for key in ["recursive", "mode", "uid", "gid"] {
            if let Some(value) = fields.take(key) {
                let text = value.scalar().unwrap_or("").to_owned();
                self.losses.push(Loss::no_place(
                    format!("{key} of a volume"),
                    text,
                    self.place(value),
                ));
            }
        }
        fields.report_rest(self.text, "a volume", &mut self.losses);
        let access = if read_only { Access::RUN } else { Access::FULL };
        let source = match (kind.as_ref().map(|(kind, _)| kind.as_str()), source) {
            (Some("host"), Some((path, _))) => Source::Host(PathBuf::from(path)),
            (Some("empty"), _) => Source::Own,
            _ => {
                return self.wrong(
                    node,
                    "a volume of kind host with a source, or of kind empty",
                );
            }
        };
        if let Some((name, _)) = name {
            self.volumes.insert(name, (source, access));
        }
    }

    fn pod_port(&mut self, node: &Node) {
        let fields = Fields::of(node);
        let name = self.text_of(fields.take("name"));
        let port = fields
            .take("hostPort")
            .and_then(Node::integer)
            .and_then(|port| u16::try_from(port).ok());
        let address = fields
            .take("hostIP")
            .and_then(Node::text)
            .and_then(|text| text.parse().ok());
        if let Some(ours) = fields.take("podPort") {
            let text = ours.scalar().unwrap_or("").to_owned();
            self.losses
                .push(Loss::no_place("podPort", text, self.place(ours)));
        }
        fields.report_rest(self.text, "a port", &mut self.losses);
        match (name, port) {
            (Some((name, at)), Some(port)) => {
                self.ports.insert(name, (port, address, at));
            }
            _ => self.wrong(node, "a port with a name and a hostPort"),
        }
    }

    fn mounts(&mut self, node: Option<&Node>, workload: &mut Workload) {
        let mut binds: BTreeSet<Bind> = BTreeSet::new();
        let mut last = None;
        for item in node.map(Node::items).unwrap_or_default() {
            let fields = Fields::of(item);
            let volume = self.text_of(fields.take("volume"));
            let path = self.text_of(fields.take("path"));
            fields.take("appVolume");
            fields.report_rest(self.text, "a mount", &mut self.losses);
            let (Some((volume, _)), Some((path, at))) = (volume, path) else {
                self.wrong(item, "a mount with a volume and a path");
                continue;
            };
            let Some((source, access)) = self.volumes.get(&volume).cloned() else {
                let what = format!("the volume {volume:?} is not among the pod's");
                self.problems.push(Problem::new(what, at));
                continue;
            };
            binds.insert(Bind {
                at: PathBuf::from(path),
                source,
                access,
                extra: Extra::ALL,
                propagation: Propagation::Private,
            });
            last = Some(at);
        }
        if let Some(origin) = last {
            workload.confinement.files.binds = Stated::set(Binds(binds), origin);
        }
    }

    fn app(&mut self, node: &Node, workload: &mut Workload, context: &Context<'_>) {
        let fields = Fields::of(node);
        if let Some(exec) = fields.take("exec") {
            let words: Option<Vec<OsString>> = exec
                .items()
                .iter()
                .map(|word| word.text().map(OsString::from))
                .collect();
            match words.filter(|words| !words.is_empty()) {
                Some(words) => workload.program.command = Stated::set(words, self.place(exec)),
                None => self.wrong(exec, "a list of texts"),
            }
        }
        self.who(&fields, workload);
        if let Some((path, at)) = self.text_of(fields.take("workingDirectory")) {
            workload.program.directory = Stated::set(PathBuf::from(path), at);
        }
        self.environment(fields.take("environment"), workload);
        for item in fields
            .take("eventHandlers")
            .map(Node::items)
            .unwrap_or_default()
        {
            let name = item
                .get("name")
                .and_then(Node::text)
                .unwrap_or("")
                .to_owned();
            let words = item.get("exec").map(Node::items).unwrap_or_default();
            let words: Vec<&str> = words.iter().filter_map(Node::text).collect();
            workload.set(setting::HOOK, &name, words.join(" "), self.place(item));
        }
        for item in fields
            .take("mountPoints")
            .map(Node::items)
            .unwrap_or_default()
        {
            let (name, path) = (
                item.get("name").and_then(Node::text),
                item.get("path").and_then(Node::text),
            );
            let value = path.unwrap_or("").to_owned();
            workload.set(
                "appc-mount-point",
                name.unwrap_or(""),
                value,
                self.place(item),
            );
        }
        self.app_ports(fields.take("ports"), workload);
        if let Some(list) = fields.take("isolators") {
            self.isolators(list, workload, context);
        }
        for key in ["userAnnotations", "userLabels"] {
            for entry in fields.take(key).map(Node::entries).unwrap_or_default() {
                self.user_label(entry, workload);
            }
        }
        fields.report_rest(self.text, "app", &mut self.losses);
    }

    fn user_label(&self, entry: &Entry, workload: &mut Workload) {
        let value = entry.value.scalar().unwrap_or("").to_owned();
        workload.set(setting::LABEL, &entry.key, value, self.place(&entry.value));
    }

    fn who(&mut self, fields: &Fields<'_>, workload: &mut Workload) {
        let ids = &mut workload.confinement.ids;
        (ids.uid, ids.gid) = (Stated::Unknown, Stated::Unknown);
        if let Some((user, at)) = self.text_of(fields.take("user")) {
            match user.parse() {
                Ok(uid) => ids.uid = Stated::set(InsideId(uid), at),
                Err(_) if user == "root" => ids.uid = Stated::set(InsideId(0), at),
                Err(_) if user.starts_with('/') => {
                    let what = format!("user {user:?}");
                    self.losses
                        .push(Loss::elsewhere(what, "who owns that file of the image", at));
                }
                Err(_) => ids.user_name = Stated::set(Label(user), at),
            }
        }
        if let Some((group, at)) = self.text_of(fields.take("group")) {
            match group.parse() {
                Ok(gid) => ids.gid = Stated::set(InsideId(gid), at),
                Err(_) => {
                    let what = format!("group {group:?}");
                    self.losses
                        .push(Loss::elsewhere(what, "the image's groups", at));
                }
            }
        }
        if let Some(node) = fields.take("supplementaryGIDs") {
            let groups: Option<Vec<u32>> = node
                .items()
                .iter()
                .map(|id| id.integer().and_then(|id| id.try_into().ok()))
                .collect();
            match groups {
                Some(mut groups) => {
                    groups.sort_unstable();
                    ids.groups = Stated::set(Groups::Only(groups), self.place(node));
                }
                None => self.wrong(node, "a list of numbers"),
            }
        }
    }

    fn environment(&mut self, node: Option<&Node>, workload: &mut Workload) {
        let Some(node) = node else {
            return;
        };
        let mut variables = BTreeMap::new();
        for item in node.items() {
            let (name, value) = (item.get("name"), item.get("value"));
            match (name.and_then(Node::text), value.and_then(Node::text)) {
                (Some(name), Some(value)) => {
                    variables.insert(name.to_owned(), Variable::Text(value.to_owned()));
                }
                _ => self.wrong(item, "an object with \"name\" and \"value\""),
            }
        }
        let environment = Environment::Only(variables);
        workload.confinement.kernel.environment = Stated::set(environment, self.place(node));
    }

    fn app_ports(&mut self, node: Option<&Node>, workload: &mut Workload) {
        let mut published = BTreeSet::new();
        let mut last = None;
        for item in node.map(Node::items).unwrap_or_default() {
            let fields = Fields::of(item);
            let name = self.text_of(fields.take("name"));
            let transport = match fields.take("protocol").and_then(Node::text) {
                Some("udp") => Transport::Udp,
                _ => Transport::Tcp,
            };
            let number = fields
                .take("port")
                .and_then(Node::integer)
                .and_then(|n| u16::try_from(n).ok());
            for key in ["count", "socketActivated"] {
                if let Some(value) = fields.take(key) {
                    let text = value.scalar().unwrap_or("").to_owned();
                    workload.set("appc-port", key, text, self.place(value));
                }
            }
            fields.report_rest(self.text, "a port", &mut self.losses);
            let (Some((name, _)), Some(number)) = (name, number) else {
                self.wrong(item, "a port with a name and a number");
                continue;
            };
            workload.set("appc-port", &name, number.to_string(), self.place(item));
            if let Some((host, address, at)) = self.ports.get(&name).cloned() {
                let inside = Port { transport, number };
                published.insert(Published {
                    address,
                    host: Some(host),
                    inside,
                });
                last = Some(at);
            }
        }
        if let Some(origin) = last {
            workload.confinement.network.published =
                Stated::set(Selection::Only(published), origin);
        }
    }
}
