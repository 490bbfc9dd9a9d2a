//! Hosts that lack something, and what the doctor says of them.

use super::super::{Answers, Deep, Finding, Installed, Step, Verdict};
use super::doctor;
use crate::host::userns::{Cause, Explanation};
use casemate_model::host::{
    Availability, Caller, CgroupV1, CgroupV2, Cgroups, HostFacts, Subordinate,
};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::names::version::KernelVersion;
use casemate_sys::Errno;
use std::io;

/// A host on which everything is as it should be, and an unprivileged user.
fn healthy() -> Deep {
    let installed = Installed {
        program: "/usr/local/bin/casemate".into(),
        exec: "/usr/local/bin/casemate-exec".into(),
        has_exec: true,
        point: "/".into(),
        noexec: false,
        nosuid: false,
    };
    Deep {
        facts: HostFacts {
            kernel: KernelVersion::new(6, 18),
            caller: Caller {
                uid: 1000,
                gid: 1000,
                groups: Vec::new(),
                name: Some("ann".to_owned()),
                home: None,
                capabilities: CapabilitySet::from_bits(0),
            },
            user_namespaces: Availability::Available,
            landlock: Some(7),
            seccomp: Availability::Available,
            cgroups: Cgroups {
                v2: Some(v2(Ok("/sys/fs/cgroup/a"), &["cpu", "memory", "pids"])),
                ..Cgroups::default()
            },
            subordinate: Subordinate {
                uids: vec![(100_000, 65536)],
                gids: vec![(100_000, 65536)],
                ..Subordinate::default()
            },
            tree: <_>::default(),
            streams: [casemate_model::host::Stream::Other; 3],
            directory: None,
            environment: <_>::default(),
        },
        answers: Answers(Step::ALL.iter().map(|step| (*step, Ok(()))).collect()),
        explanation: None,
        has_proc: true,
        over_proc: Vec::new(),
        helpers: vec![
            ("newuidmap", Some("/usr/bin/newuidmap".into())),
            ("newgidmap", Some("/usr/bin/newgidmap".into())),
        ],
        helpers_nosuid: None,
        free_range: 300_000,
        mapped_ids: Some(4_294_967_295),
        tun: Ok(()),
        installed: Some(installed),
        core_pattern: Some("core".to_owned()),
        ptrace_scope: Some("1".to_owned()),
        memfd_noexec: Some("0".to_owned()),
        audit: Ok(true),
        cgroup_mounts: vec![("cgroup2".to_owned(), "/sys/fs/cgroup".into())],
    }
}

fn v2(parent: Result<&str, &str>, controllers: &[&str]) -> CgroupV2 {
    CgroupV2 {
        mount: "/sys/fs/cgroup".into(),
        parent: parent.map(Into::into).map_err(str::to_owned),
        controllers: controllers.iter().map(|name| (*name).to_owned()).collect(),
        to_enable: <_>::default(),
    }
}

fn fail(deep: &mut Deep, step: Step, errno: Errno) {
    deep.answers.0.insert(step, Err(errno));
}

fn no_namespaces(deep: &mut Deep, step: Step, errno: Errno, cause: Cause, evidence: &str) {
    let is_later = |other: &Step| *other > step && !matches!(other, Step::Landlock | Step::Seccomp);
    deep.answers.0.retain(|other, _| !is_later(other));
    fail(deep, step, errno);
    deep.explanation = Some(Explanation {
        cause,
        evidence: evidence.to_owned(),
    });
}

enum Expect {
    Limits,
    Blocks,
}
use Expect::{Blocks, Limits};

/// A change to the healthy host; then the finding's name, its verdict, and parts of evidence and remedy.
struct Case {
    name: &'static str,
    change: fn(&mut Deep),
    finding: &'static str,
    expect: Expect,
    evidence: &'static str,
    remedy: &'static str,
}

