//! Writes a drop-in.
//!
//! Only what the unit's own defaults do not say is written. Where one setting says what several fields need
//! (`PrivateDevices=`, `ProtectKernelTunables=`, …), it is written when it grants no more than they do.

use super::limits::{KNOWN, STANDARD};
use crate::reader::{Context, WriteError, Written};
use casemate_model::facets::binds::Source;
use casemate_model::facets::device_numbers::{DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::files::{Access, Grants, ProcView, Root, SysView};
use casemate_model::facets::ids::{Groups, IdMap};
use casemate_model::facets::kernel::{Environment, Keyring, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Reach, Transport};
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::order::FieldId;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Workload};
use casemate_seccomp::formats::{self, Tolerance, WriteOptions};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

pub(super) fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let [workload] = workloads else {
        return Err(WriteError::Several {
            names: workloads.iter().map(|one| one.name.clone()).collect(),
        });
    };
    let mut writer = Writer {
        text: String::from(
            "# Restrictions of a service: put this at /etc/systemd/system/UNIT.d/confinement.conf\n[Service]\n",
        ),
    };
    let confinement = &workload.confinement;
    writer.command(workload)?;
    writer.dynamic(workload)?;
    writer.who(confinement)?;
    writer.capabilities(confinement)?;
    writer.namespaces(confinement)?;
    writer.files(confinement)?;
    writer.devices(confinement)?;
    writer.network(confinement)?;
    writer.resources(confinement)?;
    writer.surroundings(confinement)?;
    writer.filter(confinement, context)?;
    Ok(Written {
        text: writer.text,
        ..Written::default()
    })
}

struct Writer {
    text: String,
}

fn path_text(path: &Path) -> Result<String, WriteError> {
    let text = path.to_string_lossy();
    word(&text)
}

/// Quotes a word where it needs it.
fn word(text: &str) -> Result<String, WriteError> {
    if text.contains(['\n', '\r', '\0']) {
        return Err(WriteError::Unwritable {
            field: None,
            why: format!("{text:?} has a line break"),
        });
    }
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"\"'\\;".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    Ok(format!("\"{}\"", escaped.replace('\t', "\\t")))
}

impl Writer {
    fn line(&mut self, key: &str, value: &str) -> Result<(), WriteError> {
        if value.contains(['\n', '\r', '\0']) || value.ends_with('\\') {
            return Err(WriteError::Unwritable {
                field: None,
                why: format!("the value {value:?} of {key}= does not fit on a line"),
            });
        }
        let _written: std::fmt::Result = writeln!(self.text, "{key}={value}");
        Ok(())
    }

    fn command(&mut self, workload: &Workload) -> Result<(), WriteError> {
        let Some(command) = workload
            .program
            .command
            .value()
            .filter(|_| workload.program.command.is_set())
        else {
            return Ok(());
        };
        let words: Result<Vec<String>, WriteError> = command
            .iter()
            .map(|one| word(&one.to_string_lossy()))
            .collect();
        self.line("ExecStart", "")?;
        self.line("ExecStart", &words?.join(" "))?;
        if workload.program.directory.is_set()
            && let Some(directory) = workload.program.directory.value()
        {
            self.line("WorkingDirectory", &path_text(directory)?)?;
        }
        Ok(())
    }

    // A user that is made for the unit has no id before, and its own root no other place than the image.
    fn dynamic(&mut self, workload: &Workload) -> Result<(), WriteError> {
        let mut settings = workload.settings_of("systemd-setting");
        if settings.any(|one| one.key == "DynamicUser") {
            self.line("DynamicUser", "yes")?;
        }
        let own = matches!(
            workload.confinement.files.root.value(),
            Some(Root::ReadOnly | Root::Writable)
        );
        match workload.image.value().filter(|_| own) {
            Some(root) if root.starts_with('/') => self.line("RootDirectory", &word(root)?),
            _ => Ok(()),
        }
    }

