//! The flags of `docker run` and `podman run`: one table.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "methods of a borrowed asker are no functions of this type"
)]
use super::Family;
use super::ask::{Said, setting};
use super::asker::Asker;
use super::parts;
use casemate_model::Origin;

/// A flag.
#[derive(Clone, Copy)]
pub(crate) struct Flag {
    /// With two dashes.
    pub long: &'static str,
    /// With one dash.
    pub short: Option<char>,
    /// Whether a value follows.
    pub kind: Kind,
    /// Whose it is.
    pub of: Of,
    /// What it asks.
    pub apply: fn(&mut Asker<'_>, &str, &Origin),
}

/// Whether a value follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// `--flag`, `--flag=false`.
    Switch,
    /// `--flag VALUE`, `--flag=VALUE`.
    Value,
}

/// Whose flag it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Of {
    /// Both engines'.
    Both,
    /// Docker's.
    Docker,
    /// Podman's.
    Podman,
}

type Apply = fn(&mut Asker<'_>, &str, &Origin);

const fn value(long: &'static str, apply: Apply) -> Flag {
    flag(long, None, Kind::Value, Of::Both, apply)
}

const fn switch(long: &'static str, apply: Apply) -> Flag {
    flag(long, None, Kind::Switch, Of::Both, apply)
}

const fn flag(long: &'static str, short: Option<char>, kind: Kind, of: Of, apply: Apply) -> Flag {
    Flag {
        long,
        short,
        kind,
        of,
        apply,
    }
}

/// Finds a flag by its long name.
pub(crate) fn find(family: Family, long: &str) -> Option<&'static Flag> {
    FLAGS
        .iter()
        .find(|flag| flag.long == long && flag.is_of(family))
}

/// Finds a flag by its letter.
pub(crate) fn find_short(family: Family, letter: char) -> Option<&'static Flag> {
    FLAGS
        .iter()
        .find(|flag| flag.short == Some(letter) && flag.is_of(family))
}

impl Flag {
    fn is_of(&self, family: Family) -> bool {
        match self.of {
            Of::Both => true,
            Of::Docker => family == Family::Docker,
            Of::Podman => family == Family::Podman,
        }
    }
}

/// A flag of a setting that only has a name in the format, with its dashes.
pub(crate) fn dashed(flag: &Flag) -> Option<&'static str> {
    const DASHED: [&str; 60] = [
        "--attach",
        "--cidfile",
        "--cpu-rt-period",
        "--cpu-rt-runtime",
        "--detach-keys",
        "--disable-content-trust",
        "--health-interval",
        "--health-retries",
        "--health-start-interval",
        "--health-start-period",
        "--health-timeout",
        "--ip",
        "--ip6",
        "--link",
        "--link-local-ip",
        "--mac-address",
        "--network-alias",
        "--no-healthcheck",
        "--quiet",
        "--sig-proxy",
        "--storage-opt",
        "--volume-driver",
        "--volumes-from",
        "--arch",
        "--authfile",
        "--cgroup-conf",
        "--cgroups",
        "--chrootdirs",
        "--conmon-pidfile",
        "--env-merge",
        "--health-on-failure",
        "--hostuser",
        "--http-proxy",
        "--image-volume",
        "--init-path",
        "--no-hosts",
        "--os",
        "--passwd",
        "--passwd-entry",
        "--pidfile",
        "--pod",
        "--pod-id-file",
        "--replace",
        "--rmi",
        "--rootfs",
        "--sdnotify",
        "--seccomp-policy",
        "--subgidname",
        "--subuidname",
        "--systemd",
        "--timeout",
        "--tls-verify",
        "--tz",
        "--unsetenv",
        "--unsetenv-all",
        "--variant",
        "--retry",
        "--retry-delay",
        "--rdt-class",
        "--init-ctr",
    ];
    DASHED
        .iter()
        .copied()
        .find(|dashed| dashed.trim_start_matches('-') == flag.long)
}

/// Sets a field of what is asked from what a function reads.
macro_rules! field {
    ($field:ident, $read:expr) => {
        |asker, text, origin| {
            if let Some(said) = asker.one(text, origin, $read) {
                asker.ask.$field = Some(said);
            }
        }
    };
}

