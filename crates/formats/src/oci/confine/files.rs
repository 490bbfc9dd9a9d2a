//! Mounts, and what is hidden of /proc and /sys.

use super::Maker;
use crate::oci::schema::{Linux, Mount, NamespaceKind, Process};
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{
    Access, Files, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::lattice::{Guard, Limit, Restrictions};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

impl Maker<'_> {
    pub(super) fn files(&self, process: &Process) -> Files {
        let mut seen = Seen {
            grants: BTreeMap::new(),
            binds: BTreeSet::new(),
            temporary: BTreeMap::new(),
            proc: ProcView::Absent,
            sys: SysView::Absent,
        };
        for mount in &self.spec.mounts {
            self.mount(mount, &mut seen);
        }
        self.hidden(&mut seen);
        let root = self.spec.root.as_ref();
        let kind = match root {
            Some(root) if plain(Path::new(&root.path)) == Path::new("/") => Root::Host,
            Some(root) if root.readonly => Root::ReadOnly,
            _ => Root::Writable,
        };
        let grants = Grants(seen.grants);
        let covered = |path: &str, list: fn(&Linux) -> &Vec<String>| {
            let paths = self
                .spec
                .linux
                .as_ref()
                .map_or(&[][..], |linux| list(linux));
            let shown = |path: &String| ShownPath(plain(Path::new(path)));
            self.field(path, Restrictions::These(paths.iter().map(shown).collect()))
        };
        // With no_new_privs the bits do nothing wherever they are.
        let nosuid = if process.no_new_privileges {
            Guard::On
        } else {
            Guard::Off
        };
        Files {
            grants: self.field("mounts", grants.clone()),
            root: self.field("root", kind),
            binds: self.field("mounts", Binds(seen.binds)),
            temporary: self.field("mounts", Temporary(seen.temporary)),
            proc: self.field("mounts", seen.proc),
            sys: self.field("mounts", seen.sys),
            masked: covered("linux.maskedPaths", |linux| &linux.masked_paths),
            read_only: covered("linux.readonlyPaths", |linux| &linux.readonly_paths),
            nosuid: Self::default(nosuid),
            nodev: Self::default(Guard::Off),
        }
    }

    /// Paths below a granted one that are masked or made read-only are granted less than what is around them.
    fn hidden(&self, seen: &mut Seen) {
        let Some(linux) = &self.spec.linux else {
            return;
        };
        let paths = |list: &'_ [String]| {
            let paths = list.iter().map(|path| plain(Path::new(path)));
            paths.filter(|path| !is_kernels(path)).collect::<Vec<_>>()
        };
        let granted = Grants(seen.grants.clone());
        for path in paths(&linux.readonly_paths) {
            let around = granted.access(&path);
            let less = [Access::RUN, Access::READ];
            if let Some(less) = less.into_iter().find(|less| around.includes(*less)) {
                seen.grants.insert(path, less);
            }
        }
        for path in paths(&linux.masked_paths) {
            if !granted.access(&path).is_none() {
                seen.grants.insert(path, Access::NONE);
            }
        }
    }

    fn mount(&self, mount: &Mount, seen: &mut Seen) {
        let at = plain(&Path::new("/").join(&mount.destination));
        if mount.is_bind() {
            self.bind(mount, at, seen);
            return;
        }
        match mount.kind.as_str() {
            "proc" => seen.proc = seen.proc.max(self.proc(mount)),
            "sysfs" if read_only(mount) => seen.sys = seen.sys.max(SysView::ReadOnly),
            "sysfs" => seen.sys = SysView::Writable,
            // The base of /dev holds the device nodes only.
            "tmpfs" if at == Path::new("/dev") => {}
            "tmpfs" | "ramfs" => {
                seen.temporary.insert(at, size(mount));
            }
            "devpts" | "mqueue" | "cgroup" | "cgroup2" => {}
            // A file system of a device, of the network or of layers: something of the host's.
            _ => {
                seen.binds.insert(Bind {
                    source: Source::Volume(format!("{}:{}", mount.kind, mount.source)),
                    access: access(mount),
                    extra: extra(mount),
                    propagation: propagation(mount),
                    at,
                });
            }
        }
    }

    fn bind(&self, mount: &Mount, at: PathBuf, seen: &mut Seen) {
        let one = of_mount(mount, at, self.bundle);
        let Bind {
            at,
            access,
            extra,
            propagation,
            ..
        } = one.clone();
        let source = plain(&self.bundle.join(&mount.source));
        if at == Path::new("/proc") || source == Path::new("/proc") {
            seen.proc = ProcView::Host;
        }
        if at == source && at == Path::new("/proc") {
            return;
        }
        if at == source && at == Path::new("/sys") {
            let view = if read_only(mount) {
                SysView::ReadOnly
            } else {
                SysView::Writable
            };
            seen.sys = seen.sys.max(view);
            return;
        }
        if source == at && extra == Extra::NONE && propagation == Propagation::Private {
            seen.grants.insert(at, access);
            return;
        }
        seen.binds.insert(one);
    }

    fn proc(&self, mount: &Mount) -> ProcView {
        if self.spec.namespace(NamespaceKind::Pid).is_none() {
            return ProcView::Host;
        }
        let hidden = mount.options.iter().any(|option| {
            matches!(
                option.as_str(),
                "hidepid=2" | "hidepid=invisible" | "hidepid=4"
            )
        });
        if mount.has("subset=pid") {
            ProcView::Processes
        } else if hidden && read_only(mount) {
            ProcView::Own
        } else {
            ProcView::Writable
        }
    }
}

