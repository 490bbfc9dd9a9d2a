//! The constants' tables, from `constants.txt`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::lines;

/// The columns of a row whose value differs; one fewer than `Arch` has variants, as MIPS has one for both byte orders.
const COLUMNS: usize = 10;

struct Family<'a> {
    name: &'a str,
    shape: String,
    uses: Vec<String>,
    members: Vec<&'a str>,
}

struct Constant<'a> {
    header: &'a str,
    values: Vec<Option<u64>>,
}

#[derive(Default)]
struct Text<'a> {
    families: Vec<Family<'a>>,
    constants: BTreeMap<&'a str, Constant<'a>>,
    groups: Vec<[&'a str; 3]>,
}

/// Reads the text and returns the tables.
pub fn generate(text: &str) -> Result<String, String> {
    let text = parse(text)?;
    let mut out = String::from(
        "use crate::names::constants::Meaning::{Certain, Elsewhere};\n\
         use crate::names::constants::Shape::{Flags, Mixed, Values};\n\
         use crate::names::constants::{Constant, Family, Group, each, family, group, same, used};\n\n",
    );
    render(&text, &mut out).map_err(|e| e.to_string())?;
    Ok(out)
}

fn parse(text: &str) -> Result<Text<'_>, String> {
    let mut found = Text::default();
    let mut in_groups = false;
    for (at, line) in lines(text) {
        let wrong = |what: &str| format!("line {at}: {what}: {line:?}");
        if let Some(heading) = line.strip_prefix('[') {
            let (name, rest) = heading
                .split_once(']')
                .ok_or_else(|| wrong("no end of name"))?;
            in_groups = name == "groups";
            if !in_groups {
                found
                    .families
                    .push(family(name, rest).map_err(|what| wrong(&what))?);
            }
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, header, value] = cells[..] else {
            return Err(wrong("not three cells"));
        };
        if in_groups {
            found.groups.push([name, header, value]);
            continue;
        }
        let family = found
            .families
            .last_mut()
            .ok_or_else(|| wrong("no family"))?;
        family.members.push(name);
        let constant = Constant {
            header: header.trim_start_matches('~'),
            values: values(value).map_err(|what| wrong(&what))?,
        };
        if found.constants.insert(name, constant).is_some() {
            return Err(wrong("a second row of that name"));
        }
    }
    Ok(found)
}

fn family<'a>(name: &'a str, rest: &str) -> Result<Family<'a>, String> {
    let (shape, uses) = rest.split_once(';').unwrap_or((rest, ""));
    let shape = match shape.split_whitespace().collect::<Vec<_>>()[..] {
        ["values"] => "Values".to_owned(),
        ["flags"] => "Flags".to_owned(),
        ["mixed", mask] => format!("Mixed({})", hex(number(mask)?)),
        _ => return Err("no shape".to_owned()),
    };
    let uses = uses.split_whitespace().map(|place| {
        let (place, meaning) = match place.strip_prefix('?') {
            Some(place) => (place, "Elsewhere"),
            None => (place, "Certain"),
        };
        let (call, argument) = place.split_once('.').ok_or("a use without a dot")?;
        Ok(format!("used(\"{call}\", \"{argument}\", {meaning})"))
    });
    Ok(Family {
        name,
        shape,
        uses: uses.collect::<Result<_, String>>()?,
        members: Vec::new(),
    })
}

/// One value for all architectures, or one for each.
fn values(text: &str) -> Result<Vec<Option<u64>>, String> {
    let values: Vec<Option<u64>> = text
        .split(' ')
        .map(|cell| match cell {
            "-" => Ok(None),
            _ => number(cell).map(Some),
        })
        .collect::<Result<_, _>>()?;
    match values.len() {
        1 | COLUMNS => Ok(values),
        other => Err(format!("{other} values")),
    }
}

fn number(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|e| format!("{text:?}: {e}"))
}

