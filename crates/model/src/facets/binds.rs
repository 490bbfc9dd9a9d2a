//! What of the host, or of storage that outlives the program, is mounted at other places inside.

use crate::lattice::quoted;
use crate::order::Permission;
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::files::Access;

/// Mounts of the host's files and of volumes.
///
/// Where a mount is inside permits nothing by itself: two values are compared by what of the host is reachable.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Binds(pub BTreeSet<Bind>);

/// One mount of a host's file or directory, or of a volume.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Bind {
    /// Where it is inside.
    pub at: PathBuf,
    /// What is mounted.
    pub source: Source,
    /// What may be done there.
    pub access: Access,
    /// What else the mount permits.
    pub extra: Extra,
    /// How mounts below it pass between the host and the inside.
    pub propagation: Propagation,
}

/// What a mount shows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Source {
    /// A path of the host.
    Host(PathBuf),
    /// A volume with a name, which others may have, too.
    Volume(String),
    /// A volume that nobody else has: it permits nothing outside.
    Own,
}

/// What a mount permits beside reading, writing and executing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Extra(u8);

impl Extra {
    /// Neither.
    pub const NONE: Self = Self(0);
    /// Device nodes can be opened (no MS_NODEV).
    pub const DEVICES: Self = Self(1);
    /// Set-user-id, set-group-id bits and file capabilities work (no MS_NOSUID).
    pub const SETUID: Self = Self(2);
    /// Both.
    pub const ALL: Self = Self(3);

    /// Returns what either permits.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns what is here and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Tells whether everything of `other` is permitted.
    pub fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// How mounts pass. Manual page: mount_namespaces(7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Propagation {
    /// Not at all.
    Private,
    /// What is mounted on the host appears inside.
    Slave,
    /// Both ways.
    Shared,
}

impl Propagation {
    /// The word that OCI and mount(8) have for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Slave => "slave",
            Self::Shared => "shared",
        }
    }
}

// What is permitted on a part of the host, as bits: three of access, two of extras, two of propagation.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Rights(u8);

impl Rights {
    fn of(bind: &Bind) -> Self {
        let access = |what, bit| if bind.access.includes(what) { bit } else { 0 };
        let propagation = match bind.propagation {
            Propagation::Private => 0,
            Propagation::Slave => 1,
            Propagation::Shared => 3,
        };
        Self(
            access(Access::READ, 1)
                | access(Access::WRITE, 2)
                | access(Access::RUN, 4)
                | bind.extra.0 << 3
                | propagation << 5,
        )
    }

    fn apply(self, bind: &Bind) -> Bind {
        let mut access = Access::NONE;
        for (bit, what) in [(1, Access::READ), (2, Access::WRITE), (4, Access::RUN)] {
            if self.0 & bit != 0 {
                access = access.union(what);
            }
        }
        Bind {
            access,
            extra: Extra(self.0 >> 3 & 3),
            propagation: match self.0 >> 5 {
                0 => Propagation::Private,
                3 => Propagation::Shared,
                _ => Propagation::Slave,
            },
            ..bind.clone()
        }
    }
}

impl Binds {
    /// Nothing is mounted.
    pub fn none() -> Self {
        Self(BTreeSet::new())
    }

    /// Everything of the host is there, and mounts pass both ways.
    pub fn everything() -> Self {
        Self(BTreeSet::from([Bind {
            at: PathBuf::from("/"),
            source: Source::Host(PathBuf::from("/")),
            access: Access::FULL,
            extra: Extra::ALL,
            propagation: Propagation::Shared,
        }]))
    }

    /// Returns the mount at a place inside.
    pub fn at<'a>(&'a self, place: &'a Path) -> impl Iterator<Item = &'a Bind> {
        self.0.iter().filter(move |bind| bind.at == place)
    }

    fn rights(&self, source: &Source) -> Rights {
        let holds = |bind: &&Bind| match (&bind.source, source) {
            (Source::Host(tree), Source::Host(path)) => path.starts_with(tree),
            // Volumes lie somewhere on the host.
            (Source::Host(tree), Source::Volume(_)) => tree == Path::new("/"),
            (a, b) => a == b,
        };
        Rights(
            self.0
                .iter()
                .filter(holds)
                .fold(0, |all, bind| all | Rights::of(bind).0),
        )
    }
}

impl Permission for Binds {
    fn no_more_than(&self, other: &Self) -> bool {
        self.0.iter().all(|bind| {
            bind.source == Source::Own || Rights::of(bind).0 & !other.rights(&bind.source).0 == 0
        })
    }

    fn meet(&self, other: &Self) -> Self {
        let common = |bind: &Bind, theirs: &Self| {
            if bind.source == Source::Own {
                return Some(bind.clone());
            }
            let both = Rights(Rights::of(bind).0 & theirs.rights(&bind.source).0);
            (both.0 != 0).then(|| both.apply(bind))
        };
        let mine = self.0.iter().filter_map(|bind| common(bind, other));
        let theirs = other.0.iter().filter_map(|bind| common(bind, self));
        Self(mine.chain(theirs).collect())
    }

    fn text(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        let all: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        all.join(" ")
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = quoted(&self.at.to_string_lossy());
        match &self.source {
            Source::Host(path) => {
                write!(f, "{}:{}", self.access, quoted(&path.to_string_lossy()))?;
            }
            Source::Volume(name) => write!(f, "{}:volume={}", self.access, quoted(name))?,
            Source::Own => write!(f, "{}:volume", self.access)?,
        }
        write!(f, "@{at}")?;
        for (extra, word) in [(Extra::DEVICES, "dev"), (Extra::SETUID, "suid")] {
            if self.extra.includes(extra) {
                write!(f, ",{word}")?;
            }
        }
        match self.propagation {
            Propagation::Private => Ok(()),
            passes => write!(f, ",{}", passes.as_str()),
        }
    }
}