fn is_kernels(path: &Path) -> bool {
    path.starts_with("/proc") || path.starts_with("/sys")
}

/// A bind mount as the model has it; `None` for other mounts.
pub fn bind_of(mount: &Mount, bundle: &Path) -> Option<Bind> {
    let at = plain(&Path::new("/").join(&mount.destination));
    mount.is_bind().then(|| of_mount(mount, at, bundle))
}

fn of_mount(mount: &Mount, at: PathBuf, bundle: &Path) -> Bind {
    Bind {
        at,
        source: Source::Host(plain(&bundle.join(&mount.source))),
        access: access(mount),
        extra: extra(mount),
        propagation: propagation(mount),
    }
}

struct Seen {
    grants: BTreeMap<PathBuf, Access>,
    binds: BTreeSet<Bind>,
    temporary: BTreeMap<PathBuf, Limit>,
    proc: ProcView,
    sys: SysView,
}

/// The path without `.` and `..`, as text: links are not followed.
pub(in crate::oci) fn plain(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                // Above the root is the root; above a relative path's start is not known, so it stays.
                let last = result.components().next_back();
                match last {
                    Some(Component::Normal(_)) => {
                        result.pop();
                    }
                    Some(Component::RootDir) => {}
                    _ => result.push(".."),
                }
            }
            other => result.push(other),
        }
    }
    result
}

/// The last of two opposite options decides, as in mount(8). What is mounted below the source of a recursive bind keeps
/// its own flags unless the option is a recursive one; that is the host's, and not known here.
fn last(mount: &Mount, on: &[&str], off: &[&str]) -> bool {
    let word = |option: &&String| on.contains(&option.as_str()) || off.contains(&option.as_str());
    mount
        .options
        .iter()
        .rfind(word)
        .is_some_and(|option| on.contains(&option.as_str()))
}

pub(in crate::oci) fn read_only(mount: &Mount) -> bool {
    last(mount, &["ro", "rro"], &["rw", "rrw"])
}

fn access(mount: &Mount) -> Access {
    let mut access = Access::READ;
    if !read_only(mount) {
        access = access.union(Access::WRITE);
    }
    if !last(mount, &["noexec", "rnoexec"], &["exec", "rexec"]) {
        access = access.union(Access::RUN);
    }
    access
}

fn extra(mount: &Mount) -> Extra {
    let mut extra = Extra::NONE;
    if !last(mount, &["nodev", "rnodev"], &["dev", "rdev"]) {
        extra = extra.union(Extra::DEVICES);
    }
    if !last(mount, &["nosuid", "rnosuid"], &["suid", "rsuid"]) {
        extra = extra.union(Extra::SETUID);
    }
    extra
}

fn propagation(mount: &Mount) -> Propagation {
    let word = mount
        .options
        .iter()
        .rev()
        .find_map(|option| match option.as_str() {
            "private" | "rprivate" | "unbindable" | "runbindable" => Some(Propagation::Private),
            "slave" | "rslave" => Some(Propagation::Slave),
            "shared" | "rshared" => Some(Propagation::Shared),
            _ => None,
        });
    word.unwrap_or(Propagation::Private)
}

/// The `size=` of a tmpfs, in bytes; a share of the memory is no number here.
fn size(mount: &Mount) -> Limit {
    let text = mount
        .options
        .iter()
        .rev()
        .find_map(|option| option.strip_prefix("size="));
    let bytes = text.and_then(|text| {
        let (digits, unit) = match text.strip_suffix(|c: char| c.is_ascii_alphabetic()) {
            Some(digits) => (digits, text.get(digits.len()..)?),
            None => (text, ""),
        };
        let factor = match unit {
            "" => 1_u64,
            "k" | "K" => 1 << 10,
            "m" | "M" => 1 << 20,
            "g" | "G" => 1 << 30,
            _ => return None,
        };
        digits.parse::<u64>().ok()?.checked_mul(factor)
    });
    // Zero is no limit in tmpfs(5).
    bytes
        .filter(|bytes| *bytes > 0)
        .map_or(Limit::Unlimited, Limit::AtMost)
}
