//! An [`Ask`] as flags, in the order in which people write them.

use super::Family;
use super::ask::{Ask, Filter, Mount, MountKind, Writing, setting};
use super::parts::{bytes_text, port_text, processors_text};
use super::request::rule_text;
use super::shell;
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::Limit;
use casemate_model::workload::Setting;

/// A flag and its value; a switch that is on has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// With its dashes.
    pub flag: &'static str,
    /// What follows.
    pub value: Option<String>,
}

impl Written {
    /// As words of a command line.
    pub(crate) fn text(&self) -> String {
        match &self.value {
            None => self.flag.to_owned(),
            // A value that begins with a dash or is empty must stay with its flag.
            Some(value) if value.is_empty() || value.starts_with('-') => {
                format!("{}={}", self.flag, shell::quote(value))
            }
            Some(value) => format!("{} {}", self.flag, shell::quote(value)),
        }
    }
}

struct List(Vec<Written>);

impl List {
    fn add(&mut self, flag: &'static str, value: impl Into<String>) {
        self.0.push(Written {
            flag,
            value: Some(value.into()),
        });
    }

    fn maybe(&mut self, flag: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.add(flag, value);
        }
    }

    fn switch(&mut self, flag: &'static str, on: Option<bool>) {
        match on {
            Some(true) => self.0.push(Written { flag, value: None }),
            Some(false) => self.0.push(Written {
                flag,
                value: Some("false".to_owned()),
            }),
            None => {}
        }
    }
}

/// Settings that are flags with a value.
const SETTINGS: [(&str, &str); 19] = [
    (setting::RESTART, "--restart"),
    (setting::PULL, "--pull"),
    (setting::PLATFORM, "--platform"),
    (setting::RUNTIME, "--runtime"),
    (setting::CGROUP_PARENT, "--cgroup-parent"),
    (setting::SWAPPINESS, "--memory-swappiness"),
    (setting::EXTRA_HOST, "--add-host"),
    (setting::EXPOSE, "--expose"),
    (setting::STOP_SIGNAL, "--stop-signal"),
    (setting::STOP_TIMEOUT, "--stop-timeout"),
    (setting::HEALTH_CHECK, "--health-cmd"),
    (setting::LOG_DRIVER, "--log-driver"),
    (setting::GPU, "--gpus"),
    (setting::SECRET, "--secret"),
    (setting::UMASK, "--umask"),
    (setting::PERSONALITY, "--personality"),
    (setting::MEMORY_RESERVATION, "--memory-reservation"),
    (setting::IO_WEIGHT, "--blkio-weight"),
    (setting::DEPENDS_ON, "--requires"),
];

/// Settings that are flags with a key and a value.
const KEYED: [(&str, &str); 3] = [
    (setting::LABEL, "--label"),
    (setting::ANNOTATION, "--annotation"),
    (setting::LOG_OPTION, "--log-opt"),
];

const SWITCHES: [(&str, &str); 4] = [
    (setting::DETACH, "--detach"),
    (setting::STDIN, "--interactive"),
    (setting::REMOVE, "--rm"),
    (setting::INIT, "--init"),
];

/// The flag of a setting and its value.
fn of_setting(family: Family, setting: &Setting) -> Option<Written> {
    let Setting {
        name, key, value, ..
    } = setting;
    let written = |flag: &'static str, value: String| {
        Some(Written {
            flag,
            value: Some(value),
        })
    };
    if let Some((_, flag)) = SWITCHES.iter().find(|(own, _)| own == name) {
        return Some(Written {
            flag,
            value: Some(value.clone()).filter(|value| value != "true"),
        });
    }
    if let Some((_, flag)) = KEYED.iter().find(|(own, _)| own == name) {
        return written(flag, format!("{key}={value}"));
    }
    match (*name, key.as_str()) {
        (setting::DNS, "server") => return written("--dns", value.clone()),
        (setting::DNS, "search") => return written("--dns-search", value.clone()),
        (setting::DNS, "option") => return written("--dns-option", value.clone()),
        (setting::IO_WEIGHT, device) if !device.is_empty() => {
            return written("--blkio-weight-device", format!("{device}:{value}"));
        }
        (setting::OPTION, "network") => return None,
        (setting::OPTION, key) => {
            let flag = super::flags::find(family, key)?;
            let flag_text = super::flags::dashed(flag)?;
            let on = flag.kind == super::flags::Kind::Switch && value == "true";
            return Some(Written {
                flag: flag_text,
                value: Some(value.clone()).filter(|_| !on),
            });
        }
        _ => {}
    }
    let (_, flag) = SETTINGS.iter().find(|(own, _)| own == name)?;
    super::flags::find(family, flag.trim_start_matches('-'))?;
    let value = if *name == setting::MEMORY_RESERVATION {
        value.parse().map_or_else(|_| value.clone(), bytes_text)
    } else {
        value.clone()
    };
    written(flag, value)
}

