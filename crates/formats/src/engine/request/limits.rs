//! Limits.

use super::{Maker, said, wanted};
use crate::engine::parts;
use crate::oci::confine::shares_of_weight;
use casemate_model::Confinement;
use casemate_model::lattice::{Guard, Limit, Selection};

/// Bytes or a number as engines take them; what does not fit is no limit that matters.
fn amount(limit: Limit) -> i64 {
    limit
        .bound()
        .map_or(-1, |bound| i64::try_from(bound).unwrap_or(i64::MAX))
}

impl Maker<'_> {
    pub(super) fn limits(&mut self, base: &Confinement) {
        let (want, given) = (&self.want.resources, &base.resources);
        let bound = |limit: &Limit| limit.bound().is_some();
        if let Some(limit) = wanted(&want.memory, &given.memory).filter(|limit| bound(limit)) {
            self.ask.memory = Some(said(amount(*limit)));
        }
        let twice = match want.memory.value() {
            Some(Limit::AtMost(bytes)) => Limit::AtMost(bytes.saturating_mul(2)),
            _ => Limit::Unlimited,
        };
        if let Some(limit) = want
            .memory_and_swap
            .value()
            .filter(|limit| **limit != twice)
        {
            self.ask.memory_swap = Some(said(amount(*limit)));
        }
        if want.oom_kill.value() == Some(&Guard::Off) {
            self.ask.oom_kill_disable = Some(said(true));
        }
        self.ask.oom_score_adj =
            wanted(&want.oom_score_adj, &given.oom_score_adj).map(|score| said(score.0));
        self.ask.pids_limit =
            wanted(&want.processes, &given.processes).map(|limit| said(amount(*limit)));
        self.ask.cpus = wanted(&want.cpu, &given.cpu)
            .and_then(|limit| limit.bound())
            .map(said);
        self.ask.cpu_shares = wanted(&want.cpu_weight, &given.cpu_weight)
            .and_then(|limit| limit.bound())
            .map(|weight| said(shares_of_weight(weight)));
        let set = |selection: Option<&Selection<u32>>| match selection {
            Some(Selection::Only(set)) if !set.is_empty() => Some(said(parts::set_text(set))),
            _ => None,
        };
        self.ask.cpuset_cpus = set(wanted(&want.cpus, &given.cpus));
        self.ask.cpuset_mems = set(wanted(&want.memory_nodes, &given.memory_nodes));
        if let Some(limits) = wanted(&want.io, &given.io) {
            // Engines name a device by its path.
            let named = limits.0.iter().filter(|(name, _)| name.starts_with('/'));
            let rates =
                named.filter_map(|(name, limit)| Some(said((name.clone(), limit.bound()?))));
            self.ask.rates = rates.collect();
        }
        if let (Some(want), Some(given)) = (want.rlimits.value(), given.rlimits.value()) {
            let new = want
                .0
                .iter()
                .filter(|(name, pair)| given.0.get(*name) != Some(pair));
            self.ask.ulimits = new
                .map(|(name, pair)| said((name.clone(), *pair)))
                .collect();
        }
    }
}
