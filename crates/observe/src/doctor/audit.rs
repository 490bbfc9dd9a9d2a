//! Asks the kernel's audit system for its state (audit(8), linux/audit.h).

use casemate_sys::net::{Family, SocketType, socket};
use casemate_sys::{Errno, file};

/// Tells whether the audit system is switched on.
///
/// # Errors
/// `EPERM` without `CAP_AUDIT_CONTROL` or outside of the first user namespace, `EPROTONOSUPPORT` when the kernel was built
/// without it.
pub(super) fn is_enabled() -> Result<bool, Errno> {
    const NETLINK_AUDIT: u32 = 9; // linux/netlink.h
    const AUDIT_GET: u16 = 1000; // linux/audit.h
    const NLM_F_REQUEST: u16 = 1; // linux/netlink.h
    const NLMSG_ERROR: u16 = 2;
    let kernel = socket(
        Family::Netlink,
        SocketType::RAW | SocketType::CLOEXEC,
        NETLINK_AUDIT,
    )?;
    // struct nlmsghdr: length, type, flags, sequence, port.
    let mut request = [0u8; 16];
    request[0] = 16;
    request[4..6].copy_from_slice(&AUDIT_GET.to_ne_bytes());
    request[6..8].copy_from_slice(&NLM_F_REQUEST.to_ne_bytes());
    file::write_all(kernel.as_fd(), &request)?;
    let mut answer = [0u8; 1024];
    let count = file::read(kernel.as_fd(), &mut answer)?;
    let answer = answer.get(..count).unwrap_or_default();
    let word = |at: usize| {
        answer
            .get(at..)
            .and_then(|rest| rest.first_chunk())
            .map(|bytes| u32::from_ne_bytes(*bytes))
    };
    let kind = answer
        .get(4..)
        .and_then(|rest| rest.first_chunk())
        .map(|bytes| u16::from_ne_bytes(*bytes));
    match kind {
        // struct audit_status: mask, enabled, ...
        Some(AUDIT_GET) => word(20).map(|enabled| enabled != 0).ok_or(Errno::EPROTO),
        // struct nlmsgerr begins with the negative error.
        Some(NLMSG_ERROR) => {
            let errno = word(16).map_or(0, |error| error.cast_signed().unsigned_abs());
            Err(u16::try_from(errno).map_or(Errno::EPROTO, Errno::from_raw))
        }
        _ => Err(Errno::EPROTO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_answers() {
        match is_enabled() {
            Ok(_) => assert_eq!(casemate_sys::ids::geteuid(), 0),
            Err(errno) => assert!(
                [Errno::EPERM, Errno::EPROTONOSUPPORT, Errno::ECONNREFUSED].contains(&errno),
                "{errno}"
            ),
        }
    }
}
