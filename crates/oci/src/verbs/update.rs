//! `update`: changes the resources of a container that runs.

use crate::cgroup;
use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use crate::harden;
use crate::log::Level;
use crate::state::{Container, POLICIES, State, Status};
use casemate_formats::oci;
use casemate_formats::oci::schema::{BlockIo, Cpu, Memory, Pids, Resources};
use std::io::Read;
use std::path::Path;

/// The most that is read of resources.
const MOST: u64 = 16 << 20;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let container = Container::take(&call.globals.states(), id)?;
    if matches!(container.status, Status::Stopped | Status::Creating) {
        return Err(Failure::new("container not running"));
    }
    let (mut resources, mut warnings) = match call.value("resources") {
        Some(file) => from_file(Path::new(file))?,
        None => (from_flags(call)?, Vec::new()),
    };
    if let Some(record) = container.directory.read(POLICIES)? {
        let policies = harden::recall(&String::from_utf8_lossy(&record))?;
        let changes = harden::tighten_resources(&mut resources, &policies)?;
        warnings.extend(changes.iter().map(ToString::to_string));
    }
    let schemata = schemata(call)?;
    let notes = cgroup::update(&container.state.cgroup, &resources)?;
    for note in warnings.iter().chain(&notes) {
        call.globals.log.write(Level::Warning, note);
    }
    if !schemata.is_empty() {
        set_schemata(&container.state, &schemata)?;
    }
    Ok(0)
}

/// Reads resources from a file, or from standard input.
fn from_file(path: &Path) -> Result<(Resources, Vec<String>), Failure> {
    let what = || format!("read the resources from {}", path.display());
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(MOST).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(path).attempt(what)?;
        file.take(MOST).read_to_end(&mut bytes)
    };
    read.attempt(what)?;
    let part = oci::read_resources(&path.to_string_lossy(), &bytes).attempt(what)?;
    let warnings = part.warnings.iter().map(ToString::to_string).collect();
    Ok((part.value, warnings))
}

/// Takes resources from the flags. What is not given stays.
fn from_flags(call: &Call) -> Result<Resources, Failure> {
    let cpu = Cpu {
        shares: number(call, "cpu-share")?,
        quota: number(call, "cpu-quota")?,
        burst: number(call, "cpu-burst")?,
        period: number(call, "cpu-period")?,
        realtime_runtime: number(call, "cpu-rt-runtime")?,
        realtime_period: number(call, "cpu-rt-period")?,
        cpus: call.text("cpuset-cpus")?.unwrap_or_default().to_owned(),
        mems: call.text("cpuset-mems")?.unwrap_or_default().to_owned(),
        idle: number(call, "cpu-idle")?,
    };
    let memory = Memory {
        limit: bytes(call, "memory")?,
        reservation: bytes(call, "memory-reservation")?,
        swap: bytes(call, "memory-swap")?,
        kernel: bytes(call, "kernel-memory")?,
        kernel_tcp: bytes(call, "kernel-memory-tcp")?,
        ..Memory::default()
    };
    let resources = Resources {
        memory: Some(memory),
        cpu: Some(cpu),
        pids: Some(Pids {
            limit: number(call, "pids-limit")?,
        }),
        block_io: Some(BlockIo {
            weight: number(call, "blkio-weight")?,
            ..BlockIo::default()
        }),
        ..Resources::default()
    };
    // A limit of swap alone is completed from what the container has.
    let swap_alone = |error: &oci::Error| {
        error.path.clone().ends_with("memory.swap") && call.value("memory").is_none()
    };
    let wrong = oci::validate_resources(&resources);
    match wrong.iter().find(|error| !swap_alone(error)) {
        Some(error) => Err(Failure::new(error.to_string())),
        None => Ok(resources),
    }
}

/// The number of a flag.
fn number<T: std::str::FromStr>(call: &Call, flag: &str) -> Result<Option<T>, Failure> {
    call.text(flag)?
        .filter(|text| !text.is_empty())
        .map(|text| {
            text.parse()
                .map_err(|_| Failure::new(format!("invalid value for {flag}: `{text}`")))
        })
        .transpose()
}

/// The bytes of a flag: with a unit of base 1024, or -1.
fn bytes(call: &Call, flag: &str) -> Result<Option<i64>, Failure> {
    call.text(flag)?
        .filter(|text| !text.is_empty())
        .map(|text| {
            size(text).ok_or_else(|| {
                Failure::with_hint(
                    format!("invalid value for {flag}: `{text}`"),
                    "it is a number of bytes, with a unit such as 64m or 1.5GiB, or -1 for no limit",
                )
            })
        })
        .transpose()
}

/// Reads a size as Docker writes it.
fn size(text: &str) -> Option<i64> {
    if text == "-1" {
        return Some(-1);
    }
    let digits = text
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start().to_ascii_lowercase();
    let power = match unit.trim_end_matches('b').trim_end_matches('i').trim_end() {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    let factor = 1i64 << (10 * power);
    if let Ok(whole) = number.parse::<i64>() {
        return whole.checked_mul(factor);
    }
    let number: f64 = number.parse().ok()?;
    // At most 2^50, which a float holds exactly.
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let bytes = number * factor as f64;
    (bytes.is_finite() && bytes < 9e18).then_some(bytes as i64)
}

/// The lines for the resource director of the flags.
fn schemata(call: &Call) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for flag in ["l3-cache-schema", "mem-bw-schema"] {
        if let Some(text) = call.text(flag)?.filter(|text| !text.is_empty()) {
            lines.push(text.to_owned());
        }
    }
    Ok(lines)
}

fn set_schemata(state: &State, lines: &[String]) -> Result<(), Failure> {
    let Some(group) = state.rdt.first() else {
        return Err(Failure::with_hint(
            "linux.intelRdt: the container is in no group of the resource director of its own",
            "it gets one when its configuration has intelRdt, where the host has resctrl mounted",
        ));
    };
    let file = format!("{group}/schemata");
    for line in lines {
        std::fs::write(&file, format!("{line}\n"))
            .attempt(|| format!("enforce linux.intelRdt: write `{line}` to {file}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_dockers() {
        for (text, bytes) in [
            ("-1", Some(-1)),
            ("0", Some(0)),
            ("123", Some(123)),
            ("64m", Some(64 << 20)),
            ("64MB", Some(64 << 20)),
            ("2 GiB", Some(2 << 30)),
            ("1.5k", Some(1536)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775807k", None),
            ("-2", None),
            ("", None),
            ("m", None),
            ("5x", None),
            ("1.2.3", None),
        ] {
            let expected = bytes;
            assert_eq!(size(text), expected, "{text}");
        }
    }
}
