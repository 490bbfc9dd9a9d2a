//! The bundles: a root with busybox, and a configuration such as `runc spec` writes, with Docker's capabilities and filter.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::profile::{self, CAPABILITIES};
use crate::failure::Failure;
use crate::program;

/// What differs between bundles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bundle {
    /// `true`, with the filter.
    Plain,
    /// The same without a filter: what the filter costs is the difference.
    Unfiltered,
    /// A program that sleeps, with the filter.
    Sleeping,
}

impl Bundle {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Unfiltered, Self::Sleeping];

    /// Where it is.
    pub fn directory(self, place: &Path) -> PathBuf {
        place.join(match self {
            Self::Plain => "bundle",
            Self::Unfiltered => "bundle-unfiltered",
            Self::Sleeping => "bundle-sleeping",
        })
    }
}

/// The directory of the root that they share.
pub fn root(place: &Path) -> PathBuf {
    place.join("root")
}

/// Writes all bundles.
pub fn write_all(place: &Path, profile: &Path) -> Result<(), Failure> {
    let root = root(place);
    for name in ["bin", "dev", "proc", "sys"] {
        let path = root.join(name);
        fs::create_dir_all(&path).map_err(Failure::file(&path))?;
    }
    let busybox = program::find("busybox").ok_or_else(|| Failure::Missing {
        tool: "busybox".to_owned(),
        hint: "apt-get install busybox-static".to_owned(),
    })?;
    fs::copy(&busybox, root.join("bin/busybox")).map_err(Failure::file(&busybox))?;
    for name in ["true", "sleep"] {
        let path = root.join("bin").join(name);
        symlink("busybox", &path).map_err(Failure::file(&path))?;
    }
    let text = fs::read_to_string(profile).map_err(Failure::file(profile))?;
    let filter = profile::expand(profile, &text)?;
    for bundle in Bundle::ALL {
        let directory = bundle.directory(place);
        fs::create_dir(&directory).map_err(Failure::file(&directory))?;
        let content = configuration(&root, bundle, &filter, None);
        let file = directory.join("config.json");
        fs::write(&file, content).map_err(Failure::file(&file))?;
    }
    fs::write(place.join("filter.json"), filter).map_err(Failure::file(place))
}

/// A configuration. A memory limit is in bytes.
pub fn configuration(root: &Path, bundle: Bundle, filter: &str, memory: Option<u64>) -> String {
    let arguments = match bundle {
        Bundle::Plain | Bundle::Unfiltered => r#"["/bin/true"]"#,
        Bundle::Sleeping => r#"["/bin/sleep", "600"]"#,
    };
    let capabilities = CAPABILITIES.map(|name| format!("\"{name}\"")).join(",");
    let seccomp = match bundle {
        Bundle::Unfiltered => String::new(),
        Bundle::Plain | Bundle::Sleeping => format!(",\"seccomp\":{filter}"),
    };
    let memory = memory.map_or_else(String::new, |bytes| {
        format!(",\"memory\":{{\"limit\":{bytes}}}")
    });
    format!(
        r#"{{"ociVersion":"1.0.2","hostname":"bench",
"process":{{"terminal":false,"user":{{"uid":0,"gid":0}},"args":{arguments},"env":["PATH=/bin"],"cwd":"/","noNewPrivileges":true,
 "capabilities":{{"bounding":[{capabilities}],"effective":[{capabilities}],"permitted":[{capabilities}]}}}},
"root":{{"path":"{root}","readonly":true}},
"mounts":[{{"destination":"/proc","type":"proc","source":"proc","options":["nosuid","nodev","noexec"]}},
 {{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","strictatime","mode=755","size=65536k"]}},
 {{"destination":"/dev/pts","type":"devpts","source":"devpts","options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620","gid=5"]}},
 {{"destination":"/dev/shm","type":"tmpfs","source":"shm","options":["nosuid","noexec","nodev","mode=1777","size=65536k"]}},
 {{"destination":"/dev/mqueue","type":"mqueue","source":"mqueue","options":["nosuid","noexec","nodev"]}},
 {{"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev","ro"]}},
 {{"destination":"/sys/fs/cgroup","type":"cgroup","source":"cgroup","options":["nosuid","noexec","nodev","relatime","ro"]}}],
"linux":{{"resources":{{"devices":[{{"allow":false,"access":"rwm"}}]{memory}}},
 "namespaces":[{{"type":"pid"}},{{"type":"network"}},{{"type":"ipc"}},{{"type":"uts"}},{{"type":"mount"}},{{"type":"cgroup"}}],
 "maskedPaths":["/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats","/proc/timer_list","/proc/sched_debug","/proc/scsi","/sys/firmware"],
 "readonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]{seccomp}}}}}"#,
        root = root.display()
    )
}
