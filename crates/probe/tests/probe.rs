//! The probe on this machine, where nothing confines it, and behind single walls that ordinary tools put up: it must tell
//! the difference, or what it says of compartments is worth nothing.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use casemate_sys::file::{self, OpenFlags};
use casemate_sys::{CWD, terminal};
use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::process::{Command, Stdio};

const PROBE: &str = env!("CARGO_BIN_EXE_casemate-probe");

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {} {errors}",
        output.status
    );
    assert!(errors.is_empty(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs the probe through another program, which gets the probe and its arguments.
fn behind(wall: &[&str], arguments: &[&str]) -> String {
    output(
        Command::new(wall[0])
            .args(&wall[1..])
            .arg(PROBE)
            .args(arguments),
    )
}

/// Says that a test did not run here; `cargo xtask test` counts these lines.
fn skip(test: &str, reason: &str) {
    let line = format!("SKIP {test}: {reason}\n");
    print!("{line}");
    if let Some(log) = std::env::var_os("CASEMATE_SKIP_LOG") {
        let mut log = File::options().append(true).create(true).open(log).unwrap();
        log.write_all(line.as_bytes()).unwrap();
    }
}

fn is_root() -> bool {
    casemate_sys::ids::geteuid() == 0
}

#[track_caller]
fn assert_has(report: &str, parts: &[&str]) {
    for part in parts {
        assert!(report.contains(part), "{part} is not in {report}");
    }
}

#[test]
fn nothing_is_refused_where_nothing_confines() {
    let report = behind(&["env"], &[]);
    let areas = [
        "cgroups",
        "descriptors",
        "environment",
        "execution",
        "files",
        "identity",
        "limits",
        "mounts",
    ];
    for area in areas.into_iter().chain([
        "namespaces",
        "processes",
        "sockets",
        "syscalls",
        "terminal",
        "writable",
    ]) {
        assert_has(&report, &[&format!("\"{area}\":")]);
    }
    assert_has(
        &report,
        &[
            "\"memory\":\"ok\"",
            "\"add_key\":\"EFAULT\"",
            "\"keyctl\":\"ok\"",
            "\"ptrace\":\"ok\"",
            "\"user+mnt\":\"ok\"",
            "\"loopback_tcp\":\"ok\"",
            "\"inet stream\":\"ok\"",
            "\"/tmp\":\"ok\"",
            "\"seccomp\":false",
        ],
    );
    assert!(
        !report.contains("lost") && !report.contains("not tried"),
        "{report}"
    );
    assert_eq!(report.lines().count(), 1);
}

#[test]
fn identity_without_power() {
    if !is_root() {
        return skip(
            "probe::identity_without_power",
            "only root can change to another user",
        );
    }
    let wall = [
        "setpriv",
        "--reuid=65534",
        "--regid=65533",
        "--clear-groups",
        "--no-new-privs",
        "--bounding-set=-all,+chown",
        "--inh-caps=-all",
        "--securebits=+noroot,+noroot_locked",
    ];
    let report = behind(
        &wall,
        &[
            "identity",
            "read=/etc/shadow",
            "write=/etc/passwd",
            "make_in=/usr",
        ],
    );
    assert_has(
        &report,
        &[
            "\"uids\":[65534,65534,65534]",
            "\"gids\":[65533,65533,65533]",
            "\"groups\":[]",
            "\"bounding\":[\"chown\"]",
            "\"effective\":[]",
            "\"no_new_privs\":true",
            "\"securebits\":3",
            "\"read=/etc/shadow\":\"EACCES\"",
            "\"write=/etc/passwd\":\"EACCES\"",
            "\"make_in=/usr\":\"EACCES\"",
        ],
    );
}

#[test]
fn namespaces_hide_what_is_outside() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = format!("casemate-probe-test-{}", std::process::id());
    let socket = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    let tcp = format!("tcp={}", listener.local_addr().unwrap());
    let target = format!("abstract={name}");
    let signal = format!("signal={}", std::process::id());
    let arguments = [&*tcp, &target, &signal, "sockets", "processes"];
    let outside = behind(&["env"], &arguments);
    let ok = [&tcp, &target, &signal].map(|argument| format!("\"{argument}\":\"ok\""));
    assert_has(&outside, &[&ok[0], &ok[1], &ok[2], &name]);

    let wall = [
        "unshare",
        "--user",
        "--map-root-user",
        "--net",
        "--pid",
        "--fork",
        "--mount-proc",
    ];
    let inside = behind(&wall, &arguments);
    assert_has(
        &inside,
        &[
            &format!("\"{tcp}\":\"ENETUNREACH\""),
            &format!("\"{target}\":\"ECONNREFUSED\""),
            &format!("\"{signal}\":\"ESRCH\""),
            "\"interfaces\":[\"lo\"]",
            "\"loopback_tcp\":\"ENETUNREACH\"",
            "\"route_v4\":\"ENETUNREACH\"",
            "\"abstract_names\":[]",
            "\"foreign\":{}",
        ],
    );
    drop(socket);
}

#[test]
fn read_only_and_noexec_mounts() {
    // A copy, out of the way: a checkout may lie below what is mounted over.
    let script = "mount -t tmpfs t /mnt && cp \"$1\" /mnt/probe && shift && mount -t tmpfs -o noexec t /tmp \
                  && mount -t tmpfs -o ro t /var/tmp && exec /mnt/probe \"$@\"";
    let wall = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        script,
        "sh",
    ];
    let report = behind(
        &wall,
        &["execution", "make_in=/tmp", "make_in=/var/tmp", "mounts"],
    );
    assert_has(
        &report,
        &[
            "\"/tmp\":\"EACCES\"",
            "\"/var/tmp\":\"EROFS\"",
            "\"memory\":\"ok\"",
            "\"make_in=/tmp\":\"ok\"",
            "\"make_in=/var/tmp\":\"EROFS\"",
            "\"options\":\"rw,noexec,relatime\"",
        ],
    );
}

