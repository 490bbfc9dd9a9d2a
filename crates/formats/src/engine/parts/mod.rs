//! The small languages of engines: what stands in one word of a command line, a YAML scalar or a unit's line.
//!
//! All functions tell what is wrong with a word; the caller knows where it stands.

mod mounts;
mod options;
mod ports;

pub(crate) use mounts::{Base, clean, mount, plain, tmpfs, volume, volume_option};
pub(crate) use options::{Options, security_option};
pub(crate) use ports::{ports, spans, text as port_text};

use super::ask::Device;
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceRule};
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::Limit;
use casemate_model::names::rlimits;
use std::collections::BTreeSet;

/// A size such as `64m`, `1.5g`, `512kb` or `100`, in bytes.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is no size such as `64m`");
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let shift = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        "p" => 50,
        _ => return Err(wrong()),
    };
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(1 << shift).ok_or_else(wrong);
    }
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let bytes = number * 2_f64.powi(shift);
    if bytes.is_finite() && bytes < 9e18 {
        Ok(bytes as u64)
    } else {
        Err(wrong())
    }
}

/// A size as people write it.
pub(crate) fn bytes_text(bytes: u64) -> String {
    for (shift, unit) in [(30, "g"), (20, "m"), (10, "k")] {
        if bytes != 0 && bytes.is_multiple_of(1 << shift) {
            return format!("{}{unit}", bytes >> shift);
        }
    }
    bytes.to_string()
}

/// A number of processors, such as `0.5`, in thousandths. A part of one counts as one.
pub(crate) fn processors(text: &str) -> Result<u64, String> {
    let number: f64 = text
        .trim()
        .parse()
        .map_err(|_| format!("{text:?} is no number of processors"))?;
    if !(0.0..1e6).contains(&number) {
        return Err(format!("{text:?} is no number of processors"));
    }
    Ok((number * 1000.0 - 1e-6).ceil().max(0.0) as u64)
}

/// Thousandths of a processor as people write them.
pub(crate) fn processors_text(thousandths: u64) -> String {
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:03}")
        .trim_end_matches('0')
        .to_owned()
}

/// A number.
pub(crate) fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("{text:?} is no number that fits here"))
}

/// A truth value as Go reads it.
pub(crate) fn truth(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" | "yes" | "on" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" | "no" | "off" => Ok(false),
        _ => Err(format!("{text:?} is neither `true` nor `false`")),
    }
}

/// `HOST[:INSIDE[:LETTERS]]`.
pub(crate) fn device(text: &str) -> Result<Device, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let letters = |text: &str| DeviceAccess::parse(text).is_some() && !text.is_empty();
    let (host, inside, access) = match parts[..] {
        [host] => (host, host, "rwm"),
        [host, access] if letters(access) => (host, host, access),
        [host, inside] => (host, inside, "rwm"),
        [host, inside, access] if letters(access) => (host, inside, access),
        _ => {
            return Err(format!(
                "{text:?} is no device such as `/dev/fuse:/dev/fuse:rw`"
            ));
        }
    };
    if !host.starts_with('/') && !host.contains('=') || inside.is_empty() {
        return Err(format!(
            "{text:?} does not begin with a path such as `/dev/fuse`"
        ));
    }
    Ok(Device {
        host: host.to_owned(),
        inside: inside.to_owned(),
        access: access.to_owned(),
    })
}

/// `c 10:229 rwm`.
pub(crate) fn device_rule(text: &str) -> Result<Vec<DeviceRule>, String> {
    let wrong = || format!("{text:?} is no rule such as `c 10:229 rwm`");
    let mut words = text.split_whitespace();
    let (Some(kind), Some(numbers), Some(access), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(wrong());
    };
    let kinds: &[DeviceKind] = match kind {
        "a" => &[DeviceKind::Block, DeviceKind::Char],
        "b" => &[DeviceKind::Block],
        "c" => &[DeviceKind::Char],
        _ => return Err(wrong()),
    };
    let (major, minor) = numbers.split_once(':').ok_or_else(wrong)?;
    let one = |text: &str| match text {
        "*" => Ok(None),
        text => text.parse::<u32>().map(Some).map_err(|_| wrong()),
    };
    let access = DeviceAccess::parse(access)
        .filter(|access| *access != DeviceAccess::NONE)
        .ok_or_else(wrong)?;
    let (major, minor) = (one(major)?, one(minor)?);
    let rule = |kind: &DeviceKind| DeviceRule {
        kind: *kind,
        major,
        minor,
        access,
    };
    Ok(kinds.iter().map(rule).collect())
}

