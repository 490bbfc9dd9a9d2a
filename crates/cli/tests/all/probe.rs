//! What a program in the compartment by default can reach, told by the witness from inside: for root and for a user.

use crate::skip;
use crate::support::{Caller, Findings, Json, Place, finish, is_root};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// What the witness must see, by the way to it in its report.
const SEEN: &[(&[&str], &str)] = &[
    (&["identity", "capabilities", "effective"], "[]"),
    (&["identity", "capabilities", "permitted"], "[]"),
    (&["identity", "capabilities", "inheritable"], "[]"),
    (&["identity", "capabilities", "bounding"], "[]"),
    (&["identity", "capabilities", "ambient"], "[]"),
    // NOROOT, NO_SETUID_FIXUP and NO_CAP_AMBIENT_RAISE, all four locked, and KEEP_CAPS locked in its off state.
    (&["identity", "securebits"], "239"),
    (&["identity", "no_new_privs"], "true"),
    (&["identity", "seccomp"], "true"),
    (&["identity", "groups"], "[]"),
    (&["identity", "setgroups"], "deny"),
    // Process 1 is not the program, and nobody else is there.
    (&["identity", "pid"], "2"),
    (&["identity", "parent"], "1"),
    (&["processes", "foreign"], "{}"),
    (&["processes", "seize_pid_1"], "EPERM"),
    (&["processes", "seize_parent"], "EPERM"),
    (&["descriptors", "open"], "{0:/dev/null,1:pipe,2:pipe}"),
    (&["environment", "own"], "[HOME,PATH]"),
    (&["environment", "of_pid_1"], "ENOENT"),
    (&["environment", "command_of_pid_1"], "ENOENT"),
    (&["environment", "program_of_pid_1"], "ENOENT"),
    (&["environment", "root_of_pid_1"], "ENOENT"),
    (&["environment", "directory_of_pid_1"], "ENOENT"),
    (&["namespaces", "host_name"], "casemate"),
    (&["namespaces", "domain_name"], "(none)"),
    // Kernel secrets and switches.
    (&["files", "read", "/proc/keys", "amount"], "0"),
    (&["files", "read", "/proc/key-users", "amount"], "0"),
    (&["files", "read", "/proc/kallsyms", "amount"], "0"),
    (&["files", "read", "/proc/kmsg"], "EACCES"),
    (&["files", "read", "/proc/timer_list"], "EACCES"),
    (&["files", "read", "/proc/interrupts", "amount"], "0"),
    (&["files", "read", "/proc/iomem", "amount"], "0"),
    (&["files", "read", "/proc/acpi", "amount"], "0"),
    (&["files", "read", "/proc/1/environ"], "ENOENT"),
    (&["files", "read", "/proc/1/mem"], "ENOENT"),
    (&["files", "read", "/sys"], "ENOENT"),
    (&["files", "read", "/home"], "ENOENT"),
    (&["files", "read", "/root"], "ENOENT"),
    (&["files", "read", "/boot"], "ENOENT"),
    (&["files", "read", "/dev/kmsg"], "ENOENT"),
    (&["files", "read", "/dev/mem"], "ENOENT"),
    (&["files", "read", "/run/docker.sock"], "ENOENT"),
    (&["files", "read", "/etc/shadow"], "EACCES"),
    (&["files", "write", "/etc/passwd"], "EACCES"),
    (&["files", "write", "/proc/self/oom_score_adj"], "EROFS"),
    (
        &["files", "write", "/proc/sys/kernel/core_pattern"],
        "EACCES",
    ),
    (&["files", "write", "/proc/sysrq-trigger"], "ENOENT"),
    (&["writable", "/"], "EROFS"),
    (&["writable", "/dev"], "EROFS"),
    (&["writable", "/usr"], "EROFS"),
    (&["writable", "/etc"], "EROFS"),
    (&["writable", "/proc"], "ENOENT"),
    (&["writable", "/tmp"], "ok"),
    (&["writable", "/dev/shm"], "ok"),
    // What can be written cannot be executed.
    (&["execution", "/tmp"], "EACCES"),
    (&["execution", "/dev/shm"], "EACCES"),
    (&["limits", "core"], "{hard:0,soft:0}"),
    (
        &["limits", "file_size"],
        "{hard:4294967296,soft:4294967296}",
    ),
    (&["limits", "open_files"], "{hard:4096,soft:1024}"),
    (&["limits", "processes"], "{hard:513,soft:513}"),
    (&["limits", "raise_hard_open_files"], "EPERM"),
    (&["limits", "nice_minus_1"], "EACCES"),
    (&["cgroups", "mounted"], "{}"),
    (&["sockets", "interfaces"], "[lo]"),
    (&["sockets", "loopback_tcp"], "EACCES"),
    (&["sockets", "route_v4"], "ENETUNREACH"),
    (&["sockets", "abstract_names"], "[]"),
    (&["terminal", "controlling"], "ENXIO"),
    (&["terminal", "is_session_leader"], "true"),
];

