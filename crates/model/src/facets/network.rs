//! What the program reaches over the network.

use crate::facet::facet;
use crate::lattice::{Selection, ladder};

facet! {
    /// What the program reaches over the network.
    pub struct Network("network") {
        /// Whose interfaces it sees.
        reach: Reach = strictest Reach::None, open Reach::Host;
        /// Ports of the host that lead to it.
        published: Selection<Published> = strictest Selection::none(), open Selection::All;
        /// Ports on which it may accept (TCP: bind(2); UDP: bind(2)).
        listen: Selection<Port> = strictest Selection::none(), open Selection::All;
        /// Ports to which it may connect.
        connect: Selection<Port> = strictest Selection::none(), open Selection::All;
    }
}

ladder! {
    /// Whose interfaces the program sees.
    pub enum Reach {
        /// No interface that is up.
        None = "none",
        /// A loopback interface of its own.
        Loopback = "loopback",
        /// A network of its own with interfaces that lead further: a bridge, a virtual network of an engine or a cluster.
        Attached = "attached",
        /// The host's network.
        Host = "host",
    }
}

/// A port of the host that leads to a port inside.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Published {
    /// The address of the host that it is open on; all when none is named.
    pub address: Option<std::net::IpAddr>,
    /// The port of the host; chosen when the program is started when none is named.
    pub host: Option<u16>,
    /// The port inside.
    pub inside: Port,
}

impl std::fmt::Display for Published {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.address {
            Some(std::net::IpAddr::V6(address)) => write!(f, "[{address}]:")?,
            Some(address) => write!(f, "{address}:")?,
            None => {}
        }
        match self.host {
            Some(port) => write!(f, "{port}:{}", self.inside),
            None => write!(f, ":{}", self.inside),
        }
    }
}

/// A port of a transport protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Port {
    /// The protocol.
    pub transport: Transport,
    /// The number.
    pub number: u16,
}

/// A transport protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Port {
    /// Reads `443`, `443/tcp` or `53/udp`.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, transport) = match text.split_once('/') {
            None | Some((_, "tcp")) => (text.split('/').next()?, Transport::Tcp),
            Some((number, "udp")) => (number, Transport::Udp),
            Some(_) => return None,
        };
        Some(Self {
            transport,
            number: number.parse().ok()?,
        })
    }
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.transport {
            Transport::Tcp => write!(f, "{}/tcp", self.number),
            Transport::Udp => write!(f, "{}/udp", self.number),
        }
    }
}
