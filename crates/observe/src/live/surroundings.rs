//! Network, labels, environment, descriptors, session.

use super::Reader;
use super::identity::is_host;
use casemate_model::Workload;
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::network::Reach;
use casemate_model::lattice::{Guard, Selection};
use casemate_model::stated::Stated;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::ffi::OsStringExt;

/// A setting of a live process: an address that it, or its network namespace, listens on.
const LISTENER: &str = "listener";
/// A setting of a live process: an open descriptor.
const DESCRIPTOR: &str = "descriptor";

/// Tells from `net/dev` and `net/fib_trie` how far a network namespace reaches.
fn reach(devices: &str, addresses: &str) -> Reach {
    // Tunnels that the kernel puts into every new namespace, and that nobody has brought up.
    const FALLBACK: &[&str] = &[
        "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
    ];
    let names = devices
        .lines()
        .skip(2)
        .filter_map(|line| line.split_once(':'));
    let further = names
        .map(|(name, _)| name.trim())
        .any(|name| name != "lo" && !FALLBACK.contains(&name));
    if further {
        Reach::Attached
    } else if addresses.contains("127.0.0.1") {
        Reach::Loopback
    } else {
        Reach::None
    }
}

/// Reads the listening sockets of `net/tcp`, `net/tcp6`, and the unconnected ones of `net/udp`, `net/udp6`.
fn listeners(text: &str, state: &str) -> Vec<(IpAddr, u16)> {
    let mut found = Vec::new();
    for line in text.lines().skip(1) {
        let mut words = line.split_whitespace();
        let (local, status) = (words.nth(1), words.nth(1));
        if status == Some(state)
            && let Some((address, port)) = local.and_then(socket)
        {
            found.push((address, port));
        }
    }
    found
}

/// An address as net/tcp has it: words of 32 bits in the machine's order, in hexadecimal.
fn socket(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| {
        let digits = address.get(at * 8..at * 8 + 8)?;
        u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes)
    };
    if address.len() == 8 {
        return Some((Ipv4Addr::from(word(0)?).into(), port));
    }
    let mut bytes = [0; 16];
    for at in 0..4 {
        bytes
            .get_mut(at * 4..at * 4 + 4)?
            .copy_from_slice(&word(at)?);
    }
    Some((Ipv6Addr::from(bytes).into(), port))
}

impl Reader {
    pub(super) fn surroundings(&mut self, workload: &mut Workload) {
        self.network(workload);
        self.labels();
        self.environment();
        self.session();
        self.command(workload);
        self.descriptors(workload);
    }

    fn network(&mut self, workload: &mut Workload) {
        let reach = if is_host(&self.confinement.namespaces.net) {
            Some(Reach::Host)
        } else {
            match (
                self.process.text("net/dev"),
                self.process.text("net/fib_trie"),
            ) {
                (Ok(devices), addresses) => {
                    Some(reach(&devices, addresses.as_deref().unwrap_or("")))
                }
                (Err(error), _) => {
                    self.unreadable("network", &["reach"], "net/dev", &error);
                    None
                }
            }
        };
        if let Some(reach) = reach {
            self.confinement.network.reach = self.set(reach, "net/dev");
        }
        // Nothing but Landlock and filters decides about ports, and Landlock's rules are not shown.
        let ports = || match reach {
            Some(Reach::None) => Selection::none(),
            _ => Selection::All,
        };
        self.confinement.network.listen = self.set(ports(), "status");
        self.confinement.network.connect = self.set(ports(), "status");
        for (file, transport, state) in [
            ("net/tcp", "tcp", "0A"),
            ("net/tcp6", "tcp", "0A"),
            ("net/udp", "udp", "07"),
            ("net/udp6", "udp", "07"),
        ] {
            let Ok(text) = self.process.text(file) else {
                continue;
            };
            for (address, port) in listeners(&text, state) {
                let origin = self.origin(file);
                workload.set(LISTENER, transport, format!("{address} {port}"), origin);
            }
        }
    }

