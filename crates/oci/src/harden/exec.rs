//! Programs that join a container later are bounded as its first one is.

use super::policy::Policy;
use super::tighten::Change;
use casemate_formats::oci::schema::{Capabilities, Process};
use casemate_model::lattice::Guard;
use casemate_model::names::CapabilitySet;

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
