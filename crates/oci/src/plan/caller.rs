//! What the runtime's own process is and has.

use crate::failure::{Attempt, Failure};
use casemate_model::names::CapabilitySet;
use casemate_observe::host::{Kernel, View};
use casemate_sys::ids;
use std::path::Path;

/// The runtime's own process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Capabilities that it has.
    pub permitted: CapabilitySet,
    /// Capabilities that it can ever have.
    pub bounding: CapabilitySet,
    /// All capabilities that the kernel has.
    pub known: CapabilitySet,
}

impl Caller {
    /// Reads it from the kernel.
    ///
    /// # Errors
    /// /proc cannot be read.
    pub fn read() -> Result<Self, Failure> {
        let status = Kernel
            .read_attribute(Path::new("/proc/self/status"))
            .attempt(|| "read /proc/self/status".to_owned())?;
        let status = String::from_utf8_lossy(&status);
        let last = Kernel
            .read_attribute(Path::new("/proc/sys/kernel/cap_last_cap"))
            .ok()
            .and_then(|text| String::from_utf8(text).ok()?.trim().parse::<u32>().ok())
            .filter(|last| *last < 63)
            .unwrap_or(40);
        let set = |name: &str| {
            status
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok())
                .map(CapabilitySet::from_bits)
                .ok_or_else(|| Failure::new(format!("/proc/self/status has no line `{name}`")))
        };
        Ok(Self {
            uid: ids::geteuid(),
            gid: ids::getegid(),
            permitted: set("CapPrm:")?,
            bounding: set("CapBnd:")?,
            known: CapabilitySet::from_bits((1 << (last + 1)) - 1),
        })
    }

    /// Whether it has the rights of the host's root.
    pub fn is_root(&self) -> bool {
        self.uid == 0
    }
}
