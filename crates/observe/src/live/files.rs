//! What of the host's files a process sees: its mounts, compared with the host's.

use super::Reader;
use super::identity::is_host;
use crate::host::mountinfo::{Mount, Mounts};
use casemate_model::Workload;
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::files::{
    Access, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::lattice::{Guard, Limit, Restrictions, Selection};
use casemate_model::stated::Stated;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// File systems that are the kernel's own views, and no files of the host.
const VIEWS: &[&str] = &[
    "proc",
    "sysfs",
    "cgroup",
    "cgroup2",
    "devpts",
    "mqueue",
    "securityfs",
    "debugfs",
    "tracefs",
    "bpf",
    "pstore",
    "efivarfs",
    "configfs",
    "fusectl",
    "binfmt_misc",
    "hugetlbfs",
    "selinuxfs",
    "smackfs",
    "nsfs",
    "devtmpfs",
    "resctrl",
];

/// Paths that runtimes cover. Where one does not exist there is nothing to cover.
const COVERED: &[&str] = &[
    "/proc/acpi",
    "/proc/asound",
    "/proc/interrupts",
    "/proc/iomem",
    "/proc/ioports",
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/key-users",
    "/proc/keys",
    "/proc/kmsg",
    "/proc/kpagecgroup",
    "/proc/kpagecount",
    "/proc/kpageflags",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/dev/block",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
    "/sys/fs/selinux",
];

/// Paths that runtimes make read-only.
const KEPT: &[&str] = &[
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/mtrr",
    "/proc/sys",
    "/proc/sysrq-trigger",
];

/// What the mounts of a process say of it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Seen {
    pub(super) root: Root,
    pub(super) grants: Grants,
    pub(super) binds: Binds,
    pub(super) temporary: Temporary,
    pub(super) proc: ProcView,
    pub(super) sys: SysView,
    pub(super) masked: BTreeSet<ShownPath>,
    pub(super) read_only: BTreeSet<ShownPath>,
    pub(super) nosuid: Guard,
    pub(super) nodev: Guard,
}

/// Looks at the mounts of a process beside those of the host.
pub(super) fn look(mounts: &Mounts, host: &Mounts) -> Seen {
    let visible = |mount: &&Mount| mounts.is_visible(mount);
    let mut seen = Seen {
        root: Root::None,
        grants: Grants(BTreeMap::new()),
        binds: Binds::none(),
        temporary: Temporary(BTreeMap::new()),
        proc: ProcView::Absent,
        sys: SysView::Absent,
        masked: BTreeSet::new(),
        read_only: BTreeSet::new(),
        nosuid: Guard::On,
        nodev: Guard::On,
    };
    for mount in mounts.0.iter().filter(visible) {
        let read_only = mount.has_option("ro") || super_option(mount, "ro").is_some();
        let below_view = ["/proc", "/sys"]
            .iter()
            .any(|view| mount.point.starts_with(view) && mount.point != Path::new(view));
        match mount.kind.as_str() {
            _ if mount.point == Path::new("/") => {
                // A file system in memory is made for what is mounted into it; there is nothing else.
                seen.root = match (mount.kind.as_str(), read_only) {
                    ("tmpfs", _) => Root::None,
                    (_, true) => Root::ReadOnly,
                    (_, false) => Root::Writable,
                };
                seen.weigh(mount);
            }
            "proc" if mount.point == Path::new("/proc") => {
                let hidden = matches!(
                    super_option(mount, "hidepid"),
                    Some("2" | "4" | "invisible" | "ptraceable")
                );
                seen.proc = if super_option(mount, "subset") == Some("pid") {
                    ProcView::Processes
                } else if hidden && read_only {
                    ProcView::Own
                } else {
                    ProcView::Writable
                };
                if read_only {
                    seen.read_only.insert(ShownPath(mount.point.clone()));
                }
            }
            "sysfs" if mount.point == Path::new("/sys") => {
                seen.sys = if read_only {
                    SysView::ReadOnly
                } else {
                    SysView::Writable
                };
            }
            "proc" | "sysfs" if below_view && read_only => {
                seen.read_only.insert(ShownPath(mount.point.clone()));
            }
            "tmpfs" | "devtmpfs" if below_view && is_cover(mounts, mount, read_only) => {
                seen.masked.insert(ShownPath(mount.point.clone()));
            }
            kind if VIEWS.contains(&kind) => {}
            // The base of /dev holds the device nodes only.
            "tmpfs" if mount.point == Path::new("/dev") => {}
            "tmpfs" if host_path(host, mount).is_none() => {
                let size = super_option(mount, "size").and_then(bytes);
                let size = size.map_or(Limit::Unlimited, Limit::AtMost);
                seen.temporary.0.insert(mount.point.clone(), size);
                seen.weigh(mount);
            }
            _ => {
                seen.weigh(mount);
                seen.binds.0.insert(bind(mount, host, read_only));
            }
        }
    }
    seen.grant();
    seen
}