/// System calls that are answered otherwise than by EPERM. The errors but ENOSYS are the kernel's own, for arguments
/// that the witness got wrong on purpose: these calls are permitted.
const OTHERWISE: &[(&str, &str)] = &[
    ("int 0x80 getpid", "ENOSYS"),
    ("x32 getpid", "ENOSYS"),
    ("listmount", "EFAULT"),
    ("statmount", "EFAULT"),
    ("memfd_secret", "ok"),
    // Makes pipes; device nodes need a capability.
    ("mknodat", "EFAULT"),
    ("personality query", "ok"),
    ("pidfd_open", "ok"),
    ("process_mrelease", "EBADF"),
    ("sched_setscheduler", "EINVAL"),
    // Without a flag, which asks for nothing.
    ("unshare", "ok"),
    ("vmsplice", "EBADF"),
];

/// Families of sockets that the filter leaves to the kernel.
const FAMILIES: &[(&str, &str)] = &[
    ("inet raw", "EPERM"),
    ("inet6 raw", "EPERM"),
    ("inet icmp", "EACCES"),
    ("inet dgram", "ok"),
    ("inet stream", "ok"),
    ("inet6 dgram", "ok"),
    ("inet6 stream", "ok"),
    ("netlink route", "ok"),
    ("unix dgram", "ok"),
    ("unix seqpacket", "ok"),
    ("unix stream", "ok"),
];

#[test]
fn the_compartment_by_default() {
    let place = Place::new("default");
    for caller in Caller::all("probe::the_compartment_by_default") {
        let mut findings = Findings::default();
        let report = place.probe(caller, &[], &[]);
        for (keys, expected) in SEEN {
            let found = without_numbers(&report.at(keys).to_string());
            findings.same(format!("{caller:?}: {keys:?}"), found.as_str(), expected);
        }
        system_calls(&mut findings, caller, &report);
        namespaces(&mut findings, caller, &report);
        let id = caller.id().to_string();
        for kind in ["uids", "gids"] {
            let found = report.at(&["identity", kind]).to_string();
            findings.same(
                format!("{caller:?}: {kind}"),
                found,
                format!("[{id},{id},{id}]"),
            );
        }
        for (stream, judged) in report
            .at(&["terminal"])
            .members()
            .filter(|(name, _)| name.starts_with("std"))
        {
            for kind in ["tiocsti", "tiocsti_high_bit", "tioclinux"] {
                let found = judged.at(&[kind]).to_string();
                findings.same(
                    format!("{caller:?}: {kind} on {stream}"),
                    found.as_str(),
                    "EPERM",
                );
            }
        }
        mounts(&mut findings, caller, &report);
    }
}

