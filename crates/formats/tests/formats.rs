//! Tests of the formats as their users see them.
#![forbid(unsafe_code)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and its helpers do, too"
)]

mod engine;
mod kubernetes;
mod oci;
mod profile;
mod programs;
mod table;
