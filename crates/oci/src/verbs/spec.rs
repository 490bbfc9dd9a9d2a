//! `spec`: a configuration to begin with.
//!
//! It is tighter than what other runtimes give here: three capabilities, no_new_privs, every namespace but those of users
//! and of clocks, a read-only root, and what leaks of /proc and /sys is hidden.

use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use casemate_formats::oci::schema::{
    Capabilities, DeviceCgroup, IdMapping, Linux, Mount, Namespace, NamespaceKind, Process,
    Resources, Rlimit, Root, Spec, User,
};
use casemate_formats::oci::{VERSION, encode};
use casemate_model::names::{Capability, CapabilitySet};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let bundle = call
        .value("bundle")
        .map_or_else(PathBuf::new, PathBuf::from);
    let path = bundle.join("config.json");
    let owner = call
        .has("rootless")
        .then(|| (casemate_sys::ids::geteuid(), casemate_sys::ids::getegid()));
    let text = encode(&beginning(owner));
    // One that is there may be somebody's work.
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let mut file = file.attempt(|| format!("make {}", path.display()))?;
    file.write_all(text.as_bytes())
        .attempt(|| format!("write {}", path.display()))?;
    Ok(0)
}

fn mount(destination: &str, kind: &str, source: &str, options: &[&str]) -> Mount {
    Mount {
        destination: destination.to_owned(),
        kind: kind.to_owned(),
        source: source.to_owned(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        ..Mount::default()
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// The configuration; for a container without root, that of the user and group who call.
fn beginning(owner: Option<(u32, u32)>) -> Spec {
    let capabilities = [
        Capability::AuditWrite,
        Capability::Kill,
        Capability::NetBindService,
    ]
    .into_iter()
    .fold(CapabilitySet::EMPTY, CapabilitySet::with);
    Spec {
        oci_version: VERSION.to_owned(),
        root: Some(Root {
            path: "rootfs".to_owned(),
            readonly: true,
        }),
        process: Some(Process {
            terminal: true,
            user: User::default(),
            args: texts(&["sh"]),
            env: texts(&[
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "TERM=xterm",
            ]),
            cwd: "/".to_owned(),
            capabilities: Some(Capabilities {
                bounding: capabilities,
                effective: capabilities,
                permitted: capabilities,
                ..Capabilities::NONE
            }),
            rlimits: vec![Rlimit {
                kind: "RLIMIT_NOFILE".to_owned(),
                soft: 1024,
                hard: 1024,
            }],
            no_new_privileges: true,
            ..Process::default()
        }),
        hostname: "casemate".to_owned(),
        mounts: mounts(owner.is_some()),
        linux: Some(linux(owner)),
        ..Spec::default()
    }
}

fn mounts(rootless: bool) -> Vec<Mount> {
    let safe = ["nosuid", "noexec", "nodev"];
    let read_only = ["nosuid", "noexec", "nodev", "ro"];
    let mut pts = vec![
        "nosuid",
        "noexec",
        "newinstance",
        "ptmxmode=0666",
        "mode=0620",
    ];
    // Group 5 is `tty`, which the one group of a user does not have.
    if !rootless {
        pts.push("gid=5");
    }
    let base = ["nosuid", "strictatime", "mode=755", "size=65536k"];
    let shared = ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"];
    let mut list = vec![
        mount("/proc", "proc", "proc", &safe),
        mount("/dev", "tmpfs", "tmpfs", &base),
        mount("/dev/pts", "devpts", "devpts", &pts),
        mount("/dev/shm", "tmpfs", "shm", &shared),
        mount("/dev/mqueue", "mqueue", "mqueue", &safe),
    ];
    if rootless {
        // Only who owns the network namespace can mount sysfs.
        let options = ["rbind", "nosuid", "noexec", "nodev", "ro"];
        list.push(mount("/sys", "none", "/sys", &options));
    } else {
        list.push(mount("/sys", "sysfs", "sysfs", &read_only));
        let groups = ["nosuid", "noexec", "nodev", "relatime", "ro"];
        list.push(mount("/sys/fs/cgroup", "cgroup", "cgroup", &groups));
    }
    list
}

fn linux(owner: Option<(u32, u32)>) -> Linux {
    let mut kinds = vec![
        NamespaceKind::Pid,
        NamespaceKind::Ipc,
        NamespaceKind::Uts,
        NamespaceKind::Mount,
        NamespaceKind::Cgroup,
    ];
    kinds.push(match owner {
        // A user cannot wire a network namespace, so the network is the host's.
        Some(_) => NamespaceKind::User,
        None => NamespaceKind::Net,
    });
    let map = |id: u32| {
        vec![IdMapping {
            container_id: 0,
            host_id: id,
            size: 1,
        }]
    };
    let namespaces = kinds.into_iter().map(|kind| Namespace {
        kind,
        path: String::new(),
    });
    Linux {
        uid_mappings: owner.map(|(user, _)| map(user)).unwrap_or_default(),
        gid_mappings: owner.map(|(_, group)| map(group)).unwrap_or_default(),
        resources: owner.is_none().then(|| Resources {
            devices: vec![DeviceCgroup {
                allow: false,
                access: "rwm".to_owned(),
                ..DeviceCgroup::default()
            }],
            ..Resources::default()
        }),
        namespaces: namespaces.collect(),
        masked_paths: texts(crate::harden::MASKED),
        readonly_paths: texts(crate::harden::READ_ONLY),
        ..Linux::default()
    }
}

#[cfg(test)]
mod tests {
    use super::beginning;
    use casemate_formats::oci::{encode, read};

    #[test]
    fn what_is_written_can_be_read() {
        for owner in [None, Some((1000, 100))] {
            let spec = beginning(owner);
            let text = encode(&spec);
            let reading = read("config.json", text.as_bytes());
            let reading = reading.unwrap_or_else(|errors| panic!("{errors}"));
            assert_eq!(reading.spec, spec);
            assert_eq!(reading.warnings, []);
        }
    }
}
