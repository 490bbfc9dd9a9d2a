//! Mounts: `--volume`, `--mount`, `--tmpfs` and the short forms of compose and quadlet.

use super::{bytes, truth};
use crate::engine::ask::{Mount, MountKind, Writing};
use casemate_model::facets::binds::Propagation;
use std::path::{Component, Path, PathBuf};

/// Where relative paths of the host begin.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    /// The directory.
    pub directory: PathBuf,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
}

impl Base {
    /// The path of the host that a text means, clean.
    pub(crate) fn host(&self, text: &str) -> PathBuf {
        let path = match (text.strip_prefix('~'), &self.home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                home.join(rest.trim_start_matches('/'))
            }
            _ => self.directory.join(text),
        };
        clean(&path)
    }
}

/// Whether a source is a path of the host and no volume's name.
fn is_path(text: &str) -> bool {
    text.starts_with(['/', '.', '~'])
}

/// A path without `.`, `..` and doubled slashes.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.parent().is_some() => {
                out.pop();
            }
            Component::ParentDir if out.is_absolute() => {}
            part => out.push(part),
        }
    }
    out
}

/// A mount of a kind with the engine's defaults.
pub(crate) fn plain(kind: MountKind, source: Option<String>, target: &Path) -> Mount {
    let memory = kind == MountKind::Tmpfs;
    Mount {
        kind,
        source,
        target: clean(target),
        access: Writing::Permitted,
        propagation: None,
        noexec: memory,
        nosuid: memory,
        nodev: memory,
        size: None,
        words: Vec::new(),
    }
}

fn inside(text: &str) -> Result<&Path, String> {
    if text.starts_with('/') {
        Ok(Path::new(text))
    } else {
        Err(format!("{text:?} is no absolute path inside"))
    }
}

/// `[SOURCE:]TARGET[:OPTIONS]`.
pub(crate) fn volume(text: &str, base: &Base) -> Result<Mount, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let (source, target, options) = match parts[..] {
        [target] => (None, target, ""),
        [source, target] if target.starts_with('/') => (Some(source), target, ""),
        // An anonymous volume with options.
        [target, options] if target.starts_with('/') => (None, target, options),
        [source, target, options] => (Some(source), target, options),
        _ => return Err(format!("{text:?} is no mount such as `/srv:/data:ro`")),
    };
    let target = inside(target)?;
    let mut mount = match source {
        None | Some("") => plain(MountKind::Volume, None, target),
        Some(source) if is_path(source) => {
            let host = base.host(source).to_string_lossy().into_owned();
            plain(MountKind::Bind, Some(host), target)
        }
        Some(name) => plain(MountKind::Volume, Some(name.to_owned()), target),
    };
    for option in options.split(',').filter(|option| !option.is_empty()) {
        volume_option(&mut mount, option)?;
    }
    Ok(mount)
}

/// One of the words after the second colon.
pub(crate) fn volume_option(mount: &mut Mount, option: &str) -> Result<(), String> {
    match option {
        "ro" | "readonly" => mount.access = Writing::Refused,
        "rw" => mount.access = Writing::Permitted,
        "exec" => mount.noexec = false,
        "noexec" => mount.noexec = true,
        "suid" => mount.nosuid = false,
        "nosuid" => mount.nosuid = true,
        "dev" => mount.nodev = false,
        "nodev" => mount.nodev = true,
        "private" | "rprivate" => mount.propagation = Some(Propagation::Private),
        "slave" | "rslave" => mount.propagation = Some(Propagation::Slave),
        "shared" | "rshared" => mount.propagation = Some(Propagation::Shared),
        "unbindable" | "runbindable" => mount.propagation = Some(Propagation::Private),
        "z" | "Z" | "nocopy" | "copy" | "cached" | "delegated" | "consistent" | "U" | "O"
        | "idmap" | "rbind" | "bind" => mount.words.push(option.to_owned()),
        _ if ["idmap=", "upperdir=", "workdir=", "mode=", "uid=", "gid="]
            .iter()
            .any(|key| option.starts_with(key)) =>
        {
            mount.words.push(option.to_owned());
        }
        _ => return Err(format!("{option:?} is no option of a mount")),
    }
    Ok(())
}

/// `TARGET[:OPTIONS]` of a tmpfs.
pub(crate) fn tmpfs(text: &str) -> Result<Mount, String> {
    let (target, options) = text.split_once(':').unwrap_or((text, ""));
    let mut mount = plain(MountKind::Tmpfs, None, inside(target)?);
    for option in options.split(',').filter(|option| !option.is_empty()) {
        tmpfs_option(&mut mount, option)?;
    }
    Ok(mount)
}

