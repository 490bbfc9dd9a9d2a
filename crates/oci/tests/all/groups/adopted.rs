//! A container that the test itself has made: a shell in groups of its own, and a state that says so. What verbs do to
//! groups can be looked at so without what makes containers.

use crate::support::{Ground, eventually};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const BASE: &str = "/sys/fs/cgroup";

/// The container.
pub struct Adopted<'g> {
    pub ground: &'g Ground,
    pub id: String,
    pub paths: BTreeMap<String, PathBuf>,
    pub shell: Child,
}

impl<'g> Adopted<'g> {
    /// Makes it.
    pub fn new(ground: &'g Ground, id: &str) -> Self {
        let shell = Command::new("sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir(ground.path(""))
            .spawn()
            .unwrap();
        let mut adopted = Self {
            ground,
            id: id.to_owned(),
            paths: BTreeMap::new(),
            shell,
        };
        adopted.make_groups();
        adopted.write_state();
        adopted
    }

    fn make_groups(&mut self) {
        let place = self.ground.path("");
        let name = place.file_name().unwrap();
        for (key, hierarchy) in hierarchies() {
            let above = hierarchy.join(name);
            let group = above.join(&self.id);
            fs::create_dir_all(&group).unwrap();
            if key.is_empty() {
                for directory in [&hierarchy, &above] {
                    let there = fs::read_to_string(directory.join("cgroup.controllers")).unwrap();
                    for controller in there.split_whitespace() {
                        let file = directory.join("cgroup.subtree_control");
                        fs::write(file, format!("+{controller}")).unwrap();
                    }
                }
            }
            if key == "cpuset" {
                for (from, to) in [(&hierarchy, &above), (&above, &group)] {
                    for file in ["cpuset.cpus", "cpuset.mems"] {
                        fs::write(to.join(file), fs::read(from.join(file)).unwrap()).unwrap();
                    }
                }
            }
            let pid = self.shell.id().to_string();
            fs::write(group.join("cgroup.procs"), pid).unwrap();
            self.paths.insert(key, group);
        }
    }

    fn write_state(&self) {
        let pid = self.shell.id();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let fields = stat.rsplit_once(')').unwrap().1;
        let started = fields.split_whitespace().nth(19).unwrap();
        let paths: Vec<String> = self
            .paths
            .iter()
            .map(|(key, path)| format!("{key:?}:\"{}\"", path.display()))
            .collect();
        let state = format!(
            "{{\"ociVersion\":\"1.3.0\",\"id\":\"{}\",\"bundle\":\"/\",\"rootfs\":\"/\",\"created\":\"2026-01-01T00:00:00Z\",\
             \"owner\":0,\"cgroup\":{{\"paths\":{{{}}}}},\"rdt\":[],\"poststart\":false,\"poststop\":false,\
             \"pid\":{pid},\"startTime\":{started}}}\n",
            self.id,
            paths.join(",")
        );
        let directory = self.ground.path("states").join(&self.id);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("state.json"), state).unwrap();
    }

    /// Gives a line to the shell.
    pub fn tell(&mut self, line: &str) {
        let input = self.shell.stdin.as_mut().unwrap();
        writeln!(input, "{line}").unwrap();
    }

    /// Has the shell run a command, and returns how it ended.
    pub fn run(&mut self, command: &str) -> i32 {
        let answer = self.ground.path("answer");
        let written = self.ground.path("answer.new");
        let (answer_text, written_text) = (answer.display(), written.display());
        self.tell(&format!(
            "( {command} ); echo $? >{written_text}; mv {written_text} {answer_text}"
        ));
        assert!(eventually(|| answer.exists()), "no answer to {command}");
        let code = fs::read_to_string(&answer).unwrap();
        fs::remove_file(answer).unwrap();
        code.trim().parse().unwrap()
    }

    /// The group of a controller: of its own hierarchy, or of the second version's.
    pub fn group(&self, controller: &str) -> &Path {
        self.paths
            .get(controller)
            .unwrap_or_else(|| &self.paths[""])
    }

    /// Whether a controller is of the first version.
    pub fn is_v1(&self, controller: &str) -> bool {
        self.paths.contains_key(controller)
    }

    /// What a file of a group has: of the first version, or of the second.
    pub fn read(&self, controller: &str, v1: &str, v2: &str) -> String {
        let file = if self.is_v1(controller) { v1 } else { v2 };
        let text = fs::read_to_string(self.group(controller).join(file)).unwrap();
        text.trim().to_owned()
    }

    /// Runs the runtime with standard input.
    #[track_caller]
    pub fn fed(&self, words: &[&str], input: &str) -> crate::support::Ended {
        let file = self.ground.path("input");
        fs::write(&file, input).unwrap();
        let mut command = self.ground.command(words);
        command.stdin(fs::File::open(file).unwrap());
        crate::support::finish(&mut command)
    }
}

impl Drop for Adopted<'_> {
    fn drop(&mut self) {
        // Whatever the runtime has left: who is frozen never ends.
        for path in self.paths.values() {
            for (file, word) in [("freezer.state", "THAWED"), ("cgroup.freeze", "0")] {
                if path.join(file).exists() {
                    fs::write(path.join(file), word).unwrap();
                }
            }
        }
        self.shell.kill().unwrap();
        self.shell.wait().unwrap();
        self.ground.oci(&["delete", "--force", &self.id]);
    }
}

/// The hierarchies of this machine: by controller of the first version, and as "" of the second.
pub fn hierarchies() -> BTreeMap<String, PathBuf> {
    let base = Path::new(BASE);
    if base.join("cgroup.controllers").exists() {
        return [(String::new(), base.to_owned())].into();
    }
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(base).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        let key = match name.as_str() {
            "unified" => String::new(),
            "systemd" => "name=systemd".to_owned(),
            _ => name,
        };
        if path.join("cgroup.procs").exists() {
            found.insert(key, path);
        }
    }
    found
}
