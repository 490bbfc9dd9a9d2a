//! What Docker and Podman share: what they are asked (`ask`), what they give unasked (`defaults`, `filter`), what
//! follows from both (`resolve`), and the way back, from a confinement to what must be asked for (`request`).
//!
//! The formats of these engines (`docker run`, compose, inspect, quadlet) differ in how they write an [`ask::Ask`], and
//! know nothing of each other.

pub mod ask;
pub(crate) mod asker;
pub(crate) mod command;
pub(crate) mod configuration;
pub mod defaults;
pub(crate) mod filter;
pub(crate) mod flags;
pub(crate) mod inspect;
pub(crate) mod parts;
pub(crate) mod request;
pub(crate) mod resolve;
pub(crate) mod shell;
pub(crate) mod written;
pub(crate) mod yaml;

/// A family of engines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Family {
    /// Docker, with containerd and runc.
    Docker,
    /// Podman, with crun or runc.
    Podman,
}
