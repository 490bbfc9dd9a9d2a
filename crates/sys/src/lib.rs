//! Typed wrappers for the kernel calls that Casemate makes.
//!
//! This is the only crate, with `casemate-start`, that may say `unsafe`. It needs neither a C library nor an allocator nor the
//! standard library, so the launcher and ordinary programs share it. One file is one family of calls; each function states
//! the kernel's own signature, its errors and whether its effect is per thread or cannot be undone.
//!
//! What it refuses to do: signal handlers, threads (`CLONE_VM`), and anything that decides. A wrapper makes one call and
//! tells what the kernel answered; which call is made, and what an error means, is for the caller.
//!
//! Conventions: a path to open is a directory descriptor and a relative [`CStr`](core::ffi::CStr); flags are small types
//! joined with `|`; every error is an [`Errno`]. Start with [`Fd`], then [`mod@file`] and [`process`].
#![no_std]
#![expect(
    unsafe_code,
    reason = "the kernel is called with instructions and addresses"
)]

#[macro_use]
mod flags;
#[macro_use]
mod syscall;

mod errno;
mod fd;
mod nr;
mod strings;

pub mod attempt;
pub mod bpf;
pub mod caps;
pub mod dir;
pub mod event;
pub mod exec;
pub mod file;
pub mod ids;
pub mod keyring;
pub mod landlock;
pub mod limits;
pub mod memory;
pub mod mount;
pub mod namespace;
pub mod net;
pub mod netlink;
pub mod pidfd;
pub mod prctl;
pub mod process;
pub mod ptrace;
pub mod random;
pub mod raw;
pub mod schedule;
pub mod seccomp;
pub mod signal;
pub mod stat;
pub mod terminal;
pub mod time;
pub mod wait;

pub use errno::{Errno, Result, retry};
pub use fd::{CWD, Fd, FdRef, STDERR, STDIN, STDOUT};
pub use strings::{StrList, StrPtr, StrVec};

#[cfg(test)]
extern crate std;

#[cfg(test)]
mod abi;
