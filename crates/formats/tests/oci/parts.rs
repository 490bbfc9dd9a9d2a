//! Parts of a configuration, and demands beyond types, in tables.

use casemate_formats::oci::{read, read_process, read_resources};

#[test]
fn a_process_alone_is_read() {
    // As Docker gives it to `exec --process`.
    let text = br#"{"user":{"uid":0,"gid":0,"additionalGids":[0,10]},"args":["ls","-l"],
        "env":["PATH=/bin"],"cwd":"/","capabilities":{"bounding":["CAP_KILL","CAP_NEWER"]}}"#;
    let part = read_process("process.json", text).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(part.value.args, ["ls", "-l"]);
    assert_eq!(
        part.warnings[0].to_string(),
        "process.json:2:78: capabilities.bounding: unknown capability \"CAP_NEWER\" left out"
    );
    for (text, says) in [
        (r#"{"args":["a"],"cwd":"/"}"#, "user: must be given"),
        (
            r#"{"user":{"uid":0,"gid":0},"args":["a"],"cwd":"x"}"#,
            "cwd: must be an absolute path",
        ),
        (
            r#"{"user":{"uid":0,"gid":0},"cwd":"/"}"#,
            "args: must name a program",
        ),
        (
            r#"{"user":{"gid":0},"args":["a"],"cwd":"/"}"#,
            "user.uid: must be given",
        ),
        (
            r#"{"user":{"uid":-1,"gid":0},"args":["a"],"cwd":"/"}"#,
            "user.uid: expected",
        ),
        (
            r#"{"user":{"uid":4294967295,"gid":0},"args":["a"],"cwd":"/"}"#,
            "user.uid: must be below",
        ),
        (
            r#"{"user":{"uid":0,"gid":0},"args":["a\u0000b"],"cwd":"/"}"#,
            "args[0]: holds a zero byte",
        ),
        (
            r#"{"user":{"uid":0,"gid":0},"args":["a"],"cwd":"/","env":["X"]}"#,
            "env[0]: must be NAME=VALUE",
        ),
        (
            r#"{"user":{"uid":0,"gid":0},"args":["a"],"cwd":"/","commandLine":"a"}"#,
            "commandLine: refused",
        ),
        ("[]", "expected an object"),
    ] {
        let errors = read_process("p", text.as_bytes())
            .expect_err(text)
            .to_string();
        assert!(errors.contains(says), "{text}: {errors}");
    }
}