    fn labels(&mut self) {
        let modules = fs::read_to_string("/sys/kernel/security/lsm").unwrap_or_default();
        let has = |module: &str| modules.trim().split(',').any(|one| one == module);
        let apparmor = has("apparmor")
            || fs::read_to_string("/sys/module/apparmor/parameters/enabled")
                .is_ok_and(|text| text.trim() == "Y");
        let selinux = has("selinux") || std::path::Path::new("/sys/fs/selinux/enforce").exists();
        let smack = has("smack") || std::path::Path::new("/sys/fs/smackfs/load2").exists();
        let label = self
            .process
            .text("attr/current")
            .map(|text| text.trim_end_matches(['\0', '\n']).to_owned());
        let of = |on: bool| {
            if !on {
                return self.set(SecurityLabel::Unconfined, "attr/current");
            }
            match &label {
                Ok(label) => self.set(named(label), "attr/current"),
                Err(_) => Stated::Unknown,
            }
        };
        let (apparmor, selinux, smack) = (of(apparmor), of(selinux), of(smack));
        self.confinement.mac.apparmor = apparmor;
        self.confinement.mac.selinux = selinux;
        self.confinement.mac.smack = smack;
    }

    fn environment(&mut self) {
        match self.process.read("environ") {
            Ok(bytes) => {
                let mut variables = BTreeMap::new();
                for one in bytes.split(|byte| *byte == 0).filter(|one| !one.is_empty()) {
                    let one = String::from_utf8_lossy(one);
                    if let Some((name, value)) = one.split_once('=') {
                        variables.insert(name.to_owned(), Variable::Text(value.to_owned()));
                    }
                }
                self.confinement.kernel.environment =
                    self.set(Environment::Only(variables), "environ");
            }
            Err(error) => self.unreadable("kernel", &["environment"], "environ", &error),
        }
    }

    /// A session of its own is one whose leader is in its pid namespace: the session's number is not 0 in there.
    fn session(&mut self) {
        let innermost = self
            .status
            .numbers("NSsid")
            .and_then(|ids| ids.last().copied());
        if let Some(session) = innermost {
            let guard = if session == 0 || is_host(&self.confinement.namespaces.pid) {
                Guard::Off
            } else {
                Guard::On
            };
            self.confinement.kernel.session = self.set(guard, "status");
        }
    }

    fn command(&mut self, workload: &mut Workload) {
        if let Ok(bytes) = self.process.read("cmdline") {
            let words: Vec<OsString> = bytes
                .strip_suffix(&[0])
                .unwrap_or(&bytes)
                .split(|byte| *byte == 0)
                .map(|word| OsString::from_vec(word.to_vec()))
                .collect();
            workload.program.command = self.set(words, "cmdline");
        }
        if let Ok(directory) = self.process.link("cwd") {
            workload.program.directory = self.set(directory, "cwd");
        }
    }

    fn descriptors(&mut self, workload: &mut Workload) {
        let Ok(mut numbers) = self.process.list("fd") else {
            return;
        };
        numbers.sort_by_key(|number| number.parse::<u32>().unwrap_or(u32::MAX));
        for number in numbers {
            let file = format!("fd/{number}");
            if let Ok(target) = self.process.link(&file) {
                let origin = self.origin(&file);
                workload.set(DESCRIPTOR, &number, target.to_string_lossy(), origin);
            }
        }
    }
}

fn named(label: &str) -> SecurityLabel {
    match label {
        "" | "unconfined" | "kernel" => SecurityLabel::Unconfined,
        label => SecurityLabel::Named(label.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_listeners_are_read() {
        let head = "Inter-|   Receive\n face |bytes\n";
        let lo = format!("{head}    lo:       0\n  tunl0: 0\n");
        assert_eq!(reach(&lo, ""), Reach::None);
        assert_eq!(reach(&lo, "|-- 127.0.0.1"), Reach::Loopback);
        assert_eq!(reach(&format!("{lo}  eth0: 1\n"), ""), Reach::Attached);
        let text = "  sl  local_address rem_address   st\n   0: 0100007F:1F90 00000000:0000 0A 0\n   1: 00000000:0016 00000000:0000 01 0\n";
        let expected: IpAddr = if cfg!(target_endian = "little") {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv4Addr::new(1, 0, 0, 127).into()
        };
        assert_eq!(listeners(text, "0A"), [(expected, 8080)]);
    }
}
