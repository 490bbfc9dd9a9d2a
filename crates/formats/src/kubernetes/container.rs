//! One container of a pod.

use super::OTHER;
use super::amounts;
use super::read::{Quality, Reader, Shared};
use super::security::Contexts;
use super::tree::Tree;
use crate::document::{Fields, Node};
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::facets::files::{Grants, ProcView, Root, ShownPath, SysView};
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls, Variable};
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::facets::network::{Network, Port, Published, Reach, Transport};
use casemate_model::facets::resources::{Limits, OomScore, Resources, Rlimits};
use casemate_model::lattice::{Guard, Label, Limit, Restrictions, Selection};
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;

/// What engines cover of /proc and /sys.
pub const MASKED: [&str; 9] = [
    "/proc/acpi",
    "/proc/asound",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/firmware",
];
/// What engines make read-only.
pub const READ_ONLY: [&str; 5] = [
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/sysrq-trigger",
];
/// Device nodes that every container has.
pub const NODES: [&str; 6] = ["full", "null", "random", "tty", "urandom", "zero"];
/// Devices that every container may use.
const RULES: [(DeviceKind, Option<u32>, Option<u32>, DeviceAccess); 11] = {
    use DeviceKind::{Block, Char};
    const ALL: DeviceAccess = DeviceAccess::ALL;
    const MKNOD: DeviceAccess = DeviceAccess::MKNOD;
    [
        (Char, None, None, MKNOD),
        (Block, None, None, MKNOD),
        (Char, Some(1), Some(3), ALL),
        (Char, Some(1), Some(5), ALL),
        (Char, Some(1), Some(7), ALL),
        (Char, Some(1), Some(8), ALL),
        (Char, Some(1), Some(9), ALL),
        (Char, Some(5), Some(0), ALL),
        (Char, Some(5), Some(2), ALL),
        // Tunnels.
        (Char, Some(10), Some(200), ALL),
        (Char, Some(136), None, ALL),
    ]
};

/// Fields of a container that confine nothing by themselves.
const KEPT: [&str; 11] = [
    "imagePullPolicy",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "stdin",
    "stdinOnce",
    "targetContainerName",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "envFrom",
    "args",
];

/// Reads a container.
pub fn read<'a>(
    reader: &mut Reader<'_, '_, '_>,
    shared: &Shared<'a>,
    node: &'a Node,
    kind: &'static str,
) -> Option<Workload> {
    let fields = reader.object(Some(node))?;
    let Some((name, _)) = reader.text(fields.take("name")) else {
        reader
            .problems
            .push(Problem::new("a container has no name", reader.at(node)));
        return None;
    };
    let mut workload = Workload::new(format!("{}/{name}", shared.pod.name), kind, reader.at(node));
    let own = reader.object(fields.take("securityContext"));
    let contexts = Contexts {
        shared,
        own: own.as_ref(),
        name,
    };
    let privileged = reader
        .bool(contexts.own("privileged"))
        .filter(|(value, _)| *value)
        .map(|(_, at)| at);
    if let Some(at) = &privileged {
        workload.set(setting::PRIVILEGED, "", "", at.clone());
    }
    reader.program(&fields, &mut workload);
    workload.confinement.namespaces = reader.namespaces(shared, privileged.as_ref());
    let ids = reader.ids(&contexts, &mut workload);
    let capabilities = reader.capabilities(&contexts, privileged.as_ref(), &ids.uid);
    workload.confinement.ids = ids;
    let bounding = capabilities.bounding.value().copied();
    let bounding = bounding.unwrap_or(casemate_model::names::CapabilitySet::ALL);
    workload.confinement.syscalls =
        reader.filter(&contexts, privileged.as_ref(), bounding, &mut workload);
    workload.confinement.mac = reader.mac(&contexts, privileged.as_ref());
    reader.files(&contexts, &capabilities, privileged.as_ref(), &mut workload);
    workload.confinement.capabilities = capabilities;
    reader.mounts(shared, &fields, &mut workload);
    reader.devices(&fields, privileged.as_ref(), &mut workload);
    reader.resources(shared, &fields, &mut workload);
    reader.network(shared, &fields, &mut workload);
    reader.kernel(&contexts, &fields, &mut workload);
    reader.settings_of(&fields, &mut workload);
    if let Some(own) = &own {
        reader.windows(own);
        reader.rest(own, &format!("securityContext of {name}"));
    }
    if let Some(security) = &shared.security {
        reader.windows(security);
    }
    reader.rest(&fields, &format!("the container {name}"));
    Some(workload)
}

