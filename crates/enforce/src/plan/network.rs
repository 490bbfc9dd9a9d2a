//! The network inside.

use super::{Builder, Gap, PlanError, asked, required};
use crate::step::Step;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Reach, Transport};
use casemate_model::lattice::Selection;

/// Brings up what the confinement has of a network, and refuses what does not fit together.
pub(super) fn build(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let reach = *required(&builder.confinement.network.reach, "network.reach")?;
    let placement = required(&builder.confinement.namespaces.net, "namespaces.net")?;
    match (reach, placement) {
        (Reach::Loopback, Placement::New) => builder.inside("network", Step::LoopbackUp {}),
        (Reach::None, Placement::New) | (Reach::Host, Placement::Host) => {}
        (reach, placement) => {
            return Err(PlanError::Namespaces {
                why: format!(
                    "network reach {reach} does not go with a {} network namespace",
                    casemate_model::Permission::text(placement)
                ),
            });
        }
    }
    let network = &builder.confinement.network;
    let mut gaps = Vec::new();
    for (ports, verb) in [
        (&network.listen, "listening"),
        (&network.connect, "connecting"),
    ] {
        if let Selection::Only(ports_set) = required(ports, "network")?
            && reach == Reach::Host
            && ports_set
                .iter()
                .any(|port| port.transport == Transport::Udp)
        {
            let what = format!("{verb} to those UDP ports only");
            let why = "Landlock has no rules for UDP ports: all are open once one is".to_owned();
            gaps.push((
                asked(ports),
                Gap {
                    facet: "network",
                    what,
                    why,
                },
            ));
        }
    }
    for (asked, gap) in gaps {
        builder.not_enforced(asked, gap)?;
    }
    Ok(())
}

/// Tells whether the program may have datagram and raw sockets of the internet families: with the host's network no
/// other mechanism bounds them.
pub(super) fn datagrams(builder: &Builder<'_>) -> Result<bool, PlanError> {
    let network = &builder.confinement.network;
    if *required(&network.reach, "network.reach")? != Reach::Host {
        return Ok(true);
    }
    let any = |ports: &Selection<casemate_model::facets::network::Port>| match ports {
        Selection::All => true,
        Selection::Only(set) => set.iter().any(|port| port.transport == Transport::Udp),
    };
    Ok(any(required(&network.listen, "network.listen")?)
        || any(required(&network.connect, "network.connect")?))
}
