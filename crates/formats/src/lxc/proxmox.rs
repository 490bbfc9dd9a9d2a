//! Proxmox's containers, `/etc/pve/lxc/ID.conf`: lines `key: value`, then snapshots in sections.

use super::config::Config;
use super::lines::{Collector, Line};
use super::read::PROXMOX;
use crate::loss::Loss;
use crate::reader::{Problem, Text};
use casemate_model::workload::setting;
use casemate_model::{Origin, Workload};

/// The names of settings that only Proxmox has.
const NAME: &str = "proxmox";

/// Tells whether the lines are Proxmox's: the first that is no comment is `word: value`, and some are of containers.
pub fn looks_like(text: &str) -> bool {
    const MARKS: [&str; 6] = [
        "arch",
        "ostype",
        "rootfs",
        "unprivileged",
        "swap",
        "features",
    ];
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut marks = 0;
    for line in lines.take(40) {
        if line.starts_with('[') {
            break;
        }
        let key = line.split(':').next().unwrap_or_default();
        // LXC's own files have no colon before the first `=`.
        let own = super::lines::parts(line);
        if matches!(own, super::lines::Parts::Set(key, _) if !key.contains(':')) {
            return false;
        }
        if MARKS.contains(&key) && line.contains(':') {
            marks += 1;
        }
    }
    marks >= 2
}

struct Reader<'a, 'b> {
    config: &'a mut Config,
    collector: &'a mut Collector<'b>,
    workload: &'a mut Workload,
    privileged: Option<Origin>,
}

/// Reads a container of Proxmox's into a configuration of LXC's.
pub fn read(
    text: &Text<'_>,
    config: &mut Config,
    collector: &mut Collector<'_>,
    workload: &mut Workload,
) {
    let mut reader = Reader {
        config,
        collector,
        workload,
        privileged: None,
    };
    let mut section: Option<String> = None;
    let mut unprivileged = None;
    for (start, line) in text.lines() {
        let origin = text.origin(start, start + line.len());
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = Some(name.to_owned());
            reader
                .collector
                .losses
                .push(Loss::no_place("the snapshot", name, origin));
            continue;
        }
        if let Some(name) = &section {
            reader.collector.losses.push(Loss::no_place(
                format!("of the snapshot {name}"),
                line,
                origin,
            ));
            continue;
        }
        match line.split_once([':', '=']) {
            Some((key, value)) if key.trim() == "unprivileged" => {
                unprivileged = Some((value.trim() == "1", origin));
            }
            Some((key, value)) => reader.line(key.trim(), value.trim(), origin),
            None => reader.collector.problems.push(Problem::new(
                format!("expected `key: value`, found {line:?}"),
                origin,
            )),
        }
    }
    match unprivileged {
        Some((true, origin)) => {
            if !reader
                .collector
                .lines
                .iter()
                .any(|line| line.key == "lxc.idmap")
            {
                for kind in ["u", "g"] {
                    reader.config.add(
                        "lxc.idmap",
                        format!("{kind} 0 100000 65536"),
                        origin.clone(),
                    );
                }
            }
        }
        other => reader.privileged = Some(other.map_or(PROXMOX, |(_, origin)| origin)),
    }
    reader.always();
}

impl Reader<'_, '_> {
    fn line(&mut self, key: &str, value: &str, origin: Origin) {
        match key {
            "hostname" => self.config.set("lxc.uts.name", value, origin),
            "memory" => self.amount("memory.max", value, origin),
            "swap" => self.amount("memory.swap.max", value, origin),
            "cores" | "cpulimit" => self.processors(key, value, origin),
            "cpuunits" => self
                .config
                .set_below("lxc.cgroup2.", "cpu.weight", value, origin),
            "rootfs" => self.root(value, &origin),
            "arch" => self.config.set("lxc.arch", value, origin),
            "features" => self.features(value, &origin),
            "onboot" => self.config.set("lxc.start.auto", value, origin),
            "hookscript" => self.workload.set(setting::HOOK, key, value, origin),
            "tty" => self.config.set("lxc.tty.max", value, origin),
            "console" if value == "0" => self.config.set("lxc.console.path", "none", origin),
            _ if numbered(key, "net") => self.network(key, value, origin),
            _ if numbered(key, "mp") => self.mount(value, origin),
            _ if numbered(key, "dev") => self.device(value, origin),
            _ if key.starts_with("lxc.") => self.raw(key, value, origin),
            "ostype" | "description" | "tags" | "nameserver" | "searchdomain" | "startup"
            | "cmode" | "lock" | "parent" | "protection" | "template" | "timezone" | "console"
            | "debug" | "entrypoint" | "env" => {
                self.workload.set(NAME, key, value, origin);
            }
            _ if numbered(key, "unused") => self.workload.set(NAME, key, value, origin),
            _ => self
                .collector
                .losses
                .push(Loss::not_understood(format!("`{key}: {value}`"), origin)),
        }
    }

    fn raw(&mut self, key: &str, value: &str, origin: Origin) {
        let current = super::lines::renamed(key);
        let old = current.is_some().then(|| key.to_owned());
        self.collector.lines.push(Line {
            key: current.unwrap_or_else(|| key.to_owned()),
            value: value.to_owned(),
            origin,
            old,
        });
    }

    // Mebibytes.
    fn amount(&mut self, rest: &'static str, value: &str, origin: Origin) {
        match value.parse::<u64>() {
            Ok(amount) => self
                .config
                .set_below("lxc.cgroup2.", rest, format!("{amount}M"), origin),
            Err(_) => self.wrong("a number of MiB", value, origin),
        }
    }

