//! Who is measured.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::bundle::{self, Bundle};
use crate::program;

/// A runtime, or the floor.
#[derive(Clone, Debug)]
pub struct Contender {
    pub name: &'static str,
    pub bundle: Bundle,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Floor { program: PathBuf, root: PathBuf },
    Runtime { words: Vec<String>, place: PathBuf },
}

impl Contender {
    /// Whether it has the commands of a runtime.
    pub fn is_runtime(&self) -> bool {
        matches!(self.kind, Kind::Runtime { .. })
    }

    /// Runs a container from its start to its end.
    pub fn run(&self, id: &str) -> Vec<String> {
        match &self.kind {
            Kind::Floor { program, root } => vec![
                text(program),
                id.to_owned(),
                text(root),
                "/bin/true".to_owned(),
            ],
            Kind::Runtime { place, .. } => {
                self.verb(&["run", "--bundle", &text(&self.bundle.directory(place)), id])
            }
        }
    }

    /// A command of the runtime.
    pub fn verb(&self, words: &[&str]) -> Vec<String> {
        let mut line = match &self.kind {
            Kind::Runtime { words, .. } => words.clone(),
            Kind::Floor { program, .. } => vec![text(program)],
        };
        line.extend(words.iter().map(|word| (*word).to_owned()));
        line
    }

    /// The same with another bundle.
    pub fn with(&self, bundle: Bundle) -> Self {
        Self {
            bundle,
            ..self.clone()
        }
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A command with nothing attached and a small environment.
pub fn command(line: &[String]) -> Command {
    let (program, arguments) = line
        .split_first()
        .map_or(("false", &[][..]), |(p, a)| (p.as_str(), a));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Everybody who is there, in the order of the table.
pub fn all(place: &Path, only: &str) -> Vec<Contender> {
    let floor = Contender {
        name: "floor",
        bundle: Bundle::Plain,
        kind: Kind::Floor {
            program: place.join("floor3"),
            root: bundle::root(place),
        },
    };
    let ours = Some(place.join("casemate-oci")).filter(|path| path.exists());
    let runtimes = [
        ("casemate", Bundle::Plain, ours.clone(), &[][..]),
        (
            "casemate-hard",
            Bundle::Plain,
            ours.clone(),
            &["--harden=baseline"][..],
        ),
        ("casemate-bare", Bundle::Unfiltered, ours, &[][..]),
        ("crun", Bundle::Plain, program::find("crun"), &[][..]),
        (
            "crun-bare",
            Bundle::Unfiltered,
            program::find("crun"),
            &[][..],
        ),
        ("runc", Bundle::Plain, program::find("runc"), &[][..]),
        (
            "runc-bare",
            Bundle::Unfiltered,
            program::find("runc"),
            &[][..],
        ),
    ];
    let runtimes = runtimes
        .into_iter()
        .filter_map(|(name, bundle, program, flags)| {
            let mut words = vec![
                text(&program?),
                "--root".to_owned(),
                text(&place.join(format!("state-{name}"))),
            ];
            words.extend(flags.iter().map(|flag| (*flag).to_owned()));
            let place = place.to_owned();
            Some(Contender {
                name,
                bundle,
                kind: Kind::Runtime { words, place },
            })
        });
    let wanted =
        |contender: &Contender| only.is_empty() || only.split(',').any(|o| o == contender.name);
    std::iter::once(floor)
        .chain(runtimes)
        .filter(wanted)
        .collect()
}
