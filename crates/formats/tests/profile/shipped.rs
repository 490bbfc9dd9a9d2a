//! The profiles that ship.

use super::user;
use casemate_formats::profile::{self, NoFiles, Source};
use std::fs;
use std::path::Path;

#[test]
fn every_shipped_profile_is_good_and_is_written_without_loss() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("the folder can be listed").path();
        let text = fs::read(&path).expect("the file can be read");
        let source = Source {
            path: path.clone(),
            directory: folder.clone(),
            text,
        };
        let document = profile::read(&source, &user(), &mut NoFiles)
            .unwrap_or_else(|errors| panic!("{}\n{errors}", path.display()));
        assert!(document.program.command.is_set(), "{}", path.display());
        assert_eq!(document.losses, [], "{}", path.display());
        let written = profile::write(&document, &user())
            .unwrap_or_else(|refusal| panic!("{}\n{refusal}", path.display()));
        assert_eq!(written.losses, [], "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 5, "only {seen} profiles are there");
}