/// Sets a text.
macro_rules! text {
    ($field:ident) => {
        |asker, text, origin| asker.ask.$field = Asker::text(text, origin)
    };
}

/// Adds a text to a list.
macro_rules! list {
    ($field:ident) => {
        |asker, text, origin| {
            for part in text.split(',').filter(|part| !part.is_empty()) {
                asker
                    .ask
                    .$field
                    .push(Said::new(part.to_owned(), origin.clone()));
            }
        }
    };
}

/// A setting.
macro_rules! plain {
    ($name:expr) => {
        |asker, text, origin| asker.plain($name, text, origin)
    };
}

/// A setting with a key.
macro_rules! keyed {
    ($name:expr) => {
        |asker, text, origin| asker.keyed($name, text, origin)
    };
}

/// A setting of the kind that only has a name in the format.
macro_rules! option {
    ($key:literal) => {
        |asker, text, origin| {
            asker
                .ask
                .setting(setting::OPTION, $key, text, origin.clone())
        }
    };
}

/// What concerns the client or another system.
macro_rules! ignored {
    ($what:literal, $why:literal) => {
        |asker, text, origin| {
            asker
                .notes
                .ignored(format!("{} {text}", $what), $why, origin)
        }
    };
}

fn integer(text: &str) -> Result<i64, String> {
    match text.trim().strip_prefix('-') {
        Some(digits) => parts::number::<i64>(digits).map(|number| -number),
        None => i64::try_from(parts::bytes(text)?).map_err(|_| format!("{text:?} is too large")),
    }
}

