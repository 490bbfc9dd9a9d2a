//! Plans for made-up hosts: their text, the order of their steps, and that no field of a confinement is passed over.
//!
//! `CASEMATE_BLESS=1 cargo test -p casemate-enforce plans` writes the texts anew.

mod fields;
mod order;

use casemate_enforce::plan::{Needs, Options, Plan, PlanError, Reporter, plan};
use casemate_formats::profile::{self, Context, Document, NoFiles, Source};
use casemate_model::host::{
    Availability, Caller, CgroupV1, CgroupV2, Cgroups, HostFacts, PathFact, Stream, Subordinate,
};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::names::version::KernelVersion;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A launch on a host that does not exist.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    profile: &'static str,
    best_effort: &'static [&'static str],
    facts: fn() -> HostFacts,
}

const fn case(name: &'static str, profile: &'static str, facts: fn() -> HostFacts) -> Case {
    Case {
        name,
        profile,
        best_effort: &[],
        facts,
    }
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("root", "", root),
        case("user", "", user),
        case("user-with-a-range", "ids = 'range'", with_range),
        case(
            "limits-by-version-2",
            "memory = '64M'\nprocesses = 20\ncpu = 0.5\ntime = '5s'",
            root,
        ),
        case(
            "limits-on-a-hybrid-host",
            "memory = '64M'\nprocesses = 20",
            hybrid,
        ),
        Case {
            best_effort: &["mac"],
            ..case("no-landlock", "", without_landlock)
        },
        case("old-landlock", "", old_landlock),
        case("terminal", "", at_a_terminal),
        case("host-root", "read = ['/']", user),
        case(
            "nested-grants",
            "write = ['/srv/project']\nread = ['/srv/project/.git']\nrun = ['/srv/project/bin']",
            root,
        ),
        case("hide", "read = ['/srv']\nhide = ['/srv/secret']", user),
        case(
            "sysctl",
            "sysctl = { 'net.ipv4.ip_unprivileged_port_start' = '0' }",
            user,
        ),
        case("keep", "keep = ['net_bind_service']", user),
        case("new-privileges", "new-privileges = true", user),
        case(
            "ports",
            "network = 'host'\nconnect = ['443']\nlisten = ['8080']",
            user,
        ),
        case("all-devices", "devices = ['all']", user),
        case(
            "proc-writable",
            "proc = 'writable'\nsys = 'read-only'",
            user,
        ),
    ]
}

impl Case {
    pub(crate) fn document(&self) -> Document {
        let facts = (self.facts)();
        let context = Context {
            directory: Some("/srv/project".into()),
            home: None,
            uid: facts.caller.uid,
            gid: facts.caller.gid,
            environment: BTreeSet::from(["LANG".to_owned()]),
            subordinate: facts.subordinate,
        };
        let source = Source {
            path: "made-up.toml".into(),
            directory: "/srv".into(),
            text: format!("command = ['true']\n{}", self.profile).into_bytes(),
        };
        profile::read(&source, &context, &mut NoFiles)
            .unwrap_or_else(|errors| panic!("{}: {errors:?}", self.name))
    }

    pub(crate) fn facts(&self) -> HostFacts {
        (self.facts)()
    }

