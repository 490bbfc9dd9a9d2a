//! The keys of `[Container]` and the flags of `podman run` that they stand for.

/// How the value of a key is taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Split {
    /// Not at all.
    Whole,
    /// Words, each a value of the flag.
    Words,
}

/// Keys, their flags, and how values are taken apart. Of two keys of one flag the first is written.
pub(super) const KEYS: [(&str, &str, Split); 71] = [
    ("ContainerName", "name", Split::Whole),
    ("HostName", "hostname", Split::Whole),
    ("GroupAdd", "group-add", Split::Whole),
    ("WorkingDir", "workdir", Split::Whole),
    ("Entrypoint", "entrypoint", Split::Whole),
    ("DropCapability", "cap-drop", Split::Words),
    ("AddCapability", "cap-add", Split::Words),
    ("UserNS", "userns", Split::Whole),
    ("UIDMap", "uidmap", Split::Whole),
    ("GIDMap", "gidmap", Split::Whole),
    ("SubUIDMap", "subuidname", Split::Whole),
    ("SubGIDMap", "subgidname", Split::Whole),
    ("CgroupsMode", "cgroups", Split::Whole),
    ("ReadOnly", "read-only", Split::Whole),
    ("ReadOnlyTmpfs", "read-only-tmpfs", Split::Whole),
    ("Volume", "volume", Split::Whole),
    ("Mount", "mount", Split::Whole),
    ("Tmpfs", "tmpfs", Split::Whole),
    ("ShmSize", "shm-size", Split::Whole),
    ("AddDevice", "device", Split::Whole),
    ("Network", "network", Split::Whole),
    ("NetworkAlias", "network-alias", Split::Whole),
    ("IP", "ip", Split::Whole),
    ("IP6", "ip6", Split::Whole),
    ("PublishPort", "publish", Split::Whole),
    ("ExposeHostPort", "expose", Split::Whole),
    ("AddHost", "add-host", Split::Whole),
    ("DNS", "dns", Split::Whole),
    ("DNSSearch", "dns-search", Split::Whole),
    ("DNSOption", "dns-option", Split::Whole),
    ("PidsLimit", "pids-limit", Split::Whole),
    ("Ulimit", "ulimit", Split::Whole),
    ("Sysctl", "sysctl", Split::Words),
    ("Environment", "env", Split::Words),
    ("EnvironmentFile", "env-file", Split::Whole),
    ("EnvironmentHost", "env-host", Split::Whole),
    ("HttpProxy", "http-proxy", Split::Whole),
    ("Secret", "secret", Split::Whole),
    ("Label", "label", Split::Words),
    ("Annotation", "annotation", Split::Words),
    ("HealthCmd", "health-cmd", Split::Whole),
    ("HealthInterval", "health-interval", Split::Whole),
    (
        "HealthLogDestination",
        "health-log-destination",
        Split::Whole,
    ),
    ("HealthMaxLogCount", "health-max-log-count", Split::Whole),
    ("HealthMaxLogSize", "health-max-log-size", Split::Whole),
    ("HealthOnFailure", "health-on-failure", Split::Whole),
    ("HealthRetries", "health-retries", Split::Whole),
    ("HealthStartPeriod", "health-start-period", Split::Whole),
    ("HealthStartupCmd", "health-startup-cmd", Split::Whole),
    (
        "HealthStartupInterval",
        "health-startup-interval",
        Split::Whole,
    ),
    (
        "HealthStartupRetries",
        "health-startup-retries",
        Split::Whole,
    ),
    (
        "HealthStartupSuccess",
        "health-startup-success",
        Split::Whole,
    ),
    (
        "HealthStartupTimeout",
        "health-startup-timeout",
        Split::Whole,
    ),
    ("HealthTimeout", "health-timeout", Split::Whole),
    ("LogDriver", "log-driver", Split::Whole),
    ("LogOpt", "log-opt", Split::Whole),
    ("Pod", "pod", Split::Whole),
    ("Pull", "pull", Split::Whole),
    ("Retry", "retry", Split::Whole),
    ("RetryDelay", "retry-delay", Split::Whole),
    ("RunInit", "init", Split::Whole),
    ("Notify", "sdnotify", Split::Whole),
    ("StopSignal", "stop-signal", Split::Whole),
    ("StopTimeout", "stop-timeout", Split::Whole),
    ("Timezone", "tz", Split::Whole),
    ("RemapUid", "uidmap", Split::Whole),
    ("RemapGid", "gidmap", Split::Whole),
    ("RemapUsers", "userns", Split::Whole),
    ("PodmanHostName", "hostname", Split::Whole),
    ("Umask", "umask", Split::Whole),
    ("Platform", "platform", Split::Whole),
];

/// Keys that confine nothing and are no flag.
pub(super) const PLAIN: [&str; 7] = [
    "AutoUpdate",
    "ContainersConfModule",
    "GlobalArgs",
    "ReloadCmd",
    "ReloadSignal",
    "StartWithPod",
    "ServiceName",
];

/// The key of a flag.
pub(super) fn of_flag(flag: &str, version: (u16, u16)) -> Option<(&'static str, Split)> {
    let (key, _, split) = KEYS.iter().find(|(_, own, _)| *own == flag)?;
    // Keys that came after the first version of quadlet.
    let since = match *key {
        "ReadOnlyTmpfs" | "PidsLimit" => (4, 7),
        "Entrypoint" | "StopTimeout" => (5, 0),
        "GroupAdd" => (5, 1),
        "AddHost" | "StopSignal" => (5, 3),
        "RemapUid" | "RemapGid" | "RemapUsers" | "PodmanHostName" | "Umask" | "Platform" => {
            return None;
        }
        _ => (4, 3),
    };
    (version >= since).then_some((key, *split))
}