/// The flags, by name.
pub(crate) const FLAGS: &[Flag] = &[
    value("add-host", plain!(setting::EXTRA_HOST)),
    value("annotation", keyed!(setting::ANNOTATION)),
    flag(
        "attach",
        Some('a'),
        Kind::Value,
        Of::Both,
        option!("attach"),
    ),
    value("blkio-weight", plain!(setting::IO_WEIGHT)),
    value("blkio-weight-device", |asker, text, origin| {
        let (device, weight) = text.rsplit_once(':').unwrap_or((text, ""));
        asker
            .ask
            .setting(setting::IO_WEIGHT, device, weight, origin.clone());
    }),
    value("cap-add", list!(cap_add)),
    value("cap-drop", list!(cap_drop)),
    value("cgroup-parent", plain!(setting::CGROUP_PARENT)),
    value("cgroupns", text!(cgroupns)),
    value("cidfile", option!("cidfile")),
    flag(
        "cpu-count",
        None,
        Kind::Value,
        Of::Docker,
        ignored!("--cpu-count", "it is for Windows"),
    ),
    flag(
        "cpu-percent",
        None,
        Kind::Value,
        Of::Docker,
        ignored!("--cpu-percent", "it is for Windows"),
    ),
    value("cpu-period", field!(cpu_period, parts::number)),
    value("cpu-quota", field!(cpu_quota, parts::number)),
    value("cpu-rt-period", option!("cpu-rt-period")),
    value("cpu-rt-runtime", option!("cpu-rt-runtime")),
    flag(
        "cpu-shares",
        Some('c'),
        Kind::Value,
        Of::Both,
        field!(cpu_shares, parts::number),
    ),
    value("cpus", field!(cpus, parts::processors)),
    value("cpuset-cpus", text!(cpuset_cpus)),
    value("cpuset-mems", text!(cpuset_mems)),
    flag(
        "detach",
        Some('d'),
        Kind::Switch,
        Of::Both,
        plain!(setting::DETACH),
    ),
    value("detach-keys", option!("detach-keys")),
    value("device", |asker, text, origin| asker.device(text, origin)),
    value("device-cgroup-rule", |asker, text, origin| {
        asker.device_rule(text, origin);
    }),
    value("device-read-bps", |asker, text, origin| {
        asker.rate(text, "rbps", origin);
    }),
    value("device-read-iops", |asker, text, origin| {
        asker.rate(text, "riops", origin);
    }),
    value("device-write-bps", |asker, text, origin| {
        asker.rate(text, "wbps", origin);
    }),
    value("device-write-iops", |asker, text, origin| {
        asker.rate(text, "wiops", origin);
    }),
    switch("disable-content-trust", option!("disable-content-trust")),
    value("dns", |asker, text, origin| {
        asker
            .ask
            .setting(setting::DNS, "server", text, origin.clone());
    }),
    value("dns-opt", |asker, text, origin| {
        asker
            .ask
            .setting(setting::DNS, "option", text, origin.clone());
    }),
    value("dns-option", |asker, text, origin| {
        asker
            .ask
            .setting(setting::DNS, "option", text, origin.clone());
    }),
    value("dns-search", |asker, text, origin| {
        asker
            .ask
            .setting(setting::DNS, "search", text, origin.clone());
    }),
    flag(
        "domainname",
        None,
        Kind::Value,
        Of::Docker,
        text!(domainname),
    ),
    value("entrypoint", |asker, text, origin| {
        let words = match (text.is_empty(), text.starts_with('[')) {
            (true, _) => Vec::new(),
            // Podman takes a list in JSON.
            (_, true) => json_words(text).unwrap_or_else(|| vec![text.to_owned()]),
            _ => vec![text.to_owned()],
        };
        asker.ask.entrypoint = Some(Said::new(words, origin.clone()));
    }),
    flag(
        "env",
        Some('e'),
        Kind::Value,
        Of::Both,
        |asker, text, origin| asker.variable(text, origin),
    ),
    value("env-file", |asker, text, origin| {
        asker.environment_file(text, origin);
    }),
    value("expose", plain!(setting::EXPOSE)),
    value("gpus", plain!(setting::GPU)),
    value("group-add", |asker, text, origin| {
        asker
            .ask
            .groups
            .push(Said::new(text.to_owned(), origin.clone()));
    }),
    value("health-cmd", plain!(setting::HEALTH_CHECK)),
    value("health-interval", option!("health-interval")),
    value("health-retries", option!("health-retries")),
    value("health-start-interval", option!("health-start-interval")),
    value("health-start-period", option!("health-start-period")),
    value("health-timeout", option!("health-timeout")),
    flag(
        "help",
        None,
        Kind::Switch,
        Of::Both,
        ignored!("--help", "it only prints"),
    ),
    flag(
        "hostname",
        Some('h'),
        Kind::Value,
        Of::Both,
        text!(hostname),
    ),
    switch("init", plain!(setting::INIT)),
    flag(
        "interactive",
        Some('i'),
        Kind::Switch,
        Of::Both,
        plain!(setting::STDIN),
    ),
    flag(
        "io-maxbandwidth",
        None,
        Kind::Value,
        Of::Docker,
        ignored!("--io-maxbandwidth", "it is for Windows"),
    ),
    flag(
        "io-maxiops",
        None,
        Kind::Value,
        Of::Docker,
        ignored!("--io-maxiops", "it is for Windows"),
    ),
    value("ip", option!("ip")),
    value("ip6", option!("ip6")),
    value("ipc", text!(ipc)),
    flag(
        "isolation",
        None,
        Kind::Value,
        Of::Docker,
        ignored!("--isolation", "it is for Windows"),
    ),
    flag(
        "kernel-memory",
        None,
        Kind::Value,
        Of::Both,
        ignored!("--kernel-memory", "kernels since 5.16 have no such limit"),
    ),
    flag(
        "label",
        Some('l'),
        Kind::Value,
        Of::Both,
        keyed!(setting::LABEL),
    ),
    value("label-file", |asker, text, origin| {
        asker.label_file(text, origin);
    }),
    flag("link", None, Kind::Value, Of::Docker, option!("link")),
    value("link-local-ip", option!("link-local-ip")),
    value("log-driver", plain!(setting::LOG_DRIVER)),
    value("log-opt", keyed!(setting::LOG_OPTION)),
    value("mac-address", option!("mac-address")),
    flag(
        "memory",
        Some('m'),
        Kind::Value,
        Of::Both,
        field!(memory, integer),
    ),
    value("memory-reservation", |asker, text, origin| {
        if let Some(bytes) = asker.one(text, origin, parts::bytes) {
            asker.plain(
                setting::MEMORY_RESERVATION,
                &bytes.value.to_string(),
                origin,
            );
        }
    }),
    value("memory-swap", field!(memory_swap, integer)),
    value("memory-swappiness", plain!(setting::SWAPPINESS)),
    value("mount", |asker, text, origin| asker.mount(text, origin)),
    value("name", |asker, text, _| asker.ask.name = text.to_owned()),
    value("net", network),
    value("net-alias", option!("network-alias")),
    value("network", |asker, text, origin| {
        network(asker, text, origin);
    }),
    value("network-alias", option!("network-alias")),
    switch("no-healthcheck", option!("no-healthcheck")),
    switch("oom-kill-disable", field!(oom_kill_disable, parts::truth)),
    value("oom-score-adj", field!(oom_score_adj, parts::number)),
    value("pid", text!(pid)),
    value("pids-limit", field!(pids_limit, parts::number)),
    value("platform", plain!(setting::PLATFORM)),
    switch("privileged", field!(privileged, parts::truth)),
    flag(
        "publish",
        Some('p'),
        Kind::Value,
        Of::Both,
        |asker, text, origin| asker.port(text, origin),
    ),
    flag(
        "publish-all",
        Some('P'),
        Kind::Switch,
        Of::Both,
        field!(publish_all, parts::truth),
    ),
    value("pull", plain!(setting::PULL)),
    flag("quiet", Some('q'), Kind::Switch, Of::Both, option!("quiet")),
    switch("read-only", field!(read_only, parts::truth)),
    value("restart", plain!(setting::RESTART)),
    switch("rm", plain!(setting::REMOVE)),
    value("runtime", plain!(setting::RUNTIME)),
    value("security-opt", |asker, text, origin| {
        asker.security(text, origin);
    }),
    value("shm-size", field!(shm_size, parts::bytes)),
    switch("sig-proxy", option!("sig-proxy")),
    value("stop-signal", plain!(setting::STOP_SIGNAL)),
    value("stop-timeout", plain!(setting::STOP_TIMEOUT)),
    value("storage-opt", option!("storage-opt")),
    value("sysctl", |asker, text, origin| asker.sysctl(text, origin)),
    value("tmpfs", |asker, text, origin| asker.tmpfs(text, origin)),
    flag(
        "tty",
        Some('t'),
        Kind::Switch,
        Of::Both,
        field!(tty, parts::truth),
    ),
    value("ulimit", |asker, text, origin| asker.ulimit(text, origin)),
    flag(
        "use-api-socket",
        None,
        Kind::Switch,
        Of::Docker,
        |asker, text, origin| {
            if text == "true" {
                // The engine's own socket: root on the host for whoever talks to it.
                asker.volume("/var/run/docker.sock:/var/run/docker.sock", origin);
                asker
                    .ask
                    .setting(setting::OPTION, "use-api-socket", text, origin.clone());
            }
        },
    ),
    flag("user", Some('u'), Kind::Value, Of::Both, text!(user)),
    value("userns", text!(userns)),
    value("uts", text!(uts)),
    flag(
        "volume",
        Some('v'),
        Kind::Value,
        Of::Both,
        |asker, text, origin| asker.volume(text, origin),
    ),
    value("volume-driver", option!("volume-driver")),
    value("volumes-from", |asker, text, origin| {
        asker
            .notes
            .elsewhere("more mounts", format!("the container {text}"), origin);
        asker
            .ask
            .setting(setting::OPTION, "volumes-from", text, origin.clone());
    }),
    flag(
        "workdir",
        Some('w'),
        Kind::Value,
        Of::Both,
        text!(directory),
    ),
    // Podman's own.
    podman("arch", option!("arch")),
    podman("authfile", option!("authfile")),
    podman("cgroup-conf", option!("cgroup-conf")),
    podman("cgroups", option!("cgroups")),
    podman("chrootdirs", option!("chrootdirs")),
    podman("conmon-pidfile", option!("conmon-pidfile")),
    podman("decryption-key", option!("decryption-key")),
    podman_switch("env-host", field!(environment_host, parts::truth)),
    podman("env-merge", option!("env-merge")),
    podman("gidmap", list!(gid_map)),
    podman("group-entry", option!("group-entry")),
    podman("health-log-destination", option!("health-log-destination")),
    podman("health-max-log-count", option!("health-max-log-count")),
    podman("health-max-log-size", option!("health-max-log-size")),
    podman("health-on-failure", option!("health-on-failure")),
    podman("health-startup-cmd", option!("health-startup-cmd")),
    podman(
        "health-startup-interval",
        option!("health-startup-interval"),
    ),
    podman("health-startup-retries", option!("health-startup-retries")),
    podman("health-startup-success", option!("health-startup-success")),
    podman("health-startup-timeout", option!("health-startup-timeout")),
    podman("hosts-file", option!("hosts-file")),
    podman("hostuser", option!("hostuser")),
    podman_switch("http-proxy", option!("http-proxy")),
    podman("image-volume", option!("image-volume")),
    podman("init-ctr", option!("init-ctr")),
    podman("init-path", option!("init-path")),
    podman_switch("no-hostname", option!("no-hostname")),
    podman_switch("no-hosts", option!("no-hosts")),
    podman("os", option!("os")),
    podman_switch("passwd", option!("passwd")),
    podman("passwd-entry", option!("passwd-entry")),
    podman("personality", plain!(setting::PERSONALITY)),
    podman("pidfile", option!("pidfile")),
    podman("pod", option!("pod")),
    podman("pod-id-file", option!("pod-id-file")),
    podman("preserve-fd", option!("preserve-fd")),
    podman("preserve-fds", field!(preserve_fds, parts::number)),
    podman("rdt-class", option!("rdt-class")),
    podman_switch("read-only-tmpfs", field!(read_only_tmpfs, parts::truth)),
    podman_switch("replace", option!("replace")),
    podman("requires", plain!(setting::DEPENDS_ON)),
    podman("retry", option!("retry")),
    podman("retry-delay", option!("retry-delay")),
    podman_switch("rmi", option!("rmi")),
    podman_switch("rootfs", option!("rootfs")),
    podman("sdnotify", option!("sdnotify")),
    podman("seccomp-policy", option!("seccomp-policy")),
    podman("secret", plain!(setting::SECRET)),
    podman("shm-size-systemd", option!("shm-size-systemd")),
    podman("subgidname", option!("subgidname")),
    podman("subuidname", option!("subuidname")),
    podman("systemd", option!("systemd")),
    podman("timeout", option!("timeout")),
    podman_switch("tls-verify", option!("tls-verify")),
    podman("tz", option!("tz")),
    podman("uidmap", list!(uid_map)),
    podman("umask", plain!(setting::UMASK)),
    podman("unsetenv", option!("unsetenv")),
    podman_switch("unsetenv-all", option!("unsetenv-all")),
    podman("variant", option!("variant")),
];

