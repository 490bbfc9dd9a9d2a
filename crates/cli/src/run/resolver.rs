//! The resolver's configuration, for programs on the host's network.
//!
//! /etc/resolv.conf is part of /etc, which is shown; where systemd-resolved or another program writes it, it is a link
//! to a file below /run, which is not. Without that file no name is found. Only the file is granted: the sockets beside
//! it are not for the program.

use casemate_formats::profile::{Document, defaults};
use casemate_model::facets::files::Access;
use casemate_model::facets::network::Reach;
use std::fs;
use std::path::{Path, PathBuf};

const CONFIGURATION: &str = "/etc/resolv.conf";

/// Grants reading of the file that /etc/resolv.conf leads to, when the program is on the host's network and sees /etc.
pub fn grant(document: &mut Document) {
    if document.confinement.network.reach.value() != Some(&Reach::Host) {
        return;
    }
    let configuration = Path::new(CONFIGURATION);
    // Mostly it is no link, and one call tells.
    let target = fs::read_link(configuration).and_then(|_| configuration.canonicalize());
    if let Ok(target) = target {
        grant_target(document, target);
    }
}

fn grant_target(document: &mut Document, target: PathBuf) {
    let Some(grants) = document.confinement.files.grants.value_mut() else {
        return;
    };

    let shown = defaults::SYSTEM_RUN
        .iter()
        .chain(&defaults::SYSTEM_READ)
        .any(|directory| target.starts_with(directory));
    let sees_etc = grants
        .access(Path::new(CONFIGURATION))
        .includes(Access::READ);
    if sees_etc && !shown && !grants.0.contains_key(&target) {
        grants.0.insert(target, Access::READ);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casemate_formats::profile::{self, Context, NoFiles, Source};

    fn document(text: &str) -> Document {
        let context = Context {
            directory: None,
            home: None,
            uid: 1000,
            gid: 1000,
            environment: [].into(),
            subordinate: casemate_model::host::Subordinate::default(),
        };
        let source = Source {
            path: PathBuf::from("test.toml"),
            directory: PathBuf::from("/"),
            text: text.as_bytes().to_vec(),
        };
        profile::read(&source, &context, &mut NoFiles).expect("is good")
    }

    #[test]
    fn the_target_is_read_and_nothing_beside_it() {
        let stub = "/run/systemd/resolve/stub-resolv.conf";
        let cases = [
            ("", stub, Access::READ),
            (
                "hide = ['/run/systemd/resolve/stub-resolv.conf']",
                stub,
                Access::NONE,
            ),
            (
                "write = ['/run/systemd/resolve/stub-resolv.conf']",
                stub,
                Access::WRITE,
            ),
            ("system = false", stub, Access::NONE),
            ("hide = ['/etc/resolv.conf']", stub, Access::NONE),
            ("", "/etc/other.conf", Access::READ),
        ];
        for (text, target, access) in cases {
            let mut document = document(text);
            let before = document
                .confinement
                .files
                .grants
                .value()
                .map(|grants| grants.0.len());
            grant_target(&mut document, PathBuf::from(target));
            let grants = document
                .confinement
                .files
                .grants
                .value()
                .expect("there are grants");
            assert_eq!(grants.access(Path::new(target)), access, "{text} {target}");
            assert_eq!(
                grants.access(Path::new("/run/systemd/resolve/io.systemd.Resolve")),
                Access::NONE
            );
            if target.starts_with("/etc") {
                assert_eq!(before, Some(grants.0.len()));
            }
        }
        let mut none = document("");
        let before = none.clone();
        grant(&mut none);
        assert_eq!(
            none, before,
            "without the host's network nothing is looked up"
        );
    }
}
