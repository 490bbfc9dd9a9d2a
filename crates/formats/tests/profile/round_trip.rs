//! What is written is read back, and never permits more.

use super::{Files, source, user};
use casemate_formats::profile::{self, Document, Refusal, keys::KEYS};
use casemate_model::Confinement;
use casemate_model::facet::Standing;
use casemate_model::facets::files::{Access, Grants};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::lattice::{Guard, Limit, Selection};
use casemate_model::program::Program;
use casemate_model::stated::{Origin, Stated};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A small generator of numbers (xorshift), so that a failure can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or(0)
    }

    fn some<'a>(&mut self, from: &[&'a str]) -> Vec<&'a str> {
        from.iter()
            .copied()
            .filter(|_| self.below(3) == 0)
            .collect()
    }

    fn one<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

fn escaped(word: &str) -> String {
    let plain = |c: char| {
        if c.is_control() || "\"\\".contains(c) {
            format!("\\u{:04x}", u32::from(c))
        } else {
            c.to_string()
        }
    };
    word.chars().map(plain).collect()
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("\"{}\"", escaped(word)))
        .collect();
    format!("[{}]", quoted.join(", "))
}

/// Makes a profile of which every key may be there, without contradictions.
fn generated(numbers: &mut Numbers) -> String {
    let paths = [
        "/srv",
        "/srv/a b",
        "/opt/\\*x",
        "/etc/ssl",
        "/usr/local",
        "/home/ada/project",
        "~",
        "/a\u{e4}",
        "/x/[id]",
        "/mnt\n",
    ];
    let mut text = String::new();
    let mut say = |numbers: &mut Numbers, key: &str, value: String| {
        if numbers.below(3) == 0 {
            text.extend([format!("{key} = {value}\n")]);
            true
        } else {
            false
        }
    };
    let hidden = numbers.some(&paths);
    let free: Vec<&str> = paths
        .into_iter()
        .filter(|path| !hidden.contains(path))
        .collect();
    say(
        numbers,
        "command",
        list(&["a", "", "b \" \\ \u{7f}\n", "--x"]),
    );
    for key in ["read", "write", "run"] {
        let some = numbers.some(&free);
        say(numbers, key, list(&some));
    }
    say(numbers, "hide", list(&hidden));
    say(
        numbers,
        "temporary",
        "{ '/tmp' = '1G', '/var/x' = 5, '/dev/shm' = 'none' }".to_owned(),
    );
    for key in ["system", "landlock", "new-privileges"] {
        let on = numbers.one(&["true", "false"]).to_owned();
        say(numbers, key, on);
    }
    let words = [
        (
            "proc",
            ["absent", "processes", "own", "writable"].as_slice(),
        ),
        ("sys", &["absent", "read-only", "writable"]),
        ("terminal", &["none", "own", "inherited"]),
        ("keyring", &["new", "inherited"]),
        ("memory", &["unlimited", "0", "5", "64M"]),
        ("processes", &["unlimited", "1", "512"]),
        ("cpu", &["unlimited", "0.001", "1.5", "150%"]),
        ("time", &["unlimited", "1ms", "90s", "1h"]),
        ("file-size", &["unlimited", "0", "4G"]),
        ("open-files", &["unlimited", "5", "3:unlimited"]),
        ("user", &["0", "1000", "77", "nobody"]),
        ("ids", &["auto", "single"]),
        ("apparmor", &["x", "a b\t", ""]),
        ("selinux", &["u:r:t:s0"]),
        ("smack", &["_"]),
    ];
    for (key, values) in words {
        let word = numbers.one(values).to_owned();
        say(numbers, key, format!("\"{}\"", escaped(&word)));
    }
    say(
        numbers,
        "limits",
        "{ stack = '8M:unlimited', core = 'unlimited', nice = 5 }".to_owned(),
    );
    let lists = [
        ("keep", ["chown", "setuid", "setgid", "all"].as_slice()),
        (
            "environment",
            &["none", "RUST_LOG", "RUST_*", "FOO", "LANG"],
        ),
        ("devices", &["none", "kvm", "dri/card0", "null"]),
        ("descriptors", &["3", "9", "all"]),
        (
            "syscalls",
            &[
                "@i386", "ptrace", "@vsock", "@mount", "@can", "bpf", "@packet",
            ],
        ),
        ("refuse", &["socketpair", "fork", "personality"]),
    ];
    for (key, values) in lists {
        let some = numbers.some(values);
        say(numbers, key, list(&some));
    }
    if !say(numbers, "share", list(&["ipc", "uts", "time"])) {
        say(numbers, "hostname", "'builder'".to_owned());
        say(numbers, "sysctl", "{ 'kernel.shmmax' = '1 2' }".to_owned());
    }
    say(
        numbers,
        "set",
        "{ HOME = '/x', Q = 'a\"b\\', TZ = '' }".to_owned(),
    );
    match numbers.below(4) {
        0 => text.push_str("network = 'host'\nlisten = [80, '53/udp']\nconnect = ['all']\n"),
        1 => text.push_str("network = 'loopback'\n"),
        2 => text.push_str("network = 'loopback'\nlisten = []\n"),
        _ => {}
    }
    text
}

