use super::convert::{io_weight, shares_to_weight};
use super::{Absent, Groups, Settings, settings};
use crate::cgroup::hierarchy::{Hierarchies, Hierarchy};
use casemate_formats::oci::{read_resources, schema::Resources};
use std::path::PathBuf;

fn v1() -> Hierarchies {
    let names = [
        "memory", "cpu", "cpuset", "pids", "blkio", "hugetlb", "net_cls", "net_prio", "rdma",
    ];
    let hierarchy = |name: &str| Hierarchy {
        mount: PathBuf::from("/g").join(name),
        own: None,
    };
    Hierarchies {
        v1: names
            .iter()
            .map(|name| ((*name).to_owned(), hierarchy(name)))
            .collect(),
        ..Hierarchies::default()
    }
}

fn v2() -> Hierarchies {
    let names = [
        "memory", "cpu", "cpuset", "pids", "io", "hugetlb", "rdma", "misc",
    ];
    Hierarchies {
        v2: Some(Hierarchy {
            mount: PathBuf::from("/g"),
            own: None,
        }),
        controllers: names.map(str::to_owned).into(),
        ..Hierarchies::default()
    }
}

fn resources(json: &str) -> Resources {
    read_resources("resources.json", json.as_bytes())
        .unwrap()
        .value
}

fn written(found: &Settings) -> Vec<String> {
    let all = found.settings.iter();
    all.map(|one| {
        let mark = match one.absent {
            Absent::Error => "",
            Absent::Fine => "?",
            Absent::Next => "|",
        };
        format!("{}{mark}={}", one.file, one.values.join(";"))
    })
    .collect()
}

fn ask(json: &str, hierarchies: &Hierarchies) -> Result<Vec<String>, String> {
    settings(&resources(json), hierarchies, Groups::New)
        .map(|found| written(&found))
        .map_err(|refusal| refusal.to_string())
}

#[test]
fn each_field_goes_to_its_files() {
    let cases: [(&str, &[&str], &[&str]); 16] = [
        ("{}", &[], &[]),
        // What engines send for "not set".
        (
            r#"{"memory":{"limit":0,"swap":0,"reservation":0,"disableOOMKiller":false,"checkBeforeUpdate":true},
                "cpu":{"shares":0,"quota":0,"period":0,"realtimePeriod":0,"realtimeRuntime":0},"blockIO":{"weight":0},"pids":{}}"#,
            &[],
            &[],
        ),
        (
            r#"{"memory":{"limit":1000,"swap":3000,"reservation":500}}"#,
            &[
                "memory.limit_in_bytes=1000",
                "memory.memsw.limit_in_bytes=3000",
                "memory.soft_limit_in_bytes=500",
            ],
            &["memory.swap.max=2000", "memory.max=1000", "memory.low=500"],
        ),
        (
            r#"{"memory":{"limit":1000,"swap":1000}}"#,
            &[
                "memory.limit_in_bytes=1000",
                "memory.memsw.limit_in_bytes=1000",
            ],
            &["memory.swap.max?=0", "memory.max=1000"],
        ),
        (
            r#"{"memory":{"limit":1000,"swap":-1}}"#,
            &[
                "memory.limit_in_bytes=1000",
                "memory.memsw.limit_in_bytes=-1",
            ],
            &["memory.swap.max?=max", "memory.max=1000"],
        ),
        (
            r#"{"memory":{"limit":-1,"useHierarchy":true}}"#,
            &["memory.use_hierarchy=1", "memory.limit_in_bytes=-1"],
            &["memory.swap.max?=max", "memory.max=max"],
        ),
        (
            r#"{"cpu":{"shares":1024,"quota":50000,"period":200000,"burst":100}}"#,
            &[
                "cpu.shares=1024",
                "cpu.cfs_period_us=200000",
                "cpu.cfs_quota_us=50000",
                "cpu.cfs_burst_us=100",
            ],
            &[
                "cpu.weight=100",
                "cpu.max=50000 200000",
                "cpu.max.burst=100",
            ],
        ),
        (
            r#"{"cpu":{"quota":-1}}"#,
            &["cpu.cfs_quota_us=-1"],
            &["cpu.max=max 100000"],
        ),
        (
            r#"{"cpu":{"period":5000}}"#,
            &["cpu.cfs_period_us=5000"],
            &["cpu.max=max 5000"],
        ),
        (
            r#"{"cpu":{"shares":2,"idle":1}}"#,
            &["cpu.shares=2", "cpu.idle=1"],
            &["cpu.weight=1", "cpu.idle=1"],
        ),
        (
            r#"{"cpu":{"shares":2,"idle":0,"cpus":"0-1","mems":"0"}}"#,
            &[
                "cpu.idle=0",
                "cpu.shares=2",
                "cpuset.cpus=0-1",
                "cpuset.mems=0",
            ],
            &[
                "cpu.idle=0",
                "cpu.weight=1",
                "cpuset.cpus=0-1",
                "cpuset.mems=0",
            ],
        ),
        (
            r#"{"pids":{"limit":-1}}"#,
            &["pids.max=max"],
            &["pids.max=max"],
        ),
        (r#"{"pids":{"limit":0}}"#, &["pids.max=1"], &["pids.max=1"]),
        (
            r#"{"blockIO":{"weight":500,"weightDevice":[{"major":8,"minor":0,"weight":10}],
                "throttleReadBpsDevice":[{"major":8,"minor":0,"rate":600}],"throttleWriteIOPSDevice":[{"major":8,"minor":16,"rate":0}]}}"#,
            &[
                "blkio.weight|=500",
                "blkio.bfq.weight=500",
                "blkio.weight_device|=8:0 10",
                "blkio.bfq.weight_device=8:0 10",
                "blkio.throttle.read_bps_device=8:0 600",
                "blkio.throttle.write_iops_device=8:16 0",
            ],
            &[
                "io.bfq.weight|=500",
                "io.weight=4950",
                "io.bfq.weight|=8:0 10",
                "io.weight=8:0 1",
                "io.max=8:0 rbps=600",
                "io.max=8:16 wiops=max",
            ],
        ),
        (
            r#"{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}"#,
            &[
                "hugetlb.2MB.limit_in_bytes=4194304",
                "hugetlb.2MB.rsvd.limit_in_bytes?=4194304",
            ],
            &["hugetlb.2MB.max=4194304", "hugetlb.2MB.rsvd.max?=4194304"],
        ),
        (
            r#"{"rdma":{"mlx5_1":{"hcaHandles":3,"hcaObjects":10}}}"#,
            &["rdma.max=mlx5_1 hca_handle=3 hca_object=10"],
            &["rdma.max=mlx5_1 hca_handle=3 hca_object=10"],
        ),
    ];
    for (json, first, second) in cases {
        assert_eq!(ask(json, &v1()).unwrap(), first, "{json}");
        assert_eq!(ask(json, &v2()).unwrap(), second, "{json}");
    }
}

