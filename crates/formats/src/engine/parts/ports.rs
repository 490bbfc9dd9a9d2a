//! Ports: `[[ADDRESS:]HOST:]INSIDE[/PROTOCOL]`, each a number or a range.

use casemate_model::facets::network::{Port, Published, Transport};
use std::net::IpAddr;

/// What one word publishes.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Ports {
    /// Ports of TCP and UDP.
    pub published: Vec<Published>,
    /// Ports of other protocols, as they were written.
    pub others: Vec<String>,
}

/// Reads a word.
pub(crate) fn ports(text: &str) -> Result<Ports, String> {
    let wrong = || format!("{text:?} publishes no port, as `127.0.0.1:8080:80/tcp` does");
    let (rest, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
    let (address, rest) = match rest.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once("]:").ok_or_else(wrong)?;
            (address, rest)
        }
        None => {
            let colons = rest.matches(':').count();
            match rest.split_once(':') {
                Some((address, rest)) if colons == 2 => (address, rest),
                _ if colons > 2 => return Err(wrong()),
                _ => ("", rest),
            }
        }
    };
    let address: Option<IpAddr> = match address {
        "" => None,
        "localhost" => "127.0.0.1".parse().ok(),
        address => Some(
            address
                .parse()
                .map_err(|_| format!("{address:?} is no address"))?,
        ),
    };
    let (host, inside) = match rest.split_once(':') {
        Some((host, inside)) => (host, inside),
        None => ("", rest),
    };
    let transport = match protocol {
        "tcp" => Transport::Tcp,
        "udp" => Transport::Udp,
        "sctp" => {
            return Ok(Ports {
                others: vec![text.to_owned()],
                ..Ports::default()
            });
        }
        _ => return Err(format!("{protocol:?} is no protocol")),
    };
    spans(address, host, inside, transport).ok_or_else(wrong)
}

/// Ports of the host and inside, each a number or a range; the host's may be empty.
pub(crate) fn spans(
    address: Option<IpAddr>,
    host: &str,
    inside: &str,
    transport: Transport,
) -> Option<Ports> {
    let address = address.filter(|address| !address.is_unspecified() || address.is_ipv6());
    let (first, last) = range(inside)?;
    let host = match host {
        "" | "0" => None,
        host => Some(range(host)?),
    };
    let count = last - first;
    let mut published = Vec::new();
    for step in 0..=count {
        let host = match host {
            None => None,
            Some((low, high)) if high - low == count => Some(low + step),
            // Any of the range is taken for one port.
            Some((low, high)) if count == 0 && high > low => None,
            Some(_) => return None,
        };
        published.push(Published {
            address,
            host,
            inside: Port {
                transport,
                number: first + step,
            },
        });
    }
    Some(Ports {
        published,
        others: Vec::new(),
    })
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first > 0 && first <= last).then_some((first, last))
}

/// How a published port is written.
pub(crate) fn text(port: &Published) -> String {
    let mut out = match port.address {
        Some(IpAddr::V6(address)) => format!("[{address}]:"),
        Some(address) => format!("{address}:"),
        None => String::new(),
    };
    match port.host {
        Some(host) => out.push_str(&format!("{host}:")),
        None if port.address.is_some() => out.push(':'),
        None => {}
    }
    out.push_str(&port.inside.number.to_string());
    if port.inside.transport == Transport::Udp {
        out.push_str("/udp");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_and_written() {
        for (word, expected) in [
            ("80", vec!["80"]),
            ("8080:80", vec!["8080:80"]),
            ("127.0.0.1:8080:80/tcp", vec!["127.0.0.1:8080:80"]),
            ("127.0.0.1::80", vec!["127.0.0.1::80"]),
            ("0.0.0.0:53:53/udp", vec!["53:53/udp"]),
            ("[::1]:53:53/udp", vec!["[::1]:53:53/udp"]),
            ("7000-7001:80-81", vec!["7000:80", "7001:81"]),
            ("7000-7010:80", vec!["80"]),
        ] {
            let read = ports(word).expect(word);
            let texts: Vec<String> = read.published.iter().map(text).collect();
            assert_eq!(texts, expected, "{word}");
        }
        for wrong in [
            "",
            "x",
            "1:2:3:4",
            "0:80:80:80",
            "80/icmp",
            "70000",
            "1-3:1-2",
            "a:1:2",
            "5-1",
        ] {
            assert!(ports(wrong).is_err(), "{wrong}");
        }
        assert_eq!(ports("80:80/sctp").map(|ports| ports.others.len()), Ok(1));
    }
}
