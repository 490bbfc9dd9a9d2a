//! Network interfaces, by messages to the kernel: finding one, moving it to another namespace, its addresses.
//!
//! rtnetlink(7), linux/rtnetlink.h. One request is made at a time and answered before the next.

use crate::errno::{Errno, Result, retry};
use crate::fd::{Fd, FdRef};
use crate::file;
use crate::net::{Family, SocketType, socket};

const NEWLINK: u16 = 16;
const GETLINK: u16 = 18;
const NEWADDR: u16 = 20;
const GETADDR: u16 = 22;
const ERROR: u16 = 2; // NLMSG_ERROR, linux/netlink.h
const DONE: u16 = 3;

const REQUEST: u16 = 1; // NLM_F_*
const ACK: u16 = 4;
const DUMP: u16 = 0x300;
const EXCL: u16 = 0x200;
const CREATE: u16 = 0x400;

const IFLA_IFNAME: u16 = 3; // linux/if_link.h
const IFLA_NET_NS_PID: u16 = 19;
const IFLA_NET_NS_FD: u16 = 28;
const IFA_ADDRESS: u16 = 1; // linux/if_addr.h
const IFA_LOCAL: u16 = 2;
const IFA_BROADCAST: u16 = 4;
const IFA_FLAGS: u16 = 8;

const IFF_UP: u32 = 1; // linux/if.h
const PERMANENT: u32 = 0x80; // IFA_F_PERMANENT
const GLOBAL: u8 = 0; // RT_SCOPE_UNIVERSE

/// Longest name of an interface, `IFNAMSIZ` less its NUL.
pub const NAME: usize = 15;

/// Most addresses that are kept of one interface.
pub const ADDRESSES: usize = 64;

/// A socket to the kernel's routing of the namespace in which it was opened.
#[derive(Debug)]
pub struct Route(Fd);

/// An address of an interface.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct InterfaceAddress {
    family: u8,
    prefix: u8,
    length: u8,
    address: Option<[u8; 16]>,
    local: Option<[u8; 16]>,
    broadcast: Option<[u8; 16]>,
}

/// Where an interface is moved.
#[derive(Clone, Copy, Debug)]
pub enum Namespace<'a> {
    /// The network namespace of a process.
    OfProcess(i32),
    /// An open one.
    Open(FdRef<'a>),
}

impl Route {
    /// Opens a socket.
    ///
    /// # Errors
    /// `EMFILE`, `EAFNOSUPPORT`.
    pub fn open() -> Result<Self> {
        socket(Family::Netlink, SocketType::RAW | SocketType::CLOEXEC, 0).map(Self)
    }

    /// Finds an interface by its name.
    ///
    /// # Errors
    /// `ENODEV`; `EINVAL` for a name that is too long or empty.
    pub fn index_of(&self, name: &[u8]) -> Result<u32> {
        let mut request = Request::new(GETLINK, REQUEST, &link(0, 0, 0));
        request.attribute(
            IFLA_IFNAME,
            named(name)?.get(..=name.len()).ok_or(Errno::EINVAL)?,
        )?;
        self.send(&mut request)?;
        let mut buffer = [0; 8192];
        let length = self.receive(&mut buffer)?;
        let answer = buffer.get(..length).unwrap_or_default();
        let message = Messages(answer).next().ok_or(Errno::EBADMSG)?;
        match message.kind {
            NEWLINK => word(message.payload, 4).ok_or(Errno::EBADMSG),
            ERROR => Err(error(message.payload)),
            _ => Err(Errno::EBADMSG),
        }
    }

