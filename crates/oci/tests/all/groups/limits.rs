//! Limits of containers: what the kernel then says of them, and that they hold.

use super::adopted::hierarchies;
use crate::support::{Config, Findings, Ground, eventually, find, is_root, skip};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn ground(test: &str, name: &str) -> Option<Ground> {
    if !is_root() {
        skip(test, "making groups needs root");
        return None;
    }
    // Two tests may do the same at once.
    let thread = std::thread::current();
    let lab = thread.name().is_some_and(|name| name.contains("in_lab"));
    Some(Ground::new(&format!(
        "{name}{}",
        if lab { "-lab" } else { "" }
    )))
}

fn is_v1(controller: &str) -> bool {
    hierarchies().contains_key(controller)
}

fn with(script: &str, resources: &str) -> Config {
    Config {
        linux: format!("\"resources\":{{{resources}}}"),
        ..Config::sh(script)
    }
}

fn hold() {
    let Some(ground) = ground("groups::limits::limits_hold", "limits-hold") else {
        return;
    };
    let mut findings = Findings::default();
    // What is beyond the limit ends whoever asks for it; with swap there would be room.
    let memory = if is_v1("memory") {
        "\"memory\":{\"limit\":16777216,\"swap\":16777216}"
    } else {
        "\"memory\":{\"limit\":16777216}"
    };
    let hog = "head -c 200000000 /dev/zero | tail -c 199999999 >/dev/null; exit $?";
    let ended = ground.run(&with(hog, memory));
    findings.same(format!("memory: {ended:?}"), ended.code, 137);
    let forks = "for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; echo made";
    let ended = ground.run(&with(forks, "\"pids\":{\"limit\":4}"));
    findings.same(format!("processes: {ended:?}"), ended.code == 0, false);
    findings.contains("processes", &ended.err, "fork");
    let ended = ground.run(&with(
        "true; /bin/true; echo made",
        "\"pids\":{\"limit\":4}",
    ));
    findings.same(
        format!("few processes: {ended:?}"),
        ended.out.as_str(),
        "made\n",
    );
    // Every container may make nodes, and use those of the rules and the ordinary ones only.
    let node = "mknod /dev/log c 1 11 && (: </dev/log) 2>/dev/null; echo $?; : </dev/null; echo $?";
    let rules = |more: &str| format!("\"devices\":[{{\"allow\":false,\"access\":\"rwm\"}}{more}]");
    for (rules, expected) in [
        (String::new(), "1\n0\n"),
        (rules(""), "1\n0\n"),
        (
            rules(",{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":11,\"access\":\"r\"}"),
            "0\n0\n",
        ),
        (
            rules(",{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":11,\"access\":\"w\"}"),
            "1\n0\n",
        ),
    ] {
        let mut config = with(node, &rules);
        config.capabilities = Some(
            ["CAP_MKNOD", "CAP_DAC_OVERRIDE", "CAP_SYSLOG"]
                .map(str::to_owned)
                .to_vec(),
        );
        let ended = ground.run(&config);
        findings.same(format!("{rules}: {ended:?}"), ended.out.as_str(), expected);
    }
    ground.delete_all();
    ground.expect_nothing("limits", &mut findings);
}

#[test]
fn limits_hold() {
    hold();
}

/// What each file of a container's groups says.
fn files(groups: &BTreeMap<String, PathBuf>, v1: &[&str], v2: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (key, group) in groups {
        let names = if key.is_empty() { v2 } else { v1 };
        for name in names {
            if let Ok(text) = fs::read_to_string(group.join(name)) {
                let mut lines: Vec<&str> = text.lines().collect();
                lines.sort_unstable();
                found.push(format!("{name}: {}", lines.join("; ")));
            }
        }
    }
    found.sort();
    found
}

const V1: [&str; 14] = [
    "memory.limit_in_bytes",
    "memory.memsw.limit_in_bytes",
    "memory.soft_limit_in_bytes",
    "memory.swappiness",
    "memory.oom_control",
    "cpu.shares",
    "cpu.cfs_quota_us",
    "cpu.cfs_period_us",
    "cpuset.cpus",
    "cpuset.mems",
    "pids.max",
    "devices.list",
    "blkio.throttle.read_bps_device",
    "blkio.bfq.weight",
];
// Not cpu.weight: runc before 1.3 and crun before 1.23 have another curve for it.
const V2: [&str; 8] = [
    "memory.max",
    "memory.low",
    "memory.high",
    "cpu.max",
    "cpuset.cpus",
    "pids.max",
    "io.max",
    "hugetlb.2MB.max",
];

