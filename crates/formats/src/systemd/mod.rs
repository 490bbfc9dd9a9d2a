//! systemd's units and their drop-ins.
//!
//! - [`FORMAT`]: reads a unit with the drop-ins beside it, writes a drop-in;
//! - [`exposure()`]: the level that `systemd-analyze security` prints for a unit.
//!
//! Read are services, sockets, mounts, swap devices, slices and scopes. What systemd passes over with a warning is
//! passed over and reported; what keeps it from loading a unit is an error. Specifiers (`%i`) and variables stay as they
//! are written. A command that begins with `+` runs without any restriction, and that is how it is read.

mod exposure;
mod exposure_table;
mod filter;
mod limits;
mod paths;
mod read;
mod sandbox;
mod schema;
mod settings;
mod surroundings;
mod unit;
mod values;
mod who;
mod write;

pub use exposure::{Check, Exposure, Row, Rule, TABLE};
pub use read::{FORMAT, exposure};
