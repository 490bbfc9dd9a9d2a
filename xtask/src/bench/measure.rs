//! The inner half: measures as whoever runs it, and prints one record a line: contender, what, value, separated by tabs.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::contender::{self, Contender};
use super::{isolation, launch, resident, usage};
use crate::failure::Failure;
use crate::program;

/// `bench measure PLACE ROUNDS ONLY hyperfine|no-hyperfine FLAGS...`, as `Place::measurer` writes it.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let [place, rounds, only, hyperfine, flags @ ..] = arguments else {
        return Err(Failure::Usage(
            "bench measure is started by bench run".to_owned(),
        ));
    };
    let place = PathBuf::from(place);
    let rounds = rounds
        .parse()
        .map_err(|_| Failure::Usage(format!("{rounds:?} rounds")))?;
    let contenders = able(&place, only, flags);
    let times = launch::rounds(&contenders, rounds).map_err(Failure::Wrong)?;
    for (contender, times) in contenders.iter().zip(&times) {
        for (what, percent) in [("p10", 10), ("median", 50), ("p90", 90)] {
            let time = launch::percentile(times, percent);
            record(contender, &format!("launch_{what}_us"), time.as_micros());
        }
        record(contender, "runs", times.len());
        measure_rest(&place, contender);
    }
    if hyperfine == "hyperfine" {
        cross_check(&contenders);
    }
    Ok(ExitCode::SUCCESS)
}

/// Those who can do it here; the others are named with their reason.
fn able(place: &Path, only: &str, flags: &[String]) -> Vec<Contender> {
    let wanted = |name: &str| only.is_empty() || only.split(',').any(|o| o == name);
    let mut able = Vec::new();
    for contender in contender::all(place, flags) {
        if !wanted(contender.name) {
            continue;
        }
        match isolation::isolation(&contender) {
            Ok(isolation) => {
                record(&contender, "namespaces", isolation.namespaces);
                record(&contender, "filters", isolation.filters);
                record(&contender, "no_new_privs", isolation.no_new_privs);
                record(&contender, "capabilities", isolation.capabilities);
                able.push(contender);
            }
            Err(reason) => record(&contender, "not_measured", reason),
        }
    }
    able
}

fn measure_rest(place: &Path, contender: &Contender) {
    match usage::system_calls(contender) {
        Ok(count) => record(contender, "system_calls", count),
        Err(reason) => left_out(contender, "system calls", &reason),
    }
    match usage::usage(place, contender) {
        Ok(usage) => {
            record(contender, "peak_kib", usage.peak_kib);
            record(contender, "cpu_us", usage.cpu_us);
        }
        Err(reason) => left_out(contender, "peak memory", &reason),
    }
    match resident::resident(contender) {
        Ok(resident) => {
            record(contender, "resident_kib", resident.pss_kib);
            record(contender, "resident_processes", resident.processes);
        }
        Err(reason) => left_out(contender, "resident memory", &reason),
    }
    match usage::open_close(place, contender) {
        Ok(nanoseconds) => record(contender, "open_close_ns", nanoseconds),
        Err(reason) => left_out(contender, "open and close", &reason),
    }
}

fn record(contender: &Contender, what: &str, value: impl Display) {
    let value = value.to_string().replace(['\t', '\n'], " ");
    println!("{}\t{what}\t{value}", contender.name);
}

fn left_out(contender: &Contender, what: &str, reason: &str) {
    eprintln!("bench: {}: no {what}: {reason}", contender.name);
}

/// hyperfine's own measurement of the same lines, for whoever doubts ours.
fn cross_check(contenders: &[Contender]) {
    let mut hyperfine = Command::new("hyperfine");
    hyperfine
        .args(["--shell=none", "--warmup=5", "--runs=100", "--style=basic"])
        .stdin(Stdio::null())
        // Standard output is for records.
        .stdout(std::io::stderr());
    for contender in contenders {
        hyperfine.args(["--command-name", contender.name]);
        hyperfine.arg(contender.line(launch::PAYLOAD).join(" "));
    }
    if let Err(failure) = program::run(&mut hyperfine) {
        eprintln!("bench: {failure}");
    }
}
