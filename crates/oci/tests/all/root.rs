//! The container's root does what the configuration asks for.

use crate::support::{Config, Findings, Ground, finish, is_root, skip};
use std::fs;
use std::os::unix::fs::chown;
use std::process::Command;

fn ground(test: &str, name: &str) -> Option<Ground> {
    if !is_root() {
        skip(test, "needs root");
        return None;
    }
    let ground = Ground::new(name);
    fs::create_dir_all(ground.path("source/below")).unwrap();
    fs::write(ground.path("source/file"), "content\n").unwrap();
    Some(ground)
}

const MAPPED: &str = r#""uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]"#;

#[test]
fn ids_of_mounts_are_mapped() {
    const TEST: &str = "root::ids_of_mounts_are_mapped";
    let Some(ground) = ground(TEST, "idmap") else {
        return;
    };
    let mut findings = Findings::default();
    chown(ground.path("source/file"), Some(7), Some(8)).unwrap();
    let source = ground.text("source");
    let shifted = r#","uidMappings":[{"containerID":0,"hostID":1000,"size":100}],"gidMappings":[{"containerID":0,"hostID":2000,"size":100}]"#;
    let usual = r#"{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}"#;
    // Options, mappings of the mount, of the container, and the owner that is seen.
    let cases = [
        (r#""rbind""#, "", "", "7:8"),
        (r#""bind""#, shifted, "", "1007:2008"),
        (r#""rbind","ridmap""#, shifted, "", "1007:2008"),
        // Without a mapping the owner is nobody inside; with the container's own it is who it is on the disk.
        (r#""rbind""#, "", MAPPED, "65534:65534"),
        (r#""rbind","idmap""#, "", MAPPED, "7:8"),
    ];
    for (options, mappings, linux, expected) in cases {
        let mut config = Config::sh("stat -c %u:%g /data/file");
        linux.clone_into(&mut config.linux);
        if !linux.is_empty() {
            config.namespaces = Some(format!(r#"{usual},{{"type":"user"}}"#));
        }
        config.mounts = vec![format!(
            r#"{{"destination":"/data","source":"{source}","options":[{options}]{mappings}}}"#
        )];
        let ended = ground.run(&config);
        findings.same(
            format!("{options} {mappings} {linux}: {ended:?}"),
            ended.out.trim(),
            expected,
        );
    }
    // Without a mapping anywhere.
    let mut config = Config::of(&["/bin/true"]);
    config.mounts = vec![format!(
        r#"{{"destination":"/data","source":"{source}","options":["bind","idmap"]}}"#
    )];
    let ended = ground.run(&config);
    findings.contains(format!("{ended:?}"), &ended.err, "mappings");
    ground.expect_nothing("afterwards", &mut findings);
}

#[test]
fn what_cannot_be_mounted_is_named() {
    const TEST: &str = "root::what_cannot_be_mounted_is_named";
    let Some(ground) = ground(TEST, "named") else {
        return;
    };
    let mut findings = Findings::default();
    let source = ground.text("source");
    let cases = [
        (
            r#""type":"tmpfs","source":"tmpfs","options":["size=lots"]"#,
            "size=lots",
        ),
        (
            r#""type":"tmpfs","source":"tmpfs","options":["nosuchoption"]"#,
            "nosuchoption",
        ),
        (r#""type":"nosuchfs","source":"x""#, "nosuchfs"),
        (
            r#""type":"tmpfs","source":"x","options":["remount"]"#,
            "remount",
        ),
        (
            r#""source":"/no/such/source","options":["bind"]"#,
            "/no/such/source",
        ),
        (
            r#""type":"proc","source":"proc","options":["tmpcopyup"]"#,
            "tmpcopyup",
        ),
        (r#""source":"x""#, "type"),
    ];
    for (mount, part) in cases {
        let mut config = Config::of(&["/bin/true"]);
        config.mounts = vec![format!(r#"{{"destination":"/data",{mount}}}"#)];
        let ended = ground.run(&config);
        findings.same(format!("{mount}: {ended:?}"), ended.code == 0, false);
        findings.contains(mount, &ended.err, part);
        findings.contains(mount, &ended.err, "/data");
    }
    // A directory on a file, and a file on a directory.
    for (destination, source, part) in [
        ("/etc/passwd", source.clone(), "not a directory"),
        ("/etc", format!("{source}/file"), "is a directory"),
    ] {
        let mut config = Config::of(&["/bin/true"]);
        config.mounts = vec![format!(
            r#"{{"destination":"{destination}","source":"{source}","options":["bind"]}}"#
        )];
        let ended = ground.run(&config);
        findings.contains(format!("{destination}: {ended:?}"), &ended.err, part);
    }
    let mut config = Config::of(&["/bin/true"]);
    config.linux = r#""intelRdt":{"closID":"x","schemata":["L3:0=f"]}"#.to_owned();
    if !std::path::Path::new("/sys/fs/resctrl/schemata").exists() {
        let ended = ground.run(&config);
        findings.contains(format!("{ended:?}"), &ended.err, "intelRdt");
    }
    ground.expect_nothing("afterwards", &mut findings);
}

#[test]
fn without_a_mount_namespace_the_others_mounts_stay() {
    const TEST: &str = "root::without_a_mount_namespace_the_others_mounts_stay";
    let Some(ground) = ground(TEST, "nomounts") else {
        return;
    };
    let mut findings = Findings::default();
    let mounts = || fs::read_to_string("/proc/self/mountinfo").unwrap();
    let before = mounts();
    let own = fs::read_link("/proc/self/ns/mnt").unwrap();
    let source = ground.text("source");
    let mut config = Config::sh(
        "readlink /proc/self/ns/mnt; cat /data/file; ls /; wc -c </proc/keys; touch /data/x; ls -l /dev/null",
    );
    config.namespaces = Some(r#"{"type":"pid"},{"type":"ipc"},{"type":"uts"}"#.to_owned());
    config.linux = r#""maskedPaths":["/proc/keys"],"readonlyPaths":["/proc/sys"]"#.to_owned();
    config.mounts = vec![format!(
        r#"{{"destination":"/data","source":"{source}","options":["rbind","ro"]}}"#
    )];
    let ended = ground.run(&config);
    findings.contains(format!("{ended:?}"), &ended.out, own.to_str().unwrap());
    findings.contains("the mount", &ended.out, "content\n");
    findings.contains("the mask", &ended.out, "\n0\n");
    findings.contains("the device", &ended.out, "crw-rw-rw-");
    findings.contains("read-only", &ended.err, "Read-only file system");
    findings.lacks("the host's root", &ended.out, "lost+found");
    findings.same("mounts of the host", mounts(), before);
    config.mounts =
        vec![r#"{"destination":"/data","type":"tmpfs","source":"x","options":["ro"]}"#.to_owned()];
    let ended = ground.run(&config);
    findings.contains(
        format!("{ended:?}"),
        &ended.err,
        "needs a new mount namespace",
    );
    ground.expect_nothing("afterwards", &mut findings);
}

/// A pair of interfaces, removed with the value.
struct Pair(String);

impl Pair {
    fn new() -> Option<Self> {
        let name = format!("cm{}a", std::process::id());
        let peer = format!("cm{}b", std::process::id());
        let mut command = Command::new("ip");
        let ended =
            finish(command.args(["link", "add", &name, "type", "veth", "peer", "name", &peer]));
        (ended.code == 0).then_some(Self(name))
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        // With the container's end it may have gone already.
        finish(Command::new("ip").args(["link", "del", &self.0]));
    }
}

#[test]
fn network_interfaces_move_with_their_addresses() {
    const TEST: &str = "root::network_interfaces_move_with_their_addresses";
    let Some(ground) = ground(TEST, "interfaces") else {
        return;
    };
    let Some(pair) = Pair::new() else {
        skip(TEST, "the kernel makes no pairs of network interfaces");
        return;
    };
    let mut findings = Findings::default();
    let name = &pair.0;
    let ended = finish(Command::new("ip").args(["addr", "add", "192.0.2.7/24", "dev", name]));
    findings.same(format!("{ended:?}"), ended.code, 0);
    let mut config = Config::sh("ip addr show eth7");
    config.linux = format!(r#""netDevices":{{"{name}":{{"name":"eth7"}}}}"#);
    let ended = ground.run(&config);
    findings.contains(format!("{ended:?}"), &ended.err, "network namespace");
    let usual =
        r#"{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"network"}"#;
    config.namespaces = Some(usual.to_owned());
    let ended = ground.run(&config);
    findings.contains(format!("{ended:?}"), &ended.out, "inet 192.0.2.7/24");
    findings.contains("it is up", &ended.out, ",UP");
    // It went with the container's namespace; what is not there is named.
    let mut gone = finish(Command::new("ip").args(["link", "show", name]));
    while gone.code == 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        gone = finish(Command::new("ip").args(["link", "show", name]));
    }
    let ended = ground.run(&config);
    findings.contains(format!("{ended:?}"), &ended.err, name);
    ground.expect_nothing("afterwards", &mut findings);
}

#[test]
fn without_privileges_the_root_is_made_in_a_user_namespace() {
    const TEST: &str = "root::without_privileges_the_root_is_made_in_a_user_namespace";
    let Some(ground) = ground(TEST, "rootless") else {
        return;
    };
    let mut findings = Findings::default();
    let (source, states) = (ground.text("source"), ground.path("states"));
    fs::create_dir(&states).unwrap();
    chown(&states, Some(65534), Some(65534)).unwrap();
    // Nothing can be made in an image of somebody else.
    fs::create_dir(ground.path("root/data")).unwrap();
    let mut config = Config::sh(
        "cat /data/file; touch /data/x; echo x >/dev/null && echo null; wc -c </proc/keys; cat /proc/self/uid_map; mount -o remount,rw,bind /data",
    );
    config.namespaces = Some(
        r#"{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"user"}"#
            .to_owned(),
    );
    config.linux = r#""uidMappings":[{"containerID":0,"hostID":65534,"size":1}],"gidMappings":[{"containerID":0,"hostID":65534,"size":1}],"maskedPaths":["/proc/keys","/proc/acpi"],"readonlyPaths":["/proc/sys"]"#.to_owned();
    config.mounts = vec![format!(
        r#"{{"destination":"/data","source":"{source}","options":["rbind","ro"]}}"#
    )];
    let text = config.text("").replace(r#""cgroupsPath":"","#, "");
    let bundle = ground.bundle_of(&text);
    let wall = [
        "setpriv",
        "--reuid",
        "65534",
        "--regid",
        "65534",
        "--clear-groups",
    ];
    let ended = finish(&mut ground.behind(&wall, &["run", "--bundle", &bundle, "rootless"]));
    findings.same(
        format!("{ended:?}"),
        ended.out.starts_with("content\nnull\n0\n"),
        true,
    );
    findings.contains("its ids", &ended.out, "0      65534          1");
    findings.contains("read-only", &ended.err, "Read-only file system");
    findings.same("written", ground.path("source/x").exists(), false);
    // Mounts of ids that are not the caller's need the host's privileges.
    let mapped = text.replace(
        r#""options":["rbind","ro"]"#,
        r#""options":["rbind","idmap"],"uidMappings":[{"containerID":0,"hostID":1,"size":1}],"gidMappings":[{"containerID":0,"hostID":1,"size":1}]"#,
    );
    let bundle = ground.bundle_of(&mapped);
    let ended = finish(&mut ground.behind(&wall, &["run", "--bundle", &bundle, "mapped"]));
    findings.contains(format!("{ended:?}"), &ended.err, "host's privileges");
    ground.expect_nothing("afterwards", &mut findings);
}

#[test]
fn the_root_can_be_moved_instead_of_pivoted_to() {
    const TEST: &str = "root::the_root_can_be_moved_instead_of_pivoted_to";
    let Some(ground) = ground(TEST, "nopivot") else {
        return;
    };
    let mut findings = Findings::default();
    let before = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let config = Config::sh("ls /; cat /proc/self/mountinfo");
    let bundle = ground.bundle(&config);
    let ended = ground.oci(&["run", "--no-pivot", "--bundle", &bundle, "moved"]);
    findings.same(format!("{ended:?}"), ended.code, 0);
    findings.lacks("the host's mounts", &ended.out, "/sys/fs/cgroup");
    let after = fs::read_to_string("/proc/self/mountinfo").unwrap();
    findings.same("mounts of the host", after, before);
    ground.expect_nothing("afterwards", &mut findings);
}
