//! The driver that has systemd make the groups.

mod unit;

pub use unit::Unit;
