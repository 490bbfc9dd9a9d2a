//! The inner half: measures, and prints one record a line: contender, what, value, separated by tabs.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::bundle::{self, Bundle};
use super::contender::{self, Contender, command};
use crate::bench::launch::percentile;
use crate::failure::Failure;

/// A container's own number, which tells it from those of other benches.
fn id(what: &str) -> String {
    format!("casemate-bench-{what}-{}", std::process::id())
}

/// `bench measure-oci PLACE ROUNDS AT_ONCE ONLY`, as `inside` writes it.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let [place, rounds, at_once, only] = arguments else {
        return Err(Failure::Usage(
            "bench measure-oci is started by bench oci".to_owned(),
        ));
    };
    let number = |text: &String| {
        text.parse()
            .map_err(|_| Failure::Usage(format!("{text:?} is not a number")))
    };
    let (place, rounds, at_once) = (PathBuf::from(place), number(rounds)?, number(at_once)?);
    let contenders = able(&place, only);
    times(&place, &contenders, rounds)?;
    for contender in &contenders {
        said(contender, "system_calls", system_calls(contender));
        match usage(&place, contender) {
            Ok((peak, cpu)) => {
                record(contender, "peak_kib", peak);
                record(contender, "cpu_us", cpu);
            }
            Err(reason) => left_out(contender, "peak memory", &reason),
        }
        if contender.is_runtime() && contender.bundle == Bundle::Plain {
            said(contender, "init_pss_kib", waiting_init(&place, contender));
            said(
                contender,
                "smallest_memory_kib",
                smallest_memory(&place, contender),
            );
            let sleeping = contender.with(Bundle::Sleeping);
            said(
                contender,
                "at_once_ms",
                start_at_once(&place, &sleeping, at_once),
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn record(contender: &Contender, what: &str, value: impl Display) {
    let value = value.to_string().replace(['\t', '\n'], " ");
    println!("{}\t{what}\t{value}", contender.name);
}

fn left_out(contender: &Contender, what: &str, reason: &str) {
    eprintln!("bench: {}: no {what}: {reason}", contender.name);
}

fn said(contender: &Contender, what: &str, value: Result<u64, String>) {
    match value {
        Ok(value) => record(contender, what, value),
        Err(reason) => left_out(contender, what, &reason),
    }
}

/// Those who can run the bundle here; the others are named with their reason.
fn able(place: &Path, only: &str) -> Vec<Contender> {
    let mut able = Vec::new();
    for contender in contender::all(place, only) {
        match read(&contender.run(&id("able"))) {
            Ok(_) => able.push(contender),
            Err(reason) => {
                record(&contender, "not_measured", reason);
                delete(&contender, &id("able"));
            }
        }
    }
    able
}

/// Runs to the end, and keeps what was written; its errors are the reason of a failure.
fn read(line: &[String]) -> Result<String, String> {
    let output = command(line)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("{line:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let talk = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}", output.status, talk.trim()))
}

/// The same with nothing attached: a container in the background would hold a pipe open.
fn done(line: &[String]) -> Result<(), String> {
    match command(line).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{line:?} ended with {status}")),
        Err(error) => Err(format!("{line:?}: {error}")),
    }
}

fn delete(contender: &Contender, id: &str) {
    if contender.is_runtime()
        && let Err(reason) = done(&contender.verb(&["delete", "--force", id]))
    {
        eprintln!("bench: {reason}");
    }
}

fn times(place: &Path, contenders: &[Contender], rounds: usize) -> Result<(), Failure> {
    let run = |contender: &Contender| {
        let start = Instant::now();
        done(&contender.run(&id("run")))?;
        Ok(start.elapsed())
    };
    let cycles: Vec<Contender> = contenders
        .iter()
        .filter(|c| c.is_runtime())
        .cloned()
        .collect();
    print_times("run", contenders, &interleaved(contenders, rounds, run)?);
    let cycle = |contender: &Contender| cycle(place, contender);
    print_times("cycle", &cycles, &interleaved(&cycles, rounds, cycle)?);
    Ok(())
}

fn interleaved(
    contenders: &[Contender],
    rounds: usize,
    time: impl Fn(&Contender) -> Result<Duration, String>,
) -> Result<Vec<Vec<Duration>>, Failure> {
    let mut times = vec![Vec::with_capacity(rounds * 2); contenders.len()];
    for contender in contenders {
        for _ in 0..3 {
            time(contender).map_err(Failure::Wrong)?;
        }
    }
    for _ in 0..rounds {
        let there = 0..contenders.len();
        for index in there.clone().chain(there.rev()) {
            if let (Some(times), Some(contender)) = (times.get_mut(index), contenders.get(index)) {
                times.push(time(contender).map_err(Failure::Wrong)?);
            }
        }
    }
    Ok(times)
}

fn print_times(what: &str, contenders: &[Contender], times: &[Vec<Duration>]) {
    for (contender, times) in contenders.iter().zip(times) {
        for (name, percent) in [("p10", 10), ("median", 50), ("p90", 90)] {
            let time = percentile(times, percent);
            record(contender, &format!("{what}_{name}_us"), time.as_micros());
        }
    }
}

/// Makes a container that waits, and returns the number of its first process.
fn create(place: &Path, contender: &Contender, id: &str) -> Result<u32, String> {
    let file = place.join(format!("pid-{id}"));
    let bundle = contender.bundle.directory(place);
    let (bundle, path) = (bundle.to_string_lossy(), file.to_string_lossy());
    done(&contender.verb(&["create", "--bundle", &bundle, "--pid-file", &path, id]))?;
    let text = fs::read_to_string(&file).map_err(|error| format!("{path}: {error}"))?;
    text.trim().parse().map_err(|_| format!("{path}: {text:?}"))
}

/// create, start, the end of the program, delete.
fn cycle(place: &Path, contender: &Contender) -> Result<Duration, String> {
    let id = id("cycle");
    let start = Instant::now();
    let pid = create(place, contender, &id)?;
    let started = done(&contender.verb(&["start", &id])).and_then(|()| wait_for_end(pid));
    if let Err(reason) = started {
        delete(contender, &id);
        return Err(reason);
    }
    done(&contender.verb(&["delete", &id]))?;
    Ok(start.elapsed())
}

/// Waits for the end of a process that is nobody's child here. Who has ended and is not collected yet has ended.
fn wait_for_end(pid: u32) -> Result<(), String> {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        match fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(stat)
                if !stat
                    .rsplit(')')
                    .next()
                    .unwrap_or_default()
                    .starts_with(" Z") =>
            {
                thread::sleep(Duration::from_micros(100));
            }
            Ok(_) | Err(_) => return Ok(()),
        }
    }
    Err(format!("{pid} does not end"))
}

