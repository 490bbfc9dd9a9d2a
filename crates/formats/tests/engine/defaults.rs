//! The default filters, stated in our words, are those of the published profiles.

use crate::table::with_context;
use casemate_formats::docker;
use casemate_formats::podman;
use casemate_formats::reader::{Engine, NoFiles};
use casemate_model::names::{Arch, Capability, CapabilitySet, KernelVersion};
use casemate_model::order::Permission;
use casemate_model::syscalls::SyscallPolicy;
use casemate_seccomp::formats::{self as filters, oci};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Capabilities that open calls, and one that opens none.
const GATES: [&str; 17] = [
    "CHOWN",
    "SYS_ADMIN",
    "SYS_PTRACE",
    "SYS_MODULE",
    "SYS_PACCT",
    "SYS_RAWIO",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "SYS_NICE",
    "SYSLOG",
    "BPF",
    "PERFMON",
    "DAC_READ_SEARCH",
    "SYS_BOOT",
    "SYS_CHROOT",
    "AUDIT_WRITE",
    "ALL",
];

/// Says that a test did not run here; `cargo xtask test` counts these lines.
fn skip(test: &str, reason: &str) {
    let line = format!("SKIP {test}: {reason}\n");
    print!("{line}");
    if let Some(log) = std::env::var_os("CASEMATE_SKIP_LOG") {
        let mut log = OpenOptions::new()
            .append(true)
            .create(true)
            .open(log)
            .expect("a log");
        log.write_all(line.as_bytes()).expect("written");
    }
}

/// The filter that an engine loads for a container that keeps one capability.
fn stated(engine: &str, kept: &str) -> SyscallPolicy {
    let reading = with_context(&mut NoFiles, |context| {
        context.engine = Engine::find(engine);
        if engine.starts_with("podman") {
            let unit = format!("[Container]\nImage=x\nDropCapability=all\nAddCapability={kept}\n");
            let unit = if kept == "ALL" {
                unit.replace("DropCapability=all\n", "")
            } else {
                unit
            };
            (podman::QUADLET.read)(Path::new("x.container"), unit.as_bytes(), context)
        } else {
            let line = format!("docker run --cap-drop ALL --cap-add {kept} x\n");
            (docker::RUN.read)(Path::new("x.sh"), line.as_bytes(), context)
        }
    });
    let reading = reading.unwrap_or_else(|error| panic!("{error}"));
    let filter = reading.workloads[0].confinement.syscalls.filter.value();
    filter.expect("a filter").clone()
}

fn published(path: &str, kept: &str) -> SyscallPolicy {
    let capabilities = match Capability::from_name(&format!("CAP_{kept}")) {
        Some(capability) => CapabilitySet::EMPTY.with(capability),
        None => CapabilitySet::ALL,
    };
    let context = filters::Context {
        archs: &[Arch::X86_64, Arch::I386],
        kernel: KernelVersion::new(6, 12),
        capabilities,
        unknown: None,
        loader: &filters::NoFiles,
    };
    let text = std::fs::read(path).expect("a profile");
    let reading =
        (oci::FORMAT.read)(path, &text, &context).unwrap_or_else(|error| panic!("{error}"));
    reading.policy
}

/// Compares for each capability; what only the published profile has or lacks is told.
fn compare(engine: &str, path: &str) {
    let mut failures = Vec::new();
    for kept in GATES {
        let (ours, theirs) = (stated(engine, kept), published(path, kept));
        for (left, right, what) in [
            (&ours, &theirs, "ours permits more"),
            (&theirs, &ours, "theirs permits more"),
        ] {
            if !left.no_more_than(right) {
                failures.push(format!("{engine} with {kept}: {what}"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn podmans_filter_is_that_of_its_profile() {
    // Debian 12's golang-github-containers-common has the profile of Podman 4.3.
    const PATH: &str = "/usr/share/containers/seccomp.json";
    match std::fs::read_to_string(PATH) {
        Ok(text) if text.contains("\"timerfd\"") => compare("podman@4.3", PATH),
        Ok(_) => compare("podman@5.4", PATH),
        Err(_) => skip(
            "engine::podmans_filter_is_that_of_its_profile",
            "there is no profile of containers-common",
        ),
    }
}

#[test]
fn dockers_filter_is_that_of_its_profile() {
    let Ok(path) = std::env::var("CASEMATE_DOCKER_PROFILE") else {
        skip(
            "engine::dockers_filter_is_that_of_its_profile",
            "CASEMATE_DOCKER_PROFILE names no profile",
        );
        return;
    };
    // The profile's later versions keep back AF_ALG, too: then ours may permit that more, and nothing else.
    for kept in GATES {
        let (ours, theirs) = (stated("docker@28.5", kept), published(&path, kept));
        assert!(
            theirs.no_more_than(&ours),
            "with {kept} the profile permits more"
        );
        let mut without = ours.clone();
        let socket = casemate_model::names::SyscallId::from_name("socket").expect("socket");
        let key = casemate_model::syscalls::Call::Named(socket);
        let cases = theirs
            .rules
            .get(&key)
            .expect("the profile has socket")
            .clone();
        without.rules.insert(key, cases);
        assert!(
            without.no_more_than(&theirs),
            "with {kept} ours permits more"
        );
    }
}
