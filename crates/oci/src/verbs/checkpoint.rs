//! `checkpoint`: has the program criu write a container's processes to a directory. `restore` says why it cannot.

use super::delete;
use crate::cgroup;
use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use crate::log::Level;
use crate::state::{CONFIG, Container, Status};
use casemate_formats::oci;
use casemate_formats::oci::schema::{NamespaceKind, Spec};
use casemate_observe::host::mountinfo::Mounts;
use casemate_observe::host::{Kernel, View};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// The directory of images when none is named, as runc has it.
const IMAGES: &str = "checkpoint";

/// Runs `checkpoint`.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    // Wrong flags are told before anything else.
    let asked = of_flags(call)?;
    let container = Container::take(&call.globals.states(), id)?;
    if !matches!(container.status, Status::Running | Status::Paused) {
        return Err(Failure::new(format!(
            "cannot checkpoint container {id}, which is {}",
            container.status.name()
        )));
    }
    let criu = criu()?;
    let pid = container.running()?.pid;
    let bytes = container.directory.config()?;
    let spec = oci::read(CONFIG, &bytes)
        .attempt(|| format!("read {CONFIG}"))?
        .spec;
    let images = directory(call.value("image-path").unwrap_or(OsStr::new(IMAGES)))?;
    let work = call.value("work-path").map(directory).transpose()?;
    let (verb, log) = if call.has("pre-dump") {
        ("pre-dump", "pre-dump.log")
    } else {
        ("dump", "dump.log")
    };
    let mut command = Command::new(&criu);
    command.arg(verb).arg("-t").arg(pid.to_string());
    command.arg("-D").arg(&images);
    if let Some(work) = &work {
        command.arg("-W").arg(work);
    }
    command.args(["-o", log, "-v4", "--root", &container.state.rootfs]);
    if let Some(group) = cgroup::freezer_group(&container.state.cgroup) {
        command.arg("--freeze-cgroup").arg(group);
    }
    command.args(asked).args(outside(call, &spec, pid)?);
    let status = command
        .status()
        .attempt(|| format!("execute {}", criu.display()))?;
    if !status.success() {
        let log = work.as_ref().unwrap_or(&images).join(log);
        return Err(Failure::with_hint(
            format!("criu cannot checkpoint container {id} ({status})"),
            format!("{} says why", log.display()),
        ));
    }
    // The processes are gone.
    if !call.has("leave-running") && !call.has("pre-dump") {
        delete::remove(container.directory, &call.globals.log)?;
    }
    Ok(0)
}

/// Runs `restore`, which is refused: a process that criu makes has not passed through the launcher.
pub fn restore(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    criu()?;
    Err(Failure::with_hint(
        format!(
            "cannot restore container {id}: this runtime does not support it, as criu would make the container without the launcher's checks"
        ),
        "create the container anew, or restore the images by criu itself, see criu(8)",
    ))
}

/// Finds criu.
fn criu() -> Result<PathBuf, Failure> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        // A relative directory is whatever the caller happens to stand in.
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join("criu"))
        .find(|file| {
            fs::metadata(file).is_ok_and(|file| file.is_file() && file.mode() & 0o111 != 0)
        })
        .ok_or_else(|| {
            Failure::with_hint(
                "criu is not installed: no directory of PATH has it",
                "apt-get install criu",
            )
        })
}

/// What criu is told by our flags.
fn of_flags(call: &Call) -> Result<Vec<OsString>, Failure> {
    let mut words: Vec<OsString> = Vec::new();
    for flag in [
        "leave-running",
        "tcp-established",
        "ext-unix-sk",
        "shell-job",
        "file-locks",
        "auto-dedup",
        "lazy-pages",
    ] {
        if call.has(flag) {
            words.push(format!("--{flag}").into());
        }
    }
    if call.has("pre-dump") && call.has("lazy-pages") {
        return Err(Failure::new(
            "`--pre-dump` and `--lazy-pages` exclude each other",
        ));
    }
    pages(call, &mut words)?;
    if let Some(parent) = call.value("parent-path") {
        if Path::new(parent).is_absolute() {
            return Err(Failure::with_hint(
                format!("`--parent-path` is `{}`", parent.display()),
                "it must be relative to the directory of `--image-path`",
            ));
        }
        words.extend(["--prev-images-dir".into(), parent.to_owned()]);
    }
    if call.has("pre-dump") || call.has("parent-path") {
        words.push("--track-mem".into());
    }
    let mode = call.text("manage-cgroups-mode")?.unwrap_or("soft");
    if !["soft", "full", "strict", "ignore"].contains(&mode) {
        return Err(Failure::with_hint(
            format!("`--manage-cgroups-mode` is `{mode}`"),
            "it can be soft, full, strict or ignore",
        ));
    }
    words.push(format!("--manage-cgroups={mode}").into());
    for kind in call.values("empty-ns") {
        if kind != "network" {
            return Err(Failure::with_hint(
                format!("`--empty-ns` is `{}`", kind.display()),
                "it can be network",
            ));
        }
        words.extend(["--empty-ns".into(), "net".into()]);
    }
    Ok(words)
}

