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

/// Numbers that look random, the same in every run.
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 16) as usize
}

#[test]
fn damaged_files_are_refused_or_written_alike() {
    let words: [&[u8]; 8] = [b"0", b"-1", b"null", b"[]", b"{}", b"\"\"", b"true", b"9e9"];
    let mut state = 0x00dd_ba11;
    let mut read_again = 0;
    for name in names() {
        let good = corpus(&name);
        for _ in 0..400 {
            let mut bytes = good.clone();
            for _ in 0..=next(&mut state) % 3 {
                let at = next(&mut state) % bytes.len();
                match next(&mut state) % 3 {
                    0 => bytes[at] = next(&mut state) as u8,
                    1 => {
                        bytes.remove(at);
                    }
                    // Another value in the place of the next one.
                    _ => {
                        let rest = &bytes[at..];
                        let Some(colon) = rest.windows(2).position(|two| two == b": ") else {
                            continue;
                        };
                        let start = at + colon + 2;
                        let end = bytes[start..]
                            .iter()
                            .position(|byte| matches!(byte, b',' | b'\n'))
                            .map_or(bytes.len(), |length| start + length);
                        let word = words[next(&mut state) % words.len()];
                        bytes.splice(start..end, word.iter().copied());
                    }
                }
            }
            if let Ok(reading) = read(&name, &bytes) {
                read_again += 1;
                let text = encode(&reading.spec);
                let again = read(&name, text.as_bytes());
                let again = again.unwrap_or_else(|errors| panic!("{errors}\n{text}"));
                assert!(
                    again.spec == reading.spec,
                    "{name} is not written alike:\n{text}"
                );
            }
        }
    }
    assert!(
        read_again > 100,
        "only {read_again} were read: the damage is too great to show anything"
    );
}
