//! Who is measured: one command line each, with isolation as equal as their flags allow.

use std::path::Path;
use std::process::{Command, Stdio};

/// One launcher with its flags; the payload's command line is appended.
#[derive(Clone, Debug)]
pub struct Contender {
    pub name: &'static str,
    pub words: Vec<String>,
    /// Flags before the payload that make a directory readable inside.
    pub read: fn(&str) -> Vec<String>,
}

fn nothing(_: &str) -> Vec<String> {
    Vec::new()
}

impl Contender {
    /// The command line for a payload.
    pub fn line(&self, payload: &[&str]) -> Vec<String> {
        let payload = payload.iter().map(|w| (*w).to_owned());
        self.words.iter().cloned().chain(payload).collect()
    }

    /// The same, with a directory made readable.
    pub fn line_reading(&self, directory: &str, payload: &[&str]) -> Vec<String> {
        let mut line = self.line(payload);
        let mut at = self.words.len();
        if self.words.last().is_some_and(|word| word == "--") {
            at -= 1;
        }
        line.splice(at..at, (self.read)(directory));
        line
    }
}

/// A command of these words, with nothing attached and an environment of two variables.
pub fn command(line: &[String]) -> Command {
    let (program, arguments) = line
        .split_first()
        .map_or(("false", &[][..]), |(p, a)| (p.as_str(), a));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .env(
            "HOME",
            std::env::var_os("HOME").unwrap_or_else(|| "/".into()),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Everybody, in the order of the table.
pub fn all(place: &Path, flags: &[String]) -> Vec<Contender> {
    let here = |name: &str| place.join(name).to_string_lossy().into_owned();
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let mut casemate = vec![here("casemate"), "run".to_owned()];
    casemate.extend(flags.iter().cloned());
    casemate.push("--".to_owned());
    vec![
        Contender {
            name: "plain",
            words: Vec::new(),
            read: nothing,
        },
        Contender {
            name: "floor",
            // Without the loopback interface, which casemate leaves down too.
            words: vec![here("floor"), "--no-lo".to_owned()],
            read: |directory| vec!["--read".to_owned(), directory.to_owned()],
        },
        Contender {
            name: "casemate",
            words: casemate,
            // Read and execute: the helper is a program there.
            read: |directory| vec!["--run".to_owned(), directory.to_owned()],
        },
        // The whole root read-only, as most people call it.
        Contender {
            name: "bwrap",
            words: words(
                "bwrap --unshare-all --die-with-parent --new-session --hostname bench --clearenv --cap-drop ALL \
                 --ro-bind / / --tmpfs /tmp --dev /dev --proc /proc --",
            ),
            read: |directory| words_of(&["--ro-bind", directory, directory]),
        },
        // Only the system's directories, as casemate and the floor have it: fewer mounts to go through.
        Contender {
            name: "bwrap-system",
            words: words(
                "bwrap --unshare-all --die-with-parent --new-session --hostname bench --clearenv --cap-drop ALL \
                 --ro-bind /usr /usr --ro-bind /etc /etc --symlink usr/bin /bin --symlink usr/sbin /sbin \
                 --symlink usr/lib /lib --symlink usr/lib64 /lib64 --tmpfs /tmp --dev /dev --proc /proc --",
            ),
            read: |directory| words_of(&["--ro-bind", directory, directory]),
        },
        Contender {
            name: "firejail",
            words: words(
                "firejail --quiet --noprofile --net=none --ipc-namespace --hostname=bench --private-tmp --private-dev \
                 --read-only=/ --caps.drop=all --nonewprivs --seccomp --",
            ),
            read: nothing,
        },
    ]
}

fn words_of(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::all;

    #[test]
    fn a_readable_directory_is_named_before_the_payload() {
        for (name, tail) in [
            ("plain", "/p/x 1"),
            ("floor", "/p/floor --no-lo --read /p /p/x 1"),
            ("casemate", "/p/casemate run --a --run /p -- /p/x 1"),
            ("bwrap", "--proc /proc --ro-bind /p /p -- /p/x 1"),
        ] {
            let everybody = all(Path::new("/p"), &["--a".to_owned()]);
            let one = everybody.iter().find(|c| c.name == name).unwrap();
            let line = one.line_reading("/p", &["/p/x", "1"]).join(" ");
            assert!(line.ends_with(tail), "{line}");
        }
    }
}
