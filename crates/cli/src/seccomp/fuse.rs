//! `casemate seccomp fuse`: one filter of several that are in force together.

use super::input::{Input, What};
use super::settings::Settings;
use super::{Outcome, done, target};
use crate::failure::Failure;
use casemate_seccomp::fuse::FuseError;
use casemate_seccomp::lift::LiftError;
use casemate_seccomp::{CompileError, fuse};
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    if words.is_empty() {
        return Err(Failure::usage(
            "filters are needed",
            "the one that is loaded first comes first".to_owned(),
        ));
    }
    let inputs: Vec<Input> = words
        .iter()
        .map(|word| Input::read(settings, word))
        .collect::<Result<_, _>>()?;
    let programs = inputs
        .iter()
        .map(Input::program)
        .collect::<Result<Vec<_>, _>>()?;
    let machine = settings.machine();
    let fused = fuse(&programs, &machine).map_err(|error| match error {
        FuseError::Lift(_, LiftError::Undecided) | FuseError::Compile(CompileError::TooComplex) => {
            Failure::Undecided(error.to_string())
        }
        _ => Failure::usage(error.to_string(), None),
    })?;
    let fused = Input {
        name: "the fused filter".to_owned(),
        what: What::Program(fused),
        machine,
    };
    done(target::write(settings, &fused, "bpf"))
}
