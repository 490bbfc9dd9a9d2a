//! Grants, and what stands behind the mounts: Landlock, capabilities, limits.

use crate::skip;
use crate::support::{Caller, Findings, Place, Running, finish, is_root};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use std::fs;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};

#[test]
fn a_capability_that_is_kept_is_the_only_one() {
    let place = Place::new("keep");
    for caller in Caller::all("privileges::a_capability_that_is_kept_is_the_only_one") {
        let mut findings = Findings::default();
        let names: Vec<&str> = match caller {
            Caller::Root => CapabilitySet::ALL.iter().map(Capability::name).collect(),
            Caller::User => vec!["chown", "setpcap", "sys_admin"],
        };
        for name in names {
            let report = place.probe(
                caller,
                &["--quiet", "--ids", "single", "--keep", name],
                &["identity"],
            );
            let plain = name.trim_start_matches("CAP_").to_lowercase();
            for set in [
                "effective",
                "permitted",
                "inheritable",
                "bounding",
                "ambient",
            ] {
                let found = report.at(&["identity", "capabilities", set]).to_string();
                findings.same(format!("{caller:?}: {set}"), found, format!("[{plain}]"));
            }
            let found = report.at(&["identity", "no_new_privs"]).to_string();
            findings.same(format!("{caller:?}: {name}"), found.as_str(), "true");
        }
    }
}

#[test]
fn a_grant_is_what_its_name_says() {
    let place = Place::new("grants");
    for caller in Caller::all("privileges::a_grant_is_what_its_name_says") {
        let mut findings = Findings::default();
        let granted = place.directory(&format!("granted-{caller:?}"));
        let file = granted.join("probe");
        fs::copy(place.path("casemate-probe"), &file).unwrap();
        let owner = if caller == Caller::Root {
            0
        } else {
            caller.id()
        };
        for path in [&granted, &file] {
            chown(path, Some(owner), Some(owner)).unwrap();
        }
        let [directory, file] = [&granted, &file].map(|path| path.to_str().unwrap());
        let kinds = [
            format!("read={file}"),
            format!("write={file}"),
            format!("make_in={directory}"),
            format!("execute={file}"),
        ];
        for (flags, expected) in [
            (&["--read"][..], ["ok", "EROFS", "EROFS", "EACCES"]),
            (&["--write"], ["ok", "ok", "ok", "EACCES"]),
            (&["--run"], ["ok", "EROFS", "EROFS", "ok"]),
            (&["--write", "--run"], ["ok", "ok", "ok", "ok"]),
            (&["--hide"], ["ENOENT", "ENOENT", "ENOENT", "ENOENT"]),
        ] {
            let flags: Vec<&str> = flags.iter().flat_map(|flag| [*flag, directory]).collect();
            for (kind, expected) in kinds.iter().zip(expected) {
                let report = place.probe(caller, &flags, &[kind]);
                let found = report.at(&[kind]);
                let found = if kind.starts_with("read=") && expected == "ok" {
                    found.at(&["open"])
                } else {
                    found
                };
                findings.same(
                    format!("{caller:?}: {flags:?}: {kind}"),
                    found.to_string().as_str(),
                    expected,
                );
            }
        }
        // What is made inside belongs to the caller outside, whoever the program believes to be.
        let made = granted.join("made");
        let script = format!("echo made > {}", made.display());
        let ended = place.sh(caller, &["--write", directory], &script);
        findings.same(format!("{caller:?}: {ended:?}"), ended.code, 0);
        findings.same(
            format!("{caller:?}: the owner"),
            fs::metadata(&made).unwrap().uid(),
            owner,
        );
    }
}

/// The mounts would permit it: the directory was opened outside. Landlock does not.
#[test]
fn landlock_stands_behind_the_mounts() {
    let place = Place::new("landlock");
    place.directory("outside");
    place.file("outside/file", "hunter2");
    let outside = place.text("outside");
    for caller in Caller::all("privileges::landlock_stands_behind_the_mounts") {
        let mut findings = Findings::default();
        let open = format!("exec 7<{outside}; exec \"$@\"");
        let mut wall = vec!["sh", "-c", &open, "sh"];
        wall.extend(caller.wall());
        for (more, read) in [(&[][..], false), (&["--no-landlock"], true)] {
            let flags = [&["--descriptors", "7"], more].concat();
            let ended = finish(&mut place.behind(&wall, &flags, &["cat", "/proc/self/fd/7/file"]));
            findings.same(
                format!("{caller:?}: {flags:?}: {ended:?}"),
                ended.code == 0,
                read,
            );
            findings.same(
                format!("{caller:?}: {flags:?}"),
                ended.out == "hunter2",
                read,
            );
            if !read {
                findings.contains(
                    format!("{caller:?}: {flags:?}"),
                    &ended.err,
                    "Permission denied",
                );
            }
        }
    }
}

