//! Sockets: ports and names that are not within reach.

use super::super::Subject;
use super::call::{Address, Deed, PathUse, Reachable, address};
use super::files;
use super::notes::{Notes, Refused, Use, Weight};
use super::process::{Last, Process};
use casemate_model::facets::network::{Port, Reach, Transport};
use casemate_model::lattice::{Guard, Selection};
use casemate_model::names::capabilities::Capability;
use casemate_sys::CWD;
use casemate_sys::seccomp::CallData;

/// `sizeof(struct sockaddr_storage)`.
const LONGEST: u64 = 128;

/// Judges bind(2) and connect(2).
pub fn judge(
    subject: &Subject<'_>,
    notes: &mut Notes,
    process: Process,
    name: &str,
    data: &CallData,
) {
    let [socket, pointer, length, ..] = data.args;
    let length = (length as u32).min(LONGEST as u32) as usize;
    let Some(address) = process.bytes(pointer, length).as_deref().and_then(address) else {
        return;
    };
    let used = if name == "bind" {
        Use::Listen
    } else {
        Use::Connect
    };
    match address {
        Address::Internet(number, reachable) => {
            let transport = match process.protocol(socket as i32).as_deref() {
                Some("TCP" | "TCPv6" | "MPTCP" | "MPTCPv6") => Transport::Tcp,
                Some("UDP" | "UDPv6") => Transport::Udp,
                _ => return,
            };
            let port = Port { transport, number };
            internet(subject, notes, process, used, (port, reachable));
        }
        Address::Path(path) => {
            let deed = match used {
                Use::Listen => Deed::Make,
                Use::Connect => Deed::Open,
            };
            if let Some(path) = process.absolute(CWD.raw(), &path) {
                let wanted = PathUse {
                    path,
                    deed,
                    last: Last::Followed,
                };
                files::judge(subject, notes, process, &wanted);
            }
        }
        Address::Abstract(name) if used == Use::Connect => {
            let name = String::from_utf8_lossy(&name)
                .trim_end_matches('\0')
                .to_owned();
            let scoped = subject
                .request
                .document
                .confinement
                .mac
                .abstract_unix_scope
                .value()
                == Some(&Guard::On);
            if scoped && exists_outside(&name) {
                notes.add(
                    Refused::AbstractSocket(name),
                    process,
                    "connect to",
                    Weight::Sure,
                );
            }
        }
        Address::Abstract(_) => {}
    }
}

fn internet(
    subject: &Subject<'_>,
    notes: &mut Notes,
    process: Process,
    used: Use,
    (port, reachable): (Port, Reachable),
) {
    let confinement = &subject.request.document.confinement;
    let network = &confinement.network;
    let (ports, deed) = match used {
        Use::Listen => (network.listen.value(), "listen on"),
        Use::Connect => (network.connect.value(), "connect to"),
    };
    let listed = match ports {
        Some(Selection::Only(ports)) => ports.contains(&port),
        _ => true,
    };
    let reach = network.reach.value().copied().unwrap_or(Reach::None);
    let permitted = match reach {
        // An interface that is down can be bound to, and then nobody comes.
        Reach::None => used == Use::Listen && port.number == 0,
        Reach::Loopback => used == Use::Listen || reachable == Reachable::Loopback,
        // Any UDP port opens them all, and none closes the whole family, which the filter says.
        Reach::Attached | Reach::Host => listed || port.transport == Transport::Udp,
    };
    let limited = reach == Reach::Loopback
        && !listed
        && port.transport == Transport::Tcp
        && !is_everything(subject, used);
    if !permitted || limited {
        let refused = match reachable {
            Reachable::Loopback => Refused::LoopbackPort(used, port),
            Reachable::Elsewhere => Refused::Port(used, port),
        };
        notes.add(refused, process, deed, Weight::Sure);
        return;
    }
    // net.ipv4.ip_unprivileged_port_start is 1024 in every new network namespace.
    let held = confinement.capabilities.effective.value();
    let may = Capability::from_name("net_bind_service")
        .is_some_and(|capability| held.is_some_and(|held| held.contains(capability)));
    if used == Use::Listen && (1..1024).contains(&port.number) && !may {
        let refused = if reach == Reach::Host {
            Refused::Never(format!(
                "listen on port {port} of the host: it is below the host's net.ipv4.ip_unprivileged_port_start"
            ))
        } else {
            Refused::Capability("net_bind_service", format!("listen on port {port}"))
        };
        notes.add(refused, process, deed, Weight::Sure);
    }
}

/// With a loopback interface of its own all ports are open, unless some are named.
fn is_everything(subject: &Subject<'_>, used: Use) -> bool {
    let network = &subject.request.document.confinement.network;
    match used {
        Use::Listen => !network.listen.is_set(),
        Use::Connect => !network.connect.is_set(),
    }
}

/// Tells whether somebody outside listens there: /proc/net/unix writes an abstract name with `@`.
fn exists_outside(name: &str) -> bool {
    let wanted = format!("@{}", name.replace('\0', "@"));
    std::fs::read_to_string("/proc/net/unix").is_ok_and(|table| {
        table
            .lines()
            .any(|line| line.split_whitespace().nth(7) == Some(&wanted))
    })
}