impl Seen {
    /// What is mounted at its own place, and permits nothing beside, is what a grant is.
    fn grant(&mut self) {
        let in_place = |bind: &Bind| {
            matches!(&bind.source, Source::Host(path) if *path == bind.at)
                && bind.extra == Extra::NONE
                && bind.propagation == Propagation::Private
        };
        for bind in self.binds.0.iter().filter(|bind| in_place(bind)) {
            self.grants.0.insert(bind.at.clone(), bind.access);
        }
        self.binds.0.retain(|bind| !in_place(bind));
    }

    /// Every file system with files of somebody's has to have the flag.
    fn weigh(&mut self, mount: &Mount) {
        for (option, guard) in [("nosuid", &mut self.nosuid), ("nodev", &mut self.nodev)] {
            if !mount.has_option(option) {
                *guard = Guard::Off;
            }
        }
    }
}

/// An empty file or directory on top of something: the null device, or an empty read-only file system.
fn is_cover(mounts: &Mounts, mount: &Mount, read_only: bool) -> bool {
    // What others are mounted into is not empty.
    if mounts.0.iter().any(|other| other.parent == mount.id) {
        return false;
    }
    mount.root == Path::new("/null") || read_only || super_option(mount, "size") == Some("0k")
}

fn bind(mount: &Mount, host: &Mounts, read_only: bool) -> Bind {
    let mut access = if read_only {
        Access::READ
    } else {
        Access::WRITE
    };
    if !mount.has_option("noexec") {
        access = access.union(Access::RUN);
    }
    let mut extra = Extra::NONE;
    for (option, what) in [("nodev", Extra::DEVICES), ("nosuid", Extra::SETUID)] {
        if !mount.has_option(option) {
            extra = extra.union(what);
        }
    }
    let source = host_path(host, mount).map_or_else(
        || Source::Volume(format!("{}:{}", mount.kind, mount.source.to_string_lossy())),
        Source::Host,
    );
    let tag = |name: &str| {
        mount
            .propagation
            .split(' ')
            .any(|word| word.starts_with(name))
    };
    Bind {
        at: mount.point.clone(),
        source,
        access,
        extra,
        propagation: match (tag("shared:"), tag("master:")) {
            (_, true) => Propagation::Slave,
            // A group of its own, which nobody outside is in, looks the same: the host's own group is what counts.
            (true, false) if shares(host, mount) => Propagation::Shared,
            _ => Propagation::Private,
        },
    }
}

/// Tells whether the host has a mount in the same peer group.
fn shares(host: &Mounts, mount: &Mount) -> bool {
    let group = |mount: &Mount| {
        let mut tags = mount.propagation.split(' ');
        tags.find_map(|tag| tag.strip_prefix("shared:"))
            .map(str::to_owned)
    };
    let own = group(mount);
    own.is_some() && host.0.iter().any(|other| group(other) == own)
}

