//! `cargo xtask bench formats`: what reading and comparing descriptions costs as whole processes.
//!
//! Every good file of corpus/ is shown; a thousand pods in one file are read; a configuration is compared with a live
//! process. Files are taken in turn, round after round, so that the machine's load falls on all of them; `true` is the
//! least that a process costs here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use super::launch::percentile;
use crate::failure::Failure;
use crate::program;

const USAGE: &str = "usage: cargo xtask bench formats [--rounds N]

  --rounds N   how often each file is read (20)";

/// How many pods stand in one file.
const PODS: usize = 1000;

/// The subcommand.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let rounds = match arguments {
        [] => 20,
        [flag, count] if flag == "--rounds" => count
            .parse()
            .map_err(|_| Failure::Usage(format!("{count:?} is not a count\n\n{USAGE}")))?,
        _ => return Err(Failure::Usage(USAGE.to_owned())),
    };
    let mut build = program::cargo();
    build.args(["build", "--release", "--quiet", "--package", "casemate-cli"]);
    program::run(&mut build)?;
    let casemate = binary()?;
    let floor = times(rounds, || Command::new("/bin/true"))?;
    println!("true                       {:>9}", shown(&floor));
    corpus(&casemate, rounds)?;
    pods(&casemate, rounds)?;
    live(&casemate, rounds)?;
    Ok(ExitCode::SUCCESS)
}

fn binary() -> Result<PathBuf, Failure> {
    let target = program::workspace().join("target");
    let found = fs::read_dir(&target)
        .map_err(Failure::file(&target))?
        .flatten()
        .map(|entry| entry.path().join("release/casemate"))
        .find(|path| path.is_file());
    found.ok_or_else(|| Failure::Wrong("no release build of casemate below target/".to_owned()))
}

/// Runs a command so often, and tells how long each took. It has to end with 0 or 1.
fn times(rounds: usize, command: impl Fn() -> Command) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    for _ in 0..rounds {
        times.push(once(&mut command())?);
    }
    times.sort_unstable();
    Ok(times)
}

fn once(command: &mut Command) -> Result<Duration, Failure> {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    let status = quiet.status().map_err(program::start_failure(quiet))?;
    let took = start.elapsed();
    match status.code() {
        Some(0 | 1) => Ok(took),
        _ => Err(Failure::Wrong(format!("{quiet:?} ended with {status}"))),
    }
}

fn shown(times: &[Duration]) -> String {
    let median = percentile(times, 50);
    format!("{:.2} ms", median.as_secs_f64() * 1000.0)
}

/// Each format's slowest good file.
fn corpus(casemate: &Path, rounds: usize) -> Result<(), Failure> {
    let corpus = program::workspace().join("corpus");
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for directory in fs::read_dir(&corpus)
        .map_err(Failure::file(&corpus))?
        .flatten()
    {
        let format = directory.file_name().to_string_lossy().into_owned();
        for file in fs::read_dir(directory.path())
            .into_iter()
            .flatten()
            .flatten()
        {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with("good-") && !name.ends_with(".show") && file.path().is_file() {
                files.push((format.clone(), file.path()));
            }
        }
    }
    let mut all: BTreeMap<&Path, Vec<Duration>> = BTreeMap::new();
    for _ in 0..rounds {
        for (format, path) in &files {
            let mut command = Command::new(casemate);
            command.args(["show", "--from", format]).arg(path);
            all.entry(path).or_default().push(once(&mut command)?);
        }
    }
    let mut slowest: BTreeMap<&str, (Duration, &Path)> = BTreeMap::new();
    for (format, path) in &files {
        let Some(times) = all.get_mut(path.as_path()) else {
            continue;
        };
        times.sort_unstable();
        let median = percentile(times, 50);
        let entry = slowest.entry(format).or_insert((median, path));
        if median > entry.0 {
            *entry = (median, path);
        }
    }
    println!(
        "\nshow of one file, whole process; the slowest of {} files by format",
        files.len()
    );
    for (format, (median, path)) in slowest {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        println!(
            "{format:26} {:>6.2} ms  {name}",
            median.as_secs_f64() * 1000.0
        );
    }
    Ok(())
}

fn pods(casemate: &Path, rounds: usize) -> Result<(), Failure> {
    let mut text = String::new();
    for number in 0..PODS {
        // Writing to a String does not fail.
        let written = write!(
            text,
            "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: pod-{number}\nspec:\n  containers:\n  - name: web\n    image: registry.example/web:{number}\n    \
             securityContext:\n      runAsUser: {}\n      allowPrivilegeEscalation: false\n      readOnlyRootFilesystem: true\n      capabilities: {{drop: [ALL]}}\n    \
             resources:\n      limits: {{memory: 128Mi, cpu: 500m}}\n    ports: [{{containerPort: 8080}}]\n",
            1000 + number
        );
        debug_assert!(written.is_ok(), "a String takes everything");
    }
    let path = std::env::temp_dir().join(format!("casemate-bench-{}.yaml", std::process::id()));
    fs::write(&path, text).map_err(Failure::file(&path))?;
    let read = times(rounds.min(10), || {
        let mut command = Command::new(casemate);
        command.args(["show", "--format", "json"]).arg(&path);
        command
    });
    fs::remove_file(&path).map_err(Failure::file(&path))?;
    println!("\nshow of {PODS} pods             {}", shown(&read?));
    Ok(())
}

fn live(casemate: &Path, rounds: usize) -> Result<(), Failure> {
    let config = program::workspace().join("corpus/oci/good-docker-web.json");
    if !config.is_file() {
        println!("diff with a live process: corpus/oci/good-docker-web.json is not there");
        return Ok(());
    }
    let mut sleeper = Command::new("sleep")
        .arg("600")
        .spawn()
        .map_err(|error| Failure::Wrong(format!("sleep: {error}")))?;
    let process = format!("pid:{}", sleeper.id());
    let compared = times(rounds, || {
        let mut command = Command::new(casemate);
        command.arg("diff").arg(&config).arg(&process);
        command
    });
    let ended = sleeper.kill().and_then(|()| sleeper.wait());
    println!("diff config.json pid:N      {}", shown(&compared?));
    ended
        .map(|_| ())
        .map_err(|error| Failure::Wrong(format!("sleep: {error}")))
}
