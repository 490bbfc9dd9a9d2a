//! Sockets: between processes, with descriptors passed over them, and the loopback interface.

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef, owned};
use core::mem::MaybeUninit;
use core::net::SocketAddr;

/// The family of a socket, linux/socket.h.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Family {
    /// On this machine.
    Unix = 1,
    /// IPv4.
    Inet = 2,
    /// IPv6.
    Inet6 = 10,
    /// To the kernel.
    Netlink = 16,
}

flags! {
    /// Type and flags of a socket, linux/net.h.
    pub struct SocketType: u32 {
        /// A stream of bytes.
        STREAM = 1;
        /// Single messages.
        DGRAM = 2;
        /// Below the transport.
        RAW = 3;
        /// A connection with borders of messages kept.
        SEQPACKET = 5;
        /// Does not wait.
        NONBLOCK = 0o4000;
        /// Closed on exec.
        CLOEXEC = 0o2_000_000;
    }
}

scalar_calls! {
    fn socket_raw(family: u32, kind: u32, protocol: u32) = SOCKET;
    fn listen_raw(fd: FdRef<'_>, backlog: u32) = LISTEN;
    fn shutdown_raw(fd: FdRef<'_>, how: u32) = SHUTDOWN;
    /// Address and length are always null.
    fn accept4_raw(fd: FdRef<'_>, address: u32, length: u32, flags: u32) = ACCEPT4;
}

/// Makes a socket.
///
/// `int socket(int family, int type, int protocol)`, socket(2).
///
/// # Errors
/// `EAFNOSUPPORT`, `EPROTONOSUPPORT`, `EPERM` and `EACCES` for raw ones, `EMFILE`.
pub fn socket(family: Family, kind: SocketType, protocol: u32) -> Result<Fd> {
    socket_raw(family as u32, kind.bits(), protocol).map(owned)
}

/// Makes two sockets that are connected to each other.
///
/// `int socketpair(int family, int type, int protocol, int sv[2])`, socketpair(2), with `AF_UNIX`.
///
/// # Errors
/// `EMFILE`, `ENFILE`.
pub fn socketpair(kind: SocketType) -> Result<(Fd, Fd)> {
    let mut fds = [-1i32; 2];
    // SAFETY: the kernel writes two ints to an array of two.
    unsafe { call!(SOCKETPAIR; Family::Unix as u32, kind, 0u32, fds.as_mut_ptr()) }?;
    Ok((Fd::from_raw(fds[0]), Fd::from_raw(fds[1])))
}

/// An address in the form that the kernel takes, `struct sockaddr_storage` in size.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub struct Address {
    bytes: [u8; 128],
    len: usize,
}

impl Address {
    /// The name of a local socket: a path, or an abstract name that starts with a zero byte.
    ///
    /// # Errors
    /// `ENAMETOOLONG` beyond 107 bytes (108 for an abstract name).
    pub fn unix(name: &[u8]) -> Result<Self> {
        let terminated = if name.first() == Some(&0) {
            name.len()
        } else {
            name.len() + 1
        };
        if terminated > 108 {
            return Err(Errno::ENAMETOOLONG);
        }
        let mut bytes = [0; 128];
        // PANIC: never; the name is at most 108 bytes (just checked) and 128 are there.
        bytes[..2].copy_from_slice(&(Family::Unix as u16).to_ne_bytes());
        bytes[2..2 + name.len()].copy_from_slice(name);
        Ok(Self {
            bytes,
            len: 2 + terminated,
        })
    }

    /// An address of the Internet.
    pub fn inet(address: SocketAddr) -> Self {
        let mut bytes = [0; 128];
        // PANIC: never; all ranges are constants below 128.
        let len = match address {
            SocketAddr::V4(v4) => {
                bytes[..2].copy_from_slice(&(Family::Inet as u16).to_ne_bytes());
                bytes[2..4].copy_from_slice(&v4.port().to_be_bytes());
                bytes[4..8].copy_from_slice(&v4.ip().octets());
                16
            }
            SocketAddr::V6(v6) => {
                bytes[..2].copy_from_slice(&(Family::Inet6 as u16).to_ne_bytes());
                bytes[2..4].copy_from_slice(&v6.port().to_be_bytes());
                bytes[4..8].copy_from_slice(&v6.flowinfo().to_be_bytes());
                bytes[8..24].copy_from_slice(&v6.ip().octets());
                bytes[24..28].copy_from_slice(&v6.scope_id().to_ne_bytes());
                28
            }
        };
        Self { bytes, len }
    }
}

/// Gives a socket its address.
///
/// `int bind(int fd, struct sockaddr *addr, int addrlen)`, bind(2).
///
/// # Errors
/// `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, `ENOENT`.
pub fn bind(fd: FdRef<'_>, address: &Address) -> Result<()> {
    // SAFETY: the kernel reads `len` (at most 110) of the 128 bytes.
    unsafe { call!(BIND; fd, address.bytes.as_ptr(), address.len) }.map(drop)
}

/// Connects a socket.
///
/// `int connect(int fd, struct sockaddr *addr, int addrlen)`, connect(2).
///
/// # Errors
/// `ECONNREFUSED`, `EACCES`, `ENOENT`, `ENETUNREACH`, `EINPROGRESS`, `EINTR`.
pub fn connect(fd: FdRef<'_>, address: &Address) -> Result<()> {
    // SAFETY: the kernel reads `len` (at most 110) of the 128 bytes.
    unsafe { call!(CONNECT; fd, address.bytes.as_ptr(), address.len) }.map(drop)
}

/// Lets a socket accept connections.
///
/// `int listen(int fd, int backlog)`, listen(2).
///
/// # Errors
/// `EOPNOTSUPP`, `EADDRINUSE`.
pub fn listen(fd: FdRef<'_>, backlog: u32) -> Result<()> {
    listen_raw(fd, backlog).map(drop)
}

/// Accepts a connection; the new socket is closed on exec.
///
/// `int accept4(int fd, struct sockaddr *addr, int *addrlen, int flags)`, accept(2).
///
/// # Errors
/// `EAGAIN`, `EINTR`, `EMFILE`, `ECONNABORTED`.
pub fn accept(fd: FdRef<'_>) -> Result<Fd> {
    accept4_raw(fd, 0, 0, SocketType::CLOEXEC.bits()).map(owned)
}

/// Ends sending, so that the other end reads to the end.
///
/// `int shutdown(int fd, SHUT_WR)`, shutdown(2).
///
/// # Errors
/// `ENOTCONN`.
pub fn shutdown_write(fd: FdRef<'_>) -> Result<()> {
    shutdown_raw(fd, 1).map(drop)
}

/// How many descriptors [`send_fds`] and [`recv_fds`] carry at most.
pub const MAX_FDS: usize = 16;

/// A control message with descriptors: `struct cmsghdr` and an array of ints.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub(crate) struct Control {
    len: usize,
    level: i32,
    kind: i32,
    fds: [i32; MAX_FDS],
}

const CONTROL_HEADER: usize = 16;
const SOL_SOCKET: i32 = 1; // asm-generic/socket.h
const SCM_RIGHTS: i32 = 1; // linux/socket.h

/// `struct user_msghdr`, linux/socket.h.
#[repr(C)]
pub(crate) struct Message {
    pub(crate) name: usize,
    pub(crate) namelen: i32,
    pub(crate) iov: *const IoVec,
    pub(crate) iovlen: usize,
    pub(crate) control: *const Control,
    pub(crate) controllen: usize,
    pub(crate) flags: u32,
}

#[repr(C)]
pub(crate) struct IoVec {
    pub(crate) base: *mut u8,
    pub(crate) len: usize,
}

/// Sends bytes and, with them, descriptors over a local socket; returns how many bytes were sent.
///
/// `ssize_t sendmsg(int fd, struct user_msghdr *msg, unsigned int flags)`, sendmsg(2), with `SCM_RIGHTS`. No SIGPIPE.
///
/// # Errors
/// `EINVAL` beyond [`MAX_FDS`] or for descriptors without bytes on a stream, `EPIPE`, `EAGAIN`, `ETOOMANYREFS`, `EBADF`.
pub fn send_fds(socket: FdRef<'_>, bytes: &[u8], fds: &[FdRef<'_>]) -> Result<usize> {
    const NOSIGNAL: u32 = 0x4000;
    let mut control = Control {
        len: 0,
        level: SOL_SOCKET,
        kind: SCM_RIGHTS,
        fds: [-1; MAX_FDS],
    };
    control.len = CONTROL_HEADER + size_of_val(fds);
    for (slot, fd) in control.fds.iter_mut().zip(fds) {
        *slot = fd.raw();
    }
    if fds.len() > MAX_FDS {
        return Err(Errno::EINVAL);
    }
    let iov = IoVec {
        base: bytes.as_ptr().cast_mut(),
        len: bytes.len(),
    };
    let (pointer, len) = if fds.is_empty() {
        (core::ptr::null(), 0)
    } else {
        (&raw const control, control.len)
    };
    let message = Message {
        name: 0,
        namelen: 0,
        iov: &raw const iov,
        iovlen: 1,
        control: pointer,
        controllen: len,
        flags: 0,
    };
    // SAFETY: the kernel reads the message, one `iovec` with borrowed bytes (sending writes to none), and `controllen`
    // bytes of the control message, which is at most its size; all live through the call.
    unsafe { call!(SENDMSG; socket, &raw const message, NOSIGNAL) }
}

