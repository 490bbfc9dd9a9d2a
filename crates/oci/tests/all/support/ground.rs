//! A place with a root file system, bundles in it, and the runtime with its own directory of states.

use super::{Ended, Findings, built, finish_within};
use crate::engines::image;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long one command of the runtime may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a configuration says beside what every one here says. Each text is a part of a JSON object, without a comma at its ends.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The words of the program.
    pub args: Vec<String>,
    /// Further members of the whole.
    pub top: String,
    /// Further members of `process`; `cwd` and `user` among them, when they are not the usual ones.
    pub process: String,
    /// Further members of `linux`.
    pub linux: String,
    /// Further mounts, each an object.
    pub mounts: Vec<String>,
    /// The namespaces, instead of new ones of every kind but for users, time and networks.
    pub namespaces: Option<String>,
    /// Names of capabilities, instead of three of Docker's.
    pub capabilities: Option<Vec<String>>,
}

impl Config {
    /// A container that runs these words.
    pub fn of(args: &[&str]) -> Self {
        Self {
            args: args.iter().map(|word| (*word).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// A container that runs a shell's script.
    pub fn sh(script: &str) -> Self {
        Self::of(&["/bin/sh", "-c", script])
    }

    /// The text of config.json.
    pub fn text(&self, cgroup: &str) -> String {
        let with = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!(", {text}")
            }
        };
        let unless = |key: &str, usual: &str| {
            if self.process.contains(&format!("\"{key}\"")) {
                String::new()
            } else {
                format!(", {usual}")
            }
        };
        let args: Vec<String> = self.args.iter().map(|word| quoted(word)).collect();
        let capabilities = self.capabilities.clone().unwrap_or_else(|| {
            ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_KILL"]
                .map(str::to_owned)
                .to_vec()
        });
        let held: Vec<String> = capabilities.iter().map(|name| quoted(name)).collect();
        let held = held.join(",");
        let namespaces = self.namespaces.clone().unwrap_or_else(|| {
            ["pid", "ipc", "uts", "mount", "cgroup"]
                .map(|kind| format!("{{\"type\":\"{kind}\"}}"))
                .join(",")
        });
        let mounts = self
            .mounts
            .iter()
            .fold(String::new(), |all, mount| all + ",\n " + mount);
        format!(
            r#"{{"ociVersion":"1.0.2"{top},
"process":{{"args":[{args}],"env":["PATH=/bin"]{cwd}{user},
 "capabilities":{{"bounding":[{held}],"effective":[{held}],"permitted":[{held}]}}{process}}},
"root":{{"path":"../root"}},
"mounts":[{{"destination":"/proc","type":"proc","source":"proc"}},
 {{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","mode=755","size=65536k"]}},
 {{"destination":"/dev/pts","type":"devpts","source":"devpts","options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620"]}}{mounts}],
"linux":{{"cgroupsPath":"{cgroup}","namespaces":[{namespaces}]{linux}}}}}"#,
            top = with(&self.top),
            args = args.join(","),
            cwd = unless("cwd", "\"cwd\":\"/\""),
            user = unless("user", "\"user\":{\"uid\":0,\"gid\":0}"),
            process = with(&self.process),
            linux = with(&self.linux),
        )
    }
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            letter if letter < ' ' => write!(json, "\\u{:04x}", u32::from(letter)).unwrap(),
            letter => json.push(letter),
        }
    }
    json.push('"');
    json
}

/// The place. What its containers leave behind when it goes is a finding.
pub struct Ground {
    directory: PathBuf,
    name: String,
    bundles: AtomicU32,
}