/// Where memory goes when it does not go into the images.
fn pages(call: &Call, words: &mut Vec<OsString>) -> Result<(), Failure> {
    let Some(server) = call.text("page-server")? else {
        if call.has("lazy-pages") {
            return Err(Failure::new(
                "`--lazy-pages` needs `--page-server`, at which pages are asked for",
            ));
        }
        return Ok(());
    };
    let (address, port) = server
        .rsplit_once(':')
        .filter(|(address, port)| !address.is_empty() && port.parse::<u16>().is_ok())
        .ok_or_else(|| {
            Failure::with_hint(
                format!("`--page-server` is `{server}`"),
                "it must be ADDRESS:PORT",
            )
        })?;
    // With lazy pages criu itself is the server there.
    if !call.has("lazy-pages") {
        words.push("--page-server".into());
    }
    words.extend(["--address", address, "--port", port].map(OsString::from));
    Ok(())
}

/// Makes a directory. Images hold what the processes have in memory: it is for its owner alone.
fn directory(path: &OsStr) -> Result<PathBuf, Failure> {
    let path = crate::cli::absolute(Path::new(path))?;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&path)
        .attempt(|| format!("make the directory {}", path.display()))?;
    Ok(path)
}

/// What of the container is not its own: criu does not write it, and must be told so.
fn outside(call: &Call, spec: &Spec, pid: i32) -> Result<Vec<OsString>, Failure> {
    let mut words = Vec::new();
    let mut external = |text: String| words.extend(["--external".into(), text.into()]);
    let file = format!("/proc/{pid}/mountinfo");
    let bytes = Kernel
        .read(Path::new(&file))
        .attempt(|| format!("read {file}"))?;
    for point in mounts(spec, &Mounts::parse(&bytes)) {
        if point.contains([']', ':']) {
            return Err(Failure::new(format!(
                "cannot checkpoint: criu cannot be told of the mount at {point}, which has `]` or `:` in its name"
            )));
        }
        external(format!("mnt[{point}]:{point}"));
    }
    let linux = spec.linux.as_ref();
    for path in linux.iter().flat_map(|linux| &linux.masked_paths) {
        // Directories are covered by file systems of the container's own.
        let inside = format!("/proc/{pid}/root{path}");
        if fs::metadata(inside).is_ok_and(|file| !file.is_dir()) {
            external(format!("mnt[{path}]:/dev/null"));
        }
    }
    for namespace in linux.iter().flat_map(|linux| &linux.namespaces) {
        if namespace.path.is_empty() {
            continue;
        }
        // The names are runc's.
        let (kind, name) = match namespace.kind {
            NamespaceKind::Net => ("net", "extRootNetNS"),
            NamespaceKind::Pid => ("pid", "extRootPidNS"),
            other => {
                let note = format!(
                    "the {} namespace is another's, but is written as if it were the container's own",
                    other.oci()
                );
                call.globals.log.write(Level::Warning, &note);
                continue;
            }
        };
        let file = format!("/proc/{pid}/ns/{kind}");
        let inode = match fs::metadata(&file) {
            Ok(file) => file.ino(),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Failure::new("container not running"));
            }
            Err(error) => return Err(error).attempt(|| format!("read {file}")),
        };
        external(format!("{kind}[{inode}]:{name}"));
    }
    Ok(words)
}

/// Where something of the host's is mounted: bind mounts, and groups of the first version.
fn mounts(spec: &Spec, seen: &Mounts) -> Vec<String> {
    let mut points = Vec::new();
    for mount in &spec.mounts {
        let is_bind = mount.kind == "bind"
            || mount
                .options
                .iter()
                .any(|option| option == "bind" || option == "rbind");
        if is_bind {
            points.push(clean(&mount.destination));
        }
    }
    let groups = seen.0.iter().filter(|mount| mount.kind == "cgroup");
    points.extend(groups.map(|mount| mount.point.to_string_lossy().into_owned()));
    points.sort();
    points.dedup();
    points
}

/// A destination as the kernel shows it.
fn clean(destination: &str) -> String {
    let mut clean = PathBuf::from("/");
    for part in Path::new(destination).components() {
        match part {
            Component::Normal(name) => clean.push(name),
            Component::ParentDir => {
                clean.pop();
            }
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    clean.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn destinations_are_as_the_kernel_shows_them() {
        for (destination, shown) in [
            ("/etc/hosts", "/etc/hosts"),
            ("dev//x/", "/dev/x"),
            ("/a/./b/../c", "/a/c"),
            ("/../a", "/a"),
        ] {
            assert_eq!(clean(destination), shown, "{destination}");
        }
    }
}
