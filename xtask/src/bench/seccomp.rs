//! `cargo xtask bench seccomp`: what a syscall filter costs to compile, to load and to pass, beside libseccomp's.
//!
//! Both compile the same policy for the same machine, and the filters are first proved equal, or it is said in what they differ.
//! Contenders run interleaved; numbers are medians over the rounds, and their noise is half the distance of the quartiles.

mod peer;
mod report;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use casemate_model::names::capabilities::Capability;
use casemate_model::names::{Arch, KernelVersion, syscalls};
use casemate_model::syscalls::diagram::Diagrams;
use casemate_model::syscalls::{Action, Call, SyscallPolicy};
use casemate_seccomp::compare::compare_possible;
use casemate_seccomp::formats::{self, Context};
use casemate_seccomp::{Comparison, Program, compile, fuse, stats};

use super::Output;
use crate::failure::Failure;
use crate::packages;
use crate::program;
use peer::Peer;
use report::{Row, Table};

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

const USAGE: &str = "usage: cargo xtask bench seccomp --profile FILE [OPTIONS]

  --profile FILE        an OCI profile, such as Docker's default.json
  --rounds N            each round compiles and measures every filter once (15)
  --json                on standard output, instead of the tables

Needs gcc and Debian's python3-seccomp; installs them when it is root. Times are those of a release build.";

/// What to measure.
struct Options {
    profile: PathBuf,
    rounds: usize,
    output: Output,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let usage = || Failure::Usage(USAGE.to_owned());
        let (mut profile, mut rounds, mut output) = (None, 15, Output::Tables);
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--profile" => profile = Some(PathBuf::from(words.next().ok_or_else(usage)?)),
                "--rounds" => {
                    let count = words.next().and_then(|count| count.parse().ok());
                    rounds = count.filter(|count| *count > 0).ok_or_else(usage)?;
                }
                "--json" => output = Output::Json,
                _ => return Err(usage()),
            }
        }
        Ok(Self {
            profile: profile.ok_or_else(usage)?,
            rounds,
            output,
        })
    }
}

/// The bench.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let options = Options::parse(arguments)?;
    if !cfg!(target_arch = "x86_64") {
        return Err(Failure::Wrong("the bench is for x86_64".to_owned()));
    }
    if cfg!(debug_assertions) {
        return released(arguments);
    }
    if let Err(reason) = packages::ensure(&["gcc", "libc6-dev", "python3-seccomp"]) {
        eprintln!("packages: {reason}; going on without");
    }
    let measurer = build()?;
    let mut tables = Vec::new();
    for archs in [&ARCHS[..1], &ARCHS[..]] {
        tables.push(table(&options, &measurer, archs)?);
    }
    match options.output {
        Output::Tables => report::print_tables(&tables),
        Output::Json => report::print_json(&tables),
    }
    Ok(ExitCode::SUCCESS)
}

// Times of a debug build say nothing: the same again from a release build.
fn released(arguments: &[String]) -> Result<ExitCode, Failure> {
    let mut command = program::cargo();
    command
        .args(["run", "--quiet", "--release", "--package", "xtask", "--"])
        .args(["bench", "seccomp"])
        .args(arguments);
    program::run(&mut command).map(|()| ExitCode::SUCCESS)
}

const ARCHS: [Arch; 3] = [Arch::X86_64, Arch::I386, Arch::X32];

