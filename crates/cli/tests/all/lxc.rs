//! LXC for real: what a running container is confined to, against what its configuration says.

use crate::support::{Findings, skip};
use casemate_formats::reader::{Context, Engine, Files};
use casemate_formats::{find, profile};
use casemate_model::host::Subordinate;
use casemate_model::names::{Arch, CapabilitySet, KernelVersion, syscalls};
use casemate_model::order::{Difference, Relation};
use casemate_model::{Confinement, Workload};
use casemate_observe::live;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a configuration has beside the root; a path that begins with `@` is in the test's directory.
const CASES: [(&str, &str); 20] = [
    ("plain", ""),
    ("keep-none", "lxc.cap.keep = none"),
    ("keep-some", "lxc.cap.keep = chown setuid net_bind_service"),
    ("drop", "lxc.cap.drop = sys_admin sys_module mac_admin"),
    (
        "drop-twice",
        "lxc.cap.drop = sys_time\nlxc.cap.drop = sys_ptrace\nlxc.cap.drop = 16",
    ),
    ("drop-cleared", "lxc.cap.drop = sys_time\nlxc.cap.drop ="),
    ("no-new-privileges", "lxc.no_new_privs = 1"),
    ("user", "lxc.init.uid = 1000\nlxc.init.gid = 1001"),
    (
        "user-keeps",
        "lxc.init.uid = 1000\nlxc.cap.keep = chown net_admin\nlxc.no_new_privs = 1",
    ),
    ("seccomp-deny", "lxc.seccomp.profile = @deny"),
    ("seccomp-allow", "lxc.seccomp.profile = @allow"),
    ("host-network", "lxc.net.0.type = none"),
    ("some-namespaces", "lxc.namespace.clone = mnt pid"),
    ("read-only-root", "lxc.rootfs.options = ro"),
    ("sys-writable", "lxc.mount.auto = sys:rw"),
    ("sys-read-only", "lxc.mount.auto = sys:ro"),
    (
        "mounts",
        "lxc.mount.entry = @data srv none bind,ro,nosuid,nodev,noexec 0 0\nlxc.mount.entry = @data mnt none bind 0 0\nlxc.mount.entry = tmpfs tmp tmpfs size=1m 0 0",
    ),
    (
        "limits",
        "lxc.prlimit.nofile = 100:200\nlxc.prlimit.core = 0\nlxc.proc.oom_score_adj = 500",
    ),
    (
        "environment",
        "lxc.environment = A=b c\nlxc.environment = D=\nlxc.uts.name = named",
    ),
    (
        "cgroups",
        "lxc.cgroup.memory.limit_in_bytes = 64M\nlxc.cgroup.pids.max = 30\nlxc.cgroup.cpu.shares = 512\nlxc.cgroup.devices.deny = a\nlxc.cgroup.devices.allow = c 1:3 rwm\nlxc.cgroup.devices.allow = c 5:* rw",
    ),
];

/// How a field may differ.
enum Differs {
    /// The container is tighter.
    Tighter,
    /// In any way.
    Anyhow,
}

impl Differs {
    fn holds(&self, relation: Relation) -> bool {
        match self {
            Self::Tighter => relation == Relation::Tighter,
            Self::Anyhow => true,
        }
    }
}

/// Fields whose difference is explained in docs/reference-behaviour.md.
const EXPLAINED: [(&str, Differs); 6] = [
    ("files.binds", Differs::Tighter),
    ("syscalls.filter", Differs::Tighter),
    ("files.masked", Differs::Tighter),
    ("files.read_only", Differs::Anyhow),
    ("resources.rlimits", Differs::Tighter),
    ("mac.apparmor", Differs::Anyhow),
];

struct Disk;

impl Files for Disk {
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn list(&mut self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut names: Vec<PathBuf> = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()?;
        names.sort();
        Ok(names)
    }
}

fn described(path: &Path) -> (Workload, Vec<String>) {
    let caller = profile::Context {
        directory: None,
        home: None,
        uid: 0,
        gid: 0,
        environment: BTreeSet::new(),
        subordinate: Subordinate::default(),
    };
    let environment = BTreeMap::new();
    let mut context = Context {
        engine: Engine::find("lxc@5.0"),
        caller: &caller,
        files: &mut Disk,
        environment: &environment,
        configuration: None,
        archs: &[Arch::X86_64, Arch::I386],
        kernel: KernelVersion::new(6, 18),
    };
    let format = find("lxc").unwrap();
    let bytes = fs::read(path).unwrap();
    let reading =
        (format.read)(path, &bytes, &mut context).unwrap_or_else(|error| panic!("{error}"));
    let losses = reading.losses.iter().map(ToString::to_string).collect();
    (reading.workloads.into_iter().next().unwrap(), losses)
}

/// A directory with a root of one static program; removed with what is left of its containers.
struct Place(PathBuf);

impl Place {
    fn new() -> Option<Self> {
        let place = Self(std::env::temp_dir().join(format!("casemate-lxc-{}", std::process::id())));
        let root = place.0.join("root");
        for name in ["bin", "proc", "sys", "dev", "tmp", "etc", "srv", "mnt"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        for name in ["lxc", "data"] {
            fs::create_dir_all(place.0.join(name)).unwrap();
        }
        fs::copy("/bin/busybox", root.join("bin/busybox")).ok()?;
        fs::write(
            place.0.join("deny"),
            "2\ndenylist\n[all]\nkexec_load errno 1\nreboot errno 22\n",
        )
        .unwrap();
        let mut allow = "2\nallowlist errno 38\n[all]\n".to_owned();
        for call in syscalls::all(Arch::X86_64) {
            if !["add_key", "bpf", "kexec_load"].contains(&call.name) {
                allow.push_str(call.name);
                allow.push('\n');
            }
        }
        fs::write(place.0.join("allow"), allow).unwrap();
        Some(place)
    }

    fn configuration(&self, name: &str, more: &str) -> PathBuf {
        let path = self.0.join(format!("{name}.conf"));
        let own = format!("{}/", self.0.display());
        let text = format!(
            "lxc.rootfs.path = dir:{own}root\nlxc.console.path = none\nlxc.init.cmd = /bin/busybox sleep 60\n{}{}\n",
            if more.contains("sys:") {
                "lxc.mount.auto = proc:mixed\n"
            } else {
                "lxc.mount.auto = proc:mixed sys:mixed\n"
            },
            more.replace('@', &own)
        );
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            println!("{}: {error}", self.0.display());
        }
    }
}