/// What of a document a person sees, but for the places.
fn seen(document: &Document) -> Vec<String> {
    let line = |entry: &casemate_model::facet::Entry| {
        format!(
            "{} {} {:?}",
            entry.field,
            entry.text,
            entry.stated == Standing::Set
        )
    };
    let mut lines: Vec<String> = document.confinement.entries().iter().map(line).collect();
    lines.push(format!("command {:?}", document.program.command.value()));
    lines.push(format!(
        "directory {:?}",
        document.program.directory.value()
    ));
    lines
}

#[test]
fn what_was_read_is_written_without_loss() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut said = BTreeMap::new();
    for round in 0..800 {
        let text = generated(&mut numbers);
        let read = |text: &str| {
            profile::read(&source(text.as_bytes()), &user(), &mut Files::new())
                .unwrap_or_else(|errors| panic!("round {round}\n{text}\n{errors}"))
        };
        let document = read(&text);
        let written = profile::write(&document, &user())
            .unwrap_or_else(|refusal| panic!("round {round}\n{text}\n{refusal}"));
        assert_eq!(
            written.losses,
            [],
            "round {round}\n{text}\n{}",
            written.text
        );
        let again = read(&written.text);
        let (before, after) = (seen(&document), seen(&again));
        let differ: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).collect();
        assert!(
            differ.is_empty(),
            "round {round}: {differ:#?}\n{text}\n{}",
            written.text
        );
        assert_eq!(
            profile::write(&again, &user()).map(|w| w.text),
            Ok(written.text.clone()),
            "round {round}"
        );
        for line in written.text.lines() {
            if let Some((key, _)) = line.split_once(" = ") {
                *said.entry(key.to_owned()).or_insert(0) += 1;
            }
        }
    }
    let missing: Vec<_> = KEYS
        .iter()
        .map(|key| key.name)
        .filter(|key| !said.contains_key(*key))
        .collect();
    assert_eq!(missing, ["directory", "extends"], "{said:?}");
}

fn document(confinement: Confinement) -> Document {
    Document {
        confinement,
        program: Program::unknown(),
        losses: Vec::new(),
    }
}

#[test]
fn what_a_profile_cannot_say_is_tighter_and_told_or_refused() {
    let set = |change: &dyn Fn(&mut Confinement)| {
        let mut confinement = profile::defaults::confinement(&user());
        change(&mut confinement);
        document(confinement)
    };
    let origin = || Origin::Rule("test");
    let losing: Vec<(&str, Document)> = vec![
        (
            "kernel.session",
            set(&|c| c.kernel.session = Stated::set(Guard::Off, origin())),
        ),
        (
            "namespaces.pid",
            set(&|c| {
                c.namespaces.pid = Stated::set(
                    casemate_model::facets::namespaces::Placement::Host,
                    origin(),
                );
            }),
        ),
        (
            "capabilities.bounding",
            set(&|c| {
                c.capabilities.bounding = Stated::set(
                    casemate_model::names::capabilities::CapabilitySet::ALL,
                    origin(),
                );
            }),
        ),
        (
            "mac.landlock",
            set(&|c| c.mac.landlock = Stated::set(Guard::Off, origin())),
        ),
        (
            "kernel.descriptors",
            set(&|c| {
                c.kernel.descriptors = Stated::set(Selection::Only([0, 1, 2, 3].into()), origin());
            }),
        ),
    ];
    for (name, document) in losing {
        let written = profile::write(&document, &user())
            .unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let fields: Vec<String> = written
            .losses
            .iter()
            .filter_map(|loss| loss.field.map(|field| field.to_string()))
            .collect();
        assert_eq!(fields, [name], "{:?}", written.losses);
        let again = profile::read(&source(written.text.as_bytes()), &user(), &mut Files::new())
            .expect("is good");
        assert!(
            again.confinement.no_more_than(&document.confinement),
            "{name}"
        );
    }
    let refused: Vec<(&str, Document)> = vec![
        (
            "files.masked",
            set(&|c| {
                c.files.masked =
                    Stated::set(casemate_model::lattice::Restrictions::Everything, origin());
            }),
        ),
        (
            "resources.time",
            set(&|c| c.resources.cpu = Stated::set(Limit::AtMost(0), origin())),
        ),
        (
            "a NUL byte",
            set(&|c| {
                let variables = BTreeMap::from([("A".to_owned(), Variable::Text("\0".to_owned()))]);
                c.kernel.environment = Stated::set(Environment::Only(variables), origin());
            }),
        ),
        ("everything", document(Confinement::strictest())),
    ];
    for (name, document) in refused {
        let refusal = profile::write(&document, &user());
        assert!(
            matches!(refusal, Err(Refusal::Looser(_) | Refusal::Unwritable(_))),
            "{name}: {refusal:?}"
        );
    }
}

#[test]
fn grants_that_say_less_than_the_systems_are_written_out() {
    let mut confinement = profile::defaults::confinement(&user());
    let grants = BTreeMap::from([
        (PathBuf::from("/usr"), Access::READ),
        (PathBuf::from("/home/ada/project"), Access::READ),
    ]);
    confinement.files.grants = Stated::set(Grants(grants), Origin::Rule("test"));
    let written = profile::write(&document(confinement), &user()).expect("can be written");
    assert_eq!(written.losses.len(), 0, "{:?}", written.losses);
    assert_eq!(written.text, "read = [\"/usr\"]\nsystem = false\n");
}