    fn who(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let ids = &c.ids;
        match (ids.user_name.value(), ids.uid.value()) {
            (Some(name), _) if !name.0.is_empty() => {
                if !super::who::is_name(&name.0) {
                    return Err(WriteError::Unwritable {
                        field: Some(FieldId {
                            facet: "ids",
                            name: "user_name",
                        }),
                        why: format!("{:?} is no name of a user to systemd", name.0),
                    });
                }
                self.line("User", &name.0)?;
            }
            (_, Some(uid)) if uid.0 != 0 => self.line("User", &uid.0.to_string())?,
            _ => {}
        }
        if let Some(gid) = ids.gid.value()
            && (gid.0 != 0 || ids.gid.is_set())
        {
            self.line("Group", &gid.0.to_string())?;
        }
        if let Some(Groups::Only(groups)) = ids.groups.value()
            && !groups.is_empty()
        {
            let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
            self.line("SupplementaryGroups", &groups.join(" "))?;
        }
        if matches!(ids.uid_map.value(), Some(IdMap::Mapped(_)))
            || c.namespaces.user.value() == Some(&Placement::New)
        {
            self.line("PrivateUsers", "yes")?;
        }
        Ok(())
    }

    fn capabilities(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let listed = |set: CapabilitySet| {
            let names = set.names();
            let names: Vec<String> = names
                .iter()
                .map(|name| format!("CAP_{}", name.to_ascii_uppercase()))
                .collect();
            names.join(" ")
        };
        // Of nearly all, what is missing is shorter.
        let names = |set: CapabilitySet| {
            let missing = CapabilitySet::ALL.difference(set);
            if missing.len() < set.len() {
                format!("~{}", listed(missing))
            } else {
                listed(set)
            }
        };
        let own = &c.capabilities;
        if let Some(set) = own
            .bounding
            .value()
            .filter(|set| **set != CapabilitySet::ALL)
        {
            // Root holds what the bounding set has, so it is the only one to tell about what is held.
            let root = c.ids.uid.value().is_some_and(|uid| uid.0 == 0);
            let held = own.permitted.value().filter(|_| root);
            self.line(
                "CapabilityBoundingSet",
                &names(held.map_or(*set, |held| held.intersection(*set))),
            )?;
        } else if let (Some(held), Some(0)) =
            (own.permitted.value(), c.ids.uid.value().map(|uid| uid.0))
            && *held != CapabilitySet::ALL
        {
            self.line("CapabilityBoundingSet", &names(*held))?;
        }
        if let Some(set) = own.ambient.value().filter(|set| !set.is_empty()) {
            self.line("AmbientCapabilities", &listed(*set))?;
        }
        if own.no_new_privs.value() == Some(&Guard::On) {
            self.line("NoNewPrivileges", "yes")?;
        }
        if own.securebits.value() == Some(&Guard::On) {
            let bits =
                "keep-caps-locked no-setuid-fixup no-setuid-fixup-locked noroot noroot-locked";
            self.line("SecureBits", bits)?;
        }
        Ok(())
    }

    fn namespaces(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let own = &c.namespaces;
        for (key, join, place) in [
            ("PrivateNetwork", Some("NetworkNamespacePath"), &own.net),
            ("PrivateIPC", Some("IPCNamespacePath"), &own.ipc),
            ("ProtectHostname", None, &own.uts),
            ("PrivatePIDs", None, &own.pid),
        ] {
            match (place.value(), join) {
                (Some(Placement::New), _) => self.line(key, "yes")?,
                (Some(Placement::Join(path)), Some(join)) => self.line(join, &path_text(path)?)?,
                _ => {}
            }
        }
        if c.namespaces.mount.value() == Some(&Placement::New) {
            self.line("PrivateMounts", "yes")?;
        }
        Ok(())
    }

    fn files(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let files = &c.files;
        let own_root = matches!(files.root.value(), Some(Root::ReadOnly | Root::Writable));
        let mut tmpfs: Vec<(PathBuf, Limit)> = files
            .temporary
            .value()
            .map(|temporary| temporary.0.clone().into_iter().collect())
            .unwrap_or_default();
        let private: [PathBuf; 2] = ["/tmp".into(), "/var/tmp".into()];
        if private
            .iter()
            .all(|path| tmpfs.contains(&(path.clone(), Limit::Unlimited)))
        {
            self.line("PrivateTmp", "yes")?;
            tmpfs.retain(|(path, _)| !private.contains(path));
        }
        if own_root {
            if files.root.value() == Some(&Root::ReadOnly) {
                self.line("ProtectSystem", "strict")?;
            }
        } else if let Some(grants) = files.grants.value() {
            self.grants(grants, &tmpfs)?;
        }
        for (path, size) in &tmpfs {
            let mut value = path_text(path)?;
            if let Limit::AtMost(bytes) = size {
                let _written: std::fmt::Result = write!(value, ":size={bytes}");
            }
            self.line("TemporaryFileSystem", &value)?;
        }
        for bind in files.binds.value().iter().flat_map(|binds| &binds.0) {
            let Source::Host(source) = &bind.source else {
                continue;
            };
            let key = if bind.access.includes(Access::WRITE) {
                "BindPaths"
            } else {
                "BindReadOnlyPaths"
            };
            if !bind.access.is_none() {
                let value = format!("{}:{}", path_text(source)?, path_text(&bind.at)?);
                self.line(key, &value)?;
            }
        }
        self.kernel_trees(c)
    }

