//! What of a service has a long form.

use super::service::Service;
use crate::document::{Entry, Fields, Node, Value};
use crate::engine::ask::{Mount, MountKind, Said, Writing, setting};
use crate::engine::parts::{self, volume_option};
use casemate_model::Origin;
use casemate_model::facets::network::Transport;
use std::path::Path;

impl Service<'_, '_> {
    pub(super) fn volumes(&mut self, entry: &Entry) {
        for item in entry.value.items() {
            let origin = self.place(item);
            let mount = match (&item.value, item.scalar()) {
                (Value::Object(_), _) => self.long_volume(item, &origin),
                (_, Some(text)) => self.asker.one(text, &origin, |_| Ok(())).and_then(|_| {
                    let mount = parts::volume(text, self.asker.base);
                    self.asker.notes.keep(mount, &origin)
                }),
                _ => {
                    self.expected(item, "a mount");
                    None
                }
            };
            if let Some(mut mount) = mount {
                self.bound(&mut mount.value);
                self.asker.ask.mounts.push(mount);
            }
        }
        if entry.value.items().is_empty() && !matches!(entry.value.value, Value::List(_)) {
            self.expected(&entry.value, "a list of mounts");
        }
    }

    /// A volume with a name that is a path of the host.
    fn bound(&self, mount: &mut Mount) {
        let host = mount
            .source
            .as_ref()
            .filter(|_| mount.kind == MountKind::Volume);
        if let Some(host) = host.and_then(|name| self.named.volumes.get(name)) {
            mount.source = Some(host.clone());
            mount.kind = MountKind::Bind;
        }
    }

    fn long_volume(&mut self, item: &Node, origin: &Origin) -> Option<Said<Mount>> {
        let own = Fields::of(item);
        let text = |key: &str| {
            own.take(key)
                .and_then(Node::scalar)
                .unwrap_or("")
                .to_owned()
        };
        let (kind, source, target) = (text("type"), text("source"), text("target"));
        if !target.starts_with('/') {
            self.asker
                .notes
                .wrong(format!("{target:?} is no absolute path inside"), origin);
            return None;
        }
        let kind = match kind.as_str() {
            "bind" => MountKind::Bind,
            "volume" | "" => MountKind::Volume,
            "tmpfs" => MountKind::Tmpfs,
            other => {
                self.asker
                    .notes
                    .no_place("the mount of type", other, origin);
                for key in ["image", "cluster", "read_only", "consistency"] {
                    own.entry(key);
                }
                self.rest(&own, "a mount");
                return None;
            }
        };
        let source = match (kind, source.is_empty()) {
            (MountKind::Bind, true) => {
                self.asker.notes.wrong("a bind has no `source`", origin);
                return None;
            }
            (_, true) => None,
            (MountKind::Bind, false) => {
                Some(self.asker.base.host(&source).to_string_lossy().into_owned())
            }
            (_, false) => Some(source),
        };
        let mut mount = parts::plain(kind, source, Path::new(&target));
        if own.take("read_only").and_then(Node::scalar) == Some("true") {
            mount.access = Writing::Refused;
        }
        if let Some(bind) = own.take("bind") {
            self.bind_options(bind, &mut mount, origin);
        }
        if let Some(volume) = own.take("volume") {
            let options = Fields::of(volume);
            if options.take("nocopy").and_then(Node::scalar) == Some("true") {
                mount.words.push("nocopy".to_owned());
            }
            if let Some(path) = options.take("subpath").and_then(Node::scalar) {
                mount.words.push(format!("volume-subpath={path}"));
            }
            if let Some(labels) = options.entry("labels") {
                mount
                    .words
                    .push(format!("volume-label={}", self.written(&labels.value)));
            }
            self.rest(&options, "a volume");
        }
        if let Some(memory) = own.take("tmpfs") {
            let options = Fields::of(memory);
            if let Some(size) = options.take("size").and_then(Node::scalar)
                && let Some(size) = self.asker.one(size, origin, parts::bytes)
            {
                mount.size = Some(size.value).filter(|size| *size > 0);
            }
            if let Some(mode) = options.take("mode").and_then(Node::scalar) {
                mount.words.push(format!("mode={mode}"));
            }
            self.rest(&options, "a tmpfs");
        }
        own.entry("consistency");
        self.rest(&own, "a mount");
        Some(Said::new(mount, origin.clone()))
    }

