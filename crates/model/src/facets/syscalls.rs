//! Which system calls the program may make.

use crate::facet::facet;
use crate::syscalls::SyscallPolicy;

facet! {
    /// Which system calls the program may make. Manual page: seccomp(2).
    pub struct Syscalls("syscalls") {
        /// The filter.
        filter: SyscallPolicy = strictest SyscallPolicy::strictest(), open SyscallPolicy::open();
    }
}