fn disk() -> Option<String> {
    let partitions = fs::read_to_string("/proc/partitions").unwrap();
    partitions.lines().skip(2).find_map(|line| {
        let mut words = line.split_whitespace();
        let (major, minor) = (words.next()?, words.next()?);
        Path::new(&format!("/sys/dev/block/{major}:{minor}/queue"))
            .exists()
            .then(|| format!("\"major\":{major},\"minor\":{minor}"))
    })
}

fn resources() -> String {
    let block = disk().map_or_else(String::new, |disk| {
        format!(",\"blockIO\":{{\"throttleReadBpsDevice\":[{{{disk},\"rate\":1048576}}]}}")
    });
    let version = if is_v1("memory") {
        "\"memory\":{\"limit\":67108864,\"swap\":134217728,\"reservation\":33554432,\"swappiness\":20,\"disableOOMKiller\":false}"
    } else {
        "\"memory\":{\"limit\":67108864,\"reservation\":33554432},\"unified\":{\"memory.high\":\"50331648\"}"
    };
    format!(
        "{version},\"cpu\":{{\"shares\":1024,\"quota\":50000,\"period\":200000}},\"pids\":{{\"limit\":77}}{block},\
         \"devices\":[{{\"allow\":false,\"access\":\"rwm\"}},{{\"allow\":true,\"type\":\"c\",\"major\":10,\"minor\":229,\"access\":\"rw\"}},\
         {{\"allow\":true,\"type\":\"b\",\"major\":8,\"access\":\"r\"}}]"
    )
}

fn groups_of(path: &str) -> BTreeMap<String, PathBuf> {
    hierarchies()
        .into_iter()
        .map(|(key, hierarchy)| (key, hierarchy.join(path.trim_start_matches('/'))))
        .collect()
}

/// The same configuration leads to the same values as with a peer.
fn agree_with(peer: &str) {
    let test = "groups::limits::values_are_those_of_peers";
    let Some(ground) = ground(test, "limits-agree") else {
        return;
    };
    let Some(program) = find(peer) else {
        skip(test, &format!("needs {peer}"));
        return;
    };
    let mut findings = Findings::default();
    let place = ground.path("");
    let path = format!("/{}/agree", place.file_name().unwrap().display());
    let config = with("sleep 100", &resources()).text(&path);
    let bundle = ground.bundle_of(&config);
    let created = ground.quiet(&["create", "--bundle", &bundle, "agree"]);
    findings.same(format!("{created:?}"), created.code, 0);
    let ours = files(&groups_of(&path), &V1, &V2);
    let deleted = ground.oci(&["delete", "--force", "agree"]);
    findings.same(format!("{deleted:?}"), deleted.code, 0);
    let states = ground.text("peer");
    let create = Command::new(&program)
        .args(["--root", &states, "create", "--bundle", &bundle, "agree"])
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(fs::File::create(ground.path("peer-says")).unwrap())
        .status()
        .unwrap();
    let theirs = files(&groups_of(&path), &V1, &V2);
    let delete = Command::new(&program)
        .args(["--root", &states, "delete", "--force", "agree"])
        .status();
    let said = fs::read_to_string(ground.path("peer-says")).unwrap();
    assert!(
        create.success() && delete.unwrap().success(),
        "{peer}: {said}"
    );
    findings.same("enough to compare", ours.len() > 5, true);
    findings.same("values", ours, theirs);
}

#[test]
fn values_are_those_of_peers() {
    agree_with("runc");
}

