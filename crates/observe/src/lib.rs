//! What is: facts of the host, read from the kernel.
//!
//! - [`host`]: the few facts that a launch depends on, in few system calls.
//!
//! Nothing here changes the host. Names of users come from /etc/passwd alone; name services are not asked.
#![forbid(unsafe_code)]

pub mod host;
