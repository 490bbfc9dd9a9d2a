//! The runtime as engines and attackers use it.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod attacks;
mod beginning;
mod checkpoint;
mod engines;
mod groups;
mod harden;
mod install;
mod labels;
mod life;
mod peers;
mod robust;
mod root;
mod support;
