//! The keys of a service.

use super::project::Named;
use crate::document::{Entry, Fields, Node, Value};
use crate::engine::ask::{Maybe, Said, setting};
use crate::engine::asker::Asker;
use crate::engine::{flags, parts, shell};
use crate::reader::Text;
use casemate_model::Origin;

/// A service that is being read.
pub(super) struct Service<'a, 'b> {
    pub text: &'a Text<'a>,
    pub asker: &'a mut Asker<'b>,
    pub named: &'a Named,
    pub name: &'a str,
}

/// Keys that are a flag of `docker run` with one value.
const FLAGS: [(&str, &str); 31] = [
    ("cap_add", "cap-add"),
    ("cap_drop", "cap-drop"),
    ("cgroup", "cgroupns"),
    ("cgroup_parent", "cgroup-parent"),
    ("cpu_period", "cpu-period"),
    ("cpu_quota", "cpu-quota"),
    ("cpu_rt_period", "cpu-rt-period"),
    ("cpu_rt_runtime", "cpu-rt-runtime"),
    ("cpu_shares", "cpu-shares"),
    ("cpus", "cpus"),
    ("cpuset", "cpuset-cpus"),
    ("device_cgroup_rules", "device-cgroup-rule"),
    ("dns", "dns"),
    ("dns_opt", "dns-option"),
    ("dns_search", "dns-search"),
    ("domainname", "domainname"),
    ("expose", "expose"),
    ("group_add", "group-add"),
    ("hostname", "hostname"),
    ("ipc", "ipc"),
    ("label_file", "label-file"),
    ("links", "link"),
    ("mac_address", "mac-address"),
    ("mem_limit", "memory"),
    ("mem_reservation", "memory-reservation"),
    ("mem_swappiness", "memory-swappiness"),
    ("memswap_limit", "memory-swap"),
    ("security_opt", "security-opt"),
    ("tmpfs", "tmpfs"),
    ("volumes_from", "volumes-from"),
    ("working_dir", "workdir"),
];

/// More of those.
const MORE_FLAGS: [(&str, &str); 22] = [
    ("image", ""),
    ("init", "init"),
    ("network_mode", "network"),
    ("oom_kill_disable", "oom-kill-disable"),
    ("oom_score_adj", "oom-score-adj"),
    ("pid", "pid"),
    ("pids_limit", "pids-limit"),
    ("platform", "platform"),
    ("privileged", "privileged"),
    ("pull_policy", "pull"),
    ("read_only", "read-only"),
    ("restart", "restart"),
    ("runtime", "runtime"),
    ("shm_size", "shm-size"),
    ("stdin_open", "interactive"),
    ("stop_grace_period", "stop-timeout"),
    ("stop_signal", "stop-signal"),
    ("tty", "tty"),
    ("use_api_socket", "use-api-socket"),
    ("user", "user"),
    ("userns_mode", "userns"),
    ("uts", "uts"),
];

/// Keys that confine nothing and are kept as they are.
const PLAIN: [&str; 9] = [
    "attach",
    "container_name",
    "external_links",
    "scale",
    "cpu_count",
    "cpu_percent",
    "isolation",
    "driver_opts",
    "models",
];

impl Service<'_, '_> {
    /// Reads all keys.
    pub(super) fn read(&mut self, node: &Node) {
        let fields = Fields::of(node);
        fields.entry("extends");
        for (key, flag) in FLAGS.iter().chain(&MORE_FLAGS) {
            if let Some(entry) = fields.entry(key) {
                self.flag(entry, flag);
            }
        }
        for key in PLAIN {
            if let Some(entry) = fields.entry(key) {
                self.kept(entry);
            }
        }
        self.structures(&fields);
        for entry in fields.prefixed("x-") {
            self.kept(entry);
        }
        fields.report_rest(
            self.text,
            &format!("the service {}", self.name),
            &mut self.asker.notes.losses,
        );
    }

    pub(super) fn origin(&self, entry: &Entry) -> Origin {
        self.text
            .origin(entry.start, entry.value.end.max(entry.end))
    }

    pub(super) fn place(&self, node: &Node) -> Origin {
        self.text.origin(node.start, node.end)
    }

    /// Says that a value is of the wrong kind.
    pub(super) fn expected(&mut self, node: &Node, what: &str) {
        let problem = node.expected(self.text, what);
        self.asker.notes.problems.push(problem);
    }

    pub(super) fn rest(&mut self, fields: &Fields<'_>, of: &str) {
        let of = format!("{of} of the service {}", self.name);
        fields.report_rest(self.text, &of, &mut self.asker.notes.losses);
    }

