//! Between the launcher and the processes inside: one record a message.

use crate::fault::Fault;
use crate::step::Stage;
use casemate_sys::net::{SocketType, recv_fds, send_fds, socketpair};
use casemate_sys::{Errno, Fd, FdRef};

/// What the processes inside say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Said {
    /// A step failed, and this is the end.
    Failed(Stage, u16, Fault),
    /// A step failed, and that is accepted.
    Gap(Stage, u16, Fault),
    /// The master of the terminal comes along.
    Terminal,
    /// The program's process is started; its descriptor comes along.
    Started,
    /// The program ended with a code.
    Exited(u8),
    /// A signal ended the program.
    Killed(u8),
    /// The container's making came to a point where the launcher has something to do.
    Reached,
    /// The filter's listener is about to be there; the agent's socket comes along.
    Listener(crate::listener::Announcement),
}

/// Makes both ends: messages keep their bounds.
pub(crate) fn pair() -> Result<(Fd, Fd), Errno> {
    socketpair(SocketType::SEQPACKET | SocketType::CLOEXEC)
}

const LENGTH: usize = 8;

fn encode(said: Said) -> [u8; LENGTH] {
    if let Said::Listener(announcement) = said {
        return announcement.to_bytes();
    }
    let (tag, stage, index, value) = match said {
        Said::Failed(stage, index, fault) => (1, stage as u8, index, fault.to_code()),
        Said::Gap(stage, index, fault) => (2, stage as u8, index, fault.to_code()),
        Said::Terminal => (3, 0, 0, 0),
        Said::Started => (4, 0, 0, 0),
        Said::Exited(code) => (5, 0, 0, u32::from(code)),
        Said::Killed(signal) => (6, 0, 0, u32::from(signal)),
        Said::Reached | Said::Listener(_) => (7, 0, 0, 0),
    };
    let [index_low, index_high] = index.to_le_bytes();
    let [a, b, c, d] = value.to_le_bytes();
    [tag, stage, index_low, index_high, a, b, c, d]
}

fn decode(bytes: [u8; LENGTH]) -> Option<Said> {
    let [tag, stage, index_low, index_high, a, b, c, d] = bytes;
    let stage = match stage {
        0 => Stage::Outside,
        1 => Stage::Inside,
        _ => Stage::Payload,
    };
    let index = u16::from_le_bytes([index_low, index_high]);
    let value = u32::from_le_bytes([a, b, c, d]);
    Some(match tag {
        1 => Said::Failed(stage, index, Fault::from_code(value)),
        2 => Said::Gap(stage, index, Fault::from_code(value)),
        3 => Said::Terminal,
        4 => Said::Started,
        5 => Said::Exited(a),
        6 => Said::Killed(a),
        7 => Said::Reached,
        crate::listener::TAG => Said::Listener(crate::listener::Announcement::from_bytes(&bytes)?),
        _ => return None,
    })
}

/// Says something, with a descriptor if there is one.
pub(crate) fn say(socket: FdRef<'_>, said: Said, fd: Option<FdRef<'_>>) -> Result<(), Errno> {
    let sent = match fd {
        Some(fd) => send_fds(socket, &encode(said), &[fd])?,
        None => send_fds(socket, &encode(said), &[])?,
    };
    if sent == LENGTH {
        Ok(())
    } else {
        Err(Errno::EIO)
    }
}

/// Hears something; `None` when the other end is closed.
pub(crate) fn hear(socket: FdRef<'_>) -> Result<Option<(Said, Option<Fd>)>, Errno> {
    let (mut bytes, mut fds) = ([0; LENGTH], [None]);
    let received = recv_fds(socket, &mut bytes, &mut fds)?;
    let [fd] = fds;
    if received.len == 0 {
        return Ok(None);
    }
    match decode(bytes) {
        Some(said) if received.len == LENGTH => Ok(Some((said, fd))),
        _ => Err(Errno::EBADMSG),
    }
}

/// Lets the other end go on.
pub(crate) fn release(socket: FdRef<'_>) -> Result<(), Errno> {
    send_fds(socket, b"g", &[]).map(|_| ())
}

/// Waits to be let go; an error when the other end is gone.
pub(crate) fn await_release(socket: FdRef<'_>) -> Result<(), Errno> {
    match casemate_sys::file::read(socket, &mut [0])? {
        1 => Ok(()),
        _ => Err(Errno::EPIPE),
    }
}