/// What arrived.
#[derive(Debug)]
pub struct Received {
    /// How many bytes; 0 when the other end is closed.
    pub len: usize,
    /// How many descriptors.
    pub fds: usize,
}

/// Receives bytes and descriptors over a local socket; the descriptors are closed on exec.
///
/// `ssize_t recvmsg(int fd, struct user_msghdr *msg, unsigned int flags)`, recvmsg(2). What is in `fds` before is closed.
///
/// # Errors
/// `EMSGSIZE` when bytes or descriptors were cut off (then none is kept), `EAGAIN`, `EINTR`.
pub fn recv_fds(socket: FdRef<'_>, bytes: &mut [u8], fds: &mut [Option<Fd>]) -> Result<Received> {
    const CMSG_CLOEXEC: u32 = 0x4000_0000;
    const TRUNC: u32 = 0x20;
    const CTRUNC: u32 = 8;
    let mut control = MaybeUninit::<Control>::zeroed();
    let iov = IoVec {
        base: bytes.as_mut_ptr(),
        len: bytes.len(),
    };
    let mut message = Message {
        name: 0,
        namelen: 0,
        iov: &raw const iov,
        iovlen: 1,
        control: control.as_mut_ptr(),
        controllen: size_of::<Control>(),
        flags: 0,
    };
    // SAFETY: the kernel writes at most `len` bytes to an exclusive buffer, at most `controllen` bytes to `control`, and
    // to `message`, which is exclusive.
    let len = unsafe { call!(RECVMSG; socket, &raw mut message, CMSG_CLOEXEC) }?;
    // SAFETY: all bytes were zeroed, and every bit pattern is a valid `Control` (integers only).
    let control = unsafe { control.assume_init() };
    let mut count = 0;
    if message.controllen >= CONTROL_HEADER
        && control.level == SOL_SOCKET
        && control.kind == SCM_RIGHTS
    {
        count = control.len.saturating_sub(CONTROL_HEADER) / size_of::<i32>();
    }
    // First own every descriptor that has arrived, so that none stays open whatever follows.
    let mut arrived = [const { None }; MAX_FDS];
    for (slot, raw) in arrived.iter_mut().zip(control.fds).take(count) {
        *slot = Some(Fd::from_raw(raw));
    }
    if message.flags & (TRUNC | CTRUNC) != 0 || count > fds.len() {
        return Err(Errno::EMSGSIZE);
    }
    for (slot, fd) in fds.iter_mut().zip(arrived) {
        *slot = fd;
    }
    Ok(Received { len, fds: count })
}

