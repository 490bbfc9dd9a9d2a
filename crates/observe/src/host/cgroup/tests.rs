//! Hosts of other people: what their /proc says, and what must be made of it.

use super::*;
use crate::host::view::fixture::Fixture;

const SYSTEMD_V2: &str = "\
24 31 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
31 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
35 24 0:29 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
";
const SYSTEMD_HYBRID: &str = "\
25 1 0:23 / / rw - ext4 /dev/sda1 rw
26 25 0:24 / /sys rw - sysfs sysfs rw
27 26 0:25 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
28 27 0:26 / /sys/fs/cgroup/unified rw shared:10 - cgroup2 cgroup2 rw,nsdelegate
29 27 0:27 / /sys/fs/cgroup/systemd rw shared:11 - cgroup cgroup rw,xattr,name=systemd
33 27 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:16 - cgroup cgroup rw,cpu,cpuacct
34 27 0:32 / /sys/fs/cgroup/memory rw shared:17 - cgroup cgroup rw,memory
35 27 0:33 / /sys/fs/cgroup/pids rw shared:18 - cgroup cgroup rw,pids
";
const DOCKER_V1: &str = "\
600 500 0:50 / / rw - overlay overlay rw
610 600 0:51 / /proc rw - proc proc rw
620 600 0:52 / /sys ro - sysfs sysfs ro
630 620 0:53 / /sys/fs/cgroup ro - tmpfs tmpfs rw,mode=755
631 630 0:26 /docker/f00d /sys/fs/cgroup/memory ro master:17 - cgroup cgroup rw,memory
632 630 0:33 /docker/f00d /sys/fs/cgroup/pids ro master:18 - cgroup cgroup rw,pids
";
const DOCKER_V2: &str = "\
600 500 0:50 / / rw - overlay overlay rw
620 600 0:52 / /sys ro - sysfs sysfs ro
631 620 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw,nsdelegate,memory_recursiveprot
";
const PRIVILEGED_V2: &str = "\
600 500 0:50 / / rw - overlay overlay rw
620 600 0:52 / /sys rw - sysfs sysfs rw
631 620 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw,nsdelegate
";
const WSL: &str = "\
54 1 8:32 / / rw,relatime - ext4 /dev/sdc rw,discard,errors=remount-ro
70 54 0:22 / /sys rw - sysfs sysfs rw
85 70 0:40 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate
99 54 0:60 / /mnt/c rw,noatime - 9p drvfs rw,dirsync,aname=drvfs;path=C:\\134;uid=1000
";

/// What is expected of one hierarchy: the parent, or a part of the reason why there is none.
enum Expect {
    Parent(&'static str),
    Reason(&'static str),
}
use Expect::{Parent, Reason};

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn check(name: &str, found: &Result<PathBuf, String>, expected: &Expect) {
    match (found, expected) {
        (Ok(found), Parent(expected)) => assert_eq!(found, Path::new(expected), "{name}"),
        (Err(found), Reason(expected)) => assert!(found.contains(expected), "{name}: {found}"),
        (Ok(found), Reason(expected)) => {
            panic!("{name}: {} instead of {expected}", found.display())
        }
        (Err(found), Parent(expected)) => panic!("{name}: {found} instead of {expected}"),
    }
}

struct V2 {
    name: &'static str,
    mounts: &'static str,
    own: &'static str,
    files: &'static [(&'static str, &'static str)],
    writable: &'static [&'static str],
    parent: Expect,
    controllers: &'static [&'static str],
    to_enable: &'static [&'static str],
}

const SLICE: &str = "/sys/fs/cgroup/user.slice/user-0.slice";
const APP: &str = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice";
const ALL: &str = "cpuset cpu io memory hugetlb pids rdma misc\n";

