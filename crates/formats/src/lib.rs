//! Readers and writers between [`Confinement`](casemate_model::Confinement) and the formats that people use.
//!
//! One folder a format; [`FORMATS`] lists them. No format knows another. A reader reports everything that is wrong at
//! once, each with its place, and never panics on any input. A writer never loosens: what its format cannot say is
//! written tighter and returned as a [`Loss`]; [`convert()`] proves it by reading back.
//!
//! This crate opens no file: readers are given text, and [`reader::Files`] for files that the text names.
//! Read next: [`reader`], [`document`], [`profile`], [`oci`].
#![forbid(unsafe_code)]

pub mod appc;
pub mod bubblewrap;
pub mod compose;
pub mod convert;
pub mod docker;
pub mod document;
pub mod ecs;
pub mod engine;
pub mod firejail;
pub mod heroku;
pub mod kubernetes;
mod launched;
pub mod loss;
pub mod lxc;
pub mod minijail;
pub mod oci;
pub mod podman;
pub mod profile;
pub mod reader;
pub mod systemd;

pub use convert::{Tolerance, convert};
pub use loss::{Loss, LossKind};

use casemate_model::Workload;
use reader::{Context, ReadError, Reading, WriteError, Written};
use std::path::Path;

/// A format.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// How the names of its files end, or whole names.
    pub files: &'static [&'static str],
    /// How much an input of this name looks like it.
    pub detect: fn(&Path, &[u8]) -> Likeness,
    /// Reads it.
    pub read: Read,
    /// Writes it; `None` where it is only read.
    pub write: Option<Write>,
}

/// How much an input looks like a format.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Likeness {
    /// It is something else.
    No,
    /// The name of the file says so, and nothing in it speaks against it.
    Name,
    /// What is in it says so.
    Content,
    /// Both, or a mark that nothing else has.
    Certain,
}

/// A reader: the name of the input, the input, and what it is read for.
pub type Read = fn(&Path, &[u8], &mut Context<'_>) -> Result<Reading, ReadError>;

/// A writer.
pub type Write = fn(&[Workload], &Context<'_>) -> Result<Written, WriteError>;

/// All formats.
pub const FORMATS: &[Format] = &[
    profile::FORMAT,
    oci::FORMAT,
    lxc::FORMAT,
    compose::FORMAT,
    docker::INSPECT,
    docker::RUN,
    docker::DAEMON,
    kubernetes::FORMAT,
    systemd::FORMAT,
    firejail::FORMAT,
    podman::INSPECT,
    podman::QUADLET,
    podman::CONFIGURATION,
    bubblewrap::FORMAT,
    minijail::FORMAT,
    appc::FORMAT,
    ecs::FORMAT,
    heroku::FORMAT,
];

/// The names of all formats.
pub static NAMES: [&str; FORMATS.len()] = {
    let mut names = [""; FORMATS.len()];
    let mut at = 0;
    while at < FORMATS.len() {
        names[at] = FORMATS[at].name;
        at += 1;
    }
    names
};

const WRITERS: usize = {
    let (mut count, mut at) = (0, 0);
    while at < FORMATS.len() {
        if FORMATS[at].write.is_some() {
            count += 1;
        }
        at += 1;
    }
    count
};

/// The names of the formats that are written.
pub static WRITTEN: [&str; WRITERS] = {
    let mut names = [""; WRITERS];
    let (mut count, mut at) = (0, 0);
    while at < FORMATS.len() {
        if FORMATS[at].write.is_some() {
            names[count] = FORMATS[at].name;
            count += 1;
        }
        at += 1;
    }
    names
};

/// Finds a format by its name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Finds the format that an input looks like most; of several alike, the one that stands first.
pub fn detect(path: &Path, bytes: &[u8]) -> Option<&'static Format> {
    let mut best: Option<(Likeness, &Format)> = None;
    for format in FORMATS {
        let likeness = (format.detect)(path, bytes);
        if likeness > best.map_or(Likeness::No, |(best, _)| best) {
            best = Some((likeness, format));
        }
    }
    best.map(|(_, format)| format)
}
