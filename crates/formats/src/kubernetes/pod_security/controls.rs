//! The controls, in the order of the standard.

use super::{Checker, Control, One};
use crate::document::Node;

/// Capabilities that may be added at the baseline.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Kernel parameters that are safe, and since which 1.x.
const SYSCTLS: [(&str, u16); 12] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
];

/// Types of SELinux that are permitted, and since which 1.x.
const TYPES: [(&str, u16); 5] = [
    ("", 0),
    ("container_init_t", 0),
    ("container_kvm_t", 0),
    ("container_t", 0),
    ("container_engine_t", 31),
];

/// Kinds of volumes that are permitted when restricted, and since which 1.x.
const VOLUMES: [(&str, u16); 8] = [
    ("configMap", 0),
    ("csi", 0),
    ("downwardAPI", 0),
    ("emptyDir", 0),
    ("ephemeral", 0),
    ("persistentVolumeClaim", 0),
    ("projected", 0),
    ("secret", 0),
];

/// Where a host can be named.
const PLACES: [&[&str]; 5] = [
    &["livenessProbe"],
    &["readinessProbe"],
    &["startupProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];

impl Checker<'_> {
    pub(super) fn baseline(&mut self) {
        self.host_process();
        for key in ["hostNetwork", "hostPID", "hostIPC"] {
            if let Some(node) = self
                .pod
                .spec
                .get(key)
                .filter(|node| node.bool() == Some(true))
            {
                self.found(Control::HostNamespaces, format!("{key} is true"), node);
            }
        }
        for one in self.containers() {
            if let Some(node) = one
                .security(&["privileged"])
                .filter(|node| node.bool() == Some(true))
            {
                self.found(
                    Control::Privileged,
                    format!("{}.securityContext.privileged is true", one.path),
                    node,
                );
            }
            self.added(&one, Control::Capabilities, &CAPABILITIES);
            self.host_ports(&one);
            self.hosts(&one);
            self.proc_mount(&one);
        }
        for node in self.pod.spec.get("volumes").map_or(&[][..], Node::items) {
            if let Some(path) = node.get("hostPath").filter(|path| !path.is_null()) {
                let what = format!("the volume {} is a hostPath", name_of(node));
                self.found(Control::HostPathVolumes, what, path);
            }
        }
        self.apparmor();
        self.selinux();
        self.seccomp();
        self.sysctls();
    }

    fn host_process(&mut self) {
        let key = ["windowsOptions", "hostProcess"];
        let mut all: Vec<(String, &Node)> = Vec::new();
        all.extend(self.pod_security(&key).map(|node| ("pod".to_owned(), node)));
        for one in self.containers() {
            all.extend(one.security(&key).map(|node| (one.path.clone(), node)));
        }
        for (path, node) in all {
            if node.bool() == Some(true) {
                let what = format!("{path}.securityContext.windowsOptions.hostProcess is true");
                self.found(Control::HostProcess, what, node);
            }
        }
    }

    fn added(&mut self, one: &One<'_>, control: Control, permitted: &[&str]) {
        for node in one
            .security(&["capabilities", "add"])
            .map_or(&[][..], Node::items)
        {
            let name = node.text().unwrap_or_default();
            if !permitted.contains(&name) {
                let what = format!("{}.securityContext.capabilities.add has {name}", one.path);
                self.found(control, what, node);
            }
        }
    }

    fn host_ports(&mut self, one: &One<'_>) {
        for port in one.node.get("ports").map_or(&[][..], Node::items) {
            if let Some(node) = port
                .get("hostPort")
                .filter(|node| node.integer().is_some_and(|port| port != 0))
            {
                let what = format!(
                    "{}.ports has hostPort {}",
                    one.path,
                    node.scalar().unwrap_or_default()
                );
                self.found(Control::HostPorts, what, node);
            }
        }
    }

    /// A host in a probe or a hook lets the kubelet be told to call others.
    fn hosts(&mut self, one: &One<'_>) {
        if !self.since(34) {
            return;
        }
        for place in PLACES {
            for kind in ["httpGet", "tcpSocket"] {
                let keys: Vec<&str> = place.iter().copied().chain([kind, "host"]).collect();
                let host = one
                    .node
                    .at(&keys)
                    .filter(|node| node.text().is_some_and(|host| !host.is_empty()));
                if let Some(node) = host {
                    let what = format!(
                        "{}.{} is {}",
                        one.path,
                        keys.join("."),
                        node.text().unwrap_or_default()
                    );
                    self.found(Control::HostProbes, what, node);
                }
            }
        }
    }

    fn proc_mount(&mut self, one: &One<'_>) {
        let Some(node) = one
            .security(&["procMount"])
            .filter(|node| node.text() != Some("Default"))
        else {
            return;
        };
        let what = format!(
            "{}.securityContext.procMount is {}",
            one.path,
            node.scalar().unwrap_or_default()
        );
        if self.own_users() {
            self.found(Control::ProcMountRestricted, what, node);
        } else {
            self.found(Control::ProcMount, what, node);
        }
    }

    fn apparmor(&mut self) {
        let mut all: Vec<(String, &Node)> = Vec::new();
        let key = ["appArmorProfile", "type"];
        all.extend(self.pod_security(&key).map(|node| ("pod".to_owned(), node)));
        for one in self.containers() {
            all.extend(one.security(&key).map(|node| (one.path.clone(), node)));
        }
        for (path, node) in all {
            if !matches!(node.text(), Some("RuntimeDefault" | "Localhost")) {
                let what = format!(
                    "{path}.securityContext.appArmorProfile.type is {}",
                    node.scalar().unwrap_or_default()
                );
                self.found(Control::AppArmor, what, node);
            }
        }
        for entry in self.annotations() {
            let value = entry.value.text().unwrap_or_default();
            let permitted =
                matches!(value, "" | "runtime/default") || value.starts_with("localhost/");
            if entry
                .key
                .starts_with("container.apparmor.security.beta.kubernetes.io/")
                && !permitted
            {
                self.found(
                    Control::AppArmor,
                    format!("the annotation {} is {value}", entry.key),
                    &entry.value,
                );
            }
        }
    }

    fn selinux(&mut self) {
        let mut all: Vec<(String, &Node)> = Vec::new();
        all.extend(
            self.pod_security(&["seLinuxOptions"])
                .map(|node| ("pod".to_owned(), node)),
        );
        for one in self.containers() {
            all.extend(
                one.security(&["seLinuxOptions"])
                    .map(|node| (one.path.clone(), node)),
            );
        }
        let minor = self.version.1;
        for (path, options) in all {
            for key in ["type", "user", "role"] {
                let Some(node) = options.get(key) else {
                    continue;
                };
                let value = node.text().unwrap_or_default();
                let permitted = match key {
                    "type" => TYPES
                        .iter()
                        .any(|(name, since)| *name == value && *since <= minor),
                    _ => value.is_empty(),
                };
                if !permitted {
                    let what = format!("{path}.securityContext.seLinuxOptions.{key} is {value}");
                    self.found(Control::SeLinux, what, node);
                }
            }
        }
    }

    /// Until 1.18 the annotations count, then the fields.
    fn seccomp(&mut self) {
        if !self.since(19) {
            const POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
            const CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
            let names = self.names();
            for entry in self.annotations() {
                let own = entry
                    .key
                    .strip_prefix(CONTAINER)
                    .is_some_and(|name| names.contains(name));
                let value = entry.value.text().unwrap_or_default();
                let permitted = matches!(value, "runtime/default" | "docker/default")
                    || value.starts_with("localhost/");
                if (own || entry.key == POD) && !permitted {
                    self.found(
                        Control::Seccomp,
                        format!("the annotation {} is {value}", entry.key),
                        &entry.value,
                    );
                }
            }
            return;
        }
        let mut all: Vec<(String, &Node)> = Vec::new();
        let key = ["seccompProfile", "type"];
        all.extend(self.pod_security(&key).map(|node| ("pod".to_owned(), node)));
        for one in self.containers() {
            all.extend(one.security(&key).map(|node| (one.path.clone(), node)));
        }
        for (path, node) in all {
            if !demanded(node) {
                let what = format!(
                    "{path}.securityContext.seccompProfile.type is {}",
                    node.scalar().unwrap_or_default()
                );
                self.found(Control::Seccomp, what, node);
            }
        }
    }

    fn sysctls(&mut self) {
        let minor = self.version.1;
        for node in self.pod_security(&["sysctls"]).map_or(&[][..], Node::items) {
            let name = name_of(node);
            if !SYSCTLS
                .iter()
                .any(|(known, since)| *known == name && *since <= minor)
            {
                self.found(Control::Sysctls, format!("the sysctl {name} is set"), node);
            }
        }
    }

    pub(super) fn restricted(&mut self) {
        let minor = self.version.1;
        for node in self.pod.spec.get("volumes").map_or(&[][..], Node::items) {
            let permitted = |(kind, since): &(&str, u16)| {
                *since <= minor && node.get(kind).is_some_and(|node| !node.is_null())
            };
            if !VOLUMES.iter().any(permitted) {
                let kind = node.entries().iter().find(|entry| entry.key != "name");
                let kind = kind.map_or("emptyDir by default", |entry| entry.key.as_str());
                self.found(
                    Control::VolumeTypes,
                    format!("the volume {} is a {kind}", name_of(node)),
                    node,
                );
            }
        }
        let linux = !self.windows();
        for one in self.containers() {
            if self.since(8) && linux {
                self.escalation(&one);
            }
            self.non_root(&one);
            if self.since(19) && linux {
                self.filter(&one);
            }
            if self.since(22) && linux {
                self.dropped(&one);
            }
        }
        let pod = self
            .pod_security(&["runAsNonRoot"])
            .filter(|node| node.bool() == Some(false));
        if let Some(node) = pod.filter(|_| !self.own_users()) {
            self.found(
                Control::RunAsNonRoot,
                "pod.securityContext.runAsNonRoot is false".to_owned(),
                node,
            );
        }
        let pod = self
            .pod_security(&["runAsUser"])
            .filter(|node| node.integer() == Some(0));
        if let Some(node) = pod.filter(|_| self.since(23) && !self.own_users()) {
            self.found(
                Control::RunAsUser,
                "pod.securityContext.runAsUser is 0".to_owned(),
                node,
            );
        }
    }

    fn escalation(&mut self, one: &One<'_>) {
        let node = one.security(&["allowPrivilegeEscalation"]);
        if node.and_then(Node::bool) != Some(false) {
            let what = format!(
                "{}.securityContext.allowPrivilegeEscalation is not false",
                one.path
            );
            self.found(Control::PrivilegeEscalation, what, node.unwrap_or(one.node));
        }
    }

    fn non_root(&mut self, one: &One<'_>) {
        if self.own_users() {
            return;
        }
        let pod = self.pod_security(&["runAsNonRoot"]).and_then(Node::bool) == Some(true);
        let node = one.security(&["runAsNonRoot"]);
        let kept = match node {
            Some(node) => node.bool() == Some(true),
            None => pod,
        };
        if !kept {
            let what = format!("{}.securityContext.runAsNonRoot is not true", one.path);
            self.found(Control::RunAsNonRoot, what, node.unwrap_or(one.node));
        }
        let user = one
            .security(&["runAsUser"])
            .filter(|node| node.integer() == Some(0));
        if let Some(node) = user.filter(|_| self.since(23)) {
            self.found(
                Control::RunAsUser,
                format!("{}.securityContext.runAsUser is 0", one.path),
                node,
            );
        }
    }

    fn filter(&mut self, one: &One<'_>) {
        let key = ["seccompProfile", "type"];
        let own = one.security(&key);
        if !own.or(self.pod_security(&key)).is_some_and(demanded) {
            let what = format!(
                "{}.securityContext.seccompProfile.type is not RuntimeDefault or Localhost",
                one.path
            );
            self.found(Control::SeccompRestricted, what, own.unwrap_or(one.node));
        }
    }

    fn dropped(&mut self, one: &One<'_>) {
        let node = one.security(&["capabilities", "drop"]);
        let all =
            node.is_some_and(|list| list.items().iter().any(|item| item.text() == Some("ALL")));
        if !all {
            let what = format!("{}.securityContext.capabilities.drop has no ALL", one.path);
            self.found(
                Control::CapabilitiesRestricted,
                what,
                node.unwrap_or(one.node),
            );
        }
        self.added(one, Control::CapabilitiesRestricted, &["NET_BIND_SERVICE"]);
    }
}

fn demanded(node: &Node) -> bool {
    matches!(node.text(), Some("RuntimeDefault" | "Localhost"))
}

fn name_of(node: &Node) -> &str {
    node.get("name").and_then(Node::text).unwrap_or_default()
}
