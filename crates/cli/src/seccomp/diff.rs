//! `casemate seccomp diff`: equal, or where two filters differ.

use super::call::Call;
use super::input::Input;
use super::settings::{Format, Settings};
use super::{FOUND, Outcome, concluding};
use crate::failure::Failure;
use crate::json::Json;
use crate::output;
use casemate_model::names::{Arch, syscalls};
use casemate_model::syscalls::diagram::Word;
use casemate_model::syscalls::{Action, Operator, Passage, Test, Width};
use casemate_seccomp::compare::{Comparison, Difference, Extent, compare_possible};
use casemate_seccomp::language;
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let [left, right] = words else {
        return Err(Failure::usage(
            "two filters are needed",
            "for example `casemate seccomp diff old.json new.json`".to_owned(),
        ));
    };
    let left = Input::read(settings, left)?;
    let right = Input::read(settings, right)?;
    let comparison = compare_possible(&left.program()?, &right.program()?)
        .map_err(|error| Failure::usage(error.to_string(), None))?;
    let native = left.machine.first().copied().unwrap_or(Arch::X86_64);
    let differences = match comparison {
        Comparison::Equal => Vec::new(),
        Comparison::Differ(differences) => differences,
        Comparison::Undecided => {
            return Err(Failure::Undecided(format!(
                "undecided: the arithmetic of {} or {} is out of reach",
                left.name, right.name
            )));
        }
    };
    let code = if differences.is_empty() { 0 } else { FOUND };
    let text = match settings.format {
        Format::Text => told(&differences, native),
        Format::Json => {
            let list = differences.iter().map(|one| json(one, native)).collect();
            let all = Json::object([
                ("equal", Json::Bool(differences.is_empty())),
                ("differences", Json::List(list)),
            ]);
            format!("{all}\n")
        }
    };
    concluding(code, output::say(&text))
}

fn told(differences: &[Difference], native: Arch) -> String {
    if differences.is_empty() {
        return "equal: every call of every architecture gets the same answer\n".to_owned();
    }
    let (mut more, mut less) = (0, 0);
    let mut text = String::new();
    for one in differences {
        match one.witness.left.passage().cmp(&one.witness.right.passage()) {
            std::cmp::Ordering::Less => more += 1,
            std::cmp::Ordering::Greater => less += 1,
            std::cmp::Ordering::Equal => {}
        }
        let extent = match one.extent {
            Extent::Whole => "",
            Extent::Part => ", and with other arguments",
        };
        let line = format!(
            "{} {}: {} becomes {}{extent}",
            sign(one),
            place(one),
            answer(one, one.witness.left),
            answer(one, one.witness.right)
        );
        text.push_str(&folded(&line));
        text.push_str(&format!("    for example {}\n", witness(one, native)));
    }
    let same = differences.len() - more - less;
    text.push_str(&format!(
        "different: the second filter permits more in {more}, less in {less}, refuses otherwise in {same} ways\n"
    ));
    text
}

/// Breaks a line at its spaces; what follows is indented.
fn folded(line: &str) -> String {
    const WIDTH: usize = 100;
    let mut text = String::new();
    let mut length = 0;
    for word in line.split(' ') {
        if length > 0 && length + word.len() >= WIDTH {
            text.push_str("\n   ");
            length = 3;
        }
        if length > 0 {
            text.push(' ');
        }
        text.push_str(word);
        length += word.len() + 1;
    }
    text.push('\n');
    text
}

fn answer(one: &Difference, action: Action) -> String {
    language::action_text(action, one.arch.as_slice())
}

/// Whether the second filter permits more.
fn sign(one: &Difference) -> char {
    let (left, right) = (one.witness.left.passage(), one.witness.right.passage());
    match (left < right, left > right) {
        (true, _) => '+',
        (_, true) => '-',
        _ => '~',
    }
}

fn place(one: &Difference) -> String {
    let mut text = match one.arch {
        Some(arch) => format!("{arch}: "),
        None => format!("architecture {:#x} and others: ", one.audit),
    };
    let parts: Vec<String> = one
        .numbers
        .iter()
        .map(|(low, high)| language::numbers_text(one.arch, *low, *high))
        .collect();
    text.push_str(&parts.join(", "));
    for (at, condition) in conditions(one).into_iter().enumerate() {
        text.push_str(if at == 0 { " if " } else { " and " });
        text.push_str(&condition);
    }
    text
}

fn conditions(one: &Difference) -> Vec<String> {
    let number = one.numbers.first().map_or(0, |(low, _)| *low);
    let single = matches!(one.numbers.as_slice(), [(low, high)] if low == high);
    let id = one
        .arch
        .filter(|_| single)
        .and_then(|arch| syscalls::find(arch, number))
        .map(|call| call.id);
    let archs: Vec<Arch> = one.arch.into_iter().collect();
    one.condition
        .iter()
        .map(|test| language::test_text(id, &archs, &halved(test)))
        .collect()
}

/// Of a test that looks at the lower half only: a test of the lower half.
fn halved(test: &Test) -> Test {
    const HALF: u64 = u32::MAX as u64;
    let operator = match &test.operator {
        Operator::Masked { mask: HALF, value } => Operator::Equal(*value),
        Operator::Masked { mask, value } if *mask <= HALF => Operator::Masked {
            mask: *mask,
            value: *value,
        },
        _ => return test.clone(),
    };
    Test {
        width: Width::Low32,
        operator,
        ..test.clone()
    }
}

fn witness(one: &Difference, native: Arch) -> String {
    let point = &one.witness.point;
    match Call::of_point(point) {
        Some(call) => call.write(native),
        None => format!(
            "number {:#x} on architecture {:#x}",
            point[Word::NR.index()],
            point[Word::ARCH.index()]
        ),
    }
}

fn json(one: &Difference, native: Arch) -> Json {
    let numbers = one.numbers.iter().map(|(low, high)| {
        Json::List(vec![
            Json::Number(u64::from(*low)),
            Json::Number(u64::from(*high)),
        ])
    });
    let names = one
        .numbers
        .iter()
        .filter(|(low, high)| high - low < 1024)
        .flat_map(|(low, high)| *low..=*high)
        .filter_map(|number| syscalls::name(one.arch?, number))
        .map(Json::text);
    let change = |passage: Passage| match passage {
        Passage::Refused => "refused",
        Passage::Referred => "referred",
        Passage::Passed => "passed",
    };
    let side = |action: Action| {
        Json::object([
            ("answer", Json::text(answer(one, action))),
            ("passage", Json::text(change(action.passage()))),
        ])
    };
    Json::object([
        (
            "arch",
            one.arch.map_or(Json::Null, |arch| Json::text(arch.name())),
        ),
        ("audit", Json::Number(u64::from(one.audit))),
        ("numbers", Json::List(numbers.collect())),
        ("calls", Json::List(names.collect())),
        (
            "condition",
            Json::List(conditions(one).into_iter().map(Json::text).collect()),
        ),
        ("whole", Json::Bool(one.extent == Extent::Whole)),
        ("before", side(one.witness.left)),
        ("after", side(one.witness.right)),
        ("witness", Json::text(witness(one, native))),
    ])
}
