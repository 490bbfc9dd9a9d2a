//! Docker's `daemon.json`, or the command line of dockerd, whose flags have the same names.

use super::Configuration;
use crate::document::{self, Entry, Node};
use crate::engine::ask::{Filter, Said, setting};
use crate::engine::defaults::Defaults;
use crate::engine::parts;
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::Guard;
use casemate_model::workload::Setting;
use casemate_model::{Origin, Stated};

/// Keys that concern the daemon, its networks or its storage, and no container's confinement.
const DAEMON: [&str; 82] = [
    "add-runtime",
    "allow-direct-routing",
    "allow-nondistributable-artifacts",
    "api-cors-header",
    "authorization-plugins",
    "authorization-plugin",
    "bip",
    "bip6",
    "bridge",
    "bridge-accept-fwmark",
    "builder",
    "cdi-spec-dirs",
    "cluster-advertise",
    "cluster-store",
    "cluster-store-opts",
    "config-file",
    "containerd",
    "containerd-namespace",
    "containerd-plugins-namespace",
    "cpu-rt-period",
    "cpu-rt-runtime",
    "cri-containerd",
    "data-root",
    "debug",
    "default-address-pools",
    "default-address-pool",
    "default-gateway",
    "default-gateway-v6",
    "default-network-opts",
    "default-network-opt",
    "dns",
    "dns-opts",
    "dns-opt",
    "dns-search",
    "exec-opts",
    "exec-opt",
    "exec-root",
    "experimental",
    "feature",
    "features",
    "firewall-backend",
    "fixed-cidr",
    "fixed-cidr-v6",
    "graph",
    "group",
    "host-gateway-ip",
    "host-gateway-ips",
    "hosts",
    "host",
    "http-proxy",
    "https-proxy",
    "init-path",
    "insecure-registries",
    "insecure-registry",
    "ip-forward",
    "ip-forward-no-drop",
    "ip-masq",
    "ip6tables",
    "iptables",
    "ipv6",
    "labels",
    "label",
    "live-restore",
    "log-format",
    "log-level",
    "max-concurrent-downloads",
    "max-concurrent-uploads",
    "max-download-attempts",
    "metrics-addr",
    "min-api-version",
    "mtu",
    "network-control-plane-mtu",
    "network-diagnostic-port",
    "no-proxy",
    "node-generic-resources",
    "oom-score-adjust",
    "pidfile",
    "proxies",
    "raw-logs",
    "registry-mirrors",
    "runtimes",
    "shutdown-timeout",
];

/// More of those.
const DAEMON_MORE: [&str; 15] = [
    "registry-mirror",
    "storage-driver",
    "storage-opts",
    "storage-opt",
    "swarm-default-advertise-addr",
    "tls",
    "tlscacert",
    "tlscert",
    "tlskey",
    "tlsverify",
    "userland-proxy",
    "userland-proxy-path",
    "validate",
    "dummy",
    "icc",
];

/// Switches of the command line, which have no value.
const SWITCHES: [&str; 24] = [
    "allow-direct-routing",
    "debug",
    "experimental",
    "icc",
    "init",
    "ip-forward",
    "ip-forward-no-drop",
    "ip-masq",
    "ip6tables",
    "iptables",
    "ipv6",
    "live-restore",
    "no-new-privileges",
    "raw-logs",
    "rootless",
    "selinux-enabled",
    "tls",
    "tlsverify",
    "userland-proxy",
    "validate",
    "D",
    "cri-containerd",
    "help",
    "version",
];