    /// A value as text, on one line.
    pub(super) fn written(&self, node: &Node) -> String {
        match node.scalar() {
            Some(text) => text.to_owned(),
            None => {
                let text = self.text.text.get(node.start..node.end).unwrap_or("");
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn kept(&mut self, entry: &Entry) {
        if entry.value.is_null() {
            return;
        }
        let value = self.written(&entry.value);
        let origin = self.origin(entry);
        // Keys are few; a key of the author's own has a name of its own.
        let key = format!("compose {}", entry.key);
        self.replace(setting::OPTION, &key, &value, &origin);
    }

    /// Adds a setting in place of one of the same name and key that was extended.
    pub(super) fn replace(&mut self, name: &'static str, key: &str, value: &str, origin: &Origin) {
        let ask = &mut self.asker.ask;
        ask.settings
            .retain(|other| other.name != name || other.key != key);
        ask.setting(name, key, value, origin.clone());
    }

    fn flag(&mut self, entry: &Entry, flag: &str) {
        match &entry.value.value {
            Value::Null => {}
            Value::List(items) => {
                for item in items {
                    match item.scalar() {
                        Some(text) => self.apply(flag, text, &self.place(item)),
                        None => self.expected(item, "a text"),
                    }
                }
            }
            Value::Object(_) => self.expected(&entry.value, "a value or a list"),
            _ => {
                let text = entry.value.scalar().unwrap_or("").to_owned();
                let origin = self.origin(entry);
                self.apply(flag, &text, &origin);
            }
        }
    }

    fn apply(&mut self, flag: &str, text: &str, origin: &Origin) {
        match flag {
            "" => self.asker.ask.image = Some(Said::new(text.to_owned(), origin.clone())),
            // What is extended named others.
            "network" => {
                self.asker.ask.networks.clear();
                let text = if text == "bridge" { "" } else { text };
                if !text.is_empty() {
                    self.asker
                        .ask
                        .networks
                        .push(Said::new(text.to_owned(), origin.clone()));
                }
            }
            "restart" | "runtime" | "platform" | "pull" | "stop-signal" | "stop-timeout"
            | "memory-reservation" | "memory-swappiness" | "cgroup-parent" | "init"
            | "interactive" => {
                let name = match flag {
                    "restart" => setting::RESTART,
                    "runtime" => setting::RUNTIME,
                    "platform" => setting::PLATFORM,
                    "pull" => setting::PULL,
                    "stop-signal" => setting::STOP_SIGNAL,
                    "stop-timeout" => setting::STOP_TIMEOUT,
                    "memory-reservation" => setting::MEMORY_RESERVATION,
                    "memory-swappiness" => setting::SWAPPINESS,
                    "cgroup-parent" => setting::CGROUP_PARENT,
                    "init" => setting::INIT,
                    _ => setting::STDIN,
                };
                if flag == "memory-reservation" {
                    if let Some(bytes) = self.asker.one(text, origin, parts::bytes) {
                        self.replace(name, "", &bytes.value.to_string(), origin);
                    }
                } else if !matches!((flag, text), ("init" | "interactive", "false")) {
                    self.replace(name, "", text, origin);
                }
            }
            "tmpfs" if !text.starts_with('/') => {
                self.asker
                    .notes
                    .wrong(format!("{text:?} is no absolute path inside"), origin);
            }
            _ => match flags::find(crate::engine::Family::Docker, flag) {
                Some(flag) => (flag.apply)(self.asker, text, origin),
                None => self.asker.notes.unknown(format!("`{flag}`"), origin),
            },
        }
    }

    fn structures(&mut self, fields: &Fields<'_>) {
        if let Some(entry) = fields.entry("command")
            && let Some(words) = self.words(entry)
        {
            self.asker.ask.command = words;
        }
        if let Some(entry) = fields.entry("entrypoint")
            && let Some(words) = self.words(entry)
        {
            self.asker.ask.entrypoint = words;
        }
        if let Some(entry) = fields.entry("environment") {
            for (name, value, origin) in self.pairs(&entry.value, "=") {
                let text = value.map_or_else(|| name.clone(), |value| format!("{name}={value}"));
                self.asker.variable(&text, &origin);
            }
        }
        for (key, name) in [
            ("labels", setting::LABEL),
            ("annotations", setting::ANNOTATION),
        ] {
            if let Some(entry) = fields.entry(key) {
                for (key, value, origin) in self.pairs(&entry.value, "=") {
                    self.replace(name, &key, &value.unwrap_or_default(), &origin);
                }
            }
        }
        if let Some(entry) = fields.entry("sysctls") {
            for (key, value, origin) in self.pairs(&entry.value, "=") {
                let value = value.unwrap_or_default();
                self.asker.sysctl(&format!("{key}={value}"), &origin);
            }
        }
        if let Some(entry) = fields.entry("extra_hosts") {
            for (host, address, origin) in self.pairs(&entry.value, "=:") {
                let line = format!("{host}:{}", address.unwrap_or_default());
                self.asker.plain(setting::EXTRA_HOST, &line, &origin);
            }
        }
        if let Some(entry) = fields.entry("storage_opt") {
            for (key, value, origin) in self.pairs(&entry.value, "=") {
                let value = format!("{key}={}", value.unwrap_or_default());
                self.asker
                    .ask
                    .setting(setting::OPTION, "storage-opt", value, origin);
            }
        }
        for (key, read) in [
            ("volumes", Self::volumes as fn(&mut Self, &Entry)),
            ("ports", Self::ports),
            ("ulimits", Self::ulimits),
            ("devices", Self::devices),
            ("networks", Self::networks),
            ("env_file", Self::environment_files),
            ("healthcheck", Self::health),
            ("logging", Self::logging),
            ("depends_on", Self::depends),
            ("deploy", Self::deploy),
            ("blkio_config", Self::blocks),
            ("profiles", Self::profiles),
            ("gpus", Self::gpus),
        ] {
            if let Some(entry) = fields.entry(key).filter(|entry| !entry.value.is_null()) {
                read(self, entry);
            }
        }
        for (key, at) in [("secrets", "/run/secrets/"), ("configs", "/")] {
            if let Some(entry) = fields.entry(key) {
                self.given_files(entry, key, at);
            }
        }
        for key in [
            "build",
            "develop",
            "credential_spec",
            "post_start",
            "pre_stop",
            "provider",
        ] {
            if let Some(entry) = fields.entry(key) {
                self.hooks(entry);
            }
        }
    }

    /// How it is built, and what runs beside it.
    fn hooks(&mut self, entry: &Entry) {
        let value = self.written(&entry.value);
        let origin = self.origin(entry);
        match entry.key.as_str() {
            "build" => {
                if self.asker.ask.image.is_none() {
                    self.asker.notes.elsewhere(
                        "user and command",
                        format!("the build of {value}"),
                        &origin,
                    );
                }
                for part in entry
                    .value
                    .entries()
                    .iter()
                    .filter(|part| part.key != "context")
                {
                    let (key, value) = (
                        format!("compose build {}", part.key),
                        self.written(&part.value),
                    );
                    self.replace(setting::OPTION, &key, &value, &origin);
                }
                let context = entry
                    .value
                    .get("context")
                    .or(entry.value.scalar().map(|_| &entry.value));
                let context = context.and_then(Node::scalar).unwrap_or(".").to_owned();
                self.replace(setting::OPTION, "compose build", &context, &origin);
            }
            "post_start" => self.replace(setting::HOOK, "post-start", &value, &origin),
            "pre_stop" => self.replace(setting::HOOK, "pre-stop", &value, &origin),
            "credential_spec" => {
                self.asker.notes.ignored(
                    format!("`credential_spec` {value}"),
                    "it is for Windows",
                    &origin,
                );
            }
            key => self.replace(setting::OPTION, &format!("compose {key}"), &value, &origin),
        }
    }

    /// A list of words, or one text as a shell splits it; `None` when it cannot be read.
    fn words(&mut self, entry: &Entry) -> Option<Maybe<Vec<String>>> {
        let origin = self.origin(entry);
        let words = match &entry.value.value {
            Value::Null => return Some(None),
            Value::List(items) => {
                let mut words = Vec::new();
                for item in items {
                    match item.scalar() {
                        Some(text) => words.push(text.to_owned()),
                        None => self.expected(item, "a word"),
                    }
                }
                words
            }
            Value::Object(_) => {
                self.expected(&entry.value, "a text or a list of words");
                return None;
            }
            _ => {
                let text = entry.value.scalar().unwrap_or("");
                match shell::split(text) {
                    Some(words) => words,
                    None => {
                        self.asker.notes.wrong("a quote is not closed", &origin);
                        return None;
                    }
                }
            }
        };
        Some(Some(Said::new(words, origin)))
    }

    /// An object of values, or a list of `KEY=VALUE`.
    pub(super) fn pairs(
        &mut self,
        node: &Node,
        separators: &str,
    ) -> Vec<(String, Option<String>, Origin)> {
        let mut pairs = Vec::new();
        for entry in node.entries() {
            let origin = self.origin(entry);
            match (&entry.value.value, entry.value.scalar()) {
                (Value::Null, _) => pairs.push((entry.key.clone(), None, origin)),
                (_, Some(text)) => pairs.push((entry.key.clone(), Some(text.to_owned()), origin)),
                (Value::List(items), None) => {
                    for item in items {
                        let text = item.scalar().unwrap_or("").to_owned();
                        pairs.push((entry.key.clone(), Some(text), self.place(item)));
                    }
                }
                _ => self.expected(&entry.value, "a value"),
            }
        }
        for item in node.items() {
            let Some(text) = item.scalar() else {
                self.expected(item, "a text such as NAME=VALUE");
                continue;
            };
            let origin = self.place(item);
            match text.split_once(|c| separators.contains(c)) {
                Some((key, value)) => pairs.push((key.to_owned(), Some(value.to_owned()), origin)),
                None => pairs.push((text.to_owned(), None, origin)),
            }
        }
        if node.scalar().is_some() {
            self.expected(node, "an object or a list");
        }
        pairs
    }
}