/// System calls of the whole tree, the program's own included, as strace counts them.
fn system_calls(contender: &Contender) -> Result<u64, String> {
    let mut line: Vec<String> = ["strace", "-f", "-c", "-q", "-o", "/dev/stdout", "--"]
        .map(str::to_owned)
        .into();
    line.extend(contender.run(&id("strace")));
    let output = read(&line)?;
    let total = output.lines().find(|line| line.ends_with(" total"));
    total
        .and_then(|line| line.split_whitespace().nth(3))
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| format!("strace printed no total: {output:?}"))
}

/// The peak of any one process in KiB, and the CPU time of a run in microseconds, by bench/usage.c over 20 runs.
fn usage(place: &Path, contender: &Contender) -> Result<(u64, u64), String> {
    let mut line = vec![
        place.join("usage").to_string_lossy().into_owned(),
        "20".to_owned(),
    ];
    line.extend(contender.run(&id("usage")));
    let output = read(&line)?;
    let mut numbers = output.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(peak)), Some(Ok(cpu))) => Ok((peak, cpu)),
        _ => Err(format!("usage printed {output:?}")),
    }
}

/// The proportional set size of the process that waits for `start`.
fn waiting_init(place: &Path, contender: &Contender) -> Result<u64, String> {
    let id = id("init");
    let pss = create(place, contender, &id).and_then(|pid| {
        // What the runtime itself still holds in common with it goes away in a moment.
        thread::sleep(Duration::from_millis(100));
        let path = format!("/proc/{pid}/smaps_rollup");
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok())
            .ok_or_else(|| format!("no Pss in {path}"))
    });
    delete(contender, &id);
    pss
}

/// The smallest limit under which `true` runs, in KiB. Limits that the kernel rounds are asked for as they are.
fn smallest_memory(place: &Path, contender: &Contender) -> Result<u64, String> {
    let filter =
        fs::read_to_string(place.join("filter.json")).map_err(|error| error.to_string())?;
    let directory = place.join(format!("bundle-limited-{}", contender.name));
    fs::create_dir(&directory).map_err(|error| error.to_string())?;
    let directory = directory.to_string_lossy();
    for kib in [
        128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192,
    ] {
        let content = bundle::configuration(
            &bundle::root(place),
            Bundle::Plain,
            &filter,
            Some(kib * 1024),
        );
        fs::write(format!("{directory}/config.json"), content)
            .map_err(|error| error.to_string())?;
        // Three times: what is in the page cache already is charged to whoever read it first.
        let id = id("limit");
        let works = (0..3).all(|_| {
            let ran = done(&contender.verb(&["run", "--bundle", &directory, &id]));
            if ran.is_err() {
                delete(contender, &id);
            }
            ran.is_ok()
        });
        if works {
            return Ok(kib);
        }
    }
    Err("not even 8 MiB are enough".to_owned())
}

/// The time until so many containers, started at once, all run their program; they are removed again.
fn start_at_once(place: &Path, contender: &Contender, count: usize) -> Result<u64, String> {
    let bundle = contender
        .bundle
        .directory(place)
        .to_string_lossy()
        .into_owned();
    let ids: Vec<String> = (0..count)
        .map(|number| format!("{}-{number}", id("once")))
        .collect();
    let start = Instant::now();
    let children: Vec<_> = ids
        .iter()
        .map(|id| command(&contender.verb(&["run", "--detach", "--bundle", &bundle, id])).spawn())
        .collect();
    let mut failed = 0;
    for child in children {
        let ended = child.and_then(|mut child| child.wait());
        failed += usize::from(!ended.is_ok_and(|status| status.success()));
    }
    let time = start.elapsed();
    for id in &ids {
        delete(contender, id);
    }
    if failed > 0 {
        return Err(format!("{failed} of {count} did not start"));
    }
    u64::try_from(time.as_millis()).map_err(|error| error.to_string())
}
