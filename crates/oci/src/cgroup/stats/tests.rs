use super::{Line, event, oom, v1, v2};
use crate::cgroup::{Record, UNIFIED};
use std::fs;
use std::path::PathBuf;

struct Directory(PathBuf);

impl Directory {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path =
            std::env::temp_dir().join(format!("casemate-stats-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        for (file, text) in files {
            fs::write(path.join(file), text).unwrap();
        }
        Self(path)
    }

    fn record(&self, names: &[&str]) -> Record {
        Record {
            paths: names
                .iter()
                .map(|name| ((*name).to_owned(), self.0.clone()))
                .collect(),
            unit: None,
        }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn the_first_versions_files_are_told_as_runc_tells_them() {
    let directory = Directory::new(
        "v1",
        &[
            (
                "cpu.stat",
                "nr_periods 3\nnr_throttled 1\nthrottled_time 900\n",
            ),
            ("cpuacct.stat", "user 2\nsystem 1\n"),
            ("cpuacct.usage", "30000001\n"),
            ("cpuacct.usage_percpu", "10 20 \n"),
            ("cpuacct.usage_all", "cpu user system\n0 6 4\n1 15 5\n"),
            ("cpuset.cpus", "0-1\n"),
            ("cpuset.sched_relax_domain_level", "-1\n"),
            ("memory.stat", "cache 4096\nrss 1\n"),
            ("memory.usage_in_bytes", "8192\n"),
            ("memory.limit_in_bytes", "9223372036854771712\n"),
            ("memory.failcnt", "2\n"),
            ("pids.current", "1\n"),
            ("pids.max", "max\n"),
            (
                "blkio.throttle.io_serviced_recursive",
                "8:0 Read 5\n8:0 Total 5\nTotal 5\n",
            ),
            (
                "blkio.throttle.io_service_bytes_recursive",
                "8:0 Read 500\nTotal 500\n",
            ),
        ],
    );
    let record = directory.record(&["cpu", "cpuacct", "cpuset", "memory", "pids", "blkio"]);
    let text = event("id", &record, None);
    assert!(text.ends_with("}\n") && text.lines().count() == 1);
    for part in [
        r#"{"type":"stats","id":"id","data":{"cpu":{"usage":{"total":30000001,"percpu":[10,20],"percpu_kernel":[4,5],"percpu_user":[6,15],"kernel":10000000,"user":20000000},"throttling":{"periods":3,"throttledPeriods":1,"throttledTime":900}},"#,
        r#""cpuset":{"cpus":[0,1],"cpu_exclusive":0,"mem_hardwall":0,"#,
        r#""sched_relax_domain_level":-1}"#,
        r#""memory":{"cache":4096,"usage":{"limit":9223372036854771712,"usage":8192,"failcnt":2},"swap":{"limit":0,"failcnt":0},"#,
        r#""raw":{"cache":4096,"rss":1}}"#,
        r#""pids":{"current":1}"#,
        r#""blkio":{"ioServiceBytesRecursive":[{"major":8,"op":"Read","value":500}],"ioServicedRecursive":[{"major":8,"op":"Read","value":5},{"major":8,"op":"Total","value":5}]}"#,
        r#""intel_rdt":{},"network_interfaces":null}}"#,
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
}

#[test]
fn the_second_versions_files_are_told_as_the_firsts() {
    let directory = Directory::new(
        "v2",
        &[
            (
                "cpu.stat",
                "usage_usec 30\nuser_usec 20\nsystem_usec 10\nnr_periods 0\n",
            ),
            (
                "cpu.pressure",
                "some avg10=1.50 avg60=0.00 avg300=0.00 total=7\n",
            ),
            ("memory.stat", "file 4096\n"),
            ("memory.current", "100\n"),
            ("memory.max", "max\n"),
            ("memory.swap.current", "5\n"),
            ("memory.swap.max", "50\n"),
            ("pids.current", "3\n"),
            ("pids.max", "10\n"),
            (
                "io.stat",
                "8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=9 dios=9\n",
            ),
        ],
    );
    let text = event(
        "id",
        &directory.record(&[UNIFIED]),
        Some(&["L3:0=f".to_owned()]),
    );
    for part in [
        r#""usage":{"total":30000,"kernel":10000,"user":20000},"throttling":{},"psi":{"some":{"avg10":1.5,"avg60":0,"avg300":0,"total":7}}}"#,
        r#""usage":{"limit":18446744073709551615,"usage":100,"failcnt":0},"swap":{"limit":18446744073709551615,"usage":105,"failcnt":0}"#,
        r#""pids":{"current":3,"limit":10}"#,
        r#""ioServicedRecursive":[{"major":8,"minor":16,"op":"Read","value":3},{"major":8,"minor":16,"op":"Write","value":4}]"#,
        r#""intel_rdt":{"schemata":["L3:0=f"]}"#,
    ] {
        assert!(text.contains(part), "{part}\nis not in\n{text}");
    }
}

#[test]
fn damaged_figures_are_left_out() {
    assert_eq!(v1::numbers("0-2,7,x,3-"), [0, 1, 2, 7]);
    let line = Line {
        major: 8,
        minor: 0,
        operation: String::new(),
        value: 6,
    };
    assert_eq!(v1::lines("8:0 6\n8 6\nx:0 6\n8:0\n\n"), [line]);
    assert_eq!(v2::lines("8:0 rbytes=x rios=\n:\n8:0").concat(), []);
    assert_eq!(oom("a\""), "{\"type\":\"oom\",\"id\":\"a\\\"\"}\n");
}
