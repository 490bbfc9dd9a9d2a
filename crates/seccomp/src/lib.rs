//! Syscall filters: compile, read back, compare, prove.
//!
//! A filter, whatever it was written in, is a function from a system call to an answer. Here every policy and every BPF
//! program becomes that function, as one node of a shared decision diagram
//! (`casemate_model::syscalls::diagram`), and all questions are questions about nodes: equal filters are the same node.
//!
//! ```
//! use casemate_model::names::Arch;
//! use casemate_model::syscalls::SyscallPolicy;
//! use casemate_seccomp::{Comparison, compare, compile, explain, fuse, language, listing};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A policy, from text or from code, becomes a proved filter.
//! let machine = [Arch::X86_64, Arch::I386, Arch::X32];
//! let policy = language::read_alone("arch x86_64\nallow read, write(fd in {1, 2}), exit_group", "mine")?;
//! let filter = compile(&policy, &machine)?;
//! let bytes = filter.to_bytes();
//! println!("{} bytes\n{}", bytes.len(), listing::write(&filter));
//!
//! // Any filter is read back, explained, compared, and combined with others.
//! println!("{}", explain(&filter)?);
//! let other = compile(&SyscallPolicy::ordinary(), &machine)?;
//! if let Comparison::Differ(differences) = compare(&filter, &other)? {
//!     for difference in differences {
//!         println!("{difference}");
//!     }
//! }
//! let both = fuse(&[filter, other], &machine)?;
//! assert!(both.instructions.len() < 200);
//! # Ok(())
//! # }
//! ```
//!
//! What is inside: [`bpf`] (instructions and the kernel's checks), [`compile`](mod@compile) (policies to programs, with
//! proof), [`lift`](mod@lift) (programs to functions), [`compare`](mod@compare), [`explain`](mod@explain),
//! [`fuse`](mod@fuse), [`check`](mod@check) (holes), [`cache`] (what the kernel remembers), [`stats`], [`listing`] (text
//! forms of programs), [`language`] (Casemate's text form of policies) and [`interpret`](mod@interpret) (a plain
//! interpreter, the witness for all others).
//!
//! What it refuses: it loads nothing and asks no kernel; it never calls a filter correct that it did not prove, and says
//! [`Comparison::Undecided`] where a program's arithmetic is out of reach.
#![forbid(unsafe_code)]

pub mod bpf;
pub mod cache;
pub mod check;
pub mod compare;
pub mod compile;
pub mod explain;
pub mod formats;
pub mod fuse;
pub mod interpret;
pub mod language;
pub mod lift;
pub mod listing;
pub mod ready;
pub mod stats;

pub use bpf::{Instruction, Program};
pub use check::check;
pub use compare::{Comparison, Inclusion, compare, included};
pub use compile::{CompileError, compile, compile_diagram};
pub use explain::explain;
pub use fuse::fuse;
pub use interpret::interpret;
pub use lift::lift;