    fn bind_options(&mut self, bind: &Node, mount: &mut Mount, origin: &Origin) {
        let options = Fields::of(bind);
        for key in ["propagation", "selinux"] {
            if let Some(word) = options.take(key).and_then(Node::scalar)
                && let Err(what) = volume_option(mount, word)
            {
                self.asker.notes.wrong(what, origin);
            }
        }
        if let Some(word) = options.take("recursive").and_then(Node::scalar) {
            mount.words.push(format!("bind-recursive={word}"));
        }
        if options.take("create_host_path").and_then(Node::scalar) == Some("false") {
            mount.words.push("bind-create-src=false".to_owned());
        }
        self.rest(&options, "a bind");
    }

    /// Secrets and configs: files of the host that are put at a place inside, read-only.
    pub(super) fn given_files(&mut self, entry: &Entry, kind: &'static str, at: &str) {
        for item in entry.value.items() {
            let origin = self.place(item);
            let own = Fields::of(item);
            let (source, target) = match item.scalar() {
                Some(name) => (name.to_owned(), format!("{at}{name}")),
                None => {
                    let text = |key: &str| own.take(key).and_then(Node::scalar).map(str::to_owned);
                    let source = text("source").unwrap_or_default();
                    let target = text("target").unwrap_or_else(|| source.clone());
                    let target = if target.starts_with('/') {
                        target
                    } else {
                        format!("{at}{target}")
                    };
                    for key in ["uid", "gid", "mode"] {
                        if let Some(entry) = own.entry(key) {
                            let value = self.written(&entry.value);
                            self.asker.ask.setting(
                                setting::MOUNT_OPTION,
                                &target,
                                format!("{key}={value}"),
                                origin.clone(),
                            );
                        }
                    }
                    (source, target)
                }
            };
            self.rest(&own, "a secret or config");
            let files = if kind == "secrets" {
                &self.named.secrets
            } else {
                &self.named.configs
            };
            match files.get(&source) {
                Some(host) => {
                    let mut mount =
                        parts::plain(MountKind::Bind, Some(host.clone()), Path::new(&target));
                    mount.access = Writing::Refused;
                    self.asker.ask.mounts.push(Said::new(mount, origin.clone()));
                }
                None => {
                    let what = format!("what {source} holds, at {target},");
                    self.asker.notes.elsewhere(what, "the engine", &origin);
                }
            }
            self.asker
                .ask
                .setting(setting::SECRET, source, target, origin);
        }
        if !matches!(entry.value.value, Value::List(_) | Value::Null) {
            self.expected(&entry.value, "a list");
        }
    }

    pub(super) fn ports(&mut self, entry: &Entry) {
        for item in entry.value.items() {
            let origin = self.place(item);
            match item.scalar() {
                Some(text) => self.asker.port(text, &origin),
                None => self.long_port(item, &origin),
            }
        }
        if !matches!(entry.value.value, Value::List(_)) {
            self.expected(&entry.value, "a list of ports");
        }
    }

    fn long_port(&mut self, item: &Node, origin: &Origin) {
        let own = Fields::of(item);
        let text = |key: &str| {
            own.take(key)
                .and_then(Node::scalar)
                .unwrap_or("")
                .to_owned()
        };
        let (target, published, address) = (text("target"), text("published"), text("host_ip"));
        let protocol = text("protocol");
        for key in ["name", "app_protocol", "mode"] {
            if let Some(said) = own.entry(key) {
                let value = format!("{target} {key}={}", self.written(&said.value));
                self.asker
                    .ask
                    .setting(setting::OPTION, "compose port", value, origin.clone());
            }
        }
        self.rest(&own, "a port");
        let transport = match protocol.as_str() {
            "tcp" | "" => Transport::Tcp,
            "udp" => Transport::Udp,
            other => {
                self.asker.notes.no_place(
                    "the published port",
                    format!("{target}/{other}"),
                    origin,
                );
                return;
            }
        };
        let address = Some(address.as_str()).filter(|address| !address.is_empty());
        let ports = address
            .map(str::parse)
            .transpose()
            .ok()
            .and_then(|address| parts::spans(address, &published, &target, transport));
        match ports {
            Some(ports) => {
                let said = |port| Said::new(port, origin.clone());
                self.asker
                    .ask
                    .published
                    .extend(ports.published.into_iter().map(said));
            }
            None => self.asker.notes.wrong(
                format!("{published:?} to {target:?} publishes no port"),
                origin,
            ),
        }
    }

