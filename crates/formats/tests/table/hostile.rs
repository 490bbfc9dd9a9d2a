//! Input that nobody writes by hand: readers answer with an error or a reading, and never panic.

use super::{Corpus, formats, with_context};
use casemate_formats::Format;
use std::path::Path;

fn survives(format: &Format, corpus: &mut Corpus, name: &str, bytes: &[u8]) {
    with_context(corpus, |context| {
        (format.detect)(Path::new(name), bytes);
        if let Ok(reading) = (format.read)(Path::new(name), bytes, context) {
            let texts: usize = reading
                .losses
                .iter()
                .map(|loss| loss.to_string().len())
                .sum();
            assert!(texts < 256 << 20, "the losses have {texts} bytes");
            if let Some(write) = format.write {
                // Whether it can be written does not matter here.
                drop(write(&reading.workloads, context));
            }
        }
    });
}

/// Prints what broke a reader, since the panic's own message does not have it.
struct Told<'a>(&'a Format, &'a str, &'a [u8]);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self(format, name, bytes) = self;
            let text = String::from_utf8_lossy(bytes);
            println!("{}/{name} broke on:\n{text}", format.name);
        }
    }
}

/// A generator with a fixed seed (xorshift64*), so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        high as usize % bound.max(1)
    }
}

/// Texts that readers of numbers, paths and structures stumble over.
const PIECES: [&str; 26] = [
    "",
    "{",
    "}",
    "[",
    "]",
    ":",
    "=",
    "-1",
    "18446744073709551616",
    "4294967296",
    "9e99",
    "null",
    "\"",
    "'",
    "\\",
    "\n",
    "\0",
    "é",
    "../..",
    "/",
    "${A:-${B}}",
    "$",
    "%i",
    "@",
    "*",
    "\u{feff}",
];

fn mutated(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.below(3) {
        let (at, length) = (dice.below(out.len()), dice.below(24));
        let end = (at + length).min(out.len());
        match dice.below(6) {
            0 => out.truncate(at),
            1 => drop(out.drain(at..end)),
            2 => {
                let piece = PIECES[dice.below(PIECES.len())];
                drop(out.splice(at..end, piece.bytes()));
            }
            3 => {
                let piece = PIECES[dice.below(PIECES.len())];
                drop(out.splice(at..at, piece.bytes()));
            }
            4 => {
                let copied: Vec<u8> = out[at..end].to_vec();
                let to = dice.below(out.len());
                drop(out.splice(to..to, copied));
            }
            _ => {
                if let Some(byte) = out.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
    }
    out
}

#[test]
fn damaged_files_are_survived() {
    const TIMES: usize = 150;
    for (format, mut corpus) in formats() {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for (name, bytes) in corpus.files("") {
            for _ in 0..TIMES {
                let input = mutated(&bytes, &mut dice);
                let told = Told(format, &name, &input);
                survives(format, &mut corpus, &name, &input);
                drop(told);
            }
        }
    }
}

#[test]
fn hostile_inputs_are_survived() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    let cases: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"\n".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        vec![0; 1000],
        vec![b'['; 200_000],
        b"{\"a\":".repeat(100_000),
        b"a:\n ".repeat(100_000),
        b"- ".repeat(100_000),
        bomb.into_bytes(),
        vec![b'\\'; 100_000],
        b"$(".repeat(100_000),
        b"${A:-".repeat(100_000),
        vec![b'\''; 99_999],
        b"a=b\n".repeat(100_000),
        b"docker run ".repeat(50_000),
        vec![b'x'; 50 << 20],
        b"services: {a: {extends: a}}".to_vec(),
        b"services: {a: {extends: b}, b: {extends: a}}".to_vec(),
    ];
    for (format, mut corpus) in formats() {
        let names: Vec<String> = corpus
            .files("good-")
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let mut kinds: Vec<&String> = Vec::new();
        for name in &names {
            let end = |name: &str| Path::new(name).extension().map(ToOwned::to_owned);
            if !kinds.iter().any(|kind| end(kind) == end(name)) {
                kinds.push(name);
            }
        }
        for name in kinds {
            for bytes in &cases {
                let beginning = &bytes[..bytes.len().min(60)];
                let told = Told(format, name, beginning);
                survives(format, &mut corpus, name, bytes);
                drop(told);
            }
        }
    }
}
