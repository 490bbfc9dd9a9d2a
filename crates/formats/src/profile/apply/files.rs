//! Files, and the directory in which the program starts.

use super::{Apply, path, text};
use crate::loss::{Loss, LossKind};
use crate::profile::amounts;
use crate::profile::defaults::{self, OF};
use crate::profile::error::{Fault, PathFault, Problem};
use crate::profile::forms;
use crate::profile::keys::names;
use crate::profile::settings::Word;
use casemate_model::Origin;
use casemate_model::facets::files::{Access, Grants, ProcView, SysView, Temporary};
use casemate_model::order::FieldId;
use casemate_model::stated::Stated;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The keys that speak of files, and what each grants.
pub(crate) const GRANTING: [(&str, Access); 4] = [
    ("read", Access::READ),
    ("write", Access::WRITE),
    ("run", Access::RUN),
    ("hide", Access::NONE),
];

/// Trees of the kernel's that are made, not granted.
const KERNEL_TREES: [&str; 3] = ["/proc", "/sys", "/dev"];

/// A path that was named: with which access, and in which layer.
struct Named<'a> {
    key: &'static str,
    access: Access,
    word: &'a Word,
    rank: u32,
}

impl Apply<'_> {
    pub(super) fn files(&mut self) {
        if let Some(word) = self.settings.text("proc")
            && let Some(view) = ProcView::parse(text(word))
        {
            self.confinement.files.proc = Stated::set(view, word.origin.clone());
        }
        if let Some(word) = self.settings.text("sys")
            && let Some(view) = SysView::parse(text(word))
        {
            self.confinement.files.sys = Stated::set(view, word.origin.clone());
        }
        self.temporary();
        self.grants();
        self.directory();
    }

    fn temporary(&mut self) {
        let settings = self.settings;
        let Some(setting) = settings.last("temporary") else {
            return;
        };
        let mut directories = defaults::temporary();
        for (name, size, _) in settings.entries("temporary") {
            let place = path(name);
            if (is_of_kernel(&place) && place != Path::new("/dev/shm")) || place == Path::new("/") {
                let fault = Fault::NotA {
                    what: "a place for a temporary directory",
                    found: name.shown(),
                };
                self.problems.push(Problem::new(fault, name.origin.clone()));
            } else if text(size) == forms::NONE {
                directories.remove(&place);
            } else if let Some(limit) = amounts::size(text(size)) {
                directories.insert(place, limit);
            }
        }
        self.confinement.files.temporary =
            Stated::set(Temporary(directories), setting.origin.clone());
    }

    fn grants(&mut self) {
        let system = self.settings.switch("system");
        let shows_system = system.is_none_or(|(on, _)| on);
        let mut grants: BTreeMap<PathBuf, Access> = BTreeMap::new();
        if shows_system {
            grants.extend(defaults::system_grants());
        }
        let named = self.named();
        self.working_directory(&mut grants, &named);
        for entry in &named {
            let path = path(entry.word);
            let before = grants.get(&path).copied().unwrap_or(Access::NONE);
            // Below the system's directories a grant adds to what the system's give: naming /usr/share does not take
            // away that programs run there.
            let floor = if shows_system {
                defaults::system_access(&path)
            } else {
                Access::NONE
            };
            let access = if entry.access.is_none() {
                Access::NONE
            } else {
                entry.access.union(before).union(floor)
            };
            grants.insert(path, access);
        }
        self.not_of_kernel(&named);
        self.hidden_and_granted(&named);
        self.private_and_granted(&named);
        let states = |name: &str| name == "system" || GRANTING.iter().any(|(key, _)| *key == name);
        let last = self
            .settings
            .all()
            .iter()
            .rev()
            .find(|setting| states(setting.key.name));
        let grants = Grants(grants);
        self.confinement.files.grants = match last {
            Some(setting) => Stated::set(grants, setting.origin.clone()),
            None => Stated::default_of(OF, grants),
        };
    }

    /// Grants reading of the directory in which the program starts, unless that would show what is to stay unseen.
    fn working_directory(&mut self, grants: &mut BTreeMap<PathBuf, Access>, named: &[Named<'_>]) {
        let Some(directory) = self.start() else {
            return;
        };
        // What is said of the directory, or of one above it, is what holds.
        if named
            .iter()
            .any(|entry| directory.starts_with(path(entry.word)))
        {
            return;
        }
        match self.why_withheld(&directory) {
            None => {
                grants.insert(directory, Access::READ);
            }
            // Where the program starts was said, so that what is there was, too.
            Some(why) if why.is_empty() || self.settings.text(names::DIRECTORY).is_some() => {}
            Some(why) => {
                let grant = format!("reading the working directory {}", directory.display());
                let field = FieldId {
                    facet: "files",
                    name: "grants",
                };
                self.losses.push(Loss {
                    field: Some(field),
                    kind: LossKind::Withheld { grant, why },
                    origin: None,
                });
            }
        }
    }

    fn start(&self) -> Option<PathBuf> {
        self.settings
            .text(names::DIRECTORY)
            .map(path)
            .or_else(|| self.context.directory.clone())
    }

    /// Tells why a working directory is not granted by default; the empty text when there is nothing to tell.
    fn why_withheld(&self, directory: &Path) -> Option<&'static str> {
        let temporary = self.confinement.files.temporary.value();
        let is_private = temporary.is_some_and(|temporary| temporary.0.contains_key(directory));
        let of_system = || defaults::system_grants().any(|(path, _)| directory.starts_with(path));
        if directory == Path::new("/") || is_of_kernel(directory) {
            Some("")
        } else if is_private {
            Some("the program has a private directory there")
        } else if self
            .context
            .home
            .as_deref()
            .is_some_and(|home| home.starts_with(directory))
        {
            Some("it is your home directory, or holds it; name what the program needs with `read`")
        } else if of_system() && self.settings.switch("system").is_none_or(|(on, _)| on) {
            Some("")
        } else {
            None
        }
    }
}