#[test]
fn what_one_version_alone_has_is_refused_by_the_other() {
    let first = [
        (
            r#"{"memory":{"swappiness":60}}"#,
            "memory.swappiness=60",
            "memory.swappiness",
        ),
        (
            r#"{"memory":{"disableOOMKiller":true}}"#,
            "memory.oom_control=1",
            "memory.disableOOMKiller",
        ),
        (
            r#"{"memory":{"useHierarchy":false}}"#,
            "memory.use_hierarchy=0",
            "memory.useHierarchy",
        ),
        (
            r#"{"memory":{"kernelTCP":5}}"#,
            "memory.kmem.tcp.limit_in_bytes=5",
            "memory.kernelTCP",
        ),
        (
            r#"{"cpu":{"realtimeRuntime":5}}"#,
            "cpu.rt_runtime_us=5",
            "cpu.realtimeRuntime",
        ),
        (
            r#"{"cpu":{"realtimePeriod":5}}"#,
            "cpu.rt_period_us=5",
            "cpu.realtimePeriod",
        ),
        (
            r#"{"blockIO":{"leafWeight":50}}"#,
            "blkio.leaf_weight=50",
            "blockIO.leafWeight",
        ),
        (
            r#"{"blockIO":{"weightDevice":[{"major":8,"minor":0,"leafWeight":50}]}}"#,
            "blkio.leaf_weight_device=8:0 50",
            "blockIO.weightDevice[0].leafWeight",
        ),
        (
            r#"{"network":{"classID":1048577}}"#,
            "net_cls.classid=1048577",
            "network.classID",
        ),
        (
            r#"{"network":{"priorities":[{"name":"eth0","priority":5}]}}"#,
            "net_prio.ifpriomap=eth0 5",
            "network.priorities",
        ),
    ];
    for (json, file, field) in first {
        assert_eq!(ask(json, &v1()).unwrap(), [file], "{json}");
        let refused = ask(json, &v2()).unwrap_err();
        assert!(
            refused.starts_with(&format!("linux.resources.{field}: ")),
            "{json}: {refused}"
        );
    }
    let json = r#"{"unified":{"memory.high":"5","cgroup.max.depth":"3","io.max":"8:0 rbps=1\n8:16 wbps=2"}}"#;
    let files = [
        "cgroup.max.depth=3",
        "io.max=8:0 rbps=1",
        "io.max=8:16 wbps=2",
        "memory.high=5",
    ];
    assert_eq!(ask(json, &v2()).unwrap(), files);
    assert!(
        ask(json, &v1())
            .unwrap_err()
            .starts_with("linux.resources.unified.cgroup.max.depth: ")
    );
}