    pub(super) fn ulimits(&mut self, entry: &Entry) {
        for limit in entry.value.entries() {
            let origin = self.origin(limit);
            let (soft, hard) = match limit.value.scalar() {
                Some(both) => (both.to_owned(), both.to_owned()),
                None => {
                    let own = Fields::of(&limit.value);
                    let text = |key: &str| {
                        own.take(key)
                            .and_then(Node::scalar)
                            .unwrap_or("")
                            .to_owned()
                    };
                    let pair = (text("soft"), text("hard"));
                    self.rest(&own, "a limit");
                    pair
                }
            };
            let read = parts::ulimit_of(&limit.key, &soft, &hard);
            self.asker
                .ask
                .ulimits
                .extend(self.asker.notes.keep(read, &origin));
        }
        if !matches!(entry.value.value, Value::Object(_)) {
            self.expected(&entry.value, "an object of limits");
        }
    }

    pub(super) fn devices(&mut self, entry: &Entry) {
        for item in entry.value.items() {
            let origin = self.place(item);
            match item.scalar() {
                Some(text) => self.asker.device(text, &origin),
                None => {
                    let own = Fields::of(item);
                    let text = |key: &str| {
                        own.take(key)
                            .and_then(Node::scalar)
                            .unwrap_or("")
                            .to_owned()
                    };
                    let (source, target, access) =
                        (text("source"), text("target"), text("permissions"));
                    self.rest(&own, "a device");
                    let parts: Vec<&str> = [source.as_str(), &target, &access]
                        .into_iter()
                        .filter(|part| !part.is_empty())
                        .collect();
                    self.asker.device(&parts.join(":"), &origin);
                }
            }
        }
    }

    pub(super) fn networks(&mut self, entry: &Entry) {
        let ask = &mut self.asker.ask;
        if ask
            .networks
            .iter()
            .any(|said| !crate::engine::resolve::is_network(&said.value))
        {
            let origin = self.origin(entry);
            self.asker
                .notes
                .wrong("both `network_mode` and `networks` are given", &origin);
            return;
        }
        for item in entry.value.items() {
            match item.scalar() {
                Some(name) => self.attach(name, &self.place(item)),
                None => self.expected(item, "the name of a network"),
            }
        }
        for network in entry.value.entries() {
            let origin = self.text.origin(network.start, network.end);
            self.attach(&network.key, &origin);
            let own = Fields::of(&network.value);
            for key in [
                "aliases",
                "driver_opts",
                "gw_priority",
                "interface_name",
                "ipv4_address",
                "ipv6_address",
                "link_local_ips",
                "mac_address",
                "priority",
            ] {
                if let Some(said) = own.entry(key) {
                    let origin = self.origin(said);
                    let value = format!("{} {key}={}", network.key, self.written(&said.value));
                    self.asker
                        .ask
                        .setting(setting::OPTION, "compose network", value, origin);
                }
            }
            self.rest(&own, &format!("the network {}", network.key));
        }
    }

    fn attach(&mut self, name: &str, origin: &Origin) {
        // The project's own network is what a service is on unasked.
        if name != "default"
            && !self
                .asker
                .ask
                .networks
                .iter()
                .any(|said| said.value == name)
        {
            self.asker
                .ask
                .networks
                .push(Said::new(name.to_owned(), origin.clone()));
        }
    }

