//! The verbs, one file each.

pub mod delete;
pub mod kill;
pub mod list;
pub mod start;
pub mod state;
