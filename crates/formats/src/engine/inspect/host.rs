//! `HostConfig`: what was asked of the engine; and the mounts as they came to be.

use super::Inspector;
use crate::document::{Fields, Node, Value};
use crate::engine::Family;
use crate::engine::ask::{Device, MountKind, Said, Writing, setting};
use crate::engine::asker::Asker;
use crate::engine::parts;
use casemate_model::facets::network::Transport;
use std::path::Path;

impl Inspector<'_> {
    pub(super) fn host(&mut self, node: &Node, mounted: bool) {
        let fields = Fields::of(node);
        self.privileges(&fields);
        self.modes(&fields);
        self.limits(&fields);
        self.devices(&fields);
        self.ports(&fields);
        self.requested_mounts(&fields, mounted);
        self.surroundings(&fields);
        for key in [
            "Cgroup",
            "CgroupManager",
            "CgroupMode",
            "Cgroups",
            "ConsoleSize",
            "CpuCount",
            "CpuPercent",
            "IOMaximumBandwidth",
            "IOMaximumIOps",
            "Isolation",
            "KernelMemory",
            "KernelMemoryTCP",
            "CgroupConf",
            "CreateCommand",
            "IntelRdtClosID",
            "AutoRemoveImage",
        ] {
            self.skip(&fields, key);
        }
        self.rest(&fields, "`HostConfig`");
    }

    fn privileges(&mut self, fields: &Fields<'_>) {
        self.asker.ask.privileged = self.switch(fields, "Privileged");
        for (key, add) in [("CapAdd", true), ("CapDrop", false)] {
            for (text, origin) in self.texts(fields, key) {
                let said = Said::new(text.to_owned(), origin);
                let ask = &mut self.asker.ask;
                if add {
                    ask.cap_add.push(said);
                } else {
                    ask.cap_drop.push(said);
                }
            }
        }
        for (text, origin) in self.texts(fields, "SecurityOpt") {
            self.asker.security(text, &origin);
        }
        for (text, origin) in self.texts(fields, "GroupAdd") {
            self.asker
                .ask
                .groups
                .push(Said::new(text.to_owned(), origin));
        }
        self.asker.ask.read_only = self.switch(fields, "ReadonlyRootfs");
        for (key, masked) in [("MaskedPaths", true), ("ReadonlyPaths", false)] {
            let Some(node) = fields.take(key) else {
                continue;
            };
            let origin = self.origin(node);
            let paths = self
                .texts(fields, key)
                .into_iter()
                .map(|(text, _)| text.to_owned())
                .collect();
            let said = Some(Said::new(paths, origin));
            let ask = &mut self.asker.ask;
            if masked {
                ask.masked = said;
            } else {
                ask.read_only_paths = said;
            }
        }
        if let Some(maps) = fields.take("IDMappings") {
            let own = Fields::of(maps);
            for (text, origin) in self.texts(&own, "UidMap") {
                self.asker
                    .ask
                    .uid_map
                    .push(Said::new(text.to_owned(), origin));
            }
            for (text, origin) in self.texts(&own, "GidMap") {
                self.asker
                    .ask
                    .gid_map
                    .push(Said::new(text.to_owned(), origin));
            }
            self.rest(&own, "`IDMappings`");
        }
    }

    fn modes(&mut self, fields: &Fields<'_>) {
        for key in [
            "PidMode",
            "IpcMode",
            "UTSMode",
            "UsernsMode",
            "CgroupnsMode",
        ] {
            let Some((text, origin)) = self.scalar(fields, key) else {
                continue;
            };
            let said = Asker::text(text, &origin);
            let mapped = !self.asker.ask.uid_map.is_empty();
            let ask = &mut self.asker.ask;
            match key {
                "PidMode" => ask.pid = said,
                "IpcMode" => ask.ipc = said,
                "UTSMode" => ask.uts = said,
                // Podman prints the maps beside.
                "UsernsMode" if mapped => {}
                "UsernsMode" => ask.userns = said,
                _ => ask.cgroupns = said,
            }
        }
        if let Some((text, origin)) = self.scalar(fields, "NetworkMode") {
            if self.family == Family::Podman && text == "slirp4netns" {
                return;
            }
            self.asker
                .ask
                .networks
                .push(Said::new(text.to_owned(), origin));
        }
    }

    fn limits(&mut self, fields: &Fields<'_>) {
        self.asker.ask.memory = self.number(fields, "Memory");
        self.asker.ask.memory_swap = self.number(fields, "MemorySwap");
        self.asker.ask.oom_kill_disable = self.switch(fields, "OomKillDisable");
        self.asker.ask.oom_score_adj = self.number(fields, "OomScoreAdj");
        self.asker.ask.pids_limit = self.number(fields, "PidsLimit");
        self.asker.ask.cpu_shares = self.number(fields, "CpuShares");
        self.asker.ask.cpu_period = self.number(fields, "CpuPeriod");
        self.asker.ask.cpu_quota = self.number(fields, "CpuQuota");
        if let Some(cpus) = self.number::<u64>(fields, "NanoCpus") {
            let thousandths = cpus.value.div_ceil(1_000_000);
            self.asker.ask.cpus = Some(Said::new(thousandths, cpus.origin));
        }
        self.asker.ask.shm_size = self.number(fields, "ShmSize");
        for (key, cpus) in [("CpusetCpus", true), ("CpusetMems", false)] {
            if let Some((text, origin)) = self.scalar(fields, key) {
                let said = Asker::text(text, &origin);
                let ask = &mut self.asker.ask;
                if cpus {
                    ask.cpuset_cpus = said;
                } else {
                    ask.cpuset_mems = said;
                }
            }
        }
        self.setting(fields, "MemoryReservation", setting::MEMORY_RESERVATION);
        if let Some((text, origin)) = self.scalar(fields, "MemorySwappiness")
            && text != "-1"
            && !(text == "0" && self.family == Family::Podman)
        {
            self.asker.plain(setting::SWAPPINESS, text, &origin);
        }
        self.setting(fields, "BlkioWeight", setting::IO_WEIGHT);
        self.option(fields, "CpuRealtimePeriod", "cpu-rt-period");
        self.option(fields, "CpuRealtimeRuntime", "cpu-rt-runtime");
        for (key, word) in [
            ("BlkioDeviceReadBps", "rbps"),
            ("BlkioDeviceWriteBps", "wbps"),
            ("BlkioDeviceReadIOps", "riops"),
            ("BlkioDeviceWriteIOps", "wiops"),
            ("BlkioWeightDevice", ""),
        ] {
            for item in fields.take(key).map_or(&[][..], Node::items) {
                self.device_amount(item, word, key);
            }
        }
        for item in fields.take("Ulimits").map_or(&[][..], Node::items) {
            let own = Fields::of(item);
            let part = |key: &str| {
                own.take(key)
                    .and_then(Node::scalar)
                    .unwrap_or("")
                    .to_owned()
            };
            let (name, soft, hard) = (part("Name"), part("Soft"), part("Hard"));
            let origin = self.origin(item);
            let limit = parts::ulimit_of(&name, &soft, &hard);
            self.asker
                .ask
                .ulimits
                .extend(self.asker.notes.keep(limit, &origin));
            self.rest(&own, "a limit");
        }
    }

    fn device_amount(&mut self, item: &Node, word: &str, key: &str) {
        let own = Fields::of(item);
        let path = own
            .take("Path")
            .and_then(Node::text)
            .unwrap_or("")
            .to_owned();
        let amount = own.take("Rate").or_else(|| own.take("Weight"));
        let amount = amount.and_then(Node::scalar).unwrap_or("").to_owned();
        let origin = self.origin(item);
        if word.is_empty() {
            self.asker
                .ask
                .setting(setting::IO_WEIGHT, path, amount, origin);
        } else {
            self.asker.rate(&format!("{path}:{amount}"), word, &origin);
        }
        self.rest(&own, &format!("`{key}`"));
    }

    fn devices(&mut self, fields: &Fields<'_>) {
        for item in fields.take("Devices").map_or(&[][..], Node::items) {
            let own = Fields::of(item);
            let part = |key: &str| own.take(key).and_then(Node::text).unwrap_or("").to_owned();
            let (host, inside) = (part("PathOnHost"), part("PathInContainer"));
            let access = Some(part("CgroupPermissions")).filter(|letters| !letters.is_empty());
            let device = Device {
                host,
                inside,
                access: access.unwrap_or_else(|| "rwm".to_owned()),
            };
            let origin = self.origin(item);
            self.asker.ask.devices.push(Said::new(device, origin));
            self.rest(&own, "a device");
        }
        for (text, origin) in self.texts(fields, "DeviceCgroupRules") {
            self.asker.device_rule(text, &origin);
        }
        for item in fields.take("DeviceRequests").map_or(&[][..], Node::items) {
            let written = self.text.text.get(item.start..item.end).unwrap_or("");
            let words: Vec<&str> = written.split_whitespace().collect();
            let origin = self.origin(item);
            self.asker.plain(setting::GPU, &words.join(" "), &origin);
        }
    }

    fn ports(&mut self, fields: &Fields<'_>) {
        self.asker.ask.publish_all = self.switch(fields, "PublishAllPorts");
        let bindings = fields.take("PortBindings").map_or(&[][..], Node::entries);
        for entry in bindings {
            let (number, protocol) = entry.key.split_once('/').unwrap_or((&entry.key, "tcp"));
            if !entry.value.is_null() && !matches!(entry.value.value, Value::List(_)) {
                let origin = self.text.origin(entry.start, entry.value.end);
                let what = format!("{:?} leads to no list of ports", entry.key);
                self.asker.notes.wrong(what, &origin);
            }
            for item in entry.value.items() {
                let own = Fields::of(item);
                let part = |key: &str| {
                    own.take(key)
                        .and_then(Node::scalar)
                        .unwrap_or("")
                        .to_owned()
                };
                let (address, host) = (part("HostIp"), part("HostPort"));
                let origin = self.text.origin(entry.start, entry.value.end);
                let transport = match protocol {
                    "tcp" => Some(Transport::Tcp),
                    "udp" => Some(Transport::Udp),
                    _ => None,
                };
                let ports = transport.and_then(|transport| {
                    let address = Some(address.as_str()).filter(|address| !address.is_empty());
                    let address = address.map(str::parse).transpose().ok()?;
                    parts::spans(address, &host, number, transport)
                });
                match ports {
                    Some(ports) => {
                        let said = |port| Said::new(port, origin.clone());
                        self.asker
                            .ask
                            .published
                            .extend(ports.published.into_iter().map(said));
                    }
                    None if transport.is_none() => {
                        self.asker
                            .notes
                            .no_place("the published port", entry.key.clone(), &origin);
                    }
                    None => self
                        .asker
                        .notes
                        .wrong(format!("{:?} is no port", entry.key), &origin),
                }
                self.rest(&own, "a published port");
            }
        }
    }

    /// Mounts as they were asked for; where the result is printed, only what that lacks.
    fn requested_mounts(&mut self, fields: &Fields<'_>, mounted: bool) {
        for (text, origin) in self.texts(fields, "Binds") {
            if !mounted {
                self.asker.volume(text, &origin);
            }
        }
        for entry in fields.take("Tmpfs").map_or(&[][..], Node::entries) {
            let origin = self.text.origin(entry.start, entry.value.end);
            let options = entry.value.text().unwrap_or("");
            self.asker
                .tmpfs(&format!("{}:{options}", entry.key), &origin);
        }
        for item in fields.take("Mounts").map_or(&[][..], Node::items) {
            self.requested_mount(item, mounted);
        }
        for (text, origin) in self.texts(fields, "VolumesFrom") {
            if !mounted {
                self.asker
                    .notes
                    .elsewhere("more mounts", format!("the container {text}"), &origin);
            }
            self.asker
                .ask
                .setting(setting::OPTION, "volumes-from", text, origin);
        }
        self.option(fields, "VolumeDriver", "volume-driver");
    }

    fn requested_mount(&mut self, item: &Node, mounted: bool) {
        let own = Fields::of(item);
        let origin = self.origin(item);
        let text = |key: &str| own.take(key).and_then(Node::text).unwrap_or("").to_owned();
        let (kind, source, target) = (text("Type"), text("Source"), text("Target"));
        let kind = match kind.as_str() {
            "bind" => MountKind::Bind,
            "tmpfs" => MountKind::Tmpfs,
            "volume" => MountKind::Volume,
            other => {
                self.asker
                    .notes
                    .no_place("the mount of type", other, &origin);
                return;
            }
        };
        let source = Some(source).filter(|source| !source.is_empty());
        let mut mount = parts::plain(kind, source, Path::new(&target));
        if own.take("ReadOnly").and_then(Node::bool) == Some(true) {
            mount.access = Writing::Refused;
        }
        if let Some(options) = own.take("TmpfsOptions") {
            let options = Fields::of(options);
            let size = options.take("SizeBytes").and_then(Node::integer);
            mount.size = size.and_then(|size| u64::try_from(size).ok());
            if let Some(mode) = options.take("Mode").and_then(Node::integer) {
                mount.words.push(format!("mode={mode:o}"));
            }
            self.rest(&options, "`TmpfsOptions`");
        }
        if let Some(options) = own.take("BindOptions") {
            let options = Fields::of(options);
            if let Some(passes) = options.take("Propagation").and_then(Node::text)
                && let Err(what) = parts::volume_option(&mut mount, passes)
            {
                self.asker.notes.wrong(what, &origin);
            }
            for key in [
                "NonRecursive",
                "ReadOnlyNonRecursive",
                "ReadOnlyForceRecursive",
                "CreateMountpoint",
            ] {
                if options.take(key).and_then(Node::bool) == Some(true) {
                    mount.words.push(key.to_owned());
                }
            }
            self.rest(&options, "`BindOptions`");
        }
        if let Some(options) = own.take("VolumeOptions") {
            let written = self.text.text.get(options.start..options.end).unwrap_or("");
            let words: Vec<&str> = written.split_whitespace().collect();
            mount.words.push(words.join(" "));
        }
        self.skip(&own, "Consistency");
        self.skip(&own, "ClusterOptions");
        self.rest(&own, "a mount");
        // What came of binds and volumes is printed as mounts.
        if kind == MountKind::Tmpfs || !mounted {
            self.asker.ask.mounts.push(Said::new(mount, origin));
        }
    }

    /// The mounts as they came to be.
    pub(super) fn mounted(&mut self, node: &Node) {
        for item in node.items() {
            let own = Fields::of(item);
            let origin = self.origin(item);
            let text = |key: &str| own.take(key).and_then(Node::text).unwrap_or("").to_owned();
            let (kind, name, target) = (text("Type"), text("Name"), text("Destination"));
            let (source, mode, passes) = (text("Source"), text("Mode"), text("Propagation"));
            self.skip(&own, "Driver");
            self.skip(&own, "SubPath");
            let kind = match kind.as_str() {
                "bind" => MountKind::Bind,
                "volume" => MountKind::Volume,
                // Read from what was asked, which tells the size.
                "tmpfs" => continue,
                other => {
                    self.asker
                        .notes
                        .no_place("the mount of type", other, &origin);
                    continue;
                }
            };
            // Names that engines make up are nobody else's.
            let own_name = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            let source = match kind {
                MountKind::Bind => Some(source),
                _ => Some(name).filter(|name| !name.is_empty() && !own_name),
            };
            let mut mount = parts::plain(kind, source, Path::new(&target));
            let options = own.take("Options").map_or(&[][..], Node::items);
            let options = options.iter().filter_map(Node::text).chain(mode.split(','));
            let options: Vec<&str> = options
                .chain([passes.as_str()])
                .filter(|option| !option.is_empty())
                .collect();
            for option in options {
                // Podman prints each recursive bind as one.
                if !matches!(option, "rbind" | "bind")
                    && !mount.words.iter().any(|word| word == option)
                    && let Err(what) = parts::volume_option(&mut mount, option)
                {
                    self.asker.notes.wrong(what, &origin);
                }
            }
            if own.take("RW").and_then(Node::bool) == Some(false) {
                mount.access = Writing::Refused;
            }
            self.rest(&own, "a mount");
            self.asker.ask.mounts.push(Said::new(mount, origin));
        }
    }

    fn surroundings(&mut self, fields: &Fields<'_>) {
        for entry in fields.take("Sysctls").map_or(&[][..], Node::entries) {
            let origin = self.text.origin(entry.start, entry.value.end);
            let value = entry.value.scalar().unwrap_or("").to_owned();
            self.asker
                .ask
                .sysctls
                .push(Said::new((entry.key.clone(), value), origin));
        }
        for (key, name) in [
            ("Annotations", setting::ANNOTATION),
            ("StorageOpt", setting::OPTION),
        ] {
            for entry in fields.take(key).map_or(&[][..], Node::entries) {
                let origin = self.text.origin(entry.start, entry.value.end);
                let value = entry.value.scalar().unwrap_or("");
                let (key, value) = match name {
                    setting::OPTION => ("storage-opt", format!("{}={value}", entry.key)),
                    _ => (entry.key.as_str(), value.to_owned()),
                };
                self.asker.ask.setting(name, key, value, origin);
            }
        }
        if let Some(restart) = fields.take("RestartPolicy") {
            let own = Fields::of(restart);
            let name = own.take("Name").and_then(Node::text).unwrap_or("");
            let most = own
                .take("MaximumRetryCount")
                .and_then(Node::integer)
                .unwrap_or(0);
            if !matches!(name, "" | "no") {
                let text = if most > 0 {
                    format!("{name}:{most}")
                } else {
                    name.to_owned()
                };
                let origin = self.origin(restart);
                self.asker.plain(setting::RESTART, &text, &origin);
            }
            self.rest(&own, "`RestartPolicy`");
        }
        if let Some(log) = fields.take("LogConfig") {
            let own = Fields::of(log);
            self.setting(&own, "Type", setting::LOG_DRIVER);
            for entry in own.take("Config").map_or(&[][..], Node::entries) {
                let origin = self.text.origin(entry.start, entry.value.end);
                let value = entry.value.scalar().unwrap_or("");
                self.asker
                    .ask
                    .setting(setting::LOG_OPTION, &entry.key, value, origin);
            }
            for key in ["Path", "Tag", "Size"] {
                self.skip(&own, key);
            }
            self.rest(&own, "`LogConfig`");
        }
        for (key, kind) in [
            ("Dns", "server"),
            ("DnsOptions", "option"),
            ("DnsSearch", "search"),
        ] {
            for (text, origin) in self.texts(fields, key) {
                self.asker.ask.setting(setting::DNS, kind, text, origin);
            }
        }
        for (text, origin) in self.texts(fields, "ExtraHosts") {
            self.asker.plain(setting::EXTRA_HOST, text, &origin);
        }
        for (text, origin) in self.texts(fields, "Links") {
            self.asker
                .ask
                .setting(setting::OPTION, "link", text, origin);
        }
        self.setting(fields, "AutoRemove", setting::REMOVE);
        self.setting(fields, "Init", setting::INIT);
        self.setting(fields, "Runtime", setting::RUNTIME);
        self.setting(fields, "CgroupParent", setting::CGROUP_PARENT);
        self.option(fields, "ContainerIDFile", "cidfile");
    }
}