/// `nofile=1024:2048`.
pub(crate) fn ulimit(text: &str) -> Result<(String, RlimitPair), String> {
    let (name, limits) = text
        .split_once('=')
        .ok_or_else(|| format!("{text:?} is no limit such as `nofile=1024:2048`"))?;
    let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
    ulimit_of(name, soft, hard)
}

/// A limit in parts.
pub(crate) fn ulimit_of(
    name: &str,
    soft: &str,
    hard: &str,
) -> Result<(String, RlimitPair), String> {
    let name = name.trim().to_ascii_lowercase();
    let name = name.strip_prefix("rlimit_").unwrap_or(&name);
    if rlimits::find(name).is_none() {
        return Err(format!("{name:?} is no limit of the kernel"));
    }
    let one = |text: &str| match text.trim() {
        "-1" | "unlimited" => Ok(Limit::Unlimited),
        text => text
            .parse()
            .map(Limit::AtMost)
            .map_err(|_| format!("{text:?} is no limit")),
    };
    let (soft, hard) = (one(soft)?, one(hard)?);
    if let (Some(soft), Some(hard)) = (soft.bound().or(Some(u64::MAX)), hard.bound())
        && soft > hard
    {
        return Err(format!("the soft limit of {name} is above the hard one"));
    }
    Ok((name.to_owned(), RlimitPair { soft, hard }))
}

/// Processors or memory nodes, such as `0-3,6`.
pub(crate) fn set_of_numbers(text: &str) -> Result<BTreeSet<u32>, String> {
    // Far more than any machine has; a larger range would only take memory.
    const MOST: u32 = 8192;
    let wrong = || format!("{text:?} is no list such as `0-3,6`");
    let mut set = BTreeSet::new();
    for range in text.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let first: u32 = first.trim().parse().map_err(|_| wrong())?;
        let last: u32 = last.trim().parse().map_err(|_| wrong())?;
        if first > last || last >= MOST {
            return Err(wrong());
        }
        set.extend(first..=last);
    }
    Ok(set)
}

/// A list of numbers as people write it.
pub(crate) fn set_text(set: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in set {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let one = |(first, last): &(u32, u32)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(",")
}

/// `NAME=VALUE`, or `NAME` alone.
pub(crate) fn pair(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (text.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written() {
        for (text, bytes_expected, again) in [
            ("100", 100, "100"),
            ("64m", 64 << 20, "64m"),
            ("1.5g", 3 << 29, "1536m"),
            ("512KB", 512 << 10, "512k"),
            ("2GiB", 2 << 30, "2g"),
            ("0.5t", 1 << 39, "512g"),
            ("1p", 1 << 50, "1048576g"),
        ] {
            let read = bytes(text).expect(text);
            assert_eq!(read, bytes_expected, "{text}");
            assert_eq!(bytes_text(read), again);
        }
        for text in [
            "",
            "m",
            "-1",
            "1x",
            "1e400g",
            "99999999999999999999",
            "99999999p",
        ] {
            assert!(bytes(text).is_err(), "{text}");
        }
        for (text, thousandths, again) in [
            ("0.5", 500, "0.5"),
            ("1.25", 1250, "1.25"),
            ("2", 2000, "2"),
            (".0001", 1, "0.001"),
        ] {
            assert_eq!(processors(text), Ok(thousandths));
            assert_eq!(processors_text(thousandths), again);
        }
    }

    #[test]
    fn words_are_read() {
        assert_eq!(
            set_of_numbers("0-2,5").map(|set| set_text(&set)),
            Ok("0-2,5".to_owned())
        );
        assert!(set_of_numbers("3-1").is_err() && set_of_numbers("0-4294967295").is_err());
        assert_eq!(
            ulimit("nofile=1:2").map(|(name, _)| name),
            Ok("nofile".to_owned())
        );
        for wrong in ["nofile", "nofile=2:1", "files=1", "nofile=x", "nofile=-1:5"] {
            assert!(ulimit(wrong).is_err(), "{wrong}");
        }
        assert!(device("/dev/a:/dev/b:rw").is_ok() && device("/dev/a:r").is_ok());
        assert!(device("fuse").is_err() && device("/dev/a:/dev/b:rx").is_err());
        assert!(device_rule("c 1:* rwm").is_ok() && device_rule("c 1 rwm").is_err());
    }
}
