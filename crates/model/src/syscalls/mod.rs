//! Which system calls a program may make: the policy, its exact order, and the algebra under both.
//!
//! - [`policy`]: [`SyscallPolicy`], what a profile says and what a filter is compiled from;
//! - [`action`]: what is answered;
//! - [`condition`]: tests on arguments, with the width and the sign that the kernel uses;
//! - [`diagram`]: filters as decision diagrams, in which equality, order and difference are exact;
//! - [`order`]: "permits no more than", exactly;
//! - [`ordinary`]: Casemate's own policy, and the named grants that widen it.
//!
//! Nothing here knows BPF or any file format; `casemate-seccomp` compiles policies, proves the result and reads
//! filters back.

pub mod action;
pub mod condition;
mod describe;
pub mod diagram;
pub mod order;
pub mod ordinary;
pub mod policy;

pub use action::{Action, Passage};
pub use condition::{Arg, Operator, Test, Width};
pub use policy::{Call, Case, Flag, SyscallPolicy};