/// One option of a tmpfs.
pub(crate) fn tmpfs_option(mount: &mut Mount, option: &str) -> Result<(), String> {
    const PLAIN: [&str; 15] = [
        "defaults",
        "sync",
        "async",
        "dirsync",
        "noatime",
        "atime",
        "nodiratime",
        "diratime",
        "relatime",
        "strictatime",
        "norelatime",
        "nostrictatime",
        "tmpcopyup",
        "notmpcopyup",
        "mand",
    ];
    const VALUED: [&str; 6] = ["mode=", "uid=", "gid=", "nr_inodes=", "nr_blocks=", "mpol="];
    if let Some(size) = option.strip_prefix("size=") {
        if size.ends_with('%') {
            mount.words.push(option.to_owned());
        } else {
            mount.size = Some(bytes(size)?).filter(|size| *size > 0);
        }
        return Ok(());
    }
    if PLAIN.contains(&option) || VALUED.iter().any(|key| option.starts_with(key)) {
        mount.words.push(option.to_owned());
        return Ok(());
    }
    match option {
        "z" | "Z" | "U" | "nocopy" | "copy" | "idmap" | "O" => {
            Err(format!("{option:?} is no option of a tmpfs"))
        }
        _ => volume_option(mount, option),
    }
}

/// The fields of a line of comma-separated values; quotes hold commas.
fn fields(text: &str) -> Result<Vec<String>, String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => {
                if let Some(last) = fields.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    if quoted {
        return Err("a quote is not closed".to_owned());
    }
    Ok(fields)
}

/// `type=bind,source=/srv,target=/data,readonly`.
pub(crate) fn mount(text: &str, base: &Base) -> Result<Mount, String> {
    let fields = fields(text)?;
    let fields: Vec<(&str, Option<&str>)> = fields
        .iter()
        .map(|field| match field.split_once('=') {
            Some((key, value)) => (key.trim(), Some(value)),
            None => (field.trim(), None),
        })
        .collect();
    let find = |keys: &[&str]| {
        let found = fields.iter().rfind(|(key, _)| keys.contains(key));
        found.and_then(|(_, value)| *value)
    };
    let kind = match find(&["type"]).unwrap_or("volume") {
        "bind" => MountKind::Bind,
        "volume" => MountKind::Volume,
        "tmpfs" | "ramfs" => MountKind::Tmpfs,
        other => return Err(format!("a mount of type {other:?} cannot be said here")),
    };
    let target = find(&["target", "dst", "dest", "destination"])
        .ok_or_else(|| format!("{text:?} names no `target`"))?;
    let source = match (kind, find(&["source", "src"])) {
        (MountKind::Bind, Some(source)) => Some(base.host(source).to_string_lossy().into_owned()),
        (MountKind::Bind, None) => return Err(format!("{text:?} names no `source`")),
        (_, source) => source
            .filter(|source| !source.is_empty())
            .map(str::to_owned),
    };
    let mut mount = plain(kind, source, inside(target)?);
    for (key, value) in fields {
        mount_field(&mut mount, key, value)?;
    }
    Ok(mount)
}

fn mount_field(mount: &mut Mount, key: &str, value: Option<&str>) -> Result<(), String> {
    let set = || value.map_or(Ok(true), truth);
    let said = || value.map_or_else(|| key.to_owned(), |value| format!("{key}={value}"));
    match key {
        "type" | "source" | "src" | "target" | "dst" | "dest" | "destination" => {}
        "readonly" | "ro" | "rw" => {
            let refused = set()? != (key == "rw");
            mount.access = if refused {
                Writing::Refused
            } else {
                Writing::Permitted
            };
        }
        "bind-propagation" => volume_option(mount, value.unwrap_or(""))?,
        "tmpfs-size" | "size" => {
            mount.size = Some(bytes(value.unwrap_or(""))?).filter(|size| *size > 0);
        }
        "bind-nonrecursive" | "bind-recursive" | "consistency" | "tmpfs-mode" | "volume-nocopy"
        | "volume-driver" | "volume-opt" | "volume-label" | "volume-subpath"
        | "bind-create-src" | "image-subpath" | "relabel" | "U" | "chown" | "tmpcopyup"
        | "notmpcopyup" | "idmap" | "no-dereference" => mount.words.push(said()),
        _ if mount.kind == MountKind::Tmpfs => tmpfs_option(mount, &said())?,
        _ => volume_option(mount, &said())?,
    }
    Ok(())
}
