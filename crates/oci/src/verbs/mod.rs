//! The verbs, one file each.

pub mod delete;
pub mod features;
pub mod kill;
pub mod list;
pub mod spec;
pub mod start;
pub mod state;
