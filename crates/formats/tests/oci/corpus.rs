//! Every file of the corpus is read as it should be.

use super::{corpus, directory};
use casemate_formats::oci::{encode, read};

fn names() -> Vec<String> {
    let entries = std::fs::read_dir(directory()).expect("the corpus");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter(|name| name.rsplit_once('.').is_some_and(|(_, end)| end == "json"))
        .collect();
    names.sort();
    assert!(names.len() >= 8, "the corpus is there: {names:?}");
    names
}

#[test]
fn good_files_are_read_and_written_alike() {
    for name in names().iter().filter(|name| name.starts_with("good-")) {
        let bytes = corpus(name);
        let reading = read(name, &bytes).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(reading.warnings, [], "{name}");
        let text = encode(&reading.spec);
        let again = read(name, text.as_bytes()).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
        assert_eq!(again.spec, reading.spec, "{name}");
        assert_eq!(encode(&again.spec), text, "{name}");
    }
}
