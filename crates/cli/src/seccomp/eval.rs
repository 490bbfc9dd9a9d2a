//! `casemate seccomp eval`: what happens to a call, instruction by instruction.

use super::call::Call;
use super::input::Input;
use super::settings::{Format, Settings};
use super::{Outcome, done, list};
use crate::failure::Failure;
use crate::json::Json;
use crate::output;
use casemate_model::names::{Arch, syscalls};
use casemate_model::syscalls::Action;
use casemate_seccomp::bpf::{Operation, Program};
use casemate_seccomp::interpret::{Run, interpret};
use casemate_seccomp::{language, listing};
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let (Some(filter), Some(calls)) = (
        words.first(),
        words.get(1..).filter(|calls| !calls.is_empty()),
    ) else {
        return Err(Failure::usage(
            "a filter and a call are needed",
            "for example `casemate seccomp eval ordinary 'socket(AF_INET, SOCK_RAW, 0)'`"
                .to_owned(),
        ));
    };
    let input = Input::read(settings, filter)?;
    let program = input.program()?;
    let native = input.machine.first().copied().unwrap_or(Arch::X86_64);
    // With --arch, a call without an architecture is tried on each that has it.
    let archs = settings.archs.clone().unwrap_or_else(|| vec![native]);
    let mut text = String::new();
    let mut list = Vec::new();
    for word in calls {
        for call in asked(&word.to_string_lossy(), &archs)? {
            let run = interpret(&program, &call.point()).ok_or_else(|| {
                Failure::usage(format!("{}: the filter has no end", input.name), None)
            })?;
            match settings.format {
                Format::Text => text.push_str(&told(&program, &call, &run, native)),
                Format::Json => list.push(json(&program, &call, &run, native)),
            }
        }
    }
    if settings.format == Format::Json {
        text = format!("{}\n", Json::List(list));
    }
    done(output::say(&text))
}

fn asked(text: &str, archs: &[Arch]) -> Result<Vec<Call>, Failure> {
    let head = text.split('(').next().unwrap_or_default();
    if head.contains(':') {
        let first = archs.first().copied().unwrap_or(Arch::X86_64);
        return Call::parse(text, first).map(|call| vec![call]);
    }
    let read: Vec<Result<Call, Failure>> =
        archs.iter().map(|arch| Call::parse(text, *arch)).collect();
    if read.iter().all(Result::is_err) {
        return read.into_iter().collect();
    }
    Ok(read.into_iter().flatten().collect())
}

fn answer(call: &Call, run: &Run) -> String {
    language::action_text(Action::from_raw(run.answer), &[call.arch])
}

fn told(program: &Program, call: &Call, run: &Run, native: Arch) -> String {
    let mut text = format!("{}: {}\n", call.write(native), answer(call, run));
    if syscalls::is_exempt(call.arch, call.number) {
        text.push_str("  (new kernels do not ask filters about this call)\n");
    }
    let listed = listing::write(program);
    let lines: Vec<&str> = listed.lines().collect();
    for (at, next) in run
        .path
        .iter()
        .zip(run.path.iter().skip(1).map(Some).chain([None]))
    {
        let line = lines
            .get(*at)
            .copied()
            .unwrap_or_default()
            .replace('\t', " ");
        let remark = remark(program, call, *at, next.copied());
        text.push_str(&format!("  {line:<50} {remark}\n"));
    }
    text
}

fn remark(program: &Program, call: &Call, at: usize, next: Option<usize>) -> String {
    let Some(instruction) = program.instructions.get(at) else {
        return String::new();
    };
    match instruction.operation() {
        Some(Operation::Load(offset)) => {
            let Some(word) = program.word_at(offset) else {
                return String::new();
            };
            format!(
                "; {} = {:#x}",
                list::word_name(word),
                call.point()[word.index()]
            )
        }
        Some(Operation::Branch(_, _, yes, no)) if yes != no => {
            let taken = next == Some(at + 1 + usize::from(yes));
            (if taken { "; yes" } else { "; no" }).to_owned()
        }
        Some(Operation::Return(raw)) => {
            format!(
                "; {}",
                language::action_text(Action::from_raw(raw), &[call.arch])
            )
        }
        _ => String::new(),
    }
}

fn json(program: &Program, call: &Call, run: &Run, native: Arch) -> Json {
    let listed = listing::write(program);
    let lines: Vec<&str> = listed.lines().collect();
    let path = run.path.iter().map(|at| {
        Json::object([
            ("at", Json::Number(*at as u64)),
            (
                "instruction",
                Json::text(lines.get(*at).copied().unwrap_or_default()),
            ),
        ])
    });
    Json::object([
        ("call", Json::text(call.write(native))),
        ("arch", Json::text(call.arch.name())),
        ("number", Json::Number(u64::from(call.number))),
        ("args", Json::List(call.args.map(Json::Number).to_vec())),
        ("answer", Json::text(answer(call, run))),
        ("path", Json::List(path.collect())),
    ])
}
