//! Files that should be out of reach: what opening them for reading, and for writing, comes to.

use crate::json::Json;
use crate::outcome::{self, Outcome};
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const NONBLOCK: i32 = 0o4000; // asm-generic/fcntl.h
const NOCTTY: i32 = 0o400;

/// Secrets, and windows into the kernel and other programs.
const READ: &[&str] = &[
    "/boot",
    "/dev/fuse",
    "/dev/kmsg",
    "/dev/kvm",
    "/dev/mem",
    "/dev/net/tun",
    "/dev/port",
    "/dev/sda",
    "/dev/vda",
    "/etc/gshadow",
    "/etc/hostname",
    "/etc/machine-id",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/ssh",
    "/etc/ssl/private",
    "/etc/sudoers",
    "/home",
    "/proc/1/environ",
    "/proc/1/maps",
    "/proc/1/mem",
    "/proc/1/root/",
    "/proc/acpi",
    "/proc/asound",
    "/proc/bus",
    "/proc/cmdline",
    "/proc/config.gz",
    "/proc/interrupts",
    "/proc/iomem",
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/key-users",
    "/proc/keys",
    "/proc/kmsg",
    "/proc/kpagecount",
    "/proc/latency_stats",
    "/proc/modules",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/slabinfo",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/vmallocinfo",
    "/root",
    "/run/containerd/containerd.sock",
    "/run/crio/crio.sock",
    "/run/dbus/system_bus_socket",
    "/run/docker.sock",
    "/run/podman/podman.sock",
    "/run/secrets",
    "/sys",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
    "/sys/firmware/efi/efivars",
    "/sys/fs/bpf",
    "/sys/fs/cgroup",
    "/sys/fs/selinux",
    "/sys/kernel/btf/vmlinux",
    "/sys/kernel/debug",
    "/sys/kernel/notes",
    "/sys/kernel/security",
    "/sys/kernel/tracing",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/log",
    "/var/run/docker.sock",
];

/// Files by which who may write them rules the host, or escapes to it.
const WRITE: &[&str] = &[
    "/dev/kmsg",
    "/dev/mem",
    "/dev/sda",
    "/dev/vda",
    "/etc/ld.so.preload",
    "/etc/passwd",
    "/etc/shadow",
    "/proc/1/mem",
    "/proc/1/oom_score_adj",
    "/proc/acpi/wakeup",
    "/proc/self/oom_score_adj",
    "/proc/sys/fs/binfmt_misc/register",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hostname",
    "/proc/sys/kernel/modprobe",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/sys/kernel/randomize_va_space",
    "/proc/sys/kernel/yama/ptrace_scope",
    "/proc/sys/net/ipv4/ip_forward",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/panic_on_oom",
    "/proc/sysrq-trigger",
    "/sys/devices/system/cpu/online",
    "/sys/fs/cgroup/cgroup.procs",
    "/sys/fs/cgroup/memory/release_agent",
    "/sys/fs/cgroup/release_agent",
    "/sys/kernel/mm/transparent_hugepage/enabled",
    "/sys/kernel/uevent_helper",
    "/sys/power/state",
];

/// Below the home directory that HOME, or the user's real one, is.
const HOME: &[&str] = &[
    ".aws/credentials",
    ".bash_history",
    ".config",
    ".docker/config.json",
    ".gnupg",
    ".kube/config",
    ".netrc",
    ".ssh",
];

pub fn look() -> Json {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let below: Vec<PathBuf> = HOME
        .iter()
        .filter_map(|name| home.as_ref().map(|home| home.join(name)))
        .collect();
    let reads = READ
        .iter()
        .map(PathBuf::from)
        .chain(below)
        .map(|path| (shown(&path), read(&path)));
    let writes = WRITE
        .iter()
        .map(PathBuf::from)
        .map(|path| (shown(&path), write(&path)));
    Json::object([
        ("read", Json::object(reads)),
        ("write", Json::object(writes)),
    ])
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Opens for reading, and reads a little where that changes nothing: an engine may have covered the file by an empty one.
pub fn read(path: &Path) -> Json {
    let mut file = match OpenOptions::new()
        .read(true)
        .custom_flags(NONBLOCK | NOCTTY)
        .open(path)
    {
        Ok(file) => file,
        Err(error) => return Outcome::Refused(outcome::errno(&error)).into(),
    };
    let (kind, is_null) = kind(&file);
    let amount = match kind {
        "directory" => std::fs::read_dir(path)
            .ok()
            .map(|entries| entries.take(64).count()),
        // Reading the kernel's log takes records away from who keeps it.
        "file" if path != Path::new("/proc/kmsg") => file.read(&mut [0; 64]).ok(),
        _ if is_null => Some(0),
        _ => None,
    };
    let amount: Json = amount.and_then(|amount| u64::try_from(amount).ok()).into();
    Json::object([
        ("open", Outcome::Done.into()),
        ("kind", Json::from(kind)),
        ("amount", amount),
    ])
}

fn kind(file: &File) -> (&'static str, bool) {
    const NULL: u64 = 0x103; // makedev(1, 3), Documentation/admin-guide/devices.txt
    let Ok(metadata) = file.metadata() else {
        return ("unknown", false);
    };
    let kind = metadata.file_type();
    match (kind.is_dir(), kind.is_file(), kind.is_char_device()) {
        (true, ..) => ("directory", false),
        (_, true, _) => ("file", false),
        (.., true) if metadata.rdev() == NULL => ("/dev/null", true),
        _ => ("special", false),
    }
}

/// Opens for writing; nothing is written, made or cut.
pub fn write(path: &Path) -> Outcome {
    outcome::of(
        &OpenOptions::new()
            .write(true)
            .custom_flags(NONBLOCK | NOCTTY)
            .open(path),
    )
}
