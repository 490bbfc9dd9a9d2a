//! The records as tables or as JSON.

use std::collections::BTreeMap;

/// What was measured as one user.
pub struct Results {
    user: String,
    /// In the order of the records, which is that of the contenders.
    order: Vec<String>,
    values: BTreeMap<(String, String), u64>,
    not_measured: BTreeMap<String, String>,
}

impl Results {
    /// Reads the records of `measure`.
    pub fn parse(user: &str, text: &str) -> Self {
        let mut results = Self {
            user: user.to_owned(),
            order: Vec::new(),
            values: BTreeMap::new(),
            not_measured: BTreeMap::new(),
        };
        for line in text.lines() {
            let mut fields = line.splitn(3, '\t');
            let (Some(name), Some(what), Some(value)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            if what == "not_measured" {
                results
                    .not_measured
                    .insert(name.to_owned(), value.to_owned());
                continue;
            }
            if !results.order.iter().any(|n| n == name) {
                results.order.push(name.to_owned());
            }
            if let Ok(number) = value.parse() {
                let key = (name.to_owned(), what.to_owned());
                results.values.insert(key, number);
            }
        }
        results
    }

    fn value(&self, name: &str, what: &str) -> Option<u64> {
        let key = (name.to_owned(), what.to_owned());
        self.values.get(&key).copied()
    }

    /// How many times another contender's value this one's is.
    fn ratio(&self, name: &str, other: &str, what: &str) -> Option<f64> {
        let (own, other) = (self.value(name, what)?, self.value(other, what)?);
        (other > 0).then(|| as_float(own) / as_float(other))
    }
}

/// Measured values are far below 2^52, where the conversion would round.
#[expect(
    clippy::cast_precision_loss,
    reason = "the values are microseconds and KiB"
)]
fn as_float(value: u64) -> f64 {
    value as f64
}

fn or_dash<T>(value: Option<T>, print: impl Fn(T) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), print)
}

fn milliseconds(us: u64) -> String {
    format!("{:.2}", as_float(us) / 1000.0)
}

fn times(ratio: f64) -> String {
    format!("{ratio:.2}")
}

