//! Files.

use super::read::{OF, Reader};
use crate::loss::Loss;
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{
    Access, Files, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::lattice::{Guard, Limit, Restrictions};
use casemate_model::{Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is read-only in every sandbox.
const READ_ONLY: [&str; 9] = [
    "/bin", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/sbin", "/usr", "/var",
];
/// What is covered below /proc and /sys.
const MASKED: [&str; 25] = [
    "/proc/bus",
    "/proc/irq",
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/kmem",
    "/proc/mem",
    "/proc/sched_debug",
    "/proc/sys/efi/vars",
    "/proc/sys/fs/binfmt_misc",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hotplug",
    "/proc/sys/kernel/modprobe",
    "/proc/sys/security",
    "/proc/sys/vm/panic_on_oom",
    "/proc/sysrq-trigger",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/firmware",
    "/sys/fs",
    "/sys/hypervisor",
    "/sys/kernel/debug",
    "/sys/kernel/uevent_helper",
    "/sys/kernel/vmcoreinfo",
    "/sys/module",
    "/sys/power",
];
/// Directories of programs.
const PROGRAMS: [&str; 8] = [
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/usr/local/games",
    "/usr/games",
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
];
/// Directories of the user's, by macro.
const PLACES: [(&str, &str); 9] = [
    ("${DESKTOP}", "Desktop"),
    ("${DOCUMENTS}", "Documents"),
    ("${DOWNLOADS}", "Downloads"),
    ("${MUSIC}", "Music"),
    ("${PICTURES}", "Pictures"),
    ("${PROJECTS}", "Projects"),
    ("${PUBLICSHARE}", "Public"),
    ("${TEMPLATES}", "Templates"),
    ("${VIDEOS}", "Videos"),
];

/// The view of files as it is built up.
struct View {
    grants: BTreeMap<PathBuf, Access>,
    temporary: BTreeMap<PathBuf, Limit>,
    binds: BTreeSet<Bind>,
    last: Option<Origin>,
    last_temporary: Option<Origin>,
    last_bind: Option<Origin>,
}

impl View {
    fn access(&self, path: &Path) -> Access {
        path.ancestors()
            .find_map(|above| self.grants.get(above))
            .copied()
            .unwrap_or(Access::NONE)
    }

    // What lies below a path stands behind it in the order of paths.
    fn below(&mut self, path: &Path) -> impl Iterator<Item = &mut Access> {
        let path = path.to_owned();
        let from = self.grants.range_mut(path.clone()..);
        from.take_while(move |(at, _)| at.starts_with(&path))
            .map(|(_, access)| access)
    }

    fn hide(&mut self, path: &Path, origin: Option<&Origin>) {
        remove_below(&mut self.grants, path);
        remove_below(&mut self.temporary, path);
        self.grants.insert(path.to_owned(), Access::NONE);
        self.last = origin.cloned().or(self.last.take());
    }

    fn change(&mut self, path: &Path, origin: Option<&Origin>, change: impl Fn(Access) -> Access) {
        let own = self.access(path);
        self.grants.entry(path.to_owned()).or_insert(own);
        for access in self.below(path) {
            *access = change(*access);
        }
        self.last = origin.cloned().or(self.last.take());
    }

    fn tmpfs(&mut self, path: &Path, origin: Option<&Origin>) {
        self.hide(path, origin);
        self.temporary.insert(path.to_owned(), Limit::Unlimited);
        self.last_temporary = origin.cloned().or(self.last_temporary.take());
    }
}

fn remove_below<T>(map: &mut BTreeMap<PathBuf, T>, path: &Path) {
    let from = map.range(path.to_owned()..);
    let below: Vec<PathBuf> = from
        .take_while(|(at, _)| at.starts_with(path))
        .map(|(at, _)| at.clone())
        .collect();
    for at in below {
        map.remove(&at);
    }
}

fn without_write(access: Access) -> Access {
    access.intersection(Access::RUN)
}

fn without_run(access: Access) -> Access {
    access.intersection(Access::WRITE)
}

fn stated<T>(at: Option<Origin>, value: T) -> Stated<T> {
    match at {
        Some(origin) => Stated::set(value, origin),
        None => Stated::default_of(OF, value),
    }
}

impl Reader {
    /// Takes files.
    pub(super) fn files(&mut self) {
        let mut view = View {
            grants: BTreeMap::from([(PathBuf::from("/"), Access::FULL)]),
            temporary: BTreeMap::new(),
            binds: BTreeSet::new(),
            last: None,
            last_temporary: None,
            last_bind: None,
        };
        self.basic(&mut view);
        self.private(&mut view);
        self.whitelist(&mut view);
        self.rules(&mut view);
        let masked = MASKED
            .iter()
            .map(|path| ShownPath(PathBuf::from(path)))
            .collect();
        let read_only = BTreeSet::from([ShownPath(PathBuf::from("/proc/sys"))]);
        self.workload.confinement.files = Files {
            grants: stated(view.last, Grants(view.grants)),
            root: stated(None, Root::Host),
            binds: stated(view.last_bind, Binds(view.binds)),
            temporary: stated(view.last_temporary, Temporary(view.temporary)),
            proc: stated(None, ProcView::Writable),
            sys: stated(None, SysView::ReadOnly),
            masked: stated(None, Restrictions::These(masked)),
            read_only: stated(None, Restrictions::These(read_only)),
            nosuid: stated(None, Guard::Off),
            nodev: stated(None, Guard::Off),
        };
    }

    // What Firejail does whatever the profile says.
    fn basic(&mut self, view: &mut View) {
        for path in READ_ONLY {
            let directive = match path {
                "/etc" => "writable-etc",
                "/var" => "writable-var",
                _ => "",
            };
            if self.last(directive).is_none() {
                view.change(Path::new(path), None, without_write);
                if self.uid != 0 && !directive.is_empty() {
                    view.change(Path::new(path), None, without_run);
                }
            }
        }
        for (path, keep) in [
            ("/var/lock", ""),
            ("/var/tmp", "keep-var-tmp"),
            ("/var/log", "writable-var-log"),
        ] {
            if self.last(keep).is_none() {
                view.tmpfs(Path::new(path), None);
            }
        }
        if self.last("writable-var-log").is_some() {
            view.grants.insert("/var/log".into(), Access::WRITE);
        }
        if self.last("allow-debuggers").is_none() {
            for path in ["/usr/src/linux", "/lib/modules", "/usr/lib/debug", "/boot"] {
                view.hide(Path::new(path), None);
            }
        }
        let mut hidden = vec!["/selinux".to_owned(), "/dev/port".to_owned()];
        if self.uid != 0 {
            hidden.extend(["/dev/kmsg", "/proc/kmsg"].map(str::to_owned));
        }
        if self.last("writable-run-user").is_none() {
            hidden
                .extend(["gnupg", "systemd"].map(|name| format!("/run/user/{}/{name}", self.uid)));
        }
        // Other users' homes are not there.
        if self.last("allusers").is_none() && self.home.starts_with("/home/") {
            view.hide(Path::new("/home"), None);
            view.grants.insert(self.home.clone().into(), Access::FULL);
            hidden.push("/root".to_owned());
        }
        for path in hidden {
            view.hide(Path::new(&path), None);
        }
    }

    fn private(&mut self, view: &mut View) {
        let home = PathBuf::from(&self.home);
        for line in self.lines.clone() {
            let at = Some(&line.origin);
            match line.name {
                "private" if line.value.is_empty() => view.tmpfs(&home, at),
                "private-home" => view.tmpfs(&home, at),
                "private" => {
                    view.hide(&home, at);
                    for source in self.paths(&line.value) {
                        view.binds.insert(bind(&source, &home));
                        view.last_bind = Some(line.origin.clone());
                    }
                }
                "private-tmp" => view.tmpfs(Path::new("/tmp"), at),
                "private-cache" => view.tmpfs(&home.join(".cache"), at),
                "disable-mnt" => {
                    for path in ["/mnt", "/media", "/run/mount", "/run/media"] {
                        view.hide(Path::new(path), at);
                    }
                }
                "private-bin" => {
                    for directory in PROGRAMS {
                        view.hide(Path::new(directory), at);
                        only(view, directory, &line.value, Access::RUN);
                    }
                }
                "private-etc" | "private-opt" | "private-srv" => {
                    let directory = line.name.replace("private-", "/");
                    let access = if line.name == "private-etc" {
                        Access::READ
                    } else {
                        Access::RUN
                    };
                    view.hide(Path::new(&directory), at);
                    if line.value != "none" {
                        only(view, &directory, &line.value, access);
                    }
                }
                _ => {}
            }
        }
    }

    // In a directory that has a whitelist nothing else is there.
    fn whitelist(&mut self, view: &mut View) {
        let mut not: Vec<String> = Vec::new();
        let mut tops: BTreeSet<PathBuf> = BTreeSet::new();
        let before = view.grants.clone();
        for line in self.lines.clone() {
            match line.name {
                "nowhitelist" => not.extend(self.paths(&line.value)),
                "whitelist" | "whitelist-ro" => {
                    for path in self.paths(&line.value) {
                        if not.contains(&path) || !path.starts_with('/') {
                            let why = "it is taken back by nowhitelist, or names no place";
                            let what = format!("whitelist {path}");
                            self.losses
                                .push(Loss::ignored(what, why, line.origin.clone()));
                            continue;
                        }
                        let top = self.top(&path);
                        if tops.insert(top.clone()) {
                            view.tmpfs(&top, Some(&line.origin));
                        }
                        let place = self.fixed(&path, "whitelist", &line.origin);
                        let there = place
                            .ancestors()
                            .find_map(|above| before.get(above))
                            .copied();
                        let mut access = there.unwrap_or(Access::NONE);
                        if line.name == "whitelist-ro" {
                            access = without_write(access);
                        }
                        view.grants.insert(place, access);
                        view.last = Some(line.origin.clone());
                    }
                }
                _ => {}
            }
        }
    }

    // The directory that a whitelist empties.
    fn top(&self, path: &str) -> PathBuf {
        let own = [
            self.home.clone(),
            format!("/run/user/{}", self.uid),
            "/usr/share".to_owned(),
            "/sys/module".to_owned(),
        ];
        let path = Path::new(path);
        let found = own
            .iter()
            .find(|top| path.starts_with(top) && path != Path::new(top.as_str()));
        found.map_or_else(|| path.components().take(2).collect(), PathBuf::from)
    }

    // The place of a pattern: the directory before the first part that is one.
    fn fixed(&mut self, path: &str, directive: &str, origin: &Origin) -> PathBuf {
        if !is_pattern(path) {
            return PathBuf::from(path);
        }
        let what = format!("{directive} {path}");
        self.losses.push(Loss::no_place(
            what,
            "(a pattern: its directory is granted)",
            origin.clone(),
        ));
        let parts = Path::new(path).components();
        parts
            .take_while(|part| !is_pattern(&part.as_os_str().to_string_lossy()))
            .collect()
    }

    fn rules(&mut self, view: &mut View) {
        let mut not: BTreeSet<String> = BTreeSet::new();
        let mut patterns: Vec<String> = Vec::new();
        for line in self.lines.clone() {
            let origin = &line.origin;
            if line.name == "noblacklist" {
                let (some, exact): (Vec<String>, Vec<String>) = self
                    .paths(&line.value)
                    .into_iter()
                    .partition(|path| is_pattern(path));
                not.extend(exact);
                patterns.extend(some);
                continue;
            }
            if !matches!(
                line.name,
                "blacklist"
                    | "blacklist-nolog"
                    | "read-only"
                    | "read-write"
                    | "noexec"
                    | "tmpfs"
                    | "bind"
            ) {
                continue;
            }
            if line.name == "bind" {
                self.bind(view, &line.value, origin);
                continue;
            }
            for path in self.paths(&line.value) {
                if line.name.starts_with("blacklist")
                    && (not.contains(&path) || patterns.iter().any(|kept| matches(kept, &path)))
                {
                    let why = "noblacklist keeps it";
                    let what = format!("{} {path}", line.name);
                    self.losses.push(Loss::ignored(what, why, origin.clone()));
                    continue;
                }
                if is_pattern(&path) {
                    self.losses
                        .push(Loss::no_place(line.name, path, origin.clone()));
                    continue;
                }
                let place = PathBuf::from(&path);
                let at = Some(origin);
                match line.name {
                    "blacklist" | "blacklist-nolog" => view.hide(&place, at),
                    "read-only" => view.change(&place, at, without_write),
                    "noexec" => view.change(&place, at, without_run),
                    "tmpfs" => view.tmpfs(&place, at),
                    _ => view.change(&place, at, |access| {
                        if access.is_none() {
                            access
                        } else {
                            access.union(Access::WRITE)
                        }
                    }),
                }
            }
        }
    }

    fn bind(&mut self, view: &mut View, value: &str, origin: &Origin) {
        let Some((source, at)) = value.split_once(',') else {
            self.losses.push(Loss::not_understood(
                format!("bind {value}"),
                origin.clone(),
            ));
            return;
        };
        for (source, at) in self.paths(source).iter().zip(self.paths(at)) {
            view.binds.insert(bind(source, Path::new(&at)));
            view.last_bind = Some(origin.clone());
        }
    }

    // A path with its macros replaced: several for `${PATH}`.
    fn paths(&self, value: &str) -> Vec<String> {
        let value = value.trim_matches('"');
        if let Some(rest) = value.strip_prefix("${PATH}") {
            return PROGRAMS
                .iter()
                .map(|directory| format!("{directory}{rest}"))
                .collect();
        }
        let home = value
            .strip_prefix("${HOME}")
            .or_else(|| value.strip_prefix('~'));
        if let Some(rest) = home {
            return vec![format!("{}{rest}", self.home)];
        }
        if let Some(rest) = value.strip_prefix("${RUNUSER}") {
            return vec![format!("/run/user/{}{rest}", self.uid)];
        }
        if let Some(rest) = value.strip_prefix("${CFG}") {
            return vec![format!("/etc/firejail{rest}")];
        }
        for (macro_name, directory) in PLACES {
            if let Some(rest) = value.strip_prefix(macro_name) {
                return vec![format!("{}/{directory}{rest}", self.home)];
            }
        }
        vec![value.to_owned()]
    }
}

fn bind(source: &str, at: &Path) -> Bind {
    Bind {
        at: at.to_owned(),
        source: Source::Host(PathBuf::from(source)),
        access: Access::FULL,
        extra: Extra::ALL,
        propagation: Propagation::Slave,
    }
}

// The files of a list are there, and nothing else of the directory.
fn only(view: &mut View, directory: &str, list: &str, access: Access) {
    for name in list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        // Of a pattern the directory is granted.
        let place = if is_pattern(name) {
            PathBuf::from(directory)
        } else {
            Path::new(directory).join(name)
        };
        view.grants.insert(place, access);
    }
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// Matches a pattern of `*` and `?`, as noblacklist has it; a `*` takes slashes, too.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), path.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < path.len() {
        let here = pattern.get(p).copied();
        if here == Some('*') {
            back = Some((p, t));
            p += 1;
        } else if here.is_some() && (here == Some('?') || here == path.get(t).copied()) {
            p += 1;
            t += 1;
        } else if let Some((star, at)) = back {
            p = star + 1;
            t = at + 1;
            back = Some((star, t));
        } else {
            return false;
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|c| *c == '*')
}
