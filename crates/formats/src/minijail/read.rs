//! Reads a command line or a configuration file.

use super::mount::{self, Mounted};
use super::schema::{self, Takes};
use crate::engine::shell::{Surroundings, Word, commands};
use crate::launched::{self, filter, mounts::Mounts};
use crate::loss::Loss;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::facets::files::{Access, ProcView, Root, ShownPath, SysView};
use casemate_model::facets::ids::{Groups, IdMap, IdRange, InsideId};
use casemate_model::facets::kernel::{Environment, Keyring, Variable};
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::Reach;
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::{Guard, Label, Limit, Permit, Restrictions, Selection};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::names::{rlimits, suggest};
use casemate_model::{Origin, Stated, Workload};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The format.
pub const FORMAT: Format = Format {
    name: "minijail",
    about: "a command line of minijail0, or its configuration file",
    files: &[".minijail"],
    detect,
    read,
    write: None,
};

/// Whose defaults fill what is left out.
const OF: &str = "minijail@18";

/// How a configuration file begins.
const HEADING: &str = "% minijail-config-file v0";

/// The setting that holds options which permit nothing.
const OPTION: &str = "minijail-option";

fn detect(_: &Path, bytes: &[u8]) -> Likeness {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let word = first.and_then(|line| line.split(u8::is_ascii_whitespace).next());
    let name = word.and_then(|word| word.rsplit(|byte| *byte == b'/').next());
    let configuration = first.is_some_and(|line| line.starts_with(b"% minijail-config-file"));
    if configuration || name == Some(b"minijail0") {
        Likeness::Certain
    } else {
        Likeness::No
    }
}

struct Reader<'a> {
    text: &'a Text<'a>,
    losses: Vec<Loss>,
    problems: Vec<Problem>,
    workload: Workload,
    mounts: Mounts,
    caller: (u32, u32),
    last_mount: Option<Origin>,
    variables: Option<BTreeMap<String, Variable>>,
    /// What Landlock leaves, and whether more is left that is not listed.
    paths: BTreeMap<PathBuf, Access>,
    more_paths: bool,
    fixed_groups: bool,
    capabilities: Option<CapabilitySet>,
    ambient: bool,
    /// The format, the text or the file's name, and where it is asked for.
    filter: Option<(&'static str, Option<String>, Origin)>,
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let whole = text.origin(0, text.text.len());
    let configuration = text.text.trim_start().starts_with('%');
    let kind = if configuration {
        "configuration"
    } else {
        "command"
    };
    let mut workload = Workload::new("", kind, whole);
    workload.confinement = launched::confinement(OF, context.caller);
    let mut mounts = Mounts::new();
    mounts.temporary.clear();
    mounts.grants.insert(PathBuf::from("/"), Access::FULL);
    let mut reader = Reader {
        text: &text,
        losses: Vec::new(),
        problems: Vec::new(),
        workload,
        mounts,
        caller: (context.caller.uid, context.caller.gid),
        last_mount: None,
        variables: None,
        paths: BTreeMap::new(),
        more_paths: false,
        fixed_groups: false,
        capabilities: None,
        ambient: false,
        filter: None,
    };
    if configuration {
        reader.configuration();
    } else {
        let found = commands(&text, &Surroundings::of(context))?;
        let [command] = found.as_slice() else {
            let what = format!("one command is expected, and there are {}", found.len());
            return Err(Problem::new(what, text.origin(0, text.text.len())).into());
        };
        reader.command(command);
    }
    reader.finish();
    reader.filter(path, context);
    if !reader.problems.is_empty() {
        let problems = reader.problems;
        return Err(ReadError { problems });
    }
    Ok(Reading {
        workloads: vec![reader.workload],
        losses: reader.losses,
    })
}

