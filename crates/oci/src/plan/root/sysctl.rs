//! Kernel parameters. Only those of the container's own namespaces: any other would be the host's.

use super::Builder;
use super::path::text;
use crate::failure::Failure;
use casemate_enforce::step::{Slot, Step};
use casemate_formats::oci::schema::NamespaceKind;

/// Adds the steps of `linux.sysctl`.
pub(super) fn add(builder: &mut Builder<'_>, proc: Slot) -> Result<(), Failure> {
    let Some(linux) = &builder.spec.linux else {
        return Ok(());
    };
    for (name, value) in &linux.sysctl {
        let path = path_of(name)?;
        let namespace = namespace_of(&path).ok_or_else(|| {
            Failure::new(format!(
                "linux.sysctl: {name} is of no namespace: it would change the host"
            ))
        })?;
        if !builder.has_own(namespace) {
            let kind = namespace.oci();
            return Err(Failure::with_hint(
                format!(
                    "linux.sysctl: {name} would change the host: the container has no {kind} namespace of its own"
                ),
                format!("add {{\"type\": \"{kind}\"}} to linux.namespaces"),
            ));
        }
        if path == "kernel/hostname" {
            return Err(Failure::with_hint(
                "linux.sysctl: kernel.hostname is set by another property",
                "set \"hostname\"",
            ));
        }
        builder.finish(
            "kernel",
            Step::WriteSysctl {
                proc,
                path: text(&format!("sys/{path}"))?,
                value: text(value)?,
            },
        );
    }
    Ok(())
}

/// The file of a parameter. The first separator decides, as in sysctl(8): `net.ipv4.conf.eth0/1.forwarding` is of eth0.1.
fn path_of(name: &str) -> Result<String, Failure> {
    let dotted = name
        .find(['.', '/'])
        .is_none_or(|at| name.as_bytes().get(at) == Some(&b'.'));
    let path: String = if dotted {
        let swap = |c| match c {
            '.' => '/',
            '/' => '.',
            c => c,
        };
        name.chars().map(swap).collect()
    } else {
        name.to_owned()
    };
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Failure::new(format!(
            "linux.sysctl: {name:?} is not a name"
        )));
    }
    Ok(path)
}

/// The namespace that a parameter is of.
fn namespace_of(path: &str) -> Option<NamespaceKind> {
    const IPC: [&str; 10] = [
        "kernel/msgmax",
        "kernel/msgmnb",
        "kernel/msgmni",
        "kernel/sem",
        "kernel/shmall",
        "kernel/shmmax",
        "kernel/shmmni",
        "kernel/shm_rmid_forced",
        "kernel/auto_msgmni",
        "kernel/msg_next_id",
    ];
    if IPC.contains(&path) || path.starts_with("fs/mqueue/") {
        return Some(NamespaceKind::Ipc);
    }
    if path.starts_with("net/") {
        return Some(NamespaceKind::Net);
    }
    if matches!(path, "kernel/domainname" | "kernel/hostname") {
        return Some(NamespaceKind::Uts);
    }
    path.starts_with("user/").then_some(NamespaceKind::User)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_paths() {
        let cases = [
            ("net.ipv4.ip_forward", "net/ipv4/ip_forward"),
            ("net/ipv4/ip_forward", "net/ipv4/ip_forward"),
            (
                "net.ipv4.conf.eth0/1.forwarding",
                "net/ipv4/conf/eth0.1/forwarding",
            ),
            (
                "net/ipv4/conf/eth0.1/forwarding",
                "net/ipv4/conf/eth0.1/forwarding",
            ),
        ];
        for (name, path) in cases {
            assert_eq!(path_of(name).unwrap(), path, "{name}");
        }
        for name in [
            "",
            "net..x",
            "net/../kernel/core_pattern",
            "kernel.",
            "/kernel/x",
            "net.//./x",
        ] {
            assert!(path_of(name).is_err(), "{name}");
        }
    }

    #[test]
    fn the_hosts_parameters_are_of_no_namespace() {
        for path in [
            "kernel/core_pattern",
            "vm/swappiness",
            "fs/suid_dumpable",
            "kernel/modprobe",
        ] {
            assert_eq!(namespace_of(path), None, "{path}");
        }
        assert_eq!(namespace_of("kernel/shmmax"), Some(NamespaceKind::Ipc));
    }
}