/// A container that runs; ended when it goes.
struct Container {
    child: Child,
    name: String,
    path: PathBuf,
}

impl Container {
    /// Starts a program in it, and finds that program's process.
    fn start(place: &Place, name: &str, configuration: &Path) -> Result<(Self, u32), String> {
        let path = place.0.join("lxc");
        let log = place.0.join("log");
        let name = format!("casemate-{}-{name}", std::process::id());
        let child = Command::new("lxc-execute")
            .args(["-n", &name, "-P"])
            .arg(&path)
            .arg("-f")
            .arg(configuration)
            .args(["-l", "ERROR", "-o"])
            .arg(&log)
            .args(["--", "/bin/busybox", "sleep", "60"])
            .env("CASEMATE_OUTSIDE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut container = Self { child, name, path };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if let Some(pid) = container.program() {
                return Ok((container, pid));
            }
            if container.child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(fs::read_to_string(log).unwrap_or_default())
    }

    /// The child of the container's first process, once it is the program that was asked for.
    fn program(&self) -> Option<u32> {
        let info = Command::new("lxc-info")
            .args(["-n", &self.name, "-P"])
            .arg(&self.path)
            .args(["-p", "-H"])
            .output();
        let init = String::from_utf8(info.ok()?.stdout).ok()?.trim().to_owned();
        let children = fs::read_to_string(format!("/proc/{init}/task/{init}/children")).ok()?;
        let child = children.split_whitespace().next()?.to_owned();
        let line = fs::read(format!("/proc/{child}/cmdline")).ok()?;
        line.starts_with(b"/bin/busybox\0sleep")
            .then(|| child.parse().ok())?
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let stop = Command::new("lxc-stop")
            .args(["-n", &self.name, "-k", "-P"])
            .arg(&self.path)
            .output();
        if let Err(error) = stop {
            println!("lxc-stop: {error}");
        }
        if let Err(error) = self.child.wait() {
            println!("lxc-execute: {error}");
        }
    }
}

/// What this machine's root does not have, no container has either.
fn bounded(confinement: &mut Confinement) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("CapBnd:"))
        .unwrap();
    let own = CapabilitySet::from_bits(u64::from_str_radix(line.trim(), 16).unwrap());
    let sets = &mut confinement.capabilities;
    for field in [&mut sets.effective, &mut sets.permitted, &mut sets.bounding] {
        if let Some(set) = field.value_mut() {
            *set = set.intersection(own);
        }
    }
}

#[test]
fn containers_are_confined_as_their_configurations_say() {
    const TEST: &str = "lxc::containers_are_confined_as_their_configurations_say";
    let status = fs::read_to_string("/proc/self/status").unwrap();
    if !status.contains("\nUid:\t0\t0\t") {
        skip(TEST, "needs root");
        return;
    }
    if Command::new("lxc-execute")
        .arg("--version")
        .output()
        .is_err()
    {
        skip(TEST, "needs lxc (apt-get install lxc)");
        return;
    }
    let Some(place) = Place::new() else {
        skip(TEST, "needs /bin/busybox");
        return;
    };
    let mut findings = Findings::default();
    for (name, more) in CASES {
        let configuration = place.configuration(name, more);
        let (container, pid) = match Container::start(&place, name, &configuration) {
            Ok(started) => started,
            Err(error) => {
                findings.same(format!("{name} starts"), error, String::new());
                continue;
            }
        };
        let live = live::read(pid).unwrap_or_else(|error| panic!("{name}: {error}"));
        drop(container);
        let (mut described, _) = described(&configuration);
        bounded(&mut described.confinement);
        let unseen: Vec<String> = live
            .unseen
            .iter()
            .map(|unseen| unseen.field.to_string())
            .collect();
        let seen = live.workload.confinement;
        for Difference {
            field,
            left,
            right,
            relation,
        } in seen.diff(&described.confinement)
        {
            let name_of = field.to_string();
            let explained = EXPLAINED
                .iter()
                .any(|(field, how)| *field == name_of && how.holds(relation));
            if !unseen.contains(&name_of) && !explained {
                findings.same(format!("{name}: {name_of} is {relation:?}"), left, right);
            }
        }
    }
}

#[test]
fn debians_templates_are_read_without_an_unknown_line() {
    const DIRECTORY: &str = "/usr/share/lxc/config";
    let Ok(entries) = fs::read_dir(DIRECTORY) else {
        skip(
            "lxc::debians_templates_are_read_without_an_unknown_line",
            "needs lxc (apt-get install lxc)",
        );
        return;
    };
    let mut findings = Findings::default();
    let mut count = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "conf") {
            count += 1;
            let (_, losses) = described(&path);
            for loss in losses {
                // What LXC passes over because it is not there, and what is no key of LXC's, would be lines of interest.
                let unknown =
                    loss.contains("is not understood") || loss.contains("do not begin with lxc.");
                findings.same(format!("{}: {loss}", path.display()), unknown, false);
            }
        }
    }
    assert!(count >= 40, "{count} configurations");
}
