//! The corpus of policies in every format, and what becomes of each.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use casemate_model::names::{Arch, Capability, CapabilitySet, KernelVersion};
use casemate_model::syscalls::SyscallPolicy;
use casemate_seccomp::formats::{
    Context, FORMATS, Format, Loader, NoFiles, Reading, Tolerance, WriteError, WriteOptions,
    detect, find, write::losses,
};
use casemate_seccomp::{compile, stats};

use crate::skip;

const ARCHS: [Arch; 3] = [Arch::X86_64, Arch::I386, Arch::X32];

// Docker's default capabilities.
fn capabilities() -> CapabilitySet {
    [
        Capability::Chown,
        Capability::DacOverride,
        Capability::Fsetid,
        Capability::Fowner,
        Capability::Mknod,
        Capability::NetRaw,
        Capability::Setgid,
        Capability::Setuid,
        Capability::Setfcap,
        Capability::Setpcap,
        Capability::NetBindService,
        Capability::SysChroot,
        Capability::Kill,
        Capability::AuditWrite,
    ]
    .into_iter()
    .collect()
}

fn context<'a>(archs: &'a [Arch], loader: &'a dyn Loader) -> Context<'a> {
    Context {
        archs,
        kernel: KernelVersion::new(6, 18),
        capabilities: capabilities(),
        unknown: None,
        loader,
    }
}

struct Folder(PathBuf);

impl Loader for Folder {
    fn load(&self, name: &str, _from: &str) -> Result<String, String> {
        let name = Path::new(name).file_name().ok_or("no name")?;
        std::fs::read_to_string(self.0.join(name)).map_err(|error| error.kind().to_string())
    }
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/seccomp")
}

// The inputs of a format, with their bytes.
fn inputs(format: &Format) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = corpus().join(format.name);
    let mut inputs = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("{}", folder.display())) {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|extension| extension != "read") {
            let bytes = std::fs::read(&path).expect("input");
            inputs.push((path, bytes));
        }
    }
    inputs.sort();
    inputs
}

fn read(format: &Format, path: &Path, bytes: &[u8]) -> Result<Reading, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let loader = Folder(corpus().join(format.name));
    (format.read)(&name, bytes, &context(&ARCHS, &loader)).map_err(|error| error.to_string())
}

fn print(reading: &Reading) -> String {
    let mut text = String::new();
    for note in &reading.notes {
        writeln!(text, "note {note}").expect("text");
    }
    text + &reading.policy.to_string().replace("; ", "\n") + "\n"
}