    fn processors(&mut self, key: &str, value: &str, origin: Origin) {
        // The period is Proxmox's: 100 ms. Cores are processors that are chosen at the start: the time is what is bound.
        let quota = thousandths(value).filter(|quota| *quota > 0);
        if value == "0" || (key == "cores" && !self.config.at("lxc.cgroup2.", "cpu.max").is_empty())
        {
            self.workload.set(NAME, key, value, origin);
            return;
        }
        match quota.and_then(|quota| quota.checked_mul(100)) {
            Some(quota) => {
                self.config
                    .set_below("lxc.cgroup2.", "cpu.max", format!("{quota} 100000"), origin);
            }
            None => self.wrong("a number of processors", value, origin),
        }
    }

    fn root(&mut self, value: &str, origin: &Origin) {
        let mut parts = value.split(',');
        let path = parts.next().unwrap_or_default();
        self.config.set("lxc.rootfs.path", path, origin.clone());
        for part in parts {
            match part {
                "ro=1" => self.config.set("lxc.rootfs.options", "ro", origin.clone()),
                part => self.workload.set(NAME, "rootfs", part, origin.clone()),
            }
        }
    }

    fn features(&mut self, value: &str, origin: &Origin) {
        for part in value.split(',') {
            match part.trim() {
                "nesting=1" => {
                    self.config
                        .set("lxc.apparmor.allow_nesting", "1", origin.clone());
                }
                "fuse=1" => {
                    self.config.add(
                        "lxc.mount.entry",
                        "/dev/fuse dev/fuse none bind,create=file 0 0",
                        origin.clone(),
                    );
                }
                other => self.workload.set(NAME, "features", other, origin.clone()),
            }
        }
    }

    fn network(&mut self, key: &str, value: &str, origin: Origin) {
        let number = key.trim_start_matches("net");
        let mut kind = "veth";
        for part in value.split(',') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let sub = match name {
                "type" => {
                    kind = if value == "phys" { "phys" } else { "veth" };
                    continue;
                }
                "bridge" | "link" => "link",
                "name" => "name",
                "hwaddr" => "hwaddr",
                "mtu" => "mtu",
                "ip" if value.contains('/') => "ipv4.address",
                "ip6" if value.contains('/') => "ipv6.address",
                "gw" => "ipv4.gateway",
                "gw6" => "ipv6.gateway",
                _ => {
                    self.workload.set(NAME, key, part, origin.clone());
                    continue;
                }
            };
            self.config.set_below(
                "lxc.net.",
                &format!("{number}.{sub}"),
                value,
                origin.clone(),
            );
        }
        self.config
            .set_below("lxc.net.", &format!("{number}.type"), kind, origin);
    }

    fn mount(&mut self, value: &str, origin: Origin) {
        let mut parts = value.split(',');
        let source = parts.next().unwrap_or_default();
        let mut target = None;
        let mut options = Vec::new();
        for part in parts {
            match part.split_once('=') {
                Some(("mp", path)) => target = Some(path.trim_start_matches('/')),
                Some(("ro", "1")) => options.push("ro".to_owned()),
                Some(("mountoptions", list)) => options.extend(list.split(';').map(str::to_owned)),
                _ => self.workload.set(NAME, "mp", part, origin.clone()),
            }
        }
        let Some(target) = target.filter(|target| !target.is_empty()) else {
            self.wrong("`VOLUME,mp=PATH`", value, origin);
            return;
        };
        let words = |text: &str| text.replace(' ', "\\040");
        let kind = if source.starts_with('/') {
            "none"
        } else {
            "volume"
        };
        if kind == "none" {
            options.insert(0, "bind".to_owned());
        }
        if options.is_empty() {
            options.push("defaults".to_owned());
        }
        let line = format!(
            "{} {} {kind} {} 0 0",
            words(source),
            words(target),
            options.join(",")
        );
        self.config.add("lxc.mount.entry", line, origin);
    }

    fn device(&mut self, value: &str, origin: Origin) {
        let path = value.split(',').next().unwrap_or_default();
        let path = path.strip_prefix("path=").unwrap_or(path);
        let inside = path.trim_start_matches('/').to_owned();
        self.workload
            .set(setting::DEVICE, path, value, origin.clone());
        self.config.add(
            "lxc.mount.entry",
            format!("{path} {inside} none bind,create=file 0 0"),
            origin,
        );
    }

    /// What Proxmox includes: its own `common.conf`, and for unprivileged containers `userns.conf`.
    fn always(&mut self) {
        if let Some(origin) = self.privileged.take() {
            let own = |line: &Line| matches!(line.key.as_str(), "lxc.cap.drop" | "lxc.cap.keep");
            if !self.collector.lines.iter().any(own) {
                self.config.add(
                    "lxc.cap.drop",
                    "mac_admin mac_override sys_time sys_module sys_rawio",
                    origin,
                );
            }
        }
        for (name, value) in [
            (
                "lxc.seccomp.profile",
                "/usr/share/lxc/config/pve.common.seccomp",
            ),
            ("lxc.apparmor.profile", "generated"),
            ("lxc.pty.max", "1024"),
        ] {
            self.config.set(name, value, PROXMOX);
        }
        self.config.add(
            "lxc.mount.auto",
            "cgroup:mixed proc:mixed sys:mixed",
            PROXMOX,
        );
    }

    fn wrong(&mut self, expected: &str, found: &str, origin: Origin) {
        let what = format!("expected {expected}, found {found:?}");
        self.collector.problems.push(Problem::new(what, origin));
    }
}

fn numbered(key: &str, prefix: &str) -> bool {
    let rest = key.strip_prefix(prefix).unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1.5` as 1500.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let whole: u64 = whole.parse().ok()?;
    whole.checked_mul(1000)?.checked_add(digits.parse().ok()?)
}
