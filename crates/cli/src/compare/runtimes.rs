//! How each runtime is started with what it gives by default.

use super::bench::Bench;
use crate::failure::Failure;
use casemate_model::names::suggest::nearest;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A runtime.
pub struct Runtime {
    /// Its name.
    pub name: &'static str,
    /// Its program.
    pub program: &'static str,
    /// How it is started.
    pub start: fn(&Bench) -> Result<Started, String>,
}

/// What starts the probe.
pub struct Started {
    /// The command.
    pub command: Command,
    /// The command for people, without what is only of this directory.
    pub shown: String,
    /// What removes what is left.
    pub after: Vec<Command>,
}

/// All that are known.
pub static RUNTIMES: &[Runtime] = &[
    Runtime {
        name: "casemate",
        program: "casemate",
        start: casemate,
    },
    Runtime {
        name: "bubblewrap",
        program: "bwrap",
        start: bubblewrap,
    },
    Runtime {
        name: "firejail",
        program: "firejail",
        start: firejail,
    },
    Runtime {
        name: "minijail",
        program: "minijail0",
        start: minijail,
    },
    Runtime {
        name: "nsjail",
        program: "nsjail",
        start: nsjail,
    },
    Runtime {
        name: "unshare",
        program: "unshare",
        start: unshare,
    },
    Runtime {
        name: "systemd-run",
        program: "systemd-run",
        start: systemd_run,
    },
    Runtime {
        name: "casemate-oci",
        program: "casemate-oci",
        start: |bench| oci(bench, "casemate-oci"),
    },
    Runtime {
        name: "runc",
        program: "runc",
        start: |bench| oci(bench, "runc"),
    },
    Runtime {
        name: "crun",
        program: "crun",
        start: |bench| oci(bench, "crun"),
    },
    Runtime {
        name: "lxc",
        program: "lxc-execute",
        start: lxc,
    },
    Runtime {
        name: "docker",
        program: "docker",
        start: |bench| engine(bench, "docker"),
    },
    Runtime {
        name: "podman",
        program: "podman",
        start: |bench| engine(bench, "podman"),
    },
];

impl Runtime {
    /// Tells whether its program is there.
    pub fn is_installed(&self) -> bool {
        find_program(self.program).is_some()
    }
}

/// Finds a runtime by its name.
pub fn find(word: &OsStr) -> Result<&'static Runtime, Failure> {
    let text = word.to_string_lossy();
    RUNTIMES
        .iter()
        .find(|runtime| runtime.name == text)
        .ok_or_else(|| {
            let names = RUNTIMES.iter().map(|runtime| runtime.name);
            let hint = nearest(&text, names.clone()).map_or_else(
                || format!("one of {}", names.collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            Failure::usage(format!("no runtime `{text}` is known"), hint)
        })
}

/// Programs of Casemate's are beside this one; others are where a shell would find them, or where only root looks.
fn find_program(name: &str) -> Option<std::path::PathBuf> {
    let own = std::env::current_exe().ok();
    if name.starts_with("casemate") {
        return own
            .map(|own| own.with_file_name(name))
            .filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|directory| directory.join(name))
        .find(|path| path.is_file())
}

fn command(name: &str) -> Result<Command, String> {
    find_program(name)
        .map(Command::new)
        .ok_or_else(|| format!("{name} is not installed"))
}

fn started(name: &str, options: &[&str], bench: &Bench) -> Result<Started, String> {
    let mut command = command(name)?;
    command
        .args(options)
        .arg(&bench.probe)
        .args(bench.arguments());
    Ok(Started {
        command,
        shown: format!("{name} {} PROGRAM", options.join(" ")),
        after: Vec::new(),
    })
}

fn casemate(bench: &Bench) -> Result<Started, String> {
    let mut started = started("casemate", &["run"], bench)?;
    // The program lies in a directory that a compartment does not see.
    started.command = command("casemate")?;
    started
        .command
        .arg("run")
        .arg("--run")
        .arg(&bench.directory)
        .arg("--")
        .arg(&bench.probe)
        .args(bench.arguments())
        .current_dir("/");
    "casemate run PROGRAM".clone_into(&mut started.shown);
    Ok(started)
}

fn bubblewrap(bench: &Bench) -> Result<Started, String> {
    let options = [
        "--unshare-all",
        "--die-with-parent",
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
    ];
    started("bwrap", &options, bench)
}

fn firejail(bench: &Bench) -> Result<Started, String> {
    started("firejail", &["--quiet", "--noprofile"], bench)
}

fn minijail(bench: &Bench) -> Result<Started, String> {
    started("minijail0", &["-v", "-p", "-r", "-l", "-n"], bench)
}

fn nsjail(bench: &Bench) -> Result<Started, String> {
    started("nsjail", &["-q", "-Mo", "--chroot", "/", "--"], bench)
}

fn unshare(bench: &Bench) -> Result<Started, String> {
    let options = [
        "--user",
        "--map-root-user",
        "--mount",
        "--pid",
        "--fork",
        "--net",
        "--ipc",
        "--uts",
        "--cgroup",
        "--mount-proc",
        "--kill-child",
    ];
    started("unshare", &options, bench)
}

fn systemd_run(bench: &Bench) -> Result<Started, String> {
    if !Path::new("/run/systemd/system").exists() {
        return Err("systemd is not the init of this machine".to_owned());
    }
    started("systemd-run", &["--wait", "--collect", "--quiet"], bench)
}

/// A bundle with the configuration that the runtime itself proposes.
fn oci(bench: &Bench, name: &str) -> Result<Started, String> {
    let bundle = bench.directory.join(format!("bundle-{name}"));
    fs::create_dir(&bundle).map_err(|error| format!("cannot make a bundle: {error}"))?;
    let spec = command(name)?
        .arg("spec")
        .current_dir(&bundle)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name} spec: {error}"))?;
    if !spec.status.success() {
        let said = String::from_utf8_lossy(&spec.stderr).trim().to_owned();
        return Err(format!("{name} spec: {said}"));
    }
    let path = bundle.join("config.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{name} spec: {error}"))?;
    fs::write(&path, ours(&text, bench)?).map_err(|error| format!("{name} spec: {error}"))?;
    let id = format!("{}-{name}", bench.mark);
    let state = bench.directory.join(format!("state-{name}"));
    let mut run = command(name)?;
    run.arg("--root")
        .arg(&state)
        .args(["run", "--bundle"])
        .arg(&bundle)
        .arg(&id);
    let mut delete = command(name)?;
    delete
        .arg("--root")
        .arg(&state)
        .args(["delete", "--force", &id]);
    Ok(Started {
        command: run,
        shown: format!("{name} spec; {name} run ID"),
        after: vec![delete],
    })
}

