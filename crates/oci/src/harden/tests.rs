//! The policies over configurations that ask for too much, and over random ones.

use super::binds::Host;
use super::level::Level;
use super::policy::{Mode, Policy, Rules};
use super::tighten::{Asked, Change, tighten};
use crate::failure::Failure;
use casemate_formats::oci::confine::confinement;
use casemate_formats::oci::read;
use casemate_formats::oci::schema::{
    Capabilities, Device, DeviceCgroup, DeviceType, Hooks, IdMapping, Linux, Memory, Mount,
    Namespace, NamespaceKind, Pids, Process, Resources, Root, RootfsPropagation, Spec,
};
use casemate_model::Confinement;
use casemate_model::names::{Arch, CapabilitySet, KernelVersion};
use casemate_model::syscalls::SyscallPolicy;
use casemate_seccomp::formats::{Context, NoFiles};
use std::path::{Path, PathBuf};

/// A host on which a link leads out, and one namespace file is the host's.
struct Host1;

impl Host for Host1 {
    fn resolve(&self, path: &Path) -> PathBuf {
        match path.strip_prefix("/srv/link") {
            Ok(rest) => Path::new("/etc/ssh").join(rest),
            Err(_) => path.to_owned(),
        }
    }

    fn is_own_namespace(&self, path: &Path, _: &str) -> bool {
        path.starts_with("/proc/1/ns")
    }
}

fn policy(level: Level, mode: Mode) -> Policy {
    Policy {
        name: level.name().to_owned(),
        mode,
        bound: level.bound(),
        rules: Rules::Levels,
    }
}

fn of(spec: &Spec, filter: Option<&SyscallPolicy>) -> Confinement {
    confinement(spec, filter.cloned(), Path::new("/bundle"), &|_| None)
}

fn corpus(name: &str) -> (Spec, Option<SyscallPolicy>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/oci");
    let bytes = std::fs::read(path.join(name)).expect("the corpus");
    let reading = read(name, &bytes).unwrap_or_else(|errors| panic!("{errors}"));
    let context = Context {
        archs: &[Arch::X86_64, Arch::I386, Arch::X32],
        kernel: KernelVersion::new(6, 18),
        capabilities: CapabilitySet::ALL,
        unknown: None,
        loader: &NoFiles,
    };
    let filter = reading.filter(&context).unwrap_or_else(|e| panic!("{e}"));
    (reading.spec, filter.map(|(policy, _)| policy))
}

type Result3 = (Spec, Option<SyscallPolicy>, Vec<Change>);

fn hardened(
    (spec, filter): (Spec, Option<SyscallPolicy>),
    level: Level,
    mode: Mode,
) -> Result<Result3, Failure> {
    let asked = Asked {
        spec,
        filter,
        bundle: Path::new("/bundle"),
    };
    tighten(asked, &policy(level, mode), &Host1)
}

#[test]
fn a_privileged_container_is_tightened() {
    for level in Level::ALL {
        let (spec, filter, changes) =
            hardened(corpus("good-privileged.json"), level, Mode::Tighten).expect("tightened");
        let process = spec.process.as_ref().expect("a process");
        assert!(process.no_new_privileges);
        let sets = process.capabilities.expect("sets");
        let names = sets.bounding.to_string();
        assert!(
            !names.contains("sys_admin") && !names.contains("net_raw"),
            "{names}"
        );
        assert_eq!(sets.inheritable, sets.bounding, "{names}");
        let destinations: Vec<&str> = spec.mounts.iter().map(|m| m.destination.as_str()).collect();
        assert_eq!(destinations, ["/proc", "/sys", "/dev"]);
        assert_eq!(spec.mounts[2].kind, "tmpfs");
        assert!(spec.mounts[1].has("ro") && !spec.mounts[1].has("rw"));
        let kinds = spec.linux.as_ref().expect("linux").namespaces.len();
        assert_eq!(kinds, if level == Level::Baseline { 4 } else { 6 });
        assert_eq!(
            spec.root.as_ref().expect("root").readonly,
            level == Level::Restricted
        );
        let linux = spec.linux.as_ref().expect("linux");
        assert_eq!(
            linux.rootfs_propagation,
            Some(RootfsPropagation::RecursiveSlave)
        );
        let resources = linux.resources.as_ref().expect("resources");
        assert!(
            resources
                .pids
                .as_ref()
                .is_some_and(|pids| pids.limit <= Some(4096))
        );
        assert!(
            resources
                .devices
                .iter()
                .all(|rule| !rule.allow || rule.major == Some(5))
        );
        assert!(linux.masked_paths.iter().any(|path| path == "/proc/kcore"));
        let filter = filter.expect("a filter").to_string();
        assert!(
            level == Level::Restricted || filter.contains("bpf"),
            "{filter}"
        );
        let fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
        for field in [
            "files.binds",
            "files.proc",
            "namespaces.pid",
            "syscalls.filter",
        ] {
            assert!(fields.contains(&field), "{field} of {fields:?}");
        }
    }
}

