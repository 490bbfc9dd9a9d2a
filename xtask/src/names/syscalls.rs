//! The system calls' tables, from `syscalls.tsv`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::lines;

type Version = (u8, u8, u8);

struct Row {
    nr: u32,
    name: usize,
    since: Version,
}

/// Reads the tab-separated text: a heading (`name`, `since`, the architectures), a `.floor` row with each
/// architecture's own first kernel, then a row a name. A cell is `-`, a number, or `number@version` where the
/// architecture got the call later than the first one did.
pub fn generate(text: &str) -> Result<String, String> {
    let mut rows = lines(text);
    let (_, heading) = rows.next().ok_or("empty")?;
    let arches: Vec<&str> = heading.split('\t').skip(2).collect();
    let (at, floors) = rows.next().ok_or("no .floor row")?;
    let floors: Vec<Version> = floors
        .split('\t')
        .skip(2)
        .map(|cell| version(cell).map_err(|e| format!("line {at}: {e}")))
        .collect::<Result<_, _>>()?;
    if floors.len() != arches.len() {
        return Err(format!("line {at}: not one version for each architecture"));
    }

    let mut names: Vec<&str> = Vec::new();
    let mut tables: Vec<BTreeMap<u32, Row>> = arches.iter().map(|_| BTreeMap::new()).collect();
    for (at, line) in rows {
        let mut cells = line.split('\t');
        let name = cells.next().unwrap_or_default();
        if names.last().is_some_and(|last| *last >= name) {
            return Err(format!("line {at}: {name} is not in the order of bytes"));
        }
        let first =
            version(cells.next().unwrap_or_default()).map_err(|e| format!("line {at}: {e}"))?;
        let cells: Vec<&str> = cells.collect();
        if cells.len() != arches.len() {
            return Err(format!("line {at}: {} cells", cells.len()));
        }
        let columns = tables.iter_mut().zip(&floors).zip(cells);
        for ((table, floor), cell) in columns {
            if cell == "-" {
                continue;
            }
            let (nr, since) = match cell.split_once('@') {
                Some((nr, since)) => (nr, version(since).map_err(|e| format!("line {at}: {e}"))?),
                None => (cell, first),
            };
            let nr: u32 = nr
                .parse()
                .map_err(|_| format!("line {at}: number {nr:?}"))?;
            let row = Row {
                nr,
                name: names.len(),
                since: since.max(*floor),
            };
            if table.insert(nr, row).is_some() {
                return Err(format!("line {at}: {name} has the number of another call"));
            }
        }
        names.push(name);
    }
    render(&names, &arches, &tables).map_err(|e| e.to_string())
}

fn render(
    names: &[&str],
    arches: &[&str],
    tables: &[BTreeMap<u32, Row>],
) -> Result<String, std::fmt::Error> {
    let mut out = String::from("use crate::names::syscalls::{Row, row};\n\n");
    writeln!(out, "#[rustfmt::skip]")?;
    writeln!(
        out,
        "pub(in crate::names) static NAMES: [&str; {}] = [",
        names.len()
    )?;
    for name in names {
        writeln!(out, "    \"{name}\",")?;
    }
    writeln!(out, "];")?;
    for (arch, table) in arches.iter().zip(tables) {
        let constant = arch.to_ascii_uppercase();
        let count = table.len();
        writeln!(out, "\n#[rustfmt::skip]")?;
        writeln!(
            out,
            "pub(in crate::names) static {constant}: [Row; {count}] = ["
        )?;
        let mut by_name: Vec<(usize, usize)> = Vec::new();
        for (place, row) in table.values().enumerate() {
            let Row { nr, name, since } = row;
            writeln!(
                out,
                "    row({}, {name}, {since:?}), // {}",
                grouped(*nr),
                names[*name]
            )?;
            by_name.push((*name, place));
        }
        writeln!(out, "];")?;
        by_name.sort_unstable();
        writeln!(out, "\n#[rustfmt::skip]")?;
        writeln!(
            out,
            "pub(in crate::names) static {constant}_BY_NAME: [u16; {count}] = ["
        )?;
        for chunk in by_name.chunks(16) {
            let places: Vec<String> = chunk.iter().map(|(_, place)| place.to_string()).collect();
            writeln!(out, "    {},", places.join(", "))?;
        }
        writeln!(out, "];")?;
    }
    Ok(out)
}

/// A number with its thousands apart.
fn grouped(nr: u32) -> String {
    match nr {
        0..10_000 => nr.to_string(),
        _ => format!("{}_{:03}", nr / 1000, nr % 1000),
    }
}

fn version(text: &str) -> Result<Version, String> {
    let parts: Vec<u8> = text
        .split('.')
        .map(|part| part.parse().map_err(|_| format!("version {text:?}")))
        .collect::<Result<_, _>>()?;
    match parts[..] {
        [major, minor] => Ok((major, minor, 0)),
        [major, minor, patch] => Ok((major, minor, patch)),
        _ => Err(format!("version {text:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_would_make_a_wrong_table() {
        let head = "name\tsince\tx86_64\n.floor\t\t2.4\n";
        assert!(generate(&format!("{head}a\t1.0\t0\nb\t5.6\t1@5.7\n")).is_ok());
        for (rows, message) in [
            ("b\t1.0\t0\na\t1.0\t1\n", "order"),
            ("a\t1.0\t0\na\t1.0\t1\n", "order"),
            ("a\t1.0\t0\nb\t1.0\t0\n", "number of another"),
            ("a\t1.0\n", "cells"),
            ("a\tx\t0\n", "version"),
            ("a\t1.0\t0@\n", "version"),
            ("a\t1.0\tx\n", "number"),
        ] {
            let error = generate(&format!("{head}{rows}")).expect_err(rows);
            assert!(error.contains(message), "{rows:?}: {error}");
        }
    }
}
