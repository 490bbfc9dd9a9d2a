//! `casemate seccomp list`: the instructions of a filter.

use super::input::Input;
use super::settings::{Names, Settings};
use super::{Outcome, done, one};
use crate::failure::Failure;
use crate::output;
use casemate_model::names::{Arch, syscalls};
use casemate_model::syscalls::Action;
use casemate_model::syscalls::diagram::{Half, Word};
use casemate_seccomp::bpf::{Operation, Program, Source};
use casemate_seccomp::{language, listing};
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let input = Input::read(settings, one(words, "a filter")?)?;
    let program = input.program()?;
    let text = match settings.to.as_deref() {
        None | Some("asm") => match settings.names {
            Names::Hidden => listing::write(&program),
            Names::Shown => with_names(&program),
        },
        Some("c") => listing::write_c(&program),
        Some("decimal") => listing::write_decimal(&program),
        Some(other) => {
            return Err(Failure::usage(
                format!("`--to` cannot be `{other}`"),
                "write asm, c or decimal; `casemate seccomp compile` writes the other forms"
                    .to_owned(),
            ));
        }
    };
    done(output::say(&text))
}

/// How a word of `struct seccomp_data` is called.
pub fn word_name(word: Word) -> String {
    match word.argument() {
        Some((place, Half::High)) => format!("arg{place} high"),
        Some((place, Half::Low)) => format!("arg{place}"),
        None if word == Word::NR => "number".to_owned(),
        None if word == Word::ARCH => "architecture".to_owned(),
        None if word == Word::IP_HIGH => "instruction pointer high".to_owned(),
        None => "instruction pointer".to_owned(),
    }
}

// What is in the accumulator and on which architecture, as far as a straight reading shows it.
#[derive(Clone, Copy, PartialEq)]
struct Known {
    word: Option<Word>,
    arch: Option<Arch>,
}

fn with_names(program: &Program) -> String {
    let mut reached: Vec<Option<Known>> = vec![None; program.instructions.len()];
    let start = Known {
        word: None,
        arch: None,
    };
    if let Some(first) = reached.first_mut() {
        *first = Some(start);
    }
    let listed = listing::write(program);
    let mut text = String::new();
    for (at, line) in listed.lines().enumerate() {
        let known = reached.get(at).copied().flatten();
        let remark = known.map_or(String::new(), |known| {
            step(program, at, known, &mut reached)
        });
        let line = format!("{:<50} {remark}", line.replace('\t', " "));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn step(program: &Program, at: usize, known: Known, reached: &mut [Option<Known>]) -> String {
    let mut meet = |to: usize, state: Known| {
        if let Some(slot) = reached.get_mut(to) {
            *slot = Some(match *slot {
                None => state,
                Some(before) => Known {
                    word: before.word.filter(|word| Some(*word) == state.word),
                    arch: before.arch.filter(|arch| Some(*arch) == state.arch),
                },
            });
        }
    };
    let Some(instruction) = program.instructions.get(at) else {
        return String::new();
    };
    match instruction.operation() {
        Some(Operation::Load(offset)) => {
            let word = program.word_at(offset);
            meet(at + 1, Known { word, ..known });
            word.map_or(String::new(), |word| format!("; {}", word_name(word)))
        }
        Some(Operation::Return(raw)) => {
            format!(
                "; {}",
                language::action_text(
                    Action::from_raw(raw),
                    &known.arch.map_or(Vec::new(), |arch| vec![arch])
                )
            )
        }
        Some(Operation::Jump(skip)) => {
            meet(at + 1 + skip as usize, known);
            String::new()
        }
        Some(Operation::Branch(comparison, source, yes, no)) => {
            let value = match source {
                Source::K(k) => Some(k),
                Source::X => None,
            };
            let mut taken = known;
            let mut remark = String::new();
            if known.word == Some(Word::ARCH)
                && comparison == casemate_seccomp::bpf::Comparison::Equal
            {
                let arch = value.and_then(|k| Arch::from_audit(k, 0));
                taken.arch = arch;
                remark = arch.map_or(String::new(), |arch| format!("; {arch}"));
            }
            if known.word == Some(Word::NR)
                && let (Some(arch), Some(number)) = (known.arch, value)
            {
                let arch = Arch::from_audit(arch.audit(), number).unwrap_or(arch);
                remark =
                    syscalls::name(arch, number).map_or(String::new(), |name| format!("; {name}"));
            }
            meet(at + 1 + usize::from(yes), taken);
            meet(at + 1 + usize::from(no), known);
            remark
        }
        Some(Operation::ReturnAccumulator) | None => String::new(),
        // The others change registers; only loads tell what is in them.
        Some(Operation::Store(..) | Operation::ToIndex) => {
            meet(at + 1, known);
            String::new()
        }
        Some(_) => {
            meet(
                at + 1,
                Known {
                    word: None,
                    ..known
                },
            );
            String::new()
        }
    }
}
