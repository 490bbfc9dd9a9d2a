//! What a launch uses beside time: system calls, memory at its peak, CPU, and the price of a call inside.

use std::path::Path;
use std::process::Stdio;

use super::contender::{Contender, command};
use super::launch::PAYLOAD;

/// System calls of the whole tree, the payload's own included, as strace counts them.
pub fn system_calls(contender: &Contender) -> Result<u64, String> {
    let mut line: Vec<String> = ["strace", "-f", "-c", "-q", "-o", "/dev/stdout", "--"]
        .map(str::to_owned)
        .into();
    line.extend(contender.line(PAYLOAD));
    let output = read(&line)?;
    // The last line: "100.00 0.001 5 166 4 total"; the fifth column is empty where no call failed.
    let total = output.lines().find(|line| line.ends_with(" total"));
    total
        .and_then(|line| line.split_whitespace().nth(3))
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| format!("strace printed no total: {output:?}"))
}

/// Peak memory and CPU time of a launch.
pub struct Usage {
    pub peak_kib: u64,
    pub cpu_us: u64,
}

/// As bench/usage.c measures it over 20 runs.
pub fn usage(place: &Path, contender: &Contender) -> Result<Usage, String> {
    let mut line = vec![
        place.join("usage").to_string_lossy().into_owned(),
        "20".to_owned(),
    ];
    let mut launch = contender.line(PAYLOAD);
    if let Some(program) = launch.first_mut()
        && let Some(found) = crate::program::find(program)
    {
        // posix_spawn does not search PATH; an absolute name joins to itself.
        *program = found.to_string_lossy().into_owned();
    }
    line.extend(launch);
    let output = read(&line)?;
    let mut numbers = output.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(peak_kib)), Some(Ok(cpu_us))) => Ok(Usage { peak_kib, cpu_us }),
        _ => Err(format!("usage printed {output:?}")),
    }
}

/// Nanoseconds for one open and close inside: the best of five starts of bench/openclose.c.
pub fn open_close(place: &Path, contender: &Contender) -> Result<u64, String> {
    let directory = place.to_string_lossy();
    let helper = place.join("openclose").to_string_lossy().into_owned();
    // A file that every contender shows, at the same depth: Landlock's price is one look-up for each directory above.
    let payload = [helper.as_str(), "2000", "/usr/bin/true"];
    let mut best = u64::MAX;
    for _ in 0..5 {
        let output = read(&contender.line_reading(&directory, &payload))?;
        let each: u64 = output
            .trim()
            .parse()
            .map_err(|_| format!("openclose printed {output:?}"))?;
        best = best.min(each);
    }
    Ok(best)
}

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
