//! Which files the program sees, and what it may do with them.

use super::binds::Binds;
use crate::facet::facet;
use crate::lattice::{Guard, Limit, Restrictions, ladder, quoted};
use crate::order::Permission;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

facet! {
    /// Which files the program sees, and what it may do with them. Manual pages: mount_namespaces(7), mount_setattr(2).
    pub struct Files("files") {
        /// What of the host's files is there. The deepest entry that holds a path decides; a path that none holds is absent.
        grants: Grants = strictest Grants(BTreeMap::new()), open Grants::everything();
        /// The file system that `/` is, beside what is granted: an image's or a directory's own, or the host's.
        root: Root = strictest Root::None, open Root::Host;
        /// Files and directories of the host, and volumes, that are mounted at other places inside.
        binds: Binds = strictest Binds::none(), open Binds::everything();
        /// Private, empty, writable directories and their sizes in bytes.
        temporary: Temporary = strictest Temporary(BTreeMap::new()), open Temporary(BTreeMap::new());
        /// What /proc shows.
        proc: ProcView = strictest ProcView::Absent, open ProcView::Host;
        /// What /sys shows.
        sys: SysView = strictest SysView::Absent, open SysView::Writable;
        /// Paths below /proc and /sys that are covered by an empty file or directory.
        masked: Restrictions<ShownPath> = strictest Restrictions::Everything, open Restrictions::These(BTreeSet::new());
        /// Paths below /proc and /sys that are read-only.
        read_only: Restrictions<ShownPath> = strictest Restrictions::Everything, open Restrictions::These(BTreeSet::new());
        /// Set-user-id, set-group-id bits and file capabilities do nothing (MS_NOSUID).
        nosuid: Guard = strictest Guard::On, open Guard::Off;
        /// Device nodes in granted and temporary directories cannot be opened (MS_NODEV).
        nodev: Guard = strictest Guard::On, open Guard::Off;
    }
}

ladder! {
    /// What `/` is.
    pub enum Root {
        /// Nothing but what is granted.
        None = "none",
        /// A tree of its own (an image, a directory), read-only.
        ReadOnly = "read-only",
        /// A tree of its own, writable.
        Writable = "writable",
        /// The host's.
        Host = "host",
    }
}

ladder! {
    /// What /proc shows.
    pub enum ProcView {
        /// Nothing: there is none.
        Absent = "absent",
        /// Processes of its own only, and nothing else of the kernel (subset=pid, kernel 5.8).
        Processes = "processes",
        /// An instance of its own, read-only; other users' processes are hidden (hidepid=invisible).
        Own = "own",
        /// An instance of its own, writable as far as the kernel permits.
        Writable = "writable",
        /// The host's.
        Host = "host",
    }
}

ladder! {
    /// What /sys shows.
    pub enum SysView {
        /// Nothing: there is none.
        Absent = "absent",
        /// The host's, read-only.
        ReadOnly = "read-only",
        /// The host's.
        Writable = "writable",
    }
}

/// A path that prints without ambiguity.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct ShownPath(pub PathBuf);

impl std::fmt::Display for ShownPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&quoted(&self.0.to_string_lossy()))
    }
}

/// What may be done with files below a path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Access(u8);

impl Access {
    /// Nothing: the path is absent or covered.
    pub const NONE: Self = Self(0);
    /// Read files, list directories.
    pub const READ: Self = Self(1);
    /// Read, and create, change, remove.
    pub const WRITE: Self = Self(1 | 2);
    /// Read, and execute.
    pub const RUN: Self = Self(1 | 4);
    /// All of it.
    pub const FULL: Self = Self(1 | 2 | 4);

    /// Returns what either permits.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns what both permit.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Tells whether everything of `other` is permitted.
    pub fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Tells whether nothing is permitted.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            match (
                self.includes(Self::READ),
                self.includes(Self::WRITE),
                self.includes(Self::RUN),
            ) {
                (_, true, true) => "write+run",
                (_, true, false) => "write",
                (_, false, true) => "run",
                (true, false, false) => "read",
                (false, false, false) => "hide",
            },
        )
    }
}

/// Access by absolute path. The deepest entry that holds a path decides.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Grants(pub BTreeMap<PathBuf, Access>);

impl Grants {
    /// Grants everything.
    pub fn everything() -> Self {
        Self(BTreeMap::from([(PathBuf::from("/"), Access::FULL)]))
    }

    /// Returns what may be done with `path`.
    pub fn access(&self, path: &Path) -> Access {
        path.ancestors()
            .find_map(|ancestor| self.0.get(ancestor))
            .copied()
            .unwrap_or(Access::NONE)
    }

    fn paths<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a PathBuf> {
        self.0.keys().chain(other.0.keys())
    }
}

impl Permission for Grants {
    // Access changes only at an entry of either, so comparing there compares everywhere.
    fn no_more_than(&self, other: &Self) -> bool {
        self.paths(other)
            .all(|path| other.access(path).includes(self.access(path)))
    }

    fn meet(&self, other: &Self) -> Self {
        let both = |path: &PathBuf| self.access(path).intersection(other.access(path));
        Self(
            self.paths(other)
                .map(|path| (path.clone(), both(path)))
                .collect(),
        )
    }

    fn text(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        let one = |(path, access): (&PathBuf, &Access)| {
            format!("{access}:{}", quoted(&path.to_string_lossy()))
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

/// Private directories with their sizes. They are the program's own, so they permit nothing on the host but memory,
/// which the size bounds.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Temporary(pub BTreeMap<PathBuf, Limit>);

impl Permission for Temporary {
    fn no_more_than(&self, _: &Self) -> bool {
        true
    }

    fn meet(&self, other: &Self) -> Self {
        let mut both = self.0.clone();
        for (path, size) in &other.0 {
            both.entry(path.clone())
                .and_modify(|mine| *mine = mine.meet(size))
                .or_insert(*size);
        }
        Self(both)
    }

    fn text(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        let one = |(path, size): (&PathBuf, &Limit)| {
            format!("{}={size}", quoted(&path.to_string_lossy()))
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}
