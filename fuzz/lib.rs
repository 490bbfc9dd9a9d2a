//! What the fuzz targets share: a reader of a format, and what must hold of its result.
#![forbid(unsafe_code)]

use casemate_model::names::{Arch, CapabilitySet, KernelVersion};
use casemate_model::syscalls::diagram::Diagrams;
use casemate_seccomp::formats::{self, Context, NoFiles};
use casemate_seccomp::{CompileError, Program, compile, lift};

/// The machine that everything is read for.
pub const MACHINE: [Arch; 3] = [Arch::X86_64, Arch::I386, Arch::X32];

/// Reads an input in a format. What is read must compile, or be refused with a reason; a filter that is not proved equal
/// to its policy is a defect.
pub fn read(format: &str, bytes: &[u8]) {
    let Some(format) = formats::find(format) else {
        panic!("no format {format}");
    };
    let context = Context {
        archs: &MACHINE,
        kernel: KernelVersion::new(6, 18),
        capabilities: CapabilitySet::from_bits(0),
        unknown: None,
        loader: &NoFiles,
    };
    if let Ok(reading) = (format.read)("fuzz", bytes, &context) {
        compiles(&reading.policy);
    }
}

/// Reads a `config.json`. What is read must be written so that it is read back the same, and must have a confinement.
pub fn config(bytes: &[u8]) {
    use casemate_formats::oci::{confinement, encode, read};
    let Ok(reading) = read("fuzz", bytes) else {
        return;
    };
    let text = encode(&reading.spec);
    match read("again", text.as_bytes()) {
        Ok(again) => assert_eq!(again.spec, reading.spec, "{text}"),
        Err(errors) => panic!("{errors}\n{text}"),
    }
    let bundle = std::path::Path::new("/bundle");
    let permitted = confinement(&reading.spec, None, bundle, &|_| None);
    assert!(permitted.no_more_than(&casemate_model::Confinement::open()));
}

/// Reads a description in a format of its own. What is read must be writable, or be refused with a reason.
pub fn description(format: &str, bytes: &[u8]) {
    use casemate_formats::reader::NoFiles;
    let Some(format) = casemate_formats::find(format) else {
        panic!("no format {format}");
    };
    let caller = casemate_formats::profile::Context {
        directory: None,
        home: None,
        uid: 0,
        gid: 0,
        environment: std::collections::BTreeSet::new(),
        subordinate: casemate_model::host::Subordinate::default(),
    };
    let environment = std::collections::BTreeMap::new();
    let mut context = casemate_formats::reader::Context {
        engine: None,
        caller: &caller,
        files: &mut NoFiles,
        environment: &environment,
        configuration: None,
        archs: &MACHINE,
        kernel: KernelVersion::new(6, 18),
    };
    let path = std::path::Path::new("fuzz");
    if let (Ok(reading), Some(write)) = ((format.read)(path, bytes, &mut context), format.write) {
        drop(write(&reading.workloads, &context));
    }
}

/// Compiles a policy: what goes wrong must not be the proof.
pub fn compiles(policy: &casemate_model::syscalls::SyscallPolicy) {
    match compile(policy, &MACHINE) {
        Ok(_)
        | Err(
            CompileError::NoArchitecture
            | CompileError::ByteOrder(..)
            | CompileError::Refused(_)
            | CompileError::TooComplex,
        ) => {}
        Err(CompileError::Unproved(point)) => panic!("not proved: {point:x?}"),
    }
}

/// Lifts a program, and compares it with the interpreter at a point that the input chooses.
pub fn lifts(program: &Program, bytes: &[u8]) {
    let mut diagrams = Diagrams::bounded(200_000);
    let Ok(root) = lift(&mut diagrams, program) else {
        return;
    };
    let mut words = bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    let point = std::array::from_fn(|_| words.next().unwrap_or(0));
    let run = casemate_seccomp::interpret(program, &point).map(|run| action(run.answer));
    assert_eq!(
        diagrams.evaluate(root, &point).map(action),
        run,
        "at {point:x?}"
    );
}

fn action(raw: u32) -> casemate_model::syscalls::Action {
    casemate_model::syscalls::Action::from_raw(raw)
}