impl Reader<'_> {
    fn problem(&mut self, what: impl Into<String>, origin: Origin) {
        self.problems.push(Problem::new(what, origin));
    }

    fn configuration(&mut self) {
        let mut headed = false;
        let lines: Vec<(usize, &str)> = self.text.lines().collect();
        for (start, whole) in lines {
            let line = whole.trim();
            let origin = self.text.origin(start, start + whole.len());
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if !headed {
                headed = true;
                if line != HEADING {
                    self.problem(format!("{line:?} is no {HEADING:?}"), origin);
                    return;
                }
                continue;
            }
            let (name, value) = match line.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim())),
                None => (line, None),
            };
            match schema::long(name) {
                Some((option, takes)) => self.checked(option, name, takes, value, &origin),
                None => self.losses.push(Loss::not_understood(line, origin)),
            }
        }
    }

    fn checked(
        &mut self,
        option: &'static str,
        name: &str,
        takes: Takes,
        value: Option<&str>,
        origin: &Origin,
    ) {
        match (takes, value) {
            (Takes::Nothing, Some(value)) => {
                self.problem(
                    format!("{name} takes no value, and has {value:?}"),
                    origin.clone(),
                );
            }
            (Takes::Value, None) => self.problem(format!("{name} needs a value"), origin.clone()),
            _ => {
                if self.option(option, value, origin).is_none() {
                    let value = value.unwrap_or("");
                    self.problem(format!("{name} has no value {value:?}"), origin.clone());
                }
            }
        }
    }

    fn command(&mut self, words: &[Word]) {
        if let Some(first) = words
            .first()
            .filter(|word| !word.text.ends_with("minijail0"))
        {
            let origin = self.text.origin(first.start, first.end);
            return self.problem(format!("{:?} is not minijail0", first.text), origin);
        }
        let mut at = 1;
        while let Some(word) = words
            .get(at)
            .filter(|word| word.text.len() > 1 && word.text.starts_with('-'))
        {
            at += 1;
            let place = self.text.origin(word.start, word.end);
            if word.text == "--" {
                break;
            }
            let next = words.get(at);
            let taken = match word.text.strip_prefix("--") {
                Some(long) => self.long(long, next, place),
                None => self.letters(word.text.get(1..).unwrap_or(""), next, &place),
            };
            match taken {
                Some(taken) => at += taken,
                None => return,
            }
        }
        let rest = words.get(at..).unwrap_or_default();
        let Some((first, last)) = rest.first().zip(rest.last()) else {
            let end = words.last().map_or(0, |word| word.end);
            return self.problem("no command is given", self.text.origin(0, end));
        };
        let origin = self.text.origin(first.start, last.end);
        let command = rest.iter().map(|word| OsString::from(&word.text)).collect();
        self.workload.program.command = Stated::set(command, origin);
    }

    // How many more words the option took; `None` when what follows cannot be told.
    fn long(&mut self, text: &str, next: Option<&Word>, place: Origin) -> Option<usize> {
        let (name, attached) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let Some((option, takes)) = schema::long(name) else {
            let mut problem = Problem::new(format!("--{name} is no option of minijail0"), place);
            if let Some(near) = suggest::nearest(name, schema::names()) {
                problem = problem.hint(format!("perhaps --{near}?"));
            }
            self.problems.push(problem);
            return None;
        };
        let separate = takes == Takes::Value && attached.is_none();
        let value = attached.or(next.filter(|_| separate).map(|word| word.text.as_str()));
        let origin = match next.filter(|_| separate) {
            Some(next) => self.spanning(&place, next),
            None => place,
        };
        self.checked(option, name, takes, value, &origin);
        Some(usize::from(separate))
    }

    fn spanning(&self, place: &Origin, next: &Word) -> Origin {
        match place {
            Origin::File { start, .. } => self.text.origin(*start, next.end),
            _ => place.clone(),
        }
    }

    fn letters(&mut self, text: &str, next: Option<&Word>, place: &Origin) -> Option<usize> {
        for (at, letter) in text.char_indices() {
            let name = letter.to_string();
            let Some((option, takes)) = schema::letter(&name) else {
                self.problem(
                    format!("-{letter} of -{text} is no option of minijail0"),
                    place.clone(),
                );
                return None;
            };
            let rest = text
                .get(at + letter.len_utf8()..)
                .filter(|rest| !rest.is_empty());
            match (takes, rest, next) {
                (Takes::Nothing, _, _) => self.checked(option, &name, takes, None, place),
                (Takes::Value, None, Some(next)) => {
                    let origin = self.spanning(place, next);
                    self.checked(option, &name, takes, Some(&next.text), &origin);
                    return Some(1);
                }
                _ => {
                    self.checked(option, &name, takes, rest, place);
                    return Some(0);
                }
            }
        }
        Some(0)
    }

    // `None` for a value that the option does not have.
    fn option(&mut self, option: &'static str, value: Option<&str>, origin: &Origin) -> Option<()> {
        let text = value.unwrap_or("");
        let at = || origin.clone();
        match option {
            "u" | "g" | "G" | "y" | "add-suppl-group" => return self.who(option, text, origin),
            "U" | "m" | "M" => return self.map(option, value, origin),
            "e" | "l" | "N" | "p" | "I" | "uts" | "v" | "V" | "K" => {
                self.namespace(option, value, origin);
            }
            "b" | "k" | "t" | "d" | "C" | "P" | "r" | "profile" => {
                return self.mount(option, value, origin);
            }
            "fs-path-rx"
            | "fs-path-ro"
            | "fs-path-rw"
            | "fs-path-advanced-rw"
            | "fs-default-paths"
            | "enable-profile-fs-restrictions"
            | "no-fs-restrictions" => self.landlock(option, text, origin),
            "c" => {
                self.capabilities = Some(capabilities(text)?);
                self.workload.confinement.capabilities.securebits = Stated::set(Guard::On, at());
                self.give_capabilities(origin);
            }
            "ambient" => {
                self.ambient = true;
                self.give_capabilities(origin);
            }
            // Some bits are left as they are: which, the model does not tell.
            "B" => {
                u64::from_str_radix(text.trim_start_matches("0x"), 16).ok()?;
                self.workload.set(OPTION, option, text, at());
            }
            "n" => {
                self.workload.confinement.capabilities.no_new_privs = Stated::set(Guard::On, at());
            }
            "w" => self.workload.confinement.kernel.keyring = Stated::set(Keyring::New, at()),
            "s" => {
                let calls = "read: 1\nwrite: 1\nexit: 1\nrt_sigreturn: 1\n".to_owned();
                self.filter = Some(("minijail-strict", Some(calls), at()));
            }
            "S" => self.filter = Some(("minijail", Some(text.to_owned()), at())),
            "seccomp-bpf-binary" => self.filter = Some(("bpf", Some(text.to_owned()), at())),
            "R" => self.limit(text, origin)?,
            "env-reset" => self.environment(BTreeMap::new(), origin),
            "env-add" => {
                let (name, value) = text.split_once('=')?;
                self.workload.set("minijail-env-add", name, value, at());
                if let Some(mut own) = self.variables.take() {
                    own.insert(name.to_owned(), Variable::Text(value.to_owned()));
                    self.environment(own, origin);
                }
            }
            "config" => self.losses.push(Loss::elsewhere(
                format!("the options of {text}"),
                "that file: read it as well",
                at(),
            )),
            "L" => self.losses.push(Loss::caution(
                "calls that the filter refuses are logged, and on some systems let pass",
                at(),
            )),
            _ => self.workload.set(OPTION, option, text, at()),
        }
        Some(())
    }

    fn environment(&mut self, own: BTreeMap<String, Variable>, origin: &Origin) {
        let value = Environment::Only(own.clone());
        self.workload.confinement.kernel.environment = Stated::set(value, origin.clone());
        self.variables = Some(own);
    }

    fn who(&mut self, option: &'static str, text: &str, origin: &Origin) -> Option<()> {
        let ids = &mut self.workload.confinement.ids;
        let at = || origin.clone();
        if matches!(option, "u" | "g") && !self.fixed_groups {
            // Whoever changes an id loses the groups, unless they are asked for.
            ids.groups = Stated::set(Groups::Only(Vec::new()), at());
        }
        match (option, text.parse::<u32>()) {
            (_, _) if text.is_empty() && !matches!(option, "G" | "y") => return None,
            ("u", Ok(id)) => ids.uid = Stated::set(InsideId(id), at()),
            ("u", Err(_)) => {
                ids.uid = Stated::Unknown;
                ids.user_name = Stated::set(Label(text.to_owned()), at());
                self.losses.push(Loss::elsewhere(
                    format!("the id of the user {text}"),
                    "the machine's users",
                    at(),
                ));
            }
            ("g", Ok(id)) => ids.gid = Stated::set(InsideId(id), at()),
            ("g", Err(_)) => {
                ids.gid = Stated::Unknown;
                self.losses.push(Loss::elsewhere(
                    format!("the id of the group {text}"),
                    "the machine's groups",
                    at(),
                ));
            }
            ("y", _) => {
                self.fixed_groups = true;
                ids.groups = Stated::set(Groups::Inherited, at());
            }
            ("add-suppl-group", Ok(id)) => {
                let mut own = match ids.groups.value() {
                    Some(Groups::Only(own)) if self.fixed_groups => own.clone(),
                    _ => Vec::new(),
                };
                own.push(id);
                own.sort_unstable();
                own.dedup();
                self.fixed_groups = true;
                ids.groups = Stated::set(Groups::Only(own), at());
            }
            _ => {
                self.fixed_groups = true;
                ids.groups = Stated::Unknown;
                self.losses.push(Loss::elsewhere(
                    format!("groups ({option} {text})"),
                    "the machine's groups",
                    at(),
                ));
            }
        }
        // A user that is not root keeps no capability through exec(2), unless it is asked for.
        let left_root = ids.uid.is_set() && ids.uid.value() != Some(&InsideId(0));
        if left_root && self.capabilities.is_none() {
            let own = &mut self.workload.confinement.capabilities;
            own.effective = Stated::set(CapabilitySet::EMPTY, at());
            own.permitted = Stated::set(CapabilitySet::EMPTY, at());
        }
        Some(())
    }

    fn give_capabilities(&mut self, origin: &Origin) {
        let Some(set) = self.capabilities else {
            return;
        };
        let own = &mut self.workload.confinement.capabilities;
        for field in [
            &mut own.effective,
            &mut own.permitted,
            &mut own.inheritable,
            &mut own.bounding,
        ] {
            *field = Stated::set(set, origin.clone());
        }
        if self.ambient {
            own.ambient = Stated::set(set, origin.clone());
        }
    }

    fn map(&mut self, option: &'static str, value: Option<&str>, origin: &Origin) -> Option<()> {
        let ranges = match value {
            Some(text) => ranges(text)?,
            None => {
                let ids = &self.workload.confinement.ids;
                let (inside, outside) = if option == "m" {
                    (&ids.uid, self.caller.0)
                } else {
                    (&ids.gid, self.caller.1)
                };
                let inside = if inside.is_set() {
                    inside.value().map_or(0, |id| id.0)
                } else {
                    0
                };
                vec![IdRange {
                    inside,
                    outside,
                    count: 1,
                }]
            }
        };
        let c = &mut self.workload.confinement;
        let first = c.namespaces.user.value() != Some(&Placement::New);
        c.namespaces.user = Stated::set(Placement::New, origin.clone());
        if first {
            // Until ids are mapped, there are none.
            c.ids.uid_map = Stated::set(IdMap::canonical(&[]), origin.clone());
            c.ids.gid_map = Stated::set(IdMap::canonical(&[]), origin.clone());
        }
        let inside = |outside: u32| {
            let mut all = ranges.iter();
            let own =
                all.find(|range| range.outside <= outside && outside - range.outside < range.count);
            own.and_then(|range| range.inside.checked_add(outside - range.outside))
        };
        // Whoever keeps the id is seen as what it is mapped to, and root inside holds every capability inside.
        if option == "m"
            && !c.ids.uid.is_set()
            && let Some(id) = inside(self.caller.0)
        {
            c.ids.uid = Stated::set(InsideId(id), origin.clone());
        }
        if option == "M"
            && !c.ids.gid.is_set()
            && let Some(id) = inside(self.caller.1)
        {
            c.ids.gid = Stated::set(InsideId(id), origin.clone());
        }
        if self.capabilities.is_none() && c.ids.uid.value() == Some(&InsideId(0)) {
            c.capabilities.effective = Stated::set(CapabilitySet::ALL, origin.clone());
            c.capabilities.permitted = Stated::set(CapabilitySet::ALL, origin.clone());
        }
        match option {
            "m" => c.ids.uid_map = Stated::set(IdMap::canonical(&ranges), origin.clone()),
            "M" => {
                c.ids.gid_map = Stated::set(IdMap::canonical(&ranges), origin.clone());
                if self.caller.0 != 0 {
                    c.ids.setgroups = Stated::set(Permit::Denied, origin.clone());
                }
            }
            _ => {}
        }
        self.pid(origin);
        Some(())
    }

    fn pid(&mut self, origin: &Origin) {
        let c = &mut self.workload.confinement;
        c.namespaces.pid = Stated::set(Placement::New, origin.clone());
        c.namespaces.mount = Stated::set(Placement::New, origin.clone());
        c.files.proc = Stated::set(ProcView::Writable, origin.clone());
        self.proc_read_only(origin);
    }

    fn proc_read_only(&mut self, origin: &Origin) {
        let all = BTreeSet::from([ShownPath("/proc".into())]);
        self.workload.confinement.files.read_only =
            Stated::set(Restrictions::These(all), origin.clone());
    }

    fn namespace(&mut self, option: &'static str, value: Option<&str>, origin: &Origin) {
        let at = || origin.clone();
        let place = match value.filter(|_| matches!(option, "e" | "V")) {
            Some(path) => Placement::Join(PathBuf::from(path)),
            None => Placement::New,
        };
        let c = &mut self.workload.confinement;
        match option {
            "e" => {
                let reach = if value.is_some() {
                    Reach::Attached
                } else {
                    Reach::Loopback
                };
                c.network.reach = Stated::set(reach, at());
                c.namespaces.net = Stated::set(place, at());
            }
            "l" => c.namespaces.ipc = Stated::set(place, at()),
            "N" => c.namespaces.cgroup = Stated::set(place, at()),
            "uts" => {
                c.namespaces.uts = Stated::set(place, at());
                if let Some(name) = value {
                    c.namespaces.hostname = Stated::set(Label(name.to_owned()), at());
                }
            }
            "v" | "V" => c.namespaces.mount = Stated::set(place, at()),
            "K" => self.workload.set(OPTION, option, value.unwrap_or(""), at()),
            _ => self.pid(origin),
        }
    }

    fn mount(&mut self, option: &'static str, value: Option<&str>, origin: &Origin) -> Option<()> {
        let text = value.unwrap_or("");
        let at = || origin.clone();
        self.last_mount = Some(at());
        if matches!(option, "P" | "t" | "d" | "profile") {
            self.workload.confinement.namespaces.mount = Stated::set(Placement::New, at());
        }
        match option {
            "b" => mount::bind(text, &mut self.mounts)?,
            "t" => mount::temporary(value, &mut self.mounts)?,
            "k" => {
                let files = &mut self.workload.confinement.files;
                match mount::mount(text, &mut self.mounts)? {
                    Mounted::Files => {}
                    Mounted::Proc => files.proc = Stated::set(ProcView::Writable, at()),
                    Mounted::Sys { writable: true } => {
                        files.sys = Stated::set(SysView::Writable, at());
                    }
                    Mounted::Sys { writable: false } => {
                        files.sys = Stated::set(SysView::ReadOnly, at());
                    }
                    Mounted::Other => self.losses.push(Loss::no_place("-k", text, at())),
                }
            }
            "d" => {
                let nodes = [
                    "null", "zero", "full", "urandom", "tty", "fd", "stdin", "stdout", "stderr",
                    "ptmx", "shm",
                ];
                let nodes = nodes.iter().map(ToString::to_string).collect();
                self.workload.confinement.devices.nodes = Stated::set(Selection::Only(nodes), at());
            }
            "r" => {
                self.workload.confinement.namespaces.mount = Stated::set(Placement::New, at());
                self.proc_read_only(origin);
            }
            "profile" => {
                let devices = match text {
                    "minimalistic-mountns" => true,
                    "minimalistic-mountns-nodev" => false,
                    _ => return None,
                };
                self.own_root(origin, Root::None);
                mount::bind("/,/", &mut self.mounts)?;
                mount::bind("/proc,/proc", &mut self.mounts)?;
                mount::temporary(None, &mut self.mounts)?;
                let files = &mut self.workload.confinement.files;
                files.proc = Stated::set(ProcView::Host, at());
                files.sys = Stated::set(SysView::ReadOnly, at());
                self.proc_read_only(origin);
                if devices {
                    mount::bind("/dev/log,/dev/log", &mut self.mounts)?;
                    self.mount("d", None, origin)?;
                }
            }
            _ => {
                if !text.starts_with('/') {
                    return None;
                }
                self.own_root(origin, Root::Writable);
                self.workload.image = Stated::set(text.to_owned(), at());
            }
        }
        Some(())
    }

    // Nothing of the host's tree is there any more, but for what is mounted.
    fn own_root(&mut self, origin: &Origin, root: Root) {
        self.mounts.grants.remove(Path::new("/"));
        let files = &mut self.workload.confinement.files;
        files.root = Stated::set(root, origin.clone());
        if !files.proc.is_set() {
            files.proc = Stated::set(ProcView::Absent, origin.clone());
        }
        if !files.sys.is_set() {
            files.sys = Stated::set(SysView::Absent, origin.clone());
        }
    }

    fn landlock(&mut self, option: &'static str, text: &str, origin: &Origin) {
        let access = match option {
            "fs-path-rx" => Access::RUN,
            "fs-path-ro" => Access::READ,
            "fs-path-rw" | "fs-path-advanced-rw" => Access::WRITE,
            _ => {
                self.more_paths = true;
                self.workload.set(OPTION, option, text, origin.clone());
                return;
            }
        };
        self.workload.set(OPTION, option, text, origin.clone());
        self.paths
            .insert(crate::launched::mounts::clean(text), access);
        self.workload.confinement.mac.landlock = Stated::set(Guard::On, origin.clone());
        self.last_mount = Some(origin.clone());
    }

    fn limit(&mut self, text: &str, origin: &Origin) -> Option<()> {
        let mut parts = text.split(',');
        let (name, soft, hard) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let numbered = || {
            name.parse()
                .ok()
                .and_then(|number| rlimits::of(casemate_model::names::Arch::X86_64, number))
        };
        let found = rlimits::find(name).or_else(numbered)?;
        let pair = RlimitPair {
            soft: bound(soft)?,
            hard: bound(hard)?,
        };
        let field = &mut self.workload.confinement.resources.rlimits;
        let mut own = field.value().cloned()?;
        own.0.insert(found.name.to_ascii_lowercase(), pair);
        *field = Stated::set(own, origin.clone());
        Some(())
    }

    fn finish(&mut self) {
        let mut mounts = std::mem::replace(&mut self.mounts, Mounts::new());
        let root = self.workload.confinement.files.root.value();
        // Paths of Landlock's are those inside; where they are the host's, they are what remains.
        if !self.more_paths
            && !self.paths.is_empty()
            && root == Some(&Root::Host)
            && mounts.binds.is_empty()
        {
            let paths = std::mem::take(&mut self.paths);
            mounts.grants = paths
                .into_iter()
                .map(|(path, access)| {
                    let above = path.ancestors().find_map(|above| mounts.grants.get(above));
                    let access = access.intersection(above.copied().unwrap_or(Access::NONE));
                    (path, access)
                })
                .collect();
        }
        let Some(origin) = self.last_mount.clone() else {
            return;
        };
        let (grants, binds, temporary) = mounts.into_values();
        let files = &mut self.workload.confinement.files;
        files.grants = Stated::set(grants, origin.clone());
        files.binds = Stated::set(binds, origin.clone());
        files.temporary = Stated::set(temporary, origin);
    }

    fn filter(&mut self, path: &Path, context: &mut Context<'_>) {
        let Some((format, Some(name), origin)) = self.filter.take() else {
            return;
        };
        let workload = &mut self.workload;
        let result = match format {
            "minijail-strict" => filter::text(
                "minijail",
                (path, name.as_bytes()),
                context,
                workload,
                &origin,
            ),
            _ => {
                workload.set("minijail-filter", format, name.clone(), origin.clone());
                filter::file(format, (path, &name), context, workload, &origin)
            }
        };
        match result {
            Ok(losses) => self.losses.extend(losses),
            Err(problem) => self.problems.push(problem),
        }
    }
}

