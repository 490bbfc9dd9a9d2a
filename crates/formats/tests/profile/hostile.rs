//! Input that nobody writes by hand: it gives a clean answer, quickly.

use super::{Files, files, source, user};
use casemate_formats::profile::{self, Errors, MAX_DEPTH, MAX_FILES, MAX_SIZE};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Far above what any of this takes, and far below what a runaway would.
const PATIENCE: Duration = Duration::from_secs(20);

fn refuse(text: &[u8], loader: &mut Files) -> Errors {
    let start = Instant::now();
    let result = profile::read(&source(text), &user(), loader);
    let errors = result.expect_err("this is no profile");
    let rendered = errors.to_string();
    assert!(start.elapsed() < PATIENCE, "took {:?}", start.elapsed());
    assert!(
        rendered.len() < 100_000,
        "the message has {} bytes",
        rendered.len()
    );
    assert!(!rendered.is_empty());
    errors
}

#[test]
fn garbage_of_every_kind_is_refused_quickly() {
    let garbage: Vec<u8> = (0..10 << 20)
        .map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let names: Vec<String> = (0..30_000).map(|n| format!("k{n}.a.b=1\n")).collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "10 MB of garbage",
            garbage,
            "profile is larger than 1024 KiB",
        ),
        (
            "one byte too many",
            vec![b'\n'; MAX_SIZE + 1],
            "profile is larger than 1024 KiB",
        ),
        (
            "invalid UTF-8",
            b"read = ['/srv']\n\xff\xfe".to_vec(),
            "profile is not UTF-8 text",
        ),
        ("NUL bytes", vec![0; 1000], "not valid TOML"),
        ("open brackets", vec![b'['; MAX_SIZE], "not valid TOML"),
        (
            "a deep list",
            [b"read = ".to_vec(), vec![b'['; MAX_SIZE - 100]].concat(),
            "not valid TOML",
        ),
        (
            "deep tables",
            "a={".repeat(100_000).into_bytes(),
            "not valid TOML",
        ),
        (
            "one key many times",
            "memory = '1G'\n".repeat(70_000).into_bytes(),
            "duplicate key",
        ),
        (
            "many unknown keys",
            names.concat().into_bytes(),
            "unknown key `k0`",
        ),
        (
            "many wrong items",
            format!("read = [{}]", "'',".repeat(200_000)).into_bytes(),
            "a path cannot be empty",
        ),
        (
            "a long key",
            [vec![b'a'; MAX_SIZE - 10], b" = 1".to_vec()].concat(),
            "unknown key",
        ),
        ("quotes", vec![b'"'; MAX_SIZE], "not valid TOML"),
    ];
    for (name, text, message) in cases {
        let rendered = refuse(&text, &mut Files::new()).to_string();
        assert!(
            rendered.contains(message),
            "{name}: {}",
            rendered.chars().take(500).collect::<String>()
        );
    }
}

#[test]
fn the_largest_profile_is_read() {
    let mut text = b"read = ['/srv']\n".to_vec();
    text.resize(MAX_SIZE, b'\n');
    assert!(profile::read(&source(&text), &user(), &mut Files::new()).is_ok());
}

#[test]
fn depth_and_number_of_profiles_are_bounded() {
    let chain = |length: usize| -> Files {
        (0..length)
            .map(|n| {
                let text = if n + 1 == length {
                    String::new()
                } else {
                    format!("extends = '{}.toml'", n + 1)
                };
                (
                    PathBuf::from(format!("/profiles/{n}.toml")),
                    text.into_bytes(),
                )
            })
            .collect()
    };
    let deep = profile::read(
        &source(b"extends = '0.toml'"),
        &user(),
        &mut chain(MAX_DEPTH),
    );
    assert!(deep.is_ok(), "{deep:?}");
    let rendered = refuse(b"extends = '0.toml'", &mut chain(MAX_DEPTH + 1)).to_string();
    assert!(
        rendered.contains("more than 16 profiles extend each other"),
        "{rendered}"
    );
    // Each extends the next one twice: without a bound that would be 2^15 files.
    let text = |n: usize| format!("extends = ['{0}.toml', '{0}.toml']", n + 1);
    let mut doubling: Files = (0..15)
        .map(|n| {
            (
                PathBuf::from(format!("/profiles/{n}.toml")),
                text(n).into_bytes(),
            )
        })
        .collect();
    doubling.insert(PathBuf::from("/profiles/15.toml"), Vec::new());
    let rendered = refuse(b"extends = '0.toml'", &mut doubling).to_string();
    assert!(
        rendered.contains(&format!("more than {MAX_FILES} profiles are extended")),
        "{rendered}"
    );
    let mut huge = files(&[]);
    huge.insert(
        PathBuf::from("/profiles/huge.toml"),
        vec![b'x'; MAX_SIZE + 1],
    );
    assert!(
        refuse(b"extends = 'huge.toml'", &mut huge)
            .to_string()
            .contains("larger than")
    );
}

/// A small generator of numbers (xorshift), so that a failure can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or(0)
    }
}

#[test]
fn changed_profiles_never_panic_and_point_into_the_text() {
    let seeds: Vec<String> = profile::keys::KEYS
        .iter()
        .map(|key| format!("{}\n", key.example))
        .collect();
    let pieces = [
        "=",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "\\",
        "\n",
        "#",
        ".",
        ",",
        "[loosen]\n",
        "-1",
        "1e9",
        "\u{202e}",
        "ä",
        "\0",
        "'''",
        "0x",
        "true",
    ];
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let mut refused = 0;
    for round in 0..2000 {
        let mut text: Vec<u8> = Vec::new();
        for _ in 0..=numbers.below(6) {
            text.extend(seeds[numbers.below(seeds.len())].as_bytes());
        }
        for _ in 0..numbers.below(5) {
            let at = numbers.below(text.len() + 1);
            match numbers.below(3) {
                0 => drop(text.splice(at..at, pieces[numbers.below(pieces.len())].bytes())),
                1 => drop(text.drain(at..(at + numbers.below(8)).min(text.len()))),
                _ => {
                    if let Some(byte) = text.get_mut(at) {
                        *byte = numbers.below(256) as u8;
                    }
                }
            }
        }
        let Err(errors) = profile::read(&source(&text), &user(), &mut Files::new()) else {
            continue;
        };
        refused += 1;
        let sources = [(
            PathBuf::from("test.toml"),
            String::from_utf8_lossy(&text).into_owned(),
        )]
        .into();
        for problem in errors.problems() {
            // What is not text has no lines to point into.
            if problem.fault != profile::Fault::NotText {
                assert_eq!(
                    super::outside(&problem.origin, &sources),
                    None,
                    "round {round}: {problem:?}"
                );
            }
        }
        assert!(!errors.to_string().is_empty());
    }
    assert!(
        (500..2000).contains(&refused),
        "{refused} of 2000 were refused"
    );
}
