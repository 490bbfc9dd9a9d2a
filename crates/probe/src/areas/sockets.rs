//! Which sockets can be made, and whom they reach without a network.

use crate::json::Json;
use crate::outcome::{self, Outcome, in_child};
use casemate_sys::attempt;
use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixListener};

/// Families by number, linux/socket.h, each with a type and protocol that it has.
const FAMILIES: &[(&str, u32, u32, u32)] = &[
    ("alg", 38, SEQPACKET, 0),
    ("appletalk", 5, DGRAM, 0),
    ("atmpvc", 8, DGRAM, 0),
    ("ax25", 3, DGRAM, 0),
    ("bluetooth", 31, RAW, 1),
    ("caif", 37, SEQPACKET, 0),
    ("can", 29, RAW, 1),
    ("ieee802154", 36, DGRAM, 0),
    ("inet dgram", 2, DGRAM, 0),
    ("inet icmp", 2, DGRAM, 1),
    ("inet mptcp", 2, STREAM, 262),
    ("inet raw", 2, RAW, 1),
    ("inet sctp", 2, STREAM, 132),
    ("inet stream", 2, STREAM, 0),
    ("inet6 dgram", 10, DGRAM, 0),
    ("inet6 raw", 10, RAW, 58),
    ("inet6 stream", 10, STREAM, 0),
    ("ipx", 4, DGRAM, 0),
    ("kcm", 41, DGRAM, 0),
    ("key", 15, RAW, 2),
    ("llc", 26, DGRAM, 0),
    ("mctp", 45, DGRAM, 0),
    ("netlink audit", 16, RAW, 9),
    ("netlink connector", 16, DGRAM, 11),
    ("netlink generic", 16, RAW, 16),
    ("netlink netfilter", 16, RAW, 12),
    ("netlink route", 16, RAW, 0),
    ("netlink sock_diag", 16, RAW, 4),
    ("netlink uevent", 16, DGRAM, 15),
    ("netlink xfrm", 16, RAW, 6),
    ("netrom", 6, SEQPACKET, 0),
    ("nfc", 39, SEQPACKET, 0),
    ("packet", 17, RAW, 0),
    ("phonet", 35, DGRAM, 0),
    ("pppox", 24, STREAM, 0),
    ("qipcrtr", 42, DGRAM, 0),
    ("rds", 21, SEQPACKET, 0),
    ("rose", 11, SEQPACKET, 0),
    ("rxrpc", 33, DGRAM, 2),
    ("smc", 43, STREAM, 0),
    ("tipc", 30, DGRAM, 0),
    ("unix dgram", 1, DGRAM, 0),
    ("unix seqpacket", 1, SEQPACKET, 0),
    ("unix stream", 1, STREAM, 0),
    ("vsock", 40, STREAM, 0),
    ("x25", 9, SEQPACKET, 0),
    ("xdp", 44, RAW, 0),
];
const STREAM: u32 = 1;
const DGRAM: u32 = 2;
const RAW: u32 = 3;
const SEQPACKET: u32 = 5;

pub fn look() -> Json {
    let made = FAMILIES.iter().map(|(name, family, kind, protocol)| {
        (
            *name,
            in_child(|| attempt::socket(*family, *kind, *protocol).map(drop)),
        )
    });
    Json::object([
        ("families", Json::object(made)),
        ("interfaces", interfaces()),
        ("loopback_tcp", loopback().into()),
        (
            "route_v4",
            route(SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 9))).into(),
        ),
        (
            "route_v6",
            route(SocketAddr::from((
                Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1),
                9,
            )))
            .into(),
        ),
        ("abstract_bind", own_abstract().into()),
        ("abstract_names", abstract_names()),
    ])
}

/// A connection of the process with itself.
fn loopback() -> Outcome {
    let connected = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| TcpStream::connect(listener.local_addr()?).map(drop));
    outcome::of(&connected)
}

/// Connecting a UDP socket looks for a route and sends nothing. The addresses are those of documentation.
fn route(to: SocketAddr) -> Outcome {
    let any: SocketAddr = match to {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    outcome::of(&UdpSocket::bind(any).and_then(|socket| socket.connect(to)))
}

fn own_abstract() -> Outcome {
    let name = format!("casemate-probe-{}", std::process::id());
    outcome::of(
        &UnixAddr::from_abstract_name(name).and_then(|address| UnixListener::bind_addr(&address)),
    )
}

fn interfaces() -> Json {
    match fs::read_to_string("/proc/self/net/dev") {
        // Two lines of headings, then "name: numbers".
        Ok(text) => {
            let names = text.lines().skip(2).filter_map(|line| line.split_once(':'));
            Json::list(names.map(|(name, _)| name.trim()))
        }
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    }
}

/// Names of abstract sockets in the network namespace.
fn abstract_names() -> Json {
    match fs::read("/proc/self/net/unix") {
        Ok(text) => {
            let text = String::from_utf8_lossy(&text);
            let names: BTreeSet<&str> = text
                .lines()
                .filter_map(|line| line.split_once(" @"))
                .map(|(_, name)| name)
                .collect();
            Json::list(names)
        }
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    }
}
