//! The first process of a container, by the container's name.
//!
//! Engines keep on disk what they started; none of them is asked. Directories that an engine was told to use instead of
//! its usual ones are found in the arguments of its daemon.

use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::{self, Kind, Value};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Why a container's process is not found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FindError {
    /// No engine of this name is known.
    UnknownEngine(String),
    /// Nothing is known of a container of this name.
    NoContainer {
        /// The engine.
        engine: String,
        /// The name.
        name: String,
        /// Where it was looked for.
        places: Vec<PathBuf>,
    },
    /// It is known and does not run.
    NotRunning {
        /// The name.
        name: String,
    },
    /// Several have the name, or an id that begins so.
    Several {
        /// The name.
        name: String,
        /// Their ids.
        ids: Vec<String>,
    },
}

/// The engines whose containers are found.
pub const ENGINES: [&str; 7] = [
    "docker",
    "podman",
    "containerd",
    "lxc",
    "runc",
    "crun",
    "casemate",
];

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEngine(name) => write!(
                f,
                "no engine is called {name}\n   = help: one of pid, {}",
                ENGINES.join(", ")
            ),
            Self::NoContainer {
                engine,
                name,
                places,
            } => {
                write!(f, "{engine} has no container {name}")?;
                for (index, place) in places.iter().enumerate() {
                    f.write_str(if index == 0 { "; looked in " } else { ", " })?;
                    write!(f, "{}", place.display())?;
                }
                Ok(())
            }
            Self::NotRunning { name } => write!(f, "container {name} does not run"),
            Self::Several { name, ids } => {
                write!(f, "{name} may be each of {}", ids.join(", "))
            }
        }
    }
}

impl std::error::Error for FindError {}

/// A container as an engine's files tell of it.
struct Known {
    id: String,
    names: Vec<String>,
    pid: Option<u32>,
}

/// Finds the first process of a container.
///
/// # Errors
/// There is none, or the name is not clear.
pub fn find(engine: &str, name: &str) -> Result<u32, FindError> {
    let places = match engine {
        "docker" => docker_roots(),
        "podman" => podman_roots(),
        "containerd" => vec![
            state_of("containerd", "--state", "/run/containerd")
                .join("io.containerd.runtime.v2.task"),
        ],
        "lxc" => vec![PathBuf::from("/proc")],
        "runc" => vec!["/run/runc".into()],
        "crun" => vec!["/run/crun".into()],
        "casemate" => vec!["/run/casemate-oci".into()],
        other => return Err(FindError::UnknownEngine(other.to_owned())),
    };
    let all: Vec<Known> = places
        .iter()
        .flat_map(|place| match engine {
            "docker" => docker(place),
            "podman" => podman(place),
            "containerd" => containerd(place),
            "lxc" => lxc(name),
            _ => runtime(place),
        })
        .collect();
    choose(engine, name, &all, places)
}

fn choose(engine: &str, name: &str, all: &[Known], places: Vec<PathBuf>) -> Result<u32, FindError> {
    let exact = |known: &&Known| known.id == name || known.names.iter().any(|one| one == name);
    let mut found: Vec<&Known> = all.iter().filter(exact).collect();
    if found.is_empty() {
        found = all
            .iter()
            .filter(|known| known.id.starts_with(name) && !name.is_empty())
            .collect();
    }
    let name = name.to_owned();
    match found[..] {
        [] => Err(FindError::NoContainer {
            engine: engine.to_owned(),
            name,
            places,
        }),
        [one] => match one.pid {
            Some(pid) if pid > 0 && Path::new(&format!("/proc/{pid}")).exists() => Ok(pid),
            _ => Err(FindError::NotRunning { name }),
        },
        _ => Err(FindError::Several {
            name,
            ids: found.iter().map(|known| known.id.clone()).collect(),
        }),
    }
}

