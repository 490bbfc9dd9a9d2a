//! LXC: configurations of containers, with the names before LXC 2.1 and the current ones, and Proxmox's.
//!
//! - `schema`: the keys, with the versions that have each;
//! - `lines`: lines with includes put in their places; `config`: what they add up to;
//! - `proxmox`: `/etc/pve/lxc/ID.conf`, whose lines are `key: value`, as a configuration of LXC's;
//! - `confine`: what a configuration permits; `write`: the way back;
//! - [`upgrade()`]: old names to current ones, with what changed.
//!
//! What LXC refuses is refused: an unknown `lxc.` key, `lxc.cap.drop` beside `lxc.cap.keep`, an include that is not
//! there. Names before LXC 2.1 are read all the same, each with a remark. What LXC passes over in silence is told.

mod cgroups;
mod config;
mod confine;
mod devices;
mod lines;
mod mounts;
mod proxmox;
mod read;
mod schema;
mod upgrade;
mod write;

pub use read::FORMAT;
pub use upgrade::{Change, Upgrade, upgrade};
