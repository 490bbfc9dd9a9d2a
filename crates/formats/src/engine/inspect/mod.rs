//! What `docker inspect` and `podman inspect` print: nearly the same objects.
//!
//! A zero, an empty text and an empty list are what the engines print for what was not asked.

mod config;
mod host;

use super::Family;
use super::ask::{Ask, Notes, Said, beginning, setting};
use super::asker::{Asker, base_of};
use super::configuration;
use super::resolve::Resolver;
use crate::document::{self, Fields, Node, Value};
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use casemate_model::names::{Capability, CapabilitySet};
use casemate_model::{Origin, Stated, Workload};
use std::path::Path;

/// Reads a list of containers, or one.
pub(crate) fn read(
    family: Family,
    path: &Path,
    bytes: &[u8],
    context: &mut Context<'_>,
) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let node = document::parse_json(&text)?;
    let mut notes = Notes::default();
    let Some(defaults) = configuration::defaults(family, context, &mut notes) else {
        return Err(Problem::new("no engine of this name is known", beginning(&text)).into());
    };
    let base = base_of(path, context);
    let list = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&node),
    };
    let mut workloads = Vec::new();
    for item in list {
        if item.get("HostConfig").is_none() && item.get("Config").is_none() {
            return Err(item
                .expected(&text, "a container with `HostConfig` and `Config`")
                .into());
        }
        let mut inspector = Inspector {
            text: &text,
            family,
            asker: Asker {
                ask: Ask::default(),
                notes: &mut notes,
                files: context.files,
                base: &base,
            },
        };
        let sets = inspector.container(item);
        let ask = inspector.asker.ask;
        let origin = text.origin(item.start, item.end);
        let mut workload =
            Resolver::new(&defaults, context, &mut notes).workload(&ask, "container", origin);
        sets.apply(&mut workload);
        workloads.push(workload);
    }
    notes.finish(workloads)
}

/// Sets of capabilities that Podman prints as they are.
#[derive(Default)]
struct Sets {
    effective: Option<Said<CapabilitySet>>,
    bounding: Option<Said<CapabilitySet>>,
}

impl Sets {
    fn apply(self, workload: &mut Workload) {
        let sets = &mut workload.confinement.capabilities;
        if let Some(said) = self.effective {
            let stated = Stated::set(said.value, said.origin);
            sets.permitted = stated.clone();
            sets.effective = stated;
        }
        if let Some(said) = self.bounding {
            sets.bounding = Stated::set(said.value, said.origin);
        }
    }
}

struct Inspector<'a> {
    text: &'a Text<'a>,
    family: Family,
    asker: Asker<'a>,
}

/// What concerns the engine's own book-keeping, or the state at the time of printing.
const STATE: [&str; 43] = [
    "AppArmorProfileName",
    "Args",
    "BoundingSet",
    "Created",
    "ConmonPidFile",
    "Dependencies",
    "Driver",
    "ExecIDs",
    "ExitCommand",
    "GraphDriver",
    "HostnamePath",
    "HostsPath",
    "Id",
    "ImageDigest",
    "ImageManifestDescriptor",
    "ImageName",
    "IsInfra",
    "IsService",
    "KubeExitCodePropagation",
    "LockNumber",
    "LogPath",
    "LogTag",
    "MountLabel",
    "Namespace",
    "OCIConfigPath",
    "OCIRuntime",
    "Path",
    "PidFile",
    "Platform",
    "Pod",
    "ResolvConfPath",
    "RestartCount",
    "Rootfs",
    "SizeRootFs",
    "SizeRw",
    "State",
    "StaticDir",
    "Storage",
    "UseImageHosts",
    "UseImageHostname",
    "lockNumber",
    "LogDriver",
    "ShmDir",
];