impl Ground {
    /// Makes it. The name is part of the directory's and of the control groups'.
    pub fn new(name: &str) -> Self {
        let name = format!("casemate-{name}-{}", std::process::id());
        let directory = std::env::temp_dir().join(&name);
        fs::create_dir(&directory).unwrap();
        let ground = Self {
            directory,
            name,
            bundles: AtomicU32::new(0),
        };
        image::tree(&ground.path("root"));
        fs::create_dir(ground.path("bin")).unwrap();
        // The runtime finds casemate-exec beside it. Copies, as attacks may write to them.
        for program in ["casemate-oci", "casemate-exec"] {
            // By another process: a program that is open for writing cannot be executed, and a thread that starts a
            // process at the same time would pass the open file on.
            let mut copy = Command::new("cp");
            let ended = super::finish(copy.arg(built(program)).arg(ground.path("bin")));
            assert_eq!(ended.code, 0, "{ended:?}");
        }
        ground
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// The same as text.
    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a bundle, and returns its directory.
    pub fn bundle(&self, config: &Config) -> String {
        let number = self.bundles.fetch_add(1, Ordering::Relaxed);
        let cgroup = format!("/{}/{number}", self.name);
        self.bundle_of(&config.text(&cgroup))
    }

    /// Writes a bundle with this configuration.
    pub fn bundle_of(&self, config: &str) -> String {
        let number = self.bundles.fetch_add(1, Ordering::Relaxed);
        let bundle = self.path(&format!("bundle-{number}"));
        fs::create_dir(&bundle).unwrap();
        fs::write(bundle.join("config.json"), config).unwrap();
        bundle.to_str().unwrap().to_owned()
    }

    /// The runtime's program, or the peer that `CASEMATE_ENGINE_RUNTIME` names.
    pub fn program(&self) -> PathBuf {
        std::env::var_os("CASEMATE_ENGINE_RUNTIME")
            .map_or_else(|| self.path("bin/casemate-oci"), PathBuf::from)
    }

    /// A command of the runtime.
    pub fn command(&self, words: &[&str]) -> Command {
        self.behind(&[], words)
    }

    /// The same behind a wall: a program with arguments that goes on as what follows it.
    pub fn behind(&self, wall: &[&str], words: &[&str]) -> Command {
        let program = self.program();
        let states = self.text("states");
        let mut line: Vec<&str> = wall.to_vec();
        line.extend([program.to_str().unwrap(), "--root", &states]);
        line.extend(words);
        let mut command = Command::new(line[0]);
        command
            .args(&line[1..])
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .current_dir(&self.directory)
            .stdin(Stdio::null());
        command
    }

    /// Runs a command of the runtime to its end.
    #[track_caller]
    pub fn oci(&self, words: &[&str]) -> Ended {
        finish_within(&mut self.command(words), PATIENCE)
    }

    /// The same for one that leaves a process behind, which would hold a pipe open: what it says goes to a file.
    #[track_caller]
    pub fn quiet(&self, words: &[&str]) -> Ended {
        let file = |name: &str| fs::File::create(self.path(name)).unwrap();
        let mut command = self.command(words);
        command.stdout(file("out")).stderr(file("err"));
        let mut child = command.spawn().unwrap();
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > end {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("no end within {PATIENCE:?}: {words:?}");
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let read = |name: &str| fs::read_to_string(self.path(name)).unwrap();
        Ended {
            code: status.code().unwrap_or(1000),
            out: read("out"),
            err: read("err"),
        }
    }

    /// Runs a container to its end.
    #[track_caller]
    pub fn run(&self, config: &Config) -> Ended {
        let bundle = self.bundle(config);
        let id = format!("run-{}", self.bundles.fetch_add(1, Ordering::Relaxed));
        self.oci(&["run", "--bundle", &bundle, &id])
    }

    /// Creates a container, and starts it.
    #[track_caller]
    pub fn start(&self, id: &str, config: &Config) {
        let bundle = self.bundle(config);
        let created = self.quiet(&["create", "--bundle", &bundle, id]);
        assert_eq!(created.code, 0, "{created:?}");
        let started = self.oci(&["start", id]);
        assert_eq!(started.code, 0, "{started:?}");
    }

    /// Runs a program in a container.
    #[track_caller]
    pub fn exec(&self, id: &str, words: &[&str]) -> Ended {
        let mut line = vec!["exec", id];
        line.extend(words);
        self.oci(&line)
    }

    /// The number of a container's process, as its state has it.
    #[track_caller]
    pub fn pid(&self, id: &str) -> i32 {
        let state = self.oci(&["state", id]).json();
        state.at(&["pid"]).to_string().parse().unwrap()
    }

    /// A container's status, as its state has it.
    pub fn status(&self, id: &str) -> String {
        let state = self.oci(&["state", id]);
        if state.code == 0 {
            state.json().at(&["status"]).to_string()
        } else {
            "absent".to_owned()
        }
    }

    /// Removes every container.
    pub fn delete_all(&self) {
        let listed = self.oci(&["list", "--quiet"]);
        for id in listed.out.lines() {
            self.oci(&["delete", "--force", id]);
        }
    }

    /// What is there of containers, on the whole machine: states, groups, mounts and processes.
    pub fn left(&self) -> Vec<String> {
        let mut left = Vec::new();
        for entry in fs::read_dir(self.path("states"))
            .into_iter()
            .flatten()
            .flatten()
        {
            left.push(format!("state {}", entry.file_name().display()));
        }
        left.extend(
            self.groups()
                .iter()
                .map(|path| format!("group {}", path.display())),
        );
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
        left.extend(
            mounts
                .lines()
                .filter(|line| line.contains(&self.name))
                .map(|line| format!("mount {line}")),
        );
        left.extend(
            self.processes()
                .into_iter()
                .map(|process| format!("process {process}")),
        );
        left
    }

    /// The groups of its containers, the innermost first.
    pub fn groups(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let base = Path::new("/sys/fs/cgroup");
        let hierarchies = fs::read_dir(base)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        for hierarchy in hierarchies.chain([base.to_owned()]) {
            below(&hierarchy.join(&self.name), &mut found);
        }
        found.sort();
        found.dedup();
        found.reverse();
        // The group above the containers' own stays, as engines expect of theirs.
        found.retain(|path| !path.ends_with(&self.name));
        found
    }

    /// Processes whose root or program is in the place.
    fn processes(&self) -> Vec<String> {
        let place = self.directory.to_str().unwrap();
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let links = ["root", "exe", "cwd"].map(|name| fs::read_link(entry.path().join(name)));
            let is_here = links
                .iter()
                .flatten()
                .any(|link| link.to_string_lossy().contains(place));
            // Who has ended waits for the machine's first process, which takes its time.
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            if stat
                .rsplit(')')
                .next()
                .is_some_and(|rest| rest.starts_with(" Z"))
            {
                continue;
            }
            let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            // Inside, the root is "/"; its mount is told apart by its group.
            let groups = fs::read_to_string(entry.path().join("cgroup")).unwrap_or_default();
            if is_here || groups.contains(&self.name) {
                found.push(format!("{} {}", entry.file_name().display(), name.trim()));
            }
        }
        found
    }

    /// Makes sure that nothing is left, which may take a moment.
    pub fn expect_nothing(&self, what: &str, findings: &mut Findings) {
        let end = Instant::now() + Duration::from_secs(5);
        let mut left = self.left();
        while !left.is_empty() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
            left = self.left();
        }
        findings.same(format!("{what}: what is left"), left, Vec::new());
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

impl Drop for Ground {
    fn drop(&mut self) {
        self.delete_all();
        for group in self.groups() {
            fs::remove_dir(group).unwrap_or_default();
        }
        for hierarchy in fs::read_dir("/sys/fs/cgroup")
            .into_iter()
            .flatten()
            .flatten()
        {
            fs::remove_dir(hierarchy.path().join(&self.name)).unwrap_or_default();
        }
        fs::remove_dir(Path::new("/sys/fs/cgroup").join(&self.name)).unwrap_or_default();
        let removed = fs::remove_dir_all(&self.directory);
        if !std::thread::panicking() {
            assert!(removed.is_ok(), "{}: {removed:?}", self.directory.display());
        }
    }
}