#[test]
fn a_healthy_host_has_no_findings() {
    for finding in doctor(&healthy()) {
        assert_eq!(finding.verdict, Verdict::Fine, "{finding:?}");
        assert_eq!(finding.remedy, None, "{finding:?}");
    }
}

#[test]
fn names_are_unique_and_kebab() {
    let names: Vec<_> = doctor(&healthy())
        .iter()
        .map(|finding| finding.name)
        .collect();
    let unique: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), unique.len());
    assert!(
        names.iter().all(|name| name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')),
        "{names:?}"
    );
}

#[test]
fn each_obstacle_is_found_and_has_a_remedy() {
    let cases = namespaces()
        .into_iter()
        .chain(kernels())
        .chain(resources())
        .chain(files());
    let mut failures = Vec::new();
    for case in cases {
        let mut deep = healthy();
        (case.change)(&mut deep);
        let findings = doctor(&deep);
        let finding = findings
            .iter()
            .find(|finding| finding.name == case.finding)
            .unwrap();
        if let Err(failure) = check(&case, finding) {
            failures.push(format!("{}: {failure}: {finding:#?}", case.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(case: &Case, finding: &Finding) -> Result<(), String> {
    match (&case.expect, &finding.verdict) {
        (Limits, Verdict::Limits { what }) if !what.is_empty() => {}
        (Blocks, Verdict::Blocks) => {}
        _ => return Err("another verdict".to_owned()),
    }
    if !finding.evidence.contains(case.evidence) {
        return Err(format!("evidence without {:?}", case.evidence));
    }
    if finding.consequence.is_empty() {
        return Err("no consequence".to_owned());
    }
    if !finding
        .remedy
        .as_deref()
        .unwrap_or_default()
        .contains(case.remedy)
    {
        return Err(format!("remedy without {:?}", case.remedy));
    }
    Ok(())
}

fn namespaces() -> Vec<Case> {
    let case = |name, change, evidence, remedy| Case {
        name,
        change,
        finding: "user-namespaces",
        expect: Blocks,
        evidence,
        remedy,
    };
    vec![
        case(
            "Debian's switch",
            |deep| {
                let file = "/proc/sys/kernel/unprivileged_userns_clone is 0";
                no_namespaces(deep, Step::User, Errno::EPERM, Cause::DebianSwitch, file);
            },
            "unprivileged_userns_clone is 0",
            "sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        case(
            "Ubuntu: made, but without power",
            |deep| {
                let file = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1";
                no_namespaces(deep, Step::UidMap, Errno::EACCES, Cause::AppArmor, file);
            },
            "write /proc/self/uid_map: permission denied (EACCES); /proc/sys/kernel/apparmor_restrict",
            "docs/apparmor/casemate",
        ),
        case(
            "none allowed",
            |deep| {
                let file = "/proc/sys/user/max_user_namespaces is 0";
                no_namespaces(deep, Step::User, Errno::ENOSPC, Cause::LimitZero, file);
            },
            "max_user_namespaces is 0",
            "sysctl -w user.max_user_namespaces=",
        ),
        case(
            "not built",
            |deep| {
                no_namespaces(
                    deep,
                    Step::User,
                    Errno::EINVAL,
                    Cause::NotBuilt,
                    "/proc/self/ns/user does not exist",
                );
            },
            "/proc/self/ns/user does not exist",
            "CONFIG_USER_NS",
        ),
        case(
            "chroot",
            |deep| {
                no_namespaces(
                    deep,
                    Step::User,
                    Errno::EPERM,
                    Cause::Chroot,
                    "/proc/self/mountinfo has no mount at /",
                );
            },
            "no mount at /",
            "outside of the chroot",
        ),
        case(
            "AppArmor's profile",
            |deep| {
                let profile = Cause::Profile {
                    name: "casemate".to_owned(),
                };
                let file = "/proc/self/attr/current is casemate (enforce)";
                no_namespaces(deep, Step::User, Errno::EACCES, profile, file);
            },
            "casemate (enforce)",
            "add the line `userns,` to the AppArmor profile casemate",
        ),
        case(
            "Docker's filter",
            |deep| {
                no_namespaces(
                    deep,
                    Step::User,
                    Errno::EPERM,
                    Cause::Filter,
                    "/proc/self/status has Seccomp: 2",
                );
            },
            "unshare(CLONE_NEWUSER): operation not permitted (EPERM)",
            "seccomp=",
        ),
        Case {
            name: "no more network namespaces",
            change: |deep| fail(deep, Step::Net, Errno::ENOSPC),
            finding: "namespaces",
            expect: Blocks,
            evidence: "unshare(CLONE_NEWNET): no space left on device (ENOSPC)",
            remedy: "/proc/sys/user/max_*_namespaces",
        },
        Case {
            name: "no time namespaces",
            change: |deep| fail(deep, Step::Time, Errno::EINVAL),
            finding: "time-namespaces",
            expect: Limits,
            evidence: "unshare(CLONE_NEWTIME)",
            remedy: "5.6",
        },
        Case {
            name: "masked /proc",
            change: |deep| {
                fail(deep, Step::Proc, Errno::EPERM);
                deep.over_proc = vec!["/proc/kcore".into(), "/proc/sys".into()];
            },
            finding: "proc",
            expect: Blocks,
            evidence: "mounted over parts of it: /proc/kcore /proc/sys",
            remedy: "systempaths=unconfined",
        },
        Case {
            name: "no /proc",
            change: |deep| deep.has_proc = false,
            finding: "proc",
            expect: Blocks,
            evidence: "/proc/self/status",
            remedy: "mount -t proc",
        },
    ]
}

fn kernels() -> Vec<Case> {
    let case = |name, change, finding, expect, evidence, remedy| Case {
        name,
        change,
        finding,
        expect,
        evidence,
        remedy,
    };
    vec![
        case(
            "kernel 5.10",
            |deep| {
                deep.facts.kernel = KernelVersion::new(5, 10);
                fail(deep, Step::MountSetattr, Errno::ENOSYS);
            },
            "kernel-calls",
            Blocks,
            "mount_setattr: function not implemented (ENOSYS); kernel 5.10",
            "5.12",
        ),
        case(
            "no openat2",
            |deep| fail(deep, Step::Openat2, Errno::ENOSYS),
            "kernel-calls",
            Blocks,
            "openat2",
            "5.12",
        ),
        case(
            "no clone3",
            |deep| fail(deep, Step::Clone3, Errno::ENOSYS),
            "kernel-calls",
            Limits,
            "clone3",
            "filter",
        ),
        case(
            "refused copy of the root",
            |deep| fail(deep, Step::OpenTree, Errno::EACCES),
            "kernel-calls",
            Blocks,
            "open_tree of /: permission denied (EACCES)",
            "dmesg",
        ),
        case(
            "kernel 5.11",
            |deep| deep.facts.kernel = KernelVersion::new(5, 11),
            "kernel-age",
            Limits,
            "kernel 5.11",
            "newer",
        ),
        case(
            "Landlock off at boot",
            |deep| {
                deep.facts.landlock = None;
                fail(deep, Step::Landlock, Errno::EOPNOTSUPP);
            },
            "landlock",
            Limits,
            "EOPNOTSUPP",
            "lsm=landlock",
        ),
        case(
            "no Landlock",
            |deep| {
                deep.facts.landlock = None;
                fail(deep, Step::Landlock, Errno::ENOSYS);
            },
            "landlock",
            Limits,
            "ENOSYS",
            "5.13",
        ),
        case(
            "old Landlock",
            |deep| deep.facts.landlock = Some(3),
            "landlock",
            Limits,
            "version 3 of 9",
            "6.12",
        ),
        case(
            "no filters",
            |deep| {
                deep.facts.seccomp = Availability::Refused {
                    obstacle: "seccomp(2): x".to_owned(),
                    remedy: "CONFIG_SECCOMP_FILTER".to_owned(),
                };
            },
            "seccomp",
            Blocks,
            "seccomp(2): x",
            "CONFIG_SECCOMP_FILTER",
        ),
        case(
            "filters refused",
            |deep| fail(deep, Step::Seccomp, Errno::EPERM),
            "seccomp",
            Blocks,
            "seccomp(SECCOMP_SET_MODE_FILTER): operation not permitted",
            "outer container",
        ),
        case(
            "no programs in memory",
            |deep| deep.memfd_noexec = Some("2".to_owned()),
            "memfd-noexec",
            Limits,
            "/proc/sys/vm/memfd_noexec is 2",
            "sysctl -w vm.memfd_noexec=1",
        ),
        case(
            "piped core dumps",
            |deep| deep.core_pattern = Some("|/usr/lib/systemd/systemd-coredump %P".to_owned()),
            "core-dumps",
            Limits,
            "systemd-coredump",
            "sysctl -w kernel.core_pattern=core",
        ),
        case(
            "no ptrace",
            |deep| deep.ptrace_scope = Some("3".to_owned()),
            "ptrace-scope",
            Limits,
            "ptrace_scope is 3",
            "sysctl -w kernel.yama.ptrace_scope=1",
        ),
        case(
            "audit off",
            |deep| deep.audit = Ok(false),
            "audit",
            Limits,
            "off",
            "auditctl -e 1",
        ),
    ]
}

fn resources() -> Vec<Case> {
    let cgroup = |name, change, evidence, remedy| Case {
        name,
        change,
        finding: "cgroups",
        expect: Limits,
        evidence,
        remedy,
    };
    let subordinate = |name, change, evidence, remedy| Case {
        name,
        change,
        finding: "subordinate-ids",
        expect: Limits,
        evidence,
        remedy,
    };
    let tun = |name, change, evidence, remedy| Case {
        name,
        change,
        finding: "tun",
        expect: Limits,
        evidence,
        remedy,
    };
    vec![
        cgroup(
            "a login session under systemd",
            |deep| {
                let reason = "no right to write /sys/fs/cgroup/user.slice/user-1000.slice";
                deep.facts.cgroups.v2 = Some(v2(Err(reason), &[]));
            },
            "memory, pids, cpu: no right to write",
            "systemd-run --user --scope -p Delegate=yes",
        ),
        cgroup(
            "systemd does not give cpu to users",
            |deep| {
                let parent =
                    "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice";
                deep.facts.cgroups.v2 = Some(v2(Ok(parent), &["memory", "pids"]));
            },
            "cpu: not given to groups by /sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/cgroup.sub",
            "Delegate=cpu cpuset io memory pids",
        ),
        cgroup(
            "in a container's topmost group",
            |deep| {
                let reason = "/sys/fs/cgroup is the topmost group in sight and has processes";
                deep.facts.cgroups.v2 = Some(v2(Err(reason), &[]));
            },
            "topmost",
            "mkdir /sys/fs/cgroup/init",
        ),
        cgroup(
            "in an unprivileged container",
            |deep| {
                deep.facts.cgroups.v2 = Some(v2(Err("/sys/fs/cgroup is mounted read-only"), &[]));
            },
            "read-only",
            "-v /sys/fs/cgroup:/sys/fs/cgroup:rw",
        ),
        cgroup(
            "version 2 without systemd",
            |deep| deep.facts.cgroups.v2 = Some(v2(Err("no right to write /sys/fs/cgroup"), &[])),
            "no right",
            "g=/sys/fs/cgroup/user-1000; mkdir -p $g/shell",
        ),
        cgroup(
            "a hybrid host",
            |deep| {
                let closed = |path: &str| CgroupV1 {
                    mount: path.into(),
                    parent: Err(format!("no right to write {path}")),
                };
                deep.facts.cgroups.v1 = [("memory", "/c/memory"), ("pids", "/c/pids")]
                    .map(|(name, path)| (name.to_owned(), closed(path)))
                    .into();
                deep.facts.cgroups.v2 = Some(v2(Ok("/sys/fs/cgroup/unified"), &[]));
            },
            "pids: no right to write /c/pids; cpu: not given to groups by /sys/fs/cgroup/unified/cgroup.subtree_control",
            "for d in /c/memory /c/pids",
        ),
        cgroup(
            "no cgroups",
            |deep| deep.facts.cgroups = Cgroups::default(),
            "memory, pids, cpu: in no cgroup hierarchy",
            "mount -t cgroup2",
        ),
        subordinate(
            "no range",
            |deep| deep.facts.subordinate.uids.clear(),
            "/etc/subuid has no line for ann",
            "usermod --add-subuids 300000-365535 --add-subgids 300000-365535 ann",
        ),
        subordinate(
            "root of a container with one id",
            |deep| {
                deep.facts.caller.uid = 0;
                deep.mapped_ids = Some(1);
            },
            "/proc/self/uid_map has 1 ids",
            "--uidmap",
        ),
        subordinate(
            "no range for a user without a name",
            |deep| {
                deep.facts.caller.name = None;
                deep.facts.subordinate.gids.clear();
            },
            "/etc/subgid has no line for 1000",
            "--add-subgids",
        ),
        subordinate(
            "no helper",
            |deep| deep.helpers[1].1 = None,
            "no newgidmap",
            "apt-get install uidmap",
        ),
        subordinate(
            "helper without its bit",
            |deep| deep.helpers_nosuid = Some("/usr/bin/newuidmap".into()),
            "/usr/bin/newuidmap is on a mount with nosuid",
            "remount,suid",
        ),
        tun(
            "closed tun",
            |deep| deep.tun = Err(io::ErrorKind::PermissionDenied),
            "no right",
            "chmod 0666 /dev/net/tun",
        ),
        tun(
            "no tun",
            |deep| deep.tun = Err(io::ErrorKind::NotFound),
            "does not exist",
            "modprobe tun",
        ),
    ]
}

fn installed(deep: &mut Deep, change: fn(&mut Installed)) {
    change(deep.installed.as_mut().unwrap());
}

fn files() -> Vec<Case> {
    let case = |name, change, finding, expect, evidence, remedy| Case {
        name,
        change,
        finding,
        expect,
        evidence,
        remedy,
    };
    vec![
        case(
            "no casemate-exec",
            |deep| installed(deep, |installed| installed.has_exec = false),
            "casemate-exec",
            Blocks,
            "/usr/local/bin/casemate-exec is not there",
            "install -m 0755",
        ),
        case(
            "lost",
            |deep| deep.installed = None,
            "casemate-exec",
            Blocks,
            "cannot be found out",
            "/proc",
        ),
        case(
            "noexec",
            |deep| installed(deep, |installed| installed.noexec = true),
            "program-mount",
            Blocks,
            "/ is mounted noexec",
            "/usr/local/bin",
        ),
        case(
            "nosuid",
            |deep| installed(deep, |installed| installed.nosuid = true),
            "program-mount",
            Limits,
            "/ is mounted nosuid",
            "/usr/local/bin",
        ),
    ]
}

/// What the trial did not reach is neither fine nor a further obstacle.
#[test]
fn what_was_not_tried_is_not_called_fine() {
    let mut deep = healthy();
    no_namespaces(&mut deep, Step::User, Errno::EPERM, Cause::Unknown, "x");
    let verdicts = |wanted: fn(&Verdict) -> bool| -> Vec<&str> {
        let findings = doctor(&deep).into_iter();
        findings
            .filter(|finding| wanted(&finding.verdict))
            .map(|finding| finding.name)
            .collect()
    };
    assert_eq!(
        verdicts(|verdict| *verdict == Verdict::Blocks),
        ["user-namespaces"]
    );
    let before = |verdict: &Verdict| {
        *verdict
            == Verdict::NotTried {
                before: "user-namespaces",
            }
    };
    assert_eq!(
        verdicts(before),
        ["namespaces", "time-namespaces", "proc", "kernel-calls"]
    );
}