fn bound(text: &str) -> Option<Limit> {
    match text {
        "unlimited" => Some(Limit::Unlimited),
        _ => casemate_seccomp::formats::c_number(text).map(Limit::AtMost),
    }
}

/// `INSIDE OUTSIDE COUNT`, several between commas.
fn ranges(text: &str) -> Option<Vec<IdRange>> {
    text.split(',')
        .map(|range| {
            let mut numbers = range
                .split_whitespace()
                .map(|word| word.parse::<u32>().ok());
            let (inside, outside, count) = (numbers.next()??, numbers.next()??, numbers.next()??);
            numbers.next().is_none().then_some(IdRange {
                inside,
                outside,
                count,
            })
        })
        .collect()
}

/// A hexadecimal mask, or names as cap_from_text(3) takes them with `=` or `+` and flags that give them.
fn capabilities(text: &str) -> Option<CapabilitySet> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if let Ok(bits) = u64::from_str_radix(digits, 16) {
        return Some(CapabilitySet::from_bits(bits));
    }
    let mut all = CapabilitySet::EMPTY;
    for clause in text.split_whitespace() {
        let at = clause.find(['=', '+'])?;
        let (names, flags) = (clause.get(..at)?, clause.get(at + 1..)?);
        if !flags.bytes().all(|flag| matches!(flag, b'e' | b'i' | b'p')) {
            return None;
        }
        if !flags.contains('e') {
            continue;
        }
        for name in names.split(',') {
            all = match name {
                "all" | "" => CapabilitySet::ALL,
                _ => all.with(Capability::from_name(name)?),
            };
        }
    }
    Some(all)
}
