//! Sizes, counts, shares of processors and durations as people write them.

use casemate_model::lattice::Limit;

/// The word for no bound.
pub(crate) const UNLIMITED: &str = "unlimited";

/// Reads a size in bytes: `4096`, `64K`, `256M`, `4G`, `1T` (units of 1024), `unlimited`.
pub(crate) fn size(text: &str) -> Option<Limit> {
    if text == UNLIMITED {
        return Some(Limit::Unlimited);
    }
    let (digits, factor) = match text.as_bytes().last()? {
        b'K' | b'k' => (text.get(..text.len() - 1)?, 1 << 10),
        b'M' | b'm' => (text.get(..text.len() - 1)?, 1 << 20),
        b'G' | b'g' => (text.get(..text.len() - 1)?, 1 << 30),
        b'T' | b't' => (text.get(..text.len() - 1)?, 1 << 40),
        _ => (text, 1),
    };
    whole(digits)?.checked_mul(factor).map(Limit::AtMost)
}

/// Reads a count, or `unlimited`.
pub(crate) fn count(text: &str) -> Option<Limit> {
    if text == UNLIMITED {
        Some(Limit::Unlimited)
    } else {
        whole(text).map(Limit::AtMost)
    }
}

/// Reads processors: `2`, `1.5`, `150%`, `unlimited`; the value is in thousandths of one.
pub(crate) fn processors(text: &str) -> Option<Limit> {
    if text == UNLIMITED {
        return Some(Limit::Unlimited);
    }
    let thousandths = match text.strip_suffix('%') {
        Some(percent) => decimal(percent, 1)?,
        None => decimal(text, 3)?,
    };
    (thousandths > 0).then_some(Limit::AtMost(thousandths))
}

/// Reads a duration: `500ms`, `30s`, `5m`, `2h`, `unlimited`; the value is in milliseconds.
pub(crate) fn duration(text: &str) -> Option<Limit> {
    if text == UNLIMITED {
        return Some(Limit::Unlimited);
    }
    let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    let (digits, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)))?;
    let milliseconds = whole(digits)?.checked_mul(factor)?;
    (milliseconds > 0).then_some(Limit::AtMost(milliseconds))
}

fn whole(digits: &str) -> Option<u64> {
    // parse() alone would take a sign.
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}

/// Reads `12.5` as 12500 when `places` is 3; more places than that are refused.
fn decimal(text: &str, places: usize) -> Option<u64> {
    let (before, after) = text.split_once('.').unwrap_or((text, "0"));
    if after.is_empty() || after.len() > places {
        return None;
    }
    let scale = 10_u64.pow(u32::try_from(places).ok()?);
    let fraction = whole(after)? * 10_u64.pow(u32::try_from(places - after.len()).ok()?);
    whole(before)?.checked_mul(scale)?.checked_add(fraction)
}

/// Writes a size so that `size` reads it back, in the largest unit that leaves nothing over.
pub fn size_text(limit: Limit) -> String {
    let Limit::AtMost(bytes) = limit else {
        return UNLIMITED.to_owned();
    };
    let units = [("T", 40), ("G", 30), ("M", 20), ("K", 10)];
    match units
        .iter()
        .find(|(_, shift)| bytes > 0 && bytes.trailing_zeros() >= *shift)
    {
        Some((unit, shift)) => format!("{}{unit}", bytes >> shift),
        None => bytes.to_string(),
    }
}

/// Writes processors so that `processors` reads them back.
pub fn processors_text(limit: Limit) -> String {
    match limit {
        Limit::Unlimited => UNLIMITED.to_owned(),
        Limit::AtMost(thousandths) => {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

/// Writes a duration so that `duration` reads it back.
pub fn duration_text(limit: Limit) -> String {
    let Limit::AtMost(milliseconds) = limit else {
        return UNLIMITED.to_owned();
    };
    let units = [("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    match units
        .iter()
        .find(|(_, factor)| milliseconds > 0 && milliseconds % factor == 0)
    {
        Some((unit, factor)) => format!("{}{unit}", milliseconds / factor),
        None => format!("{milliseconds}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Reader = fn(&str) -> Option<Limit>;

    #[test]
    fn reads_what_people_write() {
        let (size, count, cpu, time): (Reader, Reader, Reader, Reader) =
            (size, count, processors, duration);
        let at = |n| Some(Limit::AtMost(n));
        let cases: [(Reader, &str, Option<Limit>); 34] = [
            (size, "0", at(0)),
            (size, "4096", at(4096)),
            (size, "64K", at(65536)),
            (size, "64k", at(65536)),
            (size, "4G", at(1 << 32)),
            (size, "1T", at(1 << 40)),
            (size, "unlimited", Some(Limit::Unlimited)),
            (size, "", None),
            (size, "G", at(0).and(None)),
            (size, "4GB", None),
            (size, "-1", None),
            (size, "+1", None),
            (size, "1.5G", None),
            (size, "99999999999999T", None),
            (size, "18446744073709551616", None),
            (count, "512", at(512)),
            (count, "5K", None),
            (count, "", None),
            (cpu, "2", at(2000)),
            (cpu, "1.5", at(1500)),
            (cpu, "0.001", at(1)),
            (cpu, "150%", at(1500)),
            (cpu, "12.5%", at(125)),
            (cpu, "0", None),
            (cpu, "1.", None),
            (cpu, "0.0001", None),
            (cpu, "%", None),
            (time, "500ms", at(500)),
            (time, "30s", at(30_000)),
            (time, "5m", at(300_000)),
            (time, "2h", at(7_200_000)),
            (time, "30", None),
            (time, "0s", None),
            (time, "s", None),
        ];
        for (read, text, expected) in cases {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for n in [
            0,
            1,
            999,
            1000,
            1024,
            1500,
            60_000,
            90_000,
            3_600_000,
            1 << 20,
            (1 << 32) - 1,
            1 << 40,
            u64::MAX,
        ] {
            let limit = Limit::AtMost(n);
            assert_eq!(size(&size_text(limit)), Some(limit));
            if n > 0 {
                assert_eq!(processors(&processors_text(limit)), Some(limit), "{n}");
                assert_eq!(duration(&duration_text(limit)), Some(limit), "{n}");
            }
        }
    }
}