/// `pipe:[12]` and its like, without what differs from run to run.
fn without_numbers(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("pipe:[") {
        plain = plain + before + "pipe";
        rest = after.split_once(']').map_or("", |(_, after)| after);
    }
    plain + rest
}

fn system_calls(findings: &mut Findings, caller: Caller, report: &Json) {
    let tables = [
        (["syscalls"].as_slice(), OTHERWISE, "EPERM"),
        (&["sockets", "families"], FAMILIES, "EAFNOSUPPORT"),
    ];
    for (keys, otherwise, usual) in tables {
        for (name, found) in report.at(keys).members() {
            let listed = otherwise.iter().find(|(other, _)| *other == name);
            // The kernel may lack these two.
            if matches!(name, "inet mptcp" | "inet sctp") {
                continue;
            }
            let expected = listed.map_or(usual, |(_, answer)| answer);
            findings.same(
                format!("{caller:?}: {name}"),
                found.to_string().as_str(),
                expected,
            );
        }
        for (name, _) in otherwise {
            findings.same(
                format!("{name} is tried"),
                report.at(keys).keys().contains(name),
                true,
            );
        }
    }
}

/// All eight are new, and none can be made: alone or in a user namespace.
fn namespaces(findings: &mut Findings, caller: Caller, report: &Json) {
    for (kind, own) in report.at(&["namespaces", "own"]).members() {
        let host = fs::read_link(format!("/proc/self/ns/{kind}")).unwrap();
        if own.to_string() == host.to_string_lossy() || !own.to_string().starts_with(kind) {
            findings.add(format!(
                "{caller:?}: the {kind} namespace is {own}, the host's is {}",
                host.display()
            ));
        }
    }
    // clone3(2) passes its flags in memory, where no filter sees them: it is not there, and libraries do without.
    for (call, expected) in [
        ("unshare", "EPERM"),
        ("clone", "EPERM"),
        ("clone3", "ENOSYS"),
    ] {
        let tried = report.at(&["namespaces", call]);
        findings.same(format!("tried by {call}"), tried.keys().len() >= 14, true);
        for (kind, found) in tried.members() {
            findings.same(
                format!("{caller:?}: {call} {kind}"),
                found.to_string().as_str(),
                expected,
            );
        }
    }
}

/// Nothing is set-user-id or a device but the devices, and nothing can be both written and executed.
fn mounts(findings: &mut Findings, caller: Caller, report: &Json) {
    let Json::List(mounts) = report.at(&["mounts"]) else {
        return findings.add(format!("{caller:?}: no mounts"));
    };
    for mount in mounts {
        let [point, options] = ["point", "options"].map(|key| mount.at(&[key]).to_string());
        let has = |option: &str| options.split(',').any(|word| word == option);
        let covered = point.starts_with("/proc/") && mount.at(&["type"]).to_string() == "devtmpfs";
        let is_device = point.starts_with("/dev/") && point != "/dev/shm" || covered;
        findings.same(
            format!("{caller:?}: nosuid of {point}"),
            has("nosuid"),
            true,
        );
        findings.same(
            format!("{caller:?}: nodev of {point}"),
            has("nodev"),
            !is_device,
        );
        findings.same(
            format!("{caller:?}: ro or noexec of {point}"),
            has("ro") || has("noexec"),
            true,
        );
    }
    findings.same(
        format!("{caller:?}: mounts are seen"),
        mounts.len() > 15,
        true,
    );
}

