//! What is added to the ordinary system calls, and what is taken away. Conditions have no words in a profile.

use crate::profile::forms::ALL;
use casemate_model::names::syscalls::SyscallId;
use casemate_model::syscalls::ordinary::{GRANTS, Grants};
use casemate_model::syscalls::{Action, Call, Case, SyscallPolicy};

/// Names the calls that are permitted beyond the ordinary ones, and those that are refused.
pub(super) fn changes(policy: &SyscallPolicy) -> (Vec<String>, Vec<String>) {
    if *policy == SyscallPolicy::open() {
        return (vec![ALL.to_owned()], Vec::new());
    }
    let ordinary = SyscallPolicy::ordinary();
    let always = |action| vec![Case::always(action)];
    let (mut added, mut refused) = (groups(policy, &ordinary), Vec::new());
    let changed = policy
        .rules
        .iter()
        .filter(|(call, cases)| ordinary.rules.get(call) != Some(cases));
    for (call, cases) in changed {
        let Call::Named(id) = call else { continue };
        if *cases == always(Action::Allow) {
            added.push(id.name().to_owned());
        } else if *cases == always(Action::EPERM) {
            refused.push(id.name().to_owned());
        }
    }
    let gone = ordinary
        .rules
        .keys()
        .filter(|call| !policy.rules.contains_key(call));
    refused.extend(gone.filter_map(|call| match call {
        Call::Named(id) => Some(id.name().to_owned()),
        // What is said of one architecture goes with the name.
        Call::On(..) | Call::Numbers(..) => None,
    }));
    (added, refused)
}

/// Names the groups that are not lists of calls: architectures and families of sockets.
fn groups(policy: &SyscallPolicy, ordinary: &SyscallPolicy) -> Vec<String> {
    let socket = SyscallId::from_name("socket").map(Call::Named);
    let cases = socket
        .and_then(|call| policy.rules.get(&call))
        .map_or(&[][..], Vec::as_slice);
    let usual = socket
        .and_then(|call| ordinary.rules.get(&call))
        .map_or(0, Vec::len);
    // Each family that is added comes before those that are there.
    let own = &cases[..cases.len().saturating_sub(usual)];
    let mut families: Vec<(usize, String)> = Vec::new();
    let mut architectures = Vec::new();
    for grant in GRANTS {
        match grant.grants {
            Grants::Architecture(arch, _) if policy.archs.contains(&arch) => {
                architectures.push(format!("@{}", grant.name));
            }
            Grants::Calls(_) | Grants::Architecture(..) => {}
            Grants::Families(_) => {
                let mut alone = SyscallPolicy::ordinary();
                let granted = alone.grant(&format!("@{}", grant.name)).is_ok();
                let case = socket
                    .and_then(|call| alone.rules.get(&call)?.first())
                    .filter(|_| granted);
                let place = own.iter().position(|own| Some(own) == case);
                families.extend(place.map(|place| (place, format!("@{}", grant.name))));
            }
        }
    }
    families.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
    architectures
        .into_iter()
        .chain(families.into_iter().map(|(_, name)| name))
        .collect()
}