#[test]
fn what_no_hierarchy_has_is_refused() {
    let none = Hierarchies::default();
    for (json, field) in [
        (r#"{"memory":{"limit":5}}"#, "memory"),
        (r#"{"cpu":{"shares":5}}"#, "cpu"),
        (r#"{"cpu":{"cpus":"0"}}"#, "cpu.cpus"),
        (r#"{"pids":{"limit":5}}"#, "pids.limit"),
        (r#"{"blockIO":{"weight":50}}"#, "blockIO"),
        (
            r#"{"hugepageLimits":[{"pageSize":"2MB","limit":1}]}"#,
            "hugepageLimits[0]",
        ),
        (r#"{"network":{"classID":1}}"#, "network.classID"),
        (r#"{"rdma":{"a":{"hcaHandles":3}}}"#, "rdma.a"),
        (r#"{"unified":{"memory.high":"1"}}"#, "unified.memory.high"),
    ] {
        let refused = ask(json, &none).unwrap_err();
        assert!(
            refused.starts_with(&format!("linux.resources.{field}: ")),
            "{refused}"
        );
    }
}

/// Both versions on one host, each with its controllers.
#[test]
fn hybrid_hosts_take_each_field_where_its_controller_is() {
    let mut both = v1();
    both.v1.remove("hugetlb");
    both.v2 = v2().v2;
    both.controllers = ["hugetlb".to_owned()].into();
    let json = r#"{"pids":{"limit":7},"hugepageLimits":[{"pageSize":"2MB","limit":1}],"unified":{"hugetlb.1GB.max":"0"}}"#;
    let files = [
        "pids.max=7",
        "hugetlb.2MB.max=1",
        "hugetlb.2MB.rsvd.max?=1",
        "hugetlb.1GB.max=0",
    ];
    assert_eq!(ask(json, &both).unwrap(), files);
    let refused = ask(r#"{"unified":{"memory.high":"1"}}"#, &both).unwrap_err();
    assert!(refused.contains("unified.memory.high"), "{refused}");
}

#[test]
fn the_kernels_own_memory_is_passed_over_with_a_note() {
    let kernel = resources(r#"{"memory":{"kernel":1000}}"#);
    for hierarchies in [v1(), v2()] {
        let found = settings(&kernel, &hierarchies, Groups::New).unwrap();
        assert!(
            found.settings.is_empty() && found.notes[0].contains("linux.resources.memory.kernel")
        );
    }
    let none = resources(r#"{"memory":{"kernel":-1}}"#);
    assert!(
        settings(&none, &v1(), Groups::New)
            .unwrap()
            .notes
            .is_empty()
    );
}

#[test]
fn shares_out_of_range_are_refused_where_the_kernel_would_change_them() {
    for shares in [1, 262_145] {
        let json = format!(r#"{{"cpu":{{"shares":{shares}}}}}"#);
        assert!(
            ask(&json, &v1())
                .unwrap_err()
                .starts_with("linux.resources.cpu.shares: ")
        );
        assert!(ask(&json, &v2()).is_ok());
    }
}

#[test]
fn shares_become_weights_by_the_curve_of_others() {
    let table = [
        (0, None),
        (1, Some(1)),
        (2, Some(1)),
        (3, Some(2)),
        (10, Some(4)),
        (102, Some(17)),
        (512, Some(59)),
        (1024, Some(100)),
        (2048, Some(174)),
        (100_000, Some(4340)),
        (262_143, Some(10_000)),
        (262_144, Some(10_000)),
        (u64::MAX, Some(10_000)),
    ];
    for (shares, weight) in table {
        assert_eq!(shares_to_weight(shares), weight, "{shares}");
    }
    let mut last = 0;
    for shares in 1..=262_144 {
        let weight = shares_to_weight(shares).unwrap();
        assert!((last..=10_000).contains(&weight), "{shares}");
        last = weight;
    }
}

#[test]
fn weights_of_block_devices_have_another_range() {
    for (weight, other) in [(10, 1), (100, 910), (500, 4950), (1000, 10_000)] {
        assert_eq!(io_weight(weight), other);
    }
}