#[test]
fn an_ordinary_container_keeps_what_it_needs() {
    let (before, filter) = corpus("good-docker-web.json");
    let (spec, _, changes) =
        hardened((before.clone(), filter), Level::Baseline, Mode::Tighten).expect("tightened");
    // Its files are the engine's own and a directory of data.
    assert_eq!(spec.mounts.len(), before.mounts.len());
    assert_eq!(spec.linux.as_ref().expect("linux").sysctl.len(), 2);
    assert_eq!(
        spec.process.as_ref().expect("a process").args,
        before.process.expect("one").args
    );
    let fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    assert!(!fields.contains(&"devices.numbers"), "{changes:?}");
    // Once more changes nothing.
    let (again, _, changes) = hardened(
        (spec.clone(), Some(SyscallPolicy::strictest())),
        Level::Baseline,
        Mode::Refuse,
    )
    .expect("nothing to refuse");
    assert_eq!(again, spec);
    assert_eq!(changes, []);
}

#[test]
fn namespaces_of_a_pod_are_joined_and_those_of_the_host_are_not() {
    let (mut spec, filter) = corpus("good-pod-member.json");
    let (kept, _, _) = hardened(
        (spec.clone(), filter.clone()),
        Level::Restricted,
        Mode::Tighten,
    )
    .expect("tightened");
    let path = |spec: &Spec, kind| spec.namespace(kind).map(|space| space.path.clone());
    assert_eq!(
        path(&kept, NamespaceKind::Net).as_deref(),
        Some("/var/run/netns/cni-55")
    );
    for namespace in &mut spec.linux.as_mut().expect("linux").namespaces {
        if namespace.kind == NamespaceKind::Net {
            namespace.path = "/proc/1/ns/net".to_owned();
        }
    }
    let (kept, _, _) = hardened((spec, filter), Level::Baseline, Mode::Tighten).expect("tightened");
    assert_eq!(path(&kept, NamespaceKind::Net).as_deref(), Some(""));
}

#[test]
fn refusing_says_why() {
    let failure = hardened(
        corpus("good-privileged.json"),
        Level::Baseline,
        Mode::Refuse,
    )
    .expect_err("it asks for too much");
    let text = failure.to_string();
    for part in [
        "`baseline`",
        "namespaces.pid is host",
        "capabilities.bounding is all",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_bound_that_no_configuration_can_say_refuses() {
    let mut bound = policy(Level::Baseline, Mode::Tighten);
    bound.bound = Confinement::open();
    bound.bound.network.listen =
        casemate_model::Stated::default_of("test", casemate_model::lattice::Selection::none());
    bound.rules = Rules::Profile;
    let (spec, filter) = corpus("good-docker-web.json");
    let asked = Asked {
        spec,
        filter,
        bundle: Path::new("/bundle"),
    };
    let failure = tighten(asked, &bound, &Host1).expect_err("it cannot be kept");
    assert!(failure.to_string().contains("network.listen"), "{failure}");
}

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }

    fn once_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        let index = self.below(of.len() as u64) as usize;
        &of[index]
    }

    fn set(&mut self) -> CapabilitySet {
        let bits = self.below(1 << 41) & self.below(1 << 41);
        CapabilitySet::from_bits(bits).intersection(CapabilitySet::ALL)
    }
}

fn random_mount(numbers: &mut Numbers) -> Mount {
    let sources = [
        "/",
        "/etc",
        "/etc/ssh",
        "/srv/data",
        "/srv/link/x",
        "/srv/../etc/shadow",
        "/dev",
        "/proc",
        "/sys",
        "/home/ada",
        "/usr",
        "/var/lib/docker/volumes/v/_data",
        "data",
        "/run/docker.sock",
        "/dev/sda",
    ];
    let places = [
        "/",
        "/data",
        "/proc",
        "/sys",
        "/dev",
        "/dev/shm",
        "/etc",
        "/srv/data",
        "/proc/sys",
        "/x",
    ];
    let kinds = [
        "bind", "none", "proc", "sysfs", "tmpfs", "cgroup", "cgroup2", "ext4", "overlay", "mqueue",
    ];
    let words = [
        "ro",
        "rw",
        "nosuid",
        "nodev",
        "noexec",
        "rshared",
        "rslave",
        "rprivate",
        "suid",
        "dev",
        "exec",
        "rro",
        "hidepid=2",
        "subset=pid",
        "size=1m",
    ];
    let mut options: Vec<String> = (0..numbers.below(5))
        .map(|_| (*numbers.one(&words)).to_owned())
        .collect();
    let kind = *numbers.one(&kinds);
    if matches!(kind, "bind" | "none") {
        options.push((*numbers.one(&["bind", "rbind"])).to_owned());
    }
    Mount {
        destination: (*numbers.one(&places)).to_owned(),
        kind: kind.to_owned(),
        source: (*numbers.one(&sources)).to_owned(),
        options,
        ..Mount::default()
    }
}