/// On the host's network a program reaches the ports that are named, and no abstract socket.
#[test]
fn the_hosts_network_is_granted_by_the_port() {
    let place = Place::new("ports");
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [granted, other] = [0, 1].map(|at| listeners[at].local_addr().unwrap().port().to_string());
    // Ports that were free a moment ago.
    let [bound, unbound] = [(); 2]
        .map(|()| TcpListener::bind("127.0.0.1:0").unwrap())
        .map(|listener| listener.local_addr().unwrap().port().to_string());
    let name = format!("casemate-test-{}", std::process::id());
    let _listener =
        UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    for caller in Caller::all("privileges::the_hosts_network_is_granted_by_the_port") {
        let mut findings = Findings::default();
        let host = [
            "--network",
            "host",
            "--connect",
            &granted,
            "--listen",
            &bound,
        ];
        let cases = [
            (format!("tcp=127.0.0.1:{granted}"), "ok", "ENETUNREACH"),
            (format!("tcp=127.0.0.1:{other}"), "EACCES", "EACCES"),
            (format!("listen=127.0.0.1:{bound}"), "ok", "EADDRNOTAVAIL"),
            (format!("listen=127.0.0.1:{unbound}"), "EACCES", "EACCES"),
            (format!("abstract={name}"), "EPERM", "ECONNREFUSED"),
        ];
        for (target, with_host, _) in &cases {
            let report = place.probe(caller, &host, &[target]);
            findings.same(
                format!("{caller:?}: host: {target}"),
                report.at(&[target]).to_string().as_str(),
                *with_host,
            );
        }
        for (target, _, without) in &cases[4..] {
            let report = place.probe(caller, &[], &[target]);
            findings.same(
                format!("{caller:?}: none: {target}"),
                report.at(&[target]).to_string().as_str(),
                *without,
            );
        }
        let report = place.probe(caller, &host, &["sockets"]);
        for (family, expected) in [
            ("inet stream", "ok"),
            ("inet dgram", "EACCES"),
            ("inet6 dgram", "EACCES"),
            ("inet raw", "EACCES"),
            ("inet icmp", "EACCES"),
            ("packet", "EAFNOSUPPORT"),
        ] {
            let found = report.at(&["sockets", "families", family]).to_string();
            findings.same(
                format!("{caller:?}: host: {family}"),
                found.as_str(),
                expected,
            );
        }
        // A network of its own needs no list.
        let report = place.probe(caller, &["--network", "loopback"], &["sockets"]);
        let found = report.at(&["sockets", "loopback_tcp"]).to_string();
        findings.same(format!("{caller:?}: loopback"), found.as_str(), "ok");
        let found = report.at(&["sockets", "route_v4"]).to_string();
        findings.same(
            format!("{caller:?}: loopback"),
            found.as_str(),
            "ENETUNREACH",
        );
    }
}

#[test]
fn limits_of_a_process() {
    let place = Place::new("rlimits");
    // Flags, a script, its exit code, and what is in its output.
    let cases: &[(&[&str], &str, i32, &str)] = &[
        (
            &["--file-size", "4K"],
            "exec head -c 8K /dev/zero >/tmp/file",
            128 + 25,
            "(SIGXFSZ)",
        ),
        (
            &["--file-size", "4K"],
            "head -c 4K /dev/zero >/tmp/file; wc -c </tmp/file",
            0,
            "4096",
        ),
        (
            &["--open-files", "20:30"],
            "ulimit -Sn; ulimit -Hn; ulimit -n 31",
            2,
            "20\n30\n",
        ),
        (
            &["--limits", "stack=1M"],
            "ulimit -Ss; ulimit -Hs",
            0,
            "1024\n1024\n",
        ),
        (
            &["--limits", "core=0:4K"],
            "ulimit -Sc; ulimit -Hc",
            0,
            "0\n8\n",
        ),
        (
            &["--temporary", "/tmp=64K"],
            "head -c 65K /dev/zero >/tmp/file; wc -c </tmp/file",
            0,
            "65536\n",
        ),
        (
            &["--temporary", "/dev/shm=8K"],
            "head -c 9K /dev/zero >/dev/shm/file; wc -c </dev/shm/file",
            0,
            "8192\n",
        ),
        (
            &["--temporary", "/dev/shm=none"],
            "ls /dev/shm",
            2,
            "No such file",
        ),
        (
            &["--temporary", "/srv/own=16K"],
            "head -c 17K /dev/zero >/srv/own/file",
            1,
            "No space left",
        ),
        (
            &["--processes", "4"],
            "for i in 1 2 3 4 5 6; do sleep 9 & done; wait",
            2,
            "Cannot fork",
        ),
        (
            &["--set", "A=b c"],
            "echo $A $HOME $PATH",
            0,
            "b c /tmp /usr",
        ),
        (
            &["--hostname", "other"],
            "cat /proc/sys/kernel/hostname",
            0,
            "other\n",
        ),
        (&["--user", "0"], "id -u; id -g", 0, "0\n0\n"),
        (&["--proc", "absent"], "ls /proc", 2, "No such file"),
        (
            &["--proc", "processes"],
            "ls /proc/uptime; echo /proc/[0-9]*",
            0,
            "/proc/2",
        ),
        (
            &[
                "--no-system",
                "--run",
                "/usr",
                "--run",
                "/bin",
                "--run",
                "/lib64",
                "--run",
                "/lib",
            ],
            "ls /",
            0,
            "bin",
        ),
        (
            &["--sysctl", "net.ipv4.ip_unprivileged_port_start=99"],
            "cat /proc/sys/net/ipv4/ip_unprivileged_port_start",
            0,
            "99\n",
        ),
    ];
    for caller in Caller::all("privileges::limits_of_a_process") {
        let mut findings = Findings::default();
        for (flags, script, code, part) in cases {
            // A user's limit of processes is by rlimit alone, which --quiet says no more of than a script wants.
            let flags = [&["--quiet", "--best-effort", "resources"], *flags].concat();
            let ended = place.sh(caller, &flags, script);
            findings.same(
                format!("{caller:?}: {flags:?}: {ended:?}"),
                ended.code,
                *code,
            );
            findings.contains(
                format!("{caller:?}: {flags:?}"),
                &(ended.out + &ended.err),
                part,
            );
        }
    }
}

