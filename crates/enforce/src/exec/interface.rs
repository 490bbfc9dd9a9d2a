//! Network interfaces that are moved into the container.

use crate::fault::Fault;
use crate::outside::wait_for;
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::namespace::setns;
use casemate_sys::netlink::{ADDRESSES, InterfaceAddress, Namespace, Route};
use casemate_sys::process::{Child, Clone, CloneFlags, Forked, clone3, exit};
use casemate_sys::wait::Event;
use casemate_sys::{CWD, Errno};
use core::ffi::CStr;

/// Moves an interface from the launcher's namespace to that of init, or to one by its path, with its addresses.
pub(crate) fn move_in(
    init: &Child,
    name: &CStr,
    inside: &CStr,
    namespace: &CStr,
) -> Result<(), Fault> {
    let (name, inside) = (name.to_bytes(), inside.to_bytes());
    let mut addresses = [InterfaceAddress::default(); ADDRESSES];
    let route = Route::open()?;
    let index = route.index_of(name)?;
    let count = route.addresses(index, &mut addresses)?;
    let addresses = addresses.get(..count).unwrap_or_default();
    let file = if namespace.is_empty() {
        None
    } else {
        let flags = OpenFlags::RDONLY | OpenFlags::CLOEXEC;
        Some(file::openat(CWD, namespace, flags, 0)?)
    };
    let to = match &file {
        Some(file) => Namespace::Open(file.as_fd()),
        None => Namespace::OfProcess(init.pid.get()),
    };
    route.move_link(index, inside, to)?;
    let target = file
        .as_ref()
        .map_or(init.pidfd.as_fd(), |file| file.as_fd());
    // Another process goes there: this one stays in the namespace of the host.
    match clone3(&Clone::new(CloneFlags::empty()))? {
        Forked::Child => {
            let settle = || {
                setns(target, CloneFlags::NEWNET)?;
                let route = Route::open()?;
                let index = route.index_of(inside)?;
                for address in addresses {
                    route.add_address(index, address)?;
                }
                route.set_up(index)
            };
            exit(settle().map_or_else(|errno| i32::from(errno.raw() as u8), |()| 0))
        }
        Forked::Parent(child) => match wait_for(&child) {
            Some(Event::Exited(0)) => Ok(()),
            Some(Event::Exited(errno)) => Err(Errno::from_raw(u16::from(errno)).into()),
            _ => Err(Fault::Helper),
        },
    }
}
