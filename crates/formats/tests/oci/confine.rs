//! What configurations permit, and that writing permits no more.

use super::{corpus, directory};
use casemate_formats::convert::{Tolerance, convert};
use casemate_formats::loss::LossKind;
use casemate_formats::oci::FORMAT;
use casemate_formats::profile;
use casemate_formats::reader::{Context, NoFiles, Reading};
use casemate_model::names::{Arch, KernelVersion};
use casemate_model::{Origin, Stated};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const GOOD: [&str; 6] = [
    "docker-web",
    "every-field",
    "minimal",
    "pod-member",
    "privileged",
    "rootless",
];

/// Acts with what a reader is given on an ordinary machine.
fn within<T>(act: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let caller = profile::Context {
        directory: None,
        home: None,
        uid: 1000,
        gid: 1000,
        environment: Default::default(),
        subordinate: Default::default(),
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

fn read(name: &str, bytes: &[u8]) -> Reading {
    let path = format!("/bundle/{name}.json");
    within(|context| (FORMAT.read)(Path::new(&path), bytes, context))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn shown(reading: &Reading) -> String {
    let mut text = String::new();
    for workload in &reading.workloads {
        for entry in workload.confinement.entries() {
            let long = entry.field.facet == "syscalls" && entry.text.len() > 200;
            let value = if long {
                format!("{} characters", entry.text.len())
            } else {
                entry.text
            };
            writeln!(text, "{} = {value}  ({})", entry.field, entry.provenance).expect("a text");
        }
        for one in &workload.settings {
            writeln!(text, "{} {} = {}", one.name, one.key, one.value).expect("a text");
        }
    }
    for loss in &reading.losses {
        writeln!(text, "loss: {loss}").expect("a text");
    }
    text
}

#[test]
fn configurations_are_shown_as_before() {
    let mut wrong = Vec::new();
    for name in GOOD {
        let text = shown(&read(name, &corpus(&format!("{name}.json"))));
        let path = directory().join(format!("{name}.show.txt"));
        if std::env::var_os("CASEMATE_BLESS").is_some() {
            std::fs::write(&path, &text).expect("the snapshot is written");
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{}:\n{text}", path.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "CASEMATE_BLESS=1 writes them anew\n{}",
        wrong.join("\n")
    );
}

#[test]
fn origins_point_into_the_input() {
    for name in GOOD {
        let bytes = corpus(&format!("{name}.json"));
        let reading = read(name, &bytes);
        let confinement = &reading.workloads[0].confinement;
        assert!(
            confinement
                .entries()
                .iter()
                .any(|e| e.provenance.contains(name)),
            "{name}"
        );
        for setting in &reading.workloads[0].settings {
            if let Stated::Set {
                origin: Origin::File { start, end, .. },
                ..
            } = &setting.origin
            {
                assert!(start < end && *end <= bytes.len(), "{name}: {setting:?}");
            }
        }
    }
}

#[test]
fn what_is_written_permits_no_more() {
    for name in GOOD {
        let reading = read(name, &corpus(&format!("{name}.json")));
        let written =
            within(|context| convert(&FORMAT, &reading.workloads, context, Tolerance::AllowLoss))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        let looser: Vec<_> = written
            .losses
            .iter()
            .filter(|loss| matches!(loss.kind, LossKind::Looser { .. }))
            .collect();
        assert!(looser.is_empty(), "{name}: {looser:?}\n{}", written.text);
        // Once written, nothing is lost any more, and the text is the same.
        let again = read(name, written.text.as_bytes());
        let twice =
            within(|context| convert(&FORMAT, &again.workloads, context, Tolerance::Refuse))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            twice.text == written.text,
            "{name}: the second text differs"
        );
        assert_eq!(twice.losses, [], "{name}");
    }
}
