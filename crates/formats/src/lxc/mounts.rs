//! Mounts: `lxc.mount.auto`, `lxc.mount.entry` and the lines of `lxc.mount.fstab`.

use super::config::{Config, Given};
use super::read::{MOUNT_OPTIONS, OTHER};
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::Grants;
use casemate_model::facets::files::{Access, Files, ProcView, ShownPath, SysView, Temporary};
use casemate_model::lattice::{Limit, Restrictions};
use casemate_model::{Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// What of /proc is read-only with `proc:mixed`.
pub const MIXED: [&str; 2] = ["/proc/sys", "/proc/sysrq-trigger"];

/// Device nodes that `lxc.autodev` makes.
pub const NODES: [&str; 6] = ["full", "null", "random", "tty", "urandom", "zero"];

/// A line of fstab(5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What is mounted.
    pub source: String,
    /// Where, from the root of the container.
    pub target: PathBuf,
    /// The kind of file system.
    pub kind: String,
    /// The options.
    pub options: Vec<String>,
}

impl Entry {
    /// Reads a line; the last two fields of fstab(5) may be missing.
    pub fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [source, target, kind, rest @ ..] = words.as_slice() else {
            return None;
        };
        if rest.len() > 3 {
            return None;
        }
        let options = rest.first().copied().unwrap_or("defaults");
        Some(Self {
            source: unescaped(source),
            target: plain(&Path::new("/").join(unescaped(target))),
            kind: (*kind).to_owned(),
            options: options
                .split(',')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }

    fn has(&self, word: &str) -> bool {
        self.options.iter().any(|option| option == word)
    }

    // The last of two opposite options decides.
    fn last(&self, on: &str, off: &str) -> bool {
        let found = self
            .options
            .iter()
            .rfind(|option| *option == on || *option == off);
        found.is_some_and(|option| option == on)
    }

    fn is_bind(&self) -> bool {
        self.has("bind") || self.has("rbind")
    }

    fn read_only(&self) -> bool {
        self.last("ro", "rw")
    }

    fn access(&self) -> Access {
        let mut access = Access::READ;
        if !self.read_only() {
            access = access.union(Access::WRITE);
        }
        if !self.last("noexec", "exec") {
            access = access.union(Access::RUN);
        }
        access
    }

    fn extra(&self) -> Extra {
        let devices = if self.last("nodev", "dev") {
            Extra::NONE
        } else {
            Extra::DEVICES
        };
        let setuid = if self.last("nosuid", "suid") {
            Extra::NONE
        } else {
            Extra::SETUID
        };
        devices.union(setuid)
    }

    // LXC makes all mounts slaves of the host's before it mounts.
    fn propagation(&self) -> Propagation {
        let word = self
            .options
            .iter()
            .rev()
            .find_map(|option| match option.as_str() {
                "private" | "rprivate" | "unbindable" | "runbindable" => Some(Propagation::Private),
                "slave" | "rslave" => Some(Propagation::Slave),
                "shared" | "rshared" => Some(Propagation::Shared),
                _ => None,
            });
        word.unwrap_or(Propagation::Slave)
    }

    /// Options that say how it is mounted, and not what it permits.
    fn others(&self) -> Vec<&str> {
        const SAID: [&str; 25] = [
            "bind",
            "rbind",
            "ro",
            "rw",
            "exec",
            "noexec",
            "dev",
            "nodev",
            "suid",
            "nosuid",
            "defaults",
            "none",
            "private",
            "rprivate",
            "unbindable",
            "runbindable",
            "slave",
            "rslave",
            "shared",
            "rshared",
            "relative",
            "hidepid=2",
            "hidepid=invisible",
            "hidepid=4",
            "subset=pid",
        ];
        let said = |option: &&str| {
            SAID.contains(option) || option.starts_with("size=") && self.kind == "tmpfs"
        };
        self.options
            .iter()
            .map(String::as_str)
            .filter(|option| !said(option))
            .collect()
    }
}

/// `\040` and the like as bytes, as fstab(5) says.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let code = rest
            .get(at + 1..at + 4)
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if let Some(byte) = code.filter(u8::is_ascii) {
            out.push(char::from(byte));
            rest = rest.get(at + 4..).unwrap_or_default();
        } else {
            out.push('\\');
            rest = rest.get(at + 1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The path without `.` and `..`, as text.
pub fn plain(path: &Path) -> PathBuf {
    let mut result = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::ParentDir => {
                result.pop();
            }
            Component::Normal(name) => result.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    result
}

/// What mounts add up to.
struct Seen<'a> {
    workload: &'a mut Workload,
    losses: &'a mut Vec<Loss>,
    grants: BTreeMap<PathBuf, Access>,
    binds: BTreeSet<Bind>,
    temporary: BTreeMap<PathBuf, Limit>,
    masked: BTreeSet<ShownPath>,
    read_only: BTreeSet<ShownPath>,
    nodes: BTreeSet<String>,
    proc: ProcView,
    sys: SysView,
    /// Where each of the fields was last said.
    places: BTreeMap<&'static str, Origin>,
    /// An instance of /proc elsewhere shows what is read-only at its own place.
    unmasked: bool,
    own_pids: bool,
}

/// Fills in the files and device nodes. `own_root` tells whether there is a root file system of its own.
pub fn read(
    config: &Config,
    fstab: &[Given],
    workload: &mut Workload,
    of: &'static str,
    losses: &mut Vec<Loss>,
    problems: &mut Vec<Problem>,
) {
    let own_root = workload.image.value().is_some();
    let own_pids = !matches!(
        workload.confinement.namespaces.pid.value(),
        Some(casemate_model::facets::namespaces::Placement::Host)
    );
    let mut seen = Seen {
        workload,
        losses,
        grants: BTreeMap::new(),
        binds: BTreeSet::new(),
        temporary: BTreeMap::new(),
        masked: BTreeSet::new(),
        read_only: BTreeSet::new(),
        nodes: BTreeSet::new(),
        proc: if own_root {
            ProcView::Absent
        } else {
            ProcView::Host
        },
        sys: if own_root {
            SysView::Absent
        } else {
            SysView::Writable
        },
        places: BTreeMap::new(),
        unmasked: false,
        own_pids,
    };
    seen.auto(config, problems);
    for given in fstab.iter().chain(config.list("lxc.mount.entry")) {
        match Entry::parse(&given.value) {
            Some(entry) => seen.entry(&entry, given),
            None => problems.push(
                Problem::new(
                    format!("expected a line of fstab(5), found {:?}", given.value),
                    given.origin.clone(),
                )
                .hint("SOURCE TARGET KIND OPTIONS 0 0"),
            ),
        }
    }
    seen.finish(config, own_root, of);
}

impl Seen<'_> {
    fn auto(&mut self, config: &Config, problems: &mut Vec<Problem>) {
        for given in config.list("lxc.mount.auto") {
            for word in given.value.split_whitespace() {
                let at = given.origin.clone();
                match word {
                    "proc" | "proc:mixed" => {
                        self.proc = self.own_proc(ProcView::Writable);
                        self.read_only.extend(MIXED.map(shown));
                        self.place(&["proc", "read_only"], &at);
                    }
                    "proc:rw" => {
                        self.proc = self.own_proc(ProcView::Writable);
                        for path in MIXED {
                            self.read_only.remove(&shown(path));
                        }
                        self.place(&["proc", "read_only"], &at);
                    }
                    "sys" | "sys:mixed" | "sys:ro" => {
                        self.sys = SysView::ReadOnly;
                        self.place(&["sys"], &at);
                        if word == "sys:ro" {
                            self.workload.set(OTHER, "lxc.mount.auto", word, at);
                        }
                    }
                    "sys:rw" => {
                        self.sys = SysView::Writable;
                        self.place(&["sys"], &at);
                    }
                    _ if is_cgroup(word) || matches!(word, "shmounts" | "shmounts:") || word.starts_with("shmounts:/") => {
                        if word.starts_with("cgroup-full") && word.contains(":rw") {
                            self.losses.push(Loss::caution(
                                format!("{word} shows the host's whole tree of cgroups, writable: the container can leave its own"),
                                at.clone(),
                            ));
                        }
                        self.workload.set(OTHER, "lxc.mount.auto", word, at);
                    }
                    _ => problems.push(
                        Problem::new(format!("lxc.mount.auto knows no {word:?}"), at)
                            .hint("proc:{mixed,rw} sys:{mixed,ro,rw} cgroup[-full]:{mixed,ro,rw}[:force] shmounts:"),
                    ),
                }
            }
        }
    }

    fn own_proc(&self, view: ProcView) -> ProcView {
        if self.own_pids { view } else { ProcView::Host }
    }

    fn place(&mut self, fields: &[&'static str], at: &Origin) {
        for field in fields {
            self.places.insert(field, at.clone());
        }
    }

    fn entry(&mut self, entry: &Entry, given: &Given) {
        let at = &given.origin;
        if entry.is_bind() {
            self.bind(entry, at);
        } else {
            match entry.kind.as_str() {
                "proc" => self.proc_entry(entry, given),
                "sysfs" => self.sys_entry(entry, given),
                "tmpfs" | "ramfs" if is_kernels(&entry.target) && entry.read_only() => {
                    self.masked.insert(ShownPath(entry.target.clone()));
                    self.place(&["masked"], at);
                    return;
                }
                "tmpfs" | "ramfs" => {
                    self.temporary.insert(entry.target.clone(), size(entry));
                    self.place(&["temporary"], at);
                }
                "devpts" | "mqueue" | "cgroup" | "cgroup2" => {
                    self.workload
                        .set(OTHER, "lxc.mount.entry", given.value.clone(), at.clone());
                    return;
                }
                // A file system of a device, of the network or of layers: something of the host's.
                kind => {
                    self.binds.insert(Bind {
                        at: entry.target.clone(),
                        source: Source::Volume(format!("{kind}:{}", entry.source)),
                        access: entry.access(),
                        extra: entry.extra(),
                        propagation: entry.propagation(),
                    });
                    self.place(&["binds"], at);
                }
            }
        }
        self.options(entry, at);
    }

    fn options(&mut self, entry: &Entry, at: &Origin) {
        let others = entry.others().join(",");
        let verbatim = matches!(entry.kind.as_str(), "proc" | "sysfs") && !entry.is_bind();
        let hidden = entry.is_bind() && is_kernels(&entry.target) && (self.covers(entry));
        if !others.is_empty() && !verbatim && !hidden {
            let target = entry.target.display().to_string();
            self.workload
                .set(MOUNT_OPTIONS, &target, others, at.clone());
        }
    }

    fn covers(&self, entry: &Entry) -> bool {
        let path = ShownPath(entry.target.clone());
        self.masked.contains(&path) || self.read_only.contains(&path)
    }

    fn proc_entry(&mut self, entry: &Entry, given: &Given) {
        let hides = ["hidepid=2", "hidepid=invisible", "hidepid=4"]
            .iter()
            .any(|word| entry.has(word));
        let view = if entry.has("subset=pid") {
            ProcView::Processes
        } else if hides && entry.read_only() {
            ProcView::Own
        } else {
            ProcView::Writable
        };
        let view = self.own_proc(view);
        self.place(&["proc"], &given.origin);
        if entry.target == Path::new("/proc") {
            self.proc = view;
            return;
        }
        self.proc = self.proc.max(view);
        self.unmasked = true;
        self.elsewhere(entry, given, "/proc");
    }

    fn sys_entry(&mut self, entry: &Entry, given: &Given) {
        let view = if entry.read_only() {
            SysView::ReadOnly
        } else {
            SysView::Writable
        };
        self.place(&["sys"], &given.origin);
        if entry.target == Path::new("/sys") {
            self.sys = view;
            return;
        }
        self.sys = self.sys.max(view);
        self.elsewhere(entry, given, "/sys");
    }

    fn elsewhere(&mut self, entry: &Entry, given: &Given, what: &str) {
        self.losses.push(Loss::caution(
            format!(
                "{} shows {what} without what is covered or read-only there",
                entry.target.display()
            ),
            given.origin.clone(),
        ));
        self.workload.set(
            OTHER,
            "lxc.mount.entry",
            given.value.clone(),
            given.origin.clone(),
        );
    }

    fn bind(&mut self, entry: &Entry, at: &Origin) {
        let target = entry.target.clone();
        let source = plain(Path::new(&entry.source));
        if is_kernels(&target) && source == Path::new("/dev/null") {
            self.masked.insert(ShownPath(target));
            self.place(&["masked"], at);
            return;
        }
        if entry.has("relative") {
            // The container's own files at another of its places.
            if source == target && entry.read_only() && is_kernels(&target) {
                self.read_only.insert(ShownPath(target));
                self.place(&["read_only"], at);
            } else {
                self.losses.push(Loss::no_place(
                    "a bind mount of the container's own files",
                    format!("{} at {}", source.display(), target.display()),
                    at.clone(),
                ));
            }
            return;
        }
        if source == Path::new("/proc") {
            self.proc = ProcView::Host;
            self.place(&["proc"], at);
        }
        if source == Path::new("/sys") {
            self.sys = if entry.read_only() {
                self.sys.max(SysView::ReadOnly)
            } else {
                SysView::Writable
            };
            self.place(&["sys"], at);
        }
        if target == source && (source == Path::new("/proc") || source == Path::new("/sys")) {
            return;
        }
        if source == target
            && let Some(name) = node(&source)
        {
            self.nodes.insert(name);
            self.place(&["nodes"], at);
            return;
        }
        if target.starts_with("/sys") && source.starts_with("/sys") && source != Path::new("/sys") {
            self.losses.push(Loss::caution(
                format!(
                    "{} of the host is mounted over the container's /sys",
                    source.display()
                ),
                at.clone(),
            ));
        }
        let (access, extra, propagation) = (entry.access(), entry.extra(), entry.propagation());
        if source == target && extra == Extra::NONE && propagation == Propagation::Private {
            self.grants.insert(target, access);
            self.place(&["grants"], at);
            return;
        }
        self.binds.insert(Bind {
            at: target,
            source: Source::Host(source),
            access,
            extra,
            propagation,
        });
        self.place(&["binds"], at);
    }

    fn finish(mut self, config: &Config, own_root: bool, of: &'static str) {
        if self.unmasked {
            self.read_only.clear();
        }
        if !own_root {
            self.grants = Grants::everything().0;
        }
        let places = &self.places;
        let Files {
            grants,
            binds,
            temporary,
            proc,
            sys,
            masked,
            read_only,
            ..
        } = &mut self.workload.confinement.files;
        *grants = stated(places, "grants", of, Grants(self.grants));
        *binds = stated(places, "binds", of, Binds(self.binds));
        *temporary = stated(places, "temporary", of, Temporary(self.temporary));
        *proc = stated(places, "proc", of, self.proc);
        *sys = stated(places, "sys", of, self.sys);
        *masked = stated(places, "masked", of, Restrictions::These(self.masked));
        *read_only = stated(places, "read_only", of, Restrictions::These(self.read_only));
        super::confine::nodes(
            config,
            self.workload,
            self.nodes,
            self.places.get("nodes"),
            of,
        );
    }
}

fn stated<T>(
    places: &BTreeMap<&'static str, Origin>,
    name: &str,
    of: &'static str,
    value: T,
) -> Stated<T> {
    match places.get(name) {
        Some(origin) => Stated::set(value, origin.clone()),
        None => Stated::default_of(of, value),
    }
}

fn is_cgroup(word: &str) -> bool {
    let mut parts = word.split(':');
    let name = matches!(parts.next(), Some("cgroup" | "cgroup-full" | "cgroup2"));
    let access = parts
        .next()
        .is_none_or(|access| matches!(access, "mixed" | "ro" | "rw" | "force"));
    let force = parts.next().is_none_or(|force| force == "force");
    name && access && force && parts.next().is_none()
}

fn shown(path: &str) -> ShownPath {
    ShownPath(PathBuf::from(path))
}

/// Tells whether a path is below /proc or /sys.
pub fn is_kernels(path: &Path) -> bool {
    let below = |root: &str| path.starts_with(root) && path != Path::new(root);
    below("/proc") || below("/sys")
}

/// The name of what is below /dev, when it can be a device node.
fn node(path: &Path) -> Option<String> {
    const DIRECTORIES: [&str; 6] = ["shm", "pts", "mqueue", "hugepages", "dri", "snd"];
    let name = path.strip_prefix("/dev").ok()?.to_str()?;
    (!name.is_empty() && !DIRECTORIES.contains(&name)).then(|| name.to_owned())
}

fn size(entry: &Entry) -> Limit {
    let text = entry
        .options
        .iter()
        .rev()
        .find_map(|option| option.strip_prefix("size="));
    match text.and_then(super::cgroups::bytes) {
        // Zero is no limit in tmpfs(5).
        Some(Limit::AtMost(bytes)) if bytes > 0 => Limit::AtMost(bytes),
        _ => Limit::Unlimited,
    }
}
