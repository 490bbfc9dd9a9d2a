//! `features`: what the runtime can do, as the specification's features structure.

use crate::cli::{Call, print};
use crate::failure::Failure;
use crate::json::Writer;
use casemate_formats::oci::VERSION;
use casemate_formats::oci::schema::{Hooks, MemoryPolicyFlag, MemoryPolicyMode, NamespaceKind};
use casemate_model::names::{Arch, Capability, KernelVersion};

/// Options of mounts that are known by name; all others are given to the file system.
pub const MOUNT_OPTIONS: &[&str] = &[
    "async",
    "atime",
    "bind",
    "defaults",
    "dev",
    "diratime",
    "dirsync",
    "exec",
    "idmap",
    "iversion",
    "lazytime",
    "loud",
    "mand",
    "noatime",
    "nodev",
    "nodiratime",
    "noexec",
    "noiversion",
    "nolazytime",
    "nomand",
    "norelatime",
    "nostrictatime",
    "nosuid",
    "nosymfollow",
    "private",
    "ratime",
    "rbind",
    "rdev",
    "rdiratime",
    "relatime",
    "rexec",
    "ridmap",
    "rnoatime",
    "rnodev",
    "rnodiratime",
    "rnoexec",
    "rnorelatime",
    "rnostrictatime",
    "rnosuid",
    "rnosymfollow",
    "ro",
    "rprivate",
    "rrelatime",
    "rro",
    "rrw",
    "rshared",
    "rslave",
    "rstrictatime",
    "rsuid",
    "rsymfollow",
    "runbindable",
    "rw",
    "shared",
    "silent",
    "slave",
    "strictatime",
    "suid",
    "symfollow",
    "sync",
    "tmpcopyup",
    "unbindable",
];

const ACTIONS: &[&str] = &[
    "SCMP_ACT_ALLOW",
    "SCMP_ACT_ERRNO",
    "SCMP_ACT_KILL",
    "SCMP_ACT_KILL_PROCESS",
    "SCMP_ACT_KILL_THREAD",
    "SCMP_ACT_LOG",
    "SCMP_ACT_NOTIFY",
    "SCMP_ACT_TRACE",
    "SCMP_ACT_TRAP",
];

const OPERATORS: &[&str] = &[
    "SCMP_CMP_EQ",
    "SCMP_CMP_GE",
    "SCMP_CMP_GT",
    "SCMP_CMP_LE",
    "SCMP_CMP_LT",
    "SCMP_CMP_MASKED_EQ",
    "SCMP_CMP_NE",
];

/// Flags of seccomp(2) with the first kernel that has each.
const FLAGS: &[(&str, KernelVersion)] = &[
    ("SECCOMP_FILTER_FLAG_LOG", KernelVersion::new(4, 14)),
    ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", KernelVersion::new(4, 17)),
    ("SECCOMP_FILTER_FLAG_TSYNC", KernelVersion::new(3, 17)),
    (
        "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
        KernelVersion::new(5, 19),
    ),
];

/// Runs the verb.
pub fn run(_: &Call) -> Result<u8, Failure> {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok();
    let kernel = release.and_then(|text| text.trim().parse().ok());
    print(&(features(kernel) + "\n"))?;
    Ok(0)
}

fn list<'a>(writer: &mut Writer, key: &str, names: impl IntoIterator<Item = &'a str>) {
    writer.key(key).open('[');
    for name in names {
        writer.text(name);
    }
    writer.close(']');
}