#[test]
fn what_is_inherited_is_seen() {
    let report = output(
        Command::new("sh")
            .args([
                "-c",
                "cd /usr && exec 7< /etc/passwd && exec \"$0\" descriptors environment",
                PROBE,
            ])
            .env("PROBE_SECRET", "the value"),
    );
    assert_has(
        &report,
        &[
            "\"7\":\"/etc/passwd\"",
            "\"directory\":\"/usr\"",
            "\"PROBE_SECRET\"",
        ],
    );
    assert!(!report.contains("the value"), "{report}");
}

#[test]
fn a_file_covered_by_dev_null_is_not_taken_for_the_file() {
    let script = "mount --bind /dev/null /proc/keys && exec \"$@\"";
    let wall = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        script,
        "sh",
    ];
    let report = behind(&wall, &["read=/proc/keys", "read=/etc/passwd"]);
    assert_has(
        &report,
        &[
            "{\"amount\":0,\"kind\":\"/dev/null\",\"open\":\"ok\"}",
            "{\"amount\":64,\"kind\":\"file\",\"open\":\"ok\"}",
        ],
    );
}

#[test]
fn limits_are_reported() {
    let report = behind(
        &["prlimit", "--nofile=77:88", "--cpu=unlimited:unlimited"],
        &["limits"],
    );
    assert_has(
        &report,
        &[
            "\"open_files\":{\"hard\":88,\"soft\":77}",
            "\"cpu\":{\"hard\":\"unlimited\",\"soft\":\"unlimited\"}",
        ],
    );
}

/// What is pushed by TIOCSTI arrives in the terminal's input, if the kernel permits it at all.
#[test]
fn terminals_can_be_typed_into() {
    let master = file::openat(
        CWD,
        c"/dev/ptmx",
        OpenFlags::RDWR | OpenFlags::CLOEXEC | OpenFlags::NOCTTY,
        0,
    )
    .unwrap();
    terminal::unlock_pty(master.as_fd()).unwrap();
    let slave = format!("/dev/pts/{}", terminal::pty_number(master.as_fd()).unwrap());
    let tty = File::options().read(true).write(true).open(&slave).unwrap();
    let report = output(
        Command::new("setsid")
            .args(["-c", "-w", PROBE, "terminal"])
            .stdin(Stdio::from(tty)),
    );
    let is_permitted =
        fs::read_to_string("/proc/sys/dev/tty/legacy_tiocsti").is_ok_and(|text| text.trim() == "1");
    let answer = if is_permitted { "ok" } else { "EIO" };
    assert_has(
        &report,
        &[
            "\"controlling\":\"ok\"",
            &format!(
                "\"stdin\":{{\"is_terminal\":true,\"tioclinux\":\"ENOTTY\",\"tiocsti\":\"{answer}\",\"tiocsti_high_bit\":\"{answer}\"}}"
            ),
            "\"stdout\":{\"is_terminal\":false,\"tioclinux\":\"ENOTTY\",\"tiocsti\":\"ENOTTY\"",
        ],
    );
}

#[test]
fn usage_and_failures() {
    let help = output(Command::new(PROBE).arg("--help"));
    assert_has(&help, &["areas: cgroups", "targets: abstract=..."]);
    let wrong = Command::new(PROBE).arg("nonsense").output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("\"nonsense\""));
    let full = File::options().write(true).open("/dev/full").unwrap();
    let full = Command::new(PROBE)
        .arg("limits")
        .stdout(full)
        .status()
        .unwrap();
    assert_eq!(full.code(), Some(1));
}
