//! What stands in the way of a launch on this host, and the smallest remedy.
//!
//! [`look()`] gathers [`Deep`] facts and tries in a child process what only trying tells; [`doctor()`] judges them. Judging is
//! pure: tests bring the facts of other hosts. It never advises to switch a protection off for everybody when something
//! smaller helps.

mod audit;
mod facts;
mod files;
mod finding;
mod judge;
mod kernel;
mod namespaces;
mod resources;
mod trial;

pub use facts::{Deep, Installed, Setting, look};
pub use finding::{Finding, Verdict};
pub use judge::doctor;
pub use trial::{Answers, Step};
