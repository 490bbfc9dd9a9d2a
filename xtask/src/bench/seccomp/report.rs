//! The measurements as tables or as JSON.

use casemate_seccomp::{Program, stats};

/// What was measured for one machine.
pub struct Table {
    /// The architectures.
    pub machine: String,
    /// Calls permitted without conditions by the whole profile, and those that the kernel remembers.
    pub cached: (usize, usize),
    /// One a contender.
    pub rows: Vec<Row>,
    /// How the filters compare.
    pub notes: Vec<String>,
}

/// A contender and what each round has measured.
pub struct Row {
    pub name: String,
    pub program: Option<Program>,
    pub copies: usize,
    /// Milliseconds.
    pub compile: Vec<f64>,
    /// Microseconds.
    pub load: Vec<f64>,
    /// Nanoseconds for a call that is permitted by its number.
    pub permitted: Vec<f64>,
    /// Nanoseconds for a call that is permitted by its argument.
    pub argument: Vec<f64>,
    /// Nanoseconds for a call that is refused.
    pub refused: Vec<f64>,
    /// Milliseconds to compare with ours.
    pub compare: Vec<f64>,
}

impl Row {
    pub fn new(name: &str, program: Option<Program>, copies: usize) -> Self {
        Self {
            name: name.to_owned(),
            program,
            copies,
            compile: Vec::new(),
            load: Vec::new(),
            permitted: Vec::new(),
            argument: Vec::new(),
            refused: Vec::new(),
            compare: Vec::new(),
        }
    }

    fn columns(&self) -> [(&'static str, &[f64]); 6] {
        [
            ("compile_ms", &self.compile),
            ("load_us", &self.load),
            ("permitted_ns", &self.permitted),
            ("argument_ns", &self.argument),
            ("refused_ns", &self.refused),
            ("diff_ms", &self.compare),
        ]
    }

    fn counts(&self) -> Option<(usize, usize)> {
        let stats = stats::of(self.program.as_ref()?).ok()?;
        Some((stats.instructions, stats.longest_path))
    }
}

/// The value below which this share, in quarters, of the values is.
fn quarter(values: &[f64], quarters: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    sorted.get(last * quarters / 4).copied()
}

/// The median and half the distance of the quartiles.
fn middle(values: &[f64]) -> Option<(f64, f64)> {
    let (first, third) = (quarter(values, 1)?, quarter(values, 3)?);
    Some((quarter(values, 2)?, (third - first) / 2.0))
}

fn cell(values: &[f64]) -> String {
    middle(values).map_or_else(
        || "-".to_owned(),
        |(median, noise)| format!("{median:.2} ±{noise:.2}"),
    )
}

/// A table for each machine, with the ratios to ours.
pub fn print_tables(tables: &[Table]) {
    for table in tables {
        println!("\n{}", table.machine);
        println!(
            "  {:<25}{:>6}{:>8}{:>16}{:>16}{:>16}{:>16}{:>16}{:>14}",
            "filter",
            "insns",
            "longest",
            "compile ms",
            "load us",
            "permitted ns",
            "argument ns",
            "refused ns",
            "diff ms"
        );
        for row in &table.rows {
            let count = |number: Option<usize>| number.map_or("-".to_owned(), |n| n.to_string());
            let counts = row.counts();
            print!(
                "  {:<25}{:>6}{:>8}",
                row.name,
                count(counts.map(|counts| counts.0)),
                count(counts.map(|counts| counts.1))
            );
            for (at, (_, values)) in row.columns().into_iter().enumerate() {
                let width = if at == 5 { 14 } else { 16 };
                print!("{:>width$}", cell(values));
            }
            println!();
        }
        ratios(table);
        println!(
            "  permitted without conditions by the whole profile: {}; remembered by the kernel: {}",
            table.cached.0, table.cached.1
        );
        for note in &table.notes {
            println!("  {note}");
        }
    }
    println!(
        "\nmedians of all rounds, ± half the distance of the quartiles. casemate's time to compile has the proof in it; \
         libseccomp's is what its Python module takes to make and write the filter. permitted: getppid; argument: \
         personality(-1); refused: a number that no kernel has. The filters below the first two hold what libseccomp knows, \
         calls up to Linux 5.12."
    );
}

fn ratios(table: &Table) {
    let Some(ours) = table.rows.iter().find(|row| row.name == "casemate") else {
        return;
    };
    for row in table
        .rows
        .iter()
        .filter(|row| row.name.starts_with("libseccomp"))
    {
        let ratio = |own: &[f64], other: &[f64]| match (middle(own), middle(other)) {
            (Some((own, _)), Some((other, _))) if own > 0.0 => format!("{:.1}", other / own),
            _ => "-".to_owned(),
        };
        println!(
            "  {}: {} times our time to compile, {} times to load",
            row.name,
            ratio(&ours.compile, &row.compile),
            ratio(&ours.load, &row.load)
        );
    }
}

/// One object a row.
pub fn print_json(tables: &[Table]) {
    let mut objects = Vec::new();
    for table in tables {
        for row in &table.rows {
            let mut members = vec![
                format!("\"machine\": {:?}", table.machine),
                format!("\"filter\": {:?}", row.name),
            ];
            if let Some((instructions, longest)) = row.counts() {
                members.push(format!("\"instructions\": {instructions}"));
                members.push(format!("\"longest_path\": {longest}"));
            }
            for (name, values) in row.columns() {
                if let Some((median, noise)) = middle(values) {
                    members.push(format!(
                        "\"{name}\": {median:.3}, \"{name}_noise\": {noise:.3}"
                    ));
                }
            }
            objects.push(format!("  {{ {} }}", members.join(", ")));
        }
    }
    println!("[\n{}\n]", objects.join(",\n"));
}

#[cfg(test)]
mod tests {
    use super::middle;

    #[test]
    fn medians_have_their_noise() {
        assert_eq!(middle(&[]), None);
        assert_eq!(middle(&[7.0]), Some((7.0, 0.0)));
        assert_eq!(middle(&[5.0, 1.0, 3.0, 2.0, 100.0]), Some((3.0, 1.5)));
    }
}
