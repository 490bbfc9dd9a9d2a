//! How much the program may use.

use crate::facet::facet;
use crate::lattice::{Guard, Limit, Selection};
use crate::order::Permission;
use std::collections::BTreeMap;

facet! {
    /// How much the program may use. Manual pages: getrlimit(2), cgroups(7).
    pub struct Resources("resources") {
        /// Memory of all its processes together, in bytes (cgroup).
        memory: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Memory and swap together, in bytes (cgroup).
        memory_and_swap: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Whether a process is ended when the memory is used up, instead of waiting for more.
        oom_kill: Guard = strictest Guard::On, open Guard::Off;
        /// How likely the kernel is to end it first when memory is short: what the score is changed by, -1000 to 1000.
        oom_score_adj: OomScore = strictest OomScore(1000), open OomScore(-1000);
        /// Number of its processes and threads (cgroup).
        processes: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Processor time of all its processes, in thousandths of one processor (cgroup).
        cpu: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Share of the processors beside others, 1 to 10000; what nobody sets is 100 (cgroup version 2 `cpu.weight`).
        cpu_weight: Limit = strictest Limit::AtMost(1), open Limit::AtMost(10000);
        /// Which processors it runs on (cgroup `cpuset.cpus`).
        cpus: Selection<u32> = strictest Selection::none(), open Selection::All;
        /// Which memory nodes it uses (cgroup `cpuset.mems`).
        memory_nodes: Selection<u32> = strictest Selection::none(), open Selection::All;
        /// Rates of block devices in bytes or operations a second, by `MAJOR:MINOR` and `rbps`, `wbps`, `riops`, `wiops`.
        io: Limits = strictest Limits::none(), open Limits(BTreeMap::new());
        /// Bytes of huge pages by their size, such as `2MB`; `default` for those that are not named.
        huge_pages: Limits = strictest Limits::none(), open Limits(BTreeMap::new());
        /// Wall-clock time until it is ended, in milliseconds.
        time: Limit = strictest Limit::AtMost(0), open Limit::Unlimited;
        /// Limits of each process, by name without `RLIMIT_`, in lower case.
        rlimits: Rlimits = strictest Rlimits::all_zero(), open Rlimits(BTreeMap::new());
    }
}

/// What the badness of a process is changed by (proc(5), `oom_score_adj`): the higher, the sooner it is ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct OomScore(pub i32);

impl Permission for OomScore {
    fn no_more_than(&self, other: &Self) -> bool {
        self.0 >= other.0
    }

    fn meet(&self, other: &Self) -> Self {
        *self.max(other)
    }

    fn text(&self) -> String {
        self.0.to_string()
    }
}

/// Limits by name; `default` is for what has no name here, and without it that is unlimited.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Limits(pub BTreeMap<String, Limit>);

impl Limits {
    const DEFAULT: &'static str = "default";

    /// Permits nothing of any name.
    pub fn none() -> Self {
        Self(BTreeMap::from([(
            Self::DEFAULT.to_owned(),
            Limit::AtMost(0),
        )]))
    }

    /// Returns the limit of a name.
    pub fn get(&self, name: &str) -> Limit {
        let default = || self.0.get(Self::DEFAULT);
        self.0
            .get(name)
            .or_else(default)
            .copied()
            .unwrap_or(Limit::Unlimited)
    }

    fn names<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let names = self.0.keys().chain(other.0.keys());
        names.map(String::as_str).chain([Self::DEFAULT])
    }
}

impl Permission for Limits {
    fn no_more_than(&self, other: &Self) -> bool {
        self.names(other)
            .all(|name| self.get(name).no_more_than(&other.get(name)))
    }

    fn meet(&self, other: &Self) -> Self {
        let both = |name: &str| (name.to_owned(), self.get(name).meet(&other.get(name)));
        let mut limits: BTreeMap<String, Limit> = self.names(other).map(both).collect();
        // Without a default, what has no name is unlimited anyway.
        if limits.get(Self::DEFAULT) == Some(&Limit::Unlimited) {
            limits.retain(|_, limit| *limit != Limit::Unlimited);
        }
        Self(limits)
    }

    fn text(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        let one = |(name, limit): (&String, &Limit)| format!("{name}={limit}");
        self.0.iter().map(one).collect::<Vec<_>>().join(" ")
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
