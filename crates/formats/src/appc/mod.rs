//! appc's image manifest and pod manifest, as rkt 1.30 runs them.
//!
//! The specification demands to report which isolators are enforced, modified or ignored: each is a setting
//! `appc-isolator` with its fate, and those that rkt does not enforce are settings `not-enforced` as well.

mod isolators;
mod read;

pub use read::FORMAT;