/// Sends one descriptor with one byte.
///
/// # Errors
/// As [`send_fds`].
pub fn send_fd(socket: FdRef<'_>, fd: FdRef<'_>) -> Result<()> {
    send_fds(socket, &[0], &[fd]).map(drop)
}

/// Receives one descriptor that was sent with one byte.
///
/// # Errors
/// As [`recv_fds`]; `ECONNRESET` when the other end is closed, `EBADMSG` when no descriptor came.
pub fn recv_fd(socket: FdRef<'_>) -> Result<Fd> {
    let mut fds = [None];
    let received = recv_fds(socket, &mut [0], &mut fds)?;
    let [fd] = fds;
    fd.ok_or(if received.len == 0 {
        Errno::ECONNRESET
    } else {
        Errno::EBADMSG
    })
}

/// `struct ifreq` with flags, linux/if.h.
#[repr(C)]
pub(crate) struct Ifreq {
    pub(crate) name: [u8; 16],
    pub(crate) flags: i16,
    pub(crate) rest: [u8; 22],
}

/// Turns the loopback interface of the network namespace on.
///
/// `ioctl(fd, SIOCGIFFLAGS)` and `ioctl(fd, SIOCSIFFLAGS)`, netdevice(7); needs any socket, which is made and closed here.
///
/// # Errors
/// `EPERM` without `CAP_NET_ADMIN` over the namespace, `EAFNOSUPPORT` without IPv4.
pub fn bring_loopback_up() -> Result<()> {
    const IFF_UP: i16 = 1;
    let socket = socket(Family::Inet, SocketType::DGRAM | SocketType::CLOEXEC, 0)?;
    let mut request = Ifreq {
        name: [0; 16],
        flags: 0,
        rest: [0; 22],
    };
    // PANIC: never; 2 is below 16.
    request.name[..2].copy_from_slice(b"lo");
    // SAFETY: SIOCGIFFLAGS reads and writes a `struct ifreq` of 40 bytes, exclusively borrowed.
    unsafe { call!(IOCTL; socket.as_fd(), 0x8913u32, &raw mut request) }?;
    request.flags |= IFF_UP;
    // SAFETY: SIOCSIFFLAGS reads a `struct ifreq` of 40 bytes, which lives through the call.
    unsafe { call!(IOCTL; socket.as_fd(), 0x8914u32, &raw const request) }.map(drop)
}
