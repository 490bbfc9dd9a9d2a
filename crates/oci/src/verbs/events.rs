//! `events`: what a container uses, again and again or once, and when it has not enough memory.

use crate::cgroup::oom::{News, Watcher};
use crate::cgroup::stats;
use crate::cli::{Call, print};
use crate::failure::Failure;
use crate::state::{Container, State, Status};
use std::time::{Duration, Instant};

/// How often it is looked whether the container still is there, where nothing tells it.
const PATIENCE: Duration = Duration::from_millis(500);

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let interval = call
        .text("interval")?
        .map_or(Ok(Duration::from_secs(5)), duration)?;
    let states = call.globals.states();
    let container = Container::look(&states, id)?;
    if container.status == Status::Stopped {
        return Err(Failure::new(format!("container {id} is not running")));
    }
    if call.has("stats") {
        print(&figures(id, &container.state))?;
        return Ok(0);
    }
    let mut watcher = Watcher::new(&container.state.cgroup)?;
    let mut next = Instant::now() + interval;
    loop {
        let wait = next.saturating_duration_since(Instant::now()).min(PATIENCE);
        match watcher.wait(wait)? {
            News::Killed => print(&stats::oom(id))?,
            News::Over => return Ok(0),
            News::None => {}
        }
        if Instant::now() >= next {
            print(&figures(id, &container.state))?;
            next += interval;
        }
        let lives = container.process.as_ref().is_some_and(|process| {
            crate::state::Process::find(process.pid, container.state.start_time).is_some()
        });
        if !lives {
            return Ok(0);
        }
    }
}

fn figures(id: &str, state: &State) -> String {
    let schemata = state.rdt.first().and_then(|group| {
        let text = std::fs::read_to_string(format!("{group}/schemata")).ok()?;
        Some(text.lines().map(|line| line.trim().to_owned()).collect())
    });
    let schemata: Option<Vec<String>> = schemata;
    stats::event(id, &state.cgroup, schemata.as_deref())
}

/// Reads a time as Go writes it: `1m30s`, `100ms`, `0.5s`.
fn duration(text: &str) -> Result<Duration, Failure> {
    let wrong = || {
        Failure::with_hint(
            format!("invalid interval `{text}`"),
            "it is a number with its unit, such as 500ms, 5s or 1m, above 0",
        )
    };
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .ok_or_else(wrong)?;
        let (number, tail) = rest.split_at(digits);
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let letters = tail
            .find(|letter: char| letter.is_ascii_digit() || letter == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        total += number
            * match unit {
                "ns" => 1e-9,
                "us" | "µs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return Err(wrong()),
            };
        rest = tail;
    }
    Duration::try_from_secs_f64(total)
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn intervals_are_gos() {
        for (text, milliseconds) in [
            ("5s", 5000),
            ("100ms", 100),
            ("1m30s", 90_000),
            ("0.5s", 500),
        ] {
            assert_eq!(
                duration(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        for text in [
            "",
            "5",
            "s",
            "0s",
            "-1s",
            "1x",
            "1e9h9",
            "1.2.3s",
            "99999999999999999999h",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