/// All flags.
pub(crate) fn flags(ask: &Ask, family: Family) -> Vec<Written> {
    let mut list = List(Vec::new());
    let (early, late): (Vec<&Setting>, Vec<&Setting>) = ask.settings.iter().partition(|setting| {
        matches!(
            setting.name,
            setting::DETACH | setting::STDIN | setting::REMOVE
        )
    });
    list.0
        .extend(early.into_iter().filter_map(|one| of_setting(family, one)));
    list.switch("--tty", ask.tty.as_ref().map(|said| said.value));
    list.maybe(
        "--name",
        Some(&ask.name).filter(|name| !name.is_empty()).cloned(),
    );
    list.maybe("--hostname", text(&ask.hostname));
    list.maybe(
        "--domainname",
        text(&ask.domainname).filter(|_| family == Family::Docker),
    );
    list.maybe("--user", text(&ask.user));
    for group in &ask.groups {
        list.add("--group-add", group.value.clone());
    }
    list.maybe("--workdir", text(&ask.directory));
    if let Some(entry) = &ask.entrypoint {
        list.add(
            "--entrypoint",
            entry.value.first().cloned().unwrap_or_default(),
        );
    }
    privileges(ask, family, &mut list);
    namespaces(ask, family, &mut list);
    files(ask, family, &mut list);
    limits(ask, &mut list);
    for said in &ask.environment {
        let (name, value) = &said.value;
        list.add(
            "--env",
            value
                .as_ref()
                .map_or_else(|| name.clone(), |value| format!("{name}={value}")),
        );
    }
    if family == Family::Podman {
        list.switch(
            "--env-host",
            ask.environment_host.as_ref().map(|said| said.value),
        );
        list.maybe(
            "--preserve-fds",
            ask.preserve_fds.as_ref().map(|said| said.value.to_string()),
        );
    }
    list.0
        .extend(late.into_iter().filter_map(|one| of_setting(family, one)));
    list.0
}

fn text(said: &Option<super::ask::Said<String>>) -> Option<String> {
    said.as_ref().map(|said| said.value.clone())
}

/// The security options.
pub(crate) fn security_options(ask: &Ask) -> Vec<String> {
    let mut options = Vec::new();
    if let Some(said) = &ask.no_new_privileges {
        options.push(if said.value {
            "no-new-privileges".to_owned()
        } else {
            "no-new-privileges=false".to_owned()
        });
    }
    match ask.filter.as_ref().map(|said| &said.value) {
        Some(Filter::Unconfined) => options.push("seccomp=unconfined".to_owned()),
        Some(Filter::Builtin) => options.push("seccomp=builtin".to_owned()),
        Some(Filter::Profile { name, .. } | Filter::Absent(name)) => {
            options.push(format!("seccomp={name}"));
        }
        None => {}
    }
    options.extend(text(&ask.apparmor).map(|name| format!("apparmor={name}")));
    options.extend(
        ask.selinux
            .iter()
            .map(|said| format!("label={}", said.value)),
    );
    if ask.masked.is_some() && ask.read_only_paths.is_some() {
        options.push("systempaths=unconfined".to_owned());
    }
    let joined = |list: &[super::ask::Said<String>]| {
        let texts: Vec<&str> = list.iter().map(|said| said.value.as_str()).collect();
        texts.join(":")
    };
    if !ask.mask.is_empty() {
        options.push(format!("mask={}", joined(&ask.mask)));
    }
    if !ask.unmask.is_empty() {
        options.push(format!("unmask={}", joined(&ask.unmask)));
    }
    options
}