    /// Reads the permanent addresses of an interface that are valid everywhere, and returns how many there are.
    ///
    /// # Errors
    /// `EOVERFLOW` when there are more than there is room for.
    pub fn addresses(&self, index: u32, into: &mut [InterfaceAddress]) -> Result<usize> {
        // The family, of which 0 is any.
        let mut request = Request::new(GETADDR, REQUEST | DUMP, &[0; 8]);
        self.send(&mut request)?;
        let mut count = 0;
        let mut buffer = [0; 16 << 10];
        loop {
            let length = self.receive(&mut buffer)?;
            for message in Messages(buffer.get(..length).unwrap_or_default()) {
                match message.kind {
                    DONE => return Ok(count),
                    ERROR => return Err(error(message.payload)),
                    NEWADDR if word(message.payload, 4) == Some(index) => {
                        if let Some(address) = InterfaceAddress::read(message.payload) {
                            *into.get_mut(count).ok_or(Errno::EOVERFLOW)? = address;
                            count += 1;
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Moves an interface to another namespace under a name of there, and brings it down: a name can be changed only so.
    ///
    /// # Errors
    /// `EEXIST` when the name is taken there, `EINVAL` for an interface that cannot be moved, `EPERM`.
    pub fn move_link(&self, index: u32, name: &[u8], to: Namespace<'_>) -> Result<()> {
        let mut down = Request::new(NEWLINK, REQUEST | ACK, &link(index, 0, IFF_UP));
        self.call(&mut down)?;
        let mut request = Request::new(NEWLINK, REQUEST | ACK, &link(index, 0, 0));
        request.attribute(
            IFLA_IFNAME,
            named(name)?.get(..=name.len()).ok_or(Errno::EINVAL)?,
        )?;
        match to {
            Namespace::OfProcess(pid) => request.attribute(IFLA_NET_NS_PID, &pid.to_ne_bytes())?,
            Namespace::Open(fd) => request.attribute(IFLA_NET_NS_FD, &fd.raw().to_ne_bytes())?,
        }
        self.call(&mut request)
    }

    /// Gives an interface an address.
    ///
    /// # Errors
    /// `EEXIST` when it has it, `EPERM`.
    pub fn add_address(&self, index: u32, address: &InterfaceAddress) -> Result<()> {
        let [a, b, c, d] = index.to_ne_bytes();
        let header = [address.family, address.prefix, 0, GLOBAL, a, b, c, d];
        let mut request = Request::new(NEWADDR, REQUEST | ACK | CREATE | EXCL, &header);
        let parts = [
            (IFA_LOCAL, address.local),
            (IFA_ADDRESS, address.address),
            (IFA_BROADCAST, address.broadcast),
        ];
        for (kind, value) in parts {
            if let Some(value) = value {
                let value = value
                    .get(..usize::from(address.length))
                    .ok_or(Errno::EINVAL)?;
                request.attribute(kind, value)?;
            }
        }
        self.call(&mut request)
    }

    /// Brings an interface up.
    ///
    /// # Errors
    /// `ENODEV`, `EPERM`.
    pub fn set_up(&self, index: u32) -> Result<()> {
        self.call(&mut Request::new(
            NEWLINK,
            REQUEST | ACK,
            &link(index, IFF_UP, IFF_UP),
        ))
    }

    fn call(&self, request: &mut Request) -> Result<()> {
        self.send(request)?;
        let mut buffer = [0; 4096];
        let length = self.receive(&mut buffer)?;
        let message = Messages(buffer.get(..length).unwrap_or_default())
            .next()
            .ok_or(Errno::EBADMSG)?;
        match message.kind {
            // An error of 0 is the acknowledgement.
            ERROR if word(message.payload, 0) == Some(0) => Ok(()),
            ERROR => Err(error(message.payload)),
            _ => Err(Errno::EBADMSG),
        }
    }

    fn send(&self, request: &mut Request) -> Result<()> {
        let bytes = request.finish();
        // To a netlink socket that is not connected, write(2) is a message to the kernel.
        if retry(|| file::write(self.0.as_fd(), bytes))? == bytes.len() {
            Ok(())
        } else {
            Err(Errno::EIO)
        }
    }

    fn receive(&self, buffer: &mut [u8]) -> Result<usize> {
        retry(|| file::read(self.0.as_fd(), buffer))
    }
}

/// A name with NUL after it.
fn named(name: &[u8]) -> Result<[u8; NAME + 1]> {
    let mut named = [0; NAME + 1];
    if name.is_empty() || name.len() > NAME || name.contains(&0) {
        return Err(Errno::EINVAL);
    }
    named
        .get_mut(..name.len())
        .ok_or(Errno::EINVAL)?
        .copy_from_slice(name);
    Ok(named)
}

/// `struct ifinfomsg`: any family and type, the interface, its flags and which of them change.
fn link(index: u32, flags: u32, change: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    let words = [0, index, flags, change];
    for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_ne_bytes());
    }
    bytes
}

/// A message that is being made.
struct Request {
    bytes: [u8; 256],
    length: usize,
}

/// Length of `struct nlmsghdr`.
const HEADER: usize = 16;

impl Request {
    fn new(kind: u16, flags: u16, payload: &[u8]) -> Self {
        let mut request = Self {
            bytes: [0; 256],
            length: HEADER,
        };
        let [a, b] = kind.to_ne_bytes();
        let [c, d] = flags.to_ne_bytes();
        // Both fit: payloads are 8 or 16 bytes.
        for (at, part) in [(4, [a, b, c, d].as_slice()), (HEADER, payload)] {
            if let Some(place) = request.bytes.get_mut(at..at + part.len()) {
                place.copy_from_slice(part);
            }
        }
        request.length += payload.len();
        request
    }

    /// Appends a `struct rtattr` with its value; the next one begins at a multiple of four.
    fn attribute(&mut self, kind: u16, value: &[u8]) -> Result<()> {
        let length = 4 + value.len();
        let end = self.length + length.next_multiple_of(4);
        let place = self
            .bytes
            .get_mut(self.length..end)
            .ok_or(Errno::EMSGSIZE)?;
        let (head, rest) = place.split_at_mut(4);
        let [a, b] = u16::try_from(length)
            .map_err(|_| Errno::EMSGSIZE)?
            .to_ne_bytes();
        let [c, d] = kind.to_ne_bytes();
        head.copy_from_slice(&[a, b, c, d]);
        rest.get_mut(..value.len())
            .ok_or(Errno::EMSGSIZE)?
            .copy_from_slice(value);
        self.length = end;
        Ok(())
    }

    fn finish(&mut self) -> &[u8] {
        // At most the buffer's 256 bytes.
        let length = self.length as u32;
        if let Some(place) = self.bytes.first_chunk_mut() {
            *place = length.to_ne_bytes();
        }
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// A message of the kernel's.
struct Message<'b> {
    kind: u16,
    payload: &'b [u8],
}

/// The messages of one answer.
struct Messages<'b>(&'b [u8]);

impl<'b> Iterator for Messages<'b> {
    type Item = Message<'b>;

    fn next(&mut self) -> Option<Message<'b>> {
        let length = usize::try_from(word(self.0, 0)?).ok()?;
        let message = self.0.get(..length)?;
        let kind = half(message, 4)?;
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(Message {
            kind,
            payload: message.get(HEADER..)?,
        })
    }
}

/// The attributes after the fixed part of a message.
struct Attributes<'b>(&'b [u8]);

impl<'b> Iterator for Attributes<'b> {
    type Item = (u16, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let length = usize::from(half(self.0, 0)?);
        let kind = half(self.0, 2)?;
        let value = self.0.get(4..length)?;
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    }
}

impl InterfaceAddress {
    /// Reads a `struct ifaddrmsg` with its attributes, if the address is a permanent one that is valid everywhere.
    fn read(payload: &[u8]) -> Option<Self> {
        let &[family, prefix, flags, scope] = payload.first_chunk()?;
        let mut address = Self {
            family,
            prefix,
            ..Self::default()
        };
        let mut flags = u32::from(flags);
        for (kind, value) in Attributes(payload.get(8..)?) {
            let place = match kind {
                IFA_ADDRESS => &mut address.address,
                IFA_LOCAL => &mut address.local,
                IFA_BROADCAST => &mut address.broadcast,
                IFA_FLAGS => {
                    flags = word(value, 0)?;
                    continue;
                }
                _ => continue,
            };
            let mut bytes = [0; 16];
            bytes.get_mut(..value.len())?.copy_from_slice(value);
            *place = Some(bytes);
            address.length = u8::try_from(value.len()).ok()?;
        }
        (scope == GLOBAL && flags & PERMANENT != 0).then_some(address)
    }
}

/// The error of a `struct nlmsgerr`, which is negative.
fn error(payload: &[u8]) -> Errno {
    let number = word(payload, 0).map_or(0, |number| number.cast_signed().unsigned_abs());
    u16::try_from(number).map_or(Errno::EBADMSG, Errno::from_raw)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_interface_is_the_first() {
        let route = Route::open().unwrap();
        assert_eq!(route.index_of(b"lo"), Ok(1));
        assert_eq!(route.index_of(b"no-such-if"), Err(Errno::ENODEV));
        assert_eq!(
            route.index_of(b"a-name-that-is-too-long"),
            Err(Errno::EINVAL)
        );
        // Its addresses are of this host alone, and so not of those that move.
        let mut addresses = [InterfaceAddress::default(); ADDRESSES];
        assert_eq!(route.addresses(1, &mut addresses), Ok(0));
    }

    #[test]
    fn attributes_are_padded() {
        let mut request = Request::new(GETLINK, REQUEST, &link(0, 0, 0));
        request.attribute(IFLA_IFNAME, b"lo\0").unwrap();
        assert_eq!(request.finish().len(), 40);
        assert_eq!(
            request.finish().get(32..40),
            Some(b"\x07\0\x03\0lo\0\0".as_slice())
        );
        assert!(request.attribute(1, &[0; 300]).is_err());
    }
}