/// Puts the program and the root into a configuration, and takes the terminal out; nothing else is changed.
fn ours(text: &str, bench: &Bench) -> Result<String, String> {
    use casemate_formats::document::{Node, parse_json};
    use casemate_formats::reader::Text;
    let path = Path::new("config.json");
    let document = parse_json(&Text::of(path, text)).map_err(|problem| problem.to_string())?;
    let json = |text: &str| crate::json::Json::text(text).to_string();
    let arguments: Vec<String> = std::iter::once("/casemate-probe".to_owned())
        .chain(bench.arguments())
        .map(|word| json(&word))
        .collect();
    let root = json(&bench.root.to_string_lossy());
    let mut edits: Vec<(&Node, String)> = Vec::new();
    for (place, value) in [
        (["process", "args"], format!("[{}]", arguments.join(","))),
        (["process", "terminal"], "false".to_owned()),
        (["root", "path"], root),
    ] {
        match document.at(&place) {
            Some(node) => edits.push((node, value)),
            None if place[1] == "terminal" => {}
            None => return Err(format!("the configuration has no {}", place.join("."))),
        }
    }
    edits.sort_by_key(|(node, _)| std::cmp::Reverse(node.start));
    let mut text = text.to_owned();
    for (node, value) in edits {
        text.replace_range(node.start..node.end, &value);
    }
    Ok(text)
}

fn lxc(bench: &Bench) -> Result<Started, String> {
    let config = bench.directory.join("lxc.conf");
    // What stands here is what lxc-execute(1) cannot do without; the rest is LXC's default.
    let text = format!(
        "lxc.rootfs.path = dir:{}\nlxc.console.path = none\nlxc.net.0.type = empty\n",
        bench.root.display()
    );
    fs::write(&config, text)
        .map_err(|error| format!("cannot write {}: {error}", config.display()))?;
    let state = bench.directory.join("lxc");
    let mut execute = command("lxc-execute")?;
    let name = bench.mark.clone();
    execute
        .args(["-n", &name, "-P"])
        .arg(&state)
        .arg("-f")
        .arg(&config)
        .args(["--", "/casemate-probe"])
        .args(bench.arguments());
    Ok(Started {
        command: execute,
        shown: "lxc-execute -f CONFIG -- PROGRAM (rootfs, no console, lxc.net.0.type = empty)"
            .to_owned(),
        after: Vec::new(),
    })
}

/// An image of the root, and a container of it. Both are removed.
fn engine(bench: &Bench, name: &str) -> Result<Started, String> {
    let answers = command(name)?
        .args(["ps", "--quiet"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if !answers.status.success() {
        let said = String::from_utf8_lossy(&answers.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty());
        return Err(last
            .unwrap_or("its daemon does not answer")
            .trim()
            .to_owned());
    }
    let archive = bench.directory.join("root.tar");
    let packed = Command::new("tar")
        .arg("-C")
        .arg(&bench.root)
        .arg("-cf")
        .arg(&archive)
        .arg(".")
        .status();
    if !packed.is_ok_and(|status| status.success()) {
        return Err("tar cannot pack the root".to_owned());
    }
    let image = format!("{}:1", bench.mark);
    let imported = command(name)?
        .arg("import")
        .arg(&archive)
        .arg(&image)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name} import: {error}"))?;
    if !imported.status.success() {
        return Err(String::from_utf8_lossy(&imported.stderr).trim().to_owned());
    }
    let mut run = command(name)?;
    run.args([
        "run",
        "--rm",
        "--name",
        &bench.mark,
        &image,
        "/casemate-probe",
    ])
    .args(bench.arguments());
    let mut container = command(name)?;
    container.args(["rm", "--force", &bench.mark]);
    let mut remove = command(name)?;
    remove.args(["rmi", "--force", &image]);
    Ok(Started {
        command: run,
        shown: format!("{name} run --rm IMAGE PROGRAM"),
        after: vec![container, remove],
    })
}
