//! Reads a configuration as a workload.

use casemate_formats::oci::FORMAT;
use casemate_formats::profile;
use casemate_formats::reader::{Context, NoFiles, Reading};
use casemate_model::host::Subordinate;
use casemate_model::names::{Arch, KernelVersion};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Acts with what a reader is given on an ordinary machine.
fn within<T>(act: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let caller = profile::Context {
        directory: None,
        home: None,
        uid: 1000,
        gid: 1000,
        environment: BTreeSet::default(),
        subordinate: Subordinate::default(),
    };
    let mut files = NoFiles;
    act(&mut Context {
        engine: None,
        caller: &caller,
        files: &mut files,
        configuration: None,
        environment: &BTreeMap::new(),
        archs: &[Arch::X86_64, Arch::I386, Arch::X32],
        kernel: KernelVersion::new(6, 18),
    })
}

pub fn read_bytes(name: &str, bytes: &[u8]) -> casemate_model::Workload {
    read(name, bytes).workloads.remove(0)
}

fn read(name: &str, bytes: &[u8]) -> Reading {
    let path = format!("/bundle/{name}.json");
    within(|context| (FORMAT.read)(Path::new(&path), bytes, context))
        .unwrap_or_else(|error| panic!("{error}"))
}
