//! Every profile of Debian's packages firejail and firejail-profiles is read.

use super::{on_machine, skip};
use casemate_formats::reader::Files;
use casemate_formats::{LossKind, firejail};
use casemate_model::lattice::Selection;
use std::fs;
use std::path::{Path, PathBuf};

/// What the shipped profiles say that Casemate's tables do not know, and why.
const NOT_KNOWN: [(&str, &str); 0] = [];

/// Profiles that Firejail itself cannot start, and why.
const BROKEN: [(&str, &str); 1] = [(
    "electron-hardened.inc.profile",
    "it includes chrome-common-hardened.inc.profile, which no package has",
)];

#[test]
fn every_profile_of_debian_is_read() {
    const TEST: &str = "every_profile_of_debian_is_read";
    let directory = Path::new("/etc/firejail");
    let Ok(entries) = fs::read_dir(directory) else {
        return skip(TEST, "firejail is not installed");
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "profile" || end == "inc")
        })
        .collect();
    paths.sort();
    if paths.len() < 1000 {
        return skip(TEST, "firejail-profiles is not installed");
    }
    let halves = paths.split_at(paths.len() / 2);
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| read_all(halves.0));
        let other = read_all(halves.1);
        (one.join().expect("read"), other)
    });
    let wrong = [one.0, other.0].concat();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        paths.len(),
        wrong.join("\n")
    );
    assert_eq!(
        one.1 + other.1,
        BROKEN.len(),
        "what cannot be started elsewhere either"
    );
}

// What is wrong, and how many are known to be broken.
fn read_all(paths: &[PathBuf]) -> (Vec<String>, usize) {
    let mut wrong: Vec<String> = Vec::new();
    let mut broken = 0;
    for path in paths {
        let bytes = fs::read(path).expect("a profile");
        match on_machine(|context| (firejail::FORMAT.read)(path, &bytes, context)) {
            Ok(reading) => {
                let losses = reading.losses.iter();
                let not_known =
                    losses.filter(|loss| matches!(loss.kind, LossKind::NotUnderstood { .. }));
                let texts = not_known.map(ToString::to_string);
                wrong.extend(
                    texts.filter(|text| !NOT_KNOWN.iter().any(|(what, _)| text.contains(what))),
                );
            }
            Err(_) if BROKEN.iter().any(|(name, _)| path.ends_with(name)) => broken += 1,
            Err(error) => wrong.push(error.to_string()),
        }
    }
    (wrong, broken)
}

/// Home directories are those of the caller, and included files are found.
#[test]
fn a_browser_has_no_keys_and_few_programs() {
    const TEST: &str = "a_browser_has_no_keys_and_few_programs";
    let path = Path::new("/etc/firejail/firefox.profile");
    let Ok(bytes) = super::Machine.read(path) else {
        return skip(TEST, "firejail-profiles is not installed");
    };
    let reading =
        on_machine(|context| (firejail::FORMAT.read)(path, &bytes, context)).expect("a profile");
    let confinement = &reading.workloads[0].confinement;
    let grants = confinement.files.grants.value().expect("grants");
    for (place, hidden) in [
        ("/root/.ssh/id_ed25519", true),
        ("/root/.mozilla/firefox", false),
        ("/usr/bin", false),
    ] {
        assert_eq!(grants.access(Path::new(place)).is_none(), hidden, "{place}");
    }
    assert!(
        confinement
            .capabilities
            .bounding
            .value()
            .expect("a set")
            .is_empty()
    );
    assert!(
        matches!(confinement.devices.nodes.value(), Some(Selection::Only(names)) if names.contains("null"))
    );
}