    pub(super) fn environment_files(&mut self, entry: &Entry) {
        // Own variables win over those of files, wherever the key stands.
        let own = std::mem::take(&mut self.asker.ask.environment);
        let whole = [&entry.value];
        let items: Vec<&Node> = match &entry.value.value {
            Value::List(items) => items.iter().collect(),
            _ => whole.to_vec(),
        };
        for item in items {
            let origin = self.place(item);
            match item.scalar() {
                Some(path) => self.asker.environment_file(path, &origin),
                None => {
                    let fields = Fields::of(item);
                    match fields.take("path").and_then(Node::scalar) {
                        Some(path) => self.asker.environment_file(path, &origin),
                        None => self.expected(item, "an object with `path`"),
                    }
                    for key in ["required", "format"] {
                        fields.entry(key);
                    }
                    self.rest(&fields, "an environment file");
                }
            }
        }
        for said in own {
            self.asker
                .ask
                .environment
                .retain(|other| other.value.0 != said.value.0);
            self.asker.ask.environment.push(said);
        }
    }

    pub(super) fn health(&mut self, entry: &Entry) {
        let own = Fields::of(&entry.value);
        let origin = self.origin(entry);
        if let Some(test) = own.take("test") {
            let words: Vec<String> = test
                .items()
                .iter()
                .filter_map(Node::scalar)
                .map(str::to_owned)
                .collect();
            let text = match (test.scalar(), words.split_first()) {
                (Some(text), _) => text.to_owned(),
                (None, Some((first, rest))) if first == "CMD-SHELL" => rest.join(" "),
                (None, Some((first, rest))) if first == "CMD" => crate::engine::shell::join(rest),
                (None, Some((first, _))) if first == "NONE" => "NONE".to_owned(),
                _ => {
                    self.expected(test, "a text or a list that begins with CMD");
                    String::new()
                }
            };
            if text == "NONE" {
                self.replace(setting::OPTION, "no-healthcheck", "true", &origin);
            } else {
                self.replace(setting::HEALTH_CHECK, "", &text, &origin);
            }
        }
        if own.take("disable").and_then(Node::scalar) == Some("true") {
            self.replace(setting::OPTION, "no-healthcheck", "true", &origin);
        }
        for (key, name) in [
            ("interval", "health-interval"),
            ("timeout", "health-timeout"),
            ("retries", "health-retries"),
            ("start_period", "health-start-period"),
            ("start_interval", "health-start-interval"),
        ] {
            if let Some(value) = own.entry(key) {
                let place = self.origin(value);
                let text = self.written(&value.value);
                self.replace(setting::OPTION, name, &text, &place);
            }
        }
        self.rest(&own, "the health check");
    }

    pub(super) fn logging(&mut self, entry: &Entry) {
        let own = Fields::of(&entry.value);
        if let Some(driver) = own.entry("driver") {
            let origin = self.origin(driver);
            let text = self.written(&driver.value);
            self.replace(setting::LOG_DRIVER, "", &text, &origin);
        }
        for option in own.take("options").map_or(&[][..], Node::entries) {
            let origin = self.origin(option);
            let text = self.written(&option.value);
            self.replace(setting::LOG_OPTION, &option.key, &text, &origin);
        }
        self.rest(&own, "`logging`");
    }

    pub(super) fn depends(&mut self, entry: &Entry) {
        for item in entry.value.items() {
            let origin = self.place(item);
            let name = self.written(item);
            self.asker.plain(setting::DEPENDS_ON, &name, &origin);
        }
        for service in entry.value.entries() {
            let own = Fields::of(&service.value);
            let origin = self.origin(service);
            let condition = own.take("condition").and_then(Node::scalar).unwrap_or("");
            let text = match condition {
                "" | "service_started" => service.key.clone(),
                condition => format!("{} {condition}", service.key),
            };
            own.entry("restart");
            own.entry("required");
            self.rest(&own, "`depends_on`");
            self.asker.plain(setting::DEPENDS_ON, &text, &origin);
        }
    }

    pub(super) fn profiles(&mut self, entry: &Entry) {
        for item in entry.value.items() {
            let origin = self.place(item);
            let name = self.written(item);
            self.asker.plain(setting::PROFILE, &name, &origin);
        }
    }

