//! The Pod Security Standards, control by control: what is permitted, what is not, and since which version.

use casemate_formats::kubernetes::{Assessment, Control, Level, pod_security};
use casemate_model::Origin;
use std::collections::BTreeSet;
use std::path::Path;

/// A pod that keeps the restricted level, with something put into the container, the pod, and the annotations.
fn pod(container: &str, spec: &str, annotations: &str) -> String {
    let context = "allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}";
    let own = if container.contains("securityContext") {
        container.replace(
            "securityContext: {",
            &format!("securityContext: {{{context}, "),
        )
    } else {
        format!("securityContext: {{{context}}}, {container}")
    };
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p, annotations: {{{annotations}}}}}\nspec:\n  containers:\n  - {{name: c, {own}}}\n{spec}"
    )
}

fn assess(text: &str, version: u16) -> Assessment {
    let found = pod_security(Path::new("p.yaml"), text.as_bytes(), (1, version));
    let mut found = found.unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

fn controls(assessment: &Assessment) -> BTreeSet<Control> {
    assessment
        .violations
        .iter()
        .map(|violation| violation.control)
        .collect()
}

/// Where something is put.
enum At {
    Container,
    Spec,
    Annotation,
}
use At::{Annotation, Container, Spec};

/// What is put in, in which version, and which controls that violates.
const CASES: &[(At, &str, u16, &[Control])] = &[
    (Container, "image: a", 35, &[]),
    (
        Container,
        "securityContext: {windowsOptions: {hostProcess: true}}",
        35,
        &[Control::HostProcess],
    ),
    (
        Container,
        "securityContext: {windowsOptions: {hostProcess: false}}",
        35,
        &[],
    ),
    (
        Spec,
        "  securityContext: {windowsOptions: {hostProcess: true}}\n",
        35,
        &[Control::HostProcess],
    ),
    (
        Spec,
        "  hostNetwork: true\n",
        35,
        &[Control::HostNamespaces],
    ),
    (Spec, "  hostPID: true\n", 0, &[Control::HostNamespaces]),
    (Spec, "  hostIPC: true\n", 35, &[Control::HostNamespaces]),
    (Spec, "  hostIPC: false\n", 35, &[]),
    (
        Container,
        "securityContext: {privileged: true}",
        35,
        &[Control::Privileged],
    ),
    (Container, "securityContext: {privileged: false}", 35, &[]),
    (
        Spec,
        "  volumes: [{name: v, hostPath: {path: /}}]\n",
        35,
        &[Control::HostPathVolumes, Control::VolumeTypes],
    ),
    (
        Container,
        "ports: [{containerPort: 1, hostPort: 80}]",
        35,
        &[Control::HostPorts],
    ),
    (
        Container,
        "ports: [{containerPort: 1, hostPort: 0}]",
        35,
        &[],
    ),
    (
        Container,
        "livenessProbe: {httpGet: {host: 10.0.0.1, port: 1}}",
        35,
        &[Control::HostProbes],
    ),
    (
        Container,
        "readinessProbe: {tcpSocket: {host: 10.0.0.1, port: 1}}",
        34,
        &[Control::HostProbes],
    ),
    (
        Container,
        "startupProbe: {tcpSocket: {host: 10.0.0.1, port: 1}}",
        33,
        &[],
    ),
    (
        Container,
        "lifecycle: {preStop: {httpGet: {host: a, port: 1}}}",
        34,
        &[Control::HostProbes],
    ),
    (
        Container,
        "lifecycle: {postStart: {tcpSocket: {host: a, port: 1}}}",
        34,
        &[Control::HostProbes],
    ),
    (
        Container,
        "livenessProbe: {httpGet: {host: '', port: 1}}",
        35,
        &[],
    ),
    (
        Container,
        "securityContext: {appArmorProfile: {type: Unconfined}}",
        35,
        &[Control::AppArmor],
    ),
    (
        Container,
        "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: a}}",
        35,
        &[],
    ),
    (
        Spec,
        "  securityContext: {appArmorProfile: {type: Unconfined}}\n",
        30,
        &[Control::AppArmor],
    ),
    (
        Annotation,
        "container.apparmor.security.beta.kubernetes.io/c: unconfined",
        35,
        &[Control::AppArmor],
    ),
    (
        Annotation,
        "container.apparmor.security.beta.kubernetes.io/c: localhost/a",
        35,
        &[],
    ),
    (
        Annotation,
        "container.apparmor.security.beta.kubernetes.io/c: runtime/default",
        35,
        &[],
    ),
    (
        Annotation,
        "container.apparmor.security.beta.kubernetes.io/c: ''",
        35,
        &[],
    ),
    (
        Container,
        "securityContext: {seLinuxOptions: {type: spc_t}}",
        35,
        &[Control::SeLinux],
    ),
    (
        Container,
        "securityContext: {seLinuxOptions: {type: container_kvm_t, level: 's0:c1'}}",
        35,
        &[],
    ),
    (
        Container,
        "securityContext: {seLinuxOptions: {type: container_engine_t}}",
        31,
        &[],
    ),
    (
        Container,
        "securityContext: {seLinuxOptions: {type: container_engine_t}}",
        30,
        &[Control::SeLinux],
    ),
    (
        Container,
        "securityContext: {seLinuxOptions: {user: system_u}}",
        35,
        &[Control::SeLinux],
    ),
    (
        Spec,
        "  securityContext: {seLinuxOptions: {role: system_r}}\n",
        35,
        &[Control::SeLinux],
    ),
    (
        Container,
        "securityContext: {procMount: Unmasked}",
        35,
        &[Control::ProcMount],
    ),
    (Container, "securityContext: {procMount: Default}", 35, &[]),
    (
        Spec,
        "  securityContext: {seccompProfile: {type: Unconfined}}\n",
        35,
        &[Control::Seccomp],
    ),
    (
        Spec,
        "  securityContext: {seccompProfile: {type: Unconfined}}\n",
        18,
        &[],
    ),
    (
        Annotation,
        "seccomp.security.alpha.kubernetes.io/pod: unconfined",
        18,
        &[Control::Seccomp],
    ),
    (
        Annotation,
        "seccomp.security.alpha.kubernetes.io/pod: docker/default",
        18,
        &[],
    ),
    (
        Annotation,
        "container.seccomp.security.alpha.kubernetes.io/c: unconfined",
        18,
        &[Control::Seccomp],
    ),
    (
        Annotation,
        "container.seccomp.security.alpha.kubernetes.io/d: unconfined",
        18,
        &[],
    ),
    (
        Annotation,
        "container.seccomp.security.alpha.kubernetes.io/c: unconfined",
        19,
        &[],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}\n",
        35,
        &[Control::Sysctls],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: '1'}]}\n",
        0,
        &[],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports, value: '1'}]}\n",
        27,
        &[],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports, value: '1'}]}\n",
        26,
        &[Control::Sysctls],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}\n",
        29,
        &[],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]}\n",
        28,
        &[Control::Sysctls],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: net.ipv4.tcp_wmem, value: '1'}]}\n",
        32,
        &[],
    ),
    (
        Spec,
        "  securityContext: {sysctls: [{name: net.ipv4.tcp_wmem, value: '1'}]}\n",
        31,
        &[Control::Sysctls],
    ),
    (
        Spec,
        "  volumes: [{name: v, nfs: {server: a, path: /}}]\n",
        35,
        &[Control::VolumeTypes],
    ),
    (
        Spec,
        "  volumes: [{name: v}]\n",
        35,
        &[Control::VolumeTypes],
    ),
    (
        Spec,
        "  volumes: [{name: a, configMap: {}}, {name: b, csi: {}}, {name: c, downwardAPI: {}}, {name: d, emptyDir: {}}, {name: e, ephemeral: {}}, {name: f, persistentVolumeClaim: {}}, {name: g, projected: {}}, {name: h, secret: {}}]\n",
        35,
        &[],
    ),
    (
        Spec,
        "  securityContext: {runAsNonRoot: false}\n",
        35,
        &[Control::RunAsNonRoot],
    ),
    (
        Spec,
        "  securityContext: {runAsUser: 0}\n",
        35,
        &[Control::RunAsUser],
    ),
    (Spec, "  securityContext: {runAsUser: 0}\n", 22, &[]),
    (Spec, "  securityContext: {runAsUser: 1}\n", 35, &[]),
    (
        Container,
        "securityContext: {runAsUser: 0}",
        35,
        &[Control::RunAsUser],
    ),
    (
        Spec,
        "  securityContext: {runAsUser: 0, runAsNonRoot: false}\n  hostUsers: false\n",
        35,
        &[],
    ),
    (
        Spec,
        "  securityContext: {runAsUser: 0, runAsNonRoot: false}\n  hostUsers: false\n",
        34,
        &[Control::RunAsNonRoot, Control::RunAsUser],
    ),
];