const fn podman(long: &'static str, apply: Apply) -> Flag {
    flag(long, None, Kind::Value, Of::Podman, apply)
}

const fn podman_switch(long: &'static str, apply: Apply) -> Flag {
    flag(long, None, Kind::Switch, Of::Podman, apply)
}

/// A network's mode or name; with `name=`, a line of options.
fn network(asker: &mut Asker<'_>, text: &str, origin: &Origin) {
    let parts: Vec<(&str, &str)> = text
        .split(',')
        .filter_map(|part| part.split_once('='))
        .collect();
    let name = match parts.iter().find(|(key, _)| *key == "name") {
        Some((_, name)) => {
            for (key, value) in parts.iter().filter(|(key, _)| *key != "name") {
                let value = format!("{name} {key}={value}");
                asker
                    .ask
                    .setting(setting::OPTION, "network", value, origin.clone());
            }
            (*name).to_owned()
        }
        None => text.to_owned(),
    };
    asker.ask.networks.push(Said::new(name, origin.clone()));
}

/// The texts of a list in JSON.
pub(crate) fn json_words(text: &str) -> Option<Vec<String>> {
    let name = std::path::Path::new("");
    let node = crate::document::parse_json(&crate::reader::Text::of(name, text)).ok()?;
    match &node.value {
        crate::document::Value::List(items) => items
            .iter()
            .map(|item| item.text().map(str::to_owned))
            .collect(),
        _ => None,
    }
}