#[test]
fn unified_hierarchies() {
    let cases = [
        V2 {
            name: "systemd, root in a session, all given",
            mounts: SYSTEMD_V2,
            own: "0::/user.slice/user-0.slice/session-3.scope\n",
            files: &[(
                "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.subtree_control",
                "cpu memory pids\n",
            )],
            writable: &[SLICE, "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.procs"],
            parent: Parent(SLICE),
            controllers: &["cpu", "memory", "pids"],
            to_enable: &[],
        },
        V2 {
            name: "systemd, root in a session, cpu not given yet",
            mounts: SYSTEMD_V2,
            own: "0::/user.slice/user-0.slice/session-3.scope\n",
            files: &[
                (
                    "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.subtree_control",
                    "memory pids\n",
                ),
                (
                    "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.controllers",
                    ALL,
                ),
                ("/sys/fs/cgroup/user.slice/user-0.slice/cgroup.procs", ""),
                (
                    "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.events",
                    "populated 1\n",
                ),
            ],
            writable: &[
                SLICE,
                "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.procs",
                "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.subtree_control",
            ],
            parent: Parent(SLICE),
            controllers: &["cpu", "memory", "pids"],
            to_enable: &["cpu"],
        },
        V2 {
            name: "the parent has processes of its own, so nothing more can be given",
            mounts: SYSTEMD_V2,
            own: "0::/user.slice/user-0.slice/session-3.scope\n",
            files: &[
                (
                    "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.subtree_control",
                    "\n",
                ),
                (
                    "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.controllers",
                    ALL,
                ),
                (
                    "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.procs",
                    "17\n",
                ),
                (
                    "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.events",
                    "populated 1\n",
                ),
            ],
            writable: &[
                SLICE,
                "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.procs",
                "/sys/fs/cgroup/user.slice/user-0.slice/cgroup.subtree_control",
            ],
            parent: Parent(SLICE),
            controllers: &[],
            to_enable: &[],
        },
        V2 {
            name: "systemd, a user in a login session",
            mounts: SYSTEMD_V2,
            own: "0::/user.slice/user-1000.slice/session-1.scope\n",
            files: &[],
            writable: &[],
            parent: Reason("no right to write /sys/fs/cgroup/user.slice/user-1000.slice"),
            controllers: &[],
            to_enable: &[],
        },
        V2 {
            name: "systemd-run --user --scope",
            mounts: SYSTEMD_V2,
            own: "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.scope\n",
            files: &[
                (
                    "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/cgroup.subtree_control",
                    "memory pids\n",
                ),
                (
                    "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/cgroup.controllers",
                    "memory pids\n",
                ),
            ],
            writable: &[
                APP,
                "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/cgroup.procs",
                "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/cgroup.subtree_control",
            ],
            parent: Parent(APP),
            controllers: &["memory", "pids"],
            to_enable: &[],
        },
        V2 {
            name: "a directory made over to the user, but not its cgroup.procs",
            mounts: SYSTEMD_V2,
            own: "0::/user.slice/user-0.slice/x\n",
            files: &[],
            writable: &[SLICE],
            parent: Reason("no right to write /sys/fs/cgroup/user.slice/user-0.slice/cgroup.procs"),
            controllers: &[],
            to_enable: &[],
        },
        V2 {
            name: "WSL without systemd: we are in the root, with the kernel's threads",
            mounts: WSL,
            own: "0::/\n",
            files: &[
                ("/sys/fs/cgroup/cgroup.subtree_control", "cpu\n"),
                (
                    "/sys/fs/cgroup/cgroup.controllers",
                    "cpuset cpu memory pids\n",
                ),
                ("/sys/fs/cgroup/cgroup.procs", "1\n2\n"),
            ],
            writable: &[
                "/sys/fs/cgroup",
                "/sys/fs/cgroup/cgroup.procs",
                "/sys/fs/cgroup/cgroup.subtree_control",
            ],
            parent: Parent("/sys/fs/cgroup"),
            controllers: &["cpu", "memory", "pids"],
            to_enable: &["memory", "pids"],
        },
        V2 {
            name: "privileged container: the root of a namespace is not the root",
            mounts: PRIVILEGED_V2,
            own: "0::/\n",
            files: &[
                ("/sys/fs/cgroup/cgroup.events", "populated 1\n"),
                ("/sys/fs/cgroup/cgroup.controllers", ALL),
            ],
            writable: &[
                "/sys/fs/cgroup",
                "/sys/fs/cgroup/cgroup.procs",
                "/sys/fs/cgroup/cgroup.subtree_control",
            ],
            parent: Reason("topmost group in sight"),
            controllers: &[],
            to_enable: &[],
        },
        V2 {
            name: "Docker, and rootless Podman: the namespace's root, read-only",
            mounts: DOCKER_V2,
            own: "0::/\n",
            files: &[("/sys/fs/cgroup/cgroup.events", "populated 1\n")],
            writable: &[],
            parent: Reason("no right to write /sys/fs/cgroup"),
            controllers: &[],
            to_enable: &[],
        },
        V2 {
            name: "moved into the container without its group",
            mounts: DOCKER_V2,
            own: "0::/../../user.slice/session-2.scope\n",
            files: &[],
            writable: &[],
            parent: Reason("outside of what is mounted at /sys/fs/cgroup"),
            controllers: &[],
            to_enable: &[],
        },
        V2 {
            name: "the own group was removed",
            mounts: SYSTEMD_V2,
            own: "0::/a/b (deleted)\n",
            files: &[],
            writable: &["/sys/fs/cgroup/a", "/sys/fs/cgroup/a/cgroup.procs"],
            parent: Reason("outside"),
            controllers: &[],
            to_enable: &[],
        },
    ];
    for case in cases {
        let view = Fixture::new(&[
            ("/proc/self/cgroup", case.own),
            ("/proc/self/mountinfo", case.mounts),
        ])
        .with(case.files)
        .writable(case.writable);
        let found = cgroups(&view, &set(&["cpu", "memory", "pids"]));
        assert!(found.v1.is_empty(), "{}", case.name);
        let v2 = found.v2.unwrap();
        assert_eq!(v2.mount, Path::new("/sys/fs/cgroup"), "{}", case.name);
        check(case.name, &v2.parent, &case.parent);
        assert_eq!(v2.controllers, set(case.controllers), "{}", case.name);
        assert_eq!(v2.to_enable, set(case.to_enable), "{}", case.name);
    }
}