fn is_of_kernel(path: &Path) -> bool {
    KERNEL_TREES.iter().any(|tree| path.starts_with(tree))
}

/// What stands against what was named.
impl<'a> Apply<'a> {
    /// Lists what the layers name, the earlier layers first: a later one can hide what an earlier one granted, and
    /// grant what an earlier one hid.
    fn named(&self) -> Vec<Named<'a>> {
        let settings = self.settings;
        let of_key = |(key, access): (&'static str, Access)| {
            settings.words(key).map(move |(word, rank)| Named {
                key,
                access,
                word,
                rank,
            })
        };
        let mut named: Vec<Named<'a>> = GRANTING.into_iter().flat_map(of_key).collect();
        named.sort_by_key(|entry| entry.rank);
        named
    }

    fn not_of_kernel(&mut self, named: &[Named<'_>]) {
        for entry in named {
            let path = path(entry.word);
            if is_of_kernel(&path) && !entry.access.is_none() {
                let why = PathFault::KernelTree;
                let fault = Fault::Path {
                    found: entry.word.shown(),
                    why,
                };
                let problem = Problem::new(fault, entry.word.origin.clone());
                self.problems
                    .push(problem.hint(why.hint().map(str::to_owned)));
            }
        }
    }

    fn hidden_and_granted(&mut self, named: &[Named<'_>]) {
        for hidden in named.iter().filter(|entry| entry.access.is_none()) {
            let same = |entry: &&Named<'_>| {
                !entry.access.is_none()
                    && entry.rank == hidden.rank
                    && entry.word.text == hidden.word.text
            };
            if let Some(granted) = named.iter().find(same) {
                let what = format!(
                    "{} is in `hide` and in `{}`",
                    hidden.word.shown(),
                    granted.key
                );
                let problem = Problem::new(Fault::Contradiction(what), hidden.word.origin.clone());
                let problem = problem.related(granted.word.origin.clone(), "it is granted here");
                self.problems
                    .push(problem.hint("keep one of the two".to_owned()));
            }
        }
    }

    /// A private directory hides the host's of the same path. One that is there by default gives way to a grant.
    fn private_and_granted(&mut self, named: &[Named<'_>]) {
        let settings = self.settings;
        for entry in named {
            let path = path(entry.word);
            let Some(temporary) = self.confinement.files.temporary.value() else {
                return;
            };
            if !temporary.0.contains_key(&path) {
                continue;
            }
            let stated = settings
                .entries("temporary")
                .find(|(name, _, rank)| name.text == entry.word.text && *rank >= entry.rank);
            match stated {
                None => {
                    let mut rest = temporary.clone();
                    rest.0.remove(&path);
                    self.confinement.files.temporary = Stated::set(rest, entry.word.origin.clone());
                }
                Some((name, _, rank)) if rank == entry.rank => {
                    let what = format!("{} is in `{}` and in `temporary`", name.shown(), entry.key);
                    let problem = Problem::new(Fault::Contradiction(what), name.origin.clone());
                    let problem = problem.related(
                        entry.word.origin.clone(),
                        "the host's directory is named here",
                    );
                    self.problems
                        .push(problem.hint("keep one of the two".to_owned()));
                }
                Some(_) => {}
            }
        }
    }

    fn directory(&mut self) {
        let Some(start) = self.start() else {
            self.program.directory = Stated::default_of(OF, PathBuf::from("/"));
            return;
        };
        let visible = self.is_visible(&start);
        match self.settings.text(names::DIRECTORY) {
            Some(word) if !visible => {
                let what = format!(
                    "the program is to start in {}, which it does not see",
                    word.shown()
                );
                let hint = match word.origin {
                    Origin::Flag(_) => format!("add `--read {}`", start.display()),
                    _ => format!("write `read = [{:?}]`", start.display().to_string()),
                };
                self.contradiction(what, &word.origin, Some(hint));
            }
            Some(word) => self.program.directory = Stated::set(start, word.origin.clone()),
            None if visible => self.program.directory = Stated::default_of(OF, start),
            None => self.program.directory = Stated::default_of(OF, PathBuf::from("/")),
        }
    }

    /// Tells whether a directory exists inside: it is granted, private, or leads to something that is.
    fn is_visible(&self, directory: &Path) -> bool {
        let files = &self.confinement.files;
        let (Some(grants), Some(temporary)) = (files.grants.value(), files.temporary.value())
        else {
            return false;
        };
        let leads = |path: &PathBuf| path.starts_with(directory);
        let private = || {
            temporary
                .0
                .keys()
                .any(|path| path == directory || leads(path))
        };
        let granted = || !grants.access(directory).is_none();
        let on_the_way = || {
            grants
                .0
                .iter()
                .any(|(path, access)| !access.is_none() && leads(path))
        };
        directory == Path::new("/")
            || granted()
            || private()
            || on_the_way()
            || is_of_kernel(directory)
    }
}
