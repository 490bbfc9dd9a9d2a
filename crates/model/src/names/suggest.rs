//! The nearest known name to one that is not known.

/// Finds the candidate nearest to `name` by edits (a letter added, dropped, changed, or two swapped), if it is near
/// enough to be what was meant: at most a third of the letters differ. Of two equally near, the first one is taken.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // No name of the kernel's is near this long, and the cost is the product of the lengths.
    if name.is_empty() || name.len() > 64 {
        return None;
    }
    let limit = (name.chars().count() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > limit {
            continue;
        }
        let distance = edits(name, candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Counts edits between two texts, letter case aside (optimal string alignment).
fn edits(left: &str, right: &str) -> usize {
    let fold = |text: &str| -> Vec<char> { text.chars().map(|c| c.to_ascii_lowercase()).collect() };
    let (left, right) = (fold(left), fold(right));
    let mut before = vec![0; right.len() + 1];
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, &l) in left.iter().enumerate() {
        let mut row = vec![i + 1; right.len() + 1];
        for (j, &r) in right.iter().enumerate() {
            let mut cost = (above[j] + usize::from(l != r))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && l == right[j - 1] && left[i - 1] == r {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let names = ["open", "openat", "openat2", "close", "read", "clone3"];
        let cases = [
            ("opnat", Some("openat")),
            ("opena", Some("open")),
            ("openart", Some("openat")),
            ("OPENAT", Some("openat")),
            ("raed", Some("read")),
            ("clone4", Some("clone3")),
            ("zzzz", None),
            ("", None),
            ("o", None),
        ];
        for (given, expected) in cases {
            assert_eq!(nearest(given, names), expected, "{given}");
        }
        assert_eq!(nearest(&"a".repeat(100_000), names), None);
    }
}
