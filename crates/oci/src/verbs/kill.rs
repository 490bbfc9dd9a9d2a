//! `kill`: sends a signal. It takes no lock: whoever holds it may be waiting for the container's end.

use crate::cgroup;
use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use crate::state::{Container, Status};
use casemate_sys::Errno;
use casemate_sys::signal::Signal;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let signal = match call.words.get(1) {
        Some(word) => signal(&word.to_string_lossy())?,
        None => Signal::TERM,
    };
    let container = Container::look(&call.globals.states(), id)?;
    if container.status == Status::Creating {
        return Err(Failure::new(format!(
            "container {id} is still being created"
        )));
    }
    if call.has("all") {
        cgroup::signal_all(&container.state.cgroup, signal)?;
        return Ok(0);
    }
    match container.running()?.signal(Some(signal)) {
        Ok(()) => {}
        Err(Errno::ESRCH) => return Err(Failure::new("container not running")),
        Err(errno) => {
            return Err(errno).attempt(|| format!("send a signal to container {id}"));
        }
    }
    // A frozen process would take the signal when it is thawed only.
    if signal == Signal::KILL && container.status == Status::Paused {
        cgroup::thaw(&container.state.cgroup)?;
    }
    Ok(0)
}

/// A signal by number, or by name with or without `SIG`.
pub fn signal(word: &str) -> Result<Signal, Failure> {
    let unknown = || Failure::new(format!("unknown signal `{word}`"));
    let digits = word.strip_prefix('-').unwrap_or(word);
    if let Ok(number) = digits.parse::<u32>() {
        return Signal::from_raw(number).ok_or_else(unknown);
    }
    let upper = digits.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    if let Some(number) = real_time(name) {
        return Signal::from_raw(number).ok_or_else(unknown);
    }
    let synonym = match name {
        "IOT" => "ABRT",
        "POLL" => "IO",
        "CLD" => "CHLD",
        "UNUSED" => "SYS",
        other => other,
    };
    Signal::all()
        .find(|signal| {
            signal
                .name()
                .is_some_and(|known| known.strip_prefix("SIG").unwrap_or(known) == synonym)
        })
        .ok_or_else(unknown)
}

/// `RTMIN`, `RTMIN+n`, `RTMAX-n`: counted as the C library does, which keeps the first two for itself.
fn real_time(name: &str) -> Option<u32> {
    let (base, rest) = match name.split_at_checked(5)? {
        ("RTMIN", rest) => (34i32, rest),
        ("RTMAX", rest) => (64, rest),
        _ => return None,
    };
    let offset: i32 = if rest.is_empty() {
        0
    } else {
        rest.parse().ok()?
    };
    u32::try_from(base + offset)
        .ok()
        .filter(|number| (34..=64).contains(number))
}

#[cfg(test)]
mod tests {
    use super::signal;

    #[test]
    fn signals_have_names_and_numbers() {
        let cases = [
            ("9", 9),
            ("-9", 9),
            ("KILL", 9),
            ("SIGKILL", 9),
            ("sigterm", 15),
            ("RTMIN+3", 37),
            ("SIGRTMAX", 64),
            ("SIGRTMAX-1", 63),
            ("IOT", 6),
        ];
        for (word, number) in cases {
            assert_eq!(
                signal(word).map(casemate_sys::signal::Signal::raw),
                Ok(number),
                "{word}"
            );
        }
        for word in [
            "", "0", "65", "NONE", "SIG", "RTMIN+40", "-KILL9", "RTMIN-1",
        ] {
            assert!(signal(word).is_err(), "{word}");
        }
    }
}
