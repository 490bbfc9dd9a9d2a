//! OCI profiles against libseccomp itself, called as the engines call it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use casemate_model::names::{Arch, CapabilitySet, KernelVersion};
use casemate_model::syscalls::diagram::Diagrams;
use casemate_seccomp::bpf::Program;
use casemate_seccomp::formats::{Context, NoFiles, Remark, find};
use casemate_seccomp::{compile, lift};

use crate::skip;

// Reads profiles, one a line, and writes filters, one a line, in hexadecimal; an empty line where libseccomp refuses.
const SCRIPT: &str = r#"
import sys, json, os, seccomp
ops = {"EQ": seccomp.EQ, "NE": seccomp.NE, "LT": seccomp.LT, "LE": seccomp.LE, "GT": seccomp.GT,
       "GE": seccomp.GE, "MASKED_EQ": seccomp.MASKED_EQ}
def action(rule, key, errno):
    name = rule[key][9:]
    if name == "ERRNO": return seccomp.ERRNO(rule.get(errno, 1))
    return {"ALLOW": seccomp.ALLOW, "KILL": seccomp.KILL, "LOG": seccomp.LOG, "TRAP": seccomp.TRAP,
            "KILL_PROCESS": seccomp.KILL_PROCESS}[name]
print("ready", flush=True)
for line in sys.stdin:
    profile = json.loads(line)
    default = action(profile, "defaultAction", "defaultErrnoRet")
    f = seccomp.SyscallFilter(default)
    try:
        for rule in profile["syscalls"]:
            act = action(rule, "action", "errnoRet")
            if act == default: continue
            args = [seccomp.Arg(a["index"], ops[a["op"][9:]], a["value"], a.get("valueTwo", 0)) for a in rule.get("args", [])]
            for name in rule["names"]: f.add_rule(act, name, *args)
        out = open(sys.argv[1], "w+b"); f.export_bpf(out); out.seek(0)
        print(out.read().hex(), flush=True)
    except RuntimeError:
        print("", flush=True)
"#;

fn profile(next: &mut impl FnMut(u64) -> u64) -> String {
    let names = ["read", "write", "socket", "ioctl", "clone", "personality"];
    let actions = [
        "ALLOW",
        "ALLOW",
        "ERRNO",
        "KILL",
        "LOG",
        "TRAP",
        "KILL_PROCESS",
    ];
    let ops = ["EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ"];
    let values: [u64; 7] = [
        0,
        1,
        3,
        0x10,
        0xffff_ffff,
        0x1_0000_0000,
        0x8000_0000_0000_0001,
    ];
    let default = ["ERRNO", "ALLOW", "KILL"][next(3) as usize];
    let mut text = format!("{{\"defaultAction\": \"SCMP_ACT_{default}\", \"syscalls\": [");
    for rule in 0..=next(6) {
        let comma = if rule > 0 { ", " } else { "" };
        let name = names[next(6) as usize];
        let action = actions[next(7) as usize];
        write!(
            text,
            "{comma}{{\"names\": [\"{name}\"], \"action\": \"SCMP_ACT_{action}\""
        )
        .expect("text");
        if action == "ERRNO" {
            write!(text, ", \"errnoRet\": {}", 1 + next(3)).expect("text");
        }
        text.push_str(", \"args\": [");
        let first = next(4);
        for index in first..(first + next(3)).min(6) {
            let comma = if index > first { ", " } else { "" };
            let op = ops[next(7) as usize];
            let (one, two) = (values[next(7) as usize], values[next(7) as usize]);
            write!(
                text,
                "{comma}{{\"index\": {index}, \"op\": \"SCMP_CMP_{op}\", \"value\": {one}, \"valueTwo\": {two}}}"
            )
            .expect("text");
        }
        text.push_str("]}");
    }
    text.push_str("]}");
    text
}

#[test]
fn oci_profiles_mean_what_libseccomp_makes_of_them() {
    const TEST: &str = "oci_profiles_mean_what_libseccomp_makes_of_them";
    let mut random = 0x2545_f491_4f6c_dd1du64;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let profiles: Vec<String> = (0..600).map(|_| profile(&mut next)).collect();
    let folder = std::env::temp_dir().join(format!("casemate-engines-{}", std::process::id()));
    let child = Command::new("/usr/bin/python3")
        .args(["-c", SCRIPT])
        .arg(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        return skip(TEST, "no python3");
    };
    let mut input = child.stdin.take().expect("input");
    let lines = profiles.join("\n");
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("output");
    // A script that fails to start reads nothing; that shows below.
    drop(writer.join());
    std::fs::remove_file(&folder).ok();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let Some(text) = text.strip_prefix("ready\n") else {
        return skip(TEST, "no python3-seccomp");
    };
    let filters: Vec<&str> = text.lines().collect();
    assert_eq!(filters.len(), profiles.len());
    let oci = find("oci").expect("format");
    let mut counts = [0; 3];
    for (profile, filter) in profiles.iter().zip(filters) {
        let context = Context {
            archs: &[Arch::X86_64],
            kernel: KernelVersion::new(6, 18),
            capabilities: CapabilitySet::from_bits(0),
            unknown: None,
            loader: &NoFiles,
        };
        let reading = (oci.read)("profile", profile.as_bytes(), &context).expect("reads");
        let conflict = |remark: &Remark| matches!(remark, Remark::Conflict { .. });
        if reading.notes.iter().any(|note| conflict(&note.remark)) {
            // Its order there is that of its tree.
            counts[1] += 1;
            continue;
        }
        if filter.is_empty() {
            counts[2] += 1;
            continue;
        }
        let bytes: Vec<u8> = (0..filter.len() / 2)
            .map(|at| u8::from_str_radix(&filter[2 * at..2 * at + 2], 16).expect("hexadecimal"))
            .collect();
        let theirs = Program::from_bytes_either(&bytes).expect("filter");
        let ours = compile(&reading.policy, &[Arch::X86_64]).expect("compiles");
        let mut diagrams = Diagrams::new();
        let theirs = lift(&mut diagrams, &theirs).expect("lifts");
        let ours = lift(&mut diagrams, &ours).expect("lifts");
        let differ = diagrams.disagreement(theirs, ours);
        let witness = diagrams.witness(differ);
        // libseccomp lets a skipped call (-1) be answered by the default, as we do.
        let answers = witness.map(|point| {
            let answer = |node| diagrams.evaluate(node, &point);
            (point, answer(theirs), answer(ours))
        });
        assert_eq!(answers, None, "theirs, ours: {profile}");
        counts[0] += 1;
    }
    let [equal, conflicts, refused] = counts;
    println!("{equal} equal, {conflicts} with conflicts, {refused} refused by libseccomp");
    assert!(equal > 200);
}
