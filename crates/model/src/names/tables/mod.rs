//! Tables written by `cargo xtask names`.

pub(super) mod syscalls_table;
