//! `casemate seccomp stats`: what a filter costs and what it lets through.

use super::input::{Input, lifting};
use super::settings::{Format, Settings};
use super::{Outcome, done, one};
use crate::failure::Failure;
use crate::json::Json;
use crate::output;
use casemate_model::names::{Arch, KernelVersion, syscalls};
use casemate_model::syscalls::diagram::Diagrams;
use casemate_seccomp::lift;
use casemate_seccomp::stats::{self, Stats, Surface};
use std::ffi::OsString;

/// Kernels with long support, and the newest that the tables cover; the first is Debian 9's.
const HISTORY: [(u8, u8); 8] = [
    (4, 9),
    (4, 19),
    (5, 4),
    (5, 10),
    (5, 15),
    (6, 1),
    (6, 6),
    (6, 12),
];

struct Row {
    arch: Arch,
    version: KernelVersion,
    surface: Surface,
}

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let input = Input::read(settings, one(words, "a filter")?)?;
    let program = input.program()?;
    let counted = stats::of(&program)
        .map_err(|error| Failure::usage(format!("{}: {error}", input.name), None))?;
    let mut diagrams = Diagrams::new();
    let root = lift(&mut diagrams, &program).map_err(|error| lifting(&input.name, &error))?;
    let row = |arch: Arch, version: KernelVersion| Row {
        arch,
        version,
        surface: stats::surface(&diagrams, root, &program, (arch, version)),
    };
    let now: Vec<Row> = input
        .machine
        .iter()
        .map(|arch| row(*arch, settings.kernel))
        .collect();
    let native = input.machine.first().copied().unwrap_or(Arch::X86_64);
    let history: Vec<Row> = HISTORY
        .iter()
        .map(|(major, minor)| KernelVersion::new(*major, *minor))
        .chain([KernelVersion::new(6, 18), syscalls::COVERED])
        .map(|version| row(native, version))
        .filter(|row| total(&row.surface) > 0)
        .collect();
    let text = match settings.format {
        Format::Text => told(&counted, &now, &history),
        Format::Json => format!("{}\n", json(&counted, &now, &history)),
    };
    done(output::say(&text))
}

fn total(surface: &Surface) -> usize {
    surface.permitted + surface.conditional + surface.refused
}

fn told(stats: &Stats, now: &[Row], history: &[Row]) -> String {
    let mut text = format!(
        "{} instructions ({} after the kernel's translation), longest path {}\n",
        stats.instructions, stats.converted, stats.longest_path
    );
    let kernel = now.first().map_or(syscalls::COVERED, |row| row.version);
    text.push_str(&format!("\ncalls of kernel {kernel}\n"));
    table(
        &mut text,
        now.iter()
            .map(|row| (row.arch.name().to_owned(), &row.surface)),
    );
    if let Some(first) = history.first() {
        text.push_str(&format!("\ncalls of {} by kernel\n", first.arch));
        table(
            &mut text,
            history
                .iter()
                .map(|row| (row.version.to_string(), &row.surface)),
        );
    }
    text
}

fn table<'a>(text: &mut String, rows: impl Iterator<Item = (String, &'a Surface)>) {
    text.push_str("               calls  permitted  conditional  refused  cached\n");
    for (name, surface) in rows {
        text.push_str(&format!(
            "  {name:<12} {:>5}  {:>9}  {:>11}  {:>7}  {:>6}\n",
            total(surface),
            surface.permitted,
            surface.conditional,
            surface.refused,
            surface.cached
        ));
    }
}

fn json(stats: &Stats, now: &[Row], history: &[Row]) -> Json {
    let number = |count: usize| Json::Number(count as u64);
    let row = |row: &Row| {
        Json::object([
            ("arch", Json::text(row.arch.name())),
            ("kernel", Json::text(row.version.to_string())),
            ("calls", number(total(&row.surface))),
            ("permitted", number(row.surface.permitted)),
            ("conditional", number(row.surface.conditional)),
            ("refused", number(row.surface.refused)),
            ("cached", number(row.surface.cached)),
        ])
    };
    Json::object([
        ("instructions", number(stats.instructions)),
        ("converted", number(stats.converted)),
        ("longest_path", number(stats.longest_path)),
        ("surface", Json::List(now.iter().map(row).collect())),
        ("history", Json::List(history.iter().map(row).collect())),
    ])
}
