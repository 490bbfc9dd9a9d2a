//! Amounts as Kubernetes writes them (`resource.Quantity`): `512Mi`, `1.5`, `100m`, `1e3`. Exact; what is no whole
//! number of the unit that is asked for is rounded up, as Kubernetes does.

/// Reads an amount in thousandths.
pub fn thousandths(text: &str) -> Option<u64> {
    amount(text, 1000)
}

/// Reads an amount in whole units, such as bytes.
pub fn units(text: &str) -> Option<u64> {
    amount(text, 1)
}

fn amount(text: &str, scale: u128) -> Option<u64> {
    let digits_end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (digits, suffix) = text.split_at(digits_end);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() || part.contains('.') || digits.len() > 30 {
        return None;
    }
    let (multiply, divide) = unit(suffix)?;
    let mantissa: u128 = format!("{whole}{part}").parse().ok()?;
    let shift = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let top = mantissa.checked_mul(multiply)?.checked_mul(scale)?;
    u64::try_from(top.div_ceil(shift.checked_mul(divide)?)).ok()
}

/// A suffix as what it multiplies and divides by.
fn unit(suffix: &str) -> Option<(u128, u128)> {
    let ten = |power: u32| 10_u128.pow(power);
    Some(match suffix {
        "" => (1, 1),
        "n" => (1, ten(9)),
        "u" => (1, ten(6)),
        "m" => (1, ten(3)),
        "k" => (ten(3), 1),
        "M" => (ten(6), 1),
        "G" => (ten(9), 1),
        "T" => (ten(12), 1),
        "P" => (ten(15), 1),
        "E" => (ten(18), 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        "Pi" => (1 << 50, 1),
        "Ei" => (1 << 60, 1),
        _ => {
            let power: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            let size = power.unsigned_abs();
            if size > 18 {
                return None;
            }
            if power < 0 {
                (1, ten(size))
            } else {
                (ten(size), 1)
            }
        }
    })
}

/// Writes bytes in the largest unit that says them exactly.
pub fn bytes_text(bytes: u64) -> String {
    let units = [("Gi", 1_u64 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];
    let exact = units
        .into_iter()
        .find(|(_, size)| bytes >= *size && bytes.is_multiple_of(*size));
    match exact {
        Some((unit, size)) => format!("{}{unit}", bytes / size),
        None => bytes.to_string(),
    }
}

/// Writes thousandths of a processor.
pub fn cpu_text(thousandths: u64) -> String {
    if thousandths.is_multiple_of(1000) {
        return (thousandths / 1000).to_string();
    }
    format!("{thousandths}m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, bytes, thousandth) in [
            ("0", Some(0), Some(0)),
            ("1", Some(1), Some(1000)),
            ("100m", Some(1), Some(100)),
            ("1500m", Some(2), Some(1500)),
            ("0.1", Some(1), Some(100)),
            (".5", Some(1), Some(500)),
            ("1.5Gi", Some(1_610_612_736), Some(1_610_612_736_000)),
            ("128Mi", Some(134_217_728), Some(134_217_728_000)),
            ("1e3", Some(1000), Some(1_000_000)),
            ("1E3", Some(1000), Some(1_000_000)),
            ("1E", Some(1_000_000_000_000_000_000), None),
            ("15Ei", Some(17_293_822_569_102_704_640), None),
            ("16Ei", None, None),
            ("123456789n", Some(1), Some(124)),
            ("1K", None, None),
            ("-1", None, None),
            ("", None, None),
            ("1.2.3", None, None),
            ("1e99", None, None),
            ("1 Gi", None, None),
        ] {
            assert_eq!(
                (units(text), thousandths(text)),
                (bytes, thousandth),
                "{text}"
            );
        }
        for amount in [0, 1, 1024, 1 << 20, 3 << 29, (1 << 30) + 1] {
            assert_eq!(units(&bytes_text(amount)), Some(amount));
            assert_eq!(thousandths(&cpu_text(amount)), Some(amount));
        }
    }
}
