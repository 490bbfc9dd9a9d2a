//! Mounts in their order.

use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{Access, Grants, Temporary};
use casemate_model::lattice::Limit;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is mounted so far, in a root that is empty at first.
#[derive(Debug)]
pub(crate) struct Mounts {
    pub(crate) grants: BTreeMap<PathBuf, Access>,
    pub(crate) binds: BTreeMap<PathBuf, Bind>,
    pub(crate) temporary: BTreeMap<PathBuf, Limit>,
    /// Where /proc is.
    pub(crate) proc: Option<PathBuf>,
    /// Where /dev is.
    pub(crate) dev: Option<PathBuf>,
    /// Whether a mount permits device nodes.
    pub(crate) devices: bool,
}

/// Makes a path without `.` and double slashes.
pub(crate) fn clean(text: &str) -> PathBuf {
    Path::new("/").join(text).components().collect()
}

impl Mounts {
    pub(crate) fn new() -> Self {
        Self {
            grants: BTreeMap::new(),
            binds: BTreeMap::new(),
            temporary: BTreeMap::from([(PathBuf::from("/"), Limit::Unlimited)]),
            proc: None,
            dev: None,
            devices: false,
        }
    }

    // What was mounted at a place or below is covered by what comes now.
    fn cover(&mut self, at: &Path) {
        self.grants.retain(|path, _| !path.starts_with(at));
        self.binds.retain(|path, _| !path.starts_with(at));
        self.temporary.retain(|path, _| !path.starts_with(at));
        for place in [&mut self.proc, &mut self.dev] {
            if place.as_ref().is_some_and(|path| path.starts_with(at)) {
                *place = None;
            }
        }
        // Inside of a tree of the host's, nothing of the host is at this place any more.
        if self.grants.keys().any(|path| at.starts_with(path)) {
            self.grants.insert(at.to_owned(), Access::NONE);
        }
    }

    pub(crate) fn bind(&mut self, source: &str, at: &str, access: Access, extra: Extra) {
        let (source, at) = (clean(source), clean(at));
        self.cover(&at);
        self.devices |= extra.includes(Extra::DEVICES);
        if source == at {
            self.grants.insert(at, access);
            return;
        }
        let bind = Bind {
            at: at.clone(),
            source: Source::Host(source),
            access,
            extra,
            propagation: Propagation::Slave,
        };
        self.binds.insert(at, bind);
    }

    pub(crate) fn tmpfs(&mut self, at: &str, size: Limit) {
        let at = clean(at);
        self.cover(&at);
        self.temporary.insert(at, size);
    }

    pub(crate) fn proc(&mut self, at: &str) {
        let at = clean(at);
        self.cover(&at);
        self.proc = Some(at);
    }

    pub(crate) fn dev(&mut self, at: &str) {
        let at = clean(at);
        self.cover(&at);
        self.dev = Some(at);
    }

    // The mount at a place alone becomes read-only.
    pub(crate) fn read_only(&mut self, at: &str) {
        let at = clean(at);
        self.temporary.remove(&at);
        if let Some(access) = self.grants.get_mut(&at) {
            *access = access.intersection(Access::RUN);
        }
        if let Some(bind) = self.binds.get_mut(&at) {
            bind.access = bind.access.intersection(Access::RUN);
        }
    }

    pub(crate) fn into_values(self) -> (Grants, Binds, Temporary) {
        let binds: BTreeSet<Bind> = self.binds.into_values().collect();
        (Grants(self.grants), Binds(binds), Temporary(self.temporary))
    }
}
