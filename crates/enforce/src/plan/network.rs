//! The network inside.

use super::{Asked, Builder, Gap, PlanError, asked, required};
use crate::step::Step;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Port, Reach, Transport};
use casemate_model::lattice::{Permit, Selection};

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
    if let Selection::Only(ports) = required(&network.listen, "network.listen")?
        && reach == Reach::Host
        && ports.iter().any(|port| port.transport == Transport::Tcp)
    {
        let what = "listening on those TCP ports only".to_owned();
        let why =
            "listen(2) without bind(2) takes a port of the kernel's choice, and Landlock looks at bind(2)"
                .to_owned();
        // Nobody who names a port asked for that: it is said, and not refused.
        gaps.push((
            Asked::ByDefault,
            Gap {
                facet: "network",
                what,
                why,
            },
        ));
    }
    for (asked, gap) in gaps {
        builder.not_enforced(asked, gap)?;
    }
    Ok(())
}

/// What of the internet's protocols the program may use, where Landlock bounds its ports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bounded {
    /// No port of UDP is granted, so that no datagram is needed.
    pub(super) datagrams: Permit,
    /// Only some ports may be connected to.
    pub(super) connect: Permit,
    /// A port of TCP may be listened on.
    pub(super) listen: Permit,
}

/// Tells what the filter has to refuse because no rule of Landlock covers it; nothing where there is no network of
/// others, or all of it.
pub(super) fn bounded(builder: &Builder<'_>) -> Result<Option<Bounded>, PlanError> {
    let network = &builder.confinement.network;
    let listen = required(&network.listen, "network.listen")?;
    let connect = required(&network.connect, "network.connect")?;
    if *required(&network.reach, "network.reach")? != Reach::Host
        || (*listen == Selection::All && *connect == Selection::All)
    {
        return Ok(None);
    }
    let any = |ports: &Selection<Port>, transport| match ports {
        Selection::All => true,
        Selection::Only(set) => set.iter().any(|port| port.transport == transport),
    };
    let permit = |holds| {
        if holds {
            Permit::Permitted
        } else {
            Permit::Denied
        }
    };
    Ok(Some(Bounded {
        datagrams: permit(any(listen, Transport::Udp) || any(connect, Transport::Udp)),
        connect: permit(*connect == Selection::All),
        listen: permit(any(listen, Transport::Tcp)),
    }))
}

/// Records that lists of TCP ports do not hold, where that lets the program out.
pub(super) fn without_ports(builder: &mut Builder<'_>, why: &str) -> Result<(), PlanError> {
    let network = &builder.confinement.network;
    if *required(&network.reach, "network.reach")? != Reach::Host
        || (network.listen.value() == Some(&Selection::All)
            && network.connect.value() == Some(&Selection::All))
    {
        return Ok(());
    }
    let gap = Gap {
        facet: "network",
        what: "the list of TCP ports".to_owned(),
        why: why.to_owned(),
    };
    builder.not_enforced(Asked::ByUser, gap)
}
