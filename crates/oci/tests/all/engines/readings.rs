//! What is read of a container's command line and of its engine's description is what the kernel shows of it.
//!
//! Differences that follow from the machine or from how values are stated are in docs/reference-behaviour.md; every
//! other is a failure.

use super::{Enclosure, able, image, run};
use crate::support::Ended;
use casemate_formats::reader::{Context, Engine, Files, NoFiles, Reading};
use casemate_formats::{docker, podman, profile};
use casemate_model::Confinement;
use casemate_model::host::Subordinate;
use casemate_model::names::{Arch, KernelVersion};
use casemate_model::order::Relation;
use casemate_observe::live;
use std::collections::BTreeMap;
use std::path::Path;

/// Fields that the machine or the way of stating decides; each is explained in docs/reference-behaviour.md.
const EXPLAINED: [&str; 17] = [
    "ids.groups",
    "ids.rights",
    "ids.user_name",
    "namespaces.cgroup",
    "namespaces.time",
    "files.grants",
    "files.binds",
    "files.temporary",
    "files.nodev",
    "files.nosuid",
    "devices.terminal",
    "devices.nodes",
    "devices.numbers",
    "resources.rlimits",
    "network.reach",
    "network.listen",
    "mac.apparmor",
];

/// Flags of both engines.
const FLAGS: [&str; 20] = [
    "",
    "--cap-drop ALL",
    "--cap-drop ALL --cap-add CHOWN --cap-add NET_BIND_SERVICE",
    "--cap-add SYS_PTRACE",
    "--cap-drop MKNOD --cap-drop SETFCAP",
    "--security-opt no-new-privileges",
    "--security-opt seccomp=unconfined",
    "--read-only",
    "--user 1000:1000",
    "--user 1000:1000 --cap-drop ALL --security-opt no-new-privileges",
    "--pid host",
    "--ipc host",
    "--uts host",
    "--memory 64m",
    "--memory 64m --memory-swap 64m",
    "--pids-limit 40",
    "--cpus 0.5",
    "--cpuset-cpus 0",
    "--hostname inside --env A=b",
    "--tmpfs /scratch:size=1m --shm-size 16m",
];

fn with_context<T>(engine: &str, then: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let caller = profile::Context {
        directory: None,
        home: None,
        uid: 0,
        gid: 0,
        environment: std::collections::BTreeSet::default(),
        subordinate: Subordinate::default(),
    };
    let mut files = NoFiles;
    let files: &mut dyn Files = &mut files;
    then(&mut Context {
        engine: Engine::find(engine),
        caller: &caller,
        files,
        configuration: None,
        environment: &BTreeMap::new(),
        archs: &[Arch::X86_64, Arch::I386, Arch::X32],
        kernel: KernelVersion::new(6, 18),
    })
}

/// The process of a container, by the group that it is in.
fn process(id: &str) -> u32 {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let inside = |pid: &u32| {
        let group = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
        let command = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        group.contains(id) && command.contains("sleep")
    };
    let mut found: Vec<u32> = pids.filter(inside).collect();
    found.sort_unstable();
    *found
        .first()
        .unwrap_or_else(|| panic!("no process of {id}"))
}

/// Fields in which the kernel shows something else than was read.
fn differences(what: &str, reading: Result<Reading, String>, live: &Confinement) -> Vec<String> {
    let reading = match reading {
        Ok(reading) => reading,
        Err(error) => return vec![format!("{what}: {error}")],
    };
    let stated = &reading.workloads[0].confinement;
    let explained = |field: &str| EXPLAINED.contains(&field);
    stated
        .diff(live)
        .into_iter()
        .filter(|one| {
            one.left != "unknown" && one.right != "unknown" && one.relation != Relation::Equal
        })
        .filter(|one| !explained(&one.field.to_string()))
        .map(|one| {
            let short = |text: &str| text.chars().take(200).collect::<String>();
            let (left, right) = (short(&one.left), short(&one.right));
            format!("{what}: {} is read as {left}, and is {right}", one.field)
        })
        .collect()
}