#[test]
fn resources_alone_are_read() {
    let text = br#"{"memory":{"swap":1048576},"cpu":{"shares":0,"quota":-1},"blockIO":{},"pids":{"limit":-1}}"#;
    let part = read_resources("r", text).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(
        part.value.memory.and_then(|memory| memory.swap),
        Some(1_048_576)
    );
    for (text, says) in [
        (r#"{"memory":{"limit":-2}}"#, "memory.limit"),
        (r#"{"memory":{"limit":20,"swap":10}}"#, "memory.swap"),
        (r#"{"memory":{"swappiness":101}}"#, "memory.swappiness"),
        (r#"{"cpu":{"cpus":"0-"}}"#, "cpu.cpus"),
        (r#"{"cpu":{"cpus":"3-1"}}"#, "cpu.cpus"),
        (r#"{"cpu":{"quota":5,"burst":6}}"#, "cpu.burst"),
        (r#"{"pids":{"limit":-2}}"#, "pids.limit"),
        (
            r#"{"devices":[{"allow":true,"access":"rx"}]}"#,
            "devices[0].access",
        ),
        (
            r#"{"devices":[{"allow":true,"type":"p"}]}"#,
            "devices[0].type",
        ),
        (r#"{"devices":[{}]}"#, "devices[0].allow: must be given"),
        (
            r#"{"hugepageLimits":[{"pageSize":"2M","limit":1}]}"#,
            "hugepageLimits[0].pageSize",
        ),
        (r#"{"rdma":{"mlx":{}}}"#, "rdma.mlx"),
        (r#"{"unified":{"../x.y":"1"}}"#, r#"unified["../x.y"]"#),
        (
            r#"{"unified":{"cgroup.procs":"1"}}"#,
            r#"unified["cgroup.procs"]"#,
        ),
        (
            r#"{"blockIO":{"weightDevice":[{"major":8,"minor":0}]}}"#,
            "weightDevice[0].weight",
        ),
        (
            r#"{"network":{"priorities":[{"name":"a/b","priority":1}]}}"#,
            "priorities[0].name",
        ),
    ] {
        let errors = read_resources("r", text.as_bytes())
            .expect_err(text)
            .to_string();
        assert!(errors.contains(says), "{text}: {errors}");
    }
}

/// Demands on a whole configuration, by what is put into `linux`, `process` or beside them.
#[test]
fn demands_are_kept() {
    let process = |more: &str| {
        format!(r#""process":{{"user":{{"uid":0,"gid":0}},"args":["a"],"cwd":"/"{more}}}"#)
    };
    let linux = |more: &str| format!(r#"{},"linux":{{{more}}}"#, process(""));
    let spaces =
        r#""namespaces":[{"type":"network"},{"type":"time"},{"type":"uts"},{"type":"ipc"}]"#;
    for (members, says) in [
        (linux(spaces), ""),
        (
            linux(&format!(
                r#"{spaces},"sysctl":{{"net.core.somaxconn":"1"}}"#
            )),
            "",
        ),
        (
            linux(&format!(r#"{spaces},"sysctl":{{"kernel.shmmax":"1"}}"#)),
            "",
        ),
        (
            linux(&format!(r#"{spaces},"sysctl":{{"vm.swappiness":"1"}}"#)),
            "belongs to no namespace",
        ),
        (
            linux(&format!(r#"{spaces},"sysctl":{{"net..x":"1"}}"#)),
            "name of a kernel parameter",
        ),
        (
            linux(&format!(
                r#"{spaces},"sysctl":{{"net/ipv4/conf/e.0/x":"1","net.ipv4.conf.e/0.x":"1"}}"#
            )),
            "given twice",
        ),
        (
            linux(&format!(
                r#"{spaces},"timeOffsets":{{"boottime":{{"secs":1}}}}"#
            )),
            "",
        ),
        (
            linux(&format!(
                r#"{spaces},"timeOffsets":{{"real":{{"secs":1}}}}"#
            )),
            "boottime or monotonic",
        ),
        (
            linux(r#""timeOffsets":{"boottime":{"secs":1}}"#),
            "without a new time namespace",
        ),
        (
            linux(r#""namespaces":[{"type":"user"}]"#),
            "must be given for a new user namespace",
        ),
        (linux(r#""namespaces":[{"type":"user","path":"/x"}]"#), ""),
        (
            linux(r#""namespaces":[{"type":"pid","path":"x"}]"#),
            "must be an absolute path",
        ),
        (
            linux(&format!(
                r#"{spaces},"netDevices":{{"eth0":{{"name":"eth%d"}}}}"#
            )),
            "",
        ),
        (
            linux(&format!(
                r#"{spaces},"netDevices":{{"eth0":{{"name":"a%x"}}}}"#
            )),
            "name of an interface",
        ),
        (
            linux(&format!(
                r#"{spaces},"netDevices":{{"a":{{"name":"b"}},"b":{{}}}}"#
            )),
            "given twice",
        ),
        (linux(r#""cgroupsPath":"/a/../b""#), "must not have .."),
        (linux(r#""cgroupsPath":"a.slice:b:c""#), ""),
        (linux(r#""maskedPaths":["proc"]"#), "maskedPaths[0]"),
        (linux(r#""intelRdt":{"closID":"a/b"}"#), "intelRdt.closID"),
        (
            linux(r#""intelRdt":{"closID":"/","memBwSchema":"L3:0=f"}"#),
            "memBwSchema",
        ),
        (
            linux(r#""memoryPolicy":{"mode":"MPOL_LOCAL","nodes":"0"}"#),
            "memoryPolicy.nodes",
        ),
        (
            linux(r#""memoryPolicy":{"mode":"MPOL_BIND"}"#),
            "memoryPolicy.nodes",
        ),
        (
            linux(r#""personality":{"domain":"LINUX","flags":["X"]}"#),
            "personality.flags",
        ),
        (
            linux(r#""seccomp":{"defaultAction":"SCMP_ACT_NOTIFY"}"#),
            "seccomp.defaultAction",
        ),
        (
            linux(r#""seccomp":{"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x"}"#),
            "listenerMetadata",
        ),
        (process(r#","oomScoreAdj":1001"#), "oomScoreAdj"),
        (
            process(r#","rlimits":[{"type":"RLIMIT_X","soft":1,"hard":1}]"#),
            "unknown limit \"RLIMIT_X\"",
        ),
        (
            process(r#","rlimits":[{"type":"RLIMIT_CORE","soft":2,"hard":1}]"#),
            "must not be above hard",
        ),
        (
            process(r#","scheduler":{"policy":"SCHED_FIFO"}"#),
            "scheduler.priority",
        ),
        (
            process(r#","scheduler":{"policy":"SCHED_BATCH","nice":19}"#),
            "",
        ),
        (
            process(r#","scheduler":{"policy":"SCHED_OTHER","runtime":5}"#),
            "scheduler.runtime",
        ),
        (
            process(r#","ioPriority":{"class":"IOPRIO_CLASS_BE","priority":8}"#),
            "ioPriority.priority",
        ),
        (
            process(r#","execCPUAffinity":{"initial":"a"}"#),
            "execCPUAffinity.initial",
        ),
        (
            format!(
                r#"{},"mounts":[{{"destination":"/x","source":"/y","options":["bind","idmap"]}}]"#,
                process("")
            ),
            "idmapped mount without mappings",
        ),
        (
            format!(
                r#"{},"mounts":[{{"destination":"/x","options":["bind"]}}]"#,
                process("")
            ),
            "source: must be given",
        ),
        (
            format!(
                r#"{},"hooks":{{"poststop":[{{"path":"x","timeout":0}}]}}"#,
                process("")
            ),
            "poststop[0].timeout",
        ),
    ] {
        let text = format!(r#"{{"ociVersion":"1.0.0","root":{{"path":"r"}},{members}}}"#);
        match read("c", text.as_bytes()) {
            Ok(_) => assert!(says.is_empty(), "{text} is read"),
            Err(errors) => {
                let errors = errors.to_string();
                assert!(
                    !says.is_empty() && errors.contains(says),
                    "{text}: {errors}"
                );
            }
        }
    }
    for (version, good) in [
        ("1.0.0", true),
        ("1.0.2-dev", true),
        ("1.3.0", true),
        ("1.99.0+x", true),
        ("1.0", false),
        ("0.9.0", false),
        ("2.0.0", false),
        ("v1.0.0", false),
        ("", false),
    ] {
        let members = process("");
        let text = format!(r#"{{"ociVersion":"{version}","root":{{"path":"r"}},{members}}}"#);
        assert_eq!(read("c", text.as_bytes()).is_ok(), good, "{version}");
    }
}