#[test]
fn each_control_forbids_what_it_should() {
    let mut wrong = Vec::new();
    for (at, put, version, expected) in CASES {
        let text = match at {
            Container => pod(put, "", ""),
            Spec => pod("image: a", put, ""),
            Annotation => pod("image: a", "", put),
        };
        let assessment = assess(&text, *version);
        let expected: BTreeSet<Control> = expected.iter().copied().collect();
        let level = expected.iter().map(|control| control.level()).max();
        let level = match level {
            None => Level::Restricted,
            Some(Level::Restricted) => Level::Baseline,
            Some(_) => Level::Privileged,
        };
        if controls(&assessment) != expected || assessment.level != level {
            wrong.push(format!(
                "1.{version} {put}: {:?} {}",
                controls(&assessment),
                assessment.level
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a container says by itself, in which version, and what that violates.
const BARE: &[(&str, u16, &[Control])] = &[
    (
        "{}",
        35,
        &[
            Control::PrivilegeEscalation,
            Control::RunAsNonRoot,
            Control::SeccompRestricted,
            Control::CapabilitiesRestricted,
        ],
    ),
    (
        "{}",
        21,
        &[
            Control::PrivilegeEscalation,
            Control::RunAsNonRoot,
            Control::SeccompRestricted,
        ],
    ),
    (
        "{}",
        18,
        &[Control::PrivilegeEscalation, Control::RunAsNonRoot],
    ),
    ("{}", 7, &[Control::RunAsNonRoot]),
    (
        "{allowPrivilegeEscalation: true, runAsNonRoot: false, capabilities: {drop: [all]}, seccompProfile: {type: Unconfined}}",
        35,
        &[
            Control::Seccomp,
            Control::PrivilegeEscalation,
            Control::RunAsNonRoot,
            Control::SeccompRestricted,
            Control::CapabilitiesRestricted,
        ],
    ),
    (
        "{allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}, seccompProfile: {type: Localhost}}",
        35,
        &[],
    ),
    (
        "{allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL], add: [CHOWN]}, seccompProfile: {type: Localhost}}",
        35,
        &[Control::CapabilitiesRestricted],
    ),
    (
        "{allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL], add: [NET_RAW]}, seccompProfile: {type: Localhost}}",
        21,
        &[Control::Capabilities],
    ),
];

#[test]
fn what_a_container_says_counts_in_every_list() {
    let mut wrong = Vec::new();
    for (context, version, expected) in BARE {
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            let good = "securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}";
            let other = if list == "containers" {
                String::new()
            } else {
                format!("  containers: [{{name: good, {good}}}]\n")
            };
            let text = format!(
                "kind: Pod\nmetadata: {{name: p}}\nspec:\n  {list}: [{{name: c, securityContext: {context}}}]\n{other}"
            );
            let found = controls(&assess(&text, *version));
            if found != expected.iter().copied().collect() {
                wrong.push(format!("1.{version} {list} {context}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn windows_and_user_namespaces_are_exempt_of_some() {
    let text = "kind: Pod\nspec:\n  os: {name: windows}\n  containers: [{name: c, securityContext: {runAsNonRoot: true}}]\n";
    assert_eq!(assess(text, 25).level, Level::Restricted);
    assert_eq!(
        controls(&assess(text, 24)),
        [
            Control::PrivilegeEscalation,
            Control::SeccompRestricted,
            Control::CapabilitiesRestricted
        ]
        .into()
    );
    let text = pod(
        "securityContext: {procMount: Unmasked}",
        "  hostUsers: false\n",
        "",
    );
    assert_eq!(
        controls(&assess(&text, 35)),
        [Control::ProcMountRestricted].into()
    );
    assert_eq!(assess(&text, 35).level, Level::Baseline);
    assert_eq!(controls(&assess(&text, 34)), [Control::ProcMount].into());
}

#[test]
fn violations_know_their_places() {
    let text = "kind: Deployment\nmetadata: {name: d}\nspec:\n  template:\n    spec:\n      hostPID: true\n      containers:\n      - name: c\n        securityContext:\n          privileged: true\n";
    let assessment = assess(text, 35);
    assert_eq!(
        (assessment.name.as_str(), assessment.level),
        ("d", Level::Privileged)
    );
    let places: Vec<(Control, usize, &str)> = assessment
        .violations
        .iter()
        .map(|violation| match &violation.origin {
            Origin::File {
                line, start, end, ..
            } => (violation.control, *line, &text[*start..*end]),
            other => panic!("{other}"),
        })
        .collect();
    assert!(
        places.contains(&(Control::HostNamespaces, 6, "true")),
        "{places:?}"
    );
    assert!(
        places.contains(&(Control::Privileged, 10, "true")),
        "{places:?}"
    );
    // Of each control that this version has, there is a case above.
    let tried: BTreeSet<Control> = CASES
        .iter()
        .flat_map(|case| case.3)
        .chain(BARE.iter().flat_map(|case| case.2))
        .copied()
        .chain([Control::ProcMountRestricted])
        .collect();
    assert_eq!(tried.len(), 19, "{tried:?}");
}
