//! What the program reaches over the network.

use crate::facet::facet;
use crate::lattice::{Selection, ladder};

facet! {
    /// What the program reaches over the network.
    pub struct Network("network") {
        /// Whose interfaces it sees.
        reach: Reach = strictest Reach::None, open Reach::Host;
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
        /// The host's network.
        Host = "host",
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
