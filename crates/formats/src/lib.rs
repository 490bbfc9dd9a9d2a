//! Readers and writers between [`Confinement`](casemate_model::Confinement) and the formats that people use.
//!
//! One folder a format; [`FORMATS`] lists them. No format knows another. A reader reports everything that is wrong at
//! once, each with its place, and never panics on any input. A writer never loosens: what its format cannot say is
//! written tighter and returned as a [`Loss`].
//!
//! This crate opens no file: readers are given text, and a loader for files that the text names.
//! Read next: [`profile`].
#![forbid(unsafe_code)]

pub mod loss;
pub mod profile;

pub use loss::{Loss, LossKind};

/// A format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// How the names of its files end.
    pub extensions: &'static [&'static str],
}

/// All formats.
pub const FORMATS: &[Format] = &[Format {
    name: "profile",
    about: "Casemate's own profile: a command and its grants, in TOML",
    extensions: &["toml"],
}];
