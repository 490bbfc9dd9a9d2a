//! `casemate seccomp compile`: a policy as a filter, or in another form.

use super::input::{Input, What};
use super::settings::Settings;
use super::{Outcome, done, one, target};
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let input = Input::read(settings, one(words, "a policy")?)?;
    // Somebody's filter becomes ours, which is smaller.
    let input = match &input.what {
        What::Policy(_) => input,
        What::Program(program) => {
            let smaller = target::recompiled(&input, program)?;
            target::holding(input, smaller)
        }
    };
    done(target::write(settings, &input, "bpf"))
}