impl Configuration<'_> {
    pub(super) fn daemon(&mut self, defaults: &mut Defaults) {
        if !self
            .text
            .text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('{')
        {
            self.command_line(defaults);
            return;
        }
        let node = match document::parse_json(self.text) {
            Ok(node) => node,
            Err(problem) => {
                self.notes.problems.push(problem);
                return;
            }
        };
        for entry in node.entries() {
            let origin = self.text.origin(entry.start, entry.value.end);
            if entry.key == "default-ulimits" {
                self.ulimits(&entry.value, defaults, &origin);
            } else if entry.key == "log-opts" {
                self.log_options(&entry.value, defaults);
            } else if let Some(text) = entry.value.scalar() {
                self.key(&entry.key, text, &origin, defaults);
            } else {
                self.structure(entry, &origin, defaults);
            }
        }
    }

    /// A key whose value is a list or an object: of the daemon's, or not known.
    fn structure(&mut self, entry: &Entry, origin: &Origin, defaults: &mut Defaults) {
        if entry.value.is_null() {
            return;
        }
        let written = self
            .text
            .text
            .get(entry.value.start..entry.value.end)
            .unwrap_or("");
        if is_daemons(&entry.key) {
            given(defaults, setting::OPTION, &entry.key, written, origin);
        } else {
            self.notes.unknown(format!("`{}`", entry.key), origin);
        }
    }

    fn log_options(&mut self, node: &Node, defaults: &mut Defaults) {
        for entry in node.entries() {
            let origin = self.text.origin(entry.start, entry.value.end);
            let value = entry.value.scalar().unwrap_or("");
            given(defaults, setting::LOG_OPTION, &entry.key, value, &origin);
        }
    }

    fn ulimits(&mut self, node: &Node, defaults: &mut Defaults, origin: &Origin) {
        let mut limits = defaults.ulimits.value().cloned().unwrap_or_default();
        for entry in node.entries() {
            let fields = document::Fields::of(&entry.value);
            let number = |key: &str| fields.take(key).and_then(Node::scalar).unwrap_or("-1");
            let (soft, hard) = (number("Soft").to_owned(), number("Hard").to_owned());
            let name = fields
                .take("Name")
                .and_then(Node::text)
                .unwrap_or(&entry.key);
            let place = self.text.origin(entry.start, entry.value.end);
            if let Some(limit) = self
                .notes
                .keep(parts::ulimit_of(name, &soft, &hard), &place)
            {
                limits.insert(limit.value.0, limit.value.1);
            }
            let of = format!("`default-ulimits.{}`", entry.key);
            fields.report_rest(self.text, &of, &mut self.notes.losses);
        }
        defaults.ulimits = Stated::set(limits, origin.clone());
    }

    fn key(&mut self, key: &str, value: &str, origin: &Origin, defaults: &mut Defaults) {
        match key {
            "userns-remap" if value.is_empty() => {}
            "userns-remap" => {
                defaults.remap(origin);
                let on = "the subordinate ids of the host";
                self.notes
                    .elsewhere(format!("the ids of {value}"), on, origin);
            }
            "rootless" => {
                if self.truth(value, origin) == Some(true) {
                    defaults.remap(origin);
                    self.notes
                        .elsewhere("the map of ids", "who starts the daemon", origin);
                }
            }
            "no-new-privileges" => {
                if let Some(on) = self.truth(value, origin) {
                    defaults.no_new_privs = Stated::set(guard(on), origin.clone());
                }
            }
            "selinux-enabled" => {
                if let Some(on) = self.truth(value, origin) {
                    defaults.selinux = Stated::set(guard(on), origin.clone());
                }
            }
            "seccomp-profile" => defaults.filter = self.profile(value, origin),
            "default-cgroupns-mode" => match value {
                "private" => defaults.cgroup = Stated::set(Placement::New, origin.clone()),
                "host" => defaults.cgroup = Stated::set(Placement::Host, origin.clone()),
                _ => self
                    .notes
                    .wrong(format!("{value:?} is neither `private` nor `host`"), origin),
            },
            "default-ipc-mode" => match value {
                "private" | "shareable" => {
                    defaults.ipc = Stated::set(Placement::New, origin.clone());
                }
                _ => self.notes.wrong(
                    format!("{value:?} is neither `private` nor `shareable`"),
                    origin,
                ),
            },
            "default-shm-size" => {
                if let Some(size) = self.notes.keep(parts::bytes(value), origin) {
                    defaults.shm = Stated::set(size.value, origin.clone());
                }
            }
            "ip" => match value.parse::<std::net::IpAddr>() {
                Ok(address) => {
                    let address = Some(address).filter(|address| !address.is_unspecified());
                    defaults.address = Stated::set(address, origin.clone());
                }
                Err(_) => self.notes.wrong(format!("{value:?} is no address"), origin),
            },
            "default-ulimit" => {
                if let Some(limit) = self.notes.keep(parts::ulimit(value), origin) {
                    let mut limits = defaults.ulimits.value().cloned().unwrap_or_default();
                    limits.insert(limit.value.0, limit.value.1);
                    defaults.ulimits = Stated::set(limits, origin.clone());
                }
            }
            "cgroup-parent" => given(defaults, setting::CGROUP_PARENT, "", value, origin),
            "default-runtime" => given(defaults, setting::RUNTIME, "", value, origin),
            "init" => given(defaults, setting::INIT, "", value, origin),
            "log-driver" => given(defaults, setting::LOG_DRIVER, "", value, origin),
            "log-opt" => {
                let (key, value) = parts::pair(value);
                given(
                    defaults,
                    setting::LOG_OPTION,
                    &key,
                    &value.unwrap_or_default(),
                    origin,
                );
            }
            _ if is_daemons(key) => given(defaults, setting::OPTION, key, value, origin),
            _ => self.notes.unknown(format!("`{key}`"), origin),
        }
    }

    fn truth(&mut self, value: &str, origin: &Origin) -> Option<bool> {
        self.notes
            .keep(parts::truth(value), origin)
            .map(|said| said.value)
    }

    #[expect(clippy::unnecessary_wraps, reason = "what is asked may be left out")]
    pub(super) fn profile(&mut self, value: &str, origin: &Origin) -> Option<Said<Filter>> {
        let filter = match value {
            "unconfined" => Filter::Unconfined,
            "" | "builtin" | "default" => Filter::Builtin,
            path => {
                let plain = std::path::Path::new(path);
                let bytes = self
                    .files
                    .read(plain)
                    .or_else(|_| self.files.read(&self.base.host(path)));
                match bytes {
                    Ok(text) => Filter::Profile {
                        name: path.to_owned(),
                        text,
                    },
                    Err(_) => Filter::Absent(path.to_owned()),
                }
            }
        };
        Some(Said::new(filter, origin.clone()))
    }

    /// `dockerd --userns-remap=default --icc=false`.
    fn command_line(&mut self, defaults: &mut Defaults) {
        let mut at = 0;
        let mut words = Vec::new();
        for word in self.text.text.split_inclusive(char::is_whitespace) {
            let trimmed = word.trim_end();
            if !trimmed.is_empty() && trimmed != "\\" {
                words.push((trimmed, at, at + trimmed.len()));
            }
            at += word.len();
        }
        let mut words = words.into_iter().peekable();
        while let Some((word, start, end)) = words.next() {
            let flag = word.strip_prefix("--").or(word.strip_prefix('-'));
            let Some(flag) = flag else {
                if start > 0 && !word.ends_with("dockerd") {
                    let origin = self.text.origin(start, end);
                    self.notes.unknown(format!("{word:?}"), &origin);
                }
                continue;
            };
            let (key, value, end) = match flag.split_once('=') {
                Some((key, value)) => (key, value, end),
                None if SWITCHES.contains(&flag) => (flag, "true", end),
                None => match words.next_if(|(next, ..)| !next.starts_with('-')) {
                    Some((value, _, end)) => (flag, value, end),
                    None => (flag, "", end),
                },
            };
            let key = match key {
                "H" => "hosts",
                "D" => "debug",
                "l" => "log-level",
                "g" => "data-root",
                "G" => "group",
                "p" => "pidfile",
                "s" => "storage-driver",
                "b" => "bridge",
                key => key,
            };
            let origin = self.text.origin(start, end);
            self.key(key, value.trim_matches(['"', '\'']), &origin, defaults);
        }
    }
}

fn is_daemons(key: &str) -> bool {
    DAEMON.contains(&key) || DAEMON_MORE.contains(&key)
}

fn guard(on: bool) -> Guard {
    if on { Guard::On } else { Guard::Off }
}

pub(super) fn given(
    defaults: &mut Defaults,
    name: &'static str,
    key: &str,
    value: &str,
    origin: &Origin,
) {
    defaults.settings.push(Setting {
        name,
        key: key.to_owned(),
        value: value.to_owned(),
        origin: Stated::set((), origin.clone()),
    });
}