impl Reader<'_, '_, '_> {
    fn windows(&mut self, fields: &Fields<'_>) {
        if let Some(node) = fields.take("windowsOptions") {
            let loss = Loss::no_place("windowsOptions", Tree::of(node).json(), self.at(node));
            if !self.losses.contains(&loss) {
                self.losses.push(loss);
            }
        }
    }

    fn program(&mut self, fields: &Fields<'_>, workload: &mut Workload) {
        if let Some((image, at)) = self.text(fields.take("image")) {
            workload.image = Stated::set(image.to_owned(), at);
        }
        if let Some(node) = fields.take("command") {
            let mut words: Vec<OsString> = Vec::new();
            for list in [Some(node), fields.take("args")] {
                for word in self.list(list) {
                    if let Some((word, _)) = self.text(Some(word)) {
                        words.push(word.into());
                    }
                }
            }
            workload.program.command = Stated::set(words, self.at(node));
        } else if let Some(entry) = fields.entry("args") {
            self.keep(workload, "container.args", entry);
        }
        if let Some((directory, at)) = self.text(fields.take("workingDir")) {
            workload.program.directory = Stated::set(PathBuf::from(directory), at);
        }
    }

    fn namespaces(&mut self, shared: &Shared<'_>, privileged: Option<&Origin>) -> Namespaces {
        let [network, pids, ipc] = &shared.host;
        let place = |host: &Option<Origin>| match host {
            Some(at) => Stated::set(Placement::Host, at.clone()),
            None => self.default(Placement::New),
        };
        let cgroup = match privileged {
            Some(at) => Stated::set(Placement::Host, at.clone()),
            None => self.default(Placement::New),
        };
        let (pid, net, ipc, uts) = (place(pids), place(network), place(ipc), place(network));
        let user = match &shared.users {
            Some(at) => Stated::set(Placement::New, at.clone()),
            None => self.default(Placement::Host),
        };
        let hostname = match self.text(shared.spec.take("hostname")) {
            Some((name, at)) => Stated::set(Label(name.to_owned()), at),
            None => Stated::Unknown,
        };
        Namespaces {
            user,
            mount: self.default(Placement::New),
            pid,
            net,
            ipc,
            uts,
            cgroup,
            time: self.default(Placement::Host),
            hostname,
            domainname: self.default(Label(String::new())),
        }
    }

    fn files(
        &mut self,
        contexts: &Contexts<'_, '_>,
        capabilities: &Capabilities,
        privileged: Option<&Origin>,
        workload: &mut Workload,
    ) {
        let root = self.bool(contexts.own("readOnlyRootFilesystem"));
        let unmasked = match self.text(contexts.own("procMount")) {
            Some(("Unmasked", at)) => Some(at),
            Some(("Default", _)) | None => None,
            Some((other, at)) => {
                self.problems
                    .push(Problem::new(format!("no procMount is named {other}"), at));
                None
            }
        };
        if let Some(at) = &unmasked {
            workload.set(
                OTHER,
                "container.securityContext.procMount",
                "\"Unmasked\"",
                at.clone(),
            );
        }
        let paths = |list: &[&str]| {
            let shown = list.iter().map(|path| ShownPath(PathBuf::from(path)));
            Restrictions::These(shown.collect::<BTreeSet<_>>())
        };
        let open = unmasked.or_else(|| privileged.cloned());
        let covered = |list: &[&str]| match &open {
            Some(at) => Stated::set(paths(&[]), at.clone()),
            None => self.default(paths(list)),
        };
        let (masked, read_only) = (covered(&MASKED), covered(&READ_ONLY));
        let nosuid = capabilities
            .no_new_privs
            .value()
            .copied()
            .unwrap_or(Guard::Off);
        let files = &mut workload.confinement.files;
        files.grants = self.default(Grants(BTreeMap::new()));
        files.root = match root {
            Some((read_only, at)) => Stated::set(
                if read_only {
                    Root::ReadOnly
                } else {
                    Root::Writable
                },
                at,
            ),
            None => self.default(Root::Writable),
        };
        files.proc = match &contexts.shared.host[1] {
            Some(at) => Stated::set(ProcView::Host, at.clone()),
            None => self.default(ProcView::Writable),
        };
        files.sys = match privileged {
            Some(at) => Stated::set(SysView::Writable, at.clone()),
            None => self.default(SysView::ReadOnly),
        };
        files.masked = masked;
        files.read_only = read_only;
        files.nosuid = self.default(nosuid);
        files.nodev = self.default(Guard::Off);
    }

    fn devices(
        &mut self,
        fields: &Fields<'_>,
        privileged: Option<&Origin>,
        workload: &mut Workload,
    ) {
        let tty = self.bool(fields.take("tty"));
        let mut nodes: BTreeSet<String> = NODES.map(str::to_owned).into();
        let mut last = None;
        for node in self.list(fields.take("volumeDevices")) {
            let at = self.at(node);
            workload.set(
                OTHER,
                "container.volumeDevices",
                Tree::of(node).json(),
                at.clone(),
            );
            if let Some((path, _)) = self.text(node.get("devicePath")) {
                let name = path.strip_prefix("/dev/").unwrap_or(path);
                nodes.insert(name.to_owned());
                workload.set(setting::DEVICE, path, "rwm", at.clone());
            }
            last = Some(at);
        }
        let own = tty.as_ref().is_some_and(|(value, _)| *value);
        if own {
            nodes.insert("console".to_owned());
        }
        let rules = RULES.iter().map(|(kind, major, minor, access)| DeviceRule {
            kind: *kind,
            major: *major,
            minor: *minor,
            access: *access,
        });
        workload.confinement.devices = match privileged {
            Some(at) => Devices {
                nodes: Stated::set(Selection::All, at.clone()),
                numbers: Stated::set(DeviceNumbers::All, at.clone()),
                terminal: Stated::Unknown,
            },
            None => Devices {
                nodes: match last {
                    Some(at) => Stated::set(Selection::Only(nodes), at),
                    None => self.default(Selection::Only(nodes)),
                },
                numbers: self.default(DeviceNumbers::Only(rules.collect())),
                terminal: Stated::Unknown,
            },
        };
        workload.confinement.devices.terminal = match tty {
            Some((value, at)) => {
                Stated::set(if value { Terminal::Own } else { Terminal::None }, at)
            }
            None => self.default(Terminal::None),
        };
    }

    fn resources(&mut self, shared: &Shared<'_>, fields: &Fields<'_>, workload: &mut Workload) {
        let mut huge = BTreeMap::new();
        let mut last = None;
        let node = fields.take("resources");
        let own = self.object(node);
        let amount = |reader: &mut Self, list: &str, name: &str, unit: fn(&str) -> Option<u64>| {
            let value = node?.at(&[list, name]).filter(|value| !value.is_null())?;
            if let Some(amount) = value.scalar().and_then(unit) {
                Some((amount, reader.at(value)))
            } else {
                let what = format!(
                    "{list}.{name}: no amount {:?}",
                    value.scalar().unwrap_or(value.kind())
                );
                reader.problems.push(Problem::new(what, reader.at(value)));
                None
            }
        };
        let memory = amount(self, "limits", "memory", amounts::units);
        let cpu = amount(self, "limits", "cpu", amounts::thousandths);
        let share = amount(self, "requests", "cpu", amounts::thousandths);
        let reserved = amount(self, "requests", "memory", amounts::units);
        if let Some(own) = &own {
            for list in ["limits", "requests"] {
                let entries = own.take(list).map_or(&[][..], Node::entries);
                for entry in entries
                    .iter()
                    .filter(|entry| !matches!(entry.key.as_str(), "cpu" | "memory"))
                {
                    let size = entry
                        .key
                        .strip_prefix("hugepages-")
                        .filter(|_| list == "limits");
                    match size.zip(entry.value.scalar().and_then(amounts::units)) {
                        Some((size, bytes)) => {
                            huge.insert(
                                size.replace("Mi", "MB").replace("Gi", "GB"),
                                Limit::AtMost(bytes),
                            );
                            last = Some(self.at(&entry.value));
                        }
                        None => self.keep(
                            workload,
                            &format!("container.resources.{list}.{}", entry.key),
                            entry,
                        ),
                    }
                }
            }
            if let Some(entry) = own.entry("claims") {
                self.keep(workload, "container.resources.claims", entry);
            }
            self.rest(own, "resources");
        }
        if let Some((bytes, at)) = reserved {
            workload.set(setting::MEMORY_RESERVATION, "", bytes.to_string(), at);
        }
        if let Some((amount, at)) = &share {
            workload.set(
                OTHER,
                "container.resources.requests.cpu",
                Tree::text(amounts::cpu_text(*amount)).json(),
                at.clone(),
            );
        }
        let time = self.number(shared.spec.take("activeDeadlineSeconds"));
        let limit = |found: &Option<(u64, Origin)>| match found {
            Some((amount, at)) => Stated::set(Limit::AtMost(*amount), at.clone()),
            None => self.default(Limit::Unlimited),
        };
        let weight = match (share.clone().or_else(|| cpu.clone()), &share) {
            (Some((amount, at)), Some(_)) => Stated::set(Limit::AtMost(weight(amount)), at),
            (Some((amount, _)), None) => self.default(Limit::AtMost(weight(amount))),
            (None, _) => self.default(Limit::AtMost(1)),
        };
        let score = match shared.quality {
            Quality::Guaranteed => -997,
            Quality::Burstable => 2,
            Quality::BestEffort => 1000,
        };
        workload.confinement.resources = Resources {
            memory: limit(&memory),
            // Without a limit of its own, swap is none: the node's kubelet says whether there is any.
            memory_and_swap: self
                .default(memory.map_or(Limit::Unlimited, |(bytes, _)| Limit::AtMost(bytes))),
            oom_kill: self.default(Guard::On),
            oom_score_adj: self.default(OomScore(score)),
            processes: self.default(Limit::Unlimited),
            cpu: limit(&cpu),
            cpu_weight: weight,
            cpus: self.default(Selection::All),
            memory_nodes: self.default(Selection::All),
            io: self.default(Limits(BTreeMap::new())),
            huge_pages: match last {
                Some(at) => Stated::set(Limits(huge), at),
                None => self.default(Limits(huge)),
            },
            time: match time {
                Some((seconds, at)) => Stated::set(Limit::AtMost(seconds.saturating_mul(1000)), at),
                None => self.default(Limit::Unlimited),
            },
            rlimits: self.default(Rlimits(BTreeMap::new())),
        };
    }

    fn network(&mut self, shared: &Shared<'_>, fields: &Fields<'_>, workload: &mut Workload) {
        let mut published = BTreeSet::new();
        let mut last = None;
        for node in self.list(fields.take("ports")) {
            let Some(port) = self.object(Some(node)) else {
                continue;
            };
            let inside = self.port(port.take("containerPort"));
            let host = self.port(port.take("hostPort")).filter(|port| *port != 0);
            let address = self.text(port.take("hostIP"));
            let protocol = self
                .text(port.take("protocol"))
                .map_or("TCP", |(protocol, _)| protocol);
            let _name = port.take("name");
            self.rest(&port, "a port");
            let at = self.at(node);
            workload.set(OTHER, "container.ports", Tree::of(node).json(), at.clone());
            let transport = match protocol {
                "TCP" => Transport::Tcp,
                "UDP" => Transport::Udp,
                other => {
                    if host.is_some() {
                        self.losses
                            .push(Loss::no_place("a port of the host's for", other, at));
                    }
                    continue;
                }
            };
            if let (Some(number), Some(host)) = (inside, host) {
                let address = address.and_then(|(text, _)| text.parse().ok());
                let inside = Port { transport, number };
                published.insert(Published {
                    address,
                    host: Some(host),
                    inside,
                });
                last = Some(at);
            }
        }
        workload.confinement.network = Network {
            reach: match &shared.host[0] {
                Some(at) => Stated::set(Reach::Host, at.clone()),
                None => self.default(Reach::Attached),
            },
            published: match last {
                Some(at) => Stated::set(Selection::Only(published), at),
                None => self.default(Selection::Only(published)),
            },
            listen: self.default(Selection::All),
            connect: self.default(Selection::All),
        };
    }

    fn port(&mut self, node: Option<&Node>) -> Option<u16> {
        let (number, at) = self.number(node)?;
        if let Ok(port) = u16::try_from(number) {
            return Some(port);
        }
        self.problems
            .push(Problem::new(format!("{number} is no port"), at));
        None
    }

    fn kernel(
        &mut self,
        contexts: &Contexts<'_, '_>,
        fields: &Fields<'_>,
        workload: &mut Workload,
    ) {
        let mut variables = BTreeMap::new();
        let mut last = None;
        for node in self.list(fields.take("env")) {
            let Some(variable) = self.object(Some(node)) else {
                continue;
            };
            let at = self.at(node);
            let Some((name, _)) = self.text(variable.take("name")) else {
                self.problems
                    .push(Problem::new("a variable has no name", at));
                continue;
            };
            let value = self.text(variable.take("value"));
            match variable.entry("valueFrom") {
                Some(entry) if !entry.value.is_null() => {
                    if let Some(secret) = entry
                        .value
                        .at(&["secretKeyRef", "name"])
                        .and_then(Node::text)
                    {
                        workload.set(setting::SECRET, secret, name, at.clone());
                    }
                    self.keep(workload, &format!("container.env.{name}"), entry);
                }
                _ => {
                    let value = value.map(|(value, _)| value).unwrap_or_default();
                    variables.insert(name.to_owned(), Variable::Text(value.to_owned()));
                    last = Some(at);
                }
            }
            self.rest(&variable, &format!("the variable {name}"));
        }
        let mut sysctls = BTreeMap::new();
        let mut changed = None;
        for node in self.list(contexts.pod("sysctls")) {
            let Some(sysctl) = self.object(Some(node)) else {
                continue;
            };
            let (name, value) = (
                self.text(sysctl.take("name")),
                self.text(sysctl.take("value")),
            );
            if let (Some((name, at)), Some((value, _))) = (name, value) {
                sysctls.insert(name.replace('/', "."), value.to_owned());
                changed = Some(at);
            }
            self.rest(&sysctl, "a sysctl");
        }
        let environment = Environment::Only(variables);
        workload.confinement.kernel = Kernel {
            environment: match last {
                Some(at) => Stated::set(environment, at),
                None => self.default(environment),
            },
            descriptors: self.default(Selection::none()),
            keyring: self.default(Keyring::New),
            session: self.default(Guard::On),
            parent_death: self.default(Guard::Off),
            sysctl: match changed {
                Some(at) => Stated::set(Sysctls(sysctls), at),
                None => self.default(Sysctls(sysctls)),
            },
        };
    }

    fn settings_of(&mut self, fields: &Fields<'_>, workload: &mut Workload) {
        for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
            if let Some(node) = fields.take(key) {
                workload.set(
                    setting::HEALTH_CHECK,
                    key,
                    Tree::of(node).json(),
                    self.at(node),
                );
            }
        }
        if let Some(lifecycle) = fields.take("lifecycle") {
            for entry in lifecycle.entries() {
                workload.set(
                    setting::HOOK,
                    &entry.key,
                    Tree::of(&entry.value).json(),
                    self.at(&entry.value),
                );
            }
        }
        for key in KEPT {
            if key == "args" {
                continue;
            }
            if let Some(entry) = fields.entry(key).filter(|entry| !entry.value.is_null()) {
                self.keep(workload, &format!("container.{key}"), entry);
            }
        }
    }
}

/// The weight that a request of processor time becomes: shares of version 1, 1024 a processor, as version 2 has them.
fn weight(thousandths: u64) -> u64 {
    let shares = (thousandths.saturating_mul(1024) / 1000).clamp(2, 262_144);
    // The kubelet's way, in whole numbers.
    1 + (shares - 2) * 9999 / 262_142
}
