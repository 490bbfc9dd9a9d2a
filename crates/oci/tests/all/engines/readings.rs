//! What is read of a container's command line and of its engine's description is what the kernel shows of it.
//!
//! Differences that follow from the machine or from how values are stated are in docs/reference-behaviour.md; every
//! other is a failure.

use super::{Enclosure, able, image, run};
use crate::support::{Ended, eventually};
use casemate_formats::reader::{Context, Engine, Files, NoFiles, Reading};
use casemate_formats::{docker, profile};
use casemate_model::Confinement;
use casemate_model::host::Subordinate;
use casemate_model::names::{Arch, KernelVersion};
use casemate_model::order::{Difference, Relation};
use casemate_observe::live;
use std::collections::BTreeMap;
use std::path::Path;

/// What a container runs, as the kernel shows it.
const PROGRAM: &[u8] = b"sleep\x00100\x00";

/// What is bound into every container by the engine itself, and the host's shared memory, whose options are the host's.
const BOUND: [&str; 4] = [
    "@/etc/hostname,",
    "@/etc/hosts,",
    "@/etc/resolv.conf,",
    "@/dev/shm,",
];

/// Whether the machine or the way of stating decides the difference, as docs/reference-behaviour.md explains.
fn explained(one: &Difference) -> bool {
    let left: Vec<&str> = one.left.split(' ').collect();
    let is_own = |word: &str| BOUND.iter().any(|path| word.contains(path));
    match one.field.to_string().as_str() {
        "resources.rlimits" => one.relation == Relation::Looser,
        "files.masked" => {
            let absent = |path: &str| !Path::new(path).exists();
            let mut covered = one.right.split(' ');
            one.relation == Relation::Looser && covered.all(|p| left.contains(&p) || absent(p))
        }
        "files.binds" => one
            .right
            .split(' ')
            .all(|word| left.contains(&word) || is_own(word)),
        "mac.apparmor" => one.right == "unconfined" && !has_apparmor(),
        "namespaces.cgroup" => one.right == "host" && !Path::new(UNIFIED).exists(),
        "ids.groups" => one.left == "none" && one.right == "1000",
        _ => false,
    }
}

/// The file that only a host with cgroup version 2 alone has.
const UNIFIED: &str = "/sys/fs/cgroup/cgroup.controllers";

fn has_apparmor() -> bool {
    std::fs::read_to_string("/sys/module/apparmor/parameters/enabled")
        .is_ok_and(|text| text.trim() == "Y")
}

/// What is said beside the image and the program.
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
    "--cgroupns private",
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

/// Whether a process is the container's program: it is in the container's group, and the runtime has become it.
fn is_program(pid: u32, id: &str) -> bool {
    let read = |file: &str| std::fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
    String::from_utf8_lossy(&read("cgroup")).contains(id) && read("cmdline") == PROGRAM
}

/// The process of a container; an engine may come back before the runtime has become the program.
fn process(id: &str) -> u32 {
    let mut found = None;
    let running = eventually(|| {
        let entries = std::fs::read_dir("/proc").unwrap().flatten();
        let mut pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        found = pids.find(|pid| is_program(*pid, id));
        found.is_some()
    });
    assert!(running, "no process of {id}");
    found.unwrap()
}

/// A filter's answers on the machine's own architecture: for 32-bit ones libseccomp compares the lower halves of
/// arguments, whatever the profile says.
fn x86_64_only(confinement: &Confinement) -> Confinement {
    let mut confinement = confinement.clone();
    if let Some(policy) = confinement.syscalls.filter.value_mut() {
        policy.archs = [Arch::X86_64].into();
    }
    confinement
}

/// Fields in which the kernel shows something else than was read.
fn differences(what: &str, reading: Result<Reading, String>, live: &Confinement) -> Vec<String> {
    let reading = match reading {
        Ok(reading) => reading,
        Err(error) => return vec![format!("{what}: {error}")],
    };
    let stated = &x86_64_only(&reading.workloads[0].confinement);
    let live = &x86_64_only(live);
    stated
        .diff(live)
        .into_iter()
        .filter(|one| {
            one.left != "unknown" && one.right != "unknown" && one.relation != Relation::Equal
        })
        .filter(|one| !explained(one))
        .map(|one| {
            let short = |text: &str| text.chars().take(2000).collect::<String>();
            let (left, right) = (short(&one.left), short(&one.right));
            format!(
                "{what}: {} is read as {left}, and is {right} [{:?}]",
                one.field, one.relation
            )
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
        let script = format!("docker {}\n", words.join(" "));
        let reading = with_context(engine, |context| {
            (docker::RUN.read)(Path::new("run.sh"), script.as_bytes(), context)
                .map_err(|error| error.to_string())
        });
        failures.extend(differences(&format!("run {flags}"), reading, &live));
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