fn refuse() {
    let Some(ground) = ground(
        "groups::limits::what_cannot_be_enforced_is_refused",
        "limits-refused",
    ) else {
        return;
    };
    let mut findings = Findings::default();
    let mut cases = vec![
        (
            "\"hugepageLimits\":[{\"pageSize\":\"3MB\",\"limit\":0}]",
            "linux.resources.hugepageLimits[0]",
        ),
        (
            "\"rdma\":{\"none\":{\"hcaHandles\":3}}",
            "linux.resources.rdma.none",
        ),
        ("\"cpu\":{\"cpus\":\"4000\"}", "linux.resources.cpu.cpus"),
        (
            "\"unified\":{\"none.max\":\"1\"}",
            "linux.resources.unified.none.max",
        ),
        (
            "\"network\":{\"classID\":7}",
            "linux.resources.network.classID",
        ),
        (
            "\"blockIO\":{\"leafWeight\":50}",
            "linux.resources.blockIO.leafWeight",
        ),
    ];
    if is_v1("memory") {
        cases.push((
            "\"unified\":{\"memory.high\":\"1\"}",
            "linux.resources.unified.memory.high",
        ));
        cases.push((
            "\"memory\":{\"useHierarchy\":false}",
            "linux.resources.memory.useHierarchy",
        ));
    } else {
        cases.push((
            "\"memory\":{\"swappiness\":7}",
            "linux.resources.memory.swappiness",
        ));
        cases.push((
            "\"memory\":{\"disableOOMKiller\":true}",
            "linux.resources.memory.disableOOMKiller",
        ));
        cases.push((
            "\"cpu\":{\"realtimeRuntime\":7}",
            "linux.resources.cpu.realtimeRuntime",
        ));
    }
    for (resources, field) in cases {
        if field.ends_with("classID") && is_v1("net_cls") {
            continue;
        }
        let ended = ground.run(&with("true", resources));
        findings.same(format!("{resources}: {ended:?}"), ended.code == 0, false);
        findings.contains(resources, &ended.err, field);
    }
    ground.expect_nothing("refused", &mut findings);
}

#[test]
fn what_cannot_be_enforced_is_refused() {
    refuse();
}

/// A group that others use is not taken, one that is empty is; and groups below the container's go with it.
fn share() {
    let Some(ground) = ground(
        "groups::limits::groups_of_others_are_left_alone",
        "limits-share",
    ) else {
        return;
    };
    let mut findings = Findings::default();
    let place = ground.path("");
    let path = format!("/{}/there", place.file_name().unwrap().display());
    let bundle = ground.bundle_of(&with("sleep 100", "").text(&path));
    let groups = groups_of(&path);
    let (key, group) = groups.iter().next().unwrap();
    let key = if groups.contains_key("pids") {
        "pids"
    } else {
        key
    };
    let group = groups.get(key).unwrap_or(group);
    fs::create_dir_all(group).unwrap();
    let mut other = Command::new("sleep").arg("100").spawn().unwrap();
    fs::write(group.join("cgroup.procs"), other.id().to_string()).unwrap();
    let refused = ground.quiet(&["create", "--bundle", &bundle, "there"]);
    findings.same(format!("{refused:?}"), refused.code == 0, false);
    findings.contains("occupied", &refused.err, "cgroup is not empty");
    findings.same(
        "it is left alone",
        other.try_wait().unwrap().is_none(),
        true,
    );
    other.kill().unwrap();
    other.wait().unwrap();
    let empty = eventually(|| {
        fs::read_to_string(group.join("cgroup.procs"))
            .unwrap()
            .is_empty()
    });
    findings.same("empty", empty, true);
    let freezer = groups.get("freezer").or_else(|| groups.get("")).unwrap();
    fs::create_dir_all(freezer).unwrap();
    let (file, on, off) = if groups.contains_key("freezer") {
        ("freezer.state", "FROZEN", "THAWED")
    } else {
        ("cgroup.freeze", "1", "0")
    };
    fs::write(freezer.join(file), on).unwrap();
    let refused = ground.quiet(&["create", "--bundle", &bundle, "there"]);
    findings.contains(format!("{refused:?}"), &refused.err, "unexpectedly frozen");
    fs::write(freezer.join(file), off).unwrap();
    let created = ground.quiet(&["create", "--bundle", &bundle, "there"]);
    findings.same(format!("{created:?}"), created.code, 0);
    fs::create_dir(group.join("below")).unwrap();
    let deleted = ground.oci(&["delete", "--force", "there"]);
    findings.same(format!("{deleted:?}"), deleted.code, 0);
    ground.expect_nothing("shared", &mut findings);
}

#[test]
fn groups_of_others_are_left_alone() {
    share();
}

/// The same under cgroup version 2 alone.
mod in_lab {
    use crate::support::skip;

    #[test]
    fn limits_of_version_2() {
        if std::env::var_os("CASEMATE_LAB").is_none() {
            skip(
                "groups::limits::in_lab::limits_of_version_2",
                "needs the lab's kernel",
            );
            return;
        }
        super::hold();
        super::refuse();
        super::share();
        super::agree_with("crun");
    }
}
