//! From a [`Confinement`](casemate_model::Confinement) to a plan, and from a plan to a confined process.
//!
//! [`plan`] turns a confinement, a program and the facts of a host into a [`Plan`]: a flat list of steps,
//! pure, printable, made without privilege and without touching anything. `casemate-exec` (in `src/exec`) receives the
//! encoded plan in a sealed memfd and executes it in order, nothing else. [`step`] is what both agree on.
//!
//! What a confinement asks for and a step cannot give is an error; there is no silent fallback.
#![forbid(unsafe_code)]

pub mod listener;
pub mod plan;
pub mod start;
pub mod step;

pub use plan::{Plan, PlanError};