fn privileges(ask: &Ask, family: Family, list: &mut List) {
    list.switch(
        "--privileged",
        ask.privileged.as_ref().map(|said| said.value),
    );
    for said in &ask.cap_drop {
        list.add("--cap-drop", said.value.clone());
    }
    for said in &ask.cap_add {
        list.add("--cap-add", said.value.clone());
    }
    for option in security_options(ask) {
        // Podman has other words for it.
        let option = match (family, option.as_str()) {
            (Family::Podman, "systempaths=unconfined") => "unmask=ALL".to_owned(),
            _ => option,
        };
        list.add("--security-opt", option);
    }
}

fn namespaces(ask: &Ask, family: Family, list: &mut List) {
    for (flag, mode) in [
        ("--pid", &ask.pid),
        ("--ipc", &ask.ipc),
        ("--uts", &ask.uts),
        ("--userns", &ask.userns),
        ("--cgroupns", &ask.cgroupns),
    ] {
        list.maybe(flag, text(mode));
    }
    if family == Family::Podman {
        for said in &ask.uid_map {
            list.add("--uidmap", said.value.clone());
        }
        for said in &ask.gid_map {
            list.add("--gidmap", said.value.clone());
        }
    }
    for said in &ask.networks {
        list.add("--network", network(ask, &said.value));
    }
    for said in &ask.published {
        list.add("--publish", port_text(&said.value));
    }
    list.switch(
        "--publish-all",
        ask.publish_all.as_ref().map(|said| said.value),
    );
}

/// A network with what is said of it.
fn network(ask: &Ask, name: &str) -> String {
    let own = |setting: &&Setting| setting.name == setting::OPTION && setting.key == "network";
    let words: Vec<&str> = ask
        .settings
        .iter()
        .filter(own)
        .filter_map(|setting| setting.value.strip_prefix(name)?.strip_prefix(' '))
        .collect();
    if words.is_empty() {
        name.to_owned()
    } else {
        format!("name={name},{}", words.join(","))
    }
}

fn files(ask: &Ask, family: Family, list: &mut List) {
    list.switch("--read-only", ask.read_only.as_ref().map(|said| said.value));
    if family == Family::Podman {
        list.switch(
            "--read-only-tmpfs",
            ask.read_only_tmpfs.as_ref().map(|said| said.value),
        );
    }
    for said in &ask.mounts {
        let mount = &said.value;
        match mount.kind {
            MountKind::Tmpfs => list.add("--tmpfs", tmpfs_text(mount)),
            _ => match volume_text(mount) {
                Some(text) => list.add("--volume", text),
                None => list.add("--mount", mount_text(mount)),
            },
        }
    }
    list.maybe(
        "--shm-size",
        ask.shm_size.as_ref().map(|said| bytes_text(said.value)),
    );
    for said in &ask.devices {
        list.add("--device", device_text(&said.value));
    }
    for said in &ask.device_rules {
        list.add("--device-cgroup-rule", rule_text(&said.value));
    }
    for said in &ask.sysctls {
        list.add("--sysctl", format!("{}={}", said.value.0, said.value.1));
    }
}

/// `HOST[:INSIDE[:LETTERS]]`.
pub(crate) fn device_text(device: &super::ask::Device) -> String {
    match (device.host == device.inside, device.access.as_str()) {
        (true, "rwm") => device.host.clone(),
        (true, access) => format!("{}:{}:{access}", device.host, device.inside),
        (false, "rwm") => format!("{}:{}", device.host, device.inside),
        (false, access) => format!("{}:{}:{access}", device.host, device.inside),
    }
}

/// A tmpfs in one word.
pub(crate) fn tmpfs_text(mount: &Mount) -> String {
    let target = mount.target.to_string_lossy();
    let mut options: Vec<String> = Vec::new();
    options.extend(mount.size.map(|size| format!("size={}", bytes_text(size))));
    options.extend(flags_of(mount));
    if options.is_empty() {
        target.into_owned()
    } else {
        format!("{target}:{}", options.join(","))
    }
}

/// The words after the second colon.
pub(crate) fn flags_of(mount: &Mount) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    let plain = super::parts::plain(mount.kind, None, &mount.target);
    if mount.access == Writing::Refused {
        options.push("ro".to_owned());
    }
    for (own, given, on, off) in [
        (mount.noexec, plain.noexec, "noexec", "exec"),
        (mount.nosuid, plain.nosuid, "nosuid", "suid"),
        (mount.nodev, plain.nodev, "nodev", "dev"),
    ] {
        if own != given {
            options.push(if own { on } else { off }.to_owned());
        }
    }
    options.extend(
        mount
            .propagation
            .map(|passes| format!("r{}", passes.as_str())),
    );
    options.extend(mount.words.iter().cloned());
    options
}

