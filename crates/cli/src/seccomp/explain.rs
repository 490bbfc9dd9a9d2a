//! `casemate seccomp explain`: what a filter permits, in words that are the same for equal filters.

use super::input::{Input, lifting};
use super::settings::{Format, Settings};
use super::{Outcome, done, one};
use crate::json::Json;
use crate::output;
use casemate_seccomp::explain::{Explanation, explain};
use std::ffi::OsString;

/// Runs the verb.
pub fn run(settings: &Settings, words: &[OsString]) -> Outcome {
    let input = Input::read(settings, one(words, "a filter")?)?;
    let explanation = explain(&input.program()?).map_err(|error| lifting(&input.name, &error))?;
    let text = match settings.format {
        Format::Text => explanation.to_string(),
        Format::Json => {
            let kind = match &explanation {
                Explanation::Policy(_) => "policy",
                Explanation::Numbers(_) => "numbers",
            };
            let json = Json::object([
                ("kind", Json::text(kind)),
                ("text", Json::text(explanation.to_string())),
            ]);
            format!("{json}\n")
        }
    };
    done(output::say(&text))
}
