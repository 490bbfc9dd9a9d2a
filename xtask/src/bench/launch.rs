//! The time from starting a launcher to its end, for `/bin/true`.

use std::time::{Duration, Instant};

use super::contender::{Contender, command};

/// What is launched.
pub const PAYLOAD: &[&str] = &["/bin/true"];

/// The times of every contender, in its order: rounds there and back, so that drift and neighbours fall on all alike.
pub fn rounds(contenders: &[Contender], rounds: usize) -> Result<Vec<Vec<Duration>>, String> {
    let lines: Vec<Vec<String>> = contenders.iter().map(|c| c.line(PAYLOAD)).collect();
    let mut times = vec![Vec::with_capacity(rounds * 2); lines.len()];
    for line in &lines {
        for _ in 0..3 {
            time(line)?;
        }
    }
    for _ in 0..rounds {
        let there = 0..lines.len();
        for index in there.clone().chain(there.rev()) {
            times[index].push(time(&lines[index])?);
        }
    }
    Ok(times)
}

fn time(line: &[String]) -> Result<Duration, String> {
    let mut command = command(line);
    let start = Instant::now();
    let status = command.status();
    let time = start.elapsed();
    match status {
        Ok(status) if status.success() => Ok(time),
        Ok(status) => Err(format!("{line:?} ended with {status}")),
        Err(error) => Err(format!("{line:?}: {error}")),
    }
}

/// The value below which `percent` of the times are; they need not be sorted.
pub fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let index = (sorted.len().saturating_sub(1) * percent + 50) / 100;
    sorted.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::percentile;

    #[test]
    fn percentiles_of_a_small_sample() {
        let times: Vec<Duration> = [5, 1, 4, 2, 3].map(Duration::from_millis).into();
        for (percent, millis) in [(0, 1), (10, 1), (50, 3), (90, 5), (100, 5)] {
            assert_eq!(
                percentile(&times, percent),
                Duration::from_millis(millis),
                "{percent}"
            );
        }
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }
}
