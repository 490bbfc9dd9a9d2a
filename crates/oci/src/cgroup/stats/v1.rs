//! Figures of the first version.

use super::{Amount, Block, Figure, Found, Line, keyed, number, page_sizes};
use crate::cgroup::{Record, reading};
use std::path::Path;

pub(super) fn read(record: &Record, found: &mut Found) {
    let path = |name: &str| record.paths.get(name).map(std::path::PathBuf::as_path);
    if let Some(path) = path("cpu") {
        let stat = keyed(path, "cpu.stat");
        for (place, key) in
            found
                .throttling
                .iter_mut()
                .zip(["nr_periods", "nr_throttled", "throttled_time"])
        {
            *place = stat.get(key).copied().unwrap_or(0);
        }
    }
    if let Some(path) = path("cpuacct") {
        accounting(path, found);
    }
    if let Some(path) = path("cpuset") {
        cpuset(path, found);
    }
    if let Some(path) = path("memory") {
        found.raw = keyed(path, "memory.stat");
        found.cache = found.raw.get("cache").copied().unwrap_or(0);
        found.memory = amount(path, "memory");
        found.swap = amount(path, "memory.memsw");
        found.kernel_memory = amount(path, "memory.kmem");
        found.tcp = amount(path, "memory.kmem.tcp");
    }
    if let Some(path) = path("pids") {
        let most = number(path, "pids.max").filter(|most| *most != u64::MAX);
        found.processes = [number(path, "pids.current").unwrap_or(0), most.unwrap_or(0)];
    }
    if let Some(path) = path("blkio") {
        found.block = block(path);
    }
    if let Some(path) = path("hugetlb") {
        for size in page_sizes() {
            let reserved = format!("hugetlb.{size}.rsvd");
            let used = format!("hugetlb.{size}");
            let there = number(path, &format!("{reserved}.usage_in_bytes")).is_some();
            let name = if there { reserved } else { used };
            found.huge.insert(size, amount(path, &name));
        }
    }
}

fn amount(path: &Path, name: &str) -> Amount {
    let figure = |file: &str| number(path, &format!("{name}.{file}")).unwrap_or(0);
    Amount {
        limit: figure("limit_in_bytes"),
        usage: figure("usage_in_bytes"),
        most: figure("max_usage_in_bytes"),
        failures: figure("failcnt"),
    }
}

fn accounting(path: &Path, found: &mut Found) {
    // In hundredths of a second, whatever the kernel's own clock.
    const TICK: u64 = 10_000_000;
    let stat = keyed(path, "cpuacct.stat");
    let figure = |key: &str| stat.get(key).copied().unwrap_or(0).saturating_mul(TICK);
    found.user = figure("user");
    found.kernel = figure("system");
    found.total = number(path, "cpuacct.usage").unwrap_or(0);
    let words = |text: &str| -> Vec<u64> {
        text.split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect()
    };
    found.each[0] = words(&reading(&path.join("cpuacct.usage_percpu")).unwrap_or_default());
    // Below a heading: number of the processor, user, kernel.
    let table = reading(&path.join("cpuacct.usage_all")).unwrap_or_default();
    for line in table.lines().skip(1) {
        if let [_, user, kernel] = words(line)[..] {
            found.each[1].push(kernel);
            found.each[2].push(user);
        }
    }
}

fn cpuset(path: &Path, found: &mut Found) {
    for (key, file) in [("cpus", "cpuset.cpus"), ("mems", "cpuset.mems")] {
        let text = reading(&path.join(file)).unwrap_or_default();
        found.cpuset.push((key, Figure::List(numbers(text.trim()))));
    }
    for key in [
        "cpu_exclusive",
        "mem_hardwall",
        "mem_exclusive",
        "memory_migrate",
        "memory_spread_page",
        "memory_spread_slab",
        "memory_pressure",
        "sched_load_balance",
        "sched_relax_domain_level",
    ] {
        let text = reading(&path.join(format!("cpuset.{key}"))).unwrap_or_default();
        found
            .cpuset
            .push((key, Figure::Number(text.trim().parse().unwrap_or(0))));
    }
}

