//! `containers.conf`: the table `[containers]`; the others are the engine's.

use super::Configuration;
use super::daemon::given;
use crate::engine::ask::{Notes, Said, setting};
use crate::engine::defaults::Defaults;
use crate::engine::parts;
use casemate_model::facets::namespaces::Placement;
use casemate_model::lattice::{Guard, Limit};
use casemate_model::names::{Capability, CapabilitySet};
use casemate_model::{Origin, Stated};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// Keys of `[containers]` that confine nothing.
const PLAIN: [&str; 30] = [
    "base_hosts_file",
    "container_name_as_hostname",
    "dns_options",
    "dns_searches",
    "dns_servers",
    "env_host",
    "host_containers_internal_ip",
    "http_proxy",
    "init_path",
    "interface_name",
    "keyring",
    "label_users",
    "log_path",
    "log_size_max",
    "netns",
    "no_hosts",
    "prepare_volume_on_create",
    "privileged",
    "rootless_networking",
    "tz",
    "umask",
    "utsns",
    "volumes",
    "annotations",
    "devices",
    "mounts",
    "oom_score_adj",
    "cgroups",
    "env",
    "log_tag",
];

impl Configuration<'_> {
    pub(super) fn containers(&mut self, defaults: &mut Defaults) {
        let table = match DeTable::parse(self.text.text) {
            Ok(table) => table,
            Err(error) => {
                let span = error.span().unwrap_or(0..1);
                let origin = self.text.origin(span.start, span.end);
                self.notes
                    .wrong(format!("no TOML here: {}", error.message()), &origin);
                return;
            }
        };
        for (name, value) in table.get_ref() {
            let span = name.span();
            let origin = self.text.origin(span.start, span.end);
            let Some(keys) = value.get_ref().as_table() else {
                self.notes.unknown(format!("`{}`", name.get_ref()), &origin);
                continue;
            };
            for (key, value) in keys {
                let (key_span, span) = (key.span(), value.span());
                let origin = self.text.origin(key_span.start, span.end.max(key_span.end));
                let key: &str = key.get_ref();
                match name.get_ref().as_ref() {
                    "containers" => self.container(key, value.get_ref(), &origin, defaults),
                    "engine" | "network" | "machine" | "secrets" | "farms" | "podmansh"
                    | "configmaps" => {
                        let key = format!("{}.{key}", name.get_ref());
                        let written = self.text.text.get(span.start..span.end).unwrap_or("");
                        given(defaults, setting::OPTION, &key, written, &origin);
                    }
                    other => self.notes.unknown(format!("`{key}` of [{other}]"), &origin),
                }
            }
        }
    }

    fn container(
        &mut self,
        key: &str,
        value: &DeValue<'_>,
        origin: &Origin,
        defaults: &mut Defaults,
    ) {
        let list = || -> Vec<&str> {
            let items = value.as_array().map(|list| list.iter().collect::<Vec<_>>());
            items
                .unwrap_or_default()
                .iter()
                .filter_map(|item| item.get_ref().as_str())
                .collect()
        };
        let text = value.as_str().unwrap_or("");
        match key {
            "default_capabilities" => {
                let set = capabilities(&list(), self.notes, origin);
                defaults.capabilities = Stated::set(set, origin.clone());
            }
            "default_sysctls" => {
                let pairs = list().into_iter().filter_map(|pair| pair.split_once('='));
                let all = pairs
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect();
                defaults.sysctls = Stated::set(all, origin.clone());
            }
            "default_ulimits" => {
                let mut limits = BTreeMap::new();
                for word in list() {
                    if let Some(limit) = self.notes.keep(parts::ulimit(word), origin) {
                        limits.insert(limit.value.0, limit.value.1);
                    }
                }
                defaults.ulimits = Stated::set(limits, origin.clone());
            }
            "pids_limit" => {
                let limit = match whole(value) {
                    Some(limit) if limit > 0 => Limit::AtMost(limit.unsigned_abs()),
                    _ => Limit::Unlimited,
                };
                defaults.processes = Stated::set(limit, origin.clone());
            }
            "seccomp_profile" => defaults.filter = self.profile(text, origin),
            "apparmor_profile" => defaults.apparmor = Stated::set(text.to_owned(), origin.clone()),
            "label" => {
                let guard = if value.as_bool() == Some(false) {
                    Guard::Off
                } else {
                    Guard::On
                };
                // Labels are given where the host has SELinux.
                defaults.selinux = match guard {
                    Guard::Off => Stated::set(guard, origin.clone()),
                    Guard::On => Stated::Unknown,
                };
            }
            "userns" => match text.split(':').next().unwrap_or("") {
                "host" | "" => defaults.user = Stated::set(Placement::Host, origin.clone()),
                _ => defaults.remap(origin),
            },
            "cgroupns" => defaults.cgroup = placement(text, origin),
            "ipcns" => defaults.ipc = placement(text, origin),
            "shm_size" => {
                if let Some(size) = self.notes.keep(parts::bytes(text), origin) {
                    defaults.shm = Stated::set(size.value, origin.clone());
                }
            }
            "read_only" => {
                defaults.read_only = Stated::set(value.as_bool() == Some(true), origin.clone());
            }
            "no_new_privileges" => {
                let guard = if value.as_bool() == Some(true) {
                    Guard::On
                } else {
                    Guard::Off
                };
                defaults.no_new_privs = Stated::set(guard, origin.clone());
            }
            "env" => {
                for word in list() {
                    let (name, value) = parts::pair(word);
                    let pair = (name, value.unwrap_or_default());
                    defaults.environment.push(Said::new(pair, origin.clone()));
                }
            }
            "init" => given(defaults, setting::INIT, "", "true", origin),
            "log_driver" => given(defaults, setting::LOG_DRIVER, "", text, origin),
            "pidns" | "enable_keyring" | "enable_labeled_users" => {
                given(defaults, setting::OPTION, key, &written(value), origin);
            }
            _ if PLAIN.contains(&key) => {
                given(defaults, setting::OPTION, key, &written(value), origin);
            }
            _ => self
                .notes
                .unknown(format!("`{key}` of [containers]"), origin),
        }
    }
}

fn placement(text: &str, origin: &Origin) -> Stated<Placement> {
    let place = if text == "host" {
        Placement::Host
    } else {
        Placement::New
    };
    Stated::set(place, origin.clone())
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    value
        .as_integer()
        .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
}

fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item.get_ref())).collect();
            items.join(" ")
        }
        _ => String::new(),
    }
}

fn capabilities(names: &[&str], notes: &mut Notes, origin: &Origin) -> CapabilitySet {
    let mut set = CapabilitySet::EMPTY;
    for name in names {
        let upper = name.to_ascii_uppercase();
        let long = if upper.starts_with("CAP_") {
            upper
        } else {
            format!("CAP_{upper}")
        };
        match Capability::from_name(&long) {
            Some(capability) => set = set.with(capability),
            None => notes.wrong(format!("{name:?} is no capability"), origin),
        }
    }
    set
}
