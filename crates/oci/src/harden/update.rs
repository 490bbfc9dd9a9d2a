//! Limits that are changed later stay within what was decided.

use super::policy::Policy;
use super::tighten::Change;
use crate::failure::Failure;
use casemate_formats::oci::confine::numbers;
use casemate_formats::oci::device_rules;
use casemate_formats::oci::schema::{Cpu, Resources};
use casemate_model::Permission;
use casemate_model::facets::resources::Resources as Bound;
use casemate_model::lattice::{Guard, Limit};

/// Bounds new limits of a container.
///
/// # Errors
/// They are of a kind that a profile bounds and that cannot be compared one by one.
pub fn tighten_resources(
    resources: &mut Resources,
    policies: &[Policy],
) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for policy in policies {
        let bound = &policy.bound.resources;
        if let Some(pids) = &mut resources.pids {
            clamp(
                "pids.limit",
                &mut pids.limit,
                bound.processes.value(),
                &mut changes,
            );
        }
        if let Some(memory) = &mut resources.memory {
            clamp(
                "memory.limit",
                &mut memory.limit,
                bound.memory.value(),
                &mut changes,
            );
            clamp(
                "memory.swap",
                &mut memory.swap,
                bound.memory_and_swap.value(),
                &mut changes,
            );
            let killed = bound.oom_kill.value() == Some(&Guard::On);
            if killed && memory.disable_oom_killer == Some(true) {
                changes.push(Change::new("memory.disableOOMKiller", "true", "false"));
                memory.disable_oom_killer = Some(false);
            }
        }
        for (file, bound) in [
            ("pids.max", bound.processes.value()),
            ("memory.max", bound.memory.value()),
            ("memory.swap.max", bound.memory_and_swap.value()),
        ] {
            let bounded = bound.is_some_and(|bound| *bound != Limit::Unlimited);
            if let Some(value) = resources.unified.get(file).filter(|_| bounded) {
                changes.push(Change::new(format!("unified {file}"), value, "left out"));
                resources.unified.remove(file);
            }
        }
        if !resources.devices.is_empty()
            && let Some(bound) = policy.bound.devices.numbers.value()
        {
            let asked = numbers(&resources.devices);
            let met = asked.meet(bound);
            if met != asked {
                changes.push(Change::new("devices", asked.text(), met.text()));
                resources.devices = device_rules(Some(&met));
            }
        }
        if let Some(kind) = bounded(resources, bound) {
            return Err(Failure::new(format!(
                "the host's policy `{}` bounds resources.{kind}, which cannot be changed therefore",
                policy.name
            )));
        }
    }
    Ok(changes)
}

/// Lowers a limit to its bound; -1 is none, and so is 0 for memory.
fn clamp(name: &str, limit: &mut Option<i64>, bound: Option<&Limit>, changes: &mut Vec<Change>) {
    let (Some(asked), Some(most)) = (*limit, bound.and_then(|bound| bound.bound())) else {
        return;
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if asked < 0 || asked > most {
        changes.push(Change::new(name, asked.to_string(), most.to_string()));
        *limit = Some(most);
    }
}

/// A kind of limit that is both changed and bounded.
fn bounded(resources: &Resources, bound: &Bound) -> Option<&'static str> {
    let none = Cpu::default();
    let cpu = resources.cpu.as_ref().unwrap_or(&none);
    let open = Limit::Unlimited;
    let speed = bound.cpu.value().is_some_and(|limit| *limit != open);
    let weight = bound
        .cpu_weight
        .value()
        .is_some_and(|w| *w != Limit::AtMost(10_000));
    let all = casemate_model::lattice::Selection::All;
    let places = bound.cpus.value().is_some_and(|set| *set != all);
    let nodes = bound.memory_nodes.value().is_some_and(|set| *set != all);
    let rates = bound.io.value().is_some_and(|limits| !limits.0.is_empty());
    let pages = bound
        .huge_pages
        .value()
        .is_some_and(|limits| !limits.0.is_empty());
    [
        (
            "cpu",
            speed && (cpu.quota.is_some() || cpu.period.is_some() || cpu.burst.is_some()),
        ),
        ("cpu_weight", weight && cpu.shares.is_some()),
        ("cpus", places && !cpu.cpus.is_empty()),
        ("memory_nodes", nodes && !cpu.mems.is_empty()),
        ("io", rates && resources.block_io.is_some()),
        ("huge_pages", pages && !resources.hugepage_limits.is_empty()),
        (
            "unified",
            (speed || weight || rates) && !resources.unified.is_empty(),
        ),
    ]
    .into_iter()
    .find_map(|(kind, both)| both.then_some(kind))
}

#[cfg(test)]
mod tests {
    use super::tighten_resources;
    use crate::harden::recall;
    use casemate_formats::oci::schema::{DeviceCgroup, Memory, Pids, Resources};

    #[test]
    fn limits_stay_within_the_bound() {
        let policies = recall("restricted\n").unwrap_or_else(|failure| panic!("{failure}"));
        for (asked, given) in [(-1, 1024), (5000, 1024), (1024, 1024), (7, 7), (0, 0)] {
            let mut resources = Resources {
                pids: Some(Pids { limit: Some(asked) }),
                unified: [("pids.max".to_owned(), "max".to_owned())].into(),
                memory: Some(Memory {
                    limit: Some(-1),
                    disable_oom_killer: Some(true),
                    ..Memory::default()
                }),
                devices: vec![DeviceCgroup {
                    allow: true,
                    access: "rwm".to_owned(),
                    ..DeviceCgroup::default()
                }],
                ..Resources::default()
            };
            let changes = tighten_resources(&mut resources, &policies);
            let changes = changes.unwrap_or_else(|failure| panic!("{failure}"));
            assert_eq!(resources.pids, Some(Pids { limit: Some(given) }));
            assert!(resources.unified.is_empty());
            let memory = resources.memory.expect("memory");
            assert_eq!(
                (memory.limit, memory.disable_oom_killer),
                (Some(-1), Some(false))
            );
            assert!(
                resources
                    .devices
                    .iter()
                    .all(|rule| !rule.allow || rule.major == Some(5))
            );
            assert_eq!(changes.len(), 3 + usize::from(asked != given));
        }
    }
}