    pub(super) fn gpus(&mut self, entry: &Entry) {
        let origin = self.origin(entry);
        let text = self.written(&entry.value);
        self.replace(setting::GPU, "", &text, &origin);
    }

    pub(super) fn blocks(&mut self, entry: &Entry) {
        let own = Fields::of(&entry.value);
        if let Some(weight) = own.entry("weight") {
            let origin = self.origin(weight);
            let text = self.written(&weight.value);
            self.replace(setting::IO_WEIGHT, "", &text, &origin);
        }
        for (key, word) in [
            ("device_read_bps", "rbps"),
            ("device_write_bps", "wbps"),
            ("device_read_iops", "riops"),
            ("device_write_iops", "wiops"),
            ("weight_device", ""),
        ] {
            for item in own.take(key).map_or(&[][..], Node::items) {
                let device = Fields::of(item);
                let text = |key: &str| {
                    device
                        .take(key)
                        .and_then(Node::scalar)
                        .unwrap_or("")
                        .to_owned()
                };
                let (path, rate, weight) = (text("path"), text("rate"), text("weight"));
                let origin = self.place(item);
                if word.is_empty() {
                    self.replace(setting::IO_WEIGHT, &path, &weight, &origin);
                } else {
                    self.asker.rate(&format!("{path}:{rate}"), word, &origin);
                }
                self.rest(&device, &format!("`{key}`"));
            }
        }
        self.rest(&own, "`blkio_config`");
    }

    pub(super) fn deploy(&mut self, entry: &Entry) {
        let own = Fields::of(&entry.value);
        if let Some(resources) = own.take("resources") {
            let resources = Fields::of(resources);
            if let Some(limits) = resources.take("limits") {
                let limits = Fields::of(limits);
                for (key, flag) in [
                    ("cpus", "cpus"),
                    ("memory", "memory"),
                    ("pids", "pids-limit"),
                ] {
                    if let Some(limit) = limits.entry(key) {
                        let origin = self.origin(limit);
                        let text = self.written(&limit.value);
                        if let Some(flag) =
                            crate::engine::flags::find(crate::engine::Family::Docker, flag)
                        {
                            (flag.apply)(self.asker, &text, &origin);
                        }
                    }
                }
                self.device_reservations(&limits);
                self.rest(&limits, "`deploy.resources.limits`");
            }
            if let Some(reservations) = resources.take("reservations") {
                let reservations = Fields::of(reservations);
                if let Some(memory) = reservations.entry("memory") {
                    let origin = self.origin(memory);
                    let text = self.written(&memory.value);
                    if let Some(bytes) = self.asker.one(&text, &origin, parts::bytes) {
                        self.replace(
                            setting::MEMORY_RESERVATION,
                            "",
                            &bytes.value.to_string(),
                            &origin,
                        );
                    }
                }
                if let Some(cpus) = reservations.entry("cpus") {
                    let origin = self.origin(cpus);
                    let text = self.written(&cpus.value);
                    self.replace(setting::OPTION, "compose reserved cpus", &text, &origin);
                }
                self.device_reservations(&reservations);
                self.rest(&reservations, "`deploy.resources.reservations`");
            }
            self.rest(&resources, "`deploy.resources`");
        }
        for key in [
            "endpoint_mode",
            "labels",
            "mode",
            "placement",
            "replicas",
            "restart_policy",
            "rollback_config",
            "update_config",
        ] {
            if let Some(said) = own.entry(key) {
                let origin = self.origin(said);
                let text = self.written(&said.value);
                self.replace(
                    setting::OPTION,
                    &format!("compose deploy {key}"),
                    &text,
                    &origin,
                );
            }
        }
        self.rest(&own, "`deploy`");
    }

    fn device_reservations(&mut self, fields: &Fields<'_>) {
        for key in ["devices", "generic_resources"] {
            for item in fields.take(key).map_or(&[][..], Node::items) {
                let origin = self.place(item);
                let text = self.written(item);
                self.asker.plain(setting::GPU, &text, &origin);
            }
        }
    }
}