    pub(crate) fn plan(&self) -> Plan {
        self.plan_of(&self.document())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    pub(crate) fn plan_of(&self, document: &Document) -> Result<Plan, PlanError> {
        let mut facts = self.facts();
        for path in Needs::of(&document.confinement).paths {
            let fact = look(&path);
            facts.tree.insert(path, fact);
        }
        let options = Options {
            best_effort: self.best_effort.iter().map(ToString::to_string).collect(),
            name: "casemate-7".to_owned(),
            executable: "/usr/bin/true".into(),
            reporter: Reporter::Absent,
        };
        plan(&document.confinement, &document.program, &facts, &options)
    }
}

/// A host with a merged /usr.
fn look(path: &Path) -> PathFact {
    let link = |target: &str| PathFact::Link(PathBuf::from(target));
    match path.to_str().unwrap() {
        "/bin" => link("usr/bin"),
        "/sbin" => link("usr/sbin"),
        "/lib" => link("usr/lib"),
        "/lib64" => link("usr/lib64"),
        "/lib32" | "/libx32" | "/proc/asound" | "/proc/timer_stats" => PathFact::Absent,
        "/proc/kcore" | "/proc/kmsg" | "/proc/iomem" => PathFact::RootOnly,
        "/proc/keys" | "/proc/kallsyms" | "/proc/interrupts" => PathFact::File,
        node if node.starts_with("/dev/") => PathFact::Special,
        _ => PathFact::Directory,
    }
}

pub(crate) fn root() -> HostFacts {
    let controllers = ["cpu", "memory", "pids"].map(str::to_owned);
    HostFacts {
        kernel: KernelVersion::new(6, 18),
        caller: Caller {
            uid: 0,
            gid: 0,
            groups: vec![0],
            name: None,
            home: None,
            capabilities: CapabilitySet::ALL,
        },
        user_namespaces: Availability::Available,
        landlock: Some(7),
        seccomp: Availability::Available,
        cgroups: Cgroups {
            v1: BTreeMap::new(),
            v2: Some(CgroupV2 {
                mount: "/sys/fs/cgroup".into(),
                parent: Ok("/sys/fs/cgroup/made-up".into()),
                controllers: controllers.clone().into(),
                to_enable: BTreeSet::from(["cpu".to_owned()]),
            }),
        },
        subordinate: Subordinate::default(),
        tree: BTreeMap::new(),
        streams: [Stream::Other; 3],
        directory: Some("/srv/project".into()),
        environment: BTreeMap::from([("LANG".to_owned(), "C".into())]),
    }
}

fn user() -> HostFacts {
    let mut facts = root();
    facts.caller = Caller {
        uid: 1000,
        gid: 1000,
        groups: vec![27],
        capabilities: CapabilitySet::EMPTY,
        ..facts.caller
    };
    facts.cgroups.v2 = Some(CgroupV2 {
        mount: "/sys/fs/cgroup".into(),
        parent: Err("no right to write /sys/fs/cgroup".to_owned()),
        controllers: BTreeSet::new(),
        to_enable: BTreeSet::new(),
    });
    facts
}

fn with_range() -> HostFacts {
    let mut facts = user();
    facts.subordinate = Subordinate {
        uids: vec![(100_000, 65_536)],
        gids: vec![(100_000, 65_536)],
        newuidmap: Some("/usr/bin/newuidmap".into()),
        newgidmap: Some("/usr/bin/newgidmap".into()),
    };
    facts
}

fn hybrid() -> HostFacts {
    let mut facts = root();
    facts.cgroups.v1 = ["memory", "pids"]
        .map(|name| {
            let mount = PathBuf::from("/sys/fs/cgroup").join(name);
            let parent = Ok(mount.clone());
            (name.to_owned(), CgroupV1 { mount, parent })
        })
        .into();
    facts
}

fn without_landlock() -> HostFacts {
    HostFacts {
        landlock: None,
        ..user()
    }
}

fn old_landlock() -> HostFacts {
    HostFacts {
        landlock: Some(1),
        kernel: KernelVersion::new(5, 15),
        ..user()
    }
}

fn at_a_terminal() -> HostFacts {
    HostFacts {
        streams: [Stream::Terminal; 3],
        ..user()
    }
}

/// The text, but for what changes with the filter's compiler.
fn text(plan: &Plan) -> String {
    let lines = plan.to_string();
    let one = |line: &str| match line.split_once("the syscall filter (") {
        Some((start, _)) => format!("{start}the syscall filter\n"),
        None => format!("{line}\n"),
    };
    lines.lines().map(one).collect()
}

#[test]
fn are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let mut wrong = Vec::new();
    for case in cases() {
        let file = folder.join(case.name).with_extension("txt");
        let now = text(&case.plan());
        if std::env::var_os("CASEMATE_BLESS").is_some() {
            std::fs::write(&file, &now).unwrap();
        }
        let before = std::fs::read_to_string(&file).unwrap_or_default();
        if now == before {
            continue;
        }
        let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), now.lines().collect());
        let gone = old.iter().filter(|line| !new.contains(line));
        let come = new.iter().filter(|line| !old.contains(line));
        let changes: String = gone
            .map(|line| format!("- {line}\n"))
            .chain(come.map(|line| format!("+ {line}\n")))
            .collect();
        wrong.push(format!("{}:\n{changes}", case.name));
    }
    assert!(
        wrong.is_empty(),
        "plans differ (or their order does); CASEMATE_BLESS=1 writes them anew\n{}",
        wrong.join("\n")
    );
    let names: BTreeSet<PathBuf> = cases().iter().map(|case| case.name.into()).collect();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|kind| kind == "txt") {
            assert!(
                names.contains(Path::new(path.file_stem().unwrap())),
                "no case for {}",
                path.display()
            );
        }
    }
}
