//! What is: the host and its live processes, read from the kernel.
//!
//! - [`host`]: the few facts that a launch depends on, in few system calls.
//! - [`live`]: what confines a live process or container.
//! - [`doctor`]: what stands in the way of a launch on this host, tried for real, with the smallest remedy.
//!
//! Nothing here changes the host: what can only be told by trying is tried in a child process that ends at once. Names
//! of users come from /etc/passwd alone; name services are not asked.
#![forbid(unsafe_code)]

pub mod doctor;
pub mod host;
pub mod live;