/// The numbers of a list such as `0-2,7`.
pub(super) fn numbers(list: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    for part in list.split(',').filter(|part| !part.is_empty()) {
        let (first, end) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(end)) = (first.parse::<u64>(), end.parse::<u64>()) {
            // The kernel has at most 8192 processors.
            numbers.extend((first..=end).take(65_536));
        }
    }
    numbers
}

/// File, and kind of figure.
type File = (&'static str, &'static str);

/// Files by what counts: BFQ with debugging, BFQ, CFQ, limits, limits without children. The first that is there counts.
const FILES: [&[File]; 5] = [
    &[
        ("blkio.bfq.sectors_recursive", "sectorsRecursive"),
        (
            "blkio.bfq.io_service_time_recursive",
            "ioServiceTimeRecursive",
        ),
        ("blkio.bfq.io_wait_time_recursive", "ioWaitTimeRecursive"),
        ("blkio.bfq.io_merged_recursive", "ioMergedRecursive"),
        ("blkio.bfq.io_queued_recursive", "ioQueueRecursive"),
        ("blkio.bfq.time_recursive", "ioTimeRecursive"),
        ("blkio.bfq.io_serviced_recursive", "ioServicedRecursive"),
        (
            "blkio.bfq.io_service_bytes_recursive",
            "ioServiceBytesRecursive",
        ),
    ],
    &[
        ("blkio.bfq.io_serviced_recursive", "ioServicedRecursive"),
        (
            "blkio.bfq.io_service_bytes_recursive",
            "ioServiceBytesRecursive",
        ),
    ],
    &[
        ("blkio.sectors_recursive", "sectorsRecursive"),
        ("blkio.io_service_time_recursive", "ioServiceTimeRecursive"),
        ("blkio.io_wait_time_recursive", "ioWaitTimeRecursive"),
        ("blkio.io_merged_recursive", "ioMergedRecursive"),
        ("blkio.io_queued_recursive", "ioQueueRecursive"),
        ("blkio.time_recursive", "ioTimeRecursive"),
        ("blkio.io_serviced_recursive", "ioServicedRecursive"),
        (
            "blkio.io_service_bytes_recursive",
            "ioServiceBytesRecursive",
        ),
    ],
    &[
        (
            "blkio.throttle.io_serviced_recursive",
            "ioServicedRecursive",
        ),
        (
            "blkio.throttle.io_service_bytes_recursive",
            "ioServiceBytesRecursive",
        ),
    ],
    &[
        ("blkio.throttle.io_serviced", "ioServicedRecursive"),
        ("blkio.throttle.io_service_bytes", "ioServiceBytesRecursive"),
    ],
];

/// The order in which they are written.
const ORDER: [&str; 8] = [
    "ioServiceBytesRecursive",
    "ioServicedRecursive",
    "ioQueueRecursive",
    "ioServiceTimeRecursive",
    "ioWaitTimeRecursive",
    "ioMergedRecursive",
    "ioTimeRecursive",
    "sectorsRecursive",
];

fn block(path: &Path) -> Block {
    for files in FILES {
        let read = |(file, kind): &File| Some((*kind, lines(&reading(&path.join(file))?)));
        let found: Vec<_> = files.iter().filter_map(read).collect();
        // A file that is there and empty says nothing: the next kind counts.
        if found.first().is_some_and(|(_, lines)| !lines.is_empty()) {
            let mut found = found;
            found.sort_by_key(|(kind, _)| ORDER.iter().position(|one| one == kind));
            return found;
        }
    }
    Vec::new()
}

/// `8:0 Read 1282048`, `8:0 6792`; the sum of all has no device.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let (major, minor) = words.next()?.split_once(':')?;
        let (operation, value) = match (words.next()?, words.next()) {
            (operation, Some(value)) => (operation.to_owned(), value),
            (value, None) => (String::new(), value),
        };
        Some(Line {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
            operation,
            value: value.parse().ok()?,
        })
    };
    text.lines().filter_map(line).collect()
}
