//! Syscall filters: compile, read back, compare, prove.
#![forbid(unsafe_code)]

pub mod bpf;
pub mod compile;
pub mod interpret;
pub mod lift;
pub mod ready;
pub mod stats;

pub use bpf::{Instruction, Program};
pub use compile::{CompileError, compile};
