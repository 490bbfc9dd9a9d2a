//! Reads a command line.

use super::schema::{self, OPTIONS};
use crate::engine::shell::{Surroundings, Word, commands};
use crate::launched::{self, mounts::Mounts};
use crate::loss::Loss;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::facets::binds::Extra;
use casemate_model::facets::files::{Access, ProcView, Root, ShownPath, SysView};
use casemate_model::facets::ids::{IdMap, IdRange, InsideId};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::Reach;
use casemate_model::lattice::{Guard, Label, Limit, Restrictions, Selection};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::names::suggest;
use casemate_model::{Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The format.
pub const FORMAT: Format = Format {
    name: "bubblewrap",
    about: "a command line of bwrap",
    files: &[".bwrap"],
    detect,
    read,
    write: Some(super::write::write),
};

/// Whose defaults fill what is left out.
pub(super) const OF: &str = "bubblewrap@0.8";

/// Nodes that `--dev` makes.
pub(super) const NODES: [&str; 14] = [
    "core", "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout",
    "tty", "urandom", "zero",
];

fn detect(_: &Path, bytes: &[u8]) -> Likeness {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let word = first.and_then(|line| line.split(u8::is_ascii_whitespace).next());
    match word {
        Some(b"bwrap" | b"/usr/bin/bwrap") => Likeness::Certain,
        _ => Likeness::No,
    }
}

struct Reader<'a> {
    text: &'a Text<'a>,
    losses: Vec<Loss>,
    problems: Vec<Problem>,
    workload: Workload,
    mounts: Mounts,
    root: bool,
    last_mount: Option<Origin>,
    size: Option<Limit>,
    capabilities: (CapabilitySet, Option<Origin>),
    variables: BTreeMap<String, Variable>,
    cleared: Option<Origin>,
    shares_net: bool,
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let found = commands(&text, &Surroundings::of(context))?;
    let whole = text.origin(0, text.text.len());
    let [command] = found.as_slice() else {
        let what = format!("one command is expected, and there are {}", found.len());
        return Err(Problem::new(what, whole).into());
    };
    let mut workload = Workload::new("", "command", whole.clone());
    workload.confinement = launched::confinement(OF, context.caller);
    let root = context.caller.uid == 0;
    let mut reader = Reader {
        text: &text,
        losses: Vec::new(),
        problems: Vec::new(),
        workload,
        mounts: Mounts::new(),
        root,
        last_mount: None,
        size: None,
        capabilities: (
            if root {
                CapabilitySet::ALL
            } else {
                CapabilitySet::EMPTY
            },
            None,
        ),
        variables: BTreeMap::new(),
        cleared: None,
        shares_net: false,
    };
    reader.basis(context.caller.uid, context.caller.gid);
    reader.command(command);
    reader.finish(&whole);
    if !reader.problems.is_empty() {
        return Err(ReadError {
            problems: reader.problems,
        });
    }
    Ok(Reading {
        workloads: vec![reader.workload],
        losses: reader.losses,
    })
}

