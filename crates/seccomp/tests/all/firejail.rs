//! Firejail's lines against its own compiler, `fseccomp`, where it is installed.

use std::path::Path;
use std::process::{Command, Stdio};

use casemate_model::names::{Arch, CapabilitySet, KernelVersion};
use casemate_model::syscalls::diagram::{Compare, Diagrams, Node, Word};
use casemate_seccomp::bpf::Program;
use casemate_seccomp::formats::{Context, NoFiles, find};
use casemate_seccomp::fuse::fuse_diagrams;
use casemate_seccomp::lift;

use crate::skip;

const FSECCOMP: &str = "/usr/lib/x86_64-linux-gnu/firejail/fseccomp";

// A line of a profile, and what Firejail runs for it: the arguments of each call, with FILE for the filter and POST for
// the one that is loaded after exec.
const CASES: [(&str, &[&[&str]]); 8] = [
    (
        "seccomp.drop mount,umount2:ENOENT,!chroot,chroot,$169",
        &[&[
            "drop",
            "FILE",
            "POST",
            "mount,umount2:ENOENT,!chroot,chroot,$169",
        ]],
    ),
    (
        "seccomp.keep read,write,exit_group,!exit,exit",
        &[&["keep", "FILE", "POST", "read,write,exit_group,!exit,exit"]],
    ),
    (
        "seccomp.drop open,openat,openat2\nseccomp.32.drop open,stime",
        &[
            &["drop", "FILE", "POST", "open,openat,openat2"],
            &["drop32", "FILE", "POST", "open,stime"],
        ],
    ),
    (
        "protocol unix,inet6,bluetooth",
        &[&["protocol", "build", "unix,inet6,bluetooth", "FILE"]],
    ),
    (
        "memory-deny-write-execute",
        &[
            &["memory-deny-write-execute", "FILE"],
            &["memory-deny-write-execute.32", "FILE"],
        ],
    ),
    (
        "restrict-namespaces user,net,time",
        &[
            &["restrict-namespaces", "FILE", "user,net,time"],
            &["restrict-namespaces.32", "FILE", "user,net,time"],
        ],
    ),
    (
        "seccomp.block-secondary",
        &[&["secondary", "block", "FILE"]],
    ),
    (
        "restrict-namespaces\nseccomp.drop kexec_load",
        &[
            &[
                "restrict-namespaces",
                "FILE",
                "cgroup,ipc,net,mnt,pid,time,user,uts",
            ],
            &[
                "restrict-namespaces.32",
                "FILE",
                "cgroup,ipc,net,mnt,pid,time,user,uts",
            ],
            &["drop", "FILE", "POST", "kexec_load"],
        ],
    ),
];

fn compiled(folder: &Path, arguments: &[&str]) -> Vec<Program> {
    let file = folder.join("filter");
    let post = folder.join("post");
    std::fs::remove_file(&post).ok();
    let arguments = arguments.iter().map(|argument| match *argument {
        "FILE" => file.clone().into_os_string(),
        "POST" => post.clone().into_os_string(),
        other => other.into(),
    });
    let status = Command::new(FSECCOMP)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("starts").success());
    let read = |path: &Path| std::fs::read(path).unwrap_or_default();
    [read(&file), read(&post)]
        .into_iter()
        .filter(|bytes| !bytes.is_empty())
        .map(|bytes| Program::from_bytes_either(&bytes).expect("filter"))
        .collect()
}

#[test]
fn firejail_lines_mean_what_fseccomp_makes_of_them() {
    const TEST: &str = "firejail_lines_mean_what_fseccomp_makes_of_them";
    if !Path::new(FSECCOMP).exists() {
        return skip(TEST, "no fseccomp");
    }
    let folder = std::env::temp_dir().join(format!("casemate-firejail-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("folder");
    let archs = [Arch::X86_64, Arch::I386, Arch::X32];
    let firejail = find("firejail").expect("format");
    let mut failures = Vec::new();
    for (lines, runs) in CASES {
        let context = Context {
            archs: &archs,
            kernel: KernelVersion::new(6, 18),
            capabilities: CapabilitySet::from_bits(0),
            unknown: None,
            loader: &NoFiles,
        };
        let reading = (firejail.read)("profile", lines.as_bytes(), &context).expect("reads");
        let mut diagrams = Diagrams::new();
        let ours = reading.policy.diagram(&mut diagrams, &Arch::ALL);
        let mut theirs = Vec::new();
        for run in runs {
            for program in compiled(&folder, run) {
                theirs.push(lift(&mut diagrams, &program).expect("lifts"));
            }
        }
        let theirs = fuse_diagrams(&mut diagrams, &theirs).expect("some");
        let differ = diagrams.disagreement(ours, theirs);
        // -1 is no call; Firejail answers it in various ways.
        let skipped = diagrams.compare(Word::NR, Compare::Equal, u32::MAX);
        let differ = diagrams.choose(skipped, Node::NEVER, differ);
        // It takes all other architectures for i386, of which the machine has none.
        let mut known = Node::NEVER;
        for arch in [Arch::X86_64, Arch::I386] {
            let is = diagrams.compare(Word::ARCH, Compare::Equal, arch.audit());
            known = diagrams.or(known, is);
        }
        let differ = if lines.starts_with("protocol") {
            diagrams.and(differ, known)
        } else {
            differ
        };
        if let Some(point) = diagrams.witness(differ) {
            let answer = |node| diagrams.evaluate(node, &point);
            failures.push(format!(
                "{lines}: ours {:x?}, theirs {:x?} to {point:x?}",
                answer(ours),
                answer(theirs)
            ));
        }
    }
    std::fs::remove_dir_all(&folder).expect("cleans up");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
