//! The writer: current keys, in the order in which a person would give them.

use super::mounts::{MIXED, NODES};
use super::read::{FILTER_FILE, HOOKS, MOUNT_OPTIONS, OTHER};
use crate::reader::{Context, WriteError, Written};
use casemate_model::Workload;
use casemate_model::facets::binds::{Bind, Extra, Propagation, Source};
use casemate_model::facets::device_numbers::{DeviceKind, DeviceNumbers};
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::files::{Access, ProcView, Root, SysView};
use casemate_model::facets::ids::{Groups, IdMap};
use casemate_model::facets::kernel::{Environment, Keyring, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::Reach;
use casemate_model::facets::resources::Limits;
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use casemate_model::names::CapabilitySet;
use casemate_model::order::Permission;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::workload::setting;
use casemate_seccomp::formats::{self as filters, WriteOptions};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The name of the system call filter's file.
const FILTER: &str = "casemate.seccomp";

/// Writes one workload.
pub fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let [workload] = workloads else {
        return Err(WriteError::Several {
            names: workloads.iter().map(|w| w.name.clone()).collect(),
        });
    };
    let mut writer = Writer {
        workload,
        text: String::new(),
        section: None,
        wrong: None,
    };
    let mut written = Written::default();
    writer.who();
    writer.namespaces();
    writer.capabilities();
    writer.filter(context, &mut written)?;
    writer.mac();
    writer.files();
    writer.devices();
    writer.resources();
    writer.network();
    writer.kernel();
    writer.others();
    if let Some(why) = writer.wrong {
        return Err(WriteError::Unwritable { field: None, why });
    }
    written.text = writer.text;
    Ok(written)
}

struct Writer<'a> {
    workload: &'a Workload,
    text: String,
    section: Option<&'static str>,
    wrong: Option<String>,
}

