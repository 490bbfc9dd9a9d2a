//! Figures of the second version.

use super::{Amount, Found, Line, Pressure, keyed, number, page_sizes};
use crate::cgroup::reading;
use std::path::Path;

/// Reads figures. Where it is not the `only` version, most come from the first one.
pub(super) fn read(path: &Path, only: bool, found: &mut Found) {
    if only {
        cpu(path, found);
        memory(path, found);
        processes(path, found);
        devices(path, found);
        for (key, file) in [
            ("cpu", "cpu.pressure"),
            ("memory", "memory.pressure"),
            ("io", "io.pressure"),
        ] {
            if let Some(pressure) = reading(&path.join(file)).as_deref().and_then(pressure) {
                found.pressure.insert(key, pressure);
            }
        }
    }
    if found.huge.is_empty() {
        for size in page_sizes() {
            let usage = number(path, &format!("hugetlb.{size}.rsvd.current"))
                .or_else(|| number(path, &format!("hugetlb.{size}.current")));
            let Some(usage) = usage else {
                continue;
            };
            let events = keyed(path, &format!("hugetlb.{size}.events"));
            let amount = Amount {
                usage,
                failures: events.get("max").copied().unwrap_or(0),
                ..Amount::default()
            };
            found.huge.insert(size, amount);
        }
    }
}

fn cpu(path: &Path, found: &mut Found) {
    let stat = keyed(path, "cpu.stat");
    let figure = |key: &str| stat.get(key).copied().unwrap_or(0);
    // Nanoseconds.
    found.total = figure("usage_usec") * 1000;
    found.user = figure("user_usec") * 1000;
    found.kernel = figure("system_usec") * 1000;
    found.throttling = [
        figure("nr_periods"),
        figure("nr_throttled"),
        figure("throttled_usec") * 1000,
    ];
}

fn memory(path: &Path, found: &mut Found) {
    found.raw = keyed(path, "memory.stat");
    found.cache = found.raw.get("file").copied().unwrap_or(0);
    let amount = |name: &str| {
        let figure = |file: &str| number(path, &format!("{name}.{file}"));
        Some(Amount {
            usage: figure("current")?,
            limit: figure("max").unwrap_or(0),
            most: figure("peak").unwrap_or(0),
            failures: 0,
        })
    };
    found.memory = amount("memory").unwrap_or_default();
    // As in the first version: memory and swap together.
    let swap = amount("memory.swap").unwrap_or_default();
    found.swap = Amount {
        usage: swap.usage + found.memory.usage,
        limit: swap.limit.saturating_add(found.memory.limit),
        most: 0,
        failures: 0,
    };
}

fn processes(path: &Path, found: &mut Found) {
    let most = number(path, "pids.max").filter(|most| *most != u64::MAX);
    let current = number(path, "pids.current").unwrap_or_else(|| {
        let list = reading(&path.join("cgroup.procs")).unwrap_or_default();
        list.lines().count() as u64
    });
    found.processes = [current, most.unwrap_or(0)];
}

fn devices(path: &Path, found: &mut Found) {
    let text = reading(&path.join("io.stat")).unwrap_or_default();
    let [bytes, operations] = lines(&text);
    found.block = vec![
        ("ioServiceBytesRecursive", bytes),
        ("ioServicedRecursive", operations),
    ];
}

/// `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`: bytes, then operations.
pub(super) fn lines(text: &str) -> [Vec<Line>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let Some((Ok(major), Ok(minor))) = words
            .next()
            .and_then(|device| device.split_once(':'))
            .map(|(major, minor)| (major.parse(), minor.parse()))
        else {
            continue;
        };
        for word in words {
            let (place, operation) = match word.split_once('=').map(|(key, _)| key) {
                Some("rbytes") => (0, "Read"),
                Some("wbytes") => (0, "Write"),
                Some("rios") => (1, "Read"),
                Some("wios") => (1, "Write"),
                _ => continue,
            };
            let value = word
                .split_once('=')
                .and_then(|(_, value)| value.parse().ok());
            if let (Some(lines), Some(value)) = (found.get_mut(place), value) {
                lines.push(Line {
                    major,
                    minor,
                    operation: operation.to_owned(),
                    value,
                });
            }
        }
    }
    found
}

/// `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`
fn pressure(text: &str) -> Option<Pressure> {
    let kind = |line: &str| {
        let (kind, rest) = line.split_once(' ')?;
        let figures = rest.split_whitespace().filter_map(|word| {
            let (key, value) = word.split_once('=')?;
            Some((key.to_owned(), value.to_owned()))
        });
        Some((kind.to_owned(), figures.collect()))
    };
    let kinds: Vec<_> = text.lines().filter_map(kind).collect();
    (!kinds.is_empty()).then_some(Pressure(kinds))
}