/// Finds the control groups of a launch, which have the launcher's number in their names.
pub fn groups_of(launcher: i32) -> Vec<PathBuf> {
    fn search(directory: &Path, name: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            // A group may end while it is looked at.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if entry.file_name().to_str() == Some(name) {
                    found.push(entry.path());
                }
                search(&entry.path(), name, found);
            }
        }
    }
    let mut found = Vec::new();
    search(
        Path::new("/sys/fs/cgroup"),
        &format!("casemate-{launcher}"),
        &mut found,
    );
    found
}

#[test]
fn limits_of_all_processes_together() {
    const TEST: &str = "privileges::limits_of_all_processes_together";
    if !is_root() {
        return skip(TEST, "only root has control groups without delegation");
    }
    limits_together(&Place::new("cgroups"), &Caller::Root.wall(), &[]);
}

/// Limits of memory, processes and processor time, on either version of control groups.
pub fn limits_together(place: &Place, wall: &[&str], more: &[&str]) {
    let mut findings = Findings::default();
    let command =
        |flags: &[&str], command: &[&str]| place.behind(wall, &[more, flags].concat(), command);
    let flags = ["--memory", "32M", "--processes", "6", "--cpu", "0.5"];
    let running = Running::start(command(
        &flags,
        &["sh", "-c", "sleep 60 & echo ready; wait"],
    ));
    let launcher = running.pid().get();
    let groups = groups_of(launcher);
    for (files, expected) in [
        (
            ["memory.limit_in_bytes", "memory.max"],
            ["33554432", "33554432"],
        ),
        (["pids.max", "pids.max"], ["7", "7"]),
        (["cpu.cfs_quota_us", "cpu.max"], ["50000", "50000 100000"]),
    ] {
        let value = groups.iter().find_map(|group| {
            let values = files.map(|file| fs::read_to_string(group.join(file)).ok());
            let [first, second] = values;
            first
                .map(|value| (0, value))
                .or(second.map(|value| (1, value)))
        });
        let (version, value) = value.unwrap_or_default();
        findings.same(
            format!("{files:?} in {groups:?}"),
            value.trim_end(),
            expected[version],
        );
    }
    running.signal("SIGTERM");
    findings.same("the end", running.code(), Some(143));
    findings.same("groups that are left", groups_of(launcher), Vec::new());

    let ended = finish(&mut command(&["--memory", "32M"], &["tail", "/dev/zero"]));
    findings.same(format!("{ended:?}"), ended.code, 137);
    // What the limit leaves can be used.
    let pass = "head -c 20M /dev/zero | tail -c 20M | wc -c";
    let ended = finish(&mut command(&["--memory", "64M"], &["sh", "-c", pass]));
    findings.same(format!("{ended:?}"), ended.out.as_str(), "20971520\n");
    let fork = "i=0; while [ $i -lt 9 ]; do sleep 9 & i=$((i+1)); done; wait";
    let ended = finish(&mut command(&["--processes", "6"], &["sh", "-c", fork]));
    findings.same(format!("{ended:?}"), ended.code, 2);
    findings.contains("EAGAIN", &ended.err, "Cannot fork");
}
