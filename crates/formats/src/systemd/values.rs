//! The values of settings as systemd reads them: truth values, sizes, spans of time, words.

use casemate_model::lattice::Limit;

/// Reads a truth value.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "yes" | "y" | "true" | "t" | "on" => Some(true),
        "0" | "no" | "n" | "false" | "f" | "off" => Some(false),
        _ => None,
    }
}

/// Reads a size in bytes with a suffix of 1024, or `infinity`.
pub(super) fn bytes(text: &str) -> Option<Limit> {
    if text == "infinity" {
        return Some(Limit::Unlimited);
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text.get(digits.len()..)? {
        "" | "B" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "T" => 1 << 40,
        "P" => 1 << 50,
        "E" => 1 << 60,
        _ => return None,
    };
    let digits = digits.trim();
    let Some((whole, part)) = digits.split_once('.') else {
        return number(digits)?.checked_mul(factor).map(Limit::AtMost);
    };
    // A fraction is of the unit, and rounded down.
    let part = part.get(..part.len().min(9))?;
    let scale = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let fraction = u128::from(number(part)?) * u128::from(factor) / scale;
    let whole = number(whole)?.checked_mul(factor)?;
    whole
        .checked_add(u64::try_from(fraction).ok()?)
        .map(Limit::AtMost)
}

/// Writes a size in the largest unit that leaves nothing over.
pub(super) fn bytes_text(bytes: u64) -> String {
    let units = [("T", 40), ("G", 30), ("M", 20), ("K", 10)];
    let whole = |shift: &u32| bytes > 0 && bytes.trailing_zeros() >= *shift;
    match units.iter().find(|(_, shift)| whole(shift)) {
        Some((unit, shift)) => format!("{}{unit}", bytes >> shift),
        None => bytes.to_string(),
    }
}

/// Reads digits and nothing else.
pub(super) fn number(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// Reads a percentage with up to two places, as hundredths of a percent.
pub(super) fn percent(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('%')?;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = match part.len() {
        0 => 0,
        1 => number(part)? * 10,
        2 => number(part)?,
        _ => return None,
    };
    number(whole)?.checked_mul(100)?.checked_add(part)
}

/// Reads a span of time in microseconds: `5min 20s`, `1.5h`, a plain number in the unit that is given, `infinity`.
pub(super) fn span(text: &str, plain: u64) -> Option<Limit> {
    if text == "infinity" {
        return Some(Limit::Unlimited);
    }
    let mut rest = text.trim();
    let mut total: u64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let amount: f64 = rest.get(..end)?.parse().ok()?;
        rest = rest.get(end..)?.trim_start();
        let end = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let unit = match rest.get(..end)? {
            "" => plain,
            "us" | "usec" | "µs" | "μs" => 1,
            "ms" | "msec" => 1000,
            "s" | "sec" | "second" | "seconds" => 1_000_000,
            "m" | "min" | "minute" | "minutes" => 60_000_000,
            "h" | "hr" | "hour" | "hours" => 3_600_000_000,
            "d" | "day" | "days" => 86_400_000_000,
            "w" | "week" | "weeks" => 604_800_000_000,
            "M" | "month" | "months" => 2_629_800_000_000,
            "y" | "year" | "years" => 31_557_600_000_000,
            _ => return None,
        };
        rest = rest.get(end..)?.trim_start();
        total = total.checked_add(product(amount, unit)?)?;
    }
    Some(Limit::AtMost(total))
}

fn product(amount: f64, unit: u64) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "units are far below 2^53")]
    let micros = (amount * unit as f64).floor();
    // What is beyond 2^53 microseconds, 285 years, is no span that anybody means.
    let fits = (0.0..9_007_199_254_740_992.0).contains(&micros);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be in range"
    )]
    fits.then_some(micros as u64)
}

/// Reads permissions in octal.
pub(super) fn mode(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 8)
        .ok()
        .filter(|mode| *mode <= 0o7777)
}

/// Splits at blanks, with systemd's quotes and escapes. A quote that is not closed takes the rest.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', _) => {
                let next = escape(&mut chars);
                word.get_or_insert_default().push_str(&next);
            }
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => found.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    found.extend(word);
    found
}

// What follows a backslash, by systemd.syntax(7); what is no escape stays as it is.
fn escape(chars: &mut std::str::Chars<'_>) -> String {
    let Some(c) = chars.next() else {
        return "\\".to_owned();
    };
    let plain = match c {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        's' => ' ',
        '\\' | '"' | '\'' => c,
        'x' | 'u' => {
            let length = if c == 'x' { 2 } else { 4 };
            let digits: String = chars.as_str().chars().take(length).collect();
            let code = u32::from_str_radix(&digits, 16)
                .ok()
                .and_then(char::from_u32);
            let Some(code) = code.filter(|_| digits.len() == length) else {
                return format!("\\{c}");
            };
            for _ in 0..length {
                chars.next();
            }
            code
        }
        other => return format!("\\{other}"),
    };
    plain.to_string()
}

/// Reads numbers and ranges, `0-3 5,7`, up to 8192.
pub(super) fn numbers(text: &str) -> Option<Vec<u32>> {
    let mut found = Vec::new();
    for item in text.split([',', ' ', '\t']).filter(|item| !item.is_empty()) {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        if first > last || last > 8192 {
            return None;
        }
        found.extend(first..=last);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (text, value) in [
            ("4096", Some(4096)),
            ("1K", Some(1024)),
            ("1.5G", Some(1_610_612_736)),
            ("2X", None),
            ("", None),
            ("-1", None),
        ] {
            assert_eq!(bytes(text), value.map(Limit::AtMost), "{text}");
        }
        for (text, value) in [
            ("5", Some(5_000_000)),
            ("5min 20s", Some(320_000_000)),
            ("1h30min", Some(5_400_000_000)),
            ("500ms", Some(500_000)),
            ("1.5s", Some(1_500_000)),
            ("5 parsecs", None),
            ("", None),
        ] {
            assert_eq!(span(text, 1_000_000), value.map(Limit::AtMost), "{text}");
        }
        assert_eq!(percent("12.5%"), Some(1250));
        assert_eq!(percent("12.345%"), None);
        assert_eq!(numbers("0-2,5 7"), Some(vec![0, 1, 2, 5, 7]));
        assert_eq!(numbers("5-2"), None);
    }

    #[test]
    fn words_are_split_as_systemd_does() {
        for (text, split) in [
            ("a  b\tc", vec!["a", "b", "c"]),
            ("\"a b\" 'c \"d'", vec!["a b", "c \"d"]),
            (r"a\x20b \s \q", vec!["a b", " ", "\\q"]),
            ("a\"b c\"d", vec!["ab cd"]),
            ("\"open end", vec!["open end"]),
            (r"\", vec!["\\"]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), split, "{text}");
        }
    }
}
