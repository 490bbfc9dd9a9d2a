//! The project's compiled tests, found through cargo here and run without it inside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::machine::{Machine, quoted};
use crate::failure::Failure;
use crate::program;

/// Runs the tests under the machine's kernel: built here, run there, each in its package's directory as cargo does.
pub fn run_tests(machine: &Machine, filter: &str) -> Result<u8, Failure> {
    let selected = select(filter)?;
    if selected.is_empty() {
        return Err(Failure::Wrong(format!(
            "no test has {filter:?} in its name"
        )));
    }
    run_selected(machine, filter, &selected)
}

/// The tests of one executable that a filter selects.
pub struct Selected {
    pub executable: PathBuf,
    pub package: PathBuf,
    pub names: Vec<String>,
}

/// Runs what was selected; the exit code is that of the first executable that failed.
pub fn run_selected(machine: &Machine, filter: &str, selected: &[Selected]) -> Result<u8, Failure> {
    let mut script = vec!["code=0".to_owned()];
    for test in selected {
        let executable = quoted(&test.executable.to_string_lossy());
        let package = quoted(&test.package.to_string_lossy());
        script.push(format!("cd {package} || exit 125"));
        script.push(format!("echo '     Running in the lab:' {executable}"));
        script.push(format!(
            "CARGO_MANIFEST_DIR={package} {executable} --test-threads=2 {} || code=101",
            quoted(filter)
        ));
    }
    script.push("exit $code".to_owned());
    machine.run_script(&script.join("\n"))
}

/// Builds all tests and asks each executable which of its tests the filter selects.
pub fn select(filter: &str) -> Result<Vec<Selected>, Failure> {
    let mut selected = Vec::new();
    for (executable, package) in executables()? {
        let mut list = Command::new(&executable);
        list.args(["--list", "--format=terse"])
            .arg(filter)
            .current_dir(&package)
            .stdin(Stdio::null());
        let names: Vec<String> = program::read(&mut list)?
            .lines()
            .filter_map(|line| line.strip_suffix(": test"))
            .map(str::to_owned)
            .collect();
        if !names.is_empty() {
            selected.push(Selected {
                executable,
                package,
                names,
            });
        }
    }
    Ok(selected)
}

/// Every test executable of the workspace, with the directory of its package.
fn executables() -> Result<BTreeMap<PathBuf, PathBuf>, Failure> {
    let mut build = program::cargo();
    build.args([
        "test",
        "--quiet",
        "--workspace",
        "--no-run",
        "--message-format=json",
    ]);
    Ok(program::read(&mut build)?
        .lines()
        .filter(|line| is_test(line))
        .filter_map(|line| {
            let executable = PathBuf::from(text_of(line, "executable")?);
            let manifest = text_of(line, "manifest_path")?;
            Some((executable, Path::new(&manifest).parent()?.to_owned()))
        })
        .collect())
}

/// Whether an artifact was built as a test: programs are built along with them.
fn is_test(line: &str) -> bool {
    line.split_once(r#""profile":{"#)
        .and_then(|(_, rest)| rest.split_once('}'))
        .is_some_and(|(profile, _)| profile.contains(r#""test":true"#))
}

/// The string of a key that occurs once in a line of JSON. Cargo writes these lines; a JSON parser for them would be
/// the only dependency of this program.
fn text_of(line: &str, key: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!(r#""{key}":""#))?;
    let mut text = String::new();
    let mut characters = rest.chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => match characters.next()? {
                plain @ ('"' | '\\' | '/') => text.push(plain),
                // Cargo escapes nothing else in paths that a shell could take.
                _ => return None,
            },
            plain => text.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_test, text_of};

    #[test]
    fn programs_are_not_tests() {
        let artifact = |built: bool| {
            format!(
                r#"{{"target":{{"test":true}},"profile":{{"debuginfo":1,"test":{built}}},"x":1}}"#
            )
        };
        assert!(is_test(&artifact(true)));
        assert!(!is_test(&artifact(false)));
    }

    #[test]
    fn strings_are_taken_out_of_json() {
        let line = r#"{"executable":"/a \"b\"\\c","manifest_path":"/x/Cargo.toml","fresh":true,"odd":"\n"}"#;
        for (key, value) in [
            ("executable", Some(r#"/a "b"\c"#)),
            ("manifest_path", Some("/x/Cargo.toml")),
            ("fresh", None),
            ("absent", None),
            ("odd", None),
        ] {
            assert_eq!(text_of(line, key).as_deref(), value, "{key}");
        }
    }
}