/// A directory is granted for reading, and something writable is mounted below it.
#[test]
fn mounts_below_a_read_only_grant_are_read_only() {
    let place = Place::new("submount");
    for caller in Caller::all("probe::mounts_below_a_read_only_grant_are_read_only") {
        let mut findings = Findings::default();
        let granted = place.directory("granted");
        place.directory("granted/below");
        let mount = "mount -t tmpfs -o mode=1777 none \"$0\" && touch \"$0\"/file && chmod 666 \"$0\"/file && exec \"$@\"";
        let below = granted.join("below");
        let below = below.to_str().unwrap();
        let mut wall = vec!["unshare", "--mount", "--propagation", "private"];
        if !is_root() {
            wall.push("--map-root-user");
        }
        wall.extend(["sh", "-c", mount, below]);
        wall.extend(caller.wall());
        let probe = place.text("casemate-probe");
        let asked = [
            format!("make_in={below}"),
            format!("write={below}/file"),
            format!("read={below}/file"),
        ];
        for (flag, makes, writes) in [("--read", "EROFS", "EROFS"), ("--write", "ok", "ok")] {
            let mut command = vec![probe.as_str()];
            command.extend(asked.iter().map(String::as_str));
            let report =
                finish(&mut place.behind(&wall, &[flag, granted.to_str().unwrap()], &command))
                    .json();
            for (target, expected) in asked.iter().zip([makes, writes]) {
                let found = report.at(&[target]).to_string();
                findings.same(
                    format!("{caller:?}: {flag} {target}"),
                    found.as_str(),
                    expected,
                );
            }
            let read = report.at(&[&asked[2], "open"]).to_string();
            findings.same(format!("{caller:?}: {flag} reads"), read.as_str(), "ok");
        }
    }
}

/// A secret of the caller's environment is nowhere, and one that is given on purpose is with the program only.
#[test]
fn secrets_of_the_environment_stay_outside() {
    let place = Place::new("environment");
    for caller in Caller::all("probe::secrets_of_the_environment_stay_outside") {
        let mut findings = Findings::default();
        let script = "cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; env";
        let mut command = place.command(caller, &["--set", "GIVEN=open"], &["sh", "-c", script]);
        let ended = finish(command.env("SECRET", "hunter2").env("LC_ALL", "C"));
        findings.same(format!("{caller:?}: {ended:?}"), ended.code, 0);
        findings.lacks("the secret", &ended.out, "hunter2");
        findings.lacks("the policy", &ended.out, "--set");
        findings.contains("what is given", &ended.out, "GIVEN=open");
        findings.contains("what is passed on by default", &ended.out, "LC_ALL=C");
        let mut command = place.command(
            caller,
            &["--environment", "SECRET"],
            &["sh", "-c", "echo $SECRET"],
        );
        let ended = finish(command.env("SECRET", "hunter2"));
        findings.same(
            format!("{caller:?}: passed on"),
            ended.out.as_str(),
            "hunter2\n",
        );
    }
}

/// Descriptors that the caller has open are not passed on unless that is asked for.
#[test]
fn inherited_descriptors() {
    let place = Place::new("descriptors");
    for caller in Caller::all("probe::inherited_descriptors") {
        let mut findings = Findings::default();
        let mut wall = vec!["sh", "-c", "exec 7</etc/hostname 9</etc; exec \"$@\"", "sh"];
        wall.extend(caller.wall());
        let probe = place.text("casemate-probe");
        for (flags, expected) in [
            (&[][..], vec!["0", "1", "2"]),
            (&["--descriptors", "7"], vec!["0", "1", "2", "7"]),
        ] {
            let report = finish(&mut place.behind(&wall, flags, &[&probe, "descriptors"])).json();
            let open = report.at(&["descriptors", "open"]);
            findings.same(format!("{caller:?}: {flags:?}"), open.keys(), expected);
        }
    }
}

