//! Reads a task definition.

use crate::document::{Fields, Keys, Node, parse_json, report_strangers};
use crate::engine::ask::{Ask, Device, Maybe, Mount, MountKind, Notes, Said, Writing, setting};
use crate::engine::defaults::Defaults;
use crate::engine::resolve::Resolver;
use crate::reader::{Context, Engine, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::Origin;
use casemate_model::facets::network::{Port, Published, Transport};
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::Limit;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Every key of a task definition.
const KEYS: Keys = Keys {
    known: &[
        "add",
        "capabilities",
        "command",
        "condition",
        "containerDefinitions",
        "containerPath",
        "containerPort",
        "cpu",
        "cpuArchitecture",
        "dependsOn",
        "deregisteredAt",
        "devices",
        "dockerSecurityOptions",
        "drop",
        "entryPoint",
        "environment",
        "essential",
        "executionRoleArn",
        "family",
        "hardLimit",
        "healthCheck",
        "host",
        "hostPath",
        "hostPort",
        "hostname",
        "image",
        "initProcessEnabled",
        "interactive",
        "interval",
        "ipcMode",
        "key",
        "links",
        "linuxParameters",
        "logConfiguration",
        "logDriver",
        "maxSwap",
        "memory",
        "memoryReservation",
        "mountOptions",
        "mountPoints",
        "name",
        "namespace",
        "networkMode",
        "operatingSystemFamily",
        "permissions",
        "pidMode",
        "portMappings",
        "privileged",
        "protocol",
        "pseudoTerminal",
        "readOnly",
        "revision",
        "volumesFrom",
        "sourceContainer",
        "readonlyRootFilesystem",
        "requiresCompatibilities",
        "retries",
        "runtimePlatform",
        "secrets",
        "sharedMemorySize",
        "size",
        "softLimit",
        "sourcePath",
        "sourceVolume",
        "startPeriod",
        "startTimeout",
        "status",
        "stopTimeout",
        "swappiness",
        "systemControls",
        "tags",
        "taskDefinition",
        "taskRoleArn",
        "timeout",
        "tmpfs",
        "ulimits",
        "user",
        "value",
        "valueFrom",
        "volumes",
        "workingDirectory",
    ],
    free: &[
        "dockerLabels",
        "dockerVolumeConfiguration",
        "driverOpts",
        "efsVolumeConfiguration",
        "labels",
        "options",
    ],
};

/// The format.
pub const FORMAT: Format = Format {
    name: "ecs",
    about: "a task definition of Amazon ECS",
    files: &[".json"],
    detect,
    read,
    write: None,
};

fn detect(_: &Path, bytes: &[u8]) -> Likeness {
    let start = bytes.get(..bytes.len().min(65_536)).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    if text.contains("\"containerDefinitions\"") {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

/// Keys of a task that confine nothing.
const TASK: [&str; 16] = [
    "compatibilities",
    "enableFaultInjection",
    "ephemeralStorage",
    "executionRoleArn",
    "family",
    "inferenceAccelerators",
    "placementConstraints",
    "proxyConfiguration",
    "registeredAt",
    "registeredBy",
    "requiresAttributes",
    "requiresCompatibilities",
    "revision",
    "runtimePlatform",
    "taskRoleArn",
    "taskDefinitionArn",
];

/// Keys of a container that confine nothing, and the setting that each becomes.
const CONTAINER: [(&str, &str); 14] = [
    ("credentialSpecs", setting::OPTION),
    ("dependsOn", setting::DEPENDS_ON),
    ("disableNetworking", setting::OPTION),
    ("dnsSearchDomains", setting::DNS),
    ("dnsServers", setting::DNS),
    ("environmentFiles", setting::OPTION),
    ("essential", setting::OPTION),
    ("firelensConfiguration", setting::OPTION),
    ("healthCheck", setting::HEALTH_CHECK),
    ("links", setting::OPTION),
    ("logConfiguration", setting::LOG_DRIVER),
    ("repositoryCredentials", setting::OPTION),
    ("resourceRequirements", setting::GPU),
    ("restartPolicy", setting::RESTART),
];

struct Reader<'a> {
    text: &'a Text<'a>,
    notes: Notes,
    volumes: BTreeMap<String, Option<String>>,
}

/// What the task says for all of its containers.
#[derive(Default)]
struct Task {
    network: Maybe<String>,
    pid: Maybe<String>,
    ipc: Maybe<String>,
    memory: Maybe<i64>,
    cpus: Maybe<u64>,
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let root = parse_json(&text)?;
    let mut reader = Reader {
        text: &text,
        notes: Notes::default(),
        volumes: BTreeMap::new(),
    };
    // What `describe-task-definition` prints holds it one level deeper.
    let described = root.get("taskDefinition").unwrap_or(&root);
    let asks = reader.task(described);
    report_strangers(&root, &text, KEYS, &mut reader.notes.losses);
    let mut notes = std::mem::take(&mut reader.notes);
    let named = context.engine.filter(|engine| engine.name == "docker");
    let Some(engine) = named.or_else(|| Engine::find("docker@20.10")) else {
        return notes.finish(Vec::new());
    };
    let defaults = Defaults::of(engine);
    let workloads = asks
        .iter()
        .map(|(ask, origin)| {
            Resolver::new(&defaults, context, &mut notes).workload(ask, "container", origin.clone())
        })
        .collect();
    notes.finish(workloads)
}

impl Reader<'_> {
    fn place(&self, node: &Node) -> Origin {
        self.text.origin(node.start, node.end)
    }

    fn wrong(&mut self, node: &Node, expected: &str) {
        self.notes.problems.push(node.expected(self.text, expected));
    }

    fn string(&mut self, node: Option<&Node>) -> Maybe<String> {
        let node = node?;
        if let Some(text) = node.scalar() {
            return Some(Said::new(text.to_owned(), self.place(node)));
        }
        self.wrong(node, "a text");
        None
    }

    fn flag(&mut self, node: Option<&Node>) -> Maybe<bool> {
        let node = node?;
        if node.bool().is_none() {
            self.wrong(node, "true or false");
        }
        node.bool().map(|on| Said::new(on, self.place(node)))
    }

    // Numbers of a task stand as texts, those of containers as numbers.
    fn number(&mut self, node: Option<&Node>) -> Maybe<i64> {
        let node = node?;
        let number = node.scalar().and_then(|text| text.trim().parse().ok());
        if number.is_none() {
            self.wrong(node, "a whole number");
        }
        number.map(|number| Said::new(number, self.place(node)))
    }

    fn list(&mut self, node: Option<&Node>) -> Vec<Said<String>> {
        let mut found = Vec::new();
        for item in node.map(Node::items).unwrap_or_default() {
            found.extend(self.string(Some(item)));
        }
        found
    }

    fn words(&mut self, node: Option<&Node>) -> Maybe<Vec<String>> {
        let node = node?;
        let words = self
            .list(Some(node))
            .into_iter()
            .map(|said| said.value)
            .collect();
        Some(Said::new(words, self.place(node)))
    }

    fn task(&mut self, root: &Node) -> Vec<(Ask, Origin)> {
        let fields = Fields::of(root);
        for volume in fields.take("volumes").map(Node::items).unwrap_or_default() {
            self.volume(volume);
        }
        let mebibytes =
            |said: Said<i64>| Said::new(said.value.saturating_mul(1 << 20), said.origin);
        let task = Task {
            network: self.string(fields.take("networkMode")),
            pid: self.string(fields.take("pidMode")),
            ipc: self.string(fields.take("ipcMode")),
            memory: self.number(fields.take("memory")).map(mebibytes),
            cpus: self.number(fields.take("cpu")).and_then(thousandths),
        };
        let mut shared = Vec::new();
        for key in TASK {
            if let Some(node) = fields.take(key) {
                shared.push((key, self.source(node), self.place(node)));
            }
        }
        for node in fields.take("tags").map(Node::items).unwrap_or_default() {
            let key = node.get("key").and_then(Node::text).unwrap_or("");
            self.notes.no_place(
                format!("the tag {key}"),
                self.source(node),
                &self.place(node),
            );
        }
        for key in ["status", "deregisteredAt"] {
            fields.take(key);
        }
        let containers = fields.take("containerDefinitions");
        if containers.is_none_or(|list| list.items().is_empty()) {
            self.wrong(root, "\"containerDefinitions\" with a container");
        }
        let mut asks = Vec::new();
        for item in containers.map(Node::items).unwrap_or_default() {
            let mut ask = self.container(item, &task);
            for (key, value, origin) in &shared {
                ask.setting(setting::OPTION, *key, value.clone(), origin.clone());
            }
            asks.push((ask, self.place(item)));
        }
        fields.report_rest(self.text, "a task", &mut self.notes.losses);
        asks
    }

    // A value as it stands, on one line.
    fn source(&self, node: &Node) -> String {
        let text = self.text.text.get(node.start..node.end).unwrap_or("");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.trim_matches('"').to_owned()
    }

    fn volume(&mut self, node: &Node) {
        let fields = Fields::of(node);
        let name = self.string(fields.take("name"));
        let host = fields.take("host").and_then(|host| host.get("sourcePath"));
        let path = self.string(host).map(|said| said.value);
        for key in [
            "dockerVolumeConfiguration",
            "efsVolumeConfiguration",
            "fsxWindowsFileServerVolumeConfiguration",
            "configuredAtLaunch",
            "s3filesVolumeConfiguration",
        ] {
            if let Some(value) = fields.take(key) {
                let (text, origin) = (self.source(value), self.place(value));
                self.notes
                    .no_place(format!("{key} of a volume"), text, &origin);
            }
        }
        fields.report_rest(self.text, "a volume", &mut self.notes.losses);
        if let Some(name) = name {
            self.volumes.insert(name.value, path);
        } else {
            self.wrong(node, "a volume with a name");
        }
    }

    fn container(&mut self, node: &Node, task: &Task) -> Ask {
        let fields = Fields::of(node);
        let mut ask = Ask {
            name: fields
                .take("name")
                .and_then(Node::text)
                .unwrap_or("")
                .to_owned(),
            ..Ask::default()
        };
        if ask.name.is_empty() {
            self.wrong(node, "a container with a name");
        }
        ask.image = self.string(fields.take("image"));
        ask.entrypoint = self.words(fields.take("entryPoint"));
        ask.command = self.words(fields.take("command"));
        ask.directory = self.string(fields.take("workingDirectory"));
        ask.user = self.string(fields.take("user"));
        ask.hostname = self.string(fields.take("hostname"));
        ask.privileged = self.flag(fields.take("privileged"));
        ask.read_only = self.flag(fields.take("readonlyRootFilesystem"));
        ask.tty = self.flag(fields.take("pseudoTerminal"));
        let mebibytes =
            |said: Said<i64>| Said::new(said.value.saturating_mul(1 << 20), said.origin);
        // The task's limit holds for all of its containers together, so it bounds each.
        ask.memory = self
            .number(fields.take("memory"))
            .map(mebibytes)
            .or_else(|| task.memory.clone());
        ask.cpus.clone_from(&task.cpus);
        if let Some(said) = self.number(fields.take("memoryReservation")).map(mebibytes) {
            ask.setting(
                setting::MEMORY_RESERVATION,
                "",
                said.value.to_string(),
                said.origin,
            );
        }
        if let Some(shares) = self.number(fields.take("cpu"))
            && let Ok(value) = u64::try_from(shares.value)
        {
            ask.cpu_shares = Some(Said::new(value, shares.origin));
        }
        self.surroundings(&fields, &mut ask);
        self.security(&fields, &mut ask);
        self.ports(&fields, task, &mut ask);
        self.mounts(&fields, &mut ask);
        if let Some(linux) = fields.take("linuxParameters") {
            self.linux(linux, &mut ask);
        }
        self.modes(task, &mut ask);
        for (key, name) in CONTAINER {
            if let Some(value) = fields.take(key) {
                ask.setting(name, key, self.source(value), self.place(value));
            }
        }
        for (key, name) in [
            ("startTimeout", setting::OPTION),
            ("stopTimeout", setting::STOP_TIMEOUT),
        ] {
            if let Some(value) = fields.take(key) {
                ask.setting(name, "", self.source(value), self.place(value));
            }
        }
        for key in [
            "interactive",
            "versionConsistency",
            "extraHosts",
            "volumesFrom",
            "systemControls",
        ] {
            if let Some(value) = fields.take(key) {
                self.other(key, value, &mut ask);
            }
        }
        fields.report_rest(self.text, "a container", &mut self.notes.losses);
        ask
    }

    fn other(&mut self, key: &'static str, value: &Node, ask: &mut Ask) {
        let origin = self.place(value);
        match key {
            "interactive" => ask.setting(setting::STDIN, "", self.source(value), origin),
            "extraHosts" => ask.setting(setting::EXTRA_HOST, "", self.source(value), origin),
            "volumesFrom" if !value.items().is_empty() => {
                self.notes
                    .elsewhere("volumesFrom", "the mounts of the other container", &origin);
            }
            "systemControls" => {
                for item in value.items() {
                    let pair = (
                        item.get("namespace").and_then(Node::text),
                        item.get("value").and_then(Node::scalar),
                    );
                    if let (Some(name), Some(text)) = pair {
                        ask.sysctls.push(Said::new(
                            (name.to_owned(), text.to_owned()),
                            self.place(item),
                        ));
                    } else {
                        self.wrong(item, "an object with \"namespace\" and \"value\"");
                    }
                }
            }
            _ => ask.setting(setting::OPTION, key, self.source(value), origin),
        }
    }

    fn surroundings(&mut self, fields: &Fields<'_>, ask: &mut Ask) {
        for item in fields
            .take("environment")
            .map(Node::items)
            .unwrap_or_default()
        {
            let pair = (
                item.get("name").and_then(Node::text),
                item.get("value").and_then(Node::scalar),
            );
            if let (Some(name), Some(value)) = pair {
                let variable = (name.to_owned(), Some(value.to_owned()));
                ask.environment.push(Said::new(variable, self.place(item)));
            } else {
                self.wrong(item, "an object with \"name\" and \"value\"");
            }
        }
        for item in fields.take("secrets").map(Node::items).unwrap_or_default() {
            let name = item.get("name").and_then(Node::text).unwrap_or("");
            let from = item.get("valueFrom").and_then(Node::text).unwrap_or("");
            ask.setting(setting::SECRET, name, from, self.place(item));
        }
        for entry in fields
            .take("dockerLabels")
            .map(Node::entries)
            .unwrap_or_default()
        {
            let value = entry.value.scalar().unwrap_or("");
            ask.setting(
                setting::LABEL,
                entry.key.clone(),
                value,
                self.place(&entry.value),
            );
        }
        for item in fields.take("ulimits").map(Node::items).unwrap_or_default() {
            let name = item.get("name").and_then(Node::text);
            let limit = |key: &str| {
                let number = item.get(key).and_then(Node::integer)?;
                // -1 is no limit.
                Some(u64::try_from(number).map_or(Limit::Unlimited, Limit::AtMost))
            };
            if let (Some(name), Some(soft), Some(hard)) =
                (name, limit("softLimit"), limit("hardLimit"))
            {
                let pair = RlimitPair { soft, hard };
                ask.ulimits
                    .push(Said::new((name.to_owned(), pair), self.place(item)));
            } else {
                self.wrong(
                    item,
                    "an object with \"name\", \"softLimit\" and \"hardLimit\"",
                );
            }
        }
    }

    fn security(&mut self, fields: &Fields<'_>, ask: &mut Ask) {
        for option in self.list(fields.take("dockerSecurityOptions")) {
            let Said { value, origin } = option;
            match value.split_once([':', '=']) {
                _ if value == "no-new-privileges" => {
                    ask.no_new_privileges = Some(Said::new(true, origin));
                }
                Some(("no-new-privileges", on)) => {
                    ask.no_new_privileges = Some(Said::new(on == "true", origin));
                }
                Some(("apparmor", profile)) => {
                    ask.apparmor = Some(Said::new(profile.to_owned(), origin));
                }
                Some(("label", label)) => ask.selinux.push(Said::new(label.to_owned(), origin)),
                _ => self
                    .notes
                    .unknown(format!("the security option {value:?}"), &origin),
            }
        }
    }

    fn ports(&mut self, fields: &Fields<'_>, task: &Task, ask: &mut Ask) {
        let mode = task
            .network
            .as_ref()
            .map_or("bridge", |said| said.value.as_str());
        for item in fields
            .take("portMappings")
            .map(Node::items)
            .unwrap_or_default()
        {
            let own = Fields::of(item);
            let port = |said: Maybe<i64>| said.and_then(|said| u16::try_from(said.value).ok());
            let inside = port(self.number(own.take("containerPort")));
            let host = port(self.number(own.take("hostPort"))).filter(|port| *port != 0);
            let transport = match own.take("protocol").and_then(Node::text) {
                Some("udp") => Transport::Udp,
                _ => Transport::Tcp,
            };
            for key in ["name", "appProtocol", "containerPortRange"] {
                if let Some(value) = own.take(key) {
                    ask.setting(setting::EXPOSE, key, self.source(value), self.place(value));
                }
            }
            own.report_rest(self.text, "a port", &mut self.notes.losses);
            let origin = self.place(item);
            match (inside, mode) {
                // With these the port is the task's own, or the host's.
                (Some(number), "awsvpc" | "host") => {
                    ask.setting(setting::EXPOSE, "", number.to_string(), origin);
                }
                (Some(number), _) => {
                    let inside = Port { transport, number };
                    ask.published.push(Said::new(
                        Published {
                            address: None,
                            host,
                            inside,
                        },
                        origin,
                    ));
                }
                (None, _) => {}
            }
        }
    }

    fn mounts(&mut self, fields: &Fields<'_>, ask: &mut Ask) {
        for item in fields
            .take("mountPoints")
            .map(Node::items)
            .unwrap_or_default()
        {
            let own = Fields::of(item);
            let volume = self.string(own.take("sourceVolume"));
            let target = self.string(own.take("containerPath"));
            let read_only = self
                .flag(own.take("readOnly"))
                .is_some_and(|said| said.value);
            own.report_rest(self.text, "a mount point", &mut self.notes.losses);
            let (Some(volume), Some(target)) = (volume, target) else {
                self.wrong(
                    item,
                    "a mount point with \"sourceVolume\" and \"containerPath\"",
                );
                continue;
            };
            let Some(path) = self.volumes.get(&volume.value).cloned() else {
                let what = format!("the volume {:?} is not among the task's", volume.value);
                self.notes.wrong(what, &volume.origin);
                continue;
            };
            let kind = if path.is_some() {
                MountKind::Bind
            } else {
                MountKind::Volume
            };
            let mut mount = plain_mount(kind, PathBuf::from(target.value));
            mount.source = path.or(Some(volume.value));
            if read_only {
                mount.access = Writing::Refused;
            }
            ask.mounts.push(Said::new(mount, self.place(item)));
        }
    }

    fn linux(&mut self, node: &Node, ask: &mut Ask) {
        let fields = Fields::of(node);
        if let Some(set) = fields.take("capabilities") {
            let own = Fields::of(set);
            ask.cap_add = self.list(own.take("add"));
            ask.cap_drop = self.list(own.take("drop"));
            own.report_rest(self.text, "capabilities", &mut self.notes.losses);
        }
        for item in fields.take("devices").map(Node::items).unwrap_or_default() {
            let Some(host) = item.get("hostPath").and_then(Node::text) else {
                self.wrong(item, "a device with \"hostPath\"");
                continue;
            };
            let inside = item
                .get("containerPath")
                .and_then(Node::text)
                .unwrap_or(host);
            let permissions = item.get("permissions").map(Node::items);
            let letters = |items: &[Node]| {
                let letter = |item: &Node| match item.text() {
                    Some("read") => "r",
                    Some("write") => "w",
                    Some("mknod") => "m",
                    _ => "",
                };
                items.iter().map(letter).collect::<String>()
            };
            let device = Device {
                host: host.to_owned(),
                inside: inside.to_owned(),
                access: permissions.map_or_else(|| "rwm".to_owned(), letters),
            };
            ask.devices.push(Said::new(device, self.place(item)));
        }
        for item in fields.take("tmpfs").map(Node::items).unwrap_or_default() {
            let Some(path) = item.get("containerPath").and_then(Node::text) else {
                self.wrong(item, "a tmpfs with \"containerPath\"");
                continue;
            };
            let mut mount = plain_mount(MountKind::Tmpfs, PathBuf::from(path));
            let size = item.get("size").and_then(Node::integer);
            mount.size = size.and_then(|size| u64::try_from(size).ok()?.checked_mul(1 << 20));
            for option in item
                .get("mountOptions")
                .map(Node::items)
                .unwrap_or_default()
            {
                match option.text() {
                    Some("ro") => mount.access = Writing::Refused,
                    Some("noexec") => mount.noexec = true,
                    Some("nosuid") => mount.nosuid = true,
                    Some("nodev") => mount.nodev = true,
                    Some(word) => mount.words.push(word.to_owned()),
                    None => self.wrong(option, "a text"),
                }
            }
            ask.mounts.push(Said::new(mount, self.place(item)));
        }
        let bytes = |said: Said<i64>| {
            Some(Said::new(
                u64::try_from(said.value).ok()?.checked_mul(1 << 20)?,
                said.origin,
            ))
        };
        ask.shm_size = self.number(fields.take("sharedMemorySize")).and_then(bytes);
        // What may be swapped, beside the memory.
        if let Some(swap) = self.number(fields.take("maxSwap")) {
            match ask.memory.as_ref() {
                Some(memory) => {
                    let both = memory
                        .value
                        .saturating_add(swap.value.saturating_mul(1 << 20));
                    ask.memory_swap = Some(Said::new(both, swap.origin));
                }
                None => self
                    .notes
                    .ignored("maxSwap", "no memory is stated", &swap.origin),
            }
        }
        if let Some(value) = fields.take("swappiness") {
            ask.setting(
                setting::SWAPPINESS,
                "",
                self.source(value),
                self.place(value),
            );
        }
        if let Some(value) = fields.take("initProcessEnabled") {
            ask.setting(setting::INIT, "", self.source(value), self.place(value));
        }
        fields.report_rest(self.text, "linuxParameters", &mut self.notes.losses);
    }

    // Modes of the task: `task` shares among its containers, `host` with the host.
    fn modes(&mut self, task: &Task, ask: &mut Ask) {
        for (key, said) in [
            ("pidMode", &task.pid),
            ("ipcMode", &task.ipc),
            ("networkMode", &task.network),
        ] {
            let Some(said) = said else {
                continue;
            };
            let (value, origin) = (said.value.as_str(), &said.origin);
            let slot = match key {
                "pidMode" => &mut ask.pid,
                "ipcMode" => &mut ask.ipc,
                _ => {
                    match value {
                        "host" | "none" | "bridge" => ask.networks.push(said.clone()),
                        "awsvpc" => ask.setting(setting::OPTION, key, value, origin.clone()),
                        _ => self.notes.unknown(format!("networkMode {value:?}"), origin),
                    }
                    continue;
                }
            };
            match value {
                "host" => *slot = Some(said.clone()),
                "none" if key == "ipcMode" => *slot = Some(said.clone()),
                "task" => self.notes.elsewhere(
                    format!("{key} task"),
                    "the task's other containers",
                    origin,
                ),
                _ => self.notes.unknown(format!("{key} {value:?}"), origin),
            }
        }
    }
}

fn plain_mount(kind: MountKind, target: PathBuf) -> Mount {
    Mount {
        kind,
        source: None,
        target,
        access: Writing::Permitted,
        propagation: None,
        noexec: false,
        nosuid: false,
        nodev: false,
        size: None,
        words: Vec::new(),
    }
}

// 1024 units are one processor.
fn thousandths(units: Said<i64>) -> Maybe<u64> {
    let thousandths = u64::try_from(units.value)
        .ok()?
        .saturating_mul(1000)
        .div_ceil(1024);
    Some(Said::new(thousandths, units.origin))
}
