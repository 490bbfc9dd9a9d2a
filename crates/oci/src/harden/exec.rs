//! Programs that join a container later are bounded as its first one is.
//!
//! The configuration that is kept with a container's state is the tightened one, but for its filter: what two filters both
//! permit often has no words there. So the names of the policies are kept, too, and the filter is tightened again.

use super::policy::{self, Policy};
use super::tighten::Change;
use crate::failure::Failure;
use casemate_formats::oci::schema::{Capabilities, Process};
use casemate_model::Permission;
use casemate_model::lattice::Guard;
use casemate_model::names::CapabilitySet;
use casemate_model::syscalls::SyscallPolicy;

/// What is kept with the state, to be given to [`recall`]: a name a line.
pub fn record(policies: &[Policy]) -> String {
    let lines = policies.iter().map(|policy| format!("{}\n", policy.name));
    lines.collect()
}

/// The policies of a record.
///
/// # Errors
/// One cannot be had any more.
pub fn recall(record: &str) -> Result<Vec<Policy>, Failure> {
    record.lines().map(policy::of_option).collect()
}

/// What a filter and all policies permit; `None` stands for no filter.
pub fn tighten_filter(
    filter: Option<SyscallPolicy>,
    policies: &[Policy],
) -> Result<Option<SyscallPolicy>, Failure> {
    let mut filter = filter;
    for policy in policies {
        let Some(bound) = policy.bound.syscalls.filter.value() else {
            continue;
        };
        let open = SyscallPolicy::open();
        let own = filter.as_ref().unwrap_or(&open);
        if own.no_more_than(bound) {
            continue;
        }
        let met = own.meet(bound);
        if !met.no_more_than(bound) || !met.no_more_than(own) {
            return Err(Failure::new(format!(
                "the filter cannot be tightened to the host's policy `{}`",
                policy.name
            )));
        }
        filter = Some(met);
    }
    Ok(filter)
}

/// Bounds a program that joins: its capabilities and no_new_privs. Its filter, files and limits are the container's.
pub fn tighten_process(process: &mut Process, policies: &[Policy]) -> Vec<Change> {
    let mut changes = Vec::new();
    for policy in policies {
        let bound = &policy.bound.capabilities;
        let own = process.capabilities.get_or_insert(Capabilities::NONE);
        for (name, own, bound) in [
            ("bounding", &mut own.bounding, &bound.bounding),
            ("effective", &mut own.effective, &bound.effective),
            ("permitted", &mut own.permitted, &bound.permitted),
            ("inheritable", &mut own.inheritable, &bound.inheritable),
            ("ambient", &mut own.ambient, &bound.ambient),
        ] {
            let bound = bound.value().copied().unwrap_or(CapabilitySet::EMPTY);
            let met = own.intersection(bound);
            if met != *own {
                let field = format!("capabilities.{name}");
                changes.push(Change::new(field, own.to_string(), met.to_string()));
                *own = met;
            }
        }
        if bound.no_new_privs.value() == Some(&Guard::On) && !process.no_new_privileges {
            changes.push(Change::new("capabilities.no_new_privs", "off", "on"));
            process.no_new_privileges = true;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::{recall, record, tighten_filter, tighten_process};
    use casemate_formats::oci::schema::{Capabilities, Process};
    use casemate_model::Permission;
    use casemate_model::names::CapabilitySet;
    use casemate_model::syscalls::SyscallPolicy;

    #[test]
    fn a_program_that_joins_gets_no_more_than_the_first() {
        let policies = recall("baseline\nrestricted\n").unwrap_or_else(|f| panic!("{f}"));
        assert_eq!(record(&policies), "baseline\nrestricted\n");
        let mut process = Process {
            capabilities: Some(Capabilities {
                bounding: CapabilitySet::ALL,
                effective: CapabilitySet::ALL,
                ..Capabilities::NONE
            }),
            ..Process::default()
        };
        let changes = tighten_process(&mut process, &policies);
        assert!(process.no_new_privileges);
        let sets = process.capabilities.expect("sets");
        assert_eq!(sets.bounding.to_string(), "net_bind_service");
        assert_eq!(sets.effective, sets.bounding);
        assert_eq!(changes.len(), 5, "{changes:?}");
        assert_eq!(tighten_process(&mut process, &policies), []);
        for asked in [
            None,
            Some(SyscallPolicy::open()),
            Some(SyscallPolicy::ordinary()),
        ] {
            let filter = tighten_filter(asked, &policies).unwrap_or_else(|f| panic!("{f}"));
            let filter = filter.expect("a filter");
            for policy in &policies {
                assert!(filter.no_more_than(policy.bound.syscalls.filter.value().expect("one")));
            }
        }
        assert!(recall("none\n").is_err() && recall("/no/such/profile\n").is_err());
    }
}