impl Writer<'_> {
    /// Begins a part; its heading is written before its first line.
    fn section(&mut self, name: &'static str) {
        self.section = Some(name);
    }

    fn line(&mut self, key: &str, value: &str) {
        if value.contains(['\n', '\r', '\0']) || value.is_empty() {
            let why = if value.is_empty() {
                "is empty"
            } else {
                "has a line break or a zero byte"
            };
            self.wrong
                .get_or_insert_with(|| format!("the value of {key} {why}"));
            return;
        }
        if let Some(section) = self.section.take() {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(&format!("# {section}\n"));
        }
        // One pair of quotes is taken away when it is read.
        let quoted = value.len() > 1
            && (value.starts_with('"') && value.ends_with('"')
                || value.starts_with('\'') && value.ends_with('\''));
        if quoted || value.trim() != value {
            self.text.push_str(&format!("{key} = \"{value}\"\n"));
        } else {
            self.text.push_str(&format!("{key} = {value}\n"));
        }
    }

    fn settings(&self, name: &'static str) -> Vec<(String, String)> {
        let found = self.workload.settings_of(name);
        found
            .map(|setting| (setting.key.clone(), setting.value.clone()))
            .collect()
    }

    fn setting(&self, name: &'static str, key: &str) -> Option<String> {
        let mut found = self
            .workload
            .settings_of(name)
            .filter(|setting| setting.key == key);
        found.next().map(|setting| setting.value.clone())
    }

    fn who(&mut self) {
        self.section("The container");
        let Workload {
            program,
            image,
            confinement,
            ..
        } = self.workload;
        if let Some(name) = confinement
            .namespaces
            .hostname
            .value()
            .filter(|name| !name.0.is_empty())
        {
            self.line("lxc.uts.name", &name.0);
        }
        let root = confinement.files.root.value();
        match image.value() {
            Some(path) if root != Some(&Root::Host) => self.line("lxc.rootfs.path", path),
            // A root of its own, at a place that is not known.
            None if root.is_some_and(|root| *root != Root::Host) => {
                self.line("lxc.rootfs.path", "dir:/var/lib/lxc/rootfs");
            }
            _ => {}
        }
        let others = self.setting(OTHER, "lxc.rootfs.options");
        let read_only = matches!(root, Some(Root::ReadOnly | Root::None)).then(|| "ro".to_owned());
        let options: Vec<String> = read_only.into_iter().chain(others).collect();
        if !options.is_empty() {
            self.line("lxc.rootfs.options", &options.join(","));
        }
        if program.command.is_set()
            && let Some(command) = program.command.value()
        {
            let words: Vec<String> = command
                .iter()
                .map(|word| quoted(&word.to_string_lossy()))
                .collect();
            self.line("lxc.init.cmd", &words.join(" "));
        }
        if let Some(directory) = program
            .directory
            .value()
            .filter(|directory| *directory != Path::new("/"))
        {
            self.line("lxc.init.cwd", &directory.to_string_lossy());
        }
        let ids = &confinement.ids;
        for (key, id) in [("lxc.init.uid", &ids.uid), ("lxc.init.gid", &ids.gid)] {
            if let Some(id) = id.value().filter(|id| id.0 != 0) {
                self.line(key, &id.0.to_string());
            }
        }
        if let Some(Groups::Only(groups)) = ids.groups.value()
            && !groups.is_empty()
        {
            let list: Vec<String> = groups.iter().map(ToString::to_string).collect();
            self.line("lxc.init.groups", &list.join(","));
        }
        for (kind, map) in [("u", &ids.uid_map), ("g", &ids.gid_map)] {
            if let Some(IdMap::Mapped(ranges)) = map.value() {
                for range in ranges {
                    let line = format!("{kind} {} {} {}", range.inside, range.outside, range.count);
                    self.line("lxc.idmap", &line);
                }
            }
        }
    }

    fn namespaces(&mut self) {
        self.section("Namespaces that are not its own");
        let n = &self.workload.confinement.namespaces;
        let all = [
            ("mnt", &n.mount),
            ("pid", &n.pid),
            ("uts", &n.uts),
            ("ipc", &n.ipc),
            ("user", &n.user),
            ("net", &n.net),
            ("cgroup", &n.cgroup),
            ("time", &n.time),
        ];
        let host = |name: &str| {
            all.iter()
                .any(|(other, p)| *other == name && p.value() == Some(&Placement::Host))
        };
        // `keep` makes all others new, the user namespace and time's, too; those are the host's without a key.
        let odd = ["mnt", "pid", "uts", "ipc", "cgroup"]
            .iter()
            .any(|name| host(name));
        let new = |name: &str| {
            all.iter()
                .any(|(other, p)| *other == name && p.value() == Some(&Placement::New))
        };
        if odd {
            let kept: Vec<&str> = all
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| host(name))
                .collect();
            self.line("lxc.namespace.keep", &kept.join(" "));
        } else if new("time")
            && self.setting(OTHER, "lxc.time.offset.boot").is_none()
            && self.setting(OTHER, "lxc.time.offset.monotonic").is_none()
        {
            self.line("lxc.time.offset.boot", "0s");
        }
        for (name, placement) in all {
            if let Some(Placement::Join(path)) = placement.value() {
                let text = path.to_string_lossy();
                let process = text
                    .strip_prefix("/proc/")
                    .and_then(|rest| rest.strip_suffix(&format!("/ns/{name}")));
                match text.strip_prefix("lxc:").or(process) {
                    Some(whose) => self.line(&format!("lxc.namespace.share.{name}"), whose),
                    None => {
                        self.wrong.get_or_insert_with(|| {
                            format!("LXC shares namespaces of a process or a container, not {text}")
                        });
                    }
                }
            }
        }
    }

    fn capabilities(&mut self) {
        self.section("Capabilities that stay; all others go");
        let capabilities = &self.workload.confinement.capabilities;
        // A program of another user than 0 has none in force whatever stays.
        let root = self
            .workload
            .confinement
            .ids
            .uid
            .value()
            .is_none_or(|uid| uid.0 == 0);
        let bounding = capabilities.bounding.value().copied();
        let effective = capabilities
            .effective
            .value()
            .copied()
            .unwrap_or(CapabilitySet::ALL);
        let kept = match bounding {
            Some(bounding) if root => Some(bounding.intersection(effective)),
            other => other,
        };
        match kept {
            Some(set) if set == CapabilitySet::ALL => {}
            Some(set) if set.is_empty() => self.line("lxc.cap.keep", "none"),
            Some(set) => self.line("lxc.cap.keep", &set.names().join(" ")),
            None => {}
        }
        if capabilities.no_new_privs.value() == Some(&Guard::On) {
            self.line("lxc.no_new_privs", "1");
        }
    }

    fn filter(&mut self, context: &Context<'_>, written: &mut Written) -> Result<(), WriteError> {
        self.section("System calls");
        let Some(policy) = self.workload.confinement.syscalls.filter.value() else {
            if let Some(path) = self.setting(FILTER_FILE, "") {
                self.line("lxc.seccomp.profile", &path);
            }
            return Ok(());
        };
        if SyscallPolicy::open().no_more_than(policy) {
            return Ok(());
        }
        let Some(write) = filters::find("lxc").and_then(|format| format.write) else {
            return Ok(());
        };
        let options = WriteOptions {
            archs: context.archs.to_vec(),
            tolerance: filters::Tolerance::Tighter,
        };
        match write(policy, &options) {
            Ok(file) => {
                written.files.insert(PathBuf::from(FILTER), file.bytes);
                self.line("lxc.seccomp.profile", FILTER);
                Ok(())
            }
            Err(error) => Err(WriteError::Unwritable {
                field: None,
                why: format!("the system call filter: {error}"),
            }),
        }
    }

    fn mac(&mut self) {
        self.section("Security modules");
        let mac = &self.workload.confinement.mac;
        match mac.apparmor.value() {
            Some(SecurityLabel::Named(name)) if name != "lxc-container-default-cgns" => {
                self.line("lxc.apparmor.profile", name);
            }
            Some(SecurityLabel::Named(_) | SecurityLabel::Strictest) => {}
            Some(SecurityLabel::Unconfined) => self.line("lxc.apparmor.profile", "unconfined"),
            None => self.line("lxc.apparmor.profile", "unchanged"),
        }
        if let Some(SecurityLabel::Named(context)) = mac.selinux.value() {
            self.line("lxc.selinux.context", context);
        }
    }

    fn files(&mut self) {
        self.section("Files");
        let files = &self.workload.confinement.files;
        let read_only = match files.read_only.value() {
            Some(Restrictions::These(paths)) => paths.iter().map(|path| path.0.clone()).collect(),
            _ => Vec::new(),
        };
        let mixed = MIXED
            .iter()
            .all(|path| read_only.iter().any(|p| p == Path::new(path)));
        let mut auto: Vec<String> = Vec::new();
        match files.proc.value() {
            Some(ProcView::Writable) => {
                auto.push(if mixed { "proc:mixed" } else { "proc:rw" }.to_owned());
            }
            Some(ProcView::Host) if files.root.value() != Some(&Root::Host) => {
                auto.push("proc:rw".to_owned());
            }
            _ => {}
        }
        let exact = self
            .settings(OTHER)
            .into_iter()
            .filter(|(key, _)| key == "lxc.mount.auto")
            .map(|(_, word)| word);
        let exact: Vec<String> = exact.collect();
        match files.sys.value() {
            Some(SysView::ReadOnly) if !exact.iter().any(|word| word == "sys:ro") => {
                auto.push("sys:mixed".to_owned());
            }
            Some(SysView::Writable) if files.root.value() != Some(&Root::Host) => {
                auto.push("sys:rw".to_owned());
            }
            _ => {}
        }
        auto.extend(exact);
        if !auto.is_empty() {
            self.line("lxc.mount.auto", &auto.join(" "));
        }
        match files.proc.value() {
            Some(ProcView::Own) => self.entry(
                "proc",
                Path::new("/proc"),
                "proc",
                "ro,nosuid,nodev,noexec,hidepid=invisible",
            ),
            Some(ProcView::Processes) => self.entry(
                "proc",
                Path::new("/proc"),
                "proc",
                "nosuid,nodev,noexec,subset=pid",
            ),
            _ => {}
        }
        self.grants();
        for path in read_only {
            if !(mixed && MIXED.iter().any(|other| path == Path::new(other))) {
                let source = path
                    .strip_prefix("/")
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .into_owned();
                self.entry(&source, &path, "none", "bind,ro,relative,optional");
            }
        }
        if let Some(Restrictions::These(paths)) = files.masked.value() {
            for path in paths {
                if is_file(&path.0) {
                    self.entry("/dev/null", &path.0, "none", "bind,optional");
                } else {
                    self.entry("tmpfs", &path.0, "tmpfs", "ro,nosuid,nodev,noexec,optional");
                }
            }
        }
    }

    fn grants(&mut self) {
        let files = &self.workload.confinement.files;
        if let (Some(grants), true) = (
            files.grants.value(),
            files.root.value() != Some(&Root::Host),
        ) {
            for (path, access) in &grants.0 {
                // What is not granted is not there; a hole in what is granted is read as looser, and said.
                if !access.is_none() {
                    let options = format!(
                        "bind,{},create=dir",
                        flags(*access, Extra::NONE, Propagation::Private)
                    );
                    self.entry(&path.to_string_lossy(), path, "none", &options);
                }
            }
        }
        if let Some(binds) = files.binds.value() {
            for bind in &binds.0 {
                self.bind(bind);
            }
        }
        if let Some(temporary) = files.temporary.value() {
            for (path, size) in &temporary.0 {
                let size = size.bound().map(|bytes| format!("size={bytes}"));
                let others = self.setting(MOUNT_OPTIONS, &path.to_string_lossy());
                let options: Vec<String> = size
                    .into_iter()
                    .chain(others.or(Some("create=dir".to_owned())))
                    .collect();
                self.entry("tmpfs", path, "tmpfs", &options.join(","));
            }
        }
    }

    fn bind(&mut self, bind: &Bind) {
        let flags = flags(bind.access, bind.extra, bind.propagation);
        let others = self.setting(MOUNT_OPTIONS, &bind.at.to_string_lossy());
        let with = |first: &str| {
            let parts = [first, &flags, others.as_deref().unwrap_or("create=dir")];
            parts
                .iter()
                .filter(|part| !part.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join(",")
        };
        match &bind.source {
            Source::Host(path) => {
                self.entry(&path.to_string_lossy(), &bind.at, "none", &with("bind"));
            }
            Source::Volume(name) => {
                let (kind, source) = name.split_once(':').unwrap_or(("volume", name));
                self.entry(source, &bind.at, kind, &with(""));
            }
            // Storage of its own: it is in the root.
            Source::Own => {}
        }
    }

    fn entry(&mut self, source: &str, target: &Path, kind: &str, options: &str) {
        let target = target
            .strip_prefix("/")
            .unwrap_or(target)
            .to_string_lossy()
            .into_owned();
        let target = if target.is_empty() { "." } else { &target };
        let options = if options.is_empty() {
            "defaults"
        } else {
            options
        };
        let line = format!(
            "{} {} {kind} {options} 0 0",
            escaped(source),
            escaped(target)
        );
        self.line("lxc.mount.entry", &line);
    }

    fn devices(&mut self) {
        self.section("Devices");
        let devices = &self.workload.confinement.devices;
        if let Some(Selection::Only(nodes)) = devices.nodes.value() {
            for name in nodes {
                let made = NODES.contains(&name.as_str())
                    || matches!(name.as_str(), "ptmx" | "pts" | "console" | "shm");
                if !made {
                    let path = PathBuf::from(format!("/dev/{name}"));
                    let source = path.to_string_lossy().into_owned();
                    self.entry(&source, &path, "none", "bind,create=file");
                }
            }
        }
        if devices.terminal.value() == Some(&Terminal::None) {
            self.line("lxc.console.path", "none");
        }
        if let Some(DeviceNumbers::Only(rules)) = devices.numbers.value() {
            self.line("lxc.cgroup2.devices.deny", "a");
            for rule in rules {
                let kind = match rule.kind {
                    DeviceKind::Block => 'b',
                    DeviceKind::Char => 'c',
                };
                let number = |n: Option<u32>| n.map_or_else(|| "*".to_owned(), |n| n.to_string());
                let line = format!(
                    "{kind} {}:{} {}",
                    number(rule.major),
                    number(rule.minor),
                    rule.access
                );
                self.line("lxc.cgroup2.devices.allow", &line);
            }
        }
    }

    fn resources(&mut self) {
        self.section("Limits");
        let resources = &self.workload.confinement.resources;
        let bound = |limit: Option<&Limit>| limit.and_then(|limit| limit.bound());
        let memory = bound(resources.memory.value());
        if let Some(memory) = memory {
            self.line("lxc.cgroup2.memory.max", &memory.to_string());
        }
        if let Some(both) = bound(resources.memory_and_swap.value()) {
            self.line(
                "lxc.cgroup2.memory.swap.max",
                &both.saturating_sub(memory.unwrap_or(0)).to_string(),
            );
        }
        if let Some(count) = bound(resources.processes.value()) {
            self.line("lxc.cgroup2.pids.max", &count.to_string());
        }
        if let Some(share) = bound(resources.cpu.value()) {
            self.line(
                "lxc.cgroup2.cpu.max",
                &format!("{} 100000", share.saturating_mul(100)),
            );
        }
        if let Some(weight) = bound(resources.cpu_weight.value()).filter(|weight| *weight != 100) {
            self.line("lxc.cgroup2.cpu.weight", &weight.to_string());
        }
        for (key, field) in [
            ("cpuset.cpus", &resources.cpus),
            ("cpuset.mems", &resources.memory_nodes),
        ] {
            if let Some(Selection::Only(set)) = field.value() {
                let list: Vec<String> = set.iter().map(ToString::to_string).collect();
                self.line(&format!("lxc.cgroup2.{key}"), &list.join(","));
            }
        }
        if resources.oom_kill.value() == Some(&Guard::Off) {
            self.line("lxc.cgroup.memory.oom_control", "1");
        }
        self.rates();
        if let Some(score) = resources.oom_score_adj.value().filter(|score| score.0 != 0) {
            self.line("lxc.proc.oom_score_adj", &score.0.to_string());
        }
        if let Some(rlimits) = resources.rlimits.value() {
            for (name, pair) in &rlimits.0 {
                let value = if pair.soft == pair.hard {
                    pair.soft.to_string()
                } else {
                    format!("{}:{}", pair.soft, pair.hard)
                };
                self.line(&format!("lxc.prlimit.{name}"), &value);
            }
        }
    }

    fn rates(&mut self) {
        let resources = &self.workload.confinement.resources;
        let word = |limit: &Limit| {
            limit
                .bound()
                .map_or_else(|| "max".to_owned(), |bytes| bytes.to_string())
        };
        if let Some(Limits(limits)) = resources.io.value() {
            let mut devices: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (name, limit) in limits {
                if let Some((device, what)) = name.split_once(' ') {
                    devices
                        .entry(device)
                        .or_default()
                        .push(format!("{what}={}", word(limit)));
                }
            }
            for (device, words) in devices {
                self.line(
                    "lxc.cgroup2.io.max",
                    &format!("{device} {}", words.join(" ")),
                );
            }
        }
        if let Some(Limits(limits)) = resources.huge_pages.value() {
            for (size, limit) in limits {
                if size != "default" {
                    self.line(&format!("lxc.cgroup2.hugetlb.{size}.max"), &word(limit));
                }
            }
        }
        for (rest, value) in self.settings(setting::MEMORY_RESERVATION) {
            let key = match rest.as_str() {
                "memory.soft_limit_in_bytes" => "lxc.cgroup.memory.soft_limit_in_bytes",
                "memory.min" => "lxc.cgroup2.memory.min",
                _ => "lxc.cgroup2.memory.low",
            };
            self.line(key, &value);
        }
    }

    fn network(&mut self) {
        self.section("Network");
        let own: Vec<(String, String)> = self
            .settings(OTHER)
            .into_iter()
            .filter(|(key, _)| key.starts_with("lxc.net."))
            .collect();
        if own
            .iter()
            .any(|(key, _)| key.strip_suffix(".type").is_some())
        {
            for (key, value) in own {
                self.line(&key, &value);
            }
            return;
        }
        let shared = matches!(
            self.workload.confinement.namespaces.net.value(),
            Some(Placement::Join(_))
        );
        match self.workload.confinement.network.reach.value() {
            _ if shared => {}
            // Without a network nobody puts the loopback interface up.
            Some(Reach::None) => {}
            Some(Reach::Loopback) => self.line("lxc.net.0.type", "empty"),
            Some(Reach::Host) => self.line("lxc.net.0.type", "none"),
            Some(Reach::Attached) => {
                self.line("lxc.net.0.type", "veth");
                self.line("lxc.net.0.link", "lxcbr0");
                self.line("lxc.net.0.flags", "up");
            }
            None => {}
        }
    }

    fn kernel(&mut self) {
        self.section("Environment and kernel settings");
        let kernel = &self.workload.confinement.kernel;
        if let Some(Environment::Only(variables)) = kernel.environment.value() {
            for (name, value) in variables {
                let text = match value {
                    Variable::Text(text) => format!("{name}={text}"),
                    Variable::FromCaller => name.clone(),
                };
                let ours = text == "container=lxc";
                if !ours {
                    self.line("lxc.environment", &text);
                }
            }
        }
        if kernel.keyring.value() == Some(&Keyring::Inherited) {
            self.line("lxc.keyring.session", "0");
        }
        if kernel.parent_death.value() == Some(&Guard::Off) {
            self.line("lxc.monitor.signal.pdeath", "0");
        }
        if let Some(sysctls) = kernel.sysctl.value() {
            for (name, value) in &sysctls.0 {
                self.line(&format!("lxc.sysctl.{name}"), value);
            }
        }
    }

    fn others(&mut self) {
        self.section("What confines nothing by itself");
        for (name, key) in [
            (setting::PERSONALITY, "lxc.arch"),
            (setting::STOP_SIGNAL, "lxc.signal.halt"),
        ] {
            if let Some(value) = self.setting(name, "") {
                self.line(key, &value);
            }
        }
        for (key, value) in self.settings(OTHER) {
            let said = key.starts_with("lxc.net.")
                || matches!(key.as_str(), "lxc.rootfs.options" | "lxc.mount.auto");
            if !said {
                self.line(&key, &value);
            }
        }
        for (point, value) in self.settings(setting::HOOK) {
            if HOOKS.iter().any(|(known, _)| *known == point) {
                self.line(&format!("lxc.hook.{point}"), &value);
            }
        }
    }
}

