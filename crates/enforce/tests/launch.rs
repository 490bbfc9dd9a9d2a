//! Launches for real: the kernel is the judge.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod plans;

use casemate_enforce::plan::{Needs, Options, Plan, Reporter, SYSTEM, plan};
use casemate_enforce::start;
use casemate_model::facets::device_numbers::DeviceNumbers;
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::files::{Access, Grants, ProcView, SysView, Temporary};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, InsideId};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::resources::{Limits, OomScore};
use casemate_model::host::HostFacts;
use casemate_model::lattice::{Label, Limit, Restrictions, Selection};
use casemate_model::program::Program;
use casemate_model::{Confinement, Stated};
use casemate_observe::host::{Identity, Ranges, Request, gather};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::process::{Clone, CloneFlags, Forked, clone3, exit};
use casemate_sys::wait::{Event, WaitFlags, WaitFor, waitid};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

fn set<T>(value: T) -> Stated<T> {
    Stated::default_of("test", value)
}

/// A compartment for a shell.
fn compartment(uid: u32, gid: u32) -> Confinement {
    let mut c = Confinement::strictest();
    for label in [&mut c.mac.apparmor, &mut c.mac.selinux, &mut c.mac.smack] {
        *label = set(casemate_model::facets::mac::SecurityLabel::Unconfined);
    }
    c.syscalls.filter = set(casemate_model::syscalls::SyscallPolicy::ordinary());
    let (inside, outside) = if uid == 0 { (65534, 65534) } else { (uid, uid) };
    let (group, outside_group) = if uid == 0 { (65534, 65534) } else { (gid, gid) };
    c.ids.uid = set(InsideId(inside));
    c.ids.gid = set(InsideId(group));
    c.ids.groups = set(Groups::Only(vec![]));
    c.ids.uid_map = set(IdMap::Mapped(vec![IdRange {
        inside,
        outside,
        count: 1,
    }]));
    c.ids.gid_map = set(IdMap::Mapped(vec![IdRange {
        inside: group,
        outside: outside_group,
        count: 1,
    }]));
    c.ids.rights = set(FileRights::Granted);
    c.namespaces.hostname = set(Label("casemate".to_owned()));
    c.files.grants = set(Grants(
        SYSTEM
            .iter()
            .map(|p| {
                (
                    PathBuf::from(p),
                    if *p == "/etc" {
                        Access::READ
                    } else {
                        Access::RUN
                    },
                )
            })
            .collect(),
    ));
    c.files.temporary = set(Temporary(BTreeMap::from([
        (PathBuf::from("/tmp"), Limit::AtMost(1 << 20)),
        (PathBuf::from("/dev/shm"), Limit::AtMost(1 << 20)),
    ])));
    c.files.proc = set(ProcView::Own);
    c.files.sys = set(SysView::Absent);
    c.files.masked = set(Restrictions::These(
        [
            "/proc/keys",
            "/proc/kcore",
            "/proc/timer_list",
            "/proc/acpi",
        ]
        .into_iter()
        .map(|p| casemate_model::facets::files::ShownPath(p.into()))
        .collect(),
    ));
    c.files.read_only = set(Restrictions::These(BTreeSet::new()));
    c.devices.nodes = set(Selection::Only(
        ["null", "zero", "full", "random", "urandom", "tty"]
            .map(str::to_owned)
            .into(),
    ));
    c.devices.terminal = set(Terminal::Own);
    // What belongs to containers is as it is for a compartment.
    c.devices.numbers = set(DeviceNumbers::All);
    c.resources.memory_and_swap = set(Limit::Unlimited);
    c.resources.oom_score_adj = set(OomScore(0));
    c.resources.cpu_weight = set(Limit::AtMost(100));
    c.resources.cpus = set(Selection::All);
    c.resources.memory_nodes = set(Selection::All);
    c.resources.io = set(Limits(BTreeMap::new()));
    c.resources.huge_pages = set(Limits(BTreeMap::new()));
    c.resources.memory = set(Limit::AtMost(256 << 20));
    c.resources.processes = set(Limit::AtMost(64));
    c.resources.cpu = set(Limit::Unlimited);
    c.resources.time = set(Limit::Unlimited);
    c.resources.rlimits = set(casemate_model::facets::resources::Rlimits(BTreeMap::new()));
    c.kernel.environment = set(Environment::Only(BTreeMap::from([(
        "PATH".to_owned(),
        Variable::Text("/usr/bin:/bin".to_owned()),
    )])));
    c
}

fn facts(confinement: &Confinement) -> HostFacts {
    let needs = Needs::of(confinement);
    gather(&Request {
        controllers: needs.controllers,
        ranges: if needs.ranges {
            Ranges::Needed
        } else {
            Ranges::NotNeeded
        },
        identity: Identity::Numbers,
        paths: needs.paths,
    })
    .unwrap()
}

fn make_plan(confinement: &Confinement, script: &str) -> Plan {
    let program = Program {
        command: set(["sh", "-c", script].map(OsString::from).to_vec()),
        directory: Stated::Unknown,
    };
    let options = Options {
        best_effort: BTreeSet::new(),
        name: format!("casemate-test-{}", std::process::id()),
        executable: PathBuf::from("/bin/sh"),
        reporter: Reporter::Absent,
    };
    plan(confinement, &program, &facts(confinement), &options).unwrap()
}

/// Runs a plan to its end. Returns the exit code, and what it wrote to both streams.
fn launch(plan: &Plan) -> (Event, String) {
    let ready = start::prepare(
        plan,
        Path::new(env!("CARGO_BIN_EXE_casemate-exec")),
        None,
        &[],
    )
    .unwrap();
    let (output, input) = file::pipe2(OpenFlags::CLOEXEC).unwrap();
    let null = file::openat(
        casemate_sys::CWD,
        c"/dev/null",
        OpenFlags::RDWR | OpenFlags::CLOEXEC,
        0,
    )
    .unwrap();
    let child = match clone3(&Clone::new(CloneFlags::empty())).unwrap() {
        Forked::Child => {
            for (fd, number) in [(&null, 0), (&input, 1), (&input, 2)] {
                match file::dup3(fd.as_fd(), number, OpenFlags::empty()) {
                    Ok(fd) => fd.into_raw(),
                    Err(_) => exit(99),
                };
            }
            let _error = ready.execute();
            exit(98)
        }
        Forked::Parent(child) => child,
    };
    drop(input);
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match file::read(output.as_fd(), &mut buffer).unwrap() {
            0 => break,
            count => text.extend_from_slice(&buffer[..count]),
        }
    }
    let waited = waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED)
        .unwrap()
        .unwrap();
    (waited.event, String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn a_shell_runs_in_its_compartment() {
    let confinement = compartment(0, 0);
    let plan = make_plan(
        &confinement,
        "id; ls /; ls -la /dev; cat /proc/self/status; cat /proc/self/mountinfo; ps aux; hostname",
    );
    println!("{plan}");
    let (event, text) = launch(&plan);
    println!("{event:?}\n{text}");
    assert_eq!(event, Event::Exited(0));
}