fn render(text: &Text, out: &mut String) -> std::fmt::Result {
    let Text {
        families,
        constants,
        groups,
    } = text;
    writeln!(out, "#[rustfmt::skip]")?;
    writeln!(
        out,
        "pub(in crate::names) static CONSTANTS: [Constant; {}] = [",
        constants.len()
    )?;
    for (name, Constant { header, values }) in constants {
        let row = if let [Some(value)] = values[..] {
            format!("same(\"{name}\", \"{header}\", {})", hex(value))
        } else {
            let cells: Vec<String> = values.iter().copied().map(cell).collect();
            format!("each(\"{name}\", \"{header}\", &[{}])", cells.join(", "))
        };
        writeln!(out, "    {row},")?;
    }
    writeln!(out, "];")?;
    let places: BTreeMap<&str, usize> = constants
        .keys()
        .enumerate()
        .map(|(at, name)| (*name, at))
        .collect();
    writeln!(out, "\n#[rustfmt::skip]")?;
    writeln!(
        out,
        "pub(in crate::names) static FAMILIES: [Family; {}] = [",
        families.len()
    )?;
    for family in families {
        writeln!(out, "    family(\"{}\", {}, &[", family.name, family.shape)?;
        for used in &family.uses {
            writeln!(out, "        {used},")?;
        }
        let members: Vec<String> = family
            .members
            .iter()
            .map(|name| places[name].to_string())
            .collect();
        writeln!(out, "    ], &[{}]),", members.join(", "))?;
    }
    writeln!(out, "];")?;
    writeln!(out, "\n#[rustfmt::skip]")?;
    writeln!(
        out,
        "pub(in crate::names) static GROUPS: [Group; {}] = [",
        groups.len()
    )?;
    for [name, members, meaning] in groups {
        let members: Vec<String> = members
            .split('|')
            .map(|member| format!("\"{member}\""))
            .collect();
        writeln!(
            out,
            "    group(\"{name}\", &[{}], \"{meaning}\"),",
            members.join(", ")
        )?;
    }
    writeln!(out, "];")
}

fn cell(value: Option<u64>) -> String {
    match value {
        Some(value) => format!("Some({})", hex(value)),
        None => "None".to_owned(),
    }
}

/// A number in hexadecimal, in groups of four digits.
fn hex(value: u64) -> String {
    if value < 0x10_0000 {
        return format!("{value:#x}");
    }
    let digits = format!("{value:x}");
    let first = digits.len() % 4;
    let mut text = format!("0x{}", "0".repeat((4 - first) % 4));
    for (place, digit) in digits.chars().enumerate() {
        if place != 0 && place % 4 == first {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_grouped() {
        for (value, text) in [
            (0, "0x0"),
            (0xf_ffff, "0xfffff"),
            (0x10_0000, "0x0010_0000"),
            (0x1234_5678, "0x1234_5678"),
            (0x1_2345_6789, "0x0001_2345_6789"),
            (u64::MAX, "0xffff_ffff_ffff_ffff"),
        ] {
            assert_eq!(hex(value), text);
        }
    }

    #[test]
    fn reads_families_and_refuses_what_would_make_a_wrong_table() {
        let good = "[f] mixed 0xf; a.b ?c.d\nX\tlinux/x.h\t1\nY\t~linux/y.h\t1 2 3 4 5 6 7 8 9 -\n\
                    [groups]\nG\tX|Y\tboth\n";
        let text = parse(good).expect("good");
        assert_eq!(text.families[0].shape, "Mixed(0xf)");
        assert_eq!(text.families[0].uses.len(), 2);
        assert_eq!(text.constants["Y"].values.last(), Some(&None));
        assert_eq!(text.constants["Y"].header, "linux/y.h");
        assert_eq!(text.groups, [["G", "X|Y", "both"]]);
        for (rows, message) in [
            ("X\th\t1\n", "no family"),
            ("[f] some\n", "no shape"),
            ("[f] flags; ab\n", "dot"),
            ("[f] flags\nX\th\n", "three cells"),
            ("[f] flags\nX\th\t1 2\n", "2 values"),
            ("[f] flags\nX\th\tz\n", "invalid digit"),
            ("[f] flags\nX\th\t1\nX\th\t1\n", "second row"),
        ] {
            let error = generate(rows).expect_err(rows);
            assert!(error.contains(message), "{rows:?}: {error}");
        }
    }
}