/// Where the host has the part of a file system that a mount shows: the mount that shows the least around it.
fn host_path(host: &Mounts, mount: &Mount) -> Option<PathBuf> {
    host.0
        .iter()
        .filter(|other| other.device == mount.device && host.is_visible(other))
        .filter_map(|other| {
            let rest = mount.root.strip_prefix(&other.root).ok()?;
            let path = if rest.as_os_str().is_empty() {
                other.point.clone()
            } else {
                other.point.join(rest)
            };
            Some((other.root.components().count(), path))
        })
        .max_by_key(|(depth, _)| *depth)
        .map(|(_, path)| path)
}

fn super_option<'m>(mount: &'m Mount, name: &str) -> Option<&'m str> {
    mount
        .super_options
        .split(',')
        .find_map(|option| match option.split_once('=') {
            Some((key, value)) => (key == name).then_some(value),
            None => (option == name).then_some(""),
        })
}

/// Reads the size of a tmpfs, which the kernel shows in units of 1024 bytes.
fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = match text.strip_suffix(['k', 'K']) {
        Some(number) => (number, 1024),
        None => (text, 1),
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

impl Reader {
    pub(super) fn files(&mut self, workload: &mut Workload) {
        self.image(workload);
        let fields = [
            "root",
            "binds",
            "temporary",
            "proc",
            "sys",
            "masked",
            "read_only",
            "nosuid",
            "nodev",
        ];
        let mounts = match self.process.read("mountinfo") {
            Ok(text) => Mounts::parse(&text),
            Err(error) => return self.unreadable("files", &fields, "mountinfo", &error),
        };
        let at_host_root = is_host(&self.confinement.namespaces.mount)
            && self
                .process
                .link("root")
                .is_ok_and(|root| root == Path::new("/"));
        if at_host_root {
            return self.host_files();
        }
        let host = fs::read("/proc/1/mountinfo").or_else(|_| fs::read("/proc/self/mountinfo"));
        let host = host.map(|text| Mounts::parse(&text)).unwrap_or_default();
        let mut seen = look(&mounts, &host);
        if is_host(&self.confinement.namespaces.pid) && seen.proc != ProcView::Absent {
            seen.proc = ProcView::Host;
        }
        self.add_absent(&mut seen);
        let origin = self.origin("mountinfo");
        let files = &mut self.confinement.files;
        files.root = Stated::set(seen.root, origin.clone());
        files.grants = Stated::set(seen.grants, origin.clone());
        files.binds = Stated::set(seen.binds, origin.clone());
        files.temporary = Stated::set(seen.temporary, origin.clone());
        files.proc = Stated::set(seen.proc, origin.clone());
        files.sys = Stated::set(seen.sys, origin.clone());
        files.masked = Stated::set(Restrictions::These(seen.masked), origin.clone());
        files.read_only = Stated::set(Restrictions::These(seen.read_only), origin.clone());
        files.nodev = Stated::set(seen.nodev, origin.clone());
        // With no_new_privs the bits do nothing wherever they are.
        if self.confinement.capabilities.no_new_privs.value() == Some(&Guard::On) {
            seen.nosuid = Guard::On;
        }
        self.confinement.files.nosuid = Stated::set(seen.nosuid, origin);
        self.nodes();
    }

    /// What is not there is as good as covered, and a read-only file system needs no read-only places.
    fn add_absent(&self, seen: &mut Seen) {
        let absent = |path: &str| {
            let inside = self.process.path(&format!("root{path}"));
            fs::symlink_metadata(inside)
                .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        };
        let shown = |path: &str| ShownPath(PathBuf::from(path));
        let gone = COVERED.iter().filter(|path| absent(path));
        seen.masked.extend(gone.map(|path| shown(path)));
        let proc_read_only = seen.proc <= ProcView::Own || seen.read_only.contains(&shown("/proc"));
        let kept = KEPT.iter().filter(|path| proc_read_only || absent(path));
        seen.read_only.extend(kept.map(|path| shown(path)));
    }

    fn host_files(&mut self) {
        let origin = self.origin("ns/mnt");
        let files = &mut self.confinement.files;
        files.root = Stated::set(Root::Host, origin.clone());
        files.grants = Stated::set(Grants::everything(), origin.clone());
        files.binds = Stated::set(Binds::none(), origin.clone());
        files.temporary = Stated::set(Temporary(BTreeMap::new()), origin.clone());
        files.proc = Stated::set(ProcView::Host, origin.clone());
        files.sys = Stated::set(SysView::Writable, origin.clone());
        files.masked = Stated::set(Restrictions::These(BTreeSet::new()), origin.clone());
        files.read_only = Stated::set(Restrictions::These(BTreeSet::new()), origin.clone());
        files.nosuid = Stated::set(Guard::Off, origin.clone());
        files.nodev = Stated::set(Guard::Off, origin.clone());
        self.confinement.devices.nodes = Stated::set(Selection::All, origin);
        self.terminal(Terminal::Inherited);
    }

    /// The device nodes below its /dev.
    fn nodes(&mut self) {
        self.terminal(Terminal::Own);
        match self.process.list("root/dev") {
            Ok(names) => {
                let is_node = |name: &String| {
                    let path = self.process.path(&format!("root/dev/{name}"));
                    fs::symlink_metadata(path).is_ok_and(|found| {
                        let kind = found.file_type();
                        kind.is_char_device() || kind.is_block_device()
                    })
                };
                let nodes: BTreeSet<String> = names.into_iter().filter(is_node).collect();
                self.confinement.devices.nodes = self.set(Selection::Only(nodes), "root/dev");
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.confinement.devices.nodes = self.set(Selection::none(), "root/dev");
            }
            Err(error) => self.unreadable("devices", &["nodes"], "root/dev", &error),
        }
    }

    /// The controlling terminal: the seventh field of proc_pid_stat(5), counted after the command's name.
    fn terminal(&mut self, when_it_has_one: Terminal) {
        match self.process.text("stat") {
            Ok(text) => {
                let after = text.rsplit_once(')').map_or("", |(_, rest)| rest);
                let number = after.split_whitespace().nth(4);
                let terminal = if number == Some("0") {
                    Terminal::None
                } else {
                    when_it_has_one
                };
                self.confinement.devices.terminal = self.set(terminal, "stat");
            }
            Err(error) => self.unreadable("devices", &["terminal"], "stat", &error),
        }
    }

    fn image(&self, workload: &mut Workload) {
        if let Ok(root) = self.process.link("root") {
            workload.image = Stated::set(root.to_string_lossy().into_owned(), self.origin("root"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_told_from_the_host() {
        let host = Mounts::parse(
            b"1 0 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n2 1 8:2 / /srv rw shared:2 - ext4 /dev/sdb1 rw\n",
        );
        let inside = Mounts::parse(
            b"10 1 0:40 / / ro - overlay overlay rw\n\
              11 10 0:41 / /proc rw,nosuid - proc proc rw\n\
              12 11 0:41 /sys /proc/sys ro - proc proc rw\n\
              13 11 0:42 /null /proc/keys rw,nosuid - tmpfs tmpfs rw,size=65536k\n\
              14 10 0:43 / /sys ro - sysfs sysfs ro\n\
              15 10 0:42 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k\n\
              16 10 8:2 /web/data /data ro,nosuid,nodev master:2 - ext4 /dev/sdb1 rw\n",
        );
        let seen = look(&inside, &host);
        assert_eq!(
            (seen.root, seen.proc, seen.sys),
            (Root::ReadOnly, ProcView::Writable, SysView::ReadOnly)
        );
        assert_eq!(seen.masked.len(), 1);
        assert_eq!(seen.read_only.len(), 1);
        let binds: Vec<String> = seen.binds.0.iter().map(ToString::to_string).collect();
        assert_eq!(binds, ["run:/srv/web/data@/data,slave"]);
    }
}
