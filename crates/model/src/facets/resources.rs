//! How much the program may use.

use crate::facet::facet;
use crate::lattice::Limit;
use crate::order::Permission;
use std::collections::BTreeMap;

facet! {
    /// How much the program may use. Manual pages: getrlimit(2), cgroups(7).
    pub struct Resources("resources") {
        /// Memory of all its processes together, in bytes (cgroup).
        memory: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Number of its processes and threads (cgroup).
        processes: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Processor time of all its processes, in thousandths of one processor (cgroup).
        cpu: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Wall-clock time until it is ended, in milliseconds.
        time: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Limits of each process, by name without `RLIMIT_`, in lower case.
        rlimits: Rlimits = strictest Rlimits::all_zero(), open Rlimits(BTreeMap::new());
    }
}

/// Limits of each process; one that is not named is unlimited.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Rlimits(pub BTreeMap<String, RlimitPair>);

/// A soft and a hard limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct RlimitPair {
    /// The limit in force, which the process may raise to the hard one.
    pub soft: Limit,
    /// The ceiling.
    pub hard: Limit,
}

impl RlimitPair {
    const UNLIMITED: Self = Self {
        soft: Limit::Unlimited,
        hard: Limit::Unlimited,
    };

    /// Makes both limits the same.
    pub fn both(limit: Limit) -> Self {
        Self {
            soft: limit,
            hard: limit,
        }
    }

    fn no_more_than(self, other: Self) -> bool {
        self.soft.no_more_than(&other.soft) && self.hard.no_more_than(&other.hard)
    }
}

impl Rlimits {
    /// Returns zero for every limit of the kernel.
    pub fn all_zero() -> Self {
        let zero = RlimitPair::both(Limit::AtMost(0));
        Self(
            crate::names::rlimits::all()
                .map(|rlimit| (rlimit.name.to_owned(), zero))
                .collect(),
        )
    }

    fn get(&self, name: &str) -> RlimitPair {
        self.0.get(name).copied().unwrap_or(RlimitPair::UNLIMITED)
    }
}

impl Permission for Rlimits {
    fn no_more_than(&self, other: &Self) -> bool {
        other
            .0
            .iter()
            .all(|(name, theirs)| self.get(name).no_more_than(*theirs))
    }

    fn meet(&self, other: &Self) -> Self {
        let names = self.0.keys().chain(other.0.keys());
        let meet = |name: &String| {
            let (a, b) = (self.get(name), other.get(name));
            RlimitPair {
                soft: a.soft.meet(&b.soft),
                hard: a.hard.meet(&b.hard),
            }
        };
        Self(names.map(|name| (name.clone(), meet(name))).collect())
    }

    fn text(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        let one = |(name, pair): (&String, &RlimitPair)| {
            if pair.soft == pair.hard {
                format!("{name}={}", pair.hard)
            } else {
                format!("{name}={}:{}", pair.soft, pair.hard)
            }
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}