fn random(numbers: &mut Numbers) -> Spec {
    let mut namespaces = Vec::new();
    for kind in NamespaceKind::ALL {
        let path = match numbers.below(4) {
            0 => continue,
            1 => "/proc/1/ns/x",
            2 => "/run/netns/y",
            _ => "",
        };
        namespaces.push(Namespace {
            kind,
            path: path.to_owned(),
        });
    }
    let user = namespaces.iter().any(|n| n.kind == NamespaceKind::User);
    let network = namespaces.iter().any(|n| n.kind == NamespaceKind::Net);
    let map = IdMapping {
        container_id: 0,
        host_id: if numbers.once_in(2) { 0 } else { 100_000 },
        size: 65536,
    };
    let maps = if user { vec![map] } else { Vec::new() };
    let mut rules = Vec::new();
    for _ in 0..numbers.below(4) {
        rules.push(DeviceCgroup {
            allow: numbers.once_in(2),
            kind: (*numbers.one(&["a", "b", "c", ""])).to_owned(),
            major: (!numbers.once_in(3)).then(|| numbers.below(12) as i64),
            minor: (!numbers.once_in(3)).then(|| numbers.below(4) as i64),
            access: (*numbers.one(&["rwm", "r", "", "wm"])).to_owned(),
        });
    }
    let device = |path: &str, kind| Device {
        path: path.to_owned(),
        kind,
        major: Some(8),
        minor: Some(0),
        file_mode: None,
        uid: None,
        gid: None,
    };
    let mut sysctl = std::collections::BTreeMap::new();
    if network && numbers.once_in(2) {
        for name in [
            "net.ipv4.ip_forward",
            "net.ipv4.tcp_syncookies",
            "net/core/somaxconn",
        ] {
            sysctl.insert(name.to_owned(), "1".to_owned());
        }
    }
    let covered = |numbers: &mut Numbers| {
        let paths = ["/proc/kcore", "/proc/sys", "/data/x", "/sys/firmware"];
        (0..numbers.below(3))
            .map(|_| (*numbers.one(&paths)).to_owned())
            .collect()
    };
    Spec {
        oci_version: "1.2.0".to_owned(),
        root: Some(Root {
            path: (*numbers.one(&["rootfs", "rootfs", "/srv/root", "/"])).to_owned(),
            readonly: numbers.once_in(2),
        }),
        process: Some(Process {
            terminal: numbers.once_in(2),
            args: vec!["sh".to_owned()],
            cwd: "/".to_owned(),
            capabilities: (!numbers.once_in(4)).then(|| Capabilities {
                bounding: numbers.set(),
                effective: numbers.set(),
                inheritable: numbers.set(),
                permitted: numbers.set(),
                ambient: numbers.set(),
            }),
            no_new_privileges: numbers.once_in(2),
            ..Process::default()
        }),
        mounts: (0..numbers.below(7))
            .map(|_| random_mount(numbers))
            .collect(),
        hooks: numbers.once_in(3).then(Hooks::default),
        linux: (!numbers.once_in(8)).then(|| Linux {
            uid_mappings: maps.clone(),
            gid_mappings: maps,
            sysctl,
            resources: (!numbers.once_in(3)).then(|| Resources {
                devices: rules,
                memory: numbers.once_in(2).then(|| Memory {
                    limit: Some(1 << 20),
                    disable_oom_killer: Some(numbers.once_in(2)),
                    ..Memory::default()
                }),
                pids: numbers.once_in(2).then(|| Pids {
                    limit: Some(numbers.below(9000) as i64 - 1),
                }),
                unified: numbers
                    .once_in(3)
                    .then(|| ("pids.max".to_owned(), "max".to_owned()))
                    .into_iter()
                    .collect(),
                ..Resources::default()
            }),
            namespaces,
            devices: (0..numbers.below(3))
                .map(|_| {
                    let kind = *numbers.one(&[DeviceType::Block, DeviceType::Character]);
                    device(
                        numbers.one::<&str>(&["/dev/sda", "/dev/null", "/data/disk"]),
                        kind,
                    )
                })
                .collect(),
            rootfs_propagation: numbers.once_in(3).then_some(RootfsPropagation::Shared),
            masked_paths: covered(numbers),
            readonly_paths: covered(numbers),
            ..Linux::default()
        }),
        ..Spec::default()
    }
}