/// The directories of a directory.
fn directories(place: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(place)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn json_file(path: &Path) -> Option<Value> {
    let bytes = fs::read(path).ok()?;
    let name = path.to_string_lossy();
    json::parse(&Source::new(&name, &bytes).ok()?).ok()
}

fn text(value: Option<&Value>) -> Option<&str> {
    match &value?.kind {
        Kind::Text(text) => Some(text),
        _ => None,
    }
}

fn number(value: Option<&Value>) -> Option<u32> {
    match &value?.kind {
        Kind::Number(text) => text.parse().ok(),
        _ => None,
    }
}

/// The values that daemons of this name were given for an option.
fn arguments(program: &str, option: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for process in directories(Path::new("/proc")) {
        let Ok(bytes) = fs::read(process.join("cmdline")) else {
            continue;
        };
        let words: Vec<String> = bytes
            .split(|byte| *byte == 0)
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect();
        let is_it = words
            .first()
            .is_some_and(|first| name_of(Path::new(first)) == program);
        if !is_it {
            continue;
        }
        for (at, word) in words.iter().enumerate() {
            match word.strip_prefix(option) {
                Some("") => found.extend(words.get(at + 1).map(PathBuf::from)),
                Some(rest) => found.extend(rest.strip_prefix('=').map(PathBuf::from)),
                None => {}
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn state_of(program: &str, option: &str, usual: &str) -> PathBuf {
    arguments(program, option)
        .into_iter()
        .next()
        .unwrap_or_else(|| usual.into())
}

fn docker_roots() -> Vec<PathBuf> {
    let mut roots = vec![PathBuf::from("/var/lib/docker")];
    if let Some(config) = json_file(Path::new("/etc/docker/daemon.json"))
        && let Some(root) = text(config.get("data-root"))
    {
        roots.push(root.into());
    }
    roots.extend(arguments("dockerd", "--data-root"));
    roots.extend(home().map(|home| home.join(".local/share/docker")));
    // With userns-remap everything is one level down.
    let remapped: Vec<PathBuf> = roots.iter().flat_map(|root| directories(root)).collect();
    roots.extend(remapped);
    roots
        .into_iter()
        .map(|root| root.join("containers"))
        .filter(|place| place.is_dir())
        .collect()
}

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from)
}

fn docker(place: &Path) -> Vec<Known> {
    let one = |path: PathBuf| {
        let config = json_file(&path.join("config.v2.json"))?;
        let name = text(config.get("Name")).unwrap_or("");
        let state = config.get("State");
        Some(Known {
            id: name_of(&path),
            names: vec![name.trim_start_matches('/').to_owned()],
            pid: state.and_then(|state| number(state.get("Pid"))),
        })
    };
    directories(place).into_iter().filter_map(one).collect()
}

fn podman_roots() -> Vec<PathBuf> {
    let mut roots = vec![PathBuf::from("/var/lib/containers/storage")];
    roots.extend(home().map(|home| home.join(".local/share/containers/storage")));
    roots.retain(|root| root.is_dir());
    roots
}

fn podman(root: &Path) -> Vec<Known> {
    let mut all = Vec::new();
    for driver in ["overlay", "vfs", "btrfs", "zfs"] {
        let place = root.join(format!("{driver}-containers"));
        let Some(list) = json_file(&place.join("containers.json")) else {
            continue;
        };
        let Kind::List(containers) = &list.kind else {
            continue;
        };
        for container in containers {
            let Some(id) = text(container.get("id")) else {
                continue;
            };
            let names = match container.get("names").map(|names| &names.kind) {
                Some(Kind::List(names)) => names
                    .iter()
                    .filter_map(|name| text(Some(name)).map(str::to_owned))
                    .collect(),
                _ => Vec::new(),
            };
            let uid = casemate_sys::ids::geteuid();
            let runs = [
                PathBuf::from("/run/containers/storage"),
                PathBuf::from(format!("/run/user/{uid}/containers")),
                PathBuf::from(format!("/tmp/containers-user-{uid}/containers")),
            ];
            let pid = runs.iter().find_map(|run| {
                let file = run.join(format!("{driver}-containers/{id}/userdata/pidfile"));
                fs::read_to_string(file).ok()?.trim().parse().ok()
            });
            all.push(Known {
                id: id.to_owned(),
                names,
                pid,
            });
        }
    }
    all
}

fn containerd(place: &Path) -> Vec<Known> {
    let one = |path: PathBuf| Known {
        id: name_of(&path),
        names: Vec::new(),
        pid: fs::read_to_string(path.join("init.pid"))
            .ok()
            .and_then(|text| text.trim().parse().ok()),
    };
    directories(place)
        .iter()
        .flat_map(|namespace| directories(namespace))
        .map(one)
        .collect()
}

/// LXC keeps its state in its monitor; the payload's cgroup has the container's name.
fn lxc(name: &str) -> Vec<Known> {
    let groups = [format!("/lxc.payload.{name}"), format!("/lxc/{name}")];
    let mut first: Option<u32> = None;
    for process in directories(Path::new("/proc")) {
        let Ok(pid) = name_of(&process).parse::<u32>() else {
            continue;
        };
        let (Ok(cgroup), Ok(status)) = (
            fs::read_to_string(process.join("cgroup")),
            fs::read_to_string(process.join("status")),
        ) else {
            continue;
        };
        let inside = cgroup.lines().any(|line| {
            groups
                .iter()
                .any(|group| line.ends_with(group.as_str()) || line.contains(&format!("{group}/")))
        });
        // Process 1 of its pid namespace, and not of the first one.
        let ids = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
        let ids: Vec<&str> = ids.unwrap_or("").split_whitespace().collect();
        let is_init = ids.len() > 1 && ids.last() == Some(&"1");
        if inside && is_init && first.is_none_or(|known| pid < known) {
            first = Some(pid);
        }
    }
    first
        .into_iter()
        .map(|pid| Known {
            id: name.to_owned(),
            names: Vec::new(),
            pid: Some(pid),
        })
        .collect()
}

/// The state directories of low-level runtimes.
fn runtime(place: &Path) -> Vec<Known> {
    let one = |path: PathBuf| {
        let runc = json_file(&path.join("state.json"));
        let crun = || json_file(&path.join("status"));
        let state = runc.or_else(crun)?;
        let pid = number(state.get("init_process_pid")).or_else(|| number(state.get("pid")));
        Some(Known {
            id: name_of(&path),
            names: Vec::new(),
            pid,
        })
    };
    directories(place).into_iter().filter_map(one).collect()
}