    // Where nothing of `/` is granted, an empty root is made and what is granted is bound into it.
    fn grants(&mut self, grants: &Grants, tmpfs: &[(PathBuf, Limit)]) -> Result<(), WriteError> {
        let implied: BTreeSet<&Path> = tmpfs.iter().map(|(path, _)| path.as_path()).collect();
        let top = grants.access(Path::new("/"));
        if top.is_none() {
            self.line("TemporaryFileSystem", "/:ro")?;
        } else if !top.includes(Access::WRITE) {
            self.line("ProtectSystem", "strict")?;
        }
        let strict = !top.is_none() && !top.includes(Access::WRITE);
        let mut lines: [(&str, Vec<String>); 7] = [
            ("BindPaths", Vec::new()),
            ("BindReadOnlyPaths", Vec::new()),
            ("InaccessiblePaths", Vec::new()),
            ("ReadOnlyPaths", Vec::new()),
            ("ReadWritePaths", Vec::new()),
            ("NoExecPaths", Vec::new()),
            ("ExecPaths", Vec::new()),
        ];
        let mut put = |index: usize, text: String| {
            if let Some((_, paths)) = lines.get_mut(index) {
                paths.push(text);
            }
        };
        for (path, access) in &grants.0 {
            let text = path_text(path)?;
            let above = path.parent().map(|parent| grants.access(parent));
            let runs = |access: Access| access.is_none() || access.includes(Access::RUN);
            let inherited = above.is_none_or(runs);
            if runs(*access) != inherited && !access.is_none() {
                put(if inherited { 5 } else { 6 }, text.clone());
            }
            if path == Path::new("/") {
                continue;
            }
            let kernel = ["/dev", "/proc", "/sys"]
                .iter()
                .any(|tree| path == Path::new(tree));
            let writes = access.includes(Access::WRITE);
            if access.is_none() {
                // What is hidden by a private directory needs no line of its own.
                let temporary = ["/tmp", "/var/tmp"]
                    .iter()
                    .any(|tree| path == Path::new(tree));
                if !implied.contains(path.as_path()) && !temporary {
                    put(2, text);
                }
            } else if top.is_none() {
                put(usize::from(!writes), text);
            } else if strict && kernel && writes {
                // ProtectSystem=strict leaves these as they are.
            } else {
                put(if writes { 4 } else { 3 }, text);
            }
        }
        for (key, paths) in lines {
            if !paths.is_empty() {
                self.line(key, &paths.join(" "))?;
            }
        }
        Ok(())
    }

    fn kernel_trees(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let files = &c.files;
        match files.proc.value() {
            Some(ProcView::Processes | ProcView::Absent) => {
                self.line("ProtectProc", "invisible")?;
                self.line("ProcSubset", "pid")?;
            }
            Some(ProcView::Own | ProcView::Writable) => self.line("ProtectProc", "invisible")?,
            Some(ProcView::Host) | None => {}
        }
        let holds = |set: Option<&Restrictions<_>>, path: &str| match set {
            Some(Restrictions::Everything) => true,
            Some(Restrictions::These(paths)) => paths.contains(
                &casemate_model::facets::files::ShownPath(PathBuf::from(path)),
            ),
            None => false,
        };
        if matches!(files.sys.value(), Some(SysView::ReadOnly | SysView::Absent))
            || holds(files.read_only.value(), "/proc/sys")
        {
            self.line("ProtectKernelTunables", "yes")?;
        }
        if holds(files.masked.value(), "/proc/kmsg") {
            self.line("ProtectKernelLogs", "yes")?;
        }
        if holds(files.read_only.value(), "/sys/fs/cgroup") {
            self.line("ProtectControlGroups", "yes")?;
        }
        Ok(())
    }

