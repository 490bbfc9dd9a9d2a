//! `cargo xtask bench seccomp`: what a syscall filter costs to compile, to load and to pass, beside libseccomp's.
//!
//! Both compile the same policy for the same machine, and the filters are first proved equal, or it is said in what they differ.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use casemate_model::names::arch::Endian;
use casemate_model::names::capabilities::Capability;
use casemate_model::names::{Arch, KernelVersion, syscalls};
use casemate_model::syscalls::{Action, Call, Case, Operator, SyscallPolicy, Width};
use casemate_seccomp::formats::{self, Context};
use casemate_seccomp::{Comparison, Program, compare, compile, fuse, stats};

use crate::failure::Failure;
use crate::packages;
use crate::program;

// Debian's Python, for which Debian's module is.
const PYTHON: &str = "/usr/bin/python3";

// What Docker leaves to a container.
const CAPABILITIES: [&str; 14] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FSETID",
    "CAP_FOWNER",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETFCAP",
    "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE",
    "CAP_SYS_CHROOT",
    "CAP_KILL",
    "CAP_AUDIT_WRITE",
];

const USAGE: &str = "usage: cargo xtask bench seccomp --profile FILE

  --profile FILE        an OCI profile, such as Docker's default.json";

/// The bench.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let [flag, profile] = arguments else {
        return Err(Failure::Usage(USAGE.to_owned()));
    };
    if flag != "--profile" {
        return Err(Failure::Usage(USAGE.to_owned()));
    }
    if !cfg!(target_arch = "x86_64") {
        return Err(Failure::Wrong("the bench is for x86_64".to_owned()));
    }
    if let Err(reason) = packages::ensure(&["gcc", "libc6-dev", "python3-seccomp"]) {
        eprintln!("packages: {reason}; going on without");
    }
    let policy = read(Path::new(profile))?;
    let machine = [Arch::X86_64];
    let mut ours = Vec::new();
    let mut program = None;
    for _ in 0..200 {
        let start = Instant::now();
        program =
            Some(compile(&policy, &machine).map_err(|error| Failure::Wrong(error.to_string()))?);
        ours.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let program = program.ok_or_else(|| Failure::Wrong("nothing was compiled".to_owned()))?;
    let least = ours.iter().copied().fold(f64::MAX, f64::min);
    println!("policy: {profile}, for x86_64");
    let measurer = build()?;
    println!(
        "{:<28} {:>6} {:>8} {:>10} {:>9} {:>10} {:>12} {:>9}",
        "filter",
        "insns",
        "longest",
        "compile ms",
        "load us",
        "getppid ns",
        "personality",
        "refused"
    );
    row(&measurer, "none", None, None, 0)?;
    row(
        &measurer,
        "casemate, with proof",
        Some(&program),
        Some(least),
        1,
    )?;
    let fused = fuse(&vec![program.clone(); 16], &machine)
        .map_err(|error| Failure::Wrong(error.to_string()))?;
    row(&measurer, "casemate, 16 fused", Some(&fused), None, 1)?;
    row(&measurer, "casemate, 16 stacked", Some(&program), None, 16)?;
    for optimize in [1, 2] {
        match theirs(&policy, optimize)? {
            Ok((took, theirs)) => {
                let name = format!("libseccomp, optimize {optimize}");
                row(&measurer, &name, Some(&theirs), Some(took), 1)?;
                said(&theirs, &program)?;
            }
            Err(reason) => println!("libseccomp, optimize {optimize}: not measured: {reason}"),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<SyscallPolicy, Failure> {
    let bytes = fs::read(path).map_err(Failure::file(path))?;
    let wrong = |message: String| Failure::Wrong(format!("{}: {message}", path.display()));
    let oci = formats::find("oci").ok_or_else(|| wrong("no reader".to_owned()))?;
    let archs = [Arch::X86_64];
    let capabilities = CAPABILITIES
        .iter()
        .filter_map(|name| Capability::from_name(name));
    let context = Context {
        archs: &archs,
        kernel: KernelVersion::new(6, 18),
        capabilities: capabilities.collect(),
        unknown: None,
        loader: &formats::NoFiles,
    };
    let file = path.display().to_string();
    let reading = (oci.read)(&file, &bytes, &context).map_err(|error| wrong(error.to_string()))?;
    let mut policy = reading.policy;
    // libseccomp's own answer to other architectures, so that the filters can be equal.
    policy.foreign = Action::KillThread;
    policy.newer = policy.default;
    // What Debian's libseccomp does not know cannot be compared.
    policy.rules.retain(|call, _| match call {
        Call::Named(id) | Call::On(Arch::X86_64, id) => id
            .on(Arch::X86_64)
            .is_some_and(|call| call.since <= KernelVersion::new(5, 12)),
        Call::On(..) | Call::Numbers(..) => false,
    });
    Ok(policy)
}

fn build() -> Result<PathBuf, Failure> {
    let program = program::workspace().join("target/bench-seccomp");
    let source = program::workspace().join("bench/seccomp.c");
    program::run(
        Command::new("gcc")
            .args(["-O2", "-o"])
            .arg(&program)
            .arg(source),
    )?;
    Ok(program)
}

fn row(
    measurer: &Path,
    name: &str,
    filter: Option<&Program>,
    compiled: Option<f64>,
    copies: usize,
) -> Result<(), Failure> {
    let input = filter.map(Program::to_bytes).unwrap_or_default();
    let mut command = Command::new(measurer);
    command.arg(copies.to_string());
    let output = feed(&mut command, &input)?;
    let stats = filter.and_then(|filter| stats::of(filter).ok());
    let words: Vec<&str> = output.split_whitespace().collect();
    let count = |number: Option<usize>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let [load, number, argument, refused] = words[..] else {
        return Err(Failure::Wrong(format!("{name}: {output:?} is no result")));
    };
    println!(
        "{name:<28} {:>6} {:>8} {:>10} {load:>9} {number:>10} {argument:>12} {refused:>9}",
        count(stats.as_ref().map(|stats| stats.instructions)),
        count(stats.as_ref().map(|stats| stats.longest_path)),
        compiled.map_or_else(|| "-".to_owned(), |took| format!("{took:.3}")),
    );
    Ok(())
}

fn said(theirs: &Program, ours: &Program) -> Result<(), Failure> {
    let start = Instant::now();
    let comparison = compare(theirs, ours).map_err(|error| Failure::Wrong(error.to_string()))?;
    let took = start.elapsed().as_secs_f64() * 1e3;
    match comparison {
        Comparison::Equal => println!("  proved equal to ours in {took:.2} ms"),
        Comparison::Undecided => println!("  undecided whether equal to ours, after {took:.2} ms"),
        Comparison::Differ(differences) => {
            println!("  differs from ours, found in {took:.2} ms:");
            for difference in differences.iter().take(3) {
                println!("    {difference}");
            }
        }
    }
    Ok(())
}

fn feed(command: &mut Command, input: &[u8]) -> Result<String, Failure> {
    let start = program::start_failure(command);
    let mut child = match command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return Err(start(error)),
    };
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(input)
            .map_err(|error| Failure::Wrong(format!("cannot pass the input on: {error}")))?;
    }
    let output = child
        .wait_with_output()
        .map_err(|error| Failure::Wrong(format!("cannot read the output: {error}")))?;
    if !output.status.success() {
        return Err(Failure::Ended {
            program: command.get_program().display().to_string(),
            status: output.status,
        });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

// The least milliseconds of several compilations by libseccomp, and its filter; or why not.
fn theirs(policy: &SyscallPolicy, optimize: u8) -> Result<Result<(f64, Program), String>, Failure> {
    let Some(line) = json(policy, optimize) else {
        return Ok(Err("the policy says what libseccomp cannot".to_owned()));
    };
    if !Path::new(PYTHON).exists() {
        return Ok(Err(format!("no {PYTHON}")));
    }
    let script = program::workspace().join("crates/seccomp/tests/all/libseccomp.py");
    let output = feed(Command::new(PYTHON).arg(script), line.repeat(20).as_bytes())?;
    let mut best: Option<(f64, Program)> = None;
    for line in output.lines() {
        let Some((took, digits)) = line.split_once(' ') else {
            return Ok(Err(line.to_owned()));
        };
        let Ok(took) = took.parse::<f64>() else {
            return Ok(Err(digits.to_owned()));
        };
        if best.as_ref().is_some_and(|(least, _)| *least <= took) {
            continue;
        }
        let bytes: Option<Vec<u8>> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
            .collect();
        let program = Program::from_bytes(&bytes.unwrap_or_default(), Endian::Little)
            .map_err(|error| Failure::Wrong(error.to_string()))?;
        best = Some((took, program));
    }
    Ok(best.ok_or_else(|| "libseccomp gave no filter".to_owned()))
}

// As libseccomp.py reads it. `None` is a policy that libseccomp cannot say.
fn json(policy: &SyscallPolicy, optimize: u8) -> Option<String> {
    if policy.default != Action::EPERM {
        return None;
    }
    let mut rules = Vec::new();
    for call in syscalls::all(Arch::X86_64) {
        let cases = policy
            .rules
            .get(&Call::On(Arch::X86_64, call.id))
            .or_else(|| policy.rules.get(&Call::Named(call.id)));
        for case in cases.into_iter().flatten() {
            rules.extend(rule(call.nr, case)?);
        }
    }
    let list = rules.join(", ");
    Some(format!(
        "{{\"optimize\": {optimize}, \"rules\": [{list}]}}\n"
    ))
}

// An empty list is a rule that says what is so anyway, which libseccomp refuses.
fn rule(number: u32, case: &Case) -> Option<Vec<String>> {
    let errno = match case.action {
        Action::Allow => 0,
        Action::EPERM => return Some(Vec::new()),
        Action::Errno(errno) => errno,
        _ => return None,
    };
    let tests: Vec<String> = case
        .when
        .iter()
        .map(|one| {
            let (op, a, b) = match one.operator {
                _ if one.width != Width::Raw64 => return None,
                Operator::NotEqual(k) => ("ne", k, 0),
                Operator::Less(k) => ("lt", k, 0),
                Operator::AtMost(k) => ("le", k, 0),
                Operator::Equal(k) => ("eq", k, 0),
                Operator::AtLeast(k) => ("ge", k, 0),
                Operator::Greater(k) => ("gt", k, 0),
                Operator::Masked { mask, value } => ("masked", mask, value),
                Operator::NotMasked { .. } | Operator::In(_) | Operator::NotIn(_) => return None,
            };
            Some(format!("[{}, \"{op}\", {a}, {b}]", one.arg.index()))
        })
        .collect::<Option<_>>()?;
    Some(vec![format!("[{number}, [{}], {errno}]", tests.join(", "))])
}
