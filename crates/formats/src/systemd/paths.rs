//! Files: which of the host's are there, what is mounted, what /proc and /sys show.

use super::read::Reader;
use super::values::bytes;
use crate::loss::Loss;
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{
    Access, Files, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::lattice::{Guard, Limit, Restrictions};
use casemate_model::{Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is below paths, as settings say it: reading and writing, and execution.
struct Paths {
    rights: BTreeMap<PathBuf, Access>,
    runs: BTreeMap<PathBuf, bool>,
    hidden: BTreeSet<PathBuf>,
    temporary: BTreeMap<PathBuf, Limit>,
    binds: BTreeSet<Bind>,
    last: Option<Origin>,
    last_temporary: Option<Origin>,
    last_bind: Option<Origin>,
}

impl Paths {
    // Of several settings for one path the one that permits least counts, whatever their order.
    fn say(&mut self, path: impl Into<PathBuf>, access: Access, origin: &Origin) {
        self.last = Some(origin.clone());
        self.rights
            .entry(path.into())
            .and_modify(|own| *own = own.intersection(access))
            .or_insert(access);
    }

    fn hide(&mut self, path: impl Into<PathBuf>, origin: &Origin) {
        let path = path.into();
        self.hidden.insert(path.clone());
        self.say(path, Access::NONE, origin);
    }

    fn tmpfs(&mut self, path: &str, size: Limit, origin: &Origin) {
        self.say(path, Access::NONE, origin);
        self.temporary.insert(path.into(), size);
        self.last_temporary = Some(origin.clone());
    }

    // What is below a path that is hidden is hidden, too.
    fn grants(&self) -> Grants {
        let mut paths: BTreeSet<&PathBuf> = self.rights.keys().collect();
        paths.extend(self.runs.keys());
        let near = |path: &Path| {
            path.ancestors()
                .find_map(|above| self.rights.get(above).copied())
        };
        let runs = |path: &Path| {
            path.ancestors()
                .find_map(|above| self.runs.get(above).copied())
        };
        let covered = |path: &Path| {
            let mut above = path.ancestors().skip(1);
            above.any(|above| self.hidden.contains(above))
        };
        let mut grants = BTreeMap::new();
        for path in paths {
            if covered(path) {
                continue;
            }
            let mut access = near(path).unwrap_or(Access::NONE);
            if !access.is_none() && runs(path).unwrap_or(true) {
                access = access.union(Access::RUN);
            }
            grants.insert(path.clone(), access);
        }
        Grants(grants)
    }
}

/// The prefixes of a path: `-` leaves it out when it is missing, `+` is below the unit's own root.
fn plain(word: &str) -> &str {
    word.trim_start_matches(['-', '+'])
}

impl Reader {
    /// Takes everything about files.
    pub(super) fn files(&mut self) {
        let mut paths = Paths {
            rights: BTreeMap::from([(PathBuf::from("/"), Access::WRITE)]),
            runs: BTreeMap::new(),
            hidden: BTreeSet::new(),
            temporary: BTreeMap::new(),
            binds: BTreeSet::new(),
            last: None,
            last_temporary: None,
            last_bind: None,
        };
        self.system(&mut paths);
        self.home(&mut paths);
        self.lists(&mut paths);
        self.state(&mut paths);
        self.mounts(&mut paths);
        let (root, grants) = self.root(&paths);
        let (proc, sys, masked, read_only) = self.kernel_trees();
        let files = Files {
            grants,
            root,
            binds: self.at(paths.last_bind.clone(), Binds(paths.binds)),
            temporary: self.at(paths.last_temporary.clone(), Temporary(paths.temporary)),
            proc,
            sys,
            masked,
            read_only,
            nosuid: self.default(Guard::Off),
            nodev: self.default(Guard::Off),
        };
        self.workload.confinement.files = files;
    }

    fn system(&mut self, paths: &mut Paths) {
        self.report("ProtectSystem", |word| {
            super::sandbox::system(word).is_some()
        });
        self.report("ProtectHome", |word| super::sandbox::home(word).is_some());
        let Some((word, origin)) = self.sandbox.system.clone() else {
            return;
        };
        let trees: &[&str] = match word {
            "strict" => &["/"],
            "full" => &["/usr", "/boot", "/efi", "/etc"],
            _ => &["/usr", "/boot", "/efi"],
        };
        for tree in trees {
            paths.say(*tree, Access::READ, &origin);
        }
        if word == "strict" {
            // The kernel's trees have settings of their own.
            for tree in ["/dev", "/proc", "/sys"] {
                paths.say(tree, Access::WRITE, &origin);
            }
        }
    }

    fn home(&mut self, paths: &mut Paths) {
        let Some((word, origin)) = self.sandbox.home.clone() else {
            return;
        };
        for tree in ["/home", "/root", "/run/user"] {
            match word {
                "read-only" => paths.say(tree, Access::READ, &origin),
                "tmpfs" => paths.tmpfs(tree, Limit::Unlimited, &origin),
                _ => paths.hide(tree, &origin),
            }
        }
    }

    fn lists(&mut self, paths: &mut Paths) {
        for (key, access) in [
            ("InaccessiblePaths", Access::NONE),
            ("ReadOnlyPaths", Access::READ),
            ("ReadWritePaths", Access::WRITE),
        ] {
            for (word, origin) in self.unit.words(key) {
                let Some(path) = self.absolute(key, plain(&word), &origin) else {
                    continue;
                };
                if access.is_none() {
                    paths.hide(path, &origin);
                } else {
                    paths.say(path, access, &origin);
                }
            }
        }
        for (key, runs) in [("ExecPaths", true), ("NoExecPaths", false)] {
            for (word, origin) in self.unit.words(key) {
                if let Some(path) = self.absolute(key, plain(&word), &origin) {
                    paths.runs.insert(path, runs);
                    paths.last = Some(origin);
                }
            }
        }
        if let Some(origin) = self.sandbox.at("ProtectKernelModules").cloned() {
            paths.hide("/usr/lib/modules", &origin);
        }
        if let Some(origin) = self.sandbox.at("ProtectKernelLogs").cloned() {
            paths.hide("/dev/kmsg", &origin);
        }
        if let Some(origin) = self.sandbox.at("PrivateTmp").cloned() {
            for path in ["/tmp", "/var/tmp"] {
                paths.tmpfs(path, Limit::Unlimited, &origin);
            }
        }
    }

    // A path that is not absolute is passed over; one with a specifier is kept as it is written.
    fn absolute(&mut self, key: &str, word: &str, origin: &Origin) -> Option<PathBuf> {
        if !word.starts_with(['/', '%']) {
            self.invalid(key, word, origin.clone());
            return None;
        }
        let path: PathBuf = Path::new(word).components().collect();
        Some(path)
    }

    // Directories that are made for the unit and are writable for it.
    fn state(&mut self, paths: &mut Paths) {
        for (key, tree) in [
            ("RuntimeDirectory", "/run"),
            ("StateDirectory", "/var/lib"),
            ("CacheDirectory", "/var/cache"),
            ("LogsDirectory", "/var/log"),
        ] {
            for (word, origin) in self.unit.words(key) {
                let own = word.split(':').next().unwrap_or(&word);
                if own.starts_with('/') || own.split('/').any(|part| part == "..") {
                    self.invalid(key, &word, origin);
                    continue;
                }
                if self.sandbox.system_word() == "strict" {
                    paths.say(Path::new(tree).join(own), Access::WRITE, &origin);
                }
                self.workload
                    .set("systemd-setting", key, word.clone(), origin);
            }
        }
        for (word, origin) in self.unit.words("ConfigurationDirectory") {
            self.workload
                .set("systemd-setting", "ConfigurationDirectory", word, origin);
        }
    }

    fn mounts(&mut self, paths: &mut Paths) {
        for (key, access) in [
            ("BindPaths", Access::FULL),
            ("BindReadOnlyPaths", Access::RUN),
        ] {
            for (word, origin) in self.unit.words(key) {
                self.bind(key, &word, access, &origin, paths);
            }
        }
        for (word, origin) in self.unit.words("TemporaryFileSystem") {
            let (path, options) = word.split_once(':').unwrap_or((&word, ""));
            if self
                .absolute("TemporaryFileSystem", path, &origin)
                .is_none()
            {
                continue;
            }
            let mut size = Limit::Unlimited;
            let mut read_only = false;
            for option in options.split(',').filter(|option| !option.is_empty()) {
                match option.split_once('=') {
                    None if option == "ro" => read_only = true,
                    None if matches!(option, "rw" | "nodev" | "nosuid" | "strictatime") => {}
                    Some(("size", text)) if bytes(&text.to_ascii_uppercase()).is_some() => {
                        size = bytes(&text.to_ascii_uppercase()).unwrap_or(size);
                    }
                    _ => {
                        let what = format!("TemporaryFileSystem={path}: the option");
                        self.losses
                            .push(Loss::no_place(what, option, origin.clone()));
                    }
                }
            }
            if read_only {
                paths.say(path, Access::NONE, &origin);
            } else {
                paths.tmpfs(path, size, &origin);
            }
        }
    }

    fn bind(&mut self, key: &str, word: &str, access: Access, origin: &Origin, paths: &mut Paths) {
        let mut parts = plain(word).split(':');
        let source = parts.next().unwrap_or("");
        let at = parts.next().unwrap_or(source);
        if let Some(option) = parts
            .next()
            .filter(|option| !["rbind", ""].contains(option))
        {
            if option == "norbind" {
                self.workload
                    .set("systemd-setting", key, word, origin.clone());
            } else {
                self.invalid(key, word, origin.clone());
                return;
            }
        }
        let (Some(source), Some(at)) = (
            self.absolute(key, source, origin),
            self.absolute(key, at, origin),
        ) else {
            return;
        };
        if source == at {
            let rights = if access == Access::FULL {
                Access::WRITE
            } else {
                Access::READ
            };
            paths.rights.insert(at, rights);
            paths.last = Some(origin.clone());
            return;
        }
        paths.last_bind = Some(origin.clone());
        paths.binds.insert(Bind {
            at,
            source: Source::Host(source),
            access,
            extra: Extra::ALL,
            propagation: Propagation::Slave,
        });
    }

    fn root(&mut self, paths: &Paths) -> (Stated<Root>, Stated<Grants>) {
        let own = self
            .unit
            .text("RootImage")
            .or_else(|| self.unit.text("RootDirectory"));
        let own = own.filter(|(path, _)| path != "/");
        let Some((path, origin)) = own else {
            let grants = self.at(paths.last.clone(), paths.grants());
            return (self.default(Root::Host), grants);
        };
        self.workload.image = Stated::set(path, origin.clone());
        let root = if self.sandbox.system_word() == "strict" {
            Root::ReadOnly
        } else {
            Root::Writable
        };
        for path in paths.rights.keys().filter(|path| *path != Path::new("/")) {
            let what = "what may be done below its own root at";
            let path = path.display().to_string();
            self.losses.push(Loss::no_place(what, path, origin.clone()));
        }
        let grants = Stated::set(Grants(BTreeMap::new()), origin.clone());
        (Stated::set(root, origin), grants)
    }

    #[expect(
        clippy::type_complexity,
        reason = "the four fields that settings of /proc and /sys change"
    )]
    fn kernel_trees(
        &mut self,
    ) -> (
        Stated<ProcView>,
        Stated<SysView>,
        Stated<Restrictions<ShownPath>>,
        Stated<Restrictions<ShownPath>>,
    ) {
        let mut masked: BTreeSet<ShownPath> = BTreeSet::new();
        let mut read_only: BTreeSet<ShownPath> = BTreeSet::new();
        let (mut masked_at, mut read_only_at) = (None, None);
        let shown = |paths: &[&str]| -> Vec<ShownPath> {
            paths
                .iter()
                .map(|path| ShownPath(PathBuf::from(path)))
                .collect()
        };
        let mut sys = self.default(SysView::Writable);
        if let Some(origin) = self.sandbox.at("ProtectKernelTunables") {
            masked.extend(shown(&["/proc/kallsyms", "/proc/kcore"]));
            read_only.extend(shown(&[
                "/proc/acpi",
                "/proc/fs",
                "/proc/irq",
                "/proc/latency_stats",
                "/proc/sys",
                "/proc/sysrq-trigger",
                "/proc/timer_stats",
            ]));
            sys = Stated::set(SysView::ReadOnly, origin.clone());
            (masked_at, read_only_at) = (Some(origin.clone()), Some(origin.clone()));
        }
        if let Some(origin) = self.sandbox.at("ProtectKernelLogs") {
            masked.extend(shown(&["/proc/kmsg"]));
            masked_at = Some(origin.clone());
        }
        if let Some(origin) = self.sandbox.at("ProtectControlGroups") {
            read_only.extend(shown(&["/sys/fs/cgroup"]));
            read_only_at = Some(origin.clone());
        }
        let subset = self.value("ProcSubset", |word| match word {
            "pid" => Some(true),
            "all" => Some(false),
            _ => None,
        });
        let hidden = self.value("ProtectProc", |word| match word {
            "noaccess" | "invisible" | "ptraceable" => Some(true),
            "default" => Some(false),
            _ => None,
        });
        let pids = self.sandbox.at("PrivatePIDs").cloned();
        let proc = match (subset, hidden, pids) {
            (Some((true, origin)), ..) => Stated::set(ProcView::Processes, origin),
            (_, Some((true, origin)), _) | (_, _, Some(origin)) => {
                Stated::set(ProcView::Writable, origin)
            }
            _ => self.default(ProcView::Host),
        };
        if let Some((word, origin)) = self
            .unit
            .text("ProtectProc")
            .filter(|(word, _)| word != "default")
        {
            self.workload
                .set("systemd-setting", "ProtectProc", word, origin);
        }
        (
            proc,
            sys,
            self.at(masked_at, Restrictions::These(masked)),
            self.at(read_only_at, Restrictions::These(read_only)),
        )
    }
}