    fn devices(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let private = matches!(c.devices.nodes.value(), Some(Selection::Only(_)));
        if private {
            self.line("PrivateDevices", "yes")?;
        }
        let Some(DeviceNumbers::Only(rules)) = c.devices.numbers.value() else {
            return Ok(());
        };
        let standard: Vec<DeviceRule> = STANDARD
            .iter()
            .filter_map(|(_, major, minor, access)| {
                Some(DeviceRule {
                    kind: DeviceKind::Char,
                    major: Some(*major),
                    minor: *minor,
                    access: casemate_model::facets::device_numbers::DeviceAccess::parse(access)?,
                })
            })
            .collect();
        let numbers = DeviceNumbers::Only(rules.clone());
        let closed = standard.iter().all(|rule| numbers.permits(*rule));
        if !(private && closed) {
            self.line("DevicePolicy", if closed { "closed" } else { "strict" })?;
        }
        for rule in rules {
            if !(closed && standard.contains(rule)) {
                self.line("DeviceAllow", &format!("{} {}", device(*rule), rule.access))?;
            }
        }
        Ok(())
    }

    fn network(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let net = c.namespaces.net.value();
        if matches!(c.network.reach.value(), Some(Reach::None | Reach::Loopback))
            && net != Some(&Placement::New)
        {
            self.line("PrivateNetwork", "yes")?;
        }
        let Some(Selection::Only(ports)) = c.network.listen.value() else {
            return Ok(());
        };
        let allowed: Vec<String> = ports
            .iter()
            .map(|port| {
                let transport = match port.transport {
                    Transport::Tcp => "tcp",
                    Transport::Udp => "udp",
                };
                format!("{transport}:{}", port.number)
            })
            .collect();
        self.line("SocketBindDeny", "any")?;
        for rule in allowed {
            self.line("SocketBindAllow", &rule)?;
        }
        Ok(())
    }

    fn resources(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let own = &c.resources;
        let bound = |limit: Option<&Limit>| limit.and_then(|limit| limit.bound());
        let memory = bound(own.memory.value());
        if let Some(memory) = memory {
            self.line("MemoryMax", &super::values::bytes_text(memory))?;
        }
        if let Some(both) = bound(own.memory_and_swap.value()) {
            let memory = memory.unwrap_or(both);
            if own
                .memory
                .value()
                .is_none_or(|limit| limit.bound().is_none())
            {
                self.line("MemoryMax", &super::values::bytes_text(both))?;
            }
            self.line(
                "MemorySwapMax",
                &super::values::bytes_text(both.saturating_sub(memory)),
            )?;
        }
        if let Some(limit) = own.processes.value() {
            let text = limit
                .bound()
                .map_or_else(|| "infinity".to_owned(), |n| n.to_string());
            self.line("TasksMax", &text)?;
        }
        if let Some(thousandths) = bound(own.cpu.value()) {
            let (whole, part) = (thousandths / 10, thousandths % 10);
            let text = if part == 0 {
                format!("{whole}%")
            } else {
                format!("{whole}.{part}%")
            };
            self.line("CPUQuota", &text)?;
        }
        if let Some(weight) = bound(own.cpu_weight.value()).filter(|weight| *weight != 100) {
            self.line("CPUWeight", &weight.clamp(1, 10_000).to_string())?;
        }
        for (key, set) in [
            ("AllowedCPUs", &own.cpus),
            ("AllowedMemoryNodes", &own.memory_nodes),
        ] {
            if let Some(Selection::Only(numbers)) = set.value() {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                self.line(key, &numbers.join(","))?;
            }
        }
        for (name, limit) in own.io.value().iter().flat_map(|limits| &limits.0) {
            let known = [
                ("rbps", "IOReadBandwidthMax"),
                ("wbps", "IOWriteBandwidthMax"),
                ("riops", "IOReadIOPSMax"),
                ("wiops", "IOWriteIOPSMax"),
            ];
            if let Some((number, kind)) = name.split_once(' ')
                && let Some((_, key)) = known.iter().find(|(word, _)| *word == kind)
                && let Some(rate) = limit.bound()
            {
                self.line(key, &format!("/dev/block/{number} {rate}"))?;
            }
        }
        if let Some(score) = own.oom_score_adj.value().filter(|score| score.0 != 0) {
            self.line("OOMScoreAdjust", &score.0.to_string())?;
        }
        if let Some(time) = bound(own.time.value()) {
            self.line("RuntimeMaxSec", &format!("{time}ms"))?;
        }
        self.rlimits(c)
    }