impl Inspector<'_> {
    fn container(&mut self, item: &Node) -> Sets {
        let fields = Fields::of(item);
        if let Some(name) = fields.take("Name").and_then(Node::text) {
            self.asker.ask.name = name.trim_start_matches('/').to_owned();
        }
        fields.take("Image");
        for key in STATE {
            self.skip(&fields, key);
        }
        let sets = Sets {
            effective: self.capabilities(fields.take("EffectiveCaps")),
            bounding: self.capabilities(fields.take("BoundingCaps")),
        };
        if let Some(node) = fields.take("AppArmorProfile") {
            let name = node.text().unwrap_or("");
            let name = if name.is_empty() { "unconfined" } else { name };
            self.asker.ask.apparmor = Asker::text(name, &self.origin(node));
        }
        if let Some(node) = fields.take("ProcessLabel") {
            let label = node.text().unwrap_or("");
            let origin = self.origin(node);
            for (key, part) in ["user", "role", "type", "level"]
                .into_iter()
                .zip(label.splitn(4, ':'))
            {
                if !part.is_empty() {
                    self.asker
                        .ask
                        .selinux
                        .push(Said::new(format!("{key}:{part}"), origin.clone()));
                }
            }
        }
        let config = fields.take("Config");
        let host = fields.take("HostConfig");
        let mounts = fields.take("Mounts");
        if let Some(config) = config {
            self.config(config);
        }
        if let Some(host) = host {
            self.host(host, mounts.is_some());
        }
        if let Some(mounts) = mounts {
            self.mounted(mounts);
        }
        if let Some(network) = fields.take("NetworkSettings") {
            self.network(network);
        }
        fields.report_rest(self.text, "a container", &mut self.asker.notes.losses);
        sets
    }

    fn origin(&self, node: &Node) -> Origin {
        self.text.origin(node.start, node.end)
    }

    /// Passes over what is no part of the description, and tells which parts it has.
    fn skip(&mut self, fields: &Fields<'_>, key: &str) {
        let Some(entry) = fields.entry(key) else {
            return;
        };
        let mut names = Vec::new();
        names_in(&entry.value, &mut names);
        if !names.is_empty() {
            let what = format!("`{key}` ({})", names.join(", "));
            let origin = self.text.origin(entry.start, entry.value.end);
            self.asker
                .notes
                .ignored(what, "it is the engine's own", &origin);
        }
    }

    fn rest(&mut self, fields: &Fields<'_>, of: &str) {
        fields.report_rest(self.text, of, &mut self.asker.notes.losses);
    }

    /// A scalar that is not empty, with its place.
    fn scalar<'b>(&self, fields: &Fields<'b>, key: &str) -> Option<(&'b str, Origin)> {
        let node = fields.take(key)?;
        let text = node.scalar()?;
        (!text.is_empty()).then(|| (text, self.origin(node)))
    }

    /// A number that is not zero.
    fn number<T: std::str::FromStr>(&mut self, fields: &Fields<'_>, key: &str) -> Option<Said<T>> {
        let (text, origin) = self.scalar(fields, key)?;
        if text == "0" {
            return None;
        }
        self.asker.one(text, &origin, super::parts::number)
    }

    /// A truth value that is true.
    fn switch(&self, fields: &Fields<'_>, key: &str) -> Option<Said<bool>> {
        let node = fields.take(key)?;
        (node.bool() == Some(true)).then(|| Said::new(true, self.origin(node)))
    }

    /// The texts of a list with their places.
    fn texts<'b>(&mut self, fields: &Fields<'b>, key: &str) -> Vec<(&'b str, Origin)> {
        let Some(node) = fields.take(key) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if node.items().is_empty() && !matches!(node.value, Value::List(_)) {
            let origin = self.origin(node);
            self.asker
                .notes
                .wrong(format!("`{key}` is {} and no list", node.kind()), &origin);
        }
        for item in node.items() {
            match item.scalar() {
                Some(text) => found.push((text, self.origin(item))),
                None => {
                    let origin = self.origin(item);
                    self.asker
                        .notes
                        .wrong(format!("{} in `{key}`", item.kind()), &origin);
                }
            }
        }
        found
    }

    fn capabilities(&mut self, node: Option<&Node>) -> Option<Said<CapabilitySet>> {
        let node = node?;
        let mut set = CapabilitySet::EMPTY;
        for item in node.items() {
            match item.text().and_then(Capability::from_name) {
                Some(capability) => set = set.with(capability),
                None => {
                    let origin = self.origin(item);
                    let name = item.scalar().unwrap_or(item.kind());
                    self.asker
                        .notes
                        .wrong(format!("{name} is no capability"), &origin);
                }
            }
        }
        Some(Said::new(set, self.origin(node)))
    }

    /// Where it is attached; addresses change at each start.
    fn network(&mut self, node: &Node) {
        let fields = Fields::of(node);
        const KNOWN: [&str; 24] = [
            "AdditionalMacAddresses",
            "AdditionalMACAddresses",
            "Bridge",
            "EndpointID",
            "Gateway",
            "GlobalIPv6Address",
            "GlobalIPv6PrefixLen",
            "HairpinMode",
            "IPAddress",
            "IPPrefixLen",
            "IPv6Gateway",
            "LinkLocalIPv6Address",
            "LinkLocalIPv6PrefixLen",
            "MacAddress",
            "Ports",
            "SandboxID",
            "SandboxKey",
            "SecondaryIPAddresses",
            "SecondaryIPv6Addresses",
            "EndpointSettings",
            "DNSNames",
            "IPAMConfig",
            "Service",
            "DriverOpts",
        ];
        for key in KNOWN {
            self.skip(&fields, key);
        }
        if let Some(networks) = fields.take("Networks") {
            let own = self
                .asker
                .ask
                .networks
                .first()
                .map(|said| said.value.clone());
            for entry in networks.entries() {
                let origin = self.text.origin(entry.start, entry.end);
                let named = super::resolve::is_network(&entry.key) && entry.key != "podman";
                if named && own.as_deref() != Some(entry.key.as_str()) {
                    self.asker
                        .ask
                        .networks
                        .push(Said::new(entry.key.clone(), origin.clone()));
                }
                self.endpoint(&entry.key, &entry.value);
            }
        }
        self.rest(&fields, "`NetworkSettings`");
    }

    fn endpoint(&mut self, name: &str, node: &Node) {
        let fields = Fields::of(node);
        const KNOWN: [&str; 19] = [
            "AdditionalMACAddresses",
            "Aliases",
            "DNSNames",
            "DriverOpts",
            "EndpointID",
            "Gateway",
            "GlobalIPv6Address",
            "GlobalIPv6PrefixLen",
            "GwPriority",
            "IPAMConfig",
            "IPAddress",
            "IPPrefixLen",
            "IPv6Gateway",
            "Links",
            "MacAddress",
            "NetworkID",
            "DriverOptions",
            "IPv6Address",
            "SandboxKey",
        ];
        for key in KNOWN {
            self.skip(&fields, key);
        }
        self.rest(&fields, &format!("the network {name}"));
    }

    /// A setting of a scalar that is not empty.
    fn setting(&mut self, fields: &Fields<'_>, key: &str, name: &'static str) {
        if let Some((text, origin)) = self.scalar(fields, key) {
            let said = !matches!(text, "0" | "false");
            if said {
                self.asker.plain(name, text, &origin);
            }
        }
    }

    /// A setting that only has a name in the format.
    fn option(&mut self, fields: &Fields<'_>, key: &str, name: &str) {
        if let Some((text, origin)) = self.scalar(fields, key) {
            let said = !matches!(text, "0" | "false");
            if said {
                self.asker.ask.setting(setting::OPTION, name, text, origin);
            }
        }
    }
}

/// The keys of an object and of all that is in it.
fn names_in<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
    for entry in node.entries() {
        names.push(&entry.key);
        names_in(&entry.value, names);
    }
    for item in node.items() {
        names_in(item, names);
    }
}
