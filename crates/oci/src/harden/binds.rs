//! Which paths of the host no container needs to see.

use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// What must be known of the host.
pub trait Host {
    /// The path without links, as far as it exists.
    fn resolve(&self, path: &Path) -> PathBuf;
    /// Whether a namespace file is that of the runtime itself; what cannot be found out is.
    fn is_own_namespace(&self, path: &Path, kind: &str) -> bool;
}

/// The host that this runs on.
#[derive(Clone, Copy, Debug)]
pub struct ThisHost;

impl Host for ThisHost {
    fn resolve(&self, path: &Path) -> PathBuf {
        // Of what does not exist, the nearest that does decides.
        let found = path.ancestors().find_map(|ancestor| {
            let real = std::fs::canonicalize(ancestor).ok()?;
            let rest = path.strip_prefix(ancestor).ok()?;
            Some(if rest.as_os_str().is_empty() {
                real
            } else {
                real.join(rest)
            })
        });
        found.unwrap_or_else(|| path.to_owned())
    }

    fn is_own_namespace(&self, path: &Path, kind: &str) -> bool {
        let own = std::fs::metadata(format!("/proc/self/ns/{kind}"));
        match (own, std::fs::metadata(path)) {
            (Ok(own), Ok(other)) => (own.dev(), own.ino()) == (other.dev(), other.ino()),
            _ => true,
        }
    }
}

/// Trees that are the host's own: none of them, nothing below and nothing above is shown.
const TREES: &[&str] = &[
    "/boot",
    "/dev",
    "/proc",
    "/root",
    "/sys",
    "/run/containerd",
    "/run/crio",
    "/run/docker",
    "/run/podman",
    "/run/dbus",
    "/run/systemd",
    "/run/udev",
    "/run/casemate-oci",
    "/etc/casemate",
    "/etc/cron.d",
    "/etc/kubernetes",
    "/etc/pam.d",
    "/etc/ssh",
    "/etc/sudoers.d",
    "/etc/systemd",
    "/lib/modules",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/spool/cron",
];

/// Single files that are the host's own.
const FILES: &[&str] = &[
    "/etc/crontab",
    "/etc/gshadow",
    "/etc/ld.so.preload",
    "/etc/shadow",
    "/etc/sudoers",
    "/run/docker.sock",
];

/// Trees whose content runs on the host: they may be seen, but not written.
const PROGRAMS: &[&str] = &["/bin", "/etc", "/lib", "/lib32", "/lib64", "/sbin", "/usr"];

/// What engines keep for a container's own use inside of their trees: the tree, and the names that must follow after
/// one component, the id, or after none.
const OWN: &[(&str, &[&str])] = &[
    (
        "/var/lib/docker/containers",
        &["hostname", "hosts", "resolv.conf", "mounts", "secrets"],
    ),
    ("/var/lib/docker/volumes", &["_data"]),
    ("/var/lib/containers/storage/volumes", &["_data"]),
    (
        "/var/lib/containers/storage/overlay-containers",
        &["userdata"],
    ),
    ("/run/containers/storage/overlay-containers", &["userdata"]),
    (
        "/var/lib/kubelet/pods",
        &[
            "volumes",
            "volume-subpaths",
            "etc-hosts",
            "containers",
            "plugins",
        ],
    ),
    (
        "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes",
        &["hostname", "hosts", "resolv.conf", "shm"],
    ),
    (
        "/run/containerd/io.containerd.grpc.v1.cri/sandboxes",
        &["shm", "hostname", "hosts", "resolv.conf"],
    ),
];

/// Whether a bind of a path is one that the engine makes for the container itself.
fn is_containers_own(path: &Path) -> bool {
    OWN.iter().any(|(tree, names)| {
        let Ok(below) = path.strip_prefix(tree) else {
            return false;
        };
        let mut parts = below.components();
        let id = parts.next();
        let name = parts.next().map(Component::as_os_str);
        id.is_some() && name.is_some_and(|name| names.iter().any(|known| name == *known))
    })
}

/// What of a path may be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// It can be written.
    Writable,
    /// It can be read.
    ReadOnly,
    /// Nothing.
    Not,
}

/// What of a path of the host, without links, may be shown.
pub fn shown(path: &Path) -> Shown {
    if is_containers_own(path) {
        return Shown::Writable;
    }
    // `/var/run` is `/run` on every machine of this century; where it is no link, it is the same by custom.
    let path = match path.strip_prefix("/var/run") {
        Ok(rest) => Path::new("/run").join(rest),
        Err(_) => path.to_owned(),
    };
    let path = path.as_path();
    let touches = |tree: &&str| path.starts_with(tree) || Path::new(tree).starts_with(path);
    if TREES.iter().any(touches) {
        return Shown::Not;
    }
    if FILES.iter().any(|file| Path::new(file).starts_with(path)) {
        return Shown::Not;
    }
    let socket = path.extension().is_some_and(|end| end == "sock");
    if socket && path.starts_with("/run") {
        return Shown::Not;
    }
    if PROGRAMS.iter().any(touches) {
        return Shown::ReadOnly;
    }
    Shown::Writable
}

#[cfg(test)]
mod tests {
    use super::{Shown, shown};
    use std::path::Path;

    #[test]
    fn paths_of_the_host_are_told_apart() {
        for (path, what) in [
            ("/", Shown::Not),
            ("/etc", Shown::Not),
            ("/etc/shadow", Shown::Not),
            ("/etc/ssh/ssh_host_ed25519_key", Shown::Not),
            ("/etc/localtime", Shown::ReadOnly),
            ("/usr/share/zoneinfo", Shown::ReadOnly),
            ("/usr", Shown::ReadOnly),
            ("/lib", Shown::Not),
            ("/var", Shown::Not),
            ("/var/lib", Shown::Not),
            ("/var/run/docker.sock", Shown::Not),
            ("/run/containerd/containerd.sock", Shown::Not),
            ("/run/user/1000/podman/podman.sock", Shown::Not),
            ("/run", Shown::Not),
            ("/dev/sda", Shown::Not),
            ("/proc/1/root", Shown::Not),
            ("/home/ada/notes", Shown::Writable),
            ("/home", Shown::Writable),
            ("/srv", Shown::Writable),
            ("/var/lib/docker", Shown::Not),
            ("/var/lib/docker/volumes", Shown::Not),
            ("/var/lib/docker/volumes/db", Shown::Not),
            ("/var/lib/docker/volumes/db/_data", Shown::Writable),
            ("/var/lib/docker/containers/4f/hosts", Shown::Writable),
            ("/var/lib/docker/containers/4f/config.v2.json", Shown::Not),
            ("/var/lib/kubelet/pods/7d/volumes/token", Shown::Writable),
            ("/var/lib/kubelet/pki", Shown::Not),
        ] {
            assert_eq!(shown(Path::new(path)), what, "{path}");
        }
    }
}
