//! What a container has used, in the JSON of `runc events`, which engines read.
//!
//! A number that is 0 is left out where runc leaves it out. Of a controller that the host has not, nothing is told.

mod v1;
mod v2;

use super::{Record, UNIFIED, reading};
use crate::json::Writer;
use std::collections::BTreeMap;
use std::path::Path;

/// An amount of memory.
#[derive(Clone, Copy, Default)]
struct Amount {
    limit: u64,
    usage: u64,
    most: u64,
    failures: u64,
}

/// What block devices have done: kind of figure, then lines.
type Block = Vec<(&'static str, Vec<Line>)>;

/// Device, operation, value.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    major: u64,
    minor: u64,
    operation: String,
    value: u64,
}

/// Pressure of processors, memory or devices: who waits.
#[derive(Clone, Default)]
struct Pressure(Vec<(String, Vec<(String, String)>)>);

/// What was found.
#[derive(Default)]
struct Found {
    total: u64,
    user: u64,
    kernel: u64,
    each: [Vec<u64>; 3],
    throttling: [u64; 3],
    cpuset: Vec<(&'static str, Figure)>,
    cache: u64,
    memory: Amount,
    swap: Amount,
    kernel_memory: Amount,
    tcp: Amount,
    raw: BTreeMap<String, u64>,
    processes: [u64; 2],
    block: Block,
    huge: BTreeMap<String, Amount>,
    pressure: BTreeMap<&'static str, Pressure>,
}

/// A figure of a cpuset.
enum Figure {
    List(Vec<u64>),
    Number(i64),
}

/// The event `stats` of a container.
pub fn event(id: &str, record: &Record, rdt: Option<&[String]>) -> String {
    let mut found = Found::default();
    v1::read(record, &mut found);
    if let Some(path) = record.paths.get(UNIFIED) {
        v2::read(path, record.paths.len() == 1, &mut found);
    }
    let mut writer = Writer::new();
    writer
        .open('{')
        .key("type")
        .text("stats")
        .key("id")
        .text(id);
    writer.key("data").open('{');
    cpu(&mut writer, &found);
    cpuset(&mut writer, &found);
    memory(&mut writer, &found);
    writer.key("pids").open('{');
    nonzero(&mut writer, "current", found.processes[0]);
    nonzero(&mut writer, "limit", found.processes[1]);
    writer.close('}').key("blkio").open('{');
    block(&mut writer, &found.block);
    pressure(&mut writer, found.pressure.get("io"));
    writer.close('}').key("hugetlb").open('{');
    for (size, amount) in &found.huge {
        writer.key(size).open('{');
        nonzero(&mut writer, "usage", amount.usage);
        nonzero(&mut writer, "max", amount.most);
        writer.key("failcnt").plain(amount.failures).close('}');
    }
    writer.close('}').key("intel_rdt").open('{');
    if let Some(lines) = rdt.filter(|lines| !lines.is_empty()) {
        writer.key("schemata").open('[');
        for line in lines {
            writer.text(line);
        }
        writer.close(']');
    }
    writer.close('}').key("network_interfaces").plain("null");
    writer.close('}').close('}');
    writer.finish() + "\n"
}

/// The event of processes that were killed for want of memory.
pub fn oom(id: &str) -> String {
    let mut writer = Writer::new();
    writer
        .open('{')
        .key("type")
        .text("oom")
        .key("id")
        .text(id)
        .close('}');
    writer.finish() + "\n"
}

fn nonzero(writer: &mut Writer, key: &str, value: u64) {
    if value != 0 {
        writer.key(key).plain(value);
    }
}

fn list(writer: &mut Writer, key: &str, values: &[u64]) {
    if !values.is_empty() {
        writer.key(key).open('[');
        for value in values {
            writer.plain(value);
        }
        writer.close(']');
    }
}

fn cpu(writer: &mut Writer, found: &Found) {
    writer.key("cpu").open('{').key("usage").open('{');
    nonzero(writer, "total", found.total);
    for (key, values) in ["percpu", "percpu_kernel", "percpu_user"]
        .iter()
        .zip(&found.each)
    {
        list(writer, key, values);
    }
    writer.key("kernel").plain(found.kernel);
    writer.key("user").plain(found.user);
    writer.close('}').key("throttling").open('{');
    for (key, value) in ["periods", "throttledPeriods", "throttledTime"]
        .iter()
        .zip(found.throttling)
    {
        nonzero(writer, key, value);
    }
    writer.close('}');
    pressure(writer, found.pressure.get("cpu"));
    writer.close('}');
}

fn cpuset(writer: &mut Writer, found: &Found) {
    const KEYS: [&str; 11] = [
        "cpus",
        "cpu_exclusive",
        "mems",
        "mem_hardwall",
        "mem_exclusive",
        "memory_migrate",
        "memory_spread_page",
        "memory_spread_slab",
        "memory_pressure",
        "sched_load_balance",
        "sched_relax_domain_level",
    ];
    writer.key("cpuset").open('{');
    for key in KEYS {
        let figure = found.cpuset.iter().find(|(name, _)| *name == key);
        match figure.map(|(_, figure)| figure) {
            Some(Figure::List(values)) => list(writer, key, values),
            Some(Figure::Number(value)) => {
                writer.key(key).plain(value);
            }
            None if matches!(key, "cpus" | "mems") => {}
            None => {
                writer.key(key).plain(0);
            }
        }
    }
    writer.close('}');
}

fn memory(writer: &mut Writer, found: &Found) {
    writer.key("memory").open('{');
    nonzero(writer, "cache", found.cache);
    for (key, amount) in [
        ("usage", found.memory),
        ("swap", found.swap),
        ("kernel", found.kernel_memory),
        ("kernelTCP", found.tcp),
    ] {
        writer.key(key).open('{').key("limit").plain(amount.limit);
        nonzero(writer, "usage", amount.usage);
        nonzero(writer, "max", amount.most);
        writer.key("failcnt").plain(amount.failures).close('}');
    }
    if !found.raw.is_empty() {
        writer.key("raw").open('{');
        for (key, value) in &found.raw {
            writer.key(key).plain(value);
        }
        writer.close('}');
    }
    pressure(writer, found.pressure.get("memory"));
    writer.close('}');
}

fn block(writer: &mut Writer, block: &Block) {
    for (key, lines) in block.iter().filter(|(_, lines)| !lines.is_empty()) {
        writer.key(key).open('[');
        for line in lines {
            writer.open('{');
            nonzero(writer, "major", line.major);
            nonzero(writer, "minor", line.minor);
            if !line.operation.is_empty() {
                writer.key("op").text(&line.operation);
            }
            nonzero(writer, "value", line.value);
            writer.close('}');
        }
        writer.close(']');
    }
}

fn pressure(writer: &mut Writer, pressure: Option<&Pressure>) {
    let Some(Pressure(kinds)) = pressure else {
        return;
    };
    writer.key("psi").open('{');
    for (kind, figures) in kinds {
        writer.key(kind).open('{');
        for (key, value) in figures {
            // Numbers of the kernel's: 0.00 and the like.
            let number: f64 = value.parse().unwrap_or(0.0);
            writer.key(key).plain(number);
        }
        writer.close('}');
    }
    writer.close('}');
}

/// A number of a file; `max` is the largest.
fn number(path: &Path, file: &str) -> Option<u64> {
    let text = reading(&path.join(file))?;
    match text.trim() {
        "max" => Some(u64::MAX),
        digits => digits.parse().ok(),
    }
}

/// The lines `KEY NUMBER` of a file.
fn keyed(path: &Path, file: &str) -> BTreeMap<String, u64> {
    let text = reading(&path.join(file)).unwrap_or_default();
    let pair = |line: &str| {
        let (key, value) = line.split_once(' ')?;
        Some((key.to_owned(), value.trim().parse().ok()?))
    };
    text.lines().filter_map(pair).collect()
}

/// Sizes of huge pages, as files are named by them: `2MB`, `1GB`.
fn page_sizes() -> Vec<String> {
    let Ok(entries) = std::fs::read_dir("/sys/kernel/mm/hugepages") else {
        return Vec::new();
    };
    let mut sizes: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let kilobytes: u64 = name
                .strip_prefix("hugepages-")?
                .strip_suffix("kB")?
                .parse()
                .ok()?;
            Some(match kilobytes {
                1_048_576.. => format!("{}GB", kilobytes >> 20),
                1024.. => format!("{}MB", kilobytes >> 10),
                _ => format!("{kilobytes}KB"),
            })
        })
        .collect();
    sizes.sort();
    sizes
}

#[cfg(test)]
mod tests;