/// The bounds that the project sets itself: what, measured how, at most.
type Goal = (&'static str, fn(&Results) -> Option<f64>, f64);

const GOALS: &[Goal] = &[
    (
        "launch, of Debian's bwrap",
        |r| r.ratio("casemate", "bwrap", "launch_median_us"),
        0.6,
    ),
    (
        "launch, of the floor",
        |r| r.ratio("casemate", "floor", "launch_median_us"),
        1.4,
    ),
    (
        "system calls",
        |r| r.value("casemate", "system_calls").map(as_float),
        200.0,
    ),
    (
        "peak memory, KiB",
        |r| r.value("casemate", "peak_kib").map(as_float),
        3072.0,
    ),
    (
        "resident beside the payload, KiB",
        |r| r.value("casemate", "resident_kib").map(as_float),
        1024.0,
    ),
    (
        "open and close, of native",
        |r| r.ratio("casemate", "plain", "open_close_ns"),
        1.4,
    ),
];

/// A table for each user, the machine's noise, and the goals.
pub fn print_tables(all: &[Results]) {
    for results in all {
        println!("\nlaunch of /bin/true, {}", results.user);
        println!(
            "  {:<13}{:>10}{:>8}{:>8}{:>9}{:>9}{:>8}{:>7}{:>10}{:>14}{:>15}  inside",
            "contender",
            "median ms",
            "p10",
            "p90",
            "to bwrap",
            "to floor",
            "cpu ms",
            "calls",
            "peak KiB",
            "resident KiB",
            "open+close ns"
        );
        for name in &results.order {
            print_row(results, name);
        }
        for (name, reason) in &results.not_measured {
            println!("  {name:<13}not measured: {reason}");
        }
        print_noise(results);
        for (what, measured, bound) in GOALS {
            if let Some(value) = measured(results) {
                let verdict = if value <= *bound { "met" } else { "missed" };
                println!("  goal: {what}: {value:.2}, at most {bound}: {verdict}");
            }
        }
    }
    println!(
        "\ninside: what the payload finds, its bounding set for capabilities. calls: system calls of the whole tree, true's own included (strace -f). peak: largest resident size of one process \
         of the tree, shared pages included. resident: proportional set sizes of all processes but the payload while it sleeps."
    );
}

fn print_row(results: &Results, name: &str) {
    let number = |what: &str| or_dash(results.value(name, what), |v| v.to_string());
    let time = |what: &str| or_dash(results.value(name, what), milliseconds);
    let ratio = |other: &str| or_dash(results.ratio(name, other, "launch_median_us"), times);
    let resident = or_dash(results.value(name, "resident_kib"), |kib| {
        let processes = number("resident_processes");
        format!("{kib} in {processes}")
    });
    println!(
        "  {name:<13}{:>10}{:>8}{:>8}{:>9}{:>9}{:>8}{:>7}{:>10}{resident:>14}{:>15}  {}",
        time("launch_median_us"),
        time("launch_p10_us"),
        time("launch_p90_us"),
        ratio("bwrap"),
        ratio("floor"),
        time("cpu_us"),
        number("system_calls"),
        number("peak_kib"),
        number("open_close_ns"),
        inside(results, name),
    );
}

/// What the payload found around itself, in few words.
fn inside(results: &Results, name: &str) -> String {
    let value = |what: &str| results.value(name, what).unwrap_or(0);
    format!(
        "{} namespaces, {} filters, {} capabilities{}",
        value("namespaces"),
        value("filters"),
        value("capabilities"),
        if value("no_new_privs") == 1 {
            ", no_new_privs"
        } else {
            ""
        }
    )
}

fn print_noise(results: &Results) {
    let plain = |what: &str| results.value("plain", what);
    if let (Some(low), Some(high), Some(median)) = (
        plain("launch_p10_us"),
        plain("launch_p90_us"),
        plain("launch_median_us"),
    ) {
        println!(
            "  noise of this machine: plain true from {} to {} ms (p10 to p90), {:.0} % of its median",
            milliseconds(low),
            milliseconds(high),
            100.0 * as_float(high.saturating_sub(low)) / as_float(median.max(1))
        );
    }
}

/// One object: user, contender, value.
pub fn print_json(all: &[Results]) {
    let users: Vec<String> = all
        .iter()
        .map(|results| {
            let measured = results.order.iter().map(|name| {
                let values: Vec<String> = results
                    .values
                    .iter()
                    .filter(|((contender, _), _)| contender == name)
                    .map(|((_, what), value)| format!("{}:{value}", quoted(what)))
                    .collect();
                format!("{}:{{{}}}", quoted(name), values.join(","))
            });
            let left_out = results.not_measured.iter().map(|(name, reason)| {
                format!("{}:{{\"not_measured\":{}}}", quoted(name), quoted(reason))
            });
            let contenders: Vec<String> = measured.chain(left_out).collect();
            format!("{}:{{{}}}", quoted(&results.user), contenders.join(","))
        })
        .collect();
    println!("{{{}}}", users.join(","));
}

fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            // Control characters; the records have none but for what a peer printed.
            c if c < ' ' => json.push(' '),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::{GOALS, Results, quoted};

    const RECORDS: &str = "plain\topen_close_ns\t1000\nfloor\tlaunch_median_us\t5000\n\
        casemate\tlaunch_median_us\t6000\ncasemate\topen_close_ns\t1300\nfirejail\tnot_measured\texit 1: \"no\"\nbroken";

    #[test]
    fn goals_are_computed_from_records() {
        let results = Results::parse("root", RECORDS);
        let values: Vec<Option<f64>> = GOALS
            .iter()
            .map(|(_, measured, _)| measured(&results))
            .collect();
        assert_eq!(values, [None, Some(1.2), None, None, None, Some(1.3)]);
        assert_eq!(results.order, ["plain", "floor", "casemate"]);
        assert_eq!(results.not_measured["firejail"], "exit 1: \"no\"");
    }

    #[test]
    fn json_strings_are_closed() {
        assert_eq!(quoted("a\"b\\c\u{1b}d"), r#""a\"b\\c d""#);
    }
}