impl Reader<'_> {
    fn place(&self, word: &Word) -> Origin {
        self.text.origin(word.start, word.end)
    }

    // What bwrap does whatever its options are.
    fn basis(&mut self, uid: u32, gid: u32) {
        let c = &mut self.workload.confinement;
        c.namespaces.mount = Stated::default_of(OF, Placement::New);
        c.capabilities.no_new_privs = Stated::default_of(OF, Guard::On);
        c.files.root = Stated::default_of(OF, Root::None);
        c.files.nosuid = Stated::default_of(OF, Guard::On);
        c.files.sys = Stated::default_of(OF, SysView::Absent);
        c.files.proc = Stated::default_of(OF, ProcView::Absent);
        c.devices.nodes = Stated::default_of(OF, Selection::none());
        if !self.root {
            c.namespaces.user = Stated::default_of(OF, Placement::New);
            c.ids.uid_map = Stated::default_of(OF, one(uid, uid));
            c.ids.gid_map = Stated::default_of(OF, one(gid, gid));
            c.ids.setgroups = Stated::default_of(OF, casemate_model::lattice::Permit::Denied);
        }
    }

    fn command(&mut self, words: &[Word]) {
        let mut at = 1;
        while let Some(word) = words.get(at).filter(|word| word.text.starts_with('-')) {
            at += 1;
            if word.text == "--" {
                break;
            }
            let Some((name, takes)) = schema::find(&word.text) else {
                let names = OPTIONS.iter().map(|(name, _)| *name);
                let what = format!("{:?} is no option of bwrap", word.text);
                let mut problem = Problem::new(what, self.place(word));
                if let Some(near) = suggest::nearest(&word.text, names) {
                    problem = problem.hint(format!("perhaps {near}?"));
                }
                self.problems.push(problem);
                return;
            };
            let Some(values) = words.get(at..at + takes) else {
                let what = format!("{name} needs {takes} words");
                self.problems.push(Problem::new(what, self.place(word)));
                return;
            };
            at += takes;
            let end = values.last().map_or(word.end, |last| last.end);
            let origin = self.text.origin(word.start, end);
            let values: Vec<&str> = values.iter().map(|word| word.text.as_str()).collect();
            self.option(name, &values, origin);
        }
        let rest = words.get(at..).unwrap_or_default();
        let Some((first, last)) = rest.first().zip(rest.last()) else {
            let end = words.last().map_or(0, |word| word.end);
            self.problems.push(Problem::new(
                "no command is given",
                self.text.origin(0, end),
            ));
            return;
        };
        let origin = self.text.origin(first.start, last.end);
        let command = rest.iter().map(|word| OsString::from(&word.text)).collect();
        self.workload.program.command = Stated::set(command, origin);
    }

    fn option(&mut self, name: &'static str, values: &[&str], origin: Origin) {
        let first = values.first().copied().unwrap_or("");
        let second = values.get(1).copied().unwrap_or("");
        match name {
            "--bind" | "--bind-try" => {
                self.bind(first, second, Access::FULL, Extra::NONE, name, origin);
            }
            "--ro-bind" | "--ro-bind-try" => {
                self.bind(first, second, Access::RUN, Extra::NONE, name, origin);
            }
            "--dev-bind" | "--dev-bind-try" => {
                self.bind(first, second, Access::FULL, Extra::DEVICES, name, origin);
            }
            "--tmpfs" => {
                let size = self.size.take().unwrap_or(Limit::Unlimited);
                self.mounts.tmpfs(first, size);
                self.last_mount = Some(origin);
            }
            "--size" => match first.parse().ok().filter(|bytes| *bytes > 0) {
                Some(bytes) => self.size = Some(Limit::AtMost(bytes)),
                None => self.wrong(name, first, origin),
            },
            "--proc" => {
                self.mounts.proc(first);
                self.last_mount = Some(origin);
            }
            "--dev" => {
                self.mounts.dev(first);
                self.last_mount = Some(origin);
            }
            "--remount-ro" => {
                self.mounts.read_only(first);
                self.last_mount = Some(origin);
            }
            "--cap-add" | "--cap-drop" => self.capability(name, first, origin),
            "--setenv" => {
                self.variables
                    .insert(first.to_owned(), Variable::Text(second.to_owned()));
                self.workload
                    .set("bubblewrap-setenv", first, second, origin);
            }
            "--unsetenv" => {
                self.variables.remove(first);
                self.workload.set("bubblewrap-unsetenv", first, "", origin);
            }
            "--clearenv" => {
                self.variables.clear();
                self.cleared = Some(origin);
            }
            "--chdir" => {
                self.workload.program.directory = Stated::set(PathBuf::from(first), origin);
            }
            "--seccomp" | "--add-seccomp-fd" => {
                let what = format!("{name} {first}: the filter");
                self.losses
                    .push(Loss::elsewhere(what, "what the descriptor brings", origin));
            }
            "--args" | "--userns" | "--userns2" | "--pidns" | "--bind-fd" | "--ro-bind-fd" => {
                let what = format!("{name} {}", values.join(" "));
                self.losses
                    .push(Loss::elsewhere(what, "what the descriptor brings", origin));
            }
            _ => self.namespace_or_id(name, first, values, origin),
        }
    }

    fn namespace_or_id(
        &mut self,
        name: &'static str,
        first: &str,
        values: &[&str],
        origin: Origin,
    ) {
        let c = &mut self.workload.confinement;
        let new = || Stated::set(Placement::New, origin.clone());
        match name {
            "--unshare-user" | "--unshare-user-try" => c.namespaces.user = new(),
            "--unshare-ipc" => c.namespaces.ipc = new(),
            "--unshare-pid" => c.namespaces.pid = new(),
            "--unshare-net" => c.namespaces.net = new(),
            "--unshare-uts" => c.namespaces.uts = new(),
            "--unshare-cgroup" | "--unshare-cgroup-try" => c.namespaces.cgroup = new(),
            "--unshare-all" => {
                let n = &mut c.namespaces;
                for place in [
                    &mut n.user,
                    &mut n.ipc,
                    &mut n.pid,
                    &mut n.net,
                    &mut n.uts,
                    &mut n.cgroup,
                ] {
                    *place = new();
                }
            }
            "--share-net" => self.shares_net = true,
            "--hostname" => c.namespaces.hostname = Stated::set(Label(first.to_owned()), origin),
            "--new-session" => c.kernel.session = Stated::set(Guard::On, origin),
            "--die-with-parent" => c.kernel.parent_death = Stated::set(Guard::On, origin),
            "--exec-label" => {
                c.mac.selinux = Stated::set(SecurityLabel::Named(first.to_owned()), origin);
            }
            "--uid" | "--gid" => match first.parse() {
                Ok(id) if name == "--uid" => c.ids.uid = Stated::set(InsideId(id), origin),
                Ok(id) => c.ids.gid = Stated::set(InsideId(id), origin),
                Err(_) => self.wrong(name, first, origin),
            },
            // What is made inside, and what only the caller sees.
            _ => self
                .workload
                .set("bubblewrap-option", name, values.join(" "), origin),
        }
    }

    fn wrong(&mut self, name: &str, value: &str, origin: Origin) {
        let what = format!("{name} has no value {value:?}");
        self.problems.push(Problem::new(what, origin));
    }

    fn bind(
        &mut self,
        source: &str,
        at: &str,
        access: Access,
        extra: Extra,
        name: &'static str,
        origin: Origin,
    ) {
        if name.ends_with("-try") {
            self.workload.set(
                "bubblewrap-option",
                name,
                format!("{source} {at}"),
                origin.clone(),
            );
        }
        self.mounts.bind(source, at, access, extra);
        self.last_mount = Some(origin);
    }

    fn capability(&mut self, name: &'static str, value: &str, origin: Origin) {
        let set = match value {
            "ALL" | "all" => CapabilitySet::ALL,
            _ => match Capability::from_name(value) {
                Some(capability) => CapabilitySet::EMPTY.with(capability),
                None => return self.wrong(name, value, origin),
            },
        };
        let own = self.capabilities.0;
        let all = if name == "--cap-add" {
            own.union(set)
        } else {
            own.difference(set)
        };
        self.capabilities = (all, Some(origin));
    }

    fn finish(&mut self, whole: &Origin) {
        let mount = self.last_mount.clone().unwrap_or_else(|| whole.clone());
        self.trees(&mount);
        let mounts = std::mem::replace(&mut self.mounts, Mounts::new());
        let nodev = if mounts.devices {
            Guard::Off
        } else {
            Guard::On
        };
        let (grants, binds, temporary) = mounts.into_values();
        let c = &mut self.workload.confinement;
        c.files.nodev = Stated::set(nodev, mount.clone());
        c.files.grants = Stated::set(grants, mount.clone());
        c.files.binds = Stated::set(binds, mount.clone());
        c.files.temporary = Stated::set(temporary, mount);
        let (set, at) = self.capabilities.clone();
        for field in [
            &mut c.capabilities.effective,
            &mut c.capabilities.permitted,
            &mut c.capabilities.bounding,
        ] {
            *field = match &at {
                Some(origin) => Stated::set(set, origin.clone()),
                None => Stated::default_of(OF, set),
            };
        }
        if let Some(origin) = self.cleared.clone() {
            c.kernel.environment = Stated::set(Environment::Only(self.variables.clone()), origin);
        }
        if self.shares_net {
            c.namespaces.net = Stated::default_of(OF, Placement::Host);
        }
        if let Stated::Set {
            value: Placement::New,
            origin,
        } = &c.namespaces.net
        {
            c.network.reach = Stated::set(Reach::Loopback, origin.clone());
        }
        self.maps();
    }

    // The ids that exist in a user namespace are the one that the program has.
    fn maps(&mut self) {
        let c = &mut self.workload.confinement;
        if c.namespaces.user.value() != Some(&Placement::New) {
            return;
        }
        let outside = |map: &Stated<IdMap>| match map.value() {
            Some(IdMap::Mapped(ranges)) => ranges.first().map_or(0, |range| range.outside),
            _ => 0,
        };
        let origin = match &c.namespaces.user {
            Stated::Set { origin, .. } => Some(origin.clone()),
            _ => None,
        };
        for (id, map) in [
            (&c.ids.uid, &mut c.ids.uid_map),
            (&c.ids.gid, &mut c.ids.gid_map),
        ] {
            let Some(inside) = id.value() else {
                continue;
            };
            let value = one(inside.0, outside(map));
            let at = match id {
                Stated::Set { origin, .. } => Some(origin.clone()),
                _ => origin.clone(),
            };
            *map = match at {
                Some(origin) => Stated::set(value, origin),
                None => Stated::default_of(OF, value),
            };
        }
    }

    fn trees(&mut self, origin: &Origin) {
        let c = &mut self.workload.confinement;
        let granted = |mounts: &Mounts, place: &str| {
            Path::new(place)
                .ancestors()
                .find_map(|above| mounts.grants.get(above))
                .copied()
                .unwrap_or(Access::NONE)
        };
        let proc = granted(&self.mounts, "/proc");
        if self.mounts.proc.as_deref() == Some(Path::new("/proc")) {
            let own = c.namespaces.pid.value() == Some(&Placement::New);
            let view = if own {
                ProcView::Writable
            } else {
                ProcView::Host
            };
            c.files.proc = Stated::set(view, origin.clone());
            let covered = ["/proc/bus", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
            let covered: BTreeSet<ShownPath> = covered.map(|path| ShownPath(path.into())).into();
            c.files.read_only = Stated::set(Restrictions::These(covered), origin.clone());
        } else if !proc.is_none() {
            c.files.proc = Stated::set(ProcView::Host, origin.clone());
        }
        let sys = granted(&self.mounts, "/sys");
        if sys.includes(Access::WRITE) {
            c.files.sys = Stated::set(SysView::Writable, origin.clone());
        } else if !sys.is_none() {
            c.files.sys = Stated::set(SysView::ReadOnly, origin.clone());
        }
        if self.mounts.dev.as_deref() == Some(Path::new("/dev")) {
            let nodes = NODES.iter().map(ToString::to_string).collect();
            c.devices.nodes = Stated::set(Selection::Only(nodes), origin.clone());
        } else if !granted(&self.mounts, "/dev").is_none() {
            c.devices.nodes = Stated::set(Selection::All, origin.clone());
        }
    }
}

fn one(inside: u32, outside: u32) -> IdMap {
    IdMap::canonical(&[IdRange {
        inside,
        outside,
        count: 1,
    }])
}