#[test]
fn corpus_reads_as_recorded() {
    let bless = std::env::var_os("CASEMATE_BLESS").is_some();
    let mut failures = Vec::new();
    for format in &FORMATS {
        let inputs = inputs(format);
        assert!(inputs.len() >= 4, "{} has too few inputs", format.name);
        for (path, bytes) in inputs {
            let text = match read(format, &path, &bytes) {
                Ok(reading) => print(&reading),
                Err(error) => format!("error {error}\n"),
            };
            let bad = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("bad-"));
            if bad != text.starts_with("error ") {
                failures.push(format!("{}: {text}", path.display()));
            }
            let mut record = path.clone().into_os_string();
            record.push(".read");
            if bless {
                std::fs::write(&record, &text).expect("record");
            }
            let recorded = std::fs::read_to_string(&record).unwrap_or_default();
            if recorded != text {
                failures.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn corpus_is_detected() {
    let mut failures = Vec::new();
    for format in &FORMATS {
        for (path, bytes) in inputs(format) {
            let found = detect(&bytes).map(|format| format.name);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !name.starts_with("bad-") && found != Some(format.name) {
                failures.push(format!("{}: {found:?}", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn what_is_written_reads_the_same() {
    let mut exact = std::collections::BTreeMap::new();
    let mut failures = Vec::new();
    for format in &FORMATS {
        let Some(write) = format.write else { continue };
        for (path, bytes) in inputs(format) {
            let Ok(reading) = read(format, &path, &bytes) else {
                continue;
            };
            let mut options = WriteOptions {
                archs: ARCHS.to_vec(),
                tolerance: Tolerance::Exact,
            };
            let written = match write(&reading.policy, &options) {
                Ok(written) => written,
                Err(error @ WriteError::Lossy(_)) => {
                    // Some readers know what their format's writer must not use.
                    options.tolerance = Tolerance::Tighter;
                    if write(&reading.policy, &options).is_err() {
                        failures.push(format!("{}: {error}", path.display()));
                    }
                    continue;
                }
                // A filter for another machine.
                Err(WriteError::NoArchitecture) => continue,
                Err(error) => {
                    failures.push(format!("{}: {error}", path.display()));
                    continue;
                }
            };
            let again = write(&reading.policy, &options).expect("writes");
            assert_eq!(written, again, "{} is not deterministic", path.display());
            let back = (format.read)("written", &written.bytes, &context(&ARCHS, &NoFiles));
            let back = back.expect("reads").policy;
            let differ = losses(&reading.policy, &back, &ARCHS).expect("compares");
            if !differ.is_empty() {
                failures.push(format!("{}: {}", path.display(), differ[0]));
            }
            // The long way round: both as filters.
            let one = compile(&reading.policy, &[Arch::X86_64]).expect("compiles");
            let two = compile(&back, &[Arch::X86_64]).expect("compiles");
            assert_eq!(one, two, "{}", path.display());
            *exact.entry(format.name).or_insert(0) += 1;
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    for format in FORMATS.iter().filter(|format| format.write.is_some()) {
        let exact = exact.get(format.name).copied().unwrap_or(0);
        assert!(
            exact >= 2,
            "{}: {exact} of the corpus are exact",
            format.name
        );
    }
}

// Every policy that some reader made, written in every format: never looser.
#[test]
fn writers_never_loosen() {
    let mut policies: Vec<(String, SyscallPolicy)> = vec![
        ("strictest".to_owned(), SyscallPolicy::strictest()),
        ("ordinary".to_owned(), SyscallPolicy::ordinary()),
        ("open".to_owned(), SyscallPolicy::open()),
    ];
    for format in &FORMATS {
        for (path, bytes) in inputs(format) {
            if let Ok(reading) = read(format, &path, &bytes) {
                policies.push((path.display().to_string(), reading.policy));
            }
        }
    }
    let mut written_at_all = 0;
    for (name, policy) in &policies {
        for format in &FORMATS {
            let Some(write) = format.write else { continue };
            let options = WriteOptions {
                archs: ARCHS.to_vec(),
                tolerance: Tolerance::Tighter,
            };
            let Ok(written) = write(policy, &options) else {
                continue;
            };
            written_at_all += 1;
            let back = (format.read)("written", &written.bytes, &context(&ARCHS, &NoFiles));
            let back = back.expect("reads").policy;
            let differ = losses(policy, &back, &ARCHS).expect("compares");
            assert_eq!(differ, written.losses, "{name} as {}", format.name);
            let looser = differ
                .iter()
                .find(|loss| loss.effect == casemate_seccomp::formats::write::Effect::Looser);
            assert_eq!(looser, None, "{name} as {}", format.name);
        }
    }
    assert!(written_at_all > policies.len() / 2);
}

#[test]
fn docker_profile_meets_the_bars_through_the_reader() {
    let Ok(path) = std::env::var("CASEMATE_DOCKER_PROFILE") else {
        let reason = "CASEMATE_DOCKER_PROFILE names no profile";
        return skip("docker_profile_meets_the_bars_through_the_reader", reason);
    };
    let bytes = std::fs::read(path).expect("profile");
    let oci = find("oci").expect("format");
    for (archs, most, longest) in [
        (vec![Arch::X86_64, Arch::I386, Arch::X32], 216, 18),
        (vec![Arch::Aarch64, Arch::Arm], 170, 17),
    ] {
        let start = Instant::now();
        let reading = (oci.read)("default.json", &bytes, &context(&archs, &NoFiles));
        let took = start.elapsed().as_secs_f64() * 1e3;
        let reading = reading.expect("reads");
        assert_eq!(reading.policy.archs, archs.iter().copied().collect());
        for (few, most, longest) in [(1, 75, 16), (archs.len(), most, longest)] {
            let program = compile(&reading.policy, &archs[..few]).expect("compiles");
            let stats = stats::of(&program).expect("valid");
            println!(
                "{:?}: {} instructions, longest path {}, read in {took:.3} ms, {} notes",
                &archs[..few],
                stats.instructions,
                stats.longest_path,
                reading.notes.len()
            );
            assert!(stats.instructions <= most && stats.longest_path <= longest);
            if archs[0] == Arch::X86_64 && few == 1 {
                assert!(stats.instructions <= 66 && stats.longest_path <= 14);
            }
        }
        let options = WriteOptions {
            archs,
            tolerance: Tolerance::Exact,
        };
        let written = oci.write.expect("writer")(&reading.policy, &options).expect("writes");
        assert_eq!(written.losses, []);
    }
}

// Damaged inputs of every format: the readers refuse or read, and neither panic nor hang.
#[test]
fn damaged_inputs_do_no_harm() {
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    // Longer when asked for, for a run before a release.
    let seconds = std::env::var("CASEMATE_DAMAGE_SECONDS").ok();
    let seconds: f64 = seconds.map_or(0.7, |text| text.parse().expect("seconds"));
    let mut read_at_all = 0;
    for format in &FORMATS {
        let inputs = inputs(format);
        // Some readers compute with what they read.
        let start = Instant::now();
        for round in 0.. {
            if round >= 100 && start.elapsed().as_secs_f64() > seconds {
                break;
            }
            let began = Instant::now();
            let (path, bytes) = &inputs[next() as usize % inputs.len()];
            let mut bytes = bytes.clone();
            for _ in 0..=next() % 5 / 4 {
                let at = next() as usize % bytes.len().max(1);
                match next() % 6 {
                    0 if !bytes.is_empty() => bytes[at] = next() as u8,
                    1 => bytes.truncate(at),
                    2 => {
                        let end = (at + next() as usize % 40).min(bytes.len());
                        let piece = bytes[at.min(end)..end].to_vec();
                        let to = next() as usize % (bytes.len() + 1);
                        bytes.splice(to..to, piece);
                    }
                    3 => {
                        let end = (at + next() as usize % 12).min(bytes.len());
                        bytes.drain(at.min(end)..end);
                    }
                    4 => {
                        let odd = b"{}[]()\"'\\,:;=&|!@~#<>-09\n \xc3";
                        bytes.insert(at.min(bytes.len()), odd[next() as usize % odd.len()]);
                    }
                    _ => {
                        let (_, other) = &inputs[next() as usize % inputs.len()];
                        let end = at.min(bytes.len());
                        bytes.truncate(end);
                        let from = next() as usize % other.len().max(1);
                        bytes.extend_from_slice(&other[from.min(other.len())..]);
                    }
                }
            }
            read_at_all += usize::from(read(format, path, &bytes).is_ok());
            detect(&bytes);
            let took = began.elapsed().as_secs_f64();
            assert!(took < 20.0, "{took} s for {}: {bytes:x?}", path.display());
        }
    }
    assert!(read_at_all > 30, "{read_at_all}");
}

// The groups are systemd's, so its own tool is the reference where it has the same version.
#[test]
fn systemd_groups_are_those_of_systemd() {
    let run = |args: &[&str]| {
        let output = std::process::Command::new("systemd-analyze")
            .args(args)
            .output();
        output
            .ok()
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let version = run(&["--version"]).unwrap_or_default();
    if !version.starts_with("systemd 252") {
        let reason = "systemd-analyze is not that of systemd 252";
        return skip("systemd_groups_are_those_of_systemd", reason);
    }
    let listing = run(&["syscall-filter", "--no-pager"]).expect("listing");
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for line in listing.lines() {
        if line.starts_with('@') {
            groups.push((line.trim().to_owned(), Vec::new()));
        } else if line.starts_with("    ") && !line.trim_start().starts_with('#') {
            if let Some((_, members)) = groups.last_mut() {
                members.push(line.trim().to_owned());
            }
        } else if line.starts_with('#') {
            break;
        }
    }
    assert!(groups.len() > 25);
    let systemd = find("systemd").expect("format");
    let policy = |list: &str| {
        let unit = format!("[Service]\nSystemCallFilter=~{list}\n");
        let reading = (systemd.read)("unit", unit.as_bytes(), &context(&ARCHS, &NoFiles));
        reading.expect("reads").policy
    };
    for (group, members) in groups {
        // It holds whatever libseccomp knows.
        if group != "@known" {
            assert_eq!(policy(&group), policy(&members.join(" ")), "{group}");
        }
    }
}

// The policy that the containers of LXC get, where the Debian package is.
#[test]
fn lxc_common_policy_is_read() {
    let Ok(bytes) = std::fs::read("/usr/share/lxc/config/common.seccomp") else {
        return skip("lxc_common_policy_is_read", "lxc is not installed");
    };
    let lxc = find("lxc").expect("format");
    assert_eq!(detect(&bytes).map(|format| format.name), Some("lxc"));
    let reading = (lxc.read)("common.seccomp", &bytes, &context(&ARCHS, &NoFiles));
    let reading = reading.expect("reads");
    let program = compile(&reading.policy, &ARCHS).expect("compiles");
    println!(
        "common.seccomp: {} instructions, {} notes",
        program.instructions.len(),
        reading.notes.len()
    );
    let options = WriteOptions {
        archs: ARCHS.to_vec(),
        tolerance: Tolerance::Exact,
    };
    let written = lxc.write.expect("writer")(&reading.policy, &options).expect("writes");
    assert_eq!(written.losses, []);
}