/// Files below /proc and /sys that runtimes cover; what else they cover are directories.
fn is_file(path: &Path) -> bool {
    const FILES: [&str; 9] = [
        "/proc/kcore",
        "/proc/keys",
        "/proc/key-users",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/timer_stats",
        "/proc/sched_debug",
        "/proc/interrupts",
        "/proc/sysrq-trigger",
    ];
    FILES.iter().any(|file| path == Path::new(file))
}

fn flags(access: Access, extra: Extra, propagation: Propagation) -> String {
    let mut words = Vec::new();
    if !access.includes(Access::WRITE) {
        words.push("ro");
    }
    if !access.includes(Access::RUN) {
        words.push("noexec");
    }
    if !extra.includes(Extra::SETUID) {
        words.push("nosuid");
    }
    if !extra.includes(Extra::DEVICES) {
        words.push("nodev");
    }
    match propagation {
        Propagation::Private => words.push("rprivate"),
        Propagation::Slave => {}
        Propagation::Shared => words.push("rshared"),
    }
    words.join(",")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\134")
        .replace(' ', "\\040")
        .replace('\t', "\\011")
        .replace('\n', "\\012")
}

fn quoted(word: &str) -> String {
    if !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
        return word.to_owned();
    }
    let quote = if word.contains('"') { '\'' } else { '"' };
    format!("{quote}{word}{quote}")
}
