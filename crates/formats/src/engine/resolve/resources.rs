//! Limits.

use super::Resolver;
use crate::engine::ask::{Ask, Said};
use crate::engine::parts;
use crate::oci::confine::weight_of_shares;
use casemate_model::Stated;
use casemate_model::facets::resources::{Limits, OomScore, Resources, Rlimits};
use casemate_model::lattice::{Guard, Limit, Selection};
use std::collections::BTreeMap;

impl Resolver<'_> {
    pub(super) fn resources(&mut self, ask: &Ask) -> Resources {
        let memory = self.said(&ask.memory, Limit::Unlimited, above_zero);
        Resources {
            memory_and_swap: self.swap(ask),
            memory,
            oom_kill: self.said(&ask.oom_kill_disable, Guard::On, |disabled| {
                if disabled { Guard::Off } else { Guard::On }
            }),
            oom_score_adj: self.said(&ask.oom_score_adj, OomScore(0), OomScore),
            processes: match &ask.pids_limit {
                Some(said) => Stated::set(above_zero(said.value), said.origin.clone()),
                None => self.defaults.processes.clone(),
            },
            cpu: self.cpu(ask),
            cpu_weight: match ask.cpu_shares.as_ref().filter(|said| said.value > 0) {
                Some(said) => {
                    let weight = weight_of_shares(said.value);
                    Stated::set(Limit::AtMost(weight), said.origin.clone())
                }
                None => self.default(Limit::AtMost(100)),
            },
            cpus: self.numbers_of(&ask.cpuset_cpus),
            memory_nodes: self.numbers_of(&ask.cpuset_mems),
            io: self.rates(ask),
            huge_pages: self.default(Limits(BTreeMap::new())),
            time: self.default(Limit::Unlimited),
            rlimits: self.ulimits(ask),
        }
    }

    /// Memory and swap: twice the memory when only that is limited.
    fn swap(&self, ask: &Ask) -> Stated<Limit> {
        let memory = ask.memory.as_ref().filter(|said| said.value > 0);
        match (&ask.memory_swap, memory) {
            (Some(said), _) if said.value != 0 => {
                Stated::set(above_zero(said.value), said.origin.clone())
            }
            (_, Some(memory)) => {
                let twice = u64::try_from(memory.value).unwrap_or(0).saturating_mul(2);
                self.default(Limit::AtMost(twice))
            }
            _ => self.default(Limit::Unlimited),
        }
    }

    fn cpu(&self, ask: &Ask) -> Stated<Limit> {
        if let Some(said) = ask.cpus.as_ref().filter(|said| said.value > 0) {
            return Stated::set(Limit::AtMost(said.value), said.origin.clone());
        }
        let quota = ask.cpu_quota.as_ref().filter(|said| said.value > 0);
        match quota {
            Some(quota) => {
                let period = ask.cpu_period.as_ref().map(|said| said.value);
                let period = period.filter(|period| *period > 0).unwrap_or(100_000);
                let time = u64::try_from(quota.value).unwrap_or(0);
                let thousandths = time.saturating_mul(1000).div_ceil(period);
                Stated::set(Limit::AtMost(thousandths), quota.origin.clone())
            }
            None => self.default(Limit::Unlimited),
        }
    }

    fn numbers_of(&mut self, said: &Option<Said<String>>) -> Stated<Selection<u32>> {
        let Some(said) = said.as_ref().filter(|said| !said.value.is_empty()) else {
            return self.default(Selection::All);
        };
        match parts::set_of_numbers(&said.value) {
            Ok(set) => Stated::set(Selection::Only(set), said.origin.clone()),
            Err(what) => {
                self.notes.wrong(what, &said.origin);
                Stated::Unknown
            }
        }
    }

    fn rates(&self, ask: &Ask) -> Stated<Limits> {
        let limits: BTreeMap<String, Limit> = ask
            .rates
            .iter()
            .map(|said| (said.value.0.clone(), Limit::AtMost(said.value.1)))
            .collect();
        match ask.rates.last() {
            Some(last) => Stated::set(Limits(limits), last.origin.clone()),
            None => self.default(Limits(limits)),
        }
    }

    fn ulimits(&self, ask: &Ask) -> Stated<Rlimits> {
        let given = self.defaults.ulimits.value().cloned().unwrap_or_default();
        let mut limits = given;
        for said in &ask.ulimits {
            limits.insert(said.value.0.clone(), said.value.1);
        }
        match (ask.ulimits.last(), &self.defaults.ulimits) {
            (Some(last), _) => Stated::set(Rlimits(limits), last.origin.clone()),
            (None, Stated::Set { origin, .. }) => Stated::set(Rlimits(limits), origin.clone()),
            (None, _) => self.default(Rlimits(limits)),
        }
    }
}

/// Zero and less are no limit.
fn above_zero(value: i64) -> Limit {
    match u64::try_from(value) {
        Ok(value) if value > 0 => Limit::AtMost(value),
        _ => Limit::Unlimited,
    }
}