/// A mount in one word, where its parts have no colon or comma.
pub(crate) fn volume_text(mount: &Mount) -> Option<String> {
    let target = mount.target.to_string_lossy();
    let source = mount.source.as_deref().unwrap_or("");
    let options = flags_of(mount);
    // Words with a value are of the long form.
    let short = |text: &str| !text.contains([':', ',']);
    let plain = |option: &String| short(option) && !option.contains('=');
    if !short(&target) || !short(source) || !options.iter().all(plain) {
        return None;
    }
    let mut text = String::new();
    if !source.is_empty() {
        text.push_str(&format!("{source}:"));
    }
    text.push_str(&target);
    if !options.is_empty() {
        text.push_str(&format!(":{}", options.join(",")));
    }
    Some(text)
}

/// A mount in the long form.
pub(crate) fn mount_text(mount: &Mount) -> String {
    let kind = match mount.kind {
        MountKind::Bind => "bind",
        MountKind::Volume => "volume",
        MountKind::Tmpfs => "tmpfs",
    };
    let field = |key: &str, value: &str| {
        let field = format!("{key}={value}");
        if field.contains([',', '"']) {
            format!("\"{field}\"")
        } else {
            field
        }
    };
    let mut fields = vec![format!("type={kind}")];
    fields.extend(mount.source.iter().map(|source| field("source", source)));
    fields.push(field("target", &mount.target.to_string_lossy()));
    if mount.access == Writing::Refused {
        fields.push("readonly".to_owned());
    }
    fields.extend(
        mount
            .propagation
            .map(|passes| format!("bind-propagation=r{}", passes.as_str())),
    );
    let rest = Mount {
        access: Writing::Permitted,
        propagation: None,
        ..mount.clone()
    };
    fields.extend(flags_of(&rest));
    fields.join(",")
}

fn limits(ask: &Ask, list: &mut List) {
    let bytes = |said: &Option<super::ask::Said<i64>>| {
        said.as_ref().map(|said| {
            u64::try_from(said.value).map_or_else(|_| said.value.to_string(), bytes_text)
        })
    };
    list.maybe("--memory", bytes(&ask.memory));
    list.maybe("--memory-swap", bytes(&ask.memory_swap));
    list.switch(
        "--oom-kill-disable",
        ask.oom_kill_disable.as_ref().map(|said| said.value),
    );
    list.maybe(
        "--oom-score-adj",
        ask.oom_score_adj
            .as_ref()
            .map(|said| said.value.to_string()),
    );
    list.maybe(
        "--pids-limit",
        ask.pids_limit.as_ref().map(|said| said.value.to_string()),
    );
    list.maybe(
        "--cpus",
        ask.cpus.as_ref().map(|said| processors_text(said.value)),
    );
    list.maybe(
        "--cpu-shares",
        ask.cpu_shares.as_ref().map(|said| said.value.to_string()),
    );
    list.maybe("--cpuset-cpus", text(&ask.cpuset_cpus));
    list.maybe("--cpuset-mems", text(&ask.cpuset_mems));
    for said in &ask.rates {
        let (name, rate) = &said.value;
        let (device, word) = name.rsplit_once(' ').unwrap_or((name, ""));
        let flag = match word {
            "rbps" => "--device-read-bps",
            "wbps" => "--device-write-bps",
            "riops" => "--device-read-iops",
            "wiops" => "--device-write-iops",
            _ => continue,
        };
        list.add(flag, format!("{device}:{rate}"));
    }
    for said in &ask.ulimits {
        list.add("--ulimit", ulimit_text(&said.value.0, said.value.1));
    }
}

/// `nofile=1024:2048`.
pub(crate) fn ulimit_text(name: &str, pair: RlimitPair) -> String {
    let one = |limit: Limit| {
        limit
            .bound()
            .map_or_else(|| "-1".to_owned(), |bound| bound.to_string())
    };
    if pair.soft == pair.hard {
        format!("{name}={}", one(pair.soft))
    } else {
        format!("{name}={}:{}", one(pair.soft), one(pair.hard))
    }
}