/// The structure; on a kernel that does not tell its version no flag is taken for supported.
fn features(kernel: Option<KernelVersion>) -> String {
    let mut w = Writer::new();
    w.open('{').key("ociVersionMin").text("1.0.0");
    w.key("ociVersionMax").text(VERSION);
    list(
        &mut w,
        "hooks",
        Hooks::default().all().map(|(name, _)| name),
    );
    list(&mut w, "mountOptions", MOUNT_OPTIONS.iter().copied());
    w.key("linux").open('{');
    list(
        &mut w,
        "namespaces",
        NamespaceKind::ALL.map(NamespaceKind::oci),
    );
    let capabilities: Vec<String> = Capability::all()
        .map(|capability| format!("CAP_{}", capability.name().to_ascii_uppercase()))
        .collect();
    list(
        &mut w,
        "capabilities",
        capabilities.iter().map(String::as_str),
    );
    cgroup(&mut w);
    seccomp(&mut w, kernel);
    for module in ["apparmor", "selinux"] {
        w.key(module)
            .open('{')
            .key("enabled")
            .plain(true)
            .close('}');
    }
    w.key("memoryPolicy").open('{');
    let modes = MemoryPolicyMode::NAMES.iter().map(|(name, _)| *name);
    list(&mut w, "modes", modes);
    let flags = MemoryPolicyFlag::NAMES.iter().map(|(name, _)| *name);
    list(&mut w, "flags", flags);
    w.close('}');
    w.key("intelRdt").open('{');
    for key in ["enabled", "schemata", "monitoring"] {
        w.key(key).plain(true);
    }
    w.close('}');
    w.key("mountExtensions").open('{').key("idmap").open('{');
    w.key("enabled").plain(true).close('}').close('}');
    w.key("netDevices").open('{').key("enabled").plain(true);
    w.close('}').close('}');
    w.key("annotations").open('{');
    w.key("io.casemate.version").text(env!("CARGO_PKG_VERSION"));
    w.close('}');
    let unsafe_ones = [crate::harden::ANNOTATION];
    list(&mut w, "potentiallyUnsafeConfigAnnotations", unsafe_ones);
    w.close('}');
    w.finish()
}

fn cgroup(w: &mut Writer) {
    w.key("cgroup").open('{');
    for (key, has) in [
        ("v1", true),
        ("v2", true),
        ("systemd", true),
        ("systemdUser", true),
        ("rdma", true),
    ] {
        w.key(key).plain(has);
    }
    w.close('}');
}

fn seccomp(w: &mut Writer, kernel: Option<KernelVersion>) {
    w.key("seccomp").open('{').key("enabled").plain(true);
    list(w, "actions", ACTIONS.iter().copied());
    list(w, "operators", OPERATORS.iter().copied());
    list(w, "archs", Arch::ALL.map(Arch::oci));
    list(w, "knownFlags", FLAGS.iter().map(|(name, _)| *name));
    let has = |since: &KernelVersion| kernel.is_some_and(|kernel| kernel >= *since);
    let supported = FLAGS.iter().filter(|(_, since)| has(since));
    list(w, "supportedFlags", supported.map(|(name, _)| *name));
    w.close('}');
}

#[cfg(test)]
mod tests {
    use super::features;
    use casemate_model::names::KernelVersion;
    use casemate_seccomp::formats::{Source, json};

    #[test]
    fn options_of_mounts_are_honoured_by_name() {
        for option in super::MOUNT_OPTIONS {
            let read = crate::plan::root::read_options(&[(*option).to_owned()]);
            let read = read.unwrap_or_else(|failure| panic!("{option}: {failure}"));
            // File systems take this one by its name.
            let given = read.data.is_empty() || *option == "iversion";
            assert!(given, "{option} is given to the file system");
        }
        let other = crate::plan::root::read_options(&["size=1m".to_owned()]);
        assert_eq!(other.map(|read| read.data), Ok(vec!["size=1m".to_owned()]));
    }

    #[test]
    fn flags_are_those_of_the_kernel() {
        for (kernel, count) in [
            (None, 0),
            (Some(KernelVersion::new(4, 14)), 2),
            (Some(KernelVersion::new(6, 18)), 4),
        ] {
            let text = features(kernel);
            let source = Source::new("features", text.as_bytes()).expect("a text");
            let value = json::parse(&source).expect("JSON");
            let flags = value
                .get("linux")
                .and_then(|linux| linux.get("seccomp"))
                .and_then(|seccomp| seccomp.get("supportedFlags"))
                .expect("flags");
            assert_eq!(flags.list(&source).expect("a list").len(), count);
        }
    }
}
