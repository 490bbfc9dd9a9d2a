//! Podman: quadlet's `.container` units, what `podman inspect` prints, and `containers.conf`.
//!
//! What they share with Docker is in [`crate::engine`].

mod configuration;
mod inspect;
mod keys;
mod quadlet;
mod unit;
mod write;

pub use configuration::FORMAT as CONFIGURATION;
pub use inspect::FORMAT as INSPECT;
pub use quadlet::FORMAT as QUADLET;
