//! Promises about the shape of the workspace: what the privileged crates are built from, who may write unsafe code, and
//! that every dependency from outside is accounted for.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as expected, helpers included"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The crates whose whole normal-dependency closure is a promise: the launcher, and what it stands on.
const CLOSURES: &[(&str, &[&str])] = &[
    (
        "casemate-enforce",
        &[
            "casemate-model",
            "casemate-seccomp",
            "casemate-start",
            "casemate-sys",
        ],
    ),
    ("casemate-seccomp", &["casemate-model"]),
    ("casemate-start", &["casemate-sys"]),
    ("casemate-model", &[]),
    ("casemate-sys", &[]),
];

/// The crates that may hold unsafe code.
const UNSAFE: &[&str] = &["crates/start/", "crates/sys/"];

/// The launcher. Its root cannot forbid: the entry point's macro exports two symbols there, which is an unsafe attribute.
const LAUNCHER: &str = "crates/enforce/src/exec/main.rs";

#[test]
fn privileged_crates_are_built_from_nothing_else() {
    for (package, promised) in CLOSURES {
        let tree = cargo(&[
            "tree",
            "--package",
            package,
            "--edges=normal",
            "--prefix=none",
            "--format={p}",
            "--offline",
        ]);
        let closure: BTreeSet<&str> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .filter(|name| !name.is_empty() && name != package)
            .collect();
        assert_eq!(
            closure,
            promised.iter().copied().collect(),
            "what {package} is built from"
        );
    }
}

#[test]
fn only_two_crates_may_hold_unsafe_code() {
    let roots = crate_roots();
    assert!(roots.len() > 10, "cargo metadata names {roots:?}");
    let missing: Vec<_> = roots
        .iter()
        .filter(|root| {
            let name = root.to_string_lossy();
            name != LAUNCHER && !UNSAFE.iter().any(|allowed| name.starts_with(allowed))
        })
        .filter(|root| {
            let text = fs::read_to_string(workspace().join(root)).unwrap();
            !text.lines().any(|line| line == "#![forbid(unsafe_code)]")
        })
        .collect();
    assert!(
        missing.is_empty(),
        "no #![forbid(unsafe_code)] in {missing:?}"
    );
}

/// What its root cannot promise to the compiler is looked for in its text: the word is in no file of the launcher.
#[test]
fn the_launcher_holds_no_unsafe_code() {
    let root = read(LAUNCHER);
    assert!(
        root.lines().any(|line| line == "#![deny(unsafe_code)]"),
        "{LAUNCHER}"
    );
    let directory = workspace().join(LAUNCHER);
    let mut directories = vec![directory.parent().unwrap().to_owned()];
    let mut found = Vec::new();
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            found.extend(
                text.lines()
                    .filter(|line| mentions_unsafe(line))
                    .map(|line| format!("{}: {line}", path.display())),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Whether a line of code has the keyword, or lowers the lint.
fn mentions_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let strict = ["#![deny(unsafe_code)]", "#![forbid(unsafe_code)]"];
    code.contains("unsafe") && !strict.contains(&code.trim())
}

#[test]
fn unsafe_code_is_recognised() {
    for (line, expected) in [
        ("unsafe { f() }", true),
        ("#[expect(unsafe_code)]", true),
        ("#[unsafe(no_mangle)]", true),
        ("#![deny(unsafe_code)]", false),
        ("let x = 1; // not unsafe", false),
    ] {
        assert_eq!(mentions_unsafe(line), expected, "{line}");
    }
}

#[test]
fn every_dependency_is_accounted_for() {
    let documented: BTreeSet<String> = read("docs/dependencies.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
        .map(|(name, _)| name.trim_matches('`').to_owned())
        .filter(|name| name != "crate")
        .collect();
    assert_eq!(
        direct_dependencies(&read("Cargo.lock")),
        documented,
        "left: in Cargo.lock; right: in docs/dependencies.md"
    );
}

/// The packages from outside that one of ours names itself.
fn direct_dependencies(lock: &str) -> BTreeSet<String> {
    let packages: BTreeMap<&str, &str> = lock
        .split("[[package]]\n")
        .skip(1)
        .filter_map(|block| {
            let (name, _) = block.strip_prefix("name = \"")?.split_once('"')?;
            Some((name, block))
        })
        .collect();
    // Only packages of the workspace have no source.
    let ours = |name: &str| {
        packages
            .get(name)
            .is_some_and(|b| !b.contains("\nsource = "))
    };
    packages
        .iter()
        .filter(|(name, _)| ours(name))
        .flat_map(|(_, block)| block.lines())
        .filter_map(|line| line.strip_prefix(" \"")?.split(['"', ' ']).next())
        .filter(|name| !ours(name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn direct_dependencies_are_read_from_the_lock() {
    let lock = r#"version = 4

[[package]]
name = "ours"
version = "0.1.0"
dependencies = [
 "also-ours",
 "direct",
 "twice 1.0.0",
]

[[package]]
name = "also-ours"
version = "0.1.0"

[[package]]
name = "direct"
version = "1.0.0"
source = "registry"
dependencies = [
 "indirect",
]

[[package]]
name = "indirect"
version = "1.0.0"
source = "registry"
"#;
    let direct = direct_dependencies(lock);
    assert_eq!(
        direct.iter().map(String::as_str).collect::<Vec<_>>(),
        ["direct", "twice"]
    );
}

/// The root file of every library, program and test of the workspace, relative to it.
fn crate_roots() -> BTreeSet<PathBuf> {
    cargo(&["metadata", "--no-deps", "--format-version=1", "--offline"])
        .split(r#""src_path":""#)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|path| {
            let path = Path::new(path);
            path.strip_prefix(workspace()).unwrap_or(path).to_owned()
        })
        .collect()
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(workspace())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
