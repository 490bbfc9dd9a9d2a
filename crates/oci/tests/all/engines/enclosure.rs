//! Namespaces for an engine: whatever it starts is in them and ends with them, and the host's network is left alone.

use crate::support::finish_within;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The hierarchies of cgroup v1, and the root of v2.
const GROUPS: &str = "/sys/fs/cgroup";

/// A network, mounts and processes of its own, a directory, and a control group that the engine's containers are put in.
pub struct Enclosure {
    child: Child,
    init: u32,
    directory: PathBuf,
    group: String,
}

impl Enclosure {
    /// Starts a shell script as the first process. The script has the files in `$DIR`, and an empty `/run` of its own.
    pub fn start(name: &str, files: &[(&str, String)], script: &str) -> Self {
        // Short: the path of a socket has at most 107 bytes.
        let group = format!("casemate-{name}-{}", std::process::id());
        let directory = std::env::temp_dir().join(&group);
        fs::create_dir(&directory).unwrap();
        for (file, content) in files {
            fs::write(directory.join(file), content).unwrap();
        }
        let log = fs::File::create(directory.join("log")).unwrap();
        let begin = "mount -t tmpfs tmpfs /run && ip link set lo up && touch $DIR/inside";
        // Ended with this thread, whatever becomes of it: unshare, and by --kill-child all that is inside.
        let mut command = Command::new("setpriv");
        command
            .args([
                "--pdeathsig",
                "KILL",
                "unshare",
                "--net",
                "--mount",
                "--pid",
                "--fork",
            ])
            .args([
                "--kill-child",
                "--mount-proc",
                "--propagation",
                "private",
                "--",
            ])
            .args(["sh", "-c", &format!("{begin} && {{ {script}\n}}")])
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin")
            .env("HOME", &directory)
            .env("DIR", &directory)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let child = command.spawn().unwrap();
        let mut enclosure = Self {
            init: 0,
            child,
            directory,
            group,
        };
        enclosure.init = enclosure.first_process();
        enclosure
    }

    fn first_process(&self) -> u32 {
        let own = self.child.id();
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"));
            if let Some(child) = children.unwrap_or_default().split_whitespace().next()
                && self.path("inside").exists()
            {
                return child.parse().unwrap();
            }
            assert!(Instant::now() < end, "no enclosure: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// A path in the directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// The same as text.
    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file in the directory.
    pub fn file(&self, name: &str, content: &str) -> String {
        fs::write(self.path(name), content).unwrap();
        self.text(name)
    }

    /// The control group's name: it is below the root of every hierarchy.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// What the engine has said.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(15).collect();
        tail.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// A command inside.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, words: &[S]) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["-t", &self.init.to_string(), "-n", "-m", "-p", "--"])
            .args(words)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin")
            .env("HOME", &self.directory)
            .env("TERM", "xterm")
            .current_dir(&self.directory)
            .stdin(Stdio::null());
        command
    }

    /// Waits until a command inside ends well.
    #[track_caller]
    pub fn wait_for<S: AsRef<std::ffi::OsStr>>(&mut self, words: &[S]) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let ended = finish_within(&mut self.command(words), Duration::from_secs(30));
            if ended.code == 0 {
                return;
            }
            let gone = self.child.try_wait().unwrap();
            assert!(
                gone.is_none() && Instant::now() < end,
                "{gone:?} {ended:?}\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Reads a file of a group of the engine's, of whatever hierarchy has it; `below` is the path below the engine's group.
    pub fn of_group(&self, below: &str, names: &[&str]) -> Option<String> {
        let groups = self.groups();
        let files = groups
            .iter()
            .filter(|path| path.to_str().unwrap().contains(below));
        files
            .flat_map(|path| names.iter().map(move |name| path.join(name)))
            .find_map(|file| fs::read_to_string(file).ok())
            .map(|text| text.trim().to_owned())
    }

    /// Every group that the engine has made, the innermost first.
    pub fn groups(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let hierarchies = fs::read_dir(GROUPS).unwrap().flatten().map(|e| e.path());
        for root in hierarchies.chain([PathBuf::from(GROUPS)]) {
            below(&root.join(&self.group), &mut found);
        }
        found.sort();
        found.dedup();
        found.reverse();
        found
    }
}

fn below(path: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        return;
    };
    found.push(path.to_owned());
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            below(&entry.path(), found);
        }
    }
}

impl Drop for Enclosure {
    fn drop(&mut self) {
        // unshare passes its end on to the first process, and that one's end is everybody's.
        if let Err(error) = self.child.kill() {
            println!("{}: {error}", self.group);
        }
        self.child.wait().unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        let mut left = self.groups();
        while !left.is_empty() && Instant::now() < end {
            // A frozen process does not die.
            for group in &left {
                for (file, word) in [("freezer.state", "THAWED"), ("cgroup.freeze", "0")] {
                    if group.join(file).exists() {
                        fs::write(group.join(file), word).unwrap_or_default();
                    }
                }
                fs::remove_dir(group).unwrap_or_default();
            }
            left = self.groups();
            std::thread::sleep(Duration::from_millis(20));
        }
        let removed = fs::remove_dir_all(&self.directory);
        if !std::thread::panicking() {
            assert!(left.is_empty(), "groups are left: {left:?}");
            assert!(removed.is_ok(), "{}: {removed:?}", self.directory.display());
        }
    }
}