fn compare(
    engine: &str,
    command: impl Fn(&[&str]) -> Ended,
    inspect: fn(&[u8], &mut Context<'_>) -> Result<Reading, String>,
) {
    let mut failures = Vec::new();
    for flags in FLAGS {
        let mut words = vec!["run", "-d", "--network", "none"];
        words.extend(flags.split_whitespace());
        words.extend(["bb", "sleep", "100"]);
        let started = command(&words);
        if started.code != 0 {
            failures.push(format!("{flags}: {started:?}"));
            continue;
        }
        let id = started.out.trim().to_owned();
        let live = live::read(process(&id)).unwrap().workload.confinement;
        if engine.starts_with("docker") {
            let line = format!("docker {}\n", words.join(" "));
            let reading = with_context(engine, |context| {
                (docker::RUN.read)(Path::new("run.sh"), line.as_bytes(), context)
                    .map_err(|error| error.to_string())
            });
            failures.extend(differences(&format!("run {flags}"), reading, &live));
        }
        let printed = command(&["inspect", &id]);
        let reading = with_context(engine, |context| inspect(printed.out.as_bytes(), context));
        failures.extend(differences(&format!("inspect {flags}"), reading, &live));
        let removed = command(&["rm", "-f", &id]);
        assert_eq!(removed.code, 0, "{removed:?}");
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn docker_containers_are_as_they_are_read() {
    const TEST: &str = "engines::readings::docker_containers_are_as_they_are_read";
    if !able(
        TEST,
        &[
            "dockerd", "docker", "runc", "iptables", "busybox", "nsenter",
        ],
    ) {
        return;
    }
    let mut host = Enclosure::start(
        "dr",
        &[],
        "umount /sys/fs/cgroup/unified; dockerd --data-root $DIR/r --exec-root $DIR/e -p $DIR/pid -H unix://$DIR/s \
         --storage-driver overlay2 --cgroup-parent /$(basename $DIR) & wait",
    );
    let socket = format!("unix://{}", host.text("s"));
    host.wait_for(&["docker", "-H", &socket, "version"]);
    let archive = image::archive(&host.path("."));
    let command = |words: &[&str]| {
        let mut all = vec!["docker", "-H", &socket];
        all.extend(words);
        run(host.command(&all))
    };
    let imported = command(&["import", &archive, "bb"]);
    assert_eq!(imported.code, 0, "{imported:?}");
    compare("docker@20.10", command, |bytes, context| {
        (docker::INSPECT.read)(Path::new("c.json"), bytes, context)
            .map_err(|error| error.to_string())
    });
}

#[test]
fn podman_containers_are_as_they_are_read() {
    const TEST: &str = "engines::readings::podman_containers_are_as_they_are_read";
    if !able(TEST, &["podman", "runc", "busybox", "nsenter"]) {
        return;
    }
    // Podman wants to raise its containers' limits above what root of some machines may have.
    let config = "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\n";
    let script = "touch $DIR/ready; while :; do sleep 1000 & wait; done";
    let mut host = Enclosure::start("pr", &[("containers.conf", config.to_owned())], script);
    host.wait_for(&["test", "-e", &host.text("ready")]);
    let of = |name: &str| host.text(name);
    let (root, run_root, temporary, volumes) = (of("r"), of("e"), of("t"), of("v"));
    let parent = format!("/{}", host.group());
    let conf = of("containers.conf");
    let command = |words: &[&str]| {
        let mut all = vec![
            "podman",
            "--root",
            &root,
            "--runroot",
            &run_root,
            "--tmpdir",
            &temporary,
        ];
        all.extend([
            "--volumepath",
            &volumes,
            "--storage-driver",
            "overlay",
            "--cgroup-manager",
            "cgroupfs",
        ]);
        all.extend(["--events-backend", "file", "--runtime", "runc"]);
        let (first, rest) = words.split_first().unwrap();
        all.push(first);
        if *first == "run" {
            all.extend(["--cgroup-parent", &parent]);
        }
        all.extend(rest);
        let mut command = host.command(&all);
        command.env("CONTAINERS_CONF", &conf);
        run(command)
    };
    let archive = image::archive(&host.path("."));
    let imported = command(&["import", &archive, "bb"]);
    assert_eq!(imported.code, 0, "{imported:?}");
    compare("podman@4.3", command, |bytes, context| {
        (podman::INSPECT.read)(Path::new("c.json"), bytes, context)
            .map_err(|error| error.to_string())
    });
}