#[test]
fn no_random_configuration_is_loosened() {
    let mut numbers = Numbers(0x05ee_d0c1_ca5e);
    let (mut tightened, mut refused) = (0, 0);
    for round in 0..400 {
        let spec = random(&mut numbers);
        let level = *numbers.one(&Level::ALL);
        // One filter in each round in ten: comparing filters is what takes the time.
        let filter = numbers.once_in(10).then(SyscallPolicy::ordinary);
        let filter = filter.or_else(|| level.bound().syscalls.filter.value().cloned());
        let before = of(&spec, filter.as_ref());
        match hardened((spec.clone(), filter), level, Mode::Tighten) {
            Ok((tightened_spec, filter, _)) => {
                tightened += 1;
                let after = of(&tightened_spec, filter.as_ref());
                assert!(after.no_more_than(&before), "round {round}: {spec:?}");
                // Independent of the bound that the code makes for each container.
                let mut plain = level.bound();
                plain.namespaces = Confinement::open().namespaces;
                assert!(after.no_more_than(&plain), "round {round}: {spec:?}");
                for kind in [NamespaceKind::Mount, NamespaceKind::Pid, NamespaceKind::Net] {
                    let own = tightened_spec.namespace(kind);
                    let apart = own.is_some_and(|space| !space.path.starts_with("/proc/1/"));
                    assert!(apart, "round {round}: {kind:?} is the host's");
                }
                let binds = after.files.binds.value().expect("binds").to_owned();
                for bind in &binds.0 {
                    let text = bind.to_string();
                    for secret in [
                        "/etc/ssh",
                        "/etc/shadow",
                        "docker.sock",
                        "link",
                        ":/dev",
                        ":/@",
                    ] {
                        assert!(!text.contains(secret), "round {round}: {text}");
                    }
                }
            }
            Err(failure) => {
                refused += 1;
                let text = failure.to_string();
                assert!(
                    text.contains("cannot be tightened"),
                    "round {round}: {text}"
                );
            }
        }
    }
    // Most can be tightened: the host's root as a container's is what cannot.
    assert!(
        tightened > refused,
        "{tightened} tightened, {refused} refused"
    );
    assert!(refused > 0, "the host's root is never refused");
}

#[test]
fn a_profile_bounds_what_it_says_and_nothing_else() {
    let path = std::env::temp_dir().join(format!("casemate-bound-{}.toml", std::process::id()));
    let bound = |text: &str| {
        std::fs::write(&path, text).expect("written");
        let policy = super::policy::of_option(path.to_str().expect("UTF-8"));
        std::fs::remove_file(&path).expect("removed");
        policy
    };
    let policy = bound("memory = \"64M\"\nprocesses = 50\ncpu = 0.5\nkeep = [\"kill\"]\n");
    let policy = policy.unwrap_or_else(|failure| panic!("{failure}"));
    let (spec, filter) = corpus("good-docker-web.json");
    let asked = Asked {
        spec: spec.clone(),
        filter: filter.clone(),
        bundle: Path::new("/bundle"),
    };
    let (after, filtered, changes) =
        tighten(asked, &policy, &Host1).unwrap_or_else(|failure| panic!("{failure}"));
    assert!(filtered == filter);
    let mut fields: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    fields.sort_unstable();
    let expected = [
        "capabilities.bounding",
        "capabilities.effective",
        "capabilities.permitted",
        "resources.cpu",
        "resources.memory",
        "resources.processes",
    ];
    assert_eq!(fields, expected);
    let resources = after
        .linux
        .as_ref()
        .and_then(|linux| linux.resources.as_ref());
    let resources = resources.expect("resources");
    let memory = resources.memory.as_ref().and_then(|memory| memory.limit);
    assert_eq!(memory, Some(64 << 20));
    assert_eq!(resources.pids, Some(Pids { limit: Some(50) }));
    let cpu = resources.cpu.as_ref().expect("cpu");
    assert_eq!(
        (cpu.quota, cpu.period, cpu.shares),
        (Some(50_000), Some(100_000), Some(512))
    );
    assert_eq!(after.mounts, spec.mounts);
    let wrong = bound("memry = \"64M\"\n").expect_err("a key that there is not");
    assert!(wrong.to_string().contains("memry"), "{wrong}");
}