/// Measures one machine: the whole profile by ours, and what libseccomp knows of it by both.
fn table(options: &Options, measurer: &Path, archs: &[Arch]) -> Result<Table, Failure> {
    let whole = read(&options.profile, archs)?;
    let known = known_to_libseccomp(&whole);
    let wrong = |error: casemate_seccomp::CompileError| Failure::Wrong(error.to_string());
    let (all, ours) = (
        compile(&whole, archs).map_err(wrong)?,
        compile(&known, archs).map_err(wrong)?,
    );
    let fused =
        fuse(&vec![ours.clone(); 16], archs).map_err(|error| Failure::Wrong(error.to_string()))?;
    let mut rows = vec![
        Row::new("none", None, 0),
        Row::new("casemate, whole profile", Some(all), 1),
        Row::new("casemate", Some(ours.clone()), 1),
        Row::new("casemate, 16 fused", Some(fused), 1),
        Row::new("casemate, 16 stacked", Some(ours.clone()), 16),
    ];
    let mut notes = Vec::new();
    let mut peers = Vec::new();
    for optimize in [1, 2] {
        match Peer::start(&known, archs, optimize) {
            Ok(mut peer) => match peer.compile() {
                Ok((_, program)) => {
                    notes.push(said(&peer.name, &program, &ours)?);
                    rows.push(Row::new(&peer.name, Some(program), 1));
                    peers.push((rows.len() - 1, peer));
                }
                Err(reason) => notes.push(format!("{}: not measured: {reason}", peer.name)),
            },
            Err(reason) => notes.push(format!("libseccomp: not measured: {reason}")),
        }
    }
    // Interleaved, so that a change of the machine's load falls on all of them.
    for _ in 0..options.rounds {
        for (row, policy) in [(1, &whole), (2, &known)] {
            let start = Instant::now();
            compile(policy, archs).map_err(wrong)?;
            rows[row].compile.push(start.elapsed().as_secs_f64() * 1e3);
        }
        for (row, peer) in &mut peers {
            if let Ok((took, _)) = peer.compile() {
                rows[*row].compile.push(took);
            }
        }
        for row in &mut rows {
            row.measure(measurer)?;
        }
        for (row, _) in &peers {
            let theirs = rows[*row].program.clone();
            let start = Instant::now();
            if let Some(theirs) = theirs {
                let comparison = compare_possible(&theirs, &ours)
                    .map_err(|error| Failure::Wrong(error.to_string()))?;
                drop(std::hint::black_box(comparison));
            }
            rows[*row].compare.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    let names: Vec<&str> = archs.iter().map(|arch| arch.name()).collect();
    Ok(Table {
        machine: names.join(", "),
        cached: cached(&whole, archs, rows[1].program.as_ref()),
        rows,
        notes,
    })
}

/// Calls that are permitted without conditions, and how many of them the kernel remembers.
fn cached(policy: &SyscallPolicy, archs: &[Arch], program: Option<&Program>) -> (usize, usize) {
    let mut counts = (0, 0);
    let Some(program) = program else {
        return counts;
    };
    let mut diagrams = Diagrams::new();
    let root = policy.diagram(&mut diagrams, archs);
    // The kernel has no such memory for x32.
    for arch in archs.iter().filter(|arch| **arch != Arch::X32) {
        let surface = stats::surface(&diagrams, root, program, (*arch, syscalls::COVERED));
        counts.0 += surface.permitted;
        counts.1 += surface.cached;
    }
    counts
}

fn read(path: &Path, archs: &[Arch]) -> Result<SyscallPolicy, Failure> {
    let bytes = fs::read(path).map_err(Failure::file(path))?;
    let wrong = |message: String| Failure::Wrong(format!("{}: {message}", path.display()));
    let oci = formats::find("oci").ok_or_else(|| wrong("no reader".to_owned()))?;
    let capabilities = CAPABILITIES
        .iter()
        .filter_map(|name| Capability::from_name(name));
    let context = Context {
        archs,
        kernel: KernelVersion::new(6, 18),
        capabilities: capabilities.collect(),
        unknown: None,
        loader: &formats::NoFiles,
    };
    let file = path.display().to_string();
    let reading = (oci.read)(&file, &bytes, &context).map_err(|error| wrong(error.to_string()))?;
    Ok(reading.policy)
}

// What Debian's libseccomp (2.5.4, of Linux 5.12) does not know cannot be compared.
fn known_to_libseccomp(whole: &SyscallPolicy) -> SyscallPolicy {
    let mut policy = whole.clone();
    // libseccomp's own answer to other architectures, so that the filters can be equal.
    policy.foreign = Action::KillThread;
    policy.newer = policy.default;
    let newest = KernelVersion::new(5, 12);
    policy.rules.retain(|call, _| {
        let (id, archs) = match call {
            Call::Named(id) => (id, &ARCHS[..]),
            Call::On(arch, id) => (id, std::slice::from_ref(arch)),
            Call::Numbers(..) => return false,
        };
        let mut having = archs.iter().filter_map(|arch| id.on(*arch)).peekable();
        having.peek().is_some() && having.all(|call| call.since <= newest)
    });
    policy
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

impl Row {
    fn measure(&mut self, measurer: &Path) -> Result<(), Failure> {
        let input = self.program.as_ref().map(Program::to_bytes);
        let mut command = Command::new(measurer);
        command.args([self.copies.to_string(), "3".to_owned()]);
        let output = feed(&mut command, &input.unwrap_or_default())?;
        let numbers: Vec<f64> = output
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        let [load, permitted, argument, refused] = numbers[..] else {
            let message = format!("{}: {output:?} is no result", self.name);
            return Err(Failure::Wrong(message));
        };
        self.load.push(load);
        self.permitted.push(permitted);
        self.argument.push(argument);
        self.refused.push(refused);
        Ok(())
    }
}

fn said(name: &str, theirs: &Program, ours: &Program) -> Result<String, Failure> {
    let comparison =
        compare_possible(theirs, ours).map_err(|error| Failure::Wrong(error.to_string()))?;
    Ok(match comparison {
        Comparison::Equal => format!("{name}: proved equal to ours"),
        Comparison::Undecided => format!("{name}: undecided whether equal to ours"),
        Comparison::Differ(differences) => {
            let few: Vec<String> = differences
                .iter()
                .take(3)
                .map(ToString::to_string)
                .collect();
            format!(
                "{name}: differs from ours in {}: {}",
                differences.len(),
                few.join("; ")
            )
        }
    })
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
