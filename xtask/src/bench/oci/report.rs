//! The records as tables or as JSON.

use std::collections::BTreeMap;

/// What was measured.
pub struct Results {
    order: Vec<String>,
    values: BTreeMap<(String, String), u64>,
    not_measured: BTreeMap<String, String>,
}

/// Measured values are far below 2^52, where the conversion would round.
#[expect(
    clippy::cast_precision_loss,
    reason = "the values are microseconds and KiB"
)]
fn as_float(value: u64) -> f64 {
    value as f64
}

/// The bounds that the project sets itself: what, measured how, at most.
type Goal = (&'static str, fn(&Results) -> Option<f64>, f64);

const GOALS: &[Goal] = &[
    ("run, of crun", |r| r.ratio("crun", "run_median_us"), 0.5),
    ("run, of runc", |r| r.ratio("runc", "run_median_us"), 0.25),
    (
        "run, of the floor",
        |r| r.ratio("floor", "run_median_us"),
        2.0,
    ),
    (
        "cycle, of crun",
        |r| r.ratio("crun", "cycle_median_us"),
        0.5,
    ),
    (
        "cycle, of runc",
        |r| r.ratio("runc", "cycle_median_us"),
        0.25,
    ),
    (
        "CPU time of a run, ms",
        |r| r.own("cpu_us").map(|us| us / 1000.0),
        6.0,
    ),
    ("system calls of a run", |r| r.own("system_calls"), 250.0),
    ("peak memory, KiB", |r| r.own("peak_kib"), 2048.0),
    (
        "the waiting first process, KiB",
        |r| r.own("init_pss_kib"),
        512.0,
    ),
    (
        "smallest memory limit, KiB",
        |r| r.own("smallest_memory_kib"),
        256.0,
    ),
    (
        "the filter's share of a run, ms",
        |r| r.share("casemate", "run_median_us"),
        1.0,
    ),
    (
        "the filter's share of the CPU time, ms",
        |r| r.share("casemate", "cpu_us"),
        1.0,
    ),
];

impl Results {
    /// Reads the records of `measure`.
    pub fn parse(text: &str) -> Self {
        let mut results = Self {
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
                results
                    .values
                    .insert((name.to_owned(), what.to_owned()), number);
            }
        }
        results
    }

    fn value(&self, name: &str, what: &str) -> Option<u64> {
        self.values
            .get(&(name.to_owned(), what.to_owned()))
            .copied()
    }

    fn own(&self, what: &str) -> Option<f64> {
        self.value("casemate", what).map(as_float)
    }

    /// How many times another contender's value ours is.
    fn ratio(&self, other: &str, what: &str) -> Option<f64> {
        let other = self.value(other, what).filter(|value| *value > 0)?;
        Some(self.own(what)? / as_float(other))
    }

    /// What the filter adds, in milliseconds.
    fn share(&self, name: &str, what: &str) -> Option<f64> {
        let with = as_float(self.value(name, what)?);
        let without = as_float(self.value(&format!("{name}-bare"), what)?);
        Some((with - without) / 1000.0)
    }

    /// The table, the filter's share, the noise and the goals.
    pub fn print_tables(&self, at_once: usize) {
        println!(
            "  {:<14}{:>9}{:>8}{:>8}{:>9}{:>10}{:>8}{:>8}{:>8}{:>7}{:>10}{:>10}{:>11}{:>12}",
            "contender",
            "run ms",
            "p10",
            "p90",
            "to floor",
            "cycle ms",
            "p10",
            "p90",
            "cpu ms",
            "calls",
            "peak KiB",
            "init KiB",
            "limit KiB",
            format!("{at_once} ms")
        );
        for name in &self.order {
            self.print_row(name);
        }
        for (name, reason) in &self.not_measured {
            println!("  {name:<14}not measured: {reason}");
        }
        for name in ["casemate", "crun", "runc"] {
            if let (Some(wall), Some(cpu)) = (
                self.share(name, "run_median_us"),
                self.share(name, "cpu_us"),
            ) {
                println!(
                    "  the filter's share, {name}: {wall:.2} ms of a run, {cpu:.2} ms of CPU time"
                );
            }
        }
        self.print_noise();
        for (what, measured, bound) in GOALS {
            if let Some(value) = measured(self) {
                let verdict = if value <= *bound { "met" } else { "missed" };
                println!("  goal: {what}: {value:.2}, at most {bound}: {verdict}");
            }
        }
        println!(
            "\nrun: from the start of `run` to its end. cycle: create, start, the end of the program, delete. bare: the same bundle without its filter. hard: with --harden. calls: system calls of \
             the whole tree (strace -f). peak: largest resident size of one process. init: proportional set size of the process that waits for start. limit: smallest memory limit \
             under which true runs. The last column: {at_once} times `run --detach` at once, until all of them have started."
        );
    }

    fn print_row(&self, name: &str) {
        let number = |what: &str| {
            self.value(name, what)
                .map_or_else(|| "-".to_owned(), |v| v.to_string())
        };
        let time = |what: &str| {
            let value = self.value(name, what);
            value.map_or_else(
                || "-".to_owned(),
                |us| format!("{:.2}", as_float(us) / 1000.0),
            )
        };
        let floor = self.value("floor", "run_median_us").filter(|us| *us > 0);
        let ratio = floor.zip(self.value(name, "run_median_us"));
        println!(
            "  {name:<14}{:>9}{:>8}{:>8}{:>9}{:>10}{:>8}{:>8}{:>8}{:>7}{:>10}{:>10}{:>11}{:>12}",
            time("run_median_us"),
            time("run_p10_us"),
            time("run_p90_us"),
            ratio.map_or_else(
                || "-".to_owned(),
                |(floor, own)| format!("{:.2}", as_float(own) / as_float(floor))
            ),
            time("cycle_median_us"),
            time("cycle_p10_us"),
            time("cycle_p90_us"),
            time("cpu_us"),
            number("system_calls"),
            number("peak_kib"),
            number("init_pss_kib"),
            number("smallest_memory_kib"),
            number("at_once_ms"),
        );
    }

    fn print_noise(&self) {
        let floor = |what: &str| self.value("floor", what);
        if let (Some(low), Some(high), Some(median)) = (
            floor("run_p10_us"),
            floor("run_p90_us"),
            floor("run_median_us"),
        ) {
            println!(
                "  noise of this machine: the floor from {:.2} to {:.2} ms (p10 to p90), {:.0} % of its median",
                as_float(low) / 1000.0,
                as_float(high) / 1000.0,
                100.0 * as_float(high.saturating_sub(low)) / as_float(median.max(1))
            );
        }
    }

    /// One object: contender, value.
    pub fn print_json(&self) {
        let contenders: Vec<String> = self
            .order
            .iter()
            .map(|name| {
                let own = self
                    .values
                    .iter()
                    .filter(|((contender, _), _)| contender == name);
                let values: Vec<String> = own
                    .map(|((_, what), value)| format!("\"{what}\":{value}"))
                    .collect();
                format!("\"{name}\":{{{}}}", values.join(","))
            })
            .collect();
        println!("{{{}}}", contenders.join(","));
    }
}

#[cfg(test)]
mod tests {
    use super::{GOALS, Results};

    #[test]
    fn goals_are_computed_from_records() {
        let records = "floor\trun_median_us\t4000\ncasemate\trun_median_us\t8000\ncasemate-bare\trun_median_us\t7500\n\
            crun\trun_median_us\t16000\nrunc\tnot_measured\tno\ncasemate\tsystem_calls\t240\nbroken";
        let results = Results::parse(records);
        let of = |name: &str| {
            let goal = GOALS.iter().find(|(what, _, _)| *what == name).unwrap();
            goal.1(&results)
        };
        assert_eq!(of("run, of crun"), Some(0.5));
        assert_eq!(of("run, of runc"), None);
        assert_eq!(of("run, of the floor"), Some(2.0));
        assert_eq!(of("system calls of a run"), Some(240.0));
        assert_eq!(of("the filter's share of a run, ms"), Some(0.5));
        assert_eq!(results.not_measured["runc"], "no");
    }
}
