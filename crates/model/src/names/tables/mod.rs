//! The long tables. Those that name a text file in their first line are written by `cargo xtask names`.

pub(super) mod arguments_table;
pub(super) mod constants_table;
pub(super) mod errno_table;
pub(super) mod syscalls_table;
