//! Who the program is: ids inside, and what they are on the host.

use crate::facet::facet;
use crate::lattice::{Label, Permit, join, ladder};
use crate::order::Permission;

facet! {
    /// Who the program is. Manual pages: credentials(7), user_namespaces(7).
    pub struct Ids("ids") {
        /// User id inside.
        uid: InsideId = strictest InsideId(InsideId::NOBODY), open InsideId(0);
        /// The user's name, where only that is stated: which id it has is known where the program runs.
        user_name: Label = strictest Label(String::new()), open Label(String::new());
        /// Group id inside.
        gid: InsideId = strictest InsideId(InsideId::NOBODY), open InsideId(0);
        /// Supplementary group ids inside.
        groups: Groups = strictest Groups::Only(Vec::new()), open Groups::Inherited;
        /// Which user ids of the host exist inside.
        uid_map: IdMap = strictest IdMap::Mapped(Vec::new()), open IdMap::Host;
        /// Which group ids of the host exist inside.
        gid_map: IdMap = strictest IdMap::Mapped(Vec::new()), open IdMap::Host;
        /// Whether setgroups(2) is possible inside.
        setgroups: Permit = strictest Permit::Denied, open Permit::Permitted;
        /// Whether the program's real rights on files are those of the user who starts it.
        rights: FileRights = strictest FileRights::Nobody, open FileRights::Caller;
    }
}

ladder! {
    /// As whom the host's files are used.
    pub enum FileRights {
        /// An id that owns nothing.
        Nobody = "nobody",
        /// An id that owns nothing, except that granted paths are seen as the caller's own (idmapped mounts).
        Granted = "granted",
        /// The user who starts the program.
        Caller = "caller",
    }
}

/// A user or group id inside. Zero permits most, the overflow id least; others do not compare.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct InsideId(pub u32);

impl InsideId {
    /// The kernel's overflow id (`/proc/sys/kernel/overflowuid`), by convention `nobody`.
    pub const NOBODY: u32 = 65534;
}

impl Permission for InsideId {
    fn no_more_than(&self, other: &Self) -> bool {
        self == other || self.0 == Self::NOBODY || other.0 == 0
    }

    fn meet(&self, other: &Self) -> Self {
        match (self.no_more_than(other), other.no_more_than(self)) {
            (true, _) => *self,
            (_, true) => *other,
            _ => Self(Self::NOBODY),
        }
    }

    fn text(&self) -> String {
        self.0.to_string()
    }
}

/// Supplementary groups.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Groups {
    /// These, sorted; none when empty.
    Only(Vec<u32>),
    /// The caller's; ids that are not mapped show as the overflow id and still count on files.
    Inherited,
}

impl Permission for Groups {
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Inherited) => true,
            (Self::Inherited, Self::Only(_)) => false,
            (Self::Only(a), Self::Only(b)) => a.iter().all(|id| b.contains(id)),
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Inherited, set) | (set, Self::Inherited) => set.clone(),
            (Self::Only(a), Self::Only(b)) => {
                Self::Only(a.iter().copied().filter(|id| b.contains(id)).collect())
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Inherited => "inherited".to_owned(),
            Self::Only(ids) if ids.is_empty() => "none".to_owned(),
            Self::Only(ids) => join(ids),
        }
    }
}

/// One line of an id map, as in `/proc/PID/uid_map`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct IdRange {
    /// First id inside.
    pub inside: u32,
    /// First id outside.
    pub outside: u32,
    /// How many.
    pub count: u32,
}

impl std::fmt::Display for IdRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.inside, self.outside, self.count)
    }
}

/// Which ids of the host exist inside.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum IdMap {
    /// Only these; the rest is the overflow id.
    Mapped(Vec<IdRange>),
    /// No user namespace of its own: all, as they are.
    Host,
}

impl IdMap {
    /// Returns the map with its ranges sorted and neighbours joined.
    #[must_use]
    pub fn canonical(ranges: &[IdRange]) -> Self {
        let mut sorted: Vec<IdRange> = ranges.iter().copied().filter(|r| r.count > 0).collect();
        sorted.sort_unstable_by_key(|r| (i64::from(r.outside) - i64::from(r.inside), r.inside));
        let mut joined: Vec<IdRange> = Vec::new();
        for range in sorted {
            match joined.last_mut() {
                // The same offset, and no gap between: one range. Overlapping ranges of the same offset are one too.
                Some(last)
                    if i64::from(last.outside) - i64::from(last.inside)
                        == i64::from(range.outside) - i64::from(range.inside)
                        && range.inside <= last.inside.saturating_add(last.count) =>
                {
                    let end = range.inside.saturating_add(range.count);
                    last.count = last.count.max(end - last.inside);
                }
                _ => joined.push(range),
            }
        }
        joined.sort_unstable();
        Self::Mapped(joined)
    }

    fn overlaps(a: &[IdRange], b: &[IdRange]) -> Vec<IdRange> {
        let mut found = Vec::new();
        for x in a {
            for y in b {
                // The same pair of ids exists in both only where the two have the same offset.
                let offset = i64::from(x.outside) - i64::from(x.inside);
                if offset != i64::from(y.outside) - i64::from(y.inside) {
                    continue;
                }
                let start = x.inside.max(y.inside);
                let end = (u64::from(x.inside) + u64::from(x.count))
                    .min(u64::from(y.inside) + u64::from(y.count));
                if u64::from(start) < end {
                    let outside = i64::from(start) + offset;
                    if let (Ok(outside), Ok(count)) = (
                        u32::try_from(outside),
                        u32::try_from(end - u64::from(start)),
                    ) {
                        found.push(IdRange {
                            inside: start,
                            outside,
                            count,
                        });
                    }
                }
            }
        }
        found
    }
}

impl Permission for IdMap {
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Host) => true,
            (Self::Host, Self::Mapped(_)) => false,
            (Self::Mapped(a), Self::Mapped(b)) => {
                Self::canonical(&Self::overlaps(a, b)) == Self::canonical(a)
            }
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Host, map) | (map, Self::Host) => map.clone(),
            (Self::Mapped(a), Self::Mapped(b)) => Self::canonical(&Self::overlaps(a, b)),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Host => "host".to_owned(),
            Self::Mapped(ranges) if ranges.is_empty() => "none".to_owned(),
            Self::Mapped(ranges) => join(ranges),
        }
    }
}
