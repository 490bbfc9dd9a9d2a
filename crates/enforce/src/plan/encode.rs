//! The encoded plan, as `casemate-exec` reads it.

use super::{Plan, PlanError, PlannedStep, Reporter};
use crate::step::{Encode, Holding, MAGIC, Policy, Sink, Stage, VERSION};
use casemate_model::Confinement;
use std::ffi::CString;

/// Text owned by the planner.
#[derive(Clone, PartialEq, Debug)]
pub struct Owned;

impl Holding for Owned {
    type Text = CString;
    type Bytes = Vec<u8>;
    type Texts = Vec<CString>;
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

impl Encode for CString {
    fn encode(&self, to: &mut impl Sink) {
        self.as_c_str().encode(to);
    }
}

impl Encode for Vec<u8> {
    fn encode(&self, to: &mut impl Sink) {
        self.as_slice().encode(to);
    }
}

impl Encode for Vec<CString> {
    fn encode(&self, to: &mut impl Sink) {
        let length: usize = self.iter().map(|text| text.as_bytes_with_nul().len()).sum();
        (length as u32).encode(to);
        for text in self {
            to.put(text.as_bytes_with_nul());
        }
    }
}

/// Largest plan that is encoded: the kernel bounds arguments and environment at 6 MiB together (`MAX_ARG_STRINGS`, execve(2)).
const MAXIMUM: usize = 16 << 20;

impl Plan {
    /// Encodes the plan.
    ///
    /// # Errors
    /// It is larger than any that the kernel would accept.
    pub fn encode(&self) -> Result<Vec<u8>, PlanError> {
        let mut bytes = Vec::with_capacity(16 << 10);
        bytes.put(&MAGIC);
        VERSION.encode(&mut bytes);
        let reporter: u8 = match self.reporter {
            Reporter::Absent => 0,
            Reporter::Report => 1,
            Reporter::Explain => 2,
        };
        reporter.encode(&mut bytes);
        self.terminal_streams.encode(&mut bytes);
        // Zero says that there is none: no time at all is the shortest there is.
        self.deadline
            .map_or(0, |time| time.max(1))
            .encode(&mut bytes);
        for stage in [Stage::Outside, Stage::Inside, Stage::Payload] {
            let mut records = Vec::new();
            for step in self.steps.iter().filter(|step| step.stage == stage) {
                record(step, &mut records);
            }
            records.as_slice().encode(&mut bytes);
        }
        if bytes.len() > MAXIMUM {
            return Err(PlanError::TooLarge {
                what: "the command line with its environment",
            });
        }
        Ok(bytes)
    }
}

/// Longest label that is stored; a longer one is cut, as it is only shown.
const LABEL: usize = 400;

fn record(step: &PlannedStep, to: &mut Vec<u8>) {
    let mut body = Vec::new();
    let facet = Confinement::FACETS
        .iter()
        .position(|name| *name == step.facet)
        .unwrap_or(0);
    (facet as u8).encode(&mut body);
    let policy: u8 = match step.policy {
        Policy::Required => 0,
        Policy::BestEffort => 1,
    };
    policy.encode(&mut body);
    let mut label = step.step.to_string();
    if label.len() > LABEL {
        let cut = (0..=LABEL)
            .rev()
            .find(|at| label.is_char_boundary(*at))
            .unwrap_or(0);
        label.truncate(cut);
    }
    (label.len() as u16).encode(&mut body);
    body.put(label.as_bytes());
    step.step.encode(&mut body);
    body.as_slice().encode(to);
}