#[test]
fn a_hybrid_host_has_its_limits_in_version_1() {
    let own = "5:cpu,cpuacct:/user.slice\n4:memory:/user.slice/user-1000.slice/session-2.scope\n3:pids:/a\n\
        1:name=systemd:/user.slice/user-1000.slice\n0::/user.slice/user-1000.slice/session-2.scope\n";
    let view = Fixture::new(&[
        ("/proc/self/cgroup", own),
        ("/proc/self/mountinfo", SYSTEMD_HYBRID),
    ])
    .writable(&[
        "/sys/fs/cgroup/cpu,cpuacct/user.slice",
        "/sys/fs/cgroup/memory",
        "/sys/fs/cgroup/unified/user.slice/user-1000.slice",
    ]);
    let found = cgroups(&view, &set(&["cpu", "memory", "pids"]));
    check(
        "cpu",
        &found.v1["cpu"].parent,
        &Parent("/sys/fs/cgroup/cpu,cpuacct/user.slice"),
    );
    check(
        "memory",
        &found.v1["memory"].parent,
        &Parent("/sys/fs/cgroup/memory"),
    );
    check(
        "pids",
        &found.v1["pids"].parent,
        &Reason("no right to write /sys/fs/cgroup/pids/a"),
    );
    assert_eq!(
        found.v1.keys().collect::<Vec<_>>(),
        ["cpu", "memory", "pids"]
    );
    assert_eq!(found.v2, None, "of no use");
    let v2 = cgroups(&view, &set(&["memory", "io"])).v2.unwrap();
    assert_eq!(v2.mount, Path::new("/sys/fs/cgroup/unified"));
    assert!(v2.controllers.is_empty());
}

#[test]
fn inside_docker_on_version_1_the_mount_shows_the_own_group_as_its_root() {
    let own = "4:memory:/docker/f00d\n3:pids:/docker/f00d\n2:cpu:/docker/f00d\n";
    let view = Fixture::new(&[
        ("/proc/self/cgroup", own),
        ("/proc/self/mountinfo", DOCKER_V1),
    ]);
    let found = cgroups(&view.clone().read_only(), &set(&["cpu", "memory", "pids"]));
    check(
        "memory",
        &found.v1["memory"].parent,
        &Reason("/sys/fs/cgroup/memory is mounted read-only"),
    );
    assert!(
        !found.v1.contains_key("cpu") && found.v2.is_none(),
        "{found:?}"
    );
    let found = cgroups(
        &view.writable(&["/sys/fs/cgroup/memory"]),
        &set(&["memory"]),
    );
    check(
        "memory",
        &found.v1["memory"].parent,
        &Parent("/sys/fs/cgroup/memory"),
    );
    // The same in a cgroup namespace: the mount's root is the namespace's, and so is the own group.
    let namespaced = DOCKER_V1.replace("/docker/f00d", "/");
    let view = Fixture::new(&[
        ("/proc/self/cgroup", "4:memory:/\n"),
        ("/proc/self/mountinfo", &namespaced),
    ])
    .writable(&["/sys/fs/cgroup/memory"]);
    check(
        "memory",
        &cgroups(&view, &set(&["memory"])).v1["memory"].parent,
        &Parent("/sys/fs/cgroup/memory"),
    );
}

#[test]
fn paths_with_spaces_covered_mounts_and_second_mounts() {
    // The first mount shows another part, the second is read-only, the third is covered; the fourth has a space.
    let mounts = "1 0 0:1 / / rw - ext4 a rw\n\
        2 1 0:2 /else /x rw - cgroup m rw,memory\n\
        3 1 0:2 / /y ro - cgroup m rw,memory\n\
        4 1 0:2 / /z rw - cgroup m rw,memory\n\
        5 1 0:2 /a\\040b /m\\040n rw - cgroup m rw,memory\n\
        6 1 0:3 / /z rw - tmpfs t rw\n";
    let view = Fixture::new(&[
        ("/proc/self/cgroup", "4:memory:/a b/c d\n"),
        ("/proc/self/mountinfo", mounts),
    ])
    .writable(&["/m n/c d", "/z/a b/c d", "/y/a b/c d"]);
    check(
        "memory",
        &cgroups(&view, &set(&["memory"])).v1["memory"].parent,
        &Parent("/m n/c d"),
    );
}

#[test]
fn without_proc_there_are_no_cgroups() {
    assert_eq!(
        cgroups(&Fixture::new(&[]), &set(&["memory"])),
        Cgroups::default()
    );
    let only = Fixture::new(&[("/proc/self/cgroup", "0::/\n")]);
    assert_eq!(cgroups(&only, &set(&["memory"])), Cgroups::default());
}