    fn rlimits(&mut self, c: &Confinement) -> Result<(), WriteError> {
        let Some(limits) = c.resources.rlimits.value() else {
            return Ok(());
        };
        let defaults = [
            ("memlock", RlimitPair::both(Limit::AtMost(8 << 20))),
            (
                "nofile",
                RlimitPair {
                    soft: Limit::AtMost(1024),
                    hard: Limit::AtMost(524_288),
                },
            ),
        ];
        for (name, pair) in &limits.0 {
            if defaults.contains(&(name.as_str(), *pair)) {
                continue;
            }
            let text = |limit: Limit| {
                limit
                    .bound()
                    .map_or_else(|| "infinity".to_owned(), |n| n.to_string())
            };
            let value = if pair.soft == pair.hard {
                text(pair.soft)
            } else {
                format!("{}:{}", text(pair.soft), text(pair.hard))
            };
            self.line(&format!("Limit{}", name.to_ascii_uppercase()), &value)?;
        }
        // A limit that is not named has none, which the manager's own defaults would say otherwise.
        Ok(())
    }

    fn surroundings(&mut self, c: &Confinement) -> Result<(), WriteError> {
        if c.kernel.keyring.value() == Some(&Keyring::Inherited) {
            self.line("KeyringMode", "inherit")?;
        }
        if let Some(Environment::Only(variables)) = c.kernel.environment.value() {
            for (name, value) in variables {
                match value {
                    Variable::FromCaller => self.line("PassEnvironment", name)?,
                    Variable::Text(text) => {
                        if name != "PATH" || c.kernel.environment.is_set() {
                            self.line("Environment", &word(&format!("{name}={text}"))?)?;
                        }
                    }
                }
            }
        }
        for (key, label) in [
            ("AppArmorProfile", &c.mac.apparmor),
            ("SELinuxContext", &c.mac.selinux),
            ("SmackProcessLabel", &c.mac.smack),
        ] {
            match label.value() {
                Some(SecurityLabel::Named(name)) => self.line(key, name)?,
                Some(SecurityLabel::Unconfined) if label.is_set() => {
                    self.line(key, "unconfined")?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn filter(&mut self, c: &Confinement, context: &Context<'_>) -> Result<(), WriteError> {
        let Some(policy) = c
            .syscalls
            .filter
            .value()
            .filter(|policy| **policy != SyscallPolicy::open())
        else {
            return Ok(());
        };
        let field = FieldId {
            facet: "syscalls",
            name: "filter",
        };
        let unwritable = |why: String| WriteError::Unwritable {
            field: Some(field),
            why,
        };
        let write = formats::find("systemd").and_then(|format| format.write);
        let write = write.ok_or(WriteError::NoWriter)?;
        let options = WriteOptions {
            archs: context.archs.to_vec(),
            tolerance: Tolerance::Tighter,
        };
        let written = write(policy, &options).map_err(|error| unwritable(error.to_string()))?;
        let text =
            String::from_utf8(written.bytes).map_err(|error| unwritable(error.to_string()))?;
        self.text.push_str(text.trim_start_matches("[Service]\n"));
        Ok(())
    }
}

fn device(rule: DeviceRule) -> String {
    let kind = match rule.kind {
        DeviceKind::Char => "char",
        DeviceKind::Block => "block",
    };
    let known = KNOWN.iter().find(|(_, kind, major, minor)| {
        (*kind, Some(*major), *minor) == (rule.kind, rule.major, rule.minor)
    });
    let standard = STANDARD.iter().find(|(_, major, minor, _)| {
        (DeviceKind::Char, Some(*major), *minor) == (rule.kind, rule.major, rule.minor)
    });
    match (known, standard, rule.major, rule.minor) {
        (Some((name, ..)), ..) | (None, Some((name, ..)), ..) => (*name).to_owned(),
        (None, None, Some(major), Some(minor)) => format!("/dev/{kind}/{major}:{minor}"),
        _ => format!("{kind}-*"),
    }
}