/// Whether a path exists that is not granted cannot be told, by any call.
#[test]
fn paths_that_are_not_granted_are_not_told_from_those_that_do_not_exist() {
    let place = Place::new("oracle");
    let secret = place.directory("secret");
    place.file("secret/file", "hunter2");
    place.directory("granted");
    place.file("granted/file", "");
    place.directory("granted/hidden");
    place.file("granted/hidden/file", "hunter2");
    let path = |name: &str| place.text(name);
    for caller in Caller::all("probe::paths_that_are_not_granted") {
        let mut findings = Findings::default();
        let mut asked = Vec::new();
        for name in [
            "secret",
            "secret/file",
            "absent",
            "absent/file",
            "granted/hidden/file",
            "granted/hidden/absent",
        ] {
            for kind in ["stat", "read", "write", "execute", "unix", "make_in"] {
                asked.push(format!("{kind}={}", path(name)));
            }
        }
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let flags = [
            "--read",
            &path("granted"),
            "--hide",
            &path("granted/hidden"),
        ];
        let report = place.probe(caller, &flags, &asked);
        for target in &asked {
            let found = report.at(&[target]).to_string();
            // Creating a file where nothing may be created is another question.
            findings.same(format!("{caller:?}: {target}"), found.as_str(), "ENOENT");
        }
        let stat = format!("stat={}", path("granted/file"));
        let granted = place.probe(caller, &flags, &[&stat]);
        findings.same(
            "what is granted",
            granted.at(&[&stat]).to_string().as_str(),
            "ok",
        );
    }
    drop(secret);
}

/// A set-user-id program of a granted directory runs without any privilege.
#[test]
fn set_user_id_programs_have_no_effect() {
    let callers = Caller::all("probe::set_user_id_programs_have_no_effect");
    if !callers.contains(&Caller::Root) {
        return skip(
            "probe::set_user_id_programs_have_no_effect",
            "only root can make such a program",
        );
    }
    let place = Place::new("setuid");
    let directory = place.directory("granted");
    let program = directory.join("probe");
    fs::copy(place.path("casemate-probe"), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o6755)).unwrap();
    for caller in callers {
        let mut findings = Findings::default();
        let flags = ["--run", directory.to_str().unwrap()];
        for more in [&[][..], &["--new-privileges"]] {
            let flags = [&flags[..], more].concat();
            let report = place
                .run(caller, &flags, &[program.to_str().unwrap(), "identity"])
                .json();
            let id = caller.id();
            let ids = report.at(&["identity", "uids"]).to_string();
            findings.same(
                format!("{caller:?}: {flags:?}"),
                ids,
                format!("[{id},{id},{id}]"),
            );
            let permitted = report
                .at(&["identity", "capabilities", "permitted"])
                .to_string();
            findings.same(format!("{caller:?}: {flags:?}"), permitted.as_str(), "[]");
        }
    }
}

/// What is asked for and cannot be had here is an error that says why and what to do; by default it is a note.
#[test]
fn a_limit_that_this_host_cannot_enforce_is_told() {
    let place = Place::new("honest");
    let mut findings = Findings::default();
    // A user without a delegated group. Where the tests run as a user that has one, there is nothing to be told.
    let ended = place.run(Caller::User, &["--memory", "100M"], &["true"]);
    if ended.code == 0 {
        return skip(
            "probe::a_limit_that_this_host_cannot_enforce_is_told",
            "this user has a delegated cgroup",
        );
    }
    findings.same(format!("{ended:?}"), ended.code, 125);
    findings.contains(
        "what",
        &ended.err,
        "resources: the limit of memory cannot be enforced here: ",
    );
    findings.contains("how to go on", &ended.err, "--best-effort resources");
    for flags in [
        &["--memory", "100M", "--best-effort", "resources"][..],
        &["--verbose"],
    ] {
        let ended = place.run(Caller::User, flags, &["true"]);
        findings.same(format!("{flags:?}: {ended:?}"), ended.code, 0);
        findings.contains(
            format!("{flags:?}"),
            &ended.err,
            "not enforced: resources: the limit of memory: ",
        );
    }
    let ended = place.run(
        Caller::User,
        &["--quiet", "--memory", "100M", "--best-effort", "resources"],
        &["true"],
    );
    findings.same(
        format!("quiet: {ended:?}"),
        (ended.code, ended.err.as_str()),
        (0, ""),
    );
}
